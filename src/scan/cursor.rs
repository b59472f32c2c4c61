//! Where the reading of a line stands, and the grammar of JSON (RFC 8259).

use super::text::{self, Text};
use std::borrow::Cow;

/// The line is no JSON.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken;

/// How deep objects and lists may lie in one another.
pub(super) const DEPTH: u32 = 64;

/// A line, and where its reading stands.
pub(super) struct Cursor<'l> {
    pub(super) line: &'l [u8],
    pub(super) at: usize,
}

impl<'l> Cursor<'l> {
    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.line.get(self.at).copied()
    }

    /// What was not read yet.
    #[inline]
    pub(super) fn rest(&self) -> &'l [u8] {
        self.line.get(self.at..).unwrap_or_default()
    }

    #[inline]
    pub(super) fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    #[inline]
    pub(super) fn expect(&mut self, byte: u8) -> Result<(), Broken> {
        self.blank();
        if self.peek() != Some(byte) {
            return Err(Broken);
        }
        self.at += 1;
        Ok(())
    }

    /// Enters what the byte at hand opens; whether there is something in it, or it was closed at once by `close`.
    #[inline]
    pub(super) fn enter(&mut self, close: u8, depth: u32) -> Result<bool, Broken> {
        self.at += 1;
        if depth >= DEPTH {
            return Err(Broken);
        }
        self.blank();
        let empty = self.peek() == Some(close);
        self.at += usize::from(empty);
        Ok(!empty)
    }

    /// Whether a comma goes on, rather than `close` ends.
    #[inline]
    pub(super) fn goes_on(&mut self, close: u8) -> Result<bool, Broken> {
        self.blank();
        let found = self.peek();
        self.at += 1;
        match found {
            Some(b',') => Ok(true),
            _ if found == Some(close) => Ok(false),
            _ => Err(Broken),
        }
    }

    #[inline]
    pub(super) fn word(&mut self, word: &[u8]) -> Result<(), Broken> {
        if !self.rest().starts_with(word) {
            return Err(Broken);
        }
        self.at += word.len();
        Ok(())
    }

    #[inline]
    pub(super) fn string(&mut self) -> Result<Text<'l>, Broken> {
        self.expect(b'"')?;
        let (text, end) = text::read(self.line, self.at)?;
        self.at = end;
        Ok(text)
    }

    #[inline]
    pub(super) fn key(&mut self) -> Result<Cow<'l, [u8]>, Broken> {
        self.expect(b'"')?;
        let (key, end) = text::read_key(self.line, self.at)?;
        self.at = end;
        Ok(key)
    }

    /// A number; whether it is a whole one.
    #[inline]
    pub(super) fn number(&mut self) -> Result<(&'l [u8], bool), Broken> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        let first = self.peek();
        let whole = self.digits()?;
        if whole > 1 && first == Some(b'0') {
            return Err(Broken);
        }
        let mut is_whole = true;
        if self.peek() == Some(b'.') {
            is_whole = false;
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            is_whole = false;
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok((self.line.get(start..self.at).ok_or(Broken)?, is_whole))
    }

    /// How many digits there are: at least one.
    #[inline]
    fn digits(&mut self) -> Result<usize, Broken> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(Broken) } else { Ok(self.at - start) }
    }

    /// Reads a value that nobody asks for.
    pub(super) fn pass(&mut self, depth: u32) -> Result<(), Broken> {
        self.blank();
        match self.peek().ok_or(Broken)? {
            b'"' => {
                self.at = text::pass(self.line, self.at + 1)?;
                Ok(())
            }
            b'{' => self.pass_object(depth),
            b'[' => self.pass_list(depth),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'n' => self.word(b"null"),
            _ => self.number().map(|_| ()),
        }
    }

    fn pass_object(&mut self, depth: u32) -> Result<(), Broken> {
        let mut more = self.enter(b'}', depth)?;
        while more {
            self.expect(b'"')?;
            self.at = text::pass(self.line, self.at)?;
            self.expect(b':')?;
            self.pass(depth + 1)?;
            more = self.goes_on(b'}')?;
        }
        Ok(())
    }

    fn pass_list(&mut self, depth: u32) -> Result<(), Broken> {
        let mut more = self.enter(b']', depth)?;
        while more {
            self.pass(depth + 1)?;
            more = self.goes_on(b']')?;
        }
        Ok(())
    }
}
