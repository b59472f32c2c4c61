//! The stable interface for programs; `docs/json.md` and `policies/schemas/map.json` describe it.

mod facts;

use super::view::{Field, View, classes};
use crate::cli::route;
use crate::cli::route::view::display;
use crate::compare::Flowing;
use crate::finding::Finding;
use crate::flow::{Facts, in_every_call};
use crate::model::{ClassSet, ClassifiedBy, Entity};
use crate::output::{Point, Where, problems, stream_json};
use crate::source::{Sources, Span};
use facts::{Declared, Derived};
use serde::{Serialize, Serializer};
use std::io::{self, Write};

const VERSION: u32 = 1;

#[derive(Serialize)]
struct Root<S, E, F, D, C, P, N, R> {
    version: u32,
    tool: Tool,
    as_of: String,
    profile: &'static str,
    summary: Summary,
    sources: S,
    events: E,
    flows: F,
    destinations: D,
    categories: C,
    proofs: P,
    findings: N,
    problems: R,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Summary {
    sources: usize,
    events: usize,
    properties: usize,
    flows: usize,
    destinations: usize,
    categories: usize,
    findings: usize,
    problems: usize,
}

/// A list that is made while it is written.
struct Each<F>(F);

impl<F: Fn() -> I, I: Iterator<Item: Serialize>> Serialize for Each<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

/// A place that is never absent.
#[derive(Clone, Copy, Serialize)]
struct Solid<'a> {
    file: &'a str,
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Codes {
    pi: Vec<&'static str>,
    spi: Vec<&'static str>,
}

#[derive(Serialize)]
struct Declaration<'a, M> {
    id: &'a str,
    name: &'a str,
    #[serde(flatten)]
    more: M,
    declared: Declared<'a>,
    derived: Derived<'a>,
    #[serde(flatten)]
    at: Solid<'a>,
}

#[derive(Serialize)]
struct Sender {
    #[serde(flatten)]
    codes: Codes,
    in_every_call: Vec<&'static str>,
}

#[derive(Serialize)]
struct Recipient {
    active: bool,
    #[serde(flatten)]
    codes: Codes,
}

#[derive(Serialize)]
struct Grouping<'a> {
    destinations: Vec<Member<'a>>,
}

#[derive(Serialize)]
struct Member<'a> {
    id: &'a str,
    #[serde(flatten)]
    at: Solid<'a>,
}

#[derive(Serialize)]
struct Happening<'a, P> {
    name: &'a str,
    call: &'static str,
    plan: Option<&'a str>,
    sources: Vec<&'a str>,
    destinations: Vec<&'a str>,
    #[serde(flatten)]
    at: Solid<'a>,
    properties: P,
}

#[derive(Serialize)]
struct Property<'a> {
    path: &'a str,
    section: &'static str,
    #[serde(flatten)]
    codes: Codes,
    restricted: bool,
    classified_by: By<'a>,
    withheld_from: Vec<&'a str>,
    #[serde(flatten)]
    at: Solid<'a>,
}

#[derive(Serialize)]
struct By<'a> {
    how: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f32>,
    #[serde(flatten)]
    at: Option<Solid<'a>>,
}

#[derive(Serialize)]
struct Flow<'a> {
    source: Option<&'a str>,
    destination: &'a str,
    via: &'static str,
    point: &'static str,
    #[serde(flatten)]
    codes: Codes,
    carried: Vec<Carried<'a>>,
    gated_by: &'a [String],
    opt_out: Option<bool>,
    because: &'a str,
    #[serde(flatten)]
    at: Solid<'a>,
}

#[derive(Serialize)]
struct Carried<'a> {
    class: &'static str,
    witness: Option<Witness<'a>>,
}

#[derive(Serialize)]
struct Witness<'a> {
    event: &'a str,
    property: &'a str,
    #[serde(flatten)]
    at: Solid<'a>,
}

/// What `check` tells more of, by the same fingerprint.
#[derive(Serialize)]
struct Found<'a> {
    rule: &'a str,
    severity: &'static str,
    message: &'a str,
    question: Option<&'a str>,
    subject: Subject<'a>,
    fingerprint: &'a str,
    #[serde(flatten)]
    at: Solid<'a>,
}

#[derive(Serialize)]
struct Subject<'a> {
    kind: &'static str,
    id: &'a str,
}

pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let fields: Vec<usize> = view.events().map(|event| view.fields(event).count()).collect();
    let page = route::json::Page { map: view.map, sources: view.sources, problems: &[] };
    let root = Root {
        version: VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        as_of: view.map.as_of.to_owned(),
        profile: view.map.profile.name(),
        summary: Summary {
            sources: view.senders.len(),
            events: fields.len(),
            properties: fields.iter().sum(),
            flows: view.flows.len(),
            destinations: view.destinations.len(),
            categories: view.categories.len(),
            findings: view.findings.len(),
            problems: view.report.problems.len(),
        },
        sources: Each(|| view.senders.iter().map(|at| sender(view, *at))),
        events: Each(|| view.events().map(|event| happening(view, event))),
        flows: Each(|| view.flows.iter().map(|one| flow(view, one))),
        destinations: Each(|| view.destinations.iter().map(|at| recipient(view, *at))),
        categories: Each(|| view.categories.iter().map(|at| category(view, *at))),
        proofs: page.entries(&view.verdicts),
        findings: Each(|| view.findings.iter().map(|finding| found(view.sources, finding))),
        problems: problems(&view.report.problems, view.sources),
    };
    stream_json(&root, out)
}

