//! How Segment's open-source Consent Manager is set up in a project.

use super::super::Map;
use crate::flow::routing::consent_manager::{BUILT_IN, NewDestinations};
use crate::model::{Entity, Lister, Origin, Value};
use crate::source::Span;

/// The set-up, as far as it decides about data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct SetUp {
    /// Whether its categories are the built-in ones.
    pub(super) built_in: bool,
    /// Whether a visitor from California is asked before anything loads; unknown where code decides.
    pub(super) required: Option<bool>,
    /// What becomes of destinations that came after the visitor's choice.
    pub(super) new: NewDestinations,
    /// Whether preferences are preset.
    pub(super) preset: bool,
}

impl SetUp {
    pub(super) fn of(map: Map<'_>, consent: Option<&Entity>) -> Self {
        let own = || {
            let known = map.model.categories.iter().zip(&map.links.listers);
            known.filter(|(_, listers)| listers.contains(&Lister::ConsentManager)).map(|(category, _)| category)
        };
        let is_built_in = |category: &Entity| {
            BUILT_IN.contains(&category.id.value.as_str()) && category.object.get("catalogue_categories").is_some()
        };
        let new = consent.and_then(|consent| consent.object.text("new_destinations"));
        let unset = consent.is_some_and(|consent| !consent.object.list("preset_leaves_unset").is_empty());
        Self {
            built_in: own().next().is_some() && own().all(is_built_in),
            required: required(consent),
            new: match new {
                Some("enable") => NewDestinations::Enable,
                Some("imply") => NewDestinations::Imply,
                Some("ask") => NewDestinations::Ask,
                _ => NewDestinations::Disable,
            },
            preset: unset || own().any(|category| preset(category).is_some()),
        }
    }
}

/// What the initial preferences make of a category. A `default` of an inventory is none of them.
pub(super) fn preset(category: &Entity) -> Option<bool> {
    let place = category.object.get("default")?.span;
    let by_manager = |(origin, name): &(Origin, crate::model::Located<String>)| {
        *origin == Origin::Manager && name.span.source == place.source
    };
    category.object.boolean("default").filter(|_| category.origins.iter().any(by_manager))
}

/// Where consent is required, and where that is said.
pub(super) fn required_in(consent: Option<&Entity>) -> Option<(&Value, Span)> {
    consent?.object.get("required_in").map(|found| (&found.value, found.span))
}

/// Whether a visitor from California is asked first. Everyone is, unless something else is said (`shouldRequireConsent`).
fn required(consent: Option<&Entity>) -> Option<bool> {
    match required_in(consent) {
        None => Some(true),
        Some((Value::List(regions), _)) => {
            if regions.iter().any(|region| matches!(region.value, Value::Unknown(_))) {
                return None;
            }
            let covers = |region: &str| matches!(region.to_lowercase().as_str(), "everywhere" | "us" | "us-ca");
            Some(regions.iter().any(|region| covers(&region.value.display())))
        }
        Some(_) => None,
    }
}
