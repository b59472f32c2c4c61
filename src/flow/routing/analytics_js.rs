//! The integrations object of analytics.js, which a page gives when it loads the library and with single events.
//!
//! Source: package `@segment/analytics-next` (remote-loader, ajs-destination, event-queue); Segment documentation:
//! Filtering your Segment Data.

use std::collections::BTreeMap;

/// Destinations by name, switched on or off. Settings for a destination count as on.
pub type Integrations = BTreeMap<String, bool>;

/// The key that stands for every destination which is not named.
pub const ALL: &str = "All";

/// Segment itself among the integrations.
pub const SEGMENT: &str = "Segment.io";

/// Whether an integrations object lets a destination be: what is said of it, or else of all. Without a word, it is on.
pub fn selects(integrations: &Integrations, name: &str) -> bool {
    integrations.get(name).or_else(|| integrations.get(ALL)).copied().unwrap_or(true)
}

/// Whether an event is sent to Segment. When the library is loaded, `All: false` switches Segment off too; with an event it
/// does not (`registerPlugins` against `availableExtensions`).
pub fn reaches_segment(load: &Integrations, event: &Integrations) -> bool {
    selects(load, SEGMENT) && merged(load, event).get(SEGMENT).copied().unwrap_or(true)
}

/// The integrations object that an event carries: what the page was loaded with, and what the event says over it.
pub fn merged(load: &Integrations, event: &Integrations) -> Integrations {
    load.iter().chain(event).map(|(name, on)| (name.clone(), *on)).collect()
}
