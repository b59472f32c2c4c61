//! How fast exports of events are scanned, and in how much memory: `cargo bench --bench scan`.
//!
//! Messages are generated from a seed as websites and servers send them: other fields in each, lists, nested objects, texts of
//! many alphabets, ids, times. They are read from memory, over and over, so that no disk is measured. Nothing here is a test:
//! no number fails anything.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark looks at the clock and at its own process, prints"
)]

use consentlint::scan::{Export, How, read};
use serde_json::{Map, Value, json};
use std::error::Error;
use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicU64;
use std::time::Instant;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Runs per measurement; the best one counts.
const RUNS: usize = 7;
/// Bytes of different messages.
const DIFFERENT: usize = 64_000_000;
/// How often they are read in a run.
const ROUNDS: usize = 16;

type Message = fn(&mut Seed) -> Value;

const KINDS: [(&str, Message); 3] = [
    ("of websites", web),
    ("of servers", server),
    ("of both", |seed| if seed.below(4) == 0 { server(seed) } else { web(seed) }),
];

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().skip(1).map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["memory", rounds] => memory(rounds.parse()?),
        _ => table(),
    }
}

fn table() -> Outcome<()> {
    let gigabytes = (DIFFERENT * ROUNDS) as f64 / 1e9;
    println!("best of {RUNS}; {gigabytes:.1} GB a run, {} MB of them different\n", DIFFERENT / 1_000_000);
    println!("| messages | bytes each | fields | 1 thread | 2 threads |");
    println!("|---|---|---|---|---|");
    for (name, message) in KINDS {
        let (text, count) = lines(message);
        let (one, fields) = speed(&text, 1);
        let (two, _) = speed(&text, 2);
        println!("| {name} | {} | {fields} | {one:.0} MB/s | {two:.0} MB/s |", text.len() / count);
    }
    println!(
        "\n| read by `consentlint scan -` on 2 threads | peak memory, the {} MB of messages apart |",
        DIFFERENT / 1_000_000
    );
    println!("|---|---|");
    for rounds in [ROUNDS / 8, ROUNDS * 10 / 8] {
        let mut child = Command::new(std::env::current_exe()?);
        let output = child.args(["memory", &rounds.to_string()]).stderr(Stdio::inherit()).output()?;
        let said = String::from_utf8(output.stdout)?;
        println!("| {:.1} GB | {} |", (DIFFERENT * rounds) as f64 / 1e9, said.trim());
    }
    Ok(())
}

/// A text, over and over.
struct Again<'t> {
    text: &'t [u8],
    at: usize,
    rounds: usize,
}

impl<'t> Again<'t> {
    fn new(text: &'t [u8], rounds: usize) -> Self {
        Self { text, at: 0, rounds }
    }
}

impl Read for Again<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.rounds == 0 {
            return Ok(0);
        }
        let rest = &self.text[self.at..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        if self.at == self.text.len() {
            (self.at, self.rounds) = (0, self.rounds - 1);
        }
        Ok(count)
    }
}

/// Megabytes a second, and how many fields were found.
fn speed(text: &[u8], threads: usize) -> (f64, usize) {
    let (mut best, mut fields) = (f64::INFINITY, 0);
    for _ in 0..RUNS {
        let mut stream = Again::new(text, ROUNDS);
        let start = Instant::now();
        let outcome = read(vec![Export::Stream(&mut stream)], How { threads, ..How::default() }, &AtomicU64::new(0));
        best = best.min(start.elapsed().as_secs_f64());
        let lines = outcome.profile.lines;
        assert_eq!((lines.malformed, lines.other, outcome.unread.len()), (0, 0, 0));
        fields = outcome.profile.fields.len();
    }
    ((text.len() * ROUNDS) as f64 / best / 1e6, fields)
}

