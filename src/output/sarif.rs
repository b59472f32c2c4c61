//! SARIF 2.1.0, for code scanning and other viewers.
//!
//! The standard leaves much open; what GitHub demands on top of it is in [GitHub documentation: SARIF support for code
//! scanning](https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning):
//! a place and a fingerprint in every result, a rule with help for it, relative paths, texts and counts within limits. It
//! shows results and nothing else, so a problem is a result, too, besides the notification that the standard has for it.

mod limits;
mod results;
mod rules;

use super::place::Where;
use super::text::{self, counted, line};
use super::{Output, Style, trouble};
use crate::finding::{Problem, Severity};
use crate::report::Report;
use crate::source::Sources;
use limits::{Chosen, MAX_RESULTS, fits};
use results::Match;
use rules::{Driver, Rules};
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
    results: Vec<Match>,
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

/// The end is exclusive, as the standard has it (§ 3.30.8: the column of the character that follows).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

fn write(report: &Report, sources: &Sources, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut most = MAX_RESULTS;
    loop {
        let chosen = Chosen::new(report, sources, most);
        let json = serde_json::to_string_pretty(&log(report, sources, &chosen))?;
        if fits(&json)? || chosen.all.is_empty() {
            return text::write_json(&json, out);
        }
        most = chosen.all.len() / 2;
    }
}

fn log<'a>(report: &'a Report, sources: &'a Sources, chosen: &Chosen<'a>) -> Log<'a> {
    let rules = Rules::new(report, chosen);
    let results = chosen.all.iter().filter_map(|thing| results::result(thing, &rules, report.baseline, sources)).collect();
    let told = report.problems.iter().take(chosen.all.len().max(1)).map(|problem| notification(problem, sources));
    let base = "Working directory of the run, to which all paths are relative";
    let run = Run {
        tool: Tool { driver: Driver::new(rules) },
        column_kind: "unicodeCodePoints",
        original_uri_base_ids: BTreeMap::from([(ROOT, Base { description: message(base) })]),
        invocations: [Invocation {
            execution_successful: report.problems.is_empty(),
            tool_execution_notifications: told.chain(left_out(chosen)).collect(),
        }],
        results,
    };
    Log { schema: SCHEMA, version: "2.1.0", runs: [run] }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// Viewers make links of `[text](target)`, which a checked file must not be able to place. Empty texts are refused.
fn message(said: &str) -> Message {
    let text = line(said).replace("](", "] (");
    Message { text: if text.is_empty() { "(nothing said)".to_owned() } else { text } }
}

fn notification(problem: &Problem, sources: &Sources) -> Notification {
    let said = format!("problem[{}]: {}", problem.stage.name(), trouble::said(problem));
    let at = location(&Where::place(sources, &problem.place));
    Notification { level: "error", message: message(&said), locations: at.into_iter().collect() }
}

/// What the file does not have: a report that was cut must not look like a whole one.
fn left_out(chosen: &Chosen<'_>) -> Vec<Notification> {
    let warning = |said: String| Notification { level: "warning", message: message(&said), locations: Vec::new() };
    let mut said = Vec::new();
    if chosen.left_out > 0 {
        let results = counted(chosen.left_out, "result is", "results are");
        said.push(warning(format!("{results} left out, the mildest, to stay within what code scanning takes")));
    }
    if chosen.without_place > 0 {
        let results = counted(chosen.without_place, "result is", "results are");
        said.push(warning(format!("{results} left out, because they are in no file that was read")));
    }
    if chosen.cut > 0 {
        let results = counted(chosen.cut, "result has", "results have");
        said.push(warning(format!("{results} more related places than are shown")));
    }
    said
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
        false => Artifact { uri: encoded(path.strip_prefix("./").unwrap_or(path)), uri_base_id: Some(ROOT) },
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
