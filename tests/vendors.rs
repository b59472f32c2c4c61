//! What each vendor does with a choice, through configuration as it stands in files: the semantics that `flow::routing`
//! holds as functions must come out of the files of each manager, path by path.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use consentlint::check::{Inputs, Loaded, load};
use consentlint::classify::Classifier;
use consentlint::flow::route::simulate;
use consentlint::flow::routing::analytics_js::Integrations;
use consentlint::flow::routing::{Events, Preference, Visitor};
use consentlint::flow::{Flow, Map};
use consentlint::model::Profile;
use consentlint::source::Source;

/// Files of a project: name and text.
type Files<'a> = &'a [(&'a str, &'a str)];

fn read(files: Files<'_>) -> Loaded {
    let mut inputs = Inputs::default();
    for (name, text) in files {
        inputs.add(Source::new((*name).to_owned(), (*text).to_owned()), Some(true));
    }
    let loaded = load(&inputs, &Classifier::default());
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    loaded
}

/// A visitor in short: `a+ b- gpc new`, where `new` has made no choice.
fn visitor(state: &str) -> Visitor {
    let mut visitor = Visitor { chosen: true, ..Visitor::default() };
    for word in state.split_whitespace() {
        match (word, word.split_at(word.len() - 1)) {
            ("gpc", _) => visitor.signal = true,
            ("new", _) => visitor.chosen = false,
            (_, (id, "+")) => drop(visitor.preferences.insert(id.to_owned(), Preference::Granted)),
            (_, (id, "-")) => drop(visitor.preferences.insert(id.to_owned(), Preference::Denied)),
            _ => panic!("`{word}` says nothing"),
        }
    }
    visitor
}

/// What gets to a destination on each path: `device yes+script, server no`.
fn delivered(loaded: &Loaded, name: &str, state: &str, integrations: &[(&str, bool)]) -> String {
    let Loaded { model, links, classes, .. } = loaded;
    let map = Map { model, links, classes, as_of: "2026-11-24", profile: Profile::UsCa };
    let flow = Flow::derive(map);
    let called = |at: &usize| {
        let entity = &model.destinations[*at];
        entity.id.value == name || entity.object.text("name") == Some(name)
    };
    let found = (0..model.destinations.len()).find(called);
    let Some(destination) = found else {
        let ids: Vec<&str> = model.destinations.iter().map(|one| one.id.value.as_str()).collect();
        panic!("no `{name}` among {ids:?}")
    };
    let integrations: Integrations = integrations.iter().map(|(name, on)| ((*name).to_owned(), *on)).collect();
    let steps = simulate(map, &flow.reach, destination, &visitor(state), &integrations);
    let step = |step: &consentlint::flow::route::Step| {
        let events = match step.delivery.events {
            Events::Yes => "yes",
            Events::No => "no",
            Events::Undecidable(_) => "undecidable",
        };
        let script = if step.delivery.script { "+script" } else { "" };
        format!("{} {events}{script}", step.path.via.name())
    };
    steps.iter().map(step).collect::<Vec<_>>().join(", ")
}