/// What a process needs at its peak for so many rounds, beyond what it needs to generate the messages.
fn memory(rounds: usize) -> Outcome<()> {
    let (text, _) = lines(KINDS[2].1);
    let before = peak()?;
    let mut stream = Again::new(&text, rounds);
    let mut world = consentlint::cli::World {
        stdin: &mut stream,
        stdout: &mut std::io::sink(),
        stderr: &mut std::io::sink(),
        today: jiff::civil::date(2026, 1, 31),
        directory: std::env::current_dir()?,
        color: false,
        links: false,
        width: 0,
        progress: None,
    };
    assert_eq!(consentlint::cli::run(["consentlint", "scan", "-"].map(Into::into), &mut world), 0);
    match (before, peak()?) {
        (Some(before), Some(after)) => println!("{:.1} MB", (after - before) / 1_000.0),
        _ => println!("not measured"),
    }
    Ok(())
}

/// `VmHWM` in kB (Linux only).
fn peak() -> Outcome<Option<f64>> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    Ok(peak.map(|kilobytes| kilobytes.trim().parse::<f64>()).transpose()?)
}

fn lines(message: Message) -> (Vec<u8>, usize) {
    let (mut seed, mut text, mut count) = (Seed(20_260_131), Vec::with_capacity(DIFFERENT + 65_536), 0);
    while text.len() < DIFFERENT {
        text.extend_from_slice(message(&mut seed).to_string().as_bytes());
        text.push(b'\n');
        count += 1;
    }
    (text, count)
}

/// Numbers from a seed (xorshift), the same everywhere.
struct Seed(u64);

impl Seed {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, below: u64) -> u64 {
        self.next() % below
    }

    fn one<'t>(&mut self, words: &[&'t str]) -> &'t str {
        words[self.below(words.len() as u64) as usize]
    }

    fn text(&mut self, words: u64) -> String {
        (0..words).map(|_| self.one(&WORDS)).collect::<Vec<_>>().join(" ")
    }

    fn uuid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            high & 0xffff,
            low & 0xfff,
            low >> 48,
            low & 0xffff_ffff_ffff
        )
    }

    fn instant(&mut self) -> String {
        let [day, hour, minute, second, fraction] = [28, 24, 60, 60, 1_000].map(|below| self.below(below));
        format!("2026-01-{:02}T{hour:02}:{minute:02}:{second:02}.{fraction:03}Z", day + 1)
    }

    fn price(&mut self) -> f64 {
        self.below(50_000) as f64 / 100.0
    }
}

const WORDS: [&str; 24] = [
    "leave", "it", "at", "the", "door", "please", "gift", "wrap", "large", "blue", "cotton", "shirt", "with", "collar",
    "café", "Größe", "東京", "😀", "very", "soft", "summer", "order", "review", "quality",
];
const EVENTS: [&str; 10] = [
    "Order Completed",
    "Cart Viewed",
    "Product Viewed",
    "Product Added",
    "Search Submitted",
    "Coupon Applied",
    "Form Sent",
    "Video Started",
    "Checkout Started",
    "Product List Viewed",
];
const AGENTS: [&str; 3] = [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:121.0) Gecko/20100101 Firefox/121.0",
];

fn product(seed: &mut Seed) -> Value {
    let mut product = json!({
        "product_id": format!("{:016x}{:08x}", seed.next(), seed.below(1 << 32)), "sku": format!("G-{}", seed.below(100)),
        "name": seed.text(4), "price": seed.price(), "quantity": seed.below(4) + 1, "category": seed.one(&["Games", "Home"]),
        "url": format!("https://shop.example/products/{}-{}", seed.one(&WORDS), seed.below(99_999)),
    });
    if seed.below(3) > 0 {
        product["image_url"] = json!(format!("https://cdn.shop.example/img/{}@2x.png", seed.below(99_999)));
    }
    product
}

fn context(seed: &mut Seed) -> Value {
    let click = seed.next();
    let mut context = json!({
        "ip": format!("81.2.{}.{}", seed.below(256), seed.below(256)), "locale": "en-US", "timezone": "America/Los_Angeles",
        "userAgent": seed.one(&AGENTS), "library": {"name": "analytics.js", "version": "npm:next-1.70.0"},
        "userAgentData": {"brands": [{"brand": "Not_A Brand", "version": "8"}, {"brand": "Chromium", "version": "120"}], "mobile": seed.below(2) == 0, "platform": "macOS"},
        "page": {"path": "/shop/cart", "referrer": "https://www.google.com/", "search": "?utm_source=newsletter&utm_medium=email", "title": seed.text(5),
            "url": format!("https://shop.example/shop/{}?utm_source=newsletter&utm_medium=email&gclid={click:016x}", seed.one(&WORDS))},
        "campaign": {"source": "newsletter", "medium": "email", "name": "jan_26"},
    });
    if seed.below(10) > 0 {
        context["consent"] = json!({"categoryPreferences": {"advertising": seed.below(2) == 0, "analytics": true, "functional": seed.below(5) > 0}});
    }
    context
}

