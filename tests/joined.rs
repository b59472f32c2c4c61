//! What the files of vendors give together: parts of plans that refer to each other, inventories beside set-ups.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::expect_used, reason = "tests read fixtures")]

mod common;

use consentlint::check::{Inputs, Loaded, load};
use consentlint::classify::Classifier;
use consentlint::flow::{Flow, Map};
use consentlint::model::Profile;
use consentlint::source::Source;

fn read(files: &[(&str, &str)]) -> Loaded {
    let mut inputs = Inputs::default();
    for (name, text) in files {
        inputs.add(Source::new(*name, (*text).to_owned()), Some(true));
    }
    load(&inputs, &Classifier::default())
}

fn fixtures(names: &[&str]) -> Loaded {
    let folder = common::root().join("fixtures/adapters");
    let texts: Vec<String> = names.iter().map(|name| std::fs::read_to_string(folder.join(name)).unwrap()).collect();
    let files: Vec<(&str, &str)> = names.iter().copied().zip(texts.iter().map(String::as_str)).collect();
    read(&files)
}

/// Events as `plan: event [section.path hint, …]`.
fn events(loaded: &Loaded) -> Vec<String> {
    let one = |event: &consentlint::model::Event| {
        let plan = event.plan.map_or("-", |plan| &loaded.model.plans[plan].name.value);
        let path = |property: &consentlint::model::Property| {
            let hint = common::dump::letters(property.hint);
            format!("{}.{} {hint}", property.section.name(), property.path.value)
        };
        let paths: Vec<String> = event.properties.iter().map(path).collect();
        format!("{plan}: {} {} [{}]", event.call.name(), event.name.value, paths.join(", "))
    };
    loaded.model.events.iter().map(|event| one(event)).collect()
}

fn said(loaded: &Loaded) -> Vec<String> {
    loaded.problems.iter().map(|problem| format!("{} ({})", problem.message, problem.help)).collect()
}

fn shown(loaded: &Loaded, id: &str, attribute: &str) -> String {
    let map = Map {
        model: &loaded.model,
        links: &loaded.links,
        classes: &loaded.classes,
        as_of: "2026-11-24",
        profile: Profile::UsCa,
    };
    let flow = Flow::derive(map);
    let at = loaded.model.destinations.iter().position(|known| known.id.value == id).expect("a destination");
    flow.destinations[at].object.get(attribute).map_or_else(String::new, |value| value.value.display())
}

const CATALOG: [&str; 5] = [
    "rudder-catalog/catalog/events.yaml",
    "rudder-catalog/catalog/properties.yaml",
    "rudder-catalog/catalog/types.yaml",
    "rudder-catalog/plans/plan.yaml",
    "rudder-catalog/plans/plan-v1.yaml",
];

#[test]
fn a_plan_refers_to_events_properties_and_types_of_other_files() {
    let loaded = fixtures(&CATALOG);
    assert_eq!(
        events(&loaded),
        [
            "Bakery Web: track Order Placed [properties.Customer Email s:Email, properties.crust s, \
             properties.labels c, properties.labels.$ s, properties.ring c, properties.ring.ring c, \
             properties.delivery c, properties.delivery.address c, properties.delivery.address.street s, \
             properties.delivery.address.postcode ?, properties.delivery.address.crust s, \
             properties.delivery.address.loafCount n, properties.loafCount n]",
            "Bakery Web: identify identify [traits.Customer Email s:Email]",
            "Bakery Web: track order_plced []",
            "Kiosk Plan: track Order Placed [properties.loafCount n]",
            "Counter Plan: track Pickup Booked [properties.pickup_time s:Date, properties.guests c, \
             properties.guests.$.pickup_time s:Date]",
            "bakery: track Oven Opened []",
        ]
    );
    let crust = &loaded.model.events[0].properties[1];
    assert_eq!(crust.values.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), ["thin", "thick"]);
    // The place is the definition's; the alias is the reference.
    assert_ne!(crust.path.span.source, crust.path.alias.unwrap().source);
}

#[test]
fn a_reference_to_nothing_is_said_once() {
    let loaded = fixtures(&CATALOG);
    let missing: Vec<String> = said(&loaded).into_iter().filter(|said| said.contains("is defined in")).collect();
    assert_eq!(
        missing,
        [
            "no property `postcode` is defined in the files that are read (define it, or let the file that defines it \
             be among those read)",
            "no event `order_plced` is defined in the files that are read (did you mean `order_placed`?)",
        ]
    );
}

#[test]
fn custom_types_that_double_at_every_level_are_cut() {
    let mut text = String::from(
        "version: rudder/v1\nkind: tp\nmetadata: {name: g}\nspec:\n  id: p\n  rules:\n    - event: '#event:e'\n      \
         properties: [{property: '#property:p0'}]\n---\nversion: rudder/v1\nkind: events\nmetadata: {name: g}\nspec: \
         {events: [{id: e, name: E, event_type: track}]}\n---\nversion: rudder/v1\nkind: properties\nmetadata: {name: \
         g}\nspec:\n  properties:\n",
    );
    for level in 0..60 {
        text.push_str(&format!("    - {{id: p{level}, name: p{level}, type: '#custom-type:t{level}'}}\n"));
        text.push_str(&format!("    - {{id: q{level}, name: q{level}, type: '#custom-type:t{level}'}}\n"));
    }
    text.push_str("---\nversion: rudder/v1\nkind: custom-types\nmetadata: {name: g}\nspec:\n  types:\n");
    for level in 0..59 {
        let next = level + 1;
        let members = format!("[{{property: '#property:p{next}'}}, {{property: '#property:q{next}'}}]");
        text.push_str(&format!("    - {{id: t{level}, name: T{level}, type: object, properties: {members}}}\n"));
    }
    text.push_str("    - {id: t59, name: T59, type: string}\n");
    let loaded = read(&[("all.yaml", &text)]);
    assert!(loaded.model.events[0].properties.len() < 200_000);
    assert_eq!(said(&loaded).len(), 1, "{:?}", said(&loaded));
}

