//! What events and pages reveal of a person that the statute calls sensitive, and how finely they place a person.

use super::derived::gets_through;
use super::reach::{Reach, covered, is_exempt};
use super::{Facts, Map, display};
use crate::model::sensitive::{Place, revealed, revealed_by_route, revealed_by_value};
use crate::model::tokens::Tokens;
use crate::model::{ClassSet, Classification, ClassifiedBy, Entity, Event, Object, Property, Value, kind};
use crate::source::Span;
use std::collections::BTreeMap;

/// What analytics.js tells of a page with every call (Segment documentation, common fields: `context.page`).
const PAGE_PARTS: [&str; 5] = ["url", "path", "title", "referrer", "search"];
/// Words of names that hold a latitude, a longitude or both.
const COORDINATES: [&str; 9] = ["lat", "latitude", "lng", "lon", "longitude", "latlng", "coordinate", "coord", "gps"];
/// From so many decimals on a place may be within the circle of Cal. Civ. Code § 1798.140(w): a hundredth of a degree is about
/// as large as it.
const BORDERLINE: i64 = 2;
/// So many are well within it.
const FINE: i64 = 3;

/// Facts of the events that have something sensitive about them, by index.
pub(super) fn events(
    map: Map<'_>,
    reach: &Reach,
    receivers: &[Vec<usize>],
    destinations: &[Facts],
) -> BTreeMap<usize, Facts> {
    let mut all = BTreeMap::new();
    for (at, event) in map.model.events.iter().enumerate() {
        let receivers = covered(map, reach, receivers, at);
        if receivers.is_empty() {
            continue;
        }
        let mut facts = Facts::of_kind(&kind::EVENT, event.name.span);
        let open = |to: &&usize| destinations[**to].holds("discloses") && !is_dropped(map, **to, event);
        let disclosed: Vec<usize> = receivers.iter().filter(open).copied().collect();
        let words = words(map, at, &disclosed, &mut facts);
        let any = properties(map, at, &receivers, &mut facts);
        if !words.is_empty() || any {
            for to in &disclosed {
                let target = &map.model.destinations[*to];
                facts.because(
                    "disclosed_to",
                    target.id.span,
                    format!("personal information is sold or shared with {}", display(target)),
                );
            }
            facts.texts("disclosed_to", disclosed.iter().map(|to| display(&map.model.destinations[*to])));
            facts.texts("sensitive_words", words);
            all.insert(at, facts);
        }
    }
    all
}

fn is_dropped(map: Map<'_>, to: usize, event: &Event) -> bool {
    map.model.destinations[to].object.has_text("filters.drop_events", &event.name.value)
}

/// The words of an event's name, and of texts that its plan lists, that reveal something to who is sold to or shared with.
fn words(map: Map<'_>, at: usize, disclosed: &[usize], facts: &mut Facts) -> Vec<String> {
    let event = &map.model.events[at];
    let mut found = Vec::new();
    if disclosed.is_empty() {
        return found;
    }
    if let Some(told) = revealed(&event.name.value, Place::Event) {
        found.push(format!("`{}` in its name ({})", told.words, told.topic));
        facts.because("sensitive_words", event.name.span, format!("`{}` is about {}", told.words, told.topic));
    }
    for (property, classified) in event.properties.iter().zip(&map.classes[at]) {
        // What is declared is not guessed at, and what is known to be sensitive is judged as such.
        let settled = classified.by == ClassifiedBy::Declared || !classified.classes.sensitive().is_empty();
        if property.values.is_empty() || settled {
            continue;
        }
        let told = property.values.iter().find_map(|value| Some((value, revealed_by_value(property.name(), value)?)));
        let Some((value, told)) = told else { continue };
        if disclosed.iter().any(|to| gets_through(map, *to, event, property)) {
            found.push(format!("`{value}` of `{}` ({})", property.path.value, told.topic));
            facts.because("sensitive_words", property.path.span, format!("`{value}` is about {}", told.topic));
        }
    }
    found
}

