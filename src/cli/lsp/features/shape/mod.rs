//! What our own formats allow where: the data map from the kind table, the settings and rule files from tables here.

mod datamap;
mod rule;
mod settings;

use super::outline::Step;
use super::place::File;
use crate::model::kind::{Field, Kind, Type};

/// A key that a mapping may have.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) doc: &'static str,
    pub(super) required: bool,
    pub(super) holds: Holds,
}

/// What a value may be.
#[derive(Debug)]
pub(super) enum Holds {
    /// A scalar.
    Value(Value),
    /// A list.
    List(Box<Holds>),
    /// A mapping with these keys; of a kind of subject, where it is one.
    Keys(Option<&'static Kind>, Vec<Entry>),
    /// A mapping whose keys are names of rules.
    ByRule(Box<Holds>),
}

/// What a scalar may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A day.
    Day,
    /// An address.
    Address,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Free text; the doc may name words in backticks.
    Text,
    /// A class of personal information, or several.
    Classes,
    /// A name of something.
    Name(Named),
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// A destination of the project or the catalogue.
    Destination,
    /// A destination that is being declared: the catalogue's slug.
    NewDestination,
    /// A destination of the catalogue.
    Catalogue,
    /// A source of the project.
    Source,
    /// A consent category of the project.
    Category,
    /// A tracking plan.
    Plan,
    /// An event.
    Event,
    /// A property.
    Property,
    /// A purpose.
    Purpose,
    /// A rule.
    Rule,
    /// A pack of rules.
    Pack,
    /// A profile.
    Profile,
    /// A subject of findings, `kind:id`.
    Subject,
    /// A citation.
    Citation,
    /// A kind of fix, for the rule's subject.
    Remedy,
    /// An expression over the rule's subject.
    Expression,
    /// A message with holes.
    Message,
    /// An attribute of the rule's subject.
    Attribute,
    /// A kind of subject.
    Kind,
}

impl Named {
    /// What it is, in a word or two.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Destination | Self::NewDestination => "destination",
            Self::Catalogue => "destination of the catalogue",
            Self::Source => "source",
            Self::Category => "consent category",
            Self::Plan => "tracking plan",
            Self::Event => "event",
            Self::Property => "property",
            Self::Purpose => "purpose",
            Self::Rule => "rule",
            Self::Pack => "pack of rules",
            Self::Profile => "profile",
            Self::Subject => "subject",
            Self::Citation => "citation",
            Self::Remedy => "kind of fix",
            Self::Expression => "expression",
            Self::Message => "message",
            Self::Attribute => "attribute",
            Self::Kind => "kind of subject",
        }
    }
}

impl Holds {
    /// The key with this name.
    pub(super) fn entry(&self, name: &str) -> Option<&Entry> {
        let Self::Keys(_, entries) = self else { return None };
        entries.iter().find(|entry| entry.name == name)
    }

    /// What a list holds, or a value by itself.
    pub(super) fn scalar(&self) -> Option<Value> {
        match self {
            Self::Value(value) => Some(*value),
            Self::List(item) => item.scalar(),
            Self::Keys(..) | Self::ByRule(_) => None,
        }
    }
}

/// What a file of a format holds.
pub(super) fn root(file: File) -> Option<&'static Holds> {
    match file {
        File::DataMap => Some(&datamap::ROOT),
        File::Settings => Some(&settings::ROOT),
        File::Rule => Some(&rule::ROOT),
        File::Baseline | File::Other => None,
    }
}

/// What is allowed under a path.
pub(super) fn at<'h>(root: &'h Holds, path: &[Step]) -> Option<&'h Holds> {
    path.iter().try_fold(root, |holds, step| match (holds, step) {
        (Holds::List(item), Step::Item(_)) => Some(item.as_ref()),
        (Holds::ByRule(level), Step::Key(_)) => Some(level.as_ref()),
        // Codes of classes may stand alone or in a list.
        (Holds::Value(Value::Classes), Step::Item(_)) => Some(holds),
        (holds, Step::Key(name)) => holds.entry(name).map(|entry| &entry.holds),
        _ => None,
    })
}

fn entry(name: &'static str, doc: &'static str, holds: Holds) -> Entry {
    Entry { name, doc, required: false, holds }
}

fn list(item: Holds) -> Holds {
    Holds::List(Box::new(item))
}

fn name(named: Named) -> Holds {
    Holds::Value(Value::Name(named))
}

/// The keys of a kind as files write them.
fn of_kind(kind: &'static Kind) -> Holds {
    Holds::Keys(Some(kind), fields(kind.fields, kind.name))
}

fn fields(fields: &'static [Field], within: &'static str) -> Vec<Entry> {
    let written = fields.iter().filter(|field| !field.derived);
    written
        .map(|field| Entry {
            name: field.name,
            doc: field.doc,
            required: field.required,
            holds: datamap::named(within, field.name).unwrap_or_else(|| typed(&field.ty)),
        })
        .collect()
}

fn typed(ty: &Type) -> Holds {
    Holds::Value(match ty {
        Type::Bool => Value::Bool,
        Type::Int => Value::Number,
        Type::Text => Value::Text,
        Type::Url => Value::Address,
        Type::Date => Value::Day,
        Type::Choice(words) => Value::Choice(words),
        Type::Classes => Value::Classes,
        Type::Reference("source") => Value::Name(Named::Source),
        Type::Reference(_) => Value::Name(Named::Destination),
        Type::List(item) => return list(typed(item)),
        Type::Object(inner) => return Holds::Keys(None, fields(inner, "")),
    })
}
