//! What a subject is made of: the table that the data map's schema, the rules and the documentation share.
//!
//! A row is a fact said once. Adding an attribute is adding a row; the JSON Schema, the type check of
//! expressions and `explain` follow from it.

/// The type of an attribute.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A string.
    Text,
    /// An `http` or `https` address.
    Url,
    /// A day, `YYYY-MM-DD`.
    Date,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Codes of classes of personal information; `none` says "not personal".
    Classes,
    /// The id or name of another entity of this kind.
    Reference(&'static str),
    /// Several values.
    List(&'static Type),
    /// Named values.
    Object(&'static [Field]),
}

/// An attribute.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name in files and expressions.
    pub name: &'static str,
    /// Its type.
    pub ty: Type,
    /// What it means, with the source where a fact comes from outside.
    pub doc: &'static str,
    /// Computed by `flow`, never written in a file.
    pub derived: bool,
    /// Must be written.
    pub required: bool,
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.doc == other.doc
    }
}

/// A kind of subject.
#[derive(Debug)]
pub struct Kind {
    /// Its name in rules and outputs.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Its attributes.
    pub fields: &'static [Field],
}

impl Kind {
    /// The slot of an attribute.
    pub fn slot(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
}

/// The kind with this name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| kind.name == name)
}

pub(super) const fn field(name: &'static str, ty: Type, doc: &'static str) -> Field {
    Field { name, ty, doc, derived: false, required: false }
}

pub(super) const fn required(name: &'static str, ty: Type, doc: &'static str) -> Field {
    Field { name, ty, doc, derived: false, required: true }
}

pub(super) const fn derived(name: &'static str, ty: Type, doc: &'static str) -> Field {
    Field { name, ty, doc, derived: true, required: false }
}

const TEXTS: Type = Type::List(&Type::Text);
const DESTINATIONS: Type = Type::List(&Type::Reference("destination"));
const SOURCES: Type = Type::List(&Type::Reference("source"));

/// All kinds that a rule may be written for, in the order of the data map.
pub const KINDS: [&Kind; 13] = [
    &BUSINESS,
    &SIGNAL,
    &BANNER,
    &CATEGORY,
    &DESTINATION,
    &SOURCE,
    &EVENT,
    &PROPERTY,
    &NOTICE,
    &REQUEST,
    &DISCLOSURE,
    &CONTRADICTION,
    &EXCEPTION,
];

const NOTICE_LINK: [Field; 2] = [
    required("url", Type::Url, "Address of the page, best with the anchor of the section (11 CCR § 7012(f))."),
    field(
        "updated_on",
        Type::Date,
        "Day of the last review (Cal. Civ. Code § 1798.130(a)(5): at least every 12 months).",
    ),
];

const CHOICE_LINK: [Field; 4] = [
    required("url", Type::Url, "Address of the page."),
    field("title", Type::Text, "Text of the link, word for word."),
    field("icon", Type::Bool, "Whether the opt-out icon stands beside it (11 CCR § 7015(b))."),
    field("placement", Type::Text, "Where it stands: footer, header, settings."),
];

const LINKS: [Field; 5] = [
    field("privacy_policy", Type::Object(&NOTICE_LINK), "The privacy policy."),
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
        field("brands", TEXTS, "Brands under which consumers know it."),
        field("links", Type::Object(&LINKS), "The links that consumers find."),
        derived("disclosing", DESTINATIONS, "Active destinations to which personal information is sold or shared."),
        derived(
            "limitable_sensitive",
            TEXTS,
            "Sensitive properties that reach a destination and whose use is not declared within 11 CCR § 7027(m).",
        ),
        derived(
            "limit_ungated",
            DESTINATIONS,
            "Destinations that receive such properties and that no category with `controls: [limit]` turns off.",
        ),
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
        field("frictionless", Type::Bool, "Whether it is processed in a frictionless manner (11 CCR § 7025(f))."),
        field(
            "do_not_track_only",
            Type::Bool,
            "Whether only the older Do Not Track signal is read; it is not an opt-out preference signal.",
        ),
        field("regions", TEXTS, "The regions where it is obeyed, when not everywhere."),
        derived("disclosing", DESTINATIONS, "Active destinations to which personal information is sold or shared."),
        derived("missing_regions", TEXTS, "Regions of the business that require the signal and are not in `regions`."),
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
        field("implied_on_interaction", Type::Bool, "Whether scrolling or clicking elsewhere counts as consent."),
        field(
            "actions",
            Type::List(&Type::Choice(&["accept_all", "decline_all", "preferences"])),
            "Buttons on its first layer.",
        ),
        field("modal", Type::Bool, "Whether it blocks the page."),
        field("steps", Type::Object(&STEPS), "How many steps each choice takes."),
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
            "controls",
            Type::List(&Type::Choice(&["opt-out", "limit"])),
            "Which right it carries out: the opt-out of sale and sharing, the limit on sensitive data.",
        ),
        field("destinations", DESTINATIONS, "The destinations it turns on and off."),
        derived("disclosing", DESTINATIONS, "Its active destinations to which personal information is sold or shared."),
        derived("manager", Type::Text, "The consent manager it belongs to."),
    ],
};

