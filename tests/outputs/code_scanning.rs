//! SARIF: each demand of GitHub's documentation, on the sample and on more than it takes.

use super::*;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

fn run_of(report: &Report, sources: &Sources) -> Value {
    let value: Value = serde_json::from_str(&render("sarif", report, sources, PLAIN)).unwrap();
    assert_eq!((&value["version"], value["runs"].as_array().unwrap().len()), (&Value::from("2.1.0"), 1));
    assert!(value["$schema"].as_str().unwrap().ends_with("sarif-schema-2.1.0.json"));
    value["runs"][0].clone()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} in {value}"))
}

fn notes(run: &Value) -> Vec<String> {
    list(&run["invocations"][0], "toolExecutionNotifications")
        .iter()
        .map(|it| it["message"]["text"].to_string())
        .collect()
}

/// Rules: metadata that is never empty, within limits, one for each result.
fn rules_are_accepted(run: &Value) {
    let driver = &run["tool"]["driver"];
    assert_eq!(text(driver, "name"), "consentlint");
    assert_eq!(text(driver, "semanticVersion"), env!("CARGO_PKG_VERSION"));
    let rules = list(driver, "rules");
    assert!(rules.len() <= 25_000);
    let ids: BTreeSet<_> = rules.iter().map(|rule| text(rule, "id")).collect();
    assert_eq!(ids.len(), rules.len(), "ids are unique");
    for rule in rules {
        for key in ["shortDescription", "fullDescription"] {
            let said = text(&rule[key], "text");
            assert!(!said.is_empty() && said.chars().count() <= 1_024, "{rule}");
        }
        assert!(!text(&rule["help"], "text").is_empty() && !text(&rule["help"], "markdown").is_empty(), "{rule}");
        assert!(rule["name"].as_str().is_none_or(|name| !name.is_empty() && name.chars().count() <= 255), "{rule}");
        assert!(["note", "warning", "error"].contains(&text(&rule["defaultConfiguration"], "level")));
        let properties = &rule["properties"];
        assert!((1..=10).contains(&list(properties, "tags").len()), "GitHub keeps ten, and refuses more than twenty");
        assert!(["very-high", "high", "medium", "low"].contains(&text(properties, "precision")));
        let security = list(properties, "tags").contains(&"security".into());
        assert_eq!(security, properties.get("security-severity").is_some(), "one is nothing without the other: {rule}");
        if security {
            let score: f64 = text(properties, "security-severity").parse().unwrap();
            assert!(score > 0.0 && score <= 10.0);
        }
        assert!(rule["helpUri"].as_str().is_none_or(|uri| uri.starts_with("https://")), "{rule}");
    }
}

/// Results: a place, a text, a fingerprint of our own name, a rule by id and index.
fn results_are_accepted(run: &Value) {
    let rules = list(&run["tool"]["driver"], "rules");
    assert!(list(run, "results").len() <= 25_000);
    for result in list(run, "results") {
        assert!(!text(&result["message"], "text").is_empty());
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert_eq!(list(result, "locations").len(), 1, "without a place the whole file is refused: {result}");
        assert!(list(result, "relatedLocations").len() <= 100);
        for place in list(result, "locations").iter().chain(list(result, "relatedLocations")) {
            let file = &place["physicalLocation"]["artifactLocation"];
            let uri = text(file, "uri");
            let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/%".contains(c);
            assert!(
                !uri.is_empty() && !uri.starts_with('/') && !uri.starts_with("./") && uri.chars().all(plain),
                "{uri}"
            );
            assert_eq!(file["uriBaseId"], "%SRCROOT%");
            let region = &place["physicalLocation"]["region"];
            let of = |key: &str| region[key].as_u64().unwrap_or_else(|| panic!("{key} in {result}"));
            assert!(of("startLine") >= 1 && of("startColumn") >= 1, "{region}");
            let (start, end) = ((of("startLine"), of("startColumn")), (of("endLine"), of("endColumn")));
            assert!(start <= end, "the end is exclusive: {region}");
        }
        let prints = result["partialFingerprints"].as_object().unwrap();
        let names: Vec<_> = prints.keys().map(String::as_str).collect();
        assert_eq!(names, ["consentlint/v1"], "`primaryLocationLineHash` is for the action that uploads");
        for excuse in list(result, "suppressions") {
            assert!(["inSource", "external"].contains(&text(excuse, "kind")));
            assert!(!text(excuse, "justification").is_empty());
        }
        // Every link that a viewer makes leads to a related place of this result.
        let said = text(&result["message"], "text");
        for target in said.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            let id: usize = target.parse().unwrap_or_else(|_| panic!("a link to {target} in {said}"));
            assert!((1..=list(result, "relatedLocations").len()).contains(&id), "{said}");
        }
    }
}

fn is_accepted(run: &Value) {
    rules_are_accepted(run);
    results_are_accepted(run);
    assert_eq!(run["columnKind"], "unicodeCodePoints");
}

fn compressed(text: &str) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap().len()
}

