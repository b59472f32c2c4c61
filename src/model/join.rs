//! Joins the parts that files give into one data map.

use super::entity::{Contradiction, Entity};
use super::follow::{Follower, Links};
use super::kind;
use super::{Located, Model, Value};
use crate::finding::Problem;
use std::collections::HashMap;

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

/// Where the plans and destinations of earlier parts are found, by name.
#[derive(Default)]
struct Taken {
    plans: HashMap<String, usize>,
    destinations: HashMap<String, usize>,
}

impl Taken {
    /// Destinations that share an id or an alias are one; of several candidates the first.
    fn destination(&mut self, kept: &mut Vec<Entity>, entity: Entity, contradictions: &mut Vec<Contradiction>) {
        let same = own_names(&entity).filter_map(|name| self.destinations.get(&name).copied()).min();
        let at = same.unwrap_or(kept.len());
        match kept.get_mut(at) {
            Some(known) => known.absorb(entity, contradictions),
            None => kept.push(entity),
        }
        for name in kept.get(at).into_iter().flat_map(own_names) {
            let first = self.destinations.entry(name).or_insert(at);
            *first = at.min(*first);
        }
    }
}

impl Model {
    /// Joins parts in the order given. Equal entities become one; references are followed.
    pub fn join(parts: Vec<Model>) -> (Model, Links, Vec<Problem>) {
        let mut whole = Model::default();
        let mut taken = Taken::default();
        for part in parts {
            whole.take(part, &mut taken);
        }
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

    /// What a data map is silent about exists all the same: the business, the signal and the way to opt out. Their
    /// place is the first thing that was declared.
    fn complete(&mut self) {
        let first = [self.business.as_ref(), self.categories.first(), self.destinations.first(), self.sources.first()];
        let Some(place) = first.into_iter().flatten().map(|entity| entity.id.span).next().filter(|_| self.declared)
        else {
            return;
        };
        let silent = |kind, id: &str| {
            let mut entity = Entity::new(kind, Located::new(id.to_owned(), place));
            entity.implied = true;
            entity
        };
        self.business.get_or_insert_with(|| silent(&kind::BUSINESS, "business"));
        for (list, kind, id) in
            [(&mut self.signals, &kind::SIGNAL, "gpc"), (&mut self.requests, &kind::REQUEST, "opt_out")]
        {
            if !list.iter().any(|known| known.id.value == id) {
                list.push(silent(kind, id));
            }
        }
    }

    fn take(&mut self, part: Model, taken: &mut Taken) {
        self.declared |= part.declared;
        let contradictions = &mut self.contradictions;
        for (kept, given, name) in
            [(&mut self.manager, part.manager, "manager"), (&mut self.consent_model, part.consent_model, "model")]
        {
            match (&kept, given) {
                (None, given) => *kept = given,
                (Some(first), Some(second)) if first.value != second.value => contradictions.push(Contradiction {
                    entity: "consent".to_owned(),
                    attribute: name.to_owned(),
                    first: first.clone(),
                    second,
                }),
                _ => {}
            }
        }
        for (kept, given) in [(&mut self.business, part.business), (&mut self.banner, part.banner)] {
            match (kept.as_mut(), given) {
                (None, given) => *kept = given,
                (Some(kept), Some(given)) => kept.absorb(given, contradictions),
                _ => {}
            }
        }
        for (kept, given) in [
            (&mut self.signals, part.signals),
            (&mut self.categories, part.categories),
            (&mut self.sources, part.sources),
            (&mut self.requests, part.requests),
        ] {
            for entity in given {
                merge(kept, entity, contradictions, |known, new| known.id.value == new.id.value);
            }
        }
        for entity in part.destinations {
            taken.destination(&mut self.destinations, entity, contradictions);
        }
        self.notices.extend(part.notices);
        self.fields.extend(part.fields);
        self.contradictions.extend(part.contradictions);
        self.take_plans(part.plans, part.events, &mut taken.plans);
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

fn merge(
    kept: &mut Vec<Entity>,
    entity: Entity,
    contradictions: &mut Vec<Contradiction>,
    same: impl Fn(&Entity, &Entity) -> bool,
) {
    match kept.iter_mut().find(|known| same(known, &entity)) {
        Some(known) => known.absorb(entity, contradictions),
        None => kept.push(entity),
    }
}

/// Names under which a destination is declared: id and stated aliases.
pub(super) fn own_names(entity: &Entity) -> impl Iterator<Item = String> {
    let aliases = entity.object.texts("aliases").map(|(alias, _)| normal(alias));
    std::iter::once(normal(&entity.id.value)).chain(aliases)
}

fn name(entity: &mut Entity) {
    if entity.object.get("name").is_none() {
        let named = Located::new(Value::Text(entity.id.value.clone()), entity.id.span);
        entity.object.set("name", named);
    }
}
