//! Classes of personal information that reach a destination, each with a witness.

use super::reach::{Reach, Witness};
use super::{Facts, Map, display};
use crate::finding::Label;
use crate::model::kind;
use crate::model::{Located, Value};
use crate::source::Span;

/// A class that reaches a destination.
#[derive(Debug)]
pub struct Disclosure {
    /// Identity: destination and class.
    pub id: String,
    /// The place to underline: the witness, or the destination when the class is implicit.
    pub place: Span,
    /// Its attributes, all derived.
    pub facts: Facts,
}

pub(super) fn all(map: Map<'_>, reach: &Reach, destinations: &[Facts]) -> Vec<Disclosure> {
    let mut found = Vec::new();
    for (index, facts) in destinations.iter().enumerate().filter(|(_, facts)| facts.holds("active")) {
        for class in reach.destinations[index].classes.each() {
            let Some(code) = class.codes().next() else { continue };
            let witness = reach.destinations[index].witnesses.get(code);
            found.push(one(map, index, facts, class, witness));
        }
    }
    found
}

fn one(
    map: Map<'_>,
    index: usize,
    destination: &Facts,
    class: crate::model::ClassSet,
    witness: Option<&Witness>,
) -> Disclosure {
    let entity = &map.model.destinations[index];
    let code = class.codes().next().unwrap_or("");
    let carried = witness.map(|witness| {
        let event = &map.model.events[witness.event];
        (event, &event.properties[witness.property])
    });
    let place = carried.map_or(entity.id.span, |(_, property)| property.path.span);
    let mut facts = Facts::of_kind(&kind::DISCLOSURE, place);
    facts.object.set("destination", Located::new(Value::Text(display(entity).to_owned()), entity.id.span));
    facts.text("destination_id", entity.id.value.clone());
    facts.texts("class", class.codes());
    facts.bool("sensitive", !class.sensitive().is_empty());
    facts.text("term", class.terms());
    match carried {
        Some((event, property)) => {
            facts.text("witness", property.path.value.to_string());
            facts.text("witness_place", event.name.value.clone());
        }
        None => {
            facts.text("witness", "the context of every call (address, identifiers, page)");
            facts.text("witness_place", "every event");
        }
    }
    facts.bool("presumed", witness.is_some_and(|witness| witness.similar));
    for name in ["discloses", "presumed_third_party", "recipient_unstated", "gated"] {
        if let Some(value) = destination.object.get(name) {
            facts.set(name, value.value.clone());
        }
    }
    for name in ["exempt", "deidentified", "consumer_directed"] {
        if let Some(value) = entity.object.get(name) {
            facts.object.set(name, value.clone());
        }
    }
    facts.because.push(("destination", Label::new(entity.id.span, format!("{} receives it", display(entity)))));
    let reasons: Vec<Label> = destination.reasons("discloses").cloned().collect();
    facts.because.extend(reasons.into_iter().map(|label| ("discloses", label)));
    let reasons: Vec<Label> = destination.reasons("presumed_third_party").cloned().collect();
    facts.because.extend(reasons.into_iter().map(|label| ("presumed_third_party", label)));
    Disclosure { id: format!("{}/{code}", entity.id.value), place, facts }
}
