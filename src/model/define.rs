//! Parts of tracking plans that one file defines and others refer to, and how they become events once all files are
//! known.

use super::event::push_segment;
use super::names::{normal, unresolved};
use super::{Event, EventType, Located, Model, Plan, Property, Section, ValueHint};
use crate::finding::{Problem, Stage};
use crate::source::Span;
use std::collections::{HashMap, HashSet};

/// Deepest nesting of properties through custom types.
const MAX_DEPTH: usize = 128;
/// Most properties that are read through custom types: without cycles, references can still double at every level.
const MAX_REFERRED: usize = 200_000;
/// Of how many unresolved references the nearest known id is looked for.
const MAX_SUGGESTED: usize = 20;

/// What kind of part is defined or referred to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// An event.
    Event,
    /// A property.
    Property,
    /// A named type, whose members become nested properties.
    CustomType,
}

impl Part {
    /// The word used in messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Property => "property",
            Self::CustomType => "custom type",
        }
    }
}

/// A name that stands for a part defined somewhere.
#[derive(Clone, Debug)]
pub struct Reference {
    /// What it names.
    pub part: Part,
    /// The group it names, where it does.
    pub group: Option<String>,
    /// The id it names.
    pub id: String,
    /// Where it is written.
    pub span: Span,
}

/// What is known of the values of a property or of a custom type.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// Their types.
    pub hint: ValueHint,
    /// Texts that are listed.
    pub listed: Box<[Box<str>]>,
    /// Custom types that they follow.
    pub types: Vec<Reference>,
    /// Of an array: what its items are.
    pub items: Option<Box<Values>>,
}

/// A property of an event, of a custom type or of another property.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its definition.
    pub property: Reference,
    /// What is said of its values beside the reference.
    pub values: Values,
    /// Properties nested in it.
    pub members: Vec<Member>,
}

/// A part of tracking plans.
#[derive(Clone, Debug)]
pub struct Definition {
    /// What it is.
    pub part: Part,
    /// The catalog or group it belongs to.
    pub group: Located<String>,
    /// Its id; empty where references go by the name.
    pub id: String,
    /// Its name.
    pub name: Located<String>,
    /// Of an event, the call that sends it.
    pub call: EventType,
    /// What its values are.
    pub values: Values,
    /// Its properties.
    pub members: Vec<Member>,
}

/// An event of a plan whose definition is elsewhere.
#[derive(Clone, Debug)]
pub struct PendingEvent {
    /// Its definition.
    pub event: Reference,
    /// Index of its plan in the model.
    pub plan: usize,
    /// The part of the event that its properties belong to, where the plan says so.
    pub section: Option<Section>,
    /// The properties that the plan gives it.
    pub members: Vec<Member>,
}

/// What files define, and what waits for definitions.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// Definitions.
    pub definitions: Vec<Definition>,
    /// Events of plans.
    pub events: Vec<PendingEvent>,
}

/// Turns the parts of a model into events. An event that no plan names becomes one of a plan named after its catalog,
/// so that nothing is lost.
pub(super) fn resolve(model: &mut Model, problems: &mut Vec<Problem>) {
    let parts = std::mem::take(&mut model.parts);
    if parts.definitions.is_empty() && parts.events.is_empty() {
        return;
    }
    let mut resolver = Resolver::new(&parts.definitions, problems);
    let mut used = vec![false; parts.definitions.len()];
    model.events.reserve(parts.events.len());
    for pending in &parts.events {
        let found = resolver.find(&pending.event);
        if let Some(known) = found.and_then(|at| used.get_mut(at)) {
            *known = true;
        }
        model.events.push(resolver.event(pending, found).into());
    }
    let mut catalogs: HashMap<&str, usize> = HashMap::new();
    for (at, definition) in parts.definitions.iter().enumerate() {
        let event = definition.part == Part::Event && !used.get(at).copied().unwrap_or(false);
        if !event || resolver.own(definition) != Some(at) {
            continue;
        }
        let group = &definition.group;
        let plan = *catalogs.entry(&group.value).or_insert_with(|| add_catalog(model, group));
        model.events.push(resolver.unplanned(definition, plan).into());
    }
    let missing = std::mem::take(&mut resolver.missing);
    for reference in missing {
        resolver.problem(&reference);
    }
    model.parts = parts;
}

/// A plan of its own for a catalog, under a name that no plan has.
fn add_catalog(model: &mut Model, group: &Located<String>) -> usize {
    let taken = model.plans.iter().any(|plan| normal(&plan.name.value) == normal(&group.value));
    let mut name = group.clone();
    if taken {
        name.value.push_str(" (catalog)");
    }
    model.plans.push(Plan { names: vec![name.value.clone()], name, observed: false });
    model.plans.len() - 1
}

