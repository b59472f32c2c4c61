//! `report`: every report in every format from the sample projects, hostile names, and what the reports promise.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests make files")]

mod common;

#[path = "report/agreement.rs"]
mod agreement;
#[path = "report/assessment.rs"]
mod assessment;
#[path = "report/evidence.rs"]
mod evidence;
#[path = "report/hostile.rs"]
mod hostile;
#[path = "report/notice.rs"]
mod notice;
#[path = "report/page.rs"]
mod page;
#[path = "report/tables.rs"]
mod tables;

use common::{Ran, root, run};
use std::path::Path;
use tables::{Table, tables};

const REPORTS: [&str; 3] = ["notice", "risk-assessment", "evidence"];
const FORMATS: [&str; 2] = ["markdown", "html"];

fn report(folder: &Path, what: &[&str]) -> Ran {
    run(folder, &[&["report"], what].concat())
}

fn sample(name: &str, what: &[&str]) -> Ran {
    report(&root().join("fixtures").join(name), what)
}

fn written(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    std::fs::write(folder.path().join("map.yaml"), text).unwrap();
    folder
}

/// The tables of a report of a data map.
fn of(text: &str, what: &str) -> Vec<Table> {
    let ran = report(written(text).path(), &[what]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    tables(&ran.stdout)
}

fn table<'t>(tables: &'t [Table], caption: &str) -> &'t Table {
    tables.iter().find(|table| table.caption.contains(caption)).unwrap_or_else(|| panic!("no table {caption}"))
}

#[test]
fn the_samples_are_as_they_are_kept() {
    for name in REPORTS {
        for format in FORMATS {
            for project in ["shop", "shop-broken"] {
                let ran = sample(project, &[name, "--format", format]);
                assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{name} {project}");
                // Hashes of rules change with every word of them, and the head of a page with its style.
                let body = ran.stdout.split_once("<body>").map_or(ran.stdout.as_str(), |(_, body)| body);
                if name != "evidence" {
                    kept(&format!("report.{name}.{project}.{format}.txt"), body);
                }
            }
        }
    }
}

fn kept(name: &str, text: &str) {
    let path = root().join("fixtures/outputs").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(known, text, "UPDATE=1 cargo test --test report writes {name}");
}

#[test]
fn the_undeclared_recipient_is_named_with_its_line() {
    let ran = sample("shop-broken", &["notice"]);
    let tables = tables(&ran.stdout);
    let unsettled = table(&tables, "belongs in one of the two tables");
    assert!(unsettled.rows.iter().all(|row| row[2] == "Mixpanel (Legacy)"), "{unsettled:?}");
    let each = table(&tables, "Everybody who gets");
    let mixpanel = each.row("Mixpanel (Legacy) destinations.yaml:11");
    assert!(mixpanel[1].contains("role not declared: role"), "{mixpanel:?}");
    assert!(mixpanel[1].contains("Is it a sale, sharing, or a disclosure for a business purpose?"), "{mixpanel:?}");
    assert_eq!(mixpanel[2], "A, D, F, 1A, 1D");
    let differences = table(&tables, "The declared notice beside what flows");
    for (name, line, weight) in
        [("Facebook Pixel", 4, "differs"), ("Google Ads (Gtag)", 8, "differs"), ("Mixpanel (Legacy)", 11, "question")]
    {
        let words = format!("{weight}: {name} receives personal information, and no row of the notice names it");
        let row = differences.row(&words);
        assert!(row[1].starts_with(&format!("{name} destinations.yaml:{line} receives A, D, F, 1A, 1D")), "{row:?}");
        assert_eq!(row[2], "A names nobody: recipients is not declared shop.yaml:21");
    }
}

#[test]
fn the_clean_shop_has_no_difference() {
    let tables = tables(&sample("shop", &["notice"]).stdout);
    let differences = table(&tables, "The declared notice beside what flows");
    assert!(differences.rows.iter().all(|row| row[0].starts_with("information:")), "{differences:?}");
    let sold = table(&tables, "Categories sold or shared");
    let row = sold.row("A identifiers D commercial information F internet or other electronic network activity");
    assert_eq!(
        row[1..],
        ["Advertising", "Facebook Pixel, Google Ads (Gtag)", "custom_audience (Facebook Pixel, Google Ads (Gtag))"]
    );
    let kept = table(&tables, "How long each category is kept");
    assert_eq!(kept.row("A identifiers")[1..3], ["24 months shop.yaml:47", "730 days warehouse destinations.yaml:60"]);
    assert_eq!(kept.row("1C precise geolocation")[1], "7 days shop.yaml:50");
    let sensitive = table(&tables, "Whether sensitive personal information is used");
    assert_eq!(sensitive.row("1C precise geolocation")[3], "declared at 2 fields: § 7027(m)(1)");
}

