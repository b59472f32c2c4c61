//! HCL in; the tree of Terraform's JSON syntax, places and problems out.

use super::*;
use crate::document::{Code, Document};

/// A tree in one line; what is computed as `‹kind code›`.
fn shown(node: Node<'_>) -> String {
    match node.shape() {
        Shape::List => format!("[{}]", node.items().map(shown).collect::<Vec<_>>().join(",")),
        Shape::Map => {
            let entry = |entry: super::super::Entry<'_>| format!("{}:{}", entry.key(), shown(entry.value()));
            format!("{{{}}}", node.entries().map(entry).collect::<Vec<_>>().join(","))
        }
        Shape::Code(code) => format!("‹{code:?} {}›", node.code()),
        _ => line(node),
    }
}

fn tree(text: &str) -> String {
    let parsed = read("main.tf", text);
    assert_eq!(parsed.problems, [], "{text:?}");
    shown(parsed.documents[0].root())
}

/// The problems as `line: message`, and the tree of what could be read.
fn broken(text: &str) -> (Vec<String>, String) {
    let parsed = read("main.tf", text);
    let line = |problem: &Problem| {
        let Place::Span(span) = problem.place else { panic!("no span") };
        let line = text[..span.start as usize].matches('\n').count() + 1;
        format!("{line}: {}", problem.message)
    };
    (parsed.problems.iter().map(line).collect(), parsed.documents.first().map_or_else(String::new, |d| shown(d.root())))
}

fn root<'d>(parsed: &'d Parsed<'_>, path: &[&str]) -> Node<'d> {
    parsed.documents[0].root().at(path).unwrap()
}

