//! The comparison for people: what changed by subject, each with its place, then introduced findings as `check` shows them.

use super::view::{Bundle, KINDS, Told, attributes, bundles, fields, gate, sign, witnessed};
use crate::compare::{Carried, Change, EntityChange, EventChange};
use crate::finding::Finding;
use crate::output::{Style, printable, write_findings, write_problems};
use crate::source::Sources;
use std::io::{self, Write};

/// Lines about one subject that are shown unless all are wanted.
const LINES: usize = 8;
/// Events that are shown unless all are wanted.
const EVENTS: usize = 10;

pub(super) fn write(told: &Told<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let page = Page { told, style };
    if told.base.is_some() && !told.is_unchanged() {
        writeln!(out, "{}\n", page.bold(&printable(&told.sides())))?;
        page.flows(out)?;
        for (kind, (_, many)) in KINDS {
            page.entities(kind, many, out)?;
        }
        page.events(out)?;
        page.settings(out)?;
    }
    page.listed("fixed findings", &told.verdicts.fixed, told.before, out)?;
    page.listed("findings that are excepted now", &told.verdicts.excepted, told.after, out)?;
    if told.all {
        page.listed("unchanged findings", &told.verdicts.unchanged, told.after, out)?;
    }
    write_findings(&told.report, told.after, style, out)?;
    if !told.base_problems.is_empty() {
        writeln!(
            out,
            "The base could not be judged as a whole: what looks new, introduced or unchanged may not be.\n"
        )?;
        write_problems(&told.base_problems, told.before, style, out)?;
    }
    write_problems(&told.report.problems, told.after, style, out)?;
    writeln!(out, "{} (as of {})", printable(&told.headline()), told.report.as_of)
}

struct Page<'a> {
    told: &'a Told<'a>,
    style: Style,
}

