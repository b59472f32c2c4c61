//! RudderStack's destinations, sources and connections as rudder-cli keeps them.
//!
//! Source: RudderStack documentation, rudder-cli and consent management: a destination lists, for each type of source,
//! the consent ids that it needs; all of them, unless the resolution strategy is `or`.

use super::entity_parts::{is_known, name, set_flag, set_inner, set_list, set_text, written, written_at};
use super::rudder_parts::{is_meant, CATALOG, kind, misspelt, spec, target};
use super::{Adapter, Candidate};
use crate::document::{Node, Shape};
use crate::finding::{Problem, Stage};
use crate::model::{
    Entity, Event, EventType, Located, Model, Origin, Property, Section, Value, ValueHint, kind,
};
use crate::source::Span;
use std::sync::Arc;

/// Destinations, sources and connections of rudder-cli.
pub static ADAPTER: Adapter = Adapter {
    name: "rudder-resources",
    about: "RudderStack destinations, sources and connections: rudder-cli YAML",
    origin: Origin::Platform,
    schema: Some(include_str!("../../policies/schemas/rudder-resources.json")),
    recognises: |candidate| kind(candidate).is_some_and(|kind| !CATALOG.contains(&kind)),
    meant: is_meant,
    lower,
};

const TYPES: &str = include_str!("../../policies/catalog/rudder-types.tsv");

/// Where a type of source runs (RudderStack documentation, SDKs).
const PLATFORMS: [(&str, &[&str]); 5] = [
    ("web", &["javascript", "amp"]),
    ("android", &["android"]),
    ("ios", &["ios"]),
    ("mobile", &["flutter", "react_native", "cordova", "unity"]),
    ("server", &["java", "dotnet", "php", "rust", "python", "go", "node", "ruby"]),
];

/// What a source's tracking plan drops, by call, and what is let through without (RudderStack documentation, tracking
/// plan violations).
const DROPS: [([&str; 2], &str); 3] = [
    (["track", "drop_unplanned_events"], "events"),
    (["track", "drop_unplanned_properties"], "properties"),
    (["identify", "drop_unplanned_properties"], "traits"),
];

fn lower(candidate: &Candidate<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let root = candidate.document.root();
    let Some(kind) = kind(candidate) else { return };
    match kind {
        "destination" => {
            spec(root, problems).into_iter().for_each(|spec| destination(spec, model, problems));
        }
        "event-stream-source" | "source" | "retl-source-sql-model" | "retl-source-table" => {
            spec(root, problems).into_iter().for_each(|spec| source(kind, spec, model, problems));
        }
        "event-stream-connections" | "retl-connections" | "connection" => {
            spec(root, problems).into_iter().for_each(|spec| connections(spec, model, problems));
        }
        _ => misspelt(root, problems),
    }
}

/// The name that is shown, and the id as an alias.
fn entity(kind: &'static kind::Kind, spec: Node<'_>, problems: &mut Vec<Problem>) -> Option<Entity> {
    let shown = ["display_name", "name", "id"].iter().filter_map(|key| spec.get(key));
    let Some((node, text)) = shown.filter_map(|node| Some((node, written(node)?))).next() else {
        let message = format!("this {} has neither `id` nor a name", kind.name);
        let help = "give it an `id` and a name";
        problems.push(Problem::at(Stage::Schema, spec.span(), message).help(help));
        return None;
    };
    let mut entity = Entity::new(kind, name(node, text));
    if let Some((id, span)) = written_at(spec, "id").filter(|(id, _)| *id != text) {
        set_list(&mut entity.object, "aliases", vec![(id.to_owned(), span)], span);
    }
    flag(&mut entity, spec, problems);
    Some(entity)
}

fn flag(entity: &mut Entity, spec: Node<'_>, problems: &mut Vec<Problem>) {
    if let Some(wrong) = set_flag(&mut entity.object, "enabled", spec, "enabled") {
        let message = format!("`enabled` of `{}` is neither true nor false", entity.id.value);
        problems.push(Problem::at(Stage::Schema, wrong.span(), message).help("write `true` or `false`"));
    }
}

