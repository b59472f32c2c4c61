//! What the agreement with a recipient lacks.

use super::Facts;
use crate::model::{Entity, Value};

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

/// Sets `missing_terms`.
pub(super) fn apply(entity: &Entity, facts: &mut Facts) {
    let object = &entity.object;
    let framework = object.get("contract.framework");
    let mut missing = match object.get("contract.terms") {
        Some(terms) => {
            facts.because("missing_terms", terms.span, "the terms that were found");
            missing_paragraphs(entity)
        }
        None if framework.is_none() && object.get("contract.ref").is_some() => {
            vec!["a list of the terms that were found in it".to_owned()]
        }
        None => Vec::new(),
    };
    if let Some(framework) = framework.filter(|_| object.boolean("contract.signatory_verified") != Some(true)) {
        missing.push(format!("a verified signature under {}", framework.value.display()));
        facts.because("missing_terms", framework.span, "an industry framework");
    }
    facts.texts("missing_terms", missing);
}

fn missing_paragraphs(entity: &Entity) -> Vec<String> {
    let found = |number: i64| entity.object.list("contract.terms").iter().any(|term| term.value == Value::Int(number));
    let provider = match (entity.object.text("contract.kind"), entity.object.text("role")) {
        (Some("service_provider" | "contractor"), _) => true,
        (Some("third_party"), _) => false,
        (_, role) => matches!(role, Some("service_provider" | "contractor")),
    };
    let (section, wanted): (&str, &[&str]) =
        if provider { ("§ 7051(a)", &OF_PROVIDERS) } else { ("§ 7053(a)", &OF_THIRD_PARTIES) };
    let missing = (1..).zip(wanted).filter(|(number, _)| !found(*number));
    missing.map(|(number, term)| format!("{term} ({section}({number}))")).collect()
}
