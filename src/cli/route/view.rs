//! What is shown: for a visitor, what each destination gets; or for each claim, what became of it.

use crate::cli::args::ClaimName;
use crate::flow::route::{Claim, Counterexample, Path, Proof, Prover, Step, simulate, told};
use crate::flow::routing::analytics_js::Integrations;
use crate::flow::routing::{Events, Visitor};
use crate::flow::{Facts, Flow, Map, gets_through};
use crate::model::{ClassSet, Entity, Event, Located, Profile};
use crate::source::{SourceId, Span};

/// Whether a destination receives anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Receives {
    Yes,
    No,
    Undecidable,
}

impl Receives {
    pub(super) fn of(events: Events) -> Self {
        match events {
            Events::Yes => Self::Yes,
            Events::No => Self::No,
            Events::Undecidable(_) => Self::Undecidable,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Undecidable => "undecidable",
        }
    }
}

/// Why a destination that is switched on receives nothing.
const UNFED: &str = "no source feeds it";

/// What a destination gets in a visitor's state.
pub(super) struct Row<'m> {
    pub(super) entity: &'m Entity,
    /// Its paths; those that let something through first.
    pub(super) steps: Vec<Step>,
    /// Why it has no path.
    pub(super) idle: Option<(String, Span)>,
    /// Properties of the event that get there, when an event is asked about.
    pub(super) properties: Vec<&'m Located<Box<str>>>,
}

impl Row<'_> {
    pub(super) fn receives(&self) -> Receives {
        let any = |wanted| self.steps.iter().any(|step| Receives::of(step.delivery.events) == wanted);
        [Receives::Yes, Receives::Undecidable].into_iter().find(|wanted| any(*wanted)).unwrap_or(Receives::No)
    }

    pub(super) fn loads_script(&self) -> bool {
        self.steps.iter().any(|step| step.delivery.script)
    }
}

/// Whether something that a run reports touches the files that are wanted.
pub(in crate::cli) fn is_wanted(wanted: Option<&[SourceId]>, spans: impl IntoIterator<Item = Span>) -> bool {
    wanted.is_none_or(|wanted| spans.into_iter().any(|span| wanted.contains(&span.source)))
}

/// The places that speak of an entity.
pub(in crate::cli) fn places(entity: &Entity) -> impl Iterator<Item = Span> {
    std::iter::once(entity.id.span).chain(entity.origins.iter().map(|(_, name)| name.span))
}

/// What every destination gets; with an event, those that it gets to.
pub(super) fn rows<'m>(
    map: Map<'m>,
    flow: &Flow,
    visitor: &Visitor,
    integrations: &Integrations,
    events: Option<&[usize]>,
) -> Vec<Row<'m>> {
    let row = |to: usize| {
        let entity = &map.model.destinations[to];
        let off = why_off(entity, &flow.destinations[to]);
        let mut steps = if off.is_none() { simulate(map, &flow.reach, to, visitor, integrations) } else { Vec::new() };
        let mut properties = Vec::new();
        if let Some(events) = events {
            let arriving: Vec<usize> =
                events.iter().copied().filter(|event| !is_dropped(entity, map, *event)).collect();
            steps.retain(|step| arriving.iter().any(|event| is_sent(map, &step.path, *event)));
            if steps.is_empty() {
                return None;
            }
            let sent = arriving.into_iter().filter(|event| steps.iter().any(|step| is_sent(map, &step.path, *event)));
            properties = sent.flat_map(|event| getting_through(map, to, &map.model.events[event])).collect();
            properties.dedup_by(|one, other| one.value == other.value);
        }
        steps.sort_by_key(|step| match Receives::of(step.delivery.events) {
            Receives::Yes => 0,
            Receives::Undecidable => 1,
            Receives::No => 2,
        });
        let unfed = || (UNFED.to_owned(), entity.id.span);
        let idle = steps.is_empty().then(|| off.unwrap_or_else(unfed));
        Some(Row { entity, steps, idle, properties })
    };
    (0..map.model.destinations.len()).filter_map(row).collect()
}

/// Why a destination receives nothing whatever the visitor says.
fn why_off(entity: &Entity, facts: &Facts) -> Option<(String, Span)> {
    if facts.object.boolean("active") != Some(false) {
        return None;
    }
    let reason = facts.reasons("active").next().map(|label| (label.text.clone(), label.span));
    Some(reason.unwrap_or_else(|| (UNFED.to_owned(), entity.id.span)))
}

