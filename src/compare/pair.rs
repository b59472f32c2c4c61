//! Pairs what is the same subject on both sides.

use super::Both;
use std::collections::BTreeMap;

/// Pairs by key what is not the same on both sides. Where several have one key, those that are the same belong together, and
/// then those that are left, in their order.
pub(super) fn pair<K: Ord, T>(
    before: impl IntoIterator<Item = (K, T)>,
    after: impl IntoIterator<Item = (K, T)>,
    same: impl Fn(&T, &T) -> bool,
) -> Vec<Both<T>> {
    let mut groups: BTreeMap<K, (Vec<Option<T>>, Vec<T>)> = BTreeMap::new();
    for (key, item) in before {
        groups.entry(key).or_default().0.push(Some(item));
    }
    for (key, item) in after {
        groups.entry(key).or_default().1.push(item);
    }
    groups.into_values().flat_map(|(old, new)| within(old, new, &same)).collect()
}

fn within<T>(mut old: Vec<Option<T>>, new: Vec<T>, same: &impl Fn(&T, &T) -> bool) -> Vec<Both<T>> {
    let mut left = Vec::new();
    for item in new {
        match old.iter_mut().find(|known| known.as_ref().is_some_and(|known| same(known, &item))) {
            Some(known) => *known = None,
            None => left.push(item),
        }
    }
    let mut old = old.into_iter().flatten();
    let mut pairs: Vec<Both<T>> = left.into_iter().map(|item| Both { before: old.next(), after: Some(item) }).collect();
    pairs.extend(old.map(|item| Both { before: Some(item), after: None }));
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_belong_together_whatever_their_order() {
        let same = |one: &i32, other: &i32| one == other;
        let none = pair([("a", 1), ("a", 2), ("b", 3)], [("b", 3), ("a", 2), ("a", 1)], same);
        assert_eq!(none, []);
        let some = pair([("a", 1), ("a", 2), ("b", 3)], [("a", 2), ("a", 4), ("a", 5)], same);
        let both = |before, after| Both { before, after };
        assert_eq!(some, [both(Some(1), Some(4)), both(None, Some(5)), both(Some(3), None)]);
    }
}
