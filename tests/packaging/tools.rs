//! Programs that the tests run, in a world that the test makes.

use crate::common::root;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// The day on which the sample project is judged.
pub(crate) const DAY: &str = "2026-11-24";

/// What `packaging/install-tools` installed.
pub(crate) struct Tools {
    folder: PathBuf,
}

impl Tools {
    /// A program among the tools.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.programs().join(name)
    }

    /// The folder of the programs.
    pub(crate) fn programs(&self) -> PathBuf {
        self.folder.join(if cfg!(windows) { "Scripts" } else { "bin" })
    }

    /// Wheels with which pip builds packages.
    pub(crate) fn wheels(&self) -> PathBuf {
        self.folder.join("wheels")
    }
}

/// The tools, for a test that says what it `tries`. `CONSENTLINT_TOOLS` names their folder and demands them; else they are
/// in `target/tools`, and where they are not the test says that it is skipped.
pub(crate) fn tools(tries: &str) -> Option<Tools> {
    let found = found();
    if found.is_none() {
        eprintln!("skipped: {tries}: run packaging/install-tools");
    }
    found
}

fn found() -> Option<Tools> {
    let demanded = std::env::var_os("CONSENTLINT_TOOLS");
    let folder = demanded.as_ref().map_or_else(|| root().join("target/tools"), PathBuf::from);
    if folder.join("installed").is_file() {
        return Some(Tools { folder });
    }
    assert!(demanded.is_none(), "CONSENTLINT_TOOLS names {}, which holds no tools", folder.display());
    None
}

/// What a program said.
#[derive(Debug)]
pub(crate) struct Said {
    /// Its exit code.
    pub(crate) code: i32,
    /// Standard output, then standard error.
    pub(crate) text: String,
}

impl Said {
    /// The text of a program that did what was asked.
    pub(crate) fn fine(self) -> String {
        assert_eq!(self.code, 0, "{}", self.text);
        self.text
    }
}

/// Runs a program to its end.
pub(crate) fn said(command: &mut Command) -> Said {
    let mut tries = 0;
    let output = loop {
        match command.output() {
            // Another test forked while the program was being copied, and holds it open until it has started its own.
            Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy && tries < 100 => {
                tries += 1;
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            output => break output.unwrap_or_else(|error| panic!("{command:?}: {error}")),
        }
    };
    let texts = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Said { code: output.status.code().unwrap_or(-1), text: texts.concat() }
}

/// A scratch folder with a home of its own, so that nothing of the machine's settings counts.
pub(crate) struct Scratch {
    folder: TempDir,
    /// Folders before the machine's `PATH`.
    pub(crate) path: Vec<PathBuf>,
    /// Variables of every command.
    pub(crate) variables: Vec<(&'static str, String)>,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        let scratch = Self { folder: tempfile::tempdir().unwrap(), path: Vec::new(), variables: Vec::new() };
        std::fs::create_dir(scratch.folder("home")).unwrap();
        scratch
    }

    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a text below the scratch folder.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Replaces a part that stands once in a file.
    pub(crate) fn replace(&self, name: &str, old: &str, new: &str) {
        let text = std::fs::read_to_string(self.folder(name)).unwrap();
        assert_eq!(text.matches(old).count(), 1, "{name} has `{old}` once");
        self.write(name, &text.replace(old, new));
    }

    /// Copies files of the repository, by their paths below `from`.
    pub(crate) fn copy(&self, from: &str, files: &[&str], to: &str) {
        for file in files {
            let text = std::fs::read_to_string(root().join(from).join(file)).unwrap();
            self.write(&format!("{to}/{file}"), &text);
        }
    }

    /// A command in a folder of the scratch folder.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>, directory: &str) -> Command {
        let machine = std::env::var_os("PATH").unwrap_or_default();
        // Another copy of the program must not stand in for the one that is tested.
        let others = std::env::split_paths(&machine).filter(|folder| !folder.join("consentlint").exists());
        let path = std::env::join_paths(self.path.iter().cloned().chain(others)).unwrap();
        let mut command = Command::new(program);
        command.env_clear().env("PATH", path).env("HOME", self.folder("home")).current_dir(self.folder(directory));
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("LC_ALL", "C.UTF-8");
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "Test").env(format!("GIT_{role}_EMAIL"), "test@shop.example");
        }
        command.env("PRE_COMMIT_HOME", self.folder("pre-commit")).env("PRE_COMMIT_COLOR", "never");
        command.env("VIRTUALENV_NO_PERIODIC_UPDATE", "1").env("PIP_CONFIG_FILE", "/dev/null");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    pub(crate) fn git(&self, directory: &str, arguments: &[&str]) -> Said {
        said(self.command("git", directory).args(arguments))
    }

    /// Puts the program that is tested on the `PATH`. maturin links it anew, so the copy is made when there is a wheel.
    pub(crate) fn install(&mut self) {
        if let Some(tools) = found() {
            crate::wheel::wheel(&tools);
        }
        let program = Path::new(env!("CARGO_BIN_EXE_consentlint"));
        let folder = self.folder("programs");
        std::fs::create_dir(&folder).unwrap();
        std::fs::copy(program, folder.join(program.file_name().unwrap())).unwrap();
        self.path.insert(0, folder);
    }

    /// Lets pip take packages from these folders and from nowhere else.
    pub(crate) fn only_wheels_of(&mut self, folders: &[&Path]) {
        let shown: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
        self.variables.push(("PIP_NO_INDEX", "1".to_owned()));
        self.variables.push(("PIP_FIND_LINKS", shown.join(" ")));
    }
}

/// The files of the sample project.
pub(crate) const SHOP: [&str; 5] =
    ["consent.yaml", "consentlint.yaml", "destinations.yaml", "plans/shop.json", "shop.yaml"];
