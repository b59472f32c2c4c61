//! The statements of a script that may set up consent.

use tree_sitter::Node;

use super::super::build::{Built, BuiltKey, MAX_EXPANDED};
use super::super::{Code, Shape};
use super::lower::{Lowering, plain};
use super::marks::Marks;
use super::scope::text_of;
use super::tree::{first, parts};

/// Calls whose arguments say something, by the last name of what is called.
const CALLS: [&str; 10] = [
    "createWrapper",
    "withOneTrust",
    "oneTrust",
    "withTrustArc",
    "trustArc",
    "load",
    "createElement",
    "h",
    "jsx",
    "jsxs",
];

/// Components whose attributes say something.
const ELEMENTS: [&str; 4] = ["ConsentManager", "ConsentManagerBuilder", "Script", "script"];

/// Something to read.
#[derive(Clone, Copy)]
pub(super) enum Found<'s> {
    Assign(Node<'s>),
    Declare(Node<'s>),
    Call(Node<'s>),
    Element(Node<'s>),
    Export(Node<'s>),
    Import(Node<'s>),
    /// An error around a word that marks a set-up: what was there cannot be read.
    Broken(Node<'s>, &'static str),
}

impl<'s> Found<'s> {
    pub(super) fn node(self) -> Node<'s> {
        match self {
            Self::Assign(node) | Self::Declare(node) | Self::Call(node) | Self::Element(node) => node,
            Self::Export(node) | Self::Import(node) | Self::Broken(node, _) => node,
        }
    }
}

/// Whether a node is a statement of interest.
pub(super) fn of<'s>(node: Node<'s>, text: &str, marks: &Marks) -> Option<Found<'s>> {
    match node.kind() {
        "assignment_expression" => Some(Found::Assign(node)),
        "variable_declarator" | "public_field_definition" | "function_declaration" | "enum_declaration" => {
            Some(Found::Declare(node))
        }
        "call_expression" => {
            let called = node.child_by_field_name("function").map_or("", |called| text_of(called, text));
            let last = last_name(called);
            if last == "require" && called == last {
                return Some(Found::Import(node));
            }
            CALLS.contains(&last).then_some(Found::Call(node))
        }
        "jsx_self_closing_element" | "jsx_opening_element" => {
            let name = node.child_by_field_name("name").map_or("", |name| text_of(name, text));
            ELEMENTS.contains(&last_name(name)).then_some(Found::Element(node))
        }
        "export_statement" if text_of(node, text).starts_with("export default") => Some(Found::Export(node)),
        "import_statement" => Some(Found::Import(node)),
        "ERROR" => marks.within(&node.byte_range()).map(|word| Found::Broken(node, word)),
        _ => None,
    }
}

fn last_name(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path).trim()
}

type Entries = Vec<(BuiltKey, Built)>;

impl<'s> Lowering<'_, 's> {
    /// A statement as a mapping; nothing when there is nothing to read in it.
    pub(super) fn statement(&mut self, found: Found<'s>) -> Option<Built> {
        match found {
            Found::Assign(node) => self.assignment(node),
            Found::Declare(node) => self.declaration(node),
            Found::Call(node) => self.called(node),
            Found::Element(node) => self.element(node),
            Found::Export(node) => {
                let value = node.child_by_field_name("value").or_else(|| node.child_by_field_name("declaration"))?;
                let mut entries = vec![self.named("export", "default", node)];
                self.push("value", value, &mut entries);
                Some(self.builder.map(&entries, node.start_byte(), node.end_byte()))
            }
            Found::Import(node) => self.import(node),
            Found::Broken(node, word) => {
                let entry = self.named("broken", word, node);
                Some(self.builder.map(&[entry], node.start_byte(), node.end_byte()))
            }
        }
    }

    fn assignment(&mut self, node: Node<'s>) -> Option<Built> {
        let (left, right) = (node.child_by_field_name("left")?, node.child_by_field_name("right")?);
        let target: String = text_of(left, self.text).split_whitespace().collect();
        let value = plain(right, self.text);
        if value.kind() == "string" && target.ends_with(".src") {
            return Some(self.script(value));
        }
        if is_trivial(value.kind()) {
            return None;
        }
        let mut entries = vec![self.named("assign", &target, left)];
        self.push("value", value, &mut entries);
        Some(self.builder.map(&entries, node.start_byte(), node.end_byte()))
    }

    fn declaration(&mut self, node: Node<'s>) -> Option<Built> {
        let name = node.child_by_field_name("name")?;
        let itself = matches!(node.kind(), "function_declaration" | "enum_declaration");
        let value = if itself { node } else { plain(node.child_by_field_name("value")?, self.text) };
        let written = text_of(name, self.text);
        if name.kind().ends_with("pattern") || is_trivial(value.kind()) || self.scope.is_changed(written) {
            return None;
        }
        let mut entries = vec![self.named("const", written, name)];
        self.push("value", value, &mut entries);
        Some(self.builder.map(&entries, node.start_byte(), node.end_byte()))
    }

    fn called(&mut self, node: Node<'s>) -> Option<Built> {
        let called = node.child_by_field_name("function")?;
        let arguments = node.child_by_field_name("arguments").filter(|list| list.kind() == "arguments")?;
        let name = last_name(text_of(called, self.text)).to_owned();
        let place = called.child_by_field_name("property").unwrap_or(called);
        let given: Vec<Built> = parts(arguments).into_iter().map(|argument| self.value(argument, 2)).collect();
        let list = self.builder.list(&given, arguments.start_byte(), arguments.end_byte());
        let key = self.word("arguments", arguments);
        let entries = [self.named("call", &name, place), (key, list)];
        Some(self.builder.map(&entries, node.start_byte(), node.end_byte()))
    }

    fn element(&mut self, node: Node<'s>) -> Option<Built> {
        let name = node.child_by_field_name("name")?;
        let written = last_name(text_of(name, self.text)).to_owned();
        let mut attributes: Entries = Vec::new();
        for part in parts(node).into_iter().filter(|part| part.id() != name.id()) {
            match part.kind() {
                "jsx_attribute" => attributes.extend(self.attribute(part)),
                "jsx_expression" => {
                    let inner = first(part).into_iter().filter(|inner| inner.kind() == "spread_element");
                    inner.for_each(|inner| self.entry(inner, 2, None, &mut attributes));
                }
                _ => {}
            }
        }
        if matches!(written.as_str(), "script" | "Script") {
            let (_, address) = attributes.into_iter().find(|(key, _)| self.builder.key_text(*key) == "src")?;
            let entries = [(self.word("script", node), address)];
            return Some(self.builder.map(&entries, node.start_byte(), node.end_byte()));
        }
        let map = self.finish(attributes, node);
        let key = self.word("attributes", node);
        let entries = [self.named("element", &written, name), (key, map)];
        Some(self.builder.map(&entries, node.start_byte(), node.end_byte()))
    }

    /// An attribute without a value is true.
    fn attribute(&mut self, node: Node<'s>) -> Option<(BuiltKey, Built)> {
        let all = parts(node);
        let key = self.key(*all.first()?, 2)?;
        let value = match all.get(1) {
            None => self.builder.scalar(Shape::Bool(true), false, node.start_byte(), node.end_byte(), Some("true")),
            Some(value) if value.kind() == "jsx_expression" => match first(*value) {
                Some(inner) => self.value(inner, 2),
                None => self.code(Code::Other, &[], *value),
            },
            Some(value) => self.value(*value, 2),
        };
        Some((key, value))
    }

    fn import(&mut self, node: Node<'s>) -> Option<Built> {
        let source = node.child_by_field_name("source");
        let from = source.or_else(|| node.child_by_field_name("arguments").and_then(first))?;
        if from.kind() != "string" {
            return None;
        }
        let (mut names, mut open) = (Vec::new(), parts(node));
        while let Some(part) = open.pop() {
            match part.kind() {
                "import_clause" | "named_imports" | "namespace_import" => open.extend(parts(part)),
                "import_specifier" => names.extend(part.child_by_field_name("name")),
                "identifier" if node.kind() == "import_statement" => names.push(part),
                _ => {}
            }
        }
        names.sort_by_key(Node::start_byte);
        let one = |this: &mut Self, name: Node<'_>| {
            this.builder.scalar(Shape::Text, false, name.start_byte(), name.end_byte(), None)
        };
        let names: Vec<Built> = names.into_iter().map(|name| one(self, name)).collect();
        let list = self.builder.list(&names, node.start_byte(), node.end_byte());
        let (key, value) = (self.word("import", from), self.value(from, 2));
        let entries = [(key, value), (self.word("names", node), list)];
        Some(self.builder.map(&entries, node.start_byte(), node.end_byte()))
    }

    fn script(&mut self, address: Node<'s>) -> Built {
        let entries = [(self.word("script", address), self.value(address, 2))];
        self.builder.map(&entries, address.start_byte(), address.end_byte())
    }

    fn push(&mut self, key: &str, value: Node<'s>, entries: &mut Entries) {
        let (key, value) = (self.word(key, value), self.value(value, 2));
        if value.weight <= MAX_EXPANDED {
            entries.push((key, value));
        }
    }

    /// A key of ours, placed where what it is about is written.
    fn word(&mut self, key: &str, place: Node<'_>) -> BuiltKey {
        self.builder.key(false, place.start_byte(), place.end_byte(), Some(key))
    }

    fn named(&mut self, key: &str, name: &str, place: Node<'_>) -> (BuiltKey, Built) {
        let (start, end) = (place.start_byte(), place.end_byte());
        (self.word(key, place), self.builder.scalar(Shape::Text, false, start, end, Some(name)))
    }
}

/// Values in which no set-up can be written.
fn is_trivial(kind: &str) -> bool {
    matches!(
        kind,
        "string"
            | "number"
            | "true"
            | "false"
            | "null"
            | "undefined"
            | "regex"
            | "new_expression"
            | "class"
            | "unary_expression"
            | "template_string"
            | "await_expression"
            | "jsx_element"
            | "jsx_self_closing_element"
    )
}
