//! Answers of Segment's Public API, saved: destinations, sources, filters, subscriptions, warehouses, reverse-ETL
//! models, tracking plans without their rules, and records that say nothing of the set-up.
//!
//! An answer is saved whole (`{"data": {"destinations": […], "pagination": …}}`), as what is in `data`, as the bare
//! list, or one object a file.

use super::plan_parts::{self, any_item, has_list, has_map, text_at};
use super::segment_parts::{columns, add_texts, copy_truth, filter, is_off, mapping, named, opened, set_catalog, set_mode,
    set_unfiltered, text,};
use super::segment_parts::sources::set_platform;
use super::{Adapter, Candidate};
use crate::document::{Node, Shape};
use crate::finding::{Problem, Stage};
use crate::model::kind::{self, Kind};
use crate::model::{Entity, Located, Model, Origin};
use std::sync::Arc;

/// Exports of the Public API.
pub static ADAPTER: Adapter = Adapter {
    name: "segment-export",
    about: "Segment Public API exports: destinations, sources, filters, subscriptions, warehouses, models",
    origin: Origin::Platform,
    schema: Some(include_str!("../../policies/schemas/segment-export.json")),
    recognises: |candidate| !found(candidate.document.root()).is_empty(),
    meant: |text| text.contains("\"metadata\"") && (text.contains("\"sourceId\"") || text.contains("\"writeKeys\"")),
    lower,
};

/// What an object of an export is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Destination,
    Source,
    Filter,
    Subscription,
    Warehouse,
    Model,
    Plan,
    /// Labels, regulations, suppressed users: recognised, but no part of how data moves.
    Record,
}

/// The keys under which the API answers, and what an object there looks like.
const KEYS: [(&str, What); 24] = [
    ("destinations", What::Destination),
    ("destination", What::Destination),
    ("sources", What::Source),
    ("source", What::Source),
    ("filters", What::Filter),
    ("filter", What::Filter),
    ("destinationFilters", What::Filter),
    ("subscriptions", What::Subscription),
    ("subscription", What::Subscription),
    ("destinationSubscriptions", What::Subscription),
    ("destinationSubscription", What::Subscription),
    ("warehouses", What::Warehouse),
    ("warehouse", What::Warehouse),
    ("models", What::Model),
    ("model", What::Model),
    ("reverseEtlModels", What::Model),
    ("reverseEtlModel", What::Model),
    ("trackingPlans", What::Plan),
    ("labels", What::Record),
    ("regulations", What::Record),
    ("regulation", What::Record),
    ("suppressed", What::Record),
    ("suppressions", What::Record),
    ("connectedWarehouses", What::Warehouse),
];

/// What an object is by what it holds.
fn what(item: Node<'_>) -> Option<What> {
    let has = |key: &str| item.get(key).is_some();
    let (metadata, id) = (has_map(item, "metadata"), text_at(item, "id").is_some());
    if has("actionId") && has("destinationId") {
        Some(What::Subscription)
    } else if has("if") && has_list(item, "actions") && (has("destinationId") || has("sourceId")) {
        Some(What::Filter)
    } else if has("queryIdentifierColumn") && has("sourceId") {
        Some(What::Model)
    } else if id && metadata && has("sourceId") {
        Some(What::Destination)
    } else if id && metadata && has("workspaceId") && (has("writeKeys") || has("slug")) {
        Some(What::Source)
    } else if id && metadata && has("workspaceId") && has_map(item, "settings") {
        Some(What::Warehouse)
    } else {
        None
    }
}

/// The lists and objects of an export, each with what its items are.
fn found(root: Node<'_>) -> Vec<(What, Node<'_>)> {
    if root.shape() == Shape::List {
        let first = root.items().take(plan_parts::SAMPLE).find_map(what);
        return first.map(|what| (what, root)).into_iter().collect();
    }
    let data = root.get("data").filter(|data| data.shape() == Shape::Map);
    let answer = data.filter(|data| has_map(*data, "pagination")).is_some();
    let body = data.unwrap_or(root);
    let mut all = Vec::new();
    for entry in body.entries() {
        let Some((_, expected)) = KEYS.iter().find(|(key, _)| *key == entry.key()) else { continue };
        let value = entry.value();
        let fits = |item: Node<'_>| match expected {
            What::Record => data.is_some() && item.shape() == Shape::Map,
            // Set-ups of code generators list plans by id, too.
            What::Plan => data.is_some() && text_at(item, "id").is_some_and(|id| id.starts_with("tp_") || id.starts_with("rs_")),
            expected => what(item) == Some(*expected),
        };
        let empty = answer && value.shape() == Shape::List && value.count() == 0;
        let single = value.shape() == Shape::Map && fits(value);
        // Those whose consumers are suppressed are listed by id alone.
        let texts = *expected == What::Record && data.is_some() && any_item(value, |item| item.text().is_some());
        if empty || single || texts || any_item(value, fits) {
            all.push((*expected, value));
        }
    }
    if all.is_empty() && data.is_none() {
        all.extend(what(root).map(|what| (what, root)));
    }
    all
}

