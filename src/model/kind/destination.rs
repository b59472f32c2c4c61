//! Destinations.

use super::super::taxonomy::CLASSES;
use super::{ASSESSMENT, DESTINATIONS, Field, Kind, SOURCES, TEXTS, Type, derived, field, required};

/// Who a recipient is to the business: Cal. Civ. Code § 1798.140(ag), (j), (ai); `internal` is the business itself.
pub const ROLES: [&str; 4] = ["service_provider", "contractor", "third_party", "internal"];
/// How data gets to a destination.
pub const MODES: [&str; 6] = ["device", "cloud", "warehouse", "reverse_etl", "audience", "file"];
/// Data to which the statute does not apply: Cal. Civ. Code § 1798.145(c)–(f); `outside_california` is (a)(1)(G), where every
/// aspect of the conduct takes place elsewhere.
pub const EXEMPTIONS: [&str; 6] = ["hipaa_cmia", "glba", "fcra", "dppa", "clinical_trial", "outside_california"];

const CONTRACT: [Field; 7] = [
    field(
        "kind",
        Type::Choice(&["service_provider", "contractor", "third_party", "none"]),
        "Which agreement it is; `none` says that there is none.",
    ),
    field("framework", Type::Text, "An industry framework that stands for it, such as `MSPA`."),
    field("signatory_verified", Type::Bool, "Whether it was verified that the recipient signed that framework."),
    field("ref", Type::Text, "Where the signed agreement is found."),
    field(
        "terms",
        Type::List(&Type::Int),
        "Terms that were found in it, by paragraph: 1 to 9 of 11 CCR § 7051(a), 1 to 6 of § 7053(a).",
    ),
    field("reviewed_on", Type::Date, "Day of the last review."),
    field(
        "certified",
        Type::Bool,
        "Whether a contractor certified that it understands and will comply (Cal. Civ. Code § 1798.140(j)(1)(B)).",
    ),
];

const DELETION: [Field; 7] = [
    field(
        "via",
        Type::Text,
        "How a deletion reaches it: `segment` (forwarded regulation), `vendor_api`, `webhook`, `ticket`, `email`, `sql`, or `none`.",
    ),
    field("key", Type::Text, "The identifier by which it deletes."),
    field("sla_days", Type::Int, "Calendar days until it is done."),
    field("notice", Type::Text, "How a third party is told to delete (11 CCR § 7022(b)(3))."),
    field("impossible", Type::Text, "Why telling it is impossible or disproportionate (11 CCR § 7022(b)(3))."),
    field("set_up", Type::Bool, "Whether what forwarding needs besides (a secret key, a sign-in) is in place."),
    field("exception", Type::Text, "The exception of Cal. Civ. Code § 1798.105(d) that applies."),
];

const OPTOUT: [Field; 4] = [
    field(
        "propagation",
        Type::Text,
        "How it learns of an opt-out for data it already has: `ldu`, `suppression_list`, `gpp`, `api`, or `none`.",
    ),
    field("latency_days", Type::Int, "Calendar days until it takes effect."),
    field("interval_days", Type::Int, "Calendar days between two runs of the sync that carries it."),
    field(
        "limited_data_use",
        Type::Bool,
        "Whether Meta's Limited Data Use is switched on (Segment documentation, Facebook Pixel).",
    ),
];

const ACCESS: [Field; 1] = [field(
    "via",
    Type::Text,
    "How the data is retrieved for a request to know: `sql`, `vendor_api`, `vendor_export`, `ticket`, or `none`.",
)];

const CORRECTION: [Field; 1] = [field(
    "via",
    Type::Text,
    "How a correction reaches it: `sync`, `vendor_api`, `sql`, `ticket`, or `none` (11 CCR § 7023(c)).",
)];

/// Days that a class of personal information is kept, where it differs from the rest: deletion by field or table.
const TTL: [Field; 23] = ttl();

const fn ttl() -> [Field; 23] {
    const DOC: &str = "Days that this class is kept.";
    let mut fields = [field("A", Type::Int, DOC); 23];
    let mut at = 0;
    while at < CLASSES.len() {
        fields[at] = field(CLASSES[at].0, Type::Int, DOC);
        at += 1;
    }
    fields
}

