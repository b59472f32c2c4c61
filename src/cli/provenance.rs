//! Where each value of an entity was written.

use crate::finding::Label;
use crate::model::{Entity, Object, Value};
use crate::output::printable;
use crate::source::{Sources, Span};
use std::io::{self, Write};

/// A place as `file:line:column`.
pub(super) fn place(span: Span, sources: &Sources) -> String {
    sources.get(span.source).map_or_else(String::new, |source| {
        let at = source.position(span.start);
        format!("{}:{}:{}", printable(&source.path), at.line, at.column)
    })
}

/// The files that speak of an entity, and the names they use.
pub(super) fn origins(entity: &Entity, sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let mut shown: Vec<String> = Vec::new();
    for (_, named) in &entity.origins {
        let line = format!("  named `{}`    {}", printable(&named.value), place(named.span, sources));
        if !shown.contains(&line) {
            writeln!(out, "{line}")?;
            shown.push(line);
        }
    }
    Ok(())
}

/// What is declared, each value with its place.
pub(super) fn values(object: &Object, indent: usize, sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    for (field, value) in object.entries() {
        let (name, at) = (field.name, place(value.span, sources));
        match &value.value {
            Value::Object(inner) => {
                writeln!(out, "{:indent$}{name}:", "")?;
                values(inner, indent + 2, sources, out)?;
            }
            Value::List(items) if items.iter().any(|item| item.span != value.span) => {
                writeln!(out, "{:indent$}{name}:", "")?;
                for item in items {
                    let shown = printable(&item.value.display());
                    writeln!(out, "{:indent$}  - {shown}    {}", "", place(item.span, sources))?;
                }
            }
            other => writeln!(out, "{:indent$}{name}: {}    {at}", "", printable(&other.display()))?,
        }
    }
    Ok(())
}

/// A reason and its place.
pub(super) fn reason(label: &Label, sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "      {}    {}", printable(&label.text), place(label.span, sources))
}
