//! `consentlint check`: the main job.

use super::args::CheckOptions;
use super::progress::while_running;
use super::project::Project;
use super::{CLEAN, FINDINGS, TROUBLE, World, provenance};
use crate::check::{Inputs, Judge, Loaded, judged, load, offer_fixes};
use crate::engine::active;
use crate::finding::{Problem, Severity, Stage, closest};
use crate::flow::Flow;
use crate::output::{Style, output, printable};
use crate::policy::Rule;
use crate::report::Report;
use crate::settings::FailOn;
use jiff::civil::Date;
use std::io;

/// Formats that show fixes.
const WITH_FIXES: [&str; 2] = ["human", "json"];

/// A project that was judged.
pub(super) struct Seen {
    pub(super) inputs: Inputs,
    loaded: Loaded,
    pub(super) report: Report,
    fail_on: Option<FailOn>,
}

pub(super) fn run(options: &CheckOptions, world: &mut World<'_>) -> io::Result<u8> {
    if options.fix || options.diff {
        return super::fix::run(options, world);
    }
    let project = Project::read(&options.project, world);
    let fixes = WITH_FIXES.contains(&options.format.as_str());
    let seen = see(project, options, world.today, world.progress, fixes);
    if options.verbose {
        describe(&seen.inputs, &seen.loaded, world)?;
    }
    show(&seen, options, world)
}

/// Judges a project, with the fixes that are offered if those are wanted.
pub(super) fn see(
    mut project: Project,
    options: &CheckOptions,
    today: Date,
    progress: Option<fn(&str)>,
    fixes: bool,
) -> Seen {
    let day = options.project.as_of.unwrap_or(today);
    project.inputs.problems.extend(unknown(&project, options));
    let inputs = std::mem::take(&mut project.inputs);
    let partial = !options.only.is_empty();
    let chosen = |rule: &Rule| {
        let wanted = !partial || options.only.contains(&rule.id);
        if wanted && !options.skip.contains(&rule.id) { project.level(rule) } else { None }
    };
    let what = format!("reading {} files …", inputs.sources.len());
    let mut loaded = while_running(progress, &what, || load(&inputs, &project.classifier));
    if loaded.counts.files == 0 && !options.project.hook && loaded.problems.is_empty() {
        loaded.problems.push(nothing_read(loaded.counts.not_ours));
    }
    let judge = Judge {
        rules: active(&project.rules, day, chosen),
        known: &project.rules,
        partial,
        classifier: &project.classifier,
        day,
        profile: project.settings.profile,
        exceptions: project.exceptions.clone(),
        inline: !options.no_inline_exceptions && project.settings.inline_exceptions != Some(false),
        wanted: project.wanted.clone(),
    };
    let report = while_running(progress, "judging …", || {
        let as_of = day.to_string();
        let flow = Flow::derive(loaded.map(&as_of, judge.profile));
        let mut report = judged(&inputs, &judge, &loaded, &flow);
        if fixes {
            offer_fixes(&inputs, &judge, &loaded, &flow, &mut report);
        }
        report
    });
    Seen { inputs, loaded, report, fail_on: project.settings.fail_on }
}

/// Shows what was found; gives the exit code.
pub(super) fn show(seen: &Seen, options: &CheckOptions, world: &mut World<'_>) -> io::Result<u8> {
    let report = &seen.report;
    let style = Style { color: world.color, width: world.width, all: options.all };
    if let Some(output) = output(&options.format) {
        (output.write)(report, &seen.inputs.sources, style, world.stdout)?;
    }
    if !report.problems.is_empty() {
        return Ok(TROUBLE);
    }
    let threshold = options.fail_on.or(seen.fail_on).map_or(Some(Severity::Low), FailOn::severity);
    Ok(if threshold.is_some_and(|threshold| report.reaches(threshold)) { FINDINGS } else { CLEAN })
}

/// Rules and packs that are named and do not exist.
fn unknown(project: &Project, options: &CheckOptions) -> Vec<Problem> {
    let rules = options.only.iter().chain(&options.skip).chain(project.settings.rules.keys());
    let rules = rules.filter_map(|rule| unknown_rule(rule, &project.rules));
    rules.chain(project.settings.packs.iter().filter_map(|pack| unknown_pack(pack, &project.rules))).collect()
}

fn unknown_rule(name: &str, rules: &[Rule]) -> Option<Problem> {
    if rules.iter().any(|rule| rule.id == name) {
        return None;
    }
    let help = closest(name, rules.iter().map(|rule| rule.id.as_str()))
        .map_or_else(|| "see `consentlint rules`".to_owned(), |near| format!("did you mean `{near}`?"));
    Some(Problem::run(Stage::Settings, format!("there is no rule `{name}`")).help(help))
}

/// A misspelt pack would switch every rule of the right one off.
fn unknown_pack(name: &str, rules: &[Rule]) -> Option<Problem> {
    let packs = || rules.iter().filter_map(|rule| rule.id.split_once('/')).map(|(pack, _)| pack);
    if packs().any(|pack| pack == name) {
        return None;
    }
    let help = closest(name, packs())
        .map_or_else(|| "see `consentlint rules`".to_owned(), |near| format!("did you mean `{near}`?"));
    Some(Problem::run(Stage::Settings, format!("there is no pack `{name}`")).help(help))
}

/// A run that read nothing must not look like one that found nothing.
pub(super) fn nothing_read(others: usize) -> Problem {
    let message = match others {
        0 => "no file was found to read".to_owned(),
        others => format!("none of the {others} files that were looked at is in a format that is read"),
    };
    Problem::run(Stage::Read, message)
        .help("name a tracking plan, or write a data map: a YAML file that starts with `datamap: 1`")
}

/// What each file was taken for, and where the values of each destination come from.
fn describe(inputs: &Inputs, loaded: &Loaded, world: &mut World<'_>) -> io::Result<()> {
    for (id, source) in inputs.sources.iter() {
        let Some(Some(_)) = inputs.expected.get(id.0 as usize) else { continue };
        let taken = loaded.formats.get(id.0 as usize).filter(|formats| !formats.is_empty());
        let taken = taken.map_or_else(|| "not ours".to_owned(), |formats| formats.join(", "));
        writeln!(world.stderr, "{}: {taken}", printable(&source.path))?;
    }
    for destination in &loaded.model.destinations {
        let place = provenance::place(destination.id.span, &inputs.sources);
        writeln!(world.stderr, "destination {} ({place})", printable(&destination.id.value))?;
        provenance::origins(destination, &inputs.sources, world.stderr)?;
        provenance::values(&destination.object, 2, &inputs.sources, world.stderr)?;
    }
    Ok(())
}
