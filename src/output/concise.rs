//! One line for each finding and problem, for editors, `grep` and small screens.

use super::place::Where;
use super::text::{line, summary, weight};
use super::{Output, Style};
use crate::report::Report;
use crate::source::Sources;
use std::io::{self, Write};

/// This format.
pub static OUTPUT: Output = Output { name: "concise", about: "one line each: path:line:column: message", write };

fn write(report: &Report, sources: &Sources, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        let prefix = Where::span(sources, finding.primary.span).prefix();
        writeln!(out, "{prefix}{}[{}] {}", weight(finding), line(&finding.rule), line(&finding.message))?;
    }
    for problem in &report.problems {
        let prefix = Where::place(sources, &problem.place).prefix();
        let help = line(&problem.help);
        let help = if help.is_empty() { help } else { format!(" ({help})") };
        writeln!(out, "{prefix}problem[{}] {}{help}", problem.stage.name(), line(&problem.message))?;
    }
    if style.quiet { Ok(()) } else { writeln!(out, "{}", summary(report)) }
}
