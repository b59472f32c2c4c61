//! SaaS connectors of Fides: which requests they can carry out at a vendor.
//!
//! Source: Fides documentation, SaaS connectors: `read` requests fetch data for an access request; `delete` requests,
//! `data_protection_request` and updates that write masked fields carry out an erasure; `consent_requests` pass an
//! opt-out on.

use crate::adapter::entity_parts::{is_known, set_inner, set_text, written_at};
use crate::document::Node;
use crate::model::{Entity, Located, Model, Value, kind};
use crate::source::Span;

/// Reads a connector. Its key is often filled in later; then the vendor's name or type stands for it.
pub(super) fn lower(item: Node<'_>, model: &mut Model) {
    let named = ["fides_key", "name", "type"].iter().find_map(|key| written_at(item, key));
    let Some((id, span)) = named else { return };
    let mut entity = Entity::new(&kind::DESTINATION, Located::new(id.to_owned(), span));
    let object = &mut entity.object;
    if let Some((shown, span)) = written_at(item, "name") {
        set_text(object, "name", shown, span);
    }
    if let Some((vendor, span)) = written_at(item, "type").filter(|(vendor, _)| is_known(vendor)) {
        set_text(object, "catalog", vendor, span);
    }
    let found = Found::of(item);
    for (place, field, name, word) in [
        (found.access, "access", "via", "vendor_api"),
        (found.deletion, "deletion", "via", "vendor_api"),
        (found.optout, "optout", "propagation", "api"),
    ] {
        if let Some(span) = place {
            set_inner(object, field, name, Located::new(Value::Text(word.to_owned()), span));
        }
    }
    model.destinations.push(entity);
}

/// Where a connector says what it can do.
struct Found {
    access: Option<Span>,
    deletion: Option<Span>,
    optout: Option<Span>,
}

impl Found {
    fn of(item: Node<'_>) -> Self {
        let optout = item.get("consent_requests").and_then(|requests| requests.entry("opt_out"));
        let mut found = Self {
            access: None,
            deletion: item.entry("data_protection_request").map(|entry| entry.key_span()),
            optout: optout.filter(|entry| !entry.value().is_null()).map(|entry| entry.key_span()),
        };
        let endpoints = item.get("endpoints").into_iter().flat_map(Node::items);
        for request in endpoints.filter_map(|endpoint| endpoint.get("requests")).flat_map(Node::entries) {
            let place = Some(request.key_span());
            match request.key() {
                "read" => found.access = found.access.or(place),
                "delete" => found.deletion = found.deletion.or(place),
                "update" if masks(request.value()) => found.deletion = found.deletion.or(place),
                _ => {}
            }
        }
        found
    }
}

/// Whether an update writes what the erasure masked.
fn masks(update: Node<'_>) -> bool {
    update.code().contains("masked_object_fields")
}
