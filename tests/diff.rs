//! `consentlint diff` in real repositories: what is read from git, what is told, and the exit code.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests make repositories")]

mod common;

use common::repository::{Repository, git, has_git, try_git, write};
use common::{Ran, files, run};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

fn diff(directory: &Path, arguments: &[&str]) -> Ran {
    run(directory, &[&["diff"], arguments].concat())
}

fn json(directory: &Path, arguments: &[&str]) -> Value {
    diff(directory, &[arguments, &["--format", "json"]].concat()).json()
}

fn assert_unchanged(directory: &Path, arguments: &[&str]) {
    let ran = diff(directory, &[arguments, &["--format", "json"]].concat());
    let told = ran.json();
    assert_eq!(ran.code, 0, "{arguments:?}: {told:#}");
    let text = told["summary"]["text"].as_str().unwrap();
    assert!(text.starts_with("no change in meaning; 0 findings introduced, 0 fixed"), "{arguments:?}: {told:#}");
    assert_eq!((&told["summary"]["problems"], &told["summary"]["base_problems"]), (&0.into(), &0.into()), "{told:#}");
}

/// The one problem of a run, with its cure.
fn refusal(directory: &Path, arguments: &[&str]) -> String {
    let ran = diff(directory, &[arguments, &["--format", "json"]].concat());
    let told = ran.json();
    assert_eq!(ran.code, 2, "{told:#}");
    let problems = told["problems"].as_array().unwrap();
    assert_eq!(problems.len(), 1, "{told:#}");
    format!("{} | {}", problems[0]["message"].as_str().unwrap(), problems[0]["help"].as_str().unwrap())
}

fn rules(told: &Value, list: &str) -> Vec<String> {
    let found = told["findings"][list].as_array().unwrap().iter();
    found
        .map(|finding| format!("{} {}", finding["rule"].as_str().unwrap(), finding["subject"]["id"].as_str().unwrap()))
        .collect()
}

/// Whether it weakens, and the sentence, of each change of the settings.
fn settings(told: &Value) -> Vec<String> {
    let line = |setting: &Value| format!("{} {}", setting["weaker"], setting["message"].as_str().unwrap());
    told["settings"].as_array().unwrap().iter().map(line).collect()
}

const MAP: &str = "datamap: 1\nsources:\n  - {id: web, platform: web, destinations: [mixpanel]}\ndestinations:\n  - id: mixpanel\n    deletion: {via: none}\n";
const UNDELETED: &str = "ccpa/deletion-method-missing mixpanel";

#[test]
fn nothing_changed_and_everything_reads_the_same() {
    if !has_git() {
        return;
    }
    let shop = Repository::shop();
    assert_unchanged(shop.path(), &["HEAD"]);
    assert_unchanged(shop.path(), &["HEAD", "--to", "HEAD"]);
    // Moved, in another folder, and with other line ends.
    for name in ["destinations.yaml", "consent.yaml"] {
        let text = std::fs::read_to_string(shop.path().join(name)).unwrap();
        std::fs::remove_file(shop.path().join(name)).unwrap();
        shop.write(&format!("moved/new-{name}"), &text.replace('\n', "\r\n"));
    }
    std::fs::rename(shop.path().join("plans"), shop.path().join("tracking")).unwrap();
    assert_unchanged(shop.path(), &["HEAD"]);
    assert_unchanged(&shop.path().join("tracking"), &["HEAD"]);
    let ran = shop.diff(&["HEAD"]);
    assert_eq!(ran.stdout, "no change in meaning; 0 findings introduced, 0 fixed, 0 unchanged (as of 2026-11-24)\n");
}

