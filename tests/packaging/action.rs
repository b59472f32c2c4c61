//! The action for GitHub: the shell of its steps, run by bash as a runner does, with the files of a runner.

use crate::common::root;
use crate::documentation::AWAITED;
use crate::tools::{Said, Scratch, Tools, said, tools};
use crate::wheel::wheel;
use serde_yaml::Value;
use std::collections::BTreeMap;

/// Findings are questions only, so that the day of the run changes nothing.
const ASKED: &str =
    "datamap: 1\ndestinations:\n  - {id: warehouse, role: internal, mode: warehouse, exempt_reason: internal_store}\n";
const BROKEN: &str = "datamap: 1\ndestinations:\n  - {id: braze, role: service_provider, contract: {kind: none}}\n";
const RULE: &str = "ccpa/sp-contract-missing";

fn action() -> Value {
    serde_yaml::from_str(&std::fs::read_to_string(root().join("action.yml")).unwrap()).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value:?} is no text"))
}

fn steps() -> Vec<Value> {
    action()["runs"]["steps"].as_sequence().unwrap().clone()
}

/// A job of a runner: a checkout, and what its steps have said.
struct Job {
    scratch: Scratch,
    inputs: BTreeMap<String, String>,
    outputs: BTreeMap<String, String>,
}

impl Job {
    fn new(map: &str, inputs: &[(&str, &str)]) -> Self {
        let scratch = Scratch::new();
        scratch.write("checkout/consentlint.yaml", "packs: [ccpa]\n");
        scratch.write("checkout/map.yaml", map);
        scratch.write("checkout/other/map.yaml", "datamap: 1\n");
        std::fs::create_dir(scratch.folder("temp")).unwrap();
        scratch.git("checkout", &["init", "--quiet"]).fine();
        let mut given = BTreeMap::new();
        for (name, input) in action()["inputs"].as_mapping().unwrap() {
            given.insert(text(name).to_owned(), text(&input["default"]).to_owned());
        }
        for (name, value) in inputs {
            assert!(given.insert((*name).to_owned(), (*value).to_owned()).is_some(), "there is no input {name}");
        }
        Self { scratch, inputs: given, outputs: BTreeMap::new() }
    }

    /// The value of `${{ … }}` where it is all of a text; the action has no other.
    fn value(&self, value: &Value) -> String {
        let value = text(value);
        let Some(inside) = value.strip_prefix("${{ ").and_then(|rest| rest.strip_suffix(" }}")) else {
            assert!(!value.contains("${{"), "{value}");
            return value.to_owned();
        };
        let found = match inside.strip_prefix("inputs.") {
            Some(name) => self.inputs.get(name),
            None => Some(self.outputs.get(inside).unwrap_or(const { &String::new() })),
        };
        found.unwrap_or_else(|| panic!("{inside} is unknown")).clone()
    }

    /// Runs one step.
    fn step(&mut self, step: &Value) -> Said {
        let script = self.scratch.write("temp/step.sh", text(&step["run"]));
        for name in ["output", "summary"] {
            self.scratch.write(&format!("temp/{name}"), "");
        }
        let mut bash = self.scratch.command("bash", "checkout");
        bash.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(script);
        bash.env("GITHUB_OUTPUT", self.scratch.folder("temp/output")).env("RUNNER_TEMP", self.scratch.folder("temp"));
        bash.env("GITHUB_STEP_SUMMARY", self.scratch.folder("temp/summary"));
        for (name, value) in step["env"].as_mapping().unwrap() {
            // A version looks like a number to YAML when it has but two parts; here it has three.
            bash.env(text(name), self.value(value));
        }
        let said = said(&mut bash);
        let id = step["id"].as_str().unwrap_or("-");
        for line in self.read("temp/output").lines() {
            let (name, value) = line.split_once('=').unwrap();
            self.outputs.insert(format!("steps.{id}.outputs.{name}"), value.to_owned());
        }
        said
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.scratch.folder(name)).unwrap()
    }

    fn output(&self, name: &str) -> &str {
        let value = &action()["outputs"][name]["value"];
        let inside = text(value).strip_prefix("${{ ").and_then(|rest| rest.strip_suffix(" }}")).unwrap();
        self.outputs.get(inside).map_or("", String::as_str)
    }
}

/// What the steps of a job said: the log, the summary, and the exit code of the last step that ran.
struct Log {
    job: Job,
    code: i32,
    text: String,
    summary: String,
}

