//! Systems of Fides: destinations that receive the data categories which they declare.

use crate::adapter::entity_parts::{set_list, set_text, written, written_at};
use super::key;
use super::dataset::store;
use super::words::{declared, purpose};
use crate::adapter::plan_parts::push_plan;
use crate::document::Node;
use crate::finding::Problem;
use crate::model::{Entity, Event, EventType, Located, Model, Property, Section, ValueHint, kind};
use crate::source::Span;
use std::sync::Arc;

/// Reads a system.
pub(super) fn lower(item: Node<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let Some((id, span)) = key(item, "system", problems) else { return };
    let mut entity = Entity::new(&kind::DESTINATION, Located::new(id.to_owned(), span));
    if let Some((shown, span)) = written_at(item, "name") {
        set_text(&mut entity.object, "name", shown, span);
    }
    // The other titles say who the business is, or leave open who decides.
    if let Some((_, span)) = written_at(item, "data_responsibility_title").filter(|(title, _)| *title == "Processor") {
        set_text(&mut entity.object, "role", "service_provider", span);
    }
    let declarations: Vec<Node<'_>> = item.get("privacy_declarations").into_iter().flat_map(Node::items).collect();
    let mut purposes: Vec<(String, Span)> = Vec::new();
    for (data_use, span) in declarations.iter().filter_map(|declaration| written_at(*declaration, "data_use")) {
        let word = purpose(data_use);
        if purposes.iter().all(|(known, _)| known != word) {
            purposes.push((word.to_owned(), span));
        }
    }
    if let Some((_, span)) = purposes.first() {
        let span = *span;
        set_list(&mut entity.object, "purposes", purposes, span);
    }
    let own = entity.id.clone();
    model.destinations.push(entity);
    let mut targets = vec![(own.value.clone(), own.span)];
    egress(item, &own, &mut targets, model);
    let categories = declarations.iter().filter_map(|declaration| declaration.get("data_categories"));
    holds(Located::new(data_of(id), span), targets, categories.flat_map(Node::items), model);
    for declaration in &declarations {
        for key in ["dataset_references", "ingress"] {
            let references = declaration.get(key).into_iter().flat_map(Node::items);
            references.for_each(|node| feeds(written(node), node.span(), &own, model));
        }
    }
    for flow in item.get("ingress").into_iter().flat_map(Node::items) {
        let Some((from, span)) = written_at(flow, "fides_key") else { continue };
        match written_at(flow, "type") {
            Some(("dataset", _)) => feeds(Some(from), span, &own, model),
            Some(("system", _)) => feeds(Some(data_of(from).as_str()), span, &own, model),
            _ => {}
        }
    }
}

/// The source that stands for what a system holds.
fn data_of(system: &str) -> String {
    format!("data of {system}")
}

/// Other systems that get the data of this one. A flow that names its categories carries those alone.
fn egress(item: Node<'_>, own: &Located<String>, targets: &mut Vec<(String, Span)>, model: &mut Model) {
    for flow in item.get("egress").into_iter().flat_map(Node::items) {
        let system = written_at(flow, "type").is_some_and(|(kind, _)| kind == "system");
        let Some((to, span)) = written_at(flow, "fides_key").filter(|_| system) else { continue };
        match flow.get("data_categories").filter(|list| list.count() > 0) {
            Some(list) => {
                let id = Located::new(format!("data from {} to {to}", own.value), span);
                holds(id, vec![(to.to_owned(), span)], list.items(), model);
            }
            None => targets.push((to.to_owned(), span)),
        }
    }
}

/// A source with one event, whose properties are data categories.
fn holds<'d>(
    id: Located<String>,
    targets: Vec<(String, Span)>,
    categories: impl Iterator<Item = Node<'d>>,
    model: &mut Model,
) {
    let mut properties: Vec<Property> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for node in categories {
        let Some(category) = written(node).filter(|category| seen.insert(*category)) else { continue };
        let path = Located::new(category.into(), node.span());
        let declared = declared(std::iter::once(node));
        let (section, hint, values) = (Section::Properties, ValueHint::default(), Box::default());
        properties.push(Property { path, section, hint, values, declared, seen: None });
    }
    if properties.is_empty() {
        return;
    }
    let plan = push_plan(model, id.clone(), vec![id.value.clone()]);
    let (name, sources) = (id.clone(), vec![id.clone()]);
    let call = EventType::Track;
    model.events.push(Arc::new(Event { name, call, plan: Some(plan), sources, incentive: None, properties }));
    model.sources.push(store(id, targets));
}

/// Data that another resource holds gets to this system. The resource may be described in another file.
fn feeds(from: Option<&str>, span: Span, to: &Located<String>, model: &mut Model) {
    let Some(from) = from else { return };
    let id = Located::new(from.to_owned(), span);
    push_plan(model, id.clone(), vec![id.value.clone()]);
    let source = store(id, vec![(to.value.clone(), span)]);
    model.sources.push(Entity { implied: true, ..source });
}
