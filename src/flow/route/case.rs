//! One path with the categories that matter on it: what a visitor's state lets through.

use super::scene::{Listed, Scene, is_mapped};
use super::set_up::{SetUp, preset};
use super::{Path, Point, Via};
use crate::flow::routing::consent_manager::BUILT_IN;
use crate::flow::routing::wrapper::{ConsentModel, Wait};
use crate::flow::routing::{Needs, Preference, Visitor};
use crate::model::{Lister, default_category};

/// A category as a path sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Part {
    /// It lists the destination at the point of the path.
    pub(super) listed: bool,
    /// The manager that acts in the page knows it.
    pub(super) page: bool,
    /// It enforces anything.
    pub(super) enabled: bool,
    /// It is always on.
    pub(super) essential: bool,
    /// An honored signal switches it off.
    pub(super) signal: bool,
    /// It carries out the right that is claimed.
    pub(super) carries: bool,
    /// What holds before a choice, where it is stated.
    pub(super) default: Option<bool>,
    /// What the initial preferences of the open-source manager say; the inner value is what they leave unset.
    pub(super) preset: Option<Option<bool>>,
}

/// Everything on which the answer rests, but for the names of categories where they mean nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Question {
    pub(super) point: Point,
    /// Whether the vendor's script is in the page.
    pub(super) script: bool,
    pub(super) needs: Needs,
    pub(super) model: Option<ConsentModel>,
    pub(super) wait: Wait,
    /// Whether the page gives a mapping of its own.
    pub(super) own_mapping: bool,
    /// Whether Segment's settings are known, and whether they leave a destination unmapped.
    pub(super) settings: Option<bool>,
    pub(super) set_up: Option<SetUp>,
    /// The destination's built-in category of the open-source manager.
    pub(super) built_in: &'static str,
    pub(super) parts: Vec<Part>,
    /// Names of the categories, where they count.
    pub(super) names: Vec<String>,
}

/// A question with the categories that it is about.
pub(super) struct Case {
    pub(super) question: Question,
    /// Index of each category.
    pub(super) categories: Vec<usize>,
    /// Its id.
    pub(super) ids: Vec<String>,
    /// Where the destination is listed.
    pub(super) listed: Vec<Listed>,
}

/// A visitor's state about the categories of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State {
    /// By position in the case.
    pub(super) said: Vec<Preference>,
    pub(super) signal: bool,
    pub(super) chosen: bool,
    /// Whether the destination came after the choice.
    pub(super) later: bool,
}

impl Case {
    /// The case of a path about these categories, by index; `carries` says which carry out the right.
    pub(super) fn of(
        scene: &Scene<'_>,
        destination: usize,
        path: &Path,
        categories: &[usize],
        carries: &dyn Fn(usize) -> bool,
    ) -> Self {
        let map = scene.map;
        let listed = scene.listed(destination, path.point);
        let set_up = match path.point {
            Point::OpenSource(consent) => Some(SetUp::of(map, consent.map(|at| &map.model.consents[at]))),
            _ => None,
        };
        let mut all: Vec<(Part, usize)> =
            categories.iter().map(|at| (part(scene, &listed, path.point, set_up, *at, carries(*at)), *at)).collect();
        all.sort_unstable();
        let (parts, categories): (Vec<Part>, Vec<usize>) = all.into_iter().unzip();
        let ids: Vec<String> = categories.iter().map(|at| map.model.categories[*at].id.value.clone()).collect();
        let built_in = map.links.known[destination].map_or(BUILT_IN[0], |known| default_category(&known.categories));
        let named = set_up.is_some_and(|set_up| set_up.built_in);
        let wait = if matches!(path.point, Point::Wrapper { .. } | Point::Platform { stamped: true }) {
            scene.wait()
        } else {
            Wait::Nothing
        };
        let question = Question {
            point: path.point,
            script: matches!(path.via, Via::Device | Via::TagManager),
            needs: needs(scene, destination, path.point),
            model: scene.model,
            wait,
            own_mapping: scene.lists(Lister::Wrapper),
            settings: scene.lists(Lister::Segment).then_some(scene.unmapped),
            built_in: if named { built_in } else { "" },
            set_up,
            parts,
            names: if named || matches!(wait, Wait::TrustArc { .. }) { ids.clone() } else { Vec::new() },
        };
        Self { question, categories, ids, listed }
    }