#[test]
fn revisions_are_named_as_git_names_them() {
    if !has_git() {
        return;
    }
    let shop = Repository::shop();
    let folder = shop.path();
    git(folder, &["tag", "-a", "v1", "-m", "annotated"]);
    git(folder, &["tag", "light"]);
    let first = git(folder, &["rev-parse", "HEAD"]);
    shop.edit("destinations.yaml", "retention_days: 390", "retention_days: 500");
    shop.commit("second");
    git(folder, &["branch", "work"]);
    let told = |revision: &str| json(folder, &[revision]);
    for revision in
        ["v1", "light", "HEAD~1", "HEAD^", "main~", "main@{1}", first.as_str(), &first[..9], "tags/v1", "v1^{commit}"]
    {
        let told = told(revision);
        assert_eq!(told["base"]["commit"], first.as_str(), "{revision}: {told:#}");
        assert_eq!(told["base"]["revision"], revision);
        assert_eq!(told["summary"]["entities"]["changed"], 1, "{revision}: {told:#}");
    }
    // Packed references and objects.
    git(folder, &["gc", "-q", "--prune=now"]);
    assert!(!folder.join(".git/refs/tags/v1").exists());
    assert_eq!(told("v1")["base"]["commit"], first.as_str());
    // HEAD on no branch.
    git(folder, &["checkout", "-q", "--detach", "HEAD"]);
    assert_eq!(told("HEAD~1")["summary"]["entities"]["changed"], 1);
    // Where the branch was left, whatever happened there since.
    git(folder, &["checkout", "-q", "main"]);
    shop.edit("destinations.yaml", "sla_days: 10", "sla_days: 12");
    shop.commit("third, on main alone");
    git(folder, &["checkout", "-q", "work"]);
    assert_eq!(told("main")["summary"]["entities"]["changed"], 1);
    assert_unchanged(folder, &["main..."]);
    let base = told("main...");
    assert_eq!(base["base"]["revision"], &base["base"]["commit"].as_str().unwrap()[..12]);
    assert!(refusal(folder, &["main..HEAD"]).starts_with("`main..HEAD` is a range, and one commit is asked for | "));
    // Where the other commit was left, whatever HEAD is.
    assert_eq!(json(folder, &["v1...", "--to", "main"])["summary"]["entities"]["changed"], 2);
    git(folder, &["checkout", "-q", "main"]);
    assert_unchanged(folder, &["main...", "--to", "work"]);
    let orphan = git(folder, &["commit-tree", "HEAD^{tree}", "-m", "with no parent"]);
    assert!(refusal(folder, &[&format!("{orphan}...")]).contains("have no commit in common"));
    // Two commits, whatever is on disk.
    shop.write("destinations.yaml", "nonsense: [");
    let between = json(folder, &["v1", "--to", "work"]);
    assert_eq!((&between["summary"]["entities"]["changed"], &between["summary"]["problems"]), (&1.into(), &0.into()));
    assert_eq!(between["head"]["revision"], "work");
    let attribute = &between["entities"][0]["attributes"][0];
    assert_eq!(attribute["before"]["file"], "v1:destinations.yaml");
    assert_eq!(attribute["after"]["file"], "work:destinations.yaml");
}

#[test]
fn a_repository_of_sha_256_is_read() {
    let folder = tempfile::tempdir().unwrap();
    if !has_git() || !try_git(folder.path(), &["init", "-q", "-b", "main", "--object-format=sha256"]).status.success() {
        return;
    }
    let map = Repository { folder };
    map.write("map.yaml", MAP);
    map.commit("first");
    assert_unchanged(map.path(), &["HEAD"]);
    git(map.path(), &["gc", "-q"]);
    assert_unchanged(map.path(), &["main"]);
    assert_eq!(json(map.path(), &["HEAD"])["base"]["commit"].as_str().unwrap().len(), 64);
}

