//! The tables of `docs/routing.md` say what the code does. `UPDATE=1 cargo test --test route_docs` brings them up to date.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read and write the generated file")]

#[path = "../common/mod.rs"]
mod common;
mod facts;
mod points;
mod tables;

use std::path::Path;

const FILE: &str = "docs/routing.md";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The document with every generated part made anew.
fn renewed(text: &str) -> String {
    let parts = tables::TABLES.into_iter().chain(points::PARTS).chain(facts::PARTS);
    parts.fold(text.to_owned(), |text, (name, make)| {
        let (start, end) = (format!("<!-- generated: {name} -->\n"), format!("<!-- end: {name} -->\n"));
        let (before, rest) = text.split_once(&start).unwrap_or_else(|| panic!("{FILE} lacks `{start}`"));
        let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("{FILE} lacks `{end}`"));
        format!("{before}{start}\n{}\n{end}{after}", make())
    })
}

#[test]
fn the_tables_follow_the_code() {
    let file = root().join(FILE);
    let committed = std::fs::read_to_string(&file).unwrap().replace("\r\n", "\n");
    let renewed = renewed(&committed);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, renewed).unwrap();
        return;
    }
    assert!(committed == renewed, "{FILE} is stale; run `UPDATE=1 cargo test --test route_docs`");
}

#[test]
fn every_generated_part_is_made_by_the_code() {
    let text = std::fs::read_to_string(root().join(FILE)).unwrap();
    let parts: Vec<&str> =
        tables::TABLES.iter().chain(&points::PARTS).chain(&facts::PARTS).map(|(name, _)| *name).collect();
    let marked = text.lines().filter_map(|line| line.strip_prefix("<!-- generated: ")?.strip_suffix(" -->"));
    let marked: Vec<&str> = marked.collect();
    assert!(marked.len() == parts.len() && marked.iter().all(|name| parts.contains(name)), "{marked:?}");
}

/// The facts were found: a change of how code is written must not leave them out.
#[test]
fn every_module_has_facts_and_a_source() {
    let modules = facts::all();
    for module in &modules {
        assert!(module.source.len() > 10, "{}", module.file);
        assert!(module.facts.len() >= 3, "{}: {}", module.file, module.facts.len());
    }
    let names: Vec<&str> = modules.iter().flat_map(|module| &module.facts).map(|fact| fact.name.as_str()).collect();
    for name in ["receives", "disables_segment", "by_custom", "fires", "server", "onetrust_model", "selects"] {
        assert!(names.contains(&name), "{name} is missing from {names:?}");
    }
}
