//! What `cargo package` takes along: everything that the build needs, and no tests.

use crate::common::{files as below, root};
use crate::tools::said;
use std::process::Command;

/// Files of the published crate that people wrote, in order.
pub(crate) fn files() -> Vec<String> {
    let mut list = Command::new(env!("CARGO"));
    list.args(["package", "--list", "--allow-dirty", "--offline", "--quiet"]).current_dir(root());
    let output = list.output().unwrap();
    assert!(output.status.success(), "{}", said(&mut list).text);
    let made = [".cargo_vcs_info.json", "Cargo.toml.orig"];
    let text = String::from_utf8(output.stdout).unwrap().replace('\\', "/");
    let mut files: Vec<String> = text.lines().filter(|line| !made.contains(line)).map(str::to_owned).collect();
    files.sort();
    files
}

#[test]
fn the_crate_holds_what_its_build_needs_and_nothing_else() {
    let shown = |path: std::path::PathBuf| path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
    let mut wanted: Vec<String> =
        ["src", "policies"].iter().flat_map(|folder| below(&root().join(folder))).map(shown).collect();
    wanted.extend(
        [
            "build.rs",
            "CHANGELOG.md",
            "Cargo.lock",
            "Cargo.toml",
            "LICENSE-APACHE",
            "LICENSE-MIT",
            "NOTICE",
            "README.md",
        ]
        .map(str::to_owned),
    );
    wanted.sort();
    assert!(wanted.len() > 300, "the sources were not found");
    assert_eq!(files(), wanted);
}
