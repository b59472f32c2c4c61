//! A counterexample as messages tell it.

use super::super::reach::Reach;
use super::super::{Map, display};
use super::{Counterexample, Path};
use crate::flow::routing::{Preference, Visitor};

/// "a visitor with Global Privacy Control on, who has made no choice, still sends `page.url` to Facebook Pixel through the
/// browser (device mode), because …".
pub(in crate::flow) fn told(map: Map<'_>, reach: &Reach, destination: usize, found: &Counterexample) -> String {
    let name = display(&map.model.destinations[destination]);
    let (who, what) = (visitor(&found.visitor), sent(map, reach, destination, &found.path));
    format!("{who} still sends {what} to {name} through {}, because {}", found.path.via.words(), found.because)
}

/// A visitor, in words.
pub fn visitor(visitor: &Visitor) -> String {
    let ids = |wanted: Preference| -> Vec<String> {
        let all = visitor.preferences.iter().filter(|(_, said)| **said == wanted);
        all.map(|(id, _)| format!("`{id}`")).collect()
    };
    let (off, on) = (ids(Preference::Denied), ids(Preference::Granted));
    let said = match (off.is_empty(), on.is_empty()) {
        (true, true) => String::new(),
        (false, true) => format!("refused {}", off.join(", ")),
        (true, false) => format!("allowed {}", on.join(", ")),
        (false, false) => format!("refused {} and allowed {}", off.join(", "), on.join(", ")),
    };
    match (visitor.signal, visitor.chosen, said.is_empty()) {
        (true, false, true) => "a visitor with Global Privacy Control on, who has made no choice,".to_owned(),
        (true, true, true) => "a visitor with Global Privacy Control on, who has made a choice,".to_owned(),
        (true, _, false) => format!("a visitor with Global Privacy Control on, who {said},"),
        (false, true, true) => "a visitor who has opted out".to_owned(),
        (false, false, true) => "a visitor who has made no choice".to_owned(),
        (false, _, false) => format!("a visitor who {said}"),
    }
}

/// What gets there: a property that carries personal information, or what goes along with every call.
fn sent(map: Map<'_>, reach: &Reach, destination: usize, path: &Path) -> String {
    let from = |event: usize| path.source.is_none_or(|source| map.links.events[event].contains(&source));
    let mut known = reach.destinations[destination].witnesses.values().filter(|witness| from(witness.event));
    let exact = known.clone().find(|witness| !witness.similar);
    match exact.or_else(|| known.next()) {
        Some(witness) => {
            let property = &map.model.events[witness.event].properties[witness.property];
            format!("`{}`", property.path.value)
        }
        None => "the context of every call (address, identifiers, page)".to_owned(),
    }
}
