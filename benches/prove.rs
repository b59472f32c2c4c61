//! How long it takes to prove the opt-out of a whole project: `cargo bench --bench prove`.
//!
//! 20 categories, 10 sources, and destinations that each have a mapping of their own, under every consent manager whose
//! routing is known. Nothing here is a test: no number fails anything.
#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a benchmark looks at the clock, prints")]

use consentlint::check::{Inputs, load};
use consentlint::classify::Classifier;
use consentlint::flow::route::{Claim, Proof, Prover};
use consentlint::flow::{Flow, Map};
use consentlint::model::Profile;
use consentlint::source::Source;
use std::fmt::Write as _;
use std::time::Instant;

/// Runs per measurement; the best one counts.
const RUNS: usize = 5;
const CATEGORIES: usize = 20;
const SOURCES: usize = 10;

fn main() {
    println!("best of {RUNS}; {CATEGORIES} categories, {SOURCES} sources, every source feeds every destination\n");
    println!("| manager | destinations | paths | prove | per path | proved | refuted | undecidable |");
    println!("|---|---|---|---|---|---|---|---|");
    for manager in ["segment", "onetrust", "segment-consent-manager", "rudderstack", "custom"] {
        for destinations in [500, 1_000] {
            row(manager, destinations);
        }
    }
}

fn row(manager: &str, destinations: usize) {
    let mut inputs = Inputs::default();
    inputs.add(Source::new("map.yaml", project(manager, destinations)), Some(true));
    let loaded = load(&inputs, &Classifier::new(Vec::new()));
    let (model, links, classes) = (&loaded.model, &loaded.links, loaded.classes.as_slice());
    let map = Map { model, links, classes, as_of: "2026-01-31", profile: Profile::UsCa };
    let reach = Flow::derive(map).reach;
    let (mut took, mut tally) = (f64::INFINITY, [0; 3]);
    for _ in 0..RUNS {
        let start = Instant::now();
        let prover = Prover::new(map, &reach);
        tally = [0; 3];
        for at in 0..model.destinations.len() {
            match prover.prove(at, Claim::OptOut) {
                Proof::Proved => tally[0] += 1,
                Proof::Refuted(_) => tally[1] += 1,
                Proof::Undecidable { .. } => tally[2] += 1,
            }
        }
        took = took.min(start.elapsed().as_secs_f64() * 1e3);
    }
    let paths: usize = reach.paths.iter().map(Vec::len).sum();
    let [proved, refuted, undecidable] = tally;
    println!(
        "| {manager} | {destinations} | {paths} | {took:.1} ms | {:.2} µs | {proved} | {refuted} | {undecidable} |",
        took * 1e3 / paths as f64
    );
}

/// A project in which every destination is in three categories of its own choice.
fn project(manager: &str, destinations: usize) -> String {
    let mut text =
        format!("datamap: 1\nsignals: {{gpc: {{honored: true}}}}\nconsent:\n  manager: {manager}\n  categories:\n");
    for category in 0..CATEGORIES {
        let listed =
            (0..destinations).filter(|at| (0..3).any(|turn| (at * 7 + turn * (at + 5)) % CATEGORIES == category));
        let listed: Vec<String> = listed.map(|at| format!("d{at}")).collect();
        let controls = if category % 3 == 0 { "opt-out" } else { "" };
        let _ =
            writeln!(text, "    - {{id: c{category}, controls: [{controls}], destinations: [{}]}}", listed.join(", "));
    }
    text.push_str("destinations:\n");
    for at in 0..destinations {
        let mode = if at % 2 == 0 { "device" } else { "cloud" };
        let _ = writeln!(text, "  - {{id: d{at}, mode: {mode}, role: third_party, shares: true}}");
    }
    text.push_str("sources:\n");
    for at in 0..SOURCES {
        let (platform, consent) = if at % 3 == 2 { ("server", "{object: true}") } else { ("web", "{wrapper: custom}") };
        let _ = writeln!(text, "  - {{id: s{at}, platform: {platform}, consent: {consent}}}");
    }
    text
}
