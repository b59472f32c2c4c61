//! The conversation: what is answered when, and what is said without being asked.

use super::answers::Asked;
use super::client::{Client, folders, offer, watched};
use super::wire::{self, Incoming};
use super::workspace::Workspace;
use jiff::civil::Date;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{self as told, Notification as _};
use lsp_types::request::{self as asked, Request as _};
use lsp_types::{InitializeParams, LogMessageParams, MessageType, ShowMessageParams, Uri};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::VecDeque;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::Receiver;

/// How far the conversation is.
enum Phase {
    /// Nobody introduced themselves.
    Waiting,
    /// Questions are answered.
    Talking(Client, Box<Workspace>),
    /// Nothing but the end is expected.
    Ending,
}

/// One conversation.
pub(super) struct Server<'w> {
    output: &'w mut dyn Write,
    day: Date,
    phase: Phase,
    /// Whether there may be something to tell.
    unsaid: bool,
}

/// By this a client takes a question back.
const CANCEL: &str = "$/cancelRequest";

/// Why a request has no result.
type Refusal = (ErrorCode, String);

impl<'w> Server<'w> {
    /// A conversation that nobody has begun.
    pub(super) fn new(output: &'w mut dyn Write, day: Date) -> Self {
        Self { output, day, phase: Phase::Waiting, unsaid: false }
    }

    /// Takes messages until the end, and gives the exit code. What waits in line is taken before anything is judged, so
    /// that of many key presses only the last is.
    pub(super) fn serve(&mut self, messages: &Receiver<Incoming>) -> io::Result<u8> {
        let mut line = VecDeque::new();
        loop {
            line.extend(messages.try_iter());
            match line.pop_front() {
                Some(Incoming::Malformed(code, why)) => wire::refuse(code, &why, self.output)?,
                Some(Incoming::Message(Message::Request(request))) => self.answer(request, &line)?,
                Some(Incoming::Message(Message::Notification(notification))) => {
                    if notification.method == told::Exit::METHOD {
                        return Ok(u8::from(!matches!(self.phase, Phase::Ending)));
                    }
                    self.take(notification)?;
                }
                // Answers to what was asked of the client tell nothing new.
                Some(Incoming::Message(Message::Response(_))) => {}
                None if self.unsaid => self.tell()?,
                None => match messages.recv() {
                    Ok(next) => line.push_back(next),
                    Err(_) => return Ok(1),
                },
            }
        }
    }

    fn send(&mut self, message: impl Into<Message>) -> io::Result<()> {
        wire::write(&message.into(), self.output)
    }

    fn notify<N: told::Notification>(&mut self, params: N::Params) -> io::Result<()>
    where
        N::Params: Serialize,
    {
        self.send(Notification::new(N::METHOD.to_owned(), params))
    }

    fn log(&mut self, typ: MessageType, message: String) -> io::Result<()> {
        self.notify::<told::LogMessage>(LogMessageParams { typ, message })
    }

    /// A defect of ours must not end the conversation.
    fn guarded<T>(&mut self, what: &str, job: impl FnOnce(&mut Self) -> T) -> io::Result<Option<T>> {
        match catch_unwind(AssertUnwindSafe(|| job(self))) {
            Ok(done) => Ok(Some(done)),
            Err(_) => {
                let message = format!("{what} failed inside consentlint; please report it with the file");
                self.log(MessageType::ERROR, message)?;
                Ok(None)
            }
        }
    }

    /// Judges what changed, and tells what is new.
    fn tell(&mut self) -> io::Result<()> {
        self.unsaid = false;
        let news = self.guarded("judging the project", |server| match &mut server.phase {
            Phase::Talking(_, workspace) => {
                workspace.settle();
                Some(workspace.news())
            }
            _ => None,
        })?;
        let Some(news) = news.flatten() else { return Ok(()) };
        for params in news.published {
            self.notify::<told::PublishDiagnostics>(params)?;
        }
        for message in news.aloud {
            let message = format!("consentlint: {message}");
            self.notify::<told::ShowMessage>(ShowMessageParams { typ: MessageType::WARNING, message })?;
        }
        for message in news.logged {
            self.log(MessageType::INFO, message)?;
        }
        Ok(())
    }

    fn answer(&mut self, request: Request, line: &VecDeque<Incoming>) -> io::Result<()> {
        let Request { id, method, params } = request;
        let cancelled = is_cancelled(&id, line);
        // What is answered is about the text as it is now, and comes after what there is to tell of it.
        if self.unsaid && !cancelled && method != asked::Shutdown::METHOD {
            self.tell()?;
        }
        let result = if cancelled {
            Err((ErrorCode::RequestCanceled, "cancelled".to_owned()))
        } else {
            let done = self.guarded(&format!("`{method}`"), |server| server.result(&method, params))?;
            done.unwrap_or_else(|| Err((ErrorCode::InternalError, format!("`{method}` failed inside consentlint"))))
        };
        self.send(match result {
            Ok(value) => Response { id, response_result: Ok(value) },
            Err((code, why)) => Response::new_err(id, code as i32, why),
        })
    }

