//! Opting out of more never lets more through, wherever a vendor's semantics are so; where they are not, a test says how.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::random::Random;
use consentlint::flow::routing::analytics_js::Integrations;
use consentlint::flow::routing::consent_manager::{self, Act, Choice, Destination, Loaded, NewDestinations, Setup};
use consentlint::flow::routing::platform::{self, Category, ConsentObject};
use consentlint::flow::routing::tag_manager::{self, ConsentStatus, Tag};
use consentlint::flow::routing::wrapper::{Cdn, ConsentModel, ConsentSettings, Page, Wait, Wrapper};
use consentlint::flow::routing::{Delivery, Events, Mapping, Needs, Preference, Preferences, Visitor, rudder};
use std::collections::BTreeMap;

const ROUNDS: usize = 4000;
const IDS: [&str; 4] = ["a", "b", "c", "A"];
const NAMES: [&str; 4] = ["Ads", "Chat", "Stats", "Segment.io"];
const EVERY: [Preference; 3] = [Preference::Granted, Preference::Denied, Preference::Unset];

fn some<'a>(random: &mut Random, list: &[&'a str]) -> Vec<&'a str> {
    list.iter().copied().filter(|_| random.below(2) == 0).collect()
}

fn visitor(random: &mut Random, ids: &[&str]) -> Visitor {
    let preferences = some(random, ids).into_iter().map(|id| (id.to_owned(), EVERY[random.below(3)])).collect();
    Visitor { preferences, signal: false, chosen: true }
}

/// The same visitor, who has refused some categories more.
fn refusing(random: &mut Random, visitor: &Visitor, ids: &[&str]) -> Visitor {
    let mut refusing = visitor.clone();
    for id in some(random, ids) {
        refusing.preferences.insert(id.to_owned(), Preference::Denied);
    }
    refusing
}

fn mapping(random: &mut Random, names: &[&str], ids: &[&str]) -> Mapping {
    let names = some(random, names);
    names
        .into_iter()
        .map(|name| (name.to_owned(), some(random, ids).into_iter().map(str::to_owned).collect()))
        .collect()
}

fn integrations(random: &mut Random) -> Integrations {
    if random.below(2) == 0 {
        return Integrations::new();
    }
    let names = [&NAMES[..], &["All"]].concat();
    some(random, &names).into_iter().map(|name| (name.to_owned(), random.below(2) == 0)).collect()
}

/// How much an answer lets through.
fn level(events: Events) -> u8 {
    match events {
        Events::No => 0,
        Events::Undecidable(_) => 1,
        Events::Yes => 2,
    }
}

fn delivered(delivery: Delivery) -> (u8, u8) {
    (level(delivery.events), u8::from(delivery.script))
}

/// Counts how often refusing more stops something, so that a test of nothing is seen.
struct Stopped(usize);

impl Stopped {
    fn note(&mut self, before: (u8, u8), after: (u8, u8), what: &str) {
        assert!(after.0 <= before.0 && after.1 <= before.1, "{what}: {before:?} became {after:?}");
        self.0 += usize::from(after != before);
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        assert!(std::thread::panicking() || self.0 > ROUNDS / 50, "refusing hardly ever stopped anything: {}", self.0);
    }
}

#[test]
fn segment_is_monotone() {
    let (mut random, mut stopped) = (Random(11), Stopped(0));
    for _ in 0..ROUNDS {
        let listed = some(&mut random, &IDS);
        let categories: Vec<Category<'_>> =
            listed.iter().map(|id| Category { id, enabled: random.below(5) > 0 }).collect();
        let destination = platform::Destination { name: "Ads", categories: &categories, enforces: random.below(6) > 0 };
        let integrations = integrations(&mut random);
        let before = visitor(&mut random, &IDS);
        let after = refusing(&mut random, &before, &IDS);
        let received = |stamp: &BTreeMap<String, bool>| {
            level(platform::receives(&destination, ConsentObject::Preferences(stamp), &integrations))
        };
        let (less, more) = (received(&after.stated()), received(&before.stated()));
        stopped.note((more, 0), (less, 0), &format!("{destination:?} {integrations:?} {before:?} {after:?}"));
        let without = level(platform::receives(&destination, ConsentObject::Missing, &integrations));
        assert!(without >= more || integrations.contains_key("All"), "a consent object never opens anything");
    }
}

