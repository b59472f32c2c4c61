//! From findings to what has to be kept from each destination.

use super::BlockFormat;
use super::field::{self, Fields};
use super::hindrance::hindrance;
use super::rules::{Answer, answer, unanswered};
use crate::check::{Inputs, Loaded};
use crate::finding::Finding;
use crate::flow::{Flow, Map, carriers, gets_through};
use crate::model::{ClassSet, ClassifiedBy, Event, EventType, Property};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// A project that was judged.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub(super) inputs: &'a Inputs,
    pub(super) loaded: &'a Loaded,
    pub(super) map: Map<'a>,
    pub(super) flow: &'a Flow,
    pub(super) findings: &'a [Finding],
    pub(super) format: BlockFormat,
}

/// What a filter takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Held {
    /// A property of an event.
    Property(usize, usize),
    /// A whole event.
    Event(usize),
    /// The page in the context of every call.
    Page,
}

/// What is kept from one destination.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// The destination.
    pub(super) to: usize,
    /// Names of properties as a data map has them, with the part of the event.
    pub(super) names: BTreeSet<String>,
    /// The same as a destination filter has them.
    pub(super) fields: Fields,
    /// Names of events.
    pub(super) events: BTreeSet<String>,
    /// The findings that this answers, each with the data that it rests on.
    pub(super) reasons: Vec<(usize, Vec<Held>)>,
    /// Sources that send it.
    pub(super) sources: BTreeSet<usize>,
    /// Whether the page is kept from it, which page calls have among their properties, too.
    pub(super) page: bool,
    /// What has to be so for it to hold.
    pub(super) conditions: BTreeSet<String>,
}

/// A finding that is not answered.
#[derive(Debug)]
pub(super) struct Left {
    /// Its index.
    pub(super) finding: usize,
    /// Why not.
    pub(super) why: String,
    /// Whether a filter would answer it if something else were otherwise.
    pub(super) answerable: bool,
}

/// What is to be written.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) blocks: Vec<Block>,
    pub(super) left: Vec<Left>,
}

impl Plan {
    /// The findings that it promises to mend.
    pub(super) fn promised(&self) -> BTreeSet<usize> {
        self.blocks.iter().flat_map(|block| block.reasons.iter().map(|(finding, _)| *finding)).collect()
    }
}

/// Plans for the findings in `wanted`. With `only`, what goes to other destinations is left.
pub(super) fn plan(look: Look<'_>, wanted: &BTreeSet<usize>, only: Option<&[usize]>) -> Plan {
    let mut plan = Plan::default();
    let mut blocks: BTreeMap<usize, Block> = BTreeMap::new();
    for (at, finding) in look.findings.iter().enumerate().filter(|(at, _)| wanted.contains(at)) {
        let left = |why: String, answerable: bool| Left { finding: at, why, answerable };
        let Some(answer) = answer(&finding.rule) else {
            plan.left.push(left(unanswered(&finding.rule).to_owned(), false));
            continue;
        };
        if finding.question.is_some() {
            plan.left.push(left("it asks for a declaration; declare that first".to_owned(), false));
            continue;
        }
        let held = look.held(answer, finding);
        let targets: BTreeSet<usize> = held.iter().map(|(to, _)| *to).collect();
        if only.is_some_and(|only| !targets.iter().any(|to| only.contains(to))) {
            continue;
        }
        if held.is_empty() {
            plan.left.push(left("what it rests on was not found".to_owned(), true));
            continue;
        }
        let mut conditions = Vec::new();
        let hindered = held.iter().find_map(|(to, held)| match hindrance(look, *to, *held) {
            Ok(found) => {
                conditions.extend(found.map(|condition| (*to, condition)));
                None
            }
            Err(why) => Some(format!("{}: {why}", look.name(*to))),
        });
        match hindered {
            Some(why) => plan.left.push(left(why, true)),
            None => look.add(&mut blocks, at, &held, conditions),
        }
    }
    plan.blocks = blocks.into_values().collect();
    plan
}

