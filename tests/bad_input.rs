//! Bad input: a clear problem for each, and the good file beside it is still checked.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests make files")]

mod common;

use common::{Ran, run};
use std::path::Path;
use tempfile::TempDir;

const GOOD: &str = "datamap: 1\ndestinations:\n  - id: mixpanel\n";
const ROLE: &str = "ccpa/role-undeclared";

fn folder(name: &str, bytes: &[u8]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    std::fs::write(folder.path().join("good.yaml"), GOOD).unwrap();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    folder
}

fn check(folder: &Path, paths: &[&str]) -> Ran {
    run(folder, &[&["check", "--format", "json", "--only", ROLE], paths].concat())
}

/// The good file is judged whatever stands beside it.
fn good_is_judged(ran: &Ran) {
    let report = ran.json();
    let found = report["findings"].as_array().unwrap();
    assert!(found.iter().any(|finding| finding["file"] == "good.yaml"), "{report:#}");
}

/// The bad file, named, gives this problem at this line, exit code 2, and the good one is judged.
fn problem(name: &str, bytes: &[u8], line: Option<u64>, part: &str) {
    let folder = folder(name, bytes);
    let ran = check(folder.path(), &["good.yaml", name]);
    good_is_judged(&ran);
    assert_eq!(ran.code, 2, "{name}");
    let report = ran.json();
    let problems = report["problems"].as_array().unwrap();
    let said = |problem: &&serde_json::Value| format!("{} {}", problem["message"], problem["help"]).contains(part);
    let found = problems.iter().find(said).unwrap_or_else(|| panic!("{name}: {part}: {report:#}"));
    assert_eq!(found["start"]["line"].as_u64(), line, "{name}: {found:#}");
}

#[test]
fn encodings_that_are_not_utf8() {
    problem("bad.yaml", b"datamap: 1\nx: \xff\n", None, "invalid byte at offset 14 (line 2)");
    problem("bad.yaml", &[0xff, 0xfe, b'a', 0], None, "is UTF-16");
}

#[test]
fn marks_carriage_returns_and_tabs() {
    let folder = folder("marks.yaml", "\u{feff}datamap: 1\r\ndestinations:\r\n  - {id: é, enabled: 1}\r\n".as_bytes());
    let ran = check(folder.path(), &["good.yaml", "marks.yaml"]);
    let report = ran.json();
    assert_eq!(
        (&report["problems"][0]["start"]["line"], &report["problems"][0]["start"]["column"]),
        (&3.into(), &22.into())
    );
    good_is_judged(&ran);
    problem("tabs.yaml", b"datamap: 1\ndestinations:\n\t- id: a\n", Some(3), "spaces");
}

#[test]
fn nesting_and_expansion_beyond_all_use() {
    let lists = "[".repeat(100_000);
    problem("deep.yaml", format!("datamap: 1\nx-a: {lists}").as_bytes(), Some(2), "nest");
    problem("deep.json", format!("{{\"datamap\": 1, \"x-a\": {lists}").as_bytes(), Some(1), "nest");
    problem("maps.yaml", format!("datamap: 1\nx-a: {}", "{a: ".repeat(50_000)).as_bytes(), Some(2), "nest");
    let mut bomb = "datamap: 1\nx-a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        bomb += &format!("x-a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 9].join(", "));
    }
    problem("bomb.yaml", bomb.as_bytes(), Some(8), "aliases in this document");
    problem("self.yaml", b"datamap: 1\nx-a: &a [*a]\n", Some(2), "alias");
    problem("undefined.yaml", b"datamap: 1\nx-a: *nowhere\n", Some(2), "nowhere");
}

#[test]
fn keys_written_twice_in_both_syntaxes() {
    problem("twice.yaml", b"datamap: 1\nbusiness: {name: a, name: b}\n", Some(2), "`name` is written twice");
    problem("twice.json", b"{\"datamap\": 1,\n \"datamap\": 1}", Some(2), "`datamap` is written twice");
}

#[test]
fn values_of_the_wrong_kind() {
    problem("huge.yaml", b"datamap: 1\ndestinations: [{id: a, retention_days: 1e400}]\n", Some(2), "integer");
    problem("no.yaml", b"datamap: 1\ndestinations:\n  - {id: a, sells: NO}\n", Some(3), "`NO` is a string");
    problem("empty.yaml", b"", Some(1), "empty");
    problem("version.yaml", b"datamap: 2\n", Some(1), "1");
    problem("list.yaml", b"- datamap: 1\n", Some(1), "none of the formats");
}

#[test]
fn huge_whole_numbers_are_numbers() {
    let text = "datamap: 1\ndestinations:\n  - {id: a, retention_days: 99999999999999999999999999}\n";
    let folder = folder("huge.yaml", text.as_bytes());
    assert_ne!(check(folder.path(), &[]).code, 0);
}

