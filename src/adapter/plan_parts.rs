//! What the formats of tracking plans have in common: events in a list, and the names of a plan.

use super::Candidate;
use super::json_schema::Reader;
use crate::document::{Node, Shape};
use crate::finding::closest;
use crate::model::{Event, EventType, Located, Model, Plan, Property, Section};
use crate::source::Span;
use std::sync::Arc;

/// How many entries of a list are looked at to tell a format; one broken entry must not hide the others.
pub(super) const SAMPLE: usize = 8;

/// File names that say nothing about the plan: the folder is named after it.
const GENERIC_STEMS: &[&str] = &["plan", "rules", "current-rules", "tracking-plan", "tracking_plan", "trackingplan"];

/// Where a format keeps the properties of an event.
#[derive(Clone, Copy)]
pub(super) enum Holder {
    /// A JSON Schema under this key.
    Schema(&'static str),
    /// A mapping from names to schemas, or a list of named schemas, under this key; it may be left out.
    Members(&'static str),
}

/// The keys of an event in a list.
#[derive(Clone, Copy)]
pub(super) struct Keys {
    /// The list, for messages.
    pub(super) list: &'static str,
    /// The event's name.
    pub(super) name: &'static str,
    /// The call that sends it.
    pub(super) call: &'static str,
    /// Its properties.
    pub(super) holder: Holder,
}

/// Whether any of the first entries of a list fits.
pub(super) fn any_item<'d>(list: Node<'d>, fits: impl Fn(Node<'d>) -> bool) -> bool {
    list.items().take(SAMPLE).any(fits)
}

/// Whether the value at a key is a mapping.
pub(super) fn has_map(node: Node<'_>, key: &str) -> bool {
    node.get(key).is_some_and(|found| found.shape() == Shape::Map)
}

/// Whether the value at a key is a list.
pub(super) fn has_list(node: Node<'_>, key: &str) -> bool {
    node.get(key).is_some_and(|found| found.shape() == Shape::List)
}

/// The string at a key, unless it is empty.
pub(super) fn text_at<'d>(node: Node<'d>, key: &str) -> Option<&'d str> {
    node.get(key)?.text().filter(|text| !text.is_empty())
}

/// Whether the value at a key names the type of an event.
pub(super) fn has_call(node: Node<'_>, key: &str) -> bool {
    text_at(node, key).and_then(EventType::parse).is_some()
}

/// Whether a name is the one of a tracking plan in Segment's Config API.
pub(super) fn is_resource_name(name: &str) -> bool {
    name.strip_prefix("workspaces/").is_some_and(|rest| rest.contains("/tracking-plans/"))
}

/// The part of an event that a flat schema describes.
pub(super) fn own_section(call: EventType) -> Section {
    match call {
        EventType::Identify | EventType::Group => Section::Traits,
        _ => Section::Properties,
    }
}

/// Reads the events of a list.
pub(super) fn events<'d>(list: Node<'d>, keys: Keys, plan: usize, reader: &mut Reader<'d, '_>, model: &mut Model) {
    if list.shape() != Shape::List {
        if !list.is_null() {
            let message = format!("`{}` is not a list of events", keys.list);
            reader.problem(list.span(), message, "write the events as a list, or export the plan again");
        }
        return;
    }
    model.events.reserve(list.count());
    for item in list.items() {
        model.events.extend(event(item, keys, plan, reader).map(Arc::new));
    }
}

fn event<'d>(item: Node<'d>, keys: Keys, plan: usize, reader: &mut Reader<'d, '_>) -> Option<Event> {
    if item.shape() != Shape::Map {
        let message = format!("an entry of `{}` is not an event", keys.list);
        reader.problem(item.span(), message, "write it as an object with a name and a schema, or remove it");
        return None;
    }
    let call = call(item, keys, reader);
    let name = name(item, keys, call, reader)?;
    let call = call.unwrap_or(EventType::Track);
    let properties = match keys.holder {
        Holder::Schema(key) => match item.get(key).filter(|schema| !schema.is_null()) {
            Some(schema) => written(schema, &name, call, reader),
            None => {
                let message = format!("event `{}` has no schema", name.value);
                reader.problem(name.span, message, format!("add its JSON Schema as `{key}`; `{{}}` allows anything"));
                Vec::new()
            }
        },
        Holder::Members(key) => match item.get(key) {
            Some(members) => reader.members(members, own_section(call)),
            None => Vec::new(),
        },
    };
    Some(of_plan(name, call, plan, properties))
}

/// The properties of a schema that is written out, or as JSON in a string.
fn written<'d>(
    schema: Node<'d>,
    name: &Located<String>,
    call: EventType,
    reader: &mut Reader<'d, '_>,
) -> Vec<Property> {
    if schema.computed().is_some() {
        let message = format!("the schema of event `{}` is computed, so its properties are not seen", name.value);
        reader.problem(schema.span(), message, "write the schema out, or check the plan as the platform exports it");
        return Vec::new();
    }
    if schema.shape() != Shape::Text {
        return reader.event_schema(schema, own_section(call));
    }
    let known = reader.problems.len();
    match schema.embedded(reader.problems) {
        Some(inner) => Reader::new(inner.root(), reader.problems).event_schema(inner.root(), own_section(call)),
        // Why it cannot be read was said.
        None if reader.problems.len() > known => Vec::new(),
        None => reader.event_schema(schema, own_section(call)),
    }
}

/// Reads an event that stands alone where a list of events is expected.
pub(super) fn event_of<'d>(item: Node<'d>, keys: Keys, plan: usize, reader: &mut Reader<'d, '_>, model: &mut Model) {
    model.events.extend(event(item, keys, plan, reader).map(Arc::new));
}

