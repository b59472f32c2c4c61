//! HCL as Terraform writes it, to spanned trees.
//!
//! The tree is the one of Terraform's JSON syntax: the root is a mapping, a block is an entry, and its labels are keys
//! below it, so that `resource "kind" "name" { … }` is found at `resource`, `kind`, `name`. Several blocks of one type
//! with the same labels (or none) are a list. `jsonencode(x)` and a template that is one hole are looked through, a
//! local of the same file is followed to its value, other expressions are code. A string that holds JSON is text; see
//! [`super::Node::embedded`].
//!
//! Each outermost block is parsed by itself: a broken one is reported, and the others are read.

mod scan;

use std::collections::HashMap;
use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, FuncCall, ObjectKey, Traversal, TraversalOperator};
use hcl_edit::structure::{Attribute, Block, Body, Structure};
use hcl_edit::template::{Element, Template};

use super::build::{Builder, Built, BuiltKey, MAX_EXPANDED};
use super::parsed::{Comment, Parsed, Syntax};
use super::{Code, Document, Shape};
use crate::finding::{Problem, Stage};
use crate::source::{SourceId, Span};
use scan::{Fault, MAX_ENTRIES, MAX_NESTING, Piece, scan};

/// More broken blocks than this are not told one by one.
const MAX_PROBLEMS: usize = 10;
/// More labels than any block has.
const MAX_LABELS: usize = 8;

pub(super) fn parse(source: SourceId, text: &str) -> Parsed<'_> {
    let base = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let scanned = scan(text, base);
    let mut problems = Vec::new();
    let mut bodies = Vec::new();
    for piece in &scanned.pieces {
        match read(source, text, piece) {
            Ok(body) => bodies.push((piece.start, body)),
            Err(problem) if problems.len() < MAX_PROBLEMS => problems.push(problem),
            Err(_) => {}
        }
    }
    let documents = if bodies.is_empty() { Vec::new() } else { vec![tree(source, text, &bodies)] };
    let comments = scanned.comments.iter().map(|(start, end)| Comment { span: Span::new(source, *start, *end) });
    Parsed { syntax: Syntax::Hcl, documents, comments: comments.collect(), problems }
}

fn read(source: SourceId, text: &str, piece: &Piece) -> Result<Body, Problem> {
    let others = "the other blocks of the file are read";
    if let Some((fault, at)) = piece.fault {
        let (message, help) = match fault {
            Fault::Deep => (format!("more than {MAX_NESTING} levels of nesting"), "flatten the data"),
            Fault::Large => (format!("more than {MAX_ENTRIES} entries in one object"), "divide it"),
            Fault::String => ("this string does not end on its line".to_owned(), "close it with `\"`"),
            Fault::Heredoc => ("this heredoc has no end".to_owned(), "close it with its word on a line of its own"),
            Fault::Comment => ("this comment has no end".to_owned(), "close it with `*/`"),
            Fault::Bracket => ("a bracket in this block is not closed".to_owned(), "close every `{`, `[` and `(`"),
        };
        let problem = Problem::at(Stage::Parse, Span::new(source, at, at + 1), message);
        return Err(problem.help(format!("{help}; {others}")));
    }
    let part = text.get(piece.start..piece.end).unwrap_or("").trim_end();
    hcl_edit::parser::parse_body(part).map_err(|error| {
        let at = piece.start + error.location().offset();
        let message = format!("this is not HCL: {}", error.message());
        Problem::at(Stage::Parse, Span::new(source, at, at + 1), message)
            .help(format!("correct it as `terraform validate` tells; {others}"))
    })
}

fn tree<'t>(source: SourceId, text: &'t str, bodies: &[(usize, Body)]) -> Document<'t> {
    let builder = Builder::new(Syntax::Hcl, source, text);
    let (locals, declared) = (HashMap::new(), HashMap::new());
    let mut reader = Reader { text, base: 0, builder, locals, declared, budget: MAX_EXPANDED };
    let mut rows = Vec::new();
    // Locals first, and without locals in them: what follows may name them.
    for (base, body) in bodies.iter().filter(|(_, body)| is_locals(body)) {
        reader.base = *base;
        let more = reader.rows(body);
        rows.extend(more);
    }
    reader.locals = std::mem::take(&mut reader.declared);
    for (base, body) in bodies.iter().filter(|(_, body)| !is_locals(body)) {
        reader.base = *base;
        let more = reader.rows(body);
        rows.extend(more);
    }
    let (start, end) = (rows.first().map_or(0, |row| row.range.start), text.len());
    let entries = reader.grouped(rows);
    let root = reader.builder.map(&entries, start, end);
    reader.builder.finish(root)
}