impl<'a> Look<'a> {
    /// A destination as messages name it.
    pub(super) fn name(&self, to: usize) -> &'a str {
        let entity = &self.map.model.destinations[to];
        entity.object.text("name").unwrap_or(&entity.id.value)
    }

    pub(super) fn property(&self, event: usize, property: usize) -> (&'a Event, &'a Property) {
        let event = &self.map.model.events[event];
        (event, &event.properties[property])
    }

    fn add(&self, blocks: &mut BTreeMap<usize, Block>, at: usize, all: &[(usize, Held)], given: Vec<(usize, String)>) {
        for (to, held) in all {
            let block = blocks.entry(*to).or_insert_with(|| Block { to: *to, ..Block::default() });
            match block.reasons.last_mut().filter(|(finding, _)| *finding == at) {
                Some((_, known)) => known.push(*held),
                None => block.reasons.push((at, vec![*held])),
            }
            match held {
                Held::Property(event, property) => {
                    let (event, property) = self.property(*event, *property);
                    block.names.insert(format!("{}.{}", property.section.name(), property.path.value));
                    field::add(&mut block.fields, event, property);
                }
                Held::Event(event) => {
                    block.events.insert(self.map.model.events[*event].name.value.clone());
                }
                Held::Page => {
                    block.names.insert("context.page".to_owned());
                    block.fields.entry("context".to_owned()).or_default().insert("page".to_owned());
                    block.page = true;
                }
            }
            let senders = match held {
                Held::Property(event, _) | Held::Event(event) => self.map.links.events[*event].as_slice(),
                Held::Page => self.flow.reach.paths[*to].as_slice(),
            };
            let paths = &self.flow.reach.paths[*to];
            block.sources.extend(senders.iter().filter(|source| paths.contains(source)));
        }
        for (to, condition) in given {
            blocks.entry(to).or_default().conditions.insert(condition);
        }
    }

    /// What must not reach whom, by a finding.
    fn held(&self, answer: Answer, finding: &Finding) -> Vec<(usize, Held)> {
        let model = self.map.model;
        let named = || model.destinations.iter().position(|entity| entity.id.value == finding.subject.id);
        match answer {
            Answer::Disclosure => self.disclosed(&finding.subject.id),
            Answer::Attribute(attribute) => named().map_or_else(Vec::new, |to| {
                let places = carriers(self.map, self.flow, to, attribute);
                self.properties(to, |property, _| places.contains(&property.path.span))
            }),
            Answer::Words => self.words(finding.primary.span),
            Answer::Page => named().map(|to| (to, Held::Page)).into_iter().collect(),
            Answer::Property => (0..model.destinations.len())
                .flat_map(|to| self.properties(to, |property, _| property.path.span == finding.primary.span))
                .collect(),
        }
    }

    /// The properties that get to a destination and are meant.
    fn properties(&self, to: usize, meant: impl Fn(&Property, (usize, usize)) -> bool) -> Vec<(usize, Held)> {
        let mut found = Vec::new();
        for (at, event) in self.map.model.events.iter().enumerate() {
            if !self.flow.receivers[at].contains(&to) {
                continue;
            }
            let through = |property: &Property| gets_through(self.map, to, event, property);
            let meant = event.properties.iter().enumerate().filter(|(index, property)| meant(property, (at, *index)));
            found.extend(meant.filter(|(_, one)| through(one)).map(|(index, _)| (to, Held::Property(at, index))));
        }
        found
    }

    /// The properties that carry the class of a disclosure by a declaration or an exact name: the rule speaks of no others.
    fn disclosed(&self, id: &str) -> Vec<(usize, Held)> {
        let Some((destination, code)) = id.rsplit_once('/') else { return Vec::new() };
        let found = self.map.model.destinations.iter().position(|entity| entity.id.value == destination);
        let (Some(to), Some(class)) = (found, ClassSet::parse(code)) else { return Vec::new() };
        self.properties(to, |_, (event, property)| {
            let classified = &self.map.classes[event][property];
            let sure = !matches!(classified.by, ClassifiedBy::Lexicon { score, .. } if score < 1.0);
            sure && classified.classes.contains(class)
        })
    }

    /// The event whose name tells something, or the properties whose values do, for those who are sold to or shared with.
    fn words(&self, place: Span) -> Vec<(usize, Held)> {
        let first = |at: &usize| {
            let facts = self.flow.events.get(at)?;
            facts.reasons("sensitive_words").next().map(|label| label.span)
        };
        let Some(at) = self.flow.events.keys().copied().find(|at| first(at) == Some(place)) else {
            return Vec::new();
        };
        let event = &self.map.model.events[at];
        let spans: Vec<Span> = self.flow.events[&at].reasons("sensitive_words").map(|label| label.span).collect();
        let discloses = |to: &usize| self.flow.destinations[*to].object.boolean("discloses") == Some(true);
        let dropped =
            |to: usize| self.map.model.destinations[to].object.has_text("filters.drop_events", &event.name.value);
        let mut found = Vec::new();
        for to in self.flow.receivers[at].iter().copied().filter(discloses).filter(|to| !dropped(*to)) {
            if spans.contains(&event.name.span) {
                found.push((to, Held::Event(at)));
                continue;
            }
            let told = event.properties.iter().enumerate().filter(|(_, property)| spans.contains(&property.path.span));
            let through = told.filter(|(_, property)| gets_through(self.map, to, event, property));
            found.extend(through.map(|(index, _)| (to, Held::Property(at, index))));
        }
        found
    }

    /// Whether a whole event can be told by its name: only tracked events have one (Segment documentation, Spec).
    pub(super) fn has_name(&self, event: usize) -> bool {
        self.map.model.events[event].call == EventType::Track
    }
}
