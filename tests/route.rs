//! Consent points as real files set them up: what gets where in which state, and the line that decides.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::expect_used, reason = "tests read fixtures")]

mod common;

use consentlint::check::{Inputs, Loaded, load};
use consentlint::classify::Classifier;
use consentlint::flow::route::{Claim, Proof, prove, simulate};
use consentlint::flow::routing::analytics_js::Integrations;
use consentlint::flow::routing::{Events, Preference, Visitor};
use consentlint::flow::{Flow, Map};
use consentlint::model::{Profile, normal};
use consentlint::source::{Source, Span};

struct Project {
    inputs: Inputs,
    loaded: Loaded,
}

impl Project {
    /// A project of fixtures of adapters, and a data map beside them.
    fn of(fixtures: &[&str], map: &str) -> Self {
        let folder = common::root().join("fixtures/adapters");
        let text = |name: &&str| (name.to_string(), std::fs::read_to_string(folder.join(name)).unwrap());
        let files = fixtures.iter().map(text).chain((!map.is_empty()).then(|| ("map.yaml".to_owned(), map.to_owned())));
        Self::read(files)
    }

    fn read(files: impl Iterator<Item = (String, String)>) -> Self {
        let mut inputs = Inputs::default();
        for (name, text) in files {
            inputs.add(Source::new(name, text), Some(true));
        }
        let loaded = load(&inputs, &Classifier::default());
        Self { inputs, loaded }
    }

    fn map(&self) -> Map<'_> {
        let (model, links, classes) = (&self.loaded.model, &self.loaded.links, self.loaded.classes.as_slice());
        Map { model, links, classes, as_of: "2026-11-24", profile: Profile::UsCa }
    }

    fn destination(&self, id: &str) -> usize {
        let known = |name: &str| normal(name) == normal(id);
        let mut all = self.loaded.model.destinations.iter();
        all.position(|one| known(&one.id.value) || one.origins.iter().any(|(_, name)| known(&name.value)))
            .unwrap_or_else(|| panic!("no destination {id}"))
    }

    fn at(&self, span: Span) -> String {
        let source = self.inputs.sources.get(span.source).unwrap();
        let path = self.inputs.sources.path(span);
        format!("{}:{}", path.rsplit('/').next().unwrap(), source.position(span.start).line)
    }

    /// What every path delivers: way, point, events, `+script`, reason and place.
    fn routed(&self, id: &str, visitor: &Visitor) -> Vec<String> {
        let reach = Flow::derive(self.map()).reach;
        let steps = simulate(self.map(), &reach, self.destination(id), visitor, &Integrations::new());
        let shown = steps.iter().map(|step| {
            let events = match step.delivery.events {
                Events::Yes => "yes",
                Events::No => "no",
                Events::Undecidable(_) => "undecidable",
            };
            let script = if step.delivery.script { " + script" } else { "" };
            let (via, point) = (step.path.via.name(), step.path.point.name());
            format!("{via}/{point}: {events}{script}, {} ({})", step.because, self.at(step.place))
        });
        shown.collect()
    }

    fn proof(&self, id: &str, claim: Claim) -> String {
        let reach = Flow::derive(self.map()).reach;
        match prove(self.map(), &reach, self.destination(id), claim) {
            Proof::Proved => "proved".to_owned(),
            Proof::Refuted(found) => format!(
                "refuted: {} {} ({})",
                consentlint::flow::route::visitor(&found.visitor),
                found.because,
                self.at(found.place)
            ),
            Proof::Undecidable { missing, place } => format!("undecidable: {missing} ({})", self.at(place)),
        }
    }

    fn fact(&self, id: &str, attribute: &str) -> String {
        let flow = Flow::derive(self.map());
        let found = flow.destinations[self.destination(id)].object.get(attribute);
        found.map_or_else(String::new, |value| value.value.display())
    }
}

/// A visitor who chose: `+` for a category that was allowed, `-` for one that was refused.
fn chose(said: &[&str]) -> Visitor {
    let preference = |word: &&str| {
        let preference = if word.starts_with('+') { Preference::Granted } else { Preference::Denied };
        (word[1..].to_owned(), preference)
    };
    Visitor { preferences: said.iter().map(preference).collect(), chosen: true, signal: false }
}

