//! The command line as a user meets it.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests make files")]

mod common;

use common::{Ran, run, run_with};
use std::path::Path;
use tempfile::TempDir;

const MIXPANEL: &str = "datamap: 1\ndestinations:\n  - id: mixpanel\n";
/// Asks of [`MIXPANEL`].
const ROLE: &str = "ccpa/role-undeclared";

const UNDELETED: &str = "datamap: 1\ndestinations:\n  - id: mixpanel\n    deletion: {via: none}\n";
/// Accuses of [`UNDELETED`], high.
const DELETION: &str = "ccpa/deletion-method-missing";

fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    // The search for settings ends at the root of a repository.
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// `file:line rule` of every finding, for one rule.
fn places(folder: &Path, rules: &str, more: &[&str]) -> (u8, Vec<String>) {
    let arguments = [&["check", "--format", "json", "--only", rules], more].concat();
    let ran = run(folder, &arguments);
    let report = ran.json();
    let place =
        |finding: &serde_json::Value| format!("{}:{}", finding["file"].as_str().unwrap(), finding["start"]["line"]);
    (ran.code, report["findings"].as_array().unwrap().iter().map(place).collect())
}

fn problems(ran: &Ran) -> Vec<String> {
    let report = ran.json();
    let said = |problem: &serde_json::Value| {
        format!("{} {}", problem["message"].as_str().unwrap(), problem["help"].as_str().unwrap())
    };
    report["problems"].as_array().unwrap().iter().map(said).collect()
}

#[test]
fn the_exit_code_follows_the_threshold() {
    let folder = project(&[("a.yaml", UNDELETED)]);
    let code = |more: &[&str]| run(folder.path(), &[&["check", "--only", DELETION], more].concat()).code;
    assert_eq!(code(&[]), 1);
    assert_eq!(code(&["--fail-on", "high"]), 1);
    assert_eq!(code(&["--fail-on", "critical"]), 0);
    assert_eq!(code(&["--fail-on", "never"]), 0);
    assert_eq!(code(&["nothing-here.yaml"]), 2);
    assert_eq!(run(folder.path(), &["check", "--format", "xml"]).code, 2);
    assert_eq!(run(folder.path(), &["--help"]).code, 0);
    assert!(run(folder.path(), &["--help"]).stdout.contains("Exit codes"));
}

#[test]
fn a_question_counts_as_low_whatever_its_rule_weighs() {
    let folder = project(&[("a.yaml", MIXPANEL)]);
    let code = |more: &[&str]| run(folder.path(), &[&["check", "--only", ROLE], more].concat()).code;
    assert_eq!((code(&[]), code(&["--fail-on", "low"])), (1, 1));
    assert_eq!((code(&["--fail-on", "medium"]), code(&["--fail-on", "never"])), (0, 0));
    std::fs::write(folder.path().join("consentlint.yaml"), "rules: {ccpa/role-undeclared: critical}\n").unwrap();
    let report = run(folder.path(), &["check", "--only", ROLE, "--format", "json"]).json();
    assert_eq!(report["findings"][0]["severity"], "low");
    assert!(report["findings"][0]["question"].as_str().unwrap().starts_with("Who is each of these recipients"));
    assert_eq!((&report["summary"]["findings"]["low"], &report["summary"]["questions"]), (&1.into(), &1.into()));
    std::fs::write(folder.path().join("consentlint.yaml"), "rules: {ccpa/role-undeclared: off}\n").unwrap();
    assert_eq!(code(&[]), 0, "a rule that is off asks nothing");
}

#[test]
fn an_unknown_rule_is_a_problem_with_a_suggestion() {
    let folder = project(&[("a.yaml", MIXPANEL)]);
    let ran = run(folder.path(), &["check", "--format", "json", "--only", "ccpa/role-undeclard"]);
    assert_eq!(ran.code, 2);
    assert!(problems(&ran)[0].contains("did you mean `ccpa/role-undeclared`?"));
}

