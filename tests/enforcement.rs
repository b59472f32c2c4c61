//! Cases of enforcement, re-created as configuration: `fixtures/enforcement/<case>/before` is caught by the rules that
//! `case.yaml` names, at the lines it names, and by nothing that it does not name; `after`, the cured twin, is silent.
//! `UPDATE=1 cargo test --test enforcement` writes `docs/enforcement.md`.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read fixtures, and fail by panicking")]

mod common;

use common::{files, root};
use consentlint::check::{Inputs, Judge, check};
use consentlint::classify::Classifier;
use consentlint::engine::active;
use consentlint::finding::Finding;
use consentlint::model::Profile;
use consentlint::policy::{Rule, embedded};
use consentlint::report::Report;
use consentlint::source::{Source, SourceId, read_file};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const FOLDER: &str = "fixtures/enforcement";

/// A case as `case.yaml` tells it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// Who it was about. The files beside it are of an invented business.
    name: String,
    enforcer: String,
    /// A day, a month or a year, as far as it is known.
    date: String,
    amount: String,
    status: String,
    /// Where the facts come from: `secondary` sources, or general `knowledge`.
    evidence: String,
    /// What the enforcer said was wrong.
    alleged: String,
    /// What of it no configuration can show.
    not_shown: Option<String>,
    /// Another enforcer's action on the same facts.
    #[serde(default)]
    also: Vec<Also>,
    /// The rules that the case is about.
    caught_by: Vec<Expected>,
    /// What else is wrong in the same files.
    #[serde(default)]
    also_found: Vec<Expected>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Also {
    enforcer: String,
    date: String,
    amount: String,
    status: String,
}

/// A finding that must be there.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    rule: String,
    /// The file, below `before/`.
    file: String,
    /// A text that stands on the line of the finding, and on no other line of the file.
    at: String,
    /// Whether it is a question, as nothing is declared that could be wrong.
    #[serde(default)]
    asks: bool,
}

/// A finding by rule, file, line, and whether it is a question.
type Spot = (String, String, usize, bool);

fn folders() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(FOLDER)).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn slug(folder: &Path) -> String {
    folder.file_name().unwrap().to_string_lossy().into_owned()
}

fn cases() -> Vec<(PathBuf, Case)> {
    let read = |folder: PathBuf| {
        let text = fs::read_to_string(folder.join("case.yaml")).unwrap();
        let case = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        (folder, case)
    };
    folders().into_iter().map(read).collect()
}

fn rules() -> Vec<Rule> {
    embedded().iter().map(|(path, text)| Rule::read(path, SourceId(0), text).unwrap()).collect()
}

/// The files of one side: path below it, and what it says.
fn texts(side: &Path) -> Vec<Source> {
    let shown = |path: &Path| path.strip_prefix(side).unwrap().to_string_lossy().replace('\\', "/");
    files(side).iter().map(|path| read_file(path, &shown(path)).unwrap()).collect()
}

/// What all rules of all packs say of one side, with its files.
fn judged(side: &Path, rules: &[Rule], profile: Profile) -> (Report, Inputs) {
    let mut inputs = Inputs::default();
    for source in texts(side) {
        inputs.add(source, Some(true));
    }
    let day = jiff::civil::date(2026, 11, 24);
    let judge = Judge {
        rules: active(rules, day, |rule| rule.severity_in(profile)),
        known: rules,
        partial: false,
        classifier: &Classifier::default(),
        day,
        profile,
        exceptions: Vec::new(),
        inline: true,
        baseline: None,
        wanted: None,
    };
    (check(&inputs, &judge), inputs)
}

fn spot(finding: &Finding, inputs: &Inputs) -> Spot {
    let span = finding.primary.span;
    let source = inputs.sources.get(span.source).unwrap();
    (finding.rule.clone(), source.path.clone(), source.position(span.start).line as usize, finding.question.is_some())
}

