//! No attribute is dead: each one of the kind table is looked at by a rule, or set in a fixture or an example of a rule.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read rules and fixtures")]

mod common;

use consentlint::check::{Inputs, load};
use consentlint::classify::Classifier;
use consentlint::flow::{Facts, Flow, Map};
use consentlint::model::kind::{Field, KINDS, Kind, PROPERTY, Type};
use consentlint::model::taxonomy::CLASSES;
use consentlint::model::{Entity, Object, Profile, Value};
use consentlint::policy::{Rule, embedded};
use consentlint::source::{Source, SourceId};
use regex::Regex;
use std::collections::BTreeSet;

/// Attributes as `kind.path`.
type Names = BTreeSet<String>;

/// Attributes that stand for themselves though neither a rule nor a fixture has them, each with the reason.
const REVIEWED: [(&str, &str); 1] =
    [("exception.subject", "for rules of your own that allow no exception from a rule as a whole")];

fn all() -> Names {
    let mut names = Names::new();
    KINDS.iter().for_each(|kind| fields(kind.name, kind.fields, &mut names));
    names
}

fn fields(prefix: &str, of: &[Field], names: &mut Names) {
    for field in of {
        let name = format!("{prefix}.{}", field.name);
        match field.ty {
            Type::Object(inner) if !is_by_class(inner) => fields(&name, inner, names),
            _ => drop(names.insert(name)),
        }
    }
}

/// Whether an object has a row for every class: they stand and fall together.
fn is_by_class(fields: &[Field]) -> bool {
    fields.len() == CLASSES.len() && fields.iter().all(|field| CLASSES.iter().any(|class| class.0 == field.name))
}

/// What rules look at.
fn judged() -> Names {
    let mut names = Names::new();
    for (path, text) in embedded() {
        let rule = Rule::read(&path, SourceId(0), text).unwrap();
        let kind = rule.kind;
        let written: serde_yaml::Value = serde_yaml::from_str(text).unwrap();
        let of = |key: &str, inner: &str| {
            let value = written.get(key).map(|value| value.get(inner).unwrap_or(value));
            value.and_then(serde_yaml::Value::as_str).unwrap_or("").to_owned()
        };
        let said = [("when", ""), ("deny", ""), ("message", ""), ("ask", "when"), ("raise", "when")];
        let pattern = Regex::new(&format!(r"\b{}\.([A-Za-z0-9_.]+)", kind.name)).unwrap();
        for text in said.map(|(key, inner)| of(key, inner)) {
            pattern.captures_iter(&text).for_each(|found| name(kind, &found[1], &mut names));
        }
        let shown = rule.related.iter().chain(&rule.point_at).cloned().chain(rule.silenced_by());
        shown.for_each(|path| name(kind, &path, &mut names));
    }
    names
}

/// The attribute that a path of an expression names; what follows it, such as `.exists`, is a function.
fn name(kind: &Kind, path: &str, names: &mut Names) {
    let (mut at, mut of) = (kind.name.to_owned(), kind.fields);
    for part in path.split('.') {
        let Some(field) = of.iter().find(|field| field.name == part) else { break };
        at = format!("{at}.{part}");
        of = if let Type::Object(inner) = field.ty { inner } else { &[] };
        if is_by_class(of) {
            break;
        }
    }
    names.insert(at);
}

/// What an object says: a list of nothing, and a derived `false`, say nothing.
fn said(prefix: &str, object: &Object, names: &mut Names) {
    for (field, value) in object.entries() {
        let name = format!("{prefix}.{}", field.name);
        match &value.value {
            Value::Object(inner) if !is_by_class(inner.fields()) => said(&name, inner, names),
            Value::List(items) if items.is_empty() => {}
            Value::Bool(false) if field.derived => {}
            _ => drop(names.insert(name)),
        }
    }
}

