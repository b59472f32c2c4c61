//! `consentlint diff`: what a change does to the data map, and which findings it introduces.

mod human;
mod json;
mod markdown;
mod side;
mod view;

use super::args::DiffOptions;
use super::check::{nothing_read, unknown_names};
use super::progress::while_running;
use super::site::Site;
use super::{CLEAN, FINDINGS, TROUBLE, World};
use crate::check::judged;
use crate::compare::{self, Comparison, Verdicts};
use crate::finding::{Place, Problem, Severity, Stage};
use crate::flow::Flow;
use crate::output::{self, Style};
use crate::report::Report;
use crate::settings::FailOn;
use crate::source::{Disk, Files, Revision, SourceId, Span, Unread};
use jiff::civil::Date;
use side::{Reading, Side};
use std::io;
use view::{Named, Told};

pub(super) fn run(options: &DiffOptions, world: &mut World<'_>) -> io::Result<u8> {
    let tip = options.to.as_deref().unwrap_or("HEAD");
    let open = |named: &str| Revision::open(&world.directory, named, tip);
    let opened = open(&options.revision).and_then(|base| Ok((base, options.to.as_deref().map(open).transpose()?)));
    let day = options.as_of.unwrap_or(world.today);
    let (base, to) = match opened {
        Ok(opened) => opened,
        Err(unread) => {
            let report = Report { as_of: day.to_string(), problems: vec![refused(&unread)], ..Report::default() };
            write(options, &Told::nothing(report), world)?;
            return Ok(TROUBLE);
        }
    };
    let head: &dyn Files = to.as_ref().map_or(&Disk, |revision| revision);
    let directory = world.directory.clone();
    let before = Site { files: &base, directory: &directory };
    let after = Site { files: head, directory: &directory };
    let (old, new) = Reading::plan(options, before, after);
    let (before, after) = while_running(world.progress, "reading both sides …", || {
        rayon::join(|| old.read(Some(&base.label)), || new.read(to.as_ref().map(|to| to.label.as_str())))
    });
    let sparse = to.is_none() && base.is_sparse();
    let mut run = Run { options, day, before, after };
    run.forgive(&base.label);
    run.look_after(sparse, &directory);
    let named = |revision: &Revision| Named { label: revision.label.clone(), commit: revision.commit.clone() };
    let told = while_running(world.progress, "comparing …", || run.compare(named(&base), to.as_ref().map(named)));
    write(options, &told, world)?;
    if !told.report.problems.is_empty() {
        return Ok(TROUBLE);
    }
    let threshold = options.fail_on.or(run.after.project.settings.fail_on);
    let threshold = threshold.map_or(Some(Severity::Low), FailOn::severity);
    Ok(if threshold.is_some_and(|threshold| told.report.reaches(threshold)) { FINDINGS } else { CLEAN })
}

fn refused(unread: &Unread) -> Problem {
    Problem::run(Stage::Read, unread.message.as_str()).help(unread.help.as_str())
}

fn write(options: &DiffOptions, told: &Told<'_>, world: &mut World<'_>) -> io::Result<()> {
    let style = Style { color: world.color, links: world.links, width: world.width, all: options.all, quiet: false };
    match options.format.as_str() {
        "json" => json::write(told, world.stdout),
        "markdown" => markdown::write(told, world.stdout),
        "github" => annotations(told, style, world.stdout),
        _ => human::write(told, style, world.stdout),
    }
}

/// Annotations: what the settings no longer ask for, and introduced findings; for the log the sentence that says it all.
fn annotations(told: &Told<'_>, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    for setting in told.settings.iter().filter(|setting| setting.weaker) {
        let at = setting.places.after.map(|span| output::Where::span(told.after, span));
        output::write_warning(at, "settings", &format!("weaker: {}", setting.what), out)?;
    }
    if !told.base_problems.is_empty() {
        let more = "the base could not be judged as a whole: what looks new, introduced or unchanged may not be";
        output::write_warning(None, "base", more, out)?;
    }
    if let Some(github) = output::output("github") {
        (github.write)(&told.report, told.after, style, out)?;
    }
    writeln!(out, "{}", told.headline())
}

/// Both sides, as they were read.
struct Run<'o> {
    options: &'o DiffOptions,
    day: Date,
    before: Side,
    after: Side,
}

