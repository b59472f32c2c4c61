//! `consentlint scan` on hostile exports, and from generated events to findings of `check`.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests write scratch files, and fail by panicking")]

mod common;

use common::random::Random;
use common::{Ran, root, run, run_with};
use consentlint::scan::{Export, How, Profile, Tally, read};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

fn pack(text: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}

fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn clean(ran: Ran) -> String {
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    ran.stdout
}

fn profile_of(lines: &[&[u8]]) -> Value {
    let mut tally = Tally::new(None);
    lines.iter().for_each(|line| {
        tally.line(line);
    });
    serde_json::from_str(&tally.finish().to_line().unwrap()).unwrap()
}

fn paths(profile: &Value) -> Vec<&str> {
    let events = profile["events"].as_array().unwrap().iter();
    events.flat_map(|event| event["fields"].as_array().unwrap()).map(|field| field["path"].as_str().unwrap()).collect()
}

// From generated events to findings.

const PLANTED: &str = "ada.planted@lovelace.example";

/// Messages of the events that the plan of `fixtures/shop-broken` lists; with an e-mail address in a free text, and as a key.
fn shop_messages() -> Vec<String> {
    let text = fs::read_to_string(root().join("fixtures/shop-broken/plans/shop.json")).unwrap();
    let plan: Value = serde_json::from_str(&text).unwrap();
    let rules: Vec<&Value> = plan["data"]["trackingPlan"]["rules"]
        .as_array()
        .or_else(|| plan["data"]["rules"].as_array())
        .unwrap()
        .iter()
        .filter(|rule| rule["type"] == "TRACK")
        .collect();
    assert!(rules.len() > 1, "{plan:#}");
    let mut random = Random(3);
    let mut lines = Vec::new();
    for at in 0..400 {
        let rule = rules[at % rules.len()];
        let planned = rule["jsonSchema"]["properties"]["properties"]["properties"].as_object().unwrap();
        let mut properties = serde_json::Map::new();
        for (name, schema) in planned {
            let kind = schema["type"].as_str().or(schema["type"][0].as_str()).unwrap_or("string");
            let value = match kind {
                "number" => json!(random.below(10_000) as f64 / 100.0),
                "integer" => json!(random.below(100)),
                "boolean" => json!(random.below(2) == 0),
                "array" => json!([]),
                "object" => json!({}),
                _ => json!(["blue", "large", "cotton"][random.below(3)]),
            };
            properties.insert(name.clone(), value);
        }
        let note =
            if at % 25 == 7 { format!("please mail {PLANTED} before") } else { "leave it at the door".to_owned() };
        properties.insert("search_query".into(), json!(note));
        if at % 100 == 3 {
            properties.insert("by_person".into(), json!({PLANTED: {"visits": at}}));
        }
        let message = json!({"type": "track", "event": rule["key"], "anonymousId": format!("{at:08x}-9a4e"),
            "context": {"library": {"name": "analytics.js"}}, "properties": properties});
        lines.push(message.to_string());
    }
    lines
}

#[test]
fn a_planted_address_is_found_in_the_shop_and_parts_merge_to_the_whole() {
    let folder = scratch();
    let at = |name: &str| folder.path().join(name);
    let lines = shop_messages();
    fs::write(at("all.ndjson"), lines.join("\n")).unwrap();
    for (part, lines) in lines.chunks(93).enumerate() {
        fs::write(at(&format!("{part}.gz")), pack(lines.join("\n").as_bytes())).unwrap();
        clean(run(folder.path(), &["scan", &format!("{part}.gz"), "--out", &format!("part-{part}.json")]));
    }
    let said = clean(run(folder.path(), &["scan", "all.ndjson", "--out", "whole.json"]));
    assert!(said.contains("properties.search_query of `Product Viewed`"), "{said}");
    assert!(said.contains("an e-mail address: ") && said.contains("a… a… a….a…@a….a… a…"), "{said}");
    let parts = ["part-4.json", "part-0.json", "part-2.json", "part-1.json", "part-3.json"];
    clean(run(folder.path(), &[&["scan", "--merge", "--out", "merged.json"][..], &parts].concat()));
    let whole = fs::read_to_string(at("whole.json")).unwrap();
    assert_eq!(fs::read_to_string(at("merged.json")).unwrap(), whole);
    assert!(whole.contains("properties.by_person.*.visits"), "{whole}");
    for said in [&said, &whole] {
        assert!(!said.contains("planted") && !said.contains("lovelace"), "{said}");
    }
}

