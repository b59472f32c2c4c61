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
    /// Characters before every [`STRIDE`]th byte; counted when a place in a long line is first asked for.
    counted: std::sync::OnceLock<Vec<u32>>,
}

/// Bytes that are counted one by one at most; some files are a single line of megabytes.
const STRIDE: usize = 4096;

/// How many characters begin in `bytes`.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte as i8) >= -0x40).count()
}

impl LineIndex {
    /// Indexes `text`; lines end in `\n` (a preceding `\r` belongs to the line).
    pub fn new(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let mut starts = vec![0];
        starts.extend(breaks.map(|(at, _)| at as u32 + 1));
        Self { starts, counted: std::sync::OnceLock::new() }
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
        let mark = usize::from(line == 0 && at > 0 && text.starts_with('\u{feff}'));
        let column = self.between(text.as_bytes(), start, at) - mark;
        Position { line: line as u32 + 1, column: column as u32 + 1, offset: at as u32 }
    }

    /// How many characters begin from `start` up to `end`.
    fn between(&self, bytes: &[u8], start: usize, end: usize) -> usize {
        if end - start <= STRIDE {
            return characters(&bytes[start..end]);
        }
        let counted = self.counted.get_or_init(|| {
            let sums = bytes.chunks(STRIDE).scan(0, |sum, part| {
                let before = *sum;
                *sum += characters(part) as u32;
                Some(before)
            });
            sums.collect()
        });
        let before = |at: usize| {
            let stride = at.min(bytes.len() - 1) / STRIDE;
            counted[stride] as usize + characters(&bytes[stride * STRIDE..at])
        };
        before(end) - before(start)
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
    fn columns_of_long_lines_are_counted_from_checkpoints() {
        for letter in ["x", "é", "日", "𝄞"] {
            let text = format!("ab\n{}\n", letter.repeat(3 * STRIDE));
            for count in [0, 1, STRIDE - 1, STRIDE, STRIDE + 1, 2 * STRIDE + 7, 3 * STRIDE] {
                assert_eq!(at(&text, (3 + count * letter.len()) as u32), (2, count as u32 + 1));
            }
            let end = format!("\u{feff}{}", letter.repeat(2 * STRIDE));
            assert_eq!(at(&end, end.len() as u32), (1, 2 * STRIDE as u32 + 1));
        }
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
