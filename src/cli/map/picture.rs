//! The map as a picture: sources, consent points, destinations, and what flows between them. What is too much to look at is
//! drawn together.

use super::view::{View, classes, point_words, whole};
use crate::cli::route::view::{claim_name, display};
use crate::compare::Flowing;
use crate::finding::fingerprint;
use crate::flow::route::{Claim, Point};
use crate::model::{ClassSet, Entity};
use crate::output::{clipped, counted, printable};
use std::collections::{BTreeMap, BTreeSet};

/// Sources that are drawn by themselves.
const SOURCES: usize = 30;
/// Lines from consent points to destinations. Mermaid draws 500 lines and 50,000 characters.
const LINES: usize = 100;
/// Characters of a name.
const NAME: usize = 40;

/// What a node is, and what is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Look {
    /// A source of sensitive personal information.
    Sensitive,
    /// A source of personal information.
    Personal,
    /// A source of nothing personal.
    Plain,
    /// A consent point.
    Point,
    /// Where no choice acts.
    Open,
    /// A destination of which a claim is refuted.
    Refuted,
    /// A destination of which a claim is undecidable.
    Undecidable,
    /// A destination of which every claim is proved.
    Proved,
    /// A destination of which nothing is claimed.
    Unclaimed,
    /// Several that are drawn together.
    More,
}

impl Look {
    /// All, in order, with the colours of the inside and the border.
    pub(super) const ALL: [(Self, &'static str, &'static str, &'static str); 10] = [
        (Self::Sensitive, "sensitive", "#f3e5f5", "#6a1b9a"),
        (Self::Personal, "personal", "#e3f2fd", "#1565c0"),
        (Self::Plain, "plain", "#f5f5f5", "#616161"),
        (Self::Point, "point", "#ffffff", "#37474f"),
        (Self::Open, "open", "#fff3e0", "#e65100"),
        (Self::Refuted, "refuted", "#ffebee", "#b71c1c"),
        (Self::Undecidable, "undecidable", "#fffde7", "#f57f17"),
        (Self::Proved, "proved", "#e8f5e9", "#1b5e20"),
        (Self::Unclaimed, "unclaimed", "#fafafa", "#616161"),
        (Self::More, "more", "#eceff1", "#90a4ae"),
    ];

    pub(super) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(look, ..)| *look == self).map_or("", |(_, name, ..)| name)
    }
}

/// A node, with texts from files as they are but on one line each.
pub(super) struct Node {
    /// Made of the identity, so that it stays when others come and go; letters and digits.
    pub(super) id: String,
    /// The name, what is known, and the place.
    pub(super) lines: Vec<String>,
    pub(super) look: Look,
}

/// A line between nodes.
pub(super) struct Edge {
    pub(super) from: String,
    pub(super) to: String,
    /// Classes and consent categories; empty towards a consent point.
    pub(super) label: String,
    pub(super) classes: ClassSet,
}

impl Edge {
    /// Colour, and width in points.
    pub(super) fn stroke(&self) -> (&'static str, u8) {
        match (self.classes.sensitive().is_empty(), self.classes.is_empty()) {
            (false, _) => ("#6a1b9a", 3),
            (true, false) => ("#1565c0", 2),
            (true, true) => ("#9e9e9e", 1),
        }
    }
}

/// What is drawn.
pub(super) struct Picture {
    pub(super) sources: Vec<Node>,
    pub(super) points: Vec<Node>,
    pub(super) destinations: Vec<Node>,
    pub(super) edges: Vec<Edge>,
    /// What the picture does not show by itself.
    pub(super) hidden: Option<String>,
}

/// One end of a way: drawn by itself, the source that nobody declared, or with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    One(usize),
    Undeclared,
    More,
}

