//! The lexicon: which names say what about the data.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use serde::Deserialize;

use crate::model::ClassSet;
use crate::model::tokens::Tokens;

const SOURCE: &str = include_str!("../../policies/catalog/lexicon.yaml");

/// Shortest word that may match by likeness.
const SHORTEST_SIMILAR: usize = 5;

/// What a name stands for, and when.
#[derive(Debug, Default)]
pub(super) struct Entry {
    pub(super) name: String,
    /// Empty when known not to be personal.
    pub(super) classes: ClassSet,
    /// Instead, among the traits of an account.
    pub(super) group: Option<ClassSet>,
    pub(super) restricted: bool,
    /// Matches at the end of any longer name.
    pub(super) tail: bool,
    /// A yes or no tells it too.
    pub(super) boolean: bool,
    /// A number cannot hold it.
    pub(super) text: bool,
    /// Only for a person.
    pub(super) needs_person: bool,
    pub(super) needs_parent: Vec<String>,
    pub(super) parents_not: Vec<String>,
}

impl Entry {
    /// Whether a match would make a severe finding.
    pub(super) fn is_grave(&self) -> bool {
        self.restricted || !self.classes.sensitive().is_empty()
    }
}

/// A word that names may resemble.
#[derive(Debug)]
pub(super) struct Similar {
    pub(super) tokens: Tokens,
    /// Which letters it has.
    pub(super) letters: u32,
    pub(super) entry: usize,
}

/// All entries and the ways to find them.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    entries: Vec<Entry>,
    words: HashMap<String, Vec<usize>>,
    starts: HashMap<String, Vec<usize>>,
    similar: HashMap<char, Vec<Similar>>,
    /// Words for a person.
    pub(super) people: HashSet<String>,
    /// Words that may stand before a name without changing what it is.
    pub(super) modifiers: HashSet<String>,
    /// Words that may stand after it.
    pub(super) qualifiers: HashSet<String>,
    /// Words that make a question or a count of what follows.
    pub(super) flags: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    people: String,
    modifiers: String,
    qualifiers: String,
    flags: String,
    groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    #[serde(rename = "title")]
    _title: String,
    #[serde(rename = "source")]
    _source: String,
    entries: Vec<Raw>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Raw {
    name: String,
    classes: String,
    group: Option<String>,
    words: String,
    needs_parent: String,
    parents_not: String,
    restricted: bool,
    similar: bool,
    boolean: bool,
    text: bool,
    tail: Option<Tail>,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Tail {
    Any,
}

impl Lexicon {
    /// The one that is built in; empty if its file were broken, which a test rules out.
    pub(super) fn built_in() -> &'static Self {
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        LEXICON.get_or_init(|| Self::parse(SOURCE).unwrap_or_default())
    }

    fn parse(text: &str) -> Option<Self> {
        let file: File = serde_yaml::from_str(text).ok()?;
        let mut lexicon = Self {
            people: phrases(&file.people).collect(),
            modifiers: phrases(&file.modifiers).collect(),
            qualifiers: phrases(&file.qualifiers).collect(),
            flags: phrases(&file.flags).collect(),
            words: HashMap::with_capacity(4096),
            ..Self::default()
        };
        file.groups.into_iter().flat_map(|group| group.entries).for_each(|raw| lexicon.add(raw));
        Some(lexicon)
    }

    fn add(&mut self, raw: Raw) {
        let at = self.entries.len();
        for word in raw.words.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            self.add_word(word, at, raw.similar);
        }
        let needs: Vec<String> = phrases(&raw.needs_parent).collect();
        self.entries.push(Entry {
            name: raw.name,
            classes: classes(&raw.classes),
            group: raw.group.as_deref().map(classes),
            restricted: raw.restricted,
            tail: raw.tail == Some(Tail::Any),
            boolean: raw.boolean,
            text: raw.text,
            needs_person: needs.iter().any(|word| word == "person"),
            needs_parent: needs,
            parents_not: phrases(&raw.parents_not).collect(),
        });
    }

    fn add_word(&mut self, word: &str, at: usize, similar: bool) {
        if let Some(start) = word.strip_suffix('*') {
            self.starts.entry(Tokens::of(start).whole().to_owned()).or_default().push(at);
            return;
        }
        let tokens = Tokens::of(word);
        let held = self.words.entry(tokens.whole().to_owned()).or_default();
        if !held.contains(&at) {
            held.push(at);
        }
        if similar && tokens.whole().len() >= SHORTEST_SIMILAR {
            let first = tokens.whole().chars().next().unwrap_or_default();
            self.similar.entry(first).or_default().push(Similar {
                letters: letters(tokens.whole()),
                tokens,
                entry: at,
            });
        }
    }

    /// Entries of a phrase, in the order of the file.
    pub(super) fn exact(&self, phrase: &str) -> impl Iterator<Item = &Entry> + Clone {
        self.of(self.words.get(phrase))
    }

    /// Entries of names that begin with a phrase.
    pub(super) fn beginning(&self, phrase: &str) -> impl Iterator<Item = &Entry> + Clone {
        self.of(self.starts.get(phrase))
    }

    /// Words of the same first letter that a name may resemble.
    pub(super) fn resembling(&self, name: &str) -> &[Similar] {
        let bucket = name.chars().next().and_then(|first| self.similar.get(&first));
        bucket.map(Vec::as_slice).unwrap_or_default()
    }

    /// An entry by its number.
    pub(super) fn entry(&self, at: usize) -> Option<&Entry> {
        self.entries.get(at)
    }

    fn of<'a>(&'a self, found: Option<&'a Vec<usize>>) -> impl Iterator<Item = &'a Entry> + Clone {
        found.into_iter().flatten().filter_map(|at| self.entries.get(*at))
    }
}

