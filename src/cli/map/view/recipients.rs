//! Which destinations get the fields of an event.

use super::Field;
use crate::compare::Flowing;
use crate::flow::{Map, gets_through};

/// Who gets what each source sends, without a look at every field.
pub(in crate::cli::map) struct Recipients {
    /// By source: the active destinations that it feeds.
    fed: Vec<Vec<usize>>,
    /// Those that are presumed to be fed for want of a source that says so.
    presumed: Vec<usize>,
    /// By destination: whether filters may keep a field from it, be they those of a store from which it is filled.
    filters: Vec<bool>,
}

impl Recipients {
    pub(super) fn of(map: Map<'_>, flows: &[Flowing]) -> Self {
        let mut fed = vec![Vec::new(); map.model.sources.len()];
        let mut presumed = Vec::new();
        for flow in flows {
            match flow.path.source {
                Some(source) => fed[source].push(flow.to),
                None => presumed.push(flow.to),
            }
        }
        let destinations = map.model.destinations.iter().zip(&map.links.derived);
        let filters = destinations.map(|(to, stores)| to.object.get("filters").is_some() || !stores.is_empty());
        Self { fed, presumed, filters: filters.collect() }
    }

    /// The destinations that a source feeds.
    pub(in crate::cli::map) fn fed(&self, source: usize) -> &[usize] {
        &self.fed[source]
    }

    /// The destinations that get an event by way of a source, or, where none is known, at all; filters on fields aside.
    pub(in crate::cli::map) fn by(&self, map: Map<'_>, event: usize, source: Option<usize>) -> Vec<usize> {
        let of = &map.model.events[event];
        let mut found: Vec<usize> = source.map_or_else(Vec::new, |source| self.fed[source].clone());
        // What stores hold goes nowhere by itself.
        let is_dataset = |source: usize| map.model.sources[source].object.text("platform") == Some("dataset");
        if !source.is_some_and(is_dataset) {
            found.extend(&self.presumed);
        }
        found.retain(|to| !map.model.destinations[*to].object.has_text("filters.drop_events", &of.name.value));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The destinations that get an event from any of its sources; filters on fields aside.
    pub(in crate::cli::map) fn all(&self, map: Map<'_>, event: usize) -> Vec<usize> {
        let senders = &map.links.events[event];
        if senders.is_empty() {
            return self.by(map, event, None);
        }
        let mut found: Vec<usize> = senders.iter().flat_map(|source| self.by(map, event, Some(*source))).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether filters keep a field from a destination that gets its event.
    pub(in crate::cli::map) fn is_withheld(&self, map: Map<'_>, to: usize, field: Field<'_>) -> bool {
        self.filters[to] && !gets_through(map, to, field.event, field.property)
    }
}