    fn result(&mut self, method: &str, params: Value) -> Result<Value, Refusal> {
        match (&mut self.phase, method) {
            (Phase::Waiting, asked::Initialize::METHOD) => self.begin(params),
            (Phase::Waiting, _) => Err((ErrorCode::ServerNotInitialized, "`initialize` must come first".to_owned())),
            (_, asked::Initialize::METHOD) => Err((ErrorCode::InvalidRequest, "`initialize` came before".to_owned())),
            (Phase::Ending, _) => Err((ErrorCode::InvalidRequest, "the server was shut down".to_owned())),
            (Phase::Talking(..), asked::Shutdown::METHOD) => {
                self.phase = Phase::Ending;
                Ok(Value::Null)
            }
            (Phase::Talking(_, workspace), _) => ask(workspace, method, params),
        }
    }

    fn begin(&mut self, params: Value) -> Result<Value, Refusal> {
        let params: InitializeParams = read(params)?;
        let client = Client::of(&params.capabilities);
        let workspace = Workspace::new(client, self.day, &folders(&params));
        self.phase = Phase::Talking(client, Box::new(workspace));
        value(&offer(client))
    }

    fn take(&mut self, notification: Notification) -> io::Result<()> {
        let Notification { method, params } = notification;
        let Phase::Talking(client, _) = &self.phase else { return Ok(()) };
        if method == told::Initialized::METHOD {
            self.unsaid = true;
            if client.watches {
                let id = RequestId::from("consentlint-watch".to_owned());
                return self.send(Request::new(id, asked::RegisterCapability::METHOD.to_owned(), watched()));
            }
            return Ok(());
        }
        let noted = self.guarded(&format!("`{method}`"), |server| match &mut server.phase {
            Phase::Talking(_, workspace) => note(workspace, &method, params),
            _ => Ok(()),
        })?;
        self.unsaid |= method.starts_with("textDocument/") || method.starts_with("workspace/");
        match noted {
            Some(Err(why)) => self.log(MessageType::WARNING, format!("`{method}`: {why}")),
            _ => Ok(()),
        }
    }
}

fn read<T: DeserializeOwned>(params: Value) -> Result<T, Refusal> {
    serde_json::from_value(params).map_err(|error| (ErrorCode::InvalidParams, error.to_string()))
}

fn value(result: &impl Serialize) -> Result<Value, Refusal> {
    serde_json::to_value(result).map_err(|error| (ErrorCode::InternalError, error.to_string()))
}

/// Whether the client has already said that it does not want the answer.
fn is_cancelled(id: &RequestId, line: &VecDeque<Incoming>) -> bool {
    line.iter().any(|incoming| {
        let Incoming::Message(Message::Notification(notification)) = incoming else { return false };
        notification.method == CANCEL
            && notification.params.get("id").is_some_and(|given| serde_json::to_value(id).is_ok_and(|id| id == *given))
    })
}

