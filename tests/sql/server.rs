//! A PostgreSQL of its own for the tests, on a socket in a folder that goes away with it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A server that runs.
pub(crate) struct Server {
    folder: TempDir,
    programs: PathBuf,
}

/// The folder of `initdb` and its like: in the path, or where Debian puts the newest version.
fn programs() -> Option<PathBuf> {
    let in_path = std::env::var_os("PATH")
        .into_iter()
        .flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>())
        .find(|folder| complete(folder));
    in_path.or_else(|| {
        let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.filter_map(Result::ok).map(|entry| entry.path());
        let number = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
        let newest = versions.filter(|path| complete(&path.join("bin"))).max_by_key(number)?;
        Some(newest.join("bin"))
    })
}

fn complete(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres", "psql"].iter().all(|program| folder.join(program).is_file())
}

/// A program that runs as a user who may start a server, which root may not.
fn as_nobody_special(program: &Path) -> Command {
    let root = Command::new("id").arg("-u").output().is_ok_and(|said| said.stdout == b"0\n");
    if !root {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(program);
    command
}

fn fine(command: &mut Command) -> String {
    let said = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(said.status.success(), "{command:?}\n{}{}", text(&said.stdout), text(&said.stderr));
    text(&said.stdout)
}

impl Server {
    /// Starts one. Where PostgreSQL is not installed, says that the test is skipped, unless `CONSENTLINT_POSTGRESQL`
    /// demands it.
    pub(crate) fn start(tries: &str) -> Option<Self> {
        let Some(programs) = programs() else {
            assert!(std::env::var_os("CONSENTLINT_POSTGRESQL").is_none(), "there is no PostgreSQL");
            eprintln!("skipped: {tries}: install PostgreSQL");
            return None;
        };
        let folder = TempDir::new().unwrap();
        let server = Self { folder, programs };
        let root = Command::new("id").arg("-u").output().is_ok_and(|said| said.stdout == b"0\n");
        if root {
            fine(Command::new("chown").arg("postgres").arg(server.folder.path()));
        }
        let data = server.folder.path().join("data");
        let mut make = as_nobody_special(&server.programs.join("initdb"));
        fine(make.current_dir("/").arg("-D").arg(&data).args([
            "-A",
            "trust",
            "-U",
            "tester",
            "-E",
            "UTF8",
            "--no-sync",
        ]));
        let options =
            format!("-c listen_addresses= -c unix_socket_directories={} -c fsync=off", server.folder.path().display());
        let mut start = as_nobody_special(&server.programs.join("pg_ctl"));
        // The log goes to a file: a server that kept our pipes would never let us go on.
        start
            .current_dir("/")
            .arg("-D")
            .arg(&data)
            .arg("-l")
            .arg(server.folder.path().join("log"))
            .args(["-w", "-o", &options, "start"]);
        let started = start.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        assert!(started.success(), "{}", std::fs::read_to_string(server.folder.path().join("log")).unwrap_or_default());
        Some(server)
    }

    /// Runs SQL in a database; what it gives, a row a line, columns with `|` between them, NULL as `~`.
    pub(crate) fn run(&self, database: &str, sql: &str) -> Result<Vec<String>, String> {
        let file = self.folder.path().join(format!("{database}.sql"));
        std::fs::write(&file, sql).unwrap();
        let mut command = Command::new(self.programs.join("psql"));
        command.args([
            "-X",
            "-q",
            "-A",
            "-t",
            "-P",
            "null=~",
            "-v",
            "ON_ERROR_STOP=1",
            "-U",
            "tester",
            "-d",
            database,
            "-h",
        ]);
        let said = command.arg(self.folder.path()).arg("-f").arg(&file).stdin(Stdio::null()).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if said.status.success() {
            Ok(text(&said.stdout).lines().map(str::to_owned).collect())
        } else {
            Err(text(&said.stderr))
        }
    }

    /// A database with tables in it.
    pub(crate) fn database(&self, name: &str, sql: &str) {
        self.run("postgres", &format!("CREATE DATABASE {name};")).unwrap();
        self.run(name, sql).unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut stop = as_nobody_special(&self.programs.join("pg_ctl"));
        let data = self.folder.path().join("data");
        let stopped = stop.current_dir("/").arg("-D").arg(data).args(["-m", "immediate", "-w", "stop"]).output();
        if !std::thread::panicking() {
            assert!(stopped.unwrap().status.success());
        }
    }
}
