//! Events, the fields in them, and what those are taken for.

use super::entities::{Attributes, agree, differing, flatten, list};
use super::pair::pair;
use super::{AttributeChange, Both, Change, Written};
use crate::flow::Map;
use crate::model::{ClassSet, Classification, ClassifiedBy, Property};
use crate::source::Span;
use std::collections::BTreeMap;

/// What a field was taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The classes, letters and sensitive ones.
    pub classes: ClassSet,
    /// Whether it must never be in an event stream.
    pub restricted: bool,
    /// Whether anything knows it.
    pub known: bool,
    /// Where it stands.
    pub place: Span,
}

impl Taken {
    /// In words: the codes of its classes, or why there are none.
    pub fn words(&self) -> String {
        let codes: Vec<&str> = self.classes.codes().collect();
        match (self.restricted, codes.is_empty()) {
            (true, true) => "restricted".to_owned(),
            (true, false) => format!("{}, restricted", codes.join(", ")),
            (false, false) => codes.join(", "),
            (false, true) if self.known => "not personal".to_owned(),
            (false, true) => "not classified".to_owned(),
        }
    }
}

/// A field that is new, gone or not what it was.
#[derive(Clone, Debug)]
pub struct FieldChange {
    /// Section and dotted path, such as `properties.email`.
    pub path: String,
    /// What it was taken for.
    pub taken: Both<Taken>,
    /// What is declared of it and is not the same.
    pub attributes: Vec<AttributeChange>,
}

impl FieldChange {
    /// Whether it is or was personal, or must not be collected at all.
    pub fn is_personal(&self) -> bool {
        let personal = |taken: &Taken| !taken.classes.is_empty() || taken.restricted;
        self.taken.before.iter().chain(&self.taken.after).any(personal)
    }

    /// Whether it is taken for something else than before.
    pub fn is_reclassified(&self) -> bool {
        matches!((&self.taken.before, &self.taken.after), (Some(before), Some(after)) if !alike(before, after))
    }
}

fn alike(one: &Taken, other: &Taken) -> bool {
    (one.classes, one.restricted, one.known) == (other.classes, other.restricted, other.known)
}

/// An event that is new, gone or not what it was.
#[derive(Clone, Debug)]
pub struct EventChange {
    /// The call, such as `track`.
    pub call: &'static str,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub places: Both<Span>,
    /// The sources that send it and whatever else is declared of it, where that is not the same.
    pub attributes: Vec<AttributeChange>,
    /// Fields that are not the same; all of them where the event is new or gone.
    pub fields: Vec<FieldChange>,
}

impl EventChange {
    /// What kind of change it is.
    pub fn change(&self) -> Change {
        self.places.change()
    }

    pub(super) fn places(&self) -> Both<Vec<Span>> {
        let of = |own: Option<Span>, before: bool| {
            let taken = |field: &FieldChange| {
                let taken = if before { &field.taken.before } else { &field.taken.after };
                taken.as_ref().map(|taken| taken.place)
            };
            let attributes = |field: &FieldChange| -> Vec<Span> {
                let values = field.attributes.iter().map(|attribute| &attribute.values);
                let written =
                    values.filter_map(|values| if before { values.before.as_ref() } else { values.after.as_ref() });
                written.map(|written| written.place).collect()
            };
            let fields = self.fields.iter().flat_map(|field| taken(field).into_iter().chain(attributes(field)));
            own.map(|own| std::iter::once(own).chain(fields).collect())
        };
        Both { before: of(self.places.before, true), after: of(self.places.after, false) }
    }
}

/// A field on one side.
struct FieldOf {
    taken: Taken,
    attributes: Attributes,
}

/// An event on one side.
struct Item {
    call: &'static str,
    name: String,
    place: Span,
    attributes: Attributes,
    fields: BTreeMap<String, FieldOf>,
}

pub(super) fn compare(before: Map<'_>, after: Map<'_>) -> Vec<EventChange> {
    let same = |one: &Item, other: &Item| {
        agree(&one.attributes, &other.attributes)
            && one.fields.len() == other.fields.len()
            && one.fields.iter().zip(&other.fields).all(|((path, one), (other_path, other))| {
                path == other_path && alike(&one.taken, &other.taken) && agree(&one.attributes, &other.attributes)
            })
    };
    let mut changes: Vec<EventChange> =
        pair(items(before), items(after), same).into_iter().filter_map(change).collect();
    changes.sort_by(|one, other| (one.change(), &one.name, one.call).cmp(&(other.change(), &other.name, other.call)));
    changes
}

