//! `consentlint init`: what it finds, what it writes, what it leaves alone; and `check` directly afterwards.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests write scratch folders")]

mod common;

use common::run;
use std::path::Path;

const TERRAFORM: &str = r#"resource "segment_source" "web" {
  enabled  = true
  slug     = "web"
  name     = "Web"
  metadata = { id = "IqDTy1TpoU", slug = "javascript", name = "Javascript" }
}

resource "segment_destination" "pixel" {
  enabled   = true
  source_id = segment_source.web.id
  name      = "Facebook Pixel"
  metadata = {
    id   = "5661eb58e954a874ca44cc07"
    name = "Facebook Pixel"
  }
  settings = jsonencode({ "pixelId" = "123" })
}

resource "segment_destination" "amplitude" {
  enabled   = true
  source_id = segment_source.web.id
  name      = "Amplitude"
  metadata  = { id = "54521fd525e721e32a72ee91", name = "Amplitude" }
  settings  = jsonencode({})
}
"#;

const WRAPPER: &str = "import { withOneTrust } from '@segment/analytics-consent-wrapper-onetrust'\n\
withOneTrust(analytics, {\n  integrationCategoryMappings: {\n    'Amplitude': ['C0002'],\n    'Hotjar': ['C0002'],\n  },\n})\n";

const PLAN: &str = "event,property,type,pi,spi,description\nOrder Completed,email,string,A,,Address of the buyer\n";

const FIDES: &str = "system:\n  - fides_key: mailer\n    name: Mailer\n    system_type: Service\n    privacy_declarations:\n      - name: Send receipts\n        data_categories: [user.contact.email]\n        data_use: essential.service\n        data_subjects: [customer]\n";

