//! Segment's open-source Consent Manager.
//!
//! Source: package `@segment/consent-manager` 5.8 (consent-manager, consent-manager-builder, container).

use super::{Mapping, Preference, Preferences, stated};
use crate::model::catalogue::default_category;
use std::collections::BTreeMap;

/// `defaultDestinationBehavior`: what becomes of destinations that came after the visitor's choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum NewDestinations {
    /// They stay off; the default.
    #[default]
    Disable,
    /// They are switched on.
    Enable,
    /// The visitor's categories are applied to them.
    Imply,
    /// They stay off, and the dialog opens.
    Ask,
}

/// `closeBehavior`: what closing the banner means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Close {
    /// Nothing is saved; the default.
    #[default]
    Dismiss,
    /// As accepting all.
    Accept,
    /// As refusing all.
    Deny,
}

/// How the manager is set up.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// `customCategories`: destinations by category. They replace the built-in ones.
    pub custom: Option<Mapping>,
    /// `initialPreferences`.
    pub initial: Option<Preferences>,
    /// `defaultDestinationBehavior`.
    pub new_destinations: NewDestinations,
    /// `closeBehavior`.
    pub close: Close,
    /// `implyConsentOnInteraction`.
    pub implied: bool,
}

/// A destination of the source, as Segment's CDN lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The name that categories list it by; see [`id`].
    pub id: String,
    /// Its category in Segment's catalogue.
    pub category: String,
}

/// The name by which categories list a destination: its creation name. Fullstory goes by its name, and the Repeater is no
/// destination (`fetchDestinations`).
pub fn id<'a>(name: &'a str, creation_name: &'a str) -> Option<&'a str> {
    let id = if name == "Fullstory" { name } else { creation_name };
    (id != "Repeater").then_some(id)
}

/// What the cookie remembers of a choice: categories, and destinations as they were switched then. A mapping that is
/// changed afterwards only counts once the visitor chooses again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Destinations that were switched on or off.
    pub destinations: BTreeMap<String, bool>,
    /// Categories.
    pub categories: BTreeMap<String, bool>,
}

/// What analytics.js is loaded with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loaded {
    /// It is not loaded.
    Nothing,
    /// It is loaded without any filter: every destination loads, and events carry no consent object.
    Everything,
    /// It is loaded with `All: false`, Segment, and these destinations.
    Only(Vec<String>),
}

impl Loaded {
    /// Whether a destination loads and gets events.
    pub fn lets(&self, id: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Everything => true,
            Self::Only(on) => on.iter().any(|one| one == id),
        }
    }
}

/// A page that the visitor opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// What is loaded at once.
    pub loaded: Loaded,
    /// `categoryPreferences` of events, where they carry any.
    pub stamp: Option<BTreeMap<String, bool>>,
    /// The preferences that the manager starts from. Accepting or refusing all switches exactly these.
    pub preferences: Preferences,
    /// Whether the banner shows.
    pub banner: bool,
    /// Whether the dialog opens by itself.
    pub dialog: bool,
}

/// What a visitor does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Accepts all on the banner.
    Accept,
    /// Refuses all on the banner.
    Deny,
    /// Closes the banner.
    Close,
    /// Clicks elsewhere.
    Interact,
    /// Switches these categories in the dialog, and saves.
    Save(Preferences),
}

/// Switches of destinations in the making: one may have been given no value.
type Switches = BTreeMap<String, Option<bool>>;

/// What happens when a page opens. `required` is what `shouldRequireConsent` says.
pub fn visit(setup: &Setup, required: bool, destinations: &[Destination], choice: Option<&Choice>) -> Visit {
    let is_new = |one: &Destination| choice.is_none_or(|choice| !choice.destinations.contains_key(&one.id));
    let any_new = destinations.iter().any(is_new);
    let added = any_new && choice.is_some_and(|choice| !choice.destinations.is_empty());
    let mut preferences = choice.map_or_else(|| initial(setup), |choice| given(&choice.categories));
    let mut switches: Option<Switches> =
        choice.map(|choice| choice.destinations.iter().map(|(id, on)| (id.clone(), Some(*on))).collect());
    if acts_on_initial(setup, choice) || (setup.new_destinations == NewDestinations::Imply && added) {
        let (categories, mapped) = apply(setup, destinations, &preferences);
        preferences = given(&categories);
        switches = Some(mapped);
    }
    let loaded = load(setup, required, destinations, switches.as_ref());
    Visit {
        stamp: stamp(&loaded, &preferences),
        loaded,
        preferences,
        banner: required && any_new,
        dialog: added && setup.new_destinations == NewDestinations::Ask,
    }
}

/// What a visitor's act saves; `None` when it saves nothing.
pub fn choose(setup: &Setup, destinations: &[Destination], visit: &Visit, act: &Act) -> Option<Choice> {
    let all = |to: Preference| visit.preferences.keys().map(|id| (id.clone(), to)).collect::<Preferences>();
    let switched = match act {
        Act::Save(switched) => Some(switched.clone()),
        Act::Interact => (visit.banner && setup.implied && !visit.dialog).then(|| all(Preference::Granted)),
        _ if !visit.banner => None,
        Act::Accept => Some(all(Preference::Granted)),
        Act::Deny => Some(all(Preference::Denied)),
        Act::Close => match setup.close {
            Close::Dismiss => None,
            Close::Accept => Some(all(Preference::Granted)),
            Close::Deny => Some(all(Preference::Denied)),
        },
    }?;
    let mut preferences = visit.preferences.clone();
    preferences.extend(switched);
    let (categories, switches) = apply(setup, destinations, &preferences);
    let destinations = switches.into_iter().filter_map(|(id, on)| Some((id, on?))).collect();
    Some(Choice { destinations, categories })
}

