//! Consent in transcend.yml: tracking purposes, and the data flows and cookies that they turn on and off.

use crate::adapter::entity_parts::{is_known, name, set_text, written, written_at};
use super::{list_one, misspelt};
use crate::document::Node;
use crate::finding::Problem;
use crate::model::{Entity, Located, Model, Value, kind, normal};

const FLOW: [&str; 5] = ["value", "type", "service", "trackingPurposes", "status"];
const PURPOSE: [&str; 5] = ["name", "trackingType", "default-consent", "opt-out-signals", "is-active"];
/// Tracking types that are the sale or sharing itself (Transcend documentation, default purposes).
const SALE: [&str; 4] = ["saleofinfo", "saleofpersonalinfo", "saleorsharing", "donotsellorshare"];

/// A data flow or a cookie: each of its purposes turns its service on and off, where the catalogue knows the service
/// and the flow is not waiting for review.
pub(super) fn flow(item: Node<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    misspelt(item, &FLOW, problems);
    let live = item.get("status").is_none_or(|status| status.text() == Some("LIVE"));
    let Some(service) = item.get("service").filter(|_| live) else { return };
    let Some(text) = written(service).filter(|text| is_known(text)) else { return };
    for node in item.get("trackingPurposes").into_iter().flat_map(Node::items) {
        let Some(id) = written(node) else { continue };
        let mut category = Entity::new(&kind::CATEGORY, name(node, id));
        list_one(&mut category, service, text);
        if id == "Essential" {
            category.object.set("essential", Located::new(Value::Bool(true), node.span()));
        }
        model.categories.push(category);
    }
}

/// A tracking purpose is a consent category under its tracking type: data flows name it so.
pub(super) fn purpose(item: Node<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    misspelt(item, &PURPOSE, problems);
    let Some(id) =
        ["trackingType", "name"].iter().find_map(|key| item.get(key).filter(|node| written(*node).is_some()))
    else {
        return;
    };
    let text = written(id).unwrap_or_default();
    let mut category = Entity::new(&kind::CATEGORY, name(id, text));
    let object = &mut category.object;
    for (key, field) in [("title", "name"), ("description", "purpose")] {
        if let Some((found, span)) = written_at(item, key) {
            set_text(object, field, found, span);
        }
    }
    let flags = item.get("default-consent").and_then(|node| {
        // `Auto` leaves it to the region of the visitor.
        let on = match node.scalar()?.to_ascii_lowercase().as_str() {
            "on" | "true" => true,
            "off" | "false" => false,
            _ => return None,
        };
        Some((on, node.span()))
    });
    if let Some((on, span)) = flags {
        object.set("default", Located::new(Value::Bool(on), span));
    }
    if let Some(active) = item.get("is-active")
        && let Some(on) = active.boolean()
    {
        object.set("enabled", Located::new(Value::Bool(on), active.span()));
    }
    if text == "Essential" {
        object.set("essential", Located::new(Value::Bool(true), id.span()));
    }
    if is_sale(text) {
        object.set("controls", Located::new(Value::texts(["opt-out"], id.span()), id.span()));
    }
    if is_disclosing(text) {
        signal(item, model);
    }
    model.categories.push(category);
}

fn is_sale(tracking_type: &str) -> bool {
    SALE.contains(&normal(tracking_type).as_str())
}

/// Whether an opt-out of the purpose is one of sale or sharing.
fn is_disclosing(tracking_type: &str) -> bool {
    let word = normal(tracking_type);
    is_sale(tracking_type) || word.contains("advertising") || word.contains("targeting")
}

/// A purpose that the Global Privacy Control turns off says that the signal is obeyed.
fn signal(item: Node<'_>, model: &mut Model) {
    let listed = item.get("opt-out-signals").into_iter().flat_map(Node::items);
    let Some(node) = listed.into_iter().find(|node| node.text() == Some("GPC")) else { return };
    if item.get("is-active").and_then(Node::boolean) == Some(false) {
        return;
    }
    if model.signals.iter().any(|known| known.id.value == "gpc") {
        return;
    }
    let mut signal = Entity::new(&kind::SIGNAL, Located::new("gpc".to_owned(), node.span()));
    signal.object.set("honored", Located::new(Value::Bool(true), node.span()));
    model.signals.push(signal);
}
