//! An exception as a comment before the line.

use super::{Action, ActionKind, Finding, Snapshot};
use crate::document::{self, Syntax};
use crate::engine::{self, Allowance};
use crate::finding::Edit;
use crate::source::{Source, SourceId, Span};

/// An exception from the rule of a finding, on a line of its own before that of the finding.
pub(super) fn exception(snapshot: &Snapshot, finding: &Finding) -> Option<Action> {
    if snapshot.project.settings.inline_exceptions == Some(false) {
        return None;
    }
    let place = finding.primary.span;
    let source = snapshot.inputs.sources.get(place.source)?;
    let line = source.lines().line_of(place.start);
    let range = source.lines().range(&source.text, line);
    let written = source.text.get(range.clone())?;
    let mark = if written.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let indent: String = written[mark..].chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
    let end = if source.text.contains("\r\n") { "\r\n" } else { "\n" };
    let sign = sign(source)?;
    let edit = |reason: &str| Edit {
        span: Span::new(place.source, range.start + mark, range.start + mark),
        text: format!("{indent}{sign} consentlint: allow {} -- {reason}{end}", finding.rule),
    };
    excepts(source, place.source, line, finding, &edit("reason")).then(|| Action {
        title: format!("Except from `{}` here; the reason is yours to write", finding.rule),
        kind: ActionKind::Exception,
        preferred: false,
        edits: vec![edit("")],
        fingerprint: Some(finding.fingerprint.clone()),
    })
}

/// What begins a comment in a file; none in a syntax without comments, or in one that is mostly read without them.
fn sign(source: &Source) -> Option<&'static str> {
    match document::parse(SourceId(0), &source.path, &source.text).syntax {
        Syntax::Yaml | Syntax::Hcl => Some("#"),
        Syntax::JavaScript => Some("//"),
        Syntax::Json => {
            let ending = source.path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
            matches!(ending.as_deref(), Some("jsonc" | "json5")).then_some("//")
        }
        Syntax::Lines | Syntax::Csv => None,
    }
}

/// Whether the comment, with a reason, is read as one and speaks of the line of the finding.
fn excepts(source: &Source, id: SourceId, line: usize, finding: &Finding, edit: &Edit) -> bool {
    let mut text = source.text.clone();
    text.insert_str(edit.span.start as usize, &edit.text);
    let after = Source::new(source.path.clone(), text);
    let before = document::parse(id, &source.path, &source.text);
    let parsed = document::parse(id, &after.path, &after.text);
    let spans: Vec<Span> = parsed.comments.iter().map(|comment| comment.span).collect();
    let is_it = |allowance: &Allowance| {
        let own = allowance.span.start >= edit.span.start && allowance.rule == finding.rule;
        own && allowance.line == Some(line + 1) && allowance.malformed.is_none() && allowance.reason == "reason"
    };
    parsed.problems.len() <= before.problems.len()
        && parsed.documents.len() == before.documents.len()
        && engine::comments(id, &after, &spans).iter().any(is_it)
}
