//! What a text turned out to be.

use super::Document;
use crate::finding::Problem;
use crate::source::Span;

/// A syntax that gives spanned trees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// JSON, comments and trailing commas allowed.
    Json,
    /// YAML 1.2.
    Yaml,
    /// One JSON value a line.
    Lines,
    /// JavaScript or TypeScript, in a file of its own or in the scripts of a page.
    JavaScript,
    /// HCL, as Terraform writes it.
    Hcl,
    /// Comma-separated values.
    Csv,
}

/// A comment that speaks to this program: it contains `consentlint:`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The comment with its `#` or `//`, without the line break.
    pub span: Span,
}

/// What a text turned out to be.
#[derive(Debug)]
pub struct Parsed<'t> {
    /// The syntax that was tried last.
    pub syntax: Syntax,
    /// The documents that could be read; empty for an empty text or a syntax error.
    pub documents: Vec<Document<'t>>,
    /// Comments that speak to this program.
    pub comments: Vec<Comment>,
    /// Syntax errors, duplicate keys, budgets.
    pub problems: Vec<Problem>,
}
