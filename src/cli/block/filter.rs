//! Destination filters, whatever they are written in, and the words beside them.

use super::field::Fields;
use super::plan::{Block, Held, Look, Plan};
use super::rules::OTHERS;
use crate::output::{Where, counted, printable};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// What page calls have among their properties (Segment documentation, Spec: Page).
const PAGE: [&str; 5] = ["path", "referrer", "search", "title", "url"];

/// One destination filter.
pub(super) struct Filter {
    /// A word for its name.
    pub(super) kind: &'static str,
    pub(super) title: String,
    /// Its condition, in Segment's filter query language.
    pub(super) when: String,
    /// The properties that are dropped; whole events are where there are none.
    pub(super) fields: Fields,
}

/// The filters of a block.
pub(super) fn filters(look: Look<'_>, block: &Block) -> Vec<Filter> {
    let name = printable(look.name(block.to));
    let mut all = Vec::new();
    if !block.fields.is_empty() {
        let fields = block.fields.clone();
        let title = format!("Keep fields from {name}");
        all.push(Filter { kind: "fields", title, when: "all".to_owned(), fields });
    }
    if block.page {
        let fields = Fields::from([("properties".to_owned(), PAGE.map(str::to_owned).into())]);
        let title = format!("Keep pages from {name}");
        all.push(Filter { kind: "pages", title, when: "type = \"page\"".to_owned(), fields });
    }
    if !block.events.is_empty() {
        let one = |event: &String| format!("event = \"{}\"", event.replace('\\', "\\\\").replace('"', "\\\""));
        let when = block.events.iter().map(one).collect::<Vec<_>>().join(" or ");
        let title = format!("Keep events from {name}");
        all.push(Filter { kind: "events", title, when, fields: Fields::new() });
    }
    all
}

/// The place of a span, as `path:line`.
fn place(look: Look<'_>, span: Span) -> String {
    let at = Where::span(&look.inputs.sources, span);
    match (at.file, at.start) {
        (Some(file), Some(start)) => format!("{}:{}", printable(file), start.line),
        (file, _) => printable(file.unwrap_or("the run")),
    }
}

/// What a block is for: each finding, what it rests on with its place, and what has to be so. Each is one line that is safe
/// to show.
pub(super) fn notes(look: Look<'_>, block: &Block) -> Vec<String> {
    let mut lines = Vec::new();
    for (finding, all) in &block.reasons {
        let finding = &look.findings[*finding];
        lines.push(format!("{}: {}", printable(&finding.rule), printable(&finding.message)));
        lines.extend(all.iter().map(|held| format!("  {}", witness(look, block, *held))));
    }
    lines.extend(block.conditions.iter().map(|condition| printable(condition)));
    lines
}

fn witness(look: Look<'_>, block: &Block, held: Held) -> String {
    match held {
        Held::Property(event, property) => {
            let (event, property) = look.property(event, property);
            let names = [property.path.value.as_ref(), event.name.value.as_str()].map(printable);
            format!("`{}` of {}, {}", names[0], names[1], place(look, property.path.span))
        }
        Held::Event(event) => {
            let event = &look.map.model.events[event];
            format!("{}, {}", printable(&event.name.value), place(look, event.name.span))
        }
        Held::Page => {
            let sources = block.sources.iter().map(|source| &look.map.model.sources[*source].id);
            let told = sources.map(|id| format!("{}, {}", printable(&id.value), place(look, id.span)));
            format!("the page in every call of {}", told.collect::<Vec<_>>().join("; "))
        }
    }
}

/// What a filter is for, in a sentence: the rules whose findings it mends.
pub(super) fn purpose(look: Look<'_>, block: &Block) -> String {
    let rules: BTreeSet<&str> =
        block.reasons.iter().map(|(finding, _)| look.findings[*finding].rule.as_str()).collect();
    format!("Mends findings of {} (consentlint block)", printable(&rules.into_iter().collect::<Vec<_>>().join(", ")))
}

/// What is left, a line for each reason and rule; what no filter answers for one reason is told together.
pub(super) fn left(look: Look<'_>, plan: &Plan) -> Vec<String> {
    let mut groups: BTreeMap<(bool, &str), BTreeMap<&str, usize>> = BTreeMap::new();
    for left in &plan.left {
        let rule = look.findings[left.finding].rule.as_str();
        *groups.entry((!left.answerable, &left.why)).or_default().entry(rule).or_default() += 1;
    }
    let line = |(why, rules): (&str, BTreeMap<&str, usize>)| {
        let count = counted(rules.values().sum(), "finding", "findings");
        let rules = match (rules.len(), why == OTHERS) {
            (2.., true) => format!("{} other rules", rules.len()),
            _ => rules.into_keys().map(printable).collect::<Vec<_>>().join(", "),
        };
        format!("not blocked: {count} of {rules}: {}", printable(why))
    };
    let others = groups.remove(&(true, OTHERS)).map(|rules| (OTHERS, rules));
    groups.into_iter().map(|((_, why), rules)| (why, rules)).chain(others).map(line).collect()
}
