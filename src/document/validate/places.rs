//! From paths of the validator to places in the document, and from schema paths to the keys allowed there.

use std::collections::{HashMap, HashSet};

use jsonschema::paths::{Location, LocationSegment};
use serde_json::Value;

use super::super::{Entry, Node, Shape};
use crate::source::Span;

/// Mappings with more entries get an index when errors lie below them.
const WIDE: usize = 32;

/// A value that is in error.
#[derive(Clone, Copy)]
pub(super) struct Found<'d> {
    pub(super) node: Node<'d>,
    /// The key that holds it; `None` at the root and in lists.
    pub(super) key: Option<Entry<'d>>,
}

impl Found<'_> {
    /// What to underline when something is missing in the value: its key, else its first key, else itself.
    pub(super) fn holder(self) -> Span {
        let first = || self.node.entries().next().map(Entry::key_span);
        self.key.map(Entry::key_span).or_else(first).unwrap_or_else(|| self.node.span())
    }
}

/// Finds values by path.
pub(super) struct Places<'d> {
    root: Node<'d>,
    wide: HashMap<u32, HashMap<&'d str, Entry<'d>>>,
}

impl<'d> Places<'d> {
    pub(super) fn new(root: Node<'d>) -> Self {
        Self { root, wide: HashMap::new() }
    }

    /// The value at `path`, or the deepest one on the way.
    pub(super) fn find(&mut self, path: &Location) -> Found<'d> {
        let mut found = Found { node: self.root, key: None };
        for segment in path.segments() {
            let next = match (&segment, found.node.shape()) {
                (LocationSegment::Index(index), Shape::List) => {
                    found.node.items().nth(*index).map(|node| Found { node, key: None })
                }
                (LocationSegment::Property(name), _) => self.below(found.node, name),
                (LocationSegment::Index(index), _) => self.below(found.node, &index.to_string()),
            };
            let Some(next) = next else { break };
            found = next;
        }
        found
    }

    /// The entry of `node` with this key.
    pub(super) fn entry(&mut self, node: Node<'d>, name: &str) -> Option<Entry<'d>> {
        if node.count() <= WIDE {
            return node.entry(name);
        }
        let index = || node.entries().map(|entry| (entry.key(), entry)).collect();
        self.wide.entry(node.link.node).or_insert_with(index).get(name).copied()
    }

    fn below(&mut self, node: Node<'d>, name: &str) -> Option<Found<'d>> {
        self.entry(node, name).map(|entry| Found { node: entry.value(), key: Some(entry) })
    }
}

/// The keys that the schema around `path` (the place of `additionalProperties` and the like) knows.
pub(super) fn allowed_keys<'s>(schema: &'s Value, path: &str) -> Vec<&'s str> {
    let around = path.rsplit_once('/').and_then(|(parent, _)| schema.pointer(parent));
    let mut keys = Vec::new();
    if let Some(around) = around {
        gather(schema, around, 4, &mut keys);
    }
    let mut seen = HashSet::new();
    keys.retain(|key| seen.insert(*key));
    keys
}

fn gather<'s>(schema: &'s Value, part: &'s Value, depth: usize, keys: &mut Vec<&'s str>) {
    if let Some(properties) = part.get("properties").and_then(Value::as_object) {
        keys.extend(properties.keys().map(String::as_str));
    }
    let Some(depth) = depth.checked_sub(1) else { return };
    let local = part.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
    if let Some(target) = local.and_then(|pointer| schema.pointer(pointer)) {
        gather(schema, target, depth, keys);
    }
    let branches = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|name| part.get(name)?.as_array()).flatten();
    let conditional = ["then", "else"].into_iter().filter_map(|name| part.get(name));
    for branch in branches.chain(conditional) {
        gather(schema, branch, depth, keys);
    }
}
