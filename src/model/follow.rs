//! Follows the names in a data map to the entities they stand for.

use super::catalogue::{EVERY_OTHER, Known, Lookup, is_category, lookup};
use super::entity::{Entity, Origin};
use super::links::{Link, Links, Listed};
use super::listing::Lister;
use super::names::{normal, own_names, unresolved};
use super::{Located, Model, Plan, kind};
use crate::finding::{Problem, Stage};
use crate::source::{SourceId, Span};
use std::collections::{HashMap, HashSet};

/// What to do where a source follows a profile of real events.
const NO_PLAN: &str = "name the plan that it follows, or leave `plan` out; a profile is held against plans by itself";

/// The catalogue's entry for a declared destination.
fn known(entity: &Entity, problems: &mut Vec<Problem>) -> Option<&'static Known> {
    let stated = entity.object.get("catalog").map(|value| (value.value.display(), value.span));
    let (wanted, span) = stated.clone().unwrap_or((entity.id.value.clone(), entity.id.span));
    // Only people can be asked to write another name; a vendor's file names what it names.
    let ours = entity.origin().is_none_or(|origin| origin == Origin::Inventory);
    match settled(&wanted) {
        Lookup::Found(known) => Some(known),
        Lookup::Unknown if !ours && stated.is_some() => match settled(&entity.id.value) {
            Lookup::Found(known) => Some(known),
            _ => None,
        },
        Lookup::Ambiguous(candidates) if !ours => candidates.first().copied(),
        Lookup::Ambiguous(candidates) => {
            let slugs: Vec<&str> = candidates.iter().map(|known| known.slug).collect();
            let message = format!("`{wanted}` is the name of several destinations of the catalogue");
            let help = format!("write `catalog:` with one of {}", slugs.join(", "));
            problems.push(Problem::at(Stage::Reference, span, message).help(help));
            None
        }
        Lookup::Unknown if stated.is_some() => {
            let slugs = super::catalogue::all().iter().map(|known| known.slug);
            let message = format!("the catalogue has no `{wanted}`");
            problems.push(unresolved(span, &wanted, message, slugs, ""));
            None
        }
        Lookup::Unknown => None,
    }
}

/// A look-up in which variants of one vendor's tool of one category (Google Ads by two tags) are no ambiguity.
pub(crate) fn settled(name: &str) -> Lookup {
    match lookup(name) {
        Lookup::Ambiguous(candidates) => {
            let family = |known: &Known| (known.vendor, known.categories.first().copied());
            match candidates.as_slice() {
                [first, rest @ ..] if rest.iter().all(|other| family(other) == family(first)) => Lookup::Found(first),
                _ => Lookup::Ambiguous(candidates),
            }
        }
        found => found,
    }
}

pub(super) struct Follower<'a> {
    model: &'a mut Model,
    problems: &'a mut Vec<Problem>,
    names: HashMap<String, Vec<usize>>,
    known: Vec<Option<&'static Known>>,
}

impl<'a> Follower<'a> {
    pub(super) fn new(model: &'a mut Model, problems: &'a mut Vec<Problem>) -> Self {
        let known: Vec<_> = model.destinations.iter().map(|entity| known(entity, problems)).collect();
        let mut follower = Self { model, problems, names: HashMap::new(), known };
        for index in 0..follower.known.len() {
            follower.remember(index);
        }
        follower
    }

    fn remember(&mut self, index: usize) {
        let entity = &self.model.destinations[index];
        let mut names: Vec<String> = own_names(entity).collect();
        names.extend(entity.object.text("name").map(normal));
        names.extend(self.known[index].map(|known| format!("={}", known.slug)));
        names.sort_unstable();
        names.dedup();
        for name in names {
            self.names.entry(name).or_default().push(index);
        }
    }

    /// Destinations under a name: declared ones first, then all instances of the catalogue's entry.
    fn destinations(&mut self, name: &str, span: Span) -> Vec<Link> {
        let link = |index: &usize| Link { index: *index, span };
        if let Some(found) = self.names.get(&normal(name)) {
            return found.iter().map(link).collect();
        }
        match settled(name) {
            Lookup::Found(known) => match self.names.get(&format!("={}", known.slug)) {
                Some(found) => found.iter().map(link).collect(),
                None => vec![self.imply(name, known, span)],
            },
            Lookup::Ambiguous(candidates) => self.ambiguous(name, &candidates, span),
            Lookup::Unknown => {
                let ids = self.model.destinations.iter().map(|entity| entity.id.value.as_str());
                let otherwise = "declare it under `destinations`, or use the catalogue's slug";
                let message = format!("no destination `{name}` is declared or known");
                self.problems.push(unresolved(span, name, message, ids, otherwise));
                Vec::new()
            }
        }
    }

