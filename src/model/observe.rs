//! What was observed in real events is held against what plans list.

use super::names::normal;
use super::{Event, EventType, Model, Property, Section};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// The call, the name of a track event, the part and the path of a property.
type Key = (EventType, String, Section, String);

/// What an event is found by: names of page and screen calls are data, so a profile has none.
fn key(event: &Event) -> (EventType, String) {
    let named = event.call == EventType::Track;
    (event.call, if named { event.name.value.clone() } else { String::new() })
}

/// Gives observed events the sources that send them: those of the planned events of the same name, or any, where no plan tells.
pub(super) fn senders(model: &Model, events: &mut [Vec<usize>]) {
    let mut planned: HashMap<(EventType, String), BTreeSet<usize>> = HashMap::new();
    for (event, sources) in model.events.iter().zip(events.iter()).filter(|(event, _)| !model.is_observed(event)) {
        planned.entry(key(event)).or_default().extend(sources);
    }
    for (event, sources) in model.events.iter().zip(events).filter(|(event, _)| model.is_observed(event)) {
        *sources = match planned.get(&key(event)) {
            Some(known) if !known.is_empty() => known.iter().copied().collect(),
            _ => (0..model.sources.len()).collect(),
        };
    }
}

/// Whether a name is that of a profile of real events.
pub(super) fn is_profile(model: &Model, name: &str) -> bool {
    let mut profiles = model.plans.iter().filter(|plan| plan.observed);
    profiles.any(|plan| plan.names.iter().any(|own| normal(own) == normal(name)))
}

impl Model {
    /// Whether an event comes from a profile of real events.
    pub(crate) fn is_observed(&self, event: &Event) -> bool {
        event.plan.and_then(|plan| self.plans.get(plan)).is_some_and(|plan| plan.observed)
    }
}

/// Gives what was observed of a planned property to that property, and leaves in observed events what no plan lists.
pub(super) fn settle(model: &mut Model) {
    let seen: Vec<usize> = (0..model.events.len()).filter(|at| model.is_observed(&model.events[*at])).collect();
    if seen.is_empty() {
        return;
    }
    // Where each property is planned, and of which objects and lists some plan lists members.
    let mut planned: HashMap<Key, Vec<(usize, usize)>> = HashMap::new();
    let mut closed: HashSet<Key> = HashSet::new();
    for (at, event) in model.events.iter().enumerate().filter(|(_, event)| !model.is_observed(event)) {
        let (call, name) = key(event);
        for (index, property) in event.properties.iter().enumerate() {
            let path = property.path.value.to_string();
            let members = path.trim_end_matches(".$");
            closed.extend(ancestors(members).map(|above| (call, name.clone(), property.section, above.to_owned())));
            planned.entry((call, name.clone(), property.section, path)).or_default().push((at, index));
        }
    }
    let any = !planned.is_empty();
    for at in seen {
        let event = Arc::clone(&model.events[at]);
        let (call, name) = key(&event);
        let mut kept = Vec::new();
        for property in &event.properties {
            let found = |path: &str| {
                let own = planned.get(&(call, name.clone(), property.section, path.to_owned()));
                own.or_else(|| planned.get(&(EventType::Common, String::new(), property.section, path.to_owned())))
            };
            let path = property.path.value.as_ref();
            if let Some(places) = found(path) {
                give(model, places, property);
                continue;
            }
            // Where a plan lists no members of an object or a list, it leaves them open.
            let listed = |above: &str| closed.contains(&(call, name.clone(), property.section, above.to_owned()));
            let open = ancestors(path).any(|above| found(above).is_some() && !listed(above));
            if open && property.seen.as_ref().is_none_or(|seen| seen.like.is_none()) {
                continue;
            }
            let mut left = property.clone();
            if let Some(seen) = &mut left.seen {
                seen.unplanned = any && !open && property.section != Section::Context;
            }
            kept.push(left);
        }
        Arc::make_mut(&mut model.events[at]).properties = kept;
    }
}

fn give(model: &mut Model, places: &[(usize, usize)], observed: &Property) {
    for (event, property) in places {
        let Some(planned) = model.events.get_mut(*event).map(Arc::make_mut) else { continue };
        if let Some(planned) = planned.properties.get_mut(*property) {
            planned.seen.clone_from(&observed.seen);
        }
    }
}

/// The paths above a path, the nearest first.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.char_indices().rev().filter(|(_, character)| *character == '.').map(|(at, _)| &path[..at])
}
