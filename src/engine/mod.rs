//! Rules × subjects → findings; exceptions; fingerprints.

mod accepted;
mod again;
mod declare;
mod exception;
mod explain;
mod occurrence;
mod subject;
mod undecided;

pub use accepted::judge_baseline;
pub use again::{Alike, Last, classify as classify_again, run_again};
pub use declare::{apply_field_rules, classify};
pub use exception::{Allowance, comments};
pub use explain::{Attribute, Explained, explain};

use crate::baseline::Weight;
use crate::finding::{Finding, Label, Problem, Severity, SubjectId, fingerprint};
use crate::flow::{Flow, Map};
use crate::model::Profile;
use crate::model::kind::Type;
use crate::policy::{Outcome, Rule};
use jiff::civil::Date;
use rayon::prelude::*;
use subject::{Seen, Subjects};
use undecided::Undecided;

/// Events whose properties one core judges before it takes the next ones.
const EVENTS_AT_ONCE: usize = 64;

/// A rule that runs, with the severity that the settings give it.
#[derive(Clone, Copy, Debug)]
pub struct Active<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// After settings and dates.
    pub severity: Severity,
}

/// Rules to run on a day.
pub fn active<'a>(rules: &'a [Rule], day: Date, level: impl Fn(&Rule) -> Option<Severity>) -> Vec<Active<'a>> {
    let severity = |rule: &'a Rule| Some(Active { rule, severity: rule.severity_on(day, level(rule)?)? });
    rules.iter().filter_map(severity).collect()
}

/// What the rules say of a data map.
#[derive(Debug, Default)]
pub struct Verdict {
    /// What breaks a rule.
    pub findings: Vec<Finding>,
    /// What could not be judged.
    pub problems: Vec<Problem>,
    /// Rules that had nothing to judge: no subject of their kind meets their `when`.
    pub idle: Vec<String>,
}

/// What one rule says of some subjects.
#[derive(Default)]
struct Tally {
    findings: Vec<Finding>,
    undecided: Vec<Undecided>,
    /// Whether there was anything to judge.
    met: bool,
}

impl Tally {
    fn add(&mut self, mut other: Tally) {
        self.findings.append(&mut other.findings);
        self.undecided.append(&mut other.undecided);
        self.met |= other.met;
    }
}