/// Holds what gets to destinations in states against what the vendor says, all at once.
fn hold(files: Files<'_>, rows: &[(&str, &str, &str)]) {
    let loaded = read(files);
    let mut wrong = String::new();
    for (name, state, wanted) in rows {
        let told = delivered(&loaded, name, state, &[]);
        if told != *wanted {
            wrong += &format!("{name} for `{state}`: {told}, not {wanted}\n");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

const SEGMENT: &str = r#"{"integrations": {
  "Segment.io": {"apiKey": "example"},
  "Facebook Pixel": {"pixelId": "1", "consentSettings": {"categories": ["ad", "analytics"]}},
  "Google AdWords New": {"accountId": "1", "consentSettings": {"categories": ["ad"]}},
  "Amplitude": {"apiKey": "1", "consentSettings": {"categories": ["analytics"]}},
  "AWS S3": {"bucket": "b", "consentSettings": {"categories": ["ad"]}},
  "Webhooks": {"hook": "h"}},
 "consentSettings": {"allCategories": ["ad", "analytics"], "hasUnmappedDestinations": true}}"#;

/// The same, read in cloud mode from events of a server.
const SERVER: &str = "\
datamap: 1
sources:
  - {id: api, platform: server, identity: [email], consent: {object: true}}
";

#[test]
fn segment_reads_preferences_as_its_documentation_says() {
    let files = [("cdn-settings.json", SEGMENT), ("data.yaml", SERVER)];
    let (yes, no) = ("server yes", "server no");
    hold(
        &files,
        &[
            ("Facebook Pixel", "ad+ analytics-", no),
            ("Facebook Pixel", "ad+ analytics+", yes),
            ("Facebook Pixel", "ad- analytics+", no),
            ("Google AdWords New", "ad+ analytics-", yes),
            ("Google AdWords New", "ad- analytics+", no),
            ("Amplitude", "ad+ analytics-", no),
            ("Webhooks", "ad- analytics-", yes),
            ("AWS S3", "ad- analytics-", yes),
            ("Google AdWords New", "AD+ Ad+", no),
            ("Google AdWords New", "", no),
        ],
    );
}

#[test]
fn segment_weighs_consent_and_the_integrations_object() {
    let loaded = read(&[("cdn-settings.json", SEGMENT), ("data.yaml", SERVER)]);
    let told = |name: &str, state: &str, integrations: &[(&str, bool)]| delivered(&loaded, name, state, integrations);
    let some = [("Facebook Pixel", true), ("Amplitude", false)];
    assert_eq!(told("Google AdWords New", "ad+ analytics-", &some), "server yes", "it is not named");
    assert_eq!(told("Facebook Pixel", "ad+ analytics-", &some), "server no", "it needs both");
    assert_eq!(told("Facebook Pixel", "ad+ analytics+", &some), "server yes");
    assert_eq!(told("Amplitude", "ad+ analytics+", &some), "server no", "it is switched off");
    assert_eq!(told("Google AdWords New", "ad+", &[("All", false)]), "server undecidable");
    assert_eq!(told("Google AdWords New", "ad-", &[("Google AdWords New", true)]), "server no");
    assert_eq!(told("Webhooks", "ad-", &[("Webhooks", false)]), "server no");
}

#[test]
fn without_a_consent_object_everything_flows() {
    let bare = SERVER.replace("object: true", "object: false");
    let files = [("cdn-settings.json", SEGMENT), ("data.yaml", &bare)];
    for name in ["Facebook Pixel", "Google AdWords New", "Amplitude", "Webhooks"] {
        hold(&files, &[(name, "ad- analytics-", "server yes")]);
    }
}

#[test]
fn a_category_that_is_switched_off_enforces_nothing() {
    let off = format!("{SERVER}consent:\n  categories:\n    - {{id: ad, enabled: false}}\n");
    let files = [("cdn-settings.json", SEGMENT), ("data.yaml", &off)];
    hold(&files, &[("Google AdWords New", "ad-", "server yes"), ("Facebook Pixel", "ad- analytics-", "server no")]);
}

#[test]
fn a_model_needs_consent_columns() {
    let rows = |columns: bool| {
        format!(
            "datamap: 1\nsources:\n  - {{id: m, platform: retl, identity: [email], consent: {{columns: {columns}}}}}\n"
        )
    };
    for (columns, wanted) in [(true, "reverse_etl no"), (false, "reverse_etl yes")] {
        let map = rows(columns);
        hold(&[("cdn-settings.json", SEGMENT), ("data.yaml", &map)], &[("Google AdWords New", "ad-", wanted)]);
    }
}

#[test]
fn stamped_by_hand_device_mode_needs_destination_filters() {
    let cdn =
        SEGMENT.replace(r#""accountId": "1""#, r#""accountId": "1", "type": "browser", "bundlingStatus": "bundled""#);
    for (filters, wanted) in [(true, "device no"), (false, "device yes+script")] {
        let map = format!(
            "datamap: 1\nsources:\n  - {{id: web, platform: web, consent: {{object: true}}}}\ndestinations:\n  - {{id: Google AdWords New, destination_filters: {filters}}}\n"
        );
        let told =
            delivered(&read(&[("cdn-settings.json", &cdn), ("data.yaml", &map)]), "Google AdWords New", "ad-", &[]);
        assert!(told.starts_with(wanted), "{told}");
    }
}

#[test]
fn under_a_wrapper_device_mode_needs_no_destination_filters() {
    let map = "datamap: 1\nconsent:\n  manager: segment\n  model: opt-in\n  categories:\n    - {id: ad, destinations: [facebook-pixel]}\n\
               sources:\n  - {id: web, platform: web, consent: {wrapper: custom}, destinations: [facebook-pixel]}\n\
               destinations:\n  - {id: facebook-pixel, mode: device, destination_filters: false}\n";
    hold(
        &[("data.yaml", map)],
        &[("facebook-pixel", "ad-", "device no"), ("facebook-pixel", "ad+", "device yes+script")],
    );
}

/// A site under a wrapper: its own mapping, its model, and Segment's mapping of a pixel, a chat and a cloud-mode tool.
fn site(wrapper: &str, unmapped: bool) -> [(&'static str, String); 3] {
    let chat = if unmapped { "" } else { r#", "consentSettings": {"categories": ["C0003"]}"# };
    let device = r#""type": "browser", "bundlingStatus": "bundled""#;
    let cdn = format!(
        r#"{{"integrations": {{
  "Segment.io": {{"apiKey": "example"}},
  "Facebook Pixel": {{{device}, "consentSettings": {{"categories": ["C0004", "C0005"]}}}},
  "Intercom": {{{device}{chat}}},
  "Amplitude": {{"apiKey": "1", "consentSettings": {{"categories": ["C0002"]}}}}}},
 "consentSettings": {{"allCategories": ["C0002", "C0003", "C0004", "C0005"], "hasUnmappedDestinations": {unmapped}}}}}"#
    );
    let map = "datamap: 1\nsources:\n  - {id: web, platform: web}\n\
               destinations:\n  - {id: Amplitude, mode: cloud}\n";
    [("cdn-settings.json", cdn), ("data.yaml", map.to_owned()), ("page.js", wrapper.to_owned())]
}