/// What sensitive properties lack. Gives whether there is anything.
fn properties(map: Map<'_>, at: usize, receivers: &[usize], facts: &mut Facts) -> bool {
    let event = &map.model.events[at];
    let mobile = map.links.events[at].iter().any(|source| is_mobile(&map.model.sources[*source]));
    let (mut unstated, mut unjustified, mut location) = (Vec::new(), Vec::new(), Location::default());
    for (property, classified) in event.properties.iter().zip(&map.classes[at]) {
        if classified.classes.sensitive().is_empty() || property.is_limit_exempt() {
            continue;
        }
        let declared = property.declared.as_deref();
        if !receivers.iter().any(|to| gets_through(map, *to, event, property)) {
            continue;
        }
        let path = property.path.value.to_string();
        match declared.and_then(|declared| declared.get("purposes")) {
            None => {
                facts.because("sensitive_unstated", property.path.span, format!("`{path}` is sensitive"));
                unstated.push(path);
            }
            Some(purposes) if matches!(&purposes.value, Value::List(list) if list.is_empty()) => {
                facts.because("sensitive_unjustified", purposes.span, format!("no purpose of `{path}`"));
                facts.because("sensitive_unstated", purposes.span, format!("no purpose of `{path}`"));
                unjustified.push(path.clone());
                unstated.push(path);
            }
            Some(_) => {}
        }
        location.add(property, classified, mobile);
    }
    let any = !unstated.is_empty() || !location.found.is_empty();
    facts.texts("sensitive_unstated", unstated);
    facts.texts("sensitive_unjustified", unjustified);
    location.tell(facts);
    any
}

fn is_mobile(source: &Entity) -> bool {
    matches!(source.object.text("platform"), Some("ios" | "android" | "mobile")) && !is_exempt(source)
}

/// How finely an event places a person.
#[derive(Default)]
struct Location {
    found: Vec<(String, Span)>,
    /// Whether it is known of any that it is precise.
    known: bool,
    fine: bool,
}

impl Location {
    fn add(&mut self, property: &Property, classified: &Classification, mobile: bool) {
        let precise = ClassSet::parse("1C").unwrap_or_default();
        let name = Tokens::of(property.name());
        let stated = |key: &str| property.declared.as_deref().and_then(|declared| declared.get(key));
        let decimals = stated("precision_decimals");
        let coordinates = (0..name.len()).any(|word| COORDINATES.contains(&name.word(word)));
        if !classified.classes.contains(precise) || !(coordinates || decimals.is_some()) {
            return;
        }
        let (path, place) = (&property.path.value, property.path.span);
        match decimals.map(|decimals| (&decimals.value, decimals.span)) {
            Some((Value::Int(decimals), place)) if *decimals >= BORDERLINE => {
                self.found.push((format!("`{path}` to {decimals} decimals"), place));
                self.known = true;
                self.fine |= *decimals >= FINE;
            }
            Some(_) => {}
            _ if mobile && stated("transformation").is_none() => {
                self.found.push((format!("`{path}` as the device gives it"), place));
                (self.known, self.fine) = (true, true);
            }
            _ => self.found.push((format!("`{path}`, of which no decimals are declared"), place)),
        }
    }

    fn tell(self, facts: &mut Facts) {
        self.found.iter().for_each(|(text, place)| facts.because("precise_location", *place, text.clone()));
        facts.texts("precise_location", self.found.into_iter().map(|(text, _)| text));
        facts.bool("location_known", self.known);
        facts.bool("location_fine", self.fine);
    }
}

/// Sets on every destination which pages it is told of that reveal something sensitive.
pub(super) fn pages(map: Map<'_>, reach: &Reach, destinations: &mut [Facts]) {
    for (index, facts) in destinations.iter_mut().enumerate() {
        let mut found = Vec::new();
        let mut parts: Vec<&str> = Vec::new();
        let mut certain = false;
        let sold = facts.holds("active") && facts.holds("discloses");
        for source in reach.paths[index].iter().map(|source| &map.model.sources[*source]).filter(|_| sold) {
            let told = told_parts(&map.model.destinations[index].object, source);
            let Some(context) = context(source).filter(|_| !told.is_empty()) else { continue };
            facts.because("sensitive_pages", context.place, format!("{} of `{}`", context.text, source.id.value));
            found.push(format!("{} ({})", display(source), context.text));
            certain |= context.certain;
            parts.extend(told.into_iter().filter(|part| !parts.contains(part)).collect::<Vec<_>>());
        }
        facts.texts("sensitive_pages", found);
        facts.texts("page_parts", parts);
        facts.bool("pages_guessed", !certain);
    }
}

struct Context {
    text: String,
    place: Span,
    /// Whether more than a name tells it.
    certain: bool,
}

