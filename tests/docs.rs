//! The documentation says what the program says: `docs/rules.md` follows the rule files (`UPDATE=1 cargo test --test
//! docs` brings it up to date), and the output shown in the README was printed by the program.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read and write the generated file")]

mod common;

use consentlint::policy::{Rule, embedded};
use consentlint::source::SourceId;
use std::path::Path;

const HEAD: &str = "\
<!-- Generated from policies/ by tests/docs.rs. Change a rule file, then run `UPDATE=1 cargo test --test docs`. -->

# Rules

Every rule is one YAML file in `policies/<pack>/`. `consentlint explain RULE` prints the same with the full examples.
A finding says that a declaration breaks the rule as written here. No finding says nothing about the law.
";

fn rules() -> Vec<Rule> {
    embedded().iter().map(|(path, text)| Rule::read(path, SourceId(0), text).unwrap()).collect()
}

/// Text on one line that cannot end a table cell, outside of code.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|").replace('<', "&lt;")
}

fn pack(rule: &Rule) -> &str {
    rule.id.split_once('/').map_or("", |(pack, _)| pack)
}

/// The address that a Markdown heading of a rule's id gets.
fn anchor(id: &str) -> String {
    id.replace('/', "")
}

fn table(pack_name: &str, rules: &[Rule]) -> String {
    let mut out = format!("\n## {pack_name}\n\n| rule | severity | for | title | law |\n|---|---|---|---|---|\n");
    for rule in rules.iter().filter(|rule| pack(rule) == pack_name) {
        let (severity, kind, title) = (rule.severity.name(), rule.kind.name, cell(&rule.title));
        let (id, law) = (&rule.id, cell(&rule.law.join("; ")));
        out += &format!("| [{id}](#{}) | {severity} | {kind} | {title} | {law} |\n", anchor(id));
    }
    out
}

fn section(rule: &Rule) -> String {
    let mut out =
        format!("\n### {}\n\n**{}** ({})\n\n{}\n", rule.id, rule.title, rule.severity.name(), rule.why.trim());
    out.push('\n');
    let mut line = |name: &str, text: String| {
        if !text.is_empty() {
            out += &format!("- {name}: {text}\n");
        }
    };
    let day = |day: Option<jiff::civil::Date>| day.map_or_else(String::new, |day| day.to_string());
    line("Cure", cell(&rule.help));
    line("Law", cell(&rule.law.join("; ")));
    line("Precedent", cell(&rule.precedent.join("; ")));
    line("Read more", rule.url.clone().unwrap_or_default());
    line("Warns from", day(rule.warn_from));
    line("Since", day(rule.since));
    for (name, flagged) in [("Flags", true), ("Silent on", false)] {
        let titles: Vec<String> = rule
            .examples
            .iter()
            .filter(|example| example.flags.is_empty() != flagged)
            .map(|example| cell(&example.title))
            .collect();
        line(name, titles.join("; "));
    }
    line("File", format!("[{0}](../{0})", rule.path));
    out
}

fn generated() -> String {
    let rules = rules();
    let mut packs: Vec<&str> = rules.iter().map(pack).collect();
    packs.dedup();
    let mut out = HEAD.to_owned();
    for name in packs {
        out += &table(name, &rules);
        out.extend(rules.iter().filter(|rule| pack(rule) == name).map(section));
    }
    out
}

#[test]
fn the_list_of_rules_follows_the_rule_files() {
    let generated = generated();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, generated).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(committed == generated, "docs/rules.md is stale; run `UPDATE=1 cargo test --test docs`");
}

#[test]
fn the_output_in_the_readme_is_what_the_program_prints() {
    let readme = std::fs::read_to_string(common::root().join("README.md")).unwrap().replace("\r\n", "\n");
    let shown: Vec<&str> = readme.split("$ consentlint check fixtures/shop-broken\n").skip(1).collect();
    assert_eq!(shown.len(), 2, "a finding and a question are shown");
    let ran = common::run(common::root(), &["check", "fixtures/shop-broken"]);
    for shown in shown.into_iter().filter_map(|shown| shown.split("```").next()) {
        assert!(ran.stdout.contains(shown), "the README shows what is not printed; this is:\n{}", ran.stdout);
    }
}