#[test]
fn worktrees_submodules_and_folders_below_the_root_are_read() {
    if !has_git() {
        return;
    }
    let shop = Repository::shop();
    let other = tempfile::tempdir().unwrap();
    let tree = other.path().join("tree");
    git(shop.path(), &["worktree", "add", "-q", tree.to_str().unwrap(), "-b", "side"]);
    assert!(tree.join(".git").is_file());
    assert_unchanged(&tree, &["main"]);
    write(&tree, "new.yaml", "datamap: 1\ndestinations: [{id: braze}]\n");
    assert_eq!(json(&tree, &["main"])["summary"]["entities"]["new"], 1);
    // A repository inside another one, by reference.
    let outer = Repository::of(&[("readme.md", "x")]);
    git(outer.path(), &["submodule", "add", "-q", shop.path().to_str().unwrap(), "inner"]);
    outer.commit("with a submodule");
    assert_unchanged(&outer.path().join("inner"), &["HEAD"]);
    let told = json(outer.path(), &["HEAD"]);
    let problems = told["base_problems"].as_array().unwrap();
    assert_eq!(problems.len(), 1, "{told:#}");
    assert!(problems[0]["message"].as_str().unwrap().contains("submodule"), "{told:#}");
    assert_eq!(problems[0]["file"], "HEAD:inner");
    // One project among several.
    let mono = Repository::of(&[
        ("apps/shop/consentlint.yaml", "exclude: [drafts/**]\n"),
        ("apps/shop/map.yaml", MAP),
        ("apps/shop/drafts/no.yaml", "datamap: 1\ndestinations: [{id: braze}]\n"),
        ("apps/other/map.yaml", "datamap: 1\ndestinations: [{id: hubspot}]\n"),
    ]);
    let inside = mono.path().join("apps/shop");
    assert_unchanged(&inside, &["HEAD"]);
    mono.write("apps/other/map.yaml", "datamap: 1\ndestinations: []\n");
    assert_unchanged(&inside, &["HEAD"]);
    mono.write("apps/shop/deep/more.yaml", "datamap: 1\ndestinations: [{id: segment-x}]\n");
    let told = json(&inside.join("deep"), &["HEAD"]);
    assert_eq!(told["entities"][0]["after"]["file"], "more.yaml", "{told:#}");
}

#[test]
fn a_shallow_clone_says_what_is_missing() {
    if !has_git() {
        return;
    }
    let shop = Repository::shop();
    shop.edit("destinations.yaml", "retention_days: 390", "retention_days: 500");
    shop.commit("second");
    git(shop.path(), &["branch", "topic"]);
    let clones = tempfile::tempdir().unwrap();
    let address = format!("file://{}", shop.path().display());
    git(clones.path(), &["clone", "-q", "--depth=1", "--branch", "topic", &address, "shallow"]);
    let shallow = clones.path().join("shallow");
    assert_unchanged(&shallow, &["HEAD"]);
    for revision in ["main", "origin/main"] {
        let said = refusal(&shallow, &[revision]);
        assert!(said.starts_with(&format!("the base `{revision}` is missing")), "{said}");
        assert!(said.contains("shallow") && said.contains("`git fetch --depth=1 origin main`"), "{said}");
        assert!(said.contains("fetch-depth: 0"), "{said}");
    }
    for revision in ["HEAD~1", "HEAD^", "main..."] {
        let said = refusal(&shallow, &[revision]);
        assert!(said.contains("missing") && said.contains("shallow"), "{revision}: {said}");
    }
    // What it says helps.
    git(&shallow, &["fetch", "-q", "--depth=1", "origin", "main"]);
    assert_unchanged(&shallow, &["FETCH_HEAD"]);
    // A clone without contents: they are not fetched, and that is said.
    git(shop.path(), &["config", "uploadpack.allowFilter", "true"]);
    git(clones.path(), &["clone", "-q", "--no-checkout", "--filter=blob:none", &address, "partial"]);
    let partial = clones.path().join("partial");
    write(&partial, "map.yaml", MAP);
    let told = json(&partial, &["HEAD"]);
    let problems = told["base_problems"].as_array().unwrap();
    assert!(!problems.is_empty(), "{told:#}");
    assert!(
        problems.iter().all(|problem| problem["help"].as_str().unwrap().contains("this clone is partial")),
        "{told:#}"
    );
}

