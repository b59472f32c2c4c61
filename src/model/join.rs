//! Joins the parts that files give into one data map.

use super::catalogue::{Lookup, lookup};
use super::entity::{Contradiction, Entity, Origin};
use super::follow::{Follower, Links, settled};
use super::kind::{self, Kind};
use super::{Located, Model, Value};
use crate::finding::Problem;
use crate::source::{SourceId, Span};
use std::collections::{HashMap, HashSet};

/// A name as it is compared: lower case, letters and digits only.
pub fn normal(name: &str) -> String {
    if name.is_ascii() {
        let mut plain = String::with_capacity(name.len());
        let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
        plain.extend(letters.map(|byte| char::from(byte.to_ascii_lowercase())));
        return plain;
    }
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The slug under which the catalogue knows a destination, by what its files call it.
fn slug(entity: &Entity) -> Option<&'static str> {
    let stated = entity.object.text("catalog");
    match settled(stated.unwrap_or(&entity.id.value)) {
        Lookup::Found(known) => Some(known.slug),
        _ => None,
    }
}

/// An id of the author's own beside a stated `catalog`: one of perhaps several instances of a tool.
fn is_instance(entity: &Entity) -> bool {
    entity.origin() == Some(Origin::Inventory)
        && entity.object.get("catalog").is_some()
        && !matches!(lookup(&entity.id.value), Lookup::Found(_))
}

/// Joins entities that several files speak of.
struct Joined<'j> {
    kept: Vec<Entity>,
    names: HashMap<String, usize>,
    slugs: HashMap<&'static str, Vec<usize>>,
    inventory: &'j HashSet<SourceId>,
}

impl<'j> Joined<'j> {
    fn new(inventory: &'j HashSet<SourceId>) -> Self {
        Self { kept: Vec::new(), names: HashMap::new(), slugs: HashMap::new(), inventory }
    }

    /// Entities that share an id or an alias are one; of several candidates the first. So are a destination of the
    /// inventory and one of a vendor's file that the catalogue knows as the same, unless there are several of it.
    fn add(&mut self, entity: Entity, contradictions: &mut Vec<Contradiction>) {
        let own: Vec<String> = own_names(&entity).collect();
        let known = if entity.kind.name == kind::DESTINATION.name { slug(&entity) } else { None };
        let shared = || {
            let [only] = self.slugs.get(known?)?.as_slice() else { return None };
            (!is_instance(&entity)).then_some(*only)
        };
        let at = own.iter().filter_map(|name| self.names.get(name).copied()).min().or_else(shared);
        let at = at.unwrap_or(self.kept.len());
        let inventory = |span: Span| self.inventory.contains(&span.source);
        match self.kept.get_mut(at) {
            Some(kept) => kept.absorb(entity, &inventory, contradictions),
            None => self.kept.push(entity),
        }
        for name in self.kept.get(at).into_iter().flat_map(own_names).chain(own) {
            let first = self.names.entry(name).or_insert(at);
            *first = at.min(*first);
        }
        if let Some(known) = known {
            let instances = self.slugs.entry(known).or_default();
            if !instances.contains(&at) {
                instances.push(at);
            }
        }
    }

    fn all(inventory: &'j HashSet<SourceId>, mut given: Vec<Entity>, found: &mut Vec<Contradiction>) -> Vec<Entity> {
        // What people declare comes first, what is only referred to last: the name and the values of the former stay.
        given.sort_by_key(|entity| (entity.implied, entity.origin()));
        let mut joined = Self::new(inventory);
        given.into_iter().for_each(|entity| joined.add(entity, found));
        joined.kept
    }
}

