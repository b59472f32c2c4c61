//! Duties that begin on a day: each is judged the day before it and the day after, through `--as-of`.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests make files")]

mod common;

use consentlint::policy::{Rule, cited, embedded};
use consentlint::source::SourceId;
use jiff::civil::Date;

/// The day on which the tests say it is today.
const TODAY: &str = "2026-11-24";

fn rules() -> Vec<Rule> {
    embedded().iter().map(|(path, text)| Rule::read(path, SourceId(0), text).unwrap()).collect()
}

/// The severities of what some rules say of a data map on a day.
fn said(rules: &[&str], profile: &str, map: &str, day: Date) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("consentlint.yaml"), format!("profile: {profile}\n")).unwrap();
    std::fs::write(folder.path().join("map.yaml"), format!("datamap: 1\n{map}")).unwrap();
    let only = rules.join(",");
    let day = day.to_string();
    let ran = common::run(folder.path(), &["check", "--format", "json", "--only", &only, "--as-of", &day]);
    let report = ran.json();
    assert_eq!(report["problems"].as_array().map(Vec::len), Some(0), "{rules:?} on {day}: {}", ran.stdout);
    let findings = report["findings"].as_array().unwrap();
    // A question weighs `low`.
    let weight = |finding: &serde_json::Value| finding["severity"].as_str().unwrap().to_owned();
    findings.iter().map(weight).collect()
}

fn around(day: &str) -> (Date, Date) {
    let day: Date = day.parse().unwrap();
    (day.yesterday().unwrap(), day.tomorrow().unwrap())
}

/// A pixel that shares, fed by a website.
const SHARES: &str = "\
sources:
  - {id: web, platform: web, destinations: [facebook-pixel]}
destinations:
  - {id: facebook-pixel, role: third_party, shares: true}
";

/// What begins on a day: the rule, whose law, the data map, and what the rule says before and after.
struct Begins {
    on: &'static str,
    rule: &'static str,
    profile: &'static str,
    map: &'static str,
    before: &'static [&'static str],
    after: &'static [&'static str],
}

const BEGINS: [Begins; 14] = [
    // Closing was no consent by the definition of the statute before the regulations named it.
    Begins {
        on: "2023-01-01",
        rule: "ccpa/consent-by-closing",
        profile: "us-ca",
        map: "consent: {banner: {close: accept}}\n",
        before: &[],
        after: &["high"],
    },
    Begins {
        on: "2026-01-01",
        rule: "ccpa/minor-data-not-spi",
        profile: "us-ca",
        map: "sources: [{id: game, platform: ios, audience: child_directed}]\nevents: [{name: E, properties: [{name: user_id}]}]\n",
        before: &[],
        after: &["high"],
    },
    Begins {
        on: "2026-01-01",
        rule: "ccpa/risk-assessment-missing",
        profile: "us-ca",
        map: "destinations: [{id: facebook-pixel, role: third_party, shares: true, started_on: 2026-01-01}]\n",
        before: &[],
        after: &["high"],
    },
    Begins {
        on: "2026-08-01",
        rule: "ccpa/drop-cadence",
        profile: "us-ca",
        map: "business: {name: Leads, data_broker: true, broker: {registration: CA-1, drop_interval_days: 60}}\n",
        before: &[],
        after: &["high"],
    },
    Begins {
        on: "2027-01-01",
        rule: "ccpa/admt-controls-missing",
        profile: "us-ca",
        map: "decisions: [{id: credit-line, about: credit, automated: true}]\n",
        before: &["low"],
        after: &["high"],
    },
    Begins {
        on: "2026-01-01",
        rule: "ccpa/admt-controls-missing",
        profile: "us-ca",
        map: "decisions: [{id: credit-line, about: credit, automated: true}]\n",
        before: &[],
        after: &["low"],
    },
    Begins {
        on: "2026-09-30",
        rule: "ccpa/deletion-web-form-missing",
        profile: "us-ca",
        map: "business: {online_only: true}\nrequests: {delete: {methods: [email]}}\n",
        before: &[],
        after: &["low"],
    },
    Begins {
        on: "2027-01-01",
        rule: "ccpa/deletion-web-form-missing",
        profile: "us-ca",
        map: "business: {online_only: true}\nrequests: {delete: {methods: [email]}}\n",
        before: &["low"],
        after: &["medium"],
    },
    Begins {
        on: "2026-09-30",
        rule: "ccpa/third-party-sourced-excluded",
        profile: "us-ca",
        map: "sources: [{id: list, platform: server, origin: third_party, identity: [email]}]\nrequests: {delete: {covers: first_party}}\n",
        before: &[],
        after: &["low"],
    },
    Begins {
        on: "2027-01-01",
        rule: "ccpa/third-party-sourced-excluded",
        profile: "us-ca",
        map: "sources: [{id: list, platform: server, origin: third_party, identity: [email]}]\nrequests: {delete: {covers: first_party}}\n",
        before: &["low"],
        after: &["medium"],
    },
    Begins {
        on: "2026-01-01",
        rule: "ccpa/optout-confirmation-missing",
        profile: "us-ca",
        map: "requests: {limit: {methods: [web_form], confirmation: none}}\n",
        before: &[],
        after: &["high"],
    },
    Begins {
        on: "2026-01-01",
        rule: "ccpa/optout-untested",
        profile: "us-ca",
        map: "destinations: [{id: facebook-pixel, role: third_party, shares: true}]\nrequests: {opt_out: {methods: [web_form], tested_on: 2025-01-01}}\n",
        before: &[],
        after: &["low"],
    },
    // The deletion platform is looked into every 30 days instead of 45.
    Begins {
        on: "2027-01-01",
        rule: "ccpa/drop-cadence",
        profile: "us-ca",
        map: "business: {data_broker: true, broker: {registration: R, drop_interval_days: 45, unmatched_as_opt_out: true, directs_service_providers: true}}\n",
        before: &[],
        after: &["high"],
    },
    // What went on before 2026 is assessed by 2027-12-31: that day is still in time.
    Begins {
        on: "2028-01-01",
        rule: "ccpa/risk-assessment-missing",
        profile: "us-ca",
        map: "destinations: [{id: facebook-pixel, role: third_party, shares: true, started_on: 2024-05-01}]\n",
        before: &[],
        after: &["medium"],
    },
];

