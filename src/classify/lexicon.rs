//! The lexicon: which names say what about the data. `build.rs` makes its tables from `policies/catalog/lexicon/`.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use crate::model::ClassSet;
use crate::model::tokens::Tokens;

include!(concat!(env!("OUT_DIR"), "/lexicon.rs"));

/// What a name stands for, and when.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: &'static str,
    /// Codes of its classes; `none` when known not to be personal.
    codes: &'static str,
    /// Instead, among the traits of an account.
    group_codes: Option<&'static str>,
    pub(super) restricted: bool,
    /// Matches at the end of any longer name.
    pub(super) tail: bool,
    /// Matches before words such as `date` too.
    pub(super) head: bool,
    /// A yes or no tells it too.
    pub(super) boolean: bool,
    /// A number cannot hold it.
    pub(super) text: bool,
    pub(super) needs_parent: &'static [&'static str],
    pub(super) parents_not: &'static [&'static str],
}

impl Entry {
    /// Empty when known not to be personal.
    pub(super) fn classes(&self) -> ClassSet {
        classes(self.codes)
    }

    /// What it says among the traits of an account, when that differs.
    pub(super) fn group(&self) -> Option<ClassSet> {
        self.group_codes.map(classes)
    }

    /// Whether it is only for a person.
    pub(super) fn needs_person(&self) -> bool {
        self.needs_parent.contains(&"person")
    }

    /// Whether a match would make a severe finding.
    pub(super) fn is_grave(&self) -> bool {
        self.restricted || !self.classes().sensitive().is_empty()
    }
}

/// A word that names may resemble.
#[derive(Debug)]
pub(super) struct Similar {
    pub(super) tokens: Tokens,
    /// Which letters it has.
    pub(super) letters: u32,
    pub(super) entry: u16,
}

/// All entries and the ways to find them.
#[derive(Debug)]
pub(super) struct Lexicon {
    words: HashMap<&'static str, &'static [u16]>,
    starts: HashMap<&'static str, &'static [u16]>,
    similar: HashMap<char, Vec<Similar>>,
    /// Words for a person.
    pub(super) people: HashSet<&'static str>,
    /// Words that may stand before a name without changing what it is.
    pub(super) modifiers: HashSet<&'static str>,
    /// Words that may stand after it.
    pub(super) qualifiers: HashSet<&'static str>,
    /// Words that make a question or a count of what follows.
    pub(super) flags: HashSet<&'static str>,
    /// Those of them that say of a person what follows.
    pub(super) claims: HashSet<&'static str>,
    /// Words for a side of what stands before them, such as its date.
    pub(super) attributes: HashSet<&'static str>,
    /// Words at the end of a parent that say nothing of it.
    pub(super) containers: HashSet<&'static str>,
    /// Abbreviations and what they stand for.
    short: HashMap<&'static str, &'static str>,
}

impl Lexicon {
    /// The one that is built in.
    pub(super) fn built_in() -> &'static Self {
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        LEXICON.get_or_init(|| Self {
            words: WORDS.into_iter().collect(),
            starts: STARTS.into_iter().collect(),
            similar: similar(),
            people: PEOPLE.into_iter().collect(),
            modifiers: MODIFIERS.into_iter().collect(),
            qualifiers: QUALIFIERS.into_iter().collect(),
            flags: FLAGS.into_iter().collect(),
            claims: CLAIMS.into_iter().collect(),
            attributes: ATTRIBUTES.into_iter().collect(),
            containers: CONTAINERS.into_iter().collect(),
            short: SHORT.into_iter().collect(),
        })
    }

    /// Entries of a phrase, in the order of the files.
    pub(super) fn exact(&self, phrase: &str) -> impl Iterator<Item = &'static Entry> + Clone + use<> {
        found(self.words.get(phrase).copied())
    }

    /// Entries of names that begin with a phrase.
    pub(super) fn beginning(&self, phrase: &str) -> impl Iterator<Item = &'static Entry> + Clone + use<> {
        found(self.starts.get(phrase).copied())
    }

    /// Words of the same first letter that a name may resemble.
    pub(super) fn resembling(&self, name: &str) -> &[Similar] {
        let bucket = name.chars().next().and_then(|first| self.similar.get(&first));
        bucket.map(Vec::as_slice).unwrap_or_default()
    }

    /// The name with its abbreviations spelled out, if it has any.
    pub(super) fn spelled_out(&self, name: &Tokens) -> Option<Tokens> {
        let words = || (0..name.len()).map(|at| name.word(at));
        words().any(|word| self.short.contains_key(word)).then(|| {
            let spelled = words().map(|word| self.short.get(word).copied().unwrap_or(word));
            Tokens::of(&spelled.collect::<Vec<_>>().join(" "))
        })
    }
}

