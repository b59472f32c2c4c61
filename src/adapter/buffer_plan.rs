//! Buffer's tracking-plan-kit: a folder with `plan.yaml`, a file per event, and files of traits.

use super::json_schema::Reader;
use super::plan_parts::{self, any_item, has_list, is_resource_name, text_at};
use super::{Adapter, Candidate};
use crate::document::{Node, Shape};
use crate::finding::Problem;
use crate::model::{Origin, EventType, Located, Model, Section};
use crate::source::Span;

/// Plans of the tracking-plan-kit.
pub static ADAPTER: Adapter = Adapter {
    name: "buffer-plan",
    about: "tracking-plan-kit in YAML: plan.yaml, a file per event, identify_traits.yaml and group_traits.yaml",
    origin: Origin::Plan,
    schema: None,
    recognises: |candidate| form(candidate).is_some(),
    meant: |_| false,
    lower,
};

/// The kinds of files in the folder.
#[derive(Clone, Copy)]
enum Form {
    Plan,
    Event,
    Traits,
}

/// Keys that other formats have where they too list named properties.
const FOREIGN: &[&str] = &["apiVersion", "kind", "version", "$schema", "resourceType", "rules", "spec", "resourceSchemaId"];

fn form(candidate: &Candidate<'_>) -> Option<Form> {
    let root = candidate.document.root();
    if root.shape() != Shape::Map || root.entries().any(|entry| FOREIGN.contains(&entry.key())) {
        return None;
    }
    if is_event(root) {
        return Some(Form::Event);
    }
    if is_traits(root, candidate.path) {
        return Some(Form::Traits);
    }
    (text_at(root, "name").is_some_and(is_resource_name) && root.get("events").is_none()).then_some(Form::Plan)
}

fn is_event(root: Node<'_>) -> bool {
    if text_at(root, "name").is_none() {
        return false;
    }
    let area = text_at(root, "area").is_some();
    let described = area || root.get("description").is_some();
    match root.get("properties") {
        Some(properties) if properties.count() > 0 => {
            described && any_item(properties, |item| item.get("name").is_some() && item.get("type").is_some())
        }
        // An event without properties shows itself by its area alone.
        Some(properties) => area && matches!(properties.shape(), Shape::List | Shape::Null),
        None => area && root.entries().all(|entry| matches!(entry.key(), "name" | "description" | "area")),
    }
}

fn is_traits(root: Node<'_>, path: &str) -> bool {
    if !has_list(root, "traits") || root.entries().any(|entry| !matches!(entry.key(), "traits" | "name" | "description")) {
        return false;
    }
    let Some(traits) = root.get("traits") else { return false };
    any_item(traits, |item| item.get("name").is_some() && item.get("type").is_some())
        || (traits.count() == 0 && plan_parts::stem(path).ends_with("_traits"))
}

fn lower(candidate: &Candidate<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let Some(form) = form(candidate) else { return };
    let root = candidate.document.root();
    let folder = plan_folder(candidate.path, text_at(root, "area"));
    let mut names = vec![folder.to_owned()];
    let mut shown = Located::new(folder.to_owned(), Span::file(candidate.document.source()));
    if let Form::Plan = form {
        for node in ["display_name", "name"].into_iter().filter_map(|key| root.get(key)) {
            let Some(text) = node.text() else { continue };
            shown.span = node.span();
            plan_parts::add_name(&mut names, text);
            let id = text.rsplit_once('/').map_or("", |(_, id)| id);
            plan_parts::add_name(&mut names, if is_resource_name(text) { id } else { "" });
        }
    }
    // The folder is the one name that all files of a plan know, so it is the name that joins them.
    let plan = plan_parts::push_plan(model, shown, names);
    let mut reader = Reader::new(root, problems);
    match form {
        Form::Plan => {}
        Form::Event => event(root, plan, &mut reader, model),
        Form::Traits => {
            let group = plan_parts::stem(candidate.path).contains("group");
            let call = if group { EventType::Group } else { EventType::Identify };
            plan_parts::traits_event(root, "traits", call, plan, &mut reader, model);
        }
    }
}

fn event<'d>(root: Node<'d>, plan: usize, reader: &mut Reader<'d, '_>, model: &mut Model) {
    let Some((node, text)) = root.get("name").and_then(|node| Some((node, node.text()?))) else { return };
    let properties = match root.get("properties") {
        Some(properties) => reader.members(properties, Section::Properties),
        None => Vec::new(),
    };
    let name = Located::new(text.to_owned(), node.span());
    model.events.push(plan_parts::of_plan(name, EventType::Track, plan, properties).into());
}

/// The folder of the plan: the one that holds `events`, or else the one of the file, folders of areas left out.
fn plan_folder<'p>(path: &'p str, area: Option<&str>) -> &'p str {
    let folders: Vec<&str> = plan_parts::folders(path).collect();
    let outer = match folders.iter().rposition(|folder| *folder == "events") {
        Some(events) => folders.get(..events),
        None if folders.last().copied() == area => folders.split_last().map(|(_, outer)| outer),
        None => Some(folders.as_slice()),
    };
    outer.and_then(<[&str]>::last).copied().unwrap_or("tracking-plan")
}
