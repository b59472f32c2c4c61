//! What several files say of one thing becomes one thing, and every value keeps its place.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "helpers of tests, too, fail by panicking")]

mod common;

use consentlint::check::{Inputs, Loaded, load};
use consentlint::classify::Classifier;
use consentlint::flow::{Flow, Map};
use consentlint::model::{Entity, Origin, Profile, Value};
use consentlint::source::{Source, Span};

const MAP: &str = "\
datamap: 1
consent:
  manager: onetrust
  categories:
    - {id: C0004, purpose: Show our ads on other sites, controls: [opt-out], destinations: [Meta Pixel]}
destinations:
  - id: Meta Pixel
    role: third_party
    mode: cloud
  - {id: google-ads-gtag, role: third_party, enabled: false}
  - {id: mailer, role: service_provider}
";

const CONTAINER: &str = r#"{"exportFormatVersion": 2, "containerVersion": {
  "container": {"publicId": "GTM-FABLE", "name": "Fable", "usageContext": ["WEB"]},
  "tag": [
    {"name": "Meta", "type": "html", "firingTriggerId": ["1"],
     "parameter": [{"key": "html", "value": "<script>fbq('init', '1')</script>"}]},
    {"name": "Ads", "type": "awct", "firingTriggerId": ["1"],
     "consentSettings": {"consentStatus": "NEEDED", "consentType": {"list": [{"value": "ad_storage"}]}}},
    {"name": "Heatmap", "type": "hjtc", "firingTriggerId": ["1"]},
    {"name": "Paused", "type": "bzi", "firingTriggerId": ["1"], "paused": true}
  ]
}}"#;

struct Joined {
    inputs: Inputs,
    loaded: Loaded,
}

fn join(files: &[(&str, &str)]) -> Joined {
    let mut inputs = Inputs::default();
    for (name, text) in files {
        inputs.add(Source::new(*name, (*text).to_owned()), Some(true));
    }
    let loaded = load(&inputs, &Classifier::new(Vec::new()));
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    Joined { inputs, loaded }
}

impl Joined {
    fn flow(&self) -> Flow {
        let Loaded { model, links, classes, .. } = &self.loaded;
        Flow::derive(Map { model, links, classes, as_of: "2026-11-24", profile: Profile::UsCa })
    }

    fn at(&self, span: Span) -> String {
        let source = self.inputs.sources.get(span.source).unwrap();
        format!("{}:{}", source.path, source.position(span.start).line)
    }

    fn destination(&self, id: &str) -> (usize, &Entity) {
        let found = self.loaded.model.destinations.iter().enumerate().filter(|(_, entity)| entity.id.value == id);
        let found: Vec<_> = found.collect();
        assert_eq!(found.len(), 1, "{id}");
        found[0]
    }

    fn place(&self, id: &str, attribute: &str) -> String {
        self.at(self.destination(id).1.object.get(attribute).unwrap().span)
    }

    fn names(&self) -> Vec<&str> {
        self.loaded.model.destinations.iter().map(|entity| entity.id.value.as_str()).collect()
    }
}

#[test]
fn a_tag_and_a_declaration_are_one_destination() {
    for files in [[("a.yaml", MAP), ("gtm.json", CONTAINER)], [("gtm.json", CONTAINER), ("a.yaml", MAP)]] {
        let joined = join(&files);
        let names = ["Meta Pixel", "google-ads-gtag", "mailer", "hotjar", "linkedin-insight-tag"];
        assert_eq!(joined.names(), names);
        let (index, meta) = joined.destination("Meta Pixel");
        assert!(meta.is_from(Origin::Inventory) && meta.is_from(Origin::Platform));
        assert_eq!(joined.at(meta.id.span), "a.yaml:7");
        assert_eq!(joined.place("Meta Pixel", "role"), "a.yaml:8");
        assert_eq!(joined.place("Meta Pixel", "enabled"), "gtm.json:4");
        let listed = joined.loaded.links.categories.iter().flatten().any(|link| link.index == index);
        assert!(listed, "the category of the data map finds it");
    }
}