#[test]
fn the_wrapper_is_monotone() {
    let (mut random, mut stopped) = (Random(12), Stopped(0));
    for _ in 0..ROUNDS {
        let (cdn, own) = (mapping(&mut random, &NAMES, &IDS), mapping(&mut random, &NAMES, &IDS));
        let all: Vec<String> = some(&mut random, &IDS).into_iter().map(str::to_owned).collect();
        let settings = (random.below(4) > 0).then_some(ConsentSettings { all: &all, unmapped: random.below(2) == 0 });
        let (load, event) = (integrations(&mut random), integrations(&mut random));
        let model = if random.below(2) == 0 { ConsentModel::OptIn } else { ConsentModel::OptOut };
        let waits = [Wait::Nothing, Wait::OneTrust { banner: true }, Wait::TrustArc { always: false }];
        let mapping = (random.below(2) == 0).then_some(&own);
        let wrapper = Wrapper { model, mapping, wait: waits[random.below(3)] };
        let page = Page { wrapper, cdn: Cdn { mapping: &cdn, settings }, load: &load };
        let before = visitor(&mut random, &IDS);
        let after = refusing(&mut random, &before, &IDS);
        for name in NAMES {
            let of = |visitor: &Visitor| delivered(page.device(name, visitor, &event));
            stopped.note(of(&before), of(&after), &format!("{name} {page:?} {before:?} {after:?}"));
        }
        let segment = |visitor: &Visitor| (u8::from(page.reaches_segment(visitor, &event)), 0);
        stopped.note(segment(&before), segment(&after), &format!("Segment {page:?} {before:?} {after:?}"));
    }
}

#[test]
fn rudderstack_is_monotone() {
    let (mut random, mut stopped) = (Random(13), Stopped(0));
    for _ in 0..ROUNDS {
        let needs = |random: &mut Random| [None, Some(Needs::All), Some(Needs::Any)][random.below(3)];
        let name = random.one(&["custom", "oneTrust"]);
        let consents = some(&mut random, &IDS);
        let providers = [rudder::Provider { name, consents: &consents, strategy: needs(&mut random) }];
        let manager = rudder::Manager { name: random.one(&["custom", "oneTrust"]), strategy: needs(&mut random) };
        let before = visitor(&mut random, &IDS);
        let after = refusing(&mut random, &before, &IDS);
        let of = |visitor: &Visitor| {
            let browser = rudder::browser(&providers, Some(&manager), visitor);
            (level(browser.events), level(rudder::server(&providers, Some(&manager), visitor)))
        };
        stopped.note(of(&before), of(&after), &format!("{providers:?} {manager:?} {before:?} {after:?}"));
        let (browser, server) = of(&before);
        assert!(browser <= server, "the browser is never laxer than the servers");
    }
}

#[test]
fn tags_are_monotone() {
    let (mut random, mut stopped) = (Random(14), Stopped(0));
    for _ in 0..ROUNDS {
        let (needs, built_in) = (some(&mut random, &IDS), some(&mut random, &IDS));
        let status = [ConsentStatus::NotSet, ConsentStatus::NotNeeded, ConsentStatus::Needed][random.below(3)];
        let tag = Tag { status, needs: &needs, built_in: &built_in };
        let before = visitor(&mut random, &IDS);
        let after = refusing(&mut random, &before, &IDS);
        let of = |visitor: &Visitor| delivered(tag_manager::delivery(&tag, visitor));
        stopped.note(of(&before), of(&after), &format!("{tag:?} {before:?} {after:?}"));
    }
}

fn source() -> Vec<Destination> {
    let list = [("Ads", "Advertising"), ("Chat", "Livechat"), ("Stats", "Analytics")];
    list.map(|(id, category)| Destination { id: id.to_owned(), category: category.to_owned() }).into()
}

