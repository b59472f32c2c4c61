//! What is said of a visitor and of an event on the command line.

use crate::document::{Node, Shape, parse};
use crate::finding::{Problem, Stage, closest};
use crate::flow::routing::analytics_js::{ALL, Integrations, SEGMENT};
use crate::flow::routing::{Preference, Preferences, Visitor};
use crate::model::catalogue::{Lookup, lookup};
use crate::model::{Entity, Model, normal};
use crate::source::{SourceId, Sources};

/// The keys of a state.
const KEYS: [&str; 3] = ["categories", "gpc", "chosen"];

/// The names under which the arguments are reported.
pub(super) const STATE: &str = "--state";
pub(super) const INTEGRATIONS: &str = "--integrations";

/// Reads what stands in an argument, and everything that is wrong with it.
struct Reader<'a> {
    model: &'a Model,
    problems: &'a mut Vec<Problem>,
}

/// The visitor that `--state` describes. Nothing is simulated of one that is not understood.
pub(super) fn visitor(id: SourceId, sources: &Sources, model: &Model, problems: &mut Vec<Problem>) -> Option<Visitor> {
    let before = problems.len();
    let mut visitor = Visitor::default();
    read(id, sources, "a state", problems, |root, problems| {
        let mut reader = Reader { model, problems };
        reader.keys(root);
        if let Some(categories) = root.get("categories") {
            visitor.preferences = reader.categories(categories);
        }
        visitor.signal = reader.switch(root, "gpc").unwrap_or(false);
        let said = visitor.preferences.values().any(|preference| *preference != Preference::Unset);
        visitor.chosen = reader.switch(root, "chosen").unwrap_or(said);
    });
    (problems.len() == before).then_some(visitor)
}

/// The integrations object that `--integrations` describes.
pub(super) fn integrations(
    id: SourceId,
    sources: &Sources,
    model: &Model,
    problems: &mut Vec<Problem>,
) -> Option<Integrations> {
    let before = problems.len();
    let mut switches = Integrations::new();
    read(id, sources, "an integrations object", problems, |root, problems| {
        switches = Reader { model, problems }.integrations(root);
    });
    (problems.len() == before).then_some(switches)
}

/// Parses an argument as one JSON object.
fn read(
    id: SourceId,
    sources: &Sources,
    what: &str,
    problems: &mut Vec<Problem>,
    with: impl FnOnce(Node<'_>, &mut Vec<Problem>),
) {
    let Some(source) = sources.get(id) else { return };
    let parsed = parse(id, "argument.json", &source.text);
    problems.extend(parsed.problems);
    match parsed.documents.as_slice() {
        [document] if document.root().shape() == Shape::Map => with(document.root(), problems),
        [document] => problems.push(shape(document.root(), &format!("{what} is a JSON object"))),
        [] if source.text.trim().is_empty() => problems.push(empty(what)),
        _ => {}
    }
}

fn empty(what: &str) -> Problem {
    Problem::run(Stage::Parse, format!("{what} is a JSON object, and nothing was given"))
}

fn shape(node: Node<'_>, message: &str) -> Problem {
    Problem::at(Stage::Schema, node.span(), message)
}

/// "Did you mean", or where to look.
fn near<'n>(name: &str, known: impl IntoIterator<Item = &'n str>, otherwise: &str) -> String {
    closest(name, known).map_or_else(|| otherwise.to_owned(), |near| format!("did you mean `{near}`?"))
}

impl Reader<'_> {
    fn keys(&mut self, root: Node<'_>) {
        for entry in root.entries().filter(|entry| !KEYS.contains(&entry.key())) {
            let help = near(entry.key(), KEYS, "a state has `categories`, `gpc` and `chosen`");
            let message = format!("a state has no `{}`", entry.key());
            self.problems.push(Problem::at(Stage::Schema, entry.key_span(), message).help(help));
        }
    }

    fn switch(&mut self, root: Node<'_>, key: &str) -> Option<bool> {
        let value = root.get(key)?;
        if value.boolean().is_none() {
            self.problems.push(shape(value, &format!("`{key}` is true or false")));
        }
        value.boolean()
    }

    fn categories(&mut self, map: Node<'_>) -> Preferences {
        if map.shape() != Shape::Map {
            self.problems.push(shape(map, "`categories` gives true, false or null for the id of each category"));
        }
        let mut preferences = Preferences::new();
        for entry in map.entries() {
            let id = entry.key();
            if !self.model.categories.iter().any(|category| category.id.value == id) {
                self.problems.push(self.unknown_category(id).place(entry.key_span()));
                continue;
            }
            let preference = match entry.value().shape() {
                Shape::Bool(true) => Preference::Granted,
                Shape::Bool(false) => Preference::Denied,
                Shape::Null => Preference::Unset,
                _ => {
                    self.problems.push(shape(entry.value(), &format!("`{id}` is true, false or null")));
                    continue;
                }
            };
            preferences.insert(id.to_owned(), preference);
        }
        preferences
    }

    fn unknown_category(&self, id: &str) -> Unplaced {
        let ids = || self.model.categories.iter().map(|category| category.id.value.as_str());
        let otherwise = match ids().take(10).map(|id| format!("`{id}`")).collect::<Vec<_>>() {
            ids if ids.is_empty() => "no file that was read has a consent category".to_owned(),
            ids => format!("there are {}", ids.join(", ")),
        };
        Unplaced { message: format!("there is no consent category `{id}`"), help: near(id, ids(), &otherwise) }
    }

    fn integrations(&mut self, map: Node<'_>) -> Integrations {
        let mut switches = Integrations::new();
        for entry in map.entries() {
            let name = entry.key();
            if !self.is_integration(name) {
                let names: Vec<&str> = self.model.destinations.iter().flat_map(names).chain([ALL, SEGMENT]).collect();
                let message = format!("no destination goes by the name `{name}`");
                let help = near(name, names, "name a destination as Segment names it, `All` or `Segment.io`");
                self.problems.push(Problem::at(Stage::Reference, entry.key_span(), message).help(help));
            }
            match entry.value().shape() {
                Shape::Bool(on) => drop(switches.insert(name.to_owned(), on)),
                Shape::Map => drop(switches.insert(name.to_owned(), true)),
                _ => self.problems.push(shape(entry.value(), &format!("`{name}` is true, false or settings"))),
            }
        }
        switches
    }

    /// Whether a name is that of a destination here, or of one that the catalogue knows: then it says nothing of ours.
    fn is_integration(&self, name: &str) -> bool {
        let wanted = normal(name);
        let ours = || self.model.destinations.iter().flat_map(names).any(|known| normal(known) == wanted);
        [ALL, SEGMENT].contains(&name) || ours() || !matches!(lookup(name), Lookup::Unknown)
    }
}

/// A problem whose place is still to be said.
struct Unplaced {
    message: String,
    help: String,
}

impl Unplaced {
    fn place(self, span: crate::source::Span) -> Problem {
        Problem::at(Stage::Reference, span, self.message).help(self.help)
    }
}

/// The names that a destination goes by.
fn names(entity: &Entity) -> impl Iterator<Item = &str> {
    let aliases = entity.object.texts("aliases").map(|(alias, _)| alias);
    let given = entity.origins.iter().map(|(_, name)| name.value.as_str());
    [entity.id.value.as_str()].into_iter().chain(entity.object.text("name")).chain(aliases).chain(given)
}
