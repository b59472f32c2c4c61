//! From paths on the command line to inputs: settings, rules, files.

use super::World;
use super::args::ProjectOptions;
use super::site::Site;
use crate::check::{Inputs, Judge};
use crate::classify::Classifier;
use crate::engine::{Allowance, active};
use crate::finding::{Problem, Severity, Stage};
use crate::policy::{Rule, embedded, rule_id};
use crate::settings::{FILE_NAME, Settings};
use crate::source::SourceId;
use jiff::civil::Date;
use rayon::prelude::*;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A project as read from disk.
pub(super) struct Project {
    pub(super) inputs: Inputs,
    pub(super) settings: Settings,
    pub(super) rules: Vec<Rule>,
    pub(super) exceptions: Vec<Allowance>,
    pub(super) classifier: Classifier,
    /// Sources whose findings are wanted; all when `None`.
    pub(super) wanted: Option<Vec<SourceId>>,
    /// The settings file.
    pub(super) config: Option<PathBuf>,
    /// The folder of the project: that of the settings file, or the working directory.
    pub(super) folder: PathBuf,
    /// Whether all of that folder was read, and findings anywhere are wanted.
    pub(super) whole: bool,
}

/// The source id of rules that ship; no text of a run has it.
pub(super) const SHIPPED: SourceId = SourceId(u32::MAX);

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
    /// A project in which there is nothing.
    pub(super) fn empty() -> Self {
        let (settings, classifier) = (Settings::default(), Classifier::new(Vec::new()));
        Self {
            inputs: Inputs::default(),
            settings,
            rules: Vec::new(),
            exceptions: Vec::new(),
            classifier,
            wanted: None,
            config: None,
            folder: PathBuf::new(),
            whole: true,
        }
    }

    /// Reads settings, rules and files from the disk.
    pub(super) fn read(options: &ProjectOptions, world: &mut World<'_>) -> Self {
        Self::read_at(Site::disk(&world.directory), options, &mut *world.stdin)
    }

    /// Reads settings, rules and files.
    pub(super) fn read_at(site: Site<'_>, options: &ProjectOptions, stdin: &mut dyn Read) -> Self {
        let mut inputs = Inputs::default();
        let everything = options.paths.is_empty() && !options.hook;
        let paths: Vec<PathBuf> = if everything { vec![PathBuf::from(".")] } else { options.paths.clone() };
        let config = options
            .config
            .clone()
            .map(|path| site.absolute(&path))
            .or_else(|| site.nearest(&paths, &mut inputs.problems));
        let mut settings = Settings::default();
        let mut exceptions = Vec::new();
        if let Some(config) = &config {
            (settings, exceptions) = site.read_settings(config, &mut inputs);
        }
        let root = config.as_deref().and_then(Path::parent).map(Path::to_path_buf);
        let mut rules = Rule::shipped();
        let base = root.clone().unwrap_or_else(|| site.directory.to_path_buf());
        for folder in &settings.policies {
            rules.extend(site.read_rules(&base.join(folder), &mut inputs));
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
        let wanted = site.read_files(&paths, root.as_deref(), &settings, options, &mut inputs, stdin);
        let covered = paths.iter().any(|path| base.starts_with(site.absolute(path)));
        let whole = wanted.is_none() && covered && !options.hook;
        Self { inputs, settings, rules, exceptions, classifier, wanted, config, folder: base, whole }
    }

    /// How the project is judged on a day, as `check` does it without options: all of its files, without a baseline.
    pub(super) fn judge(&self, day: Date) -> Judge<'_> {
        Judge {
            rules: active(&self.rules, day, |rule| self.level(rule)),
            known: &self.rules,
            partial: !self.whole,
            classifier: &self.classifier,
            day,
            profile: self.settings.profile,
            exceptions: self.exceptions.clone(),
            inline: self.settings.inline_exceptions != Some(false),
            baseline: None,
            wanted: None,
        }
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