struct Resolver<'a> {
    definitions: &'a [Definition],
    exact: HashMap<(Part, &'a str, &'a str), usize>,
    ids: HashMap<(Part, &'a str), usize>,
    /// By name, those without an id.
    names: HashMap<(Part, String), usize>,
    problems: &'a mut Vec<Problem>,
    missing: Vec<Reference>,
    missed: HashSet<(Part, String)>,
    referred: usize,
    suggested: usize,
    cut: bool,
}

impl<'a> Resolver<'a> {
    fn new(definitions: &'a [Definition], problems: &'a mut Vec<Problem>) -> Self {
        let (mut exact, mut ids, mut names) = (HashMap::new(), HashMap::new(), HashMap::new());
        for (at, definition) in definitions.iter().enumerate() {
            let part = definition.part;
            if definition.id.is_empty() {
                names.entry((part, normal(&definition.name.value))).or_insert(at);
                continue;
            }
            exact.entry((part, definition.group.value.as_str(), definition.id.as_str())).or_insert(at);
            ids.entry((part, definition.id.as_str())).or_insert(at);
        }
        let (missing, missed) = (Vec::new(), HashSet::new());
        Self { definitions, exact, ids, names, problems, missing, missed, referred: 0, suggested: 0, cut: false }
    }

    /// The definition that a reference means: of its group, or else any of its id.
    fn find(&mut self, reference: &Reference) -> Option<usize> {
        let id = reference.id.as_str();
        let grouped = || self.exact.get(&(reference.part, reference.group.as_deref()?, id)).copied();
        let found = grouped().or_else(|| self.ids.get(&(reference.part, id)).copied());
        let found = found.or_else(|| self.names.get(&(reference.part, normal(id))).copied());
        if found.is_none() && self.missed.insert((reference.part, reference.id.clone())) {
            self.missing.push(reference.clone());
        }
        found
    }

    /// The definition that counts of those with the same id.
    fn own(&self, definition: &Definition) -> Option<usize> {
        if definition.id.is_empty() {
            return self.names.get(&(definition.part, normal(&definition.name.value))).copied();
        }
        self.exact.get(&(definition.part, definition.group.value.as_str(), definition.id.as_str())).copied()
    }

    fn problem(&mut self, reference: &Reference) {
        let (part, id) = (reference.part, &reference.id);
        self.suggested += 1;
        let known = self.definitions.iter().filter(|known| known.part == part && self.suggested <= MAX_SUGGESTED);
        let ids = known.map(|known| if known.id.is_empty() { known.name.value.as_str() } else { &known.id });
        let otherwise = "define it, or let the file that defines it be among those read";
        let message = format!("no {} `{id}` is defined in the files that are read", part.word());
        self.problems.push(unresolved(reference.span, id, message, ids, otherwise));
    }

    /// An event of a plan; without its definition it goes by the id that the plan writes.
    fn event(&mut self, pending: &PendingEvent, found: Option<usize>) -> Event {
        let definition = found.and_then(|at| self.definitions.get(at));
        let call = definition.map_or(EventType::Track, |definition| definition.call);
        let mut walk = Walk::new(pending.section.unwrap_or_else(|| own_section(call)), pending.event.span);
        let own = definition.map_or(&[][..], |definition| &definition.members);
        own.iter().chain(&pending.members).for_each(|member| self.member(member, &mut walk));
        let name = place(definition, &pending.event);
        Event { name, call, plan: Some(pending.plan), sources: Vec::new(), incentive: None, properties: walk.out }
    }

    fn unplanned(&mut self, definition: &Definition, plan: usize) -> Event {
        let mut walk = Walk::new(own_section(definition.call), definition.name.span);
        definition.members.iter().for_each(|member| self.member(member, &mut walk));
        let (name, call) = (definition.name.clone(), definition.call);
        Event { name, call, plan: Some(plan), sources: Vec::new(), incentive: None, properties: walk.out }
    }

