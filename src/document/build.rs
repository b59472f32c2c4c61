//! Puts a document together from what a parser reports, bottom up, within budgets.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{Code, Data, Document, Link, NONE, Pair, Shape, Syntax};
use crate::finding::{Problem, Stage};
use crate::source::{SourceId, Span};

/// Deepest nesting of containers, aliases expanded.
pub const MAX_DEPTH: usize = 128;
/// Most nodes a document may have when all aliases are expanded beyond those written.
pub const MAX_EXPANDED: u64 = 1_000_000;

/// Up to this many keys are compared pairwise; a hash table pays only above.
const FEW_KEYS: usize = 8;

/// A finished node and what it weighs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Built {
    pub(super) link: Link,
    /// Nodes in the expanded subtree.
    pub(super) weight: u64,
    /// Levels of containers in the expanded subtree.
    pub(super) depth: usize,
}

/// A finished key; its value follows.
#[derive(Clone, Copy, Debug)]
pub(super) struct BuiltKey {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) owned: u32,
    pub(super) quoted: bool,
}

/// The arena while it grows.
#[derive(Debug)]
pub(super) struct Builder<'t> {
    document: Document<'t>,
}

impl<'t> Builder<'t> {
    /// An empty arena for a document of `text`.
    pub(super) fn new(syntax: Syntax, source: SourceId, text: &'t str) -> Self {
        let (nodes, items, pairs) = (Vec::new(), Vec::new(), Vec::new());
        let document = Document {
            syntax,
            source,
            text,
            nodes,
            items,
            pairs,
            owned: Vec::new(),
            aliases: Vec::new(),
            shared: Vec::new(),
            root: NONE,
        };
        Self { document }
    }

    fn own(&mut self, value: Option<&str>) -> u32 {
        let Some(value) = value else { return NONE };
        self.document.owned.push(value.into());
        self.document.owned.len() as u32 - 1
    }

    fn push(&mut self, data: Data) -> Link {
        self.document.nodes.push(data);
        Link { node: self.document.nodes.len() as u32 - 1, alias: NONE }
    }

    /// A scalar at bytes `start..end` (quotes included). `rewritten` is its value where that differs from the text
    /// under the span (quotes excluded).
    pub(super) fn scalar(
        &mut self,
        shape: Shape,
        quoted: bool,
        start: usize,
        end: usize,
        rewritten: Option<&str>,
    ) -> Built {
        let first = self.own(rewritten);
        let link = self.push(Data { shape, quoted, first, count: 0, start: start as u32, end: end as u32 });
        Built { link, weight: 1, depth: 0 }
    }

    /// A key at bytes `start..end`; `rewritten` as for [`Builder::scalar`].
    pub(super) fn key(&mut self, quoted: bool, start: usize, end: usize, rewritten: Option<&str>) -> BuiltKey {
        BuiltKey { start: start as u32, end: end as u32, owned: self.own(rewritten), quoted }
    }

    /// The characters of a key.
    pub(super) fn key_text(&self, key: BuiltKey) -> &str {
        self.document.string(key.owned, key.start, key.end, key.quoted)
    }

    /// The characters of a finished scalar; `None` for containers.
    pub(super) fn scalar_text(&self, node: Built) -> Option<&str> {
        let data = self.document.nodes.get(node.link.node as usize)?;
        match data.shape {
            Shape::List | Shape::Map | Shape::Code(_) => None,
            _ => Some(self.document.string(data.first, data.start, data.end, data.quoted)),
        }
    }

    /// The characters of a finished string; `None` for anything else.
    pub(super) fn text_value(&self, node: Built) -> Option<&str> {
        let data = self.document.nodes.get(node.link.node as usize)?;
        if data.shape == Shape::Text { self.scalar_text(node) } else { None }
    }

    /// The part of something computed that has only one.
    pub(super) fn only_part(&self, node: Built) -> Option<Built> {
        let data = self.document.nodes.get(node.link.node as usize)?;
        let link = self.document.items.get(data.first as usize).filter(|_| data.count == 1)?;
        matches!(data.shape, Shape::Code(_)).then_some(Built { link: *link, ..node })
    }

    /// Removes every entry from `from` on whose key came before, and reports it with both places.
    pub(super) fn drop_repeated(&self, entries: &mut Vec<(BuiltKey, Built)>, from: usize, problems: &mut Vec<Problem>) {
        let repeated = self.repeated(entries.get(from..).unwrap_or_default());
        if repeated.is_empty() {
            return;
        }
        let place = |key: BuiltKey| Span { source: self.document.source, start: key.start, end: key.end };
        problems.extend(repeated.iter().map(|(_, first, second)| {
            let message = format!("the key `{}` is written twice in one mapping", self.key_text(*second));
            Problem::at(Stage::Parse, place(*second), message)
                .help("remove or rename one of the two; the first one is used here")
                .also(place(*first), "first written here")
        }));
        let tail = entries.split_off(from);
        let kept = |index: &usize| repeated.binary_search_by_key(index, |(second, ..)| *second).is_err();
        entries.extend(tail.into_iter().enumerate().filter(|(index, _)| kept(index)).map(|(_, entry)| entry));
    }

