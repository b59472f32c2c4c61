//! Where a filter would not hold. Source of what Segment's filters do: Segment documentation, Destination Filters
//! (<https://www.twilio.com/docs/segment/connections/destinations/destination-filters>).

use super::BlockFormat;
use super::plan::{Held, Look};
use crate::model::catalogue::{Lookup, lookup};
use crate::model::{Entity, Origin};

/// How data gets to a destination.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// In the vendor's own script, in the page or app.
    Device,
    /// From servers.
    Cloud,
    /// By either, as far as anything says.
    Unsaid,
}

/// What has to be so for a filter to hold, if anything.
///
/// # Errors
/// Why it does not hold.
pub(super) fn hindrance(look: Look<'_>, to: usize, held: Held) -> Result<Option<String>, String> {
    let entity = &look.map.model.destinations[to];
    names(look, held)?;
    if !look.map.links.derived[to].is_empty() {
        return Err("it is filled from another store, not by events; leave the columns out where it is filled".into());
    }
    match (other_platform(look, entity), look.format) {
        (Some(other), BlockFormat::Datamap) => {
            return Ok(Some(format!(
                "It is set up in another platform ({other}): this holds only once it is kept back there."
            )));
        }
        (Some(other), _) => {
            return Err(format!(
                "it is also set up in another platform ({other}), which Segment's filters do not reach"
            ));
        }
        (None, BlockFormat::Datamap) => {}
        (None, _) => stored(entity)?,
    }
    match (way(entity), held) {
        (Way::Cloud, _) => Ok(None),
        (Way::Device | Way::Unsaid, Held::Page) => {
            Err("unless it is in cloud mode its own script reads the page, which no filter stops; use cloud mode"
                .into())
        }
        (way, _) => device(look, to, entity, way == Way::Device),
    }
}

/// Whether a filter can name it.
fn names(look: Look<'_>, held: Held) -> Result<(), String> {
    match held {
        Held::Property(event, property) => {
            let (_, property) = look.property(event, property);
            let path: &str = &property.path.value;
            let odd = path.is_empty() || path.split('.').any(|segment| segment.is_empty() || segment == "*");
            if odd || path == "$" || path.starts_with("$.") {
                return Err(format!("no filter can name the property `{path}` and nothing else"));
            }
        }
        Held::Event(event) if !look.has_name(event) && look.format != BlockFormat::Datamap => {
            return Err("only tracked events are told by their name in a filter".into());
        }
        Held::Event(_) | Held::Page => {}
    }
    Ok(())
}

/// The format of a file that sets a destination up in another platform than Segment.
fn other_platform<'a>(look: Look<'a>, entity: &Entity) -> Option<&'a str> {
    let set_up = entity.origins.iter().filter(|(origin, _)| *origin == Origin::Platform);
    let formats = |source: u32| look.loaded.formats.get(source as usize).into_iter().flatten().copied();
    set_up.flat_map(|(_, id)| formats(id.span.source.0)).find(|format| !format.starts_with("segment"))
}

/// Segment does not filter what goes to warehouses and S3, nor what it does not send as events.
fn stored(entity: &Entity) -> Result<(), String> {
    let mode = entity.object.text("mode");
    if mode == Some("warehouse") {
        return Err(
            "Segment applies no destination filters to warehouses; leave the columns out by selective sync".into()
        );
    }
    if let Some(mode @ ("reverse_etl" | "audience" | "file")) = mode {
        return Err(format!(
            "its mode is `{mode}`, and destination filters act on events; leave the fields out where it is filled"
        ));
    }
    let s3 = known(entity).is_some_and(|known| known.slug.contains("s3"));
    if s3 { Err("Segment applies no destination filters to S3".into()) } else { Ok(()) }
}

fn known(entity: &Entity) -> Option<&'static crate::model::catalogue::Known> {
    let names = [entity.object.text("catalog"), Some(entity.id.value.as_str())];
    names.into_iter().flatten().find_map(|name| match lookup(name) {
        Lookup::Found(known) => Some(known),
        _ => None,
    })
}

fn way(entity: &Entity) -> Way {
    match (entity.object.text("mode"), known(entity)) {
        (Some("device"), _) => Way::Device,
        (Some(_), _) => Way::Cloud,
        (None, Some(known)) if known.device_mode && !known.cloud_mode => Way::Device,
        (None, Some(known)) if known.cloud_mode && !known.device_mode => Way::Cloud,
        (None, _) => Way::Unsaid,
    }
}

/// In device mode filters act in the library, once that is switched on for the source. Events of servers never go that way.
fn device(look: Look<'_>, to: usize, entity: &Entity, sure: bool) -> Result<Option<String>, String> {
    let paths = look.flow.reach.paths[to].iter().map(|source| &look.map.model.sources[*source]);
    let platforms: Vec<&str> = paths.filter_map(|source| source.object.text("platform")).collect();
    if !platforms.is_empty() && platforms.iter().all(|platform| *platform == "server") {
        return Ok(None);
    }
    match entity.object.boolean("destination_filters") {
        Some(true) => return Ok(None),
        Some(false) if sure => {
            let why = "it runs in device mode, where Destination Filters are declared as off (`destination_filters: false`); \
                       switch them on for the source, or use cloud mode";
            return Err(why.into());
        }
        Some(false) | None => {}
    }
    let app = platforms.iter().any(|platform| matches!(*platform, "ios" | "android" | "mobile"));
    let how = if app {
        "Destination Filters are on for the source, and in apps the library has its plugin for them"
    } else {
        "Destination Filters are on in the settings of the source (Analytics.js)"
    };
    let begin = if sure { "It runs in device mode" } else { "If it runs in device mode" };
    Ok(Some(format!("{begin}: there this holds only where {how}. Declare `destination_filters: true` once they are.")))
}
