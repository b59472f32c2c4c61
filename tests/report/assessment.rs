//! Facts for risk assessments: what needs one, what may need one, and nothing that contradicts itself or `check`.

use super::{Table, of, report, table, tables, written};
use crate::common::run;

const NOTHING: &str = "Of nothing that was read it follows that a risk assessment is needed";
const OWN: &str = "Sensitive personal information that the business itself processes";
const MAY: &str = "Processing that may need a risk assessment";
const NEEDS: &str = "Processing that needs a risk assessment";

fn facts<'t>(tables: &'t [Table], name: &str) -> &'t Table {
    let about = |table: &&Table| {
        table.caption == "What is known of it" && table.row("Recipient, and as whom")[1].starts_with(name)
    };
    tables.iter().find(about).unwrap_or_else(|| panic!("no facts of {name}: {tables:#?}"))
}

fn has(tables: &[Table], caption: &str) -> bool {
    tables.iter().any(|table| table.caption.contains(caption))
}

/// 11 CCR § 7150(b)(2) speaks of processing, so a business that keeps what is sensitive to itself needs an assessment, too.
#[test]
fn what_the_business_keeps_to_itself_needs_one_where_it_is_sensitive() {
    let text = "datamap: 1
sources: [{id: web, platform: web, destinations: [warehouse]}]
destinations: [{id: warehouse, role: internal, mode: warehouse}]
events: [{name: Intake, sources: [web], properties: [{name: diagnosis, spi: [2B]}]}]
";
    let ran = report(written(text).path(), &["risk-assessment"]);
    assert!(!ran.stdout.contains(NOTHING), "{}", ran.stdout);
    let all = tables(&ran.stdout);
    let row = table(&all, OWN).row("2B personal information concerning health");
    assert_eq!(row[1..3], ["diagnosis of Intake map.yaml:4", "warehouse map.yaml:3"]);
    assert_eq!(row[3], "not declared: assessment.ref of who gets it");
    let involved = table(&all, "The categories that all of this involves");
    assert_eq!(involved.row("L sensitive personal information")[1], "stands for 2B");
    assert_eq!(involved.row("2B personal information concerning health")[1], "diagnosis of Intake map.yaml:4");
    let assessed = of(&text.replace("mode: warehouse", "mode: warehouse, assessment: {ref: RA-9}"), "risk-assessment");
    let row = table(&assessed, OWN).row("2B personal information concerning health");
    assert_eq!(row[3], "RA-9 of warehouse map.yaml:3 Does it cover collecting and keeping it, too?");
}

#[test]
fn who_cannot_be_told_to_buy_is_asked_about() {
    let text = "datamap: 1
sources: [{id: web, platform: web, destinations: [mixpanel, adco, own, lab]}]
destinations:
  - {id: mixpanel}
  - {id: adco, role: third_party, shares: false}
  - {id: own, role: internal, sells: true}
  - {id: lab, filters: {allow_properties: [diagnosis]}}
events: [{name: E, sources: [web], properties: [{name: diagnosis, spi: [2B]}]}]
";
    let kept = text.replace(", lab]}]", "]}]").replace("{name: diagnosis, spi: [2B]}", "{name: email, pi: [A]}");
    let ran = report(written(&kept).path(), &["risk-assessment"]);
    assert!(!ran.stdout.contains(NOTHING), "{}", ran.stdout);
    let all = tables(&ran.stdout);
    assert!(!has(&all, NEEDS), "{all:#?}");
    let may = table(&all, MAY);
    let row = may.row("Mixpanel (Legacy) map.yaml:4");
    assert_eq!(row[1], "role: not declared: role map.yaml:4 contract: not declared: contract.ref map.yaml:4");
    assert_eq!(row[2], "is it a sale or sharing? Then it needs one (11 CCR § 7150(b)(1))");
    assert!(may.row("adco map.yaml:5")[1].ends_with("shares is false map.yaml:5"), "{may:?}");
    assert_eq!(may.row("own map.yaml:6")[1], "sells is true map.yaml:6 declared as a sale map.yaml:6");
    // Who needs one for what is sensitive is asked there.
    let all = of(text, "risk-assessment");
    let row = table(&all, NEEDS).row("lab map.yaml:7");
    assert!(row[1].contains("(11 CCR § 7150(b)(2)) map.yaml:8 is it a sale or sharing?"), "{row:?}");
    assert!(table(&all, MAY).rows.iter().all(|row| !row[0].starts_with("lab")));
}

