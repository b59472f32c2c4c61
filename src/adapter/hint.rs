//! What a schema says of the values of a property.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use crate::document::{Node, Shape};
use crate::model::{Format, Property, Section, ValueHint};

const BOOLEAN: u8 = 1;
const STRING: u8 = 2;
const NUMBER: u8 = 4;
const CONTAINER: u8 = 8;

/// What was seen of one schema while walking through it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    types: u8,
    /// Types of the values in `enum` and `const`; they count where no type is given.
    examples: u8,
    format: Option<Format>,
}

/// What the value of `type` says: a name or a list of names.
pub(super) fn types(value: Node<'_>) -> Seen {
    let mut seen = Seen::default();
    seen.declare(value);
    seen
}

/// Whether the value of `type` allows an object.
pub(super) fn names_object(value: Node<'_>) -> bool {
    match value.shape() {
        Shape::List => value.items().any(|item| item.text() == Some("object")),
        _ => value.text() == Some("object"),
    }
}

impl Seen {
    /// Takes in the value of `type`.
    pub(super) fn declare(&mut self, value: Node<'_>) {
        if value.shape() == Shape::List {
            value.items().for_each(|item| self.declare(item));
            return;
        }
        self.named(value.text().unwrap_or(""));
    }

    /// Takes in the name of a type.
    pub(super) fn named(&mut self, name: &str) {
        // JSON Schema knows seven names; hand-written plans know more. `any` and unknown names say nothing.
        match name {
            "boolean" | "bool" => self.types |= BOOLEAN,
            "string" | "text" => self.types |= STRING,
            "number" | "integer" | "int" | "float" | "double" | "long" => self.types |= NUMBER,
            "object" | "array" | "list" | "map" => self.types |= CONTAINER,
            "date" | "datetime" | "date-time" | "timestamp" => {
                self.types |= STRING;
                self.format = self.format.or(Some(Format::Date));
            }
            _ => {}
        }
    }

    /// Takes in the value of `format`.
    pub(super) fn format(&mut self, value: Node<'_>) {
        self.format = value.text().and_then(Format::parse).or(self.format);
    }

    /// Takes in a value that the property may have.
    pub(super) fn example(&mut self, value: Node<'_>) {
        self.examples |= match value.shape() {
            Shape::Null | Shape::Code(_) => 0,
            Shape::Bool(_) => BOOLEAN,
            Shape::Integer | Shape::Float => NUMBER,
            Shape::Text => STRING,
            Shape::List | Shape::Map => CONTAINER,
        };
    }

    /// The schema has keywords for members or items.
    pub(super) fn container(&mut self) {
        self.types |= CONTAINER;
    }

    /// Takes in another schema for the same value.
    pub(super) fn join(&mut self, other: Self) {
        self.types |= other.types;
        self.examples |= other.examples;
        self.format = self.format.or(other.format);
    }

    fn all(self) -> u8 {
        if self.types == 0 { self.examples } else { self.types }
    }

    /// Whether something is known, and it allows plain values only.
    pub(super) fn is_plain(self) -> bool {
        let all = self.all();
        all & CONTAINER == 0 && (all != 0 || self.format.is_some())
    }

    /// The hint for classification.
    pub(super) fn hint(self) -> ValueHint {
        let all = self.all();
        ValueHint {
            boolean: all == BOOLEAN,
            string: all & STRING != 0,
            number: all & NUMBER != 0,
            container: all & CONTAINER != 0,
            format: self.format,
        }
    }
}

/// The first of each property; what others of the same name say of the values is joined to it.
pub(super) fn distinct(properties: Vec<Property>) -> Vec<Property> {
    let mut first: HashMap<(Section, Box<str>), usize> = HashMap::with_capacity(properties.len());
    let mut kept: Vec<Property> = Vec::with_capacity(properties.len());
    for property in properties {
        match first.entry((property.section, property.path.value.clone())) {
            Slot::Vacant(slot) => {
                slot.insert(kept.len());
                kept.push(property);
            }
            Slot::Occupied(slot) => {
                if let Some(known) = kept.get_mut(*slot.get()) {
                    known.hint = known.hint.join(property.hint);
                }
            }
        }
    }
    kept
}

/// Texts that a schema lists or gives as examples: what values a property takes.
pub(super) fn values(schema: Node<'_>) -> Box<[Box<str>]> {
    const LISTED: [&str; 5] = ["enum", "examples", "const", "default", "example"];
    let named = schema.entries().filter(|entry| LISTED.contains(&entry.key()));
    let listed = named.flat_map(|entry| entry.value().items().chain(std::iter::once(entry.value())));
    listed.filter_map(|value| value.text().map(Box::from)).take(64).collect()
}
