//! Consent wrappers around analytics.js (`createWrapper`, OneTrust, TrustArc), and mappings made by hand.

mod groups;

use groups::{Mapping, fill, mapping, name};
use super::consent_parts::{Categories, given, hidden, is_unread, located, returned, statements, unknown};
use super::{Adapter, Candidate, consent_manager};
use crate::document::{Node, Shape, Syntax};
use crate::finding::Problem;
use crate::model::kind::{CONSENT, DESTINATION};
use crate::model::{Entity, Lister, Listing, Located, Model, Origin, Value};

/// Consent wrappers and mappings.
pub static ADAPTER: Adapter = Adapter {
    name: "consent-wrapper",
    about: "consent wrappers around analytics.js (OneTrust, TrustArc, createWrapper) and mappings made by hand",
    origin: Origin::Manager,
    schema: None,
    recognises: |candidate| !consent_manager::is_ours(candidate) && is_ours(candidate),
    meant: |_| false,
    lower: read,
};

/// What wraps analytics.js, and for which consent manager.
const WRAPPERS: [(&str, &str); 5] = [
    ("createWrapper", "segment"),
    ("withOneTrust", "onetrust"),
    ("oneTrust", "onetrust"),
    ("withTrustArc", "trustarc"),
    ("trustArc", "trustarc"),
];
/// Packages that hold a wrapper.
const PACKAGES: [&str; 3] = ["analytics-consent-tools", "analytics-consent-wrapper", "trustarc-segment-wrapper"];
/// Words that an unreadable piece of code must have to be taken for one of these.
const WORDS: [&str; 3] = ["createWrapper", "integrationCategoryMappings", "analytics-consent"];
const MAPPINGS: &str = "integrationCategoryMappings";

/// A wrapper in code: its manager, what is called, its settings.
type Wrapper<'d> = (&'static str, Node<'d>, Option<Node<'d>>);

fn wrappers(root: Node<'_>) -> impl Iterator<Item = Wrapper<'_>> {
    statements(root, "call").filter_map(|(called, statement)| {
        let name = called.text()?;
        let (_, manager) = WRAPPERS.iter().find(|(known, _)| *known == name)?;
        let mut settings = statement.get("arguments")?.items().filter(|one| one.shape() == Shape::Map);
        Some((*manager, called, settings.next_back()))
    })
}

/// The integrations that a call of `analytics.load` switches on and off.
fn loads(root: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    statements(root, "call").filter(|(called, _)| called.text() == Some("load")).filter_map(|(_, statement)| {
        let options = statement.get("arguments")?.items().nth(1)?;
        options.get("integrations").filter(|list| list.shape() == Shape::Map)
    })
}

/// Mappings that are a value of their own: of `integrationCategoryMappings`, or made by hand.
fn own_mappings<'d>(candidate: &Candidate<'d>) -> Vec<(Node<'d>, Mapping<'d>)> {
    let root = candidate.document.root();
    let mut found = Vec::new();
    for at in ["const", "assign", "export"] {
        for (name, statement) in statements(root, at) {
            let Some(value) = statement.get("value") else { continue };
            let mapped = mapping(name.text().unwrap_or(""), returned(value), root.code());
            found.extend(mapped.map(|mapped| (name, mapped)));
        }
    }
    found
}

fn is_ours(candidate: &Candidate<'_>) -> bool {
    let root = candidate.document.root();
    if candidate.document.syntax() != Syntax::JavaScript {
        return root.get(MAPPINGS).is_some_and(|found| found.shape() == Shape::Map);
    }
    let broken = |(word, _): (Node<'_>, Node<'_>)| word.text().is_some_and(|text| WORDS.contains(&text));
    wrappers(root).next().is_some()
        || loads(root).next().is_some()
        || !own_mappings(candidate).is_empty()
        || statements(root, "broken").any(broken)
}

