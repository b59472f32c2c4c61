//! What configuration cannot know, and people must write.

use super::facts::on_record;
use super::retention::undeclared;
use crate::cli::report::document::{Document, Line, code, open, text};
use crate::cli::report::facts::{Facts, Recipient};
use crate::cli::report::seen::Seen;
use crate::output::counted;

/// Asks what a field holds that nothing classifies.
const UNCLASSIFIED: &str = "ccpa/field-unclassified";

/// What is left of an assessment whatever is declared.
const ALWAYS: [&str; 4] = [
    "the purpose in specific words of your own (11 CCR § 7152(a)(1)); the codes of a data map are not enough",
    "why each category, sensitive ones first, is the minimum that the purpose needs (11 CCR § 7152(a)(2), Cal. Civ. Code § 1798.100(c))",
    "how many consumers it is about, and what they are told and expect (11 CCR § 7152(a)(3))",
    "which safeguards there are besides configuration (11 CCR § 7152(a)(6))",
];

/// The list for one processing: what is always left, and what is not declared.
pub(super) fn still_to_write(facts: &Facts<'_>, one: &Recipient<'_>, document: &mut Document) {
    document.part("What people must still write");
    let mut points: Vec<Line> = ALWAYS.into_iter().map(|point| vec![text(point)]).collect();
    let seen = facts.seen;
    let missing = [
        ("role", "as whom the recipient gets it"),
        ("purposes", "what the recipient uses it for"),
        ("contract.ref", "the agreement with the recipient"),
        ("started_on", "since when it gets the data"),
    ];
    let at = || seen.at(one.entity.id.span);
    let lacking = missing.into_iter().filter(|(path, _)| one.entity.object.get(path).is_none());
    let mut lacking: Vec<(&str, String)> = lacking.map(|(path, what)| (path, what.to_owned())).collect();
    let unlimited: Vec<&str> = undeclared(seen, one);
    if !unlimited.is_empty() {
        lacking.push(("retention_days", format!("how long the recipient keeps {}", unlimited.join(", "))));
    }
    if on_record(facts, one).is_empty() {
        lacking.push(("assessment.ref", "where the assessment is found, once it is written".to_owned()));
    }
    points.extend(
        lacking
            .into_iter()
            .map(|(path, what)| vec![open("not declared:"), text(what), text("("), code(path), text(")"), at()]),
    );
    document.list(points);
}

/// What nothing in a data map tells.
pub(super) fn unknown(seen: &Seen<'_>, document: &mut Document) {
    document.section("What configuration cannot tell");
    let points = [
        "whether technology infers traits of applicants, students or workers by observing them (11 CCR § 7150(b)(4))",
        "whether traits are inferred from being in a sensitive location (11 CCR § 7150(b)(5))",
        "whether personal information is used to train technology that the paragraph lists, where no purpose `train_ai` is declared \
         (11 CCR § 7150(b)(6))",
        "what happens to the data outside of the files that were read",
    ];
    let mut points: Vec<Line> = points.into_iter().map(|point| vec![open(point)]).collect();
    let unclassified = seen.findings(UNCLASSIFIED).len();
    if unclassified > 0 {
        let fields = counted(unclassified, "field has", "fields have");
        points.push(vec![open(format!("whether anything else is sensitive: {fields} no class")), code(UNCLASSIFIED)]);
    }
    document.list(points);
}
