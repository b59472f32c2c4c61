//! Words what the validator found, for people who look at the document and not at the schema.

use jsonschema::JsonType;
use jsonschema::error::{TypeKind, ValidationError, ValidationErrorKind as Kind};
use jsonschema::paths::Location;
use serde_json::Value;

use super::super::edit::{self, Writing};
use super::super::{Entry, Node, Shape};
use super::SchemaIssue;
use super::places::{Found, Places, allowed_keys};
use crate::finding::{Fix, closest, is_same_spelt, is_slip};
use crate::source::Span;

/// Longest value that is quoted in full.
const LONG: usize = 60;

/// Turns errors about one document into issues.
pub(super) struct Translator<'d, 's> {
    places: Places<'d>,
    schema: &'s Value,
}

impl<'d, 's> Translator<'d, 's> {
    pub(super) fn new(root: Node<'d>, schema: &'s Value) -> Self {
        Self { places: Places::new(root), schema }
    }

    /// The key that holds the value at `path`.
    pub(super) fn key_at(&mut self, path: &Location) -> Option<String> {
        self.places.find(path).key.map(|entry| entry.key().to_owned())
    }

    /// One issue per place that `error` concerns.
    pub(super) fn issues(&mut self, error: &ValidationError<'_>) -> Vec<SchemaIssue> {
        let found = self.places.find(error.instance_path());
        match error.kind() {
            Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
                self.unknown_keys(found, unexpected, error.schema_path().as_str())
            }
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => self.alternatives(error, found, context),
            Kind::PropertyNames { error } => {
                self.issues(error).into_iter().map(|issue| name_of(found, issue)).collect()
            }
            Kind::Type { kind } => vec![wrong_type(found.node, &expected(kind))],
            Kind::Required { property } => vec![missing(found, property)],
            Kind::Enum { options } => vec![not_among(found.node, options.as_array().map_or(&[], Vec::as_slice))],
            Kind::Constant { expected_value } => vec![not_among(found.node, std::slice::from_ref(expected_value))],
            Kind::FalseSchema | Kind::Not { .. } => vec![not_allowed(found)],
            other => vec![limit(found, other, &error.to_string())],
        }
    }

    fn unknown_keys(&mut self, found: Found<'d>, unexpected: &[String], path: &str) -> Vec<SchemaIssue> {
        let allowed = allowed_keys(self.schema, path);
        let unknown = |name: &String| {
            let span = self.places.entry(found.node, name).map_or_else(|| found.holder(), |entry| entry.key_span());
            let fix = self.places.entry(found.node, name).and_then(|entry| renaming(found.node, entry, &allowed));
            SchemaIssue { fix, ..issue(span, format!("unknown key `{}`", short(name)), suggestion(name, &allowed)) }
        };
        unexpected.iter().map(unknown).collect()
    }

    /// None of several forms fits: the issues of the form that was meant, as far as that can be told.
    fn alternatives(
        &mut self,
        error: &ValidationError<'_>,
        found: Found<'d>,
        forms: &[Vec<ValidationError<'static>>],
    ) -> Vec<SchemaIssue> {
        let at = error.instance_path();
        let meant: Vec<&Vec<ValidationError<'_>>> =
            forms.iter().filter(|form| !form.iter().any(|error| rules_out(error, at, found.node))).collect();
        if meant.is_empty() {
            let types: Vec<JsonType> =
                forms.iter().flatten().filter(|error| error.instance_path() == at).flat_map(type_of).collect();
            if !types.is_empty() {
                return vec![wrong_type(found.node, &types)];
            }
        }
        let options: Option<Vec<Value>> =
            meant.iter().map(|form| options_at(form, at)).collect::<Option<Vec<_>>>().map(|all| all.concat());
        if let Some(options) = options.filter(|options| !options.is_empty()) {
            return vec![not_among(found.node, &options)];
        }
        let candidates: Vec<&Vec<ValidationError<'_>>> = if meant.is_empty() { forms.iter().collect() } else { meant };
        let nearest = candidates.into_iter().min_by_key(|form| form.len());
        nearest.map_or_else(Vec::new, |form| form.iter().flat_map(|error| self.issues(error)).collect())
    }
}

/// Whether an error says that another form was meant: another type, or another value of the key that tells forms apart.
fn rules_out(error: &ValidationError<'_>, at: &Location, node: Node<'_>) -> bool {
    let here = error.instance_path() == at;
    match error.kind() {
        Kind::Type { .. } => here,
        // Constants and choices are words: a list or a mapping was never meant as one.
        Kind::Constant { .. } | Kind::Enum { .. } if here => node.scalar().is_none(),
        Kind::Constant { .. } => error.instance_path().segments().count() == at.segments().count() + 1,
        _ => false,
    }
}

