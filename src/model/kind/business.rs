//! The business, what it says and what it lets consumers choose.

use super::{ASSESSMENT, DESTINATIONS, Field, Kind, TEXTS, Type, derived, field, required};

const NOTICE_LINK: [Field; 2] = [
    required("url", Type::Url, "Address of the page, best with the anchor of the section (11 CCR § 7012(f))."),
    field(
        "updated_on",
        Type::Date,
        "Day of the last review (Cal. Civ. Code § 1798.130(a)(5): at least every 12 months).",
    ),
];

const POLICY_LINK: [Field; 3] = [
    NOTICE_LINK[0],
    NOTICE_LINK[1],
    field(
        "explains_signal",
        Type::Bool,
        "Whether it says how an opt-out preference signal is processed, and for what it counts: device, browser, account, offline (11 CCR § 7011(e)(3)(F)).",
    ),
];

const CHOICE_LINK: [Field; 4] = [
    required("url", Type::Url, "Address of the page."),
    field("title", Type::Text, "Text of the link, word for word."),
    field("icon", Type::Bool, "Whether the opt-out icon stands beside it (11 CCR § 7015(b))."),
    field("placement", Type::Text, "Where it stands: footer, header, settings."),
];

const LINKS: [Field; 5] = [
    field("privacy_policy", Type::Object(&POLICY_LINK), "The privacy policy."),
    field(
        "notice_at_collection",
        Type::Object(&NOTICE_LINK),
        "The notice at collection (Cal. Civ. Code § 1798.100(a)).",
    ),
    field(
        "do_not_sell",
        Type::Object(&CHOICE_LINK),
        "The perpetual opt-out link, under any of the three statutory titles (Cal. Civ. Code § 1798.135(a)).",
    ),
    field(
        "limit_sensitive",
        Type::Object(&CHOICE_LINK),
        "Limit the Use of My Sensitive Personal Information (Cal. Civ. Code § 1798.135(a)(2)).",
    ),
    field("financial_incentive", Type::Object(&NOTICE_LINK), "Notice of financial incentive (11 CCR § 7016)."),
];

const INCENTIVE: [Field; 2] = [
    field(
        "opt_in",
        Type::Bool,
        "Whether consumers opt in to it beforehand, apart from anything else (Cal. Civ. Code § 1798.125(b)(3)).",
    ),
    field("revocable", Type::Bool, "Whether they can leave it at any time (Cal. Civ. Code § 1798.125(b)(3))."),
];

const BROKER: [Field; 4] = [
    field("registration", Type::Text, "Its entry in the data broker registry (Cal. Civ. Code § 1798.99.82)."),
    field(
        "drop_interval_days",
        Type::Int,
        "Days between two looks into the deletion platform (Cal. Civ. Code § 1798.99.86).",
    ),
    field(
        "unmatched_as_opt_out",
        Type::Bool,
        "Whether a deletion request that cannot be verified is treated as an opt-out (Cal. Civ. Code § 1798.99.86).",
    ),
    field(
        "directs_service_providers",
        Type::Bool,
        "Whether service providers and contractors are told to delete as well (Cal. Civ. Code § 1798.99.86).",
    ),
];

/// The business that the data map speaks of.
pub static BUSINESS: Kind = Kind {
    name: "business",
    doc: "The business that the data map speaks of.",
    fields: &[
        field("name", Type::Text, "Its name."),
        field("regions", TEXTS, "Where its consumers are: `us-ca`, `us-co`, …"),
        field("sells_or_shares", Type::Bool, "Whether it says that it sells or shares personal information."),
        field("data_broker", Type::Bool, "Whether it is a data broker (Cal. Civ. Code § 1798.99.80)."),
        field(
            "online_only",
            Type::Bool,
            "Whether it deals with consumers online only (Cal. Civ. Code § 1798.130(a)(1)(A)).",
        ),
        field("links", Type::Object(&LINKS), "The links that consumers find."),
        field(
            "incentive",
            Type::Object(&INCENTIVE),
            "Its financial incentive, such as a loyalty programme (Cal. Civ. Code § 1798.125(b)).",
        ),
        field("broker", Type::Object(&BROKER), "What it does as a data broker."),
        derived("disclosing", DESTINATIONS, "Active destinations to which personal information is sold or shared."),
        derived(
            "limitable_sensitive",
            TEXTS,
            "Sensitive properties that reach a destination and whose use is not declared within 11 CCR § 7027(m).",
        ),
        derived(
            "broker_gaps",
            TEXTS,
            "What a data broker must do and `broker` does not say (Cal. Civ. Code §§ 1798.99.82, 1798.99.86).",
        ),
        derived(
            "limit_ungated",
            DESTINATIONS,
            "Destinations that receive such properties and that no category with `controls: [limit]` turns off on every path.",
        ),
        derived(
            "frictionless",
            Type::Bool,
            "A signal is processed in a frictionless manner, with all that lets the opt-out link be left out (11 CCR § 7025(g)).",
        ),
        derived("frictionless_gaps", TEXTS, "Where a signal is said to be frictionless: what is lacking for that."),
        derived("incentives", TEXTS, "Events and properties declared as part of a financial incentive."),
        derived("incentive_names", TEXTS, "Events and properties whose names tell of a loyalty programme or the like."),
    ],
};

