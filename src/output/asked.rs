//! Questions: each put once, to all that it is about.

use crate::finding::{Finding, Severity};
use crate::report::Report;
use std::collections::BTreeMap;

/// A question and what it is about.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    /// The question.
    pub(super) question: &'a str,
    /// The first findings that put it, one for each subject, in order of place; never empty.
    pub(super) findings: Vec<&'a Finding>,
    /// How many subjects there are.
    pub(super) subjects: usize,
}

/// All questions of a report, with up to `keep` findings, but one at least: those first whose rule accuses worst, then
/// those about most subjects.
pub(super) fn asked(report: &Report, keep: usize) -> Vec<Asked<'_>> {
    let mut all: BTreeMap<(&str, &str), Asked<'_>> = BTreeMap::new();
    for finding in report.questions() {
        let Some(question) = finding.question.as_deref() else { continue };
        let asked = all.entry((&finding.rule, question)).or_insert_with(|| Asked {
            question,
            findings: Vec::new(),
            subjects: 0,
        });
        asked.subjects += 1;
        if asked.findings.len() < keep.max(1) {
            asked.findings.push(finding);
        }
    }
    let severities: BTreeMap<&str, Severity> =
        report.rules.iter().map(|rule| (rule.id.as_str(), rule.severity)).collect();
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by_key(|((rule, _), asked)| {
        (severities.get(rule).copied().unwrap_or(Severity::Low), std::cmp::Reverse(asked.subjects))
    });
    all.into_iter().map(|(_, asked)| asked).collect()
}
