//! Exceptions: entries of the settings, and comments.

use super::Scene;
use crate::document::{Entry, Node, remove as remove_item, remove_comment};
use crate::finding::{Edit, Finding, Fix};
use crate::source::Span;

/// What every comment that excepts contains.
const ADDRESS: &str = "consentlint:";

pub(super) fn remove(scene: &Scene<'_>, finding: &Finding) -> Vec<Fix> {
    let place = finding.primary.span;
    let edits = if scene.sources.slice(place).contains(ADDRESS) {
        let source = scene.sources.get(place.source).filter(|source| !source.path.ends_with(".gz"));
        source.and_then(|source| remove_comment(&source.text, place)).map(|edit| vec![edit])
    } else {
        in_settings(scene, place, remove_item)
    };
    let title = "remove the exception".to_owned();
    edits.map(|edits| Fix { title, safe: true, edits }).into_iter().collect()
}

/// What `make` gives of the list of exceptions in the settings and the one at `place`.
fn in_settings<R>(scene: &Scene<'_>, place: Span, make: impl Fn(Node<'_>, Entry<'_>, usize) -> Option<R>) -> Option<R> {
    let parsed = scene.parses.parsed(place.source)?;
    let root = parsed.documents.first()?.root();
    let list = root.entry("exceptions")?;
    let own = |item: Node<'_>| item.get("rule").map_or(item.span(), Node::span) == place;
    let index = list.value().items().position(own)?;
    make(root, list, index)
}

/// Writes the rule that the message takes to be meant.
pub(super) fn correct(scene: &Scene<'_>, finding: &Finding) -> Vec<Fix> {
    let Some((_, named)) = finding.message.split_once("there is no rule `") else { return Vec::new() };
    let mut words = named.split('`');
    let (Some(given), Some(near)) = (words.next(), words.nth(1)) else { return Vec::new() };
    let (place, slice) = (finding.primary.span, scene.sources.slice(finding.primary.span));
    let own = slice.trim_matches(['"', '\'']) == given || slice.contains(ADDRESS);
    // In the settings as in a comment the name is written as it is read: rule names need no quotes.
    let mut found = slice.match_indices(given).map(|(at, _)| place.start as usize + at);
    let (Some(start), None, true) = (found.next(), found.next(), own && !given.is_empty()) else { return Vec::new() };
    let edit = Edit { span: Span::new(place.source, start, start + given.len()), text: near.to_owned() };
    vec![Fix { title: format!("write `{near}` instead of `{given}`"), safe: false, edits: vec![edit] }]
}
