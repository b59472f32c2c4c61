//! Declared entities, attribute by attribute. Nothing that is declared changes without being told.

use super::pair::pair;
use super::{AttributeChange, Both, Change, Side, Written};
use crate::model::kind::{Field, Type};
use crate::model::{ClassSet, Entity, Link, Lister, Located, Object, Value};
use crate::source::Span;
use std::collections::BTreeMap;

/// What is derived and told beside what is declared: attribute of a destination, and its name in the comparison.
const DERIVED: [(&str, &str); 3] =
    [("active", "active"), ("discloses", "sold or shared"), ("gated", "stopped by the opt-out")];
/// The plan that a source names: what that means is in the events that it sends, whatever the plan's file is called.
const PLAN: &str = "plan";

/// An entity that is new, gone or not what it was.
#[derive(Clone, Debug)]
pub struct EntityChange {
    /// Its kind.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub places: Both<Span>,
    /// What is not the same, in the order of the kind's table; all of it where the entity is new or gone.
    pub attributes: Vec<AttributeChange>,
}

impl EntityChange {
    /// What kind of change it is.
    pub fn change(&self) -> Change {
        self.places.change()
    }

    /// Places on both sides.
    pub(super) fn places(&self) -> Both<Vec<Span>> {
        let of = |own: Option<Span>, side: fn(&AttributeChange) -> Option<&Written>| {
            let attributes = self.attributes.iter().filter_map(side).map(|written| written.place);
            own.map(|own| std::iter::once(own).chain(attributes).collect())
        };
        Both {
            before: of(self.places.before, |attribute| attribute.values.before.as_ref()),
            after: of(self.places.after, |attribute| attribute.values.after.as_ref()),
        }
    }
}

/// An entity on one side.
struct Item {
    kind: &'static str,
    id: String,
    place: Span,
    attributes: Attributes,
}

/// By position in the kind's table and path.
pub(super) type Attributes = BTreeMap<(usize, String), Written>;

pub(super) fn compare(before: Side<'_>, after: Side<'_>) -> Vec<EntityChange> {
    let same = |one: &Item, other: &Item| agree(&one.attributes, &other.attributes);
    let pairs = pair(items(before), items(after), same);
    let mut changes: Vec<EntityChange> = pairs.into_iter().filter_map(change).collect();
    changes.sort_by_key(|change| {
        let rank = crate::model::kind::KINDS.iter().position(|kind| kind.name == change.kind);
        (rank, change.change())
    });
    changes
}

fn change(mut items: Both<Item>) -> Option<EntityChange> {
    // What is derived is told of what was there before and still is: else it says no more than that it came or went.
    if items.change() != Change::Changed {
        for item in items.before.iter_mut().chain(&mut items.after) {
            item.attributes.retain(|(slot, _), _| *slot != usize::MAX);
        }
    }
    let none = Attributes::new();
    let of = |item: &Option<Item>| item.as_ref().map(|item| item.place);
    let places = Both { before: of(&items.before), after: of(&items.after) };
    let attributes = differing(
        items.before.as_ref().map_or(&none, |item| &item.attributes),
        items.after.as_ref().map_or(&none, |item| &item.attributes),
    );
    let item = items.after.or(items.before)?;
    Some(EntityChange { kind: item.kind, id: item.id, places, attributes })
}

/// Whether all attributes are the same, wherever they are written.
pub(super) fn agree(one: &Attributes, other: &Attributes) -> bool {
    let same = |((key, written), (other_key, other)): ((_, &Written), (_, &Written))| {
        key == other_key && written.value == other.value
    };
    one.len() == other.len() && one.iter().zip(other).all(same)
}

/// The attributes that are not the same.
pub(super) fn differing(before: &Attributes, after: &Attributes) -> Vec<AttributeChange> {
    let keys: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let mut changes = Vec::new();
    for key in keys {
        let values = Both { before: before.get(key).cloned(), after: after.get(key).cloned() };
        let value = |written: &Option<Written>| written.as_ref().map(|written| written.value.clone());
        if value(&values.before) != value(&values.after) {
            changes.push(AttributeChange { name: key.1.clone(), values });
        }
    }
    changes
}

