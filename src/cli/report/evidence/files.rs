//! Every file that was looked at: bytes, hash, and what it was taken for.

use super::{hexadecimal, sha256};
use crate::baseline;
use crate::cli::report::document::{Cell, Document, Word, cell, code, open, soft, text};
use crate::cli::report::seen::Seen;
use crate::finding::{Place, Problem};
use crate::settings::FILE_NAME;
use crate::source::{Source, SourceId, open_bytes};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::io::Read;

/// The files of a run.
pub(super) struct Files<'a> {
    read: Vec<File<'a>>,
    unread: Vec<Unread<'a>>,
}

struct File<'a> {
    path: &'a str,
    bytes: Bytes,
    /// None where nothing of it was kept.
    lines: Option<usize>,
    taken: Word,
}

/// What could not be read, and why.
struct Unread<'a> {
    path: &'a str,
    bytes: Bytes,
    problem: &'a Problem,
}

/// How many bytes there are, and their hash; none where they cannot be had.
struct Bytes(Option<(u64, String)>);

impl Bytes {
    /// Those of a text that was read.
    fn of(text: &str) -> Self {
        Self(Some((text.len() as u64, sha256(text.as_bytes()))))
    }

    /// Those that lie under a path, as nothing of them was kept.
    fn lying(seen: &Seen<'_>, path: &str) -> Self {
        let hash = || {
            let mut file = open_bytes(&seen.root.join(path)).ok()?;
            let (mut hash, mut count, mut part) = (Sha256::new(), 0, vec![0; 64 * 1024]);
            loop {
                match file.read(&mut part).ok()? {
                    0 => return Some((count, hexadecimal(hash))),
                    read => {
                        hash.update(&part[..read]);
                        count += read as u64;
                    }
                }
            }
        };
        Self(hash())
    }

    /// The hash as lines of the digest have it.
    fn hash(&self) -> &str {
        self.0.as_ref().map_or("none", |(_, hash)| hash)
    }

    fn cells(&self) -> [Cell; 2] {
        match &self.0 {
            Some((count, hash)) => [cell([text(count.to_string())]), cell([code(hash.clone())])],
            None => [cell([soft("not known")]), cell([soft("none")])],
        }
    }
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
        let unread = problems.filter(|(path, _)| !known.contains(path));
        let unread = unread.map(|(path, problem)| Unread { path, bytes: Bytes::lying(seen, path), problem }).collect();
        Self { read, unread }
    }

    /// Lines of the digest.
    pub(super) fn lines(&self) -> impl Iterator<Item = String> {
        let read = self.read.iter().map(|file| format!("file {} {}", file.bytes.hash(), file.path));
        read.chain(self.unread.iter().map(|file| format!("unread {} {}", file.bytes.hash(), file.path)))
    }

    pub(super) fn write(&self, document: &mut Document) {
        document.section("Files");
        let row = |file: &File<'_>| {
            let lines = file.lines.map_or_else(|| soft("not counted"), |lines| text(lines.to_string()));
            let [bytes, hash] = file.bytes.cells();
            vec![cell([code(file.path)]), bytes, cell([lines]), hash, cell([file.taken.clone()])]
        };
        document.table(
            "Every file that was looked at, settings, rules and baseline included",
            &["File", "Bytes", "Lines", "SHA-256", "Taken for"],
            self.read.iter().map(row).collect(),
            "No file was read.",
        );
        let row = |file: &Unread<'_>| {
            let (problem, [bytes, hash]) = (file.problem, file.bytes.cells());
            let (why, help) = (open(problem.message.clone()), text(problem.help.clone()));
            vec![cell([code(file.path)]), cell([why]), cell([help]), bytes, hash]
        };
        document.table(
            "What was not read",
            &["File", "Why", "What helps", "Bytes", "SHA-256"],
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
        bytes: if kept { Bytes::of(&source.text) } else { Bytes::lying(seen, &source.path) },
        lines: kept.then(|| source.text.lines().count()),
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
