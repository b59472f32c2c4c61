//! Which files to look at: explicit ones always, and below folders those that may be ours.

use globset::{Glob, GlobSet, GlobSetBuilder};
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Endings of files that are looked into without being named.
pub const ENDINGS: [&str; 27] = [
    "yaml", "yml", "json", "jsonc", "json5", "ndjson", "jsonl", "csv", "tsv", "tf", "js", "mjs", "cjs", "jsx", "ts",
    "mts", "cts", "tsx", "vue", "svelte", "html", "htm", "ejs", "erb", "liquid", "njk", "hbs",
];
/// Endings before `.gz` of files that are unpacked without being named.
pub const PACKED: [&str; 4] = ["json", "ndjson", "jsonl", "csv"];
/// Folders that never hold sources.
const SKIPPED: [&str; 5] = [".git", ".hg", ".svn", ".terraform", "node_modules"];

/// What to look for below a folder.
#[derive(Debug, Default)]
pub struct Discovery {
    include: GlobSet,
    exclude: GlobSet,
}

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Discovered {
    /// Its path.
    pub path: PathBuf,
    /// Named on the command line, or matched by `include`: it must then be one of ours.
    pub expected: bool,
}

impl Discovery {
    /// Patterns are relative to the folder that is searched.
    ///
    /// # Errors
    /// The first pattern that does not compile, and why.
    pub fn new(include: &[String], exclude: &[String]) -> Result<Self, String> {
        Ok(Self { include: globs(include)?, exclude: globs(exclude)? })
    }
}

fn globs(patterns: &[String]) -> Result<GlobSet, String> {
    let mut builder = GlobSetBuilder::new();
    for pattern in patterns {
        builder.add(Glob::new(pattern).map_err(|error| format!("`{pattern}`: {}", error.kind()))?);
    }
    builder.build().map_err(|error| error.to_string())
}

/// Files below `root`, sorted; `.gitignore` files are obeyed. Errors name a path and what went wrong.
pub fn discover(root: &Path, discovery: &Discovery) -> (Vec<Discovered>, Vec<(PathBuf, String)>) {
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    let mut ignores: Vec<Gitignore> = parents(root);
    let mut walk = WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter();
    while let Some(next) = walk.next() {
        let entry = match next {
            Ok(entry) => entry,
            Err(error) => {
                // A loop of links leads to what was already seen: nothing is missed by leaving it.
                if error.loop_ancestor().is_none() {
                    let path = error.path().unwrap_or(root).to_path_buf();
                    errors.push((path, error.io_error().map_or_else(|| error.to_string(), ToString::to_string)));
                }
                continue;
            }
        };
        let directory = entry.file_type().is_dir();
        while ignores.last().is_some_and(|ignore| !entry.path().starts_with(ignore.path())) {
            ignores.pop();
        }
        let relative = entry.path().strip_prefix(root).unwrap_or(entry.path());
        if directory && is_closed(entry.path(), relative, discovery, &ignores) {
            walk.skip_current_dir();
            continue;
        }
        if directory {
            ignores.extend(ignore_file(entry.path()));
            continue;
        }
        let regular = entry.file_type().is_file();
        found.extend(judged(entry.path(), relative, regular, discovery, &ignores));
    }
    (found, errors)
}

/// What [`discover`] would find at `path` below `root`, if there were a file.
pub fn admit(root: &Path, discovery: &Discovery, path: &Path) -> Option<Discovered> {
    let mut ignores: Vec<Gitignore> = parents(root);
    let relative = path.strip_prefix(root).ok()?;
    let mut folder = root.to_path_buf();
    for name in relative.parent()?.iter().map(Some).chain([None]) {
        if is_closed(&folder, folder.strip_prefix(root).ok()?, discovery, &ignores) {
            return None;
        }
        ignores.extend(ignore_file(&folder));
        folder.extend(name);
    }
    judged(path, relative, true, discovery, &ignores)
}

/// Whether a folder is not looked into.
fn is_closed(folder: &Path, relative: &Path, discovery: &Discovery, ignores: &[Gitignore]) -> bool {
    let skipped = relative.file_name().and_then(|name| name.to_str()).is_some_and(|name| SKIPPED.contains(&name));
    skipped || discovery.exclude.is_match(relative) || ignored(ignores, folder, true)
}

fn ignore_file(folder: &Path) -> Option<Gitignore> {
    let (ignore, _) = Gitignore::new(folder.join(".gitignore"));
    (!ignore.is_empty()).then_some(ignore)
}

/// A file that may be ours, or that is included by the settings.
fn judged(
    path: &Path,
    relative: &Path,
    regular: bool,
    discovery: &Discovery,
    ignores: &[Gitignore],
) -> Option<Discovered> {
    let included = discovery.include.is_match(relative);
    let candidate = included || (regular && may_be_ours(path) && !ignored(ignores, path, false));
    (candidate && !discovery.exclude.is_match(relative))
        .then(|| Discovered { path: path.to_path_buf(), expected: included })
}

