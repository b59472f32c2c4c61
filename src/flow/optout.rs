//! How an opt-out gets to a destination: how soon, and whether to all routes to the same vendor.

use super::destination::{is_own_store, only_signals};
use super::{Facts, Map, display};
use crate::model::catalogue::Known;
use crate::model::{Entity, Value, normal};
use std::collections::BTreeMap;

/// Catalogue categories whose tools a vendor uses for advertising, or to measure it.
const ADVERTISING: [&str; 3] = ["Advertising", "Attribution", "Referrals"];

/// Sets `run_by`, `open_routes`, `routes_unclear`, `optout_days` and `immediate` on every destination.
pub(super) fn apply(map: Map<'_>, destinations: &mut [Facts]) {
    let mut vendors: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, entity) in map.model.destinations.iter().enumerate() {
        destinations[index].texts("open_routes", Vec::<String>::new());
        destinations[index].bool("routes_unclear", false);
        timing(entity, &mut destinations[index]);
        if let Some(vendor) = vendor(entity, map.links.known[index]) {
            destinations[index].text("run_by", vendor);
            vendors.entry(normal(vendor)).or_default().push(index);
        }
    }
    // A vendor is spoken of once, at the first of its destinations that the opt-out turns off.
    for routes in vendors.values() {
        if let Some(stopped) = routes.iter().copied().find(|at| closed(&destinations[*at])) {
            others(map, routes, stopped, destinations);
        }
    }
}

/// Notes at a destination which other routes to its vendor the opt-out leaves open; those that are unclear only where
/// no other is.
fn others(map: Map<'_>, routes: &[usize], stopped: usize, destinations: &mut [Facts]) {
    let entity = |at: usize| &map.model.destinations[at];
    let open =
        routes.iter().filter_map(|at| Some((route(entity(*at), map.links.known[*at], &destinations[*at])?, *at)));
    let open: Vec<(bool, usize)> = open.collect();
    let unclear = open.iter().all(|(unclear, _)| *unclear) && !open.is_empty();
    let listed: Vec<&Entity> = open.iter().filter(|(kind, _)| *kind == unclear).map(|(_, at)| entity(*at)).collect();
    let facts = &mut destinations[stopped];
    facts.bool("routes_unclear", unclear);
    facts.texts("open_routes", listed.iter().map(|entity| display(entity)));
    for entity in listed {
        let text = format!("{} goes to the same vendor, and the opt-out does not stop it", display(entity));
        facts.because("open_routes", entity.id.span, text);
    }
}

fn vendor<'a>(entity: &'a Entity, known: Option<&Known>) -> Option<&'a str> {
    let catalogued = known.map(|known| known.vendor).filter(|vendor| !vendor.is_empty());
    entity.object.text("vendor").or(catalogued)
}

/// Whether data is sold or shared with it, and the opt-out turns it off.
fn closed(facts: &Facts) -> bool {
    facts.holds("active") && facts.holds("discloses") && facts.holds("gated")
}

/// Whether a destination is a way to its vendor that the opt-out leaves open; and then, whether that is unclear
/// because nothing says who the recipient is.
fn route(entity: &Entity, known: Option<&Known>, facts: &Facts) -> Option<bool> {
    let object = &entity.object;
    let open = facts.object.boolean("gated") == Some(false) && !facts.holds("optout_unstated");
    if !open || !facts.holds("active") || !facts.holds("receives_personal") {
        return None;
    }
    if facts.holds("discloses") {
        return Some(false);
    }
    let decided = ["sells", "shares"].iter().any(|name| object.boolean(name) == Some(false));
    let directed = object.boolean("consumer_directed") == Some(true);
    if decided || directed || is_own_store(entity) || only_signals(entity) {
        return None;
    }
    match object.text("role") {
        Some("third_party") => Some(false),
        Some(_) => None,
        // An analytics tool of the same vendor may be a service of its own; who it is to the business is asked elsewhere.
        None => known
            .is_none_or(|known| {
                known.categories.is_empty() || known.categories.iter().any(|name| ADVERTISING.contains(name))
            })
            .then_some(true),
    }
}

fn timing(entity: &Entity, facts: &mut Facts) {
    let given = ["optout.interval_days", "optout.latency_days"].map(|name| entity.object.get(name));
    let days: Vec<i64> = given
        .iter()
        .flatten()
        .filter_map(|found| if let Value::Int(days) = found.value { Some(days) } else { None })
        .collect();
    for (what, found) in ["days between two runs", "days until it takes effect"].into_iter().zip(given) {
        if let Some(found) = found {
            facts.because("optout_days", found.span, format!("{} {what}", found.value.display()));
        }
    }
    if !days.is_empty() {
        facts.set("optout_days", Value::Int(days.iter().fold(0, |sum, days| sum.saturating_add(*days))));
    }
    let events = matches!(entity.object.text("mode"), Some("device" | "cloud"));
    facts.bool("immediate", events && given[0].is_none());
}
