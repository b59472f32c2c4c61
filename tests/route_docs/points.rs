//! Which consent point each path has: what `route` says of small data maps.

use crate::common::run;
use crate::tables::{Table, table};

pub(crate) const PARTS: [Table; 1] = [("points", points)];

/// A path: its name, the source, the mode of the destination, and what is declared where consent travels.
const PATHS: [(&str, &str, &str, &str); 9] = [
    ("website, device mode", "platform: web", "device", "{wrapper: custom}"),
    ("website, cloud mode", "platform: web", "cloud", "{wrapper: custom}"),
    ("app", "platform: ios", "cloud", "{object: true}"),
    ("server", "platform: server", "cloud", "{object: true}"),
    ("cloud app", "platform: cloud_object", "cloud", "{object: true}"),
    ("reverse ETL", "platform: retl", "cloud", "{columns: true}"),
    ("audience", "platform: web", "audience", "{wrapper: custom}"),
    ("batch file", "platform: server", "file", "{columns: true}"),
    ("replay", "platform: replay", "cloud", "{columns: true}"),
];

/// Consent managers.
const MANAGERS: [(&str, &str); 4] = [
    ("Segment", "segment"),
    ("open-source Consent Manager", "segment-consent-manager"),
    ("RudderStack", "rudderstack"),
    ("another", "custom"),
];

fn point((_, platform, mode, consent): (&str, &str, &str, &str), manager: &str, declared: bool) -> &'static str {
    let consent = if declared { format!(", consent: {consent}") } else { String::new() };
    let map = format!(
        "datamap: 1\nconsent: {{manager: {manager}, model: opt-out, categories: [{{id: ads, destinations: [x]}}]}}\n\
         sources: [{{id: s, {platform}, destinations: [x]{consent}}}]\ndestinations: [{{id: x, mode: {mode}}}]\n"
    );
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    std::fs::write(folder.path().join("map.yaml"), map).unwrap();
    let report = run(folder.path(), &["route", "--state", "{}", "--format", "json"]).json();
    assert_eq!(report["problems"], serde_json::json!([]), "{report:#}");
    match report["destinations"][0]["paths"][0]["point"].as_str().unwrap() {
        "nowhere" => "nowhere",
        "wrapper" => "the wrapper",
        "platform" => "Segment's servers",
        "consent_manager" => "the manager in the page",
        "rudderstack" => "RudderStack",
        "page" if mode == "file" || platform == "platform: replay" => "the suppression list",
        "page" => "presumed",
        other => panic!("no word for the consent point `{other}`"),
    }
}

fn points() -> String {
    let head: Vec<&str> = ["path", "consent travels"].into_iter().chain(MANAGERS.map(|(shown, _)| shown)).collect();
    let declared = [("declared", true), ("not declared", false)];
    let row = |path: (&str, &str, &str, &str), (shown, declared): (&str, bool)| {
        let cells = MANAGERS.map(|(_, manager)| point(path, manager, declared));
        [path.0, shown].into_iter().chain(cells).map(str::to_owned).collect::<Vec<_>>()
    };
    table(&head, PATHS.into_iter().flat_map(|path| declared.map(|declared| row(path, declared))))
}
