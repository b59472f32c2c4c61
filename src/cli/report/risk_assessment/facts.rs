//! What configuration knows of one processing, paragraph by paragraph.

use super::{named, retention};
use crate::cli::report::document::{Cell, Document, Line, bad, cell, code, open, soft, text};
use crate::cli::report::facts::{Facts, NAMED, Recipient, class, platform};
use crate::cli::report::seen::{standing, value};
use crate::cli::route::view::{Verdict, claim_name, display};
use crate::flow::route::paths;
use crate::model::{Entity, Located, Value};
use jiff::civil::Date;

/// Flows that were there before this day are assessed by [`LEGACY_DUE`] (11 CCR § 7155(b)).
pub(super) const IN_FORCE: &str = "2026-01-01";
pub(super) const LEGACY_DUE: &str = "2027-12-31";
/// A review is due after so many years (11 CCR § 7155(a)(2)).
const REVIEW_YEARS: i16 = 3;

pub(super) fn write(facts: &Facts<'_>, one: &Recipient<'_>, reasons: &[Cell], document: &mut Document) {
    let line = |paragraph: &'static str, what: &'static str, known: Cell| {
        vec![cell([text(what)]), known, cell([text(paragraph)])]
    };
    let rows = vec![
        line("11 CCR § 7150(b)", "Why it needs an assessment", reasons.iter().flatten().cloned().collect()),
        line("11 CCR § 7152(a)(1)", "Purpose", purpose(facts, one)),
        line("11 CCR § 7152(a)(2)", "Categories", categories(facts, one)),
        line("Cal. Civ. Code § 1798.100(c)", "Is it the minimum that the purpose needs?", minimum(facts, one)),
        line("11 CCR § 7152(a)(3)", "Sources, and how it is collected and gets there", ways(facts, one)),
        line("11 CCR § 7152(a)(3)", "Technology", technology(facts, one)),
        line("11 CCR § 7152(a)(3)", "Number of consumers", cell([open("not known from configuration")])),
        line("11 CCR § 7152(a)(3)", "Recipient, and as whom", recipient(facts, one)),
        line("11 CCR § 7152(a)(3)", "Disclosures to consumers", disclosures(facts)),
        line("11 CCR § 7152(a)(3)(B)", "Retention", retention::cell(facts, one)),
        line("11 CCR § 7152(a)(6)", "Safeguards in configuration", safeguards(facts, one)),
        line("11 CCR §§ 7155(a)(1), 7155(a)(2)", "Assessment on record", assessment(facts, one)),
        line("11 CCR §§ 7155(a)(2), 7155(a)(3), 7155(b)", "Due", due(facts, one)),
    ];
    document.table("What is known of it", &["Fact", "What is known", "Paragraph"], rows, "");
}

fn purpose(facts: &Facts<'_>, one: &Recipient<'_>) -> Cell {
    let mut lines: Cell =
        one.purposes.iter().map(|(purpose, span)| vec![code(purpose.clone()), facts.seen.at(*span)]).collect();
    lines.extend(one.categories.iter().map(|stated| {
        let mut line = stated.line();
        line.push(facts.seen.at(stated.place));
        line
    }));
    if one.purposes.is_empty() {
        lines.push(facts.seen.declared(one.entity, "purposes"));
    }
    lines.extend(one.doubt.clone());
    lines
}

fn categories(facts: &Facts<'_>, one: &Recipient<'_>) -> Cell {
    let of = |wanted: &'static str| {
        let mut lines: Cell = vec![class(wanted).into_iter().collect()];
        let carried = &facts.seen.flow.reach.destinations[one.index];
        match carried.witnesses.get(wanted) {
            Some(witness) => {
                let event = &facts.seen.map.model.events[witness.event];
                let property = &event.properties[witness.property];
                let name = code(property.path.value.to_string());
                let at = facts.seen.at(property.path.span);
                lines[0].extend([text(", such as"), name, text("of"), code(event.name.value.clone()), at]);
                if witness.similar {
                    lines[0].push(open("by a similar name only"));
                }
            }
            None => lines[0].push(text(", sent with every call")),
        }
        lines
    };
    one.codes().flat_map(of).collect()
}