#[cfg(unix)]
#[test]
fn files_that_are_no_files() {
    let folder = folder("x.yaml", GOOD.replace("mixpanel", "braze").as_bytes());
    std::os::unix::fs::symlink(".", folder.path().join("loop")).unwrap();
    std::os::unix::fs::symlink("gone.yaml", folder.path().join("dangling.yaml")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(folder.path().join("pipe.yaml")).status().unwrap();
    assert!(made.success());
    let ran = check(folder.path(), &["."]);
    good_is_judged(&ran);
    let report = ran.json();
    assert_eq!(report["findings"].as_array().unwrap().len(), 2, "a loop shows nothing twice: {report:#}");
    assert!(report["problems"].to_string().contains("dangling.yaml"), "{report:#}");
    let named = check(folder.path(), &["good.yaml", "pipe.yaml"]);
    assert!(named.json()["problems"].to_string().contains("no regular file"));
    good_is_judged(&named);
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder("secret.yaml", GOOD.as_bytes());
    let path = folder.path().join("secret.yaml");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(&path).is_ok() {
        println!("skipped: this user may read everything");
        return;
    }
    let ran = check(folder.path(), &[]);
    assert!(ran.json()["problems"].to_string().contains("cannot be read"));
    good_is_judged(&ran);
}

#[test]
fn a_file_of_a_gigabyte_is_refused_at_once() {
    let folder = folder("big.yaml", b"datamap: 1\n");
    let file = std::fs::OpenOptions::new().write(true).open(folder.path().join("big.yaml")).unwrap();
    file.set_len(1 << 30).unwrap();
    let ran = check(folder.path(), &[]);
    assert!(ran.json()["problems"].to_string().contains("larger than 512 MiB"));
    good_is_judged(&ran);
}

/// No output may carry a character that steers a terminal or turns the reading direction.
fn steers(text: &str) -> bool {
    text.chars().any(|c| {
        (c.is_control() && c != '\n')
            || ('\u{202a}'..='\u{202e}').contains(&c)
            || ('\u{2066}'..='\u{2069}').contains(&c)
    })
}

#[cfg(unix)]
#[test]
fn odd_names_and_odd_text_steer_nothing() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder("x.yaml", b"datamap: 1\ndestinations:\n  - {id: \"a\\e[31m\\u202eb\", rol\\u202ee: x}\n");
    let odd: [&[u8]; 3] = [b"evil\n::error::x\x1b[31m.yaml", b"100% a:b,c.yaml", b"not-utf8-\xff.yaml"];
    for name in odd {
        std::fs::write(folder.path().join(std::ffi::OsStr::from_bytes(name)), GOOD.replace("mixpanel", "braze"))
            .unwrap();
    }
    std::fs::write(folder.path().join("\u{202e}lmay.yaml"), GOOD.replace("mixpanel", "braze")).unwrap();
    for output in consentlint::output::OUTPUTS {
        let ran = run(folder.path(), &["check", "--format", output.name, "--only", ROLE]);
        assert!(!steers(&ran.stdout), "{}: {:?}", output.name, ran.stdout);
        assert!(ran.stdout.contains("good.yaml"), "{}", output.name);
        assert!(!ran.stdout.lines().any(|line| line.starts_with("::error::x")), "{}", output.name);
    }
}

fn plan(schema: &str) -> String {
    format!("{{\"rules\": [{{\"key\": \"E\", \"type\": \"TRACK\", \"jsonSchema\": {schema}}}]}}")
}

#[test]
fn schemas_inside_plans_that_are_not_what_they_seem() {
    let iglu = plan(
        "{\"$schema\": \"iglu:com.x/y/jsonschema/1-0-0\", \"type\": \"object\", \"properties\": {\"email\": {\"type\": \"string\"}}}",
    );
    let remote = plan(
        "{\"type\": \"object\", \"properties\": {\"email\": {\"$ref\": \"http://127.0.0.1:1/x.json\"}, \"file\": {\"$ref\": \"file:///etc/passwd\"}}}",
    );
    for text in [iglu, remote] {
        let folder = folder("plan.json", text.as_bytes());
        let ran = run(
            folder.path(),
            &["check", "--format", "json", "--only", "ccpa/notice-category-undisclosed", "plan.json"],
        );
        let report = ran.json();
        assert_eq!(report["findings"].as_array().unwrap().len(), 1, "{report:#}");
        assert_eq!(report["summary"]["events"], 1);
    }
    problem("plan.json", plan("{\"type\": \"objekt\"}").as_bytes(), Some(1), "objekt");
    let deep = format!("{}{}", "{\"type\": \"object\", \"properties\": {\"a\": ".repeat(3_000), "{}}}".repeat(3_000));
    problem("plan.json", plan(&deep).as_bytes(), Some(1), "nest");
}

#[test]
fn a_finding_far_along_one_line_is_shown() {
    let many: Vec<String> = (0..3_000).map(|index| format!("\"property_{index}\":{{\"type\":\"string\"}}")).collect();
    let text = plan(&format!(
        "{{\"type\":\"object\",\"properties\":{{{},\"email\":{{\"type\":\"string\"}}}}}}",
        many.join(",")
    ));
    assert!(text.len() > 70_000);
    let folder = folder("plan.json", text.as_bytes());
    let ran = run(folder.path(), &["check", "plan.json", "--only", "ccpa/notice-category-undisclosed"]);
    assert!(ran.stdout.contains("`email` of E"), "{}", ran.stdout);
    assert!(ran.stdout.len() < 5_000, "the line is cropped");
}

#[test]
fn a_file_of_many_lines_is_read_to_its_end() {
    let many: String = (0..33_000).map(|index| format!("  - {{id: d{index}, role: internal}}\n")).collect();
    let folder = folder("long.yaml", format!("datamap: 1\ndestinations:\n{many}  - id: last\n").as_bytes());
    let ran = check(folder.path(), &["long.yaml"]);
    assert_eq!(ran.json()["findings"][0]["start"]["line"], 33_003);
}
