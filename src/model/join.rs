//! Joins the parts that files give into one data map.

use super::catalogue::{Lookup, lookup};
use super::entity::{Contradiction, Entity, Origin};
use super::follow::{Follower, settled};
use super::kind::{self, Kind};
use super::links::Links;
use super::names::own_names;
use super::{Located, Model, Object, Value, define, observe};
use crate::finding::Problem;
use crate::source::{SourceId, Span};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The slug under which the catalogue knows a destination, by what its files call it.
fn slug(entity: &Entity) -> Option<&'static str> {
    let found = |name: &str| match settled(name) {
        Lookup::Found(known) => Some(known.slug),
        _ => None,
    };
    entity.object.text("catalog").and_then(found).or_else(|| found(&entity.id.value))
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
    /// Whether the catalogue may tell that two are the same.
    by_catalogue: bool,
}

impl<'j> Joined<'j> {
    fn new(inventory: &'j HashSet<SourceId>, by_catalogue: bool) -> Self {
        Self { kept: Vec::new(), names: HashMap::new(), slugs: HashMap::new(), inventory, by_catalogue }
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
        let named = own.iter().filter_map(|name| self.names.get(name).copied()).min();
        let at = named.or_else(|| shared().filter(|_| self.by_catalogue)).unwrap_or(self.kept.len());
        let inventory = |span: Span| self.inventory.contains(&span.source);
        match self.kept.get_mut(at) {
            Some(kept) => {
                let mut entity = entity;
                if named.is_none() && kept.is_from(Origin::Platform) && entity.is_from(Origin::Platform) {
                    widen(&mut kept.object, &mut entity.object, &inventory);
                }
                kept.absorb(entity, &inventory, contradictions);
            }
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
        // All that a platform's files say of one instance is put together before the catalogue brings instances
        // together: its filters stand in files of their own.
        let of_platform = |entity: &Entity| entity.origin() == Some(Origin::Platform);
        let (parts, mut given): (Vec<Entity>, Vec<Entity>) = given.into_iter().partition(of_platform);
        let mut instances = Self::new(inventory, false);
        parts.into_iter().for_each(|entity| instances.add(entity, found));
        given.extend(instances.kept);
        given.sort_by_key(|entity| (entity.implied, entity.origin()));
        let mut joined = Self::new(inventory, true);
        given.into_iter().for_each(|entity| joined.add(entity, found));
        joined.kept
    }
}

/// Before two instances of a tool become one destination: only what both keep from it is kept from it, besides what the
/// inventory says. An instance whose filters no file tells says nothing.
fn widen(kept: &mut Object, other: &mut Object, inventory: &dyn Fn(Span) -> bool) {
    let filters = |object: &Object| match object.get("filters") {
        Some(Located { value: Value::Object(filters), span, .. }) => Some((filters.clone(), *span)),
        _ => None,
    };
    let (Some((mut ours, span)), Some((mut theirs, _))) = (filters(kept), filters(other)) else { return };
    for list in ["drop_events", "drop_properties"] {
        let both = |item: &Located<Value>, others: &Object| {
            inventory(item.span) || others.list(list).iter().any(|known| known.value == item.value)
        };
        let mine: Vec<_> = ours.list(list).iter().filter(|item| both(item, &theirs)).cloned().collect();
        ours.set(list, Located::new(Value::List(mine), span));
        theirs.set(list, Located::new(Value::List(Vec::new()), span));
    }
    if ours.list("allow_properties").is_empty() != theirs.list("allow_properties").is_empty() {
        let mine: Vec<_> = ours.list("allow_properties").iter().filter(|item| inventory(item.span)).cloned().collect();
        ours.set("allow_properties", Located::new(Value::List(mine), span));
        theirs.set("allow_properties", Located::new(Value::List(Vec::new()), span));
    }
    kept.set("filters", Located::new(Value::Object(ours), span));
    other.set("filters", Located::new(Value::Object(theirs), span));
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
        define::resolve(&mut whole, &mut problems);
        observe::settle(&mut whole);
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
            (&mut self.decisions, part.decisions),
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
        self.listings.extend(part.listings);
        self.contradictions.extend(part.contradictions);
        self.passed.extend(part.passed);
        self.stamped.extend(part.stamped);
        let moved = self.take_plans(part.plans, part.events, plans);
        self.parts.definitions.extend(part.parts.definitions);
        self.parts.events.extend(part.parts.events.into_iter().filter_map(|mut event| {
            event.plan = moved.get(event.plan).copied()?;
            Some(event)
        }));
    }

