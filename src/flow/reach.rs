//! Which classes of personal information each source collects and each destination receives.
//!
//! Computed per class and source, never per property and destination, so that it grows linearly.

use super::derived::{gets_through, inherit, origins};
use super::{Facts, Map};
use crate::model::event::last_name;
use crate::model::{ClassSet, ClassifiedBy, Entity, Event, Object, Origin, Property};
use std::collections::BTreeMap;

/// A property that carries a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Index of the event.
    pub event: usize,
    /// Index of the property in the event.
    pub property: usize,
    /// Whether the class rests on a similar name only.
    pub similar: bool,
}

/// Classes with a witness each; the implicit context has none.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    /// All classes.
    pub classes: ClassSet,
    /// A property for each class that a property carries, by code.
    pub witnesses: BTreeMap<&'static str, Witness>,
    /// The codes of which there is a witness, and those of which there is one that does not rest on a similar name.
    seen: [ClassSet; 2],
}

/// What every source collects and every destination receives.
#[derive(Debug, Default)]
pub struct Reach {
    /// By source.
    pub sources: Vec<Carried>,
    /// By destination, filters applied.
    pub destinations: Vec<Carried>,
    /// Enabled sources that feed each destination.
    pub paths: Vec<Vec<usize>>,
}

impl Reach {
    pub(super) fn compute(map: Map<'_>) -> Self {
        let mut sources: Vec<Carried> = map.model.sources.iter().map(implicit).collect();
        for (event, senders) in map.links.events.iter().enumerate() {
            let senders: Vec<usize> =
                senders.iter().copied().filter(|source| !is_exempt(&map.model.sources[*source])).collect();
            for source in senders {
                add_event(&mut sources[source], map, event, |_| true);
            }
        }
        let direct = (0..map.model.destinations.len()).map(|index| paths(map, index)).collect();
        let paths = inherit(map, direct);
        let destinations =
            (0..map.model.destinations.len()).map(|index| received(map, &sources, &paths[index], index)).collect();
        Self { sources, destinations, paths }
    }
}

/// Whether a law exempts all data of a source (Cal. Civ. Code § 1798.145).
pub(super) fn is_exempt(source: &Entity) -> bool {
    source.object.get("exempt").is_some()
}

/// Whether nothing that a destination receives counts: it is exempt, or deidentified before it arrives (Cal. Civ. Code
/// § 1798.140(v)(3)).
fn is_out_of_scope(destination: &Entity) -> bool {
    destination.object.get("exempt").is_some() || destination.object.boolean("deidentified") == Some(true)
}

/// The classes that go out with every call of a source though no plan lists them.
pub fn in_every_call(source: &Entity) -> ClassSet {
    implicit(source).classes
}

/// What a website or app sends with every call even if no plan lists it: addresses, identifiers, pages.
fn implicit(source: &Entity) -> Carried {
    let mut codes = Vec::new();
    if matches!(source.object.text("platform"), Some("web" | "ios" | "android" | "mobile" | "tv")) {
        codes.extend(["A", "F"]);
    }
    if !source.object.list("identity").is_empty() {
        codes.push("A");
    }
    let exempt = is_exempt(source);
    let classes = codes.iter().filter(|_| !exempt).filter_map(|code| ClassSet::parse(code)).collect();
    Carried { classes, ..Carried::default() }
}

fn add_event(carried: &mut Carried, map: Map<'_>, event: usize, keep: impl Fn(&Property) -> bool) {
    let properties = &map.model.events[event].properties;
    for (property, classified) in map.classes[event].iter().enumerate() {
        if classified.classes.is_empty() || !keep(&properties[property]) {
            continue;
        }
        let similar = matches!(classified.by, ClassifiedBy::Lexicon { score, .. } if score < 1.0);
        carried.classes = carried.classes.union(classified.classes);
        // Most of what follows in a plan is known already.
        let all = classified.classes.letters().union(classified.classes);
        let [any, sure] = &mut carried.seen;
        if sure.contains(all) || (similar && any.contains(all)) {
            continue;
        }
        *any = any.union(all);
        if !similar {
            *sure = sure.union(all);
        }
        let witness = Witness { event, property, similar };
        for code in all.codes() {
            let known = carried.witnesses.entry(code).or_insert(witness);
            if known.similar && !similar {
                *known = witness;
            }
        }
    }
}

