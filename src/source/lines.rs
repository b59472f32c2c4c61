//! From byte offsets to lines and columns.

/// A place as people count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, in Unicode scalar values; a byte order mark is not counted.
    pub column: u32,
    /// Byte offset in the file, from 0.
    pub offset: u32,
}

/// The byte offset at which each line starts.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes `text`; lines end in `\n` (a preceding `\r` belongs to the line).
    pub fn new(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let mut starts = vec![0];
        starts.extend(breaks.map(|(at, _)| at as u32 + 1));
        Self { starts }
    }

    /// How many lines the text has; at least one.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// Line number (from 0) that holds `offset`.
    pub fn line_of(&self, offset: u32) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// Byte range of line `line` (from 0) without its line break.
    pub fn range(&self, text: &str, line: usize) -> std::ops::Range<usize> {
        let start = self.starts.get(line).map_or(text.len(), |start| *start as usize);
        let end = self.starts.get(line + 1).map_or(text.len(), |next| *next as usize - 1);
        let end = if end > start && text.as_bytes().get(end - 1) == Some(&b'\r') { end - 1 } else { end };
        start..end
    }

    /// Line and column of `offset`, which is moved back to a character boundary.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let mut at = (offset as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let line = self.line_of(at as u32);
        let start = self.starts[line] as usize;
        let before = text.get(start..at).unwrap_or("");
        let mark = usize::from(line == 0 && before.starts_with('\u{feff}'));
        Position { line: line as u32 + 1, column: (before.chars().count() - mark) as u32 + 1, offset: at as u32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, offset: u32) -> (u32, u32) {
        let place = LineIndex::new(text).position(text, offset);
        (place.line, place.column)
    }

    #[test]
    fn columns_count_characters_and_skip_the_byte_order_mark() {
        assert_eq!(at("\u{feff}a: é\r\nb: 1\r\n", 3), (1, 1));
        assert_eq!(at("\u{feff}a: é\r\nb: 1\r\n", 8), (1, 5));
        assert_eq!(at("\u{feff}a: é\r\nb: 1\r\n", 10), (2, 1));
    }

    #[test]
    fn an_offset_past_the_end_is_the_end() {
        assert_eq!(at("ab\ncd", 99), (2, 3));
        assert_eq!(at("", 5), (1, 1));
    }

    #[test]
    fn a_line_excludes_its_break() {
        let text = "one\r\ntwo\n";
        let lines = LineIndex::new(text);
        assert_eq!(&text[lines.range(text, 0)], "one");
        assert_eq!(&text[lines.range(text, 1)], "two");
        assert_eq!(&text[lines.range(text, 2)], "");
    }
}
