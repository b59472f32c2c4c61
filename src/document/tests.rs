//! Whole documents in, trees and problems out.

mod csv;
mod hcl;
mod holes;
mod javascript;
mod json;
mod lines;
mod nasty;
mod schema;
mod yaml;

use super::{Node, Parsed, Shape, parse};
use crate::finding::{Place, Problem};
use crate::source::{SourceId, Span};

fn read<'t>(path: &str, text: &'t str) -> Parsed<'t> {
    parse(SourceId(0), path, text)
}

/// The text under a span.
fn at(text: &str, span: Span) -> &str {
    &text[span.start as usize..span.end as usize]
}

/// The text under the place of a problem.
fn under<'t>(text: &'t str, problem: &Problem) -> &'t str {
    let Place::Span(span) = problem.place else { panic!("no span") };
    at(text, span)
}

/// A tree in one line, for comparing: strings quoted, numbers as written.
fn line(node: Node<'_>) -> String {
    match node.shape() {
        Shape::List => format!("[{}]", node.items().map(line).collect::<Vec<_>>().join(",")),
        Shape::Map => {
            let entry = |entry: super::Entry<'_>| format!("{}:{}", entry.key(), line(entry.value()));
            format!("{{{}}}", node.entries().map(entry).collect::<Vec<_>>().join(","))
        }
        Shape::Text => format!("{:?}", node.scalar().unwrap()),
        Shape::Null => "null".to_owned(),
        _ => node.scalar().unwrap().to_owned(),
    }
}

/// The one document of a text that has no problem.
fn clean(path: &str, text: &str) -> String {
    let parsed = read(path, text);
    assert_eq!(parsed.problems, [], "{text:?}");
    assert_eq!(parsed.documents.len(), 1, "{text:?}");
    line(parsed.documents[0].root())
}
