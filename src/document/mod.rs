//! The spanned tree: what a text says, with the place of every key and value.
//!
//! One arena per document. Strings stay in the text and are read through spans; only what a parser had to
//! rewrite (escapes, folded lines) is stored. Aliases share nodes, so an alias costs one reference.

mod build;
mod csv;
mod edit;
mod embedded;
mod hcl;
mod holes;
mod html;
mod javascript;
mod json;
mod jsonc;
mod lines;
mod merge;
mod parse;
mod parsed;
mod scalar;
#[cfg(test)]
mod tests;
mod validate;
mod yaml;

pub use build::{MAX_DEPTH, MAX_EXPANDED};
pub use edit::{Writing, append, insert, remove, remove_comment, rename, rewrite, scalar_at};
pub use parse::parse;
pub use parsed::{Comment, Parsed, Syntax};
pub use validate::{Schema, SchemaIssue, check_schema_node};

use crate::source::{SourceId, Span};

const NONE: u32 = u32::MAX;

/// What a node is; scalars as YAML 1.2 core and JSON see them (`yes` is a string).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `null`, `~`, or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number without fraction and exponent.
    Integer,
    /// Any other number.
    Float,
    /// A string; see [`Node::is_quoted`].
    Text,
    /// A sequence.
    List,
    /// A mapping.
    Map,
    /// Something computed, in a syntax that has expressions: its value cannot be read, only what it is made of.
    Code(Code),
}

/// What a computed value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// A name or a path of names (`exports.inEU`) that leads to no literal in the file.
    Name,
    /// A call; its parts are the arguments, after the call that gave what is called if there is one (`f(a)(b)`), and
    /// [`Node::code`] begins with what is called.
    Call,
    /// A function; its part is the value it returns, when it returns one and does nothing else.
    Function,
    /// A text with holes; its parts are what fills them.
    Template,
    /// `...x` in an object or a list; its part is `x`.
    Spread,
    /// A choice between values (`a ? b : c`, `a || b`); its parts are the values.
    Choice,
    /// Anything else.
    Other,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Data {
    pub(super) shape: Shape,
    pub(super) quoted: bool,
    /// Scalars: index into `owned`, or NONE. Containers: first item or entry.
    pub(super) first: u32,
    /// Containers: how many items or entries.
    pub(super) count: u32,
    pub(super) start: u32,
    pub(super) end: u32,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) node: u32,
    /// Index into `aliases` when the value is written as an alias or came through a merge key.
    pub(super) alias: u32,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub(super) key_start: u32,
    pub(super) key_end: u32,
    /// Index into `owned`, or NONE when the key is the text under the span (quotes excluded).
    pub(super) key_owned: u32,
    pub(super) key_quoted: bool,
    pub(super) value: Link,
}

/// One document of a text.
#[derive(Debug)]
pub struct Document<'t> {
    pub(super) syntax: Syntax,
    pub(super) source: SourceId,
    pub(super) text: &'t str,
    pub(super) nodes: Vec<Data>,
    pub(super) items: Vec<Link>,
    pub(super) pairs: Vec<Pair>,
    pub(super) owned: Vec<Box<str>>,
    pub(super) aliases: Vec<(u32, u32)>,
    /// Bytes of what aliases and merge keys bring to other places.
    pub(super) shared: Vec<(u32, u32)>,
    pub(super) root: u32,
}

impl<'t> Document<'t> {
    /// The outermost node.
    pub fn root(&self) -> Node<'_> {
        Node { document: self, link: Link { node: self.root, alias: NONE } }
    }

    /// The syntax it is written in.
    pub fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// The text the document was read from.
    pub fn source(&self) -> SourceId {
        self.source
    }

    /// How many nodes the arena holds.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether the arena holds no node; a parsed document always has a root.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    fn string(&self, owned: u32, start: u32, end: u32, quoted: bool) -> &str {
        if owned != NONE {
            return self.owned.get(owned as usize).map_or("", |text| text);
        }
        let inset = u32::from(quoted);
        self.text.get((start + inset) as usize..(end.saturating_sub(inset)) as usize).unwrap_or("")
    }
}

/// A value in a document. Copies freely.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    document: &'d Document<'d>,
    link: Link,
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:?} at {}..{}", self.shape(), self.data().start, self.data().end)
    }
}

