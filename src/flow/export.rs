//! Fields that the answer to a request to know must not give out (11 CCR § 7024(d)).

use super::{Facts, Map};
use crate::model::tokens::Tokens;
use crate::model::{ClassSet, Classification, Entity, Property, normal};

/// What must not be given out, and names that end in it.
const FORBIDDEN: [(&str, &[&str]); 7] = [
    ("social security number", &["ssn", "social security", "social security number"]),
    (
        "government identification number",
        &[
            "driver license",
            "driver s license",
            "driving license",
            "driver licence",
            "driving licence",
            "dl number",
            "passport",
            "state id",
            "state identification",
            "national id",
            "government id",
            "tax id",
            "itin",
            "alien registration",
        ],
    ),
    (
        "financial account number",
        &[
            "bank account",
            "bank account number",
            "financial account",
            "iban",
            "card number",
            "credit card number",
            "debit card number",
            "cc number",
        ],
    ),
    (
        "health insurance or medical identification number",
        &[
            "health insurance number",
            "health insurance id",
            "health insurance policy number",
            "insurance member id",
            "medical record number",
            "mrn",
            "medical id",
            "medical identification",
            "medicare number",
            "medicare id",
            "medicaid number",
            "medicaid id",
        ],
    ),
    ("account password", &["password", "passwd", "passphrase", "passcode"]),
    (
        "security question or answer",
        &["security question", "security answer", "secret question", "secret answer", "mother maiden name"],
    ),
    (
        "unique biometric data",
        &[
            "biometric",
            "biometric data",
            "biometric template",
            "fingerprint template",
            "face template",
            "faceprint",
            "face embedding",
            "voiceprint",
            "iris scan",
            "retina scan",
        ],
    ),
];

/// Words that may stand after such a name.
const QUALIFIERS: [&str; 5] = ["number", "no", "num", "id", "value"];
/// Words that tell that the field holds a part of it, or only speaks of it.
const PARTIAL: [&str; 14] = [
    "last",
    "masked",
    "mask",
    "redacted",
    "truncated",
    "partial",
    "hash",
    "hashed",
    "has",
    "is",
    "needs",
    "without",
    "invalid",
    "forgot",
];

/// Sets which of the declared fields of an export must not be given out.
pub(super) fn forbidden(map: Map<'_>, request: &Entity, facts: &mut Facts) {
    let mut found = Vec::new();
    for (field, place) in request.object.texts("export_fields") {
        if let Some(what) = named(field).or_else(|| classified(map, field)) {
            facts.because("export_forbidden", place, what);
            found.push(format!("`{field}` ({what})"));
        }
    }
    facts.texts("export_forbidden", found);
}

/// What a property holds that the answer to a request to know must not give out, told by its name, by that of an object
/// around it, or by its classes.
pub fn undisclosable(property: &Property, found: &Classification) -> Option<&'static str> {
    let done = property.declared.as_deref().and_then(|declared| declared.text("transformation"));
    if done == Some("mask") {
        return None;
    }
    let path = &property.path.value;
    let inside = path.match_indices('.').map(|(end, _)| &path[..end]);
    let by_name = inside.chain([path.as_ref()]).find_map(named);
    let holds = |code: &str| ClassSet::parse(code).is_some_and(|class| found.classes.contains(class));
    by_name
        .or_else(|| holds("1A").then_some(FORBIDDEN[1].0))
        .or_else(|| holds("1B").then_some("account log-in or financial account with its credentials"))
        .or_else(|| holds("2A").then_some(FORBIDDEN[6].0))
        .or_else(|| found.restricted.then_some("data that must never be in an event stream"))
}

/// What a name says that must not be given out.
fn named(field: &str) -> Option<&'static str> {
    let tokens = Tokens::of(field);
    let count = tokens.len();
    if (0..count).any(|at| PARTIAL.contains(&tokens.word(at))) {
        return None;
    }
    let bare = count.checked_sub(1).filter(|last| QUALIFIERS.contains(&tokens.word(*last)));
    let ends_in = |end: usize, phrase: &Tokens| {
        end.checked_sub(phrase.len()).is_some_and(|from| tokens.phrase(from, end) == phrase.whole())
    };
    let is = |phrase: &&str| {
        let phrase = Tokens::of(phrase);
        [Some(count), bare].into_iter().flatten().any(|end| ends_in(end, &phrase))
    };
    FORBIDDEN.iter().find(|(_, phrases)| phrases.iter().any(&is)).map(|(what, _)| *what)
}

/// What a field of this name is, by how properties of that name are classified.
fn classified(map: Map<'_>, field: &str) -> Option<&'static str> {
    let wanted = normal(field);
    let kinds = [("1A", FORBIDDEN[1].0), ("2A", FORBIDDEN[6].0)];
    let kinds = kinds.map(|(code, what)| (ClassSet::parse(code).unwrap_or_default(), what));
    map.model.events.iter().zip(map.classes).find_map(|(event, classes)| {
        event.properties.iter().zip(classes).find_map(|(property, found)| {
            let masked = property
                .declared
                .as_deref()
                .and_then(|declared| declared.text("transformation"))
                .is_some_and(|done| done == "mask");
            let same = !masked && (normal(property.name()) == wanted || normal(&property.path.value) == wanted);
            kinds.iter().find(|(class, _)| same && found.classes.contains(*class)).map(|(_, what)| *what)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn forbidden_fields_are_told_by_name() {
        for (field, what) in [
            ("ssn", "social security"),
            ("customer.social_security_number", "social security"),
            ("driversLicenseNumber", "government"),
            ("passport_no", "government"),
            ("bank_account_number", "financial"),
            ("creditCardNumber", "financial"),
            ("health-insurance-id", "health insurance"),
            ("MRN", "health insurance"),
            ("password", "password"),
            ("security_questions", "security question"),
            ("mothers_maiden_name", "security question"),
            ("voiceprint", "biometric"),
        ] {
            assert!(named(field).is_some_and(|found| found.contains(what)), "{field}: {:?}", named(field));
        }
    }

    #[test]
    fn masked_and_other_fields_are_not() {
        for field in [
            "ssn_last4",
            "last4_ssn",
            "card_last4",
            "card_brand",
            "password_updated_at",
            "has_password",
            "ssn_verified",
            "masked_card_number",
            "password_hash",
            "account_number",
            "email",
            "order_id",
            "passport_country",
            "phone_number",
            "fingerprint",
            "license_key",
            "state",
            "tax_rate",
            "health_insurance_provider",
            "session_id",
            "",
            "•",
        ] {
            assert_eq!(named(field), None, "{field}");
        }
    }
}