fn is_dropped(entity: &Entity, map: Map<'_>, event: usize) -> bool {
    entity.object.has_text("filters.drop_events", &map.model.events[event].name.value)
}

/// Whether an event goes out on a path. Where no source is known, every event does.
fn is_sent(map: Map<'_>, path: &Path, event: usize) -> bool {
    path.source.is_none_or(|source| map.links.events[event].contains(&source))
}

fn getting_through<'m>(map: Map<'m>, to: usize, event: &'m Event) -> impl Iterator<Item = &'m Located<Box<str>>> {
    let through = move |property: &&crate::model::Property| gets_through(map, to, event, property);
    event.properties.iter().filter(through).map(|property| &property.path)
}

/// What flows on the path of a counterexample.
#[derive(Default)]
pub(in crate::cli) struct Sent<'m> {
    /// All classes, by code.
    pub(super) classes: Vec<&'static str>,
    /// A property that carries one of them; what every call carries besides its properties has none.
    pub(super) witness: Option<Witness<'m>>,
}

/// A property of an event.
pub(in crate::cli) struct Witness<'m> {
    pub(super) event: &'m str,
    pub(super) property: &'m Located<Box<str>>,
}

impl Sent<'_> {
    /// What flows, as a sentence names it.
    fn words(&self) -> String {
        match &self.witness {
            Some(witness) => format!("`{}`", witness.property.value),
            None => "the context of every call (address, identifiers, page)".to_owned(),
        }
    }

    /// All classes that flow, and the property that is the witness.
    pub(super) fn classes(&self) -> String {
        let classes = if self.classes.len() == 1 { "class" } else { "classes" };
        let witness = self.witness.as_ref();
        let witness = witness.map(|witness| format!("; witness: `{}` of {}", witness.property.value, witness.event));
        format!("what flows: {classes} {}{}", self.classes.join(", "), witness.unwrap_or_default())
    }
}

/// The name of an entity as people know it.
pub(in crate::cli) fn display(entity: &Entity) -> &str {
    entity.object.text("name").unwrap_or(&entity.id.value)
}

/// The way that data takes.
pub(super) fn way(map: Map<'_>, path: &Path) -> String {
    let from = path.source.map(|source| format!(", from `{}`", map.model.sources[source].id.value));
    format!("{}{}", path.via.words(), from.unwrap_or_default())
}

/// What a counterexample shows.
pub(in crate::cli) fn refutation(map: Map<'_>, verdict: &Verdict<'_>, found: &Counterexample) -> String {
    told(map, verdict.index, verdict.claim, found, &verdict.sent.words())
}

/// A claim about a destination, and what became of it.
pub(in crate::cli) struct Verdict<'m> {
    pub(in crate::cli) entity: &'m Entity,
    /// Index of the destination.
    pub(in crate::cli) index: usize,
    pub(in crate::cli) claim: Claim,
    pub(in crate::cli) proof: Proof,
    pub(in crate::cli) sent: Sent<'m>,
}

impl Verdict<'_> {
    /// Refuted first, then what is undecidable.
    pub(in crate::cli) fn rank(&self) -> u8 {
        match self.proof {
            Proof::Refuted(_) => 0,
            Proof::Undecidable { .. } => 1,
            Proof::Proved => 2,
        }
    }

    pub(in crate::cli) fn result(&self) -> &'static str {
        ["refuted", "undecidable", "proved"][usize::from(self.rank())]
    }
}

/// The word for a claim.
pub(in crate::cli) fn claim_name(claim: Claim) -> &'static str {
    match claim {
        Claim::OptOut => "opt-out",
        Claim::Limit => "limit",
        Claim::OptIn => "opt-in",
    }
}

/// The claims that are made, in order, each once.
pub(in crate::cli) fn claims(named: &[ClaimName], profile: Profile) -> Vec<Claim> {
    let wanted = |name| match (named, name) {
        ([], ClaimName::OptIn) => profile != Profile::UsCa,
        ([], _) => true,
        (named, name) => named.contains(&name),
    };
    let all = [(ClaimName::OptOut, Claim::OptOut), (ClaimName::Limit, Claim::Limit), (ClaimName::OptIn, Claim::OptIn)];
    all.into_iter().filter(|(name, _)| wanted(*name)).map(|(_, claim)| claim).collect()
}

