//! Significant decisions about consumers.

use super::{Field, Kind, TEXTS, Type, derived, field, required};

/// What a significant decision is about; advertising never is one (11 CCR § 7001(ddd)(6)).
const ABOUT: [&str; 5] = ["credit", "housing", "education", "employment", "healthcare"];

const FIELDS: [Field; 8] = [
    required("id", Type::Text, "Its id."),
    field("about", Type::Choice(&ABOUT), "What is provided or denied (11 CCR § 7001(ddd))."),
    field(
        "automated",
        Type::Bool,
        "Whether technology replaces, or substantially replaces, the human decision (11 CCR § 7001(e)).",
    ),
    field("notice_url", Type::Url, "Address of the pre-use notice (11 CCR § 7220)."),
    field("optout_methods", TEXTS, "How consumers opt out of it (11 CCR § 7221(c): two or more methods)."),
    field(
        "human_appeal",
        Type::Bool,
        "Whether a human reviewer can be asked instead of an opt-out (11 CCR § 7221(b)(1)).",
    ),
    field("access_via", Type::Text, "How consumers learn how it was made (11 CCR § 7222)."),
    derived("gaps", TEXTS, "What it lacks of notice, opt-out and access."),
];

/// A significant decision about consumers.
pub static DECISION: Kind = Kind {
    name: "decision",
    doc: "A significant decision about consumers, and the technology that makes it.",
    fields: &FIELDS,
};
