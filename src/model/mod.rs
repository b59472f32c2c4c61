//! The data map: what privacy people talk about. Knows no format, no rule and no output.

pub mod catalogue;
pub mod define;
pub mod entity;
pub mod event;
mod follow;
pub mod join;
pub mod kind;
mod links;
mod listing;
mod names;
mod observe;
mod profile;
pub mod purposes;
pub mod remedy;
pub mod schema;
pub mod sensitive;
pub mod states;
pub mod taxonomy;
pub mod tokens;
pub mod value;

pub use catalogue::default_category;
pub use entity::{Contradiction, Entity, Origin};
pub use event::{
    Classification, ClassifiedBy, Event, EventType, Format, Observation, Plan, Property, Section, ValueHint,
};
pub(crate) use follow::settled;
pub(crate) use join::{Counted, mark};
pub use links::{Link, Links, Listed};
pub use listing::{Lister, Listing};
pub use names::normal;
pub use profile::Profile;
pub use taxonomy::ClassSet;
pub use value::{Located, Object, Operand, Subject, Value};

use std::sync::Arc;

/// What files declare; one file gives a part, all parts together the whole.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// Whether a data map file was read: only then can something be missing from it.
    pub declared: bool,
    /// The business.
    pub business: Option<Entity>,
    /// Opt-out preference signals.
    pub signals: Vec<Entity>,
    /// Consent managers as they are configured; the first is the one that decides.
    pub consents: Vec<Entity>,
    /// Consent banners.
    pub banners: Vec<Entity>,
    /// Consent categories.
    pub categories: Vec<Entity>,
    /// Destinations.
    pub destinations: Vec<Entity>,
    /// Sources.
    pub sources: Vec<Entity>,
    /// Tracking plans.
    pub plans: Vec<Plan>,
    /// Events of all plans, and those a data map lists itself. Shared, because a project that stays loaded joins what its files
    /// gave again and again.
    pub events: Vec<Arc<Event>>,
    /// Parts of tracking plans that files define and refer to.
    pub parts: define::Parts,
    /// Declared rows of the notice at collection.
    pub notices: Vec<Entity>,
    /// Consumer requests, by type.
    pub requests: Vec<Entity>,
    /// Significant decisions about consumers.
    pub decisions: Vec<Entity>,
    /// How fields are classified, wherever they occur: pattern and declaration.
    pub fields: Vec<FieldRule>,
    /// What each file lists under consent categories.
    pub listings: Vec<Listing>,
    /// Messages that were where their consent object says no, by profiles of real events.
    pub passed: Vec<Passed>,
    /// How many messages of each event lack the consent object, by profiles of real events.
    pub stamped: Vec<Stamped>,
    /// Declarations that contradict each other.
    pub contradictions: Vec<Contradiction>,
}

/// A declaration for all properties whose path matches a pattern.
#[derive(Clone, Debug)]
pub struct FieldRule {
    /// Pattern, such as `*.email` or `Survey Answered.properties.income_band`.
    pub pattern: Located<String>,
    /// What is declared, of kind `property`.
    pub declared: Object,
}

/// Messages of a profile of real events that a destination was there for although they refuse a consent category.
#[derive(Clone, Debug)]
pub struct Passed {
    /// The destination, as the export calls it.
    pub destination: Located<String>,
    /// Id of the category.
    pub category: String,
    /// How many.
    pub messages: i64,
    /// The export is what the destination received; otherwise the page had loaded it.
    pub received: bool,
}

/// How many messages of an event carry a consent object, by a profile of real events.
#[derive(Clone, Debug)]
pub struct Stamped {
    /// The event.
    pub event: Located<String>,
    /// Its call.
    pub call: EventType,
    /// Whether libraries in browsers or apps sent them, rather than servers and whatever does not say.
    pub client: bool,
    /// Messages without the object.
    pub absent: i64,
    /// All messages.
    pub messages: i64,
}

impl Model {
    /// The consent manager that decides, such as `segment` or `onetrust`.
    pub fn manager(&self) -> Option<Located<&str>> {
        self.stated("manager")
    }

    /// The consent model, `opt-in` or `opt-out`, where it is known.
    pub fn consent_model(&self) -> Option<Located<&str>> {
        self.stated("model")
    }

    fn stated(&self, attribute: &str) -> Option<Located<&str>> {
        let values = self.consents.iter().filter_map(|consent| consent.object.get(attribute));
        let mut texts = values.filter_map(|found| match &found.value {
            Value::Text(text) => Some(Located { value: text.as_str(), span: found.span, alias: found.alias }),
            _ => None,
        });
        texts.next()
    }
}