#[test]
fn a_profile_of_the_shop_gives_the_findings_of_drift() {
    let folder = scratch();
    let shop = root().join("fixtures/shop-broken");
    for file in common::files(&shop) {
        let to = folder.path().join(file.strip_prefix(&shop).unwrap());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(&file, to).unwrap();
    }
    let check = |folder: &Path| -> Vec<(String, String, bool)> {
        let report = run(folder, &["check", ".", "--format", "json"]).json();
        assert_eq!(report["problems"], json!([]), "{report:#}");
        let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or("").to_owned();
        let findings = report["findings"].as_array().unwrap().iter();
        findings.map(|f| (text(f, "rule"), text(f, "message"), text(f, "file") == "profile.json")).collect()
    };
    let before = check(folder.path());
    clean(run_with(folder.path(), &["scan", "--out", "profile.json"], &shop_messages().join("\n")));
    let after = check(folder.path());
    // What drifted is added to what one finding names, or is told by itself where it was implicit context.
    let kept = |rule: &str| {
        let told = |name: &str| after.iter().any(|(rule, ..)| rule == name);
        told(rule) || rule == "ccpa/notice-context-undisclosed" && told("ccpa/notice-category-undisclosed")
    };
    assert!(before.iter().all(|(rule, ..)| kept(rule)) && after.len() > before.len(), "a profile hides nothing");
    let fresh: Vec<_> = after.iter().filter(|finding| !before.contains(finding)).collect();
    let unplanned = |(rule, message, drifted): &&&(String, String, bool)| {
        rule == "ccpa/field-unplanned" && *drifted && message.contains("`search_query`")
    };
    assert_eq!(fresh.iter().filter(unplanned).count(), 2, "{fresh:#?}");
    let spread = |(rule, message, _): &&&(String, String, bool)| {
        rule == "ccpa/incompatible-purpose" && message.contains("`search_query` of Order Completed")
    };
    assert_eq!(fresh.iter().filter(spread).count(), 2, "who receives it is told: {fresh:#?}");
    assert!(fresh.iter().all(|(_, message, _)| !message.contains("planted")), "{fresh:#?}");
}

// What is read, and what is not.

#[test]
fn what_stands_before_the_end_of_a_broken_gz_file_is_counted() {
    let folder = scratch();
    let line =
        |at: usize| format!("{{\"type\":\"track\",\"event\":\"A\",\"properties\":{{\"x\":\"{:x}\"}}}}\n", at * 7_919);
    let text: String = (0..40_000).map(line).collect();
    let packed = pack(text.as_bytes());
    fs::write(folder.path().join("cut.gz"), &packed[..packed.len() / 2]).unwrap();
    let ran = run(folder.path(), &["scan", "cut.gz", "--format", "json"]);
    assert!(ran.code == 2 && ran.stderr.contains("cut.gz cannot be read to its end"), "{}", ran.stderr);
    let lines = &ran.json()["lines"];
    assert!(lines["messages"].as_u64().unwrap() > 15_000 && lines["malformed"] == 0, "{lines}");
}

#[test]
fn members_of_a_gz_file_are_read_on_and_standard_input_may_be_packed() {
    let folder = scratch();
    let members =
        [pack(b"{\"type\":\"page\"}\n{\"type\":\"pa"), pack(b"ge\"}\n"), pack(b"{\"type\":\"alias\"}")].concat();
    fs::write(folder.path().join("members.gz"), &members).unwrap();
    fs::write(folder.path().join("unnamed.json"), &members).unwrap();
    for name in ["members.gz", "unnamed.json"] {
        let profile = run(folder.path(), &["scan", name, "--format", "json"]).json();
        assert_eq!((&profile["lines"]["messages"], &profile["lines"]["malformed"]), (&json!(3), &json!(0)), "{name}");
    }
    let mut stream = members.as_slice();
    let bytes = AtomicU64::new(0);
    let how = How { threads: 2, ..How::default() };
    let outcome = read(vec![Export::Stream(&mut stream)], how, &bytes);
    assert_eq!((outcome.profile.lines.messages, outcome.unread.len()), (3, 0));
    assert_eq!(bytes.load(Ordering::Relaxed), members.len() as u64);
    fs::write(folder.path().join("text.gz"), "{\"type\":\"page\"}").unwrap();
    assert_eq!(run(folder.path(), &["scan", "text.gz"]).code, 2, "it says that it is packed");
}

