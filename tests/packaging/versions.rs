//! The version is said in several files; all say the one of the crate.

use crate::common::root;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Files that name the version, and what stands around it.
const NAMED: [(&str, &str); 8] = [
    ("action.yml", "OWN_VERSION: {}\n"),
    ("packaging/pre-commit-mirror/pyproject.toml", "\"consentlint=={}\""),
    ("packaging/pre-commit-mirror/README.md", "rev: v{}\n"),
    ("docs/ci.md", "rev: v{}\n"),
    ("docs/ci.md", "consentlint/consentlint@v{}\n"),
    ("docs/ci.md", "consentlint=={}"),
    ("README.md", "rev: v{}\n"),
    ("CHANGELOG.md", "\n## {}"),
];

#[test]
fn every_file_names_the_version_of_the_crate() {
    for (file, around) in NAMED {
        let text = std::fs::read_to_string(root().join(file)).unwrap();
        let wanted = around.replace("{}", VERSION);
        assert!(text.contains(&wanted), "{file} lacks `{wanted}`");
        // The words before it never stand with another version.
        let before = around.split("{}").next().unwrap();
        if before.trim().len() > 2 {
            let others = text.split(before).skip(1).filter(|rest| !rest.starts_with(VERSION));
            assert_eq!(others.count(), 0, "{file} has `{before}` with another version");
        }
    }
}