fn under(wrapper: &str, unmapped: bool, rows: &[(&str, &str, &str)]) {
    let site = site(wrapper, unmapped);
    let files: Vec<(&str, &str)> = site.iter().map(|(name, text)| (*name, text.as_str())).collect();
    hold(&files, rows);
}

fn create_wrapper(model: &str, mapping: &str) -> String {
    format!(
        "import {{ createWrapper }} from '@segment/analytics-consent-tools'\n\
         createWrapper({{ shouldLoadSegment: (ctx) => ctx.load({{ consentModel: '{model}' }}), getCategories, {mapping} }})(analytics).load({{ writeKey: 'w' }})\n"
    )
}

#[test]
fn the_wrapper_keeps_scripts_out_in_the_opt_in_model_and_events_only_in_the_opt_out_model() {
    let (some, both) = ("C0002+ C0004+ C0005-", "C0002- C0004+ C0005+");
    for (model, refused) in [("opt-in", "device no"), ("opt-out", "device no+script")] {
        under(
            &create_wrapper(model, ""),
            true,
            &[
                ("Facebook Pixel", some, refused),
                ("Facebook Pixel", both, "device yes+script"),
                ("Facebook Pixel", "c0004+ c0005+", refused),
                ("Intercom", "C0002- C0004-", "device yes+script"),
                ("Amplitude", some, "cloud yes"),
                ("Amplitude", both, "cloud no"),
            ],
        );
    }
}

#[test]
fn a_mapping_in_the_page_replaces_that_of_segment_in_the_page_alone() {
    let own = "integrationCategoryMappings: { 'Intercom': ['C0003'] }";
    under(
        &create_wrapper("opt-in", own),
        true,
        &[
            ("Facebook Pixel", "C0004- C0005-", "device yes+script"),
            ("Intercom", "C0003-", "device no"),
            ("Amplitude", "C0002-", "cloud no"),
        ],
    );
    // In the opt-out model it also stands for all there is: without consent to any of it nothing is sent.
    under(
        &create_wrapper("opt-out", own),
        true,
        &[
            ("Facebook Pixel", "C0003- C0004-", "device no+script"),
            ("Facebook Pixel", "C0003+ C0004-", "device yes+script"),
            ("Amplitude", "C0003- C0002+", "cloud no"),
        ],
    );
}

