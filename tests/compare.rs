//! What is a change in meaning, and what is none: the same data map in other files, formats and orders.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read fixtures")]

mod common;

use common::random::Random;
use common::root;
use consentlint::check::{Inputs, Loaded, load};
use consentlint::classify::Classifier;
use consentlint::compare::{Change, Comparison, Side};
use consentlint::flow::Flow;
use consentlint::model::Profile;
use consentlint::source::Source;
use serde_json::{Map, Value, json};

type Project = Vec<(String, String)>;

fn read(project: &Project) -> Loaded {
    let loaded = read_whatever(project);
    assert!(loaded.problems.is_empty(), "{:#?}\n{project:#?}", loaded.problems);
    loaded
}

fn read_whatever(project: &Project) -> Loaded {
    let mut inputs = Inputs::default();
    let mut files = project.clone();
    files.sort();
    for (path, text) in &files {
        inputs.add(Source::new(path.as_str(), text.as_str()), Some(true));
    }
    load(&inputs, &Classifier::new(Vec::new()))
}

fn compare(before: &Project, after: &Project) -> Comparison {
    between(&read(before), &read(after))
}

/// The comparison of projects that have problems, too.
fn lenient(before: &Project, after: &Project) -> Comparison {
    between(&read_whatever(before), &read_whatever(after))
}

fn between(before: &Loaded, after: &Loaded) -> Comparison {
    let (old, new) = (before.map("2026-11-24", Profile::UsCa), after.map("2026-11-24", Profile::UsCa));
    let (old_flow, new_flow) = (Flow::derive(old), Flow::derive(new));
    Comparison::of(Side { map: old, flow: &old_flow }, Side { map: new, flow: &new_flow })
}

fn assert_same(before: &Project, after: &Project, what: &str) {
    let comparison = compare(before, after);
    assert!(comparison.is_empty(), "{what}: {comparison:#?}\n{before:#?}\n{after:#?}");
}

fn shop() -> Project {
    let names = ["consent.yaml", "destinations.yaml", "shop.yaml", "plans/shop.json"];
    let read = |name: &&str| std::fs::read_to_string(root().join("fixtures/shop").join(name)).unwrap();
    names.iter().map(|name| ((*name).to_owned(), read(name))).collect()
}

/// A file of the project as a value, with its anchors and merge keys resolved.
fn value(project: &Project, name: &str) -> Value {
    let (_, text) = project.iter().find(|(path, _)| path == name).unwrap();
    let mut yaml: serde_yaml::Value = serde_yaml::from_str(text).unwrap();
    yaml.apply_merge().unwrap();
    let mut value = serde_json::to_value(yaml).unwrap();
    value.as_object_mut().unwrap().remove("x-advertising");
    value
}

fn with(project: &Project, changes: &[(&str, Option<(&str, String)>)]) -> Project {
    let mut project = project.clone();
    for (name, new) in changes {
        project.retain(|(path, _)| path != name);
        project.extend(new.as_ref().map(|(path, text)| ((*path).to_owned(), text.clone())));
    }
    project
}

fn edited(name: &str, from: &str, to: &str) -> Project {
    let project = shop();
    let (_, text) = project.iter().find(|(path, _)| path == name).unwrap();
    assert!(text.contains(from), "{from}");
    let text = text.replacen(from, to, 1);
    with(&project, &[(name, Some((name, text)))])
}

/// Puts every list into another order.
fn shuffle(value: &mut Value, random: &mut Random) {
    match value {
        Value::Array(items) => {
            for at in (1..items.len()).rev() {
                items.swap(at, random.below(at + 1));
            }
            items.iter_mut().for_each(|item| shuffle(item, random));
        }
        Value::Object(members) => members.values_mut().for_each(|member| shuffle(member, random)),
        _ => {}
    }
}

