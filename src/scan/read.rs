//! Reads exports on all cores: each takes a file of its own, and when none is left, helps with those that are not done.

use super::lines::{Lines, Piece};
use super::profile::Profile;
use super::tally::{Fault, Tally};
use crate::source::{open_stream, unpacked_stream};
use std::collections::BTreeSet;
use std::io::Read;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Most lines that could not be read and are named.
const FAULTS: usize = 5;

/// Where events come from. What is packed by gzip is unpacked.
pub enum Export<'a> {
    /// A file.
    File(PathBuf),
    /// A stream.
    Stream(&'a mut (dyn Read + Send)),
}

/// How exports are read.
#[derive(Clone, Copy, Debug, Default)]
pub struct How<'a> {
    /// Only so many lines of each, the first.
    pub sample: Option<u64>,
    /// The destination that received all of it.
    pub receiver: Option<&'a str>,
    /// How many threads read.
    pub threads: usize,
}

/// What reading gave.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was seen.
    pub profile: Profile,
    /// The first lines that could not be read: number of the export, of the line, and why.
    pub faults: BTreeSet<(usize, u64, Fault)>,
    /// Exports that could not be read, or not to their end, and why.
    pub unread: Vec<(usize, String)>,
}

impl Outcome {
    fn fault(&mut self, export: usize, line: u64, fault: Option<Fault>) {
        self.faults.extend(fault.map(|fault| (export, line, fault)));
        if self.faults.len() > FAULTS {
            self.faults.pop_last();
        }
    }

    fn add(&mut self, other: Self) {
        self.profile.add(other.profile);
        other.faults.into_iter().for_each(|(export, line, fault)| self.fault(export, line, Some(fault)));
        self.unread.extend(other.unread);
    }
}

enum State<'a> {
    Closed(Export<'a>),
    Open(Lines<Box<dyn Read + Send + 'a>>),
    Done,
}

/// Reads exports; counts their bytes, packed as they are, in `read` on the way.
pub fn read<'a>(exports: Vec<Export<'a>>, how: How<'a>, read: &'a AtomicU64) -> Outcome {
    let states: Vec<Mutex<State<'_>>> = exports.into_iter().map(|export| Mutex::new(State::Closed(export))).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut worker =
            Worker { states: &states, how, read, tally: Tally::new(how.receiver), outcome: Outcome::default() };
        loop {
            let own = next.fetch_add(1, Ordering::Relaxed);
            if own >= states.len() {
                break;
            }
            worker.export(own);
        }
        (0..states.len()).for_each(|other| worker.export(other));
        Outcome { profile: worker.tally.finish(), ..worker.outcome }
    };
    let mut outcome = std::thread::scope(|scope| {
        let others: Vec<_> = (1..how.threads.max(1)).map(|_| scope.spawn(work)).collect();
        let mut outcome = work();
        for other in others {
            match other.join() {
                Ok(other) => outcome.add(other),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        outcome
    });
    outcome.profile.sampled = how.sample.is_some();
    outcome.unread.sort();
    outcome
}

struct Worker<'w, 'a> {
    states: &'w [Mutex<State<'a>>],
    how: How<'a>,
    read: &'a AtomicU64,
    tally: Tally,
    outcome: Outcome,
}

impl Worker<'_, '_> {
    /// Counts pieces of an export until there are no more.
    fn export(&mut self, at: usize) {
        let mut memory = Vec::new();
        while let Some(piece) = self.piece(at, memory) {
            for line in 0..piece.too_long {
                let fault = self.tally.too_long();
                self.outcome.fault(at, piece.first - piece.too_long + line, fault);
            }
            let (mut rest, mut number) = (piece.text(), piece.first);
            while !rest.is_empty() {
                let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                let fault = self.tally.line(&rest[..end]);
                self.outcome.fault(at, number, fault);
                rest = rest.get(end + 1..).unwrap_or_default();
                number += 1;
            }
            memory = piece.memory;
        }
    }

    /// The next piece of an export, which is opened when it is wanted first.
    fn piece(&mut self, at: usize, memory: Vec<u8>) -> Option<Piece> {
        // What panicked elsewhere ends the run anyway.
        let mut state = self.states.get(at)?.lock().unwrap_or_else(PoisonError::into_inner);
        if let State::Closed(_) = *state {
            let opened = match std::mem::replace(&mut *state, State::Done) {
                State::Closed(Export::File(path)) => open_stream(&path, self.read),
                State::Closed(Export::Stream(stream)) => unpacked_stream(stream, self.read),
                State::Open(_) | State::Done => return None,
            };
            match opened {
                Ok(stream) => *state = State::Open(Lines::new(stream, self.how.sample)),
                Err(unread) => self.outcome.unread.push((at, unread.message)),
            }
        }
        let State::Open(lines) = &mut *state else { return None };
        match lines.piece(memory) {
            Ok(Some(piece)) => return Some(piece),
            Ok(None) => {}
            Err(error) => self.outcome.unread.push((at, format!("cannot be read to its end: {error}"))),
        }
        *state = State::Done;
        None
    }
}