    /// Parts of one plan (a file per event) share its name.
    fn take_plans(
        &mut self,
        given: Vec<super::Plan>,
        events: Vec<Arc<super::Event>>,
        plans: &mut HashMap<String, usize>,
    ) -> Vec<usize> {
        let mut moved = Vec::with_capacity(given.len());
        for plan in given {
            // A profile that is called like a plan is another thing.
            let key = if plan.observed { ["\0", plan.name.value.as_str()].concat() } else { plan.name.value.clone() };
            let index = *plans.entry(key).or_insert(self.plans.len());
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
            let plan = event.plan.and_then(|plan| moved.get(plan).copied());
            if plan != event.plan {
                Arc::make_mut(&mut event).plan = plan;
            }
            event
        }));
        moved
    }
}

/// Consent set-ups: what data maps say is one. A vendor's file joins it where it is the only one that it can speak of,
/// and stays on its own otherwise: a repository may hold several sites, and a tag manager beside a consent manager.
fn single(given: Vec<Entity>, inventory: &HashSet<SourceId>, found: &mut Vec<Contradiction>) -> Vec<Entity> {
    let declared = |span: Span| inventory.contains(&span.source);
    let (ours, mut theirs): (Vec<Entity>, Vec<Entity>) =
        given.into_iter().partition(|entity| entity.origin().is_none_or(|origin| origin == Origin::Inventory));
    // Files of one set-up (one for each destination) say the same of their consent manager.
    let mut said = HashSet::new();
    let said_of = |entity: &Entity| -> Vec<String> {
        let values = entity.object.entries().map(|(field, value)| format!("{}={}", field.name, value.value.display()));
        std::iter::once(entity.id.value.clone()).chain(values).collect()
    };
    theirs.retain(|entity| entity.kind.name != kind::CONSENT.name || said.insert(said_of(entity)));
    theirs.sort_by_key(|entity| rank(manager(entity)));
    let mut ours = ours.into_iter();
    let Some(mut first) = ours.next() else { return theirs };
    ours.for_each(|entity| first.absorb(entity, &declared, found));
    let fits = |entity: &&Entity| match (manager(&first), manager(entity)) {
        (None, _) | (_, None) => true,
        (Some(ours), Some(theirs)) => ours == theirs || [ours, theirs].iter().all(|name| EXCLUSIVE.contains(name)),
    };
    if theirs.iter().filter(fits).count() == 1
        && let Some(at) = theirs.iter().position(|entity| fits(&entity))
    {
        let same = theirs.remove(at);
        first.absorb(same, &declared, found);
    }
    theirs.insert(0, first);
    theirs
}

/// Consent managers of which a site has one: two of them in one project contradict each other.
const EXCLUSIVE: [&str; 3] = ["onetrust", "trustarc", "segment-consent-manager"];

fn manager(entity: &Entity) -> Option<&str> {
    if entity.kind.name == kind::CONSENT.name { entity.object.text("manager") } else { None }
}

/// Of several consent managers the one that is asked first: what the events themselves carry, then what acts in the
/// page, and a tag manager last, because it only decides of its own tags.
fn rank(manager: Option<&str>) -> usize {
    const ORDER: [&str; 6] = ["onetrust", "trustarc", "segment", "segment-consent-manager", "rudderstack", "gtm"];
    ORDER.iter().position(|known| Some(*known) == manager).unwrap_or(ORDER.len())
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
    super::listing::note(origin, first.categories, first.consents, model);
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
