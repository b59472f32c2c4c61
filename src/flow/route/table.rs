//! What each path delivers in every state that a visitor can switch through: before a choice, and after one for every mixture
//! of refusals, with and without a signal. A page that shows it needs no model of its own.

use super::super::Map;
use super::super::reach::Reach;
use super::case::{Case, Part};
use super::deliver::{Event, deliver};
use super::paths::paths;
use super::reason::{Asked, reason};
use super::scene::Scene;
use super::{Path, Point};
use crate::flow::routing::analytics_js::Integrations;
use crate::flow::routing::{Delivery, Preference, Preferences, Visitor};
use crate::source::Span;
use std::collections::HashMap;
use std::rc::Rc;

/// States of a path that are looked at: those of twelve categories that are each by themselves.
const MOST: usize = 2 * (1 << 12) + BEFORE;
/// States before a choice: without a signal, and with one.
const BEFORE: usize = 2;

/// What a path delivers, state by state.
#[derive(Debug)]
pub struct Table {
    /// The categories on which it depends, by index. Those of one group are alike: it counts how many are granted, and not
    /// which. Essential categories are always on, and stand in no group.
    pub groups: Vec<Vec<usize>>,
    /// What is delivered in one state or another.
    pub steps: Vec<Told>,
    /// For each state the index of what is delivered; [`Table::cell`] says which state is where.
    pub cells: Vec<u16>,
    /// Whether every state is here; where there are too many, those before a choice are.
    pub whole: bool,
}

/// What is delivered, and the line that decides.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Told {
    /// Events and script.
    pub delivery: Delivery,
    /// Why.
    pub because: String,
    /// The line that decides.
    pub place: Span,
}

impl Table {
    /// Where a state stands in [`Table::cells`]: before a choice first, without a signal and with one. After a choice, for
    /// every number of granted categories of the last group, of the one before it, and so on, without a signal and with one.
    pub fn cell(&self, visitor: &Visitor, ids: &[&str]) -> usize {
        let signal = usize::from(visitor.signal);
        if !visitor.chosen {
            return signal;
        }
        let granted = |group: &Vec<usize>| group.iter().filter(|at| visitor.grants(ids[**at])).count();
        let at = self.groups.iter().fold(0, |at, group| at * (group.len() + 1) + granted(group));
        BEFORE + at * 2 + signal
    }
}

/// A path with its table.
pub type Tabled = (Path, Rc<Table>);

/// Makes the tables of a data map.
pub struct Tables<'a> {
    scene: Scene<'a>,
    reach: &'a Reach,
}

impl<'a> Tables<'a> {
    /// For a data map.
    pub fn new(map: Map<'a>, reach: &'a Reach) -> Self {
        Self { scene: Scene::of(map), reach }
    }

    /// The paths to a destination. Those that differ in nothing but their source share a table.
    pub fn of(&self, destination: usize) -> Vec<Tabled> {
        let mut found: Vec<Tabled> = Vec::new();
        for path in paths(self.scene.map, self.reach, destination) {
            let alike = |one: &Path| {
                one.point != Point::Nowhere && (one.via, one.point, one.place) == (path.via, path.point, path.place)
            };
            let known = found.iter().find(|(one, _)| alike(one)).map(|(_, table)| table.clone());
            let table = known.unwrap_or_else(|| Rc::new(self.table(destination, &path)));
            found.push((path, table));
        }
        found
    }

    fn table(&self, destination: usize, path: &Path) -> Table {
        let categories = &self.scene.map.model.categories;
        let all: Vec<usize> = (0..categories.len()).collect();
        let case = Case::of(&self.scene, destination, path, &all, &|_| false);
        let groups = groups(&case);
        let after = groups.iter().try_fold(2_usize, |states, group| states.checked_mul(group.len() + 1));
        let states = after.and_then(|after| after.checked_add(BEFORE)).filter(|states| *states <= MOST);
        let mut table = Table { groups, steps: Vec::new(), cells: Vec::new(), whole: states.is_some() };
        let mut known: HashMap<Told, u16> = HashMap::new();
        for at in 0..states.unwrap_or(BEFORE) {
            let visitor = self.visitor(&table.groups, at);
            let told = self.told(destination, path, &case, &visitor);
            // There are no more steps than states.
            let next = u16::try_from(table.steps.len()).unwrap_or(u16::MAX);
            let step = *known.entry(told).or_insert_with_key(|told| {
                table.steps.push(told.clone());
                next
            });
            table.cells.push(step);
        }
        table
    }

    fn told(&self, destination: usize, path: &Path, case: &Case, visitor: &Visitor) -> Told {
        let integrations = Integrations::new();
        let state = case.state(visitor);
        let event =
            Event { name: &self.scene.map.model.destinations[destination].id.value, integrations: &integrations };
        let delivery = deliver(case, &state, event);
        let asked = Asked { scene: &self.scene, destination, path, case, claim: None };
        let (because, place) = reason(&asked, &state, delivery, event);
        Told { delivery, because, place }
    }

    /// A visitor in the state that stands at `at`: of the categories of a group the first ones are granted.
    fn visitor(&self, groups: &[Vec<usize>], at: usize) -> Visitor {
        let signal = at % 2 == 1;
        if at < BEFORE {
            return Visitor { signal, ..Visitor::default() };
        }
        let categories = &self.scene.map.model.categories;
        let mut preferences: Preferences =
            categories.iter().map(|category| (category.id.value.clone(), Preference::Granted)).collect();
        let mut rest = (at - BEFORE) / 2;
        for group in groups.iter().rev() {
            let granted = rest % (group.len() + 1);
            rest /= group.len() + 1;
            for refused in &group[granted..] {
                preferences.insert(categories[*refused].id.value.clone(), Preference::Denied);
            }
        }
        Visitor { preferences, signal, chosen: true }
    }
}

/// The categories that matter for a path. One that lists the destination stands by itself, because it may be the reason;
/// others that are alike count alike, unless their names count.
fn groups(case: &Case) -> Vec<Vec<usize>> {
    let question = &case.question;
    let matters = |part: &Part| match question.point {
        Point::Nowhere => false,
        // Its set-up is made of all of them.
        Point::OpenSource(_) => !part.essential,
        _ => (part.listed || part.page) && !part.essential,
    };
    let mut groups: Vec<(Part, Vec<usize>)> = Vec::new();
    for (part, at) in question.parts.iter().zip(&case.categories).filter(|(part, _)| matters(part)) {
        let alone = part.listed || !question.names.is_empty();
        match groups.iter_mut().find(|(like, _)| !alone && like == part) {
            Some((_, group)) => group.push(*at),
            None => groups.push((*part, vec![*at])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}
