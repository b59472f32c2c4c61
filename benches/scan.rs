//! How fast exports of events are scanned: `cargo bench --bench scan`.
//!
//! Generated messages as websites and servers send them, in memory, so that no disk is measured. Nothing here is a test: no
//! number fails anything.
#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a benchmark looks at the clock, prints")]

use consentlint::scan::{Export, How, Tally, read};
use serde_json::{Value, json};
use std::sync::atomic::AtomicU64;
use std::time::Instant;

/// Runs per measurement; the best one counts.
const RUNS: usize = 5;
const MESSAGES: usize = 200_000;

fn main() {
    let web = lines(web);
    let server = lines(server);
    println!("best of {RUNS}; {MESSAGES} messages\n");
    println!("| messages | bytes each | 1 thread | 2 threads |");
    println!("|---|---|---|---|");
    for (name, text) in [("of a website", &web), ("of a server", &server)] {
        let each = text.len() / MESSAGES;
        println!("| {name} | {each} | {:.0} MB/s | {:.0} MB/s |", speed(text, 1), speed(text, 2));
    }
    let mut tally = Tally::new(None);
    web.split(|byte| *byte == b'\n').for_each(|line| {
        tally.line(line);
    });
    println!("\n{} fields in the profile", tally.finish().fields.len());
}

fn speed(text: &[u8], threads: usize) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..RUNS {
        let mut stream = text;
        let start = Instant::now();
        let outcome = read(vec![Export::Stream(&mut stream)], How { threads, ..How::default() }, &AtomicU64::new(0));
        best = best.min(start.elapsed().as_secs_f64());
        assert_eq!(outcome.profile.lines.messages as usize, MESSAGES);
    }
    text.len() as f64 / best / 1e6
}

fn lines(message: impl Fn(usize) -> Value) -> Vec<u8> {
    let mut text = Vec::new();
    for at in 0..MESSAGES {
        text.extend_from_slice(message(at).to_string().as_bytes());
        text.push(b'\n');
    }
    text
}

const EVENTS: [&str; 8] = [
    "Order Completed",
    "Cart Viewed",
    "Product Viewed",
    "Product Added",
    "Search Submitted",
    "Coupon Applied",
    "Form Sent",
    "Video Started",
];

fn web(at: usize) -> Value {
    json!({
        "type": "track", "event": EVENTS[at % EVENTS.len()], "anonymousId": format!("{:08x}-9a4e-4b7d-8c4f-2f6d5f1b{:04x}", at * 7_919, at % 65_536),
        "messageId": format!("ajs-next-{:032x}", at * 31), "channel": "client", "version": 2,
        "context": {
            "ip": format!("81.2.{}.{}", at % 256, at / 256 % 256), "locale": "en-US", "timezone": "America/Los_Angeles",
            "userAgent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
            "library": {"name": "analytics.js", "version": "npm:next-1.70.0"},
            "page": {"path": "/shop/cart", "referrer": "https://www.google.com/", "search": "?utm_source=newsletter&utm_medium=email", "title": "Your cart - Example Shop", "url": "https://shop.example/shop/cart?utm_source=newsletter&utm_medium=email"},
            "campaign": {"source": "newsletter", "medium": "email"},
            "consent": {"categoryPreferences": {"advertising": at.is_multiple_of(3), "analytics": true, "functional": true}},
        },
        "properties": {
            "order_id": format!("o-{at}"), "total": 27.5 + at as f64, "currency": "USD", "coupon": "WINTER", "note": "leave it at the door please",
            "products": [{"product_id": format!("p{at}"), "sku": "G-32", "name": "Monopoly: 3rd Edition", "price": 19, "quantity": 1, "category": "Games"},
                {"product_id": "505bd76785ebb509fc183733", "sku": "F-15", "name": "UNO Card Game", "price": 3, "quantity": 2, "category": "Games"}],
        },
        "integrations": {"All": true}, "_metadata": {"bundled": ["Facebook Pixel", "Google Ads (Gtag)", "Segment.io"], "unbundled": [], "bundledIds": []},
        "originalTimestamp": "2026-01-31T10:11:12.131Z", "sentAt": "2026-01-31T10:11:12.531Z", "receivedAt": "2026-01-31T10:11:12.631Z", "timestamp": "2026-01-31T10:11:12.231Z",
    })
}

fn server(at: usize) -> Value {
    json!({
        "type": "identify", "userId": format!("u-{at}"), "messageId": format!("node-next-{at}"),
        "traits": {"email": format!("person{at}@example.com"), "plan": "pro", "seats": at % 90, "phone": "+1 415 555 2671", "trial": false, "createdAt": "2025-01-31T10:11:12.131Z"},
        "context": {"library": {"name": "@segment/analytics-node", "version": "2.1.0"}},
        "timestamp": "2026-01-31T10:11:12.231Z", "receivedAt": "2026-01-31T10:11:12.631Z",
    })
}
