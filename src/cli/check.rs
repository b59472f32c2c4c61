//! `consentlint check`: the main job.

use super::args::CheckOptions;
use super::progress::while_running;
use super::project::Project;
use super::site::Site;
use super::{CLEAN, FINDINGS, TROUBLE, World, accepted, next, show};
use crate::baseline::Baseline;
use crate::check::{Inputs, Judge, Loaded, judged, load, offer_fixes};
use crate::engine::active;
use crate::finding::{Problem, Severity, Stage, closest};
use crate::flow::Flow;
use crate::output::{Style, output};
use crate::policy::Rule;
use crate::report::Report;
use crate::settings::FailOn;
use std::io;
use std::path::Path;

/// Formats for people, which may be told to be quiet and end with what to do next.
const PEOPLE: [&str; 2] = ["human", "concise"];

/// Formats that show fixes.
const WITH_FIXES: [&str; 2] = ["human", "json"];

pub(super) fn run(options: &CheckOptions, world: &mut World<'_>) -> io::Result<u8> {
    let mut project = Project::read(&options.project, world);
    let baseline = prepare(options, &mut project, Site::disk(&world.directory));
    if options.show_config {
        return show::config(options, &project, baseline.as_ref(), world);
    }
    let fixes = WITH_FIXES.contains(&options.format.as_str());
    let run = Run { options, today: world.today, progress: world.progress.filter(|_| !options.quiet), fixes };
    let (inputs, loaded) = run.read(&mut project);
    if options.show_files {
        show::files(&inputs, &loaded, world.stdout)?;
        return show::close(&inputs, world);
    }
    if options.verbose {
        show::origins(&inputs, &loaded, world.stderr)?;
    }
    show(run.judge(&project, baseline.as_ref(), inputs, loaded), options, world)
}

/// What every look at a project shares.
#[derive(Clone, Copy)]
pub(super) struct Run<'o> {
    pub(super) options: &'o CheckOptions,
    pub(super) today: jiff::civil::Date,
    pub(super) progress: Option<fn(&str)>,
    /// Whether findings get the fixes that are offered.
    pub(super) fixes: bool,
}

/// A project that was judged.
pub(super) struct Seen {
    pub(super) inputs: Inputs,
    pub(super) report: Report,
    threshold: Option<Severity>,
    /// Whether the project has settings or a data map.
    begun: bool,
    whole: bool,
}

/// Says which names are unknown, and reads what is accepted.
pub(super) fn prepare(options: &CheckOptions, project: &mut Project, site: Site<'_>) -> Option<Baseline> {
    let asked = options.only.iter().chain(&options.skip).filter_map(|rule| unknown_rule(rule, &project.rules));
    let unknown: Vec<Problem> = asked.chain(unknown_names(project)).collect();
    project.inputs.problems.extend(unknown);
    if options.no_baseline { None } else { accepted::read(options.baseline.as_deref(), project, site) }
}

impl Run<'_> {
    /// Reads and joins the files of a project.
    pub(super) fn read(&self, project: &mut Project) -> (Inputs, Loaded) {
        let inputs = std::mem::take(&mut project.inputs);
        let what = format!("reading {} files …", inputs.sources.len());
        let mut loaded = while_running(self.progress, &what, || load(&inputs, &project.classifier));
        if loaded.counts.files == 0 && !self.options.project.hook && loaded.problems.is_empty() {
            loaded.problems.push(nothing_read(loaded.counts.not_ours));
        }
        (inputs, loaded)
    }

    /// Judges what was read.
    pub(super) fn judge(&self, project: &Project, baseline: Option<&Baseline>, inputs: Inputs, loaded: Loaded) -> Seen {
        let options = self.options;
        let judge = judge(options, project, baseline, self.today);
        let report = while_running(self.progress, "judging …", || {
            let as_of = judge.day.to_string();
            let flow = Flow::derive(loaded.map(&as_of, judge.profile));
            let mut report = judged(&inputs, &judge, &loaded, &flow);
            if self.fixes {
                offer_fixes(&inputs, &judge, &loaded, &flow, &mut report);
            }
            report
        });
        let threshold = options.fail_on.or(project.settings.fail_on).map_or(Some(Severity::Low), FailOn::severity);
        let begun = project.config.is_some() || loaded.model.declared;
        let whole = project.whole && options.only.is_empty() && options.skip.is_empty();
        Seen { inputs, report, threshold, begun, whole }
    }
}

/// Shows what was found; gives the exit code.
pub(super) fn show(seen: Seen, options: &CheckOptions, world: &mut World<'_>) -> io::Result<u8> {
    let Seen { inputs, mut report, threshold, begun, whole } = seen;
    if options.verbose {
        show::idle(&report, world.stderr)?;
    }
    let failed = threshold.is_some_and(|threshold| report.reaches(threshold));
    let quiet = options.quiet && PEOPLE.contains(&options.format.as_str());
    if quiet {
        report.findings.retain(|finding| threshold.is_some_and(|threshold| finding.severity <= threshold));
    }
    let style = Style { color: world.color, links: world.links, width: world.width, all: options.all, quiet };
    if let Some(output) = output(&options.format) {
        (output.write)(&report, &inputs.sources, style, world.stdout)?;
    }
    if options.format == "human" && !quiet {
        let run = next::Run { folder: named_folder(options, &world.directory), begun, whole };
        next::line(&report, run).map_or(Ok(()), |next| writeln!(world.stdout, "{next}"))?;
    }
    Ok(match (report.problems.is_empty(), failed) {
        (false, _) => TROUBLE,
        (true, true) => FINDINGS,
        (true, false) => CLEAN,
    })
}

fn judge<'a>(
    options: &CheckOptions,
    project: &'a Project,
    baseline: Option<&'a Baseline>,
    today: jiff::civil::Date,
) -> Judge<'a> {
    let day = options.project.as_of.unwrap_or(today);
    let chosen = |rule: &Rule| {
        let wanted = options.only.is_empty() || options.only.contains(&rule.id);
        if wanted && !options.skip.contains(&rule.id) { project.level(rule) } else { None }
    };
    let all = project.judge(day);
    Judge {
        rules: active(&project.rules, day, chosen),
        inline: all.inline && !options.no_inline_exceptions,
        baseline,
        wanted: project.wanted.clone(),
        ..all
    }
}

/// The one path that was named, where there is no more: what other commands take for their folder.
fn named_folder<'o>(options: &'o CheckOptions, directory: &Path) -> Option<&'o str> {
    match options.project.paths.as_slice() {
        [path] if directory.join(path).is_dir() && !options.project.hook => path.to_str(),
        _ => None,
    }
}

/// Rules and packs that the settings name and that do not exist.
pub(super) fn unknown_names(project: &Project) -> Vec<Problem> {
    let rules = project.settings.rules.keys().filter_map(|rule| unknown_rule(rule, &project.rules));
    rules.chain(project.settings.packs.iter().filter_map(|pack| unknown_pack(pack, &project.rules))).collect()
}

pub(super) fn unknown_rule(name: &str, rules: &[Rule]) -> Option<Problem> {
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
