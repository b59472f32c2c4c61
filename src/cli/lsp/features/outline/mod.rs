//! A text in YAML or JSON as an outline: keys, items and scalars with their places, whatever else is wrong with it.
//!
//! While somebody types, a text is broken most of the time, and a parser then gives nothing. This reads lines by their
//! indentation and brackets as far as they go; it judges nothing. Tests hold that on whole files it says what the parser says.

mod flow;
mod scalar;

pub(super) use scalar::content;

use flow::Flow;
use scalar::{Quote, key_at, plain_end, skip_blank, skip_marks};
use std::ops::Range;

/// A step from a value to what is inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The value at a key.
    Key(String),
    /// An item of a list, from 0.
    Item(usize),
}

/// A key with its value, or an item of a list.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// What it is inside; a document is inside itself.
    pub(super) parent: usize,
    pub(super) step: Step,
    /// The key as written; empty for an item.
    pub(super) key: Range<usize>,
    /// The value as written, when it is a scalar.
    pub(super) value: Option<Range<usize>>,
}

/// What stands at the cursor, or could.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A key of the mapping.
    Key,
    /// The value.
    Value,
    /// A new item of the list.
    Item,
    /// On a line of its own, or after a dash: a key, a value or an item, as the value has to be.
    Start,
}

/// The place of the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// The part whose value it is about: the mapping of a key, the list of an item, the holder of a value.
    pub(super) part: usize,
    pub(super) role: Role,
    /// What is written there; empty where nothing is.
    pub(super) word: Range<usize>,
    /// Whether it stands in brackets.
    pub(super) flow: bool,
}

/// What is open, by its column.
#[derive(Debug)]
struct Level {
    column: usize,
    part: usize,
    item: Option<usize>,
    /// Whether a scalar stands on its line, so that nothing can be inside.
    valued: bool,
}

/// The outline of a text.
#[derive(Debug)]
pub(super) struct Outline<'t> {
    pub(super) text: &'t str,
    pub(super) parts: Vec<Part>,
    /// The place of the cursor; `None` in prose and in comments.
    pub(super) spot: Option<Spot>,
    cursor: usize,
    open: Vec<Level>,
    flow: Vec<Flow>,
    /// The column of the key whose block of text is open.
    literal: Option<isize>,
    quote: Option<Quote>,
    json: bool,
}

impl<'t> Outline<'t> {
    /// Reads a text with the cursor at a byte.
    pub(super) fn read(text: &'t str, cursor: usize) -> Self {
        let json = scalar::begins_in_brackets(text);
        let mut cursor = cursor;
        while cursor < text.len() && !text.is_char_boundary(cursor) {
            cursor -= 1;
        }
        let mut outline = Self {
            text,
            parts: Vec::new(),
            spot: None,
            cursor,
            open: Vec::new(),
            flow: Vec::new(),
            literal: None,
            quote: None,
            json,
        };
        outline.document();
        let mut start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        for line in text[start..].split('\n') {
            let end = start + line.strip_suffix('\r').unwrap_or(line).len();
            outline.line(start..end);
            start += line.len() + 1;
        }
        outline
    }

    /// Whether the text is in brackets as a whole.
    pub(super) fn is_json(&self) -> bool {
        self.json
    }

    /// The steps to a part from its document.
    pub(super) fn path(&self, part: usize) -> Vec<Step> {
        let mut path = Vec::new();
        let mut at = part;
        while let Some(found) = self.parts.get(at).filter(|found| found.parent != at) {
            path.push(found.step.clone());
            at = found.parent;
        }
        path.reverse();
        path
    }

    /// What is directly inside a part.
    pub(super) fn inside(&self, part: usize) -> impl Iterator<Item = (usize, &Part)> {
        self.parts.iter().enumerate().filter(move |(at, found)| found.parent == part && *at != part)
    }

