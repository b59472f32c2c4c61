//! JSON to spanned trees, in one pass without recursion.

use jiter::{Jiter, JiterError, JiterErrorType, JsonErrorType, Peek};

use super::build::{Builder, Built, BuiltKey, MAX_DEPTH};
use super::{Document, Shape, Syntax};
use crate::finding::{Problem, Stage};
use crate::source::{SourceId, Span};

/// Why a text is no JSON.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) problem: Problem,
    /// Whether JSON with comments and trailing commas might read it.
    pub(super) relaxed: bool,
    /// Whether one complete value came first.
    pub(super) trailing: bool,
}

/// Parses one JSON value that begins at byte `base` of `text`; duplicate keys go to `problems`.
pub(super) fn parse<'t>(
    source: SourceId,
    text: &'t str,
    base: usize,
    problems: &mut Vec<Problem>,
) -> Result<Document<'t>, Refusal> {
    parse_masked(source, text, text, base, problems)
}

/// The same for a text whose template holes are masked in `read`, which is as long as `text`.
pub(super) fn parse_masked<'t>(
    source: SourceId,
    text: &'t str,
    read: &str,
    base: usize,
    problems: &mut Vec<Problem>,
) -> Result<Document<'t>, Refusal> {
    let mut builder = Builder::new(Syntax::Json, source, text);
    let root = value(&mut builder, source, text, (read, base), problems)?;
    Ok(builder.finish(root))
}

/// Reads one value into `builder`. `within` is the text that is parsed, up to where the value ends, and the byte at
/// which it begins; it is `text`, a part of it from the start, or `text` with its template holes masked.
pub(super) fn value<'t>(
    builder: &mut Builder<'t>,
    source: SourceId,
    text: &'t str,
    within: (&str, usize),
    problems: &mut Vec<Problem>,
) -> Result<Built, Refusal> {
    let (read, base) = within;
    let data = read.as_bytes().get(base..).unwrap_or_default();
    let mut reader = Reader {
        data,
        base,
        original: text.as_bytes().get(base..).unwrap_or_default(),
        jiter: Jiter::new(data),
        builder,
        frames: Vec::new(),
        items: Vec::new(),
        entries: Vec::new(),
        problems,
    };
    match reader.read() {
        Ok(root) => Ok(root),
        Err(Stop::Deep(at)) => Err(Refusal { problem: too_deep(source, at), relaxed: false, trailing: false }),
        Err(Stop::Syntax(error)) => Err(refusal(source, read, base, &error)),
    }
}

/// The problem of nesting at byte `at`.
pub(super) fn too_deep(source: SourceId, at: usize) -> Problem {
    Problem::at(Stage::Parse, Span::new(source, at, at + 1), format!("more than {MAX_DEPTH} levels of nesting"))
        .help("flatten the data")
}

enum Stop {
    Syntax(JiterError),
    Deep(usize),
}

impl From<JiterError> for Stop {
    fn from(error: JiterError) -> Self {
        Self::Syntax(error)
    }
}

/// A container that is still open. Its finished children lie on the reader's shared stacks.
struct Frame {
    start: usize,
    /// First own item or entry.
    first: usize,
    /// The key whose value is being read; `None` for a list.
    key: Option<BuiltKey>,
}

struct Reader<'b, 'r, 't, 'p> {
    data: &'r [u8],
    base: usize,
    /// The bytes before holes were masked.
    original: &'t [u8],
    jiter: Jiter<'r>,
    builder: &'b mut Builder<'t>,
    frames: Vec<Frame>,
    items: Vec<Built>,
    entries: Vec<(BuiltKey, Built)>,
    problems: &'p mut Vec<Problem>,
}

/// What the reader does next.
enum Step {
    Value(Peek),
    Done(Built),
}

impl Reader<'_, '_, '_, '_> {
    fn here(&self) -> usize {
        self.base + self.jiter.current_index()
    }

    fn read(&mut self) -> Result<Built, Stop> {
        let mut step = Step::Value(self.jiter.peek()?);
        loop {
            step = match step {
                Step::Value(peek) => self.value(peek)?,
                Step::Done(built) if self.frames.is_empty() => {
                    self.jiter.finish()?;
                    return Ok(built);
                }
                Step::Done(built) => self.next(built)?,
            };
        }
    }

