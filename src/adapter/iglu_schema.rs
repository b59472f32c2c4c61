//! Self-describing JSON Schemas, as Iglu registries of Snowplow keep them.

use super::json_schema::Reader;
use super::plan_parts::{self, text_at};
use super::{Adapter, Candidate};
use crate::document::{Node, Shape};
use crate::finding::Problem;
use crate::model::{Event, EventType, Located, Model, Origin, Section};

/// Schemas of an Iglu registry.
pub static ADAPTER: Adapter = Adapter {
    name: "iglu-schema",
    about: "Snowplow self-describing JSON Schema of an event or entity, as Iglu registries keep it",
    origin: Origin::Plan,
    schema: None,
    recognises: |candidate| {
        let root = candidate.document.root();
        root.get("resourceType").is_none() && Described::by(root).is_some()
    },
    meant: |text| text.contains("self-desc/schema/jsonschema") && text.contains("\"self\""),
    lower,
};

/// The vendor of the schema that self-describing schemas are held to.
const SCHEMA_OF_SCHEMAS: &str = "com.snowplowanalytics.self-desc";

/// Who a self-describing schema says it is from, and what it describes.
#[derive(Clone, Copy)]
pub(super) struct Described<'d> {
    vendor: Node<'d>,
    name: Node<'d>,
}

impl<'d> Described<'d> {
    /// What a schema says of itself; `None` if it does not.
    pub(super) fn by(schema: Node<'d>) -> Option<Self> {
        text_at(schema, "$schema").filter(|uri| uri.contains("self-desc"))?;
        let own = schema.get("self").filter(|own| own.shape() == Shape::Map)?;
        // The schema of all such schemas is no event.
        if text_at(own, "vendor") == Some(SCHEMA_OF_SCHEMAS) {
            return None;
        }
        let named = |key| own.get(key).filter(|node| node.text().is_some_and(|text| !text.is_empty()));
        Some(Self { vendor: named("vendor")?, name: named("name")? })
    }

    /// Whether it describes settings of Snowplow's own pipeline (storage targets, enrichments, adapters), which are no
    /// events (Iglu Central, vendors `com.snowplowanalytics.…`, names ending in `_config`).
    fn is_pipeline(self) -> bool {
        let vendor = self.vendor.text().is_some_and(|vendor| vendor.starts_with("com.snowplowanalytics."));
        vendor && self.name.text().is_some_and(|name| name.ends_with("_config"))
    }

    /// Adds the plan, which all schemas of a vendor share.
    pub(super) fn plan(self, model: &mut Model) -> usize {
        plan_of(self.vendor.text().unwrap_or_default(), self.vendor, model)
    }

    /// The event or entity that the schema describes.
    pub(super) fn event(self, schema: Node<'d>, entity: bool, plan: usize, reader: &mut Reader<'d, '_>) -> Event {
        // An entity is no call of its own: it is context that events of the plan may carry.
        let (call, section) =
            if entity { (EventType::Common, Section::Context) } else { (EventType::Track, Section::Properties) };
        let name = Located::new(self.name.text().unwrap_or_default().to_owned(), self.name.span());
        plan_parts::of_plan(name, call, plan, reader.flat_schema(schema, section))
    }
}

/// Adds the plan of a vendor that is named at `place`.
pub(super) fn plan_of(vendor: &str, place: Node<'_>, model: &mut Model) -> usize {
    plan_parts::push_plan(model, Located::new(vendor.to_owned(), place.span()), vec![vendor.to_owned()])
}

fn lower(candidate: &Candidate<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let root = candidate.document.root();
    let Some(described) = Described::by(root).filter(|described| !described.is_pipeline()) else { return };
    let plan = described.plan(model);
    // Nothing in such a schema tells an entity from an event; as an event it is read in full.
    let event = described.event(root, false, plan, &mut Reader::new(root, problems));
    model.events.push(event.into());
}