#[test]
fn few_bytes_that_unpack_to_many_take_no_memory() {
    let folder = scratch();
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    let blank = vec![b' '; 1024 * 1024];
    (0..200).for_each(|_| packed.write_all(&blank).unwrap());
    packed.write_all(b"\n{\"type\":\"page\"}\n").unwrap();
    fs::write(folder.path().join("bomb.gz"), packed.finish().unwrap()).unwrap();
    let lines = run(folder.path(), &["scan", "bomb.gz", "--format", "json"]).json()["lines"].clone();
    assert_eq!((&lines["too_long"], &lines["messages"]), (&json!(1), &json!(1)));
}

/// A line of a gigabyte, and one message.
struct Huge(u64);

impl Read for Huge {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.0 == 0 {
            return Ok(0);
        }
        let count = buffer.len().min(usize::try_from(self.0).unwrap());
        buffer[..count].fill(b'{');
        self.0 -= count as u64;
        if self.0 == 0 {
            let end = b"\n{\"type\":\"page\"}\n";
            self.0 = 0;
            let end_at = count.saturating_sub(end.len());
            buffer[end_at..count].copy_from_slice(&end[..count - end_at]);
        }
        Ok(count)
    }
}

#[test]
fn a_line_of_a_gigabyte_is_passed_over() {
    let mut huge = Huge(1 << 30);
    let outcome = read(vec![Export::Stream(&mut huge)], How { threads: 2, ..How::default() }, &AtomicU64::new(0));
    assert_eq!((outcome.profile.lines.too_long, outcome.profile.lines.messages), (1, 1));
}

#[test]
fn marks_of_order_ends_of_windows_and_nuls_are_told_apart() {
    let deep = |depth: usize| {
        format!("{{\"type\":\"page\",\"properties\":{}1{}}}", "[".repeat(depth), "]".repeat(depth)).into_bytes()
    };
    let profile = profile_of(&[
        b"\xef\xbb\xbf{\"type\":\"page\"}\r",
        b"{\"type\":\"page\"}\r",
        b"\r",
        b"\0",
        b"{\"type\":\"page\",\"a\":\"\0\"}",
        b"{\"type\":\"page\"}\0",
        b"{\"type\":\"page\",\"a\":\"\xc3\"}",
        &deep(60),
        &deep(100_000),
    ]);
    let expected = json!({"messages": 3, "other": 0, "blank": 1, "malformed": 4, "not_utf8": 1, "too_long": 0});
    assert_eq!(profile["lines"], expected);
}

#[test]
fn of_two_equal_keys_the_last_one_counts() {
    let profile = profile_of(&[
        br#"{"type":"page","type":"track","event":"A","event":"B",
            "context":{"consent":{"categoryPreferences":{"ads":false}},"library":{"name":"analytics.js"}},
            "context":{"consent":{"categoryPreferences":{"ads":true,"ads":true}}},
            "_metadata":{"bundled":["Pixel"]},"_metadata":{"bundled":[]},
            "integrations":{"All":false},"integrations":{}}"#,
        br#"{"type":"track","type":7,"event":"C"}"#,
        br#"{"type":"track","event":"D","context":{"consent":{"categoryPreferences":{"ads":false}}},"context":{},
            "_metadata":{"bundled":["Pixel"]}}"#,
    ]);
    let events: Vec<&str> =
        profile["events"].as_array().unwrap().iter().map(|event| event["name"].as_str().unwrap()).collect();
    assert_eq!(events, ["B", "D"]);
    assert_eq!(profile["lines"]["other"], 1);
    assert_eq!(profile["consent"], json!([{"category": "ads", "granted": 1, "refused": 0}]));
    assert_eq!(profile["passed"], json!([]));
    assert_eq!(profile["events"][0]["consent"]["client"]["present"], 0);
    assert_eq!(profile["events"][1]["consent"]["absent"], 1);
}

