//! The rules and schemas that ship inside the program.

use include_dir::{Dir, File, include_dir};
use std::path::Path;

static POLICIES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/policies");

/// Folders below `policies/` that hold no rules.
const NO_PACKS: [&str; 3] = ["catalog", "lexicon", "schemas"];

/// The rules that ship as `build.rs` leaves them, in JSON: path, line of `deny`, and the file without examples and condition.
pub(super) fn heads() -> &'static str {
    include_str!(concat!(env!("OUT_DIR"), "/rules.json"))
}

/// Path (`policies/<pack>/<rule>.yaml`) and text of every rule that ships, sorted by path.
pub fn embedded() -> Vec<(String, &'static str)> {
    let packs = POLICIES.dirs().filter(|dir| !NO_PACKS.iter().any(|name| dir.path() == Path::new(name)));
    let files = packs.flat_map(Dir::files);
    let mut rules: Vec<(String, &'static str)> = files
        .filter_map(|file| {
            Some((format!("policies/{}", file.path().display()).replace('\\', "/"), file.contents_utf8()?))
        })
        .filter(|(path, _)| path.ends_with(".yaml"))
        .collect();
    rules.sort_unstable();
    rules
}

/// Path and text of every table of the catalogue and every file of the lexicon that ships, sorted by path.
pub fn embedded_tables() -> Vec<(String, &'static str)> {
    let mut folders: Vec<&Dir<'_>> = POLICIES.get_dir("catalog").into_iter().collect();
    let mut tables = Vec::new();
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        let path = |file: &File<'_>| format!("policies/{}", file.path().display()).replace('\\', "/");
        tables.extend(folder.files().filter_map(|file| Some((path(file), file.contents_utf8()?))));
    }
    tables.retain(|(path, _)| !path.ends_with(".md"));
    tables.sort_unstable();
    tables
}

/// The text of a schema that ships, such as `datamap.json`.
pub fn embedded_schema(name: &str) -> Option<&'static str> {
    POLICIES.get_file(format!("schemas/{name}"))?.contents_utf8()
}

/// The text of a table of the catalogue that ships, such as `citations.tsv`.
pub(super) fn embedded_table(name: &str) -> Option<&'static str> {
    POLICIES.get_file(format!("catalog/{name}"))?.contents_utf8()
}

/// Whether a path below a folder of rules is a rule file.
pub fn is_rule_path(path: &Path) -> bool {
    let yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    let pack = path.parent().and_then(Path::file_name);
    yaml && !pack.is_some_and(|pack| NO_PACKS.iter().any(|name| pack == *name))
}

/// `pack/name` from a path: the folder and the file name without extension.
pub fn rule_id(path: &str) -> String {
    let mut parts = path.rsplit(['/', '\\']);
    let name = parts.next().unwrap_or(path);
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let pack = parts.find(|part| !part.is_empty() && *part != ".").unwrap_or("local");
    format!("{pack}/{name}")
}
