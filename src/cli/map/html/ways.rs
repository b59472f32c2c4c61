//! How data gets from sources to destinations, and what each way delivers in every state of a visitor.

use super::super::view::{View, classes, point_words};
use super::data::Positions;
use super::names::{At, Files, Text, codes};
use crate::compare::Flowing;
use crate::flow::route::{Point, Table, Tabled, Tables};
use crate::flow::routing::Events;
use serde::Serialize;
use std::collections::HashMap;
use std::rc::Rc;

#[derive(Serialize)]
pub(super) struct Way {
    /// Position of the source; none where nobody declared it.
    from: Option<usize>,
    to: usize,
    via: &'static str,
    point: &'static str,
    /// Whether no choice acts on it.
    open: bool,
    classes: String,
    gates: Vec<Text>,
    because: Text,
    at: Option<At>,
    /// Whether it is among what was asked for; what a destination receives by the others counts as well.
    shown: bool,
    /// Position of its table.
    table: usize,
}

/// A [`Table`]; the page holds every category, so that their positions are those of the model.
#[derive(Serialize)]
pub(super) struct States {
    groups: Vec<Vec<usize>>,
    steps: Vec<Step>,
    cells: Vec<u16>,
    whole: bool,
}

#[derive(Serialize)]
struct Step {
    events: &'static str,
    script: bool,
    why: Text,
    at: Option<At>,
}

/// All ways between what is shown, and their tables.
pub(super) fn ways(view: &View<'_>, files: &Files, here: &Positions) -> (Vec<Way>, Vec<States>) {
    let tables = Tables::new(view.map, &view.flow.reach);
    let (mut ways, mut tabled) = (Vec::new(), Vec::new());
    let mut paths: HashMap<usize, Vec<Tabled>> = HashMap::new();
    let mut seen: HashMap<*const Table, usize> = HashMap::new();
    let shown = view.flows.iter().map(|one| (one, true));
    for (one, shown) in shown.chain(view.others.iter().map(|one| (one, false))) {
        let Some(to) = here.destinations.get(&one.to) else { continue };
        let of = paths.entry(one.to).or_insert_with(|| tables.of(one.to));
        let Some((_, table)) = of.iter().find(|(path, _)| *path == one.path) else { continue };
        let table = *seen.entry(Rc::as_ptr(table)).or_insert_with(|| {
            tabled.push(of_table(view, files, table));
            tabled.len() - 1
        });
        ways.push(Way { shown, ..way(view, files, one, *to, table) });
    }
    (ways, tabled)
}

fn way(view: &View<'_>, files: &Files, one: &Flowing, to: usize, table: usize) -> Way {
    Way {
        from: one.path.source,
        to,
        shown: true,
        via: one.path.via.words(),
        point: point_words(one.path.point),
        open: one.path.point == Point::Nowhere,
        classes: codes(classes(one)),
        gates: one.gate.categories.iter().map(|id| Text::of(id)).collect(),
        because: Text::of(&one.path.because),
        at: files.at(view, one.path.place),
        table,
    }
}

fn of_table(view: &View<'_>, files: &Files, table: &Table) -> States {
    let steps = table.steps.iter().map(|told| Step {
        events: match told.delivery.events {
            Events::Yes => "yes",
            Events::No => "no",
            Events::Undecidable(_) => "undecidable",
        },
        script: told.delivery.script,
        why: Text::of(&told.because),
        at: files.at(view, told.place),
    });
    States { groups: table.groups.clone(), steps: steps.collect(), cells: table.cells.clone(), whole: table.whole }
}