const FILTERS: [Field; 3] = [
    field("drop_events", TEXTS, "Events that never reach it."),
    field(
        "drop_properties",
        TEXTS,
        "Properties that never reach it, by name or path, also with the part of the event: `traits.email`.",
    ),
    field(
        "allow_properties",
        TEXTS,
        "The only properties that reach it, by name or path; `*` is all of them, `traits.*` all traits.",
    ),
];

/// A destination.
pub static DESTINATION: Kind = Kind {
    name: "destination",
    doc: "A tool, vendor or store that receives events.",
    fields: &[
        required("id", Type::Text, "Catalogue slug or an id of your own."),
        field("name", Type::Text, "Name shown in messages; the catalogue's by default."),
        field("aliases", TEXTS, "Other names by which files refer to it."),
        field("catalog", Type::Text, "Slug or id in the catalogue, when `id` is your own."),
        field("vendor", Type::Text, "The vendor, when several destinations share one."),
        field("enabled", Type::Bool, "Whether it is switched on; yes unless said otherwise."),
        field("role", Type::Choice(&ROLES), "Who the recipient is to you (Cal. Civ. Code § 1798.140(ag), (j), (ai))."),
        field(
            "purposes",
            TEXTS,
            "What it uses the data for: `services`, `audit`, `security`, `custom_audience`, `retargeting`, `lookalike`, `cross_context_ads`, `rtb`, `data_sale`, `marketing_coop`, `enrichment_in_exchange`, …",
        ),
        field("sells", Type::Bool, "Whether giving it the data is a sale (Cal. Civ. Code § 1798.140(ad))."),
        field(
            "shares",
            Type::Bool,
            "Whether giving it the data is sharing for cross-context behavioral advertising (Cal. Civ. Code § 1798.140(ah)).",
        ),
        field("mode", Type::Choice(&MODES), "How data gets there."),
        field("transient", Type::Bool, "Whether it stores nothing."),
        field("contract", Type::Object(&CONTRACT), "The agreement with it."),
        field("deletion", Type::Object(&DELETION), "How deletions reach it."),
        field("optout", Type::Object(&OPTOUT), "How opt-outs reach it."),
        field("access", Type::Object(&ACCESS), "How its data is retrieved."),
        field("correction", Type::Object(&CORRECTION), "How corrections reach it."),
        field("retention_days", Type::Int, "Days it keeps the data."),
        field(
            "ttl_days",
            Type::Object(&TTL),
            "Days it keeps single classes, where fields or tables are deleted earlier.",
        ),
        field("assessment", Type::Object(&ASSESSMENT), "The risk assessment of giving it the data."),
        field("started_on", Type::Date, "Day since when it gets the data."),
        field(
            "derived_from",
            DESTINATIONS,
            "Stores from which it is filled: an extract, a feature table, an audience made in a warehouse.",
        ),
        field(
            "child_safe",
            Type::Bool,
            "Whether it runs in the mode its vendor offers for children (16 CFR part 312).",
        ),
        field("endpoint", Type::Url, "Address to which it posts, of a webhook."),
        field("filters", Type::Object(&FILTERS), "What is kept from it."),
        field(
            "destination_filters",
            Type::Bool,
            "Whether Segment's Destination Filters are enabled for device mode (Segment documentation, consent in Connections).",
        ),
        field(
            "exempt",
            Type::Choice(&EXEMPTIONS),
            "The law that exempts the data it receives (Cal. Civ. Code § 1798.145(c)–(f)).",
        ),
        field(
            "consent_needs",
            Type::Choice(&["all", "any"]),
            "Whether it needs consent to all of its categories or to any of them; all unless said otherwise (RudderStack documentation, `resolution_strategy`).",
        ),
        field("exempt_reason", Type::Text, "Why it needs no consent category, such as `internal_store`."),
        field(
            "consumer_directed",
            Type::Bool,
            "Whether the consumer directs the disclosure (Cal. Civ. Code § 1798.140(ad)(2)(A), (ah)(2)(A)).",
        ),
        field("backup", Type::Bool, "Whether it is a backup (11 CCR § 7022(d))."),
        field(
            "deidentified",
            Type::Bool,
            "Whether it holds deidentified or aggregate data only (Cal. Civ. Code § 1798.140(b), (m)).",
        ),
        field(
            "legal_hold",
            Type::Bool,
            "Whether it is kept for legal or compliance purposes only and cannot be searched (11 CCR § 7024(c)).",
        ),
        derived("known", Type::Text, "Slug in the catalogue."),
        derived(
            "undeclared",
            Type::Bool,
            "Found in a vendor's configuration, while the data map's destinations lack it.",
        ),
        derived("declared_twice", TEXTS, "Names under which the data map declares it, where there are several."),
        derived("catalogue_categories", TEXTS, "Categories in the catalogue."),
        derived("categories", TEXTS, "Consent categories that list it."),
        derived(
            "refused_received",
            Type::Text,
            "Messages in an export of it that refuse one of its consent categories, by a profile of real events.",
        ),
        derived(
            "refused_loaded",
            Type::Text,
            "Such messages for which a page had loaded it and which do not turn it off.",
        ),
        derived("refused", Type::Text, "Those of the first of these two that has some."),
        derived(
            "mapping_known",
            Type::Bool,
            "Whether a data map or a consent set-up was read and visitors' events reach it, so that a missing category can be told.",
        ),
        derived(
            "categories_known",
            Type::Bool,
            "Whether any consent category was read, so that those that leave it out say so.",
        ),
        derived(
            "kept_off",
            Type::Bool,
            "Listed by no category, and kept off for that by the open-source Consent Manager.",
        ),
        derived("active", Type::Bool, "Enabled and fed by an enabled source, or filled from a store that is."),
        derived("derived_store", Type::Bool, "A store of your own that is filled from other stores."),
        derived("paths", SOURCES, "Enabled sources that feed it."),
        derived("reach", Type::Classes, "Classes of personal information that reach it, implicit context included."),
        derived("receives_personal", Type::Bool, "Whether any personal information reaches it."),
        derived("ccba", Type::Bool, "Used for cross-context behavioral advertising (Cal. Civ. Code § 1798.140(k))."),
        derived(
            "presumed_shares",
            Type::Bool,
            "Presumed to share because of its catalogue category, and nothing declared says otherwise.",
        ),
        derived("discloses", Type::Bool, "Personal information is sold to it or shared with it."),
        derived("basis", Type::Text, "On what that rests: declared, or presumed from the catalogue."),
        derived(
            "presumed_third_party",
            Type::Bool,
            "A third party, or presumed one for want of a role or contract (11 CCR § 7050(e)).",
        ),
        derived("recipient_unstated", Type::Bool, "That rests on a role or contract that is not declared."),
        derived(
            "gated",
            Type::Bool,
            "The opt-out turns it off: on every path, in every state of a visitor who opted out.",
        ),
        derived(
            "optout_unstated",
            Type::Bool,
            "A category of a consent manager turns it off, and nothing says whether that category carries out the opt-out.",
        ),
        derived("ungated_because", TEXTS, "Why it is not."),
        derived(
            "bypasses",
            TEXTS,
            "Paths to it on which the choice does not travel, while its category carries out the opt-out.",
        ),
        derived(
            "counterexample",
            Type::Text,
            "The smallest state of a visitor who opted out in which data still gets there, what of it, by which path and why.",
        ),
        derived(
            "script_loads",
            Type::Text,
            "Why the vendor's script loads although the opt-out stops what is handed to it.",
        ),
        derived("run_by", Type::Text, "The vendor that runs it: declared, or as the catalogue says."),
        derived(
            "open_routes",
            DESTINATIONS,
            "Other destinations of the same vendor that the opt-out does not turn off, while it turns this one off.",
        ),
        derived("routes_unclear", Type::Bool, "Whether nothing says who the recipient is on any of them."),
        derived(
            "optout_days",
            Type::Int,
            "Days until an opt-out takes effect at worst: interval and latency together.",
        ),
        derived("immediate", Type::Bool, "Whether each event goes there at once, rather than by a sync."),
        derived(
            "sale_denied",
            Type::Classes,
            "Classes sold to it or shared with it that the notice or `sells_or_shares` does not own up to.",
        ),
        derived("sale_unstated", Type::Classes, "Such classes where the notice says of no class whether it is sold."),
        derived("notice_gap", Type::Text, "What the notice or `sells_or_shares` says of them instead."),
        derived("limit_gated", Type::Bool, "Categories with `controls: [limit]` turn it off, on every path."),
        derived("forwardable", Type::Bool, "Segment forwards deletions to it."),
        derived("forwarding_needs", Type::Text, "What forwarding needs besides, and is not declared as set up."),
        derived("deletion_key_gap", Type::Text, "Why its deletion key cannot be found from the key of a request."),
        derived(
            "deletion_key_open",
            Type::Bool,
            "Whether keys are undeclared that could lead there: those of a source, and `maps` of deletion requests.",
        ),
        derived("unenforced_type", Type::Text, "Why Segment does not enforce consent for it."),
        derived(
            "needs_all",
            Type::Bool,
            "Listed in several categories of a manager that requires consent to all of them.",
        ),
        derived(
            "retention_gap",
            Type::Text,
            "How long it keeps classes, against the periods of the notice; or that nothing says how long it does.",
        ),
        derived("retention_exceeded", Type::Bool, "It keeps a class longer than the notice says."),
        derived("sensitive_unbounded", TEXTS, "Sensitive classes in this store for which no day of deletion is set."),
        derived(
            "sensitive_pages",
            TEXTS,
            "Websites whose pages reveal something sensitive and whose addresses or titles are sold to it or shared with it.",
        ),
        derived("page_parts", TEXTS, "The parts of a page that no filter keeps from it: `url`, `path`, `title`, …"),
        derived(
            "pages_guessed",
            Type::Bool,
            "That the pages reveal something rests on the names of the websites alone.",
        ),
        derived("keeps_profile", Type::Bool, "Personal traits of persons reach it."),
        derived("delete_regulation", Type::Text, "The regulation that deletion requests use."),
        derived(
            "sold",
            Type::Bool,
            "Declared as a sale (Cal. Civ. Code § 1798.140(ad)), by `sells` or by its purposes.",
        ),
        derived(
            "missing_terms",
            TEXTS,
            "What its contract is not shown to have: terms of 11 CCR § 7051(a) or § 7053(a), a verified signature under a framework.",
        ),
        derived("overcollected", TEXTS, "Classes that reach it and that none of its declared purposes needs."),
        derived(
            "incompatible",
            TEXTS,
            "What it receives that was collected for other purposes only, by notice and property.",
        ),
        derived(
            "assessment_reasons",
            TEXTS,
            "Why giving it the data needs a risk assessment (11 CCR § 7150(b)(1), (2)).",
        ),
        derived(
            "assessed",
            Type::Bool,
            "Whether a risk assessment is referred to, there or at a consent category that lists it.",
        ),
        derived("assessment_reviewed_on", Type::Text, "Day of the last review of that assessment."),
        derived("opt_in_states", TEXTS, "States of the business in which sensitive data needs consent first."),
        derived("opt_in_gap", TEXTS, "Why no consent comes before the sensitive data that it receives."),
        derived("opt_in_unstated", Type::Bool, "Nothing says whether consent comes first."),
        derived(
            "sensitive_received",
            TEXTS,
            "Sensitive data that it receives and that the laws of those states count as such.",
        ),
        derived(
            "sensitive_sale_bans",
            TEXTS,
            "States of the business in which the sensitive data sold to it may not be sold.",
        ),
        derived("sensitive_sold", TEXTS, "That sensitive data, precise geolocation aside."),
        derived(
            "geolocation_sale_bans",
            TEXTS,
            "States of the business in which the precise geolocation sold to it may not be sold.",
        ),
        derived("geolocation_sold", TEXTS, "That precise geolocation."),
        derived(
            "sale_unpriced",
            Type::Bool,
            "Only states in which a sale is one for money are among them, and nothing says that money is paid.",
        ),
    ],
};
