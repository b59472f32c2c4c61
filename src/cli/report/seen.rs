//! What a report is made from: a project that was read and judged.

use super::document::{Document, Line, Word, bad, code, open, soft};
use crate::check::{Judge, Loaded};
use crate::cli::project::Project;
use crate::cli::route::view::display;
use crate::finding::Finding;
use crate::flow::{Flow, Map};
use crate::model::{Entity, Model, Profile, Value};
use crate::output::{Where, counted};
use crate::report::Report;
use crate::source::Span;
use std::collections::HashMap;
use std::path::Path;

/// What entities are called that share their name with another one of their kind.
pub(super) struct Names<'a>(HashMap<(&'static str, &'a str), String>);

impl<'a> Names<'a> {
    /// Of the sources and destinations.
    pub(super) fn of(model: &'a Model) -> Self {
        let mut found = HashMap::new();
        for entities in [&model.sources, &model.destinations] {
            let mut known: HashMap<&str, Vec<&Entity>> = HashMap::new();
            entities.iter().for_each(|one| known.entry(display(one)).or_default().push(one));
            for one in known.into_values().filter(|all| all.len() > 1).flatten() {
                let id = one.id.value.as_str();
                found.insert((one.kind.name, id), format!("{} ({id})", display(one)));
            }
        }
        Self(found)
    }
}

/// A project that was read and judged.
pub(super) struct Seen<'a> {
    /// The folder from which every path is given.
    pub(super) root: &'a Path,
    pub(super) project: &'a Project,
    pub(super) loaded: &'a Loaded,
    pub(super) judge: &'a Judge<'a>,
    pub(super) map: Map<'a>,
    pub(super) flow: &'a Flow,
    pub(super) report: &'a Report,
    pub(super) names: &'a Names<'a>,
}

impl<'a> Seen<'a> {
    /// The name of an entity, with its id where another one has the same name.
    pub(super) fn name(&self, entity: &'a Entity) -> &'a str {
        let names: &'a Names<'a> = self.names;
        names.0.get(&(entity.kind.name, entity.id.value.as_str())).map_or_else(|| display(entity), String::as_str)
    }

    /// `file:line`.
    pub(super) fn at(&self, span: Span) -> Word {
        Word::At(self.line(span))
    }

    /// `file:line` as text.
    pub(super) fn line(&self, span: Span) -> String {
        let at = Where::span(&self.project.inputs.sources, span);
        match (at.file, at.start) {
            (Some(file), Some(start)) => format!("{file}:{}", start.line),
            _ => String::new(),
        }
    }

    /// A declared attribute with its place, or that it is not declared and where it would be.
    pub(super) fn declared(&self, entity: &Entity, path: &str) -> Line {
        match entity.object.get(path) {
            Some(found) => vec![value(&found.value), self.at(found.span)],
            None => vec![open(format!("not declared: `{path}`")), self.at(entity.id.span)],
        }
    }

    /// Everything that a rule found, what is accepted included.
    pub(super) fn findings(&self, rule: &str) -> Vec<&'a Finding> {
        let report: &'a Report = self.report;
        let all = report.findings.iter().chain(&report.suppressed).chain(&report.baselined);
        all.filter(|finding| finding.rule == rule).collect()
    }

    /// Whether a rule ran.
    pub(super) fn ran(&self, rule: &str) -> bool {
        self.judge.rules.iter().any(|active| active.rule.id == rule)
    }

    /// What stands first in every report: what it is, on what it rests, and what could not be read.
    pub(super) fn opening(&self, what: &str, document: &mut Document) {
        let counts = self.report.counts;
        document.say(format!(
            "{what}, made by consentlint {} as of {} under the profile `{}` ({}) from {}: this rests on what those files declare, not \
             on what a site does, and is no legal advice.",
            env!("CARGO_PKG_VERSION"),
            self.report.as_of,
            self.judge.profile.name(),
            law(self.judge.profile),
            counted(counts.files, "file that was read", "files that were read"),
        ));
        if !self.report.problems.is_empty() {
            let count = counted(self.report.problems.len(), "problem", "problems");
            let what = format!("{count}: not everything could be read or judged, and this report may lack something.");
            let line = vec![bad(what), soft("They are printed beside it, on standard error.")];
            document.list(vec![line]);
        }
    }
}

/// A declared value; one that cannot be read is not known.
pub(super) fn value(value: &Value) -> Word {
    match value {
        Value::Unknown(by) => open(format!("not known: {by}")),
        value => match value.display() {
            shown if shown.is_empty() => open("declared as nothing"),
            shown => code(shown),
        },
    }
}

/// Whose law a profile applies, in words.
fn law(profile: Profile) -> &'static str {
    match profile {
        Profile::UsCa => "California",
        Profile::Us => "California and the other states with a consumer privacy law",
    }
}

/// How a finding stands: its rule, what it weighs, and whether it is accepted.
pub(super) fn standing(finding: &Finding) -> Line {
    let mut line = vec![code(finding.rule.clone())];
    line.push(match &finding.question {
        Some(_) => open("question"),
        None => bad(finding.severity.name()),
    });
    if finding.suppressed.is_some() {
        line.push(soft("(excepted)"));
    } else if finding.baselined {
        line.push(soft("(in the baseline)"));
    }
    line
}
