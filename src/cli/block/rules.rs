//! Which findings a filter can answer, and of the others why not.

/// What of a finding's subject must not reach a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The properties that carry the class of a disclosure to its destination.
    Disclosure,
    /// The properties on which this attribute of a destination rests.
    Attribute(&'static str),
    /// The event, or its properties, whose words tell something to who is sold to or shared with.
    Words,
    /// A property, kept from everyone that receives it.
    Property,
    /// The page of every call from a website.
    Page,
}

/// Rules whose findings are gone once data no longer reaches a destination.
pub(super) const ANSWERS: [(&str, Answer); 8] = [
    ("ccpa/spi-to-share-destination", Answer::Disclosure),
    ("ccpa/destination-overcollects", Answer::Attribute("overcollected")),
    ("ccpa/pii-in-url", Answer::Property),
    ("ccpa/sensitive-event-name", Answer::Words),
    ("ccpa/sensitive-page-context", Answer::Page),
    ("us-states/precise-geolocation-sale", Answer::Attribute("geolocation_sold")),
    ("us-states/sensitive-sale-banned", Answer::Attribute("sensitive_sold")),
    ("us-states/sensitive-without-opt-in", Answer::Attribute("sensitive_received")),
];

/// Rules about data that reaches somebody which no filter answers, and why.
pub(super) const UNANSWERED: [(&str, &str); 12] = [
    (
        "ccpa/restricted-field-collected",
        "it is collected at all, wherever it goes: remove it, or block it at the source (a filter acts after that)",
    ),
    (
        "ccpa/precise-geolocation",
        "the place may be sent once it is rounded; a filter would take it from services that need it, too",
    ),
    ("ccpa/incompatible-purpose", "it takes consent or notice for the purpose, or an end to the use"),
    ("ccpa/hashed-not-deidentified", "what the hash is declared as is wrong, wherever it goes"),
    ("ccpa/field-unclassified", "nothing says whether the field is personal"),
    ("ccpa/spi-purpose-unjustified", "a purpose of the sensitive data is missing"),
    ("ccpa/minor-share-without-optin", "whose data it is decides, and a filter of fields cannot tell ages"),
    ("ccpa/child-directed-source-shares", "all data of the source is concerned; take the recipient off it"),
    ("ccpa/share-destination-ungated", "visitors' choices must turn the destination off; a filter knows none"),
    ("ccpa/share-destination-essential", "visitors' choices must turn the destination off; a filter knows none"),
    ("ccpa/path-bypasses-consent", "visitors' choices must hold on every path; a filter knows none"),
    ("ccpa/vendor-multi-path-gap", "visitors' choices must hold on every path; a filter knows none"),
];

/// What is said of every other rule.
pub(super) const OTHERS: &str =
    "about what is declared, asked or switched, not about fields or events that reach a destination";

/// How a filter answers the findings of a rule.
pub(super) fn answer(rule: &str) -> Option<Answer> {
    ANSWERS.iter().find(|(known, _)| *known == rule).map(|(_, answer)| *answer)
}

/// Why no filter answers the findings of a rule.
pub(super) fn unanswered(rule: &str) -> &'static str {
    UNANSWERED.iter().find(|(known, _)| *known == rule).map_or(OTHERS, |(_, why)| why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_that_is_named_exists_and_is_named_once() {
        let rules = crate::policy::Rule::shipped();
        let names: Vec<&str> =
            ANSWERS.iter().map(|(rule, _)| *rule).chain(UNANSWERED.iter().map(|(rule, _)| *rule)).collect();
        for (at, name) in names.iter().enumerate() {
            assert!(rules.iter().any(|rule| rule.id == *name), "there is no rule {name}");
            assert!(!names[..at].contains(name), "{name} is named twice");
        }
    }
}
