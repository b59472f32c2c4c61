//! What is written, what is only shown, and what is refused.

use super::{Project, common};
use common::{run, run_with};

const BEFORE: &str = "datamap: 1\ndestinations:\n  - {id: mixpanel, role: internal, enabled: \"true\"}\n";
const AFTER: &str = "datamap: 1\ndestinations:\n  - {id: mixpanel, role: internal, enabled: true}\n";
const ONLY: &str = "--only=ccpa/role-undeclared";

#[test]
fn the_preview_is_a_diff_and_changes_nothing() {
    let project = Project::new(&[("data.yaml", BEFORE)]);
    let diff = "--- a/data.yaml\n+++ b/data.yaml\n@@ -1,3 +1,3 @@\n datamap: 1\n destinations:\n-  - {id: mixpanel, role: internal, enabled: \"true\"}\n+  - {id: mixpanel, role: internal, enabled: true}\n";
    for arguments in [&["--diff", ONLY][..], &["--diff", "--fix", ONLY]] {
        let ran = project.check(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, diff));
        assert_eq!(ran.stderr, "would mend 1 problem in data.yaml:\n  write `true` instead of `\"true\"` (schema)\n");
    }
    assert_eq!(project.text("data.yaml"), BEFORE);
    let ran = project.check(&["--fix", ONLY]);
    assert_eq!((ran.code, project.text("data.yaml").as_str()), (0, AFTER));
    assert_eq!(ran.stderr, "mended 1 problem in data.yaml:\n  write `true` instead of `\"true\"` (schema)\n");
    // Nothing is left: that is said, and the exit code says so.
    let ran = project.check(&["--diff", ONLY]);
    assert_eq!((ran.code, ran.stdout), (0, String::new()));
    assert_eq!(ran.stderr, "consentlint: there is nothing that a fix would mend\n");
}

#[test]
fn a_preview_without_a_fix_still_says_that_something_could_not_be_read() {
    let project = Project::new(&[("data.yaml", "datamap: 1\ndestinations: {}\n")]);
    let ran = project.check(&["--diff"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("no fix; 1 problem, which `consentlint check` shows"), "{}", ran.stderr);
}

#[test]
fn what_is_left_decides_the_exit_code_and_is_shown_in_the_format_that_is_wanted() {
    let project = Project::new(&[("data.yaml", &BEFORE.replace("role: internal, ", ""))]);
    let ran = project.check(&["--fix", "--only=ccpa/role-undeclared", "--format=json"]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.json()["findings"][0]["rule"], "ccpa/role-undeclared");
    assert_eq!(ran.json()["problems"], serde_json::json!([]));
}

#[test]
fn standard_input_is_shown_and_never_changed() {
    let project = Project::new(&[("data.yaml", "datamap: 1\n")]);
    let ran = run_with(project.path(), &["check", "-", "--fix"], BEFORE);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("--fix cannot change standard input; --diff shows what it would change"));
    let ran = run_with(project.path(), &["check", "-", "--diff", "--stdin-filename", "data.yaml", ONLY], BEFORE);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stdout.contains("+  - {id: mixpanel, role: internal, enabled: true}\n"), "{}", ran.stdout);
    assert_eq!(project.text("data.yaml"), "datamap: 1\n");
}

