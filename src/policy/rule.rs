//! A rule file: what a lawyer reads and what the engine runs.

use super::expression::{Expression, Mistake};
use super::pack::rule_id;
use super::template::{Template, resolve};
use crate::document;
use crate::finding::{Problem, Severity, Stage, closest};
use crate::model::kind::{KINDS, Kind, kind};
use crate::source::{SourceId, Span};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The keys of a rule file as written.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    title: String,
    severity: Severity,
    law: Vec<String>,
    #[serde(default)]
    precedent: Vec<String>,
    since: Option<String>,
    warn_from: Option<String>,
    #[serde(rename = "for")]
    kind: String,
    when: Option<String>,
    deny: String,
    point_at: Option<String>,
    #[serde(default)]
    related: Vec<String>,
    message: String,
    help: String,
    why: String,
    url: Option<String>,
    #[serde(default)]
    suppressed_by: Vec<String>,
    #[serde(default)]
    examples: Option<Vec<Example>>,
}

/// The key under which examples stand, at the start of a line; in the rules that ship it is the last one.
const EXAMPLES: &str = "\nexamples:\n";

/// An example inside a rule file: its test.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What it shows.
    pub title: String,
    /// The input.
    pub given: Given,
    /// What the rule must say; empty for a clean example.
    pub flags: Vec<Flag>,
    /// The day to judge by, when it matters.
    pub as_of: Option<String>,
}

/// The input of an example.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(untagged)]
pub enum Given {
    /// One file.
    One(String),
    /// Files by name.
    Several(BTreeMap<String, String>),
}

impl Given {
    /// The files by name.
    pub fn files(&self) -> Vec<(&str, &str)> {
        match self {
            Self::One(text) => vec![("given.yaml", text)],
            Self::Several(files) => files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect(),
        }
    }
}

/// A finding that an example expects.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flag {
    /// The line of its primary place.
    pub line: u32,
    /// The file, when the example has several.
    pub file: Option<String>,
    /// A part of its message.
    pub message: Option<String>,
}

/// A rule, checked and ready to run.
#[derive(Debug)]
pub struct Rule {
    /// `pack/name`.
    pub id: String,
    /// Path of its file.
    pub path: String,
    /// One line.
    pub title: String,
    /// How bad a finding of it is.
    pub severity: Severity,
    /// Citations.
    pub law: Arc<[String]>,
    /// Enforcement that it would have caught.
    pub precedent: Arc<[String]>,
    /// The day from which it holds.
    pub since: Option<Date>,
    /// The day from which it warns before it holds.
    pub warn_from: Option<Date>,
    /// The kind of its subject.
    pub kind: &'static Kind,
    /// Which subjects it is about.
    pub when: Option<Expression>,
    /// What must not be.
    pub deny: Expression,
    /// The attribute to underline.
    pub point_at: Option<String>,
    /// Attributes to show beside.
    pub related: Vec<String>,
    /// What it says.
    pub message: Template,
    /// What to do.
    pub help: Arc<str>,
    /// Why it exists.
    pub why: String,
    /// Where to read more.
    pub url: Option<String>,
    /// Attributes that silence it.
    pub suppressed_by: Vec<Vec<usize>>,
    /// Its tests.
    pub examples: Vec<Example>,
    /// Path and line (from 1) of `deny` in its file.
    pub decided_by: Arc<str>,
}

impl Rule {
    /// Reads and checks the rule file `text` at `path`.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place.
    pub fn read(path: &str, source: SourceId, text: &str) -> Result<Self, Vec<Problem>> {
        let written = parse(source, text)?;
        let reader = Reader { source, path, text };
        let examples = written.examples.as_deref().unwrap_or_default();
        let flagged = examples.iter().any(|example| !example.flags.is_empty());
        let clean = examples.iter().any(|example| example.flags.is_empty());
        let rule = Self::build(path, source, text, written);
        if flagged && clean {
            return rule;
        }
        let help = "examples are the rule's tests: one that it flags, one on which it is silent";
        let missing = reader.at("examples", "a flagged and a clean example are needed".to_owned()).help(help);
        Err(rule.err().into_iter().flatten().chain(std::iter::once(missing)).collect())
    }

    /// Reads a rule that ships, without its examples: half of the time of a short run went into their text. Tests hold
    /// that all rules that ship read in full.
    ///
    /// # Errors
    /// As [`Rule::read`].
    pub fn read_head(path: &str, source: SourceId, text: &str) -> Result<Self, Vec<Problem>> {
        let head = text.find(EXAMPLES).map_or(text, |end| &text[..=end]);
        Self::build(path, source, text, parse(source, head)?)
    }

