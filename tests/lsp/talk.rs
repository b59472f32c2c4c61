//! The conversation itself: its beginning, its end, and what is no message.

use crate::client::{Client, able, copy, uri};
use serde_json::{Value, json};
use std::path::Path;

fn start_in(folder: &Path) -> Value {
    json!({"processId": null, "rootUri": uri(folder), "capabilities": able()})
}

#[test]
fn it_begins_and_ends_as_the_protocol_says() {
    let (_scratch, folder) = copy("fixtures/shop");
    let mut client = Client::start();
    assert_eq!(client.request("textDocument/hover", json!({})), Err(-32002), "before `initialize`");
    client.notify("textDocument/didOpen", json!({"nonsense": true}));
    let offered = client.request("initialize", start_in(&folder)).unwrap();
    assert_eq!(offered["serverInfo"]["name"], "consentlint");
    let capabilities = &offered["capabilities"];
    assert_eq!(capabilities["positionEncoding"], "utf-32");
    assert_eq!(capabilities["textDocumentSync"]["change"], 2, "incremental");
    for able in ["hoverProvider", "completionProvider", "codeActionProvider", "documentLinkProvider"] {
        assert!(!capabilities[able].is_null(), "{able}: {capabilities:#}");
    }
    assert_eq!(client.request("initialize", start_in(&folder)), Err(-32600), "twice");
    client.notify("initialized", json!({}));
    client.sync();
    let asked = client.heard.iter().find(|message| message["method"] == "client/registerCapability").unwrap();
    let watchers = asked["params"]["registrations"][0]["registerOptions"]["watchers"].to_string();
    assert!(watchers.contains("yaml,yml") && watchers.contains(".gitignore"), "{watchers}");
    let answer = json!({"jsonrpc": "2.0", "id": asked["id"], "result": null});
    client.send(&answer);
    assert_eq!(client.request("shutdown", json!(null)), Ok(Value::Null));
    assert_eq!(client.request("textDocument/hover", json!({})), Err(-32600), "after `shutdown`");
    client.notify("exit", json!(null));
    assert_eq!(client.wait().code(), Some(0));
}

#[test]
fn an_end_without_a_goodbye_is_told_by_the_exit_code() {
    let (_scratch, folder) = copy("fixtures/shop");
    let mut client = Client::open_in(&[&folder]);
    client.notify("exit", json!(null));
    assert_eq!(client.wait().code(), Some(1));
    assert_eq!(Client::open_in(&[&folder]).hang_up().code(), Some(1));
    assert_eq!(Client::start().hang_up().code(), Some(1));
    assert_eq!(Client::open_in(&[&folder]).end().code(), Some(0));
}

#[test]
fn what_does_not_matter_is_passed_over_and_what_is_unknown_is_refused() {
    let (_scratch, folder) = copy("fixtures/shop");
    let mut client = Client::open_in(&[&folder]);
    client.notify("$/setTrace", json!({"value": "verbose"}));
    client.notify("workspace/didChangeConfiguration", json!({"settings": {"a": [1, {"b": null}]}}));
    client.notify("$/cancelRequest", json!({"id": 4711}));
    client.notify("$/something", json!(null));
    client.notify("window/workDoneProgress/cancel", json!({"token": 1}));
    assert_eq!(client.request("textDocument/implementation", json!({})), Err(-32601));
    assert_eq!(client.request("$/unknown", json!({})), Err(-32601));
    assert_eq!(client.request("textDocument/hover", json!({"textDocument": 7})), Err(-32602));
    let untitled = json!({"textDocument": {"uri": "untitled:Untitled-1"}, "position": {"line": 0, "character": 0}});
    assert_eq!(client.request("textDocument/hover", untitled), Ok(Value::Null));
    assert_eq!(client.end().code(), Some(0));
}

#[test]
fn a_question_that_is_taken_back_is_not_answered() {
    let (_scratch, folder) = copy("fixtures/shop-broken");
    let mut client = Client::open_in(&[&folder]);
    // Both messages in one write, so that the second is there when the first is looked at.
    let (mut seen, mut id) = (false, 1000);
    while !seen && id < 1050 {
        let link = json!({"textDocument": {"uri": uri(&folder.join("shop.yaml"))}});
        let ask =
            json!({"jsonrpc": "2.0", "id": id, "method": "textDocument/documentLink", "params": link}).to_string();
        let cancel = json!({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": id}}).to_string();
        let framed = |body: &str| format!("Content-Length: {}\r\n\r\n{body}", body.len());
        client.raw((framed(&ask) + &framed(&cancel)).as_bytes());
        seen = client.answer(id) == Err(-32800);
        id += 1;
    }
    assert!(seen, "no question out of 50 was taken back");
}

#[test]
fn what_is_no_message_is_refused_and_the_conversation_goes_on() {
    let (_scratch, folder) = copy("fixtures/shop");
    let mut client = Client::open_in(&[&folder]);
    for (broken, code) in [
        ("Content-Length: 9\r\n\r\n{\"id\": 1,,", Some(-32700)),
        ("Content-Length: 2\r\n\r\n[]", Some(-32600)),
        ("Content-Length: 14\r\n\r\n{\"method\": [1]}", None),
        ("Content-Length: 4\r\n\r\n\u{1}\u{2}\u{3}\u{4}", Some(-32700)),
        ("Content-Length: 99999999999999\r\n", None),
        ("Content-Length: nonsense\r\nX: y\r\n\r\n", None),
        ("\r\n\r\nGET / HTTP/1.1\r\n", None),
    ] {
        client.raw(broken.as_bytes());
        if let Some(code) = code {
            let refused = client.next_message();
            assert_eq!((&refused["id"], refused["error"]["code"].as_i64()), (&Value::Null, Some(code)), "{broken:?}");
        }
        client.sync();
    }
    // A length that is too short leaves rubbish behind, on the line of the next header.
    client.raw(b"Content-Length: 10\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":\"x\"}");
    client.sync();
    assert_eq!(client.end().code(), Some(0));
}

#[test]
fn a_huge_message_is_a_message() {
    let (_scratch, folder) = copy("fixtures/shop");
    let mut client = Client::open_in(&[&folder]);
    let text = "# padding\n".repeat(800_000);
    client.open(&folder.join("huge.yaml"), &text);
    client.sync();
    let last = json!({"line": 800_000, "character": 0});
    client.change(
        &folder.join("huge.yaml"),
        2,
        json!([{"range": {"start": last, "end": last}, "text": "datamap: 1\nx: 1\n"}]),
    );
    client.sync();
    assert_eq!(client.of(&folder.join("huge.yaml"))[0]["range"]["start"]["line"], 800_001);
}

#[test]
fn nothing_but_the_protocol_is_printed_in_process_too() {
    let (_scratch, folder) = copy("fixtures/shop-broken");
    let say = |value: Value| {
        let body = value.to_string();
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    };
    let input = say(json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": start_in(&folder)}))
        + &say(json!({"jsonrpc": "2.0", "method": "initialized", "params": {}}))
        + &say(json!({"jsonrpc": "2.0", "id": 2, "method": "shutdown"}))
        + &say(json!({"jsonrpc": "2.0", "method": "exit"}));
    let ran = crate::common::run_with(&folder, &["lsp"], &input);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.starts_with("Content-Length: ") && ran.stdout.contains("\"serverInfo\""), "{}", ran.stdout);
}
