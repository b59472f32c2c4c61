//! The rules that ship: all of them load, all their examples hold, and all say where they come from.
#![allow(clippy::disallowed_methods, reason = "tests read the rules")]
#![allow(clippy::unwrap_used, reason = "helpers of tests, too, fail by panicking")]

mod common;

use common::root;
use consentlint::model::Object;
use consentlint::policy::{Rule, embedded, rule_id};
use consentlint::source::SourceId;
use jiff::civil::Date;
use regex::Regex;
use std::collections::BTreeSet;
use std::path::PathBuf;

fn rules() -> Vec<Rule> {
    let read = |(path, text): (String, &str)| {
        Rule::read(&path, SourceId(0), text).unwrap_or_else(|problems| panic!("{path}: {problems:#?}"))
    };
    embedded().into_iter().map(read).collect()
}

/// Rule files on disk: `policies/<pack>/<rule>.yaml`.
fn on_disk() -> Vec<(String, PathBuf)> {
    let files = walkdir::WalkDir::new(root().join("policies")).sort_by_file_name().into_iter().map(Result::unwrap);
    let paths = files.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
    let mut all: Vec<(String, PathBuf)> = paths
        .map(|path| (path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/"), path))
        .filter(|(name, _)| !name.starts_with("policies/catalog/") && !name.starts_with("policies/schemas/"))
        .collect();
    all.sort();
    all
}

#[test]
fn the_program_holds_the_rules_of_the_folder() {
    let inside = embedded();
    let outside = on_disk();
    assert!(outside.len() >= 30, "{} rules on disk", outside.len());
    let names = |list: Vec<&String>| list.into_iter().cloned().collect::<Vec<_>>();
    assert_eq!(
        names(inside.iter().map(|(path, _)| path).collect()),
        names(outside.iter().map(|(path, _)| path).collect()),
        "every file in a pack is a rule, and is in the program"
    );
    for ((name, text), (_, path)) in inside.iter().zip(&outside) {
        assert_eq!(*text, std::fs::read_to_string(path).unwrap(), "{name}");
    }
}

#[test]
fn every_example_holds() {
    let (count, examples) = (rules().len(), rules().iter().map(|rule| rule.examples.len()).sum::<usize>());
    assert_eq!(count, on_disk().len());
    let wanted = format!("{count} rules, {examples} examples passed, 0 failed\n");
    for arguments in [&["test", "policies"][..], &["test"]] {
        let ran = common::run(root(), arguments);
        assert_eq!((ran.code, ran.stdout, ran.stderr), (0, wanted.clone(), String::new()), "{arguments:?}");
    }
}

#[test]
fn an_example_that_does_not_hold_is_reported() {
    let text = embedded().into_iter().find(|(path, _)| path.ends_with("ccpa/destination-unmapped.yaml")).unwrap().1;
    let wrong = text.replace("{line: 6, message: \"Mixpanel\"}", "{line: 5, message: \"Mixpanel\"}");
    assert_ne!(text, wrong);
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("ccpa")).unwrap();
    std::fs::write(folder.path().join("ccpa/destination-unmapped.yaml"), wrong).unwrap();
    let ran = common::run(folder.path(), &["test", "ccpa"]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert!(ran.stdout.contains("expected at line 5: Mixpanel"), "{}", ran.stdout);
    assert!(ran.stdout.contains("unexpected high at given.yaml:6"), "{}", ran.stdout);
    assert!(ran.stdout.ends_with("1 rules, 5 examples passed, 1 failed\n"), "{}", ran.stdout);
}

#[test]
fn every_rule_has_a_flagged_and_a_clean_example() {
    for rule in rules() {
        let flagged = rule.examples.iter().filter(|example| !example.flags.is_empty()).count();
        assert!(flagged > 0 && flagged < rule.examples.len(), "{}: {flagged} of {}", rule.id, rule.examples.len());
        for example in &rule.examples {
            assert!(example.flags.iter().all(|flag| flag.message.is_some()), "{}: {}", rule.id, example.title);
        }
    }
}

#[test]
fn ids_are_unique_and_follow_from_the_path() {
    let ids: Vec<String> = rules().iter().map(|rule| rule.id.clone()).collect();
    let distinct: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len());
    let shape = Regex::new("^(ccpa|core|gtm|segment|us-states)/[a-z]+(-[a-z]+)*$").unwrap();
    for rule in rules() {
        assert!(shape.is_match(&rule.id), "{}", rule.id);
        assert_eq!(rule.id, rule_id(&rule.path));
    }
}

#[test]
fn precedents_name_a_year_and_an_amount() {
    let shape = Regex::new(r"^[A-Z0-9].* \((FTC, |Connecticut, )?20[0-9]{2}\), \$[0-9][0-9.,]*[0-9]M?$").unwrap();
    for rule in rules() {
        for precedent in rule.precedent.iter() {
            assert!(shape.is_match(precedent), "{}: `{precedent}`", rule.id);
        }
    }
}

#[test]
fn a_rule_runs_as_it_is_written_though_it_is_read_in_part() {
    let shipped = Rule::shipped();
    assert_eq!(shipped.len(), embedded().len());
    let nothing = |rule: &Rule| {
        let asked =
            [rule.when.as_ref(), rule.raise.as_ref().map(|raise| &raise.when), rule.ask.as_ref().map(|ask| &ask.when)];
        // Compiles what was left for later.
        for expression in asked.into_iter().flatten().chain([&rule.deny]) {
            expression.evaluate(&Object::new(rule.kind.fields), Date::constant(2026, 11, 24));
        }
    };
    for ((path, text), mut head) in embedded().into_iter().zip(shipped) {
        let mut whole = Rule::read(&path, SourceId(0), text).unwrap();
        nothing(&head);
        assert!(!whole.condition.is_empty() && head.condition.is_empty(), "{path}");
        assert!(!whole.examples.is_empty() && head.examples.is_empty(), "{path}");
        assert!(head.shipped);
        whole.shipped = true;
        for rule in [&mut whole, &mut head] {
            rule.condition.clear();
            rule.examples.clear();
        }
        assert_eq!(format!("{whole:?}"), format!("{head:?}"), "{path}");
    }
}
