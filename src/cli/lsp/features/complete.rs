//! How to go on at the cursor. What is typed is mostly broken at that moment, so the place is found by the outline.

mod comment;
mod expression;
mod names;
mod vendor;
mod write;

pub(super) use comment::{Directive, directive};
pub(super) use expression::kind_of;
pub(super) use write::{in_quotes, is_plain};

use super::outline::{Role, Step};
use super::place::{File, Place};
use super::shape::{Entry, Holds, Value};
use super::{Completion, CompletionKind, facts};
use crate::cli::lsp::snapshot::Snapshot;
use crate::source::SourceId;
use write::Writer;

/// Something that can be written.
pub(super) struct Offer {
    label: String,
    detail: String,
    documentation: String,
    kind: CompletionKind,
}

impl Offer {
    fn new(kind: CompletionKind, label: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { label: label.into(), detail: detail.into(), documentation: String::new(), kind }
    }

    fn explained(self, documentation: impl Into<String>) -> Self {
        Self { documentation: documentation.into(), ..self }
    }
}

/// What can be written at a place, the likeliest first.
pub(in crate::cli::lsp) fn complete(snapshot: &Snapshot, source: SourceId, offset: u32) -> Vec<Completion> {
    if let Some(offered) = comment::complete(snapshot, source, offset) {
        return offered;
    }
    let Some(place) = Place::find(snapshot, source, offset) else { return Vec::new() };
    let Some(holds) = place.holds() else { return vendor::complete(snapshot, &place) };
    match (place.spot.role, holds) {
        (Role::Key | Role::Start, Holds::Keys(..) | Holds::ByRule(_)) => keys(snapshot, &place, holds, ""),
        (Role::Key, _) => Vec::new(),
        (Role::Value | Role::Start, Holds::Value(value)) => {
            values(snapshot, &place, *value, offset, Writer::plain(&place))
        }
        (Role::Item, _) => {
            holds.scalar().map_or_else(Vec::new, |value| values(snapshot, &place, value, offset, Writer::plain(&place)))
        }
        (Role::Value, Holds::List(item)) => match item.as_ref() {
            Holds::Value(value) => values(snapshot, &place, *value, offset, Writer::around(&place, "[", "]")),
            _ => Vec::new(),
        },
        (Role::Start, Holds::List(item)) => match item.as_ref() {
            Holds::Value(value) => values(snapshot, &place, *value, offset, Writer::around(&place, "- ", "")),
            keyed => keys(snapshot, &place, keyed, "- "),
        },
        _ => Vec::new(),
    }
}

/// Keys that the mapping does not have yet; what must be written comes first.
fn keys(snapshot: &Snapshot, place: &Place<'_>, holds: &Holds, before: &str) -> Vec<Completion> {
    let written: Vec<&str> = if before.is_empty() { present(place) } else { Vec::new() };
    let writer = Writer::around(place, before, "");
    match holds {
        Holds::Keys(_, entries) => {
            let mut free: Vec<&Entry> = entries.iter().filter(|entry| !written.contains(&entry.name)).collect();
            free.sort_by_key(|entry| !entry.required);
            let offer = |entry: &Entry| {
                let offer = Offer::new(CompletionKind::Key, entry.name, described(&entry.holds));
                (offer.explained(facts::entry(entry)), nests(&entry.holds))
            };
            free.into_iter().map(offer).map(|(offer, nests)| writer.key(offer, nests)).collect()
        }
        Holds::ByRule(_) => {
            let offers = names::rules(snapshot, None).into_iter();
            offers
                .filter(|offer| !written.contains(&offer.label.as_str()))
                .map(|offer| writer.key(offer, false))
                .collect()
        }
        Holds::Value(_) | Holds::List(_) => Vec::new(),
    }
}

/// The keys that are written in the mapping already, the one under the cursor aside.
fn present<'p>(place: &'p Place<'_>) -> Vec<&'p str> {
    let others = place.outline.inside(place.spot.part).filter(|(_, part)| part.key != place.spot.word);
    others.filter_map(|(_, part)| if let Step::Key(name) = &part.step { Some(name.as_str()) } else { None }).collect()
}

/// Whether what a key holds begins on the next line.
fn nests(holds: &Holds) -> bool {
    match holds {
        Holds::Keys(..) | Holds::ByRule(_) => true,
        Holds::List(item) => !matches!(item.as_ref(), Holds::Value(_)),
        Holds::Value(_) => false,
    }
}

/// What a key holds, in a word or two.
pub(super) fn described(holds: &Holds) -> String {
    match holds {
        Holds::Keys(..) => "mapping".to_owned(),
        Holds::ByRule(_) => "by rule".to_owned(),
        Holds::List(item) => format!("list of {}", described(item)),
        Holds::Value(value) => match value {
            Value::Bool => "true or false".to_owned(),
            Value::Number => "number".to_owned(),
            Value::Day => "day".to_owned(),
            Value::Address => "address".to_owned(),
            Value::Choice(words) => words.join(" | "),
            Value::Text => "text".to_owned(),
            Value::Classes => "classes".to_owned(),
            Value::Name(named) => named.word().to_owned(),
        },
    }
}

fn values(snapshot: &Snapshot, place: &Place<'_>, value: Value, offset: u32, writer: Writer<'_>) -> Vec<Completion> {
    if let Value::Name(named) = value
        && let Some(offered) = expression::complete(place, named, offset)
    {
        return offered;
    }
    let taken = listed(place);
    let offers = names::offers(snapshot, place, value).into_iter();
    offers.filter(|offer| !taken.contains(&offer.label.as_str())).map(|offer| writer.value(offer, value)).collect()
}

/// What the list holds already that the cursor is in.
fn listed<'p>(place: &'p Place<'_>) -> Vec<&'p str> {
    let own = place.spot.part;
    let item = matches!(place.path.last(), Some(Step::Item(_)));
    let list = if item && place.spot.role != Role::Item { place.outline.parts[own].parent } else { own };
    let in_list = item || matches!(place.spot.role, Role::Item | Role::Start);
    let others =
        place.outline.inside(list).filter(|(at, part)| *at != own && in_list && matches!(part.step, Step::Item(_)));
    others.filter_map(|(_, part)| place.outline.text.get(part.value.clone()?)).map(super::outline::content).collect()
}

/// Whether the file is one whose values are names that only a person can give.
fn is_ours(place: &Place<'_>) -> bool {
    place.file != File::Other
}
