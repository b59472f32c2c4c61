//! The evidence: hashes that hold, the same bytes again, and everything that is accepted.

use super::{Table, report, table, tables};
use crate::common::{root, run};
use sha2::{Digest, Sha256};
use std::path::Path;

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn evidence(folder: &Path) -> Vec<Table> {
    tables(&report(folder, &["evidence"]).stdout)
}

fn digest(all: &[Table]) -> String {
    table(all, "What ran").row("Digest")[1].split(' ').next().unwrap().to_owned()
}

fn put(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// `datamap: 1`, as it is not read.
const UTF_16: [u8; 22] = *b"\xff\xfed\0a\0t\0a\0m\0a\0p\0:\0 \x001\0";

/// A project with an exception, a comment that excepts, a baseline, a rule of its own, and files of no format.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| put(folder.path(), name, bytes);
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    put(
        "map.yaml",
        b"datamap: 1\nsources:\n  - {id: web, platform: web, destinations: [x, y]}\ndestinations:\n  # consentlint: allow ccpa/role-undeclared -- asked, 2026\n  - {id: x}\n  - {id: y}\n",
    );
    put("crlf.yaml", b"datamap: 1\r\nsources: []\r\n");
    put("bom.yaml", "\u{feff}datamap: 1\nsources: []\n".as_bytes());
    put("other.json", b"{\"name\": \"x\"}\n");
    put("old.html", b"<p>caf\xe9</p>\n");
    put(
        "consentlint.yaml",
        b"policies: [rules]\nrules: {ccpa/notice-url-missing: off, ccpa/access-method-missing: high}\nexceptions:\n  - {rule: ccpa/role-undeclared, subject: y, reason: new tool, expires: 2026-12-31}\n  - {rule: ccpa/policy-stale, reason: never used, expires: 2020-01-01}\n",
    );
    put("rules/own/no-y.yaml", OWN.as_bytes());
    folder
}

const OWN: &str = "title: No y
severity: low
law: []
url: https://example.com/no-y
condition: Speaks of a destination called y.
for: destination
deny: \"destination.id == 'y'\"
message: \"{destination.id} is y\"
help: Call it z.
why: Because we say so.
examples:
  - title: y
    given: |
      datamap: 1
      destinations: [{id: y}]
    flags: [{line: 2}]
  - title: z
    given: |
      datamap: 1
      destinations: [{id: z}]
    flags: []
";

#[test]
fn every_hash_is_that_of_the_file() {
    let folder = project();
    let all = evidence(folder.path());
    let files = table(&all, "Every file that was looked at");
    let mut hashed = 0;
    for row in &files.rows {
        let bytes = std::fs::read(folder.path().join(&row[0])).unwrap();
        assert_eq!((&row[1], &row[3]), (&bytes.len().to_string(), &sha256(&bytes)), "{}", row[0]);
        hashed += 1;
    }
    assert_eq!(hashed, 7, "{files:?}");
    assert_eq!(files.row("map.yaml")[4], "datamap");
    assert_eq!(files.row("consentlint.yaml")[4], "settings");
    assert_eq!(files.row("rules/own/no-y.yaml")[4], "rule");
    assert_eq!(files.row("other.json")[4], "passed over: no format that is read");
    assert!(files.row("old.html")[4].starts_with("passed over: it is empty, or neither UTF-8"));
}

#[test]
fn every_rule_is_there_with_the_hash_of_its_text() {
    let folder = project();
    let all = evidence(folder.path());
    let (ran, off) = (table(&all, "Rules that ran"), table(&all, "Rules that did not run"));
    let shipped = consentlint::policy::embedded();
    for (path, text) in &shipped {
        let id = consentlint::policy::rule_id(path);
        let row = ran.rows.iter().chain(&off.rows).find(|row| row[0] == id).unwrap_or_else(|| panic!("no {id}"));
        assert_eq!(*row.last().unwrap(), sha256(text.as_bytes()), "{id}");
        assert_eq!(std::fs::read_to_string(root().join(path)).unwrap(), *text, "as sha256sum has it");
    }
    assert_eq!(ran.rows.len() + off.rows.len(), shipped.len() + 1);
    let own = ran.row("own/no-y");
    assert_eq!((own[2].as_str(), own[4].as_str()), ("1 finding", sha256(OWN.as_bytes()).as_str()));
    assert_eq!(off.row("ccpa/notice-url-missing")[1], "switched off consentlint.yaml:2");
    assert_eq!(off.row("us-states/sensitive-sale-banned")[1], "not of the profile us-ca");
    assert_eq!(ran.row("ccpa/access-method-missing")[1], "high");
    assert_eq!(ran.row("ccpa/drop-cadence")[2], "nothing to judge");
    let settings = table(&all, "The settings");
    assert_eq!(settings.row("rules.ccpa/access-method-missing")[1..], ["high", "consentlint.yaml:2"]);
    assert_eq!(settings.row("fail_on")[1..], ["low", "default"]);
}

