//! Where the cursor is: in which kind of file, under which keys, on what.

use super::outline::{Outline, Role, Spot, Step, content};
use super::shape::{self, Entry, Holds};
use crate::adapter;
use crate::cli::lsp::snapshot::Snapshot;
use crate::settings::FILE_NAME;
use crate::source::{Source, SourceId, Span};

/// What a file is to the editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum File {
    /// `consentlint.yaml`.
    Settings,
    /// A rule of the project's own.
    Rule,
    /// A data map.
    DataMap,
    /// The baseline.
    Baseline,
    /// Anything else, mostly a vendor's format.
    Other,
}

/// The settings of a project.
pub(super) fn settings(snapshot: &Snapshot) -> Option<(SourceId, &Source)> {
    snapshot.inputs.sources.iter().find(|(_, source)| name(&source.path) == FILE_NAME)
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What a file is. Its text decides where a data map is broken.
pub(super) fn file(snapshot: &Snapshot, source: SourceId) -> File {
    let Some(text) = snapshot.inputs.sources.get(source) else { return File::Other };
    let name = name(&text.path);
    let input = snapshot.inputs.expected.get(source.0 as usize).copied().flatten().is_some();
    if name == FILE_NAME {
        return File::Settings;
    }
    if name.starts_with(".consentlint-baseline") {
        return File::Baseline;
    }
    let begins =
        |key: &str| text.text.lines().any(|line| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')));
    let yaml = name.ends_with(".yaml") || name.ends_with(".yml");
    if yaml && (!input || begins("deny") && begins("for") && begins("law")) {
        return File::Rule;
    }
    if (adapter::datamap::ADAPTER.meant)(&text.text) { File::DataMap } else { File::Other }
}

/// A cursor in YAML or JSON.
pub(super) struct Place<'t> {
    pub(super) file: File,
    pub(super) outline: Outline<'t>,
    pub(super) spot: Spot,
    pub(super) path: Vec<Step>,
    pub(super) source: SourceId,
}

impl<'t> Place<'t> {
    /// The place of an offset; `None` in comments, prose and other syntaxes.
    pub(super) fn find(snapshot: &'t Snapshot, source: SourceId, offset: u32) -> Option<Self> {
        let text = snapshot.inputs.sources.get(source)?;
        let dotted = text.path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        if !matches!(dotted.as_deref(), Some("yaml" | "yml" | "json" | "jsonc" | "json5")) {
            return None;
        }
        let outline = Outline::read(&text.text, offset as usize);
        let spot = outline.spot.clone()?;
        let path = outline.path(spot.part);
        Some(Self { file: file(snapshot, source), outline, spot, path, source })
    }

    /// What the file's format allows at the place: what the mapping, the list or the value there holds.
    pub(super) fn holds(&self) -> Option<&'static Holds> {
        shape::at(shape::root(self.file)?, &self.path)
    }

    /// The entry of the format for the key under the cursor, or for the key whose value is.
    pub(super) fn entry(&self) -> Option<&'static Entry> {
        let root = shape::root(self.file)?;
        if self.spot.role == Role::Key {
            return shape::at(root, &self.path)?.entry(self.word());
        }
        let keys = self.path.iter().rposition(|step| matches!(step, Step::Key(_)))?;
        let Step::Key(name) = &self.path[keys] else { return None };
        shape::at(root, &self.path[..keys])?.entry(name)
    }

    /// What is written under the cursor, without quotes.
    pub(super) fn word(&self) -> &'t str {
        content(self.written())
    }

    /// What is written under the cursor.
    pub(super) fn written(&self) -> &'t str {
        self.outline.text.get(self.spot.word.clone()).unwrap_or("")
    }

    /// Where that is.
    pub(super) fn span(&self) -> Span {
        Span::new(self.source, self.spot.word.start, self.spot.word.end)
    }

    /// The keys of the path, without items.
    pub(super) fn keys(&self) -> Vec<&str> {
        self.path
            .iter()
            .filter_map(|step| if let Step::Key(name) = step { Some(name.as_str()) } else { None })
            .collect()
    }
}