#[test]
fn connections_lead_from_a_source_to_its_destinations_by_their_ids() {
    let loaded = fixtures(&["rudder-resources/destinations.yaml", "rudder-resources/sources.yaml", CATALOG[3]]);
    assert_eq!(shown(&loaded, "Crumbs Pixel", "paths"), "Shop Website");
    assert_eq!(shown(&loaded, "Crumbs Pixel", "known"), "facebook-pixel");
    assert_eq!(shown(&loaded, "Crumbs Pixel", "categories"), "C0004, C0002");
    // The till's connection is switched off.
    assert_eq!(shown(&loaded, "House CRM", "paths"), "Users");
    assert_eq!(loaded.model.consents.len(), 1);
    let source = loaded.model.sources.iter().position(|source| source.id.value == "Users").expect("a source");
    assert_eq!(loaded.links.events[0], [source]);
    assert_eq!(shown(&loaded, "House CRM", "reach"), "A");
}

#[test]
fn a_name_that_only_one_of_the_joined_files_uses_still_leads_to_the_destination() {
    let file = |name: &str, consent: &str| {
        format!(
            "version: rudder/v1\nkind: destination\nmetadata: {{name: x}}\nspec: {{id: x, display_name: {name}, config: {{consent_management: {{web: [{{provider: ketch, consents: [{consent}]}}]}}}}}}\n"
        )
    };
    let loaded = read(&[("a.yaml", &file("Crumbs", "one")), ("b.yaml", &file("Crumbs Updated", "two"))]);
    assert_eq!(said(&loaded), Vec::<String>::new());
    assert_eq!(shown(&loaded, "Crumbs", "categories"), "one, two");
}

#[test]
fn consent_to_any_category_is_no_gate_while_one_of_them_is_no_opt_out() {
    let destination = |needs: &str| {
        format!(
            "datamap: 1\nconsent:\n  categories:\n    - {{id: ads, controls: [opt-out], destinations: [x]}}\n    - {{id: ux, destinations: [x]}}\ndestinations:\n  - {{id: x, consent_needs: {needs}}}\n"
        )
    };
    let gated = |needs: &str| shown(&read(&[("map.yaml", &destination(needs))]), "x", "gated");
    assert_eq!(gated("all"), "true");
    assert_eq!(gated("any"), "false");
}

#[test]
fn a_system_receives_what_it_declares_and_what_leads_to_it() {
    let loaded = fixtures(&["fides/dataset.yml", "fides/systems.yml"]);
    assert_eq!(shown(&loaded, "pantry_mail", "reach"), "A");
    assert_eq!(shown(&loaded, "pantry_mail", "discloses"), "false");
    assert_eq!(shown(&loaded, "pantry_ads", "ccba"), "true");
    // Its own e-mail address, and all that the shop passes on.
    assert_eq!(shown(&loaded, "pantry_ads", "reach"), "A, C");
    // What it declares, and the dataset that it refers to, health data included.
    assert_eq!(shown(&loaded, "pantry_shop", "reach"), "A, B, C, D, G, L, 2B");
    let expected: [String; 0] = [];
    let unresolved =
        said(&loaded).into_iter().filter(|said| said.contains("tracking plan") || said.contains("source `"));
    assert_eq!(unresolved.collect::<Vec<_>>(), expected);
}

#[test]
fn an_inventory_of_stores_does_not_hide_what_a_set_up_sends() {
    let map = "datamap: 1\ndestinations:\n  - {id: facebook-pixel, purposes: [retargeting]}\n";
    let plan = r#"{"data": {"trackingPlan": {"id": "rs_1", "name": "Web"}}}"#;
    let alone = read(&[("map.yaml", map), ("plan.json", plan)]);
    let system = "system:\n  - fides_key: shelf\n    privacy_declarations:\n      - {data_categories: [user.health], data_use: essential}\n";
    let both = read(&[("map.yaml", map), ("plan.json", plan), ("system.yml", system)]);
    for loaded in [&alone, &both] {
        assert_eq!(shown(loaded, "facebook-pixel", "active"), "true");
        assert_eq!(shown(loaded, "facebook-pixel", "reach"), "A, F");
    }
    assert_eq!(shown(&both, "shelf", "reach"), "B, L, 2B");
}

#[test]
fn a_vendors_file_that_does_not_parse_is_not_passed_over() {
    for text in [
        "version: \"rudder/v1\"\nkind: destination\nspec: {a: [\n",
        "system:\n  - fides_key: shelf\n    name: {\n",
        "data-silos:\n  - title: {\n",
    ] {
        let mut inputs = Inputs::default();
        inputs.add(Source::new("broken.yaml", text), Some(false));
        let loaded = load(&inputs, &Classifier::default());
        assert!(!loaded.problems.is_empty(), "{text}");
    }
}