#[test]
fn keys_that_hold_values_are_not_kept_however_they_are_written() {
    let profile = profile_of(&[
        br#"{"type":"track","event":"A","properties":{"ada\u0040example.com":1,"ada%40example.com":1,"cus_NffrFeUfNV2Hib":1,
            "212-65-8934":1,"8.8.8.8":1,"https://x.example/ada":1,"a\u0000b":1,"note":{"deep":{"Ada@Example.Org":[{"x":1}]}}}}"#,
        br#"{"type":"track","event":"Order 4711 of ada@example.com","properties":{"x":1}}"#,
        br#"{"type":"track","event":"Order 4711","integrations":{"ada@example.com":true},"properties":{"y":1},
            "context":{"consent":{"categoryPreferences":{"ada@example.com":false}}},"_metadata":{"bundled":["ada@example.com"]}}"#,
    ]);
    let found = paths(&profile);
    let expected = ["properties", "properties.*", "properties.note", "properties.note.deep", "properties.note.deep.*"];
    assert!(expected.iter().all(|path| found.contains(path)), "{found:?}");
    let said = profile.to_string().to_lowercase();
    for canary in ["ada", "8934", "8.8", "nffr", "4711", "example"] {
        assert!(!said.contains(canary), "{canary}: {profile:#}");
    }
    assert!(said.contains("\"order *\""), "{said}");
}

#[test]
fn numbers_that_are_only_like_cards_and_telephones_raise_nothing() {
    let mut lines = Vec::new();
    for at in 0..4_000_u64 {
        let message = json!({"type": "track", "event": "A", "properties": {
            "sent_at": 1_700_000_000_000 + at * 997, "micros": 1_700_000_000_000_000_u64 + at * 7_919,
            "order": format!("112-{:07}-{:07}", at * 31 % 10_000_000, at * 7_919 % 10_000_000), "price": format!("{}.99", at),
            "sku": format!("{:09}", 100_000_000 + at * 7_919), "zip4": format!("{:05}-{:04}", at, at), "day": "20260131",
            "version": "120.0.6099.129", "chrome": "120.0.0.0", "isbn": "978-0-306-40615-7", "range": "2024-2026",
            "trace": format!("{:032x}", u128::from(at) * 0x1234_5678_9abc_def1_2345), "offset": "+0100", "number": at * 1_000_003,
            "package": "jquery@3.6.0", "icon": "cart@2x.png", "handle": "@ada", "hex": format!("{:016x}", at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 1),
        }});
        lines.push(message.to_string().into_bytes());
    }
    let borrowed: Vec<&[u8]> = lines.iter().map(Vec::as_slice).collect();
    let profile = profile_of(&borrowed);
    let fields = profile["events"][0]["fields"].as_array().unwrap();
    let looks: Vec<_> = fields.iter().filter(|field| !field["looks"].is_null()).collect();
    let harmless = |field: &&&Value| field["looks"].as_object().unwrap().keys().all(|look| look == "ip_local");
    assert!(looks.iter().all(|field| harmless(&field)), "{looks:#?}");
}

// Merging.

/// Messages that share names, values and lacks of all kinds.
fn mixed(random: &mut Random) -> String {
    let word = |random: &mut Random, most: usize| {
        format!("k{}", ["a", "b", "c", "d", "é", "f.g", "$", "*"][random.below(most)])
    };
    let values =
        ["ada@example.com", "x", "10.0.0.1", "8.8.8.8", "415-555-2671", "4111 1111 1111 1111", "", "ünï@exämple.de"];
    let library = ["analytics.js", "analytics-node"][random.below(2)];
    let mut properties = serde_json::Map::new();
    for _ in 0..random.below(5) {
        let value = json!(values[random.below(values.len())]);
        let value =
            [value.clone(), json!([value, 1]), json!({word(random, 8): value}), json!(null)][random.below(4)].clone();
        properties.insert(word(random, 8), value);
    }
    let call = ["track", "page", "identify", "odd"][random.below(4)];
    let mut message = json!({"type": call,
        "event": format!("Event {}", random.below(9) * 1_111), "properties": properties,
        "context": {"library": {"name": library}}, "_metadata": {"bundled": ["Pixel", "Ads"]}});
    if random.below(3) > 0 {
        message["context"]["consent"] = json!({"categoryPreferences": {word(random, 3): random.below(2) == 0}});
    }
    match random.below(20) {
        0 => "not json".to_owned(),
        1 => String::new(),
        _ => message.to_string(),
    }
}

