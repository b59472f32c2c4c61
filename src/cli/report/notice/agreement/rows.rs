//! The differences, one function for each kind.

use super::{Difference, Rules, no_rule};
use crate::cli::report::document::{Cell, Line, Weight, cell, code, open, soft, text};
use crate::cli::report::facts::{Field, Recipient, SHOWN, class, in_a_row};
use crate::cli::report::notice::{listed, unclassified};
use crate::finding::{Finding, Label};
use crate::flow::{Standing, noticed, unlisted};
use crate::model::{ClassSet, Entity, Value, normal};
use crate::output::counted;
use crate::source::Span;
use std::collections::HashMap;

pub(super) fn all(rules: &Rules<'_, '_>) -> Vec<Difference> {
    let parts = [
        fields(rules),
        context(rules),
        destinations(rules),
        unstated_periods(rules),
        unnamed(rules),
        uncollected(rules),
        unsold(rules),
        named_for_nothing(rules),
    ];
    parts.into_iter().flatten().collect()
}

/// Classes that fields carry and no row of the notice lists.
fn fields(rules: &Rules<'_, '_>) -> Vec<Difference> {
    const RULE: &str = "ccpa/notice-category-undisclosed";
    let facts = rules.facts;
    let listed = noticed(facts.seen.map);
    let at: HashMap<Span, &Finding> = rules.findings(RULE).iter().map(|one| (one.primary.span, *one)).collect();
    let ran = facts.seen.ran(RULE);
    let mut found = Vec::new();
    for code in facts.codes() {
        let wanted = ClassSet::parse(code).unwrap_or_default();
        let lacks = |field: &&Field<'_>| {
            unlisted(field.taken.classes, listed).contains(wanted)
                && (!ran || at.contains_key(&field.property.path.span))
        };
        let lacking: Vec<&Field<'_>> = facts.fields(code).iter().filter(lacks).collect();
        let findings: Vec<&Finding> =
            lacking.iter().filter_map(|field| at.get(&field.property.path.span).copied()).collect();
        let Some((weight, check)) = rules.settle(RULE, &findings).filter(|_| !lacking.is_empty()) else { continue };
        let what = class(code).into_iter().chain([text("is collected, and no row of the notice lists it")]).collect();
        found.push(Difference { weight, what, flows: places(rules, &lacking), said: nothing_said(rules), check });
    }
    found
}

fn places(rules: &Rules<'_, '_>, fields: &[&Field<'_>]) -> Cell {
    let line = |field: &&Field<'_>| {
        let at = rules.facts.seen.at(field.property.path.span);
        vec![code(field.property.path.value.to_string()), text("of"), code(field.event.name.value.clone()), at]
    };
    let mut lines: Cell = fields.iter().take(SHOWN).map(line).collect();
    if fields.len() > SHOWN {
        lines.push(vec![soft(format!("and {}", counted(fields.len() - SHOWN, "more field", "more fields")))]);
    }
    lines
}

/// Where the notice would say something.
fn nothing_said(rules: &Rules<'_, '_>) -> Cell {
    match rules.facts.seen.map.model.notices.first() {
        Some(first) => cell([text("nothing; its rows begin at"), rules.facts.seen.at(first.id.span)]),
        None => cell([open("not declared: `notice.categories`")]),
    }
}

/// What goes out with every call and no row lists.
fn context(rules: &Rules<'_, '_>) -> Vec<Difference> {
    const RULE: &str = "ccpa/notice-context-undisclosed";
    let seen = rules.facts.seen;
    let sources = seen.map.model.sources.iter().zip(&seen.flow.sources);
    let one = |(source, facts): (&Entity, &crate::flow::Facts)| {
        let codes: Vec<&str> = facts.object.texts("context_undisclosed").map(|(code, _)| code).collect();
        let (weight, check) = rules.settle(RULE, &rules.on(RULE, source)).filter(|_| !codes.is_empty())?;
        let classes: ClassSet = codes.iter().filter_map(|code| ClassSet::parse(code)).collect();
        let what = vec![text(classes.describe()), text("goes out with every call, and no row of the notice lists it")];
        let flows = cell([code(seen.name(source)), seen.at(source.id.span)]);
        Some(Difference { weight, what, flows, said: nothing_said(rules), check })
    };
    sources.filter_map(one).collect()
}

/// What is derived of destinations, the rule that looks at it, and in what words.
const DERIVED: [(&str, &str, &str); 4] = [
    ("ccpa/notice-sale-share-mismatch", "notice_gap", "gets what is sold or shared, and the notice does not say so"),
    ("ccpa/incompatible-purpose", "incompatible", "uses data for a purpose that it was not collected for"),
    ("ccpa/store-exceeds-retention", "retention_gap", "and the periods of the notice"),
    ("ccpa/undeclared-destination", "undeclared", "is set up and not declared"),
];

