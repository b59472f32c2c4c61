//! Who may use whom: floors, file sizes, owners of parsers. See CONTRIBUTING.md.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read the sources")]

use std::path::{Path, PathBuf};

/// Modules by floor, lowest first. A module uses only lower floors; modules of one floor never see one another.
const FLOORS: [&[&str]; 7] = [
    &["source"],
    &["finding"],
    &["document", "model", "report", "scan"],
    &["adapter", "baseline", "classify", "flow", "policy", "output", "settings"],
    &["engine", "fix"],
    &["check", "compare"],
    &["cli"],
];

/// Crates and APIs that only these places may name.
const OWNERS: &[(&str, &[&str])] = &[
    ("granit_parser", &["src/document/yaml.rs", "src/document/scalar.rs"]),
    ("html5gum", &["src/document/html.rs"]),
    ("jiter::", &["src/document/json.rs"]),
    ("tree_sitter", &["src/document/javascript"]),
    ("jsonc_parser", &["src/document/jsonc.rs"]),
    ("hcl_edit", &["src/document/hcl.rs"]),
    ("jsonschema::", &["src/document/validate"]),
    ("cel::", &["src/policy/expression.rs"]),
    ("miette::", &["src/output/human.rs", "src/output/frame.rs"]),
    ("maud", &["src/output/page.rs", "src/cli/map/html", "src/cli/report"]),
    ("base64", &["src/output/page.rs"]),
    ("sha2", &["src/output/page.rs", "src/cli/report"]),
    ("quick_junit", &["src/output/junit"]),
    ("include_dir", &["src/policy/pack.rs"]),
    ("std::fs", &["src/source/read.rs", "src/cli/write.rs"]),
    ("File::open", &["src/source/read.rs"]),
    ("walkdir", &["src/source/discover.rs"]),
    ("lsp_server", &["src/cli/lsp"]),
    ("lsp_types", &["src/cli/lsp"]),
    ("use csv::", &["src/document/csv.rs"]),
    ("use ::csv::", &["src/cli/map/csv.rs"]),
    ("flate2", &["src/source/read.rs", "src/output/sarif/limits.rs"]),
    ("gix", &["src/source/revision.rs"]),
    ("memchr", &["src/scan"]),
    ("wide::", &["src/scan/text.rs"]),
    ("std::net", &[]),
    ("std::os::unix::net", &[]),
    ("std::process::Command", &[]),
];

/// Names that say nothing of what is inside.
const ATTICS: [&str; 6] = ["util", "utils", "helper", "helpers", "common", "misc"];

const MAX_LINES: usize = 400;

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|modules| modules.contains(&module))
}

/// The top module that a file belongs to: `document` for `src/document/yaml.rs`, `check` for `src/check.rs`.
fn module(path: &str) -> &str {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs")
}

/// Code without comments, and without what stands in tests.
fn code(text: &str) -> String {
    let before_tests = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    before_tests.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n")
}

/// Names after `crate::`, also inside `use crate::{a, b}`.
fn used(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        match rest.strip_prefix('{') {
            Some(list) => names.extend(list.split('}').next().unwrap_or("").split(',').map(|name| word(name.trim()))),
            None => names.push(word(rest)),
        }
    }
    names
}

/// Top modules named through `super::` by a file whose `super` is the crate.
fn above(path: &str, code: &str) -> Vec<String> {
    let own = module(path);
    let top = [format!("src/{own}.rs"), format!("src/{own}/mod.rs")].contains(&path.to_owned());
    let prefix = if top { "super::" } else { "super::super::" };
    let word = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    code.split(prefix).skip(1).map(word).collect()
}

/// The name in `mod name;` or `pub mod name {`.
fn declared(line: &str) -> Option<&str> {
    let (before, rest) = line.trim_start().split_once("mod ")?;
    let name = rest.split([';', ' ']).next()?;
    (before.is_empty() || before.starts_with("pub")).then_some(name)
}

