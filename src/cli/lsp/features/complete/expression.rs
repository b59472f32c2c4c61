//! Attributes in the expressions and messages of a rule.

use super::{Offer, facts};
use crate::cli::lsp::features::place::Place;
use crate::cli::lsp::features::shape::Named;
use crate::cli::lsp::features::{Completion, CompletionKind as Is};
use crate::finding::Edit;
use crate::model::kind::{Field, Kind, Type, kind};
use crate::source::Span;

/// Functions of the expression language, with what they tell.
const FUNCTIONS: [(&str, &str); 5] = [
    ("has", "whether an attribute is declared"),
    ("size", "length of a list or a text"),
    ("older_than", "whether more than a time has passed since a day, such as '12 months'"),
    ("in_force", "whether a day has come"),
    ("true", "always"),
];

/// The kind that a rule file is for.
pub(in crate::cli::lsp::features) fn kind_of(place: &Place<'_>) -> Option<&'static Kind> {
    let document = place.outline.parts.iter().position(|part| part.key.is_empty())?;
    kind(place.outline.value_at(document, "for")?)
}

/// What goes on in an expression or in the hole of a message; `None` for names that are no expressions.
pub(super) fn complete(place: &Place<'_>, named: Named, offset: u32) -> Option<Vec<Completion>> {
    if !matches!(named, Named::Expression | Named::Message) {
        return None;
    }
    let (text, cursor) = (place.outline.text, offset as usize);
    let begun = text.get(place.spot.word.start..cursor).unwrap_or("");
    let in_hole = begun.rfind('{').is_some_and(|open| !begun[open..].contains('}'));
    let Some(kind) = kind_of(place).filter(|_| named == Named::Expression || in_hole) else { return Some(Vec::new()) };
    let start = begun.rfind(|c| !is_part(c)).map_or(0, |at| at + begun[at..].chars().next().map_or(1, char::len_utf8));
    let path = &begun[start..];
    let last = path.rfind('.').map_or(0, |dot| dot + 1);
    let rest = text.get(cursor..).unwrap_or("");
    let end = cursor + rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let span = Span::new(place.source, place.spot.word.start + start + last, end);
    let offers = if last == 0 { beginnings(kind, named) } else { below(kind, &path[..last]) };
    let written = |offer: Offer| {
        let Offer { label, detail, documentation, kind } = offer;
        Completion { edit: Edit { span, text: label.clone() }, label, detail, documentation, kind }
    };
    Some(offers.into_iter().map(written).collect())
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}

fn beginnings(kind: &'static Kind, named: Named) -> Vec<Offer> {
    let mut offers = vec![Offer::new(Is::Attribute, kind.name, kind.doc)];
    if named == Named::Expression {
        offers.extend(FUNCTIONS.iter().map(|(name, what)| Offer::new(Is::Choice, *name, *what)));
    }
    offers
}

/// The attributes below a path that ends in a dot, such as `destination.contract.`.
fn below(kind: &'static Kind, path: &str) -> Vec<Offer> {
    let mut names = path.trim_end_matches('.').split('.');
    if names.next() != Some(kind.name) {
        return Vec::new();
    }
    let inner = names.try_fold(kind.fields, |fields, name| match fields.iter().find(|field| field.name == name)?.ty {
        Type::Object(inner) => Some(inner),
        _ => None,
    });
    inner.into_iter().flatten().map(|field| offer(field, field.name.to_owned())).collect()
}

fn offer(field: &'static Field, name: String) -> Offer {
    let derived = if field.derived { ", derived" } else { "" };
    let detail = format!("{}{derived}", facts::typed(&field.ty));
    Offer::new(Is::Attribute, name, detail).explained(crate::output::markdown(field.doc))
}

/// All attributes of the rule's kind, as `point_at` and `related` name them.
pub(super) fn attributes(place: &Place<'_>) -> Vec<Offer> {
    let Some(kind) = kind_of(place) else { return Vec::new() };
    let mut offers = Vec::new();
    for field in kind.fields {
        offers.push(offer(field, field.name.to_owned()));
        if let Type::Object(inner) = field.ty {
            offers.extend(inner.iter().map(|inner| offer(inner, format!("{}.{}", field.name, inner.name))));
        }
    }
    offers
}
