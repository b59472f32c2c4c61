//! Who receives personal information: by category of recipient, as the law wants it told, and each by name.

use super::left_out;
use crate::cli::report::document::{Cell, Document, Line, bad, cell, code, grouped, open, soft, text};
use crate::cli::report::facts::{Facts, Recipient, class, in_full, uses};
use crate::cli::report::seen::{standing, value};
use crate::flow::route::Claim;
use crate::flow::{Standing, denied_role, unread};
use crate::model::{Entity, Value};
use std::collections::BTreeSet;

/// A table of recipients in one standing.
struct Told {
    standing: Standing,
    title: &'static str,
    caption: &'static str,
    otherwise: &'static str,
}

const TOLD: [Told; 4] = [
    Told {
        standing: Standing::Sold,
        title: "To whom it is sold, or with whom it is shared",
        caption: "Categories sold or shared, by kind of third party, for Cal. Civ. Code §§ 1798.115, 1798.130(a)(5)(C), 11 CCR \
                  §§ 7011(e)(1)(D), 7011(e)(1)(E), 7011(e)(1)(F)",
        otherwise: "Of nobody who gets personal information today it is declared or presumed that it is sold to them or shared with \
                    them.",
    },
    Told {
        standing: Standing::BusinessPurpose,
        title: "To whom it is disclosed for a business purpose",
        caption: "Categories disclosed for a business purpose to service providers and contractors, by kind of recipient, for \
                  Cal. Civ. Code §§ 1798.115, 1798.130(a)(5)(C), 11 CCR § 7011(e)(1)(H)",
        otherwise: "Of nobody who gets personal information it is declared, with a contract that bears it out, that they are a service \
                    provider or contractor.",
    },
    Told {
        standing: Standing::Excluded,
        title: "Disclosures that are neither a sale nor sharing",
        caption: "Disclosures that the consumer directs, or that only tell of an opt-out (Cal. Civ. Code § 1798.140(ad)(2)(A), \
                  (ad)(2)(B), (ah)(2)(A), (ah)(2)(B))",
        otherwise: "",
    },
    Told {
        standing: Standing::Unsettled,
        title: "Recipients of whom it cannot be told",
        caption: "Who gets personal information and belongs in one of the two tables above: which of them, only people can tell \
                  (Cal. Civ. Code § 1798.140(ag), (j), (ai), 11 CCR § 7050(e))",
        otherwise: "Of everybody who gets personal information it is declared as whom.",
    },
];

/// The tables of recipients per category.
pub(super) fn by_category(facts: &Facts<'_>, document: &mut Document) {
    document.section("Recipients by category");
    if facts.recipients.is_empty() {
        return document.say(
            "Nobody who gets personal information is known, as no file that was read says who does (`destinations`): neither \
             whether it is sold or shared nor to whom it is disclosed can be told.",
        );
    }
    for told in TOLD {
        let rows = facts.codes().filter_map(|code| {
            let getting = facts.receiving(code, told.standing);
            let names: Vec<&str> = getting.iter().map(|one| one.name).collect();
            let all = || vec![cell(class(code)), kinds(facts, &getting), vec![in_full(&names)], uses(&getting)];
            (!getting.is_empty()).then(all)
        });
        let head = ["Category", "Kinds of recipients", "Recipients, for engineers", "Purposes"];
        let rows = grouped(rows.collect());
        if !rows.is_empty() || !told.otherwise.is_empty() {
            document.part(told.title);
            let torn = told.standing == Standing::Unsettled && facts.recipients.iter().any(contradicts);
            let otherwise = if torn {
                "Only recipients that declarations contradict each other on: see each of them."
            } else {
                told.otherwise
            };
            document.table(told.caption, &head, rows, otherwise);
        }
    }
}

/// Kinds of recipients, each once; those of whom none is known by name.
fn kinds(facts: &Facts<'_>, getting: &[&Recipient<'_>]) -> Cell {
    let known: BTreeSet<String> = getting
        .iter()
        .flat_map(|one| {
            let role = one.entity.object.text("role").filter(|_| one.standing == Standing::BusinessPurpose);
            let role = role.map(|role| format!(" ({})", role.replace('_', " "))).unwrap_or_default();
            one.kinds(facts.seen).into_iter().map(move |kind| format!("{kind}{role}"))
        })
        .collect();
    let mut cell: Cell = known.into_iter().map(|kind| vec![text(kind)]).collect();
    let unknown: Vec<&str> =
        getting.iter().filter(|one| one.kinds(facts.seen).is_empty()).map(|one| one.name).collect();
    if !unknown.is_empty() {
        let mut line = vec![open("not known, as the catalogue lacks them:")];
        line.extend(in_full(&unknown));
        cell.push(line);
    }
    cell
}

/// Every recipient, with the line of each fact.
pub(super) fn each(facts: &Facts<'_>, document: &mut Document) {
    document.part("Each recipient");
    let row = |one: &Recipient<'_>| {
        let at = facts.seen.at(one.entity.id.span);
        vec![
            cell([code(one.name), at]),
            as_whom(facts, one),
            cell([text(one.codes().collect::<Vec<_>>().join(", "))]),
            purposes(facts, one),
            opt_out(facts, one),
        ]
    };
    document.table(
        "Everybody who gets personal information, with the lines that say so",
        &["Recipient", "As whom", "Receives", "Purposes", "Does the opt-out stop it?"],
        facts.recipients.iter().map(row).collect(),
        "Nobody who gets personal information is known.",
    );
    document.list(left_out::lines(facts));
}

