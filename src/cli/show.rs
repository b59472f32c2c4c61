//! What a check would work with: files and settings, each with where it comes from.

use super::args::CheckOptions;
use super::project::Project;
use super::site::{Site, shown};
use super::{CLEAN, TROUBLE, World, provenance};
use crate::baseline::Baseline;
use crate::check::{Inputs, Loaded};
use crate::output::{Style, counted, printable, write_problems};
use crate::settings::{FILE_NAME, FailOn, Settings};
use crate::source::{Source, Span};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// What each file was taken for, a line each.
pub(super) fn files(inputs: &Inputs, loaded: &Loaded, out: &mut dyn Write) -> io::Result<()> {
    for (id, source) in inputs.sources.iter() {
        let Some(Some(_)) = inputs.expected.get(id.0 as usize) else { continue };
        let taken = loaded.formats.get(id.0 as usize).filter(|formats| !formats.is_empty());
        let taken = taken.map_or_else(|| "not ours".to_owned(), |formats| formats.join(", "));
        writeln!(out, "{}: {taken}", printable(&source.path))?;
    }
    Ok(())
}

/// The files, and where the values of each destination come from.
pub(super) fn origins(inputs: &Inputs, loaded: &Loaded, out: &mut dyn Write) -> io::Result<()> {
    files(inputs, loaded, out)?;
    for destination in &loaded.model.destinations {
        let place = provenance::place(destination.id.span, &inputs.sources);
        writeln!(out, "destination {} ({place})", printable(&destination.id.value))?;
        provenance::origins(destination, &inputs.sources, out)?;
        provenance::values(&destination.object, 2, &inputs.sources, out)?;
    }
    Ok(())
}

/// Prints the problems of a run that only shows things, and gives its exit code.
pub(super) fn close(inputs: &Inputs, world: &mut World<'_>) -> io::Result<u8> {
    let style = Style { color: world.color, links: world.links, width: world.width, all: true, quiet: false };
    write_problems(&inputs.problems, &inputs.sources, style, world.stderr)?;
    Ok(if inputs.problems.is_empty() { CLEAN } else { TROUBLE })
}

/// The settings that hold, each with its place.
pub(super) fn config(
    options: &CheckOptions,
    project: &Project,
    baseline: Option<&Baseline>,
    world: &mut World<'_>,
) -> io::Result<u8> {
    let written = project.config.as_deref().and_then(|path| {
        let name = shown(path, world);
        project.inputs.sources.iter().find(|(_, source)| source.path == name)
    });
    let page = Page {
        project,
        source: written.map(|(_, source)| source),
        places: written.map_or_else(BTreeMap::new, |(id, source)| Settings::places(id, &source.text)),
    };
    let day = options.project.as_of.unwrap_or(world.today);
    let why = if options.project.as_of.is_some() { "--as-of" } else { "today" };
    let mut lines =
        vec![page.settings(options, world), page.baseline(options, baseline, world), format!("day: {day} ({why})")];
    lines.extend(page.reading());
    lines.extend(page.judging());
    lines.extend(page.accepting(options));
    for line in lines {
        writeln!(world.stdout, "{line}")?;
    }
    close(&project.inputs, world)
}

struct Page<'a> {
    project: &'a Project,
    /// The settings file.
    source: Option<&'a Source>,
    /// Where each key stands in it.
    places: BTreeMap<String, Span>,
}

impl Page<'_> {
    fn settings(&self, options: &CheckOptions, world: &World<'_>) -> String {
        match &self.project.config {
            Some(path) if options.project.config.is_some() => {
                format!("settings: {} (--config)", printable(&shown(path, world)))
            }
            Some(path) => format!("settings: {} (the nearest)", printable(&shown(path, world))),
            None => format!("settings: none; no {FILE_NAME} in the project's folder or above it"),
        }
    }

    fn baseline(&self, options: &CheckOptions, baseline: Option<&Baseline>, world: &World<'_>) -> String {
        let site = Site::disk(&world.directory);
        let path = super::accepted::place(options.baseline.as_deref(), self.project, site);
        let there = site.files.is_file(&path);
        let (path, why) =
            (printable(&site.shown(&path)), if options.baseline.is_some() { " (--baseline)" } else { "" });
        match baseline {
            Some(baseline) => {
                format!("baseline: {path}, {}{why}", counted(baseline.entries.len(), "entry", "entries"))
            }
            None if options.no_baseline => "baseline: none (--no-baseline)".to_owned(),
            None if there => format!("baseline: {path}, which cannot be read{why}"),
            None => format!("baseline: none; {path} is not there{why}"),
        }
    }

    /// `key: value (where it is set)`.
    fn line(&self, key: &str, value: &str) -> String {
        format!("{key}: {} ({})", printable(value), self.place(key).unwrap_or_else(|| "default".to_owned()))
    }

    fn place(&self, key: &str) -> Option<String> {
        let (span, source) = (self.places.get(key)?, self.source?);
        Some(format!("{}:{}", printable(&source.path), source.position(span.start).line))
    }

    fn reading(&self) -> Vec<String> {
        let settings = &self.project.settings;
        vec![
            self.line("include", &list(&settings.include, "the usual files")),
            self.line("exclude", &list(&settings.exclude, "nothing")),
        ]
    }

    fn judging(&self) -> Vec<String> {
        let Project { settings, rules, .. } = self.project;
        let own = rules.iter().map(|rule| rule.id.split_once('/').map_or("", |(pack, _)| pack).to_owned());
        let mut packs: Vec<String> = own.collect();
        packs.dedup();
        let running = rules.iter().filter(|rule| self.project.level(rule).is_some()).count();
        let mut lines = vec![
            self.line("profile", settings.profile.name()),
            self.line("packs", &list(&settings.packs, &format!("all: {}", packs.join(", ")))),
            self.line("policies", &list(&settings.policies, "none")),
            format!("rules: {running} of {} run", rules.len()),
        ];
        for (id, level) in &settings.rules {
            let own = rules.iter().find(|rule| rule.id == *id).and_then(|rule| rule.severity_in(settings.profile));
            let own = own.map_or_else(String::new, |own| format!(" instead of {}", own.name()));
            let level = level.severity().map_or("off", crate::finding::Severity::name);
            let place = self.place(&format!("rules.{id}")).unwrap_or_default();
            lines.push(format!("  {}: {level}{own} ({place})", printable(id)));
        }
        lines
    }

    fn accepting(&self, options: &CheckOptions) -> Vec<String> {
        let settings = &self.project.settings;
        let matchers: Vec<String> = settings.classification.iter().map(|matcher| matcher.name.clone()).collect();
        let inline = if options.no_inline_exceptions {
            "inline_exceptions: false (--no-inline-exceptions)".to_owned()
        } else {
            self.line("inline_exceptions", &(settings.inline_exceptions != Some(false)).to_string())
        };
        let fail_on = match options.fail_on {
            Some(fail_on) => format!("fail_on: {} (--fail-on)", word(fail_on)),
            None => self.line("fail_on", word(settings.fail_on.unwrap_or(FailOn::Low))),
        };
        vec![
            self.line("classification", &list(&matchers, "the lexicon alone")),
            self.line("exceptions", &settings.exceptions.len().to_string()),
            inline,
            fail_on,
        ]
    }
}

fn word(fail_on: FailOn) -> &'static str {
    fail_on.severity().map_or("never", crate::finding::Severity::name)
}

fn list(values: &[String], none: &str) -> String {
    if values.is_empty() { none.to_owned() } else { values.join(", ") }
}
