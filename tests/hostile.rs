//! Hostile input, beyond tests/bad_input.rs: exact places and words, and the file next to it is still judged.
#![allow(clippy::disallowed_methods, reason = "tests make their own files and look at the clock")]
#![allow(clippy::unwrap_used, reason = "helpers of tests, too, fail by panicking")]

mod common;

use common::{Ran, run};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const RULE: &str = "ccpa/role-undeclared";

/// What a file that is fine gets: one finding.
const GOOD: &str = "datamap: 1\ndestinations:\n  - id: mixpanel\n";
const GOOD_FINDING: &str = "zz-good.yaml:3:9";

/// The names of all output formats.
fn formats() -> impl Iterator<Item = &'static str> {
    consentlint::output::OUTPUTS.iter().map(|output| output.name)
}

/// A folder with the good file, and perhaps a bad one.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        folder.write("zz-good.yaml", GOOD);
        folder
    }

    fn with(name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let folder = Self::new();
        folder.write(name, bytes);
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Checks the whole folder, within seconds.
    fn check(&self, more: &[&str]) -> Seen {
        let before = Instant::now();
        let ran = run(self.path(), &[&["check", "--format", "json", "--only", RULE], more].concat());
        let took = before.elapsed();
        assert!(took < Duration::from_secs(20), "{took:?}");
        Seen::new(&ran)
    }

    /// The same, and the good file was judged.
    fn beside_the_good_one(&self, more: &[&str]) -> Seen {
        let seen = self.check(more);
        assert!(seen.findings.contains(&GOOD_FINDING.to_owned()), "{seen:?}");
        seen
    }
}

/// Places of findings, places and words of problems, exit code.
#[derive(Debug)]
struct Seen {
    findings: Vec<String>,
    problems: Vec<(String, String)>,
    code: u8,
}

impl Seen {
    fn new(ran: &Ran) -> Self {
        let json = ran.json();
        let place = |item: &serde_json::Value| {
            let file = item["file"].as_str().unwrap_or("-");
            match (&item["start"]["line"], &item["start"]["column"]) {
                (line, column) if line.is_u64() => format!("{file}:{line}:{column}"),
                _ => file.to_owned(),
            }
        };
        let words = |item: &serde_json::Value| {
            format!("{} | {}", item["message"].as_str().unwrap(), item["help"].as_str().unwrap())
        };
        let list = |key: &str| json[key].as_array().unwrap().clone();
        Self {
            findings: list("findings").iter().map(place).collect(),
            problems: list("problems").iter().map(|problem| (place(problem), words(problem))).collect(),
            code: ran.code,
        }
    }

    /// Exactly this one problem, and the exit code of trouble.
    fn only(&self, place: &str, words: &str) {
        assert_eq!(self.problems.len(), 1, "{self:?}");
        assert_eq!(self.problems[0].0, place, "{self:?}");
        assert!(self.problems[0].1.contains(words), "{self:?}");
        assert_eq!(self.code, 2);
    }

