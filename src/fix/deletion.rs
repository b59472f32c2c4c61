//! Routes by which deletions reach a destination.

use super::Scene;
use crate::document::{Shape, Writing, insert};
use crate::finding::{Finding, Fix};
use crate::model::remedy::PLACEHOLDER;

const WORDS: &str = "how a deletion reaches it: segment, vendor_api, webhook, ticket, email or sql";

/// Adds a route that is still to be filled in. Where one is declared, be it `none`, there is nothing to add.
pub(super) fn add_route(scene: &Scene<'_>, finding: &Finding) -> Vec<Fix> {
    let known = scene.destinations.get(finding.subject.id.as_str());
    let Some(entity) = known.and_then(|at| scene.map.model.destinations.get(*at)) else { return Vec::new() };
    let edits = scene.declared(entity, &["destinations"], |item| match item.get("deletion") {
        None => insert(item, "deletion", &Writing::Map(&[("via", PLACEHOLDER)]), WORDS),
        Some(deletion) if deletion.shape() == Shape::Map => insert(deletion, "via", &Writing::Text(PLACEHOLDER), WORDS),
        Some(_) => None,
    });
    let title = format!("add a deletion route to `{}`, to be filled in", finding.subject.id);
    edits.map(|edits| Fix { title, safe: false, edits }).into_iter().collect()
}
