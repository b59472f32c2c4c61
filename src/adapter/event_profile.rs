//! Profiles of real events, as `consentlint scan` writes them: which fields occur, and what their values look like.

use super::hint;
use super::plan_parts;
use super::{Adapter, Candidate};
use crate::document::Node;
use crate::finding::{Problem, Stage};
use crate::model::{Entity, EventType, Located, Model, Observation, Origin, Passed, Property, Section, Stamped, kind};
use crate::scan::{Evidence, Look, VERSION};

/// Profiles of real events.
pub static ADAPTER: Adapter = Adapter {
    name: "event-profile",
    about: "Profile of real events, as `consentlint scan --out` writes it",
    origin: Origin::Plan,
    schema: None,
    recognises: |candidate| candidate.document.root().get("consentlint_profile").is_some(),
    meant: |text| text.trim_start().starts_with("{\"consentlint_profile\""),
    lower,
};

/// What of `context` is about a person or device; the rest says how the event was made.
const PERSONAL: [&str; 5] = ["ip", "location", "device", "userAgent", "externalIds"];

fn lower(candidate: &Candidate<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let root = candidate.document.root();
    let Some(version) = root.get("consentlint_profile") else { return };
    if version.integer() != i64::try_from(VERSION).ok() {
        let message = "this version of a profile is not known";
        let help = format!("write it anew with `consentlint scan`; this program reads version {VERSION}");
        problems.push(Problem::at(Stage::Schema, version.span(), message).help(help));
        return;
    }
    let plan = plan_parts::add_plan(candidate, root, &[], model);
    if let Some(plan) = model.plans.get_mut(plan) {
        plan.observed = true;
    }
    for category in root.get("consent").into_iter().flat_map(Node::items) {
        if let Some((id, node)) = text(category, "category") {
            model.categories.push(Entity::new(&kind::CATEGORY, Located::new(id.to_owned(), node.span())));
        }
    }
    for passed in root.get("passed").into_iter().flat_map(Node::items) {
        let (destination, category) = (text(passed, "destination"), text(passed, "category"));
        let messages = passed.get("messages").and_then(Node::integer);
        let (Some((name, place)), Some((category, _)), Some(messages)) = (destination, category, messages) else { continue };
        let received = text(passed, "evidence").is_some_and(|(word, _)| Evidence::parse(word) == Some(Evidence::Export));
        let destination = Located::new(name.to_owned(), place.span());
        model.passed.push(Passed { destination, category: category.to_owned(), messages, received });
    }
    for event in root.get("events").into_iter().flat_map(Node::items) {
        let Some((word, _)) = text(event, "type") else { continue };
        let (Some(call), Some((name, place))) = (EventType::parse(word), text(event, "name")) else { continue };
        let fields = event.get("fields").into_iter().flat_map(Node::items);
        let properties = fields.filter_map(property).collect();
        let name = Located::new(name.to_owned(), place.span());
        if let Some(consent) = event.get("consent") {
            model.stamped.extend(stamped(consent, &name, call));
        }
        model.events.push(plan_parts::of_plan(name, call, plan, properties).into());
    }
}

fn text<'d>(node: Node<'d>, key: &str) -> Option<(&'d str, Node<'d>)> {
    let found = node.get(key)?;
    Some((found.text().filter(|text| !text.is_empty())?, found))
}

/// The messages of an event with and without consent object, those of browsers and apps apart.
fn stamped(consent: Node<'_>, event: &Located<String>, call: EventType) -> [Stamped; 2] {
    let count = |node: Option<Node<'_>>, key: &str| node.and_then(|node| node.get(key)?.integer()).unwrap_or(0).max(0);
    let all = |node: Option<Node<'_>>| {
        let messages = ["present", "empty", "absent"].map(|key| count(node, key));
        (count(node, "absent"), messages.into_iter().fold(0, i64::saturating_add))
    };
    let (whole, client) = (all(Some(consent)), all(consent.get("client")));
    let of = |client, absent, messages| Stamped { event: event.clone(), call, client, absent, messages };
    [of(true, client.0, client.1), of(false, whole.0 - client.0, whole.1 - client.1)]
}

/// A field as a property; those of the message itself are none.
fn property(field: Node<'_>) -> Option<Property> {
    let (path, place) = text(field, "path")?;
    let parts = [
        ("properties.", Section::Properties),
        ("context.traits.", Section::Traits),
        ("traits.", Section::Traits),
        ("context.", Section::Context),
    ];
    let (rest, section) = parts.iter().find_map(|(prefix, section)| Some((path.strip_prefix(prefix)?, *section)))?;
    let first = rest.split('.').next().unwrap_or(rest);
    // The items of a list have no name; their list stands for them.
    if rest.ends_with(".$") && !has_look(field) || section == Section::Context && !PERSONAL.contains(&first) {
        return None;
    }
    let types = || field.get("types").into_iter().flat_map(Node::entries);
    let mut seen = hint::Seen::default();
    types().for_each(|entry| seen.named(entry.key()));
    let values: i64 = types().filter_map(|entry| entry.value().integer()).sum();
    let (like, words) = look(field, values);
    let observation = Observation { place: place.span(), like, words, unplanned: false };
    let path = Located::new(Box::from(rest), place.span());
    let (hint, values) = (seen.hint(), Box::default());
    Some(Property { path, section, hint, values, declared: None, seen: Some(Box::new(observation)) })
}

fn has_look(field: Node<'_>) -> bool {
    field.get("looks").is_some_and(|looks| looks.count() > 0)
}

/// The name that tells best what the values are, and how many of them are.
fn look(field: Node<'_>, values: i64) -> (Option<&'static str>, String) {
    // The gravest first.
    const NAMES: [(Look, &str); 7] = [
        (Look::Ssn, "social_security_number"),
        (Look::Card, "card_number"),
        (Look::CardDigits, "card_number"),
        (Look::Coordinate, "latitude"),
        (Look::Email, "email"),
        (Look::Phone, "phone_number"),
        (Look::Ip, "ip_address"),
    ];
    for (look, name) in NAMES {
        let count = field.at(&["looks", look.name(), "count"]).and_then(Node::integer).unwrap_or(0);
        if counts(look, count, values) {
            return (Some(name), format!("{} in {count} of {values} values", look.words()));
        }
    }
    (None, String::new())
}

/// Whether so many values are enough. An e-mail address says by itself what it is; versions and numbers have the shape of an IP address, a card or a telephone
/// number by chance at times, and long identifiers have a right check digit once in ten.
fn counts(look: Look, count: i64, values: i64) -> bool {
    match look {
        Look::CardDigits => count >= 3 && count.saturating_mul(2) >= values,
        Look::Email => count > 0,
        _ => count > 0 && count.saturating_mul(1_000) >= values,
    }
}