#[test]
fn what_the_files_contradict_has_both_places() {
    let joined = join(&[("a.yaml", MAP), ("gtm.json", CONTAINER)]);
    let told: Vec<String> = joined
        .loaded
        .model
        .contradictions
        .iter()
        .map(|found| {
            let (first, second) = (&found.first, &found.second);
            let places = (joined.at(first.span), joined.at(second.span));
            format!("{} {}: {} {}, {} {}", found.entity, found.attribute, first.value, places.0, second.value, places.1)
        })
        .collect();
    assert_eq!(
        told,
        [
            "destination Meta Pixel mode: cloud a.yaml:9, device gtm.json:2",
            "destination google-ads-gtag enabled: false a.yaml:10, true gtm.json:6",
        ]
    );
}

#[test]
fn only_what_the_data_map_lacks_is_undeclared() {
    let joined = join(&[("a.yaml", MAP), ("gtm.json", CONTAINER)]);
    let flow = joined.flow();
    let undeclared: Vec<&str> = joined
        .names()
        .into_iter()
        .zip(&flow.destinations)
        .filter(|(_, facts)| facts.object.boolean("undeclared") == Some(true))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(undeclared, ["hotjar"], "the paused tag is not active, the others are declared");
    let (hotjar, _) = joined.destination("hotjar");
    let places: Vec<String> =
        flow.destinations[hotjar].reasons("undeclared").map(|label| joined.at(label.span)).collect();
    assert!(places.iter().all(|place| place == "gtm.json:8") && !places.is_empty(), "{places:?}");
}

#[test]
fn a_container_stands_beside_the_consent_manager() {
    let joined = join(&[("gtm.json", CONTAINER), ("a.yaml", MAP)]);
    let model = &joined.loaded.model;
    assert_eq!(model.manager().map(|manager| manager.value), Some("onetrust"));
    let managers: Vec<&str> = model.consents.iter().filter_map(|consent| consent.object.text("manager")).collect();
    assert_eq!(managers, ["onetrust", "gtm"]);
    let open = model.consents[1].object.texts("tags_unconfigured").map(|(name, span)| (name, joined.at(span)));
    let open: Vec<(&str, String)> = open.collect();
    assert_eq!(open, [("Meta", "gtm.json:4".to_owned()), ("Heatmap", "gtm.json:8".to_owned())]);
}

#[test]
fn a_container_does_not_starve_what_people_declare() {
    let joined = join(&[("a.yaml", MAP), ("gtm.json", CONTAINER)]);
    let flow = joined.flow();
    let active = |id: &str| flow.destinations[joined.destination(id).0].object.boolean("active");
    assert_eq!(active("mailer"), Some(true), "no source of the data map says what feeds it");
    assert_eq!(active("linkedin-insight-tag"), Some(false));
    assert_eq!(active("google-ads-gtag"), Some(false), "the data map is asked first");
}

#[test]
fn categories_of_both_sides_keep_their_own() {
    let joined = join(&[("a.yaml", MAP), ("gtm.json", CONTAINER)]);
    let categories: Vec<(&str, Option<Origin>)> =
        joined.loaded.model.categories.iter().map(|entity| (entity.id.value.as_str(), entity.origin())).collect();
    assert_eq!(categories, [("C0004", Some(Origin::Inventory)), ("ad_storage", Some(Origin::Platform))]);
    assert!(joined.flow().categories.iter().all(|facts| facts.object.get("drift").is_none()));
}

#[test]
fn a_source_of_the_data_map_is_the_container_it_names() {
    let map = "datamap: 1\nsources:\n  - {id: web, aliases: [GTM-FABLE], platform: web, destinations: [mixpanel]}\n";
    let joined = join(&[("a.yaml", map), ("gtm.json", CONTAINER)]);
    let [web] = joined.loaded.model.sources.as_slice() else { panic!("{:?}", joined.loaded.model.sources) };
    let fed: Vec<(&str, String)> =
        web.object.texts("destinations").map(|(name, span)| (name, joined.at(span))).collect();
    let wanted = [
        ("mixpanel", "a.yaml:3"),
        ("facebook-pixel", "gtm.json:4"),
        ("google-ads-gtag", "gtm.json:6"),
        ("hotjar", "gtm.json:8"),
    ];
    assert_eq!(fed, wanted.map(|(name, place)| (name, place.to_owned())));
    assert_eq!(web.object.get("platform").map(|found| found.value.clone()), Some(Value::Text("web".to_owned())));
}

