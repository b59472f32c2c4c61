//! What is derived from a data map: joins across files, references, reach, gating, presumptions.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use consentlint::check::{Inputs, Loaded, load};
use consentlint::classify::Classifier;
use consentlint::flow::{Flow, Map};
use consentlint::model::Profile;
use consentlint::source::Source;

fn read(files: &[(&str, &str)]) -> (Inputs, Loaded) {
    let mut inputs = Inputs::default();
    for (name, text) in files {
        inputs.add(Source::new(*name, format!("datamap: 1\n{text}")), Some(true));
    }
    let loaded = load(&inputs, &Classifier::default());
    (inputs, loaded)
}

fn flow(loaded: &Loaded) -> Flow {
    let map = Map {
        model: &loaded.model,
        links: &loaded.links,
        classes: &loaded.classes,
        as_of: "2026-11-24",
        profile: Profile::UsCa,
    };
    Flow::derive(map)
}

fn destination(loaded: &Loaded, id: &str) -> usize {
    loaded.model.destinations.iter().position(|destination| destination.id.value == id).expect("a destination")
}

fn holds(loaded: &Loaded, id: &str, attribute: &str) -> bool {
    flow(loaded).destinations[destination(loaded, id)].object.boolean(attribute).expect("a boolean")
}

fn shown(loaded: &Loaded, id: &str, attribute: &str) -> String {
    let flow = flow(loaded);
    flow.destinations[destination(loaded, id)]
        .object
        .get(attribute)
        .map_or_else(String::new, |value| value.value.display())
}

#[test]
fn the_same_destination_in_two_files_becomes_one() {
    let (_, loaded) = read(&[
        ("a.yaml", "destinations:\n  - {id: Facebook Pixel, role: third_party, purposes: [retargeting]}\n"),
        ("b.yaml", "destinations:\n  - {id: facebook-pixel, mode: device, purposes: [custom_audience]}\n"),
        ("c.yaml", "destinations:\n  - {id: pixel, aliases: [facebook-pixel], retention_days: 5}\n"),
    ]);
    assert_eq!(loaded.model.destinations.len(), 1);
    let object = &loaded.model.destinations[0].object;
    assert_eq!(object.text("mode"), Some("device"));
    assert_eq!(object.integer("retention_days"), Some(5));
    assert_eq!(object.list("purposes").len(), 2);
    assert!(loaded.model.contradictions.is_empty());
}

#[test]
fn a_contradiction_keeps_both_places() {
    let (_, loaded) = read(&[
        ("a.yaml", "destinations:\n  - {id: x, contract: {ref: one}}\n"),
        ("b.yaml", "destinations:\n  - {id: x, contract: {ref: two}}\n"),
    ]);
    let [found] = loaded.model.contradictions.as_slice() else { panic!("{:?}", loaded.model.contradictions) };
    assert_eq!(
        (found.attribute.as_str(), found.first.value.as_str(), found.second.value.as_str()),
        ("contract.ref", "one", "two")
    );
    assert_ne!(found.first.span.source, found.second.span.source);
}

#[test]
fn two_instances_of_one_tool_stay_two_and_share_a_mapping_by_its_name() {
    let (_, loaded) = read(&[(
        "a.yaml",
        "consent:\n  categories:\n    - {id: ads, controls: [opt-out], destinations: [facebook-pixel]}\n\
         destinations:\n  - {id: pixel-us, catalog: facebook-pixel}\n  - {id: pixel-eu, catalog: facebook-pixel}\n",
    )]);
    assert_eq!(loaded.model.destinations.len(), 2);
    assert!(holds(&loaded, "pixel-us", "gated"));
    assert!(holds(&loaded, "pixel-eu", "gated"));
}

#[test]
fn a_destination_that_is_only_referred_to_exists_when_the_catalogue_knows_it() {
    let (_, loaded) =
        read(&[("a.yaml", "consent:\n  categories:\n    - {id: ads, destinations: [facebook-pixel, nobody-knows]}\n")]);
    assert_eq!(loaded.model.destinations.len(), 1);
    assert!(loaded.model.destinations[0].implied);
    let [problem] = loaded.problems.as_slice() else { panic!("{:?}", loaded.problems) };
    assert!(problem.message.contains("nobody-knows"));
}

#[test]
fn unknown_references_suggest_what_is_near() {
    let (_, loaded) = read(&[(
        "a.yaml",
        "destinations:\n  - {id: my-webhook}\nsources:\n  - {id: web, destinations: [my-webhok], plan: Shopp}\n\
         events:\n  - {name: E, sources: [wep]}\n",
    )]);
    let help: Vec<&str> = loaded.problems.iter().map(|problem| problem.help.as_str()).collect();
    assert_eq!(help.len(), 3, "{help:?}");
    assert!(help.contains(&"did you mean `my-webhook`?"));
    assert!(help.contains(&"did you mean `web`?"));
}

