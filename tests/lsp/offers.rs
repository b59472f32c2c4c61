//! What is offered at a place, as the protocol tells it.

use crate::client::{Client, copy, uri};
use serde_json::{Value, json};
use std::path::Path;

/// The place of `what` in a text, in characters.
fn place(text: &str, what: &str) -> Value {
    let at = text.find(what).unwrap_or_else(|| panic!("{what} is not in {text}"));
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    json!({"line": text[..at].matches('\n').count(), "character": text[start..at].chars().count()})
}

fn at(path: &Path, place: &Value) -> Value {
    json!({"textDocument": {"uri": uri(path)}, "position": place})
}

#[test]
fn hover_speaks_of_what_is_under_the_cursor() {
    let (_scratch, folder) = copy("fixtures/shop-broken");
    let path = folder.join("consent.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut client = Client::open_in(&[&folder]);
    client.open(&path, &text);
    let here = place(&text, "false");
    let said = client.request("textDocument/hover", at(&path, &here)).unwrap();
    assert_eq!(said["contents"]["kind"], "markdown");
    assert!(said["contents"]["value"].as_str().unwrap().contains("Global Privacy Control"), "{said:#}");
    assert_eq!(said["range"]["start"], here);
    // It follows what is typed before it is judged again.
    client.change(
        &path,
        2,
        json!([{"range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}, "text": "# é\n"}]),
    );
    let below = json!({"line": here["line"].as_u64().unwrap() + 1, "character": here["character"]});
    let again = client.request("textDocument/hover", at(&path, &below)).unwrap();
    assert_eq!((&again["contents"], &again["range"]["start"]), (&said["contents"], &below));
}

#[test]
fn every_offer_is_answered_for_every_place() {
    let (_scratch, folder) = copy("fixtures/shop-broken");
    let mut client = Client::open_in(&[&folder]);
    for name in ["consent.yaml", "consentlint.yaml", "plans/shop.json"] {
        let path = folder.join(name);
        let text = std::fs::read_to_string(&path).unwrap();
        client.open(&path, &text);
        for (number, line) in text.lines().enumerate() {
            for character in [0, line.chars().count() / 2, line.chars().count(), 10_000] {
                let place = json!({"line": number, "character": character});
                client.request("textDocument/hover", at(&path, &place)).unwrap();
                let completions = client.request("textDocument/completion", at(&path, &place)).unwrap();
                assert!(completions.is_array(), "{completions:#}");
                let range = json!({"start": place, "end": place});
                let here = json!({"textDocument": {"uri": uri(&path)}, "range": range, "context": {"diagnostics": []}});
                let actions = client.request("textDocument/codeAction", here).unwrap();
                assert!(actions.is_array(), "{actions:#}");
            }
        }
        let links = client.request("textDocument/documentLink", json!({"textDocument": {"uri": uri(&path)}})).unwrap();
        assert!(links.is_array(), "{links:#}");
    }
    let outside = at(&folder.join("nothing.txt"), &json!({"line": 0, "character": 0}));
    assert_eq!(client.request("textDocument/hover", outside), Ok(Value::Null));
}

#[test]
fn only_actions_of_the_wanted_kind_are_given() {
    let (_scratch, folder) = copy("fixtures/shop-broken");
    let path = folder.join("destinations.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut client = Client::open_in(&[&folder]);
    client.open(&path, &text);
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 999, "character": 0}});
    let ask = |only: Value| json!({"textDocument": {"uri": uri(&path)}, "range": range, "context": {"diagnostics": [], "only": only}});
    assert_eq!(client.request("textDocument/codeAction", ask(json!(["source.organizeImports"]))), Ok(json!([])));
    let all = client.request("textDocument/codeAction", ask(json!(["quickfix"]))).unwrap();
    assert!(all.as_array().unwrap().iter().all(|action| action["kind"] == "quickfix"));
}
