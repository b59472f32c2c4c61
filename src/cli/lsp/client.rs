//! What the client says that it can do, and what it is told that we do.

use super::place::Encoding;
use crate::source::{ENDINGS, PACKED};
use lsp_types::{
    ClientCapabilities, CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CompletionOptions,
    DidChangeWatchedFilesRegistrationOptions, DocumentLinkOptions, FileOperationFilter, FileOperationPattern,
    FileOperationRegistrationOptions, FileSystemWatcher, GlobPattern, HoverProviderCapability, InitializeParams,
    InitializeResult, MarkupKind, OneOf, Registration, RegistrationParams, SaveOptions, ServerCapabilities, ServerInfo,
    TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions, TextDocumentSyncSaveOptions, Uri,
    WorkspaceFileOperationsServerCapabilities, WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};

/// What of the client matters here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Client {
    /// How it counts.
    pub(super) encoding: Encoding,
    /// Whether it shows places beside a diagnostic.
    pub(super) related: bool,
    /// Whether the code of a diagnostic may lead to a page.
    pub(super) described: bool,
    /// Whether it fades what is unnecessary.
    pub(super) unnecessary: bool,
    /// Whether hovers are Markdown.
    pub(super) hover_markdown: bool,
    /// Whether what is said of a completion is Markdown.
    pub(super) completion_markdown: bool,
    /// Whether it takes code actions with edits.
    pub(super) actions: bool,
    /// Whether it marks the action to take.
    pub(super) preferred: bool,
    /// Whether edits may name the version of a file.
    pub(super) versioned: bool,
    /// Whether links may say where they lead.
    pub(super) tooltips: bool,
    /// Whether it can be asked to tell of files that change on disk.
    pub(super) watches: bool,
}

impl Client {
    /// Reads what the client says of itself.
    pub(super) fn of(capabilities: &ClientCapabilities) -> Self {
        let text = capabilities.text_document.clone().unwrap_or_default();
        let workspace = capabilities.workspace.clone().unwrap_or_default();
        let general = capabilities.general.clone().unwrap_or_default();
        let published = text.publish_diagnostics.unwrap_or_default();
        let action = text.code_action.unwrap_or_default();
        let markdown = |formats: Option<Vec<MarkupKind>>| formats.unwrap_or_default().contains(&MarkupKind::Markdown);
        let item = text.completion.and_then(|completion| completion.completion_item);
        Self {
            encoding: Encoding::of(&general.position_encodings.unwrap_or_default()),
            related: published.related_information == Some(true),
            described: published.code_description_support == Some(true),
            unnecessary: published.tag_support.is_some(),
            hover_markdown: markdown(text.hover.and_then(|hover| hover.content_format)),
            completion_markdown: markdown(item.and_then(|item| item.documentation_format)),
            actions: action.code_action_literal_support.is_some(),
            preferred: action.is_preferred_support == Some(true),
            versioned: workspace.workspace_edit.and_then(|edit| edit.document_changes) == Some(true),
            tooltips: text.document_link.and_then(|link| link.tooltip_support) == Some(true),
            watches: workspace.did_change_watched_files.and_then(|watched| watched.dynamic_registration) == Some(true),
        }
    }
}

/// The folders that a client opens at its start.
#[allow(deprecated, reason = "older clients name one folder only")]
pub(super) fn folders(params: &InitializeParams) -> Vec<Uri> {
    match &params.workspace_folders {
        Some(folders) if !folders.is_empty() => folders.iter().map(|folder| folder.uri.clone()).collect(),
        _ => params.root_uri.iter().cloned().collect(),
    }
}

/// What we do.
pub(super) fn offer(client: Client) -> InitializeResult {
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::INCREMENTAL),
        save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions { include_text: Some(false) })),
        ..TextDocumentSyncOptions::default()
    };
    let completion = CompletionOptions {
        trigger_characters: Some([":", " ", "/", "-", "[", ",", ".", "\"", "'"].map(str::to_owned).to_vec()),
        ..CompletionOptions::default()
    };
    let action =
        CodeActionOptions { code_action_kinds: Some(vec![CodeActionKind::QUICKFIX]), ..CodeActionOptions::default() };
    let capabilities = ServerCapabilities {
        position_encoding: Some(client.encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        completion_provider: Some(completion),
        code_action_provider: client.actions.then_some(CodeActionProviderCapability::Options(action)),
        document_link_provider: Some(DocumentLinkOptions {
            resolve_provider: None,
            work_done_progress_options: lsp_types::WorkDoneProgressOptions::default(),
        }),
        workspace: Some(in_workspace()),
        ..ServerCapabilities::default()
    };
    let info = ServerInfo { name: "consentlint".to_owned(), version: Some(env!("CARGO_PKG_VERSION").to_owned()) };
    InitializeResult { capabilities, server_info: Some(info) }
}

fn in_workspace() -> WorkspaceServerCapabilities {
    let pattern = FileOperationPattern { glob: "**/*".to_owned(), matches: None, options: None };
    let filters = vec![FileOperationFilter { scheme: Some("file".to_owned()), pattern }];
    let told = Some(FileOperationRegistrationOptions { filters });
    WorkspaceServerCapabilities {
        workspace_folders: Some(WorkspaceFoldersServerCapabilities {
            supported: Some(true),
            change_notifications: Some(OneOf::Left(true)),
        }),
        file_operations: Some(WorkspaceFileOperationsServerCapabilities {
            did_create: told.clone(),
            did_rename: told.clone(),
            did_delete: told,
            ..WorkspaceFileOperationsServerCapabilities::default()
        }),
    }
}

/// What a client is asked to watch: everything that a project may read.
pub(super) fn watched() -> RegistrationParams {
    let globs = [
        format!("**/*.{{{}}}", ENDINGS.join(",")),
        format!("**/*.{{{}}}.gz", PACKED.join(",")),
        "**/jsonschema/*".to_owned(),
        "**/.gitignore".to_owned(),
        "**/.consentlint-baseline.json".to_owned(),
    ];
    let watchers = globs.map(|glob| FileSystemWatcher { glob_pattern: GlobPattern::String(glob), kind: None }).to_vec();
    let options = serde_json::to_value(DidChangeWatchedFilesRegistrationOptions { watchers }).ok();
    let registration = Registration {
        id: "consentlint-files".to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: options,
    };
    RegistrationParams { registrations: vec![registration] }
}
