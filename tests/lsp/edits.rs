//! Whatever is typed, the editor is told what a fresh run would say of the same texts.

use crate::client::{Client, copy, uri};
use crate::common::random::Random;
use crate::common::run;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const FILES: [&str; 5] = ["consent.yaml", "consentlint.yaml", "destinations.yaml", "plans/shop.json", "shop.yaml"];

/// Files that speak of events, so that what is kept from one run to the next matters: filters, declarations for fields of
/// other files, an exception beside the input, a store that is filled from another.
const MORE: [(&str, &str); 6] = [
    (
        "events/a.yaml",
        "datamap: 1\nevents:\n  - name: Seen\n    sources: [web]\n    properties:\n      - {name: email}\n      - {name: zq_3}\n      - {name: price, pi: D}\n",
    ),
    (
        "events/b.yaml",
        "datamap: 1\nevents:\n  - name: Bought\n    sources: [web, orders]\n    properties:\n      - {name: coupon_code}\n      - {name: latitude}\n      # consentlint: allow ccpa/field-unclassified -- looked at\n      - {name: zq_4}\n",
    ),
    (
        "events/c.yaml",
        "datamap: 1\nevents:\n  - name: Left\n    properties:\n      - {name: phone}\n      - {name: ssn}\n",
    ),
    (
        "events/d.yml",
        "rules:\n  - key: Shared\n    type: TRACK\n    version: 1\n    labels: {}\n    properties:\n      zq_5:\n        type: [string]\n        required: false\n",
    ),
    (
        "fields.yaml",
        "datamap: 1\nfields:\n  - {match: \"*.coupon_code\", pi: [D]}\n  - {match: \"Left.phone\", pi: none}\n",
    ),
    (
        "stores.yaml",
        "datamap: 1\ndestinations:\n  - id: mart\n    role: internal\n    filters: {drop_properties: [ssn], drop_events: [Left]}\nsources:\n  - id: app\n    platform: ios\n    destinations: [mart, mixpanel]\n",
    ),
];

const WORDS: [&str; 24] = [
    "\n",
    "  ",
    "- ",
    ": ",
    "true",
    "false",
    "#",
    "\"",
    "é",
    "𝄞",
    "role: third_party\n",
    "[",
    "]",
    "{",
    "}",
    "  gpc: {honored: true}\n",
    "facebook-pixel",
    "do-not-sell",
    "datamap: 1\n",
    "pi: A",
    "\r\n",
    "exceptions:\n",
    "",
    "1",
];

/// What is said, by file and place; the same from both sides.
type Said = Vec<String>;

fn told(client: &Client, folder: &Path, names: &[&str]) -> Said {
    let mut said: Said = Vec::new();
    for name in names {
        for diagnostic in client.of(&folder.join(name)) {
            let start = &diagnostic["range"]["start"];
            let about = diagnostic["data"]["fingerprint"].as_str().unwrap_or("problem");
            let related = diagnostic["relatedInformation"].as_array().map_or(0, Vec::len);
            let message = diagnostic["message"].as_str().unwrap().split('\n').next().unwrap();
            let message = if diagnostic["severity"] == 4 { message.split('.').next().unwrap() } else { message };
            said.push(format!("{name}:{}:{} {about} {related} {message}", start["line"], start["character"]));
        }
    }
    said.sort();
    said
}

fn fresh(folder: &Path) -> Said {
    let report = run(folder, &["check", "--format", "json"]).json();
    let mut said: Said = Vec::new();
    for (list, is_problem) in [("findings", false), ("problems", true)] {
        for found in report[list].as_array().unwrap() {
            let (file, start) = (found["file"].as_str().unwrap_or("consentlint.yaml"), &found["start"]);
            let place = |key: &str| start[key].as_u64().map_or(0, |number| number - 1);
            let about = found["fingerprint"].as_str().filter(|_| !is_problem).unwrap_or("problem");
            let related = found["related"].as_array().map_or(0, Vec::len);
            let message = consentlint::output::printable(found["message"].as_str().unwrap());
            let message = message.as_str();
            let message = if found["question"].is_string() { message.split('.').next().unwrap() } else { message };
            said.push(format!("{file}:{}:{} {about} {related} {message}", place("line"), place("column")));
        }
    }
    said.sort();
    said
}