impl Model {
    /// Joins parts in the order given. Equal entities become one; references are followed.
    pub fn join(parts: Vec<Model>) -> (Model, Links, Vec<Problem>) {
        let inventory: HashSet<SourceId> = parts.iter().flat_map(Model::inventory_sources).collect();
        let mut whole = Model::default();
        let mut plans = HashMap::new();
        for part in parts {
            whole.take(part, &inventory, &mut plans);
        }
        let mut contradictions = std::mem::take(&mut whole.contradictions);
        for list in [&mut whole.destinations, &mut whole.sources] {
            *list = Joined::all(&inventory, std::mem::take(list), &mut contradictions);
        }
        for list in [&mut whole.consents, &mut whole.banners] {
            *list = single(std::mem::take(list), &inventory, &mut contradictions);
        }
        whole.contradictions = contradictions;
        whole.complete();
        let mut problems = Vec::new();
        let links = Follower::new(&mut whole, &mut problems).follow();
        for list in [&mut whole.destinations, &mut whole.sources, &mut whole.categories] {
            for entity in list {
                name(entity);
            }
        }
        for (entity, known) in whole.destinations.iter_mut().zip(&links.known) {
            if let (Some(known), true) = (known, entity.object.text("name") == Some(entity.id.value.as_str())) {
                let span = entity.id.span;
                entity.object.set("name", Located::new(Value::Text(known.name.to_owned()), span));
            }
        }
        (whole, links, problems)
    }

    /// The files whose declarations count as the inventory.
    fn inventory_sources(&self) -> Vec<SourceId> {
        let lists =
            [&self.destinations, &self.sources, &self.categories, &self.consents, &self.banners, &self.requests];
        let business = self.business.iter().chain(&self.signals);
        let all = lists.into_iter().flatten().chain(business);
        // An entity without an origin was made by a test or a format that speaks of nothing else.
        let declared = all.filter(|entity| entity.origin().is_none_or(|origin| origin == Origin::Inventory));
        declared.map(|entity| entity.id.span.source).collect()
    }

    /// What a data map is silent about exists all the same: the business, the signal and the way to opt out. Their
    /// place is the first thing that was declared.
    fn complete(&mut self) {
        let first = [self.business.as_ref(), self.categories.first(), self.destinations.first(), self.sources.first()];
        let Some(place) = first.into_iter().flatten().map(|entity| entity.id.span).next().filter(|_| self.declared)
        else {
            return;
        };
        let silent = |kind, id: &str| Entity::implied(kind, Located::new(id.to_owned(), place));
        self.business.get_or_insert_with(|| silent(&kind::BUSINESS, "business"));
        for (list, kind, id) in
            [(&mut self.signals, &kind::SIGNAL, "gpc"), (&mut self.requests, &kind::REQUEST, "opt_out")]
        {
            if !list.iter().any(|known| known.id.value == id) {
                list.push(silent(kind, id));
            }
        }
    }

    fn take(&mut self, part: Model, inventory: &HashSet<SourceId>, plans: &mut HashMap<String, usize>) {
        self.declared |= part.declared;
        let declared = |span: Span| inventory.contains(&span.source);
        let contradictions = &mut self.contradictions;
        match (self.business.as_mut(), part.business) {
            (None, given) => self.business = given,
            (Some(kept), Some(given)) => kept.absorb(given, &declared, contradictions),
            _ => {}
        }
        for (kept, given) in [
            (&mut self.signals, part.signals),
            (&mut self.categories, part.categories),
            (&mut self.requests, part.requests),
        ] {
            for entity in given {
                match kept.iter_mut().find(|known| known.id.value == entity.id.value) {
                    Some(known) => known.absorb(entity, &declared, contradictions),
                    None => kept.push(entity),
                }
            }
        }
        self.destinations.extend(part.destinations);
        self.sources.extend(part.sources);
        self.consents.extend(part.consents);
        self.banners.extend(part.banners);
        self.notices.extend(part.notices);
        self.fields.extend(part.fields);
        self.contradictions.extend(part.contradictions);
        self.take_plans(part.plans, part.events, plans);
    }

    /// Parts of one plan (a file per event) share its name.
    fn take_plans(&mut self, given: Vec<super::Plan>, events: Vec<super::Event>, plans: &mut HashMap<String, usize>) {
        let mut moved = Vec::with_capacity(given.len());
        for plan in given {
            let index = *plans.entry(plan.name.value.clone()).or_insert(self.plans.len());
            match self.plans.get_mut(index) {
                Some(known) => {
                    let new = plan.names.into_iter().filter(|name| !known.names.contains(name)).collect::<Vec<_>>();
                    known.names.extend(new);
                }
                None => self.plans.push(plan),
            }
            moved.push(index);
        }
        self.events.extend(events.into_iter().map(|mut event| {
            event.plan = event.plan.and_then(|plan| moved.get(plan).copied());
            event
        }));
    }
}