#[test]
fn segment_is_disabled_as_a_whole_when_nothing_mapped_is_consented_to() {
    for (model, script) in [("opt-in", ""), ("opt-out", "+script")] {
        let wrapper = create_wrapper(model, "");
        under(
            &wrapper,
            false,
            &[
                ("Facebook Pixel", "C0004- C0003-", &format!("device no{script}")),
                ("Intercom", "C0004- C0003+", "device yes+script"),
            ],
        );
    }
}

#[test]
fn onetrust_waits_for_a_choice_in_the_opt_in_model() {
    let wrapper = |model: &str| {
        format!(
            "import {{ withOneTrust }} from '@segment/analytics-consent-wrapper-onetrust'\n\
             withOneTrust(analytics, {{ consentModel: () => '{model}' }}).load({{ writeKey: 'w' }})\n"
        )
    };
    under(&wrapper("opt-in"), true, &[("Intercom", "new", "device no"), ("Intercom", "C0003+", "device yes+script")]);
    under(&wrapper("opt-out"), true, &[("Intercom", "new", "device yes+script")]);
}

/// A page with the open-source Consent Manager.
fn manager(settings: &str) -> String {
    format!("window.consentManagerConfig = function (exports) {{\n  return {{ writeKey: 'w', {settings} }}\n}}\n")
}

const CUSTOM: &str = "customCategories: { ads: { integrations: ['Facebook Pixel'], purpose: 'a' }, social: { integrations: ['Facebook Pixel', 'Intercom'], purpose: 's' } }";
const SITE: &str = "\
datamap: 1
sources:
  - {id: web, platform: web}
destinations:
  - {id: Facebook Pixel}
  - {id: Intercom}
  - {id: Hotjar}
";

fn with_manager(settings: &str, rows: &[(&str, &str, &str)]) {
    let page = manager(settings);
    hold(&[("consent.js", &page), ("data.yaml", SITE)], rows);
}

const NOT: &str = "device no";
const ALL: &str = "device yes+script";

#[test]
fn the_consent_manager_loads_everything_or_nothing_before_a_choice() {
    with_manager(
        "shouldRequireConsent: function () { return true }",
        &[("Facebook Pixel", "new", NOT), ("Intercom", "new", NOT)],
    );
    with_manager(
        "shouldRequireConsent: function () { return false }",
        &[("Facebook Pixel", "new", ALL), ("Hotjar", "new", ALL)],
    );
    let gate = "shouldRequireConsent: exports.inEU";
    with_manager(gate, &[("Facebook Pixel", "new", ALL), ("Facebook Pixel", "new gpc", ALL)]);
}

#[test]
fn the_consent_manager_goes_by_its_categories() {
    let required = "shouldRequireConsent: function () { return true }";
    with_manager(
        &format!("{required}, {CUSTOM}"),
        &[
            ("Facebook Pixel", "ads+ social+", ALL),
            ("Facebook Pixel", "ads+ social-", NOT),
            ("Intercom", "ads- social+", ALL),
            ("Hotjar", "ads+ social+", NOT),
            ("Facebook Pixel", "social-", NOT),
            ("Intercom", "ads-", ALL),
        ],
    );
    with_manager(
        required,
        &[
            ("Facebook Pixel", "advertising- functional+", NOT),
            ("Facebook Pixel", "advertising+", ALL),
            ("Intercom", "functional- advertising+", NOT),
            ("Hotjar", "marketingAndAnalytics- advertising+", NOT),
        ],
    );
}

#[test]
fn the_consent_manager_enables_what_no_choice_names() {
    let enabling =
        format!("shouldRequireConsent: function () {{ return true }}, defaultDestinationBehavior: 'enable', {CUSTOM}");
    with_manager(
        &enabling,
        &[("Hotjar", "ads- social+", ALL), ("Hotjar", "ads- social-", NOT), ("Facebook Pixel", "ads- social+", NOT)],
    );
}

#[test]
fn initial_preferences_are_acted_on_before_a_choice() {
    let preset = format!(
        "shouldRequireConsent: function () {{ return true }}, initialPreferences: {{ social: true }}, {CUSTOM}"
    );
    with_manager(&preset, &[("Intercom", "new", ALL), ("Facebook Pixel", "new", ALL), ("Hotjar", "new", NOT)]);
    let off = "shouldRequireConsent: exports.inEU, initialPreferences: { advertising: false }";
    with_manager(off, &[("Facebook Pixel", "new", NOT)]);
}

