//! What was seen in events, without a value. Profiles merge: counts add up, and what is capped is capped by [`Kept`].

use super::call::Call;
use super::keep::{Counted, Kept, Ranked};
use super::look::Look;
use std::collections::BTreeMap;

/// Most fields, events, categories and deliveries that a profile keeps.
pub(super) const MAX_FIELDS: usize = 40_000;
/// The same of events.
pub(super) const MAX_EVENTS: usize = 4_000;
/// The same of categories, and of deliveries.
pub(super) const MAX_NAMES: usize = 1_000;
/// Most shapes kept of one look of a field.
pub(super) const MAX_SHAPES: usize = 3;

/// How the lines of an export went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// Messages that were read.
    pub messages: u64,
    /// JSON objects that are no call of the Segment spec.
    pub other: u64,
    /// Blank ones.
    pub blank: u64,
    /// No JSON object.
    pub malformed: u64,
    /// No UTF-8.
    pub not_utf8: u64,
    /// Longer than is read.
    pub too_long: u64,
}

impl Lines {
    /// Its numbers with their names in profiles.
    pub fn named(&self) -> [(&'static str, u64); 6] {
        [
            ("messages", self.messages),
            ("other", self.other),
            ("blank", self.blank),
            ("malformed", self.malformed),
            ("not_utf8", self.not_utf8),
            ("too_long", self.too_long),
        ]
    }

    pub(super) fn slots(&mut self) -> [&mut u64; 6] {
        [
            &mut self.messages,
            &mut self.other,
            &mut self.blank,
            &mut self.malformed,
            &mut self.not_utf8,
            &mut self.too_long,
        ]
    }
}

/// JSON types, integers apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number without fraction and exponent.
    Integer,
    /// Another number.
    Number,
    /// A text.
    String,
    /// An object.
    Object,
    /// A list.
    Array,
}

impl Type {
    /// All types with their names in profiles, which are those of JSON Schema.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Null, "null"),
        (Self::Boolean, "boolean"),
        (Self::Integer, "integer"),
        (Self::Number, "number"),
        (Self::String, "string"),
        (Self::Object, "object"),
        (Self::Array, "array"),
    ];
}

/// An event: its call and, of a track call, its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventKey {
    /// The call.
    pub call: Call,
    /// The name; the word of any other call, whose names are data.
    pub name: String,
}

/// A field of an event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldKey {
    /// The event.
    pub event: EventKey,
    /// The path in the message: `properties.products.$.sku`.
    pub path: String,
}

/// How it is told that a message reached a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// The export is what the destination received.
    Export,
    /// The page had loaded the destination (`_metadata.bundled`), and the message does not turn it off.
    Loaded,
}

impl Evidence {
    /// The word in profiles.
    pub fn name(self) -> &'static str {
        match self {
            Self::Export => "export",
            Self::Loaded => "loaded",
        }
    }

    /// The evidence of a word.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Export, Self::Loaded].into_iter().find(|evidence| evidence.name() == name)
    }
}

/// A destination and a category that messages refused.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Passed {
    /// Name or id, as the export gives it.
    pub destination: String,
    /// Id of the category.
    pub category: String,
    /// How it is told.
    pub evidence: Evidence,
}

impl Ranked for EventKey {
    fn depth(&self) -> u32 {
        0
    }

    fn key_bytes(&self) -> Vec<u8> {
        [self.call.name().as_bytes(), &[0xff], self.name.as_bytes()].concat()
    }
}

impl Ranked for FieldKey {
    /// Fields that lie deep are dropped first: below them is where data stands in keys.
    fn depth(&self) -> u32 {
        self.path.bytes().filter(|byte| *byte == b'.').count() as u32
    }

    fn key_bytes(&self) -> Vec<u8> {
        [&self.event.key_bytes(), &[0xff][..], self.path.as_bytes()].concat()
    }
}

impl Ranked for Passed {
    fn depth(&self) -> u32 {
        0
    }

    fn key_bytes(&self) -> Vec<u8> {
        let parts = [self.destination.as_bytes(), self.category.as_bytes(), self.evidence.name().as_bytes()];
        parts.join(&0xff)
    }
}

/// The id of a category.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CategoryId(pub String);

