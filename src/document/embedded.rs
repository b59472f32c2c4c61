//! JSON inside strings: a document of its own whose places are those in the file.

use super::{Data, Document, NONE, Node, Pair, Shape, json};
use crate::finding::{Label, Place, Problem, Stage};
use crate::source::Span;

impl<'d> Node<'d> {
    /// The JSON object or list that a string holds; `None` for anything else. Its places are exact where the string
    /// is written with the usual escapes, else they are those of the whole string. What is wrong with it goes to
    /// `problems`.
    pub fn embedded(self, problems: &mut Vec<Problem>) -> Option<Document<'d>> {
        let text = self.text()?;
        if !text.trim_start().starts_with(['{', '[']) {
            return None;
        }
        let places = Places::of(self, text);
        let mut inner = Vec::new();
        let parsed = json::parse(self.document.source, text, 0, &mut inner);
        for problem in &mut inner {
            places.move_problem(problem);
        }
        problems.append(&mut inner);
        match parsed {
            Ok(document) => Some(moved(document, self.document.text, &places)),
            Err(refusal) => {
                let message = format!("the JSON in this string cannot be read: {}", refusal.problem.message);
                problems.push(Problem::at(Stage::Parse, self.span(), message).help("correct it, or write it out"));
                None
            }
        }
    }
}

/// Where each byte of a string's value is written.
struct Places {
    whole: (u32, u32),
    /// One more than the value has bytes; empty when the writing could not be followed.
    exact: Vec<u32>,
}

impl Places {
    fn of(node: Node<'_>, value: &str) -> Self {
        let (start, end) = (node.data().start, node.data().end);
        let raw = node.code();
        let quoted = raw.len() >= 2 && raw.starts_with(['"', '\'']) && raw.ends_with(['"', '\'']);
        let exact = match raw.get(1..raw.len().saturating_sub(1)).filter(|_| quoted) {
            Some(inside) => escaped(inside, value, start + 1),
            None => lines(raw, value, start),
        };
        Self { whole: (start, end), exact: exact.unwrap_or_default() }
    }

    fn span(&self, start: u32, end: u32) -> (u32, u32) {
        let at = |offset: u32| self.exact.get(offset as usize).copied();
        at(start).zip(at(end)).unwrap_or(self.whole)
    }

    fn move_span(&self, span: &mut Span) {
        (span.start, span.end) = self.span(span.start, span.end);
    }

    fn move_problem(&self, problem: &mut Problem) {
        if let Place::Span(span) = &mut problem.place {
            self.move_span(span);
        }
        problem.related.iter_mut().for_each(|label: &mut Label| self.move_span(&mut label.span));
    }
}

/// Follows a value through what is written between quotes, escape by escape; `None` when they do not match.
fn escaped(raw: &str, value: &str, base: u32) -> Option<Vec<u32>> {
    let mut places = Vec::with_capacity(value.len() + 1);
    let mut at = 0;
    for letter in value.chars() {
        let rest = raw.get(at..)?;
        // HCL writes `$${` for the text `${`.
        let doubled = matches!(letter, '$' | '%') && is_doubled(rest, letter);
        let length = match rest.strip_prefix('\\') {
            Some(escape) => 1 + escape_length(escape, letter)?,
            None if doubled => 2,
            None => rest.starts_with(letter).then(|| letter.len_utf8())?,
        };
        places.extend(std::iter::repeat_n(base + at as u32, letter.len_utf8()));
        at += length;
    }
    places.push(base + at as u32);
    (at == raw.len()).then_some(places)
}

fn is_doubled(rest: &str, letter: char) -> bool {
    let mut letters = rest.chars();
    (letters.next(), letters.next(), letters.next()) == (Some(letter), Some(letter), Some('{'))
}

/// Length of an escape without its backslash, when it stands for `letter`.
fn escape_length(escape: &str, letter: char) -> Option<usize> {
    let number = |from: usize, to: usize| u32::from_str_radix(escape.get(from..to)?, 16).ok();
    let means = |code: Option<u32>| code.and_then(char::from_u32) == Some(letter);
    let plain = match escape.as_bytes().first()? {
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'u' if means(number(1, 5)) => return Some(5),
        // A letter outside the basic plane is written as two halves.
        b'u' => {
            let mut halves = [0; 2];
            let written = letter.encode_utf16(&mut halves);
            let same = written.len() == 2 && number(1, 5) == Some(written[0].into());
            return (same && number(7, 11) == Some(written[1].into())).then_some(11);
        }
        b'U' if means(number(1, 9)) => return Some(9),
        other => char::from(*other),
    };
    (plain == letter).then_some(1)
}

/// Follows a value through the lines of a block text or heredoc, whose indentation may be left out.
fn lines(raw: &str, value: &str, base: u32) -> Option<Vec<u32>> {
    let mut places = Vec::with_capacity(value.len() + 1);
    let mut at = raw.find('\n')? + 1;
    for line in value.split_inclusive('\n') {
        let rest = raw.get(at..)?;
        let written = rest.split_inclusive('\n').next()?;
        let bare = line.trim_end_matches('\n');
        let inset = written.trim_end_matches('\n').strip_suffix(bare)?.len();
        places.extend((0..line.len()).map(|byte| base + (at + inset + byte) as u32));
        at += written.len();
    }
    places.push(places.last().map_or(base, |last| last + 1));
    Some(places)
}

/// The document with its strings kept and its places moved.
fn moved<'d>(document: Document<'_>, text: &'d str, places: &Places) -> Document<'d> {
    let Document { syntax, source, text: value, nodes, items, pairs, mut owned, aliases, root, .. } = document;
    let mut keep = |known: u32, start: u32, end: u32, quoted: bool| {
        if known != NONE {
            return known;
        }
        let inset = u32::from(quoted);
        let inside = value.get((start + inset) as usize..end.saturating_sub(inset) as usize);
        owned.push(inside.unwrap_or("").into());
        owned.len() as u32 - 1
    };
    let mut move_node = |data: Data| {
        let container = matches!(data.shape, Shape::List | Shape::Map | Shape::Code(_));
        let first = if container { data.first } else { keep(data.first, data.start, data.end, data.quoted) };
        let (start, end) = places.span(data.start, data.end);
        Data { first, start, end, ..data }
    };
    let nodes = nodes.into_iter().map(&mut move_node).collect();
    let mut move_pair = |pair: Pair| {
        let key_owned = keep(pair.key_owned, pair.key_start, pair.key_end, pair.key_quoted);
        let (key_start, key_end) = places.span(pair.key_start, pair.key_end);
        Pair { key_owned, key_start, key_end, ..pair }
    };
    let pairs = pairs.into_iter().map(&mut move_pair).collect();
    // What stands inside a string of another text is never edited: its escapes are not known here.
    let shared = vec![(0, u32::MAX)];
    Document { syntax, source, text, nodes, items, pairs, owned, aliases, shared, root }
}
