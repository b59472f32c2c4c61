//! Entities and their attributes: what is declared, what follows from it, and why.

use super::{Part, covers, facts, finding, written};
use crate::cli::lsp::features::outline::{Role, Step};
use crate::cli::lsp::features::place::Place;
use crate::cli::lsp::features::shape::{Holds, Named, Value as Allowed};
use crate::cli::lsp::snapshot::Snapshot;
use crate::cli::provenance::{self, EXPLAINED, Said, What};
use crate::flow::Facts;
use crate::model::{Entity, Located, Object, Value, normal};
use crate::output::{code_span, markdown};
use crate::source::{SourceId, Span};

/// How many lines of what is declared, and of what is derived, are shown.
const LINES: usize = 12;
/// How many reasons of one attribute.
const REASONS: usize = 3;
/// How many attributes that rest on one declaration.
const RESTING: usize = 8;
/// Derived attributes that matter most; the first three are shown even when they do not hold.
const FIRST: [&str; 12] = [
    "active",
    "discloses",
    "gated",
    "ungated_because",
    "counterexample",
    "basis",
    "presumed_third_party",
    "categories",
    "reach",
    "paths",
    "limit_gated",
    "forwardable",
];
/// Those that only serve others.
const ASIDE: [&str; 6] =
    ["known", "catalogue_categories", "mapping_known", "categories_known", "receives_personal", "declared_twice"];

/// An entity with what is derived of it.
#[derive(Clone, Copy)]
pub(super) struct Known<'s> {
    entity: &'s Entity,
    facts: &'s Facts,
}

fn all(snapshot: &Snapshot) -> impl Iterator<Item = Known<'_>> {
    let of = |kind: &str| provenance::entities(kind, &snapshot.loaded.model, &snapshot.flow).unwrap_or_default();
    EXPLAINED.into_iter().flat_map(of).map(|(entity, facts)| Known { entity, facts })
}

/// The entity under a name.
fn named<'s>(snapshot: &'s Snapshot, kind: &str, name: &str) -> Option<Known<'s>> {
    let wanted = normal(name);
    let is = |known: &Known<'_>| {
        let entity = known.entity;
        let own = || entity.origins.iter().map(|(_, name)| name.value.as_str()).chain([entity.id.value.as_str()]);
        entity.kind.name == kind && own().any(|own| normal(own) == wanted)
    };
    all(snapshot).find(is)
}

/// What is said of the entity or attribute at a place.
pub(super) fn at(snapshot: &Snapshot, place: Option<&Place<'_>>, source: SourceId, offset: u32) -> Vec<Part> {
    let here = |span: Span| covers(span, source, offset);
    if let Some((known, span)) = place.and_then(|place| referred(snapshot, place)) {
        return vec![Part { span, text: told(snapshot, known, offset) }];
    }
    for known in all(snapshot) {
        let names = known.entity.origins.iter().map(|(_, name)| name.span);
        if let Some(span) = std::iter::once(known.entity.id.span).chain(names).find(|span| here(*span)) {
            return vec![Part { span, text: told(snapshot, known, offset) }];
        }
    }
    if let Some((known, path, span)) = place.and_then(|place| attribute(snapshot, place)) {
        return vec![Part { span, text: attribute_told(snapshot, known, &path) }];
    }
    for known in all(snapshot) {
        if let Some((path, span)) = within(&known.entity.object, &here) {
            return vec![Part { span, text: attribute_told(snapshot, known, &path) }];
        }
    }
    listed(snapshot, &here)
        .map(|(known, span)| vec![Part { span, text: told(snapshot, known, offset) }])
        .unwrap_or_default()
}

/// The destination that a category of a vendor's file, or a source, names here.
fn listed<'s>(snapshot: &'s Snapshot, here: &dyn Fn(Span) -> bool) -> Option<(Known<'s>, Span)> {
    let links = &snapshot.loaded.links;
    let lists = links.categories.iter().chain(links.sources.iter().flatten()).chain(&links.raw_stores);
    let link = lists.flatten().find(|link| here(link.span))?;
    let entity = snapshot.loaded.model.destinations.get(link.index)?;
    let facts = snapshot.flow.destinations.get(link.index)?;
    Some((Known { entity, facts }, link.span))
}

/// The entity that a value of one of our files names.
fn referred<'s>(snapshot: &'s Snapshot, place: &Place<'_>) -> Option<(Known<'s>, Span)> {
    if place.spot.role == Role::Key || place.word().is_empty() {
        return None;
    }
    let Allowed::Name(name) = place.holds()?.scalar()? else { return None };
    let kind = match name {
        Named::Destination | Named::NewDestination => "destination",
        Named::Source => "source",
        Named::Category => "category",
        Named::Subject => {
            let (kind, id) = place.word().split_once(':')?;
            return Some((named(snapshot, kind, id)?, place.span()));
        }
        _ => return None,
    };
    Some((named(snapshot, kind, place.word())?, place.span()))
}

