//! Edits of a text at the places of its tree: comments, order and style stay, and what a value says elsewhere too.
//!
//! A place gets no edit when its syntax is none of YAML and JSON, or when an alias or a merge key brings it to other
//! places, which would change along.

mod lines;
mod write;

pub use write::Writing;

use super::{Document, Entry, Node, Shape, Syntax};
use crate::finding::Edit;
use crate::source::Span;
use lines::{Lines, Neighbours};
use write::{Style, written};

impl<'d> Node<'d> {
    /// Whether the bytes of this node are this node's alone, in a syntax that is edited.
    fn is_own(self) -> bool {
        let data = self.data();
        self.alias().is_none() && self.is_own_place(data.start, data.end)
    }

    fn is_own_place(self, start: u32, end: u32) -> bool {
        let document = self.document;
        let edited = matches!(document.syntax, Syntax::Yaml | Syntax::Json);
        edited && !document.shared.iter().any(|(from, to)| *from <= start && end <= *to)
    }

    fn lines(self) -> Lines<'d> {
        Lines { text: self.document.text }
    }

    fn edit(self, start: usize, end: usize, text: impl Into<String>) -> Edit {
        Edit { span: Span::new(self.document.source, start, end), text: text.into() }
    }

    /// Whether a container is written with brackets.
    fn is_flow(self) -> bool {
        match self.shape() {
            // A list that is not indented begins, to the parser, at its first item.
            Shape::List => self.code().starts_with('[') && !self.items().next().is_some_and(Self::has_dash),
            _ => self.code().starts_with('{'),
        }
    }

    /// Whether a dash begins this item.
    fn has_dash(self) -> bool {
        self.lines().dash_before(self.first()).is_some()
    }

    /// The first byte that is written of this node.
    fn first(self) -> usize {
        self.alias().map_or(self.data().start, |alias| alias.start) as usize
    }

    fn style(self, within_brackets: bool) -> Style {
        Style { json: self.document.syntax == Syntax::Json, flow: within_brackets, quote: None }
    }

    /// The entries that are written in this mapping itself.
    fn own_entries(self) -> impl Iterator<Item = Entry<'d>> {
        let data = self.data();
        self.entries().filter(move |entry| data.start <= entry.pair.key_start && entry.pair.key_end <= data.end)
    }

    /// One past the last byte that is written of this node; `None` when nothing is.
    fn last(self) -> Option<usize> {
        if let Some(alias) = self.alias() {
            return Some(alias.end as usize);
        }
        let data = self.data();
        match self.shape() {
            Shape::List if !self.is_flow() => self.items().filter_map(Node::last).max(),
            Shape::Map if !self.is_flow() => {
                let end = |entry: Entry<'d>| entry.value().last().max(Some(entry.pair.key_end as usize));
                self.own_entries().filter_map(end).max()
            }
            _ => (data.end > data.start).then_some(data.end as usize),
        }
    }

    /// Whether the last line that is written of this node belongs to a block scalar, whose end its indentation tells.
    fn ends_in_block_scalar(self) -> bool {
        match self.shape() {
            _ if self.alias().is_some() => false,
            Shape::List => self.items().next_back().is_some_and(Self::ends_in_block_scalar),
            Shape::Map => self.own_entries().last().is_some_and(|entry| entry.value().ends_in_block_scalar()),
            Shape::Text => self.is_quoted() && !self.code().starts_with(['"', '\'']),
            _ => false,
        }
    }
}

/// Another value in the place of a scalar, in the quotes that stand there.
pub fn rewrite(node: Node<'_>, value: &Writing<'_>) -> Option<Edit> {
    let data = node.data();
    let scalar = node.scalar().is_some() && !node.ends_in_block_scalar() && !node.code().contains('\n');
    if !scalar || !node.is_own() || data.start == data.end {
        return None;
    }
    // Whether brackets are around is not known here; what is right within them is right without.
    let style = Style { quote: quote(node.code()), ..node.style(true) };
    Some(node.edit(data.start as usize, data.end as usize, written(value, style)))
}

