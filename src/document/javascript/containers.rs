//! Objects, lists and enumerations of a script.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use tree_sitter::Node;

use super::super::Code;
use super::super::build::{Built, BuiltKey};
use super::holes::{Hole, Kind, touching};
use super::literal::unescaped;
use super::lower::Lowering;
use super::scope::text_of;
use super::tree::{first, parts};

/// The key under which a mapping keeps what may bring keys that are not written in it.
pub(super) const SPREAD: &str = "...";

impl<'s> Lowering<'_, 's> {
    pub(super) fn array(&mut self, node: Node<'s>, depth: usize) -> Built {
        let items = parts(node);
        let torn = self.torn(&items);
        let doubtful = self.doubtful(node, &items);
        let mut built = Vec::with_capacity(items.len());
        for item in items {
            let value =
                if torn.contains(&item.id()) { self.code(Code::Other, &[], item) } else { self.value(item, depth) };
            let list = (item.kind() == "spread_element").then(|| self.builder.only_part(value)).flatten();
            match list.and_then(|list| self.builder.items_of(list).map(|items| (list, items))) {
                Some((list, items)) if self.pay(items.len()) => {
                    let share = list.weight / (items.len() as u64).max(1);
                    let one = |link| Built { link, weight: share, depth: list.depth };
                    let (start, end) = (item.start_byte(), item.end_byte());
                    built.extend(items.into_iter().map(|link| self.builder.alias(one(link), start, end)));
                }
                _ => built.push(self.perhaps(value, item, doubtful.as_ref())),
            }
        }
        if let Some(range) = doubtful {
            built.push(self.builder.code(Code::Other, &[], range.start, range.end));
        }
        self.pay(built.len());
        self.builder.list(&built, node.start_byte(), node.end_byte())
    }

    pub(super) fn object(&mut self, node: Node<'s>, depth: usize) -> Built {
        let members = parts(node);
        let torn = self.torn(&members);
        let doubtful = self.doubtful(node, &members);
        let mut entries: Vec<(BuiltKey, Built)> = Vec::with_capacity(members.len());
        for member in members {
            let from = entries.len();
            self.entry(member, depth, doubtful.as_ref(), &mut entries);
            if torn.contains(&member.id()) {
                for (_, value) in entries.iter_mut().skip(from) {
                    *value = self.code(Code::Other, &[], member);
                }
            }
        }
        if let Some(range) = doubtful {
            let key = self.builder.key(false, range.start, range.end, Some(SPREAD));
            entries.push((key, self.builder.code(Code::Other, &[], range.start, range.end)));
        }
        self.finish(entries, node)
    }

    /// Of several entries with one key the last one counts, as when the code runs.
    pub(super) fn finish(&mut self, mut entries: Vec<(BuiltKey, Built)>, node: Node<'_>) -> Built {
        let mut last: HashMap<&str, usize> = HashMap::with_capacity(entries.len());
        for (at, (key, _)) in entries.iter().enumerate() {
            last.insert(self.builder.key_text(*key), at);
        }
        let kept: Vec<bool> = entries
            .iter()
            .enumerate()
            .map(|(at, (key, _))| {
                let text = self.builder.key_text(*key);
                text == SPREAD || last.get(text) == Some(&at)
            })
            .collect();
        let mut kept = kept.into_iter();
        entries.retain(|_| kept.next().unwrap_or(true));
        self.pay(entries.len());
        self.builder.map(&entries, node.start_byte(), node.end_byte())
    }

    pub(super) fn entry(
        &mut self,
        member: Node<'s>,
        depth: usize,
        doubtful: Option<&Range<usize>>,
        entries: &mut Vec<(BuiltKey, Built)>,
    ) {
        let (start, end) = (member.start_byte(), member.end_byte());
        let unread = |this: &mut Self, value| (this.builder.key(false, start, end, Some(SPREAD)), value);
        if member.kind() == "spread_element" {
            let value = self.value(member, depth);
            let map = self.builder.only_part(value);
            match map.and_then(|map| self.builder.entries_of(map).map(|found| (map, found))) {
                Some((map, found)) if self.pay(found.len()) => {
                    let share = map.weight / (found.len() as u64).max(1);
                    let one = |link| Built { link, weight: share, depth: map.depth };
                    entries
                        .extend(found.into_iter().map(|(key, link)| (key, self.builder.alias(one(link), start, end))));
                }
                _ => entries.push(unread(self, value)),
            }
            return;
        }
        let (key, value) = match member.kind() {
            "pair" => (member.child_by_field_name("key"), member.child_by_field_name("value")),
            "method_definition" => (member.child_by_field_name("name"), Some(member)),
            "shorthand_property_identifier" => (Some(member), Some(member)),
            _ => (None, None),
        };
        // What an error leaves between a key and its value makes both doubtful.
        let torn = parts(member).iter().any(|part| part.is_error());
        let key = key.and_then(|key| self.key(key, depth));
        let (Some(key), Some(value)) = (key, value) else {
            let other = self.code(Code::Other, &[], member);
            entries.push(unread(self, other));
            return;
        };
        let value = if torn { self.code(Code::Other, &[], member) } else { self.value(value, depth) };
        entries.push((key, self.perhaps(value, member, doubtful)));
    }

    /// The key of an entry; a computed one must be a literal, or lead to one.
    pub(super) fn key(&mut self, node: Node<'s>, depth: usize) -> Option<BuiltKey> {
        let (start, end) = (node.start_byte(), node.end_byte());
        let code = text_of(node, self.text);
        match node.kind() {
            "string" => {
                let inner = code.get(1..code.len().saturating_sub(1)).unwrap_or("");
                Some(self.builder.key(true, start, end, unescaped(inner).as_deref()))
            }
            "property_identifier" | "shorthand_property_identifier" | "number" => {
                Some(self.builder.key(false, start, end, None))
            }
            "jsx_namespace_name" | "private_property_identifier" => None,
            _ => {
                let inner = if node.kind() == "computed_property_name" { first(node)? } else { node };
                let value = self.value(inner, depth + 1);
                let text = self.builder.text_value(value)?.to_owned();
                Some(self.builder.key(false, start, end, Some(&text)))
            }
        }
    }

    /// An enumeration as a mapping.
    pub(super) fn enumeration(&mut self, node: Node<'s>, depth: usize) -> Built {
        let members = node.child_by_field_name("body").map(parts).unwrap_or_default();
        let mut entries = Vec::with_capacity(members.len());
        for member in members {
            let (name, value) = (member.child_by_field_name("name"), member.child_by_field_name("value"));
            if let (Some(name), Some(value)) = (name.and_then(|name| self.key(name, depth)), value) {
                entries.push((name, self.value(value, depth)));
            }
        }
        self.finish(entries, node)
    }

    /// The members that an error stands beside, with no comma between: where they end is a guess.
    fn torn(&self, members: &[Node<'s>]) -> HashSet<usize> {
        let beside = members.windows(2).filter_map(|pair| {
            let [one, other] = pair else { return None };
            let between = self.text.get(one.end_byte()..other.start_byte()).unwrap_or("");
            ((one.is_error() || other.is_error()) && !between.contains(',')).then_some([one.id(), other.id()])
        });
        beside.flatten().collect()
    }

    /// The stretch of a container in which a template decides what is there.
    fn doubtful(&self, node: Node<'s>, members: &[Node<'s>]) -> Option<Range<usize>> {
        let own = touching(self.holes, node.byte_range()).iter().filter(|hole| hole.kind == Kind::Block);
        let within = |hole: &&Hole| {
            let at = members.partition_point(|member| member.end_byte() <= hole.range.start);
            members.get(at).is_none_or(|member| member.start_byte() >= hole.range.end)
        };
        let mut own = own.filter(within).map(|hole| hole.range.clone());
        let first = own.next()?;
        let end = own.next_back().map_or(first.end, |last| last.end);
        Some(first.start..end)
    }

    fn perhaps(&mut self, value: Built, node: Node<'_>, doubtful: Option<&Range<usize>>) -> Built {
        match doubtful {
            Some(range) if node.start_byte() >= range.start && node.end_byte() <= range.end => {
                self.code(Code::Choice, &[value], node)
            }
            _ => value,
        }
    }
}
