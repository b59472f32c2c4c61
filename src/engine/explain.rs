//! A subject as rules see it, for people who ask why it is what it is.

use super::subject::Subjects;
use crate::finding::{Label, SubjectId};
use crate::flow::{Flow, Map};
use crate::model::kind::{Field, Kind};
use crate::model::{Operand, Value};
use crate::source::Span;

/// A subject with its attributes.
#[derive(Debug)]
pub struct Explained {
    /// What it is.
    pub id: SubjectId,
    /// Where it is written.
    pub place: Span,
    /// Those attributes that say anything, in the order of its kind.
    pub attributes: Vec<Attribute>,
}

/// An attribute of a subject.
#[derive(Debug)]
pub struct Attribute {
    /// Its row in the kind table.
    pub field: &'static Field,
    /// Its value, as messages show it.
    pub value: String,
    /// Why it is so.
    pub because: Vec<Label>,
}

/// The subjects of a kind whose identity is asked for, as rules see them.
pub fn explain(map: Map<'_>, flow: &Flow, kind: &'static Kind, wanted: &dyn Fn(&str) -> bool) -> Vec<Explained> {
    let mut found = Vec::new();
    Subjects::new(map, flow).each(kind.name, &mut |seen| {
        let id = (seen.id)();
        if !wanted(&id.id) {
            return;
        }
        let attribute = |(slot, field): (usize, &'static Field)| {
            let value = shown(seen.subject.attribute(&[slot]))?;
            Some(Attribute { field, value, because: (seen.reasons)(field.name) })
        };
        let attributes = kind.fields.iter().enumerate().filter_map(attribute).collect();
        found.push(Explained { id, place: seen.place, attributes });
    });
    found
}

/// A value in words; nothing for what is absent.
fn shown(value: Operand<'_>) -> Option<String> {
    Some(match value {
        Operand::Absent => return None,
        Operand::Object(object) => {
            let part = |(field, value): (&Field, &crate::model::Located<Value>)| {
                format!("{}: {}", field.name, value.value.display())
            };
            object.entries().map(part).collect::<Vec<_>>().join(", ")
        }
        Operand::Unknown(by) => format!("unknown: {by}"),
        Operand::Bool(value) => value.to_string(),
        Operand::Int(value) => value.to_string(),
        Operand::Text(text) => text.to_owned(),
        Operand::List(items) => items.iter().map(|item| Value::display(&item.value)).collect::<Vec<_>>().join(", "),
        Operand::Classes(classes) => classes.codes().collect::<Vec<_>>().join(", "),
    })
}
