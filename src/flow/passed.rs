//! Destinations that messages reached although the visitor had refused one of their consent categories, as a profile of real
//! events tells.

use super::{Facts, Map};
use crate::finding::Label;
use crate::model::{Entity, normal};
use std::collections::BTreeMap;

/// Most categories that are named.
const NAMED: usize = 5;

pub(super) fn apply(map: Map<'_>, destinations: &mut [Facts]) {
    if map.model.passed.is_empty() {
        return;
    }
    for (at, facts) in destinations.iter_mut().enumerate() {
        for (name, received) in [("refused_received", true), ("refused_loaded", false)] {
            refused(map, at, facts, name, received);
        }
        let told = ["refused_received", "refused_loaded"].into_iter().find_map(|name| facts.object.text(name));
        if let Some(told) = told.map(str::to_owned) {
            facts.text("refused", told);
        }
    }
}

fn refused(map: Map<'_>, at: usize, facts: &mut Facts, name: &'static str, received: bool) {
    let known = map.links.known[at].map(|known| normal(known.name));
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for passed in map.model.passed.iter().filter(|passed| passed.received == received) {
        let wanted = normal(&passed.destination.value);
        let called = is_called(&map.model.destinations[at], &wanted) || known.as_deref() == Some(wanted.as_str());
        if !called || !lists(map, &passed.category, at) {
            continue;
        }
        let count = counts.entry(&passed.category).or_default();
        *count = count.saturating_add(passed.messages);
        let words = format!("{} messages that refuse `{}`", passed.messages, passed.category);
        facts.because.push((name, Label::new(passed.destination.span, words)));
    }
    if counts.is_empty() {
        return;
    }
    let mut counts: Vec<(&str, i64)> = counts.into_iter().collect();
    counts.sort_by_key(|(category, count)| (std::cmp::Reverse(*count), *category));
    let more = counts.len().saturating_sub(NAMED);
    let words = counts.iter().take(NAMED).map(|(category, count)| format!("{count} messages that refuse `{category}`"));
    let rest = (more > 0).then(|| format!("and such of {more} more categories"));
    facts.text(name, words.chain(rest).collect::<Vec<_>>().join(", "));
}

/// Whether a category lists a destination.
fn lists(map: Map<'_>, category: &str, at: usize) -> bool {
    let mut categories = map.model.categories.iter().zip(&map.links.categories);
    categories.any(|(known, links)| known.id.value == category && links.iter().any(|link| link.index == at))
}

fn is_called(entity: &Entity, wanted: &str) -> bool {
    let own = [Some(entity.id.value.as_str()), entity.object.text("name")];
    let aliases = entity.object.texts("aliases").map(|(alias, _)| alias);
    own.into_iter().flatten().chain(aliases).any(|name| normal(name) == wanted)
}
