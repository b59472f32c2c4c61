//! What people read: less or more of it, where settings come from, what to do next, colour, width and links.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests make files and run the program")]

mod common;

use common::{Ran, run, run_with};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

const MIXPANEL: &str = "datamap: 1\ndestinations:\n  - id: mixpanel\n";
/// Asks of [`MIXPANEL`].
const ROLE: &str = "ccpa/role-undeclared";

const UNDELETED: &str = "datamap: 1\ndestinations:\n  - id: mixpanel\n    deletion: {via: none}\n";
/// Accuses of [`UNDELETED`], high.
const DELETION: &str = "ccpa/deletion-method-missing";

fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    write(folder.path(), files);
    folder
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

fn check(folder: &Path, more: &[&str]) -> Ran {
    run(folder, &[&["check"], more].concat())
}

/// The last line, when it says what is next.
fn next(ran: &Ran) -> Option<&str> {
    ran.stdout.lines().last().and_then(|line| line.strip_prefix("next: "))
}

#[test]
fn quiet_prints_what_fails_the_run_and_nothing_else() {
    let folder = project(&[("a.yaml", UNDELETED)]);
    let only = format!("{DELETION},{ROLE}");
    let quiet = |more: &[&str]| check(folder.path(), &[&["--quiet", "--only", &only], more].concat());
    let all = quiet(&["--format", "concise"]);
    assert_eq!((all.code, all.stdout.lines().count()), (1, 2), "the finding and the question: {}", all.stdout);
    let high = quiet(&["--format", "concise", "--fail-on", "high"]);
    assert_eq!((high.code, high.stdout.lines().count()), (1, 1), "{}", high.stdout);
    assert!(high.stdout.contains(DELETION));
    for format in ["human", "concise"] {
        let none = quiet(&["--format", format, "--fail-on", "critical"]);
        assert_eq!((none.code, none.stdout.as_str(), none.stderr.as_str()), (0, "", ""), "{format}");
        let never = quiet(&["--format", format, "--fail-on", "never"]);
        assert_eq!((never.code, never.stdout.as_str()), (0, ""), "{format}");
    }
    let human = quiet(&["-q"]);
    assert_eq!(human.code, 2, "said twice");
    let human = check(folder.path(), &["-q", "--only", &only]);
    assert!(human.stdout.contains(DELETION) && !human.stdout.contains("checked") && !human.stdout.contains("next:"));
    // Formats for programs are whole, and a problem is never swallowed.
    let json = quiet(&["--format", "json", "--fail-on", "critical"]);
    assert_eq!(json.json()["findings"].as_array().unwrap().len(), 2);
    write(folder.path(), &[("b.yaml", "datamap: 1\nowner: me\n")]);
    let broken = quiet(&["--fail-on", "never"]);
    assert_eq!(broken.code, 2);
    assert!(broken.stdout.contains("owner"), "{}", broken.stdout);
    assert_eq!(check(folder.path(), &["-q", "-v"]).code, 2, "quiet and verbose");
}

