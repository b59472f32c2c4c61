//! Statements with the comments that stand before them.

use super::dialect::Dialect;
use crate::output::printable;
use crate::source::{Sources, Span};
use std::io::{self, Write};

/// A statement, or only comments.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    /// What it does and where it comes from, a line each.
    pub(super) comments: Vec<String>,
    /// Without the semicolon; empty where there are only comments.
    pub(super) sql: String,
}

/// What is printed.
pub(super) struct Script<'a> {
    pub(super) dialect: Dialect,
    sources: &'a Sources,
    parts: Vec<Part>,
}

impl<'a> Script<'a> {
    pub(super) fn new(dialect: Dialect, sources: &'a Sources) -> Self {
        Self { dialect, sources, parts: Vec::new() }
    }

    /// Adds comments.
    pub(super) fn say(&mut self, comments: Vec<String>) {
        self.parts.push(Part { comments, sql: String::new() });
    }

    /// Adds a statement.
    pub(super) fn add(&mut self, comments: Vec<String>, sql: String) {
        self.parts.push(Part { comments, sql });
    }

    /// A place as `file:line`.
    pub(super) fn at(&self, span: Span) -> String {
        self.sources.get(span.source).map_or_else(
            || "the rules that ship".to_owned(),
            |source| format!("{}:{}", source.path, source.position(span.start).line),
        )
    }

    /// Several places, each once.
    pub(super) fn places(&self, spans: &[Span]) -> String {
        let mut all: Vec<String> = Vec::new();
        for place in spans.iter().map(|span| self.at(*span)) {
            if !all.contains(&place) {
                all.push(place);
            }
        }
        all.join(", ")
    }

    /// Writes it. A comment is one line whatever it holds, and so it ends where it should.
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        for (at, part) in self.parts.iter().enumerate() {
            if at > 0 {
                writeln!(out)?;
            }
            for comment in &part.comments {
                writeln!(out, "{}", format!("-- {}", printable(comment)).trim_end())?;
            }
            if !part.sql.is_empty() {
                writeln!(out, "{};", part.sql)?;
            }
        }
        Ok(())
    }
}
