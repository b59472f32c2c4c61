//! Annotations of GitHub Actions: workflow commands on standard output.

use super::place::Where;
use super::text::{counted, line, name, weight};
use super::{Output, Style};
use crate::finding::{Finding, Severity};
use crate::report::Report;
use crate::source::Sources;
use std::io::{self, Write};

/// This format.
pub static OUTPUT: Output = Output { name: "github", about: "annotations on a pull request in GitHub Actions", write };

/// GitHub shows ten annotations of each level in a step. One notice is kept for "N more".
const LEVELS: [(&str, usize); 3] = [("error", 10), ("warning", 10), ("notice", 9)];

fn write(report: &Report, sources: &Sources, _: Style, out: &mut dyn Write) -> io::Result<()> {
    for problem in &report.problems {
        let title = format!("problem[{}]", problem.stage.name());
        let at = Where::place(sources, &problem.place);
        command(out, "error", &at, &title, &with_help(&problem.message, &problem.help))?;
    }
    let mut worst: Vec<&Finding> = report.findings.iter().collect();
    worst.sort_by_key(|finding| (finding.severity, finding.question.is_some()));
    let mut hidden = 0;
    for (level, limit) in LEVELS {
        // Problems were the first errors.
        let limit = if level == "error" { limit.saturating_sub(report.problems.len()) } else { limit };
        let of_level = || worst.iter().filter(|finding| level_of(finding) == level);
        hidden += of_level().count().saturating_sub(limit);
        for finding in of_level().take(limit) {
            let title = format!("{}[{}]", weight(finding), finding.rule);
            let at = Where::span(sources, finding.primary.span);
            command(out, level, &at, &title, &body(finding))?;
        }
    }
    if hidden > 0 {
        writeln!(out, "::notice::{}; run consentlint check", counted(hidden, "more finding", "more findings"))?;
    }
    Ok(())
}

/// A warning about a place, or about the run.
pub(super) fn warn(at: Option<Where<'_>>, title: &str, message: &str, out: &mut dyn Write) -> io::Result<()> {
    let nowhere = Where { file: None, start: None, end: None };
    command(out, "warning", &at.unwrap_or(nowhere), title, &line(message))
}

fn level_of(finding: &Finding) -> &'static str {
    match finding.severity {
        _ if finding.question.is_some() => "notice",
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "notice",
    }
}

fn body(finding: &Finding) -> String {
    let said = with_help(&finding.message, &finding.help);
    match &finding.question {
        Some(question) => format!("question: {}\n{said}", line(question)),
        None => said,
    }
}

fn with_help(message: &str, help: &str) -> String {
    let (message, help) = (line(message), line(help));
    if help.is_empty() { message } else { format!("{message}\nhelp: {help}") }
}

fn command(out: &mut dyn Write, level: &str, at: &Where<'_>, title: &str, message: &str) -> io::Result<()> {
    write!(out, "::{level} ")?;
    if let Some(file) = at.file {
        write!(out, "file={},", property(file))?;
    }
    match (at.start, at.end) {
        (Some(start), Some(end)) => {
            write!(out, "line={},col={},endLine={},endColumn={},", start.line, start.column, end.line, end.column)?;
        }
        _ if at.file.is_some() => write!(out, "line=1,")?,
        _ => {}
    }
    writeln!(out, "title={}::{}", property(title), data(message))
}

/// The message of a command; GitHub decodes exactly these three.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command, which also ends at a colon or a comma.
fn property(text: &str) -> String {
    data(&name(text)).replace(':', "%3A").replace(',', "%2C")
}