/// The `.gitignore` files above a folder, up to the root of its repository.
fn parents(root: &Path) -> Vec<Gitignore> {
    let mut above: Vec<Gitignore> = Vec::new();
    for folder in root.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()) {
        if root.join(".git").exists() {
            break;
        }
        let mut builder = GitignoreBuilder::new(folder);
        if builder.add(folder.join(".gitignore")).is_none()
            && let Ok(ignore) = builder.build()
        {
            above.push(ignore);
        }
        if folder.join(".git").exists() {
            break;
        }
    }
    above.reverse();
    above
}

/// The innermost file that has an opinion decides.
fn ignored(ignores: &[Gitignore], path: &Path, directory: bool) -> bool {
    let opinions = ignores.iter().rev().filter(|ignore| path.starts_with(ignore.path()));
    opinions
        .map(|ignore| ignore.matched(path, directory))
        .find(|matched| !matched.is_none())
        .is_some_and(|matched| matched.is_ignore())
}

fn may_be_ours(path: &Path) -> bool {
    match ending(path) {
        Some(packed) if packed.eq_ignore_ascii_case("gz") => {
            path.file_stem().and_then(|stem| ending(Path::new(stem))).is_some_and(|inner| is_one_of(inner, &PACKED))
        }
        // Names of vendors have points, so what looks like an ending may be none.
        Some(ending) => is_one_of(ending, &ENDINGS) || is_iglu(path),
        None => is_iglu(path),
    }
}

fn ending(path: &Path) -> Option<&str> {
    path.extension().and_then(|ending| ending.to_str())
}

fn is_one_of(ending: &str, known: &[&str]) -> bool {
    known.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// Whether a file is a schema of an Iglu registry, named by its version alone: `jsonschema/1-0-2`, or a copy of it that
/// keeps the path in its name.
fn is_iglu(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
    let (holder, version) = match name.rsplit_once("jsonschema") {
        Some((_, version)) => ("jsonschema", version.trim_start_matches(['_', '.', '-'])),
        None => (path.parent().and_then(Path::file_name).and_then(|folder| folder.to_str()).unwrap_or(""), name),
    };
    let numbers = version.split('-').filter(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    numbers.count() == 3 && version.split('-').count() == 3 && holder == "jsonschema"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_tell_what_is_looked_into() {
        for path in [
            "a.yaml",
            "x/b.JSON",
            "a.json.gz",
            "b.NDJSON.GZ",
            "c.csv.gz",
            "v/jsonschema/1-0-12",
            "com.v__n__jsonschema__1-0-12",
            "d.tsv",
        ] {
            assert!(may_be_ours(Path::new(path)), "{path}");
        }
        for path in [
            "a.gz",
            "gz",
            "a.tar.gz",
            "a.yaml.gz",
            "jsonschema/1-0",
            "jsonschema/1-0-0-0",
            "jsonschema/1-0-",
            "1-0-0",
            "jsonschema/a-0-0",
            "Makefile",
            ".json",
        ] {
            assert!(!may_be_ours(Path::new(path)), "{path}");
        }
    }

    #[test]
    #[allow(clippy::disallowed_methods, reason = "tests write scratch folders")]
    fn what_is_admitted_is_what_would_be_found() {
        let scratch = tempfile::tempdir().unwrap();
        let root = scratch.path().join("repository/project");
        let files = [
            "a.yaml",
            "a.txt",
            "b/c.json",
            "out/x.yaml",
            "out/kept/y.yaml",
            "gone.yaml",
            "deep/gone.yaml",
            "deep/.git/x.yaml",
            "node_modules/x.json",
            "deep/node_modules/y/z.ts",
            "excluded/x.yaml",
            "in.cluded",
            "out/in.cluded",
            "k.yaml",
        ];
        let ignores = [("../.gitignore", "k.yaml\n"), (".gitignore", "out/\n"), ("deep/.gitignore", "gone.yaml\n")];
        std::fs::create_dir_all(root.join("../.git")).unwrap();
        for (name, text) in files.iter().map(|name| (*name, "x")).chain(ignores) {
            let path = root.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let discovery = Discovery::new(&["**/*.cluded".to_owned()], &["excluded".to_owned()]).unwrap();
        let (found, _) = discover(&root, &discovery);
        assert!(found.len() > 3, "{found:?}");
        let mut admitted: Vec<Discovered> =
            files.iter().filter_map(|name| admit(&root, &discovery, &root.join(name))).collect();
        admitted.sort();
        assert_eq!(admitted, found);
        assert_eq!(admit(&root, &discovery, Path::new("/elsewhere/a.yaml")), None);
        assert!(admit(&root, &discovery, &root.join("new/not/there/yet.yaml")).is_some());
    }
}