#[test]
fn any_split_order_and_grouping_of_parts_gives_the_single_run_byte_for_byte() {
    let mut random = Random(23);
    for round in 0..40 {
        let sample: Vec<&str> = if round % 2 == 0 { vec![] } else { vec!["--sample", "7"] };
        let folder = scratch();
        let files: Vec<String> = (0..1 + random.below(5)).map(|file| format!("{file}.ndjson")).collect();
        for file in &files {
            let lines: Vec<String> = (0..random.below(20)).map(|_| mixed(&mut random)).collect();
            fs::write(folder.path().join(file), lines.join("\n")).unwrap();
        }
        let scan = |files: &[String], out: &str| {
            let files = files.iter().map(String::as_str);
            let all: Vec<&str> =
                ["scan", "--out", out].into_iter().chain(sample.iter().copied()).chain(files).collect();
            clean_or_faults(run(folder.path(), &all));
            fs::read_to_string(folder.path().join(out)).unwrap()
        };
        let merge = |parts: &[String], out: &str| {
            let parts = parts.iter().map(String::as_str);
            let all: Vec<&str> = ["scan", "--merge", "--out", out].into_iter().chain(parts).collect();
            clean(run(folder.path(), &all));
            fs::read_to_string(folder.path().join(out)).unwrap()
        };
        let whole = scan(&files, "whole.json");
        assert_eq!(merge(&["whole.json".to_owned()], "again.json"), whole, "one part is itself");
        let mut parts = Vec::new();
        for file in &files {
            let part = format!("part-{file}.json");
            scan(std::slice::from_ref(file), &part);
            parts.push(part);
        }
        // Two at random become one, until there is one.
        while parts.len() > 1 {
            let one = parts.swap_remove(random.below(parts.len()));
            let other = parts.swap_remove(random.below(parts.len()));
            let both = format!("both-{}-{}.json", parts.len(), random.below(1_000_000));
            merge(&[one, other], &both);
            parts.push(both);
        }
        assert_eq!(fs::read_to_string(folder.path().join(&parts[0])).unwrap(), whole, "round {round}");
    }
}

fn clean_or_faults(ran: Ran) {
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
}

#[test]
fn a_foreign_profile_brings_in_no_text_of_its_own() {
    let folder = scratch();
    let profile = |change: &dyn Fn(&mut Value)| {
        let mut profile: Value = serde_json::from_str(&Profile::default().to_line().unwrap()).unwrap();
        profile["events"] = json!([{"type": "track", "name": "A", "fields": [
            {"path": "properties.x", "types": {"string": 1}, "looks": {"email": {"count": 1, "shapes": ["a…@a….a…"]}}}]}]);
        change(&mut profile);
        profile.to_string()
    };
    let merge = |text: String| run_with(folder.path(), &["scan", "--merge", "-"], &text);
    assert_eq!(merge(profile(&|_| ())).code, 0);
    let canary = "ada@lovelace.example";
    let changes: [&dyn Fn(&mut Value); 6] = [
        &|profile| profile["events"][0]["fields"][0]["looks"]["email"]["shapes"] = json!([canary]),
        &|profile| profile["events"][0]["fields"][0]["looks"]["email"]["shapes"] = json!(["\u{1b}[2Ja…"]),
        &|profile| profile["events"][0]["fields"][0]["path"] = json!(format!("properties.{canary}")),
        &|profile| profile["events"][0]["name"] = json!(format!("Mailed {canary}")),
        &|profile| profile["consent"] = json!([{"category": canary, "granted": 1, "refused": 0}]),
        &|profile| profile[canary] = json!(1),
    ];
    for change in changes {
        let ran = merge(profile(change));
        assert_eq!(ran.code, 2, "{}", ran.stdout);
        assert!(ran.stderr.contains("is no profile"), "{}", ran.stderr);
        assert!(!(ran.stdout + &ran.stderr).contains("ada"));
    }
    let many = [profile(&|_| ()), "\n".to_owned(), profile(&|_| ())].concat();
    assert!(merge(many).stdout.contains("an e-mail address: 2 of 2 values"));
}