/// Another key of an entry, in the quotes that stand there; none where the mapping has that key.
pub fn rename(mapping: Node<'_>, entry: Entry<'_>, key: &str) -> Option<Edit> {
    let (start, end) = (entry.pair.key_start, entry.pair.key_end);
    let code = mapping.document.text.get(start as usize..end as usize)?;
    let plain = code.starts_with(['"', '\'']) || code == entry.key();
    if !plain || mapping.get(key).is_some() || !mapping.is_own_place(start, end) {
        return None;
    }
    let style = Style { quote: quote(code), ..mapping.style(true) };
    Some(mapping.edit(start as usize, end as usize, written(&Writing::Text(key), style)))
}

/// One more text at the end of the list at `entry`, which may be empty.
pub fn append(mapping: Node<'_>, entry: Entry<'_>, text: &str) -> Option<Vec<Edit>> {
    let list = entry.value();
    if list.is_null() {
        return fill(mapping, entry, &Writing::List(&[text]));
    }
    if list.shape() != Shape::List || !list.is_own() {
        return None;
    }
    let last = list.items().next_back();
    let quote = list.items().rev().find(|item| item.text().is_some()).and_then(|item| quote(item.code()));
    let style = Style { quote, ..list.style(list.is_flow()) };
    let text = written(&Writing::Text(text), style);
    let Some(last) = last else { return within_empty(list, &text) };
    let end = last.last()?;
    if list.is_flow() {
        return after_flow(list, last.first(), end, &text);
    }
    if list.ends_in_block_scalar() {
        return None;
    }
    let lines = list.lines();
    let dash = lines.dash_before(last.first())?;
    let (line, indent) = (lines.end(end), lines.indent(dash)?);
    Some(vec![list.edit(line, line, format!("{}{indent}- {text}", lines.ending(end)))])
}

/// One more entry at the end of a mapping; `comment` is put behind it where there is room for one.
pub fn insert(mapping: Node<'_>, key: &str, value: &Writing<'_>, comment: &str) -> Option<Vec<Edit>> {
    if mapping.shape() != Shape::Map || !mapping.is_own() || mapping.get(key).is_some() {
        return None;
    }
    let flow = mapping.is_flow();
    let last = mapping.own_entries().last();
    let quoted = last.and_then(|entry| quote(mapping.document.text.get(entry.pair.key_start as usize..)?));
    let style = mapping.style(true);
    let key = written(&Writing::Text(key), Style { quote: quoted, ..style });
    let text = format!("{key}: {}", written(value, style));
    let Some(last) = last else { return within_empty(mapping, &text) };
    if flow {
        let end = last.value().last().max(Some(last.pair.key_end as usize))?;
        return after_flow(mapping, last.pair.key_start as usize, end, &text);
    }
    if mapping.ends_in_block_scalar() {
        return None;
    }
    let lines = mapping.lines();
    let first = mapping.own_entries().next()?.pair.key_start as usize;
    let end = mapping.last()?;
    let (line, indent) = (lines.end(end), lines.column(first));
    let comment = if comment.is_empty() { String::new() } else { format!("  # {comment}") };
    Some(vec![mapping.edit(line, line, format!("{}{indent}{text}{comment}", lines.ending(end)))])
}

/// A value for a key that has none.
fn fill(mapping: Node<'_>, entry: Entry<'_>, value: &Writing<'_>) -> Option<Vec<Edit>> {
    let (node, key_end) = (entry.value(), entry.pair.key_end as usize);
    if !node.is_own() || !mapping.is_own_place(entry.pair.key_start, entry.pair.key_end) {
        return None;
    }
    let text = written(value, mapping.style(true));
    let data = node.data();
    if data.end > data.start {
        return Some(vec![mapping.edit(data.start as usize, data.end as usize, text)]);
    }
    let colon = mapping.lines().colon(key_end)?;
    Some(vec![mapping.edit(colon, colon, format!(" {text}"))])
}

/// What comes between brackets that hold nothing.
fn within_empty(node: Node<'_>, text: &str) -> Option<Vec<Edit>> {
    let data = node.data();
    let inside = node.code().get(1..node.code().len().checked_sub(1)?)?;
    let empty = node.is_flow() && inside.chars().all(|c| matches!(c, ' ' | '\t'));
    empty.then(|| vec![node.edit(data.start as usize + 1, data.end as usize - 1, text)])
}

