//! Evaluates checked expressions on borrowed values, within a step budget.

use super::expression::{Compare, Expr, Expression, Quantifier, TextTest};
use crate::model::value::follow;
use crate::model::{Operand, Subject};
use jiff::civil::Date;

/// Steps one evaluation may take; a nested `exists` over long lists ends here instead of running for seconds.
pub const MAX_STEPS: usize = 200_000;

/// The answer of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Holds,
    /// It does not hold.
    Fails,
    /// It cannot be decided, and why.
    Undecidable(String),
}

enum Stop {
    Undecided(String),
    Budget,
}

type Evaluated<'a> = Result<Operand<'a>, Stop>;

struct Run<'a> {
    subject: &'a dyn Subject,
    day: Date,
    variables: Vec<Operand<'a>>,
    steps: usize,
}

impl Expression {
    /// Evaluates the expression on a day, for a subject of the kind it was compiled for.
    pub fn evaluate(&self, subject: &dyn Subject, day: Date) -> Outcome {
        let mut run = Run { subject, day, variables: Vec::new(), steps: 0 };
        match run.truth(&self.root) {
            Ok(true) => Outcome::Holds,
            Ok(false) => Outcome::Fails,
            Err(Stop::Undecided(why)) => Outcome::Undecidable(why),
            Err(Stop::Budget) => Outcome::Undecidable(format!("the expression takes more than {MAX_STEPS} steps")),
        }
    }
}

impl<'a> Run<'a> {
    fn truth(&mut self, expr: &'a Expr) -> Result<bool, Stop> {
        match self.value(expr)? {
            Operand::Bool(value) => Ok(value),
            other => Err(mismatch(other)),
        }
    }

