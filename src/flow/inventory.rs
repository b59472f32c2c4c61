//! What the data map lacks of what vendors' set-ups have, and what it has twice.

use super::destination::is_own_store;
use super::{Facts, Map};
use crate::model::catalogue::Known;
use crate::model::{Entity, Origin, normal};
use std::collections::{HashMap, HashSet};

/// Sets `undeclared` and `declared_twice` on every destination.
pub(super) fn apply(map: Map<'_>, destinations: &mut [Facts]) {
    let entities = map.model.destinations.iter().zip(&map.links.known);
    let exists = map.model.destinations.iter().any(|entity| entity.is_from(Origin::Inventory));
    let mut declared: HashMap<&str, Vec<&Known>> = HashMap::new();
    for known in
        entities.clone().filter(|(entity, _)| entity.is_from(Origin::Inventory)).filter_map(|(_, known)| *known)
    {
        declared.entry(known.vendor).or_default().push(known);
    }
    for ((entity, known), facts) in entities.zip(destinations) {
        // The same tool by another integration is the same recipient.
        let variant = known.is_some_and(|known| {
            declared.get(known.vendor).is_some_and(|others| others.iter().any(|other| known.is_variant_of(other)))
        });
        let lacks = exists && !entity.is_from(Origin::Inventory) && !variant && !is_plumbing(entity, *known);
        let found: Vec<_> = entity
            .origins
            .iter()
            .filter(|(origin, _)| matches!(origin, Origin::Platform | Origin::Manager))
            .map(|(_, name)| name.span)
            .collect();
        let undeclared = lacks && !found.is_empty() && facts.holds("active");
        facts.bool("undeclared", undeclared);
        for place in found.into_iter().filter(|_| undeclared) {
            facts.because("undeclared", place, "set up here");
        }
        twice(entity, facts);
    }
}

/// What an inventory of recipients need not list: the platform's own endpoint and debugger, and stores of your own.
fn is_plumbing(entity: &Entity, known: Option<&Known>) -> bool {
    let store = |known: &Known| known.slug == "segment-io" || known.categories.contains(&"Warehouses");
    is_own_store(entity) || known.is_some_and(store) || normal(&entity.id.value).contains("debugger")
}

fn twice(entity: &Entity, facts: &mut Facts) {
    // Who states another name as an alias says that it is one and the same.
    let mut seen: HashSet<String> = entity.object.texts("aliases").map(|(alias, _)| normal(alias)).collect();
    let declared = entity.origins.iter().filter(|(origin, _)| *origin == Origin::Inventory);
    let names: Vec<_> = declared.filter(|(_, name)| seen.insert(normal(&name.value))).map(|(_, name)| name).collect();
    if names.len() < 2 {
        facts.texts("declared_twice", Vec::<String>::new());
        return;
    }
    facts.texts("declared_twice", names.iter().map(|name| name.value.clone()));
    for name in names {
        facts.because("declared_twice", name.span, format!("declared as `{}`", name.value));
    }
}
