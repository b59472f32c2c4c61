//! JavaScript: what is read, what is code, and input that is meant to hurt.

use super::super::{Entry, Node, Shape};
use super::{at, read, under};
use std::fmt::Write;

/// A tree in one line; what is computed is shown by its kind, what was followed has a star.
fn line(node: Node<'_>) -> String {
    let shown = match node.shape() {
        Shape::List => format!("[{}]", node.items().map(line).collect::<Vec<_>>().join(",")),
        Shape::Map => {
            let entry = |entry: Entry<'_>| format!("{}:{}", entry.key(), line(entry.value()));
            format!("{{{}}}", node.entries().map(entry).collect::<Vec<_>>().join(","))
        }
        Shape::Text => format!("{:?}", node.scalar().unwrap()),
        Shape::Null => "null".to_owned(),
        Shape::Code(code) => format!("{code:?}({})", node.parts().map(line).collect::<Vec<_>>().join(",")),
        _ => node.scalar().unwrap().to_owned(),
    };
    if node.alias().is_some() { format!("{shown}*") } else { shown }
}

/// All statements of a text that has no problem.
fn all(path: &str, text: &str) -> Vec<String> {
    let parsed = read(path, text);
    assert_eq!(parsed.problems, [], "{text}");
    parsed.documents.first().map_or_else(Vec::new, |document| document.root().items().map(line).collect())
}

/// What is assigned to `window.consentManagerConfig`, after some statements.
fn config(before: &str, value: &str) -> String {
    let text = format!("{before};\nwindow.consentManagerConfig = {{ v: {value} }}");
    let lines = all("a.tsx", &text);
    let last = lines.iter().rfind(|line| line.starts_with("{assign:\"window.consentManagerConfig\"")).unwrap();
    let value = last.split_once("value:{v:").unwrap().1;
    value.strip_suffix("}}").unwrap().to_owned()
}

#[test]
fn a_text_without_a_word_of_ours_is_not_parsed() {
    assert!(read("a.js", "const a = { b: 1 } }}}").documents.is_empty());
    assert!(read("a.js", "const a = { b: 1 } }}}").problems.is_empty());
}