/// Adds what a project declares, and what is derived of it.
fn declared(files: &[(String, String)], names: &mut Names) {
    let mut inputs = Inputs::default();
    for (name, text) in files {
        inputs.add(Source::new(name.as_str(), text.as_str()), Some(false));
    }
    let loaded = load(&inputs, &Classifier::default());
    let (model, links, classes) = (&loaded.model, &loaded.links, loaded.classes.as_slice());
    let flow = Flow::derive(Map { model, links, classes, as_of: "2026-11-24", profile: Profile::Us });
    let lists: [&[Entity]; 9] = [
        &model.signals,
        &model.consents,
        &model.banners,
        &model.categories,
        &model.destinations,
        &model.sources,
        &model.notices,
        &model.requests,
        &model.decisions,
    ];
    for entity in model.business.iter().chain(lists.into_iter().flatten()) {
        said(entity.kind.name, &entity.object, names);
    }
    let derived: [(&str, &[Facts]); 7] = [
        ("signal", &flow.signals),
        ("consent", &flow.consents),
        ("banner", &flow.banners),
        ("category", &flow.categories),
        ("destination", &flow.destinations),
        ("source", &flow.sources),
        ("request", &flow.requests),
    ];
    derived.iter().for_each(|(kind, facts)| facts.iter().for_each(|facts| said(kind, &facts.object, names)));
    flow.disclosures.iter().for_each(|disclosure| said("disclosure", &disclosure.facts.object, names));
    flow.business.iter().for_each(|facts| said("business", &facts.object, names));
    for (at, event) in model.events.iter().enumerate() {
        names.extend(["event.name", "event.type"].map(str::to_owned));
        names.extend((!event.sources.is_empty()).then(|| "event.sources".to_owned()));
        names.extend(event.incentive.map(|_| "event.incentive".to_owned()));
        names.extend(event.plan.map(|_| "event.plan".to_owned()));
        names.extend((!flow.receivers[at].is_empty()).then(|| "event.reaches".to_owned()));
        for (property, found) in event.properties.iter().zip(&classes[at]) {
            names.insert("property.name".to_owned());
            names.extend((!found.classes.letters().is_empty()).then(|| "property.classes".to_owned()));
            names.extend((!found.classes.sensitive().is_empty()).then(|| "property.sensitive".to_owned()));
            property.declared.iter().for_each(|declared| said(PROPERTY.name, declared, names));
        }
    }
    model.fields.iter().for_each(|rule| said(PROPERTY.name, &rule.declared, names));
}

/// The files below `fixtures/`, each by itself, and the examples of rules.
fn projects() -> Vec<Vec<(String, String)>> {
    let mut projects: Vec<Vec<(String, String)>> = Vec::new();
    for file in common::files(&common::root().join("fixtures")) {
        // What is no text is there to be refused.
        if let Ok(text) = std::fs::read_to_string(&file) {
            projects.push(vec![(file.display().to_string(), text)]);
        }
    }
    for (path, text) in embedded() {
        let rule = Rule::read(&path, SourceId(0), text).unwrap();
        let files = |example: &consentlint::policy::Example| {
            example.given.files().into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
        };
        projects.extend(rule.examples.iter().map(files));
    }
    projects
}

#[test]
fn every_attribute_is_used_by_a_rule_or_set_in_a_fixture() {
    let mut used = judged();
    projects().iter().for_each(|files| declared(files, &mut used));
    // A rule that looks at an object as a whole looks at no attribute of it.
    let unused: Vec<String> = all().difference(&used).cloned().collect();
    let known: Vec<&str> = REVIEWED.iter().map(|(name, _)| *name).collect();
    let new: Vec<&String> = unused.iter().filter(|name| !known.contains(&name.as_str())).collect();
    assert!(new.is_empty(), "no rule looks at these, and no fixture sets them: {new:#?}");
    let idle: Vec<&&str> = known.iter().filter(|name| !unused.contains(&(**name).to_owned())).collect();
    assert!(idle.is_empty(), "these are used, or gone: {idle:#?}");
}

#[test]
fn an_attribute_that_nobody_uses_is_noticed() {
    let mut used = Names::new();
    declared(
        &[("a.yaml".to_owned(), "datamap: 1\ndestinations: [{id: braze, contract: {ref: X}}]\n".to_owned())],
        &mut used,
    );
    assert!(used.contains("destination.contract.ref") && !used.contains("destination.contract.terms"), "{used:?}");
    assert!(!used.contains("destination.gated"), "a derived `false` says nothing");
}
