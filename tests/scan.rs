//! `consentlint scan`: what is found, that no value gets out, and that profiles merge to what one run gives.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests write scratch files, and fail by panicking")]

mod common;

use common::random::Random;
use common::{Ran, run, run_with};
use consentlint::scan::{Fault, Profile, Tally};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::Path;

/// Values that must not be seen again.
const CANARIES: [&str; 9] = [
    "canary.ada@lovelace-canary.example",
    "canarylocal",
    "212-65-8934",
    "4111 1111 1111 1111",
    "+1 415 555 2671",
    "81.2.69.142",
    "37.774929",
    "Canary Lovelace",
    "canary-4711081599",
];

fn messages() -> Vec<Value> {
    let [email, local, ssn, card, phone, ip, latitude, name, id] = CANARIES;
    let refused = json!({"consent": {"categoryPreferences": {"advertising": false, "analytics": true}}, "ip": ip});
    vec![
        json!({"type": "track", "event": "Order Completed", "userId": id, "context": refused,
            "properties": {"note": format!("please write to {email}, not {local}"), "total": 12.5, "name": name},
            "_metadata": {"bundled": ["Facebook Pixel", "Google Ads", "Mixpanel", "Segment.io"]},
            "integrations": {"Mixpanel": false, "Google Ads": {"canary": id}}}),
        json!({"type": "track", "event": "Form Sent", "anonymousId": id, "context": {"library": {"name": "analytics.js"}},
            "properties": {"a": ssn, "b": card, "c": phone, "d": [phone, {"e": email}], "latitude": 37.774929, "w": latitude}}),
        json!({"type": "page", "name": name, "anonymousId": id, "properties": {"title": name, "url": format!("https://x.example/?q={id}")}}),
        json!({"type": "identify", "userId": email, "traits": {email: name, id: 1, "by": {phone: {"x": ssn}}},
            "context": {"consent": {"categoryPreferences": {}}}}),
        json!({"type": "track", "event": format!("Mailed {email}"), "userId": id}),
        json!({"type": "track", "event": format!("Viewed {id}"), "userId": id}),
        json!({"type": "delete", "userId": email}),
    ]
}

fn export() -> String {
    let lines: Vec<String> = messages().iter().map(Value::to_string).collect();
    let [email, ..] = CANARIES;
    format!("{}\n\n{{\"type\": \"track\", \"event\": \"{email}\n[1]\nnot json {email}\n", lines.join("\n"))
}

fn field<'p>(profile: &'p Value, event: &str, path: &str) -> &'p Value {
    let events = profile["events"].as_array().unwrap();
    let event = events.iter().find(|found| found["name"] == event).unwrap();
    event["fields"].as_array().unwrap().iter().find(|field| field["path"] == path).unwrap_or(&Value::Null)
}

fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn pack(text: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

fn stdout(ran: Ran, code: u8) -> String {
    assert_eq!((ran.code, ran.stderr.as_str()), (code, ""), "{}", ran.stdout);
    ran.stdout
}

#[test]
fn what_values_look_like_is_found_in_fields_of_any_name() {
    let folder = scratch();
    let profile = run_with(folder.path(), &["scan", "--format", "json"], &export()).json();
    let looks = |event: &str, path: &str| {
        field(&profile, event, path)["looks"]
            .as_object()
            .map(|looks| looks.keys().cloned().collect::<Vec<_>>())
            .unwrap_or_default()
    };
    assert_eq!(looks("Order Completed", "properties.note"), ["email"]);
    assert_eq!(looks("Order Completed", "context.ip"), ["ip"]);
    assert_eq!(looks("Form Sent", "properties.a"), ["ssn"]);
    assert_eq!(looks("Form Sent", "properties.b"), ["card"]);
    assert_eq!(looks("Form Sent", "properties.d.$"), ["phone"]);
    assert_eq!(looks("Form Sent", "properties.d.$.e"), ["email"]);
    assert_eq!(looks("Form Sent", "properties.latitude"), ["coordinate"]);
    assert_eq!(looks("identify", "userId"), ["email"]);
    assert_eq!(looks("identify", "traits.by.*.x"), ["ssn"]);
    assert!(looks("Form Sent", "properties.w").is_empty() && looks("Order Completed", "properties.total").is_empty());
    assert_eq!(field(&profile, "Order Completed", "properties.total")["types"], json!({"number": 1}));
    assert_eq!(field(&profile, "Form Sent", "properties.d")["types"], json!({"array": 1}));
    let lines = json!({"messages": 6, "other": 1, "blank": 1, "malformed": 3, "not_utf8": 0, "too_long": 0});
    assert_eq!(profile["lines"], lines);
}

#[test]
fn consent_objects_and_destinations_that_refused_messages_reached() {
    let folder = scratch();
    let profile = run_with(folder.path(), &["scan", "--format", "json"], &export()).json();
    let consent = |name: &str| {
        let events = profile["events"].as_array().unwrap();
        events.iter().find(|event| event["name"] == name).unwrap()["consent"].clone()
    };
    let none = json!({"present": 0, "empty": 0, "absent": 0});
    assert_eq!(consent("Order Completed"), json!({"present": 1, "empty": 0, "absent": 0, "client": none}));
    let client = json!({"present": 0, "empty": 0, "absent": 1});
    assert_eq!(consent("Form Sent"), json!({"present": 0, "empty": 0, "absent": 1, "client": client}));
    assert_eq!(consent("identify"), json!({"present": 0, "empty": 1, "absent": 0, "client": none}));
    let answers = json!([{"category": "advertising", "granted": 0, "refused": 1}, {"category": "analytics", "granted": 1, "refused": 0}]);
    assert_eq!(profile["consent"], answers);
    let passed = |destination: &str, evidence: &str| json!({"destination": destination, "category": "advertising", "evidence": evidence, "messages": 1});
    // Mixpanel is turned off by the message.
    let loaded = ["Facebook Pixel", "Google Ads"].map(|name| passed(name, "loaded"));
    assert_eq!(profile["passed"].as_array().unwrap()[..2], loaded);
    let received = run_with(folder.path(), &["scan", "--destination", "aws-s3", "--format", "json"], &export()).json();
    assert!(received["passed"].as_array().unwrap().contains(&passed("aws-s3", "export")), "{}", received["passed"]);
}

#[test]
fn no_value_gets_out() {
    let folder = scratch();
    let path = folder.path().join("events.ndjson");
    fs::write(&path, export()).unwrap();
    let mut said = String::new();
    for arguments in [
        &["scan", "events.ndjson", "--out", "profile.json"][..],
        &["scan", "events.ndjson", "--format", "json"],
        &["scan", "events.ndjson", "--destination", CANARIES[0]],
        &["scan", "--merge", "events.ndjson"],
    ] {
        let ran = run(folder.path(), arguments);
        said.push_str(&(ran.stdout + &ran.stderr));
    }
    said.push_str(&fs::read_to_string(folder.path().join("profile.json")).unwrap());
    assert!(said.contains("Order Completed") && said.contains("a…@a…"), "{said}");
    let parts = CANARIES.iter().flat_map(|canary| canary.split([' ', '@']));
    for canary in parts.filter(|part| part.len() > 4).chain(CANARIES).chain(["Canary", "canary"]) {
        assert!(!said.contains(canary), "{canary}: {said}");
    }
}

#[test]
fn lines_that_are_not_read_are_told_and_nothing_else_stops() {
    let folder = scratch();
    let text = [
        b"{\"type\": \"alias\", \"userId\": \"x\"}\n\xff\n".as_slice(),
        b"{\"a\": 1\n",
        &vec![b' '; 1_100_000],
        b"\n{}",
    ]
    .concat();
    fs::write(folder.path().join("x.ndjson"), text).unwrap();
    let said = stdout(run(folder.path(), &["scan", "x.ndjson"]), 0);
    for expected in [
        "1 no JSON object, 1 not UTF-8, 1 longer than 1 MiB, 1 no call",
        "x.ndjson:2 is not UTF-8",
        "x.ndjson:3 is no JSON object",
        "x.ndjson:4 is longer than 1 MiB",
        "read 1 message of 1 event with 1 field",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
}

#[test]
fn folders_packed_files_and_standard_input_give_the_same() {
    let folder = scratch();
    let text = export();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let exports = folder.path().join("exports/deep");
    fs::create_dir_all(&exports).unwrap();
    fs::write(exports.join("1.json"), lines[..3].concat()).unwrap();
    fs::write(exports.join("1700000000.part.gz"), pack(&lines[3..].concat())).unwrap();
    fs::write(exports.join("notes.txt"), "not read").unwrap();
    let whole = stdout_json(run_with(folder.path(), &["scan", "-", "--format", "json"], &text));
    assert_eq!(stdout_json(run(folder.path(), &["scan", "exports", "--format", "json"])), whole);
    let sample = run(folder.path(), &["scan", "exports", "--sample", "1", "--format", "json"]).json();
    assert_eq!((&sample["sampled"], &sample["lines"]["messages"]), (&json!(true), &json!(2)));
}

fn stdout_json(ran: Ran) -> String {
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout
}

#[test]
fn what_cannot_be_read_is_trouble_and_the_rest_is_read() {
    let folder = scratch();
    fs::create_dir(folder.path().join("empty")).unwrap();
    let packed = pack(&(export() + &export()));
    fs::write(folder.path().join("cut.gz"), &packed[..packed.len() - 30]).unwrap();
    fs::write(folder.path().join("good.json"), export()).unwrap();
    fs::write(folder.path().join("other.json"), "{\"consentlint_profile\": 2}").unwrap();
    let ran = run(folder.path(), &["scan", "missing.json", "empty", "cut.gz", "good.json"]);
    assert_eq!(ran.code, 2);
    for expected in ["missing.json cannot be read", "empty holds no file", "cut.gz cannot be read to its end"] {
        assert!(ran.stderr.contains(expected), "{expected}: {}", ran.stderr);
    }
    assert!(ran.stdout.contains("Order Completed"));
    let ran = run(folder.path(), &["scan", "--merge", "good.json", "other.json"]);
    assert_eq!((ran.code, ran.stderr.matches("is no profile").count()), (2, 2), "{}", ran.stderr);
}

fn tallied(lines: &[Vec<u8>]) -> Profile {
    let mut tally = Tally::new(Some("warehouse"));
    lines.iter().for_each(|line| {
        tally.line(line);
    });
    tally.finish()
}

/// Messages with more fields, events and categories than a profile keeps.
fn many(random: &mut Random) -> Vec<Vec<u8>> {
    let word = |random: &mut Random, below: usize| {
        let letters = b"abcdefghij";
        let mut number = random.below(below);
        let mut word = String::from("k");
        while number > 0 {
            word.push(char::from(letters[number % 10]));
            number /= 10;
        }
        word
    };
    let line = |random: &mut Random| {
        let mut properties = serde_json::Map::new();
        for _ in 0..12 {
            properties.insert(word(random, 3_000), json!(random.below(5)));
        }
        properties.insert("email".into(), json!("ada@example.com"));
        properties.insert("deep".into(), json!({word(random, 90_000): {word(random, 9): ["x", 1, null]}}));
        let categories = json!({word(random, 1_500): random.below(2) == 0, word(random, 4): false});
        let message = json!({"type": "track", "event": word(random, 50_000), "properties": properties,
            "context": {"consent": {"categoryPreferences": categories}}, "_metadata": {"bundled": [word(random, 40)]}});
        message.to_string().into_bytes()
    };
    (0..5_000).map(|_| line(random)).collect()
}

#[test]
fn parts_merge_to_what_one_run_gives_beyond_the_caps_too() {
    let mut random = Random(7);
    let lines = many(&mut random);
    let whole = tallied(&lines);
    assert!(whole.events.more && whole.fields.more && whole.categories.more);
    for cuts in [1, 9] {
        let mut parts: Vec<Profile> = Vec::new();
        let mut rest = lines.as_slice();
        for _ in 0..cuts {
            let (part, after) = rest.split_at(random.below(rest.len() + 1));
            parts.push(tallied(part));
            rest = after;
        }
        parts.push(tallied(rest));
        let mut sum = Profile::default();
        while !parts.is_empty() {
            let part = parts.swap_remove(random.below(parts.len()));
            // Written and read again, as on another machine.
            let mut read = Vec::new();
            Profile::read_all(part.to_line().unwrap().as_bytes(), |part| read.push(part)).unwrap();
            assert!(read == [part]);
            read.into_iter().for_each(|part| sum.add(part));
        }
        assert!(sum == whole && sum.to_page().unwrap() == whole.to_page().unwrap(), "{cuts} cuts");
    }
}

#[test]
fn a_line_is_read_when_a_strict_reader_of_json_reads_it() {
    let mut random = Random(11);
    let lines: Vec<Vec<u8>> = messages().iter().map(|message| message.to_string().into_bytes()).collect();
    let odd = [r#"{"type":"track","a":"\ud83d\ude00\n\u0040","b":-0.5e+3,"c":[[],{}],"d":[true,false,null]}"#];
    let lines: Vec<Vec<u8>> = lines.into_iter().chain(odd.map(|line| line.as_bytes().to_vec())).collect();
    let (mut read, mut broken) = (0, 0);
    for _ in 0..12_000 {
        let mut line = lines[random.below(lines.len())].clone();
        for _ in 0..random.below(3) {
            let at = random.below(line.len());
            match random.below(3) {
                0 => line[at] = b"{}[]\",:\\0-.eEtn \t\x01u"[random.below(19)],
                1 => drop(line.remove(at)),
                _ => line.truncate(at + 1),
            }
        }
        let strict = serde_json::from_slice::<Value>(&line);
        let fault = Tally::new(None).line(&line);
        let text = String::from_utf8_lossy(&line).into_owned();
        // Half a surrogate pair and numbers beyond those of a machine are JSON by its grammar.
        let beyond = strict.as_ref().is_err_and(|error| {
            let said = error.to_string();
            said.contains("surrogate")
                || said.contains("number out of range")
                || said.contains("unexpected end of hex escape")
        });
        match strict {
            _ if beyond => {}
            Ok(Value::Object(_)) => {
                assert_eq!(fault, None, "{text}");
                read += 1;
            }
            _ if line.iter().all(u8::is_ascii_whitespace) => {}
            Ok(_) | Err(_) => {
                assert_eq!(fault, Some(Fault::Malformed), "{text}");
                broken += 1;
            }
        }
    }
    assert!(read > 2_000 && broken > 2_000, "{read} {broken}");
}

#[test]
fn only_the_named_file_is_written() {
    let folder = scratch();
    fs::write(folder.path().join("x.json"), export()).unwrap();
    stdout(run(folder.path(), &["scan", "x.json"]), 0);
    let names = |folder: &Path| common::files(folder).len();
    assert_eq!(names(folder.path()), 1);
    stdout(run(folder.path(), &["scan", "x.json", "--out", "p.json"]), 0);
    assert_eq!(names(folder.path()), 2);
    let again = run(folder.path(), &["scan", "--merge", "p.json", "--format", "json"]);
    let whole = run(folder.path(), &["scan", "x.json", "--format", "json"]);
    assert_eq!(again.stdout, whole.stdout);
}

#[test]
fn check_reads_a_profile_and_judges_drift() {
    let folder = scratch();
    let [email, ..] = CANARIES;
    let map = "datamap: 1\ndestinations:\n  - {id: mixpanel, role: service_provider}\nevents:\n  - name: Form Sent\n    properties:\n      - {name: note, pi: none}\n";
    fs::write(folder.path().join("map.yaml"), map).unwrap();
    let message =
        |note: &str| json!({"type": "track", "event": "Form Sent", "properties": {"note": note, "zq_17": note.len()}});
    let lines: Vec<String> =
        ["x", "y", &format!("ask {email} about it")].iter().map(|note| message(note).to_string()).collect();
    fs::write(folder.path().join("events.log"), lines.join("\n")).unwrap();
    stdout(run(folder.path(), &["scan", "events.log", "--out", "profile.json"]), 0);
    let arguments = ["check", ".", "--only", "ccpa/classification-conflict,ccpa/field-unplanned", "--format", "json"];
    let report = run(folder.path(), &arguments).json();
    let found: Vec<(&str, &str, &str)> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let text = |value: &'_ Value| value.as_str().unwrap().to_owned().leak() as &str;
            (text(&finding["rule"]), text(&finding["file"]), text(&finding["message"]))
        })
        .collect();
    assert_eq!(found.len(), 2, "{report:#}");
    assert!(
        found.iter().any(|(rule, path, _)| (*rule, *path) == ("ccpa/classification-conflict", "map.yaml")),
        "{found:?}"
    );
    assert!(
        found.iter().any(|(rule, path, message)| (*rule, *path) == ("ccpa/field-unplanned", "profile.json")
            && message.contains("zq_17"))
    );
    let human = run(folder.path(), &["check", ".", "--only", "ccpa/classification-conflict"]).stdout;
    assert!(human.contains("in real events: an e-mail address in 1 of 3 values"), "{human}");
    assert!(human.contains("profile.json:") && !human.contains(email), "{human}");
}
