//! What the page holds.

use super::super::view::{Context, Field, View};
use super::entity::{self, Detail, Sections};
use super::findings::{Found, Trouble, findings, problems};
use super::names::{At, Files, Text, codes};
use super::ways::{States, Way, ways};
use crate::cli::route::view::{claim_name, display, refutation};
use crate::flow::route::Proof;
use crate::model::ClassSet;
use crate::model::taxonomy::CLASSES;
use crate::source::Span;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

#[derive(Serialize)]
pub(super) struct Root {
    classes: Vec<Class>,
    /// What was asked for; empty where all is shown.
    asked: Vec<Text>,
    sources: Vec<Sender>,
    destinations: Vec<Recipient>,
    categories: Vec<Category>,
    ways: Vec<Way>,
    tables: Vec<States>,
    events: Vec<Happening>,
    findings: Vec<Found>,
    problems: Vec<Trouble>,
    /// What each attribute means.
    words: BTreeMap<String, &'static str>,
    files: Vec<Text>,
}

#[derive(Serialize)]
struct Class {
    code: &'static str,
    term: &'static str,
    sensitive: bool,
}

#[derive(Serialize)]
struct Sender {
    id: Text,
    name: Text,
    at: Option<At>,
    classes: String,
    every: Option<Everywhere>,
    platform: Option<Text>,
    enabled: bool,
    /// Whether it is among what was asked for; the ways of others to what is shown count as well.
    shown: bool,
    sections: Vec<Detail>,
}

/// What goes out with every call.
#[derive(Serialize)]
struct Everywhere {
    field: Text,
    classes: String,
    by: &'static str,
    to: Vec<usize>,
    at: Option<At>,
}

#[derive(Serialize)]
struct Recipient {
    id: Text,
    name: Text,
    at: Option<At>,
    active: bool,
    role: Option<Text>,
    classes: String,
    carried: Vec<Carried>,
    claims: Vec<Claimed>,
    sections: Vec<Detail>,
}

/// A class that arrives, and the field that shows it; what goes out with every call has none.
#[derive(Serialize)]
struct Carried {
    class: &'static str,
    field: Option<Text>,
    event: Option<Text>,
    at: Option<At>,
}

#[derive(Serialize)]
struct Claimed {
    claim: &'static str,
    result: &'static str,
    why: Option<Text>,
    at: Option<At>,
}

#[derive(Serialize)]
struct Category {
    id: Text,
    name: Text,
    purpose: Option<Text>,
    controls: Vec<Text>,
    essential: bool,
    enabled: bool,
    at: Option<At>,
    /// Whether it is among what was asked for; choices about the others count as well.
    shown: bool,
    destinations: Vec<usize>,
}

#[derive(Serialize)]
struct Happening {
    name: Text,
    call: &'static str,
    plan: Option<Text>,
    at: Option<At>,
    from: Vec<usize>,
    /// For each of these sources, or once where none is known: who gets it.
    to: Vec<Vec<usize>>,
    fields: Vec<Property>,
}

#[derive(Serialize)]
struct Property {
    path: Text,
    section: &'static str,
    classes: String,
    by: Text,
    at: Option<At>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    withheld: Vec<usize>,
}

/// Positions in the page of what the model numbers otherwise. Sources and categories are all there, in the same order.
pub(super) struct Positions {
    pub(super) destinations: HashMap<usize, usize>,
    /// Events and fields by where they are written, which is how findings know them.
    pub(super) written: HashMap<Span, (usize, Option<usize>)>,
}

impl Positions {
    fn of(view: &View<'_>) -> Self {
        let destinations = view.destinations.iter().enumerate().map(|(here, there)| (*there, here)).collect();
        let mut written = HashMap::new();
        for (here, at) in view.events().enumerate() {
            written.entry(view.map.model.events[at].name.span).or_insert((here, None));
            for (field, one) in view.fields(at).enumerate() {
                written.entry(one.property.path.span).or_insert((here, Some(field)));
            }
        }
        Self { destinations, written }
    }