// What `check` makes of a profile.

fn check(files: &[(&str, &str)], only: &str) -> Value {
    let folder = scratch();
    files.iter().for_each(|(name, text)| fs::write(folder.path().join(name), text).unwrap());
    run(folder.path(), &["check", ".", "--only", only, "--format", "json"]).json()
}

#[test]
fn a_profile_is_no_plan_that_a_source_could_follow() {
    let map = "datamap: 1\nsources:\n  - {id: web, platform: web, plan: profile}\n";
    let profile = "{\"consentlint_profile\": 1, \"events\": []}";
    let report = check(&[("map.yaml", map), ("profile.json", profile)], "ccpa/field-unplanned");
    let problem = &report["problems"][0];
    assert!(problem["message"].as_str().unwrap().contains("`profile` is a profile of real events"), "{report:#}");
    assert_eq!((&problem["file"], &problem["start"]["line"]), (&json!("map.yaml"), &json!(3)), "{report:#}");
    assert!(problem["help"].as_str().unwrap().contains("name the plan that it follows"), "{report:#}");
}

#[test]
fn what_no_plan_lists_reaches_what_the_sources_of_its_event_feed() {
    let map = "datamap: 1\ndestinations:\n  - {id: mixpanel, role: service_provider}\n  - {id: warehouse, role: internal}\nsources:\n  \
        - {id: web, platform: web, plan: Shop, destinations: [mixpanel]}\n  - {id: api, platform: server, plan: Api, destinations: [warehouse]}\n\
        events:\n  - {name: Form Sent, sources: [web], properties: [{name: total, pi: [D]}]}\n";
    let plan = |name: &str| {
        format!("{{\"data\": {{\"trackingPlan\": {{\"id\": \"tp_{name}\", \"name\": \"{name}\"}}, \"rules\": []}}}}")
    };
    let profile = "{\"consentlint_profile\": 1, \"events\": [\n{\"type\": \"track\", \"name\": \"Form Sent\", \"fields\": [{\"path\": \"properties.email\", \"types\": {\"string\": 4}}]}]}";
    let files =
        [("map.yaml", map), ("shop.json", &plan("Shop")), ("api.json", &plan("Api")), ("profile.json", profile)];
    let report = check(&files, "ccpa/field-unplanned");
    let message = report["findings"][0]["message"].as_str().unwrap();
    assert!(
        message.contains("reaches Mixpanel (Legacy),") && report["findings"].as_array().unwrap().len() == 1,
        "{report:#}"
    );
}

#[test]
fn refused_categories_are_named_up_to_five() {
    let names = ["a1", "b1", "c1", "d1", "e1", "f1", "g1"];
    let categories: String =
        names.iter().map(|name| format!("    - {{id: {name}, purpose: Keep, destinations: [aws-s3]}}\n")).collect();
    let map = format!(
        "datamap: 1\nconsent:\n  manager: segment\n  categories:\n{categories}destinations:\n  - {{id: aws-s3, role: internal}}\n"
    );
    let passed: Vec<Value> = names
        .iter()
        .enumerate()
        .map(|(at, name)| json!({"destination": "aws-s3", "category": name, "evidence": "export", "messages": at + 1}))
        .collect();
    let profile = json!({"consentlint_profile": 1, "passed": passed, "events": []}).to_string();
    let report = check(&[("map.yaml", &map), ("profile.json", &profile)], "segment/refused-but-received");
    let message = report["findings"][0]["message"].as_str().unwrap();
    assert!(message.contains("7 messages that refuse `g1`, 6 messages that refuse `f1`"), "{report:#}");
    assert!(message.ends_with("`c1`, and such of 2 more categories"), "{report:#}");
}
