//! Fides: systems, datasets, SaaS connectors and policies as privacy code.
//!
//! Source: fideslang (`fides_key`, `data_categories`, `data_use`, `privacy_declarations`, `dataset_references`) and the
//! Fides documentation on SaaS connectors and policies.

mod dataset;
mod saas;
mod system;
mod words;

use super::entity_parts::{set_text, written_at};
use super::plan_parts::{any_item, text_at};
use super::{Adapter, Candidate};
use crate::document::{Node, Shape};
use crate::finding::{Problem, Stage};
use crate::model::{Entity, Located, Model, Origin, kind};
use crate::source::Span;

/// Fides resources.
pub static ADAPTER: Adapter = Adapter {
    name: "fides",
    about: "Fides: systems, datasets, SaaS connectors and policies",
    origin: Origin::Inventory,
    schema: Some(include_str!("../../policies/schemas/fides.json")),
    recognises: |candidate| is_fides(candidate.document.root()),
    meant: |text| text.lines().any(|line| line.trim_start_matches(['-', ' ']).starts_with("fides_key:")),
    lower,
};

/// What a file may hold, each a resource or a list of them.
const SECTIONS: [&str; 10] = [
    "dataset",
    "system",
    "policy",
    "saas_config",
    "data_use",
    "data_category",
    "data_subject",
    "data_qualifier",
    "organization",
    "registry",
];

fn is_fides(root: Node<'_>) -> bool {
    root.entries().filter(|entry| SECTIONS.contains(&entry.key())).any(|entry| {
        let policy = entry.key() == "policy";
        let own = |item: Node<'_>| text_at(item, "fides_key").is_some() || policy && is_policy(item);
        own(entry.value()) || any_item(entry.value(), own)
    })
}

/// Policies on requests, and those on access, go by `key`.
fn is_policy(item: Node<'_>) -> bool {
    let rules = item.get("rules").is_some_and(|rules| any_item(rules, |rule| rule.get("action_type").is_some()));
    text_at(item, "key").is_some() && (rules || item.get("decision").is_some())
}

fn lower(candidate: &Candidate<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    for section in candidate.document.root().entries() {
        let value = section.value();
        let single = (value.shape() == Shape::Map).then_some(value);
        for item in value.items().chain(single) {
            match section.key() {
                "dataset" => dataset::lower(item, model, problems),
                "system" => system::lower(item, model, problems),
                "saas_config" => saas::lower(item, model),
                "policy" => policy(item, model),
                _ => {}
            }
        }
    }
}

/// A policy on requests says that Fides carries them out. A policy on uses restricts what may be declared, and tells
/// nothing of what is done.
fn policy(item: Node<'_>, model: &mut Model) {
    for rule in item.get("rules").into_iter().flat_map(Node::items) {
        let id = match written_at(rule, "action_type") {
            Some(("access", span)) => Located::new("know".to_owned(), span),
            Some(("erasure", span)) => Located::new("delete".to_owned(), span),
            _ => continue,
        };
        if model.requests.iter().any(|known| known.id.value == id.value) {
            continue;
        }
        let mut request = Entity::new(&kind::REQUEST, id);
        let span = request.id.span;
        set_text(&mut request.object, "via", "fides", span);
        model.requests.push(request);
    }
}

/// The key of a resource and its place. The key of a template is filled in later; then the name stands for it, or the
/// resource is passed over. A resource without a key is a problem.
pub(super) fn key<'d>(item: Node<'d>, what: &str, problems: &mut Vec<Problem>) -> Option<(&'d str, Span)> {
    if let Some(key) = written_at(item, "fides_key") {
        return Some(key);
    }
    if text_at(item, "fides_key").is_none() && item.shape() == Shape::Map {
        let message = format!("this {what} has no `fides_key`, so nothing can refer to it");
        problems.push(Problem::at(Stage::Schema, item.span(), message).help("give it a `fides_key`"));
    }
    written_at(item, "name")
}
