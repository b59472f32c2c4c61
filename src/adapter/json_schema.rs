//! JSON Schema as tracking plans write it: from the schema of an event to its properties.
//!
//! Schemas are walked once, entry by entry, because a plan may hold hundreds of thousands of properties. What a
//! schema demands (`required`, `pattern`, …) does not matter here; which names it knows, and what their values are,
//! does.

use super::hint::{Seen, distinct, names_object, types};
use crate::document::{Entry, MAX_DEPTH, Node, Shape, check_schema_node};
use crate::finding::{Problem, Stage};
use crate::model::event::push_segment;
use crate::model::{Located, Property, Section};
use crate::source::Span;

/// Most schemas that are read through local references in one document. Without cycles, references can still
/// double the work at every level.
const MAX_REFERRED: usize = 200_000;

/// Reads the schemas of one document.
pub(super) struct Reader<'d, 'p> {
    root: Node<'d>,
    /// Where everything that cannot be read is said.
    pub(super) problems: &'p mut Vec<Problem>,
    referred: usize,
    cut: bool,
}

impl<'d, 'p> Reader<'d, 'p> {
    /// A reader for the document with this outermost node.
    pub(super) fn new(root: Node<'d>, problems: &'p mut Vec<Problem>) -> Self {
        Self { root, problems, referred: 0, cut: false }
    }

    /// Adds a problem with the shape of the input.
    pub(super) fn problem(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Problem::at(Stage::Schema, span, message).help(help));
    }

    /// The properties of an event whose JSON Schema is `schema`. `section` is the part of the event that a flat
    /// schema describes.
    pub(super) fn event_schema(&mut self, schema: Node<'d>, section: Section) -> Vec<Property> {
        self.outermost(schema, section, None)
    }

    /// The same, where `properties` are never the parts of an event.
    pub(super) fn flat_schema(&mut self, schema: Node<'d>, section: Section) -> Vec<Property> {
        self.outermost(schema, section, Some(false))
    }

    fn outermost(&mut self, schema: Node<'d>, section: Section, wrapped: Option<bool>) -> Vec<Property> {
        let issues = check_schema_node(schema);
        // What is wrong with the schema is said once: by the check, or else while walking.
        let report = issues.is_empty();
        self.problems.extend(issues);
        let mut walk = Walk::new(self, schema, section, report);
        walk.envelope(schema, wrapped);
        walk.finish()
    }

    /// The properties of a mapping from names to schemas, or of a list of schemas that have a `name`.
    pub(super) fn members(&mut self, members: Node<'d>, section: Section) -> Vec<Property> {
        let mut walk = Walk::new(self, members, section, true);
        walk.alias = members.alias();
        walk.members(members);
        walk.finish()
    }
}

/// Whether the `properties` of an event's schema are the parts of the event rather than its own properties.
///
/// Segment stores `{context, traits, properties}` around what the customer declared; typewriter 8 takes that layer
/// away and adds `eventMetadata`. An event may own a property called like a part, so a name alone does not tell:
/// another key beside the parts, a part that is no object, or `eventMetadata` without all three parts means flat.
pub(super) fn is_wrapped(schema: Node<'_>, properties: Node<'_>) -> bool {
    let is_part =
        |entry: Entry<'_>| section_named(entry.key()).is_some() && entry.value().get("type").is_none_or(names_object);
    match properties.count() {
        count @ 1..=3 => properties.entries().all(is_part) && (count == 3 || schema.get("eventMetadata").is_none()),
        _ => false,
    }
}

fn section_named(key: &str) -> Option<Section> {
    [Section::Properties, Section::Traits, Section::Context].into_iter().find(|section| section.name() == key)
}

/// The walk through the schema of one event.
struct Walk<'r, 'd, 'p> {
    reader: &'r mut Reader<'d, 'p>,
    /// What `#` means: the event's schema, which becomes a document of its own when it is used.
    base: Node<'d>,
    section: Section,
    report: bool,
    out: Vec<Property>,
    path: String,
    alias: Option<Span>,
    depth: usize,
    /// Targets of the references that are being followed.
    following: Vec<Span>,
    /// A name may have been met twice.
    repeats: bool,
}

impl<'r, 'd, 'p> Walk<'r, 'd, 'p> {
    fn new(reader: &'r mut Reader<'d, 'p>, base: Node<'d>, section: Section, report: bool) -> Self {
        Self {
            reader,
            base,
            section,
            report,
            out: Vec::new(),
            path: String::new(),
            alias: None,
            depth: 0,
            following: vec![base.span()],
            repeats: false,
        }
    }

    fn finish(self) -> Vec<Property> {
        if self.repeats { distinct(self.out) } else { self.out }
    }

