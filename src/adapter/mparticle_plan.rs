//! Data plans of mParticle: a list of data points, each with what it matches and the schema it is held to.

use super::json_schema::Reader;
use super::plan_parts::{self, any_item, text_at};
use super::{Adapter, Candidate};
use crate::document::{Node, Shape};
use crate::finding::Problem;
use crate::model::{Event, EventType, Located, Model, Origin, Property, Section};
use std::sync::Arc;

/// mParticle data plans.
pub static ADAPTER: Adapter = Adapter {
    name: "mparticle-plan",
    about: "mParticle data plan: version_document.data_points, or data_points alone",
    origin: Origin::Plan,
    schema: Some(include_str!("../../policies/schemas/mparticle-plan.json")),
    recognises: |candidate| points(candidate.document.root()).is_some(),
    meant: |text| text.contains("\"data_points\"") && text.contains("\"validator\""),
    lower,
};

/// The object whose members are the attributes that a customer chose; the other members are mParticle's own.
const CUSTOM: &str = "custom_attributes";

fn points(root: Node<'_>) -> Option<Node<'_>> {
    let whole = root.at(&["version_document", "data_points"]).filter(|points| points.shape() == Shape::List);
    let bare = || root.get("data_points").filter(|points| any_item(*points, is_point));
    whole.filter(|points| points.count() == 0 || any_item(*points, is_point)).or_else(bare)
}

fn is_point(item: Node<'_>) -> bool {
    item.get("match").is_some_and(|found| text_at(found, "type").is_some())
}

fn lower(candidate: &Candidate<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let root = candidate.document.root();
    let Some(points) = points(root) else { return };
    let plan = plan_parts::add_plan(candidate, root, &["data_plan_name", "name", "data_plan_id"], model);
    let mut reader = Reader::new(root, problems);
    model.events.extend(points.items().filter_map(|point| event(point, plan, &mut reader)).map(Arc::new));
}

fn event<'d>(point: Node<'d>, plan: usize, reader: &mut Reader<'d, '_>) -> Option<Event> {
    let kind = point.at(&["match", "type"]).filter(|kind| kind.text().is_some());
    let Some((kind, word)) = kind.and_then(|kind| Some((kind, kind.text()?))) else {
        reader.problem(point.span(), "a data point does not say what it matches", "add `match` with a `type`");
        return None;
    };
    let criterion = |key| point.at(&["match", "criteria", key]).filter(|found| found.text().is_some());
    let (call, named) = match word {
        "custom_event" => (EventType::Track, criterion("event_name")),
        "screen_view" => (EventType::Screen, criterion("screen_name")),
        "user_identities" | "user_attributes" => (EventType::Identify, None),
        _ => (EventType::Track, criterion("action")),
    };
    let name = match named.and_then(|node| Some((node, node.text()?))) {
        // `view` of a product and `view` of a promotion are two things.
        Some((node, action)) if word.ends_with("_action") => Located::new(format!("{word} {action}"), node.span()),
        Some((node, text)) => Located::new(text.to_owned(), node.span()),
        None => Located::new(word.to_owned(), kind.span()),
    };
    let properties = properties(point, call, reader);
    Some(plan_parts::of_plan(name, call, plan, properties))
}

fn properties<'d>(point: Node<'d>, call: EventType, reader: &mut Reader<'d, '_>) -> Vec<Property> {
    let Some(schema) = point.at(&["validator", "definition"]).filter(|schema| schema.shape() == Shape::Map) else {
        return Vec::new();
    };
    if call == EventType::Identify {
        return reader.flat_schema(schema, Section::Traits);
    }
    let Some(data) = schema.at(&["properties", "data"]) else { return Vec::new() };
    let mut properties = reader.flat_schema(data, Section::Properties);
    properties.retain(|property| property.path.value.as_ref() != CUSTOM);
    for property in &mut properties {
        let own = property.path.value.strip_prefix(CUSTOM).and_then(|rest| rest.strip_prefix('.'));
        if let Some(own) = own.map(Box::from) {
            property.path.value = own;
        }
    }
    properties
}
