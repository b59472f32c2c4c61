//! Where each value of an entity was written, and why it is what it is: the same for `explain` and for the editor.

use crate::engine::{Attribute, Explained};
use crate::finding::Label;
use crate::flow::{Facts, Flow};
use crate::model::{Entity, Model, Object, Value};
use crate::output::printable;
use crate::source::{Sources, Span};
use std::io::{self, Write};

/// The kinds whose subjects can be explained.
pub(super) const EXPLAINED: [&str; 7] =
    ["destination", "source", "category", "consent", "request", "signal", "business"];

/// Something said of an entity, and where it is written.
pub(super) struct Said {
    /// How deep it is inside the entity.
    pub(super) depth: usize,
    pub(super) what: What,
    pub(super) at: Option<Span>,
}

/// What is said.
pub(super) enum What {
    /// A name that a file uses.
    Named(String),
    /// A group of attributes, or a list.
    Group(&'static str),
    /// A declared attribute.
    Value(&'static str, String),
    /// An item of a list.
    Item(String),
    /// A derived attribute.
    Derived(&'static str, String),
    /// Why it is so.
    Reason(String),
}

/// The entities of a kind with what is derived of them; `None` for a kind that cannot be explained.
pub(super) fn entities<'a>(kind: &str, model: &'a Model, flow: &'a Flow) -> Option<Vec<(&'a Entity, &'a Facts)>> {
    Some(match kind {
        "destination" => model.destinations.iter().zip(&flow.destinations).collect(),
        "source" => model.sources.iter().zip(&flow.sources).collect(),
        "category" => model.categories.iter().zip(&flow.categories).collect(),
        "request" => model.requests.iter().zip(&flow.requests).collect(),
        "consent" => model.consents.iter().zip(&flow.consents).collect(),
        "signal" => model.signals.iter().zip(&flow.signals).collect(),
        "business" => model.business.iter().zip(&flow.business).collect(),
        _ => return None,
    })
}

/// A place as `file:line:column`.
pub(super) fn place(span: Span, sources: &Sources) -> String {
    sources.get(span.source).map_or_else(String::new, |source| {
        let at = source.position(span.start);
        format!("{}:{}:{}", printable(&source.path), at.line, at.column)
    })
}

/// The files that speak of an entity, and the names they use.
pub(super) fn origins(entity: &Entity) -> Vec<Said> {
    let mut seen: Vec<(&str, Span)> = Vec::new();
    let mut said = Vec::new();
    for (_, named) in &entity.origins {
        let same = |(name, span): &(&str, Span)| {
            *name == named.value && span.source == named.span.source && span.start == named.span.start
        };
        if !seen.iter().any(same) {
            seen.push((&named.value, named.span));
            said.push(Said { depth: 0, what: What::Named(named.value.clone()), at: Some(named.span) });
        }
    }
    said
}

/// What is declared, each value with its place.
pub(super) fn values(object: &Object, depth: usize) -> Vec<Said> {
    let mut said = Vec::new();
    for (field, value) in object.entries() {
        match &value.value {
            Value::Object(inner) => {
                said.push(Said { depth, what: What::Group(field.name), at: None });
                said.extend(values(inner, depth + 1));
            }
            Value::List(items) if items.iter().any(|item| item.span != value.span) => {
                said.push(Said { depth, what: What::Group(field.name), at: None });
                let item = |item: &crate::model::Located<Value>| Said {
                    depth: depth + 1,
                    what: What::Item(item.value.display()),
                    at: Some(item.span),
                };
                said.extend(items.iter().map(item));
            }
            other => said.push(Said { depth, what: What::Value(field.name, other.display()), at: Some(value.span) }),
        }
    }
    said
}

/// What is derived, each attribute followed by its reasons.
pub(super) fn derived(entity: &Entity, facts: &Facts) -> Vec<Said> {
    let mut said = Vec::new();
    for field in entity.kind.fields.iter().filter(|field| field.derived) {
        let Some(value) = facts.object.get(field.name) else { continue };
        said.push(Said { depth: 0, what: What::Derived(field.name, value.value.display()), at: None });
        let reason = |label: &Label| Said { depth: 2, what: What::Reason(label.text.clone()), at: Some(label.span) };
        said.extend(facts.reasons(field.name).map(reason));
    }
    said
}

/// What rules see of a subject, each attribute followed by its reasons.
pub(super) fn seen(explained: &Explained) -> Vec<Said> {
    let mut said = Vec::new();
    for Attribute { field, value, because } in &explained.attributes {
        if !field.derived && value.is_empty() {
            continue;
        }
        let what = if field.derived { What::Derived } else { What::Value };
        // What is written in one place needs no reason but the place.
        let written = because.first().filter(|_| !field.derived && because.len() == 1).map(|label| label.span);
        said.push(Said { depth: 0, what: what(field.name, value.clone()), at: written });
        let reason = |label: &Label| Said { depth: 2, what: What::Reason(label.text.clone()), at: Some(label.span) };
        said.extend(because.iter().filter(|_| written.is_none()).map(reason));
    }
    said
}

/// Writes lines for a terminal.
pub(super) fn write(said: &[Said], sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    for Said { depth, what, at } in said {
        let text = match what {
            What::Named(name) => format!("named `{}`", printable(name)),
            What::Group(name) => format!("{name}:"),
            What::Value(name, value) => format!("{name}: {}", printable(value)),
            What::Item(value) => format!("- {}", printable(value)),
            What::Derived(name, value) if value.is_empty() => format!("{name} = (none)"),
            What::Derived(name, value) => format!("{name} = {}", printable(value)),
            What::Reason(why) => printable(why),
        };
        let indent = 2 + 2 * depth;
        match at {
            Some(at) => writeln!(out, "{:indent$}{text}    {}", "", place(*at, sources))?,
            None => writeln!(out, "{:indent$}{text}", "")?,
        }
    }
    Ok(())
}