impl Run<'_> {
    /// A file of the base that could not be read (a pointer of Git LFS, a link out of the repository) concerns nobody where
    /// the head has it and it is none of ours.
    fn forgive(&mut self, label: &str) {
        let (read, ours) = (&self.after.read, &self.after.ours);
        let foreign = |path: &str| read.contains(path) && !ours.iter().any(|known| known == path);
        let path = |problem: &Problem| match &problem.place {
            Place::Path(path) if problem.stage == Stage::Read => {
                path.strip_prefix(label)?.strip_prefix(':').map(foreign)
            }
            _ => None,
        };
        self.before.loaded.problems.retain(|problem| path(problem) != Some(true));
    }

    /// What may be wrong with the comparison as a whole.
    fn look_after(&mut self, sparse: bool, directory: &std::path::Path) {
        let project = &self.after.project;
        let mut problems = unknown_names(project);
        let (old, new) = (&self.before.loaded, &self.after.loaded);
        if old.counts.files + new.counts.files == 0 && new.problems.is_empty() {
            problems.push(nothing_read(new.counts.not_ours));
        }
        let absent = |path: &&String| !directory.join(path).exists();
        if sparse && let Some(path) = self.before.ours.iter().find(absent) {
            let message = format!("this checkout is sparse, so files that it leaves out look removed, such as {path}");
            let help = "compare two commits: `--to HEAD`";
            problems.push(Problem::run(Stage::Read, message).help(help));
        }
        self.after.loaded.problems.extend(problems);
    }

    fn compare(&self, base: Named, to: Option<Named>) -> Told<'_> {
        let as_of = self.day.to_string();
        let profile = self.after.project.settings.profile;
        let (old, new) = (self.before.loaded.map(&as_of, profile), self.after.loaded.map(&as_of, profile));
        let (old_flow, new_flow) = rayon::join(|| Flow::derive(old), || Flow::derive(new));
        let rules = &self.after.project;
        let report =
            |side: &Side, flow: &Flow| judged(&side.project.inputs, &side.judge(rules, self.day), &side.loaded, flow);
        let (mut old_report, mut report) =
            rayon::join(|| report(&self.before, &old_flow), || report(&self.after, &new_flow));
        let mut base_problems = std::mem::take(&mut old_report.problems);
        let mut verdicts = Verdicts::of(old_report, &mut report);
        let mut comparison =
            Comparison::of(compare::Side { map: old, flow: &old_flow }, compare::Side { map: new, flow: &new_flow });
        let own = |rule: &str| rules.rules.iter().find(|known| known.id == rule)?.severity_in(profile);
        // Settings that could not be read are a problem, and no change. Where those of the base could not, all count as new.
        let set_up = self.after.is_set_up();
        let settings = || compare::settings(&self.before.configured(), &self.after.configured(), &own);
        let settings = if set_up { settings() } else { Vec::new() };
        let before = |span: Span| is_wanted(self.before.wanted.as_deref(), span);
        let after = |span: Span| is_wanted(self.after.wanted.as_deref(), span);
        comparison.retain(&before, &after);
        let touches = |finding: &crate::finding::Finding, wanted: &dyn Fn(Span) -> bool| {
            wanted(finding.primary.span) || finding.related.iter().any(|label| wanted(label.span))
        };
        for list in [&mut verdicts.introduced, &mut verdicts.unchanged, &mut verdicts.excepted] {
            list.retain(|finding| touches(finding, &after));
        }
        verdicts.fixed.retain(|finding| touches(finding, &before));
        base_problems.retain(|problem| concerns(problem, &before));
        report.problems.retain(|problem| concerns(problem, &after));
        report.findings = std::mem::take(&mut verdicts.introduced);
        Told {
            base: Some(base),
            to,
            all: self.options.all,
            comparison,
            settings,
            verdicts,
            report,
            base_problems,
            before: &self.before.project.inputs.sources,
            after: &self.after.project.inputs.sources,
        }
    }
}

fn is_wanted(wanted: Option<&[SourceId]>, span: Span) -> bool {
    wanted.is_none_or(|wanted| wanted.contains(&span.source))
}

fn concerns(problem: &Problem, wanted: &dyn Fn(Span) -> bool) -> bool {
    !matches!(problem.place, Place::Span(span) if !wanted(span))
}
