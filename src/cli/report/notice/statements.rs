//! What a notice says besides its tables: minors, the opt-out signal, links, requests.

use super::left_out;
use super::recipients::contradicts;
use crate::cli::report::document::{Cell, Document, Line, bad, cell, code, open, soft, text};
use crate::cli::report::facts::{Facts, Recipient, class, evidence, in_full, platform};
use crate::cli::report::seen::{standing, value};
use crate::flow::{Standing, is_disclosing};
use crate::model::{ClassSet, Entity, Value};
use crate::output::counted;
use crate::source::Span;
use std::collections::BTreeSet;

/// Links, and where the law asks for them.
const LINKS: [(&str, &str, &str); 5] = [
    ("privacy_policy", "Privacy policy", "Cal. Civ. Code § 1798.130(a)(5), 11 CCR § 7011(e)(4)"),
    ("notice_at_collection", "Notice at collection", "11 CCR §§ 7012(c), 7012(f)"),
    ("do_not_sell", "Do Not Sell or Share My Personal Information", "Cal. Civ. Code § 1798.135(a)(1), 11 CCR § 7013"),
    (
        "limit_sensitive",
        "Limit the Use of My Sensitive Personal Information",
        "Cal. Civ. Code § 1798.135(a)(2), 11 CCR § 7014",
    ),
    ("financial_incentive", "Notice of financial incentive", "11 CCR § 7016"),
];

const REQUESTS: [(&str, &str); 5] = [
    ("opt_out", "11 CCR § 7026(a)"),
    ("limit", "11 CCR § 7027(b)"),
    ("know", "Cal. Civ. Code § 1798.130(a)(1)"),
    ("delete", "Cal. Civ. Code § 1798.130(a)(1)"),
    ("correct", "Cal. Civ. Code § 1798.130(a)(1)"),
];

pub(super) fn statements(facts: &Facts<'_>, document: &mut Document) {
    document.section("Statements");
    document.part("Sale and sharing");
    document.list(sale(facts));
    document.part("Consumers under 16");
    minors(facts, document);
    document.part("The opt-out preference signal");
    signal(facts, document);
    document.part("Links and requests");
    links(facts, document);
}

fn business<'a>(facts: &Facts<'a>) -> Option<&'a Entity> {
    facts.seen.map.model.business.as_ref()
}

fn sale(facts: &Facts<'_>) -> Vec<Line> {
    let count = facts.recipients.iter().filter(|one| one.standing == Standing::Sold).count();
    let open_ones = facts.recipients.iter().filter(|one| one.standing == Standing::Unsettled).count();
    let mut lines = vec![vec![text(match count {
        0 if facts.recipients.is_empty() => "Nobody who gets personal information is known, so that it cannot be told whether \
                                             it is sold or shared."
            .to_owned(),
        0 => "Of nobody who gets personal information today it is declared or presumed that it is sold to them or shared \
              with them."
            .to_owned(),
        count => {
            format!("Personal information is sold to or shared with {}.", counted(count, "recipient", "recipients"))
        }
    })]];
    if open_ones > 0 {
        let who = counted(open_ones, "recipient", "recipients");
        lines
            .push(vec![open(format!("Of {who} it cannot be told whether giving them the data is a sale or sharing."))]);
    }
    let torn = facts.recipients.iter().filter(|one| contradicts(one)).count();
    if torn > 0 {
        let who = counted(torn, "recipient", "recipients");
        lines.push(vec![open(format!(
            "Of {who} it is declared both that personal information is sold or shared and that the consumer directs it."
        ))]);
    }
    let declared = facts.codes().flat_map(|code| facts.fields(code)).filter_map(|field| {
        let declared = field.property.declared.as_ref()?;
        declared.texts("purposes").find(|(word, _)| is_disclosing(word)).map(|(_, place)| place)
    });
    let places: BTreeSet<Span> = declared.collect();
    if let Some(first) = places.first() {
        let what = counted(places.len(), "field is", "fields are");
        let words = format!("{what} declared as collected for a sale or for advertising across businesses:");
        lines.push(vec![open(words), facts.seen.at(*first)]);
    }
    let idle = left_out::sold(facts);
    if idle > 0 {
        let who = counted(idle, "destination that gets", "destinations that get");
        lines.push(vec![open(format!(
            "Of {who} nothing today it is declared or presumed that personal information is sold or shared. They stand below \
             the table of each recipient."
        ))]);
    }
    lines.push(match business(facts).and_then(|business| business.object.get("sells_or_shares")) {
        Some(found) => {
            let said = match found.value {
                Value::Bool(true) => text("The business says that it sells or shares:"),
                Value::Bool(false) => text("The business says that it neither sells nor shares:"),
                _ => open("Whether the business says that it sells or shares is not known:"),
            };
            vec![said, facts.seen.at(found.span)]
        }
        None => {
            vec![open("Whether the business says that it sells or shares is not declared: `business.sells_or_shares`")]
        }
    });
    lines
}

