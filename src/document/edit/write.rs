//! How a value is written so that it reads back as the same.

use super::super::{Shape, scalar};

/// A value to write.
#[derive(Clone, Copy, Debug)]
pub enum Writing<'a> {
    /// A string.
    Text(&'a str),
    /// A boolean or a number, in the letters that both YAML and JSON have for it.
    Bare(&'a str),
    /// Strings.
    List(&'a [&'a str]),
    /// Strings by key.
    Map(&'a [(&'a str, &'a str)]),
}

/// How the place wants it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub(super) json: bool,
    /// Whether brackets are, or may be, around.
    pub(super) flow: bool,
    /// The quotes that stand there or beside.
    pub(super) quote: Option<char>,
}

pub(super) fn written(value: &Writing<'_>, style: Style) -> String {
    match value {
        Writing::Text(text) => string(text, style),
        Writing::Bare(word) => (*word).to_owned(),
        Writing::List(items) => {
            let inside = Style { flow: true, ..style };
            let items: Vec<String> = items.iter().map(|item| string(item, inside)).collect();
            format!("[{}]", items.join(", "))
        }
        Writing::Map(entries) => {
            let inside = Style { flow: true, ..style };
            let one = |(key, value): &(&str, &str)| format!("{}: {}", string(key, inside), string(value, inside));
            format!("{{{}}}", entries.iter().map(one).collect::<Vec<_>>().join(", "))
        }
    }
}

fn string(text: &str, style: Style) -> String {
    match style.quote {
        Some('\'') if !style.json && is_printable(text) => format!("'{}'", text.replace('\'', "''")),
        None if !style.json && is_plain(text, style.flow) => text.to_owned(),
        // What JSON escapes, YAML reads in double quotes.
        _ => serde_json::Value::from(text).to_string(),
    }
}

fn is_printable(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(char::is_control)
}

/// Words that YAML 1.1 takes for booleans; other readers of the file may still do so.
const OLD: [&str; 6] = ["y", "n", "yes", "no", "on", "off"];

/// Whether a string needs no quotes, on the safe side.
fn is_plain(text: &str, flow: bool) -> bool {
    let inner = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '+') || (c == ' ' && !flow);
    let begins = text.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_');
    let known = OLD.contains(&text.to_ascii_lowercase().as_str());
    begins && !known && !text.ends_with(' ') && text.chars().all(inner) && scalar::shape_of(text) == Shape::Text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_read_as_something_else_is_quoted() {
        let plain = Style { json: false, flow: true, quote: None };
        let text = |text: &str, style| written(&Writing::Text(text), style);
        for same in ["do-not-sell", "C0004", "Größe", "a.b/c"] {
            assert_eq!(text(same, plain), same);
        }
        for quoted in
            ["", "yes", "Off", "true", "null", "~", "12", "1.5", "2026-01-31", "a: b", "a #b", "-", "[x]", "a b", "é,"]
        {
            assert_eq!(text(quoted, plain), serde_json::to_string(quoted).unwrap());
        }
        let single = Style { quote: Some('\''), ..plain };
        assert_eq!((text("it's", single), text("a\nb", single)), ("'it''s'".to_owned(), "\"a\\nb\"".to_owned()));
        assert_eq!(text("a b", Style { flow: false, ..plain }), "a b");
        let json = Style { json: true, ..plain };
        assert_eq!(written(&Writing::Map(&[("via", "TODO")]), json), r#"{"via": "TODO"}"#);
        assert_eq!(written(&Writing::List(&["a", "no"]), plain), r#"[a, "no"]"#);
    }
}
