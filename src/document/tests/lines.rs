use super::*;
use crate::document::Syntax;

#[test]
fn every_line_is_an_item_with_its_place() {
    let text = "\u{feff}{\"a\": \"\\u0041\"}\r\n\r\n  [1, 2] \n\"x\"";
    let parsed = read("a.ndjson", text);
    assert_eq!((parsed.syntax, parsed.problems.as_slice()), (Syntax::Lines, [].as_slice()));
    let root = parsed.documents[0].root();
    assert_eq!(line(root), "[{a:\"A\"},[1,2],\"x\"]");
    let items: Vec<_> = root.items().map(|item| at(text, item.span())).collect();
    assert_eq!(items, ["{\"a\": \"\\u0041\"}", "[1, 2]", "\"x\""]);
    assert_eq!(read("a.jsonl.gz", text).syntax, Syntax::Lines);
    assert_eq!(read("a.jsonl", "\n").documents.len(), 0);
}

#[test]
fn a_broken_line_is_reported_and_the_rest_is_read() {
    let text = "{\"a\": 1}\n{\"a\": \n{a: 2, // x\n{a: 'é',}\n{\"b\": 1, \"b\": 2} \n";
    let parsed = read("a.jsonl", text);
    assert_eq!(line(parsed.documents[0].root()), "[{a:1},{a:\"é\"},{b:1}]");
    let said: Vec<_> = parsed.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        said,
        [
            "the text ends where a value is expected",
            "expected a key in double quotes",
            "this is not JSON: expected a key in double quotes; it is read as JSON5",
            "the key `b` is written twice in one mapping",
        ]
    );
    let Place::Span(span) = parsed.problems[2].place else { panic!("no span") };
    assert_eq!(text[..span.start as usize].matches('\n').count(), 3);
    let many = format!("{{}}\n{}", "{\n".repeat(1000));
    let parsed = read("a.jsonl", &many);
    assert_eq!((parsed.documents[0].root().count(), parsed.problems.len()), (1, 6));
    assert_eq!(parsed.problems[5].message, "995 more lines are not JSON, from here on");
    assert_eq!(read("a.jsonl", "{\n{\n").documents.len(), 0);
}

#[test]
fn the_name_and_the_content_may_disagree() {
    let text = "{\"a\": 1}\n{\"a\": 2}\n";
    assert_eq!(clean("a.json", text), "[{a:1},{a:2}]");
    let parsed = read("a.ndjson", "[\n  {\"a\": 1}\n]\n");
    assert_eq!((parsed.syntax, line(parsed.documents[0].root()).as_str()), (Syntax::Json, "[{a:1}]"));
    for broken in ["{\"a\": 1}\n}\n", "{\"a\": 1} {\"a\": 2}", "[1]\n[2]"] {
        assert_eq!((read("a.json", broken).documents.len(), read("a.json", broken).problems.len()), (0, 1), "{broken}");
    }
}
