//! What `docs/ci.md` and the hooks tell people to write is read by what will read it.

use crate::common::{root, run};
use std::path::Path;

/// Words that the program does not know yet; what is known must not stand here.
pub(crate) const AWAITED: [&str; 0] = [];

const FILES: [&str; 4] =
    ["docs/ci.md", ".pre-commit-hooks.yaml", "packaging/pre-commit-mirror/.pre-commit-hooks.yaml", "CONTRIBUTING.md"];

fn read(file: &str) -> String {
    std::fs::read_to_string(root().join(file)).unwrap()
}

/// The ```` ```yaml ```` blocks of `docs/ci.md`.
pub(crate) fn yaml_blocks() -> Vec<String> {
    let text = read("docs/ci.md");
    let blocks = text.split("\n```yaml\n").skip(1).map(|rest| rest.split("\n```").next().unwrap().to_owned());
    blocks.map(|block| block + "\n").collect()
}

/// Command lines of the program in a text: its words up to what ends a command in a shell, a table or a sentence.
fn commands(text: &str) -> Vec<Vec<String>> {
    let starts = text
        .match_indices("consentlint ")
        .filter(|(at, _)| text[..*at].chars().next_back().is_none_or(|before| before.is_whitespace() || before == '`'));
    let words = |(at, _): (usize, &str)| {
        let line = text[at..].lines().next().unwrap();
        let end = line.find(['`', '>', '|', '#', ';', '&', ')', '…']).unwrap_or(line.len());
        line[..end].split_whitespace().skip(1).map(|word| word.trim_matches(['"', '\'']).to_owned()).collect()
    };
    starts.map(words).collect()
}

/// Whether the first word of a command line is a command or an option, and no word of a sentence.
fn is_command(words: &[String]) -> bool {
    let known = run(Path::new("."), &["--help"]).stdout;
    let first = words.first().map_or("", String::as_str);
    first.starts_with("--") || AWAITED.contains(&first) || known.contains(&format!("\n  {first} "))
}

#[test]
fn every_yaml_block_can_be_read() {
    let blocks = yaml_blocks();
    assert!(blocks.len() >= 6, "the blocks were not found");
    for block in blocks {
        let read: Result<serde_yaml::Value, _> = serde_yaml::from_str(&block);
        assert!(read.is_ok_and(|value| value.is_mapping() || value.is_sequence()), "{block}");
    }
}

#[test]
fn every_command_is_one_of_the_program() {
    let found: Vec<Vec<String>> =
        FILES.iter().flat_map(|file| commands(&read(file))).filter(|words| is_command(words)).collect();
    assert!(found.len() > 15, "the commands were not found: {found:?}");
    let mut unknown: Vec<&Vec<String>> = Vec::new();
    for words in &found {
        // Options and their values are read before help is given; nothing is run.
        let asked: Vec<&str> = words.iter().map(String::as_str).chain(["--help"]).collect();
        if run(Path::new("."), &asked).code != 0 {
            unknown.push(words);
        }
    }
    let awaited = |words: &&Vec<String>| words.iter().any(|word| AWAITED.contains(&word.as_str()));
    let wrong: Vec<_> = unknown.iter().filter(|words| !awaited(words)).collect();
    assert!(wrong.is_empty(), "the program does not know {wrong:?}");
    for word in AWAITED {
        let known = !unknown.iter().any(|words| words.iter().any(|one| one == word));
        assert!(!known, "`{word}` is known now, or written nowhere: take it out of AWAITED");
    }
}

#[test]
fn the_inputs_of_the_action_are_written_as_it_names_them() {
    let action: serde_yaml::Value = serde_yaml::from_str(&read("action.yml")).unwrap();
    let mut seen = 0;
    for block in yaml_blocks() {
        let value: serde_yaml::Value = serde_yaml::from_str(&block).unwrap();
        let steps = value["jobs"]["check"]["steps"].as_sequence().cloned().unwrap_or_default();
        for step in steps.iter().filter(|step| is_ours(step)) {
            seen += 1;
            for (name, _) in step["with"].as_mapping().into_iter().flatten() {
                assert!(action["inputs"][name].is_mapping(), "the action has no input {name:?}");
            }
        }
    }
    assert!(seen >= 3, "the action was not found");
}

fn is_ours(step: &serde_yaml::Value) -> bool {
    step["uses"].as_str().is_some_and(|uses| uses.starts_with("consentlint/consentlint@"))
}
