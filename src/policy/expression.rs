//! Expressions of rules: a subset of CEL, parsed by the `cel` crate, checked against the kind table here.
//!
//! A misspelt attribute is an error when the rule is loaded, never silently false when it runs.

use crate::finding::closest;
use crate::model::kind::{Field, Kind, Type};
use cel::Program;
use cel::common::ast::{CallExpr, ComprehensionExpr, Expr as Cel, LiteralValue, SelectExpr};
use cel::parser::Expression as Node;
use jiff::Span;
use jiff::civil::Date;

/// Longest source of one expression; longer ones overflow recursive parsers.
pub const MAX_SOURCE: usize = 2_000;
const MAX_NESTING: usize = 64;

/// A checked expression.
#[derive(Debug)]
pub struct Expression {
    pub(super) root: Expr,
}

/// What is wrong with an expression, with the bytes of its source to underline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// First byte in the expression's source.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// One sentence.
    pub message: String,
    /// The way out; may be empty.
    pub help: String,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compare {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// A test of a text against another.
#[derive(Debug)]
pub(super) enum TextTest {
    StartsWith,
    EndsWith,
    Contains,
}

/// A quantifier over a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantifier {
    Exists,
    All,
}

/// A checked expression, names resolved to slots.
#[derive(Debug)]
pub(super) enum Expr {
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<Expr>),
    Attribute { path: Vec<usize>, name: String },
    Variable(usize),
    Has(Vec<usize>),
    Not(Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    Compare(Compare, Box<Expr>, Box<Expr>),
    In(Box<Expr>, Box<Expr>),
    Size(Box<Expr>),
    TextTest(TextTest, Box<Expr>, Box<Expr>),
    Matches(Box<Expr>, regex::Regex),
    OlderThan(Box<Expr>, Span),
    InForce(Date),
    Quantified(Quantifier, Box<Expr>, Box<Expr>),
}

#[derive(Clone, Debug, PartialEq)]
enum Ty {
    Bool,
    Int,
    Text,
    List(Box<Ty>),
    Object(&'static [Field]),
}

impl Ty {
    fn of(ty: &Type) -> Self {
        match ty {
            Type::Bool => Self::Bool,
            Type::Int => Self::Int,
            Type::Text | Type::Url | Type::Date | Type::Choice(_) | Type::Reference(_) => Self::Text,
            Type::Classes => Self::List(Box::new(Self::Text)),
            Type::List(item) => Self::List(Box::new(Self::of(item))),
            Type::Object(fields) => Self::Object(fields),
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Bool => "a boolean".to_owned(),
            Self::Int => "a number".to_owned(),
            Self::Text => "a text".to_owned(),
            Self::List(item) => format!("a list ({} each)", item.name()),
            Self::Object(_) => "an object".to_owned(),
        }
    }
}

struct Checker<'a> {
    kind: &'static Kind,
    program: &'a Program,
    source: &'a str,
    scope: Vec<(String, Ty)>,
}

type Checked = Result<(Expr, Ty), Mistake>;

impl Expression {
    /// Parses and checks `source`, whose one variable is a subject of `kind`; it must give a boolean.
    ///
    /// # Errors
    /// Syntax, unknown names, wrong types, or a length beyond [`MAX_SOURCE`].
    pub fn compile(source: &str, kind: &'static Kind) -> Result<Self, Mistake> {
        let whole =
            |message: String, help: &str| Mistake { start: 0, end: source.len(), message, help: help.to_owned() };
        if source.len() > MAX_SOURCE {
            return Err(whole(format!("the expression is longer than {MAX_SOURCE} bytes"), "split the rule"));
        }
        let program = Program::compile(source).map_err(|errors| {
            let message = errors.errors.first().map_or("", |error| error.msg.as_str());
            let first = message.lines().next().unwrap_or("");
            whole(format!("the expression does not parse: {first}"), "see the CEL syntax in CONTRIBUTING.md")
        })?;
        let mut checker = Checker { kind, program: &program, source, scope: Vec::new() };
        let (root, ty) = checker.check(program.expression(), 0)?;
        if ty != Ty::Bool {
            return Err(whole(
                format!("the expression gives {}, a boolean is expected", ty.name()),
                "compare it with something",
            ));
        }
        Ok(Self { root })
    }
}

