//! What the names of a script stand for.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use tree_sitter::Node;

use super::tree::parts;

/// More declarations of one name than this are not looked through.
const MAX_SAME: usize = 64;

/// What a name was given.
#[derive(Clone, Copy, Debug)]
pub(super) enum Given<'s> {
    /// A value, a function or an enumeration.
    Value(Node<'s>),
    /// What a value has under a name: `const { ads } = categories`.
    Member(Node<'s>, &'s str),
    /// Something that only running the code tells: a parameter, an import.
    Unread,
}

#[derive(Debug)]
struct Declared<'s> {
    within: Range<usize>,
    given: Given<'s>,
}

/// The declarations of all scripts of a text.
#[derive(Debug, Default)]
pub(super) struct Scope<'s> {
    names: HashMap<&'s str, Vec<Declared<'s>>>,
    /// Names that are assigned to, or whose value is changed in place, anywhere.
    changed: HashSet<&'s str>,
    /// The stretches of text in which the current declarations hold, and whether each is a function.
    open: Vec<(usize, Range<usize>, bool)>,
    /// The declarations around the current place, and whether each is of `var`.
    declaring: Vec<(usize, bool)>,
}

impl<'s> Scope<'s> {
    /// What a name at this place stands for: the declaration of the innermost scope, unless it is changed later.
    pub(super) fn given(&self, name: &str, at: usize) -> Option<Given<'s>> {
        let declared = self.names.get(name).filter(|declared| declared.len() <= MAX_SAME)?;
        let mut fitting: Vec<&Declared<'s>> = declared.iter().filter(|one| one.within.contains(&at)).collect();
        fitting.sort_by_key(|one| one.within.len());
        match fitting.as_slice() {
            [one, other, ..] if one.within == other.within => None,
            [one, ..] if !self.changed.contains(name) => Some(one.given),
            _ => None,
        }
    }

    /// Whether a name is assigned to or changed after its declaration.
    pub(super) fn is_changed(&self, name: &str) -> bool {
        self.changed.contains(name)
    }

    /// Looks at a node on the way down.
    pub(super) fn enter(&mut self, node: Node<'s>, text: &'s str) {
        if let Some(function) = scope_of(node.kind()) {
            let outermost = node.kind() == "program";
            let range = if outermost { 0..usize::MAX } else { node.byte_range() };
            self.open.push((node.id(), range, function));
        }
        match node.kind() {
            "variable_declaration" => self.declaring.push((node.id(), true)),
            "lexical_declaration" => self.declaring.push((node.id(), false)),
            "variable_declarator" => self.variable(node, text),
            "function_declaration" | "generator_function_declaration" | "class_declaration" | "enum_declaration" => {
                let given =
                    if node.kind() == "generator_function_declaration" { Given::Unread } else { Given::Value(node) };
                let outer = self.open.iter().rev().nth(usize::from(scope_of(node.kind()).is_some()));
                let within = outer.map_or(0..usize::MAX, |(_, range, _)| range.clone());
                self.name(node.child_by_field_name("name"), within, given, text);
            }
            "required_parameter" | "optional_parameter" => self.pattern(node.child_by_field_name("pattern"), text),
            "arrow_function" | "catch_clause" => self.pattern(node.child_by_field_name("parameter"), text),
            "import_clause" | "named_imports" => {
                parts(node)
                    .into_iter()
                    .filter(|part| part.kind() == "identifier")
                    .for_each(|part| self.unread(part, text));
            }
            "import_specifier" => {
                let name = node.child_by_field_name("alias").or_else(|| node.child_by_field_name("name"));
                name.into_iter().for_each(|name| self.unread(name, text));
            }
            "assignment_expression" | "augmented_assignment_expression" | "for_in_statement" => {
                self.changes(node.child_by_field_name("left"), text);
            }
            "update_expression" => self.changes(node.child_by_field_name("argument"), text),
            "unary_expression" if text_of(node, text).starts_with("delete") => {
                self.changes(node.child_by_field_name("argument"), text);
            }
            "call_expression" => self.called(node, text),
            _ => {}
        }
    }

    /// Looks at a node on the way up.
    pub(super) fn leave(&mut self, node: Node<'s>) {
        if self.open.last().is_some_and(|(id, ..)| *id == node.id()) {
            self.open.pop();
        }
        if self.declaring.last().is_some_and(|(id, _)| *id == node.id()) {
            self.declaring.pop();
        }
    }

    fn variable(&mut self, node: Node<'s>, text: &'s str) {
        let hoisted = self.declaring.last().is_some_and(|(_, var)| *var);
        let mut scopes = self.open.iter().rev();
        let scope = if hoisted { scopes.find(|(.., function)| *function) } else { scopes.next() };
        let within = scope.map_or(0..usize::MAX, |(_, range, _)| range.clone());
        let (Some(name), value) = (node.child_by_field_name("name"), node.child_by_field_name("value")) else { return };
        if name.kind() == "identifier" {
            self.name(Some(name), within, value.map_or(Given::Unread, Given::Value), text);
            return;
        }
        for part in parts(name) {
            let (key, bound) = match part.kind() {
                "shorthand_property_identifier_pattern" => (part, Some(part)),
                "pair_pattern" => {
                    let Some(key) = part.child_by_field_name("key") else { continue };
                    (key, part.child_by_field_name("value").filter(|value| value.kind() == "identifier"))
                }
                _ => continue,
            };
            let member = |value| Given::Member(value, text_of(key, text));
            self.name(bound, within.clone(), value.map_or(Given::Unread, member), text);
        }
    }

    fn name(&mut self, name: Option<Node<'s>>, within: Range<usize>, given: Given<'s>, text: &'s str) {
        if let Some(name) = name {
            self.names.entry(text_of(name, text)).or_default().push(Declared { within, given });
        }
    }

    fn unread(&mut self, name: Node<'s>, text: &'s str) {
        let within = self.open.last().map_or(0..usize::MAX, |(_, range, _)| range.clone());
        self.name(Some(name), within, Given::Unread, text);
    }

    /// The names that a parameter binds, to the depth that people write.
    fn pattern(&mut self, pattern: Option<Node<'s>>, text: &'s str) {
        let Some(pattern) = pattern else { return };
        if pattern.kind() == "identifier" {
            self.unread(pattern, text);
            return;
        }
        for part in parts(pattern) {
            let bound = match part.kind() {
                "pair_pattern" => part.child_by_field_name("value"),
                "object_assignment_pattern" | "assignment_pattern" => part.child_by_field_name("left"),
                "rest_pattern" => super::tree::first(part),
                _ => Some(part),
            };
            let named =
                |bound: &Node<'_>| matches!(bound.kind(), "identifier" | "shorthand_property_identifier_pattern");
            bound.filter(named).into_iter().for_each(|bound| self.unread(bound, text));
        }
    }

    /// The name at the root of what is assigned to: `config` in `config.banner.text`.
    fn changes(&mut self, target: Option<Node<'s>>, text: &'s str) {
        let mut target = target;
        while let Some(node) = target {
            match node.kind() {
                "identifier" => {
                    self.changed.insert(text_of(node, text));
                    return;
                }
                "member_expression" | "subscript_expression" => target = node.child_by_field_name("object"),
                "parenthesized_expression" | "non_null_expression" => target = super::tree::first(node),
                _ => return,
            }
        }
    }

    /// Calls that change what they are given: `list.push(…)`, `Object.assign(config, …)`.
    fn called(&mut self, node: Node<'s>, text: &'s str) {
        let Some(function) = node.child_by_field_name("function") else { return };
        if function.kind() != "member_expression" {
            return;
        }
        let method = function.child_by_field_name("property").map_or("", |property| text_of(property, text));
        if matches!(method, "push" | "pop" | "shift" | "unshift" | "splice" | "fill") {
            self.changes(function.child_by_field_name("object"), text);
        }
        if text_of(function, text) == "Object.assign" {
            self.changes(node.child_by_field_name("arguments").and_then(super::tree::first), text);
        }
    }
}

/// Whether a node opens a scope, and if so whether it is the one of a function.
fn scope_of(kind: &str) -> Option<bool> {
    match kind {
        "program"
        | "function_declaration"
        | "generator_function_declaration"
        | "function_expression"
        | "generator_function"
        | "arrow_function"
        | "method_definition" => Some(true),
        "statement_block" | "for_statement" | "for_in_statement" | "catch_clause" | "class_body" | "switch_body" => {
            Some(false)
        }
        _ => None,
    }
}

/// The code of a node.
pub(super) fn text_of<'s>(node: Node<'_>, text: &'s str) -> &'s str {
    text.get(node.byte_range()).unwrap_or("")
}
