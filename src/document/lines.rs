//! One JSON value a line.

use super::build::{Builder, Built};
use super::json;
use super::jsonc::{self, Dialect};
use super::parsed::{Comment, Parsed, Syntax};
use crate::finding::{Problem, Stage};
use crate::source::{SourceId, Span};

/// How many broken lines are shown one by one; a log that is cut off at a byte count has many.
const SHOWN: usize = 5;

/// Reads a text into one list with a value for every line that is not blank; lines that cannot be read are reported.
pub(super) fn parse(source: SourceId, text: &str) -> Parsed<'_> {
    let mut reader = Reader {
        source,
        text,
        builder: Builder::new(Syntax::Lines, source, text),
        items: Vec::new(),
        comments: Vec::new(),
        problems: Vec::new(),
        broken: 0,
        last: None,
    };
    let base = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    for (start, end) in spans_of_lines(text, base) {
        reader.line(start, end);
        // A value over several lines is JSON under the wrong name.
        if reader.broken == 1 && reader.items.is_empty() {
            let mut problems = Vec::new();
            if let Ok(document) = json::parse(source, text, base, &mut problems) {
                return Parsed { syntax: Syntax::Json, documents: vec![document], comments: Vec::new(), problems };
            }
        }
    }
    reader.finish(base)
}

/// Start and end of every line that is not blank, without the space around what it says.
fn spans_of_lines(text: &str, base: usize) -> impl Iterator<Item = (usize, usize)> {
    let mut at = base;
    text.get(base..).unwrap_or("").split_inclusive('\n').filter_map(move |line| {
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        let written = line.trim();
        (!written.is_empty()).then_some((start, start + written.len()))
    })
}

/// Whether the first two values of a text stand on lines of their own, as complete objects.
pub(super) fn are_lines(source: SourceId, text: &str, base: usize) -> bool {
    let mut lines = spans_of_lines(text, base).take(2);
    let mut is_object = |complete: bool| {
        let Some((start, end)) = lines.next() else { return false };
        let read = text.get(..end).unwrap_or("");
        let opens = text.get(start..end).is_some_and(|line| line.starts_with('{'));
        opens && (!complete || json::parse_masked(source, text, read, start, &mut Vec::new()).is_ok())
    };
    is_object(true) && is_object(false)
}

struct Reader<'t> {
    source: SourceId,
    text: &'t str,
    builder: Builder<'t>,
    items: Vec<Built>,
    comments: Vec<Comment>,
    problems: Vec<Problem>,
    broken: usize,
    /// Where the last broken line is that is not shown.
    last: Option<Span>,
}

impl<'t> Reader<'t> {
    fn line(&mut self, start: usize, end: usize) {
        let read = self.text.get(..end).unwrap_or("");
        let known = self.problems.len();
        let refusal = match json::value(&mut self.builder, self.source, self.text, (read, start), &mut self.problems) {
            Ok(value) => return self.items.push(value),
            Err(refusal) => refusal,
        };
        self.problems.truncate(known);
        let loose = Dialect::Loose;
        let within = (read, start);
        let found = jsonc::value(&mut self.builder, self.source, self.text, within, loose, &mut self.problems);
        let said = match found {
            Ok((value, comments)) => {
                // A line that holds nothing but a comment.
                if self.builder.scalar_text(value).is_some_and(str::is_empty) {
                    return self.comments.extend(comments);
                }
                self.items.push(value);
                self.comments.extend(comments);
                read_loosely(refusal.problem)
            }
            Err(_) => refusal.problem,
        };
        self.broken += 1;
        match self.broken {
            ..=SHOWN => self.problems.push(said),
            _ => _ = self.last.get_or_insert_with(|| Span::new(self.source, start, end)),
        }
    }

    fn finish(mut self, base: usize) -> Parsed<'t> {
        if let Some(place) = self.last {
            let message = format!("{} more lines are not JSON, from here on", self.broken - SHOWN);
            self.problems.push(Problem::at(Stage::Parse, place, message).help("write one JSON value a line"));
        }
        let mut documents = Vec::new();
        if !self.items.is_empty() {
            let root = self.builder.list(&self.items, base, self.text.len());
            documents.push(self.builder.finish(root));
        }
        Parsed { syntax: Syntax::Lines, documents, comments: self.comments, problems: self.problems }
    }
}

/// What is said of a text that strict JSON refuses and JSON5 lets pass.
pub(super) fn read_loosely(refusal: Problem) -> Problem {
    let message = format!("this is not JSON: {}; it is read as JSON5", refusal.message);
    Problem { message, ..refusal }
}