/// The attribute of an entity that the cursor is at in a data map.
fn attribute<'s>(snapshot: &'s Snapshot, place: &Place<'_>) -> Option<(Known<'s>, String, Span)> {
    let root = super::super::shape::root(place.file)?;
    let mut keys: Vec<Step> = place.path.clone();
    if place.spot.role == Role::Key {
        keys.push(Step::Key(place.word().to_owned()));
    }
    let deepest = (0..keys.len()).rev().find_map(|length| {
        let holds = super::super::shape::at(root, &keys[..length])?;
        if let Holds::Keys(Some(kind), _) = holds { Some((length, *kind)) } else { None }
    });
    let (length, kind) = deepest?;
    let step = keys.get(length.checked_sub(1)?);
    let id = match step {
        Some(Step::Key(name)) if EXPLAINED.contains(&kind.name) => {
            if ["business", "consent"].contains(&kind.name) {
                kind.name
            } else {
                name
            }
        }
        Some(Step::Item(_)) => {
            let part = (0..place.outline.parts.len()).find(|part| {
                place.outline.path(*part) == keys[..length]
                    && !place.outline.parts[*part].value.as_ref().is_some_and(|value| value.is_empty())
            })?;
            place.outline.value_at(part, "id")?
        }
        _ => return None,
    };
    let names: Vec<&str> = keys[length..]
        .iter()
        .filter_map(|step| if let Step::Key(name) = step { Some(name.as_str()) } else { None })
        .collect();
    let known = named(snapshot, kind.name, id)?;
    let path = names.join(".");
    let exists = place.entry().is_some() && !path.is_empty();
    exists.then(|| (known, path, place.span()))
}

/// The attribute whose value is written at a place.
fn within(object: &Object, here: &dyn Fn(Span) -> bool) -> Option<(String, Span)> {
    for (field, value) in object.entries() {
        let inner = match &value.value {
            Value::Object(inner) => within(inner, here).map(|(path, span)| (format!("{}.{path}", field.name), span)),
            Value::List(items) => {
                items.iter().find(|item| here(item.span)).map(|item| (field.name.to_owned(), item.span))
            }
            _ => None,
        };
        let own = || here(value.span).then(|| (field.name.to_owned(), value.span));
        if let Some(found) = inner.or_else(own) {
            return Some(found);
        }
    }
    None
}

/// All that is worth saying of an entity.
fn told(snapshot: &Snapshot, known: Known<'_>, offset: u32) -> String {
    let Known { entity, facts } = known;
    let (kind, id) = (entity.kind.name, entity.id.value.as_str());
    let named = if id == kind { String::new() } else { format!(" {}", code_span(id)) };
    let mut parts = vec![format!("**{kind}**{named} ({})", written(snapshot, entity.id.span))];
    let index = snapshot.loaded.model.destinations.iter().position(|other| std::ptr::eq(other, entity));
    let catalogue = index.and_then(|index| *snapshot.loaded.links.known.get(index)?);
    parts.extend(catalogue.map(facts::known));
    let about = finding::about(snapshot, kind, id, offset);
    if !about.is_empty() {
        parts.push(format!("**Found elsewhere**\n\n{}", lines(&about, LINES)));
    }
    let declared = declared(snapshot, entity);
    if !declared.is_empty() {
        parts.push(format!("**Declared**\n\n{}", lines(&declared, LINES)));
    }
    let derived = derived(snapshot, entity, facts);
    if !derived.is_empty() {
        parts.push(format!("**What follows**\n\n{}", lines(&derived, LINES)));
    }
    let subject = code_span(&format!("consentlint explain --subject {kind}:{id}"));
    parts.push(format!("*{subject} says all*"));
    parts.join("\n\n")
}

/// The first lines of many.
fn lines(all: &[String], most: usize) -> String {
    let mut shown: Vec<String> = all.iter().take(most).map(|line| format!("- {line}")).collect();
    if let Some(more) = all.len().checked_sub(most).filter(|more| *more > 0) {
        shown.push(format!("- {more} more"));
    }
    shown.join("\n")
}

/// The names that other files use, and what is declared, an attribute a line.
fn declared(snapshot: &Snapshot, entity: &Entity) -> Vec<String> {
    let line = |said: Said| match said {
        Said { what: What::Named(name), at: Some(at), .. } if at != entity.id.span => {
            Some(format!("named {} ({})", code_span(&name), written(snapshot, at)))
        }
        _ => None,
    };
    let attributes = entity.object.entries().filter(|(field, _)| field.name != "id");
    let attribute = |(field, value): (&'static crate::model::kind::Field, &Located<Value>)| {
        format!("{}: {} ({})", code_span(field.name), markdown(&value.value.display()), written(snapshot, value.span))
    };
    provenance::origins(entity).into_iter().filter_map(line).chain(attributes.map(attribute)).collect()
}

