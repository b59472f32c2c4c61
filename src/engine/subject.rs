//! The subjects of a data map, as rules see them.

use super::is_list;
use super::occurrence::Occurrence;
use crate::finding::{Label, SubjectId};
use crate::flow::{Facts, Flow, Map};
use crate::model::entity::place_of;
use crate::model::kind;
use crate::model::value::follow;
use crate::model::{ClassSet, Classification, Entity, Event, Located, Object, Operand, Property, Subject, Value};
use crate::source::Span;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// How many items of a list are shown beside a finding; its message names as many.
const LABELLED: usize = 5;

/// A subject while it is judged.
pub(super) struct Seen<'a> {
    /// Its id, written only when there is something to say.
    pub(super) id: &'a dyn Fn() -> SubjectId,
    pub(super) subject: &'a dyn Subject,
    pub(super) place: Span,
    /// The place of an attribute.
    pub(super) places: &'a dyn Fn(&str) -> Option<Span>,
    /// The labels of an attribute.
    pub(super) reasons: &'a dyn Fn(&str) -> Vec<Label>,
}

/// All subjects of a data map.
#[derive(Clone, Copy)]
pub(super) struct Subjects<'a> {
    map: Map<'a>,
    flow: &'a Flow,
    noticed: ClassSet,
    /// Whether any destination keeps something out.
    filters: bool,
}

/// What is derived of properties, by the destinations that receive them: most properties share it.
type Audiences = RefCell<HashMap<Vec<usize>, Rc<Object>>>;

/// An entity and what is derived of it.
struct Declared<'a> {
    entity: &'a Entity,
    facts: &'a Facts,
}

impl Subject for Declared<'_> {
    fn attribute(&self, path: &[usize]) -> Operand<'_> {
        let derived =
            path.first().and_then(|slot| self.entity.kind.fields.get(*slot)).is_some_and(|field| field.derived);
        follow(if derived { &self.facts.object } else { &self.entity.object }, path)
    }
}

type Judge<'j> = dyn FnMut(&Seen<'_>) + 'j;

impl<'a> Subjects<'a> {
    pub(super) fn new(map: Map<'a>, flow: &'a Flow) -> Self {
        let filters = map.model.destinations.iter().any(|destination| destination.object.get("filters").is_some());
        Self { map, flow, noticed: crate::flow::noticed(map), filters }
    }

    /// The classes that the notice lists.
    pub(super) fn noticed(&self) -> ClassSet {
        self.noticed
    }

    /// Shows every subject of a kind to `judge`.
    pub(super) fn each(&self, kind: &str, judge: &mut Judge<'_>) {
        let (model, flow) = (self.map.model, self.flow);
        match kind {
            "business" => pairs(model.business.iter().zip(&flow.business), judge),
            "signal" => pairs(model.signals.iter().zip(&flow.signals), judge),
            "category" => pairs(model.categories.iter().zip(&flow.categories), judge),
            "destination" => pairs(model.destinations.iter().zip(&flow.destinations), judge),
            "source" => pairs(model.sources.iter().zip(&flow.sources), judge),
            "request" => pairs(model.requests.iter().zip(&flow.requests), judge),
            "banner" => pairs(model.banners.iter().zip(&flow.banners), judge),
            "consent" => pairs(model.consents.iter().zip(&flow.consents), judge),
            "notice" => plain(model.notices.iter(), judge),
            "decision" => pairs(model.decisions.iter().zip(&flow.decisions), judge),
            "event" => self.events(judge),
            "property" => self.properties(&(0..self.map.model.events.len()).collect::<Vec<_>>(), judge),
            "disclosure" => self.disclosures(judge),
            "contradiction" => self.contradictions(judge),
            _ => {}
        }
    }

    fn events(&self, judge: &mut Judge<'_>) {
        for (at, event) in self.map.model.events.iter().enumerate() {
            let facts = self.flow.events.get(&at);
            let subject = Occurrence::new(self.map, self.flow, at);
            let id = || SubjectId { kind: "event", id: event_id(self.map, event) };
            let labels = |name: &str| facts.into_iter().flat_map(|facts| facts.reasons(name)).cloned().collect();
            let places = |name: &str| Some(facts?.reasons(name).next()?.span);
            judge(&Seen { id: &id, subject: &subject, place: event.name.span, places: &places, reasons: &labels });
        }
    }