/// JSON whose members stand in the other order.
fn backwards(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<String> =
                members.iter().rev().map(|(key, value)| format!("{}:{}", json!(key), backwards(value))).collect();
            format!("{{{}}}", members.join(",\n"))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(backwards).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

#[test]
fn moved_and_renamed_files_are_no_change() {
    let moved = shop().into_iter().map(|(path, text)| (format!("elsewhere/z-{}", path.replace('/', "-")), text));
    assert_same(&shop(), &moved.collect(), "moved");
    let other = |(path, text): (String, String)| {
        let first = if path.starts_with("destinations") { "a/" } else { "b/" };
        (format!("{first}{path}"), text)
    };
    assert_same(&shop(), &shop().into_iter().map(other).collect(), "in another order");
}

#[test]
fn another_format_or_order_of_keys_is_no_change() {
    let project = shop();
    for name in ["consent.yaml", "destinations.yaml", "shop.yaml"] {
        let value = value(&project, name);
        let json = name.replace(".yaml", ".json");
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        assert_same(&project, &with(&project, &[(name, Some((&json, pretty)))]), "YAML as JSON");
        assert_same(&project, &with(&project, &[(name, Some((&json, backwards(&value))))]), "other order of keys");
        let yaml = serde_yaml::to_string(&value).unwrap();
        assert_same(&project, &with(&project, &[(name, Some((name, yaml.clone())))]), "without anchors");
        let windows = yaml.replace('\n', "\r\n");
        assert_same(&project, &with(&project, &[(name, Some((name, windows)))]), "line ends of Windows");
        let commented = yaml.replace('\n', " # a word\n");
        assert_same(&project, &with(&project, &[(name, Some((name, commented)))]), "comments");
    }
    let plan: Value = serde_json::from_str(&project[3].1).unwrap();
    let compact = with(&project, &[("plans/shop.json", Some(("plans/shop.json", plan.to_string())))]);
    assert_same(&project, &compact, "the plan on one line");
    let mut random = Random(7);
    for name in ["consent.yaml", "destinations.yaml", "shop.yaml"] {
        let mut value = value(&project, name);
        shuffle(&mut value, &mut random);
        let yaml = serde_yaml::to_string(&value).unwrap();
        assert_same(&project, &with(&project, &[(name, Some((name, yaml)))]), "lists in another order");
    }
}

#[test]
fn split_and_merged_files_are_no_change() {
    let project = shop();
    let (mut one, two) = (value(&project, "shop.yaml"), value(&project, "destinations.yaml"));
    one["destinations"] = two["destinations"].clone();
    let merged = serde_yaml::to_string(&one).unwrap();
    let changes = [("destinations.yaml", None), ("shop.yaml", Some(("shop.yaml", merged)))];
    assert_same(&project, &with(&project, &changes), "merged");
    let mut split = with(&project, &[("destinations.yaml", None)]);
    for destination in two["destinations"].as_array().unwrap() {
        let text = json!({ "datamap": 1, "destinations": [destination] }).to_string();
        split.push((format!("destinations/{}.json", destination["id"].as_str().unwrap()), text));
    }
    assert_same(&project, &split, "split");
}

#[test]
fn classes_are_compared_as_they_were_taken() {
    // Declared in another place, and in another spelling.
    let inline = edited(
        "shop.yaml",
        "- {match: \"*.coupon\", pi: [D]}",
        "- {match: \"Order Completed.properties.coupon\", pi: [\"ccpa:D\"]}",
    );
    let events = compare(&shop(), &inline).events;
    assert!(events.iter().all(|event| event.fields.iter().all(|field| !field.is_reclassified())), "{events:#?}");
    // Reclassified.
    let other = edited("shop.yaml", "pi: [D]}\n", "pi: [A]}\n");
    let events = compare(&shop(), &other).events;
    let fields: Vec<_> = events.iter().flat_map(|event| &event.fields).collect();
    assert!(!fields.is_empty() && fields.iter().all(|field| field.path == "properties.coupon"), "{fields:#?}");
    let taken = |field: &&consentlint::compare::FieldChange| {
        (field.taken.before.as_ref().unwrap().words(), field.taken.after.as_ref().unwrap().words())
    };
    assert!(fields.iter().map(taken).all(|words| words == ("D".to_owned(), "A".to_owned())));
}

#[test]
fn a_new_pixel_is_exactly_one_flow() {
    let pixel = "destinations:\n  - id: tiktok-pixel\n    mode: device\n";
    let project = edited("destinations.yaml", "destinations:\n", pixel);
    let (_, text) = project.iter().find(|(path, _)| path == "shop.yaml").unwrap();
    let fed = text.replacen("actions-amplitude, warehouse]", "actions-amplitude, warehouse, tiktok-pixel]", 1);
    let project = with(&project, &[("shop.yaml", Some(("shop.yaml", fed)))]);
    let comparison = compare(&shop(), &project);
    let [flow] = comparison.flows.as_slice() else { panic!("{:#?}", comparison.flows) };
    assert_eq!((flow.source.as_deref(), flow.destination.as_str()), (Some("web"), "tiktok-pixel"));
    assert_eq!(flow.change(), Change::New);
    let codes: Vec<&str> = flow.classes.iter().map(|class| class.code).collect();
    assert_eq!(codes, ["A", "D", "F"], "what the website sends to Facebook as well");
    let witness = flow.classes[1].witness.as_ref().unwrap();
    assert_eq!((witness.event.as_str(), witness.property.as_str()), ("Product Viewed", "sku"));
    let way = flow.ways.after.as_ref().unwrap();
    assert_eq!((way.via.name(), way.gate.categories.len(), way.gate.opt_out), ("device", 0, Some(false)));
    let changed: Vec<(&str, &str)> =
        comparison.entities.iter().map(|entity| (entity.kind, entity.id.as_str())).collect();
    assert_eq!(changed, [("destination", "tiktok-pixel"), ("source", "web")]);
    // And the other way round.
    let gone = compare(&project, &shop());
    assert_eq!(gone.flows.iter().map(|flow| flow.change()).collect::<Vec<_>>(), [Change::Gone]);
    assert_eq!(gone.flows[0].classes.len(), 3);
}

#[test]
fn a_change_says_which_it_is() {
    let attributes = |project: &Project| -> Vec<String> {
        let shown = |value: &Option<consentlint::compare::Written>| {
            value.as_ref().map_or_else(|| "-".to_owned(), |written| written.value.clone())
        };
        let entities = compare(&shop(), project).entities;
        let line = |entity: &consentlint::compare::EntityChange, attribute: &consentlint::compare::AttributeChange| {
            let (before, after) = (shown(&attribute.values.before), shown(&attribute.values.after));
            format!("{} {} {}: {before} → {after}", entity.kind, entity.id, attribute.name)
        };
        entities.iter().flat_map(|entity| entity.attributes.iter().map(move |one| line(entity, one))).collect()
    };
    let retention = edited("destinations.yaml", "retention_days: 390", "retention_days: 500");
    assert_eq!(attributes(&retention), ["destination actions-amplitude retention_days: 390 → 500"]);
    let route = edited("destinations.yaml", "deletion: {via: webhook,", "deletion: {via: none,");
    assert_eq!(attributes(&route), ["destination order-emails deletion.via: webhook → none"]);
    let signal = edited("consent.yaml", "honored: true", "honored: false");
    assert_eq!(attributes(&signal), ["signal gpc honored: true → false"]);
    let notice = edited("shop.yaml", "retention: 7 years", "retention: 8 years");
    assert_eq!(attributes(&notice).len(), 1, "{:?}", attributes(&notice));
    let link = edited("shop.yaml", "placement: footer}\n    limit", "placement: header}\n    limit");
    assert_eq!(attributes(&link), ["business business links.do_not_sell.placement: footer → header"]);
    // Out of the category that carries out the opt-out: another gate, and the derived fact.
    let ungated =
        edited("consent.yaml", "destinations: [facebook-pixel, google-ads-gtag]", "destinations: [google-ads-gtag]");
    let said = attributes(&ungated);
    assert_eq!(
        said,
        [
            "category do-not-sell destinations: facebook-pixel, google-ads-gtag → google-ads-gtag",
            "destination facebook-pixel stopped by the opt-out: true → false",
        ]
    );
    let comparison = compare(&shop(), &ungated);
    let [flow] = comparison.flows.as_slice() else { panic!("{:#?}", comparison.flows) };
    assert!(flow.is_gated_otherwise() && flow.classes.iter().all(|class| class.change.is_none()));
    // A filter that is taken away: more classes on a way that was there.
    let wider = compare(&shop(), &edited("destinations.yaml", "    filters: {drop_events: [Store Searched]}\n", ""));
    let [flow] = wider.flows.as_slice() else { panic!("{:#?}", wider.flows) };
    let new: Vec<&str> = flow.classes_that_are(Some(Change::New)).map(|class| class.code).collect();
    assert_eq!(
        (flow.destination.as_str(), flow.change(), new),
        ("order-emails", Change::Changed, vec!["G", "L", "1C"])
    );
}

#[test]
fn what_is_said_in_one_file_of_several_is_told() {
    // The data map and Segment list the same destinations; Segment no longer lists one of them.
    let map = "datamap: 1\nconsent:\n  categories:\n    - {id: C0004, controls: [opt-out], destinations: [mixpanel, braze]}\ndestinations: [{id: mixpanel}, {id: braze}]\n";
    let project = |braze: &str| -> Project {
        let listed = "\"consentSettings\": {\"categories\": [\"C0004\"]}";
        let integrations = format!("\"Mixpanel\": {{{listed}}}, \"Braze\": {{{braze}}}");
        let all = "\"consentSettings\": {\"allCategories\": [\"C0004\"], \"hasUnmappedDestinations\": false}";
        let settings = format!("{{\"integrations\": {{\"Segment.io\": {{}}, {integrations}}}, {all}}}");
        vec![("map.yaml".to_owned(), map.to_owned()), ("settings.json".to_owned(), settings)]
    };
    let both = project("\"consentSettings\": {\"categories\": [\"C0004\"]}");
    let one = project("\"consentSettings\": {\"categories\": []}");
    assert!(lenient(&both, &both).is_empty());
    let comparison = lenient(&both, &one);
    let changed: Vec<_> = comparison.entities.iter().filter(|entity| entity.kind == "category").collect();
    let [category] = changed.as_slice() else { panic!("{comparison:#?}") };
    let [attribute] = category.attributes.as_slice() else { panic!("{category:#?}") };
    let items = |written: &Option<consentlint::compare::Written>| written.as_ref().unwrap().items.clone();
    assert_eq!(items(&attribute.values.after), ["braze (data map)", "mixpanel (Segment)", "mixpanel (data map)"]);
    assert!(items(&attribute.values.before).contains(&"braze (Segment)".to_owned()));
    // Declared at last, with nothing said of it.
    let referred = vec![("map.yaml".to_owned(), map.replace(", {id: braze}", ""))];
    let declared = vec![("map.yaml".to_owned(), map.to_owned())];
    let comparison = lenient(&referred, &declared);
    let said: Vec<&str> = comparison.entities[0].attributes.iter().map(|attribute| attribute.name.as_str()).collect();
    assert!(said.contains(&"declared"), "{comparison:#?}");
}

const SLUGS: [&str; 8] = [
    "facebook-pixel",
    "google-ads-gtag",
    "actions-amplitude",
    "mixpanel",
    "braze",
    "snowflake",
    "hubspot",
    "own-store",
];
const FIELDS: [&str; 10] =
    ["email", "sku", "latitude", "price", "ssn", "frobnicate", "user_id", "phone", "birthday", "search_query"];

fn some<'a>(list: &[&'a str], random: &mut Random) -> Vec<&'a str> {
    list.iter().copied().filter(|_| random.below(3) == 0).collect()
}