/// Derived attributes that say something, those that matter most first, each with its reasons.
fn derived(snapshot: &Snapshot, entity: &Entity, facts: &Facts) -> Vec<String> {
    let rank = |name: &str| FIRST.iter().position(|first| *first == name).unwrap_or(FIRST.len());
    let mut fields: Vec<_> =
        entity.kind.fields.iter().filter(|field| field.derived && !ASIDE.contains(&field.name)).collect();
    fields.sort_by_key(|field| rank(field.name));
    let says = |name: &str, value: &Value| match value {
        Value::Bool(holds) => *holds || FIRST[..3].contains(&name),
        Value::List(items) => !items.is_empty(),
        Value::Text(text) => !text.is_empty(),
        _ => true,
    };
    let line = |field: &&crate::model::kind::Field| {
        let value = facts.object.get(field.name).filter(|value| says(field.name, &value.value))?;
        Some(derived_line(snapshot, facts, field.name, &value.value))
    };
    fields.iter().filter_map(line).collect()
}

fn derived_line(snapshot: &Snapshot, facts: &Facts, name: &str, value: &Value) -> String {
    let reasons: Vec<_> = facts.reasons(name).collect();
    let reason = |label: &&crate::finding::Label| {
        let text = if label.text.is_empty() { "written here".to_owned() } else { markdown(&label.text) };
        format!("{text} ({})", written(snapshot, label.span))
    };
    let mut shown: Vec<String> = reasons.iter().take(REASONS).map(reason).collect();
    if reasons.len() > REASONS {
        shown.push(format!("{} more", reasons.len() - REASONS));
    }
    let because = if shown.is_empty() { String::new() } else { format!(", because: {}", shown.join("; ")) };
    format!("{} = {}{because}", code_span(name), markdown(&value.display()))
}

/// An attribute: what it means, what it is here, and what rests on it.
fn attribute_told(snapshot: &Snapshot, known: Known<'_>, path: &str) -> String {
    let Known { entity, .. } = known;
    let (kind, id) = (entity.kind.name, entity.id.value.as_str());
    let of = if id == kind { kind.to_owned() } else { format!("{kind} {}", code_span(id)) };
    let mut parts = vec![format!("**{}** of {of}", code_span(path))];
    parts.extend(
        field(entity, path).map(|field| format!("{}\n\n*{}*", markdown(field.doc), markdown(&facts::typed(&field.ty)))),
    );
    let Some(value) = declared_at(&entity.object, path) else { return parts.join("\n\n") };
    let mut said = format!("{} ({})", markdown(&value.value.display()), written(snapshot, value.span));
    if let Some(alias) = value.alias {
        said += &format!(", brought here by {}", written(snapshot, alias));
    }
    parts.push(format!("**Declared:** {said}"));
    let rest = resting(snapshot, value);
    if !rest.is_empty() {
        parts.push(format!("**What rests on it**\n\n{}", lines(&rest, RESTING)));
    }
    parts.join("\n\n")
}

/// The value at a path, when its fields are all of the kind's table.
fn declared_at<'e>(object: &'e Object, path: &str) -> Option<&'e Located<Value>> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let (_, value) = object.entries().find(|(field, _)| field.name == name)?;
    match (rest, &value.value) {
        (None, _) => Some(value),
        (Some(rest), Value::Object(inner)) => declared_at(inner, rest),
        (Some(_), _) => None,
    }
}

fn field(entity: &Entity, path: &str) -> Option<&'static crate::model::kind::Field> {
    let mut fields = entity.kind.fields;
    let mut found = None;
    for name in path.split('.') {
        let next = fields.iter().find(|field| field.name == name)?;
        found = Some(next);
        fields = if let crate::model::kind::Type::Object(inner) = next.ty { inner } else { &[] };
    }
    found
}

/// Derived attributes, of whatever entity, of which a reason stands at a declaration.
fn resting(snapshot: &Snapshot, value: &Located<Value>) -> Vec<String> {
    let mut spans = vec![value.span];
    if let Value::List(items) = &value.value {
        spans.extend(items.iter().map(|item| item.span));
    }
    let mut found: Vec<String> = Vec::new();
    for Known { entity, facts } in all(snapshot) {
        for (name, label) in facts.because.iter().filter(|(_, label)| spans.contains(&label.span)) {
            let Some(derived) = facts.object.get(name) else { continue };
            let value = markdown(&derived.value.display());
            let value = if value.is_empty() { "(none)".to_owned() } else { value };
            let of = format!("{} {}", entity.kind.name, code_span(&entity.id.value));
            let line = format!("{} = {value} of {of}: {}", code_span(name), markdown(&label.text));
            if !found.contains(&line) {
                found.push(line);
            }
        }
    }
    found
}
