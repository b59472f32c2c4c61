//! What the program says of declarations themselves.

use super::{Kind, Type, derived};

/// Two files that say different things of one entity.
pub static CONTRADICTION: Kind = Kind {
    name: "contradiction",
    doc: "Two declarations that say different things of one entity.",
    fields: &[
        derived("entity", Type::Text, "Kind and id of the entity."),
        derived("attribute", Type::Text, "What they disagree about."),
        derived("first", Type::Text, "What the first says."),
        derived("second", Type::Text, "What the second says."),
    ],
};

/// An exception from a rule.
pub static EXCEPTION: Kind = Kind {
    name: "exception",
    doc: "An exception from a rule, in the settings or beside the input.",
    fields: &[
        derived("rule", Type::Text, "The rule it excepts from."),
        derived("subject", Type::Text, "The subject it is for; empty for the place where it stands."),
        derived("expires", Type::Text, "The day it ends."),
        derived("used", Type::Bool, "Whether it covers a finding."),
        derived("expired", Type::Bool, "Whether that day is past."),
        derived("reasoned", Type::Bool, "Whether it gives a reason."),
        derived("malformed", Type::Text, "What is wrong with its writing."),
    ],
};

/// An entry of the baseline.
pub static BASELINE: Kind = Kind {
    name: "baseline",
    doc: "An entry of the baseline: findings of one rule on one subject that were accepted.",
    fields: &[
        derived("rule", Type::Text, "The rule of the findings."),
        derived("subject", Type::Text, "The subject of the findings, as `kind:id`."),
        derived("count", Type::Int, "How many findings it accepts."),
        derived("found", Type::Int, "How many of them there are."),
    ],
};
