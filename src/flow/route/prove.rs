//! Whether a claim about a destination holds in every state of a visitor.

use super::super::Map;
use super::super::gate::computed;
use super::super::reach::{Reach, is_exempt};
use super::super::routing::analytics_js::Integrations;
use super::super::routing::{Events, Preference, Visitor};
use super::mapping::{carries_out, honored, listed};
use super::paths::{model, paths};
use super::simulate::Scene;
use super::{Claim, Counterexample, Path, Proof};
use std::collections::BTreeSet;

/// Whether a claim about a destination holds. Every path is looked at by itself, in every state that counts for the claim:
/// all preferences about the categories that matter, with and without a signal, before and after a choice.
pub fn prove(map: Map<'_>, reach: &Reach, destination: usize, claim: Claim) -> Proof {
    let exempt = |path: &Path| path.source.is_some_and(|source| is_exempt(&map.model.sources[source]));
    let paths: Vec<Path> = paths(map, reach, destination).into_iter().filter(|path| !exempt(path)).collect();
    let ids = matters(map, destination, &paths, claim);
    let integrations = Integrations::new();
    let mut open: Option<Proof> = None;
    for visitor in states(&ids) {
        if !counts(map, &ids, claim, &visitor) {
            continue;
        }
        for path in &paths {
            let listed = listed(map, destination, path);
            let scene = Scene { map, destination, listed: &listed, model: model(map), integrations: &integrations };
            let decision = scene.decide(path, &visitor);
            match decision.delivery.events {
                Events::No => {}
                Events::Yes => {
                    let computed = computed(map, destination).filter(|_| scene.switching().next().is_none());
                    if let Some(list) = computed.filter(|_| path.point != super::Point::Nowhere) {
                        open.get_or_insert(Proof::Undecidable { missing: list.value.to_owned(), place: list.span });
                        continue;
                    }
                    let (because, place) = (decision.because, decision.place);
                    return Proof::Refuted(Counterexample { visitor, path: path.clone(), because, place });
                }
                Events::Undecidable(why) => {
                    open.get_or_insert(Proof::Undecidable { missing: why.to_owned(), place: decision.place });
                }
            }
        }
    }
    open.unwrap_or(Proof::Proved)
}

fn right(claim: Claim) -> &'static str {
    match claim {
        Claim::OptOut | Claim::OptIn => "opt-out",
        Claim::Limit => "limit",
    }
}

/// Ids of the categories that matter: those that list it at any point, and one that carries out the right.
fn matters(map: Map<'_>, destination: usize, paths: &[Path], claim: Claim) -> Vec<String> {
    let categories = &map.model.categories;
    let mut found: BTreeSet<usize> =
        paths.iter().flat_map(|path| listed(map, destination, path)).map(|one| one.category).collect();
    let carries = |at: &usize| carries_out(&categories[*at], right(claim));
    if !found.iter().any(|at| carries(at)) {
        found.extend((0..categories.len()).find(|at| carries(at)));
    }
    found.into_iter().map(|at| categories[at].id.value.clone()).collect()
}

/// Every state of a visitor; those in which less is said first, a signal before a choice.
fn states(ids: &[String]) -> Vec<Visitor> {
    let mut all = vec![Visitor::default()];
    for id in ids {
        let more: Vec<Visitor> = all
            .iter()
            .flat_map(|visitor| {
                [Preference::Denied, Preference::Granted].map(|preference| {
                    let mut visitor = visitor.clone();
                    visitor.preferences.insert(id.clone(), preference);
                    visitor
                })
            })
            .collect();
        all.extend(more);
    }
    all.sort_by_key(|visitor| visitor.preferences.len());
    let kinds = [(true, false), (false, true), (true, true), (false, false)];
    all.into_iter()
        .flat_map(|visitor| kinds.map(|(signal, chosen)| Visitor { signal, chosen, ..visitor.clone() }))
        .collect()
}

/// Whether a claim speaks of a state: the right was exercised, or no choice was made.
fn counts(map: Map<'_>, ids: &[String], claim: Claim, visitor: &Visitor) -> bool {
    if claim == Claim::OptIn {
        return !visitor.chosen && visitor.preferences.values().all(|said| *said != Preference::Granted);
    }
    if claim == Claim::OptOut && visitor.signal && honored(map).is_some() {
        return true;
    }
    let known = map.model.categories.iter().filter(|category| ids.contains(&category.id.value));
    let mut carrying = known.filter(|category| carries_out(category, right(claim)));
    visitor.chosen && carrying.all(|category| visitor.preference(&category.id.value) == Preference::Denied)
}
