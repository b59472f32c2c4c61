//! The command that helps most after a check.

use crate::finding::{Finding, Problem, Stage};
use crate::output::printable;
use crate::report::Report;

/// More findings than anyone mends at once.
const MANY: usize = 20;

/// What a run was like.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Run<'a> {
    /// The folder that was named, if one was and no more.
    pub(super) folder: Option<&'a str>,
    /// Whether there are settings, or a data map that someone wrote.
    pub(super) begun: bool,
    /// Whether the whole project was judged by all of its rules.
    pub(super) whole: bool,
}

/// One line with the next command; none when there is nothing to do.
pub(super) fn line(report: &Report, run: Run<'_>) -> Option<String> {
    let folder = run.folder.filter(|folder| *folder != ".").map(|folder| format!(" {}", printable(&quoted(folder))));
    let folder = folder.unwrap_or_default();
    let mended = report.findings.iter().filter(|finding| finding.fixes.iter().any(|fix| fix.safe)).count();
    let mended =
        mended + report.problems.iter().filter(|problem| problem.fix.as_ref().is_some_and(|fix| fix.safe)).count();
    let fix = format!("`consentlint check --fix{folder}` mends {mended} of them");
    if let Some(problem) = report.problems.first() {
        return Some(format!("next: {}", if mended > 0 { fix } else { look(problem, run, &folder) }));
    }
    let worst = report.accusations().min_by_key(|finding| finding.severity);
    let Some(worst) = worst else {
        let asked = report.questions().next()?;
        return Some(format!("next: {}", if run.begun { answer(asked) } else { init(&folder) }));
    };
    let explain = format!("`consentlint explain {}` tells why and what to do", printable(&worst.rule));
    let stale = |finding: &Finding| finding.subject.kind == "baseline";
    Some(format!(
        "next: {}",
        if mended > 0 {
            format!("{fix}; {explain}")
        } else if report.accusations().all(stale) && run.whole {
            format!("`consentlint baseline --prune{folder}` takes out what is no longer found")
        } else if !run.begun {
            init(&folder)
        } else if run.whole && !report.baseline && report.findings.len() > MANY {
            format!("{explain}; `consentlint baseline{folder}` accepts today's findings, so that only new ones count")
        } else {
            explain
        }
    ))
}

fn init(folder: &str) -> String {
    format!("`consentlint init{folder}` writes settings, and a first data map with what is known")
}

fn answer(asked: &Finding) -> String {
    format!("answer in a data map; `consentlint explain {}` lists what can be declared", asked.subject.kind)
}

/// What shows more of a problem.
fn look(problem: &Problem, run: Run<'_>, folder: &str) -> String {
    match problem.stage {
        Stage::Settings => format!("`consentlint check --show-config{folder}` shows the settings that hold"),
        Stage::Read | Stage::Parse if !run.begun => init(folder),
        Stage::Read | Stage::Parse => {
            format!("`consentlint check --show-files{folder}` lists what is read, and in which format")
        }
        Stage::Schema | Stage::Reference | Stage::Rule => {
            format!("`consentlint check --verbose{folder}` shows where each value of a destination comes from")
        }
    }
}

/// A path as a shell reads it.
fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@%".contains(c);
    if path.chars().all(plain) { path.to_owned() } else { format!("'{}'", path.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Fix, Label, Severity, SubjectId};
    use crate::source::{SourceId, Span};

    fn finding(rule: &str, severity: Severity, safe: Option<bool>) -> Finding {
        let fix = |safe| Fix { title: "mend".to_owned(), safe, edits: Vec::new() };
        Finding {
            rule: rule.to_owned(),
            severity,
            message: String::new(),
            subject: SubjectId { kind: "destination", id: rule.to_owned() },
            primary: Label::new(Span::file(SourceId(0)), ""),
            related: Vec::new(),
            help: "".into(),
            law: [].into(),
            precedent: [].into(),
            decided_by: "".into(),
            fingerprint: rule.to_owned(),
            question: None,
            suppressed: None,
            baselined: false,
            fixes: safe.map(fix).into_iter().collect(),
        }
    }

    fn said(findings: Vec<Finding>, problems: Vec<Problem>) -> String {
        let run = Run { folder: None, begun: true, whole: true };
        line(&Report { findings, problems, ..Report::default() }, run).unwrap_or_default()
    }

    #[test]
    fn fixes_that_are_safe_are_counted() {
        let mild = || finding("a/mild", Severity::Low, Some(true));
        let bad = || finding("a/bad", Severity::High, Some(true));
        let open = || finding("a/worst", Severity::Critical, Some(false));
        let explained =
            "next: `consentlint check --fix` mends 2 of them; `consentlint explain a/worst` tells why and what to do";
        assert_eq!(said(vec![mild(), bad(), open()], Vec::new()), explained);
        assert_eq!(said(vec![open()], Vec::new()), "next: `consentlint explain a/worst` tells why and what to do");
        let fix = |safe| Fix { title: "mend".to_owned(), safe, edits: Vec::new() };
        let problem = |safe| Problem::run(Stage::Schema, "no key").mended_by(fix(safe));
        assert_eq!(said(vec![mild()], vec![problem(true)]), "next: `consentlint check --fix` mends 2 of them");
        assert!(said(Vec::new(), vec![problem(false)]).contains("--verbose"));
        assert_eq!(said(Vec::new(), Vec::new()), "");
    }

    #[test]
    fn a_folder_is_written_as_a_shell_reads_it() {
        assert_eq!(quoted("fixtures/shop-1.0"), "fixtures/shop-1.0");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("$(x)'"), r"'$(x)'\'''");
    }
}
