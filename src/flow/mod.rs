//! What data gets where: the derived attributes, each computed once and explainable.
//!
//! The definitions are those of the statute and the regulations as the kind table cites them. Absent data is not
//! "no": where something is presumed, the reason says so.
//!
//! Where to look:
//!
//! - what gets where: `reach`, `arrival`, `derived`, `disclosure`, `address`, `sensitive`;
//! - what stops it: [`routing`] (how each consent manager routes data), [`route`] (paths, simulation, proof), `gate`, `optout`,
//!   `signal`, `consent`, `drift`;
//! - who receives it, and as whom: `destination`, `recipient`, `contract`, `purpose`, `assessment`, `inventory`, `minors`;
//! - what consumers are told, and what they may ask: `business`, `notice`, `request`, `answer`, `export`, `retention`, `source`,
//!   `governance`, `states`.

mod address;
mod answer;
mod arrival;
mod assessment;
mod business;
mod consent;
mod contract;
mod derived;
mod destination;
mod disclosure;
mod drift;
mod export;
mod gate;
mod governance;
mod inventory;
mod minors;
mod notice;
mod optout;
mod passed;
mod purpose;
mod reach;
mod recipient;
mod request;
mod retention;
pub mod route;
pub mod routing;
mod sensitive;
mod signal;
mod source;
mod stamped;
mod states;

pub use address::personal_in_url;
pub use derived::gets_through;
pub use destination::{is_disclosing, normal_purpose};
pub use disclosure::Disclosure;
pub use drift::fold;
pub use export::undisclosable;
pub use gate::{controls_optout, lacks_category_alone, switches};
pub use notice::{noticed, unlisted};
pub use reach::{Carried, Reach, Witness, in_every_call, received_from};
pub use recipient::{Standing, denied_role, standing, unread};
pub use retention::{Period, days, is_retention_stated, kept, period, unread_period};
pub use sensitive::{identifier_named, is_hash_named};

use crate::finding::Label;
use crate::model::kind::Kind;
use crate::model::{Classification, Entity, Links, Located, Model, Object, Profile, Value};
use crate::source::Span;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The derived attributes of one entity, with the places that decided each.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Values by slot of the entity's kind; only derived slots are set.
    pub object: Object,
    /// Why: attribute and places.
    pub because: Vec<(&'static str, Label)>,
    place: Span,
}

impl Facts {
    fn new(entity: &Entity) -> Self {
        Self { object: Object::new(entity.kind.fields), because: Vec::new(), place: entity.id.span }
    }

    pub(super) fn of_kind(kind: &'static Kind, place: Span) -> Self {
        Self { object: Object::new(kind.fields), because: Vec::new(), place }
    }

    fn set(&mut self, name: &str, value: Value) {
        self.object.set(name, Located::new(value, self.place));
    }

    fn bool(&mut self, name: &str, value: bool) {
        self.set(name, Value::Bool(value));
    }

    fn text(&mut self, name: &str, text: impl Into<String>) {
        self.set(name, Value::Text(text.into()));
    }

    fn texts<S: Into<String>>(&mut self, name: &str, texts: impl IntoIterator<Item = S>) {
        let list = Value::texts(texts, self.place);
        self.set(name, list);
    }

    fn because(&mut self, name: &'static str, span: Span, text: impl Into<String>) {
        self.because.push((name, Label::new(span, text)));
    }

    fn holds(&self, name: &str) -> bool {
        self.object.boolean(name) == Some(true)
    }

    /// The places that decided an attribute.
    pub fn reasons(&self, name: &str) -> impl Iterator<Item = &Label> {
        self.because.iter().filter(move |(attribute, _)| *attribute == name).map(|(_, label)| label)
    }
}

/// The data map with everything derived from it.
#[derive(Debug)]
pub struct Flow {
    /// What reaches what.
    pub reach: Reach,
    /// Facts of each destination.
    pub destinations: Vec<Facts>,
    /// Facts of each source.
    pub sources: Vec<Facts>,
    /// Facts of each consent category.
    pub categories: Vec<Facts>,
    /// Facts of each consent manager.
    pub consents: Vec<Facts>,
    /// Facts of each consent banner.
    pub banners: Vec<Facts>,
    /// Facts of each signal.
    pub signals: Vec<Facts>,
    /// Facts of each request.
    pub requests: Vec<Facts>,
    /// Facts of each significant decision.
    pub decisions: Vec<Facts>,
    /// Facts of the business.
    pub business: Option<Facts>,
    /// Classes that reach destinations.
    pub disclosures: Vec<Disclosure>,
    /// Active destinations that receive each event, filters on properties aside.
    pub receivers: Vec<Vec<usize>>,
    /// Facts of the events that have something sensitive about them, by index.
    pub events: BTreeMap<usize, Facts>,
}

