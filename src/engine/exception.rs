//! Exceptions: from the settings, and from comments beside the input.

use crate::finding::{Finding, Suppression};
use crate::model::{Located, Object, Value, kind};
use crate::source::{Source, SourceId, Sources, Span};
use jiff::civil::Date;

/// An exception from a rule.
#[derive(Clone, Debug)]
pub struct Allowance {
    /// `pack/name`.
    pub rule: String,
    /// `kind:id` or id; none for the place of a comment, or for every subject.
    pub subject: Option<String>,
    /// Why.
    pub reason: String,
    /// The last day it holds.
    pub expires: Option<String>,
    /// Where it is written.
    pub span: Span,
    /// The line (from 0) that a comment speaks of; none for the settings.
    pub line: Option<usize>,
    /// What is wrong with its writing.
    pub malformed: Option<String>,
    /// Whether it covers a finding.
    pub used: bool,
    /// Whether its last day is past.
    pub expired: bool,
}

impl Allowance {
    /// A name for fingerprints: stable when lines move.
    pub(super) fn name(&self) -> String {
        let subject = self.subject.as_deref().unwrap_or(if self.line.is_some() { "here" } else { "*" });
        format!("{}:{subject}:{}", self.rule, self.reason)
    }

    /// Settles whether it is past, and whether it is well written.
    pub fn settle(&mut self, day: Date, known: &dyn Fn(&str) -> Result<(), String>) {
        if let (None, Err(why)) = (&self.malformed, known(&self.rule)) {
            self.malformed = Some(why);
        }
        let Some(expires) = &self.expires else { return };
        match expires.parse::<Date>() {
            Ok(last) => self.expired = day > last,
            Err(_) => self.malformed = Some(format!("`{expires}` is no day (YYYY-MM-DD)")),
        }
    }

    /// Whether it covers a finding.
    pub fn covers(&self, finding: &Finding, sources: &Sources) -> bool {
        if self.malformed.is_some() || self.expired || self.reason.is_empty() || self.rule != finding.rule {
            return false;
        }
        if let Some(line) = self.line {
            let place = finding.primary.span;
            return place.source == self.span.source
                && sources.get(place.source).is_some_and(|source| source.lines().line_of(place.start) == line);
        }
        self.subject.as_deref().is_none_or(|subject| {
            subject == finding.subject.id
                || subject.strip_prefix(finding.subject.kind).and_then(|rest| rest.strip_prefix(':'))
                    == Some(&finding.subject.id)
        })
    }

    /// What covers a finding, as the finding keeps it.
    pub fn suppression(&self) -> Suppression {
        Suppression { reason: self.reason.clone(), span: self.span, inline: self.line.is_some() }
    }

    pub(super) fn object(&self) -> Object {
        let mut object = Object::new(kind::EXCEPTION.fields);
        let mut set = |name: &str, value: Value| object.set(name, Located::new(value, self.span));
        set("rule", Value::Text(self.rule.clone()));
        set("subject", Value::Text(self.subject.clone().unwrap_or_default()));
        set("used", Value::Bool(self.used));
        set("expired", Value::Bool(self.expired));
        set("reasoned", Value::Bool(!self.reason.trim().is_empty()));
        if let Some(expires) = &self.expires {
            set("expires", Value::Text(expires.clone()));
        }
        if let Some(malformed) = &self.malformed {
            set("malformed", Value::Text(malformed.clone()));
        }
        object
    }
}

/// The exception that a comment states: `# consentlint: allow <rule> [until <day>] -- <reason>`.
pub fn comments(source: SourceId, text: &Source, spans: &[Span]) -> Vec<Allowance> {
    spans.iter().filter_map(|span| comment(source, text, *span)).collect()
}

fn comment(source: SourceId, text: &Source, span: Span) -> Option<Allowance> {
    let written = text.text.get(span.start as usize..span.end as usize)?;
    let (_, directive) = written.split_once("consentlint:")?;
    let directive = directive.trim().trim_end_matches("*/").trim();
    let (head, reason) = directive.split_once("--").unwrap_or((directive, ""));
    let mut words = head.split_whitespace();
    let verb = words.next().unwrap_or("");
    let rule = words.next().unwrap_or("").to_owned();
    let (until, expires) = (words.next(), words.next().map(str::to_owned));
    let malformed = match (verb, until, words.next()) {
        ("allow", None | Some("until"), None) if !rule.is_empty() => None,
        ("allow", ..) => Some("write `consentlint: allow <rule> [until <day>] -- <reason>`".to_owned()),
        (verb, ..) => Some(format!("`{verb}` is not known; write `consentlint: allow <rule> -- <reason>`")),
    };
    let line = Some(target_line(text, span));
    let reason = reason.trim().to_owned();
    let (used, expired, subject) = (false, false, None);
    debug_assert_eq!(span.source, source);
    Some(Allowance { rule, subject, reason, expires, span, line, malformed, used, expired })
}

/// A comment after something speaks of its own line, one on a line of its own of the next line that says something.
fn target_line(text: &Source, span: Span) -> usize {
    let lines = text.lines();
    let own = lines.line_of(span.start);
    let before = &text.text[lines.range(&text.text, own).start..span.start as usize];
    if !before.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty() {
        return own;
    }
    let says = |line: &usize| {
        let content = text.text[lines.range(&text.text, *line)].trim();
        !content.is_empty() && !content.starts_with('#') && !content.starts_with("//")
    };
    (own + 1..lines.count()).find(says).unwrap_or(own)
}
