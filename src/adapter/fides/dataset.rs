//! Datasets of Fides: collections with fields, each a plan of its own that one source sends.
//!
//! A dataset describes what a store holds, not what is sent. So its source feeds the systems that refer to it, and
//! nothing else.

use crate::adapter::entity_parts::{set_list, set_text, written, written_at};
use super::key;
use super::words::declared;
use crate::adapter::hint::Seen;
use crate::adapter::plan_parts::push_plan;
use crate::document::Node;
use crate::finding::{Problem, Stage};
use crate::model::{Entity, Event, EventType, Located, Model, Property, Section, kind};
use crate::source::Span;
use std::sync::Arc;

/// Reads a dataset.
pub(super) fn lower(item: Node<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let Some((id, span)) = key(item, "dataset", problems) else { return };
    let id = Located::new(id.to_owned(), span);
    let plan = push_plan(model, id.clone(), vec![id.value.clone()]);
    let mut source = store(id.clone(), Vec::new());
    if let Some((shown, span)) = written_at(item, "name") {
        set_text(&mut source.object, "name", shown, span);
    }
    let mut identity = Vec::new();
    for collection in item.get("collections").into_iter().flat_map(Node::items) {
        let Some(named) = collection.get("name").and_then(|node| Some((node, written(node)?))) else {
            let message = format!("a collection of dataset `{}` has no name", id.value);
            problems.push(Problem::at(Stage::Schema, collection.span(), message).help("give it a `name`"));
            continue;
        };
        let defaults = [collection, item].into_iter().find_map(|node| node.get("data_categories"));
        let mut fields = Fields { out: Vec::new(), path: String::new(), defaults, identity: &mut identity };
        fields.read(collection);
        let name = Located::new(named.1.to_owned(), named.0.span());
        let (call, sources, properties) = (EventType::Track, vec![id.clone()], fields.out);
        model.events.push(Arc::new(Event { name, call, plan: Some(plan), sources, incentive: None, properties }));
    }
    if let Some((_, span)) = identity.first() {
        let span = *span;
        set_list(&mut source.object, "identity", identity, span);
    }
    model.sources.push(source);
}

/// A source that stands for what a store holds. It follows a plan of its own name, so that no other plan is taken for
/// what it sends.
pub(super) fn store(id: Located<String>, destinations: Vec<(String, Span)>) -> Entity {
    let mut source = Entity::new(&kind::SOURCE, id);
    let (name, span) = (source.id.value.clone(), source.id.span);
    set_text(&mut source.object, "platform", "dataset", span);
    set_text(&mut source.object, "plan", &name, span);
    set_list(&mut source.object, "destinations", destinations, span);
    source
}

/// The fields of one collection.
struct Fields<'d, 'i> {
    out: Vec<Property>,
    path: String,
    /// Categories of the collection or the dataset: they hold for fields that have none.
    defaults: Option<Node<'d>>,
    identity: &'i mut Vec<(String, Span)>,
}

impl<'d> Fields<'d, '_> {
    /// Reads the `fields` of a collection or of a field; their depth is bounded by that of the document.
    fn read(&mut self, holder: Node<'d>) {
        for field in holder.get("fields").into_iter().flat_map(Node::items) {
            let Some(named) = field.get("name") else { continue };
            let Some(name) = named.scalar().filter(|name| !name.is_empty()) else { continue };
            let outer = self.path.len();
            if outer > 0 {
                self.path.push('.');
            }
            self.path.push_str(name);
            self.emit(field, named.span());
            self.read(field);
            self.path.truncate(outer);
        }
    }

    fn emit(&mut self, field: Node<'d>, span: Span) {
        // Before Fides 2 the key was `fidesops_meta`.
        let meta = ["fides_meta", "fidesops_meta"].iter().find_map(|key| field.get(key));
        let mut seen = Seen::default();
        if let Some((kind, _)) = meta.and_then(|meta| written_at(meta, "data_type")) {
            seen.named(kind.trim_end_matches("[]"));
            if kind.ends_with("[]") {
                seen.container();
            }
        }
        if field.get("fields").is_some_and(|fields| fields.count() > 0) {
            seen.container();
        }
        if let Some((key, span)) = meta.and_then(|meta| written_at(meta, "identity"))
            && self.identity.iter().all(|(known, _)| known != key)
        {
            self.identity.push((key.to_owned(), span));
        }
        let categories = field.get("data_categories").filter(|list| list.count() > 0).or(self.defaults);
        let path = Located::new(self.path.as_str().into(), span);
        let declared = declared(categories.into_iter().flat_map(Node::items));
        let (section, hint, values) = (Section::Properties, seen.hint(), Box::default());
        self.out.push(Property { path, section, hint, values, declared, seen: None });
    }
}
