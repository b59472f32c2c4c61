//! What needs a risk assessment, and what may need one.

use super::facts::{IN_FORCE, LEGACY_DUE};
use super::{Needing, named};
use crate::cli::report::document::{Cell, Document, cell, code, open, text};
use crate::cli::report::facts::{Facts, Recipient, class, evidence};
use crate::cli::report::seen::value;
use crate::flow::Standing;
use crate::model::{ClassSet, Entity};

/// What it is asked of a recipient that cannot be told to be a buyer or a service provider.
pub(super) const SALE: &str = "is it a sale or sharing? Then it needs one (11 CCR § 7150(b)(1))";

pub(super) fn write(facts: &Facts<'_>, needing: &[Needing<'_, '_>], document: &mut Document) {
    document.section("What needs a risk assessment");
    let tables = [recipients(facts, needing), sensitive(facts), decisions(facts), questions(facts, needing)];
    if tables.iter().all(|table| table.rows.is_empty()) {
        return document.say(
            "Of nothing that was read it follows that a risk assessment is needed (11 CCR § 7150(b)(1), (2), (3), (6)).",
        );
    }
    for table in tables.into_iter().filter(|table| !table.rows.is_empty()) {
        document.table(&table.caption, &table.head, table.rows, "");
    }
}

struct Overview {
    caption: String,
    head: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

fn recipients(facts: &Facts<'_>, needing: &[Needing<'_, '_>]) -> Overview {
    let row = |(one, reasons): &Needing<'_, '_>| {
        let why: Cell = reasons.iter().flatten().cloned().collect();
        let at = facts.seen.at(one.entity.id.span);
        let name = cell([code(named(facts, one)), at]);
        vec![name, why, super::facts::assessment(facts, one), super::facts::due(facts, one)]
    };
    Overview {
        caption:
            "Processing that needs a risk assessment as far as configuration tells, by 11 CCR § 7150(b)(1), (2), (6)"
                .to_owned(),
        head: vec!["Recipient", "Why", "Assessment", "Due"],
        rows: needing.iter().map(row).collect(),
    }
}

/// The sensitive classes that are collected; the letter where a field is declared as that alone.
pub(super) fn sensitive_codes(facts: &Facts<'_>) -> Vec<&'static str> {
    let is_sensitive =
        |code: &&str| *code == "L" || ClassSet::parse(code).is_some_and(|set| !set.sensitive().is_empty());
    facts.codes().filter(is_sensitive).collect()
}

/// What the business itself processes that is sensitive, whoever gets it.
fn sensitive(facts: &Facts<'_>) -> Overview {
    let row = |wanted: &'static str| {
        let mut from = evidence(facts, wanted);
        let fields = facts.fields(wanted);
        if !fields.is_empty() && fields.iter().all(crate::cli::report::facts::Field::is_similar) {
            from.push(vec![open("by a similar name only: is it?")]);
        }
        vec![cell(class(wanted)), from, stores(facts, wanted), covering(facts, wanted)]
    };
    Overview {
        caption: format!(
            "Sensitive personal information that the business itself processes: collecting, using and keeping it needs a risk \
             assessment, whoever receives it (11 CCR § 7150(b)(2)), before it begins, or by {LEGACY_DUE} where it began before \
             {IN_FORCE} (11 CCR §§ 7155(a)(1), 7155(b))"
        ),
        head: vec!["Category", "Evidence", "Where the business keeps it", "Assessments on record"],
        rows: sensitive_codes(facts).into_iter().map(row).collect(),
    }
}

fn stores(facts: &Facts<'_>, wanted: &str) -> Cell {
    let store = |one: &Recipient<'_>| vec![code(named(facts, one)), facts.seen.at(one.entity.id.span)];
    let lines: Cell = facts.receiving(wanted, Standing::Own).into_iter().map(store).collect();
    if lines.is_empty() { cell([open("in no store of its own that is declared")]) } else { lines }
}

/// Assessments that are declared at somebody who gets a class.
fn covering(facts: &Facts<'_>, wanted: &str) -> Cell {
    let class = ClassSet::parse(wanted).unwrap_or_default();
    let mut lines = Cell::new();
    for one in facts.recipients.iter().filter(|one| one.classes.contains(class)) {
        for (_, found) in super::facts::on_record(facts, one) {
            lines.push(vec![
                code(found.value.display()),
                text("of"),
                code(named(facts, one)),
                facts.seen.at(found.span),
            ]);
        }
    }
    lines.push(vec![if lines.is_empty() {
        open("not declared: `assessment.ref` of who gets it")
    } else {
        open("Does it cover collecting and keeping it, too?")
    }]);
    lines
}

/// Whether it is declared that technology makes a decision.
pub(super) fn is_automated(decision: &Entity) -> bool {
    decision.object.boolean("automated") == Some(true)
}

/// Significant decisions of which it is declared that technology makes them.
fn decisions(facts: &Facts<'_>) -> Overview {
    let seen = facts.seen;
    let row = |decision: &Entity| {
        let name = cell([code(decision.id.value.clone()), seen.at(decision.id.span)]);
        let line = |path| vec![seen.declared(decision, path)];
        vec![name, line("about"), line("notice_url"), line("optout_methods"), line("human_appeal")]
    };
    let automated = seen.map.model.decisions.iter().filter(|decision| is_automated(decision));
    Overview {
        caption:
            "Automated technology for a significant decision, which needs a risk assessment by 11 CCR § 7150(b)(3)"
                .to_owned(),
        head: vec!["Decision", "About", "Pre-use notice", "Opt-out", "Human appeal"],
        rows: automated.map(row).collect(),
    }
}

/// What may need one, as something is not declared.
fn questions(facts: &Facts<'_>, needing: &[Needing<'_, '_>]) -> Overview {
    let seen = facts.seen;
    let unsettled = |one: &&Recipient<'_>| {
        let among = needing.iter().any(|(other, _)| other.index == one.index);
        !among && matches!(one.standing, Standing::Unsettled | Standing::Sold)
    };
    let recipient = |one: &Recipient<'_>| {
        let at = seen.at(one.entity.id.span);
        let line = |word, path| std::iter::once(text(word)).chain(seen.declared(one.entity, path)).collect();
        let (mut known, question): (Cell, _) = match one.standing {
            Standing::Sold => {
                (Cell::new(), "is it one of your own, or is it sold or shared? Then it needs one (11 CCR § 7150(b)(1))")
            }
            _ => (vec![line("role:", "role"), line("contract:", "contract.ref")], SALE),
        };
        let stated = ["sells", "shares"].into_iter().filter_map(|path| Some((path, one.entity.object.get(path)?)));
        known
            .extend(stated.map(|(path, found)| vec![code(path), text("is"), value(&found.value), seen.at(found.span)]));
        let discloses = seen.flow.destinations[one.index].reasons("discloses");
        known.extend(discloses.map(|why| vec![text(why.text.clone()), seen.at(why.span)]));
        vec![cell([code(named(facts, one)), at]), known, cell([open(question)])]
    };
    let decision = |decision: &Entity| {
        let mut about = vec![text("about")];
        about.extend(seen.declared(decision, "about"));
        let known =
            vec![about, std::iter::once(text("automated:")).chain(seen.declared(decision, "automated")).collect()];
        let question = "is it automated? Then it needs one (11 CCR § 7150(b)(3))";
        vec![cell([code(decision.id.value.clone()), seen.at(decision.id.span)]), known, cell([open(question)])]
    };
    let silent = seen.map.model.decisions.iter().filter(|decision| decision.object.boolean("automated").is_none());
    let rows = facts.recipients.iter().filter(unsettled).map(recipient).chain(silent.map(decision)).collect();
    Overview {
        caption: "Processing that may need a risk assessment; what is not declared leaves it open".to_owned(),
        head: vec!["Recipient or decision", "What is known", "The question"],
        rows,
    }
}