#[test]
fn what_cannot_be_compared_is_refused_with_a_cure() {
    if !has_git() {
        return;
    }
    let nowhere = tempfile::tempdir().unwrap();
    assert!(refusal(nowhere.path(), &["main"]).starts_with("there is no git repository here | "));
    let unborn = Repository::empty();
    assert!(refusal(unborn.path(), &["HEAD"]).starts_with("there is no commit yet | "));
    let table = tempfile::tempdir().unwrap();
    if try_git(table.path(), &["init", "-q", "--ref-format=reftable"]).status.success() {
        assert!(refusal(table.path(), &["HEAD"]).contains("reftable"));
    }
    let bare = tempfile::tempdir().unwrap();
    git(bare.path(), &["init", "-q", "--bare"]);
    assert!(refusal(bare.path(), &["HEAD"]).starts_with("this is a bare repository"));
    let map = Repository::of(&[("map.yaml", MAP)]);
    assert!(refusal(map.path(), &["HEAD:map.yaml"]).contains("names no commit"));
    let hostile = [
        "--upload-pack=touch pwned",
        "-x",
        "main\u{1b}[2J\n",
        "../../etc/passwd",
        "$(touch pwned)",
        "`id`",
        "",
        "@{-99}",
        ":/x",
        "^",
        "a...b",
        "HEAD^{/[}",
    ];
    for revision in hostile {
        for format in ["human", "json", "markdown", "github"] {
            let ran = run(map.path(), &["diff", "--format", format, "--", revision]);
            assert_eq!(ran.code, 2, "{revision:?}: {}{}", ran.stdout, ran.stderr);
            assert!(!ran.stdout.contains('\u{1b}'), "{revision:?}");
            assert!(ran.stdout.lines().count() > 0, "{revision:?}");
        }
        assert_eq!(run(map.path(), &["diff", revision]).code, 2);
    }
    assert!(!map.path().join("pwned").exists());
    assert!(refusal(map.path(), &["HEAD", "nowhere.yaml"]).starts_with("is on neither side"));
    let said = refusal(map.path(), &["origin/man"]);
    assert!(said.starts_with("the base `origin/man` is missing"), "{said}");
}

#[test]
fn no_program_is_started_and_nothing_is_written() {
    if !has_git() {
        return;
    }
    let map = Repository::of(&[("map.yaml", MAP)]);
    // Whatever a repository may ask git to run, and a file that its settings include.
    for (key, value) in [
        ("core.fsmonitor", "touch pwned"),
        ("core.sshCommand", "touch pwned"),
        ("filter.x.smudge", "touch pwned"),
        ("include.path", "/dev/zero"),
    ] {
        git(map.path(), &["config", key, value]);
    }
    map.write(".gitattributes", "* filter=x\n");
    let before: Vec<PathBuf> = files(map.path());
    assert_unchanged(map.path(), &["HEAD"]);
    assert_eq!(before, files(map.path()));
    assert!(!map.path().join("pwned").exists());
}

#[cfg(unix)]
#[test]
fn git_itself_is_not_asked() {
    use std::os::unix::fs::PermissionsExt;
    if !has_git() {
        return;
    }
    let map = Repository::of(&[("map.yaml", MAP)]);
    let tools = tempfile::tempdir().unwrap();
    let (fake, mark) = (tools.path().join("git"), tools.path().join("mark"));
    std::fs::write(&fake, format!("#!/bin/sh\necho \"$@\" >> {}\n", mark.display())).unwrap();
    std::fs::set_permissions(&fake, std::fs::Permissions::from_mode(0o755)).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_consentlint"))
        .args(["diff", "HEAD", "--fail-on", "never"])
        .current_dir(map.path())
        .env("PATH", tools.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("no change in meaning"));
    assert!(!mark.exists(), "{}", std::fs::read_to_string(&mark).unwrap_or_default());
}