    fn names(&self, destinations: &[usize], keep: impl Fn(usize) -> bool) -> Vec<String> {
        names(self.map, destinations.iter().filter(|at| keep(**at)))
    }

    /// Shows the properties of some events to `judge`.
    pub(super) fn properties(&self, events: &[usize], judge: &mut Judge<'_>) {
        let audiences = Audiences::default();
        for at in events.iter().copied() {
            let event = &self.map.model.events[at];
            let shared = OnceCell::new();
            for (property, classified) in event.properties.iter().zip(&self.map.classes[at]) {
                let (object, by) = (OnceCell::new(), OnceCell::new());
                let (conflict, in_url) = (OnceCell::new(), OnceCell::new());
                let (audiences, shared) = (&audiences, &shared);
                let place = property.path.span;
                let subject = Field {
                    subjects: self,
                    at,
                    event,
                    property,
                    classified,
                    audiences,
                    shared,
                    object,
                    by,
                    conflict,
                    in_url,
                };
                let places = |path: &str| {
                    let declared = property.declared.as_ref()?;
                    (path == "pi" && declared.get(path).is_some()).then(|| place_of(declared, path, place))
                };
                let reasons = |name: &str| subject.reasons(name);
                let id = || SubjectId { kind: "property", id: subject.id() };
                judge(&Seen { id: &id, subject: &subject, place, places: &places, reasons: &reasons });
            }
        }
    }

    fn disclosures(&self, judge: &mut Judge<'_>) {
        for disclosure in &self.flow.disclosures {
            let facts = &disclosure.facts;
            let reasons = |name: &str| facts.reasons(name).cloned().collect();
            let id = || SubjectId { kind: "disclosure", id: disclosure.id.clone() };
            let places = |path: &str| {
                (path == "destination").then(|| facts.object.get("destination").map(|value| value.span)).flatten()
            };
            let (subject, place) = (&facts.object, disclosure.place);
            judge(&Seen { id: &id, subject, place, places: &places, reasons: &reasons });
        }
    }

    fn contradictions(&self, judge: &mut Judge<'_>) {
        for found in &self.map.model.contradictions {
            let place = found.second.span;
            let mut object = Object::new(kind::CONTRADICTION.fields);
            for (name, text) in [
                ("entity", &found.entity),
                ("attribute", &found.attribute),
                ("first", &found.first.value),
                ("second", &found.second.value),
            ] {
                object.set(name, Located::new(Value::Text(text.clone()), place));
            }
            let reasons = |_: &str| vec![Label::new(found.first.span, format!("says `{}`", found.first.value))];
            let id = || SubjectId { kind: "contradiction", id: format!("{}.{}", found.entity, found.attribute) };
            judge(&Seen { id: &id, subject: &object, place, places: &|_| None, reasons: &reasons });
        }
    }
}

/// Names of destinations as messages show them.
pub(super) fn names<'d>(map: Map<'_>, destinations: impl Iterator<Item = &'d usize>) -> Vec<String> {
    destinations.map(|at| map.model.destinations[*at].object.text("name").unwrap_or_default().to_owned()).collect()
}

fn plain<'e>(entities: impl Iterator<Item = &'e Entity>, judge: &mut Judge<'_>) {
    for entity in entities {
        let places = |path: &str| Some(place_of(&entity.object, path, entity.id.span));
        let reasons = |name: &str| labels(entity, name);
        let id = || SubjectId { kind: entity.kind.name, id: entity.id.value.clone() };
        judge(&Seen { id: &id, subject: &entity.object, place: entity.id.span, places: &places, reasons: &reasons });
    }
}

