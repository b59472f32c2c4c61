//! What was found, and what of it is accepted: by exceptions, with their reasons, and by the baseline.

use crate::cli::report::document::{Cell, Document, Word, bad, cell, code, open, soft, text};
use crate::cli::report::seen::Seen;
use crate::engine::Allowance;
use crate::finding::{Finding, Place, Problem, Severity};
use crate::output::counted;

pub(super) fn result(seen: &Seen<'_>, document: &mut Document) {
    document.section("What was found");
    let report = seen.report;
    let of = |severity| report.accusations().filter(|finding| finding.severity == severity).count();
    let mut said: Vec<String> =
        Severity::ALL.into_iter().map(|severity| format!("{} {}", of(severity), severity.name())).collect();
    said.push(counted(report.questions().count(), "question", "questions"));
    said.push(format!("{} excepted", report.suppressed.len()));
    said.push(format!("{} in the baseline", report.baselined.len()));
    said.push(counted(report.problems.len(), "problem", "problems"));
    document.say(format!("{}: {}.", counted(report.accusations().count(), "finding", "findings"), said.join(", ")));
    let all = report.findings.iter().chain(&report.suppressed).chain(&report.baselined);
    let row = |finding: &Finding| {
        let weight = match finding.question {
            Some(_) => open("question"),
            None => bad(finding.severity.name()),
        };
        let mut weighed = vec![weight];
        weighed.extend(finding.suppressed.as_ref().map(|_| soft("(excepted)")));
        weighed.extend(finding.baselined.then(|| soft("(in the baseline)")));
        vec![
            cell([seen.at(finding.primary.span)]),
            vec![weighed],
            cell([code(finding.rule.clone())]),
            cell([text(finding.message.clone())]),
            cell([code(finding.fingerprint.clone())]),
        ]
    };
    let head = ["Where", "Weight", "Rule", "What it says", "Fingerprint"];
    document.table(
        "Findings and questions",
        &head,
        all.map(row).collect(),
        "No rule that ran found or asked anything.",
    );
    let row = |problem: &Problem| {
        vec![
            cell([place(seen, problem)]),
            cell([text(problem.stage.name())]),
            cell([text(problem.message.clone())]),
            cell([text(problem.help.clone())]),
        ]
    };
    document.table(
        "What could not be read or judged",
        &["Where", "Step", "What", "What helps"],
        report.problems.iter().map(row).collect(),
        "Everything could be read and judged.",
    );
}

fn place(seen: &Seen<'_>, problem: &Problem) -> Word {
    match &problem.place {
        Place::Span(span) => seen.at(*span),
        Place::Path(path) => Word::At(path.clone()),
        Place::Run => soft("the run as a whole"),
    }
}

pub(super) fn exceptions(seen: &Seen<'_>, document: &mut Document) {
    document.section("Exceptions");
    let inline = seen.loaded.allowances.iter().filter(|_| seen.judge.inline);
    let row = |allowance: &Allowance| {
        let subject = match (&allowance.subject, allowance.line) {
            (Some(subject), _) => code(subject.clone()),
            (None, Some(_)) => soft("the line of the comment"),
            (None, None) => soft("every subject"),
        };
        let reason = match allowance.reason.as_str() {
            "" => bad("none is given"),
            reason => text(reason),
        };
        vec![
            cell([code(allowance.rule.clone()), seen.at(allowance.span)]),
            cell([subject]),
            cell([reason]),
            expiry(seen, allowance),
            excepted(seen, allowance),
        ]
    };
    document.table(
        "Findings that are not counted, and why",
        &["Rule", "Subject", "Reason", "Expires", "Excepts"],
        seen.judge.exceptions.iter().chain(inline).map(row).collect(),
        "No exception is written.",
    );
    if !seen.judge.inline && !seen.loaded.allowances.is_empty() {
        let count = counted(seen.loaded.allowances.len(), "comment", "comments");
        document.say(format!("Exceptions in {count} do not hold, as the settings say `inline_exceptions: false`."));
    }
}

fn expiry(seen: &Seen<'_>, allowance: &Allowance) -> Cell {
    let mut line = match &allowance.expires {
        None => vec![soft("never")],
        Some(day) => vec![code(day.clone())],
    };
    // Days compare as texts.
    if allowance.expires.as_deref().is_some_and(|day| seen.report.as_of.as_str() > day) {
        line.push(bad("past"));
    }
    line.extend(allowance.malformed.iter().map(|why| bad(why.clone())));
    vec![line]
}

fn excepted(seen: &Seen<'_>, allowance: &Allowance) -> Cell {
    let by = |finding: &&Finding| {
        finding.suppressed.as_ref().is_some_and(|one| one.span == allowance.span && finding.rule == allowance.rule)
    };
    let line = |finding: &Finding| {
        vec![text(finding.message.clone()), seen.at(finding.primary.span), code(finding.fingerprint.clone())]
    };
    let lines: Cell = seen.report.suppressed.iter().filter(by).map(line).collect();
    if lines.is_empty() { cell([open("nothing")]) } else { lines }
}

pub(super) fn baseline(seen: &Seen<'_>, document: &mut Document) {
    document.section("Baseline");
    let Some(baseline) = seen.judge.baseline else {
        return document.say("No baseline was used.");
    };
    let rows = baseline.entries.iter().map(|(entry, place)| {
        let found =
            seen.report.baselined.iter().filter(|one| one.rule == entry.rule && one.fingerprint == entry.fingerprint);
        let found = match found.count() {
            0 => open("nothing today"),
            count => text(counted(count, "finding", "findings")),
        };
        vec![
            cell([code(entry.rule.clone()), seen.at(*place)]),
            cell([code(entry.subject.clone())]),
            cell([text(entry.count.to_string())]),
            cell([found]),
            cell([code(entry.fingerprint.clone())]),
        ]
    });
    document.table(
        "Findings that were accepted on a day",
        &["Rule", "Subject", "Accepted", "Stands for", "Fingerprint"],
        rows.collect(),
        "The baseline has no entry.",
    );
}
