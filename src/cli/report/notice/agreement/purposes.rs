//! Purposes that no row of the notice states for a class that it lists (11 CCR § 7012(e)(2) asks for them by category).

use super::{Difference, Rules, no_rule};
use crate::cli::report::document::{Cell, Line, Weight, cell, code, soft, text};
use crate::cli::report::facts::{Facts, SHOWN};
use crate::cli::report::notice::listed;
use crate::flow::{Standing, is_disclosing, normal_purpose};
use crate::model::purposes::purpose;
use crate::model::{ClassSet, Entity};
use crate::output::counted;
use crate::source::Span;
use std::collections::BTreeMap;

/// How a purpose stands to those of the rows that list a class.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is advertising across businesses or a sale, and no row says so.
    Disclosing,
    /// It lies within none of theirs.
    Apart,
    /// One of the two is in words that cannot be compared.
    Unknown,
    /// It lies within one of theirs.
    Within,
}

/// How a purpose stands to the rows; none where one of them states it.
fn fit(word: &str, rows: &[&Entity]) -> Option<Fit> {
    let word = normal_purpose(word);
    let stated = rows.iter().flat_map(|notice| notice.object.texts("purposes"));
    let stated: Vec<String> = stated.map(|(text, _)| normal_purpose(text)).collect();
    if stated.contains(&word) {
        return None;
    }
    let known: Vec<_> = stated.iter().filter_map(|other| purpose(other)).collect();
    let wanted = purpose(&word);
    if wanted.is_some_and(|wanted| known.iter().any(|other| wanted.lies_within(other.name))) {
        return Some(Fit::Within);
    }
    Some(if is_disclosing(&word) {
        Fit::Disclosing
    } else if wanted.is_some() && !known.is_empty() && known.len() == stated.len() {
        Fit::Apart
    } else {
        Fit::Unknown
    })
}

/// The rows that list a class, themselves or by a sensitive class of its letter.
fn rows_of<'a>(facts: &Facts<'a>, wanted: &str) -> Vec<&'a Entity> {
    let class = ClassSet::parse(wanted).unwrap_or_default();
    let lists = |notice: &&Entity| listed(notice).union(listed(notice).letters()).contains(class);
    facts.seen.map.model.notices.iter().filter(lists).collect()
}

pub(super) fn all(rules: &Rules<'_, '_>) -> Vec<Difference> {
    let mut found = of_recipients(rules);
    found.extend(of_fields(rules));
    found
}

/// Purposes of recipients, for each class that they get.
fn of_recipients(rules: &Rules<'_, '_>) -> Vec<Difference> {
    let facts = rules.facts;
    let mut found = Vec::new();
    for one in facts.recipients.iter().filter(|one| one.standing != Standing::Own) {
        let told = !facts.seen.flow.destinations[one.index].object.list("incompatible").is_empty();
        for (word, span) in &one.purposes {
            let mut by_fit: BTreeMap<Fit, Vec<&'static str>> = BTreeMap::new();
            for code in one.codes() {
                let rows = rows_of(facts, code);
                // That none of its purposes fits a class is another difference.
                let none = || {
                    one.purposes.iter().all(|(word, _)| matches!(fit(word, &rows), Some(Fit::Apart | Fit::Disclosing)))
                };
                let fit = fit(word, &rows).filter(|_| !rows.is_empty());
                if let Some(fit) = fit.filter(|_| !(told && none())) {
                    by_fit.entry(fit).or_default().push(code);
                }
            }
            for (fit, codes) in by_fit {
                let what = vec![code(one.name), text("uses"), text(codes.join(", ")), text("for"), code(word)];
                let flows = cell([code(word), facts.seen.at(*span)]);
                found.push(difference(rules, fit, what, flows, &codes));
            }
        }
    }
    found
}

/// Fields that are declared for one purpose.
#[derive(Default)]
struct Declaring {
    codes: Vec<&'static str>,
    spans: Vec<Span>,
}

/// Purposes that are declared at fields.
fn of_fields(rules: &Rules<'_, '_>) -> Vec<Difference> {
    let facts = rules.facts;
    let mut places: BTreeMap<(Fit, String), Declaring> = BTreeMap::new();
    for code in facts.codes() {
        let rows = rows_of(facts, code);
        for field in facts.fields(code).iter().filter(|_| !rows.is_empty()) {
            let declared = field.property.declared.as_ref();
            for (word, span) in declared.into_iter().flat_map(|declared| declared.texts("purposes")) {
                let Some(fit) = fit(word, &rows) else { continue };
                let Declaring { codes, spans } = places.entry((fit, word.to_owned())).or_default();
                if !codes.contains(&code) {
                    codes.push(code);
                }
                if !spans.contains(&span) {
                    spans.push(span);
                }
            }
        }
    }
    let one = |((fit, word), Declaring { codes, spans }): ((Fit, String), Declaring)| {
        let count = counted(spans.len(), "field of", "fields of");
        let what = vec![text(count), text(codes.join(", ")), text("declared as collected for"), code(word)];
        let mut flows: Cell = spans.iter().take(SHOWN).map(|span| vec![facts.seen.at(*span)]).collect();
        if spans.len() > SHOWN {
            flows.push(vec![soft(format!("and {}", counted(spans.len() - SHOWN, "more field", "more fields")))]);
        }
        difference(rules, fit, what, flows, &codes)
    };
    places.into_iter().map(one).collect()
}

fn difference(rules: &Rules<'_, '_>, fit: Fit, mut what: Line, flows: Cell, codes: &[&str]) -> Difference {
    let them = if codes.len() > 1 { "them" } else { "it" };
    let (weight, words) = match fit {
        Fit::Disclosing => (
            Weight::Open,
            format!(", a sale or advertising across businesses, and no row of the notice states that for {them}"),
        ),
        Fit::Apart => (Weight::Open, format!(", which lies within no purpose that the notice states for {them}")),
        Fit::Unknown => (
            Weight::Open,
            format!(", which no row of the notice states for {them}; in these words it cannot be compared"),
        ),
        Fit::Within => (Weight::Soft, format!(", which lies within what the notice states for {them}")),
    };
    what.push(text(words));
    let mut rows: Vec<&Entity> = Vec::new();
    for row in codes.iter().flat_map(|code| rows_of(rules.facts, code)) {
        if !rows.iter().any(|known| known.id == row.id) {
            rows.push(row);
        }
    }
    let line = |notice: &Entity| -> Line {
        let name = [code(notice.id.value.clone()), text("for")];
        name.into_iter().chain(rules.facts.seen.declared(notice, "purposes")).collect()
    };
    Difference { weight, what, flows, said: rows.into_iter().map(line).collect(), check: no_rule() }
}
