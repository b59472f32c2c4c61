//! How long each category is kept.

use crate::cli::report::document::{Cell, Document, bad, cell, code, open, soft, text};
use crate::cli::report::facts::{Facts, Recipient, class, in_full};
use crate::cli::report::seen::value;
use crate::flow::{is_retention_stated, kept, unread_period};
use crate::model::{ClassSet, Entity};
use crate::output::counted;

/// How long each category is kept.
pub(super) fn retention(facts: &Facts<'_>, document: &mut Document) {
    document.section("Retention");
    let row =
        |code: &'static str| vec![cell(class(code)), noticed(facts, code), longest(facts, code), unstated(facts, code)];
    document.table(
        "How long each category is kept, for Cal. Civ. Code § 1798.100(a)(3), 11 CCR § 7012(e)(4)",
        &["Category", "The declared notice", "Longest that is declared", "Not declared of"],
        facts.codes().map(row).collect(),
        &super::unclassified::none(facts, "personal information"),
    );
}

/// What each row of the notice that lists a class says of its retention.
fn noticed(facts: &Facts<'_>, wanted: &str) -> Cell {
    let class = ClassSet::parse(wanted).unwrap_or_default();
    let line = |notice: &Entity| {
        let mut line = facts.seen.declared(notice, "retention");
        let sensitive: Vec<&str> = notice.object.texts("spi").map(|(code, _)| code).collect();
        if class.sensitive().is_empty() && !sensitive.is_empty() {
            line.push(soft(format!("(a row that lists {}, too)", sensitive.join(", "))));
        }
        line
    };
    let rows = facts.seen.map.model.notices.iter().filter(|notice| super::lists(notice, class));
    let lines: Cell = rows.map(line).collect();
    if lines.is_empty() { cell([open("not declared: no row of `notice.categories` lists it")]) } else { lines }
}

fn longest(facts: &Facts<'_>, wanted: &str) -> Cell {
    let class = ClassSet::parse(wanted).unwrap_or_default();
    let getting = || facts.recipients.iter().filter(|one| one.classes.contains(class));
    let kept = getting().filter_map(|one| Some((kept(one.entity, wanted)?, one)));
    // Of those who keep it equally long the first one stands for all.
    let mut lines = match kept.max_by(|one, other| one.0.0.cmp(&other.0.0).then(other.1.index.cmp(&one.1.index))) {
        Some(((days, place), one)) => cell([
            text(counted(usize::try_from(days).unwrap_or(0), "day", "days")),
            code(one.name),
            facts.seen.at(place),
        ]),
        None => Cell::new(),
    };
    let unread = getting().filter_map(|one| Some((unread_period(one.entity, wanted)?, one)));
    lines.extend(unread.map(|((found, place), one)| {
        vec![
            bad("declared in a way that cannot be read:"),
            value(found),
            text("of"),
            code(one.name),
            facts.seen.at(place),
        ]
    }));
    if lines.is_empty() { cell([open("not declared")]) } else { lines }
}

fn unstated(facts: &Facts<'_>, wanted: &str) -> Cell {
    let class = ClassSet::parse(wanted).unwrap_or_default();
    let silent = |one: &&Recipient<'_>| {
        let keeps = one.entity.object.boolean("transient") != Some(true);
        one.classes.contains(class) && keeps && !is_retention_stated(one.entity, wanted)
    };
    let silent: Vec<&str> = facts.recipients.iter().filter(silent).map(|one| one.name).collect();
    if silent.is_empty() {
        return Vec::new();
    }
    let mut line = in_full(&silent);
    line.push(open("(`retention_days`, `ttl_days`)"));
    vec![line]
}