#[test]
fn a_tag_that_nothing_holds_back_opens_the_gate() {
    let joined = join(&[("a.yaml", MAP), ("gtm.json", CONTAINER)]);
    let flow = joined.flow();
    let open = |id: &str| -> Vec<String> {
        let facts = &flow.destinations[joined.destination(id).0];
        facts.reasons("gated").map(|label| format!("{} {}", joined.at(label.span), label.text)).collect()
    };
    assert_eq!(open("Meta Pixel"), ["gtm.json:2 source `GTM-FABLE` fires its tag whatever the visitor chose"]);
    let needed = CONTAINER.replace("\"hjtc\"", "\"hjtc\", \"consentSettings\": {\"consentStatus\": \"NOT_NEEDED\"}");
    let decided = needed.replacen(
        "\"type\": \"html\"",
        "\"type\": \"html\", \"consentSettings\": {\"consentStatus\": \"NEEDED\", \"consentType\": [\"ad_storage\"]}",
        1,
    );
    let joined = join(&[("a.yaml", MAP), ("gtm.json", &decided)]);
    let flow = joined.flow();
    assert_eq!(flow.destinations[joined.destination("Meta Pixel").0].object.boolean("gated"), Some(true));
    let open = joined.loaded.model.consents[1].object.texts("tags_ungated").map(|(name, _)| name);
    assert_eq!(open.collect::<Vec<_>>(), ["Heatmap"], "decided, and still fired at everybody");
}

#[test]
fn what_is_computed_is_one_problem_and_no_finding() {
    let folder = tempfile::tempdir().unwrap();
    let map = "datamap: 1\nconsent: {manager: onetrust, model: opt-in}\n";
    let container = CONTAINER.replace("fbq('init', '1')", "gtag('consent', 'default', {security_storage: granted});");
    std::fs::write(folder.path().join("map.yaml"), map).unwrap();
    std::fs::write(folder.path().join("gtm.json"), container).unwrap();
    let ran = common::run(folder.path(), &["check", ".", "--format", "json"]);
    let report = ran.json();
    let problems = report["problems"].as_array().unwrap();
    assert_eq!(problems.len(), 1, "{problems:#?}");
    let message = problems[0]["message"].as_str().unwrap();
    assert!(message.contains("ccpa/preset-consent cannot be judged for category `security_storage`"), "{message}");
    assert!(message.contains("computed by `granted`"), "{message}");
    assert_eq!(ran.code, 2);
}

#[test]
fn a_trigger_that_asks_for_a_category_is_its_mapping() {
    let trigger = r#""trigger": [{"triggerId": "1", "name": "Targeting", "type": "CUSTOM_EVENT", "filter": [
      {"type": "CONTAINS", "parameter": [
        {"key": "arg0", "value": "{{OnetrustActiveGroups}}"}, {"key": "arg1", "value": "C0004"}]}]}],
  "tag""#;
    let joined = join(&[("a.yaml", MAP), ("gtm.json", &CONTAINER.replacen("\"tag\"", trigger, 1))]);
    let model = &joined.loaded.model;
    let category = &model.categories[0];
    let listed: Vec<(&str, String)> =
        category.object.texts("destinations").map(|(name, span)| (name, joined.at(span))).collect();
    assert_eq!(category.id.value, "C0004");
    assert_eq!(
        listed[1..],
        [
            ("facebook-pixel", "gtm.json:7".to_owned()),
            ("google-ads-gtag", "gtm.json:9".to_owned()),
            ("hotjar", "gtm.json:11".to_owned()),
            ("linkedin-insight-tag", "gtm.json:12".to_owned())
        ]
    );
    assert!(model.consents[1].object.list("tags_ungated").is_empty());
    let flow = joined.flow();
    assert_eq!(flow.destinations[joined.destination("hotjar").0].object.boolean("gated"), Some(true));
}

#[test]
fn a_list_that_code_computes_makes_the_gate_undecidable() {
    let config = "import { ConsentManager } from '@segment/consent-manager'\n\
        window.consentManagerConfig = {\n  writeKey: 'k',\n  bannerContent: 'x',\n  closeBehavior: 'deny',\n  customCategories: {\n    \
        Advertising: { integrations: advertising(), purpose: 'Show our ads' },\n  },\n}\n";
    let map = "datamap: 1\ndestinations:\n  - {id: facebook-pixel, role: third_party, shares: true}\n";
    let mut inputs = Inputs::default();
    for (name, text) in [("consent.js", config), ("map.yaml", map)] {
        inputs.add(Source::new(name, text.to_owned()), Some(true));
    }
    let loaded = load(&inputs, &Classifier::new(Vec::new()));
    let said: Vec<&str> = loaded.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert!(said.iter().any(|message| message.contains("advertising()")), "{said:?}");
    let joined = Joined { inputs, loaded };
    let (at, _) = joined.destination("facebook-pixel");
    let gated = joined.flow().destinations[at].object.get("gated").unwrap().value.clone();
    assert!(matches!(gated, Value::Unknown(_)), "{gated:?}");
}

