//! The project judged anew with what was written added to it.

use super::plan::{Look, Plan};
use crate::check::{Inputs, Judge, Loaded, judged, load};
use crate::finding::{Finding, Place, Problem};
use crate::flow::{Flow, gets_through};
use crate::output::printable;
use crate::source::{Source, Sources};
use std::collections::{BTreeMap, BTreeSet};

/// What came of it.
pub(super) struct Held {
    /// The findings that are gone, also those of which nothing was promised.
    pub(super) gone: BTreeSet<usize>,
    /// Findings that come and only say that an exception or an entry of the baseline is needed no more.
    pub(super) tidy: Vec<String>,
    /// Properties that are kept back because they are named like what is meant.
    pub(super) also: Vec<String>,
}

/// Rules by which an exception is found to be needed no more.
const NEEDLESS: [&str; 1] = ["core/exception-unused"];

type Counts = BTreeMap<String, usize>;

/// Whether what was promised is so.
///
/// # Errors
/// A finding that stays, or one that came.
pub(super) fn verify(look: Look<'_>, judge: &Judge<'_>, plan: &Plan, path: &str, text: &str) -> Result<Held, String> {
    let inputs = added(look.inputs, path, text);
    let loaded = load(&inputs, judge.classifier);
    let flow = Flow::derive(loaded.map(look.map.as_of, look.map.profile));
    let report = judged(&inputs, judge, &loaded, &flow);
    let (before, after) = (keys(look.findings), keys(&report.findings));
    let count = |counts: &Counts, key: &str| counts.get(key).copied().unwrap_or(0);
    let is_gone = |finding: &Finding| {
        let (own, question) = (key(finding), asking(finding));
        let asks_now = own != question && count(&after, &question) > count(&before, &question);
        finding.suppressed.is_none() && count(&after, &own) < count(&before, &own) && !asks_now
    };
    let gone: BTreeSet<usize> = (0..look.findings.len()).filter(|at| is_gone(&look.findings[*at])).collect();
    if let Some(at) = plan.promised().difference(&gone).next() {
        let finding = &look.findings[*at];
        return Err(format!("{} stays: {}", finding.rule, finding.message));
    }
    // What was an accusation and is a question now weighs less.
    let milder = |new: &Finding| new.question.is_some() && before.contains_key(&as_accusation(new));
    let came = |new: &&Finding| after.get(&key(new)) > before.get(&key(new)) && !milder(new);
    let (tidy, new): (Vec<&Finding>, Vec<&Finding>) =
        report.findings.iter().filter(came).partition(|new| NEEDLESS.contains(&new.rule.as_str()));
    if let Some(new) = new.first() {
        return Err(format!("another finding comes: {}: {}", new.rule, new.message));
    }
    let known = told(&look.loaded.problems, &look.inputs.sources);
    let now = told(&report.problems, &inputs.sources);
    if let Some((new, _)) = now.iter().find(|(problem, count)| known.get(*problem) < Some(count)) {
        return Err(format!("it cannot be judged then: {new}"));
    }
    let tidy = tidy.into_iter().map(|new| printable(&format!("{}: {}", new.rule, new.message))).collect();
    Ok(Held { gone, tidy, also: also(look, &loaded, plan) })
}

/// The same texts and one more.
fn added(inputs: &Inputs, path: &str, text: &str) -> Inputs {
    let mut all = Inputs { problems: inputs.problems.clone(), ..Inputs::default() };
    for ((_, source), expected) in inputs.sources.iter().zip(&inputs.expected) {
        all.add(Source::new(source.path.clone(), source.text.clone()), *expected);
    }
    all.add(Source::new(path, text), Some(true));
    all
}

fn key(finding: &Finding) -> String {
    format!("{} {}", finding.fingerprint, finding.question.is_some())
}

fn asking(finding: &Finding) -> String {
    format!("{} {}", finding.fingerprint, true)
}

fn as_accusation(finding: &Finding) -> String {
    format!("{} {}", finding.fingerprint, false)
}

fn keys(findings: &[Finding]) -> Counts {
    let mut counts = Counts::new();
    for finding in findings.iter().filter(|finding| finding.suppressed.is_none()) {
        *counts.entry(key(finding)).or_default() += 1;
    }
    counts
}

fn told(problems: &[Problem], sources: &Sources) -> Counts {
    let mut counts = Counts::new();
    for problem in problems {
        let file = match &problem.place {
            Place::Span(span) => sources.get(span.source).map_or("", |source| source.path.as_str()),
            Place::Path(path) => path,
            Place::Run => "",
        };
        *counts.entry(format!("{file}: {}", problem.message)).or_default() += 1;
    }
    counts
}

/// What else no longer gets to the destinations.
fn also(look: Look<'_>, after: &Loaded, plan: &Plan) -> Vec<String> {
    let map = after.map(look.map.as_of, look.map.profile);
    let mut found = Vec::new();
    for block in &plan.blocks {
        let meant: Vec<super::plan::Held> = block.reasons.iter().flat_map(|(_, held)| held).copied().collect();
        let id = &look.map.model.destinations[block.to].id.value;
        let Some(to) = map.model.destinations.iter().position(|entity| entity.id.value == *id) else { continue };
        let both = look.map.model.events.iter().zip(&map.model.events).enumerate();
        for (at, (old, new)) in both.filter(|(at, _)| look.flow.receivers[*at].contains(&block.to)) {
            if meant.contains(&super::plan::Held::Event(at)) {
                continue;
            }
            let lost = old.properties.iter().zip(&new.properties).enumerate().filter(|(index, (property, now))| {
                !meant.contains(&super::plan::Held::Property(at, *index))
                    && gets_through(look.map, block.to, old, property)
                    && !gets_through(map, to, new, now)
            });
            let name = |(_, (property, _)): (usize, (&crate::model::Property, _))| {
                let names = [property.path.value.as_ref(), old.name.value.as_str(), look.name(block.to)].map(printable);
                format!("`{}` of {} is kept from {}, too: it has the same name", names[0], names[1], names[2])
            };
            found.extend(lost.map(name));
        }
    }
    found
}