/// Who a recipient is to the business: Cal. Civ. Code § 1798.140(ag), (j), (ai); `internal` is the business itself.
pub const ROLES: [&str; 4] = ["service_provider", "contractor", "third_party", "internal"];
/// How data gets to a destination.
pub const MODES: [&str; 6] = ["device", "cloud", "warehouse", "reverse_etl", "audience", "file"];
/// Data to which the statute does not apply: Cal. Civ. Code § 1798.145(c)–(f).
pub const EXEMPTIONS: [&str; 5] = ["hipaa_cmia", "glba", "fcra", "dppa", "clinical_trial"];

const CONTRACT: [Field; 5] = [
    field("kind", Type::Choice(&["service_provider", "contractor", "third_party"]), "Which agreement it is."),
    field("ref", Type::Text, "Where the signed agreement is found."),
    field("terms", TEXTS, "Terms it was checked for (11 CCR §§ 7051(a), 7053(a))."),
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

const OPTOUT: [Field; 2] = [
    field(
        "propagation",
        Type::Text,
        "How it learns of an opt-out for data it already has: `ldu`, `suppression_list`, `gpp`, `api`, or `none`.",
    ),
    field("latency_days", Type::Int, "Days until it takes effect."),
];

const ACCESS: [Field; 1] = [field(
    "via",
    Type::Text,
    "How the data is retrieved for a request to know: `sql`, `vendor_api`, `vendor_export`, `ticket`, or `none`.",
)];

const FILTERS: [Field; 3] = [
    field("drop_events", TEXTS, "Events that never reach it."),
    field("drop_properties", TEXTS, "Properties that never reach it, by name or path."),
    field("allow_properties", TEXTS, "The only properties that reach it, by name or path."),
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
        field("retention_days", Type::Int, "Days it keeps the data."),
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
        field("exempt_reason", Type::Text, "Why it needs no consent category, such as `internal_store`."),
        field(
            "consumer_directed",
            Type::Bool,
            "Whether the consumer directs the disclosure (Cal. Civ. Code § 1798.140(ad)(2)(A), (ah)(2)(A)).",
        ),
        field("backup", Type::Bool, "Whether it is a backup (11 CCR § 7022(d))."),
        derived("known", Type::Text, "Slug in the catalogue."),
        derived("catalogue_categories", TEXTS, "Categories in the catalogue."),
        derived("categories", TEXTS, "Consent categories that list it."),
        derived("active", Type::Bool, "Enabled and fed by an enabled source."),
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
        derived("gated", Type::Bool, "The opt-out turns it off on every path."),
        derived("ungated_because", TEXTS, "Why it is not."),
        derived("limit_gated", Type::Bool, "A category with `controls: [limit]` turns it off."),
        derived("forwardable", Type::Bool, "Segment forwards deletions to it."),
        derived("forwarding_needs", Type::Text, "What forwarding needs besides, and is not declared as set up."),
        derived("deletion_key_gap", Type::Text, "Why its deletion key cannot be found from the key of a request."),
        derived("unenforced_type", Type::Text, "Why Segment does not enforce consent for it."),
        derived(
            "needs_all",
            Type::Bool,
            "Listed in several categories of a manager that requires consent to all of them.",
        ),
        derived("delete_regulation", Type::Text, "The regulation that deletion requests use."),
    ],
};

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
        "Whether the model has consent columns (reverse ETL) or the export joins the suppression list.",
    ),
];

