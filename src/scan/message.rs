//! What a message says of itself: its call, its name, what the visitor chose, and where it went.

use super::call::Call;
use super::look::Looks;
use super::profile::Type;

/// A value of a message.
pub(super) struct Value {
    /// The number of its path.
    pub(super) node: u32,
    pub(super) of: Type,
    pub(super) looks: Looks,
    /// Its shape, where it looks like something.
    pub(super) shape: String,
}

/// A message while its line is read; emptied for the next.
#[derive(Default)]
pub(super) struct Message {
    pub(super) call: Option<Call>,
    /// The number of the name of a track call.
    pub(super) event: Option<u32>,
    pub(super) values: Vec<Value>,
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
        self.has_consent = false;
        self.answers.clear();
        self.loaded.clear();
        self.switches.clear();
        self.all_off = false;
    }

    /// Whether the message leaves a destination on. The last of two equal keys counts, as for every reader of JSON.
    pub(super) fn leaves_on(&self, destination: u32) -> bool {
        let said = self.switches.iter().rev().find(|(named, _)| *named == destination);
        said.map_or(!self.all_off, |(_, on)| *on)
    }
}