/// What being on the pages of a website reveals: as declared, or else by its routes, or else by its name.
fn context(source: &Entity) -> Option<Context> {
    if source.object.text("platform") != Some("web") || is_exempt(source) {
        return None;
    }
    if let Some(declared) = source.object.get("sensitive_context") {
        let Value::List(topics) = &declared.value else { return None };
        let topics: Vec<String> = topics.iter().map(|topic| topic.value.display()).collect();
        let text = topics.join(", ");
        return (!text.is_empty()).then_some(Context { text, place: declared.span, certain: true });
    }
    let routes = source.object.texts("routes");
    let mut told = routes.filter_map(|(route, place)| Some((route, place, revealed_by_route(route)?)));
    if let Some((route, place, told)) = told.next() {
        return Some(Context { text: format!("`{route}`: {}", told.topic), place, certain: true });
    }
    let names = [source.object.text("name"), Some(source.id.value.as_str())];
    let told = names.into_iter().flatten().find_map(|name| revealed(name, Place::Page))?;
    Some(Context { text: format!("by its name: {}", told.topic), place: source.id.span, certain: false })
}

/// The parts of a page's address and title that no filter keeps from a destination.
fn told_parts(destination: &Object, source: &Entity) -> Vec<&'static str> {
    let stripped = source.object.boolean("strips_query") == Some(true);
    let names = |filter: &str, part: &str| {
        let whole = ["*", "context", "context.*", "context.page", "context.page.*", "page", "page.*"];
        let bare = filter.strip_prefix("context.").unwrap_or(filter);
        whole.contains(&filter) || bare == part || bare.strip_prefix("page.") == Some(part)
    };
    let allowed = destination.list("filters.allow_properties");
    let passes = |part: &&str| {
        let dropped = destination.texts("filters.drop_properties").any(|(filter, _)| names(filter, part));
        let listed =
            allowed.is_empty() || destination.texts("filters.allow_properties").any(|(filter, _)| names(filter, part));
        listed && !dropped && !(stripped && part == &"search")
    };
    PAGE_PARTS.iter().copied().filter(|part| passes(part)).collect()
}

/// What stands for a person or device, by words of names that hold a hash of it; a hash of it is a unique identifier (Cal. Civ.
/// Code § 1798.140(aa), (aj)).
const IDENTIFIERS: [(&str, &str); 22] = [
    ("email", "an email address"),
    ("mail", "an email address"),
    ("phone", "a phone number"),
    ("msisdn", "a phone number"),
    ("mobile", "a phone number"),
    ("ip", "an IP address"),
    ("ipaddress", "an IP address"),
    ("deviceid", "a device"),
    ("idfa", "a device"),
    ("idfv", "a device"),
    ("gaid", "a device"),
    ("aaid", "a device"),
    ("advertisingid", "a device"),
    ("adid", "a device"),
    ("imei", "a device"),
    ("macaddress", "a device"),
    ("userid", "a person's id"),
    ("customerid", "a person's id"),
    ("memberid", "a person's id"),
    ("anonymousid", "a person's id"),
    ("externalid", "a person's id"),
    ("cookieid", "a browser"),
];
/// Words that tell a hash.
const HASHES: [&str; 7] = ["hash", "hashed", "sha", "md", "hmac", "encrypted", "pseudonym"];

/// The identifier of which a name speaks, such as `an email address`.
pub fn identifier_named(name: &str) -> Option<&'static str> {
    let tokens = Tokens::of(name);
    let ranges = (0..tokens.len()).flat_map(|from| [(from, from + 1), (from, from + 2)]);
    let mut phrases = ranges.filter(|(_, to)| *to <= tokens.len()).map(|(from, to)| tokens.phrase(from, to));
    phrases.find_map(|phrase| Some(IDENTIFIERS.iter().find(|(word, _)| *word == phrase)?.1))
}

/// Whether a name says that what it holds is hashed.
pub fn is_hash_named(name: &str) -> bool {
    let tokens = Tokens::of(name);
    (0..tokens.len()).any(|at| HASHES.contains(&tokens.word(at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_hashed_identifiers_are_told() {
        assert_eq!(identifier_named("hashed_email"), Some("an email address"));
        assert_eq!(identifier_named("emailSha256"), Some("an email address"));
        assert_eq!(identifier_named("device_id_hash"), Some("a device"));
        assert_eq!(identifier_named("order_total"), None);
        assert!(is_hash_named("email_sha256") && is_hash_named("md5_phone") && is_hash_named("HashedEmail"));
        assert!(!is_hash_named("email") && !is_hash_named("shape") && !is_hash_named("hashtag"));
    }
}