/// Where events come from.
pub const PLATFORMS: [&str; 8] = ["web", "ios", "android", "mobile", "tv", "server", "retl", "cloud_object"];

/// A source.
pub static SOURCE: Kind = Kind {
    name: "source",
    doc: "A website, app, server or model that sends events.",
    fields: &[
        required("id", Type::Text, "Its id."),
        field("name", Type::Text, "Name shown in messages."),
        field("enabled", Type::Bool, "Whether it is switched on; yes unless said otherwise."),
        field("platform", Type::Choice(&PLATFORMS), "What it is."),
        field("plan", Type::Text, "The tracking plan it follows: name, id or file name."),
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
        field("exempt", Type::Choice(&EXEMPTIONS), "The law that exempts its data (Cal. Civ. Code § 1798.145(c)–(f))."),
        derived("feeds", DESTINATIONS, "Active destinations it feeds."),
        derived("disclosing", DESTINATIONS, "Those to which personal information is sold or shared."),
        derived("collects", Type::Classes, "Classes of personal information in its events, implicit context included."),
        derived("collects_personal", Type::Bool, "Whether any."),
        derived("stores", DESTINATIONS, "Stores with its raw events that can be queried or exported."),
        derived("minors_evidence", TEXTS, "What suggests that minors use it."),
        derived("consent_gap", Type::Text, "Why its events carry no consent that the platform could enforce."),
    ],
};

/// An event.
pub static EVENT: Kind = Kind {
    name: "event",
    doc: "An event of a tracking plan, or an identify or group call.",
    fields: &[
        required("name", Type::Text, "Its name."),
        field(
            "type",
            Type::Choice(&["track", "identify", "group", "page", "screen"]),
            "The call; `track` unless said otherwise.",
        ),
        field("sources", SOURCES, "The sources that send it."),
        derived("plan", Type::Text, "The tracking plan it belongs to."),
        derived("reaches", DESTINATIONS, "Active destinations that receive it."),
    ],
};

/// A property or trait.
pub static PROPERTY: Kind = Kind {
    name: "property",
    doc: "A property of an event or a trait of a person or account.",
    fields: &[
        required("name", Type::Text, "Its name; dotted for nested ones."),
        field("type", Type::Text, "JSON Schema type of its values."),
        field("format", Type::Text, "JSON Schema format of its values."),
        field(
            "pi",
            Type::Classes,
            "Classes of personal information (Cal. Civ. Code § 1798.140(v)(1)); `none` when it is not personal.",
        ),
        field("spi", Type::Classes, "Classes of sensitive personal information (Cal. Civ. Code § 1798.140(ae))."),
        field("reason", Type::Text, "Why it is classified so."),
        field("purposes", TEXTS, "What it is collected for."),
        field(
            "limit_exempt",
            Type::Choice(&["m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8"]),
            "The purpose of 11 CCR § 7027(m) within which its use stays.",
        ),
        field(
            "deidentified",
            Type::Bool,
            "Whether it is deidentified or aggregate (Cal. Civ. Code § 1798.140(b), (m)).",
        ),
        field("publicly_available", Type::Bool, "Whether it is publicly available (Cal. Civ. Code § 1798.140(v)(2))."),
        derived("event", Type::Text, "The event it belongs to."),
        derived("classes", Type::Classes, "The letters A to L it was taken for."),
        derived("sensitive", Type::Classes, "The sensitive classes it was taken for."),
        derived("personal", Type::Bool, "Whether it was taken for personal information."),
        derived("classified", Type::Bool, "Whether a declaration, a matcher or the lexicon knows it."),
        derived("classified_by", Type::Text, "What decided."),
        derived("restricted", Type::Bool, "Whether it is a kind of data that must never be in an event stream."),
        derived("undisclosed", Type::Classes, "Its classes that no notice lists."),
        derived("reaches", DESTINATIONS, "Active destinations that receive it."),
        derived("disclosed_to", DESTINATIONS, "Those to which personal information is sold or shared."),
    ],
};

