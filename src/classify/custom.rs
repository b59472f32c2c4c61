//! Matchers of the user's own.

use regex::Regex;

use crate::model::ClassSet;
use crate::model::tokens::Tokens;

/// Above this likeness (Sørensen–Dice) two words are taken for the same.
pub(super) const LIKENESS: f64 = 0.7;

/// What a matcher compares.
#[derive(Clone, Debug)]
pub enum Test {
    /// One of these words, whatever the case and punctuation.
    Exact(Vec<String>),
    /// Like one of these words: Sørensen–Dice above 0.7.
    Similar(Vec<String>),
    /// A regular expression, found anywhere.
    Regex(Regex),
}

/// What of a property a matcher looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// Its name.
    Key,
    /// Its values, as far as a schema enumerates them or gives examples.
    Value,
}

/// A matcher of the user's own; wins over the lexicon.
#[derive(Clone, Debug)]
pub struct CustomMatcher {
    /// The name shown when it decides.
    pub name: String,
    /// What it compares.
    pub test: Test,
    /// With what.
    pub on: On,
    /// What it says; empty means not personal.
    pub classes: ClassSet,
    /// Whether such data must never be sent to analytics.
    pub restricted: bool,
}

/// A matcher with its words made ready.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) matcher: CustomMatcher,
    words: Vec<String>,
}

impl Prepared {
    pub(super) fn new(matcher: CustomMatcher) -> Self {
        let words = match &matcher.test {
            Test::Exact(words) | Test::Similar(words) => words.iter().map(|word| ready(word)).collect(),
            Test::Regex(_) => Vec::new(),
        };
        Self { matcher, words }
    }

    /// Whether it applies to the property: `name` is the last of `path`.
    pub(super) fn applies(&self, path: &str, name: &Tokens, values: &[&str]) -> bool {
        match (self.matcher.on, &self.matcher.test) {
            (On::Key, Test::Regex(regex)) => {
                regex.is_match(crate::model::event::last_name(path)) || regex.is_match(path)
            }
            (On::Key, _) => self.holds(name.whole()),
            (On::Value, Test::Regex(regex)) => values.iter().any(|value| regex.is_match(value)),
            (On::Value, _) => values.iter().any(|value| self.holds(&ready(value))),
        }
    }

    fn holds(&self, word: &str) -> bool {
        if word.is_empty() {
            return false;
        }
        match self.matcher.test {
            Test::Similar(_) => self.words.iter().any(|known| strsim::sorensen_dice(known, word) > LIKENESS),
            _ => self.words.iter().any(|known| known == word),
        }
    }
}

fn ready(word: &str) -> String {
    Tokens::of(word).whole().to_owned()
}
