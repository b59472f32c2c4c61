//! Our own format: a file marked by `datamap: 1`.

use super::{Adapter, Candidate};
use crate::document::{Entry, Node};
use crate::finding::{Problem, Stage};
use crate::model::kind::{self, Field, Kind, Type};
use crate::model::remedy::{PLACEHOLDER, STILL_OPEN};
use crate::model::schema::REQUESTS;
use crate::model::{Origin, ClassSet, Entity, Event, EventType, FieldRule, Located, Model, Object, Property, Section, Value, ValueHint};
use crate::source::Span;
use std::sync::Arc;

/// The data map.
pub static ADAPTER: Adapter = Adapter {
    name: "datamap",
    about: "the data map of consentlint, marked by `datamap: 1`",
    origin: Origin::Inventory,
    schema: Some(include_str!("../../policies/schemas/datamap.json")),
    recognises: |candidate| candidate.document.root().get("datamap").is_some(),
    meant: |text| text.lines().take(50).any(begins_a_map),
    lower,
};

/// Whether a line begins a data map, be it in braces or quotes.
fn begins_a_map(line: &str) -> bool {
    line.trim_start_matches(['\u{feff}', '{', ' ', '\t']).trim_start_matches('"').starts_with("datamap")
}

fn lower(candidate: &Candidate<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let root = candidate.document.root();
    for section in root.entries().filter(|section| !section.key().starts_with("x-")) {
        still_open(section.value(), problems);
    }
    model.declared = true;
    for section in root.entries() {
        let (node, place) = (section.value(), section.key_span());
        match section.key() {
            "business" => model.business = Some(single(&kind::BUSINESS, "business", node, place)),
            "signals" => model.signals.extend(named(&kind::SIGNAL, node)),
            "consent" => lower_consent(node, place, model),
            "destinations" => model.destinations.extend(listed(&kind::DESTINATION, node, "id")),
            "sources" => model.sources.extend(listed(&kind::SOURCE, node, "id")),
            "events" => model.events.extend(node.items().filter_map(lower_event).map(Arc::new)),
            "notice" => model.notices.extend(node.get("categories").into_iter().flat_map(notices)),
            "requests" => {
                let known = named(&kind::REQUEST, node).filter(|request| REQUESTS.contains(&request.id.value.as_str()));
                model.requests.extend(known);
            }
            "decisions" => model.decisions.extend(listed(&kind::DECISION, node, "id")),
            "fields" => model.fields.extend(node.items().filter_map(lower_field)),
            _ => {}
        }
    }
}

fn lower_consent(node: Node<'_>, place: Span, model: &mut Model) {
    let consent = single(&kind::CONSENT, "consent", node, place);
    if consent.object.entries().next().is_some() {
        model.consents.push(consent);
    }
    if let Some(banner) = node.entry("banner") {
        model.banners.push(single(&kind::BANNER, "banner", banner.value(), banner.key_span()));
    }
    model.categories.extend(node.get("categories").into_iter().flat_map(|list| listed(&kind::CATEGORY, list, "id")));
}

/// The one entity of its kind; its place is the key of its section.
fn single(kind: &'static Kind, id: &str, node: Node<'_>, place: Span) -> Entity {
    let mut entity = Entity::new(kind, Located::new(id.to_owned(), place));
    entity.object = object(kind.fields, node);
    entity
}

/// Entities under names of their own, such as the request types.
fn named<'d>(kind: &'static Kind, node: Node<'d>) -> impl Iterator<Item = Entity> + 'd {
    node.entries().map(move |entry| single(kind, entry.key(), entry.value(), entry.key_span()))
}

/// Entities in a list; those without an id were reported by the schema.
fn listed<'d>(kind: &'static Kind, node: Node<'d>, key: &'static str) -> impl Iterator<Item = Entity> + 'd {
    node.items().filter_map(move |item| {
        let id = item.get(key)?;
        let mut entity = Entity::new(kind, Located::new(id.text()?.to_owned(), id.span()));
        entity.id.alias = item.alias();
        entity.object = object(kind.fields, item);
        Some(entity)
    })
}

fn notices(node: Node<'_>) -> impl Iterator<Item = Entity> {
    node.items().filter_map(|item| {
        let first = item.entry("pi").or_else(|| item.entry("spi")).or_else(|| item.entries().next())?;
        let object = object(kind::NOTICE.fields, item);
        let mut codes = class_set(&object, "pi").union(class_set(&object, "spi")).codes().collect::<Vec<_>>().join("+");
        if codes.is_empty() {
            codes = "?".to_owned();
        }
        let mut entity = Entity::new(&kind::NOTICE, Located::new(codes, first.value().span()));
        entity.object = object;
        Some(entity)
    })
}

