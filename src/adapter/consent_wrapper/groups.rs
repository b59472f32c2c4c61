//! Mappings made by hand between consent groups and destinations, or categories of Segment's catalogue.
//!
//! Only strong evidence counts: a mapping that is claimed wrongly does more harm than one that is missed.

use crate::adapter::consent_parts::{Categories, located};
use crate::document::{Node, Shape};
use crate::model::catalogue::{self, Lookup};
use crate::model::{Located, Value};
use crate::source::Span;
use std::collections::HashSet;
use std::sync::OnceLock;

/// OneTrust's groups under its ids of today and of earlier set-ups (OneTrust documentation).
const GROUPS: [(&str, &str, &str); 5] = [
    ("C0001", "0", "Strictly Necessary Cookies"),
    ("C0002", "1", "Performance Cookies"),
    ("C0003", "2", "Functional Cookies"),
    ("C0004", "3", "Targeting Cookies"),
    ("C0005", "4", "Social Media Cookies"),
];

/// Names that people give to groups.
const WORDS: [&str; 14] = [
    "necessary",
    "strictlynecessary",
    "strictly_necessary",
    "strictly-necessary",
    "essential",
    "performance",
    "functional",
    "targeting",
    "advertising",
    "analytics",
    "marketing",
    "preferences",
    "social",
    "socialmedia",
];

/// Words of names that speak of a mapping.
const HINTS: [&str; 6] = ["onetrust", "consent", "categor", "destination", "integration", "mapping"];

/// A mapping.
pub(super) enum Mapping<'d> {
    /// From destinations or catalogue categories to groups.
    ToGroup(Node<'d>),
    /// From groups to lists of destinations or catalogue categories.
    FromGroup(Node<'d>),
    /// A list for one group, which the name of the constant tells.
    Listed(Node<'d>, &'static str),
}

impl<'d> Mapping<'d> {
    pub(super) fn node(&self) -> Node<'d> {
        match self {
            Self::ToGroup(node) | Self::FromGroup(node) | Self::Listed(node, _) => *node,
        }
    }

    /// The consent manager whose groups these are.
    pub(super) fn manager(&self, text: &str) -> &'static str {
        let coded = match self {
            Self::ToGroup(node) => node.entries().filter_map(|entry| entry.value().text()).any(is_code),
            Self::FromGroup(node) => node.entries().any(|entry| is_code(entry.key())),
            Self::Listed(..) => false,
        };
        if coded || speaks_of_onetrust(text) { "onetrust" } else { "custom" }
    }
}

fn speaks_of_onetrust(text: &str) -> bool {
    ["OneTrust", "Onetrust", "oneTrust", "onetrust", "Optanon"].iter().any(|word| text.contains(word))
}

/// `C0001` and the like.
fn is_code(id: &str) -> bool {
    id.len() == 5 && id.starts_with('C') && id.bytes().skip(1).all(|byte| byte.is_ascii_digit())
}

fn is_catalogue_category(name: &str) -> bool {
    static ALL: OnceLock<HashSet<&'static str>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        // Two categories of the library's own list that the catalogue of today lacks.
        let known = catalogue::all().iter().flat_map(|known| known.categories.iter().copied());
        known.chain(["Helpdesk", "Realtime Dashboards"]).collect()
    });
    all.contains(name)
}

fn is_destination(name: &str) -> bool {
    !matches!(catalogue::lookup(name), Lookup::Unknown)
}

fn is_known(name: &str) -> bool {
    is_catalogue_category(name) || is_destination(name)
}

