//! A comment for a pull request: the verdict, a table of flows, what else changed, introduced findings, and the rest folded.

use super::view::{Bundle, KINDS, Told, attributes, bundles, fields, gate, sign, witnessed};
use crate::compare::{Carried, Change};
use crate::finding::{Finding, Problem};
use crate::output::{Where, code_span, counted, markdown};
use crate::source::Sources;
use std::io::{self, Write};

/// By which a bot finds the comment that it wrote before.
const MARKER: &str = "<!-- consentlint diff -->";
/// GitHub takes 65,536 characters in a comment; some are left for what a bot adds.
const MOST: usize = 60_000;
/// Rows of a table, or items of a list, that are shown.
const ROWS: usize = 50;
/// Lines about one subject.
const LINES: usize = 8;

pub(super) fn write(told: &Told<'_>, out: &mut dyn Write) -> io::Result<()> {
    let verdict = format!("{MARKER}\n### consentlint: {}\n\n{}\n", verdict(told), compared(told));
    let sections = [
        problems("Problems", &told.report.problems, told.after),
        settings(told),
        flows(told),
        introduced(told),
        questions(told),
        entities(told),
        events(told),
        problems(
            "Problems on the base: what looks new, introduced or unchanged may not be",
            &told.base_problems,
            told.before,
        ),
        others(told),
    ];
    let mut page = verdict;
    let mut hidden = 0;
    for section in sections.iter().filter(|section| !section.is_empty()) {
        // What does not fit is counted; a section is never cut in the middle of its markup.
        if page.chars().count() + section.chars().count() + 200 > MOST {
            hidden += 1;
            continue;
        }
        page.push('\n');
        page.push_str(section);
    }
    if hidden > 0 {
        let sections = counted(hidden, "section does", "sections do");
        page.push_str(&format!("\n{sections} not fit into a comment; run `consentlint diff` to see all.\n"));
    }
    out.write_all(page.as_bytes())
}

fn verdict(told: &Told<'_>) -> String {
    match (&told.base, told.report.findings.len(), told.report.problems.len()) {
        (None, ..) => "nothing was compared".to_owned(),
        (_, 0, 0) if told.is_unchanged() => "no change in meaning".to_owned(),
        (_, 0, 0) => "no finding introduced".to_owned(),
        (_, 0, problems) => counted(problems, "problem", "problems"),
        _ => told.introduced(),
    }
}

fn compared(told: &Told<'_>) -> String {
    let sides = told.base.as_ref().map(|_| format!(" ({}, as of {})", markdown(&told.sides()), told.report.as_of));
    format!("{}{}.", markdown(&told.headline()), sides.unwrap_or_default())
}

fn heading(title: &str) -> String {
    format!("#### {title}\n\n")
}

fn more(hidden: usize) -> String {
    if hidden == 0 { String::new() } else { format!("\nand {hidden} more\n") }
}

fn flows(told: &Told<'_>) -> String {
    let flows = bundles(&told.comparison.flows);
    if flows.is_empty() {
        return String::new();
    }
    let mut out = heading("Flows");
    out += "| | source → destination | data | such as | gated by | where |\n|---|---|---|---|---|---|\n";
    for bundle in flows.iter().take(ROWS) {
        out += &flow(told, bundle);
    }
    out + &more(flows.len().saturating_sub(ROWS))
}

fn flow(told: &Told<'_>, Bundle { flow, sources }: &Bundle<'_>) -> String {
    let (before, after) = (flow.ways.before.as_ref(), flow.ways.after.as_ref());
    let changed: Vec<&Carried> = match flow.classes.iter().any(|class| class.change.is_some()) {
        true => flow.classes.iter().filter(|class| class.change.is_some()).collect(),
        false => flow.classes.iter().collect(),
    };
    let code = |class: &&Carried| match (flow.change(), class.change) {
        (Change::Changed, Some(change)) => format!("{}{}", sign(change), class.code),
        _ => class.code.to_owned(),
    };
    let codes: Vec<String> = changed.iter().map(code).collect();
    let gated = match (before, after) {
        (Some(before), Some(after)) if before.gate != after.gate => {
            format!("{} → {}", markdown(&gate(&before.gate)), markdown(&gate(&after.gate)))
        }
        (_, Some(way)) | (Some(way), None) => markdown(&gate(&way.gate)),
        (None, None) => String::new(),
    };
    let ends: Vec<String> = sources.iter().map(|source| code_span(source)).collect();
    let place = told.place(before.map(|way| way.place), after.map(|way| way.place));
    format!(
        "| {} | {} → {} | {} | {} | {gated} | {} |\n",
        flow.change().name(),
        ends.join(", "),
        code_span(&flow.destination),
        markdown(&codes.join(", ")),
        markdown(&witnessed(&changed)),
        code_span(&place)
    )
}

/// One subject: its line, and lines below it.
fn item(change: Change, name: &str, place: &str, lines: &[String]) -> String {
    let mut out = format!("- {} {} {}\n", change.name(), code_span(name), code_span(place));
    for line in lines.iter().take(LINES) {
        out += &format!("  - {}\n", markdown(line));
    }
    if lines.len() > LINES {
        out += &format!("  - and {} more\n", lines.len() - LINES);
    }
    out
}

