//! The stable interface for programs; `docs/json.md` and `policies/schemas/route.json` describe it.

use super::view::{Receives, Row, Sent, Verdict, claim_name, display, refutation};
use crate::finding::Problem;
use crate::flow::Map;
use crate::flow::route::{Path, Proof, Step};
use crate::flow::routing::Visitor;
use crate::output::{Point, Where, problems, write_json};
use crate::source::{Sources, Span};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

const VERSION: u32 = 1;

/// What programs are given of a project.
pub(in crate::cli) struct Page<'a> {
    pub(in crate::cli) map: Map<'a>,
    pub(in crate::cli) sources: &'a Sources,
    pub(in crate::cli) problems: &'a [Problem],
}

const TOOL: Tool = Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Simulation<'a, P> {
    version: u32,
    tool: Tool,
    as_of: &'a str,
    state: Option<State<'a>>,
    event: Option<&'a str>,
    summary: Receivers,
    destinations: Vec<Destination<'a>>,
    problems: Vec<P>,
}

#[derive(Serialize)]
struct Receivers {
    destinations: usize,
    receive: usize,
    undecidable: usize,
    problems: usize,
}

#[derive(Serialize)]
struct Proofs<'a, P> {
    version: u32,
    tool: Tool,
    as_of: &'a str,
    profile: &'static str,
    summary: Results,
    destinations: Vec<Claimed<'a>>,
    problems: Vec<P>,
}

#[derive(Serialize)]
struct Results {
    refuted: usize,
    undecidable: usize,
    proved: usize,
    problems: usize,
}

/// A place that is never absent.
#[derive(Serialize)]
struct Solid<'a> {
    file: &'a str,
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct State<'a> {
    categories: BTreeMap<&'a str, Option<bool>>,
    gpc: bool,
    chosen: bool,
}

#[derive(Serialize)]
struct Way<'a> {
    source: Option<&'a str>,
    via: &'static str,
    point: &'static str,
}

#[derive(Serialize)]
struct Delivered<'a> {
    #[serde(flatten)]
    way: Way<'a>,
    receives: &'static str,
    loads_script: bool,
    because: &'a str,
    #[serde(flatten)]
    at: Solid<'a>,
}

#[derive(Serialize)]
struct Destination<'a> {
    id: &'a str,
    name: &'a str,
    receives: &'static str,
    loads_script: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Vec<&'a str>>,
    paths: Vec<Delivered<'a>>,
}

#[derive(Serialize)]
struct Claimed<'a> {
    id: &'a str,
    name: &'a str,
    claim: &'static str,
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    counterexample: Option<Refuted<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<&'a str>,
    #[serde(flatten)]
    at: Option<Solid<'a>>,
}

#[derive(Serialize)]
struct Refuted<'a> {
    message: String,
    state: State<'a>,
    path: Way<'a>,
    sends: Sends<'a>,
    because: &'a str,
}

#[derive(Serialize)]
struct Sends<'a> {
    classes: &'a [&'static str],
    witness: Option<Shown<'a>>,
}

#[derive(Serialize)]
struct Shown<'a> {
    event: &'a str,
    property: &'a str,
    #[serde(flatten)]
    at: Solid<'a>,
}

