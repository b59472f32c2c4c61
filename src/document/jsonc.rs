//! JSON with comments and trailing commas, and JSON5.

use std::borrow::Cow;

use jsonc_parser::ast::{Array, Object, ObjectPropName, StringLit, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::ParseError;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, CommentMap, ParseOptions, parse_to_ast};

use super::build::{Builder, Built, BuiltKey, MAX_DEPTH};
use super::json::too_deep;
use super::parsed::Comment;
use super::{Document, Shape, Syntax, scalar};
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

/// What JSON5 lets pass.
const LOOSE: ParseOptions = ParseOptions {
    allow_loose_object_property_names: true,
    allow_single_quoted_strings: true,
    allow_hexadecimal_numbers: true,
    allow_unary_plus_numbers: true,
    allow_bare_decimal_point_numbers: true,
    allow_non_finite_numbers: true,
    allow_extended_string_escapes: true,
    ..OPTIONS
};

/// How much is let pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Comments and trailing commas.
    Commented,
    /// JSON5.
    Loose,
}

/// A document and the comments in it that speak to this program.
pub(super) type Relaxed<'t> = (Document<'t>, Vec<Comment>);

/// Parses one value that begins at byte `base` of `text`; duplicate keys go to `problems`. `read` is `text`, or `text`
/// with its template holes masked.
pub(super) fn parse<'t>(
    source: SourceId,
    text: &'t str,
    (read, base): (&str, usize),
    dialect: Dialect,
    problems: &mut Vec<Problem>,
) -> Result<Relaxed<'t>, Problem> {
    let mut builder = Builder::new(Syntax::Json, source, text);
    let (root, comments) = value(&mut builder, source, text, (read, base), dialect, problems)?;
    Ok((builder.finish(root), comments))
}

/// Reads one value into `builder`; the rest as for [`parse`].
pub(super) fn value<'t>(
    builder: &mut Builder<'t>,
    source: SourceId,
    text: &'t str,
    (read, base): (&str, usize),
    dialect: Dialect,
    problems: &mut Vec<Problem>,
) -> Result<(Built, Vec<Comment>), Problem> {
    let body = read.get(base..).unwrap_or("");
    // The parser recurses: its depth is bounded before it starts.
    if let Some(at) = first_too_deep(body.as_bytes(), dialect) {
        return Err(too_deep(source, base + at));
    }
    let collect = CollectOptions { comments: CommentCollectionStrategy::Separate, tokens: false };
    let options = if dialect == Dialect::Loose { &LOOSE } else { &OPTIONS };
    let parsed = parse_to_ast(body, &collect, options).map_err(|error| refusal(source, base, &error))?;
    let original = text.get(base..).unwrap_or("");
    let mut reader = Reader { base, body, original, builder, problems };
    let root = match &parsed.value {
        Some(value) => reader.value(value),
        None => reader.builder.scalar(Shape::Null, false, base, base, None),
    };
    Ok((root, parsed.comments.map_or_else(Vec::new, |all| addressed(source, base, &all))))
}

/// The first bracket deeper than allowed, strings and comments left out.
fn first_too_deep(text: &[u8], dialect: Dialect) -> Option<usize> {
    let (mut depth, mut at) = (0usize, 0usize);
    while let Some(byte) = text.get(at) {
        match (byte, text.get(at + 1)) {
            (b'"', _) => at = end_of_string(text, at, b'"'),
            (b'\'', _) if dialect == Dialect::Loose => at = end_of_string(text, at, b'\''),
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
fn end_of_string(text: &[u8], at: usize, quote: u8) -> usize {
    let mut end = at + 1;
    while let Some(byte) = text.get(end) {
        match *byte {
            byte if byte == quote => return end,
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

struct Reader<'b, 't, 'p> {
    base: usize,
    /// What was parsed.
    body: &'b str,
    /// The same before holes were masked.
    original: &'t str,
    builder: &'b mut Builder<'t>,
    problems: &'p mut Vec<Problem>,
}

impl Reader<'_, '_, '_> {
    fn value(&mut self, value: &Value<'_>) -> Built {
        let (start, end) = (self.base + value.start(), self.base + value.end());
        let (shape, rewritten) = match value {
            Value::Object(object) => return self.object(object),
            Value::Array(array) => return self.array(array),
            Value::StringLit(text) => {
                let (quoted, rewritten) = self.string(text);
                return self.builder.scalar(Shape::Text, quoted, start, end, rewritten);
            }
            Value::NumberLit(number) => (number_shape(number.value), scalar::decimal(number.value)),
            Value::BooleanLit(boolean) => (Shape::Bool(boolean.value), None),
            Value::NullKeyword(_) => (Shape::Null, None),
        };
        self.builder.scalar(shape, false, start, end, rewritten.as_deref())
    }

    /// Whether a string is written in quotes (and is no hole that was masked by one), and its value where it has
    /// escapes and no hole.
    fn string<'v>(&self, text: &'v StringLit<'_>) -> (bool, Option<&'v str>) {
        let original = self.original.get(text.start()..text.end());
        let masked = original != self.body.get(text.start()..text.end());
        let quoted = original.is_some_and(|written| written.starts_with(['"', '\'']));
        (quoted, rewritten(text).filter(|_| !masked))
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
                ObjectPropName::String(name) => {
                    let (quoted, rewritten) = self.string(name);
                    self.builder.key(quoted, start, end, rewritten)
                }
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
    let unsigned = text.trim_start_matches(['+', '-']);
    if unsigned.starts_with(['N', 'I']) {
        return Shape::Float;
    }
    if unsigned.starts_with("0x") || unsigned.starts_with("0X") {
        return Shape::Integer;
    }
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
