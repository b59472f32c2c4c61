//! What is sent and of which no class is known: where that is, nothing can be said not to be collected.

use crate::cli::report::document::{Line, Word, code, open, soft, text};
use crate::cli::report::facts::{Facts, NAMED};
use crate::flow;
use crate::model::{Entity, Value};
use crate::output::counted;
use crate::source::Span;

/// Sources that may send what no plan lists, with the words and the place that say so.
fn open_sources<'a>(facts: &Facts<'a>) -> Vec<(&'a Entity, String, Span)> {
    let (map, flow) = (facts.seen.map, facts.seen.flow);
    let covered =
        map.model.sources.iter().zip(&flow.sources).filter(|(source, _)| source.object.get("exempt").is_none());
    covered.filter_map(|(source, found)| gap(source, found).map(|(words, place)| (source, words, place))).collect()
}

fn gap(source: &Entity, found: &flow::Facts) -> Option<(String, Span)> {
    let told = found.object.get("plan_gap").map(|gap| gap.value.display()).filter(|gap| !gap.is_empty());
    if let Some(words) = told {
        return Some((words, found.reasons("plan_gap").next().map_or(source.id.span, |why| why.span)));
    }
    // `check` asks this of sources alone that feed a sale; what is collected is wider.
    let open = ["events", "properties", "traits"].into_iter().filter_map(|what| {
        let found = source.object.get(&format!("unplanned.{what}"))?;
        (found.value == Value::Bool(true)).then_some((what, found.span))
    });
    let open: Vec<(&str, Span)> = open.collect();
    let names: Vec<&str> = open.iter().map(|(what, _)| *what).collect();
    let (_, place) = open.first()?;
    Some((format!("lets through {} that its tracking plan does not list", names.join(" and ")), *place))
}

/// Why something may be collected though no classified field carries it; none where nothing speaks for it.
fn doubts(facts: &Facts<'_>) -> Option<String> {
    let fields = facts.unclassified().len();
    let sources = open_sources(facts).len();
    let without =
        |count| format!("{} no class (`ccpa/field-unclassified`)", counted(count, "field has", "fields have"));
    let unplanned = || {
        let who = counted(sources, "source", "sources");
        format!("{who} may send what no tracking plan lists")
    };
    match (fields, sources) {
        (0, 0) => None,
        (count, 0) => Some(without(count)),
        (0, _) => Some(unplanned()),
        (count, _) => Some(format!("{}, and {}", without(count), unplanned())),
    }
}

/// That no field carries a class.
pub(super) fn idle(facts: &Facts<'_>) -> Word {
    match doubts(facts) {
        None => soft("nothing that was read collects it"),
        Some(doubts) => open(format!("no classified field carries it; {doubts}")),
    }
}

/// That nothing of a kind is collected, as a sentence.
pub(super) fn none(facts: &Facts<'_>, what: &str) -> String {
    match doubts(facts) {
        None => format!("Nothing that was read collects {what}."),
        Some(doubts) => format!("No classified field carries {what}; {doubts}."),
    }
}

/// The fields without a class and the sources that send more than their plan lists, with their lines.
pub(super) fn lines(facts: &Facts<'_>) -> Vec<Line> {
    let seen = facts.seen;
    let fields = facts.unclassified();
    let mut lines: Vec<Line> = Vec::new();
    for (event, property) in fields.iter().take(NAMED) {
        let name = code(property.path.value.to_string());
        let event = code(event.name.value.clone());
        lines.push(vec![open("Not classified:"), name, text("of"), event, seen.at(property.path.span)]);
    }
    if fields.len() > NAMED {
        let more = counted(fields.len() - NAMED, "more field is", "more fields are");
        lines.push(vec![open(format!("{more} not classified")), soft("(`consentlint map --format csv`)")]);
    }
    for (source, gap, place) in open_sources(facts) {
        lines.push(vec![open("Not all is listed: source"), code(seen.name(source)), text(gap), seen.at(place)]);
    }
    lines
}