fn destinations(rules: &Rules<'_, '_>) -> Vec<Difference> {
    let seen = rules.facts.seen;
    let of = |(rule, attribute, words): (&str, &'static str, &str)| -> Vec<Difference> {
        let all = seen.map.model.destinations.iter().zip(&seen.flow.destinations).enumerate();
        let one = |(index, (entity, facts)): (usize, (&Entity, &crate::flow::Facts))| {
            let found = facts.object.get(attribute).filter(|found| says(&found.value))?;
            let (mut weight, check) = rules.settle(rule, &rules.on(rule, entity))?;
            // A notice that denies a sale differs, whichever rules run.
            if attribute == "notice_gap" && !seen.ran(rule) && !facts.object.list("sale_denied").is_empty() {
                weight = Weight::Bad;
            }
            let what = vec![code(seen.name(entity)), text(words)];
            let mut flows = cell([code(seen.name(entity)), seen.at(entity.id.span)]);
            if !matches!(found.value, Value::Bool(_)) {
                flows.push(vec![text(found.value.display())]);
            }
            let (mut mine, said): (Vec<&Label>, Vec<&Label>) =
                facts.reasons(attribute).partition(|label| !is_of_notice(rules, label.span));
            mine.truncate(SHOWN);
            let line = |label: &&Label| vec![text(label.text.clone()), seen.at(label.span)];
            flows.extend(mine.iter().map(line));
            let mut said: Cell = said.iter().map(line).collect();
            if said.is_empty() {
                said = beside(rules, attribute, index);
            }
            Some(Difference { weight, what, flows, said, check })
        };
        all.filter_map(one).collect()
    };
    DERIVED.into_iter().flat_map(of).collect()
}

/// What the notice says beside a difference that rests on no line of it.
fn beside(rules: &Rules<'_, '_>, attribute: &str, to: usize) -> Cell {
    let seen = rules.facts.seen;
    if attribute == "undeclared" {
        return cell([open("not declared: an entry of `destinations`")]);
    }
    let received = seen.flow.reach.destinations[to].classes;
    let notices = seen.map.model.notices.iter().filter(|notice| !listed(notice).intersection(received).is_empty());
    let line = |notice: &Entity| {
        let name = [code(notice.id.value.clone()), text("for")];
        name.into_iter().chain(seen.declared(notice, "purposes")).collect()
    };
    notices.map(line).collect()
}

fn says(value: &Value) -> bool {
    match value {
        Value::Bool(value) => *value,
        Value::List(items) => !items.is_empty(),
        _ => true,
    }
}

/// Whether a place is one of the declared notice, or where the business says whether it sells.
fn is_of_notice(rules: &Rules<'_, '_>, span: Span) -> bool {
    let model = rules.facts.seen.map.model;
    let business = model.business.as_ref().and_then(|business| business.object.get("sells_or_shares"));
    let rows = model
        .notices
        .iter()
        .flat_map(|notice| std::iter::once(notice.id.span).chain(notice.object.entries().map(|(_, value)| value.span)));
    rows.chain(business.map(|found| found.span)).any(|place| place == span)
}

/// Rows of the notice without a period.
fn unstated_periods(rules: &Rules<'_, '_>) -> Vec<Difference> {
    const RULE: &str = "ccpa/retention-missing";
    let seen = rules.facts.seen;
    let one = |notice: &Entity| {
        let place = notice.object.get("retention").map(|found| found.span);
        let found: Vec<&Finding> = rules
            .on(RULE, notice)
            .into_iter()
            .filter(|finding| [Some(notice.id.span), place].contains(&Some(finding.primary.span)))
            .collect();
        if place.is_some() && found.is_empty() {
            return None;
        }
        let (weight, check) = rules.settle(RULE, &found)?;
        let what = vec![text("the notice gives no period for"), code(notice.id.value.clone())];
        Some(Difference { weight, what, flows: Vec::new(), said: vec![seen.declared(notice, "retention")], check })
    };
    seen.map.model.notices.iter().filter_map(one).collect()
}