fn many(count: usize, said: impl Fn(usize) -> String, related: usize) -> (Vec<Finding>, Sources) {
    let mut sources = Sources::default();
    let source = sources.add(Source::new("a.yaml", "x\n".repeat(count)));
    let at = |n: usize| Span::new(source, 2 * n, 2 * n + 1);
    let one = |n: usize| {
        let severity = if n.is_multiple_of(3) { Severity::Critical } else { Severity::Low };
        let mut one = finding("a/rule", severity, at(n), &said(n));
        one.related = (0..related).map(|n| Label::new(at(n), "also here")).collect();
        one
    };
    ((0..count).map(one).collect(), sources)
}

#[test]
fn the_sample_is_accepted() {
    let (report, sources) = sample();
    let run = run_of(&report, &sources);
    is_accepted(&run);
    let all = report.problems.len() + report.findings.len() + report.suppressed.len() + report.baselined.len();
    assert_eq!(list(&run, "results").len(), all);
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    is_accepted(&run_of(&Report::default(), &Sources::default()));
}

#[test]
fn all_rules_that_ran_are_described_whatever_they_found() {
    let (report, sources) = sample();
    let run = run_of(&report, &sources);
    let ids: Vec<_> = list(&run["tool"]["driver"], "rules").iter().map(|rule| text(rule, "id")).collect();
    assert_eq!(ids[..4], ["ccpa/ungated", "ccpa/unknown-event", "ccpa/asks", "ccpa/silent"]);
}

#[test]
fn a_question_does_not_weigh_what_its_rule_weighs() {
    let (report, sources) = sample();
    let run = run_of(&report, &sources);
    let rule = |id: &str| {
        let rules = list(&run["tool"]["driver"], "rules").iter();
        rules.clone().find(|rule| rule["id"] == id).unwrap_or_else(|| panic!("{id}")).clone()
    };
    assert_eq!(rule("ccpa/asks")["properties"]["security-severity"], "8.0");
    let question = rule("ccpa/asks/question");
    assert_eq!(question["properties"].get("security-severity"), None);
    assert_eq!(question["properties"]["problem.severity"], "recommendation");
    let asked: Vec<_> = list(&run, "results").iter().filter(|it| it["ruleId"] == "ccpa/asks/question").collect();
    assert_eq!(asked.len(), 3);
    for result in asked {
        assert_eq!(result["level"], "note");
        assert!(text(&result["message"], "text").starts_with("Question: Who is each of these recipients to you?"));
    }
    // A finding that was raised, too, is under an entry of its weight.
    let (mut findings, sources) = many(1, |_| "said".to_owned(), 0);
    findings[0].severity = Severity::Critical;
    let rules = vec![super::rule("a/rule", Severity::High, None)];
    let run = run_of(&Report::new(findings, Vec::new(), Counts::default(), String::new(), rules), &sources);
    is_accepted(&run);
    assert_eq!(list(&run, "results")[0]["ruleId"], "a/rule/critical");
    assert_eq!(list(&run["tool"]["driver"], "rules")[1]["properties"]["security-severity"], "9.5");
}

#[test]
fn problems_are_results_and_notifications() {
    let (report, sources) = sample();
    let run = run_of(&report, &sources);
    let results: Vec<_> =
        list(&run, "results").iter().filter(|it| text(it, "ruleId").starts_with("problem/")).collect();
    assert_eq!(results.len(), report.problems.len());
    assert!(results.iter().all(|it| it["level"] == "error"));
    assert_eq!(results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "consentlint.yaml");
    assert_eq!(notes(&run).len(), report.problems.len());
}

#[test]
fn what_is_accepted_is_suppressed_and_what_is_known_is_unchanged() {
    let (report, sources) = sample();
    let run = run_of(&report, &sources);
    let of = |state: &str| list(&run, "results").iter().filter(|it| it["baselineState"] == state).count();
    assert_eq!((of("unchanged"), of("new")), (1, list(&run, "results").len() - 1));
    let known = list(&run, "results").iter().find(|it| it["baselineState"] == "unchanged").unwrap();
    assert_eq!(
        known["suppressions"],
        serde_json::json!([
            { "kind": "external", "status": "accepted", "justification": "in the baseline" }
        ])
    );
    let excuses = list(&run, "results").iter().flat_map(|it| list(it, "suppressions"));
    let kinds: Vec<_> = excuses.map(|excuse| text(excuse, "kind")).collect();
    assert_eq!(kinds, ["inSource", "external", "external"]);
    let run = run_of(&Report { baseline: false, ..report }, &sources);
    assert!(list(&run, "results").iter().all(|it| it.get("baselineState").is_none()));
}