/// Consent set-ups: what data maps say is one; a vendor's file joins it where it is the only one, and stays on its
/// own where a repository holds several sites.
fn single(given: Vec<Entity>, inventory: &HashSet<SourceId>, found: &mut Vec<Contradiction>) -> Vec<Entity> {
    let declared = |span: Span| inventory.contains(&span.source);
    let (ours, mut theirs): (Vec<Entity>, Vec<Entity>) =
        given.into_iter().partition(|entity| entity.origin().is_none_or(|origin| origin == Origin::Inventory));
    // A tag manager acts on what a consent manager lets through, so the latter decides where there are both.
    theirs.sort_by_key(is_tag_manager);
    let mut ours = ours.into_iter();
    let Some(mut first) = ours.next() else { return theirs };
    ours.for_each(|entity| first.absorb(entity, &declared, found));
    let managers = theirs.iter().filter(|entity| !is_tag_manager(entity)).count();
    let only = managers == 1 || (managers == 0 && theirs.len() == 1);
    if only && theirs.first().is_some_and(|other| agree(&first, other)) {
        first.absorb(theirs.remove(0), &declared, found);
    }
    theirs.insert(0, first);
    theirs
}

fn is_tag_manager(entity: &Entity) -> bool {
    entity.kind.name == kind::CONSENT.name && entity.object.text("manager") == Some("gtm")
}

/// Whether two set-ups may be of one manager: a tag manager stands beside any other.
fn agree(one: &Entity, other: &Entity) -> bool {
    let named = |entity: &Entity| entity.kind.name == kind::CONSENT.name && entity.object.text("manager").is_some();
    is_tag_manager(one) == is_tag_manager(other) || !(named(one) && named(other))
}

/// Names under which a destination or source is declared: id and stated aliases.
pub(super) fn own_names(entity: &Entity) -> impl Iterator<Item = String> {
    let aliases = entity.object.texts("aliases").map(|(alias, _)| normal(alias));
    std::iter::once(normal(&entity.id.value)).chain(aliases)
}

/// Gives an entity the attributes that rules may ask of any: its id, and a name.
fn name(entity: &mut Entity) {
    for attribute in ["id", "name"] {
        if entity.object.get(attribute).is_none() {
            let named = Located::new(Value::Text(entity.id.value.clone()), entity.id.span);
            entity.object.set(attribute, named);
        }
    }
}

/// Marks what a file gave with the kind of file it is, and makes known what its categories and sources only name.
pub(crate) fn mark(origin: Origin, first: &Counted, model: &mut Model) {
    for (list, from) in [
        (&mut model.destinations, first.destinations),
        (&mut model.sources, first.sources),
        (&mut model.categories, first.categories),
        (&mut model.consents, first.consents),
        (&mut model.banners, first.banners),
    ] {
        for entity in list.iter_mut().skip(from) {
            entity.origins.push((origin, entity.id.clone()));
        }
    }
    if origin == Origin::Inventory {
        return;
    }
    // A vendor's file names what exists in its workspace, so a name without a declaration is no slip.
    let named = |list: &[Entity], from: usize| -> Vec<(String, Span)> {
        let entities = list.iter().skip(from);
        entities
            .flat_map(|entity| entity.object.texts("destinations"))
            .map(|(name, span)| (name.to_owned(), span))
            .collect()
    };
    let mut names = named(&model.categories, first.categories);
    names.extend(named(&model.sources, first.sources));
    for (name, span) in names {
        model.destinations.push(implied(&kind::DESTINATION, origin, name, span));
    }
}

fn implied(kind: &'static Kind, origin: Origin, name: String, span: Span) -> Entity {
    let id = Located::new(name, span);
    Entity { origins: vec![(origin, id.clone())], ..Entity::implied(kind, id) }
}

/// How much a model held before a document was read into it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counted {
    destinations: usize,
    sources: usize,
    categories: usize,
    consents: usize,
    banners: usize,
}

impl Counted {
    pub(crate) fn of(model: &Model) -> Self {
        Self {
            destinations: model.destinations.len(),
            sources: model.sources.len(),
            categories: model.categories.len(),
            consents: model.consents.len(),
            banners: model.banners.len(),
        }
    }
}