impl Picture {
    pub(super) fn of(view: &View<'_>) -> Self {
        let (sources, destinations) = (drawn_sources(view), drawn_destinations(view));
        let from = |flow: &Flowing| match flow.path.source {
            Some(at) if sources.contains(&at) => End::One(at),
            Some(_) => End::More,
            None => End::Undeclared,
        };
        let to = |flow: &Flowing| if destinations.contains(&flow.to) { End::One(flow.to) } else { End::More };
        let mut ways: BTreeMap<(End, &str, End), Vec<&Flowing>> = BTreeMap::new();
        for flow in &view.flows {
            ways.entry((from(flow), point_words(flow.path.point), to(flow))).or_default().push(flow);
        }
        let mut picture =
            Self { sources: Vec::new(), points: Vec::new(), destinations: Vec::new(), edges: Vec::new(), hidden: None };
        let senders: BTreeSet<usize> = view.flows.iter().filter_map(|flow| flow.path.source).collect();
        let sources_left = senders.len().saturating_sub(sources.len());
        let left =
            view.flows.iter().map(|flow| flow.to).collect::<BTreeSet<_>>().len().saturating_sub(destinations.len());
        let ends: BTreeSet<End> = ways.keys().map(|(from, ..)| *from).collect();
        picture.sources = ends.into_iter().map(|end| source(view, end, sources_left)).collect();
        let ends: BTreeSet<End> = ways.keys().map(|(.., to)| *to).collect();
        let ranked = ranked(view).into_iter().map(End::One).chain([End::More]);
        let shown = ranked.filter(|end| ends.contains(end));
        picture.destinations = shown.map(|end| destination(view, end, left)).collect();
        picture.draw(view, &ways);
        let hidden = [(sources_left, more_sources(sources_left)), (left, more_destinations(left))];
        let hidden: Vec<String> = hidden.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect();
        picture.hidden = (!hidden.is_empty()).then(|| format!("and {}", hidden.join(" and ")));
        picture
    }

    fn draw(&mut self, view: &View<'_>, ways: &BTreeMap<(End, &str, End), Vec<&Flowing>>) {
        let mut known: BTreeSet<String> = BTreeSet::new();
        for ((from, words, to), flows) in ways {
            let point = id("point", &format!("{} {words}", key(view, *from, true)));
            if known.insert(point.clone()) {
                let open = flows.iter().any(|flow| flow.path.point == Point::Nowhere);
                let mut lines = vec![(*words).to_owned()];
                if let End::One(_) = from {
                    lines.extend(flows.first().map(|flow| view.line(flow.path.place)).filter(|line| !line.is_empty()));
                }
                let look = if open { Look::Open } else { Look::Point };
                self.points.push(Node { id: point.clone(), lines, look });
                let through = ways.iter().filter(|((one, other, _), _)| one == from && other == words);
                let classes = through.flat_map(|(_, flows)| flows.iter().map(|flow| classes(flow))).collect();
                let from = id("source", &key(view, *from, true));
                self.edges.push(Edge { from, to: point.clone(), label: String::new(), classes });
            }
            let carried: ClassSet = flows.iter().map(|flow| classes(flow)).collect();
            let gates: BTreeSet<&str> =
                flows.iter().flat_map(|flow| &flow.gate.categories).map(String::as_str).collect();
            let codes = whole(carried).codes().collect::<Vec<_>>().join(", ");
            let codes = if codes.is_empty() { "nothing personal".to_owned() } else { codes };
            let gates = gates.into_iter().collect::<Vec<_>>().join(", ");
            let label = if gates.is_empty() { codes } else { format!("{codes} / {}", shown(&gates)) };
            let to = id("destination", &key(view, *to, false));
            self.edges.push(Edge { from: point, to, label, classes: carried });
        }
    }
}

fn more_sources(count: usize) -> String {
    counted(count, "more source", "more sources")
}

fn more_destinations(count: usize) -> String {
    counted(count, "more destination", "more destinations")
}

/// Text from files, on one line and not too long.
fn shown(text: &str) -> String {
    clipped(&printable(text), NAME)
}

/// An id of a node, made of what it stands for.
fn id(kind: &str, key: &str) -> String {
    let mark: String = fingerprint(&[kind, key]).chars().take(16).collect();
    format!("{}{mark}", kind.chars().next().unwrap_or('n'))
}

/// What tells an end from others. The first sign keeps ids of files apart from what is made here.
fn key(view: &View<'_>, end: End, source: bool) -> String {
    match end {
        End::One(at) => format!("={}", if source { &view.source(at).id.value } else { &view.destination(at).id.value }),
        End::Undeclared => "undeclared".to_owned(),
        End::More => "more".to_owned(),
    }
}