type Key = (&'static str, String);

fn items(side: Side<'_>) -> Vec<(Key, Item)> {
    let model = side.map.model;
    let business = model.business.as_slice();
    let lists = [business, &model.signals, &model.consents, &model.banners, &model.categories, &model.destinations];
    let more = [model.sources.as_slice(), &model.notices, &model.requests, &model.decisions];
    let mut items = Vec::new();
    for list in lists.into_iter().chain(more) {
        for (index, entity) in list.iter().enumerate() {
            let item = item(side, index, entity);
            items.push(((item.kind, item.id.clone()), item));
        }
    }
    items
}

fn item(side: Side<'_>, index: usize, entity: &Entity) -> Item {
    let mut attributes = Attributes::new();
    let skipped = |field: &Field| field.name == "id" || (entity.kind.name == "source" && field.name == PLAN);
    for (slot, field) in entity.kind.fields.iter().enumerate().filter(|(_, field)| !skipped(field)) {
        let followed = followed(side, index, entity, field.name);
        match (followed, entity.object.slot(slot)) {
            (Some(ids), value) => {
                let place = value.map_or(entity.id.span, |value| value.span);
                attributes.insert((slot, field.name.to_owned()), list(ids, place));
            }
            (None, Some(value)) => flatten(slot, field.name, &field.ty, value, &mut attributes),
            (None, None) => {}
        }
    }
    // Known only because something refers to it, or declared: that changes what is asked of it.
    let declared = if entity.implied { "no" } else { "yes" };
    let written = Written { value: declared.to_owned(), items: Vec::new(), place: entity.id.span };
    attributes.insert((usize::MAX, "declared".to_owned()), written);
    if entity.kind.name == "destination" {
        let facts = &side.flow.destinations[index].object;
        for (name, shown) in DERIVED {
            let value = facts.get(name).map_or_else(String::new, |found| match &found.value {
                Value::Unknown(_) => "undecidable".to_owned(),
                other => other.display(),
            });
            attributes
                .insert((usize::MAX, shown.to_owned()), Written { value, items: Vec::new(), place: entity.id.span });
        }
    }
    Item { kind: entity.kind.name, id: entity.id.value.clone(), place: entity.id.span, attributes }
}

/// What the names in a list of references stand for; none where the attribute holds no references, or nothing.
fn followed(side: Side<'_>, index: usize, entity: &Entity, field: &str) -> Option<Vec<String>> {
    let links = side.map.links;
    let found: &[Link] = match (entity.kind.name, field) {
        ("category", "destinations") if links.listers[index].len() > 1 => return Some(listed(side, index)),
        ("category", "destinations") => &links.categories[index],
        ("source", "destinations") => links.sources[index].as_deref()?,
        ("source", "raw_store") => &links.raw_stores[index],
        ("destination", "derived_from") => &links.derived[index],
        ("request", "store") => links.stores.get(index)?.as_slice(),
        _ => return None,
    };
    let raw = entity.object.get(field);
    let known = found.iter().map(|link| side.map.model.destinations[link.index].id.value.clone());
    let mut ids: Vec<String> = known.collect();
    ids.extend(raw.and_then(computed));
    if ids.is_empty() && raw.is_none() {
        return None;
    }
    Some(ids)
}

/// The destinations of a category that several kinds of files know, each with who lists it: what a consent point reads is its
/// own file's list alone.
fn listed(side: Side<'_>, category: usize) -> Vec<String> {
    let mut found = Vec::new();
    for (to, listed) in side.map.links.listed.iter().enumerate() {
        let id = &side.map.model.destinations[to].id.value;
        let here = listed.iter().filter(|one| one.category == category);
        found.extend(here.map(|one| format!("{id} ({})", lister(one.lister))));
    }
    found
}

fn lister(lister: Lister) -> &'static str {
    match lister {
        Lister::Inventory => "data map",
        Lister::Wrapper => "consent wrapper",
        Lister::Segment => "Segment",
        Lister::ConsentManager => "Consent Manager",
        Lister::Rudder => "RudderStack",
        Lister::TagManager => "tag manager",
    }
}

/// That a list, or a part of it, is computed by code.
fn computed(value: &Located<Value>) -> Option<String> {
    match &value.value {
        Value::Unknown(_) => Some(value.value.display()),
        Value::List(items) => items.iter().find_map(computed),
        _ => None,
    }
}

/// A list, in which neither order nor repetition counts.
pub(super) fn list(mut items: Vec<String>, place: Span) -> Written {
    items.sort();
    items.dedup();
    let value = if items.is_empty() { "none".to_owned() } else { items.join(", ") };
    Written { value, items, place }
}

/// Takes an object apart into the paths of its values.
pub(super) fn flatten(slot: usize, path: &str, ty: &Type, value: &Located<Value>, into: &mut Attributes) {
    let written = match (&value.value, ty) {
        (Value::Object(object), _) => {
            return each(object, |field, inner| {
                flatten(slot, &format!("{path}.{}", field.name), &field.ty, inner, into);
            });
        }
        (Value::List(items), Type::Classes) => {
            let codes = items.iter().map(|item| {
                let code = item.value.display();
                ClassSet::parse(&code).map_or(code, |class| class.codes().collect())
            });
            list(codes.collect(), value.span)
        }
        (Value::List(items), _) => list(items.iter().map(|item| item.value.display()).collect(), value.span),
        (other, _) => Written { value: other.display(), items: Vec::new(), place: value.span },
    };
    into.insert((slot, path.to_owned()), written);
}

fn each(object: &Object, mut with: impl FnMut(&'static Field, &Located<Value>)) {
    for (field, value) in object.entries() {
        with(field, value);
    }
}
