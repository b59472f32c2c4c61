//! The labels of fideslang, the taxonomy of Fides, in our words: classes of personal information and purposes.

use crate::adapter::entity_parts::written;
use crate::document::Node;
use crate::model::{Located, Object, Value, kind};
use std::collections::HashMap;
use std::sync::OnceLock;

const CATEGORIES: &str = include_str!("../../../policies/catalog/fides-categories.tsv");
const USES: &str = include_str!("../../../policies/catalog/fides-uses.tsv");

/// The cells of each row by its first; comments and the header are left out.
fn rows(text: &'static str) -> HashMap<&'static str, Vec<&'static str>> {
    let content = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let split = content.skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    split.filter_map(|row| Some((*row.first()?, row))).collect()
}

/// The row of a dotted label, or of the longest label above it.
fn nearest<'r>(rows: &'r HashMap<&'static str, Vec<&'static str>>, label: &str) -> Option<&'r [&'static str]> {
    let mut label = label;
    loop {
        if let Some(row) = rows.get(label) {
            return Some(row);
        }
        label = label.rsplit_once('.')?.0;
    }
}

/// The classes that a data category stands for: general ones, and sensitive ones.
fn classes(category: &str) -> Option<[&'static str; 2]> {
    static ROWS: OnceLock<HashMap<&'static str, Vec<&'static str>>> = OnceLock::new();
    let [_, pi, spi, ..] = nearest(ROWS.get_or_init(|| rows(CATEGORIES)), category)? else { return None };
    Some([pi, spi])
}

/// The purpose that a data use stands for; its own label where none is known.
pub(super) fn purpose(data_use: &str) -> &str {
    static ROWS: OnceLock<HashMap<&'static str, Vec<&'static str>>> = OnceLock::new();
    match nearest(ROWS.get_or_init(|| rows(USES)), data_use) {
        Some([_, purpose, ..]) => purpose,
        _ => data_use,
    }
}

/// What data categories declare of a property; nothing when none of them is known. A category that is not personal
/// counts only where no other is.
pub(super) fn declared<'d>(categories: impl Iterator<Item = Node<'d>>) -> Option<Box<Object>> {
    let mut found: [Vec<Located<Value>>; 2] = [Vec::new(), Vec::new()];
    let mut not_personal = None;
    let mut place = None;
    for node in categories {
        let Some(codes) = written(node).and_then(classes) else { continue };
        place = place.or(Some(node.span()));
        if codes[0] == "none" {
            not_personal = not_personal.or(Some(node.span()));
            continue;
        }
        for (list, codes) in found.iter_mut().zip(codes) {
            for code in codes.split_whitespace() {
                let value = Value::Text(code.to_owned());
                if list.iter().all(|known| known.value != value) {
                    list.push(Located::new(value, node.span()));
                }
            }
        }
    }
    let place = place?;
    if let (true, Some(span)) = (found.iter().all(Vec::is_empty), not_personal) {
        found[0].push(Located::new(Value::Text("none".to_owned()), span));
    }
    let mut object = Object::new(kind::PROPERTY.fields);
    for (field, list) in ["pi", "spi"].into_iter().zip(found) {
        if !list.is_empty() {
            object.set(field, Located::new(Value::List(list), place));
        }
    }
    Some(Box::new(object))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ClassSet;

    #[test]
    fn every_row_names_classes() {
        let fits = |row: &Vec<&str>| {
            let mut codes = row[1..3].iter().flat_map(|cell| cell.split_whitespace());
            row.len() == 4 && codes.all(|code| code == "none" || ClassSet::parse(code).is_some())
        };
        assert_eq!(rows(CATEGORIES).values().find(|row| !fits(row)), None);
        assert!(rows(USES).values().all(|row| row.len() == 3));
    }

    #[test]
    fn the_longest_label_above_decides() {
        assert_eq!(classes("user.contact.address.city"), Some(["G", ""]));
        assert_eq!(classes("user.contact.email"), Some(["A", ""]));
        assert_eq!(classes("user.provided.identifiable.contact.email"), Some(["A", ""]));
        assert_eq!(classes("user.contact.phone"), Some(["A", ""]));
        assert_eq!(classes("system.operations"), Some(["none", ""]));
        assert_eq!(classes("user.health.medications"), Some(["B", "2B"]));
        assert_eq!(classes("userland"), None);
        assert_eq!(purpose("marketing.advertising.third_party.targeted"), "cross_context_ads");
        assert_eq!(purpose("essential.service.payment_processing"), "services");
        assert_eq!(purpose("train_ai_system"), "train_ai_system");
    }
}
