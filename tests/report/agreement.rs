//! What the notice report says and what `check` says never contradict each other.

use super::{report, table, tables};
use crate::common::{root, run};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The rules that look at a notice beside what flows.
const RULES: [&str; 7] = [
    "ccpa/notice-category-undisclosed",
    "ccpa/notice-context-undisclosed",
    "ccpa/notice-sale-share-mismatch",
    "ccpa/incompatible-purpose",
    "ccpa/store-exceeds-retention",
    "ccpa/retention-missing",
    "ccpa/undeclared-destination",
];

/// Every project of the fixtures: a folder of the sample, of cases of enforcement, of leaks.
fn projects() -> Vec<PathBuf> {
    let fixtures = root().join("fixtures");
    let mut found = vec![fixtures.join("shop"), fixtures.join("shop-broken")];
    for (folder, sides) in [("enforcement", ["before", "after"]), ("leaks", ["leak", "cure"])] {
        for case in std::fs::read_dir(fixtures.join(folder)).unwrap() {
            let case = case.unwrap().path();
            found.extend(sides.map(|side| case.join(side)).into_iter().filter(|path| path.is_dir()));
        }
    }
    found.sort();
    found
}

/// What `check` found: rule, weight, place.
fn checked(folder: &Path) -> BTreeSet<(String, String, String)> {
    let report = run(folder, &["check", "--format", "json"]).json();
    let of = |finding: &Value| {
        let rule = finding["rule"].as_str().unwrap().to_owned();
        let asks = !finding["question"].is_null();
        let weight = if asks { "question" } else { finding["severity"].as_str().unwrap() }.to_owned();
        (rule, weight, format!("{}:{}", finding["file"].as_str().unwrap(), finding["start"]["line"]))
    };
    let findings = report["findings"].as_array().unwrap().iter().map(of);
    findings.filter(|(rule, _, _)| RULES.contains(&rule.as_str())).collect()
}

/// What the report says that `check` found: rule, weight, place, and how many more of the rule there are.
fn told(folder: &Path) -> Vec<(String, String, String, usize)> {
    let ran = report(folder, &["notice"]);
    let tables = tables(&ran.stdout);
    let Some(table) = tables.iter().find(|table| table.caption.starts_with("The declared notice beside")) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for row in &table.rows {
        let words: Vec<&str> = row[3].split(' ').collect();
        if row[3] == "no rule looks at this" || row[3].ends_with("did not run") {
            continue;
        }
        let more = words.iter().skip_while(|word| **word != "and").nth(1).map_or(0, |count| count.parse().unwrap());
        let weight = words[1].to_owned();
        let weighed = row[0].split(':').next().unwrap();
        assert_eq!(weighed == "question", weight == "question", "{row:?}");
        found.push((words[0].to_owned(), weight, words[2].to_owned(), more));
    }
    found
}

#[test]
fn what_check_finds_of_the_notice_is_a_difference_and_nothing_else_is() {
    let mut compared = 0;
    for folder in projects() {
        let (checked, told) = (checked(&folder), told(&folder));
        for (rule, weight, place, _) in &told {
            let one = (rule.clone(), weight.clone(), place.clone());
            assert!(checked.contains(&one), "{}: {one:?} is in the report alone", folder.display());
            compared += 1;
        }
        for rule in RULES {
            let of = checked.iter().filter(|(name, _, _)| name == rule).collect::<Vec<_>>();
            let rows: Vec<_> = told.iter().filter(|(name, _, _, _)| name == rule).collect();
            assert_eq!(of.is_empty(), rows.is_empty(), "{}: {rule}: {of:?}", folder.display());
            // A row for fields stands for all of one class; every other one for one place.
            if rule != "ccpa/notice-category-undisclosed" {
                let places = |list: &[&(String, String, String, usize)]| -> BTreeSet<String> {
                    list.iter().map(|row| row.2.clone()).collect()
                };
                let wanted: BTreeSet<String> = of.iter().map(|(_, _, place)| place.clone()).collect();
                assert_eq!(places(&rows), wanted, "{}: {rule}", folder.display());
            } else {
                let counted: usize = rows.iter().map(|row| row.3 + 1).sum();
                assert!(counted >= of.len(), "{}: {rule}: {counted} of {}", folder.display(), of.len());
            }
        }
    }
    assert!(compared > 20, "only {compared} rows were compared");
}

#[test]
fn a_denied_sale_differs_though_its_rule_is_switched_off() {
    let folder = super::written(super::DIFFERENCES);
    let settings = "rules: {ccpa/notice-sale-share-mismatch: off, ccpa/store-exceeds-retention: off}\n";
    std::fs::write(folder.path().join("consentlint.yaml"), settings).unwrap();
    let all = tables(&report(folder.path(), &["notice"]).stdout);
    let found = table(&all, "The declared notice beside what flows");
    let row = found.row("differs: ads gets what is sold or shared, and the notice does not say so");
    assert_eq!(row[3], "ccpa/notice-sale-share-mismatch did not run");
    // What the rule would decide is a question.
    let row = found.row("question: store and the periods of the notice");
    assert_eq!(row[3], "ccpa/store-exceeds-retention did not run");
}

#[test]
fn an_excepted_finding_stays_a_difference_and_is_said_to_be_excepted() {
    let folder = super::written(super::DIFFERENCES);
    let settings = "exceptions:\n  - {rule: ccpa/notice-sale-share-mismatch, subject: ads, reason: counsel is on it}\n";
    std::fs::write(folder.path().join("consentlint.yaml"), settings).unwrap();
    let all = tables(&report(folder.path(), &["notice"]).stdout);
    let found = table(&all, "The declared notice beside what flows");
    let row = found.row("differs: ads gets what is sold or shared, and the notice does not say so");
    assert_eq!(row[3], "ccpa/notice-sale-share-mismatch critical (excepted) map.yaml:6");
}