fn minors<'a>(facts: &Facts<'a>, document: &mut Document) {
    let seen = facts.seen;
    let row = |(index, source): (usize, &'a Entity)| {
        let names = disclosing(facts, index);
        let exempt = source.object.get("exempt");
        let feeds = match exempt {
            Some(law) => vec![soft(format!("not counted: exempt ({})", law.value.display())), seen.at(law.span)],
            None if names.is_empty() => vec![soft("nobody")],
            None => in_full(&names),
        };
        let mut audience: Cell = vec![seen.declared(source, "audience")];
        audience.extend(known_minors(facts, index));
        let mut gate = Cell::new();
        if !names.is_empty() && exempt.is_none() {
            gate.push(seen.declared(source, "minor_gate"));
        }
        gate.extend(unguarded(facts, source));
        vec![cell([code(seen.name(source)), text(platform(source))]), audience, vec![feeds], gate]
    };
    // What a store holds has no users.
    let visited = seen.map.model.sources.iter().enumerate();
    let visited = visited.filter(|(_, source)| source.object.text("platform") != Some("dataset"));
    document.table(
        "Whether personal information of consumers known to be under 16 is sold or shared, for Cal. Civ. Code §§ 1798.120(c), \
         1798.120(d), 11 CCR §§ 7070, 7071",
        &["Source", "Who uses it", "Sold to or shared with", "Kept back until they opt in by"],
        visited.map(row).collect(),
        "No source is declared, so it is not known who uses them (`sources[].audience`).",
    );
    if facts.collected.contains(ClassSet::parse("R4").unwrap_or_default()) {
        let mut lines = vec![[text("Fields are classified as")].into_iter().chain(class("R4")).collect()];
        lines.extend(evidence(facts, "R4"));
        document.list(lines);
    }
    document.say("The ages of consumers themselves are not known from configuration.");
}

/// To whom the data of a source is sold or with whom it is shared, by the names that tell them apart.
fn disclosing<'f>(facts: &'f Facts<'_>, index: usize) -> Vec<&'f str> {
    let told = facts.seen.flow.sources[index].object.texts("disclosing");
    let told: Vec<&str> = told.map(|(name, _)| name).collect();
    let paths = &facts.seen.flow.reach.paths;
    let fed = |one: &&Recipient<'_>| one.standing == Standing::Sold && paths[one.index].contains(&index);
    let apart: Vec<&str> = facts.recipients.iter().filter(fed).map(|one| one.name).collect();
    if apart.len() == told.len() { apart } else { told }
}

/// What tells that the users of a source are known to be under 16: declared as theirs or not.
fn known_minors(facts: &Facts<'_>, index: usize) -> Cell {
    let seen = facts.seen;
    let source = &seen.flow.sources[index];
    let mut lines: Cell = Vec::new();
    let reasons = source.reasons("minors_known").chain(source.reasons("minors_evidence"));
    lines.extend(
        source.reasons("minors_known").map(|why| vec![bad("known:"), text(why.text.clone()), seen.at(why.span)]),
    );
    let told: Vec<_> = reasons.map(|why| why.span).collect();
    if let Some(witness) = seen.flow.reach.sources[index].witnesses.get("R4").filter(|witness| !witness.similar) {
        let property = &seen.map.model.events[witness.event].properties[witness.property];
        if !told.contains(&property.path.span) {
            lines.push(vec![
                bad("known:"),
                code(property.path.value.to_string()),
                text("is data of consumers known to be under 16"),
                seen.at(property.path.span),
            ]);
        }
    }
    lines
}

