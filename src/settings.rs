//! `consentlint.yaml`: what to read, which rules run, how fields are classified, what is excepted.

use crate::document;
use crate::finding::{Problem, Severity, Stage};
use crate::model::Profile;
use crate::source::{SourceId, Span};
use std::collections::BTreeMap;

/// The file name that is looked for, from the inputs upwards.
pub const FILE_NAME: &str = "consentlint.yaml";

/// The settings as written.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Patterns of files to read besides the usual ones.
    pub include: Vec<String>,
    /// Patterns of files to leave alone.
    pub exclude: Vec<String>,
    /// Whose law to judge by.
    pub profile: Profile,
    /// Packs of rules to run; all when empty.
    pub packs: Vec<String>,
    /// Folders of your own rules, relative to this file.
    pub policies: Vec<String>,
    /// Severity of a rule, or `off`.
    pub rules: BTreeMap<String, Level>,
    /// Your own matchers for field names.
    pub classification: Vec<Matcher>,
    /// Findings that are accepted, with a reason.
    pub exceptions: Vec<Exception>,
    /// Whether comments beside the input may except from rules; yes unless said otherwise.
    pub inline_exceptions: Option<bool>,
    /// The mildest severity that fails a run.
    pub fail_on: Option<FailOn>,
}

/// A rule's level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Fails at this severity.
    Critical,
    /// Fails at this severity.
    High,
    /// Fails at this severity.
    Medium,
    /// Fails at this severity.
    Low,
    /// Does not run.
    Off,
}

impl Level {
    /// The severity; `None` when off.
    pub fn severity(self) -> Option<Severity> {
        Some(match self {
            Self::Critical => Severity::Critical,
            Self::High => Severity::High,
            Self::Medium => Severity::Medium,
            Self::Low => Severity::Low,
            Self::Off => return None,
        })
    }
}

/// When a run fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// At this severity.
    Critical,
    /// At this severity or worse.
    High,
    /// At this severity or worse.
    Medium,
    /// At any finding.
    Low,
    /// Never because of a finding.
    Never,
}

impl FailOn {
    /// The threshold; `None` for never.
    pub fn severity(self) -> Option<Severity> {
        Some(match self {
            Self::Critical => Severity::Critical,
            Self::High => Severity::High,
            Self::Medium => Severity::Medium,
            Self::Low => Severity::Low,
            Self::Never => return None,
        })
    }
}

/// A matcher for field names or example values.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matcher {
    /// Its name, shown as what decided.
    pub name: String,
    /// `key` (the name) or `value`.
    #[serde(default = "key")]
    pub on: String,
    /// Names that match exactly, spelling of words aside.
    #[serde(default)]
    pub exact: Vec<String>,
    /// Names that match when they are similar (Sørensen–Dice over 0.7).
    #[serde(default)]
    pub similar: Vec<String>,
    /// A regular expression (linear time).
    pub regex: Option<String>,
    /// Classes of personal information; `none` for not personal.
    pub pi: Vec<String>,
    /// Whether such a field must never be collected.
    #[serde(default)]
    pub restricted: bool,
}

fn key() -> String {
    "key".to_owned()
}

/// An accepted finding.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// `pack/name`.
    pub rule: String,
    /// `kind:id`, or the id alone; every subject when left out.
    pub subject: Option<String>,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// The last day it holds, `YYYY-MM-DD`.
    pub expires: Option<String>,
}

impl Settings {
    /// Reads the settings file `text`.
    ///
    /// # Errors
    /// Why it cannot be read, with the place.
    pub fn read(source: SourceId, text: &str) -> Result<Self, Box<Problem>> {
        // An empty file is one in which everything is commented out.
        if text.lines().all(|line| line.trim_start().starts_with('#') || line.trim().is_empty()) {
            return Ok(Self::default());
        }
        // Repeated keys get their places here, and deep nesting ends here.
        if let Some(problem) = document::parse(source, FILE_NAME, text).problems.into_iter().next() {
            return Err(Box::new(Problem { stage: Stage::Settings, ..problem }));
        }
        serde_yaml::from_str(text).map_err(|error| {
            let at = error.location().map_or(0, |place| place.index().min(text.len()));
            let span = Span::new(source, at, at);
            let message = format!("the settings cannot be read: {error}");
            Box::new(Problem::at(Stage::Settings, span, message).help(cure(&error.to_string())))
        })
    }

    /// Where each key is written: `profile`, and `rules.` before the name of a rule.
    pub fn places(source: SourceId, text: &str) -> BTreeMap<String, Span> {
        let parsed = document::parse(source, FILE_NAME, text);
        let Some(root) = parsed.documents.first().map(document::Document::root) else { return BTreeMap::new() };
        let of_rules = root.get("rules").into_iter().flat_map(|rules| rules.entries());
        let of_rules = of_rules.map(|entry| (format!("rules.{}", entry.key()), entry.key_span()));
        root.entries().map(|entry| (entry.key().to_owned(), entry.key_span())).chain(of_rules).collect()
    }

    /// Where each exception is written, in their order.
    pub fn exception_places(source: SourceId, text: &str) -> Vec<Span> {
        let parsed = document::parse(source, FILE_NAME, text);
        let root = parsed.documents.first().map(document::Document::root);
        let list = root.and_then(|root| root.get("exceptions"));
        let place = |item: document::Node<'_>| item.get("rule").map_or(item.span(), document::Node::span);
        list.into_iter().flat_map(|list| list.items().map(place)).collect()
    }
}

/// What helps against an error of the reader.
fn cure(error: &str) -> String {
    if error.starts_with("profile:") {
        return format!("the profiles are {}", Profile::ALL.map(Profile::name).join(", "));
    }
    "the keys are include, exclude, profile, packs, policies, rules, classification, exceptions, inline_exceptions, fail_on"
        .to_owned()
}