#[test]
fn a_path_that_carries_no_consent_is_open_whatever_a_computed_list_holds() {
    let config = "window.consentManagerConfig = { writeKey: 'k', closeBehavior: 'deny', customCategories: { Ads: { integrations: ads(), purpose: 'Ads' } } }\n";
    let map = "datamap: 1\ndestinations:\n  - {id: facebook-pixel, role: third_party, shares: true}\n\
        sources:\n  - {id: api, platform: server, identity: [user_id], destinations: [facebook-pixel]}\n";
    let mut inputs = Inputs::default();
    for (name, text) in [("consent.js", config), ("map.yaml", map)] {
        inputs.add(Source::new(name, text.to_owned()), Some(true));
    }
    let loaded = load(&inputs, &Classifier::new(Vec::new()));
    let joined = Joined { inputs, loaded };
    let (at, _) = joined.destination("facebook-pixel");
    assert_eq!(joined.flow().destinations[at].object.boolean("gated"), Some(false));
}

#[test]
fn a_wrapper_in_the_repository_is_the_one_of_the_website() {
    let map = "datamap: 1\nconsent:\n  manager: segment\n  categories:\n    - {id: ads, purpose: p, controls: [opt-out], destinations: [facebook-pixel]}\n\
        destinations:\n  - {id: facebook-pixel, role: third_party, shares: true}\nsources:\n  - {id: web, platform: web}\n";
    let wrapper = "createWrapper({ integrationCategoryMappings: { 'Facebook Pixel': ['ads'] }, getCategories: () => read() })(analytics)\n";
    let gated = |files: &[(&str, &str)]| {
        let joined = join(files);
        let (at, _) = joined.destination("facebook-pixel");
        joined.flow().destinations[at].object.boolean("gated")
    };
    assert_eq!(gated(&[("map.yaml", map)]), Some(false));
    assert_eq!(gated(&[("map.yaml", map), ("web.ts", wrapper)]), Some(true));
}

#[test]
fn one_destination_under_every_name_it_has() {
    let map = "datamap: 1\ndestinations:\n  - {id: actions-amplitude, role: service_provider}\n";
    let terraform = "resource \"segment_source\" \"web\" {\n  slug = \"web\"\n  enabled = true\n  metadata = { id = \"x\", slug = \"javascript\" }\n}\n\
        resource \"segment_destination\" \"d\" {\n  enabled = false\n  source_id = segment_source.web.id\n  name = \"Amplitude prod\"\n  \
        metadata = { id = \"5f7dd6d21ad74f3842b1fc47\", name = \"Amplitude (Actions)\" }\n  settings = jsonencode({})\n}\n";
    let wrapper = "withOneTrust(analytics, { integrationCategoryMappings: { 'Actions Amplitude': ['C0002'] } })\n";
    let export = r#"{"data": {"destination": {"id": "d1", "enabled": false, "name": "My Amplitude", "sourceId": "s1",
        "metadata": {"id": "5f7dd6d21ad74f3842b1fc47", "slug": "actions-amplitude", "name": "Amplitude (Actions)"}, "settings": {}}}}"#;
    let joined = join(&[("d.json", export), ("main.tf", terraform), ("map.yaml", map), ("web.js", wrapper)]);
    assert_eq!(joined.names(), ["actions-amplitude"]);
    assert_eq!(joined.place("actions-amplitude", "role"), "map.yaml:3");
    assert_eq!(joined.place("actions-amplitude", "enabled"), "d.json:1");
    let aliased = "datamap: 1\ndestinations:\n  - {id: our-store, aliases: [Fable Archive], role: internal}\n";
    let cdn =
        r#"{"integrations": {"Segment.io": {}, "Fable Archive": {"consentSettings": {"categories": ["C0001"]}}}}"#;
    assert_eq!(join(&[("cdn.json", cdn), ("map.yaml", aliased)]).names(), ["our-store"]);
}