#[test]
fn named_files_must_be_ours_and_found_ones_need_not() {
    let folder = project(&[("a.yaml", MIXPANEL), ("chart.yaml", "apiVersion: v1\n"), ("broken.yaml", "a: {{ x }}\n")]);
    assert_eq!(places(folder.path(), ROLE, &[]), (1, vec!["a.yaml:3".to_owned()]));
    let ran = run(folder.path(), &["check", "chart.yaml", "--format", "json"]);
    assert!(problems(&ran)[0].contains("none of the formats"));
    let alone = project(&[("chart.yaml", "apiVersion: v1\n")]);
    let ran = run(alone.path(), &["check", "--format", "json"]);
    assert!(problems(&ran)[0].contains("none of the 1 files"), "a run that read nothing says so");
}

#[test]
fn standard_input_is_reported_under_its_name_and_replaces_the_file() {
    let folder = project(&[("a.yaml", "datamap: 1\ndestinations: []\n"), ("consentlint.yaml", "")]);
    let arguments = ["check", "-", "--stdin-filename", "a.yaml", "--format", "json", "--only", ROLE];
    let ran = run_with(folder.path(), &arguments, MIXPANEL);
    let report = ran.json();
    assert_eq!(report["findings"][0]["file"], "a.yaml");
    assert_eq!(report["summary"]["files"], 1);
}

const PLAN: &str = "datamap: 1\nevents:\n  - name: Signed Up\n    properties:\n      - {name: diagnosis, spi: [2B]}\n";

#[test]
fn the_whole_project_is_read_and_named_files_filter_what_is_reported() {
    let files = [
        ("consentlint.yaml", "packs: [ccpa]\n"),
        ("maps/a.yaml", MIXPANEL),
        ("maps/b.yaml", "datamap: 1\ndestinations:\n  - id: braze\n"),
        ("plan.yaml", PLAN),
        ("other.json", "{}"),
    ];
    let folder = project(&files);
    assert_eq!(places(folder.path(), ROLE, &["maps/b.yaml"]), (1, vec!["maps/b.yaml:3".to_owned()]));
    // The finding stands in the plan and rests on the destination in another file.
    let spi = "ccpa/spi-to-share-destination";
    assert_eq!(places(folder.path(), spi, &["maps/b.yaml"]).1, ["plan.yaml:5"]);
    assert_eq!(places(folder.path(), spi, &["plan.yaml"]).1.len(), 2);
}

#[test]
fn a_commit_hook_may_name_files_that_are_not_ours() {
    let folder = project(&[
        ("a.yaml", MIXPANEL),
        ("b.yaml", "datamap: 1\ndestinations: [{id: braze}]\n"),
        ("chart.yaml", "a: 1\n"),
    ]);
    assert_eq!(places(folder.path(), ROLE, &["--hook", "chart.yaml"]), (0, vec![]));
    assert_eq!(places(folder.path(), ROLE, &["--hook", "chart.yaml", "b.yaml"]), (1, vec!["b.yaml:2".to_owned()]));
}

#[test]
fn what_is_ignored_or_excluded_is_not_read_and_what_is_included_must_be_ours() {
    let files = [
        (".gitignore", "ignored/\n"),
        ("consentlint.yaml", "exclude: [drafts/**]\ninclude: ['*.map']\n"),
        ("ignored/a.yaml", MIXPANEL),
        ("node_modules/x/a.yaml", MIXPANEL),
        ("drafts/a.yaml", MIXPANEL),
        ("kept.map", MIXPANEL),
        ("wrong.map", "x: 1\n"),
    ];
    let folder = project(&files);
    let ran = run(folder.path(), &["check", "--format", "json", "--only", ROLE]);
    assert_eq!(ran.json()["findings"].as_array().unwrap().len(), 1);
    assert_eq!(ran.json()["findings"][0]["file"], "kept.map");
    assert!(problems(&ran)[0].contains("none of the formats"));
}

