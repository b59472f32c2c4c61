use super::*;
use crate::document::Syntax;

fn json(text: &str) -> String {
    clean("a.json", text)
}

#[test]
fn values_keys_and_spans() {
    let text = "\u{feff} {\"a\": [1, -2.5e3, true, null, \"é\"], \"b\\u0041\\n\": {}, \"\": [], \"s\": \"\\ud83d\\ude00\\\"\"}\n";
    assert_eq!(json(text), r#"{a:[1,-2.5e3,true,null,"é"],bA"#.to_owned() + "\n:{},:[],s:\"😀\\\"\"}");
    let parsed = read("a.json", text);
    assert_eq!(parsed.syntax, Syntax::Json);
    let root = parsed.documents[0].root();
    let entries: Vec<_> =
        root.entries().map(|entry| (at(text, entry.key_span()), at(text, entry.value().span()))).collect();
    assert_eq!(
        entries,
        [
            ("\"a\"", "[1, -2.5e3, true, null, \"é\"]"),
            ("\"b\\u0041\\n\"", "{}"),
            ("\"\"", "[]"),
            ("\"s\"", "\"\\ud83d\\ude00\\\"\""),
        ]
    );
    let items: Vec<_> = root.get("a").unwrap().items().map(|item| at(text, item.span())).collect();
    assert_eq!(items, ["1", "-2.5e3", "true", "null", "\"é\""]);
}

#[test]
fn numbers_of_any_size_and_no_others() {
    let digits = "9".repeat(400);
    assert_eq!(json(&format!("[{digits}, 1e9999]")), format!("[{digits},1e9999]"));
    for text in ["[NaN]", "[Infinity]", "[-Infinity]", "[01]", "[1.]", "[+1]", "[0x1]", "[.5]"] {
        assert_eq!(read("a.json", text).problems.len(), 1, "{text}");
    }
}

#[test]
fn a_repeated_key_is_a_problem_with_both_places() {
    for filler in [String::new(), (0..20).map(|index| format!("\"k{index}\": 0, ")).collect()] {
        for comment in ["", "// note\n"] {
            let text = format!("{comment}{{\"a\": 1, {filler}\"\\u0061\": 2}}");
            let parsed = read("a.jsonc", &text);
            assert_eq!(parsed.problems.len(), 1, "{text}");
            assert_eq!(under(&text, &parsed.problems[0]), "\"\\u0061\"");
            assert_eq!(at(&text, parsed.problems[0].related[0].span), "\"a\"");
            assert_eq!(parsed.documents[0].root().get("a").unwrap().integer(), Some(1));
        }
    }
}

#[test]
fn comments_and_trailing_commas_are_read() {
    let text = "\u{feff}{ // consentlint: allow a -- b\n \"u\": \"http://x // consentlint: no\", /* consentlint: c */ \"l\": [1, 2,], \"e\": \"\\n\", \"n\": [null, true, 1.5],\n}\n// other\n";
    let parsed = read("a.json", text);
    assert_eq!(parsed.problems, []);
    assert_eq!(
        line(parsed.documents[0].root()),
        r#"{u:"http://x // consentlint: no",l:[1,2],e:"\n",n:[null,true,1.5]}"#
    );
    let comments: Vec<_> = parsed.comments.iter().map(|comment| at(text, comment.span)).collect();
    assert_eq!(comments, ["// consentlint: allow a -- b", "/* consentlint: c */"]);
    let root = parsed.documents[0].root();
    assert_eq!(at(text, root.entry("l").unwrap().key_span()), "\"l\"");
    assert_eq!(at(text, root.get("l").unwrap().span()), "[1, 2,]");
}

#[test]
fn errors_have_a_place_and_a_cure() {
    for (text, place, message) in [
        ("{\"a\": 1 \"b\": 2}", "\"", "expected `,` or `}`"),
        ("{\"a\" 1}", "1", "expected `:` after the key"),
        ("{\"a\": é}", "é", "expected a value"),
        ("[1] x", "x", "text after the end of the value"),
        ("[1", "", "the list is never closed"),
    ] {
        let parsed = read("a.json", text);
        assert_eq!((parsed.documents.len(), parsed.problems.len()), (0, 1), "{text}");
        assert_eq!((under(text, &parsed.problems[0]), parsed.problems[0].message.as_str()), (place, message));
        assert!(!parsed.problems[0].help.is_empty());
    }
    for text in ["{\"a\": 1, // x\n b 2}", "[1,, // x\n 2]", "{'a: 1, /* */}", "[1 /* "] {
        let parsed = read("a.json", text);
        assert_eq!((parsed.documents.len(), parsed.problems.len()), (0, 1), "{text}");
    }
}

#[test]
fn what_documentation_prints_is_read_and_reported() {
    for (text, place, tree) in [
        ("{a: 1}", "a", "{a:1}"),
        ("{\"a\": 1, // x\n b: 'it\\'s \\\"[', }", "b", "{a:1,b:\"it's \\\"[\"}"),
        ("{'a': [0x1F, +1, .5]}", "'", "{a:[31,+1,.5]}"),
    ] {
        let parsed = read("a.json", text);
        assert_eq!(line(parsed.documents[0].root()), tree);
        assert_eq!(parsed.problems.len(), 1, "{text}");
        assert!(parsed.problems[0].message.starts_with("this is not JSON: "), "{}", parsed.problems[0].message);
        assert_eq!(under(text, &parsed.problems[0]), place);
        assert_eq!(clean("a.json5", text), tree);
    }
    assert_eq!(read("a.json", "{a: 1 b: 2}").documents.len(), 0, "a comma is missing");
    assert_eq!(clean("a.json5", "[NaN, -Infinity, 1.]"), "[NaN,-Infinity,1.]");
    let deep = format!("{{a: '\"', b: {}}}", "[".repeat(100_000));
    assert_eq!(read("a.json5", &deep).problems[0].message, "more than 128 levels of nesting");
    let root = read("a.json5", "{a: {'b': 'c'}}");
    assert_eq!(root.documents[0].root().at(&["a", "b"]).and_then(Node::text), Some("c"));
}

#[test]
fn the_content_chooses_the_syntax_and_the_name_the_error() {
    assert_eq!(read("a.yaml", "{\"a\": 1}").syntax, Syntax::Json);
    assert_eq!(read("a.yaml", "{a: 1}").syntax, Syntax::Yaml);
    assert_eq!(line(read("a.txt", "{a: 1}").documents[0].root()), "{a:1}");
    assert_eq!(read("a.json", "{a: 1}").syntax, Syntax::Json);
    assert_eq!(read("a.yaml", "{a: [}").syntax, Syntax::Yaml);
    assert_eq!(read("stdin", "{a: [}").syntax, Syntax::Json);
    assert_eq!(read("a.json", "a: 1").syntax, Syntax::Yaml);
    assert_eq!(read("a.json", "a: [").syntax, Syntax::Json);
}
