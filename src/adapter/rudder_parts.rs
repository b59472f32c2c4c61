//! What RudderStack's files have in common: `version`, `kind`, `metadata`, `spec`, and references between files.
//!
//! Source: RudderStack documentation, rudder-cli. Both spec versions are read: `rudder/v0.1` (also written
//! `rudder/0.1`) with references such as `#/events/<metadata.name>/<id>`, and `rudder/v1` with `#event:<id>`. Files
//! that write `urn:rudder:event/<id>` are read too.

use super::Candidate;
use super::plan_parts::text_at;
use crate::document::{Node, Shape};
use crate::finding::{Problem, Stage, closest};

/// Kinds of the data catalog and of tracking plans.
pub(super) const CATALOG: [&str; 10] = [
    "events",
    "event",
    "properties",
    "property",
    "categories",
    "category",
    "custom-types",
    "custom-type",
    "tp",
    "tracking-plan",
];

/// Kinds of everything else that the tool manages.
pub(super) const RESOURCES: [&str; 13] = [
    "destination",
    "event-stream-source",
    "event-stream-connections",
    "retl-source-sql-model",
    "retl-source-table",
    "retl-connections",
    "account",
    "transformation",
    "transformation-library",
    "data-graph",
    "import-manifest",
    "source",
    "connection",
];

/// The kind of a RudderStack file. Fixtures of its documentation hold such files as text and have no version.
pub(super) fn kind<'d>(candidate: &Candidate<'d>) -> Option<&'d str> {
    let root = candidate.document.root();
    text_at(root, "version").filter(|version| version.starts_with("rudder/"))?;
    text_at(root, "kind")
}

/// The `spec` of a file; without one nothing can be read, and that is said.
pub(super) fn spec<'d>(root: Node<'d>, problems: &mut Vec<Problem>) -> Option<Node<'d>> {
    match root.entry("spec") {
        Some(entry) if entry.value().shape() == Shape::Map => Some(entry.value()),
        found => {
            let place = found.or_else(|| root.entry("kind")).map_or_else(|| root.span(), |entry| entry.key_span());
            let message = "the file has no `spec`, so it describes nothing";
            problems.push(Problem::at(Stage::Schema, place, message).help("describe the resource under `spec`"));
            None
        }
    }
}

/// Says that a kind is misspelt, when it is close to one that is known.
pub(super) fn misspelt(root: Node<'_>, problems: &mut Vec<Problem>) {
    let Some(node) = root.get("kind") else { return };
    let Some(kind) = node.text() else { return };
    if RESOURCES.contains(&kind) {
        return;
    }
    if let Some(near) = closest(kind, CATALOG.into_iter().chain(RESOURCES)) {
        let message = format!("`{kind}` is no kind that RudderStack knows, so the file is passed over");
        problems.push(Problem::at(Stage::Schema, node.span(), message).help(format!("did you mean `{near}`?")));
    }
}

/// A reference taken apart.
#[derive(Clone, Copy)]
pub(super) struct Target<'d> {
    /// The kind, as the reference writes it.
    pub(super) kind: &'d str,
    /// The `metadata.name` of the file, where the reference has it.
    pub(super) group: Option<&'d str>,
    /// The id.
    pub(super) id: &'d str,
}

/// Takes a reference apart.
pub(super) fn target(text: &str) -> Option<Target<'_>> {
    let text = text.trim();
    let found = if let Some(path) = text.strip_prefix("#/") {
        let (kind, rest) = path.split_once('/')?;
        let (group, id) = rest.rsplit_once('/')?;
        Target { kind, group: Some(group), id }
    } else if let Some(rest) = text.strip_prefix('#') {
        let (kind, id) = rest.split_once(':')?;
        Target { kind, group: None, id }
    } else {
        let (kind, id) = text.strip_prefix("urn:rudder:")?.split_once('/')?;
        Target { kind, group: None, id }
    };
    (!found.id.is_empty()).then_some(found)
}

/// Whether a text that does not parse was meant for rudder-cli.
pub(super) fn is_meant(text: &str) -> bool {
    text.lines().take(50).any(|line| line.starts_with("version:") && line.contains("rudder/"))
}
