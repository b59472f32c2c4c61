//! How an opt-out gets to destinations and what the notice says of them, across files.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use consentlint::check::{Inputs, Loaded, load};
use consentlint::classify::Classifier;
use consentlint::flow::{Facts, Flow, Map};
use consentlint::model::Profile;
use consentlint::source::Source;

fn read(files: &[&str]) -> Loaded {
    let mut inputs = Inputs::default();
    for (index, text) in files.iter().enumerate() {
        inputs.add(Source::new(format!("{index}.yaml"), format!("datamap: 1\n{text}")), Some(true));
    }
    let loaded = load(&inputs, &Classifier::default());
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    loaded
}

fn flow(loaded: &Loaded) -> Flow {
    let (model, links, classes) = (&loaded.model, &loaded.links, &loaded.classes[..]);
    Flow::derive(Map { model, links, classes, as_of: "2026-11-24", profile: Profile::UsCa })
}

fn shown(facts: &Facts, attribute: &str) -> String {
    facts.object.get(attribute).map_or_else(String::new, |value| value.value.display())
}

fn of(loaded: &Loaded, id: &str, attribute: &str) -> String {
    let at = loaded.model.destinations.iter().position(|known| known.id.value == id).expect("a destination");
    shown(&flow(loaded).destinations[at], attribute)
}

const CO_OP: &str = "destinations:\n  - {id: co-op, role: third_party, purposes: [marketing_coop]}\n";
const MODEL: &str = "sources:\n  - {id: customers, platform: retl, identity: [email], destinations: [co-op]}\n";

fn category(more: &str) -> String {
    format!("consent:\n  categories:\n    - {{id: dns, purpose: Stop sales, destinations: [co-op]{more}}}\n")
}

#[test]
fn a_path_past_the_gate_is_told_apart_from_the_lack_of_a_gate() {
    let gated = category(", controls: [opt-out]");
    let open = read(&[CO_OP, MODEL, &gated]);
    assert_eq!(of(&open, "co-op", "gated"), "false");
    assert_eq!(of(&open, "co-op", "bypasses"), "source `customers` has no consent columns");
    for other in [category(""), category(", controls: [opt-out], essential: true"), String::new()] {
        let none = read(&[CO_OP, MODEL, &other]);
        assert_eq!((of(&none, "co-op", "gated"), of(&none, "co-op", "bypasses")), ("false".into(), String::new()));
        assert!(of(&none, "co-op", "ungated_because").contains("no consent columns"), "{other}");
    }
    let carried = MODEL.replace("destinations:", "consent: {columns: true}, destinations:");
    let closed = read(&[CO_OP, &carried, &gated]);
    assert_eq!((of(&closed, "co-op", "gated"), of(&closed, "co-op", "bypasses")), ("true".into(), String::new()));
    let exempt = MODEL.replace("destinations:", "exempt: glba, destinations:");
    assert_eq!(of(&read(&[CO_OP, &exempt, &gated]), "co-op", "bypasses"), "");
}

#[test]
fn a_vendor_is_spoken_of_once_and_by_the_files_of_all() {
    let loaded = read(&[
        "consent:\n  categories:\n    - {id: dns, purpose: Stop sales, controls: [opt-out], destinations: [facebook-pixel, facebook-app-events]}\n",
        "destinations:\n  - {id: facebook-pixel, role: third_party, shares: true}\n  - {id: facebook-app-events, role: third_party, shares: true}\n",
        "destinations:\n  - {id: offline, vendor: META, role: third_party, shares: true}\n  - id: actions-facebook-custom-audiences\n",
    ]);
    assert_eq!(of(&loaded, "facebook-pixel", "open_routes"), "offline");
    assert_eq!(of(&loaded, "facebook-pixel", "routes_unclear"), "false");
    for silent in ["facebook-app-events", "offline", "actions-facebook-custom-audiences"] {
        assert_eq!(of(&loaded, silent, "open_routes"), "", "{silent}");
    }
    assert_eq!(of(&loaded, "offline", "run_by"), "META");
}

#[test]
fn days_of_interval_and_latency_add_up() {
    let days = |optout: &str| {
        let loaded = read(&[&format!("destinations:\n  - {{id: x, mode: cloud, optout: {{{optout}}}}}\n")]);
        (of(&loaded, "x", "optout_days"), of(&loaded, "x", "immediate"))
    };
    assert_eq!(days("interval_days: 14, latency_days: 8"), ("22".into(), "false".into()));
    assert_eq!(days("latency_days: 0"), ("0".into(), "true".into()));
    assert_eq!(days("propagation: ldu"), (String::new(), "true".into()));
}

#[test]
fn one_row_that_owns_up_to_the_sale_is_enough() {
    let destination = "destinations:\n  - {id: facebook-pixel, role: third_party, shares: true}\n";
    let gap = |rows: &str| {
        let notice = format!("sources:\n  - {{id: web, platform: web}}\nnotice:\n  categories:\n{rows}");
        let loaded = read(&[destination, &notice]);
        (of(&loaded, "facebook-pixel", "sale_denied"), of(&loaded, "facebook-pixel", "sale_unstated"))
    };
    let both = "    - {pi: [A, F], sold_or_shared: true}\n    - {pi: A, sold_or_shared: false}\n";
    assert_eq!(gap(both), (String::new(), String::new()));
    assert_eq!(gap("    - {pi: A, sold_or_shared: false}\n    - {pi: F, sold_or_shared: true}\n").0, "A");
    // A notice that speaks of sales and is silent on this one denies it; that F is not listed is told of the website.
    assert_eq!(gap("    - {pi: A, sold_or_shared: true}\n    - {pi: F}\n").0, "F");
    assert_eq!(gap("    - {pi: A}\n"), (String::new(), "A".into()));
}

#[test]
fn a_class_that_rests_on_a_similar_name_contradicts_no_notice() {
    let with = |name: &str| {
        let event = format!("events:\n  - name: Profile Saved\n    properties:\n      - {{name: {name}}}\n");
        let loaded = read(&[
            "destinations:\n  - {id: facebook-pixel, role: third_party, shares: true}\n",
            "notice:\n  categories:\n    - {pi: [A, F], sold_or_shared: true}\n    - {pi: C, sold_or_shared: false}\n",
            &event,
        ]);
        assert_eq!(of(&loaded, "facebook-pixel", "reach"), "A, C, F", "{name}");
        of(&loaded, "facebook-pixel", "sale_denied")
    };
    assert_eq!((with("gender"), with("genderx")), ("C".into(), String::new()));
}

#[test]
fn incentives_are_declared_or_named() {
    let loaded = read(&["business: {name: Shop}\nevents:\n\
        \x20 - {name: Points Redeemed, incentive: true}\n\
        \x20 - {name: LoyaltyJoined}\n\
        \x20 - {name: Brand Loyalty Survey, incentive: false, properties: [{name: loyalty_score}]}\n\
        \x20 - {name: Order, properties: [{name: rewards_tier}, {name: bonus, incentive: true}, {name: points}]}\n"]);
    let business = flow(&loaded).business.expect("facts");
    assert_eq!(shown(&business, "incentives"), "Points Redeemed, Order.bonus");
    assert_eq!(shown(&business, "incentive_names"), "LoyaltyJoined, Order.rewards_tier");
}
