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

#[cfg(test)]
mod tests {
    use super::*;

    fn switches(list: &[(&str, bool)]) -> Integrations {
        list.iter().map(|(name, on)| ((*name).to_owned(), *on)).collect()
    }

    #[test]
    fn what_is_said_of_one_outweighs_what_is_said_of_all() {
        for (list, wanted) in [
            (&[][..], true),
            (&[("A", false)], false),
            (&[("All", false)], false),
            (&[("All", false), ("A", true)], true),
            (&[("All", true), ("A", false)], false),
            (&[("B", false)], true),
        ] {
            assert_eq!(selects(&switches(list), "A"), wanted, "{list:?}");
        }
    }

    #[test]
    fn segment_is_off_with_all_only_when_the_library_is_loaded_so() {
        let (none, off, own) = (switches(&[]), switches(&[("All", false)]), switches(&[("Segment.io", false)]));
        assert!(!reaches_segment(&off, &none));
        assert!(reaches_segment(&none, &off));
        assert!(!reaches_segment(&none, &own) && !reaches_segment(&own, &none));
        assert!(reaches_segment(&switches(&[("All", false), ("Segment.io", true)]), &none));
    }

    #[test]
    fn an_event_speaks_over_the_page() {
        let both = merged(&switches(&[("A", true), ("B", true)]), &switches(&[("A", false)]));
        assert_eq!(both, switches(&[("A", false), ("B", true)]));
    }
}
