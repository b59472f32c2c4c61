//! A checked expression as a tree, names resolved to slots.

use jiff::Span;
use jiff::civil::Date;

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compare {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// A test of a text against another.
#[derive(Debug)]
pub(super) enum TextTest {
    StartsWith,
    EndsWith,
    Contains,
}

/// A quantifier over a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantifier {
    Exists,
    All,
}

/// A checked expression, names resolved to slots.
#[derive(Debug)]
pub(super) enum Expr {
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<Expr>),
    Attribute { path: Vec<usize>, name: String },
    Variable(usize),
    Has(Vec<usize>),
    Not(Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    Compare(Compare, Box<Expr>, Box<Expr>),
    In(Box<Expr>, Box<Expr>),
    Size(Box<Expr>),
    TextTest(TextTest, Box<Expr>, Box<Expr>),
    Matches(Box<Expr>, regex::Regex),
    OlderThan(Box<Expr>, Span),
    InForce(Date),
    Quantified(Quantifier, Box<Expr>, Box<Expr>),
}