/// An entry by its number.
pub(super) fn entry(at: u16) -> Option<&'static Entry> {
    ENTRIES.get(usize::from(at))
}

fn found(numbers: Option<&'static [u16]>) -> impl Iterator<Item = &'static Entry> + Clone {
    numbers.unwrap_or_default().iter().filter_map(|at| entry(*at))
}

fn similar() -> HashMap<char, Vec<Similar>> {
    let mut similar: HashMap<char, Vec<Similar>> = HashMap::new();
    for (word, entry) in SIMILAR {
        let tokens = Tokens::of(word);
        let first = tokens.whole().chars().next().unwrap_or_default();
        similar.entry(first).or_default().push(Similar { letters: letters(tokens.whole()), tokens, entry });
    }
    similar
}

/// Which letters of the alphabet a word has, one bit each.
pub(super) fn letters(word: &str) -> u32 {
    word.bytes().filter(u8::is_ascii_lowercase).fold(0, |bits, letter| bits | 1 << (letter - b'a'))
}

/// Codes separated by spaces; `none` gives nothing.
fn classes(codes: &str) -> ClassSet {
    codes.split_whitespace().filter_map(ClassSet::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_known_and_every_entry_has_words() {
        assert!(ENTRIES.len() > 150);
        let known = |code: &str| code == "none" || ClassSet::parse(code).is_some();
        for entry in &ENTRIES {
            assert!(!entry.name.is_empty() && !entry.codes.is_empty(), "{}", entry.name);
            let codes = entry.codes.split_whitespace().chain(entry.group_codes.unwrap_or_default().split_whitespace());
            assert!(codes.into_iter().all(known), "{}", entry.name);
        }
        let held: HashSet<u16> = WORDS.iter().chain(&STARTS).flat_map(|(_, held)| held.iter().copied()).collect();
        assert_eq!(held.len(), ENTRIES.len());
    }

    #[test]
    fn names_of_entries_are_unique() {
        let names: HashSet<&str> = ENTRIES.iter().map(|entry| entry.name).collect();
        assert_eq!(names.len(), ENTRIES.len());
    }

    #[test]
    fn grave_entries_match_clear_phrases_only() {
        assert!(ENTRIES.iter().all(|entry| !entry.is_grave() || !entry.tail));
        assert!(ENTRIES.iter().all(|entry| !entry.restricted || !entry.head));
        let mut similar = SIMILAR.iter().filter_map(|(_, at)| entry(*at));
        assert!(similar.all(|entry| !entry.is_grave()));
    }

    #[test]
    fn a_word_in_two_entries_is_told_apart_by_guards() {
        let free = |at: &&u16| {
            let entry = &ENTRIES[usize::from(**at)];
            entry.needs_parent.is_empty() && entry.parents_not.is_empty()
        };
        let shared = WORDS.iter().filter(|(_, held)| held.iter().filter(free).count() > 1);
        let shared: Vec<&str> = shared.map(|(word, _)| *word).collect();
        assert!(shared.is_empty(), "{shared:?}");
    }
}
