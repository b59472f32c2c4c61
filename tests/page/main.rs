//! The page of `map --format html` in a real browser: what it shows, what it lets nobody do, and who can use it.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests make files")]

mod browser;
#[path = "../common/mod.rs"]
mod common;
mod shown;

use browser::Browser;
use common::{root, run};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Projects whose pages are held against `route`.
const ROUTED: [&str; 3] = ["shop", "shop-broken", "leaks"];

const DAY: [&str; 2] = ["--as-of", "2026-11-24"];

fn page(folder: &Path, more: &[&str]) -> String {
    let ran = run(folder, &[&["map", "--format", "html"], &DAY[..], more].concat());
    assert!(ran.code < 3 && ran.stdout.starts_with("<!DOCTYPE html>"), "{}", ran.stderr);
    ran.stdout
}

fn sample(name: &str) -> String {
    page(&root().join("fixtures").join(name), &[])
}

fn strings(found: &Value) -> Vec<&str> {
    found.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect()
}

/// The rows of a table, as texts.
fn rows(browser: &mut Browser, table: &str) -> Vec<Vec<String>> {
    browser.settle();
    let expression = format!(
        "[...document.querySelectorAll('#table-{table} tbody tr')].map(row => [...row.cells].map(cell => cell.textContent))"
    );
    serde_json::from_value(browser.value(&expression)).unwrap()
}

#[test]
fn the_planted_sale_is_seen() {
    let Some(mut browser) = Browser::start() else { return };
    browser.open(&sample("shop-broken"), "");
    let node = "document.querySelector('[aria-label^=\"Destination Facebook Pixel\"]')";
    let label = browser.value(&format!("{node}.getAttribute('aria-label')"));
    assert!(label.as_str().unwrap().contains("a claim is refuted"), "{label}");
    browser.value(&format!("{node}.click()"));
    let detail = browser.text("#detail");
    for said in [
        "opt-out refuted",
        "a visitor who has opted out still sends social_security_number to Facebook Pixel",
        "shop.yaml:8",
        "third_party",
        "destinations.yaml:5",
        "ccpa/share-destination-ungated",
        "Contract\n\nNothing is declared.",
        "Deletion",
        "Access and correction",
        "Retention",
        "17 fields",
    ] {
        assert!(detail.contains(said), "{said} is not in\n{detail}");
    }
    let all = rows(&mut browser, "findings");
    let told = |row: &&Vec<String>| row[0] == "critical" && row[3] == "ccpa/share-destination-ungated";
    assert!(
        all.iter().filter(told).any(|row| row[1].contains("Facebook Pixel") && row[4].contains(".yaml:")),
        "{all:?}"
    );
    assert_eq!(browser.complaints(), Vec::<String>::new());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    browser.picture(&folder.join("page-light.png"));
    browser.window(1440, 1100, "dark");
    browser.picture(&folder.join("page-dark.png"));
}

#[test]
fn nothing_is_loaded_and_nothing_else_runs() {
    let Some(mut browser) = Browser::start() else { return };
    browser.open(&sample("shop"), "");
    let attacks = "(async () => {
        const add = (name, set) => { const made = document.createElement(name); set(made); document.body.append(made); };
        add('script', (made) => { made.textContent = 'window.ran = 1' });
        add('div', (made) => { made.innerHTML = '<img src=\"https://evil.example/x\" onerror=\"window.ran = 2\" onclick=\"window.ran = 3\">' });
        document.querySelector('[onclick]').click();
        add('iframe', (made) => { made.src = 'https://evil.example/' });
        add('link', (made) => { made.rel = 'stylesheet'; made.href = 'https://evil.example/' });
        try { await fetch('https://evil.example/'); window.ran = 4; } catch {}
        await new Promise((wake) => setTimeout(wake, 200));
        return window.ran ?? null;
    })()";
    assert_eq!(browser.value(attacks), Value::Null);
    // What is stopped is announced before it is, and the browser draws a sign where the frame would be.
    let mut stopped = browser.complaints();
    stopped.retain(|one| !one.starts_with("loads "));
    assert!(stopped.len() >= 7, "{stopped:#?}");
    assert!(stopped.iter().all(|one| one.contains("Content Security Policy")), "{stopped:#?}");
}

