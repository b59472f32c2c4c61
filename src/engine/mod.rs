//! Rules × subjects → findings; exceptions; fingerprints.

mod again;
mod declare;
mod exception;
mod occurrence;
mod subject;
mod undecided;

pub use again::{Alike, Last, classify as classify_again, run_again};
pub use declare::{apply_field_rules, classify};
pub use exception::{Allowance, comments};

use crate::finding::{Finding, Label, Problem, Severity, SubjectId};
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
pub fn run(rules: &[Active<'_>], day: Date, map: Map<'_>, flow: &Flow) -> (Vec<Finding>, Vec<Problem>) {
    let subjects = Subjects::new(map, flow);
    let (mut findings, mut undecided) = (Vec::new(), Vec::new());
    let events: Vec<usize> = (0..map.model.events.len()).collect();
    for active in rules {
        match active.rule.kind.name {
            "property" => {
                judge_properties(*active, map.profile, day, subjects, &events, &mut findings, &mut undecided);
            }
            _ => judge_rest(*active, map.profile, day, subjects, &mut findings, &mut undecided),
        }
    }
    (findings, undecided::problems(undecided))
}

/// What a rule says of subjects other than properties.
fn judge_rest(
    active: Active<'_>,
    profile: Profile,
    day: Date,
    subjects: Subjects<'_>,
    findings: &mut Vec<Finding>,
    undecided: &mut Vec<Undecided>,
) {
    subjects.each(active.rule, &mut |seen| judge(active, profile, day, seen, findings, undecided));
}

/// What a rule says of the properties of some events, of which there are many: a few events at once, in their order.
fn judge_properties(
    active: Active<'_>,
    profile: Profile,
    day: Date,
    subjects: Subjects<'_>,
    events: &[usize],
    findings: &mut Vec<Finding>,
    undecided: &mut Vec<Undecided>,
) {
    let part = |events: &[usize]| {
        let (mut findings, mut undecided) = (Vec::new(), Vec::new());
        subjects.properties(events, &mut |seen| judge(active, profile, day, seen, &mut findings, &mut undecided));
        (findings, undecided)
    };
    let parts: Vec<(Vec<Finding>, Vec<Undecided>)> = events.par_chunks(EVENTS_AT_ONCE).map(part).collect();
    findings.reserve(parts.iter().map(|(found, _)| found.len()).sum());
    for (mut found, mut open) in parts {
        findings.append(&mut found);
        undecided.append(&mut open);
    }
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
    let mut undecided = Vec::new();
    for active in rules.iter().filter(|active| active.rule.kind.name == "exception") {
        for allowance in allowances.iter().filter(|allowance| allowance.malformed.is_some() || ran(&allowance.rule)) {
            let object = allowance.object();
            let id = || SubjectId { kind: "exception", id: allowance.name() };
            let place = allowance.span;
            let seen = Seen { id: &id, subject: &object, place, places: &|_| None, reasons: &|_| Vec::new() };
            judge(*active, profile, day, &seen, findings, &mut undecided);
        }
    }
    problems.extend(undecided::problems(undecided));
}

fn judge(
    active: Active<'_>,
    profile: Profile,
    day: Date,
    seen: &Seen<'_>,
    findings: &mut Vec<Finding>,
    undecided: &mut Vec<Undecided>,
) {
    let rule = active.rule;
    let mut open = |why: String, part: &'static str| {
        let place = rule.point_at.as_deref().and_then(|path| (seen.places)(path)).unwrap_or(seen.place);
        undecided.push(Undecided { rule: rule.id.clone(), part, subject: (seen.id)(), why, place });
    };
    if rule.suppressed_by.iter().any(|path| is_set(seen, path)) {
        return;
    }
    match rule.when.as_ref().map(|when| when.evaluate(seen.subject, day)) {
        Some(Outcome::Fails) => return,
        Some(Outcome::Undecidable(why)) => return open(why, "when"),
        Some(Outcome::Holds) | None => {}
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

/// What a finding weighs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// What the rule says.
    Own,
    /// More, under a condition that the rule states.
    Raised,
    /// A declaration is missing that would decide.
    Question,
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

/// 128 bits of FNV-1a in hexadecimal: the same on every machine and in every version.
fn fingerprint(parts: &[&str]) -> String {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let bytes = parts.iter().flat_map(|part| part.bytes().chain(std::iter::once(0)));
    let hash = bytes.fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(PRIME)
    });
    format!("{hash:032x}")
}

/// Whether an attribute holds several values.
fn is_list(ty: &Type) -> bool {
    matches!(ty, Type::List(_) | Type::Classes)
}
