//! The formats of `consentlint diff` on one rich change, against files in `fixtures/outputs`, and what they promise.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests make repositories and read fixtures")]

mod common;

use common::repository::{Repository, has_git};
use common::root;
use serde_json::Value;

const FORMATS: [&str; 4] = ["human", "json", "markdown", "github"];

/// A change of everything: flows, destinations, categories, fields, settings, findings.
fn changed() -> Repository {
    let shop = Repository::shop();
    shop.edit("destinations.yaml", "deletion: {via: webhook, key: email, sla_days: 10}", "deletion: {via: none}");
    shop.commit("a finding to mend");
    shop.edit("destinations.yaml", "deletion: {via: none}", "deletion: {via: webhook, key: email, sla_days: 10}");
    shop.edit("destinations.yaml", "destinations:\n", "destinations:\n  - id: tiktok-pixel\n    mode: device\n");
    shop.edit("destinations.yaml", "retention_days: 390", "retention_days: 500");
    shop.edit("shop.yaml", "actions-amplitude, warehouse]", "actions-amplitude, warehouse, tiktok-pixel]");
    shop.edit("shop.yaml", "- {name: user_id}", "- {name: email}\n      - {name: frobnicate}");
    shop.edit("consent.yaml", "destinations: [facebook-pixel, google-ads-gtag]", "destinations: [google-ads-gtag]");
    shop.edit("consentlint.yaml", "exclude: [drafts/**]", "exclude: [drafts/**, old/**]");
    shop.edit("consentlint.yaml", "fail_on: low", "fail_on: high");
    shop
}

/// The output, with the ids of commits put out of the way.
fn shown(shop: &Repository, format: &str) -> String {
    shop.diff(&["HEAD", "--format", format]).stdout
}

#[test]
fn every_format_is_as_expected() {
    if !has_git() {
        return;
    }
    let shop = changed();
    let commit = common::repository::git(shop.path(), &["rev-parse", "HEAD"]);
    for format in FORMATS {
        let text = shown(&shop, format).replace(&commit, &"0".repeat(40));
        let text = text.replace(&format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION")), "\"version\": \"0.0.0\"");
        let path = root().join(format!("fixtures/outputs/diff.{format}.txt"));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert_eq!(text, expected, "{format}: UPDATE=1 cargo test --test diff_formats");
    }
}

fn validator() -> jsonschema::Validator {
    let text = std::fs::read_to_string(root().join("policies/schemas/diff.json")).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    jsonschema::options().with_draft(jsonschema::Draft::Draft202012).offline().build(&schema).unwrap()
}

