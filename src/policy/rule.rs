//! A rule file: what a lawyer reads and what the engine runs.

use super::example::Example;
use super::expression::{Expression, Mistake};
use super::pack::rule_id;
use super::template::{Template, resolve};
use crate::document;
use crate::finding::{Problem, Severity, Stage, closest};
use crate::model::Profile;
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
    raise: Option<WrittenRaise>,
    #[serde(default)]
    profiles: BTreeMap<String, Severity>,
    law: Vec<String>,
    #[serde(default)]
    evidence: Evidence,
    #[serde(default)]
    precedent: Vec<String>,
    since: Option<String>,
    warn_from: Option<String>,
    #[serde(rename = "for")]
    kind: String,
    when: Option<String>,
    deny: String,
    ask: Option<WrittenAsk>,
    condition: Option<String>,
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

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRaise {
    to: Severity,
    when: String,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenAsk {
    when: String,
    question: String,
}

/// How well what a rule says of the law is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// Read in the statute, the regulations or the vendor's own documentation.
    #[default]
    Primary,
    /// Read in what others write about them; the rule says so.
    Secondary,
}

/// When a finding weighs more.
#[derive(Debug)]
pub struct Raise {
    /// The severity it then has.
    pub to: Severity,
    /// The condition.
    pub when: Expression,
    /// The condition as written.
    pub written: String,
}

/// When a finding is a question instead: a declaration is missing that would decide.
#[derive(Debug)]
pub struct Ask {
    /// The condition.
    pub when: Expression,
    /// The condition as written.
    pub written: String,
    /// The question to all subjects of which it holds.
    pub question: Arc<str>,
}

/// The key under which examples stand, at the start of a line; in the rules that ship it is the last one.
const EXAMPLES: &str = "\nexamples:\n";
/// The key of the condition, at the start of a line; its text is behind it or indented below it.
const CONDITION: &str = "\ncondition:";

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
    /// When it is worse.
    pub raise: Option<Raise>,
    /// When it is a question.
    pub ask: Option<Ask>,
    /// The profiles in which it holds, with its severity there; all of them when empty.
    pub profiles: BTreeMap<Profile, Severity>,
    /// How well its law is known.
    pub evidence: Evidence,
    /// When it speaks, in plain words.
    pub condition: String,
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
        let told = written.condition.as_deref().is_some_and(|condition| !condition.trim().is_empty());
        let rule = Self::build(path, source, text, written);
        let mut missing = Vec::new();
        if !told {
            let help = "write `condition`: when it speaks and what it does not count, in one to three plain sentences";
            missing.push(reader.at("condition", "the rule does not say when it speaks".to_owned()).help(help));
        }
        if !(flagged && clean) {
            let help = "examples are the rule's tests: one that it flags, one on which it is silent";
            missing.push(reader.at("examples", "a flagged and a clean example are needed".to_owned()).help(help));
        }
        if missing.is_empty() {
            return rule;
        }
        Err(rule.err().into_iter().flatten().chain(missing).collect())
    }

    /// Reads a rule that ships, without what only `explain` shows, its examples and its condition: half of the time of a
    /// short run went into their text. Tests hold that all rules that ship read in full.
    ///
    /// # Errors
    /// As [`Rule::read`].
    pub fn read_head(path: &str, source: SourceId, text: &str) -> Result<Self, Vec<Problem>> {
        let head = text.find(EXAMPLES).map_or(text, |end| &text[..=end]);
        let short = head.split_once(CONDITION).map(|(before, rest)| format!("{before}\n{}", behind_block(rest)));
        Self::build(path, source, text, parse(source, short.as_deref().unwrap_or(head))?)
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
        let raise = written.raise.as_ref().and_then(|raise| {
            let when = keep("raise.when", Expression::compile(&raise.when, kind))?;
            Some(Raise { to: raise.to, when, written: raise.when.clone() })
        });
        let ask = written.ask.as_ref().and_then(|ask| {
            let when = keep("ask.when", Expression::compile(&ask.when, kind))?;
            Some(Ask { when, written: ask.when.clone(), question: ask.question.trim().into() })
        });
        let message = Template::compile(&written.message, kind)
            .map_err(|mistake| problems.push(reader.inside("message", mistake)))
            .ok();
        let suppressed_by = written.suppressed_by.iter().filter_map(|name| resolve(kind, name).ok()).collect();
        let (since, warn_from) = (date(written.since.as_deref()), date(written.warn_from.as_deref()));
        let (Some(deny), Some(message), true) = (deny, message, problems.is_empty()) else { return Err(problems) };
        Ok(Self {
            id: rule_id(path),
            path: path.to_owned(),
            title: written.title,
            severity: written.severity,
            raise,
            ask,
            profiles: profiles(&written.profiles),
            evidence: written.evidence,
            condition: written.condition.unwrap_or_default().trim().to_owned(),
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
            decided_by: format!("{path}:{}", deny_line(text)).into(),
        })
    }

    /// The severity in a profile; `None` where the rule does not hold.
    pub fn severity_in(&self, profile: Profile) -> Option<Severity> {
        if self.profiles.is_empty() { Some(self.severity) } else { self.profiles.get(&profile).copied() }
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

/// What follows a value that begins on this line and goes on indented.
fn behind_block(text: &str) -> &str {
    let text = text.split_once('\n').map_or("", |(_, below)| below);
    let block = text.split_inclusive('\n').take_while(|line| line.starts_with(' ') || line.trim().is_empty());
    &text[block.map(str::len).sum()..]
}

/// The line (from 1) of `deny`.
fn deny_line(text: &str) -> usize {
    text.lines().position(|line| line.starts_with("deny:")).map_or(1, |line| line + 1)
}

fn profiles(written: &BTreeMap<String, Severity>) -> BTreeMap<Profile, Severity> {
    let known = Profile::ALL.into_iter().filter_map(|profile| Some((profile, *written.get(profile.name())?)));
    known.collect()
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
        let value = key.split('.').try_fold(root, |node, name| Some(node?.get(name))).flatten();
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
        for name in written.profiles.keys().filter(|name| Profile::ALL.iter().all(|known| known.name() != *name)) {
            let known: Vec<&str> = Profile::ALL.iter().map(|profile| profile.name()).collect();
            problems.push(
                self.at("profiles", format!("there is no profile `{name}`"))
                    .help(format!("known: {}", known.join(", "))),
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