impl Expected {
    /// Where it must be found.
    fn spot(&self, side: &Path) -> Spot {
        let path = side.join(&self.file);
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let lines: Vec<usize> =
            text.lines().enumerate().filter(|(_, line)| line.contains(&self.at)).map(|(at, _)| at + 1).collect();
        assert!(matches!(lines.as_slice(), [_]), "{}: `{}` is on lines {lines:?}", path.display(), self.at);
        (self.rule.clone(), self.file.clone(), lines[0], self.asks)
    }
}

fn spots<'a>(expected: impl IntoIterator<Item = &'a Expected>, side: &Path) -> Vec<Spot> {
    expected.into_iter().map(|expected| expected.spot(side)).collect()
}

fn said(report: &Report) -> String {
    let problems = report.problems.iter().map(|problem| format!("  problem: {}\n", problem.message));
    let findings = report.findings.iter().map(|finding| format!("  {}: {}\n", finding.rule, finding.message));
    problems.chain(findings).collect()
}

#[test]
fn before_is_caught_by_the_rules_of_the_case_and_by_nothing_else() {
    let rules = rules();
    let mut wrong = String::new();
    for (folder, case) in cases() {
        let side = folder.join("before");
        let (report, inputs) = judged(&side, &rules, Profile::UsCa);
        assert!(case.caught_by.iter().any(|expected| !expected.asks), "{}: nothing accuses", folder.display());
        let mut expected = spots(case.caught_by.iter().chain(&case.also_found), &side);
        let mut unexpected = Vec::new();
        for found in report.findings.iter().map(|finding| spot(finding, &inputs)) {
            match expected.iter().position(|spot| *spot == found) {
                Some(at) => drop(expected.swap_remove(at)),
                None => unexpected.push(found),
            }
        }
        for (what, spots) in [("not found", expected), ("not expected", unexpected)] {
            let shown = |(rule, file, line, asks): Spot| {
                let asks = if asks { " (asks)" } else { "" };
                format!("{}: {what}: {rule}{asks} at {file}:{line}\n", slug(&folder))
            };
            wrong.extend(spots.into_iter().map(shown));
        }
        if !report.problems.is_empty() {
            wrong += &format!("{} has problems:\n{}", slug(&folder), said(&report));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn after_is_silent() {
    let rules = rules();
    let mut loud = String::new();
    for folder in folders() {
        for profile in [Profile::UsCa, Profile::Us] {
            let (report, _) = judged(&folder.join("after"), &rules, profile);
            if !report.findings.is_empty() || !report.problems.is_empty() {
                loud += &format!("{} under {profile:?}\n{}", slug(&folder), said(&report));
            }
        }
        // The same by the command line: every file is found and read.
        let path = format!("{FOLDER}/{}/after", slug(&folder));
        let ran = common::run(root(), &["check", &path]);
        if ran.code != 0 {
            loud += &format!("{path}: code {}\n{}", ran.code, ran.stdout);
        }
    }
    assert!(loud.is_empty(), "{loud}");
}

/// A precedent of a rule, such as `Sephora (2022), $1.2M`: who, when, how much.
fn precedent(text: &str) -> (&str, &str, &str) {
    let (who, rest) = text.split_once(" (").unwrap();
    let (when, amount) = rest.split_once("), ").unwrap();
    let name = who.split('/').next().unwrap();
    (name, when.rsplit(", ").next().unwrap(), amount)
}

#[test]
fn every_precedent_of_a_rule_is_a_case_that_it_catches() {
    let cases = cases();
    let mut wrong = String::new();
    for rule in rules() {
        for text in rule.precedent.iter() {
            let (name, year, amount) = precedent(text);
            let about = |case: &Case| {
                let paid = case.amount.replace(" million", "M");
                case.name.contains(name) && case.date.starts_with(year) && paid.contains(amount)
            };
            let mut caught = cases.iter().filter(|(_, case)| about(case)).flat_map(|(_, case)| &case.caught_by);
            if !caught.any(|found| found.rule == rule.id) {
                wrong += &format!("{}: no case of `{text}` is caught by it\n", rule.id);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_cure_is_small() {
    for folder in folders() {
        let (before, after) = (texts(&folder.join("before")), texts(&folder.join("after")));
        let changed = common::lacking(&before, &after).max(common::lacking(&after, &before));
        assert!((1..=16).contains(&changed), "{}: {changed} lines differ", slug(&folder));
    }
}

/// Text on one line that cannot end a table cell.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|").replace('<', "&lt;")
}

const HEAD: &str = "\
<!-- Generated from fixtures/enforcement/ by tests/enforcement.rs. Change a case, then run
`UPDATE=1 cargo test --test enforcement`. -->

# Enforcement, re-created

What regulators found wrong, as configuration, and the line at which `consentlint` says so. Each case is a folder in
`fixtures/enforcement/`: `before` has the mistake, `after` its smallest cure, and `diff -r before after` shows what to
change. The test holds that `before` is found at the lines below and at no others, and that `after` is silent under all
rules of all packs.

How to read it:

- The files are of invented businesses. They re-create a mistake, not a company, and say nothing of what a company
  does.
- What was wrong is what the enforcer alleged. Settlements are without admission; a pending suit has decided nothing.
- Dates, amounts and allegations are as reported by secondary sources, unless the row says general knowledge; the orders
  themselves were not read. See the enforcer's own publication before you rely on a row.
- A rule that asks puts a question instead of a reproach, as nothing is declared that could be wrong.
- A silent `after` says that the rules have nothing to say of these files. It says nothing about the law.
";

fn row(folder: &Path, case: &Case) -> String {
    let side = folder.join("before");
    let place = |(rule, file, line, asks): &Spot| {
        let path = format!("{FOLDER}/{}/before/{file}", slug(folder));
        let asks = if *asks { " (asks)" } else { "" };
        format!("[{rule}](rules.md#{}){asks} [{file}:{line}](../{path}#L{line})", rule.replace('/', ""))
    };
    let found: BTreeSet<Spot> = spots(&case.caught_by, &side).into_iter().collect();
    let found: Vec<String> = found.iter().map(place).collect();
    let mut cells = [&case.enforcer, &case.date, &case.amount, &case.status].map(|text| cell(text));
    for also in &case.also {
        let more = [&also.enforcer, &also.date, &also.amount, &also.status];
        cells.iter_mut().zip(more).for_each(|(cell_text, text)| *cell_text += &format!("<br>{}", cell(text)));
    }
    let [enforcer, date, amount, status] = cells;
    let name = format!("[{}](../{FOLDER}/{}/)", cell(&case.name), slug(folder));
    let status = format!("{status} ({})", cell(&case.evidence));
    format!(
        "| {name} | {date} | {amount} | {enforcer} | {status} | {} | {} |\n",
        cell(&case.alleged),
        found.join("<br>")
    )
}

fn generated() -> String {
    let mut cases = cases();
    cases.sort_by(|(one, a), (other, b)| (&a.date, one).cmp(&(&b.date, other)));
    let california = |case: &Case| case.enforcer.starts_with("California");
    let mut out = HEAD.to_owned();
    for (title, wanted) in [("California", true), ("The Federal Trade Commission and other states", false)] {
        out += &format!("\n## {title}\n\n");
        out += "| case | date | amount | enforcer | status (sources) | what was wrong, as alleged | rule and line |\n";
        out += "|---|---|---|---|---|---|---|\n";
        out.extend(cases.iter().filter(|(_, case)| california(case) == wanted).map(|(folder, case)| row(folder, case)));
    }
    out +=
        "\n## What configuration cannot show\n\nParts of the cases that leave no trace in the files that are read:\n\n";
    for (_, case) in &cases {
        if let Some(text) = &case.not_shown {
            out += &format!("- {}: {}.\n", cell(&case.name), cell(text));
        }
    }
    out
}

#[test]
fn the_table_follows_the_cases() {
    let generated = generated();
    let file = root().join("docs/enforcement.md");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, generated).unwrap();
        return;
    }
    let committed = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(committed == generated, "docs/enforcement.md is stale; run `UPDATE=1 cargo test --test enforcement`");
}
