//! Counts by key, of which no more than a fixed number is kept, so that merging stays exact.
//!
//! A cap that keeps what came first depends on the order. This one keeps the keys of the lowest rank, and the rank depends on
//! the key alone. A key that is among the lowest of all data is among the lowest of every part of them, so it is never
//! dropped on the way and its counts are whole; a key that is dropped anywhere is not among the lowest of the whole. Hence
//! any split, order and grouping of merges gives the same.

use std::collections::BTreeMap;

/// A key that has a rank.
pub trait Ranked: Ord + Clone {
    /// What goes first: keys of lower depth are kept before others.
    fn depth(&self) -> u32;
    /// The bytes by which keys of one depth are mixed, each followed by a byte that is in none of them.
    fn key_bytes(&self) -> Vec<u8>;
}

/// What is counted by key.
pub trait Counted: Default {
    /// Takes in what another part counted.
    fn add(&mut self, other: Self);
}

impl Counted for u64 {
    fn add(&mut self, other: Self) {
        *self = self.saturating_add(other);
    }
}

/// Counts of at most `MOST` keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept<K: Ranked, V, const MOST: usize> {
    held: BTreeMap<(u32, u64, K), V>,
    /// Whether there were more keys.
    pub more: bool,
}

impl<K: Ranked, V: Counted, const MOST: usize> Default for Kept<K, V, MOST> {
    fn default() -> Self {
        Self { held: BTreeMap::new(), more: false }
    }
}

impl<K: Ranked, V: Counted, const MOST: usize> Kept<K, V, MOST> {
    /// Counts something.
    pub fn count(&mut self, key: K, value: V) {
        let rank = (key.depth(), mix(&key.key_bytes()), key);
        let full = self.held.len() >= MOST;
        if full && self.held.last_key_value().is_none_or(|(last, _)| *last < rank) {
            self.more = true;
            return;
        }
        if let Some(known) = self.held.get_mut(&rank) {
            known.add(value);
            return;
        }
        if full {
            self.more = true;
            self.held.pop_last();
        }
        self.held.insert(rank, value);
    }

    /// Takes in what another part counted.
    pub fn add(&mut self, other: Self) {
        self.more |= other.more;
        for ((_, _, key), value) in other.held {
            self.count(key, value);
        }
    }

    /// What is kept, by rank.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.held.iter().map(|((_, _, key), value)| (key, value))
    }

    /// How many keys are kept.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }
}

/// A number that depends on bytes alone, the same on every machine and in every version (FNV-1a with the finish of
/// SplitMix64).
fn mix(bytes: &[u8]) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325_u64;
    let sum = bytes.iter().fold(start, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let mixed = (sum ^ (sum >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Ranked for String {
        fn depth(&self) -> u32 {
            self.len() as u32
        }

        fn key_bytes(&self) -> Vec<u8> {
            self.as_bytes().to_vec()
        }
    }

    type Few = Kept<String, u64, 8>;

    fn of(words: &[usize]) -> Few {
        let mut kept = Few::default();
        words.iter().for_each(|word| kept.count(word.to_string(), 1));
        kept
    }

    #[test]
    fn any_split_and_order_keeps_the_same_with_whole_counts() {
        let words: Vec<usize> = (0..400).map(|at| at * 37 % 31).collect();
        let whole = of(&words);
        assert!(whole.more && whole.len() == 8 && whole.iter().all(|(word, count)| word.len() == 1 && *count > 11));
        for size in [1, 3, 57, 399] {
            let parts: Vec<Few> = words.chunks(size).map(of).collect();
            let mut forth = Few::default();
            parts.iter().for_each(|part| forth.add(part.clone()));
            let mut back = Few::default();
            parts.into_iter().rev().for_each(|part| back.add(part));
            assert!(forth == whole && back == whole, "{size}");
        }
    }

    #[test]
    fn as_many_as_fit_are_no_more() {
        assert!(!of(&[0, 1, 2, 3, 4, 5, 6, 7, 7, 7]).more);
        assert!(of(&[0, 1, 2, 3, 4, 5, 6, 7, 8]).more);
    }
}
