//! Fifteen small files on which linters disagree or fall silent, and the right answer to each.
#![allow(clippy::disallowed_methods, reason = "tests read fixtures and may look at the clock")]
#![allow(clippy::unwrap_used, reason = "helpers of tests, too, fail by panicking")]

mod common;

use common::{Ran, check, list, text};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const RULES: &str = "ccpa/share-destination-ungated,ccpa/destination-unmapped,ccpa/deletion-method-missing";
const UNGATED: &str = "ccpa/share-destination-ungated";
const UNMAPPED: &str = "ccpa/destination-unmapped";
const UNDELETABLE: &str = "ccpa/deletion-method-missing";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/torture")
}

fn torture(file: &str) -> Ran {
    check(&folder(), &["--only", RULES, file])
}

/// Findings, problems and exit code, all of them.
fn expect(file: &str, code: u8, findings: &[(&str, &str)], problems: &[&str]) -> Ran {
    let ran = torture(file);
    let wanted: Vec<String> = findings.iter().map(|(rule, place)| format!("{rule} {file}:{place}")).collect();
    assert_eq!(ran.findings(), wanted, "{file}: {:?}", ran.words());
    let wanted: Vec<String> = problems
        .iter()
        .map(|problem| {
            let (stage, place) = problem.split_once(' ').unwrap_or((problem, ""));
            format!("{stage} {file}:{place}")
        })
        .collect();
    assert_eq!(ran.problems(), wanted, "{file}: {:?}", ran.words());
    assert_eq!(ran.code, code, "{file}");
    ran
}

/// A subject of that many destinations was seen: silence is not for want of looking.
fn saw(ran: &Ran, destinations: u64) {
    assert_eq!(ran.json()["summary"]["destinations"], destinations);
}

#[test]
fn t01_a_merge_key_supplies_what_is_missing() {
    saw(&expect("t01_merge.yaml", 0, &[], &[]), 1);
}

#[test]
fn t02_an_explicit_key_wins_over_a_later_merge_key() {
    saw(&expect("t02_merge_last.yaml", 0, &[], &[]), 1);
}

#[test]
fn t03_an_alias_stands_for_its_value() {
    saw(&expect("t03_alias.yaml", 0, &[], &[]), 1);
}

/// The three clean files are clean because of their anchors: changed in one place, each says something.
#[test]
fn t01_to_t03_are_not_clean_without_their_anchors() {
    for (file, from, to, rule) in [
        ("t01_merge.yaml", "  - <<: *base\n    id: a", "  - id: a", UNDELETABLE),
        ("t01_merge.yaml", "    - <<: *switch\n      id:", "    - id:", UNMAPPED),
        ("t02_merge_last.yaml", "      <<: *switch\n", "", UNMAPPED),
        ("t02_merge_last.yaml", "      controls: [opt-out]\n", "", UNGATED),
        ("t02_merge_last.yaml", "    deletion: {via: vendor_api}\n", "", UNDELETABLE),
        ("t03_alias.yaml", "    deletion: *d\n", "", UNDELETABLE),
        ("t03_alias.yaml", ", destinations: *only", "", UNMAPPED),
    ] {
        let whole = std::fs::read_to_string(folder().join(file)).unwrap();
        let changed = whole.replacen(from, to, 1);
        assert_ne!(whole, changed, "{file} has no {from:?}");
        let place = common::Folder::new(&[("map.yaml", &changed)]);
        let ran = check(place.path(), &["--only", RULES, "map.yaml"]);
        assert!(ran.findings().iter().any(|found| found.starts_with(rule)), "{file} without {from:?}: {}", ran.out);
    }
}

#[test]
fn t04_the_second_document_is_judged_too() {
    let ran = expect("t04_multidoc.yaml", 1, &[(UNMAPPED, "13:9")], &[]);
    assert_eq!(text(&list(&ran.json(), "findings")[0]["subject"], "id"), "b");
    saw(&ran, 2);
}

#[test]
fn t05_a_repeated_key_is_a_problem_with_both_places() {
    let ran = expect("t05_dupkey.yaml", 2, &[(UNGATED, "4:60")], &["parse 9:5"]);
    let json = ran.json();
    let problem = &list(&json, "problems")[0];
    assert!(text(problem, "message").contains("`sells` is written twice"), "{problem}");
    let related = list(problem, "related");
    assert_eq!(related.len(), 1, "{problem}");
    assert_eq!(common::place(&related[0]), "t05_dupkey.yaml:8:5");
}

