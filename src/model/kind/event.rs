//! Events, properties, and the classes that reach destinations.

use super::{DESTINATIONS, Kind, SOURCES, TEXTS, Type, derived, field, required};

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
        field(
            "incentive",
            Type::Bool,
            "Whether it belongs to a financial incentive, such as a loyalty programme (11 CCR § 7016).",
        ),
        derived("plan", Type::Text, "The tracking plan it belongs to."),
        derived("reaches", DESTINATIONS, "Active destinations that receive it."),
        derived(
            "disclosed_to",
            DESTINATIONS,
            "Those to which personal information is sold or shared, when it is sensitive.",
        ),
        derived(
            "sensitive_words",
            TEXTS,
            "Words of its name, and values that its plan lists, that reveal something to those.",
        ),
        derived(
            "sensitive_unstated",
            TEXTS,
            "Its sensitive properties of which no purpose is declared, or an empty list.",
        ),
        derived("sensitive_unjustified", TEXTS, "Its sensitive properties whose list of purposes is empty."),
        derived("precise_location", TEXTS, "Its latitudes and longitudes that are precise, or that may be."),
        derived("location_known", Type::Bool, "It is known of one of them that it has two decimals or more."),
        derived("location_fine", Type::Bool, "One of them has three or more, or is as a phone gives it."),
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
        field("precision_decimals", Type::Int, "Decimals to which a latitude or longitude is rounded."),
        field(
            "transformation",
            Type::Choice(&["none", "hash", "hmac", "pseudonym", "mask", "round"]),
            "What is done to its values before they are sent.",
        ),
        field("incentive", Type::Bool, "Whether it belongs to a financial incentive (11 CCR § 7016)."),
        field(
            "consent",
            Type::Text,
            "Where consent to a purpose is recorded that the notice does not state (11 CCR § 7002(e)).",
        ),
        field("publicly_available", Type::Bool, "Whether it is publicly available (Cal. Civ. Code § 1798.140(v)(2))."),
        derived("event", Type::Text, "The event it belongs to."),
        derived("classes", Type::Classes, "The letters A to L it was taken for."),
        derived("sensitive", Type::Classes, "The sensitive classes it was taken for."),
        derived("personal", Type::Bool, "Whether it was taken for personal information."),
        derived("classified", Type::Bool, "Whether a declaration, a matcher or the lexicon knows it."),
        derived("classified_by", Type::Text, "What decided."),
        derived(
            "conflict",
            Type::Text,
            "The class that its name or its values tell for sure and its declaration, given without a reason, lacks.",
        ),
        derived("observed", Type::Text, "What its values look like in real events, by a profile."),
        derived("unplanned", Type::Bool, "It occurs in real events, by a profile, and no plan lists it."),
        derived("personal_in_url", Type::Text, "What it carries of a person in the query of an address."),
        derived("exempt", Type::Text, "The law that exempts all sources that send it."),
        derived("restricted", Type::Bool, "Whether it is a kind of data that must never be in an event stream."),
        derived("identifier_named", Type::Text, "The identifier of a person or device of which its name speaks."),
        derived("hash_named", Type::Bool, "Whether its name says that its values are hashed."),
        derived("undisclosed", Type::Classes, "Its classes that no notice lists."),
        derived("notice_declared", Type::Bool, "Whether any notice is declared that could list them."),
        derived("reaches", DESTINATIONS, "Active destinations that receive it."),
        derived("disclosed_to", DESTINATIONS, "Those to which personal information is sold or shared."),
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
        derived(
            "recipient_unstated",
            Type::Bool,
            "That the destination is a third party rests on a role or contract that is not declared.",
        ),
        derived("gated", Type::Bool, "The opt-out turns the destination off on every path."),
        derived("exempt", Type::Text, "The exemption declared for the destination."),
        derived("deidentified", Type::Bool, "Whether the destination is declared to hold deidentified data only."),
        derived("consumer_directed", Type::Bool, "Whether the consumer directs the disclosure."),
    ],
};
