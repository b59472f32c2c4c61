//! Values of a script as plain trees: literals are read, names followed, everything else is marked as code.

use std::collections::HashMap;

use tree_sitter::Node;

use super::super::build::{Builder, Built, BuiltKey, MAX_DEPTH, MAX_EXPANDED};
use super::super::{Code, Shape};
use super::containers::SPREAD;
use super::holes::{Hole, touching};
use super::literal::{number, unescaped};
use super::scope::{Given, Scope, text_of};
use super::tree::{first, parts, walk};

/// Lowers values of the scripts of one text.
pub(super) struct Lowering<'t, 's> {
    pub(super) text: &'t str,
    pub(super) builder: Builder<'t>,
    pub(super) scope: &'s Scope<'s>,
    pub(super) holes: &'s [Hole],
    /// What was lowered before, by node.
    done: HashMap<usize, Built>,
    /// Names that are being followed.
    following: Vec<usize>,
    /// Items and entries written so far.
    written: u64,
}

impl<'t, 's> Lowering<'t, 's> {
    pub(super) fn new(text: &'t str, builder: Builder<'t>, scope: &'s Scope<'s>, holes: &'s [Hole]) -> Self {
        Self { text, builder, scope, holes, done: HashMap::new(), following: Vec::new(), written: 0 }
    }

    /// A value. What does not fit in the budgets is code that cannot be read.
    pub(super) fn value(&mut self, node: Node<'s>, depth: usize) -> Built {
        let node = plain(node, self.text);
        if depth > MAX_DEPTH || self.written > MAX_EXPANDED || node.is_error() || node.is_missing() {
            return self.code(Code::Other, &[], node);
        }
        if let Some(done) = self.done.get(&node.id()) {
            return *done;
        }
        let depth = depth + 1;
        let built = match node.kind() {
            "object" => self.object(node, depth),
            "array" => self.array(node, depth),
            "enum_declaration" => self.enumeration(node, depth),
            "identifier" | "undefined" | "shorthand_property_identifier" => return self.name(node, depth),
            "member_expression" | "subscript_expression" => return self.member(node, depth),
            "call_expression" => self.call(node, depth),
            "arrow_function" | "function_expression" | "function_declaration" | "method_definition" => {
                self.function(node, depth)
            }
            "ternary_expression" => self.choice(node, &["consequence", "alternative"], depth),
            "binary_expression" => self.binary(node, depth),
            "template_string" => self.template(node, depth),
            "spread_element" => {
                let spread = first(node).map(|inner| self.value(inner, depth));
                self.code(Code::Spread, spread.as_slice(), node)
            }
            _ => return self.scalar(node),
        };
        self.done.insert(node.id(), built);
        built
    }

    pub(super) fn code(&mut self, code: Code, parts: &[Built], node: Node<'_>) -> Built {
        self.written += parts.len() as u64;
        self.builder.code(code, parts, node.start_byte(), node.end_byte())
    }

    fn scalar(&mut self, node: Node<'s>) -> Built {
        let (start, end) = (node.start_byte(), node.end_byte());
        let code = text_of(node, self.text);
        if node.has_error() {
            return self.code(Code::Other, &[], node);
        }
        match (node.kind(), code) {
            ("string", _) => {
                let inner = code.get(1..code.len().saturating_sub(1)).unwrap_or("");
                self.builder.scalar(Shape::Text, true, start, end, unescaped(inner).as_deref())
            }
            ("true", _) | ("unary_expression", "!0") => self.builder.scalar(Shape::Bool(true), false, start, end, None),
            ("false", _) | ("unary_expression", "!1") => {
                self.builder.scalar(Shape::Bool(false), false, start, end, None)
            }
            ("null", _) | ("unary_expression", "void 0") => self.builder.scalar(Shape::Null, false, start, end, None),
            ("number" | "unary_expression", _) => match number(code) {
                Some((shape, rewritten)) => self.builder.scalar(shape, false, start, end, rewritten.as_deref()),
                None => self.code(Code::Other, &[], node),
            },
            _ => self.code(Code::Other, &[], node),
        }
    }

    fn name(&mut self, node: Node<'s>, depth: usize) -> Built {
        let (start, end) = (node.start_byte(), node.end_byte());
        if !touching(self.holes, start..end).is_empty() {
            return self.code(Code::Template, &[], node);
        }
        let name = text_of(node, self.text);
        let Some(given) = self.scope.given(name, start) else {
            return match name {
                "undefined" => self.builder.scalar(Shape::Null, false, start, end, None),
                _ => self.code(Code::Name, &[], node),
            };
        };
        let (target, member) = match given {
            Given::Value(target) => (target, None),
            Given::Member(target, member) => (target, Some(member)),
            Given::Unread => return self.code(Code::Name, &[], node),
        };
        if self.following.contains(&target.id()) {
            return self.code(Code::Name, &[], node);
        }
        self.following.push(target.id());
        let value = self.value(target, depth);
        self.following.pop();
        let found = match member {
            Some(member) => self.found(value, member),
            None => Some(value),
        };
        match found {
            Some(found) if found.weight <= MAX_EXPANDED => self.builder.alias(found, start, end),
            _ => self.code(Code::Name, &[], node),
        }
    }

    /// The value of a mapping at a key, unless something later in it may replace it.
    fn found(&self, map: Built, key: &str) -> Option<Built> {
        let entries = self.builder.entries_of(map)?;
        let text = |entry: &BuiltKey| self.builder.key_text(*entry).to_owned();
        let last = entries.iter().rev().find(|(entry, _)| text(entry) == key || text(entry) == SPREAD)?;
        (text(&last.0) == key).then_some(Built { link: last.1, weight: map.weight, depth: map.depth })
    }

