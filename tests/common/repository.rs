//! Repositories that tests make with the real `git`.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::print_stdout, reason = "tests make repositories")]

use super::{Ran, files, root, run};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A repository in a folder of its own.
pub struct Repository {
    pub folder: TempDir,
}

pub fn has_git() -> bool {
    let found = Command::new("git").arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        println!("skipped: there is no git here");
    }
    found
}

pub fn try_git(directory: &Path, arguments: &[&str]) -> std::process::Output {
    let mut command = Command::new("git");
    command.current_dir(directory).args(["-c", "protocol.file.allow=always"]).args(arguments);
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"] {
        command.env_remove(name);
    }
    let nobody = [("NAME", "Nobody"), ("EMAIL", "nobody@example.org"), ("DATE", "2026-01-01T00:00:00Z")];
    for (key, value) in nobody {
        command.env(format!("GIT_AUTHOR_{key}"), value).env(format!("GIT_COMMITTER_{key}"), value);
    }
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("HOME", directory);
    command.output().unwrap()
}

pub fn git(directory: &Path, arguments: &[&str]) -> String {
    let output = try_git(directory, arguments);
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

pub fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

impl Repository {
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        git(folder.path(), &["init", "-q", "-b", "main"]);
        Self { folder }
    }

    pub fn of(files: &[(&str, &str)]) -> Self {
        let repository = Self::empty();
        files.iter().for_each(|(name, text)| repository.write(name, text));
        repository.commit("first");
        repository
    }

    pub fn shop() -> Self {
        let repository = Self::empty();
        let shop = root().join("fixtures/shop");
        for path in files(&shop) {
            let name = path.strip_prefix(&shop).unwrap().to_string_lossy().replace('\\', "/");
            repository.write(&name, &std::fs::read_to_string(&path).unwrap());
        }
        repository.commit("first");
        repository
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, name: &str, text: &str) {
        write(self.path(), name, text);
    }

    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.path().join(name)).unwrap();
        assert!(text.contains(from), "{from}");
        self.write(name, &text.replacen(from, to, 1));
    }

    pub fn commit(&self, message: &str) {
        git(self.path(), &["add", "-A", "-f"]);
        git(self.path(), &["commit", "-q", "--allow-empty", "-m", message]);
    }

    pub fn diff(&self, arguments: &[&str]) -> Ran {
        run(self.path(), &[&["diff"], arguments].concat())
    }
}
