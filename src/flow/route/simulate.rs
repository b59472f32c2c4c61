//! What each path delivers to a destination in a visitor's state.

use super::super::Map;
use super::super::gate::switches;
use super::super::reach::Reach;
use super::super::routing::analytics_js::{Integrations, SEGMENT, selects};
use super::super::routing::wrapper::ConsentModel;
use super::super::routing::{Delivery, Events, Needs, Preference, Visitor, suffices};
use super::mapping::{Listed, as_seen, listed, needs};
use super::paths::{model, paths};
use super::{Path, Point, Step, Via};
use crate::source::Span;

/// What every path to a destination delivers in a visitor's state, the integrations object of the event being given (empty
/// when it has none).
pub fn simulate(
    map: Map<'_>,
    reach: &Reach,
    destination: usize,
    visitor: &Visitor,
    integrations: &Integrations,
) -> Vec<Step> {
    let step = |path: Path| {
        let listed = listed(map, destination, &path);
        let scene = Scene { map, destination, listed: &listed, model: model(map), integrations };
        let Decision { delivery, because, place } = scene.decide(&path, visitor);
        Step { path, delivery, because, place }
    };
    paths(map, reach, destination).into_iter().map(step).collect()
}

/// What is asked about a path, but for the visitor.
pub(super) struct Scene<'s> {
    pub(super) map: Map<'s>,
    pub(super) destination: usize,
    pub(super) listed: &'s [Listed],
    pub(super) model: Option<ConsentModel>,
    pub(super) integrations: &'s Integrations,
}

/// What a path delivers, and the line that decides.
pub(super) struct Decision {
    pub(super) delivery: Delivery,
    pub(super) because: String,
    pub(super) place: Span,
}

impl Scene<'_> {
    /// What a path delivers to a visitor.
    pub(super) fn decide(&self, path: &Path, visitor: &Visitor) -> Decision {
        let script = matches!(path.via, Via::Device | Via::TagManager);
        if path.point == Point::Nowhere {
            let delivery = Delivery { events: Events::Yes, script };
            return Decision { delivery, because: path.because.clone(), place: path.place };
        }
        let seen = as_seen(self.map, visitor, self.model);
        let categories = self.enforced();
        let ids: Vec<&str> = categories.iter().map(|one| self.id(one)).collect();
        let how = needs(self.map, self.destination, path.point);
        let consented = suffices(how, &ids, |id| seen.preference(id) == Preference::Granted);
        let chosen = self.selected();
        let delivery = if consented && chosen { Delivery { events: Events::Yes, script } } else { Delivery::NOTHING };
        let (because, place) = self.reason(&categories, how, consented, &seen);
        Decision { delivery, because, place }
    }

    fn id(&self, listed: &Listed) -> &str {
        &self.map.model.categories[listed.category].id.value
    }

    /// The categories that are enforced: one that is switched off enforces nothing.
    fn enforced(&self) -> Vec<Listed> {
        let on = |one: &&Listed| self.map.model.categories[one.category].object.boolean("enabled") != Some(false);
        self.listed.iter().filter(on).copied().collect()
    }

    /// Whether the integrations object lets the destination be.
    fn selected(&self) -> bool {
        let entity = &self.map.model.destinations[self.destination];
        let names = [entity.id.value.as_str(), entity.object.text("name").unwrap_or(SEGMENT)];
        let name = names.into_iter().find(|name| self.integrations.contains_key(*name)).unwrap_or(names[0]);
        selects(self.integrations, name)
    }

    fn reason(&self, categories: &[Listed], how: Needs, consented: bool, seen: &Visitor) -> (String, Span) {
        let entity = &self.map.model.destinations[self.destination];
        if !consented {
            let off = categories.iter().find(|one| !seen.grants(self.id(one)));
            return off.map_or_else(
                || ("no category that lists it is on".to_owned(), entity.id.span),
                |one| (format!("category `{}` is off", self.id(one)), one.place),
            );
        }
        if !self.selected() {
            return ("the integrations object switches it off".to_owned(), entity.id.span);
        }
        let on = categories.iter().find(|one| seen.grants(self.id(one)));
        match on {
            Some(one) if how == Needs::Any => {
                (format!("consent to category `{}` alone lets data through", self.id(one)), one.place)
            }
            Some(one) => (format!("category `{}` is on", self.id(one)), one.place),
            None if self.listed.is_empty() => ("no consent category lists it".to_owned(), entity.id.span),
            None => (
                format!("category `{}` is switched off, so nothing enforces it", self.id(&self.listed[0])),
                self.listed[0].place,
            ),
        }
    }

    /// Whether a listed category can stop the destination.
    pub(super) fn switching(&self) -> impl Iterator<Item = &Listed> {
        self.listed.iter().filter(|one| switches(&self.map.model.categories[one.category]))
    }
}