    fn each(&self, all: &[usize]) -> Vec<usize> {
        let mut found: Vec<usize> = all.iter().filter_map(|at| self.destinations.get(at).copied()).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl Root {
    pub(super) fn of(view: &View<'_>) -> Self {
        let maker = Maker { view, files: Files::default(), here: Positions::of(view) };
        let (ways, tables) = ways(view, &maker.files, &maker.here);
        let classes = CLASSES.iter().map(|(code, term)| {
            let sensitive = ClassSet::parse(code).is_some_and(|class| !class.sensitive().is_empty());
            Class { code, term, sensitive }
        });
        Self {
            classes: classes.collect(),
            asked: view.asked().iter().map(|words| Text::of(words)).collect(),
            sources: (0..view.map.model.sources.len()).map(|at| maker.sender(at)).collect(),
            destinations: view.destinations.iter().map(|at| maker.recipient(*at)).collect(),
            categories: (0..view.map.model.categories.len()).map(|at| maker.category(at)).collect(),
            ways,
            tables,
            events: view.events().map(|at| maker.happening(at)).collect(),
            findings: findings(view, &maker.files, &maker.here),
            problems: problems(view, &maker.files),
            words: entity::words(),
            files: maker.files.names(),
        }
    }
}

struct Maker<'v, 'a> {
    view: &'v View<'a>,
    files: Files,
    here: Positions,
}

impl Maker<'_, '_> {
    fn sections(&self) -> Sections<'_, '_> {
        Sections { view: self.view, files: &self.files }
    }

    fn sender(&self, at: usize) -> Sender {
        let entity = self.view.source(at);
        Sender {
            id: Text::of(&entity.id.value),
            name: Text::of(display(entity)),
            at: self.files.at(self.view, entity.id.span),
            classes: codes(self.view.flow.reach.sources[at].classes),
            every: Context::of(self.view, at).map(|context| self.everywhere(at, &context)),
            platform: entity.object.text("platform").map(Text::of),
            enabled: entity.object.boolean("enabled") != Some(false),
            shown: self.view.senders.contains(&at),
            sections: self.sections().all(entity, &self.view.flow.sources[at]),
        }
    }

    fn everywhere(&self, source: usize, context: &Context) -> Everywhere {
        let place = context.by_place.unwrap_or(self.view.source(source).id.span);
        Everywhere {
            field: Text::of(&context.field),
            classes: codes(context.classes),
            by: context.by,
            to: self.here.each(self.view.recipients.fed(source)),
            at: self.files.at(self.view, place),
        }
    }

    fn recipient(&self, at: usize) -> Recipient {
        let (entity, facts) = (self.view.destination(at), &self.view.flow.destinations[at]);
        let active = facts.object.boolean("active") == Some(true);
        let received = if active { self.view.flow.reach.destinations[at].classes } else { ClassSet::EMPTY };
        Recipient {
            id: Text::of(&entity.id.value),
            name: Text::of(display(entity)),
            at: self.files.at(self.view, entity.id.span),
            active,
            role: entity.object.text("role").map(Text::of),
            classes: codes(received),
            carried: self.carried(at, received),
            claims: self.claims(at),
            sections: self.sections().all(entity, facts),
        }
    }

    fn carried(&self, to: usize, received: ClassSet) -> Vec<Carried> {
        let reach = &self.view.flow.reach.destinations[to];
        let one = |class: &'static str| {
            let witness = reach.witnesses.get(class).map(|witness| {
                let event = &self.view.map.model.events[witness.event];
                (event, &event.properties[witness.property])
            });
            Carried {
                class,
                field: witness.map(|(_, property)| Text::of(&property.path.value)),
                event: witness.map(|(event, _)| Text::of(&event.name.value)),
                at: witness.and_then(|(_, property)| self.files.at(self.view, property.path.span)),
            }
        };
        received.letters().union(received).codes().map(one).collect()
    }

    fn claims(&self, to: usize) -> Vec<Claimed> {
        let mut all: Vec<_> = self.view.verdicts.iter().filter(|verdict| verdict.index == to).collect();
        all.sort_by_key(|verdict| verdict.rank());
        let one = |verdict: &&crate::cli::route::view::Verdict<'_>| {
            let (why, place) = match &verdict.proof {
                Proof::Proved => (None, None),
                Proof::Refuted(found) => (Some(refutation(self.view.map, verdict, found)), Some(found.place)),
                Proof::Undecidable { missing, place } => (Some(missing.clone()), Some(*place)),
            };
            Claimed {
                claim: claim_name(verdict.claim),
                result: verdict.result(),
                why: why.as_deref().map(Text::of),
                at: place.and_then(|place| self.files.at(self.view, place)),
            }
        };
        all.iter().map(one).collect()
    }

    fn category(&self, at: usize) -> Category {
        let entity = &self.view.map.model.categories[at];
        let to: Vec<usize> = self.view.map.links.categories[at].iter().map(|link| link.index).collect();
        Category {
            id: Text::of(&entity.id.value),
            name: Text::of(display(entity)),
            purpose: entity.object.text("purpose").map(Text::of),
            controls: entity.object.texts("controls").map(|(right, _)| Text::of(right)).collect(),
            essential: entity.object.boolean("essential") == Some(true),
            enabled: entity.object.boolean("enabled") != Some(false),
            at: self.files.at(self.view, entity.id.span),
            shown: self.view.categories.contains(&at),
            destinations: self.here.each(&to),
        }
    }

    fn happening(&self, at: usize) -> Happening {
        let (view, model) = (self.view, self.view.map.model);
        let event = &model.events[at];
        let all = view.recipients.all(view.map, at);
        let senders = &view.map.links.events[at];
        let by = |source: Option<usize>| self.here.each(&view.recipients.by(view.map, at, source));
        let to = if senders.is_empty() { vec![by(None)] } else { senders.iter().map(|at| by(Some(*at))).collect() };
        Happening {
            name: Text::of(&event.name.value),
            call: event.call.name(),
            plan: event.plan.map(|plan| Text::of(&model.plans[plan].name.value)),
            at: self.files.at(view, event.name.span),
            from: senders.clone(),
            to,
            fields: view.fields(at).map(|field| self.property(&all, field)).collect(),
        }
    }

    fn property(&self, to: &[usize], field: Field<'_>) -> Property {
        let view = self.view;
        let withheld: Vec<usize> =
            to.iter().copied().filter(|to| view.recipients.is_withheld(view.map, *to, field)).collect();
        Property {
            path: Text::of(&field.property.path.value),
            section: field.property.section.name(),
            classes: codes(field.taken.classes),
            by: Text::of(&field.taken.by.words()),
            at: self.files.at(view, field.property.path.span),
            withheld: self.here.each(&withheld),
        }
    }
}