#[test]
fn a_decision_is_no_reason_to_say_that_nothing_needs_one() {
    let text = "datamap: 1
sources: [{id: web, platform: web, destinations: [sp]}]
destinations: [{id: sp, role: service_provider, contract: {ref: C}, purposes: [services]}]
decisions:
  - {id: loans, about: credit, automated: true}
  - {id: jobs, about: employment}
  - {id: rooms, about: housing, automated: false}
";
    let ran = report(written(text).path(), &["risk-assessment"]);
    assert!(!ran.stdout.contains(NOTHING), "{}", ran.stdout);
    assert!(ran.stdout.contains("Which categories do the significant decisions use?"), "{}", ran.stdout);
    let all = tables(&ran.stdout);
    let automated = table(&all, "which needs a risk assessment by 11 CCR § 7150(b)(3)");
    assert_eq!((automated.rows.len(), automated.row("loans map.yaml:5")[1].as_str()), (1, "credit map.yaml:5"));
    let may = table(&all, MAY);
    assert_eq!(may.rows.len(), 1, "{may:?}");
    assert_eq!(
        may.row("jobs map.yaml:6")[1..],
        [
            "about employment map.yaml:6 automated: not declared: automated map.yaml:6",
            "is it automated? Then it needs one (11 CCR § 7150(b)(3))"
        ]
    );
    let none =
        text.replace("automated: true", "automated: false").replace("employment}", "employment, automated: false}");
    assert!(report(written(&none).path(), &["risk-assessment"]).stdout.contains(NOTHING));
}

#[test]
fn safeguards_and_categories_are_of_what_gets_there() {
    let all = of(
        "datamap: 1
sources:
  - {id: web, platform: web, destinations: [sp, buyer]}
  - {id: srv, platform: server, destinations: [other]}
destinations:
  - {id: sp, role: service_provider, contract: {ref: C-1}, purposes: [services]}
  - {id: buyer, role: third_party, sells: true, filters: {drop_properties: [ssn]}}
  - {id: other, role: service_provider, contract: {ref: C-2}, purposes: [services]}
events:
  - {name: Z, sources: [web], properties: [{name: ssn, pi: [A], spi: [1A], transformation: hash}, {name: passport, spi: [1A]}]}
  - {name: Y, sources: [srv], properties: [{name: phone, pi: [A], transformation: mask}, {name: order, pi: [D]}]}
",
        "risk-assessment",
    );
    let of = |name: &str| facts(&all, name).row("Safeguards in configuration")[1].clone();
    assert!(of("sp").ends_with("ssn of Z is sent as hash map.yaml:10"), "{}", of("sp"));
    assert!(!of("sp").contains("phone") && !of("buyer").contains("is sent as"), "{} {}", of("sp"), of("buyer"));
    let involved = table(&all, "The categories that all of this involves");
    let row = involved.row("A identifiers");
    assert_eq!(row[1], "ssn of Z map.yaml:10 sent with every call of web map.yaml:3");
    assert!(involved.rows.iter().all(|row| !row[0].starts_with("D ") && !row[1].is_empty()), "{involved:?}");
}

const SETTLED: &str = "datamap: 1
sources: [{id: web, platform: web, destinations: [buyer, app, wh, suppressor]}]
destinations:
  - {id: buyer, role: third_party, shares: true, ttl_days: {A: 3, F: 4, 2B: 5}}
  - {id: app, role: third_party, consumer_directed: true}
  - {id: wh, role: internal, mode: warehouse}
  - {id: features, derived_from: [wh]}
  - {id: suppressor, role: third_party, shares: true, ttl_days: {A: 3}, started_on: 2026-02-01}
consent:
  manager: onetrust
  categories:
    - {id: ads, purpose: Sell lists of visitors, controls: [opt-out], destinations: [buyer], assessment: {ref: RA-CAT}}
events: [{name: E, sources: [web], properties: [{name: diagnosis, spi: [2B]}]}]
";

#[test]
fn nothing_is_missing_that_is_declared_elsewhere() {
    let ran = report(written(SETTLED).path(), &["risk-assessment"]);
    let all = tables(&ran.stdout);
    let buyer = facts(&all, "buyer");
    assert!(buyer.row("Assessment on record")[1].starts_with("RA-CAT map.yaml:12"), "{buyer:?}");
    assert!(buyer.row("Retention")[1].starts_with("A kept 3 days map.yaml:4 F kept 4 days map.yaml:4"), "{buyer:?}");
    let part = |name: &str| ran.stdout.split(&format!("## `{name}`")).nth(1).unwrap().split("\n## ").next().unwrap();
    assert!(!part("buyer").contains("where the assessment is found"), "{}", part("buyer"));
    assert!(!part("buyer").contains("how long the recipient keeps"), "{}", part("buyer"));
    let missing = "*not declared:* how long the recipient keeps F, 2B (`retention_days`) `map.yaml:8`";
    assert!(part("suppressor").contains(missing), "{}", part("suppressor"));
    assert!(part("suppressor").contains("where the assessment is found"), "{}", part("suppressor"));
}

