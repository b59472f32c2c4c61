//! Code Quality reports of GitLab.
//!
//! An array of entries with the keys that GitLab reads, of paths relative to the repository without `./`, and without a
//! byte order mark ([GitLab documentation: Code
//! Quality](https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format)). Of entries with one fingerprint
//! GitLab keeps the last, and at the first entry that lacks a key it stops reading: so fingerprints differ, and problems
//! without a file are shown at the settings. What an exception or the baseline covers is left out, for GitLab would show
//! it as a violation.

use super::place::Where;
use super::repeated::Repeated;
use super::text::{line, write_json};
use super::{Output, Style, trouble};
use crate::finding::{Finding, Severity, fingerprint};
use crate::report::Report;
use crate::source::Sources;
use serde::Serialize;
use std::io::{self, Write};

/// This format.
pub static OUTPUT: Output = Output { name: "gitlab", about: "Code Quality of GitLab, for merge requests", write };

#[derive(Serialize)]
struct Entry<'a> {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

fn write(report: &Report, sources: &Sources, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut fingerprints = Repeated::default();
    let mut entries = Vec::new();
    for problem in &report.problems {
        entries.push(Entry {
            description: format!("could not be judged: {}", trouble::said(problem)),
            check_name: trouble::rule(problem.stage),
            fingerprint: differ(&mut fingerprints, &trouble::recognised_by(problem, sources)),
            severity: "blocker",
            location: location(&trouble::place(problem, sources)),
        });
    }
    for finding in &report.findings {
        entries.push(Entry {
            description: description(finding),
            check_name: line(&finding.rule),
            fingerprint: differ(&mut fingerprints, &finding.fingerprint),
            severity: severity(finding),
            location: location(&Where::span(sources, finding.primary.span)),
        });
    }
    write_json(&serde_json::to_string_pretty(&entries)?, out)
}

/// The fingerprint, and for the next places of one thing another, which depends on their order but not on their lines.
fn differ(given: &mut Repeated, wanted: &str) -> String {
    let unique = given.differ(wanted);
    if unique == wanted { unique } else { fingerprint(&[&unique]) }
}

fn description(finding: &Finding) -> String {
    let said = line(&finding.message);
    match &finding.question {
        Some(question) => format!("question: {} {said}", line(question)),
        None => said,
    }
}

fn severity(finding: &Finding) -> &'static str {
    match finding.severity {
        _ if finding.question.is_some() => "info",
        Severity::Critical => "blocker",
        Severity::High => "critical",
        Severity::Medium => "major",
        Severity::Low => "minor",
    }
}

fn location<'a>(at: &Where<'a>) -> Location<'a> {
    let path = at.file.unwrap_or_default();
    let path = path.strip_prefix("./").unwrap_or(path).trim_start_matches('/');
    Location { path, lines: Lines { begin: at.start.map_or(1, |start| start.line) } }
}
