//! Merge keys: `<<: *defaults` brings the entries of another mapping.

use std::collections::HashSet;

use super::build::{Builder, Built, BuiltKey};
use super::{Link, NONE};

/// A `<<` at bytes `key`, with its finished value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Merge {
    pub(super) value: Built,
    pub(super) key: (usize, usize),
}

/// Adds to the entries from `from` on what the merge keys bring; an explicit key wins, then the first mapping that has
/// it. Gives the places of merge keys whose value is no mapping.
pub(super) fn apply(
    builder: &mut Builder<'_>,
    entries: &mut Vec<(BuiltKey, Built)>,
    from: usize,
    merges: &[Merge],
) -> Vec<(usize, usize)> {
    let mut wrong = Vec::new();
    let mut brought = Vec::new();
    for merge in merges {
        let Some(targets) = targets(builder, merge) else {
            wrong.push(merge.key);
            continue;
        };
        for target in targets {
            brought.extend(entries_through(builder, target));
        }
    }
    let mut seen: HashSet<&str> =
        entries.get(from..).unwrap_or_default().iter().map(|(key, _)| builder.key_text(*key)).collect();
    entries.extend(brought.into_iter().filter(|(key, _)| seen.insert(builder.key_text(*key))));
    wrong
}

/// The mappings a merge key names, each as an alias; `None` when something else is among them.
fn targets(builder: &mut Builder<'_>, merge: &Merge) -> Option<Vec<Built>> {
    let listed = match builder.items_of(merge.value) {
        None => vec![merge.value],
        Some(links) => items(merge.value, links),
    };
    let mut all = Vec::with_capacity(listed.len());
    for target in listed {
        builder.entries_of(target)?;
        let known = target.link.alias != NONE;
        all.push(if known { target } else { builder.alias(target, merge.key.0, merge.key.1) });
    }
    Some(all)
}

/// The items of a list of mappings. The weight of the list is charged once: budgets need the sum only.
fn items(list: Built, links: Vec<Link>) -> Vec<Built> {
    let item = |(index, link): (usize, Link)| {
        let weight = if index == 0 { list.weight } else { 0 };
        // An item of an aliased list came through that alias.
        let alias = if link.alias == NONE { list.link.alias } else { link.alias };
        Built { link: Link { alias, ..link }, weight, depth: list.depth.saturating_sub(1) }
    };
    links.into_iter().enumerate().map(item).collect()
}

/// The entries of a mapping as they look from where the alias stands.
fn entries_through(builder: &Builder<'_>, target: Built) -> Vec<(BuiltKey, Built)> {
    let through = |(index, (key, link)): (usize, (BuiltKey, Link))| {
        let weight = if index == 0 { target.weight } else { 0 };
        let link = Link { alias: target.link.alias, ..link };
        (key, Built { link, weight, depth: target.depth.saturating_sub(1) })
    };
    builder.entries_of(target).unwrap_or_default().into_iter().enumerate().map(through).collect()
}