/// A class of personal information in the declared notice.
pub static NOTICE: Kind = Kind {
    name: "notice",
    doc: "A class of personal information as the notice at collection declares it.",
    fields: &[
        field("pi", Type::Classes, "The class (Cal. Civ. Code § 1798.140(v)(1))."),
        field("spi", Type::Classes, "The sensitive class (Cal. Civ. Code § 1798.140(ae))."),
        field("purposes", TEXTS, "What it is collected and used for."),
        field("sold_or_shared", Type::Bool, "Whether it is sold or shared."),
        field("retention", Type::Text, "How long it is kept, or the criteria (Cal. Civ. Code § 1798.100(a)(3))."),
        field("recipients", DESTINATIONS, "Who receives it."),
    ],
};

const FORM: [Field; 4] = [
    field("url", Type::Url, "Address of the form."),
    field("fields", TEXTS, "What it asks for."),
    field(
        "verify",
        Type::Choice(&["none", "id_document", "email_confirm", "sms_confirm", "knowledge"]),
        "How the requester is verified.",
    ),
    field("login", Type::Bool, "Whether an account is needed."),
];

/// A consumer request.
pub static REQUEST: Kind = Kind {
    name: "request",
    doc: "How one kind of consumer request is received and carried out.",
    fields: &[
        field(
            "methods",
            TEXTS,
            "How it can be made: `preference_signal`, `web_form`, `email`, `toll_free`, `in_app`, `mail`, `cookie_banner`, `preference_center`, …",
        ),
        field("form", Type::Object(&FORM), "The web form."),
        field("event", Type::Text, "The event that records it."),
        field("store", Type::Reference("destination"), "The store where that event arrives."),
        field("sla_days", Type::Int, "Calendar days until it is answered."),
        field("lookback", Type::Text, "How far back the answer goes: `all` or `12_months`."),
        field("via", Type::Text, "What carries it out, such as `segment`."),
        field(
            "regulation",
            Type::Choice(&[
                "SUPPRESS_ONLY",
                "UNSUPPRESS",
                "SUPPRESS_WITH_DELETE",
                "SUPPRESS_WITH_DELETE_INTERNAL",
                "DELETE_INTERNAL",
                "DELETE_ONLY",
            ]),
            "The Segment regulation it creates (Segment documentation, deletion and suppression).",
        ),
        field("key", Type::Text, "The identifier by which it is carried out."),
        field("maps", TEXTS, "Identifiers that can be found from that key."),
        field("retention_months", Type::Int, "Months that the record is kept (11 CCR § 7101(a): at least 24)."),
        field("tested_on", Type::Date, "Day the method was last tested (11 CCR § 7004(a)(5))."),
        derived("type", Type::Text, "`opt_out`, `limit`, `know`, `delete`, `correct`, or `log`."),
        derived("disclosing", DESTINATIONS, "Active destinations to which personal information is sold or shared."),
        derived("method_gaps", TEXTS, "What the methods lack."),
        derived("event_gaps", TEXTS, "What the event that records it lacks."),
        derived("record_gaps", TEXTS, "Why the record of it would be lost or incomplete."),
    ],
};

/// A class of sensitive or other personal information that reaches a destination.
pub static DISCLOSURE: Kind = Kind {
    name: "disclosure",
    doc: "A class of personal information that reaches a destination, with a witness property.",
    fields: &[
        derived("destination", Type::Text, "Name of the destination."),
        derived("destination_id", Type::Text, "Id of the destination."),
        derived("class", Type::Classes, "The class."),
        derived("sensitive", Type::Bool, "Whether it is a sensitive class."),
        derived("term", Type::Text, "The statutory term of the class."),
        derived("witness", Type::Text, "A property that carries it."),
        derived("witness_place", Type::Text, "The event of that property."),
        derived(
            "presumed",
            Type::Bool,
            "Whether the class rests on a similar name rather than a declaration or an exact match.",
        ),
        derived("discloses", Type::Bool, "Personal information is sold to the destination or shared with it."),
        derived("presumed_third_party", Type::Bool, "The destination is a third party, or presumed one."),
        derived("gated", Type::Bool, "The opt-out turns the destination off on every path."),
        derived("exempt", Type::Text, "The exemption declared for the destination."),
        derived("consumer_directed", Type::Bool, "Whether the consumer directs the disclosure."),
    ],
};

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
