//! Every state of a visitor about a number of categories, the smallest first.

use crate::flow::routing::Preference;

/// Signal, choice, and whether the destination came after the choice.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    pub(super) signal: bool,
    pub(super) chosen: bool,
    pub(super) later: bool,
}

/// A signal comes before a choice, and what is new last. Where a claim is about what holds before a choice, a signal that
/// changes nothing is left out first.
const KINDS: [Kind; 6] = [
    Kind { signal: true, chosen: false, later: false },
    Kind { signal: false, chosen: true, later: false },
    Kind { signal: true, chosen: true, later: false },
    Kind { signal: false, chosen: false, later: false },
    Kind { signal: false, chosen: true, later: true },
    Kind { signal: true, chosen: true, later: true },
];

/// Preferences about so many categories, made once.
#[derive(Default)]
pub(super) struct States {
    by_count: Vec<Option<Vec<Vec<Preference>>>>,
}

impl States {
    /// All states about `count` categories: those in which least is said first. `new` asks for those of a destination that came
    /// after the choice, too.
    pub(super) fn of(&mut self, count: usize, new: bool, before: bool) -> impl Iterator<Item = (&[Preference], Kind)> {
        if self.by_count.len() <= count {
            self.by_count.resize(count + 1, None);
        }
        let all = self.by_count[count].get_or_insert_with(|| preferences(count));
        let said = |preferences: &[Preference]| preferences.iter().filter(|one| **one != Preference::Unset).count();
        let groups = all.chunk_by(move |one, other| said(one) == said(other));
        groups.flat_map(move |group| {
            let kinds = KINDS.into_iter().filter(move |kind| new || !kind.later);
            let (plain, other): (Vec<Kind>, Vec<Kind>) = kinds.partition(|kind| before && !kind.signal);
            let kinds = plain.into_iter().chain(other);
            kinds.flat_map(move |kind| group.iter().map(move |said| (said.as_slice(), kind)))
        })
    }
}

fn preferences(count: usize) -> Vec<Vec<Preference>> {
    let mut all: Vec<Vec<Preference>> = vec![Vec::new()];
    for _ in 0..count {
        let longer = |said: &Vec<Preference>| {
            [Preference::Denied, Preference::Granted, Preference::Unset].map(|one| {
                let mut longer = said.clone();
                longer.push(one);
                longer
            })
        };
        all = all.iter().flat_map(longer).collect();
    }
    all.sort_by_key(|said| said.iter().filter(|one| **one != Preference::Unset).count());
    all
}
