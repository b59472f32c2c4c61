//! Whether a claim about a destination holds in every state of a visitor.

use super::super::Map;
use super::super::gate::{computed_list, is_unstated, switches};
use super::super::reach::{Reach, is_exempt};
use super::case::{Case, Part, Question, State};
use super::deliver::{Event, deliver};
use super::limit::{Limitable, Limited};
use super::paths::paths;
use super::reason::{Asked, reason};
use super::scene::Scene;
use super::states::{Kind, States};
use super::{Claim, Counterexample, Path, Point, Proof};
use crate::flow::routing::analytics_js::Integrations;
use crate::flow::routing::wrapper::ConsentModel;
use crate::flow::routing::{Events, Preference, Visitor};
use crate::model::Located;
use crate::source::Span;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

/// Why nothing is said of what holds before a choice.
const MODEL: &str = "nothing says what holds before a choice (`model`)";
/// Why an opt-out may or may not reach a category.
const UNSTATED: &str = "nothing says which category carries out the opt-out (`controls: [opt-out]`)";
/// Why a category may stop it that is not read.
const UNREAD: &str = "code computes the categories that it has in the page";
/// Why it cannot be told which category is which.
const RENAMED: &str = "the data map and the consent set-up share no id of a category, so it cannot be told which ones of the set-up it means";
/// Why there are too many states.
const MANY: &str = "more kinds of categories list it than can be looked at together";
/// The name of the destination, which no integrations object speaks of.
const NAME: &str = "destination";
/// Categories whose every state is looked at together.
const MOST: usize = 10;

/// Whether a claim about a destination holds. Every path is looked at by itself, in every state that counts for the claim:
/// all preferences about the categories that matter, with and without a signal, before and after a choice.
pub fn prove(map: Map<'_>, reach: &Reach, destination: usize, claim: Claim) -> Proof {
    Prover::new(map, reach).prove(destination, claim)
}

/// Proves claims about many destinations, and looks at alike ones once.
pub struct Prover<'a> {
    scene: Scene<'a>,
    reach: &'a Reach,
    known: RefCell<HashMap<(Question, Claim), Answer>>,
    states: RefCell<States>,
    limitable: Limitable,
    /// The first list of a category that code computes.
    list: Option<Located<&'a str>>,
}

/// The first state in which data gets through, and how early it came; or what is not decided.
#[derive(Clone)]
enum Answer {
    Never,
    Open(State, usize),
    Doubt(&'static str, State),
}

/// What rests on something that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::flow) enum Doubt {
    /// Which category carries out the opt-out.
    Unstated,
    /// A list that code computes.
    Computed,
    /// What a tag does under checks of its own.
    OwnChecks,
    /// Which category of the set-up is which one of the inventory.
    Names,
    /// Anything else.
    Other,
}

/// What became of a claim on one path.
pub(in crate::flow) struct Judged {
    pub(in crate::flow) path: Path,
    pub(in crate::flow) proof: Proof,
    pub(in crate::flow) doubt: Option<Doubt>,
    /// How early the counterexample came.
    rank: usize,
}

impl Judged {
    /// What became of the claim on another path that is alike.
    fn of(&self, path: &Path) -> Self {
        let mut proof = self.proof.clone();
        if let Proof::Refuted(example) = &mut proof {
            example.path = path.clone();
        }
        Self { path: path.clone(), proof, doubt: self.doubt, rank: self.rank }
    }
}

/// Whether two paths to a destination differ in nothing but their source.
fn is_alike(one: &Path, other: &Path) -> bool {
    one.point != Point::Nowhere && (one.via, one.point, one.place) == (other.via, other.point, other.place)
}

impl<'a> Prover<'a> {
    /// A prover for a data map.
    pub fn new(map: Map<'a>, reach: &'a Reach) -> Self {
        let known = RefCell::new(HashMap::new());
        let (scene, states, limitable) = (Scene::of(map), RefCell::new(States::default()), Limitable::of(map));
        Self { scene, reach, known, states, limitable, list: computed_list(map) }
    }

    /// Whether a claim about a destination holds.
    pub fn prove(&self, destination: usize, claim: Claim) -> Proof {
        whole(&self.judge(destination, claim)).map_or(Proof::Proved, |judged| judged.proof.clone())
    }

    /// A property on a path whose use may be limited.
    pub fn limited(&self, destination: usize, path: &Path) -> Option<Limited> {
        self.limitable.first(self.scene.map, path, destination)
    }

    /// The same, path by path. The limit is claimed of those that carry what may be limited.
    pub(in crate::flow) fn judge(&self, destination: usize, claim: Claim) -> Vec<Judged> {
        let map = self.scene.map;
        let exempt = |path: &Path| path.source.is_some_and(|source| is_exempt(&map.model.sources[source]));
        let counts = |path: &Path| claim != Claim::Limit || self.limited(destination, path).is_some();
        let all = paths(map, self.reach, destination).into_iter();
        let paths: Vec<Path> = all.filter(|path| !exempt(path) && counts(path)).collect();
        let carriers = self.carriers(claim);
        let mut judged: Vec<Judged> = Vec::new();
        for path in paths {
            let same = judged.iter().find(|one| is_alike(&one.path, &path)).map(|one| one.of(&path));
            judged.push(same.unwrap_or_else(|| self.path(destination, path, claim, &carriers)));
        }
        judged
    }

