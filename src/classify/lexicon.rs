//! The lexicon: which names say what about the data.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use serde::Deserialize;

use super::tokens::Tokens;
use crate::model::ClassSet;

/// Words that the entries build on.
const WORDS: &str = include_str!("../../policies/catalog/lexicon/words.yaml");

macro_rules! sources {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("../../policies/catalog/lexicon/", $name, ".yaml")))),+]
    };
}

/// Files of entries; of entries that fit as well as one another the first wins, in this order.
const SOURCES: [(&str, &str); 23] = sources![
    "confounders",
    "A-identifiers",
    "B-customer-records",
    "C-protected-classifications",
    "D-commercial",
    "E-biometric",
    "F-network-activity",
    "G-geolocation",
    "H-audio-visual",
    "I-employment",
    "J-education",
    "K-inferences",
    "1A-government-numbers",
    "1B-credentials",
    "1C-precise-geolocation",
    "1D-origin-beliefs",
    "1E-messages",
    "1F-genetic",
    "1G-neural",
    "2A-biometric-identification",
    "2B-health",
    "2C-sex-life",
    "R4-minors",
];

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
    /// Matches before words such as `date` too.
    pub(super) head: bool,
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
    /// Those of them that say of a person what follows.
    pub(super) claims: HashSet<String>,
    /// Words for a side of what stands before them, such as its date.
    pub(super) attributes: HashSet<String>,
    /// Words at the end of a parent that say nothing of it.
    pub(super) containers: HashSet<String>,
    /// Abbreviations and what they stand for.
    short: HashMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    people: String,
    modifiers: String,
    qualifiers: String,
    flags: String,
    claims: String,
    attributes: String,
    containers: String,
    short: String,
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
    tail: Option<Around>,
    head: Option<Around>,
}

/// What may stand around the words of an entry.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Around {
    Any,
}

impl Lexicon {
    /// The one that is built in; empty if a file were broken, which a test rules out.
    pub(super) fn built_in() -> &'static Self {
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        LEXICON.get_or_init(|| Self::parse(WORDS, SOURCES.iter().map(|(_, text)| *text)).unwrap_or_default())
    }

    fn parse<'a>(words: &str, sources: impl Iterator<Item = &'a str>) -> Option<Self> {
        let words: Words = serde_yaml::from_str(words).ok()?;
        let mut lexicon = Self {
            people: phrases(&words.people).collect(),
            modifiers: phrases(&words.modifiers).collect(),
            qualifiers: phrases(&words.qualifiers).collect(),
            flags: phrases(&words.flags).collect(),
            claims: phrases(&words.claims).collect(),
            attributes: phrases(&words.attributes).collect(),
            containers: phrases(&words.containers).collect(),
            short: words.short.split(',').filter_map(abbreviation).collect(),
            words: HashMap::with_capacity(8192),
            ..Self::default()
        };
        for source in sources {
            let group: Group = serde_yaml::from_str(source).ok()?;
            group.entries.into_iter().for_each(|raw| lexicon.add(raw));
        }
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
            tail: raw.tail.is_some(),
            head: raw.head.is_some(),
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

    /// The name with its abbreviations spelled out, if it has any.
    pub(super) fn spelled_out(&self, name: &Tokens) -> Option<Tokens> {
        let words = || (0..name.len()).map(|at| name.word(at));
        words().any(|word| self.short.contains_key(word)).then(|| {
            let spelled = words().map(|word| self.short.get(word).map_or(word, String::as_str));
            Tokens::of(&spelled.collect::<Vec<_>>().join(" "))
        })
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

/// `cust = customer`
fn abbreviation(pair: &str) -> Option<(String, String)> {
    let (short, long) = pair.split_once('=')?;
    Some((Tokens::of(short).whole().to_owned(), long.trim().to_owned()))
}

/// Codes separated by spaces; `none` and unknown ones give nothing.
fn classes(codes: &str) -> ClassSet {
    codes.split_whitespace().filter_map(ClassSet::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_parses_and_every_code_is_known() {
        let read = |(_, text): &(&str, &str)| serde_yaml::from_str::<Group>(text).unwrap().entries;
        let raws: Vec<Raw> = SOURCES.iter().flat_map(read).collect();
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
    #[allow(clippy::disallowed_methods, reason = "the test lists the folder")]
    fn every_file_of_the_folder_is_read() {
        let folder = std::fs::read_dir("policies/catalog/lexicon").unwrap();
        let mut files: Vec<String> = folder.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        files.retain(|file| file != "README.md" && file != "words.yaml");
        files.sort_unstable();
        let mut read: Vec<String> = SOURCES.iter().map(|(name, _)| format!("{name}.yaml")).collect();
        read.sort_unstable();
        assert_eq!(files, read);
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
        assert!(lexicon.entries.iter().all(|entry| !entry.restricted || !entry.head));
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
        assert!(Lexicon::parse(WORDS, ["entries: ["].into_iter()).is_none());
        assert!(Lexicon::parse("people: [", [].into_iter()).is_none());
    }
}
