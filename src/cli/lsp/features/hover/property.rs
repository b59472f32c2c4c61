//! Events and properties of tracking plans: what they are taken for, by what, and who receives them.

use super::{Part, covers, written};
use crate::cli::lsp::snapshot::Snapshot;
use crate::flow::gets_through;
use crate::model::{Classification, Event, Property};
use crate::output::{code_span, markdown};
use crate::source::{SourceId, Span};

/// How many occurrences of one place are told: what is defined once may belong to many events.
const SHOWN: usize = 3;

/// What is said of the event or property at a place.
pub(super) fn at(snapshot: &Snapshot, source: SourceId, offset: u32) -> Vec<Part> {
    let here = |span: Span| covers(span, source, offset);
    let events = &snapshot.loaded.model.events;
    let mut parts = Vec::new();
    let mut more = 0;
    for (at, event) in events.iter().enumerate() {
        let own = event.properties.iter().enumerate().filter(|(_, property)| here(property.path.span));
        for (number, property) in own {
            if parts.len() >= SHOWN {
                more += 1;
                continue;
            }
            parts.push(Part { span: property.path.span, text: property_told(snapshot, at, number, event, property) });
        }
    }
    if let Some(last) = parts.last_mut().filter(|_| more > 0) {
        last.text += &format!("\n\n*and in {more} more events*");
    }
    if parts.is_empty() {
        let event = events.iter().enumerate().find(|(_, event)| here(event.name.span));
        parts.extend(event.map(|(at, event)| Part { span: event.name.span, text: event_told(snapshot, at, event) }));
    }
    parts
}

fn event_told(snapshot: &Snapshot, at: usize, event: &Event) -> String {
    let loaded = &snapshot.loaded;
    let mut parts = vec![format!("**event** {} ({})", code_span(&event.name.value), event.call.name())];
    let plan = event.plan.and_then(|plan| loaded.model.plans.get(plan));
    parts.extend(plan.map(|plan| format!("Of the plan {}", code_span(&plan.name.value))));
    let senders = loaded.links.events.get(at).into_iter().flatten();
    let senders: Vec<String> =
        senders.filter_map(|at| Some(code_span(&loaded.model.sources.get(*at)?.id.value))).collect();
    let receivers: Vec<usize> = snapshot.flow.receivers.get(at).cloned().unwrap_or_default();
    parts.push(format!("Sent by: {}", or_none(&senders)));
    parts.push(format!("Received by: {}", or_none(&destinations(snapshot, &receivers))));
    parts.join("\n\n")
}

fn or_none(names: &[String]) -> String {
    if names.is_empty() { "nobody that is declared".to_owned() } else { names.join(", ") }
}

/// Destinations by name; of those to which data is sold or shared it is said.
fn destinations(snapshot: &Snapshot, which: &[usize]) -> Vec<String> {
    let name = |at: &usize| {
        let entity = snapshot.loaded.model.destinations.get(*at)?;
        let facts = snapshot.flow.destinations.get(*at)?;
        let sold = facts.object.boolean("discloses") == Some(true);
        Some(format!("{}{}", code_span(&entity.id.value), if sold { " (sold or shared)" } else { "" }))
    };
    which.iter().filter_map(name).collect()
}

fn property_told(snapshot: &Snapshot, at: usize, number: usize, event: &Event, property: &Property) -> String {
    let path = format!("{}.{}", property.section.name(), property.path.value);
    let mut parts = vec![format!("**property** {} of event {}", code_span(&path), code_span(&event.name.value))];
    let class = snapshot.loaded.classes.get(at).and_then(|classes| classes.get(number));
    parts.extend(class.map(|class| classified(snapshot, class)));
    let day = snapshot.day.to_string();
    let map = snapshot.loaded.map(&day, snapshot.project.settings.profile);
    let receivers = snapshot.flow.receivers.get(at).into_iter().flatten();
    let through: Vec<usize> = receivers.copied().filter(|to| gets_through(map, *to, event, property)).collect();
    parts.push(format!("Reaches: {}", or_none(&destinations(snapshot, &through))));
    parts.join("\n\n")
}

fn classified(snapshot: &Snapshot, class: &Classification) -> String {
    let classes = class.classes.letters().union(class.classes.sensitive());
    let what = match (classes.is_empty(), class.is_known()) {
        (false, _) => classes.describe(),
        (true, true) => "not personal".to_owned(),
        (true, false) => "not known".to_owned(),
    };
    let place = class.place.map_or_else(String::new, |place| format!(" ({})", written(snapshot, place)));
    let mut lines = vec![format!("Taken for: {}", markdown(&what))];
    if class.is_known() {
        lines.push(format!("Decided by: {}{place}", markdown(&class.by.words())));
    }
    let sensitive = class.classes.sensitive();
    if !sensitive.is_empty() {
        lines.push(format!("**Sensitive:** {}", markdown(&sensitive.describe())));
    }
    if !class.conflict.is_empty() {
        lines.push(format!("Its name says otherwise: {}", markdown(&class.conflict.describe())));
    }
    if class.restricted {
        lines.push("**Must never be in an event stream**".to_owned());
    }
    lines.join("\n\n")
}