impl Page<'_> {
    fn bold(&self, text: &str) -> String {
        if self.style.color { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// A line about a subject, with its place at the end.
    fn subject(&self, sign: char, text: &str, place: &str, out: &mut dyn Write) -> io::Result<()> {
        let place = printable(place);
        let dim = if self.style.color { format!("\u{1b}[2m{place}\u{1b}[0m") } else { place };
        writeln!(out, "  {sign} {}   {dim}", printable(text))
    }

    fn lines(&self, lines: &[String], out: &mut dyn Write) -> io::Result<()> {
        let shown = if self.told.all { lines.len() } else { lines.len().min(LINES) };
        for line in &lines[..shown] {
            writeln!(out, "      {}", printable(line))?;
        }
        self.more(lines.len() - shown, "      ", out)
    }

    fn more(&self, hidden: usize, indent: &str, out: &mut dyn Write) -> io::Result<()> {
        if hidden > 0 {
            writeln!(out, "{indent}and {hidden} more (--all)")?;
        }
        Ok(())
    }

    fn flows(&self, out: &mut dyn Write) -> io::Result<()> {
        let flows = bundles(&self.told.comparison.flows);
        if flows.is_empty() {
            return Ok(());
        }
        writeln!(out, "{}", self.bold("flows"))?;
        flows.iter().try_for_each(|flow| self.flow(flow, out))?;
        writeln!(out)
    }

    fn flow(&self, Bundle { flow, sources }: &Bundle<'_>, out: &mut dyn Write) -> io::Result<()> {
        let (before, after) = (flow.ways.before.as_ref(), flow.ways.after.as_ref());
        let name = if flow.name == flow.destination { String::new() } else { format!(" ({})", flow.name) };
        let place = self.told.place(before.map(|way| way.place), after.map(|way| way.place));
        let title = format!("{} → {}{name}", sources.join(", "), flow.destination);
        self.subject(sign(flow.change()), &title, &place, out)?;
        let mut lines = Vec::new();
        let of = |change| flow.classes_that_are(change).collect::<Vec<_>>();
        match (before, after) {
            (Some(before), Some(after)) => {
                let (more, fewer) = (of(Some(Change::New)), of(Some(Change::Gone)));
                lines.extend((!more.is_empty()).then(|| format!("now also {}", carried(&more))));
                lines.extend((!fewer.is_empty()).then(|| format!("no longer {}", carried(&fewer))));
                if flow.is_gated_otherwise() {
                    lines.push(format!("gated by: {} → {}", gate(&before.gate), gate(&after.gate)));
                }
                if flow.is_routed_otherwise() {
                    lines.push(format!("by way of: {} → {}", before.via.words(), after.via.words()));
                }
            }
            (Some(way), None) | (None, Some(way)) => {
                lines.push(carried(
                    &of(Some(Change::New)).into_iter().chain(of(Some(Change::Gone))).collect::<Vec<_>>(),
                ));
                lines.push(format!("gated by: {}; by way of {}", gate(&way.gate), way.via.words()));
            }
            (None, None) => {}
        }
        self.lines(&lines, out)
    }

    fn entities(&self, kind: &str, title: &str, out: &mut dyn Write) -> io::Result<()> {
        let of_kind = || self.told.comparison.entities.iter().filter(|entity| entity.kind == kind);
        if of_kind().next().is_none() {
            return Ok(());
        }
        writeln!(out, "{}", self.bold(title))?;
        of_kind().try_for_each(|entity| self.entity(entity, out))?;
        writeln!(out)
    }

    fn entity(&self, entity: &EntityChange, out: &mut dyn Write) -> io::Result<()> {
        let place = self.told.place(entity.places.before, entity.places.after);
        self.subject(sign(entity.change()), &entity.id, &place, out)?;
        self.lines(&attributes(entity), out)
    }

    fn events(&self, out: &mut dyn Write) -> io::Result<()> {
        let events = &self.told.comparison.events;
        if events.is_empty() {
            return Ok(());
        }
        writeln!(out, "{}", self.bold("events and fields"))?;
        let shown = if self.told.all { events.len() } else { events.len().min(EVENTS) };
        // Those with something personal first.
        let mut order: Vec<&EventChange> = events.iter().collect();
        order.sort_by_key(|event| !event.fields.iter().any(|field| field.is_personal()));
        for event in &order[..shown] {
            let place = self.told.place(event.places.before, event.places.after);
            self.subject(sign(event.change()), &event.name, &place, out)?;
            self.lines(&fields(event), out)?;
        }
        self.more(events.len() - shown, "  ", out)?;
        writeln!(out)
    }

    fn settings(&self, out: &mut dyn Write) -> io::Result<()> {
        let settings = &self.told.settings;
        if settings.is_empty() {
            return Ok(());
        }
        writeln!(out, "{}", self.bold("settings"))?;
        for setting in settings {
            let place = self.told.place(setting.places.before, setting.places.after);
            let weaker = if setting.weaker { "weaker: " } else { "" };
            self.subject(if setting.weaker { '!' } else { '~' }, &format!("{weaker}{}", setting.what), &place, out)?;
        }
        writeln!(out)
    }
}

impl Page<'_> {
    /// Findings that are not introduced, a line each.
    fn listed(&self, title: &str, findings: &[Finding], sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
        if findings.is_empty() {
            return Ok(());
        }
        writeln!(out, "{}", self.bold(title))?;
        let shown = if self.told.all { findings.len() } else { findings.len().min(EVENTS) };
        for finding in &findings[..shown] {
            let line =
                sources.get(finding.primary.span.source).map(|source| source.position(finding.primary.span.start).line);
            let place = format!("{}:{}", sources.path(finding.primary.span), line.unwrap_or(1));
            let weight = if finding.question.is_some() { "question" } else { finding.severity.name() };
            self.subject('-', &format!("{weight}[{}] {}", finding.rule, finding.message), &place, out)?;
        }
        self.more(findings.len() - shown, "  ", out)?;
        writeln!(out)
    }
}

/// Classes and a witness of them.
fn carried(classes: &[&Carried]) -> String {
    let codes: Vec<&str> = classes.iter().map(|class| class.code).collect();
    let word = if codes.len() == 1 { "class" } else { "classes" };
    format!("{word} {}, such as {}", codes.join(", "), witnessed(classes))
}