impl Ranked for CategoryId {
    fn depth(&self) -> u32 {
        0
    }

    fn key_bytes(&self) -> Vec<u8> {
        self.0.as_bytes().to_vec()
    }
}

/// The consent object of the messages of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Consent {
    /// Of libraries in browsers and apps, where a consent manager runs.
    pub client: Stamped,
    /// Of all others.
    pub other: Stamped,
}

/// How many messages carry a consent object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamped {
    /// Messages with at least one category.
    pub present: u64,
    /// Messages whose object has no category.
    pub empty: u64,
    /// Messages without `context.consent.categoryPreferences`.
    pub absent: u64,
}

impl Stamped {
    /// All messages.
    pub fn messages(self) -> u64 {
        self.present.saturating_add(self.empty).saturating_add(self.absent)
    }
}

impl Counted for Stamped {
    fn add(&mut self, other: Self) {
        self.present.add(other.present);
        self.empty.add(other.empty);
        self.absent.add(other.absent);
    }
}

impl Consent {
    /// Those of all libraries.
    pub fn all(self) -> Stamped {
        let mut all = self.client;
        all.add(self.other);
        all
    }
}

impl Counted for Consent {
    fn add(&mut self, other: Self) {
        self.client.add(other.client);
        self.other.add(other.other);
    }
}

/// What messages answered for a category.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// `true`.
    pub granted: u64,
    /// `false`.
    pub refused: u64,
}

impl Counted for Answers {
    fn add(&mut self, other: Self) {
        self.granted.add(other.granted);
        self.refused.add(other.refused);
    }
}

/// Values of a field that look like something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sighting {
    /// How many.
    pub count: u64,
    /// Shapes of some, the shortest first: which ones depends on nothing but the shapes.
    pub shapes: Vec<String>,
}

impl Sighting {
    /// Takes in a shape.
    pub fn shape(&mut self, shape: &str) {
        let before = |known: &String| (known.len(), known.as_str()) < (shape.len(), shape);
        let at = self.shapes.iter().take_while(|known| before(known)).count();
        if at < MAX_SHAPES && self.shapes.get(at).is_none_or(|known| known != shape) {
            self.shapes.insert(at, shape.to_owned());
            self.shapes.truncate(MAX_SHAPES);
        }
    }
}

/// What was seen of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// How many values, by type in the order of [`Type::ALL`].
    pub types: [u64; 7],
    /// What values look like.
    pub looks: BTreeMap<Look, Sighting>,
}

impl Observed {
    /// Values of a type.
    pub fn of_type(&self, wanted: Type) -> u64 {
        self.types[wanted as usize]
    }

    /// All values.
    pub fn values(&self) -> u64 {
        self.types.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }
}

impl Counted for Observed {
    fn add(&mut self, other: Self) {
        self.types.iter_mut().zip(other.types).for_each(|(count, more)| count.add(more));
        for (look, sighting) in other.looks {
            let known = self.looks.entry(look).or_default();
            known.count.add(sighting.count);
            sighting.shapes.iter().for_each(|shape| known.shape(shape));
        }
    }
}

/// What was seen in an export or a part of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// How the lines went.
    pub lines: Lines,
    /// Whether a sample was read rather than everything.
    pub sampled: bool,
    /// Values that were counted, those of fields that are not kept included.
    pub values: u64,
    /// Events, with their consent object.
    pub events: Kept<EventKey, Consent, MAX_EVENTS>,
    /// Fields of events.
    pub fields: Kept<FieldKey, Observed, MAX_FIELDS>,
    /// Categories, with what messages answered.
    pub categories: Kept<CategoryId, Answers, MAX_NAMES>,
    /// Messages that reached a destination although they refuse a category.
    pub passed: Kept<Passed, u64, MAX_NAMES>,
}

impl Profile {
    /// Takes in another part.
    pub fn add(&mut self, mut other: Self) {
        self.lines.slots().into_iter().zip(other.lines.slots()).for_each(|(count, more)| count.add(*more));
        self.sampled |= other.sampled;
        self.values.add(other.values);
        self.events.add(other.events);
        self.fields.add(other.fields);
        self.categories.add(other.categories);
        self.passed.add(other.passed);
    }
}
