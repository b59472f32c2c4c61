//! What Segment's Terraform provider and the exports of its Public API have in common: destination filters, mappings
//! of subscriptions, connection modes and the platforms of sources.

mod filter;
pub(super) mod sources;

use crate::document::{MAX_DEPTH, Node, Shape};
use crate::finding::Problem;
use crate::model::catalogue::{Lookup, lookup};
use crate::model::kind::{self, Kind, Type};
use crate::model::{Entity, Event, EventType, Located, Object, Property, Section, Value, ValueHint};
use crate::source::Span;
use filter::{Condition, condition};
use std::collections::HashSet;

/// Lets everything through, see `filters.allow_properties`.
const EVERYTHING: &str = "*";

/// A text at its place.
pub(super) fn text(value: impl Into<String>, span: Span) -> Located<Value> {
    Located::new(Value::Text(value.into()), span)
}

/// The first string at one of these keys, unless it is empty.
pub(super) fn named<'d>(node: Node<'d>, keys: &[&str]) -> Option<(&'d str, Span)> {
    let nodes = keys.iter().filter_map(|key| node.get(key));
    let mut texts = nodes.filter_map(|node| Some((node.text().filter(|text| !text.trim().is_empty())?, node.span())));
    texts.next()
}

/// A truth value, or what computes it; `None` for null and for anything else.
pub(super) fn truth(node: Node<'_>) -> Option<Located<Value>> {
    let value = match node.shape() {
        Shape::Bool(value) => Value::Bool(value),
        Shape::Code(_) => Value::Unknown("computed by an expression".to_owned()),
        _ => return None,
    };
    Some(Located { value, span: node.span(), alias: node.alias() })
}

/// Copies a truth value to an attribute of the same meaning.
pub(super) fn copy_truth(node: Node<'_>, key: &str, object: &mut Object, attribute: &str) {
    if let Some(value) = node.get(key).and_then(truth) {
        object.set(attribute, value);
    }
}

/// Whether something is certainly switched off.
pub(super) fn is_off(node: Node<'_>) -> bool {
    node.get("enabled").and_then(Node::boolean) == Some(false)
}

/// Opens a value that may be written out or as JSON in a string.
pub(super) fn opened<R>(node: Node<'_>, problems: &mut Vec<Problem>, then: impl FnOnce(Node<'_>) -> R) -> R {
    match node.embedded(problems) {
        Some(document) => then(document.root()),
        None => then(node),
    }
}

/// Adds texts to a list attribute, which may hold some already. The list's place is its first item.
pub(super) fn add_texts(object: &mut Object, attribute: &str, items: Vec<Located<Value>>) {
    let Some(first) = items.first().map(|item| item.span) else { return };
    let mut all: Vec<Located<Value>> = object.list(attribute).to_vec();
    let mut known: HashSet<String> = all.iter().map(|item| item.value.display()).collect();
    all.extend(items.into_iter().filter(|item| known.insert(item.value.display())));
    let span = object.get(attribute).map_or(first, |known| known.span);
    object.set(attribute, Located::new(Value::List(all), span));
}

/// Adds texts to a list of a destination's `filters`.
fn add_filter(destination: &mut Entity, list: &str, items: Vec<Located<Value>>) {
    let Some(first) = items.first().map(|item| item.span) else { return };
    let known = match destination.object.get("filters") {
        Some(Located { value: Value::Object(filters), span, .. }) => Some((filters.clone(), *span)),
        _ => None,
    };
    let (mut filters, span) = match known {
        Some(known) => known,
        None => match fields(&kind::DESTINATION, "filters") {
            Some(filters) => (filters, first),
            None => return,
        },
    };
    add_texts(&mut filters, list, items);
    destination.object.set("filters", Located::new(Value::Object(filters), span));
}

/// An empty object for an attribute that has members.
pub(super) fn fields(kind: &Kind, attribute: &str) -> Option<Object> {
    let field = kind.fields.iter().find(|field| field.name == attribute)?;
    if let Type::Object(fields) = field.ty { Some(Object::new(fields)) } else { None }
}

/// Sets `catalog` from what names the type of a destination, and the name of the type where it has none of its own.
/// Private destinations and functions are in no catalogue.
pub(super) fn set_catalog(described: Node<'_>, keys: &[&str], object: &mut Object) {
    for key in keys {
        let Some((written, span)) = named(described, &[key]) else { continue };
        let Lookup::Found(known) = lookup(written) else { continue };
        object.set("catalog", text(written, span));
        if object.get("name").is_none() {
            object.set("name", text(known.name, span));
        }
        return;
    }
}

/// Says that all filters of a destination are in the files that are read, be it that there is none.
pub(super) fn set_unfiltered(destination: &mut Entity) {
    if let Some(none) = fields(&kind::DESTINATION, "filters") {
        destination.object.set("filters", Located::new(Value::Object(none), destination.id.span));
    }
}