/// What rules say of more data than the purpose needs, or of another purpose.
fn minimum(facts: &Facts<'_>, one: &Recipient<'_>) -> Cell {
    let found = &facts.seen.flow.destinations[one.index];
    let mut lines = Cell::new();
    for (rule, attribute) in
        [("ccpa/destination-overcollects", "overcollected"), ("ccpa/incompatible-purpose", "incompatible")]
    {
        let mine = facts.seen.findings(rule);
        let about = mine
            .iter()
            .find(|finding| finding.subject.kind == "destination" && finding.subject.id == one.entity.id.value);
        if let Some(finding) = about {
            let mut line = standing(finding);
            line.push(text(found.object.get(attribute).map_or_else(String::new, |value| value.value.display())));
            line.push(facts.seen.at(finding.primary.span));
            lines.push(line);
        }
    }
    let filters = one.entity.object.get("filters").map(|filters| {
        vec![text("filters keep back a part:"), code(filters.value.display()), facts.seen.at(filters.span)]
    });
    lines.extend(filters);
    lines.push(vec![open("Does the purpose need each of these categories? Only people can tell.")]);
    lines
}

fn ways(facts: &Facts<'_>, one: &Recipient<'_>) -> Cell {
    let seen = facts.seen;
    let way = |path: crate::flow::route::Path| match path.source.map(|source| &seen.map.model.sources[source]) {
        Some(source) => {
            let origin = match source.object.text("origin") {
                Some("third_party") => text(", obtained from others"),
                Some("first_party") => text(", from consumers"),
                _ => open("(`origin` is not declared: from consumers, or from others?)"),
            };
            vec![
                code(display(source)),
                text(format!("({}) by way of {}", platform(source), path.via.words())),
                origin,
                seen.at(source.id.span),
            ]
        }
        None => vec![open("not declared: the source (`sources`)"), text(format!("by way of {}", path.via.words()))],
    };
    paths(seen.map, &seen.flow.reach, one.index).into_iter().map(way).collect()
}

fn technology(facts: &Facts<'_>, one: &Recipient<'_>) -> Cell {
    let seen = facts.seen;
    let mut lines: Cell = vec![seen.declared(one.entity, "mode")];
    let known = &seen.flow.destinations[one.index].object;
    let kinds = one.kinds(seen);
    if let Some(vendor) = known.text("run_by") {
        lines.push(vec![text("run by"), code(vendor)]);
    }
    if !kinds.is_empty() {
        lines.push(vec![text(format!("in the catalogue under {}", kinds.join(", ")))]);
    }
    if let Some(consent) = seen.map.model.consents.first() {
        let mut line = vec![text("consent manager:")];
        line.extend(seen.declared(consent, "manager"));
        lines.push(line);
    }
    lines
}

fn recipient(facts: &Facts<'_>, one: &Recipient<'_>) -> Cell {
    let seen = facts.seen;
    let mut lines: Cell = vec![
        vec![code(named(facts, one)), seen.at(one.entity.id.span)],
        std::iter::once(text("role:")).chain(seen.declared(one.entity, "role")).collect(),
        std::iter::once(text("contract:")).chain(seen.declared(one.entity, "contract.ref")).collect(),
    ];
    let discloses = seen.flow.destinations[one.index].reasons("discloses");
    lines.extend(discloses.map(|why| vec![bad("sold or shared:"), text(why.text.clone()), seen.at(why.span)]));
    lines
}

/// Where consumers are told.
fn disclosures(facts: &Facts<'_>) -> Cell {
    let Some(business) = &facts.seen.map.model.business else {
        return cell([open("not declared: `business.links`")]);
    };
    let link = |(words, path)| std::iter::once(text(words)).chain(facts.seen.declared(business, path)).collect();
    [
        ("notice at collection:", "links.notice_at_collection.url"),
        ("privacy policy:", "links.privacy_policy.url"),
        ("opt-out:", "links.do_not_sell.url"),
        ("limit:", "links.limit_sensitive.url"),
    ]
    .into_iter()
    .map(link)
    .collect()
}

fn safeguards(facts: &Facts<'_>, one: &Recipient<'_>) -> Cell {
    let seen = facts.seen;
    let proof = |verdict: &Verdict<'_>| {
        let claim = text(format!("the {} stops it:", claim_name(verdict.claim)));
        std::iter::once(claim).chain(facts.outcome(verdict)).collect()
    };
    let mut lines: Cell = facts.proofs(one.index).map(proof).collect();
    let object = &one.entity.object;
    let declared = ["filters", "contract.terms", "deletion.via", "optout.propagation", "child_safe", "deidentified"];
    let set = declared.into_iter().filter_map(|path| Some((path, object.get(path)?)));
    lines.extend(
        set.map(|(path, found)| vec![code(path), text("is"), code(found.value.display()), seen.at(found.span)]),
    );
    lines.extend(transformed(facts, one));
    if lines.is_empty() {
        lines.push(vec![open("none is declared")]);
    }
    lines
}

