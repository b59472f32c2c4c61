//! Discovery in real events: what a raw export holds, as a profile that never holds a value.
//!
//! [`tally`] counts lines into a [`Profile`]; profiles merge in any order and grouping to what one run gives.

mod call;
mod cursor;
mod keep;
mod lines;
pub mod look;
mod message;
mod name;
mod profile;
mod read;
mod tally;
mod text;
mod trie;
mod walk;
mod written;

pub use call::Call;
pub use keep::Kept;
pub use look::Look;
pub use profile::{
    Answers, Consent, EventKey, Evidence, FieldKey, Lines, Observed, Passed, Profile, Sighting, Stamped, Type,
};
pub use read::{Export, How, Outcome, read};
pub use tally::{Fault, MAX_LINE_BYTES, Tally};
pub use written::VERSION;
