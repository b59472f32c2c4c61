//! Which text of a file counts, and which files do.

use crate::client::{Client, able, copy, uri};
use serde_json::json;
use std::path::Path;

const MAP: &str = "datamap: 1\nbusiness:\n  name: Shop\n";
/// A key that does not exist: a problem at its place.
const WRONG: &str = "datamap: 1\nbusines:\n  name: Shop\n";

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[test]
fn unsaved_text_counts_and_the_rest_of_the_project_stays_loaded() {
    let (_scratch, folder) = copy("fixtures/shop");
    let mut client = Client::open_in(&[&folder]);
    assert!(client.diagnostics.is_empty(), "{:#?}", client.diagnostics);
    // The category that holds the pixel no longer controls the opt-out: what is wrong is told at the destination, and the
    // other file is named beside it.
    let consent = folder.join("consent.yaml");
    let saved = text(&consent);
    assert!(saved.contains("honored: true"), "{saved}");
    client.open(&consent, &saved);
    client.replace(&consent, 2, &saved.replace("honored: true", "honored: false"));
    client.sync();
    let found = client.of(&consent);
    let signal = found.iter().find(|diagnostic| diagnostic["code"] == "ccpa/gpc-not-honored").unwrap();
    assert_eq!((signal["severity"].as_i64(), signal["source"].as_str()), (Some(1), Some("consentlint")));
    assert!(signal["message"].as_str().unwrap().contains("\nhelp: "), "{signal:#}");
    assert_eq!(signal["data"]["fingerprint"].as_str().unwrap().len(), 32);
    let related = signal["relatedInformation"].as_array().unwrap();
    let elsewhere = related.iter().find(|place| place["location"]["uri"] == uri(&folder.join("destinations.yaml")));
    let place = &elsewhere.unwrap()["location"]["range"]["start"];
    let line = text(&folder.join("destinations.yaml"))
        .lines()
        .nth(place["line"].as_u64().unwrap() as usize)
        .unwrap()
        .to_owned();
    assert!(line.contains("id:"), "{line}");
    // Closed without saving: what is on disk counts again, and what was told is taken back.
    client.close(&consent);
    client.sync();
    assert_eq!(client.of(&consent), Vec::<serde_json::Value>::new());
    assert_eq!(client.end().code(), Some(0));
}

#[test]
fn of_files_that_are_not_open_only_what_matters_is_told() {
    let (_scratch, folder) = copy("fixtures/shop-broken");
    let mut client = Client::open_in(&[&folder]);
    let severities = |client: &Client| -> Vec<i64> {
        let all = client.diagnostics.values().flatten();
        all.map(|diagnostic| diagnostic["severity"].as_i64().unwrap()).collect()
    };
    let before = severities(&client);
    assert!(!before.is_empty() && before.iter().all(|severity| *severity == 1), "{before:?}");
    let path = folder.join("destinations.yaml");
    let closed = client.of(&path).len();
    client.open(&path, &text(&path));
    client.sync();
    let open = client.of(&path);
    assert!(open.len() > closed && open.iter().any(|diagnostic| diagnostic["severity"] == 4), "questions are hints");
    assert!(
        open.iter()
            .filter(|diagnostic| diagnostic["severity"] == 4)
            .all(|it| it["message"].as_str().unwrap().contains('?'))
    );
}

#[test]
fn a_new_file_counts_before_it_is_saved() {
    let (_scratch, folder) = copy("fixtures/shop");
    write(&folder.join(".gitignore"), "scratch/\n");
    let mut client = Client::open_in(&[&folder]);
    for (name, counts) in [
        ("new/more.yaml", true),
        ("scratch/more.yaml", false),
        ("node_modules/x/more.yaml", false),
        ("more.txt", false),
        ("more.YML", true),
    ] {
        let path = folder.join(name);
        client.open(&path, WRONG);
        client.sync();
        assert_eq!(!client.of(&path).is_empty(), counts, "{name}: {:#?}", client.diagnostics);
        client.close(&path);
        client.sync();
        assert!(client.of(&path).is_empty(), "{name}");
    }
}

