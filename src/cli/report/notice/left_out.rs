//! Destinations that no table of recipients counts, and why; a sale that is declared of one of them is told.

use crate::cli::report::document::{Line, bad, code, text};
use crate::cli::report::facts::{Facts, in_full};
use crate::flow::is_disclosing;
use crate::model::{Entity, Value};
use crate::source::Span;

/// Why a destination is not counted, and where that stands.
struct Why {
    words: String,
    place: Span,
    /// Whether the reason says something of this one alone.
    own: bool,
}

/// A line for each that is exempt or of which a sale is declared; the others by reason.
pub(super) fn lines(facts: &Facts<'_>) -> Vec<Line> {
    let seen = facts.seen;
    let mut lines = Vec::new();
    let mut silent: Vec<(String, Vec<&str>)> = Vec::new();
    for (index, entity) in left_out(facts) {
        let (why, sale) = (why(facts, index, entity), sale(facts, index, entity));
        let name = seen.name(entity);
        if !why.own && sale.is_empty() {
            match silent.iter_mut().find(|(words, _)| *words == why.words) {
                Some((_, names)) => names.push(name),
                None => silent.push((why.words, vec![name])),
            }
            continue;
        }
        let mut line = vec![text("Not counted:"), code(name), text(format!(", as {}", why.words)), seen.at(why.place)];
        line.extend(sale);
        lines.push(line);
    }
    lines.extend(silent.into_iter().map(|(words, names)| {
        let mut line = vec![text(format!("Not counted, as {words}:"))];
        line.extend(in_full(&names));
        line
    }));
    lines
}

/// How many are not counted although a sale or sharing is declared or presumed of them.
pub(super) fn sold(facts: &Facts<'_>) -> usize {
    left_out(facts).filter(|(index, entity)| !sale(facts, *index, entity).is_empty()).count()
}

fn left_out<'f, 'a>(facts: &'f Facts<'a>) -> impl Iterator<Item = (usize, &'a Entity)> + use<'f, 'a> {
    let all = facts.seen.map.model.destinations.iter().enumerate();
    all.filter(|(index, _)| facts.recipients.iter().all(|one| one.index != *index))
}

fn why(facts: &Facts<'_>, index: usize, entity: &Entity) -> Why {
    let object = &entity.object;
    if let Some(law) = object.get("exempt") {
        return Why { words: format!("its data is exempt ({})", law.value.display()), place: law.span, own: true };
    }
    let set = |name: &str, value: bool| object.get(name).filter(|found| found.value == Value::Bool(value));
    if let Some(found) = set("deidentified", true) {
        let words = "it holds deidentified or aggregate data only".to_owned();
        return Why { words, place: found.span, own: true };
    }
    let place = set("enabled", false).map_or(entity.id.span, |found| found.span);
    let flow = facts.seen.flow;
    let words = if place != entity.id.span {
        "it is switched off"
    } else if flow.destinations[index].object.boolean("active") == Some(true) {
        "nothing that was read brings it personal information"
    } else if flow.reach.paths[index].is_empty() {
        "no source that was read and is switched on feeds it"
    } else {
        "it is a way to other recipients"
    };
    Why { words: words.to_owned(), place, own: false }
}

/// What says that giving it the data would be a sale or sharing.
fn sale(facts: &Facts<'_>, index: usize, entity: &Entity) -> Line {
    let seen = facts.seen;
    let mut line = Line::new();
    for name in ["sells", "shares"] {
        if let Some(found) = entity.object.get(name).filter(|found| found.value == Value::Bool(true)) {
            line.extend([bad("though"), code(format!("{name}: true")), seen.at(found.span)]);
        }
    }
    for (word, place) in entity.object.texts("purposes").filter(|(word, _)| is_disclosing(word)) {
        line.extend([bad("though its purpose is"), code(word), seen.at(place)]);
    }
    if seen.flow.destinations[index].object.boolean("presumed_shares") == Some(true) {
        line.push(bad("though sharing is presumed from its category in the catalogue"));
    }
    line
}