/// A store of one's own that is filled from another is one, and what the consumer directs is no disclosure, here as in `check`.
#[test]
fn who_needs_one_is_who_check_accuses_or_asks_about() {
    let folder = written(SETTLED);
    let all = tables(&report(folder.path(), &["risk-assessment"]).stdout);
    let names: Vec<&str> = table(&all, NEEDS).rows.iter().map(|row| row[0].split(' ').next().unwrap()).collect();
    assert_eq!(names, ["buyer", "suppressor"]);
    let own = table(&all, OWN).row("2B personal information concerning health");
    assert_eq!(own[2], "wh map.yaml:6 features map.yaml:7");
    let check = run(folder.path(), &["check", "--only", "ccpa/risk-assessment-missing", "--format", "json"]).json();
    let found: Vec<&str> = check["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["subject"]["id"].as_str().unwrap())
        .collect();
    assert_eq!(found, ["suppressor"]);
}

#[test]
fn a_period_that_cannot_be_read_is_not_known() {
    let text = "datamap: 1
sources: [{id: web, platform: web, destinations: [a, b, c, d]}]
destinations:
  - {id: a, role: third_party, shares: true, retention_days: -5}
  - {id: b, role: third_party, shares: true, retention_days: 99999999}
  - {id: c, role: third_party, shares: true, retention_days: until the account is closed}
  - {id: d, role: third_party, shares: true, retention_days: 0}
";
    let all = tables(&report(written(text).path(), &["risk-assessment"]).stdout);
    for (name, line, shown) in [("a", 4, "-5"), ("b", 5, "99999999"), ("c", 6, "until the account is closed")] {
        let kept = &facts(&all, name).row("Retention")[1];
        let words = "A declared in a way that cannot be read: ";
        assert!(kept.starts_with(words) && kept.contains(shown), "{kept}");
        assert!(kept.contains(&format!(" map.yaml:{line} F declared")) && !kept.contains("kept"), "{kept}");
    }
    assert!(facts(&all, "d").row("Retention")[1].starts_with("A kept 0 days map.yaml:7"));
}

#[test]
fn recipients_of_one_name_are_told_apart_by_their_ids() {
    let text = "datamap: 1
sources: [{id: web, platform: web, destinations: [one, two, three]}]
destinations:
  - {id: one, name: Buyer, role: third_party, shares: true}
  - {id: two, name: Buyer, role: third_party, sells: true}
  - {id: three, name: Other, role: third_party, sells: true}
";
    let ran = report(written(text).path(), &["risk-assessment"]);
    let all = tables(&ran.stdout);
    for name in ["Buyer (one)", "Buyer (two)", "Other"] {
        assert!(ran.stdout.contains(&format!("\n## `{name}`\n")), "{name} {}", ran.stdout);
        facts(&all, name);
        assert!(table(&all, NEEDS).rows.iter().any(|row| row[0].starts_with(name)), "{name}");
    }
}

#[test]
fn what_was_due_is_marked() {
    let text = "datamap: 1
sources: [{id: web, platform: web, destinations: [late, next, old, never, odd]}]
destinations:
  - {id: late, role: third_party, shares: true, started_on: 2026-03-01}
  - {id: next, role: third_party, shares: true, started_on: 2027-03-01}
  - {id: old, role: third_party, shares: true, started_on: 2025-03-01}
  - {id: never, role: third_party, shares: true}
  - {id: odd, role: third_party, shares: true, started_on: last spring}
";
    let folder = written(text);
    let due = |day: &str, line: usize| {
        let ran = report(folder.path(), &["risk-assessment", "--as-of", day]);
        let place = format!("`map.yaml:{line}` | personal information is sold or shared");
        let row =
            ran.stdout.lines().find(|row| row.contains(&place)).unwrap_or_else(|| panic!("{}", ran.stdout)).to_owned();
        row.rsplit(" | ").next().unwrap().to_owned()
    };
    let late = "**was due before the processing began, on** `2026-03-01` `map.yaml:4`<br>";
    assert!(due("2026-11-24", 4).starts_with(late), "{}", due("2026-11-24", 4));
    assert!(
        due("2026-11-24", 5).starts_with("before the processing begins, on `2027-03-01`"),
        "{}",
        due("2026-11-24", 5)
    );
    assert!(due("2026-11-24", 6).starts_with("by 2027-12-31"), "{}", due("2026-11-24", 6));
    assert!(due("2028-01-01", 6).starts_with("**by 2027-12-31"), "{}", due("2028-01-01", 6));
    assert!(due("2026-11-24", 7).starts_with("*Since when? Before it begins"), "{}", due("2026-11-24", 7));
    assert!(
        due("2028-01-01", 7).starts_with("**is past, whether it began before 2026-01-01"),
        "{}",
        due("2028-01-01", 7)
    );
    assert!(due("2026-11-24", 8).starts_with("*Since when? It is declared in a way"), "{}", due("2026-11-24", 8));
}

#[test]
fn fields_without_a_class_are_among_what_is_not_known() {
    let ran = super::sample("shop-broken", &["risk-assessment"]);
    let last = "*whether anything else is sensitive: 2 fields have no class* `ccpa/field-unclassified`";
    assert!(ran.stdout.contains(last), "{}", ran.stdout);
}