#[test]
fn findings_are_introduced_fixed_or_unchanged() {
    if !has_git() {
        return;
    }
    let map = Repository::of(&[("map.yaml", MAP)]);
    let told = map.diff(&["HEAD", "--format", "json"]);
    assert_eq!(told.code, 0, "what was there before fails nothing");
    assert!(rules(&told.json(), "unchanged").contains(&UNDELETED.to_owned()), "{}", told.stdout);
    // Fixed.
    map.edit("map.yaml", "via: none", "via: vendor_api");
    let told = json(map.path(), &["HEAD"]);
    assert_eq!(rules(&told, "fixed"), [UNDELETED]);
    assert_eq!(told["findings"]["fixed"][0]["file"], "HEAD:map.yaml");
    map.commit("fixed");
    // Introduced, and the threshold.
    map.edit("map.yaml", "via: vendor_api", "via: none");
    let told = map.diff(&["HEAD", "--format", "json"]);
    assert_eq!((told.code, rules(&told.json(), "introduced")), (1, vec![UNDELETED.to_owned()]));
    assert_eq!(map.diff(&["HEAD", "--fail-on", "critical"]).code, 0);
    assert_eq!(map.diff(&["HEAD", "--fail-on", "never"]).code, 0);
    // A question that becomes an accusation is introduced, although its fingerprint is the same.
    map.edit("map.yaml", "\n    deletion: {via: none}", "");
    map.commit("unstated");
    map.edit("map.yaml", "id: mixpanel\n", "id: mixpanel\n    deletion: {via: none}\n");
    let told = map.diff(&["HEAD", "--format", "json"]);
    assert_eq!((told.code, rules(&told.json(), "introduced")), (1, vec![UNDELETED.to_owned()]), "{}", told.stdout);
    assert!(rules(&told.json(), "fixed").is_empty());
    // The other way round it is milder: nothing is introduced.
    map.commit("none");
    map.edit("map.yaml", "\n    deletion: {via: none}", "");
    let told = map.diff(&["HEAD", "--format", "json"]);
    assert_eq!((told.code, rules(&told.json(), "introduced")), (0, Vec::new()));
    // A file that is deleted, and one that is only excluded.
    map.edit("map.yaml", "id: mixpanel\n", "id: mixpanel\n    deletion: {via: none}\n");
    std::fs::remove_file(map.path().join("map.yaml")).unwrap();
    map.write("rest.yaml", "datamap: 1\nsources: [{id: web, platform: web, destinations: []}]\n");
    let told = json(map.path(), &["HEAD"]);
    assert_eq!(
        (&told["summary"]["flows"]["gone"], &told["summary"]["entities"]["gone"]),
        (&1.into(), &1.into()),
        "{told:#}"
    );
}

#[test]
fn the_rules_of_the_head_judge_both_and_weaker_settings_are_told() {
    if !has_git() {
        return;
    }
    let off = "rules: {ccpa/deletion-method-missing: off}\n";
    let map = Repository::of(&[("map.yaml", MAP), ("consentlint.yaml", off)]);
    // Switched on by the change: old findings are no fault of it.
    map.write("consentlint.yaml", "fail_on: low\n");
    let told = map.diff(&["HEAD", "--format", "json"]);
    assert_eq!((told.code, rules(&told.json(), "introduced")), (0, Vec::new()));
    assert!(rules(&told.json(), "unchanged").contains(&UNDELETED.to_owned()));
    assert_eq!(settings(&told.json()), ["false rule `ccpa/deletion-method-missing`: off → high"]);
    let place = &told.json()["settings"][0]["before"];
    assert_eq!((&place["file"], &place["start"]["column"]), (&"HEAD:consentlint.yaml".into(), &9.into()), "{place}");
}