fn pairs<'e>(entities: impl Iterator<Item = (&'e Entity, &'e Facts)>, judge: &mut Judge<'_>) {
    for (entity, facts) in entities {
        let subject = Declared { entity, facts };
        let derived = |name: &str| entity.kind.fields.iter().any(|field| field.name == name && field.derived);
        let places = |path: &str| {
            if derived(path) {
                return facts.reasons(path).next().map(|label| label.span);
            }
            Some(place_of(&entity.object, path, entity.id.span))
        };
        let reasons = |name: &str| {
            if derived(name) { facts.reasons(name).cloned().collect() } else { labels(entity, name) }
        };
        let id = || SubjectId { kind: entity.kind.name, id: entity.id.value.clone() };
        judge(&Seen { id: &id, subject: &subject, place: entity.id.span, places: &places, reasons: &reasons });
    }
}

/// What is written at an attribute, and the alias that brought it.
fn labels(entity: &Entity, name: &str) -> Vec<Label> {
    let Some(found) = entity.object.get(name) else { return Vec::new() };
    if let Value::List(items) = &found.value
        && items.iter().any(|item| item.span.source == found.span.source && item.span != found.span)
    {
        return items.iter().take(LABELLED).map(|item| Label::new(item.span, item.value.display())).collect();
    }
    let mut labels = vec![Label::new(found.span, format!("{name}: {}", found.value.display()))];
    labels.extend(found.alias.map(|alias| Label::new(alias, format!("brings `{name}` here"))));
    labels
}

fn event_id(map: Map<'_>, event: &Event) -> String {
    match event.plan.and_then(|plan| map.model.plans.get(plan)) {
        Some(plan) => [plan.name.value.as_str(), "/", event.name.value.as_str()].concat(),
        None => event.name.value.clone(),
    }
}

/// A property as a subject; what is costly is computed when asked for. What it rests on besides its event is named in
/// `Context` in `again`.
struct Field<'a> {
    subjects: &'a Subjects<'a>,
    at: usize,
    event: &'a Event,
    property: &'a Property,
    classified: &'a Classification,
    audiences: &'a Audiences,
    /// What all properties of the event share when nothing is filtered.
    shared: &'a OnceCell<Rc<Object>>,
    object: OnceCell<Rc<Object>>,
    by: OnceCell<String>,
    conflict: OnceCell<String>,
    in_url: OnceCell<Option<String>>,
}

