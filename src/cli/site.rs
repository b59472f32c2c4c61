//! Where a project is read from: a tree of files, and the directory that paths are relative to.

use super::World;
use super::args::ProjectOptions;
use super::lookalike;
use crate::baseline;
use crate::check::{Inputs, is_ours};
use crate::engine::Allowance;
use crate::finding::{Problem, Stage};
use crate::policy::{Rule, is_rule_path};
use crate::settings::{FILE_NAME, Settings};
use crate::source::{Discovered, Discovery, Disk, Files, Source, SourceId, read_stdin};
use rayon::prelude::*;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

/// A place to read from.
#[derive(Clone, Copy)]
pub(super) struct Site<'a> {
    /// The tree.
    pub(super) files: &'a dyn Files,
    /// The directory to which paths are relative, and in which they are shown.
    pub(super) directory: &'a Path,
}

/// A path as it is shown: relative to the working directory, with `/`.
pub(super) fn shown(path: &Path, world: &World<'_>) -> String {
    Site::disk(&world.directory).shown(path)
}

impl<'a> Site<'a> {
    /// The disk as it is.
    pub(super) fn disk(directory: &'a Path) -> Self {
        Self { files: &Disk, directory }
    }

    /// The path without `.` and `..`.
    pub(super) fn absolute(self, path: &Path) -> PathBuf {
        let joined = self.directory.join(path);
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

    /// A path as it is shown: relative to the directory, with `/`.
    pub(super) fn shown(self, path: &Path) -> String {
        relative(&self.absolute(path), self.directory)
    }

    /// The nearest settings file: from the first path upwards, to the root of its repository.
    pub(super) fn nearest(self, paths: &[PathBuf], problems: &mut Vec<Problem>) -> Option<PathBuf> {
        let first = paths
            .iter()
            .find(|path| path.as_os_str() != "-")
            .map_or_else(|| self.directory.to_path_buf(), |path| self.absolute(path));
        for folder in first.ancestors().filter(|folder| !self.files.is_file(folder)) {
            let candidate = folder.join(FILE_NAME);
            let found = self.files.is_file(&candidate);
            // Settings under another name would be passed over without a word.
            for path in lookalike::settings(self.files, folder, found) {
                let message = format!("is not read: the settings are looked for under the name `{FILE_NAME}`");
                let help = if found { "move what it says there, and remove it" } else { "rename it" };
                problems.push(Problem::path(Stage::Settings, self.shown(&path), message).help(help));
            }
            if found {
                return Some(candidate);
            }
            if self.files.is_root(folder) {
                return None;
            }
        }
        None
    }

    pub(super) fn read_settings(self, path: &Path, inputs: &mut Inputs) -> (Settings, Vec<Allowance>) {
        let name = self.shown(path);
        let source = match self.files.read(path, &name) {
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
    pub(super) fn read_rules(self, path: &Path, inputs: &mut Inputs) -> Vec<Rule> {
        let Ok(everything) = Discovery::new(&[], &[]) else { return Vec::new() };
        let (found, errors) = self.files.discover(path, &everything);
        for (path, why) in errors {
            inputs.problems.push(Problem::path(Stage::Rule, self.shown(&path), format!("cannot be read: {why}")));
        }
        let mut rules = Vec::new();
        for file in found.into_iter().filter(|file| is_rule_path(&file.path)) {
            let name = self.shown(&file.path);
            match self.files.read(&file.path, &name) {
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

    /// Reads what the paths name and, with settings, the whole project. Gives the sources that are wanted.
    pub(super) fn read_files(
        self,
        paths: &[PathBuf],
        root: Option<&Path>,
        settings: &Settings,
        options: &ProjectOptions,
        inputs: &mut Inputs,
        stdin: &mut dyn Read,
    ) -> Option<Vec<SourceId>> {
        let named: Vec<PathBuf> =
            paths.iter().filter(|path| path.as_os_str() != "-").map(|path| self.absolute(path)).collect();
        let piped = paths.iter().any(|path| path.as_os_str() == "-");
        let mut files = self.find(&named, root, settings, options.hook, inputs);
        // What stands in the editor replaces what is on disk, and a file that was named as settings is read as such.
        let config = options.config.as_deref().map(|path| self.absolute(path));
        files.retain(|file| {
            let piped = piped && relative(&file.path, self.directory) == options.stdin_filename;
            !piped && config.as_ref() != Some(&file.path)
        });
        let read: Vec<_> = files
            .par_iter()
            .map(|file| {
                let shown = relative(&file.path, self.directory);
                (self.files.read(&file.path, &shown), shown)
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
        if piped {
            match read_stdin(stdin, &options.stdin_filename) {
                Ok(source) => wanted.push(inputs.add(source, Some(true))),
                Err(unread) => inputs.problems.push(Problem::path(Stage::Read, "-", unread.message).help(unread.help)),
            }
        }
        (!whole).then_some(wanted)
    }

    /// The files to read: those named, and those below the folders that are searched.
    fn find(
        self,
        named: &[PathBuf],
        root: Option<&Path>,
        settings: &Settings,
        hook: bool,
        inputs: &mut Inputs,
    ) -> Vec<Discovered> {
        let discovery = Discovery::new(&settings.include, &settings.exclude).unwrap_or_else(|why| {
            inputs.problems.push(Problem::run(Stage::Settings, format!("a pattern does not compile: {why}")));
            Discovery::default()
        });
        let hooked = hook.then_some(self.directory).filter(|_| root.is_none());
        let mut files: Vec<Discovered> = Vec::new();
        for path in named.iter().map(PathBuf::as_path).filter(|_| !hook).chain(root).chain(hooked) {
            // Pipes and devices that are named are reported when they are read.
            if !self.files.is_folder(path) {
                files.push(Discovered { path: path.to_path_buf(), expected: true });
                continue;
            }
            // Patterns are relative to the project, so its folders are searched from there.
            if root.is_some_and(|root| path != root && path.starts_with(root)) {
                continue;
            }
            let (found, errors) = self.files.discover(path, &discovery);
            files.extend(found);
            let unread = errors
                .into_iter()
                .map(|(path, why)| Problem::path(Stage::Read, self.shown(&path), format!("cannot be read: {why}")));
            inputs.problems.extend(unread);
        }
        // The same file may be found twice; named beats found.
        files.sort_by(|a, b| (&a.path, !a.expected).cmp(&(&b.path, !b.expected)));
        files.dedup_by(|later, kept| later.path == kept.path);
        let ours = [FILE_NAME, baseline::FILE_NAME];
        files.retain(|file| file.path.file_name().is_none_or(|name| ours.iter().all(|own| name != *own)));
        let own_rules: Vec<PathBuf> = settings.policies.iter().filter_map(|folder| Some(root?.join(folder))).collect();
        files.retain(|file| file.expected || !own_rules.iter().any(|folder| file.path.starts_with(folder)));
        files
    }
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
