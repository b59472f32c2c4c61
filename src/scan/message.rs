//! What a message says of itself: its call, its name, what the visitor chose, and where it went.

use super::call::Call;
use super::look::{self, Looks};
use super::profile::Type;
use super::trie::{BUNDLED, CONSENT, CONTEXT, EVENT, INTEGRATIONS, METADATA, PREFERENCES, TYPE};

/// A value of a message.
pub(super) struct Value {
    /// The number of its path.
    pub(super) node: u32,
    pub(super) of: Type,
    pub(super) looks: Looks,
}

/// A message while its line is read; emptied for the next.
#[derive(Default)]
pub(super) struct Message {
    pub(super) call: Option<Call>,
    /// The number of the name of a track call.
    pub(super) event: Option<u32>,
    pub(super) values: Vec<Value>,
    /// The shapes of the values that look like something, one after another, and where each ends.
    shapes: String,
    ends: Vec<usize>,
    /// Whether a library in a browser or an app sent it.
    pub(super) client: bool,
    /// Whether there is a consent object.
    pub(super) has_consent: bool,
    /// By number of the category: whether it is granted.
    pub(super) answers: Vec<(u32, bool)>,
    /// Numbers of destinations that the page had loaded.
    pub(super) loaded: Vec<u32>,
    /// By number of the destination: whether the message turns it on or off.
    pub(super) switches: Vec<(u32, bool)>,
    /// Whether the message turns off what it does not turn on.
    pub(super) all_off: bool,
}

impl Message {
    pub(super) fn clear(&mut self) {
        self.call = None;
        self.event = None;
        self.values.clear();
        self.shapes.clear();
        self.ends.clear();
        self.client = false;
        self.has_consent = false;
        self.answers.clear();
        self.loaded.clear();
        self.switches.clear();
        self.all_off = false;
    }

    /// Forgets what an earlier key of the same name said: the last of two equal keys counts, as for every reader of JSON.
    pub(super) fn forget(&mut self, node: u32) {
        match node {
            TYPE => self.call = None,
            EVENT => self.event = None,
            METADATA | BUNDLED => self.loaded.clear(),
            INTEGRATIONS => {
                self.switches.clear();
                self.all_off = false;
            }
            CONTEXT | CONSENT | PREFERENCES => {
                self.has_consent = false;
                self.answers.clear();
            }
            _ => {}
        }
        self.client &= node != CONTEXT;
    }

    /// Notes a value that looks like something.
    pub(super) fn note(&mut self, node: u32, of: Type, looks: Looks, text: &[u8]) {
        self.values.push(Value { node, of, looks });
        if !looks.is_empty() {
            look::shape(std::str::from_utf8(text).unwrap_or(""), &mut self.shapes);
            self.ends.push(self.shapes.len());
        }
    }

    /// The shape of the value that is the `at`th of those that look like something.
    pub(super) fn shape(&self, at: usize) -> &str {
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(at).and_then(|end| self.shapes.get(start..*end)).unwrap_or("")
    }

    /// Whether the message leaves a destination on. The last of two equal keys counts, as for every reader of JSON.
    pub(super) fn leaves_on(&self, destination: u32) -> bool {
        let said = self.switches.iter().rev().find(|(named, _)| *named == destination);
        said.map_or(!self.all_off, |(_, on)| *on)
    }
}
