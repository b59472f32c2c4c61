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
pub const EMPTY_CONSENT: &str = "Segment's documentation says of `consent: {}` both that everything flows and that every category counts as refused";

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

#[cfg(test)]
mod tests {
    use super::*;

    const AD: [Category<'_>; 1] = [Category { id: "ad", enabled: true }];
    const ANALYTICS: [Category<'_>; 1] = [Category { id: "analytics", enabled: true }];
    const BOTH: [Category<'_>; 2] = [AD[0], ANALYTICS[0]];

    /// Which categories list Facebook, Google Ads and Amplitude; one destination more is listed by none.
    type Listed<'a> = [&'a [Category<'a>]; 3];
    const NONE: Listed<'_> = [&[], &[], &[]];
    const AD_ONLY: Listed<'_> = [&AD, &AD, &[]];
    const APART: Listed<'_> = [&AD, &AD, &ANALYTICS];
    const SHARED: Listed<'_> = [&BOTH, &AD, &ANALYTICS];

    type Switches<'a> = &'a [(&'a str, bool)];
    /// Preferences, mapping, integrations object, and who receives.
    type Row<'a> = (Option<Switches<'a>>, Listed<'a>, Switches<'a>, &'a str);

    fn switches(list: Switches<'_>) -> BTreeMap<String, bool> {
        list.iter().map(|(name, on)| ((*name).to_owned(), *on)).collect()
    }

    /// The first letters of the destinations that receive; `?` after one that cannot be told.
    fn receivers(consent: ConsentObject<'_>, listed: Listed<'_>, integrations: Switches<'_>) -> String {
        let names = ["facebook", "google-ads", "amplitude", "other"];
        let all = listed.into_iter().chain([&[][..]]).zip(names);
        let each = all.map(|(categories, name)| {
            let destination = Destination { name, categories, enforces: true };
            match receives(&destination, consent, &switches(integrations)) {
                Events::Yes => name[..1].to_owned(),
                Events::Undecidable(_) => format!("{}?", &name[..1]),
                Events::No => String::new(),
            }
        });
        each.collect()
    }

    #[test]
    fn the_rows_of_the_documentation() {
        let (no_ad, no_analytics) = ([("ad", false), ("analytics", true)], [("ad", true), ("analytics", false)]);
        let every = [("ad", true), ("analytics", true)];
        let some: Switches<'_> = &[("facebook", true), ("amplitude", false)];
        let neither: Switches<'_> = &[("facebook", false), ("amplitude", false)];
        let missing = None;
        let rows: [Row<'_>; 13] = [
            (missing, SHARED, &[], "fgao"),
            (Some(&[]), SHARED, &[], "o"),
            (missing, SHARED, some, "fgo"),
            (Some(&[]), SHARED, some, "o"),
            (Some(&no_analytics), NONE, &[], "fgao"),
            (Some(&no_analytics), NONE, some, "fgo"),
            (Some(&no_analytics), AD_ONLY, &[], "fgao"),
            (Some(&no_analytics), APART, &[], "fgo"),
            (Some(&no_analytics), APART, some, "fgo"),
            (Some(&no_analytics), APART, neither, "go"),
            (Some(&no_analytics), SHARED, some, "go"),
            (Some(&every), SHARED, some, "fgo"),
            (Some(&no_ad), SHARED, some, "o"),
        ];
        for (at, (preferences, listed, integrations, wanted)) in rows.into_iter().enumerate() {
            let given = preferences.map(switches);
            let consent = given.as_ref().map_or(ConsentObject::Missing, ConsentObject::Preferences);
            assert_eq!(receivers(consent, listed, integrations), wanted, "row {at}");
        }
    }

    #[test]
    fn an_empty_consent_object_is_not_decided_for_what_is_mapped() {
        assert_eq!(receivers(ConsentObject::Empty, APART, &[]), "f?g?a?o");
        assert_eq!(receivers(ConsentObject::Empty, APART, &[("facebook", true), ("amplitude", false)]), "f?g?o");
        assert_eq!(receivers(ConsentObject::Empty, NONE, &[]), "fgao", "nothing is mapped, so both sayings agree");
    }

    #[test]
    fn consent_against_all_off_is_not_decided() {
        let consented = switches(&[("ad", true)]);
        let off: Switches<'_> = &[("All", false), ("google-ads", true)];
        assert_eq!(receivers(ConsentObject::Preferences(&consented), APART, off), "f?g");
        assert_eq!(receivers(ConsentObject::Missing, APART, off), "g");
    }

    #[test]
    fn ids_differ_by_case_and_a_category_of_one_side_only_counts_as_refused() {
        let other_case = switches(&[("AD", true), ("Analytics", true)]);
        assert_eq!(receivers(ConsentObject::Preferences(&other_case), APART, &[]), "o");
    }

    #[test]
    fn some_destinations_and_categories_enforce_nothing() {
        let refused = switches(&[("ad", false)]);
        let consent = ConsentObject::Preferences(&refused);
        let of = |categories: &[Category<'_>], enforces: bool| {
            receives(&Destination { name: "x", categories, enforces }, consent, &Integrations::new())
        };
        assert_eq!(of(&AD, true), Events::No);
        assert_eq!(of(&AD, false), Events::Yes);
        assert_eq!(of(&[Category { id: "ad", enabled: false }], true), Events::Yes, "the category is switched off");
        for (name, engage, wanted) in
            [("Amazon S3", false, false), ("AWS S3", false, false), ("Braze", true, false), ("Braze", false, true)]
        {
            assert_eq!(enforces(name, engage), wanted, "{name}");
        }
    }

    #[test]
    fn device_mode_needs_destination_filters() {
        let refused = switches(&[("ad", false)]);
        let pixel = Destination { name: "facebook", categories: &AD, enforces: true };
        let received = |filters| {
            receives_in_device_mode(&pixel, ConsentObject::Preferences(&refused), &Integrations::new(), filters)
        };
        assert_eq!((received(true), received(false)), (Events::No, Events::Yes));
    }

    #[test]
    fn a_model_without_consent_columns_enforces_nothing() {
        let refused = switches(&[("ad", false)]);
        let pixel = Destination { name: "facebook", categories: &AD, enforces: true };
        let received = |mapped| receives(&pixel, of_row(mapped, &refused), &Integrations::new());
        assert_eq!((received(true), received(false)), (Events::No, Events::Yes));
    }

    #[test]
    fn faulty_ids() {
        let long = "x".repeat(35);
        for (id, faulty) in [("C0004", false), ("4", true), ("", true), (&long, true), (&long[1..], false)] {
            assert_eq!(id_fault(id).is_some(), faulty, "{id}");
        }
    }
}