/// Every state that can be switched through, with what the address of the page says of it.
fn states(categories: &[(String, bool)]) -> Vec<(Value, String)> {
    let switches: Vec<&String> = categories.iter().filter(|(_, essential)| !essential).map(|(id, _)| id).collect();
    let mut found = Vec::new();
    for signal in [false, true] {
        let gpc = if signal { "&gpc=1" } else { "" };
        found.push((json!({"categories": {}, "gpc": signal, "chosen": false}), format!("#visitor=before{gpc}")));
        for refused in 0..1_u32 << switches.len() {
            let is_refused = |at: usize| refused & (1 << at) != 0;
            let mut said: serde_json::Map<String, Value> =
                categories.iter().map(|(id, _)| (id.clone(), json!(true))).collect();
            let mut fragment = "#visitor=after".to_owned();
            for (_, id) in switches.iter().enumerate().filter(|(at, _)| is_refused(*at)) {
                said.insert((*id).clone(), json!(false));
                fragment += &format!("&refused={}", id.replace(' ', "+"));
            }
            found.push((json!({"categories": said, "gpc": signal, "chosen": true}), format!("{fragment}{gpc}")));
        }
    }
    found
}

/// The projects of a folder: itself, or those in it.
fn projects(name: &str) -> Vec<std::path::PathBuf> {
    let folder = root().join("fixtures").join(name);
    if folder.join("consentlint.yaml").exists() || name.starts_with("shop") {
        return vec![folder];
    }
    let mut found = Vec::new();
    for case in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let inner = case.join("leak");
        found.push(if inner.is_dir() { inner } else { case });
    }
    found.sort();
    found
}

#[test]
fn choices_show_what_route_says() {
    let Some(mut browser) = Browser::start() else { return };
    let mut held = 0;
    for folder in ROUTED.iter().flat_map(|name| projects(name)) {
        let map: Value = run(&folder, &[&["map", "--format", "json"], &DAY[..]].concat()).json();
        let categories: Vec<(String, bool)> = map["categories"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["id"].as_str().unwrap().to_owned(), one["declared"]["essential"]["value"] == true))
            .collect();
        browser.open(&page(&folder, &[]), "");
        for (state, fragment) in states(&categories).into_iter().step_by(if categories.len() > 5 { 7 } else { 1 }) {
            let ran = run(&folder, &["route", "--state", &state.to_string(), "--format", "json"]).json();
            browser.value(&format!("location.hash = {}", json!(fragment)));
            let shown: BTreeMap<String, String> =
                rows(&mut browser, "destinations").into_iter().map(|row| (row[0].clone(), row[4].clone())).collect();
            for one in ran["destinations"].as_array().unwrap() {
                let name = one["name"].as_str().unwrap();
                let words = match one["receives"].as_str().unwrap() {
                    "yes" => "receives",
                    "no" => "receives nothing",
                    _ => "cannot be told",
                };
                let said = shown.get(name).map(String::as_str);
                let idle = said == Some("–") && words == "receives nothing";
                assert!(
                    said == Some(words) || idle,
                    "{} {fragment} {name}: {shown:?}, route: {words}",
                    folder.display()
                );
                held += 1;
            }
        }
        assert_eq!(browser.complaints(), Vec::<String>::new(), "{}", folder.display());
    }
    assert!(held > 400, "{held}");
}

