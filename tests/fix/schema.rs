//! Keys and values that are written wrong: what was meant is written where it can be told.

use super::{Project, mended};

fn fixed(text: &str, arguments: &[&str]) -> String {
    let all = [&["--fail-on=never", "--only=ccpa/role-undeclared"], arguments].concat();
    mended("data.yaml", text, &all).0
}

fn map(line: &str) -> String {
    format!("datamap: 1\ndestinations:\n  - id: mixpanel # analytics\n    role: internal\n    {line} # note\n")
}

#[test]
fn what_was_meant_is_written_where_nothing_else_can_be_meant() {
    let table = [
        ("retenton_days: 30", "retention_days: 30"),
        ("retention-days: 30", "retention_days: 30"),
        ("RetentionDays: 30", "retention_days: 30"),
        ("\"retenton_days\": 30", "\"retention_days\": 30"),
        ("'retenton_days' : 30", "'retention_days' : 30"),
        ("enabled: \"true\"", "enabled: true"),
        ("enabled: 'False'", "enabled: false"),
        ("enabled: yes", "enabled: true"),
        ("enabled: Off", "enabled: false"),
        ("retention_days: \"30\"", "retention_days: 30"),
        ("mode: Cloud", "mode: cloud"),
        ("mode: 'reverse-etl'", "mode: 'reverse_etl'"),
        ("mode: \"Reverse ETL\"", "mode: \"reverse_etl\""),
        ("contract: {knd: contractor}", "contract: {knd: contractor}"),
        ("contract: {kind: Third-Party}", "contract: {kind: third_party}"),
    ];
    for (before, after) in table {
        assert_eq!(fixed(&map(before), &["--fix"]), map(after), "{before}");
    }
}

#[test]
fn what_may_be_something_else_is_written_only_when_asked_to() {
    let table = [
        // A near word may be another word, and a key of three letters is near many.
        ("mode: clod", "mode: cloud"),
        ("contract: {knd: contractor}", "contract: {kind: contractor}"),
        ("contract: {kind: third_prty}", "contract: {kind: third_party}"),
    ];
    for (before, after) in table {
        assert_eq!(fixed(&map(before), &["--fix"]), map(before), "{before}");
        assert_eq!(fixed(&map(before), &["--fix", "--unsafe"]), map(after), "{before}");
    }
}

#[test]
fn what_cannot_be_told_stays() {
    for line in [
        // The right key is there already.
        "retenton_days: 30\n    retention_days: 20",
        // Not a number that both syntaxes write so.
        "retention_days: \"030\"",
        "retention_days: \"1e2\"",
        "enabled: \"maybe\"",
        "sells: [true]",
        "owner: someone",
    ] {
        assert_eq!(fixed(&map(line), &["--fix", "--unsafe"]), map(line), "{line}");
    }
    let shared = "datamap: 1\nx-a: &a\n  retenton_days: 30\n  enabled: \"true\"\ndestinations:\n  - {id: mixpanel, role: internal, <<: *a}\n  - {id: braze, role: internal, <<: *a}\n";
    assert_eq!(fixed(shared, &["--fix", "--unsafe"]), shared);
}

#[test]
fn a_key_that_hid_findings_is_renamed_and_they_are_shown() {
    let before = "datamap: 1\ndestnations:\n  - {id: facebook-pixel, role: third_party, purposes: [custom_audience]}\n";
    let (got, ran) = mended("data.yaml", before, &["--fix", "--only=ccpa/share-destination-ungated"]);
    assert_eq!((got, ran.code), (before.replace("destnations", "destinations"), 1), "{}", ran.stderr);
    assert!(ran.stdout.contains("critical[ccpa/share-destination-ungated]"), "{}", ran.stdout);
}

#[test]
fn a_rename_that_brings_another_problem_is_not_made() {
    let before = "datamap: 1\ndestinations:\n  - {id: mixpanel, role: internal, retenton_days: soon}\n";
    let (got, ran) = mended("data.yaml", before, &["--fix", "--fail-on=never"]);
    assert_eq!(got, before);
    let said = "not applied in data.yaml: rename the key `retenton_days` to `retention_days`: it would bring schema: expected an integer";
    assert!(ran.stderr.contains(said), "{}", ran.stderr);
}

#[test]
fn a_name_that_stands_for_nothing_is_written_as_the_nearest_one_only_when_asked_to() {
    let before = "datamap: 1\ndestinations:\n  - {id: our-warehouse, role: internal}\nsources:\n  - {id: web, platform: web, destinations: ['our-warehose']}\nevents:\n  - {name: Paid, sources: [wb]}\n";
    assert_eq!(fixed(before, &["--fix"]), before);
    let after = before.replace("warehose", "warehouse").replace("[wb]", "[web]");
    assert_eq!(fixed(before, &["--fix", "--unsafe"]), after);
}

#[test]
fn json_keeps_its_quotes() {
    let before = "{\"datamap\": 1, \"destinations\": [{\"id\": \"mixpanel\", \"role\": \"Internal\", \"retenton_days\": \"30\"}]}";
    let after =
        "{\"datamap\": 1, \"destinations\": [{\"id\": \"mixpanel\", \"role\": \"internal\", \"retention_days\": 30}]}";
    let (got, ran) = mended("data.json", before, &["--fix", "--fail-on=never"]);
    assert_eq!(got, after, "{}", ran.stderr);
}

#[test]
fn other_files_that_people_write_are_mended_and_exports_are_not() {
    let transcend = "data-silos:\n  - titlez: Mixpanel # ours\n    integrationName: mixpanel\n";
    let (got, ran) = mended("transcend.yml", transcend, &["--fix", "--fail-on=never"]);
    assert_eq!(got, transcend.replace("titlez", "title"), "{}", ran.stderr);
    let export = "{\"integrations\": {\"Segment.io\": {\"apiKey\": \"x\"}, \"Mixpanel\": {\"type\": \"browser\", \"bundlingStatus\": \"bundled\", \"consentSettings\": {\"categories\": \"a\"}}},\n \"consentSettings\": {\"allCategories\": [\"a\"], \"hasUnmappedDestinations\": \"false\"}}\n";
    let (got, ran) = mended("cdn-settings.json", export, &["--fix", "--unsafe"]);
    assert_eq!(got, export, "{}", ran.stderr);
    assert!(ran.stdout.contains("problem[schema]") && !ran.stdout.contains("fix:"), "{}", ran.stdout);
}

#[test]
fn a_misspelt_key_of_the_settings_is_renamed_and_they_are_read() {
    let before = "# ours\npakcs: [ccpa] # the law\nrules:\n  ccpa/role-undeclared: off\n";
    let project = Project::new(&[("consentlint.yaml", before), ("data.yaml", "datamap: 1\ndestinations: []\n")]);
    let ran = project.check(&["--fix", "--fail-on=never"]);
    assert_eq!(project.text("consentlint.yaml"), before.replace("pakcs", "packs"), "{}", ran.stderr);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let unknown = before.replace("pakcs", "owner");
    let project = Project::new(&[("consentlint.yaml", &unknown), ("data.yaml", "datamap: 1\ndestinations: []\n")]);
    project.check(&["--fix", "--unsafe"]);
    assert_eq!(project.text("consentlint.yaml"), unknown);
}
