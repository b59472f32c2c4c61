//! Messages with holes: `{destination.name}` stands for an attribute of the subject.

use super::expression::Mistake;
use crate::finding::closest;
use crate::model::kind::{Kind, Type};
use crate::model::{Operand, Subject};

/// A checked message.
#[derive(Debug)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Literal(String),
    Hole(Vec<usize>),
}

/// The slots of a dotted path below a kind, such as `contract.ref`.
///
/// # Errors
/// The name that is not in the table, with the closest one that is.
pub(super) fn resolve(kind: &'static Kind, path: &str) -> Result<Vec<usize>, (String, String)> {
    let mut fields = kind.fields;
    let mut slots = Vec::new();
    let mut names = path.split('.').peekable();
    while let Some(name) = names.next() {
        let Some(slot) = fields.iter().position(|field| field.name == name) else {
            let help = closest(name, fields.iter().map(|field| field.name))
                .map_or_else(String::new, |near| format!("did you mean `{near}`?"));
            return Err((format!("`{}` has no attribute `{path}`", kind.name), help));
        };
        slots.push(slot);
        match fields[slot].ty {
            Type::Object(inner) => fields = inner,
            _ if names.peek().is_some() => {
                return Err((format!("`{name}` has no attributes of its own"), String::new()));
            }
            _ => {}
        }
    }
    Ok(slots)
}

impl Template {
    /// Checks a message whose holes name attributes of `kind`.
    ///
    /// # Errors
    /// An unclosed hole or an unknown attribute.
    pub fn compile(source: &str, kind: &'static Kind) -> Result<Self, Mistake> {
        let mut parts = Vec::new();
        let mut rest = source;
        while let Some(open) = rest.find('{') {
            let at = source.len() - rest.len() + open;
            let mistake = |message: String, help: String, end: usize| Mistake { start: at, end, message, help };
            let Some(close) = rest[open..].find('}') else {
                return Err(mistake(
                    "a hole is not closed".to_owned(),
                    "write `{kind.attribute}`".to_owned(),
                    source.len(),
                ));
            };
            let name = &rest[open + 1..open + close];
            let inner = name.strip_prefix(kind.name).and_then(|rest| rest.strip_prefix('.'));
            let end = at + close + 1;
            let Some(inner) = inner else {
                return Err(mistake(
                    format!("`{name}` is no attribute of the subject"),
                    format!("write `{{{}.…}}`", kind.name),
                    end,
                ));
            };
            let slots = resolve(kind, inner).map_err(|(message, help)| mistake(message, help, end))?;
            parts.push(Part::Literal(rest[..open].to_owned()));
            parts.push(Part::Hole(slots));
            rest = &rest[open + close + 1..];
        }
        parts.push(Part::Literal(rest.to_owned()));
        Ok(Self { parts })
    }

    /// The message for a subject.
    pub fn fill(&self, subject: &dyn Subject) -> String {
        self.parts.iter().fold(String::new(), |mut message, part| {
            match part {
                Part::Literal(text) => message.push_str(text),
                Part::Hole(path) => message.push_str(&show(subject.attribute(path))),
            }
            message
        })
    }
}

/// A value as a message shows it.
pub(super) fn show(value: Operand<'_>) -> String {
    match value {
        Operand::Absent => "(not declared)".to_owned(),
        Operand::Unknown(by) => format!("unknown ({by})"),
        Operand::Bool(value) => value.to_string(),
        Operand::Int(value) => value.to_string(),
        Operand::Text(text) => text.to_owned(),
        Operand::List(items) => {
            let shown: Vec<String> = items.iter().take(5).map(|item| item.value.display()).collect();
            let more = items.len().saturating_sub(5);
            // Commas inside the items would run into those between them.
            let between = if shown.iter().any(|item| item.contains(", ") || item.len() > 40) { "; " } else { ", " };
            let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("{}{tail}", shown.join(between))
        }
        Operand::Classes(classes) => classes.describe(),
        Operand::Object(object) => crate::model::Value::Object(object.clone()).display(),
    }
}
