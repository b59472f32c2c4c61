use super::*;
use crate::document::{Schema, check_schema_node};

const SCHEMA: &str = r##"{
  "type": "object", "additionalProperties": false, "required": ["id"],
  "properties": {
    "id": {"type": "string", "pattern": "^[a-z-]+$"},
    "enabled": {"type": "boolean"},
    "days": {"type": "integer", "minimum": 1},
    "ratio": {"type": "number"},
    "role": {"enum": ["third_party", "service_provider", "contractor"]},
    "items": {"type": "array", "uniqueItems": true, "items": {"$ref": "#/$defs/item"}},
    "pi": {"oneOf": [{"const": "none"}, {"type": "array", "items": {"enum": ["A", "B"]}}]},
    "mode": {"anyOf": [{"enum": ["device"]}, {"enum": ["cloud"]}]},
    "when": {"type": "string", "format": "date"},
    "via": {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": false, "properties": {"name": {"type": "string"}}}]}
  },
  "$defs": {"item": {"type": "object", "additionalProperties": false, "required": ["name"], "properties": {"name": {"type": "string"}, "size": {"type": "integer"}}}}
}"##;

/// What the schema says about a text: underlined text, message, help.
fn issues(text: &str) -> Vec<(String, String, String)> {
    let schema = Schema::compile(SCHEMA).unwrap();
    let parsed = read("a.yaml", text);
    assert_eq!(parsed.problems, []);
    let all = schema.issues(parsed.documents[0].root());
    all.into_iter().map(|issue| (at(text, issue.span).to_owned(), issue.message, issue.help)).collect()
}

#[track_caller]
fn says(text: &str, place: &str, message: &str, help: &str) {
    let all = issues(&format!("id: x\n{text}\n"));
    assert_eq!(all, [(place.to_owned(), message.to_owned(), help.to_owned())], "{text}");
}

#[test]
fn a_validator_may_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Schema>();
}

#[test]
fn issues_speak_of_the_document() {
    says("enable: true", "enable", "unknown key `enable`", "did you mean `enabled`?");
    says("items: [{name: a, zzz: 1}]", "zzz", "unknown key `zzz`", "allowed here: name, size");
    says("enabled: yes", "yes", "`yes` is a string in YAML 1.2, a boolean is expected here", "write `true`");
    says("enabled: NO", "NO", "`NO` is a string in YAML 1.2, a boolean is expected here", "write `false`");
    says("enabled: \"true\"", "\"true\"", "`\"true\"` is a string, a boolean is expected here", "remove the quotes");
    says("days: x", "x", "expected an integer, found a string `x`", "");
    says("days: '5'", "'5'", "`\"5\"` is a string, an integer is expected here", "remove the quotes");
    says("days: 1.5", "1.5", "expected an integer, found the number 1.5", "");
    says("days: 0", "0", "`0` is less than 1", "");
    says(
        "role: third-party",
        "third-party",
        "`third-party` is not one of third_party, service_provider, contractor",
        "did you mean `third_party`?",
    );
    says("items: [{name: a}, {size: 1}]", "size", "missing key `name`", "add `name`");
    says("items: [{name: a}, {name: a}]", "items", "the list has the same item twice", "");
    says("items: x", "x", "expected a list, found a string `x`", "");
    says("pi: some", "some", "`some` is not none", "");
    says("pi: [A, C]", "C", "`C` is not one of A, B", "");
    says("mode: clod", "clod", "`clod` is not one of device, cloud", "did you mean `cloud`?");
    says("via: 3", "3", "expected a string or a mapping, found the integer 3", "");
    says("via: {nam: x}", "nam", "unknown key `nam`", "did you mean `name`?");
    assert_eq!(issues("id: x\ndays: 99999999999999999999999\nratio: 0x10\nwhen: 2026-01-31\n"), []);
    assert_eq!(issues("enabled: true\n"), [("enabled".into(), "missing key `id`".into(), "add `id`".into())]);
}

#[test]
fn issues_come_in_order_of_place() {
    let places: Vec<_> = issues("zz: 1\nid: UP\ndays: 0\nenable: 1\n").into_iter().map(|(place, ..)| place).collect();
    assert_eq!(places, ["zz", "UP", "0", "enable"]);
}

#[test]
fn values_behind_aliases_are_judged_once_where_they_are_written() {
    assert_eq!(issues("id: x\nitems: [&a {nam: 1}]\nvia: *a\n").first().map(|(place, ..)| place.as_str()), Some("nam"));
}

#[test]
fn schemas_reach_nothing_outside_themselves() {
    for target in ["https://example.com/s.json", "http://127.0.0.1/s", "file:///etc/passwd", "other.json", "zz:x"] {
        assert!(Schema::compile(&format!("{{\"$ref\": \"{target}\"}}")).is_err(), "{target}");
    }
    assert!(Schema::compile("{").is_err());
    assert!(Schema::compile("{\"type\": \"strin\"}").is_err());
}

/// What is wrong with a schema: underlined text and message.
fn wrong(text: &str) -> Vec<(String, String)> {
    let parsed = read("a.json", text);
    assert_eq!(parsed.problems, []);
    let all = check_schema_node(parsed.documents[0].root());
    all.iter().map(|problem| (under(text, problem).to_owned(), problem.message.clone())).collect()
}

#[test]
fn schemas_in_plans_are_judged_by_their_own_draft() {
    for uri in [
        "http://json-schema.org/draft-07/schema#",
        "http://json-schema.org/draft-06/schema",
        "https://json-schema.org/draft/2019-09/schema",
        "https://json-schema.org/draft/2020-12/schema",
        "iglu:com.example/x/jsonschema/1-0-0",
        "http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#",
    ] {
        assert_eq!(
            wrong(&format!("{{\"$schema\": \"{uri}\", \"type\": \"object\", \"properties\": {{\"a\": true}}}}")),
            [],
            "{uri}"
        );
        let bad = wrong(&format!(
            "{{\"$schema\": \"{uri}\", \"type\": \"objekt\", \"required\": \"id\", \"properties\": [1]}}"
        ));
        let places: Vec<_> = bad.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places, ["\"objekt\"", "\"id\"", "[1]"], "{uri}: {bad:?}");
        assert!(bad[0].1.starts_with("`type` in a JSON Schema: `objekt` is not one of array, boolean"), "{}", bad[0].1);
        assert_eq!(bad[1].1, "`required` in a JSON Schema: expected a list, found a string `id`");
        assert_eq!(bad[2].1, "`properties` in a JSON Schema: expected a mapping, found a list");
    }
    let draft4 = |rest: &str| wrong(&format!("{{\"$schema\": \"http://json-schema.org/draft-04/schema#\", {rest}}}"));
    assert_eq!(draft4("\"exclusiveMinimum\": true, \"minimum\": 1"), []);
    assert_eq!(draft4("\"required\": true").len(), 1);
    assert_eq!(wrong("{\"$schema\": 5, \"type\": [\"string\", \"nul\"]}").len(), 2);
    assert_eq!(wrong("{\"properties\": {\"a\": 1}}").len(), 1);
}
