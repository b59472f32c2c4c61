//! The house rules that the compiler does not hold: floors, file length, one owner for each parser, no attic.
#![allow(clippy::disallowed_methods, reason = "tests read the sources")]
#![allow(clippy::unwrap_used, reason = "helpers of tests, too, fail by panicking")]

use regex::Regex;
use std::path::{Path, PathBuf};

/// A module may use modules of lower floors, and itself.
const FLOORS: &[(&str, u8)] = &[
    ("source", 0),
    ("finding", 1),
    ("document", 2),
    ("model", 2),
    ("report", 2),
    ("adapter", 3),
    ("classify", 3),
    ("flow", 3),
    ("output", 3),
    ("policy", 3),
    ("settings", 3),
    ("engine", 4),
    ("check", 5),
    ("cli", 6),
];

const MAX_LINES: usize = 400;

/// What is longer, and how long it may be: these may shrink, never grow.
const LONGER: &[(&str, usize)] = &[("src/model/kind.rs", 640), ("src/model/join.rs", 420)];

/// A name in the code, and the beginnings of the paths that may mention it.
const OWNERS: &[(&str, &[&str])] = &[
    (r"\bgranit_parser\b", &["src/document/yaml"]),
    (r"\bjiter\b", &["src/document/json.rs"]),
    (r"\bjsonc_parser\b", &["src/document/jsonc.rs"]),
    (r"\bcel::", &["src/policy/expression.rs"]),
    (r"\bjsonschema::|\buse jsonschema\b", &["src/document/validate"]),
    (r"\bmiette\b", &["src/output/human", "src/output/frame.rs"]),
    (r"\bstd::fs\b|\bfs::[a-z_]+\(|\bFile::open\b", &["src/source/read.rs", "src/source/discover.rs", "src/cli/"]),
];

const ATTICS: &[&str] = &["util", "utils", "helper", "helpers", "misc", "common"];

fn floor(module: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == module).map(|(_, floor)| *floor)
}

/// The module of a file: its first folder below `src`, or its name.
fn module(path: &str) -> &str {
    let below = path.strip_prefix("src/").unwrap_or(path);
    below.split_once('/').map_or_else(|| below.strip_suffix(".rs").unwrap_or(below), |(folder, _)| folder)
}

/// The code without lines that are comments.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The modules that a file names: `crate::a`, `crate::{a::B, c}`, and `super::a` where `super` is the crate.
fn named(path: &str, text: &str) -> Vec<String> {
    let code = code(text);
    let single = Regex::new(r"\bcrate::([a-z_]+)\b").unwrap();
    let group = Regex::new(r"\bcrate::\{([^;]*)\};").unwrap();
    let mut names: Vec<String> = single.captures_iter(&code).map(|found| found[1].to_owned()).collect();
    for found in group.captures_iter(&code) {
        let mut depth = 0;
        let outer: String = found[1]
            .chars()
            .filter(|letter| {
                depth += i32::from(*letter == '{') - i32::from(*letter == '}');
                depth == 0
            })
            .collect();
        names.extend(outer.split(',').filter_map(|part| part.trim().split("::").next().map(str::to_owned)));
    }
    let top = path == format!("src/{}.rs", module(path)) || path == format!("src/{}/mod.rs", module(path));
    let parent = Regex::new(if top { r"\bsuper::([a-z_]+)\b" } else { r"\bsuper::super::([a-z_]+)\b" }).unwrap();
    names.extend(parent.captures_iter(&code).map(|found| found[1].to_owned()).filter(|name| floor(name).is_some()));
    names.sort();
    names.dedup();
    names.retain(|name| !name.is_empty());
    names
}

fn floor_breaches(path: &str, text: &str) -> Vec<String> {
    let own = module(path);
    if matches!(own, "lib" | "main") {
        return Vec::new();
    }
    let Some(mine) = floor(own) else { return vec![format!("{path}: `{own}` has no floor")] };
    let breach = |name: String| match floor(&name) {
        _ if name == own => None,
        None => Some(format!("{path}: uses `{name}`, which has no floor")),
        Some(other) if other >= mine => Some(format!("{path}: `{own}` (floor {mine}) uses `{name}` (floor {other})")),
        Some(_) => None,
    };
    named(path, text).into_iter().filter_map(breach).collect()
}

fn length_breaches(path: &str, text: &str) -> Vec<String> {
    let allowed = LONGER.iter().find(|(longer, _)| *longer == path).map_or(MAX_LINES, |(_, lines)| *lines);
    let lines = text.lines().count();
    (lines > allowed).then(|| format!("{path}: {lines} lines, at most {allowed}")).into_iter().collect()
}

fn owner_breaches(path: &str, text: &str) -> Vec<String> {
    let code = code(text);
    let breach = |(pattern, owners): &(&str, &[&str])| {
        let owned = owners.iter().any(|owner| path.starts_with(owner));
        let found = Regex::new(pattern).unwrap().find(&code).map(|found| found.as_str().to_owned());
        found.filter(|_| !owned).map(|found| format!("{path}: `{found}` belongs to {}", owners.join(", ")))
    };
    OWNERS.iter().filter_map(breach).collect()
}

