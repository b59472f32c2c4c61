//! Findings at a place.

use super::{Part, covers, facts};
use crate::cli::lsp::snapshot::Snapshot;
use crate::finding::{Finding, Place, Problem};
use crate::output::{code_span, markdown};
use crate::source::{SourceId, Span};

/// How many findings are told in full; the others in a line each.
const FULL: usize = 3;

/// How many findings elsewhere are named.
const TOUCHING: usize = 5;

/// What was found at a place.
pub(super) fn at(snapshot: &Snapshot, source: SourceId, offset: u32) -> Vec<Part> {
    let report = &snapshot.report;
    let here = |finding: &&Finding| is_here(snapshot, finding.primary.span, source, offset);
    let mut parts = Vec::new();
    for (at, finding) in report.findings.iter().filter(here).enumerate() {
        let text = if at < FULL { in_full(snapshot, finding) } else { in_a_line(finding) };
        parts.push(Part { span: finding.primary.span, text });
    }
    for finding in report.suppressed.iter().filter(here) {
        let reason = finding.suppressed.as_ref().map_or("", |suppressed| &suppressed.reason);
        let text = format!("*Excepted:* {}\n\n*Reason:* {}", in_a_line(finding), markdown(reason));
        parts.push(Part { span: finding.primary.span, text });
    }
    for finding in report.baselined.iter().filter(here) {
        parts.push(Part { span: finding.primary.span, text: format!("*In the baseline:* {}", in_a_line(finding)) });
    }
    parts.extend(report.problems.iter().filter_map(|problem| trouble(snapshot, problem, source, offset)));
    parts
}

/// Findings that stand elsewhere and for which this place matters too.
pub(super) fn touching(snapshot: &Snapshot, source: SourceId, offset: u32) -> Option<Part> {
    let mut lines = Vec::new();
    let mut span: Option<Span> = None;
    for finding in &snapshot.report.findings {
        let label = finding.related.iter().find(|label| is_here(snapshot, label.span, source, offset));
        let Some(label) = label.filter(|_| !is_here(snapshot, finding.primary.span, source, offset)) else { continue };
        span.get_or_insert(label.span);
        lines.push(format!("- {} ({})", in_a_line(finding), super::written(snapshot, finding.primary.span)));
    }
    let more = lines.len().saturating_sub(TOUCHING);
    lines.truncate(TOUCHING);
    if more > 0 {
        lines.push(format!("- {more} more"));
    }
    Some(Part { span: span?, text: format!("**It matters to**\n\n{}", lines.join("\n")) })
}

/// The findings about a subject that stand elsewhere.
pub(super) fn about(snapshot: &Snapshot, kind: &str, id: &str, offset: u32) -> Vec<String> {
    let about = |finding: &&Finding| finding.subject.kind == kind && finding.subject.id == id;
    let elsewhere = |finding: &&Finding| !covers(finding.primary.span, finding.primary.span.source, offset);
    let found = snapshot.report.findings.iter().filter(about).filter(elsewhere);
    found
        .map(|finding| format!("{} ({})", in_a_line(finding), super::written(snapshot, finding.primary.span)))
        .collect()
}

/// Of what goes on over several lines, only the first is hovered over.
fn is_here(snapshot: &Snapshot, span: Span, source: SourceId, offset: u32) -> bool {
    let Some(text) = snapshot.inputs.sources.get(source).filter(|_| covers(span, source, offset)) else { return false };
    let lines = text.lines();
    lines.line_of(span.start) == lines.line_of(offset)
}

fn in_a_line(finding: &Finding) -> String {
    let weight = if finding.question.is_some() { "question" } else { finding.severity.name() };
    format!("**{weight}** {}: {}", code_span(&finding.rule), markdown(&finding.message))
}

fn in_full(snapshot: &Snapshot, finding: &Finding) -> String {
    let rule = snapshot.project.rules.iter().find(|rule| rule.id == finding.rule);
    let mut parts = vec![in_a_line(finding)];
    parts.extend(finding.question.as_deref().map(|question| format!("**{}**", markdown(question))));
    parts.extend(rule.map(|rule| facts::paragraph(&rule.why)));
    if !finding.law.is_empty() {
        parts.push(format!("**Law**\n\n{}", facts::law(&finding.law)));
    }
    parts.push(format!("**What to do:** {}", markdown(&finding.help)));
    if !finding.precedent.is_empty() {
        parts.push(format!("**Precedent:** {}", markdown(&finding.precedent.join("; "))));
    }
    if let Some(rule) = rule.filter(|rule| rule.is_exceptable()) {
        let beside = code_span(&rule.exception_beside());
        parts.push(format!("**To except:** {beside} before the line, or `exceptions` in `consentlint.yaml`"));
    }
    parts.join("\n\n")
}

fn trouble(snapshot: &Snapshot, problem: &Problem, source: SourceId, offset: u32) -> Option<Part> {
    let Place::Span(span) = problem.place else { return None };
    if !is_here(snapshot, span, source, offset) {
        return None;
    }
    let help = if problem.help.is_empty() { String::new() } else { format!("\n\n{}", markdown(&problem.help)) };
    Some(Part { span, text: format!("**problem** {}{help}", markdown(&problem.message)) })
}