/// What a message has whatever it is of, as `fields` on top.
fn message(seed: &mut Seed, fields: Value) -> Value {
    let mut all = json!({
        "messageId": format!("ajs-next-{}", seed.uuid()), "writeKey": format!("{:016x}{:016x}", seed.next(), seed.next()),
        "originalTimestamp": seed.instant(), "sentAt": seed.instant(), "receivedAt": seed.instant(), "timestamp": seed.instant(),
        "projectId": format!("p{:x}", seed.below(1 << 60)), "version": 2,
    });
    if let (Value::Object(all), Value::Object(fields)) = (&mut all, fields) {
        all.extend(fields);
    }
    all
}

fn web(seed: &mut Seed) -> Value {
    let mut properties = Map::new();
    for _ in 0..seed.below(12) {
        let name = format!("custom_attribute_{}", char::from(b'a' + seed.below(26) as u8));
        let value = match seed.below(4) {
            0 => json!(seed.text(3)),
            1 => json!(seed.below(1_000)),
            2 => json!(seed.below(2) == 0),
            _ => json!(seed.below(1 << 52) as f64 / (1_u64 << 52) as f64),
        };
        properties.insert(name, value);
    }
    let words = 2 + seed.below(24);
    let mut note = seed.text(words);
    if seed.below(50) == 0 {
        note.push_str(&format!(" mail me at ada{}@example.com", seed.below(999)));
    }
    let products: Vec<Value> = (0..seed.below(5)).map(|_| product(seed)).collect();
    properties.extend(Map::from_iter([
        ("order_id".to_owned(), json!(format!("o-{}", 1_000_000 + seed.below(9_000_000)))),
        ("total".to_owned(), json!(seed.price())),
        ("currency".to_owned(), json!("USD")),
        ("coupon".to_owned(), Value::Null),
        ("note".to_owned(), json!(note)),
        ("products".to_owned(), json!(products)),
        ("ts".to_owned(), json!(1_700_000_000_000 + seed.below(100_000_000_000))),
        ("shipping".to_owned(), json!({"method": "ground", "cost": 4.99, "address": {"city": seed.one(&WORDS), "zip": format!("{:05}", seed.below(99_999))}})),
    ]));
    let user = if seed.below(2) == 0 { Value::Null } else { json!(format!("u_{}", seed.below(1_000_000))) };
    let context = context(seed);
    let (call, event) = if seed.below(4) == 0 { ("page", Value::Null) } else { ("track", json!(seed.one(&EVENTS))) };
    let id = seed.uuid();
    let bundled =
        json!({"bundled": ["Facebook Pixel", "Google Ads (Gtag)", "Segment.io"], "unbundled": [], "bundledIds": []});
    message(
        seed,
        json!({"type": call, "event": event, "anonymousId": id, "userId": user, "channel": "client", "context": context,
            "properties": properties, "integrations": {}, "_metadata": bundled}),
    )
}

fn server(seed: &mut Seed) -> Value {
    let traits = json!({
        "email": format!("person{}@example.com", seed.below(100_000)), "plan": "pro", "seats": seed.below(90),
        "phone": format!("+1 415 555 {:04}", seed.below(10_000)), "trial": false, "createdAt": seed.instant(),
    });
    let (call, event) =
        if seed.below(2) == 0 { ("identify", Value::Null) } else { ("track", json!(seed.one(&EVENTS))) };
    let library = json!({"library": {"name": "@segment/analytics-node", "version": "2.1.0"}});
    let user = format!("u-{}", seed.below(1_000_000));
    message(seed, json!({"type": call, "event": event, "userId": user, "traits": traits, "context": library}))
}
