//! How consumer requests are received and recorded.

use super::destination::is_raw_store;
use super::{Facts, Map, disclosing};
use crate::model::{Entity, Event, normal};
use crate::source::Span;
use std::collections::BTreeSet;

/// The event that Segment adds to every tracking plan (Segment documentation, consent object).
const RESERVED: &str = "Segment Consent Preference Updated";
/// Months for which requests are recorded (11 CCR § 7101(a)).
const RECORD_MONTHS: i64 = 24;
/// Methods that are controls of cookies, which are not by themselves a method (11 CCR § 7026(a)(4)).
const COOKIE_CONTROLS: [&str; 3] = ["cookiebanner", "preferencecenter", "cookiesettings"];
/// Hosts of industry tools, which opt out of their members only.
const INDUSTRY: [&str; 5] =
    ["networkadvertising.org", "aboutads.info", "youradchoices.com", "thenai.org", "optout.privacyrights.info"];

/// Parts of the names of fields that verify an identity.
const IDENTITY: [&str; 16] = [
    "socialsecurity",
    "passport",
    "driverslicense",
    "driverlicense",
    "licensenumber",
    "stateid",
    "governmentid",
    "governmentissued",
    "photoid",
    "nationalid",
    "idcard",
    "iddocument",
    "selfie",
    "dateofbirth",
    "birthdate",
    "birthday",
];

pub(super) fn facts(map: Map<'_>, destinations: &[Facts], index: usize) -> Facts {
    let entity = &map.model.requests[index];
    let mut facts = Facts::new(entity);
    facts.text("type", entity.id.value.clone());
    facts.texts("disclosing", disclosing(map, destinations).map(|(_, name)| name));
    facts.texts("method_gaps", method_gaps(map, entity));
    let verifying = entity.object.texts("form.fields").filter(|(name, _)| verifies(name));
    facts.texts("identity_fields", verifying.map(|(name, _)| name));
    confirmation(map, entity, &mut facts);
    let event = recording_event(map, entity);
    let gaps = event_gaps(map, entity, event);
    facts.texts("event_gaps", gaps);
    let gaps = record_gaps(map, destinations, index, event);
    for (_, place) in gaps.iter().filter_map(|(text, place)| Some((text, (*place)?))) {
        facts.because("record_gaps", place, "here");
    }
    facts.texts("record_gaps", gaps.into_iter().map(|(text, _)| text));
    facts
}

fn method_gaps(map: Map<'_>, entity: &Entity) -> Vec<String> {
    let methods: Vec<String> = entity.object.texts("methods").map(|(method, _)| normal(method)).collect();
    let has = |word: &str| methods.iter().any(|method| method == word);
    let mut gaps = Vec::new();
    let honored = map.model.signals.iter().any(|signal| signal.object.boolean("honored") == Some(true));
    let signal = honored || has("preferencesignal");
    let form = entity.object.get("form").is_some();
    let own: BTreeSet<&String> = methods.iter().filter(|method| *method != "preferencesignal").collect();
    // A signal that is honored and a form that is declared are methods, listed or not.
    let unlisted = form && !has("webform") && !has("inapp");
    if own.len() + usize::from(signal) + usize::from(unlisted) < 2 {
        gaps.push("fewer than two methods".to_owned());
    }
    if !signal {
        gaps.push("no opt-out preference signal".to_owned());
    }
    if !own.is_empty() && own.iter().all(|method| COOKIE_CONTROLS.contains(&method.as_str())) {
        gaps.push("a cookie banner is not by itself a method".to_owned());
    } else if !has("webform") && !has("inapp") && !form {
        gaps.push("no interactive form".to_owned());
    }
    let url = entity.object.text("form.url").unwrap_or("");
    if INDUSTRY.iter().any(|host| url.contains(host)) {
        gaps.push("the form is an industry tool, not your own".to_owned());
    }
    gaps
}

/// Whether a field of a form serves to verify who somebody is, rather than to find a record.
fn verifies(field: &str) -> bool {
    let name = normal(field);
    let whole = ["ssn", "dob"].iter().any(|word| name.starts_with(word) || name.ends_with(word));
    whole || IDENTITY.iter().any(|word| name.contains(word))
}

/// Whether a consumer can see that an opt-out or a limit was carried out.
fn confirmation(map: Map<'_>, entity: &Entity, facts: &mut Facts) {
    let mut gaps: Vec<(&str, Option<Span>)> = Vec::new();
    let honored = map.model.signals.iter().filter(|signal| signal.object.boolean("honored") == Some(true));
    for signal in honored.filter(|_| entity.id.value == "opt_out") {
        match (signal.object.boolean("display_status"), signal.object.get("display_status")) {
            (Some(true), _) => {}
            (_, Some(found)) => gaps.push(("visitors are not shown that the signal was processed", Some(found.span))),
            (_, None) => gaps.push(("nothing says whether visitors are shown that the signal was processed", None)),
        }
    }
    match entity.object.get("confirmation") {
        Some(found) if normal(&found.value.display()) == "none" => {
            gaps.push(("nobody can see that a request was carried out", Some(found.span)));
        }
        // Where no way to ask is declared, that is what is said.
        None if !entity.implied => {
            gaps.push(("nothing says where a consumer sees that a request was carried out", None))
        }
        _ => {}
    }
    facts.bool("confirmation_denied", gaps.iter().any(|(_, place)| place.is_some()));
    facts.texts("confirmation_gaps", gaps.iter().map(|(text, _)| *text));
    for (text, place) in gaps {
        place.into_iter().for_each(|place| facts.because("confirmation_gaps", place, text));
    }
}

