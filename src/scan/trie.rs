//! Paths and names by number, so that counting a value costs no text. A memory of what was met, no result: it is emptied
//! when it grows too large.

use super::look::Key;
use super::name;
use super::text::{Start, WIDE};
use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};
use std::sync::LazyLock;

/// A node that stands for no path: below it nothing is counted.
pub(super) const NONE: u32 = u32::MAX;
/// The message.
pub(super) const ROOT: u32 = 0;
/// Nodes whose values say something of the message itself.
pub(super) const TYPE: u32 = 1;
pub(super) const EVENT: u32 = 2;
pub(super) const INTEGRATIONS: u32 = 3;
pub(super) const METADATA: u32 = 4;
pub(super) const BUNDLED: u32 = 5;
pub(super) const CONTEXT: u32 = 6;
pub(super) const CONSENT: u32 = 7;
pub(super) const PREFERENCES: u32 = 8;
pub(super) const LIBRARY: u32 = 9;
pub(super) const LIBRARY_NAME: u32 = 10;

/// The nodes above, with their parents and keys.
const KNOWN: [(u32, &str); 11] = [
    (NONE, ""),
    (ROOT, "type"),
    (ROOT, "event"),
    (ROOT, "integrations"),
    (ROOT, "_metadata"),
    (METADATA, "bundled"),
    (ROOT, "context"),
    (CONTEXT, "consent"),
    (CONSENT, "categoryPreferences"),
    (CONTEXT, "library"),
    (LIBRARY, "name"),
];

/// The key of the items of a list.
pub(super) const ITEM: &str = "$";

struct Node {
    parent: u32,
    /// The key between quotes, as it stands in a line.
    quoted: Box<str>,
    start: Start,
    means: Key,
    /// The key that was the first in an object of this path, and the one that followed this one, the last time.
    first: u32,
    next: u32,
}

impl Node {
    fn key(&self) -> &str {
        self.quoted.get(1..self.quoted.len() - 1).unwrap_or("")
    }
}

/// Paths, each by its parent and its last key.
pub(super) struct Trie {
    nodes: Vec<Node>,
    /// Numbers of nodes by hash, one more than they are; 0 is free. Its length is a power of two.
    table: Vec<u32>,
}