#[test]
fn sharing_is_presumed_from_the_catalogue_and_any_declaration_overrides_it() {
    let presumed = |declared: &str| {
        let (_, loaded) = read(&[("a.yaml", &format!("destinations:\n  - {{id: facebook-pixel{declared}}}\n"))]);
        (holds(&loaded, "facebook-pixel", "presumed_shares"), holds(&loaded, "facebook-pixel", "discloses"))
    };
    assert_eq!(presumed(""), (true, true));
    assert_eq!(presumed(", role: third_party"), (true, true));
    assert_eq!(presumed(", shares: false"), (false, false));
    assert_eq!(presumed(", role: service_provider"), (false, false));
    assert_eq!(presumed(", shares: true"), (false, true));
    assert_eq!(presumed(", consumer_directed: true"), (true, false));
    assert_eq!(presumed(", purposes: [optout_signal]"), (true, false));
    assert_eq!(presumed(", exempt: glba"), (true, false));
}

#[test]
fn purposes_decide_whatever_is_said_of_sharing() {
    let (_, loaded) = read(&[(
        "a.yaml",
        "destinations:\n  - {id: x, shares: false, purposes: [Custom-Audiences]}\n  - {id: y, purposes: [marketing_coop]}\n",
    )]);
    assert!(holds(&loaded, "x", "discloses") && holds(&loaded, "x", "ccba"));
    assert!(holds(&loaded, "y", "discloses") && !holds(&loaded, "y", "ccba"));
}

#[test]
fn a_role_without_contract_is_presumed_a_third_party() {
    let (_, loaded) = read(&[(
        "a.yaml",
        "destinations:\n  - {id: a, role: service_provider}\n  - {id: b, role: service_provider, contract: {ref: x}}\n  - {id: c}\n  - {id: d, role: internal}\n",
    )]);
    let presumed: Vec<bool> = ["a", "b", "c", "d"].map(|id| holds(&loaded, id, "presumed_third_party")).to_vec();
    assert_eq!(presumed, [true, false, true, false]);
}

const PATHS: &str =
    "consent:\n  manager: segment\n  categories:\n    - {id: dns, controls: [opt-out], destinations: [x]}\n";

#[test]
fn every_path_must_carry_consent() {
    let because = |source: &str, mode: &str| {
        let text = format!(
            "{PATHS}destinations:\n  - {{id: x, shares: true{mode}}}\nsources:\n  - {{id: s, identity: [user_id], destinations: [x]{source}}}\n"
        );
        let (_, loaded) = read(&[("a.yaml", &text)]);
        shown(&loaded, "x", "ungated_because")
    };
    assert_eq!(because(", platform: web, consent: {wrapper: onetrust}", ""), "");
    assert_eq!(because(", platform: server, consent: {object: true}", ""), "");
    assert_eq!(because(", platform: retl, consent: {columns: true}", ""), "");
    assert_eq!(because(", platform: server", ""), "source `s` sends events without the consent object");
    assert_eq!(because(", platform: web", ""), "source `s` declares no consent wrapper");
    assert_eq!(because(", platform: web, consent: {wrapper: none}", ""), "source `s` has no consent wrapper");
    assert_eq!(because(", platform: retl, consent: {object: true}", ""), "source `s` has no consent columns");
    assert_eq!(
        because(", platform: web, consent: {wrapper: x}", ", mode: file"),
        "source `s` exports without joining the suppression list"
    );
    assert_eq!(
        because(", platform: web, consent: {wrapper: x}", ", mode: audience"),
        "Engage destinations do not enforce consent"
    );
}

#[test]
fn an_essential_or_disabled_category_gates_nothing() {
    for extra in ["essential: true", "enabled: false", "purpose: x"] {
        let controls = if extra.starts_with("purpose") { "limit" } else { "opt-out" };
        let text = format!(
            "consent:\n  categories:\n    - {{id: c, controls: [{controls}], {extra}, destinations: [x]}}\ndestinations:\n  - {{id: x, shares: true}}\n"
        );
        let (_, loaded) = read(&[("a.yaml", &text)]);
        assert!(!holds(&loaded, "x", "gated"), "{extra}");
    }
}

#[test]
fn a_destination_that_no_enabled_source_feeds_is_not_active() {
    let (_, loaded) = read(&[(
        "a.yaml",
        "destinations: [{id: a}, {id: b}, {id: c, enabled: false}, {id: d}]\n\
         sources:\n  - {id: on, destinations: [a, c]}\n  - {id: off, enabled: false, destinations: [b]}\n  - {id: silent}\n",
    )]);
    let active: Vec<bool> = ["a", "b", "c", "d"].map(|id| holds(&loaded, id, "active")).to_vec();
    // `d` is in no list, so the source that lists nothing is presumed to feed it.
    assert_eq!(active, [true, false, false, true]);
}

