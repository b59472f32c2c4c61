//! How to go on at the cursor.

use super::Completion;
use crate::cli::lsp::snapshot::Snapshot;
use crate::source::SourceId;

/// What can be written at a place.
pub(in crate::cli::lsp) fn complete(_snapshot: &Snapshot, _source: SourceId, _offset: u32) -> Vec<Completion> {
    Vec::new()
}
