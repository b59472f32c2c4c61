//! Which rules ran, which did not and why, and the settings that decided it.

use super::sha256;
use crate::cli::report::document::{Cell, Document, Line, bad, cell, code, open, soft, text};
use crate::cli::report::seen::Seen;
use crate::finding::Severity;
use crate::output::counted;
use crate::policy::{Rule, embedded, embedded_tables};
use crate::settings::{FailOn, Settings};
use crate::source::{SourceId, Span};
use std::collections::BTreeMap;

/// The rules of a run, each with the hash of its text.
pub(super) struct Rules<'a> {
    ran: Vec<(&'a Rule, Severity)>,
    hashes: BTreeMap<&'a str, String>,
}

impl<'a> Rules<'a> {
    pub(super) fn of(seen: &Seen<'a>) -> Self {
        let shipped: BTreeMap<String, &'static str> = embedded().into_iter().collect();
        let sources = &seen.project.inputs.sources;
        let own: BTreeMap<&str, &str> =
            sources.iter().map(|(_, source)| (source.path.as_str(), source.text.as_str())).collect();
        let text = |rule: &Rule| {
            if rule.shipped { shipped.get(&rule.path).copied() } else { own.get(rule.path.as_str()).copied() }
        };
        let hash = |rule: &'a Rule| Some((rule.id.as_str(), sha256(text(rule)?.as_bytes())));
        let hashes = seen.judge.known.iter().filter_map(hash).collect();
        let ran = seen.judge.rules.iter().map(|active| (active.rule, active.severity)).collect();
        Self { ran, hashes }
    }

    fn hash(&self, rule: &Rule) -> String {
        self.hashes.get(rule.id.as_str()).cloned().unwrap_or_default()
    }

    /// Lines of the digest.
    pub(super) fn lines(&self) -> impl Iterator<Item = String> {
        self.ran.iter().map(|(rule, severity)| format!("rule {} {} {}", self.hash(rule), rule.id, severity.name()))
    }

    pub(super) fn write(&self, seen: &Seen<'_>, document: &mut Document) {
        document.section("Rules");
        let row = |(rule, severity): &(&Rule, Severity)| {
            let law = if rule.law.is_empty() { vec![soft("none")] } else { vec![text(rule.law.join("; "))] };
            vec![
                cell([code(rule.id.clone())]),
                cell([text(severity.name())]),
                said(seen, rule),
                vec![law],
                cell([code(self.hash(rule))]),
            ]
        };
        document.table(
            "Rules that ran; the pack stands before the name",
            &["Rule", "Severity", "What it said", "Citations", "SHA-256"],
            self.ran.iter().map(row).collect(),
            "No rule ran.",
        );
        let rows = seen.judge.known.iter().filter_map(|rule| {
            let ran = self.ran.iter().any(|(other, _)| other.id == rule.id);
            (!ran).then(|| vec![cell([code(rule.id.clone())]), vec![off(seen, rule)], cell([code(self.hash(rule))])])
        });
        document.table(
            "Rules that did not run, and why",
            &["Rule", "Why", "SHA-256"],
            rows.collect(),
            "Every rule ran.",
        );
        let rows = tables().map(|(path, hash)| vec![cell([code(path)]), cell([code(hash)])]);
        document.table(
            "Catalogue and lexicon, by which recipients and fields are known",
            &["File", "SHA-256"],
            rows.collect(),
            "",
        );
    }
}

/// Path and hash of each table by which fields and recipients are known.
pub(super) fn tables() -> impl Iterator<Item = (String, String)> {
    embedded_tables().into_iter().map(|(path, text)| (path, sha256(text.as_bytes())))
}