#[test]
fn reach_follows_sources_plans_and_filters() {
    let (_, loaded) = read(&[(
        "a.yaml",
        "destinations:\n  - {id: web-only}\n  - {id: server-only}\n  - {id: filtered, filters: {drop_properties: [email]}}\n  - {id: blind, filters: {drop_events: [Signed Up]}}\n\
         sources:\n  - {id: web, platform: web, destinations: [web-only]}\n  - {id: api, platform: server, destinations: [server-only, filtered, blind]}\n\
         events:\n  - {name: Signed Up, sources: [api], properties: [{name: email}, {name: gender}]}\n",
    )]);
    assert_eq!(shown(&loaded, "web-only", "reach"), "A, F");
    assert_eq!(shown(&loaded, "server-only", "reach"), "A, C");
    assert_eq!(shown(&loaded, "filtered", "reach"), "C");
    assert_eq!(shown(&loaded, "blind", "reach"), "");
}

#[test]
fn an_exempt_source_contributes_nothing() {
    let (_, loaded) = read(&[(
        "a.yaml",
        "destinations: [{id: x, shares: true}]\nsources:\n  - {id: clinic, platform: web, exempt: hipaa_cmia, destinations: [x]}\n\
         events:\n  - {name: E, properties: [{name: diagnosis}]}\n",
    )]);
    assert_eq!(shown(&loaded, "x", "reach"), "");
    assert!(!holds(&loaded, "x", "discloses"));
}

#[test]
fn field_rules_classify_wherever_a_field_occurs_and_the_property_itself_wins() {
    let (_, loaded) = read(&[(
        "a.yaml",
        "events:\n  - name: Survey\n    properties:\n      - {name: income_band}\n      - {name: email, pi: none}\n      - {name: note, deidentified: true, pi: [A]}\n\
         fields:\n  - {match: Survey.properties.income_band, pi: [K]}\n  - {match: '*.email', pi: [A]}\n",
    )]);
    let codes: Vec<String> =
        loaded.classes[0].iter().map(|found| found.classes.codes().collect::<Vec<_>>().join("+")).collect();
    assert_eq!(codes, ["K", "", ""]);
    assert!(loaded.classes[0].iter().all(|found| found.is_known() && found.place.is_some()));
}

/// An attribute of the signal on a day, by a profile.
fn of_signal(text: &str, attribute: &str, as_of: &str, profile: Profile) -> String {
    let (_, loaded) = read(&[("a.yaml", text)]);
    let map = Map { model: &loaded.model, links: &loaded.links, classes: &loaded.classes, as_of, profile };
    Flow::derive(map).signals[0].object.get(attribute).unwrap().value.display()
}

#[test]
fn states_that_require_the_signal_switch_on_by_date() {
    let text = "business: {regions: [us-ca, us-or]}\nsignals: {gpc: {honored: true, regions: [us-ca]}}\n";
    let missing = |as_of| of_signal(text, "missing_states", as_of, Profile::UsCa);
    assert_eq!(missing("2025-12-31"), "");
    assert_eq!(missing("2026-01-01"), "Oregon");
    assert_eq!(of_signal(text, "missing_regions", "2026-01-01", Profile::UsCa), "");
}

#[test]
fn without_regions_the_profile_tells_which_states_count() {
    let text = "signals: {gpc: {honored: true, regions: [us-co]}}\n";
    let missing = |profile| of_signal(text, "missing_states", "2025-01-01", profile);
    assert_eq!(missing(Profile::UsCa), "");
    assert_eq!(missing(Profile::Us), "Connecticut, Texas, Montana, Nebraska, New Hampshire");
    assert_eq!(of_signal(text, "missing_regions", "2025-01-01", Profile::UsCa), "California");
    let computed = "business: {regions: [us]}\nsignals: {gpc: {honored: false}}\n";
    assert!(of_signal(computed, "missing_states", "2024-12-31", Profile::UsCa).starts_with("Colorado"));
}

#[test]
fn what_only_exempt_sources_send_and_exempt_destinations_receive_reaches_nobody() {
    let (_, loaded) = read(&[(
        "a.yaml",
        "destinations: [{id: x}, {id: y, exempt: glba}, {id: z, deidentified: true}]\n\
         sources:\n  - {id: clinic, platform: server, exempt: hipaa_cmia}\n  - {id: web, platform: web}\n\
         events:\n  - {name: A, sources: [clinic], properties: [{name: email}]}\n  - {name: B, sources: [clinic, web], properties: [{name: email}]}\n",
    )]);
    let flow = flow(&loaded);
    assert_eq!(flow.receivers, [vec![], vec![0]]);
    assert_eq!([shown(&loaded, "y", "reach"), shown(&loaded, "z", "reach")], ["", ""]);
}

#[test]
fn a_declaration_without_a_reason_is_held_against_the_name() {
    let (_, loaded) = read(&[(
        "a.yaml",
        "events:\n  - name: E\n    properties:\n\
         \x20     - {name: ssn, pi: [D]}\n      - {name: ssn, pi: [D], reason: a tag}\n      - {name: email, pi: none}\n\
         \x20     - {name: email, pi: [D]}\n      - {name: price, pi: none}\n      - {name: latitude, pi: [G], precision_decimals: 3}\n",
    )]);
    let conflicts = loaded.classes[0].iter().map(|found| found.conflict.codes().collect::<Vec<_>>().join("+"));
    assert_eq!(conflicts.collect::<Vec<_>>(), ["1A", "", "A", "", "", "1C"]);
}
