//! Comma-separated values to spanned trees: a list of mappings from header to cell.

use std::collections::HashSet;

use csv::{ReaderBuilder, StringRecord};

use super::build::{Builder, Built, BuiltKey};
use super::parsed::{Comment, Parsed, Syntax};
use super::{Document, Shape};
use crate::finding::{Problem, Stage};
use crate::source::{SourceId, Span};

/// Most cells that are read; spreadsheets of plans are far smaller, and exports of data are none of ours.
const MAX_CELLS: usize = 5_000_000;
/// How many rows of a wrong length are shown one by one.
const SHOWN: usize = 5;

/// A header of a tracking plan names an event or a property; exports of data, which may be huge, are not looked into.
const WORDS: [&str; 3] = ["event", "propert", "trait"];

/// Reads a text whose first row names the columns.
pub(super) fn parse(source: SourceId, text: &str) -> Parsed<'_> {
    let base = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let body = text.get(base..).unwrap_or("");
    let header =
        body.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#')).unwrap_or("").to_lowercase();
    if !WORDS.iter().any(|word| header.contains(word)) {
        return Parsed { syntax: Syntax::Csv, documents: Vec::new(), comments: Vec::new(), problems: Vec::new() };
    }
    let delimiter = delimiter(body);
    let mut rows = ReaderBuilder::new();
    rows.has_headers(false).flexible(true).comment(Some(b'#')).delimiter(delimiter);
    let mut rows = rows.from_reader(body.as_bytes());
    let mut table = Table::new(source, text, delimiter);
    let mut record = StringRecord::new();
    // The text is UTF-8 and rows may have any length, so reading does not fail.
    while rows.read_record(&mut record).unwrap_or(false) {
        let from = record.position().map_or(0, |place| place.byte() as usize);
        let cells = table.cells(&record, base + from);
        table.row(&cells);
        if table.read > MAX_CELLS {
            table.too_large(&cells);
            break;
        }
    }
    table.comments(base);
    let (comments, problems) = (std::mem::take(&mut table.comments), std::mem::take(&mut table.problems));
    Parsed { syntax: Syntax::Csv, documents: table.finish(base).into_iter().collect(), comments, problems }
}

/// The separator that the first line holds most of, outside quotes.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#')).unwrap_or("");
    let mut counts = [(b',', 0usize), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in first.bytes() {
        quoted ^= byte == b'"';
        for (_, count) in counts.iter_mut().filter(|(candidate, _)| !quoted && *candidate == byte) {
            *count += 1;
        }
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(candidate, _)| candidate)
}

/// A cell of the row that is being read.
#[derive(Clone, Debug)]
struct Cell {
    start: usize,
    end: usize,
    quoted: bool,
    /// The value where it differs from the text under the span, quotes excluded.
    rewritten: Option<String>,
}

impl Cell {
    fn is_empty(&self) -> bool {
        self.rewritten.is_none() && self.end - self.start == 2 * usize::from(self.quoted)
    }
}

struct Table<'t> {
    source: SourceId,
    text: &'t str,
    delimiter: u8,
    builder: Builder<'t>,
    /// By column; `None` for one without a name, or with the name of another.
    header: Option<Vec<Option<BuiltKey>>>,
    rows: Vec<Built>,
    entries: Vec<(BuiltKey, Built)>,
    /// How many cells were read.
    read: usize,
    ragged: usize,
    comments: Vec<Comment>,
    problems: Vec<Problem>,
}

