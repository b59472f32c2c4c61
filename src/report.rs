//! Everything a run has to say, sorted, deduplicated and counted.

use crate::finding::{Finding, Place, Problem, Severity};
use std::collections::BTreeMap;

/// What was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files that were recognised and read.
    pub files: usize,
    /// Files that were looked at and are none of our formats.
    pub not_ours: usize,
    /// Events of all tracking plans.
    pub events: usize,
    /// Properties and traits of all events.
    pub properties: usize,
    /// Destinations declared or referred to.
    pub destinations: usize,
}

/// The result of a run, ready to be rendered.
#[derive(Debug, Default)]
pub struct Report {
    /// Findings that count, in order of place.
    pub findings: Vec<Finding>,
    /// Findings that an exception covers, in order of place.
    pub suppressed: Vec<Finding>,
    /// Findings that the baseline knows, in order of place.
    pub baselined: Vec<Finding>,
    /// Whether a baseline was used.
    pub baseline: bool,
    /// What could not be judged, in order of place.
    pub problems: Vec<Problem>,
    /// What was looked at.
    pub counts: Counts,
    /// The date the rules were judged by, as `YYYY-MM-DD`.
    pub as_of: String,
    /// Rules that ran, for formats that describe them.
    pub rules: Vec<RuleInfo>,
    /// By kind and id: names of subjects whose ids only a platform knows, such as `segment_destination.id-64aa`.
    pub names: BTreeMap<(&'static str, String), String>,
}

/// What an output may say about a rule.
#[derive(Clone, Debug)]
pub struct RuleInfo {
    /// `pack/name`.
    pub id: String,
    /// One line.
    pub title: String,
    /// Why the rule exists, a paragraph.
    pub why: String,
    /// What to do.
    pub help: String,
    /// Severity after settings.
    pub severity: Severity,
    /// Citations.
    pub law: Vec<String>,
    /// Link to read more, when there is one.
    pub url: Option<String>,
}

impl Report {
    /// Sorts and deduplicates, and sets apart what is suppressed and what the baseline knows.
    pub fn new(
        findings: Vec<Finding>,
        mut problems: Vec<Problem>,
        counts: Counts,
        as_of: String,
        rules: Vec<RuleInfo>,
    ) -> Self {
        let mut findings = findings;
        arrange(&mut findings);
        problems.sort_by_cached_key(|problem| (place_order(&problem.place), problem.stage, problem.message.clone()));
        problems.dedup();
        let (suppressed, findings): (Vec<_>, Vec<_>) =
            findings.into_iter().partition(|finding| finding.suppressed.is_some());
        let (baselined, findings) = findings.into_iter().partition(|finding| finding.baselined);
        Self { findings, suppressed, baselined, problems, counts, as_of, rules, ..Self::default() }
    }

    /// Findings that say what is wrong, in order of place.
    pub fn accusations(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.question.is_none())
    }

    /// Findings that ask for what is not declared, in order of place.
    pub fn questions(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.question.is_some())
    }

    /// How many findings, questions included, have this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Whether a finding is at least as bad as `threshold`.
    pub fn reaches(&self, threshold: Severity) -> bool {
        self.findings.iter().any(|finding| finding.severity <= threshold)
    }
}

/// Puts findings in order of place, without doubles.
pub fn arrange(findings: &mut Vec<Finding>) {
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
    findings.dedup_by(|a, b| a.fingerprint == b.fingerprint && a.primary == b.primary && a.message == b.message);
}

fn order(finding: &Finding) -> (crate::source::Span, Severity, &str, &str) {
    (finding.primary.span, finding.severity, &finding.rule, &finding.message)
}

fn place_order(place: &Place) -> (u8, Option<crate::source::Span>, String) {
    match place {
        Place::Run => (0, None, String::new()),
        Place::Path(path) => (1, None, path.clone()),
        Place::Span(span) => (2, Some(*span), String::new()),
    }
}