/// The call that is named; a word that is none is reported and read as `track`.
fn call<'d>(item: Node<'d>, keys: Keys, reader: &mut Reader<'d, '_>) -> Option<EventType> {
    let node = item.get(keys.call).filter(|node| !node.is_null())?;
    let written = node.scalar().unwrap_or("");
    if let Some(call) = EventType::parse(written) {
        return Some(call);
    }
    let known = ["track", "identify", "group", "page", "screen", "alias", "common"];
    let help = match closest(written, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("use one of {}", known.join(", ")),
    };
    reader.problem(node.span(), format!("`{written}` is not a type of event; it is read as `track`"), help);
    Some(EventType::Track)
}

/// The event's name, or what stands for it: the metadata in its schema, or the type of a call without names.
fn name<'d>(
    item: Node<'d>,
    keys: Keys,
    call: Option<EventType>,
    reader: &mut Reader<'d, '_>,
) -> Option<Located<String>> {
    let named = item.get(keys.name);
    let metadata = match keys.holder {
        Holder::Schema(key) => item.at(&[key, "eventMetadata", "name"]),
        Holder::Members(_) => None,
    };
    for node in [named, metadata].into_iter().flatten().filter(|node| !node.is_null()) {
        if let Some(text) = node.scalar().filter(|text| !text.trim().is_empty()) {
            return Some(Located { value: text.to_owned(), span: node.span(), alias: node.alias() });
        }
    }
    let place = named.or_else(|| item.get(keys.call)).unwrap_or(item).span();
    let (message, help) = match call {
        Some(call) if call != EventType::Track => {
            let place = item.get(keys.call).map_or(place, Node::span);
            return Some(Located::new(call.name().to_owned(), place));
        }
        Some(_) => {
            (format!("a track event in `{}` has no name", keys.list), format!("give it a name in `{}`", keys.name))
        }
        None => (
            format!("an entry of `{}` has neither `{}` nor `{}`", keys.list, keys.name, keys.call),
            format!("give it a name in `{}`, or say in `{}` which call it describes", keys.name, keys.call),
        ),
    };
    reader.problem(place, message, help);
    None
}

/// An event of a plan.
pub(super) fn of_plan(name: Located<String>, call: EventType, plan: usize, properties: Vec<Property>) -> Event {
    Event { name, call, plan: Some(plan), sources: Vec::new(), incentive: None, properties }
}

/// The event of a call without names, described by a list of traits; nothing for an empty list.
pub(super) fn traits_event<'d>(
    holder: Node<'d>,
    key: &str,
    call: EventType,
    plan: usize,
    reader: &mut Reader<'d, '_>,
    model: &mut Model,
) {
    let Some(entry) = holder.entry(key) else { return };
    let traits = entry.value();
    if !matches!(traits.shape(), Shape::List | Shape::Map | Shape::Null) {
        reader.problem(traits.span(), format!("`{key}` is not a list of traits"), "write the traits as a list");
        return;
    }
    if traits.count() == 0 {
        return;
    }
    let properties = reader.members(traits, Section::Traits);
    let name = Located::new(call.name().to_owned(), entry.key_span());
    model.events.push(of_plan(name, call, plan, properties).into());
}

/// Adds a plan whose names are the values of `keys`, the most telling first, and those that its path gives.
pub(super) fn add_plan(candidate: &Candidate<'_>, body: Node<'_>, keys: &[&str], model: &mut Model) -> usize {
    let mut names: Vec<String> = Vec::new();
    let mut shown: Option<Located<String>> = None;
    for key in keys {
        let Some(node) = body.get(key) else { continue };
        let Some(text) = node.scalar().filter(|text| !text.is_empty() && !node.is_null()) else { continue };
        shown.get_or_insert_with(|| Located::new(text.to_owned(), node.span()));
        add_name(&mut names, text);
        if let Some((_, id)) = text.rsplit_once('/').filter(|_| is_resource_name(text)) {
            add_name(&mut names, id);
        }
    }
    for name in path_names(candidate.path) {
        add_name(&mut names, name);
    }
    let first = || Located::new(names.first().cloned().unwrap_or_default(), Span::file(candidate.document.source()));
    let name = shown.unwrap_or_else(first);
    push_plan(model, name, names)
}

/// Adds a plan that is shown as `name`.
pub(super) fn push_plan(model: &mut Model, name: Located<String>, names: Vec<String>) -> usize {
    model.plans.push(Plan { name, names, observed: false });
    model.plans.len() - 1
}

/// Adds a name unless it is empty or there.
pub(super) fn add_name(names: &mut Vec<String>, name: &str) {
    if !name.is_empty() && names.iter().all(|known| known != name) {
        names.push(name.to_owned());
    }
}

/// The names that a path gives to a plan: the file's, or its folder's where the file is called like all plans are.
fn path_names(path: &str) -> impl Iterator<Item = &str> {
    let stem = stem(path);
    let folder = folders(path).next_back();
    let generic = GENERIC_STEMS.contains(&stem.to_ascii_lowercase().as_str());
    folder.filter(|_| generic).into_iter().chain((!generic || folder.is_none()).then_some(stem))
}

/// A file's name without its extension.
pub(super) fn stem(path: &str) -> &str {
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let file = file.strip_suffix(".gz").unwrap_or(file);
    file.rsplit_once('.').map_or(file, |(stem, _)| if stem.is_empty() { file } else { stem })
}

/// The named folders of a path, from the outermost.
pub(super) fn folders(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    let directory = path.rfind(['/', '\\']).and_then(|end| path.get(..end)).unwrap_or("");
    directory.split(['/', '\\']).filter(|folder| !matches!(*folder, "" | "." | ".."))
}
