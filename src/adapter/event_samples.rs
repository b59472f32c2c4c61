//! Samples of events as Segment's libraries send them: what is observed rather than planned.
//!
//! Events of one name become one, with every property that any of them has and some of the values that were seen.

use std::collections::{HashMap, HashSet};

use super::hint::Seen;
use super::plan_parts::{self, any_item, text_at};
use super::{Adapter, Candidate};
use crate::document::{Node, Shape};
use crate::finding::{Problem, Stage};
use crate::model::{Entity, Event, EventType, Located, Model, Origin, Property, Section, kind};
use crate::source::Span;

/// Samples of events.
pub static ADAPTER: Adapter = Adapter {
    name: "event-samples",
    about: "Samples of events after the Segment spec: one, a list, a batch, or one a line",
    origin: Origin::Plan,
    schema: None,
    recognises: |candidate| samples(candidate.document.root()).is_some(),
    meant: |_| false,
    lower,
};

/// Most values kept of one property, and their greatest length in bytes.
const VALUES: usize = 8;
const VALUE_BYTES: usize = 200;
/// Most properties kept of one event: where data stands in keys, there is no end to them.
const MAX_PROPERTIES: usize = 2_000;

/// What of `context` is about a person or device; the rest says how the event was made.
const PERSONAL: [&str; 5] = ["ip", "location", "device", "userAgent", "externalIds"];

