//! What is shown, in whatever format: sources, ways, destinations, fields, each as the model has it; filtered.

mod context;
mod filter;
mod recipients;

pub(super) use context::Context;
pub(super) use filter::Filter;
pub(super) use recipients::Recipients;

use crate::cli::route::view::{Verdict, claims, verdicts};
use crate::compare::{Flowing, Side, flowing};
use crate::finding::Finding;
use crate::flow::route::{Claim, Point};
use crate::flow::{Flow, Map};
use crate::model::{ClassSet, Classification, Entity, Event, Property};
use crate::output::Where;
use crate::report::Report;
use crate::source::{Sources, Span};

/// The data map as it is shown.
pub(super) struct View<'a> {
    pub(super) map: Map<'a>,
    pub(super) flow: &'a Flow,
    pub(super) sources: &'a Sources,
    pub(super) report: &'a Report,
    /// The ways that are shown.
    pub(super) flows: Vec<Flowing>,
    /// Other ways to destinations that are shown.
    pub(super) others: Vec<Flowing>,
    /// What became of each claim about the destinations that are shown.
    pub(super) verdicts: Vec<Verdict<'a>>,
    /// Findings about what is shown.
    pub(super) findings: Vec<&'a Finding>,
    /// Indices of the sources that are shown.
    pub(super) senders: Vec<usize>,
    /// Indices of the destinations that are shown.
    pub(super) destinations: Vec<usize>,
    /// Indices of the consent categories that are shown.
    pub(super) categories: Vec<usize>,
    /// Who gets what.
    pub(super) recipients: Recipients,
    filter: &'a Filter<'a>,
}

/// A field of an event.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    pub(super) event: &'a Event,
    pub(super) property: &'a Property,
    pub(super) taken: &'a Classification,
}

impl<'a> View<'a> {
    /// Computes what is shown.
    pub(super) fn of(
        map: Map<'a>,
        flow: &'a Flow,
        report: &'a Report,
        sources: &'a Sources,
        filter: &'a Filter<'a>,
    ) -> Self {
        let all = flowing(Side { map, flow });
        let recipients = Recipients::of(map, &all);
        let (flows, mut others): (Vec<Flowing>, Vec<Flowing>) =
            all.into_iter().partition(|one| filter.shows_flow(map, one));
        let to = |index: usize| flows.iter().any(|one| one.to == index);
        let from = |index: usize| flows.iter().any(|one| one.path.source == Some(index));
        let model = map.model;
        let destinations: Vec<usize> =
            (0..model.destinations.len()).filter(|at| filter.shows_destination(map, flow, *at, to(*at))).collect();
        others.retain(|one| destinations.contains(&one.to));
        let senders = (0..model.sources.len()).filter(|at| filter.shows_source(map, flow, *at, from(*at))).collect();
        let categories =
            (0..model.categories.len()).filter(|at| filter.shows_category(map, *at, &destinations)).collect();
        let mut verdicts = verdicts(map, flow, &claims(&[], map.profile), false);
        verdicts.retain(|verdict| destinations.contains(&verdict.index));
        let findings = Vec::new();
        let mut view = Self {
            map,
            flow,
            sources,
            report,
            flows,
            others,
            verdicts,
            findings,
            senders,
            destinations,
            categories,
            recipients,
            filter,
        };
        view.findings = filter.findings(&view, &report.findings);
        view
    }

    /// Findings about what is shown that are not counted: excepted, or known to the baseline.
    pub(super) fn accepted(&self) -> impl Iterator<Item = &'a Finding> {
        let report = self.report;
        let of = |all: &'a [Finding]| self.filter.findings(self, all).into_iter();
        of(&report.suppressed).chain(of(&report.baselined))
    }

    /// What was asked for, in words; nothing where all is shown.
    pub(super) fn asked(&self) -> &'a [String] {
        self.filter.asked()
    }

    /// The fields of an event that are shown.
    pub(super) fn fields(&self, event: usize) -> impl Iterator<Item = Field<'a>> {
        let of: &'a Event = &self.map.model.events[event];
        let taken = self.map.classes[event].iter();
        let all = of.properties.iter().zip(taken).map(move |(property, taken)| Field { event: of, property, taken });
        let arriving = self.filter.arriving(self, event);
        all.filter(move |field| self.filter.shows_field(self, arriving.as_deref(), *field))
    }

    /// The events that are shown: those with a field that is, and without a filter all.
    pub(super) fn events(&self) -> impl Iterator<Item = usize> {
        let all = 0..self.map.model.events.len();
        all.filter(|event| self.filter.shows_event(self.map, *event) && self.shows_any(*event))
    }

    fn shows_any(&self, event: usize) -> bool {
        self.filter.is_open() || self.fields(event).next().is_some()
    }

    /// Whether something of these classes is shown.
    pub(super) fn shows_classes(&self, classes: ClassSet) -> bool {
        self.filter.has_class(classes)
    }

    /// The sources of an event that are shown.
    pub(super) fn senders_of(&self, event: usize) -> impl Iterator<Item = usize> {
        self.map.links.events[event].iter().copied().filter(|source| self.filter.names_source(*source))
    }

    /// What became of a claim about a destination; none where it is not made.
    pub(super) fn verdict(&self, to: usize, claim: Claim) -> Option<&Verdict<'a>> {
        self.verdicts.iter().find(|verdict| verdict.index == to && verdict.claim == claim)
    }

    pub(super) fn destination(&self, at: usize) -> &'a Entity {
        &self.map.model.destinations[at]
    }

    pub(super) fn source(&self, at: usize) -> &'a Entity {
        &self.map.model.sources[at]
    }

    /// `file:line`.
    pub(super) fn line(&self, span: Span) -> String {
        let at = Where::span(self.sources, span);
        match (at.file, at.start) {
            (Some(file), Some(start)) => format!("{file}:{}", start.line),
            _ => String::new(),
        }
    }
}

/// The classes that take a way, letters that they imply included, in the order of the statute.
pub(super) fn classes(flow: &Flowing) -> ClassSet {
    flow.classes.keys().filter_map(|code| ClassSet::parse(code)).collect()
}

/// A set with the letters that its sensitive classes imply.
pub(super) fn whole(classes: ClassSet) -> ClassSet {
    classes.letters().union(classes)
}

/// What a consent point is, in words.
pub(super) fn point_words(point: Point) -> &'static str {
    match point {
        Point::Nowhere => "no consent point",
        Point::Wrapper { .. } => "consent wrapper in the page",
        Point::Platform { .. } => "Segment's servers",
        Point::OpenSource(_) => "Segment's Consent Manager",
        Point::Rudder { browser: true } => "RudderStack in the page",
        Point::Rudder { browser: false } => "RudderStack's servers",
        Point::Tag { .. } => "consent settings of the tag",
        Point::Page => "consent manager in the page or app",
    }
}
