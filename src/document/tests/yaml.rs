use super::*;

fn yaml(text: &str) -> String {
    clean("a.yaml", text)
}

#[test]
fn block_and_flow_trees_read_alike() {
    assert_eq!(yaml("a: 1\nb:\n  - x\n  - {c: d}\n"), r#"{a:1,b:["x",{c:"d"}]}"#);
    assert_eq!(yaml("{a: 1, b: [x, {c: d}], }"), r#"{a:1,b:["x",{c:"d"}]}"#);
    assert_eq!(yaml("[a: b, {c}]"), r#"[{a:"b"},{c:null}]"#);
    assert_eq!(yaml("? a\n: b\n? c\n"), r#"{a:"b",c:null}"#);
    assert_eq!(yaml("a:\nb: ~\nc: ''\n"), r#"{a:null,b:null,c:""}"#);
}

#[test]
fn words_that_yaml_1_1_took_for_booleans_and_numbers_stay_strings() {
    let text =
        "a: NO\nb: yes\nc: on\nd: 0777\ne: 1_000\nf: 12:30:45\ng: True\nh: 123456789012345678901234567890\ni: 0x1F\n";
    let expected =
        r#"{a:"NO",b:"yes",c:"on",d:"0777",e:"1_000",f:"12:30:45",g:True,h:123456789012345678901234567890,i:31}"#;
    assert_eq!(yaml(text), expected);
    let parsed = read("a.yaml", text);
    let root = parsed.documents[0].root();
    assert_eq!(root.get("h").unwrap().shape(), Shape::Integer);
    assert_eq!((root.get("g").unwrap().boolean(), root.get("i").unwrap().integer()), (Some(true), Some(31)));
}

#[test]
fn strings_of_every_style_have_their_value_and_span() {
    let text = "a: 'it''s'\nb: \"x\\n\\e\\u202e\"\nc: |\n  é\n  z\n\n# end\nd: x y\n  z\n\"k\\t\": >-\n  f\n  g\n'p': plain\n!!str e: !!str 12\n";
    let parsed = read("a.yaml", text);
    assert_eq!(parsed.problems, []);
    let root = parsed.documents[0].root();
    assert_eq!(root.get("a").unwrap().text(), Some("it's"));
    assert_eq!(at(text, root.get("a").unwrap().span()), "'it''s'");
    // Control and direction characters are kept: those who print them make them harmless.
    assert_eq!(root.get("b").unwrap().text(), Some("x\n\u{1b}\u{202e}"));
    assert_eq!(root.get("c").unwrap().text(), Some("é\nz\n"));
    assert!(root.get("c").unwrap().is_quoted());
    assert_eq!(at(text, root.get("c").unwrap().span()), "é\n  z");
    assert_eq!(root.get("d").unwrap().text(), Some("x y z"));
    assert_eq!(root.get("k\t").unwrap().text(), Some("f g"));
    assert_eq!(at(text, root.entry("k\t").unwrap().key_span()), "\"k\\t\"");
    assert_eq!(at(text, root.entry("p").unwrap().key_span()), "'p'");
    assert_eq!(root.get("e").unwrap().shape(), Shape::Text);
}

#[test]
fn containers_end_where_their_last_value_ends() {
    let text = "a:\n  - b: 1\n    c: [x, y]\n\n  # note\n  - d\n\n# end\nz: {q: 1}\n";
    let parsed = read("a.yaml", text);
    let root = parsed.documents[0].root();
    assert_eq!(at(text, root.get("a").unwrap().span()), "- b: 1\n    c: [x, y]\n\n  # note\n  - d");
    assert_eq!(at(text, root.get("a").unwrap().items().next().unwrap().span()), "b: 1\n    c: [x, y]");
    assert_eq!(at(text, root.get("z").unwrap().span()), "{q: 1}");
    assert_eq!(at(text, root.span()), &text[..text.len() - 1]);
}

#[test]
fn byte_order_mark_line_ends_and_wide_letters_keep_offsets() {
    let text = "\u{feff}é: ü\r\nb: 'ß' # x\r\nc: |\r\n  l\r\n";
    let parsed = read("a.yaml", text);
    assert_eq!(parsed.problems, []);
    let root = parsed.documents[0].root();
    assert_eq!(at(text, root.entry("é").unwrap().key_span()), "é");
    assert_eq!(root.entry("é").unwrap().key_span().start, 3);
    assert_eq!(at(text, root.get("b").unwrap().span()), "'ß'");
    assert_eq!(root.get("c").unwrap().text(), Some("l\n"));
}

#[test]
fn a_stream_has_several_documents() {
    let parsed = read("a.yaml", "--- # x\na: 1\n...\n---\n- b\n---\n");
    assert_eq!(parsed.problems, []);
    assert_eq!(
        parsed.documents.iter().map(|document| line(document.root())).collect::<Vec<_>>(),
        ["{a:1}", r#"["b"]"#, "null"]
    );
    assert_eq!(yaml("---\n"), "null");
    for text in ["", " \n", "# only\n", "\u{feff}"] {
        let parsed = read("a.yaml", text);
        assert_eq!((parsed.documents.len(), parsed.problems.len()), (0, 0), "{text:?}");
    }
}

#[test]
fn documents_before_an_error_are_kept() {
    let parsed = read("a.yaml", "a: 1\n---\nb: [\n");
    assert_eq!(parsed.documents.len(), 1);
    assert_eq!(parsed.problems.len(), 1);
    assert_eq!(parsed.problems[0].message, "`[` is never closed by `]`");
}

#[test]
fn aliases_share_nodes_and_know_where_they_stand() {
    let text = "a: &x {k: 1}\nb: *x\nc: [*x, &y s, *y]\n*y : v\n";
    let parsed = read("a.yaml", text);
    assert_eq!(parsed.problems, []);
    let root = parsed.documents[0].root();
    assert_eq!(line(root), r#"{a:{k:1},b:{k:1},c:[{k:1},"s","s"],s:"v"}"#);
    let b = root.get("b").unwrap();
    assert_eq!((at(text, b.span()), at(text, b.alias().unwrap())), ("{k: 1}", "*x"));
    assert_eq!(root.get("a").unwrap().alias(), None);
}

#[test]
fn merge_keys_yield_to_explicit_keys_wherever_they_stand() {
    let base = "d: &d {a: 1, b: 2}\ne: &e {b: 3, c: 4}\n";
    let merged = |rest: &str| {
        let text = format!("{base}{rest}");
        let parsed = read("a.yaml", &text);
        assert_eq!(parsed.problems, [], "{text}");
        line(parsed.documents[0].root().get("x").unwrap())
    };
    assert_eq!(merged("x:\n  <<: *d\n  a: 9\n"), "{a:9,b:2}");
    assert_eq!(merged("x:\n  a: 9\n  <<: *d\n"), "{a:9,b:2}");
    assert_eq!(merged("x: {<<: [*d, *e]}\n"), "{a:1,b:2,c:4}");
    assert_eq!(merged("x: {<<: [*e, *d, {z: 0}]}\n"), "{b:3,c:4,a:1,z:0}");
    assert_eq!(merged("f: &f {<<: *d, q: 5}\nx: {<<: *f}\n"), "{q:5,a:1,b:2}");
    assert_eq!(merged("l: &l [*d, *e]\nx: {<<: *l}\n"), "{a:1,b:2,c:4}");
    assert_eq!(merged("x: {'<<': *d}\n"), "{<<:{a:1,b:2}}");

    let text = format!("{base}x:\n  <<: *d\n");
    let parsed = read("a.yaml", &text);
    let entry = parsed.documents[0].root().at(&["x", "b"]).unwrap();
    assert_eq!((at(&text, entry.span()), at(&text, entry.alias().unwrap())), ("2", "*d"));

    for wrong in ["x: {<<: 1}\n", "x: {<<: [*d, 2]}\n"] {
        let text = format!("{base}{wrong}");
        let problems = read("a.yaml", &text).problems;
        assert_eq!(problems.len(), 1, "{wrong}");
        assert_eq!(under(&text, &problems[0]), "<<");
    }
}

#[test]
fn a_repeated_key_is_a_problem_with_both_places() {
    for filler in [String::new(), (0..20).map(|index| format!("k{index}: 0\n")).collect()] {
        let text = format!("a: 1\n{filler}'a': 2\nz: 3\n");
        let parsed = read("a.yaml", &text);
        assert_eq!(parsed.problems.len(), 1);
        assert_eq!(under(&text, &parsed.problems[0]), "'a'");
        assert_eq!(at(&text, parsed.problems[0].related[0].span), "a");
        assert_eq!(parsed.problems[0].related[0].text, "first written here");
        let root = parsed.documents[0].root();
        assert_eq!((root.get("a").unwrap().integer(), root.get("z").unwrap().integer()), (Some(1), Some(3)));
        assert_eq!(root.entries().filter(|entry| entry.key() == "a").count(), 1);
    }
}

#[test]
fn refused_constructs_leave_the_rest() {
    for (text, place, rest) in [
        ("? [a]\n: w\nb: 1\n", "[a]", "{b:1}"),
        ("{{x: y}: w, b: 1}\n", "{x: y}", "{b:1}"),
        ("a: *no\nb: 1\n", "*no", "{a:null,b:1}"),
    ] {
        let parsed = read("a.yaml", text);
        assert_eq!(parsed.problems.len(), 1, "{text}");
        assert_eq!(under(text, &parsed.problems[0]), place, "{text}");
        assert_eq!(line(parsed.documents[0].root()), rest);
    }
    let parsed = read("a.yaml", "a: &x [*x]\n");
    assert!(parsed.problems[0].message.contains("inside the value it refers to"));
    assert_eq!(parsed.documents.len(), 0);
}

#[test]
fn syntax_errors_say_where_and_what_to_do() {
    for (text, place, help) in [
        ("a:\n\tb: 1\n", "b", "indent with spaces"),
        ("a: 'x\n", "'", "close the quote"),
        ("a: b: c\n", ":", "put the text in quotes, or align it with its neighbours"),
        ("a: @x\n", "@", "put the value in quotes"),
        ("a\u{1b}: 1", "a", "remove it, or write it as an escape in double quotes"),
    ] {
        let parsed = read("a.yaml", text);
        assert_eq!(parsed.problems.len(), 1, "{text}");
        assert_eq!((under(text, &parsed.problems[0]), parsed.problems[0].help.as_str()), (place, help));
        assert!(!parsed.problems[0].message.contains("while "), "{}", parsed.problems[0].message);
    }
}

#[test]
fn only_comments_addressed_to_this_program_are_returned() {
    let text = "# consentlint: allow a -- b\na: 'x # consentlint: no'  # consentlint: allow c -- d\n# other\nb: |\n  # consentlint: text\nc: x#consentlint:y\n";
    let parsed = read("a.yaml", text);
    assert_eq!(parsed.problems, []);
    let comments: Vec<_> = parsed.comments.iter().map(|comment| at(text, comment.span)).collect();
    assert_eq!(comments, ["# consentlint: allow a -- b", "# consentlint: allow c -- d"]);
    assert_eq!(
        line(parsed.documents[0].root()),
        "{a:\"x # consentlint: no\",b:\"# consentlint: text\\n\",c:\"x#consentlint:y\"}"
    );
    let many = format!("a: 1\n{}b: 2\n", "# consentlint: x\n".repeat(5_000));
    assert_eq!(read("a.yaml", &many).comments.len(), 5_000);
}
