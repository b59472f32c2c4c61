//! Every fix that is offered anywhere, made by itself: the text outside its edits is as it was, the file parses, what it
//! mends is gone, and nothing else came.

use super::{Project, common};
use common::random::Random;
use common::{files, root, run};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Findings by fingerprint and whether they ask, problems by message and file.
type Said = BTreeMap<String, usize>;

fn key(one: &Value) -> String {
    match one["fingerprint"].as_str() {
        Some(fingerprint) => format!("{fingerprint} {} {}", one["question"].is_string(), one["rule"]),
        None => {
            format!("{}: {} {}", one["stage"].as_str().unwrap(), one["file"].as_str().unwrap_or(""), one["message"])
        }
    }
}

fn said(report: &Value) -> Said {
    let mut said = Said::new();
    for one in ["findings", "problems"].iter().flat_map(|list| report[list].as_array().unwrap()) {
        *said.entry(key(one)).or_default() += 1;
    }
    said
}

fn check(folder: &Path) -> Value {
    run(folder, &["check", "--format=json", "--as-of=2026-11-24"]).json()
}

fn offset(point: &Value) -> usize {
    usize::try_from(point["offset"].as_u64().unwrap()).unwrap()
}

/// The text after the edits, and its parts outside of them.
fn edited(text: &str, file: &str, fix: &Value) -> String {
    let own = fix["edits"].as_array().unwrap().iter().filter(|edit| edit["file"] == file);
    let mut edits: Vec<(usize, usize, &str)> =
        own.map(|edit| (offset(&edit["start"]), offset(&edit["end"]), edit["text"].as_str().unwrap())).collect();
    edits.sort_by_key(|(start, end, _)| (*start, *end));
    assert!(edits.windows(2).all(|pair| pair[0].1 <= pair[1].0), "edits overlap: {fix:#}");
    let (mut out, mut at) = (String::new(), 0);
    for (start, end, new) in edits {
        out += &text[at..start];
        out += new;
        at = end;
    }
    out + &text[at..]
}

/// How many fixes were made by themselves, each of which held.
fn each(folder: &Path) -> usize {
    let report = check(folder);
    let before = said(&report);
    let all = ["findings", "problems"].iter().flat_map(|list| report[list].as_array().unwrap());
    let fixes: Vec<(&Value, &Value)> =
        all.flat_map(|one| one["fixes"].as_array().unwrap().iter().map(move |fix| (one, fix))).collect();
    for (one, fix) in &fixes {
        let mut names: Vec<&str> =
            fix["edits"].as_array().unwrap().iter().map(|edit| edit["file"].as_str().unwrap()).collect();
        names.sort_unstable();
        names.dedup();
        let old: Vec<String> = names.iter().map(|name| std::fs::read_to_string(folder.join(name)).unwrap()).collect();
        for (name, text) in names.iter().zip(&old) {
            std::fs::write(folder.join(name), edited(text, name, fix)).unwrap();
        }
        let report_after = check(folder);
        let after = said(&report_after);
        let gone = after.get(&key(one)).copied().unwrap_or(0) < before[&key(one)];
        let open = fix["safe"] == false && fix.to_string().contains("TODO");
        let problem = one["fingerprint"].is_null();
        let new: Vec<&String> = after
            .iter()
            .filter(|(key, count)| **count > before.get(*key).copied().unwrap_or(0))
            .map(|(key, _)| key)
            .filter(|key| !(open && key.contains("is still to be filled in")))
            .collect();
        // What a problem hid comes to light with it; and what is not safe may be one step of several, which is why
        // `--fix --unsafe` refuses it.
        let problems = report_after["problems"].as_array().unwrap();
        let slip = |wanted: &String| problems.iter().any(|one| key(one) == *wanted && one["fixes"][0]["safe"] == true);
        let hidden =
            problem && new.iter().all(|key| !(key.starts_with("schema:") || key.starts_with("parse:")) || slip(key));
        let step = fix["safe"] == false && !problem && !new.iter().any(|key| key.contains(": "));
        assert!(gone, "{}: still there after {fix:#}: {one:#}", folder.display());
        assert!(new.is_empty() || hidden || step, "{}: {new:?} came with {fix:#} of {one:#}", folder.display());
        for (name, text) in names.iter().zip(&old) {
            std::fs::write(folder.join(name), text).unwrap();
        }
    }
    fixes.len()
}

/// Copies a folder.
fn copy(from: &Path) -> Project {
    let project = Project::new(&[]);
    for path in files(from) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        project.write(&path.strip_prefix(from).unwrap().to_string_lossy(), &text);
    }
    project
}