impl<'a> Page<'a> {
    /// What every destination gets; nothing where the state could not be understood.
    pub(super) fn state(
        &self,
        visitor: Option<&'a Visitor>,
        event: Option<&'a str>,
        rows: &'a [Row<'_>],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let of = |wanted| rows.iter().filter(|row| row.receives() == wanted).count();
        let root = Simulation {
            version: VERSION,
            tool: TOOL,
            as_of: self.map.as_of,
            state: visitor.map(state),
            event,
            summary: Receivers {
                destinations: rows.len(),
                receive: of(Receives::Yes),
                undecidable: of(Receives::Undecidable),
                problems: self.problems.len(),
            },
            destinations: rows.iter().map(|row| self.destination(row, event.is_some())).collect(),
            problems: problems(self.problems, self.sources),
        };
        write_json(&root, out)
    }

    /// What became of every claim.
    pub(super) fn proofs(&self, verdicts: &'a [Verdict<'_>], out: &mut dyn Write) -> io::Result<()> {
        let of = |rank| verdicts.iter().filter(|one| one.rank() == rank).count();
        let problems_found = self.problems.len();
        let root = Proofs {
            version: VERSION,
            tool: TOOL,
            as_of: self.map.as_of,
            profile: self.map.profile.name(),
            summary: Results { refuted: of(0), undecidable: of(1), proved: of(2), problems: problems_found },
            destinations: verdicts.iter().map(|verdict| self.claimed(verdict)).collect(),
            problems: problems(self.problems, self.sources),
        };
        write_json(&root, out)
    }

    /// What became of claims, in this shape.
    pub(in crate::cli) fn entries(&self, verdicts: &'a [Verdict<'_>]) -> Vec<impl Serialize + use<'a>> {
        verdicts.iter().map(|verdict| self.claimed(verdict)).collect()
    }

    fn destination(&self, row: &'a Row<'_>, event: bool) -> Destination<'a> {
        Destination {
            id: &row.entity.id.value,
            name: display(row.entity),
            receives: row.receives().name(),
            loads_script: row.loads_script(),
            because: row.idle.as_ref().map(|(because, _)| because.as_str()),
            properties: event.then(|| row.properties.iter().map(|path| &*path.value).collect()),
            paths: row.steps.iter().map(|step| self.delivered(step)).collect(),
        }
    }

    fn delivered(&self, step: &'a Step) -> Delivered<'a> {
        Delivered {
            way: self.way(&step.path),
            receives: Receives::of(step.delivery.events).name(),
            loads_script: step.delivery.script,
            because: &step.because,
            at: self.solid(step.place),
        }
    }

    fn claimed(&self, verdict: &'a Verdict<'_>) -> Claimed<'a> {
        let (counterexample, missing, at) = match &verdict.proof {
            Proof::Proved => (None, None, None),
            Proof::Undecidable { missing, place } => (None, Some(missing.as_str()), Some(*place)),
            Proof::Refuted(found) => {
                let refuted = Refuted {
                    message: refutation(self.map, verdict, found),
                    state: state(&found.visitor),
                    path: self.way(&found.path),
                    sends: self.sends(&verdict.sent),
                    because: &found.because,
                };
                (Some(refuted), None, Some(found.place))
            }
        };
        Claimed {
            id: &verdict.entity.id.value,
            name: display(verdict.entity),
            claim: claim_name(verdict.claim),
            result: verdict.result(),
            counterexample,
            missing,
            at: at.map(|span| self.solid(span)),
        }
    }

    fn sends(&self, sent: &'a Sent<'_>) -> Sends<'a> {
        let witness = sent.witness.as_ref().map(|witness| Shown {
            event: witness.event,
            property: &witness.property.value,
            at: self.solid(witness.property.span),
        });
        Sends { classes: &sent.classes, witness }
    }

    fn way(&self, path: &Path) -> Way<'a> {
        let source = path.source.map(|source| self.map.model.sources[source].id.value.as_str());
        Way { source, via: path.via.name(), point: path.point.name() }
    }

    fn solid(&self, span: Span) -> Solid<'a> {
        let nowhere = Point { line: 1, column: 1, offset: 0 };
        let at = Where::span(self.sources, span);
        Solid { file: at.file.unwrap_or(""), start: at.start.unwrap_or(nowhere), end: at.end.unwrap_or(nowhere) }
    }
}

fn state(visitor: &Visitor) -> State<'_> {
    let stated = visitor.stated();
    let said = visitor.preferences.keys().map(|id| (id.as_str(), stated.get(id).copied()));
    State { categories: said.collect(), gpc: visitor.signal, chosen: visitor.chosen }
}
