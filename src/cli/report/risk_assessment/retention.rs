//! How long a recipient keeps what it gets, and what the notice says of it (11 CCR § 7152(a)(3)(B)).

use crate::cli::report::document::{Cell, Line, Word, code, open, text};
use crate::cli::report::facts::{Facts, Recipient};
use crate::cli::report::seen::{Seen, value};
use crate::finding::{Place, Stage};
use crate::flow::period;
use crate::model::{Entity, Value};
use crate::output::counted;
use crate::source::Span;

/// The longest period that is read, as the schema of a data map has it.
const MOST_DAYS: i64 = 1_000_000;

/// What is declared of how long a class is kept.
enum Kept {
    Days(i64, Span),
    /// Something that is no number of days.
    Unreadable(Word, Span),
}

pub(super) fn cell(facts: &Facts<'_>, one: &Recipient<'_>) -> Cell {
    let seen = facts.seen;
    let of = |wanted: &'static str| {
        let mut line: Line = vec![code(wanted)];
        match declared(seen, one, wanted) {
            Some(Kept::Days(days, place)) => {
                let days = counted(usize::try_from(days).unwrap_or(0), "day", "days");
                line.extend([text(format!("kept {days}")), seen.at(place)]);
            }
            Some(Kept::Unreadable(shown, place)) => {
                line.extend([open("declared in a way that cannot be read:"), shown, seen.at(place)]);
            }
            None => line.push(open("not declared (`retention_days`)")),
        }
        if let Some(found) = period(seen.map, wanted) {
            line.extend([text("; the notice says"), code(found.text), seen.at(found.place)]);
        }
        line
    };
    one.codes().map(of).collect()
}

/// The classes of which nothing says how long they are kept.
pub(super) fn undeclared(seen: &Seen<'_>, one: &Recipient<'_>) -> Vec<&'static str> {
    one.codes().filter(|code| declared(seen, one, code).is_none()).collect()
}

fn declared(seen: &Seen<'_>, one: &Recipient<'_>, wanted: &str) -> Option<Kept> {
    let object = &one.entity.object;
    let found = object.get(&format!("ttl_days.{wanted}")).or_else(|| object.get("retention_days"));
    match found.map(|found| (&found.value, found.span)) {
        Some((Value::Int(days @ 0..=MOST_DAYS), place)) => Some(Kept::Days(*days, place)),
        Some((other, place)) => Some(Kept::Unreadable(value(other), place)),
        None => left_out(seen, one.entity, "retention_days"),
    }
}

/// What is written at a key of a destination and was left out when it was read, as it is of another type.
fn left_out(seen: &Seen<'_>, entity: &Entity, key: &str) -> Option<Kept> {
    let sources = &seen.project.inputs.sources;
    let owns = |place: Span| {
        let ids = seen.map.model.destinations.iter().map(|other| other.id.span);
        let before = ids.filter(|id| id.source == place.source && id.start <= place.start);
        before.max_by_key(|id| id.start) == Some(entity.id.span)
    };
    let at_key = |place: &Span| {
        let text =
            sources.get(place.source).and_then(|source| source.text.get(..place.start as usize)).unwrap_or_default();
        let name = text
            .trim_end_matches([' ', '"', '\''])
            .strip_suffix(':')
            .map(|name| name.trim_end_matches([' ', '"', '\'']));
        name.is_some_and(|name| name.ends_with(key))
    };
    let problems = seen.report.problems.iter().filter(|problem| problem.stage == Stage::Schema);
    let places = problems.filter_map(|problem| match problem.place {
        Place::Span(place) => Some(place),
        _ => None,
    });
    let place = places.filter(at_key).find(|place| owns(*place))?;
    Some(Kept::Unreadable(code(sources.slice(place)), place))
}
