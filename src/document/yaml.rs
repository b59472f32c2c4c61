//! YAML to spanned trees.

use std::collections::HashMap;

use granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, StructureStyle};

use super::build::{Builder, Built, BuiltKey, MAX_DEPTH, MAX_EXPANDED};
use super::merge::{self, Merge};
use super::parsed::{Comment, Parsed, Syntax};
use super::{Document, Shape, scalar};
use crate::finding::{Problem, Stage};
use crate::source::{SourceId, Span};

/// Parses every document of a YAML stream; those before a syntax error are kept.
pub(super) fn parse(source: SourceId, text: &str, comments: bool) -> Parsed<'_> {
    parse_masked(source, text, text, comments)
}

/// The same for a text whose template holes are masked in `read`, which is as long as `text`.
pub(super) fn parse_masked<'t>(source: SourceId, text: &'t str, read: &str, comments: bool) -> Parsed<'t> {
    let mut options = Options::default();
    options.emit_unresolved_aliases = true;
    options.emit_comments = comments;
    options.max_buffered_comment_events = usize::MAX;
    let mut reader = Reader::new(source, text, read);
    for next in Parser::new_from_str_with_options(read, options) {
        let read = match next {
            Ok((event, place)) => reader.event(event, place.byte_range().unwrap_or_default()),
            Err(error) => Err(syntax_error(source, read, &error)),
        };
        let Err(problem) = read else { continue };
        reader.problems.push(problem);
        break;
    }
    let Reader { documents, comments, problems, .. } = reader;
    Parsed { syntax: Syntax::Yaml, documents, comments, problems }
}

type Range = std::ops::Range<usize>;

/// What stands before the colon of the entry that is being read.
#[derive(Clone, Copy, Debug)]
enum Slot {
    /// The next node is a key.
    Empty,
    Key(BuiltKey),
    Merge(usize, usize),
    /// A key that was refused: its value is read and forgotten.
    Refused,
}

/// A container that is still open. Its finished children lie on the reader's shared stacks.
#[derive(Debug)]
struct Frame {
    map: bool,
    flow: bool,
    start: usize,
    end: usize,
    anchor: usize,
    /// First own item or entry.
    first: usize,
    /// First own merge key.
    merges: usize,
    slot: Slot,
}

struct Reader<'t, 'r> {
    source: SourceId,
    text: &'t str,
    /// What is parsed: the text, its holes masked.
    read: &'r str,
    builder: Builder<'t>,
    frames: Vec<Frame>,
    items: Vec<Built>,
    entries: Vec<(BuiltKey, Built)>,
    merges: Vec<Merge>,
    anchors: HashMap<usize, Built>,
    /// Nodes that aliases added so far.
    expanded: u64,
    root: Option<Built>,
    documents: Vec<Document<'t>>,
    comments: Vec<Comment>,
    problems: Vec<Problem>,
}

impl<'t, 'r> Reader<'t, 'r> {
    fn new(source: SourceId, text: &'t str, read: &'r str) -> Self {
        Self {
            source,
            text,
            read,
            builder: Builder::new(Syntax::Yaml, source, text),
            frames: Vec::new(),
            items: Vec::new(),
            entries: Vec::new(),
            merges: Vec::new(),
            anchors: HashMap::new(),
            expanded: 0,
            root: None,
            documents: Vec::new(),
            comments: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn problem(&self, at: &Range, message: impl Into<String>) -> Problem {
        Problem::at(Stage::Parse, Span::new(self.source, at.start, at.end), message)
    }

    fn event(&mut self, event: Event<'_>, at: Range) -> Result<(), Problem> {
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let forced = tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str"));
                self.scalar(&value, style, anchor, forced, at);
            }
            Event::SequenceStart(style, anchor, _) => self.open(false, style, anchor, at)?,
            Event::MappingStart(style, anchor, _) => self.open(true, style, anchor, at)?,
            Event::SequenceEnd | Event::MappingEnd => self.close(at),
            Event::Alias(anchor) => self.alias(anchor, at)?,
            Event::UnresolvedAlias(name) => self.unknown_alias(&name, at),
            Event::Comment(words, _) if words.contains("consentlint:") => {
                self.comments.push(Comment { span: Span::new(self.source, at.start, at.end) });
            }
            Event::DocumentEnd => self.finish(),
            _ => {}
        }
        Ok(())
    }

    fn finish(&mut self) {
        let builder = std::mem::replace(&mut self.builder, Builder::new(Syntax::Yaml, self.source, self.text));
        self.anchors.clear();
        self.expanded = 0;
        if let Some(root) = self.root.take() {
            self.documents.push(builder.finish(root));
        }
    }

