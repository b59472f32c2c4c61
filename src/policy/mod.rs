//! Rules are data: one YAML file each, read, checked and evaluated here.

mod citation;
mod evaluate;
mod example;
mod expression;
mod pack;
mod read;
mod rule;
mod template;
mod tree;
mod words;

pub use citation::{Citation, LeftOut, REGULATIONS, STATUTE, citations, cited, left_out};
pub use evaluate::{MAX_STEPS, Outcome};
pub use example::{Example, Flag, Given};
pub use expression::{Expression, MAX_SOURCE, Mistake};
pub use pack::{embedded, embedded_schema, embedded_tables, is_rule_path, rule_id};
pub use rule::{Ask, Evidence, Raise, Rule};
pub use template::Template;