/// Runs the action on a checkout with this data map.
fn run(map: &str, inputs: &[(&str, &str)]) -> Log {
    let mut job = Job::new(map, inputs);
    job.scratch.install();
    finish(job)
}

fn finish(job: Job) -> Log {
    let mut log = Log { job, code: 0, text: String::new(), summary: String::new() };
    for step in steps().iter().filter(|step| step["run"].is_string()) {
        let said = log.job.step(step);
        log.code = said.code;
        log.text += &said.text;
        log.summary += &log.job.read("temp/summary");
        if log.code != 0 {
            break;
        }
    }
    log
}

#[test]
fn nothing_from_outside_becomes_shell() {
    for step in steps() {
        let Some(run) = step["run"].as_str() else {
            // Only a full commit says what will run.
            let uses = text(&step["uses"]);
            let (_, commit) = uses.split_once('@').unwrap();
            assert!(commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit()), "{uses}");
            continue;
        };
        assert!(!run.contains("${{"), "an expression inside a script: {run}");
        assert_eq!(text(&step["shell"]), "bash");
    }
}

#[test]
fn every_input_and_output_is_used_and_described() {
    let action = action();
    let shown = serde_yaml::to_string(&action["runs"]).unwrap();
    for (name, input) in action["inputs"].as_mapping().unwrap() {
        let name = text(name);
        assert!(shown.contains(&format!("${{{{ inputs.{name} }}}}")), "input {name}");
        assert!(text(&input["description"]).len() > 20, "input {name}");
    }
    let mut job = Job::new(ASKED, &[]);
    job.outputs.insert("steps.check.outputs.sarif-file".to_owned(), "somewhere".to_owned());
    let upload = steps().into_iter().find(|step| step["uses"].is_string()).unwrap();
    assert_eq!(text(&upload["if"]), "${{ steps.check.outputs.sarif-file != '' }}");
    assert_eq!(job.value(&upload["with"]["sarif_file"]), "somewhere");
    assert_eq!(job.value(&upload["with"]["category"]), "consentlint");
}

#[test]
fn a_clean_project_passes() {
    let log = run(ASKED, &[("fail-on", "medium"), ("sarif", "true")]);
    assert_eq!(log.code, 0, "{}", log.text);
    assert!(log.text.contains("nothing fails the job"), "{}", log.text);
    assert_eq!(log.job.output("exit-code"), "0");
    let sarif: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(log.job.output("sarif-file")).unwrap()).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
}

#[test]
fn what_is_suppressed_is_not_uploaded() {
    if !std::process::Command::new("jq").arg("--version").output().is_ok_and(|ran| ran.status.success()) {
        println!("skipped: there is no jq");
        return;
    }
    let excepted =
        BROKEN.replacen("destinations:\n", &format!("destinations:\n  # consentlint: allow {RULE} -- agreed\n"), 1);
    assert_ne!(excepted, BROKEN);
    let log = run(&excepted, &[("sarif", "true")]);
    let sarif = std::fs::read_to_string(log.job.output("sarif-file")).unwrap();
    let sarif: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(results.iter().all(|result| result["suppressions"].is_null() && result["ruleId"] != RULE), "{results:?}");
}

#[test]
fn a_violation_is_annotated_summarised_uploaded_and_fails_the_job() {
    let log = run(BROKEN, &[("sarif", "true")]);
    assert_eq!(log.code, 1, "{}", log.text);
    assert_eq!(log.job.output("exit-code"), "1");
    assert!(log.text.contains("::error file=map.yaml,line=3,"), "{}", log.text);
    assert!(std::fs::read_to_string(log.job.output("sarif-file")).unwrap().contains(RULE));
    if !AWAITED.contains(&"markdown") {
        assert!(log.summary.contains(RULE), "{}", log.summary);
    }
    assert_eq!(std::fs::read_to_string(log.job.output("markdown-file")).unwrap(), log.summary);
}

#[test]
fn a_broken_file_is_told_apart_from_findings() {
    let log = run("datamap: 1\ndestinations: [{id: braze, rol: internal}]\n", &[]);
    assert_eq!(log.code, 2, "{}", log.text);
    assert!(log.text.contains("rol") && log.text.contains("could not be judged"), "{}", log.text);
}

