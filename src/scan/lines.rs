//! Cuts a stream into pieces of whole lines, in constant memory.

use super::tally::MAX_LINE_BYTES;
use std::io::{self, Read};

/// How much is read at once: what the fast memory next to a core holds.
const PIECE: usize = 256 * 1024;

/// Whole lines, one after another.
pub(super) struct Piece {
    /// The bytes of the lines.
    pub(super) bytes: Vec<u8>,
    /// The number of the first line, from 1.
    pub(super) first: u64,
    /// Lines before the first that were too long to be kept.
    pub(super) too_long: u64,
}

/// A stream, cut into pieces.
pub(super) struct Lines<R> {
    input: R,
    /// The beginning of a line whose end was not read yet.
    rest: Vec<u8>,
    /// The number of the next line.
    next: u64,
    /// How many lines may still be given.
    left: u64,
    /// Bytes that were read.
    pub(super) read: u64,
    ended: bool,
}

impl<R: Read> Lines<R> {
    /// The lines of a stream; only the first `most`, where a number is given.
    pub(super) fn new(input: R, most: Option<u64>) -> Self {
        let left = most.unwrap_or(u64::MAX);
        Self { input, rest: Vec::new(), next: 1, left, read: 0, ended: left == 0 }
    }

    /// The next lines, in the memory of earlier ones; `None` at the end.
    ///
    /// # Errors
    /// Reading fails; nothing more is read then.
    pub(super) fn piece(&mut self, mut bytes: Vec<u8>) -> io::Result<Option<Piece>> {
        let (mut too_long, first) = (0, self.next);
        bytes.clear();
        bytes.reserve(self.rest.len() + PIECE + 1);
        bytes.append(&mut self.rest);
        let mut searched = 0;
        while !self.ended {
            let read = self.input.by_ref().take(PIECE as u64).read_to_end(&mut bytes);
            self.ended = !matches!(read, Ok(1..));
            self.read += read? as u64;
            let found = memchr::memrchr(b'\n', &bytes[searched..]);
            let Some(end) = found.map(|at| searched + at + 1) else {
                searched = bytes.len();
                if bytes.len() > MAX_LINE_BYTES && !self.ended {
                    too_long += 1;
                    self.next += 1;
                    self.left -= 1;
                    (bytes, searched) = (self.pass_over()?, 0);
                    self.ended |= self.left == 0;
                }
                continue;
            };
            self.rest.extend_from_slice(bytes.get(end..).unwrap_or_default());
            bytes.truncate(end);
            break;
        }
        if bytes.is_empty() && too_long == 0 {
            return Ok(None);
        }
        // What was passed over stands before the lines that are given.
        let piece = Piece { first: first + too_long, too_long, bytes: self.cut(bytes) };
        Ok(Some(piece))
    }

    /// Counts lines, and cuts off those that are too many.
    fn cut(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        let breaks = memchr::memchr_iter(b'\n', &bytes).count() as u64;
        let lines = breaks + u64::from(bytes.last().is_some_and(|byte| *byte != b'\n'));
        self.next += lines;
        if lines > self.left {
            let mut ends = memchr::memchr_iter(b'\n', &bytes).map(|at| at + 1);
            let end = self.left.checked_sub(1).and_then(|last| ends.nth(last as usize)).unwrap_or(0);
            bytes.truncate(end);
        }
        self.left = self.left.saturating_sub(lines);
        if self.left == 0 {
            self.ended = true;
            self.rest.clear();
        }
        bytes
    }

    /// Reads up to the end of a line that is too long; gives what was read after it.
    fn pass_over(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            let read = self.input.by_ref().take(PIECE as u64).read_to_end(&mut bytes);
            self.ended = !matches!(read, Ok(1..));
            self.read += read? as u64;
            if let Some(end) = memchr::memchr(b'\n', &bytes) {
                return Ok(bytes.split_off(end + 1));
            }
            if self.ended {
                return Ok(Vec::new());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a few bytes at a time.
    struct Drip<'b>(&'b [u8], usize);

    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(buffer.len()).min(self.0.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn lines(text: &[u8], most: Option<u64>) -> (Vec<(u64, Vec<u8>)>, u64) {
        let mut lines = Lines::new(Drip(text, 7_919), most);
        let (mut given, mut too_long) = (Vec::new(), 0);
        while let Some(piece) = lines.piece(Vec::new()).unwrap() {
            assert!(piece.bytes.len() <= 2 * PIECE + MAX_LINE_BYTES);
            too_long += piece.too_long;
            let cut = piece.bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec);
            given.extend((piece.first..).zip(cut));
        }
        (given, too_long)
    }

    #[test]
    fn lines_are_whole_and_numbered_whatever_their_length() {
        let huge = vec![b'x'; MAX_LINE_BYTES + 3 * PIECE + 17];
        let text = [b"one\n".as_slice(), &huge, b"\n\nfour\n", &huge, b"\nsix"].concat();
        let (given, too_long) = lines(&text, None);
        let short: Vec<(u64, &[u8])> =
            given.iter().map(|(at, line)| (*at, line.as_slice())).filter(|(_, line)| line.len() < 99).collect();
        assert_eq!(short, [(1, b"one\n".as_slice()), (3, b"\n"), (4, b"four\n"), (6, b"six")]);
        assert_eq!(too_long, 2);
    }

    #[test]
    fn every_line_of_many_pieces_is_given_once() {
        let text: Vec<u8> = (0..400_000).flat_map(|at| format!("{{\"line\": {at}}}\n").into_bytes()).collect();
        let (given, _) = lines(&text, None);
        assert!(given.iter().all(|(at, line)| *line == format!("{{\"line\": {}}}\n", at - 1).into_bytes()));
        assert_eq!(given.len(), 400_000);
    }

    #[test]
    fn no_more_lines_are_given_than_are_wanted() {
        let text = b"1\n2\n3\n4";
        for most in 0..6 {
            let (given, _) = lines(text, Some(most));
            assert_eq!(given.len() as u64, most.min(4));
        }
    }
}
