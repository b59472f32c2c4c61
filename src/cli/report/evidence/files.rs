//! Every file that was looked at: bytes, hash, and what it was taken for.

use super::sha256;
use crate::baseline;
use crate::cli::report::document::{Document, Word, cell, code, open, soft, text};
use crate::cli::report::seen::Seen;
use crate::finding::{Place, Problem};
use crate::settings::FILE_NAME;
use crate::source::{Source, SourceId};
use std::collections::BTreeSet;

/// The files of a run.
pub(super) struct Files<'a> {
    read: Vec<File<'a>>,
    /// What could not be read, and why.
    unread: Vec<(&'a str, &'a Problem)>,
}

struct File<'a> {
    path: &'a str,
    bytes: usize,
    lines: usize,
    /// None for what nothing was kept of.
    hash: Option<String>,
    taken: Word,
}

impl<'a> Files<'a> {
    pub(super) fn of(seen: &Seen<'a>) -> Self {
        let inputs = &seen.project.inputs;
        let mut read: Vec<File<'a>> = inputs.sources.iter().map(|(id, source)| one(seen, id, source)).collect();
        read.sort_by_key(|file| file.path);
        let known: BTreeSet<&str> = read.iter().map(|file| file.path).collect();
        let problems = seen.report.problems.iter().filter_map(|problem| match &problem.place {
            Place::Path(path) => Some((path.as_str(), problem)),
            _ => None,
        });
        let unread = problems.filter(|(path, _)| !known.contains(path)).collect();
        Self { read, unread }
    }

    /// Lines of the digest.
    pub(super) fn lines(&self) -> impl Iterator<Item = String> {
        self.read.iter().filter_map(|file| Some(format!("file {} {}", file.hash.as_ref()?, file.path)))
    }

    pub(super) fn write(&self, document: &mut Document) {
        document.section("Files");
        let row = |file: &File<'_>| {
            let hash = file.hash.clone().map_or_else(|| soft("not kept"), code);
            vec![
                cell([code(file.path)]),
                cell([text(file.bytes.to_string())]),
                cell([text(file.lines.to_string())]),
                cell([hash]),
                cell([file.taken.clone()]),
            ]
        };
        document.table(
            "Every file that was looked at, settings, rules and baseline included",
            &["File", "Bytes", "Lines", "SHA-256", "Taken for"],
            self.read.iter().map(row).collect(),
            "No file was read.",
        );
        let row = |(path, problem): &(&str, &Problem)| {
            vec![cell([code(*path)]), cell([open(problem.message.clone())]), cell([text(problem.help.clone())])]
        };
        document.table(
            "What was not read",
            &["File", "Why", "What helps"],
            self.unread.iter().map(row).collect(),
            "Every file that was found could be read.",
        );
    }
}

fn one<'a>(seen: &Seen<'a>, id: SourceId, source: &'a Source) -> File<'a> {
    let expected = seen.project.inputs.expected.get(id.0 as usize).copied().flatten();
    // A page in an old encoding that is none of ours was looked at, and nothing of it was kept.
    let kept = !(source.text.is_empty() && expected == Some(false));
    File {
        path: &source.path,
        bytes: source.text.len(),
        lines: source.text.lines().count(),
        hash: kept.then(|| sha256(source.text.as_bytes())),
        taken: taken(seen, id, source, expected, kept),
    }
}

/// What a file was taken for, or why it was passed over.
fn taken(seen: &Seen<'_>, id: SourceId, source: &Source, expected: Option<bool>, kept: bool) -> Word {
    let formats = seen.loaded.formats.get(id.0 as usize).filter(|formats| !formats.is_empty());
    let named = |name: &str| source.path.rsplit('/').next() == Some(name);
    match (formats, expected) {
        (Some(formats), Some(_)) => text(formats.join(", ")),
        (None, Some(_)) if !kept => soft("passed over: it is empty, or neither UTF-8 nor of a format that is read"),
        (None, Some(true)) => open("no format that is read"),
        (None, Some(false)) => soft("passed over: no format that is read"),
        (_, None) if seen.project.rules.iter().any(|rule| !rule.shipped && rule.path == source.path) => text("rule"),
        (_, None) if named(FILE_NAME) || is_config(seen, source) => text("settings"),
        (_, None) if named(baseline::FILE_NAME) => text("baseline"),
        (_, None) => text("settings, rule or baseline that was not taken"),
    }
}

/// Whether a file is the one that was named as settings.
fn is_config(seen: &Seen<'_>, source: &Source) -> bool {
    let config = seen.project.config.as_deref().and_then(|path| path.file_name());
    config.is_some_and(|name| source.path.rsplit('/').next() == name.to_str())
}
