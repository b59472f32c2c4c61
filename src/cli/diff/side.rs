//! One side of a comparison, as it is read.

use crate::baseline::Baseline;
use crate::check::{Judge, Loaded, load};
use crate::cli::accepted;
use crate::cli::args::{DiffOptions, ProjectOptions};
use crate::cli::project::Project;
use crate::cli::site::Site;
use crate::compare::Configured;
use crate::finding::{Place, Problem, Stage};
use crate::settings::Settings;
use crate::source::{SourceId, Span};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

/// What is to be read of one side.
pub(super) struct Reading<'a> {
    site: Site<'a>,
    /// The folder of the project.
    root: PathBuf,
    config: Option<PathBuf>,
    /// What filters, as absolute paths.
    named: Vec<PathBuf>,
    problems: Vec<Problem>,
}

/// What was read of one side.
pub(super) struct Side {
    pub(super) project: Project,
    baseline: Option<Baseline>,
    pub(super) loaded: Loaded,
    /// Sources that are wanted; all when `None`.
    pub(super) wanted: Option<Vec<SourceId>>,
    /// Paths of the files that were recognised, as shown on the disk.
    pub(super) ours: Vec<String>,
    /// Paths of all files that were read, as shown on the disk.
    pub(super) read: BTreeSet<String>,
    /// Texts of the project's own rules, by id.
    own_rules: BTreeMap<String, String>,
    /// Where each key of the settings is written.
    keys: BTreeMap<String, Span>,
}

impl<'a> Reading<'a> {
    /// What is to be read of both sides: the project around the settings of each, and of a side without settings the same
    /// folder as of the other one.
    pub(super) fn plan(options: &DiffOptions, before: Site<'a>, after: Site<'a>) -> (Self, Self) {
        let paths = if options.paths.is_empty() { vec![PathBuf::from(".")] } else { options.paths.clone() };
        let (mut old, mut new) = (Vec::new(), Vec::new());
        let stated = options.config.as_ref().map(|config| after.absolute(config));
        let before_config = match &stated {
            Some(config) => Some(config.clone()).filter(|config| before.files.is_file(config)),
            None => before.nearest(&paths, &mut old),
        };
        let after_config = stated.or_else(|| after.nearest(&paths, &mut new));
        let folder = |config: &Option<PathBuf>| Some(config.as_ref()?.parent()?.to_path_buf());
        let (old_root, new_root) = (folder(&before_config), folder(&after_config));
        let shared = new_root.clone().or(old_root.clone()).unwrap_or_else(|| after.directory.to_path_buf());
        let named: Vec<PathBuf> = paths.iter().map(|path| after.absolute(path)).collect();
        let there =
            |path: &PathBuf| [before, after].iter().any(|site| site.files.is_file(path) || site.files.is_folder(path));
        for (path, shown) in named.iter().zip(&paths) {
            let within = path.starts_with(&shared) || shared.starts_with(path);
            let message = match (there(path), within) {
                (true, true) => continue,
                (false, _) => "is on neither side",
                (true, false) => "lies outside the project",
            };
            new.push(Problem::path(Stage::Read, shown.to_string_lossy(), message).help("check the path"));
        }
        let old_root = old_root.unwrap_or_else(|| shared.clone());
        let new_root = new_root.unwrap_or(shared);
        let old = Self { site: before, root: old_root, config: before_config, named: named.clone(), problems: old };
        (old, Self { site: after, root: new_root, config: after_config, named, problems: new })
    }

    /// Reads the side; `label` is put before the paths of a revision.
    pub(super) fn read(self, label: Option<&str>) -> Side {
        let (mut project, baseline) = self.project();
        project.inputs.problems.extend(self.problems);
        let mut loaded = load(&project.inputs, &project.classifier);
        let sources = &project.inputs.sources;
        let whole = self.named.iter().any(|path| self.root.starts_with(path));
        let named = |path: &str| {
            let path = self.site.absolute(Path::new(path));
            self.named.iter().any(|named| path.starts_with(named))
        };
        let wanted = sources.iter().filter(|(_, source)| named(&source.path)).map(|(id, _)| id).collect();
        let recognised = |id: SourceId| loaded.formats.get(id.0 as usize).is_some_and(|formats| !formats.is_empty());
        let ours = sources.iter().filter(|(id, _)| recognised(*id)).map(|(_, source)| source.path.clone()).collect();
        let read = sources.iter().map(|(_, source)| source.path.clone()).collect();
        // Texts that are no inputs are settings and rules.
        let no_input = |id: SourceId| project.inputs.expected.get(id.0 as usize).is_some_and(Option::is_none);
        let text = |path: &str| {
            let found = sources.iter().find(|(id, source)| source.path == path && no_input(*id));
            found.map(|(_, source)| source.text.clone())
        };
        let own = project.rules.iter().filter_map(|rule| Some((rule.id.clone(), text(&rule.path)?)));
        let own_rules = own.collect();
        let file = self.config.as_deref().and_then(Path::file_name);
        let is_config = |path: &str| Path::new(path).file_name() == file;
        let config = sources.iter().find(|(id, source)| no_input(*id) && is_config(&source.path));
        let keys = config.map_or_else(BTreeMap::new, |(id, source)| Settings::places(id, &source.text));
        if let Some(label) = label {
            project.inputs.sources.rename(|path| format!("{label}:{path}"));
            for problem in &mut loaded.problems {
                if let Place::Path(path) = &mut problem.place {
                    *path = format!("{label}:{path}");
                }
            }
        }
        Side { project, baseline, loaded, wanted: (!whole).then_some(wanted), ours, read, own_rules, keys }
    }

    /// The project and what it accepts.
    fn project(&self) -> (Project, Option<Baseline>) {
        // A folder that only the other side has holds nothing on this one.
        if !self.site.files.is_folder(&self.root) {
            return (Project::empty(), None);
        }
        let options = ProjectOptions {
            paths: vec![self.root.clone()],
            hook: false,
            stdin_filename: String::new(),
            config: self.config.clone(),
            as_of: None,
        };
        let mut project = Project::read_at(self.site, &options, &mut io::empty());
        let baseline = accepted::read(None, &mut project, self.site);
        (project, baseline)
    }
}

impl Side {
    /// How this side is judged: by the rules, severities and profile of `rules`, and by its own exceptions and baseline.
    pub(super) fn judge<'j>(&'j self, rules: &'j Project, day: Date) -> Judge<'j> {
        let by = rules.judge(day);
        Judge {
            rules: by.rules,
            known: by.known,
            profile: by.profile,
            partial: false,
            baseline: self.baseline.as_ref(),
            ..self.project.judge(day)
        }
    }

    /// Whether its settings could be read.
    pub(super) fn is_set_up(&self) -> bool {
        !self.project.inputs.problems.iter().any(|problem| problem.stage == Stage::Settings)
    }

    /// How this side is set up.
    pub(super) fn configured(&self) -> Configured<'_> {
        Configured {
            settings: &self.project.settings,
            exceptions: &self.project.exceptions,
            comments: &self.loaded.allowances,
            baseline: self.baseline.as_ref(),
            keys: &self.keys,
            rules: self.own_rules.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect(),
        }
    }
}