/// What is done to the values of fields before they are sent to it.
fn transformed(facts: &Facts<'_>, one: &Recipient<'_>) -> Cell {
    let mut lines = Cell::new();
    for wanted in one.classes.codes() {
        for field in facts.fields(wanted) {
            let Some(done) = field.declared("transformation").filter(|done| *done != "none") else { continue };
            if lines.len() == NAMED || !facts.arrives(field, one.index) {
                continue;
            }
            let line = vec![
                code(field.property.path.value.to_string()),
                text("of"),
                code(field.event.name.value.clone()),
                text(format!("is sent as {done}")),
                facts.seen.at(field.property.path.span),
            ];
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    lines
}

/// The assessments that are declared of a recipient, at itself or at a consent category that lists it: each with who declares it.
pub(super) fn on_record<'f>(facts: &'f Facts<'_>, one: &'f Recipient<'_>) -> Vec<(&'f Entity, &'f Located<Value>)> {
    let map = facts.seen.map;
    let listing = map.model.categories.iter().zip(&map.links.categories);
    let categories =
        listing.filter(|(_, links)| links.iter().any(|link| link.index == one.index)).map(|(category, _)| category);
    let known = std::iter::once(one.entity).chain(categories);
    known.filter_map(|entity| Some((entity, entity.object.get("assessment.ref")?))).collect()
}

/// The assessment on record, and what `check` says of it.
pub(super) fn assessment(facts: &Facts<'_>, one: &Recipient<'_>) -> Cell {
    let seen = facts.seen;
    let mut lines = Cell::new();
    for (entity, _) in on_record(facts, one) {
        lines.push(seen.declared(entity, "assessment.ref"));
        lines.push(
            std::iter::once(text("reviewed on")).chain(seen.declared(entity, "assessment.reviewed_on")).collect(),
        );
    }
    if lines.is_empty() {
        lines.push(vec![open("not declared: `assessment.ref`"), seen.at(one.entity.id.span)]);
    }
    let findings = seen.findings("ccpa/risk-assessment-missing");
    let mine = findings.iter().find(|finding| finding.subject.id == one.entity.id.value);
    lines.extend(mine.map(|finding| standing(finding)));
    lines
}

/// When it is due, by what is declared of its start and its last review.
pub(super) fn due(facts: &Facts<'_>, one: &Recipient<'_>) -> Cell {
    let seen = facts.seen;
    let mut lines = Cell::new();
    let assessed = seen.flow.destinations[one.index].object.boolean("assessed") == Some(true);
    if !assessed {
        lines.push(first_due(facts, one));
    }
    let reviewed = seen.flow.destinations[one.index].object.text("assessment_reviewed_on");
    if let Some(next) = reviewed.and_then(next_review) {
        let past = next.as_str() < seen.report.as_of.as_str();
        let word = format!("next review by {next}");
        lines.push(vec![if past { bad(word) } else { text(word) }]);
    }
    lines.push(vec![soft("an update within 45 calendar days of a material change")]);
    lines
}

/// When an assessment that is not there is due.
fn first_due(facts: &Facts<'_>, one: &Recipient<'_>) -> Line {
    let seen = facts.seen;
    let today = seen.report.as_of.as_str();
    let weighed = |past: bool, words: String| if past { bad(words) } else { text(words) };
    let start = one.entity.object.get("started_on");
    let day = one.entity.object.text("started_on").filter(|day| day.parse::<Date>().is_ok());
    // Days compare as texts.
    match start.map(|start| (start, day)) {
        Some((start, Some(day))) if day < IN_FORCE => {
            let words = format!("by {LEGACY_DUE}, as it began before {IN_FORCE}:");
            vec![weighed(LEGACY_DUE < today, words), code(day), seen.at(start.span)]
        }
        Some((start, Some(day))) => {
            let began = day <= today;
            let words =
                if began { "was due before the processing began, on" } else { "before the processing begins, on" };
            vec![weighed(began, words.to_owned()), code(day), seen.at(start.span)]
        }
        Some((start, None)) => {
            let words = "Since when? It is declared in a way that cannot be read:";
            vec![open(words), value(&start.value), seen.at(start.span)]
        }
        None if LEGACY_DUE < today => vec![bad(format!("is past, whether it began before {IN_FORCE} or later"))],
        None => vec![open(format!(
            "Since when? Before it begins, or by {LEGACY_DUE} where it began before {IN_FORCE} (`started_on`)"
        ))],
    }
}

/// The day of the next review.
fn next_review(day: &str) -> Option<String> {
    let day: Date = day.parse().ok()?;
    let next = day.checked_add(jiff::Span::new().years(REVIEW_YEARS)).ok()?;
    Some(next.to_string())
}