/// An opt-out preference signal.
pub static SIGNAL: Kind = Kind {
    name: "signal",
    doc: "An opt-out preference signal such as Global Privacy Control.",
    fields: &[
        field("honored", Type::Bool, "Whether it is read and obeyed (11 CCR § 7025(b))."),
        field(
            "applies_to",
            Type::List(&Type::Choice(&["browser", "pseudonymous_profile", "account", "offline"])),
            "What it opts out (11 CCR § 7025(c)(1)).",
        ),
        field(
            "display_status",
            Type::Bool,
            "Whether the visitor is shown that it was processed (11 CCR § 7025(c)(6)).",
        ),
        field(
            "on_absent",
            Type::Choice(&["keep", "opt_in"]),
            "What a later absence of the signal does to a known consumer (11 CCR § 7025(c)(5)).",
        ),
        field(
            "on_conflict",
            Type::Choice(&["optout_wins", "latest_wins"]),
            "Which choice of a known consumer wins when devices differ (11 CCR § 7025(c)(5)).",
        ),
        field("frictionless", Type::Bool, "Whether it is processed in a frictionless manner (11 CCR § 7025(f))."),
        field(
            "do_not_track_only",
            Type::Bool,
            "Whether only the older Do Not Track signal is read; it is not an opt-out preference signal.",
        ),
        field("regions", TEXTS, "The regions where it is obeyed, when not everywhere."),
        field(
            "categories",
            TEXTS,
            "The consent categories that it switches off; all with `controls: [opt-out]` unless said otherwise.",
        ),
        derived("disclosing", DESTINATIONS, "Active destinations to which personal information is sold or shared."),
        derived(
            "unmapped",
            TEXTS,
            "Categories that carry out the opt-out and that it does not switch off, with the destinations to which personal information is sold or shared behind them.",
        ),
        derived("scope_gaps", TEXTS, "What of a known consumer it does not opt out (11 CCR § 7025(c)(1), (c)(7))."),
        derived(
            "missing_regions",
            TEXTS,
            "California, where the business has consumers there and `regions` leaves it out.",
        ),
        derived(
            "missing_states",
            TEXTS,
            "Other states of the business that require the signal and in which it is not honored.",
        ),
    ],
};

/// A consent category.
pub static CATEGORY: Kind = Kind {
    name: "category",
    doc: "A consent category: a purpose and the destinations it turns on and off.",
    fields: &[
        required("id", Type::Text, "Id as the consent manager writes it; case counts."),
        field("name", Type::Text, "Name shown to consumers."),
        field("purpose", Type::Text, "What the data is used for, specifically (11 CCR § 7012(e)(2))."),
        field("essential", Type::Bool, "Whether it is always on."),
        field("default", Type::Bool, "Whether it is on before the visitor chooses."),
        field("enabled", Type::Bool, "Whether the consent manager enforces it; yes unless said otherwise."),
        field(
            "basis",
            Type::Choice(&["consent", "opt_out"]),
            "Whether it relies on consent (an incompatible purpose, consumers under 16, a choice after an opt-out) or on the right to opt out.",
        ),
        field("assessment", Type::Object(&ASSESSMENT), "The risk assessment of what it is used for."),
        field(
            "controls",
            Type::List(&Type::Choice(&["opt-out", "limit"])),
            "Which right it carries out: the opt-out of sale and sharing, the limit on sensitive data.",
        ),
        field("destinations", DESTINATIONS, "The destinations it turns on and off."),
        field(
            "catalogue_categories",
            TEXTS,
            "Catalogue categories whose destinations it turns on and off where no category of its manager lists them; `*` stands for every other one (built-in categories of Segment's Consent Manager, mappings made by hand).",
        ),
        derived("disclosing", DESTINATIONS, "Its active destinations to which personal information is sold or shared."),
        derived(
            "sensitive",
            Type::Bool,
            "Whether a destination that it turns on receives sensitive personal information, that of minors included.",
        ),
        derived("inventoried", Type::Bool, "Whether an inventory declares it, rather than a vendor's file alone."),
        derived(
            "optout_unstated",
            Type::Bool,
            "Only a vendor's file knows it, and no category is said to carry out the opt-out.",
        ),
        derived("manager", Type::Text, "The consent manager it belongs to."),
        derived("model", Type::Text, "The consent model, where it is known."),
        derived("drift", Type::Text, "How its id differs from the ids that the other side of the consent set-up uses."),
    ],
};
