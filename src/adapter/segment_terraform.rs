//! Segment's set-up as Terraform resources, one or many to a file.
//!
//! Resources name one another by address (`segment_destination.web.id`) or by id, and may lie in different files. So a
//! destination is known by its address and by the id of its `import` block, and what refers to it makes known an
//! implied one, which the joiner puts together with it. Older providers of the community write other names for the
//! same things; both are read.

use super::plan_parts::{self, Holder, Keys};
use super::segment_parts::{columns, add_texts, copy_truth, fields, filter, is_off, mapping, named, opened, set_catalog, set_mode,
    set_unfiltered, text, truth,};
use super::json_schema::Reader;
use super::segment_parts::sources::{platform, set_platform};
use super::{Adapter, Candidate};
use crate::document::{Code, Entry, Node, Shape};
use crate::finding::{Problem, Stage};
use crate::model::kind::{self, Kind};
use crate::model::{Entity, Located, Model, Origin, Value};
use crate::source::Span;
use std::collections::HashMap;
use std::sync::Arc;

/// Terraform resources of Segment.
pub static ADAPTER: Adapter = Adapter {
    name: "segment-terraform",
    about: "Terraform files with the resources of Segment's providers",
    origin: Origin::Platform,
    schema: None,
    recognises: |candidate| kinds(candidate.document.root()).next().is_some(),
    meant: |text| text.contains("resource \"segment_"),
    lower,
};

const RULES: Keys = Keys { list: "rules", name: "key", call: "type", holder: Holder::Schema("json_schema") };

/// The kinds of Segment's resources and what is declared of each.
fn kinds(root: Node<'_>) -> impl Iterator<Item = Entry<'_>> {
    let resources = root.get("resource").into_iter().flat_map(Node::entries);
    resources.filter(|entry| entry.key().starts_with("segment_") && entry.value().shape() == Shape::Map)
}

fn lower(candidate: &Candidate<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let root = candidate.document.root();
    let mut reader = Terraform { imports: imports(root), model, problems };
    for kind in kinds(root) {
        for resource in kind.value().entries() {
            let value = resource.value();
            let bodies = value.items().chain((value.shape() == Shape::Map).then_some(value));
            for body in bodies {
                reader.resource(kind.key(), resource, body);
            }
        }
    }
}

/// Addresses and ids in `import` blocks.
fn imports(root: Node<'_>) -> HashMap<String, Located<Value>> {
    let node = root.get("import");
    let blocks = node.into_iter().flat_map(|node| node.items().chain((node.shape() == Shape::Map).then_some(node)));
    let one = |block: Node<'_>| {
        let (id, span) = named(block, &["id"])?;
        Some((address(block.get("to")?)?, text(id, span)))
    };
    blocks.filter_map(one).collect()
}

/// The address of the resource that an expression is about: `segment_source.web` of `segment_source.web[0].id`.
fn address(node: Node<'_>) -> Option<String> {
    if node.computed() != Some(Code::Name) {
        return None;
    }
    let code = node.code();
    let prefix = if code.starts_with("data.") { "data." } else { "" };
    let mut steps = code.get(prefix.len()..)?.split('.');
    let (kind, name) = (steps.next()?.trim(), steps.next()?);
    let name = name.split('[').next().unwrap_or(name).trim();
    (kind.starts_with("segment_") && !name.is_empty()).then(|| format!("{prefix}{kind}.{name}"))
}

struct Terraform<'m> {
    imports: HashMap<String, Located<Value>>,
    model: &'m mut Model,
    problems: &'m mut Vec<Problem>,
}

