//! Tracking rules in YAML, one file per event: as Segment's rules, with the properties written directly.

use super::json_schema::Reader;
use super::plan_parts::{self, Holder, Keys, any_item, has_call, has_list, has_map};
use super::{Adapter, Candidate};
use crate::document::Node;
use crate::finding::Problem;
use crate::model::{Origin, Located, Model};
use crate::source::Span;

/// Rules in YAML.
pub static ADAPTER: Adapter = Adapter {
    name: "rule-yaml",
    about: "Tracking rules in YAML, a file per event: rules[] with key, type and properties",
    origin: Origin::Plan,
    schema: None,
    recognises: |candidate| is_rules(candidate.document.root()),
    meant: |_| false,
    lower,
};

const RULES: Keys = Keys { list: "rules", name: "key", call: "type", holder: Holder::Members("properties") };

fn is_rules(root: Node<'_>) -> bool {
    // A plan that carries its own identity is an export of Segment, whatever its rules look like.
    let Some(rules) = root.get("rules").filter(|_| root.get("resourceSchemaId").is_none()) else { return false };
    any_item(rules, is_rule) && !any_item(rules, |item| has_map(item, "jsonSchema"))
}

fn is_rule(item: Node<'_>) -> bool {
    let properties = has_map(item, "properties") || has_list(item, "properties") || item.get("properties").is_none();
    item.get("key").is_some() && has_call(item, "type") && properties
}

fn lower(candidate: &Candidate<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let root = candidate.document.root();
    let name = plan_parts::folders(candidate.path).next_back().unwrap_or("tracking-rules").to_owned();
    let shown = Located::new(name.clone(), Span::file(candidate.document.source()));
    let plan = plan_parts::push_plan(model, shown, vec![name]);
    let mut reader = Reader::new(root, problems);
    if let Some(rules) = root.get("rules") {
        plan_parts::events(rules, RULES, plan, &mut reader, model);
    }
}
