//! What a consent point reads: the categories that list a destination there, and what a visitor's choice and signal make of
//! them.

use super::super::Map;
use super::super::gate::{listing, switches};
use super::super::routing::wrapper::ConsentModel;
use super::super::routing::{Needs, Preference, Visitor};
use super::{Path, Point};
use crate::model::Entity;
use crate::source::Span;

/// A category that lists a destination at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Listed {
    /// Index of the category.
    pub(super) category: usize,
    /// Where it lists the destination.
    pub(super) place: Span,
}

/// The categories that list a destination at the point of a path.
pub(super) fn listed(map: Map<'_>, destination: usize, path: &Path) -> Vec<Listed> {
    if path.point == Point::Nowhere {
        return Vec::new();
    }
    let found = map.model.categories.iter().enumerate().filter_map(|(at, category)| {
        let (_, place) = listing(map, destination).find(|(one, _)| std::ptr::eq(*one, category))?;
        Some(Listed { category: at, place })
    });
    found.collect()
}

/// How many of its categories a destination needs at a point. Segment and its wrappers need all (Segment documentation:
/// Consent in Segment Connections); elsewhere it may be stated.
pub(super) fn needs(map: Map<'_>, destination: usize, point: Point) -> Needs {
    let any = map.model.destinations[destination].object.text("consent_needs") == Some("any");
    match point {
        Point::Wrapper { .. } | Point::Platform { .. } | Point::OpenSource(_) => Needs::All,
        _ if any => Needs::Any,
        _ => Needs::All,
    }
}

/// Whether a category is always on.
pub(super) fn is_essential(category: &Entity) -> bool {
    category.object.boolean("essential") == Some(true)
}

/// Whether a category carries out a right: it controls it, and can be switched off at all.
pub(super) fn carries_out(category: &Entity, right: &str) -> bool {
    category.object.has_text("controls", right) && switches(category)
}

/// Whether an opt-out preference signal is honored, where that is said.
pub(super) fn honored(map: Map<'_>) -> Option<&Entity> {
    map.model.signals.iter().find(|signal| {
        signal.object.boolean("honored") == Some(true) && signal.object.boolean("do_not_track_only") != Some(true)
    })
}

/// Whether the signal switches a category off: it is among those that the signal is mapped to, or carries out the opt-out
/// where nothing is said of that.
pub(super) fn is_mapped(signal: &Entity, category: &Entity) -> bool {
    if signal.object.get("categories").is_some() {
        return signal.object.has_text("categories", &category.id.value);
    }
    category.object.has_text("controls", "opt-out")
}

/// The visitor as a page sees it: essential categories are on, the signal switches off what it is mapped to, and who has not
/// chosen has what holds before a choice (declared as `default`, or else by the consent model).
pub(super) fn as_seen(map: Map<'_>, visitor: &Visitor, model: Option<ConsentModel>) -> Visitor {
    let signal = honored(map).filter(|_| visitor.signal);
    let mut seen = visitor.clone();
    for category in &map.model.categories {
        let id = &category.id.value;
        let before = || match (category.object.boolean("default"), model) {
            (Some(on), _) => {
                if on {
                    Preference::Granted
                } else {
                    Preference::Denied
                }
            }
            (None, Some(ConsentModel::OptIn)) => Preference::Unset,
            (None, _) => Preference::Granted,
        };
        let preference = match visitor.preference(id) {
            _ if is_essential(category) => Preference::Granted,
            _ if signal.is_some_and(|signal| is_mapped(signal, category)) => Preference::Denied,
            Preference::Unset if !visitor.chosen => before(),
            said => said,
        };
        seen.preferences.insert(id.clone(), preference);
    }
    seen
}