#[test]
fn the_settings_that_hold_are_shown_with_their_places() {
    let settings = "# ours\nexclude: [drafts/**]\nrules:\n  ccpa/role-undeclared: off\n  ccpa/deletion-method-missing: low\nfail_on: high\n";
    let folder = project(&[("consentlint.yaml", settings), ("maps/a.yaml", UNDELETED)]);
    let shown = |folder: &Path, more: &[&str]| check(folder, &[&["--show-config"], more].concat());
    let ran = shown(folder.path(), &[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    for line in [
        "settings: consentlint.yaml (the nearest)",
        "baseline: none; .consentlint-baseline.json is not there",
        "day: 2026-11-24 (today)",
        "include: the usual files (default)",
        "exclude: drafts/** (consentlint.yaml:2)",
        "profile: us-ca (default)",
        "policies: none (default)",
        "  ccpa/role-undeclared: off instead of high (consentlint.yaml:4)",
        "  ccpa/deletion-method-missing: low instead of high (consentlint.yaml:5)",
        "classification: the lexicon alone (default)",
        "exceptions: 0 (default)",
        "inline_exceptions: true (default)",
        "fail_on: high (consentlint.yaml:6)",
    ] {
        assert!(ran.stdout.lines().any(|shown| shown == line), "{line}\n{}", ran.stdout);
    }
    assert!(ran.stdout.contains("packs: all: ccpa, core, gtm, segment, us-states (default)"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("mixpanel"), "nothing is checked");
    let more = ["--as-of", "2027-01-01", "--no-inline-exceptions", "--fail-on", "never", "--no-baseline"];
    let told = shown(&folder.path().join("maps"), &more).stdout;
    for line in [
        "settings: ../consentlint.yaml (the nearest)",
        "baseline: none (--no-baseline)",
        "day: 2027-01-01 (--as-of)",
        "exclude: drafts/** (../consentlint.yaml:2)",
        "inline_exceptions: false (--no-inline-exceptions)",
        "fail_on: never (--fail-on)",
    ] {
        assert!(told.lines().any(|shown| shown == line), "{line}\n{told}");
    }
    assert_eq!(run(folder.path(), &["baseline"]).code, 0);
    assert!(shown(folder.path(), &[]).stdout.contains("baseline: .consentlint-baseline.json, "));
    std::fs::rename(folder.path().join("consentlint.yaml"), folder.path().join("other.yaml")).unwrap();
    assert!(shown(folder.path(), &["--config", "other.yaml"]).stdout.contains("settings: other.yaml (--config)"));
    let none = shown(folder.path(), &[]).stdout;
    assert!(none.starts_with("settings: none; no consentlint.yaml in the project's folder or above it\n"), "{none}");
    write(folder.path(), &[("consentlint.yaml", "pack: [ccpa]\n")]);
    let wrong = shown(folder.path(), &[]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("unknown field `pack`"), "{}", wrong.stderr);
}

#[test]
fn the_files_that_are_read_are_listed_with_their_formats() {
    let folder = project(&[
        ("consentlint.yaml", "exclude: [drafts/**]\n"),
        ("maps/a.yaml", UNDELETED),
        ("drafts/b.yaml", MIXPANEL),
        ("chart.yaml", "kind: Chart\n"),
    ]);
    let ran = check(folder.path(), &["--show-files"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "chart.yaml: not ours\nmaps/a.yaml: datamap\n"));
    std::fs::write(folder.path().join("maps/c.yaml"), b"datamap: 1\n\xff").unwrap();
    let ran = check(folder.path(), &["--show-files"]);
    assert_eq!(ran.code, 2, "a file that cannot be read is said");
    assert!(ran.stderr.contains("maps/c.yaml") && ran.stderr.contains("is not UTF-8"), "{}", ran.stderr);
    assert_eq!(check(folder.path(), &["--show-files", "--show-config"]).code, 2);
}

#[test]
fn settings_under_another_name_are_said_beside_good_ones_too() {
    for (name, beside) in [
        ("consentlint.yml", true),
        (".consentlint.yaml", true),
        ("consentlint-config.yaml", true),
        ("consentlint.toml", true),
        ("consentlint.yaml.txt", true),
        ("Consentlint.yaml", true),
        (".consentlintrc", true),
        (".config/consentlint.yaml", true),
        (".consentlint/config.yml", true),
        // More likely a report, where the settings are there.
        ("consentlint.json", false),
    ] {
        let folder = project(&[("maps/a.yaml", MIXPANEL), (name, "# nothing\n")]);
        let said = |folder: &Path| {
            let ran = check(folder, &["--only", "core/contradiction", "--format", "json"]);
            (ran.code, ran.json()["problems"].to_string())
        };
        let (code, problems) = said(folder.path());
        assert!(code == 2 && problems.contains(name) && problems.contains("rename it"), "{name}: {problems}");
        write(folder.path(), &[("consentlint.yaml", "")]);
        // On a file system without case it is one file.
        let same = std::fs::read_to_string(folder.path().join(name)).unwrap().is_empty();
        let (code, problems) = said(folder.path());
        assert_eq!(code == 2 && problems.contains("move what it says there"), beside && !same, "{name}: {problems}");
        let ran = check(&folder.path().join("maps"), &["--only", "core/contradiction"]);
        assert_eq!(ran.code == 2, beside && !same, "{name}, from a folder below");
        let named = check(folder.path(), &["--only", "core/contradiction", "--config", "consentlint.yaml"]);
        assert_eq!(named.code, 0, "{name}: settings that are named are not looked for");
    }
}

#[test]
fn the_last_line_is_the_command_that_helps_most() {
    let begun = project(&[("consentlint.yaml", ""), ("a.yaml", UNDELETED)]);
    let said = |folder: &Path, more: &[&str]| next(&check(folder, more)).map(str::to_owned);
    assert_eq!(
        said(begun.path(), &["--only", DELETION]).unwrap(),
        format!("`consentlint explain {DELETION}` tells why and what to do")
    );
    assert!(said(begun.path(), &["--only", ROLE]).unwrap().contains("`consentlint explain destination`"));
    assert_eq!(said(begun.path(), &["--only", "core/contradiction"]), None, "nothing on success");
    for format in ["concise", "json", "sarif", "github"] {
        let ran = check(begun.path(), &["--only", DELETION, "--format", format]);
        assert!(!ran.stdout.contains("next: "), "{format}");
    }
    let plan = "{\"name\": \"P\", \"rules\": {\"events\": [{\"name\": \"Seen\", \"rules\": {\"properties\": {\"properties\": {\"properties\": {\"ssn\": {}}}}}}]}}";
    let first = project(&[("plan.json", plan)]);
    assert!(said(first.path(), &[]).unwrap().starts_with("`consentlint init` writes settings"));
    assert!(
        said(first.path().parent().unwrap(), &[first.path().to_str().unwrap()]).unwrap().contains("consentlint init /")
    );
    let ids: String = (0..30).map(|n| format!("  - id: vendor-{n}\n    deletion: {{via: none}}\n")).collect();
    write(begun.path(), &[("many.yaml", &format!("datamap: 1\ndestinations:\n{ids}"))]);
    let many = said(begun.path(), &[]).unwrap();
    assert!(
        many.contains("explain")
            && many.ends_with("`consentlint baseline` accepts today's findings, so that only new ones count"),
        "{many}"
    );
    assert!(!said(begun.path(), &["--only", DELETION]).unwrap().contains("baseline"), "a part");
    assert!(!said(begun.path(), &["many.yaml"]).unwrap().contains("baseline"), "a part");
    let quoted = project(&[
        ("it's here/consentlint.yaml", ""),
        ("it's here/many.yaml", &format!("datamap: 1\ndestinations:\n{ids}")),
    ]);
    assert!(said(quoted.path(), &["it's here"]).unwrap().contains(r"`consentlint baseline 'it'\''s here'`"));
}

#[test]
fn a_problem_has_a_next_command_too() {
    let begun = project(&[("consentlint.yaml", "packs: [ccpaa]\n"), ("a.yaml", MIXPANEL)]);
    let said = |folder: &Path, more: &[&str]| next(&check(folder, more)).map(str::to_owned).unwrap_or_default();
    assert!(said(begun.path(), &[]).contains("--show-config"));
    write(begun.path(), &[("consentlint.yaml", ""), ("a.yaml", "datamap: 1\nlinks: [\n")]);
    assert!(said(begun.path(), &[]).contains("--show-files"));
    write(begun.path(), &[("a.yaml", "datamap: 1\nowner: me\n")]);
    assert!(said(begun.path(), &[]).contains("--verbose"));
    let empty = project(&[]);
    assert!(said(empty.path(), &[]).contains("`consentlint init`"), "nothing to read");
}

/// The real program in an environment of its own; its standard output is a pipe.
fn program(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_consentlint"));
    command.args(arguments).current_dir(folder).env_clear().envs(environment.iter().copied());
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

#[test]
fn colour_follows_the_environment_and_the_option_beats_it() {
    let folder = project(&[("a.yaml", UNDELETED)]);
    let colored = |more: &[&str], environment: &[(&str, &str)]| {
        program(folder.path(), &[&["check", "--only", DELETION], more].concat(), environment).contains("\u{1b}[")
    };
    assert!(!colored(&[], &[]), "a pipe");
    assert!(colored(&[], &[("FORCE_COLOR", "1")]));
    assert!(colored(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&[], &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]));
    assert!(colored(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(!colored(&["--color", "never"], &[("FORCE_COLOR", "1"), ("FORCE_HYPERLINK", "1")]));
    assert!(colored(&["--color", "auto"], &[("FORCE_COLOR", "1")]));
    let before = program(folder.path(), &["--color", "always", "check", "--only", DELETION], &[]);
    assert!(before.contains("\u{1b}["), "before the command, too");
    assert_eq!(run(folder.path(), &["check", "--color", "sometimes"]).code, 2);
}

#[test]
fn the_width_is_respected() {
    let folder = project(&[("a.yaml", UNDELETED)]);
    let widest = |columns: &str| {
        let text = program(folder.path(), &["check", "--only", DELETION], &[("COLUMNS", columns)]);
        let prose = text.lines().filter(|line| line.starts_with("  help:") || line.starts_with("        "));
        prose.map(|line| line.chars().count()).max().unwrap()
    };
    let (narrow, usual, wide) = (widest("60"), widest(""), widest("140"));
    assert!(narrow <= 60 && usual <= 100 && usual > 60 && wide > 100, "{narrow} {usual} {wide}");
}

#[test]
fn links_are_shown_only_where_they_work() {
    let rule = "title: A vendor\nseverity: low\nlaw: []\nurl: https://example.com/vendors\ncondition: Speaks of a vendor.\n\
        for: destination\ndeny: destination.id == 'mixpanel'\nmessage: A vendor\nhelp: None.\nwhy: Because.\nexamples:\n\
        - {title: a, given: \"datamap: 1\\ndestinations: [{id: mixpanel}]\", flags: [{line: 2}]}\n\
        - {title: b, given: \"datamap: 1\\ndestinations: []\", flags: []}\n";
    let files =
        [("consentlint.yaml", "policies: [policies]\n"), ("policies/acme/vendor.yaml", rule), ("a.yaml", MIXPANEL)];
    let folder = project(&files);
    let shown = |environment: &[(&str, &str)]| program(folder.path(), &["check", "--only", "acme/vendor"], environment);
    let link = "\u{1b}]8;;https://example.com/vendors\u{1b}\\acme/vendor\u{1b}]8;;\u{1b}\\";
    assert!(shown(&[]).contains("rule: acme/vendor"), "{}", shown(&[]));
    assert!(!shown(&[]).contains(link) && !shown(&[("FORCE_COLOR", "1")]).contains(link), "a pipe has none");
    let linked = shown(&[("FORCE_HYPERLINK", "1")]);
    assert!(linked.contains(link) && !linked.contains("\u{1b}["), "a link is no colour: {linked}");
    assert!(!shown(&[("FORCE_HYPERLINK", "1"), ("TERM", "dumb")]).contains(link));
    assert!(!shown(&[("FORCE_HYPERLINK", "0")]).contains(link));
}

#[test]
fn verbose_says_what_each_file_was_taken_for_on_standard_error() {
    let folder = project(&[("a.yaml", UNDELETED), ("chart.yaml", "kind: Chart\n")]);
    let ran = run_with(folder.path(), &["check", "-v", "--only", DELETION, "--format", "json"], "");
    assert!(ran.stderr.starts_with("a.yaml: datamap\nchart.yaml: not ours\n"), "{}", ran.stderr);
    assert_eq!(ran.json()["findings"].as_array().unwrap().len(), 1, "standard output stays for the report");
}