#[test]
fn settings_are_read_anew_while_they_are_typed() {
    let (_scratch, folder) = copy("fixtures/shop-broken");
    let mut client = Client::open_in(&[&folder]);
    let (settings, consent) = (folder.join("consentlint.yaml"), folder.join("consent.yaml"));
    client.open(&consent, &text(&consent));
    client.sync();
    let rule = "ccpa/gpc-not-honored".to_owned();
    assert!(client.codes(&consent).contains(&rule));
    client.open(&settings, &format!("rules:\n  {rule}: off\n"));
    client.sync();
    assert!(!client.codes(&consent).contains(&rule));
    // What cannot be read is told at its place, and judged without.
    client.replace(&settings, 2, "rules:\n  ccpa/gpc-not-honored: of\n");
    client.sync();
    assert_eq!(client.codes(&settings), ["settings"]);
    assert_eq!(client.of(&settings)[0]["range"]["start"]["line"], 1);
    assert!(client.codes(&consent).contains(&rule));
    // An exception that covers nothing fades.
    client.replace(&settings, 3, "exceptions:\n  - {rule: ccpa/gpc-not-honored, subject: nothing, reason: tried}\n");
    client.sync();
    let unused = &client.of(&settings)[0];
    assert_eq!((unused["code"].as_str(), &unused["tags"]), (Some("core/exception-unused"), &json!([1])));
    // One that covers something silences it.
    client.replace(&settings, 4, "exceptions:\n  - {rule: ccpa/gpc-not-honored, reason: tried}\n");
    client.sync();
    assert!(client.of(&settings).is_empty() && !client.codes(&consent).contains(&rule));
    client.close(&settings);
    client.sync();
    assert!(client.codes(&consent).contains(&rule));
}

#[test]
fn rules_of_the_project_are_read_anew_while_they_are_typed() {
    let (_scratch, folder) = copy("fixtures/shop");
    let shipped = text(&crate::common::root().join("policies/ccpa/gpc-not-honored.yaml"));
    write(&folder.join("consentlint.yaml"), "policies: [own]\n");
    write(&folder.join("own/house/signal.yaml"), &shipped);
    let mut client = Client::open_in(&[&folder]);
    let path = folder.join("own/house/signal.yaml");
    client.open(&path, &shipped);
    client.replace(&path, 2, &shipped.replace("\ndeny:", "\ndenny:"));
    client.sync();
    assert_eq!(client.codes(&path), ["rule"]);
    client.replace(&path, 3, &shipped);
    client.sync();
    assert!(client.of(&path).is_empty());
}

#[test]
fn changes_on_disk_are_seen_when_the_client_tells_of_them() {
    let (_scratch, folder) = copy("fixtures/shop");
    let mut client = Client::open_in(&[&folder]);
    let path = folder.join("more.yaml");
    write(&path, WRONG);
    client.watched(&[(&path, 1)]);
    client.sync();
    assert_eq!(client.codes(&path), ["schema"]);
    write(&path, MAP);
    client.watched(&[(&path, 2)]);
    client.sync();
    assert!(client.of(&path).is_empty());
    write(&path, WRONG);
    client.watched(&[(&path, 2)]);
    client.sync();
    assert_eq!(client.codes(&path), ["schema"]);
    // Settings that come leave it out; settings that go bring it back.
    let settings = folder.join("consentlint.yaml");
    let last = text(&settings);
    write(&settings, "exclude: [more.yaml]\n");
    client.watched(&[(&settings, 2)]);
    client.sync();
    assert!(client.of(&path).is_empty());
    write(&settings, &last);
    client.watched(&[(&settings, 2)]);
    client.sync();
    assert_eq!(client.codes(&path), ["schema"]);
    std::fs::remove_file(&path).unwrap();
    client.watched(&[(&path, 3)]);
    client.sync();
    assert!(client.of(&path).is_empty());
    // A whole folder that is moved.
    write(&folder.join("one/more.yaml"), WRONG);
    client.watched(&[(&folder.join("one/more.yaml"), 1)]);
    client.sync();
    assert_eq!(client.codes(&folder.join("one/more.yaml")), ["schema"]);
    std::fs::rename(folder.join("one"), folder.join("two")).unwrap();
    let moved = json!([{"oldUri": uri(&folder.join("one")), "newUri": uri(&folder.join("two"))}]);
    client.notify("workspace/didRenameFiles", json!({"files": moved}));
    client.sync();
    assert!(client.of(&folder.join("one/more.yaml")).is_empty());
    assert_eq!(client.codes(&folder.join("two/more.yaml")), ["schema"]);
}

