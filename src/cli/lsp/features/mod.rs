//! What the editor offers at a place in a file. Pure functions of a loaded project; offsets are bytes.

mod actions;
mod complete;
mod facts;
mod hover;
mod links;
mod outline;
mod place;
mod shape;
#[cfg(test)]
mod tests;

pub(in crate::cli::lsp) use actions::actions;
pub(in crate::cli::lsp) use complete::complete;
pub(in crate::cli::lsp) use hover::hover;
pub(in crate::cli::lsp) use links::links;

use crate::finding::Edit;
use crate::source::{Sources, Span};

/// What is said of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli::lsp) struct Hover {
    /// What it is said of.
    pub(in crate::cli::lsp) span: Span,
    /// Markdown, with all text from files made safe.
    pub(in crate::cli::lsp) markdown: String,
}

/// What is completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::cli::lsp) enum CompletionKind {
    /// A key of a mapping.
    Key,
    /// One of a few allowed words.
    Choice,
    /// The name of a rule or a pack.
    Rule,
    /// The id of something the project declares.
    Id,
    /// A destination of the catalogue.
    Catalogue,
    /// A class of personal information.
    Class,
    /// A paragraph that rules may cite.
    Citation,
    /// An attribute in the expression of a rule.
    Attribute,
}

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli::lsp) struct Completion {
    /// What it is called, and what is read back once it is taken.
    pub(in crate::cli::lsp) label: String,
    /// A few words beside it.
    pub(in crate::cli::lsp) detail: String,
    /// More about it, in Markdown; may be empty.
    pub(in crate::cli::lsp) documentation: String,
    /// What it is.
    pub(in crate::cli::lsp) kind: CompletionKind,
    /// What taking it does: it replaces the word at the cursor.
    pub(in crate::cli::lsp) edit: Edit,
}

/// What an action does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli::lsp) enum ActionKind {
    /// It mends what was found.
    Fix,
    /// It accepts what was found, with a reason that a person has to write.
    Exception,
}

/// A change that is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli::lsp) struct Action {
    /// What it does, in a few words.
    pub(in crate::cli::lsp) title: String,
    /// Mends or accepts.
    pub(in crate::cli::lsp) kind: ActionKind,
    /// Whether it is the one to take.
    pub(in crate::cli::lsp) preferred: bool,
    /// Edits that do not overlap; all or none are made. Each names its file.
    pub(in crate::cli::lsp) edits: Vec<Edit>,
    /// The finding it is about; none for a problem.
    pub(in crate::cli::lsp) fingerprint: Option<String>,
}

/// A place that leads to an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli::lsp) struct Link {
    /// What is underlined.
    pub(in crate::cli::lsp) span: Span,
    /// Where it leads; https or http.
    pub(in crate::cli::lsp) url: String,
    /// What is there.
    pub(in crate::cli::lsp) tooltip: String,
}

/// A place as `file:line`.
fn shown_at(sources: &Sources, span: Span) -> String {
    sources
        .get(span.source)
        .map_or_else(String::new, |source| format!("{}:{}", source.path, source.position(span.start).line))
}
