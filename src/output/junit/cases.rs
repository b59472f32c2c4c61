//! Cases of a test report.

use crate::finding::{Finding, Label, Problem};
use crate::output::asked::Asked;
use crate::output::place::Where;
use crate::output::text::{clip, line, name, weight};
use crate::source::Sources;
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus};

/// Characters of the name of a case.
const NAME: usize = 300;

/// An error: something could not be judged.
pub(super) fn unjudged(problem: &Problem, sources: &Sources) -> TestCase {
    let at = Where::place(sources, &problem.place);
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    let mut lines = vec![format!("{}problem[{}]", at.prefix(), problem.stage.name()), line(&problem.message)];
    lines.extend(places(&problem.related, sources));
    lines.extend(optional("help", &problem.help));
    status.set_message(line(&problem.message)).set_type("problem").set_description(lines.join("\n"));
    case(&problem.message, status, &at)
}

/// Of what there was no room for.
pub(super) fn more(count: &str, mut status: TestCaseStatus) -> TestCase {
    let said = format!("and {count}; `consentlint check` shows everything");
    status.set_message(said.as_str()).set_description(said);
    TestCase::new(format!("and {count}"), status)
}

/// The rule found nothing.
pub(super) fn passed() -> TestCase {
    TestCase::new("no finding in what was read", TestCaseStatus::success())
}

/// A failure: a finding that counts.
pub(super) fn failed(finding: &Finding, sources: &Sources) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(line(&finding.message)).set_type(finding.severity.name());
    status.set_description(about(finding, sources).join("\n"));
    case(&finding.message, status, &Where::span(sources, finding.primary.span))
}

/// Skipped, with the reason: a finding that an exception or the baseline covers.
pub(super) fn excused(finding: &Finding, sources: &Sources) -> TestCase {
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

/// Skipped: a question, with what it is about.
pub(super) fn put(asked: &Asked<'_>, first: &Finding, sources: &Sources) -> TestCase {
    let question = format!("question: {}", line(asked.question));
    let mut lines = vec![question.clone()];
    for finding in &asked.findings {
        let at = Where::span(sources, finding.primary.span);
        let id = line(&finding.subject.id);
        lines.push(format!("{}{} {id}: {}", at.prefix(), finding.subject.kind, line(&finding.message)));
    }
    if asked.findings.len() < asked.subjects {
        lines.push(format!("and {} more", asked.subjects - asked.findings.len()));
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
