//! An exception as an entry of `consentlint.yaml`.

use super::{Action, ActionKind, Finding, Snapshot};
use crate::cli::lsp::features::complete::{in_quotes, is_plain};
use crate::cli::lsp::features::place::settings;
use crate::document::{self, Node, Shape};
use crate::finding::Edit;
use crate::settings::Settings;
use crate::source::{Source, SourceId, Span};

/// An exception for the subject of a finding, at the end of the list in the settings; none where there are no settings.
pub(super) fn exception(snapshot: &Snapshot, finding: &Finding) -> Option<Action> {
    let (id, source) = settings(snapshot)?;
    let subject = format!("{}:{}", finding.subject.kind, finding.subject.id);
    let edit = edit(id, source, &finding.rule, &subject)?;
    is_added(id, source, &edit, &finding.rule, &subject).then(|| Action {
        title: format!("Except `{subject}` from `{}` in {}; the reason is yours to write", finding.rule, source.path),
        kind: ActionKind::Exception,
        preferred: false,
        edits: vec![edit],
        fingerprint: Some(finding.fingerprint.clone()),
    })
}

/// The entry, with an empty reason.
fn edit(id: SourceId, source: &Source, rule: &str, subject: &str) -> Option<Edit> {
    let text = &source.text;
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let scalar = |word: &str| if is_plain(word, true, true) { word.to_owned() } else { in_quotes(word) };
    let keys = [format!("rule: {rule}"), format!("subject: {}", scalar(subject)), "reason: \"\"".to_owned()];
    let item = |indent: &str| format!("{indent}- {}{end}", keys.join(&format!("{end}{indent}  ")));
    let parsed = document::parse(id, &source.path, text);
    let root = parsed.documents.first().map(document::Document::root);
    let at = |start: usize, stop: usize, text: String| Some(Edit { span: Span::new(id, start, stop), text });
    let Some(entry) = root.and_then(|root| root.entry("exceptions")) else {
        let gap = if text.is_empty() || text.ends_with('\n') { "" } else { end };
        return at(text.len(), text.len(), format!("{gap}exceptions:{end}{}", item("  ")));
    };
    let list = entry.value();
    let Some(last) = list.items().last() else {
        // An empty list, or nothing.
        let start = entry.key_span().end as usize;
        let stop = (list.span().end as usize).max(start + 1);
        return at(start, stop, format!(":{end}{}", item("  ").trim_end()));
    };
    if text.as_bytes().get(list.span().start as usize) == Some(&b'[') {
        let stop = last.span().end as usize;
        return at(stop, stop, format!(", {{{}}}", keys.join(", ")));
    }
    let lines = source.lines();
    let first = list.items().next()?;
    let dash = text.get(..first.span().start as usize)?.rfind('-')?;
    let begin = lines.range(text, lines.line_of(dash as u32)).start;
    let indent = text.get(begin..dash)?;
    let line = lines.range(text, lines.line_of(ends(last)));
    let gap = if text.len() == line.end { end } else { "" };
    let after =
        if gap.is_empty() { text[line.end..].find('\n').map_or(text.len(), |at| line.end + at + 1) } else { line.end };
    at(after, after, format!("{gap}{}", item(indent)))
}

/// The last byte of what an item holds.
fn ends(item: Node<'_>) -> u32 {
    let last = match item.shape() {
        Shape::Map => item.entries().map(|entry| entry.key_span().end.max(ends(entry.value()))).max(),
        Shape::List => item.items().map(ends).max(),
        _ => None,
    };
    last.unwrap_or_else(|| item.span().end)
}

/// Whether the settings are read with the entry, and as they were but for it.
fn is_added(id: SourceId, source: &Source, edit: &Edit, rule: &str, subject: &str) -> bool {
    let mut text = source.text.clone();
    text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    let (Ok(before), Ok(after)) = (Settings::read(id, &source.text), Settings::read(id, &text)) else { return false };
    let Some((last, others)) = after.exceptions.split_last() else { return false };
    let same = others.len() == before.exceptions.len()
        && others
            .iter()
            .zip(&before.exceptions)
            .all(|(one, other)| one.rule == other.rule && one.subject == other.subject);
    same && last.rule == rule && last.subject.as_deref() == Some(subject) && last.reason.is_empty()
}