/// An edit of a text, as the protocol tells it, and the text afterwards. Columns are characters.
fn edit(text: &str, random: &mut Random) -> (Value, String) {
    let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let place = |offset: usize| {
        let before = &text[..offset];
        let line = before.matches('\n').count();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        json!({"line": line, "character": text[start..offset].chars().count()})
    };
    loop {
        let from = random.below(boundaries.len());
        let to = (from + [0, 0, 1, 3, 12, 60][random.below(6)]).min(boundaries.len() - 1);
        let (start, end) = (boundaries[from], boundaries[to]);
        // Between `\r` and `\n` there is no place.
        let split = |at: usize| at > 0 && text[..at].ends_with('\r') && text[at..].starts_with('\n');
        if split(start) || split(end) {
            continue;
        }
        let word = random.one(&WORDS);
        let change = json!({"range": {"start": place(start), "end": place(end)}, "text": word});
        return (change, [&text[..start], word, &text[end..]].concat());
    }
}

#[test]
fn diagnostics_are_those_of_a_fresh_run() {
    keeps_up(&FILES, &[], 45);
}

#[test]
fn what_is_kept_from_run_to_run_is_what_a_fresh_run_says() {
    let names: Vec<&str> = FILES.into_iter().chain(MORE.map(|(name, _)| name)).collect();
    keeps_up(&names, &MORE, 120);
}

fn keeps_up(names: &[&str], more: &[(&str, &str)], rounds: usize) {
    let (_scratch, folder) = copy("fixtures/shop-broken");
    let (_other, fresh_copy) = copy("fixtures/shop-broken");
    for folder in [&folder, &fresh_copy] {
        for (name, text) in more {
            std::fs::create_dir_all(folder.join(name).parent().unwrap()).unwrap();
            std::fs::write(folder.join(name), text).unwrap();
        }
    }
    let first = fresh(&fresh_copy);
    let mut client = Client::open_in(&[&folder]);
    let mut texts: BTreeMap<PathBuf, String> = BTreeMap::new();
    for name in names {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        client.open(&folder.join(name), &text);
        texts.insert(name.into(), text);
    }
    client.sync();
    assert_eq!(told(&client, &folder, names), first, "before anything is typed");
    assert!(!first.is_empty());
    let originals = texts.clone();
    let mut random = Random(0x5eed_1234_5678_9abc);
    let (mut version, mut different) = (2, 0);
    for round in 0..rounds {
        let name = PathBuf::from(names[random.below(names.len())]);
        let mut changes = Vec::new();
        // One edit mostly; a fit of typing at times; and back to where it began, so that not all is rubble.
        if round % 6 == 5 {
            texts.clone_from(&originals);
            for (name, text) in &texts {
                client.replace(&folder.join(name), version, text);
                std::fs::write(fresh_copy.join(name), text).unwrap();
            }
        }
        let text = texts.get_mut(&name).unwrap();
        for _ in 0..[1, 1, 1, 4][random.below(4)] {
            let (change, after) = edit(text, &mut random);
            changes.push(change);
            *text = after;
        }
        std::fs::write(fresh_copy.join(&name), text.as_bytes()).unwrap();
        version += 1;
        client.change(&folder.join(&name), version, Value::Array(changes.clone()));
        client.sync();
        let (told, fresh) = (told(&client, &folder, names), fresh(&fresh_copy));
        assert_eq!(told, fresh, "round {round}: {} after {changes:#?}", name.display());
        different += usize::from(told != first);
    }
    assert!(different * 3 > rounds, "only {different} edits mattered");
}

#[test]
fn only_what_is_new_is_published() {
    let (_scratch, folder) = copy("fixtures/shop-broken");
    let mut client = Client::open_in(&[&folder]);
    for name in FILES {
        client.open(&folder.join(name), &std::fs::read_to_string(folder.join(name)).unwrap());
    }
    client.sync();
    client.published.clear();
    let text = std::fs::read_to_string(folder.join("shop.yaml")).unwrap();
    client.replace(&folder.join("shop.yaml"), 2, &format!("{text}# nothing that matters\n"));
    client.sync();
    assert_eq!(client.published, Vec::<String>::new());
    client.replace(&folder.join("shop.yaml"), 3, &format!("# one line down\n{text}"));
    client.sync();
    assert!(client.published.contains(&uri(&folder.join("shop.yaml"))));
    assert!(!client.published.contains(&uri(&folder.join("consentlint.yaml"))));
}
