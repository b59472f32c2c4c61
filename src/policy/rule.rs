//! A rule: what a lawyer reads and what the engine runs.

use super::example::Example;
use super::expression::Expression;
use super::template::Template;
use crate::finding::Severity;
use crate::model::Profile;
use crate::model::kind::Kind;
use crate::model::remedy::Remedy;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

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
}

/// When a finding is a question instead: a declaration is missing that would decide.
#[derive(Debug)]
pub struct Ask {
    /// The condition.
    pub when: Expression,
    /// The question to all subjects of which it holds.
    pub question: Arc<str>,
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
    /// Whether it ships with the program.
    pub shipped: bool,
    /// What may mend a finding, the best first.
    pub fix: Vec<&'static Remedy>,
    /// Attributes that silence it.
    pub suppressed_by: Vec<Vec<usize>>,
    /// Its tests.
    pub examples: Vec<Example>,
    /// Path and line (from 1) of `deny` in its file.
    pub decided_by: Arc<str>,
}

impl Rule {
    /// The severity in a profile; `None` where the rule does not hold.
    pub fn severity_in(&self, profile: Profile) -> Option<Severity> {
        if self.profiles.is_empty() { Some(self.severity) } else { self.profiles.get(&profile).copied() }
    }

    /// The page that describes it: its own `url`, or for a rule that ships its part of `docs/rules.md` as of this version.
    pub fn page(&self) -> Option<String> {
        const RULES: &str =
            concat!("https://github.com/consentlint/consentlint/blob/v", env!("CARGO_PKG_VERSION"), "/docs/rules.md");
        let anchor = || format!("{RULES}#{}", self.id.replace('/', ""));
        self.url.clone().or_else(|| self.shipped.then(anchor))
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
