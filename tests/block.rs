//! `consentlint block`: what it writes is read by the adapters, and what it promises is so.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests look into what they made")]

mod common;

use common::random::Random;
use common::{Ran, files, root, run};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

const FORMATS: [(&str, &str); 3] = [("terraform", "tf"), ("segment-json", "json"), ("datamap", "yaml")];

/// A copy of a fixture, or of texts.
fn copy(fixture: &str) -> tempfile::TempDir {
    let (folder, from) = (tempfile::tempdir().unwrap(), root().join("fixtures").join(fixture));
    for path in files(&from) {
        let to = folder.path().join(path.strip_prefix(&from).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(&path, to).unwrap();
    }
    folder
}

fn project(texts: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in texts {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// Findings as rule, fingerprint and whether they ask.
type Findings = BTreeSet<(String, String, bool)>;

fn findings(folder: &Path) -> (Findings, usize) {
    let report = run(folder, &["check", "--format=json"]).json();
    let text = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
    let one = |one: &Value| (text(one, "rule"), text(one, "fingerprint"), one["question"].is_string());
    (report["findings"].as_array().unwrap().iter().map(one).collect(), report["problems"].as_array().unwrap().len())
}

/// What came though it was not there, questions in the place of accusations aside.
fn new(before: &Findings, after: &Findings) -> Vec<(String, String, bool)> {
    let known = |(rule, print, asks): &(String, String, bool)| {
        before.contains(&(rule.clone(), print.clone(), *asks))
            || (*asks && before.contains(&(rule.clone(), print.clone(), false)))
    };
    after.iter().filter(|one| !known(one)).cloned().collect()
}

/// Terraform with the ids that a person would put in the place of its variables: here those of the data map.
fn bound(text: &str) -> String {
    let mut out = text.to_owned();
    for declared in text.split("variable \"").skip(1) {
        let name = declared.split('"').next().unwrap();
        let id = declared.split("the data map calls ").nth(1).unwrap().split("\"\n").next().unwrap();
        out = out.replace(&format!("= var.{name}\n"), &format!("= \"{id}\"\n"));
    }
    out
}

/// Adds what `block` printed to the project, and gives the findings before and after.
fn added(folder: &Path, ran: &Ran, ending: &str) -> (Findings, Findings) {
    let before = findings(folder);
    let path = folder.join(format!("added.{ending}"));
    std::fs::write(&path, bound(&ran.stdout)).unwrap();
    let after = findings(folder);
    std::fs::remove_file(path).unwrap();
    assert_eq!(before.1, after.1, "problems came or went: {}", ran.stdout);
    (before.0, after.0)
}

fn of(all: &Findings, rule: &str) -> usize {
    all.iter().filter(|(found, _, asks)| found == rule && !asks).count()
}

#[test]
fn the_broken_shop_loses_the_findings_in_every_format() {
    let folder = copy("shop-broken");
    for (format, ending) in FORMATS {
        let ran = run(folder.path(), &["block", "--format", format]);
        assert_eq!(ran.code, 0, "{format}: {}", ran.stderr);
        assert!(ran.stderr.contains("with this added, 4 findings would be gone"), "{}", ran.stderr);
        for text in
            ["social_security_number", "religion", "shop.yaml:32", "shop.yaml:34", "ccpa/spi-to-share-destination"]
        {
            assert!(ran.stdout.contains(text), "{format} lacks {text}: {}", ran.stdout);
        }
        // Both run in device mode, and nothing says that filters are on there.
        assert_eq!(ran.stdout.matches("holds only where Destination Filters are on").count(), 2, "{}", ran.stdout);
        let (before, after) = added(folder.path(), &ran, ending);
        let rule = "ccpa/spi-to-share-destination";
        assert_eq!((of(&before, rule), of(&after, rule)), (4, 0), "{format}");
        assert_eq!(new(&before, &after), [], "{format}");
        assert!(ran.stdout.contains("ccpa/restricted-field-collected: it is collected at all"), "{}", ran.stdout);
    }
}

#[test]
fn a_clean_project_needs_nothing() {
    let folder = copy("shop");
    for (format, _) in FORMATS {
        let ran = run(folder.path(), &["block", "--format", format]);
        assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    }
}

const MAP: &str = "datamap: 1
sources:
  - {id: web, platform: web, destinations: [ads]}
destinations:
  - {id: ads, name: Ads, role: third_party, sells: true, mode: cloud}
events:
  - name: Signed Up
    sources: [web]
    properties:
      - {name: ssn, spi: [1A]}
      - {name: plan}
";

#[test]
fn what_is_kept_is_as_little_as_needed() {
    let folder = project(&[("map.yaml", MAP)]);
    let ran = run(folder.path(), &["block", "--format=segment-json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let filters = ran.json()["filters"].clone();
    assert_eq!(filters.as_array().unwrap().len(), 1, "{filters:#}");
    assert_eq!(filters[0]["destinationId"], "ads");
    assert_eq!(filters[0]["sourceId"], "web");
    assert_eq!(filters[0]["if"], "all");
    assert_eq!(
        filters[0]["actions"],
        serde_json::json!([{"type": "DROP_PROPERTIES", "fields": {"properties": ["ssn"]}}])
    );
    assert!(filters[0]["description"].as_str().unwrap().contains("`ssn` of Signed Up, map.yaml:10"), "{filters:#}");
}

#[test]
fn a_filter_is_not_promised_where_it_does_not_act() {
    let rules = ["mode: cloud}", "mode: device, destination_filters: false}", "mode: warehouse}", "mode: audience}"];
    let device = MAP.replace(rules[0], rules[1]);
    for (text, why) in [
        (device.clone(), "declared as off"),
        (MAP.replace(rules[0], rules[2]), "no destination filters to warehouses"),
        (MAP.replace(rules[0], rules[3]), "destination filters act on events"),
        (
            MAP.replace(rules[0], "derived_from: [store]}\n  - {id: store, role: internal, mode: warehouse}")
                .replace("destinations: [ads]", "destinations: [store]"),
            "filled from another store",
        ),
    ] {
        let folder = project(&[("map.yaml", &text)]);
        let ran = run(folder.path(), &["block"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{why}: {}", ran.stderr);
        assert!(ran.stderr.contains(why), "{why}: {}", ran.stderr);
    }
    let on = device.replace("filters: false", "filters: true");
    let ran = run(project(&[("map.yaml", &on)]).path(), &["block"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(!ran.stdout.contains("device mode"), "{}", ran.stdout);
    // Events of servers never pass the browser.
    let server = device.replace("platform: web", "platform: server");
    assert_eq!(run(project(&[("map.yaml", &server)]).path(), &["block"]).code, 0);
}

#[test]
fn an_event_that_tells_by_its_name_is_dropped_as_a_whole() {
    let map = MAP
        .replace("Signed Up", "Abortion \\\"Clinic\\\" Found")
        .replace("name: Abort", "name: \"Abort")
        .replace("Found\n", "Found\"\n");
    let folder = project(&[("map.yaml", &map)]);
    for (format, ending) in FORMATS {
        let ran = run(folder.path(), &["block", "--rule=ccpa/sensitive-event-name", "--format", format]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.stdout.contains("DROP") || ran.stdout.contains("drop_events"), "{}", ran.stdout);
        let (before, after) = added(folder.path(), &ran, ending);
        let count = |all: &Findings| of(all, "ccpa/sensitive-event-name");
        assert_eq!((count(&before), count(&after)), (1, 0), "{format}: {}", ran.stdout);
        assert_eq!(new(&before, &after), []);
    }
}

const WEB: &str = "resource \"segment_source\" \"web\" {\n  slug = \"web\"\n  name = \"Web\"\n  enabled = true\n  metadata = { id = \"IqDTy1TpoU\" }\n}
resource \"segment_destination\" \"pixel\" {\n  source_id = segment_source.web.id\n  enabled = true\n  name = \"Pixel\"\n  metadata = { id = \"5661eb58e954a874ca44cc07\" }\n}\n";
const EXPORT: &str = r#"{"data": {"destinations": [{"id": "64aa", "name": "Pixel", "enabled": true, "sourceId": "s1", "settings": {},
 "metadata": {"id": "5661eb58e954a874ca44cc07", "slug": "facebook-pixel", "name": "Facebook Pixel"}}], "pagination": {}}}"#;
const VENDORS: &str = "datamap: 1
destinations:
  - {id: facebook-pixel, role: third_party, sells: true}
events:
  - name: Signed Up
    properties:
      - {name: ssn, spi: [1A]}
";

#[test]
fn a_filter_names_the_instance_that_a_vendors_file_declares() {
    for (name, file, format, ending, expected) in [
        ("web.tf", WEB, "terraform", "tf", ["segment_destination.pixel.id\n", "segment_source.web.id\n"]),
        ("export.json", EXPORT, "terraform", "tf", ["= \"64aa\"\n", "= \"s1\"\n"]),
        ("export.json", EXPORT, "segment-json", "json", ["\"64aa\"", "\"s1\""]),
    ] {
        let folder = project(&[("map.yaml", VENDORS), (name, file)]);
        let ran = run(folder.path(), &["block", "--format", format]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(expected.iter().all(|text| ran.stdout.contains(text)), "{}", ran.stdout);
        assert!(!ran.stdout.contains("variable"), "{}", ran.stdout);
        let (before, after) = added(folder.path(), &ran, ending);
        let count = |all: &Findings| of(all, "ccpa/spi-to-share-destination");
        assert_eq!((count(&before), count(&after)), (1, 0), "{}", ran.stdout);
        assert_eq!(new(&before, &after), []);
    }
}

#[test]
fn what_another_platform_sends_is_not_promised() {
    let container = std::fs::read_to_string(root().join("fixtures/adapters/gtm-container/web.json")).unwrap();
    let map = VENDORS.replace("facebook-pixel", "google-ads-gtag");
    let folder = project(&[("map.yaml", &map), ("web.json", &container)]);
    for (format, _) in &FORMATS[..2] {
        let ran = run(folder.path(), &["block", "--format", format]);
        assert_eq!(ran.stdout, "", "{}", ran.stderr);
        assert!(
            ran.stderr.contains("Google Ads (Gtag): it is also set up in another platform (gtm-container)"),
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn vendors_fixtures_are_judged_in_every_format() {
    for fixture in ["adapters/segment-terraform", "adapters/segment-export", "adapters/segment-cdn-settings"] {
        for (format, ending) in FORMATS {
            let folder = copy(fixture);
            let ran = run(folder.path(), &["block", "--format", format]);
            assert!(!ran.stderr.contains("does not hold"), "{fixture} {format}: {}", ran.stderr);
            if !ran.stdout.is_empty() {
                let (before, after) = added(folder.path(), &ran, ending);
                assert_eq!(new(&before, &after), []);
            }
        }
    }
}

#[test]
fn options_narrow_and_unknown_names_are_refused() {
    let folder = copy("shop-broken");
    let one = run(folder.path(), &["block", "--destination", "facebook-pixel", "--format=segment-json"]);
    assert_eq!(one.code, 0, "{}", one.stderr);
    let filters = one.json()["filters"].clone();
    assert_eq!(filters.as_array().unwrap().len(), 1, "{filters:#}");
    let none = run(folder.path(), &["block", "--rule", "ccpa/policy-stale"]);
    assert_eq!((none.code, none.stdout.as_str()), (0, ""));
    for (option, name) in [("--destination", "facebook-pixl"), ("--rule", "ccpa/spi-to-share-destinatoin")] {
        let ran = run(folder.path(), &["block", option, name]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
        assert!(ran.stderr.contains("did you mean"), "{}", ran.stderr);
    }
}

#[test]
fn a_file_is_written_once() {
    let folder = copy("shop-broken");
    let arguments = ["block", "--format=datamap", "--out=filters.yaml"];
    let ran = run(folder.path(), &arguments);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    assert!(std::fs::read_to_string(folder.path().join("filters.yaml")).unwrap().starts_with("# Written by"));
    assert_eq!(of(&findings(folder.path()).0, "ccpa/spi-to-share-destination"), 0);
    let other = ["block", "--format=datamap", "--out=shop.yaml"];
    let before = std::fs::read_to_string(folder.path().join("shop.yaml")).unwrap();
    std::fs::remove_file(folder.path().join("filters.yaml")).unwrap();
    assert_eq!(run(folder.path(), &other).code, 2);
    assert_eq!(std::fs::read_to_string(folder.path().join("shop.yaml")).unwrap(), before);
}

/// Names that would break out of a format that let them.
const HOSTILE: [&str; 12] = [
    "a\"b",
    "${file(1)}",
    "%{if x}",
    "{{ x }}",
    "back\\slash",
    "line\nbreak",
    "# comment",
    "##[error]x",
    "é日本🦀",
    "\u{2028}sep",
    "<<EOT",
    "'single' ]}",
];

#[test]
fn hostile_names_stay_names() {
    let quote =
        |text: &str| serde_json::to_string(text).unwrap().replace("🦀", "\\U0001F980").replace("{{", "\\u007b\\u007b");
    for name in HOSTILE {
        let map = format!(
            "datamap: 1\nsources: [{{id: web, platform: server, destinations: [{0}]}}]\ndestinations: [{{id: {0}, role: third_party, sells: true, mode: cloud}}]\nevents: [{{name: {0}, sources: [web], properties: [{{name: {0}, spi: [1A]}}, {{name: plan}}]}}]\n",
            quote(name)
        );
        let folder = project(&[("map.yaml", &map)]);
        for (format, ending) in FORMATS {
            let ran = run(folder.path(), &["block", "--format", format]);
            assert_eq!(ran.code, 0, "{format} {name:?}: {}", ran.stderr);
            let reading =
                consentlint::document::parse(consentlint::source::SourceId(0), &format!("out.{ending}"), &ran.stdout);
            assert!(reading.problems.is_empty(), "{format} {name:?}: {:?}\n{}", reading.problems, ran.stdout);
            assert_eq!(reading.documents.len(), 1);
            assert!(ran.stdout.lines().all(|line| !line.trim_start().starts_with("::")), "{}", ran.stdout);
            assert!(!ran.stdout.contains("##[") && !ran.stdout.contains('\u{2028}'), "{}", ran.stdout);
        }
    }
}

/// A random data map of sensitive and plain fields, sources and recipients.
fn random_map(random: &mut Random) -> String {
    let fields = [
        "{name: ssn, spi: [1A]}",
        "{name: religion, spi: [1D]}",
        "{name: diagnosis, spi: [2B]}",
        "{name: latitude, spi: [1C], precision_decimals: 3}",
        "{name: plan}",
        "{name: email}",
        "{name: 'products.$.ssn', spi: [1A]}",
        "{name: url}",
    ];
    let names = ["Signed Up", "Abortion Clinic Found", "Order Completed", "Viewed"];
    let mut map = "datamap: 1\nbusiness: {name: B, regions: [us-ca]}\nsources:\n".to_owned();
    for source in 0..=random.below(2) {
        let platform = random.one(&["web", "server", "ios"]);
        map += &format!("  - {{id: s{source}, platform: {platform}, destinations: [d0, d{}]}}\n", random.below(3));
    }
    map += "destinations:\n";
    for destination in 0..3 {
        let role = random.one(&[
            "third_party, sells: true",
            "third_party",
            "internal",
            "service_provider, contract: {kind: service_provider, ref: X}",
        ]);
        let mode = random.one(&[
            "cloud",
            "device",
            "warehouse",
            "device, destination_filters: true",
            "cloud, purposes: [services]",
        ]);
        map += &format!("  - {{id: d{destination}, role: {role}, mode: {mode}}}\n");
    }
    map += "events:\n";
    for name in names.iter().take(1 + random.below(4)) {
        let mut own: Vec<&str> = (0..=random.below(4)).map(|_| random.one(&fields)).collect();
        own.sort_unstable();
        own.dedup();
        let sources = random.one(&["s0", "s0"]);
        map += &format!("  - {{name: {name}, sources: [{sources}], properties: [{}]}}\n", own.join(", "));
    }
    map
}

#[test]
fn what_is_promised_is_so_in_random_projects() {
    let mut random = Random(7);
    let mut blocked = 0;
    for _ in 0..60 {
        let map = random_map(&mut random);
        let folder = project(&[("map.yaml", &map)]);
        let (format, ending) = FORMATS[random.below(3)];
        let ran = run(folder.path(), &["block", "--format", format]);
        assert!(!ran.stderr.contains("does not hold"), "{format}\n{map}\n{}", ran.stderr);
        assert!(ran.code < 2, "{format}\n{map}\n{}", ran.stderr);
        if ran.stdout.is_empty() {
            continue;
        }
        blocked += 1;
        let (before, after) = added(folder.path(), &ran, ending);
        assert_eq!(new(&before, &after), [], "{format}\n{map}\n{}", ran.stdout);
        // What the first run answers is answered: a second finds nothing more to print.
        std::fs::write(folder.path().join(format!("added.{ending}")), bound(&ran.stdout)).unwrap();
        let again = run(folder.path(), &["block", "--format", format]);
        assert_eq!(again.stdout, "", "{format}\n{map}\n{}", ran.stdout);
        assert_eq!(again.code, ran.code, "{format}\n{map}\n{}\n{}", ran.stderr, again.stderr);
    }
    assert!(blocked > 20, "only {blocked} projects had something to block");
}

/// What is written for a project, as JSON, and that it holds.
fn filters(map: &str) -> Vec<Value> {
    let folder = project(&[("map.yaml", map)]);
    let ran = run(folder.path(), &["block", "--format=segment-json"]);
    assert!(ran.code < 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("and none would come"), "{}", ran.stderr);
    let (before, after) = added(folder.path(), &ran, "json");
    assert_eq!(new(&before, &after), [], "{}", ran.stdout);
    ran.json()["filters"].as_array().unwrap().clone()
}

fn dropped(filter: &Value) -> Value {
    filter["actions"][0]["fields"].clone()
}

#[test]
fn a_name_inside_a_list_is_written_as_segment_reads_it() {
    for (path, expected) in [
        ("products.$.ssn", serde_json::json!({"properties.products": ["ssn"]})),
        ("tags.$", serde_json::json!({"properties": ["tags"]})),
        ("a.$.b.$.ssn", serde_json::json!({"properties.a": ["b"]})),
        // Nothing says whether the dot is part of the name.
        ("a.ssn", serde_json::json!({"properties": ["a.ssn"], "properties.a": ["ssn"]})),
    ] {
        let map = MAP.replace("name: ssn", &format!("name: {path}"));
        assert_eq!(dropped(&filters(&map)[0]), expected, "{path}");
        let folder = project(&[("map.yaml", &map)]);
        let ran = run(folder.path(), &["block"]);
        let (before, after) = added(folder.path(), &ran, "tf");
        let rule = "ccpa/spi-to-share-destination";
        assert_eq!((of(&before, rule), of(&after, rule)), (1, 0), "{}", ran.stdout);
    }
}

#[test]
fn traits_are_taken_where_the_call_has_them() {
    let properties = "    properties:\n      - {name: ssn, spi: [1A]}\n      - {name: plan}\n";
    let traits = MAP.replace(properties, "    traits:\n      - {name: ssn, spi: [1A]}\n");
    assert_eq!(dropped(&filters(&traits)[0]), serde_json::json!({"context.traits": ["ssn"]}));
    let identify = traits.replace("- name: Signed Up", "- name: Signed Up\n    type: identify");
    assert_eq!(dropped(&filters(&identify)[0]), serde_json::json!({"traits": ["ssn"]}));
}

#[test]
fn every_path_to_a_destination_gets_its_filter() {
    let map = MAP
        .replace("sources:\n", "sources:\n  - {id: shop, platform: server, destinations: [ads]}\n  - {id: other, platform: server, destinations: [ads]}\n")
        .replace("sources: [web]", "sources: [web, shop]");
    let sources: Vec<String> = filters(&map).iter().map(|one| one["sourceId"].as_str().unwrap().to_owned()).collect();
    // What `other` sends has nothing sensitive.
    assert_eq!(sources, ["shop", "web"]);
}

#[test]
fn what_is_similar_or_declared_as_needed_is_left_alone() {
    let map = MAP.replace("{name: plan}", "{name: ssn_number_x}\n      - {name: note, pi: none}");
    assert_eq!(dropped(&filters(&map)[0]), serde_json::json!({"properties": ["ssn"]}));
}

#[test]
fn pages_are_kept_in_cloud_mode_only() {
    let map = MAP
        .replace("platform: web,", "platform: web, sensitive_context: [health],")
        .replace("{name: ssn, spi: [1A]}", "{name: sku}");
    let found = filters(&map);
    assert_eq!(dropped(&found[0]), serde_json::json!({"context": ["page"]}));
    assert_eq!((found[1]["if"].as_str().unwrap(), found.len()), ("type = \"page\"", 2));
    let folder = project(&[("map.yaml", &map.replace("mode: cloud", "mode: device, destination_filters: true"))]);
    let ran = run(folder.path(), &["block"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(ran.stderr.contains("its own script reads the page"), "{}", ran.stderr);
}

#[test]
fn all_that_a_purpose_does_not_need_is_kept_back() {
    let map = MAP
        .replace(
            "role: third_party, sells: true",
            "role: service_provider, purposes: [ab_testing], contract: {kind: service_provider, ref: X}",
        )
        .replace("{name: ssn, spi: [1A]}", "{name: salary, pi: [B]}\n      - {name: income, pi: [B]}");
    let folder = project(&[("map.yaml", &map)]);
    let rule = "ccpa/destination-overcollects";
    assert_eq!(of(&findings(folder.path()).0, rule), 1, "the project has no finding of {rule}");
    let ran = run(folder.path(), &["block", "--format=segment-json", "--rule", rule]);
    assert_eq!(dropped(&ran.json()["filters"][0]), serde_json::json!({"properties": ["income", "salary"]}));
}

#[test]
fn personal_information_in_addresses_is_kept_from_everyone_who_gets_it() {
    let map = MAP
        .replace("{name: ssn, spi: [1A]}", "{name: 'url_params.email', pi: [A]}")
        .replace("destinations: [ads]", "destinations: [ads, mail]")
        .replace("events:", "  - {id: mail, role: internal, mode: cloud}\nevents:");
    let folder = project(&[("map.yaml", &map)]);
    let rule = "ccpa/pii-in-url";
    assert_eq!(of(&findings(folder.path()).0, rule), 1, "the project has no finding of {rule}");
    let ran = run(folder.path(), &["block", "--format=segment-json", "--rule", rule]);
    assert_eq!(ran.json()["filters"].as_array().unwrap().len(), 2, "{}", ran.stdout);
    // One of them cannot be filtered, and then the finding would stay.
    let stored = map.replace("role: internal, mode: cloud", "role: internal, mode: warehouse");
    let ran = run(project(&[("map.yaml", &stored)]).path(), &["block", "--rule", rule]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{}", ran.stderr);
}

#[test]
fn bans_and_consent_of_other_states_are_answered() {
    let settings = ("consentlint.yaml", "profile: us\n");
    let map = MAP
        .replace(
            "sources:\n  - {id: web",
            "business: {name: B, regions: [us-md, us-or, us-co]}\nconsent: {model: opt-out, categories: [{id: c, purpose: Show ads on other sites, destinations: [ads]}]}\nsources:\n  - {id: web",
        )
        .replace("{name: plan}", "{name: religion, spi: [1D]}\n      - {name: latitude, spi: [1C]}");
    for rule in
        ["us-states/sensitive-sale-banned", "us-states/precise-geolocation-sale", "us-states/sensitive-without-opt-in"]
    {
        let folder = project(&[settings, ("map.yaml", &map)]);
        for (format, ending) in FORMATS {
            let ran = run(folder.path(), &["block", "--rule", rule, "--format", format]);
            assert_eq!(ran.code, 0, "{rule} {format}: {}", ran.stderr);
            assert!(!ran.stdout.is_empty(), "{rule}: {}", ran.stderr);
            let (before, after) = added(folder.path(), &ran, ending);
            assert_eq!((of(&before, rule), of(&after, rule)), (1, 0), "{rule} {format}");
            assert_eq!(new(&before, &after), []);
        }
    }
}

#[test]
fn a_resource_that_is_made_several_times_has_no_id_of_its_own() {
    let many = WEB.replace("  name = \"Pixel\"\n", "  name = \"Pixel\"\n  count = 2\n");
    let folder = project(&[("map.yaml", VENDORS), ("web.tf", &many)]);
    let ran = run(folder.path(), &["block"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(!ran.stdout.contains("segment_destination.pixel.id"), "{}", ran.stdout);
    assert!(ran.stdout.contains("= var.segment_destination_pixel\n"), "{}", ran.stdout);
}

#[test]
fn names_that_the_project_has_are_not_taken_again() {
    let folder = project(&[("map.yaml", VENDORS), ("web.tf", WEB)]);
    let first = run(folder.path(), &["block"]).stdout;
    std::fs::write(folder.path().join("filters.tf"), &first).unwrap();
    let more = VENDORS.replace("[1A]}\n", "[1A]}\n      - {name: religion, spi: [1D]}\n");
    std::fs::write(folder.path().join("map.yaml"), more).unwrap();
    let ran = run(folder.path(), &["block"]);
    assert!(first.contains("\"consentlint_pixel_fields\""), "{first}");
    assert!(ran.stdout.contains("\"consentlint_pixel_fields_2\""), "{}", ran.stdout);
    assert!(ran.stdout.contains("[\"religion\"]"), "{}", ran.stdout);
}

#[test]
fn an_exception_that_is_needed_no_more_stops_no_filter() {
    let settings = "exceptions:\n  - {rule: ccpa/limit-control-missing, reason: reviewed}\n";
    let folder = project(&[("map.yaml", MAP), ("consentlint.yaml", settings)]);
    let ran = run(folder.path(), &["block", "--format=datamap"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("1 finding would come\n  core/exception-unused: "), "{}", ran.stderr);
}

#[test]
fn what_does_not_hold_is_not_printed() {
    let plan = "resource \"segment_tracking_plan\" \"p\" {\n  name = \"P\"\n  type = \"LIVE\"\n  rules = [{ key = \"Signed Up\", type = \"TRACK\", version = 1, json_schema = jsonencode({ type = \"object\", properties = { properties = { type = \"object\", properties = { social_security_number = { type = \"string\" } } } } }) }]\n}
resource \"segment_source_tracking_plan_connection\" \"c\" {\n  source_id = segment_source.web.id\n  tracking_plan_id = segment_tracking_plan.p.id\n}\n";
    let folder = project(&[("web.tf", WEB), ("plan.tf", plan)]);
    // A first data map brings what only a data map is asked for.
    let ran = run(folder.path(), &["block", "--format=datamap"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("a filter does not hold, and is not printed: another finding comes: "),
        "{}",
        ran.stderr
    );
    let ran = run(folder.path(), &["block"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let (before, after) = added(folder.path(), &ran, "tf");
    assert_eq!((of(&before, "ccpa/spi-to-share-destination"), of(&after, "ccpa/spi-to-share-destination")), (1, 0));
    assert_eq!(new(&before, &after), []);
}

#[test]
fn what_the_readme_shows_is_what_it_prints() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap().replace("\r\n", "\n");
    let shown = readme.split("```console\n$ consentlint block ").nth(1).unwrap().split("```").next().unwrap();
    let (arguments, shown) = shown.split_once('\n').unwrap();
    let arguments: Vec<&str> = std::iter::once("block").chain(arguments.split(' ')).collect();
    let ran = run(root(), &arguments);
    let mut printed = ran.stdout.lines().chain(ran.stderr.lines());
    for line in shown.lines().filter(|line| line.trim() != "…") {
        assert!(printed.any(|found| found == line), "`{line}` is not printed, or not there");
    }
}
