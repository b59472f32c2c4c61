//! Facts of consent managers.

use super::business::set_disclosing;
use super::reach::Reach;
use super::route::{Point, Step, simulate};
use super::routing::analytics_js::Integrations;
use super::routing::{Events, Visitor};
use super::{Facts, Map, disclosing};
use crate::model::{Entity, Value};

/// Whose law the rules of the pack `ccpa` are, when the business declares no regions.
const HOME: &str = "us-ca";

pub(super) fn facts(map: Map<'_>, reach: &Reach, destinations: &[Facts], entity: &Entity) -> Facts {
    let mut facts = Facts::new(entity);
    set_disclosing(map, destinations, &mut facts);
    let honored = map.model.signals.iter().find(|signal| signal.object.boolean("honored") == Some(true));
    facts.bool("signal_honored", honored.is_some());
    let open = i64::try_from(entity.object.list("tags_unconfigured").len()).unwrap_or(i64::MAX);
    facts.set("unconfigured", Value::Int(open));
    let required = entity.object.get("required_in");
    if let Some(unknown) = required.and_then(|found| unreadable(&found.value)) {
        facts.set("uncovered_regions", unknown);
        facts.because("uncovered_regions", required.map_or(entity.id.span, |found| found.span), "cannot be read");
    } else if let Some(required) = required {
        let mut regions = uncovered(map, entity);
        let home = regions.iter().any(|region| region == "us" || region == HOME);
        if home && presets_hold_back(map, reach, destinations) {
            regions.clear();
        }
        facts.texts("uncovered_regions", regions);
        facts.because(
            "uncovered_regions",
            required.span,
            format!("nothing waits outside of: {}", required.value.display()),
        );
    } else {
        facts.texts("uncovered_regions", Vec::<String>::new());
    }
    facts
}

/// Whether initial preferences keep everything that is sold or shared from leaving the page before a choice.
fn presets_hold_back(map: Map<'_>, reach: &Reach, destinations: &[Facts]) -> bool {
    let (visitor, integrations) = (Visitor::default(), Integrations::new());
    let open = |step: &Step| matches!(step.path.point, Point::OpenSource(_)) && step.delivery.events != Events::No;
    let preset = map.model.categories.iter().any(|category| category.object.boolean("default").is_some());
    preset
        && !disclosing(map, destinations)
            .any(|(at, _)| simulate(map, reach, at, &visitor, &integrations).iter().any(open))
}

pub(super) fn banner(map: Map<'_>, destinations: &[Facts], entity: &Entity) -> Facts {
    let mut facts = Facts::new(entity);
    set_disclosing(map, destinations, &mut facts);
    let all = entity.object.text("close") == Some("accept");
    let turned_on =
        |at: usize| all || (0..map.model.categories.len()).any(|category| grants(map, entity, category, at));
    let open: Vec<(usize, &str)> = disclosing(map, destinations).filter(|(at, _)| turned_on(*at)).collect();
    facts.texts("unlocks", open.iter().map(|(_, name)| *name));
    for (at, name) in open {
        let place = map.model.destinations[at].id.span;
        facts.because(
            "unlocks",
            place,
            format!("closing turns on {name}, where personal information is sold or shared"),
        );
    }
    facts.bool("frictionless", map.model.signals.iter().any(|signal| super::signal::claim(signal).is_some()));
    facts
}

/// Whether closing the banner turns on a category that lists a destination.
fn grants(map: Map<'_>, banner: &Entity, category: usize, destination: usize) -> bool {
    let id = &map.model.categories[category].id.value;
    banner.object.has_text("close_grants", id)
        && map.links.categories[category].iter().any(|link| link.index == destination)
}

/// What cannot be read of a value, be it one of several.
fn unreadable(value: &Value) -> Option<Value> {
    match value {
        Value::Unknown(_) => Some(value.clone()),
        Value::List(items) => items.iter().find_map(|item| unreadable(&item.value)),
        _ => None,
    }
}

/// Regions of the United States in which the business has consumers and the consent manager does not wait for a
/// choice.
fn uncovered(map: Map<'_>, entity: &Entity) -> Vec<String> {
    let covered: Vec<String> = entity.object.texts("required_in").map(|(region, _)| region.to_lowercase()).collect();
    let covers = |region: &str| {
        covered.iter().any(|known| known == "everywhere" || known == region || region.starts_with(&format!("{known}-")))
    };
    let mut regions: Vec<String> = map
        .model
        .business
        .iter()
        .flat_map(|business| business.object.texts("regions"))
        .map(|(region, _)| region.to_lowercase())
        .collect();
    if regions.is_empty() {
        regions.push(HOME.to_owned());
    }
    regions.retain(|region| (region == "us" || region.starts_with("us-")) && !covers(region));
    regions
}
