//! An outline says of whole files what the parser says of them.

use super::super::outline::{Outline, Step};
use super::fixtures;
use crate::document::{self, Node, Syntax};
use crate::source::{Discovery, SourceId, discover, read_file};
use std::collections::BTreeMap;

type Places = BTreeMap<(usize, usize), Vec<Step>>;

/// Places of keys and scalars with their paths, as the parser has them; what came through an alias stands elsewhere.
fn walk(node: Node<'_>, path: &mut Vec<Step>, keys: &mut Places, values: &mut Places) {
    if node.scalar().is_some() {
        let span = node.span();
        if span.start < span.end {
            values.insert((span.start as usize, span.end as usize), path.clone());
        }
    }
    for entry in node.entries() {
        let span = entry.key_span();
        path.push(Step::Key(entry.key().to_owned()));
        if entry.value().alias().is_none() {
            keys.insert((span.start as usize, span.end as usize), path.clone());
            walk(entry.value(), path, keys, values);
        }
        path.pop();
    }
    for (at, item) in node.items().enumerate() {
        path.push(Step::Item(at));
        if item.alias().is_none() {
            walk(item, path, keys, values);
        }
        path.pop();
    }
}

fn compare(path: &str, text: &str) -> Vec<String> {
    let parsed = document::parse(SourceId(0), path, text);
    let readable = matches!(parsed.syntax, Syntax::Yaml | Syntax::Json) && parsed.problems.is_empty();
    if !readable {
        return Vec::new();
    }
    let (mut keys, mut values) = (Places::new(), Places::new());
    for document in &parsed.documents {
        walk(document.root(), &mut Vec::new(), &mut keys, &mut values);
    }
    let outline = Outline::read(text, usize::MAX);
    let (mut found_keys, mut found_values) = (Places::new(), Places::new());
    for (at, part) in outline.parts.iter().enumerate() {
        if matches!(part.step, Step::Key(_)) {
            found_keys.insert((part.key.start, part.key.end), outline.path(at));
        }
        if let Some(value) = &part.value {
            found_values.insert((value.start, value.end), outline.path(at));
        }
    }
    let mut missed = Vec::new();
    for (place, steps) in &keys {
        // A key brought by `<<` is written where its anchor is; there it is found under the anchor.
        if found_keys.get(place) != Some(steps) {
            missed.push(format!(
                "{path}: key {:?} {steps:?}, found {:?}",
                &text[place.0..place.1],
                found_keys.get(place)
            ));
        }
    }
    for (place, steps) in &values {
        let block = text[..place.0].trim_end_matches(['-', '+', '\n', '\r', ' ']).ends_with(['|', '>']);
        let literal = block || text[place.0..].starts_with(['|', '>', '*']);
        if !literal && found_values.get(place) != Some(steps) {
            missed.push(format!(
                "{path}: {:?} {steps:?}, found {:?}",
                &text[place.0..place.1],
                found_values.get(place)
            ));
        }
    }
    missed
}

#[test]
fn every_key_and_scalar_of_every_fixture_is_where_the_parser_has_it() {
    let everything = Discovery::new(&["**".to_owned()], &[]).unwrap();
    let (mut files, mut missed) = (0, Vec::new());
    for folder in ["shop", "shop-broken", "leaks", "adapters", "../policies", "torture"] {
        for file in discover(&fixtures(folder), &everything).0 {
            let shown = file.path.to_string_lossy().into_owned();
            let Ok(source) = read_file(&file.path, &shown) else { continue };
            files += 1;
            missed.extend(compare(&shown, &source.text));
        }
    }
    assert!(files > 200, "{files}");
    assert!(missed.is_empty(), "{} missed\n{}", missed.len(), missed[..missed.len().min(40)].join("\n"));
}

/// Where the cursor is after a text was typed up to it.
fn typed(text: &str, at: usize) -> Option<Vec<Step>> {
    let outline = Outline::read(&text[..at], at);
    outline.spot.as_ref().map(|spot| outline.path(spot.part))
}

/// What of a text is misplaced while it is typed: the middle of every key and scalar.
fn misplaced(path: &str, text: &str) -> Vec<String> {
    let parsed = document::parse(SourceId(0), path, text);
    let (mut keys, mut values) = (Places::new(), Places::new());
    for document in &parsed.documents {
        walk(document.root(), &mut Vec::new(), &mut keys, &mut values);
    }
    // A key is inside its mapping, a scalar is the value of its path.
    keys.values_mut().for_each(|steps| drop(steps.pop()));
    let mut wrong = Vec::new();
    for ((start, end), steps) in keys.iter().chain(&values) {
        let written = &text[*start..*end];
        let middle = start + written.char_indices().nth(written.chars().count() / 2).map_or(0, |(at, _)| at);
        // After a blank a plain scalar may have ended.
        let ended = !written.starts_with(['"', '\'']) && text[..middle].ends_with(' ');
        let prose = ended || written.contains('\n') || written.starts_with(['|', '>', '*']) || middle == *start;
        if !prose && typed(text, middle).as_ref() != Some(steps) {
            wrong.push(format!("{path}: {written:?} {steps:?}, found {:?}", typed(text, middle)));
        }
    }
    wrong
}

#[test]
fn every_key_and_scalar_is_where_it_will_be_while_it_is_typed() {
    let everything = Discovery::new(&["**".to_owned()], &[]).unwrap();
    let (mut files, mut wrong) = (0, Vec::new());
    for folder in ["shop", "shop-broken", "leaks"] {
        let found = discover(&fixtures(folder), &everything).0;
        let ours = found.iter().filter(|file| {
            let ending = file.path.extension().unwrap_or_default();
            ["yaml", "json"].iter().any(|known| ending == *known)
        });
        for file in ours {
            let shown = file.path.to_string_lossy().into_owned();
            files += 1;
            wrong.extend(misplaced(&shown, &read_file(&file.path, &shown).unwrap().text));
        }
    }
    assert!(files > 40, "{files}");
    assert!(wrong.is_empty(), "{} misplaced\n{}", wrong.len(), wrong[..wrong.len().min(30)].join("\n"));
}
