//! Changes that are offered for what was found.

use super::{Action, ActionKind};
use crate::cli::lsp::snapshot::Snapshot;
use crate::source::Span;

/// What can be done about the findings at a range.
pub(in crate::cli::lsp) fn actions(snapshot: &Snapshot, range: Span) -> Vec<Action> {
    let touches = |span: Span| span.source == range.source && span.start <= range.end && range.start <= span.end;
    let here = snapshot.report.findings.iter().filter(|finding| touches(finding.primary.span));
    let fixes = here.flat_map(|finding| finding.fixes.iter().map(move |fix| (finding, fix)));
    let action = |(finding, fix): (&crate::finding::Finding, &crate::finding::Fix)| Action {
        title: fix.title.clone(),
        kind: ActionKind::Fix,
        preferred: fix.safe,
        edits: fix.edits.clone(),
        fingerprint: Some(finding.fingerprint.clone()),
    };
    fixes.map(action).collect()
}
