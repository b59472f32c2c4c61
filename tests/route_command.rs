//! `route` as a user meets it: states, events, proofs, in human words and as JSON, on small projects and on vendors' files.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests make files")]

mod common;

use common::{Ran, root, run};
use serde_json::{Value, json};
use std::path::Path;
use tempfile::TempDir;

/// A website under a wrapper, a server whose events carry consent, and one whose events do not.
const MAP: &str = "datamap: 1
signals: {gpc: {honored: true}}
consent:
  manager: segment
  model: opt-in
  categories:
    - {id: advertising, controls: [opt-out], destinations: [facebook-pixel, conversions]}
    - {id: Advertising, destinations: [hotjar]}
sources:
  - {id: web, platform: web, consent: {wrapper: custom}, destinations: [facebook-pixel, hotjar]}
  - {id: back, platform: server, destinations: [conversions]}
destinations:
  - {id: facebook-pixel, mode: device, shares: true, filters: {drop_events: [Ping], drop_properties: [phone]}}
  - {id: hotjar, mode: device}
  - {id: conversions, mode: cloud, shares: true}
  - {id: old, enabled: false}
events:
  - {name: Signed Up, sources: [web], properties: [{name: email}, {name: phone}]}
  - {name: Ping, sources: [web], properties: [{name: email}]}
  - {name: Paid, sources: [back], properties: [{name: email}]}
";

fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    // The search for settings ends at the root of a repository.
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn small() -> TempDir {
    project(&[("map.yaml", MAP)])
}

/// The program on a terminal of this width.
fn shown(folder: &Path, arguments: &[&str], width: usize, color: bool) -> String {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut world = consentlint::cli::World {
        stdin: &mut "".as_bytes(),
        stdout: &mut stdout,
        stderr: &mut stderr,
        today: jiff::civil::date(2026, 11, 24),
        directory: folder.to_path_buf(),
        color,
        links: false,
        width,
        progress: None,
    };
    let all = std::iter::once("consentlint").chain(arguments.iter().copied()).map(Into::into);
    consentlint::cli::run(all, &mut world);
    String::from_utf8(stdout).unwrap()
}

fn state(folder: &Path, state: &str, more: &[&str]) -> Ran {
    run(folder, &[&["route", "--format", "json", "--state", state], more].concat())
}

fn prove(folder: &Path, more: &[&str]) -> Ran {
    run(folder, &[&["route", "--format", "json", "--prove"], more].concat())
}

/// `id yes` of every destination.
fn received(ran: &Ran) -> Vec<String> {
    let report = ran.json();
    let one = |found: &Value| format!("{} {}", found["id"].as_str().unwrap(), found["receives"].as_str().unwrap());
    report["destinations"].as_array().unwrap().iter().map(one).collect()
}

/// `id claim result` of every claim.
fn results(ran: &Ran) -> Vec<String> {
    let report = ran.json();
    let one = |found: &Value| ["id", "claim", "result"].map(|key| found[key].as_str().unwrap()).join(" ");
    report["destinations"].as_array().unwrap().iter().map(one).collect()
}

/// `place message | help` of every problem.
fn problems(ran: &Ran) -> Vec<String> {
    let report = ran.json();
    let one = |found: &Value| {
        let text = |key: &str| found[key].as_str().unwrap_or("-").to_owned();
        format!("{}:{} {} | {}", text("file"), found["start"]["column"], text("message"), text("help"))
    };
    report["problems"].as_array().unwrap().iter().map(one).collect()
}

fn entry(ran: &Ran, id: &str) -> Value {
    let report = ran.json();
    let found = report["destinations"].as_array().unwrap().iter().find(|found| found["id"] == id).cloned();
    found.unwrap_or_else(|| panic!("no {id} in {report:#}"))
}

