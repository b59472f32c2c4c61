//! Purposes, what they lie within and which classes they may need: `policies/catalog/purposes.tsv`.

use super::taxonomy::ClassSet;
use std::collections::HashMap;
use std::sync::OnceLock;

const PURPOSES: &str = include_str!("../../policies/catalog/purposes.tsv");

/// A purpose of the table.
#[derive(Clone, Debug)]
pub struct Purpose {
    /// Its word.
    pub name: &'static str,
    compatible: &'static str,
    /// Of the watched classes, those that it may need; `None` when it may need any.
    pub may_need: Option<ClassSet>,
}

impl Purpose {
    /// Whether who declared `other` declared enough for this purpose.
    pub fn lies_within(&self, other: &str) -> bool {
        self.name == other || self.compatible.split('|').any(|known| known == "*" || known == other)
    }
}

/// The row of a purpose, in its normal spelling.
pub fn purpose(name: &str) -> Option<&'static Purpose> {
    static TABLE: OnceLock<HashMap<&'static str, Purpose>> = OnceLock::new();
    TABLE.get_or_init(|| rows().filter_map(row).map(|purpose| (purpose.name, purpose)).collect()).get(name)
}

/// The words of all purposes, in the order of the table.
pub fn names() -> impl Iterator<Item = &'static str> {
    rows().filter_map(|line| line.split('\t').next())
}

fn rows() -> impl Iterator<Item = &'static str> {
    PURPOSES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).skip(1)
}

fn row(line: &'static str) -> Option<Purpose> {
    let cells: Vec<&'static str> = line.split('\t').collect();
    let [name, compatible, may_need, _source] = cells[..] else { return None };
    let codes = || may_need.split('|').filter(|code| !code.is_empty());
    let may_need = if may_need == "?" { None } else { Some(codes().map(ClassSet::parse).collect::<Option<_>>()?) };
    Some(Purpose { name, compatible, may_need })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_and_names_purposes_of_the_table() {
        for line in rows() {
            let read = row(line).unwrap_or_else(|| panic!("{line}"));
            assert!(purpose(read.name).is_some(), "{line}");
            let others = read.compatible.split('|').filter(|other| !other.is_empty() && *other != "*");
            for other in others {
                assert!(purpose(other).is_some(), "{line}: {other}");
            }
        }
    }
}