/// Sets `mode` where the settings of a destination state it, for any of the platforms that they name.
pub(super) fn set_mode(settings: Node<'_>, object: &mut Object) {
    for key in ["connectionMode", "connection_mode"] {
        let Some(node) = settings.get(key) else { continue };
        let stated = std::iter::once(node).chain(node.entries().map(|entry| entry.value()));
        let modes: Vec<(&str, Span)> = stated.filter_map(|node| Some((node.text()?, node.span()))).collect();
        let found = |mode: &str| modes.iter().find(|(text, _)| text.eq_ignore_ascii_case(mode));
        let mode = found("device").map(|found| ("device", found.1)).or(found("cloud").map(|found| ("cloud", found.1)));
        if let Some((mode, span)) = mode {
            object.set("mode", text(mode, span));
            return;
        }
    }
}

/// Writes what a destination filter keeps from its destination; what depends on anything but an event's name keeps
/// nothing for certain.
pub(super) fn filter(body: Node<'_>, destination: &mut Entity, problems: &mut Vec<Problem>) {
    if is_off(body) || body.get("enabled").is_some_and(|node| node.computed().is_some()) {
        return;
    }
    let Some(when) = body.get("if").or_else(|| body.get("condition")) else { return };
    let condition = when.text().map_or(Condition::Undecided, condition);
    let actions = body.get("actions").into_iter();
    let (mut events, mut dropped, mut allowed) = (Vec::new(), Vec::new(), Vec::new());
    for action in actions.flat_map(|node| node.items().chain((node.shape() == Shape::Map).then_some(node))) {
        let Some((named, _)) = named(action, &["type"]) else { continue };
        match (named.to_ascii_lowercase().as_str(), &condition) {
            ("drop" | "drop_event", Condition::Events(names)) => {
                events.extend(names.iter().map(|event| text(event.as_str(), when.span())));
            }
            ("drop_properties" | "blacklist_fields", Condition::All) => {
                dropped.extend(names_in(action, false, problems));
            }
            ("allow_properties" | "whitelist_fields", Condition::All) => {
                allowed.extend(names_in(action, true, problems));
            }
            _ => {}
        }
    }
    for (list, names) in [("drop_events", events), ("drop_properties", dropped), ("allow_properties", allowed)] {
        add_filter(destination, list, names);
    }
}

/// The names in the `fields` of an action.
fn names_in(action: Node<'_>, open: bool, problems: &mut Vec<Problem>) -> Vec<Located<Value>> {
    action.get("fields").map_or_else(Vec::new, |fields| opened(fields, problems, |fields| listed(fields, open)))
}

/// The names in fields, each with the part of the event that they belong to. With `open`, parts that are
/// not named are let through whole.
fn listed(fields: Node<'_>, open: bool) -> Vec<Located<Value>> {
    let mut names = Vec::new();
    for section in ["properties", "traits", "context"] {
        let Some(entry) = fields.entry(section).filter(|entry| !entry.value().is_null()) else {
            if open && fields.shape() == Shape::Map {
                names.push(text(format!("{section}.{EVERYTHING}"), fields.span()));
            }
            continue;
        };
        let list = entry.value().get("fields").unwrap_or(entry.value());
        if open && list.shape() != Shape::List {
            names.push(text(format!("{section}.{EVERYTHING}"), entry.key_span()));
        }
        names.extend(keys_of(list, section));
    }
    // Of what an object inside a part is allowed to hold, the part is let through whole; that more is said of it is not followed.
    let inner =
        fields.entries().filter(|_| !open).filter_map(|entry| Some((inner_object(entry.key())?, entry.value())));
    names.extend(inner.flat_map(|(object, list)| keys_of(list, &object)));
    names
}

/// The keys that are taken from an object.
fn keys_of(list: Node<'_>, object: &str) -> Vec<Located<Value>> {
    let keys = list.items().filter_map(|item| Some((item.text()?, item.span())));
    keys.map(|(name, span)| text(format!("{object}.{name}"), span)).collect()
}

/// The path of an object inside a part of an event (`properties.address`), as filters name it; the traits in the context are
/// traits. Source: `transformers` of segmentio/tsub-js, where keys are taken from the object at a path.
fn inner_object(path: &str) -> Option<String> {
    if let Some(rest) = path.strip_prefix("context.traits").filter(|rest| rest.is_empty() || rest.starts_with('.')) {
        return Some(format!("traits{rest}"));
    }
    let (part, rest) = path.split_once('.')?;
    (["properties", "traits", "context"].contains(&part) && !rest.is_empty()).then(|| path.to_owned())
}

/// Writes what the mapping of a subscription lets through to its destination.
pub(super) fn mapping(mapping: Node<'_>, destination: &mut Entity) {
    let mut walk = Mapping { names: Vec::new(), depth: 0 };
    match mapping.shape() {
        Shape::Map | Shape::List | Shape::Code(_) => walk.value(mapping),
        // What cannot be read may send anything.
        _ => walk.names.push(text(EVERYTHING, mapping.span())),
    }
    add_filter(destination, "allow_properties", walk.names);
}

