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
    scene.destinations.get(finding.subject.id.as_str()).copied()
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
    // Where the signal leaves the category on, it would be left on for one more destination.
    let signals = &scene.map.model.signals;
    let switched_off = |category: &&Entity| {
        let lists = |name: &str| signals.iter().all(|signal| signal.object.has_text("categories", name));
        signals.iter().all(|signal| signal.object.get("categories").is_none()) || lists(&category.id.value)
    };
    able.into_iter()
        .filter(switched_off)
        .filter_map(|category| list_in(scene, category, &finding.subject.id, only))
        .collect()
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
    // A set-up that was read is what counts: what it does not list is listed there, or nowhere.
    let set_up = |category: &Entity| category.is_from(Origin::Platform) || category.is_from(Origin::Manager);
    if scene.map.model.categories.iter().any(set_up) {
        return None;
    }
    let edits = scene.declared(category, &CATEGORIES, |item| match item.entry("destinations") {
        Some(list) => append(item, list, destination),
        None => insert(item, "destinations", &Writing::List(&[destination]), ""),
    })?;
    Some(Fix { title: format!("list `{destination}` in the category `{}`", category.id.value), safe, edits })
}

/// Writes the id of a category in the data map as the consent set-up does, which enforces ids letter by letter. Where the
/// platform and the consent manager write it alike, the data map is the odd one out; where one file alone differs from
/// it, that file may be the wrong one, and a person decides.
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
    // The ids that OneTrust gives out begin with a capital C: the data map is right, and the set-up is to be changed.
    if wrong.iter().any(|id| is_of_onetrust(id)) {
        return Vec::new();
    }
    let agreed = !of(&[Origin::Platform]).is_empty() && !of(&[Origin::Manager]).is_empty();
    let edits: Option<Vec<Edit>> = references(scene, &wrong, right);
    let ids: Vec<String> = wrong.iter().map(|id| format!("`{id}`")).collect();
    let title = format!("write `{right}` instead of {} in the data map", ids.join(", "));
    edits.map(|edits| Fix { title, safe: agreed, edits }).into_iter().collect()
}

fn is_of_onetrust(id: &str) -> bool {
    id.strip_prefix('C').is_some_and(|rest| rest.len() == 4 && rest.bytes().all(|digit| digit.is_ascii_digit()))
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
        let parsed = scene.parses.parsed(file)?;
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
