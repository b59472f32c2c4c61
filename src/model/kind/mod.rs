//! What a subject is made of: the table that the data map's schema, the rules and the documentation share.
//!
//! A row is a fact said once. Adding an attribute is adding a row; the JSON Schema, the type check of
//! expressions and `explain` follow from it.

mod business;
mod consent;
mod decision;
mod destination;
mod event;
mod finding;
mod request;
mod source;

pub use business::{BUSINESS, CATEGORY, SIGNAL};
pub use consent::{BANNER, CONSENT, GOOGLE_CONSENT_TYPES, MANAGERS};
pub use decision::DECISION;
pub use destination::{DESTINATION, EXEMPTIONS, MODES, ROLES};
pub use event::{DISCLOSURE, EVENT, PROPERTY};
pub use finding::{BASELINE, CONTRADICTION, EXCEPTION};
pub use request::{NOTICE, REQUEST};
pub use source::{PLATFORMS, SOURCE};

/// The type of an attribute.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A string.
    Text,
    /// An `http` or `https` address.
    Url,
    /// A day, `YYYY-MM-DD`.
    Date,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Codes of classes of personal information; `none` says "not personal".
    Classes,
    /// The id or name of another entity of this kind.
    Reference(&'static str),
    /// Several values.
    List(&'static Type),
    /// Named values.
    Object(&'static [Field]),
}

/// An attribute.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name in files and expressions.
    pub name: &'static str,
    /// Its type.
    pub ty: Type,
    /// What it means, with the source where a fact comes from outside.
    pub doc: &'static str,
    /// Computed by `flow`, never written in a file.
    pub derived: bool,
    /// Must be written.
    pub required: bool,
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.doc == other.doc
    }
}

/// A kind of subject.
#[derive(Debug)]
pub struct Kind {
    /// Its name in rules and outputs.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Its attributes.
    pub fields: &'static [Field],
}

impl Kind {
    /// The slot of an attribute.
    pub fn slot(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// The dotted name of a path of slots, as expressions write it after the kind.
    pub fn name_of(&self, path: &[usize]) -> String {
        let mut fields = self.fields;
        let mut names = Vec::new();
        for slot in path {
            let Some(field) = fields.get(*slot) else { break };
            names.push(field.name);
            fields = if let Type::Object(inner) = field.ty { inner } else { &[] };
        }
        names.join(".")
    }
}

/// The kind with this name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| kind.name == name)
}

pub(super) const fn field(name: &'static str, ty: Type, doc: &'static str) -> Field {
    Field { name, ty, doc, derived: false, required: false }
}

pub(super) const fn required(name: &'static str, ty: Type, doc: &'static str) -> Field {
    Field { name, ty, doc, derived: false, required: true }
}

pub(super) const fn derived(name: &'static str, ty: Type, doc: &'static str) -> Field {
    Field { name, ty, doc, derived: true, required: false }
}

/// A risk assessment: 11 CCR §§ 7150, 7155.
const ASSESSMENT: [Field; 2] = [
    field("ref", Type::Text, "Where the risk assessment is found."),
    field("reviewed_on", Type::Date, "Day of its last review (11 CCR § 7155(a)(2): at least every three years)."),
];

const TEXTS: Type = Type::List(&Type::Text);
const DESTINATIONS: Type = Type::List(&Type::Reference("destination"));
const SOURCES: Type = Type::List(&Type::Reference("source"));

/// All kinds that a rule may be written for, in the order of the data map.
pub const KINDS: [&Kind; 16] = [
    &BUSINESS,
    &SIGNAL,
    &CONSENT,
    &BANNER,
    &CATEGORY,
    &DESTINATION,
    &SOURCE,
    &EVENT,
    &PROPERTY,
    &NOTICE,
    &REQUEST,
    &DECISION,
    &DISCLOSURE,
    &CONTRADICTION,
    &EXCEPTION,
    &BASELINE,
];
