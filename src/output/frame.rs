//! Code frames: the few lines around some labels, as miette wants them.
//!
//! miette's own sources scan a text from its start for every label, print control characters as they are and panic on
//! lines of more than 65,535 columns. A [`Frame`] cuts its windows with the line index, crops long lines and
//! neutralises the text, once.

use super::text::{name, same_length};
use crate::source::{Position, Source, Span};
use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// A line of more bytes is cropped.
const LONG_LINE: usize = 4096;
/// What is left of a cropped line on either side of its label.
const AROUND: usize = 160;
/// The longest underline; the start of what is meant says enough.
const LABEL: usize = 200;
/// Where a cropped line was cut.
const CUT: &str = "…";

/// A label that fits on its line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    start: usize,
    end: usize,
    line: usize,
    place: Position,
    /// Whether its line is too long to be shown whole.
    pub(super) long: bool,
}

impl Mark {
    /// Moves `span` inside the text, to character boundaries and onto its first line.
    pub(super) fn new(source: &Source, span: Span) -> Self {
        let (text, lines) = (source.text.as_str(), source.lines());
        let place = source.position(span.start);
        let line = place.line as usize - 1;
        let range = shown_line(source, line);
        let start = (place.offset as usize).clamp(range.start, range.end);
        let end = (span.end as usize).clamp(start, range.end).min(start.saturating_add(LABEL));
        let end = boundary(text, end).max(start);
        Self { start, end, line, place, long: lines.range(text, line).len() > LONG_LINE }
    }

    /// The label for miette.
    pub(super) fn label(&self, text: String, primary: bool) -> LabeledSpan {
        let text = Some(text).filter(|text| !text.is_empty());
        let span = (self.start, self.end - self.start);
        match primary {
            true => LabeledSpan::new_primary_with_span(text, span),
            false => LabeledSpan::new_with_span(text, span),
        }
    }

    fn same_span(&self, span: &SourceSpan) -> bool {
        self.start == span.offset() && self.end - self.start == span.len()
    }
}

/// Some lines of one text. Offsets are those of the text.
#[derive(Debug)]
struct Window {
    start: usize,
    end: usize,
    line: usize,
    count: usize,
    text: String,
}

/// What is shown of one text.
#[derive(Debug)]
pub(super) struct Frame {
    name: String,
    marks: Vec<Mark>,
    windows: Vec<Window>,
}

impl Frame {
    /// The lines around `marks`. A mark on a long line needs a frame of its own.
    pub(super) fn new(source: &Source, marks: Vec<Mark>) -> Self {
        let mut ranges: Vec<_> =
            marks.iter().filter(|mark| !mark.long).map(|mark| context(source, mark.line)).collect();
        ranges.sort_unstable();
        let mut joined: Vec<(usize, usize)> = Vec::new();
        for (first, last) in ranges {
            match joined.last_mut() {
                Some((_, end)) if first <= *end + 1 => *end = last.max(*end),
                _ => joined.push((first, last)),
            }
        }
        let mut windows: Vec<_> = joined.into_iter().map(|(first, last)| whole(source, first, last, &marks)).collect();
        windows.extend(marks.iter().filter(|mark| mark.long).map(|mark| cropped(source, mark)));
        Self { name: name(&source.path), marks, windows }
    }
}

impl SourceCode for Frame {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        let holds = |window: &&Window| window.start <= start && end <= window.end;
        let window = self.windows.iter().find(holds).ok_or(MietteError::OutOfBounds)?;
        let covers = SourceSpan::new(window.start.into(), window.end - window.start);
        // Without context only line and column are wanted, for the title of the frame.
        let mark = self.marks.iter().find(|mark| before + after == 0 && mark.same_span(span));
        let (line, column) = match mark {
            Some(mark) => (mark.line, mark.place.column as usize - 1),
            None => (window.line, 0),
        };
        let name = self.name.clone();
        Ok(Box::new(MietteSpanContents::new_named(name, window.text.as_bytes(), covers, line, column, window.count)))
    }
}

/// The bytes of a line that are shown: not the byte order mark, not the line break.
fn shown_line(source: &Source, line: usize) -> std::ops::Range<usize> {
    let range = source.lines().range(&source.text, line);
    let mark = if line == 0 && source.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    range.start + mark..range.end
}

/// The line before and after, unless too long to be shown.
fn context(source: &Source, line: usize) -> (usize, usize) {
    let short = |line: &usize| source.lines().range(&source.text, *line).len() <= LONG_LINE;
    let first = line.checked_sub(1).filter(short).unwrap_or(line);
    let last = Some(line + 1).filter(|line| *line < source.lines().count()).filter(short).unwrap_or(line);
    (first, last)
}

fn whole(source: &Source, first: usize, last: usize, marks: &[Mark]) -> Window {
    let start = shown_line(source, first).start;
    let next = last + 1;
    let all = source.text.len();
    let end = if next < source.lines().count() { source.lines().range(&source.text, next).start } else { all };
    let mut text = same_length(source.text.get(start..end).unwrap_or(""));
    // miette shows no label behind the last character of what it is given.
    if end == all && marks.iter().any(|mark| mark.start == all) {
        text.push(' ');
    }
    Window { start, end, line: first, count: next - first, text }
}

fn cropped(source: &Source, mark: &Mark) -> Window {
    let line = shown_line(source, mark.line);
    let low = boundary(&source.text, mark.start.saturating_sub(AROUND)).max(line.start);
    let high = boundary(&source.text, (mark.end + AROUND).min(line.end));
    let cut = low >= line.start + CUT.len();
    let low = if cut { low } else { line.start };
    let start = if cut { low - CUT.len() } else { low };
    let mut text = String::from(if cut { CUT } else { "" });
    text.push_str(&same_length(source.text.get(low..high).unwrap_or("")));
    text.push_str(if high < line.end { CUT } else { " " });
    Window { start, end: high, line: mark.line, count: 1, text }
}

/// The last character boundary up to `at`.
fn boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
