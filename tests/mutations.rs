//! Every reader survives 10,000 random mutations of its fixtures: no panic, no hang. The seed is fixed, so a failure
//! repeats; it names the fixture and the number of the mutation.

mod common;

use common::dump::read_text;
use common::fixtures;
use common::random::Random;
use consentlint::adapter::ADAPTERS;
use rayon::prelude::*;

const MUTATIONS: u64 = 10_000;
/// Larger results are cut, so that a run is bounded.
const LARGEST: usize = 20_000;
/// What breaks parsers: brackets, quotes, escapes, holes, odd characters, deep nesting.
const WORDS: [&str; 30] = [
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "'",
    "`",
    "\\",
    "${",
    "{{ x }}",
    "<%= y %>",
    "<<parameters.z>>",
    ":",
    ",",
    "\n",
    "\t",
    "\r\n",
    "\u{feff}",
    "\u{202e}",
    "\u{1b}[31m",
    "é",
    "𝄞",
    "null",
    "-1e999",
    "&a ",
    "*a",
    "<!--",
    "[[[[[[[[[[[[[[[[",
];

/// Breaks texts.
struct Breaker(Random);

impl Breaker {
    /// A place in a text, on a character boundary.
    fn place(&mut self, text: &str) -> usize {
        let mut at = self.0.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    fn range(&mut self, text: &str) -> std::ops::Range<usize> {
        let (one, other) = (self.place(text), self.place(text));
        one.min(other)..one.max(other)
    }

    fn mutate(&mut self, text: &mut String, other: &str) {
        match self.0.below(7) {
            0 => {
                let range = self.range(text);
                // Mostly small cuts; half of a file is seldom interesting twice.
                let end = range.end.min(range.start + 40);
                let end = (range.start..=end).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(range.start);
                text.replace_range(range.start..end, "");
            }
            1 => text.truncate(self.place(&text.clone())),
            2 => {
                let range = self.range(text);
                let part = text[range].to_owned();
                let at = self.place(text);
                text.insert_str(at, &part);
            }
            3 => {
                let part = other[self.range(other)].to_owned();
                let at = self.place(text);
                text.insert_str(at, &part);
            }
            _ => {
                let word = self.0.one(&WORDS);
                let at = self.place(text);
                text.insert_str(at, word);
            }
        }
        if text.len() > LARGEST {
            let end = (0..=LARGEST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            text.truncate(end);
        }
    }
}

#[test]
fn every_reader_survives_mutated_fixtures() {
    for adapter in ADAPTERS {
        let fixtures = fixtures(adapter.name);
        assert!(!fixtures.is_empty(), "{} has no fixtures", adapter.name);
        let recognised: u64 = (0..MUTATIONS)
            .into_par_iter()
            .map(|number| {
                let seed = 0x9e37_79b9_7f4a_7c15 ^ (number + 1).wrapping_mul(0xff51_afd7_ed55_8ccd);
                let mut breaker = Breaker(Random(seed));
                let (path, text) = &fixtures[breaker.0.below(fixtures.len())];
                let other = &fixtures[breaker.0.below(fixtures.len())].1;
                let mut text = text.clone();
                for _ in 0..=breaker.0.below(4) {
                    breaker.mutate(&mut text, other);
                }
                let read = std::panic::catch_unwind(|| read_text(path, text));
                let read = read.unwrap_or_else(|_| panic!("{}: {path}, mutation {number}", adapter.name));
                // The texts that are still recognised are the ones that reach the adapter.
                u64::from(read.formats.iter().flatten().any(|format| *format == adapter.name))
            })
            .sum();
        assert!(recognised > MUTATIONS / 20, "{}: only {recognised} mutations reached the adapter", adapter.name);
    }
}