/// The event that records the request, where a plan or data map has it.
fn recording_event<'a>(map: Map<'a>, entity: &Entity) -> Option<(usize, &'a Event)> {
    let wanted = entity.object.text("event").map(normal);
    let reserved = normal(RESERVED);
    map.model.events.iter().map(AsRef::as_ref).enumerate().find(|(_, event): &(usize, &Event)| {
        let name = normal(&event.name.value);
        wanted.as_ref().map_or(name == reserved, |wanted| name == *wanted)
    })
}

fn event_gaps(map: Map<'_>, entity: &Entity, event: Option<(usize, &Event)>) -> Vec<String> {
    let named = entity.object.text("event");
    if named.is_some_and(|name| normal(name) == normal(RESERVED)) {
        return Vec::new();
    }
    let Some((index, event)) = event else {
        return vec![match named {
            Some(name) => format!("no tracking plan has the event `{name}`"),
            None => "no event records it".to_owned(),
        }];
    };
    if normal(&event.name.value) == normal(RESERVED) {
        return Vec::new();
    }
    let has = |words: &[&str]| {
        event.properties.iter().any(|property| words.iter().any(|word| normal(property.name()).contains(word)))
    };
    let mut gaps = Vec::new();
    if !has(&["categor", "preference", "consent", "optout", "optedout", "donotsell"]) {
        gaps.push("it has no property for the choice made".to_owned());
    }
    if !has(&["manner", "method", "channel", "mechanism", "via", "origin", "source", "gpc", "trigger"]) {
        gaps.push("it has no property for the manner of the request".to_owned());
    }
    let identified =
        map.links.events[index].iter().any(|source| !map.model.sources[*source].object.list("identity").is_empty());
    let plan = event.plan.is_some();
    if !identified && !plan && !has(&["userid", "anonymousid", "email", "customerid"]) {
        gaps.push("it has no identifier, and its source declares none".to_owned());
    }
    gaps
}

type Gap = (String, Option<Span>);

fn record_gaps(map: Map<'_>, destinations: &[Facts], index: usize, event: Option<(usize, &Event)>) -> Vec<Gap> {
    let entity = &map.model.requests[index];
    let mut gaps: Vec<Gap> = Vec::new();
    let store = map.links.stores[index].map(|link| link.index);
    match store {
        None if entity.object.get("store").is_none() => gaps.push(("no store is named".to_owned(), None)),
        None => {}
        Some(at) => gaps.extend(store_gaps(map, destinations, entity, at)),
    }
    let open_source = map.model.manager().filter(|manager| manager.value == "segment-consent-manager");
    if let (Some(manager), Some((at, _))) = (open_source, event) {
        let senders = &map.links.events[at];
        let web = |source: &usize| map.model.sources[*source].object.text("platform") == Some("web");
        // When everything is refused the open-source manager never loads analytics.js, so the page cannot record it.
        if !senders.is_empty() && senders.iter().all(web) {
            let text = "the open-source Consent Manager loads nothing when everything is refused, so a full refusal is never sent from the page";
            gaps.push((text.to_owned(), Some(manager.span)));
        }
    }
    gaps
}

fn store_gaps(map: Map<'_>, destinations: &[Facts], request: &Entity, at: usize) -> Vec<Gap> {
    let store = &map.model.destinations[at];
    let name = super::display(store);
    let mut gaps: Vec<Gap> = Vec::new();
    if !is_raw_store(store, map.links.known[at]) {
        gaps.push((format!("{name} is no warehouse or raw store"), Some(store.id.span)));
    }
    if !destinations[at].holds("active") {
        gaps.push((format!("{name} is not fed by any enabled source"), Some(store.id.span)));
    }
    let log = map.model.requests.iter().find(|other| other.id.value == "log");
    let months = [Some(request), log].into_iter().flatten().find_map(|from| from.object.get("retention_months"));
    let days = store.object.get("retention_days");
    let short = |value: &crate::model::Located<crate::model::Value>, limit: i64| matches!(value.value, crate::model::Value::Int(kept) if kept < limit);
    if let Some(months) = months.filter(|months| short(months, RECORD_MONTHS)) {
        gaps.push((
            format!("the record is kept {} months, fewer than {RECORD_MONTHS}", months.value.display()),
            Some(months.span),
        ));
    } else if let (None, Some(days)) = (months, days.filter(|days| short(days, RECORD_MONTHS * 30))) {
        gaps.push((
            format!("{name} keeps data {} days, fewer than {RECORD_MONTHS} months", days.value.display()),
            Some(days.span),
        ));
    }
    for (category, links) in map.model.categories.iter().zip(&map.links.categories) {
        let off = category.object.boolean("essential") != Some(true);
        if let (true, Some(link)) = (off, links.iter().find(|link| link.index == at)) {
            let text =
                format!("category `{}` turns {name} off, so a full refusal is never recorded", category.id.value);
            gaps.push((text, Some(link.span)));
        }
    }
    gaps
}
