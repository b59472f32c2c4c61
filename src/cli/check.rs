//! `consentlint check`: the main job.

use super::args::CheckOptions;
use super::progress::while_running;
use super::project::Project;
use super::{CLEAN, FINDINGS, TROUBLE, World, provenance};
use crate::check::{Inputs, Judge, Loaded, load, report};
use crate::engine::active;
use crate::finding::{Problem, Severity, Stage, closest};
use crate::output::{Style, output, printable};
use crate::policy::Rule;
use crate::settings::FailOn;
use std::io;

pub(super) fn run(options: &CheckOptions, world: &mut World<'_>) -> io::Result<u8> {
    let mut project = Project::read(&options.project, world);
    let day = options.project.as_of.unwrap_or(world.today);
    let asked = options.only.iter().chain(&options.skip).filter_map(|rule| unknown_rule(rule, &project.rules));
    let mut unknown: Vec<Problem> = asked.collect();
    unknown.extend(unknown_names(&project));
    project.inputs.problems.append(&mut unknown);
    let inputs = std::mem::take(&mut project.inputs);
    let partial = !options.only.is_empty();
    let chosen = |rule: &Rule| {
        let wanted = !partial || options.only.contains(&rule.id);
        if wanted && !options.skip.contains(&rule.id) { project.level(rule) } else { None }
    };
    let what = format!("reading {} files …", inputs.sources.len());
    let mut loaded = while_running(world.progress, &what, || load(&inputs, &project.classifier));
    if loaded.counts.files == 0 && !options.project.hook && loaded.problems.is_empty() {
        loaded.problems.push(nothing_read(loaded.counts.not_ours));
    }
    if options.verbose {
        describe(&inputs, &loaded, world)?;
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
    let report = while_running(world.progress, "judging …", || report(&inputs, &judge, &loaded));
    let style = Style { color: world.color, width: world.width, all: options.all };
    if let Some(output) = output(&options.format) {
        (output.write)(&report, &inputs.sources, style, world.stdout)?;
    }
    if !report.problems.is_empty() {
        return Ok(TROUBLE);
    }
    let threshold = options.fail_on.or(project.settings.fail_on).map_or(Some(Severity::Low), FailOn::severity);
    Ok(if threshold.is_some_and(|threshold| report.reaches(threshold)) { FINDINGS } else { CLEAN })
}

/// Rules and packs that the settings name and that do not exist.
pub(super) fn unknown_names(project: &Project) -> Vec<Problem> {
    let rules = project.settings.rules.keys().filter_map(|rule| unknown_rule(rule, &project.rules));
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
        provenance::write(&provenance::origins(destination), &inputs.sources, world.stderr)?;
        provenance::write(&provenance::values(&destination.object, 0), &inputs.sources, world.stderr)?;
    }
    Ok(())
}