impl<'t> Table<'t> {
    fn new(source: SourceId, text: &'t str, delimiter: u8) -> Self {
        Self {
            source,
            text,
            delimiter,
            builder: Builder::new(Syntax::Csv, source, text),
            header: None,
            rows: Vec::new(),
            entries: Vec::new(),
            read: 0,
            ragged: 0,
            comments: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn problem(&mut self, start: usize, end: usize, message: impl Into<String>, help: &str) {
        let place = Span::new(self.source, start, end);
        self.problems.push(Problem::at(Stage::Parse, place, message).help(help));
    }

    /// Where the cells of a record are written. The record begins at or after byte `from`: blank lines and comments
    /// before it are passed over.
    fn cells(&mut self, record: &StringRecord, from: usize) -> Vec<Cell> {
        let bytes = self.text.as_bytes();
        let mut at = from;
        loop {
            match bytes.get(at) {
                Some(b'\r' | b'\n') => at += 1,
                Some(b'#') => at = end_of_line(bytes, at),
                _ => break,
            }
        }
        let mut cells = Vec::with_capacity(record.len());
        for value in record {
            let (cell, end) = self.cell(value, at);
            cells.push(cell);
            at = end + 1;
        }
        self.read += cells.len().max(1);
        cells
    }

    /// The cell that begins at byte `start`, and the byte after it.
    fn cell(&mut self, value: &str, start: usize) -> (Cell, usize) {
        let bytes = self.text.as_bytes();
        let opens = bytes.get(start) == Some(&b'"');
        let closed = if opens { end_of_quotes(bytes, start) } else { start };
        let ends = |byte: &u8| *byte == self.delimiter || matches!(byte, b'\r' | b'\n');
        let end = bytes.iter().skip(closed).position(ends).map_or(bytes.len(), |length| closed + length);
        let written = self.text.get(start..end).unwrap_or("");
        if opens && !(written.len() > 1 && written.ends_with('"')) && end == bytes.len() {
            self.problem(start, start + 1, "the quote is never closed, so the rest is one cell", "close the quote");
        }
        if opens && written.len() > 1 && written.ends_with('"') {
            let plain = written.get(1..written.len() - 1) == Some(value);
            let rewritten = (!plain).then(|| value.to_owned());
            return (Cell { start, end, quoted: true, rewritten }, end);
        }
        let trimmed = value.trim();
        let lead = written.len() - written.trim_start().len();
        let (from, shown) = (start + lead, written.trim());
        let rewritten = (shown != trimmed).then(|| trimmed.to_owned());
        (Cell { start: from, end: from + shown.len(), quoted: false, rewritten }, end)
    }

    fn row(&mut self, cells: &[Cell]) {
        let (Some(first), Some(last)) = (cells.first(), cells.last()) else { return };
        if cells.iter().all(Cell::is_empty) {
            return;
        }
        let Some(header) = self.header.take() else {
            self.header = Some(self.columns(cells));
            return;
        };
        let (start, end) = (first.start, last.end);
        if cells.len() < header.len() || cells.iter().skip(header.len()).any(|cell| !cell.is_empty()) {
            self.ragged(header.len(), cells.len(), start, end);
        }
        self.entries.clear();
        for (key, cell) in header.iter().zip(cells) {
            let Some(key) = key else { continue };
            let shape = if cell.is_empty() { Shape::Null } else { Shape::Text };
            let value = self.builder.scalar(shape, cell.quoted, cell.start, cell.end, cell.rewritten.as_deref());
            self.entries.push((*key, value));
        }
        let row = self.builder.map(&self.entries, start, end);
        self.rows.push(row);
        self.header = Some(header);
    }

    fn columns(&mut self, cells: &[Cell]) -> Vec<Option<BuiltKey>> {
        let mut known: HashSet<String> = HashSet::new();
        let mut columns = Vec::with_capacity(cells.len());
        for cell in cells {
            if cell.is_empty() {
                columns.push(None);
                continue;
            }
            let key = self.builder.key(cell.quoted, cell.start, cell.end, cell.rewritten.as_deref());
            let name = self.builder.key_text(key).to_owned();
            if known.contains(&name) {
                let message = format!("two columns are called `{name}`");
                self.problem(cell.start, cell.end, message, "rename or remove one; the first one is used here");
                columns.push(None);
                continue;
            }
            known.insert(name);
            columns.push(Some(key));
        }
        columns
    }

    fn ragged(&mut self, named: usize, found: usize, start: usize, end: usize) {
        self.ragged += 1;
        if self.ragged <= SHOWN {
            let message = format!("the row has {found} cells, the header {named}");
            self.problem(start, end, message, "add the missing cells, or quote the cell that holds the separator");
        } else if self.ragged == SHOWN + 1 {
            let message = "more rows have another number of cells than the header, from here on";
            self.problem(start, end, message, "correct the first ones and run again");
        }
    }

    fn too_large(&mut self, cells: &[Cell]) {
        let Some(first) = cells.first() else { return };
        let message = format!("more than {MAX_CELLS} cells; the rest is not read");
        self.problem(first.start, first.end, message, "exclude the file, or split it");
    }

    /// Comments on lines of their own, before the header or between rows.
    fn comments(&mut self, base: usize) {
        let mut at = base;
        for line in self.text.get(base..).unwrap_or("").split_inclusive('\n') {
            let written = line.trim_end();
            if written.starts_with('#') && written.contains("consentlint:") {
                self.comments.push(Comment { span: Span::new(self.source, at, at + written.len()) });
            }
            at += line.len();
        }
    }

    fn finish(mut self, base: usize) -> Option<Document<'t>> {
        self.header.as_ref()?;
        let root = self.builder.list(&self.rows, base, self.text.len());
        Some(self.builder.finish(root))
    }
}

/// The line break at the end of the line, or the end of the text.
fn end_of_line(bytes: &[u8], at: usize) -> usize {
    bytes.iter().skip(at).position(|byte| *byte == b'\n').map_or(bytes.len(), |length| at + length)
}

/// One past the quote that closes the one at `start`; a doubled quote is a character.
fn end_of_quotes(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match (byte, bytes.get(at + 1)) {
            (b'"', Some(b'"')) => at += 2,
            (b'"', _) => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}