    /// The outermost schema of an event. `decided` says whether it is wrapped, once a schema around this one told.
    fn envelope(&mut self, schema: Node<'d>, decided: Option<bool>) {
        if !self.enter(schema) {
            return;
        }
        let outside = self.alias;
        self.alias = outside.or(schema.alias());
        let own = schema.get("properties").filter(|found| found.count() > 0);
        let decided = decided.or_else(|| own.map(|properties| is_wrapped(schema, properties)));
        for entry in schema.entries() {
            match entry.key() {
                "properties" if decided == Some(true) => self.sections(entry.value()),
                "properties" => self.members(entry.value()),
                "allOf" | "anyOf" | "oneOf" => self.branches(entry.value(), |walk, branch| {
                    walk.envelope(branch, decided);
                }),
                "if" | "then" | "else" => {
                    self.repeats = true;
                    self.envelope(entry.value(), decided);
                }
                "$ref" => {
                    self.reference(entry.value(), |walk, target| walk.envelope(target, decided));
                }
                _ => {}
            }
        }
        self.alias = outside;
        self.depth -= 1;
    }

    fn sections(&mut self, properties: Node<'d>) {
        let outside = self.section;
        for entry in properties.entries() {
            let Some(section) = section_named(entry.key()) else { continue };
            self.section = section;
            self.schema(entry.value());
        }
        self.section = outside;
    }

    /// Whether the walk may go into a schema; counts a level when it may.
    fn enter(&mut self, schema: Node<'d>) -> bool {
        match schema.shape() {
            Shape::Map => {}
            // `true` and `{}` mean the same, and a YAML key without a value is as untyped as `{}`.
            Shape::Bool(_) | Shape::Null => return false,
            _ => {
                self.misshapen(schema, "a property is described by an object", "write `{}` if nothing is known of it");
                return false;
            }
        }
        if self.following.len() > 1 {
            self.reader.referred += 1;
        }
        if self.depth >= MAX_DEPTH || self.reader.referred > MAX_REFERRED {
            self.cut(schema);
            return false;
        }
        self.depth += 1;
        true
    }

    fn misshapen(&mut self, node: Node<'d>, message: &str, help: &str) {
        if self.report {
            self.reader.problem(node.span(), message, help);
        }
    }

    fn cut(&mut self, node: Node<'d>) {
        if self.reader.cut {
            return;
        }
        self.reader.cut = true;
        let message = "the references in this document unfold into more schemas than are read";
        self.reader.problem(node.span(), message, "write the schema without nesting references this deep");
    }

    /// A schema at the current path; its members become properties.
    fn schema(&mut self, schema: Node<'d>) -> Seen {
        let mut seen = Seen::default();
        if !self.enter(schema) {
            return seen;
        }
        let outside = self.alias;
        self.alias = outside.or(schema.alias());
        for entry in schema.entries() {
            self.keyword(entry, &mut seen);
        }
        self.alias = outside;
        self.depth -= 1;
        seen
    }

    fn keyword(&mut self, entry: Entry<'d>, seen: &mut Seen) {
        let value = entry.value();
        match entry.key() {
            "type" => seen.declare(value),
            "format" => seen.format(value),
            "enum" => value.items().for_each(|item| seen.example(item)),
            "const" => seen.example(value),
            "properties" => {
                seen.container();
                self.members(value);
            }
            "items" | "prefixItems" | "additionalItems" | "contains" => {
                seen.container();
                self.items(entry);
            }
            "additionalProperties" => self.any_name(value),
            "patternProperties" => {
                self.repeats = true;
                value.entries().for_each(|pattern| self.any_name(pattern.value()));
            }
            "allOf" | "anyOf" | "oneOf" => self.branches(value, |walk, branch| {
                let found = walk.schema(branch);
                seen.join(found);
            }),
            "if" | "then" | "else" => {
                self.repeats = true;
                let found = self.schema(value);
                seen.join(found);
            }
            "$ref" => self.referred(value, seen),
            _ => {}
        }
    }

    fn members(&mut self, members: Node<'d>) {
        match members.shape() {
            Shape::Map => members.entries().for_each(|entry| {
                self.member(entry.key(), entry.key_span(), entry.value());
            }),
            Shape::List => members.items().for_each(|item| self.listed(item)),
            Shape::Null => {}
            _ => self.misshapen(members, "`properties` holds no properties", "name the properties below it"),
        }
    }

    /// A member in a list, where its name stands beside its type.
    fn listed(&mut self, item: Node<'d>) {
        let named = item.get("name").filter(|name| !name.is_null());
        let Some((name, text)) = named.and_then(|name| Some((name, name.scalar()?))) else {
            let message = "an entry in a list of properties has no name";
            self.reader.problem(item.span(), message, "add `name: …` to the entry, or remove it");
            return;
        };
        self.member(text, name.span(), item);
    }