impl<'d> Node<'d> {
    fn data(self) -> &'d Data {
        &self.document.nodes[self.link.node as usize]
    }

    /// What it is.
    pub fn shape(self) -> Shape {
        self.data().shape
    }

    /// Where the value is written: for what came through an alias, the place of the anchor.
    pub fn span(self) -> Span {
        let data = self.data();
        Span { source: self.document.source, start: data.start, end: data.end }
    }

    /// Where the alias or merge key stands that brought the value here.
    pub fn alias(self) -> Option<Span> {
        let (start, end) = self.document.aliases.get(self.link.alias as usize).copied()?;
        Some(Span { source: self.document.source, start, end })
    }

    /// Whether a scalar is written in quotes or as a block scalar.
    pub fn is_quoted(self) -> bool {
        self.data().quoted
    }

    /// What a computed value is; `None` for one that can be read.
    pub fn computed(self) -> Option<Code> {
        if let Shape::Code(code) = self.shape() { Some(code) } else { None }
    }

    /// The value as it is written in the file.
    pub fn code(self) -> &'d str {
        let data = self.data();
        self.document.text.get(data.start as usize..data.end as usize).unwrap_or("")
    }

    /// What a computed value is made of, see [`Code`]; none for anything else.
    pub fn parts(self) -> impl ExactSizeIterator<Item = Node<'d>> + DoubleEndedIterator {
        let data = self.data();
        let computed = matches!(data.shape, Shape::Code(_));
        let range = if computed { data.first as usize..(data.first + data.count) as usize } else { 0..0 };
        let document = self.document;
        document.items[range].iter().map(move |link| Node { document, link: *link })
    }

    /// The characters of a scalar: the string itself, or a number, boolean or null as written. `None` for containers
    /// and for what is computed.
    pub fn scalar(self) -> Option<&'d str> {
        let data = self.data();
        match data.shape {
            Shape::List | Shape::Map | Shape::Code(_) => None,
            _ => Some(self.document.string(data.first, data.start, data.end, data.quoted)),
        }
    }

    /// The string, when the value is one.
    pub fn text(self) -> Option<&'d str> {
        if self.shape() == Shape::Text { self.scalar() } else { None }
    }

    /// Whether the value is a string that something else still has to fill in (`{{ … }}`, `${…}`, `<your-key>`): then it
    /// is not known here.
    pub fn has_hole(self) -> bool {
        self.text().is_some_and(holes::in_string)
    }

    /// The boolean, when the value is one.
    pub fn boolean(self) -> Option<bool> {
        if let Shape::Bool(value) = self.shape() { Some(value) } else { None }
    }

    /// The number, when the value is a whole one that fits.
    pub fn integer(self) -> Option<i64> {
        match self.shape() {
            Shape::Integer => self.scalar()?.parse().ok(),
            // `30.0` is a whole number to JSON Schema, so it is one here.
            Shape::Float => {
                self.scalar()?.parse().ok().filter(|n: &f64| n.fract() == 0.0 && n.abs() < 1e15).map(|n| n as i64)
            }
            _ => None,
        }
    }

    /// Whether the value is null or absent.
    pub fn is_null(self) -> bool {
        self.shape() == Shape::Null
    }

    /// How many items or entries; 0 for scalars.
    pub fn count(self) -> usize {
        match self.shape() {
            Shape::List | Shape::Map => self.data().count as usize,
            _ => 0,
        }
    }

    /// The values of a sequence, in order; none for anything else.
    pub fn items(self) -> impl ExactSizeIterator<Item = Node<'d>> + DoubleEndedIterator {
        let data = self.data();
        let range =
            if data.shape == Shape::List { data.first as usize..(data.first + data.count) as usize } else { 0..0 };
        let document = self.document;
        document.items[range].iter().map(move |link| Node { document, link: *link })
    }

    /// The entries of a mapping, in order; none for anything else.
    pub fn entries(self) -> impl ExactSizeIterator<Item = Entry<'d>> + DoubleEndedIterator {
        let data = self.data();
        let range =
            if data.shape == Shape::Map { data.first as usize..(data.first + data.count) as usize } else { 0..0 };
        let document = self.document;
        document.pairs[range].iter().map(move |pair| Entry { document, pair })
    }

    /// The entry of a mapping with this key.
    pub fn entry(self, key: &str) -> Option<Entry<'d>> {
        self.entries().find(|entry| entry.key() == key)
    }

    /// The value of a mapping at this key.
    pub fn get(self, key: &str) -> Option<Node<'d>> {
        self.entry(key).map(Entry::value)
    }

    /// The value under a path of keys.
    pub fn at(self, path: &[&str]) -> Option<Node<'d>> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }
}

/// A key and its value.
#[derive(Clone, Copy)]
pub struct Entry<'d> {
    document: &'d Document<'d>,
    pair: &'d Pair,
}

impl<'d> Entry<'d> {
    /// The key's characters.
    pub fn key(self) -> &'d str {
        let pair = self.pair;
        self.document.string(pair.key_owned, pair.key_start, pair.key_end, pair.key_quoted)
    }

    /// Where the key is written.
    pub fn key_span(self) -> Span {
        Span { source: self.document.source, start: self.pair.key_start, end: self.pair.key_end }
    }

    /// The value.
    pub fn value(self) -> Node<'d> {
        Node { document: self.document, link: self.pair.value }
    }
}
