//! What is said of the place under the cursor: findings, then what stands there and why it is so.

mod entity;
mod finding;
mod property;
mod word;

use super::complete::directive;
use super::facts;
use super::place::Place;
use super::{Hover, shown_at};
use crate::cli::lsp::snapshot::Snapshot;
use crate::source::{SourceId, Span};

/// A part of what is said, and what it is said of.
pub(super) struct Part {
    span: Span,
    text: String,
}

/// What is said of a place.
pub(in crate::cli::lsp) fn hover(snapshot: &Snapshot, source: SourceId, offset: u32) -> Option<Hover> {
    let mut parts = finding::at(snapshot, source, offset);
    if let Some(directive) = directive(snapshot, source, offset) {
        parts.extend(word::rule_in(snapshot, directive, offset));
        return join(parts);
    }
    let place = Place::find(snapshot, source, offset).filter(|place| covers(place.span(), source, offset));
    let found = entity::at(snapshot, place.as_ref(), source, offset);
    let of_property = property::at(snapshot, source, offset);
    let told = !found.is_empty() || !of_property.is_empty();
    parts.extend(found);
    parts.extend(of_property);
    if let Some(place) = &place {
        parts.extend(word::at(snapshot, place, offset, told));
    }
    parts.extend(finding::touching(snapshot, source, offset));
    join(parts)
}

/// Whether a span holds an offset, its end included.
pub(super) fn covers(span: Span, source: SourceId, offset: u32) -> bool {
    span.source == source && span.start <= offset && offset <= span.end
}

/// All that is said, of the smallest span of which something is.
fn join(parts: Vec<Part>) -> Option<Hover> {
    let span = parts.iter().map(|part| part.span).min_by_key(|span| span.end - span.start)?;
    let texts: Vec<String> = parts.into_iter().map(|part| part.text).collect();
    Some(Hover { span, markdown: texts.join("\n\n---\n\n") })
}

/// Where something is written, as code.
fn written(snapshot: &Snapshot, span: Span) -> String {
    crate::output::code_span(&shown_at(&snapshot.inputs.sources, span))
}
