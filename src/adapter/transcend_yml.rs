//! `transcend.yml`: data silos, data flows and purposes as Transcend's command line tool keeps them.
//!
//! Source: Transcend CLI, JSON Schema and examples of transcend.yml. A silo's datapoints list the privacy actions that it
//! carries out; a data flow is let through when its tracking purposes are consented to.

mod consent;

use super::entity_parts::{is_known, name, set_inner, set_list, set_text, written, written_at};
use super::plan_parts::any_item;
use super::{Adapter, Candidate};
use crate::document::{Node, Shape, rename};
use crate::finding::{Fix, Problem, Stage, closest, is_slip};
use crate::model::{Entity, Located, Model, Origin, Value, kind};
use crate::source::Span;

/// Transcend's configuration.
pub static ADAPTER: Adapter = Adapter {
    name: "transcend-yml",
    about: "transcend.yml: data silos, data flows and purposes",
    origin: Origin::Inventory,
    schema: Some(include_str!("../../policies/schemas/transcend-yml.json")),
    recognises: |candidate| is_transcend(candidate.document.root()),
    meant: |text| text.lines().any(|line| line.starts_with("data-silos:") || line.starts_with("data-flows:")),
    lower,
};

/// Sections, and keys of which an item must have one for the section to be Transcend's. Without keys the section's own
/// name says enough.
const SECTIONS: [(&str, &[&str]); 21] = [
    ("data-silos", &[]),
    ("data-flows", &["trackingPurposes", "service", "status"]),
    ("cookies", &["trackingPurposes", "isRegex"]),
    ("purposes", &["trackingType"]),
    ("enrichers", &["input-identifier", "output-identifiers"]),
    ("consent-manager", &["experiences", "bundleUrls", "domains", "partitions", "unknownRequestPolicy"]),
    ("action-items", &["collections", "dueDate"]),
    ("action-item-collections", &[]),
    ("attributes", &["resources"]),
    ("business-entities", &[]),
    ("identifiers", &["isRequiredInForm", "regex"]),
    ("actions", &["regionDetectionMethod", "requiresReview", "waitingPeriod"]),
    ("preference-workflow-configs", &[]),
    ("workflow-configs", &[]),
    ("processing-activities", &[]),
    ("system-discovery", &["resourceId", "plugin"]),
    ("teams", &["scopes", "sso-department"]),
    ("partitions", &["partition"]),
    ("data-subjects", &["adminDashboardDefaultSilentMode", "active"]),
    ("privacy-center", &["privacyCenterLink", "isDisabled", "home", "isLaunched"]),
    ("api-keys", &["title"]),
];

/// Silos that a program or a person of the business answers for, and how requests reach them.
const OWN: [(&str, &str); 6] = [
    ("server", "webhook"),
    ("webhook", "webhook"),
    ("cron", "ticket"),
    ("database", "sql"),
    ("promptAPerson", "email"),
    ("promptAVendor", "email"),
];

/// Privacy actions, the attribute that tells of them, and how it says so for a vendor's own interface.
const ACTIONS: [(&str, &str, &str); 4] = [
    ("ACCESS", "access", "via"),
    ("ERASURE", "deletion", "via"),
    ("ACCOUNT_DELETION", "deletion", "via"),
    ("SALE_OPT_OUT", "optout", "propagation"),
];

const SILO: [&str; 6] =
    ["title", "integrationName", "datapoints", "identity-keys", "deletion-dependencies", "disabled"];
const DATAPOINT: [&str; 3] = ["key", "privacy-actions", "privacy-action-queries"];

fn is_transcend(root: Node<'_>) -> bool {
    root.entries().any(|section| {
        let Some((_, keys)) = SECTIONS.iter().find(|(name, _)| *name == section.key()) else { return false };
        let value = section.value();
        let own = |item: Node<'_>| keys.iter().any(|key| item.get(key).is_some());
        match value.shape() {
            Shape::List => (keys.is_empty() && value.count() > 0) || any_item(value, own),
            _ => own(value),
        }
    })
}

fn lower(candidate: &Candidate<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    for section in candidate.document.root().entries() {
        let items = section.value().items();
        match section.key() {
            "data-silos" => items.for_each(|item| silo(item, model, problems)),
            "data-flows" | "cookies" => items.for_each(|item| consent::flow(item, model, problems)),
            "purposes" => items.for_each(|item| consent::purpose(item, model, problems)),
            _ => {}
        }
    }
}

/// Says which key is misspelt: one that the item lacks and that another is close to. Tells whether any is.
pub(super) fn misspelt(item: Node<'_>, keys: &[&str], problems: &mut Vec<Problem>) -> bool {
    let before = problems.len();
    for entry in item.entries().filter(|entry| !keys.contains(&entry.key())) {
        let absent = keys.iter().copied().filter(|key| item.get(key).is_none());
        // Short words are close to many others, so only a slip of one letter counts for them.
        let near = closest(entry.key(), absent).filter(|near| entry.key().len().abs_diff(near.len()) <= 1);
        let Some(near) = near else { continue };
        let message = format!("`{}` is no key of Transcend, so it is passed over", entry.key());
        let help = format!("did you mean `{near}`?");
        let title = format!("rename the key `{}` to `{near}`", entry.key());
        let edits = rename(item, entry, near).into_iter().collect();
        let fix = Fix { title, safe: is_slip(entry.key(), near, keys.iter().copied()), edits };
        let problem = Problem::at(Stage::Schema, entry.key_span(), message).help(help);
        problems.push(if fix.edits.is_empty() { problem } else { problem.mended_by(fix) });
    }
    problems.len() > before
}

