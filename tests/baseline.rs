//! The baseline: what is accepted, what is new, what is stale.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests make files")]

mod common;

use common::{Ran, run};
use serde_json::{Value, json};
use std::path::Path;
use tempfile::TempDir;

const FILE: &str = ".consentlint-baseline.json";
const STALE: &str = "core/baseline-entry-stale";
const DELETION: &str = "ccpa/deletion-method-missing";
const ROLE: &str = "ccpa/role-undeclared";

/// Only these rules run, so that the tests do not follow every new rule.
const SETTINGS: &str = "packs: [acme]\npolicies: [policies]\n";
const RULE: &str = r#"title: A vendor was not reviewed
severity: medium
law: ["Acme vendor policy"]
condition: Speaks of a destination without a contract.
for: destination
deny: "!has(destination.contract.ref)"
ask:
  when: "!has(destination.contract.kind)"
  question: "Which contract is there with each of these?"
raise:
  to: high
  when: "has(destination.role) && destination.role == 'third_party'"
message: "{destination.name} was not reviewed"
help: Ask for a review.
why: Our policy.
examples:
  - title: none
    given: "datamap: 1\ndestinations:\n  - id: mixpanel\n    contract: {kind: none}\n"
    flags: [{line: 3}]
  - title: one
    given: "datamap: 1\ndestinations:\n  - id: mixpanel\n    contract: {ref: A-1}\n"
    flags: []
"#;
const UNREVIEWED: &str = "acme/vendor-unreviewed";

fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    write(folder.path(), &[("consentlint.yaml", SETTINGS), ("policies/acme/vendor-unreviewed.yaml", RULE)]);
    write(folder.path(), files);
    folder
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// A data map with destinations that no contract covers.
fn unreviewed(ids: &[&str]) -> String {
    let each = ids.iter().map(|id| format!("  - id: {id}\n    contract: {{kind: none}}\n"));
    format!("datamap: 1\ndestinations:\n{}", each.collect::<String>())
}

/// Rule and subject of each finding in a list of the JSON report.
fn listed(report: &Value, list: &str) -> Vec<String> {
    let said = |finding: &Value| {
        format!("{} {}", finding["rule"].as_str().unwrap(), finding["subject"]["id"].as_str().unwrap())
    };
    report[list].as_array().unwrap().iter().map(said).collect()
}

fn check(folder: &Path, more: &[&str]) -> (u8, Value) {
    let ran = run(folder, &[&["check", "--format", "json"], more].concat());
    (ran.code, ran.json())
}

/// Code, new findings and accepted ones.
fn known(folder: &Path, more: &[&str]) -> (u8, Vec<String>, usize) {
    let (code, report) = check(folder, more);
    assert_eq!(report["problems"], json!([]));
    (code, listed(&report, "findings"), report["baselined"].as_array().unwrap().len())
}

fn accept(folder: &Path, more: &[&str]) -> Ran {
    let ran = run(folder, &[&["baseline"], more].concat());
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    ran
}

fn baseline(folder: &Path) -> String {
    std::fs::read_to_string(folder.join(FILE)).unwrap()
}

fn new(rule: &str, id: &str) -> String {
    format!("{rule} {id}")
}

#[test]
fn what_is_accepted_does_not_count_and_the_same_on_another_subject_does() {
    let folder = project(&[("map.yaml", &unreviewed(&["mixpanel"]))]);
    assert_eq!(known(folder.path(), &[]), (1, vec![new(UNREVIEWED, "mixpanel")], 0));
    let ran = accept(folder.path(), &[]);
    assert!(
        ran.stdout.starts_with(&format!("wrote {FILE}: it accepts 1 finding (1 medium)\nNext: ")),
        "{}",
        ran.stdout
    );
    let (code, report) = check(folder.path(), &[]);
    assert_eq!((code, &report["findings"]), (0, &json!([])));
    assert_eq!(listed(&report, "baselined"), [new(UNREVIEWED, "mixpanel")]);
    assert_eq!((&report["summary"]["baselined"], &report["summary"]["findings"]["medium"]), (&json!(1), &json!(0)));
    let human = run(folder.path(), &["check"]).stdout;
    assert!(human.starts_with("no findings; 1 in the baseline; checked 1 file"), "{human}");
    assert_eq!(human.lines().count(), 1, "success is one line");
    write(folder.path(), &[("map.yaml", &unreviewed(&["braze", "mixpanel"]))]);
    assert_eq!(known(folder.path(), &[]), (1, vec![new(UNREVIEWED, "braze")], 1));
    assert_eq!(known(folder.path(), &["--no-baseline"]).1.len(), 2);
    assert_eq!(known(folder.path(), &["--fail-on", "high"]).0, 0);
}

