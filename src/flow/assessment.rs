//! Which recipients call for a risk assessment.

use super::arrival::Arrivals;
use super::destination::is_own_store;
use super::{Facts, Map};
use crate::model::{ClassSet, Entity};

/// Sets `assessment_reasons`, `assessed` and `assessment_reviewed_on`.
pub(super) fn apply(map: Map<'_>, arrivals: &Arrivals<'_>, index: usize, facts: &mut Facts) {
    let entity = &map.model.destinations[index];
    let reasons = reasons(entity, arrivals, index, facts);
    facts.texts("assessment_reasons", reasons);
    let listing = map.model.categories.iter().zip(&map.links.categories);
    let categories = listing.filter(|(_, links)| links.iter().any(|link| link.index == index));
    let known = || std::iter::once(entity).chain(categories.clone().map(|(category, _)| category));
    let assessed: Vec<&Entity> = known().filter(|entity| entity.object.get("assessment.ref").is_some()).collect();
    facts.bool("assessed", !assessed.is_empty());
    // Days compare as texts.
    let days = assessed.iter().filter_map(|entity| entity.object.get("assessment.reviewed_on"));
    if let Some(last) = days.max_by_key(|day| day.value.display()) {
        facts.text("assessment_reviewed_on", last.value.display());
        facts.because("assessment_reviewed_on", last.span, "the last review");
    }
}

fn reasons(entity: &Entity, arrivals: &Arrivals<'_>, index: usize, facts: &mut Facts) -> Vec<String> {
    // An assessment is of a flow out of the business; what it stores itself is not one.
    let own = is_own_store(entity) || facts.holds("derived_store");
    if !facts.holds("receives_personal") || own || entity.object.boolean("backup") == Some(true) {
        return Vec::new();
    }
    let mut reasons = Vec::new();
    if facts.holds("discloses") {
        reasons.push("personal information is sold or shared".to_owned());
    }
    let mut seen = ClassSet::EMPTY;
    let any = ClassSet::every().sensitive();
    for arrival in arrivals.at(index, any).filter(super::arrival::Arrival::is_sure) {
        let new = arrival.classified.classes.sensitive().without(seen);
        if !new.is_empty() {
            seen = seen.union(new);
            reasons.push(format!("it receives {} ({})", new.terms(), arrival.named()));
            facts.because("assessment_reasons", arrival.property.path.span, "sensitive");
        }
    }
    reasons
}
