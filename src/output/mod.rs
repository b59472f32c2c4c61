//! Output formats: one file each, from a report to bytes.

mod asked;
mod escape;
mod frame;
pub mod page;
mod place;
mod repeated;
mod stream;
mod text;
mod trouble;

pub use place::{Point, Where};

use crate::finding::{Finding, Problem};
use crate::report::Report;
use crate::source::Sources;
use serde::Serialize;
use std::io::{self, Write};

/// What is known of where the output goes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Whether colour is wanted.
    pub color: bool,
    /// Whether links are shown as links.
    pub links: bool,
    /// Columns of the terminal; 100 when it is none.
    pub width: usize,
    /// Whether everything is wanted in full, however much it is.
    pub all: bool,
    /// Whether the summary is left out.
    pub quiet: bool,
}

/// An output format.
pub struct Output {
    /// Its name for `--format`.
    pub name: &'static str,
    /// One line for people.
    pub about: &'static str,
    /// Writes a report.
    pub write: fn(&Report, &Sources, Style, &mut dyn Write) -> io::Result<()>,
}

macro_rules! outputs {
    ($($name:ident),* $(,)?) => {
        $(pub mod $name;)*
        /// All output formats.
        pub static OUTPUTS: &[&Output] = &[$(&$name::OUTPUT),*];
    };
}

outputs! { human, concise, json, sarif, github, gitlab, junit, markdown }

/// The format with this name.
pub fn output(name: &str) -> Option<&'static Output> {
    OUTPUTS.iter().copied().find(|output| output.name == name)
}

/// Problems as people are shown them.
pub fn write_problems(problems: &[Problem], sources: &Sources, style: Style, out: &mut dyn Write) -> io::Result<()> {
    human::write_problems(problems, sources, style, out)
}

/// Findings as people are shown them: those that accuse with their code frames, then the questions.
pub fn write_findings(report: &Report, sources: &Sources, style: Style, out: &mut dyn Write) -> io::Result<()> {
    human::write_findings(report, sources, style, out)
}

/// A warning as an annotation of GitHub Actions.
pub fn write_warning(at: Option<Where<'_>>, title: &str, message: &str, out: &mut dyn Write) -> io::Result<()> {
    github::warn(at, title, message, out)
}

/// Findings as programs are given them.
pub fn findings<'a>(findings: &'a [Finding], sources: &'a Sources) -> Vec<impl Serialize + use<'a>> {
    json::entries(findings, sources)
}

/// Problems as programs are given them.
pub fn problems<'a>(problems: &'a [Problem], sources: &'a Sources) -> Vec<impl Serialize + use<'a>> {
    json::troubles(problems, sources)
}

/// Writes a value as JSON that is safe to print.
pub fn write_json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    text::write_json(&serde_json::to_string_pretty(value)?, out)
}

/// Writes JSON while it is made, each entity of a list on a line of its own.
pub fn stream_json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    stream::write(value, out)
}

/// The columns to use: 100 where the terminal has none, at least 40 and at most 200.
pub fn columns(style: Style) -> usize {
    if style.width == 0 { 100 } else { style.width.clamp(40, 200) }
}

/// Writes JSON with what could steer a terminal escaped inside its texts, and a line break.
pub fn write_text_of_json(json: &str, out: &mut dyn Write) -> io::Result<()> {
    text::write_json(json, out)
}

/// A count with its noun: `1 file`, `2 files`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    text::counted(count, one, many)
}

/// Lines from files, unable to steer a terminal; tabs and line breaks stay.
pub fn harmless(text: &str) -> String {
    text::same_length(text)
}

/// Text from files, on one line and unable to steer a terminal.
pub fn printable(text: &str) -> String {
    text::line(text)
}

/// The first `most` characters of a text; an ellipsis is one of them when there were more.
pub fn clipped(text: &str, most: usize) -> String {
    text::clip(text, most)
}

/// Text from files as running text of Markdown: nothing in it is markup, a link, a mention or a command.
pub fn markdown(text: &str) -> String {
    escape::markdown(text)
}

/// A name from a file as code in Markdown, in a table as anywhere else.
pub fn code_span(text: &str) -> String {
    escape::code_span(text)
}
