//! Questions: each put once, to all that it is about.

use crate::finding::{Finding, Severity};
use crate::report::Report;
use std::collections::BTreeMap;

/// A question and what it is about.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    /// The question.
    pub(super) question: &'a str,
    /// The findings that put it, one for each subject, in order of place; never empty.
    pub(super) findings: Vec<&'a Finding>,
}

/// All questions of a report: those first whose rule accuses worst, then those about most subjects.
pub(super) fn asked(report: &Report) -> Vec<Asked<'_>> {
    let mut asked: BTreeMap<(&str, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in &report.findings {
        if let Some(question) = &finding.question {
            asked.entry((&finding.rule, question)).or_default().push(finding);
        }
    }
    let severities: BTreeMap<&str, Severity> =
        report.rules.iter().map(|rule| (rule.id.as_str(), rule.severity)).collect();
    let mut asked: Vec<_> = asked.into_iter().collect();
    asked.sort_by_key(|((rule, _), findings)| {
        (severities.get(rule).copied().unwrap_or(Severity::Low), std::cmp::Reverse(findings.len()))
    });
    asked.into_iter().map(|((_, question), findings)| Asked { question, findings }).collect()
}
