//! Reads rule files: those of a project with everything that is wrong with them, those that ship as the build left them.

use super::example::Example;
use super::expression::{Expression, Mistake};
use super::pack::{heads, rule_id};
use super::rule::{Ask, Evidence, Raise, Rule};
use super::template::{Template, resolve};
use crate::document;
use crate::finding::{Problem, Severity, Stage, closest};
use crate::model::Profile;
use crate::model::kind::{KINDS, Kind, kind};
use crate::model::remedy::{REMEDIES, remedy};
use crate::source::{SourceId, Span};
use jiff::civil::Date;
use std::collections::BTreeMap;

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
    fix: Vec<String>,
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

/// A rule that ships, as the build left it: without what only `explain` shows, its examples and its condition.
#[derive(Debug, serde::Deserialize)]
struct Head {
    path: String,
    deny_line: usize,
    rule: Written,
}

/// What of a rule runs.
struct Running {
    when: Option<Expression>,
    deny: Expression,
    raise: Option<Raise>,
    ask: Option<Ask>,
    message: Template,
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

    /// The rules that ship, in order of their paths. Their expressions are compiled when they are first asked: half of the time
    /// of a short run went into reading and compiling. Tests hold that all of them read in full, and to the same.
    pub fn shipped() -> Vec<Self> {
        let heads: Vec<Head> = serde_json::from_str(heads()).unwrap_or_default();
        heads.into_iter().filter_map(Self::of_head).collect()
    }

    fn of_head(head: Head) -> Option<Self> {
        let kind = kind(&head.rule.kind)?;
        let later = |source: &str| Expression::later(source, kind);
        let written = &head.rule;
        let running = Running {
            when: written.when.as_deref().map(later),
            deny: later(&written.deny),
            raise: written.raise.as_ref().map(|raise| Raise { to: raise.to, when: later(&raise.when) }),
            ask: written.ask.as_ref().map(|ask| Ask { when: later(&ask.when), question: ask.question.trim().into() }),
            message: Template::compile(&written.message, kind).ok()?,
        };
        let rule = Self::assemble(&head.path, head.deny_line, kind, head.rule, running);
        Some(Self { shipped: true, ..rule })
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
            Some(Raise { to: raise.to, when })
        });
        let ask = written.ask.as_ref().and_then(|ask| {
            let when = keep("ask.when", Expression::compile(&ask.when, kind))?;
            Some(Ask { when, question: ask.question.trim().into() })
        });
        let message = Template::compile(&written.message, kind)
            .map_err(|mistake| problems.push(reader.inside("message", mistake)))
            .ok();
        let (Some(deny), Some(message), true) = (deny, message, problems.is_empty()) else { return Err(problems) };
        Ok(Self::assemble(path, deny_line(text), kind, written, Running { when, deny, raise, ask, message }))
    }

    fn assemble(path: &str, deny_line: usize, kind: &'static Kind, written: Written, running: Running) -> Self {
        let Running { when, deny, raise, ask, message } = running;
        let suppressed_by = written.suppressed_by.iter().filter_map(|name| resolve(kind, name).ok()).collect();
        let (since, warn_from) = (date(written.since.as_deref()), date(written.warn_from.as_deref()));
        Self {
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
            shipped: false,
            fix: written.fix.iter().filter_map(|name| remedy(name)).collect(),
            suppressed_by,
            examples: written.examples.unwrap_or_default(),
            decided_by: format!("{path}:{deny_line}").into(),
        }
    }
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
        problems.extend(written.fix.iter().filter_map(|name| self.unknown_fix(name, kind)));
        for (key, day) in [("since", &written.since), ("warn_from", &written.warn_from)] {
            let Some(day) = day else { continue };
            if day.parse::<Date>().is_err() {
                problems.push(self.at(key, format!("`{day}` is no day")).help("write YYYY-MM-DD"));
            }
        }
        problems
    }

    /// A remedy that is not known, or that mends nothing of the kind.
    fn unknown_fix(&self, name: &str, kind: &'static Kind) -> Option<Problem> {
        let names = || REMEDIES.iter().filter(|remedy| remedy.kinds.contains(&kind.name)).map(|remedy| remedy.name);
        let message = match remedy(name) {
            Some(known) if known.kinds.contains(&kind.name) => return None,
            Some(known) => format!("the fix `{name}` is for `{}`, not for `{}`", known.kinds.join("`, `"), kind.name),
            None => format!("there is no fix `{name}`"),
        };
        let known: Vec<&str> = names().collect();
        let help = match closest(name, names()) {
            Some(near) if near != name => format!("did you mean `{near}`?"),
            _ if known.is_empty() => format!("leave it out: there is none for `{}`", kind.name),
            _ => format!("known: {}", known.join(", ")),
        };
        Some(self.at("fix", message).help(help))
    }
}