    fn value(&mut self, peek: Peek) -> Result<Step, Stop> {
        let start = self.here();
        let shape = match peek {
            Peek::Object | Peek::Array => return self.open(peek, start),
            Peek::String => return self.string(start),
            Peek::Null => {
                self.jiter.known_null()?;
                Shape::Null
            }
            Peek::True | Peek::False => Shape::Bool(self.jiter.known_bool(peek)?),
            _ if peek.is_num() => number(self.jiter.known_number_bytes(peek)?),
            // Reading it as a value gives the error with its place.
            _ => return Err(Stop::Syntax(self.no_value())),
        };
        Ok(Step::Done(self.builder.scalar(shape, false, start, self.here(), None)))
    }

    fn no_value(&mut self) -> JiterError {
        let index = self.jiter.current_index();
        let error_type = JiterErrorType::JsonError(JsonErrorType::ExpectedSomeValue);
        JiterError { error_type, index }
    }

    fn string(&mut self, start: usize) -> Result<Step, Stop> {
        let raw = self.jiter.next_bytes()?;
        let escaped = raw.contains(&b'\\');
        let end = self.here();
        let value = if escaped { self.unescaped(start, end)? } else { None };
        let quoted = self.is_quoted(start);
        Ok(Step::Done(self.builder.scalar(Shape::Text, quoted, start, end, value.as_deref())))
    }

    /// Whether a string is written in quotes, and not a hole that was masked by one.
    fn is_quoted(&self, start: usize) -> bool {
        self.original.get(start - self.base) == Some(&b'"')
    }

    /// The value of a string with escapes; `None` if a hole is in it, which is shown as it is written.
    fn unescaped(&self, start: usize, end: usize) -> Result<Option<String>, Stop> {
        let range = start - self.base..end - self.base;
        let quoted = self.data.get(range.clone()).unwrap_or_default();
        let masked = self.original.get(range) != Some(quoted);
        let shift = |error: JiterError| JiterError { index: error.index + start - self.base, ..error };
        let value = Jiter::new(quoted).next_str().map_err(shift)?.to_owned();
        Ok(Some(value).filter(|_| !masked))
    }

    fn open(&mut self, peek: Peek, start: usize) -> Result<Step, Stop> {
        if self.frames.len() >= MAX_DEPTH {
            return Err(Stop::Deep(start));
        }
        if peek == Peek::Array {
            self.frames.push(Frame { start, first: self.items.len(), key: None });
            return Ok(match self.jiter.known_array()? {
                Some(peek) => Step::Value(peek),
                None => self.close_list(),
            });
        }
        let at = self.jiter.next_object_bytes()?.map(|key| place(self.data, key));
        let first = self.entries.len();
        let Some(at) = at else { return Ok(Step::Done(self.builder.map(&[], start, self.here()))) };
        let key = self.key(at)?;
        self.frames.push(Frame { start, first, key: Some(key) });
        Ok(Step::Value(self.jiter.peek()?))
    }

    /// The key whose characters are at `at` of the data.
    fn key(&mut self, at: (usize, usize)) -> Result<BuiltKey, Stop> {
        let escaped = self.data.get(at.0..at.1).is_some_and(|raw| raw.contains(&b'\\'));
        let (start, end) = ((self.base + at.0).saturating_sub(1), self.base + at.1 + 1);
        let value = if escaped { self.unescaped(start, end)? } else { None };
        let quoted = self.is_quoted(start);
        Ok(self.builder.key(quoted, start, end, value.as_deref()))
    }

    /// After a finished value: the next item, the next entry, or the end of the container.
    fn next(&mut self, built: Built) -> Result<Step, Stop> {
        let Some(frame) = self.frames.last() else { return Ok(Step::Done(built)) };
        let Some(key) = frame.key else {
            self.items.push(built);
            return Ok(match self.jiter.array_step()? {
                Some(peek) => Step::Value(peek),
                None => self.close_list(),
            });
        };
        self.entries.push((key, built));
        let at = self.jiter.next_key_bytes()?.map(|key| place(self.data, key));
        let Some(at) = at else { return Ok(self.close_map()) };
        let key = self.key(at)?;
        if let Some(frame) = self.frames.last_mut() {
            frame.key = Some(key);
        }
        Ok(Step::Value(self.jiter.peek()?))
    }

