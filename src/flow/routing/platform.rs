//! Segment Consent Management: what Segment's servers do with an event that carries a consent object.
//!
//! Source of every row: Segment documentation: Consent in Segment Connections, "Reconcile consent conflicts".

use super::analytics_js::{Integrations, selects};
use super::{Events, Needs, suffices};
use std::collections::BTreeMap;

/// `context.consent` of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentObject<'a> {
    /// The event has none.
    Missing,
    /// `consent: {}`, without `categoryPreferences`.
    Empty,
    /// `consent: {categoryPreferences: {…}}`, which may be empty.
    Preferences(&'a BTreeMap<String, bool>),
}

/// A consent category that lists a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Category<'a> {
    /// Its id in Segment.
    pub id: &'a str,
    /// Whether it is switched on in Segment.
    pub enabled: bool,
}

/// A destination as Segment knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Destination<'a> {
    /// Its name in integrations objects.
    pub name: &'a str,
    /// The categories that list it. They hold for all instances of the destination.
    pub categories: &'a [Category<'a>],
    /// Whether it is of a kind that enforces consent at all; see [`enforces`].
    pub enforces: bool,
}

/// Why `consent: {}` alone is not decided.
pub const EMPTY_CONSENT: &str =
    "Segment's documentation says of `consent: {}` both that everything flows and that every category counts as refused";

/// Why consent against `All: false` is not decided.
pub const ALL_OFF: &str =
    "Segment's documentation does not say whether consent outweighs `All: false` for a destination that is not named";

/// Destinations that do not enforce consent: AWS S3, and the destinations of Engage (Segment documentation: Consent
/// Management).
pub fn enforces(name: &str, engage: bool) -> bool {
    let normal: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    !engage && !["amazons3", "awss3", "s3"].contains(&normal.as_str())
}

/// Whether an event reaches a destination, the integrations object of the event being given (empty when it has none).
pub fn receives(destination: &Destination<'_>, consent: ConsentObject<'_>, integrations: &Integrations) -> Events {
    let selected = selects(integrations, destination.name);
    let needed = needed(destination);
    if needed.is_empty() || consent == ConsentObject::Missing {
        return Events::when(selected);
    }
    match consent {
        ConsentObject::Missing => Events::when(selected),
        _ if integrations.get(destination.name) == Some(&false) => Events::No,
        ConsentObject::Empty => Events::Undecidable(EMPTY_CONSENT),
        ConsentObject::Preferences(preferences) => {
            match suffices(Needs::All, &needed, |id| preferences.get(id) == Some(&true)) {
                true if !selected => Events::Undecidable(ALL_OFF),
                consented => Events::when(consented),
            }
        }
    }
}

/// The categories that a destination needs: those switched on, unless it is of a kind that enforces none. A category that
/// the visitor's preferences do not have counts as refused, so one that only Segment knows stops everything; one that only
/// the consent manager knows is listed nowhere, and stops nothing.
pub fn needed<'a>(destination: &Destination<'a>) -> Vec<&'a str> {
    let on = destination.categories.iter().filter(|category| category.enabled && destination.enforces);
    on.map(|category| category.id).collect()
}

/// Whether an event reaches a device-mode destination of a website, as far as Segment's mapping goes: it only counts there
/// with Destination Filters (Segment documentation: Consent Management). Without them the page's own wrapper is all
/// that stops events.
pub fn receives_in_device_mode(
    destination: &Destination<'_>,
    consent: ConsentObject<'_>,
    integrations: &Integrations,
    destination_filters: bool,
) -> Events {
    let consent = if destination_filters { consent } else { ConsentObject::Missing };
    receives(destination, consent, integrations)
}

/// What reverse ETL sends for a row: without a column mapped to a category, no consent object, and so to every destination
/// (Segment documentation: Consent in Reverse ETL).
pub fn of_row<'a>(columns_mapped: bool, preferences: &'a BTreeMap<String, bool>) -> ConsentObject<'a> {
    if columns_mapped { ConsentObject::Preferences(preferences) } else { ConsentObject::Missing }
}

/// What Segment refuses about the id of a category (Segment documentation: Configure Consent Management).
pub fn id_fault(id: &str) -> Option<&'static str> {
    match id {
        "" => Some("it is empty"),
        id if id.starts_with(|first: char| first.is_ascii_digit()) => Some("it begins with a digit"),
        id if id.chars().count() >= 35 => Some("it has 35 characters or more"),
        _ => None,
    }
}

