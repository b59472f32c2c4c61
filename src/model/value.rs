//! Values with places: what a file says about an attribute.

use super::kind::Field;
use super::taxonomy::ClassSet;
use crate::source::Span;

/// A value and where it is written. For a list or an object the place is its key.
#[derive(Clone, Debug, PartialEq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it is written; for what came through an alias, the place of the anchor.
    pub span: Span,
    /// The alias or merge key that brought it here.
    pub alias: Option<Span>,
}

impl<T> Located<T> {
    /// A value written at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span, alias: None }
    }
}

/// What an attribute may hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A string, a date as `YYYY-MM-DD`, a code.
    Text(String),
    /// Several values.
    List(Vec<Located<Value>>),
    /// Named values.
    Object(Object),
    /// Known to be set, but by something that cannot be read from the file; the text says by what.
    Unknown(String),
}

impl Value {
    /// A list of texts that share one place.
    pub fn texts<S: Into<String>>(texts: impl IntoIterator<Item = S>, span: Span) -> Self {
        Self::List(texts.into_iter().map(|text| Located::new(Self::Text(text.into()), span)).collect())
    }

    /// The value as shown in a message.
    pub fn display(&self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Text(text) => text.clone(),
            Self::List(items) => {
                let shown: Vec<String> = items.iter().map(|item| item.value.display()).collect();
                shown.join(", ")
            }
            Self::Object(object) => {
                let named = object.entries().map(|(field, value)| format!("{}: {}", field.name, value.value.display()));
                named.collect::<Vec<_>>().join(", ")
            }
            Self::Unknown(by) => format!("unknown ({by})"),
        }
    }
}

/// Named values in the order of their field table; only what is set takes room.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    fields: &'static [Field],
    /// Slot and value, by slot.
    values: Vec<(u16, Located<Value>)>,
}

impl Object {
    /// An object of these fields with nothing set.
    pub fn new(fields: &'static [Field]) -> Self {
        Self { fields, values: Vec::new() }
    }

    /// The field table.
    pub fn fields(&self) -> &'static [Field] {
        self.fields
    }

    /// Sets a field; a name that is not in the table is a mistake of the caller and changes nothing.
    pub fn set(&mut self, name: &str, value: Located<Value>) {
        let slot = self.fields.iter().position(|field| field.name == name);
        debug_assert!(slot.is_some(), "no field {name}");
        if let Some(slot) = slot {
            self.put(slot, value);
        }
    }

    /// Sets the value in a slot of the field table.
    pub fn put(&mut self, slot: usize, value: Located<Value>) {
        match self.find(slot) {
            Ok(at) => self.values[at].1 = value,
            Err(at) => self.values.insert(at, (slot as u16, value)),
        }
    }

    fn find(&self, slot: usize) -> Result<usize, usize> {
        self.values.binary_search_by_key(&slot, |(known, _)| usize::from(*known))
    }

    /// The value in a slot of the field table.
    pub fn slot(&self, slot: usize) -> Option<&Located<Value>> {
        self.find(slot).ok().map(|at| &self.values[at].1)
    }

    /// The same, to change it.
    pub fn slot_mut(&mut self, slot: usize) -> Option<&mut Located<Value>> {
        self.find(slot).ok().map(|at| &mut self.values[at].1)
    }

    /// What is set, in table order.
    pub fn entries(&self) -> impl Iterator<Item = (&'static Field, &Located<Value>)> {
        self.values.iter().filter_map(|(slot, value)| Some((self.fields.get(usize::from(*slot))?, value)))
    }

    /// The value under a dotted path such as `contract.ref`.
    pub fn get(&self, path: &str) -> Option<&Located<Value>> {
        // What is set is little, and the table of fields long.
        let named = |name: &str| {
            debug_assert!(self.fields.iter().any(|field| field.name == name), "no field {name}");
            let at = |slot: u16| self.fields.get(usize::from(slot)).is_some_and(|field| field.name == name);
            self.values.iter().find(|(slot, _)| at(*slot)).map(|(_, value)| value)
        };
        let Some((name, rest)) = path.split_once('.') else { return named(path) };
        match &named(name)?.value {
            Value::Object(object) => object.get(rest),
            _ => None,
        }
    }

    /// The text at a path.
    pub fn text(&self, path: &str) -> Option<&str> {
        match &self.get(path)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value at a path.
    pub fn boolean(&self, path: &str) -> Option<bool> {
        match self.get(path)?.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The number at a path.
    pub fn integer(&self, path: &str) -> Option<i64> {
        match self.get(path)?.value {
            Value::Int(value) => Some(value),
            _ => None,
        }
    }

    /// The items of the list at a path; none when there is no list.
    pub fn list(&self, path: &str) -> &[Located<Value>] {
        match self.get(path).map(|found| &found.value) {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }

    /// The texts in the list at a path, each with its place.
    pub fn texts(&self, path: &str) -> impl Iterator<Item = (&str, Span)> {
        self.list(path).iter().filter_map(|item| match &item.value {
            Value::Text(text) => Some((text.as_str(), item.span)),
            _ => None,
        })
    }

    /// Whether the list at a path holds `text`.
    pub fn has_text(&self, path: &str, text: &str) -> bool {
        self.texts(path).any(|(found, _)| found == text)
    }
}

/// A value as an expression sees it: borrowed, cheap to copy.
#[derive(Clone, Copy, Debug)]
pub enum Operand<'a> {
    /// Not declared.
    Absent,
    /// Declared in a way that cannot be read; the text says how.
    Unknown(&'a str),
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A string.
    Text(&'a str),
    /// Several values.
    List(&'a [Located<Value>]),
    /// Codes of classes of personal information.
    Classes(ClassSet),
    /// Named values; only `has` may look at it as a whole.
    Object(&'a Object),
}

impl<'a> From<&'a Value> for Operand<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Bool(value) => Self::Bool(*value),
            Value::Int(value) => Self::Int(*value),
            Value::Text(text) => Self::Text(text),
            Value::List(items) => Self::List(items),
            Value::Object(object) => Self::Object(object),
            Value::Unknown(by) => Self::Unknown(by),
        }
    }
}

/// Something a rule can look at: gives the value under a path of slots of its kind's field table.
pub trait Subject {
    /// The value at `path`; the first index is a slot of the kind, the next one of the object found there.
    fn attribute(&self, path: &[usize]) -> Operand<'_>;
}

/// Follows a path of slots into an object.
pub fn follow<'a>(object: &'a Object, path: &[usize]) -> Operand<'a> {
    let Some((slot, rest)) = path.split_first() else { return Operand::Object(object) };
    let Some(found) = object.slot(*slot) else { return Operand::Absent };
    match (&found.value, rest) {
        (Value::Object(inner), rest) => follow(inner, rest),
        (value, []) => value.into(),
        (Value::Unknown(by), _) => Operand::Unknown(by),
        _ => Operand::Absent,
    }
}
