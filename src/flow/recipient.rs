//! As whom a recipient gets personal information: what a notice says of it depends on that.

use super::destination::{is_own_store, only_signals};
use super::{Flow, Map};

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
    /// It cannot be told, for want of a role or a contract, or because a third party is not said to get a sale.
    Unsettled,
}

/// As whom a destination gets personal information; none where it gets none.
pub fn standing(map: Map<'_>, flow: &Flow, index: usize) -> Option<Standing> {
    let (entity, facts) = (map.model.destinations.get(index)?, flow.destinations.get(index)?);
    if !facts.holds("receives_personal") {
        return None;
    }
    Some(if facts.holds("discloses") {
        Standing::Sold
    } else if is_own_store(entity) || facts.holds("derived_store") {
        Standing::Own
    } else if entity.object.boolean("consumer_directed") == Some(true) || only_signals(entity) {
        Standing::Excluded
    } else if facts.holds("presumed_third_party") {
        Standing::Unsettled
    } else {
        Standing::BusinessPurpose
    })
}
