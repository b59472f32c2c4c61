//! Test reports in the XML of JUnit, for GitLab, Jenkins and whatever else shows tests.
//!
//! A rule is a suite, and so is the name of its class: "which rule" is what people come with, GitLab shows the class and
//! not the suite, and Jenkins groups by class. A finding is a failure. A question is skipped: the rule could not be judged
//! until somebody answers. What an exception or the baseline covers is skipped with the reason. A problem is an error. A
//! rule that found nothing has one case that passes, so that no report is without a case, which Jenkins takes for a
//! failed build.
//!
//! GitLab takes what it shows from the content of an element, not from its attributes, keeps only the first case of a name
//! and class, and compares runs by them ([GitLab documentation: Unit test
//! reports](https://docs.gitlab.com/ci/testing/unit_test_reports/#junit-xml-format-specification)): so names differ and
//! have no line in them. Nothing is written to `system-out`, where GitLab would take `[[ATTACHMENT|…]]` for a file. It reads
//! files of less than 30 MB, so that what is mildest is left out of a larger one, and counted.

mod cases;

use super::asked::asked;
use super::repeated::Repeated;
use super::text::{counted, line};
use super::{Output, Style, trouble};
use crate::finding::{Finding, Problem, Severity};
use crate::report::Report;
use crate::source::Sources;
use cases::{excused, failed, more, passed, put, unjudged};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// This format.
pub static OUTPUT: Output = Output { name: "junit", about: "tests as JUnit reports them, a suite for each rule", write };

/// Bytes of a file that GitLab reads.
const MAX_BYTES: usize = 29_000_000;

fn write(report: &Report, sources: &Sources, _: Style, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(&within(MAX_BYTES, report, sources)?)
}

/// The file with as many cases of a kind as there is room for.
fn within(bytes: usize, report: &Report, sources: &Sources) -> io::Result<Vec<u8>> {
    let counts = [report.problems.len(), report.findings.len(), report.suppressed.len(), report.baselined.len()];
    let mut most = counts.into_iter().sum();
    loop {
        let mut file = Vec::new();
        Suites::new(report, sources, most).root().serialize(&mut file).map_err(io::Error::other)?;
        if file.len() <= bytes || most == 0 {
            return Ok(file);
        }
        most /= 2;
    }
}

/// What a rule has to say.
struct Suite {
    rank: usize,
    cases: Vec<TestCase>,
}

/// Cases by rule, or by what stands in the place of one.
#[derive(Default)]
struct Suites(BTreeMap<String, Suite>);

/// Where suites stand: problems, findings by severity, questions, and those in which nothing failed.
const PROBLEM: usize = 0;
const QUESTION: usize = 5;
const QUIET: usize = 6;

fn rank(severity: Severity) -> usize {
    1 + severity as usize
}

impl Suites {
    fn new(report: &Report, sources: &Sources, most: usize) -> Self {
        let mut suites = Self::default();
        for rule in &report.rules {
            suites.add(&rule.id, QUIET, None);
        }
        suites.problems(report, sources, most);
        suites.findings(report, sources, most);
        for question in asked(report, most) {
            let Some(first) = question.findings.first() else { continue };
            suites.add(&first.rule, QUESTION, Some(put(&question, first, sources)));
        }
        suites.accepted(report, sources, most);
        for suite in suites.0.values_mut().filter(|suite| suite.cases.is_empty()) {
            suite.cases.push(passed());
        }
        if suites.0.is_empty() {
            suites.add(env!("CARGO_PKG_NAME"), QUIET, Some(passed()));
        }
        suites
    }

    fn add(&mut self, rule: &str, rank: usize, case: Option<TestCase>) {
        let suite = self.0.entry(rule.to_owned()).or_insert(Suite { rank, cases: Vec::new() });
        suite.rank = suite.rank.min(rank);
        suite.cases.extend(case);
    }

    fn problems(&mut self, report: &Report, sources: &Sources, most: usize) {
        let all: Vec<&Problem> = report.problems.iter().collect();
        let (shown, rest) = all.split_at(most.min(all.len()));
        for problem in shown {
            self.add(&trouble::rule(problem.stage), PROBLEM, Some(unjudged(problem, sources)));
        }
        for (rule, count) in by_rule(rest.iter().map(|problem| trouble::rule(problem.stage))) {
            let status = TestCaseStatus::non_success(NonSuccessKind::Error);
            self.add(&rule, PROBLEM, Some(more(&counted(count, "more problem", "more problems"), status)));
        }
    }