type Key = (String, &'static str);

fn items(map: Map<'_>) -> Vec<(Key, Item)> {
    let mut items = Vec::with_capacity(map.model.events.len());
    for (index, event) in map.model.events.iter().enumerate() {
        let place = event.name.span;
        let mut attributes = Attributes::new();
        let senders = map.links.events[index].iter().map(|source| map.model.sources[*source].id.value.clone());
        if senders.len() > 0 {
            attributes.insert((0, "sources".to_owned()), list(senders.collect(), place));
        }
        if let Some(incentive) = event.incentive {
            let written = Written { value: incentive.to_string(), items: Vec::new(), place };
            attributes.insert((1, "incentive".to_owned()), written);
        }
        let mut fields: BTreeMap<String, FieldOf> = BTreeMap::new();
        for (property, class) in event.properties.iter().zip(&map.classes[index]) {
            let path = format!("{}.{}", property.section.name(), property.path.value);
            let field = field(property, class);
            match fields.get_mut(&path) {
                Some(known) => known.join(field),
                None => drop(fields.insert(path, field)),
            }
        }
        let (call, name) = (event.call.name(), event.name.value.clone());
        items.push(((name.clone(), call), Item { call, name, place, attributes, fields }));
    }
    items
}

fn field(property: &Property, class: &Classification) -> FieldOf {
    let mut attributes = Attributes::new();
    if let Some(declared) = &property.declared {
        for (slot, field) in declared.fields().iter().enumerate() {
            if let Some(value) = declared.slot(slot) {
                flatten(slot, field.name, &field.ty, value, &mut attributes);
            }
        }
    }
    let taken = Taken {
        classes: class.classes.letters().union(class.classes),
        restricted: class.restricted,
        known: class.by != ClassifiedBy::Nothing,
        place: property.path.span,
    };
    FieldOf { taken, attributes }
}

impl FieldOf {
    /// The same field, listed twice.
    fn join(&mut self, other: Self) {
        self.taken.classes = self.taken.classes.union(other.taken.classes);
        self.taken.restricted |= other.taken.restricted;
        self.taken.known |= other.taken.known;
        self.attributes.extend(other.attributes);
    }
}

fn change(items: Both<Item>) -> Option<EventChange> {
    let of = |item: &Option<Item>| item.as_ref().map(|item| item.place);
    let places = Both { before: of(&items.before), after: of(&items.after) };
    let none = Attributes::new();
    let attributes = differing(
        items.before.as_ref().map_or(&none, |item| &item.attributes),
        items.after.as_ref().map_or(&none, |item| &item.attributes),
    );
    let latest = items.latest()?;
    let (call, name) = (latest.call, latest.name.clone());
    let fields_of = |item: Option<Item>| item.map(|item| item.fields).unwrap_or_default();
    let (mut old, new) = (fields_of(items.before), fields_of(items.after));
    let mut fields = Vec::new();
    for (path, after) in new {
        let before = old.remove(&path);
        fields.extend(field_change(path, before, Some(after)));
    }
    fields.extend(old.into_iter().filter_map(|(path, before)| field_change(path, Some(before), None)));
    // What is personal first.
    fields.sort_by(|one, other| (!one.is_personal(), &one.path).cmp(&(!other.is_personal(), &other.path)));
    Some(EventChange { call, name, places, attributes, fields })
}

fn field_change(path: String, before: Option<FieldOf>, after: Option<FieldOf>) -> Option<FieldChange> {
    let (before, old) = before.map(|field| (field.taken, field.attributes)).unzip();
    let (after, new) = after.map(|field| (field.taken, field.attributes)).unzip();
    let attributes = differing(&old.unwrap_or_default(), &new.unwrap_or_default());
    let field = FieldChange { path, taken: Both { before, after }, attributes };
    let other = field.taken.change() != Change::Changed || field.is_reclassified();
    (other || !field.attributes.is_empty()).then_some(field)
}
