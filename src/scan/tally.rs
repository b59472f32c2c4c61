//! Counts lines. One tally serves one thread; what several counted is added up as profiles.

use super::call::Call;
use super::message::Message;
use super::name;
use super::profile::{
    Answers, CategoryId, Consent, EventKey, Evidence, FieldKey, MAX_EVENTS, MAX_FIELDS, MAX_NAMES, Observed, Passed,
    Profile,
};
use super::trie::{ByNumber, Names, Trie, pair};
use super::walk::{Notes, walk};

/// The longest line that is read. Segment takes messages of at most 32 KB (Segment documentation: HTTP Tracking API).
pub const MAX_LINE_BYTES: usize = 1024 * 1024;
/// Most paths that are remembered.
const MAX_PATHS: usize = 4 * MAX_FIELDS;

/// Why a line was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// No JSON object, or one that lies too deep.
    Malformed,
    /// No UTF-8.
    NotUtf8,
    /// Longer than [`MAX_LINE_BYTES`].
    TooLong,
}

impl Fault {
    /// What it is, in a sentence about a line.
    pub fn words(self) -> &'static str {
        match self {
            Self::Malformed => "is no JSON object",
            Self::NotUtf8 => "is not UTF-8",
            Self::TooLong => "is longer than 1 MiB",
        }
    }
}

/// Counts of lines.
pub struct Tally {
    /// Counts since the last time that the memory was emptied are not in it yet.
    profile: Profile,
    /// The destination that received all messages.
    receiver: Option<String>,
    memory: Memory,
    message: Message,
}

/// Counts by number, and what the numbers stand for.
struct Memory {
    paths: Trie,
    events: Names,
    names: Names,
    fields: ByNumber<usize>,
    observed: Vec<Seen>,
    consent: ByNumber<Consent>,
    answers: ByNumber<Answers>,
    /// By the numbers of destination and category.
    passed: ByNumber<u64>,
    /// By the number of the category: refused by messages of an export of one destination.
    received: ByNumber<u64>,
}

/// A field of an event, by number.
struct Seen {
    event: u32,
    node: u32,
    /// Which one followed in a message, the last time.
    next: u32,
    observed: Observed,
}

impl Memory {
    fn new() -> Self {
        Self {
            paths: Trie::new(),
            events: Names::default(),
            names: Names::default(),
            fields: ByNumber::default(),
            observed: Vec::new(),
            consent: ByNumber::default(),
            answers: ByNumber::default(),
            passed: ByNumber::default(),
            received: ByNumber::default(),
        }
    }

    /// What was observed of a field; `before` is the one before it in the message, and becomes this one.
    fn observed_at(&mut self, event: u32, node: u32, before: &mut usize) -> Option<&mut Observed> {
        let likely = self.observed.get(*before).map_or(0, |seen| seen.next as usize);
        let at = match self.observed.get(likely) {
            Some(seen) if seen.node == node && seen.event == event => likely,
            _ => {
                let fresh = self.observed.len();
                let at = *self.fields.entry(pair(event, node)).or_insert(fresh);
                if at == fresh {
                    self.observed.push(Seen { event, node, next: 0, observed: Observed::default() });
                }
                self.observed.get_mut(*before)?.next = at as u32;
                at
            }
        };
        *before = at;
        self.observed.get_mut(at).map(|seen| &mut seen.observed)
    }

    fn is_full(&self) -> bool {
        self.observed.len() > MAX_FIELDS
            || self.paths.len() > MAX_PATHS
            || self.events.held.len() > MAX_EVENTS
            || self.names.held.len() > 2 * MAX_NAMES
    }
}

/// The number of events of a call that has no name of its own: above all numbers of names.
fn unnamed(call: Call) -> u32 {
    u32::MAX - call as u32
}

impl Tally {
    /// Nothing counted yet; `receiver` is the destination that received all messages, when the export is one of a
    /// destination.
    pub fn new(receiver: Option<&str>) -> Self {
        let receiver = receiver.map(|named| name::key(named).to_owned());
        Self { profile: Profile::default(), receiver, memory: Memory::new(), message: Message::default() }
    }

    /// Counts a line; says why it was not read.
    pub fn line(&mut self, line: &[u8]) -> Option<Fault> {
        let lines = &mut self.profile.lines;
        if line.len() > MAX_LINE_BYTES {
            return self.too_long();
        }
        if !line.is_ascii() && std::str::from_utf8(line).is_err() {
            lines.not_utf8 += 1;
            return Some(Fault::NotUtf8);
        }
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        if line.iter().all(u8::is_ascii_whitespace) {
            lines.blank += 1;
            return None;
        }
        self.message.clear();
        let Memory { paths, events, names, .. } = &mut self.memory;
        match walk(line, Notes { message: &mut self.message, paths, events, names }) {
            Ok(true) => {}
            Ok(false) | Err(_) => {
                lines.malformed += 1;
                self.rest();
                return Some(Fault::Malformed);
            }
        }
        match self.message.call {
            Some(call) => self.count(call),
            None => lines.other += 1,
        }
        self.rest();
        None
    }

