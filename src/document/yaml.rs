//! YAML to spanned trees.
