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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Label, Severity, SubjectId, Suppression};
    use crate::source::{SourceId, Span};

    fn finding(fingerprint: &str, message: &str, severity: Severity) -> Finding {
        let span = Span::file(SourceId(0));
        Finding {
            rule: "own/rule".to_owned(),
            severity,
            message: message.to_owned(),
            subject: SubjectId { kind: "destination", id: "x".to_owned() },
            primary: Label::new(span, ""),
            related: Vec::new(),
            help: "".into(),
            law: [].into(),
            precedent: [].into(),
            decided_by: "".into(),
            fingerprint: fingerprint.to_owned(),
            question: None,
            suppressed: None,
            baselined: false,
            fixes: Vec::new(),
        }
    }

    fn compare(before: Vec<Finding>, after: Vec<Finding>) -> [Vec<String>; 4] {
        let report = |findings| Report { findings, ..Report::default() };
        let suppressed = after.iter().filter(|finding| finding.suppressed.is_some()).cloned().collect();
        let open = after.into_iter().filter(|finding| finding.suppressed.is_none()).collect();
        let verdicts = Verdicts::of(report(before), &mut Report { suppressed, ..report(open) });
        [verdicts.introduced, verdicts.fixed, verdicts.unchanged, verdicts.excepted]
            .map(|list| list.into_iter().map(|finding| finding.message).collect())
    }

    fn low(fingerprint: &str, message: &str) -> Finding {
        finding(fingerprint, message, Severity::Low)
    }

    fn said(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn one_more_of_a_kind_is_introduced() {
        let one = vec![low("a", "second")];
        let two = vec![low("a", "first"), low("a", "second")];
        assert_eq!(compare(one.clone(), two.clone()), [said(&["first"]), said(&[]), said(&["second"]), said(&[])]);
        assert_eq!(compare(two, one), [said(&[]), said(&["first"]), said(&["second"]), said(&[])]);
        let told_otherwise = compare(vec![low("a", "3 days")], vec![low("a", "4 days")]);
        assert_eq!(told_otherwise, [said(&[]), said(&[]), said(&["4 days"]), said(&[])]);
    }

    #[test]
    fn what_became_worse_is_introduced() {
        let high = || vec![finding("a", "high", Severity::High)];
        assert_eq!(compare(vec![low("a", "low")], high()), [said(&["high"]), said(&[]), said(&[]), said(&[])]);
        assert_eq!(compare(high(), vec![low("a", "low")]), [said(&[]), said(&[]), said(&["low"]), said(&[])]);
        let asked = Finding { question: Some("which?".into()), ..low("a", "asked") };
        assert_eq!(compare(vec![asked], vec![low("a", "low")]), [said(&["low"]), said(&[]), said(&[]), said(&[])]);
    }

    #[test]
    fn what_is_excepted_is_not_fixed() {
        let excuse = Suppression { reason: "so".to_owned(), span: Span::file(SourceId(0)), inline: false };
        let covered = Finding { suppressed: Some(excuse), ..low("a", "covered") };
        let new = Finding { fingerprint: "b".to_owned(), ..covered.clone() };
        let told = compare(vec![low("a", "open")], vec![covered.clone(), new]);
        assert_eq!(told, [said(&[]), said(&[]), said(&[]), said(&["covered"])]);
        assert_eq!(compare(vec![], vec![low("a", "open")])[0], said(&["open"]), "an exception that is gone");
    }
}
