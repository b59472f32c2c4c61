//! The program in-process, in a world of the test's making.
#![allow(dead_code, reason = "every test file uses its own part of this")]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests make their own files and fail by panicking")]
#![allow(missing_docs, unreachable_pub, reason = "shared by tests only")]

use consentlint::cli::{World, run};
use serde_json::Value;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What a run left behind.
#[derive(Debug)]
pub struct Ran {
    pub code: u8,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Standard output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error} in:\n{}\n{}", self.out, self.err))
    }

    /// `rule file:line:column` of every finding, in order.
    pub fn findings(&self) -> Vec<String> {
        let json = self.json();
        list(&json, "findings").iter().map(|found| format!("{} {}", text(found, "rule"), place(found))).collect()
    }

    /// `stage file:line:column` of every problem, in order; `-` where it has no place.
    pub fn problems(&self) -> Vec<String> {
        let json = self.json();
        list(&json, "problems").iter().map(|found| format!("{} {}", text(found, "stage"), place(found))).collect()
    }

    /// Message and help of the problems, for looking into them.
    pub fn words(&self) -> Vec<String> {
        let json = self.json();
        list(&json, "problems")
            .iter()
            .map(|found| format!("{} | {}", text(found, "message"), text(found, "help")))
            .collect()
    }
}

pub fn list<'a>(json: &'a Value, key: &str) -> &'a [Value] {
    json[key].as_array().map_or(&[], Vec::as_slice)
}

pub fn text<'a>(json: &'a Value, key: &str) -> &'a str {
    json[key].as_str().unwrap_or("")
}

pub fn place(found: &Value) -> String {
    let file = found["file"].as_str().unwrap_or("-");
    match (found["start"]["line"].as_u64(), found["start"]["column"].as_u64()) {
        (Some(line), Some(column)) => format!("{file}:{line}:{column}"),
        _ => file.to_owned(),
    }
}

/// Runs `consentlint <arguments>` in `directory` on 2026-06-01.
pub fn lint(directory: &Path, arguments: &[&str]) -> Ran {
    lint_with(directory, arguments, b"")
}

/// The same, with standard input.
pub fn lint_with(directory: &Path, arguments: &[&str], mut stdin: &[u8]) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut world = World {
        stdin: &mut stdin,
        stdout: &mut out,
        stderr: &mut err,
        today: jiff::civil::date(2026, 6, 1),
        directory: directory.to_path_buf(),
        color: false,
        width: 100,
    };
    let words = std::iter::once("consentlint").chain(arguments.iter().copied()).map(OsString::from);
    let code = run(words, &mut world);
    let ran = Ran { code, out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap() };
    for stream in [&ran.out, &ran.err] {
        assert!(!stream.to_lowercase().contains("compliant"), "nothing is ever called that: {stream}");
    }
    ran
}

/// `check --format json` with more arguments.
pub fn check(directory: &Path, arguments: &[&str]) -> Ran {
    lint(directory, &[&["check", "--format", "json"], arguments].concat())
}

/// A folder that holds `files`, and is the root of a repository.
pub struct Folder {
    inner: tempfile::TempDir,
}

impl Folder {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self { inner: tempfile::tempdir().unwrap() };
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        for (name, text) in files {
            folder.write(name, text.as_bytes());
        }
        folder
    }

    pub fn path(&self) -> &Path {
        self.inner.path()
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

/// A file that every run must still judge: one finding of `ccpa/deletion-method-missing` at line 3.
pub const GOOD: &str = "datamap: 1\ndestinations:\n  - id: good-one\n    role: third_party\n";