const STANDINGS: &str = "datamap: 1
sources:
  - {id: web, platform: web, destinations: [a, b, c, d, e, f, g]}
destinations:
  - {id: a, role: service_provider, purposes: [services], contract: {ref: C-1}}
  - {id: b, role: service_provider, purposes: [services]}
  - {id: c, role: third_party, consumer_directed: true}
  - {id: d, role: internal, retention_days: 10}
  - {id: e, role: third_party, sells: true}
  - {id: f, exempt: glba}
  - {id: g, role: third_party, purposes: [suppression]}
events:
  - {name: E, sources: [web], properties: [{name: email, pi: [A], purposes: [newsletter]}]}
";

#[test]
fn everybody_stands_in_the_table_where_they_belong() {
    let tables = of(STANDINGS, "notice");
    let names = |caption: &str| {
        table(&tables, caption).row("A identifiers F internet or other electronic network activity")[2].clone()
    };
    assert_eq!(names("Categories sold or shared"), "e");
    assert_eq!(names("Categories disclosed for a business purpose"), "a");
    assert_eq!(names("Disclosures that the consumer directs"), "c, g");
    // Without a contract nobody is a service provider (11 CCR § 7050(e)).
    assert_eq!(names("belongs in one of the two tables"), "b");
    let each = table(&tables, "Everybody who gets");
    assert_eq!(each.rows.len(), 6, "{each:?}");
    assert!(each.row("d map.yaml:8")[1].contains("kept by the business itself"));
    let purposes = table(&tables, "What each category is used for");
    assert!(purposes.row("A identifiers")[1].contains("newsletter (declared at 1 field)"), "{purposes:?}");
    let ran = report(written(STANDINGS).path(), &["notice"]);
    assert!(ran.stdout.contains("Not counted: `f`, as its data is exempt (glba) `map.yaml:10`"), "{}", ran.stdout);
    assert!(ran.stdout.contains("No notice is declared"), "{}", ran.stdout);
}

const DIFFERENCES: &str = "datamap: 1
business: {name: B, sells_or_shares: false}
sources:
  - {id: web, platform: web, destinations: [ads, tool, store]}
destinations:
  - {id: ads, role: third_party, shares: true, purposes: [custom_audience]}
  - {id: tool, role: service_provider, contract: {ref: C-1}, purposes: [heatmaps, our_own_word]}
  - {id: store, role: internal, mode: warehouse, retention_days: 800}
events:
  - {name: E, sources: [web], properties: [{name: email, pi: [A]}, {name: page, pi: [F]}]}
notice:
  categories:
    - {pi: A, purposes: [services], sold_or_shared: false, retention: 24 months, recipients: [ads]}
    - {pi: F, purposes: [services, custom_audience], sold_or_shared: true, retention: 13 months, recipients: [ads, store]}
    - {pi: J, purposes: [services], sold_or_shared: true, retention: 1 year, recipients: [ads]}
";

#[test]
fn each_kind_of_difference_is_told_with_both_lines() {
    let tables = of(DIFFERENCES, "notice");
    let found = table(&tables, "The declared notice beside what flows");
    let said = |words: &str| found.row(words);
    let sale = said("differs: ads gets what is sold or shared, and the notice does not say so");
    assert!(sale[1].starts_with("ads map.yaml:6"), "{sale:?}");
    assert!(sale[2].contains("map.yaml:13") && sale[2].contains("map.yaml:2"), "{sale:?}");
    assert_eq!(sale[3], "ccpa/notice-sale-share-mismatch critical map.yaml:6");
    let purpose = said("differs: ads uses data for a purpose that it was not collected for");
    assert!(purpose[1].contains("email of E (for services)") && purpose[1].contains("map.yaml:10"), "{purpose:?}");
    assert!(purpose[2].contains("A for services map.yaml:13"), "{purpose:?}");
    let kept = said("differs: store and the periods of the notice");
    assert!(kept[1].contains("A is kept 800 days map.yaml:8"), "{kept:?}");
    assert!(kept[2].contains("the notice says 24 months map.yaml:13"), "{kept:?}");
    for (words, line) in [
        (
            "information: the notice lists J (education information), and nothing that was read collects it",
            "map.yaml:15",
        ),
        (
            "information: the notice says sold or shared of J (education information), and of no recipient a sale or sharing is declared or presumed",
            "map.yaml:15",
        ),
        ("information: the notice names ads for J, and nothing that was read brings it there", "map.yaml:15"),
        ("information: tool uses A, F for heatmaps, which lies within what the notice states for them", "map.yaml:13"),
        (
            "question: tool uses A, F for our_own_word, which no row of the notice states for them; in these words it cannot be compared",
            "map.yaml:13",
        ),
    ] {
        let row = said(words);
        assert!(row[2].contains(line) && row[3] == "no rule looks at this", "{row:?}");
    }
}