    fn awaits_key(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.map && matches!(frame.slot, Slot::Empty))
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, anchor: usize, forced: bool, at: Range) {
        let plain = style == ScalarStyle::Plain;
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let raw = self.read.get(at.clone()).unwrap_or("");
        let original = self.text.get(at.clone()).unwrap_or("");
        let end = if block { at.start + original.trim_end().len() } else { at.end };
        // An absent value is reported as `~` with an empty span.
        let value = if plain && raw.is_empty() { "" } else { value };
        let written = if plain { Some(raw) } else { raw.get(1..raw.len().saturating_sub(1)) };
        let mut rewritten = (block || written != Some(value)).then_some(value);
        if original != raw {
            // What holds a hole is shown as it is written.
            rewritten = if block { self.text.get(at.start..end) } else { None };
        }
        let quoted = !plain;
        let shape = if quoted || forced { Shape::Text } else { scalar::shape_of(value) };
        let decimal = if shape == Shape::Integer { scalar::decimal(value) } else { None };
        if !self.awaits_key() {
            rewritten = decimal.as_deref().or(rewritten);
            let built = self.builder.scalar(shape, quoted, at.start, end, rewritten);
            return self.node(built, anchor, at.start, end);
        }
        if anchor != 0 {
            let built = self.builder.scalar(shape, quoted, at.start, end, rewritten);
            self.anchors.insert(anchor, built);
        }
        let merge = plain && !forced && value == "<<";
        let slot = if merge {
            Slot::Merge(at.start, end)
        } else {
            Slot::Key(self.builder.key(quoted, at.start, end, rewritten))
        };
        self.set_key(slot, at.start, end);
    }

    fn set_key(&mut self, slot: Slot, start: usize, end: usize) {
        let Some(frame) = self.frames.last_mut() else { return };
        frame.slot = slot;
        frame.end = frame.end.max(end);
        frame.start = frame.start.min(start);
    }

    fn open(&mut self, map: bool, style: StructureStyle, anchor: usize, at: Range) -> Result<(), Problem> {
        if self.frames.len() >= MAX_DEPTH {
            return Err(too_deep(self.problem(&at, "")));
        }
        let first = if map { self.entries.len() } else { self.items.len() };
        let flow = style == StructureStyle::Flow;
        let merges = self.merges.len();
        let (start, end) = (at.start, at.end);
        self.frames.push(Frame { map, flow, start, end, anchor, first, merges, slot: Slot::Empty });
        Ok(())
    }

    fn close(&mut self, at: Range) {
        let Some(frame) = self.frames.pop() else { return };
        // The end of a block is reported after the blank lines and comments that follow it.
        let end = if frame.flow { frame.end.max(at.end) } else { frame.end };
        let built = if frame.map { self.close_map(&frame, end) } else { self.close_list(&frame, end) };
        self.node(built, frame.anchor, frame.start, end);
    }

    fn close_list(&mut self, frame: &Frame, end: usize) -> Built {
        let built = self.builder.list(self.items.get(frame.first..).unwrap_or_default(), frame.start, end);
        self.items.truncate(frame.first);
        built
    }

    fn close_map(&mut self, frame: &Frame, end: usize) -> Built {
        self.builder.drop_repeated(&mut self.entries, frame.first, &mut self.problems);
        if self.merges.len() > frame.merges {
            let merges = self.merges.split_off(frame.merges);
            for (start, end) in merge::apply(&mut self.builder, &mut self.entries, frame.first, &merges) {
                let problem = self.problem(&(start..end), "`<<` needs a mapping, or a list of mappings");
                self.problems.push(problem.help("name an anchored mapping, such as `<<: *defaults`"));
            }
        }
        let built = self.builder.map(self.entries.get(frame.first..).unwrap_or_default(), frame.start, end);
        self.entries.truncate(frame.first);
        built
    }

    /// Puts a finished node where it belongs.
    fn node(&mut self, built: Built, anchor: usize, start: usize, end: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, built);
        }
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(built);
            return;
        };
        frame.end = frame.end.max(end);
        if !frame.map {
            self.items.push(built);
            return;
        }
        match std::mem::replace(&mut frame.slot, Slot::Empty) {
            Slot::Key(key) => self.entries.push((key, built)),
            Slot::Merge(start, end) => self.merges.push(Merge { value: built, key: (start, end) }),
            Slot::Refused => {}
            Slot::Empty => self.refuse_key(start..end),
        }
    }

    fn refuse_key(&mut self, at: Range) {
        let problem = self.problem(&at, "a list or a mapping cannot be a key here");
        self.problems.push(problem.help("write the key as a string"));
        self.set_key(Slot::Refused, at.start, at.end);
    }

    fn alias(&mut self, anchor: usize, at: Range) -> Result<(), Problem> {
        let Some(target) = self.anchors.get(&anchor).copied() else {
            let problem = self.problem(&at, "this alias stands inside the value it refers to");
            return Err(problem.help("write the value out; data cannot contain itself"));
        };
        if self.awaits_key() {
            self.alias_key(target, at);
            return Ok(());
        }
        if self.frames.len() + target.depth > MAX_DEPTH {
            return Err(too_deep(self.problem(&at, "")));
        }
        self.expanded = self.expanded.saturating_add(target.weight);
        if self.expanded > MAX_EXPANDED {
            let message = format!("aliases in this document stand for more than {MAX_EXPANDED} values");
            return Err(self.problem(&at, message).help("write out less through aliases, or split the file"));
        }
        let built = self.builder.alias(target, at.start, at.end);
        self.node(built, 0, at.start, at.end);
        Ok(())
    }

    fn alias_key(&mut self, target: Built, at: Range) {
        let Some(text) = self.builder.scalar_text(target).map(str::to_owned) else { return self.refuse_key(at) };
        let key = self.builder.key(false, at.start, at.end, Some(&text));
        self.set_key(Slot::Key(key), at.start, at.end);
    }

    /// The rest of the document is still read: the value counts as absent.
    fn unknown_alias(&mut self, name: &str, at: Range) {
        let problem = self.problem(&at, format!("no anchor `&{name}` comes before the alias `*{name}`"));
        self.problems.push(problem.help("define the anchor first, or put the text in quotes if it is no alias"));
        if self.awaits_key() {
            return self.set_key(Slot::Refused, at.start, at.end);
        }
        let built = self.builder.scalar(Shape::Null, false, at.start, at.end, None);
        self.node(built, 0, at.start, at.end);
    }
}

