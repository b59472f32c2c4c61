//! The semantic facts of `src/flow/routing/` as their docstrings tell them, and the numbers of the check against the libraries.

use crate::tables::{Table, table};

pub(crate) const PARTS: [Table; 3] = [("facts", facts), ("oracle", oracle), ("undecidable", undecidable)];

/// Modules of facts, in the order of the page.
const MODULES: [&str; 6] = ["platform", "wrapper", "consent_manager", "analytics_js", "rudder", "tag_manager"];

/// A docstring of fewer letters only names what its function is for.
const SHORT: usize = 60;

/// What one function or constant says of a vendor's behavior.
pub(crate) struct Fact {
    file: String,
    pub(crate) name: String,
    said: String,
    /// Where it was read: named by the docstring itself, or else by its module.
    own: Option<String>,
}

/// A module and its facts.
pub(crate) struct Module {
    pub(crate) file: String,
    pub(crate) source: String,
    pub(crate) facts: Vec<Fact>,
}

/// The comment lines with a mark, joined.
fn joined(lines: &[&str], mark: &str) -> String {
    lines.iter().filter_map(|line| line.trim().strip_prefix(mark)).map(str::trim).collect::<Vec<_>>().join(" ")
}

/// The name that a line makes public, if it is a function or a constant.
fn named(line: &str) -> Option<&str> {
    let line = line.trim();
    let rest = ["pub fn ", "pub const ", "fn "].iter().find_map(|start| line.strip_prefix(start))?;
    rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next()
}

/// Every function and constant of a module whose docstring states something.
fn of(module: &str) -> Module {
    let file = format!("src/flow/routing/{module}.rs");
    let text = std::fs::read_to_string(crate::root().join(&file)).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap();
    let lines: Vec<&str> = code.lines().collect();
    let head: Vec<&str> = lines.iter().copied().take_while(|line| line.starts_with("//!")).collect();
    let head = joined(&head, "//!");
    let (_, source) = head.split_once("Source").unwrap_or_else(|| panic!("{file} names no source"));
    let source = source.split_once(": ").unwrap().1.trim_end_matches('.').to_owned();
    let mut facts = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(name) = named(line) else { continue };
        let first = (0..at).rev().take_while(|above| lines[*above].trim().starts_with("///")).last();
        let said = first.map_or_else(String::new, |first| joined(&lines[first..at], "///"));
        if said.chars().count() < SHORT {
            continue;
        }
        let own = own_source(&said).map(str::to_owned);
        let said = own.as_ref().map_or_else(|| said.clone(), |own| said.replace(&format!(" ({own})"), ""));
        facts.push(Fact { file: file.clone(), name: name.to_owned(), said: linked(&said), own });
    }
    Module { file, source, facts }
}

/// What a docstring names in parentheses as its own source.
fn own_source(said: &str) -> Option<&str> {
    let marks = ["Segment documentation", "package `", "RudderStack documentation", "Tag Manager documentation"];
    let inside = said.split('(').skip(1).filter_map(|rest| rest.split(')').next());
    inside.into_iter().find(|text| marks.iter().any(|mark| text.starts_with(mark)))
}

/// References to other code without their brackets.
fn linked(said: &str) -> String {
    said.replace("[`", "`").replace("`]", "`")
}

pub(crate) fn all() -> Vec<Module> {
    MODULES.into_iter().map(of).collect()
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

fn facts() -> String {
    let mut out = String::new();
    for module in all() {
        let rows = module.facts.iter().map(|fact| {
            let own = fact.own.as_deref().unwrap_or("");
            vec![cell(&fact.said), format!("[`{}`](../{})", fact.name, fact.file), cell(own)]
        });
        let rows: Vec<_> = rows.collect();
        let name = module.file.trim_start_matches("src/flow/");
        out += &format!("### `{name}`\n\nRead in: {}.\n\n", cell(&module.source));
        out += &table(&["what is taken as a fact", "function", "read elsewhere"], rows);
        out.push('\n');
    }
    out.trim_end().to_owned() + "\n"
}

/// A text of the code without the breaks that keep its lines short.
fn unbroken(text: &str) -> String {
    text.split("\\\n").map(str::trim_start).collect::<Vec<_>>().concat()
}

/// Every constant that says why something is not decided, and its file.
fn undecidable() -> String {
    let mut rows = Vec::new();
    for folder in ["src/flow/route", "src/flow/routing"] {
        for path in crate::common::files(&crate::root().join(folder)) {
            let text = std::fs::read_to_string(&path).unwrap();
            let file = path.strip_prefix(crate::root()).unwrap().to_string_lossy().replace('\\', "/");
            for part in text.split("\n/// Why ").skip(1) {
                let Some((head, rest)) = part.split_once("&str =") else { continue };
                let documented = head.lines().count() == 2 && head.contains("const ");
                let value = rest.split('"').nth(1).filter(|_| documented);
                rows.extend(value.map(|value| vec![cell(&unbroken(value)), format!("[{file}](../{file})")]));
            }
        }
    }
    assert!(rows.len() > 7, "the reasons were not found: {rows:?}");
    table(&["what is missing, as it is shown", "where the code says it"], rows)
}

fn oracle() -> String {
    let rows = ["wrapper", "manager"].map(|name| {
        let path = crate::root().join(format!("tests/oracle/cases/{name}.json"));
        let file: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let packages = file["packages"].as_object().unwrap().iter();
        let packages = packages.map(|(name, version)| format!("`{name}` {}", version.as_str().unwrap()));
        let count = file["cases"].as_array().unwrap().len();
        vec![packages.collect::<Vec<_>>().join(", "), count.to_string(), file["seed"].to_string()]
    });
    table(&["libraries", "cases", "seed"], rows)
}
