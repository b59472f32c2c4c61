//! The settings of Segment's Consent Manager (facts: its README and source, `@segment/consent-manager` 5.x).

use super::words::words;
use super::{Found, Package, is_absent, write_key};
use crate::adapter::consent_parts::{
    Categories, SPREAD, Setting, carry, given, hidden, index, is_unread, located, returned, setting,
    texts, unknown,
};
use crate::document::{Code, Node, Shape};
use crate::finding::{Problem, Stage};
use crate::model::catalogue::BUILT_IN;
use crate::model::kind::{BANNER, CONSENT};
use crate::model::{Entity, Located, Model, Value};
use crate::source::Span;

const MANAGER: &str = "segment-consent-manager";

/// Reads one set-up.
pub(super) fn lower(found: &Found<'_>, package: &Package, model: &mut Model, problems: &mut Vec<Problem>) {
    let (config, place) = (found.config, found.place);
    let id = write_key(config).map_or_else(|| MANAGER.to_owned(), |key| format!("{MANAGER} ({key})"));
    let mut consent = Entity::new(&CONSENT, Located::new(id, place));
    consent.object.set("manager", Located::new(Value::Text(MANAGER.to_owned()), place));
    for (attribute, stated) in [("package", &package.name), ("version", &package.version)] {
        if let Some(stated) = stated {
            consent.object.set(attribute, Located::new(Value::Text(stated.value.clone()), stated.span));
        }
    }
    require(&mut consent, config, place);
    carry(&mut consent, "new_destinations", config, "defaultDestinationBehavior", |node| {
        word(node, &["enable", "disable", "imply", "ask"])
    });
    carry(&mut consent, "cookie_days", config, "cookieExpires", |node| node.integer().map(Value::Int));
    for (name, key) in [("cookie_name", "cookieName"), ("cookie_domain", "cookieDomain")] {
        carry(&mut consent, name, config, key, |node| node.text().map(|text| Value::Text(text.to_owned())));
    }
    let mut categories = Categories::default();
    let known = config.shape() == Shape::Map && fill(&mut categories, config, place, problems);
    preset(&mut categories, &mut consent, config);
    let ids: Option<Vec<String>> = known.then(|| categories.iter_mut().map(|one| one.id.value.clone()).collect());
    model.banners.extend(banner(config, place, ids.as_deref()));
    model.consents.push(consent);
    categories.finish(model);
}

fn word(node: Node<'_>, words: &[&str]) -> Option<Value> {
    node.text().filter(|text| words.contains(text)).map(|text| Value::Text(text.to_owned()))
}

/// Where consent is required, and the consent model that follows from it.
fn require(consent: &mut Entity, config: Node<'_>, place: Span) {
    let required = match setting(config, "shouldRequireConsent") {
        _ if config.shape() != Shape::Map => unknown(config),
        Setting::Hidden(node) => unknown(node),
        Setting::Absent => Located::new(Value::texts(["everywhere"], place), place),
        Setting::Given(entry) if entry.value().is_null() => Located::new(Value::texts(["everywhere"], place), place),
        Setting::Given(entry) => match regions(returned(entry.value())) {
            Some(regions) => located(Value::texts(regions, entry.value().span()), entry.value()),
            None => unknown(entry.value()),
        },
    };
    let model = match &required.value {
        Value::List(regions) if regions.iter().all(|one| one.value == Value::Text("nowhere".to_owned())) => {
            Value::Text("opt-out".to_owned())
        }
        Value::List(_) => Value::Text("opt-in".to_owned()),
        other => other.clone(),
    };
    consent.object.set("model", Located { value: model, span: required.span, alias: required.alias });
    consent.object.set("required_in", required);
}

