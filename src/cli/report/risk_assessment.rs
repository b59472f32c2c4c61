//! `report risk-assessment`: per processing that needs an assessment, the facts of 11 CCR § 7152(a) that configuration knows,
//! and what people must still write.

mod facts;
mod open;

use super::document::{Cell, Document, cell, code, soft, text};
use super::facts::{Facts, Recipient, class, evidence};
use super::seen::Seen;

/// A purpose that trains technology (11 CCR § 7150(b)(6)).
const TRAINING: &str = "train_ai";

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
    let needing: Vec<(&Recipient<'_>, Vec<Cell>)> = facts
        .recipients
        .iter()
        .map(|one| (one, reasons(&facts, one)))
        .filter(|(_, reasons)| !reasons.is_empty())
        .collect();
    overview(&facts, &needing, &mut document);
    for (one, reasons) in &needing {
        document.section(format!("`{}`", one.name.replace('`', "'")));
        facts::write(&facts, one, reasons, &mut document);
        open::still_to_write(&facts, one, &mut document);
    }
    decisions(seen, &mut document);
    involved(&facts, &needing, &mut document);
    open::unknown(&mut document);
    document
}

/// Why giving data to a recipient needs an assessment: each reason with its places.
fn reasons(facts: &Facts<'_>, one: &Recipient<'_>) -> Vec<Cell> {
    let found = &facts.seen.flow.destinations[one.index];
    let sold = found.object.boolean("discloses") == Some(true);
    let mut sensitive = found.reasons("assessment_reasons");
    let told = found.object.texts("assessment_reasons").enumerate().map(|(at, (reason, _))| {
        // The sale stands first; every other reason has a field of its own.
        let (law, places) = if sold && at == 0 {
            ("11 CCR § 7150(b)(1)", found.reasons("discloses").map(|why| why.span).collect::<Vec<_>>())
        } else {
            ("11 CCR § 7150(b)(2)", sensitive.next().map(|why| why.span).into_iter().collect())
        };
        let mut line = vec![text(reason), soft(format!("({law})"))];
        line.extend(places.into_iter().map(|span| facts.seen.at(span)));
        vec![line]
    });
    let mut all: Vec<Cell> = told.collect();
    let trains = one.purposes.iter().filter(|(purpose, _)| purpose.to_lowercase().replace(['-', ' '], "_") == TRAINING);
    all.extend(trains.map(|(purpose, span)| {
        let question = "is it training of the technology that the paragraph lists? (11 CCR § 7150(b)(6))";
        vec![vec![code(purpose.clone()), super::document::open(question), facts.seen.at(*span)]]
    }));
    all
}

fn overview(facts: &Facts<'_>, needing: &[(&Recipient<'_>, Vec<Cell>)], document: &mut Document) {
    document.section("What needs a risk assessment");
    let row = |(one, reasons): &(&Recipient<'_>, Vec<Cell>)| {
        let why: Cell = reasons.iter().flatten().cloned().collect();
        let at = facts.seen.at(one.entity.id.span);
        vec![cell([code(one.name), at]), why, facts::assessment(facts, one), facts::due(facts, one)]
    };
    document.table(
        "Processing that needs a risk assessment as far as configuration tells, by 11 CCR § 7150(b)(1), (2), (6)",
        &["Recipient", "Why", "Assessment", "Due"],
        needing.iter().map(row).collect(),
        "Of nothing that was read it follows that a risk assessment is needed (11 CCR § 7150(b)(1), (2), (6)).",
    );
}

/// Significant decisions that technology makes.
fn decisions(seen: &Seen<'_>, document: &mut Document) {
    let automated =
        seen.map.model.decisions.iter().filter(|decision| decision.object.boolean("automated") != Some(false));
    let row = |decision: &crate::model::Entity| {
        let name = cell([code(decision.id.value.clone()), seen.at(decision.id.span)]);
        let line = |path| vec![seen.declared(decision, path)];
        vec![name, line("about"), line("automated"), line("notice_url"), line("optout_methods"), line("human_appeal")]
    };
    let rows: Vec<Vec<Cell>> = automated.map(row).collect();
    if !rows.is_empty() {
        document.section("Significant decisions");
        document.table(
            "Automated technology for a significant decision, which needs a risk assessment by 11 CCR § 7150(b)(3)",
            &["Decision", "About", "Automated", "Pre-use notice", "Opt-out", "Human appeal"],
            rows,
            "",
        );
    }
}

/// All categories that any of this involves, as a submission names them.
fn involved(facts: &Facts<'_>, needing: &[(&Recipient<'_>, Vec<Cell>)], document: &mut Document) {
    document.section("Categories involved");
    let all: crate::model::ClassSet = needing.iter().map(|(one, _)| one.classes).collect();
    let row = |code: &'static str| vec![cell(class(code)), evidence(facts, code)];
    document.table(
        "The categories that all of this involves, by the letters of the statute, for the submission of 11 CCR § 7157(b)(4); the \
         first one is due by 2028-04-01 (11 CCR § 7157(a))",
        &["Category", "Evidence"],
        all.codes().map(row).collect(),
        "No category is involved in processing that needs a risk assessment as far as configuration tells.",
    );
}
