//! Segment's set-up in many files: what refers to a destination or source in another file finds it.
#![allow(clippy::unwrap_used, reason = "tests look into what they made")]

use consentlint::check::{Inputs, Loaded, load};
use consentlint::classify::Classifier;
use consentlint::flow::{Map, gets_through};
use consentlint::model::{Entity, Profile};
use consentlint::source::Source;

fn loaded(files: &[(&str, &str)]) -> Loaded {
    let mut inputs = Inputs::default();
    for (path, text) in files {
        inputs.add(Source::new(*path, *text), Some(true));
    }
    load(&inputs, &Classifier::default())
}

fn list(entity: &Entity, path: &str) -> Vec<String> {
    entity.object.texts(path).map(|(text, _)| text.to_owned()).collect()
}

const PIXEL: &str = "resource \"segment_destination\" \"pixel\" {\n  source_id = segment_source.web.id\n  enabled = true\n  metadata = { id = \"5661eb58e954a874ca44cc07\" }\n}";
const WEB: &str = "resource \"segment_source\" \"web\" {\n  slug = \"shop\"\n  name = \"Shop\"\n  metadata = { id = \"IqDTy1TpoU\" }\n}";
const PURCHASE: &str = "resource \"segment_destination_subscription\" \"a\" {\n  destination_id = segment_destination.pixel.id\n  enabled = true\n  settings = jsonencode({ e = { \"@path\" = \"$.properties.email\" } })\n}";
const FILTER: &str = "resource \"segment_destination_filter\" \"a\" {\n  destination_id = segment_destination.pixel.id\n  enabled = true\n  if = \"all\"\n  actions = [{ type = \"DROP_PROPERTIES\", fields = jsonencode({ properties = [\"ssn\"] }) }]\n}";
const PLAN: &str = "resource \"segment_tracking_plan\" \"shop\" {\n  name = \"Shop plan\"\n  rules = [{ key = \"Signed Up\", type = \"TRACK\", version = 1, json_schema = jsonencode({ type = \"object\", properties = { email = { type = \"string\" } } }) }]\n}";
const CONNECTED: &str = "resource \"segment_source_tracking_plan_connection\" \"a\" {\n  source_id = segment_source.web.id\n  tracking_plan_id = segment_tracking_plan.shop.id\n}";

#[test]
fn resources_in_different_files_are_put_together() {
    let files = [
        ("a/subscription.tf", PURCHASE),
        ("b/filter.tf", FILTER),
        ("c/connection.tf", CONNECTED),
        ("d/destination.tf", PIXEL),
        ("e/plan.tf", PLAN),
        ("f/source.tf", WEB),
    ];
    let all = loaded(&files);
    assert_eq!(all.problems, []);
    let [pixel] = all.model.destinations.as_slice() else { panic!("{:?}", all.model.destinations) };
    assert!(!pixel.implied);
    assert_eq!(pixel.object.text("name"), Some("Facebook Pixel"));
    assert_eq!(list(pixel, "filters.allow_properties"), ["email"]);
    assert_eq!(list(pixel, "filters.drop_properties"), ["properties.ssn"]);
    let [web] = all.model.sources.as_slice() else { panic!("{:?}", all.model.sources) };
    assert_eq!((web.object.text("platform"), web.object.text("name")), (Some("web"), Some("Shop")));
    assert_eq!(all.links.sources[0].as_ref().unwrap()[0].index, 0);
    assert_eq!(all.links.events, [vec![0]]);
}

#[test]
fn an_import_block_gives_the_id_that_other_files_use() {
    let id = "64aa00000000000000000001";
    let destination = format!(
        "import {{\n  to = segment_destination.id-{id}\n  id = \"{id}\"\n}}\nresource \"segment_destination\" \"id-{id}\" {{\n  source_id = \"s1\"\n  name = \"Own\"\n  enabled = true\n}}"
    );
    let subscription = PURCHASE.replace("segment_destination.pixel.id", &format!("\"{id}\""));
    let exported = "{\"id\": \"s1\", \"slug\": \"shop\", \"workspaceId\": \"w\", \"metadata\": {\"slug\": \"ios\"}}";
    let all = loaded(&[("s.tf", &subscription), ("d.tf", &destination), ("source.json", exported)]);
    assert_eq!(all.problems, []);
    assert_eq!(all.model.destinations.len(), 1);
    assert_eq!(list(&all.model.destinations[0], "filters.allow_properties"), ["email"]);
    assert_eq!(all.model.sources.len(), 1);
    assert_eq!(all.model.sources[0].object.text("platform"), Some("ios"));
}

