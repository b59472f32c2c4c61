//! The routing of the wrapper and of the Consent Manager against what the real libraries did. See `tests/oracle/README.md`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

use consentlint::flow::routing::analytics_js::Integrations;
use consentlint::flow::routing::consent_manager::{
    self, Act, Choice, Close, Destination, Loaded, NewDestinations, Setup, Visit,
};
use consentlint::flow::routing::wrapper::{Cdn, ConsentModel, ConsentSettings, Page, Wait, Wrapper};
use consentlint::flow::routing::{Events, Mapping, Preference, Preferences, Visitor};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// Destinations of the page under a wrapper: those that run in the browser.
const IN_BROWSER: [&str; 4] = ["Facebook Pixel", "TikTok Pixel", "Actions Amplitude", "AdWords"];

fn cases(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/cases").join(name);
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    file["cases"].as_array().unwrap().clone()
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(|item| item.as_str().unwrap().to_owned()).collect()
}

fn mapping(value: &Value) -> Mapping {
    object(value).into_iter().map(|(name, list)| (name, texts(&list))).collect()
}

fn switches(value: &Value) -> BTreeMap<String, bool> {
    object(value).into_iter().map(|(name, on)| (name, on.as_bool().unwrap())).collect()
}

fn preferences(value: &Value) -> Preferences {
    let preference = |value: &Value| match value.as_bool() {
        Some(true) => Preference::Granted,
        Some(false) => Preference::Denied,
        None => Preference::Unset,
    };
    object(value).iter().map(|(id, value)| (id.clone(), preference(value))).collect()
}

/// The cases that a model judges otherwise, as they are shown.
fn differing(cases: &[Value], model: impl Fn(&Value) -> Value) -> Vec<String> {
    let shown = |case: &Value| {
        let ours = model(&case["given"]);
        (ours != case["got"]).then(|| format!("given {}\ngot   {}\nours  {ours}\n", case["given"], case["got"]))
    };
    cases.iter().filter_map(shown).collect()
}

fn agree(cases: &[Value], model: impl Fn(&Value) -> Value) {
    let differing = differing(cases, model);
    let shown = differing.iter().take(5).cloned().collect::<Vec<_>>().join("\n");
    assert!(differing.is_empty(), "{} of {} cases differ:\n{shown}", differing.len(), cases.len());
}

/// The object without what says nothing, as the cases are written.
fn small(value: Value) -> Value {
    let Value::Object(map) = value else { return value };
    map.into_iter().filter(|(_, value)| !value.is_null() && *value != json!(false)).collect()
}

fn wrapped(given: &Value) -> Value {
    let cdn_mapping = mapping(&given["destinations"]);
    let own_mapping = given.get("mapping").map(mapping);
    let all = texts(&given["settings"]["all"]);
    let unmapped = given["settings"]["unmapped"] == json!(true);
    let settings = given.get("settings").map(|_| ConsentSettings { all: &all, unmapped });
    let load: Integrations = switches(&given["integrations"]);
    let event: Integrations = switches(&given["event"]);
    let model = if given["model"] == "opt-in" { ConsentModel::OptIn } else { ConsentModel::OptOut };
    let page = Page {
        wrapper: Wrapper { model, mapping: own_mapping.as_ref(), wait: Wait::Nothing },
        cdn: Cdn { mapping: &cdn_mapping, settings },
        load: &load,
    };
    let visitor = Visitor { preferences: preferences(&given["preferences"]), signal: false, chosen: true };
    let installed = IN_BROWSER.into_iter().filter(|name| cdn_mapping.contains_key(*name));
    let got: Vec<_> = installed.map(|name| (name, page.device(name, &visitor, &event))).collect();
    let segment = page
        .reaches_segment(&visitor, &event)
        .then(|| json!({"stamp": page.stamp(&visitor), "integrations": page.integrations(&event)}));
    let names = |keep: &dyn Fn(&consentlint::flow::routing::Delivery) -> bool| -> Vec<&str> {
        got.iter().filter(|(_, delivery)| keep(delivery)).map(|(name, _)| *name).collect()
    };
    let loads = names(&|delivery| delivery.script);
    let receives = names(&|delivery| delivery.events == Events::Yes);
    small(json!({"loads": loads, "receives": receives, "segment": segment}))
}

fn setup(given: &Value) -> Setup {
    Setup {
        custom: given.get("custom").map(mapping),
        initial: given.get("initial").map(preferences),
        new_destinations: match given["behavior"].as_str() {
            Some("enable") => NewDestinations::Enable,
            Some("imply") => NewDestinations::Imply,
            Some("ask") => NewDestinations::Ask,
            _ => NewDestinations::Disable,
        },
        close: match given["close"].as_str() {
            Some("accept") => Close::Accept,
            Some("deny") => Close::Deny,
            _ => Close::Dismiss,
        },
        implied: given["implied"] == json!(true),
    }
}

