//! A spanned tree as the validator sees it.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node as JsonNode, NodeIdentity, Object, cmp, unique};
use serde_json::{Map, Number, Value};

use super::super::{Entry, Node, Shape};

/// The representation: documents of this program.
pub(super) struct Arena;

/// A value, or the name of a key judged like one.
#[derive(Clone, Copy)]
pub(super) enum View<'d> {
    /// A value in a document.
    Node(Node<'d>),
    /// A key.
    Name(&'d str),
}

impl Json for Arena {
    type Node<'a> = View<'a>;
    type PreparedKey = String;
    type StringBuffer = String;

    /// A lookup walks the entries, so one pass over them is worth several lookups.
    const KEYS_PER_LOOKUP: usize = 8;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>(buffer: &mut String, string: &str, f: impl FnOnce(View<'_>) -> T) -> T {
        buffer.clear();
        buffer.push_str(string);
        f(View::Name(buffer))
    }
}

impl<'a> JsonNode<'a, Arena> for View<'a> {
    type Object = Container<'a>;
    type Array = Container<'a>;
    type Number = Digits<'a>;

    fn as_object(&self) -> Option<Container<'a>> {
        self.node_of(Shape::Map).map(Container)
    }

    fn as_array(&self) -> Option<Container<'a>> {
        self.node_of(Shape::List).map(Container)
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match self {
            View::Node(node) => node.text().map(Cow::Borrowed),
            View::Name(name) => Some(Cow::Borrowed(name)),
        }
    }

    fn as_number(&self) -> Option<Digits<'a>> {
        let View::Node(node) = self else { return None };
        match node.shape() {
            Shape::Integer => node.scalar().map(|text| Digits { text, whole: true }),
            Shape::Float => node.scalar().map(|text| Digits { text, whole: false }),
            _ => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        let View::Node(node) = self else { return None };
        node.boolean()
    }

    fn is_null(&self) -> bool {
        self.json_type() == JsonType::Null
    }

    fn json_type(&self) -> JsonType {
        let View::Node(node) = self else { return JsonType::String };
        match node.shape() {
            Shape::Null => JsonType::Null,
            Shape::Bool(_) => JsonType::Boolean,
            Shape::Integer | Shape::Float => JsonType::Number,
            Shape::Text => JsonType::String,
            Shape::List => JsonType::Array,
            Shape::Map => JsonType::Object,
            // JSON knows nothing computed; `null` is the one value that no schema of ours demands.
            Shape::Code(_) => JsonType::Null,
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match (self.as_string(), expected) {
            (Some(text), Value::String(expected)) => text == expected.as_str(),
            (Some(_), _) | (None, Value::String(_)) => false,
            (None, _) => cmp::equal(&whole(*self), expected),
        }
    }

    /// Only errors ask for it, to print the instance; ours are worded from the node, so containers are not copied.
    fn to_value(&self) -> Cow<'a, Value> {
        let scalar = !matches!(self.json_type(), JsonType::Array | JsonType::Object);
        Cow::Owned(if scalar { whole(*self) } else { Value::Null })
    }

    fn identity(&self) -> Option<NodeIdentity> {
        let View::Node(node) = self else { return None };
        Some(NodeIdentity::tagged(std::ptr::from_ref(node.document).addr(), node.link.node))
    }
}

impl<'a> View<'a> {
    fn node_of(self, shape: Shape) -> Option<Node<'a>> {
        match self {
            View::Node(node) if node.shape() == shape => Some(node),
            _ => None,
        }
    }
}

/// A copy of the value, for comparing.
fn whole(view: View<'_>) -> Value {
    let View::Node(node) = view else { return view.as_string().map_or(Value::Null, |text| Value::String(text.into())) };
    match node.shape() {
        Shape::Null | Shape::Code(_) => Value::Null,
        Shape::Bool(value) => Value::Bool(value),
        Shape::Integer | Shape::Float => {
            view.as_number().map_or(Value::Null, |number| Value::Number(number.to_number().into_owned()))
        }
        Shape::Text => Value::String(node.scalar().unwrap_or("").to_owned()),
        Shape::List => Value::Array(node.items().map(|item| whole(View::Node(item))).collect()),
        Shape::Map => {
            let entry = |entry: Entry<'_>| (entry.key().to_owned(), whole(View::Node(entry.value())));
            Value::Object(node.entries().map(entry).collect::<Map<String, Value>>())
        }
    }
}

/// A mapping or a sequence.
pub(super) struct Container<'d>(Node<'d>);

impl<'a> Object<'a, Arena> for Container<'a> {
    type Node = View<'a>;
    type MemberName = &'a str;
    type MembersIter = Box<dyn Iterator<Item = (&'a str, View<'a>)> + 'a>;

    fn len(&self) -> usize {
        self.0.count()
    }

    fn get(&self, key: &String) -> Option<View<'a>> {
        self.0.get(key).map(View::Node)
    }

    fn members(&self) -> Self::MembersIter {
        Box::new(self.0.entries().map(|entry| (entry.key(), View::Node(entry.value()))))
    }
}

impl<'a> Array<'a, Arena> for Container<'a> {
    type Node = View<'a>;
    type ElementsIter = Box<dyn Iterator<Item = View<'a>> + 'a>;

    fn len(&self) -> usize {
        self.0.count()
    }

    fn elements(&self) -> Self::ElementsIter {
        Box::new(self.0.items().map(View::Node))
    }

    fn is_unique(&self) -> bool {
        let values: Vec<Value> = self.0.items().map(|item| whole(View::Node(item))).collect();
        unique::is_unique(&values)
    }
}

/// A number as written.
pub(super) struct Digits<'d> {
    text: &'d str,
    whole: bool,
}

impl JsonNumber for Digits<'_> {
    fn as_u64(&self) -> Option<u64> {
        if self.whole { self.text.parse().ok() } else { None }
    }

    fn as_i64(&self) -> Option<i64> {
        if self.whole { self.text.parse().ok() } else { None }
    }

    fn as_f64(&self) -> Option<f64> {
        self.text.parse().ok().filter(|number: &f64| number.is_finite())
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.text)
    }

    fn to_number(&self) -> Cow<'_, Number> {
        let whole = self.as_u64().map(Number::from).or_else(|| self.as_i64().map(Number::from));
        Cow::Owned(whole.or_else(|| Number::from_f64(self.as_f64()?)).unwrap_or_else(|| Number::from(0)))
    }

    fn is_integer(&self) -> bool {
        self.whole || self.as_f64().is_some_and(|number| number.fract() == 0.0)
    }

    fn is_written_as_integer(&self) -> bool {
        self.whole
    }
}
