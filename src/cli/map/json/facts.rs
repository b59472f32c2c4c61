//! What files declare of an entity and what follows from it, by attribute, each with its place.

use super::{Solid, solid};
use crate::flow::Facts;
use crate::model::{Located, Object, Value};
use crate::source::Sources;
use serde::{Serialize, Serializer};

/// What files declare, by the dotted name that rules use.
pub(super) struct Declared<'a> {
    pub(super) sources: &'a Sources,
    pub(super) object: &'a Object,
}

/// What follows, by name.
pub(super) struct Derived<'a> {
    pub(super) sources: &'a Sources,
    pub(super) facts: &'a Facts,
}

#[derive(Serialize)]
struct Stated<'a> {
    value: Shown<'a>,
    #[serde(flatten)]
    at: Solid<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Vec<Solid<'a>>>,
}

#[derive(Serialize)]
struct Follows<'a> {
    value: Shown<'a>,
    because: Vec<Reason<'a>>,
}

#[derive(Serialize)]
struct Reason<'a> {
    message: &'a str,
    #[serde(flatten)]
    at: Solid<'a>,
}

/// A value; what no file tells is `null`.
struct Shown<'a>(&'a Value);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Int(value) => serializer.serialize_i64(*value),
            Value::Text(text) => serializer.serialize_str(text),
            Value::List(items) => serializer.collect_seq(items.iter().map(|item| Shown(&item.value))),
            Value::Object(object) => {
                serializer.collect_map(object.entries().map(|(field, value)| (field.name, Shown(&value.value))))
            }
            Value::Unknown(_) => serializer.serialize_none(),
        }
    }
}

impl Serialize for Declared<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut found = Vec::new();
        flatten("", self.object, &mut found);
        serializer.collect_map(found.into_iter().map(|(name, value)| (name, self.stated(value))))
    }
}

impl<'a> Declared<'a> {
    fn stated(&self, value: &'a Located<Value>) -> Stated<'a> {
        let items = match &value.value {
            Value::List(items) => Some(items.iter().map(|item| solid(self.sources, item.span)).collect()),
            _ => None,
        };
        Stated { value: Shown(&value.value), at: solid(self.sources, value.span), items }
    }
}

/// Takes an object apart into the paths of its values.
fn flatten<'o>(prefix: &str, object: &'o Object, into: &mut Vec<(String, &'o Located<Value>)>) {
    for (field, value) in object.entries() {
        let path = if prefix.is_empty() { field.name.to_owned() } else { format!("{prefix}.{}", field.name) };
        match &value.value {
            Value::Object(inner) => flatten(&path, inner, into),
            _ => into.push((path, value)),
        }
    }
}

impl Serialize for Derived<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let follows = |name: &'static str, value| {
            let reasons = self.facts.reasons(name);
            let because =
                reasons.map(|label| Reason { message: &label.text, at: solid(self.sources, label.span) }).collect();
            Follows { value: Shown(value), because }
        };
        let all = self.facts.object.entries().filter(|(field, _)| field.derived);
        serializer.collect_map(all.map(|(field, value)| (field.name, follows(field.name, &value.value))))
    }
}
