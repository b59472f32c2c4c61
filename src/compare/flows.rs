//! Ways from sources to destinations: which classes take them, and what gates them.

use super::{Both, Change, Side};
use crate::flow::received_from;
use crate::flow::route::{Path, Point, Via, paths};
use crate::model::{ClassSet, Entity};
use crate::source::Span;
use std::collections::BTreeMap;

/// What stops a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// The consent categories that list the destination, by id; none where no choice acts on the way.
    pub categories: Vec<String>,
    /// Whether the opt-out stops it; none where nothing is sold or shared, or where it cannot be told.
    pub opt_out: Option<bool>,
}

/// How a flow gets to its destination.
#[derive(Clone, Debug)]
pub struct Way {
    /// How data gets there.
    pub via: Via,
    /// Where consent is enforced.
    pub point: Point,
    /// What stops it.
    pub gate: Gate,
    /// Where the destination stands.
    pub place: Span,
    /// Where the source stands.
    pub source: Option<Span>,
}

/// The property that shows that a class flows.
#[derive(Clone, Debug)]
pub struct Carrier {
    /// Its event.
    pub event: String,
    /// Its path.
    pub property: String,
    /// Where it stands.
    pub place: Span,
}

/// A class that takes a way.
#[derive(Clone, Debug)]
pub struct Carried {
    /// Its code.
    pub code: &'static str,
    /// What became of it; none where it flows as before.
    pub change: Option<Change>,
    /// A property that carries it; none for what goes out with every call. Of the base where the class is gone.
    pub witness: Option<Carrier>,
}

/// A way that is new, gone or not what it was.
#[derive(Clone, Debug)]
pub struct FlowChange {
    /// Id of the source; none where a destination is presumed to be fed.
    pub source: Option<String>,
    /// Id of the destination.
    pub destination: String,
    /// Its name.
    pub name: String,
    /// How data gets there.
    pub ways: Both<Way>,
    /// Classes, in the order of the statute.
    pub classes: Vec<Carried>,
}

impl FlowChange {
    /// What kind of change it is.
    pub fn change(&self) -> Change {
        self.ways.change()
    }

    /// The classes of which this became.
    pub fn classes_that_are(&self, change: Option<Change>) -> impl Iterator<Item = &Carried> {
        self.classes.iter().filter(move |class| class.change == change)
    }

    /// Whether it is gated by something else than before.
    pub fn is_gated_otherwise(&self) -> bool {
        matches!((&self.ways.before, &self.ways.after), (Some(before), Some(after)) if before.gate != after.gate)
    }

    /// Whether it takes another way than before.
    pub fn is_routed_otherwise(&self) -> bool {
        matches!((&self.ways.before, &self.ways.after), (Some(before), Some(after)) if before.via != after.via)
    }

    /// Places on both sides.
    pub(super) fn places(&self) -> Both<Vec<Span>> {
        let of = |way: &Option<Way>, gone: bool| {
            let way = way.as_ref()?;
            let mut places = vec![way.place];
            places.extend(way.source);
            let here = self.classes.iter().filter(|class| (class.change == Some(Change::Gone)) == gone);
            places.extend(here.filter_map(|class| Some(class.witness.as_ref()?.place)));
            Some(places)
        };
        Both { before: of(&self.ways.before, true), after: of(&self.ways.after, false) }
    }
}

/// A way that data takes, and what takes it.
#[derive(Clone, Debug)]
pub struct Flowing {
    /// Index of the destination.
    pub to: usize,
    /// The path.
    pub path: Path,
    /// What stops it.
    pub gate: Gate,
    /// By code: a property that carries the class; none for what goes out with every call. Empty where nothing personal flows.
    pub classes: BTreeMap<&'static str, Option<Carrier>>,
}

/// Every way to an active destination, in order of the destinations.
pub fn flowing(side: Side<'_>) -> Vec<Flowing> {
    let active = |to: &usize| side.flow.destinations[*to].object.boolean("active") == Some(true);
    let of = |to: usize| {
        let way = move |path: Path| {
            let (gate, classes) = (gate(side, &path, to), carried(side, &path, to));
            Flowing { to, path, gate, classes }
        };
        paths(side.map, &side.flow.reach, to).into_iter().map(way)
    };
    (0..side.map.model.destinations.len()).filter(active).flat_map(of).collect()
}