/// What a model sends: the columns that the mapping of a subscription selects; no tracking plan describes them.
pub(super) fn columns(model: Located<String>, destination: &Entity) -> Option<Event> {
    let selected = destination.object.texts("filters.allow_properties").filter(|(name, _)| *name != EVERYTHING);
    let property = |(name, span): (&str, Span)| Property {
        path: Located::new(name.into(), span),
        section: Section::Properties,
        hint: ValueHint::default(),
        values: Box::default(),
        declared: None,
        seen: None,
    };
    let properties: Vec<Property> = selected.map(property).collect();
    let event = || Event {
        name: model.clone(),
        call: EventType::Track,
        plan: None,
        sources: vec![model.clone()],
        incentive: None,
        properties: properties.clone(),
    };
    (!properties.is_empty()).then(event)
}

/// The walk through a mapping: every path in it is a value that is sent.
struct Mapping {
    names: Vec<Located<Value>>,
    depth: usize,
}

impl Mapping {
    fn value(&mut self, node: Node<'_>) {
        if self.depth >= MAX_DEPTH {
            return;
        }
        self.depth += 1;
        match node.shape() {
            Shape::Map => node.entries().for_each(|entry| self.entry(entry.key(), entry.value())),
            Shape::List => node.items().for_each(|item| self.value(item)),
            Shape::Code(_) => self.names.push(text(EVERYTHING, node.span())),
            _ => {}
        }
        self.depth -= 1;
    }

    fn entry(&mut self, key: &str, value: Node<'_>) {
        match key {
            "@path" => self.path(value),
            "@template" | "@liquid" => self.holes(value),
            "@arrayPath" => {
                // The list first, then what each of its items becomes.
                value.items().take(1).for_each(|list| match list.text() {
                    Some(_) => self.path(list),
                    None => self.value(list),
                });
                value.items().skip(1).for_each(|item| self.value(item));
            }
            // What is asked is not sent.
            "@if" => value
                .entries()
                .filter(|entry| !matches!(entry.key(), "exists" | "blank" | "true"))
                .for_each(|entry| self.value(entry.value())),
            _ => self.value(value),
        }
    }

    fn path(&mut self, node: Node<'_>) {
        match node.text() {
            Some(path) => self.names.push(text(property(path), node.span())),
            None => self.value(node),
        }
    }

    /// Paths between `{{` and `}}`.
    fn holes(&mut self, node: Node<'_>) {
        let Some(template) = node.text() else { return self.value(node) };
        if template.contains("{%") {
            self.names.push(text(EVERYTHING, node.span()));
        }
        for hole in template.split("{{").skip(1) {
            let inside = hole.split("}}").next().unwrap_or(hole).trim_start_matches('{');
            let path = inside.split('|').next().unwrap_or(inside).trim();
            self.names.push(text(property(path), node.span()));
        }
    }
}

/// The property that a path of a mapping leads to, without the part of the event; `*` for a whole part.
fn property(path: &str) -> String {
    let plain = path.replace("['", ".").replace("[\"", ".").replace("']", "").replace("\"]", "");
    let plain = plain.strip_prefix('$').unwrap_or(&plain).trim_start_matches('.');
    for part in ["properties", "context.traits", "traits", "context"] {
        let Some(rest) = plain.strip_prefix(part) else { continue };
        if rest.is_empty() {
            return EVERYTHING.to_owned();
        }
        if let Some(rest) = rest.strip_prefix('.') {
            return inside(rest).to_owned();
        }
    }
    if plain.is_empty() { EVERYTHING.to_owned() } else { inside(plain).to_owned() }
}

/// A path up to the first list in it: whatever is in the list passes.
fn inside(path: &str) -> &str {
    let is_index = |segment: &str| segment == "$" || segment.bytes().all(|byte| byte.is_ascii_digit());
    let mut end = 0;
    for segment in path.split('.') {
        if is_index(segment) && end > 0 {
            return path.get(..end - 1).unwrap_or(path);
        }
        if let Some(bracket) = segment.find('[') {
            return path.get(..end + bracket).filter(|found| !found.is_empty()).unwrap_or(path);
        }
        end += segment.len() + 1;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lose_the_part_of_the_event() {
        for (path, expected) in [
            ("$.properties.email", "email"),
            ("$.context.traits.address.city", "address.city"),
            ("$.traits.first name", "first name"),
            ("$.properties['last name']", "last name"),
            ("$.context.ip", "ip"),
            ("$.userId", "userId"),
            ("$.properties.products[0].sku", "products"),
            ("$.properties.products.0.sku", "products"),
            ("$.properties.products.$.sku", "products"),
            ("$.propertiesOfMine", "propertiesOfMine"),
            ("$.properties", "*"),
            ("$.traits", "*"),
            ("$.context.traits", "*"),
            ("$.context", "*"),
            ("$", "*"),
            ("", "*"),
            ("traits.name", "name"),
        ] {
            assert_eq!(property(path), expected, "{path}");
        }
    }
}
