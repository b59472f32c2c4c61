//! How requests to know, delete and correct are received, answered and kept up.

use super::reach::{Reach, covered, is_exempt};
use super::{Facts, Map, display, export, retention};
use crate::model::{Entity, EventType, Section, Value, normal};
use crate::source::Span;

/// Requests that take two methods, or an email address (Cal. Civ. Code § 1798.130(a)(1)).
const ASKED: [&str; 3] = ["know", "delete", "correct"];
/// Methods that go through a website or app.
const ON_THE_WEB: [&str; 6] = ["webform", "inapp", "website", "portal", "privacycenter", "privacyportal"];
/// Methods by a number that costs nothing.
const TOLL_FREE: [&str; 3] = ["tollfree", "tollfreenumber", "tollfreephone"];
/// Months for which requests are recorded (11 CCR § 7101(a)).
const RECORD_MONTHS: i64 = 24;
/// The fewest days that 24 months have.
const RECORD_DAYS: i64 = 730;

/// Sets what the answers to requests rest on.
pub(super) fn apply(map: Map<'_>, reach: &Reach, destinations: &[Facts], sources: &[Facts], requests: &mut [Facts]) {
    for (request, facts) in map.model.requests.iter().zip(requests) {
        if ASKED.contains(&request.id.value.as_str()) {
            channels(map, request, facts);
        }
        match request.id.value.as_str() {
            "know" => {
                export::forbidden(map, request, facts);
                retention::longer_than_a_year(map, reach, destinations, facts);
            }
            "delete" => imports(map, sources, facts),
            "log" => record(map, request, facts),
            _ => {}
        }
        for name in ["channel_gaps", "export_forbidden", "kept_longer", "reimports", "third_party_sources"] {
            if facts.object.get(name).is_none() {
                facts.texts(name, Vec::<String>::new());
            }
        }
        for name in ["channels_unstated", "reimports_deleted"] {
            if facts.object.get(name).is_none() {
                facts.bool(name, false);
            }
        }
        let online = map.model.business.as_ref().and_then(|business| business.object.boolean("online_only"));
        facts.bool("online_only", online == Some(true));
    }
}

/// What the methods of a request lack.
fn channels(map: Map<'_>, request: &Entity, facts: &mut Facts) {
    let Some(written) = request.object.get("methods") else {
        facts.texts("channel_gaps", ["no method is declared"]);
        facts.bool("channels_unstated", true);
        return;
    };
    // What code computes cannot be judged.
    if matches!(written.value, Value::Unknown(_)) {
        return;
    }
    let methods: Vec<String> = request.object.texts("methods").map(|(method, _)| normal(method)).collect();
    let any = |known: &[&str]| methods.iter().any(|method| known.contains(&method.as_str()));
    let online = map.model.business.as_ref().and_then(|business| business.object.get("online_only"));
    let mut elsewhere = Vec::new();
    if methods.len() < 2 {
        elsewhere.push("fewer than two methods");
    }
    if !any(&TOLL_FREE) {
        elsewhere.push("no toll-free number");
    }
    if has_website(map) && !any(&ON_THE_WEB) && request.object.get("form").is_none() {
        elsewhere.push("no way on the website");
    }
    let by_email = methods.iter().any(|method| matches!(method.as_str(), "email" | "emailaddress"));
    let mut gaps: Vec<&str> = Vec::new();
    let mut unstated = false;
    match online.map(|online| &online.value) {
        Some(Value::Bool(true)) => gaps.extend((!by_email).then_some("no email address")),
        Some(Value::Bool(false)) => gaps.extend(elsewhere),
        // An email address is enough for who deals online only, and for no one else.
        _ => {
            unstated = by_email;
            gaps.extend(elsewhere);
        }
    }
    if !gaps.is_empty() {
        facts.because("channel_gaps", written.span, gaps.join(", "));
    }
    facts.bool("channels_unstated", unstated && !gaps.is_empty());
    facts.texts("channel_gaps", gaps);
}

