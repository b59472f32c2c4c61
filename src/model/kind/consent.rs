//! How consent is asked for: the consent manager, and the banner that it shows.

use super::{DESTINATIONS, Field, Kind, TEXTS, Type, derived, field};

/// Consent managers whose routing is known.
pub const MANAGERS: [&str; 7] =
    ["segment", "segment-consent-manager", "onetrust", "trustarc", "rudderstack", "gtm", "custom"];

/// The consent types of Google's tags (Google tag documentation, consent mode). They are a vocabulary of their own beside
/// the categories of any consent manager.
pub const GOOGLE_CONSENT_TYPES: [&str; 7] = [
    "ad_storage",
    "ad_user_data",
    "ad_personalization",
    "analytics_storage",
    "functionality_storage",
    "personalization_storage",
    "security_storage",
];

/// The consent manager.
pub static CONSENT: Kind = Kind {
    name: "consent",
    doc: "A consent manager as it is configured.",
    fields: &[
        field("manager", Type::Choice(&MANAGERS), "The consent manager."),
        field("model", Type::Choice(&["opt-in", "opt-out"]), "What holds before the visitor chooses."),
        field("package", Type::Text, "The package that implements it in the page."),
        field("version", Type::Text, "Version of that package."),
        field(
            "required_in",
            TEXTS,
            "Where nothing loads before the visitor chose: `everywhere`, `nowhere`, or regions such as `eu`, `us-ca`.",
        ),
        field(
            "new_destinations",
            Type::Choice(&["enable", "disable", "imply", "ask"]),
            "What a destination does that was added after the visitor chose (Segment Consent Manager, `defaultDestinationBehavior`).",
        ),
        field(
            "preset_leaves_unset",
            TEXTS,
            "Categories that the initial preferences set to `null`, or custom ones that they leave out: both are taken as consented to. A built-in one that is left out stays off (Segment Consent Manager).",
        ),
        field("cookie_days", Type::Int, "Days that the choice is remembered."),
        field(
            "on_expiry",
            Type::Choice(&["keep", "deny", "allow"]),
            "What holds for someone who opted out when the remembered choice runs out.",
        ),
        field(
            "reprompt_days",
            Type::Int,
            "Days until someone who opted out is asked again (Cal. Civ. Code § 1798.135(c)(4): at least 12 months).",
        ),
        field("opt_in_steps", Type::Int, "Steps to opt in after an opt-out (11 CCR § 7028(a): two)."),
        field("cookie_name", Type::Text, "Name of the cookie that keeps the choice."),
        field("cookie_domain", Type::Text, "Domain of that cookie: on which sites the choice holds."),
        field("tags", Type::Int, "How many tags a tag manager fires."),
        field(
            "tags_unconfigured",
            TEXTS,
            "Tags that fire whatever the visitor chose: no consent setting, and no built-in check (Google Tag Manager documentation).",
        ),
        field(
            "tags_ungated",
            TEXTS,
            "Tags that fire whatever the visitor chose, be it decided or not (Google Tag Manager documentation).",
        ),
        field(
            "tags_restricted",
            TEXTS,
            "Tags that fire whatever the visitor chose, and are then left to checks of their own: those of Google send requests without cookies or stored identifiers (Google Tag Manager documentation).",
        ),
        derived("unconfigured", Type::Int, "How many `tags_unconfigured` are."),
        derived("disclosing", DESTINATIONS, "Active destinations to which personal information is sold or shared."),
        derived(
            "uncovered_regions",
            TEXTS,
            "Regions of the business in the United States where everything loads at once.",
        ),
        derived("signal_honored", Type::Bool, "Whether an opt-out preference signal is declared as honored."),
    ],
};

const STEPS: [Field; 2] =
    [field("accept", Type::Int, "Steps to accept all."), field("decline", Type::Int, "Steps to decline all.")];

/// The consent banner.
pub static BANNER: Kind = Kind {
    name: "banner",
    doc: "The consent banner.",
    fields: &[
        field("close", Type::Choice(&["accept", "deny", "dismiss"]), "What closing it means."),
        field(
            "close_grants",
            TEXTS,
            "Categories that closing it turns on, or leaves unset where unset is taken as consent.",
        ),
        field("implied_on_interaction", Type::Bool, "Whether scrolling or clicking elsewhere counts as consent."),
        field(
            "actions",
            Type::List(&Type::Choice(&["accept_all", "decline_all", "preferences"])),
            "Buttons on its first layer.",
        ),
        field("modal", Type::Bool, "Whether it blocks the page."),
        field("steps", Type::Object(&STEPS), "How many steps each choice takes."),
        field(
            "prominent",
            Type::Choice(&["accept", "decline", "equal"]),
            "Which choice stands out, by size, color or place (11 CCR § 7004(a)(2)).",
        ),
        field("text", Type::Text, "What it says."),
        field(
            "shown_on_signal",
            Type::Bool,
            "Whether it pops up in answer to an opt-out preference signal (11 CCR § 7025(f)(3)).",
        ),
        derived("disclosing", DESTINATIONS, "Active destinations to which personal information is sold or shared."),
        derived("unlocks", DESTINATIONS, "Those of them that closing it turns on."),
        derived("frictionless", Type::Bool, "Whether a signal is said to be processed in a frictionless manner."),
    ],
};