/// The data map that is looked at.
#[derive(Clone, Copy)]
pub struct Map<'a> {
    /// What files declare.
    pub model: &'a Model,
    /// References, followed.
    pub links: &'a Links,
    /// Classification of each property of each event.
    pub classes: &'a [Vec<Classification>],
    /// The day to judge by, `YYYY-MM-DD`.
    pub as_of: &'a str,
    /// Whose law is judged by.
    pub profile: Profile,
}

impl Flow {
    /// Derives everything from a joined data map.
    pub fn derive(map: Map<'_>) -> Self {
        let reach = Reach::compute(map);
        let mut destinations: Vec<Facts> =
            (0..map.model.destinations.len()).map(|index| destination::facts(map, &reach, index)).collect();
        let shared = source::Shared::of(map);
        let source = |index| source::facts(map, &reach, &destinations, &shared, index);
        let mut sources: Vec<Facts> = (0..map.model.sources.len()).into_par_iter().map(source).collect();
        inventory::apply(map, &mut destinations);
        gate::apply(map, &reach, &mut destinations);
        optout::apply(map, &mut destinations);
        passed::apply(map, &mut destinations);
        stamped::apply(map, &mut sources);
        retention::apply(map, &reach, &mut destinations);
        retention::outliving(map, &reach, &destinations, &mut sources);
        sensitive::pages(map, &reach, &mut destinations);
        let receivers = reach::receivers(map, &reach, &destinations);
        answer::profiles(map, &reach, &receivers, &mut destinations);
        recipients(map, &reach, &receivers, &mut destinations);
        let disclosures = disclosure::all(map, &reach, &destinations);
        let category = |(index, drift)| business::category(map, &destinations, index, drift);
        let categories = drift::all(map).into_iter().enumerate().map(category).collect();
        let consents =
            map.model.consents.iter().map(|consent| consent::facts(map, &reach, &destinations, consent)).collect();
        let banners = map.model.banners.iter().map(|banner| consent::banner(map, &destinations, banner)).collect();
        let signals = map.model.signals.iter().map(|signal| signal::facts(map, &destinations, signal)).collect();
        let mut requests: Vec<Facts> =
            (0..map.model.requests.len()).map(|index| request::facts(map, &destinations, index)).collect();
        answer::apply(map, &reach, &destinations, &sources, &mut requests);
        let events = sensitive::events(map, &reach, &receivers, &destinations);
        let decisions = map.model.decisions.iter().map(governance::decision).collect();
        let business = map
            .model
            .business
            .as_ref()
            .map(|business| business::facts(map, &reach, &receivers, &destinations, business));
        Self {
            reach,
            destinations,
            sources,
            categories,
            consents,
            banners,
            signals,
            requests,
            decisions,
            business,
            disclosures,
            receivers,
            events,
        }
    }
}

/// Sets what rests on the single properties that a destination receives.
fn recipients(map: Map<'_>, reach: &Reach, receivers: &[Vec<usize>], destinations: &mut [Facts]) {
    let arrivals = arrival::Arrivals::of(map, receivers);
    let noticed = purpose::Noticed::of(map);
    destinations.par_iter_mut().enumerate().for_each(|(index, facts)| {
        contract::apply(&map.model.destinations[index], facts);
        assessment::apply(map, &arrivals, index, facts);
        purpose::apply(map, reach, &arrivals, &noticed, index, facts);
        states::apply(map, &arrivals, index, facts);
    });
}

/// The places of all properties on which `overcollected`, `sensitive_received`, `sensitive_sold` or `geolocation_sold` of a
/// destination rests, where the attribute itself names one for each class.
pub fn carriers(map: Map<'_>, flow: &Flow, to: usize, attribute: &str) -> Vec<Span> {
    let arrivals = arrival::Arrivals::of(map, &flow.receivers);
    match flow.destinations.get(to) {
        Some(facts) if attribute == "overcollected" => purpose::overcollecting(map, &arrivals, to, facts),
        Some(_) => states::carrying(&arrivals, to, attribute),
        None => Vec::new(),
    }
}

/// Names of the active destinations to which personal information is sold or shared.
fn disclosing<'a>(map: Map<'a>, facts: &'a [Facts]) -> impl Iterator<Item = (usize, &'a str)> {
    facts
        .iter()
        .enumerate()
        .filter(|(_, facts)| facts.holds("active") && facts.holds("discloses"))
        .map(move |(index, _)| (index, display(&map.model.destinations[index])))
}

/// The name of an entity as messages show it.
fn display(entity: &Entity) -> &str {
    entity.object.text("name").unwrap_or(&entity.id.value)
}