    fn value(&mut self, expr: &'a Expr) -> Evaluated<'a> {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return Err(Stop::Budget);
        }
        let truth = match expr {
            Expr::Bool(value) => *value,
            Expr::Int(value) => return Ok(Operand::Int(*value)),
            Expr::Text(text) => return Ok(Operand::Text(text)),
            Expr::List(_) => return Err(Stop::Undecided("a list stands where one value is expected".to_owned())),
            Expr::Variable(at) => return Ok(self.variables.get(*at).copied().unwrap_or(Operand::Absent)),
            Expr::Attribute { path, name } => return self.attribute(path, name),
            Expr::Has(path) => !matches!(self.subject.attribute(path), Operand::Absent),
            Expr::Not(inner) => !self.truth(inner)?,
            Expr::And(left, right) => self.both(left, right, false)?,
            Expr::Or(left, right) => self.both(left, right, true)?,
            Expr::If(test, then, otherwise) => {
                let chosen = if self.truth(test)? { then } else { otherwise };
                return self.value(chosen);
            }
            Expr::Compare(how, left, right) => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                compare(*how, left, right)?
            }
            Expr::In(item, list) => {
                let item = self.value(item)?;
                self.any(list, |run, candidate| run.equal(item, candidate))?
            }
            Expr::Size(inner) => return self.size(inner),
            Expr::TextTest(test, text, part) => {
                let (text, part) = (text_of(self.value(text)?)?, text_of(self.value(part)?)?);
                match test {
                    TextTest::StartsWith => text.starts_with(part),
                    TextTest::EndsWith => text.ends_with(part),
                    TextTest::Contains => text.contains(part),
                }
            }
            Expr::Matches(text, pattern) => pattern.is_match(text_of(self.value(text)?)?),
            Expr::OlderThan(date, age) => {
                let written = text_of(self.value(date)?)?;
                let date: Date =
                    written.parse().map_err(|_| Stop::Undecided(format!("`{written}` is no day (YYYY-MM-DD)")))?;
                date.saturating_add(*age) < self.day
            }
            Expr::InForce(from) => self.day >= *from,
            Expr::Quantified(quantifier, list, body) => self.quantified(*quantifier, list, body)?,
        };
        Ok(Operand::Bool(truth))
    }

    fn attribute(&mut self, path: &[usize], name: &str) -> Evaluated<'a> {
        match self.subject.attribute(path) {
            Operand::Absent => Err(Stop::Undecided(format!("`{name}` is not declared"))),
            Operand::Unknown(by) => Err(Stop::Undecided(format!("`{name}` cannot be read from the file: {by}"))),
            value => Ok(value),
        }
    }

    /// `||` with `decisive` true, `&&` with false: a decisive side decides even when the other is undecidable.
    fn both(&mut self, left: &'a Expr, right: &'a Expr, decisive: bool) -> Result<bool, Stop> {
        let first = self.truth(left);
        match first {
            Ok(value) if value == decisive => Ok(decisive),
            Err(Stop::Budget) => Err(Stop::Budget),
            first => match (first, self.truth(right)) {
                (_, Ok(value)) if value == decisive => Ok(decisive),
                (Err(stop), Ok(_)) | (_, Err(stop)) => Err(stop),
                (Ok(_), Ok(value)) => Ok(value),
            },
        }
    }

    fn quantified(&mut self, quantifier: Quantifier, list: &'a Expr, body: &'a Expr) -> Result<bool, Stop> {
        let decisive = quantifier == Quantifier::Exists;
        let found = self.any(list, |run, item| {
            run.variables.push(item);
            let truth = run.truth(body);
            run.variables.pop();
            truth.map(|truth| truth == decisive)
        })?;
        Ok(found == decisive)
    }

    /// Whether `test` holds for an item; an undecidable item only counts when no other decides.
    fn any(
        &mut self,
        list: &'a Expr,
        mut test: impl FnMut(&mut Self, Operand<'a>) -> Result<bool, Stop>,
    ) -> Result<bool, Stop> {
        let mut undecided = None;
        for item in self.items(list)? {
            match test(self, item) {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(Stop::Budget) => return Err(Stop::Budget),
                Err(stop) => undecided = undecided.or(Some(stop)),
            }
        }
        undecided.map_or(Ok(false), Err)
    }

    fn items(&mut self, list: &'a Expr) -> Result<Vec<Operand<'a>>, Stop> {
        if let Expr::List(items) = list {
            return items.iter().map(|item| self.value(item)).collect();
        }
        match self.value(list)? {
            Operand::List(items) => Ok(items.iter().map(|item| Operand::from(&item.value)).collect()),
            Operand::Classes(classes) => Ok(classes.codes().map(Operand::Text).collect()),
            other => Err(mismatch(other)),
        }
    }

    fn size(&mut self, expr: &'a Expr) -> Evaluated<'a> {
        let count = match (expr, self.value(expr)) {
            (Expr::List(items), _) => items.len(),
            (_, value) => match value? {
                Operand::List(items) => items.len(),
                Operand::Classes(classes) => classes.codes().count(),
                Operand::Text(text) => text.chars().count(),
                other => return Err(mismatch(other)),
            },
        };
        Ok(Operand::Int(i64::try_from(count).unwrap_or(i64::MAX)))
    }

    fn equal(&mut self, left: Operand<'a>, right: Operand<'a>) -> Result<bool, Stop> {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return Err(Stop::Budget);
        }
        compare(Compare::Equal, left, right)
    }
}

fn mismatch(value: Operand<'_>) -> Stop {
    Stop::Undecided(match value {
        Operand::Unknown(by) => format!("a value cannot be read from the file: {by}"),
        Operand::Absent => "a value is not declared".to_owned(),
        _ => "a value has an unexpected type".to_owned(),
    })
}

fn text_of(value: Operand<'_>) -> Result<&str, Stop> {
    match value {
        Operand::Text(text) => Ok(text),
        other => Err(mismatch(other)),
    }
}

fn compare(how: Compare, left: Operand<'_>, right: Operand<'_>) -> Result<bool, Stop> {
    let order = match (left, right) {
        (Operand::Bool(left), Operand::Bool(right)) => left.cmp(&right),
        (Operand::Int(left), Operand::Int(right)) => left.cmp(&right),
        (Operand::Text(left), Operand::Text(right)) => left.cmp(right),
        (Operand::Unknown(_) | Operand::Absent, _) => return Err(mismatch(left)),
        (_, other) => return Err(mismatch(other)),
    };
    Ok(match how {
        Compare::Equal => order.is_eq(),
        Compare::Unequal => order.is_ne(),
        Compare::Less => order.is_lt(),
        Compare::AtMost => order.is_le(),
        Compare::More => order.is_gt(),
        Compare::AtLeast => order.is_ge(),
    })
}

/// Subjects that are objects evaluate through their slots.
impl Subject for crate::model::Object {
    fn attribute(&self, path: &[usize]) -> Operand<'_> {
        follow(self, path)
    }
}
