//! `consentlint baseline`: accepts today's findings.

use super::accepted;
use super::args::{BaselineOptions, ProjectOptions};
use super::check::unknown_names;
use super::progress::while_running;
use super::project::Project;
use super::site::Site;
use super::write::replace;
use super::{CLEAN, TROUBLE, World};
use crate::baseline::{Baseline, Entry, entries, text};
use crate::check::{Inputs, check};
use crate::finding::{Problem, Severity, Stage};
use crate::output::{Style, counted, printable, write_problems, write_text_of_json};
use crate::policy::Rule;
use crate::report::Report;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

pub(super) fn run(options: &BaselineOptions, world: &mut World<'_>) -> io::Result<u8> {
    let what = ProjectOptions {
        paths: options.paths.clone(),
        config: options.config.clone(),
        ..super::test::project_options(Path::new("."))
    };
    let mut project = Project::read(&what, world);
    let directory = world.directory.clone();
    let site = Site::disk(&directory);
    let path = accepted::place(options.baseline.as_deref(), &project, site);
    let there = site.files.is_file(&path);
    // A name that is to be written need not be there yet.
    let old = match options.baseline.as_deref() {
        Some(_) if !there && !options.prune => None,
        named => accepted::read(named, &mut project, site),
    };
    let shown = printable(&site.shown(&path));
    if !project.whole {
        let settings = project.config.is_some();
        project.inputs.problems.push(partial(settings));
    } else if options.prune && old.is_none() && project.inputs.problems.is_empty() {
        project.inputs.problems.push(Problem::path(Stage::Settings, &shown, "there is no baseline to prune"));
    }
    // Under a misspelt name a rule runs that was to be off: what it finds would be accepted.
    let unknown = unknown_names(&project);
    project.inputs.problems.extend(unknown);
    let inputs = std::mem::take(&mut project.inputs);
    let (what, today) = (format!("reading and judging {} files …", inputs.sources.len()), world.today);
    let report = while_running(world.progress, &what, || judge(options, &project, &inputs, today));
    if !report.problems.is_empty() {
        return refuse(&shown, &report, &inputs, world);
    }
    let severities: BTreeMap<&str, Severity> =
        report.rules.iter().map(|rule| (rule.id.as_str(), rule.severity)).collect();
    let usual = |rule: &str| severities.get(rule).copied();
    let new = match &old {
        Some(old) if options.prune => pruned(old, &report, &project.rules, &usual),
        _ => entries(&report.findings, &usual),
    };
    let old: Option<Vec<Entry>> = old.map(|old| old.entries.into_iter().map(|(entry, _)| entry).collect());
    let changes = old.map(|old| Changes::between(&old, &new));
    if changes.as_ref().is_some_and(Changes::none) {
        writeln!(world.stdout, "{shown} says so already; nothing was written")?;
        return Ok(CLEAN);
    }
    if new.is_empty() && changes.is_none() {
        writeln!(world.stdout, "there is nothing to accept; nothing was written")?;
        return Ok(CLEAN);
    }
    if !options.dry_run
        && let Err(error) = write(&path, &new, &report.as_of)
    {
        writeln!(world.stderr, "consentlint: {shown} cannot be written: {error}")?;
        return Ok(TROUBLE);
    }
    tell(options, &shown, changes.as_ref(), new.len(), &report, world.stdout)?;
    Ok(CLEAN)
}

/// A baseline is no way around a problem: what could not be judged would come back as new.
fn refuse(shown: &str, report: &Report, inputs: &Inputs, world: &mut World<'_>) -> io::Result<u8> {
    let style = Style { color: world.color, links: world.links, width: world.width, all: true, quiet: false };
    write_problems(&report.problems, &inputs.sources, style, world.stderr)?;
    let count = counted(report.problems.len(), "problem", "problems");
    writeln!(world.stderr, "consentlint: {shown} was not written, because of {count}")?;
    Ok(TROUBLE)
}

/// A baseline of a part would forget the rest.
fn partial(settings: bool) -> Problem {
    let help = if settings {
        "name the folder of the settings, or no path at all"
    } else {
        "name no path; or write settings with `consentlint init`, so that the project has a folder"
    };
    Problem::run(Stage::Settings, "a baseline is of a whole project, and only a part of it is read").help(help)
}

