//! Fixes: edits that mend what was found, and the loop that makes them, reads the result anew and keeps what holds.
//!
//! A data map says what is so. A fix may put right how it is written, or list what the law leaves one place for; it never
//! says that something is so which nobody declared. Files that a platform exported are changed there, not here.

mod category;
mod deletion;
mod exception;
mod mend;
mod signal;

pub use mend::{Done, Mended, Reading, Refused, Target, Texts, Wish, mend};

use crate::document::{self, Document, Node, Parsed, Writing};
use crate::finding::{Edit, Finding, Fix, Problem, Stage};
use crate::flow::{Flow, Map};
use crate::model::remedy::Remedy;
use crate::model::{Entity, Origin};
use crate::source::{SourceId, Sources, Span};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// What fixes are made from. A text is parsed when a fix first looks at it, and once.
pub struct Scene<'a> {
    sources: &'a Sources,
    map: Map<'a>,
    flow: &'a Flow,
    parses: Parses<'a>,
    /// Destinations by id.
    destinations: HashMap<&'a str, usize>,
    /// By file and list: where each item of the list is, by the place of its id.
    items: RefCell<HashMap<(SourceId, &'static str), Items>>,
}

/// By the first byte of an id: which document it is in, and which item of the list has it.
type Items = HashMap<u32, (usize, usize)>;

impl<'a> Scene<'a> {
    /// The scene of a run.
    pub fn new(sources: &'a Sources, map: Map<'a>, flow: &'a Flow) -> Self {
        let destinations = map.model.destinations.iter().enumerate().map(|(at, entity)| (entity.id.value.as_str(), at));
        let (destinations, items) = (destinations.collect(), RefCell::default());
        Self { sources, map, flow, parses: Parses::new(sources), destinations, items }
    }

    /// Ways to mend a finding by the remedies of its rule, the best first.
    pub fn offer(&self, remedies: &[&'static Remedy], finding: &Finding) -> Vec<Fix> {
        remedies.iter().flat_map(|remedy| self.by(remedy, finding)).collect()
    }

    fn by(&self, remedy: &Remedy, finding: &Finding) -> Vec<Fix> {
        let fixes = match remedy.name {
            "list-in-opt-out-category" => category::list_in_opt_out(self, finding),
            "list-in-category" => category::list_in_any(self, finding),
            "spell-category-id" => category::spell(self, finding),
            "spell-signal-category" => signal::spell(self, finding),
            "map-signal" => signal::map(self, finding),
            "add-deletion-route" => deletion::add_route(self, finding),
            "remove-exception" | "remove-expired-exception" => exception::remove(self, finding),
            "correct-rule-name" => exception::correct(self, finding),
            _ => Vec::new(),
        };
        let safe = |fix: Fix| Fix { safe: fix.safe && remedy.safe, ..fix };
        fixes.into_iter().filter(|fix| !fix.edits.is_empty()).map(safe).collect()
    }

    /// What `make` gives of the item that declares an entity in the list at `path` of a data map.
    fn declared<R>(&self, entity: &Entity, path: &[&'static str], make: impl Fn(Node<'_>) -> Option<R>) -> Option<R> {
        let own = entity.origins.iter().filter(|(origin, _)| *origin == Origin::Inventory);
        own.map(|(_, name)| name.span).find_map(|place| {
            let parsed = self.parses.parsed(place.source)?;
            let mut known = self.items.borrow_mut();
            let items = known.entry((place.source, path.last()?)).or_insert_with(|| items(&parsed, path));
            let (document, item) = *items.get(&place.start)?;
            let list = data_maps(&parsed).nth(document)?.root().at(path)?;
            list.items().nth(item).and_then(&make)
        })
    }
}

/// The items of a list in all data maps of a text.
fn items(parsed: &Parsed<'_>, path: &[&str]) -> Items {
    let mut all = Items::new();
    for (document, list) in data_maps(parsed).map(|document| document.root().at(path)).enumerate() {
        let ids = list.into_iter().flat_map(Node::items).enumerate();
        // Of an item that an alias brings once more the first is the one that is written.
        for (item, id) in ids.filter_map(|(item, node)| Some((item, node.get("id")?.span()))) {
            all.entry(id.start).or_insert((document, item));
        }
    }
    all
}

/// The data maps in a text.
fn data_maps<'p>(parsed: &'p Parsed<'_>) -> impl Iterator<Item = &'p Document<'p>> {
    parsed.documents.iter().filter(|document| document.root().get("datamap").is_some())
}

/// Texts, parsed when asked for.
struct Parses<'a> {
    sources: &'a Sources,
    parsed: RefCell<HashMap<SourceId, Rc<Parsed<'a>>>>,
}

impl<'a> Parses<'a> {
    fn new(sources: &'a Sources) -> Self {
        Self { sources, parsed: RefCell::default() }
    }

    /// A text as it is parsed; none for what is kept compressed.
    fn parsed(&self, id: SourceId) -> Option<Rc<Parsed<'a>>> {
        let source = self.sources.get(id)?;
        let packed = source.path.len() > 3 && source.path.to_ascii_lowercase().ends_with(".gz");
        let parse = || Rc::new(document::parse(id, &source.path, &source.text));
        (!packed).then(|| Rc::clone(self.parsed.borrow_mut().entry(id).or_insert_with(parse)))
    }
}

/// Settles how the names that problems suggest are written in their files; one whose place cannot be edited is dropped.
/// `edited` tells of a source whether people write it.
pub fn settle(sources: &Sources, edited: impl Fn(SourceId) -> bool, problems: &mut [Problem]) {
    let parses = Parses::new(sources);
    for problem in problems.iter_mut().filter(|problem| problem.stage == Stage::Reference) {
        let Some(fix) = problem.fix.take() else { continue };
        let rewritten: Option<Vec<Edit>> = fix
            .edits
            .iter()
            .map(|edit| {
                let parsed = parses.parsed(edit.span.source).filter(|_| edited(edit.span.source))?;
                let node = parsed.documents.iter().find_map(|document| document::scalar_at(document, edit.span))?;
                // A reference may be a part of what is written.
                let named = node.text().is_some_and(|text| problem.message.contains(&format!("`{text}`")));
                document::rewrite(node, &Writing::Text(&edit.text)).filter(|_| named)
            })
            .collect();
        problem.fix = rewritten.map(|edits| Box::new(Fix { edits, ..*fix }));
    }
}

/// A text with edits made that do not overlap.
pub fn edited(text: &str, edits: &[&Edit]) -> String {
    let mut sorted: Vec<&&Edit> = edits.iter().collect();
    // The sort is stable: of several insertions at one place the first stays the first.
    sorted.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let (mut out, mut at) = (String::with_capacity(text.len() + 64), 0);
    for edit in sorted {
        let Span { start, end, .. } = edit.span;
        out.push_str(text.get(at..start as usize).unwrap_or(""));
        out.push_str(&edit.text);
        at = end as usize;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}

/// Whether an edit puts something in that begins with what parts it from what stands before: such edits may follow one
/// another at one place.
fn is_chained(edit: &Edit) -> bool {
    edit.span.start == edit.span.end && edit.text.len() > 1 && edit.text.starts_with([',', '\n', '\r'])
}