fn mixed() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("terraform/main.tf", TERRAFORM),
        ("web/consent.ts", WRAPPER),
        ("plans/shop.csv", PLAN),
        (".fides/systems.yml", FIDES),
    ] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn text(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn a_mix_of_formats_becomes_a_project_on_which_check_finds_the_planted_sale() {
    let folder = mixed();
    let ran = run(folder.path(), &["init"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    for said in
        ["found segment-terraform: terraform/main.tf", "found consent-wrapper: web/consent.ts", "wrote datamap.yaml"]
    {
        assert!(ran.stdout.contains(said), "{said}: {}", ran.stdout);
    }
    let map = text(folder.path(), "datamap.yaml");
    for written in
        ["- id: facebook-pixel", "terraform/main.tf:8", "catalogue: Advertising", "by default: advertising", "# Web: "]
    {
        assert!(map.contains(written), "{written}: {map}");
    }
    let report = run(folder.path(), &["check", "--format", "json"]).json();
    assert_eq!(report["problems"].as_array().unwrap().len(), 0, "{report:#}");
    let findings = report["findings"].as_array().unwrap();
    let sale = findings.iter().find(|finding| finding["rule"] == "ccpa/share-destination-ungated").unwrap();
    assert!(sale["message"].as_str().unwrap().contains("Facebook Pixel"), "{sale:#}");
    let about = |name: &str| {
        let ungated = findings.iter().filter(|finding| finding["rule"] == "ccpa/share-destination-ungated");
        ungated.filter(|finding| finding["message"].as_str().unwrap().contains(name)).count()
    };
    assert_eq!((about("Amplitude"), about("Mailer")), (0, 0));
    let accusations = findings.iter().filter(|finding| finding["question"].is_null()).count();
    assert!((1..=15).contains(&accusations), "a wall of {accusations} findings");
}

#[test]
fn no_rule_is_switched_off_and_the_questions_are_counted() {
    let folder = mixed();
    let ran = run(folder.path(), &["init"]);
    assert!(!text(folder.path(), "consentlint.yaml").contains("off"), "{}", text(folder.path(), "consentlint.yaml"));
    let shown = run(folder.path(), &["check"]).stdout;
    let questions = shown.lines().filter(|line| line.starts_with("  ? ")).count();
    let report = run(folder.path(), &["check", "--format", "json"]).json();
    let accusations = report["findings"].as_array().unwrap().iter().filter(|finding| finding["question"].is_null());
    let said = format!("`consentlint check` shows {} findings and {questions} open questions", accusations.count());
    assert!(questions >= 3 && ran.stdout.contains(&said), "{said}: {}", ran.stdout);
    assert!(shown.contains("  ? Who is each of these recipients to you"), "{shown}");
}

#[test]
fn nothing_is_overwritten_and_a_dry_run_writes_nothing() {
    let folder = mixed();
    let dry = run(folder.path(), &["init", "--dry-run"]);
    assert!(dry.stdout.contains("--- datamap.yaml") && !folder.path().join("datamap.yaml").exists());
    std::fs::write(folder.path().join("consentlint.yaml"), "fail_on: high\n").unwrap();
    let ran = run(folder.path(), &["init"]);
    assert!(ran.stdout.contains("consentlint.yaml is there already"), "{}", ran.stdout);
    assert_eq!(text(folder.path(), "consentlint.yaml"), "fail_on: high\n");
    let first = text(folder.path(), "datamap.yaml");
    let again = run(folder.path(), &["init"]);
    assert!(again.stdout.contains("a data map is there already"), "{}", again.stdout);
    assert_eq!(text(folder.path(), "datamap.yaml"), first);
}

#[test]
fn the_questions_answered_as_suggested_are_a_valid_data_map() {
    let folder = mixed();
    run(folder.path(), &["init"]);
    let map = text(folder.path(), "datamap.yaml");
    let answered: Vec<String> = map.lines().map(answer).collect();
    std::fs::write(folder.path().join("datamap.yaml"), answered.join("\n")).unwrap();
    let report = run(folder.path(), &["check", "--format", "json"]).json();
    let schema = report["problems"].as_array().unwrap().iter().filter(|problem| problem["stage"] != "reference");
    assert_eq!(schema.count(), 0, "{report:#}\n{}", answered.join("\n"));
}

/// A line of the draft without its `# `, when what follows is YAML rather than prose.
fn answer(line: &str) -> String {
    let trimmed = line.trim_start();
    let indent = &line[..line.len() - trimmed.len()];
    let Some(rest) = trimmed.strip_prefix("# ") else { return line.to_owned() };
    let inner = rest.trim_start().trim_start_matches("- ");
    let key = inner.trim_start_matches('{').split(':').next().unwrap_or("");
    let named = !key.is_empty() && key.len() < inner.len() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    if named { format!("{indent}{rest}") } else { line.to_owned() }
}

#[test]
fn an_empty_folder_gets_questions_and_hostile_names_stay_text() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(folder.path(), &["init"]);
    assert!(ran.stdout.contains("found no tracking plan"), "{}", ran.stdout);
    assert!(text(folder.path(), "datamap.yaml").contains("# destinations:"));
    let hostile = tempfile::tempdir().unwrap();
    let name = "Evil: \\u001b[31m\\n- id: x # \\\"y\\\"";
    let gtm = format!(
        "{{\"exportFormatVersion\": 2, \"containerVersion\": {{\"container\": {{\"publicId\": \"{name}\", \"usageContext\": [\"WEB\"]}}, \"tag\": [{{\"name\": \"{name}\", \"type\": \"awct\", \"firingTriggerId\": [\"1\"]}}]}}}}"
    );
    std::fs::write(hostile.path().join("gtm.json"), gtm).unwrap();
    let ran = run(hostile.path(), &["init"]);
    let map = text(hostile.path(), "datamap.yaml");
    assert!(!ran.stdout.contains('\u{1b}') && !map.contains('\u{1b}'), "{map}");
    let report = run(hostile.path(), &["check", "--format", "json"]).json();
    assert_eq!(report["problems"].as_array().unwrap().len(), 0, "{report:#}");
}