#[test]
fn blocks_nest_by_type_and_label() {
    let text = "a = 1\nresource \"x\" \"one\" {\n  b = true\n}\nresource x two {}\nresource \"y\" \"z\" { c = null }";
    assert_eq!(tree(text), "{a:1,resource:{x:{one:{b:true},two:{}},y:{z:{c:null}}}}");
    assert_eq!(tree("r {\n  rules {\n    a = 1\n  }\n  rules {\n    a = 2\n  }\n}"), "{r:{rules:[{a:1},{a:2}]}}");
    assert_eq!(tree("import {\n  id = \"1\"\n}\nimport {\n  id = \"2\"\n}"), r#"{import:[{id:"1"},{id:"2"}]}"#);
}

#[test]
fn expressions_are_values_or_code() {
    let text = "a = -1.5e3\nb = [\n  ]\nc = { d = \"e\", \"f g\" : 2, (var.h) = 3 }\ni = jsonencode({ j = [1] })\nk = \"${seg.web.id}\"\nl = \"x-${seg.web.id}\"\nm = var.n ? 1 : 2\no = merge({}, var.p)\nq = 1 + 2\nr = (4)\ns = [for t in u : t]\nv = w[0].x\ny = z";
    assert_eq!(
        tree(text),
        "{a:-1.5e3,b:[],c:{d:\"e\",f g:2,(var.h):3},i:{j:[1]},k:‹Name seg.web.id›,l:‹Template \"x-${seg.web.id}\"›,\
         m:‹Choice var.n ? 1 : 2›,o:‹Call merge({}, var.p)›,q:‹Other 1 + 2›,r:4,s:‹Other [for t in u : t]›,\
         v:‹Name w[0].x›,y:‹Name z›}"
    );
    let parsed = read("main.tf", text);
    let parts = |path: &str| root(&parsed, &[path]).parts().map(shown).collect::<Vec<_>>().join(" ");
    assert_eq!(
        (parts("m").as_str(), parts("o").as_str(), parts("l").as_str()),
        ("1 2", "{} ‹Name var.p›", "‹Name seg.web.id›")
    );
    assert_eq!(root(&parsed, &["q"]).computed(), Some(Code::Other));
}

#[test]
fn strings_keep_places_and_lose_escapes() {
    let text = "a = \"••••\"\nb = \"say \\\"hi\\\" $${x} %%{y}\\n\"\nc = <<EOT\nfoo \"bar\"\nEOT\nd = <<-EOT\n    one\n      two\n  EOT\n";
    let parsed = read("main.tf", text);
    assert_eq!(parsed.problems, []);
    let value = |key: &str| root(&parsed, &[key]).text().unwrap();
    assert_eq!(value("a"), "••••");
    assert_eq!(value("b"), "say \"hi\" ${x} %{y}\n");
    assert_eq!(value("c"), "foo \"bar\"\n");
    assert_eq!(value("d"), "one\n  two\n");
    assert_eq!(at(text, root(&parsed, &["a"]).span()), "\"••••\"");
    let entry = parsed.documents[0].root().entry("b").unwrap();
    assert_eq!(at(text, entry.key_span()), "b");
}

#[test]
fn locals_of_the_file_are_followed() {
    let text =
        "resource \"a\" \"b\" {\n  s = local.id\n  t = local.other\n}\nlocals {\n  id = \"x1\"\n  two = local.id\n}\n";
    let parsed = read("main.tf", text);
    let s = root(&parsed, &["resource", "a", "b", "s"]);
    assert_eq!((s.text(), at(text, s.span()), at(text, s.alias().unwrap())), (Some("x1"), "\"x1\"", "local.id"));
    assert_eq!(root(&parsed, &["resource", "a", "b", "t"]).computed(), Some(Code::Name));
    assert_eq!(root(&parsed, &["locals", "two"]).computed(), Some(Code::Name));
}

#[test]
fn comments_that_speak_to_us_are_found() {
    let text = "# consentlint: allow a/b because c\nx = \"# consentlint: no\" // consentlint: allow d/e because f\n/* consentlint: g */\n# other\ny = <<E\n# consentlint: no\nE\n";
    let parsed = read("main.tf", text);
    let found: Vec<&str> = parsed.comments.iter().map(|comment| at(text, comment.span)).collect();
    assert_eq!(
        found,
        ["# consentlint: allow a/b because c", "// consentlint: allow d/e because f", "/* consentlint: g */"]
    );
}

#[test]
fn a_broken_block_does_not_hide_the_others() {
    let (problems, tree) = broken("resource \"a\" \"b\" {\n  x = = 1\n}\nresource \"a\" \"c\" {}\n");
    assert!(problems.len() == 1 && problems[0].starts_with("2: this is not HCL: invalid expression"), "{problems:?}");
    assert_eq!(tree, "{resource:{a:{c:{}}}}");
    let (problems, tree) = broken("resource \"a\" \"b\" {\n  x = \"open\n}\nresource \"a\" \"c\" {}");
    assert_eq!(problems, ["2: this string does not end on its line"]);
    assert_eq!(tree, "{resource:{a:{c:{}}}}");
    let (problems, tree) =
        broken("resource \"a\" \"b\" {\n  x = [1\nresource \"a\" \"c\" {}\nresource \"a\" \"d\" {\n");
    assert_eq!(problems, ["1: a bracket in this block is not closed", "4: a bracket in this block is not closed"]);
    assert_eq!(tree, "{resource:{a:{c:{}}}}");
    let (problems, tree) = broken("a = <<EOT\nfoo\nresource \"a\" \"c\" {}\n/* open\nresource \"a\" \"d\" {}\n");
    assert_eq!(problems, ["1: this heredoc has no end", "4: this comment has no end"]);
    assert_eq!(tree, "{resource:{a:{c:{},d:{}}}}");
}

#[test]
fn deep_nesting_is_a_problem_not_a_crash() {
    for (open, close) in [("[", "]"), ("{a=", "}"), ("f(", ")"), ("(", ")"), ("\"${", "}\"")] {
        let text = format!("x = {}1{}\ny = 2\n", open.repeat(100_000), close.repeat(100_000));
        assert_eq!(broken(&text), (vec!["1: more than 64 levels of nesting".to_owned()], "{y:2}".to_owned()), "{open}");
        let text = format!("x = {}1{}", open.repeat(60), close.repeat(60));
        assert!(read("main.tf", &text).problems.len() <= 1, "{open}");
    }
    for text in ["x = -".to_owned() + &"!".repeat(100_000), "x = 1".to_owned() + &" + 1".repeat(100_000)] {
        assert_eq!(broken(&text).0.len(), 1);
    }
    let open = "a {\n".repeat(50_000);
    assert_eq!(broken(&open).0.len(), 1);
}

#[test]
fn an_object_with_very_many_entries_is_a_problem() {
    let text = format!("x = {{\n{}}}\ny = 2", (0..100_000).map(|n| format!("k{n} = 1\n")).collect::<String>());
    assert_eq!(broken(&text), (vec!["4098: more than 4096 entries in one object".to_owned()], "{y:2}".to_owned()));
}

#[test]
#[allow(clippy::disallowed_methods, reason = "what is tested is time")]
fn hostile_texts_take_linear_time() {
    let many = |piece: &str| piece.repeat(200_000 / piece.len());
    let texts = [
        many("resource \"a\" \"b\" {\n"),
        many("x = <<A\n"),
        many("/* \n"),
        many("x = \"\n"),
        many("x = \"${\n"),
        many("}\n"),
        many("]) \""),
        many("a \"b\" \"c\" "),
        many("x = \"$${$%{\"\n"),
        format!("locals {{\n a = [{}]\n}}\nx = [{}]", many("1,"), many("local.a,")),
        format!("x = {{{}}}", (0..4_000).map(|n| format!("k{n} = 1,")).collect::<String>()),
        format!("a {}{{}}", "\"b\" ".repeat(20_000)),
    ];
    for text in texts {
        let before = std::time::Instant::now();
        let parsed = read("main.tf", &text);
        assert!(parsed.problems.len() <= 10, "{} problems", parsed.problems.len());
        let took = before.elapsed();
        assert!(took.as_secs() < 5, "{took:?} for {:?}", &text[..40]);
    }
}

#[test]
fn json_in_a_string_has_its_own_places() {
    let text = "s = \"{\\\"a\\\":\\\"b $${c} \\u00e9\\\",\\\"\\\":{\\\"d\\\":[1,true]}}\"\n";
    let parsed = read("main.tf", text);
    let mut problems = Vec::new();
    let node = root(&parsed, &["s"]);
    let inner: Document<'_> = node.embedded(&mut problems).unwrap();
    assert_eq!(problems, []);
    assert_eq!(line(inner.root()), "{a:\"b ${c} é\",:{d:[1,true]}}");
    let a = inner.root().entry("a").unwrap();
    assert_eq!(at(text, a.key_span()), "\\\"a\\\"");
    assert_eq!(at(text, inner.root().at(&["", "d"]).unwrap().span()), "[1,true]");
}

#[test]
fn json_in_a_heredoc_and_broken_json_have_places_too() {
    let text = "s = <<-EOT\n  {\n    \"a\": [1]\n  }\nEOT\nt = \"{oops\"\nu = \"plain\"\n";
    let parsed = read("main.tf", text);
    let mut problems = Vec::new();
    let inner = root(&parsed, &["s"]).embedded(&mut problems).unwrap();
    assert_eq!(at(text, inner.root().get("a").unwrap().span()), "[1]");
    assert!(root(&parsed, &["u"]).embedded(&mut problems).is_none());
    assert_eq!(problems, []);
    assert!(root(&parsed, &["t"]).embedded(&mut problems).is_none());
    assert_eq!(under(text, &problems[0]), "\"{oops\"");
}

#[test]
fn json_in_json_in_json_keeps_at_least_the_place_of_the_string() {
    let text = r#"{"s": "{\"t\": \"{\\\"u\\\": 1}\"}"}"#;
    let parsed = read("x.json", text);
    let mut problems = Vec::new();
    let outer = root(&parsed, &["s"]).embedded(&mut problems).unwrap();
    let inner = outer.root().get("t").unwrap().embedded(&mut problems).unwrap();
    assert_eq!(line(inner.root()), "{u:1}");
    assert_eq!(at(text, inner.root().span()), r#"\"{\\\"u\\\": 1}\""#);
}

#[test]
fn line_endings_and_byte_order_marks_do_not_matter() {
    let text = "\u{feff}resource \"a\" \"b\" {\r\n  x = <<EOT\r\none\r\nEOT\r\n  y = [\r\n  ]\r\n}\r\n\r\n# consentlint: x\r\nz = 1";
    let parsed = read("main.tf", text);
    assert_eq!(parsed.problems, []);
    assert_eq!(at(text, root(&parsed, &["resource", "a", "b", "y"]).span()), "[\r\n  ]");
    assert_eq!(root(&parsed, &["z"]).integer(), Some(1));
    assert_eq!(at(text, parsed.comments[0].span), "# consentlint: x");
    assert!(read("main.tf", "\n# nothing\n").documents.is_empty());
}
