//! From paths on the command line to inputs: settings, rules, files.

use super::World;
use super::args::ProjectOptions;
use crate::check::{Inputs, is_ours};
use crate::classify::Classifier;
use crate::engine::Allowance;
use crate::finding::{Problem, Severity, Stage};
use crate::policy::{Rule, embedded, is_rule_path, rule_id};
use crate::settings::{FILE_NAME, Settings};
use crate::source::{Discovered, Discovery, Source, SourceId, discover, read_file, read_stdin};
use rayon::prelude::*;
use std::path::{Component, Path, PathBuf};

/// A project as read from disk.
pub(super) struct Project {
    pub(super) inputs: Inputs,
    pub(super) settings: Settings,
    pub(super) rules: Vec<Rule>,
    pub(super) exceptions: Vec<Allowance>,
    pub(super) classifier: Classifier,
    /// Sources whose findings are wanted; all when `None`.
    pub(super) wanted: Option<Vec<SourceId>>,
}

/// The source id of rules that ship; no text of a run has it.
pub(super) const SHIPPED: SourceId = SourceId(u32::MAX);

/// The rules that ship, without their examples; they are tested, so none is wrong.
fn shipped_heads() -> Vec<Rule> {
    embedded().par_iter().filter_map(|(path, text)| Rule::read_head(path, SHIPPED, text).ok()).collect()
}

/// The rules that ship, with their examples.
pub(super) fn shipped() -> Vec<Rule> {
    embedded().par_iter().filter_map(|(path, text)| Rule::read(path, SHIPPED, text).ok()).collect()
}

/// The rule that ships under a name, with its examples.
pub(super) fn shipped_rule(named: impl Fn(&str) -> bool) -> Option<Rule> {
    let (path, text) = embedded().into_iter().find(|(path, _)| named(&rule_id(path)))?;
    Rule::read(&path, SHIPPED, text).ok()
}

impl Project {
    /// Reads settings, rules and files.
    pub(super) fn read(options: &ProjectOptions, world: &mut World<'_>) -> Self {
        let mut inputs = Inputs::default();
        let everything = options.paths.is_empty() && !options.hook;
        let paths: Vec<PathBuf> = if everything { vec![PathBuf::from(".")] } else { options.paths.clone() };
        let config = options
            .config
            .clone()
            .map(|path| absolute(&path, world))
            .or_else(|| nearest(&paths, &mut inputs.problems, world));
        let mut settings = Settings::default();
        let mut exceptions = Vec::new();
        if let Some(config) = &config {
            (settings, exceptions) = read_settings(config, &mut inputs, world);
        }
        let root = config.as_deref().and_then(Path::parent).map(Path::to_path_buf);
        let mut rules = shipped_heads();
        let base = root.clone().unwrap_or_else(|| world.directory.clone());
        for folder in &settings.policies {
            rules.extend(read_rules(&base.join(folder), &mut inputs, world));
        }
        // The sort is stable: of two rules with one id the one that ships stays.
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        rules.dedup_by(|later, kept| {
            let same = later.id == kept.id;
            let message = format!("there is a rule `{}` already", later.id);
            let problem = Problem::path(Stage::Rule, later.path.clone(), message).help("rename the file or its folder");
            inputs.problems.extend(same.then_some(problem));
            same
        });
        let classifier = classifier(&settings, &mut inputs);
        let wanted = read_files(&paths, root.as_deref(), &settings, options, &mut inputs, world);
        Self { inputs, settings, rules, exceptions, classifier, wanted }
    }

    /// The severity of a rule under the settings; `None` when it does not run.
    pub(super) fn level(&self, rule: &Rule) -> Option<Severity> {
        let pack = rule.id.split_once('/').map_or("", |(pack, _)| pack);
        // What the program says of its own exceptions runs with every pack.
        if !self.settings.packs.is_empty() && pack != "core" && !self.settings.packs.iter().any(|wanted| wanted == pack)
        {
            return None;
        }
        let own = rule.severity_in(self.settings.profile)?;
        self.settings.rules.get(&rule.id).map_or(Some(own), |level| level.severity())
    }
}

fn absolute(path: &Path, world: &World<'_>) -> PathBuf {
    let joined = world.directory.join(path);
    let mut clean = PathBuf::new();
    for part in joined.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean
}