impl Field<'_> {
    fn id(&self) -> String {
        let mut id = event_id(self.subjects.map, self.event);
        for part in [self.property.section.name(), &self.property.path.value] {
            id.reserve_exact(part.len() + 1);
            id.push('.');
            id.push_str(part);
        }
        id
    }

    fn receivers(&self) -> Vec<usize> {
        let map = self.subjects.map;
        let reached = &self.subjects.flow.receivers[self.at];
        let through = |to: &&usize| crate::flow::gets_through(map, **to, self.event, self.property);
        reached.iter().filter(through).copied().collect()
    }

    fn undisclosed(&self) -> ClassSet {
        if self.exempt().is_some() {
            return ClassSet::EMPTY;
        }
        crate::flow::unlisted(self.classified.classes, self.subjects.noticed)
    }

    /// Whether it only describes what a store holds, which is no stream of events.
    fn is_stored(&self) -> bool {
        let map = self.subjects.map;
        let mut senders = map.links.events[self.at].iter().map(|at| map.model.sources[*at].object.text("platform"));
        senders.len() > 0 && senders.all(|platform| platform == Some("dataset"))
    }

    /// The law that exempts all sources that send it.
    fn exempt(&self) -> Option<&str> {
        let map = self.subjects.map;
        let mut laws = map.links.events[self.at].iter().map(|at| map.model.sources[*at].object.text("exempt"));
        let first = laws.next()??;
        laws.all(|law| law.is_some()).then_some(first)
    }

    /// What it carries in the query of an address, unless all that send it strip queries.
    fn in_url(&self) -> Option<&str> {
        let found = self.in_url.get_or_init(|| {
            let map = self.subjects.map;
            let strips = |at: &usize| map.model.sources[*at].object.boolean("strips_query") == Some(true);
            let senders = &map.links.events[self.at];
            let stripped = !senders.is_empty() && senders.iter().all(strips);
            if stripped { None } else { crate::flow::personal_in_url(self.property) }
        });
        found.as_deref()
    }

    /// The destinations that the property reaches, as attributes.
    fn audience(&self) -> &Object {
        if self.subjects.filters {
            return self.object.get_or_init(|| self.kept_audience(self.receivers()));
        }
        self.shared.get_or_init(|| self.kept_audience(self.subjects.flow.receivers[self.at].clone()))
    }

    fn kept_audience(&self, reaches: Vec<usize>) -> Rc<Object> {
        let mut known = self.audiences.borrow_mut();
        Rc::clone(known.entry(reaches).or_insert_with_key(|reaches| {
            let place = self.property.path.span;
            let mut object = Object::new(kind::PROPERTY.fields);
            let mut set = |name: &str, value: Value| object.set(name, Located::new(value, place));
            let flow = self.subjects.flow;
            let open = |at: usize| flow.destinations[at].object.boolean("discloses") == Some(true);
            set("reaches", Value::texts(self.subjects.names(reaches, |_| true), place));
            set("disclosed_to", Value::texts(self.subjects.names(reaches, open), place));
            Rc::new(object)
        }))
    }

    fn reasons(&self, name: &str) -> Vec<Label> {
        match name {
            "reaches" | "disclosed_to" => {
                let flow = self.subjects.flow;
                let open =
                    |at: &usize| name == "reaches" || flow.destinations[*at].object.boolean("discloses") == Some(true);
                let model = self.subjects.map.model;
                let label = |at: usize| Label::new(model.destinations[at].id.span, "receives it");
                self.receivers().into_iter().filter(open).map(label).collect()
            }
            "event" => vec![Label::new(self.event.name.span, "the event")],
            "observed" => {
                let seen = self.property.seen.as_ref().filter(|seen| seen.like.is_some());
                seen.map(|seen| Label::new(seen.place, format!("in real events: {}", seen.words))).into_iter().collect()
            }
            "classified_by" => {
                self.classified.place.map(|place| Label::new(place, "classified here")).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Subject for Field<'_> {
    fn attribute(&self, path: &[usize]) -> Operand<'_> {
        let Some(field) = path.first().and_then(|slot| kind::PROPERTY.fields.get(*slot)) else {
            return Operand::Absent;
        };
        match field.name {
            "name" => Operand::Text(&self.property.path.value),
            "event" => Operand::Text(&self.event.name.value),
            "classes" => Operand::Classes(self.classified.classes.letters()),
            "sensitive" => Operand::Classes(self.classified.classes.sensitive()),
            "personal" => Operand::Bool(!self.classified.classes.is_empty()),
            // The members of an object or array are properties of their own.
            "classified" => Operand::Bool(self.classified.is_known() || self.property.hint.container),
            "conflict" if self.classified.conflict.is_empty() => Operand::Absent,
            "conflict" => Operand::Text(self.conflict.get_or_init(|| self.classified.conflict.describe())),
            "personal_in_url" => self.in_url().map_or(Operand::Absent, Operand::Text),
            "exempt" => self.exempt().map_or(Operand::Absent, Operand::Text),
            "restricted" => Operand::Bool(self.classified.restricted && !self.is_stored()),
            "identifier_named" => {
                crate::flow::identifier_named(self.property.name()).map_or(Operand::Absent, Operand::Text)
            }
            "unplanned" => Operand::Bool(self.property.seen.as_ref().is_some_and(|seen| seen.unplanned)),
            "observed" => match &self.property.seen {
                Some(seen) if !seen.words.is_empty() => Operand::Text(&seen.words),
                _ => Operand::Absent,
            },
            "hash_named" => Operand::Bool(crate::flow::is_hash_named(self.property.name())),
            "undisclosed" => Operand::Classes(self.undisclosed()),
            "notice_declared" => Operand::Bool(!self.subjects.map.model.notices.is_empty()),
            "classified_by" => Operand::Text(self.by.get_or_init(|| self.classified.by.words())),
            name => {
                let declared = if field.derived { Some(self.audience()) } else { self.property.declared.as_deref() };
                let found = declared.map_or(Operand::Absent, |declared| follow(declared, path));
                debug_assert!(is_list(&field.ty) || !matches!(found, Operand::List(_)), "{name}");
                found
            }
        }
    }
}
