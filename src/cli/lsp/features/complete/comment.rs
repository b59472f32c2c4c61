//! Exceptions in comments: `# consentlint: allow RULE until DAY -- REASON`.

use super::{Offer, names};
use crate::cli::lsp::features::{Completion, CompletionKind as Is};
use crate::cli::lsp::snapshot::Snapshot;
use crate::engine;
use crate::finding::{Edit, Finding};
use crate::source::{SourceId, Span};

const ADDRESS: &str = "consentlint:";

/// A comment that speaks to this program, from its mark on.
#[derive(Clone, Copy)]
pub(in crate::cli::lsp::features) struct Directive<'t> {
    /// The whole comment.
    pub(in crate::cli::lsp::features) span: Span,
    /// Where what it says begins.
    pub(in crate::cli::lsp::features) start: usize,
    /// What it says.
    pub(in crate::cli::lsp::features) text: &'t str,
}

/// The directive on the line of an offset, when the offset is in it.
pub(in crate::cli::lsp::features) fn directive(
    snapshot: &Snapshot,
    source: SourceId,
    offset: u32,
) -> Option<Directive<'_>> {
    let text = snapshot.inputs.sources.get(source)?;
    let line = text.lines().range(&text.text, text.lines().line_of(offset));
    let written = text.text.get(line.clone())?;
    let address = written.find(ADDRESS)?;
    let before = written[..address].trim_end();
    let mark = ["#", "//", "/*", "*", "<!--"].into_iter().find(|mark| before.ends_with(mark))?;
    let span = Span::new(source, line.start + before.len() - mark.len(), line.end);
    let start = line.start + address + ADDRESS.len();
    (offset as usize >= start).then(|| Directive { span, start, text: &text.text[start..line.end] })
}

/// What goes on in such a comment; `None` elsewhere.
pub(super) fn complete(snapshot: &Snapshot, source: SourceId, offset: u32) -> Option<Vec<Completion>> {
    let directive = directive(snapshot, source, offset)?;
    let said = directive.text.get(..offset as usize - directive.start)?;
    if said.contains("--") {
        return Some(Vec::new());
    }
    let start = said.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let before: Vec<&str> = said[..start].split_whitespace().collect();
    let rest = directive.text.get(said.len()..)?;
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let span = Span::new(source, directive.start + start, directive.start + said.len() + end);
    let tight = said.is_empty();
    let written = |offer: Offer| {
        let Offer { label, detail, documentation, kind } = offer;
        let text = format!("{}{label}", if tight { " " } else { "" });
        Completion { edit: Edit { span, text }, label, detail, documentation, kind }
    };
    let offers = match before.as_slice() {
        [] => vec![Offer::new(Is::Choice, "allow", "except from a rule here, with a reason")],
        ["allow"] => rules(snapshot, source, directive.span),
        ["allow", _] => vec![
            Offer::new(Is::Choice, "--", "then the reason, which is needed"),
            Offer::new(Is::Choice, "until", "the last day on which it holds"),
        ],
        ["allow", _, "until"] => vec![Offer::new(Is::Choice, snapshot.day.to_string(), "the day of the run")],
        ["allow", _, "until", _] => vec![Offer::new(Is::Choice, "--", "then the reason, which is needed")],
        _ => Vec::new(),
    };
    Some(offers.into_iter().map(written).collect())
}

/// Rules, those that speak at the line first that the comment is about.
fn rules(snapshot: &Snapshot, source: SourceId, comment: Span) -> Vec<Offer> {
    let Some(text) = snapshot.inputs.sources.get(source) else { return Vec::new() };
    let line = engine::comments(source, text, &[comment]).first().and_then(|allowance| allowance.line);
    let here = |finding: &Finding| {
        let place = finding.primary.span;
        place.source == source && Some(text.lines().line_of(place.start)) == line
    };
    names::rules(snapshot, Some(&here))
}