    /// The categories that carry out the right.
    fn carriers(&self, claim: Claim) -> Vec<usize> {
        let categories = &self.scene.map.model.categories;
        let right = if claim == Claim::Limit { "limit" } else { "opt-out" };
        let able = |at: &usize| categories[*at].object.has_text("controls", right) && switches(&categories[*at]);
        (0..categories.len()).filter(able).collect()
    }

    fn path(&self, destination: usize, path: Path, claim: Claim, carriers: &[usize]) -> Judged {
        let map = self.scene.map;
        let unstated: Vec<usize> = if claim == Claim::OptOut && carriers.is_empty() {
            let listed = self.scene.listed(destination, path.point).into_iter();
            listed.map(|one| one.category).filter(|at| is_unstated(map, &map.model.categories[*at])).collect()
        } else {
            Vec::new()
        };
        let carriers = if unstated.is_empty() { carriers } else { &unstated };
        let (case, dropped) = self.case(destination, &path, carriers);
        let answer = self.answer(&case, claim);
        let place = || case.listed.first().map_or(path.place, |one| one.place);
        let undecidable = |missing: &str, place: Span| Proof::Undecidable { missing: missing.to_owned(), place };
        // In a list that code computes it may be or not, unless nobody asks.
        let unlisted = map.links.listed[destination].is_empty();
        let asked = path.point != Point::Nowhere && claim != Claim::OptIn;
        let list = self.list.as_ref().filter(|_| unlisted && asked);
        let (proof, doubt, rank) = match answer {
            _ if let Some(list) = list => (undecidable(list.value, list.span), Some(Doubt::Computed), 0),
            Answer::Never if !unstated.is_empty() => (undecidable(UNSTATED, place()), Some(Doubt::Unstated), 0),
            Answer::Never if let Some(place) = self.renamed(destination, path.point, claim) => {
                (undecidable(RENAMED, place), Some(Doubt::Names), 0)
            }
            Answer::Never => (Proof::Proved, None, 0),
            // A category more, which code names, may stop it.
            Answer::Open(..) if let Some(place) = self.unread(destination, path.point) => {
                (undecidable(UNREAD, place), Some(Doubt::Computed), 0)
            }
            Answer::Doubt(why, state) => {
                let own = matches!(path.point, Point::Tag { own_checks: true });
                let (why, place) = match why {
                    MODEL | MANY => (why.to_owned(), place()),
                    _ => self.reason(destination, &path, &case, claim, &state),
                };
                (Proof::Undecidable { missing: why, place }, Some(if own { Doubt::OwnChecks } else { Doubt::Other }), 0)
            }
            Answer::Open(state, rank) => {
                let (because, place) = self.reason(destination, &path, &case, claim, &state);
                let visitor = self.visitor(&case, &dropped, &state);
                let example = Counterexample { visitor, path: path.clone(), because, place };
                (Proof::Refuted(example), None, rank)
            }
        };
        Judged { path, proof, doubt, rank }
    }

    /// Where a proof rests on categories of the inventory that the point itself calls otherwise.
    fn renamed(&self, destination: usize, point: Point, claim: Claim) -> Option<Span> {
        self.scene.renamed(destination, point).filter(|_| claim != Claim::OptIn)
    }

    /// Where code computes categories that a destination has at a point.
    fn unread(&self, destination: usize, point: Point) -> Option<Span> {
        let in_page = matches!(point, Point::Wrapper { .. });
        self.scene.map.links.unread[destination].filter(|_| in_page)
    }

    fn reason(&self, destination: usize, path: &Path, case: &Case, claim: Claim, state: &State) -> (String, Span) {
        let integrations = Integrations::new();
        let event = Event { name: NAME, integrations: &integrations };
        let asked = Asked { scene: &self.scene, destination, path, case, claim: Some(claim) };
        reason(&asked, state, deliver(case, state, event), event)
    }

