//! JSON with comments and trailing commas.

use std::borrow::Cow;

use jsonc_parser::ast::{Array, Object, ObjectPropName, StringLit, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::ParseError;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, CommentMap, ParseOptions, parse_to_ast};

use super::build::{Builder, Built, BuiltKey, MAX_DEPTH};
use super::json::too_deep;
use super::parsed::Comment;
use super::{Document, Shape, Syntax};
use crate::finding::{Problem, Stage};
use crate::source::{SourceId, Span};

/// Comments and trailing commas, and nothing else of what the parser would let pass.
const OPTIONS: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_trailing_commas: true,
    allow_loose_object_property_names: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// A document and the comments in it that speak to this program.
pub(super) type Relaxed<'t> = (Document<'t>, Vec<Comment>);

/// Parses one value that begins at byte `base` of `text`; duplicate keys go to `problems`.
pub(super) fn parse<'t>(
    source: SourceId,
    text: &'t str,
    base: usize,
    problems: &mut Vec<Problem>,
) -> Result<Relaxed<'t>, Problem> {
    let body = text.get(base..).unwrap_or("");
    // The parser recurses: its depth is bounded before it starts.
    if let Some(at) = first_too_deep(body.as_bytes()) {
        return Err(too_deep(source, base + at));
    }
    let collect = CollectOptions { comments: CommentCollectionStrategy::Separate, tokens: false };
    let read = parse_to_ast(body, &collect, &OPTIONS).map_err(|error| refusal(source, base, &error))?;
    let mut reader = Reader { base, builder: Builder::new(Syntax::Json, source, text), problems };
    let root = match &read.value {
        Some(value) => reader.value(value),
        None => reader.builder.scalar(Shape::Null, false, base, base, None),
    };
    let comments = read.comments.map_or_else(Vec::new, |all| addressed(source, base, &all));
    Ok((reader.builder.finish(root), comments))
}

/// The first bracket deeper than allowed, strings and comments left out.
fn first_too_deep(text: &[u8]) -> Option<usize> {
    let (mut depth, mut at) = (0usize, 0usize);
    while let Some(byte) = text.get(at) {
        match (byte, text.get(at + 1)) {
            (b'"', _) => at = end_of_string(text, at),
            (b'/', Some(b'/')) => at = after(text, at, b"\n"),
            (b'/', Some(b'*')) => at = after(text, at + 2, b"*/"),
            (b'[' | b'{', _) => depth += 1,
            (b']' | b'}', _) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Last byte of the string that begins at `at`.
fn end_of_string(text: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while let Some(byte) = text.get(end) {
        match byte {
            b'"' => return end,
            b'\\' => end += 2,
            _ => end += 1,
        }
    }
    end
}

/// Last byte of the first `mark` from `at` on.
fn after(text: &[u8], at: usize, mark: &[u8]) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.windows(mark.len()).position(|window| window == mark).map_or(text.len(), |found| at + found + mark.len() - 1)
}

/// Every comment is in the map twice: under the token before it and under the one after it.
fn addressed(source: SourceId, base: usize, all: &CommentMap<'_>) -> Vec<Comment> {
    let mut spans: Vec<Span> = all
        .values()
        .flat_map(|comments| comments.iter())
        .filter(|comment| comment.text().contains("consentlint:"))
        .map(|comment| Span::new(source, base + comment.start(), base + comment.end()))
        .collect();
    spans.sort_unstable();
    spans.dedup();
    spans.into_iter().map(|span| Comment { span }).collect()
}

struct Reader<'t, 'p> {
    base: usize,
    builder: Builder<'t>,
    problems: &'p mut Vec<Problem>,
}

impl Reader<'_, '_> {
    fn value(&mut self, value: &Value<'_>) -> Built {
        let (shape, rewritten) = match value {
            Value::Object(object) => return self.object(object),
            Value::Array(array) => return self.array(array),
            Value::StringLit(text) => (Shape::Text, rewritten(text)),
            Value::NumberLit(number) => (number_shape(number.value), None),
            Value::BooleanLit(boolean) => (Shape::Bool(boolean.value), None),
            Value::NullKeyword(_) => (Shape::Null, None),
        };
        let (start, end) = (self.base + value.start(), self.base + value.end());
        self.builder.scalar(shape, shape == Shape::Text, start, end, rewritten)
    }

    fn array(&mut self, array: &Array<'_>) -> Built {
        let items: Vec<Built> = array.elements.iter().map(|item| self.value(item)).collect();
        self.builder.list(&items, self.base + array.start(), self.base + array.end())
    }

    fn object(&mut self, object: &Object<'_>) -> Built {
        let mut entries: Vec<(BuiltKey, Built)> = Vec::with_capacity(object.properties.len());
        for property in &object.properties {
            let (start, end) = (self.base + property.name.start(), self.base + property.name.end());
            let key = match &property.name {
                ObjectPropName::String(name) => self.builder.key(true, start, end, rewritten(name)),
                ObjectPropName::Word(_) => self.builder.key(false, start, end, None),
            };
            let value = self.value(&property.value);
            entries.push((key, value));
        }
        self.builder.drop_repeated(&mut entries, 0, self.problems);
        self.builder.map(&entries, self.base + object.start(), self.base + object.end())
    }
}

/// The parser borrows a string unless it has escapes.
fn rewritten<'v>(literal: &'v StringLit<'_>) -> Option<&'v str> {
    if let Cow::Owned(value) = &literal.value { Some(value) } else { None }
}

fn number_shape(text: &str) -> Shape {
    if text.contains(['.', 'e', 'E']) { Shape::Float } else { Shape::Integer }
}

fn refusal(source: SourceId, base: usize, error: &ParseError) -> Problem {
    let range = error.range();
    let words = error.kind().to_string();
    let mut letters = words.chars();
    let message = letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect());
    Problem::at(Stage::Parse, Span::new(source, base + range.start, base + range.end), message)
        .help("JSON may have comments and trailing commas here, nothing else")
}
