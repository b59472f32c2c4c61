//! Places as the protocol counts them: lines from 0, and units of the agreed encoding from the start of the line.

use crate::source::Source;
use lsp_types::{Position, PositionEncodingKind, Range};

/// In what a client counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of UTF-16: what every client knows.
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

impl Encoding {
    /// The encoding to use with a client that offers these. Bytes are what we count in.
    pub(super) fn of(offered: &[PositionEncodingKind]) -> Self {
        let offers = |kind: PositionEncodingKind| offered.contains(&kind);
        match (offers(PositionEncodingKind::UTF8), offers(PositionEncodingKind::UTF32)) {
            (true, _) => Self::Utf8,
            (false, true) if !offers(PositionEncodingKind::UTF16) => Self::Utf32,
            _ => Self::Utf16,
        }
    }

    /// Its name in the protocol.
    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn width(self, character: char) -> usize {
        match self {
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// A text and where its lines are. To the protocol `\n`, `\r\n` and a lone `\r` end a line.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<u32>,
    encoding: Encoding,
    /// Bytes at the start that the client does not see.
    hidden: usize,
}

impl<'t> Lines<'t> {
    /// The lines of a text as the client has it.
    pub(super) fn of(text: &'t str, encoding: Encoding) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        let ends = |at: &usize| bytes[*at] == b'\n' || (bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
        starts.extend((0..bytes.len()).filter(ends).map(|at| at as u32 + 1));
        Self { text, starts, encoding, hidden: 0 }
    }

    /// The lines of a text that was read from disk: a client takes the byte order mark away when it opens the file.
    pub(super) fn of_disk(text: &'t str, encoding: Encoding) -> Self {
        let hidden = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { hidden, ..Self::of(text, encoding) }
    }

    /// First byte of a line, and one past the last that is not its end.
    fn bounds(&self, line: usize) -> (usize, usize) {
        let start = self.starts.get(line).map_or(self.text.len(), |start| *start as usize);
        let next = self.starts.get(line + 1).map_or(self.text.len(), |start| *start as usize);
        let end = start + self.text[start..next].trim_end_matches(['\r', '\n']).len();
        let start = if line == 0 { start.max(self.hidden) } else { start };
        (start, end.max(start))
    }

    /// The place of a byte; what is past the end is the end.
    pub(super) fn position(&self, offset: u32) -> Position {
        let mut at = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let line = self.starts.partition_point(|start| *start as usize <= at).saturating_sub(1);
        let (start, end) = self.bounds(line);
        let before = self.text.get(start..at.clamp(start, end)).unwrap_or("");
        let units: usize = match self.encoding {
            Encoding::Utf8 => before.len(),
            _ => before.chars().map(|character| self.encoding.width(character)).sum(),
        };
        Position { line: line as u32, character: units as u32 }
    }

    /// The byte at a place. A place past the end of a line is its end, one inside a character its start.
    pub(super) fn offset(&self, place: Position) -> u32 {
        let (start, end) = self.bounds(place.line as usize);
        let (mut at, mut left) = (start, place.character as usize);
        for character in self.text[start..end].chars() {
            let width = self.encoding.width(character);
            if width > left {
                break;
            }
            left -= width;
            at += character.len_utf8();
        }
        at as u32
    }

    /// The range between two bytes.
    pub(super) fn range(&self, start: u32, end: u32) -> Range {
        Range { start: self.position(start), end: self.position(end.max(start)) }
    }
}

/// The place of a stretch of a file that may not be open; what goes over several lines ends with its first one, so that a
/// client does not underline half a file.
pub(super) fn first_line(lines: &Lines<'_>, start: u32, end: u32) -> Range {
    let from = lines.position(start);
    let to = lines.position(end.max(start));
    if to.line == from.line {
        return Range { start: from, end: to };
    }
    let (_, last) = lines.bounds(from.line as usize);
    Range { start: from, end: lines.position(last as u32) }
}

/// The lines of a source, as a client sees them that has it open or not.
pub(super) fn lines_of(source: &Source, open: bool, encoding: Encoding) -> Lines<'_> {
    if open { Lines::of(&source.text, encoding) } else { Lines::of_disk(&source.text, encoding) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENCODINGS: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    /// Every character boundary of a text with its place, counted one character at a time.
    fn naive(text: &str, encoding: Encoding) -> Vec<(usize, Position)> {
        let (mut line, mut character) = (0, 0);
        let mut places = Vec::new();
        let mut characters = text.char_indices().peekable();
        while let Some((at, found)) = characters.next() {
            places.push((at, Position { line, character }));
            let next = characters.peek().map(|(_, next)| *next);
            match found {
                '\n' => (line, character) = (line + 1, 0),
                '\r' if next != Some('\n') => (line, character) = (line + 1, 0),
                // Between the two characters of a line end there is no place of its own.
                '\r' => {}
                other => character += encoding.width(other) as u32,
            }
        }
        places.push((text.len(), Position { line, character }));
        places
    }

    /// Texts of awkward characters, from a seed.
    fn texts() -> impl Iterator<Item = String> {
        let pieces = ["a", "é", "日", "𝄞", "\u{feff}", "\n", "\r\n", "\r", "", "\u{2028}", "😀", "key: value"];
        (0..2_000_u64).map(move |seed| {
            let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
            let mut next = || {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state as usize
            };
            let count = next() % 14;
            (0..count).map(|_| pieces[next() % pieces.len()]).collect()
        })
    }

    #[test]
    fn places_are_those_of_a_naive_count_and_lead_back() {
        let mut checked = 0;
        for text in texts() {
            for encoding in ENCODINGS {
                let lines = Lines::of(&text, encoding);
                for (at, place) in naive(&text, encoding) {
                    assert_eq!(lines.position(at as u32), place, "{text:?} at {at}");
                    let inside = at > 0 && text[..at].ends_with('\r') && text[at..].starts_with('\n');
                    let back = at - usize::from(inside);
                    assert_eq!(lines.offset(place) as usize, back, "{text:?} at {place:?}");
                    checked += 1;
                }
            }
        }
        assert!(checked > 20_000, "{checked}");
    }

    #[test]
    fn what_lies_outside_is_moved_inside() {
        let text = "a𝄞b\r\nlast";
        let lines = Lines::of(text, Encoding::Utf16);
        let at = |line, character| lines.offset(Position { line, character });
        assert_eq!((at(0, 1), at(0, 2), at(0, 3), at(0, 4)), (1, 1, 5, 6), "inside a pair is its start");
        assert_eq!((at(0, 99), at(1, 99), at(9, 0), at(u32::MAX, u32::MAX)), (6, 12, 12, 12));
        assert_eq!(lines.position(99), Position { line: 1, character: 4 });
        assert_eq!(lines.position(3), Position { line: 0, character: 1 }, "inside a character is its start");
        let range = first_line(&lines, 1, 12);
        assert_eq!((range.start.character, range.end.line, range.end.character), (1, 0, 4));
    }

    #[test]
    fn a_byte_order_mark_on_disk_is_not_counted() {
        let text = "\u{feff}ab\ncd";
        let place = |lines: &Lines<'_>, at| lines.position(at);
        let disk = Lines::of_disk(text, Encoding::Utf16);
        assert_eq!(place(&disk, 0), Position { line: 0, character: 0 });
        assert_eq!(place(&disk, 4), Position { line: 0, character: 1 });
        assert_eq!(disk.offset(Position { line: 0, character: 1 }), 4);
        assert_eq!(place(&Lines::of(text, Encoding::Utf16), 4), Position { line: 0, character: 2 });
    }

    #[test]
    fn bytes_are_preferred_and_utf_16_is_what_everybody_knows() {
        use PositionEncodingKind as Kind;
        assert_eq!(Encoding::of(&[]), Encoding::Utf16);
        assert_eq!(Encoding::of(&[Kind::UTF16, Kind::UTF32]), Encoding::Utf16);
        assert_eq!(Encoding::of(&[Kind::UTF32]), Encoding::Utf32);
        assert_eq!(Encoding::of(&[Kind::UTF16, Kind::UTF8]), Encoding::Utf8);
        assert_eq!(Encoding::of(&[Kind::new("ebcdic")]), Encoding::Utf16);
    }
}
