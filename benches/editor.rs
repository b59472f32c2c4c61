//! How long a key press takes in a project of 2,000 files: `cargo bench --bench editor`.
//!
//! The program is spoken to over its pipes. A key press is a change and a question about the place; it ends with the answer,
//! which comes after the diagnostics. Nothing here is a test: no number fails anything.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark makes files, looks at the clock, prints"
)]

mod generate;

use generate::{Outcome, workspace};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

const FILES: usize = 2_000;
const PRESSES: usize = 41;

/// Where a key is pressed.
struct Scenario {
    about: &'static str,
    file: &'static str,
    /// The text before the cursor.
    after: &'static str,
    /// What is typed and taken away again, in turns.
    key: &'static str,
}

const SCENARIOS: [Scenario; 5] = [
    Scenario { about: "a letter in the name of a property", file: "events/1000.yaml", after: "- name: ", key: "x" },
    Scenario { about: "a new line above the properties", file: "events/1000.yaml", after: "events:", key: "\n" },
    Scenario { about: "a letter in a tracking plan", file: "plans/web-shop/1001.yml", after: "Sent by", key: "x" },
    Scenario { about: "a letter in the name of the business", file: "datamap.yaml", after: "Example", key: "x" },
    Scenario { about: "a new line above all destinations", file: "datamap.yaml", after: "datamap: 1", key: "\n" },
];

struct Editor {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    asked: i32,
}

fn main() -> Outcome<()> {
    let folder = std::env::temp_dir().join(format!("consentlint-editor-{}", std::process::id()));
    let result = workspace(&folder, FILES).and_then(|()| measure(&folder));
    std::fs::remove_dir_all(&folder)?;
    result
}

fn measure(folder: &Path) -> Outcome<()> {
    let start = Instant::now();
    let mut editor = Editor::start(folder)?;
    println!("{FILES} files; ready after {:.0} ms; {PRESSES} key presses each\n", milliseconds(start));
    println!("| key press | best | median | worst | processor time each |\n|---|---|---|---|---|");
    for scenario in &SCENARIOS {
        let path = folder.join(scenario.file);
        let text = std::fs::read_to_string(&path)?;
        let at = text.find(scenario.after).ok_or("the text is not there")? + scenario.after.len();
        editor.open(&path, &text)?;
        editor.ask(&path)?;
        let before = editor.processor_time();
        let mut took = Vec::new();
        for press in 0..PRESSES {
            let start = Instant::now();
            editor.press(&path, &text, at, if press % 2 == 0 { scenario.key } else { "" }, scenario.key, press)?;
            took.push(milliseconds(start));
        }
        let spent = (editor.processor_time() - before) / PRESSES as f64;
        took.sort_by(f64::total_cmp);
        let (best, median, worst) = (took[0], took[PRESSES / 2], took[PRESSES - 1]);
        println!("| {} | {best:.0} ms | {median:.0} ms | {worst:.0} ms | {spent:.0} ms |", scenario.about);
        editor.close(&path)?;
    }
    editor.end()
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

fn place(text: &str, at: usize) -> Value {
    let before = &text[..at];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    json!({"line": before.matches('\n').count(), "character": at - start})
}

impl Editor {
    fn start(folder: &Path) -> Outcome<Self> {
        let mut command = Command::new(PathBuf::from(env!("CARGO_BIN_EXE_consentlint")));
        command.args(["lsp", "--as-of", "2026-01-31"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let input = child.stdin.take().ok_or("no input")?;
        let output = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut editor = Self { child, input, output, asked: 0 };
        let capabilities = json!({
            "textDocument": {"publishDiagnostics": {"relatedInformation": true}, "hover": {"contentFormat": ["markdown"]}},
        });
        let folders = json!([{"uri": uri(folder), "name": "bench"}]);
        editor.request("initialize", &json!({"capabilities": capabilities, "workspaceFolders": folders}))?;
        editor.notify("initialized", &json!({}))?;
        editor.ask(&folder.join("datamap.yaml"))?;
        Ok(editor)
    }

    fn send(&mut self, message: &Value) -> Outcome<()> {
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len())?;
        Ok(self.input.flush()?)
    }

    fn notify(&mut self, method: &str, params: &Value) -> Outcome<()> {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}))
    }

    fn request(&mut self, method: &str, params: &Value) -> Outcome<()> {
        self.asked += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": self.asked, "method": method, "params": params}))?;
        let answer = format!("\"id\":{}", self.asked);
        while !self.receive()?.contains(&answer) {}
        Ok(())
    }

    fn receive(&mut self) -> Outcome<String> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.output.read_line(&mut line)?;
            match line.trim_end().strip_prefix("Content-Length: ") {
                Some(stated) => length = stated.parse()?,
                None if line == "\r\n" => break,
                None => return Err("the program ended".into()),
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body)?;
        Ok(String::from_utf8(body)?)
    }

    fn open(&mut self, path: &Path, text: &str) -> Outcome<()> {
        let item = json!({"uri": uri(path), "languageId": "yaml", "version": 0, "text": text});
        self.notify("textDocument/didOpen", &json!({"textDocument": item}))
    }

    fn close(&mut self, path: &Path) -> Outcome<()> {
        self.notify("textDocument/didClose", &json!({"textDocument": {"uri": uri(path)}}))
    }

    fn ask(&mut self, path: &Path) -> Outcome<()> {
        let place = json!({"line": 2, "character": 6});
        self.request("textDocument/hover", &json!({"textDocument": {"uri": uri(path)}, "position": place}))
    }

    /// Types the key, or takes it away again.
    fn press(&mut self, path: &Path, text: &str, at: usize, typed: &str, key: &str, press: usize) -> Outcome<()> {
        let start = place(text, at);
        let end =
            if typed.is_empty() { place(&format!("{}{key}", &text[..at]), at + key.len()) } else { start.clone() };
        let change = json!([{"range": {"start": start, "end": end}, "text": typed}]);
        let document = json!({"uri": uri(path), "version": press + 1});
        self.notify("textDocument/didChange", &json!({"textDocument": document, "contentChanges": change}))?;
        self.ask(path)
    }

    /// Milliseconds that the program has computed so far, on all cores.
    fn processor_time(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
        // Fields 14 and 15 of proc(5), in hundredths of a second.
        (ticks(11) + ticks(12)) * 10.0
    }

    fn end(mut self) -> Outcome<()> {
        self.request("shutdown", &Value::Null)?;
        self.notify("exit", &Value::Null)?;
        self.child.wait()?;
        Ok(())
    }
}
