//! Sources.

use super::{DESTINATIONS, EXEMPTIONS, Field, Kind, TEXTS, Type, derived, field, required};

const SOURCE_CONSENT: [Field; 3] = [
    field(
        "wrapper",
        Type::Text,
        "The consent wrapper that stamps its events: `onetrust`, `trustarc`, `custom`, or `none`.",
    ),
    field("object", Type::Bool, "Whether its events carry the consent object by other means."),
    field(
        "columns",
        Type::Bool,
        "Whether the model has consent columns (reverse ETL), or the export or replay leaves out who has opted out since.",
    ),
];

const UNPLANNED: [Field; 3] = [
    field("events", Type::Bool, "Whether events that the plan lacks are let through."),
    field("properties", Type::Bool, "Whether properties that the plan lacks are let through."),
    field("traits", Type::Bool, "Whether traits that the plan lacks are let through."),
];

/// Where events come from; `replay` sends events of an archive again, `dataset` is a store as an inventory describes it.
pub const PLATFORMS: [&str; 10] =
    ["web", "ios", "android", "mobile", "tv", "server", "retl", "cloud_object", "replay", "dataset"];

/// A source.
pub static SOURCE: Kind = Kind {
    name: "source",
    doc: "A website, app, server or model that sends events.",
    fields: &[
        required("id", Type::Text, "Its id."),
        field("name", Type::Text, "Name shown in messages."),
        field("aliases", TEXTS, "Other names and ids by which files refer to it."),
        field("enabled", Type::Bool, "Whether it is switched on; yes unless said otherwise."),
        field(
            "platform",
            Type::Choice(&PLATFORMS),
            "What it is; a `replay` sends events of an archive again, a `dataset` stands for what a store holds (fideslang).",
        ),
        field("plan", Type::Text, "The tracking plan it follows: name, id or file name."),
        field("unplanned", Type::Object(&UNPLANNED), "What its tracking plan does with what it does not list."),
        field("destinations", DESTINATIONS, "Where its events go."),
        field("consent", Type::Object(&SOURCE_CONSENT), "How its events carry consent."),
        field("identity", TEXTS, "Identifiers its events carry: `user_id`, `anonymous_id`, `email`, …"),
        field("raw_store", DESTINATIONS, "Stores that hold its raw events."),
        field("audience", Type::Choice(&["general", "mixed", "child_directed"]), "Who uses it."),
        field(
            "minor_gate",
            Type::Text,
            "How sale and sharing are blocked for consumers under 16 until they opt in (11 CCR §§ 7070–7071).",
        ),
        field(
            "origin",
            Type::Choice(&["first_party", "third_party"]),
            "Whether the data comes from consumers or was obtained from others.",
        ),
        field("optout_link", Type::Bool, "Whether the app's settings offer the opt-out (11 CCR § 7013(e))."),
        field(
            "notice_url",
            Type::Url,
            "Address of its own notice at collection, where it is not that of the business (11 CCR § 7012(c)).",
        ),
        field("brand", Type::Text, "The brand under which consumers know it."),
        field(
            "sensitive_context",
            Type::List(&Type::Choice(&["health", "religion", "union", "sexuality", "minors", "finance"])),
            "What being on its pages reveals.",
        ),
        field("routes", TEXTS, "Its paths, such as `/conditions/*`."),
        field("strips_query", Type::Bool, "Whether addresses of pages are sent without their query."),
        field(
            "keeps_corrections",
            Type::Bool,
            "Whether what it imports again leaves corrected values as they are (11 CCR § 7023(c), (k)).",
        ),
        field(
            "joins_suppression",
            Type::Bool,
            "Whether what it imports again leaves out persons who were deleted (11 CCR § 7022(b)(1)).",
        ),
        field("exempt", Type::Choice(&EXEMPTIONS), "The law that exempts its data (Cal. Civ. Code § 1798.145(c)–(f))."),
        derived("feeds", DESTINATIONS, "Active destinations it feeds."),
        derived("mapped", DESTINATIONS, "Those that a consent category lists."),
        derived("disclosing", DESTINATIONS, "Those to which personal information is sold or shared."),
        derived("collects", Type::Classes, "Classes of personal information in its events, implicit context included."),
        derived("collects_personal", Type::Bool, "Whether any."),
        derived(
            "noticed",
            Type::Bool,
            "A notice at collection is declared, its own or that of the business; also where no data map was read.",
        ),
        derived(
            "context_undisclosed",
            Type::Classes,
            "Classes that go out with every call (addresses, identifiers, pages) and that no row of the notice lists.",
        ),
        derived("stores", DESTINATIONS, "Stores with its raw events that can be queried or exported."),
        derived(
            "outlived_by",
            TEXTS,
            "Copies of its data that outlive those stores and that nothing declared retrieves.",
        ),
        derived("outlived_unreachably", Type::Bool, "One of them is declared to be out of reach."),
        derived("minors_evidence", TEXTS, "What suggests that minors use it."),
        derived(
            "child_recipients",
            TEXTS,
            "Recipients that it feeds and that are not for children, or not known to be, each with the reason.",
        ),
        derived(
            "child_unsafe",
            DESTINATIONS,
            "Those to which personal information is sold or shared without a gate for minors, or that are said not to run in a mode for children.",
        ),
        derived("child_unstated", DESTINATIONS, "Those of which nothing says whether they run in such a mode."),
        derived(
            "minors_known",
            TEXTS,
            "How the business knows consumers under 16 among its users, though none of its data is declared as `R4`.",
        ),
        derived(
            "plan_gap",
            Type::Text,
            "Why new fields can pass without review: no tracking plan, or one that is open.",
        ),
        derived("consent_gap", Type::Text, "Why its events carry no consent that the platform could enforce."),
        derived(
            "consent_lacking",
            Type::Text,
            "Messages that lack the consent object which it is to stamp, by a profile of real events.",
        ),
    ],
};