impl Terraform<'_> {
    fn resource(&mut self, kind: &str, resource: Entry<'_>, body: Node<'_>) {
        let id = Located::new(format!("{kind}.{}", resource.key()), resource.key_span());
        match kind {
            "segment_destination" => self.destination(id, body),
            "segment_destination_subscription" => self.subscription(body),
            "segment_destination_filter" => self.filter(body),
            "segment_source" => self.source(id, body),
            "segment_source_tracking_plan_connection" | "segment_tracking_plan_source_connection" => {
                self.connection(body);
            }
            "segment_tracking_plan" => self.plan(id, body),
            "segment_reverse_etl_model" => {
                let mut entity = self.entity(&kind::SOURCE, id, body);
                entity.object.set("platform", text("retl", entity.id.span));
                self.model.sources.push(entity);
            }
            "segment_warehouse" | "segment_profiles_warehouse" => self.warehouse(id, body),
            // Labels, functions, users and the like move no data by themselves.
            _ => {}
        }
    }

    /// What a resource declares whatever it is: its name, whether it is switched on, other names of it.
    fn entity(&self, kind: &'static Kind, id: Located<String>, body: Node<'_>) -> Entity {
        let mut entity = Entity::new(kind, id);
        let is_source = kind.name == kind::SOURCE.name;
        let named_by = ["name", "display_name", "source_name", "slug"];
        // The slug of a destination in older files is its type's.
        let name = named(body, named_by.get(..if is_source { 4 } else { 2 }).unwrap_or_default());
        if let Some((name, span)) = name {
            entity.object.set("name", text(name, span));
        }
        copy_truth(body, "enabled", &mut entity.object, "enabled");
        let mut aliases: Vec<Located<Value>> = self.imports.get(&entity.id.value).cloned().into_iter().collect();
        if is_source {
            let keys = ["slug", "source_name", "source_slug"];
            aliases.extend(keys.iter().filter_map(|key| named(body, &[key])).map(|(name, span)| text(name, span)));
        }
        add_texts(&mut entity.object, "aliases", aliases);
        entity
    }

    fn destination(&mut self, id: Located<String>, body: Node<'_>) {
        let mut entity = self.entity(&kind::DESTINATION, id, body);
        match body.get("metadata") {
            Some(metadata) => set_catalog(metadata, &["id", "slug", "name"], &mut entity.object),
            // Older providers name the type by its slug.
            None => set_catalog(body, &["destination_name", "slug"], &mut entity.object),
        }
        set_unfiltered(&mut entity);
        let settings = body.get("settings").or_else(|| body.get("config"));
        if let Some(settings) = settings {
            opened(settings, self.problems, |settings| set_mode(settings, &mut entity.object));
        }
        set_mode(body, &mut entity.object);
        let target = entity.id.value.clone();
        self.feed(body, &["source_id", "source_name", "source_slug", "source"], &target);
        self.model.destinations.push(entity);
    }

    /// What another resource says of a destination goes to an implied one.
    fn implied(&mut self, body: Node<'_>, key: &str, kind: &'static Kind) -> Option<Entity> {
        let node = body.get(key).filter(|node| !node.is_null())?;
        let name = self.reference(node)?;
        Some(Entity::implied(kind, Located { value: name, span: node.span(), alias: node.alias() }))
    }

    /// What a value refers to: an address, or an id as it is written.
    fn reference(&mut self, node: Node<'_>) -> Option<String> {
        if let Some(id) = node.text().filter(|id| !id.is_empty()) {
            return Some(id.to_owned());
        }
        let found = address(node);
        if found.is_none() {
            let message = format!("`{}` cannot be followed, so what this resource says is not all seen", node.code());
            let help = "refer to the resource by its address, such as `segment_source.web.id`, or write its id";
            self.problems.push(Problem::at(Stage::Reference, node.span(), message).help(help));
        }
        found
    }

    /// The source at one of these keys feeds a destination; gives its id.
    fn feed(&mut self, body: Node<'_>, keys: &[&str], target: &str) -> Option<Located<String>> {
        let present = |key: &&&str| body.get(key).is_some_and(|node| !node.is_null());
        let mut source = self.implied(body, keys.iter().find(present)?, &kind::SOURCE)?;
        add_texts(&mut source.object, "destinations", vec![text(target, source.id.span)]);
        let id = source.id.clone();
        self.model.sources.push(source);
        Some(id)
    }

    fn subscription(&mut self, body: Node<'_>) {
        if is_off(body) {
            return;
        }
        if body.get("destination_id").is_none_or(Node::is_null) {
            let message = "this subscription names no destination, so what it sends is not seen";
            let help = "set `destination_id`, such as `segment_destination.web.id`";
            self.problems.push(Problem::at(Stage::Schema, body.span(), message).help(help));
            return;
        }
        let Some(mut entity) = self.implied(body, "destination_id", &kind::DESTINATION) else { return };
        if let Some(settings) = body.get("settings").filter(|settings| !settings.is_null()) {
            opened(settings, self.problems, |settings| mapping(settings, &mut entity));
        }
        // A model is a source of its own; it sends to the destination of its subscription.
        let target = entity.id.value.clone();
        let model = self.feed(body, &["model_id"], &target);
        self.model.events.extend(model.and_then(|model| columns(model, &entity)).map(Arc::new));
        self.model.destinations.push(entity);
    }

    fn filter(&mut self, body: Node<'_>) {
        let key = if body.get("destination_id").is_some() { "destination_id" } else { "destination" };
        let Some(mut entity) = self.implied(body, key, &kind::DESTINATION) else { return };
        filter(body, &mut entity, self.problems);
        self.model.destinations.push(entity);
    }

    fn source(&mut self, id: Located<String>, body: Node<'_>) {
        let mut entity = self.entity(&kind::SOURCE, id, body);
        if let Some(metadata) = body.get("metadata") {
            set_platform(metadata, &mut entity.object);
        }
        let older = named(body, &["catalog_name"]).and_then(|(name, span)| Some((platform(name)?, span)));
        if let Some((found, span)) = older {
            entity.object.set("platform", text(found, span));
        }
        unplanned(body, &mut entity);
        self.model.sources.push(entity);
    }

    fn connection(&mut self, body: Node<'_>) {
        let Some(mut source) = self.implied(body, "source_id", &kind::SOURCE) else { return };
        let named = body.get("tracking_plan_id").filter(|node| !node.is_null());
        if let Some((plan, span)) = named.and_then(|node| Some((self.reference(node)?, node.span()))) {
            source.object.set("plan", text(plan, span));
        }
        unplanned(body, &mut source);
        self.model.sources.push(source);
    }

    fn plan(&mut self, id: Located<String>, body: Node<'_>) {
        let name = named(body, &["name", "display_name"]);
        let mut names = vec![id.value.clone()];
        if let Some(other) = self.imports.get(&id.value) {
            plan_parts::add_name(&mut names, &other.value.display());
        }
        let shown = match name {
            Some((name, span)) => Located::new(name.to_owned(), span),
            None => id,
        };
        let plan = plan_parts::push_plan(self.model, shown, names);
        let Some(rules) = body.get("rules").filter(|rules| rules.computed().is_none()) else { return };
        let mut reader = Reader::new(body, self.problems);
        if rules.shape() == Shape::Map {
            // One block is no list.
            plan_parts::event_of(rules, RULES, plan, &mut reader, self.model);
        } else {
            plan_parts::events(rules, RULES, plan, &mut reader, self.model);
        }
    }

    fn warehouse(&mut self, id: Located<String>, body: Node<'_>) {
        let mut entity = self.entity(&kind::DESTINATION, id, body);
        if let Some(metadata) = body.get("metadata") {
            set_catalog(metadata, &["id", "slug", "name"], &mut entity.object);
        }
        entity.object.set("mode", text("warehouse", entity.id.span));
        self.model.destinations.push(entity);
    }
}

/// What a source's tracking plan does with what it does not list.
fn unplanned(body: Node<'_>, source: &mut Entity) {
    let Some(settings) = body.entry("schema_settings").filter(|entry| entry.value().shape() == Shape::Map) else {
        return;
    };
    let Some(mut object) = fields(&kind::SOURCE, "unplanned") else { return };
    let at = |path: [&str; 2]| settings.value().at(&path).and_then(truth);
    let open = |found: &Located<Value>| found.value != Value::Bool(false);
    let traits = [at(["identify", "allow_unplanned_traits"]), at(["group", "allow_unplanned_traits"])];
    // Of persons and accounts, the one that lets more through counts.
    let first = traits.iter().flatten().find(|found| open(found)).or(traits.iter().flatten().next()).cloned();
    let properties = at(["track", "allow_unplanned_event_properties"]);
    for (name, value) in [("events", at(["track", "allow_unplanned_events"])), ("properties", properties), ("traits", first)]
    {
        if let Some(value) = value {
            object.set(name, value);
        }
    }
    if object.entries().next().is_some() {
        let span: Span = settings.key_span();
        source.object.set("unplanned", Located::new(Value::Object(object), span));
    }
}