/// The regions that a condition tests for; `None` for a condition of another kind.
fn regions(node: Node<'_>) -> Option<Vec<String>> {
    match (node.boolean(), node.computed()) {
        (Some(true), _) => return Some(vec!["everywhere".to_owned()]),
        (Some(false), _) => return Some(vec!["nowhere".to_owned()]),
        (None, Some(Code::Name | Code::Call | Code::Choice)) => {}
        _ => return None,
    }
    let code: String = node.code().split_whitespace().collect();
    if node.computed() == Some(Code::Choice) {
        let either = code.contains("||") && !code.contains("&&") && !code.contains('?');
        let sides: Option<Vec<Vec<String>>> = node.parts().map(regions).collect();
        return sides.filter(|_| either).map(|sides| sides.concat());
    }
    let called = code.split('(').next().unwrap_or("");
    match (called.rsplit('.').next(), node.parts().next()) {
        (Some("inEU"), None) => Some(vec!["eu".to_owned()]),
        // `inRegions(…)` gives a function; `inRegions(…)()` calls it.
        (Some("inRegions"), Some(inner)) if inner.computed() == Some(Code::Call) => regions(inner),
        (Some("inRegions"), Some(list)) if list.shape() == Shape::List => {
            let (found, unread) = texts(list);
            let named = found.iter().map(|item| region(&item.value.display())).collect();
            unread.is_none().then_some(named)
        }
        _ => None,
    }
}

/// The library's name of a region as the data map writes it; its `CA` is California.
fn region(name: &str) -> String {
    match name.to_ascii_lowercase().as_str() {
        "ca" => "us-ca".to_owned(),
        other => other.to_owned(),
    }
}

/// The categories: custom ones replace the built-in ones. Says whether all of them are known.
fn fill(categories: &mut Categories, config: Node<'_>, place: Span, problems: &mut Vec<Problem>) -> bool {
    if is_absent(config, "customCategories") {
        for (id, catalogue) in BUILT_IN {
            let category = categories.category(id, place);
            category
                .object
                .set("catalogue_categories", Located::new(Value::texts(catalogue.iter().copied(), place), place));
        }
        return true;
    }
    let custom = match setting(config, "customCategories") {
        Setting::Given(entry) => entry.value(),
        Setting::Hidden(node) => {
            problems.extend(config.get("customCategories").map(|_| hidden(node, "the categories may be")));
            return false;
        }
        Setting::Absent => return false,
    };
    if custom.shape() != Shape::Map {
        problems.push(hidden(custom, "the categories are"));
        return false;
    }
    let mut whole = true;
    for entry in custom.entries() {
        if entry.key() == SPREAD {
            problems.push(hidden(entry.value(), "some categories are"));
            whole = false;
            continue;
        }
        let (id, span, value) = (entry.key(), entry.key_span(), entry.value());
        let category = categories.category(id, span);
        if value.shape() != Shape::Map {
            let broken = Problem::at(Stage::Parse, span, format!("category `{id}` has no settings that can be read"))
                .help("write `integrations` and `purpose`");
            problems.push(if is_unread(value) { hidden(value, &format!("category `{id}` is")) } else { broken });
            continue;
        }
        carry(category, "purpose", value, "purpose", |node| node.text().map(|text| Value::Text(text.to_owned())));
        integrations(category, id, value, problems);
    }
    whole
}

fn integrations(category: &mut Entity, id: &str, value: Node<'_>, problems: &mut Vec<Problem>) {
    let list = match setting(value, "integrations") {
        Setting::Given(entry) if entry.value().shape() == Shape::List => entry,
        Setting::Given(entry) if is_unread(entry.value()) => {
            problems.push(hidden(entry.value(), &format!("the destinations of category `{id}` are")));
            category.object.set("destinations", unknown(entry.value()));
            return;
        }
        Setting::Hidden(node) => {
            problems.push(hidden(node, &format!("the destinations of category `{id}` are")));
            return;
        }
        _ => return,
    };
    let (mut found, unread) = texts(list.value());
    if let Some(unread) = unread {
        problems.push(hidden(unread, &format!("a destination of category `{id}` is")));
        found.push(unknown(unread));
    }
    category.object.set("destinations", Located::new(Value::List(found), list.key_span()));
}