fn destination(spec: Node<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let Some(mut entity) = entity(&kind::DESTINATION, spec, problems) else { return };
    if let Some((known, span)) = written_at(spec, "type").and_then(|(ty, span)| Some((catalogued(ty)?, span))) {
        set_text(&mut entity.object, "catalog", known, span);
    }
    let config = spec.get("config");
    if let Some((mode, span)) = config.and_then(mode) {
        set_text(&mut entity.object, "mode", mode, span);
    }
    if let Some(entry) = config.and_then(|config| config.entry("consent_management")) {
        consent(entry.value(), entry.key_span(), &mut entity, model, problems);
    }
    model.destinations.push(entity);
}

/// The name by which the catalogue knows a type of destination. RudderStack abbreviates many.
fn catalogued(ty: &str) -> Option<&str> {
    let mut rows = TYPES.lines().filter_map(|line| line.split_once('\t'));
    let row = rows.find(|(known, _)| known.eq_ignore_ascii_case(ty)).map(|(_, slug)| slug);
    row.or_else(|| is_known(ty).then_some(ty))
}

/// How data gets to a destination: on the device from any type of source, or from all in the cloud.
fn mode(config: Node<'_>) -> Option<(&'static str, Span)> {
    let modes = config.get("connection_mode").into_iter();
    let modes = modes.flat_map(|found| found.entries().map(|entry| entry.value()).chain(std::iter::once(found)));
    let modes: Vec<(&str, Span)> = modes.filter_map(|mode| Some((mode.text()?, mode.span()))).collect();
    let native = config.get("use_native_sdk").into_iter().flat_map(Node::entries);
    let mut native = native.filter(|entry| entry.value().boolean() == Some(true)).map(|entry| entry.value().span());
    let device = modes.iter().find(|(mode, _)| matches!(*mode, "device" | "hybrid"));
    if let Some(span) = device.map(|(_, span)| *span).or_else(|| native.next()) {
        return Some(("device", span));
    }
    let (_, first) = modes.first()?;
    modes.iter().all(|(mode, _)| *mode == "cloud").then_some(("cloud", *first))
}

/// The consent ids that a destination needs, each a category that lists it.
fn consent(map: Node<'_>, place: Span, entity: &mut Entity, model: &mut Model, problems: &mut Vec<Problem>) {
    let mut found = false;
    for entry in map.entries() {
        let providers = entry.value();
        if !matches!(providers.shape(), Shape::List | Shape::Null) {
            let message = format!("the consent settings for `{}` are no list, so they are not read", entry.key());
            let help = "list the providers, each with its `consents`";
            problems.push(Problem::at(Stage::Schema, entry.key_span(), message).help(help));
        }
        for provider in providers.items() {
            found |= categories(provider, entity, model);
        }
    }
    if found {
        let mut manager = Entity::new(&kind::CONSENT, Located::new("rudderstack".to_owned(), place));
        set_text(&mut manager.object, "manager", "rudderstack", place);
        model.consents.push(manager);
    }
}

/// The categories of one provider; tells whether there are any.
fn categories(provider: Node<'_>, entity: &mut Entity, model: &mut Model) -> bool {
    let mut found = false;
    for node in provider.get("consents").into_iter().flat_map(Node::items) {
        // The web app writes `{consent: …}` around an id.
        let node = node.get("consent").unwrap_or(node);
        let Some(id) = written(node) else { continue };
        found = true;
        let mut category = Entity::new(&kind::CATEGORY, name(node, id));
        let listed = vec![(entity.id.value.clone(), node.span())];
        set_list(&mut category.object, "destinations", listed, node.span());
        model.categories.push(category);
    }
    if let Some((word, span)) = written_at(provider, "resolution_strategy") {
        let any = word.eq_ignore_ascii_case("or");
        // Types of sources may differ; what lets more through counts.
        if any || entity.object.get("consent_needs").is_none() {
            set_text(&mut entity.object, "consent_needs", if any { "any" } else { "all" }, span);
        }
    }
    found
}

