//! What all paths of a project have in common: who lists what, the consent model, the signal.

use super::super::Map;
use super::super::drift::fold;
use super::Point;
use crate::flow::routing::wrapper::{ConsentModel, Wait};
use crate::model::{Entity, Lister, Value};
use crate::source::Span;
use std::collections::HashSet;

/// Every lister there is.
const LISTERS: [Lister; 6] =
    [Lister::Inventory, Lister::Wrapper, Lister::Segment, Lister::ConsentManager, Lister::Rudder, Lister::TagManager];

/// A category that lists a destination at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Listed {
    /// Index of the category.
    pub(super) category: usize,
    /// Where it lists the destination.
    pub(super) place: Span,
}

/// The project as consent points see it.
pub(super) struct Scene<'a> {
    pub(super) map: Map<'a>,
    /// The consent model, where it is known.
    pub(super) model: Option<ConsentModel>,
    /// The signal, where one is honored.
    pub(super) signal: Option<&'a Entity>,
    /// Where a file lists anything: by lister.
    first: [Option<Span>; 6],
    /// Whether a lister's ids are those of the inventory: one of them is on both sides, case and blanks aside.
    shared: [bool; 6],
    /// The categories that the page's wrapper knows, by index.
    pub(super) page: Vec<usize>,
    /// Whether Segment knows a destination that it lists nowhere.
    pub(super) unmapped: bool,
}

impl<'a> Scene<'a> {
    pub(super) fn of(map: Map<'a>) -> Self {
        let mut first = [None; 6];
        for one in map.links.listed.iter().flatten() {
            first[one.lister as usize].get_or_insert(one.span);
        }
        let ids = |lister: Lister| -> HashSet<String> {
            let known = map.model.categories.iter().zip(&map.links.listers);
            known
                .filter(|(_, listers)| listers.contains(&lister))
                .map(|(category, _)| fold(&category.id.value))
                .collect()
        };
        let inventory = ids(Lister::Inventory);
        let both = |lister: Lister| !inventory.is_disjoint(&ids(lister));
        let shared = LISTERS.map(both);
        let segment = |at: usize| map.links.listed[at].iter().any(|one| one.lister == Lister::Segment);
        let model = model(map);
        let unmapped = (0..map.model.destinations.len()).any(|at| !segment(at));
        let signal = map.model.signals.iter().find(|signal| is_honored(signal));
        let mut scene = Self { map, model, signal, first, shared, page: Vec::new(), unmapped };
        let lister = [Lister::Wrapper, Lister::Segment, Lister::Inventory].into_iter().find(|one| scene.lists(*one));
        let known = |at: &usize| lister.is_some_and(|lister| map.links.listers[*at].contains(&lister));
        scene.page = (0..map.model.categories.len()).filter(known).collect();
        scene
    }

    /// Whether any file of a kind lists a destination.
    pub(super) fn lists(&self, lister: Lister) -> bool {
        self.first[lister as usize].is_some()
    }

    /// Where a kind of file lists its first destination.
    pub(super) fn first(&self, lister: Lister) -> Option<Span> {
        self.first[lister as usize]
    }

    /// Who lists destinations for a point, where such a file was read. In the page a wrapper's own mapping stands for that
    /// of Segment's settings (see `routing::wrapper`).
    pub(super) fn lister(&self, point: Point) -> Option<Lister> {
        let candidates: &[Lister] = match point {
            Point::Wrapper { .. } => &[Lister::Wrapper, Lister::Segment],
            Point::Platform { .. } => &[Lister::Segment],
            Point::OpenSource(_) => &[Lister::ConsentManager],
            Point::Rudder { .. } => &[Lister::Rudder],
            Point::Tag { .. } => &[Lister::TagManager],
            Point::Nowhere | Point::Page => &[],
        };
        candidates.iter().copied().find(|one| self.lists(*one))
    }

    /// The categories that list a destination at a point. What was read for the point decides, and an inventory only says
    /// what categories are for; its own lists count where nothing was read, or where its categories go by other names
    /// altogether. Where it has none, other points' files are presumed to say what this point does, too.
    pub(super) fn listed(&self, destination: usize, point: Point) -> Vec<Listed> {
        let all = &self.map.links.listed[destination];
        let by = |lister: Lister| all.iter().filter(move |one| one.lister == lister);
        let mut found: Vec<Listed> = Vec::new();
        let mut add = |one: &crate::model::Listed| {
            if found.iter().all(|known| known.category != one.category) {
                found.push(Listed { category: one.category, place: one.span });
            }
        };
        match self.lister(point) {
            _ if point == Point::Nowhere => {}
            Some(lister) => {
                by(lister).for_each(&mut add);
                if !self.shared[lister as usize] {
                    by(Lister::Inventory).for_each(&mut add);
                }
            }
            None if point != Point::Page && by(Lister::Inventory).next().is_some() => {
                by(Lister::Inventory).for_each(&mut add);
            }
            None => all.iter().for_each(&mut add),
        }
        found.sort_by_key(|one| one.category);
        found
    }

    /// Where a point's own file speaks of a destination whose categories the inventory calls by names altogether different: it
    /// cannot be told which of the inventory's they are.
    pub(super) fn renamed(&self, destination: usize, point: Point) -> Option<Span> {
        let lister = self.lister(point).filter(|lister| !self.shared[*lister as usize])?;
        let all = &self.map.links.listed[destination];
        all.iter().find(|one| one.lister == Lister::Inventory)?;
        let own = all.iter().find(|one| one.lister == lister).map(|one| one.span);
        own.or_else(|| self.first(lister))
    }

    /// Whether the manager of a point, as it acts in the page, knows a category.
    pub(super) fn knows(&self, point: Point, category: usize) -> bool {
        match point {
            Point::Wrapper { .. } | Point::Platform { stamped: true } => self.page.contains(&category),
            Point::OpenSource(_) => self.map.links.listers[category].contains(&Lister::ConsentManager),
            _ => false,
        }
    }

    /// What the wrapper in use waits for in the opt-in model. OneTrust shows its banner unless it is told not to.
    pub(super) fn wait(&self) -> Wait {
        match self.map.model.manager().map(|manager| manager.value) {
            Some("onetrust") => Wait::OneTrust { banner: true },
            Some("trustarc") => Wait::TrustArc { always: false },
            _ => Wait::Nothing,
        }
    }
}

/// The consent model, where it is known.
pub(super) fn model(map: Map<'_>) -> Option<ConsentModel> {
    match map.model.consent_model()?.value {
        "opt-in" => Some(ConsentModel::OptIn),
        "opt-out" => Some(ConsentModel::OptOut),
        _ => None,
    }
}

/// Whether a signal is read and obeyed. Do Not Track is none.
fn is_honored(signal: &Entity) -> bool {
    signal.object.boolean("honored") == Some(true) && signal.object.boolean("do_not_track_only") != Some(true)
}

/// Whether a signal switches a category off: it is among those that the signal is said to, or carries out the opt-out where
/// nothing is said of that.
pub(super) fn is_mapped(signal: &Entity, category: &Entity) -> bool {
    match signal.object.get("categories").map(|found| &found.value) {
        Some(Value::List(_)) => signal.object.has_text("categories", &category.id.value),
        _ => category.object.has_text("controls", "opt-out"),
    }
}
