//! Judging again after a few files changed. What rules say of properties is by far the most, and rests on little besides
//! the event itself: it is kept where all of that is as it was. Everything else is judged anew.

use super::subject::Subjects;
use super::{Active, Tally, Verdict, judge_properties, judge_rest, undecided};
use crate::classify::Classifier;
use crate::finding::Stage;
use crate::flow::{Flow, Map};
use crate::model::{ClassSet, Classification, Event, Model, Property};
use crate::report::Report;
use crate::source::{SourceId, Span};
use jiff::civil::Date;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// Which event of a model is which of the model before it.
#[derive(Clone, Debug, Default)]
pub struct Alike(Vec<Option<usize>>);

impl Alike {
    /// Events that are the same, at the start and at the end of the lists: a change is in one place.
    pub fn of(last: &[Arc<Event>], now: &[Arc<Event>]) -> Self {
        let same = |(old, new): &(&Arc<Event>, &Arc<Event>)| Arc::ptr_eq(old, new) || old == new;
        let head = last.iter().zip(now).take_while(same).count();
        let (last_rest, now_rest) = (&last[head..], &now[head..]);
        let tail = last_rest.iter().rev().zip(now_rest.iter().rev()).take_while(same).count();
        let middle = now_rest.len() - tail;
        let moved = last.len() - tail..last.len();
        Self((0..head).map(Some).chain((0..middle).map(|_| None)).chain(moved.map(Some)).collect())
    }
}

/// What each property is taken for, when `classes` is what those of the model before were.
pub fn classify(
    model: &Model,
    classifier: &Classifier,
    alike: &Alike,
    mut classes: Vec<Vec<Classification>>,
) -> Vec<Vec<Classification>> {
    let new: Vec<Arc<Event>> =
        model.events.iter().zip(&alike.0).filter(|(_, old)| old.is_none()).map(|(event, _)| event.clone()).collect();
    let mut fresh = super::declare::classify_events(&new, classifier).into_iter();
    let kept = alike.0.iter().map(|old| match old {
        Some(at) => classes.get_mut(*at).map(std::mem::take).unwrap_or_default(),
        None => fresh.next().unwrap_or_default(),
    });
    kept.collect()
}

/// The run before.
pub struct Last<'a> {
    /// Its data map.
    pub map: Map<'a>,
    /// What was derived from it.
    pub flow: &'a Flow,
    /// What it said.
    pub report: Report,
    /// Which of its events are the same now.
    pub alike: &'a Alike,
    /// The files whose text is another now.
    pub changed: &'a [SourceId],
}

