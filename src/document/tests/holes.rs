use super::*;

const SAID: &str = "a hole of a template: its value is not known here";

/// The tree of a text whose only problem is that it has holes, the first of them at `first`.
#[track_caller]
fn masked(path: &str, text: &str, first: &str) -> String {
    let parsed = read(path, text);
    let said: Vec<_> = parsed.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(said, [SAID], "{text}");
    assert_eq!(under(text, &parsed.problems[0]), first);
    line(parsed.documents[0].root())
}

#[test]
fn yaml_with_holes_is_read_around_them() {
    let text = "a: {{ x }}\n{% if y %}\nb: pre {{ .Y | 5432 }}\n{% endif %}\nc:\n  - \"{{ \"q\" }}\\n\"\n  - {{ é }}\n";
    let tree = masked("a.yaml", text, "{{ x }}");
    assert_eq!(tree, "{a:\"{{ x }}\",b:\"pre {{ .Y | 5432 }}\",c:[\"{{ \\\"q\\\" }}\\\\n\",\"{{ é }}\"]}");
    let parsed = read("a.yaml", text);
    let root = parsed.documents[0].root();
    assert_eq!(at(text, root.get("a").unwrap().span()), "{{ x }}");
    assert!(root.get("a").unwrap().has_hole());
    let text = "{{- if .on }}\nk: |\n  one\n  {{ two }}\n  three\nu: 2\n{{- end }}\n{{ include \"x\" }}\nv:\n  {{ y }}\nw: 1\n";
    let tree = masked("a.yml", text, "{{- if .on }}");
    assert_eq!(tree, "{k:\"one\\n  {{ two }}\\n  three\",u:2,v:\"{{ y }}\",w:1}");
    assert_eq!(masked("a.yaml", "a: 1\n{{ x }}: 1\n", "{{ x }}"), "{a:1,{{ x }}:1}");
}

#[test]
fn json_with_holes_is_read_around_them() {
    let text = "{\"a\": {{ x }}, {{key}}: [<%= y %>, ${z}${z}], // c\n \"b\": \"{{ \"q\" }}\\n\", \"c\": \"\\u0041\"}";
    let tree = masked("a.json", text, "{{ x }}");
    assert_eq!(tree, "{a:\"{{ x }}\",{{key}}:[\"<%= y %>\",\"${z}${z}\"],b:\"{{ \\\"q\\\" }}\\\\n\",c:\"A\"}");
    assert_eq!(masked("a.json", "{\"a\": ${{ x }}, \"b\": {{{ y }}}}", "${{ x }}"), "{a:\"${{ x }}\",b:\"{{{ y }}}\"}");
    assert_eq!(masked("a.json", "{\"a\": <<parameters.x>>}", "<<parameters.x>>"), "{a:\"<<parameters.x>>\"}");
}

#[test]
fn what_parses_or_stays_broken_is_left_alone() {
    let text = "a: \"{{ x }}\"\nb: ${Y}\nc: <<parameters.z>>\nd: ${{ secrets.e }}\n";
    let parsed = read("a.yaml", text);
    assert_eq!(parsed.problems, []);
    assert!(parsed.documents[0].root().entries().all(|entry| entry.value().has_hole()));
    assert_eq!(clean("a.yaml", "a: &x {b: 1}\nc:\n  <<: *x\n"), "{a:{b:1},c:{b:1}}");
    for (path, text) in [("a.yaml", "a: {{ x }\nb: [\n"), ("a.json", "{\"a\": {{ x }}"), ("a.json", "{\"a\": {{ x }")] {
        let parsed = read(path, text);
        assert!(!parsed.problems.is_empty() && parsed.documents.is_empty(), "{text}");
        assert!(parsed.problems.iter().all(|problem| problem.message != SAID), "{text}");
    }
    for open in ["{{", "<<a", "${", "<%"] {
        assert!(!read("a.yaml", &format!("a: [\n{}", open.repeat(100_000))).problems.is_empty());
    }
}