/// What `check` says of the contract that makes a recipient a service provider or contractor.
const CONTRACTS: [&str; 3] =
    ["ccpa/sp-contract-missing", "ccpa/contractor-not-certified", "ccpa/contract-terms-incomplete"];

/// Whether it is declared of a recipient that it gets a sale or sharing, and that the consumer directs it.
pub(super) fn contradicts(one: &Recipient<'_>) -> bool {
    one.standing == Standing::Excluded && claims_sale(one.entity)
}

fn claims_sale(entity: &Entity) -> bool {
    ["sells", "shares"].iter().any(|name| entity.object.boolean(name) == Some(true))
        || entity.object.texts("purposes").any(|(word, _)| crate::flow::is_disclosing(word))
}

fn as_whom(facts: &Facts<'_>, one: &Recipient<'_>) -> Cell {
    let mut cell: Cell = vec![role(facts, one)];
    let seen = facts.seen;
    let found = &seen.flow.destinations[one.index];
    match one.standing {
        Standing::Sold => {
            let reasons = found.reasons("discloses");
            cell.extend(reasons.map(|why| vec![bad("sold or shared:"), text(why.text.clone()), seen.at(why.span)]));
        }
        Standing::Own => cell.push(vec![soft("kept by the business itself")]),
        Standing::Excluded => {
            let directed = one.entity.object.get("consumer_directed").filter(|found| found.value == Value::Bool(true));
            let place = directed.map(|found| found.span).or_else(|| one.purposes.first().map(|(_, span)| *span));
            let words = if directed.is_some() { "the consumer directs it" } else { "it only learns of opt-outs" };
            cell.push(vec![
                soft("neither a sale nor sharing:"),
                text(words),
                seen.at(place.unwrap_or(one.entity.id.span)),
            ]);
            if contradicts(one) {
                cell.push(vec![open("It is declared as a sale or sharing as well. Which of the two is so?")]);
            }
        }
        Standing::BusinessPurpose => cell.push(seen.declared(one.entity, "contract.ref")),
        Standing::Unsettled => cell.extend(unsettled(facts, one)),
    }
    let contracts = CONTRACTS.iter().flat_map(|rule| seen.findings(rule));
    let mine = contracts
        .filter(|one_of| one_of.subject.kind == one.entity.kind.name && one_of.subject.id == one.entity.id.value);
    cell.extend(mine.map(|finding| {
        let mut line = standing(finding);
        line.push(seen.at(finding.primary.span));
        line
    }));
    cell
}

/// Why it cannot be told as whom a recipient gets the data.
fn unsettled(facts: &Facts<'_>, one: &Recipient<'_>) -> Cell {
    let seen = facts.seen;
    let found = &seen.flow.destinations[one.index];
    let mut cell = Cell::new();
    if found.object.boolean("presumed_third_party") == Some(true) {
        let reasons = found.reasons("presumed_third_party");
        cell.extend(
            reasons.map(|why| vec![open("presumed a third party:"), text(why.text.clone()), seen.at(why.span)]),
        );
    }
    let denied = denied_role(one.entity, found);
    cell.extend(denied.map(|why| vec![bad("not what it is declared as:"), text(why.text), seen.at(why.span)]));
    cell.extend(unread(one.entity).map(|(name, place)| vec![open("cannot be read:"), code(name), seen.at(place)]));
    cell.push(vec![open("Is it a sale, sharing, or a disclosure for a business purpose?")]);
    cell
}

fn role(facts: &Facts<'_>, one: &Recipient<'_>) -> Line {
    match one.entity.object.get("role") {
        Some(role) => match role.value {
            Value::Text(ref word) => vec![text(word.replace('_', " ")), facts.seen.at(role.span)],
            ref other => vec![value(other), facts.seen.at(role.span)],
        },
        None => vec![open("role not declared: `role`")],
    }
}

fn purposes(facts: &Facts<'_>, one: &Recipient<'_>) -> Cell {
    let mut lines: Cell =
        one.purposes.iter().map(|(purpose, span)| vec![code(purpose), facts.seen.at(*span)]).collect();
    lines.extend(one.categories.iter().map(|stated| {
        let mut line = stated.line();
        line.push(facts.seen.at(stated.place));
        line
    }));
    if one.purposes.is_empty() && one.standing != Standing::Own {
        lines.push(facts.seen.declared(one.entity, "purposes"));
    }
    lines.extend(one.doubt.clone());
    lines
}

/// Whether the opt-out stops what is sold to a recipient or shared with it.
fn opt_out(facts: &Facts<'_>, one: &Recipient<'_>) -> Cell {
    let proof = facts.proofs(one.index).find(|verdict| verdict.claim == Claim::OptOut);
    match (proof, one.standing) {
        (Some(proof), _) => vec![facts.outcome(proof)],
        (None, _) if contradicts(one) => {
            cell([open("cannot be told: a sale or sharing is declared, and that the consumer directs it")])
        }
        (None, Standing::Unsettled) => cell([open("cannot be told: it depends on as whom it gets the data")]),
        (None, _) => cell([soft("no sale to it and no sharing with it is declared or presumed")]),
    }
}
