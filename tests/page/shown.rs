//! What filters and options leave on the page, and what must never get lost on the way.

use super::{page, rows};
use crate::browser::Browser;
use crate::common::run;
use serde_json::Value;
use tempfile::TempDir;

/// A page is gated, a server is not and sends something else; one field is kept back.
const TWO_WAYS: &str = "datamap: 1
consent:
  manager: custom
  categories:
    - {id: ads, purpose: x, controls: [opt-out, limit], destinations: [fb, kept]}
sources:
  - {id: web, platform: web, destinations: [fb, kept]}
  - {id: srv, platform: server, identity: [email], consent: {wrapper: none}, destinations: [fb]}
  - {id: idle, platform: server, identity: [email], destinations: []}
destinations:
  - {id: fb, name: FB, role: third_party, shares: true}
  - {id: kept, name: Twin, role: service_provider, filters: {drop_properties: [religion]}}
  - {id: other, name: Twin, role: third_party, shares: true, enabled: false}
events:
  - {name: Seen, sources: [web], properties: [{name: religion}, {name: colour}]}
  - {name: Shipped, sources: [srv], properties: [{name: parcel}]}
  - {name: Bare, sources: [web]}
";

fn project(map: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("map.yaml"), map).unwrap();
    folder
}

fn open(map: &str, fragment: &str, more: &[&str]) -> Option<Browser> {
    let mut browser = Browser::start()?;
    browser.open(&page(project(map).path(), more), fragment);
    Some(browser)
}

/// The first cells of a table.
fn first(browser: &mut Browser, table: &str) -> Vec<String> {
    rows(browser, table).into_iter().map(|row| row[0].clone()).collect()
}

fn at(browser: &mut Browser, fragment: &str) {
    browser.value(&format!("location.hash = '{fragment}'"));
    browser.settle();
}

#[test]
fn options_limit_what_is_listed_and_not_what_a_destination_receives() {
    for asked in [["--source", "web"], ["--class", "1D"]] {
        let Some(mut browser) = open(TWO_WAYS, "#visitor=after&refused=ads&destination=fb", &asked) else { return };
        let outcome = browser.text("#outcome");
        assert!(outcome.starts_with("For a visitor who refused ads: 1 destination receives"), "{asked:?} {outcome}");
        let detail = browser.text("#detail");
        assert!(detail.contains("from srv") && detail.contains("not among what was asked for"), "{detail}");
        let asked = browser.text("#asked");
        assert!(asked.contains("web") || asked.contains("1D"), "{asked}");
        assert_eq!(first(&mut browser, "sources").iter().filter(|name| *name == "srv").count(), 0);
    }
}

#[test]
fn the_page_says_of_an_inactive_destination_why() {
    let Some(mut browser) = open(TWO_WAYS, "#destination=other", &[]) else { return };
    let detail = browser.text("#detail");
    for said in ["Twin (other)", "It receives nothing, so nothing is claimed of it.", "active", "enabled"] {
        assert!(detail.contains(said), "{said}: {detail}");
    }
    assert!(!detail.contains("neither sold nor shared"), "{detail}");
    assert_eq!(first(&mut browser, "destinations"), ["FB", "Twin (kept)", "Twin (other)"]);
}

