//! SARIF 2.1.0, for code scanning and other viewers.

mod rules;

use super::place::Where;
use super::{Output, Style, text};
use crate::finding::{Finding, Label, Problem, Severity, Suppression};
use crate::report::Report;
use crate::source::Sources;
use rules::Driver;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// This format.
pub static OUTPUT: Output = Output { name: "sarif", about: "SARIF 2.1.0, for code scanning", write };

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const ROOT: &str = "%SRCROOT%";

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    column_kind: &'static str,
    original_uri_base_ids: BTreeMap<&'static str, Base>,
    invocations: [Invocation; 1],
    results: Vec<Match<'a>>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
struct Base {
    description: Message,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Match<'a> {
    rule_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: BTreeMap<&'static str, &'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Excuse<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Properties>,
}

#[derive(Serialize)]
struct Properties {
    question: String,
}

#[derive(Serialize)]
struct Excuse<'a> {
    kind: &'static str,
    status: &'static str,
    justification: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

fn write(report: &Report, sources: &Sources, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let index = report.rules.iter().enumerate().map(|(index, rule)| (rule.id.as_str(), index)).collect();
    let all = report.findings.iter().chain(&report.suppressed);
    let base = "Working directory of the run, to which all paths are relative";
    let run = Run {
        tool: Tool { driver: Driver::new(&report.rules) },
        column_kind: "unicodeCodePoints",
        original_uri_base_ids: BTreeMap::from([(ROOT, Base { description: message(base) })]),
        invocations: [Invocation {
            execution_successful: report.problems.is_empty(),
            tool_execution_notifications: report.problems.iter().map(|it| notification(it, sources)).collect(),
        }],
        results: all.map(|finding| result(finding, &index, sources)).collect(),
    };
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run] };
    text::write_json(&serde_json::to_string_pretty(&log)?, out)
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// Viewers make links of `[text](target)`, which a checked file must not be able to place.
fn message(said: &str) -> Message {
    Message { text: text::line(said).replace("](", "] (") }
}

fn result<'a>(finding: &'a Finding, index: &BTreeMap<&str, usize>, sources: &Sources) -> Match<'a> {
    let related = finding.related.iter().enumerate();
    Match {
        rule_id: &finding.rule,
        rule_index: index.get(finding.rule.as_str()).copied(),
        level: if finding.question.is_some() { "note" } else { level(finding.severity) },
        message: message(&finding.message),
        locations: location(&Where::span(sources, finding.primary.span)).into_iter().collect(),
        related_locations: related.filter_map(|(at, label)| related_location(at + 1, label, sources)).collect(),
        partial_fingerprints: BTreeMap::from([("consentlint/v1", finding.fingerprint.as_str())]),
        suppressions: finding.suppressed.iter().map(|exception| excuse(exception, sources)).collect(),
        properties: finding.question.as_deref().map(|question| Properties { question: message(question).text }),
    }
}

fn related_location(id: usize, label: &Label, sources: &Sources) -> Option<Location> {
    let said = if label.text.is_empty() { "see also" } else { &label.text };
    let at = location(&Where::span(sources, label.span))?;
    Some(Location { id: Some(id), message: Some(message(said)), ..at })
}

fn excuse<'a>(exception: &'a Suppression, sources: &Sources) -> Excuse<'a> {
    Excuse {
        kind: if exception.inline { "inSource" } else { "external" },
        status: "accepted",
        justification: &exception.reason,
        location: location(&Where::span(sources, exception.span)),
    }
}

fn notification(problem: &Problem, sources: &Sources) -> Notification {
    let stage = problem.stage.name();
    let said = match problem.help.is_empty() {
        true => format!("problem[{stage}]: {}", problem.message),
        false => format!("problem[{stage}]: {} ({})", problem.message, problem.help),
    };
    let at = location(&Where::place(sources, &problem.place));
    Notification { level: "error", message: message(&said), locations: at.into_iter().collect() }
}

fn location(at: &Where<'_>) -> Option<Location> {
    let region = at.start.zip(at.end).map(|(start, end)| Region {
        start_line: start.line,
        start_column: start.column,
        end_line: end.line,
        end_column: end.column,
    });
    let physical_location = Physical { artifact_location: artifact(at.file?), region };
    Some(Location { id: None, physical_location, message: None })
}

fn artifact(path: &str) -> Artifact {
    match path.starts_with('/') {
        true => Artifact { uri: format!("file://{}", encoded(path)), uri_base_id: None },
        false => Artifact { uri: encoded(path), uri_base_id: Some(ROOT) },
    }
}

/// The path as a URI reference: everything but unreserved characters and `/` is percent-encoded.
fn encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
