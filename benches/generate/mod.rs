//! Projects to measure with, generated from a seed.
#![allow(dead_code, unreachable_pub, reason = "each benchmark uses a part")]

use consentlint::model::catalogue;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

pub type Outcome<T> = Result<T, Box<dyn Error>>;

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
pub fn workspace(folder: &Path, files: usize) -> Outcome<()> {
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
pub fn plan(folder: &Path) -> Outcome<()> {
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
pub fn small(folder: &Path) -> Outcome<()> {
    std::fs::create_dir_all(folder)?;
    let text = "datamap: 1\nevents:\n  - name: Order Completed\n    properties:\n      - {name: total, type: number, pi: none}\n";
    std::fs::write(folder.join("plan.yaml"), text)?;
    Ok(())
}