fn too_deep(problem: Problem) -> Problem {
    Problem { message: format!("more than {MAX_DEPTH} levels of nesting"), ..problem }.help("flatten the data")
}

fn syntax_error(source: SourceId, text: &str, error: &ScanError) -> Problem {
    let start = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let first = text.get(start..).and_then(|rest| rest.chars().next());
    let width = first.filter(|letter| !matches!(letter, '\r' | '\n')).map_or(0, char::len_utf8);
    let problem = Problem::at(Stage::Parse, Span::new(source, start, start + width), "");
    if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
        return too_deep(problem);
    }
    let (message, help) = explain(error.kind());
    Problem { message, ..problem }.help(help)
}

fn explain(kind: &ErrorKind) -> (String, &'static str) {
    let (message, help) = match kind {
        ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation => {
            ("a tab cannot indent YAML", "indent with spaces")
        }
        ErrorKind::TabAtBlockScalarStart | ErrorKind::TabInPlainScalar => {
            ("a tab cannot stand here", "indent with spaces")
        }
        ErrorKind::MappingValueNotAllowed => (
            "a second `: ` on one line, or a line indented too far",
            "put the text in quotes, or align it with its neighbours",
        ),
        ErrorKind::UnclosedQuotedScalar => ("the quote is never closed", "close the quote"),
        ErrorKind::UnclosedFlowCollection { open } => {
            let close = if *open == '[' { "`]`" } else { "`}`" };
            return (format!("`{open}` is never closed by {close}"), "close the bracket");
        }
        ErrorKind::ExpectedBlockMappingKey => {
            ("expected a key of the mapping above", "align this line with its neighbours and write `key: value`")
        }
        ErrorKind::ExpectedFlowMappingSeparator => ("expected `,` or `}`", "separate the entries with commas"),
        ErrorKind::ExpectedFlowSequenceSeparator => ("expected `,` or `]`", "separate the items with commas"),
        ErrorKind::ExpectedBlockSequenceEntry => {
            ("expected `- ` and an item of the list above", "align this line with its neighbours")
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            ("expected `key: value`", "add the `:` with a space after it, or align the line with its neighbours")
        }
        ErrorKind::UnknownQuotedScalarEscape => {
            ("unknown escape in a double-quoted string", "write `\\\\` for a backslash, or use single quotes")
        }
        ErrorKind::UnexpectedCharacter { character: '@' | '`' | '%' } => {
            ("a value cannot begin with this character", "put the value in quotes")
        }
        ErrorKind::UnexpectedCharacter { character } if character.is_control() => {
            ("a control character cannot stand here", "remove it, or write it as an escape in double quotes")
        }
        other => return (without_preamble(&other.to_string()), "check the syntax near this place"),
    };
    (message.to_owned(), help)
}

/// The parser prefixes what it was doing: `while scanning a tag, …`.
fn without_preamble(message: &str) -> String {
    let rest = message.split_once(", ").filter(|(doing, _)| doing.starts_with("while ")).map(|(_, rest)| rest);
    let rest = rest.unwrap_or(message);
    rest.strip_prefix("did not find expected ").map_or_else(|| rest.to_owned(), |what| format!("expected {what}"))
}
