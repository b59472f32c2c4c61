//! Destination filters as Segment's Public API takes them (`POST /destination/{destinationId}/filters`): each has the body of
//! the call, and beside it the destination of its path.

use super::filter::{filters, left, notes, purpose};
use super::instance::{Instance, Reference, instances};
use super::plan::{Look, Plan};
use crate::output::write_json;
use serde_json::{Value, json};

/// The text.
pub(super) fn text(look: Look<'_>, plan: &Plan) -> String {
    let mut all: Vec<Value> = Vec::new();
    for block in &plan.blocks {
        let notes = notes(look, block);
        for instance in instances(look, block) {
            let mut notes = notes.clone();
            notes.insert(0, purpose(look, block));
            notes.extend(unknown(&instance));
            for filter in filters(look, block) {
                let action = if filter.fields.is_empty() {
                    json!({"type": "DROP"})
                } else {
                    json!({"type": "DROP_PROPERTIES", "fields": filter.fields})
                };
                all.push(json!({
                    "destinationId": id(&instance.destination),
                    "sourceId": id(&instance.source),
                    "title": filter.title,
                    "description": notes.iter().map(|line| line.trim()).collect::<Vec<_>>().join("; "),
                    "if": filter.when,
                    "actions": [action],
                    "enabled": true,
                }));
            }
        }
    }
    let mut out = Vec::new();
    // Writing to memory does not fail.
    let _ = write_json(&json!({"filters": all, "notBlocked": left(look, plan)}), &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

fn id(reference: &Reference) -> &str {
    match reference {
        Reference::Expression(id) | Reference::Id(id) | Reference::Unknown(id) => id,
    }
}

/// That an id is none of Segment's.
fn unknown(instance: &Instance) -> Option<String> {
    let is_unknown = |reference: &Reference| matches!(reference, Reference::Unknown(_));
    let told = match (is_unknown(&instance.destination), is_unknown(&instance.source)) {
        (true, true) => "`destinationId` and `sourceId` are",
        (true, false) => "`destinationId` is",
        (false, true) => "`sourceId` is",
        (false, false) => return None,
    };
    Some(format!("{told} as the files that were read have it: put the id that Segment gave in its place"))
}
