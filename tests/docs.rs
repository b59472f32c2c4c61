//! The documentation says what the program says: `docs/rules.md` follows the rule files (`UPDATE=1 cargo test --test
//! docs` brings it up to date), and the output shown in the README was printed by the program.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read and write the generated file")]

mod common;

use consentlint::policy::{Ask, Evidence, Example, Rule, cited, embedded, left_out};
use consentlint::source::SourceId;
use std::path::Path;

const HEAD: &str = "\
<!-- Generated from policies/ by tests/docs.rs. Change a rule file, then run `UPDATE=1 cargo test --test docs`. -->

# Rules

Every rule is one YAML file in `policies/<pack>/`. `consentlint explain RULE` prints the same with the full examples.
A finding says that a declaration breaks the rule as written here. No finding says nothing about the law.
The duties are in our words; the text of the law decides. [Rules that are not here](#rules-that-are-not-here) are named at
the end, with the reason.

How to except from a rule is said in the [README](../README.md#exceptions).
";

const NOT_HERE: &str = "
## Rules that are not here

| rule | what it would say | why it is not here |
|---|---|---|
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
        let (severity, kind, title) = (rule.level(), rule.kind.name, cell(&rule.title));
        let (id, law) = (&rule.id, cell(&rule.law.join("; ")));
        out += &format!("| [{id}](#{}) | {severity} | {kind} | {title} | {law} |\n", anchor(id));
    }
    out
}

/// A citation with its duty, as `explain` prints it.
fn law(citation: &str) -> String {
    let known = cited(citation).unwrap_or_else(|| panic!("policies/catalog/citations.tsv lacks `{citation}`"));
    let reported = if known.evidence == Evidence::Secondary { " (as reported; the text was not read)" } else { "" };
    format!("  - {}{reported}: {}\n", cell(citation), cell(known.duty))
}