/// What `check` finds of a source that minors use.
fn unguarded(facts: &Facts<'_>, source: &Entity) -> Cell {
    const RULES: [&str; 2] = ["ccpa/minor-share-without-optin", "ccpa/child-directed-source-shares"];
    let found = RULES.iter().flat_map(|rule| facts.seen.findings(rule));
    let mine = found.filter(|one| one.subject.kind == source.kind.name && one.subject.id == source.id.value);
    mine.map(|finding| {
        let mut line = standing(finding);
        line.push(facts.seen.at(finding.primary.span));
        line
    })
    .collect()
}

fn signal(facts: &Facts<'_>, document: &mut Document) {
    let seen = facts.seen;
    let row = |signal: &Entity| {
        let line = |path| vec![seen.declared(signal, path)];
        let name = cell([code(signal.id.value.clone()), seen.at(signal.id.span)]);
        vec![name, line("honored"), line("applies_to"), line("display_status")]
    };
    document.table(
        "How an opt-out preference signal is processed, for 11 CCR §§ 7011(e)(3)(F), 7025(b), 7025(c)(1), 7025(c)(6)",
        &["Signal", "Honored", "Counts for", "Consumers see that it was processed"],
        seen.map.model.signals.iter().map(row).collect(),
        "Not declared: whether an opt-out preference signal is honored (`signals.gpc`; 11 CCR §§ 7011(e)(3)(F), 7025(b)).",
    );
}

fn links(facts: &Facts<'_>, document: &mut Document) {
    let seen = facts.seen;
    let link = |(key, title, law): (&str, &str, &str)| {
        let found =
            business(facts).and_then(|business| business.object.get(&format!("links.{key}")).map(|at| (business, at)));
        let said: Cell = match found {
            Some((business, at)) => {
                let url = business.object.text(&format!("links.{key}.url"));
                let mut lines = vec![vec![url.map_or_else(|| open("address not declared"), code), seen.at(at.span)]];
                let dated = ["privacy_policy", "notice_at_collection", "financial_incentive"].contains(&key);
                if dated {
                    let date = business.object.get(&format!("links.{key}.updated_on"));
                    lines.push(match date {
                        Some(day) => vec![text("updated on"), code(day.value.display()), seen.at(day.span)],
                        None => vec![open(format!("not declared: day of its last update (`links.{key}.updated_on`)"))],
                    });
                }
                lines
            }
            None => cell([open(format!("not declared: `business.links.{key}`"))]),
        };
        let own = if key == "notice_at_collection" { own_notices(facts) } else { Cell::new() };
        let said: Cell = said.into_iter().chain(own).collect();
        vec![cell([text(title)]), said, cell([text(law)])]
    };
    document.table(
        "The links that consumers find",
        &["Link", "Declared", "Law"],
        LINKS.into_iter().map(link).collect(),
        "",
    );
    let request = |(name, law): (&str, &str)| {
        let found = seen.map.model.requests.iter().find(|request| request.id.value == name);
        let said: Cell = match found {
            Some(request) => vec![seen.declared(request, "methods")],
            None => cell([open(format!("not declared: `requests.{name}`"))]),
        };
        vec![cell([text(name.replace('_', " "))]), said, cell([text(law)])]
    };
    document.table(
        "How consumers ask",
        &["Request", "Methods", "Law"],
        REQUESTS.into_iter().map(request).collect(),
        "",
    );
}

/// The notices that sources have of their own.
fn own_notices(facts: &Facts<'_>) -> Cell {
    let own = facts.seen.map.model.sources.iter().filter_map(|source| {
        let found = source.object.get("notice_url")?;
        Some(vec![text("of"), code(facts.seen.name(source)), value(&found.value), facts.seen.at(found.span)])
    });
    own.collect()
}