#[test]
fn a_second_instance_without_filters_lets_everything_through() {
    let second = PIXEL.replace("\"pixel\"", "\"second\"");
    let all = loaded(&[("a.tf", PIXEL), ("b.tf", PURCHASE), ("c.tf", FILTER), ("d.tf", WEB), ("e.tf", &second)]);
    let [pixel] = all.model.destinations.as_slice() else { panic!("{:?}", all.model.destinations) };
    assert_eq!(list(pixel, "filters.allow_properties"), Vec::<String>::new());
    assert_eq!(list(pixel, "filters.drop_properties"), Vec::<String>::new());
    // A file that tells nothing of filters takes none away.
    let settings = "{\"integrations\": {\"Segment.io\": {}, \"Facebook Pixel\": {}}}";
    let all = loaded(&[("a.tf", PIXEL), ("b.tf", PURCHASE), ("c.tf", FILTER), ("d.tf", WEB), ("cdn.json", settings)]);
    let [pixel] = all.model.destinations.as_slice() else { panic!("{:?}", all.model.destinations) };
    assert_eq!(list(pixel, "filters.allow_properties"), ["email"]);
    assert_eq!(list(pixel, "filters.drop_properties"), ["properties.ssn"]);
}

#[test]
fn what_a_data_map_keeps_from_a_destination_stays() {
    let map = "datamap: 1\ndestinations:\n  - id: facebook-pixel\n    filters: {drop_properties: [birthday]}\n";
    let second = PIXEL.replace("\"pixel\"", "\"second\"");
    let all = loaded(&[("a.tf", PIXEL), ("c.tf", FILTER), ("d.tf", WEB), ("e.tf", &second), ("map.yaml", map)]);
    let [pixel] = all.model.destinations.as_slice() else { panic!("{:?}", all.model.destinations) };
    assert_eq!(list(pixel, "filters.drop_properties"), ["birthday"]);
}

#[test]
fn a_broken_resource_is_told_though_nothing_else_is_in_the_file() {
    let mut inputs = Inputs::default();
    inputs.add(Source::new("d.tf", "resource \"segment_source\" \"a\" {\n  slug = = 1\n}\n"), Some(false));
    inputs.add(Source::new("e.tf", "resource \"aws_thing\" \"a\" {\n  slug = = 1\n}\n"), Some(false));
    assert_eq!(load(&inputs, &Classifier::default()).problems.len(), 1);
}

#[test]
fn filters_are_about_parts_paths_and_all_below_them() {
    let plan = r#"{"events": [{"name": "E", "rules": {"properties": {
        "properties": {"type": "object", "properties": {"email": {}, "user": {"type": "object", "properties": {"email": {}}}}},
        "traits": {"type": "object", "properties": {"email": {}, "age": {}}}}}}]}"#;
    let passing = |list: &str, names: &str| {
        let map = format!("datamap: 1\ndestinations:\n  - id: braze\n    filters: {{{list}: [{names}]}}\n");
        let all = loaded(&[("map.yaml", &map), ("plan.json", plan)]);
        assert_eq!(all.problems, []);
        let event = &all.model.events[0];
        let (model, links, classes) = (&all.model, &all.links, all.classes.as_slice());
        let map = Map { model, links, classes, as_of: "2026-11-24", profile: Profile::UsCa };
        let passing = event.properties.iter().filter(|property| gets_through(map, 0, event, property));
        let named = passing.map(|property| format!("{}.{}", property.section.name(), property.path.value));
        named.collect::<Vec<_>>().join(" ")
    };
    let all = "properties.email properties.user properties.user.email traits.email traits.age";
    assert_eq!(passing("allow_properties", "'*'"), all);
    assert_eq!(passing("allow_properties", "'traits.*'"), "traits.email traits.age");
    assert_eq!(passing("allow_properties", "user"), "properties.user properties.user.email");
    assert_eq!(passing("allow_properties", "properties.email"), "properties.email");
    assert_eq!(passing("drop_properties", "email"), "properties.user traits.age");
    assert_eq!(passing("drop_properties", "properties.email"), all.trim_start_matches("properties.email "));
    assert_eq!(passing("drop_properties", "use"), all);
}
