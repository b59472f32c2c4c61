//! Code Quality of GitLab.

use super::*;

fn entries(report: &Report, sources: &Sources) -> Vec<Value> {
    let text = render("gitlab", report, sources, PLAIN);
    assert!(text.starts_with('['), "GitLab does not read a byte order mark");
    serde_json::from_str(&text).unwrap()
}

fn fingerprints(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|entry| entry["fingerprint"].as_str().unwrap()).collect()
}

#[test]
fn every_entry_has_what_gitlab_reads() {
    let (report, sources) = sample();
    let entries = entries(&report, &sources);
    // One entry without a key, and GitLab reads no further.
    assert_eq!(entries.len(), report.problems.len() + report.findings.len());
    for entry in &entries {
        let keys: Vec<_> = entry.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["check_name", "description", "fingerprint", "location", "severity"]);
        assert!(!entry["description"].as_str().unwrap().is_empty());
        assert!(!entry["check_name"].as_str().unwrap().is_empty());
        let severity = entry["severity"].as_str().unwrap();
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity));
        let path = entry["location"]["path"].as_str().unwrap();
        assert!(!path.is_empty() && !path.starts_with('/') && !path.starts_with("./"), "{path}");
        assert!(entry["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
        let fingerprint = entry["fingerprint"].as_str().unwrap();
        assert!(!fingerprint.is_empty());
    }
    let texts = serde_json::to_string(&entries).unwrap();
    assert!(!texts.contains("counsel agreed") && !texts.contains("Known of old"), "what is accepted is no violation");
}

#[test]
fn severities_are_those_of_gitlab() {
    let (report, sources) = sample();
    let entries = entries(&report, &sources);
    let of = |check: &str| {
        let entry = entries.iter().find(|entry| entry["check_name"] == check).unwrap();
        (entry["severity"].as_str().unwrap(), entry["location"]["path"].as_str().unwrap())
    };
    assert_eq!(of("ccpa/ungated"), ("blocker", "datamap.yaml"));
    assert_eq!(of("ccpa/unknown-event"), ("critical", "plans/web.json"));
    assert_eq!(of("segment/odd"), ("major", "datamap.yaml"));
    assert_eq!(of("ccpa/links"), ("minor", "datamap.yaml"));
    assert_eq!(of("ccpa/asks"), ("info", "datamap.yaml"));
    assert_eq!(of("problem/settings"), ("blocker", "consentlint.yaml"), "a file must be named for the run as a whole");
    let question = entries.iter().find(|entry| entry["check_name"] == "ccpa/asks").unwrap();
    assert!(question["description"].as_str().unwrap().starts_with("question: Who is each of these recipients to you?"));
}

#[test]
fn the_settings_are_named_where_they_lie() {
    let mut sources = Sources::default();
    sources.add(Source::new("a.yaml", "x"));
    sources.add(Source::new("web/consentlint.yaml", "x"));
    let problems = vec![Problem::run(Stage::Settings, "there is no rule `x`")];
    let report = Report::new(Vec::new(), problems, Counts::default(), String::new(), Vec::new());
    assert_eq!(entries(&report, &sources)[0]["location"]["path"], "web/consentlint.yaml");
}

#[test]
fn fingerprints_differ_and_stay_when_lines_move() {
    let seen = |before: &str| {
        let mut sources = Sources::default();
        let source = sources.add(Source::new("./a.yaml", format!("{before}one\ntwo\nthree\n")));
        let at = |needle| find(&sources, source, needle);
        let same = |needle| Finding {
            fingerprint: "0123456789abcdef".to_owned(),
            ..finding("a/b", Severity::High, at(needle), "said")
        };
        let problem = |needle| Problem::at(Stage::Schema, at(needle), "unknown key");
        let report = Report::new(
            vec![same("one"), same("two"), same("three")],
            vec![problem("one"), problem("two")],
            Counts::default(),
            String::new(),
            Vec::new(),
        );
        entries(&report, &sources)
    };
    let (now, later) = (seen(""), seen("# a comment\n\n"));
    let unique: BTreeSet<_> = fingerprints(&now).into_iter().collect();
    assert_eq!(unique.len(), 5);
    assert!(unique.contains("0123456789abcdef"), "the first is what other formats give");
    assert_eq!(fingerprints(&now), fingerprints(&later));
    assert_eq!(now[0]["location"]["path"], "a.yaml");
    assert_ne!(now[0]["location"]["lines"], later[0]["location"]["lines"]);
}

#[test]
fn nothing_found_is_an_empty_list() {
    assert_eq!(entries(&Report::default(), &Sources::default()), Vec::<Value>::new());
}
