//! What each path delivers to a destination in a visitor's state.

use super::super::Map;
use super::super::reach::Reach;
use super::case::Case;
use super::deliver::{Event, deliver};
use super::paths::paths;
use super::reason::{Asked, reason};
use super::scene::Scene;
use super::{Path, Step};
use crate::flow::routing::Visitor;
use crate::flow::routing::analytics_js::Integrations;
use crate::model::{Entity, normal};

/// What every path to a destination delivers in a visitor's state, the integrations object of the event being given (empty
/// when it has none).
pub fn simulate(
    map: Map<'_>,
    reach: &Reach,
    destination: usize,
    visitor: &Visitor,
    integrations: &Integrations,
) -> Vec<Step> {
    let scene = Scene::of(map);
    let entity = &map.model.destinations[destination];
    let all: Vec<usize> = (0..map.model.categories.len()).collect();
    let step = |path: Path| {
        let case = Case::of(&scene, destination, &path, &all, &|_| false);
        let state = case.state(visitor);
        let event = Event { name: name_in(entity, integrations), integrations };
        let delivery = deliver(&case, &state, event);
        let asked = Asked { scene: &scene, destination, path: &path, case: &case, claim: None };
        let (because, place) = reason(&asked, &state, delivery, event);
        Step { path, delivery, because, place }
    };
    paths(map, reach, destination).into_iter().map(step).collect()
}

/// The name by which an integrations object speaks of a destination; its id where it does not.
fn name_in<'n>(entity: &'n Entity, integrations: &'n Integrations) -> &'n str {
    let id = entity.id.value.as_str();
    let aliases = entity.object.texts("aliases").map(|(alias, _)| alias);
    let files = entity.origins.iter().map(|(_, name)| name.value.as_str());
    let own: Vec<String> =
        std::iter::once(id).chain(entity.object.text("name")).chain(aliases).chain(files).map(normal).collect();
    integrations.keys().find(|key| own.contains(&normal(key))).map_or(id, String::as_str)
}
