//! The JSON Schema of the data map, from the kind table.

use super::kind::{self, Field, Kind, Type, required};
use serde_json::{Map, Value, json};

static FIELD_RULE: [Field; 1] =
    [required("match", Type::Text, "Pattern over `<event>.<section>.<path>`; `*` stands for anything.")];

static EVENT_EXTRA: [Field; 0] = [];

/// The request types of `requests`, in the order of the file.
pub const REQUESTS: [&str; 6] = ["opt_out", "limit", "know", "delete", "correct", "log"];

/// The schema (draft 2020-12) as a value; `policies/schemas/datamap.json` holds it, and a test that it is current.
pub fn datamap() -> Value {
    let list = |kind: &'static Kind, extra: &'static [Field]| json!({"type": "array", "items": object(kind.fields, extra, &[])});
    let request = |name: &&str| ((*name).to_owned(), json!({"$ref": "#/$defs/request"}));
    let requests: Map<String, Value> = REQUESTS.iter().map(request).collect();
    let properties = json!({"type": "array", "items": {"$ref": "#/$defs/property"}});
    let mut consent = object(kind::CONSENT.fields, &[], &[]);
    insert(&mut consent, "banner", object(kind::BANNER.fields, &[], &[]));
    insert(&mut consent, "categories", list(&kind::CATEGORY, &[]));
    let mut event = object(kind::EVENT.fields, &EVENT_EXTRA, &[]);
    insert(&mut event, "properties", properties.clone());
    insert(&mut event, "traits", properties);
    let field_rule = object(kind::PROPERTY.fields, &FIELD_RULE, &["name", "type", "format"]);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://github.com/consentlint/consentlint/policies/schemas/datamap.json",
        "title": "consentlint data map",
        "description": "What a business declares about personal information: consent, destinations, sources, events, notices, requests. Every section is optional and may be spread over any number of files.",
        "type": "object",
        "properties": {
            "datamap": {"const": 1, "description": "Marks the file and its version."},
            "business": object(kind::BUSINESS.fields, &[], &[]),
            "signals": {"type": "object", "properties": {"gpc": object(kind::SIGNAL.fields, &[], &[])}, "additionalProperties": false},
            "consent": consent,
            "destinations": list(&kind::DESTINATION, &[]),
            "sources": list(&kind::SOURCE, &[]),
            "events": {"type": "array", "items": event},
            "notice": {"type": "object", "properties": {"categories": list(&kind::NOTICE, &[])}, "additionalProperties": false},
            "requests": {"type": "object", "properties": requests, "additionalProperties": false},
            "decisions": list(&kind::DECISION, &[]),
            "fields": {"type": "array", "items": field_rule},
        },
        "patternProperties": {"^x-": {"description": "Yours: a place for YAML anchors."}},
        "required": ["datamap"],
        "additionalProperties": false,
        "$defs": {
            "property": object(kind::PROPERTY.fields, &[], &[]),
            "request": object(kind::REQUEST.fields, &[], &[]),
        },
    })
}

fn insert(object: &mut Value, name: &str, schema: Value) {
    if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert(name.to_owned(), schema);
    }
}

fn object(fields: &[Field], extra: &[Field], optional: &[&str]) -> Value {
    let written: Vec<&Field> = extra.iter().chain(fields).filter(|field| !field.derived).collect();
    let properties: Map<String, Value> = written
        .iter()
        .filter(|field| !optional.contains(&field.name) || field.name != "name")
        .map(|field| (field.name.to_owned(), described(field)))
        .collect();
    let needed: Vec<&str> = written
        .iter()
        .filter(|field| field.required && !optional.contains(&field.name))
        .map(|field| field.name)
        .collect();
    let mut schema = json!({"type": "object", "properties": properties, "additionalProperties": false});
    if let (false, Some(schema)) = (needed.is_empty(), schema.as_object_mut()) {
        schema.insert("required".to_owned(), json!(needed));
    }
    schema
}

fn described(field: &Field) -> Value {
    let mut schema = typed(&field.ty);
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".to_owned(), json!(field.doc));
    }
    schema
}

fn typed(ty: &Type) -> Value {
    match ty {
        Type::Bool => json!({"type": "boolean"}),
        // Days, months and steps: what is larger is a slip, and must not be read as absent.
        Type::Int => json!({"type": "integer", "minimum": 0, "maximum": 1_000_000}),
        Type::Text | Type::Reference(_) => json!({"type": "string", "minLength": 1}),
        Type::Url => json!({"type": "string", "pattern": "^https?://"}),
        Type::Date => json!({"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"}),
        Type::Choice(words) => json!({"enum": words}),
        Type::Classes => classes(),
        Type::List(item) => json!({"type": "array", "items": typed(item)}),
        Type::Object(fields) => object(fields, &[], &[]),
    }
}

/// Codes may stand bare (`A`, `1C`) or with their list (`ccpa:A`, `spi:1C`).
fn classes() -> Value {
    let prefixed = |code: &str| {
        let list = if code.len() == 1 { "ccpa" } else { "spi" };
        [code.to_owned(), format!("{list}:{code}")]
    };
    let codes: Vec<String> = super::taxonomy::CLASSES.iter().flat_map(|(code, _)| prefixed(code)).collect();
    let mut single = codes.clone();
    single.push("none".to_owned());
    json!({"anyOf": [{"enum": single}, {"type": "array", "items": {"enum": codes}}]})
}