#[test]
fn unsafe_alone_is_wrong_usage() {
    let project = Project::new(&[("data.yaml", BEFORE)]);
    let ran = project.check(&["--unsafe"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--fix"), "{}", ran.stderr);
}

#[test]
fn only_what_is_asked_for_is_mended() {
    let other = BEFORE.replace("mixpanel", "braze");
    let project = Project::new(&[("consentlint.yaml", "packs: [ccpa]\n"), ("a.yaml", BEFORE), ("b.yaml", &other)]);
    project.check(&["--fix", "a.yaml", ONLY]);
    assert_eq!((project.text("a.yaml").as_str(), project.text("b.yaml").as_str()), (AFTER, other.as_str()));
    let covered = "datamap: 1\nconsent:\n  categories:\n    - {id: ads, purpose: Ads, controls: [opt-out], destinations: []}\ndestinations:\n  # consentlint: allow ccpa/share-destination-ungated -- counsel agreed\n  - {id: facebook-pixel, role: third_party, shares: true}\n";
    let project = Project::new(&[("data.yaml", covered)]);
    project.check(&["--fix", "--only=ccpa/share-destination-ungated"]);
    assert_eq!(project.text("data.yaml"), covered, "what an exception covers is not mended");
}

#[cfg(unix)]
#[test]
fn what_is_read_only_or_a_link_is_refused_and_nothing_else_is_written() {
    use std::os::unix::fs::PermissionsExt;
    let other = BEFORE.replace("mixpanel", "braze");
    let project = Project::new(&[("a.yaml", BEFORE), ("b.yaml", &other)]);
    let path = project.path().join("b.yaml");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o444)).unwrap();
    let ran = project.check(&["--fix", ONLY]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("nothing is written: b.yaml cannot be written: it is read-only"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("mended"), "{}", ran.stderr);
    assert_eq!((project.text("a.yaml").as_str(), project.text("b.yaml").as_str()), (BEFORE, other.as_str()));
    std::fs::remove_file(&path).unwrap();
    let elsewhere = Project::new(&[("b.yaml", &other)]);
    std::os::unix::fs::symlink(elsewhere.path().join("b.yaml"), &path).unwrap();
    let ran = run(project.path(), &["check", "--fix", "b.yaml", ONLY]);
    assert!(ran.stderr.contains("it is a symbolic link"), "{}", ran.stderr);
    assert_eq!(elsewhere.text("b.yaml"), other);
}

#[cfg(unix)]
#[test]
fn permissions_stay() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new(&[("data.yaml", BEFORE)]);
    let path = project.path().join("data.yaml");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    project.check(&["--fix", ONLY]);
    assert_eq!(project.text("data.yaml"), AFTER);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn hostile_text_does_not_steer_the_terminal() {
    let text = BEFORE.replace("datamap: 1\n", "datamap: 1\nx-a: \"\u{202e}\"\n");
    let project = Project::new(&[("da\u{1b}[2Jta.yaml", &text)]);
    let ran = project.check(&["--diff", ONLY]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(!(ran.stdout + &ran.stderr).contains(['\u{1b}', '\u{202e}']));
    // What is written is what was there.
    project.check(&["--fix", ONLY]);
    assert!(project.text("da\u{1b}[2Jta.yaml").contains("x-a: \"\u{202e}\"\n"));
}

#[test]
fn what_the_baseline_accepts_is_not_mended() {
    let text = "datamap: 1\nconsent:\n  categories:\n    - {id: ads, purpose: Ads, controls: [opt-out], destinations: []}\ndestinations:\n  - {id: facebook-pixel, role: third_party, shares: true}\n";
    let project = Project::new(&[("data.yaml", text)]);
    assert_eq!(run(project.path(), &["baseline"]).code, 0);
    let ran = project.check(&["--fix", "--unsafe"]);
    assert_eq!((ran.code, project.text("data.yaml").as_str(), ran.stderr.as_str()), (0, text, ""), "{}", ran.stdout);
    // A line of the baseline whose finding is mended along is stale, and no reason against the fix.
    let baseline: serde_json::Value = serde_json::from_str(&project.text(".consentlint-baseline.json")).unwrap();
    let mut part = baseline.clone();
    part["findings"].as_array_mut().unwrap().retain(|entry| entry["rule"] != "ccpa/share-destination-ungated");
    project.write(".consentlint-baseline.json", &part.to_string());
    let ran = project.check(&["--diff"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    // Without it the finding is mended.
    project.check(&["--fix", "--no-baseline"]);
    assert!(project.text("data.yaml").contains("destinations: [facebook-pixel]}"));
}

#[test]
fn the_diff_in_the_readme_is_what_is_printed() {
    let readme = std::fs::read_to_string(common::root().join("README.md")).unwrap().replace("\r\n", "\n");
    let (_, rest) = readme.split_once("```console\n$ consentlint check --diff ").unwrap();
    let (folder, rest) = rest.split_once('\n').unwrap();
    let ran = run(common::root(), &["check", "--diff", folder]);
    assert_eq!(rest.split("```").next().unwrap(), ran.stdout + &ran.stderr);
}
