//! Runs the program in process, in a world that the test makes.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]

pub mod dump;
pub mod random;
pub mod repository;

use consentlint::source::Source;
use std::path::{Path, PathBuf};

/// What a run said.
pub struct Ran {
    pub code: u8,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// The output as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.stdout, self.stderr))
    }
}

/// Runs `consentlint ARGUMENTS` in `directory` with `stdin`, on 2026-11-24.
pub fn run_with(directory: &Path, arguments: &[&str], stdin: &str) -> Ran {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut world = consentlint::cli::World {
        stdin: &mut stdin.as_bytes(),
        stdout: &mut stdout,
        stderr: &mut stderr,
        today: jiff::civil::date(2026, 11, 24),
        directory: directory.to_path_buf(),
        color: false,
        links: false,
        width: 0,
        progress: None,
    };
    let all = std::iter::once("consentlint").chain(arguments.iter().copied()).map(Into::into);
    let code = consentlint::cli::run(all, &mut world);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap_or_else(|error| panic!("output is not UTF-8: {error}"));
    Ran { code, stdout: text(stdout), stderr: text(stderr) }
}

/// Runs `consentlint ARGUMENTS` in `directory`.
pub fn run(directory: &Path, arguments: &[&str]) -> Ran {
    run_with(directory, arguments, "")
}

/// The root of the crate.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder, in order.
#[allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read fixtures")]
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries.into_iter().flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// What the fixtures of an adapter are expected to give.
pub const EXPECTED: &str = "expected.txt";

/// Fixtures of an adapter: path below its folder, and text.
#[allow(clippy::unwrap_used, reason = "tests read fixtures")]
pub fn fixtures(adapter: &str) -> Vec<(String, String)> {
    let folder = root().join("fixtures/adapters").join(adapter);
    let paths = files(&folder).into_iter().filter(|path| !path.ends_with(EXPECTED));
    let read = paths.map(|path| {
        let shown = path.strip_prefix(&folder).unwrap().to_string_lossy().replace('\\', "/");
        let source = consentlint::source::read_file(&path, &shown).unwrap();
        (shown, source.text)
    });
    read.collect()
}

/// How many lines of `these` `others` lack, each as often as it stands there.
pub fn lacking(these: &[Source], others: &[Source]) -> usize {
    let lines = |sources: &[Source]| -> Vec<(String, String)> {
        let of = |source: &Source| source.text.lines().map(|line| (source.path.clone(), line.to_owned())).collect();
        sources.iter().flat_map::<Vec<_>, _>(of).collect()
    };
    let mut left = lines(others);
    let mut lacking = 0;
    for line in lines(these) {
        match left.iter().position(|other| *other == line) {
            Some(at) => drop(left.swap_remove(at)),
            None => lacking += 1,
        }
    }
    lacking
}