/// What a rule that ran said.
fn said(seen: &Seen<'_>, rule: &Rule) -> Cell {
    let report = seen.report;
    let of = |accepted: &[crate::finding::Finding]| accepted.iter().filter(|one| one.rule == rule.id).count();
    let mine = report.findings.iter().filter(|one| one.rule == rule.id);
    let (asked, found): (Vec<_>, Vec<_>) = mine.partition(|one| one.question.is_some());
    let mut line = Vec::new();
    if !found.is_empty() {
        line.push(bad(counted(found.len(), "finding", "findings")));
    }
    if !asked.is_empty() {
        line.push(open(counted(asked.len(), "question", "questions")));
    }
    let accepted = of(&report.suppressed) + of(&report.baselined);
    if accepted > 0 {
        line.push(soft(format!("{accepted} accepted")));
    }
    if report.idle.contains(&rule.id) {
        line.push(soft("nothing to judge"));
    }
    cell(if line.is_empty() { vec![text("nothing")] } else { line })
}

/// Why a rule did not run.
fn off(seen: &Seen<'_>, rule: &Rule) -> Line {
    let settings = &seen.project.settings;
    let pack = rule.id.split_once('/').map_or("", |(pack, _)| pack);
    let places = places(seen);
    let at = |key: &str| places.get(key).map(|span| seen.at(*span));
    let mut line = if seen.project.level(rule).is_some() {
        vec![text(format!(
            "not in force on that day: since {}",
            rule.since.map(|day| day.to_string()).unwrap_or_default()
        ))]
    } else if !settings.packs.is_empty() && pack != "core" && !settings.packs.iter().any(|wanted| wanted == pack) {
        vec![text("its pack is not among")].into_iter().chain([code("packs")]).chain(at("packs")).collect()
    } else if rule.severity_in(settings.profile).is_none() {
        vec![text(format!("not of the profile `{}`", settings.profile.name()))]
    } else {
        vec![open("switched off")].into_iter().chain(at(&format!("rules.{}", rule.id))).collect()
    };
    if line.is_empty() {
        line.push(open("not known"));
    }
    line
}

/// Where each key of the settings is written.
fn places(seen: &Seen<'_>) -> BTreeMap<String, Span> {
    written(seen).map_or_else(BTreeMap::new, |(id, text)| Settings::places(id, text))
}

/// The settings file, which is the first text that is read when there is one.
fn written<'a>(seen: &Seen<'a>) -> Option<(SourceId, &'a str)> {
    let name = seen.project.config.as_deref()?.file_name()?.to_str()?;
    let inputs = &seen.project.inputs;
    let mut own = inputs.sources.iter().zip(&inputs.expected).filter(|(_, expected)| expected.is_none());
    let (id, source) = own.find(|((_, source), _)| source.path.rsplit('/').next() == Some(name))?.0;
    Some((id, &source.text))
}

/// Every setting: key, value, and where it is written.
pub(super) fn settings(seen: &Seen<'_>) -> Vec<(String, String, Option<Span>)> {
    let (settings, places) = (&seen.project.settings, places(seen));
    let list = |values: &[String], none: &str| if values.is_empty() { none.to_owned() } else { values.join(", ") };
    let matchers: Vec<String> = settings.classification.iter().map(|matcher| matcher.name.clone()).collect();
    let fail_on = settings.fail_on.unwrap_or(FailOn::Low).severity().map_or("never", Severity::name);
    let mut rows = vec![
        ("profile".to_owned(), settings.profile.name().to_owned()),
        ("packs".to_owned(), list(&settings.packs, "all")),
        ("policies".to_owned(), list(&settings.policies, "none")),
        ("include".to_owned(), list(&settings.include, "the usual files")),
        ("exclude".to_owned(), list(&settings.exclude, "nothing")),
        ("classification".to_owned(), list(&matchers, "the lexicon alone")),
        ("inline_exceptions".to_owned(), (settings.inline_exceptions != Some(false)).to_string()),
        ("fail_on".to_owned(), fail_on.to_owned()),
    ];
    for (rule, level) in &settings.rules {
        rows.push((format!("rules.{rule}"), level.severity().map_or("off", Severity::name).to_owned()));
    }
    rows.into_iter()
        .map(|(key, value)| (places.get(&key).copied(), key, value))
        .map(|(at, key, value)| (key, value, at))
        .collect()
}