#[test]
fn what_is_not_known_is_said_not_to_be() {
    let tables = of(
        "datamap: 1\ndestinations:\n  - {id: facebook-pixel}\nevents:\n  - {name: E, properties: [{name: email}]}\n",
        "notice",
    );
    let found = table(&tables, "Categories of personal information in the terms");
    assert_eq!(found.row("A identifiers")[2], "not declared: the source (sources)");
    assert_eq!(found.row("B customer records")[1], "nothing that was read collects it");
    let used = table(&tables, "What each category is used for");
    let both = used.row("A identifiers F internet or other electronic network activity");
    assert_eq!(both[1], "not declared (purposes): Facebook Pixel");
    assert!(both[2].starts_with("presumed from the catalogue, to Facebook Pixel"), "{used:?}");
    let kept = table(&tables, "How long each category is kept");
    assert_eq!(kept.row("A identifiers")[1], "not declared: no row of notice.categories lists it");
    assert_eq!(kept.row("A identifiers")[2], "not declared");
}

#[test]
fn what_cannot_be_read_is_not_known_and_what_is_public_is_not_counted() {
    let text = "datamap: 1
business: {sells_or_shares: false}
sources: [{id: app, platform: server, notice_url: https://a.example/app#notice, destinations: [x]}]
destinations: [{id: x, role: service_provider, contract: {ref: TODO}, purposes: TODO, retention_days: 30}]
events: [{name: E, sources: [app], properties: [{name: salary, pi: [I], publicly_available: true}, {name: email}]}]
";
    let ran = report(written(text).path(), &["notice"]);
    let all = tables(&ran.stdout);
    let found = table(&all, "Categories of personal information in the terms");
    let row = found.row("I professional or employment-related information");
    // Cal. Civ. Code § 1798.140(v)(2): what is publicly available is no personal information.
    assert_eq!(row[1..], ["nothing that was read collects it", "", ""]);
    let links = table(&all, "The links that consumers find");
    let notice = &links.row("Notice at collection")[1];
    assert!(notice.ends_with("of app https://a.example/app#notice map.yaml:3"), "{notice}");
    let row = table(&all, "Everybody who gets").row("x map.yaml:4");
    assert!(row[3].starts_with("not known: "), "{row:?}");
    assert!(ran.stdout.contains("The business says that it neither sells nor shares: `map.yaml:2`"), "{}", ran.stdout);
}

#[test]
fn sensitive_data_of_no_class_stands_under_its_letter() {
    let text = "datamap: 1
sources: [{id: web, platform: server, destinations: [x]}]
destinations: [{id: x, role: third_party, shares: true}]
events: [{name: E, sources: [web], properties: [{name: secret, pi: [L]}]}]
";
    let all = of(text, "notice");
    let row = table(&all, "Categories of personal information in the terms").row("L sensitive personal information");
    assert_eq!((row[1].as_str(), row[3].as_str()), ("yes", "secret of E map.yaml:4"));
    assert_eq!(table(&all, "Everybody who gets").row("x map.yaml:3")[2], "L");
}

#[test]
fn vendors_files_alone_make_a_report() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    std::fs::copy(root().join("fixtures/shop/plans/shop.json"), folder.path().join("shop.json")).unwrap();
    for name in REPORTS {
        let ran = report(folder.path(), &[name]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{name}");
        assert!(ran.stdout.contains("consentlint 0.1.0 as of 2026-11-24"), "{}", ran.stdout);
    }
    let notice = tables(&report(folder.path(), &["notice"]).stdout);
    assert!(table(&notice, "in the terms").row("D commercial information")[3].contains("shop.json:18"));
}

#[test]
fn problems_are_told_beside_it_and_at_its_top() {
    let folder = written("datamap: 1\nsources:\n  - {id: web, platform: web, destinations: [nobody-knows-it]}\n");
    for name in REPORTS {
        let ran = report(folder.path(), &[name]);
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains("nobody-knows-it"), "{}", ran.stderr);
        let second = ran.stdout.split("\n\n").nth(2).unwrap();
        assert!(second.starts_with("- **1 problem:") || second.contains("1 problem"), "{second}");
    }
}

#[test]
fn an_empty_folder_is_no_project() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    for name in REPORTS {
        let ran = report(folder.path(), &[name]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{name}");
        assert!(ran.stderr.contains("no file was found to read"), "{}", ran.stderr);
    }
}

#[test]
fn an_undecidable_opt_out_is_a_question() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    let from = root().join("fixtures/adapters/segment-consent-manager/settings.yaml");
    std::fs::copy(from, folder.path().join("settings.yaml")).unwrap();
    let all = tables(&report(folder.path(), &["notice"]).stdout);
    let row = table(&all, "Everybody who gets").rows.iter().find(|row| row[0].starts_with("Facebook Pixel")).unwrap();
    assert!(row[4].starts_with("undecidable: ") && row[4].ends_with("settings.yaml:7"), "{row:?}");
}