fn destinations(lists: &[&Value]) -> Vec<Destination> {
    let entries = lists.iter().flat_map(|list| object(list));
    let one = |(creation_name, category): (String, Value)| {
        let name = if creation_name == "FullStory" { "Fullstory" } else { &creation_name };
        let id = consent_manager::id(name, &creation_name)?.to_owned();
        Some(Destination { id, category: category.as_str()?.to_owned() })
    };
    entries.filter_map(one).collect()
}

fn act(doing: &Value) -> Act {
    match doing.as_str() {
        Some("accept") => Act::Accept,
        Some("deny") => Act::Deny,
        Some("close") => Act::Close,
        Some(_) => Act::Interact,
        None => Act::Save(preferences(doing)),
    }
}

fn seen(visit: &Visit) -> Value {
    let loads = match &visit.loaded {
        Loaded::Nothing => Value::Null,
        Loaded::Everything => json!(true),
        Loaded::Only(on) => json!(on),
    };
    small(json!({"loads": loads, "stamp": visit.stamp}))
}

fn managed(given: &Value) -> Value {
    let setup = setup(given);
    let required = given["required"] == json!(true);
    let before = destinations(&[&given["destinations"]]);
    let first = consent_manager::visit(&setup, required, &before, None);
    let act = act(&given["doing"]);
    let saved: Option<Choice> = consent_manager::choose(&setup, &before, &first, &act);
    let then = match consent_manager::after(&setup, &before, &first, &act) {
        Some(_) if first.loaded != Loaded::Nothing => json!("again"),
        Some(then) => seen(&then),
        None => seen(&first),
    };
    let later = destinations(&[&given["destinations"], &given["added"]]);
    let next = consent_manager::visit(&setup, required, &later, saved.as_ref());
    let saved = saved.map(|choice| json!({"destinations": choice.destinations, "custom": choice.categories}));
    small(json!({"first": seen(&first), "then": then, "saved": saved, "next": seen(&next)}))
}

#[test]
fn the_wrapper_agrees() {
    let cases = cases("wrapper.json");
    assert!(cases.len() >= 1000, "the cases were not found");
    agree(&cases, wrapped);
}

#[test]
fn the_consent_manager_agrees() {
    let cases = cases("manager.json");
    assert!(cases.len() >= 1000, "the cases were not found");
    agree(&cases, managed);
}

/// A case with one of its settings changed, which stands for a model that does not know the setting.
fn changed(given: &Value, key: &str, to: impl Fn(&Value) -> Value) -> Value {
    let mut given = given.clone();
    let value = to(&given);
    given.as_object_mut().unwrap().insert(key.to_owned(), value);
    given
}

fn settled(value: &Value) -> Value {
    let refused = |(id, value): (String, Value)| (id, json!(value == json!(true)));
    object(value).into_iter().map(refused).collect()
}

/// Each of the semantics is in the cases often enough that a model without it is seen.
#[test]
fn a_wrong_model_is_seen() {
    let wrapper = cases("wrapper.json");
    let without_mapping = |given: &Value| {
        let mut given = given.clone();
        given.as_object_mut().unwrap().remove("mapping");
        wrapped(&given)
    };
    assert!(differing(&wrapper, without_mapping).len() > 50, "a mapping of the page");
    let (opt_in, opt_out) = (json!("opt-in"), json!("opt-out"));
    for model in [opt_in, opt_out] {
        let other = |given: &Value| wrapped(&changed(given, "model", |_| model.clone()));
        assert!(differing(&wrapper, other).len() > 50, "{model}");
    }
    let whole = |given: &Value| wrapped(&changed(given, "settings", |_| json!({"all": [], "unmapped": true})));
    assert!(differing(&wrapper, whole).len() > 20, "the whole of Segment disabled");
    for key in ["integrations", "event"] {
        let without = |given: &Value| wrapped(&changed(given, key, |_| json!({})));
        assert!(differing(&wrapper, without).len() > 20, "{key}");
    }
    let manager = cases("manager.json");
    for (key, to) in [
        ("behavior", json!("disable")),
        ("close", json!("dismiss")),
        ("implied", json!(false)),
        ("required", json!(true)),
        ("initial", json!({})),
        ("custom", json!({})),
        ("added", json!({})),
    ] {
        let without = |given: &Value| managed(&changed(given, key, |_| to.clone()));
        assert!(differing(&manager, without).len() > 5, "{key}");
    }
    let refused = |given: &Value| match &given["doing"] {
        Value::Object(_) => managed(&changed(given, "doing", |given| settled(&given["doing"]))),
        _ => managed(given),
    };
    assert!(differing(&manager, refused).len() > 20, "unset is saved as consent");
}
