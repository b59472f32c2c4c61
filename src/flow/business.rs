//! Facts of the business and its consent categories.

use super::derived::gets_through;
use super::destination::ON_SEGMENT;
use super::gate::is_unstated;
use super::reach::{Reach, covered};
use super::{Facts, Map, disclosing, display};
use crate::model::{ClassSet, Entity, Located, Origin, Value};

pub(super) fn set_disclosing(map: Map<'_>, destinations: &[Facts], facts: &mut Facts) {
    let names: Vec<&str> = disclosing(map, destinations).map(|(_, name)| name).collect();
    facts.texts("disclosing", names);
    for (index, name) in disclosing(map, destinations) {
        let place = map.model.destinations[index].id.span;
        facts.because("disclosing", place, format!("personal information is sold or shared with {name}"));
    }
}

pub(super) fn facts(
    map: Map<'_>,
    reach: &Reach,
    receivers: &[Vec<usize>],
    destinations: &[Facts],
    entity: &Entity,
) -> Facts {
    let mut facts = Facts::new(entity);
    set_disclosing(map, destinations, &mut facts);
    super::signal::frictionless(map, entity, &mut facts);
    super::notice::incentives(map, &mut facts);
    super::governance::broker_gaps(map, entity, &mut facts);
    let mut properties = Vec::new();
    let mut ungated = std::collections::BTreeSet::new();
    let given = map.model.destinations.iter().zip(destinations);
    let is_open: Vec<bool> = given
        .map(|(entity, facts)| entity.object.text("role") != Some("internal") && !facts.holds("limit_gated"))
        .collect();
    for (at, event) in map.model.events.iter().enumerate() {
        let covered = covered(map, reach, receivers, at);
        for (index, property) in event.properties.iter().enumerate() {
            if map.classes[at][index].classes.sensitive().is_empty() || property.is_limit_exempt() {
                continue;
            }
            let through = |to: &&usize| gets_through(map, **to, event, property);
            let receivers: Vec<usize> = covered.iter().filter(through).copied().collect();
            if receivers.is_empty() {
                continue;
            }
            facts.because("limitable_sensitive", property.path.span, format!("`{}` is sensitive", property.path.value));
            properties.push(format!("{}.{}", event.name.value, property.path.value));
            ungated.extend(receivers.into_iter().filter(|to| is_open[*to]));
        }
    }
    facts.texts("limitable_sensitive", properties);
    facts.texts("limit_ungated", ungated.iter().map(|to| display(&map.model.destinations[*to])));
    for to in ungated {
        let entity = &map.model.destinations[to];
        let why = destinations[to].reasons("limit_gated").next();
        let (place, why) = why.map_or((entity.id.span, "nothing turns it off"), |why| (why.span, why.text.as_str()));
        let text = format!("{} receives sensitive data, and {why}", display(entity));
        facts.because("limit_ungated", place, text);
    }
    facts
}

pub(super) fn category(
    map: Map<'_>,
    destinations: &[Facts],
    index: usize,
    drift: Option<(String, crate::finding::Label)>,
) -> Facts {
    let mut facts = Facts::new(&map.model.categories[index]);
    let mut names = Vec::new();
    for link in &map.links.categories[index] {
        if destinations[link.index].holds("active") && destinations[link.index].holds("discloses") {
            let name = display(&map.model.destinations[link.index]);
            names.push(name.to_owned());
            facts.because("disclosing", link.span, format!("personal information is sold or shared with {name}"));
        }
    }
    facts.texts("disclosing", names);
    let sensitive = |to: usize| receives_sensitive(&destinations[to]);
    facts.bool("sensitive", map.links.categories[index].iter().any(|link| sensitive(link.index)));
    let category = &map.model.categories[index];
    facts.bool("inventoried", category.origins.is_empty() || category.is_from(Origin::Inventory));
    facts.bool("optout_unstated", is_unstated(map, category));
    if let Some(manager) = map.model.manager() {
        facts.object.set("manager", Located::new(Value::Text(manager.value.to_owned()), manager.span));
        if ON_SEGMENT.contains(&manager.value) {
            facts.because("manager", manager.span, format!("the consent manager is {}", manager.value));
        }
    }
    consent_model(map, &mut facts);
    if let Some((text, label)) = drift {
        facts.text("drift", text);
        facts.because("drift", label.span, label.text);
    }
    facts
}

/// Whether sensitive personal information reaches an active destination.
fn receives_sensitive(destination: &Facts) -> bool {
    let codes = destination.object.texts("reach").filter_map(|(code, _)| ClassSet::parse(code));
    destination.holds("active") && !codes.collect::<ClassSet>().sensitive().is_empty()
}

fn consent_model(map: Map<'_>, facts: &mut Facts) {
    if let Some(model) = map.model.consent_model() {
        facts.text("model", model.value);
        facts.because("model", model.span, format!("the consent model is {}", model.value));
        return;
    }
    let stated = map.model.consents.iter().filter_map(|consent| consent.object.get("model"));
    for found in stated.filter(|found| matches!(found.value, Value::Unknown(_))).take(1) {
        facts.set("model", found.value.clone());
        facts.because("model", found.span, "the consent model");
    }
}
