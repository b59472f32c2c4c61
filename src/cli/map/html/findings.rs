//! Findings and problems, each finding with what it is about, so that whatever is chosen is known to concern it.

use super::super::view::View;
use super::data::Positions;
use super::names::{At, Files, Text};
use crate::finding::{Finding, Place, Problem};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Found {
    rule: Text,
    severity: &'static str,
    message: Text,
    question: Option<Text>,
    excepted: Option<Text>,
    baselined: bool,
    help: Text,
    subject: Text,
    about: About,
    at: Option<At>,
}

/// What a finding is about, by position.
#[derive(Default, Serialize)]
struct About {
    #[serde(skip_serializing_if = "Option::is_none")]
    destination: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<usize>,
    /// An event, and perhaps one of its fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Trouble {
    message: Text,
    at: Option<At>,
}

/// All findings: those that count, and then those that were accepted.
pub(super) fn findings(view: &View<'_>, files: &Files, here: &Positions) -> Vec<Found> {
    let all = view.findings.iter().copied().chain(view.accepted());
    let one = |finding: &Finding| Found {
        rule: Text::of(&finding.rule),
        severity: finding.severity.name(),
        message: Text::of(&finding.message),
        question: finding.question.as_deref().map(Text::of),
        excepted: finding.suppressed.as_ref().map(|except| Text::of(&except.reason)),
        baselined: finding.baselined,
        help: Text::of(&finding.help),
        subject: Text::of(&format!("{} {}", finding.subject.kind, finding.subject.id)),
        about: about(view, here, finding),
        at: files.at(view, finding.primary.span),
    };
    all.map(one).collect()
}

fn about(view: &View<'_>, here: &Positions, finding: &Finding) -> About {
    let (kind, id) = (finding.subject.kind, finding.subject.id.as_str());
    let model = view.map.model;
    let to = |id: &str| {
        let at = model.destinations.iter().position(|entity| entity.id.value == id)?;
        here.destinations.get(&at).copied()
    };
    let mut about = About::default();
    match kind {
        "destination" => about.destination = to(id),
        "disclosure" => {
            let (recipient, class) = id.rsplit_once('/').unwrap_or((id, ""));
            (about.destination, about.class) = (to(recipient), Some(class.to_owned()));
        }
        "source" => about.source = model.sources.iter().position(|entity| entity.id.value == id),
        "event" | "property" => {
            let found = here.written.get(&finding.primary.span);
            about.event = found.map(|(event, _)| *event);
            about.field = found.and_then(|(_, field)| *field);
        }
        _ => {}
    }
    about
}

/// What could not be judged.
pub(super) fn problems(view: &View<'_>, files: &Files) -> Vec<Trouble> {
    let one = |problem: &Problem| Trouble {
        message: Text::of(&problem.message),
        at: match problem.place {
            Place::Span(span) => files.at(view, span),
            _ => None,
        },
    };
    view.report.problems.iter().map(one).collect()
}
