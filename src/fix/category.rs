//! Consent categories: what they list, and how their ids are written.

use super::{Scene, data_maps};
use crate::document::{Node, Writing, append, insert, rewrite};
use crate::finding::{Edit, Finding, Fix};
use crate::flow::{controls_optout, fold, lacks_category_alone, switches};
use crate::model::{Entity, Origin};
use std::collections::BTreeSet;

/// Where a data map keeps its categories.
const CATEGORIES: [&str; 2] = ["consent", "categories"];

/// The index of the destination that a finding is about.
fn destination(scene: &Scene<'_>, finding: &Finding) -> Option<usize> {
    scene.map.model.destinations.iter().position(|entity| entity.id.value == finding.subject.id)
}

/// Lists the destination in the category that carries out the opt-out. Where another one lists it already, the fix would
/// be to move it, and where a path goes past the category, listing it mends nothing.
pub(super) fn list_in_opt_out(scene: &Scene<'_>, finding: &Finding) -> Vec<Fix> {
    let Some(index) = destination(scene, finding) else { return Vec::new() };
    let facts = &scene.flow.destinations[index];
    if facts.object.boolean("discloses") != Some(true) || !lacks_category_alone(facts) {
        return Vec::new();
    }
    let able: Vec<&Entity> = scene.map.model.categories.iter().filter(|category| controls_optout(category)).collect();
    let only = able.len() == 1;
    able.into_iter().filter_map(|category| list_in(scene, category, &finding.subject.id, only)).collect()
}

/// Lists the destination in each category that is not essential, for a person to choose from.
pub(super) fn list_in_any(scene: &Scene<'_>, finding: &Finding) -> Vec<Fix> {
    let disclosed = |index: usize| scene.flow.destinations[index].object.boolean("discloses") == Some(true);
    if destination(scene, finding).is_none_or(disclosed) {
        return Vec::new();
    }
    let able = scene.map.model.categories.iter().filter(|category| switches(category));
    able.filter_map(|category| list_in(scene, category, &finding.subject.id, false)).collect()
}

fn list_in(scene: &Scene<'_>, category: &Entity, destination: &str, safe: bool) -> Option<Fix> {
    let edits = scene.declared(category, &CATEGORIES, |item| match item.entry("destinations") {
        Some(list) => append(item, list, destination),
        None => insert(item, "destinations", &Writing::List(&[destination]), ""),
    })?;
    Some(Fix { title: format!("list `{destination}` in the category `{}`", category.id.value), safe, edits })
}

/// Writes the id of a category in the data map as the one consent set-up that was read does: it enforces ids letter by
/// letter, and the data map only tells of it.
pub(super) fn spell(scene: &Scene<'_>, finding: &Finding) -> Vec<Fix> {
    let model = scene.map.model;
    let alike = || model.categories.iter().filter(|other| fold(&other.id.value) == fold(&finding.subject.id));
    let of = |wanted: &[Origin]| -> BTreeSet<&str> {
        let origins = alike().flat_map(|category| &category.origins);
        origins.filter(|(origin, _)| wanted.contains(origin)).map(|(_, name)| name.value.as_str()).collect()
    };
    let set_up = of(&[Origin::Platform, Origin::Manager]);
    let (Some(right), 1) = (set_up.first(), set_up.len()) else { return Vec::new() };
    let wrong: BTreeSet<&str> = of(&[Origin::Inventory]).into_iter().filter(|id| id != right).collect();
    let edits: Option<Vec<Edit>> = references(scene, &wrong, right);
    let ids: Vec<String> = wrong.iter().map(|id| format!("`{id}`")).collect();
    let title = format!("write `{right}` instead of {} in the data map", ids.join(", "));
    edits.map(|edits| Fix { title, safe: true, edits }).into_iter().collect()
}

/// Edits of the ids of categories, and of what refers to them, in all data maps; none if any cannot be edited.
fn references(scene: &Scene<'_>, wrong: &BTreeSet<&str>, right: &str) -> Option<Vec<Edit>> {
    let files: BTreeSet<_> = scene
        .map
        .model
        .categories
        .iter()
        .flat_map(|category| &category.origins)
        .filter(|(origin, _)| *origin == Origin::Inventory)
        .map(|(_, name)| name.span.source)
        .chain(scene.map.model.signals.iter().map(|signal| signal.id.span.source))
        .collect();
    let mut edits = Vec::new();
    for file in files {
        let parsed = scene.texts.parsed(file)?;
        for node in data_maps(&parsed).flat_map(|document| ids(document.root())) {
            if node.text().is_some_and(|id| wrong.contains(id)) {
                edits.push(rewrite(node, &Writing::Text(right))?);
            }
        }
    }
    Some(edits)
}

/// What names categories in a data map.
fn ids(root: Node<'_>) -> Vec<Node<'_>> {
    let lists = [
        &["signals", "gpc", "categories"][..],
        &["consent", "banner", "close_grants"],
        &["consent", "preset_leaves_unset"],
    ];
    let declared = root.at(&CATEGORIES).into_iter().flat_map(Node::items).filter_map(|item| item.get("id"));
    let named = lists.into_iter().filter_map(|path| root.at(path)).flat_map(Node::items);
    declared.chain(named).collect()
}
