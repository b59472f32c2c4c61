//! How fast a check is, as ratios to reading and parsing alone: `cargo bench --bench workspace`.
//!
//! Scenarios are generated from a seed. Each runs in a process of its own, so that its peak memory can be read.
//! Nothing here is a test: no number fails anything.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark makes files, looks at the clock, prints"
)]

use consentlint::check::{Inputs, Judge, check};
use consentlint::classify::Classifier;
use consentlint::document;
use consentlint::engine::active;
use consentlint::model::Profile;
use consentlint::policy::Rule;
use consentlint::source::{Discovery, Source, SourceId, discover, read_file};
use jiff::civil::{Date, date};
use rayon::prelude::*;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

mod generate;

use generate::{Outcome, plan, small, workspace};

/// The day to judge by; fixed, so that every run judges the same.
const DAY: Date = date(2026, 1, 31);
/// Runs per measurement; the best one counts.
const RUNS: usize = 5;
const STARTS: usize = 20;

/// What is generated and measured.
struct Scenario {
    name: &'static str,
    about: &'static str,
    generate: fn(&Path) -> Outcome<()>,
}

const SCENARIOS: [Scenario; 3] = [
    Scenario { name: "yaml-100", about: "100 YAML files", generate: |folder| workspace(folder, 100) },
    Scenario { name: "yaml-2000", about: "2,000 YAML files", generate: |folder| workspace(folder, 2_000) },
    Scenario { name: "json-plan", about: "one JSON plan, 200,000 properties", generate: plan },
];

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let words: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
    match words.as_slice() {
        ["measure", folder] => measure(Path::new(folder)),
        ["once", folder, ..] => once(Path::new(folder)),
        ["memory", folder] => memory(Path::new(folder)),
        ["generate", folder] => generate(Path::new(folder)),
        _ => table(),
    }
}

/// Writes every scenario below `folder`, to profile one of them with `once`.
fn generate(folder: &Path) -> Outcome<()> {
    for scenario in &SCENARIOS {
        (scenario.generate)(&folder.join(scenario.name))?;
    }
    small(&folder.join("small"))
}

fn table() -> Outcome<()> {
    let folder = std::env::temp_dir().join(format!("consentlint-bench-{}", std::process::id()));
    let result = generate(&folder).and_then(|()| print_table(&folder));
    std::fs::remove_dir_all(&folder)?;
    result
}

fn print_table(folder: &Path) -> Outcome<()> {
    let threads = std::thread::available_parallelism()?;
    println!(
        "best of {RUNS}, {threads} threads; check: all shipped rules, files in, report out; command: with output\n"
    );
    println!(
        "| scenario | MB | read | + parse | check | command | check ÷ (read + parse) | files/s | MB/s | findings | problems | peak memory ÷ bytes |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for scenario in &SCENARIOS {
        let files = folder.join(scenario.name);
        let measured = child("measure", &files)?;
        let memory = child("memory", &files)?;
        println!("| {} | {} | {} |", scenario.about, measured.trim(), memory.trim());
    }
    println!("\nstart to end of one clean file, best of {STARTS}: {:.1} ms", start(&folder.join("small"))?);
    Ok(())
}

fn child(job: &str, folder: &Path) -> Outcome<String> {
    let child = Command::new(std::env::current_exe()?).arg(job).arg(folder).stderr(Stdio::inherit()).output()?;
    if !child.status.success() {
        return Err(format!("{job} of {} failed", folder.display()).into());
    }
    Ok(String::from_utf8(child.stdout)?)
}

/// Milliseconds of the program itself, from its start to its end.
fn start(folder: &Path) -> Outcome<f64> {
    let mut best = f64::INFINITY;
    for _ in 0..STARTS {
        let mut command = Command::new(env!("CARGO_BIN_EXE_consentlint"));
        command.args(["check", "--as-of", &DAY.to_string()]).arg(folder.join("plan.yaml"));
        let (output, took) = timed(|| command.output());
        let output = output?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stdout).into_owned().into());
        }
        best = best.min(took);
    }
    Ok(best)
}