#[test]
fn of_the_fixtures() {
    let mut made = each(copy(&root().join("fixtures/shop-broken")).path());
    for (folder, parts) in [("leaks", ["leak", "cure"]), ("enforcement", ["before", "after"])] {
        for entry in std::fs::read_dir(root().join("fixtures").join(folder)).unwrap() {
            for part in parts {
                let path = entry.as_ref().unwrap().path().join(part);
                made += if path.is_dir() { each(copy(&path).path()) } else { 0 };
            }
        }
    }
    assert!(made >= 10, "{made} fixes are offered");
}

#[test]
fn of_the_fixtures_of_adapters() {
    for entry in std::fs::read_dir(root().join("fixtures/adapters")).unwrap() {
        each(copy(&entry.unwrap().path()).path());
    }
}

/// A data map by chance, in a style by chance, with slips by chance.
fn random(random: &mut Random) -> String {
    let list = |random: &mut Random, names: &[&str]| {
        let count = random.below(3);
        let mut all: Vec<&str> = (0..count).map(|_| random.one(names)).collect();
        all.dedup();
        match random.below(3) {
            0 if !all.is_empty() => all.iter().map(|name| format!("\n        - {name}")).collect::<String>(),
            1 => format!(" [{}]  # note", all.join(",")),
            _ => format!(" [{}]", all.join(", ")),
        }
    };
    let names = ["facebook-pixel", "tiktok-conversions", "mixpanel", "google-ads-gtag", "facebok-pixel"];
    let mut text = "# ours\ndatamap: 1\nconsent:\n  categories:\n".to_owned();
    for id in ["do-not-sell", "social", "analytics"].iter().take(1 + random.below(3)) {
        text += &format!("    - id: {id}\n      purpose: {id} on other sites\n");
        text += random.one(&[
            "      controls: [opt-out]\n",
            "      controls: ['opt-out']\n",
            "",
            "      controls: [Opt-Out]\n",
        ]);
        text += random.one(&["", "      essential: false\n", "      essential: \"false\"\n"]);
        if random.below(4) > 0 {
            text += &format!(
                "      {}:{}\n",
                random.one(&["destinations", "destinatons", "destinations"]),
                list(random, &names)
            );
        }
    }
    text += "destinations:\n";
    for id in &names[..4] {
        text += &format!("  - id: {id} # {id}\n");
        text += random.one(&["    role: third_party\n", "    role: Third Party\n", "    rol: service_provider\n", ""]);
        text += random.one(&["    shares: true\n", "    shares: yes\n", "    purposes: [custom_audience]\n", ""]);
        text += random.one(&[
            "    deletion: {sla_days: 30}\n",
            "    deletion:\n      sla_days: 30\n",
            "    retenton_days: '30'\n",
            "",
        ]);
        text += random.one(&["    # consentlint: allow ccpa/pii-in-url -- gone\n", ""]);
    }
    text += random.one(&[
        "",
        "signals:\n  gpc: {honored: true, categories: [Do-Not-Sell]}\n",
        "signals:\n  gpc: {honored: \"true\"}\n",
    ]);
    text += random.one(&["", "sources:\n  - {id: web, platform: web}", "sources: []\n"]);
    if random.below(3) == 0 { text.replace('\n', "\r\n") } else { text }
}

#[test]
fn of_data_maps_by_chance() {
    let mut chance = Random(7);
    let mut made = 0;
    for _ in 0..20 {
        let project = Project::new(&[("data.yaml", &random(&mut chance))]);
        made += each(project.path());
        // All that are safe at once hold, too, and then none is left but those that were refused.
        let before = check(project.path());
        let ran = run(project.path(), &["check", "--fix", "--format=json", "--as-of=2026-11-24"]);
        let (problems, after) = (|report: &Value| report["problems"].as_array().unwrap().len(), ran.json());
        assert!(problems(&after) <= problems(&before), "{}", ran.stderr);
        let text = project.text("data.yaml");
        run(project.path(), &["check", "--fix", "--as-of=2026-11-24"]);
        assert_eq!(project.text("data.yaml"), text, "fixing twice is fixing once");
    }
    assert!(made > 60, "{made}");
}

#[test]
fn real_files_parse_after_they_were_fixed() {
    let corpus = root().join("../shared/corpus");
    if !corpus.is_dir() {
        return;
    }
    for entry in std::fs::read_dir(corpus).unwrap() {
        let from = entry.unwrap().path();
        if !from.is_dir() {
            continue;
        }
        let project = copy(&from);
        let parse = |report: &Value| {
            report["problems"].as_array().unwrap().iter().filter(|problem| problem["stage"] == "parse").count()
        };
        let before = check(project.path());
        run(project.path(), &["check", "--fix", "--unsafe", "--as-of=2026-11-24"]);
        let after = check(project.path());
        assert_eq!(parse(&after), parse(&before), "{}", from.display());
    }
}
