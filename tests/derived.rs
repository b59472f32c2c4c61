//! Stores that are filled from stores: they are active with them, hold what they hold, and a circle ends.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "helpers of tests, too, fail by panicking")]

use consentlint::check::{Inputs, Loaded, load};
use consentlint::classify::Classifier;
use consentlint::flow::{Flow, Map};
use consentlint::model::Profile;
use consentlint::source::Source;

/// For each destination: whether it is active, and what reaches it.
fn reach(map: &str) -> Vec<(String, bool, String)> {
    let mut inputs = Inputs::default();
    inputs.add(Source::new("map.yaml", map.to_owned()), Some(true));
    let loaded = load(&inputs, &Classifier::new(Vec::new()));
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    let Loaded { model, links, classes, .. } = &loaded;
    let flow = Flow::derive(Map { model, links, classes, as_of: "2026-11-24", profile: Profile::UsCa });
    let facts = model.destinations.iter().zip(&flow.destinations);
    let told = facts.map(|(entity, facts)| {
        let reach = facts.object.get("reach").unwrap().value.display();
        (entity.id.value.clone(), facts.object.boolean("active").unwrap(), reach)
    });
    told.collect()
}

fn of<'r>(all: &'r [(String, bool, String)], id: &str) -> (bool, &'r str) {
    let (_, active, reach) = all.iter().find(|(known, ..)| known == id).unwrap();
    (*active, reach)
}

const EVENTS: &str = "
sources:
  - {id: web, platform: web, destinations: [warehouse]}
  - {id: kiosk, platform: server, destinations: [till]}
events:
  - name: Store Searched
    sources: [web]
    properties:
      - {name: email}
      - {name: latitude, pi: [G], spi: [1C]}
  - name: Sale Closed
    sources: [kiosk]
    properties:
      - {name: order_id, pi: [D]}
";

fn with(destinations: &str) -> Vec<(String, bool, String)> {
    reach(&format!("datamap: 1{EVENTS}destinations:\n{destinations}"))
}

#[test]
fn a_store_holds_what_the_store_holds_that_fills_it_and_no_more() {
    let all = with(
        "  - {id: warehouse, role: internal}\n  - {id: till, role: internal}\n  - {id: extract, derived_from: [warehouse]}\n  - {id: features, derived_from: [extract]}\n",
    );
    assert_eq!(of(&all, "warehouse"), (true, "A, F, G, L, 1C"));
    assert_eq!(of(&all, "extract"), of(&all, "warehouse"));
    assert_eq!(of(&all, "features"), of(&all, "warehouse"));
    assert_eq!(of(&all, "till"), (true, "D"));
}

#[test]
fn filters_of_every_store_on_the_way_count() {
    let all = with(
        "  - {id: warehouse, role: internal, filters: {drop_properties: [latitude]}}\n  - {id: till, role: internal}\n  - {id: extract, derived_from: [warehouse]}\n",
    );
    assert_eq!(of(&all, "extract"), (true, "A, F"));
    let all = with(
        "  - {id: warehouse, role: internal}\n  - {id: till, role: internal}\n  - {id: extract, derived_from: [warehouse], filters: {drop_properties: [latitude]}}\n  - {id: features, derived_from: [extract]}\n",
    );
    assert_eq!(of(&all, "warehouse"), (true, "A, F, G, L, 1C"));
    assert_eq!(of(&all, "extract"), (true, "A, F"));
    assert_eq!(of(&all, "features"), (true, "A, F"));
}

#[test]
fn a_store_that_is_off_deidentified_or_exempt_passes_nothing_on() {
    for off in ["enabled: false", "deidentified: true", "exempt: hipaa_cmia"] {
        let all = with(&format!(
            "  - {{id: warehouse, role: internal, {off}}}\n  - {{id: till, role: internal}}\n  - {{id: extract, derived_from: [warehouse]}}\n"
        ));
        assert_eq!(of(&all, "extract"), (false, ""), "{off}");
    }
    let all = with(
        "  - {id: warehouse, role: internal, enabled: false}\n  - {id: till, role: internal}\n  - {id: extract, derived_from: [warehouse, till]}\n",
    );
    assert_eq!(of(&all, "extract"), (true, "D"));
}

#[test]
fn a_circle_of_stores_ends() {
    let all = with(
        "  - {id: warehouse, role: internal, derived_from: [c, warehouse]}\n  - {id: till, role: internal}\n  - {id: b, derived_from: [warehouse]}\n  - {id: c, derived_from: [b], filters: {drop_properties: [email]}}\n",
    );
    assert_eq!(of(&all, "warehouse"), (true, "A, F, G, L, 1C"));
    assert_eq!(of(&all, "b"), of(&all, "warehouse"));
    assert!(of(&all, "c").0);
    let lost = with(
        "  - {id: warehouse, role: internal}\n  - {id: till, role: internal}\n  - {id: b, derived_from: [c]}\n  - {id: c, derived_from: [b]}\n",
    );
    assert_eq!(of(&lost, "b"), (false, ""));
    assert_eq!(of(&lost, "c"), (false, ""));
}

#[test]
fn without_sources_a_store_is_presumed_to_be_filled_as_its_origin_is_fed() {
    let all = reach(
        "datamap: 1\ndestinations:\n  - {id: warehouse, role: internal}\n  - {id: extract, derived_from: [warehouse]}\n  - {id: old, role: internal, enabled: false}\n  - {id: rest, derived_from: [old]}\nevents:\n  - name: Signed Up\n    properties:\n      - {name: job_title}\n",
    );
    assert_eq!(of(&all, "extract"), (true, "A, F, I"));
    assert!(!of(&all, "rest").0);
}

#[test]
fn a_store_may_be_fed_by_sources_and_stores() {
    let all = with("  - {id: warehouse, role: internal}\n  - {id: till, role: internal, derived_from: [warehouse]}\n");
    assert_eq!(of(&all, "till"), (true, "A, D, F, G, L, 1C"));
}
