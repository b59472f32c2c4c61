//! Ids in vendors' files. Their formats are not told by a table, but by example: where the same path of the same file has
//! ids of consent categories or names of destinations, these are what belongs there.

use super::{Completion, Offer, is_ours};
use crate::cli::lsp::features::CompletionKind as Is;
use crate::cli::lsp::features::outline::{Role, Step, content};
use crate::cli::lsp::features::place::Place;
use crate::cli::lsp::features::shape::Value;
use crate::cli::lsp::snapshot::Snapshot;
use crate::model::{Entity, normal};
use std::collections::BTreeSet;

/// What belongs at a value of a vendor's file.
pub(super) fn complete(snapshot: &Snapshot, place: &Place<'_>) -> Vec<Completion> {
    if is_ours(place) || place.spot.role == Role::Key {
        return Vec::new();
    }
    let mut here = shape(&place.path);
    if place.spot.role == Role::Item {
        here.push(None);
    }
    let (outline, own) = (&place.outline, place.spot.part);
    let alike = outline.parts.iter().enumerate().filter(|(at, _)| *at != own || place.spot.role != Role::Value);
    let alike = alike.filter(|(at, part)| part.value.is_some() && shape(&outline.path(*at)) == here);
    let words: BTreeSet<&str> =
        alike.filter_map(|(_, part)| outline.text.get(part.value.clone()?)).map(content).collect();
    let model = &snapshot.loaded.model;
    let known = [&model.categories, &model.destinations].into_iter().find(|entities| is_of(entities, &words));
    let taken = super::listed(place);
    let writer = super::Writer::plain(place);
    let ids = known.into_iter().flatten().flat_map(names);
    let offered = ids.filter(|(name, _)| !taken.contains(&name.as_str()));
    offered.map(|(name, detail)| writer.value(Offer::new(Is::Id, name, detail), Value::Text)).collect()
}

/// A path without the numbers of items.
fn shape(path: &[Step]) -> Vec<Option<&str>> {
    path.iter().map(|step| if let Step::Key(name) = step { Some(name.as_str()) } else { None }).collect()
}

fn is_of(entities: &[Entity], words: &BTreeSet<&str>) -> bool {
    let known: BTreeSet<String> = entities.iter().flat_map(names).map(|(name, _)| normal(&name)).collect();
    words.iter().any(|word| known.contains(&normal(word)))
}

/// An entity as vendors' files write it: by the ids and names that they use.
fn names(entity: &Entity) -> Vec<(String, &'static str)> {
    let mut names: Vec<(String, &'static str)> = vec![(entity.id.value.clone(), entity.kind.name)];
    for (_, name) in &entity.origins {
        if !names.iter().any(|(known, _)| *known == name.value) {
            names.push((name.value.clone(), entity.kind.name));
        }
    }
    names
}