    /// The state of a visitor.
    pub(super) fn state(&self, visitor: &Visitor) -> State {
        let said = self.ids.iter().map(|id| visitor.preference(id)).collect();
        State { said, signal: visitor.signal, chosen: visitor.chosen, later: false }
    }

    /// The visitor of a state.
    pub(super) fn visitor(&self, state: &State) -> Visitor {
        let said = self.ids.iter().cloned().zip(state.said.iter().copied());
        let preferences = said.filter(|(_, preference)| *preference != Preference::Unset).collect();
        Visitor { preferences, signal: state.signal, chosen: state.chosen }
    }
}

fn part(scene: &Scene<'_>, listed: &[Listed], point: Point, set_up: Option<SetUp>, at: usize, carries: bool) -> Part {
    let category = &scene.map.model.categories[at];
    let unset = scene
        .map
        .model
        .consents
        .iter()
        .any(|consent| consent.object.has_text("preset_leaves_unset", &category.id.value));
    // A custom category that the initial preferences leave out is unset; a built-in one has no value at all.
    let custom = set_up.is_some_and(|set_up| set_up.preset && !set_up.built_in);
    let stated = preset(category).map(Some).or((unset || custom).then_some(None));
    Part {
        listed: listed.iter().any(|one| one.category == at),
        page: scene.knows(point, at),
        enabled: category.object.boolean("enabled") != Some(false),
        essential: category.object.boolean("essential") == Some(true),
        signal: scene.signal.is_some_and(|signal| {
            is_mapped(signal, category) || (carries && signal.object.get("categories").is_none())
        }),
        carries,
        default: category.object.boolean("default"),
        preset: stated.filter(|_| set_up.is_some()),
    }
}

/// How many of its categories a destination needs at a point. Segment, its wrappers and its open-source manager need all
/// (Segment documentation: Consent in Segment Connections); elsewhere it may be stated.
fn needs(scene: &Scene<'_>, destination: usize, point: Point) -> Needs {
    let any = scene.map.model.destinations[destination].object.text("consent_needs") == Some("any");
    match point {
        Point::Wrapper { .. } | Point::Platform { .. } | Point::OpenSource(_) => Needs::All,
        _ if any => Needs::Any,
        _ => Needs::All,
    }
}

impl Question {
    /// What a page makes of a preference: essential categories are on, the signal switches off what it is mapped to, and who
    /// has not chosen has what holds before a choice (stated as `default`, or else by the consent model).
    pub(super) fn seen(&self, at: usize, state: &State) -> Preference {
        let part = &self.parts[at];
        match (state.said[at], part.default, self.model) {
            _ if part.essential => Preference::Granted,
            _ if state.signal && part.signal => Preference::Denied,
            (Preference::Unset, Some(true), _) if !state.chosen => Preference::Granted,
            (Preference::Unset, Some(false), _) if !state.chosen => Preference::Denied,
            (Preference::Unset, None, Some(ConsentModel::OptIn)) => Preference::Unset,
            (Preference::Unset, None, _) if !state.chosen => Preference::Granted,
            (said, _, _) => said,
        }
    }

    /// Positions of the categories that list the destination and are enforced.
    pub(super) fn enforced(&self) -> impl Iterator<Item = usize> {
        let parts = self.parts.iter().enumerate();
        parts.filter(|(_, part)| part.listed && part.enabled).map(|(at, _)| at)
    }
}
