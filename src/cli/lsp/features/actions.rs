//! Changes that are offered for what was found: fixes, and exceptions that wait for a reason.
//!
//! An exception is offered without a reason, and without one it excepts nothing: the finding stays until somebody has written
//! why. Every exception is read back before it is offered, so that none lands where no comment can be.

mod comment;
mod settings;

use super::{Action, ActionKind};
use crate::cli::lsp::snapshot::Snapshot;
use crate::finding::{Finding, Fix, Place};
use crate::source::Span;

/// For how many findings exceptions are offered: who selects more than that does not mean to except each of them.
const EXCEPTED: usize = 20;

/// What can be done about the findings and problems at a range.
pub(in crate::cli::lsp) fn actions(snapshot: &Snapshot, range: Span) -> Vec<Action> {
    let touches = |span: Span| span.source == range.source && span.start <= range.end && range.start <= span.end;
    let report = &snapshot.report;
    let here: Vec<&Finding> =
        report.findings.iter().chain(&report.baselined).filter(|finding| touches(finding.primary.span)).collect();
    let mut offered: Vec<Action> = Vec::new();
    for finding in &here {
        offered.extend(snapshot.fixes(finding).iter().map(|fix| mend(fix, Some(&finding.fingerprint))));
    }
    let problems = report.problems.iter().filter(|problem| matches!(problem.place, Place::Span(span) if touches(span)));
    offered.extend(problems.filter_map(|problem| Some(mend(problem.fix.as_deref()?, None))));
    // What keeps the author's meaning comes first.
    offered.sort_by_key(|action| !action.preferred);
    // What is said of exceptions cannot be excepted from.
    for finding in here.into_iter().filter(|finding| finding.subject.kind != "exception").take(EXCEPTED) {
        offered.extend(comment::exception(snapshot, finding));
        offered.extend(settings::exception(snapshot, finding));
    }
    distinct(offered)
}

fn mend(fix: &Fix, fingerprint: Option<&str>) -> Action {
    let title = if fix.safe { fix.title.clone() } else { format!("{} (needs a look)", fix.title) };
    Action {
        title,
        kind: ActionKind::Fix,
        preferred: fix.safe,
        edits: fix.edits.clone(),
        fingerprint: fingerprint.map(str::to_owned),
    }
}

/// Two findings may be mended, or excepted, by the same edits.
fn distinct(offered: Vec<Action>) -> Vec<Action> {
    let mut kept: Vec<Action> = Vec::new();
    for action in offered {
        if !kept.iter().any(|known| known.title == action.title && known.edits == action.edits) {
            kept.push(action);
        }
    }
    kept
}