/// Presets: what they turn on and off, and what they leave to be taken as consent.
fn preset(categories: &mut Categories, consent: &mut Entity, config: Node<'_>) {
    let Some(preset) = given(config, "initialPreferences") else { return };
    let value = preset.value();
    if value.shape() != Shape::Map {
        if is_unread(value) {
            categories.iter_mut().for_each(|category| category.object.set("default", unknown(value)));
        }
        return;
    }
    let custom = !is_absent(config, "customCategories");
    let (mut unset, mut doubtful) = (Vec::new(), None);
    let (stated, others) = index(value);
    // Any preference that is set, even of no category of this site, has all of them saved on the first visit.
    let some = value.entries().any(|entry| entry.value().boolean().is_some());
    let absent = others.map_or(Setting::Absent, Setting::Hidden);
    for category in categories.iter_mut() {
        match stated.get(category.id.value.as_str()).copied().unwrap_or(absent) {
            Setting::Given(entry) if entry.value().boolean().is_some() => {
                let set = Value::Bool(entry.value().boolean() == Some(true));
                category.object.set("default", located(set, entry.value()));
            }
            // Refusing all switches it; only what is acted on before that takes it for consent.
            Setting::Given(entry) if entry.value().is_null() => {
                unset.extend(some.then(|| (category.id.value.clone(), entry.key_span())));
            }
            Setting::Given(entry) => {
                category.object.set("default", unknown(entry.value()));
                doubtful = Some(entry.value());
            }
            Setting::Hidden(node) => {
                category.object.set("default", unknown(node));
                doubtful = Some(node);
            }
            // A built-in category that is left out has no value, so its destinations stay off.
            Setting::Absent if custom => unset.push((category.id.value.clone(), preset.key_span())),
            Setting::Absent => {}
        }
    }
    if let Some(node) = doubtful {
        consent.object.set("preset_leaves_unset", unknown(node));
    } else if !unset.is_empty() {
        let items = unset.into_iter().map(|(id, span)| Located::new(Value::Text(id), span)).collect();
        consent.object.set("preset_leaves_unset", Located::new(Value::List(items), preset.key_span()));
    }
}

fn banner(config: Node<'_>, place: Span, categories: Option<&[String]>) -> Option<Entity> {
    let mut banner = Entity::new(&BANNER, Located::new("banner".to_owned(), place));
    match given(config, "closeBehavior").map(|entry| (entry.key_span(), entry.value())) {
        Some((span, value)) if value.computed() == Some(Code::Function) => {
            banner.object.set("close_grants", grants(value, span, categories));
        }
        _ => carry(&mut banner, "close", config, "closeBehavior", |node| word(node, &["accept", "deny", "dismiss"])),
    }
    for (attribute, key) in [("implied_on_interaction", "implyConsentOnInteraction"), ("modal", "bannerAsModal")] {
        carry(&mut banner, attribute, config, key, |node| node.boolean().map(Value::Bool));
    }
    if let Some(block) = given(config, "bannerActionsBlock").filter(|entry| entry.value().boolean() == Some(true)) {
        let actions = Value::texts(["accept_all", "decline_all"], block.value().span());
        banner.object.set("actions", located(actions, block.value()));
    }
    if let Some((said, node)) = given(config, "bannerContent").and_then(|entry| Some((words(entry.value())?, entry.value()))) {
        banner.object.set("text", located(Value::Text(said), node));
    }
    let says = banner.object.entries().next().is_some();
    says.then_some(banner)
}

/// The categories that closing the banner turns on: all that the function does not turn off, because what it leaves
/// unset is saved as consent.
fn grants(function: Node<'_>, place: Span, categories: Option<&[String]>) -> Located<Value> {
    let (Some(categories), Some(result)) = (categories, function.parts().next()) else { return unknown(function) };
    if result.shape() != Shape::Map {
        return unknown(function);
    }
    let mut granted = Vec::new();
    let (stated, _) = index(result);
    for id in categories {
        match stated.get(id.as_str()) {
            Some(Setting::Given(entry)) if entry.value().boolean() == Some(false) => {}
            Some(Setting::Given(entry)) if entry.value().boolean() == Some(true) || entry.value().is_null() => {
                granted.push(Located::new(Value::Text(id.clone()), entry.key_span()));
            }
            Some(_) => return unknown(function),
            None => granted.push(Located::new(Value::Text(id.clone()), place)),
        }
    }
    // The function's own parameter spread in brings what the visitor set so far, which is nothing.
    let spreads = result.entries().filter(|entry| entry.key() == SPREAD);
    let own = |node: Node<'_>| node.parts().next().is_some_and(|part| part.computed() == Some(Code::Name));
    if spreads.into_iter().any(|entry| !own(entry.value())) {
        return unknown(function);
    }
    Located::new(Value::List(granted), place)
}
