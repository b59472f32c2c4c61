//! Who receives personal information: by category of recipient, as the law wants it told, and each by name.

use crate::cli::report::document::{Cell, Document, Line, bad, cell, code, open, soft, text};
use crate::cli::report::facts::{Facts, Recipient, class, in_a_row, uses};
use crate::cli::report::seen::value;
use crate::cli::route::view::display;
use crate::flow::Standing;
use crate::flow::route::Claim;
use crate::model::Value;
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
        otherwise: "Of nothing that was read it is declared or presumed that personal information is sold or shared.",
    },
    Told {
        standing: Standing::BusinessPurpose,
        title: "To whom it is disclosed for a business purpose",
        caption: "Categories disclosed for a business purpose to service providers and contractors, by kind of recipient, for \
                  Cal. Civ. Code §§ 1798.115, 1798.130(a)(5)(C), 11 CCR §§ 7011(e)(1)(H), 7011(e)(1)(J)",
        otherwise: "Nobody who gets personal information is declared as a service provider or contractor with a contract.",
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
    for told in TOLD {
        let rows = facts.codes().filter_map(|code| {
            let getting = facts.receiving(code, told.standing);
            let names: Vec<&str> = getting.iter().map(|one| one.name).collect();
            let all = || vec![cell(class(code)), kinds(facts, &getting), vec![in_a_row(&names)], uses(&getting)];
            (!getting.is_empty()).then(all)
        });
        let head = ["Category", "Kinds of recipients", "Recipients, for engineers", "Purposes"];
        let rows: Vec<Vec<Cell>> = rows.collect();
        if !rows.is_empty() || !told.otherwise.is_empty() {
            document.part(told.title);
            document.table(told.caption, &head, rows, told.otherwise);
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
        line.extend(in_a_row(&unknown));
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
    let left_out = facts.seen.map.model.destinations.iter().filter_map(|entity| {
        let exempt =
            entity.object.get("exempt").map(|law| (law.span, format!("its data is exempt ({})", law.value.display())));
        let deidentified = entity.object.get("deidentified").filter(|found| found.value == Value::Bool(true));
        let deidentified =
            deidentified.map(|found| (found.span, "it holds deidentified or aggregate data only".to_owned()));
        let (place, why) = exempt.or(deidentified)?;
        Some(vec![text("Not counted:"), code(display(entity)), text(format!(", as {why}")), facts.seen.at(place)])
    });
    document.list(left_out.collect());
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
            let directed = one.entity.object.get("consumer_directed");
            let place = directed.map(|found| found.span).or_else(|| one.purposes.first().map(|(_, span)| *span));
            let words = if directed.is_some() { "the consumer directs it" } else { "it only learns of opt-outs" };
            cell.push(vec![
                soft("neither a sale nor sharing:"),
                text(words),
                seen.at(place.unwrap_or(one.entity.id.span)),
            ]);
        }
        Standing::BusinessPurpose => cell.push(seen.declared(one.entity, "contract.ref")),
        Standing::Unsettled => {
            let reasons = found.reasons("presumed_third_party");
            cell.extend(
                reasons.map(|why| vec![open("presumed a third party:"), text(why.text.clone()), seen.at(why.span)]),
            );
            cell.push(vec![open("Is it a sale, sharing, or a disclosure for a business purpose?")]);
        }
    }
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
        (None, Standing::Unsettled) => cell([open("cannot be told: it depends on as whom it gets the data")]),
        (None, _) => cell([soft("no sale or sharing is declared or presumed")]),
    }
}
