//! Sources whose messages are to carry a consent object and do not, as a profile of real events tells.

use super::destination::ON_SEGMENT;
use super::gate::{is_container, is_wrapped};
use super::{Facts, Map};
use crate::model::{Entity, EventType, Stamped};
use std::collections::{BTreeMap, BTreeSet};

/// Fewest messages without the object that count. A few come from pages that were open, and from before the manager was there.
const FEWEST: i64 = 10;
/// The least part of an event's messages that counts: one in so many.
const ONE_IN: i64 = 20;
/// Most events that are named.
const NAMED: usize = 3;

pub(super) fn apply(map: Map<'_>, sources: &mut [Facts]) {
    if !map.model.manager().is_some_and(|manager| ON_SEGMENT.contains(&manager.value)) {
        return;
    }
    let mut seen: BTreeMap<(EventType, &str, bool), Vec<&Stamped>> = BTreeMap::new();
    for stamped in &map.model.stamped {
        seen.entry((stamped.call, stamped.event.value.as_str(), stamped.client)).or_default().push(stamped);
    }
    let mut lacking: Vec<Vec<String>> = vec![Vec::new(); sources.len()];
    for ((call, name, client), parts) in seen {
        let sum = |count: fn(&Stamped) -> i64| parts.iter().map(|part| count(part)).fold(0, i64::saturating_add);
        let (absent, messages) = (sum(|part| part.absent), sum(|part| part.messages));
        if absent < FEWEST || absent.saturating_mul(ONE_IN) < messages {
            continue;
        }
        // Where another source may have sent them, of which nobody says that it stamps, none is blamed.
        let senders = senders(map, call, name, client);
        if !senders.iter().all(|at| is_to_stamp(map, &map.model.sources[*at], client)) {
            continue;
        }
        let words = format!("{absent} of {messages} messages of `{name}`");
        for at in senders {
            lacking[at].push(words.clone());
            for part in parts.iter().filter(|part| part.absent > 0) {
                sources[at].because("consent_lacking", part.event.span, format!("{words} lack `context.consent`"));
            }
        }
    }
    for (facts, words) in sources.iter_mut().zip(lacking).filter(|(_, words)| !words.is_empty()) {
        let more = words.len().saturating_sub(NAMED);
        let rest = (more > 0).then(|| format!("as do those of {more} more events"));
        facts.text("consent_lacking", words.into_iter().take(NAMED).chain(rest).collect::<Vec<_>>().join(", "));
    }
}

/// The sources from which messages of an event may come, of browsers and apps or of servers.
fn senders(map: Map<'_>, call: EventType, name: &str, client: bool) -> BTreeSet<usize> {
    let is_it = |at: &usize| {
        let event = &map.model.events[*at];
        map.model.is_observed(event) && event.call == call && event.name.value == name
    };
    let sends = |at: &usize| {
        let source = &map.model.sources[*at];
        let fits = match source.object.text("platform") {
            Some("web" | "ios" | "android" | "mobile") => client,
            Some("tv") | None => true,
            Some(_) => !client,
        };
        fits && source.object.boolean("enabled") != Some(false)
    };
    let found = (0..map.model.events.len()).filter(is_it).flat_map(|at| map.links.events[at].iter().copied());
    found.filter(sends).collect()
}

/// Whether all messages of a source are to carry the object: a wrapper stamps those of browsers and apps, and servers do where
/// it is said.
fn is_to_stamp(map: Map<'_>, source: &Entity, client: bool) -> bool {
    if source.object.get("exempt").is_some() || is_container(map, source) {
        return false;
    }
    let declared = source.object.boolean("consent.object") == Some(true);
    declared || client && source.object.text("platform").is_some() && is_wrapped(map, Some(source))
}
