//! As whom a recipient gets personal information: what a notice says of it depends on that.

use super::destination::{is_own_store, only_signals};
use super::{Facts, Flow, Map};
use crate::finding::Label;
use crate::model::{Entity, Value};
use crate::source::Span;

/// What giving personal information to a recipient is to the statute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A sale or sharing (Cal. Civ. Code § 1798.140(ad), (ah)), declared or presumed.
    Sold,
    /// A disclosure for a business purpose (§ 1798.140(e)): to a service provider or contractor under a contract.
    BusinessPurpose,
    /// None: the business itself keeps it.
    Own,
    /// Neither a sale nor sharing: the consumer directs it (§ 1798.140(ad)(2)(A), (ah)(2)(A)), or it only tells of an opt-out
    /// (§ 1798.140(ad)(2)(B), (ah)(2)(B)).
    Excluded,
    /// It cannot be told: for want of a role or a contract, because a declaration denies the role or cannot be read, or because
    /// a third party is not said to get a sale.
    Unsettled,
}

/// As whom a destination gets personal information; none where it gets none.
pub fn standing(map: Map<'_>, flow: &Flow, index: usize) -> Option<Standing> {
    let (entity, facts) = (map.model.destinations.get(index)?, flow.destinations.get(index)?);
    if !facts.holds("receives_personal") {
        return None;
    }
    let read = unread(entity).next().is_none();
    Some(if facts.holds("discloses") {
        Standing::Sold
    } else if read && (is_own_store(entity) || facts.holds("derived_store")) {
        Standing::Own
    } else if entity.object.boolean("consumer_directed") == Some(true) || (read && only_signals(entity)) {
        Standing::Excluded
    } else if facts.holds("presumed_third_party") || !read || denied_role(entity, facts).is_some() {
        Standing::Unsettled
    } else {
        Standing::BusinessPurpose
    })
}

/// What makes a declared service provider or contractor none: a contract for third parties or without the terms of 11 CCR
/// § 7051(a) (11 CCR § 7050(e)), or a certification that is missing (Cal. Civ. Code § 1798.140(j)(1)(B)).
pub fn denied_role(entity: &Entity, facts: &Facts) -> Option<Label> {
    let object = &entity.object;
    let role = object.text("role").filter(|role| matches!(*role, "service_provider" | "contractor"))?;
    let kind =
        object.get("contract.kind").filter(|kind| matches!(&kind.value, Value::Text(word) if word == "third_party"));
    if let Some(kind) = kind {
        return Some(Label::new(kind.span, "its contract is one for third parties (11 CCR § 7050(e))"));
    }
    let certified = object.get("contract.certified").filter(|found| found.value == Value::Bool(false));
    if let Some(certified) = certified.filter(|_| role == "contractor") {
        return Some(Label::new(certified.span, "it has not certified (Cal. Civ. Code § 1798.140(j)(1)(B))"));
    }
    let terms = object.get("contract.terms").or_else(|| object.get("contract.framework"))?;
    let lacking = !facts.object.list("missing_terms").is_empty();
    lacking.then(|| Label::new(terms.span, "its contract lacks terms that it must have (11 CCR § 7050(e))"))
}

/// What a sale or sharing turns on, where it is declared in a way that cannot be read.
pub fn unread(entity: &Entity) -> impl Iterator<Item = (&'static str, Span)> {
    let unknown = |value: &Value| match value {
        Value::Unknown(_) => true,
        Value::List(items) => items.iter().any(|item| matches!(item.value, Value::Unknown(_))),
        _ => false,
    };
    ["sells", "shares", "purposes"].into_iter().filter_map(move |name| {
        let found = entity.object.get(name).filter(|found| unknown(&found.value))?;
        Some((name, found.span))
    })
}