/// Nothing said, and nothing chosen.
fn nobody() -> Visitor {
    Visitor::default()
}

#[test]
fn a_wrapper_in_the_opt_out_model_loads_the_script_and_holds_the_events_back() {
    let project = Project::of(&["consent-wrapper/wrapper.ts"], "");
    assert_eq!(
        project.routed("Fullstory", &chose(&["-Analytics", "+Advertising"])),
        ["device/wrapper: no + script, category `Analytics` is off (wrapper.ts:12)"]
    );
    assert_eq!(
        project.routed("Actions Amplitude", &chose(&["-Analytics", "+Advertising"])),
        ["cloud/platform: no, category `Analytics` is off (wrapper.ts:13)"]
    );
    assert_eq!(
        project.proof("Fullstory", Claim::OptIn),
        "refuted: a visitor who has made no choice category `Analytics` is on before a choice (wrapper.ts:12)"
    );
    let unstated =
        "undecidable: nothing says which category carries out the opt-out (`controls: [opt-out]`) (wrapper.ts:12)";
    assert_eq!(project.proof("Fullstory", Claim::OptOut), unstated);
}

#[test]
fn a_category_that_code_computes_leaves_a_destination_of_the_page_open() {
    let map = "datamap: 1\ndestinations:\n  - {id: facebook-pixel, mode: device, shares: true}\n";
    let project = Project::of(&["consent-wrapper/wrapper.ts"], map);
    let why = "undecidable: code computes the categories that it has in the page (wrapper.ts:14)";
    assert_eq!(project.proof("facebook-pixel", Claim::OptOut), why);
    assert_eq!(
        project.fact("facebook-pixel", "gated"),
        "unknown (code computes the categories that it has in the page)"
    );
}

#[test]
fn onetrust_in_the_opt_in_model_waits_for_its_banner() {
    let map = "datamap: 1\nconsent:\n  categories:\n    - {id: C0004, purpose: p, controls: [opt-out]}\n";
    let project = Project::of(&["consent-wrapper/onetrust.tsx"], map);
    let (waits, on) = (
        "device/wrapper: no, the page does not load Segment in this state (onetrust.tsx:8)",
        "device/wrapper: yes + script, category `C0001` is essential, so it is always on (onetrust.tsx:4)",
    );
    assert_eq!(project.routed("Fullstory", &nobody()), [waits]);
    assert_eq!(project.routed("Fullstory", &chose(&["-C0004", "+dsh"])), [on]);
    assert_eq!(
        project.routed("Actions Amplitude", &chose(&["+C0004", "+dsh"])),
        ["cloud/platform: yes, category `C0004` is on (onetrust.tsx:5)"]
    );
    assert_eq!(project.proof("Actions Amplitude", Claim::OptOut), "proved");
    assert_eq!(project.proof("Actions Amplitude", Claim::OptIn), "proved");
    assert_eq!(
        project.proof("Fullstory", Claim::OptOut),
        "refuted: a visitor who refused `C0004` category `C0001` is essential, so it is always on (onetrust.tsx:4)"
    );
}

#[test]
fn segments_settings_map_what_its_servers_hold_back() {
    let project = Project::of(&["segment-cdn-settings/settings.json"], "");
    let (some, all) = (chose(&["-C0004", "+c0005"]), chose(&["+C0004", "+c0005"]));
    assert_eq!(
        project.routed("Facebook Pixel", &some),
        ["device/wrapper: no + script, category `C0004` is off (settings.json:4)"]
    );
    assert_eq!(
        project.routed("Facebook Pixel", &all),
        ["device/wrapper: yes + script, category `C0004` is on (settings.json:4)"]
    );
    let open = "cloud/platform: yes, no consent category lists it (settings.json:5)";
    assert_eq!(project.routed("Actions Amplitude", &some), [open]);
    let refuted = "refuted: a visitor who has opted out no consent category lists it (settings.json:5)";
    assert_eq!(project.proof("Actions Amplitude", Claim::OptOut), refuted);
}

