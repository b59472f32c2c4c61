//! `report evidence`: what was checked, on which day, by which rules, and what was found, so that an auditor can do it again.
//! It has no time of day, and its paths are from the folder of the project: the same files, rules and day give the same bytes.

mod accepted;
mod files;
mod rules;

use super::document::{Document, Line, cell, code, open, soft, text};
use super::seen::Seen;
use crate::output::counted;
use sha2::{Digest, Sha256};

pub(super) fn make(seen: &Seen<'_>) -> Document {
    let name = seen.map.model.business.as_ref().and_then(|business| business.object.text("name"));
    let title = name.map_or_else(|| "Evidence of a check".to_owned(), |name| format!("Evidence of a check of {name}"));
    let mut document = Document::new(title);
    seen.opening("This is a record of what was checked and found, for an auditor", &mut document);
    let (files, rules) = (files::Files::of(seen), rules::Rules::of(seen));
    run(seen, &digest(seen, &files, &rules), &mut document);
    accepted::result(seen, &mut document);
    files.write(&mut document);
    rules.write(seen, &mut document);
    accepted::exceptions(seen, &mut document);
    accepted::baseline(seen, &mut document);
    verify(&mut document);
    document
}

/// SHA-256 in hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    hexadecimal(Sha256::new_with_prefix(bytes))
}

fn hexadecimal(hash: Sha256) -> String {
    use std::fmt::Write;
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// One hash over the version, the day, the profile, all files, all rules that ran, and the tables that classify.
fn digest(seen: &Seen<'_>, files: &files::Files<'_>, rules: &rules::Rules<'_>) -> String {
    let mut lines = vec![
        format!("consentlint {}", env!("CARGO_PKG_VERSION")),
        format!("day {}", seen.report.as_of),
        format!("profile {}", seen.judge.profile.name()),
    ];
    lines.extend(files.lines());
    lines.extend(rules.lines());
    lines.extend(rules::tables().map(|(path, hash)| format!("table {hash} {path}")));
    lines.push(String::new());
    sha256(lines.join("\n").as_bytes())
}

fn run(seen: &Seen<'_>, digest: &str, document: &mut Document) {
    document.section("The run");
    let (counts, report) = (seen.report.counts, seen.report);
    let known = seen.judge.known.len();
    let rows = [
        ("Program", vec![code(format!("consentlint {}", env!("CARGO_PKG_VERSION")))]),
        ("Day", vec![code(report.as_of.clone()), soft("the day by which duties, reviews and exceptions are judged")]),
        ("Profile", vec![code(seen.judge.profile.name())]),
        ("Folder", folder(seen)),
        (
            "Rules",
            vec![text(format!(
                "{} of {known} ran, {} of them had nothing to judge",
                report.rules.len(),
                report.idle.len()
            ))],
        ),
        (
            "Looked at",
            vec![text(format!(
                "{} of a format that is read, {} of none; {}, {}, {}",
                counted(counts.files, "file", "files"),
                counted(counts.not_ours, "file", "files"),
                counted(counts.events, "event", "events"),
                counted(counts.properties, "property", "properties"),
                counted(counts.destinations, "destination", "destinations"),
            ))],
        ),
        (
            "Digest",
            vec![
                code(digest),
                soft("SHA-256 over version, day, profile, files, rules, catalogue and lexicon; see the end"),
            ],
        ),
    ];
    let rows = rows.into_iter().map(|(name, words)| vec![cell([text(name)]), cell(words)]).collect();
    document.table("What ran", &["What", "Value"], rows, "");
    settings(seen, document);
}

/// From where the paths are given.
fn folder(seen: &Seen<'_>) -> Line {
    match &seen.project.config {
        Some(config) => {
            let name = config.file_name().unwrap_or_default().to_string_lossy();
            vec![text("that of the settings file"), code(name), text("; every path is given from there")]
        }
        None => vec![text(
            "the one that was named, or in which the program ran, as there is no settings file; every path is given from there",
        )],
    }
}

fn settings(seen: &Seen<'_>, document: &mut Document) {
    let rows = rules::settings(seen).into_iter().map(|(key, value, place)| {
        let (value, place) = match place {
            Some(span) => (code(value), seen.at(span)),
            None => (text(value), soft("default")),
        };
        vec![cell([code(key)]), cell([value]), cell([place])]
    });
    document.table("The settings, and the line that sets each", &["Key", "Value", "Where"], rows.collect(), "");
}

/// How to do it again.
fn verify(document: &mut Document) {
    document.section("How to verify it");
    let points = vec![
        vec![
            text("Bytes and hash of a file:"),
            code("wc -c FILE; sha256sum FILE"),
            text(", in the folder that is named above; of a packed one that was read:"),
            code("gzip -dc FILE | sha256sum"),
        ],
        vec![
            text("Hash of a rule or a table that ships:"),
            code("sha256sum policies/PACK/RULE.yaml"),
            text(format!(", in the source of consentlint at the tag v{}", env!("CARGO_PKG_VERSION"))),
        ],
        vec![text(
            "The digest is the SHA-256 of these lines, each ended by a line feed: `consentlint VERSION`, `day DAY`, `profile \
             PROFILE`; for each file, in the order of its table, `file HASH PATH`; for each that was not read, in the order of its \
             table, `unread HASH PATH`; for each rule that ran, in the order of its table, `rule HASH ID SEVERITY`; for each table \
             of the catalogue and the lexicon, in order, `table HASH PATH`. The hash of what cannot be opened is the word `none`.",
        )],
        vec![
            text("The same files, version and day give this report again, byte for byte:"),
            code("consentlint report evidence --as-of DAY"),
        ],
        vec![open("That no rule found something says nothing of what no file declares, nor of what a site does.")],
    ];
    document.list(points);
}
