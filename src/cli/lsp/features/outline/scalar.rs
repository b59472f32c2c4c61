//! Keys and scalars of an outline.

use super::{Outline, Role};
use std::ops::Range;

/// A quoted scalar that goes on over lines.
#[derive(Debug)]
pub(super) struct Quote {
    mark: char,
    part: usize,
    start: usize,
    /// The column of its key.
    pub(super) column: isize,
}

/// A scalar without its quotes; escapes stay as they are.
pub(in super::super) fn content(written: &str) -> &str {
    let Some(mark) = written.chars().next().filter(|c| matches!(c, '"' | '\'')) else { return written };
    let inner = &written[1..];
    inner.strip_suffix(mark).unwrap_or(inner)
}

/// Whether a text is in brackets as a whole, comments before them aside.
pub(super) fn begins_in_brackets(text: &str) -> bool {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        let comment = rest.strip_prefix("//").map(|after| (after, "\n"));
        let comment = comment.or_else(|| rest.strip_prefix("/*").map(|after| (after, "*/")));
        let Some((after, end)) = comment else { return rest.starts_with(['{', '[']) };
        rest = after.split_once(end).map_or("", |(_, next)| next).trim_start();
    }
}

/// The first byte from `at` on that is no blank.
pub(super) fn skip_blank(text: &str, at: usize, end: usize) -> usize {
    let rest = text.get(at..end).unwrap_or("");
    at + rest.len() - rest.trim_start_matches([' ', '\t']).len()
}

/// Past anchors and tags.
pub(super) fn skip_marks(text: &str, at: usize, end: usize) -> usize {
    let mut at = at;
    while text.get(at..end).is_some_and(|rest| rest.starts_with(['&', '!'])) {
        let rest = &text[at..end];
        let length = rest.find([' ', '\t']).unwrap_or(rest.len());
        at = skip_blank(text, at + length, end);
    }
    at
}

/// The end of a quoted scalar that begins at `at`, the mark included; `None` when it does not end before `end`.
pub(super) fn quoted_end(text: &str, at: usize, mark: char, end: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut next = at;
    while next < end {
        match char::from(bytes[next]) {
            '\\' if mark == '"' => next += 1,
            c if c == mark => {
                if mark == '"' || bytes.get(next + 1) != Some(&b'\'') {
                    return Some(next + 1);
                }
                next += 1;
            }
            _ => {}
        }
        next += 1;
    }
    None
}

/// The end of a plain scalar on its line.
pub(super) fn plain_end(text: &str, at: usize, end: usize) -> usize {
    let rest = text.get(at..end).unwrap_or("");
    let comment = [" #", "\t#"].iter().filter_map(|mark| rest.find(mark)).min();
    at + rest[..comment.unwrap_or(rest.len())].trim_end().len()
}

/// A key that begins at `at`, and the byte after its colon.
pub(super) fn key_at(text: &str, at: usize, end: usize) -> Option<(Range<usize>, usize)> {
    let rest = text.get(at..end)?;
    let first = rest.chars().next()?;
    let blank = |at: usize| at >= end || matches!(text.as_bytes()[at], b' ' | b'\t');
    if matches!(first, '"' | '\'') {
        let close = quoted_end(text, at + 1, first, end)?;
        let colon = skip_blank(text, close, end);
        return (colon < end && text.as_bytes()[colon] == b':' && blank(colon + 1)).then_some((at..close, colon + 1));
    }
    if matches!(first, '{' | '[' | ']' | '}' | '|' | '>' | '#' | ',' | '%' | '@' | '`') {
        return None;
    }
    for (offset, c) in rest.char_indices() {
        let here = at + offset;
        if c == ':' && offset > 0 && blank(here + 1) {
            return Some((at..at + rest[..offset].trim_end().len(), here + 1));
        }
        if c == '#' && rest[..offset].ends_with([' ', '\t']) {
            return None;
        }
    }
    None
}

impl Outline<'_> {
    pub(super) fn quoted(&mut self, part: usize, at: usize, end: usize, column: isize) {
        let mark = char::from(self.text.as_bytes()[at]);
        match quoted_end(self.text, at + 1, mark, end) {
            Some(close) => self.scalar(part, at..close),
            // On the line of the cursor it has not been closed yet.
            None if self.json || self.at_cursor(&(at..end)) => {
                let open = plain_end(self.text, at, end);
                let here = (at..=end).contains(&self.cursor);
                self.scalar(part, at..if here { open.max(self.cursor) } else { open });
            }
            None => {
                self.parts[part].value = Some(at..end);
                self.quote = Some(Quote { mark, part, start: at, column });
            }
        }
    }

    pub(super) fn quoted_line(&mut self, quote: Quote, line: Range<usize>) {
        let close = quoted_end(self.text, line.start, quote.mark, line.end);
        let word = quote.start..close.unwrap_or(line.end);
        if self.at_cursor(&(line.start..word.end)) {
            self.see(quote.part, Role::Value, word.clone());
        }
        self.parts[quote.part].value = Some(word);
        match close {
            Some(_) => self.valued(quote.part),
            None => self.quote = Some(quote),
        }
    }
}