fn folded(title: &str, body: &str) -> String {
    format!("<details>\n<summary>{title}</summary>\n\n{body}\n</details>\n")
}

fn entities(told: &Told<'_>) -> String {
    let mut out = String::new();
    for (kind, (one, many)) in KINDS {
        let of_kind: Vec<_> = told.comparison.entities.iter().filter(|entity| entity.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        let mut body = String::new();
        for entity in of_kind.iter().take(ROWS) {
            let place = told.place(entity.places.before, entity.places.after);
            body += &item(entity.change(), &entity.id, &place, &attributes(entity));
        }
        body += &more(of_kind.len().saturating_sub(ROWS));
        out += &folded(&format!("{}: new, changed or gone", counted(of_kind.len(), one, many)), &body);
    }
    out
}

fn events(told: &Told<'_>) -> String {
    let events = &told.comparison.events;
    if events.is_empty() {
        return String::new();
    }
    let mut body = String::new();
    for event in events.iter().take(ROWS) {
        let place = told.place(event.places.before, event.places.after);
        body += &item(event.change(), &event.name, &place, &fields(event));
    }
    body += &more(events.len().saturating_sub(ROWS));
    folded(&format!("{} with other fields", counted(events.len(), "event", "events")), &body)
}

fn settings(told: &Told<'_>) -> String {
    if told.settings.is_empty() {
        return String::new();
    }
    let mut out = heading("Settings");
    for setting in told.settings.iter().take(ROWS) {
        let weaker = if setting.weaker { "**weaker:** " } else { "" };
        let place = told.place(setting.places.before, setting.places.after);
        out += &format!("- {weaker}{} {}\n", markdown(&setting.what), code_span(&place));
    }
    out + &more(told.settings.len().saturating_sub(ROWS))
}

fn introduced(told: &Told<'_>) -> String {
    let mut worst: Vec<&Finding> = told.report.accusations().collect();
    if worst.is_empty() {
        return String::new();
    }
    worst.sort_by_key(|finding| finding.severity);
    let mut out = heading("Introduced findings");
    for finding in worst.iter().take(ROWS) {
        out += &listed(finding, told.after);
        out += &format!("  - {}\n", markdown(&finding.help));
        if !finding.law.is_empty() {
            out += &format!("  - {}\n", markdown(&finding.law.join("; ")));
        }
    }
    out + &more(worst.len().saturating_sub(ROWS))
}

/// Introduced questions, folded: they accuse of nothing.
fn questions(told: &Told<'_>) -> String {
    let asked: Vec<&Finding> = told.report.questions().collect();
    if asked.is_empty() {
        return String::new();
    }
    let mut body = String::new();
    for finding in asked.iter().take(ROWS) {
        body += &listed(finding, told.after);
        let question = finding.question.as_deref().unwrap_or("");
        body += &format!("  - {}\n", markdown(question));
    }
    body += &more(asked.len().saturating_sub(ROWS));
    folded(&format!("{} that no file answers", counted(asked.len(), "question", "questions")), &body)
}

fn listed(finding: &Finding, sources: &Sources) -> String {
    let weight = if finding.question.is_some() { "question" } else { finding.severity.name() };
    let place = at(finding.primary.span, sources);
    format!("- **{weight}** {} {}: {}\n", code_span(&finding.rule), code_span(&place), markdown(&finding.message))
}

fn at(span: crate::source::Span, sources: &Sources) -> String {
    let at = Where::span(sources, span);
    let line = at.start.map_or_else(String::new, |start| format!(":{}", start.line));
    format!("{}{line}", at.file.unwrap_or(""))
}

fn problems(title: &str, problems: &[Problem], sources: &Sources) -> String {
    if problems.is_empty() {
        return String::new();
    }
    let mut out = heading(title);
    for problem in problems.iter().take(ROWS) {
        let place = match &problem.place {
            crate::finding::Place::Span(span) => at(*span, sources),
            crate::finding::Place::Path(path) => path.clone(),
            crate::finding::Place::Run => String::new(),
        };
        let help = if problem.help.is_empty() { String::new() } else { format!(" ({})", markdown(&problem.help)) };
        out += &format!("- {} {}{help}\n", code_span(&place), markdown(&problem.message));
    }
    out + &more(problems.len().saturating_sub(ROWS))
}

/// Findings that the change does not introduce, folded.
fn others(told: &Told<'_>) -> String {
    let verdicts = &told.verdicts;
    let lists = [
        ("fixed", &verdicts.fixed, told.before),
        ("excepted now", &verdicts.excepted, told.after),
        ("unchanged", &verdicts.unchanged, told.after),
    ];
    let mut out = String::new();
    for (word, findings, sources) in lists.into_iter().filter(|(_, findings, _)| !findings.is_empty()) {
        let body: String = findings.iter().take(ROWS).map(|finding| listed(finding, sources)).collect();
        let body = body + &more(findings.len().saturating_sub(ROWS));
        out += &folded(&format!("{} {word}", counted(findings.len(), "finding", "findings")), &body);
    }
    out
}
