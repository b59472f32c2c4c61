//! The line that decides, in words.

use super::case::{Case, State};
use super::deliver::{Event, REQUIRED};
use super::scene::Scene;
use super::set_up::required_in;
use super::{Claim, Path, Point};
use crate::flow::routing::analytics_js::selects;
use crate::flow::routing::consent_manager::NewDestinations;
use crate::flow::routing::{Delivery, Events, Needs, Preference};
use crate::model::{Entity, Lister};
use crate::source::Span;

/// What is asked about a path.
pub(super) struct Asked<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) destination: usize,
    pub(super) path: &'a Path,
    pub(super) case: &'a Case,
    /// The claim that is to be refuted, where one is.
    pub(super) claim: Option<Claim>,
}

type Line = (String, Span);

/// Why a path delivers what it does.
pub(super) fn reason(asked: &Asked<'_>, state: &State, delivery: Delivery, event: Event<'_>) -> Line {
    let place = asked.entity().id.span;
    if asked.path.point == Point::Nowhere {
        return (asked.path.because.clone(), asked.path.place);
    }
    match delivery.events {
        Events::Undecidable(why) => {
            let required = asked.consent().and_then(|consent| required_in(Some(consent)));
            let place = required.filter(|_| why == REQUIRED).map(|(_, place)| place);
            (
                why.to_owned(),
                place.or_else(|| asked.listed().next().map(|(_, place)| place)).unwrap_or(asked.path.place),
            )
        }
        Events::No if !selects(event.integrations, event.name) => {
            ("the integrations object switches it off".to_owned(), place)
        }
        Events::No => asked.closed(state),
        Events::Yes => asked.open(state),
    }
}

