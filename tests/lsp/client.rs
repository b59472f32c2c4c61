//! An editor in a few lines: starts the program, speaks the protocol over its pipes, and never waits for ever.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Longer than anything takes, and short enough that a hang is seen.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct Client {
    child: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    next: i32,
    /// Diagnostics by address, as last published.
    pub diagnostics: BTreeMap<String, Vec<Value>>,
    /// Addresses in the order in which they were published.
    pub published: Vec<String>,
    /// Everything else that was said without being asked.
    pub heard: Vec<Value>,
}

/// What an up-to-date editor says of itself.
pub fn able() -> Value {
    json!({
        "general": {"positionEncodings": ["utf-32"]},
        "workspace": {
            "didChangeWatchedFiles": {"dynamicRegistration": true},
            "workspaceEdit": {"documentChanges": true},
            "workspaceFolders": true,
        },
        "textDocument": {
            "publishDiagnostics": {
                "relatedInformation": true, "codeDescriptionSupport": true, "dataSupport": true,
                "tagSupport": {"valueSet": [1, 2]},
            },
            "hover": {"contentFormat": ["markdown", "plaintext"]},
            "completion": {"completionItem": {"documentationFormat": ["markdown"]}},
            "codeAction": {
                "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}},
                "isPreferredSupport": true,
            },
            "documentLink": {"tooltipSupport": true},
        },
    })
}

pub fn uri(path: &Path) -> String {
    let mut uri = String::from("file://");
    for byte in path.to_str().unwrap().bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(byte.into()),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

impl Client {
    /// Starts the program; nothing is said yet.
    pub fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_consentlint"));
        command.args(["lsp", "--stdio", "--as-of", "2026-11-24"]).current_dir(std::env::temp_dir());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let input = child.stdin.take();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            while let Some(message) = receive(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let (diagnostics, published, heard) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self { child, input, messages, next: 1, diagnostics, published, heard }
    }

    /// Starts the program in these folders.
    pub fn open_in(folders: &[&Path]) -> Self {
        Self::open_as(folders, able())
    }

    /// The same, for an editor that says this of itself.
    pub fn open_as(folders: &[&Path], capabilities: Value) -> Self {
        let mut client = Self::start();
        let folders: Vec<Value> = folders.iter().map(|folder| json!({"uri": uri(folder), "name": "x"})).collect();
        let params =
            json!({"processId": null, "rootUri": null, "workspaceFolders": folders, "capabilities": capabilities});
        client.request("initialize", params).unwrap();
        client.notify("initialized", json!({}));
        client.sync();
        client
    }

    /// Sends bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        // A program that has ended does not listen; what it said last is looked at by the test.
        let _ = input.write_all(bytes).and_then(|()| input.flush());
    }

    pub fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Asks, and gives the id of the question.
    pub fn ask(&mut self, method: &str, params: Value) -> i32 {
        let id = self.next;
        self.next += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        id
    }

    /// Waits for the answer to a question; an error is given as its code.
    pub fn answer(&mut self, id: i32) -> Result<Value, i64> {
        loop {
            let message = self.next_message();
            if message["id"] == json!(id) && message.get("method").is_none() {
                return match message.get("error") {
                    Some(error) => Err(error["code"].as_i64().unwrap()),
                    None => Ok(message["result"].clone()),
                };
            }
            self.keep(message);
        }
    }

    pub fn request(&mut self, method: &str, params: Value) -> Result<Value, i64> {
        let id = self.ask(method, params);
        self.answer(id)
    }

    /// Waits until all that was sent is judged and told.
    pub fn sync(&mut self) {
        assert_eq!(self.request("consentlint/nothing", json!(null)), Err(-32601));
    }

    /// The next message that is no answer, such as one that nobody asked for.
    pub fn next_message(&mut self) -> Value {
        match self.messages.recv_timeout(PATIENCE) {
            Ok(message) => message,
            Err(RecvTimeoutError::Timeout) => panic!("nothing was said for {PATIENCE:?}"),
            Err(RecvTimeoutError::Disconnected) => panic!("the program ended"),
        }
    }

    fn keep(&mut self, message: Value) {
        if message["method"] == "textDocument/publishDiagnostics" {
            let address = message["params"]["uri"].as_str().unwrap().to_owned();
            self.published.push(address.clone());
            self.diagnostics.insert(address, message["params"]["diagnostics"].as_array().unwrap().clone());
            return;
        }
        self.heard.push(message);
    }

    /// Tells that a file was opened.
    pub fn open(&mut self, path: &Path, text: &str) {
        let item = json!({"uri": uri(path), "languageId": "yaml", "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": item}));
    }

    /// Tells that a file has a new text.
    pub fn replace(&mut self, path: &Path, version: i32, text: &str) {
        self.change(path, version, json!([{"text": text}]));
    }

    pub fn change(&mut self, path: &Path, version: i32, changes: Value) {
        let document = json!({"uri": uri(path), "version": version});
        self.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": changes}));
    }

    pub fn close(&mut self, path: &Path) {
        self.notify("textDocument/didClose", json!({"textDocument": {"uri": uri(path)}}));
    }

    pub fn saved(&mut self, path: &Path) {
        self.notify("textDocument/didSave", json!({"textDocument": {"uri": uri(path)}}));
    }

    /// Tells that files changed on disk: 1 created, 2 changed, 3 deleted.
    pub fn watched(&mut self, changes: &[(&Path, u8)]) {
        let changes: Vec<Value> = changes.iter().map(|(path, how)| json!({"uri": uri(path), "type": how})).collect();
        self.notify("workspace/didChangeWatchedFiles", json!({"changes": changes}));
    }

    /// Diagnostics of a file, as last published.
    pub fn of(&self, path: &Path) -> Vec<Value> {
        self.diagnostics.get(&uri(path)).cloned().unwrap_or_default()
    }

    /// Codes of the diagnostics of a file.
    pub fn codes(&self, path: &Path) -> Vec<String> {
        self.of(path).iter().map(|diagnostic| diagnostic["code"].as_str().unwrap().to_owned()).collect()
    }

    /// Ends the conversation as the protocol says.
    pub fn end(mut self) -> ExitStatus {
        assert_eq!(self.request("shutdown", json!(null)), Ok(Value::Null));
        self.notify("exit", json!(null));
        self.wait()
    }

    /// Hangs up.
    pub fn hang_up(mut self) -> ExitStatus {
        self.input = None;
        self.wait()
    }

    /// Waits for the program to end.
    pub fn wait(mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(start.elapsed() < PATIENCE, "the program does not end");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn receive(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().strip_prefix("Content-Length: ") {
            Some(stated) => length = stated.parse().unwrap(),
            None if line == "\r\n" => break,
            None => panic!("{line:?} is no header: something else was printed"),
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).unwrap())
}

/// A copy of the files of a folder, in a folder whose name has awkward characters.
pub fn copy(of: &str) -> (tempfile::TempDir, PathBuf) {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("a b#c é");
    let root = crate::common::root().join(of);
    for file in crate::common::files(&root) {
        let to = folder.join(file.strip_prefix(&root).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(&file, to).unwrap();
    }
    (scratch, folder)
}
