//! Which properties get to which destination.

use super::Map;
use super::derived::gets_through;
use crate::model::{ClassSet, Classification, ClassifiedBy, Event, Property};

/// A property with personal information that gets to a destination.
#[derive(Clone, Copy)]
pub(super) struct Arrival<'a> {
    pub(super) event: &'a Event,
    pub(super) property: &'a Property,
    pub(super) classified: &'a Classification,
}

impl Arrival<'_> {
    /// The property as messages name it.
    pub(super) fn named(&self) -> String {
        format!("`{}` of {}", self.property.path.value, self.event.name.value)
    }

    /// Whether its classes rest on a declaration or an exact name.
    pub(super) fn is_sure(&self) -> bool {
        !matches!(self.classified.by, ClassifiedBy::Lexicon { score, .. } if score < 1.0)
    }

    /// What is declared of the property under this name.
    pub(super) fn declared(&self, name: &str) -> Option<&str> {
        self.property.declared.as_ref()?.text(name)
    }
}

/// The events that each destination receives.
pub(super) struct Arrivals<'a> {
    map: Map<'a>,
    events: Vec<Vec<usize>>,
    /// What the properties of each event carry together.
    carried: Vec<ClassSet>,
}

impl<'a> Arrivals<'a> {
    pub(super) fn of(map: Map<'a>, receivers: &[Vec<usize>]) -> Self {
        let mut events = vec![Vec::new(); map.model.destinations.len()];
        for (event, receivers) in receivers.iter().enumerate() {
            receivers.iter().for_each(|to| events[*to].push(event));
        }
        let carried = map.classes.iter().map(|found| found.iter().map(|found| found.classes).collect()).collect();
        Self { map, events, carried }
    }

    /// The properties with any of these classes that get to a destination, every filter on the way applied.
    pub(super) fn at(&self, to: usize, classes: ClassSet) -> impl Iterator<Item = Arrival<'a>> {
        let map = self.map;
        let carrying = self.events[to].iter().filter(move |at| !self.carried[**at].intersection(classes).is_empty());
        carrying.flat_map(move |at| {
            let event = &map.model.events[*at];
            let properties = event.properties.iter().zip(&map.classes[*at]);
            let carrying = properties.filter(move |(_, found)| !found.classes.intersection(classes).is_empty());
            carrying
                .filter(move |(property, _)| gets_through(map, to, event, property))
                .map(move |(property, classified)| Arrival { event, property, classified })
        })
    }
}
