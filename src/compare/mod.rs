//! What changed in meaning between two data maps, and between what was found in them.
//!
//! Subjects are known by kind and id, so that files may be moved, split, re-ordered or written in another format. Order
//! within lists does not count, names are followed to what they stand for, and classes are compared as they were taken, be
//! that by declaration, matcher or lexicon.

mod entities;
mod events;
mod findings;
mod flows;
mod pair;
mod settings;

pub use entities::EntityChange;
pub use events::{EventChange, FieldChange, Taken};
pub use findings::Verdicts;
pub use flows::{Carried, Carrier, FlowChange, Flowing, Gate, Way, flowing};
pub use settings::{Configured, SettingChange, compare as settings};

use crate::flow::{Flow, Map};
use crate::source::Span;

/// A data map and what was derived from it.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// What was read.
    pub map: Map<'a>,
    /// What was derived.
    pub flow: &'a Flow,
}

/// Before and after; one of them is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Both<T> {
    /// On the base.
    pub before: Option<T>,
    /// On the head.
    pub after: Option<T>,
}

impl<T> Both<T> {
    /// What kind of change it is.
    pub fn change(&self) -> Change {
        match (&self.before, &self.after) {
            (None, _) => Change::New,
            (_, None) => Change::Gone,
            _ => Change::Changed,
        }
    }

    /// What is there now, or else what was there.
    pub fn latest(&self) -> Option<&T> {
        self.after.as_ref().or(self.before.as_ref())
    }
}

/// What became of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Only the head has it.
    New,
    /// Both have it, and it is not the same.
    Changed,
    /// Only the base has it.
    Gone,
}

impl Change {
    /// The word of machine interfaces.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Gone => "gone",
        }
    }
}

/// A value and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// As it is shown.
    pub value: String,
    /// The items, where it is a list.
    pub items: Vec<String>,
    /// Where.
    pub place: Span,
}

/// An attribute that is not the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeChange {
    /// Its dotted path.
    pub name: String,
    /// Its values.
    pub values: Both<Written>,
}

/// Everything that changed between two data maps.
#[derive(Debug, Default)]
pub struct Comparison {
    /// Ways from sources to destinations.
    pub flows: Vec<FlowChange>,
    /// Declared entities, in the order of the kinds.
    pub entities: Vec<EntityChange>,
    /// Events and their fields.
    pub events: Vec<EventChange>,
}

impl Comparison {
    /// What changed from `before` to `after`.
    pub fn of(before: Side<'_>, after: Side<'_>) -> Self {
        Self {
            flows: flows::compare(before, after),
            entities: entities::compare(before, after),
            events: events::compare(before.map, after.map),
        }
    }

    /// Leaves only what touches the places that are wanted.
    pub fn retain(&mut self, before: &dyn Fn(Span) -> bool, after: &dyn Fn(Span) -> bool) {
        let touches = |places: &Both<Vec<Span>>| {
            let any = |spans: &Option<Vec<Span>>, wanted: &dyn Fn(Span) -> bool| {
                spans.iter().flatten().any(|span| wanted(*span))
            };
            any(&places.before, before) || any(&places.after, after)
        };
        self.flows.retain(|flow| touches(&flow.places()));
        self.entities.retain(|entity| touches(&entity.places()));
        self.events.retain(|event| touches(&event.places()));
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.flows.is_empty() && self.entities.is_empty() && self.events.is_empty()
    }
}