#[test]
fn settings_change_severities_packs_and_threshold() {
    let folder = project(&[
        ("consentlint.yaml", &format!("rules: {{{DELETION}: low}}\nfail_on: medium\n")),
        ("a.yaml", UNDELETED),
    ]);
    let ran = run(folder.path(), &["check", "--format", "json", "--only", DELETION]);
    assert_eq!((ran.code, ran.json()["findings"][0]["severity"].as_str()), (0, Some("low")));
    let off = project(&[("consentlint.yaml", "rules: {ccpa/role-undeclared: off}\n"), ("a.yaml", MIXPANEL)]);
    assert_eq!(places(off.path(), ROLE, &[]), (0, vec![]));
    let packs = project(&[("consentlint.yaml", "packs: [segment]\n"), ("a.yaml", MIXPANEL)]);
    assert_eq!(run(packs.path(), &["check"]).code, 0);
    let misspelt = project(&[("consentlint.yaml", "packs: [cpa]\n"), ("a.yaml", MIXPANEL)]);
    let ran = run(misspelt.path(), &["check", "--format", "json"]);
    assert!(ran.code == 2 && problems(&ran)[0].contains("did you mean `ccpa`?"), "a misspelt pack is no clean run");
    let wrong = project(&[("consentlint.yaml", "pakcs: [segment]\n"), ("a.yaml", MIXPANEL)]);
    let ran = run(wrong.path(), &["check", "--format", "json"]);
    assert_eq!(ran.code, 2);
    assert!(problems(&ran).iter().any(|problem| problem.contains("pakcs") && problem.contains("the keys are")));
}

#[test]
fn settings_under_another_name_are_not_passed_over_in_silence() {
    let folder = project(&[("consentlint.yml", "exclude: [a.yaml]\n"), ("a.yaml", MIXPANEL)]);
    let ran = run(folder.path(), &["check", "--format", "json"]);
    assert_eq!(ran.code, 2);
    assert!(problems(&ran).iter().any(|problem| problem.contains("`consentlint.yaml`")), "{:?}", problems(&ran));
}