    /// The categories that matter on a path: those that list the destination there, those that carry out the right, and what
    /// the page knows besides. Of several alike that list it, three show every mixture of preferences; all are also given for
    /// which they stand.
    fn case(&self, destination: usize, path: &Path, carriers: &[usize]) -> (Case, Vec<(usize, usize)>) {
        let carries = |at: usize| carriers.contains(&at);
        let mut matter: BTreeSet<usize> = carriers.iter().copied().collect();
        matter.extend(self.scene.listed(destination, path.point).into_iter().map(|one| one.category));
        let known = 0..self.scene.map.model.categories.len();
        matter.extend(known.filter(|at| self.scene.knows(path.point, *at)));
        let all: Vec<usize> = matter.into_iter().collect();
        let whole = Case::of(&self.scene, destination, path, &all, &carries);
        let mut kept: Vec<usize> = Vec::new();
        let mut dropped: Vec<(usize, usize)> = Vec::new();
        let mut alike: HashMap<Part, (usize, usize)> = HashMap::new();
        for (part, at) in whole.question.parts.iter().zip(&whole.categories) {
            let (seen, last) = alike.entry(*part).or_default();
            if *seen < if part.listed { 3 } else { 1 } {
                (*seen, *last) = (*seen + 1, *at);
                kept.push(*at);
            } else {
                dropped.push((*at, *last));
            }
        }
        if dropped.is_empty() {
            return (whole, dropped);
        }
        (Case::of(&self.scene, destination, path, &kept, &carries), dropped)
    }

    /// The visitor of a state: a category for which another one stands is as that one, unless nothing hangs on it.
    fn visitor(&self, case: &Case, dropped: &[(usize, usize)], state: &State) -> Visitor {
        let mut visitor = case.visitor(state);
        let id = |at: usize| &self.scene.map.model.categories[at].id.value;
        for (at, like) in dropped {
            let counts = |said: &Preference| {
                *said == Preference::Denied || case.listed.iter().any(|listed| listed.category == *at)
            };
            if let Some(said) = visitor.preferences.get(id(*like)).copied().filter(counts) {
                visitor.preferences.insert(id(*at).clone(), said);
            }
        }
        visitor
    }

    fn answer(&self, case: &Case, claim: Claim) -> Answer {
        let key = (case.question.clone(), claim);
        if let Some(answer) = self.known.borrow().get(&key) {
            return answer.clone();
        }
        let answer = if claim == Claim::OptIn && case.question.model.is_none() {
            self.before_choice(case)
        } else {
            self.search(case, claim)
        };
        self.known.borrow_mut().insert(key, answer.clone());
        answer
    }

    /// What holds before a choice rests on the consent model. Where that is not known, only what both models agree in is.
    fn before_choice(&self, case: &Case) -> Answer {
        let under = |model: ConsentModel| {
            let question = Question { model: Some(model), ..case.question.clone() };
            let (categories, ids, listed) = (case.categories.clone(), case.ids.clone(), case.listed.clone());
            self.search(&Case { question, categories, ids, listed }, Claim::OptIn)
        };
        match (under(ConsentModel::OptIn), under(ConsentModel::OptOut)) {
            (Answer::Never, Answer::Open(state, _)) => Answer::Doubt(MODEL, state),
            (Answer::Never, other) => other,
            (strict, _) => strict,
        }
    }

    fn search(&self, case: &Case, claim: Claim) -> Answer {
        let count = case.question.parts.len();
        if count > MOST {
            let said = vec![Preference::Unset; count];
            return Answer::Doubt(MANY, State { said, signal: false, chosen: false, later: false });
        }
        let integrations = Integrations::new();
        let event = Event { name: NAME, integrations: &integrations };
        let new = case.question.set_up.is_some();
        let mut doubt = None;
        let mut states = self.states.borrow_mut();
        for (rank, (said, kind)) in states.of(count, new, claim == Claim::OptIn).enumerate() {
            let Kind { signal, chosen, later } = kind;
            let state = State { said: said.to_vec(), signal, chosen, later };
            if !self.counts(case, claim, &state) {
                continue;
            }
            match deliver(case, &state, event).events {
                Events::No => {}
                Events::Yes => return Answer::Open(state, rank),
                Events::Undecidable(why) => _ = doubt.get_or_insert(Answer::Doubt(why, state)),
            }
        }
        doubt.unwrap_or(Answer::Never)
    }

    /// Whether a claim speaks of a state: the right was exercised, by a choice that switches off every category that carries
    /// it out or by a signal that is honored; or no choice was made.
    fn counts(&self, case: &Case, claim: Claim, state: &State) -> bool {
        if claim == Claim::OptIn {
            return !state.chosen && state.said.iter().all(|said| *said != Preference::Granted);
        }
        if claim == Claim::OptOut && state.signal && self.scene.signal.is_some() {
            return true;
        }
        let mut carrying = state.said.iter().zip(&case.question.parts).filter(|(_, part)| part.carries);
        state.chosen && carrying.all(|(said, _)| *said == Preference::Denied)
    }
}

/// What decides about a destination as a whole: the smallest counterexample, or else the first doubt; nothing where all is
/// proved.
pub(in crate::flow) fn whole(judged: &[Judged]) -> Option<&Judged> {
    let open = judged.iter().filter(|one| matches!(one.proof, Proof::Refuted(_)));
    let doubt = || judged.iter().find(|one| matches!(one.proof, Proof::Undecidable { .. }));
    open.min_by_key(|one| one.rank).or_else(doubt)
}
