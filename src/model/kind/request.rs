//! The declared notice and consumer requests.

use super::{DESTINATIONS, Field, Kind, TEXTS, Type, derived, field};

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
        field(
            "recipients",
            DESTINATIONS,
            "Who receives it: destinations, or kinds of them by the categories of the catalogue.",
        ),
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
        field("sla_days", Type::Int, "Calendar days until it is answered or carried out."),
        field("ack_days", Type::Int, "Business days until its receipt is confirmed (11 CCR § 7021(a): at most 10)."),
        field(
            "confirmation",
            Type::Text,
            "Where a consumer sees that it was carried out, such as `settings` or `email` (11 CCR §§ 7026(g), 7027(h)).",
        ),
        field(
            "scope",
            Type::Choice(&["device", "source", "brand", "business"]),
            "How far an opt-out goes for a known consumer (11 CCR § 7025(c)(1)).",
        ),
        field(
            "covers",
            Type::Choice(&["all", "first_party"]),
            "Whether a deletion covers data obtained from others as well.",
        ),
        field("export_fields", TEXTS, "Fields that the answer to a request to know gives out."),
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
        derived("identity_fields", TEXTS, "Fields of the form that serve to verify an identity."),
        derived("confirmation_gaps", TEXTS, "How a consumer would not see that it was carried out."),
        derived("confirmation_denied", Type::Bool, "Whether one of them is declared, rather than not spoken of."),
        derived("channel_gaps", TEXTS, "What the methods of a request to know, delete or correct lack."),
        derived("channels_unstated", Type::Bool, "A declaration is missing that would tell whether they lack it."),
        derived("online_only", Type::Bool, "The business is declared to deal with consumers online only."),
        derived("export_forbidden", TEXTS, "Fields of the export that must not be given out (11 CCR § 7024(d))."),
        derived("kept_longer", TEXTS, "What is kept for more than 12 months."),
        derived(
            "reimports",
            TEXTS,
            "Sources that bring data in again, and do not leave out persons who were deleted as far as is declared.",
        ),
        derived("reimports_deleted", Type::Bool, "One of them is declared not to leave them out."),
        derived("third_party_sources", TEXTS, "Sources whose data was obtained from others."),
        derived("record_gap", Type::Text, "Why the record of requests does not last."),
        derived("event_gaps", TEXTS, "What the event that records it lacks."),
        derived("record_gaps", TEXTS, "Why the record of it would be lost or incomplete."),
    ],
};