fn codes(classes: ClassSet) -> Codes {
    Codes { pi: classes.letters().codes().collect(), spi: classes.sensitive().codes().collect() }
}

fn solid(sources: &Sources, span: Span) -> Solid<'_> {
    let nowhere = Point { line: 1, column: 1, offset: 0 };
    let at = Where::span(sources, span);
    Solid { file: at.file.unwrap_or(""), start: at.start.unwrap_or(nowhere), end: at.end.unwrap_or(nowhere) }
}

fn declaration<'a, M>(view: &View<'a>, entity: &'a Entity, facts: &'a Facts, more: M) -> Declaration<'a, M> {
    Declaration {
        id: &entity.id.value,
        name: display(entity),
        more,
        declared: Declared { sources: view.sources, object: &entity.object },
        derived: Derived { sources: view.sources, facts },
        at: solid(view.sources, entity.id.span),
    }
}

fn sender<'a>(view: &View<'a>, at: usize) -> Declaration<'a, Sender> {
    let entity = view.source(at);
    let in_every_call = in_every_call(entity).codes().collect();
    let more = Sender { codes: codes(view.flow.reach.sources[at].classes), in_every_call };
    declaration(view, entity, &view.flow.sources[at], more)
}

fn recipient<'a>(view: &View<'a>, at: usize) -> Declaration<'a, Recipient> {
    let facts = &view.flow.destinations[at];
    let active = facts.object.boolean("active") == Some(true);
    let received = if active { view.flow.reach.destinations[at].classes } else { ClassSet::EMPTY };
    declaration(view, view.destination(at), facts, Recipient { active, codes: codes(received) })
}

fn category<'a>(view: &View<'a>, at: usize) -> Declaration<'a, Grouping<'a>> {
    let members = view.map.links.categories[at].iter().map(|link| Member {
        id: &view.map.model.destinations[link.index].id.value,
        at: solid(view.sources, link.span),
    });
    let more = Grouping { destinations: members.collect() };
    declaration(view, &view.map.model.categories[at], &view.flow.categories[at], more)
}

fn happening<'v, 'a>(view: &'v View<'a>, at: usize) -> Happening<'a, impl Serialize + use<'v, 'a>> {
    let model = view.map.model;
    let event: &'a crate::model::Event = &model.events[at];
    let to = view.recipients.all(view.map, at);
    Happening {
        name: &event.name.value,
        call: event.call.name(),
        plan: event.plan.map(|plan| model.plans[plan].name.value.as_str()),
        sources: view.map.links.events[at].iter().map(|source| model.sources[*source].id.value.as_str()).collect(),
        destinations: to.iter().map(|to| model.destinations[*to].id.value.as_str()).collect(),
        at: solid(view.sources, event.name.span),
        properties: Each(move || {
            view.fields(at).map(|field| property(view, &to, field)).collect::<Vec<_>>().into_iter()
        }),
    }
}

fn property<'a>(view: &View<'a>, to: &[usize], field: Field<'a>) -> Property<'a> {
    let withheld = to.iter().filter(|to| view.recipients.is_withheld(view.map, **to, field));
    Property {
        path: &field.property.path.value,
        section: field.property.section.name(),
        codes: codes(field.taken.classes),
        restricted: field.taken.restricted,
        classified_by: by(view, field),
        withheld_from: withheld.map(|to| view.map.model.destinations[*to].id.value.as_str()).collect(),
        at: solid(view.sources, field.property.path.span),
    }
}

fn by<'a>(view: &View<'a>, field: Field<'a>) -> By<'a> {
    let at = field.taken.place.map(|span| solid(view.sources, span));
    let (how, name, score) = match &field.taken.by {
        ClassifiedBy::Nothing => ("nothing", None, None),
        ClassifiedBy::Declared => ("declaration", None, None),
        ClassifiedBy::Values(what) => ("values", Some(what.as_str()), None),
        ClassifiedBy::Custom(name) => ("matcher", Some(name.as_str()), None),
        ClassifiedBy::Lexicon { entry, score } => ("lexicon", Some(entry.as_str()), Some(*score)),
    };
    By { how, name, score, at }
}

fn flow<'a>(view: &'a View<'_>, one: &'a Flowing) -> Flow<'a> {
    let witness = |carrier: &'a crate::compare::Carrier| Witness {
        event: &carrier.event,
        property: &carrier.property,
        at: solid(view.sources, carrier.place),
    };
    let carried = ClassSet::every().codes().filter_map(|class| {
        let carrier = one.classes.get(class)?;
        Some(Carried { class, witness: carrier.as_ref().map(witness) })
    });
    Flow {
        source: one.path.source.map(|source| view.source(source).id.value.as_str()),
        destination: &view.destination(one.to).id.value,
        via: one.path.via.name(),
        point: one.path.point.name(),
        codes: codes(classes(one)),
        carried: carried.collect(),
        gated_by: &one.gate.categories,
        opt_out: one.gate.opt_out,
        because: &one.path.because,
        at: solid(view.sources, one.path.place),
    }
}

fn found<'a>(sources: &'a Sources, finding: &'a Finding) -> Found<'a> {
    Found {
        rule: &finding.rule,
        severity: finding.severity.name(),
        message: &finding.message,
        question: finding.question.as_deref(),
        subject: Subject { kind: finding.subject.kind, id: &finding.subject.id },
        fingerprint: &finding.fingerprint,
        at: solid(sources, finding.primary.span),
    }
}