    /// No problem, and a finding at each of these places besides the good file's.
    fn fine(&self, places: &[&str]) {
        assert_eq!(self.problems, [], "{self:?}");
        let others: Vec<&String> = self.findings.iter().filter(|place| *place != GOOD_FINDING).collect();
        assert_eq!(others, places, "{self:?}");
        assert_eq!(self.code, 1);
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_named_with_their_line() {
    let folder = Folder::with("bad.yaml", b"datamap: 1\ndestinations:\n  - id: caf\xe9\n");
    folder
        .beside_the_good_one(&[])
        .only("bad.yaml", "is not UTF-8: invalid byte at offset 36 (line 3) | save it as UTF-8");
}

#[test]
fn utf_16_is_named() {
    for (name, order) in [("little", [0xff, 0xfe]), ("big", [0xfe, 0xff])] {
        let text =
            GOOD.encode_utf16().flat_map(|unit| if name == "big" { unit.to_be_bytes() } else { unit.to_le_bytes() });
        let folder = Folder::with("bad.yaml", order.into_iter().chain(text).collect::<Vec<u8>>());
        folder.beside_the_good_one(&[]).only("bad.yaml", "is UTF-16 | save it as UTF-8");
    }
}

#[test]
fn byte_order_marks_crlf_and_wide_letters_shift_no_column() {
    let text = "\u{feff}datamap: 1\r\ndestinations:\r\n  - {name: \"カフェ\u{1f6d2}é\", id: braze}\r\n";
    Folder::with("bad.yaml", text).beside_the_good_one(&[]).fine(&["bad.yaml:3:25"]);
    let json = "\u{feff}{\"datamap\": 1,\r\n \"destinations\": [{\"name\": \"カフェ\u{1f6d2}é\", \"id\": \"braze\"}]}";
    Folder::with("bad.json", json).beside_the_good_one(&[]).fine(&["bad.json:2:43"]);
}

#[test]
fn tabs_are_refused_as_indentation_and_taken_elsewhere() {
    let folder = Folder::with("bad.yaml", "datamap: 1\ndestinations:\n\t- id: braze\n");
    folder.beside_the_good_one(&[]).only("bad.yaml:3:2", "a tab cannot indent YAML | indent with spaces");
    Folder::with("bad.yaml", "datamap:\t1\ndestinations:\n  - id:\tbraze\n")
        .beside_the_good_one(&[])
        .fine(&["bad.yaml:3:9"]);
}

#[test]
fn deep_nesting_is_refused_at_once() {
    let deep = [
        ("open.yaml", format!("datamap: 1\nx-a: {}", "[".repeat(100_000))),
        ("closed.yaml", format!("datamap: 1\nx-a: {}{}\n", "[".repeat(100_000), "]".repeat(100_000))),
        ("maps.yaml", format!("datamap: 1\nx-a: {}\n", "{a: ".repeat(50_000))),
        ("block.yaml", format!("datamap: 1\nx-a:\n  {}x\n", "- ".repeat(20_000))),
        ("open.json", format!("{{\"datamap\": 1, \"x-a\": {}", "[".repeat(100_000))),
        ("closed.json", format!("{{\"datamap\": 1, \"x-a\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000))),
        ("maps.json", format!("{{\"datamap\": 1, \"x-a\": {}", "{\"a\":".repeat(100_000))),
        ("open.jsonc", format!("{{\"datamap\": 1, // c\n \"x-a\": {}", "[".repeat(100_000))),
    ];
    for (name, text) in deep {
        let seen = Folder::with(name, text).beside_the_good_one(&[]);
        assert_eq!(seen.problems.len(), 1, "{name}: {seen:?}");
        assert!(seen.problems[0].0.starts_with(name), "{seen:?}");
        assert!(seen.problems[0].1.contains("more than 128 levels of nesting | flatten the data"), "{name}: {seen:?}");
    }
}

#[test]
fn aliases_cannot_grow_without_end() {
    let level = |n: usize| format!("x-a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", "));
    let levels: String = (1..9).map(level).collect();
    let bomb = format!("datamap: 1\nx-a0: &a0 [x, x]\n{levels}destinations: [{{id: braze}}]\n");
    let seen = Folder::with("bad.yaml", bomb).beside_the_good_one(&[]);
    assert_eq!(seen.problems.len(), 1, "{seen:?}");
    assert!(seen.problems[0].1.contains("aliases in this document stand for more than 1000000 values"), "{seen:?}");
    let own = Folder::with("bad.yaml", "datamap: 1\nx-a: &a [*a]\n");
    own.beside_the_good_one(&[]).only("bad.yaml:2:10", "this alias stands inside the value it refers to");
    let none = Folder::with("bad.yaml", "datamap: 1\ndestinations:\n  - {id: braze, role: *none}\n");
    let seen = none.beside_the_good_one(&[]);
    assert!(seen.problems[0].1.contains("no anchor `&none` comes before the alias `*none`"), "{seen:?}");
    assert_eq!((seen.problems[0].0.as_str(), seen.code), ("bad.yaml:3:23", 2));
}

#[test]
fn huge_numbers_are_no_days() {
    // A number may be wrong in two ways, too large and no integer; both are said of its place.
    let refused = |seen: &Seen, at: &str| {
        assert!(!seen.problems.is_empty() && seen.code == 2, "{seen:?}");
        assert!(seen.problems.iter().all(|(place, _)| place == at), "{seen:?}");
    };
    let numbers = ["123456789012345678901234567890", "-9223372036854775809", "1e400", "1000001", "-1", "1.5"];
    for (number, json) in numbers.map(|number| (number, true)).into_iter().chain([("0x7fffffffffffffffffff", false)]) {
        let text = format!("datamap: 1\ndestinations:\n  - {{id: braze, retention_days: {number}}}\n");
        let seen = Folder::with("bad.yaml", text).beside_the_good_one(&[]);
        refused(&seen, "bad.yaml:3:33");
        assert!(seen.findings.contains(&"bad.yaml:3:10".to_owned()), "{number}: {seen:?}");
        if !json {
            continue;
        }
        let text =
            format!("{{\"datamap\": 1, \"destinations\": [{{\"id\": \"braze\",\n\"retention_days\": {number}}}]}}");
        let seen = Folder::with("bad.json", text).beside_the_good_one(&[]);
        refused(&seen, "bad.json:2:19");
    }
}

/// JSON Schema takes `90.0` for an integer; so must the rules, or the number would count as absent.
#[test]
fn a_whole_number_with_a_point_is_read() {
    for days in ["90", "90.0", "9e1", "0x5a"] {
        let text =
            format!("datamap: 1\ndestinations:\n  - {{id: braze, deletion: {{via: ticket, sla_days: {days}}}}}\n");
        let folder = Folder::with("bad.yaml", text);
        let ran =
            run(folder.path(), &["check", "--format", "json", "--only", "ccpa/deletion-method-missing", "bad.yaml"]);
        let seen = Seen::new(&ran);
        assert_eq!((seen.findings.as_slice(), seen.code), (&["bad.yaml:3:17".to_owned()][..], 1), "{days}: {seen:?}");
    }
}

#[test]
fn repeated_keys_are_problems_in_yaml_and_json() {
    let yaml =
        Folder::with("bad.yaml", "datamap: 1\ndestinations:\n  - id: braze\n    sells: true\n    sells: false\n");
    yaml.beside_the_good_one(&[]).only("bad.yaml:5:5", "the key `sells` is written twice in one mapping");
    let json = "{\"datamap\": 1, \"destinations\": [{\"id\": \"braze\", \"sells\": true,\n  \"\\u0073ells\": false}]}";
    let seen = Folder::with("bad.json", json).beside_the_good_one(&[]);
    seen.only("bad.json:2:3", "the key `sells` is written twice");
}

#[test]
fn an_empty_file_is_a_problem_only_when_it_is_named() {
    for text in ["", "\n \n", "\u{feff}", "\u{feff}\r\n"] {
        let folder = Folder::with("bad.yaml", text);
        folder.beside_the_good_one(&[]).fine(&[]);
        folder.beside_the_good_one(&["bad.yaml", "zz-good.yaml"]).only("bad.yaml:1:1", "the file is empty");
    }
}

#[test]
fn files_of_others_are_passed_over_in_silence() {
    let folder = Folder::with("chart.yaml", "{{- if .Values.x }}\n\tfoo: [\n");
    folder.write("binary.json", b"\x7b\x22a\x22: \x01\x02");
    folder.beside_the_good_one(&[]).fine(&[]);
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn a_loop_of_links_ends_and_reports_nothing_twice() {
        let folder = Folder::with("maps/bad.yaml", "datamap: 1\ndestinations: [{id: braze}]\n");
        symlink("..", folder.path().join("maps/up")).unwrap();
        symlink("self", folder.path().join("self")).unwrap();
        let seen = folder.beside_the_good_one(&[]);
        assert_eq!(seen.findings, ["maps/bad.yaml:2:21", GOOD_FINDING], "{seen:?}");
        assert!(seen.problems.iter().all(|(place, _)| place == "self"), "{seen:?}");
    }

    #[test]
    fn a_link_to_nothing_is_a_problem_when_it_is_named() {
        let folder = Folder::new();
        symlink("nowhere.yaml", folder.path().join("bad.yaml")).unwrap();
        folder.beside_the_good_one(&["bad.yaml", "zz-good.yaml"]).only("bad.yaml", "cannot be read");
    }

    #[test]
    fn an_unreadable_file_is_a_problem() {
        let folder = Folder::with("bad.yaml", GOOD);
        let path = folder.path().join("bad.yaml");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
        if std::fs::read(&path).is_ok() {
            println!("skipped: this user may read what nobody may read");
            return;
        }
        folder.beside_the_good_one(&[]).only("bad.yaml", "cannot be read: Permission denied");
    }

    fn pipe(path: &Path) {
        assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
    }

    #[test]
    fn a_pipe_never_blocks() {
        let folder = Folder::new();
        pipe(&folder.path().join("bad.yaml"));
        folder.beside_the_good_one(&[]).fine(&[]);
        let seen = folder.beside_the_good_one(&["bad.yaml", "zz-good.yaml"]);
        seen.only(
            "bad.yaml",
            "is no regular file | pipes, sockets and devices are not read; use `-` for standard input",
        );
        let included = Folder::with("consentlint.yaml", "include: ['*.pipe']\n");
        pipe(&included.path().join("bad.pipe"));
        included.beside_the_good_one(&[]).only("bad.pipe", "is no regular file");
        let settings = Folder::new();
        pipe(&settings.path().join("consentlint.yaml"));
        settings.beside_the_good_one(&[]).fine(&[]);
    }

    /// Names that steer terminals, break lines, or are no text at all.
    const NAMES: [&[u8]; 7] = [
        b"new\nline.yaml",
        b"escape\x1b[31m.yaml",
        "override\u{202e}lmay.yaml".as_bytes(),
        b"with spaces.yaml",
        b"per%cent%0A::error.yaml",
        b"latin-\xe9.yaml",
        b"next-line-\xc2\x85.yaml",
    ];

    /// Whether a character can steer what shows it.
    fn steers(letter: char) -> bool {
        (letter.is_control() && letter != '\n') || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    }

    #[test]
    fn odd_names_of_files_are_shown_without_effect() {
        let folder = Folder::new();
        for name in NAMES {
            let path = folder.path().join(OsStr::from_bytes(name));
            std::fs::write(path, "datamap: 1\ndestinations:\n  - {id: braze, rule: x}\n").unwrap();
        }
        let seen = folder.beside_the_good_one(&[]);
        assert_eq!(seen.problems.len(), NAMES.len(), "{seen:?}");
        for format in formats() {
            let ran = run(folder.path(), &["check", "--verbose", "--format", format]);
            assert_eq!(ran.code, 2);
            for stream in [&ran.stdout, &ran.stderr] {
                assert!(!stream.contains(steers), "{format}: {:?}", stream.lines().find(|line| line.contains(steers)));
                assert!(!stream.contains("new\nline.yaml"), "{format} breaks a line in a name");
            }
            if format == "github" {
                assert!(ran.stdout.contains("file=per%25cent%250A"), "{}", ran.stdout);
                assert!(ran.stdout.lines().all(|line| !line.starts_with("::error.yaml")), "{}", ran.stdout);
            }
        }
    }

    #[test]
    fn odd_values_are_shown_without_effect() {
        let yaml = "datamap: 1\ndestinations:\n  - {id: \"a\\e[31mb\\u202Ec\\a\", \"k\\e]0;x\\a\\u2066\": 1, role: \"r\\e\"}\n  - id: \"raw\u{202e}override\"\n";
        let folder = Folder::with("bad.yaml", yaml);
        folder.write(
            "bad.json",
            "{\"datamap\": 1, \"destinations\": [{\"id\": \"j\\u001b[0m\\u202e\", \"\\u001bk\": 1}]}",
        );
        for format in formats() {
            let ran = run(folder.path(), &["check", "--format", format]);
            assert_eq!(ran.code, 2);
            let shown = ran.stdout.contains("override") && ran.stdout.contains("bad.json");
            assert!(shown, "{format}: {}", ran.stdout);
            assert!(
                !ran.stdout.contains(steers),
                "{format}: {:?}",
                ran.stdout.lines().find(|line| line.contains(steers))
            );
        }
    }
}

#[test]
fn a_raw_control_character_is_a_problem() {
    let folder = Folder::with("bad.yaml", "datamap: 1\ndestinations:\n  - id: a\u{1b}[31m\n");
    folder.beside_the_good_one(&[]).only("bad.yaml:3:9", "a control character cannot stand here");
}

#[test]
fn a_file_that_is_too_large_is_refused_unread() {
    let folder = Folder::new();
    let path = folder.write("bad.yaml", "datamap: 1\n");
    let file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    file.set_len(513 * 1024 * 1024).unwrap();
    let before = Instant::now();
    folder
        .beside_the_good_one(&[])
        .only("bad.yaml", "is larger than 512 MiB | exclude it in consentlint.yaml, or split it");
    assert!(before.elapsed() < Duration::from_secs(5), "{:?}", before.elapsed());
}

/// A plan whose last property carries a secret, on one line of more than 70 KB.
fn minified() -> String {
    let fillers: String = (0..1_800).map(|n| format!("\"filler_number_{n:05}\":{{\"type\":\"integer\"}},")).collect();
    let properties = format!("{{{fillers}\"social_security_number\":{{\"type\":\"string\"}}}}");
    let schema = format!(
        "{{\"type\":\"object\",\"properties\":{{\"properties\":{{\"type\":\"object\",\"properties\":{properties}}}}}}}"
    );
    format!(
        "{{\"id\":\"tp_1\",\"name\":\"Plan\",\"resourceSchemaId\":\"rs_1\",\"rules\":[{{\"key\":\"Signed Up\",\"type\":\"TRACK\",\"version\":1,\"jsonSchema\":{schema}}}]}}"
    )
}

#[test]
fn a_finding_past_column_65535_is_shown_with_a_short_line() {
    let text = minified();
    let column = text.find("\"social_security_number\"").unwrap() + 1;
    assert!(column > 65_535, "{column}");
    let folder = Folder::with("plan.json", &text);
    let restricted = "ccpa/restricted-field-collected";
    for format in formats() {
        let ran = run(folder.path(), &["check", "--only", restricted, "--format", format]);
        assert_eq!(ran.code, 1, "{format}: {}", ran.stdout);
        assert!(ran.stdout.contains("social_security_number"), "{format}");
        assert!(format == "sarif" || ran.stdout.lines().all(|line| line.chars().count() < 1_000), "{format}");
        let place = match format {
            "json" | "sarif" | "gitlab" => String::new(),
            "markdown" => "plan.json:1".to_owned(),
            "github" => format!("line=1,col={column}"),
            _ => format!("plan.json:1:{column}"),
        };
        assert!(ran.stdout.contains(&place), "{format}: no {place} in {}", ran.stdout);
    }
    folder.beside_the_good_one(&[]);
}

fn event(schema: &str) -> String {
    format!(
        "{{\"id\":\"tp_1\",\"name\":\"Plan\",\"resourceSchemaId\":\"rs_1\",\"rules\":[{{\"key\":\"Signed Up\",\"type\":\"TRACK\",\"version\":1,\"jsonSchema\":{schema}}}]}}"
    )
}

const SSN: &str =
    "\"properties\":{\"properties\":{\"type\":\"object\",\"properties\":{\"ssn\":{\"type\":\"string\"}}}}";

fn restricted(folder: &Folder) -> Seen {
    Seen::new(&run(
        folder.path(),
        &["check", "--format", "json", "--only", "ccpa/restricted-field-collected,ccpa/role-undeclared"],
    ))
}

#[test]
fn a_schema_of_an_unknown_dialect_does_not_end_the_run() {
    for dialect in
        ["iglu:com.example/x/jsonschema/1-0-0", "http://iglucentral.com/schemas/a#", "https://example.com/x", ""]
    {
        let text = event(&format!("{{\"$schema\":\"{dialect}\",\"type\":\"object\",{SSN}}}"));
        let seen = restricted(&Folder::with("plan.json", text));
        let plan: Vec<&String> = seen.findings.iter().filter(|place| place.starts_with("plan.json:1:")).collect();
        assert_eq!((plan.len(), seen.findings.len()), (1, 2), "{dialect}: {seen:?}");
        assert!(!seen.problems.iter().any(|(_, words)| words.contains("failed inside")), "{seen:?}");
    }
}

#[test]
fn a_reference_out_of_the_document_is_never_followed() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let folder = Folder::with("defs.json", "{\"type\":\"object\",\"properties\":{\"ssn\":{\"type\":\"string\"}}}");
    let file = folder.path().join("defs.json").display().to_string();
    for target in [format!("http://{address}/defs.json"), format!("file://{file}"), "defs.json".to_owned()] {
        let schema = format!("{{\"type\":\"object\",\"properties\":{{\"properties\":{{\"$ref\":\"{target}\"}}}}}}");
        folder.write("plan.json", event(&schema));
        let seen = restricted(&folder);
        assert_eq!(seen.findings, [GOOD_FINDING], "{target}: {seen:?}");
    }
    let nobody = listener.accept().map(|_| ()).map_err(|error| error.kind());
    assert_eq!(nobody, Err(std::io::ErrorKind::WouldBlock), "somebody called");
}

#[test]
fn a_reference_to_itself_ends() {
    let schema = format!(
        "{{\"type\":\"object\",{SSN},\"allOf\":[{{\"$ref\":\"#\"}}],\"$defs\":{{\"a\":{{\"$ref\":\"#/$defs/a\"}}}}}}"
    );
    let seen = restricted(&Folder::with("plan.json", event(&schema)));
    assert!(seen.findings.contains(&GOOD_FINDING.to_owned()), "{seen:?}");
    assert_eq!(seen.findings.len(), 2, "{seen:?}");
}

#[test]
fn a_schema_3000_deep_is_refused() {
    let deep = "{\"properties\":{\"a\":".repeat(3_000) + "{}" + &"}}".repeat(3_000);
    let seen = restricted(&Folder::with("plan.json", event(&deep)));
    assert_eq!(seen.findings, [GOOD_FINDING], "{seen:?}");
    assert_eq!(seen.problems.len(), 1, "{seen:?}");
    assert!(seen.problems[0].1.contains("more than 128 levels of nesting"), "{seen:?}");
}

#[test]
fn norway_stays_a_country() {
    let text = "datamap: 1\nbusiness: {regions: [NO, no, on, y]}\ndestinations: [{id: NO}]\n";
    Folder::with("bad.yaml", text).beside_the_good_one(&[]).fine(&["bad.yaml:3:21"]);
    let json = run(Folder::with("bad.yaml", text).path(), &["check", "--format", "json", "--only", RULE]).json();
    assert_eq!(json["findings"][0]["subject"]["id"], "NO", "{json}");
}

#[test]
fn a_yaml_file_of_33000_lines_keeps_its_lines() {
    let filler: String = (0..33_000).map(|n| format!("  - {{match: '*.f{n}', pi: none}}\n")).collect();
    let text = format!("datamap: 1\nfields:\n{filler}destinations:\n  - id: braze\n");
    Folder::with("bad.yaml", text).beside_the_good_one(&[]).fine(&["bad.yaml:33004:9"]);
}

/// A rule of one's own that asks `deny` of every destination.
fn own_rule(deny: &str) -> String {
    format!(
        "title: A rule\nseverity: low\nlaw: ['consentlint: house rule']\ncondition: c\nfor: destination\nwhen: has(destination.purposes)\ndeny: \"{deny}\"\nmessage: m\nhelp: h\nwhy: w\nexamples:\n  - {{title: a, given: 'datamap: 1', flags: [{{line: 1}}]}}\n  - {{title: b, given: 'datamap: 1', flags: []}}\n"
    )
}

#[test]
fn a_rule_of_10_kilobytes_of_dots_is_refused() {
    let folder = Folder::with("consentlint.yaml", "policies: [rules]\n");
    folder.write("rules/house/long.yaml", own_rule(&format!("destination{}", ".a".repeat(5_000))));
    let seen = folder.beside_the_good_one(&[]);
    assert_eq!(seen.problems.len(), 1, "{seen:?}");
    assert!(seen.problems[0].0.starts_with("rules/house/long.yaml:7:"), "{seen:?}");
    assert!(seen.problems[0].1.contains("longer than 2000 bytes"), "{seen:?}");
    for nested in [format!("{}true{}", "(".repeat(900), ")".repeat(900)), format!("{}true", "!".repeat(1_900))] {
        folder.write("rules/house/long.yaml", own_rule(&nested));
        let seen = folder.beside_the_good_one(&[]);
        assert!(seen.problems.iter().all(|(place, _)| place.starts_with("rules/house/long.yaml:7:")), "{seen:?}");
    }
}

#[test]
fn loops_in_loops_meet_the_budget() {
    let folder = Folder::with("consentlint.yaml", "policies: [rules]\n");
    let deny = "destination.purposes.exists(a, destination.purposes.exists(b, destination.purposes.exists(c, a == b && b == c && c == 'never')))";
    folder.write("rules/house/loops.yaml", own_rule(deny));
    let purposes: Vec<String> = (0..400).map(|n| format!("p{n}")).collect();
    let text = format!("datamap: 1\ndestinations:\n  - {{id: braze, purposes: [{}]}}\n", purposes.join(", "));
    folder.write("bad.yaml", text);
    let seen = folder.beside_the_good_one(&["--only", "house/loops"]);
    seen.only("bad.yaml:3:10", "house/loops cannot be judged for destination `braze`");
    assert!(seen.problems[0].1.contains("more than 200000 steps"), "{seen:?}");
}

#[test]
fn standard_input_is_no_safer_than_files() {
    let folder = Folder::new();
    let piped = |text: &str| {
        Seen::new(&common::run_with(folder.path(), &["check", "-", "--format", "json", "--only", RULE], text))
    };
    assert!(piped("").problems[0].1.contains("the file is empty"));
    assert!(piped("datamap: 1\ndestinations: [").problems[0].0.starts_with("stdin.yaml:2"));
    assert_eq!(piped(GOOD).findings, ["stdin.yaml:3:9"]);
}

/// A file that an unfinished download or a bad merge cut off must not pass for none of ours.
#[test]
fn a_vendors_file_that_is_cut_off_is_reported_in_a_folder_too() {
    let cut = [
        ("gtm.json", r#"{"exportFormatVersion": 2, "containerVersion": {"tag": [{"name": "#),
        ("cdn.json", r#"{"integrations": {"Vero": {"consentSettings": {"categories": ["#),
        ("destination.json", r#"{"data": {"destination": {"id": "d", "sourceId": "s", "metadata": {"#),
        ("plan.json", r#"{"version_document": {"data_points": [{"match": {}, "validator": {"#),
        (
            "checkout.json",
            r#"{"$schema": "http://x/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#", "self": {"#,
        ),
        ("rudder.json", r#"{"creationType": "Local", "rules": {"events": [{"eventType": "track", "#),
        ("shop.yaml", "version: rudder/v1\nkind: destination\nspec: {a: \"\n"),
        ("fides.yml", "system:\n  - fides_key: mailer\n    name: \"Mailer\n"),
        ("transcend.yml", "data-silos:\n  - title: \"Orchard\n"),
        ("product.yml", "apiVersion: v1\nresourceType: data-product\ndata: {name: \"\n"),
    ];
    for (name, text) in cut {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), text).unwrap();
        let ran = run(folder.path(), &["check", "--format", "json"]);
        let report = ran.json();
        let files: Vec<&str> =
            report["problems"].as_array().unwrap().iter().filter_map(|one| one["file"].as_str()).collect();
        assert!(files.contains(&name) && ran.code == 2, "{name}: {report:#}");
    }
}