fn is_locals(body: &Body) -> bool {
    body.blocks().next().is_some_and(|block| block.ident.as_str() == "locals" && block.labels.is_empty())
}

/// A value and the keys that lead to it: an attribute's name, or a block's type and labels.
struct Row {
    /// The keys, the last first.
    keys: Vec<BuiltKey>,
    value: Built,
    range: Range<usize>,
}

struct Reader<'t> {
    text: &'t str,
    /// Where the block that is being read begins.
    base: usize,
    builder: Builder<'t>,
    /// What names of locals stand for.
    locals: HashMap<String, Built>,
    /// Those met so far.
    declared: HashMap<String, Built>,
    /// How many nodes locals may still unfold into.
    budget: u64,
}

impl Reader<'_> {
    fn range(&self, span: Option<Range<usize>>) -> Range<usize> {
        let span = span.unwrap_or(0..0);
        self.base + span.start..self.base + span.end
    }

    fn rows(&mut self, body: &Body) -> Vec<Row> {
        let mut row = |structure: &Structure| match structure {
            Structure::Attribute(attribute) => self.attribute(attribute),
            Structure::Block(block) => self.block(block),
        };
        body.iter().map(&mut row).collect()
    }

    fn attribute(&mut self, attribute: &Attribute) -> Row {
        let key = self.range(attribute.key.span());
        let key = self.builder.key(false, key.start, key.end, None);
        let range = self.range(attribute.value.span());
        Row { keys: vec![key], value: self.value(&attribute.value), range }
    }

    fn block(&mut self, block: &Block) -> Row {
        let head = self.range(block.ident.span());
        let mut keys = vec![self.builder.key(false, head.start, head.end, None)];
        for label in block.labels.iter().take(MAX_LABELS) {
            let at = self.range(label.span());
            let quoted = label.is_string();
            let written = self.text.get(at.start + usize::from(quoted)..at.end.saturating_sub(usize::from(quoted)));
            let rewritten = (written != Some(label.as_str())).then_some(label.as_str());
            keys.push(self.builder.key(quoted, at.start, at.end, rewritten));
        }
        keys.reverse();
        let range = self.range(block.span());
        let rows = self.rows(&block.body);
        if block.ident.as_str() == "locals" {
            let named =
                rows.iter().filter_map(|row| Some((self.builder.key_text(*row.keys.last()?).to_owned(), row.value)));
            self.declared.extend(named);
        }
        let entries = self.grouped(rows);
        Row { keys, value: self.builder.map(&entries, range.start, range.end), range }
    }

    /// Entries by the first key of each row; what is left of the keys is nested below.
    fn grouped(&mut self, rows: Vec<Row>) -> Vec<(BuiltKey, Built)> {
        let mut groups: Vec<(BuiltKey, Vec<Row>)> = Vec::new();
        let mut index: HashMap<String, usize> = HashMap::new();
        for mut row in rows {
            let Some(key) = row.keys.pop() else { continue };
            let at = *index.entry(self.builder.key_text(key).to_owned()).or_insert(groups.len());
            match groups.get_mut(at) {
                Some((_, group)) => group.push(row),
                None => groups.push((key, vec![row])),
            }
        }
        groups.into_iter().map(|(key, group)| (key, self.group(group))).collect()
    }

    fn group(&mut self, rows: Vec<Row>) -> Built {
        let start = rows.iter().map(|row| row.range.start).min().unwrap_or(0);
        let end = rows.iter().map(|row| row.range.end).max().unwrap_or(start);
        let (nested, own): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| !row.keys.is_empty());
        let mut values: Vec<Built> = own.iter().map(|row| row.value).collect();
        if !nested.is_empty() {
            let entries = self.grouped(nested);
            values.push(self.builder.map(&entries, start, end));
        }
        match values.as_slice() {
            [only] => *only,
            all => self.builder.list(all, start, end),
        }
    }

    fn value(&mut self, expression: &Expression) -> Built {
        let at = self.range(expression.span());
        match expression {
            Expression::Null(_) => self.builder.scalar(Shape::Null, false, at.start, at.end, None),
            Expression::Bool(value) => self.builder.scalar(Shape::Bool(*value.value()), false, at.start, at.end, None),
            Expression::Number(_) => self.number(at),
            Expression::String(value) => self.string(value.value(), at),
            Expression::Array(array) => {
                let items: Vec<Built> = array.iter().map(|item| self.value(item)).collect();
                self.builder.list(&items, at.start, at.end)
            }
            Expression::Object(object) => {
                let mut entries = Vec::with_capacity(object.len());
                for (key, value) in object.iter() {
                    let key = self.key(key);
                    entries.push((key, self.value(value.expr())));
                }
                self.builder.map(&entries, at.start, at.end)
            }
            Expression::StringTemplate(template) => self.template(template, at),
            Expression::HeredocTemplate(heredoc) => self.template(&heredoc.template, at),
            Expression::Parenthesis(inside) => self.value(inside.inner()),
            Expression::Variable(_) => self.builder.code(Code::Name, &[], at.start, at.end),
            Expression::Conditional(choice) => {
                let parts = [self.value(&choice.true_expr), self.value(&choice.false_expr)];
                self.builder.code(Code::Choice, &parts, at.start, at.end)
            }
            Expression::FuncCall(call) => self.call(call, at),
            Expression::Traversal(traversal) => self.traversal(traversal, at),
            Expression::UnaryOp(_) | Expression::BinaryOp(_) | Expression::ForExpr(_) => {
                self.builder.code(Code::Other, &[], at.start, at.end)
            }
        }
    }

    fn number(&mut self, at: Range<usize>) -> Built {
        let written = self.text.get(at.clone()).unwrap_or("");
        let shape = if written.contains(['.', 'e', 'E']) { Shape::Float } else { Shape::Integer };
        self.builder.scalar(shape, false, at.start, at.end, None)
    }

    fn string(&mut self, value: &str, at: Range<usize>) -> Built {
        let inside = self.text.get(at.start + 1..at.end.saturating_sub(1));
        let rewritten = (inside != Some(value)).then_some(value);
        self.builder.scalar(Shape::Text, true, at.start, at.end, rewritten)
    }

    fn key(&mut self, key: &ObjectKey) -> BuiltKey {
        let at = self.range(key.span());
        let ObjectKey::Expression(Expression::String(name)) = key else {
            // A number, a name in parentheses, a template: as it is written.
            return self.builder.key(false, at.start, at.end, None);
        };
        let inside = self.text.get(at.start + 1..at.end.saturating_sub(1));
        let rewritten = (inside != Some(name.value().as_str())).then_some(name.value().as_str());
        self.builder.key(true, at.start, at.end, rewritten)
    }

    fn template(&mut self, template: &Template, at: Range<usize>) -> Built {
        if let Some(Element::Interpolation(hole)) = template.as_single_element() {
            return self.value(&hole.expr);
        }
        let mut whole = String::new();
        let mut parts = Vec::new();
        let mut computed = false;
        for element in template.iter() {
            match element {
                Element::Literal(text) => whole.push_str(text),
                Element::Interpolation(hole) => {
                    computed = true;
                    parts.push(self.value(&hole.expr));
                }
                Element::Directive(_) => computed = true,
            }
        }
        if computed {
            return self.builder.code(Code::Template, &parts, at.start, at.end);
        }
        self.builder.scalar(Shape::Text, true, at.start, at.end, Some(&whole))
    }

    fn call(&mut self, call: &FuncCall, at: Range<usize>) -> Built {
        let only = call.args.get(0).filter(|_| call.args.len() == 1 && !call.args.expand_final());
        if let Some(value) = only.filter(|_| !call.name.is_namespaced() && call.name.name.as_str() == "jsonencode") {
            return self.value(value);
        }
        let parts: Vec<Built> = call.args.iter().map(|argument| self.value(argument)).collect();
        self.builder.code(Code::Call, &parts, at.start, at.end)
    }

    fn traversal(&mut self, traversal: &Traversal, at: Range<usize>) -> Built {
        let Expression::Variable(first) = &traversal.expr else {
            return self.builder.code(Code::Other, &[], at.start, at.end);
        };
        let mut steps = traversal.operators.iter().map(|operator| operator.value());
        if let (Some(TraversalOperator::GetAttr(name)), None) = (steps.next(), steps.next()) {
            let known = self.locals.get(name.as_str()).filter(|_| first.as_str() == "local").copied();
            if let Some(local) = known.filter(|local| local.weight <= self.budget) {
                self.budget -= local.weight;
                return self.builder.alias(local, at.start, at.end);
            }
        }
        self.builder.code(Code::Name, &[], at.start, at.end)
    }
}