    /// Index of each repeated entry, with the first and the repeated key.
    fn repeated(&self, entries: &[(BuiltKey, Built)]) -> Vec<(usize, BuiltKey, BuiltKey)> {
        if entries.len() <= FEW_KEYS {
            let earlier = |index: usize, key: BuiltKey| {
                let same = |first: &&(BuiltKey, Built)| self.key_text(first.0) == self.key_text(key);
                entries.iter().take(index).find(same).map(|first| (index, first.0, key))
            };
            return entries.iter().enumerate().filter_map(|(index, entry)| earlier(index, entry.0)).collect();
        }
        let mut seen = HashMap::with_capacity(entries.len());
        let mut repeated = Vec::new();
        for (index, (key, _)) in entries.iter().enumerate() {
            match seen.entry(self.key_text(*key)) {
                Entry::Occupied(first) => repeated.push((index, *first.get(), *key)),
                Entry::Vacant(free) => _ = free.insert(*key),
            }
        }
        repeated
    }

    /// A sequence of finished items.
    pub(super) fn list(&mut self, items: &[Built], start: usize, end: usize) -> Built {
        let first = self.document.items.len() as u32;
        self.document.items.extend(items.iter().map(|item| item.link));
        let count = items.len() as u32;
        let link =
            self.push(Data { shape: Shape::List, quoted: false, first, count, start: start as u32, end: end as u32 });
        weigh(link, items.iter())
    }

    /// Something computed, and what it is made of.
    pub(super) fn code(&mut self, code: Code, parts: &[Built], start: usize, end: usize) -> Built {
        let first = self.document.items.len() as u32;
        self.document.items.extend(parts.iter().map(|part| part.link));
        let (shape, count) = (Shape::Code(code), parts.len() as u32);
        let link = self.push(Data { shape, quoted: false, first, count, start: start as u32, end: end as u32 });
        weigh(link, parts.iter())
    }

    /// A mapping of finished entries.
    pub(super) fn map(&mut self, entries: &[(BuiltKey, Built)], start: usize, end: usize) -> Built {
        let first = self.document.pairs.len() as u32;
        self.document.pairs.extend(entries.iter().map(|(key, value)| Pair {
            key_start: key.start,
            key_end: key.end,
            key_owned: key.owned,
            key_quoted: key.quoted,
            value: value.link,
        }));
        let count = entries.len() as u32;
        let link =
            self.push(Data { shape: Shape::Map, quoted: false, first, count, start: start as u32, end: end as u32 });
        weigh(link, entries.iter().map(|(_, value)| value))
    }

    /// The same node once more, written as an alias (or brought by a merge key) at bytes `start..end`.
    pub(super) fn alias(&mut self, target: Built, start: usize, end: usize) -> Built {
        self.document.aliases.push((start as u32, end as u32));
        if let Some(data) = self.document.nodes.get(target.link.node as usize) {
            let place = (data.start, data.end);
            if self.document.shared.last() != Some(&place) {
                self.document.shared.push(place);
            }
        }
        let alias = self.document.aliases.len() as u32 - 1;
        Built { link: Link { node: target.link.node, alias }, ..target }
    }

    /// The entries of a finished mapping, for merge keys; `None` when the node is no mapping.
    pub(super) fn entries_of(&self, node: Built) -> Option<Vec<(BuiltKey, Link)>> {
        let data = self.document.nodes.get(node.link.node as usize)?;
        if data.shape != Shape::Map {
            return None;
        }
        let range = data.first as usize..(data.first + data.count) as usize;
        let keep = |pair: &Pair| {
            let key =
                BuiltKey { start: pair.key_start, end: pair.key_end, owned: pair.key_owned, quoted: pair.key_quoted };
            (key, pair.value)
        };
        Some(self.document.pairs[range].iter().map(keep).collect())
    }

    /// The items of a finished sequence, for a merge key that names several mappings.
    pub(super) fn items_of(&self, node: Built) -> Option<Vec<Link>> {
        let data = self.document.nodes.get(node.link.node as usize)?;
        if data.shape != Shape::List {
            return None;
        }
        Some(self.document.items[data.first as usize..(data.first + data.count) as usize].to_vec())
    }

    /// The finished document.
    pub(super) fn finish(mut self, root: Built) -> Document<'t> {
        self.document.root = root.link.node;
        self.document
    }
}

fn weigh<'b>(link: Link, children: impl Iterator<Item = &'b Built>) -> Built {
    let (weight, depth) = children
        .fold((1u64, 0usize), |(weight, depth), child| (weight.saturating_add(child.weight), depth.max(child.depth)));
    Built { link, weight, depth: depth + 1 }
}
