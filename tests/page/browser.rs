//! A Chromium without a window that is asked through a pipe, by the [DevTools protocol](https://chromedevtools.github.io/devtools-protocol/):
//! no port is opened.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Names of the program.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// What it reads and writes are its third and fourth channel.
const START: &str = "exec \"$0\" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --remote-debugging-pipe \
                     --user-data-dir=\"$1\" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null";

/// How long it may take to answer; a machine that does many things at once is slow.
const PATIENCE: Duration = Duration::from_secs(180);

pub(crate) struct Browser {
    child: Child,
    input: ChildStdin,
    output: Receiver<Value>,
    session: Option<String>,
    next: u64,
    /// What it told without being asked.
    events: Vec<Value>,
    folder: tempfile::TempDir,
}

fn program() -> Option<PathBuf> {
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    let all = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    all.into_iter().find(|path| path.is_file())
}

impl Browser {
    /// Starts one. Where there is none, says that the test is skipped, unless `CONSENTLINT_CHROMIUM` demands it.
    #[allow(clippy::print_stderr, reason = "says that it was skipped")]
    pub(crate) fn start() -> Option<Self> {
        let Some(program) = program() else {
            assert!(std::env::var_os("CONSENTLINT_CHROMIUM").is_none(), "there is no Chromium");
            eprintln!("skipped: there is no Chromium");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", START]).arg(program).arg(folder.path().join("profile"));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), listen(child.stdout.take().unwrap()));
        let mut browser = Self { child, input, output, session: None, next: 0, events: Vec::new(), folder };
        let Some(target) = browser.try_ask("Target.createTarget", &json!({"url": "about:blank"})) else {
            assert!(std::env::var_os("CONSENTLINT_CHROMIUM").is_none(), "Chromium does not start");
            eprintln!("skipped: Chromium does not start");
            return None;
        };
        let target = target["targetId"].clone();
        let session = browser.ask("Target.attachToTarget", &json!({"targetId": target, "flatten": true}));
        browser.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network", "Accessibility", "DOM"] {
            browser.ask(&format!("{domain}.enable"), &json!({}));
        }
        browser.window(1440, 1100, "light");
        Some(browser)
    }

    /// What the browser answers; a refusal fails the test.
    pub(crate) fn ask(&mut self, method: &str, parameters: &Value) -> Value {
        self.try_ask(method, parameters).unwrap_or_else(|| panic!("{method}: Chromium gives no answer"))
    }

    fn try_ask(&mut self, method: &str, parameters: &Value) -> Option<Value> {
        self.next += 1;
        let mut message = json!({"id": self.next, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        self.input.write_all(format!("{message}\0").as_bytes()).ok()?;
        self.input.flush().ok()?;
        loop {
            let mut heard = self.output.recv_timeout(PATIENCE).ok()?;
            if heard["id"] == self.next {
                assert!(heard["error"].is_null(), "{method}: {}", heard["error"]);
                return Some(heard["result"].take());
            }
            self.events.push(heard);
        }
    }

    pub(crate) fn window(&mut self, width: u32, height: u32, scheme: &str) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.ask("Emulation.setDeviceMetricsOverride", &size);
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.ask("Emulation.setEmulatedMedia", &json!({"features": features}));
    }

    /// Writes a page into a file and opens it.
    pub(crate) fn open(&mut self, page: &str, fragment: &str) {
        let file = self.folder.path().join("page.html");
        std::fs::write(&file, page).unwrap();
        // What differs in nothing but its fragment would not be loaded anew.
        self.ask("Page.navigate", &json!({"url": "about:blank"}));
        self.events.clear();
        self.ask("Page.navigate", &json!({"url": format!("file://{}{fragment}", file.display())}));
        while self.is("document.readyState !== 'complete'") {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        self.settle();
    }

    /// Waits until what was chosen is drawn.
    pub(crate) fn settle(&mut self) {
        self.value("new Promise((wake) => setTimeout(wake, 0))");
        while self.is("document.getElementById('tables')?.getAttribute('aria-busy') === 'true'") {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }

    /// The value of an expression of the page; an exception fails the test.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let mut found = self.ask("Runtime.evaluate", &asked);
        assert!(found["exceptionDetails"].is_null(), "{expression}: {}", found["exceptionDetails"]);
        found["result"]["value"].take()
    }

    pub(crate) fn is(&mut self, expression: &str) -> bool {
        self.value(expression) == json!(true)
    }

    pub(crate) fn text(&mut self, selector: &str) -> String {
        let found = self.value(&format!("document.querySelector({}).innerText", json!(selector)));
        found.as_str().unwrap_or_default().to_owned()
    }

    /// Presses a key, as a keyboard does.
    pub(crate) fn press(&mut self, key: &str) {
        let (code, text) = match key {
            "Enter" => (13, "\r"),
            " " => (32, " "),
            "Tab" => (9, ""),
            _ => (0, ""),
        };
        let mut stroke = json!({"type": "keyDown", "key": key, "code": key, "windowsVirtualKeyCode": code});
        if !text.is_empty() {
            stroke["text"] = json!(text);
        }
        self.ask("Input.dispatchKeyEvent", &stroke);
        stroke["type"] = json!("keyUp");
        self.ask("Input.dispatchKeyEvent", &stroke);
    }

    /// A picture of what is seen, for whoever runs the test to look at.
    pub(crate) fn picture(&mut self, path: &Path) {
        use base64::Engine as _;
        let taken = self.ask("Page.captureScreenshot", &json!({}));
        let bytes = base64::engine::general_purpose::STANDARD.decode(taken["data"].as_str().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// Exceptions, complaints of the console, and what was asked for beside the page itself.
    pub(crate) fn complaints(&mut self) -> Vec<String> {
        let said = |event: &Value| {
            let told = &event["params"];
            match event["method"].as_str()? {
                "Runtime.exceptionThrown" => Some(told["exceptionDetails"].to_string()),
                "Runtime.consoleAPICalled" => Some(told.to_string()),
                "Log.entryAdded" => Some(told["entry"]["text"].to_string()),
                "Network.requestWillBeSent" => {
                    let url = told["request"]["url"].as_str()?;
                    (!url.ends_with("/page.html") && url != "about:blank").then(|| format!("loads {url}"))
                }
                _ => None,
            }
        };
        let found = self.events.iter().filter_map(said).collect();
        self.events.clear();
        found
    }
}

/// What it says, message by message, until it ends.
fn listen(output: ChildStdout) -> Receiver<Value> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut output = BufReader::new(output);
        loop {
            let mut bytes = Vec::new();
            output.read_until(0, &mut bytes).ok();
            let said = bytes.pop().and_then(|_| serde_json::from_slice(&bytes).ok());
            if said.is_none_or(|said| sender.send(said).is_err()) {
                return;
            }
        }
    });
    receiver
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