/// Which letters of the alphabet a word has, one bit each.
pub(super) fn letters(word: &str) -> u32 {
    word.bytes().filter(u8::is_ascii_lowercase).fold(0, |bits, letter| bits | 1 << (letter - b'a'))
}

fn phrases(list: &str) -> impl Iterator<Item = String> {
    list.split(',').map(|word| Tokens::of(word).whole().to_owned()).filter(|word| !word.is_empty())
}

/// Codes separated by spaces; `none` and unknown ones give nothing.
fn classes(codes: &str) -> ClassSet {
    codes.split_whitespace().filter_map(ClassSet::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_parses_and_every_code_is_known() {
        let file: File = serde_yaml::from_str(SOURCE).unwrap();
        let raws: Vec<Raw> = file.groups.into_iter().flat_map(|group| group.entries).collect();
        assert!(raws.len() > 80);
        for raw in &raws {
            let known = |code: &str| code == "none" || ClassSet::parse(code).is_some();
            assert!(!raw.name.is_empty() && !raw.words.is_empty() && !raw.classes.is_empty(), "{}", raw.name);
            assert!(raw.classes.split_whitespace().all(known), "{}", raw.name);
            assert!(raw.group.iter().flat_map(|codes| codes.split_whitespace()).all(known), "{}", raw.name);
        }
        assert_eq!(Lexicon::built_in().entries.len(), raws.len());
    }

    #[test]
    fn names_of_entries_are_unique() {
        let names: HashSet<&str> = Lexicon::built_in().entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names.len(), Lexicon::built_in().entries.len());
    }

    #[test]
    fn grave_entries_match_exact_phrases_only() {
        let lexicon = Lexicon::built_in();
        assert!(lexicon.entries.iter().all(|entry| !entry.is_grave() || !entry.tail));
        let similar = lexicon.similar.values().flatten().filter_map(|word| lexicon.entry(word.entry));
        assert!(similar.filter(|entry| entry.is_grave()).count() == 0);
    }

    #[test]
    fn a_word_in_two_entries_is_told_apart_by_guards() {
        let lexicon = Lexicon::built_in();
        let free = |at: &&usize| {
            let entry = &lexicon.entries[**at];
            entry.needs_parent.is_empty() && entry.parents_not.is_empty()
        };
        let shared = lexicon.words.iter().filter(|(_, held)| held.iter().filter(free).count() > 1);
        let mut shared: Vec<&str> = shared.map(|(word, _)| word.as_str()).collect();
        shared.sort_unstable();
        assert!(shared.is_empty(), "{shared:?}");
    }

    #[test]
    fn a_broken_file_gives_nothing() {
        assert!(Lexicon::parse("groups: [").is_none());
    }
}