#[test]
fn a_state_says_who_receives() {
    let folder = small();
    let refused = state(folder.path(), r#"{"categories": {"advertising": false}, "chosen": true}"#, &[]);
    assert_eq!(received(&refused), ["facebook-pixel no", "hotjar no", "conversions yes", "old no"]);
    assert_eq!(refused.code, 0, "{}", refused.stdout);
    let granted = state(folder.path(), r#"{"categories": {"advertising": true, "Advertising": null}}"#, &[]);
    assert_eq!(received(&granted), ["facebook-pixel yes", "hotjar no", "conversions yes", "old no"]);
    assert_eq!(
        granted.json()["state"],
        json!({"categories": {"advertising": true, "Advertising": null}, "gpc": false, "chosen": true})
    );
    let other = state(folder.path(), r#"{"categories": {"Advertising": true}}"#, &[]);
    assert_eq!(received(&other)[..2], ["facebook-pixel no", "hotjar yes"], "ids differ by case");
    let signal = state(folder.path(), r#"{"categories": {"advertising": true}, "gpc": true}"#, &[]);
    assert_eq!(received(&signal)[0], "facebook-pixel no");
    let nothing = state(folder.path(), "{}", &[]);
    assert_eq!(nothing.json()["state"], json!({"categories": {}, "gpc": false, "chosen": false}));
    assert_eq!(received(&nothing)[0], "facebook-pixel no", "the model is opt-in");
}

#[test]
fn a_row_tells_its_paths_and_why_it_has_none() {
    let folder = small();
    let ran = state(folder.path(), r#"{"categories": {"advertising": false}}"#, &[]);
    let pixel = entry(&ran, "facebook-pixel");
    let path = &pixel["paths"][0];
    assert_eq!(
        json!([path["source"], path["via"], path["point"], path["receives"]]),
        json!(["web", "device", "wrapper", "no"])
    );
    assert_eq!((path["file"].as_str(), path["start"]["line"].as_u64()), (Some("map.yaml"), Some(7)));
    assert!(path["because"].as_str().unwrap().contains("`advertising`"), "{path}");
    let server = &entry(&ran, "conversions")["paths"][0];
    assert_eq!(json!([server["source"], server["via"], server["point"]]), json!(["back", "server", "nowhere"]));
    let old = entry(&ran, "old");
    assert_eq!((&old["paths"], &old["because"]), (&json!([]), &json!("switched off")));
}

#[test]
fn what_is_wrong_with_a_state_is_a_problem_at_its_place() {
    let folder = small();
    for (given, wanted) in [
        (
            r#"{"categories": {"advertizing": false}}"#,
            "--state:17 there is no consent category `advertizing` | did you mean `advertising`?",
        ),
        (
            r#"{"categories": {"x": 1}}"#,
            "--state:17 there is no consent category `x` | there are `advertising`, `Advertising`",
        ),
        (r#"{"categories": {"advertising": "no"}}"#, "--state:32 `advertising` is true, false or null | "),
        (r#"{"categories": [1]}"#, "--state:16 `categories` gives true, false or null for the id of each category | "),
        (r#"{"gcp": true}"#, "--state:2 a state has no `gcp` | did you mean `gpc`?"),
        (r#"{"gpc": "on"}"#, "--state:9 `gpc` is true or false | "),
        ("[]", "--state:1 a state is a JSON object | "),
    ] {
        let ran = state(folder.path(), given, &[]);
        assert_eq!((problems(&ran), ran.code), (vec![wanted.to_owned()], 2), "{given}");
        assert_eq!((ran.json()["state"].clone(), received(&ran).len()), (Value::Null, 0), "nothing is simulated");
    }
    for broken in ["", "  ", "{", r#"{"gpc": tru}"#, "{} {}", r#"{"gpc": true, "gpc": false}"#] {
        let ran = state(folder.path(), broken, &[]);
        assert!(ran.code == 2 && !problems(&ran).is_empty(), "{broken}: {}", ran.stdout);
        assert_eq!(ran.json()["state"], Value::Null, "{broken}");
    }
    let human = run(folder.path(), &["route", "--state", r#"{"gcp": true}"#]);
    assert!(human.stdout.contains("nothing was simulated, 1 problem"), "{}", human.stdout);
    let none = state(
        project(&[("map.yaml", "datamap: 1\ndestinations: [{id: hotjar}]\n")]).path(),
        r#"{"categories": {"a": true}}"#,
        &[],
    );
    assert!(problems(&none)[0].ends_with("no file that was read has a consent category"), "{:?}", problems(&none));
}

#[test]
fn an_event_goes_to_those_that_its_sources_feed_and_filters_let_through() {
    let folder = small();
    let of = |event: &str| {
        state(folder.path(), r#"{"categories": {"advertising": true, "Advertising": true}}"#, &["--event", event])
    };
    let signed = of("Signed Up");
    assert_eq!(received(&signed), ["facebook-pixel yes", "hotjar yes"]);
    assert_eq!(entry(&signed, "facebook-pixel")["properties"], json!(["email"]));
    assert_eq!(entry(&signed, "hotjar")["properties"], json!(["email", "phone"]));
    assert_eq!(received(&of("Ping")), ["hotjar yes"], "the pixel drops it");
    assert_eq!(received(&of("Paid")), ["conversions yes"]);
    let unknown = of("Signed up");
    assert_eq!(problems(&unknown), ["-:null there is no event `Signed up` | did you mean `Signed Up`?"]);
    assert_eq!((unknown.code, received(&unknown).len()), (2, 0));
    let human = run(folder.path(), &["route", "--state", "{}", "--event", "Signed Up"]).stdout;
    assert!(human.contains("    with `email`, `phone`\n"), "{human}");
}

#[test]
fn the_integrations_object_switches_destinations() {
    let folder = small();
    let granted = r#"{"categories": {"advertising": true, "Advertising": true}}"#;
    let of = |switches: &str| state(folder.path(), granted, &["--integrations", switches]);
    assert_eq!(received(&of("{}"))[..2], ["facebook-pixel yes", "hotjar yes"]);
    assert_eq!(received(&of(r#"{"Hotjar": false}"#))[..2], ["facebook-pixel yes", "hotjar no"]);
    assert_eq!(received(&of(r#"{"Facebook Pixel": {"x": 1}}"#))[0], "facebook-pixel yes");
    assert_eq!(received(&of(r#"{"Mixpanel": false}"#))[0], "facebook-pixel yes", "known, and none of ours");
    for (given, wanted) in [
        (r#"{"Hotjer": true}"#, "--integrations:2 no destination goes by the name `Hotjer` | did you mean `hotjar`?"),
        (r#"{"Hotjar": 1}"#, "--integrations:12 `Hotjar` is true, false or settings | "),
        ("[]", "--integrations:1 an integrations object is a JSON object | "),
    ] {
        let ran = of(given);
        assert_eq!((problems(&ran), ran.code), (vec![wanted.to_owned()], 2), "{given}");
        assert!(received(&ran).is_empty());
    }
}

#[test]
fn a_refuted_claim_comes_first_with_its_counterexample() {
    let folder = small();
    let ran = prove(folder.path(), &[]);
    assert_eq!(results(&ran), ["facebook-pixel opt-out proved", "conversions opt-out refuted"]);
    assert_eq!(ran.code, 1);
    let found = entry(&ran, "conversions");
    let counterexample = &found["counterexample"];
    assert_eq!(counterexample["state"], json!({"categories": {}, "gpc": true, "chosen": false}), "the smallest state");
    assert_eq!(counterexample["path"], json!({"source": "back", "via": "server", "point": "nowhere"}));
    assert_eq!(counterexample["sends"]["witness"]["event"], "Paid");
    assert_eq!(counterexample["sends"]["witness"]["start"]["line"], 20);
    assert_eq!((found["file"].as_str(), found["start"]["line"].as_u64()), (Some("map.yaml"), Some(11)));
    let human = run(folder.path(), &["route", "--prove"]);
    let lines: Vec<&str> = human.stdout.lines().collect();
    assert_eq!(lines[0], "refuted  opt-out  conversions", "{}", human.stdout);
    let sentence = human.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = "a visitor with Global Privacy Control on, who has made no choice, still sends `email` to conversions through \
                the server, because source `back` sends events without the consent object what flows: class A; witness: \
                `email` of Paid";
    assert!(sentence.contains(said), "{sentence}");
    assert!(sentence.contains("map.yaml:11:10"), "{sentence}");
    assert!(lines.iter().any(|line| line.starts_with("proved   opt-out  Facebook Pixel")), "{}", human.stdout);
    assert!(
        sentence.contains("opt-out: 1 refuted, 0 undecidable, 1 proved; limit: claimed of no destination"),
        "{sentence}"
    );
}

#[test]
fn a_finding_and_a_proof_tell_the_same_counterexample() {
    let ran = prove(root(), &["fixtures/shop-broken", "--claim", "opt-out"]);
    let entries = ran.json()["destinations"].as_array().unwrap().clone();
    assert_eq!(entries.len(), 2);
    for entry in entries {
        let subject = format!("destination:{}", entry["id"].as_str().unwrap());
        let explained = run(root(), &["explain", "--subject", &subject, "--project", "fixtures/shop-broken"]).stdout;
        let told = entry["counterexample"]["message"].as_str().unwrap();
        assert!(explained.contains(&format!("counterexample = {told}\n")), "{told}\n{explained}");
    }
}

#[test]
fn the_cure_is_proved() {
    let cured = MAP.replace("platform: server,", "platform: server, consent: {object: true},");
    let ran = prove(project(&[("map.yaml", &cured)]).path(), &[]);
    assert_eq!(results(&ran), ["facebook-pixel opt-out proved", "conversions opt-out proved"]);
    assert_eq!(ran.code, 0);
}

#[test]
fn claims_are_made_where_they_are_asked_for() {
    let sensitive = MAP.replace("{name: email}, {name: phone}", "{name: email}, {name: religion, spi: [1D]}");
    let folder = project(&[("map.yaml", &sensitive)]);
    let of = |claims: &str| results(&prove(folder.path(), &["--claim", claims]));
    assert_eq!(of("opt-out").len(), 2);
    let limit = ["facebook-pixel limit refuted", "hotjar limit refuted"];
    assert_eq!(of("limit"), limit);
    assert_eq!(of("opt-out,limit"), results(&prove(folder.path(), &[])), "the default of California");
    assert_eq!(of("opt-in"), ["facebook-pixel opt-in proved", "conversions opt-in refuted"]);
    let witness = entry(&prove(folder.path(), &["--claim", "limit"]), "hotjar");
    assert_eq!(witness["counterexample"]["sends"]["classes"], json!(["1D"]));
    let exempt = sensitive.replace("spi: [1D]", "spi: [1D], limit_exempt: m1");
    let exempt = project(&[("map.yaml", &exempt)]);
    assert!(results(&prove(exempt.path(), &["--claim", "limit"])).is_empty(), "that use may not be limited");
    std::fs::write(folder.path().join("consentlint.yaml"), "profile: us\n").unwrap();
    let everywhere = results(&prove(folder.path(), &[]));
    assert!(everywhere.iter().any(|line| line.starts_with("hotjar opt-in ")), "{everywhere:?}");
    assert!(
        !everywhere.iter().any(|line| line.starts_with("conversions opt-in ")),
        "nothing sensitive: {everywhere:?}"
    );
}

#[test]
fn what_does_not_go_together_is_refused() {
    let folder = small();
    for arguments in [
        &["route"][..],
        &["route", "--prove", "--state", "{}"],
        &["route", "--prove", "--event", "Ping"],
        &["route", "--state", "{}", "--claim", "limit"],
        &["route", "--prove", "--claim", "all"],
        &["route", "--prove", "--format", "sarif"],
    ] {
        let ran = run(folder.path(), arguments);
        assert!(ran.code == 2 && ran.stdout.is_empty() && !ran.stderr.is_empty(), "{arguments:?}: {}", ran.stdout);
    }
}

#[test]
fn paths_filter_what_is_shown() {
    let (first, rest) = MAP.split_once("\nevents:").unwrap();
    let files =
        [("map.yaml", first), ("events.yaml", &format!("datamap: 1\nevents:{rest}")), ("consentlint.yaml", "{}")];
    let folder = project(&files);
    assert_eq!(results(&prove(folder.path(), &["map.yaml"])).len(), 2);
    assert!(results(&prove(folder.path(), &["events.yaml"])).is_empty());
    assert_eq!(received(&state(folder.path(), "{}", &["map.yaml"])).len(), 4);
    assert!(received(&state(folder.path(), "{}", &["events.yaml"])).is_empty());
}

#[test]
fn what_cannot_be_read_is_shown_as_check_shows_it() {
    let folder = project(&[("map.yaml", MAP), ("bad.yaml", "datamap: 1\ndestinations:\n  - {id: x, rol: y}\n")]);
    let problem = |arguments: &[&str]| {
        let ran = run(folder.path(), arguments);
        assert_eq!(ran.code, 2, "{}", ran.stdout);
        let (_, rest) = ran.stdout.split_once("  × problem[").unwrap();
        rest.split_once("\n\n").unwrap().0.to_owned()
    };
    let wanted = problem(&["check", "--only", "ccpa/role-undeclared"]);
    assert_eq!(problem(&["route", "--state", "{}"]), wanted);
    assert_eq!(problem(&["route", "--prove"]), wanted);
    let empty = project(&[]);
    let ran = prove(empty.path(), &[]);
    assert!(ran.code == 2 && problems(&ran)[0].contains("no file was found to read"), "{}", ran.stdout);
}

/// The table, and what is proved, on terminals from narrow to wide.
#[test]
fn text_keeps_within_its_width_and_columns_line_up() {
    let folder = small();
    let state = ["route", "--state", r#"{"categories": {"advertising": true}, "gpc": true}"#];
    for width in [60, 72, 80, 100, 129, 130, 160, 200] {
        for arguments in [&state[..], &["route", "--prove"]] {
            let text = shown(folder.path(), arguments, width, false);
            let longest = text.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(longest <= width, "{width}: {longest}\n{text}");
            assert!(text.lines().all(|line| line == line.trim_end()), "{text}");
            let colored = shown(folder.path(), arguments, width, true);
            assert!(colored.contains('\u{1b}') && !text.contains('\u{1b}'));
            assert_eq!(plain(&colored), text, "colour changes nothing else");
        }
        let text = shown(folder.path(), &state, width, false);
        let head = text.lines().find(|line| line.starts_with("  destination")).unwrap();
        let at = head.find("receives").unwrap();
        let rows: Vec<&str> =
            text.lines().filter(|line| line.starts_with("  ") && !line.starts_with("    ")).skip(1).collect();
        let words =
            rows.iter().filter(|row| ["yes", "no"].iter().any(|word| row[at.min(row.len())..].starts_with(word)));
        assert_eq!(words.count(), 4, "{width}:\n{text}");
    }
}

/// Text without the codes that colour it.
fn plain(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or("").to_owned();
    first + &parts.map(|part| part.split_once('m').unwrap().1).collect::<String>()
}

#[test]
fn text_from_files_cannot_steer_a_terminal() {
    let map = "datamap: 1
signals: {gpc: {honored: true}}
consent: {manager: segment, model: opt-in, categories: [{id: \"c\\e[31m\\u202E\", controls: [opt-out], destinations: [\"p\\e]0;x\\a\"]}]}
sources: [{id: \"s\\u2066\\a\", platform: server, destinations: [\"p\\e]0;x\\a\"]}]
destinations: [{id: \"p\\e]0;x\\a\", name: \"n\\n::error::\\e[2J\\u202E\", shares: true}]
events: [{name: \"e\\e[0m\", sources: [\"s\\u2066\\a\"], properties: [{name: \"email\\e\", pi: [A]}]}]
";
    let folder = project(&[("map.yaml", map)]);
    let steers =
        |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let event = "e\u{1b}[0m";
    for arguments in [
        &["route", "--prove"][..],
        &["route", "--state", "{}"],
        &["route", "--state", "{}", "--event", event],
        &["route", "--state", "{\"categories\": {\"c\\u001b[31m\\u202e\": false}}"],
        &["route", "--state", "{\"categories\": {\"d\\u001b[31m\\u202e\": false}}"],
        &["route", "--state", "{\"\u{1b}[31m\": \u{202e}}"],
        &["route", "--state", "{}", "--event", "\u{1b}[31m"],
    ] {
        for format in ["human", "json"] {
            for width in [60, 200] {
                let all = [arguments, &["--format", format]].concat();
                let text = shown(folder.path(), &all, width, false);
                assert!(!text.is_empty() && !text.contains(steers), "{arguments:?} {format}: {text:?}");
                assert!(!text.lines().any(|line| line.starts_with("::error")), "{text}");
            }
        }
    }
}

#[test]
fn json_follows_its_schema() {
    let text = std::fs::read_to_string(root().join("policies/schemas/route.json")).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    let validator = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).offline().build(&schema).unwrap();
    assert!(!validator.is_valid(&json!({"version": 1})));
    let follows = |value: &Value, what: &str| {
        let errors: Vec<_> = validator.iter_errors(value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{what}: {errors:?}\n{value:#}");
    };
    let doc = std::fs::read_to_string(root().join("docs/json.md")).unwrap().replace("\r\n", "\n");
    let (_, routes) = doc.split_once("# The JSON of `consentlint route --format json`").unwrap();
    let routes = routes.split("\n# ").next().unwrap();
    let examples: Vec<&str> = routes.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(examples.len(), 2);
    for example in examples {
        follows(&serde_json::from_str(example).unwrap(), "the example of docs/json.md");
    }
    let adapters = root().join("fixtures/adapters");
    let mut folders: Vec<_> = std::fs::read_dir(adapters).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.extend(["fixtures/shop", "fixtures/shop-broken"].map(|name| root().join(name)));
    for folder in folders {
        for arguments in
            [&["--prove"][..], &["--prove", "--claim", "opt-in"], &["--state", "{\"gpc\": true}"], &["--state", "{"]]
        {
            let all = [&["route", "--format", "json"], arguments, &["."]].concat();
            let ran = run(&folder, &all);
            let report = ran.json();
            follows(&report, &format!("{} {arguments:?}", folder.display()));
            let open = report["summary"]["undecidable"] != json!(0) || report["summary"]["problems"] != json!(0);
            let refuted = report["summary"]["refuted"].as_u64().unwrap_or(0) > 0;
            assert_eq!(ran.code, if open { 2 } else { u8::from(refuted) }, "{report:#}");
        }
    }
}

#[test]
fn nothing_is_ever_called_compliant() {
    for folder in ["fixtures/shop", "fixtures/shop-broken"] {
        for arguments in [&["--prove"][..], &["--state", "{}"]] {
            let ran = run(root(), &[&["route", folder], arguments].concat());
            assert!(!ran.stdout.to_lowercase().contains("complian"), "{}", ran.stdout);
        }
    }
}

/// The samples as a user sees them. `UPDATE=1` writes them anew; read the difference.
#[test]
fn the_output_is_as_recorded() {
    let refused = r#"{"categories": {"do-not-sell": false, "analytics": true}}"#;
    for (name, arguments) in [
        ("route.state", &["route", "fixtures/shop", "--state", refused][..]),
        ("route.proved", &["route", "fixtures/shop", "--prove"]),
        ("route.refuted", &["route", "fixtures/shop-broken", "--prove"]),
    ] {
        let ran = run(root(), arguments);
        let path = root().join(format!("fixtures/outputs/{name}.txt"));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &ran.stdout).unwrap();
        }
        let recorded = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert!(
            ran.stdout == recorded,
            "{name} differs; `UPDATE=1 cargo test --test route_command` rewrites it:\n{}",
            ran.stdout
        );
    }
}

/// What was not said means something else to every manager, and the reason tells which.
#[test]
fn the_reason_tells_what_unset_means_to_the_manager() {
    for (file, state, id, wanted) in [
        (
            "segment-consent-manager/settings.yaml",
            r#"{"chosen": true}"#,
            "Facebook Pixel",
            "category `advertising` was not answered, which is saved as consent",
        ),
        ("gtm-container/web.json", r#"{"chosen": true}"#, "google-ads-gtag", "consent type"),
        (
            "consent-wrapper/onetrust.tsx",
            r#"{"categories": {"C0004": true}}"#,
            "Actions Amplitude",
            "category `dsh` is off",
        ),
    ] {
        let path = root().join("fixtures/adapters").join(file);
        let folder =
            project(&[(path.file_name().unwrap().to_str().unwrap(), &std::fs::read_to_string(&path).unwrap())]);
        let found = entry(&self::state(folder.path(), state, &[]), id);
        let because = found["paths"][0]["because"].as_str().unwrap();
        assert!(because.contains(wanted), "{file}: {because}");
    }
}