    fn member(&mut self, node: Node<'s>, depth: usize) -> Built {
        let key = match node.kind() {
            "member_expression" => node.child_by_field_name("property").map(|name| text_of(name, self.text).to_owned()),
            _ => node
                .child_by_field_name("index")
                .and_then(|index| self.key(index, depth))
                .map(|key| self.builder.key_text(key).to_owned()),
        };
        let (Some(object), Some(key), false) = (node.child_by_field_name("object"), key, node.has_error()) else {
            return self.code(Code::Other, &[], node);
        };
        let holder = self.value(object, depth);
        match self.found(holder, &key) {
            Some(found) => self.builder.alias(found, node.start_byte(), node.end_byte()),
            None if is_path(object) => self.code(Code::Name, &[], node),
            None => self.code(Code::Other, &[], node),
        }
    }

    fn call(&mut self, node: Node<'s>, depth: usize) -> Built {
        // Of `f(a)(b)` the first part is `f(a)`.
        let called = node.child_by_field_name("function").filter(|called| called.kind() == "call_expression");
        let arguments = node.child_by_field_name("arguments").map(parts).unwrap_or_default();
        let arguments: Vec<Built> =
            called.into_iter().chain(arguments).map(|argument| self.value(argument, depth)).collect();
        self.code(Code::Call, &arguments, node)
    }

    fn choice(&mut self, node: Node<'s>, fields: &[&str], depth: usize) -> Built {
        let sides = fields.iter().filter_map(|field| node.child_by_field_name(field));
        let sides: Vec<Built> = sides.map(|side| self.value(side, depth)).collect();
        self.code(Code::Choice, &sides, node)
    }

    /// Texts that are added are one text; `a || b` is a choice.
    fn binary(&mut self, node: Node<'s>, depth: usize) -> Built {
        let operator = node.child_by_field_name("operator").map_or("", |operator| operator.kind());
        if matches!(operator, "||" | "??" | "&&") {
            return self.choice(node, &["left", "right"], depth);
        }
        let mut whole = String::new();
        for side in ["left", "right"] {
            let side = node.child_by_field_name(side).map(|side| self.value(side, depth));
            let text = side.and_then(|side| self.builder.text_value(side));
            let Some(text) = text.filter(|_| operator == "+" && whole.len() < usize::from(u16::MAX)) else {
                return self.code(Code::Other, &[], node);
            };
            whole.push_str(text);
        }
        self.builder.scalar(Shape::Text, true, node.start_byte(), node.end_byte(), Some(&whole))
    }

    fn template(&mut self, node: Node<'s>, depth: usize) -> Built {
        let holes = parts(node).into_iter().filter(|part| part.kind() == "template_substitution");
        let filled: Vec<Node<'s>> = holes.filter_map(first).collect();
        let code = text_of(node, self.text);
        if node.has_error() {
            return self.code(Code::Other, &[], node);
        }
        if !filled.is_empty() || code.contains("${") {
            let filled: Vec<Built> = filled.into_iter().map(|part| self.value(part, depth)).collect();
            return self.code(Code::Template, &filled, node);
        }
        let inner = code.get(1..code.len().saturating_sub(1)).unwrap_or("");
        self.builder.scalar(Shape::Text, true, node.start_byte(), node.end_byte(), unescaped(inner).as_deref())
    }

    /// A function and the value of its only `return`, if that always comes last.
    fn function(&mut self, node: Node<'s>, depth: usize) -> Built {
        let code = text_of(node, self.text);
        let generator = code.starts_with("get ") || code.starts_with("set ") || code.starts_with('*');
        let returned = match node.child_by_field_name("body").filter(|_| !generator) {
            Some(body) if body.kind() == "statement_block" => only_return(body),
            other => other,
        };
        let returned = returned.map(|value| self.value(value, depth));
        self.code(Code::Function, returned.as_slice(), node)
    }

    /// Whether so many more items fit in the budget.
    pub(super) fn pay(&mut self, count: usize) -> bool {
        self.written += count as u64;
        self.written <= MAX_EXPANDED
    }
}

/// A value without what only speaks to the type checker, or freezes it.
pub(super) fn plain<'s>(node: Node<'s>, text: &str) -> Node<'s> {
    let mut node = node;
    loop {
        let inner = match node.kind() {
            "parenthesized_expression" | "as_expression" | "satisfies_expression" | "non_null_expression" => {
                first(node)
            }
            "call_expression" => {
                let function = node.child_by_field_name("function");
                let frozen = function.is_some_and(|function| text_of(function, text) == "Object.freeze");
                node.child_by_field_name("arguments").filter(|_| frozen).and_then(first)
            }
            _ => None,
        };
        match inner.filter(|inner| !inner.is_error()) {
            Some(inner) => node = inner,
            None => return node,
        }
    }
}

/// Whether a node is a path of names.
fn is_path(node: Node<'_>) -> bool {
    let mut node = node;
    for _ in 0..MAX_DEPTH {
        match node.kind() {
            "identifier" | "this" => return true,
            "member_expression" => match node.child_by_field_name("object") {
                Some(object) => node = object,
                None => return false,
            },
            _ => return false,
        }
    }
    false
}

/// The value of the only `return` of a function, if it is a statement of the body itself.
fn only_return<'s>(body: Node<'s>) -> Option<Node<'s>> {
    let last = parts(body).into_iter().rfind(|statement| statement.kind() == "return_statement")?;
    let mut count = 0usize;
    let look = |node: Node<'s>| {
        count += usize::from(node.kind() == "return_statement");
        !is_function(node.kind())
    };
    walk(body, look, |_| ());
    if count == 1 { first(last) } else { None }
}

fn is_function(kind: &str) -> bool {
    matches!(
        kind,
        "arrow_function" | "function_expression" | "function_declaration" | "method_definition" | "generator_function"
    )
}
