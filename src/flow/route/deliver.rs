//! What a point lets through, by the pure functions of [`crate::flow::routing`].

use super::Point;
use super::case::{Case, State};
use crate::flow::routing::analytics_js::{Integrations, selects};
use crate::flow::routing::consent_manager::{self, Act, BUILT_IN, Destination, Setup};
use crate::flow::routing::platform::{self, ConsentObject};
use crate::flow::routing::wrapper::{Cdn, ConsentModel, ConsentSettings, Page, Wait, Wrapper};
use crate::flow::routing::{
    Delivery, Events, Mapping, Needs, Preference, Preferences, Visitor, rudder, suffices, tag_manager,
};

/// Why it is open what a page loads before a choice.
pub(super) const REQUIRED: &str =
    "code decides where consent is required, so what loads before a choice cannot be told";

/// A category that stands for all that cannot be told to be off.
const ON: &str = "\u{0}on";

/// All other destinations of a page.
const OTHERS: &str = "\u{0}others";

/// An event as it leaves the page.
#[derive(Clone, Copy)]
pub(super) struct Event<'e> {
    /// The name of the destination in integrations objects.
    pub(super) name: &'e str,
    pub(super) integrations: &'e Integrations,
}

/// What a path delivers in a state.
pub(super) fn deliver(case: &Case, state: &State, event: Event<'_>) -> Delivery {
    let question = &case.question;
    let script = question.script;
    let both = |on: bool| if on { Delivery { events: Events::Yes, script } } else { Delivery::NOTHING };
    let selected = selects(event.integrations, event.name);
    let enforced: Vec<usize> = question.enforced().collect();
    let names: Vec<&str> = enforced.iter().map(|at| case.ids[*at].as_str()).collect();
    let granted = |id: &str| {
        let at = enforced.iter().find(|at| case.ids[**at] == id);
        at.is_some_and(|at| question.seen(*at, state) == Preference::Granted)
    };
    let consented = suffices(question.needs, &names, granted);
    match question.point {
        Point::Nowhere => both(selected),
        Point::Page => both(selected && consented),
        Point::Wrapper { .. } => with_page(case, state, &names, event, |page, visitor| {
            let found = page.device(event.name, visitor, event.integrations);
            Delivery { script: found.script && script, ..found }
        }),
        Point::Platform { stamped } => {
            // What the page lists decides whether it sends anything; the servers go by their own list.
            let events = with_page(case, state, &[], event, |page, visitor| {
                if stamped && !page.reaches_segment(visitor, event.integrations) {
                    return Events::No;
                }
                by_servers(&names, event, visitor)
            });
            Delivery { events, script: false }
        }
        Point::OpenSource(_) => {
            let delivery = open_source(case, state, event);
            if selected { delivery } else { Delivery::NOTHING }
        }
        Point::Rudder { browser } => {
            let needs = question.needs;
            let provider = rudder::Provider { name: "custom", consents: &names, strategy: Some(needs) };
            let manager = rudder::Manager { name: "custom", strategy: None };
            let visitor = seen(case, state);
            if browser {
                let found = rudder::browser(&[provider], Some(&manager), &visitor);
                if selected { found } else { Delivery::NOTHING }
            } else {
                let events = rudder::server(&[provider], Some(&manager), &visitor);
                Delivery { events: events.and(Events::when(selected)), script: false }
            }
        }
        Point::Tag { .. } if question.needs == Needs::Any || names.is_empty() => both(consented),
        Point::Tag { own_checks } => {
            let status = tag_manager::ConsentStatus::Needed;
            let tag = match own_checks {
                true => tag_manager::Tag { status, needs: &[], built_in: &names },
                false => tag_manager::Tag { status, needs: &names, built_in: &[] },
            };
            tag_manager::delivery(&tag, &seen(case, state))
        }
    }
}

/// The visitor as a page sees it.
fn seen(case: &Case, state: &State) -> Visitor {
    let preference = |(at, id): (usize, &String)| (id.clone(), case.question.seen(at, state));
    let preferences = case.ids.iter().enumerate().map(preference).collect();
    Visitor { preferences, signal: state.signal, chosen: state.chosen }
}

fn by_servers(names: &[&str], event: Event<'_>, visitor: &Visitor) -> Events {
    let categories: Vec<platform::Category<'_>> =
        names.iter().map(|id| platform::Category { id, enabled: true }).collect();
    let destination = platform::Destination { name: event.name, categories: &categories, enforces: true };
    platform::receives(&destination, ConsentObject::Preferences(&visitor.stated()), event.integrations)
}

