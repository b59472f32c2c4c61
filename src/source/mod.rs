//! Texts and places in them. Everything that is later said about an input points here.

mod discover;
mod files;
mod lines;
mod overlay;
mod read;
mod revision;

pub use discover::{Discovered, Discovery, ENDINGS, PACKED, admit, discover, exported};
pub use files::{Disk, Files};
pub use lines::{LineIndex, Position};
pub use overlay::Overlay;
pub use read::{
    MAX_FILE_BYTES, Unread, open_bytes, open_stream, read_file, read_stdin, real_path, size_of, unpacked_stream,
};
pub use revision::{Revision, work_tree};

/// Names one text of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A stretch of bytes in one text; `end` is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span of `source` from byte `start` up to `end`.
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { source, start: clamp(start), end: clamp(end) }
    }

    /// The empty span at the start of a text: for what concerns the file as a whole.
    pub fn file(source: SourceId) -> Self {
        Self { source, start: 0, end: 0 }
    }
}

/// One text and the name it is reported under.
#[derive(Debug)]
pub struct Source {
    /// Path as shown: relative to the working directory where possible, with `/`.
    pub path: String,
    /// The whole text, byte order mark included.
    pub text: String,
    lines: std::sync::OnceLock<LineIndex>,
}

impl Source {
    /// A text that is reported as `path`.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), lines: std::sync::OnceLock::new() }
    }

    /// Line starts, computed when first asked for.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// Line and column of a byte offset.
    pub fn position(&self, offset: u32) -> Position {
        self.lines().position(&self.text, offset)
    }
}

/// All texts of one run, by [`SourceId`].
#[derive(Debug, Default)]
pub struct Sources {
    all: Vec<Source>,
}

impl Sources {
    /// No text.
    pub const fn new() -> Self {
        Self { all: Vec::new() }
    }

    /// Adds a text and gives its id.
    pub fn add(&mut self, source: Source) -> SourceId {
        let id = SourceId(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        self.all.push(source);
        id
    }

    /// Puts another text in the place of one; the id stays.
    pub fn replace(&mut self, id: SourceId, source: Source) {
        if let Some(place) = self.all.get_mut(id.0 as usize) {
            *place = source;
        }
    }

    /// Shows every text under another name.
    pub fn rename(&mut self, name: impl Fn(&str) -> String) {
        for source in &mut self.all {
            source.path = name(&source.path);
        }
    }

    /// The text with this id; `None` for an id of another run.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.all.get(id.0 as usize)
    }

    /// Every text with its id, in the order added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.all.iter().enumerate().map(|(index, source)| (SourceId(index as u32), source))
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The path a span is reported under; empty for a span of another run.
    pub fn path(&self, span: Span) -> &str {
        self.get(span.source).map_or("", |source| &source.path)
    }

    /// The text under a span; empty where the span is out of range.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.source).and_then(|source| source.text.get(span.start as usize..span.end as usize)).unwrap_or("")
    }
}
