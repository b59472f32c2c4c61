//! References of a data map, followed to what they name.

use super::catalogue::Known;
use super::listing::Lister;
use crate::source::Span;

/// A followed reference: the index of the entity and the place of the name.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// Index in its list of the model.
    pub index: usize,
    /// Where the name is written.
    pub span: Span,
}

/// A destination in a consent category, as one file lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Index of the category.
    pub category: usize,
    /// Where it is listed.
    pub span: Span,
    /// Who lists it.
    pub lister: Lister,
}

/// All references of a model, followed.
#[derive(Debug, Default)]
pub struct Links {
    /// Destinations of each category.
    pub categories: Vec<Vec<Link>>,
    /// The categories that list each destination, file by file.
    pub listed: Vec<Vec<Listed>>,
    /// Where code computes the categories of each destination.
    pub unread: Vec<Option<Span>>,
    /// Who knows each category.
    pub listers: Vec<Vec<Lister>>,
    /// Destinations of each source; `None` where the source lists none.
    pub sources: Vec<Option<Vec<Link>>>,
    /// Raw stores of each source.
    pub raw_stores: Vec<Vec<Link>>,
    /// Stores from which each destination is filled.
    pub derived: Vec<Vec<Link>>,
    /// Recipients that each row of the notice names.
    pub notices: Vec<Vec<Link>>,
    /// Store of each request.
    pub stores: Vec<Option<Link>>,
    /// Sources of each event: named, or those of its plan.
    pub events: Vec<Vec<usize>>,
    /// What the catalogue knows of each destination.
    pub known: Vec<Option<&'static Known>>,
}