/// Judges a data map by rules.
pub fn run(rules: &[Active<'_>], day: Date, map: Map<'_>, flow: &Flow) -> Verdict {
    let subjects = Subjects::new(map, flow);
    let events: Vec<usize> = (0..map.model.events.len()).collect();
    let mut all = Tally::default();
    let mut idle = Vec::new();
    for active in rules {
        let mut tally = Tally::default();
        match active.rule.kind.name {
            "property" => judge_properties(*active, map.profile, day, subjects, &events, &mut tally),
            _ => judge_rest(*active, map.profile, day, subjects, &mut tally),
        }
        // Exceptions and the baseline are judged afterwards.
        if !tally.met && !["exception", "baseline"].contains(&active.rule.kind.name) {
            idle.push(active.rule.id.clone());
        }
        all.add(tally);
    }
    Verdict { findings: all.findings, problems: undecided::problems(all.undecided), idle }
}

/// What a rule says of subjects other than properties.
fn judge_rest(active: Active<'_>, profile: Profile, day: Date, subjects: Subjects<'_>, tally: &mut Tally) {
    subjects.each(active.rule.kind.name, &mut |seen| judge(active, profile, day, seen, tally));
}

/// What a rule says of the properties of some events, of which there are many: a few events at once, in their order.
fn judge_properties(
    active: Active<'_>,
    profile: Profile,
    day: Date,
    subjects: Subjects<'_>,
    events: &[usize],
    tally: &mut Tally,
) {
    let part = |events: &[usize]| {
        let mut tally = Tally::default();
        subjects.properties(events, &mut |seen| judge(active, profile, day, seen, &mut tally));
        tally
    };
    let parts: Vec<Tally> = events.par_chunks(EVENTS_AT_ONCE).map(part).collect();
    tally.findings.reserve(parts.iter().map(|part| part.findings.len()).sum());
    parts.into_iter().for_each(|part| tally.add(part));
}

/// Judges exceptions themselves, after they were applied.
pub fn judge_exceptions(
    rules: &[Active<'_>],
    profile: Profile,
    day: Date,
    allowances: &[Allowance],
    ran: &dyn Fn(&str) -> bool,
    findings: &mut Vec<Finding>,
    problems: &mut Vec<Problem>,
) {
    let mut tally = Tally::default();
    for active in rules.iter().filter(|active| active.rule.kind.name == "exception") {
        for allowance in allowances.iter().filter(|allowance| allowance.malformed.is_some() || ran(&allowance.rule)) {
            let object = allowance.object();
            let id = || SubjectId { kind: "exception", id: allowance.name() };
            let place = allowance.span;
            let seen = Seen { id: &id, subject: &object, place, places: &|_| None, reasons: &|_| Vec::new() };
            judge(*active, profile, day, &seen, &mut tally);
        }
    }
    findings.append(&mut tally.findings);
    problems.extend(undecided::problems(tally.undecided));
}

fn judge(active: Active<'_>, profile: Profile, day: Date, seen: &Seen<'_>, tally: &mut Tally) {
    let rule = active.rule;
    let Tally { findings, undecided, met } = tally;
    let mut open = |why: String, part: &'static str| {
        let place = rule.point_at.as_deref().and_then(|path| (seen.places)(path)).unwrap_or(seen.place);
        undecided.push(Undecided { rule: rule.id.clone(), part, subject: (seen.id)(), why, place });
    };
    if rule.suppressed_by.iter().any(|path| is_set(seen, path)) {
        return;
    }
    match rule.when.as_ref().map(|when| when.evaluate(seen.subject, day)) {
        Some(Outcome::Fails) => return,
        Some(Outcome::Undecidable(why)) => {
            *met = true;
            return open(why, "when");
        }
        Some(Outcome::Holds) | None => *met = true,
    }
    match rule.deny.evaluate(seen.subject, day) {
        Outcome::Fails => return,
        Outcome::Undecidable(why) => return open(why, "deny"),
        Outcome::Holds => {}
    }
    let asks = rule.ask.as_ref().map(|ask| ask.when.evaluate(seen.subject, day));
    let raised = rule.raise.as_ref().map(|raise| raise.when.evaluate(seen.subject, day));
    match asks {
        Some(Outcome::Undecidable(why)) => open(why, "ask.when"),
        Some(Outcome::Holds) => findings.push(finding(active, Weight::Question, seen)),
        // A severity that the settings or the calendar changed is not raised.
        _ if raised == Some(Outcome::Holds) && rule.severity_in(profile) == Some(active.severity) => {
            findings.push(finding(active, Weight::Raised, seen));
        }
        _ => findings.push(finding(active, Weight::Own, seen)),
    }
}

fn severity(active: Active<'_>, weight: Weight) -> Severity {
    match (weight, &active.rule.raise) {
        (Weight::Question, _) => Severity::Low,
        (Weight::Raised, Some(raise)) => raise.to,
        _ => active.severity,
    }
}

/// A suppressing attribute counts when it is declared and not `false`.
fn is_set(seen: &Seen<'_>, path: &[usize]) -> bool {
    !matches!(seen.subject.attribute(path), crate::model::Operand::Absent | crate::model::Operand::Bool(false))
}

fn finding(active: Active<'_>, weight: Weight, seen: &Seen<'_>) -> Finding {
    let rule = active.rule;
    let place = rule.point_at.as_deref().and_then(|path| (seen.places)(path)).unwrap_or(seen.place);
    let mut related: Vec<Label> = rule.related.iter().flat_map(|name| (seen.reasons)(name)).collect();
    // One label a place: the first rule author's word on it counts.
    let mut kept = vec![place];
    related.retain(|label| {
        let new = !kept.contains(&label.span);
        kept.push(label.span);
        new
    });
    let message = rule.message.fill(seen.subject);
    let attribute = rule.point_at.as_deref().unwrap_or("");
    let subject = (seen.id)();
    let fingerprint = fingerprint(&[&rule.id, subject.kind, &subject.id, attribute]);
    Finding {
        rule: rule.id.clone(),
        severity: severity(active, weight),
        subject,
        primary: Label::new(place, rule.title.clone()),
        related,
        help: rule.help.clone(),
        law: rule.law.clone(),
        precedent: rule.precedent.clone(),
        decided_by: rule.decided_by.clone(),
        fingerprint,
        message,
        question: rule.ask.as_ref().filter(|_| weight == Weight::Question).map(|ask| ask.question.clone()),
        suppressed: None,
        baselined: false,
        fixes: Vec::new(),
    }
}

/// Whether an attribute holds several values.
fn is_list(ty: &Type) -> bool {
    matches!(ty, Type::List(_) | Type::Classes)
}