    fn findings(&mut self, report: &Report, sources: &Sources, most: usize) {
        let mut worst: Vec<&Finding> = report.accusations().collect();
        worst.sort_by_key(|finding| finding.severity);
        let (shown, rest) = worst.split_at(most.min(worst.len()));
        for finding in shown {
            self.add(&finding.rule, rank(finding.severity), Some(failed(finding, sources)));
        }
        for (rule, count) in by_rule(rest.iter().map(|finding| finding.rule.clone())) {
            let status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            let worst = rest.iter().find(|finding| finding.rule == rule).map_or(QUIET, |it| rank(it.severity));
            self.add(&rule, worst, Some(more(&counted(count, "more finding", "more findings"), status)));
        }
    }

    fn accepted(&mut self, report: &Report, sources: &Sources, most: usize) {
        let all: Vec<&Finding> = report.suppressed.iter().chain(&report.baselined).collect();
        let (shown, rest) = all.split_at(most.min(all.len()));
        for finding in shown {
            self.add(&finding.rule, QUIET, Some(excused(finding, sources)));
        }
        for (rule, count) in by_rule(rest.iter().map(|finding| finding.rule.clone())) {
            let said = format!("{count} more suppressed or in the baseline");
            self.add(&rule, QUIET, Some(more(&said, TestCaseStatus::skipped())));
        }
    }

    fn root(self) -> quick_junit::Report {
        let mut root = quick_junit::Report::new(env!("CARGO_PKG_NAME"));
        let mut suites: Vec<(String, Suite)> = self.0.into_iter().collect();
        suites.sort_by_key(|(_, suite)| suite.rank);
        for (rule, found) in suites {
            root.add_test_suite(suite(&rule, found.cases));
        }
        root
    }
}

fn by_rule(rules: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for rule in rules {
        *counts.entry(rule).or_default() += 1;
    }
    counts
}

fn suite(class: &str, mut cases: Vec<TestCase>) -> TestSuite {
    let class = line(class);
    let mut names = Repeated::default();
    for case in &mut cases {
        case.name = names.differ(&case.name).into();
        case.set_classname(class.as_str());
    }
    let mut suite = TestSuite::new(class);
    suite.add_test_cases(cases);
    suite
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Label, Stage, SubjectId};
    use crate::source::{Source, Span};

    #[test]
    fn what_there_is_no_room_for_is_counted() -> io::Result<()> {
        let mut sources = Sources::default();
        let source = sources.add(Source::new("a.yaml", "x".repeat(100)));
        let finding = |at: usize, severity| Finding {
            rule: "a/rule".to_owned(),
            severity,
            message: format!("finding {at}"),
            subject: SubjectId { kind: "destination", id: at.to_string() },
            primary: Label::new(Span::new(source, at, at + 1), ""),
            related: Vec::new(),
            help: "".into(),
            law: [].into(),
            precedent: [].into(),
            decided_by: "".into(),
            fingerprint: at.to_string(),
            question: None,
            suppressed: None,
            baselined: at >= 80,
            fixes: Vec::new(),
        };
        let severity = |at| if at < 79 { Severity::Low } else { Severity::Critical };
        let report = Report {
            problems: (0..40).map(|at| Problem::run(Stage::Read, format!("problem {at}"))).collect(),
            ..Report::new((0..100).map(|at| finding(at, severity(at))).collect(), Vec::new(), Default::default(), String::new(), Vec::new())
        };
        let text = |bytes| within(bytes, &report, &sources).map(|file| String::from_utf8_lossy(&file).into_owned());
        let (whole, part) = (text(usize::MAX)?, text(8_000)?);
        assert!(!whole.contains(" more "), "{whole}");
        assert!(part.len() <= 8_000, "{}", part.len());
        let cases = |text: &str, tag: &str| text.matches(&format!("<{tag} ")).count();
        // 140 halved until it fits: 8 of each kind.
        assert_eq!(["error", "failure", "skipped"].map(|tag| cases(&part, tag)), [9, 9, 9], "{part}");
        assert!(part.contains("\"finding 79\""), "the worst is kept: {part}");
        for more in ["32 more problems", "72 more findings", "12 more suppressed or in the baseline"] {
            assert!(part.contains(more), "{more}: {part}");
        }
        Ok(())
    }
}