/// A data map as its parts: pairs of a list's key and an entry.
fn generated(random: &mut Random) -> Vec<(&'static str, Value)> {
    let mut parts = Vec::new();
    let slugs = some(&SLUGS, random);
    for slug in &slugs {
        let mut one = json!({ "id": slug, "role": random.one(&["service_provider", "third_party", "internal"]) });
        if random.below(2) == 0 {
            one["retention_days"] = json!(random.below(900) + 1);
            one["purposes"] = json!(some(&["services", "audit", "retargeting", "data_sale"], random));
        }
        if random.below(3) == 0 {
            one["deletion"] = json!({ "via": random.one(&["vendor_api", "none", "ticket"]), "key": "email" });
            one["filters"] = json!({ "drop_properties": some(&FIELDS, random) });
        }
        parts.push(("destinations", one));
    }
    let sources = ["web", "app", "api"];
    for (source, platform) in sources.iter().zip(["web", "ios", "server"]) {
        let to: Vec<&str> = slugs.iter().copied().filter(|_| random.below(2) == 0).collect();
        parts.push(("sources", json!({ "id": source, "platform": platform, "destinations": to })));
    }
    for event in ["Viewed", "Bought", "Left"] {
        let fields: Vec<Value> = some(&FIELDS, random).into_iter().map(|name| json!({ "name": name })).collect();
        let from = vec![sources[random.below(3)], sources[random.below(3)]];
        parts.push(("events", json!({ "name": event, "sources": from, "properties": fields })));
    }
    for category in ["advertising", "analytics"] {
        let list: Vec<&str> = slugs.iter().copied().filter(|_| random.below(2) == 0).collect();
        let controls: &[&str] = if category == "advertising" { &["opt-out"] } else { &[] };
        parts.push(("categories", json!({ "id": category, "controls": controls, "destinations": list })));
    }
    parts
}