#[test]
fn exceptions_need_a_rule_a_reason_and_a_use() {
    let settings = |entry: &str| format!("exceptions:\n  - {{rule: ccpa/role-undeclared{entry}}}\n");
    let all = [ROLE, "core/exception-unused", "core/exception-expired", "core/exception-unreasoned"].join(",");
    let said = |entry: &str| {
        let folder = project(&[("consentlint.yaml", &settings(entry)), ("a.yaml", MIXPANEL)]);
        let ran = run(folder.path(), &["check", "--format", "json", "--only", &all]);
        let report = ran.json();
        let rules =
            report["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap().to_owned());
        (rules.collect::<Vec<_>>(), report["suppressed"].as_array().unwrap().len())
    };
    let rule = ROLE.to_owned();
    assert_eq!(said(", subject: 'destination:mixpanel', reason: contract under way"), (vec![], 1));
    assert_eq!(said(", subject: mixpanel, reason: contract under way, expires: 2026-11-24"), (vec![], 1));
    assert_eq!(
        said(", reason: late, expires: 2026-11-23"),
        (vec![rule.clone(), "core/exception-expired".into()].into_iter().rev().collect(), 0)
    );
    assert_eq!(
        said(", subject: mixpanel"),
        (vec![rule.clone(), "core/exception-unreasoned".into()].into_iter().rev().collect(), 0)
    );
    assert_eq!(
        said(", subject: braze, reason: x"),
        (vec![rule, "core/exception-unused".into()].into_iter().rev().collect(), 0)
    );
}

#[test]
fn a_comment_excepts_on_its_line_or_the_one_below_unless_forbidden() {
    let above = "datamap: 1\ndestinations:\n  # consentlint: allow ccpa/role-undeclared -- known # and planned\n  - id: mixpanel\n";
    let beside = "datamap: 1\ndestinations:\n  - id: mixpanel # consentlint: allow ccpa/role-undeclared -- known\n";
    let elsewhere = "# consentlint: allow ccpa/role-undeclared -- known\ndatamap: 1\ndestinations:\n  - id: mixpanel\n";
    let count = |text: &str, more: &[&str]| {
        let folder = project(&[("a.yaml", text)]);
        places(folder.path(), ROLE, more).1.len()
    };
    assert_eq!((count(above, &[]), count(beside, &[]), count(elsewhere, &[])), (0, 0, 1));
    assert_eq!(count(above, &["--no-inline-exceptions"]), 1);
    let forbidden = project(&[("consentlint.yaml", "inline_exceptions: false\n"), ("a.yaml", above)]);
    assert_eq!(places(forbidden.path(), ROLE, &[]).1.len(), 1);
    let folder = project(&[("a.yaml", above)]);
    let report = run(folder.path(), &["check", "--format", "json", "--only", ROLE]).json();
    assert_eq!(report["suppressed"][0]["suppression"]["reason"], "known # and planned");
}

const RULE: &str = r#"title: A tool that we do not use
severity: low
law: ["consentlint: house rule"]
condition: Speaks of Mixpanel.
for: destination
deny: destination.id == 'mixpanel'
message: "{destination.name} is not used here"
help: Remove it.
why: |
  We decided so.
examples:
  - title: used
    given: |
      datamap: 1
      destinations: [{id: mixpanel}]
    flags: [{line: 2}]
  - title: not used
    given: |
      datamap: 1
      destinations: [{id: braze}]
    flags: []
"#;

#[test]
fn a_projects_own_rules_run_and_are_tested_like_ours() {
    let files =
        [("consentlint.yaml", "policies: [rules]\n"), ("rules/house/no-mixpanel.yaml", RULE), ("a.yaml", MIXPANEL)];
    let folder = project(&files);
    assert_eq!(places(folder.path(), "house/no-mixpanel", &[]), (1, vec!["a.yaml:3".to_owned()]));
    let tested = run(folder.path(), &["test", "rules"]);
    assert_eq!((tested.code, tested.stdout.trim()), (0, "1 rules, 2 examples passed, 0 failed"));
    let explained = run(folder.path(), &["explain", "house/no-mixpanel"]);
    assert!(explained.stdout.contains("We decided so."), "{}{}", explained.stdout, explained.stderr);
}

#[test]
fn a_wrong_rule_says_where_and_what_was_meant() {
    let said = |from: &str, to: &str| {
        let folder = project(&[
            ("consentlint.yaml", "policies: [rules]\n"),
            ("rules/house/x.yaml", &RULE.replace(from, to)),
            ("a.yaml", MIXPANEL),
        ]);
        let ran = run(folder.path(), &["check", "--format", "json", "--only", ROLE]);
        assert_eq!(ran.code, 2);
        let problem = ran.json()["problems"][0].clone();
        (problems(&ran).join("\n"), problem["start"]["line"].as_u64(), problem["start"]["column"].as_u64())
    };
    let (text, line, column) = said("destination.id ==", "destination.iid ==");
    assert!(text.contains("did you mean `id`?"), "{text}");
    assert_eq!(
        (line, column.is_some_and(|column| column > 6)),
        (Some(6), true),
        "the name in the expression is underlined"
    );
    assert!(
        said("destination.id == 'mixpanel'", "destination.id.startWith('m')").0.contains("did you mean `startsWith`?")
    );
    assert!(said("destination.id == 'mixpanel'", "destination.id").0.contains("a boolean is expected"));
    assert!(said("destination.id == 'mixpanel'", "destination.enabled == 'yes'").0.contains("does not take"));
    assert!(said("for: destination", "for: destinaton").0.contains("did you mean `destination`?"));
    assert!(said("{destination.name}", "{destination.nme}").0.contains("did you mean `name`?"));
    assert!(said("flags: [{line: 2}]", "flags: []").0.contains("a flagged and a clean example"));
    assert!(said("severity: low", "severity: lo").0.contains("cannot be read"));
    assert!(said("help: Remove it.", "helpp: Remove it.").0.contains("helpp"));
    let chain = format!("destination{} == 'x'", ".a".repeat(5_000));
    assert!(said("destination.id == 'mixpanel'", &chain).0.contains("longer than"));
}

#[test]
fn a_rule_that_takes_too_long_is_a_problem_and_not_a_wait() {
    let nested =
        "destination.purposes.exists(a, destination.purposes.exists(b, destination.purposes.exists(c, a + b == c)))";
    let nested = nested
        .replace("a + b == c", "a == b \\u0026\\u0026 b != c \\u0026\\u0026 c == 'never'")
        .replace("\\u0026", "&");
    let rule = RULE
        .replace("deny: destination.id == 'mixpanel'", &format!("when: has(destination.purposes)\ndeny: \"{nested}\""));
    let purposes: Vec<String> = (0..300).map(|index| format!("p{index}")).collect();
    let map = format!("datamap: 1\ndestinations:\n  - {{id: mixpanel, purposes: [{}]}}\n", purposes.join(", "));
    let folder =
        project(&[("consentlint.yaml", "policies: [rules]\n"), ("rules/house/x.yaml", &rule), ("a.yaml", &map)]);
    let ran = run(folder.path(), &["check", "--format", "json", "--only", "house/x"]);
    assert!(problems(&ran).iter().any(|problem| problem.contains("more than 200000 steps")), "{:?}", problems(&ran));
}

#[test]
fn classify_reads_names_and_matchers() {
    let settings = "classification:\n  - {name: badge, exact: [staff badge], pi: [I], restricted: true}\n  - {name: none, regex: '^zz_', pi: [none]}\n";
    let folder = project(&[
        ("consentlint.yaml", settings),
        ("a.yaml", "datamap: 1\nevents:\n  - name: E\n    properties: [{name: staffBadge}]\n"),
    ]);
    let ran = run_with(
        folder.path(),
        &["classify", "--format", "json", "--config", "consentlint.yaml"],
        "email\nstaff_badge\nzz_email\n",
    );
    let list = ran.json();
    assert_eq!(
        (&list[0]["pi"][0], &list[1]["pi"][0], &list[1]["matcher"]),
        (&"A".into(), &"I".into(), &"badge".into())
    );
    assert_eq!(list[2]["pi"].as_array().map(Vec::len), Some(0));
    assert_eq!(places(folder.path(), "ccpa/restricted-field-collected", &[]).1, ["a.yaml:4"]);
}

#[test]
fn nothing_ever_says_that_something_is_compliant() {
    let commands: [&[&str]; 6] = [
        &["check", "fixtures/shop"],
        &["check", "fixtures/shop-broken"],
        &["rules"],
        &["--help"],
        &["explain", "destination"],
        &["test"],
    ];
    for command in commands {
        let ran = run(common::root(), command);
        assert!(!ran.stdout.to_lowercase().contains("compliant"), "{command:?}");
    }
    let rules = run(common::root(), &["rules", "--format", "json"]).json();
    for rule in rules.as_array().unwrap() {
        let text = run(common::root(), &["explain", rule["rule"].as_str().unwrap()]).stdout;
        assert!(!text.to_lowercase().contains("compliant"), "{text}");
        assert!(text.contains("example (flagged)") || text.contains("example (asks)"), "{text}");
    }
}

#[test]
fn completions_are_printed_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = run(common::root(), &["completions", shell]);
        assert!(ran.code == 0 && ran.stdout.contains("consentlint"), "{shell}");
    }
}