fn lower(candidate: &Candidate<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    for (what, node) in found(candidate.document.root()) {
        let single = (node.shape() == Shape::Map).then_some(node);
        for item in node.items().chain(single) {
            let mut export = Export { model, problems };
            export.item(what, item);
        }
        // The answer about one source names its plan beside it.
        let plan = candidate.document.root().get("data").and_then(|data| named(data, &["trackingPlanId"]));
        if let (What::Source, Some(_), Some((plan, span)), Some(source)) = (what, single, plan, model.sources.last_mut())
        {
            source.object.set("plan", text(plan, span));
        }
    }
}

struct Export<'m> {
    model: &'m mut Model,
    problems: &'m mut Vec<Problem>,
}

impl Export<'_> {
    fn item(&mut self, what: What, item: Node<'_>) {
        match what {
            What::Destination => self.destination(item),
            What::Source => self.source(item),
            What::Filter => {
                let Some(mut entity) = implied(item, "destinationId", &kind::DESTINATION) else { return };
                filter(item, &mut entity, self.problems);
                self.model.destinations.push(entity);
            }
            What::Subscription => self.subscription(item),
            What::Warehouse => {
                let Some(mut entity) = self.entity(&kind::DESTINATION, item) else { return };
                entity.object.set("mode", text("warehouse", entity.id.span));
                self.model.destinations.push(entity);
            }
            What::Model => {
                let Some(mut entity) = self.entity(&kind::SOURCE, item) else { return };
                entity.object.set("platform", text("retl", entity.id.span));
                self.model.sources.push(entity);
            }
            What::Plan => self.plan(item),
            What::Record => {}
        }
    }

    /// What an object declares whatever it is. Its id is the workspace's own, its name is for people.
    fn entity(&mut self, kind: &'static Kind, item: Node<'_>) -> Option<Entity> {
        let Some((id, span)) = named(item, &["id"]) else {
            let message = format!("a {} in this export has no `id`", kind.name);
            self.problems.push(Problem::at(Stage::Schema, item.span(), message).help("export it again"));
            return None;
        };
        let mut entity = Entity::new(kind, Located::new(id.to_owned(), span));
        let metadata = item.get("metadata").filter(|metadata| metadata.shape() == Shape::Map);
        if let Some((name, span)) = named(item, &["name"]) {
            entity.object.set("name", text(name, span));
        }
        if let Some(metadata) = metadata {
            if kind.name == kind::DESTINATION.name {
                set_catalog(metadata, &["id", "slug", "name"], &mut entity.object);
            } else {
                set_platform(metadata, &mut entity.object);
            }
            if let (None, Some((name, span))) = (entity.object.get("name"), named(metadata, &["name"])) {
                entity.object.set("name", text(name, span));
            }
        }
        copy_truth(item, "enabled", &mut entity.object, "enabled");
        Some(entity)
    }

    fn destination(&mut self, item: Node<'_>) {
        let Some(mut entity) = self.entity(&kind::DESTINATION, item) else { return };
        if let Some(settings) = item.get("settings") {
            opened(settings, self.problems, |settings| set_mode(settings, &mut entity.object));
        }
        set_mode(item, &mut entity.object);
        set_unfiltered(&mut entity);
        self.feed(item, "sourceId", &entity.id.value);
        self.model.destinations.push(entity);
    }

    /// The source at a key feeds a destination.
    fn feed(&mut self, item: Node<'_>, key: &str, target: &str) -> Option<Located<String>> {
        let mut source = implied(item, key, &kind::SOURCE)?;
        add_texts(&mut source.object, "destinations", vec![text(target, source.id.span)]);
        let id = source.id.clone();
        self.model.sources.push(source);
        Some(id)
    }

    fn source(&mut self, item: Node<'_>) {
        let Some(mut entity) = self.entity(&kind::SOURCE, item) else { return };
        let slug = named(item, &["slug"]).map(|(slug, span)| text(slug, span));
        add_texts(&mut entity.object, "aliases", slug.into_iter().collect());
        self.model.sources.push(entity);
    }

    fn subscription(&mut self, item: Node<'_>) {
        if is_off(item) {
            return;
        }
        let Some(mut entity) = implied(item, "destinationId", &kind::DESTINATION) else { return };
        if let Some(settings) = item.get("settings").filter(|settings| !settings.is_null()) {
            opened(settings, self.problems, |settings| mapping(settings, &mut entity));
        }
        let model = self.feed(item, "modelId", &entity.id.value);
        self.model.events.extend(model.and_then(|model| columns(model, &entity)).map(Arc::new));
        self.model.destinations.push(entity);
    }

    /// A plan as a list of plans shows it: its names, without its events.
    fn plan(&mut self, item: Node<'_>) {
        let keys = ["name", "slug", "id", "resourceSchemaId"];
        let Some((name, span)) = named(item, &keys) else { return };
        let mut names = Vec::new();
        for (name, _) in keys.iter().filter_map(|key| named(item, &[key])) {
            plan_parts::add_name(&mut names, name);
        }
        plan_parts::push_plan(self.model, Located::new(name.to_owned(), span), names);
    }
}

/// The entity whose id stands at a key.
fn implied(item: Node<'_>, key: &str, kind: &'static Kind) -> Option<Entity> {
    let (id, span) = named(item, &[key])?;
    Some(Entity::implied(kind, Located::new(id.to_owned(), span)))
}
