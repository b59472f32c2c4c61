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
    assert!(again["contents"]["value"].as_str().unwrap().contains("Global Privacy Control"), "{again:#}");
    assert_eq!(again["range"]["start"], below);
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

#[test]
fn an_exception_with_a_reason_is_offered_for_what_was_found_and_silences_it() {
    let (_scratch, folder) = copy("fixtures/shop-broken");
    let path = folder.join("consent.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut client = Client::open_in(&[&folder]);
    client.open(&path, &text);
    client.sync();
    let found = client.of(&path).into_iter().find(|it| it["code"] == "ccpa/gpc-not-honored").unwrap();
    let ask =
        json!({"textDocument": {"uri": uri(&path)}, "range": found["range"], "context": {"diagnostics": [found]}});
    let offered = client.request("textDocument/codeAction", ask).unwrap();
    let about = |action: &&Value| action["diagnostics"][0]["data"] == found["data"];
    let action = offered.as_array().unwrap().iter().rfind(about).unwrap_or_else(|| panic!("{offered:#}"));
    assert!(action["title"].as_str().unwrap().to_lowercase().contains("except"), "{action:#}");
    // The edit is made as an editor makes it, and the reason written.
    for change in action["edit"]["documentChanges"].as_array().unwrap() {
        let target = folder.join(change["textDocument"]["uri"].as_str().unwrap().rsplit('/').next().unwrap());
        if target != path {
            client.open(&target, &std::fs::read_to_string(&target).unwrap());
        } else {
            assert_eq!(change["textDocument"]["version"], 1);
        }
        let edits = change["edits"].as_array().unwrap().iter().rev().map(|edit| {
            let text = edit["newText"].as_str().unwrap();
            let text = text.replace("-- \n", "-- tried out\n").replace("reason: \"\"", "reason: tried out");
            json!({"range": edit["range"], "text": text})
        });
        client.change(&target, 2, edits.collect());
    }
    client.sync();
    let left: Vec<&Value> =
        client.diagnostics.values().flatten().filter(|it| it["code"] == "ccpa/gpc-not-honored").collect();
    assert!(left.is_empty(), "{action:#} {left:#?}");
}

#[test]
fn names_are_completed_and_the_edit_is_at_the_cursor() {
    let (_scratch, folder) = copy("fixtures/shop-broken");
    let path = folder.join("consentlint.yaml");
    let mut client = Client::open_in(&[&folder]);
    client.open(&path, "exceptions:\n  - rule: ccpa/gpc-not\n");
    let place = json!({"line": 1, "character": 22});
    let items = client.request("textDocument/completion", at(&path, &place)).unwrap();
    let rule = items.as_array().unwrap().iter().find(|item| item["label"] == "ccpa/gpc-not-honored");
    let edit = &rule.unwrap_or_else(|| panic!("{items:#}"))["textEdit"];
    assert_eq!((&edit["newText"], &edit["range"]["end"]), (&json!("ccpa/gpc-not-honored"), &place));
    assert_eq!(edit["range"]["start"], json!({"line": 1, "character": 10}));
}

#[test]
fn the_law_that_a_rule_cites_is_a_link() {
    let (_scratch, folder) = copy("fixtures/shop");
    std::fs::write(folder.join("consentlint.yaml"), "policies: [own]\n").unwrap();
    let path = folder.join("own/house/signal.yaml");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let text = std::fs::read_to_string(crate::common::root().join("policies/ccpa/gpc-not-honored.yaml")).unwrap();
    std::fs::write(&path, &text).unwrap();
    let mut client = Client::open_in(&[&folder]);
    client.open(&path, &text);
    let links = client.request("textDocument/documentLink", json!({"textDocument": {"uri": uri(&path)}})).unwrap();
    let targets: Vec<&str> = links.as_array().unwrap().iter().map(|link| link["target"].as_str().unwrap()).collect();
    assert!(targets.iter().any(|target| target.starts_with("https://")), "{links:#}");
}
