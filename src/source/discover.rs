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
    let mut sieve = Sieve::new(root, discovery, parents(root));
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
        if !entry.file_type().is_dir() {
            found.extend(sieve.takes(entry.path(), entry.file_type().is_file()));
        } else if sieve.opens(entry.path()) {
            sieve.obey(Gitignore::new(entry.path().join(".gitignore")).0);
        } else {
            walk.skip_current_dir();
        }
    }
    (found, errors)
}

/// Endings of files that an export of events has; it is not under version control, so `.gitignore` does not matter.
const EXPORTED: [&str; 4] = ["gz", "json", "jsonl", "ndjson"];

/// Files of an export below `root`, sorted. Errors name a path and what went wrong.
pub fn exported(root: &Path) -> (Vec<PathBuf>, Vec<(PathBuf, String)>) {
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    for next in WalkDir::new(root).follow_links(true).sort_by_file_name() {
        match next {
            Ok(entry) if entry.file_type().is_file() => {
                let wanted = ending(entry.path()).is_some_and(|ending| is_one_of(ending, &EXPORTED));
                found.extend(wanted.then(|| entry.into_path()));
            }
            Ok(_) => {}
            // A loop of links leads to what was already seen.
            Err(error) if error.loop_ancestor().is_some() => {}
            Err(error) => {
                let path = error.path().unwrap_or(root).to_path_buf();
                errors.push((path, error.io_error().map_or_else(|| error.to_string(), ToString::to_string)));
            }
        }
    }
    (found, errors)
}

/// What [`discover`] would find at `path` below `root`, if there were a file.
pub fn admit(root: &Path, discovery: &Discovery, path: &Path) -> Option<Discovered> {
    let mut sieve = Sieve::new(root, discovery, parents(root));
    let mut folder = root.to_path_buf();
    for name in path.strip_prefix(root).ok()?.parent()?.iter().map(Some).chain([None]) {
        if !sieve.opens(&folder) {
            return None;
        }
        sieve.obey(Gitignore::new(folder.join(".gitignore")).0);
        folder.extend(name);
    }
    sieve.takes(path, true)
}

/// What decides which files below a folder are looked at, wherever the tree of files is kept. Folders are entered in depth
/// first order, and what is in them follows.
pub(super) struct Sieve<'d> {
    root: &'d Path,
    discovery: &'d Discovery,
    ignores: Vec<Gitignore>,
}

impl<'d> Sieve<'d> {
    /// A sieve for what is below `root`, with the `.gitignore` files above it, outermost first.
    pub(super) fn new(root: &'d Path, discovery: &'d Discovery, above: Vec<Gitignore>) -> Self {
        Self { root, discovery, ignores: above }
    }

    fn relative<'p>(&self, path: &'p Path) -> &'p Path {
        path.strip_prefix(self.root).unwrap_or(path)
    }

    /// Forgets the `.gitignore` files of folders that were left.
    fn move_to(&mut self, path: &Path) {
        while self.ignores.last().is_some_and(|ignore| !path.starts_with(ignore.path())) {
            self.ignores.pop();
        }
    }

    /// Whether a folder is looked into.
    pub(super) fn opens(&mut self, folder: &Path) -> bool {
        self.move_to(folder);
        let name = folder.file_name().and_then(|name| name.to_str());
        let skipped = folder != self.root && name.is_some_and(|name| SKIPPED.contains(&name));
        !skipped && !self.discovery.exclude.is_match(self.relative(folder)) && !ignored(&self.ignores, folder, true)
    }

    /// Obeys the `.gitignore` file of a folder that was opened.
    pub(super) fn obey(&mut self, ignore: Gitignore) {
        self.ignores.extend((!ignore.is_empty()).then_some(ignore));
    }

    /// What is not a folder, if it is read; `file` tells whether it is a regular file.
    pub(super) fn takes(&mut self, path: &Path, file: bool) -> Option<Discovered> {
        self.move_to(path);
        let relative = self.relative(path);
        let included = self.discovery.include.is_match(relative);
        let candidate = included || (file && may_be_ours(path) && !ignored(&self.ignores, path, false));
        let taken = candidate && !self.discovery.exclude.is_match(relative);
        taken.then(|| Discovered { path: path.to_path_buf(), expected: included })
    }
}

/// The rules of a `.gitignore` file in `folder`, by its text.
pub(super) fn gitignore(folder: &Path, text: &str) -> Gitignore {
    let mut builder = GitignoreBuilder::new(folder);
    for line in text.trim_start_matches('\u{feff}').lines() {
        // A line that does not compile is left out, as it is when the file is read from the disk.
        let _ = builder.add_line(None, line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
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
