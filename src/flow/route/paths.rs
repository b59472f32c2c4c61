//! The ways from sources to a destination, and where consent is enforced on each.

use super::super::Map;
use super::super::destination::{ON_SEGMENT, unenforced};
use super::super::gate::{carries_no_consent, containers, is_container, is_restricted, is_wrapped, ungated_tag};
use super::super::reach::{Reach, is_dataset, presumed_fed};
use super::{Path, Point, Via};
use crate::model::Entity;
use crate::source::Span;

/// The ways to a destination: one for each enabled source that feeds it. Where no source is declared and it is presumed to
/// be fed, that is one way, too.
pub fn paths(map: Map<'_>, reach: &Reach, destination: usize) -> Vec<Path> {
    let sources = &reach.paths[destination];
    let mut found: Vec<Path> = sources.iter().map(|source| one(map, destination, Some(*source))).collect();
    if found.is_empty() && presumed_fed(map, sources, destination) {
        found.push(one(map, destination, None));
    }
    found
}

fn one(map: Map<'_>, destination: usize, source: Option<usize>) -> Path {
    let entity = &map.model.destinations[destination];
    let from = source.map(|source| &map.model.sources[source]);
    let via = via(map, destination, from);
    let (point, place, because) = point(map, destination, from, via);
    let place = place.or_else(|| from.map(|source| source.id.span)).unwrap_or(entity.id.span);
    Path { source, via, point, place, because }
}

/// How data gets there, by what the source and the destination are said to be.
fn via(map: Map<'_>, destination: usize, source: Option<&Entity>) -> Via {
    let entity = &map.model.destinations[destination];
    let platform = source.and_then(|source| source.object.text("platform"));
    let mode = entity.object.text("mode");
    match (platform, mode) {
        (_, Some("audience")) => return Via::Audience,
        (Some("retl"), _) | (_, Some("reverse_etl")) => return Via::ReverseEtl,
        (_, Some("file")) => return Via::File,
        (Some("replay"), _) => return Via::Replay,
        (Some("dataset"), _) => return Via::Store,
        _ => {}
    }
    if source.is_some_and(|source| !containers(map, source).is_empty()) {
        return Via::TagManager;
    }
    match platform {
        Some("server") => Via::Server,
        Some("cloud_object") => Via::CloudApp,
        Some("ios" | "android" | "mobile" | "tv") => Via::Mobile,
        _ if !map.links.derived[destination].is_empty() => Via::Store,
        _ => match mode {
            Some("device") => Via::Device,
            Some(_) => Via::Cloud,
            // The mode that is not told is the one that the catalogue knows; a script in the page where it knows both.
            None if map.links.known[destination].is_some_and(|known| known.cloud_mode && !known.device_mode) => {
                Via::Cloud
            }
            None => Via::Device,
        },
    }
}

type Found = (Point, Option<Span>, String);

/// Where consent is enforced on a way, the place that says so, and why.
fn point(map: Map<'_>, destination: usize, source: Option<&Entity>, via: Via) -> Found {
    let entity = &map.model.destinations[destination];
    if let Some((why, place)) = unenforced(map, source, entity, map.links.known[destination]) {
        return (Point::Nowhere, Some(place), why.to_owned());
    }
    if let Some(source) = source
        && let Some(gap) = carries_no_consent(map, source, entity)
    {
        let place = ungated_tag(map, source, entity).or_else(|| stated(source));
        return (Point::Nowhere, place, format!("source `{}` {gap}", source.id.value));
    }
    if let Some(source) = source {
        if is_container(map, source) {
            let own_checks = is_restricted(map, source, entity);
            let why =
                if own_checks { "checks of its own restrict the tag" } else { "the tag asks what the visitor chose" };
            return (Point::Tag { own_checks }, None, why.to_owned());
        }
        if is_dataset(source) {
            return (Point::Page, None, "what a store holds carries no consent".to_owned());
        }
    }
    if matches!(via, Via::File | Via::Replay) {
        let what = if via == Via::File { "export" } else { "replay" };
        return (Point::Page, None, format!("the {what} joins the suppression list"));
    }
    managed(map, source, via)
}

/// Where a source says how its events carry consent.
fn stated(source: &Entity) -> Option<Span> {
    let keys = ["consent.columns", "consent.object", "consent.wrapper", "consent"];
    keys.iter().find_map(|key| source.object.get(key)).map(|found| found.span)
}

/// The point of the consent manager in use.
fn managed(map: Map<'_>, source: Option<&Entity>, via: Via) -> Found {
    let Some(manager) = map.model.manager() else {
        return (Point::Page, None, "no consent manager is declared, so one is presumed to act in the page".to_owned());
    };
    let place = Some(manager.span);
    let stamps = source.is_some_and(|source| source.object.boolean("consent.object") == Some(true));
    let stamps = stamps && !is_wrapped(map, source);
    match (manager.value, via) {
        ("segment-consent-manager", Via::Device | Via::Cloud) => {
            let mut all = map.model.consents.iter();
            let set_up = all.position(|consent| consent.object.text("manager") == Some(manager.value));
            (Point::OpenSource(set_up), place, "Segment's Consent Manager decides what the page loads".to_owned())
        }
        ("rudderstack", Via::Device | Via::Cloud | Via::Mobile | Via::Server) => {
            let browser = via == Via::Device;
            let who = if browser { "RudderStack's SDK decides in the page" } else { "RudderStack's servers decide" };
            (Point::Rudder { browser }, place, who.to_owned())
        }
        (name, Via::Device) if ON_SEGMENT.contains(&name) && !stamps => {
            let model = super::scene::model(map);
            (Point::Wrapper { model }, place, "the consent wrapper decides in the page".to_owned())
        }
        (name, Via::Device | Via::Cloud | Via::Mobile | Via::Server | Via::CloudApp | Via::ReverseEtl)
            if ON_SEGMENT.contains(&name) =>
        {
            let stamped = matches!(via, Via::Device | Via::Cloud) && !stamps;
            let by = if via == Via::ReverseEtl { "the consent columns" } else { "the consent that events carry" };
            (Point::Platform { stamped }, place, format!("Segment's servers decide by {by}"))
        }
        (name, _) => {
            (Point::Page, place, format!("the consent manager `{name}` is presumed to act in the page or app"))
        }
    }
}