#[test]
fn what_is_open_is_not_overwritten_by_the_disk() {
    let (_scratch, folder) = copy("fixtures/shop");
    let path = folder.join("more.yaml");
    write(&path, MAP);
    let mut client = Client::open_in(&[&folder]);
    client.open(&path, WRONG);
    write(&path, &format!("{MAP}# changed\n"));
    client.watched(&[(&path, 2)]);
    client.sync();
    assert_eq!(client.codes(&path), ["schema"]);
    std::fs::remove_file(&path).unwrap();
    client.watched(&[(&path, 3)]);
    client.sync();
    assert_eq!(client.codes(&path), ["schema"], "open and gone");
    client.close(&path);
    client.sync();
    assert!(client.of(&path).is_empty());
}

#[test]
fn a_client_that_does_not_watch_has_the_disk_looked_at_when_it_saves() {
    let (_scratch, folder) = copy("fixtures/shop");
    let mut client = Client::open_as(&[&folder], json!({}));
    assert!(client.heard.iter().all(|message| message["method"] != "client/registerCapability"));
    write(&folder.join("more.yaml"), WRONG);
    let open = folder.join("shop.yaml");
    client.open(&open, &text(&open));
    client.sync();
    assert!(client.of(&folder.join("more.yaml")).is_empty());
    client.saved(&open);
    client.sync();
    let told = &client.of(&folder.join("more.yaml"))[0];
    assert_eq!(told["code"], "schema");
    assert!(told.get("relatedInformation").is_none() && told.get("codeDescription").is_none());
}

#[test]
fn two_folders_are_two_projects() {
    let (_one, broken) = copy("fixtures/shop-broken");
    let (_two, clean) = copy("fixtures/shop");
    let mut client = Client::open_in(&[&broken, &clean]);
    assert!(!client.diagnostics.is_empty());
    assert!(
        client.diagnostics.keys().all(|address| address.starts_with(&uri(&broken))),
        "{:?}",
        client.diagnostics.keys()
    );
    let folder = |path: &Path| json!({"uri": uri(path), "name": "x"});
    client.notify("workspace/didChangeWorkspaceFolders", json!({"event": {"added": [], "removed": [folder(&broken)]}}));
    client.sync();
    assert!(client.diagnostics.values().all(Vec::is_empty), "what was told is taken back");
    client.notify("workspace/didChangeWorkspaceFolders", json!({"event": {"added": [folder(&broken)], "removed": []}}));
    client.sync();
    assert!(client.diagnostics.values().any(|told| !told.is_empty()));
}

#[test]
fn a_folder_inside_a_project_is_that_project() {
    let (_scratch, folder) = copy("fixtures/shop-broken");
    let mut client = Client::open_in(&[&folder.join("plans"), &folder]);
    assert!(client.diagnostics.contains_key(&uri(&folder.join("consent.yaml"))), "{:?}", client.diagnostics.keys());
    client.published.clear();
    let path = folder.join("consent.yaml");
    client.open(&path, &text(&path));
    client.sync();
    assert_eq!(client.published.iter().filter(|address| **address == uri(&path)).count(), 1);
}

#[test]
fn a_file_outside_of_all_folders_brings_its_project_or_is_looked_at_alone() {
    let (_scratch, folder) = copy("fixtures/shop-broken");
    let mut client = Client::open_in(&[]);
    let path = folder.join("consent.yaml");
    client.open(&path, &text(&path));
    client.sync();
    assert!(client.codes(&path).contains(&"ccpa/gpc-not-honored".to_owned()), "with the destinations beside it");
    client.close(&path);
    client.sync();
    assert!(client.diagnostics.values().all(Vec::is_empty));
    // Without settings above it, nothing beside it is read.
    let lonely = tempfile::tempdir().unwrap();
    write(&lonely.path().join("other.yaml"), WRONG);
    let path = lonely.path().join("map.yaml");
    client.open(&path, WRONG);
    client.sync();
    assert_eq!(client.codes(&path), ["schema"]);
    assert!(!client.diagnostics.contains_key(&uri(&lonely.path().join("other.yaml"))));
    // What is none of ours is left in peace, alone or not.
    client.open(&lonely.path().join("notes.yaml"), "hello: [\n");
    client.sync();
    assert!(client.of(&lonely.path().join("notes.yaml")).is_empty());
}

