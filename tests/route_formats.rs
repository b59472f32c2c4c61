//! `route --prove` on the files of every manager, as they lie in `fixtures/adapters`, with a data map that says which category
//! carries out the opt-out.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests make files")]

mod common;

use common::{root, run};
use serde_json::Value;

/// A data map beside files of vendors, and what is proved of the opt-out: `id result place`.
struct Case {
    files: &'static [&'static str],
    map: &'static str,
    wanted: &'static [&'static str],
}

fn proofs(case: &Case) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    for file in case.files {
        let path = root().join("fixtures/adapters").join(file);
        std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    std::fs::write(folder.path().join("map.yaml"), format!("datamap: 1\n{}", case.map)).unwrap();
    let ran = run(folder.path(), &["route", "--prove", "--claim", "opt-out", "--format", "json"]);
    let report = ran.json();
    let one = |found: &Value| {
        let place = found["file"].as_str().map(|file| format!(" {file}:{}", found["start"]["line"]));
        let words = ["id", "result"].map(|key| found[key].as_str().unwrap());
        format!("{}{}", words.join(" "), place.unwrap_or_default())
    };
    report["destinations"].as_array().unwrap().iter().map(one).collect()
}

fn check(case: &Case) {
    let found = proofs(case);
    assert_eq!(found, case.wanted, "{:?} with\n{}", case.files, case.map);
}

#[test]
fn an_export_of_segment() {
    let stamped = "sources: [{id: s2, platform: server, consent: {object: true}, identity: [email]}]\n";
    let silent = "sources: [{id: s2, platform: server, consent: {object: false}, identity: [email]}]\n";
    let listed = "consent: {manager: segment, categories: [{id: ads, controls: [opt-out], destinations: [d3]}]}\n";
    let unlisted = "consent: {manager: segment, categories: [{id: ads, controls: [opt-out]}]}\n";
    for (map, wanted) in [
        (format!("{listed}{stamped}"), "d3 proved"),
        (format!("{listed}{silent}"), "d3 refuted map.yaml:3"),
        (format!("{unlisted}{stamped}"), "d3 refuted destination.json:1"),
    ] {
        let case = Case { files: &["segment-export/destination.json"], map: map.leak(), wanted: &[] };
        assert_eq!(proofs(&case), [wanted], "{}", case.map);
    }
}

#[test]
fn the_cdn_settings_of_segment() {
    let map = |controls: &str| {
        let map = format!(
            "consent: {{manager: segment, model: opt-in, categories: [{{id: C0004, controls: [{controls}]}}]}}\n\
             sources: [{{id: web, platform: web, consent: {{wrapper: custom}}}}]\n\
             destinations: [{{id: Facebook Pixel, shares: true}}, {{id: webhooks, mode: device, shares: true}}]\n"
        );
        Case { files: &["segment-cdn-settings/settings.json"], map: map.leak(), wanted: &[] }
    };
    let found = proofs(&map("opt-out"));
    assert!(found.contains(&"Facebook Pixel proved".to_owned()), "{found:?}");
    assert!(found.iter().any(|line| line == "webhooks refuted map.yaml:4"), "{found:?}");
}

#[test]
fn the_consent_manager_of_segment() {
    check(&Case {
        files: &["segment-consent-manager/settings.yaml"],
        map: "consent: {categories: [{id: advertising, controls: [opt-out]}]}\n",
        wanted: &["Facebook Pixel proved", "Snap Pixel proved"],
    });
    check(&Case {
        files: &["segment-consent-manager/settings.yaml"],
        map: "consent: {categories: [{id: other, controls: [opt-out]}]}\n",
        wanted: &["Facebook Pixel refuted settings.yaml:7", "Snap Pixel refuted settings.yaml:7"],
    });
    check(&Case {
        files: &["segment-consent-manager/settings.yaml"],
        map: "",
        wanted: &["Facebook Pixel undecidable settings.yaml:7", "Snap Pixel undecidable settings.yaml:7"],
    });
}

#[test]
fn the_wrapper_of_onetrust() {
    check(&Case {
        files: &["consent-wrapper/onetrust.tsx"],
        map: "consent: {categories: [{id: C0004, controls: [opt-out]}]}
sources: [{id: web, platform: web}]
destinations:
  - {id: Actions Amplitude, mode: device, shares: true}
  - {id: facebook-pixel, mode: device, shares: true}
  - {id: Fullstory, mode: device, shares: true}
",
        wanted: &["Actions Amplitude proved", "facebook-pixel refuted map.yaml:6", "Fullstory refuted onetrust.tsx:4"],
    });
}

#[test]
fn resources_of_rudderstack() {
    check(&Case {
        files: &["rudder-resources/destinations.yaml", "rudder-resources/sources.yaml"],
        map: "consent: {categories: [{id: C0004, controls: [opt-out]}]}\n",
        wanted: &["Crumbs Pixel proved"],
    });
    check(&Case {
        files: &["rudder-resources/destinations.yaml", "rudder-resources/sources.yaml"],
        map: "consent: {categories: [{id: C0001, controls: [opt-out]}]}\n",
        wanted: &["Crumbs Pixel refuted destinations.yaml:20"],
    });
}

#[test]
fn a_container_of_tag_manager() {
    check(&Case {
        files: &["gtm-container/web.json"],
        map: "consent: {categories: [{id: ad_storage, controls: [opt-out]}, {id: C0004, controls: [opt-out]}]}\n",
        wanted: &[
            "google-ads-gtag undecidable web.json:30",
            "facebook-pixel proved",
            "snap-pixel proved",
            "actions-tiktok-pixel proved",
            "bing-ads refuted web.json:105",
        ],
    });
}
