//! Names of properties as a destination filter has them: the path of an object, and keys in it. Source: `transformers` of
//! segmentio/tsub-js, which is what applies the filters in Analytics.js. The path is followed through objects; where it ends at a
//! list, the keys are taken from each object in it; a key is a name, never a path.

use crate::model::event::{Event, EventType, Property, Section};
use std::collections::{BTreeMap, BTreeSet};

/// Keys by the path of the object that they are taken from.
pub(super) type Fields = BTreeMap<String, BTreeSet<String>>;

/// Adds what takes a property from its event, and as little else as can be.
pub(super) fn add(fields: &mut Fields, event: &Event, property: &Property) {
    let mut insert = |object: String, key: &str| fields.entry(object).or_default().insert(key.to_owned());
    let path: &str = &property.path.value;
    for part in parts(event.call, property.section) {
        let (object, key) = split(path);
        let nested = object.is_empty() || path.contains('$') || is_container(event, property, &object);
        if !nested {
            // The path may be one name with a dot in it.
            insert((*part).to_owned(), path);
        }
        let object = if object.is_empty() { (*part).to_owned() } else { format!("{part}.{object}") };
        insert(object, key);
    }
}

/// Where a part of an event is: traits are in the context of all but identify and group calls (Segment documentation, Spec).
fn parts(call: EventType, section: Section) -> &'static [&'static str] {
    match (section, call) {
        (Section::Properties, _) => &["properties"],
        (Section::Context, _) => &["context"],
        (Section::Traits, EventType::Identify | EventType::Group) => &["traits"],
        (Section::Traits, EventType::Common) => &["context.traits", "traits"],
        (Section::Traits, _) => &["context.traits"],
    }
}

/// The object that a path leads to, and the key in it. Inside the objects of a list one key can be taken, and nothing deeper,
/// so that more goes where the path goes on.
fn split(path: &str) -> (String, &str) {
    let segments: Vec<&str> = path.split('.').collect();
    let list = segments.iter().position(|segment| *segment == "$");
    match list.map(|at| (at, segments.get(at + 1))) {
        Some((at, Some(key))) if *key != "$" => (segments[..at].join("."), *key),
        Some((at, _)) => (segments[..at.saturating_sub(1)].join("."), segments[at.saturating_sub(1)]),
        None => path.rsplit_once('.').map_or((String::new(), path), |(object, key)| (object.to_owned(), key)),
    }
}

/// Whether the plan says that an object is there, so that a dot in the path is no part of a name.
fn is_container(event: &Event, property: &Property, object: &str) -> bool {
    let of = |other: &&Property| other.section == property.section && other.path.value.as_ref() == object;
    event.properties.iter().find(of).is_some_and(|other| other.hint.container)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_path_is_an_object_and_a_key() {
        for (path, object, key) in [
            ("ssn", "", "ssn"),
            ("a.ssn", "a", "ssn"),
            ("a.b.ssn", "a.b", "ssn"),
            ("products.$.ssn", "products", "ssn"),
            ("a.products.$.ssn", "a.products", "ssn"),
            ("products.$.holder.ssn", "products", "holder"),
            ("a.$.b.$.ssn", "a", "b"),
            ("tags.$", "", "tags"),
            ("a.tags.$", "a", "tags"),
            ("m.$.$.x", "", "m"),
        ] {
            assert_eq!(split(path), (object.to_owned(), key), "{path}");
        }
    }
}
