//! Words of our own formats: keys, rules, citations, classes, attributes in expressions.

use super::{Part, facts};
use crate::cli::lsp::features::complete::{Directive, kind_of};
use crate::cli::lsp::features::outline::Role;
use crate::cli::lsp::features::place::{File, Place};
use crate::cli::lsp::features::shape::{Holds, Named, Value};
use crate::cli::lsp::snapshot::Snapshot;
use crate::model::catalogue::{Lookup, lookup};
use crate::model::kind::{Field, Type, kind};
use crate::model::remedy::remedy;
use crate::model::taxonomy::CLASSES;
use crate::output::{code_span, markdown};
use crate::policy::cited;
use crate::source::Span;

/// The rule in a comment that excepts from it.
pub(super) fn rule_in(snapshot: &Snapshot, directive: Directive<'_>, offset: u32) -> Option<Part> {
    let within = offset as usize - directive.start;
    let said = directive.text;
    let start = said.get(..within)?.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let end = said.get(within..)?.find(char::is_whitespace).map_or(said.len(), |at| within + at);
    let text = rule(snapshot, said.get(start..end)?)?;
    let from = directive.start;
    Some(Part { span: Span::new(directive.span.source, from + start, from + end), text })
}

fn rule(snapshot: &Snapshot, name: &str) -> Option<String> {
    snapshot.project.rules.iter().find(|rule| rule.id == name).map(facts::rule)
}

/// What is said of a word; of a key only when nothing was told of the attribute.
pub(super) fn at(snapshot: &Snapshot, place: &Place<'_>, offset: u32, told: bool) -> Option<Part> {
    if place.word().is_empty() {
        return None;
    }
    let text = match (place.spot.role, place.file) {
        (Role::Key, File::Settings) if matches!(place.holds(), Some(Holds::ByRule(_))) => rule(snapshot, place.word()),
        (Role::Key, _) if told => None,
        (Role::Key, _) => place.entry().map(|entry| format!("**{}**: {}", code_span(entry.name), facts::entry(entry))),
        (Role::Value, File::Baseline) => rule(snapshot, place.word()),
        (Role::Value | Role::Start, _) => return value(snapshot, place, offset, told),
        (Role::Item, _) => None,
    };
    text.map(|text| Part { span: place.span(), text })
}

fn value(snapshot: &Snapshot, place: &Place<'_>, offset: u32, told: bool) -> Option<Part> {
    let allowed = place.holds()?.scalar()?;
    let word = place.word();
    let text = match allowed {
        Value::Classes => class(word),
        Value::Name(Named::Rule) => rule(snapshot, word),
        Value::Name(Named::Citation) => cited(word).map(|_| facts::citation(word)),
        Value::Name(Named::Remedy) => remedy(word).map(|known| markdown(known.doc)),
        Value::Name(Named::Pack) => pack(snapshot, word),
        Value::Name(Named::Kind) => {
            kind(word).map(|kind| format!("**{}**: {}", code_span(kind.name), markdown(kind.doc)))
        }
        Value::Name(Named::Attribute) => kind_of(place).and_then(|kind| attribute(kind.fields, word)),
        Value::Name(Named::Expression | Named::Message) => return expression(place, offset),
        Value::Name(Named::Catalogue) => known(word),
        Value::Name(Named::Destination | Named::NewDestination) if !told => known(word),
        _ if told => None,
        _ => place.entry().map(|entry| format!("**{}**: {}", code_span(entry.name), facts::entry(entry))),
    };
    text.map(|text| Part { span: place.span(), text })
}

fn known(name: &str) -> Option<String> {
    if let Lookup::Found(known) = lookup(name) { Some(facts::known(known)) } else { None }
}

fn class(code: &str) -> Option<String> {
    let bare = code.strip_prefix("ccpa:").or_else(|| code.strip_prefix("spi:")).unwrap_or(code);
    let (code, term) = CLASSES.iter().find(|(known, _)| known.eq_ignore_ascii_case(bare))?;
    Some(format!("**{code}**: {term}"))
}

fn pack(snapshot: &Snapshot, name: &str) -> Option<String> {
    let own = |id: &str| id.split_once('/').is_some_and(|(pack, _)| pack == name);
    let count = snapshot.project.rules.iter().filter(|rule| own(&rule.id)).count();
    (count > 0).then(|| format!("**pack** {}: {}", code_span(name), crate::output::counted(count, "rule", "rules")))
}

/// The attribute under the cursor in an expression or a hole.
fn expression(place: &Place<'_>, offset: u32) -> Option<Part> {
    let kind = kind_of(place)?;
    let text = place.outline.text;
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let before = text.get(place.spot.word.start..offset as usize)?;
    let after = text.get(offset as usize..place.spot.word.end)?;
    let start = before
        .rfind(|c: char| !part(c) && c != '.')
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let end = after.find(|c: char| !part(c)).unwrap_or(after.len());
    let path = text.get(place.spot.word.start + start..offset as usize + end)?;
    let text = match path.strip_prefix(kind.name)? {
        "" => format!("**{}**: {}", code_span(kind.name), markdown(kind.doc)),
        rest => attribute(kind.fields, rest.strip_prefix('.')?)?,
    };
    Some(Part { span: Span::new(place.source, place.spot.word.start + start, offset as usize + end), text })
}

/// An attribute by its dotted name.
fn attribute(fields: &'static [Field], path: &str) -> Option<String> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let field = fields.iter().find(|field| field.name == name)?;
    match (rest, field.ty) {
        (Some(rest), Type::Object(inner)) => attribute(inner, rest),
        (Some(_), _) => None,
        (None, _) => {
            let derived = if field.derived { ", derived" } else { "" };
            let ty = markdown(&facts::typed(&field.ty));
            Some(format!("**{}**: {}\n\n*{ty}{derived}*", code_span(name), markdown(field.doc)))
        }
    }
}
