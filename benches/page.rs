//! How fluid the page of `map --format html` is in a Chromium, where there is one: `cargo bench --bench page`.
//!
//! 500 destinations, 10,000 properties, 20 categories, 10 sources. What counts is the time from a key or click until the next
//! frame was drawn. Nothing here is a test: no number fails anything.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark looks at the clock, prints, and fails by panicking"
)]
#![allow(dead_code, reason = "the browser can more than is measured")]

#[path = "../tests/page/browser.rs"]
mod browser;

use browser::Browser;
use serde_json::json;
use std::fmt::Write as _;
use std::process::Command;
use std::time::Instant;

/// Times that each thing is done; the median counts.
const RUNS: usize = 9;

/// What is done, as the page sees it.
const ACTS: [(&str, &str); 6] = [
    (
        "type a letter of a search",
        "const i = document.getElementById('find'); i.value = 'email_1'.slice(0, 1 + turn % 7); i.dispatchEvent(new Event('input'))",
    ),
    (
        "choose a class",
        "const i = document.getElementById('by-class'); i.value = turn % 2 ? '' : 'A'; i.dispatchEvent(new Event('input'))",
    ),
    ("refuse a category", "document.querySelectorAll('[data-category]')[turn % 20].click()"),
    ("look at a destination", "document.querySelectorAll('[data-node^=destination]')[turn].click()"),
    ("sort 10,000 fields", "document.querySelectorAll('#table-fields th button')[turn % 7].click()"),
    ("draw every destination", "document.getElementById('draw-all')?.click()"),
];

fn main() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("map.yaml"), project()).unwrap();
    let start = Instant::now();
    let program = env!("CARGO_BIN_EXE_consentlint");
    let made = Command::new(program).args(["map", "--format", "html"]).current_dir(folder.path()).output().unwrap();
    println!("made in {:.2} s, {:.1} MB", start.elapsed().as_secs_f64(), made.stdout.len() as f64 / 1e6);
    let Some(mut browser) = Browser::start() else { return };
    let page = String::from_utf8(made.stdout).unwrap();
    browser.open(&page, "");
    let loaded = browser.value("performance.getEntriesByType('navigation')[0].loadEventEnd");
    println!("loaded in {:.0} ms\n", loaded.as_f64().unwrap());
    println!("| what | median | worst |");
    println!("|---|---|---|");
    for (name, act) in ACTS {
        let mut took: Vec<f64> = (0..RUNS).map(|turn| measure(&mut browser, act, turn)).collect();
        took.sort_by(f64::total_cmp);
        println!("| {name} | {:.0} ms | {:.0} ms |", took[RUNS / 2], took[RUNS - 1]);
    }
    println!("\n{}", json!(browser.complaints()));
}

fn measure(browser: &mut Browser, act: &str, turn: usize) -> f64 {
    let drawn = "await new Promise((wake) => requestAnimationFrame(() => setTimeout(wake, 0)))";
    let asked = format!(
        "(async () => {{ const turn = {turn}; const start = performance.now(); {act}; {drawn}; return performance.now() - start }})()"
    );
    browser.value(&asked).as_f64().unwrap()
}

fn project() -> String {
    let mut text =
        "datamap: 1\nsignals: {gpc: {honored: true}}\nconsent:\n  manager: onetrust\n  model: opt-in\n  categories:\n"
            .to_owned();
    let listed = |keep: &dyn Fn(usize) -> bool| {
        (0..500).filter(|at| keep(*at)).map(|at| format!("d{at}")).collect::<Vec<_>>().join(", ")
    };
    for at in 0..20 {
        let to = listed(&|to| to % 20 == at || to * 7 % 20 == at);
        let controls = if at < 2 { "opt-out" } else { "" };
        writeln!(text, "    - {{id: C{at:04}, purpose: 'Purpose {at}', controls: [{controls}], destinations: [{to}]}}")
            .unwrap();
    }
    text += "destinations:\n";
    for at in 0..500 {
        let role = ["third_party", "service_provider", "contractor"][at % 3];
        let purpose = ["services", "retargeting", "audit"][at % 3];
        writeln!(
            text,
            "  - {{id: d{at}, name: 'Destination {at}', role: {role}, purposes: [{purpose}], retention_days: 365}}"
        )
        .unwrap();
    }
    text += "sources:\n";
    for at in 0..10 {
        let (platform, to) = (if at < 5 { "web" } else { "server" }, listed(&|to| to % 10 == at || to % 7 == at));
        writeln!(text, "  - {{id: s{at}, platform: {platform}, identity: [email], consent: {{wrapper: w.ts}}, destinations: [{to}]}}").unwrap();
    }
    text += "events:\n";
    let words = ["email", "phone", "city", "sku", "price", "religion", "latitude", "note", "query", "color"];
    for event in 0..500 {
        writeln!(text, "  - name: Event {event}\n    sources: [s{}]\n    properties:", event % 10).unwrap();
        for at in 0..20 {
            writeln!(text, "      - {{name: {}_{at}}}", words[(event + at) % 10]).unwrap();
        }
    }
    text
}