/// Asks a page under a wrapper. Where the consent model is not known nothing is taken to be stopped as a whole.
fn with_page<T>(
    case: &Case,
    state: &State,
    names: &[&str],
    event: Event<'_>,
    ask: impl Fn(&Page<'_>, &Visitor) -> T,
) -> T {
    let question = &case.question;
    let mut visitor = seen(case, state);
    let mut known: Vec<String> = Vec::new();
    for (id, part) in case.ids.iter().zip(&question.parts) {
        if part.page {
            known.push(id.clone());
        }
    }
    if question.model.is_none() {
        known.push(ON.to_owned());
        visitor.preferences.insert(ON.to_owned(), Preference::Granted);
    }
    // OneTrust's group of what is necessary is always active, be it declared or not.
    if matches!(question.wait, Wait::OneTrust { .. }) {
        visitor.preferences.insert(ON.to_owned(), Preference::Granted);
    }
    let needed: Vec<String> = names.iter().map(|id| (*id).to_owned()).collect();
    let mapping: Mapping = [(OTHERS.to_owned(), known.clone()), (event.name.to_owned(), needed)].into();
    let wrapper = Wrapper {
        model: question.model.unwrap_or(ConsentModel::OptOut),
        mapping: question.own_mapping.then_some(&mapping),
        wait: question.wait,
    };
    let settings = question.settings.map(|unmapped| ConsentSettings { all: &known, unmapped });
    let load = Integrations::new();
    ask(&Page { wrapper, cdn: Cdn { mapping: &mapping, settings }, load: &load }, &visitor)
}

/// What the open-source manager loads. Before a choice it goes by its own set-up, whatever signal there is, for it reads none
/// (`READS_SIGNAL`); a choice is taken to be one in which what the signal is mapped to was switched off.
fn open_source(case: &Case, state: &State, event: Event<'_>) -> Delivery {
    let Some(set_up) = case.question.set_up else { return Delivery::NOTHING };
    let lets = |required: bool| lets(case, state, event.name, required);
    let on = match set_up.required {
        Some(required) => lets(required),
        None => {
            let (one, other) = (lets(true), lets(false));
            if one != other {
                return Delivery { events: Events::Undecidable(REQUIRED), script: case.question.script };
            }
            one
        }
    };
    Delivery { events: Events::when(on), script: on && case.question.script }
}

fn lets(case: &Case, state: &State, name: &str, required: bool) -> bool {
    let (setup, others) = setup(case, name);
    let own = Destination { id: name.to_owned(), category: catalogue_category(case.question.built_in).to_owned() };
    let all: Vec<Destination> = others.iter().cloned().chain([own]).collect();
    let choice = state.chosen.then(|| {
        let present: &[Destination] = if state.later { &others } else { &all };
        let before = consent_manager::visit(&setup, required, present, None);
        let said = seen(case, state).preferences;
        consent_manager::choose(&setup, present, &before, &Act::Save(said))
    });
    let visit = consent_manager::visit(&setup, required, &all, choice.flatten().as_ref());
    visit.loaded.lets(name)
}

/// The set-up, and one other destination for every category.
fn setup(case: &Case, name: &str) -> (Setup, Vec<Destination>) {
    let question = &case.question;
    let set_up = question.set_up;
    let other = |id: &str| format!("\u{0}{id}");
    let pairs = || case.ids.iter().zip(&question.parts);
    let built_in = set_up.is_some_and(|set_up| set_up.built_in);
    let custom = (!built_in).then(|| {
        let listed = pairs().filter(|(_, part)| part.enabled).map(|(id, part)| {
            let mut names = vec![other(id)];
            names.extend(part.listed.then(|| name.to_owned()));
            (id.clone(), names)
        });
        listed.collect::<Mapping>()
    });
    let preference = |preset: Option<bool>| match preset {
        Some(true) => Preference::Granted,
        Some(false) => Preference::Denied,
        None => Preference::Unset,
    };
    let initial: Preferences = pairs().filter_map(|(id, part)| Some((id.clone(), preference(part.preset?)))).collect();
    let others: Vec<Destination> = if built_in {
        let all = BUILT_IN.into_iter();
        all.map(|id| Destination { id: other(id), category: catalogue_category(id).to_owned() }).collect()
    } else {
        case.ids.iter().map(|id| Destination { id: other(id), category: String::new() }).collect()
    };
    let setup = Setup {
        custom,
        initial: set_up.is_some_and(|set_up| set_up.preset).then_some(initial),
        new_destinations: set_up.map_or_else(Default::default, |set_up| set_up.new),
        ..Setup::default()
    };
    (setup, others)
}

/// A catalogue category of a built-in one.
fn catalogue_category(built_in: &str) -> &'static str {
    match built_in {
        "advertising" => "Advertising",
        "functional" => "CRM",
        _ => "Analytics",
    }
}