#[test]
fn duties_begin_on_their_day() {
    for Begins { on, rule, profile, map, before, after } in BEGINS {
        let (eve, next) = around(on);
        assert_eq!(said(&[rule], profile, map, eve), before, "{rule} before {on}");
        assert_eq!(said(&[rule], profile, map, on.parse().unwrap()), after, "{rule} on {on}");
        assert_eq!(said(&[rule], profile, map, next), after, "{rule} after {on}");
    }
}

/// Since when a state's law requires an opt-out preference signal to be honored.
const SIGNALS: [(&str, &str); 12] = [
    ("us-ca", "2023-03-29"),
    ("us-co", "2024-07-01"),
    ("us-ct", "2025-01-01"),
    ("us-tx", "2025-01-01"),
    ("us-mt", "2025-01-01"),
    ("us-ne", "2025-01-01"),
    ("us-nh", "2025-01-01"),
    ("us-nj", "2025-07-15"),
    ("us-mn", "2025-07-31"),
    ("us-md", "2025-10-01"),
    ("us-or", "2026-01-01"),
    ("us-de", "2026-01-01"),
];

#[test]
fn the_signal_counts_in_a_state_from_the_day_of_its_law() {
    let known = rules();
    let judges: Vec<&str> = ["ccpa/gpc-not-honored", "us-states/signal-not-honored"]
        .into_iter()
        .filter(|id| known.iter().any(|rule| rule.id == *id))
        .collect();
    for (state, on) in SIGNALS {
        let elsewhere = if state == "us-ca" { "us-co" } else { "us-ca" };
        let map = format!(
            "business: {{regions: [{state}]}}\nsignals:\n  gpc: {{honored: true, regions: [{elsewhere}]}}\n{SHARES}"
        );
        let (eve, next) = around(on);
        assert_eq!(said(&judges, "us", &map, eve), Vec::<String>::new(), "{state} before {on}");
        assert!(!said(&judges, "us", &map, on.parse().unwrap()).is_empty(), "{state} on {on}");
        assert!(!said(&judges, "us", &map, next).is_empty(), "{state} after {on}");
        let covered = map.replace(&format!("regions: [{elsewhere}]"), &format!("regions: [{state}]"));
        assert_eq!(said(&judges, "us", &covered, next), Vec::<String>::new(), "{state} is covered");
    }
}

