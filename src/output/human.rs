//! For people: what was found, underlined where it is, with the law and the way out.

mod leading;
mod questions;

use super::frame::{Frame, Mark};
use super::place::Where;
use super::text::{fixes, line, paragraph, summary};
use super::{Output, Style, columns};
use crate::finding::{Finding, Label, Place, Problem, Severity};
use crate::report::{Report, RuleInfo};
use crate::source::{Source, Sources, Span};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};

/// This format.
pub static OUTPUT: Output = Output { name: "human", about: "code frames with reasons and help, for people", write };

/// Related places shown with a finding.
const RELATED: usize = 5;

/// Findings, and the questions among them.
pub(super) fn write_findings(
    report: &Report,
    sources: &Sources,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rules = report.rules.iter().map(|rule| (rule.id.as_str(), rule)).collect();
    let page = Page { sources, style, width: columns(style), miette: miette(style), rules, names: &report.names };
    page.findings(report, out)?;
    out.write_all(page.questions(report).as_bytes())
}

fn write(report: &Report, sources: &Sources, style: Style, out: &mut dyn Write) -> io::Result<()> {
    write_findings(report, sources, style, out)?;
    write_problems(&report.problems, sources, style, out)?;
    if style.quiet { Ok(()) } else { writeln!(out, "{}", summary(report)) }
}

/// Problems, underlined where they are.
pub(super) fn write_problems(
    problems: &[Problem],
    sources: &Sources,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (rules, names) = (BTreeMap::new(), BTreeMap::new());
    let page = Page { sources, style, width: columns(style), miette: miette(style), rules, names: &names };
    for problem in problems {
        out.write_all(page.problem(problem).map_err(io::Error::other)?.as_bytes())?;
    }
    Ok(())
}

fn miette(style: Style) -> GraphicalReportHandler {
    let theme = if style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    GraphicalReportHandler::new_themed(theme)
        .with_width(columns(style))
        .with_links(false)
        .without_cause_chain()
        .without_syntax_highlighting()
        .with_context_lines(1)
}

struct Page<'a> {
    sources: &'a Sources,
    style: Style,
    width: usize,
    miette: GraphicalReportHandler,
    rules: BTreeMap<&'a str, &'a RuleInfo>,
    names: &'a BTreeMap<(&'static str, String), String>,
}