#[test]
fn filters_go_together() {
    let Some(mut browser) = open(TWO_WAYS, "#from=srv", &[]) else { return };
    assert_eq!(first(&mut browser, "fields"), ["identifiers (email)", "parcel"]);
    assert_eq!(rows(&mut browser, "fields")[1][4], "FB", "by way of this source");
    at(&mut browser, "#from=srv&role=service_provider");
    assert!(first(&mut browser, "fields").is_empty());
    at(&mut browser, "#from=idle");
    assert_eq!(first(&mut browser, "sources"), ["idle"]);
    // What is kept from a destination is not found by its name.
    at(&mut browser, "#find=kept");
    let found = first(&mut browser, "fields");
    assert!(found.contains(&"colour".to_owned()) && !found.contains(&"religion".to_owned()), "{found:?}");
    // What goes out with every call is something, and an event without fields is one.
    at(&mut browser, "#class=F");
    assert_eq!(first(&mut browser, "fields"), ["address, page and identifiers"]);
    at(&mut browser, "#find=bare");
    assert_eq!(rows(&mut browser, "fields").iter().map(|row| row[1].as_str()).collect::<Vec<_>>(), ["Bare"]);
    assert_eq!(first(&mut browser, "destinations"), ["FB", "Twin (kept)"]);
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn findings_follow_what_they_are_about() {
    let Some(mut browser) = Browser::start() else { return };
    browser.open(&super::sample("shop-broken"), "#class=1A");
    let told = |browser: &mut Browser| -> Vec<(String, String)> {
        rows(browser, "findings").into_iter().map(|row| (row[3].clone(), row[2].clone())).collect()
    };
    let found = told(&mut browser);
    assert!(found.iter().any(|(rule, _)| rule == "ccpa/restricted-field-collected"), "{found:?}");
    assert!(found.iter().all(|(_, about)| !about.ends_with("/1D")), "{found:?}");
    at(&mut browser, "#find=Who+is+each+of+these");
    assert!(!told(&mut browser).is_empty());
    at(&mut browser, "#");
    let all = browser.text("#findings h2");
    assert!(all.contains("40 findings, 25 questions"), "{all}");
    browser.value("(() => { const find = document.getElementById('find'); find.value = '  '; find.dispatchEvent(new Event('input')); })()");
    browser.settle();
    assert_eq!(browser.text("#findings h2"), all);
}

#[test]
fn what_was_accepted_is_shown_as_such() {
    let folder = project(
        "datamap: 1\ndestinations:\n  - {id: mixpanel, deletion: {via: none}}\nsources:\n  - {id: web, platform: web, destinations: [mixpanel]}\n",
    );
    let settings = "exceptions:\n  - {rule: ccpa/deletion-method-missing, subject: 'destination:mixpanel', reason: told by mail}\n";
    std::fs::write(folder.path().join("consentlint.yaml"), settings).unwrap();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    assert_eq!(run(folder.path(), &["baseline"]).code, 0);
    let Some(mut browser) = Browser::start() else { return };
    browser.open(&page(folder.path(), &[]), "#destination=mixpanel");
    let summary = browser.text("#summary");
    assert!(summary.contains("0 findings · 0 questions") && summary.contains("accepted"), "{summary}");
    let detail = browser.text("#detail");
    assert!(detail.contains("excepted (told by mail)") || detail.contains("excepted"), "{detail}");
    assert!(detail.contains("in the baseline"), "{detail}");
}

#[test]
fn too_many_categories_leave_what_is_known() {
    let mut map = "datamap: 1\nconsent:\n  manager: custom\n  model: opt-out\n  categories:\n".to_owned();
    for at in 0..14 {
        map += &format!("    - {{id: c{at}, purpose: p, destinations: [fb]}}\n");
    }
    map += "sources:\n  - {id: web, platform: web, destinations: [fb]}\ndestinations:\n  - {id: fb, name: FB, role: third_party, shares: true}\n";
    let folder = project(&map);
    let route: Value = run(folder.path(), &["route", "--state", "{}", "--format", "json"]).json();
    assert_eq!(route["destinations"][0]["receives"], "yes");
    let Some(mut browser) = Browser::start() else { return };
    browser.open(&page(folder.path(), &[]), "#visitor=before");
    assert!(browser.text("#outcome").contains("1 destination receives"), "{}", browser.text("#outcome"));
    browser.value("document.getElementById('refuse-all').click()");
    assert!(browser.text("#outcome").contains("for 1 it cannot be told"), "{}", browser.text("#outcome"));
}

#[test]
fn the_way_to_the_tables_keeps_what_was_chosen() {
    let Some(mut browser) = open(TWO_WAYS, "#destination=fb&class=A&visitor=after&refused=ads", &[]) else { return };
    let before = browser.value("location.hash");
    browser.value("document.getElementById('skip').click()");
    browser.settle();
    assert_eq!(
        browser.value("[location.hash, document.activeElement.id].join(' ')"),
        format!("{} tables", before.as_str().unwrap())
    );
    // A link in a table chooses, and never the opposite; the focus goes to what it tells.
    browser.value("document.querySelector('#table-destinations tbody button').click()");
    assert_eq!(browser.value("document.activeElement.id"), "detail");
    assert!(browser.text("#detail").contains("FB"));
    assert!(browser.is("document.getElementById('detail-title').getBoundingClientRect().top > -2"));
}

#[test]
fn paper_has_the_picture_in_parts_with_their_lines() {
    let mut map = "datamap: 1\nsources:\n  - {id: web, platform: web, destinations: [".to_owned();
    let ids: Vec<String> = (0..30).map(|at| format!("d{at}")).collect();
    map += &format!("{}]}}\ndestinations:\n", ids.join(", "));
    for id in &ids {
        map += &format!("  - {{id: {id}, role: service_provider}}\n");
    }
    let Some(mut browser) = open(&map, "", &[]) else { return };
    browser.value("dispatchEvent(new Event('beforeprint'))");
    let parts = "[...document.querySelectorAll('#picture .lanes')].map((part) => [part.querySelectorAll('[data-node^=destination]').length, part.querySelectorAll('.gap:nth-child(4) path').length])";
    assert_eq!(browser.value(parts), serde_json::json!([[12, 12], [12, 12], [6, 6]]));
    browser.ask("Emulation.setEmulatedMedia", &serde_json::json!({"media": "print"}));
    assert!(browser.is("[...document.querySelectorAll('#picture .node')].every((node) => node.checkVisibility())"));
    assert!(browser.is("!document.getElementById('filters').checkVisibility()"));
    browser.value("dispatchEvent(new Event('afterprint'))");
    assert!(browser.is("document.querySelectorAll('#picture .lanes').length === 1"));
}