#[test]
fn each_way_to_look_at_less_is_told() {
    if !has_git() {
        return;
    }
    let map = Repository::of(&[("map.yaml", MAP), ("consentlint.yaml", "fail_on: low\n")]);
    let weaker = [
        ("rules: {ccpa/deletion-method-missing: off}\n", "rule `ccpa/deletion-method-missing`: high → off"),
        ("rules: {ccpa/deletion-method-missing: medium}\n", "rule `ccpa/deletion-method-missing`: high → medium"),
        ("exclude: [\"*.csv\"]\n", "`exclude` has `*.csv` now"),
        ("packs: [ccpa]\n", "`packs`: all → ccpa"),
        ("fail_on: critical\n", "`fail_on`: low → critical"),
        ("fail_on: never\n", "`fail_on`: low → never"),
        (
            "exceptions:\n  - {rule: ccpa/deletion-method-missing, subject: \"destination:mixpanel\", reason: so be it, expires: 2027-01-01}\n",
            "exception from `ccpa/deletion-method-missing` for `destination:mixpanel` until 2027-01-01: so be it",
        ),
    ];
    for (text, said) in weaker {
        map.write("consentlint.yaml", text);
        let told = json(map.path(), &["HEAD"]);
        assert_eq!(settings(&told), [format!("true {said}")], "{told:#}");
        assert_eq!(told["settings"][0]["after"]["file"], "consentlint.yaml", "{told:#}");
        for format in ["human", "markdown"] {
            let shown = map.diff(&["HEAD", "--format", format]).stdout;
            assert!(shown.contains("weaker:") && shown.to_lowercase().contains("settings\n"), "{shown}");
        }
    }
    let told = json(map.path(), &["HEAD"]);
    assert_eq!(rules(&told, "excepted"), [UNDELETED]);
    assert!(rules(&told, "fixed").is_empty(), "an exception mends nothing: {told:#}");
    // Taken away again: the finding counts, and is introduced.
    map.commit("excepted");
    map.write("consentlint.yaml", "fail_on: low\n");
    let told = map.diff(&["HEAD", "--format", "json"]);
    assert_eq!((told.code, rules(&told.json(), "introduced")), (1, vec![UNDELETED.to_owned()]));
    assert_eq!(
        settings(&told.json()),
        ["false exception from `ccpa/deletion-method-missing` for `destination:mixpanel` is gone"]
    );
    // Beside the input.
    map.commit("gone");
    map.edit(
        "map.yaml",
        "    deletion",
        "    # consentlint: allow ccpa/deletion-method-missing -- so be it\n    deletion",
    );
    let told = json(map.path(), &["HEAD"]);
    assert_eq!(settings(&told), ["true exception from `ccpa/deletion-method-missing` in a comment: so be it"]);
    assert_eq!(rules(&told, "excepted"), [UNDELETED]);
    // Settings that the base lacks: the same folder is read on both sides.
    let bare = Repository::of(&[("deep/map.yaml", MAP), ("map.yaml", "datamap: 1\ndestinations: [{id: braze}]\n")]);
    bare.write("consentlint.yaml", "fail_on: low\n");
    let told = json(&bare.path().join("deep"), &["HEAD"]);
    assert_eq!(told["summary"]["entities"], serde_json::json!({ "new": 0, "changed": 0, "gone": 0 }), "{told:#}");
}

