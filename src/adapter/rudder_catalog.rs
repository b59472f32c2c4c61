//! RudderStack's data catalog and tracking plans as rudder-cli keeps them: events, properties and custom types in
//! files of their own, and plans that refer to them.

use super::entity_parts::name;
use super::hint::{self, Seen};
use super::plan_parts::{add_name, push_plan, text_at};
use super::rudder_parts::{is_meant, CATALOG, kind, spec, target};
use super::{Adapter, Candidate};
use crate::document::{Node, Shape};
use crate::finding::{Problem, Stage};
use crate::model::define::{Definition, Member, Part, PendingEvent, Reference, Values};
use crate::model::{EventType, Located, Model, Origin, Section};
use crate::source::Span;

/// The data catalog and tracking plans of rudder-cli.
pub static ADAPTER: Adapter = Adapter {
    name: "rudder-catalog",
    about: "RudderStack data catalog and tracking plans: rudder-cli YAML",
    origin: Origin::Plan,
    schema: Some(include_str!("../../policies/schemas/rudder-catalog.json")),
    recognises: |candidate| kind(candidate).is_some_and(|kind| CATALOG.contains(&kind)),
    meant: is_meant,
    lower,
};

/// Where a property keeps what is known of its values, by spec version.
const CONFIGS: [&str; 2] = ["propConfig", "config"];

fn lower(candidate: &Candidate<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let root = candidate.document.root();
    let (Some(kind), Some(spec)) = (kind(candidate), spec(root, problems)) else { return };
    let group = root.at(&["metadata", "name"]);
    let group = group.and_then(|node| Some(name(node, node.scalar()?)));
    let group = group.unwrap_or_else(|| Located::new(kind.to_owned(), root.span()));
    let mut reading = Reading { group, problems };
    match kind {
        "events" | "event" => reading.definitions(spec, "events", Part::Event, model),
        "properties" | "property" => reading.definitions(spec, "properties", Part::Property, model),
        "custom-types" | "custom-type" => reading.definitions(spec, "types", Part::CustomType, model),
        "tp" | "tracking-plan" => reading.plan(spec, model),
        _ => {}
    }
}

/// Reads one file.
struct Reading<'p> {
    group: Located<String>,
    problems: &'p mut Vec<Problem>,
}

impl Reading<'_> {
    fn problem(&mut self, span: Span, message: impl Into<String>, help: &str) {
        self.problems.push(Problem::at(Stage::Schema, span, message).help(help));
    }

    /// The definitions of a list; where the file holds one alone, `spec` is it.
    fn definitions(&mut self, spec: Node<'_>, list: &str, part: Part, model: &mut Model) {
        // A single custom type lists members under `properties`, never other types under `types`.
        match spec.get(list).filter(|found| found.shape() == Shape::List) {
            Some(items) if spec.get("name").is_none() => {
                model.parts.definitions.reserve(items.count());
                for item in items.items() {
                    model.parts.definitions.extend(self.definition(item, part));
                }
            }
            _ if spec.get("name").is_some() || spec.get("id").is_some() => {
                model.parts.definitions.extend(self.definition(spec, part));
            }
            _ => {
                let message = format!("`spec` holds no {}", part.word());
                self.problem(spec.span(), message, &format!("list them under `{list}`"));
            }
        }
    }

    fn definition(&mut self, item: Node<'_>, part: Part) -> Option<Definition> {
        let called = item.get("event_type").filter(|node| !node.is_null());
        let call = called.and_then(|node| EventType::parse(node.text()?));
        let id = item.get("id").filter(|node| !node.is_null());
        let named = item.get("name").or(item.get("display_name"));
        let named = named.filter(|node| node.scalar().is_some_and(|text| !text.trim().is_empty()) && !node.is_null());
        let shown = match (named, called, id) {
            (Some(node), ..) => name(node, node.scalar()?),
            // The calls without names of their own.
            (None, Some(node), _) if call.is_some_and(|call| call != EventType::Track) => name(node, node.scalar()?),
            (None, _, Some(node)) if node.scalar().is_some() => name(node, node.scalar()?),
            _ => {
                let message = format!("this {} has neither `name` nor `id`", part.word());
                self.problem(item.span(), message, "give it a name, so that plans can refer to it");
                return None;
            }
        };
        let members = match part {
            Part::Property => Vec::new(),
            _ => self.own_members(item),
        };
        Some(Definition {
            part,
            group: self.group.clone(),
            id: id.and_then(|node| node.scalar()).unwrap_or_default().to_owned(),
            name: shown,
            call: call.unwrap_or(EventType::Track),
            values: if part == Part::Event { Values::default() } else { values(item) },
            members,
        })
    }

    /// Members of an event, a rule or a custom type, those of its variants included.
    fn own_members(&mut self, item: Node<'_>) -> Vec<Member> {
        let lists = [item.get("properties"), item.get("rules"), item.at(&["config", "properties"])];
        let mut members: Vec<Member> = Vec::new();
        for list in lists.into_iter().flatten() {
            members.extend(self.members(list));
        }
        let variants = item.get("variants").into_iter().flat_map(Node::items);
        for variant in variants {
            let cases = variant.get("cases").into_iter().flat_map(Node::items).filter_map(|case| case.get("properties"));
            let otherwise = variant.get("default").map(|found| found.get("properties").unwrap_or(found));
            for list in cases.chain(otherwise) {
                members.extend(self.members(list));
            }
        }
        members
    }

    fn members(&mut self, list: Node<'_>) -> Vec<Member> {
        list.items().filter_map(|item| self.member(item)).collect()
    }

    fn member(&mut self, item: Node<'_>) -> Option<Member> {
        let referring = item.get("$ref").or_else(|| item.get("property")).unwrap_or(item);
        let property = self.reference(referring, Part::Property)?;
        let values = item.get("config").map(values).unwrap_or_default();
        let members = item.get("properties").map(|list| self.members(list)).unwrap_or_default();
        Some(Member { property, values, members })
    }

    fn reference(&mut self, node: Node<'_>, part: Part) -> Option<Reference> {
        let found = node.text().and_then(|text| reference(text, node.span()));
        if found.as_ref().is_none_or(|found| found.part != part) {
            let message = format!("this does not refer to {}", if part == Part::Event { "an event" } else { "a property" });
            let form = if part == Part::Event { "#event:<id>" } else { "#property:<id>" };
            self.problem(node.span(), message, &format!("write it as `{form}`, or `#/…` in spec version 0.1"));
            return None;
        }
        found
    }

    fn plan(&mut self, spec: Node<'_>, model: &mut Model) {
        let mut names = Vec::new();
        let keys = ["display_name", "name", "id"];
        let found: Vec<Node<'_>> = keys.iter().filter_map(|key| spec.get(key)).collect();
        found.iter().filter_map(|node| node.scalar()).for_each(|text| add_name(&mut names, text));
        let shown = found.iter().find_map(|node| Some(name(*node, node.scalar().filter(|text| !text.is_empty())?)));
        let plan = push_plan(model, shown.unwrap_or_else(|| self.group.clone()), names);
        for list in [spec.get("rules"), spec.get("events")].into_iter().flatten() {
            for rule in list.items() {
                model.parts.events.extend(self.rule(rule, plan));
            }
        }
    }

    fn rule(&mut self, rule: Node<'_>, plan: usize) -> Option<PendingEvent> {
        let Some(event) = rule.get("event") else {
            let help = "refer to its event as `event: \"#event:<id>\"`";
            self.problem(rule.span(), "this rule names no event", help);
            return None;
        };
        let event = self.reference(event.get("$ref").unwrap_or(event), Part::Event)?;
        let section = text_at(rule, "identity_section").and_then(|section| match section {
            "traits" | "context.traits" => Some(Section::Traits),
            "properties" => Some(Section::Properties),
            _ => None,
        });
        Some(PendingEvent { event, plan, section, members: self.own_members(rule) })
    }
}

