//! Fifteen awkward files on which other engines are silent, wrong, or both: each has one right answer.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read fixtures")]

mod common;

use serde_json::Value;

const UNGATED: &str = "ccpa/share-destination-ungated";
const UNMAPPED: &str = "ccpa/destination-unmapped";
const DELETION: &str = "ccpa/deletion-method-missing";
/// The same of those to whom data is sold.
const NOTICE: &str = "ccpa/third-party-deletion-notice-missing";

/// Rule, line and column of each finding.
type Findings = &'static [(&'static str, u64, u64)];
/// Line, column, and a part of message or help of each problem.
type Problems = &'static [(u64, u64, &'static str)];

fn answers(file: &str, code: u8, findings: Findings, problems: Problems) {
    let path = format!("fixtures/torture/{file}");
    let only = [UNGATED, UNMAPPED, DELETION, NOTICE].join(",");
    let ran = common::run(common::root(), &["check", &path, "--format", "json", "--only", &only]);
    let report = ran.json();
    let place = |item: &Value, key: &str| item["start"][key].as_u64().unwrap_or(0);
    let list = |key: &str| report[key].as_array().cloned().unwrap_or_default();
    let mut found: Vec<(String, u64, u64)> = list("findings")
        .iter()
        .map(|finding| {
            (finding["rule"].as_str().unwrap_or("").to_owned(), place(finding, "line"), place(finding, "column"))
        })
        .collect();
    let mut expected: Vec<(String, u64, u64)> =
        findings.iter().map(|(rule, line, column)| ((*rule).to_owned(), *line, *column)).collect();
    // Which of two findings at one place comes first follows their severities, which is not what these files are about.
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "{file}: {report:#}");
    for finding in list("findings").iter().filter(|finding| finding["rule"] == UNGATED) {
        assert!(finding["question"].is_null(), "{file}: a sale is no question: {finding:#}");
    }
    let seen = list("problems");
    assert_eq!(seen.len(), problems.len(), "{file}: {report:#}");
    for (problem, (line, column, part)) in seen.iter().zip(problems) {
        assert_eq!((place(problem, "line"), place(problem, "column")), (*line, *column), "{file}: {problem:#}");
        let said = format!("{} {}", problem["message"], problem["help"]);
        assert!(said.contains(part), "{file}: {said}");
    }
    assert_eq!(ran.code, code, "{file}");
}

#[test]
fn merge_keys_and_aliases_supply_what_they_name() {
    answers("t01_merge.yaml", 0, &[], &[]);
    answers("t02_merge_last.yaml", 0, &[], &[]);
    answers("t03_alias.yaml", 0, &[], &[]);
}

/// They are clean because of their anchors: changed in one place, each says something.
#[test]
fn without_what_they_supply_something_is_said() {
    for (file, from, to, rule) in [
        ("t01_merge.yaml", "  - <<: *base\n    id: a", "  - id: a", DELETION),
        ("t02_merge_last.yaml", "    deletion: {via: vendor_api}\n", "", NOTICE),
        ("t02_merge_last.yaml", "controls: [opt-out], ", "", UNGATED),
        ("t03_alias.yaml", "    deletion: *d\n", "", NOTICE),
        ("t03_alias.yaml", ", destinations: *c", "", UNMAPPED),
    ] {
        let whole = std::fs::read_to_string(common::root().join("fixtures/torture").join(file)).unwrap();
        let changed = whole.replacen(from, to, 1);
        assert_ne!(whole, changed, "{file} has no {from:?}");
        let ran = common::run_with(common::root(), &["check", "-", "--format", "json", "--only", rule], &changed);
        let report = ran.json();
        assert_eq!(report["findings"][0]["rule"], rule, "{file} without {from:?}: {report:#}");
    }
}

#[test]
fn every_document_of_a_file_counts() {
    answers("t04_multidoc.yaml", 1, &[(UNMAPPED, 13, 9)], &[]);
}

#[test]
fn a_key_written_twice_hides_nothing() {
    answers("t05_dupkey.yaml", 2, &[(UNGATED, 4, 38)], &[(9, 5, "`sells` is written twice")]);
    let ran = common::run(common::root(), &["check", "fixtures/torture/t05_dupkey.yaml", "--format", "json"]);
    assert_eq!(ran.json()["problems"][0]["related"][0]["start"]["line"], 8, "both places are shown");
}

#[test]
fn what_is_no_boolean_is_said_to_be_none() {
    let both = &[(DELETION, 3, 9), (UNMAPPED, 3, 9)];
    answers("t06_yes.yaml", 2, both, &[(4, 14, "write `true`"), (5, 12, "`yes` is a string")]);
    answers("t08_string_bool.yaml", 2, &[(UNMAPPED, 3, 9)], &[(4, 14, "remove the quotes"), (5, 12, "is a string")]);
}

#[test]
fn misspelt_keys_are_named_with_what_was_meant() {
    let problems = &[(4, 5, "did you mean `enabled`?"), (5, 5, "did you mean `sells`?")];
    answers("t07_typo_key.yaml", 2, &[(UNMAPPED, 3, 9)], problems);
    answers("t13_wrong_root.yaml", 2, &[], &[(2, 1, "did you mean `destinations`?")]);
}

#[test]
fn order_and_style_do_not_count() {
    answers("t09_key_order.yaml", 1, &[(UNGATED, 4, 9), (UNMAPPED, 4, 9), (NOTICE, 4, 9)], &[]);
    answers("t10_flow.yaml", 1, &[(UNGATED, 1, 34), (UNMAPPED, 1, 34), (NOTICE, 1, 34)], &[]);
}

#[test]
fn order_and_style_change_no_fingerprint() {
    let marks = |file: &str| {
        let path = format!("fixtures/torture/{file}");
        let report = common::run(common::root(), &["check", &path, "--format", "json"]).json();
        let all = report["findings"].as_array().cloned().unwrap_or_default();
        let mut marks: Vec<(String, String)> =
            all.iter().map(|found| (found["fingerprint"].to_string(), found["message"].to_string())).collect();
        marks.sort();
        marks
    };
    assert!(marks("t09_key_order.yaml").len() >= 3);
    assert_eq!(marks("t09_key_order.yaml"), marks("t10_flow.yaml"));
}

#[test]
fn an_empty_file_is_said_to_be_empty() {
    answers("t11_empty.yaml", 2, &[], &[(1, 1, "the file is empty")]);
}

#[test]
fn a_byte_order_mark_and_carriage_returns_shift_no_place() {
    let bytes = std::fs::read(common::root().join("fixtures/torture/t12_crlf_bom.yaml")).unwrap();
    let breaks = bytes.iter().filter(|byte| **byte == b'\n').count();
    let pairs = bytes.windows(2).filter(|pair| pair == b"\r\n").count();
    assert!(bytes.starts_with(b"\xef\xbb\xbf") && breaks == pairs && breaks >= 4, "the fixture lost its bytes");
    answers("t12_crlf_bom.yaml", 1, &[(UNGATED, 3, 9), (UNMAPPED, 3, 9), (NOTICE, 3, 9)], &[]);
}

#[test]
fn what_cannot_be_parsed_fails() {
    answers("t14_syntax_error.yaml", 2, &[], &[(4, 4, "align this line")]);
    answers("t15_alias_bomb.yaml", 2, &[], &[(8, 12, "aliases in this document")]);
}
