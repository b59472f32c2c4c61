//! Tables per category of personal information: where it comes from, why, how long it is kept, and how sensitive it is.

use super::recipients::contradicts;
use super::unclassified;
use crate::cli::report::document::{Cell, Document, bad, cell, code, grouped, open, soft, text};
use crate::cli::report::facts::{Facts, Field, NAMED, Recipient, class, evidence, in_full, platform, uses};
use crate::flow::{Standing, is_disclosing};
use crate::model::ClassSet;
use crate::output::counted;
use std::collections::BTreeMap;

/// Where each category comes from.
pub(super) fn collected(facts: &Facts<'_>, document: &mut Document) {
    document.section("What is collected");
    let row = |one: ClassSet| {
        let code = one.codes().next().unwrap_or_default();
        vec![cell(class(code)), found(facts, code), sources(facts, code), evidence(facts, code)]
    };
    let letters = ClassSet::every()
        .letters()
        .each()
        .filter(|one| facts.codes().any(|code| code == "L") || one.codes().all(|code| code != "L"));
    document.table(
        "Categories of personal information in the terms of Cal. Civ. Code § 1798.140(v)(1) and where they come from, for Cal. \
         Civ. Code §§ 1798.100(a)(1), 1798.110, 1798.130(a)(5), 1798.130(c), 11 CCR §§ 7011(e)(1)(A), 7012(e)(1)",
        &["Category", "Collected", "Sources of collection", "Evidence"],
        letters.map(row).collect(),
        "",
    );
    let sensitive = facts.collected.sensitive();
    document.table(
        "Categories of sensitive personal information in the terms of Cal. Civ. Code § 1798.140(ae) and 11 CCR § 7001(bbb)(4), \
         for Cal. Civ. Code § 1798.100(a)(2), 11 CCR § 7012(e)(1)",
        &["Category", "Collected", "Sources of collection", "Evidence"],
        sensitive.each().map(row).collect(),
        &unclassified::none(facts, "sensitive personal information (Cal. Civ. Code § 1798.140(ae))"),
    );
    let exempt = facts.seen.map.model.sources.iter().filter_map(|source| {
        let law = source.object.get("exempt")?;
        let name = code(facts.seen.name(source));
        Some(vec![
            text("Not counted: source"),
            name,
            text(format!("({})", law.value.display())),
            facts.seen.at(law.span),
        ])
    });
    document.list(exempt.collect());
    document.list(unclassified::lines(facts));
    if facts.seen.map.model.sources.len() > NAMED {
        each_source(facts, document);
    }
}

/// Every source, where there are too many for the cells of a class.
fn each_source(facts: &Facts<'_>, document: &mut Document) {
    document.part("Each source");
    let row = |(index, source): (usize, _)| {
        let classes = facts.seen.flow.reach.sources[index].classes;
        let codes: Vec<&str> = classes.union(classes.letters()).codes().filter(|code| *code != "L").collect();
        let name = crate::cli::report::document::code(facts.seen.name(source));
        vec![
            cell([name, facts.seen.at(source.id.span)]),
            cell([text(platform(source))]),
            cell([text(codes.join(", "))]),
        ]
    };
    document.table(
        "Every source, with the categories that it collects",
        &["Source", "What it is", "Collects"],
        facts.seen.map.model.sources.iter().enumerate().map(row).collect(),
        "",
    );
}

fn found(facts: &Facts<'_>, code: &str) -> Cell {
    let class = ClassSet::parse(code).unwrap_or_default();
    let fields = facts.fields(code);
    if !facts.collected.contains(class) {
        return cell([unclassified::idle(facts)]);
    }
    let implied = facts.implied(code).next().is_some();
    if !implied && !fields.is_empty() && fields.iter().all(Field::is_similar) {
        return cell([open("presumed: it rests on similar names only")]);
    }
    cell([text("yes")])
}

fn sources(facts: &Facts<'_>, code: &str) -> Cell {
    let class = ClassSet::parse(code).unwrap_or_default();
    let line = |source| {
        let mut line = vec![crate::cli::report::document::code(facts.seen.name(source)), text(platform(source))];
        if source.object.text("origin") == Some("third_party") {
            line.push(text(", obtained from others"));
        }
        if source.object.boolean("enabled") == Some(false) {
            line.push(soft("(switched off)"));
        }
        line.push(facts.seen.at(source.id.span));
        line
    };
    let mut lines: Cell = facts.sources(code).take(NAMED).map(line).collect();
    let more = facts.sources(code).count().saturating_sub(NAMED);
    if more > 0 {
        lines.push(vec![soft(format!("and {more} more, each of which stands in the table of sources"))]);
    }
    if lines.is_empty() && facts.collected.contains(class) {
        return cell([open("not declared: the source (`sources`)")]);
    }
    lines
}

/// Purposes, sale and sharing of each category that is collected.
pub(super) fn purposes(facts: &Facts<'_>, document: &mut Document) {
    document.section("Purposes, and sale or sharing");
    let row = |code: &'static str| vec![cell(class(code)), used_for(facts, code), sold(facts, code)];
    document.table(
        "What each category is used for and whether it is sold or shared, for Cal. Civ. Code § 1798.100(a)(1), 11 CCR §§ \
         7011(e)(1)(C), 7012(e)(2), 7012(e)(3)",
        &["Category", "Purposes", "Sold or shared"],
        grouped(facts.codes().map(row).collect()),
        &unclassified::none(facts, "personal information"),
    );
}

