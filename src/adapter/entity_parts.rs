//! What the formats that describe set-ups have in common: attributes of entities, read from nodes.

use crate::document::Node;
use crate::model::catalogue::Lookup;
use crate::model::kind::Field;
use crate::model::{Located, Object, Value, settled};
use crate::source::Span;

/// Whether a text is filled in from elsewhere, in whole or in part: `{{ .NAME }}`, `${NAME}`, `<<parameters.name>>`,
/// `<name>`.
pub(super) fn is_hole(text: &str) -> bool {
    let bracketed = text.starts_with('<') && text.ends_with('>');
    bracketed || ["{{", "${", "<<"].iter().any(|mark| text.contains(mark))
}

/// The text of a scalar that is neither empty nor to be filled in.
pub(super) fn written(node: Node<'_>) -> Option<&str> {
    node.scalar().filter(|text| !node.is_null() && !text.trim().is_empty() && !is_hole(text))
}

/// The same of the value at a key.
pub(super) fn written_at<'d>(node: Node<'d>, key: &str) -> Option<(&'d str, Span)> {
    let found = node.get(key)?;
    Some((written(found)?, found.span()))
}

/// A text that is written at `node`.
pub(super) fn name(node: Node<'_>, text: &str) -> Located<String> {
    Located { value: text.to_owned(), span: node.span(), alias: node.alias() }
}

/// Sets a text.
pub(super) fn set_text(object: &mut Object, field: &str, text: &str, span: Span) {
    object.set(field, Located::new(Value::Text(text.to_owned()), span));
}

/// Sets a truth value from the value at a key; what is filled in from elsewhere is set, but unknown. Gives back what
/// is neither.
pub(super) fn set_flag<'d>(object: &mut Object, field: &str, node: Node<'d>, key: &str) -> Option<Node<'d>> {
    let found = node.get(key).filter(|found| !found.is_null())?;
    let value = match found.boolean() {
        Some(value) => Value::Bool(value),
        None if found.scalar().is_some_and(is_hole) => Value::Unknown("filled in from elsewhere".to_owned()),
        None => return Some(found),
    };
    object.set(field, Located { value, span: found.span(), alias: found.alias() });
    None
}

/// Sets a list of texts, each with its place.
pub(super) fn set_list(object: &mut Object, field: &str, texts: Vec<(String, Span)>, span: Span) {
    let items = texts.into_iter().map(|(text, span)| Located::new(Value::Text(text), span)).collect();
    object.set(field, Located::new(Value::List(items), span));
}

/// An object for a field of a kind that holds one.
pub(super) fn inner(fields: &'static [Field], field: &str) -> Option<Object> {
    let found = fields.iter().find(|known| known.name == field)?;
    match found.ty {
        crate::model::kind::Type::Object(fields) => Some(Object::new(fields)),
        _ => None,
    }
}

/// Sets one value of an object within the object, such as `deletion.via`.
pub(super) fn set_inner(object: &mut Object, field: &str, name: &str, value: Located<Value>) {
    let known = object.get(field).map(|found| (found.value.clone(), found.span));
    let (mut held, span) = match known {
        Some((Value::Object(held), span)) => (held, span),
        _ => match inner(object.fields(), field) {
            Some(held) => (held, value.span),
            None => return,
        },
    };
    held.set(name, value);
    object.set(field, Located::new(Value::Object(held), span));
}

/// Whether the catalogue knows a destination by this name, without doubt which.
pub(super) fn is_known(name: &str) -> bool {
    matches!(settled(name), Lookup::Found(_))
}