fn assert_valid(value: &Value) {
    let errors: Vec<String> =
        validator().iter_errors(value).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{value:#}");
}

#[test]
fn json_follows_its_schema_and_its_summary_counts() {
    if !has_git() {
        return;
    }
    let shop = changed();
    let told: Value = serde_json::from_str(&shown(&shop, "json")).unwrap();
    assert_valid(&told);
    assert_valid(&shop.diff(&["nowhere", "--format", "json"]).json());
    assert_valid(&shop.diff(&["HEAD~1", "--to", "HEAD", "--format", "json"]).json());
    for list in ["flows", "entities", "events"] {
        let count = |change: &str| told[list].as_array().unwrap().iter().filter(|one| one["change"] == change).count();
        for change in ["new", "changed", "gone"] {
            assert_eq!(told["summary"][list][change], count(change), "{list} {change}");
        }
    }
    for list in ["introduced", "fixed", "unchanged", "excepted"] {
        assert_eq!(told["summary"]["findings"][list], told["findings"][list].as_array().unwrap().len(), "{list}");
    }
    assert_eq!(told["findings"]["fixed"][0]["rule"], "ccpa/deletion-method-missing");
    // The schema is strict where it matters.
    let mut wrong = told.clone();
    wrong["flows"][0]["surprise"] = Value::Bool(true);
    assert!(!validator().is_valid(&wrong));
}

#[test]
fn the_documentation_shows_what_is_printed() {
    let read = |name: &str| std::fs::read_to_string(root().join(name)).unwrap().replace("\r\n", "\n");
    let (readme, printed) = (read("README.md"), read("fixtures/outputs/diff.human.txt"));
    let shown = readme.split("$ consentlint diff HEAD\n").nth(1).unwrap().split("```").next().unwrap();
    let mut lines = printed.lines();
    for line in shown.lines().filter(|line| *line != "…") {
        assert!(lines.any(|printed| printed == line), "README.md shows what is not printed: {line}");
    }
    assert!(shown.lines().count() > 10);
    let example = read("docs/json.md");
    let (_, example) = example.split_once("# The JSON of `consentlint diff --format json`").unwrap();
    let example = example.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    assert_valid(&serde_json::from_str(example).unwrap());
}

#[test]
fn hostile_names_do_nothing() {
    if !has_git() {
        return;
    }
    let hostile = r##""</summary><script>|\u001b[2J\u202e @octocat ![x](https://evil.example) `code` -->""##;
    let shop = Repository::shop();
    let name = "a,b:c%0A::error::x|`d`<e>.yaml";
    shop.write(name, &format!(
        "datamap: 1\nsources: [{{id: {hostile}, platform: web}}]\ndestinations: [{{id: {hostile}, role: {hostile}}}]\nevents: [{{name: {hostile}, sources: [{hostile}], properties: [{{name: email}}, {{name: {hostile}}}]}}]\nconsent: {{categories: [{{id: {hostile}, destinations: [{hostile}]}}]}}\n"
    ).replace(&format!(", role: {hostile}"), ", purposes: [retargeting]"));
    for format in FORMATS {
        let text = shown(&shop, format);
        assert!(text.contains("evil.example"), "{format}: {text}");
        for hazard in ['\u{1b}', '\u{202e}'] {
            assert!(!text.contains(hazard), "{format}: {text}");
        }
    }
    let page = shown(&shop, "markdown");
    assert!(!page.contains("<script") && !page.contains("@octocat"), "{page}");
    assert_eq!(page.matches("<details>").count(), page.matches("</details>").count());
    assert_eq!(page.matches("<!--").count(), 1, "the marker alone: {page}");
    // Every row of the table has as many cells as its head.
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with('|')).collect();
    assert!(rows.len() > 2 && rows.iter().all(|row| row.matches('|').count() == 7), "{rows:#?}");
    let annotations = shown(&shop, "github");
    let commands = annotations.lines().filter(|line| line.starts_with("::")).count();
    assert_eq!(commands + 1, annotations.lines().count(), "commands, and one sentence for the log: {annotations}");
    assert!(annotations.lines().all(|line| line.find("::error::x").is_none_or(|at| at > 2)), "{annotations}");
    assert!(annotations.contains("file=a%2Cb%3Ac%250A%3A%3Aerror%3A%3Ax"), "{annotations}");
}

#[test]
fn a_comment_fits() {
    if !has_git() {
        return;
    }
    let shop = Repository::shop();
    for at in 0..300 {
        let events: String = (0..10).map(|of| format!("  - {{name: Event {at} {of}, sources: [web], properties: [{{name: email}}, {{name: ssn}}, {{name: x{of}}}]}}\n")).collect();
        shop.write(&format!("more/{at}.yaml"), &format!("datamap: 1\ndestinations:\n  - {{id: own-{at}, purposes: [retargeting], deletion: {{via: none}}}}\nevents:\n{events}"));
    }
    let page = shown(&shop, "markdown");
    assert!(page.chars().count() < 65_536, "{}", page.chars().count());
    assert!(page.starts_with("<!-- consentlint diff -->\n### consentlint: "), "{page}");
    assert_eq!(page.matches("<details>").count(), page.matches("</details>").count());
    assert!(page.contains("and ") && page.contains(" more"), "{page}");
    // People are shown the first of it, and all when they ask.
    let (some, all) = (shown(&shop, "human"), shop.diff(&["HEAD", "--all"]).stdout);
    assert!(some.contains("more (--all)") && some.len() * 2 < all.len(), "{} {}", some.len(), all.len());
}
