//! The opt-out preference signal: which categories it switches off.

use super::{Scene, data_maps};
use crate::document::{Entry, Node, Writing, append, rewrite};
use crate::finding::{Edit, Finding, Fix};
use crate::flow::fold;

/// Categories that the signal leaves on although they carry out the opt-out.
fn left_on(scene: &Scene<'_>, finding: &Finding) -> Vec<String> {
    let model = scene.map.model;
    let signal = model.signals.iter().position(|signal| signal.id.value == finding.subject.id);
    let Some(facts) = signal.and_then(|at| scene.flow.signals.get(at)) else { return Vec::new() };
    // The attribute names each category in backticks, and behind it the destinations in question.
    let id = |text: &str| text.split('`').nth(1).map(str::to_owned);
    let named = facts.object.texts("unmapped").filter_map(|(text, _)| id(text));
    named.filter(|id| model.categories.iter().any(|category| category.id.value == *id)).collect()
}

/// What `make` gives of the mapping of the signal and its list of categories.
fn list<R>(scene: &Scene<'_>, finding: &Finding, make: impl Fn(Node<'_>, Entry<'_>) -> Option<R>) -> Option<R> {
    let signal = scene.map.model.signals.iter().find(|signal| signal.id.value == finding.subject.id)?;
    let place = signal.object.get("categories")?.span;
    let parsed = scene.parses.parsed(place.source)?;
    let mut found = data_maps(&parsed).filter_map(|document| {
        let mapping = document.root().at(&["signals", &finding.subject.id])?;
        Some((mapping, mapping.entry("categories").filter(|entry| entry.key_span() == place)?))
    });
    found.next().and_then(|(mapping, entry)| make(mapping, entry))
}

/// Edits of the ids in the list that differ from those of categories in case and blanks alone.
fn respelt(list: Entry<'_>, left_on: &[String]) -> Vec<Option<Edit>> {
    let one = |item: Node<'_>| {
        let written = item.text()?;
        let meant = left_on.iter().find(|id| fold(id) == fold(written) && *id != written)?;
        Some(rewrite(item, &Writing::Text(meant)))
    };
    list.value().items().filter_map(one).collect()
}

pub(super) fn spell(scene: &Scene<'_>, finding: &Finding) -> Vec<Fix> {
    let left_on = left_on(scene, finding);
    let edits = list(scene, finding, |_, entry| respelt(entry, &left_on).into_iter().collect::<Option<Vec<Edit>>>());
    // Where another one is left on besides, the finding stays.
    let whole = edits.filter(|edits| !edits.is_empty() && edits.len() == left_on.len());
    let title = format!("write {} as the categories are written", quoted(&left_on));
    whole.map(|edits| Fix { title, safe: true, edits }).into_iter().collect()
}

pub(super) fn map(scene: &Scene<'_>, finding: &Finding) -> Vec<Fix> {
    let left_on = left_on(scene, finding);
    let edits = list(scene, finding, |mapping, entry| {
        if !respelt(entry, &left_on).is_empty() {
            return None;
        }
        let each: Vec<Vec<Edit>> = left_on.iter().map(|id| append(mapping, entry, id)).collect::<Option<_>>()?;
        // Of several, each must bring what parts it from the one before.
        let chained = |edits: &Vec<Edit>| edits.len() == 1 && edits.iter().all(super::is_chained);
        (each.len() == 1 || each.iter().all(chained)).then(|| each.concat())
    });
    let title = format!("let the signal switch off {}", quoted(&left_on));
    edits.map(|edits| Fix { title, safe: false, edits }).into_iter().collect()
}

fn quoted(ids: &[String]) -> String {
    ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
}