    fn member(&mut self, member: &Member, walk: &mut Walk) {
        if !self.enter(walk) {
            return;
        }
        let definitions = self.definitions;
        let definition = self.find(&member.property).and_then(|at| definitions.get(at));
        let name = place(definition, &member.property);
        let outer = push_segment(&mut walk.path, &name.value);
        let outside = std::mem::replace(&mut walk.place, (name.span, name.alias));
        let values = definition.map(|definition| &definition.values);
        let listed = [values, Some(&member.values)].into_iter().flatten().map(|values| &values.listed);
        let listed = listed.into_iter().find(|listed| !listed.is_empty()).cloned().unwrap_or_default();
        let at = walk.emit(ValueHint::default(), listed);
        let mut hint = self.values(&member.values, walk);
        let mut array = member.values.items.is_some();
        if let Some(values) = values {
            hint = hint.join(self.values(values, walk));
            array |= values.items.is_some();
        }
        if !member.members.is_empty() {
            hint.container = true;
            let items = walk.path.len();
            if array {
                push_segment(&mut walk.path, "$");
            }
            member.members.iter().for_each(|nested| self.member(nested, walk));
            walk.path.truncate(items);
        }
        if let Some(property) = at.and_then(|at| walk.out.get_mut(at)) {
            property.hint = hint;
        }
        walk.place = outside;
        walk.path.truncate(outer);
        walk.depth -= 1;
    }

    /// Adds what custom types and items bring below the current path.
    fn values(&mut self, values: &Values, walk: &mut Walk) -> ValueHint {
        let mut hint = values.hint;
        if !self.enter(walk) {
            return hint;
        }
        for reference in &values.types {
            hint = hint.join(self.custom_type(reference, walk));
        }
        if let Some(items) = &values.items {
            hint.container = true;
            let outer = push_segment(&mut walk.path, "$");
            let inner = self.values(items, walk);
            // Objects and arrays are there by their members; plain values have no other place.
            if !inner.container && inner != ValueHint::default() {
                walk.emit(inner, items.listed.clone());
            }
            walk.path.truncate(outer);
        }
        walk.depth -= 1;
        hint
    }

    fn custom_type(&mut self, reference: &Reference, walk: &mut Walk) -> ValueHint {
        let definitions = self.definitions;
        let Some(at) = self.find(reference) else { return ValueHint::default() };
        let Some(definition) = definitions.get(at) else { return ValueHint::default() };
        // A type that holds itself has no end, and its first round named all there is.
        if walk.following.contains(&at) {
            return definition.values.hint;
        }
        walk.following.push(at);
        let mut hint = self.values(&definition.values, walk);
        hint.container |= !definition.members.is_empty();
        definition.members.iter().for_each(|member| self.member(member, walk));
        walk.following.pop();
        hint
    }

    /// Whether the walk may go deeper; counts a level when it may.
    fn enter(&mut self, walk: &mut Walk) -> bool {
        let referred = !walk.following.is_empty();
        self.referred += usize::from(referred);
        if walk.depth < MAX_DEPTH && !(referred && self.referred > MAX_REFERRED) {
            walk.depth += 1;
            return true;
        }
        if !self.cut {
            self.cut = true;
            let message = "the custom types unfold into more properties than are read";
            let help = "nest custom types less deeply";
            self.problems.push(Problem::at(Stage::Reference, walk.place.0, message).help(help));
        }
        false
    }
}

/// A name and its place: that of the definition, brought by the reference; or the reference alone.
fn place(definition: Option<&Definition>, reference: &Reference) -> Located<String> {
    match definition {
        Some(found) => Located { value: found.name.value.clone(), span: found.name.span, alias: Some(reference.span) },
        None => Located::new(reference.id.clone(), reference.span),
    }
}

fn own_section(call: EventType) -> Section {
    match call {
        EventType::Identify | EventType::Group => Section::Traits,
        _ => Section::Properties,
    }
}

/// The walk through the properties of one event.
struct Walk {
    section: Section,
    out: Vec<Property>,
    seen: HashSet<Box<str>>,
    path: String,
    place: (Span, Option<Span>),
    /// Custom types that are being followed.
    following: Vec<usize>,
    depth: usize,
}

impl Walk {
    fn new(section: Section, span: Span) -> Self {
        let (out, following) = (Vec::new(), Vec::new());
        Self { section, out, seen: HashSet::new(), path: String::new(), place: (span, None), following, depth: 0 }
    }

    /// Adds the property at the current path, unless it is there: variants repeat what all cases share.
    fn emit(&mut self, hint: ValueHint, values: Box<[Box<str>]>) -> Option<usize> {
        if !self.seen.insert(self.path.as_str().into()) {
            return None;
        }
        let (span, alias) = self.place;
        let path = Located { value: self.path.as_str().into(), span, alias };
        self.out.push(Property { path, section: self.section, hint, values, declared: None, seen: None });
        Some(self.out.len() - 1)
    }
}