fn judge(options: &BaselineOptions, project: &Project, inputs: &Inputs, today: Date) -> Report {
    let day = options.as_of.unwrap_or(today);
    check(inputs, &project.judge(day))
}

/// Those of the old entries that still stand for something, by as many findings as are left of it.
fn pruned(old: &Baseline, report: &Report, rules: &[Rule], usual: Usual<'_>) -> Vec<Entry> {
    let found = old.apply(&mut report.findings.clone(), usual);
    // A rule that did not run found nothing because it did not look.
    let dormant = |rule: &str| usual(rule).is_none() && rules.iter().any(|known| known.id == rule);
    let left = old.entries.iter().zip(found).map(|((entry, _), found)| {
        let count = if dormant(&entry.rule) { entry.count } else { found };
        Entry { count, ..entry.clone() }
    });
    left.filter(|entry| entry.count > 0).collect()
}

type Usual<'u> = &'u dyn Fn(&str) -> Option<Severity>;

/// How a baseline differs from the one before.
struct Changes {
    added: usize,
    removed: usize,
    recounted: usize,
}

impl Changes {
    fn between(old: &[Entry], new: &[Entry]) -> Self {
        let counts = |entries: &[Entry]| -> BTreeMap<Entry, usize> {
            entries.iter().map(|entry| (Entry { count: 0, ..entry.clone() }, entry.count)).collect()
        };
        let (old, new) = (counts(old), counts(new));
        let recounted = new.iter().filter(|(key, count)| old.get(key).is_some_and(|before| before != *count));
        Self {
            added: new.keys().filter(|key| !old.contains_key(key)).count(),
            removed: old.keys().filter(|key| !new.contains_key(key)).count(),
            recounted: recounted.count(),
        }
    }

    fn none(&self) -> bool {
        self.added + self.removed + self.recounted == 0
    }
}

fn write(path: &Path, entries: &[Entry], as_of: &str) -> io::Result<()> {
    let mut bytes = Vec::new();
    write_text_of_json(&text(entries, as_of)?, &mut bytes)?;
    replace(path, &String::from_utf8_lossy(&bytes))
}

/// Says what was written.
fn tell(
    options: &BaselineOptions,
    shown: &str,
    changes: Option<&Changes>,
    entries: usize,
    report: &Report,
    out: &mut dyn Write,
) -> io::Result<()> {
    let wrote = if options.dry_run { "would write" } else { "wrote" };
    if options.prune {
        let (removed, lowered) = changes.map_or((0, 0), |changes| (changes.removed, changes.recounted));
        let removed = counted(removed, "entry", "entries");
        let left = counted(entries, "entry", "entries");
        return writeln!(out, "{wrote} {shown}: {removed} removed, {lowered} lowered, {left} left");
    }
    writeln!(out, "{wrote} {shown}: it accepts {}", accepted_of(report))?;
    if let Some(Changes { added, removed, recounted }) = changes {
        let added = counted(*added, "entry", "entries");
        writeln!(out, "{added} added, {removed} removed, {recounted} with another count")?;
    }
    if options.dry_run {
        Ok(())
    } else {
        writeln!(out, "Next: commit it; `consentlint check` counts only what is new.")
    }
}

/// What a report found, in words.
fn accepted_of(report: &Report) -> String {
    let of = |severity| report.accusations().filter(|finding| finding.severity == severity).count();
    let each = Severity::ALL.into_iter().map(|severity| (of(severity), severity.name()));
    let each: Vec<String> =
        each.filter(|(count, _)| *count > 0).map(|(count, name)| format!("{count} {name}")).collect();
    let mut said = counted(report.accusations().count(), "finding", "findings");
    if !each.is_empty() {
        said += &format!(" ({})", each.join(", "));
    }
    let asked = report.questions().count();
    let questions = format!("questions on {}", counted(asked, "subject", "subjects"));
    match (each.is_empty(), asked) {
        (_, 0) => said,
        (true, _) => questions,
        (false, _) => format!("{said} and {questions}"),
    }
}