fn rudder(mode: &str, provider: &str) -> [(&'static str, String); 2] {
    let destination = format!(
        "version: rudder/v1\nkind: destination\nmetadata: {{name: crumbs}}\nspec:\n  id: crumbs\n  display_name: Crumbs\n  type: facebook_pixel\n  enabled: true\n  config:\n    connection_mode: {{web: {mode}}}\n    consent_management:\n      web:\n        - {provider}\n"
    );
    let source = "version: rudder/v1\nkind: event-stream-source\nmetadata: {name: shop}\nspec: {id: shop, name: Shop, type: javascript, enabled: true}\n---\nversion: rudder/v1\nkind: event-stream-connections\nmetadata: {name: wires}\nspec:\n  connections:\n    - {id: w, source: \"#event-stream-source:shop\", destination: \"#destination:crumbs\", enabled: true}\n";
    [("destination.yaml", destination), ("source.yaml", source.to_owned())]
}

#[test]
fn rudderstack_asks_for_consent_in_the_page_and_for_refusals_on_its_servers() {
    let all = "{provider: oneTrust, consents: [a, b]}";
    let any = "{provider: custom, resolution_strategy: or, consents: [a, b]}";
    let none = "{provider: oneTrust, consents: []}";
    for (mode, provider, state, wanted) in [
        ("device", all, "a+ b+", "device yes+script"),
        ("device", all, "a+ b-", "device no"),
        ("device", all, "a+", "device no"),
        ("device", any, "a+ b-", "device yes+script"),
        ("device", any, "a- b-", "device no"),
        ("device", none, "a-", "device yes+script"),
        ("cloud", all, "a+ b-", "cloud no"),
        ("cloud", all, "a+", "cloud yes"),
        ("cloud", any, "a-", "cloud yes"),
        ("cloud", any, "a- b-", "cloud no"),
        ("cloud", all, "A- B-", "cloud yes"),
    ] {
        let files = rudder(mode, provider);
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        hold(&files, &[("Crumbs", state, wanted)]);
    }
}

#[test]
fn tags_fire_as_their_consent_settings_say() {
    let settings =
        |status: &str, types: &str| format!(r#", "consentSettings": {{"consentStatus": "{status}"{types}}}"#);
    let list = r#", "consentType": {"type": "LIST", "list": [{"type": "TEMPLATE", "value": "ad_storage"}, {"type": "TEMPLATE", "value": "ad_user_data"}]}"#;
    let default = r#"{"name": "Defaults", "type": "html", "firingTriggerId": ["1"], "parameter": [{"key": "html", "value": "<script>gtag('consent','default',{ad_storage:'denied',ad_user_data:'denied'})</script>"}]},"#;
    let fires = "tag_manager yes+script";
    for (kind, name, consent, state, wanted) in [
        ("baut", "bing-ads", settings("NOT_SET", ""), "ad_storage- ad_user_data-", fires),
        ("baut", "bing-ads", settings("NOT_NEEDED", ""), "ad_storage- ad_user_data-", fires),
        ("baut", "bing-ads", settings("NEEDED", list), "ad_storage+ ad_user_data-", "tag_manager no"),
        ("baut", "bing-ads", settings("NEEDED", list), "ad_storage+ ad_user_data+", fires),
        (
            "awct",
            "google-ads-gtag",
            settings("NOT_SET", ""),
            "ad_storage- ad_user_data-",
            "tag_manager undecidable+script",
        ),
        ("awct", "google-ads-gtag", settings("NEEDED", list), "ad_storage- ad_user_data-", "tag_manager no"),
    ] {
        let container = format!(
            r#"{{"exportFormatVersion": 2, "containerVersion": {{"container": {{"publicId": "GTM-A", "usageContext": ["WEB"]}}, "tag": [{default} {{"name": "Tag", "type": "{kind}", "firingTriggerId": ["1"]{consent}}}]}}}}"#
        );
        hold(&[("container.json", &container)], &[(name, state, wanted)]);
    }
}
