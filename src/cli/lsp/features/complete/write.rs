//! How an offer is written at the cursor: in quotes where there are some or must be, never twice.

use super::{Completion, Offer};
use crate::cli::lsp::features::place::Place;
use crate::cli::lsp::features::shape::Value;
use crate::finding::Edit;
use crate::source::Span;

/// Writes over the word at the cursor.
#[derive(Clone, Copy)]
pub(super) struct Writer<'p> {
    place: &'p Place<'p>,
    before: &'p str,
    after: &'p str,
}

impl<'p> Writer<'p> {
    /// The word alone.
    pub(super) fn plain(place: &'p Place<'p>) -> Self {
        Self::around(place, "", "")
    }

    /// The word, with something around it.
    pub(super) fn around(place: &'p Place<'p>, before: &'p str, after: &'p str) -> Self {
        Self { place, before, after }
    }

    /// A key, with its colon unless that is there.
    pub(super) fn key(self, offer: Offer, nests: bool) -> Completion {
        let text = self.place.outline.text;
        let colon = text
            .get(self.place.spot.word.end..)
            .is_some_and(|rest| rest.trim_start_matches([' ', '\t']).starts_with(':'));
        let in_brackets = self.place.spot.flow || self.place.outline.is_json();
        let end = match (colon, nests && !in_brackets) {
            (true, _) => "",
            (false, true) => ":",
            (false, false) => ": ",
        };
        let name = self.quoted(&offer.label, false);
        self.completion(offer, &format!("{name}{end}"))
    }

    /// A value.
    pub(super) fn value(self, offer: Offer, value: Value) -> Completion {
        let bare = matches!(value, Value::Bool | Value::Number) || matches!(value, Value::Choice(["1"]));
        let written = if bare { offer.label.clone() } else { self.quoted(&offer.label, true) };
        self.completion(offer, &written)
    }

    /// The word in the quotes that it stands in, or in such as it needs.
    fn quoted(self, word: &str, value: bool) -> String {
        let mark = self.place.written().chars().next().filter(|c| matches!(c, '"' | '\''));
        match mark {
            Some('\'') => format!("'{}'", word.replace('\'', "''")),
            Some(_) => in_quotes(word),
            None if self.place.outline.is_json() => in_quotes(word),
            None if is_plain(word, value, self.place.spot.flow || self.before == "[") => word.to_owned(),
            None => in_quotes(word),
        }
    }

    fn completion(self, offer: Offer, written: &str) -> Completion {
        let word = &self.place.spot.word;
        // Right after a colon or a dash there has to be a blank.
        let before = &self.place.outline.text[..word.start];
        let mark = before.ends_with(':') || (before.ends_with('-') && !self.place.spot.flow);
        let tight = mark && word.is_empty() && !self.place.outline.is_json();
        let text = format!("{}{}{written}{}", if tight { " " } else { "" }, self.before, self.after);
        // An editor looks for what is typed in the label, so an open quote stays where it is.
        let quote = usize::from(self.before.is_empty() && self.place.written().starts_with(['"', '\'']));
        let text = text.get(quote..).unwrap_or("").to_owned();
        let span = Span::new(self.place.source, word.start + quote, word.end);
        let Offer { label, detail, documentation, kind } = offer;
        Completion { label, detail, documentation, kind, edit: Edit { span, text } }
    }
}

/// A text in double quotes.
pub(in crate::cli::lsp::features) fn in_quotes(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Whether YAML reads a word without quotes as that text.
pub(in crate::cli::lsp::features) fn is_plain(word: &str, value: bool, in_brackets: bool) -> bool {
    let Some(first) = word.chars().next() else { return false };
    let marks = "-?:,[]{}#&*!|>'\"%@`";
    let special = ["true", "false", "null", "~", "yes", "no", "on", "off"];
    let number = word.parse::<f64>().is_ok() || word.starts_with("0x") || word.starts_with("0o");
    let marked =
        marks.contains(first) || first.is_whitespace() || word.ends_with([' ', ':']) || word.contains(char::is_control);
    let split = word.contains(": ") || word.contains(" #") || (in_brackets && word.contains([',', '[', ']', '{', '}']));
    let misread = value && word != "off" && (number || special.contains(&word.to_ascii_lowercase().as_str()));
    !marked && !split && !misread
}