#[test]
fn what_is_no_file_is_left_in_peace() {
    let (_scratch, folder) = copy("fixtures/shop");
    let mut client = Client::open_in(&[&folder]);
    for address in
        ["untitled:Untitled-1", "git:/x/consent.yaml?ref=HEAD", "file://server/share/x.yaml", "vscode-userdata:/a"]
    {
        let item = json!({"uri": address, "languageId": "yaml", "version": 1, "text": WRONG});
        client.notify("textDocument/didOpen", json!({"textDocument": item}));
        let document = json!({"uri": address, "version": 2});
        client.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": [{"text": "x"}]}));
        client.notify("textDocument/didClose", json!({"textDocument": {"uri": address}}));
    }
    client.sync();
    assert!(client.diagnostics.is_empty());
    assert_eq!(client.end().code(), Some(0));
}

#[test]
#[cfg(unix)]
fn a_file_behind_a_link_is_the_file() {
    let (scratch, folder) = copy("fixtures/shop");
    let link = scratch.path().join("link");
    std::os::unix::fs::symlink(&folder, &link).unwrap();
    let mut client = Client::open_in(&[&folder]);
    let path = link.join("consent.yaml");
    client.open(&path, &text(&path).replace("honored: true", "honored: false"));
    client.sync();
    assert!(
        client.codes(&path).contains(&"ccpa/gpc-not-honored".to_owned()),
        "told under the address that the client uses"
    );
    assert!(client.of(&folder.join("consent.yaml")).is_empty());
}

#[test]
fn what_concerns_no_file_is_said_once() {
    let (_scratch, folder) = copy("fixtures/shop");
    std::fs::remove_file(folder.join("consentlint.yaml")).unwrap();
    write(&folder.join("consentlint.yml"), "fail_on: high\n");
    let mut client = Client::open_in(&[&folder]);
    let lookalike = client.of(&folder.join("consentlint.yml"));
    assert_eq!(lookalike[0]["code"], "settings", "settings under another name: {lookalike:#?}");
    std::fs::rename(folder.join("consentlint.yml"), folder.join("consentlint.yaml")).unwrap();
    write(&folder.join("consentlint.yaml"), "exclude: ['[']\n");
    client.watched(&[(&folder.join("consentlint.yml"), 3), (&folder.join("consentlint.yaml"), 1)]);
    client.sync();
    assert_eq!(client.codes(&folder.join("consentlint.yaml")), ["settings"], "{:#?}", client.diagnostics);
    assert!(client.of(&folder.join("consentlint.yml")).is_empty());
}

#[test]
fn units_are_those_that_were_agreed_on() {
    let (_scratch, folder) = copy("fixtures/shop");
    let path = folder.join("more.yaml");
    let text = "datamap: 1\nbusiness: {name: \"é𝄞\", nam: x}\n";
    for (offered, agreed, column) in
        [(json!(null), "utf-16", 24), (json!(["utf-16", "utf-8"]), "utf-8", 27), (json!(["utf-32"]), "utf-32", 23)]
    {
        let mut capabilities = able();
        capabilities["general"]["positionEncodings"] = offered;
        let mut client = Client::open_as(&[&folder], capabilities);
        client.open(&path, text);
        client.sync();
        assert_eq!(client.of(&path)[0]["range"]["start"], json!({"line": 1, "character": column}), "{agreed}");
        // An edit behind the characters lands where the client means it.
        let at = json!({"line": 1, "character": column + 3});
        client.change(&path, 2, json!([{"range": {"start": at, "end": at}, "text": "e"}]));
        client.sync();
        assert!(
            client.codes(&path).is_empty() || client.codes(&path)[0] != "schema",
            "{agreed}: {:#?}",
            client.of(&path)
        );
    }
}