impl Checker<'_> {
    fn mistake(&self, node: &Node, message: String, help: impl Into<String>) -> Mistake {
        let (start, end) = self.program.source_info().offset_for(node.id).unwrap_or((0, self.source.len() as u32));
        let (start, end) = (start as usize, (end as usize + 1).min(self.source.len()));
        Mistake { start: start.min(end), end, message, help: help.into() }
    }

    /// The parser places a selection at its point or parenthesis; what is wrong is the name behind it.
    fn at_field(&self, wrong: Mistake, field: &str) -> Mistake {
        let behind = self.source.get(wrong.start..).unwrap_or("");
        let Some(at) = behind.find(&format!(".{field}")).map(|at| wrong.start + at + 1) else { return wrong };
        Mistake { start: at, end: at + field.len(), ..wrong }
    }

    fn check(&mut self, node: &Node, depth: usize) -> Checked {
        if depth > MAX_NESTING {
            return Err(self.mistake(node, "the expression is nested too deeply".to_owned(), "split the rule"));
        }
        match &node.expr {
            Cel::Literal(literal) => self.literal(node, literal),
            Cel::Ident(name) => self.identifier(node, name),
            Cel::Select(select) => self.select(node, select, depth),
            Cel::List(list) => {
                let elements: Result<Vec<_>, _> =
                    list.elements.iter().map(|item| self.check(item, depth + 1)).collect();
                let elements = elements?;
                let ty = elements.first().map_or(Ty::Text, |(_, ty)| ty.clone());
                if elements.iter().any(|(_, other)| *other != ty) {
                    return Err(self.mistake(node, "the items of a list must have one type".to_owned(), ""));
                }
                Ok((Expr::List(elements.into_iter().map(|(item, _)| item).collect()), Ty::List(Box::new(ty))))
            }
            Cel::Call(call) => self.call(node, call, depth),
            Cel::Comprehension(comprehension) => self.quantified(node, comprehension, depth),
            _ => Err(self.mistake(node, "this form is not part of the rule language".to_owned(), "")),
        }
    }

    fn literal(&self, node: &Node, literal: &LiteralValue) -> Checked {
        match literal {
            LiteralValue::Boolean(value) => Ok((Expr::Bool(*value.inner()), Ty::Bool)),
            LiteralValue::Int(value) => Ok((Expr::Int(*value.inner()), Ty::Int)),
            LiteralValue::String(value) => Ok((Expr::Text(value.inner().to_owned()), Ty::Text)),
            _ => Err(self.mistake(node, "only booleans, whole numbers and texts are constants here".to_owned(), "")),
        }
    }

    fn identifier(&self, node: &Node, name: &str) -> Checked {
        if let Some(at) = self.scope.iter().rposition(|(bound, _)| bound == name) {
            return Ok((Expr::Variable(at), self.scope[at].1.clone()));
        }
        if name == self.kind.name {
            return Ok((Expr::Attribute { path: Vec::new(), name: name.to_owned() }, Ty::Object(self.kind.fields)));
        }
        let help = format!("the rule is for `{0}`; write `{0}.…`", self.kind.name);
        Err(self.mistake(node, format!("unknown name `{name}`"), help))
    }

    fn select(&mut self, node: &Node, select: &SelectExpr, depth: usize) -> Checked {
        let (operand, ty) = self.check(&select.operand, depth + 1)?;
        let (Ty::Object(fields), Expr::Attribute { mut path, name }) = (ty, operand) else {
            return Err(self.mistake(
                node,
                format!("`{}` is asked of something that has no attributes", select.field),
                "",
            ));
        };
        let Some(slot) = fields.iter().position(|field| field.name == select.field) else {
            let help = closest(&select.field, fields.iter().map(|field| field.name))
                .map_or_else(|| format!("see `consentlint explain {name}`"), |near| format!("did you mean `{near}`?"));
            let wrong = self.mistake(node, format!("`{name}` has no attribute `{}`", select.field), help);
            return Err(self.at_field(wrong, &select.field));
        };
        path.push(slot);
        if select.test {
            return Ok((Expr::Has(path), Ty::Bool));
        }
        let name = format!("{name}.{}", select.field);
        Ok((Expr::Attribute { path, name }, Ty::of(&fields[slot].ty)))
    }

    fn call(&mut self, node: &Node, call: &CallExpr, depth: usize) -> Checked {
        let mut operands = Vec::with_capacity(call.args.len() + 1);
        for operand in call.target.as_deref().into_iter().chain(&call.args) {
            operands.push(self.check(operand, depth + 1)?);
        }
        let name = call.func_name.as_str();
        let types: Vec<Ty> = operands.iter().map(|(_, ty)| ty.clone()).collect();
        let mut parts = operands.into_iter().map(|(part, _)| Box::new(part));
        let mut next = || parts.next().unwrap_or_else(|| Box::new(Expr::Bool(false)));
        let both = |ty: &Ty| types.len() == 2 && types.iter().all(|other| other == ty);
        let result = match name {
            "!_" if types == [Ty::Bool] => Some((Expr::Not(next()), Ty::Bool)),
            "_&&_" if both(&Ty::Bool) => Some((Expr::And(next(), next()), Ty::Bool)),
            "_||_" if both(&Ty::Bool) => Some((Expr::Or(next(), next()), Ty::Bool)),
            "_?_:_" if types.len() == 3 && types[0] == Ty::Bool && types[1] == types[2] => {
                Some((Expr::If(next(), next(), next()), types[1].clone()))
            }
            "@in" if types.len() == 2 && types[1] == Ty::List(Box::new(types[0].clone())) => {
                Some((Expr::In(next(), next()), Ty::Bool))
            }
            "size" if matches!(types.as_slice(), [Ty::List(_) | Ty::Text]) => Some((Expr::Size(next()), Ty::Int)),
            "startsWith" if both(&Ty::Text) => Some((Expr::TextTest(TextTest::StartsWith, next(), next()), Ty::Bool)),
            "endsWith" if both(&Ty::Text) => Some((Expr::TextTest(TextTest::EndsWith, next(), next()), Ty::Bool)),
            "contains" if both(&Ty::Text) => Some((Expr::TextTest(TextTest::Contains, next(), next()), Ty::Bool)),
            "matches" if both(&Ty::Text) => {
                let (text, pattern) = (next(), next());
                return self.pattern(node, text, &pattern);
            }
            "older_than" if both(&Ty::Text) => {
                let (date, age) = (next(), next());
                return self.age(node, date, &age);
            }
            "in_force" if types == [Ty::Text] => return self.day(node, &next()),
            _ => compare(name)
                .filter(|_| comparable(name, &types))
                .map(|how| (Expr::Compare(how, next(), next()), Ty::Bool)),
        };
        result.ok_or_else(|| self.no_overload(node, name, &types))
    }

    fn pattern(&self, node: &Node, text: Box<Expr>, pattern: &Expr) -> Checked {
        let Expr::Text(pattern) = pattern else {
            return Err(self.mistake(node, "a pattern must be written as a constant".to_owned(), ""));
        };
        let compiled = regex::RegexBuilder::new(pattern).size_limit(1 << 20).build();
        compiled
            .map(|pattern| (Expr::Matches(text, pattern), Ty::Bool))
            .map_err(|error| self.mistake(node, format!("the pattern does not compile: {error}"), ""))
    }

    /// `older_than(date, '12 months')`: whether more than that has passed since.
    fn age(&self, node: &Node, date: Box<Expr>, age: &Expr) -> Checked {
        let span = match age {
            Expr::Text(age) => span(age),
            _ => None,
        };
        let wrong =
            || self.mistake(node, "an age is written as a constant".to_owned(), "such as '12 months', '90 days'");
        span.map(|span| (Expr::OlderThan(date, span), Ty::Bool)).ok_or_else(wrong)
    }

    /// `in_force('2027-01-01')`: whether that day has come.
    fn day(&self, node: &Node, day: &Expr) -> Checked {
        let day = match day {
            Expr::Text(day) => day.parse::<Date>().ok(),
            _ => None,
        };
        let wrong = || self.mistake(node, "a day is written as a constant".to_owned(), "such as '2027-01-01'");
        day.map(|day| (Expr::InForce(day), Ty::Bool)).ok_or_else(wrong)
    }

    fn no_overload(&self, node: &Node, name: &str, types: &[Ty]) -> Mistake {
        const KNOWN: [&str; 10] =
            ["has", "size", "startsWith", "endsWith", "contains", "matches", "exists", "all", "older_than", "in_force"];
        let shown = name.trim_matches(|c| c == '_' || c == '@').trim_end_matches("_:");
        let given: Vec<String> = types.iter().map(Ty::name).collect();
        let operator = name.starts_with(['_', '@', '!', '-']) || name.ends_with('_');
        if !operator && !KNOWN.contains(&name) {
            let help = closest(name, KNOWN)
                .map_or_else(|| format!("known: {}", KNOWN.join(", ")), |near| format!("did you mean `{near}`?"));
            return self.mistake(node, format!("unknown function `{name}`"), help);
        }
        self.mistake(node, format!("`{shown}` does not take {}", given.join(" and ")), "")
    }

    fn quantified(&mut self, node: &Node, loops: &ComprehensionExpr, depth: usize) -> Checked {
        let quantifier = match (&loops.accu_init.expr, &loops.loop_step.expr) {
            (Cel::Literal(LiteralValue::Boolean(start)), Cel::Call(step)) => {
                match (*start.inner(), step.func_name.as_str()) {
                    (false, "_||_") => Some((Quantifier::Exists, step)),
                    (true, "_&&_") => Some((Quantifier::All, step)),
                    _ => None,
                }
            }
            _ => None,
        };
        let body = quantifier.and_then(|(quantifier, step)| Some((quantifier, step.args.get(1)?)));
        let (Some((quantifier, body)), None) = (body, &loops.iter_var2) else {
            return Err(self.mistake(node, "only `exists` and `all` go over lists".to_owned(), ""));
        };
        let (range, ty) = self.check(&loops.iter_range, depth + 1)?;
        let Ty::List(item) = ty else {
            return Err(self.mistake(node, format!("only a list can be gone over, this is {}", ty.name()), ""));
        };
        self.scope.push((loops.iter_var.clone(), *item));
        let checked = self.check(body, depth + 1);
        self.scope.pop();
        let (body, ty) = checked?;
        if ty != Ty::Bool {
            return Err(self.mistake(node, "the condition on the items must be a boolean".to_owned(), ""));
        }
        Ok((Expr::Quantified(quantifier, Box::new(range), Box::new(body)), Ty::Bool))
    }
}

/// A number of days, months or years.
fn span(written: &str) -> Option<Span> {
    let (count, unit) = written.split_once(' ')?;
    let count: i64 = count.parse().ok().filter(|count| (0..=1_000).contains(count))?;
    match unit.trim_end_matches('s') {
        "day" => Some(Span::new().days(count)),
        "month" => Some(Span::new().months(count)),
        "year" => Some(Span::new().years(count)),
        _ => None,
    }
}

fn compare(name: &str) -> Option<Compare> {
    Some(match name {
        "_==_" => Compare::Equal,
        "_!=_" => Compare::Unequal,
        "_<_" => Compare::Less,
        "_<=_" => Compare::AtMost,
        "_>_" => Compare::More,
        "_>=_" => Compare::AtLeast,
        _ => return None,
    })
}

fn comparable(name: &str, types: &[Ty]) -> bool {
    match types {
        [Ty::Bool, Ty::Bool] => matches!(name, "_==_" | "_!=_"),
        [Ty::Int, Ty::Int] | [Ty::Text, Ty::Text] => true,
        _ => false,
    }
}
