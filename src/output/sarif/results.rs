//! Findings and problems as results.

use super::limits::{MAX_RELATED, Thing};
use super::rules::Rules;
use super::{Location, Message, Region, level, location, message};
use crate::finding::{Finding, Label, Problem, Suppression};
use crate::output::place::Where;
use crate::output::text::{clip, line};
use crate::output::trouble;
use crate::source::Sources;
use serde::Serialize;
use std::collections::BTreeMap;

/// GitHub shows a related place only when the message leads there.
const LINKED: usize = 5;

/// Characters of a link; the place has all of them.
const LINK: usize = 80;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Match {
    rule_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Excuse>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Properties>,
}

#[derive(Serialize)]
struct Properties {
    question: String,
}

#[derive(Serialize)]
struct Excuse {
    kind: &'static str,
    status: &'static str,
    justification: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
}

/// A result; `None` for what is in no file. `baseline` tells whether there was one.
pub(super) fn result(thing: &Thing<'_>, rules: &Rules<'_>, baseline: bool, sources: &Sources) -> Option<Match> {
    match thing {
        Thing::Problem(problem) => trouble(problem, rules, baseline, sources),
        Thing::Finding(finding) => found(finding, rules, baseline, sources),
    }
}

fn found(finding: &Finding, rules: &Rules<'_>, baseline: bool, sources: &Sources) -> Option<Match> {
    let rule_id = rules.id_for(finding);
    let related_locations = related(&finding.related, sources);
    let question = finding.question.as_deref().map(|question| message(question).text);
    let said = match &question {
        Some(question) => format!("Question: {question} {}", message(&finding.message).text),
        None => message(&finding.message).text,
    };
    let state = if finding.baselined { "unchanged" } else { "new" };
    Some(Match {
        rule_index: rules.index(&rule_id),
        rule_id,
        level: if finding.question.is_some() { "note" } else { level(finding.severity) },
        message: Message { text: leading(said, &related_locations) },
        locations: [place(&Where::span(sources, finding.primary.span))?],
        related_locations,
        partial_fingerprints: BTreeMap::from([("consentlint/v1", finding.fingerprint.clone())]),
        baseline_state: baseline.then_some(state),
        suppressions: excuses(finding, sources),
        properties: question.map(|question| Properties { question }),
    })
}

fn trouble(problem: &Problem, rules: &Rules<'_>, baseline: bool, sources: &Sources) -> Option<Match> {
    let rule_id = trouble::rule(problem.stage);
    let related_locations = related(&problem.related, sources);
    Some(Match {
        rule_index: rules.index(&rule_id),
        rule_id,
        level: "error",
        message: Message { text: leading(message(&trouble::said(problem)).text, &related_locations) },
        locations: [place(&trouble::place(problem, sources))?],
        related_locations,
        partial_fingerprints: BTreeMap::from([("consentlint/v1", trouble::recognised_by(problem, sources))]),
        baseline_state: baseline.then_some("new"),
        suppressions: Vec::new(),
        properties: None,
    })
}

/// A place with a region, which GitHub wants even of a file that was not read.
fn place(at: &Where<'_>) -> Option<Location> {
    let mut place = location(at)?;
    let start = Region { start_line: 1, start_column: 1, end_line: 1, end_column: 1 };
    place.physical_location.region.get_or_insert(start);
    Some(place)
}

fn related(labels: &[Label], sources: &Sources) -> Vec<Location> {
    let places = labels.iter().filter_map(|label| {
        let said = if label.text.is_empty() { "see also" } else { &label.text };
        Some(Location { message: Some(message(said)), ..location(&Where::span(sources, label.span))? })
    });
    places.take(MAX_RELATED).enumerate().map(|(at, place)| Location { id: Some(at + 1), ..place }).collect()
}

/// The message with links to the first related places, as § 3.11.6 of the standard embeds them.
fn leading(said: String, related: &[Location]) -> String {
    // A link ends at its first bracket, escaped or not, in viewers that do not know the escape.
    let plain = |text: &str| clip(text, LINK).replace('[', "(").replace(']', ")").replace('\\', "/");
    let link = |place: &Location| {
        let text = place.message.as_ref().map(|message| plain(&message.text)).unwrap_or_default();
        place.id.map(|id| format!("[{text}]({id})"))
    };
    let links: Vec<String> = related.iter().take(LINKED).filter_map(link).collect();
    if links.is_empty() {
        return said;
    }
    let end = if said.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{said}{end} See {}.", links.join(", "))
}

/// Why a result is accepted. What is in the baseline is accepted as well, for whoever reads `suppressions` and no
/// `baselineState`. GitHub by itself reads neither (github/codeql-action, issue 1230); its action
/// `advanced-security/dismiss-alerts` dismisses what is suppressed.
fn excuses(finding: &Finding, sources: &Sources) -> Vec<Excuse> {
    let written = finding.suppressed.iter().map(|exception| excuse(exception, sources));
    let known = finding.baselined.then(|| Excuse {
        kind: "external",
        status: "accepted",
        justification: "in the baseline".to_owned(),
        location: None,
    });
    written.chain(known).collect()
}

fn excuse(exception: &Suppression, sources: &Sources) -> Excuse {
    Excuse {
        kind: if exception.inline { "inSource" } else { "external" },
        status: "accepted",
        justification: line(&exception.reason),
        location: location(&Where::span(sources, exception.span)),
    }
}