    fn member(&mut self, name: &str, span: Span, schema: Node<'d>) {
        // Segment's editor leaves such members behind; there is nothing to classify, and nothing to send.
        if name.is_empty() {
            self.schema(schema);
            return;
        }
        let outer = push_segment(&mut self.path, name);
        let index = self.out.len();
        self.emit(span, schema, Seen::default());
        let seen = self.schema(schema);
        if let Some(property) = self.out.get_mut(index) {
            property.hint = seen.hint();
        }
        self.path.truncate(outer);
    }

    fn emit(&mut self, span: Span, schema: Node<'d>, seen: Seen) {
        let alias = self.alias.or(schema.alias());
        let path = Located { value: Box::from(self.path.as_str()), span, alias };
        self.out.push(Property {
            path,
            section: self.section,
            hint: seen.hint(),
            values: super::hint::values(schema),
            declared: None,
            seen: None,
        });
    }

    fn items(&mut self, entry: Entry<'d>) {
        let value = entry.value();
        // Keywords for items may stand side by side, and a tuple describes each place on its own.
        self.repeats |= value.shape() == Shape::List || entry.key() != "items";
        if value.shape() == Shape::List {
            value.items().for_each(|item| self.item(entry.key_span(), item));
        } else {
            self.item(entry.key_span(), value);
        }
    }

    fn item(&mut self, span: Span, schema: Node<'d>) {
        let outer = push_segment(&mut self.path, "$");
        let seen = self.schema(schema);
        // Objects and lists are there by their members; plain values have no other place.
        if seen.is_plain() {
            self.emit(span, schema, seen);
        }
        self.path.truncate(outer);
    }

    /// Members whose own names are not known, such as those of a lookup table.
    fn any_name(&mut self, schema: Node<'d>) {
        if schema.shape() != Shape::Map {
            return;
        }
        let outer = push_segment(&mut self.path, "*");
        self.schema(schema);
        self.path.truncate(outer);
    }

    fn branches(&mut self, branches: Node<'d>, mut each: impl FnMut(&mut Self, Node<'d>)) {
        self.repeats = true;
        if branches.shape() != Shape::List {
            self.misshapen(branches, "`allOf`, `anyOf` and `oneOf` hold a list of schemas", "put the schema in a list");
        }
        branches.items().for_each(|branch| each(self, branch));
    }

    fn referred(&mut self, value: Node<'d>, seen: &mut Seen) {
        let mut found = Seen::default();
        let again = self.reference(value, |walk, target| found = walk.schema(target));
        seen.join(found);
        if let Some(kind) = again.and_then(|target| target.get("type")) {
            seen.join(types(kind));
        }
    }

    /// Goes to the target of a local reference. Gives the target back when it is already being read: a schema that
    /// holds itself has no end, and its first round named all there is.
    fn reference(&mut self, value: Node<'d>, go: impl FnOnce(&mut Self, Node<'d>)) -> Option<Node<'d>> {
        let written = value.text()?;
        let Some(pointer) = written.strip_prefix('#') else {
            let message =
                format!("`$ref: {written}` leads out of this file; nothing is fetched, so what it holds is not seen");
            let help = "write the schema into the plan";
            self.reader.problems.push(Problem::at(Stage::Reference, value.span(), message).help(help));
            return None;
        };
        let found = self.resolve(self.base, pointer).or_else(|| self.resolve(self.reader.root, pointer));
        let Some(target) = found else {
            let message = format!("`$ref: #{pointer}` leads to nothing in this file");
            let help = "define the schema under `definitions` of the event, or correct the reference";
            self.reader.problems.push(Problem::at(Stage::Reference, value.span(), message).help(help));
            return None;
        };
        let span = target.span();
        if self.following.contains(&span) {
            return Some(target);
        }
        self.repeats = true;
        self.following.push(span);
        go(self, target);
        self.following.pop();
        None
    }

    fn resolve(&mut self, from: Node<'d>, pointer: &str) -> Option<Node<'d>> {
        let mut node = from;
        let Some(steps) = pointer.strip_prefix('/') else { return pointer.is_empty().then_some(node) };
        for step in steps.split('/') {
            // Looking for a key costs time too, in a large mapping as much as reading many schemas.
            self.reader.referred += node.count() / 8;
            let step = step.replace("%20", " ").replace("~1", "/").replace("~0", "~");
            node = match node.shape() {
                Shape::List => node.items().nth(step.parse().ok()?)?,
                _ => node.get(&step)?,
            };
        }
        Some(node)
    }
}