/// The parts as files: as many as it falls out, in any order and either format.
fn files(parts: &[(&'static str, Value)], random: &mut Random) -> Project {
    let many = 1 + random.below(4);
    let mut documents = vec![Map::new(); many];
    let mut order: Vec<usize> = (0..parts.len()).collect();
    for at in (1..order.len()).rev() {
        order.swap(at, random.below(at + 1));
    }
    for at in order {
        let (key, mut entry) = parts[at].clone();
        shuffle(&mut entry, random);
        let document = &mut documents[random.below(many)];
        let list = match key {
            "categories" => {
                let consent = document.entry("consent").or_insert_with(|| json!({ "manager": "segment" }));
                consent.as_object_mut().unwrap().entry(key).or_insert_with(|| json!([]))
            }
            _ => document.entry(key).or_insert_with(|| json!([])),
        };
        list.as_array_mut().unwrap().push(entry);
    }
    let mut files = Vec::new();
    for (at, mut document) in documents.into_iter().enumerate().filter(|(_, document)| !document.is_empty()) {
        document.insert("datamap".to_owned(), json!(1));
        let (value, name) = (Value::Object(document), random.below(1_000));
        files.push(match random.below(3) {
            0 => (format!("{name}-{at}.yaml"), serde_yaml::to_string(&value).unwrap()),
            1 => (format!("{name}-{at}.json"), backwards(&value)),
            _ => (format!("deep/{name}-{at}.json"), serde_json::to_string_pretty(&value).unwrap()),
        });
    }
    files
}

#[test]
fn the_same_parts_in_any_files_are_no_change() {
    let mut random = Random(2026);
    for round in 0..150 {
        let parts = generated(&mut random);
        let (one, other) = (files(&parts, &mut random), files(&parts, &mut random));
        assert_same(&one, &other, &format!("round {round}"));
    }
}

#[test]
fn whatever_is_taken_away_is_told() {
    let mut random = Random(99);
    for round in 0..100 {
        let mut parts = generated(&mut random);
        let before = files(&parts, &mut random);
        let at = random.below(parts.len());
        let (kind, gone) = parts.remove(at);
        // What others refer to would be unknown, or stay as known from there alone.
        let id = gone["id"].as_str().or(gone["name"].as_str()).unwrap().to_owned();
        for (_, part) in &mut parts {
            for key in ["destinations", "sources"] {
                if let Some(list) = part.get_mut(key).and_then(Value::as_array_mut) {
                    list.retain(|name| *name != json!(id));
                }
            }
        }
        if parts.iter().any(|(_, part)| part.get("sources").is_some_and(|list| list.as_array().unwrap().is_empty())) {
            continue;
        }
        let comparison = compare(&before, &files(&parts, &mut random));
        let entities =
            comparison.entities.iter().filter(|entity| entity.change() == Change::Gone).map(|entity| &entity.id);
        let events = comparison.events.iter().filter(|event| event.change() == Change::Gone).map(|event| &event.name);
        let told: Vec<&String> = entities.chain(events).collect();
        assert_eq!(told, [&id], "round {round}, {kind}: {comparison:#?}");
        assert!(comparison.flows.iter().all(|flow| flow.change() != Change::New), "round {round}: {comparison:#?}");
    }
}

#[test]
fn what_vendors_export_may_be_moved_and_formatted_as_well() {
    for adapter in consentlint::adapter::ADAPTERS {
        for (path, text) in common::fixtures(adapter.name) {
            let before = vec![(path.clone(), text.clone())];
            let moved = vec![(format!("elsewhere/{path}"), text.clone())];
            let comparison = lenient(&before, &moved);
            assert!(comparison.is_empty(), "{}/{path}, moved: {comparison:#?}", adapter.name);
            let Ok(value) = serde_json::from_str::<Value>(&text) else { continue };
            let pretty = vec![(path.clone(), serde_json::to_string_pretty(&value).unwrap())];
            let comparison = lenient(&before, &pretty);
            assert!(comparison.is_empty(), "{}/{path}, formatted: {comparison:#?}", adapter.name);
        }
    }
}