impl Page<'_> {
    /// The name of a subject, where its id alone would say little.
    fn named(&self, kind: &'static str, id: &str) -> Option<String> {
        self.names.get(&(kind, id.to_owned())).map(|name| line(name))
    }

    fn finding(&self, finding: &Finding) -> Result<String, fmt::Error> {
        let header = format!("{}[{}]", finding.severity.name(), line(&finding.rule));
        let (tone, color) = match finding.severity {
            Severity::Critical | Severity::High => (miette::Severity::Error, "31"),
            Severity::Medium => (miette::Severity::Warning, "33"),
            Severity::Low => (miette::Severity::Advice, "36"),
        };
        let message = format!("{}: {}", self.bold(&header, color), line(&finding.message));
        let mut out = String::new();
        self.places(&mut out, message, tone, Some(&finding.primary), &finding.related)?;
        out += &self.optional("help", &line(&finding.help));
        out += &self.optional("fix", &fixes(&finding.fixes));
        out += &self.optional("law", &line(&finding.law.join("; ")));
        out += &self.optional("precedent", &line(&finding.precedent.join("; ")));
        out += &self.rule(finding);
        out.push('\n');
        Ok(out)
    }

    fn problem(&self, problem: &Problem) -> Result<String, fmt::Error> {
        let at = match &problem.place {
            Place::Path(_) => Where::place(self.sources, &problem.place).prefix(),
            Place::Span(_) | Place::Run => String::new(),
        };
        let header = self.bold(&format!("problem[{}]", problem.stage.name()), "31");
        let message = format!("{header}: {at}{}", line(&problem.message));
        let primary = match problem.place {
            Place::Span(span) => Some(Label::new(span, "")),
            Place::Path(_) | Place::Run => None,
        };
        let mut out = String::new();
        self.places(&mut out, message, miette::Severity::Error, primary.as_ref(), &problem.related)?;
        out += &self.optional("help", &line(&problem.help));
        out += &self.optional("fix", &fixes(problem.fix.as_deref()));
        out.push('\n');
        Ok(out)
    }

    /// The message over a frame with the primary label and related labels near enough, then a frame for each of the
    /// others.
    fn places(
        &self,
        out: &mut String,
        message: String,
        tone: miette::Severity,
        primary: Option<&Label>,
        related: &[Label],
    ) -> fmt::Result {
        let shown = &related[..related.len().min(RELATED)];
        let main = primary.and_then(|label| Some((label, self.sources.get(label.span.source)?)));
        let (near, far): (Vec<_>, Vec<_>) = shown.iter().partition(|label| main.is_some_and(|main| near(main, label)));
        let mut labels = Vec::new();
        labels.extend(main.map(|(label, _)| (label, true)));
        labels.extend(near.into_iter().map(|label| (label, false)));
        self.draw(out, message, tone, main.map(|(_, source)| source), &labels)?;
        for label in far {
            let said = if label.text.is_empty() { "see also".to_string() } else { line(&label.text) };
            let bare = Label::new(label.span, "");
            self.draw(out, said, miette::Severity::Advice, self.sources.get(label.span.source), &[(&bare, true)])?;
        }
        if related.len() > shown.len() {
            out.push_str(&format!("  and {} more\n", related.len() - shown.len()));
        }
        Ok(())
    }

    fn draw(
        &self,
        out: &mut String,
        message: String,
        tone: miette::Severity,
        source: Option<&Source>,
        labels: &[(&Label, bool)],
    ) -> fmt::Result {
        let (mut spans, mut marks) = (Vec::new(), Vec::new());
        for (source, (label, primary)) in source.iter().flat_map(|source| labels.iter().map(move |label| (source, label))) {
            let mark = Mark::new(source, label.span);
            spans.push(mark.label(line(&label.text), *primary));
            marks.push(mark);
        }
        let frame = source.map(|source| Frame::new(source, marks));
        self.miette.render_report(out, &Shown { message, tone, spans, frame })
    }

    fn rule(&self, finding: &Finding) -> String {
        let id = line(&finding.rule);
        let by = line(&finding.decided_by);
        let by = if by.is_empty() { by } else { format!(", decided by {by}") };
        let text = paragraph("  rule:", &format!("{id}{by}; read more: consentlint explain {id}"), self.width);
        let url = self.rules.get(finding.rule.as_str()).and_then(|rule| rule.url.as_deref());
        match url.map(line).filter(|url| self.style.links && url.starts_with("https://")) {
            Some(url) => text.replacen(&id, &format!("\u{1b}]8;;{url}\u{1b}\\{id}\u{1b}]8;;\u{1b}\\"), 1),
            None => text,
        }
    }

    fn optional(&self, label: &str, text: &str) -> String {
        if text.is_empty() { String::new() } else { paragraph(&format!("  {label}:"), text, self.width) }
    }

    fn bold(&self, text: &str, color: &str) -> String {
        if self.style.color { format!("\u{1b}[1;{color}m{text}\u{1b}[0m") } else { text.to_string() }
    }
}

/// Whether a related label goes into the frame of the primary one: same text, and no line that has to be cropped.
fn near((primary, source): (&Label, &Source), related: &Label) -> bool {
    let short = |span: Span| !Mark::new(source, span).long;
    related.span.source == primary.span.source && short(primary.span) && short(related.span)
}

/// What miette draws at once.
#[derive(Debug)]
struct Shown {
    message: String,
    tone: miette::Severity,
    spans: Vec<LabeledSpan>,
    frame: Option<Frame>,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn severity(&self) -> Option<miette::Severity> {
        Some(self.tone)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.frame.as_ref().map(|frame| frame as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.spans.iter().cloned()))
    }
}