#[test]
fn rudderstack_and_a_model_without_consent_columns() {
    let files = ["rudder-resources/destinations.yaml", "rudder-resources/sources.yaml"];
    let project = Project::of(&files, "");
    assert_eq!(
        project.routed("Crumbs Pixel", &chose(&["+C0004"])),
        ["device/rudderstack: no, category `C0002` is off (destinations.yaml:21)"]
    );
    assert_eq!(
        project.routed("Crumbs Pixel", &chose(&["+C0004", "+C0002"])),
        ["device/rudderstack: yes + script, category `C0004` is on (destinations.yaml:20)"]
    );
    let open = "reverse_etl/nowhere: yes, source `Users` has no consent columns (sources.yaml:39)";
    assert_eq!(project.routed("House CRM", &chose(&["-marketing", "-sales"])), [open]);
}

#[test]
fn rudderstacks_servers_only_know_what_was_refused() {
    let server = "datamap: 1\nconsent: {manager: rudderstack, categories: [{id: C0004, purpose: p, controls: [opt-out]}]}\n\
                  sources:\n  - {id: shop, platform: server, consent: {object: true}, destinations: [Crumbs Pixel]}\n";
    let project = Project::of(&["rudder-resources/destinations.yaml"], server);
    assert_eq!(
        project.routed("Crumbs Pixel", &chose(&["+C0004"])),
        ["server/rudderstack: yes, category `C0004` is on (destinations.yaml:20)"]
    );
    let unset = Visitor { chosen: true, ..nobody() };
    let why = "the servers only know what was refused, and nothing was said of category `C0004`";
    assert_eq!(
        project.routed("Crumbs Pixel", &unset),
        [format!("server/rudderstack: yes, {why} (destinations.yaml:20)")]
    );
    assert_eq!(project.proof("Crumbs Pixel", Claim::OptOut), "proved");
}

#[test]
fn tags_ask_for_consent_types_check_by_themselves_or_fire() {
    let project = Project::of(&["gtm-container/web.json"], "");
    let off = chose(&["-ad_storage", "-ad_user_data", "-analytics_storage"]);
    let on = chose(&["+ad_storage", "+ad_user_data", "+analytics_storage"]);
    assert_eq!(
        project.routed("facebook-pixel", &off),
        ["tag_manager/tag: no, category `ad_storage` is off (web.json:42)"]
    );
    assert_eq!(
        project.routed("facebook-pixel", &on),
        ["tag_manager/tag: yes + script, category `ad_storage` is on (web.json:42)"]
    );
    let own = project.routed("google-ads-gtag", &off);
    assert!(own[0].starts_with("tag_manager/tag: undecidable + script, the tag fires without consent"), "{own:?}");
    let fires = "source `GTM-FABLE1` fires its tag whatever the visitor chose (web.json:59)";
    assert_eq!(project.routed("hotjar", &off), [format!("tag_manager/nowhere: yes + script, {fires}")]);
    assert_eq!(project.proof("hotjar", Claim::OptOut), format!("refuted: a visitor who has opted out {fires}"));
}

#[test]
fn a_tag_under_its_own_checks_is_undecidable_to_the_proof_and_stopped_to_the_rules() {
    let map = "datamap: 1\nconsent:\n  categories:\n    - {id: ad_storage, purpose: p, controls: [opt-out]}\n    \
               - {id: ad_user_data, purpose: p, controls: [opt-out]}\n    - {id: ad_personalization, purpose: p, controls: [opt-out]}\n";
    let project = Project::of(&["gtm-container/web.json"], map);
    let proof = project.proof("google-ads-gtag", Claim::OptOut);
    assert!(proof.starts_with("undecidable: the tag fires without consent and is left to its own checks"), "{proof}");
    assert_eq!(project.fact("google-ads-gtag", "gated"), "true");
}

#[test]
fn the_open_source_manager_goes_by_its_set_up_before_a_choice() {
    let map = "datamap: 1\nconsent: {categories: [{id: Ads & Retargeting, purpose: p, controls: [opt-out]}]}\nsignals: {gpc: {honored: true}}\n";
    let project = Project::of(&["segment-consent-manager/object.js"], map);
    assert_eq!(
        project.routed("Facebook Pixel", &nobody()),
        ["device/consent_manager: no, category `Ads & Retargeting` is off (object.js:7)"]
    );
    assert_eq!(project.proof("Facebook Pixel", Claim::OptOut), "proved");
    let preset = "the initial preferences switch category `Analytics` on";
    assert_eq!(
        project.routed("Google Analytics", &nobody()),
        [format!("device/consent_manager: yes + script, {preset} (object.js:12)")]
    );
    assert_eq!(
        project.fact("Google Analytics", "counterexample"),
        format!(
            "a visitor with Global Privacy Control on, who has made no choice, still sends the context of every call \
             (address, identifiers, page) to Google Analytics through the browser (device mode), because {preset}"
        )
    );
    let unset = "the initial preferences leave category `Essential` unset, which is taken as consent (object.js:12)";
    assert_eq!(project.routed("Intercom", &nobody()), [format!("device/consent_manager: yes + script, {unset}")]);
}