/// Those that send something sensitive first, then those with more ways.
fn drawn_sources(view: &View<'_>) -> BTreeSet<usize> {
    let mut ways: BTreeMap<usize, usize> = BTreeMap::new();
    for source in view.flows.iter().filter_map(|flow| flow.path.source) {
        *ways.entry(source).or_default() += 1;
    }
    let mut all: Vec<(usize, usize)> = ways.into_iter().collect();
    let harmless = |source: usize| view.flow.reach.sources[source].classes.sensitive().is_empty();
    all.sort_by_key(|(source, ways)| (harmless(*source), usize::MAX - ways, *source));
    // One alone is not worth being drawn as "1 more".
    let most = if all.len() == SOURCES + 1 { SOURCES + 1 } else { SOURCES };
    all.into_iter().take(most).map(|(source, _)| source).collect()
}

/// The destinations with a way to them: refuted, undecidable, proved, then the others.
fn ranked(view: &View<'_>) -> Vec<usize> {
    let fed: BTreeSet<usize> = view.flows.iter().map(|flow| flow.to).collect();
    let mut all: Vec<(Look, usize)> = fed.into_iter().map(|to| (look(view, to), to)).collect();
    all.sort_unstable();
    all.into_iter().map(|(_, to)| to).collect()
}

fn drawn_destinations(view: &View<'_>) -> BTreeSet<usize> {
    let mut left = LINES;
    let mut drawn = BTreeSet::new();
    for to in ranked(view) {
        let points: BTreeSet<_> = view
            .flows
            .iter()
            .filter(|flow| flow.to == to)
            .map(|flow| (flow.path.source, point_words(flow.path.point)))
            .collect();
        let Some(rest) = left.checked_sub(points.len().min(SOURCES + 2)) else { break };
        left = rest;
        drawn.insert(to);
    }
    drawn
}

fn look(view: &View<'_>, to: usize) -> Look {
    let of = view.verdicts.iter().filter(|verdict| verdict.index == to);
    match of.map(crate::cli::route::view::Verdict::rank).min() {
        Some(0) => Look::Refuted,
        Some(1) => Look::Undecidable,
        Some(_) => Look::Proved,
        None => Look::Unclaimed,
    }
}

fn entity(view: &View<'_>, entity: &Entity, known: &[String]) -> Vec<String> {
    let mut lines = vec![shown(display(entity))];
    lines.extend(known.iter().cloned());
    lines.extend(Some(shown_place(&view.line(entity.id.span))).filter(|line| !line.is_empty()));
    lines
}

/// The end of a path says most.
fn shown_place(place: &str) -> String {
    let place = printable(place);
    let count = place.chars().count();
    if count <= NAME { place } else { format!("…{}", place.chars().skip(count - NAME + 1).collect::<String>()) }
}

fn source(view: &View<'_>, end: End, more: usize) -> Node {
    let id = id("source", &key(view, end, true));
    let End::One(at) = end else {
        let (words, look) = match end {
            End::More => (format!("and {}", more_sources(more)), Look::More),
            _ => ("no source declared".to_owned(), Look::Plain),
        };
        return Node { id, lines: vec![words], look };
    };
    let classes = view.flow.reach.sources[at].classes;
    let look = match (classes.sensitive().is_empty(), classes.is_empty()) {
        (false, _) => Look::Sensitive,
        (true, false) => Look::Personal,
        (true, true) => Look::Plain,
    };
    Node { id, lines: entity(view, view.source(at), &[]), look }
}

fn destination(view: &View<'_>, end: End, more: usize) -> Node {
    let id = id("destination", &key(view, end, false));
    let End::One(at) = end else {
        let words = format!("and {}", more_destinations(more));
        return Node { id, lines: vec![words], look: Look::More };
    };
    let claims = [Claim::OptOut, Claim::Limit, Claim::OptIn];
    let known = claims.iter().filter_map(|claim| view.verdict(at, *claim));
    let known: Vec<String> =
        known.map(|verdict| format!("{} {}", claim_name(verdict.claim), verdict.result())).collect();
    Node { id, lines: entity(view, view.destination(at), &known), look: look(view, at) }
}
