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
use consentlint::model::catalogue;
use consentlint::policy::Rule;
use consentlint::source::{Discovery, Source, SourceId, discover, read_file};
use jiff::civil::{Date, date};
use rayon::prelude::*;
use std::error::Error;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

type Outcome<T> = Result<T, Box<dyn Error>>;

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

/// Numbers from a seed (xorshift), the same everywhere.
struct Seed(u64);

impl Seed {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below as u64) as usize
    }

    fn pick<'t>(&mut self, words: &[&'t str]) -> &'t str {
        words[self.next(words.len())]
    }
}

const OBJECTS: [&str; 12] = [
    "Order", "Cart", "Product", "Account", "Survey", "Invoice", "Trial", "Video", "Search", "Coupon", "Form", "Session",
];
const ACTIONS: [&str; 8] = ["Viewed", "Added", "Removed", "Completed", "Started", "Failed", "Shared", "Updated"];
const FIELDS: [&str; 24] = [
    "email",
    "phone",
    "first_name",
    "last_name",
    "user_id",
    "ip",
    "postal_code",
    "city",
    "latitude",
    "total",
    "currency",
    "sku",
    "category",
    "position",
    "url",
    "referrer",
    "plan",
    "seats",
    "coupon_code",
    "is_trial",
    "device_id",
    "locale",
    "answer",
    "birthday",
];
const TYPES: [&str; 4] = ["string", "number", "integer", "boolean"];
const CLASSES: [&str; 6] = ["none", "A", "D", "F", "G", "none"];

fn field(seed: &mut Seed, at: usize) -> String {
    format!("{}_{at}", seed.pick(&FIELDS))
}

fn event(seed: &mut Seed, at: usize) -> String {
    format!("{} {} {at}", seed.pick(&OBJECTS), seed.pick(&ACTIONS))
}

/// `files` files: a data map, events of the data map, and a tracking plan of one file per event.
fn workspace(folder: &Path, files: usize) -> Outcome<()> {
    let mut seed = Seed(0x5eed_0000_0000_0001);
    std::fs::create_dir_all(folder.join("events"))?;
    std::fs::create_dir_all(folder.join("plans/web-shop"))?;
    std::fs::write(folder.join("datamap.yaml"), datamap(50, 6, "web-shop"))?;
    for at in 1..files {
        let (path, text) = if at % 2 == 0 {
            (folder.join(format!("events/{at}.yaml")), declared_event(&mut seed, at))
        } else {
            (folder.join(format!("plans/web-shop/{at}.yml")), planned_event(&mut seed, at))
        };
        std::fs::write(path, text)?;
    }
    Ok(())
}

fn declared_event(seed: &mut Seed, at: usize) -> String {
    let mut text = format!("datamap: 1\nevents:\n  - name: {}\n    type: track\n    properties:\n", event(seed, at));
    for at in 0..34 {
        let (name, ty, class) = (field(seed, at), seed.pick(&TYPES), seed.pick(&CLASSES));
        let _ = writeln!(text, "      - name: {name}\n        type: {ty}\n        pi: {class}");
        let _ = writeln!(text, "        purposes: [services, \"shown on the page of the order\"]");
    }
    text
}

fn planned_event(seed: &mut Seed, at: usize) -> String {
    let mut text = String::from("rules:\n");
    let _ = writeln!(text, "  - key: {}\n    type: TRACK\n    description: \"Sent by the shop\"", event(seed, at));
    text.push_str("    version: 1\n    labels: {}\n    properties:\n");
    for at in 0..36 {
        let (name, ty) = (field(seed, at), seed.pick(&TYPES));
        let _ = writeln!(text, "      {name}:\n        type: [{ty}]\n        required: false");
        let _ = writeln!(text, "        description: \"What the {name} was at that time\"");
    }
    text
}