/// Recipients that no row names which lists what they get.
fn unnamed(rules: &Rules<'_, '_>) -> Vec<Difference> {
    let seen = rules.facts.seen;
    let map = seen.map;
    if map.model.notices.is_empty() {
        return Vec::new();
    }
    let run_by = |at: usize| seen.flow.destinations[at].object.text("run_by");
    let is_named = |one: &Recipient<'_>, code: &str| {
        let wanted = ClassSet::parse(code).unwrap_or_default();
        let rows = map.model.notices.iter().zip(&map.links.notices);
        let kinds: Vec<String> = one.kinds(seen).iter().map(|kind| normal(kind)).collect();
        rows.filter(|(notice, _)| listed(notice).union(listed(notice).letters()).contains(wanted)).any(
            |(notice, links)| {
                let vendor = |at: usize| run_by(at).is_some() && run_by(at) == run_by(one.index);
                let by_kind = notice.object.texts("recipients").any(|(word, _)| kinds.contains(&normal(word)));
                by_kind || links.iter().any(|link| link.index == one.index || vendor(link.index))
            },
        )
    };
    let difference = |one: &Recipient<'_>| {
        let weight = match one.standing {
            Standing::Sold => Weight::Bad,
            Standing::Unsettled => Weight::Open,
            Standing::BusinessPurpose | Standing::Excluded => Weight::Soft,
            Standing::Own => return None,
        };
        let lacking: Vec<&str> = one.codes().filter(|code| !is_named(one, code)).collect();
        let whole = lacking.len() == one.codes().count();
        let words = if whole {
            "receives personal information, and no row of the notice names it".to_owned()
        } else {
            format!("is not named by a row of the notice for {}", lacking.join(", "))
        };
        let flows =
            cell([code(one.name), seen.at(one.entity.id.span), text(format!("receives {}", lacking.join(", ")))]);
        let what = vec![code(one.name), text(words)];
        (!lacking.is_empty()).then(|| Difference {
            weight,
            what,
            flows,
            said: naming(rules, &lacking),
            check: no_rule(),
        })
    };
    rules.facts.recipients.iter().filter_map(difference).collect()
}

/// Whom the rows name that list any of these classes.
fn naming(rules: &Rules<'_, '_>, codes: &[&str]) -> Cell {
    let seen = rules.facts.seen;
    let wanted: ClassSet = codes.iter().filter_map(|code| ClassSet::parse(code)).collect();
    let rows = seen.map.model.notices.iter().filter(|notice| !listed(notice).intersection(wanted).is_empty());
    let line = |notice: &Entity| {
        let names: Vec<&str> = notice.object.texts("recipients").map(|(name, _)| name).collect();
        let mut line: Line = vec![code(notice.id.value.clone()), text("names")];
        match notice.object.get("recipients") {
            Some(found) if names.is_empty() => line.extend([text("nobody"), seen.at(found.span)]),
            Some(found) => line.extend(in_a_row(&names).into_iter().chain([seen.at(found.span)])),
            None => line.extend([open("nobody: `recipients` is not declared"), seen.at(notice.id.span)]),
        }
        line
    };
    let lines: Cell = rows.map(line).collect();
    if lines.is_empty() { nothing_said(rules) } else { lines }
}

pub(super) fn information(what: Line, flows: Cell, said: Cell) -> Difference {
    Difference { weight: Weight::Soft, what, flows, said, check: no_rule() }
}

/// Classes that the notice lists and nothing collects.
fn uncollected(rules: &Rules<'_, '_>) -> Vec<Difference> {
    let seen = rules.facts.seen;
    let one = |notice: &Entity| {
        let idle = listed(notice).without(rules.facts.collected);
        let what =
            vec![text("the notice lists"), text(idle.describe()), text(", and"), unclassified::idle(rules.facts)];
        (!idle.is_empty())
            .then(|| information(what, Vec::new(), cell([code(notice.id.value.clone()), seen.at(notice.id.span)])))
    };
    seen.map.model.notices.iter().filter_map(one).collect()
}

/// Classes that the notice says are sold, and nothing sells.
fn unsold(rules: &Rules<'_, '_>) -> Vec<Difference> {
    let seen = rules.facts.seen;
    let one = |notice: &Entity| {
        let found = notice.object.get("sold_or_shared").filter(|found| found.value == Value::Bool(true))?;
        let kept: ClassSet = listed(notice)
            .each()
            .filter(|class| class.codes().all(|code| rules.facts.receiving(code, Standing::Sold).is_empty()))
            .collect();
        let what = vec![
            text("the notice says sold or shared of"),
            text(kept.describe()),
            text(", and of no recipient a sale or sharing is declared or presumed"),
        ];
        (!kept.is_empty()).then(|| information(what, Vec::new(), cell([code("true"), seen.at(found.span)])))
    };
    seen.map.model.notices.iter().filter_map(one).collect()
}

/// Recipients that the notice names for a class that does not get there.
fn named_for_nothing(rules: &Rules<'_, '_>) -> Vec<Difference> {
    let seen = rules.facts.seen;
    let map = seen.map;
    let mut found = Vec::new();
    for (notice, links) in map.model.notices.iter().zip(&map.links.notices) {
        for link in links {
            let entity = &map.model.destinations[link.index];
            let getting = rules.facts.recipients.iter().find(|one| one.index == link.index);
            let gets = getting.map_or(ClassSet::EMPTY, |one| one.classes);
            if !listed(notice).intersection(gets).is_empty() {
                continue;
            }
            let what = vec![
                text("the notice names"),
                code(seen.name(entity)),
                text("for"),
                code(notice.id.value.clone()),
                text(", and nothing that was read brings it there"),
            ];
            let flows = cell([code(seen.name(entity)), seen.at(entity.id.span)]);
            found.push(information(what, flows, cell([seen.at(link.span)])));
        }
    }
    found
}