/// The mapping that a named value is, if it is one.
pub(super) fn mapping<'d>(name: &str, value: Node<'d>, text: &str) -> Option<Mapping<'d>> {
    let lower = name.rsplit('.').next().unwrap_or(name).to_lowercase();
    let hinted = HINTS.iter().any(|hint| lower.contains(hint));
    match value.shape() {
        Shape::Map if value.count() >= 2 => {
            let values: Vec<&str> = value.entries().filter_map(|entry| entry.value().text()).collect();
            if values.len() == value.count() && mostly(value.entries().map(|entry| entry.key())) {
                let named = |id: &&str| is_code(id) || (hinted && is_group(id, text));
                return values.iter().all(named).then_some(Mapping::ToGroup(value));
            }
            let lists = || value.entries().filter(|entry| entry.value().shape() == Shape::List);
            let named = |id: &str| is_code(id) || (hinted && is_group(id, text));
            let whole = lists().count() == value.count() && value.entries().all(|entry| named(entry.key()));
            let items = lists().flat_map(|entry| entry.value().items()).map(|item| item.text().unwrap_or(""));
            (whole && mostly(items)).then_some(Mapping::FromGroup(value))
        }
        Shape::List if hinted && value.count() > 0 => {
            // `TARGETING_DESTINATIONS`; the longest word of the name decides.
            let group = WORDS.iter().filter(|word| lower.contains(**word)).max_by_key(|word| word.len())?;
            let group = if group.starts_with("strictly") { "necessary" } else { group };
            let items: Vec<&str> = value.items().filter_map(|item| item.text()).collect();
            let whole = items.len() == value.count();
            // Without OneTrust's name, only lists of nothing but catalogue categories beside a word of consent count.
            let categories = || items.len() > 1 && items.iter().all(|item| is_catalogue_category(item));
            let told = speaks_of_onetrust(text) || (text.contains("onsent") && categories());
            (whole && told && mostly(items.iter().copied())).then_some(Mapping::Listed(value, group))
        }
        _ => None,
    }
}

/// Ids of groups that mean nothing by themselves.
fn is_group(id: &str, text: &str) -> bool {
    let number = id.len() == 1 && id.bytes().all(|byte| (b'0'..=b'4').contains(&byte));
    (number && speaks_of_onetrust(text)) || WORDS.contains(&id.to_lowercase().as_str())
}

/// Whether at least half of the names, and two of them or all, are known to the catalogue.
fn mostly<'n>(names: impl Iterator<Item = &'n str>) -> bool {
    let (mut all, mut known) = (0usize, 0usize);
    for name in names {
        all += 1;
        known += usize::from(is_known(name));
    }
    known * 2 >= all && known >= all.min(2) && known > 0
}

/// Adds what a mapping says to the categories of its file.
pub(super) fn fill(mapping: &Mapping<'_>, categories: &mut Categories) {
    let mut pairs: Vec<(&str, Span, Located<String>, &str)> = Vec::new();
    let text = |node: Node<'_>| node.text().map(|text| located(text.to_owned(), node));
    match mapping {
        Mapping::ToGroup(map) => pairs.extend(map.entries().filter_map(|entry| {
            let name = Located::new(entry.key().to_owned(), entry.key_span());
            Some((entry.value().text()?, entry.value().span(), name, entry.key()))
        })),
        Mapping::FromGroup(map) => {
            for entry in map.entries() {
                let items = entry.value().items();
                pairs.extend(items.filter_map(|item| Some((entry.key(), entry.key_span(), text(item)?, item.text()?))));
            }
        }
        Mapping::Listed(list, group) => {
            let one = |item| Some((*group, list.span(), text(item)?, item.text()?));
            pairs.extend(list.items().filter_map(one));
        }
    }
    // `Livechat` is a category and a tool: what most of the names are decides.
    let kinds = pairs.iter().filter(|(.., name)| is_catalogue_category(name)).count() * 2 >= pairs.len();
    for (id, at, place, name) in pairs.into_iter().filter(|(.., name)| *name != "All") {
        let category = is_catalogue_category(name) && (kinds || !is_destination(name));
        categories.add(id, at, if category { "catalogue_categories" } else { "destinations" }, place);
    }
}

/// Gives the groups of OneTrust their names, and marks what is always on.
pub(super) fn name(categories: &mut Categories, onetrust: bool) {
    for category in categories.iter_mut() {
        let (id, span) = (category.id.value.clone(), category.id.span);
        if let Some((_, _, name)) = GROUPS.iter().find(|(code, number, _)| *code == id || (onetrust && *number == id)) {
            category.object.set("name", Located::new(Value::Text((*name).to_owned()), span));
        }
        let plain = id.to_lowercase();
        let always = matches!(plain.as_str(), "c0001" | "necessary" | "essential") || plain.starts_with("strictly");
        if always || (onetrust && id == "0") {
            category.object.set("essential", Located::new(Value::Bool(true), span));
        }
    }
}
