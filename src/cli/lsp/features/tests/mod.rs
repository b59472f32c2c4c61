//! What the editor is offered, on small projects and on every fixture.

mod actions;
mod complete;
mod everywhere;
mod hover;
mod links;
mod outline;
mod shape;

use crate::cli::args::ProjectOptions;
use crate::cli::lsp::snapshot::Snapshot;
use crate::cli::site::Site;
use crate::finding::Edit;
use crate::source::{Discovered, Discovery, Files, Source, SourceId, Unread};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where the cursor is in texts of tests.
const CURSOR: char = '‸';

/// A fixture folder.
fn fixtures(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// A tree of files in memory.
struct Memory(BTreeMap<PathBuf, String>);

impl Files for Memory {
    fn is_file(&self, path: &Path) -> bool {
        self.0.contains_key(path)
    }

    fn is_folder(&self, path: &Path) -> bool {
        self.0.keys().any(|file| file != path && file.starts_with(path))
    }

    fn is_root(&self, folder: &Path) -> bool {
        folder == Path::new("/project")
    }

    fn names(&self, folder: &Path) -> Vec<String> {
        let inside = self.0.keys().filter(|path| path.parent() == Some(folder));
        inside.filter_map(|path| path.file_name()?.to_str().map(str::to_owned)).collect()
    }

    fn discover(&self, root: &Path, _: &Discovery) -> (Vec<Discovered>, Vec<(PathBuf, String)>) {
        let below = self.0.keys().filter(|path| path.starts_with(root));
        (below.map(|path| Discovered { path: path.clone(), expected: false }).collect(), Vec::new())
    }

    fn read(&self, path: &Path, shown: &str) -> Result<Source, Unread> {
        Ok(Source::new(shown, self.0[path].clone()))
    }
}

fn options() -> ProjectOptions {
    let (paths, config, as_of) = (Vec::new(), None, None);
    ProjectOptions { paths, hook: false, stdin_filename: "stdin.yaml".to_owned(), config, as_of }
}

fn day() -> jiff::civil::Date {
    "2026-11-20".parse().unwrap()
}

/// A project of these files, each with its name.
fn project(files: &[(&str, &str)]) -> Snapshot {
    let memory =
        Memory(files.iter().map(|(name, text)| (Path::new("/project").join(name), (*text).to_owned())).collect());
    Snapshot::open(Site { files: &memory, directory: Path::new("/project") }, &options(), day())
}

/// The project in a fixture folder.
fn fixture(name: &str) -> Snapshot {
    Snapshot::open(Site::disk(&fixtures(name)), &options(), day())
}

fn source(snapshot: &Snapshot, name: &str) -> SourceId {
    snapshot.inputs.sources.iter().find(|(_, source)| source.path == name).unwrap().0
}

/// A project whose first file has a cursor, with the place of the cursor.
fn at_cursor(files: &[(&str, &str)]) -> (Snapshot, SourceId, u32) {
    let (name, text) = files[0];
    let offset = text.find(CURSOR).unwrap();
    let plain = text.replace(CURSOR, "");
    let mut files = files.to_vec();
    files[0] = (name, &plain);
    let snapshot = project(&files);
    let source = source(&snapshot, name);
    (snapshot, source, offset as u32)
}

/// A text after edits that do not overlap.
fn apply(text: &str, edits: &[&Edit]) -> String {
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    let mut text = text.to_owned();
    for edit in edits {
        text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    text
}