/// What is loaded right after a choice, on a page that had loaded nothing. One that had is loaded anew, which is a
/// [`visit`].
pub fn after(setup: &Setup, destinations: &[Destination], visit: &Visit, act: &Act) -> Option<Visit> {
    let choice = choose(setup, destinations, visit, act)?;
    // What has no value is not remembered, but it is not new on this page either.
    let (_, switches) = apply(setup, destinations, &given(&choice.categories));
    let loaded = load(setup, true, destinations, Some(&switches));
    let preferences = given(&choice.categories);
    Some(Visit { stamp: stamp(&loaded, &preferences), loaded, preferences, banner: false, dialog: false })
}

fn stamp(loaded: &Loaded, preferences: &Preferences) -> Option<BTreeMap<String, bool>> {
    matches!(loaded, Loaded::Only(_)).then(|| stated(preferences))
}

fn given(categories: &BTreeMap<String, bool>) -> Preferences {
    let preference = |on: bool| if on { Preference::Granted } else { Preference::Denied };
    categories.iter().map(|(id, on)| (id.clone(), preference(*on))).collect()
}

/// The preferences before any choice: `initialPreferences` as they are, or else every category unset.
fn initial(setup: &Setup) -> Preferences {
    let unset = |id: &str| (id.to_owned(), Preference::Unset);
    match (&setup.initial, &setup.custom) {
        (Some(initial), _) => initial.clone(),
        (None, Some(custom)) => custom.keys().map(|id| unset(id)).collect(),
        (None, None) => BUILT_IN.into_iter().map(unset).collect(),
    }
}

/// The built-in categories.
pub const BUILT_IN: [&str; 3] = ["marketingAndAnalytics", "advertising", "functional"];

/// `initialPreferences` that say anything are acted on before the visitor chooses, even where consent is required.
pub fn acts_on_initial(setup: &Setup, choice: Option<&Choice>) -> bool {
    let says = |initial: &Preferences| initial.values().any(|preference| *preference != Preference::Unset);
    setup.initial.as_ref().is_some_and(says) && choice.is_none_or(|choice| choice.categories.is_empty())
}

/// An unset category is taken as consented to (`handleMapCustomPreferences`: "implicit consent").
fn settled(preference: Preference) -> bool {
    preference != Preference::Denied
}

/// Applies categories to destinations.
fn apply(setup: &Setup, destinations: &[Destination], preferences: &Preferences) -> (BTreeMap<String, bool>, Switches) {
    match &setup.custom {
        Some(custom) => by_custom(custom, destinations, preferences),
        None => by_built_in(destinations, preferences),
    }
}

/// Custom categories: where several list a destination, one refusal wins; one that no category lists gets no value. Every
/// category counts, also one that the preferences leave out.
fn by_custom(
    custom: &Mapping,
    destinations: &[Destination],
    preferences: &Preferences,
) -> (BTreeMap<String, bool>, Switches) {
    let preference = |id: &String| preferences.get(id).copied().unwrap_or(Preference::Unset);
    let categories: BTreeMap<String, bool> = custom.keys().map(|id| (id.clone(), settled(preference(id)))).collect();
    let mut switches = Switches::new();
    for destination in destinations {
        let listing = custom.iter().filter(|(_, listed)| listed.contains(&destination.id));
        let mut values = listing.filter_map(|(id, _)| categories.get(id)).peekable();
        if values.peek().is_some() {
            switches.insert(destination.id.clone(), Some(values.all(|on| *on)));
        }
    }
    (categories, switches)
}

/// Built-in categories: by the destination's place in Segment's catalogue. A category that `initialPreferences` leaves out
/// has no value, so its destinations get none: they stay off, and are forgotten in the cookie.
fn by_built_in(destinations: &[Destination], preferences: &Preferences) -> (BTreeMap<String, bool>, Switches) {
    let categories: BTreeMap<String, bool> =
        preferences.iter().map(|(id, preference)| (id.clone(), settled(*preference))).collect();
    let switch = |one: &Destination| categories.get(default_category(&[&one.category])).copied();
    let switches = destinations.iter().map(|one| (one.id.clone(), switch(one))).collect();
    (categories, switches)
}

/// What analytics.js is loaded with (`conditionallyLoadAnalytics`).
fn load(setup: &Setup, required: bool, destinations: &[Destination], switches: Option<&Switches>) -> Loaded {
    let Some(switches) = switches else {
        return if required { Loaded::Nothing } else { Loaded::Everything };
    };
    let on = |one: &&Destination| match switches.get(&one.id) {
        Some(value) => *value == Some(true),
        None => setup.new_destinations == NewDestinations::Enable,
    };
    // A new destination that is switched on by default is no reason to load.
    if !destinations.iter().any(|one| switches.get(&one.id) == Some(&Some(true))) {
        return Loaded::Nothing;
    }
    let mut on: Vec<String> = destinations.iter().filter(on).map(|one| one.id.clone()).collect();
    on.sort();
    Loaded::Only(on)
}

/// Whether the library reads a browser's opt-out preference signal. It offers Do Not Track to the set-up, and nothing else.
pub const READS_SIGNAL: bool = false;

/// Days that the cookie lasts unless `cookieExpires` says otherwise.
pub const COOKIE_DAYS: i64 = 365;

#[cfg(test)]
mod tests;