fn silo(item: Node<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let wrong = misspelt(item, &SILO, problems);
    let Some(title) = item.get("title").filter(|title| title.scalar().is_some_and(|text| !text.is_empty())) else {
        if !wrong {
            let message = "a data silo has no `title`";
            problems.push(Problem::at(Stage::Schema, item.span(), message).help("name it by `title`"));
        }
        return;
    };
    // A title may be filled in in part, for instances of one set-up; as a whole it names nothing.
    let text = title.scalar().unwrap_or_default();
    if text.starts_with("<<") && text.ends_with(">>") {
        return;
    }
    let mut entity = Entity::new(&kind::DESTINATION, name(title, text));
    let integration = written_at(item, "integrationName");
    let own = integration.and_then(|(name, _)| OWN.iter().find(|(known, _)| *known == name));
    if let Some((vendor, span)) = integration.filter(|(vendor, _)| own.is_none() && is_known(vendor)) {
        set_text(&mut entity.object, "catalog", vendor, span);
    }
    dependencies(item, &entity, problems);
    let switched_off = disabled(item, &entity, problems);
    let actions = actions(item, problems);
    // A silo under development takes no part in requests.
    if !switched_off {
        let via = own.map_or("vendor_api", |(_, via)| via);
        requests(item, &actions, via, &mut entity);
    }
    model.destinations.push(entity);
}

fn disabled(item: Node<'_>, entity: &Entity, problems: &mut Vec<Problem>) -> bool {
    let Some(node) = item.get("disabled").filter(|node| !node.is_null()) else { return false };
    if node.boolean().is_none() && written(node).is_some() {
        let message = format!("`disabled` of `{}` is neither true nor false", entity.id.value);
        problems.push(Problem::at(Stage::Schema, node.span(), message).help("write `true` or `false`"));
    }
    node.boolean() == Some(true)
}

/// The privacy actions of all datapoints, each with its first place.
fn actions<'d>(item: Node<'d>, problems: &mut Vec<Problem>) -> Vec<(&'d str, Span)> {
    let mut found: Vec<(&str, Span)> = Vec::new();
    for datapoint in item.get("datapoints").into_iter().flat_map(Node::items) {
        misspelt(datapoint, &DATAPOINT, problems);
        for node in datapoint.get("privacy-actions").into_iter().flat_map(Node::items) {
            let Some(action) = node.text() else { continue };
            let known = ACTIONS.iter().any(|(known, ..)| *known == action);
            if known && found.iter().all(|(seen, _)| *seen != action) {
                found.push((action, node.span()));
            }
        }
    }
    found
}

fn requests(item: Node<'_>, actions: &[(&str, Span)], via: &str, entity: &mut Entity) {
    for (action, field, attribute) in ACTIONS {
        let Some((_, span)) = actions.iter().find(|(found, _)| *found == action) else { continue };
        let known = entity.object.get(field).is_some();
        let word = if field == "optout" && via == "vendor_api" { "api" } else { via };
        if !known {
            set_inner(&mut entity.object, field, attribute, Located::new(Value::Text(word.to_owned()), *span));
        }
    }
    // One key is the one that it deletes by; of several any may do.
    let keys: Vec<Node<'_>> = item.get("identity-keys").into_iter().flat_map(Node::items).collect();
    if let ([key], true) = (keys.as_slice(), entity.object.get("deletion").is_some())
        && let Some(text) = written(*key)
    {
        set_inner(&mut entity.object, "deletion", "key", Located::new(Value::Text(text.to_owned()), key.span()));
    }
}

/// What must be deleted before: a list of titles, or of objects with `titles` or `reset-to-global`.
fn dependencies(item: Node<'_>, entity: &Entity, problems: &mut Vec<Problem>) {
    let Some(node) = item.get("deletion-dependencies").filter(|node| !node.is_null()) else { return };
    let fits = |item: Node<'_>| {
        let object = item.get("titles").is_some() || item.get("reset-to-global").is_some();
        item.scalar().is_some() || object
    };
    if node.shape() != Shape::List || !node.items().all(fits) {
        let message = format!("`deletion-dependencies` of `{}` is no list of titles", entity.id.value);
        let help = "list the titles of data silos, or `{titles: […]}` for a workflow";
        problems.push(Problem::at(Stage::Schema, node.span(), message).help(help));
    }
}

/// Sets a list of one destination.
pub(super) fn list_one(entity: &mut Entity, node: Node<'_>, text: &str) {
    set_list(&mut entity.object, "destinations", vec![(text.to_owned(), node.span())], node.span());
}