impl Trie {
    pub(super) fn new() -> Self {
        let mut trie = Self { nodes: Vec::new(), table: vec![0; 1 << 10] };
        for (parent, key) in KNOWN {
            trie.insert(parent, key);
        }
        trie
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The node of a key as it is written.
    pub(super) fn child(&mut self, parent: u32, raw: &[u8]) -> u32 {
        if parent == NONE {
            return NONE;
        }
        if let Some(known) = self.find(parent, raw) {
            return known;
        }
        let key = name::key(std::str::from_utf8(raw).unwrap_or(name::DATA));
        self.find(parent, key.as_bytes()).unwrap_or_else(|| self.insert(parent, key))
    }

    /// The node of the key that a line has next, and the length of the key with its quotes, when it is the one that followed
    /// `before` the last time: most messages of a source have the same keys in the same order.
    #[inline]
    pub(super) fn guess(&self, parent: u32, before: u32, line: &[u8], at: usize) -> Option<(u32, usize)> {
        let likely =
            if before == NONE { self.nodes.get(parent as usize)?.first } else { self.nodes.get(before as usize)?.next };
        let node = self.nodes.get(likely as usize)?;
        let length = node.quoted.len();
        let found = node.start.is_at(line, at)
            && (length <= WIDE || line.get(at + WIDE..at + length) == node.quoted.as_bytes().get(WIDE..));
        found.then_some((likely, length))
    }

    /// Remembers which key followed.
    pub(super) fn learn(&mut self, parent: u32, before: u32, followed: u32) {
        if before == NONE {
            self.nodes.get_mut(parent as usize).into_iter().for_each(|node| node.first = followed);
        } else {
            self.nodes.get_mut(before as usize).into_iter().for_each(|node| node.next = followed);
        }
    }

    /// What a key says of how its values are read; for items, what the key of their list says.
    pub(super) fn means(&self, node: u32) -> Key {
        self.nodes.get(node as usize).map_or(Key::default(), |node| node.means)
    }

    /// Whether values of a node are counted: what speaks of the message itself is not.
    pub(super) fn is_field(node: u32) -> bool {
        node != NONE && (node >= LIBRARY || node == CONTEXT)
    }

    /// The path of a node.
    pub(super) fn path(&self, node: u32) -> String {
        let mut keys = Vec::new();
        let mut at = node;
        while let Some(node) = self.nodes.get(at as usize).filter(|_| at != ROOT) {
            keys.push(node.key());
            at = node.parent;
        }
        keys.reverse();
        keys.join(".")
    }

    fn find(&self, parent: u32, key: &[u8]) -> Option<u32> {
        let mask = self.table.len() - 1;
        let mut slot = hash(parent, key) as usize & mask;
        loop {
            let found = self.table.get(slot)?.checked_sub(1)?;
            let node = self.nodes.get(found as usize)?;
            if node.parent == parent && node.key().as_bytes() == key {
                return Some(found);
            }
            slot = (slot + 1) & mask;
        }
    }

    fn insert(&mut self, parent: u32, key: &str) -> u32 {
        let fresh = self.nodes.len() as u32;
        let means = if key == ITEM { self.means(parent) } else { Key::of(key) };
        let quoted: Box<str> = format!("\"{key}\"").into();
        self.nodes.push(Node { parent, start: Start::of(&quoted), quoted, means, first: NONE, next: NONE });
        if self.nodes.len() * 2 > self.table.len() {
            self.table = vec![0; self.table.len() * 2];
            (0..=fresh).for_each(|node| self.enter(node));
        } else {
            self.enter(fresh);
        }
        fresh
    }

    fn enter(&mut self, number: u32) {
        let Some(node) = self.nodes.get(number as usize) else { return };
        let mask = self.table.len() - 1;
        let mut slot = hash(node.parent, node.key().as_bytes()) as usize & mask;
        while self.table[slot] != 0 {
            slot = (slot + 1) & mask;
        }
        self.table[slot] = number + 1;
    }
}

/// Another number in every run, so that nobody can choose keys that fall together. It decides nothing but places in tables.
static SEED: LazyLock<u64> = LazyLock::new(|| RandomState::new().build_hasher().finish());

/// Eight bytes at a time: keys are short.
fn hash(parent: u32, key: &[u8]) -> u64 {
    let mut sum = *SEED ^ u64::from(parent) ^ ((key.len() as u64) << 32);
    let mut words = key.chunks_exact(8);
    for word in &mut words {
        sum = step(sum, u64::from_le_bytes(word.try_into().unwrap_or_default()));
    }
    let rest = words.remainder().iter().fold(0, |rest, byte| (rest << 8) | u64::from(*byte));
    let mixed = step(sum, rest);
    mixed ^ (mixed >> 29)
}

fn step(sum: u64, word: u64) -> u64 {
    (sum.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A hasher of single numbers.
#[derive(Default)]
pub(super) struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = step(self.0, hash(0, bytes));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = step(self.0, number);
    }
}

/// A table by number.
pub(super) type ByNumber<V> = HashMap<u64, V, BuildHasherDefault<Mixed>>;

/// Two numbers as one.
pub(super) fn pair(one: u32, other: u32) -> u64 {
    (u64::from(one) << 32) | u64::from(other)
}

/// Names by number, of which several spellings may be held as one.
#[derive(Default)]
pub(super) struct Names {
    known: HashMap<Box<[u8]>, u32, BuildHasherDefault<Mixed>>,
    /// The names as they are held.
    pub(super) held: Vec<Box<str>>,
}

impl Names {
    /// The number of a name as it is written; `clean` gives what is held, and changes nothing of that.
    pub(super) fn number(&mut self, raw: &[u8], clean: impl FnOnce(&str) -> String) -> u32 {
        if let Some(known) = self.known.get(raw) {
            return *known;
        }
        let held: Box<str> = clean(std::str::from_utf8(raw).unwrap_or(name::DATA)).into();
        let fresh = self.held.len() as u32;
        let number = *self.known.entry(held.as_bytes().into()).or_insert(fresh);
        if number == fresh {
            self.held.push(held);
        }
        number
    }
}