/// What the rules say, given what the same rules said before on the same day. Which had nothing to judge is not told.
pub fn run_again(rules: &[Active<'_>], day: Date, map: Map<'_>, flow: &Flow, last: Last<'_>) -> Verdict {
    let mut all = Tally::default();
    // What could not be judged is told of all subjects together.
    let undecided = last.report.problems.iter().any(|problem| problem.stage == Stage::Rule);
    let usable = !undecided && Context::of(map, flow).allows(&Context::of(last.map, last.flow), last.changed);
    let events = if usable {
        let dirty = dirty(map, flow, &last);
        let Report { findings: counted, suppressed, baselined, .. } = last.report;
        let findings = &mut all.findings;
        *findings = counted;
        findings.extend(suppressed);
        findings.extend(baselined);
        findings.retain(|finding| finding.subject.kind == "property" && !dirty.contains(&finding.primary.span.source));
        for finding in findings {
            (finding.suppressed, finding.baselined) = (None, false);
            finding.fixes.clear();
        }
        let of_dirty = |at: &usize| dirty.contains(&map.model.events[*at].name.span.source);
        (0..map.model.events.len()).filter(of_dirty).collect()
    } else {
        (0..map.model.events.len()).collect::<Vec<usize>>()
    };
    let subjects = Subjects::new(map, flow);
    for active in rules {
        match active.rule.kind.name {
            "property" => judge_properties(*active, map.profile, day, subjects, &events, &mut all),
            _ => judge_rest(*active, map.profile, day, subjects, &mut all),
        }
    }
    Verdict { findings: all.findings, problems: undecided::problems(all.undecided), idle: Vec::new() }
}

/// Files whose properties are judged anew: those that changed, those with an event that is not the same or is sent or
/// received by others, and those of which something is said that lies in a file that changed or belongs to another file.
fn dirty(map: Map<'_>, flow: &Flow, last: &Last<'_>) -> HashSet<SourceId> {
    let mut dirty: HashSet<SourceId> = last.changed.iter().copied().collect();
    let mut kept = vec![false; last.map.model.events.len()];
    for (at, (event, old)) in map.model.events.iter().zip(&last.alike.0).enumerate() {
        let same = old.is_some_and(|old| {
            let same =
                map.links.events[at] == last.map.links.events[old] && flow.receivers[at] == last.flow.receivers[old];
            kept[old] |= same;
            same
        });
        if !same {
            dirty.insert(event.name.span.source);
        }
        dirty.extend(elsewhere(event));
    }
    for (event, _) in last.map.model.events.iter().zip(kept).filter(|(_, kept)| !kept) {
        dirty.insert(event.name.span.source);
        dirty.extend(elsewhere(event));
    }
    let Report { findings, suppressed, baselined, .. } = &last.report;
    let all = findings.iter().chain(suppressed).chain(baselined);
    let points = all.filter(|finding| {
        finding.subject.kind == "property"
            && finding.related.iter().any(|label| last.changed.contains(&label.span.source))
    });
    dirty.extend(points.map(|finding| finding.primary.span.source));
    dirty
}

/// The files of an event some of whose properties are told of in another file, be it that they are defined or classified
/// there.
fn elsewhere(event: &Event) -> BTreeSet<SourceId> {
    let own = event.name.span.source;
    let place = |property: &Property| property.declared.as_ref()?.get("pi").map(|declared| declared.span.source);
    let foreign = event.properties.iter().flat_map(|property| [Some(property.path.span.source), place(property)]);
    let foreign: BTreeSet<SourceId> = foreign.flatten().filter(|source| *source != own).collect();
    if foreign.is_empty() { foreign } else { foreign.into_iter().chain([own]).collect() }
}

/// All that properties are judged by besides their event, its classes, senders and receivers; see `Field` in `subject`.
struct Context {
    plans: Vec<String>,
    noticed: (bool, ClassSet),
    /// Of each source: platform, law that exempts it, whether it strips queries.
    sources: Vec<[Option<String>; 3]>,
    destinations: Vec<Receiver>,
    places: Vec<Span>,
}

#[derive(PartialEq)]
struct Receiver {
    name: Option<String>,
    discloses: Option<bool>,
    /// What decides what it lets through, and passes on.
    decides: [Option<String>; 4],
    derived: Vec<usize>,
    fed: bool,
}

impl Context {
    fn of(map: Map<'_>, flow: &Flow) -> Self {
        let (model, links) = (map.model, map.links);
        let fed: BTreeSet<usize> = links
            .sources
            .iter()
            .flatten()
            .flatten()
            .chain(links.raw_stores.iter().flatten())
            .map(|link| link.index)
            .collect();
        let destinations =
            model.destinations.iter().zip(&flow.destinations).enumerate().map(|(at, (entity, facts))| {
                let written = |name| entity.object.get(name).map(|found| found.value.display());
                Receiver {
                    name: entity.object.text("name").map(str::to_owned),
                    discloses: facts.object.boolean("discloses"),
                    decides: ["filters", "enabled", "deidentified", "exempt"].map(written),
                    derived: links.derived[at].iter().map(|link| link.index).collect(),
                    fed: fed.contains(&at),
                }
            });
        let sources = model.sources.iter().map(|entity| {
            ["platform", "exempt", "strips_query"]
                .map(|name| entity.object.get(name).map(|found| found.value.display()))
        });
        Self {
            plans: model.plans.iter().map(|plan| plan.name.value.clone()).collect(),
            noticed: (model.notices.is_empty(), Subjects::new(map, flow).noticed()),
            sources: sources.collect(),
            destinations: destinations.collect(),
            places: model.destinations.iter().map(|entity| entity.id.span).collect(),
        }
    }

    /// Whether what was said in the context `last` may be kept. The places of destinations may be others within a file that
    /// changed: what pointed there is judged anew.
    fn allows(&self, last: &Self, changed: &[SourceId]) -> bool {
        let moved = |span: &Span| changed.contains(&span.source);
        let stays = |(now, then): (&Span, &Span)| now == then || (moved(now) && moved(then));
        self.plans == last.plans
            && self.noticed == last.noticed
            && self.sources == last.sources
            && self.destinations == last.destinations
            && self.places.iter().zip(&last.places).all(stays)
    }
}