/// A reference to a part of a plan.
fn reference(text: &str, span: Span) -> Option<Reference> {
    let target = target(text)?;
    let part = match target.kind {
        "event" | "events" => Part::Event,
        "property" | "properties" => Part::Property,
        "custom-type" | "custom-types" | "customType" => Part::CustomType,
        _ => return None,
    };
    Some(Reference { part, group: target.group.map(str::to_owned), id: target.id.to_owned(), span })
}

/// What a definition says of its values. Types stand as a text with commas or as a list, and a custom type in place of
/// a type.
fn values(item: Node<'_>) -> Values {
    let mut seen = Seen::default();
    let mut values = Values::default();
    let configs = || CONFIGS.iter().filter_map(|key| item.get(key)).chain(std::iter::once(item));
    let mut array = false;
    for key in ["type", "types"] {
        each(item.get(key), &mut |name, span| array |= take(name, span, &mut seen, &mut values.types));
    }
    let (mut inner, mut items) = (Seen::default(), Values::default());
    let mut listed: Vec<Box<str>> = Vec::new();
    for config in configs() {
        if let Some(format) = config.get("format") {
            seen.format(format);
        }
        config.get("enum").into_iter().flat_map(Node::items).for_each(|item| seen.example(item));
        listed.extend(hint::values(config));
        let custom = config.get("customType");
        each(custom, &mut |name, span| array |= take(name, span, &mut seen, &mut values.types));
        let kinds = ["itemTypes", "item_types", "itemType", "item_type"].map(|key| config.get(key));
        let nested = ["type", "customType"].map(|key| config.at(&["items", key]));
        for kind in kinds.into_iter().chain(nested) {
            array |= kind.is_some();
            each(kind, &mut |name, span| _ = take(name, span, &mut inner, &mut items.types));
        }
    }
    values.hint = seen.hint();
    values.listed = listed.into();
    items.hint = inner.hint();
    values.items = array.then(|| Box::new(items));
    values
}

/// Each name in a text with commas, or in a list of such.
fn each(node: Option<Node<'_>>, take: &mut dyn FnMut(&str, Span)) {
    let Some(node) = node else { return };
    for item in node.items().chain(std::iter::once(node)) {
        let Some(text) = item.text() else { continue };
        text.split(',').for_each(|name| take(name.trim(), item.span()));
    }
}

/// Takes in the name of a type; tells whether it is that of an array.
fn take(name: &str, span: Span, seen: &mut Seen, types: &mut Vec<Reference>) -> bool {
    match reference(name, span).filter(|found| found.part == Part::CustomType) {
        Some(custom) => types.push(custom),
        None => seen.named(name),
    }
    name == "array"
}
