//! Snowplow's data structures, data products and source applications, as its command line keeps them in files.
//!
//! The schema of an event becomes the event. That of an entity becomes an event of type `common` whose properties are
//! context: which events carry it is only known from data products, which name schemas and do not hold them. A data
//! product gives its source applications the plan of its events, and lists an event again only where it narrows the
//! schema.

use std::collections::HashMap;

use super::iglu_schema::{Described, plan_of};
use super::json_schema::Reader;
use super::plan_parts::{self, text_at};
use super::{Adapter, Candidate};
use crate::document::{Node, Shape};
use crate::finding::{Problem, Stage};
use crate::model::{Entity, EventType, Located, Model, Origin, Section, Value, kind};

/// Files of the Snowplow command line.
pub static ADAPTER: Adapter = Adapter {
    name: "snowplow-data",
    about: "Snowplow data structures, data products and source applications in YAML or JSON",
    origin: Origin::Plan,
    schema: Some(include_str!("../../policies/schemas/snowplow-data.json")),
    recognises: |candidate| form(candidate.document.root()).is_some(),
    meant: |text| text.contains("resourceType") && ["data-structure", "data-product", "source-application"].iter().any(|word| text.contains(word)),
    lower,
};

#[derive(Clone, Copy)]
enum Form {
    Structure,
    Product,
    Application,
}

fn form(root: Node<'_>) -> Option<Form> {
    text_at(root, "apiVersion")?;
    Some(match text_at(root, "resourceType")? {
        "data-structure" => Form::Structure,
        "data-product" => Form::Product,
        "source-application" => Form::Application,
        _ => return None,
    })
}

fn lower(candidate: &Candidate<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let root = candidate.document.root();
    let Some(form) = form(root) else { return };
    let Some(data) = root.get("data").filter(|data| data.shape() == Shape::Map) else {
        let place = root.entry("resourceType").map_or(root.span(), |entry| entry.value().span());
        let problem = Problem::at(Stage::Schema, place, "the resource has no `data`");
        return problems.push(problem.help("write what it describes under `data`, or remove the file"));
    };
    match form {
        Form::Structure => structure(root, data, model, problems),
        Form::Product => product(data, model, problems),
        Form::Application => application(candidate, root, data, model, problems),
    }
}

fn structure(root: Node<'_>, data: Node<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let Some(described) = Described::by(data) else {
        let message = "the data structure does not say what it is";
        let help = "give it `$schema` of self-describing schemas, and `vendor` and `name` under `self`";
        let place = data.entry("self").map_or(data.span(), |entry| entry.key_span());
        return problems.push(Problem::at(Stage::Schema, place, message).help(help));
    };
    let entity = root.at(&["meta", "schemaType"]).and_then(Node::text) == Some("entity");
    let plan = described.plan(model);
    let event = described.event(data, entity, plan, &mut Reader::new(data, problems));
    model.events.push(event.into());
}

/// Vendor and name of `iglu:vendor/name/jsonschema/1-0-0`.
fn reference(source: &str) -> Option<(&str, &str)> {
    let (vendor, rest) = source.strip_prefix("iglu:")?.split_once('/')?;
    let name = rest.split('/').next()?;
    (!vendor.is_empty() && !name.is_empty()).then_some((vendor, name))
}

fn product(data: Node<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let applications: Vec<Located<String>> = data.get("sourceApplications").into_iter().flat_map(referred).collect();
    let mut first: Option<Located<Value>> = None;
    let mut reader = Reader::new(data, problems);
    let mut plans: HashMap<&str, usize> = HashMap::new();
    for specification in data.get("eventSpecifications").into_iter().flat_map(Node::items) {
        let Some(source) = specification.at(&["event", "source"]) else { continue };
        let Some((vendor, name)) = source.text().and_then(reference) else {
            let help = "write `iglu:vendor/name/jsonschema/1-0-0`";
            reader.problem(source.span(), "this is no reference to a data structure", help);
            continue;
        };
        first.get_or_insert_with(|| Located::new(Value::Text(vendor.to_owned()), source.span()));
        let plan = *plans.entry(vendor).or_insert_with(|| plan_of(vendor, source, model));
        let schema = specification.at(&["event", "schema"]).filter(|schema| schema.shape() == Shape::Map);
        let Some(schema) = schema else { continue };
        let properties = reader.flat_schema(schema, Section::Properties);
        let event = Located::new(name.to_owned(), source.span());
        let mut event = plan_parts::of_plan(event, EventType::Track, plan, properties);
        event.sources.clone_from(&applications);
        model.events.push(event.into());
    }
    for id in applications {
        let mut source = Entity::implied(&kind::SOURCE, id);
        if let Some(plan) = &first {
            source.object.set("plan", plan.clone());
        }
        model.sources.push(source);
    }
}

/// The applications that a product names by their files.
fn referred<'d>(list: Node<'d>) -> impl Iterator<Item = Located<String>> + 'd {
    list.items().filter_map(|item| {
        let path = item.get("$ref")?;
        Some(Located::new(plan_parts::stem(path.text()?).to_owned(), path.span()))
    })
}

fn application(
    candidate: &Candidate<'_>,
    root: Node<'_>,
    data: Node<'_>,
    model: &mut Model,
    problems: &mut Vec<Problem>,
) {
    let Some(name) = data.get("name").filter(|name| name.text().is_some_and(|text| !text.is_empty())) else {
        let place = data.entry("name").map_or(data.span(), |entry| entry.value().span());
        let problem = Problem::at(Stage::Schema, place, "the source application has no name");
        return problems.push(problem.help("give it a `name`"));
    };
    let mut source =
        Entity::new(&kind::SOURCE, Located::new(name.text().unwrap_or_default().to_owned(), name.span()));
    // Products refer to the file, events carry an `app_id`.
    let file = Located::new(Value::Text(plan_parts::stem(candidate.path).to_owned()), name.span());
    let ids = data.get("appIds").into_iter().flat_map(Node::items).chain(root.get("resourceName"));
    let ids = ids.filter_map(|id| Some(Located::new(Value::Text(id.scalar()?.to_owned()), id.span())));
    let place = data.entry("appIds").map_or(name.span(), |entry| entry.key_span());
    source.object.set("aliases", Located::new(Value::List(ids.chain([file]).collect()), place));
    model.sources.push(source);
}
