//! Lines of a text around a byte.

use std::ops::Range;

/// The mark that may open a text.
const MARK: char = '\u{feff}';

/// Where an item of a list has others beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Neighbours {
    None,
    Above,
    /// And maybe above.
    Below,
}

#[derive(Clone, Copy)]
pub(super) struct Lines<'t> {
    pub(super) text: &'t str,
}

impl Lines<'_> {
    /// The first byte of the line, after the mark that may open the text.
    pub(super) fn start(self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or("");
        match before.rfind('\n') {
            Some(line) => line + 1,
            None if self.text.starts_with(MARK) => MARK.len_utf8(),
            None => 0,
        }
    }

    /// The end of the line, its line break left out.
    pub(super) fn end(self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or("");
        let line = rest.find('\n').map_or(rest, |end| rest.get(..end).unwrap_or(rest));
        at + line.strip_suffix('\r').unwrap_or(line).len()
    }

    /// The first byte of the next line.
    pub(super) fn next(self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or("");
        rest.find('\n').map_or(self.text.len(), |end| at + end + 1)
    }

    /// The line break of this line, or of the text where this one has none.
    pub(super) fn ending(self, at: usize) -> &'static str {
        let end = self.end(at);
        let near = self.text.get(end..).filter(|rest| rest.contains('\n')).unwrap_or(self.text);
        let first = near.find('\n');
        let wide = first.is_some_and(|at| near.get(..at).is_some_and(|before| before.ends_with('\r')));
        if wide { "\r\n" } else { "\n" }
    }

    /// Whether nothing but blanks comes before on the line.
    pub(super) fn is_first(self, at: usize) -> bool {
        self.text.get(self.start(at)..at).is_some_and(|before| before.chars().all(|c| matches!(c, ' ' | '\t')))
    }

    /// The blanks that bring a line to the column of `at`; tabs stay.
    pub(super) fn column(self, at: usize) -> String {
        let before = self.text.get(self.start(at)..at).unwrap_or("");
        before.chars().map(|c| if c == '\t' { '\t' } else { ' ' }).collect()
    }

    /// The blanks before `at`, if nothing else is there.
    pub(super) fn indent(self, at: usize) -> Option<String> {
        self.is_first(at).then(|| self.column(at))
    }

    /// The dash of the item that begins at `at` on the same line.
    pub(super) fn dash_before(self, at: usize) -> Option<usize> {
        let before = self.text.get(self.start(at)..at)?.trim_end_matches([' ', '\t']);
        let dash = before.len().checked_sub(1)?;
        before.ends_with('-').then_some(self.start(at) + dash)
    }

    /// One past the colon after a key.
    pub(super) fn colon(self, key_end: usize) -> Option<usize> {
        let rest = self.text.get(key_end..)?;
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        rest.get(blanks..)?.starts_with(':').then_some(key_end + blanks + 1)
    }

    /// One past the comma that follows on the same line.
    pub(super) fn comma(self, end: usize) -> Option<usize> {
        let rest = self.text.get(end..)?;
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        rest.get(blanks..)?.starts_with(',').then_some(end + blanks + 1)
    }

    /// Whether commas are followed by blanks, as far as there are any.
    pub(super) fn is_spaced(self, code: &str) -> bool {
        !code.contains(',') || code.contains(", ") || code.contains(",\n") || code.contains(",\r")
    }

    /// The lines of an item of a block list, from its own comments above to its own comments below.
    /// Blank lines that part it from its neighbours go along: those below, or above the last one.
    pub(super) fn block_item(self, start: usize, end: usize, place: Neighbours) -> Option<Range<usize>> {
        let dash = self.dash_before(start)?;
        let indent = self.indent(dash)?.len();
        let comment = |line: usize| {
            let text = self.text.get(line..self.end(line)).unwrap_or("");
            let blanks = text.len() - text.trim_start().len();
            text.trim_start().starts_with('#').then_some(blanks)
        };
        let mut from = self.start(dash);
        while let Some(above) = from.checked_sub(1).map(|end| self.start(end)) {
            if above == from || comment(above).is_none_or(|blanks| blanks < indent) {
                break;
            }
            from = above;
        }
        let mut to = self.next(end);
        while to < self.text.len() && comment(to).is_some_and(|blanks| blanks > indent) {
            to = self.next(to);
        }
        let is_blank = |line: usize| self.text.get(line..self.end(line)).is_some_and(|text| text.trim().is_empty());
        while place == Neighbours::Below && to < self.text.len() && is_blank(to) {
            to = self.next(to);
        }
        while place == Neighbours::Above
            && let Some(above) = from.checked_sub(1).map(|end| self.start(end))
            && above < from
            && is_blank(above)
        {
            from = above;
        }
        Some(from..to)
    }
}
