//! All categories that any of this involves, as a submission names them.

use super::Needing;
use super::overview::{is_automated, sensitive_codes};
use crate::cli::report::document::{Cell, Document, cell, code, open, text};
use crate::cli::report::facts::{Facts, Field, class, evidence, few};
use crate::flow::in_every_call;
use crate::model::{ClassSet, Entity};

pub(super) fn write(facts: &Facts<'_>, needing: &[Needing<'_, '_>], document: &mut Document) {
    document.section("Categories involved");
    let own: ClassSet = sensitive_codes(facts).into_iter().filter_map(ClassSet::parse).collect();
    let all: ClassSet =
        needing.iter().map(|(one, _)| one.classes).collect::<ClassSet>().union(own.letters()).union(own);
    let row = |code: &'static str| {
        let from = match code {
            "L" if !all.sensitive().is_empty() => sensitive(all),
            code if own.contains(ClassSet::parse(code).unwrap_or_default()) => evidence(facts, code),
            code => brought(facts, needing, code),
        };
        vec![cell(class(code)), from]
    };
    document.table(
        "The categories that all of this involves, by the letters of the statute, for the submission of 11 CCR § 7157(b)(4); the \
         first one is due by 2028-04-01 (11 CCR § 7157(a))",
        &["Category", "Evidence"],
        all.codes().map(row).collect(),
        "Of no recipient and of no sensitive category it follows that a risk assessment is needed.",
    );
    if facts.seen.map.model.decisions.iter().any(is_automated) {
        document
            .list(vec![vec![open("Which categories do the significant decisions use? Configuration does not tell.")]]);
    }
}

/// The classes for which the letter stands.
fn sensitive(all: ClassSet) -> Cell {
    let mut line = vec![text("stands for")];
    for (at, one) in all.sensitive().codes().enumerate() {
        if at > 0 {
            line.push(text(","));
        }
        line.push(code(one));
    }
    vec![line]
}

/// What brings a class to those who call for an assessment.
fn brought(facts: &Facts<'_>, needing: &[Needing<'_, '_>], code: &'static str) -> Cell {
    let wanted = ClassSet::parse(code).unwrap_or_default();
    let arrives = |field: &&Field<'_>| needing.iter().any(|(one, _)| facts.arrives(field, one.index));
    let fields: Vec<&Field<'_>> = facts.fields(code).iter().filter(arrives).collect();
    let sources = facts.seen.map.model.sources.iter().enumerate();
    let feeds = |at: usize| needing.iter().any(|(one, _)| facts.seen.flow.reach.paths[one.index].contains(&at));
    let implied = sources.filter(|(at, source)| feeds(*at) && in_every_call(source).contains(wanted));
    let implied: Vec<&Entity> = implied.map(|(_, source)| source).collect();
    let lines = few(facts, &fields, &implied);
    if lines.is_empty() { cell([text("sent with every call")]) } else { lines }
}
