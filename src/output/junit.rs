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
//! have no line in them. Nothing is written to `system-out`, where GitLab would take `[[ATTACHMENT|…]]` for a file.

use super::asked::{Asked, asked};
use super::place::Where;
use super::repeated::Repeated;
use super::text::{clip, line, name, weight};
use super::{Output, Style, trouble};
use crate::finding::{Finding, Label, Severity};
use crate::report::Report;
use crate::source::Sources;
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// This format.
pub static OUTPUT: Output = Output { name: "junit", about: "tests as JUnit reports them, a suite for each rule", write };

/// Characters of the name of a case.
const NAME: usize = 300;

/// What a rule has to say.
struct Suite {
    worst: Option<Severity>,
    cases: Vec<TestCase>,
}

fn write(report: &Report, sources: &Sources, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut root = quick_junit::Report::new(env!("CARGO_PKG_NAME"));
    for (stage, cases) in problems(report, sources) {
        root.add_test_suite(suite(&stage, cases));
    }
    let mut rules: Vec<(String, Suite)> = rules(report, sources).into_iter().collect();
    rules.sort_by_key(|(_, suite)| (suite.worst.is_none(), suite.worst));
    for (rule, found) in rules {
        root.add_test_suite(suite(&rule, found.cases));
    }
    if root.test_suites.is_empty() {
        root.add_test_suite(suite(env!("CARGO_PKG_NAME"), vec![passed()]));
    }
    root.serialize(out).map_err(io::Error::other)
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

/// Cases by rule; of a rule that found nothing one that passes.
fn rules(report: &Report, sources: &Sources) -> BTreeMap<String, Suite> {
    let mut suites: BTreeMap<String, Suite> = BTreeMap::new();
    let mut add = |rule: &str, severity: Option<Severity>, case: Option<TestCase>| {
        let suite = suites.entry(rule.to_owned()).or_insert(Suite { worst: None, cases: Vec::new() });
        suite.worst = [suite.worst, severity].into_iter().flatten().min();
        suite.cases.extend(case);
    };
    for rule in &report.rules {
        add(&rule.id, None, None);
    }
    for finding in report.accusations() {
        add(&finding.rule, Some(finding.severity), Some(failed(finding, sources)));
    }
    for question in asked(report, usize::MAX) {
        let Some(first) = question.findings.first() else { continue };
        add(&first.rule, Some(Severity::Low), Some(put(&question, first, sources)));
    }
    for finding in report.suppressed.iter().chain(&report.baselined) {
        add(&finding.rule, None, Some(excused(finding, sources)));
    }
    for suite in suites.values_mut().filter(|suite| suite.cases.is_empty()) {
        suite.cases.push(passed());
    }
    suites
}

/// Errors by what stands in the place of a rule.
fn problems(report: &Report, sources: &Sources) -> BTreeMap<String, Vec<TestCase>> {
    let mut suites: BTreeMap<String, Vec<TestCase>> = BTreeMap::new();
    for problem in &report.problems {
        let at = Where::place(sources, &problem.place);
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        let rule = trouble::rule(problem.stage);
        let mut lines = vec![format!("{}problem[{}]", at.prefix(), problem.stage.name()), line(&problem.message)];
        lines.extend(places(&problem.related, sources));
        lines.extend(optional("help", &problem.help));
        status.set_message(line(&problem.message)).set_type("problem").set_description(lines.join("\n"));
        suites.entry(rule).or_default().push(case(&problem.message, status, &at));
    }
    suites
}

fn passed() -> TestCase {
    TestCase::new("no finding in what was read", TestCaseStatus::success())
}

fn failed(finding: &Finding, sources: &Sources) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(line(&finding.message)).set_type(finding.severity.name());
    status.set_description(about(finding, sources).join("\n"));
    case(&finding.message, status, &Where::span(sources, finding.primary.span))
}

fn excused(finding: &Finding, sources: &Sources) -> TestCase {
    let reason = match &finding.suppressed {
        Some(exception) => {
            let at = Where::span(sources, exception.span).prefix();
            format!("suppressed: {} ({})", line(&exception.reason), at.trim_end_matches(": "))
        }
        None => "in the baseline".to_owned(),
    };
    let mut status = TestCaseStatus::skipped();
    let mut lines = vec![reason.clone()];
    lines.extend(about(finding, sources));
    status.set_message(reason).set_description(lines.join("\n"));
    case(&finding.message, status, &Where::span(sources, finding.primary.span))
}

/// A question, with all that it is about.
fn put(asked: &Asked<'_>, first: &Finding, sources: &Sources) -> TestCase {
    let question = format!("question: {}", line(asked.question));
    let mut lines = vec![question.clone()];
    for finding in &asked.findings {
        let at = Where::span(sources, finding.primary.span);
        let id = line(&finding.subject.id);
        lines.push(format!("{}{} {id}: {}", at.prefix(), finding.subject.kind, line(&finding.message)));
    }
    lines.extend(optional("answer", &first.help));
    lines.extend(optional("law", &first.law.join("; ")));
    let mut status = TestCaseStatus::skipped();
    status.set_message(question).set_description(lines.join("\n"));
    case(asked.question, status, &Where::span(sources, first.primary.span))
}

fn case(said: &str, status: TestCaseStatus, at: &Where<'_>) -> TestCase {
    let said = clip(&line(said), NAME);
    let mut case = TestCase::new(if said.is_empty() { "(nothing said)".to_owned() } else { said }, status);
    if let Some(file) = at.file {
        case.extra.insert("file".into(), name(file).into());
    }
    if let Some(start) = at.start {
        case.extra.insert("line".into(), start.line.to_string().into());
    }
    case
}

/// What a finding says, a line each.
fn about(finding: &Finding, sources: &Sources) -> Vec<String> {
    let at = Where::span(sources, finding.primary.span).prefix();
    let mut lines = vec![format!("{at}{}[{}]", weight(finding), line(&finding.rule)), line(&finding.message)];
    lines.extend(places(&finding.related, sources));
    lines.extend(optional("help", &finding.help));
    lines.extend(optional("law", &finding.law.join("; ")));
    lines.extend(optional("precedent", &finding.precedent.join("; ")));
    lines.extend(optional("decided by", &finding.decided_by));
    lines
}

fn places(related: &[Label], sources: &Sources) -> Vec<String> {
    let said = |text: &str| if text.is_empty() { "see also".to_owned() } else { line(text) };
    related
        .iter()
        .map(|label| format!("  {}{}", Where::span(sources, label.span).prefix(), said(&label.text)))
        .collect()
}

fn optional(label: &str, text: &str) -> Option<String> {
    let text = line(text);
    (!text.is_empty()).then(|| format!("{label}: {text}"))
}