#[test]
fn the_threshold_can_be_every_severity() {
    let folder = project(&[("a.yaml", UNDELETED)]);
    let level = |level: &str| {
        std::fs::write(folder.path().join("consentlint.yaml"), format!("rules: {{{DELETION}: {level}}}\n")).unwrap();
        let code = |threshold: &str| run(folder.path(), &["check", "--only", DELETION, "--fail-on", threshold]).code;
        ["critical", "high", "medium", "low", "never"].map(code)
    };
    assert_eq!(level("critical"), [1, 1, 1, 1, 0]);
    assert_eq!(level("high"), [0, 1, 1, 1, 0]);
    assert_eq!(level("medium"), [0, 0, 1, 1, 0]);
    assert_eq!(level("low"), [0, 0, 0, 1, 0]);
    assert_eq!(level("off"), [0, 0, 0, 0, 0]);
}

#[test]
fn what_is_skipped_does_not_run_and_must_exist() {
    let folder = project(&[("a.yaml", MIXPANEL)]);
    let both = format!("{ROLE},ccpa/destination-unmapped");
    let run = |skip: &str| run(folder.path(), &["check", "--format", "json", "--only", &both, "--skip", skip]);
    let left = run("ccpa/destination-unmapped");
    assert_eq!(left.json()["findings"].as_array().unwrap().len(), 1);
    assert_eq!((left.json()["findings"][0]["rule"].as_str(), left.code), (Some(ROLE), 1));
    let wrong = run("ccpa/destination-unmaped");
    assert_eq!((wrong.json()["findings"].as_array().unwrap().len(), wrong.code), (2, 2));
    assert_eq!(
        problems(&wrong),
        ["there is no rule `ccpa/destination-unmaped` did you mean `ccpa/destination-unmapped`?"]
    );
}

