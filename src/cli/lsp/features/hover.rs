//! What is said of the place under the cursor.

use super::Hover;
use crate::cli::lsp::snapshot::Snapshot;
use crate::finding::Finding;
use crate::source::{SourceId, Span};

/// What is said of a place.
pub(in crate::cli::lsp) fn hover(snapshot: &Snapshot, source: SourceId, offset: u32) -> Option<Hover> {
    let at = |span: Span| span.source == source && span.start <= offset && offset <= span.end;
    let here: Vec<&Finding> = snapshot.report.findings.iter().filter(|finding| at(finding.primary.span)).collect();
    let span = here.first()?.primary.span;
    let said: Vec<String> = here.iter().map(|finding| crate::output::markdown(&finding.message)).collect();
    Some(Hover { span, markdown: said.join("\n\n") })
}
