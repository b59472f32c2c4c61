//! What a source collects and where it goes.

use super::destination::{ON_SEGMENT, is_raw_store};
use super::gate::carries_no_consent;
use super::reach::Reach;
use super::{Facts, Map, display};
use crate::model::ClassSet;

/// Property names that say the person may be a minor.
const AGE_WORDS: [&str; 9] =
    ["age", "birthday", "birthdate", "dateofbirth", "dob", "birthyear", "yearofbirth", "agegroup", "agebracket"];

pub(super) fn facts(map: Map<'_>, reach: &Reach, destinations: &[Facts], index: usize) -> Facts {
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
    facts.texts("disclosing", names(&|at| destinations[at].holds("discloses")));
    for at in fed.iter().filter(|at| destinations[**at].holds("discloses")) {
        let target = &map.model.destinations[*at];
        facts.because("disclosing", target.id.span, format!("{} is sold or shared with", display(target)));
    }
    let carried = &reach.sources[index];
    facts.texts("collects", carried.classes.letters().union(carried.classes).codes());
    facts.bool("collects_personal", enabled && !carried.classes.is_empty());
    facts.texts("stores", names(&|at| is_raw_store(&map.model.destinations[at], map.links.known[at])));
    minors(map, reach, index, &mut facts);
    consent(map, index, &fed, &mut facts);
    facts
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
fn consent(map: Map<'_>, index: usize, fed: &[usize], facts: &mut Facts) {
    let Some(manager) = map.model.manager().filter(|manager| ON_SEGMENT.contains(&manager.value)) else {
        return;
    };
    let mapped = |at: &&usize| map.links.categories.iter().flatten().any(|link| link.index == **at);
    let entity = &map.model.sources[index];
    if entity.object.boolean("enabled") == Some(false) || entity.object.get("exempt").is_some() {
        return;
    }
    let gap = fed.iter().filter(mapped).find_map(|at| carries_no_consent(map, entity, &map.model.destinations[*at]));
    if let Some(gap) = gap {
        facts.text("consent_gap", gap);
        facts.because("consent_gap", manager.span, "consent is enforced only on events that carry it");
    }
}
