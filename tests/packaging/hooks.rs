//! The hooks, under the real pre-commit and git: a violation is kept from being committed until it is cured.

use crate::common::root;
use crate::tools::{DAY, SHOP, Said, Scratch, Tools, said, tools};
use crate::wheel::wheel;

/// A change by which a service provider has no contract any more, where it stands, and its cure.
const CONTRACT: &str = "contract: {kind: service_provider, ref: DPA-2023-007, reviewed_on: 2026-02-02,";
const NO_CONTRACT: &str = "contract: {kind: none, reviewed_on: 2026-02-02,";
const OTHER_CONTRACT: &str = "contract: {kind: service_provider, ref: DPA-2026-090, reviewed_on: 2026-02-02,";
const PLACE: &str = "destinations.yaml:37:";
const RULE: &str = "ccpa/sp-contract-missing";

/// Makes a git repository of what was written into a folder, with the tag that hooks are taken at.
fn publish(scratch: &Scratch, folder: &str) {
    for arguments in [&["init", "--quiet"][..], &["add", "-A"], &["commit", "--quiet", "-m", "x"], &["tag", "v0.1.0"]] {
        scratch.git(folder, arguments).fine();
    }
}

/// The sample project as a repository with one hook, taken from the repository `hooks`.
fn project(scratch: &Scratch, tools: &Tools, hook: &str) {
    scratch.copy("fixtures/shop", &SHOP, "shop");
    let repository = scratch.folder("hooks").display().to_string();
    let text = format!(
        "repos:\n  - repo: {repository}\n    rev: v0.1.0\n    hooks:\n      - id: {hook}\n        args: [--as-of, '{DAY}']\n"
    );
    scratch.write("shop/.pre-commit-config.yaml", &text);
    scratch.git("shop", &["init", "--quiet"]).fine();
    said(scratch.command(tools.program("pre-commit"), "shop").arg("install")).fine();
}

fn commit(scratch: &Scratch) -> Said {
    scratch.git("shop", &["add", "-A"]).fine();
    scratch.git("shop", &["commit", "-m", "a change"])
}

fn commits(scratch: &Scratch) -> String {
    scratch.git("shop", &["rev-list", "--count", "HEAD"]).fine().trim().to_owned()
}

/// What must hold of every flavour of the hook.
fn holds(scratch: &Scratch, tools: &Tools) {
    let first = commit(scratch).fine();
    assert!(first.contains("Passed"), "the clean project: {first}");

    scratch.replace("shop/destinations.yaml", CONTRACT, NO_CONTRACT);
    let kept = commit(scratch);
    assert!(kept.code == 1 && kept.text.contains("Failed"), "the violation: {kept:?}");
    assert!(kept.text.contains(PLACE) && kept.text.contains(RULE), "what is wrong, and where: {}", kept.text);
    assert!(kept.text.contains("help:"), "how to cure it: {}", kept.text);
    assert_eq!(commits(scratch), "1", "nothing was committed");

    scratch.replace("shop/destinations.yaml", NO_CONTRACT, OTHER_CONTRACT);
    assert!(commit(scratch).fine().contains("Passed"), "the cure");
    assert_eq!(commits(scratch), "2");

    scratch.replace("shop/destinations.yaml", OTHER_CONTRACT, NO_CONTRACT);
    scratch.git("shop", &["commit", "--quiet", "--no-verify", "-a", "-m", "a violation from before the hook"]).fine();
    scratch.replace("shop/consent.yaml", "# What visitors can choose,", "# What visitors may choose,");
    assert!(commit(scratch).fine().contains("Passed"), "what the commit does not touch");
    let all = said(scratch.command(tools.program("pre-commit"), "shop").args(["run", "--all-files"]));
    assert!(all.code == 1 && all.text.contains(PLACE), "all files: {all:?}");

    scratch.write("shop/notes.md", "# Notes\n");
    assert!(commit(scratch).fine().contains("(no files to check)Skipped"), "no file that can matter");
    scratch.write("shop/chart.yaml", "replicas: 2\n");
    assert!(commit(scratch).fine().contains("Passed"), "a file that can matter and does not");
}

#[test]
fn the_installed_program_keeps_a_violation_from_being_committed() {
    let Some(tools) = tools("the hook that uses an installed program") else { return };
    let mut scratch = Scratch::new();
    scratch.path = vec![tools.programs()];
    scratch.install();
    scratch.copy("", &[".pre-commit-hooks.yaml"], "hooks");
    publish(&scratch, "hooks");
    project(&scratch, &tools, "consentlint-system");
    holds(&scratch, &tools);
}

/// A Rust tool chain that must not be used, before the machine's.
fn forbid_building(scratch: &mut Scratch) {
    for name in ["cargo", "rustc", "rustup", "maturin"] {
        let program = scratch.write(&format!("forbidden/{name}"), "#!/bin/sh\necho \"built with $0\"\nexit 97\n");
        said(scratch.command("chmod", "home").arg("+x").arg(program)).fine();
    }
    scratch.path.insert(0, scratch.folder("forbidden"));
}

#[test]
#[cfg_attr(windows, ignore = "the tool chain is forbidden by shell scripts")]
fn the_mirror_installs_the_wheel_without_a_tool_chain() {
    let Some(tools) = tools("the hook of the mirror") else { return };
    let mut scratch = Scratch::new();
    scratch.path = vec![tools.programs()];
    forbid_building(&mut scratch);
    scratch.only_wheels_of(&[wheel(&tools).parent().unwrap(), &tools.wheels()]);
    scratch.copy("packaging/pre-commit-mirror", &[".pre-commit-hooks.yaml", "pyproject.toml", "README.md"], "hooks");
    publish(&scratch, "hooks");
    project(&scratch, &tools, "consentlint");
    holds(&scratch, &tools);
}

#[test]
#[cfg_attr(windows, ignore = "the tool chain is forbidden by shell scripts")]
fn a_hook_of_the_project_installs_the_wheel_without_any_repository() {
    let Some(tools) = tools("the local hook") else { return };
    let mut scratch = Scratch::new();
    scratch.path = vec![tools.programs()];
    forbid_building(&mut scratch);
    scratch.only_wheels_of(&[wheel(&tools).parent().unwrap(), &tools.wheels()]);
    project(&scratch, &tools, "");
    let shown = crate::documentation::yaml_blocks().into_iter().find(|block| block.contains("repo: local")).unwrap();
    let dated = shown.replace("entry: consentlint check", &format!("entry: consentlint check --as-of {DAY}"));
    assert_ne!(shown, dated);
    scratch.write("shop/.pre-commit-config.yaml", &dated);
    holds(&scratch, &tools);
}

#[test]
fn pre_commit_takes_the_manifests() {
    let Some(tools) = tools("the manifests of the hooks") else { return };
    for manifest in [".pre-commit-hooks.yaml", "packaging/pre-commit-mirror/.pre-commit-hooks.yaml"] {
        let scratch = Scratch::new();
        let mut validate = scratch.command(tools.program("pre-commit"), "home");
        said(validate.arg("validate-manifest").arg(root().join(manifest))).fine();
    }
}