fn breaches(path: &str, text: &str) -> Vec<String> {
    let own = module(path);
    let code = code(text);
    let mut found = Vec::new();
    let lines = text.lines().count();
    if lines > MAX_LINES {
        found.push(format!("{path} has {lines} lines, more than {MAX_LINES}"));
    }
    let names = path.trim_end_matches(".rs").split('/').chain(code.lines().filter_map(declared));
    found.extend(names.filter(|name| ATTICS.contains(name)).map(|name| format!("{path}: a module called `{name}`")));
    if let Some(own_floor) = floor(own) {
        let others = used(&code).into_iter().chain(above(path, &code)).filter(|name| name != own);
        for other in others.filter(|other| floor(other).is_some_and(|floor| floor >= own_floor)) {
            found.push(format!("{path}: `{own}` (floor {own_floor}) uses `{other}`"));
        }
    } else if !["lib", "main"].contains(&own) {
        found.push(format!("{path}: module `{own}` stands on no floor"));
    }
    for (name, owners) in OWNERS {
        if code.contains(name) && !owners.iter().any(|owner| path.starts_with(owner)) {
            let owners = if owners.is_empty() { "nobody".to_owned() } else { owners.join(", ") };
            found.push(format!("{path} names `{name}`, which belongs to {owners}"));
        }
    }
    found
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn the_house_keeps_its_order() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("src"), &mut files);
    assert!(files.len() > 50, "the sources were not found");
    let broken: Vec<String> = files
        .iter()
        .flat_map(|file| {
            let path = file.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            // Tests in a folder of their own may do what tests do, but not be longer.
            let text = std::fs::read_to_string(file).unwrap();
            let tests = path.contains("/tests");
            breaches(&path, &text).into_iter().filter(move |breach| !tests || breach.contains("lines"))
        })
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Crates that open connections, or are there for those that do.
const NETWORK: [&str; 13] = [
    "async-std",
    "curl",
    "hyper",
    "isahc",
    "mio",
    "native-tls",
    "openssl",
    "quinn",
    "reqwest",
    "rustls",
    "socket2",
    "tokio",
    "ureq",
];

#[test]
fn no_crate_for_the_network_is_locked() {
    let lock = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap();
    let locked: Vec<&str> = lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).collect();
    assert!(locked.contains(&"serde"), "the lock file was not understood");
    let network: Vec<&&str> = NETWORK.iter().filter(|name| locked.contains(*name)).collect();
    assert!(network.is_empty(), "{network:?}");
}

#[test]
fn a_breach_is_seen() {
    let seen = |path: &str, text: &str| breaches(path, text).len();
    assert_eq!(seen("src/model/x.rs", "use crate::document::Node;"), 1, "one floor");
    assert_eq!(seen("src/source/x.rs", "fn f() { crate::finding::g() }"), 1, "a higher floor");
    assert_eq!(seen("src/flow/x.rs", "use crate::{model, policy};"), 1, "inside braces");
    assert_eq!(seen("src/flow/x.rs", "use crate::model::Model;\nuse crate::flow::Map;"), 0);
    assert_eq!(seen("src/flow/x.rs", "// crate::policy is above"), 0, "a comment");
    assert_eq!(seen("src/stray.rs", ""), 1, "no floor");
    assert_eq!(seen("src/finding.rs", "use super::report::Report;"), 1, "a higher floor, from below");
    assert_eq!(seen("src/model/x.rs", "use super::super::engine::Active;"), 1, "a higher floor, from further below");
    assert_eq!(seen("src/cli/x.rs", "use super::check::run;"), 0, "a sister of the same name");
    assert_eq!(seen("src/model/utils.rs", ""), 1, "an attic");
    assert_eq!(seen("src/model/mod.rs", "pub(super) mod helpers;"), 1, "an attic, declared");
    assert_eq!(seen("src/model/x.rs", "use std::fs;"), 1, "files");
    assert_eq!(seen("src/check.rs", "let file = File::open(path);"), 1, "files");
    assert_eq!(seen("src/model/x.rs", &"\n".repeat(401)), 1, "too long");
    assert_eq!(seen("src/model/x.rs", "use jiter::Jiter;"), 1, "a parser's owner");
    assert_eq!(seen("src/document/json.rs", "use jiter::Jiter;"), 0);
}
