//! Names that look like those of our files, so that whoever chose them expects them to be read.

use crate::baseline;
use crate::settings;
use crate::source::Files;
use std::path::{Path, PathBuf};

/// Endings that such a file may have.
const ENDINGS: [&str; 6] = ["yaml", "yml", "toml", "json", "jsonc", "json5"];
/// Words that may follow our name.
const WORDS: [&str; 4] = ["config", "configuration", "settings", "rc"];
/// Places below a folder where other programs keep their settings.
const PLACES: [&str; 9] = [
    ".config/consentlint.yaml",
    ".config/consentlint.yml",
    ".config/consentlint/config.yaml",
    ".config/consentlint/consentlint.yaml",
    ".consentlint/config.yaml",
    ".consentlint/config.yml",
    ".consentlint/consentlint.yaml",
    ".github/consentlint.yaml",
    ".github/consentlint.yml",
];

/// Files in a folder that look like settings and are not read. `found`: the settings themselves are there.
pub(super) fn settings(files: &dyn Files, folder: &Path, found: bool) -> Vec<PathBuf> {
    let names = files.names(folder);
    // Where case does not matter, the one that was found may be listed in another case.
    let listed = names.iter().any(|name| name == settings::FILE_NAME);
    let same = |name: &str| found && !listed && name.eq_ignore_ascii_case(settings::FILE_NAME);
    let alike = names.iter().filter(|name| looks_like_settings(name, found) && !same(name)).map(String::as_str);
    let paths = alike.chain(PLACES).map(|name| folder.join(name));
    paths.filter(|path| files.is_file(path)).collect()
}

/// Files in a folder that look like the baseline and are not read.
pub(super) fn baselines(files: &dyn Files, folder: &Path) -> Vec<PathBuf> {
    let names = files.names(folder);
    let found = files.is_file(&folder.join(baseline::FILE_NAME));
    let listed = names.iter().any(|name| name == baseline::FILE_NAME);
    let same = |name: &str| found && !listed && name.eq_ignore_ascii_case(baseline::FILE_NAME);
    let alike = names.iter().filter(|name| looks_like_a_baseline(name) && !same(name)).map(|name| folder.join(name));
    alike.filter(|path| files.is_file(path)).collect()
}

/// Beside settings, a `consentlint.json` is more likely to be a report.
fn looks_like_settings(name: &str, found: bool) -> bool {
    let Some((stem, ending)) = taken_apart(name).filter(|_| name != settings::FILE_NAME) else { return false };
    let bare = stem == "consentlint" && !ending.is_empty();
    let named = stem.strip_prefix("consentlint").is_some_and(|rest| WORDS.contains(&rest));
    (bare || named) && !(found && ending.starts_with("json"))
}

fn looks_like_a_baseline(name: &str) -> bool {
    let apart = taken_apart(name).filter(|_| name != baseline::FILE_NAME);
    apart.is_some_and(|(stem, ending)| stem == "consentlintbaseline" && !ending.is_empty())
}

/// The letters and digits of a name without its ending, and the ending, both in lower case; `.txt` is what some editors
/// add. None for a name with another ending: a copy that was put aside on purpose.
fn taken_apart(name: &str) -> Option<(String, String)> {
    let lower = name.to_lowercase();
    let lower = lower.strip_suffix(".txt").unwrap_or(&lower);
    let (stem, ending) = match lower.rsplit_once('.') {
        Some((stem, ending)) if ENDINGS.contains(&ending) => (stem, ending),
        _ if lower.ends_with("rc") => (lower, ""),
        _ => return None,
    };
    Some((stem.chars().filter(|c| c.is_alphanumeric()).collect(), ending.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_someone_expects_to_be_read() {
        for name in [
            "consentlint.yml",
            ".consentlint.yaml",
            ".consentlint.yml",
            "Consentlint.yaml",
            "ConsentLint.YAML",
            "consentlint.yaml.txt",
            "consentlint-config.yaml",
            "consentlint.config.yml",
            "consent-lint.yaml",
            "consentlint.toml",
            ".consentlintrc",
            ".consentlintrc.yaml",
        ] {
            assert!(looks_like_settings(name, false), "{name}");
            assert!(looks_like_settings(name, true), "{name}");
        }
        assert!(looks_like_settings("consentlint.json", false));
        assert!(!looks_like_settings("consentlint.json", true), "a report");
    }

    #[test]
    fn names_that_nobody_does() {
        for name in [
            "consentlint.yaml",
            "consentlint",
            "consentlint.yaml.bak",
            "consentlint.example.yaml",
            "consentlint.sarif",
            "consentlint.md",
            "my-consentlint.yaml",
            "consentlint-baseline.json",
            ".consentlint-baseline.json",
            "consent.yaml",
        ] {
            assert!(!looks_like_settings(name, false), "{name}");
        }
    }

    #[test]
    fn names_of_a_baseline() {
        for name in [
            "consentlint-baseline.json",
            ".consentlint-baseline.yaml",
            ".consentlint_baseline.json",
            ".Consentlint-Baseline.json",
        ] {
            assert!(looks_like_a_baseline(name), "{name}");
        }
        for name in
            [".consentlint-baseline.json", "baseline.json", ".consentlint-baseline.json.orig", "consentlint.json"]
        {
            assert!(!looks_like_a_baseline(name), "{name}");
        }
    }
}
