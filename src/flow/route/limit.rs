//! Which paths carry sensitive personal information whose use a consumer may limit (Cal. Civ. Code § 1798.121).

use super::super::Map;
use super::super::derived::gets_through;
use super::Path;

/// A property that may be limited: index of its event, and of the property in it.
pub type Limited = (usize, usize);

/// The sensitive properties of a data map whose use is not within 11 CCR § 7027(m).
pub(super) struct Limitable {
    all: Vec<Limited>,
    /// By source.
    sent: Vec<Vec<Limited>>,
}

impl Limitable {
    pub(super) fn of(map: Map<'_>) -> Self {
        let mut found = Self { all: Vec::new(), sent: vec![Vec::new(); map.model.sources.len()] };
        for (at, event) in map.model.events.iter().enumerate() {
            for (property, taken) in map.classes[at].iter().enumerate() {
                if taken.classes.sensitive().is_empty() || event.properties[property].is_limit_exempt() {
                    continue;
                }
                found.all.push((at, property));
                map.links.events[at].iter().for_each(|source| found.sent[*source].push((at, property)));
            }
        }
        found
    }

    /// The first one that a path brings to a destination. Where no source is known, every event takes it.
    pub(super) fn first(&self, map: Map<'_>, path: &Path, to: usize) -> Option<Limited> {
        let sent = path.source.map_or(&self.all, |source| &self.sent[source]);
        let arrives = |(at, property): &&Limited| {
            let event = &map.model.events[*at];
            let dropped = map.model.destinations[to].object.has_text("filters.drop_events", &event.name.value);
            !dropped && gets_through(map, to, event, &event.properties[*property])
        };
        sent.iter().find(arrives).copied()
    }
}