fn source(kind: &str, spec: Node<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let Some(mut entity) = entity(&kind::SOURCE, spec, problems) else { return };
    let object = &mut entity.object;
    if kind.starts_with("retl-") {
        set_text(object, "platform", "retl", entity.id.span);
    } else if let Some((ty, span)) = written_at(spec, "type") {
        let known = PLATFORMS.iter().find(|(_, types)| types.contains(&ty.to_ascii_lowercase().as_str()));
        known.into_iter().for_each(|(platform, _)| set_text(object, "platform", platform, span));
    }
    if let Some(validations) = spec.at(&["governance", "validations"]) {
        if let Some((text, span)) = written_at(validations, "tracking_plan") {
            set_text(object, "plan", target(text).map_or(text, |target| target.id), span);
        }
        for (path, field) in DROPS {
            let dropped = validations.get("config").and_then(|config| config.at(&path));
            if let Some((drops, span)) = dropped.and_then(|node| Some((node.boolean()?, node.span()))) {
                set_inner(object, "unplanned", field, Located::new(Value::Bool(!drops), span));
            }
        }
    }
    model.sources.push(entity);
}

/// Where the events of sources go. A source whose connections are all switched off goes nowhere.
fn connections(spec: Node<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let listed = spec.get("connections").into_iter().flat_map(Node::items);
    let single = spec.get("source").map(|_| spec);
    for connection in listed.chain(single) {
        let end = |key: &str| {
            let node = connection.get(key)?;
            let text = node.text()?;
            Some((target(text).map_or(text, |target| target.id), node))
        };
        let (Some((from, source)), Some((to, destination))) = (end("source"), end("destination")) else {
            let message = "this connection lacks its source or its destination";
            let help = "write both as references, such as `#destination:<id>`";
            problems.push(Problem::at(Stage::Schema, connection.span(), message).help(help));
            continue;
        };
        let wired = Located::new(from.to_owned(), source.span());
        let open = connection.get("enabled").and_then(Node::boolean) != Some(false);
        let mut entity = Entity::implied(&kind::SOURCE, name(source, from));
        model.events.extend(open.then(|| mapped(connection, wired)).flatten().map(Arc::new));
        let listed = open.then(|| (to.to_owned(), destination.span())).into_iter().collect();
        set_list(&mut entity.object, "destinations", listed, destination.span());
        model.sources.push(entity);
    }
}

/// What a reverse ETL connection sends: the columns that it maps, under the names that the destination gets.
fn mapped(connection: Node<'_>, source: Located<String>) -> Option<Event> {
    let config = connection.get("config")?;
    let lists = ["identifiers", "mappings"].into_iter().filter_map(|key| config.get(key));
    let mut properties = Vec::new();
    for column in lists.flat_map(Node::items) {
        let Some((text, span)) = written_at(column, "to").or_else(|| written_at(column, "from")) else { continue };
        let (section, path) = match text.strip_prefix("traits.") {
            Some(path) => (Section::Traits, path),
            None => (Section::Properties, text.strip_prefix("properties.").unwrap_or(text)),
        };
        let (path, hint, values) = (Located::new(path.into(), span), ValueHint::default(), Box::default());
        properties.push(Property { path, section, hint, values, declared: None, seen: None });
    }
    let named = connection.get("id").and_then(|id| Some(name(id, written(id)?)));
    let name = named.unwrap_or_else(|| source.clone());
    let event = Event { name, call: EventType::Track, plan: None, sources: vec![source], incentive: None, properties };
    (!event.properties.is_empty()).then_some(event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_leads_to_the_catalogue() {
        let rows = TYPES.lines().filter(|line| !line.starts_with('#')).skip(1);
        for (ty, slug) in rows.map(|line| line.split_once('\t').unwrap()) {
            assert!(is_known(slug), "{ty}");
        }
        assert_eq!(catalogued("MP"), Some("mixpanel"));
        assert_eq!(catalogued("braze"), Some("braze"));
        assert_eq!(catalogued("http"), None);
    }
}