    /// The value of the key inside a part.
    pub(super) fn value_at(&self, part: usize, key: &str) -> Option<&'t str> {
        let (_, found) = self.inside(part).find(|(_, found)| found.step == Step::Key(key.to_owned()))?;
        Some(content(self.text.get(found.value.clone()?)?))
    }

    fn document(&mut self) {
        let number = self.parts.iter().enumerate().filter(|(at, part)| part.parent == *at).count();
        self.parts.push(Part { parent: self.parts.len(), step: Step::Item(number), key: 0..0, value: None });
        let part = self.parts.len() - 1;
        self.open = vec![Level { column: 0, part, item: None, valued: false }];
        self.flow.clear();
    }

    fn add(&mut self, parent: usize, step: Step, key: Range<usize>) -> usize {
        self.parts.push(Part { parent, step, key, value: None });
        self.parts.len() - 1
    }

    fn see(&mut self, part: usize, role: Role, word: Range<usize>) {
        let flow = !self.flow.is_empty();
        self.spot.get_or_insert(Spot { part, role, word, flow });
    }

    fn at_cursor(&self, range: &Range<usize>) -> bool {
        range.start <= self.cursor && self.cursor <= range.end
    }

    fn line(&mut self, line: Range<usize>) {
        let text = self.text.get(line.clone()).unwrap_or("");
        let indent = text.len() - text.trim_start().len();
        let blank = indent == text.len();
        if let Some(column) = self.literal {
            if blank || indent as isize > column {
                return self.literal_line(line);
            }
            self.literal = None;
        }
        if let Some(quote) = self.quote.take().filter(|quote| blank || indent as isize > quote.column) {
            return self.quoted_line(quote, line);
        }
        if !self.flow.is_empty() {
            if !self.leaves_brackets(text, indent) {
                return self.flow_line(line.start, line.end);
            }
            self.flow.clear();
        }
        match text.trim_start() {
            "" => self.blank_line(line),
            comment if comment.starts_with(['#', '%']) || (self.json && comment.starts_with('/')) => {}
            start if text.starts_with("---") && start[3..].chars().next().is_none_or(char::is_whitespace) => {
                self.document();
                self.block(line.start, skip_blank(self.text, line.start + 3, line.end), line.end);
            }
            _ if text.trim_end() == "..." => {}
            _ => self.block(line.start, line.start + indent, line.end),
        }
    }

    /// Whether a line cannot be inside the brackets that are open: it is not indented enough, and reads like a key or item.
    fn leaves_brackets(&self, text: &str, indent: usize) -> bool {
        let Some(column) = self.flow.first().and_then(|flow| flow.column) else { return false };
        let rest = text.get(indent..).unwrap_or("");
        let item = rest.starts_with("- ") || rest == "-";
        indent <= column && (item || key_at(text, indent, text.len()).is_some())
    }

    fn blank_line(&mut self, line: Range<usize>) {
        if !self.at_cursor(&line) {
            return;
        }
        let column = self.cursor - line.start;
        let Some(level) = self.parent_of(column) else { return };
        if !level.valued {
            self.see(level.part, Role::Start, self.cursor..self.cursor);
        }
    }

    /// What a key or word at a column is inside of.
    fn parent_of(&self, column: usize) -> Option<&Level> {
        let (document, open) = self.open.split_first()?;
        open.iter().rev().find(|level| level.column < column).or(Some(document))
    }

    fn close(&mut self, done: impl Fn(&Level) -> bool) {
        while self.open.len() > 1 && self.open.last().is_some_and(&done) {
            self.open.pop();
        }
    }

    fn innermost(&self) -> usize {
        self.open.last().map_or(0, |level| level.part)
    }

    fn block(&mut self, line: usize, mut at: usize, end: usize) {
        let bytes = self.text.as_bytes();
        while at < end && bytes[at] == b'-' && (at + 1 == end || matches!(bytes[at + 1], b' ' | b'\t')) {
            self.item(at - line);
            at = skip_blank(self.text, at + 1, end);
            if at == end || bytes[at] == b'#' {
                let part = self.innermost();
                if self.cursor > line && self.cursor <= at && self.cursor > self.parts[part].key.start.max(line) {
                    self.see_after_dash(part, line, at);
                }
                return;
            }
        }
        at = skip_marks(self.text, at, end);
        let column = at - line;
        if let Some((key, after)) = key_at(self.text, at, end) {
            self.close(|level| level.column >= column);
            let parent = self.innermost();
            let part = self.add(parent, Step::Key(content(&self.text[key.clone()]).to_owned()), key.clone());
            self.open.push(Level { column, part, item: None, valued: false });
            if self.at_cursor(&key) {
                self.see(parent, Role::Key, key);
            }
            return self.value(part, after, end, column as isize);
        }
        self.bare(at, end, column);
    }

    fn see_after_dash(&mut self, part: usize, line: usize, end: usize) {
        let before = self.text.get(line..self.cursor).unwrap_or("");
        if before.ends_with(char::is_whitespace) || before.ends_with('-') {
            self.see(part, Role::Start, self.cursor.min(end)..self.cursor.min(end));
        }
    }

    fn item(&mut self, column: usize) {
        self.close(|level| level.column > column);
        let before = self.open.last().filter(|level| level.column == column).and_then(|level| level.item);
        if before.is_some() {
            self.open.pop();
        }
        let index = before.map_or(0, |index| index + 1);
        let parent = self.innermost();
        let part = self.add(parent, Step::Item(index), 0..0);
        self.open.push(Level { column, part, item: Some(index), valued: false });
    }

    /// Something that is no key: an item, a value on a line of its own, or a key in the making.
    fn bare(&mut self, at: usize, end: usize, column: usize) {
        let Some(level) = self.parent_of(column) else { return };
        let (part, valued, own) = (level.part, level.valued, level.column as isize);
        // What is first inside a part follows it.
        let begun = self.parts.get(part + 1).is_some_and(|next| next.parent == part);
        if valued || begun {
            // A further line of a scalar, or a key without its colon.
            let word = at..plain_end(self.text, at, end);
            if !valued && self.at_cursor(&word) {
                self.see(part, Role::Key, word);
            } else if let Some(value) = self.parts.get_mut(part).filter(|_| valued).and_then(|part| part.value.as_mut())
            {
                value.end = word.end;
            }
            return;
        }
        let root = self.open.len() == 1 && self.parts[part].parent == part;
        let own = if root { -1 } else { own };
        let plain = !self.text[at..end].starts_with(['{', '[', '"', '\'', '|', '>']);
        let word = at..plain_end(self.text, at, end);
        if plain && self.at_cursor(&word) {
            self.see(part, Role::Start, word);
        }
        self.value(part, at, end, own);
    }

    /// The value of a part from `at` on; `column` is that of its key or dash.
    fn value(&mut self, part: usize, after: usize, end: usize, column: isize) {
        let at = skip_marks(self.text, skip_blank(self.text, after, end), end);
        let Some(first) = self.text.as_bytes().get(at).filter(|_| at < end) else {
            return self.no_value(part, after..end);
        };
        match first {
            b'#' if self.text[..at].ends_with([' ', '\t']) => self.no_value(part, after..at),
            b'|' | b'>' => {
                self.literal = Some(column);
                self.parts[part].value = Some(end..end);
            }
            b'{' | b'[' => {
                self.flow.push(Flow::new(*first == b'[', part, usize::try_from(column).ok()));
                self.flow_line(at + 1, end);
                self.valued(part);
            }
            b'"' | b'\'' => self.quoted(part, at, end, column),
            _ => {
                let word = at..plain_end(self.text, at, end);
                self.scalar(part, word);
            }
        }
    }

    fn valued(&mut self, part: usize) {
        if let Some(level) = self.open.iter_mut().find(|level| level.part == part) {
            level.valued = true;
        }
    }

    fn no_value(&mut self, part: usize, gap: Range<usize>) {
        if self.at_cursor(&gap) {
            self.see(part, Role::Value, self.cursor..self.cursor);
        }
    }

    fn scalar(&mut self, part: usize, word: Range<usize>) {
        if self.at_cursor(&word) {
            self.see(part, Role::Value, word.clone());
        }
        self.parts[part].value = Some(word);
        self.valued(part);
    }

    fn literal_line(&mut self, line: Range<usize>) {
        let Some(part) = self.open.last().map(|level| level.part) else { return };
        let blank = self.text[line.clone()].trim().is_empty();
        let Some(value) = self.parts[part].value.as_mut() else { return };
        if value.start >= value.end && !blank {
            value.start = line.start;
        }
        if !blank {
            value.end = line.end;
        }
        let value = value.clone();
        if self.at_cursor(&line) && !blank {
            self.see(part, Role::Value, value);
        }
    }
}
