//! `consentlint init`: looks at what a repository holds, and writes settings and a first data map from it.

mod draft;

use super::args::InitOptions;
use super::project::Project;
use super::site::shown;
use super::write::create;
use super::{CLEAN, TROUBLE, World};
use crate::check::{Inputs, Loaded, check, load};
use crate::output::{counted, printable};
use crate::settings::FILE_NAME;
use crate::source::Source;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// Name of the data map that is written.
const DATA_MAP: &str = "datamap.yaml";

pub(super) fn run(options: &InitOptions, world: &mut World<'_>) -> io::Result<u8> {
    let mut project = Project::read(&super::test::project_options(&options.folder), world);
    let mut inputs = std::mem::take(&mut project.inputs);
    let loaded = load(&inputs, &project.classifier);
    tell(&inputs, &loaded, world)?;
    let map = draft::datamap(&loaded, &inputs.sources);
    let known = loaded.model.declared;
    if !known {
        inputs.add(Source::new(DATA_MAP, map.clone()), Some(true));
    }
    let settings = draft::settings();
    let (mut written, mut code) = (0, CLEAN);
    for (name, text, wanted) in [(FILE_NAME, settings.as_str(), true), (DATA_MAP, map.as_str(), !known)] {
        let path = options.folder.join(name);
        let name = printable(&shown(&path, world));
        if !wanted {
            writeln!(world.stdout, "a data map is there already, so {name} is not written")?;
        } else if options.dry_run {
            writeln!(world.stdout, "\n--- {name}\n{text}")?;
        } else {
            match create(&world.directory.join(&path), text) {
                Ok(()) => {
                    written += 1;
                    writeln!(world.stdout, "wrote {name}")?;
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    writeln!(world.stdout, "{name} is there already and was left alone")?;
                }
                Err(error) => {
                    code = TROUBLE;
                    writeln!(world.stderr, "consentlint: {name} cannot be written: {error}")?;
                }
            }
        }
    }
    let (findings, questions) = foretell(&inputs, &project, world);
    if findings + questions > 0 {
        let shows = if options.dry_run { "would show" } else { "shows" };
        let findings = counted(findings, "finding", "findings");
        let questions = counted(questions, "open question", "open questions");
        writeln!(world.stdout, "`consentlint check` {shows} {findings} and {questions}")?;
    }
    if written > 0 {
        writeln!(world.stdout, "Next: answer the questions in the data map, and run `consentlint check`.")?;
    }
    Ok(code)
}

/// Says what was found.
fn tell(inputs: &Inputs, loaded: &Loaded, world: &mut World<'_>) -> io::Result<()> {
    let mut formats: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for ((_, source), found) in inputs.sources.iter().zip(&loaded.formats) {
        for format in found {
            let paths = formats.entry(format).or_default();
            if paths.last() != Some(&source.path.as_str()) {
                paths.push(&source.path);
            }
        }
    }
    if formats.is_empty() {
        writeln!(world.stdout, "found no tracking plan, consent configuration or destination mapping")?;
    }
    for (format, paths) in formats {
        let first = printable(paths.first().copied().unwrap_or_default());
        match paths.len() {
            1 => writeln!(world.stdout, "found {format}: {first}")?,
            more => writeln!(world.stdout, "found {format}: {more} files, such as {first}")?,
        }
    }
    let counts = loaded.counts;
    let looked_at = [
        counted(counts.events, "event", "events"),
        counted(counts.properties, "property", "properties"),
        counted(counts.destinations, "destination", "destinations"),
        counted(loaded.model.sources.len(), "source", "sources"),
        counted(loaded.model.categories.len(), "consent category", "consent categories"),
    ];
    writeln!(world.stdout, "{}", looked_at.join(", "))?;
    if !loaded.problems.is_empty() {
        let problems = counted(loaded.problems.len(), "problem", "problems");
        writeln!(world.stdout, "{problems}; `consentlint check` shows them")?;
    }
    Ok(())
}

/// What `check` would say of what was found and written, as counts.
fn foretell(inputs: &Inputs, project: &Project, world: &World<'_>) -> (usize, usize) {
    let report = check(inputs, &project.judge(world.today));
    let questions: BTreeSet<(&str, &str)> =
        report.questions().filter_map(|finding| Some((finding.rule.as_str(), finding.question.as_deref()?))).collect();
    (report.accusations().count(), questions.len())
}