impl<'a> Asked<'a> {
    fn entity(&self) -> &'a Entity {
        &self.scene.map.model.destinations[self.destination]
    }

    fn category(&self, at: usize) -> &'a Entity {
        &self.scene.map.model.categories[self.case.categories[at]]
    }

    /// The set-up of the open-source manager.
    fn consent(&self) -> Option<&'a Entity> {
        match self.path.point {
            Point::OpenSource(Some(at)) => self.scene.map.model.consents.get(at),
            _ => None,
        }
    }

    /// Position and place of each category that lists the destination.
    fn listed(&self) -> impl Iterator<Item = (usize, Span)> {
        let at = |category: usize| self.case.categories.iter().position(|one| *one == category);
        self.case.listed.iter().filter_map(move |one| Some((at(one.category)?, one.place)))
    }

    fn seen(&self, at: usize, state: &State) -> Preference {
        self.case.question.seen(at, state)
    }

    /// Why nothing gets through.
    fn closed(&self, state: &State) -> Line {
        let off = self
            .listed()
            .find(|(at, _)| self.case.question.parts[*at].enabled && self.seen(*at, state) != Preference::Granted);
        match (off, self.path.point) {
            (Some((at, place)), _) => (format!("category `{}` is off", self.category(at).id.value), place),
            (None, Point::OpenSource(_)) if !state.chosen => {
                let place = self.consent().and_then(|consent| required_in(Some(consent))).map(|(_, place)| place);
                ("nothing loads before the visitor chooses".to_owned(), place.unwrap_or(self.path.place))
            }
            (None, Point::OpenSource(_)) => {
                ("no category lists it, and what is listed nowhere stays off".to_owned(), self.path.place)
            }
            (None, _) => ("the page does not load Segment in this state".to_owned(), self.path.place),
        }
    }

    /// Why data gets through.
    fn open(&self, state: &State) -> Line {
        if let Some(line) = self.open_source(state) {
            return line;
        }
        let parts = &self.case.question.parts;
        let name = |at: usize| self.category(at).id.value.as_str();
        let switching = || self.listed().filter(|(at, _)| parts[*at].enabled && !parts[*at].essential);
        if let Some((at, place)) = self.listed().next().filter(|_| switching().next().is_none()) {
            let why = match parts[at].essential {
                true => "is essential, so it is always on",
                false => "is switched off, so nothing enforces it",
            };
            return (format!("category `{}` {why}", name(at)), place);
        }
        let on = switching().find(|(at, _)| self.seen(*at, state) == Preference::Granted);
        let Some((at, place)) = on.or_else(|| switching().next()) else { return self.unlisted() };
        if self.case.question.needs == Needs::Any && switching().count() > 1 {
            return (format!("consent to category `{}` alone lets data through", name(at)), place);
        }
        let claimed = self.claim.is_some_and(|claim| claim != Claim::OptIn);
        let unmapped = |(at, _): &(usize, Span)| parts[*at].carries && !parts[*at].signal;
        if let Some((at, _)) =
            switching().find(unmapped).filter(|_| claimed && state.signal && self.scene.signal.is_some())
        {
            let list = self.scene.signal.and_then(|signal| signal.object.get("categories"));
            return (
                format!("the signal does not switch off category `{}`", name(at)),
                list.map_or(place, |list| list.span),
            );
        }
        match self.claim {
            _ if on.is_none() => (self.unanswered(name(at)), place),
            Some(Claim::OptOut) if !parts[at].carries => {
                (format!("category `{}` does not carry out the opt-out", name(at)), place)
            }
            Some(Claim::Limit) if !parts[at].carries => {
                (format!("category `{}` does not carry out the limit", name(at)), place)
            }
            Some(Claim::OptIn) => (format!("category `{}` is on before a choice", name(at)), place),
            _ => (format!("category `{}` is on", name(at)), place),
        }
    }

    /// Why a category of which nothing was said stops nothing.
    fn unanswered(&self, name: &str) -> String {
        match self.path.point {
            Point::Rudder { .. } => {
                format!("the servers only know what was refused, and nothing was said of category `{name}`")
            }
            Point::OpenSource(_) => format!("category `{name}` was not answered, which is saved as consent"),
            Point::Tag { .. } => {
                format!("nothing was said of consent type `{name}`, and then the tag's own checks restrict nothing")
            }
            _ => format!("nothing was said of category `{name}`, and that stops nothing"),
        }
    }

    /// No category lists it where it counts, though perhaps elsewhere.
    fn unlisted(&self) -> Line {
        let elsewhere = self.scene.map.links.listed[self.destination].first();
        let lister = self.scene.lister(self.path.point);
        let (Some(_), Some(lister)) = (elsewhere, lister) else {
            return ("no consent category lists it".to_owned(), self.entity().id.span);
        };
        let place = self.scene.first(lister).unwrap_or(self.path.place);
        let why = match lister {
            Lister::Wrapper => "the page's own mapping does not list it, and replaces every other",
            Lister::Segment => "Segment's own settings list it under no category",
            Lister::Rudder => "RudderStack lists no consents for it",
            Lister::TagManager => "its tag asks for no consent type",
            Lister::ConsentManager | Lister::Inventory => "no consent category lists it",
        };
        (why.to_owned(), place)
    }

    /// Why the open-source manager loads it, where that is not a category's doing.
    fn open_source(&self, state: &State) -> Option<Line> {
        let consent = match self.path.point {
            Point::OpenSource(_) => self.consent(),
            _ => return None,
        };
        let place = |name: &str| {
            consent.and_then(|consent| consent.object.get(name)).map_or(self.path.place, |found| found.span)
        };
        if state.later {
            let why = "a destination that is added after the visitor's choice is switched on";
            return Some((why.to_owned(), place("new_destinations")));
        }
        if state.chosen {
            let unlisted = self.listed().next().is_none();
            let enables = self.case.question.set_up.is_some_and(|set_up| set_up.new == NewDestinations::Enable);
            let why = "a destination that no category lists is switched on along with any other";
            return (unlisted && enables).then(|| (why.to_owned(), place("new_destinations")));
        }
        let set_up = self.case.question.set_up?;
        let preset = self.listed().find_map(|(at, listed)| Some((at, listed, self.case.question.parts[at].preset?)));
        let Some((at, listed, said)) = preset.filter(|_| set_up.preset) else {
            let why = "consent is not required of this visitor, so everything loads before a choice";
            return Some((why.to_owned(), place("required_in")));
        };
        let category = self.category(at);
        let id = category.id.value.as_str();
        if said.is_some() {
            let place = category.object.get("default").map_or(listed, |found| found.span);
            return Some((format!("the initial preferences switch category `{id}` on"), place));
        }
        let mut unset = consent.into_iter().flat_map(|consent| consent.object.texts("preset_leaves_unset"));
        let place = unset.find(|(name, _)| *name == id).map_or(listed, |(_, place)| place);
        Some((format!("the initial preferences leave category `{id}` unset, which is taken as consent"), place))
    }
}
