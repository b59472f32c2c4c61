//! Stores that are filled from other stores. What they hold came by way of those, through the filters of both.

use super::Map;
use super::reach::lets_through;
use crate::model::{Event, Property};

/// Whether a store passes on what it holds: it is switched on, and what it holds is personal information under the statute.
fn passes_on(map: Map<'_>, store: usize) -> bool {
    let object = &map.model.destinations[store].object;
    let off = object.boolean("enabled") == Some(false);
    !off && object.boolean("deidentified") != Some(true) && object.get("exempt").is_none()
}

/// The stores from which a destination is filled, directly or by way of others; never itself, be there a circle.
pub(super) fn origins(map: Map<'_>, destination: usize) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    let mut open = vec![destination];
    while let Some(at) = open.pop() {
        for link in &map.links.derived[at] {
            let new = link.index != destination && !found.contains(&link.index);
            if new && passes_on(map, link.index) {
                found.push(link.index);
                open.push(link.index);
            }
        }
    }
    found.sort_unstable();
    found
}

/// Adds the sources that feed the stores from which a destination is filled.
pub(super) fn inherit(map: Map<'_>, direct: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let all = direct.iter().enumerate().map(|(at, own)| {
        let mut paths = own.clone();
        if !map.links.derived[at].is_empty() {
            paths.extend(origins(map, at).into_iter().flat_map(|store| direct[store].iter().copied()));
            paths.sort_unstable();
            paths.dedup();
        }
        paths
    });
    all.collect()
}

/// Whether a source names a destination as one of its own.
fn is_fed_directly(map: Map<'_>, destination: usize) -> bool {
    let listed = map.links.sources.iter().flatten().flatten();
    listed.chain(map.links.raw_stores.iter().flatten()).any(|link| link.index == destination)
}

/// Whether a property of an event gets to a destination as far as filters decide, those of the stores from which it is
/// filled included.
pub fn gets_through(map: Map<'_>, destination: usize, event: &Event, property: &Property) -> bool {
    let mut seen = Vec::new();
    passes_filters(map, destination, event, property, &mut seen)
}

fn passes_filters(map: Map<'_>, at: usize, event: &Event, property: &Property, seen: &mut Vec<usize>) -> bool {
    if !lets_through(&map.model.destinations[at].object, event, property) {
        return false;
    }
    let stores = &map.links.derived[at];
    if stores.is_empty() || is_fed_directly(map, at) {
        return true;
    }
    seen.push(at);
    stores.iter().any(|link| {
        let open = !seen.contains(&link.index) && passes_on(map, link.index);
        open && passes_filters(map, link.index, event, property, seen)
    })
}