/// 11 CCR § 7150(b): what is sold, what is sensitive, decisions and training.
#[test]
fn what_needs_an_assessment_is_listed_with_what_is_left_to_write() {
    let text = "datamap: 1
sources: [{id: web, platform: web, destinations: [ads, lab, mail]}]
destinations:
  - {id: ads, role: third_party, shares: true, started_on: 2025-05-01}
  - {id: lab, role: service_provider, purposes: [train_ai], contract: {ref: C-1}, assessment: {ref: RA-1, reviewed_on: 2022-01-01}}
  - {id: mail, role: service_provider, contract: {ref: C-2}, filters: {drop_properties: [diagnosis]}}
decisions: [{id: loans, about: credit, automated: true}]
events: [{name: E, sources: [web], properties: [{name: diagnosis, spi: [2B], transformation: hash}]}]
";
    let ran = report(written(text).path(), &["risk-assessment"]);
    let tables = tables(&ran.stdout);
    let needing = table(&tables, "Processing that needs a risk assessment");
    assert_eq!(needing.rows.len(), 2, "{needing:?}");
    let ads = needing.row("ads map.yaml:4");
    assert!(ads[1].starts_with("personal information is sold or shared (11 CCR § 7150(b)(1)) map.yaml:4"), "{ads:?}");
    assert!(ads[1].contains("(diagnosis of E) (11 CCR § 7150(b)(2)) map.yaml:8"), "{ads:?}");
    assert!(ads[3].starts_with("by 2027-12-31, as it began before 2026-01-01: 2025-05-01 map.yaml:4"), "{ads:?}");
    let lab = needing.row("lab map.yaml:5");
    assert!(lab[1].contains("train_ai is it training"), "{lab:?}");
    assert_eq!(lab[2], "RA-1 map.yaml:5 reviewed on 2022-01-01 map.yaml:5 ccpa/risk-assessment-missing medium");
    assert!(lab[3].starts_with("next review by 2025-01-01"), "{lab:?}");
    assert!(table(&tables, "significant decision").row("loans map.yaml:7")[1].starts_with("credit"));
    let involved = table(&tables, "The categories that all of this involves");
    let codes: Vec<&str> = involved.rows.iter().map(|row| row[0].split(' ').next().unwrap()).collect();
    assert_eq!(codes, ["A", "F", "L", "2B"]);
    let facts = tables.iter().find(|table| table.caption == "What is known of it").unwrap();
    assert_eq!(facts.row("Number of consumers")[1], "not known from configuration");
    assert!(
        facts.row("Safeguards in configuration")[1].contains("diagnosis of E is sent as hash map.yaml:8"),
        "{facts:?}"
    );
    assert!(ran.stdout.contains("- *not declared:* the agreement with the recipient (`contract.ref`) `map.yaml:4`"));
}

#[test]
fn nothing_is_called_compliant_and_no_paragraph_is_unknown() {
    let known: Vec<String> = consentlint::policy::citations().iter().map(|citation| citation.name.to_owned()).collect();
    for name in REPORTS {
        for project in ["shop", "shop-broken"] {
            for format in FORMATS {
                let text = sample(project, &[name, "--format", format]).stdout;
                assert!(!text.to_lowercase().contains("complian"), "{name} {project}");
            }
            let text = sample(project, &[name]).stdout.replace("&#58;", ":");
            for paragraph in tables::paragraphs(&text) {
                let cited = |law: &str| known.iter().any(|name| *name == format!("{law} § {paragraph}"));
                let found = cited("11 CCR") || cited("Cal. Civ. Code");
                assert!(found, "{name}: no row of citations.tsv has § {paragraph}");
            }
        }
    }
}
