//! Entries of the baseline, judged after it was applied.

use super::subject::Seen;
use super::undecided::{self, Undecided};
use super::{Active, judge};
use crate::baseline::{Entry, Weight};
use crate::finding::{Finding, Problem, SubjectId};
use crate::model::{Located, Object, Profile, Value, kind};
use crate::source::Span;
use jiff::civil::Date;

/// Judges entries of the baseline, each with its place and with how many findings it stands for.
pub fn judge_baseline(
    rules: &[Active<'_>],
    profile: Profile,
    day: Date,
    entries: &[(&Entry, Span, usize)],
    findings: &mut Vec<Finding>,
    problems: &mut Vec<Problem>,
) {
    let mut undecided: Vec<Undecided> = Vec::new();
    for active in rules.iter().filter(|active| active.rule.kind.name == "baseline") {
        for (entry, place, found) in entries {
            let object = object(entry, *place, *found);
            let id = || SubjectId { kind: "baseline", id: name(entry) };
            let seen = Seen { id: &id, subject: &object, place: *place, places: &|_| None, reasons: &|_| Vec::new() };
            judge(*active, profile, day, &seen, findings, &mut undecided);
        }
    }
    problems.extend(undecided::problems(undecided));
}

/// Distinct for every entry: of one rule and subject there may be several, by attribute and weight.
fn name(entry: &Entry) -> String {
    let weight = match entry.weight {
        Weight::Question => ":question",
        Weight::Own => "",
        Weight::Raised => ":raised",
    };
    format!("{}:{}:{}{weight}", entry.rule, entry.subject, entry.fingerprint)
}

fn object(entry: &Entry, place: Span, found: usize) -> Object {
    let mut object = Object::new(kind::BASELINE.fields);
    let mut set = |name: &str, value: Value| object.set(name, Located::new(value, place));
    let number = |count: usize| Value::Int(i64::try_from(count).unwrap_or(i64::MAX));
    set("rule", Value::Text(entry.rule.clone()));
    set("subject", Value::Text(entry.subject.clone()));
    set("count", number(entry.count));
    set("found", number(found));
    object
}