fn attic_breaches(path: &str, text: &str) -> Vec<String> {
    let modules = path.strip_suffix(".rs").unwrap_or(path).split('/').map(str::to_owned);
    let declared = Regex::new(r"(?m)^\s*(?:pub(?:\([a-z ]+\))? )?mod ([a-z_]+)").unwrap();
    let inside = declared.captures_iter(text).map(|found| found[1].to_owned());
    let attic = |name: &String| ATTICS.contains(&name.as_str());
    modules.chain(inside).filter(attic).map(|name| format!("{path}: a module called `{name}`")).collect()
}

fn sources() -> Vec<(String, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let files = walkdir::WalkDir::new(root.join("src")).sort_by_file_name().into_iter().map(Result::unwrap);
    let rust = files.filter(|entry| entry.path().extension().is_some_and(|ending| ending == "rs"));
    let named = |path: &Path| path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
    rust.map(|entry| (named(entry.path()), std::fs::read_to_string(entry.path()).unwrap())).collect()
}

fn holds(breaches: fn(&str, &str) -> Vec<String>) {
    let sources = sources();
    assert!(sources.len() > 50, "only {} files found below src", sources.len());
    let found: Vec<String> = sources.iter().flat_map(|(path, text)| breaches(path, text)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_module_uses_lower_floors_only() {
    holds(floor_breaches);
}

#[test]
fn no_file_is_long() {
    holds(length_breaches);
}

#[test]
fn every_parser_has_one_owner() {
    holds(owner_breaches);
}

#[test]
fn there_is_no_attic() {
    holds(attic_breaches);
}

#[test]
fn every_module_of_the_crate_has_a_floor_and_every_floor_a_module() {
    let text = sources().into_iter().find(|(path, _)| path == "src/lib.rs").unwrap().1;
    let mut declared: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let mut floors: Vec<&str> = FLOORS.iter().map(|(name, _)| *name).collect();
    declared.sort_unstable();
    floors.sort_unstable();
    assert_eq!(declared, floors);
}

#[test]
fn the_check_of_floors_can_fail() {
    let upwards = [
        ("src/model/kind.rs", "use crate::engine::Active;"),
        ("src/model/kind.rs", "use crate::{engine::{Active, check}, source::Span};"),
        ("src/finding.rs", "fn f() { super::report::f() }"),
        ("src/output/json.rs", "use super::super::check::Inputs;"),
        ("src/document/mod.rs", "use super::model::Model;"),
    ];
    for (path, text) in upwards {
        assert_eq!(floor_breaches(path, text).len(), 1, "{path}: {text}");
    }
    assert_eq!(
        floor_breaches("src/flow/mod.rs", "use crate::policy::Rule;"),
        ["src/flow/mod.rs: `flow` (floor 3) uses `policy` (floor 3)"]
    );
    assert_eq!(floor_breaches("src/attic.rs", ""), ["src/attic.rs: `attic` has no floor"]);
    assert_eq!(
        floor_breaches("src/cli/mod.rs", "use crate::stray::X;"),
        ["src/cli/mod.rs: uses `stray`, which has no floor"]
    );
    let fine = [
        ("src/flow/gate.rs", "use crate::model::Model;\nuse crate::{flow::Map, source::{Span, SourceId}};"),
        ("src/cli/project.rs", "use super::classify::matcher;"),
        ("src/model/kind.rs", "// see crate::engine\n/// and crate::cli"),
    ];
    for (path, text) in fine {
        assert!(floor_breaches(path, text).is_empty(), "{path}: {:?}", floor_breaches(path, text));
    }
}

#[test]
fn the_check_of_lengths_can_fail() {
    assert!(length_breaches("src/a.rs", &"x\n".repeat(400)).is_empty());
    assert_eq!(length_breaches("src/a.rs", &"x\n".repeat(401)), ["src/a.rs: 401 lines, at most 400"]);
}

#[test]
fn the_check_of_owners_can_fail() {
    let strays = [
        ("src/document/json.rs", "use granit_parser::Event;"),
        ("src/document/yaml.rs", "use jiter::Jiter;"),
        ("src/document/json.rs", "jsonc_parser::parse()"),
        ("src/engine/mod.rs", "cel::Program::compile(x)"),
        ("src/adapter/json_schema.rs", "use jsonschema::Validator;"),
        ("src/output/github.rs", "use miette::Report;"),
        ("src/adapter/datamap.rs", "std::fs::read(path)"),
        ("src/adapter/datamap.rs", "let x = fs::read_to_string(path);"),
        ("src/check.rs", "File::open(path)"),
    ];
    for (path, text) in strays {
        assert_eq!(owner_breaches(path, text).len(), 1, "{path}: {text}");
    }
    for (path, text) in [
        ("src/document/yaml.rs", "use granit_parser::Event;"),
        ("src/policy/expression.rs", "use cel::Program;"),
        ("src/cli/init.rs", "std::fs::write(path)"),
        ("src/check.rs", "// unlike jsonschema\nlet excel = excel::read();"),
    ] {
        assert!(owner_breaches(path, text).is_empty(), "{path}: {text}");
    }
}

#[test]
fn the_check_of_attics_can_fail() {
    assert_eq!(attic_breaches("src/model/utils.rs", "").len(), 1);
    assert_eq!(attic_breaches("src/util/mod.rs", "").len(), 1);
    assert_eq!(attic_breaches("src/a.rs", "pub(crate) mod helpers;").len(), 1);
    assert!(attic_breaches("src/model/kind.rs", "mod values;").is_empty());
}
