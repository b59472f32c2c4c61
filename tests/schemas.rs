//! The JSON Schemas for editors say what the program reads, no more and no less.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read fixtures")]

mod common;

use common::{files, root, run};
use consentlint::policy::{Rule, embedded, embedded_schema};
use consentlint::settings::Settings;
use consentlint::source::SourceId;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn schema(name: &str) -> Value {
    serde_json::from_str(embedded_schema(name).unwrap()).unwrap()
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

fn errors(schema: &Value, value: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).unwrap();
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// The keys that a reader expects, out of its own words: "unknown field `x`, expected one of `a`, `b`".
fn expected(error: &str) -> BTreeSet<String> {
    let list = error.split_once("expected ").unwrap_or_else(|| panic!("{error}")).1;
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn keys(schema: &Value, pointer: &str) -> BTreeSet<String> {
    let object = schema.pointer(pointer).unwrap_or_else(|| panic!("{pointer}"));
    assert_eq!(object["additionalProperties"], false, "{pointer}");
    object["properties"].as_object().unwrap().keys().cloned().collect()
}

#[test]
fn the_keys_are_those_that_are_read() {
    let settings = schema("settings.json");
    let refused = |text: &str| Settings::read(SourceId(0), text).unwrap_err().message;
    for (text, pointer) in [
        ("zzz: 1\n", ""),
        ("classification: [{zzz: 1}]\n", "/$defs/matcher"),
        ("exceptions: [{zzz: 1}]\n", "/$defs/exception"),
    ] {
        assert_eq!(expected(&refused(text)), keys(&settings, pointer), "{text}");
    }
    let rule = schema("rule.json");
    let refused = |text: &str| Rule::read("p/x/y.yaml", SourceId(0), text).unwrap_err()[0].message.clone();
    for (text, pointer) in [
        ("zzz: 1\n", ""),
        ("raise: {zzz: 1}\n", "/properties/raise"),
        ("ask: {zzz: 1}\n", "/properties/ask"),
        ("examples: [{zzz: 1}]\n", "/$defs/example"),
        ("examples: [{title: x, given: x, flags: [{zzz: 1}]}]\n", "/$defs/flag"),
    ] {
        assert_eq!(expected(&refused(text)), keys(&rule, pointer), "{text}");
    }
}

#[test]
fn the_words_are_those_that_are_read() {
    let settings = schema("settings.json");
    for (key, word) in ["critical", "high", "medium", "low", "off", "never", "us-ca", "us", "eu", "warning"]
        .iter()
        .flat_map(|word| [("profile", word), ("fail_on", word), ("rules", word)])
    {
        let text = if key == "rules" { format!("rules: {{a/b: '{word}'}}\n") } else { format!("{key}: '{word}'\n") };
        let reads = Settings::read(SourceId(0), &text).is_ok();
        assert_eq!(errors(&settings, &yaml(&text)).is_empty(), reads, "{text}");
    }
    let kinds: BTreeSet<String> = consentlint::model::kind::KINDS.iter().map(|kind| kind.name.to_owned()).collect();
    let rule = schema("rule.json");
    let listed = rule["properties"]["for"]["enum"].as_array().unwrap();
    let words = |listed: &[serde_json::Value]| -> BTreeSet<String> {
        listed.iter().map(|word| word.as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(words(listed), kinds);
    let remedies = consentlint::model::remedy::REMEDIES.iter().map(|remedy| remedy.name.to_owned());
    let listed = rule["properties"]["fix"]["items"]["enum"].as_array().unwrap();
    assert_eq!(words(listed), remedies.collect::<BTreeSet<_>>());
}

#[test]
fn every_rule_that_ships_and_all_settings_here_are_valid() {
    let rule = schema("rule.json");
    let rules = embedded();
    assert!(rules.len() > 100);
    for (path, text) in rules {
        assert_eq!(errors(&rule, &yaml(text)), Vec::<String>::new(), "{path}");
    }
    let settings = schema("settings.json");
    let all = files(&root().join("fixtures"));
    let ours: Vec<_> = all.iter().filter(|path| path.ends_with("consentlint.yaml")).collect();
    assert!(ours.len() >= 2, "{ours:?}");
    for path in ours {
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(errors(&settings, &yaml(&text)), Vec::<String>::new(), "{}", path.display());
    }
}

#[test]
fn what_is_not_read_is_not_valid() {
    let settings = schema("settings.json");
    for text in [
        "excludes: [x]\n",
        "rules: {a/b: error}\n",
        "exceptions: [{reason: x}]\n",
        "include: x\n",
        "rules: {ab: low}\n",
    ] {
        assert!(!errors(&settings, &yaml(text)).is_empty(), "{text}");
    }
    let rule = schema("rule.json");
    let (_, text) = embedded().into_iter().next().unwrap();
    for (key, value) in
        [("deny", json!(1)), ("severity", json!("error")), ("denny", json!("x")), ("examples", json!([]))]
    {
        let mut broken = yaml(text);
        broken[key] = value;
        assert!(!errors(&rule, &broken).is_empty(), "{key}");
    }
    for key in rule["required"].as_array().unwrap() {
        let mut broken = yaml(text);
        broken.as_object_mut().unwrap().remove(key.as_str().unwrap());
        assert!(!errors(&rule, &broken).is_empty(), "{key}");
        let written = serde_yaml::to_string(&broken).unwrap();
        assert!(Rule::read("p/x/y.yaml", SourceId(0), &written).is_err(), "{key} is not needed");
    }
}

#[test]
fn the_command_prints_them_and_init_names_them() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["datamap", "settings", "rule"] {
        let ran = run(folder.path(), &["schema", name]);
        let printed: Value = ran.json();
        assert_eq!((ran.code, &printed), (0, &schema(&format!("{name}.json"))), "{name}");
        jsonschema::validator_for(&printed).unwrap();
        assert!(printed["$id"].as_str().unwrap().ends_with(&format!("/policies/schemas/{name}.json")));
    }
    assert_eq!(run(folder.path(), &["init"]).code, 0);
    for (file, name) in [("datamap.yaml", "datamap"), ("consentlint.yaml", "settings")] {
        let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
        let first = text.lines().next().unwrap();
        let address = first.strip_prefix("# yaml-language-server: $schema=").unwrap_or_else(|| panic!("{first}"));
        let version = env!("CARGO_PKG_VERSION");
        assert!(address.ends_with(&format!("/v{version}/policies/schemas/{name}.json")), "{address}");
        assert!(errors(&schema(&format!("{name}.json")), &yaml(&text)).is_empty(), "{file}");
    }
}
