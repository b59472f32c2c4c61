//! RudderStack tracking plans as RudderTyper saves them (`plan.json`).

use super::json_schema::Reader;
use super::plan_parts::{self, Holder, Keys, any_item, has_map, text_at};
use super::{Adapter, Candidate};
use crate::document::{Node, Shape};
use crate::finding::Problem;
use crate::model::{Model, Origin};

/// RudderTyper plans.
pub static ADAPTER: Adapter = Adapter {
    name: "ruddertyper-plan",
    about: "RudderStack tracking plan: RudderTyper plan.json",
    origin: Origin::Plan,
    schema: None,
    recognises: |candidate| is_ruddertyper(candidate.document.root()),
    meant: |text| text.contains("\"creationType\"") && text.contains("\"eventType\""),
    lower,
};

const EVENTS: Keys =
    Keys { list: "rules.events", name: "name", call: "eventType", holder: Holder::Schema("rules") };

/// Whether a plan with `rules.events` is RudderStack's: Segment's older export has the same skeleton, but neither
/// names the type of an event nor how the plan was made.
pub(super) fn is_ruddertyper(root: Node<'_>) -> bool {
    let Some(events) = root.at(&["rules", "events"]).filter(|events| events.shape() == Shape::List) else {
        return false;
    };
    if text_at(root, "creationType").is_some() || text_at(root, "workspaceId").is_some() {
        return text_at(root, "id").is_some() || text_at(root, "name").is_some();
    }
    any_item(events, |event| has_map(event, "rules") && plan_parts::has_call(event, "eventType"))
}

fn lower(candidate: &Candidate<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let root = candidate.document.root();
    let plan = plan_parts::add_plan(candidate, root, &["name", "id"], model);
    let mut reader = Reader::new(root, problems);
    if let Some(events) = root.at(&["rules", "events"]) {
        plan_parts::events(events, EVENTS, plan, &mut reader, model);
    }
}