#[test]
fn a_rule_that_is_not_in_force_yet_says_since_when() {
    let folder = project();
    let ran = report(folder.path(), &["evidence", "--as-of", "2020-01-01"]);
    let all = tables(&ran.stdout);
    let early = table(&all, "Rules that did not run");
    let since: Vec<_> =
        early.rows.iter().filter(|row| row[1].starts_with("not in force on that day: since 20")).collect();
    assert!(since.len() > 5, "{early:?}");
}

#[test]
fn what_is_accepted_is_there_with_its_reason_and_what_it_covers() {
    let folder = project();
    assert_eq!(run(folder.path(), &["baseline"]).code, 0);
    let ran = report(folder.path(), &["evidence"]);
    let all = tables(&ran.stdout);
    let exceptions = table(&all, "Findings that are not counted");
    let settings = exceptions.row("ccpa/role-undeclared consentlint.yaml:4");
    assert_eq!(settings[1..4], ["y", "new tool", "2026-12-31"]);
    assert!(settings[4].starts_with("y receives personal information and its role is not declared"), "{settings:?}");
    let comment = exceptions.row("ccpa/role-undeclared map.yaml:5");
    assert_eq!(comment[1..4], ["the line of the comment", "asked, 2026", "never"]);
    assert!(comment[4].starts_with("x receives personal information"), "{comment:?}");
    let unused = exceptions.row("ccpa/policy-stale consentlint.yaml:5");
    assert_eq!(unused[3..], ["2020-01-01 past", "nothing"]);
    let baseline = table(&all, "Findings that were accepted on a day");
    assert!(baseline.rows.iter().all(|row| row[3] == "1 finding"), "{baseline:?}");
    assert!(!baseline.rows.is_empty());
    let findings = table(&all, "Findings and questions");
    let report = run(folder.path(), &["check", "--format", "json"]).json();
    let prints = |list: &str| report[list].as_array().unwrap().len();
    assert_eq!(findings.rows.len(), prints("findings") + prints("suppressed") + prints("baselined"));
    let files = table(&all, "Every file that was looked at");
    assert_eq!(files.row(".consentlint-baseline.json")[4], "baseline");
}

#[test]
fn the_digest_can_be_made_again_and_nothing_changes_by_itself() {
    let folder = project();
    put(folder.path(), "wide.yaml", &UTF_16);
    let first = report(folder.path(), &["evidence"]);
    assert_eq!(first.stdout, report(folder.path(), &["evidence"]).stdout);
    let all = tables(&first.stdout);
    let mut lines = format!("consentlint {}\nday 2026-11-24\nprofile us-ca\n", env!("CARGO_PKG_VERSION"));
    for row in &table(&all, "Every file that was looked at").rows {
        lines += &format!("file {} {}\n", row[3], row[0]);
    }
    for row in &table(&all, "What was not read").rows {
        lines += &format!("unread {} {}\n", row[4], row[0]);
    }
    for row in &table(&all, "Rules that ran").rows {
        lines += &format!("rule {} {} {}\n", row[4], row[0], row[1]);
    }
    for row in &table(&all, "Catalogue and lexicon").rows {
        lines += &format!("table {} {}\n", row[1], row[0]);
    }
    assert_eq!(digest(&all), sha256(lines.as_bytes()));
    // The same texts elsewhere are the same evidence, and one byte more is another.
    let other = project();
    put(other.path(), "wide.yaml", &UTF_16);
    assert_eq!(report(other.path(), &["evidence"]).stdout, first.stdout);
    std::fs::write(other.path().join("other.json"), "{\"name\": \"y\"}\n").unwrap();
    assert_ne!(digest(&evidence(other.path())), digest(&all));
    let day = report(folder.path(), &["evidence", "--as-of", "2026-11-25"]);
    assert_ne!(digest(&tables(&day.stdout)), digest(&all));
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let folder = project();
    let text = b"datamap: 1\nbusiness: {name: caf\xe9}\n";
    put(folder.path(), "broken.yaml", text);
    let ran = report(folder.path(), &["evidence"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    let all = tables(&ran.stdout);
    let unread = table(&all, "What was not read");
    assert!(unread.row("broken.yaml")[1].starts_with("is not UTF-8"), "{unread:?}");
    assert_eq!(unread.row("broken.yaml")[3..], [text.len().to_string(), sha256(text)]);
    assert_eq!(table(&all, "What could not be read or judged").rows.len(), 1);
}

/// A packed file is judged by what is in it, and so that is what is hashed.
#[test]
fn the_hash_of_a_packed_file_is_that_of_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let text = b"datamap: 1\nsources: []\n";
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut packed, text).unwrap();
    std::fs::write(folder.path().join("map.yaml.gz"), packed.finish().unwrap()).unwrap();
    let ran = report(folder.path(), &["evidence", "map.yaml.gz"]);
    let all = tables(&ran.stdout);
    let files = table(&all, "Every file that was looked at");
    assert_eq!(files.row("map.yaml.gz")[1..4], [text.len().to_string(), "2".to_owned(), sha256(text)]);
}

