//! Walks through the JSON of a line once, from left to right, and notes what is counted.

use super::call::Call;
use super::cursor::{Broken, Cursor};
use super::look::{self, Looks};
use super::message::{Message, Value};
use super::name;
use super::profile::Type;
use super::trie::{
    BUNDLED, EVENT, INTEGRATIONS, ITEM, LIBRARY, LIBRARY_NAME, METADATA, NONE, Names, PREFERENCES, ROOT, TYPE, Trie,
};

struct Walk<'l, 't> {
    cursor: Cursor<'l>,
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
    let mut walk = Walk { cursor: Cursor { line, at: 0 }, message, paths, events, names };
    walk.cursor.blank();
    let object = walk.cursor.peek() == Some(b'{');
    walk.value(if object { ROOT } else { NONE }, 0)?;
    walk.cursor.blank();
    if walk.cursor.at == line.len() { Ok(object) } else { Err(Broken) }
}

/// Whether a library runs in browsers or apps, by the name that it gives itself (Segment documentation: Sources Catalog).
fn is_client(library: &[u8]) -> bool {
    const CLIENTS: [&str; 10] = [
        "analytics.js",
        "analytics-ios",
        "analytics-android",
        "analytics-kotlin",
        "analytics-swift",
        "analytics-react-native",
        "analytics_flutter",
        "analytics-flutter",
        "analytics-xamarin",
        "analytics.amp",
    ];
    let own = library.strip_prefix(b"@segment/").unwrap_or(library);
    CLIENTS.iter().any(|client| own.eq_ignore_ascii_case(client.as_bytes()))
}

impl Walk<'_, '_> {
    fn value(&mut self, node: u32, depth: u32) -> Result<(), Broken> {
        if node == NONE {
            return self.cursor.pass(depth);
        }
        self.cursor.blank();
        match self.cursor.peek().ok_or(Broken)? {
            b'"' => self.text(node),
            b'{' => self.object(node, depth),
            b'[' => self.list(node, depth),
            b't' => self.cursor.word(b"true").map(|()| self.plain(node, Type::Boolean)),
            b'f' => self.cursor.word(b"false").map(|()| self.plain(node, Type::Boolean)),
            b'n' => self.cursor.word(b"null").map(|()| self.plain(node, Type::Null)),
            _ => self.number(node),
        }
    }

    #[inline]
    fn plain(&mut self, node: u32, of: Type) {
        if Trie::is_field(node) {
            self.message.values.push(Value { node, of, looks: Looks::default() });
        }
    }

    fn text(&mut self, node: u32) -> Result<(), Broken> {
        let text = self.cursor.string()?;
        if node == LIBRARY_NAME {
            self.message.client = is_client(&text.bytes);
        }
        match node {
            TYPE => self.message.call = std::str::from_utf8(&text.bytes).ok().and_then(Call::parse),
            EVENT => self.message.event = Some(self.events.number(&text.bytes, name::event)),
            _ if !Trie::is_field(node) => {}
            _ if text.marks.is_empty() => self.plain(node, Type::String),
            _ => {
                let looks = look::of_marked(self.paths.means(node), &text.bytes, text.marks);
                self.message.note(node, Type::String, looks, &text.bytes);
            }
        }
        Ok(())
    }

    fn number(&mut self, node: u32) -> Result<(), Broken> {
        let (written, whole) = self.cursor.number()?;
        if Trie::is_field(node) {
            let looks = look::of_number(self.paths.means(node), written);
            self.message.note(node, if whole { Type::Integer } else { Type::Number }, looks, written);
        }
        Ok(())
    }

    fn list(&mut self, node: u32, depth: u32) -> Result<(), Broken> {
        self.plain(node, Type::Array);
        let mut more = self.cursor.enter(b']', depth)?;
        if !more {
            return Ok(());
        }
        let item = if Trie::is_field(node) { self.paths.child(node, ITEM.as_bytes()) } else { NONE };
        while more {
            self.cursor.blank();
            if node == BUNDLED && self.cursor.peek() == Some(b'"') {
                let named = self.cursor.key()?;
                let number = self.name(&named);
                self.message.loaded.push(number);
            } else {
                self.value(item, depth + 1)?;
            }
            more = self.cursor.goes_on(b']')?;
        }
        Ok(())
    }

    fn object(&mut self, node: u32, depth: u32) -> Result<(), Broken> {
        // The message itself is no field.
        self.plain(node, Type::Object);
        self.message.has_consent |= node == PREFERENCES;
        let mut more = self.cursor.enter(b'}', depth)?;
        let mut before = NONE;
        while more {
            if matches!(node, PREFERENCES | INTEGRATIONS) {
                self.named(node, depth)?;
            } else {
                before = self.member(node, before)?;
                if before < LIBRARY {
                    self.message.forget(before);
                }
                let child = if node == METADATA && before != BUNDLED { NONE } else { before };
                self.value(child, depth + 1)?;
            }
            more = self.cursor.goes_on(b'}')?;
        }
        Ok(())
    }

    /// Reads the key that follows the one of `before`, and the colon after it.
    #[inline]
    fn member(&mut self, node: u32, before: u32) -> Result<u32, Broken> {
        self.cursor.blank();
        let child = match self.paths.guess(node, before, self.cursor.line, self.cursor.at) {
            Some((child, length)) => {
                self.cursor.at += length;
                child
            }
            None => {
                let key = self.cursor.key()?;
                let child = self.paths.child(node, &key);
                self.paths.learn(node, before, child);
                child
            }
        };
        self.cursor.expect(b':')?;
        Ok(child)
    }

    /// Reads a member whose key names a category or a destination.
    fn named(&mut self, node: u32, depth: u32) -> Result<(), Broken> {
        let key = self.cursor.key()?;
        self.cursor.expect(b':')?;
        self.cursor.blank();
        let on = match self.cursor.peek() {
            Some(b't') => Some(true),
            Some(b'f') => Some(false),
            _ => None,
        };
        if node == INTEGRATIONS && *key == *b"All" {
            self.message.all_off = on == Some(false);
        } else {
            let number = self.name(&key);
            if node == PREFERENCES {
                self.message.answers.extend(on.map(|on| (number, on)));
            } else {
                // Settings in the place of `true` turn a destination on, too.
                self.message.switches.push((number, on != Some(false)));
            }
        }
        self.cursor.pass(depth + 1)
    }

    fn name(&mut self, raw: &[u8]) -> u32 {
        self.names.number(raw, |raw| name::key(raw).to_owned())
    }
}
