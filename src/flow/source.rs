//! What a source collects and where it goes.

use super::destination::{ON_SEGMENT, is_raw_store};
use super::gate::{carries_no_consent, is_container};
use super::reach::Reach;
use super::{Facts, Map, display};
use crate::model::{ClassSet, Origin, Value};
use crate::source::Span;
use std::collections::HashSet;

/// Property names that say the person may be a minor.
const AGE_WORDS: [&str; 9] =
    ["age", "birthday", "birthdate", "dateofbirth", "dob", "birthyear", "yearofbirth", "agegroup", "agebracket"];

/// What the facts of all sources rest on.
pub(super) struct Shared {
    /// Sources that send an event that is known.
    planned: HashSet<usize>,
    /// Destinations that a consent category lists.
    mapped: HashSet<usize>,
}

impl Shared {
    pub(super) fn of(map: Map<'_>) -> Self {
        // What was observed was not planned.
        let events = map.model.events.iter().zip(&map.links.events);
        let planned = events.filter(|(event, _)| !map.model.is_observed(event));
        Self {
            planned: planned.flat_map(|(_, sources)| sources).copied().collect(),
            mapped: map.links.categories.iter().flatten().map(|link| link.index).collect(),
        }
    }
}

pub(super) fn facts(map: Map<'_>, reach: &Reach, destinations: &[Facts], shared: &Shared, index: usize) -> Facts {
    let entity = &map.model.sources[index];
    let mut facts = Facts::new(entity);
    let enabled = entity.object.boolean("enabled") != Some(false);
    let fed: Vec<usize> = (0..destinations.len())
        .filter(|at| reach.paths[*at].contains(&index) && destinations[*at].holds("active"))
        .collect();
    let names = |wanted: &dyn Fn(usize) -> bool| -> Vec<String> {
        fed.iter().filter(|at| wanted(**at)).map(|at| display(&map.model.destinations[*at]).to_owned()).collect()
    };
    facts.texts("feeds", names(&|_| true));
    facts.texts("mapped", names(&|at| shared.mapped.contains(&at)));
    facts.texts("disclosing", names(&|at| destinations[at].holds("discloses")));
    for at in fed.iter().filter(|at| destinations[**at].holds("discloses")) {
        let target = &map.model.destinations[*at];
        facts.because("disclosing", target.id.span, format!("{} is sold or shared with", display(target)));
    }
    let carried = &reach.sources[index];
    facts.texts("collects", carried.classes.letters().union(carried.classes).codes());
    facts.bool("collects_personal", enabled && !carried.classes.is_empty());
    facts.texts("stores", names(&|at| is_raw_store(&map.model.destinations[at], map.links.known[at])));
    facts.bool("noticed", super::notice::covers(map, entity));
    super::notice::context(map, reach, index, &mut facts);
    minors(map, reach, index, &mut facts);
    super::minors::recipients(map, &fed, destinations, index, &mut facts);
    super::minors::knowledge(map, index, &mut facts);
    consent(map, index, &fed, &shared.mapped, &mut facts);
    plan(map, shared.planned.contains(&index), index, &mut facts);
    facts
}

/// Whether new fields can reach a recipient without review.
fn plan(map: Map<'_>, sends_known_events: bool, index: usize, facts: &mut Facts) {
    let entity = &map.model.sources[index];
    let object = &entity.object;
    let known = object.text("platform").is_some() && object.get("exempt").is_none();
    if !known || facts.object.list("disclosing").is_empty() {
        return;
    }
    let stated = ["events", "properties", "traits"].map(|what| (what, object.get(&format!("unplanned.{what}"))));
    let open: Vec<(&str, Span)> = stated
        .iter()
        .filter_map(|(what, found)| Some((*what, (*found)?)))
        .filter(|(_, found)| found.value == Value::Bool(true))
        .map(|(what, found)| (what, found.span))
        .collect();
    if !open.is_empty() {
        let names: Vec<&str> = open.iter().map(|(what, _)| *what).collect();
        facts.text("plan_gap", format!("lets through {} that its tracking plan does not list", names.join(" and ")));
        open.into_iter().for_each(|(what, span)| facts.because("plan_gap", span, format!("unplanned {what} pass")));
        return;
    }
    if let Some(found) =
        stated.iter().filter_map(|(_, found)| *found).find(|found| matches!(found.value, Value::Unknown(_)))
    {
        facts.set("plan_gap", found.value.clone());
        return;
    }
    let expected = map.model.plans.iter().any(|plan| !plan.observed) || is_exported(map, index);
    if object.get("plan").is_none() && !sends_known_events && expected && !is_container(map, entity) {
        facts.text("plan_gap", "follows no tracking plan");
        facts.because("plan_gap", entity.id.span, "no `plan`, and no event names it");
    }
}

fn is_exported(map: Map<'_>, index: usize) -> bool {
    map.model.sources[index].is_from(Origin::Platform)
}

fn minors(map: Map<'_>, reach: &Reach, index: usize, facts: &mut Facts) {
    let entity = &map.model.sources[index];
    let mut evidence = Vec::new();
    let audience = entity.object.text("audience");
    if let (Some(audience @ ("mixed" | "child_directed")), Some(place)) = (audience, entity.object.get("audience")) {
        evidence.push(format!("its audience is {audience}"));
        facts.because("minors_evidence", place.span, "the audience includes children");
    }
    let young = ClassSet::parse("R4").unwrap_or_default();
    if !reach.sources[index].classes.intersection(young).is_empty() {
        evidence.push("it collects data of consumers known to be under 16".to_owned());
    }
    // A declared general audience answers the question that an age property raises.
    if audience.is_none() {
        let protected = ClassSet::parse("C").unwrap_or_default();
        let sent = (0..map.model.events.len()).filter(|event| map.links.events[*event].contains(&index));
        for event in sent {
            // Only what was taken for a protected characteristic can be an age; the rest need not be looked at.
            let classified = map.model.events[event].properties.iter().zip(&map.classes[event]);
            let age = classified
                .filter(|(_, found)| found.classes.contains(protected))
                .map(|(property, _)| property)
                .find(|property| AGE_WORDS.contains(&crate::model::normal(property.name()).as_str()));
            if let Some(age) = age {
                evidence.push(format!("it knows the consumer's age (`{}`)", age.path.value));
                facts.because("minors_evidence", age.path.span, "tells the consumer's age");
                break;
            }
        }
    }
    facts.texts("minors_evidence", evidence);
}

/// Whether Segment could enforce consent on the events of this source.
fn consent(map: Map<'_>, index: usize, fed: &[usize], mapped: &HashSet<usize>, facts: &mut Facts) {
    let Some(manager) = map.model.manager().filter(|manager| ON_SEGMENT.contains(&manager.value)) else {
        return;
    };
    let mapped = |at: &&usize| mapped.contains(*at);
    let entity = &map.model.sources[index];
    let off = entity.object.boolean("enabled") == Some(false) || entity.object.get("exempt").is_some();
    if off || is_container(map, entity) {
        return;
    }
    let gap = fed.iter().filter(mapped).find_map(|at| carries_no_consent(map, entity, &map.model.destinations[*at]));
    if let Some(gap) = gap {
        facts.text("consent_gap", gap);
        facts.because("consent_gap", manager.span, "consent is enforced only on events that carry it");
    }
}
