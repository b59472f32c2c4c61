//! Tracking plans: events, their properties and the traits of identify and group calls.

use super::taxonomy::ClassSet;
use super::value::{Located, Object};
use crate::source::Span;

/// The call that sends an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventType {
    /// `track`, with a name of its own.
    Track,
    /// `identify`: traits of a person.
    Identify,
    /// `group`: traits of an account.
    Group,
    /// `page` of a website.
    Page,
    /// `screen` of an app.
    Screen,
    /// `alias` of one identity to another.
    Alias,
    /// Rules that hold for every event of a plan.
    Common,
}

impl EventType {
    /// The type by any spelling that vendors use; `None` for others.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "track" => Self::Track,
            "identify" => Self::Identify,
            "group" => Self::Group,
            "page" => Self::Page,
            "screen" => Self::Screen,
            "alias" => Self::Alias,
            "common" | "global" => Self::Common,
            _ => return None,
        })
    }

    /// The word used in paths and outputs; also the name of an event that has none.
    pub fn name(self) -> &'static str {
        match self {
            Self::Track => "track",
            Self::Identify => "identify",
            Self::Group => "group",
            Self::Page => "page",
            Self::Screen => "screen",
            Self::Alias => "alias",
            Self::Common => "common",
        }
    }
}

/// Which part of an event a property belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Section {
    /// `properties`.
    Properties,
    /// `traits`.
    Traits,
    /// `context`.
    Context,
}

impl Section {
    /// The word used in paths.
    pub fn name(self) -> &'static str {
        match self {
            Self::Properties => "properties",
            Self::Traits => "traits",
            Self::Context => "context",
        }
    }
}

/// What a schema says of the values of a property, as far as classification cares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ValueHint {
    /// The only type it may have is boolean.
    pub boolean: bool,
    /// It may hold a string.
    pub string: bool,
    /// It may hold a number.
    pub number: bool,
    /// It holds an object or an array, whose members are properties of their own.
    pub container: bool,
    /// JSON Schema `format`, when it is one that says what the value is.
    pub format: Option<Format>,
}

impl ValueHint {
    /// What two descriptions of the same values say together.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        let string = self.string || other.string;
        let number = self.number || other.number;
        let container = self.container || other.container;
        let boolean = (self.boolean || other.boolean) && !string && !number && !container;
        Self { boolean, string, number, container, format: self.format.or(other.format) }
    }
}

/// The values of JSON Schema's `format` that tell what a property holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// `email`, `idn-email`.
    Email,
    /// `ipv4`, `ipv6`.
    Ip,
    /// `uri`, `url`, `iri` and their references.
    Uri,
    /// `date`, `date-time`, `time`.
    Date,
    /// `uuid`.
    Uuid,
    /// `phone`, `tel` (not in the standard, but used).
    Phone,
}

impl Format {
    /// The format by its JSON Schema name.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "email" | "idn-email" => Self::Email,
            "ipv4" | "ipv6" | "ip" => Self::Ip,
            "uri" | "url" | "iri" | "uri-reference" | "iri-reference" => Self::Uri,
            "date" | "date-time" | "time" => Self::Date,
            "uuid" => Self::Uuid,
            "phone" | "tel" => Self::Phone,
            _ => return None,
        })
    }
}

/// A property or trait of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// Path within its section, dotted, `$` for the items of an array: `products.$.sku`. The place is the key.
    pub path: Located<Box<str>>,
    /// The part of the event.
    pub section: Section,
    /// What its values are.
    pub hint: ValueHint,
    /// Values that the schema lists or gives as examples, where they are texts.
    pub values: Box<[Box<str>]>,
    /// What a data map declares at the property itself (`pi`, `purposes`, …), of kind `property`.
    pub declared: Option<Box<Object>>,
    /// What was seen of its values in real events.
    pub seen: Option<Box<Observation>>,
}

/// What was seen of a property in real events.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// Where the profile says so.
    pub place: Span,
    /// A name that tells what its values look like.
    pub like: Option<&'static str>,
    /// How many values look so, in words.
    pub words: String,
    /// No plan lists it, although there are some.
    pub unplanned: bool,
}

impl Property {
    /// The last segment of the path that is a name: `sku` of `products.$.sku`.
    pub fn name(&self) -> &str {
        last_name(&self.path.value)
    }

    /// Whether a use within 11 CCR § 7027(m) is declared, there or by a field rule, so that it may not be limited.
    pub fn is_limit_exempt(&self) -> bool {
        self.declared.as_ref().is_some_and(|declared| declared.get("limit_exempt").is_some())
    }
}

/// Adds a segment to a dotted path; gives the length to which the path is cut to take it away again.
pub fn push_segment(path: &mut String, segment: &str) -> usize {
    let outer = path.len();
    if outer > 0 {
        path.push('.');
    }
    path.push_str(segment);
    outer
}

/// The last segment of a dotted path that is not `$`.
pub fn last_name(path: &str) -> &str {
    path.rsplit('.').find(|segment| *segment != "$").unwrap_or(path)
}

/// An event of a tracking plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its name; for calls without one, the type (`identify`).
    pub name: Located<String>,
    /// The call.
    pub call: EventType,
    /// Index of its plan in the model, when it comes from one.
    pub plan: Option<usize>,
    /// Sources that a data map names for it; empty when none is named.
    pub sources: Vec<Located<String>>,
    /// Whether a data map says that it belongs to a financial incentive.
    pub incentive: Option<bool>,
    /// Properties and traits, nested ones as dotted paths.
    pub properties: Vec<Property>,
}

/// A tracking plan: the names by which a source may refer to it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The name shown.
    pub name: Located<String>,
    /// Every name it goes by: id, slug, display name, file stem.
    pub names: Vec<String>,
    /// It is a profile of real events, which plans nothing.
    pub observed: bool,
}

/// What a property was taken for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Classification {
    /// The classes; empty when it is not personal or not known.
    pub classes: ClassSet,
    /// How it was decided.
    pub by: ClassifiedBy,
    /// A kind of data that must never be sent to analytics, such as a password or a full card number.
    pub restricted: bool,
    /// Where the declaration stands, when one decided.
    pub place: Option<Span>,
    /// The classes that the name tells for sure, where a declaration decided otherwise and gave no reason.
    pub conflict: ClassSet,
}

/// What decided a classification.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ClassifiedBy {
    /// Nothing: neither declared nor known to the lexicon.
    #[default]
    Nothing,
    /// A declaration (`pi`, `fields`) in a data map.
    Declared,
    /// A matcher of `consentlint.yaml`, by its name.
    Custom(String),
    /// An entry of the lexicon, by its name, with the score of the match (1.0 is exact).
    Lexicon {
        /// The entry.
        entry: String,
        /// 0.0 to 1.0.
        score: f32,
    },
    /// What its values look like in real events, in words.
    Values(String),
}

impl ClassifiedBy {
    /// What decided, in words.
    pub fn words(&self) -> String {
        match self {
            Self::Nothing => "nothing".to_owned(),
            Self::Declared => "a declaration".to_owned(),
            Self::Values(what) => format!("its values: {what}"),
            Self::Custom(name) => format!("your matcher `{name}`"),
            Self::Lexicon { entry, score } if *score < 1.0 => format!("a name similar to `{entry}`"),
            Self::Lexicon { entry, .. } => format!("the lexicon entry `{entry}`"),
        }
    }
}

impl Classification {
    /// Whether anything decided, be it that the property is not personal.
    pub fn is_known(&self) -> bool {
        self.by != ClassifiedBy::Nothing
    }
}
