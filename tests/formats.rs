//! Input formats: what is read from each fixture, with its place. `UPDATE=1 cargo test --test formats` rewrites the
//! expected models; read the difference.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read fixtures")]

mod common;

use common::dump::read_text;
use common::{EXPECTED, fixtures};
use consentlint::adapter::ADAPTERS;
use std::path::PathBuf;

fn folder(adapter: &str) -> PathBuf {
    common::root().join("fixtures/adapters").join(adapter)
}

/// What all fixtures of an adapter give.
fn given(adapter: &str) -> (String, Vec<String>) {
    let (mut text, mut twice) = (String::new(), Vec::new());
    for (shown, source) in fixtures(adapter) {
        let read = read_text(&shown, source);
        let formats: Vec<&str> = read.formats.iter().map(|format| format.unwrap_or("nobody's")).collect();
        text.push_str(&format!("== {shown}: {}\n{}\n", formats.join(", "), read.dump()));
        twice.extend(read.claimed_twice);
    }
    (text, twice)
}

#[test]
fn every_fixture_gives_its_model() {
    let mut wrong = Vec::new();
    for adapter in ADAPTERS {
        if !folder(adapter.name).is_dir() {
            wrong.push(format!("{} has no fixtures", adapter.name));
            continue;
        }
        let (text, twice) = given(adapter.name);
        assert!(twice.is_empty(), "claimed by two adapters: {twice:?}");
        assert!(text.contains(&format!(": {}", adapter.name)), "no fixture of {} is recognised", adapter.name);
        let path = folder(adapter.name).join(EXPECTED);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        if expected != text {
            let differs = expected.lines().zip(text.lines()).position(|(one, other)| one != other);
            let at = differs.unwrap_or(expected.lines().count().min(text.lines().count()));
            let line = |text: &str| text.lines().nth(at).unwrap_or("(nothing)").to_owned();
            let (was, is) = (line(&expected), line(&text));
            wrong.push(format!("{} line {}: expected `{was}`, read `{is}`", path.display(), at + 1));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Schemas of what the program writes, and of what it reads besides inputs.
const OURS: [&str; 6] = ["diff", "map", "report", "route", "rule", "settings"];

#[test]
fn every_schema_of_a_vendor_belongs_to_an_adapter_and_compiles() {
    let folder = common::root().join("policies/schemas");
    for path in common::files(&folder) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(consentlint::document::Schema::compile(&text).is_ok(), "{name} does not compile");
        if OURS.contains(&name.as_str()) {
            continue;
        }
        let adapter =
            ADAPTERS.iter().find(|adapter| adapter.name == name).unwrap_or_else(|| panic!("{name}: no adapter"));
        assert_eq!(adapter.schema, Some(text.as_str()), "{name}");
    }
}