/// A path as it is shown: relative to the working directory, with `/`.
pub(super) fn shown(path: &Path, world: &World<'_>) -> String {
    relative(&absolute(path, world), &world.directory)
}

const LOOKALIKES: [&str; 4] = ["consentlint.yml", ".consentlint.yaml", ".consentlint.yml", "consentlint.json"];

/// The nearest settings file: from the first path upwards, to the root of its repository.
fn nearest(paths: &[PathBuf], problems: &mut Vec<Problem>, world: &World<'_>) -> Option<PathBuf> {
    let first = paths
        .iter()
        .find(|path| path.as_os_str() != "-")
        .map_or_else(|| world.directory.clone(), |path| absolute(path, world));
    for folder in first.ancestors().filter(|folder| !folder.is_file()) {
        let candidate = folder.join(FILE_NAME);
        if candidate.is_file() {
            return Some(candidate);
        }
        // Settings under another name would be passed over without a word.
        let lookalike = LOOKALIKES.iter().map(|name| folder.join(name)).find(|path| path.is_file());
        if let Some(path) = lookalike {
            let message = format!("is not read: the settings are looked for under the name `{FILE_NAME}`");
            problems.push(Problem::path(Stage::Settings, shown(&path, world), message).help("rename it"));
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}

fn read_settings(path: &Path, inputs: &mut Inputs, world: &World<'_>) -> (Settings, Vec<Allowance>) {
    let name = shown(path, world);
    let source = match read_file(path, &name) {
        Ok(source) => source,
        Err(unread) => {
            inputs.problems.push(Problem::path(Stage::Settings, name, unread.message).help(unread.help));
            return (Settings::default(), Vec::new());
        }
    };
    let text = source.text.clone();
    let id = inputs.add(source, None);
    let settings = Settings::read(id, &text).unwrap_or_else(|problem| {
        inputs.problems.push(*problem);
        Settings::default()
    });
    let places = if settings.exceptions.is_empty() { Vec::new() } else { Settings::exception_places(id, &text) };
    let exceptions = settings.exceptions.iter().zip(places).map(|(exception, span)| Allowance {
        rule: exception.rule.clone(),
        subject: exception.subject.clone(),
        reason: exception.reason.trim().to_owned(),
        expires: exception.expires.clone(),
        span,
        line: None,
        malformed: None,
        used: false,
        expired: false,
    });
    let exceptions = exceptions.collect();
    (settings, exceptions)
}

/// Rule files below a folder, or one rule file.
pub(super) fn read_rules(path: &Path, inputs: &mut Inputs, world: &World<'_>) -> Vec<Rule> {
    let Ok(everything) = Discovery::new(&[], &[]) else { return Vec::new() };
    let (found, errors) = discover(path, &everything);
    for (path, why) in errors {
        inputs.problems.push(Problem::path(Stage::Rule, shown(&path, world), format!("cannot be read: {why}")));
    }
    let mut rules = Vec::new();
    for file in found.into_iter().filter(|file| is_rule_path(&file.path)) {
        let name = shown(&file.path, world);
        match read_file(&file.path, &name) {
            Err(unread) => inputs.problems.push(Problem::path(Stage::Rule, name, unread.message).help(unread.help)),
            Ok(source) => {
                let text = source.text.clone();
                let id = inputs.add(source, None);
                match Rule::read(&name, id, &text) {
                    Ok(rule) => rules.push(rule),
                    Err(problems) => inputs.problems.extend(problems),
                }
            }
        }
    }
    rules
}

fn classifier(settings: &Settings, inputs: &mut Inputs) -> Classifier {
    let mut matchers = Vec::new();
    for matcher in &settings.classification {
        match super::classify::matcher(matcher) {
            Ok(matcher) => matchers.extend(matcher),
            Err(why) => {
                let message = format!("matcher `{}`: {why}", matcher.name);
                inputs.problems.push(
                    Problem::path(Stage::Settings, FILE_NAME, message).help("see `classification` in the README"),
                );
            }
        }
    }
    Classifier::new(matchers)
}

/// Reads what the paths name and, with settings, the whole project. Gives the sources that are wanted.
fn read_files(
    paths: &[PathBuf],
    root: Option<&Path>,
    settings: &Settings,
    options: &ProjectOptions,
    inputs: &mut Inputs,
    world: &mut World<'_>,
) -> Option<Vec<SourceId>> {
    let named: Vec<PathBuf> =
        paths.iter().filter(|path| path.as_os_str() != "-").map(|path| absolute(path, world)).collect();
    let stdin = paths.iter().any(|path| path.as_os_str() == "-");
    let mut files = find(&named, root, settings, options.hook, inputs, world);
    // What stands in the editor replaces what is on disk.
    files.retain(|file| !(stdin && relative(&file.path, &world.directory) == options.stdin_filename));
    let read: Vec<_> = files
        .par_iter()
        .map(|file| {
            let shown = relative(&file.path, &world.directory);
            (read_file(&file.path, &shown), shown)
        })
        .collect();
    let whole = !options.hook && root.is_none_or(|root| named.iter().any(|path| path == root));
    let mut wanted = Vec::new();
    for (file, (result, name)) in files.iter().zip(read) {
        match result {
            Ok(source) => {
                let id = inputs.add(source, Some(file.expected));
                wanted.extend(named.iter().any(|path| file.path.starts_with(path)).then_some(id));
            }
            // Pages and scripts in an old encoding are common, and few of them are ours.
            Err(unread) if !file.expected && unread.guess.as_ref().is_some_and(|text| !is_ours(&name, text)) => {
                inputs.add(Source::new(name, ""), Some(false));
            }
            Err(unread) => inputs.problems.push(Problem::path(Stage::Read, name, unread.message).help(unread.help)),
        }
    }
    if stdin {
        match read_stdin(world.stdin, &options.stdin_filename) {
            Ok(source) => wanted.push(inputs.add(source, Some(true))),
            Err(unread) => inputs.problems.push(Problem::path(Stage::Read, "-", unread.message).help(unread.help)),
        }
    }
    (!whole).then_some(wanted)
}

/// The files to read: those named, and those below the folders that are searched.
fn find(
    named: &[PathBuf],
    root: Option<&Path>,
    settings: &Settings,
    hook: bool,
    inputs: &mut Inputs,
    world: &World<'_>,
) -> Vec<Discovered> {
    let discovery = Discovery::new(&settings.include, &settings.exclude).unwrap_or_else(|why| {
        inputs.problems.push(Problem::run(Stage::Settings, format!("a pattern does not compile: {why}")));
        Discovery::default()
    });
    let hooked = hook.then_some(world.directory.as_path()).filter(|_| root.is_none());
    let mut files: Vec<Discovered> = Vec::new();
    for path in named.iter().map(PathBuf::as_path).filter(|_| !hook).chain(root).chain(hooked) {
        // Pipes and devices that are named are reported when they are read.
        if !path.is_dir() {
            files.push(Discovered { path: path.to_path_buf(), expected: true });
            continue;
        }
        // Patterns are relative to the project, so its folders are searched from there.
        if root.is_some_and(|root| path != root && path.starts_with(root)) {
            continue;
        }
        let (found, errors) = discover(path, &discovery);
        files.extend(found);
        let unread = errors
            .into_iter()
            .map(|(path, why)| Problem::path(Stage::Read, shown(&path, world), format!("cannot be read: {why}")));
        inputs.problems.extend(unread);
    }
    // The same file may be found twice; named beats found.
    files.sort_by(|a, b| (&a.path, !a.expected).cmp(&(&b.path, !b.expected)));
    files.dedup_by(|later, kept| later.path == kept.path);
    files.retain(|file| file.path.file_name().is_none_or(|name| name != FILE_NAME));
    let own_rules: Vec<PathBuf> = settings.policies.iter().filter_map(|folder| Some(root?.join(folder))).collect();
    files.retain(|file| file.expected || !own_rules.iter().any(|folder| file.path.starts_with(folder)));
    files
}

fn relative(path: &Path, directory: &Path) -> String {
    let common = path.components().zip(directory.components()).take_while(|(one, other)| one == other).count();
    // Nothing in common but the root: the absolute path says more.
    if common <= 1 {
        return path.to_string_lossy().replace('\\', "/");
    }
    let up = directory.components().skip(common).map(|_| Component::ParentDir);
    let relative: PathBuf = up.chain(path.components().skip(common)).collect();
    relative.to_string_lossy().replace('\\', "/")
}
