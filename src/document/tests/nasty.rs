//! Input that was made, or might as well have been, to bring a reader down.

use super::*;
use crate::document::MAX_DEPTH;

#[track_caller]
fn refused(path: &str, text: &str, words: &str) {
    let parsed = read(path, text);
    assert_eq!(parsed.documents.len(), 0);
    assert_eq!(parsed.problems.len(), 1);
    assert!(parsed.problems[0].message.contains(words), "{}", parsed.problems[0].message);
}

#[test]
fn deep_nesting_is_refused_without_recursion() {
    for path in ["a.json", "a.yaml", "a"] {
        for text in [
            "[".repeat(100_000),
            "{a: ".repeat(50_000),
            "{\"a\": ".repeat(50_000),
            "[".repeat(100_000) + &"]".repeat(100_000),
        ] {
            assert_eq!(read(path, &text).problems.len(), 1, "{path}");
        }
    }
    let closed = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    refused("a.json", &closed(MAX_DEPTH + 1), "levels of nesting");
    refused("a.json", &format!("// c\n{}", closed(MAX_DEPTH + 1)), "levels of nesting");
    refused("a.json", &format!("[// c\n{}]", closed(MAX_DEPTH)), "levels of nesting");
    refused("a.yaml", &"- ".repeat(20_000), "levels of nesting");
    refused("a.yaml", &format!("x: {}", closed(MAX_DEPTH)), "levels of nesting");
    for text in [closed(MAX_DEPTH), format!("[// c\n{}]", closed(MAX_DEPTH - 1))] {
        assert_eq!(read("a.json", &text).problems, []);
    }
    assert_eq!(read("a.yaml", &format!("x: {}", closed(MAX_DEPTH - 1))).problems, []);
}

#[test]
fn a_deep_schema_never_reaches_the_validator() {
    let text = "{\"properties\": {\"a\": ".repeat(3_000) + "{}" + &"}}".repeat(3_000);
    refused("a.json", &text, "levels of nesting");
}

#[test]
fn the_deepest_schema_allowed_is_judged_on_a_small_stack() {
    let levels = MAX_DEPTH / 2 - 1;
    for draft in ["draft-07/schema#", "draft/2020-12/schema", "draft/2019-09/schema", "draft-04/schema#"] {
        let uri = format!("http://json-schema.org/{draft}");
        let text = format!("{{\"$schema\": \"{uri}\", \"properties\": {{\"a\": ")
            + &"{\"properties\": {\"a\": ".repeat(levels - 1)
            + "{\"type\": \"strin\"}"
            + &"}}".repeat(levels);
        let parsed = read("a.json", &text);
        let problems = crate::document::check_schema_node(parsed.documents[0].root());
        assert_eq!(problems.len(), 1, "{draft}");
        assert_eq!(under(&text, &problems[0]), "\"strin\"");
    }
}

#[test]
fn alias_bombs_are_refused_before_they_expand() {
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..40 {
        let last = level - 1;
        laughs += &format!("a{level}: &a{level} [{}]\n", vec![format!("*a{last}"); 9].join(", "));
    }
    refused("a.yaml", &laughs, "aliases in this document");
    let mut merges = "m0: &m0 {k0: 0}\n".to_owned();
    for level in 1..5_000 {
        merges += &format!("m{level}: &m{level} {{<<: *m{}, k{level}: 0}}\n", level - 1);
    }
    refused("a.yaml", &merges, "aliases in this document");
    let mut deep = "d0: &d0 [x]\n".to_owned();
    for level in 1..500 {
        deep += &format!("d{level}: &d{level} [*d{}]\n", level - 1);
    }
    refused("a.yaml", &deep, "levels of nesting");
}

#[test]
fn long_files_have_no_line_limit() {
    let text: String = (0..33_000).map(|index| format!("k{index}: v\n")).collect();
    let parsed = read("a.yaml", &text);
    assert_eq!(parsed.problems, []);
    assert_eq!(parsed.documents[0].root().count(), 33_000);
    assert_eq!(at(&text, parsed.documents[0].root().entries().next_back().unwrap().key_span()), "k32999");
}
