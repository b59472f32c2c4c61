//! The project as an editor has it: every text, the data map, and what the rules say of it.

use crate::check::{self, Inputs, Judge, Loaded, Part, judged};
use crate::cli::args::ProjectOptions;
use crate::cli::project::Project;
use crate::cli::site::Site;
use crate::engine::active;
use crate::flow::Flow;
use crate::report::Report;
use crate::source::{Source, SourceId};
use jiff::civil::Date;

/// A project that stays loaded. Paths of its sources are relative to the folder it was opened in.
pub(super) struct Snapshot {
    /// Settings, rules, matchers; its inputs are moved to `inputs`.
    pub(super) project: Project,
    /// Every text, with what is unsaved.
    pub(super) inputs: Inputs,
    /// The day it is judged by.
    pub(super) day: Date,
    /// The data map.
    pub(super) loaded: Loaded,
    /// What is derived from it.
    pub(super) flow: Flow,
    /// What the rules say.
    pub(super) report: Report,
    parts: Vec<Part>,
}

impl Snapshot {
    /// Reads the project at `site`.
    pub(super) fn open(site: Site<'_>, options: &ProjectOptions, day: Date) -> Self {
        let mut project = Project::read_at(site, options, &mut std::io::empty());
        let inputs = std::mem::take(&mut project.inputs);
        let parts = check::parts(&inputs);
        Self::of(project, inputs, day, parts)
    }

    /// The same project with another text in one file. Settings and rules are not read anew.
    pub(super) fn change(self, id: SourceId, text: String) -> Self {
        let Self { project, mut inputs, day, mut parts, .. } = self;
        let Some(path) = inputs.sources.get(id).map(|source| source.path.clone()) else {
            return Self::of(project, inputs, day, parts);
        };
        inputs.sources.replace(id, Source::new(path, text));
        if let Some(part) = parts.get_mut(id.0 as usize) {
            *part = check::part(&inputs, id);
        }
        Self::of(project, inputs, day, parts)
    }

    fn of(project: Project, inputs: Inputs, day: Date, parts: Vec<Part>) -> Self {
        let loaded = check::join(&inputs, parts.clone(), &project.classifier);
        let flow = Flow::derive(loaded.map(&day.to_string(), project.settings.profile));
        let judge = Judge {
            rules: active(&project.rules, day, |rule| project.level(rule)),
            known: &project.rules,
            partial: false,
            classifier: &project.classifier,
            day,
            profile: project.settings.profile,
            exceptions: project.exceptions.clone(),
            inline: project.settings.inline_exceptions != Some(false),
            baseline: None,
            wanted: None,
        };
        let report = judged(&inputs, &judge, &loaded, &flow);
        Self { project, inputs, day, loaded, flow, report, parts }
    }
}