    /// Counts a line that is longer than what is read.
    pub fn too_long(&mut self) -> Option<Fault> {
        self.profile.lines.too_long += 1;
        Some(Fault::TooLong)
    }

    /// What was counted.
    pub fn finish(mut self) -> Profile {
        self.empty();
        self.profile
    }

    fn count(&mut self, call: Call) {
        let Self { profile, memory, message, receiver } = self;
        profile.lines.messages += 1;
        let named = message.event.filter(|_| call == Call::Track);
        let event = named.unwrap_or_else(|| unnamed(call));
        profile.values += message.values.len() as u64;
        let (mut telling, mut before) = (0, 0);
        for value in &message.values {
            let Some(observed) = memory.observed_at(event, value.node, &mut before) else { continue };
            observed.types[value.of as usize] += 1;
            if value.looks.is_empty() {
                continue;
            }
            let shape = message.shape(telling);
            telling += 1;
            for look in value.looks.iter() {
                let sighting = observed.looks.entry(look).or_default();
                sighting.count += 1;
                sighting.shape(shape);
            }
        }
        let consent = memory.consent.entry(u64::from(event)).or_default();
        let consent = if message.client { &mut consent.client } else { &mut consent.other };
        match (message.has_consent, message.answers.is_empty()) {
            (false, _) => consent.absent += 1,
            (true, true) => consent.empty += 1,
            (true, false) => consent.present += 1,
        }
        let mut answered: Vec<u32> = Vec::new();
        // The last of two equal keys counts.
        for (category, granted) in message.answers.iter().rev() {
            if answered.contains(category) {
                continue;
            }
            answered.push(*category);
            let answers = memory.answers.entry(u64::from(*category)).or_default();
            if *granted {
                answers.granted += 1;
                continue;
            }
            answers.refused += 1;
            if receiver.is_some() {
                *memory.received.entry(u64::from(*category)).or_default() += 1;
            }
            for (at, destination) in message.loaded.iter().enumerate() {
                if message.leaves_on(*destination) && !message.loaded[..at].contains(destination) {
                    *memory.passed.entry(pair(*destination, *category)).or_default() += 1;
                }
            }
        }
    }

    fn rest(&mut self) {
        if self.memory.is_full() {
            self.empty();
        }
    }

    /// Brings what is counted by number into the profile, and forgets the numbers. The order in which that happens decides
    /// nothing, for profiles merge in any order.
    fn empty(&mut self) {
        let memory = std::mem::replace(&mut self.memory, Memory::new());
        let event = |number: u32| match Call::ALL.into_iter().find(|call| unnamed(*call) == number) {
            Some(call) => EventKey { call, name: call.name().to_owned() },
            None => EventKey { call: Call::Track, name: name_of(&memory.events, number) },
        };
        for Seen { event: number, node, observed, .. } in memory.observed {
            let key = FieldKey { event: event(number), path: memory.paths.path(node) };
            self.profile.fields.count(key, observed);
        }
        for (number, consent) in sorted(memory.consent) {
            self.profile.events.count(event(number as u32), consent);
        }
        let name = |number: u64| name_of(&memory.names, number as u32);
        for (number, answers) in sorted(memory.answers) {
            self.profile.categories.count(CategoryId(name(number)), answers);
        }
        let mut pass = |destination: String, category, evidence, count| {
            self.profile.passed.count(Passed { destination, category, evidence }, count);
        };
        for (numbers, count) in sorted(memory.passed) {
            pass(name(numbers >> 32), name(numbers & u64::from(u32::MAX)), Evidence::Loaded, count);
        }
        for (number, count) in sorted(memory.received) {
            pass(self.receiver.clone().unwrap_or_default(), name(number), Evidence::Export, count);
        }
    }
}

fn name_of(names: &Names, number: u32) -> String {
    names.held.get(number as usize).map_or_else(String::new, ToString::to_string)
}

fn sorted<V>(counts: ByNumber<V>) -> Vec<(u64, V)> {
    let mut sorted: Vec<(u64, V)> = counts.into_iter().collect();
    sorted.sort_unstable_by_key(|(number, _)| *number);
    sorted
}