/// Answers a question about a file.
fn ask(workspace: &Workspace, method: &str, params: Value) -> Result<Value, Refusal> {
    fn about<T: Serialize>(
        workspace: &Workspace,
        uri: &Uri,
        question: impl FnOnce(&Asked<'_>) -> Option<T>,
    ) -> Result<Value, Refusal> {
        let answer = workspace.asked(uri).and_then(|asked| question(&asked));
        answer.map_or(Ok(Value::Null), |answer| value(&answer))
    }
    match method {
        asked::HoverRequest::METHOD => {
            let params: lsp_types::HoverParams = read(params)?;
            let at = params.text_document_position_params;
            about(workspace, &at.text_document.uri, |asked| asked.hover(at.position))
        }
        asked::Completion::METHOD => {
            let params: lsp_types::CompletionParams = read(params)?;
            let at = params.text_document_position;
            about(workspace, &at.text_document.uri, |asked| asked.complete(at.position))
        }
        asked::CodeActionRequest::METHOD => {
            let params: lsp_types::CodeActionParams = read(params)?;
            about(workspace, &params.text_document.uri, |asked| asked.actions(params.range, &params.context))
        }
        asked::DocumentLinkRequest::METHOD => {
            let params: lsp_types::DocumentLinkParams = read(params)?;
            about(workspace, &params.text_document.uri, |asked| asked.links())
        }
        #[cfg(test)]
        "consentlint/panic" => panic!("asked for by a test"),
        _ => Err((ErrorCode::MethodNotFound, format!("`{method}` is not known"))),
    }
}

/// Notes what the client tells; what is not known or does not matter is passed over.
fn note(workspace: &mut Workspace, method: &str, params: Value) -> Result<(), String> {
    fn given<T: DeserializeOwned>(params: Value) -> Result<T, String> {
        serde_json::from_value(params).map_err(|error| error.to_string())
    }
    match method {
        told::DidOpenTextDocument::METHOD => {
            workspace.open(given::<lsp_types::DidOpenTextDocumentParams>(params)?.text_document);
        }
        told::DidChangeTextDocument::METHOD => {
            let params: lsp_types::DidChangeTextDocumentParams = given(params)?;
            return workspace.edit(&params.text_document, &params.content_changes).map_or(Ok(()), Err);
        }
        told::DidCloseTextDocument::METHOD => {
            workspace.close(&given::<lsp_types::DidCloseTextDocumentParams>(params)?.text_document.uri);
        }
        told::DidSaveTextDocument::METHOD => {
            workspace.saved(&given::<lsp_types::DidSaveTextDocumentParams>(params)?.text_document.uri);
        }
        told::DidChangeWatchedFiles::METHOD => {
            let params: lsp_types::DidChangeWatchedFilesParams = given(params)?;
            params.changes.iter().for_each(|change| workspace.on_disk(&change.uri));
        }
        told::DidChangeWorkspaceFolders::METHOD => {
            let event = given::<lsp_types::DidChangeWorkspaceFoldersParams>(params)?.event;
            event.removed.iter().for_each(|folder| workspace.remove_folder(&folder.uri));
            event.added.iter().for_each(|folder| workspace.add_folder(&folder.uri));
        }
        told::DidCreateFiles::METHOD => {
            let params: lsp_types::CreateFilesParams = given(params)?;
            params.files.iter().for_each(|file| disk(workspace, &file.uri));
        }
        told::DidDeleteFiles::METHOD => {
            let params: lsp_types::DeleteFilesParams = given(params)?;
            params.files.iter().for_each(|file| disk(workspace, &file.uri));
        }
        told::DidRenameFiles::METHOD => {
            let params: lsp_types::RenameFilesParams = given(params)?;
            params.files.iter().for_each(|file| {
                disk(workspace, &file.old_uri);
                disk(workspace, &file.new_uri);
            });
        }
        _ => {}
    }
    Ok(())
}

fn disk(workspace: &mut Workspace, uri: &str) {
    if let Ok(uri) = uri.parse() {
        workspace.on_disk(&uri);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::sync::mpsc::channel;

    /// What is said when these messages come in one after the other.
    fn said(messages: &[Value]) -> (u8, Vec<Value>) {
        let (sender, receiver) = channel();
        for message in messages {
            sender.send(Incoming::Message(serde_json::from_value(message.clone()).unwrap())).unwrap();
        }
        drop(sender);
        let mut output = Vec::new();
        let code = Server::new(&mut output, jiff::civil::date(2026, 11, 24)).serve(&receiver).unwrap();
        let text = String::from_utf8(output).unwrap();
        let bodies = text.split("Content-Length: ").skip(1).map(|framed| framed.split_once("\r\n\r\n").unwrap().1);
        (code, bodies.map(|body| serde_json::from_str(body).unwrap()).collect())
    }

    #[test]
    fn a_defect_of_ours_does_not_end_the_conversation() {
        let (code, said) = said(&[
            json!({"id": 1, "method": "initialize", "params": {"capabilities": {}}}),
            json!({"id": 2, "method": "consentlint/panic"}),
            json!({"id": 3, "method": "shutdown"}),
            json!({"method": "exit"}),
        ]);
        assert_eq!(code, 0);
        assert_eq!(said[1]["method"], "window/logMessage");
        assert!(said[1]["params"]["message"].as_str().unwrap().contains("report it"), "{}", said[1]);
        assert_eq!((&said[2]["id"], &said[2]["error"]["code"]), (&json!(2), &json!(-32603)));
        assert_eq!(said[3], json!({"jsonrpc": "2.0", "id": 3, "result": null}));
    }

    #[test]
    fn of_many_key_presses_in_line_only_the_last_is_judged() {
        let folder = tempfile::tempdir().unwrap();
        let uri = super::super::uri::uri_of(&folder.path().join("map.yaml")).unwrap();
        let root = super::super::uri::uri_of(folder.path()).unwrap();
        let mut messages = vec![
            json!({"id": 1, "method": "initialize", "params": {"capabilities": {}, "rootUri": root.as_str()}}),
            json!({"method": "textDocument/didOpen", "params": {"textDocument":
                {"uri": uri.as_str(), "languageId": "yaml", "version": 1, "text": "datamap: 1\n"}}}),
        ];
        for version in 2..50 {
            let text = format!("datamap: 1\nwrong{version}: 1\n");
            messages.push(json!({"method": "textDocument/didChange", "params": {
                "textDocument": {"uri": uri.as_str(), "version": version}, "contentChanges": [{"text": text}]}}));
        }
        messages.push(json!({"id": 2, "method": "textDocument/hover", "params": {
            "textDocument": {"uri": uri.as_str()}, "position": {"line": 0, "character": 0}}}));
        let (code, said) = said(&messages);
        assert_eq!(code, 1, "nobody said goodbye");
        let published: Vec<&Value> =
            said.iter().filter(|message| message["method"] == "textDocument/publishDiagnostics").collect();
        assert_eq!(published.len(), 1, "{published:#?}");
        assert_eq!(published[0]["params"]["version"], 49);
        assert!(published[0].to_string().contains("wrong49"), "{}", published[0]);
        assert_eq!(said.last().unwrap()["id"], 2, "the answer comes after what there is to tell");
    }
}