/// The values that a form allows, when that is all it asks.
fn options_at(form: &[ValidationError<'_>], at: &Location) -> Option<Vec<Value>> {
    let [error] = form else { return None };
    match error.kind() {
        Kind::Enum { options } if error.instance_path() == at => options.as_array().cloned(),
        Kind::Constant { expected_value } if error.instance_path() == at => Some(vec![expected_value.as_ref().clone()]),
        _ => None,
    }
}

fn type_of(error: &ValidationError<'_>) -> Vec<JsonType> {
    if let Kind::Type { kind } = error.kind() { expected(kind) } else { Vec::new() }
}

fn expected(kind: &TypeKind) -> Vec<JsonType> {
    match kind {
        TypeKind::Single(one) => vec![*one],
        TypeKind::Multiple(set) => set.iter().collect(),
    }
}

fn issue(span: Span, message: impl Into<String>, help: impl Into<String>) -> SchemaIssue {
    SchemaIssue { span, message: message.into(), help: help.into(), fix: None }
}

fn name_of(found: Found<'_>, inner: SchemaIssue) -> SchemaIssue {
    // The inner error is about a key, which the validator does not place: the mapping that has it is underlined.
    issue(found.holder(), format!("a key of this mapping is not allowed: {}", inner.message), inner.help)
}

fn missing(found: Found<'_>, property: &Value) -> SchemaIssue {
    let name = property.as_str().unwrap_or_default();
    issue(found.holder(), format!("missing key `{name}`"), format!("add `{name}`"))
}

fn not_allowed(found: Found<'_>) -> SchemaIssue {
    match found.key {
        Some(entry) => {
            issue(entry.key_span(), format!("the key `{}` is not allowed here", short(entry.key())), "remove it")
        }
        None => issue(found.node.span(), format!("{} is not allowed here", described(found.node)), "remove it"),
    }
}

fn wrong_type(node: Node<'_>, expected: &[JsonType]) -> SchemaIssue {
    let mut names: Vec<&str> = Vec::new();
    for name in expected.iter().map(|kind| type_name(*kind)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if let Some(issue) = mistaken_text(node, expected) {
        return issue;
    }
    issue(node.span(), format!("expected {}, found {}", listed(&names, "or"), described(node)), "")
}

/// A string where the author meant a boolean or a number.
fn mistaken_text(node: Node<'_>, expected: &[JsonType]) -> Option<SchemaIssue> {
    let text = node.text()?;
    let quoted = node.is_quoted();
    if expected.contains(&JsonType::Boolean) {
        let value = match (quoted, text.to_ascii_lowercase().as_str()) {
            (false, "yes" | "on" | "y") => "true",
            (false, "no" | "off" | "n") => "false",
            (true, "true" | "false") => {
                let message = format!("`\"{text}\"` is a string, a boolean is expected here");
                let fix = rewriting(node, &Writing::Bare(&text.to_ascii_lowercase()), true);
                return Some(SchemaIssue { fix, ..issue(node.span(), message, "remove the quotes") });
            }
            _ => return None,
        };
        let message = format!("`{text}` is a string in YAML 1.2, a boolean is expected here");
        let fix = rewriting(node, &Writing::Bare(value), true);
        return Some(SchemaIssue { fix, ..issue(node.span(), message, format!("write `{value}`")) });
    }
    let whole = expected.contains(&JsonType::Integer) && text.parse::<i64>().is_ok();
    let number = expected.contains(&JsonType::Number) && text.parse::<f64>().is_ok_and(f64::is_finite);
    if !quoted || !(whole || number) {
        return None;
    }
    let kind = if whole { "an integer" } else { "a number" };
    // Other spellings of numbers are not the same in YAML and JSON.
    let digits = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    let fix = if digits { rewriting(node, &Writing::Bare(text), true) } else { None };
    let message = format!("`\"{}\"` is a string, {kind} is expected here", short(text));
    Some(SchemaIssue { fix, ..issue(node.span(), message, "remove the quotes") })
}

fn not_among(node: Node<'_>, options: &[Value]) -> SchemaIssue {
    let words: Vec<String> = options.iter().map(plain).collect();
    let names: Vec<&str> = words.iter().map(String::as_str).collect();
    let Some(given) = node.scalar() else {
        return issue(node.span(), format!("expected one of {}, found {}", names.join(", "), described(node)), "");
    };
    if options.iter().all(Value::is_boolean)
        && let Some(issue) = mistaken_text(node, &[JsonType::Boolean])
    {
        return issue;
    }
    let given = if node.is_null() { "null" } else { given };
    let message = match names.as_slice() {
        [only] => format!("`{}` is not {only}", short(given)),
        _ => format!("`{}` is not one of {}", short(given), names.join(", ")),
    };
    // Between codes of one or two letters anything is close.
    let near = if given.len() > 2 { closest(given, names.iter().copied()) } else { None };
    let near = near.filter(|near| *near != given);
    // A word decides what something means to the law: only the same word in another spelling is taken for it.
    let meant = near.filter(|near| options.iter().any(|option| option.as_str() == Some(near)));
    let fix = meant.and_then(|meant| rewriting(node, &Writing::Text(meant), is_same_spelt(given, meant)));
    let help = near.map_or_else(String::new, |near| format!("did you mean `{near}`?"));
    SchemaIssue { fix, ..issue(node.span(), message, help) }
}

/// The key that was meant in the place of an unknown one.
fn renaming(mapping: Node<'_>, entry: Entry<'_>, allowed: &[&str]) -> Option<Fix> {
    let given = entry.key();
    let meant = closest(given, allowed.iter().copied())?;
    let edit = edit::rename(mapping, entry, meant)?;
    let safe = is_slip(given, meant, allowed.iter().copied());
    Some(Fix { title: format!("rename the key `{}` to `{meant}`", short(given)), safe, edits: vec![edit] })
}

fn rewriting(node: Node<'_>, value: &Writing<'_>, safe: bool) -> Option<Fix> {
    let edit = edit::rewrite(node, value)?;
    Some(Fix {
        title: format!("write `{}` instead of `{}`", short(&edit.text), short(node.code())),
        safe,
        edits: vec![edit],
    })
}

/// Bounds, patterns and formats.
fn limit(found: Found<'_>, kind: &Kind, otherwise: &str) -> SchemaIssue {
    let node = found.node;
    let given = node.scalar().map_or_else(|| described(node), |text| format!("`{}`", short(text)));
    let message = match kind {
        Kind::Pattern { pattern } => format!("{given} does not match the pattern `{pattern}`"),
        Kind::Format { format } => format!("{given} is not {}", format_name(format)),
        Kind::Minimum { limit } => format!("{given} is less than {limit}"),
        Kind::Maximum { limit } => format!("{given} is more than {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("{given} is not more than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("{given} is not less than {limit}"),
        Kind::MultipleOf { multiple_of } => format!("{given} is not a multiple of {multiple_of}"),
        Kind::MinLength { limit: 1 } => "an empty string says nothing here".to_owned(),
        Kind::MinLength { limit } => format!("{given} is shorter than {limit} characters"),
        Kind::MaxLength { limit } => format!("{given} is longer than {limit} characters"),
        Kind::MinItems { limit: 1 } => "the list is empty".to_owned(),
        Kind::MinItems { limit } => format!("the list has {} items, {limit} are the least", node.count()),
        Kind::MaxItems { limit } => format!("the list has {} items, {limit} are the most", node.count()),
        Kind::AdditionalItems { limit } => format!("the list has {} items, {limit} are the most", node.count()),
        Kind::MinProperties { limit: 1 } => "the mapping is empty".to_owned(),
        Kind::MinProperties { limit } => format!("the mapping has {} keys, {limit} are the least", node.count()),
        Kind::MaxProperties { limit } => format!("the mapping has {} keys, {limit} are the most", node.count()),
        Kind::UniqueItems => "the list has the same item twice".to_owned(),
        Kind::Contains => "the list lacks an item that is required".to_owned(),
        Kind::OneOfMultipleValid { .. } => format!("{given} fits several forms where exactly one must fit"),
        _ => otherwise.to_owned(),
    };
    let empty = matches!(node.shape(), Shape::Map | Shape::List);
    issue(if empty { found.holder() } else { node.span() }, message, "")
}

fn format_name(format: &str) -> String {
    match format {
        "date" => "a date such as 2026-01-31".to_owned(),
        "date-time" => "a time such as 2026-01-31T12:00:00Z".to_owned(),
        "uri" | "url" => "a URL such as https://example.com/privacy".to_owned(),
        "email" => "an e-mail address".to_owned(),
        other => format!("a valid {other}"),
    }
}

fn suggestion(name: &str, allowed: &[&str]) -> String {
    match closest(name, allowed.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if allowed.is_empty() => "remove it".to_owned(),
        None => format!("allowed here: {}", allowed.join(", ")),
    }
}

fn described(node: Node<'_>) -> String {
    let text = node.scalar().map(short).unwrap_or_default();
    match node.shape() {
        Shape::Null => "nothing".to_owned(),
        Shape::Bool(value) => format!("the boolean {value}"),
        Shape::Integer => format!("the integer {text}"),
        Shape::Float => format!("the number {text}"),
        Shape::Text => format!("a string `{text}`"),
        Shape::List => "a list".to_owned(),
        Shape::Map => "a mapping".to_owned(),
        Shape::Code(_) => "code".to_owned(),
    }
}

fn type_name(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Null => "null",
        JsonType::Boolean => "a boolean",
        JsonType::Integer => "an integer",
        JsonType::Number => "a number",
        JsonType::String => "a string",
        JsonType::Array => "a list",
        JsonType::Object => "a mapping",
    }
}

fn listed(names: &[&str], word: &str) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn short(text: &str) -> String {
    match text.char_indices().nth(LONG) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}