#[test]
fn t06_yes_is_named_with_its_cure() {
    let ran = expect("t06_yes.yaml", 2, &[(UNDELETABLE, "3:9"), (UNMAPPED, "3:9")], &["schema 4:14", "schema 5:12"]);
    let wanted = "`yes` is a string in YAML 1.2, a boolean is expected here | write `true`";
    assert_eq!(ran.words(), [wanted, wanted]);
}

#[test]
fn t07_misspelt_keys_get_a_suggestion() {
    let ran = expect("t07_typo_key.yaml", 2, &[(UNMAPPED, "3:9")], &["schema 4:5", "schema 5:5"]);
    assert_eq!(
        ran.words(),
        ["unknown key `enable` | did you mean `enabled`?", "unknown key `sell` | did you mean `sells`?"]
    );
}

#[test]
fn t08_a_quoted_boolean_is_a_type_error() {
    let ran = expect("t08_string_bool.yaml", 2, &[(UNMAPPED, "3:9")], &["schema 4:14", "schema 5:12"]);
    let wanted = "`\"true\"` is a string, a boolean is expected here | remove the quotes";
    assert_eq!(ran.words(), [wanted, wanted]);
}

#[test]
fn t09_and_t10_order_and_style_change_nothing() {
    let three = |place| [(UNGATED, place), (UNDELETABLE, place), (UNMAPPED, place)];
    let order = expect("t09_key_order.yaml", 1, &three("4:9"), &[]);
    let flow = expect("t10_flow.yaml", 1, &three("2:21"), &[]);
    let said = |ran: &Ran| {
        let json = ran.json();
        let found = list(&json, "findings").iter();
        found
            .map(|found| (text(found, "message").to_owned(), text(found, "fingerprint").to_owned()))
            .collect::<Vec<_>>()
    };
    assert_eq!(said(&order), said(&flow));
}

#[test]
fn t11_an_empty_file_is_called_empty() {
    let ran = expect("t11_empty.yaml", 2, &[], &["read 1:1"]);
    assert_eq!(ran.words(), ["the file is empty | remove it, or declare something"]);
}

#[test]
fn t12_a_byte_order_mark_and_crlf_move_nothing() {
    let bytes = std::fs::read(folder().join("t12_crlf_bom.yaml")).unwrap();
    assert!(bytes.starts_with(b"\xef\xbb\xbfdatamap: 1\r\n") && !bytes.ends_with(b"\n"), "the fixture lost its bytes");
    let ran = expect("t12_crlf_bom.yaml", 1, &[(UNGATED, "3:9"), (UNDELETABLE, "3:9"), (UNMAPPED, "3:9")], &[]);
    let json = ran.json();
    let at = &list(&json, "findings")[0]["start"]["offset"];
    let id = bytes.windows(6).position(|window| window == b"id: a\r").map(|at| at + 4);
    assert_eq!(at.as_u64(), id.map(|at| at as u64));
}

#[test]
fn t13_a_misspelt_section_gets_a_suggestion() {
    let ran = expect("t13_wrong_root.yaml", 2, &[], &["schema 2:1"]);
    assert_eq!(ran.words(), ["unknown key `destination` | did you mean `destinations`?"]);
}

#[test]
fn t14_a_syntax_error_is_an_error_with_its_line() {
    let ran = expect("t14_syntax_error.yaml", 2, &[], &["parse 4:4"]);
    assert_eq!(ran.words(), ["expected `- ` and an item of the list above | align this line with its neighbours"]);
}

#[test]
fn t15_an_alias_bomb_is_refused_at_once() {
    let before = Instant::now();
    let ran = expect("t15_alias_bomb.yaml", 2, &[], &["parse 8:12"]);
    assert!(before.elapsed() < Duration::from_secs(5), "{:?}", before.elapsed());
    assert_eq!(
        ran.words(),
        [
            "aliases in this document stand for more than 1000000 values | write out less through aliases, or split the file"
        ]
    );
}

#[test]
fn the_whole_folder_gives_the_same_as_its_files() {
    let ran = check(&folder(), &["--only", RULES, "--fail-on", "never", "."]);
    let json = ran.json();
    // The empty file is not named here, so it is none of ours. Ids meet across files, so findings do not add up.
    let stages: Vec<&str> = list(&json, "problems").iter().map(|problem| text(problem, "stage")).collect();
    let count = |stage: &str| stages.iter().filter(|found| **found == stage).count();
    assert_eq!((count("read"), count("parse"), count("schema")), (0, 3, 7), "{:?}", ran.problems());
    assert_eq!(ran.code, 2);
}
