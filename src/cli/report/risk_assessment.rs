//! `report risk-assessment`: per processing that needs an assessment, the facts of 11 CCR § 7152(a) that configuration knows,
//! and what people must still write.

mod facts;
mod involved;
mod open;
mod overview;
mod retention;

use super::document::{Cell, Document, cell, code, open, soft, text};
use super::facts::{Facts, Recipient};
use super::seen::Seen;
use crate::flow::Standing;
use crate::source::Span;

/// A purpose that trains technology (11 CCR § 7150(b)(6)).
const TRAINING: &str = "train_ai";

/// A recipient that calls for an assessment, and why.
type Needing<'f, 'a> = (&'f Recipient<'a>, Vec<Cell>);

pub(super) fn make(seen: &Seen<'_>) -> Document {
    let name = seen.map.model.business.as_ref().and_then(|business| business.object.text("name"));
    let title = name.map_or_else(
        || "Facts for risk assessments".to_owned(),
        |name| format!("Facts for risk assessments of {name}"),
    );
    let mut document = Document::new(title);
    seen.opening(
        "These are facts for the people who write risk assessments (11 CCR §§ 7152(a)(1), 7152(a)(2), 7152(a)(3))",
        &mut document,
    );
    let facts = Facts::of(seen);
    let needing: Vec<Needing<'_, '_>> = facts
        .recipients
        .iter()
        .map(|one| (one, reasons(&facts, one)))
        .filter(|(_, reasons)| !reasons.is_empty())
        .collect();
    overview::write(&facts, &needing, &mut document);
    for (one, reasons) in &needing {
        document.section(format!("`{}`", named(&facts, one).replace('`', "'")));
        facts::write(&facts, one, reasons, &mut document);
        open::still_to_write(&facts, one, &mut document);
    }
    involved::write(&facts, &needing, &mut document);
    open::unknown(seen, &mut document);
    document
}

/// The name of a recipient, with its id where another one is called the same.
fn named(facts: &Facts<'_>, one: &Recipient<'_>) -> String {
    let same = |other: &Recipient<'_>| other.index != one.index && other.name == one.name;
    match facts.recipients.iter().any(same) {
        true => format!("{} ({})", one.name, one.entity.id.value),
        false => one.name.to_owned(),
    }
}

/// Why giving data to a recipient needs an assessment, or may need one where something else does already: each reason with its
/// places.
fn reasons(facts: &Facts<'_>, one: &Recipient<'_>) -> Vec<Cell> {
    let mut all = told(facts, one);
    if !all.is_empty() && one.standing == Standing::Unsettled {
        all.push(cell([open(overview::SALE)]));
    }
    let trains = one.purposes.iter().filter(|(purpose, _)| purpose.to_lowercase().replace(['-', ' '], "_") == TRAINING);
    all.extend(trains.map(|(purpose, span)| {
        let question = "is it training of the technology that the paragraph lists? (11 CCR § 7150(b)(6))";
        vec![vec![code(purpose.clone()), open(question), facts.seen.at(*span)]]
    }));
    all
}

/// What `check` says of why it needs one, too.
fn told(facts: &Facts<'_>, one: &Recipient<'_>) -> Vec<Cell> {
    // The rule is silent there: what the consumer directs is no disclosure by the business.
    if one.entity.object.boolean("consumer_directed") == Some(true) {
        return Vec::new();
    }
    let found = &facts.seen.flow.destinations[one.index];
    let sold = found.object.boolean("discloses") == Some(true);
    let mut sensitive = found.reasons("assessment_reasons");
    let line = |(at, (reason, _)): (usize, (&str, Span))| {
        // The sale stands first; every other reason has a field of its own.
        let (law, places) = if sold && at == 0 {
            ("11 CCR § 7150(b)(1)", found.reasons("discloses").map(|why| why.span).collect::<Vec<_>>())
        } else {
            ("11 CCR § 7150(b)(2)", sensitive.next().map(|why| why.span).into_iter().collect())
        };
        let mut line = vec![text(reason), soft(format!("({law})"))];
        line.extend(places.into_iter().map(|span| facts.seen.at(span)));
        vec![line]
    };
    found.object.texts("assessment_reasons").enumerate().map(line).collect()
}
