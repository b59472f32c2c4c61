//! Fixes: every remedy in every style of writing, what a fixed file says when it is read anew, and what is refused.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read and write files")]

#[path = "../common/mod.rs"]
mod common;

mod everything;
mod files;
mod remedies;
mod schema;
mod styles;

use common::{Ran, run};
use std::path::Path;

/// A project in a folder of its own.
pub(crate) struct Project(tempfile::TempDir);

impl Project {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let project = Self(tempfile::tempdir().unwrap());
        std::fs::create_dir(project.path().join(".git")).unwrap();
        files.iter().for_each(|(name, text)| project.write(name, text));
        project
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap()
    }

    pub(crate) fn check(&self, more: &[&str]) -> Ran {
        run(self.path(), &[&["check"], more].concat())
    }
}

/// A file after `check` with these arguments, and what was said; a second run must change nothing.
pub(crate) fn mended(name: &str, text: &str, arguments: &[&str]) -> (String, Ran) {
    let project = Project::new(&[(name, text)]);
    let ran = project.check(arguments);
    let once = project.text(name);
    project.check(arguments);
    assert_eq!(project.text(name), once, "fixing twice is fixing once");
    (once, ran)
}
