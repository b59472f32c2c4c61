//! What stands in brackets.

use super::scalar::{content, quoted_end, skip_blank};
use super::{Outline, Role, Step};
use std::ops::Range;

/// An open bracket.
#[derive(Debug)]
pub(super) struct Flow {
    list: bool,
    /// The part whose value it is.
    holder: usize,
    /// The column of the block around; none for a whole text in brackets.
    pub(super) column: Option<usize>,
    items: usize,
    /// The entry or item that has begun.
    current: Option<usize>,
    /// Whether the value of the entry is next.
    colon: bool,
    /// Whether the entry or item has its value.
    done: bool,
}

impl Flow {
    pub(super) fn new(list: bool, holder: usize, column: Option<usize>) -> Self {
        Self { list, holder, column, items: 0, current: None, colon: false, done: false }
    }
}

impl Outline<'_> {
    /// Reads on in brackets, up to the end of the line or past the last bracket.
    pub(super) fn flow_line(&mut self, start: usize, end: usize) {
        let mut at = start;
        while !self.flow.is_empty() {
            let next = skip_blank(self.text, at, end);
            let rest = self.text.get(next..end).unwrap_or("");
            let comment = rest.starts_with('#') || (self.json && rest.starts_with("//"));
            let Some(first) = rest.chars().next().filter(|_| !comment) else {
                return self.gap(at..if comment { next } else { end });
            };
            if self.json && rest.starts_with("/*") {
                at = rest.find("*/").map_or(end, |close| next + close + 2);
                continue;
            }
            if matches!(first, '{' | '[' | '}' | ']' | ',' | ':') {
                // Where something follows at once, nothing more belongs before it.
                if !matches!(first, '{' | '[') {
                    self.gap(at..next);
                }
                self.sign(first, next);
                at = next + 1;
                continue;
            }
            let word = next..self.word_end(first, next, end);
            at = word.end;
            self.word(word);
        }
    }

    fn word_end(&self, first: char, at: usize, end: usize) -> usize {
        if matches!(first, '"' | '\'') {
            // One that was not closed yet ends where the next thing begins, but not before the cursor.
            let open = || {
                let rest = self.text[at..end].trim_end();
                let next = at + rest.find([',', ']', '}']).unwrap_or(rest.len());
                if (at..=end).contains(&self.cursor) { next.max(self.cursor) } else { next }
            };
            return quoted_end(self.text, at + 1, first, end).unwrap_or_else(open);
        }
        let rest = &self.text[at..end];
        let ends = |(offset, c): &(usize, char)| match c {
            ',' | '[' | ']' | '{' | '}' => true,
            ':' => rest[offset + 1..].chars().next().is_none_or(|c| c.is_whitespace() || ",[]{}".contains(c)),
            '#' => rest[..*offset].ends_with([' ', '\t']),
            _ => false,
        };
        let length = rest.char_indices().skip(1).find(ends).map_or(rest.len(), |(offset, _)| offset);
        at + rest[..length].trim_end().len().max(first.len_utf8())
    }

    fn sign(&mut self, sign: char, at: usize) {
        match sign {
            '{' | '[' => {
                let holder = self.holder(at);
                self.flow.push(Flow::new(sign == '[', holder, None));
                // What escapes from inner brackets escapes from all.
                let column = self.flow.first().and_then(|flow| flow.column);
                if let Some(flow) = self.flow.last_mut() {
                    flow.column = column;
                }
            }
            '}' | ']' => {
                self.flow.pop();
                if let Some(flow) = self.flow.last_mut() {
                    flow.done = true;
                }
            }
            ',' => {
                if let Some(flow) = self.flow.last_mut() {
                    (flow.current, flow.colon, flow.done) = (None, false, false);
                }
            }
            _ => {
                if let Some(flow) = self.flow.last_mut().filter(|flow| !flow.list) {
                    flow.colon = true;
                }
            }
        }
    }

    /// The part whose value begins here: that of the entry, or a new item.
    fn holder(&mut self, at: usize) -> usize {
        let Some(flow) = self.flow.last_mut() else { return 0 };
        if let (false, Some(current)) = (flow.list, flow.current) {
            return current;
        }
        let (parent, index) = (flow.holder, flow.items);
        flow.items += 1;
        let part = self.add(parent, Step::Item(index), at..at);
        if let Some(flow) = self.flow.last_mut() {
            flow.current = Some(part);
        }
        part
    }

    fn word(&mut self, word: Range<usize>) {
        let Some(flow) = self.flow.last() else { return };
        let (key, parent) = (!flow.list && !flow.colon, flow.holder);
        if key {
            let name = content(&self.text[word.clone()]).to_owned();
            let part = self.add(parent, Step::Key(name), word.clone());
            if self.at_cursor(&word) {
                self.see(parent, Role::Key, word);
            }
            if let Some(flow) = self.flow.last_mut() {
                flow.current = Some(part);
            }
            return;
        }
        let part = self.holder(word.start);
        if self.at_cursor(&word) {
            self.see(part, Role::Value, word.clone());
        }
        self.parts[part].value = Some(word);
        if let Some(flow) = self.flow.last_mut() {
            flow.done = true;
        }
    }

    /// Nothing is written here; perhaps the cursor is.
    fn gap(&mut self, gap: Range<usize>) {
        if !self.at_cursor(&gap) {
            return;
        }
        let Some(flow) = self.flow.last() else { return };
        let (holder, current, cursor) = (flow.holder, flow.current, self.cursor);
        match (flow.list, current, flow.colon, flow.done) {
            (true, None, ..) => self.see(holder, Role::Item, cursor..cursor),
            (false, None, ..) => self.see(holder, Role::Key, cursor..cursor),
            (false, Some(part), true, false) => self.see(part, Role::Value, cursor..cursor),
            _ => {}
        }
    }
}