#[test]
fn what_the_baseline_accepts_is_not_introduced_and_told() {
    if !has_git() {
        return;
    }
    let map = Repository::of(&[("map.yaml", MAP)]);
    assert_eq!(run(map.path(), &["baseline"]).code, 0);
    let told = json(map.path(), &["HEAD"]);
    let told = settings(&told);
    let deletion = "true the baseline accepts 1 finding more of `ccpa/deletion-method-missing`".to_owned();
    assert!(told.contains(&deletion), "{told:?}");
    assert!(told.iter().all(|said| said.starts_with("true the baseline accepts ")), "{told:?}");
    map.commit("accepted");
    map.edit("map.yaml", "destinations: [mixpanel]", "destinations: [mixpanel, braze]");
    map.edit(
        "map.yaml",
        "destinations:\n",
        "destinations:\n  - {id: braze, role: service_provider, contract: {kind: none}}\n",
    );
    let told = json(map.path(), &["HEAD"]);
    assert!(rules(&told, "introduced").contains(&"ccpa/sp-contract-missing braze".to_owned()), "{told:#}");
    assert!(!rules(&told, "introduced").contains(&UNDELETED.to_owned()), "{told:#}");
    // Who accepts what the change brings has to say so in the change.
    run(map.path(), &["baseline"]);
    let ran = map.diff(&["HEAD", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let said = "true the baseline accepts 1 finding more of `ccpa/sp-contract-missing`".to_owned();
    assert!(settings(&ran.json()).contains(&said), "{}", ran.stdout);
}

#[test]
fn problems_are_never_swallowed() {
    if !has_git() {
        return;
    }
    let map = Repository::of(&[("map.yaml", MAP), ("bad.yaml", "datamap: 1\ndestinations: [\n")]);
    // On both sides: the head cannot be judged.
    let told = map.diff(&["HEAD", "--format", "json"]);
    assert_eq!(told.code, 2);
    assert_eq!(told.json()["problems"][0]["file"], "bad.yaml");
    assert_eq!(told.json()["base_problems"][0]["file"], "HEAD:bad.yaml");
    // Mended by the change: told, and no reason to stop it.
    map.write("bad.yaml", "datamap: 1\ndestinations: []\n");
    for format in ["human", "json", "markdown"] {
        let ran = map.diff(&["HEAD", "--format", format]);
        assert_eq!(ran.code, 0, "{}", ran.stdout);
        assert!(ran.stdout.contains("HEAD:bad.yaml"), "{}", ran.stdout);
    }
    // Nothing of ours on either side.
    let none = Repository::of(&[("readme.md", "x")]);
    assert!(refusal(none.path(), &["HEAD"]).contains("no file was found to read"));
    // An unknown rule in the settings of the head.
    map.commit("mended");
    map.write("consentlint.yaml", "rules: {ccpa/role-undeclard: off}\n");
    assert!(refusal(map.path(), &["HEAD"]).contains("did you mean `ccpa/role-undeclared`?"));
}

#[test]
fn paths_filter_what_is_reported() {
    if !has_git() {
        return;
    }
    let shop = Repository::shop();
    shop.edit("destinations.yaml", "retention_days: 390", "retention_days: 500");
    shop.edit("consent.yaml", "honored: true", "honored: false");
    let kinds = |arguments: &[&str]| -> Vec<String> {
        let told = json(shop.path(), &[&["HEAD"], arguments].concat());
        told["entities"].as_array().unwrap().iter().map(|entity| entity["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(&["destinations.yaml"]), ["destination"]);
    assert_eq!(kinds(&["consent.yaml"]), ["signal"]);
    assert_eq!(kinds(&["plans"]), [""; 0]);
    assert_eq!(kinds(&[]), kinds(&["."]));
    // A file that only the base has.
    std::fs::remove_file(shop.path().join("destinations.yaml")).unwrap();
    assert!(kinds(&["destinations.yaml"]).contains(&"destination".to_owned()));
}

#[test]
fn the_tree_is_read_as_the_disk_is() {
    if !has_git() {
        return;
    }
    let one = |id: &str| format!("datamap: 1\ndestinations: [{{id: {id}}}]\n");
    let map = Repository::of(&[
        (".gitignore", "ignored.yaml\nbuild/\n!kept.yaml\n"),
        ("ignored.yaml", &one("braze")),
        ("build/out.yaml", &one("hubspot")),
        ("deep/.gitignore", "*.json\n"),
        ("deep/a.json", "{\"datamap\": 1, \"destinations\": [{\"id\": \"iterable\"}]}"),
        ("node_modules/x/map.yaml", &one("klaviyo")),
        ("map.yaml", MAP),
    ]);
    assert_unchanged(map.path(), &["HEAD"]);
    let ids = |folder: &Path| -> Vec<String> {
        let told = json(folder, &["HEAD"]);
        told["entities"].as_array().unwrap().iter().map(|entity| entity["id"].as_str().unwrap().to_owned()).collect()
    };
    std::fs::remove_file(map.path().join("ignored.yaml")).unwrap();
    std::fs::remove_dir_all(map.path().join("build")).unwrap();
    assert_unchanged(map.path(), &["HEAD"]);
    // Committed, but no longer ignored: the head reads it.
    std::fs::remove_file(map.path().join("deep/.gitignore")).unwrap();
    assert_eq!(ids(map.path()), ["iterable"]);
    // A pointer is not the file.
    let lfs = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";
    let large = Repository::of(&[("map.yaml", MAP), ("plan.json", lfs)]);
    large.write("plan.json", "{\"not\": \"ours\"}");
    assert_unchanged(large.path(), &["HEAD"]);
    large.write("plan.json", "{\"datamap\": 1, \"destinations\": [{\"id\": \"braze\"}]}");
    let told = json(large.path(), &["HEAD"]);
    assert!(
        told["base_problems"][0]["message"].as_str().unwrap().starts_with("is a pointer of Git LFS at HEAD"),
        "{told:#}"
    );
    // Not UTF-8, as on disk.
    std::fs::write(large.path().join("latin.yaml"), b"datamap: 1\ndestinations: [{id: caf\xe9}]\n").unwrap();
    std::fs::remove_file(large.path().join("plan.json")).unwrap();
    large.commit("latin");
    std::fs::remove_file(large.path().join("latin.yaml")).unwrap();
    let told = json(large.path(), &["HEAD"]);
    assert!(told["base_problems"][0]["message"].as_str().unwrap().starts_with("is not UTF-8"), "{told:#}");
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_tree() {
    use std::os::unix::fs::symlink;
    if !has_git() {
        return;
    }
    let map =
        Repository::of(&[("real/map.yaml", MAP), ("real/deep/x.yaml", "datamap: 1\ndestinations: [{id: braze}]\n")]);
    symlink("real", map.path().join("alias")).unwrap();
    symlink("../real/map.yaml", map.path().join("real/again.yaml")).unwrap();
    symlink("..", map.path().join("real/loop")).unwrap();
    map.commit("links");
    assert_unchanged(map.path(), &["HEAD"]);
    assert_unchanged(&map.path().join("alias"), &["HEAD"]);
    let outside = tempfile::tempdir().unwrap();
    write(outside.path(), "out.yaml", "datamap: 1\ndestinations: [{id: hubspot}]\n");
    symlink(outside.path().join("out.yaml"), map.path().join("out.yaml")).unwrap();
    map.commit("a link out");
    let told = json(map.path(), &["HEAD"]);
    let problem = &told["base_problems"][0];
    assert_eq!(problem["file"], "HEAD:out.yaml", "{told:#}");
    assert!(problem["message"].as_str().unwrap().contains("leads out of the repository"), "{told:#}");
}

#[test]
fn a_sparse_checkout_is_no_change_of_the_data_map() {
    if !has_git() {
        return;
    }
    let map = Repository::of(&[("a/map.yaml", MAP), ("b/more.yaml", "datamap: 1\ndestinations: [{id: braze}]\n")]);
    git(map.path(), &["sparse-checkout", "set", "a"]);
    assert!(!map.path().join("b").exists());
    let ran = map.diff(&["HEAD", "--format", "json"]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(ran.json()["problems"][0]["message"].as_str().unwrap().contains("sparse"), "{}", ran.stdout);
    assert_unchanged(map.path(), &["HEAD", "--to", "HEAD"]);
}

/// Makes a tree object of lines as `git ls-tree` prints them.
fn tree(directory: &Path, lines: &str) -> String {
    let list = directory.join("list");
    std::fs::write(&list, lines).unwrap();
    let made =
        Command::new("git").arg("mktree").current_dir(directory).stdin(std::fs::File::open(&list).unwrap()).output();
    std::fs::remove_file(&list).unwrap();
    String::from_utf8(made.unwrap().stdout).unwrap().trim().to_owned()
}

#[test]
fn a_tree_that_stands_for_endless_files_ends() {
    if !has_git() {
        return;
    }
    let map = Repository::of(&[("map.yaml", MAP)]);
    let blob = git(map.path(), &["hash-object", "-w", "map.yaml"]);
    let said = |root: String| {
        let commit = git(map.path(), &["commit-tree", &root, "-m", "hostile"]);
        let told = json(map.path(), &[&commit]);
        let problems = told["base_problems"].as_array().unwrap().clone();
        assert_eq!(problems.len(), 1, "{}", problems.len());
        problems[0]["message"].as_str().unwrap().to_owned()
    };
    let mut wide = tree(map.path(), &format!("100644 blob {blob}\tx.txt\n"));
    for _ in 0..4 {
        let members: String = (0..100).map(|at| format!("040000 tree {wide}\td{at}\n")).collect();
        wide = tree(map.path(), &members);
    }
    assert!(said(wide).contains("more than 1000000 files and folders"));
    let mut deep = tree(map.path(), &format!("100644 blob {blob}\tx.txt\n"));
    for _ in 0..600 {
        deep = tree(map.path(), &format!("040000 tree {deep}\td\n"));
    }
    assert!(said(deep).contains("lies in more than 500 folders"));
}