/// A way on one side.
struct Taken {
    way: Way,
    name: String,
    classes: BTreeMap<&'static str, Option<Carrier>>,
}

type Key = (String, Option<String>);

fn all(side: Side<'_>) -> BTreeMap<Key, Taken> {
    let model = side.map.model;
    let mut found = BTreeMap::new();
    for Flowing { to, path, gate, classes } in flowing(side).into_iter().filter(|one| !one.classes.is_empty()) {
        let entity = &model.destinations[to];
        let source = path.source.map(|source| &model.sources[source]);
        let key = (entity.id.value.clone(), source.map(|source| source.id.value.clone()));
        let source = source.map(|source| source.id.span);
        let way = Way { via: path.via, point: path.point, gate, place: entity.id.span, source };
        found.entry(key).or_insert(Taken { way, name: display(entity).to_owned(), classes });
    }
    found
}

/// The name of an entity as people know it.
fn display(entity: &Entity) -> &str {
    entity.object.text("name").unwrap_or(&entity.id.value)
}

fn carried(side: Side<'_>, path: &Path, to: usize) -> BTreeMap<&'static str, Option<Carrier>> {
    let model = side.map.model;
    let received = received_from(side.map, &side.flow.reach, path.source, to);
    let codes: ClassSet = received.classes.letters().union(received.classes);
    let witness = |code| {
        let witness = received.witnesses.get(code)?;
        let event = &model.events[witness.event];
        let path = &event.properties[witness.property].path;
        Some(Carrier { event: event.name.value.clone(), property: path.value.to_string(), place: path.span })
    };
    codes.codes().map(|code| (code, witness(code))).collect()
}

fn gate(side: Side<'_>, path: &Path, to: usize) -> Gate {
    let facts = &side.flow.destinations[to].object;
    let discloses = facts.boolean("discloses") == Some(true);
    let opt_out = facts.boolean("gated").filter(|_| discloses);
    if path.point == Point::Nowhere {
        return Gate { categories: Vec::new(), opt_out: opt_out.map(|_| false) };
    }
    let listing = side.map.model.categories.iter().zip(&side.map.links.categories);
    let listing = listing.filter(|(_, links)| links.iter().any(|link| link.index == to));
    let mut categories: Vec<String> = listing.map(|(category, _)| category.id.value.clone()).collect();
    categories.sort();
    categories.dedup();
    Gate { categories, opt_out }
}

pub(super) fn compare(before: Side<'_>, after: Side<'_>) -> Vec<FlowChange> {
    let (mut old, new) = (all(before), all(after));
    let mut changes = Vec::new();
    for (key, after) in new {
        changes.extend(change(key.clone(), old.remove(&key), Some(after)));
    }
    changes.extend(old.into_iter().filter_map(|(key, before)| change(key, Some(before), None)));
    changes.sort_by(|one, other| {
        let key = |flow: &FlowChange| (flow.change(), flow.destination.clone(), flow.source.clone());
        key(one).cmp(&key(other))
    });
    changes
}

fn change((destination, source): Key, before: Option<Taken>, after: Option<Taken>) -> Option<FlowChange> {
    let name = after.as_ref().or(before.as_ref())?.name.clone();
    let (old, before) = before.map(|flow| (flow.classes, flow.way)).unzip();
    let (new, after) = after.map(|flow| (flow.classes, flow.way)).unzip();
    let (mut old, mut new) = (old.unwrap_or_default(), new.unwrap_or_default());
    let mut classes = Vec::new();
    for code in ClassSet::every().codes() {
        let (change, witness) = match (old.remove(code), new.remove(code)) {
            (None, None) => continue,
            (Some(_), Some(witness)) => (None, witness),
            (None, Some(witness)) => (Some(Change::New), witness),
            (Some(witness), None) => (Some(Change::Gone), witness),
        };
        classes.push(Carried { code, change, witness });
    }
    let ways = Both { before, after };
    let flow = FlowChange { source, destination, name, ways, classes };
    let other = flow.change() != Change::Changed || flow.is_gated_otherwise() || flow.is_routed_otherwise();
    (other || flow.classes.iter().any(|class| class.change.is_some())).then_some(flow)
}
