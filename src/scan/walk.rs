//! Walks through the JSON of a line once, from left to right, and notes what is counted.

use super::call::Call;
use super::look::{self, Looks};
use super::message::{Message, Value};
use super::name;
use super::profile::Type;
use super::text::{self, Text};
use super::trie::{BUNDLED, EVENT, INTEGRATIONS, ITEM, METADATA, NONE, Names, PREFERENCES, ROOT, TYPE, Trie};

/// The line is no JSON.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken;

/// How deep objects and lists may lie in one another.
const DEPTH: u32 = 64;

/// A line, and where its reading stands.
pub(super) struct Walk<'l, 't> {
    line: &'l [u8],
    at: usize,
    message: &'t mut Message,
    paths: &'t mut Trie,
    events: &'t mut Names,
    names: &'t mut Names,
}

/// Where a walk notes what it meets.
pub(super) struct Notes<'t> {
    pub(super) message: &'t mut Message,
    pub(super) paths: &'t mut Trie,
    pub(super) events: &'t mut Names,
    /// Names of categories and destinations.
    pub(super) names: &'t mut Names,
}

/// Reads a line; whether it is an object.
pub(super) fn walk(line: &[u8], notes: Notes<'_>) -> Result<bool, Broken> {
    let Notes { message, paths, events, names } = notes;
    let mut walk = Walk { line, at: 0, message, paths, events, names };
    walk.blank();
    let object = walk.peek() == Some(b'{');
    walk.value(if object { ROOT } else { NONE }, 0)?;
    walk.blank();
    if walk.at == line.len() { Ok(object) } else { Err(Broken) }
}

impl<'l> Walk<'l, '_> {
    fn peek(&self) -> Option<u8> {
        self.line.get(self.at).copied()
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Broken> {
        self.blank();
        if self.peek() != Some(byte) {
            return Err(Broken);
        }
        self.at += 1;
        Ok(())
    }

    fn word(&mut self, word: &[u8]) -> Result<(), Broken> {
        let end = self.at + word.len();
        if self.line.get(self.at..end) != Some(word) {
            return Err(Broken);
        }
        self.at = end;
        Ok(())
    }

    fn string(&mut self) -> Result<Text<'l>, Broken> {
        self.expect(b'"')?;
        let (text, end) = text::read(self.line, self.at)?;
        self.at = end;
        Ok(text)
    }

    fn value(&mut self, node: u32, depth: u32) -> Result<(), Broken> {
        self.blank();
        match self.peek().ok_or(Broken)? {
            b'"' => self.text(node),
            b'{' => self.object(node, depth),
            b'[' => self.list(node, depth),
            b't' => self.word(b"true").map(|()| self.plain(node, Type::Boolean)),
            b'f' => self.word(b"false").map(|()| self.plain(node, Type::Boolean)),
            b'n' => self.word(b"null").map(|()| self.plain(node, Type::Null)),
            _ => self.number(node),
        }
    }

    fn plain(&mut self, node: u32, of: Type) {
        if Trie::is_field(node) {
            self.message.values.push(Value { node, of, looks: Looks::default(), shape: String::new() });
        }
    }

    fn note(&mut self, node: u32, of: Type, looks: Looks, bytes: &[u8]) {
        let shape = if looks.is_empty() { String::new() } else { look::shape(&String::from_utf8_lossy(bytes)) };
        self.message.values.push(Value { node, of, looks, shape });
    }

    fn text(&mut self, node: u32) -> Result<(), Broken> {
        let text = self.string()?;
        match node {
            TYPE => self.message.call = std::str::from_utf8(&text.bytes).ok().and_then(Call::parse),
            EVENT => self.message.event = Some(self.events.number(&text.bytes, name::event)),
            _ if !Trie::is_field(node) => {}
            _ if !text.telling => self.plain(node, Type::String),
            _ => {
                let looks = look::of_text(self.paths.means(node), &text.bytes);
                self.note(node, Type::String, looks, &text.bytes);
            }
        }
        Ok(())
    }

    fn number(&mut self, node: u32) -> Result<(), Broken> {
        let start = self.at;
        let length =
            self.line[start..].iter().take_while(|byte| byte.is_ascii_digit() || b"+-.eE".contains(byte)).count();
        let written = self.line.get(start..start + length).ok_or(Broken)?;
        let whole = is_number(written).ok_or(Broken)?;
        self.at += length;
        if Trie::is_field(node) {
            let looks = look::of_number(self.paths.means(node), written);
            self.note(node, if whole { Type::Integer } else { Type::Number }, looks, written);
        }
        Ok(())
    }

    fn list(&mut self, node: u32, depth: u32) -> Result<(), Broken> {
        self.at += 1;
        if depth >= DEPTH {
            return Err(Broken);
        }
        self.plain(node, Type::Array);
        self.blank();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        let item = if Trie::is_field(node) { self.paths.child(node, ITEM.as_bytes()) } else { NONE };
        loop {
            self.blank();
            if node == BUNDLED && self.peek() == Some(b'"') {
                let named = self.string()?;
                let number = self.name(&named.bytes);
                self.message.loaded.push(number);
            } else {
                self.value(item, depth + 1)?;
            }
            self.blank();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return Err(Broken),
            }
        }
        self.at += 1;
        Ok(())
    }

    fn object(&mut self, node: u32, depth: u32) -> Result<(), Broken> {
        self.at += 1;
        if depth >= DEPTH {
            return Err(Broken);
        }
        self.message.has_consent |= node == PREFERENCES;
        // The message itself is no field.
        self.plain(node, Type::Object);
        self.blank();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        loop {
            let key = self.string()?;
            self.expect(b':')?;
            self.member(node, &key.bytes, depth)?;
            self.blank();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err(Broken),
            }
        }
        self.at += 1;
        Ok(())
    }

    fn member(&mut self, node: u32, key: &[u8], depth: u32) -> Result<(), Broken> {
        self.blank();
        let on = match self.peek() {
            Some(b't') => Some(true),
            Some(b'f') => Some(false),
            _ => None,
        };
        match node {
            PREFERENCES => {
                let number = self.name(key);
                self.message.answers.extend(on.map(|on| (number, on)));
            }
            INTEGRATIONS if key == b"All" => self.message.all_off = on == Some(false),
            INTEGRATIONS => {
                // Settings in the place of `true` turn a destination on, too.
                let number = self.name(key);
                self.message.switches.push((number, on != Some(false)));
            }
            _ => {
                let child = self.paths.child(node, key);
                let child = if node == METADATA && child != BUNDLED { NONE } else { child };
                return self.value(child, depth + 1);
            }
        }
        self.value(NONE, depth + 1)
    }

    fn name(&mut self, raw: &[u8]) -> u32 {
        self.names.number(raw, |raw| name::key(raw).to_owned())
    }
}

/// Whether a number is a whole one; `None` when it is none by RFC 8259.
fn is_number(written: &[u8]) -> Option<bool> {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut rest = written.strip_prefix(b"-").unwrap_or(written);
    let whole = digits(rest);
    if whole == 0 || whole > 1 && rest[0] == b'0' {
        return None;
    }
    rest = &rest[whole..];
    let is_whole = rest.is_empty();
    if let Some(fraction) = rest.strip_prefix(b".") {
        let count = digits(fraction);
        rest = fraction.get(count..).filter(|_| count > 0)?;
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = exponent.strip_prefix(b"+").or(exponent.strip_prefix(b"-")).unwrap_or(exponent);
        let count = digits(exponent);
        rest = exponent.get(count..).filter(|_| count > 0)?;
    }
    rest.is_empty().then_some(is_whole)
}
