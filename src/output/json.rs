//! The stable interface for programs; `docs/json.md` and `policies/schemas/report.json` describe it.

use super::place::{Point, Where};
use super::{Output, Style, text};
use crate::finding::{Edit, Finding, Fix, Label, Problem, Severity};
use crate::report::Report;
use crate::source::{Sources, Span};
use serde::Serialize;
use std::io::{self, Write};

/// This format.
pub static OUTPUT: Output = Output { name: "json", about: "everything, in a stable shape for programs", write };

const VERSION: u32 = 1;

#[derive(Serialize)]
struct Root<'a> {
    version: u32,
    tool: Tool,
    as_of: &'a str,
    summary: Summary,
    findings: Vec<Entry<'a>>,
    suppressed: Vec<Entry<'a>>,
    baselined: Vec<Entry<'a>>,
    problems: Vec<Trouble<'a>>,
    idle_rules: &'a [String],
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Summary {
    files: usize,
    events: usize,
    properties: usize,
    destinations: usize,
    findings: BySeverity,
    questions: usize,
    problems: usize,
    suppressed: usize,
    baselined: usize,
}

#[derive(Serialize)]
struct BySeverity {
    critical: usize,
    high: usize,
    medium: usize,
    low: usize,
}

#[derive(Serialize)]
pub(super) struct Entry<'a> {
    rule: &'a str,
    severity: &'static str,
    message: &'a str,
    question: Option<&'a str>,
    subject: Subject<'a>,
    #[serde(flatten)]
    at: Solid<'a>,
    related: Vec<Related<'a>>,
    law: &'a [String],
    precedent: &'a [String],
    help: &'a str,
    decided_by: &'a str,
    fingerprint: &'a str,
    fixes: Vec<Mending<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppression: Option<Excuse<'a>>,
}

#[derive(Serialize)]
struct Mending<'a> {
    title: &'a str,
    safe: bool,
    edits: Vec<Change<'a>>,
}

#[derive(Serialize)]
struct Change<'a> {
    #[serde(flatten)]
    at: Solid<'a>,
    text: &'a str,
}

#[derive(Serialize)]
struct Subject<'a> {
    kind: &'static str,
    id: &'a str,
}

/// A place that is never absent: programs need not ask.
#[derive(Serialize)]
struct Solid<'a> {
    file: &'a str,
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    #[serde(flatten)]
    at: Solid<'a>,
}

#[derive(Serialize)]
struct Excuse<'a> {
    reason: &'a str,
    file: &'a str,
    start: Point,
    inline: bool,
}

#[derive(Serialize)]
pub(super) struct Trouble<'a> {
    stage: &'static str,
    message: &'a str,
    help: &'a str,
    #[serde(flatten)]
    at: Where<'a>,
    related: Vec<Related<'a>>,
    fixes: Vec<Mending<'a>>,
}

fn write(report: &Report, sources: &Sources, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let root = Root {
        version: VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        as_of: &report.as_of,
        summary: summary(report),
        findings: report.findings.iter().map(|finding| entry(finding, sources)).collect(),
        suppressed: report.suppressed.iter().map(|finding| entry(finding, sources)).collect(),
        baselined: report.baselined.iter().map(|finding| entry(finding, sources)).collect(),
        problems: troubles(&report.problems, sources),
        idle_rules: &report.idle,
    };
    text::write_json(&serde_json::to_string_pretty(&root)?, out)
}

fn summary(report: &Report) -> Summary {
    let counts = report.counts;
    Summary {
        files: counts.files,
        events: counts.events,
        properties: counts.properties,
        destinations: counts.destinations,
        findings: BySeverity {
            critical: report.count(Severity::Critical),
            high: report.count(Severity::High),
            medium: report.count(Severity::Medium),
            low: report.count(Severity::Low),
        },
        questions: report.questions().count(),
        problems: report.problems.len(),
        suppressed: report.suppressed.len(),
        baselined: report.baselined.len(),
    }
}

fn entry<'a>(finding: &'a Finding, sources: &'a Sources) -> Entry<'a> {
    Entry {
        rule: &finding.rule,
        severity: finding.severity.name(),
        message: &finding.message,
        question: finding.question.as_deref(),
        subject: Subject { kind: finding.subject.kind, id: &finding.subject.id },
        at: solid(finding.primary.span, sources),
        related: related(&finding.related, sources),
        law: &finding.law,
        precedent: &finding.precedent,
        help: &finding.help,
        decided_by: &finding.decided_by,
        fingerprint: &finding.fingerprint,
        fixes: fixes(&finding.fixes, sources),
        suppression: finding.suppressed.as_ref().map(|exception| {
            let at = solid(exception.span, sources);
            Excuse { reason: &exception.reason, file: at.file, start: at.start, inline: exception.inline }
        }),
    }
}

fn solid<'a>(span: Span, sources: &'a Sources) -> Solid<'a> {
    let nowhere = Point { line: 1, column: 1, offset: 0 };
    let at = Where::span(sources, span);
    Solid { file: at.file.unwrap_or(""), start: at.start.unwrap_or(nowhere), end: at.end.unwrap_or(nowhere) }
}

fn related<'a>(labels: &'a [Label], sources: &'a Sources) -> Vec<Related<'a>> {
    labels.iter().map(|label| Related { message: &label.text, at: solid(label.span, sources) }).collect()
}

/// Findings, in this shape.
pub(super) fn entries<'a>(findings: &'a [Finding], sources: &'a Sources) -> Vec<Entry<'a>> {
    findings.iter().map(|finding| entry(finding, sources)).collect()
}

/// Problems, in this shape.
pub(super) fn troubles<'a>(problems: &'a [Problem], sources: &'a Sources) -> Vec<Trouble<'a>> {
    problems.iter().map(|problem| trouble(problem, sources)).collect()
}

fn trouble<'a>(problem: &'a Problem, sources: &'a Sources) -> Trouble<'a> {
    Trouble {
        stage: problem.stage.name(),
        message: &problem.message,
        help: &problem.help,
        at: Where::place(sources, &problem.place),
        related: related(&problem.related, sources),
        fixes: fixes(problem.fix.as_deref(), sources),
    }
}

fn fixes<'a>(fixes: impl IntoIterator<Item = &'a Fix>, sources: &'a Sources) -> Vec<Mending<'a>> {
    let change = |edit: &'a Edit| Change { at: solid(edit.span, sources), text: &edit.text };
    let mending =
        |fix: &'a Fix| Mending { title: &fix.title, safe: fix.safe, edits: fix.edits.iter().map(change).collect() };
    fixes.into_iter().map(mending).collect()
}