/// Whoever changes or removes a file that could not be read, or of which nothing was kept, changes the digest.
#[test]
fn what_could_not_be_read_or_kept_is_in_the_digest() {
    let folder = project();
    put(folder.path(), "wide.yaml", &UTF_16);
    let ran = report(folder.path(), &["evidence"]);
    let all = tables(&ran.stdout);
    let unread = table(&all, "What was not read").row("wide.yaml");
    assert_eq!(unread[3..], [UTF_16.len().to_string(), sha256(&UTF_16)]);
    let old = table(&all, "Every file that was looked at").row("old.html");
    assert_eq!(old[1..4], ["12", "not counted", sha256(b"<p>caf\xe9</p>\n").as_str()]);
    let mut seen = vec![digest(&all)];
    let mut differs = |what: &str| {
        let next = digest(&evidence(folder.path()));
        assert!(!seen.contains(&next), "{what}");
        seen.push(next);
    };
    put(folder.path(), "old.html", b"<p>th\xe9</p>\n");
    differs("a page in an old encoding changed");
    std::fs::remove_file(folder.path().join("old.html")).unwrap();
    differs("a page in an old encoding is gone");
    let mut wide = UTF_16;
    wide[20] = b'2';
    put(folder.path(), "wide.yaml", &wide);
    differs("a file that is not read changed");
    std::fs::remove_file(folder.path().join("wide.yaml")).unwrap();
    differs("a file that is not read is gone");
}

#[test]
fn the_evidence_is_the_same_from_wherever_it_is_made() {
    let (folder, elsewhere) = (project(), tempfile::tempdir().unwrap());
    put(folder.path(), "deep/below/note.txt", b"x");
    let here = report(folder.path(), &["evidence"]);
    let whole = folder.path().to_str().unwrap();
    assert_eq!(report(&folder.path().join("deep/below"), &["evidence"]).stdout, here.stdout);
    assert_eq!(report(elsewhere.path(), &["evidence", whole]).stdout, here.stdout);
    let settings = folder.path().join("consentlint.yaml");
    let named = report(&folder.path().join("deep"), &["evidence", "--config", settings.to_str().unwrap()]);
    assert_eq!(named.stdout, here.stdout);
    let known = table(&tables(&here.stdout), "What ran").row("Folder")[1].clone();
    assert_eq!(known, "that of the settings file consentlint.yaml; every path is given from there");
    assert!(!here.stdout.contains(whole), "{}", here.stdout);
}

#[test]
fn without_settings_paths_are_from_the_folder_that_is_named() {
    let (folder, elsewhere) = (project(), tempfile::tempdir().unwrap());
    std::fs::remove_file(folder.path().join("consentlint.yaml")).unwrap();
    let whole = folder.path().to_str().unwrap();
    let named = report(elsewhere.path(), &["evidence", whole]);
    assert_eq!(named.stdout, report(folder.path(), &["evidence"]).stdout);
    assert!(!named.stdout.contains(whole), "{}", named.stdout);
}

#[test]
fn settings_of_another_name_are_listed_once() {
    let folder = project();
    std::fs::rename(folder.path().join("consentlint.yaml"), folder.path().join("other.yaml")).unwrap();
    std::fs::create_dir(folder.path().join("deep")).unwrap();
    let ran = report(&folder.path().join("deep"), &["evidence", "--config", "../other.yaml"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let all = tables(&ran.stdout);
    let files = table(&all, "Every file that was looked at");
    let paths: Vec<&str> = files.rows.iter().map(|row| row[0].as_str()).collect();
    let once = ["bom.yaml", "crlf.yaml", "map.yaml", "old.html", "other.json", "other.yaml", "rules/own/no-y.yaml"];
    assert_eq!(paths, once);
    assert_eq!(files.row("other.yaml")[4], "settings");
}

/// What fields and recipients are taken for decides what is found, so it is part of what ran.
#[test]
fn the_catalogue_and_the_lexicon_are_in_the_digest() {
    let all = evidence(project().path());
    let tables = table(&all, "Catalogue and lexicon");
    for wanted in ["policies/catalog/destinations.tsv", "policies/catalog/lexicon/2B-health.yaml"] {
        tables.row(wanted);
    }
    for row in &tables.rows {
        assert_eq!(row[1], sha256(&std::fs::read(root().join(&row[0])).unwrap()), "{}", row[0]);
    }
}
