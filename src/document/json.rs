//! JSON to spanned trees.