/// Where the samples of a document are.
#[derive(Clone, Copy)]
enum Samples<'d> {
    One(Node<'d>),
    Several(Node<'d>),
}

fn samples(root: Node<'_>) -> Option<Samples<'_>> {
    if root.shape() == Shape::List {
        return any_item(root, is_sample).then_some(Samples::Several(root));
    }
    if is_sample(root) {
        return Some(Samples::One(root));
    }
    let batch = root.get("batch").filter(|batch| any_item(*batch, is_sample))?;
    Some(Samples::Several(batch))
}

/// Whether a value is the message of a call. Many things have a `type`; few a person and a payload beside it.
fn is_sample(item: Node<'_>) -> bool {
    let person = ["userId", "anonymousId", "event"].iter().any(|key| text_at(item, key).is_some());
    let payload = ["properties", "traits", "context", "timestamp", "messageId", "groupId", "previousId"];
    call(item).is_some() && person && (text_at(item, "event").is_some() || payload.iter().any(|key| item.get(key).is_some()))
}

fn call(item: Node<'_>) -> Option<EventType> {
    let word = text_at(item, "type")?;
    // The wire knows these words in lower case only.
    EventType::parse(word).filter(|call| call.name() == word && *call != EventType::Common)
}

fn lower(candidate: &Candidate<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let root = candidate.document.root();
    let Some(samples) = samples(root) else { return };
    let plan = plan_parts::add_plan(candidate, root, &[], model);
    let mut reader = Reader { plan, events: Vec::new(), known: HashMap::new(), categories: HashSet::new(), model };
    match samples {
        Samples::One(sample) => reader.sample(sample),
        Samples::Several(list) => list.items().for_each(|sample| reader.sample(sample)),
    }
    let events = reader.events;
    model.events.extend(events.into_iter().map(|observed| observed.finish(problems).into()));
}

/// An event while its samples are read.
struct Observed {
    event: Event,
    /// By property: what was seen of its values.
    seen: Vec<(Seen, Vec<Box<str>>)>,
    known: HashMap<(Section, String), usize>,
    /// The first property that is left out.
    cut: Option<Span>,
}

impl Observed {
    fn new(event: Event) -> Self {
        Self { event, seen: Vec::new(), known: HashMap::new(), cut: None }
    }

    fn finish(mut self, problems: &mut Vec<Problem>) -> Event {
        for (property, (seen, values)) in self.event.properties.iter_mut().zip(self.seen) {
            property.hint = seen.hint();
            property.values = values.into_boxed_slice();
        }
        if let Some(place) = self.cut {
            let name = &self.event.name.value;
            let message = format!("samples of `{name}` have more than {MAX_PROPERTIES} properties; the rest is not read");
            let help = "keep data out of the names of properties, or give fewer samples";
            problems.push(Problem::at(Stage::Schema, place, message).help(help));
        }
        self.event
    }

    /// Reads every member of an object.
    fn members(&mut self, object: Node<'_>, section: Section, path: &mut String) {
        for entry in object.entries().filter(|entry| !entry.key().is_empty()) {
            let outer = path.len();
            if outer > 0 {
                path.push('.');
            }
            path.push_str(entry.key());
            self.value(entry.value(), Some(entry.key_span()), section, path);
            path.truncate(outer);
        }
    }

    /// Reads a value; documents are no deeper than [`crate::document::MAX_DEPTH`]. The items of a list have no name.
    fn value(&mut self, value: Node<'_>, name: Option<Span>, section: Section, path: &mut String) {
        let plain = !matches!(value.shape(), Shape::List | Shape::Map);
        if name.is_some() || plain {
            self.note(value, name.unwrap_or(value.span()), section, path);
        }
        match value.shape() {
            Shape::Map => self.members(value, section, path),
            Shape::List => {
                let outer = path.len();
                path.push_str(".$");
                value.items().for_each(|item| self.value(item, None, section, path));
                path.truncate(outer);
            }
            _ => {}
        }
    }

    fn note(&mut self, value: Node<'_>, place: Span, section: Section, path: &str) {
        let fresh = self.seen.len();
        let index = match self.known.get(&(section, path.to_owned())) {
            Some(index) => *index,
            None if fresh >= MAX_PROPERTIES => {
                self.cut.get_or_insert(place);
                return;
            }
            None => {
                self.known.insert((section, path.to_owned()), fresh);
                self.seen.push((Seen::default(), Vec::new()));
                let (hint, values) = (Seen::default().hint(), Box::default());
                let path = Located::new(Box::from(path), place);
                self.event.properties.push(Property { path, section, hint, values, declared: None, seen: None });
                fresh
            }
        };
        let Some((seen, values)) = self.seen.get_mut(index) else { return };
        seen.example(value);
        let sample = value.text().filter(|text| !text.is_empty() && text.len() <= VALUE_BYTES && !value.has_hole());
        let new = sample.filter(|text| values.len() < VALUES && values.iter().all(|known| known.as_ref() != *text));
        values.extend(new.map(Box::from));
    }
}

struct Reader<'d, 'm> {
    plan: usize,
    events: Vec<Observed>,
    known: HashMap<(EventType, &'d str), usize>,
    categories: HashSet<&'d str>,
    model: &'m mut Model,
}

impl<'d> Reader<'d, '_> {
    /// Reads one message; what is none, such as a deletion, is passed over.
    fn sample(&mut self, sample: Node<'d>) {
        self.consent(sample);
        let (Some(call), Some(kind)) = (call(sample), sample.get("type")) else { return };
        let key = if call == EventType::Track { "event" } else { "name" };
        // What has no name goes by its type.
        let named = matches!(call, EventType::Track | EventType::Page | EventType::Screen);
        let name = sample.get(key).filter(|_| named && text_at(sample, key).is_some());
        let text = name.and_then(Node::text).unwrap_or(call.name());
        let place = name.unwrap_or(kind).span();
        let fresh = self.events.len();
        let index = *self.known.entry((call, text)).or_insert(fresh);
        if index == fresh {
            let event = plan_parts::of_plan(Located::new(text.to_owned(), place), call, self.plan, Vec::new());
            self.events.push(Observed::new(event));
        }
        let Some(observed) = self.events.get_mut(index) else { return };
        let mut path = String::new();
        for (part, section) in
            [(&["properties"] as &[&str], Section::Properties), (&["traits"], Section::Traits), (&["context", "traits"], Section::Traits)]
        {
            if let Some(object) = sample.at(part) {
                observed.members(object, section, &mut path);
            }
        }
        let context = sample.get("context").into_iter().flat_map(Node::entries);
        for entry in context.filter(|entry| PERSONAL.contains(&entry.key())) {
            path.push_str(entry.key());
            observed.value(entry.value(), Some(entry.key_span()), Section::Context, &mut path);
            path.clear();
        }
    }

    /// The categories that a message is stamped with. That they exist is all that it says of them.
    fn consent(&mut self, sample: Node<'d>) {
        let stamped = sample.at(&["context", "consent", "categoryPreferences"]);
        for entry in stamped.into_iter().flat_map(Node::entries) {
            if self.categories.insert(entry.key()) {
                let id = Located::new(entry.key().to_owned(), entry.key_span());
                self.model.categories.push(Entity::new(&kind::CATEGORY, id));
            }
        }
    }
}