#[test]
fn related_places_are_linked_from_the_message() {
    let (report, sources) = sample();
    let run = run_of(&report, &sources);
    let pixel = list(&run, "results").iter().find(|it| it["ruleId"] == "ccpa/ungated").unwrap();
    assert_eq!(
        text(&pixel["message"], "text"),
        "Pixel is not gated. See [is a third party](1), [shares](2), [receives this event](3), [see also](4), [another](5)."
    );
    let mean = list(&run, "results").iter().find(|it| text(it, "ruleId").starts_with("own/")).unwrap();
    let said = text(&mean["message"], "text");
    assert_eq!(said.matches("](").count(), 2, "only ours are links: {said}");
}

#[test]
fn more_than_code_scanning_takes_is_left_out_from_the_mildest_and_told() {
    let (mut findings, sources) = many(30_000, |n| format!("finding {n}"), 0);
    // The last in order of place, and accepted: it goes first.
    findings[0] = excused(findings[0].clone(), findings[0].primary.span, true);
    let problems = vec![Problem::run(Stage::Settings, "a problem")];
    let report = Report::new(findings, problems, Counts::default(), String::new(), Vec::new());
    let run = run_of(&report, &sources);
    is_accepted(&run);
    let results = list(&run, "results");
    assert_eq!(results.len(), 25_000);
    let of = |level: &str| results.iter().filter(|it| it["level"] == level).count();
    assert_eq!(of("error"), 9_999 + 1, "every critical one and the problem");
    assert!(results.iter().all(|it| it.get("suppressions").is_none()));
    let said = notes(&run);
    assert!(said[1].contains("5001 results are left out"), "{said:?}");
    let place = |it: &Value| it["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64();
    assert!(results[1..].windows(2).all(|pair| place(&pair[0]) < place(&pair[1])), "in order of place");
}

#[test]
fn a_file_is_never_larger_than_code_scanning_takes() {
    // Texts that hardly compress.
    let noise = |n: usize| {
        let mut state = u32::try_from(n).unwrap() + 1;
        let sign = |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from_u32(0x4e00 + (state >> 16) % 0x5000).unwrap()
        };
        (0..800).map(sign).collect::<String>()
    };
    let (findings, sources) = many(5_500, noise, 0);
    let report = Report::new(findings, Vec::new(), Counts::default(), String::new(), Vec::new());
    let text = render("sarif", &report, &sources, PLAIN);
    assert!(compressed(&text) < 10_000_000, "{}", compressed(&text));
    let run = run_of(&report, &sources);
    is_accepted(&run);
    let results = list(&run, "results").len();
    assert!(results >= 2_000, "{results}");
    assert!(notes(&run)[0].contains(&format!("{} results are left out", 5_500 - results)));
}

#[test]
fn too_many_related_places_are_cut_and_told() {
    let (findings, sources) = many(2, |_| "said".to_owned(), 0);
    let label = Label::new(findings[1].primary.span, "also here");
    let wide = Finding { related: vec![label; 1_200], ..findings[0].clone() };
    let report = Report::new(vec![wide], Vec::new(), Counts::default(), String::new(), Vec::new());
    let run = run_of(&report, &sources);
    is_accepted(&run);
    assert_eq!(list(&list(&run, "results")[0], "relatedLocations").len(), 100);
    assert!(notes(&run)[0].contains("1 result has more related places than are shown"));
}

#[test]
fn what_is_in_no_file_is_told_instead_of_refused() {
    let (mut findings, sources) = many(2, |_| "said".to_owned(), 0);
    findings[1].primary.span = Span::file(SourceId(77));
    let report = Report::new(findings, Vec::new(), Counts::default(), String::new(), Vec::new());
    let run = run_of(&report, &sources);
    is_accepted(&run);
    assert_eq!(list(&run, "results").len(), 1);
    assert!(notes(&run)[0].contains("1 result is left out, because"), "{:?}", notes(&run));
}

#[test]
fn long_and_empty_texts_of_a_rule_are_within_limits() {
    let (findings, sources) = many(1, |_| String::new(), 0);
    let long =
        RuleInfo { title: "é".repeat(5_000), why: "y ".repeat(5_000), ..super::rule("a/rule", Severity::Low, None) };
    let empty = RuleInfo {
        title: String::new(),
        why: " ".to_owned(),
        help: String::new(),
        law: Vec::new(),
        ..super::rule("a/—", Severity::Low, Some("http://a.example"))
    };
    let rules = vec![RuleInfo { id: format!("a/{}", "x".repeat(400)), ..long.clone() }, long, empty];
    is_accepted(&run_of(&Report::new(findings, Vec::new(), Counts::default(), String::new(), rules), &sources));
}

#[test]
fn lines_and_columns_are_no_part_of_a_fingerprint() {
    let seen = |before: &str| {
        let mut sources = Sources::default();
        let source = sources.add(Source::new("a.yaml", format!("{before}one\n")));
        let at = find(&sources, source, "one");
        let problem = Problem::at(Stage::Schema, at, "unknown key");
        let report = Report::new(Vec::new(), vec![problem], Counts::default(), String::new(), Vec::new());
        list(&run_of(&report, &sources), "results")[0]["partialFingerprints"].clone()
    };
    assert_eq!(seen(""), seen("# a comment\n\n   "));
}