fn section(rule: &Rule) -> String {
    let mut out = format!("\n### {}\n\n**{}** ({})\n\n{}\n", rule.id, rule.title, rule.weight(), rule.why.trim());
    out += "\n- Law:\n";
    out.extend(rule.law.iter().map(|citation| law(citation)));
    let mut line = |name: &str, text: String| {
        if !text.is_empty() {
            out += &format!("- {name}: {text}\n");
        }
    };
    line("Where to read it", rule.read_at().iter().map(|at| format!("<{at}>")).collect::<Vec<_>>().join(", "));
    line("Precedent", cell(&rule.precedent.join("; ")));
    line("When it speaks", cell(&rule.condition));
    let asks = |ask: &Ask| format!("{} Instead of accusing, {}", cell(&ask.question), ask.said_when());
    line("What it asks", rule.ask.as_ref().map_or_else(String::new, asks));
    line("Silenced by", rule.silenced_by().iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "));
    line("How to fix", cell(&rule.help));
    line("What the program fixes", cell(&rule.fixes().join(" ")));
    let beside = format!("`{}`, or `exceptions` in `consentlint.yaml`", rule.exception_beside());
    line("How to except", if rule.is_exceptable() { beside } else { format!("`{}: \"off\"` under `rules`", rule.id) });
    for (name, verdict) in [("Flags", Some(false)), ("Asks", Some(true)), ("Silent on", None)] {
        let of = |example: &&Example| match example.flags.as_slice() {
            [] => verdict.is_none(),
            flags => verdict == Some(flags.iter().all(|flag| flag.asks)),
        };
        let titles: Vec<String> = rule.examples.iter().filter(of).map(|example| cell(&example.title)).collect();
        line(name, titles.join("; "));
    }
    line("File", format!("[{0}](../{0})", rule.path));
    out
}

fn left_out_section() -> String {
    let mut out = NOT_HERE.to_owned();
    for rule in left_out() {
        out += &format!("| {} | {} | {} |\n", rule.name, cell(rule.title), cell(rule.reason));
    }
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
    out + &left_out_section()
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
fn explain_says_of_a_rule_what_the_documentation_says() {
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let documented = squeezed(&generated()).replace("\\|", "|").replace("&lt;", "<");
    for rule in rules() {
        let ran = common::run(common::root(), &["explain", &rule.id]);
        let explained = squeezed(&ran.stdout);
        let duties = rule.law.iter().map(|citation| cited(citation).unwrap().duty.to_owned());
        let titles = rule.examples.iter().map(|example| example.title.clone());
        let mut said = vec![rule.title.clone(), rule.why.clone(), rule.condition.clone(), rule.help.to_string()];
        said.extend(rule.law.iter().cloned().chain(duties).chain(rule.precedent.iter().cloned()).chain(titles));
        said.extend(rule.ask.iter().map(|ask| ask.question.to_string()));
        let off = || format!("{}: \"off\"", rule.id);
        said.extend([rule.weight(), if rule.is_exceptable() { rule.exception_beside() } else { off() }]);
        said.extend(rule.fixes());
        for text in said {
            let text = squeezed(&text);
            assert!(explained.contains(&text), "`explain {}` lacks: {text}", rule.id);
            assert!(documented.contains(&text), "docs/rules.md lacks of {}: {text}", rule.id);
        }
    }
    for out in left_out() {
        let explained = common::run(common::root(), &["explain", out.name]);
        assert!(explained.code == 0 && explained.stdout.contains(out.reason), "{}", explained.stderr);
    }
}

#[test]
fn the_data_map_in_the_documentation_is_read_without_a_problem() {
    let text = std::fs::read_to_string(common::root().join("docs/datamap.md")).unwrap().replace("\r\n", "\n");
    let blocks: Vec<&str> = text
        .split("```yaml\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .filter(|block| !block.contains("x-"))
        .collect();
    assert!(blocks.len() > 8, "{}", blocks.len());
    let folder = tempfile::tempdir().unwrap();
    for (at, block) in blocks.iter().enumerate() {
        let marked = if block.contains("datamap: 1") { (*block).to_owned() } else { format!("datamap: 1\n{block}") };
        std::fs::write(folder.path().join(format!("{at}.yaml")), marked).unwrap();
    }
    let plan = common::root().join("fixtures/shop/plans/shop.json");
    std::fs::copy(plan, folder.path().join("shop.json")).unwrap();
    let report = common::run(folder.path(), &["check", "--format", "json"]).json();
    let problems = report["problems"].as_array().unwrap();
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn the_rule_in_the_readme_passes_its_examples() {
    let readme = std::fs::read_to_string(common::root().join("README.md")).unwrap().replace("\r\n", "\n");
    let (_, rest) = readme.split_once("```yaml\n# policies/acme/").unwrap();
    let (name, rest) = rest.split_once('\n').unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("acme")).unwrap();
    std::fs::write(folder.path().join("acme").join(name), rest.split("```").next().unwrap()).unwrap();
    let ran = common::run(folder.path(), &["test", "acme"]);
    assert!(ran.code == 0 && readme.contains(&ran.stdout), "{}", ran.stdout);
}

#[test]
fn the_output_in_the_readme_is_what_the_program_prints() {
    let readme = std::fs::read_to_string(common::root().join("README.md")).unwrap().replace("\r\n", "\n");
    for arguments in ["check fixtures/shop-broken", "check --all fixtures/shop-broken"] {
        let shown =
            readme.split(&format!("$ consentlint {arguments}\n")).nth(1).and_then(|rest| rest.split("```").next());
        let ran = common::run(common::root(), &arguments.split(' ').collect::<Vec<_>>());
        let printed = shown.is_some_and(|shown| ran.stdout.contains(shown));
        assert!(printed, "the README does not show what is printed; this is:\n{}", ran.stdout);
    }
}

/// The words of a command line, with `'…'` around some.
fn words(line: &str) -> Vec<String> {
    let quoted = line.split('\'').enumerate();
    let split = |(at, part): (usize, &str)| -> Vec<String> {
        if at % 2 == 1 { vec![part.to_owned()] } else { part.split_whitespace().map(str::to_owned).collect() }
    };
    quoted.flat_map(split).collect()
}

#[test]
fn what_route_prints_in_the_readme_is_what_it_prints() {
    let readme = std::fs::read_to_string(common::root().join("README.md")).unwrap().replace("\r\n", "\n");
    let shown: Vec<&str> =
        readme.split("```console\n$ consentlint ").filter(|rest| rest.starts_with("route ")).collect();
    assert_eq!(shown.len(), 2, "a state and a proof are shown");
    for shown in shown {
        let (command, rest) = shown.split_once('\n').unwrap();
        let arguments = words(command);
        let ran = common::run(common::root(), &arguments.iter().map(String::as_str).collect::<Vec<_>>());
        let wanted = rest.split("```").next().unwrap();
        assert!(ran.stdout.starts_with(wanted), "`{command}` prints:\n{}", ran.stdout);
    }
}
