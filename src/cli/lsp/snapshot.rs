//! The project as an editor has it: every text, the data map, and what the rules say of it.

use crate::baseline::Baseline;
use crate::check::{self, Inputs, Judge, Loaded, Part};
use crate::cli::accepted;
use crate::cli::args::ProjectOptions;
use crate::cli::check::unknown_names;
use crate::cli::project::Project;
use crate::cli::site::Site;
use crate::engine::Last;
use crate::finding::{Finding, Fix};
use crate::fix::Scene;
use crate::flow::Flow;
use crate::report::Report;
use crate::source::{Source, SourceId};
use jiff::civil::Date;
use rayon::prelude::*;

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
    baseline: Option<Baseline>,
    parts: Vec<Part>,
}

/// What is read of a project before it is judged.
type Read = (Project, Option<Baseline>, Inputs);

impl Snapshot {
    /// Reads the project at `site`.
    pub(super) fn open(site: Site<'_>, options: &ProjectOptions, day: Date) -> Self {
        let read = read(site, options);
        let parts = check::parts(&read.2);
        Self::of(read, day, parts)
    }

    /// Reads the project at `site` again, settings and rules included. Files that are as they were are not parsed again.
    pub(super) fn open_again(self, site: Site<'_>, options: &ProjectOptions) -> Self {
        let read = read(site, options);
        let parts = again(&read.2, &self);
        Self::of(read, self.day, parts)
    }

    /// The same project with other texts in some files, and whether that changed anything. Settings and rules are not
    /// read anew.
    pub(super) fn change(mut self, changes: Vec<(SourceId, Source)>) -> (Self, bool) {
        let mut matters = false;
        let changed: Vec<SourceId> = changes.iter().map(|(id, _)| *id).collect();
        for (id, source) in changes {
            self.inputs.sources.replace(id, source);
            let part = check::part(&self.inputs, id);
            let Some(known) = self.parts.get_mut(id.0 as usize) else { continue };
            // Most files of a repository say nothing of ours, before and after a change.
            matters |= !(known.is_empty() && part.is_empty());
            *known = part;
        }
        if !matters {
            return (self, false);
        }
        let Self { project, inputs, day, loaded: mut last, flow: derived, report, baseline, parts } = self;
        let profile = project.settings.profile;
        let as_of = day.to_string();
        let (loaded, alike) = check::join_again(&inputs, parts.clone(), &project.classifier, &mut last);
        let flow = Flow::derive(loaded.map(&as_of, profile));
        let map = last.map(&as_of, profile);
        let before = Last { map, flow: &derived, report, alike: &alike, changed: &changed };
        let report = check::judged_again(&inputs, &judge(&project, baseline.as_ref(), day), &loaded, &flow, before);
        (Self { project, inputs, day, loaded, flow, report, baseline, parts }, true)
    }

    /// Ways to mend a finding. They are looked for when they are asked for: most findings are only read.
    pub(super) fn fixes(&self, finding: &Finding) -> Vec<Fix> {
        let rule = self.project.rules.iter().find(|rule| rule.id == finding.rule && !rule.fix.is_empty());
        let as_of = self.day.to_string();
        let scene =
            || Scene::new(&self.inputs.sources, self.loaded.map(&as_of, self.project.settings.profile), &self.flow);
        let found = rule.map_or_else(Vec::new, |rule| scene().offer(&rule.fix, finding));
        finding.fixes.iter().cloned().chain(found).collect()
    }

    fn of((project, baseline, inputs): Read, day: Date, parts: Vec<Part>) -> Self {
        let loaded = check::join(&inputs, parts.clone(), &project.classifier);
        let flow = Flow::derive(loaded.map(&day.to_string(), project.settings.profile));
        let report = check::judged(&inputs, &judge(&project, baseline.as_ref(), day), &loaded, &flow);
        Self { project, inputs, day, loaded, flow, report, baseline, parts }
    }
}

fn read(site: Site<'_>, options: &ProjectOptions) -> Read {
    let mut project = Project::read_at(site, options, &mut std::io::empty());
    let baseline = accepted::read(None, &mut project, site);
    let mut inputs = std::mem::take(&mut project.inputs);
    inputs.problems.extend(unknown_names(&project));
    (project, baseline, inputs)
}

/// How a project is judged in an editor: as `check` does without options.
fn judge<'a>(project: &'a Project, baseline: Option<&'a Baseline>, day: Date) -> Judge<'a> {
    Judge { baseline, ..project.judge(day) }
}

/// What each text gives; taken from the last time where the same text stood in the same place.
fn again(inputs: &Inputs, last: &Snapshot) -> Vec<Part> {
    let same = |id: SourceId, source: &Source| {
        let at = id.0 as usize;
        let known = last.inputs.sources.get(id).filter(|known| known.path == source.path && known.text == source.text);
        known.and(last.parts.get(at)).filter(|_| last.inputs.expected.get(at) == inputs.expected.get(at))
    };
    let sources: Vec<(SourceId, &Source)> = inputs.sources.iter().collect();
    sources
        .par_iter()
        .map(|(id, source)| same(*id, source).cloned().unwrap_or_else(|| check::part(inputs, *id)))
        .collect()
}