fn has_website(map: Map<'_>) -> bool {
    let linked = map.model.business.as_ref().is_some_and(|business| business.object.get("links").is_some());
    linked || map.model.sources.iter().any(|source| source.object.text("platform") == Some("web"))
}

/// What brings data in from elsewhere: persons who were deleted may come back with it.
fn imports(map: Map<'_>, sources: &[Facts], facts: &mut Facts) {
    let (mut again, mut obtained, mut declared) = (Vec::new(), Vec::new(), false);
    for (source, known) in map.model.sources.iter().zip(sources) {
        if is_exempt(source) || !known.holds("collects_personal") {
            continue;
        }
        let joins = source.object.boolean("joins_suppression");
        let unread = joins.is_none() && source.object.get("joins_suppression").is_some();
        let others = source.object.text("origin") == Some("third_party");
        let imports = others || matches!(source.object.text("platform"), Some("retl" | "cloud_object" | "replay"));
        if joins == Some(false) || (imports && joins.is_none() && !unread) {
            declared |= joins == Some(false);
            let place = source.object.get("joins_suppression").map_or(source.id.span, |joins| joins.span);
            facts.because("reimports", place, format!("`{}` brings data in again", source.id.value));
            again.push(display(source));
        }
        if others {
            let place = source.object.get("origin").map_or(source.id.span, |origin| origin.span);
            facts.because("third_party_sources", place, "obtained from others");
            obtained.push(display(source));
        }
    }
    facts.texts("reimports", again);
    facts.bool("reimports_deleted", declared);
    facts.texts("third_party_sources", obtained);
}

/// Why the record of requests does not last.
fn record(map: Map<'_>, request: &Entity, facts: &mut Facts) {
    let months = request.object.get("retention_months");
    if let Some(months) = months {
        if request.object.integer("retention_months").is_some_and(|kept| kept < RECORD_MONTHS) {
            facts.text("record_gap", format!("kept {} months", months.value.display()));
            facts.because("record_gap", months.span, "the record of requests");
        }
        return;
    }
    let index = map.model.requests.iter().position(|other| std::ptr::eq(other, request));
    let Some(link) = index.and_then(|index| map.links.stores[index]) else { return };
    let store = &map.model.destinations[link.index];
    let days = store.object.integer("retention_days").filter(|days| *days < RECORD_DAYS);
    if let (Some(days), Some(place)) = (days, store.object.get("retention_days").map(|days| days.span)) {
        facts.text("record_gap", format!("kept in {} for {days} days", display(store)));
        facts.because("record_gap", place, "the store of the record");
    }
}

/// Sets on every destination whether it keeps traits of persons.
pub(super) fn profiles(map: Map<'_>, reach: &Reach, receivers: &[Vec<usize>], destinations: &mut [Facts]) {
    let mut witness: Vec<Option<Span>> = vec![None; destinations.len()];
    for (at, event) in map.model.events.iter().enumerate().filter(|(_, event)| event.call != EventType::Group) {
        let traits = event.properties.iter().zip(&map.classes[at]).filter(|(property, classified)| {
            let of_person = property.section == Section::Traits || event.call == EventType::Identify;
            of_person && !classified.classes.is_empty()
        });
        let traits: Vec<_> = traits.map(|(property, _)| property).collect();
        if traits.is_empty() {
            continue;
        }
        let covered = covered(map, reach, receivers, at);
        for property in traits {
            for to in covered.iter().filter(|to| witness[**to].is_none()).copied().collect::<Vec<_>>() {
                let passes = super::gets_through(map, to, event, property);
                witness[to] = passes.then_some(property.path.span);
            }
        }
    }
    for (facts, witness) in destinations.iter_mut().zip(witness) {
        facts.bool("keeps_profile", witness.is_some());
        if let Some(place) = witness {
            facts.because("keeps_profile", place, "a trait of a person that it keeps");
        }
    }
}