#[test]
fn the_report_with_a_baseline_follows_the_schema() {
    let folder = project(&[("map.yaml", &unreviewed(&["mixpanel"]))]);
    accept(folder.path(), &[]);
    let schema = std::fs::read_to_string(common::root().join("policies/schemas/report.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).offline().build(&schema).unwrap();
    let (_, report) = check(folder.path(), &[]);
    let errors: Vec<_> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(report["baselined"].as_array().unwrap().len(), 1);
}

#[test]
fn the_file_is_made_to_be_read_in_a_history() {
    let folder = project(&[("map.yaml", &unreviewed(&["mixpanel", "braze"]))]);
    accept(folder.path(), &[]);
    let text = baseline(folder.path());
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[..5],
        [
            "{",
            "  \"version\": 1,",
            "  \"tool\": \"consentlint 0.1.0\",",
            "  \"as_of\": \"2026-11-24\",",
            "  \"findings\": ["
        ]
    );
    assert!(
        lines[5].starts_with(
            "    {\"rule\":\"acme/vendor-unreviewed\",\"subject\":\"destination:braze\",\"fingerprint\":\""
        )
    );
    assert!(lines[6].contains("destination:mixpanel") && lines[6].ends_with("\"count\":1}"));
    assert_eq!(lines[7..], ["  ]", "}"]);
    assert!(text.ends_with("}\n"));
    let said = accept(folder.path(), &[]).stdout;
    assert_eq!(said, format!("{FILE} says so already; nothing was written\n"));
    write(folder.path(), &[("map.yaml", &unreviewed(&["braze", "zendesk"]))]);
    let dry = accept(folder.path(), &["--dry-run"]).stdout;
    assert!(dry.starts_with("would write") && dry.contains("1 entry added, 1 removed, 0 with another count"), "{dry}");
    assert_eq!(baseline(folder.path()), text);
    assert!(accept(folder.path(), &[]).stdout.contains("1 entry added, 1 removed, 0 with another count"));
    assert_ne!(baseline(folder.path()), text);
}

#[test]
fn what_is_moved_reformatted_or_reordered_stays_known() {
    let folder = project(&[("map.yaml", &unreviewed(&["mixpanel", "braze"]))]);
    accept(folder.path(), &[]);
    std::fs::remove_file(folder.path().join("map.yaml")).unwrap();
    let moved = "# moved\n{\"datamap\": 1,\n \"destinations\": [\n  {\"contract\": {\"kind\": \"none\"}, \"id\": \"braze\"}\n ]}\n";
    write(folder.path(), &[("deep/er/a.yaml", moved), ("b.yaml", &unreviewed(&["mixpanel"]))]);
    assert_eq!(known(folder.path(), &[]), (0, vec![], 2));
}

#[test]
fn more_than_were_accepted_are_new_and_those_later_in_order_of_place() {
    let comment = format!("# consentlint: allow {UNREVIEWED} -- later\n");
    let map = |comments: usize| format!("datamap: 1\n{}destinations: []\n", comment.repeat(comments));
    let folder = project(&[("map.yaml", &map(2))]);
    let unused = "core/exception-unused";
    accept(folder.path(), &[]);
    let entries: Value = serde_json::from_str(&baseline(folder.path())).unwrap();
    assert_eq!((&entries["findings"][0]["rule"], &entries["findings"][0]["count"]), (&json!(unused), &json!(2)));
    assert_eq!(known(folder.path(), &[]), (0, vec![], 2));
    write(folder.path(), &[("map.yaml", &map(3))]);
    let (code, report) = check(folder.path(), &[]);
    assert_eq!((code, listed(&report, "findings").len(), listed(&report, "baselined").len()), (1, 1, 2));
    assert_eq!(report["findings"][0]["start"]["line"], 4, "the last of the three");
    // With one less an entry accepts too much, and pruning lowers its count.
    write(folder.path(), &[("map.yaml", &map(1))]);
    let (_, report) = check(folder.path(), &[]);
    assert!(report["findings"][0]["message"].as_str().unwrap().contains("accepts 2 of"), "{report}");
    assert!(accept(folder.path(), &["--prune"]).stdout.contains("0 entries removed, 1 lowered, 1 entry left"));
    assert_eq!(known(folder.path(), &[]), (0, vec![], 1));
}

#[test]
fn an_accepted_question_accepts_no_accusation_and_a_mild_finding_no_heavy_one() {
    let asked = "datamap: 1\ndestinations:\n  - id: mixpanel\n";
    let accused = "datamap: 1\ndestinations:\n  - id: mixpanel\n    contract: {kind: none}\n";
    let raised = "datamap: 1\ndestinations:\n  - id: mixpanel\n    contract: {kind: none}\n    role: third_party\n";
    let folder = project(&[]);
    let new_in = |map: &str, more: &[&str]| {
        write(folder.path(), &[("map.yaml", map)]);
        let (_, found, known) = known(folder.path(), &[&["--skip", STALE], more].concat());
        (found.len(), known)
    };
    let accepted = |map: &str| {
        write(folder.path(), &[("map.yaml", map)]);
        accept(folder.path(), &[]);
        baseline(folder.path())
    };
    let (ask, accuse, raise) = (accepted(asked), accepted(accused), accepted(raised));
    assert!(
        ask.contains("\"weight\":\"question\"")
            && raise.contains("\"weight\":\"raised\"")
            && !accuse.contains("weight")
    );
    for (at, text) in [&ask, &accuse, &raise].into_iter().enumerate() {
        write(folder.path(), &[(FILE, text)]);
        for (now, map) in [asked, accused, raised].into_iter().enumerate() {
            let expected = if now > at { (1, 0) } else { (0, 1) };
            assert_eq!(new_in(map, &[]), expected, "accepted {at}, now {now}");
        }
    }
}

#[test]
fn a_stale_entry_is_said_at_its_line_and_pruned() {
    let folder = project(&[("map.yaml", &unreviewed(&["mixpanel", "braze"]))]);
    accept(folder.path(), &[]);
    let full = baseline(folder.path());
    write(folder.path(), &[("map.yaml", &unreviewed(&["mixpanel", "zendesk"]))]);
    let (code, report) = check(folder.path(), &["--only", &format!("{UNREVIEWED},{STALE}")]);
    assert_eq!((code, listed(&report, "findings").len()), (1, 2));
    let stale = report["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == STALE).unwrap();
    assert_eq!((&stale["file"], &stale["start"]["line"], &stale["severity"]), (&json!(FILE), &json!(6), &json!("low")));
    assert_eq!(stale["message"], format!("The baseline accepts 1 of {UNREVIEWED} on destination:braze, and 0 is left"));
    let said = accept(folder.path(), &["--prune", "--dry-run"]).stdout;
    assert_eq!(said, format!("would write {FILE}: 1 entry removed, 0 lowered, 1 entry left\n"));
    assert_eq!(baseline(folder.path()), full);
    accept(folder.path(), &["--prune"]);
    let pruned = baseline(folder.path());
    assert!(pruned.contains("mixpanel") && !pruned.contains("braze") && !pruned.contains("zendesk"), "adds nothing");
    assert_eq!(known(folder.path(), &[]), (1, vec![new(UNREVIEWED, "zendesk")], 1));
    assert!(accept(folder.path(), &["--prune"]).stdout.contains("says so already"));
}

#[test]
fn when_only_stale_entries_are_left_the_next_command_prunes() {
    let folder = project(&[("map.yaml", &unreviewed(&["mixpanel", "braze"]))]);
    accept(folder.path(), &[]);
    write(folder.path(), &[("map.yaml", &unreviewed(&["mixpanel"]))]);
    let human = run(folder.path(), &["check"]).stdout;
    assert!(human.ends_with("next: `consentlint baseline --prune` takes out what is no longer found\n"), "{human}");
}

#[test]
fn a_run_on_a_part_says_nothing_of_entries() {
    let folder = project(&[("a.yaml", &unreviewed(&["mixpanel"])), ("b.yaml", &unreviewed(&["braze"]))]);
    accept(folder.path(), &[]);
    write(folder.path(), &[("b.yaml", &unreviewed(&["zendesk"]))]);
    let zendesk = vec![new(UNREVIEWED, "zendesk")];
    assert_eq!(known(folder.path(), &["a.yaml"]), (0, vec![], 1));
    assert_eq!(known(folder.path(), &["b.yaml"]), (1, zendesk.clone(), 0));
    assert_eq!(known(folder.path(), &["--hook", "a.yaml"]), (0, vec![], 1));
    assert_eq!(known(folder.path(), &["--hook", FILE]), (0, vec![], 0), "the baseline is no input");
    assert_eq!(known(folder.path(), &["--hook", "b.yaml", "a.yaml"]), (1, zendesk.clone(), 1));
    assert_eq!(known(folder.path(), &["--only", UNREVIEWED]), (1, zendesk, 1));
    // A rule that is left out or off found nothing because it did not look; the one that is gone never will.
    assert_eq!(known(folder.path(), &["--skip", UNREVIEWED]), (0, vec![], 0));
    write(folder.path(), &[("consentlint.yaml", &format!("{SETTINGS}rules: {{{UNREVIEWED}: off}}\n"))]);
    assert_eq!(known(folder.path(), &[]), (0, vec![], 0));
    let before = baseline(folder.path());
    accept(folder.path(), &["--prune"]);
    assert_eq!(baseline(folder.path()), before, "a dormant entry is not pruned");
    std::fs::remove_dir_all(folder.path().join("policies")).unwrap();
    write(folder.path(), &[("consentlint.yaml", "packs: [core]\n")]);
    let (_, found, _) = known(folder.path(), &[]);
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn without_settings_one_file_is_a_part_too() {
    let folder = project(&[("a.yaml", &unreviewed(&["mixpanel"])), ("b.yaml", &unreviewed(&["braze"]))]);
    std::fs::remove_file(folder.path().join("consentlint.yaml")).unwrap();
    std::fs::remove_dir_all(folder.path().join("policies")).unwrap();
    accept(folder.path(), &[]);
    assert_eq!(known(folder.path(), &[]).1, Vec::<String>::new());
    assert_eq!(known(folder.path(), &["a.yaml"]).1, Vec::<String>::new());
    let ran = run(folder.path(), &["baseline", "a.yaml"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("only a part of it is read") && ran.stderr.contains("consentlint init"),
        "{}",
        ran.stderr
    );
}

#[test]
fn what_an_exception_covers_is_not_in_the_baseline() {
    let exception = format!("exceptions:\n  - {{rule: {UNREVIEWED}, subject: mixpanel, reason: under way}}\n");
    let folder = project(&[("map.yaml", &unreviewed(&["mixpanel", "braze"]))]);
    write(folder.path(), &[("consentlint.yaml", &(SETTINGS.to_owned() + &exception))]);
    accept(folder.path(), &[]);
    assert!(!baseline(folder.path()).contains("mixpanel"));
    let (code, report) = check(folder.path(), &[]);
    assert_eq!((code, listed(&report, "baselined").len(), listed(&report, "suppressed").len()), (0, 1, 1));
    // Excepted after it was accepted: the entry is stale.
    write(folder.path(), &[("consentlint.yaml", &(SETTINGS.to_owned() + &exception.replace("mixpanel", "braze")))]);
    let (_, found, known) = known(folder.path(), &[]);
    assert_eq!((found.len(), known), (2, 0), "mixpanel is new, the entry of braze is stale: {found:?}");
}

#[test]
fn nothing_is_written_while_something_cannot_be_judged() {
    let folder = project(&[("map.yaml", &unreviewed(&["mixpanel"])), ("bad.yaml", "datamap: 1\ndestination: []\n")]);
    let ran = run(folder.path(), &["baseline"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(
        ran.stderr.contains("destination") && ran.stderr.contains("was not written, because of 1 problem"),
        "{}",
        ran.stderr
    );
    assert!(!folder.path().join(FILE).exists());
    std::fs::remove_file(folder.path().join("bad.yaml")).unwrap();
    accept(folder.path(), &[]);
    // A baseline hides no problem, and while there is one no entry is called stale or pruned.
    write(folder.path(), &[("map.yaml", "datamap: 1\ndestination: []\n")]);
    let (code, report) = check(folder.path(), &[]);
    assert_eq!((code, listed(&report, "findings").len()), (2, 0), "{report}");
    let before = baseline(folder.path());
    assert_eq!(run(folder.path(), &["baseline", "--prune"]).code, 2);
    assert_eq!(run(folder.path(), &["baseline", "map.yaml"]).code, 2, "a part");
    assert_eq!(run(folder.path(), &["baseline", "--hook", "map.yaml"]).code, 2, "a part");
    assert_eq!(baseline(folder.path()), before);
}

#[test]
fn a_baseline_of_another_name_and_of_a_folder_of_its_own() {
    let folder = project(&[]);
    std::fs::remove_file(folder.path().join("consentlint.yaml")).unwrap();
    write(
        folder.path(),
        &[
            ("shop/consentlint.yaml", "policies: [../policies]\npacks: [acme]\n"),
            ("shop/map.yaml", &unreviewed(&["mixpanel"])),
        ],
    );
    let ran = accept(folder.path(), &["shop"]);
    assert!(ran.stdout.starts_with(&format!("wrote shop/{FILE}: ")), "{}", ran.stdout);
    assert!(!folder.path().join(FILE).exists());
    assert_eq!(known(folder.path(), &["shop"]), (0, vec![], 1));
    assert_eq!(known(folder.path(), &["shop/map.yaml"]), (0, vec![], 1));
    assert_eq!(known(&folder.path().join("shop"), &[]), (0, vec![], 1));
    accept(folder.path(), &["shop", "--baseline", "accepted"]);
    std::fs::remove_file(folder.path().join("shop").join(FILE)).unwrap();
    assert_eq!(known(folder.path(), &["shop"]).0, 1);
    assert_eq!(known(folder.path(), &["shop", "--baseline", "accepted"]), (0, vec![], 1));
    // Within the project it is no input, even where all files must be.
    write(folder.path(), &[("shop/consentlint.yaml", "policies: [../policies]\npacks: [acme]\ninclude: ['*.json']\n")]);
    accept(folder.path(), &["shop", "--baseline", "shop/accepted.json"]);
    assert_eq!(known(folder.path(), &["shop", "--baseline", "shop/accepted.json"]), (0, vec![], 1));
    assert!(accept(folder.path(), &["shop", "--baseline", "shop/accepted.json"]).stdout.contains("says so already"));
    let (code, report) = check(folder.path(), &["shop", "--baseline", "missing.json"]);
    assert_eq!(code, 2);
    assert_eq!(
        (&report["problems"][0]["file"], &report["problems"][0]["stage"]),
        (&json!("missing.json"), &json!("settings"))
    );
    assert_eq!(run(folder.path(), &["baseline", "shop", "--prune"]).code, 2, "nothing to prune");
}

#[test]
fn nothing_is_accepted_under_settings_with_a_misspelt_rule() {
    let folder = project(&[("map.yaml", &unreviewed(&["mixpanel"]))]);
    write(folder.path(), &[("consentlint.yaml", &format!("{SETTINGS}rules: {{acme/vendor-unreviewd: off}}\n"))]);
    let ran = run(folder.path(), &["baseline"]);
    assert_eq!((ran.code, folder.path().join(FILE).exists()), (2, false), "{}", ran.stdout);
    assert!(ran.stderr.contains("did you mean `acme/vendor-unreviewed`?"), "{}", ran.stderr);
}

#[test]
fn what_is_no_baseline_is_a_problem_with_its_place() {
    let entry = |more: &str| {
        format!(
            "{{\"version\": 1, \"findings\": [\n{{\"rule\": \"a/b\", \"subject\": \"destination:x\", \"fingerprint\": \"0f\"{more}}}]}}"
        )
    };
    let twice = entry(
        ", \"count\": 1}, {\"rule\": \"a/b\", \"subject\": \"destination:x\", \"fingerprint\": \"0f\", \"count\": 2",
    );
    for (text, line, says) in [
        (String::new(), 1, "empty"),
        ("[]".to_owned(), 1, "must be an object"),
        ("nonsense".to_owned(), 1, "must be an object"),
        ("<<<<<<< ours\n{\"version\": 1}\n".to_owned(), 1, ""),
        ("{\"version\": 1,\n\"findings\": [".to_owned(), 2, "cannot be read"),
        ("{\"findings\": []}".to_owned(), 1, "lacks `version`"),
        ("{\"version\": 2, \"findings\": []}".to_owned(), 1, "of version 2, and this program reads version 1"),
        ("{\"version\": \"1\", \"findings\": []}".to_owned(), 1, "must be 1"),
        ("{\"version\": 1}".to_owned(), 1, "lacks `findings`"),
        ("{\"version\": 1, \"findings\": {}}".to_owned(), 1, "must be a list"),
        ("{\"version\": 1, \"findings\": [], \"finding\": []}".to_owned(), 1, "did you mean `findings`?"),
        ("{\"version\": 1, \"findings\": [],\n\"findings\": []}".to_owned(), 2, "cannot be read"),
        ("{\"version\": 1, \"findings\": [\n3]}".to_owned(), 2, "must be an object"),
        (entry(""), 2, "lacks `count`"),
        (entry(", \"count\": 0"), 2, "whole number from 1"),
        (entry(", \"count\": -1"), 2, "whole number from 1"),
        (entry(", \"count\": 1.5"), 2, "whole number from 1"),
        (entry(", \"count\": \"1\""), 2, "whole number from 1"),
        (entry(", \"count\": 1, \"weight\": \"own\""), 2, "`question` or `raised`"),
        (entry(", \"count\": 1, \"reason\": \"x\""), 2, "no key of"),
        (entry(", \"count\": 1").replace("\"a/b\"", "7"), 2, "`rule` of the baseline must be a text"),
        (twice, 2, "twice"),
        ("[".repeat(100_000), 1, "cannot be read"),
    ] {
        let folder = project(&[("map.yaml", &unreviewed(&["mixpanel"])), (FILE, &text)]);
        let (code, report) = check(folder.path(), &[]);
        let problem = &report["problems"][0];
        let shown = text.chars().take(80).collect::<String>();
        assert_eq!((code, &problem["file"], &problem["stage"]), (2, &json!(FILE), &json!("settings")), "{shown}");
        assert!(problem["message"].as_str().unwrap().contains(says), "{shown}: {problem}");
        assert!(!problem["help"].as_str().unwrap().is_empty(), "{shown}");
        if says != "cannot be read" {
            assert_eq!(problem["start"]["line"], line, "{shown}: {problem}");
        }
        assert_eq!(listed(&report, "findings"), [new(UNREVIEWED, "mixpanel")], "what it might accept counts");
        assert_eq!(run(folder.path(), &["baseline"]).code, 2, "{shown}: what is not understood is not overwritten");
        assert_eq!(baseline(folder.path()), text);
        assert_eq!(check(folder.path(), &["--no-baseline"]).0, 1, "{shown}");
    }
}

#[test]
fn a_fingerprint_under_a_false_name_accepts_nothing() {
    let folder = project(&[("map.yaml", &unreviewed(&["mixpanel"]))]);
    accept(folder.path(), &[]);
    let honest = baseline(folder.path());
    for (from, to) in [("acme/vendor-unreviewed", "core/contradiction"), ("destination:mixpanel", "destination:other")]
    {
        write(folder.path(), &[(FILE, &honest.replace(from, to))]);
        let (code, found, known) = known(folder.path(), &["--only", &format!("{UNREVIEWED},core/contradiction")]);
        assert_eq!((code, found, known), (1, vec![new(UNREVIEWED, "mixpanel")], 0), "{to}");
    }
}

#[test]
fn hostile_names_steer_no_terminal_and_come_back_the_same() {
    let hostile = "datamap: 1\ndestinations:\n  - id: \"evil\\e[2J\\u202e\\n::error::x\"\n    contract: {kind: none}\n";
    let folder = project(&[("map.yaml", hostile)]);
    let ran = accept(folder.path(), &[]);
    let text = baseline(folder.path());
    let bad = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
    assert!(!text.contains(bad) && !ran.stdout.contains(bad), "{text}");
    assert_eq!(known(folder.path(), &[]), (0, vec![], 1));
    write(folder.path(), &[("map.yaml", "datamap: 1\ndestinations: []\n")]);
    for format in ["human", "concise", "github", "sarif", "json"] {
        let said = run(folder.path(), &["check", "--format", format]);
        assert!(said.stdout.contains(STALE) && !said.stdout.contains(bad), "{format}: {}", said.stdout);
        assert!(!said.stdout.lines().any(|line| line.starts_with("::error::x")), "{format}");
    }
}

#[test]
fn names_like_that_of_the_baseline_are_said() {
    let folder = project(&[("map.yaml", &unreviewed(&["mixpanel"]))]);
    accept(folder.path(), &[]);
    let text = baseline(folder.path());
    std::fs::rename(folder.path().join(FILE), folder.path().join("consentlint-baseline.json")).unwrap();
    let (code, report) = check(folder.path(), &[]);
    assert_eq!((code, &report["problems"][0]["file"]), (2, &json!("consentlint-baseline.json")));
    assert_eq!(known(folder.path(), &["--baseline", "consentlint-baseline.json"]).0, 0, "a name that is given is read");
    std::fs::remove_file(folder.path().join("consentlint-baseline.json")).unwrap();
    std::fs::create_dir(folder.path().join(FILE)).unwrap();
    let (code, report) = check(folder.path(), &[]);
    assert_eq!((code, &report["problems"][0]["message"]), (2, &json!("is a directory")));
    std::fs::remove_dir(folder.path().join(FILE)).unwrap();
    write(folder.path(), &[(FILE, &text)]);
    assert_eq!(known(folder.path(), &[]).0, 0);
}

#[cfg(unix)]
#[test]
fn a_link_is_read_and_not_written_through() {
    let folder = project(&[("map.yaml", &unreviewed(&["mixpanel"]))]);
    accept(folder.path(), &["--baseline", "elsewhere.json"]);
    std::os::unix::fs::symlink("elsewhere.json", folder.path().join(FILE)).unwrap();
    assert_eq!(known(folder.path(), &[]), (0, vec![], 1));
    write(folder.path(), &[("map.yaml", &unreviewed(&["braze"]))]);
    let ran = run(folder.path(), &["baseline"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("cannot be written: it is a symbolic link"), "{}", ran.stderr);
}

#[test]
fn the_shop_can_be_adopted_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    let shop = common::root().join("fixtures/shop-broken");
    for path in common::files(&shop) {
        let to = folder.path().join(path.strip_prefix(&shop).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(path, to).unwrap();
    }
    let (_, before) = check(folder.path(), &[]);
    let said = accept(folder.path(), &[]).stdout;
    let readme = std::fs::read_to_string(common::root().join("README.md")).unwrap();
    assert!(
        readme.contains(&format!("$ consentlint baseline\n{said}```\n")),
        "the README shows what is printed: {said}"
    );
    let (code, after) = check(folder.path(), &[]);
    assert_eq!((code, &after["findings"]), (0, &json!([])));
    assert_eq!(listed(&after, "baselined"), listed(&before, "findings"));
    assert!(listed(&after, "baselined").iter().any(|said| said.starts_with(DELETION) || said.starts_with(ROLE)));
}