#[test]
fn states_without_a_duty_to_honor_a_signal_are_left_alone() {
    let known = rules();
    let judges: Vec<&str> = ["ccpa/gpc-not-honored", "us-states/signal-not-honored"]
        .into_iter()
        .filter(|id| known.iter().any(|rule| rule.id == *id))
        .collect();
    for state in ["us-va", "us-ut", "us-ia", "us-tn", "us-in", "us-ky", "us-ri", "us-ok", "us-al"] {
        let map =
            format!("business: {{regions: [{state}]}}\nsignals:\n  gpc: {{honored: true, regions: [us-ca]}}\n{SHARES}");
        assert_eq!(said(&judges, "us", &map, "2029-01-01".parse().unwrap()), Vec::<String>::new(), "{state}");
    }
}

/// A rule holds from a day of its law, and one without a day rests on law that is in force.
#[test]
fn the_day_of_a_rule_is_a_day_of_its_law() {
    let today: Date = TODAY.parse().unwrap();
    for rule in rules() {
        let days: Vec<Date> = rule.law.iter().filter_map(|citation| cited(citation)?.since).collect();
        if let Some(since) = rule.since {
            assert!(days.contains(&since), "{} holds since {since}; its law since {days:?}", rule.id);
            assert!(rule.warn_from.is_none_or(|from| from < since), "{}", rule.id);
        } else {
            assert!(rule.warn_from.is_none(), "{} warns, and never holds", rule.id);
            assert!(days.is_empty() || days.iter().any(|day| *day <= today), "{} needs `since`: {days:?}", rule.id);
        }
    }
}

/// Every rule with a day of its own has a row above.
#[test]
fn every_dated_rule_is_judged_around_its_day() {
    for rule in rules() {
        for day in [rule.since, rule.warn_from].into_iter().flatten() {
            let row = BEGINS.iter().any(|begins| begins.rule == rule.id && begins.on == day.to_string());
            assert!(row, "{}: no row for {day}", rule.id);
        }
    }
}

/// Bans of sales, from the day on which each holds.
#[test]
fn a_ban_counts_in_a_state_from_its_day() {
    const GEOLOCATION: &str = "us-states/precise-geolocation-sale";
    let bans = [
        ("us-va", "2026-07-01", GEOLOCATION, "1C"),
        ("us-or", "2026-01-01", GEOLOCATION, "1C"),
        ("us-md", "2025-10-01", GEOLOCATION, "1C"),
        ("us-md", "2025-10-01", "us-states/sensitive-sale-banned", "2B"),
    ];
    for (state, on, rule, class) in bans {
        let map = format!(
            "business: {{regions: [{state}]}}\ndestinations: [{{id: partner, role: third_party, purposes: [data_sale]}}]\n\
             events: [{{name: E, properties: [{{name: x, spi: [{class}]}}]}}]\n"
        );
        let (eve, next) = around(on);
        assert_eq!(said(&[rule], "us", &map, eve), Vec::<String>::new(), "{state} before {on}");
        assert_eq!(said(&[rule], "us", &map, on.parse().unwrap()), ["critical"], "{state} on {on}");
        assert_eq!(said(&[rule], "us", &map, next), ["critical"], "{state} after {on}");
        assert_eq!(said(&[rule], "us-ca", &map, next), Vec::<String>::new(), "{state} is another state");
    }
}

/// Since when the law of a state that asks for consent to sensitive data holds.
#[test]
fn consent_to_sensitive_data_counts_from_the_day_of_the_law() {
    let laws = [
        ("us-va", "2023-01-01"),
        ("us-co", "2023-07-01"),
        ("us-tx", "2024-07-01"),
        ("us-mt", "2024-10-01"),
        ("us-nj", "2025-01-15"),
        ("us-tn", "2025-07-01"),
        ("us-mn", "2025-07-31"),
        ("us-ky", "2026-01-01"),
        ("us-ok", "2027-01-01"),
        ("us-al", "2027-05-01"),
        ("us-vt", "2028-01-01"),
    ];
    for (state, on) in laws {
        let map = format!(
            "business: {{regions: [{state}]}}\nconsent: {{model: opt-out, categories: [{{id: c, purpose: Advise, destinations: [mixpanel]}}]}}\n\
             destinations: [{{id: mixpanel, role: service_provider}}]\nevents: [{{name: E, properties: [{{name: x, spi: [2B]}}]}}]\n"
        );
        let rule = "us-states/sensitive-without-opt-in";
        let (eve, next) = around(on);
        assert_eq!(said(&[rule], "us", &map, eve), Vec::<String>::new(), "{state} before {on}");
        assert_eq!(said(&[rule], "us", &map, on.parse().unwrap()), ["critical"], "{state} on {on}");
        assert_eq!(said(&[rule], "us", &map, next), ["critical"], "{state} after {on}");
    }
}