/// What comes after the last child between brackets; it begins at `start` and ends at `end`.
fn after_flow(node: Node<'_>, start: usize, end: usize, text: &str) -> Option<Vec<Edit>> {
    let lines = node.lines();
    let close = (node.data().end as usize).checked_sub(1)?;
    let comma = lines.comma(end);
    let alone = lines.is_first(start) && lines.end(end) < close;
    if !alone {
        let space = if node.document.syntax == Syntax::Json && !lines.is_spaced(node.code()) { "" } else { " " };
        return Some(vec![node.edit(end, end, format!(",{space}{text}"))]);
    }
    let (line, indent, ending) = (lines.end(end), lines.column(start), lines.ending(end));
    match comma {
        // The comma stays the last character of the list.
        Some(_) => Some(vec![node.edit(line, line, format!("{ending}{indent}{text},"))]),
        None if line == end => Some(vec![node.edit(end, end, format!(",{ending}{indent}{text}"))]),
        None => Some(vec![node.edit(end, end, ","), node.edit(line, line, format!("{ending}{indent}{text}"))]),
    }
}

/// The list at `entry` without one of its items and the comments above it; `[]` stays where it was the only one.
pub fn remove(mapping: Node<'_>, entry: Entry<'_>, index: usize) -> Option<Vec<Edit>> {
    let list = entry.value();
    let item = list.items().nth(index)?;
    if list.shape() != Shape::List || !list.is_own() || item.alias().is_some() {
        return None;
    }
    if list.is_flow() {
        return remove_between(list, index);
    }
    let lines = list.lines();
    let place = match list.count() {
        1 => Neighbours::None,
        all if index + 1 == all => Neighbours::Above,
        _ => Neighbours::Below,
    };
    let range = lines.block_item(item.data().start as usize, item.last()?, place)?;
    let mut edits = vec![list.edit(range.start, range.end, "")];
    if list.count() == 1 {
        let colon = lines.colon(entry.pair.key_end as usize).filter(|_| mapping.is_own())?;
        edits.insert(0, list.edit(colon, colon, " []"));
    }
    Some(edits)
}

/// The same between brackets.
fn remove_between(list: Node<'_>, index: usize) -> Option<Vec<Edit>> {
    let place = |node: Node<'_>| Some((node.first(), node.last()?));
    let (start, end) = place(list.items().nth(index)?)?;
    let (from, to) = match (index.checked_sub(1), list.items().nth(index + 1)) {
        (_, Some(next)) => (start, place(next)?.0),
        (Some(before), None) => (place(list.items().nth(before)?)?.1, end),
        (None, None) => (start, list.lines().comma(end).unwrap_or(end)),
    };
    let between = [list.document.text.get(from..start), list.document.text.get(end..to)];
    let bare = between.into_iter().flatten().all(|text| text.chars().all(|c| c == ',' || c.is_whitespace()));
    bare.then(|| vec![list.edit(from, to, "")])
}

/// The text without a comment that ends its line, and without the line if nothing else stands there.
pub fn remove_comment(text: &str, comment: Span) -> Option<Edit> {
    let lines = Lines { text };
    let (start, end) = (comment.start as usize, comment.end as usize);
    let line = lines.end(end);
    let single = text.get(start..end).is_some_and(|comment| !comment.is_empty() && !comment.contains('\n'));
    if !single || !text.get(end..line)?.trim().is_empty() {
        return None;
    }
    let span = |start: usize, end: usize| Span::new(comment.source, start, end);
    if lines.is_first(start) {
        let (from, to) = (lines.start(start), lines.next(end));
        return Some(Edit { span: span(from, to), text: String::new() });
    }
    let before = text.get(..start)?.trim_end_matches([' ', '\t']).len();
    Some(Edit { span: span(before, line), text: String::new() })
}

/// The scalar that is written at `span` in a document.
pub fn scalar_at<'d>(document: &'d Document<'_>, span: Span) -> Option<Node<'d>> {
    let mut open = vec![document.root()];
    while let Some(node) = open.pop() {
        if node.scalar().is_some() && node.span() == span {
            return Some(node);
        }
        let below = node.items().chain(node.entries().map(Entry::value));
        open.extend(below.filter(|node| node.alias().is_none()));
    }
    None
}

fn quote(code: &str) -> Option<char> {
    code.chars().next().filter(|first| matches!(first, '"' | '\''))
}
