//! temporary
#![allow(clippy::disallowed_methods, clippy::print_stdout, missing_docs)]
use consentlint::check::{self, Inputs, Judge};
use consentlint::classify::Classifier;
use consentlint::engine::{self, active};
use consentlint::flow::Flow;
use consentlint::model::{Model, Profile};
use consentlint::policy::Rule;
use consentlint::source::{Discovery, discover, read_file};
use std::time::Instant;
fn t<T>(what: &str, job: impl FnOnce() -> T) -> T {
    let s = Instant::now();
    let r = job();
    println!("{what:>10} {:.1} ms", s.elapsed().as_secs_f64() * 1000.0);
    r
}
fn main() {
    let folder = std::env::args().nth(1).unwrap();
    let day = jiff::civil::date(2026, 1, 31);
    let mut inputs = Inputs::default();
    let (found, _) = discover(folder.as_ref(), &Discovery::default());
    for file in &found {
        inputs.add(read_file(&file.path, &file.path.to_string_lossy()).unwrap(), Some(false));
    }
    let rules = Rule::shipped();
    let classifier = Classifier::new(Vec::new());
    let parts = t("parts", || check::parts(&inputs));
    for _ in 0..4 {
        println!("--");
        let cloned = t("clone", || parts.clone());
        let loaded = t("join all", || check::join(&inputs, cloned, &classifier));
        let classes = t("(classify)", || engine::classify(&loaded.model, &classifier));
        drop(classes);
        let m = t("(clone model)", || loaded.model.clone());
        let _ = t("(rejoin)", || Model::join(vec![m]).2.len());
        let flow = t("flow", || Flow::derive(loaded.map("2026-01-31", Profile::UsCa)));
        let judge = Judge {
            rules: active(&rules, day, |rule| Some(rule.severity)),
            known: &rules,
            partial: false,
            classifier: &classifier,
            day,
            profile: Profile::UsCa,
            exceptions: Vec::new(),
            inline: true,
            wanted: None,
        };
        let (f, _) = t("(run)", || engine::run(&judge.rules, day, loaded.map("2026-01-31", Profile::UsCa), &flow));
        t("(drop)", || drop(f));
        let report = t("judged", || check::judged(&inputs, &judge, &loaded, &flow));
        println!("{} findings", report.findings.len());
        t("drop rest", move || drop((report, flow, loaded)));
    }
}