/// Reads wrappers and mappings of a document, whoever recognised it.
pub(super) fn read(candidate: &Candidate<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let root = candidate.document.root();
    let mut categories = Categories::default();
    let mut consents: Vec<Entity> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    if candidate.document.syntax() != Syntax::JavaScript
        && let Some(mappings) = root.entry(MAPPINGS)
    {
        consents.push(consent("segment", mappings.key_span()));
        integrations(mappings.value(), &mut categories, model, problems);
    }
    for (manager, called, settings) in wrappers(root) {
        if !consents.iter().any(|known| known.id.value == manager) {
            consents.push(consent(manager, called.span()));
        }
        let Some(mappings) = settings.and_then(|settings| given(settings, MAPPINGS)) else { continue };
        seen.insert(mappings.value().span());
        integrations(mappings.value(), &mut categories, model, problems);
    }
    settle_model(root, &mut consents);
    for (place, mapped) in own_mappings(candidate) {
        if seen.insert(mapped.node().span()) {
            fill(&mapped, &mut categories);
            let manager = mapped.manager(root.code());
            if consents.is_empty() && model.consents.is_empty() {
                consents.push(consent(manager, place.span()));
            }
        }
    }
    package(root, &mut consents);
    name(&mut categories, consents.iter().chain(&model.consents).any(|known| known.id.value == "onetrust"));
    for list in loads(root) {
        let on = list.entries().filter(|entry| entry.key() != "All" && entry.value().boolean() == Some(true));
        model.destinations.extend(on.map(|entry| {
            Entity::implied(&DESTINATION, Located::new(entry.key().to_owned(), entry.key_span()))
        }));
    }
    model.consents.extend(consents);
    categories.finish(model);
}

fn consent(manager: &str, span: crate::source::Span) -> Entity {
    let mut consent = Entity::new(&CONSENT, Located::new(manager.to_owned(), span));
    consent.object.set("manager", Located::new(Value::Text(manager.to_owned()), span));
    consent
}

/// The settings of wrappers say the consent model, and so does what loads analytics.js under one.
fn settle_model(root: Node<'_>, consents: &mut [Entity]) {
    let stated = wrappers(root).filter_map(|(_, _, settings)| given(settings?, "consentModel"));
    let loaded = statements(root, "call").filter(|(called, _)| called.text() == Some("load"));
    let loaded = loaded.filter_map(|(_, statement)| given(statement.get("arguments")?.items().next()?, "consentModel"));
    let all: Vec<Node<'_>> = stated.chain(loaded).map(|entry| returned(entry.value())).collect();
    let Some(first) = all.first() else { return };
    let same = all.iter().all(|node| consent_model(*node).is_some() && consent_model(*node) == consent_model(*first));
    let value = match consent_model(*first).filter(|_| same) {
        Some(word) => located(Value::Text(word.to_owned()), *first),
        None => unknown(all.iter().find(|node| consent_model(**node).is_none()).copied().unwrap_or(*first)),
    };
    consents.iter_mut().for_each(|consent| consent.object.set("model", value.clone()));
}

fn consent_model(node: Node<'_>) -> Option<&str> {
    node.text().filter(|text| matches!(*text, "opt-in" | "opt-out"))
}

/// `integrationCategoryMappings`: a destination and the categories that it needs.
fn integrations(mappings: Node<'_>, categories: &mut Categories, model: &mut Model, problems: &mut Vec<Problem>) {
    if mappings.shape() != Shape::Map {
        if is_unread(mappings) {
            problems.push(hidden(mappings, "the categories of the destinations are"));
        }
        return;
    }
    let mut unread = None;
    for entry in mappings.entries() {
        let destination = Located::new(entry.key().to_owned(), entry.key_span());
        if entry.value().shape() != Shape::List {
            unread.get_or_insert(entry.value());
            model.listings.push(computed(destination));
            continue;
        }
        for id in entry.value().items() {
            match id.text().filter(|_| !id.has_hole()) {
                Some(text) => categories.add(text, id.span(), "destinations", destination.clone()),
                None => {
                    unread.get_or_insert(id);
                    model.listings.push(computed(destination.clone()));
                }
            }
        }
    }
    if let Some(unread) = unread {
        problems.push(hidden(unread, "a destination's categories are"));
    }
}

/// A destination of the page whose categories code computes.
fn computed(destination: Located<String>) -> Listing {
    let file = destination.span.source;
    Listing { category: None, destination: Some(destination), file, lister: Lister::Wrapper }
}

fn package(root: Node<'_>, consents: &mut [Entity]) {
    for (from, _) in statements(root, "import") {
        let Some(text) = from.text().filter(|text| PACKAGES.iter().any(|known| text.contains(known))) else { continue };
        for consent in consents.iter_mut().filter(|consent| consent.object.get("package").is_none()) {
            consent.object.set("package", located(Value::Text(text.to_owned()), from));
        }
    }
}
