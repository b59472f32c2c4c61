//! What the Consent Manager loads, set-up by set-up.

use super::*;
use Preference::{Denied, Granted, Unset};

fn preferences(list: &[(&str, Preference)]) -> Preferences {
    list.iter().map(|(id, preference)| ((*id).to_owned(), *preference)).collect()
}

fn custom(list: &[(&str, &[&str])]) -> Setup {
    let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    let custom = list.iter().map(|(name, ids)| ((*name).to_owned(), owned(ids))).collect();
    Setup { custom: Some(custom), ..Setup::default() }
}

fn source(list: &[(&str, &str)]) -> Vec<Destination> {
    list.iter().map(|(id, category)| Destination { id: (*id).into(), category: (*category).into() }).collect()
}

fn site() -> Vec<Destination> {
    source(&[("Ads", "Advertising"), ("Chat", "Livechat"), ("Stats", "Analytics")])
}

/// What loads on the visit after an act on the first one.
fn next(setup: &Setup, required: bool, act: &Act) -> Loaded {
    let first = visit(setup, required, &site(), None);
    let choice = choose(setup, &site(), &first, act);
    visit(setup, required, &site(), choice.as_ref()).loaded
}

fn only(ids: &[&str]) -> Loaded {
    Loaded::Only(ids.iter().map(|id| (*id).to_owned()).collect())
}

#[test]
fn before_a_choice_everything_loads_or_nothing() {
    assert_eq!(visit(&Setup::default(), false, &site(), None).loaded, Loaded::Everything);
    assert_eq!(visit(&Setup::default(), true, &site(), None).loaded, Loaded::Nothing);
}

#[test]
fn built_in_categories_go_by_the_catalogue_and_unset_is_consent() {
    let refused = Act::Save(preferences(&[("advertising", Denied)]));
    assert_eq!(next(&Setup::default(), true, &refused), only(&["Chat", "Stats"]));
    let unset = Act::Save(preferences(&[("advertising", Unset), ("functional", Denied)]));
    assert_eq!(next(&Setup::default(), true, &unset), only(&["Ads", "Stats"]));
}

#[test]
fn custom_categories_replace_them_one_refusal_wins_and_the_unlisted_stays_off() {
    let setup = custom(&[("a", &["Ads", "Chat"]), ("b", &["Chat"])]);
    assert_eq!(next(&setup, true, &Act::Accept), only(&["Ads", "Chat"]));
    assert_eq!(next(&setup, true, &Act::Save(preferences(&[("b", Denied)]))), only(&["Ads"]));
    let enabling = Setup { new_destinations: NewDestinations::Enable, ..setup };
    assert_eq!(next(&enabling, true, &Act::Accept), only(&["Ads", "Chat", "Stats"]));
    assert_eq!(next(&enabling, true, &Act::Deny), Loaded::Nothing, "what is new is no reason to load");
}

#[test]
fn a_refusal_of_all_loads_nothing() {
    assert_eq!(next(&Setup::default(), true, &Act::Deny), Loaded::Nothing);
    assert_eq!(
        next(&Setup::default(), false, &Act::Save(preferences(&BUILT_IN.map(|id| (id, Denied))))),
        Loaded::Nothing
    );
}

#[test]
fn destinations_that_come_later() {
    let later = source(&[("Ads", "Advertising"), ("New", "Advertising")]);
    let choice = Choice {
        destinations: [("Ads".to_owned(), true)].into(),
        categories: [("advertising".to_owned(), true)].into(),
    };
    for (new_destinations, wanted) in [
        (NewDestinations::Disable, only(&["Ads"])),
        (NewDestinations::Ask, only(&["Ads"])),
        (NewDestinations::Enable, only(&["Ads", "New"])),
        (NewDestinations::Imply, only(&["Ads", "New"])),
    ] {
        let setup = Setup { new_destinations, ..Setup::default() };
        let visit = visit(&setup, true, &later, Some(&choice));
        assert_eq!(visit.loaded, wanted, "{new_destinations:?}");
        assert_eq!(visit.dialog, new_destinations == NewDestinations::Ask);
    }
    let refused = Choice { categories: [("advertising".to_owned(), false)].into(), ..choice };
    let enabling = Setup { new_destinations: NewDestinations::Enable, ..Setup::default() };
    assert!(visit(&enabling, true, &later, Some(&refused)).loaded.lets("New"), "although its category is refused");
}

#[test]
fn initial_preferences_are_acted_on_before_the_visitor_chooses() {
    let initial = |list: &[(&str, Preference)]| Setup { initial: Some(preferences(list)), ..Setup::default() };
    let preset = initial(&[("advertising", Granted), ("functional", Unset), ("marketingAndAnalytics", Denied)]);
    assert_eq!(visit(&preset, true, &site(), None).loaded, only(&["Ads", "Chat"]));
    let left_out = initial(&[("functional", Granted)]);
    assert_eq!(visit(&left_out, true, &site(), None).loaded, only(&["Chat"]), "what is left out has no value");
    assert_eq!(visit(&initial(&[("functional", Unset)]), true, &site(), None).loaded, Loaded::Nothing);
}

#[test]
fn closing_and_clicking_elsewhere_may_be_consent() {
    for (close, wanted) in [
        (Close::Dismiss, Loaded::Nothing),
        (Close::Deny, Loaded::Nothing),
        (Close::Accept, only(&["Ads", "Chat", "Stats"])),
    ] {
        assert_eq!(next(&Setup { close, ..Setup::default() }, true, &Act::Close), wanted, "{close:?}");
    }
    assert_eq!(next(&Setup::default(), true, &Act::Interact), Loaded::Nothing);
    let implied = Setup { implied: true, ..Setup::default() };
    assert_eq!(next(&implied, true, &Act::Interact), only(&["Ads", "Chat", "Stats"]));
}

#[test]
fn names_of_destinations() {
    assert_eq!(id("Facebook Pixel", "Facebook Pixel"), Some("Facebook Pixel"));
    assert_eq!(id("Amplitude (Actions)", "Actions Amplitude"), Some("Actions Amplitude"));
    assert_eq!(id("Fullstory", "FullStory"), Some("Fullstory"));
    assert_eq!(id("Repeater", "Repeater"), None);
}
