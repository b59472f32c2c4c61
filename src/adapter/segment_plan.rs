//! Segment tracking plans as JSON: exports of both APIs, files of typewriter, and the schema of a single event.

use super::json_schema::{Reader, is_wrapped};
use super::plan_parts::{self, Holder, Keys, any_item, has_list, has_map, is_resource_name, own_section, text_at};
use super::ruddertyper_plan::is_ruddertyper;
use super::{Adapter, Candidate};
use crate::document::{Node, Shape};
use crate::finding::Problem;
use crate::model::{Origin, EventType, Located, Model};
use crate::source::Span;

/// Segment tracking plans.
pub static ADAPTER: Adapter = Adapter {
    name: "segment-plan",
    about: "Segment tracking plan: Public API, Config API, typewriter plan.json, or the JSON Schema of one event",
    origin: Origin::Plan,
    schema: None,
    recognises: |candidate| form(candidate.document.root()).is_some(),
    meant: |text| text.contains("\"jsonSchema\"") || text.contains("/tracking-plans/rs_"),
    lower,
};

const PLAN_NAMES: &[&str] = &["display_name", "name", "slug", "id", "resourceSchemaId"];

/// `rules.events[]` and `events[]` of files from before the Public API.
const EVENTS: Keys = Keys { list: "events", name: "name", call: "type", holder: Holder::Schema("rules") };
/// `rules[]` of the Public API.
const RULES: Keys = Keys { list: "rules", name: "key", call: "type", holder: Holder::Schema("jsonSchema") };

/// How a plan is laid out.
#[derive(Clone, Copy)]
enum Form {
    /// Config API: `rules` with `events`, `identify`, `group` and `global`.
    Config,
    /// Public API and typewriter 8: `rules` is the list of events, or left out where only the plan is given.
    Public,
    /// A local plan of typewriter before 6: `events` at the top.
    Local,
    /// The schema of one event.
    Bare,
}

fn form(root: Node<'_>) -> Option<(Form, Node<'_>)> {
    if root.shape() != Shape::Map {
        return None;
    }
    if let Some(data) = root.get("data").filter(|data| data.shape() == Shape::Map) {
        return in_envelope(data);
    }
    let form = if is_public(root) || is_empty_export(root) {
        Form::Public
    } else if is_config(root) {
        Form::Config
    } else if is_local(root) {
        Form::Local
    } else if is_event_schema(root) {
        Form::Bare
    } else {
        return None;
    };
    Some((form, root))
}

/// A saved answer of the Public API: `{"data": {"rules": …}}` or `{"data": {"trackingPlan": …}}`.
fn in_envelope(data: Node<'_>) -> Option<(Form, Node<'_>)> {
    if let Some(plan) = data.get("trackingPlan").filter(|plan| text_at(*plan, "id").is_some()) {
        return Some((Form::Public, plan));
    }
    let empty = has_list(data, "rules") && has_map(data, "pagination");
    (is_public(data) || empty).then_some((Form::Public, data))
}

fn is_public(root: Node<'_>) -> bool {
    let rules = root.get("rules");
    if text_at(root, "resourceSchemaId").is_some_and(|id| id.starts_with("rs_")) {
        return !rules.is_some_and(|rules| rules.shape() == Shape::Map);
    }
    rules.is_some_and(|rules| any_item(rules, |item| has_map(item, "jsonSchema")))
}

/// A plan without events is saved as `{"rules": []}` and nothing else; beside other keys that could be anything.
fn is_empty_export(root: Node<'_>) -> bool {
    root.count() == 1 && root.get("rules").is_some_and(|rules| rules.shape() == Shape::List && rules.count() == 0)
}

fn is_config(root: Node<'_>) -> bool {
    let Some(rules) = root.get("rules").filter(|rules| rules.shape() == Shape::Map) else { return false };
    if is_ruddertyper(root) {
        return false;
    }
    let marked = text_at(root, "name").is_some_and(is_resource_name) || text_at(root, "resourceSchemaId").is_some();
    let events = rules.get("events");
    let listed = events.is_some_and(|events| events.shape() == Shape::List);
    marked || (listed && has_trait_lists(rules)) || events.is_some_and(|events| any_item(events, is_old_event))
}

fn is_local(root: Node<'_>) -> bool {
    let Some(events) = root.get("events").filter(|events| events.shape() == Shape::List) else { return false };
    any_item(events, is_old_event) || (has_trait_lists(root) && events.count() == 0)
}

