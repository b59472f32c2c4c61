//! Input formats: one file each, from a document to the data map.

mod consent_config;
mod consent_groups;
mod consent_parts;
mod hint;
mod json_schema;
mod plan_parts;

use crate::document::Document;
use crate::finding::Problem;
use crate::model::{Counted, Model, Origin, mark};

/// One document of one file.
#[derive(Clone, Copy)]
pub struct Candidate<'d> {
    /// Path as shown, for formats that take a name from it (a plan without one).
    pub path: &'d str,
    /// The document.
    pub document: &'d Document<'d>,
}

/// An input format.
pub struct Adapter {
    /// Its name in outputs and fixtures.
    pub name: &'static str,
    /// One line for people.
    pub about: &'static str,
    /// What kind of file it is.
    pub origin: Origin,
    /// Whether a document is of this format, by its content.
    pub recognises: fn(&Candidate<'_>) -> bool,
    /// Reads a recognised document.
    pub lower: fn(&Candidate<'_>, &mut Model, &mut Vec<Problem>),
}

impl Adapter {
    /// Reads a recognised document into a model, and marks what it gave with the kind of file that it is.
    pub fn read(&self, candidate: &Candidate<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
        let before = Counted::of(model);
        (self.lower)(candidate, model, problems);
        mark(self.origin, &before, model);
    }
}

macro_rules! adapters {
    ($($name:ident),* $(,)?) => {
        $(pub mod $name;)*
        /// All input formats, in the order in which they are tried.
        pub static ADAPTERS: &[&Adapter] = &[$(&$name::ADAPTER),*];
    };
}

adapters! {
    datamap,
    segment_plan,
    ruddertyper_plan,
    rule_yaml,
    buffer_plan,
    typewriter_config,
    consent_manager,
    consent_wrapper,
}

/// The format of a document, if it is one of ours.
pub fn recognise(candidate: &Candidate<'_>) -> Option<&'static Adapter> {
    ADAPTERS.iter().copied().find(|adapter| (adapter.recognises)(candidate))
}
