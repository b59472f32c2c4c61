//! What is offered is what the readers know: no key more, none less.

use super::super::place::File;
use super::super::shape::{Holds, root};
use crate::model::schema;
use crate::policy::Rule;
use crate::settings::Settings;
use crate::source::SourceId;
use serde_json::Value;
use std::collections::BTreeSet;

fn keys(holds: &Holds) -> BTreeSet<String> {
    match holds {
        Holds::Keys(_, entries) => entries.iter().map(|entry| entry.name.to_owned()).collect(),
        Holds::List(item) => keys(item),
        _ => panic!("{holds:?} has no keys"),
    }
}

fn below<'h>(holds: &'h Holds, path: &[&str]) -> &'h Holds {
    path.iter().fold(holds, |holds, name| match holds {
        Holds::List(item) => &item.entry(name).unwrap().holds,
        _ => &holds.entry(name).unwrap().holds,
    })
}

/// The names that a reader says it expected.
fn expected(message: &str) -> BTreeSet<String> {
    let (_, list) = message.split_once("expected").unwrap_or_else(|| panic!("{message}"));
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_settings_have_the_keys_of_their_reader() {
    let root = root(File::Settings).unwrap();
    for (path, text) in [
        (&[][..], "nope: 1\n"),
        (&["exceptions"], "exceptions: [{nope: 1}]\n"),
        (&["classification"], "classification: [{nope: 1}]\n"),
    ] {
        let problem = Settings::read(SourceId(0), text).unwrap_err();
        assert_eq!(keys(below(root, path)), expected(&problem.message), "{path:?}");
    }
}

#[test]
fn rule_files_have_the_keys_of_their_reader() {
    let root = root(File::Rule).unwrap();
    for (path, text) in [
        (&[][..], "nope: 1\n"),
        (&["raise"], "raise: {nope: 1}\n"),
        (&["ask"], "ask: {nope: 1}\n"),
        (&["examples"], "examples: [{nope: 1}]\n"),
        (&["examples", "flags"], "examples: [{title: x, given: x, flags: [{nope: 1}]}]\n"),
    ] {
        let problems = Rule::read("house/x.yaml", SourceId(0), text).unwrap_err();
        assert_eq!(keys(below(root, path)), expected(&problems[0].message), "{path:?}");
    }
}

#[test]
fn the_data_map_has_the_keys_of_its_schema() {
    let schema = schema::datamap();
    let mut met = 0;
    same(root(File::DataMap).unwrap(), &schema, &schema, "", &mut met);
    assert!(met > 250, "{met}");
}

fn same(holds: &Holds, part: &Value, whole: &Value, path: &str, met: &mut usize) {
    let target = part["$ref"].as_str().and_then(|target| whole.pointer(target.trim_start_matches('#')));
    let part = target.unwrap_or(part);
    match holds {
        Holds::List(item) => same(item, &part["items"], whole, path, met),
        Holds::Keys(_, entries) => {
            let properties = part["properties"].as_object().unwrap_or_else(|| panic!("{path}: {part}"));
            assert_eq!(keys(holds), properties.keys().cloned().collect(), "{path}");
            let needed: BTreeSet<&str> =
                part["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let must: BTreeSet<&str> = entries.iter().filter(|entry| entry.required).map(|entry| entry.name).collect();
            assert_eq!(must, needed, "{path}");
            *met += entries.len();
            entries.iter().for_each(|entry| {
                same(&entry.holds, &properties[entry.name], whole, &format!("{path}/{}", entry.name), met)
            });
        }
        Holds::Value(_) | Holds::ByRule(_) => {}
    }
}