#[test]
fn the_first_choice_refuses_what_was_pressed() {
    let Some(mut browser) = Browser::start() else { return };
    browser.open(&sample("shop"), "");
    browser.value("document.querySelectorAll('[data-category]')[2].click()");
    assert_eq!(browser.value("location.hash"), "#visitor=after&refused=do-not-sell");
    assert!(browser.text("#outcome").contains("4 destinations receive"), "{}", browser.text("#outcome"));
    browser.value("document.querySelectorAll('[data-category]')[2].click()");
    assert_eq!(browser.value("location.hash"), "#visitor=after");
    assert!(browser.text("#outcome").contains("6 destinations receive"), "{}", browser.text("#outcome"));
    browser.value("document.getElementById('opt-out').click()");
    assert_eq!(browser.value("location.hash"), "#visitor=after&refused=do-not-sell");
}

#[test]
fn filters_choose_what_is_shown() {
    let Some(mut browser) = Browser::start() else { return };
    browser.open(&sample("shop-broken"), "#class=1D");
    let names = |rows: Vec<Vec<String>>| rows.into_iter().map(|row| row[0].clone()).collect::<BTreeSet<String>>();
    assert_eq!(names(rows(&mut browser, "fields")), BTreeSet::from(["religion".to_owned()]));
    let religious = names(rows(&mut browser, "destinations"));
    assert!(religious.contains("Facebook Pixel") && !religious.contains("warehouse"), "{religious:?}");
    let set = |browser: &mut Browser, id: &str, value: &str| {
        browser.value(&format!(
            "(() => {{ const input = document.getElementById('{id}'); input.value = {}; input.dispatchEvent(new Event('input')); }})()",
            json!(value)
        ));
    };
    browser.value("document.getElementById('clear').click()");
    assert_eq!(rows(&mut browser, "destinations").len(), 6);
    set(&mut browser, "by-source", "1");
    let fed = names(rows(&mut browser, "destinations"));
    assert_eq!(fed, ["Facebook Pixel", "order-emails", "warehouse"].map(str::to_owned).into());
    set(&mut browser, "by-role", "third_party");
    assert_eq!(names(rows(&mut browser, "destinations")), BTreeSet::from(["Facebook Pixel".to_owned()]));
    browser.value("document.getElementById('clear').click()");
    set(&mut browser, "by-claim", "unclaimed");
    assert_eq!(names(rows(&mut browser, "destinations")), ["order-emails", "warehouse"].map(str::to_owned).into());
    browser.value("document.getElementById('clear').click()");
    set(&mut browser, "find", "RELIGION");
    assert_eq!(names(rows(&mut browser, "fields")), BTreeSet::from(["religion".to_owned()]));
    assert_eq!(names(rows(&mut browser, "destinations")), religious);
    let status = browser.text("#shown");
    assert!(status.contains("1 field"), "{status}");
    let address = browser.value("location.hash");
    assert_eq!(address, "#find=RELIGION");
    set(&mut browser, "find", "nothing has this name");
    assert!(rows(&mut browser, "fields").is_empty() && rows(&mut browser, "destinations").is_empty());
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn tables_sort_by_each_column() {
    let Some(mut browser) = Browser::start() else { return };
    browser.open(&sample("shop-broken"), "");
    for table in ["findings", "destinations", "fields", "ways", "categories", "sources"] {
        let columns = browser.value(&format!("document.querySelectorAll('#table-{table} thead th').length"));
        let before: BTreeSet<Vec<String>> = rows(&mut browser, table).into_iter().collect();
        for at in 0..columns.as_u64().unwrap() {
            let press = format!("document.querySelectorAll('#table-{table} thead th button')[{at}].click()");
            let sorted =
                format!("document.querySelectorAll('#table-{table} thead th')[{at}].getAttribute('aria-sort')");
            let mut orders = Vec::new();
            for _ in 0..2 {
                browser.value(&press);
                orders.push((browser.value(&sorted), rows(&mut browser, table)));
            }
            let ways: BTreeSet<&str> = orders.iter().map(|(way, _)| way.as_str().unwrap()).collect();
            assert_eq!(ways, BTreeSet::from(["ascending", "descending"]), "{table} {at}");
            // Of a longer table other rows come first.
            for (_, rows) in orders.iter().filter(|_| before.len() < 50) {
                assert_eq!(rows.iter().cloned().collect::<BTreeSet<_>>(), before, "{table} {at}");
            }
        }
    }
    browser.value("document.querySelectorAll('#table-fields thead th button')[0].click()");
    let fields: Vec<String> = rows(&mut browser, "fields").into_iter().map(|row| row[0].to_lowercase()).collect();
    assert!(fields.is_sorted(), "{fields:?}");
}

#[test]
fn keys_and_screen_readers_reach_everything() {
    let Some(mut browser) = Browser::start() else { return };
    browser.open(&sample("shop-broken"), "");
    // Every focus stop in order, by the keyboard alone.
    let mut stops = Vec::new();
    for _ in 0..60 {
        browser.press("Tab");
        let at = browser.value(
            "(() => { const at = document.activeElement; return [at.tagName, at.id, at.getAttribute('aria-label') ?? at.innerText ?? '', at.name ?? ''].join(' ').trim() })()",
        );
        stops.push(at.as_str().unwrap().to_owned());
    }
    for wanted in
        ["Skip to the tables", "find", "by-class", "Source web", "Destination Facebook Pixel", "state", "signal"]
    {
        assert!(stops.iter().any(|stop| stop.contains(wanted)), "{wanted}: {stops:#?}");
    }
    // Enter chooses, and the focus goes to what it tells.
    browser.value("document.querySelector('[aria-label^=\"Destination Facebook Pixel\"]').focus()");
    browser.press("Enter");
    assert_eq!(browser.value("document.activeElement.id"), "detail");
    assert!(browser.is(
        "document.querySelector('[aria-label^=\"Destination Facebook Pixel\"]').getAttribute('aria-pressed') === 'true'"
    ));
    browser.press("Escape");
    assert!(browser.is("document.activeElement.dataset.node.startsWith('destination')"));
    browser.value("document.querySelector('#choices input[value=before]').focus()");
    browser.press(" ");
    let outcome = browser.text("#outcome");
    assert!(outcome.starts_with("For a visitor who has not chosen"), "{outcome}");
    // Everything that can be used has a name.
    let tree = browser.ask("Accessibility.getFullAXTree", &json!({}));
    let usable = ["button", "checkbox", "radio", "combobox", "searchbox", "link", "region", "table", "columnheader"];
    let mut named: BTreeMap<&str, usize> = BTreeMap::new();
    for node in tree["nodes"].as_array().unwrap().iter().filter(|node| node["ignored"] != true) {
        let role = node["role"]["value"].as_str().unwrap_or_default();
        if usable.contains(&role) {
            *named.entry(role).or_default() += 1;
            let name = node["name"]["value"].as_str().unwrap_or_default();
            assert!(!name.trim().is_empty(), "a {role} without a name: {node}");
        }
    }
    assert!(named["button"] > 40 && named["table"] == 7 && named["columnheader"] > 30, "{named:?}");
    assert!(browser.is("document.documentElement.lang === 'en'"));
    assert!(browser.is("new Set([...document.querySelectorAll('[id]')].map(one => one.id)).size === document.querySelectorAll('[id]').length"));
    let levels = browser.value("[...document.querySelectorAll('h1, h2, h3, h4')].filter(one => one.checkVisibility()).map(one => Number(one.tagName[1]))");
    let levels: Vec<u64> = serde_json::from_value(levels).unwrap();
    assert!(levels[0] == 1 && levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
}

#[test]
fn everything_can_be_read() {
    let Some(mut browser) = Browser::start() else { return };
    for scheme in ["light", "dark"] {
        browser.window(1440, 1100, scheme);
        for (name, fragment) in [("shop-broken", "#destination=facebook-pixel"), ("shop", "#source=web&visitor=before")]
        {
            browser.open(&sample(name), fragment);
            let low = browser.value(include_str!("looks.js"));
            assert_eq!(strings(&low), Vec::<&str>::new(), "{scheme} {name}");
        }
    }
    // On a telephone nothing but tables and the picture is wider than the screen.
    browser.window(390, 844, "light");
    browser.open(&sample("shop-broken"), "#destination=facebook-pixel");
    assert!(browser.is("document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
}

#[test]
fn paper_holds_every_row_and_what_is_closed() {
    let Some(mut browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut map = "datamap: 1\nsources:\n  - {id: web, platform: web, destinations: [store]}\ndestinations:\n  - {id: store, role: internal}\nevents:\n  - name: Wide\n    sources: [web]\n    properties:\n".to_owned();
    for at in 0..700 {
        map += &format!("      - {{name: colour_{at}}}\n");
    }
    std::fs::write(folder.path().join("map.yaml"), map).unwrap();
    browser.open(&page(folder.path(), &[]), "");
    assert_eq!(rows(&mut browser, "fields").len(), 50);
    browser.value("document.querySelector('#fields p button').click()");
    assert_eq!(rows(&mut browser, "fields").len(), 550);
    browser.value("document.querySelector('#fields p button').click()");
    assert_eq!(rows(&mut browser, "fields").len(), 701);
    assert!(browser.is("document.querySelector('#fields p button') === null"));
    browser.value("dispatchEvent(new Event('afterprint'))");
    assert_eq!(rows(&mut browser, "fields").len(), 50);
    browser.value("dispatchEvent(new Event('beforeprint'))");
    assert_eq!(rows(&mut browser, "fields").len(), 701);
    assert!(browser.is("document.querySelectorAll('details:not([open])').length === 0"));
    assert!(browser.text("#facts").contains("Access and correction"));
    let printed = browser.ask("Page.printToPDF", &json!({}));
    assert!(printed["data"].as_str().unwrap().len() > 50_000);
    browser.value("dispatchEvent(new Event('afterprint'))");
    assert!(browser.is("document.querySelectorAll('details[open]').length === 0"));
}

#[test]
fn names_stay_text() {
    let Some(mut browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let names =
        ["<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>", "<!--", "{{x}}", "a&lt;b", "`<b>x</b>`"];
    let mut map = "datamap: 1\nconsent:\n  categories:\n".to_owned();
    for name in names {
        map += &format!("    - {{id: {0}, purpose: {0}, controls: [opt-out], destinations: [{0}]}}\n", json!(name));
    }
    map += "destinations:\n";
    for name in names {
        map += &format!("  - {{id: {0}, role: third_party, shares: true, contract: {{ref: {0}}}}}\n", json!(name));
    }
    map += "sources:\n";
    for name in names {
        map += &format!("  - {{id: {0}, platform: web, destinations: [{0}]}}\n", json!(name));
    }
    map += "events:\n";
    for name in names {
        map += &format!("  - {{name: {0}, sources: [{0}], properties: [{{name: {0}, pi: [A]}}]}}\n", json!(name));
    }
    std::fs::write(folder.path().join("a <b> & 'c'.yaml"), map).unwrap();
    browser.open(&page(folder.path(), &[]), "");
    assert!(
        browser.is("document.querySelectorAll('img, #tables script, #picture script, #facts script, b').length === 0")
    );
    for (at, name) in names.iter().enumerate() {
        browser.value(&format!("document.querySelectorAll('[data-node^=destination]')[{at}].click()"));
        let detail = browser.text("#detail");
        assert!(detail.contains("a <b> & 'c'.yaml:"), "{detail}");
        let shown = rows(&mut browser, "destinations");
        assert!(shown.iter().any(|row| row[0] == *name), "{name}: {shown:?}");
        assert!(
            browser
                .is("document.querySelectorAll('img, #tables script, #picture script, #facts script, b').length === 0")
        );
    }
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn an_address_that_names_nothing_shows_all() {
    let Some(mut browser) = Browser::start() else { return };
    browser.open(&sample("shop"), "#destination=gone&class=Q&from=gone&role=x&claim=x&visitor=x&refused=gone&gpc=1");
    assert_eq!(rows(&mut browser, "destinations").len(), 6);
    assert!(browser.text("#detail").contains("Choose a destination"));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}