#[test]
fn wrong_settings_are_never_silent() {
    let said = |settings: &str| {
        let folder = project(&[("a.yaml", MIXPANEL), ("consentlint.yaml", settings)]);
        let ran = run(folder.path(), &["check", "--format", "json", "--only", ROLE]);
        assert_eq!(ran.code, 2, "{settings}");
        (problems(&ran).join("\n"), ran.json()["problems"][0]["start"]["line"].as_u64())
    };
    assert!(said("packs: [cppa]\n").0.contains("there is no pack `cppa` did you mean `ccpa`?"));
    let (words, line) = said("exclude: [b.yaml]\nfail_on: low\nexclude: []\n");
    assert!(words.contains("the key `exclude` is written twice"), "{words}");
    assert_eq!(line, Some(3));
    assert!(said("rules: {ccpa/role-undeclared: of}\n").0.contains("expected one of `critical`"));
    assert!(said("rules: {ccpa/role-undeclard: low}\n").0.contains("did you mean `ccpa/role-undeclared`?"));
    assert!(said("include: ['[']\n").0.contains("a pattern does not compile"));
    assert!(said("policies: [nowhere]\n").0.contains("cannot be read"));
    let deep = format!("exclude: {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    assert!(said(&deep).0.contains("more than 128 levels of nesting"));
    let folder = project(&[("a.yaml", MIXPANEL)]);
    let ran = run(folder.path(), &["check", "--config", "nope.yaml", "--format", "json"]);
    assert!(ran.code == 2 && problems(&ran)[0].contains("cannot be read"), "{}", ran.stdout);
}

#[test]
fn a_rule_cannot_take_the_name_of_another() {
    let rule = RULE.replace("severity: low", "severity: critical");
    let folder = project(&[
        ("consentlint.yaml", "policies: [rules]\n"),
        ("rules/ccpa/deletion-method-missing.yaml", &rule),
        ("a.yaml", UNDELETED),
    ]);
    let ran = run(folder.path(), &["check", "--format", "json", "--only", DELETION]);
    let report = ran.json();
    assert_eq!((report["findings"].as_array().unwrap().len(), ran.code), (1, 2));
    assert_eq!(report["findings"][0]["severity"], "high", "the one that ships stays");
    assert_eq!(
        problems(&ran),
        ["there is a rule `ccpa/deletion-method-missing` already rename the file or its folder"]
    );
    assert_eq!(report["problems"][0]["file"], "rules/ccpa/deletion-method-missing.yaml");
}

#[test]
fn a_malformed_exception_covers_nothing_and_is_said() {
    let malformed = "core/exception-malformed";
    for (comment, why) in [
        ("alow ccpa/role-undeclared -- x", "`alow` is not known"),
        ("allow ccpa/role-undeclard -- x", "did you mean `ccpa/role-undeclared`?"),
        ("allow ccpa/role-undeclared until 2026-13-01 -- x", "`2026-13-01` is no day"),
        ("allow ccpa/role-undeclared because -- x", "write `consentlint: allow"),
        ("allow -- x", "write `consentlint: allow"),
    ] {
        let map = format!("datamap: 1\ndestinations:\n  - id: mixpanel # consentlint: {comment}\n");
        let folder = project(&[("a.yaml", &map)]);
        let only = format!("{ROLE},{malformed}");
        let ran = run(folder.path(), &["check", "--format", "json", "--only", &only]);
        let report = ran.json();
        let rules: Vec<_> = report["findings"].as_array().unwrap().iter().map(|found| found["rule"].clone()).collect();
        assert_eq!(rules, [ROLE, malformed], "{comment}: {report:#}");
        assert!(report["findings"][1]["message"].as_str().unwrap().contains(why), "{comment}: {report:#}");
        assert_eq!((report["findings"][1]["start"]["column"].as_u64(), ran.code), (Some(18), 1), "{comment}");
    }
}

#[test]
fn the_misspelt_name_in_a_rule_is_underlined() {
    let rule =
        RULE.replace("deny: destination.id == 'mixpanel'", "deny: \"destination.enabled && destination.idd == 'x'\"");
    let folder = project(&[("rules/house/x.yaml", &rule)]);
    let ran = run(folder.path(), &["test", "rules"]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    let line = rule.lines().nth(5).unwrap();
    let at: usize =
        ran.stdout.strip_prefix("rules/house/x.yaml:6:").unwrap().split(':').next().unwrap().parse().unwrap();
    assert_eq!(at, line.find("idd").unwrap() + 1, "column {at} of {line}");
    assert!(ran.stdout.contains("help: did you mean `id`?"), "{}", ran.stdout);
    assert!(ran.stdout.ends_with("0 rules, 0 examples passed, 0 failed\n"), "{}", ran.stdout);
}

#[test]
fn wrong_usage_is_said_on_standard_error() {
    for arguments in
        [&["chek"][..], &["check", "--fail-on", "nope"], &["check", "--as-of", "2026-02-30"], &["explain", "x/y"]]
    {
        let ran = run(common::root(), arguments);
        assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.is_empty()), (2, "", false), "{arguments:?}");
    }
}

