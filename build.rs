//! Rebuilds when a rule is added, and turns the lexicon of field names into tables, so that the program does not read it
//! at every start.

#![allow(clippy::disallowed_methods, reason = "a build script reads, writes and asks where to")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;
use std::path::Path;

use serde::Deserialize;
use tokens::Tokens;

#[path = "src/model/tokens.rs"]
#[allow(dead_code, unreachable_pub, reason = "the program uses the rest")]
mod tokens;

const FOLDER: &str = "policies/catalog/lexicon";

/// Files of entries; of entries that fit as well as one another the first wins, in this order.
const FILES: [&str; 23] = [
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
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    classes: String,
    group: Option<String>,
    words: String,
    #[serde(default)]
    needs_parent: String,
    #[serde(default)]
    parents_not: String,
    #[serde(default)]
    restricted: bool,
    #[serde(default)]
    similar: bool,
    #[serde(default)]
    boolean: bool,
    #[serde(default)]
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

/// Phrases and the numbers of the entries that have them.
type Index = BTreeMap<String, Vec<usize>>;

fn main() -> Result<(), Box<dyn Error>> {
    // An embedded folder does not notice a new file otherwise.
    println!("cargo:rerun-if-changed=policies");
    println!("cargo:rerun-if-changed=src/model/tokens.rs");
    let written: usize = std::fs::read_dir(FOLDER)?.count();
    if written != FILES.len() + 2 {
        return Err(format!("{FOLDER} holds a file that is not in the list of build.rs").into());
    }
    let mut entries = Vec::new();
    for file in FILES {
        let group: Group = read(file)?;
        entries.extend(group.entries);
    }
    let out = std::env::var("OUT_DIR")?;
    std::fs::write(Path::new(&out).join("lexicon.rs"), tables(&read("words")?, &entries)?)?;
    Ok(())
}

fn read<T: serde::de::DeserializeOwned>(file: &str) -> Result<T, Box<dyn Error>> {
    let path = format!("{FOLDER}/{file}.yaml");
    let text = std::fs::read_to_string(&path)?;
    serde_yaml::from_str(&text).map_err(|error| format!("{path}: {error}").into())
}

fn tables(words: &Words, entries: &[Entry]) -> Result<String, Box<dyn Error>> {
    let mut out = String::new();
    writeln!(out, "pub(super) static ENTRIES: [Entry; {}] = [", entries.len())?;
    for entry in entries {
        writeln!(out, "{},", literal(entry))?;
    }
    writeln!(out, "];")?;
    let (mut exact, mut starts, mut similar) = (Index::new(), Index::new(), Vec::new());
    for (at, entry) in entries.iter().enumerate() {
        for word in entry.words.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            let (index, tokens) = match word.strip_suffix('*') {
                Some(start) => (&mut starts, Tokens::of(start)),
                None => (&mut exact, Tokens::of(word)),
            };
            let held = index.entry(tokens.whole().to_owned()).or_default();
            if !held.contains(&at) {
                held.push(at);
            }
            if entry.similar && tokens.whole().len() >= SHORTEST_SIMILAR {
                similar.push((word, at));
            }
        }
    }
    for (name, index) in [("WORDS", exact), ("STARTS", starts)] {
        let index: Vec<String> = index.iter().map(|(phrase, held)| format!("({phrase:?}, &{held:?})")).collect();
        writeln!(out, "static {name}: [(&str, &[u16]); {}] = [{}];", index.len(), index.join(","))?;
    }
    writeln!(out, "static SIMILAR: [(&str, u16); {}] = {similar:?};", similar.len())?;
    let lists = [
        ("PEOPLE", &words.people),
        ("MODIFIERS", &words.modifiers),
        ("QUALIFIERS", &words.qualifiers),
        ("FLAGS", &words.flags),
        ("CLAIMS", &words.claims),
        ("ATTRIBUTES", &words.attributes),
        ("CONTAINERS", &words.containers),
    ];
    for (name, list) in lists {
        let list = phrases(list);
        writeln!(out, "static {name}: [&str; {}] = {list:?};", list.len())?;
    }
    let short = words.short.split(',').map(|pair| {
        let (short, long) = pair.split_once('=').ok_or_else(|| format!("`{pair}` is no abbreviation"))?;
        Ok((Tokens::of(short).whole().to_owned(), long.trim()))
    });
    let short: Vec<(String, &str)> = short.collect::<Result<_, String>>()?;
    writeln!(out, "static SHORT: [(&str, &str); {}] = {short:?};", short.len())?;
    Ok(out)
}

/// The entry as it stands in the program.
fn literal(entry: &Entry) -> String {
    let Entry { name, classes, group, restricted, boolean, text, .. } = entry;
    let (tail, head) = (entry.tail.is_some(), entry.head.is_some());
    let (needs_parent, parents_not) = (phrases(&entry.needs_parent), phrases(&entry.parents_not));
    format!(
        "Entry {{ name: {name:?}, codes: {classes:?}, group_codes: {group:?}, restricted: {restricted}, tail: {tail}, \
         head: {head}, boolean: {boolean}, text: {text}, needs_parent: &{needs_parent:?}, parents_not: &{parents_not:?} }}"
    )
}

fn phrases(list: &str) -> Vec<String> {
    list.split(',').map(|word| Tokens::of(word).whole().to_owned()).filter(|word| !word.is_empty()).collect()
}
