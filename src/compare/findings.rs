//! Findings that a change introduces, mends or leaves.

use crate::finding::Finding;
use crate::report::Report;
use std::collections::BTreeMap;

/// What became of the findings.
#[derive(Debug, Default)]
pub struct Verdicts {
    /// Of the head: new, or worse than on the base.
    pub introduced: Vec<Finding>,
    /// Of the base: the head has none like it.
    pub fixed: Vec<Finding>,
    /// Of the head: as on the base, or milder.
    pub unchanged: Vec<Finding>,
    /// Of the head: counted on the base, and now covered by an exception or a baseline.
    pub excepted: Vec<Finding>,
}

impl Verdicts {
    /// Compares two reports. Findings are known by their fingerprints, and one more of a kind is one too many. A question
    /// that became an accusation, or any finding that became worse, is introduced.
    pub fn of(before: Report, after: &mut Report) -> Self {
        let mut old = Known::new(before.findings);
        let mut verdicts = Self::default();
        let (matched, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut after.findings)
            .into_iter()
            .map(|finding| (old.take(&finding, true), finding))
            .partition(|(known, _)| known.is_some());
        let rest: Vec<_> = rest.into_iter().map(|(_, finding)| (old.take(&finding, false), finding)).collect();
        for (known, finding) in matched.into_iter().chain(rest) {
            match known {
                Some(known) if !is_worse(&known, &finding) => verdicts.unchanged.push(finding),
                _ => verdicts.introduced.push(finding),
            }
        }
        let covered = after.suppressed.iter().chain(&after.baselined);
        verdicts.excepted.extend(covered.filter(|finding| old.take(finding, false).is_some()).cloned());
        verdicts.fixed = old.left();
        for list in [&mut verdicts.introduced, &mut verdicts.fixed, &mut verdicts.unchanged] {
            list.sort_by(|one, other| order(one).cmp(&order(other)));
        }
        verdicts
    }
}

fn order(finding: &Finding) -> (crate::source::Span, crate::finding::Severity, &str, &str) {
    (finding.primary.span, finding.severity, &finding.rule, &finding.message)
}

fn is_worse(before: &Finding, after: &Finding) -> bool {
    let accuses = before.question.is_some() && after.question.is_none();
    after.severity < before.severity || accuses
}

/// Findings of the base that nothing was paired with yet.
struct Known(BTreeMap<String, Vec<Finding>>);

impl Known {
    fn new(findings: Vec<Finding>) -> Self {
        let mut known: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
        for finding in findings {
            known.entry(finding.fingerprint.clone()).or_default().push(finding);
        }
        Self(known)
    }

    fn take(&mut self, finding: &Finding, alike: bool) -> Option<Finding> {
        let same = self.0.get_mut(&finding.fingerprint)?;
        let at = same.iter().position(|known| !alike || known.message == finding.message)?;
        Some(same.remove(at))
    }

    fn left(self) -> Vec<Finding> {
        self.0.into_values().flatten().collect()
    }
}