fn timed<T>(job: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let result = job();
    (result, start.elapsed().as_secs_f64() * 1000.0)
}

fn best<T>(job: impl Fn() -> T) -> (T, f64) {
    let (mut result, mut took) = timed(&job);
    for _ in 1..RUNS {
        let (again, milliseconds) = timed(&job);
        (result, took) = (again, took.min(milliseconds));
    }
    (result, took)
}

/// All sources of a folder, read on all cores.
fn read(folder: &Path) -> Vec<Source> {
    let (found, _) = discover(folder, &Discovery::default());
    found.par_iter().filter_map(|file| read_file(&file.path, &file.path.to_string_lossy()).ok()).collect()
}

fn read_and_parse(folder: &Path) -> usize {
    let sources = read(folder);
    let parsed = |source: &Source| black_box(document::parse(SourceId(0), &source.path, &source.text)).documents.len();
    sources.par_iter().map(parsed).sum()
}

/// Files in, report out; gives the numbers of findings and problems.
fn whole(folder: &Path) -> (usize, usize) {
    let rules = Rule::shipped();
    let mut inputs = Inputs::default();
    for source in read(folder) {
        inputs.add(source, Some(false));
    }
    let judge = Judge {
        rules: active(&rules, DAY, |rule| Some(rule.severity)),
        known: &rules,
        partial: false,
        classifier: &Classifier::new(Vec::new()),
        day: DAY,
        profile: Profile::UsCa,
        exceptions: Vec::new(),
        inline: true,
        baseline: None,
        wanted: None,
    };
    let report = check(&inputs, &judge);
    (report.findings.len(), report.problems.len())
}

/// The command with its output, which is thrown away.
fn command(folder: &Path) -> u8 {
    let words = ["consentlint", "check", "--format", "concise", "--as-of", "2026-01-31"];
    let words = words.iter().map(std::ffi::OsString::from).chain([folder.into()]);
    let mut world = consentlint::cli::World {
        stdin: &mut std::io::empty(),
        stdout: &mut std::io::BufWriter::new(std::io::sink()),
        stderr: &mut std::io::sink(),
        today: DAY,
        directory: PathBuf::from("/"),
        color: false,
        links: false,
        width: 0,
        progress: None,
    };
    consentlint::cli::run(words, &mut world)
}

fn measure(folder: &Path) -> Outcome<()> {
    let (sources, reading) = best(|| read(folder));
    let bytes: usize = sources.iter().map(|source| source.text.len()).sum();
    let files = sources.len();
    drop(sources);
    let (_, parsing) = best(|| read_and_parse(folder));
    let ((findings, problems), checking) = best(|| whole(folder));
    let (_, commanding) = best(|| command(folder));
    let megabytes = bytes as f64 / 1e6;
    let (per_second, rate) = (files as f64 / checking * 1e3, megabytes / checking * 1e3);
    println!(
        "{megabytes:.1} | {reading:.0} ms | {parsing:.0} ms | {checking:.0} ms | {commanding:.0} ms | {:.2} | {per_second:.0} | {rate:.0} | {findings} | {problems}",
        checking / parsing
    );
    Ok(())
}

/// One check and nothing else, for a profiler.
fn once(folder: &Path) -> Outcome<()> {
    let (found, took) = timed(|| whole(folder));
    println!("{found:?} in {took:.0} ms");
    Ok(())
}

/// Peak memory of one check, divided by the bytes read.
fn memory(folder: &Path) -> Outcome<()> {
    let bytes: usize = read(folder).iter().map(|source| source.text.len()).sum();
    command(folder);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    match peak.map(|kilobytes| kilobytes.trim().parse::<f64>()).transpose()? {
        Some(kilobytes) => println!("{:.1} ({:.0} MB)", kilobytes * 1024.0 / bytes as f64, kilobytes / 1000.0),
        None => println!("not measured"),
    }
    Ok(())
}
