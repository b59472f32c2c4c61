//! Places as outputs give them: file, lines and columns.

use crate::finding::Place;
use crate::source::{Position, Sources, Span};
use serde::Serialize;

/// A point in a text.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Point {
    /// From 1.
    pub line: u32,
    /// From 1, in Unicode scalar values.
    pub column: u32,
    /// From 0, in bytes.
    pub offset: u32,
}

impl From<Position> for Point {
    fn from(place: Position) -> Self {
        Self { line: place.line, column: place.column, offset: place.offset }
    }
}

/// Where something is, as far as it is known.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Where<'a> {
    /// Absent for the run as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<&'a str>,
    /// Absent when the text was not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<Point>,
    /// Exclusive; present with `start`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<Point>,
}

impl<'a> Where<'a> {
    /// The place of a span. One that is out of range is moved to the end of its text.
    pub fn span(sources: &'a Sources, span: Span) -> Self {
        let Some(source) = sources.get(span.source) else {
            return Self { file: None, start: None, end: None };
        };
        let start = source.position(span.start);
        let end = if span.end <= span.start { start } else { source.position(span.end) };
        Self { file: Some(&source.path), start: Some(start.into()), end: Some(end.into()) }
    }

    /// The place of a problem.
    pub(super) fn place(sources: &'a Sources, place: &'a Place) -> Self {
        match place {
            Place::Span(span) => Self::span(sources, *span),
            Place::Path(path) => Self { file: Some(path), start: None, end: None },
            Place::Run => Self { file: None, start: None, end: None },
        }
    }

    /// `path:line:column: `, as much of it as there is; safe to show.
    pub(super) fn prefix(&self) -> String {
        match (self.file, self.start) {
            (None, _) => String::new(),
            (Some(file), None) => format!("{}: ", super::text::name(file)),
            (Some(file), Some(start)) => format!("{}:{}:{}: ", super::text::name(file), start.line, start.column),
        }
    }
}