/// What those who get a class use it for.
fn used_for(facts: &Facts<'_>, code: &str) -> Cell {
    let class = ClassSet::parse(code).unwrap_or_default();
    let getting: Vec<&Recipient<'_>> = facts.recipients.iter().filter(|one| one.classes.contains(class)).collect();
    let mut cell = uses(&getting);
    let mut own: BTreeMap<&str, usize> = BTreeMap::new();
    for field in facts.fields(code) {
        let declared = field.property.declared.as_ref();
        declared
            .into_iter()
            .flat_map(|one| one.texts("purposes"))
            .for_each(|(text, _)| *own.entry(text).or_default() += 1);
    }
    let declared = |(purpose, count)| {
        vec![
            crate::cli::report::document::code(purpose),
            text(format!("(declared at {})", counted(count, "field", "fields"))),
        ]
    };
    cell.extend(own.into_iter().map(declared));
    if cell.is_empty() {
        cell.push(vec![open("not declared: nobody who gets it is known")]);
    }
    cell
}

fn sold(facts: &Facts<'_>, code: &str) -> Cell {
    let line = |standing: Standing, presumed: Option<bool>| -> Vec<&str> {
        let of = |one: &&Recipient<'_>| {
            let stated = facts.seen.flow.destinations[one.index].object.boolean("presumed_shares");
            presumed.is_none_or(|presumed| (stated == Some(true)) == presumed)
        };
        facts.receiving(code, standing).into_iter().filter(of).map(|one| one.name).collect()
    };
    let said = [
        (bad("yes, to"), line(Standing::Sold, Some(false))),
        (bad("presumed from the catalogue, to"), line(Standing::Sold, Some(true))),
        (open("cannot be told of"), line(Standing::Unsettled, None)),
    ];
    let filled = said.into_iter().filter(|(_, names)| !names.is_empty());
    let mut cell: Cell = filled.map(|(word, names)| std::iter::once(word).chain(in_full(&names)).collect()).collect();
    let getting = facts.receiving(code, Standing::Excluded);
    let torn: Vec<&str> = getting.into_iter().filter(|one| contradicts(one)).map(|one| one.name).collect();
    if !torn.is_empty() {
        let words = open("declared as sold or shared, and as directed by the consumer:");
        cell.push(std::iter::once(words).chain(in_full(&torn)).collect());
    }
    cell.extend(sold_by_field(facts, code));
    let class = ClassSet::parse(code).unwrap_or_default();
    if cell.is_empty() {
        let known = facts.recipients.iter().any(|one| one.classes.contains(class));
        cell.push(vec![match known {
            true => soft("no sale or sharing is declared or presumed"),
            false => open("cannot be told: nobody who gets it is known"),
        }]);
    }
    let rows = facts.seen.map.model.notices.iter().filter(|notice| super::lists(notice, class));
    cell.extend(rows.map(|notice| {
        let said = facts.seen.declared(notice, "sold_or_shared");
        std::iter::once(text("the notice says:")).chain(said).collect()
    }));
    cell
}

/// Fields that are declared as collected for a sale, or for advertising across businesses.
fn sold_by_field(facts: &Facts<'_>, code: &str) -> Option<Vec<crate::cli::report::document::Word>> {
    let places = facts.fields(code).iter().filter_map(|field| {
        let declared = field.property.declared.as_ref()?;
        declared.texts("purposes").find(|(word, _)| is_disclosing(word))
    });
    let places: Vec<_> = places.collect();
    let (word, place) = places.first()?;
    let count = counted(places.len(), "field is", "fields are");
    Some(vec![
        open(format!("{count} declared as collected for it:")),
        crate::cli::report::document::code(*word),
        facts.seen.at(*place),
    ])
}

/// What sensitive data is used for, beyond what the right to limit leaves free.
pub(super) fn sensitive(facts: &Facts<'_>, document: &mut Document) {
    document.section("Sensitive personal information");
    let row = |code: &'static str| {
        let wanted = ClassSet::parse(code).unwrap_or_default();
        let getting = facts.recipients.iter().filter(|one| one.classes.contains(wanted));
        let who: Vec<&str> = getting.map(|one| one.name).collect();
        let who = if who.is_empty() { cell([soft("nobody")]) } else { vec![in_full(&who)] };
        vec![cell(class(code)), evidence(facts, code), who, within(facts, code)]
    };
    document.table(
        "Whether sensitive personal information is used for more than 11 CCR § 7027(m) lists, for Cal. Civ. Code § 1798.121, 11 \
         CCR § 7011(e)(1)(J)",
        &["Category", "Evidence", "Recipients", "Use within § 7027(m)"],
        facts.collected.sensitive().codes().map(row).collect(),
        &unclassified::none(facts, "sensitive personal information"),
    );
}

fn within(facts: &Facts<'_>, wanted: &str) -> Cell {
    let mut declared: BTreeMap<&str, usize> = BTreeMap::new();
    let mut silent = Vec::new();
    for field in facts.fields(wanted) {
        match field.declared("limit_exempt") {
            Some(code) => *declared.entry(code).or_default() += 1,
            None => silent.push(field),
        }
    }
    let line = |(code, count): (&str, usize)| {
        let paragraph = code.trim_start_matches('m');
        vec![text(format!("declared at {}: § 7027(m)({paragraph})", counted(count, "field", "fields")))]
    };
    let mut lines: Cell = declared.into_iter().map(line).collect();
    if let Some(first) = silent.first() {
        let what = counted(silent.len(), "field", "fields");
        lines.push(vec![
            open(format!("not declared of {what} (`limit_exempt`), such as")),
            facts.seen.at(first.property.path.span),
        ]);
    }
    lines
}