#[test]
fn verbose_and_explain_say_where_each_value_of_a_joined_destination_comes_from() {
    let cdn = r#"{"integrations": {"Facebook Pixel": {"consentSettings": {"categories": ["C0004"]}}}}"#;
    let map = "datamap: 1\ndestinations:\n  - id: facebook-pixel\n    role: third_party\n";
    let folder = project(&[("cdn.json", cdn), ("map.yaml", map)]);
    let ran = run(folder.path(), &["check", "--verbose"]);
    for said in [
        "cdn.json: segment-cdn-settings",
        "named `Facebook Pixel`    cdn.json:1:19",
        "role: third_party    map.yaml:4:11",
    ] {
        assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
    }
    let ran = run(folder.path(), &["explain", "--subject", "destination:facebook-pixel"]);
    for said in ["destination facebook-pixel (map.yaml:3:9)", "in consent category `C0004`    cdn.json:1:73"] {
        assert!(ran.stdout.contains(said), "{said}: {}", ran.stdout);
    }
}

#[test]
fn what_judges_exceptions_is_not_excepted_and_explain_says_so() {
    let unused = "exceptions:\n  - {rule: core/exception-unused, reason: r}\n";
    let folder = project(&[("consentlint.yaml", unused), ("a.yaml", MIXPANEL)]);
    let (_, found) = places(folder.path(), "core/exception-unused", &[]);
    assert_eq!(found, ["consentlint.yaml:2"], "it covers nothing, not even itself");
    let off = run(folder.path(), &["explain", "core/exception-unused"]).stdout;
    assert!(off.contains("not by an exception") && off.contains("`core/exception-unused: \"off\"`"), "{off}");
    let excepted = run(folder.path(), &["explain", "core/contradiction"]).stdout;
    assert!(excepted.contains("- rule: core/contradiction"), "{excepted}");
}