/// A business, its consent categories, destinations and sources.
fn datamap(destinations: usize, sources: usize, plan: &str) -> String {
    let slugs: Vec<&str> = catalogue::all().iter().step_by(9).map(|known| known.slug).take(destinations).collect();
    let mut text = String::from("datamap: 1\nbusiness:\n  name: Example Shop\n  regions: [us-ca]\n");
    text.push_str("  links:\n    privacy_policy: {url: 'https://example.com/privacy', updated_on: 2026-01-02}\n");
    text.push_str("    do_not_sell: {url: 'https://example.com/opt-out', title: Your Privacy Choices, icon: true}\n");
    text.push_str("signals:\n  gpc: {honored: true, applies_to: [browser, pseudonymous_profile, account]}\n");
    text.push_str("consent:\n  manager: onetrust\n  model: opt-out\n  categories:\n");
    for (at, name) in ["Essential", "Analytics", "Advertising", "Personalisation"].iter().enumerate() {
        let listed: Vec<&str> = slugs.iter().skip(at).step_by(4).copied().collect();
        let _ = writeln!(text, "    - id: C000{at}\n      name: {name}\n      purpose: {name} on our site");
        let _ = writeln!(text, "      essential: {}\n      controls: [opt-out]", at == 0);
        let _ = writeln!(text, "      destinations: [{}]", listed.join(", "));
    }
    text.push_str("destinations:\n");
    for (at, slug) in slugs.iter().enumerate() {
        let role = if at % 3 == 0 { "third_party" } else { "service_provider" };
        let _ = writeln!(text, "  - id: {slug}\n    role: {role}\n    retention_days: 365");
        let _ = writeln!(text, "    contract: {{kind: {role}, ref: 'contracts/{slug}.pdf'}}");
        let _ = writeln!(text, "    deletion: {{via: vendor_api, key: user_id, sla_days: 30}}");
    }
    text.push_str("sources:\n");
    for at in 0..sources {
        let _ = writeln!(text, "  - id: source-{at}\n    platform: web\n    plan: {plan}\n    identity: [user_id]");
        let _ = writeln!(text, "    destinations: [{}]", slugs.join(", "));
    }
    text
}

/// A plan of 4,000 events with 50 properties each, as Segment's Public API saves it, and a data map.
fn plan(folder: &Path) -> Outcome<()> {
    let mut seed = Seed(0x5eed_0000_0000_0002);
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("datamap.yaml"), datamap(20, 2, "shop-plan"))?;
    let mut text = String::from("{\"rules\": [");
    for at in 0..4_000 {
        let separator = if at == 0 { "" } else { "," };
        let name = event(&mut seed, at);
        let _ = write!(
            text,
            "{separator}\n  {{\"key\": \"{name}\", \"type\": \"TRACK\", \"version\": 1, \"jsonSchema\": {{"
        );
        text.push_str("\"type\": \"object\", \"properties\": {\"context\": {}, \"traits\": {}, \"properties\": {");
        text.push_str("\"type\": \"object\", \"properties\": {");
        for at in 0..50 {
            let (separator, name, ty) = (if at == 0 { "" } else { "," }, field(&mut seed, at), seed.pick(&TYPES));
            let _ = write!(text, "{separator}\n      \"{name}\": {{\"type\": [\"{ty}\"], \"description\": ");
            let _ = write!(text, "\"What {name} was at that time\", \"id\": \"/properties/{at}\"}}");
        }
        text.push_str("}}}}}");
    }
    text.push_str("\n]}\n");
    std::fs::write(folder.join("shop-plan.json"), text)?;
    Ok(())
}

/// One small file about which there is nothing to say.
fn small(folder: &Path) -> Outcome<()> {
    std::fs::create_dir_all(folder)?;
    let text = "datamap: 1\nevents:\n  - name: Order Completed\n    properties:\n      - {name: total, type: number, pi: none}\n";
    std::fs::write(folder.join("plan.yaml"), text)?;
    Ok(())
}