/// What became of every claim about every destination that it is made of, in order of the destinations.
pub(in crate::cli) fn verdicts<'m>(map: Map<'m>, flow: &Flow, claims: &[Claim], asked_for: bool) -> Vec<Verdict<'m>> {
    let limited = limited(map, flow);
    let prover = Prover::new(map, &flow.reach);
    let mut found = Vec::new();
    for (to, entity) in map.model.destinations.iter().enumerate() {
        for claim in claims {
            let facts = &flow.destinations[to];
            let made = match claim {
                Claim::OptOut => facts.object.boolean("discloses") == Some(true),
                Claim::Limit => limited[to].is_some(),
                Claim::OptIn => wants_consent(facts, asked_for),
            };
            if !made || facts.object.boolean("active") != Some(true) {
                continue;
            }
            let proof = prover.prove(to, *claim);
            let sent = match (&proof, claim) {
                (Proof::Refuted(found), Claim::OptOut | Claim::OptIn) => sent(map, flow, to, found),
                (Proof::Refuted(found), Claim::Limit) => {
                    prover.limited(to, &found.path).map_or_else(Sent::default, |at| sensitive(map, at))
                }
                _ => Sent::default(),
            };
            found.push(Verdict { entity, index: to, claim: *claim, proof, sent });
        }
    }
    found
}

/// Whether consent must come first: laws of other states ask for it before sensitive data arrives. Who asks for the claim
/// also means what is sold or shared.
fn wants_consent(facts: &Facts, asked_for: bool) -> bool {
    let states = facts.object.list("opt_in_states");
    let sensitive = !facts.object.list("sensitive_received").is_empty() && !states.is_empty();
    sensitive || (asked_for && facts.object.boolean("discloses") == Some(true))
}

/// An event and one of its properties.
type At = (usize, usize);

/// By destination: a sensitive property that it receives and whose use may be limited. What is used within 11 CCR § 7027(m)
/// may not, and the business itself is no recipient.
fn limited(map: Map<'_>, flow: &Flow) -> Vec<Option<At>> {
    let mut found = vec![None; map.model.destinations.len()];
    for (event, receivers) in flow.receivers.iter().enumerate() {
        let all = &map.model.events[event];
        for (index, property) in all.properties.iter().enumerate() {
            if property.is_limit_exempt() || map.classes[event][index].classes.sensitive().is_empty() {
                continue;
            }
            for to in receivers.iter().copied().filter(|to| is_other(map, *to)) {
                if found[to].is_none() && gets_through(map, to, all, property) {
                    found[to] = Some((event, index));
                }
            }
        }
    }
    found
}

/// Whether a destination is a recipient other than the business.
fn is_other(map: Map<'_>, to: usize) -> bool {
    map.model.destinations[to].object.text("role") != Some("internal")
}

fn sensitive<'m>(map: Map<'m>, (event, property): At) -> Sent<'m> {
    let classes = map.classes[event][property].classes.sensitive();
    Sent { classes: classes.codes().collect(), witness: Some(witness(map, event, property)) }
}

fn witness<'m>(map: Map<'m>, event: usize, property: usize) -> Witness<'m> {
    let event = &map.model.events[event];
    Witness { event: &event.name.value, property: &event.properties[property].path }
}

/// What reaches a destination on the path of a counterexample: the classes, and a property that rests on more than a similar
/// name, if there is one.
fn sent<'m>(map: Map<'m>, flow: &Flow, to: usize, found: &Counterexample) -> Sent<'m> {
    let all = &flow.reach.destinations[to];
    let here = found.path.source.map_or(all.classes, |source| flow.reach.sources[source].classes);
    let classes: ClassSet = all.classes.intersection(here);
    // The same choice as in findings.
    let mut on_path = all.witnesses.values().filter(|one| is_sent(map, &found.path, one.event));
    let best = on_path.clone().find(|one| !one.similar).or_else(|| on_path.next());
    let codes = classes.letters().union(classes);
    Sent { classes: codes.codes().collect(), witness: best.map(|one| witness(map, one.event, one.property)) }
}