#[test]
fn literals_are_read() {
    for (code, value) in [
        ("'a'", "\"a\""),
        (r#""a\n\u0041\x42\u{1f600}\ud83d\ude00""#, "\"a\\nAB😀😀\""),
        ("`a`", "\"a\""),
        ("'a' + \"b\" + `c`", "\"abc\""),
        ("1_000", "1000"),
        ("-1", "-1"),
        ("0x1F", "31"),
        ("1.5e3", "1.5e3"),
        ("true", "true"),
        ("!0", "!0"),
        ("null", "null"),
        ("undefined", "null"),
        ("void 0", "null"),
        ("[1, 'a', [], ]", "[1,\"a\",[]]"),
        ("{ a: 1, 'b c': 2, 3: 4, ['d']: 5 }", "{a:1,b c:2,3:4,d:5}"),
        ("{ a: 1, a: 2 }", "{a:2}"),
        ("({ a: (1) } as const) satisfies Settings", "{a:1}"),
        ("Object.freeze({ a: 1 })!", "{a:1}"),
    ] {
        assert_eq!(config("", code), value, "{code}");
    }
}

#[test]
fn everything_else_is_code() {
    for (code, value) in [
        ("f(1, x)", "Call(1,Name())"),
        ("f(1)(2)", "Call(Call(1),2)"),
        ("exports.inEU", "Name()"),
        ("() => true", "Function(true)"),
        ("(exports) => ({ a: 1 })", "Function({a:1})"),
        ("function () { const a = 1; return a }", "Function(1*)"),
        ("function () { if (x) return 1; return 2 }", "Function()"),
        ("function () { if (x) { return 1 } }", "Function()"),
        ("function () { g(function () { return 1 }); return 2 }", "Function(2)"),
        ("a ? 1 : 2", "Choice(1,2)"),
        ("a || 1", "Choice(Name(),1)"),
        ("`a ${b} c`", "Template(Name())"),
        ("{ ...a, b: 1 }", "{...:Spread(Name()),b:1}"),
        ("[...a]", "[Spread(Name())]"),
        ("{ a() { return 1 }, get b() { return 1 } }", "{a:Function(1),b:Function()}"),
        ("{ [a]: 1 }", "{...:Other()}"),
        ("new Set([1])", "Other()"),
        ("1 + a", "Other()"),
        ("/x/", "Other()"),
        ("<b>x</b>", "Other()"),
    ] {
        assert_eq!(config("", code), value, "{code}");
    }
}

#[test]
fn names_are_followed_to_their_literals() {
    for (before, code, value) in [
        ("const a = 1", "a", "1*"),
        ("const a = { b: { c: 1 } }", "a.b.c", "1*"),
        ("const a = { b: 1 }", "a['b']", "1*"),
        ("const a = { b: 1 }; const { b } = a", "b", "1*"),
        ("const a = { b: 1 }; const { b: c } = a", "c", "1*"),
        ("enum A { B = 'b' }", "{ [A.B]: A.B }", "{b:\"b\"*}"),
        ("const a = { b: 1 }", "{ b: 0, ...a }", "{b:1*}"),
        ("const a = { b: 1 }", "{ ...a, b: 0 }", "{b:0}"),
        ("const a = [1, 2]", "[...a, 3]", "[1*,2*,3]"),
        ("function a() { return 1 }", "a", "Function(1)*"),
        ("let a = 1; a = 2", "a", "Name()"),
        ("const a = []; a.push(1)", "a", "Name()"),
        ("const a = {}; a.b = 1", "a.b", "Name()"),
        ("const a = {}; Object.assign(a, b)", "a", "Name()"),
        ("const a = { b: 1, ...c }", "a.b", "Name()"),
        ("const a = 1; { const a = 2 }", "a", "1*"),
        ("var a = 1; { var a = 2 }", "a", "Name()"),
        ("const a = 1", "(a) => a", "Function(Name())"),
        ("const a = 1", "({ a }) => a", "Function(Name())"),
        ("const a = a", "a", "Name()*"),
        ("const a = b, b = a", "a", "Name()**"),
        ("import { a } from 'b'", "a", "Name()"),
    ] {
        let value = value.replace("**", "*");
        assert_eq!(config(before, code), value, "{before}; {code}");
    }
}

#[test]
fn a_followed_value_has_the_place_where_it_is_written_and_of_its_use() {
    let text = "const key = 'k'\nwindow.consentManagerConfig = { writeKey: key }";
    let parsed = read("a.js", text);
    let root = parsed.documents[0].root();
    let node = root.items().next().unwrap().at(&["value", "writeKey"]).unwrap();
    assert_eq!(at(text, node.span()), "'k'");
    assert_eq!(node.alias().unwrap().start as usize, text.rfind("key").unwrap());
}

#[test]
fn statements_are_told_apart() {
    let text = "import A, { B as C } from '@segment/consent-manager'\nconst x = require('b')\nexport default { a: 1 }\n\
        module.exports = { a: 1 }\nanalytics.load('k', { integrations: {} })\ns.src = 'https://x/y.js'\n\
        const e = <ui.ConsentManager a b='c' d={1} {...{ f: 2 }} />";
    let found = all("a.jsx", text);
    for expected in [
        "{import:\"@segment/consent-manager\",names:[\"A\",\"B\"]}",
        "{import:\"b\",names:[]}",
        "{export:\"default\",value:{a:1}}",
        "{assign:\"module.exports\",value:{a:1}}",
        "{call:\"load\",arguments:[\"k\",{integrations:{}}]}",
        "{script:\"https://x/y.js\"}",
        "{element:\"ConsentManager\",attributes:{a:true,b:\"c\",d:1,f:2*}}",
    ] {
        assert!(found.iter().any(|line| line == expected), "{expected} in {found:#?}");
    }
}

#[test]
fn holes_are_said_once_and_the_rest_is_read() {
    for (text, place, value) in [
        ("{ a: {{ x.y | z: 1 }}, b: 1 }", "{{ x.y | z: 1 }}", "{a:Template(),b:1}"),
        ("{ a: <%= x %>, b: <%- y %> }", "<%= x %>", "{a:Template(),b:Template()}"),
        ("{ a: <your-key>, b: 1 }", "<your-key>", "{a:Template(),b:1}"),
        ("{ a: 1, {% if x %} b: 2, {% endif %} c: 3 }", "{% if x %}", "{a:1,b:Choice(2),c:3,...:Other()}"),
        ("{ a: [1, {{#if x}} 2, {{/if}} 3] }", "{{#if x}}", "{a:[1,Choice(2),3,Other()]}"),
        ("{ a: 'it's', b: 1 }", "", "{a:Other(),...:Other(),b:1}"),
        ("{ a: 1, b: , c: 3 }", "", "{a:1,b:Other(),c:3}"),
    ] {
        let text = format!("window.consentManagerConfig = {text}\n");
        let parsed = read("a.js", &text);
        let root = parsed.documents[0].root();
        let found = root.items().find_map(|one| one.get("value")).map(line);
        assert_eq!(found.as_deref(), Some(value), "{text}");
        assert_eq!(parsed.problems.len(), 1, "{text}");
        assert!(under(&text, &parsed.problems[0]).starts_with(place), "{text}");
    }
}

#[test]
fn a_hole_in_a_string_is_a_property_of_the_string() {
    let text = "window.consentManagerConfig = { a: '{{ x }}', b: '<key>', c: 'd', e: \"{{ 'f' | g }}\" }";
    let parsed = read("a.js", text);
    assert!(parsed.problems.is_empty());
    let config = parsed.documents[0].root().items().next().unwrap().get("value").unwrap();
    let holes: Vec<bool> = config.entries().map(|entry| entry.value().has_hole()).collect();
    assert_eq!(holes, [true, true, false, true]);
}

#[test]
fn an_error_elsewhere_is_not_ours() {
    let found = read("a.js", "const y = 1 2;\nwindow.consentManagerConfig = { a: 1 };\n");
    assert!(found.problems.is_empty(), "{:?}", found.problems);
}

#[test]
fn a_page_gives_its_scripts_addresses_and_comments() {
    let text = "<!-- consentlint: allow x -- y --><script type='application/json'>{ bad</script>\
        <script>window.consentManagerConfig = { a: 1 }</script><p title='<script>'>1 < 2</p><SCRIPT>// consentlint: z\n\
        const b = { consentManagerConfig: 2 }</SCRIPT><script src='https://x/consent-manager@5.0.0/y.js'></script><script>";
    let found = all("a.html", text);
    let expected = [
        "{assign:\"window.consentManagerConfig\",value:{a:1}}",
        "{const:\"b\",value:{consentManagerConfig:2}}",
        "{script:\"https://x/consent-manager@5.0.0/y.js\"}",
    ];
    assert_eq!(found, expected);
    let comments: Vec<&str> = read("a.html", text).comments.iter().map(|comment| at(text, comment.span)).collect();
    assert_eq!(comments, ["<!-- consentlint: allow x -- y ", "// consentlint: z"]);
}

#[test]
fn places_in_a_page_hold_with_any_line_ends_and_letters() {
    let text = "\u{feff}<p>é😀</p>\r\n<!-- é -->\r\n<script\r\n  src=\"https://x/é.js\"></script>\r\n\
        <script>\r\nwindow.consentManagerConfig = {\r\n a: 'é' }\r\n</script>";
    let parsed = read("a.html", text);
    let root = parsed.documents[0].root();
    let address = root.items().find_map(|one| one.get("script")).unwrap();
    assert_eq!(at(text, address.span()), "https://x/é.js");
    let value = root.items().find_map(|one| one.at(&["value", "a"])).unwrap();
    assert_eq!(at(text, value.span()), "'é'");
}

#[test]
fn comments_to_this_program_are_found() {
    let text = "/* consentlint: a */ f(<b>{/* consentlint: b */}</b>) // other\n// consentlint: c\nOneTrust";
    let comments: Vec<&str> = read("a.jsx", text).comments.iter().map(|comment| at(text, comment.span)).collect();
    assert_eq!(comments, ["/* consentlint: a */", "{/* consentlint: b */", "// consentlint: c"]);
}

/// Each of these must end soon and without a panic; what is read does not matter.
#[test]
fn hostile_texts_end() {
    let (many, some) = (100_000, 10_000);
    let mut names = String::new();
    for at in 0..2000 {
        writeln!(names, "const a{} = [a{at}, a{at}, ...a{at}];", at + 1).unwrap();
    }
    let mut nested = String::new();
    (0..5000).for_each(|at| write!(nested, "const f{at} = function () {{ return {{ a: 1, g: ").unwrap());
    let texts = [
        "[".repeat(many),
        "[".repeat(many) + &"]".repeat(many),
        "{a:".repeat(many),
        "(".repeat(many),
        "<a>".repeat(many),
        "<a>".repeat(20_000) + &"</a>".repeat(20_000),
        "`${".repeat(many),
        "'\"`".repeat(some),
        "{{".repeat(some),
        "{% <%".repeat(some),
        "a={{{{a}}}};".repeat(some),
        "!".repeat(many),
        "'a'+".repeat(many) + "'a'",
        "a.b".repeat(some),
        "x=>".repeat(many),
        "const a = 1;".repeat(20_000) + &"[a];".repeat(20_000),
        "'unterminated".to_owned(),
        "`unterminated".to_owned(),
        "\u{1}\u{fffd}é~#@".repeat(150_000),
        "<!--<script>".repeat(some),
        names,
        nested,
    ];
    for text in texts {
        for (path, text) in [
            ("a.tsx", format!("window.consentManagerConfig = {text}")),
            ("a.html", format!("<script>window.consentManagerConfig = {text}</script>")),
        ] {
            let parsed = read(path, &text);
            assert!(parsed.documents.iter().all(|document| document.len() < 5_000_000));
        }
    }
}

#[test]
fn a_bundle_is_refused() {
    let text = format!("window.consentManagerConfig = '{}'", "a".repeat(4 << 20));
    assert_eq!(read("a.js", &text).problems.len(), 1);
    assert_eq!(read("a.js", &"a".repeat(5 << 20)).problems, []);
}
