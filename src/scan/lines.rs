//! Cuts a stream into pieces of whole lines, in constant memory.

use super::tally::MAX_LINE_BYTES;
use std::io::{self, Read};

/// How much is read at once: what the fast memory next to a core holds.
const PIECE: usize = 256 * 1024;

/// Whole lines, one after another.
pub(super) struct Piece {
    /// Memory, to be used again, that begins with the lines.
    pub(super) memory: Vec<u8>,
    /// How many bytes the lines have.
    length: usize,
    /// The number of the first line, from 1.
    pub(super) first: u64,
    /// Lines before the first that were too long to be kept.
    pub(super) too_long: u64,
}

impl Piece {
    /// The lines.
    pub(super) fn text(&self) -> &[u8] {
        self.memory.get(..self.length).unwrap_or_default()
    }
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
    ended: bool,
    /// Why reading ended, to be told when what was read before is given.
    failed: Option<io::Error>,
}

impl<R: Read> Lines<R> {
    /// The lines of a stream; only the first `most`, where a number is given.
    pub(super) fn new(input: R, most: Option<u64>) -> Self {
        let left = most.unwrap_or(u64::MAX);
        Self { input, rest: Vec::new(), next: 1, left, ended: left == 0, failed: None }
    }

    /// The next lines, in the memory of earlier ones; `None` at the end.
    ///
    /// # Errors
    /// Reading fails; nothing more is read then.
    pub(super) fn piece(&mut self, mut memory: Vec<u8>) -> io::Result<Option<Piece>> {
        let (mut too_long, first) = (0, self.next);
        let mut length = put(&mut memory, &self.rest);
        self.rest.clear();
        let mut searched = 0;
        while !self.ended {
            length = self.fill(&mut memory, length);
            let found = memchr::memrchr(b'\n', &memory[searched..length]);
            if let Some(end) = found.map(|at| searched + at + 1) {
                self.rest.extend_from_slice(&memory[end..length]);
                length = end;
                break;
            }
            searched = length;
            if length > MAX_LINE_BYTES && !self.ended {
                too_long += 1;
                self.next += 1;
                self.left -= 1;
                (length, searched) = (self.pass_over(&mut memory), 0);
                self.ended |= self.left == 0;
            }
        }
        if self.failed.is_some() {
            // The line in which reading ended is not whole.
            self.rest.clear();
            length = memchr::memrchr(b'\n', &memory[..length]).map_or(0, |at| at + 1);
        }
        if length == 0 && too_long == 0 {
            return self.failed.take().map_or(Ok(None), Err);
        }
        let length = self.cut(&memory[..length]);
        // What was passed over stands before the lines that are given.
        Ok(Some(Piece { first: first + too_long, too_long, memory, length }))
    }

    /// Reads on behind what is in memory; gives how much there is then.
    fn fill(&mut self, memory: &mut Vec<u8>, length: usize) -> usize {
        let (mut at, most) = (length, length + PIECE);
        if memory.len() < most {
            memory.resize(most, 0);
        }
        while at < most {
            match self.input.read(&mut memory[at..most]) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(read) => at += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    (self.ended, self.failed) = (true, Some(error));
                    break;
                }
            }
        }
        at
    }

    /// Counts lines; gives the length of those that may be given.
    fn cut(&mut self, bytes: &[u8]) -> usize {
        let breaks = memchr::memchr_iter(b'\n', bytes).count() as u64;
        let lines = breaks + u64::from(bytes.last().is_some_and(|byte| *byte != b'\n'));
        self.next += lines;
        let mut length = bytes.len();
        if lines > self.left {
            let mut ends = memchr::memchr_iter(b'\n', bytes).map(|at| at + 1);
            length = self.left.checked_sub(1).and_then(|last| ends.nth(last as usize)).unwrap_or(0);
        }
        self.left = self.left.saturating_sub(lines);
        if self.left == 0 {
            self.ended = true;
            self.rest.clear();
        }
        length
    }

    /// Reads up to the end of a line that is too long; gives how much there is after it, at the start of `memory`.
    fn pass_over(&mut self, memory: &mut Vec<u8>) -> usize {
        while !self.ended {
            let length = self.fill(memory, 0);
            if let Some(end) = memchr::memchr(b'\n', &memory[..length]) {
                memory.copy_within(end + 1..length, 0);
                return length - end - 1;
            }
        }
        0
    }
}

/// Puts bytes at the start of `memory`; gives how many.
fn put(memory: &mut Vec<u8>, bytes: &[u8]) -> usize {
    if memory.len() < bytes.len() {
        memory.resize(bytes.len(), 0);
    }
    memory.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    bytes.len()
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
            assert!(piece.memory.len() <= 2 * PIECE + MAX_LINE_BYTES);
            too_long += piece.too_long;
            let cut = piece.text().split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec);
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