/// Whether a source stands for what a store holds, as an inventory describes it.
pub(super) fn is_dataset(source: &Entity) -> bool {
    source.object.text("platform") == Some("dataset")
}

/// The enabled sources that feed a destination itself. Where no source says where its events go, all do, but for stores
/// that are filled from others. What an inventory says of stores does not tell which events a vendor's set-up sends.
fn paths(map: Map<'_>, destination: usize) -> Vec<usize> {
    let sources = map.model.sources.iter().zip(&map.links.sources).enumerate();
    let set_up = map.model.destinations[destination].origins.iter().any(|(origin, _)| *origin != Origin::Inventory);
    let listed = map.model.sources.iter().zip(&map.links.sources).any(|(source, targets)| {
        let counts = !(set_up && is_dataset(source));
        counts && targets.iter().flatten().any(|link| link.index == destination)
    });
    let stored = map.links.raw_stores.iter().flatten().any(|link| link.index == destination);
    let derived = !map.links.derived[destination].is_empty();
    sources
        .filter(|(_, (source, _))| source.object.boolean("enabled") != Some(false))
        .filter(|(at, (_, targets))| match targets {
            Some(targets) => targets.iter().any(|link| link.index == destination),
            None => !listed && !stored && !derived,
        } || map.links.raw_stores[*at].iter().any(|link| link.index == destination))
        .map(|(at, _)| at)
        .collect()
}

/// Whether a destination is presumed to be fed for want of anything that says by what. Vendors' files only know their
/// own sources, so they do not speak for what people declare.
pub(super) fn presumed_fed(map: Map<'_>, paths: &[usize], destination: usize) -> bool {
    if map.links.derived[destination].is_empty() {
        return is_presumed(map, paths, destination);
    }
    paths.is_empty() && origins(map, destination).into_iter().any(|store| is_presumed(map, paths, store))
}

fn is_presumed(map: Map<'_>, paths: &[usize], destination: usize) -> bool {
    let senders = || map.model.sources.iter().filter(|source| !is_dataset(source));
    if !paths.is_empty() || senders().next().is_none() {
        return paths.is_empty();
    }
    let declared = |entity: &Entity| entity.origins.is_empty() || entity.is_from(Origin::Inventory);
    let listed = || map.links.sources.iter().flatten().flatten().any(|link| link.index == destination);
    let ours = map.model.destinations.get(destination).is_some_and(declared);
    ours && !senders().any(declared) && !listed()
}

/// Whether an event only describes what stores hold.
fn is_dataset_only(map: Map<'_>, senders: &[usize]) -> bool {
    !senders.is_empty() && senders.iter().all(|source| is_dataset(&map.model.sources[*source]))
}

fn is_filtered(object: &Object) -> bool {
    let lists = ["filters.drop_events", "filters.drop_properties", "filters.allow_properties"];
    lists.iter().any(|list| !object.list(list).is_empty())
}

fn received(map: Map<'_>, sources: &[Carried], paths: &[usize], to: usize) -> Carried {
    let object = &map.model.destinations[to].object;
    let mut all = Carried::default();
    if is_out_of_scope(&map.model.destinations[to]) {
        return all;
    }
    if presumed_fed(map, paths, to) {
        all.classes = ["A", "F"].iter().filter_map(|code| ClassSet::parse(code)).collect();
        let events = map.model.events.iter().zip(&map.links.events).enumerate();
        for (index, (event, _)) in events.filter(|(_, (_, senders))| !is_dataset_only(map, senders)) {
            add_event(&mut all, map, index, |property| gets_through(map, to, event, property));
        }
        return all;
    }
    if is_filtered(object)
        || origins(map, to).into_iter().any(|store| is_filtered(&map.model.destinations[store].object))
    {
        return filtered(map, paths, to);
    }
    for source in paths {
        all.classes = all.classes.union(sources[*source].classes);
        for (code, witness) in &sources[*source].witnesses {
            all.witnesses.entry(code).or_insert(*witness);
        }
    }
    all
}

/// What a destination receives from one source, filters applied; from none, what it is presumed to be fed.
pub fn received_from(map: Map<'_>, reach: &Reach, source: Option<usize>, to: usize) -> Carried {
    received(map, &reach.sources, source.as_slice(), to)
}