    fn build(path: &str, source: SourceId, text: &str, written: Written) -> Result<Self, Vec<Problem>> {
        let reader = Reader { source, path, text };
        let Some(kind) = kind(&written.kind) else {
            let names = KINDS.iter().map(|kind| kind.name);
            let help = closest(&written.kind, names.clone()).map_or_else(
                || format!("known: {}", names.collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(vec![reader.at("for", format!("`{}` is no kind of subject", written.kind)).help(help)]);
        };
        let mut problems = reader.check(&written, kind);
        let mut keep = |key: &str, result: Result<Expression, Mistake>| match result {
            Ok(expression) => Some(expression),
            Err(mistake) => {
                problems.push(reader.inside(key, mistake));
                None
            }
        };
        let deny = keep("deny", Expression::compile(&written.deny, kind));
        let when = written.when.as_deref().and_then(|when| keep("when", Expression::compile(when, kind)));
        let message = Template::compile(&written.message, kind)
            .map_err(|mistake| problems.push(reader.inside("message", mistake)))
            .ok();
        let suppressed_by = written.suppressed_by.iter().filter_map(|name| resolve(kind, name).ok()).collect();
        let (since, warn_from) = (date(written.since.as_deref()), date(written.warn_from.as_deref()));
        let (Some(deny), Some(message), true) = (deny, message, problems.is_empty()) else { return Err(problems) };
        let deny_line = text.lines().position(|line| line.starts_with("deny:")).map_or(1, |line| line + 1);
        Ok(Self {
            id: rule_id(path),
            path: path.to_owned(),
            title: written.title,
            severity: written.severity,
            law: written.law.into(),
            precedent: written.precedent.into(),
            since,
            warn_from,
            kind,
            when,
            deny,
            point_at: written.point_at,
            related: written.related,
            message,
            help: written.help.into(),
            why: written.why,
            url: written.url,
            suppressed_by,
            examples: written.examples.unwrap_or_default(),
            decided_by: format!("{path}:{deny_line}").into(),
        })
    }

    /// The severity on a day: `None` before the rule speaks, `Low` while it only warns.
    pub fn severity_on(&self, day: Date, severity: Severity) -> Option<Severity> {
        let in_force = self.since.is_none_or(|since| day >= since);
        let warns = self.warn_from.is_some_and(|from| day >= from);
        match (in_force, warns) {
            (true, _) => Some(severity),
            (false, true) => Some(Severity::Low),
            (false, false) => None,
        }
    }
}

fn date(written: Option<&str>) -> Option<Date> {
    written.and_then(|day| day.parse().ok())
}

fn parse(source: SourceId, text: &str) -> Result<Written, Vec<Problem>> {
    serde_yaml::from_str(text).map_err(|error| vec![shape_problem(source, text, &error)])
}

fn shape_problem(source: SourceId, text: &str, error: &serde_yaml::Error) -> Problem {
    let at = error.location().map_or(0, |place| place.index().min(text.len()));
    let span = Span::new(source, at, at);
    Problem::at(Stage::Rule, span, format!("the rule file cannot be read: {error}"))
        .help("see \"How to write a rule\" in CONTRIBUTING.md")
}

struct Reader<'a> {
    source: SourceId,
    path: &'a str,
    text: &'a str,
}

impl Reader<'_> {
    /// The value at a top-level key; parsed only when there is something to say.
    fn span(&self, key: &str) -> (Span, bool) {
        let parsed = document::parse(self.source, self.path, self.text);
        let root = parsed.documents.first().map(document::Document::root);
        let value = root.and_then(|root| root.get(key));
        value.map_or((Span::file(self.source), false), |value| (value.span(), value.is_quoted()))
    }

    fn at(&self, key: &str, message: String) -> Problem {
        Problem::at(Stage::Rule, self.span(key).0, message)
    }

    fn inside(&self, key: &str, mistake: Mistake) -> Problem {
        let (whole, quoted) = self.span(key);
        let base = whole.start as usize + usize::from(quoted);
        let span = Span::new(self.source, base + mistake.start, (base + mistake.end).min(whole.end as usize));
        Problem::at(Stage::Rule, span, format!("`{key}`: {}", mistake.message)).help(mistake.help)
    }

    fn check(&self, written: &Written, kind: &'static Kind) -> Vec<Problem> {
        let mut problems = Vec::new();
        if written.law.is_empty() && written.url.is_none() {
            problems.push(
                self.at("law", "the rule cites nothing".to_owned())
                    .help("name the section or the vendor's documentation"),
            );
        }
        let point_at: Vec<String> = written.point_at.iter().cloned().collect();
        for (key, names) in
            [("point_at", &point_at), ("related", &written.related), ("suppressed_by", &written.suppressed_by)]
        {
            let unknown = names.iter().filter_map(|name| resolve(kind, name).err());
            problems.extend(unknown.map(|(message, help)| self.at(key, message).help(help)));
        }
        for (key, day) in [("since", &written.since), ("warn_from", &written.warn_from)] {
            let Some(day) = day else { continue };
            if day.parse::<Date>().is_err() {
                problems.push(self.at(key, format!("`{day}` is no day")).help("write YYYY-MM-DD"));
            }
        }
        problems
    }
}