    fn close_list(&mut self) -> Step {
        let (start, first) = self.frames.pop().map_or((0, 0), |frame| (frame.start, frame.first));
        let end = self.here();
        let built = self.builder.list(self.items.get(first..).unwrap_or_default(), start, end);
        self.items.truncate(first);
        Step::Done(built)
    }

    fn close_map(&mut self) -> Step {
        let (start, first) = self.frames.pop().map_or((0, 0), |frame| (frame.start, frame.first));
        let end = self.here();
        self.builder.drop_repeated(&mut self.entries, first, self.problems);
        let built = self.builder.map(self.entries.get(first..).unwrap_or_default(), start, end);
        self.entries.truncate(first);
        Step::Done(built)
    }
}

/// Where `part`, a slice of `data`, stands in it.
fn place(data: &[u8], part: &[u8]) -> (usize, usize) {
    let start = part.as_ptr().addr().wrapping_sub(data.as_ptr().addr());
    (start, start.saturating_add(part.len()))
}

fn number(raw: &[u8]) -> Shape {
    let whole = !raw.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E'));
    if whole { Shape::Integer } else { Shape::Float }
}

fn refusal(source: SourceId, text: &str, base: usize, error: &JiterError) -> Refusal {
    let mut start = (base + error.index).min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let first = text.get(start..).and_then(|rest| rest.chars().next());
    let width = first.filter(|letter| !matches!(letter, '\r' | '\n')).map_or(0, char::len_utf8);
    let (message, help) = explain(&error.error_type);
    let problem = Problem::at(Stage::Parse, Span::new(source, start, start + width), message).help(help);
    let is = |kind| error.error_type == JiterErrorType::JsonError(kind);
    let relaxed = is(JsonErrorType::TrailingComma) || first == Some('/');
    Refusal { problem, relaxed, trailing: is(JsonErrorType::TrailingCharacters) }
}

fn explain(error: &JiterErrorType) -> (String, &'static str) {
    let JiterErrorType::JsonError(kind) = error else { return (error.to_string(), "") };
    let (message, help) = match kind {
        JsonErrorType::EofWhileParsingList => ("the list is never closed", "add the missing `]`"),
        JsonErrorType::EofWhileParsingObject => ("the object is never closed", "add the missing `}`"),
        JsonErrorType::EofWhileParsingString => ("the string is never closed", "add the missing `\"`"),
        JsonErrorType::EofWhileParsingValue => ("the text ends where a value is expected", "complete the value"),
        JsonErrorType::ExpectedColon => ("expected `:` after the key", "write `\"key\": value`"),
        JsonErrorType::ExpectedListCommaOrEnd => ("expected `,` or `]`", "separate the items with commas"),
        JsonErrorType::ExpectedObjectCommaOrEnd => ("expected `,` or `}`", "separate the entries with commas"),
        JsonErrorType::ExpectedSomeIdent | JsonErrorType::ExpectedSomeValue => {
            ("expected a value", "write a string in double quotes, a number, true, false, null, a list or an object")
        }
        JsonErrorType::InvalidNumber => ("not a number in JSON", "write the number in decimal digits, or quote it"),
        JsonErrorType::KeyMustBeAString => ("expected a key in double quotes", "put the key in double quotes"),
        JsonErrorType::ControlCharacterWhileParsingString => {
            ("a control character or line break inside a string", "write it as an escape, such as `\\n`")
        }
        JsonErrorType::InvalidEscape | JsonErrorType::UnexpectedEndOfHexEscape => {
            ("unknown escape in a string", "write `\\\\` for a backslash")
        }
        JsonErrorType::InvalidUnicodeCodePoint | JsonErrorType::LoneLeadingSurrogateInHexEscape => {
            ("the escape is no character", "write both halves of the surrogate pair")
        }
        JsonErrorType::TrailingCharacters => ("text after the end of the value", "remove it"),
        other => return (other.to_string(), "check the syntax near this place"),
    };
    (message.to_owned(), help)
}