fn filtered(map: Map<'_>, paths: &[usize], to: usize) -> Carried {
    let mut all = Carried::default();
    for source in paths {
        all.classes = all.classes.union(implicit(&map.model.sources[*source]).classes);
    }
    for (index, senders) in map.links.events.iter().enumerate() {
        let event = &map.model.events[index];
        let sent = senders.iter().any(|source| paths.contains(source) && !is_exempt(&map.model.sources[*source]));
        if sent {
            add_event(&mut all, map, index, |property| gets_through(map, to, event, property));
        }
    }
    all
}

/// Whether a destination's own filters let a property of an event through.
pub(super) fn lets_through(destination: &Object, event: &Event, property: &Property) -> bool {
    destination.get("filters").is_none()
        || (!destination.has_text("filters.drop_events", &event.name.value) && passes(destination, property))
}

fn passes(destination: &Object, property: &Property) -> bool {
    let listed = |list: &str| destination.texts(list).any(|(name, _)| names(name, property));
    let allowed = destination.list("filters.allow_properties").is_empty() || listed("filters.allow_properties");
    allowed && !listed("filters.drop_properties")
}

/// Whether a filter that lists `name` is about a property: by its name, its path or that of an object around it, also
/// with the part of the event before it (`traits.email`). `*` is every property, `traits.*` every trait. A list is passed
/// over in a path: `products.sku` is the `sku` of every product (Segment documentation, Destination Filters).
fn names(name: &str, property: &Property) -> bool {
    let path: &str = &property.path.value;
    let flat = path.contains(".$").then(|| path.replace(".$", ""));
    let begins =
        |path: &str, name: &str| path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let leads =
        |name: &str| name == "*" || begins(path, name) || flat.as_deref().is_some_and(|flat| begins(flat, name));
    let own_part = name.strip_prefix(property.section.name()).and_then(|rest| rest.strip_prefix('.'));
    leads(name) || name == last_name(path) || own_part.is_some_and(leads)
}

/// Those of the destinations that receive an event to whose data the statute applies: neither what sends it nor what gets it
/// is exempt, and it is not deidentified there.
pub(super) fn covered(map: Map<'_>, reach: &Reach, receivers: &[Vec<usize>], event: usize) -> Vec<usize> {
    let senders = &map.links.events[event];
    // Destinations that are exempt or get deidentified data are no receivers.
    if !senders.iter().any(|source| is_exempt(&map.model.sources[*source])) {
        return receivers[event].clone();
    }
    let applies = |to: &&usize| {
        let paths = &reach.paths[**to];
        let open = |source: &usize| paths.contains(source) && !is_exempt(&map.model.sources[*source]);
        let sent = paths.is_empty() && !senders.iter().all(|at| is_exempt(&map.model.sources[*at]));
        sent || senders.iter().any(open)
    };
    receivers[event].iter().filter(applies).copied().collect()
}

/// Active destinations that receive each event. What only exempt sources send, and what exempt destinations receive, does
/// not count.
pub(super) fn receivers(map: Map<'_>, reach: &Reach, destinations: &[Facts]) -> Vec<Vec<usize>> {
    let counts = |to: &usize| destinations[*to].holds("active") && !is_out_of_scope(&map.model.destinations[*to]);
    let active: Vec<usize> = (0..destinations.len()).filter(counts).collect();
    let exempt: Vec<bool> = map.model.sources.iter().map(is_exempt).collect();
    let presumed: Vec<bool> = reach.paths.iter().enumerate().map(|(to, paths)| presumed_fed(map, paths, to)).collect();
    // Most events of a plan have the same senders, so the answer is kept per set of senders.
    let mut known: BTreeMap<&[usize], Vec<usize>> = BTreeMap::new();
    let receive = |senders: &[usize]| -> Vec<usize> {
        let fed = |to: &&usize| {
            (presumed[**to] && !is_dataset_only(map, senders))
                || reach.paths[**to].iter().any(|source| !exempt[*source] && senders.contains(source))
        };
        active.iter().filter(fed).copied().collect()
    };
    let mut all = Vec::with_capacity(map.links.events.len());
    for senders in &map.links.events {
        let list = known.entry(senders).or_insert_with(|| receive(senders));
        all.push(list.clone());
    }
    all
}