/// What loads on the next visit, and what was saved.
fn next(setup: &Setup, act: &Act) -> (Loaded, Option<Choice>) {
    let first = consent_manager::visit(setup, true, &source(), None);
    let choice = consent_manager::choose(setup, &source(), &first, act);
    (consent_manager::visit(setup, true, &source(), choice.as_ref()).loaded, choice)
}

fn preferences(list: &[(&str, Preference)]) -> Preferences {
    list.iter().map(|(id, preference)| ((*id).to_owned(), *preference)).collect()
}

#[test]
fn choices_in_the_consent_manager_are_monotone() {
    let (mut random, mut stopped) = (Random(15), Stopped(0));
    for _ in 0..ROUNDS {
        let custom = (random.below(2) == 0).then(|| mapping(&mut random, &["a", "b", "c"], &NAMES));
        let ids: Vec<&str> = match &custom {
            Some(custom) => custom.keys().map(String::as_str).collect(),
            None => consent_manager::BUILT_IN.into(),
        };
        let initial = (random.below(2) == 0).then(|| visitor(&mut random, &ids).preferences);
        let new_destinations =
            [NewDestinations::Disable, NewDestinations::Enable, NewDestinations::Imply][random.below(3)];
        let setup = Setup { custom: custom.clone(), initial, new_destinations, ..Setup::default() };
        let before = visitor(&mut random, &ids);
        let after = refusing(&mut random, &before, &ids);
        let (more, less) =
            (next(&setup, &Act::Save(before.preferences)).0, next(&setup, &Act::Save(after.preferences)).0);
        for one in source() {
            let lets = |loaded: &Loaded| (u8::from(loaded.lets(&one.id)), 0);
            stopped.note(lets(&more), lets(&less), &format!("{} {setup:?} {more:?} {less:?}", one.id));
        }
    }
}

/// Whoever refuses one category in the Consent Manager consents to those that were never answered, which did not load before.
#[test]
fn refusing_one_category_opens_the_others() {
    let setup = Setup::default();
    assert_eq!(consent_manager::visit(&setup, true, &source(), None).loaded, Loaded::Nothing);
    let (loaded, _) = next(&setup, &Act::Save(preferences(&[("functional", Preference::Denied)])));
    assert!(loaded.lets("Ads") && !loaded.lets("Chat"));
}

/// "Deny all" switches the preferences that the manager starts from. With `initialPreferences: {}` these are none, so every
/// custom category is unset, which is saved as consent.
#[test]
fn refusing_all_with_empty_initial_preferences_is_consent_to_all() {
    let custom = [("ads".to_owned(), vec!["Ads".to_owned()])].into();
    let setup = Setup { custom: Some(custom), initial: Some(Preferences::new()), ..Setup::default() };
    let (loaded, choice) = next(&setup, &Act::Deny);
    assert_eq!(choice.unwrap().categories, [("ads".to_owned(), true)].into());
    assert!(loaded.lets("Ads"));
    assert_eq!(next(&Setup { initial: None, ..setup }, &Act::Deny).0, Loaded::Nothing);
}

/// An event that loses its consent object reaches every destination, also those that were refused.
#[test]
fn losing_the_consent_object_opens_everything() {
    let categories = [Category { id: "a", enabled: true }];
    let destination = platform::Destination { name: "Ads", categories: &categories, enforces: true };
    let refused = [("a".to_owned(), false)].into();
    let received = |consent| platform::receives(&destination, consent, &Integrations::new());
    assert_eq!(received(ConsentObject::Preferences(&refused)), Events::No);
    assert_eq!(received(ConsentObject::Missing), Events::Yes);
}

#[test]
fn the_signal_is_a_refusal_only_where_it_is_heeded() {
    let granted = preferences(&[("a", Preference::Granted)]);
    let visitor = Visitor { preferences: granted, signal: true, chosen: true };
    assert!(visitor.grants("a"));
    assert!(!visitor.clone().heeding(&["a"]).grants("a"));
    assert!(Visitor { signal: false, ..visitor }.heeding(&["a"]).grants("a"));
}