    fn ambiguous(&mut self, name: &str, candidates: &[&'static Known], span: Span) -> Vec<Link> {
        let declared: Vec<&Vec<usize>> =
            candidates.iter().filter_map(|known| self.names.get(&format!("={}", known.slug))).collect();
        if let [only] = declared.as_slice() {
            return only.iter().map(|index| Link { index: *index, span }).collect();
        }
        let slugs: Vec<&str> = candidates.iter().map(|known| known.slug).collect();
        let message = format!("`{name}` is the name of several destinations of the catalogue");
        self.problems
            .push(Problem::at(Stage::Reference, span, message).help(format!("write one of {}", slugs.join(", "))));
        Vec::new()
    }

    /// A destination that is only referred to exists all the same.
    fn imply(&mut self, name: &str, known: &'static Known, span: Span) -> Link {
        let entity = Entity::implied(&kind::DESTINATION, Located::new(name.to_owned(), span));
        self.model.destinations.push(entity);
        self.known.push(Some(known));
        let index = self.known.len() - 1;
        self.remember(index);
        Link { index, span }
    }

    fn is_kind(&self, name: &str) -> bool {
        !self.names.contains_key(&normal(name)) && matches!(settled(name), Lookup::Unknown) && is_category(name)
    }

    fn list(&mut self, references: Vec<(String, Span)>) -> Vec<Link> {
        let mut links: Vec<Link> =
            references.into_iter().flat_map(|(name, span)| self.destinations(&name, span)).collect();
        let mut seen = std::collections::HashSet::new();
        links.retain(|link| seen.insert(link.index));
        links
    }

    pub(super) fn follow(mut self) -> Links {
        let categories = references(&self.model.categories, "destinations");
        let mut categories: Vec<Vec<Link>> =
            categories.into_iter().map(|list| self.list(list.unwrap_or_default())).collect();
        let sources = references(&self.model.sources, "destinations");
        let sources = sources.into_iter().map(|list| list.map(|list| self.list(list))).collect();
        let raw_stores = references(&self.model.sources, "raw_store");
        let raw_stores = raw_stores.into_iter().map(|list| self.list(list.unwrap_or_default())).collect();
        let mut notices = references(&self.model.notices, "recipients");
        // The law asks for kinds of recipients, so a row of the notice may name one.
        notices.iter_mut().flatten().for_each(|list| list.retain(|(name, _)| !self.is_kind(name)));
        let notices = notices.into_iter().map(|list| self.list(list.unwrap_or_default())).collect();
        let derived = references(&self.model.destinations, "derived_from").into_iter().enumerate();
        let mut derived: Vec<Vec<Link>> = derived
            .map(|(at, list)| {
                let mut links = self.list(list.unwrap_or_default());
                links.retain(|link| link.index != at);
                links
            })
            .collect();
        let stores: Vec<Option<(String, Span)>> =
            self.model.requests.iter().map(|request| one(request, "store")).collect();
        let stores = stores
            .into_iter()
            .map(|store| store.and_then(|(name, span)| self.destinations(&name, span).first().copied()))
            .collect();
        self.spread(&mut categories);
        let mut events = self.event_sources();
        super::observe::senders(self.model, &mut events);
        // Following names may have added destinations that are only referred to.
        derived.resize_with(self.known.len(), Vec::new);
        let (listed, listers) = self.listed(&categories);
        let unread = self.unread();
        Links {
            categories,
            listed,
            unread,
            listers,
            sources,
            raw_stores,
            derived,
            notices,
            stores,
            events,
            known: self.known,
        }
    }

    /// Which file lists which destination under which category, and who knows each category.
    fn listed(&self, categories: &[Vec<Link>]) -> (Vec<Vec<Listed>>, Vec<Vec<Lister>>) {
        let at: HashMap<&str, usize> =
            self.model.categories.iter().enumerate().map(|(at, category)| (category.id.value.as_str(), at)).collect();
        let mut listed: Vec<Vec<Listed>> = vec![Vec::new(); self.known.len()];
        let mut listers: Vec<Vec<Lister>> = vec![Vec::new(); categories.len()];
        let mut files: HashMap<SourceId, Lister> = HashMap::new();
        for listing in &self.model.listings {
            let Some(category) = listing.category.as_deref().and_then(|id| at.get(id)).copied() else { continue };
            let lister = listing.lister;
            files.insert(listing.file, lister);
            if !listers[category].contains(&lister) {
                listers[category].push(lister);
            }
            let Some(name) = &listing.destination else { continue };
            for index in self.named(&name.value) {
                listed[index].push(Listed { category, span: name.span, lister });
            }
        }
        // What goes by its place in the catalogue is listed by the file that says so.
        for (category, links) in categories.iter().enumerate() {
            for link in links {
                let lister = files.get(&link.span.source).copied().unwrap_or(Lister::Inventory);
                let new = |one: &Listed| one.category != category || one.lister != lister;
                if listed[link.index].iter().all(new) {
                    listed[link.index].push(Listed { category, span: link.span, lister });
                }
            }
        }
        (listed, listers)
    }

    /// Where code computes the categories of each destination.
    fn unread(&self) -> Vec<Option<Span>> {
        let mut unread = vec![None; self.known.len()];
        for listing in self.model.listings.iter().filter(|listing| listing.category.is_none()) {
            let Some(name) = &listing.destination else { continue };
            for index in self.named(&name.value) {
                unread[index].get_or_insert(name.span);
            }
        }
        unread
    }

    /// The destinations that go by a name, among those that are known by now.
    fn named(&self, name: &str) -> Vec<usize> {
        if let Some(found) = self.names.get(&normal(name)) {
            return found.clone();
        }
        match settled(name) {
            Lookup::Found(known) => self.names.get(&format!("={}", known.slug)).cloned().unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// Destinations that no category of a manager lists go by their first catalogue category. The categories that one
    /// file speaks of belong to one manager.
    fn spread(&self, categories: &mut [Vec<Link>]) {
        let mut managers: HashMap<SourceId, Vec<usize>> = HashMap::new();
        for (at, category) in self.model.categories.iter().enumerate() {
            for (_, named) in &category.origins {
                managers.entry(named.span.source).or_default().push(at);
            }
        }
        let mut managers: Vec<Vec<usize>> = managers.into_values().collect();
        managers.sort_unstable();
        for own in managers {
            let mut takers: HashMap<&str, (usize, Span)> = HashMap::new();
            for at in &own {
                for (name, span) in self.model.categories[*at].object.texts("catalogue_categories") {
                    takers.entry(name).or_insert((*at, span));
                }
            }
            if takers.is_empty() {
                continue;
            }
            let listed: HashSet<usize> =
                own.iter().flat_map(|at| categories[*at].iter().map(|link| link.index)).collect();
            for (index, known) in self.known.iter().enumerate().filter(|(index, _)| !listed.contains(index)) {
                let first = known.and_then(|known| known.categories.first().copied());
                let taker = first.and_then(|name| takers.get(name)).or_else(|| known.and(takers.get(EVERY_OTHER)));
                if let Some((at, span)) = taker {
                    categories[*at].push(Link { index, span: *span });
                }
            }
        }
    }

    fn event_sources(&mut self) -> Vec<Vec<usize>> {
        let sources = self.model.sources.iter().enumerate();
        let index: HashMap<String, usize> =
            sources.flat_map(|(at, source)| own_names(source).map(move |name| (name, at))).collect();
        let (by_plan, planless) = self.plan_sources();
        let all: Vec<usize> = (0..self.model.sources.len()).collect();
        let mut unknown = Vec::new();
        let events = self.model.events.iter().map(|event| {
            if !event.sources.is_empty() {
                let named = event.sources.iter().filter_map(|source| {
                    let found = index.get(&normal(&source.value)).copied();
                    unknown.extend(found.is_none().then(|| source.clone()));
                    found
                });
                return named.collect();
            }
            match event.plan.and_then(|plan| by_plan.get(plan)) {
                Some(sources) if !sources.is_empty() => sources.clone(),
                Some(_) => planless.clone(),
                None => all.clone(),
            }
        });
        let events = events.collect();
        for name in unknown {
            let ids = self.model.sources.iter().map(|source| source.id.value.as_str());
            let message = format!("no source `{}` is declared", name.value);
            self.problems.push(unresolved(name.span, &name.value, message, ids, "declare it under `sources`"));
        }
        events
    }

    /// Sources of each plan, and the sources that name no plan.
    fn plan_sources(&mut self) -> (Vec<Vec<usize>>, Vec<usize>) {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        // A profile of real events plans nothing.
        let planned = |(_, plan): &(usize, &Plan)| !plan.observed;
        for (at, plan) in self.model.plans.iter().enumerate().filter(planned) {
            for name in plan.names.iter().chain(std::iter::once(&plan.name.value)) {
                let found = by_name.entry(normal(name)).or_default();
                if !found.contains(&at) {
                    found.push(at);
                }
            }
        }
        let mut by_plan = vec![Vec::new(); self.model.plans.len()];
        let mut planless = Vec::new();
        for (at, source) in self.model.sources.iter().enumerate() {
            let Some(plan) = source.object.get("plan") else {
                planless.push(at);
                continue;
            };
            let name = plan.value.display();
            let Some(found) = by_name.get(&normal(&name)) else {
                let (message, otherwise) = match super::observe::is_profile(self.model, &name) {
                    true => (format!("`{name}` is a profile of real events, and no tracking plan"), NO_PLAN),
                    false => (
                        format!("no tracking plan `{name}` was read"),
                        "check its name, and that its file is among those read",
                    ),
                };
                let shown = self.model.plans.iter().filter(|plan| !plan.observed).map(|plan| plan.name.value.as_str());
                self.problems.push(unresolved(plan.span, &name, message, shown, otherwise));
                continue;
            };
            for plan in found {
                by_plan[*plan].push(at);
            }
        }
        (by_plan, planless)
    }
}

fn references(entities: &[Entity], attribute: &str) -> Vec<Option<Vec<(String, Span)>>> {
    let one = |entity: &Entity| {
        entity.object.get(attribute)?;
        Some(entity.object.texts(attribute).map(|(name, span)| (name.to_owned(), span)).collect())
    };
    entities.iter().map(one).collect()
}

fn one(entity: &Entity, attribute: &str) -> Option<(String, Span)> {
    let found = entity.object.get(attribute)?;
    Some((found.value.display(), found.span))
}
