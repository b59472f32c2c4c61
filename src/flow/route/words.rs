//! A counterexample as messages tell it.

use super::super::reach::Reach;
use super::super::{Map, display};
use super::{Claim, Counterexample, Path, Via};
use crate::flow::routing::{Preference, Visitor};

/// "a visitor with Global Privacy Control on, who has made no choice, still sends `page.url` to Facebook Pixel through the
/// browser (device mode), because …"; `sent` is what gets there.
pub fn told(map: Map<'_>, destination: usize, claim: Claim, found: &Counterexample, sent: &str) -> String {
    let (name, via) = (display(&map.model.destinations[destination]), found.path.via.words());
    // Where no category carries out a right, whoever exercised it is known by nothing else.
    let (idle, when) = match claim {
        Claim::OptOut => ("has opted out", "still"),
        Claim::Limit => ("has limited the use of sensitive personal information", "still"),
        Claim::OptIn => ("has made a choice", "already"),
    };
    let who = who(&found.visitor, idle);
    format!("{who} {when} sends {sent} to {name} through {via}, because {}", found.because)
}

/// The visitor of a counterexample to an opt-out, as it begins a sentence.
pub fn visitor(visitor: &Visitor) -> String {
    who(visitor, "has opted out")
}

/// A visitor of whom nothing is claimed.
pub fn standing(visitor: &Visitor) -> String {
    who(visitor, "has made a choice").trim_end_matches(',').to_owned()
}

/// A visitor, `idle` being said of one who chose and of whom no preference is known.
fn who(visitor: &Visitor, idle: &str) -> String {
    let ids = |wanted: Preference| -> Vec<String> {
        let all = visitor.preferences.iter().filter(|(_, said)| **said == wanted);
        all.map(|(id, _)| format!("`{id}`")).collect()
    };
    let (off, on) = (ids(Preference::Denied), ids(Preference::Granted));
    let said = match (off.is_empty(), on.is_empty()) {
        // A choice besides the signal may be any.
        (true, true) if visitor.chosen => if visitor.signal { "has made a choice" } else { idle }.to_owned(),
        (true, true) => "has made no choice".to_owned(),
        (false, true) => format!("refused {}", off.join(", ")),
        (true, false) => format!("allowed {}", on.join(", ")),
        (false, false) => format!("refused {} and allowed {}", off.join(", "), on.join(", ")),
    };
    // Preferences without a choice are what a page remembers of another one.
    let before = if visitor.chosen || (off.is_empty() && on.is_empty()) { "" } else { " and has made no choice" };
    match visitor.signal {
        true => format!("a visitor with Global Privacy Control on, who {said}{before},"),
        false => format!("a visitor who {said}{before}"),
    }
}

/// What gets there: a property that carries personal information, or what goes along with every call.
pub(in crate::flow) fn sent(map: Map<'_>, reach: &Reach, destination: usize, path: &Path) -> String {
    let from = |event: usize| path.source.is_none_or(|source| map.links.events[event].contains(&source));
    let mut known = reach.destinations[destination].witnesses.values().filter(|witness| from(witness.event));
    let exact = known.clone().find(|witness| !witness.similar);
    match exact.or_else(|| known.next()) {
        Some(witness) => {
            let property = &map.model.events[witness.event].properties[witness.property];
            format!("`{}`", property.path.value)
        }
        None => match path.via {
            Via::Device | Via::Cloud | Via::Mobile | Via::TagManager => {
                "the context of every call (address, identifiers, page)".to_owned()
            }
            _ => "identifiers".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(list: &[(&str, Preference)], signal: bool, chosen: bool) -> String {
        let preferences = list.iter().map(|(id, said)| ((*id).to_owned(), *said)).collect();
        standing(&Visitor { preferences, signal, chosen })
    }

    #[test]
    fn visitors_in_words() {
        use Preference::{Denied, Granted, Unset};
        for (list, signal, chosen, wanted) in [
            (&[][..], false, false, "a visitor who has made no choice"),
            (&[], true, false, "a visitor with Global Privacy Control on, who has made no choice"),
            (&[("a", Unset)], false, true, "a visitor who has made a choice"),
            (&[("a", Denied), ("b", Denied)], false, true, "a visitor who refused `a`, `b`"),
            (
                &[("a", Denied), ("b", Granted)],
                true,
                true,
                "a visitor with Global Privacy Control on, who refused `a` and allowed `b`",
            ),
            (&[("a", Granted)], false, false, "a visitor who allowed `a` and has made no choice"),
        ] {
            assert_eq!(shown(list, signal, chosen), wanted);
        }
    }
}
