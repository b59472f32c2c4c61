//! What is offered at a place in a file, from our words to those of the protocol.

use super::client::Client;
use super::diagnostics::NAME;
use super::documents::Documents;
use super::features::{self, Action, ActionKind, CompletionKind};
use super::folder::Folder;
use super::place::{Lines, lines_of};
use super::snapshot::Snapshot;
use super::uri::uri_of;
use crate::finding::Edit;
use crate::source::{SourceId, Span};
use lsp_types::{
    CodeAction, CodeActionContext, CodeActionKind, CodeActionOrCommand, CompletionItem, CompletionItemKind,
    CompletionTextEdit, Diagnostic, DocumentChanges, DocumentLink, Documentation, Hover, HoverContents, MarkupContent,
    MarkupKind, OneOf, OptionalVersionedTextDocumentIdentifier, Position, Range, TextDocumentEdit, TextEdit, Uri,
    WorkspaceEdit,
};
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

/// A file that is asked about.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) folder: &'a Folder,
    pub(super) snapshot: &'a Snapshot,
    pub(super) documents: &'a Documents,
    pub(super) client: Client,
    pub(super) source: SourceId,
}

/// Edits of a file: its address, and its version where it is open.
struct Edited {
    of: (Uri, Option<i32>),
    edits: Vec<TextEdit>,
}

fn markup(markdown: bool, value: String) -> MarkupContent {
    MarkupContent { kind: if markdown { MarkupKind::Markdown } else { MarkupKind::PlainText }, value }
}

impl<'a> Asked<'a> {
    fn path(&self, id: SourceId) -> Option<PathBuf> {
        Some(self.folder.path(&self.snapshot.inputs.sources.get(id)?.path))
    }

