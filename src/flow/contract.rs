//! What the agreement with a recipient lacks.

use super::Facts;
use crate::model::Entity;

/// What a contract with a service provider or contractor says: 11 CCR § 7051(a)(1)–(9), as numbered since 2026-01-01.
const OF_PROVIDERS: [&str; 9] = [
    "the ban on selling and sharing",
    "the specific business purposes",
    "the ban on other uses",
    "the ban on use outside the direct business relationship",
    "compliance with the statute and its level of protection",
    "the right to check how the data is used",
    "the duty to tell when it can no longer comply",
    "the right to stop and remedy unauthorized use",
    "help with consumer requests",
];
/// What an agreement with a third party says: 11 CCR § 7053(a)(1)–(6).
const OF_THIRD_PARTIES: [&str; 6] = [
    "the limited and specified purposes",
    "use for those purposes only",
    "compliance with the statute and its level of protection",
    "the right to check how the data is used",
    "the right to stop and remedy unauthorized use",
    "the duty to tell when it can no longer comply",
];

/// Sets `missing_terms`: only where terms are declared can one be missing.
pub(super) fn apply(entity: &Entity, facts: &mut Facts) {
    let Some(terms) = entity.object.get("contract.terms") else {
        facts.texts("missing_terms", Vec::<String>::new());
        return;
    };
    let found: Vec<usize> = entity.object.texts("contract.terms").filter_map(|(term, _)| paragraph(term)).collect();
    let provider = match (entity.object.text("contract.kind"), entity.object.text("role")) {
        (Some("service_provider" | "contractor"), _) => true,
        (Some("third_party"), _) => false,
        (_, role) => matches!(role, Some("service_provider" | "contractor")),
    };
    let (section, wanted): (&str, &[&str]) =
        if provider { ("§ 7051(a)", &OF_PROVIDERS) } else { ("§ 7053(a)", &OF_THIRD_PARTIES) };
    let missing = (1..).zip(wanted).filter(|(number, _)| !found.contains(number));
    facts.texts("missing_terms", missing.map(|(number, term)| format!("{term} ({section}({number}))")));
    facts.because("missing_terms", terms.span, "the terms that were found");
}

/// The number of a paragraph, be it written as `3`, `(3)` or `7051(a)(3)`.
fn paragraph(term: &str) -> Option<usize> {
    term.split(|c: char| !c.is_ascii_digit()).rfind(|part| !part.is_empty())?.parse().ok()
}