fn is_old_event(item: Node<'_>) -> bool {
    text_at(item, "name").is_some() && has_map(item, "rules")
}

fn has_trait_lists(node: Node<'_>) -> bool {
    node.get("identify_traits").is_some() || node.get("group_traits").is_some()
}

/// Whether a JSON Schema on its own describes an event.
///
/// `title`, `type: object` and even `$schema` stand in the schemas of packages, settings and databases too, so they
/// do not suffice. Either the schema has Segment's own `eventMetadata`, or its properties are the parts of an event
/// and nothing else. Self-describing schemas (`self`) belong to Snowplow.
fn is_event_schema(root: Node<'_>) -> bool {
    let Some(properties) = root.get("properties").filter(|found| found.shape() == Shape::Map) else { return false };
    if root.get("self").is_some() {
        return false;
    }
    if root.at(&["eventMetadata", "name"]).is_some() {
        return true;
    }
    let is_schema = text_at(root, "title").is_some() || text_at(root, "$schema").is_some_and(|uri| uri.contains("draft"));
    let names_own = ["properties", "traits"].iter().any(|part| properties.get(part).is_some_and(is_object));
    is_schema && is_object(root) && names_own && is_wrapped(root, properties)
}

fn is_object(schema: Node<'_>) -> bool {
    schema.get("type").and_then(Node::text) == Some("object") || has_map(schema, "properties")
}

fn lower(candidate: &Candidate<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let root = candidate.document.root();
    let Some((form, body)) = form(root) else { return };
    let mut reader = Reader::new(root, problems);
    if let Form::Bare = form {
        return bare(candidate, body, &mut reader, model);
    }
    let plan = plan_parts::add_plan(candidate, body, PLAN_NAMES, model);
    // Two answers saved into one file: the plan's head beside its rules.
    let rules = body.get("rules").or_else(|| root.at(&["data", "rules"]));
    match (form, rules) {
        (Form::Public, Some(rules)) => plan_parts::events(rules, RULES, plan, &mut reader, model),
        (Form::Config, Some(rules)) => holder(rules, plan, &mut reader, model),
        (Form::Local, _) => holder(body, plan, &mut reader, model),
        _ => {}
    }
}

/// Reads the mapping that holds `events` and, beside it, the calls without names.
fn holder<'d>(holder: Node<'d>, plan: usize, reader: &mut Reader<'d, '_>, model: &mut Model) {
    if let Some(events) = holder.get("events") {
        plan_parts::events(events, EVENTS, plan, reader, model);
    }
    for (key, call) in
        [("identify", EventType::Identify), ("group", EventType::Group), ("global", EventType::Common)]
    {
        let Some(entry) = holder.entry(key).filter(|entry| !entry.value().is_null()) else { continue };
        let properties = reader.event_schema(entry.value(), own_section(call));
        let name = Located::new(call.name().to_owned(), entry.key_span());
        model.events.push(plan_parts::of_plan(name, call, plan, properties).into());
    }
    for (key, call) in [("identify_traits", EventType::Identify), ("group_traits", EventType::Group)] {
        plan_parts::traits_event(holder, key, call, plan, reader, model);
    }
}

/// Reads a schema that is an event by itself; its plan is the folder that it lies in.
fn bare<'d>(candidate: &Candidate<'_>, schema: Node<'d>, reader: &mut Reader<'d, '_>, model: &mut Model) {
    let whole = Span::file(candidate.document.source());
    let folder = plan_parts::folders(candidate.path).next_back().unwrap_or("events").to_owned();
    let plan = plan_parts::push_plan(model, Located::new(folder.clone(), whole), vec![folder]);
    let call = schema.at(&["eventMetadata", "type"]).and_then(Node::text).and_then(EventType::parse);
    let call = call.unwrap_or(EventType::Track);
    let named = schema.at(&["eventMetadata", "name"]).or_else(|| schema.get("title"));
    let name = match named.and_then(|node| Some((node.text().filter(|text| !text.is_empty())?, node.span()))) {
        Some((text, span)) => Located::new(text.to_owned(), span),
        None => Located::new(plan_parts::stem(candidate.path).to_owned(), whole),
    };
    let properties = reader.event_schema(schema, own_section(call));
    model.events.push(plan_parts::of_plan(name, call, plan, properties).into());
}
