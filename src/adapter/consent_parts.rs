//! What set-ups of consent managers in code have in common: settings that may be computed, categories with their
//! destinations.

use crate::document::{Code, Entry, Node, Shape};
use crate::finding::{Problem, Stage};
use crate::model::kind::CATEGORY;
use crate::model::{Entity, Located, Model, Value};
use crate::source::Span;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The key of what may bring settings that are not written (`...props`).
pub(super) const SPREAD: &str = "...";
/// A setting as it is written.
#[derive(Clone, Copy)]
pub(super) enum Setting<'d> {
    /// Not there.
    Absent,
    /// There.
    Given(Entry<'d>),
    /// Perhaps there, or perhaps replaced: by this.
    Hidden(Node<'d>),
}

/// The setting at a key: the last one counts, and what is spread in after it may replace it.
pub(super) fn setting<'d>(config: Node<'d>, key: &str) -> Setting<'d> {
    let mut hidden = None;
    for entry in config.entries().rev() {
        if entry.key() == key {
            let replaced = hidden.filter(|node: &Node<'d>| node.computed() == Some(Code::Spread));
            return replaced.map_or(Setting::Given(entry), Setting::Hidden);
        }
        if entry.key() == SPREAD {
            hidden.get_or_insert(entry.value());
        }
    }
    hidden.map_or(Setting::Absent, Setting::Hidden)
}

/// The value at a key that can be told, unless it is null.
pub(super) fn given<'d>(config: Node<'d>, key: &str) -> Option<Entry<'d>> {
    match setting(config, key) {
        Setting::Given(entry) if !entry.value().is_null() => Some(entry),
        _ => None,
    }
}

/// Sets what is written at `key` as `attribute`: read by `read`, unknown when it is computed or filled in later.
pub(super) fn carry<'d>(
    entity: &mut Entity,
    attribute: &str,
    config: Node<'d>,
    key: &str,
    read: impl Fn(Node<'d>) -> Option<Value>,
) {
    let node = match setting(config, key) {
        Setting::Given(entry) => entry.value(),
        Setting::Hidden(_) | Setting::Absent => return,
    };
    if is_unread(node) {
        entity.object.set(attribute, unknown(node));
    } else if let Some(value) = read(node) {
        entity.object.set(attribute, located(value, node));
    }
}

/// A value at the place of a node.
pub(super) fn located<T>(value: T, node: Node<'_>) -> Located<T> {
    Located { value, span: node.span(), alias: node.alias() }
}

/// Whether only the running page knows the value.
pub(super) fn is_unread(node: Node<'_>) -> bool {
    node.computed().is_some() || node.has_hole()
}

/// The value of what is computed.
pub(super) fn unknown(node: Node<'_>) -> Located<Value> {
    located(Value::Unknown(format!("computed by `{}`", shown(node))), node)
}

/// The first line of a value's code, shortened.
fn shown(node: Node<'_>) -> String {
    let line = node.code().lines().next().unwrap_or("").trim();
    let short: String = line.chars().take(40).collect();
    if short.len() < line.len() || line.len() < node.code().trim().len() { format!("{short}…") } else { short }
}

/// Something that hides what rules need.
pub(super) fn hidden(node: Node<'_>, what: &str) -> Problem {
    Problem::at(Stage::Parse, node.span(), format!("{what} computed by `{}`, which cannot be read", shown(node)))
        .help("write it as a literal in this file, or declare it in a data map")
}

/// The settings of a mapping by their keys, and what may bring others.
pub(super) fn index(config: Node<'_>) -> (HashMap<&str, Setting<'_>>, Option<Node<'_>>) {
    let (mut found, mut hidden, mut replaced) = (HashMap::with_capacity(config.count()), None, None);
    for entry in config.entries().rev() {
        let value = entry.value();
        if entry.key() == SPREAD {
            hidden.get_or_insert(value);
            replaced = replaced.or(Some(value).filter(|value| value.computed() == Some(Code::Spread)));
        } else {
            found.entry(entry.key()).or_insert(replaced.map_or(Setting::Given(entry), Setting::Hidden));
        }
    }
    (found, hidden)
}

/// The consent categories of one file, in the order of their first mention.
#[derive(Default)]
pub(super) struct Categories {
    all: Vec<Entity>,
    index: HashMap<String, usize>,
    /// Lists that are added to, by category and attribute.
    lists: BTreeMap<(usize, &'static str), Vec<Located<Value>>>,
    /// What is in these lists.
    listed: HashSet<(usize, &'static str, String)>,
}

impl Categories {
    fn at(&mut self, id: &str, span: Span) -> usize {
        let at = *self.index.entry(id.to_owned()).or_insert(self.all.len());
        if at == self.all.len() {
            let mut category = Entity::new(&CATEGORY, Located::new(id.to_owned(), span));
            category.object.set("id", Located::new(Value::Text(id.to_owned()), span));
            self.all.push(category);
        }
        at
    }

    /// The category with this id.
    pub(super) fn category(&mut self, id: &str, span: Span) -> &mut Entity {
        let at = self.at(id, span);
        &mut self.all[at]
    }

    /// Adds a name to a list of a category.
    pub(super) fn add(&mut self, id: &str, span: Span, attribute: &'static str, name: Located<String>) {
        let at = self.at(id, span);
        if self.listed.insert((at, attribute, name.value.clone())) {
            let name = Located { value: Value::Text(name.value), span: name.span, alias: name.alias };
            self.lists.entry((at, attribute)).or_default().push(name);
        }
    }

    /// The categories in order.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Entity> {
        self.all.iter_mut()
    }

    /// Hands them over.
    pub(super) fn finish(mut self, model: &mut Model) {
        for ((at, attribute), list) in self.lists {
            if let (Some(category), Some(first)) = (self.all.get_mut(at), list.first().map(|item| item.span)) {
                category.object.set(attribute, Located::new(Value::List(list), first));
            }
        }
        model.categories.extend(self.all);
    }
}

/// The strings of a list, each with its place, and the first item that is none.
pub(super) fn texts(list: Node<'_>) -> (Vec<Located<Value>>, Option<Node<'_>>) {
    let (mut found, mut unread) = (Vec::new(), None);
    for item in list.items() {
        match item.text().filter(|_| !item.has_hole()) {
            Some(text) => found.push(located(Value::Text(text.to_owned()), item)),
            None => _ = unread.get_or_insert(item),
        }
    }
    (found, unread)
}

/// What a value is, or what the function that it is returns.
pub(super) fn returned(node: Node<'_>) -> Node<'_> {
    let mut node = node;
    // `() => () => true` is a function all the same: one level is what these settings are.
    if node.computed() == Some(Code::Function)
        && let Some(part) = node.parts().next()
    {
        node = part;
    }
    node
}

/// The statements of a script, or the one value of a file of data.
pub(super) fn statements<'d>(root: Node<'d>, key: &str) -> impl Iterator<Item = (Node<'d>, Node<'d>)> {
    let key = key.to_owned();
    let list = if root.shape() == Shape::List { Some(root.items()) } else { None };
    list.into_iter().flatten().filter_map(move |statement| Some((statement.get(&key)?, statement)))
}