#[test]
fn inputs_reach_the_program_whatever_is_in_them() {
    let paths = "other/map.yaml\n\n$(touch hacked) ; touch hacked\n";
    let log = run(BROKEN, &[("paths", paths), ("annotations", "false"), ("summary", "false")]);
    assert!(!log.job.scratch.folder("checkout/hacked").exists());
    assert_eq!(log.code, 2, "a path that is not there: {}", log.text);
    assert!(log.text.contains("$(touch hacked) ; touch hacked"), "{}", log.text);
    assert_eq!((log.job.output("sarif-file"), log.job.output("markdown-file"), log.summary.as_str()), ("", "", ""));
    let log = run(BROKEN, &[("paths", "other"), ("annotations", "false")]);
    assert!(!log.text.contains(RULE), "a filter of what is reported: {}", log.text);
    let log = run(BROKEN, &[("annotations", "false")]);
    assert!(log.code == 1 && log.text.contains("map.yaml:3:") && !log.text.contains("::error"), "{}", log.text);
    let log = run(BROKEN, &[("fail-on", "awful"), ("sarif", "true")]);
    assert_eq!((log.code, log.job.output("sarif-file")), (2, ""), "{}", log.text);
}

#[test]
fn a_diff_goes_with_no_baseline() {
    let log = run(BROKEN, &[("diff-base", "HEAD"), ("baseline", "old.json")]);
    assert!(log.code == 2 && log.text.contains("::error::diff-base"), "{}", log.text);
}

#[test]
fn a_diff_counts_only_what_the_change_introduces() {
    if AWAITED.contains(&"diff") {
        return;
    }
    let based = |base: &str, map: &str, more: &[(&str, &str)]| {
        let inputs = [&[("diff-base", "HEAD"), ("sarif", "true")], more].concat();
        let mut job = Job::new(base, &inputs);
        job.scratch.git("checkout", &["add", "-A"]).fine();
        job.scratch.git("checkout", &["commit", "--quiet", "-m", "base"]).fine();
        job.scratch.write("checkout/map.yaml", map);
        job.scratch.install();
        finish(job)
    };
    let log = based(ASKED, BROKEN, &[]);
    assert!(log.code == 1 && log.text.contains("::error file=map.yaml,line=3,"), "introduced: {}", log.text);
    assert!(log.summary.contains(RULE), "{}", log.summary);
    assert_eq!(based(ASKED, BROKEN, &[("fail-on", "critical")]).code, 0, "a threshold");
    assert_eq!(based(ASKED, BROKEN, &[("paths", "other/map.yaml")]).code, 0, "a filter");
    let log = based(BROKEN, &format!("# Moved down by a line.\n{BROKEN}"), &[]);
    assert!(log.code == 0 && !log.text.contains("::error"), "from before: {}", log.text);
    let sarif = std::fs::read_to_string(log.job.output("sarif-file")).unwrap();
    assert!(sarif.contains(RULE), "code scanning is given everything");
}

#[test]
fn a_baseline_of_another_name_is_used() {
    if AWAITED.contains(&"baseline") {
        return;
    }
    let mut job = Job::new(BROKEN, &[("baseline", "old.json")]);
    job.scratch.install();
    said(job.scratch.command("consentlint", "checkout").args(["baseline", "--baseline", "old.json"])).fine();
    let log = finish(job);
    assert!(log.code == 0 && !log.text.contains("::error"), "{}", log.text);
    assert_eq!(run(BROKEN, &[]).code, 1);
}

/// A runner where only pip can bring the program, from the wheel that was built.
fn without_the_program(tools: &Tools, version: &str) -> Job {
    let mut job = Job::new(ASKED, &[("fail-on", "medium"), ("version", version)]);
    job.scratch.path = vec![tools.programs()];
    job.scratch.only_wheels_of(&[wheel(tools).parent().unwrap()]);
    job
}

#[test]
fn the_program_is_installed_by_pip_where_it_is_not() {
    let Some(tools) = tools("the action's own pip install") else { return };
    for version in ["", env!("CARGO_PKG_VERSION")] {
        let log = finish(without_the_program(&tools, version));
        assert_eq!(log.code, 0, "{}", log.text);
        let program = log.job.output("program");
        assert!(program.starts_with(log.job.scratch.folder("temp").to_str().unwrap()), "{program}");
    }
    let log = finish(without_the_program(&tools, "99.0.0"));
    assert!(log.code == 1 && log.text.contains("consentlint==99.0.0"), "{}", log.text);
}
