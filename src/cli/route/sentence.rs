//! A visitor and a counterexample in words.

use super::view::Sent;
use crate::flow::Map;
use crate::flow::route::{Claim, Counterexample, Path};
use crate::flow::routing::{Preference, Visitor};
use crate::model::Entity;

/// The name of an entity as people know it.
pub(super) fn display(entity: &Entity) -> &str {
    entity.object.text("name").unwrap_or(&entity.id.value)
}

/// Names in a sentence: `a`, `a and b`, `a, b and c`.
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// What a visitor chose, and whether the browser speaks for them.
fn who(visitor: &Visitor, nothing_said: &str) -> String {
    let said = |wanted: Preference| -> Vec<String> {
        let those = visitor.preferences.iter().filter(|(_, said)| **said == wanted);
        those.map(|(id, _)| format!("`{id}`")).collect()
    };
    let (refused, granted) = (listed(&said(Preference::Denied)), listed(&said(Preference::Granted)));
    let choice = match (refused.is_empty(), granted.is_empty()) {
        (false, false) => format!("who has refused {refused} and consented to {granted}"),
        (false, true) => format!("who has refused {refused}"),
        (true, false) => format!("who has consented to {granted}"),
        (true, true) if visitor.chosen => format!("who {nothing_said}"),
        (true, true) => "who has made no choice".to_owned(),
    };
    // Preferences without a choice are what holds before one.
    let before = if visitor.chosen || (refused.is_empty() && granted.is_empty()) { "" } else { " before any choice" };
    let signal = if visitor.signal { " with Global Privacy Control on," } else { "" };
    format!("a visitor{signal} {choice}{before}{}", if visitor.signal { "," } else { "" })
}

/// Who a visitor is.
pub(super) fn visitor(visitor: &Visitor) -> String {
    who(visitor, "has made a choice").trim_end_matches(',').to_owned()
}

/// Who the visitor of a counterexample is. Where no category carries out a right, whoever exercised it is known by that.
fn witness(visitor: &Visitor, claim: Claim) -> String {
    who(
        visitor,
        match claim {
            Claim::OptOut => "has opted out",
            Claim::Limit => "has limited the use of sensitive personal information",
            Claim::OptIn => "has made a choice",
        },
    )
}

/// The way that data takes.
pub(super) fn way(map: Map<'_>, path: &Path) -> String {
    let from = path.source.map(|source| format!(", from `{}`", map.model.sources[source].id.value));
    format!("{}{}", path.via.words(), from.unwrap_or_default())
}

/// What flows, in words.
fn sent(sent: &Sent<'_>, claim: Claim) -> String {
    let classes: Vec<String> = sent.classes.iter().map(|code| (*code).to_owned()).collect();
    let kind = if claim == Claim::Limit { "sensitive personal information" } else { "personal information" };
    let classes = match classes.len() {
        0 => return "events".to_owned(),
        1 => format!("{kind} of class {}", listed(&classes)),
        _ => format!("{kind} of classes {}", listed(&classes)),
    };
    match &sent.witness {
        Some(witness) => format!("{classes} (such as `{}` of {})", witness.property.value, witness.event),
        None => format!("{classes} (what every call carries)"),
    }
}

/// What a counterexample shows.
pub(super) fn refutation(map: Map<'_>, to: &Entity, claim: Claim, found: &Counterexample, what: &Sent<'_>) -> String {
    format!(
        "{} {} sends {} to {} through {}, because {}",
        witness(&found.visitor, claim),
        if claim == Claim::OptIn { "already" } else { "still" },
        sent(what, claim),
        display(to),
        way(map, &found.path),
        found.because
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(list: &[(&str, Preference)], signal: bool, chosen: bool) -> String {
        let preferences = list.iter().map(|(id, said)| ((*id).to_owned(), *said)).collect();
        visitor(&Visitor { preferences, signal, chosen })
    }

    #[test]
    fn visitors_in_words() {
        use Preference::{Denied, Granted, Unset};
        for (list, signal, chosen, wanted) in [
            (&[][..], false, false, "a visitor who has made no choice"),
            (&[], true, false, "a visitor with Global Privacy Control on, who has made no choice"),
            (&[("a", Unset)], false, true, "a visitor who has made a choice"),
            (&[("a", Denied), ("b", Denied)], false, true, "a visitor who has refused `a` and `b`"),
            (
                &[("a", Denied), ("b", Granted)],
                true,
                true,
                "a visitor with Global Privacy Control on, who has refused `a` and consented to `b`",
            ),
            (&[("a", Granted)], false, false, "a visitor who has consented to `a` before any choice"),
        ] {
            assert_eq!(shown(list, signal, chosen), wanted);
        }
    }

    #[test]
    fn names_in_a_sentence() {
        let names = |count: usize| listed(&["a", "b", "c"].map(str::to_owned)[..count]);
        assert_eq!([names(0), names(1), names(2), names(3)], ["", "a", "a and b", "a, b and c"]);
    }
}
