//! What the page holds.

use super::super::view::{Field, View};
use super::entity::{self, Detail, Sections};
use super::names::{At, Files, Text, codes};
use super::ways::{States, Way, ways};
use crate::cli::route::view::{claim_name, display, refutation};
use crate::finding::{Finding, Place};
use crate::flow::in_every_call;
use crate::flow::route::Proof;
use crate::model::taxonomy::CLASSES;
use crate::model::{ClassSet, Entity};
use crate::output::printable;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

#[derive(Serialize)]
pub(super) struct Root {
    classes: Vec<Class>,
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
    every: String,
    platform: Option<Text>,
    sections: Vec<Detail>,
    findings: Vec<usize>,
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
    findings: Vec<usize>,
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
    to: Vec<usize>,
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

#[derive(Serialize)]
struct Found {
    rule: Text,
    severity: &'static str,
    message: Text,
    question: Option<Text>,
    excepted: Option<Text>,
    baselined: bool,
    help: Text,
    subject: Text,
    at: Option<At>,
}

#[derive(Serialize)]
struct Trouble {
    message: Text,
    at: Option<At>,
}

/// Positions in the page of what the model numbers otherwise.
pub(super) struct Positions {
    pub(super) sources: HashMap<usize, usize>,
    pub(super) destinations: HashMap<usize, usize>,
}

impl Positions {
    fn of(view: &View<'_>) -> Self {
        let turned = |all: &[usize]| all.iter().enumerate().map(|(here, there)| (*there, here)).collect();
        Self { sources: turned(&view.senders), destinations: turned(&view.destinations) }
    }

    fn each(known: &HashMap<usize, usize>, all: &[usize]) -> Vec<usize> {
        all.iter().filter_map(|at| known.get(at).copied()).collect()
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
            sources: view.senders.iter().map(|at| maker.sender(*at)).collect(),
            destinations: view.destinations.iter().map(|at| maker.recipient(*at)).collect(),
            categories: (0..view.map.model.categories.len()).map(|at| maker.category(at)).collect(),
            ways,
            tables,
            events: view.events().map(|at| maker.happening(at)).collect(),
            findings: view.findings.iter().map(|finding| maker.found(finding)).collect(),
            problems: maker.problems(),
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
            every: codes(in_every_call(entity)),
            platform: entity.object.text("platform").map(Text::of),
            sections: self.sections().all(entity, &self.view.flow.sources[at]),
            findings: self.about("source", entity),
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
            findings: self.about("destination", entity),
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
            destinations: Positions::each(&self.here.destinations, &to),
        }
    }

    fn happening(&self, at: usize) -> Happening {
        let (view, model) = (self.view, self.view.map.model);
        let event = &model.events[at];
        let to = view.recipients.all(view.map, at);
        Happening {
            name: Text::of(&event.name.value),
            call: event.call.name(),
            plan: event.plan.map(|plan| Text::of(&model.plans[plan].name.value)),
            at: self.files.at(view, event.name.span),
            from: Positions::each(&self.here.sources, &view.map.links.events[at]),
            to: Positions::each(&self.here.destinations, &to),
            fields: view.fields(at).map(|field| self.property(&to, field)).collect(),
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
            withheld: Positions::each(&self.here.destinations, &withheld),
        }
    }

    /// The findings about an entity, and about classes that reach it.
    fn about(&self, kind: &str, entity: &Entity) -> Vec<usize> {
        let id = entity.id.value.as_str();
        let is_about = |finding: &Finding| match finding.subject.kind {
            "disclosure" => {
                kind == "destination" && finding.subject.id.rsplit_once('/').is_some_and(|(to, _)| to == id)
            }
            subject => subject == kind && finding.subject.id == id,
        };
        let all = self.view.findings.iter().enumerate();
        all.filter(|(_, finding)| is_about(finding)).map(|(at, _)| at).collect()
    }

    fn found(&self, finding: &Finding) -> Found {
        Found {
            rule: Text::of(&finding.rule),
            severity: finding.severity.name(),
            message: Text::of(&finding.message),
            question: finding.question.as_deref().map(Text::of),
            excepted: finding.suppressed.as_ref().map(|except| Text::of(&except.reason)),
            baselined: finding.baselined,
            help: Text::of(&finding.help),
            subject: Text::of(&format!("{} {}", finding.subject.kind, finding.subject.id)),
            at: self.files.at(self.view, finding.primary.span),
        }
    }

    fn problems(&self) -> Vec<Trouble> {
        let all = self.view.report.problems.iter();
        let one = |problem: &crate::finding::Problem| Trouble {
            message: Text::of(&printable(&problem.message)),
            at: match problem.place {
                Place::Span(span) => self.files.at(self.view, span),
                _ => None,
            },
        };
        all.map(one).collect()
    }
}