fn lower_event(node: Node<'_>) -> Option<Event> {
    let name = node.get("name")?;
    let object = object(kind::EVENT.fields, node);
    let sources = object.texts("sources").map(|(source, span)| Located::new(source.to_owned(), span)).collect();
    let properties = [("properties", Section::Properties), ("traits", Section::Traits)]
        .into_iter()
        .flat_map(|(key, section)| node.get(key).into_iter().flat_map(move |list| list.items().map(move |item| (item, section))))
        .filter_map(|(item, section)| lower_property(item, section))
        .collect();
    Some(Event {
        name: Located::new(name.text()?.to_owned(), name.span()),
        call: object.text("type").and_then(EventType::parse).unwrap_or(EventType::Track),
        plan: None,
        sources,
        incentive: object.boolean("incentive"),
        properties,
    })
}

fn lower_property(node: Node<'_>, section: Section) -> Option<Property> {
    let name = node.get("name")?;
    let declared = object(kind::PROPERTY.fields, node);
    let is = |word: &str| declared.text("type") == Some(word);
    let hint = ValueHint {
        boolean: is("boolean"),
        string: is("string"),
        number: is("number") || is("integer"),
        container: is("object") || is("array"),
        format: declared.text("format").and_then(crate::model::Format::parse),
    };
    let path = Located::new(name.text()?.into(), name.span());
    Some(Property { path, section, hint, values: Box::default(), declared: Some(Box::new(declared)), seen: None })
}

fn lower_field(node: Node<'_>) -> Option<FieldRule> {
    let pattern = node.get("match")?;
    let pattern = Located::new(pattern.text()?.to_owned(), pattern.span());
    Some(FieldRule { pattern, declared: object(kind::PROPERTY.fields, node) })
}

fn class_set(object: &Object, name: &str) -> ClassSet {
    object.texts(name).filter_map(|(code, _)| ClassSet::parse(code)).collect()
}

/// Whether a value is a placeholder; names may be any word.
fn is_open(entry: Entry<'_>) -> bool {
    entry.value().text() == Some(PLACEHOLDER) && !["id", "name", "match"].contains(&entry.key())
}

/// A value that is still to be filled in must not be taken for one.
fn still_open(node: Node<'_>, problems: &mut Vec<Problem>) {
    for entry in node.entries() {
        if is_open(entry) {
            let message = format!("`{}` {STILL_OPEN}", entry.key());
            let help = format!("write the value in the place of `{PLACEHOLDER}`; until then it counts as unknown");
            problems.push(Problem::at(Stage::Schema, entry.value().span(), message).help(help));
        }
        still_open(entry.value(), problems);
    }
    node.items().for_each(|item| still_open(item, problems));
}

/// Reads what the field table knows; everything else was reported by the schema.
fn object(fields: &'static [Field], node: Node<'_>) -> Object {
    let mut object = Object::new(fields);
    for entry in node.entries() {
        let Some(field) = fields.iter().find(|field| field.name == entry.key() && !field.derived) else { continue };
        let open = is_open(entry).then(|| Value::Unknown(format!("it {STILL_OPEN}")));
        let open = open.or_else(|| unread(field, entry.value()));
        let Some(value) = open.or_else(|| value(&field.ty, entry.value())) else { continue };
        // Of a list or an object the key is underlined, not the block below it.
        let scalar = crate::model::entity::is_scalar(&field.ty) && entry.value().scalar().is_some();
        let span = if scalar { entry.value().span() } else { entry.key_span() };
        object.set(field.name, Located { value, span, alias: entry.value().alias() });
    }
    object
}

/// What says whether data is sold and how long it is kept is unknown where it is written in another way than its type: left
/// out, it would be taken for not declared.
fn unread(field: &Field, node: Node<'_>) -> Option<Value> {
    const TELLING: [&str; 4] = ["sells", "shares", "purposes", "retention_days"];
    let fits = match field.ty {
        Type::Bool => node.boolean().is_some(),
        Type::Int => node.integer().is_some(),
        Type::List(_) => node.text().is_none(),
        _ => true,
    };
    let text = node.text().filter(|_| !fits && TELLING.contains(&field.name))?;
    Some(Value::Unknown(format!("it is written as `{text}`")))
}

fn value(ty: &Type, node: Node<'_>) -> Option<Value> {
    match ty {
        Type::Bool => node.boolean().map(Value::Bool),
        Type::Int => node.integer().map(Value::Int),
        Type::Text | Type::Url | Type::Date | Type::Reference(_) => node.text().map(|text| Value::Text(text.to_owned())),
        Type::Choice(words) => node.text().filter(|text| words.contains(text)).map(|text| Value::Text(text.to_owned())),
        // A single code may stand without brackets.
        Type::Classes if node.text().is_some() => Some(Value::List(items(&Type::Text, std::iter::once(node)))),
        Type::Classes => Some(Value::List(items(&Type::Text, node.items()))),
        Type::List(item) => Some(Value::List(items(item, node.items()))),
        Type::Object(fields) if node.shape() == crate::document::Shape::Map => Some(Value::Object(object(fields, node))),
        Type::Object(_) => None,
    }
}

fn items<'d>(ty: &Type, nodes: impl Iterator<Item = Node<'d>>) -> Vec<Located<Value>> {
    nodes.filter_map(|node| Some(Located { value: value(ty, node)?, span: node.span(), alias: node.alias() })).collect()
}