#[test]
fn built_in_categories_of_the_open_source_manager() {
    let map = "datamap: 1\nconsent: {categories: [{id: advertising, purpose: p, controls: [opt-out]}]}\n\
               destinations: [{id: facebook-pixel}, {id: google-analytics}, {id: intercom}]\nsignals: {gpc: {honored: true}}\n";
    let project = Project::of(&["segment-consent-manager/page.html"], map);
    let routed = |id: &str| project.routed(id, &nobody()).join("");
    let unset = "the initial preferences leave category `advertising` unset, which is taken as consent (page.html:17)";
    assert_eq!(routed("facebook-pixel"), format!("device/consent_manager: yes + script, {unset}"));
    assert!(routed("google-analytics").starts_with("device/consent_manager: no"), "left out, so it stays off");
    assert!(routed("intercom").starts_with("device/consent_manager: yes"), "preset");
    let refuted = project.proof("facebook-pixel", Claim::OptOut);
    assert!(
        refuted.starts_with("refuted: a visitor with Global Privacy Control on, who has made no choice,"),
        "{refuted}"
    );
}

const MAP: &str = "datamap: 1\nconsent:\n  manager: segment\n  model: opt-out\n  categories:\n    \
                   - {id: ads, purpose: p, controls: [opt-out], destinations: [facebook-pixel]}\n    \
                   - {id: ux, purpose: p}\ndestinations:\n  \
                   - {id: facebook-pixel, mode: device, role: third_party, shares: true}\nsources:\n  \
                   - {id: web, platform: web, consent: {wrapper: segment}, destinations: [facebook-pixel]}\n";

fn with(files: &[(&str, &str)]) -> Project {
    Project::read(files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())))
}

#[test]
fn a_mapping_of_the_page_replaces_the_data_maps() {
    let wrapper = |mapping: &str| {
        format!(
            "createWrapper({{ integrationCategoryMappings: {{ {mapping} }}, getCategories: () => read() }})(analytics)\n"
        )
    };
    let read = |mapping: &str| with(&[("map.yaml", MAP), ("web.ts", &wrapper(mapping))]);
    assert_eq!(with(&[("map.yaml", MAP)]).proof("facebook-pixel", Claim::OptOut), "proved");
    assert_eq!(read("'Facebook Pixel': ['ads']").proof("facebook-pixel", Claim::OptOut), "proved");
    let open = read("'Facebook Pixel': ['ux'], Hotjar: ['ads']");
    assert_eq!(
        open.proof("facebook-pixel", Claim::OptOut),
        "refuted: a visitor who refused `ads` and allowed `ux` category `ux` does not carry out the opt-out (web.ts:1)"
    );
    assert_eq!(open.fact("facebook-pixel", "bypasses"), "source `web`: category `ux` does not carry out the opt-out");
    let left_out = read("Hotjar: ['ads', 'ux']");
    assert_eq!(
        left_out.proof("facebook-pixel", Claim::OptOut),
        "refuted: a visitor who refused `ads` and allowed `ux` the page's own mapping does not list it, and replaces every other (web.ts:1)"
    );
}

#[test]
fn an_id_in_another_case_is_another_category() {
    let wrapper = |id: &str| {
        format!(
            "createWrapper({{ integrationCategoryMappings: {{ 'Facebook Pixel': ['{id}'] }}, getCategories: () => read() }})(analytics)\n"
        )
    };
    let proof = |id: &str| with(&[("map.yaml", MAP), ("web.ts", &wrapper(id))]).proof("facebook-pixel", Claim::OptOut);
    assert_eq!(proof("ads"), "proved");
    assert_eq!(
        proof("Ads"),
        "refuted: a visitor who refused `ads` and allowed `Ads` category `Ads` does not carry out the opt-out (web.ts:1)"
    );
    let other = "undecidable: the data map and the consent set-up share no id of a category, so it cannot be told which ones of \
                 the set-up it means (web.ts:1)";
    assert_eq!(proof("C0004"), other, "names of another kind may mean the same");
}

