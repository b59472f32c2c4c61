//! Input formats: one file each, from a document to the data map.

mod consent_parts;
mod entity_parts;
mod hint;
mod json_schema;
mod plan_parts;
mod rudder_parts;
mod segment_parts;

use crate::document::{Document, Node, Schema, SchemaIssue};
use crate::finding::{Place, Problem, Stage};
use crate::model::{Counted, Model, Origin, mark};
use std::sync::OnceLock;

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
    /// JSON Schema of what is read, where the shape is fixed; a breach is a problem, and the rest is read all the same.
    pub schema: Option<&'static str>,
    /// Whether a document is of this format, by its content.
    pub recognises: fn(&Candidate<'_>) -> bool,
    /// Whether a text that does not parse was meant to be of this format: its syntax errors are then ours to report.
    pub meant: fn(&str) -> bool,
    /// Reads a recognised document.
    pub lower: fn(&Candidate<'_>, &mut Model, &mut Vec<Problem>),
}

/// The schema of an adapter, by name; compiled when first asked for.
type Compiled = (&'static str, OnceLock<Option<Schema>>);

impl Adapter {
    /// Reads a recognised document into a model, and marks what it gave with the kind of file that it is.
    pub fn read(&self, candidate: &Candidate<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
        let before = Counted::of(model);
        let said = problems.len();
        (self.lower)(candidate, model, problems);
        // What the adapter itself says of a place says more than the schema.
        let places: Vec<Place> = problems.iter().skip(said).map(|problem| problem.place.clone()).collect();
        let breaches = self.breaches(candidate.document.root()).into_iter();
        problems.extend(breaches.filter(|breach| !places.contains(&breach.place)));
        mark(self.origin, &before, model);
    }

    /// What the document has in a shape that its format does not allow.
    fn breaches(&self, root: Node<'_>) -> Vec<Problem> {
        static COMPILED: OnceLock<Vec<Compiled>> = OnceLock::new();
        let Some(text) = self.schema else { return Vec::new() };
        // Each is compiled when a file of its format is met.
        let all = COMPILED.get_or_init(|| ADAPTERS.iter().map(|adapter| (adapter.name, OnceLock::new())).collect());
        let compile = || Schema::compile(text).ok();
        match all.iter().find(|(name, _)| *name == self.name).and_then(|(_, held)| held.get_or_init(compile).as_ref()) {
            Some(schema) => {
                let problem = |issue: SchemaIssue| {
                    let problem = Problem::at(Stage::Schema, issue.span, issue.message).help(issue.help);
                    // What a platform exported is changed there and exported again.
                    let fix = issue.fix.filter(|_| self.origin != Origin::Platform);
                    Problem { fix: fix.map(Box::new), ..problem }
                };
                schema.issues(root).into_iter().map(problem).collect()
            }
            None => vec![Problem::run(Stage::Schema, format!("the embedded schema of {} does not compile", self.name))],
        }
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
    snowplow_data,
    iglu_schema,
    mparticle_plan,
    tracking_plan_csv,
    event_samples,
    event_profile,
    gtm_container,
    rudder_catalog,
    rudder_resources,
    fides,
    transcend_yml,
    segment_terraform,
    segment_export,
    segment_cdn_settings,
    consent_manager,
    consent_wrapper,
}

/// The format of a document, if it is one of ours.
pub fn recognise(candidate: &Candidate<'_>) -> Option<&'static Adapter> {
    ADAPTERS.iter().copied().find(|adapter| (adapter.recognises)(candidate))
}