    fn lines(&self, id: SourceId) -> Option<Lines<'a>> {
        let source = self.snapshot.inputs.sources.get(id)?;
        let open = self.documents.contains_key(&self.path(id)?);
        Some(lines_of(source, open, self.client.encoding))
    }

    fn offset(&self, place: Position) -> Option<u32> {
        Some(self.lines(self.source)?.offset(place))
    }

    /// What is said of a place.
    pub(super) fn hover(&self, place: Position) -> Option<Hover> {
        let found = features::hover(self.snapshot, self.source, self.offset(place)?)?;
        let range = self.lines(self.source)?.range(found.span.start, found.span.end);
        let contents = HoverContents::Markup(markup(self.client.hover_markdown, found.markdown));
        Some(Hover { contents, range: Some(range) })
    }

    /// How it may go on at a place.
    pub(super) fn complete(&self, place: Position) -> Option<Vec<CompletionItem>> {
        let lines = self.lines(self.source)?;
        let found = features::complete(self.snapshot, self.source, self.offset(place)?);
        let item = |(at, completion): (usize, features::Completion)| {
            let said = Some(completion.documentation).filter(|said| !said.is_empty());
            let documentation =
                said.map(|said| Documentation::MarkupContent(markup(self.client.completion_markdown, said)));
            let range = lines.range(completion.edit.span.start, completion.edit.span.end);
            CompletionItem {
                label: completion.label,
                kind: Some(item_kind(completion.kind)),
                detail: Some(completion.detail).filter(|detail| !detail.is_empty()),
                documentation,
                sort_text: Some(format!("{at:05}")),
                text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text: completion.edit.text })),
                ..CompletionItem::default()
            }
        };
        Some(found.into_iter().enumerate().map(item).collect())
    }

    /// Changes that mend or accept what was found in a range.
    pub(super) fn actions(&self, range: Range, context: &CodeActionContext) -> Option<Vec<CodeActionOrCommand>> {
        let wanted = |kind: &CodeActionKind| {
            let kind = kind.as_str();
            kind.is_empty() || kind == "quickfix" || kind == "quickfix.consentlint"
        };
        if context.only.as_ref().is_some_and(|only| !only.iter().any(wanted)) {
            return Some(Vec::new());
        }
        let (start, end) = (self.offset(range.start)?, self.offset(range.end)?);
        let span = Span { source: self.source, start, end: end.max(start) };
        let found = features::actions(self.snapshot, span);
        Some(found.into_iter().filter_map(|action| self.action(action, &context.diagnostics)).collect())
    }

    fn action(&self, action: Action, shown: &[Diagnostic]) -> Option<CodeActionOrCommand> {
        let about = |diagnostic: &&Diagnostic| {
            let fingerprint = diagnostic.data.as_ref().and_then(|data| data.get("fingerprint"));
            diagnostic.source.as_deref() == Some(NAME)
                && fingerprint.and_then(serde_json::Value::as_str) == action.fingerprint.as_deref()
        };
        let diagnostics: Vec<Diagnostic> =
            shown.iter().filter(|_| action.fingerprint.is_some()).filter(about).cloned().collect();
        let preferred = action.preferred && action.kind == ActionKind::Fix;
        Some(CodeActionOrCommand::CodeAction(CodeAction {
            title: action.title,
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(diagnostics).filter(|list| !list.is_empty()),
            edit: Some(self.edit(&action.edits)?),
            is_preferred: (preferred && self.client.preferred).then_some(true),
            ..CodeAction::default()
        }))
    }

    fn edit(&self, edits: &[Edit]) -> Option<WorkspaceEdit> {
        let mut by_file: BTreeMap<SourceId, Vec<TextEdit>> = BTreeMap::new();
        for edit in edits {
            let range = self.lines(edit.span.source)?.range(edit.span.start, edit.span.end);
            by_file.entry(edit.span.source).or_default().push(TextEdit { range, new_text: edit.text.clone() });
        }
        let files = by_file.into_iter().map(|(id, edits)| Some(Edited { of: self.named(id)?, edits }));
        let files: Vec<Edited> = files.collect::<Option<_>>()?;
        if !self.client.versioned {
            #[allow(clippy::mutable_key_type, reason = "the protocol's type; addresses are not changed")]
            let changes: HashMap<Uri, Vec<TextEdit>> =
                files.into_iter().map(|Edited { of: (uri, _), edits }| (uri, edits)).collect();
            return Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() });
        }
        let of_file = |Edited { of: (uri, version), edits }: Edited| TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
            edits: edits.into_iter().map(OneOf::Left).collect(),
        };
        let changes = DocumentChanges::Edits(files.into_iter().map(of_file).collect());
        Some(WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() })
    }

    /// The address of a source, and its version where it is open.
    fn named(&self, id: SourceId) -> Option<(Uri, Option<i32>)> {
        let path = self.path(id)?;
        match self.documents.get(&path) {
            Some(document) => Some((document.uri.clone(), Some(document.version))),
            None => Some((uri_of(&path)?, None)),
        }
    }

    /// Places in the file that lead to an address.
    pub(super) fn links(&self) -> Option<Vec<DocumentLink>> {
        let lines = self.lines(self.source)?;
        let found = features::links(self.snapshot, self.source).into_iter();
        let link = |link: features::Link| {
            let tooltip = Some(link.tooltip).filter(|tooltip| self.client.tooltips && !tooltip.is_empty());
            let range = lines.range(link.span.start, link.span.end);
            Some(DocumentLink { range, target: Some(link.url.parse().ok()?), tooltip, data: None })
        };
        Some(found.filter_map(link).collect())
    }
}

fn item_kind(kind: CompletionKind) -> CompletionItemKind {
    match kind {
        CompletionKind::Key => CompletionItemKind::PROPERTY,
        CompletionKind::Choice | CompletionKind::Class => CompletionItemKind::ENUM_MEMBER,
        CompletionKind::Rule => CompletionItemKind::CONSTANT,
        CompletionKind::Id => CompletionItemKind::REFERENCE,
        CompletionKind::Catalogue => CompletionItemKind::MODULE,
        CompletionKind::Citation => CompletionItemKind::TEXT,
        CompletionKind::Attribute => CompletionItemKind::FIELD,
    }
}