#[test]
fn a_signal_that_is_not_mapped_to_the_category_stops_nothing() {
    let signal = |categories: &str| format!("{MAP}signals: {{gpc: {{honored: true{categories}}}}}\n");
    let proof = |categories: &str| with(&[("map.yaml", &signal(categories))]).proof("facebook-pixel", Claim::OptOut);
    assert_eq!(proof(""), "proved");
    assert_eq!(proof(", categories: [ads]"), "proved");
    assert_eq!(
        proof(", categories: [ux]"),
        "refuted: a visitor with Global Privacy Control on, who has made no choice, the signal does not switch off category `ads` (map.yaml:12)"
    );
}

#[test]
fn scripts_load_in_the_opt_out_model_alone() {
    let loads = |model: &str| {
        let map = MAP.replace("model: opt-out", &format!("model: {model}"));
        with(&[("map.yaml", &map)]).fact("facebook-pixel", "script_loads")
    };
    assert_eq!(loads("opt-out"), "in the opt-out model every script loads, and only its events are held back");
    assert_eq!(loads("opt-in"), "");
}

#[test]
fn where_consent_is_not_required_everything_loads_for_who_only_sends_a_signal() {
    let manager = |settings: &str| {
        format!(
            "window.consentManagerConfig = {{ writeKey: 'k', bannerContent: 'x', {settings} customCategories: {{ Ads: {{ integrations: ['Facebook Pixel'], purpose: 'p' }}, Use: {{ integrations: ['Hotjar'], purpose: 'p' }} }} }}\n"
        )
    };
    let map = "datamap: 1\nconsent: {categories: [{id: Ads, purpose: p, controls: [opt-out]}]}\nsignals: {gpc: {honored: true}}\n";
    let proof = |settings: &str| {
        with(&[("map.yaml", map), ("consent.js", &manager(settings))]).proof("Facebook Pixel", Claim::OptOut)
    };
    assert_eq!(
        proof("shouldRequireConsent: inEU,"),
        "refuted: a visitor with Global Privacy Control on, who has made no choice, consent is not required of this visitor, \
         so everything loads before a choice (consent.js:1)"
    );
    for cure in ["", "shouldRequireConsent: () => true,", "shouldRequireConsent: inRegions(['CA', 'EU']),"] {
        assert_eq!(proof(cure), "proved", "{cure}");
    }
    assert!(proof("shouldRequireConsent: ask(),").starts_with("undecidable: code decides where consent is required"));
    assert_eq!(
        proof("defaultDestinationBehavior: 'enable',"),
        "refuted: a visitor with Global Privacy Control on, who has made a choice, a destination that is added after the visitor's choice is switched on (consent.js:1)"
    );
    assert_eq!(proof("defaultDestinationBehavior: 'imply',"), "proved");
}

#[test]
fn the_limit_is_claimed_of_the_paths_that_carry_what_may_be_limited() {
    let map = |sent: &str| {
        format!(
            "datamap: 1
consent: {{categories: [{{id: ads, purpose: x, controls: [opt-out, limit], destinations: [fb]}}]}}
sources:
  - {{id: web, platform: web, destinations: [fb]}}
  - {{id: srv, platform: server, consent: {{wrapper: none}}, destinations: [fb]}}
destinations: [{{id: fb, role: third_party, shares: true}}]
events:
  - {{name: Seen, sources: [web], properties: [{{name: religion}}]}}
  - {{name: Sent, sources: [srv], properties: [{sent}]}}
"
        )
    };
    let claim = |sent: &str| {
        let project = with(&[("map.yaml", &map(sent))]);
        let reach = Flow::derive(project.map()).reach;
        prove(project.map(), &reach, project.destination("fb"), Claim::Limit)
    };
    assert!(matches!(claim("{name: email}"), Proof::Proved));
    assert!(matches!(claim("{name: religion, limit_exempt: m8}"), Proof::Proved));
    let Proof::Refuted(found) = claim("{name: diagnosis}") else { panic!("the server sends it to everyone") };
    assert_eq!(found.path.source, Some(1));
}
