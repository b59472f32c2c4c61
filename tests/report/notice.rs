//! What the notice report must not say: silence taken for agreement, for a fact, or for nothing.

use super::tables::{Table, tables};
use super::{of, report, table, written};

const WEB: &str = "sources: [{id: web, platform: web, destinations: [sp, tp], consent: {wrapper: onetrust}}]\n";

/// A data map with a website that feeds `sp` and `tp`.
fn map(rest: &str) -> String {
    format!("datamap: 1\n{WEB}{rest}")
}

fn differences(text: &str) -> Table {
    let tables = of(text, "notice");
    let at = tables.iter().position(|table| table.caption.starts_with("The declared notice beside")).unwrap();
    tables.into_iter().nth(at).unwrap()
}

/// The report as text, whatever problems there are.
fn page(text: &str) -> String {
    report(written(text).path(), &["notice"]).stdout
}

fn each(text: &str) -> Vec<Table> {
    tables(&page(text))
}

#[test]
fn advertising_that_no_row_states_is_a_question_and_never_agreement() {
    let purposes = |stated: &str| {
        differences(&map(&format!(
            "destinations:
  - {{id: sp, role: service_provider, contract: {{ref: C}}, purposes: [heatmaps]}}
  - {{id: tp, role: third_party, shares: true, purposes: [services, custom_audience]}}
events: [{{name: E, sources: [web], properties: [{{name: email, pi: A}}]}}]
notice: {{categories: [{{pi: [A, F], purposes: [{stated}], sold_or_shared: true, retention: 1 year, recipients: [tp, sp]}}]}}
"
        )))
    };
    let found = purposes("services");
    let row = found.row(
        "question: tp uses A, F for custom_audience, a sale or advertising across businesses, and no row of the notice states that for them",
    );
    assert_eq!(row[1..3], ["custom_audience map.yaml:5", "A+F for services map.yaml:7"]);
    found.row("information: sp uses A, F for heatmaps, which lies within what the notice states for them");
    // Words that the table of purposes lacks cannot be compared, whichever side has them.
    let found = purposes("make our shop nicer");
    found.row(
        "question: tp uses A, F for custom_audience, a sale or advertising across businesses, and no row of the notice states that for them",
    );
    found.row(
        "question: sp uses A, F for heatmaps, which no row of the notice states for them; in these words it cannot be compared",
    );
    // A wider purpose of advertising states it.
    let found = purposes("services, advertising");
    found.row("information: tp uses A, F for custom_audience, which lies within what the notice states for them");
}

/// 11 CCR § 7012(e)(2) asks for purposes by category.
#[test]
fn purposes_are_compared_category_by_category_and_those_of_fields_too() {
    let found = differences(&map(
        "destinations:
  - {id: sp, role: internal, retention_days: 3}
  - {id: tp, role: third_party, shares: true, purposes: [services, custom_audience], retention_days: 3}
events: [{name: E, sources: [web], properties: [{name: email, pi: A}, {name: order, pi: D, purposes: [services, data_sale]}]}]
notice:
  categories:
    - {pi: [A, F], purposes: [services, custom_audience], sold_or_shared: true, retention: 1 year, recipients: [tp]}
    - {pi: D, purposes: [services], sold_or_shared: true, retention: 1 year, recipients: [tp]}
",
    ));
    let row = found.row(
        "question: tp uses D for custom_audience, a sale or advertising across businesses, and no row of the notice states that for it",
    );
    assert_eq!(row[2], "D for services map.yaml:10");
    let row = found.row(
        "question: 1 field of D declared as collected for data_sale, a sale or advertising across businesses, and no row of the notice states that for it",
    );
    assert_eq!(row[1], "map.yaml:6");
    assert_eq!(found.rows.len(), 2, "{found:?}");
}

#[test]
fn nothing_is_said_not_to_be_collected_while_fields_have_no_class() {
    let plan = |field: &str| {
        map(&format!(
            "destinations: [{{id: sp, role: internal}}, {{id: tp, role: internal}}]
events: [{{name: E, sources: [web], properties: [{{name: diagnosys{field}}}, {{name: email, pi: A}}]}}]
notice: {{categories: [{{pi: J, purposes: [services], retention: 1 year}}]}}
"
        ))
    };
    let all = each(&plan(""));
    let row = table(&all, "in the terms of").row("J education information");
    assert_eq!(row[1], "no classified field carries it; 1 field has no class (ccpa/field-unclassified)");
    let text = page(&plan(""));
    assert!(text.contains("- *Not classified:* `diagnosys` of `E` `map.yaml:4`"), "{text}");
    assert!(text.contains("No classified field carries sensitive personal information"), "{text}");
    assert!(text.contains("what class of personal information 1 field is, if any"), "{text}");
    assert!(!text.contains("othing that was read collects"), "{text}");
    let all = each(&plan(", pi: none"));
    assert_eq!(table(&all, "in the terms of").row("J education information")[1], "nothing that was read collects it");
}

#[test]
fn a_source_that_lets_more_through_than_its_plan_lists_is_told() {
    let text = "datamap: 1
sources: [{id: web, platform: web, destinations: [d], unplanned: {events: true}}]
destinations: [{id: d, role: internal}]
events: [{name: E, sources: [web], properties: [{name: email, pi: A}]}]
";
    let all = each(text);
    let row = table(&all, "in the terms of").row("J education information");
    assert_eq!(row[1], "no classified field carries it; 1 source may send what no tracking plan lists");
    assert!(page(text).contains("- *Not all is listed: source* `web`"));
}

#[test]
fn a_declared_sale_that_reaches_nobody_today_is_told() {
    let text = "datamap: 1
sources:
  - {id: web, platform: web, destinations: [sp, dead]}
  - {id: off, platform: ios, enabled: false, destinations: [ghost]}
destinations:
  - {id: sp, role: service_provider, contract: {ref: C}, purposes: [services]}
  - {id: dead, role: third_party, sells: true, enabled: false}
  - {id: ghost, role: third_party, shares: true}
  - {id: idle, role: third_party, purposes: [data_sale], derived_from: [ghost]}
  - {id: pool, role: third_party, exempt: glba, sells: true}
  - {id: plain, role: service_provider, contract: {ref: C}, purposes: [services], enabled: false}
events: [{name: E, sources: [web], properties: [{name: email, pi: A}]}]
";
    let text = page(text);
    for line in [
        "Not counted: `dead`, as it is switched off `map.yaml:7` **though** `sells: true` `map.yaml:7`",
        "Not counted: `ghost`, as no source that was read and is switched on feeds it `map.yaml:8` **though** `shares: true` `map.yaml:8`",
        "**though its purpose is** `data_sale` `map.yaml:9`",
        "Not counted: `pool`, as its data is exempt (glba) `map.yaml:10` **though** `sells: true` `map.yaml:10`",
        "Not counted, as it is switched off: `plain`",
        "Of nobody who gets personal information today it is declared or presumed that it is sold to them",
        "*Of 4 destinations that get nothing today it is declared or presumed",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(!text.contains("Of nothing that was read"), "{text}");
}

/// 11 CCR §§ 7050(e), 7051(a), Cal. Civ. Code § 1798.140(j)(1)(B).
#[test]
fn a_role_that_a_declaration_denies_is_not_settled() {
    let with = |sp: &str| {
        each(&map(&format!(
            "destinations: [{{id: sp, purposes: [services], {sp}}}, {{id: tp, role: internal}}]
events: [{{name: E, sources: [web], properties: [{{name: email, pi: A}}]}}]
"
        )))
    };
    let denied = [
        (
            "role: service_provider, contract: {kind: third_party, ref: C}",
            "not what it is declared as: its contract is one for third parties (11 CCR § 7050(e)) map.yaml:3",
            "ccpa/sp-contract-missing high map.yaml:3",
        ),
        (
            "role: contractor, contract: {ref: C, certified: false}",
            "not what it is declared as: it has not certified (Cal. Civ. Code § 1798.140(j)(1)(B)) map.yaml:3",
            "ccpa/contractor-not-certified high map.yaml:3",
        ),
        (
            "role: service_provider, contract: {ref: C, terms: [1, 2]}",
            "not what it is declared as: its contract lacks terms that it must have (11 CCR § 7050(e)) map.yaml:3",
            "ccpa/contract-terms-incomplete medium map.yaml:3",
        ),
    ];
    for (declared, why, finding) in denied {
        let all = with(declared);
        assert_eq!(table(&all, "belongs in one of the two tables").rows[0][2], "sp", "{declared}");
        assert!(!all.iter().any(|table| table.caption.contains("for a business purpose")), "{declared}");
        let cell = &table(&all, "Everybody who gets").row("sp map.yaml:3")[1];
        assert!(cell.contains(why) && cell.contains(finding) && !cell.contains("presumed"), "{cell}");
    }
    for settled in [
        "role: service_provider, contract: {kind: service_provider, ref: C, terms: [1, 2, 3, 4, 5, 6, 7, 8, 9]}",
        "role: contractor, contract: {ref: C, certified: true}",
        "role: service_provider, contract: {ref: C, certified: false}",
    ] {
        assert_eq!(table(&with(settled), "for a business purpose").rows[0][2], "sp", "{settled}");
    }
}

#[test]
fn what_the_consumer_does_not_direct_is_not_said_to_be_directed() {
    let all = each(&map(
        "destinations: [{id: sp, role: third_party, consumer_directed: false, purposes: [suppression]}, {id: tp, role: internal}]
events: [{name: E, sources: [web], properties: [{name: email, pi: A}]}]
",
    ));
    let cell = &table(&all, "Everybody who gets").row("sp map.yaml:3")[1];
    assert!(cell.contains("it only learns of opt-outs map.yaml:3") && !cell.contains("directs"), "{cell}");
}

#[test]
fn no_sale_is_never_said_beside_a_declared_one() {
    let text = map("destinations:
  - {id: sp, role: service_provider, contract: {ref: C}, purposes: [services]}
  - {id: tp, role: third_party, shares: true, consumer_directed: true, purposes: [custom_audience]}
events: [{name: E, sources: [web], properties: [{name: email, pi: A}, {name: ssn, spi: 1A, purposes: [data_sale]}]}]
");
    let all = each(&text);
    let sold = table(&all, "What each category is used for");
    let row = sold.rows.iter().find(|row| row[0].starts_with("1A")).unwrap();
    let torn = "declared as sold or shared, and as directed by the consumer: tp";
    assert_eq!(row[2], format!("{torn} 1 field is declared as collected for it: data_sale map.yaml:6"));
    let row = table(&all, "Everybody who gets").row("tp map.yaml:5");
    assert!(row[1].ends_with("It is declared as a sale or sharing as well. Which of the two is so?"), "{row:?}");
    assert!(row[4].starts_with("cannot be told: a sale or sharing is declared"), "{row:?}");
    let page = page(&text);
    assert!(page.contains("*Of 1 recipient it is declared both"), "{page}");
    assert!(page.contains("*1 field is declared as collected for a sale"), "{page}");
    assert!(!page.contains("Of everybody who gets personal information it is declared as whom"), "{page}");
}

#[test]
fn of_recipients_that_nobody_knows_nothing_is_said() {
    let text = "datamap: 1\nevents: [{name: E, properties: [{name: email, pi: A}]}]\n";
    let (page, all) = (page(text), each(text));
    assert_eq!(
        table(&all, "What each category is used for").row("A identifiers")[2],
        "cannot be told: nobody who gets it is known"
    );
    assert!(page.contains("neither whether it is sold or shared nor to whom it is disclosed can be told"), "{page}");
    for vacuous in ["Of everybody who gets", "Of nobody who gets", "no sale or sharing is declared"] {
        assert!(!page.contains(vacuous), "{vacuous}\n{page}");
    }
}

#[test]
fn declared_data_of_consumers_under_16_is_known() {
    let all = each(
        "datamap: 1
sources:
  - {id: web, platform: web, destinations: [tp]}
  - {id: ward, platform: server, exempt: hipaa_cmia, destinations: [tp]}
destinations: [{id: tp, role: third_party, shares: true}]
events: [{name: E, sources: [web], properties: [{name: email, pi: A}, {name: kid, spi: R4}]}]
",
    );
    let row = table(&all, "known to be under 16").row("web website");
    assert!(row[1].contains("known: kid is data of consumers known to be under 16 map.yaml:6"), "{row:?}");
    assert!(row[3].contains("ccpa/minor-share-without-optin critical map.yaml:"), "{row:?}");
    assert_eq!(
        table(&all, "known to be under 16").row("ward server")[2],
        "not counted: exempt (hipaa_cmia) map.yaml:4"
    );
}

#[test]
fn rows_of_the_notice_that_contradict_each_other_are_told() {
    let text =
        map("destinations: [{id: sp, role: internal, retention_days: 1}, {id: tp, role: internal, retention_days: 1}]
events: [{name: E, sources: [web], properties: [{name: email, pi: A}, {name: latitude, pi: G, spi: 1C}]}]
notice:
  categories:
    - {pi: [A, F], purposes: [services], sold_or_shared: true, retention: 30 days}
    - {pi: A, purposes: [services], sold_or_shared: false, retention: 10 years}
    - {pi: G, spi: 1C, purposes: [services], sold_or_shared: false, retention: 10 years}
    - {pi: G, purposes: [services], sold_or_shared: false, retention: 120 months}
    - {pi: G, purposes: [services], sold_or_shared: false, retention: 7 days, recipients: []}
");
    let found = differences(&text);
    let row =
        found.row("question: rows of the notice that list A identifiers disagree on whether it is sold or shared");
    assert_eq!(row[2], "A+F says true map.yaml:7 A says false map.yaml:8");
    let row = found.row("question: rows of the notice that list A identifiers disagree on how long it is kept");
    assert_eq!(row[2], "A+F says 30 days map.yaml:7 A says 10 years map.yaml:8");
    found.row("question: rows of the notice that list G geolocation data disagree on how long it is kept");
    let against = found.rows.iter().filter(|row| row[0].contains("disagree")).count();
    assert_eq!(against, 3, "{found:?}");
    let all = each(&text);
    let kept = table(&all, "How long each category is kept");
    assert_eq!(kept.row("A identifiers")[1], "30 days map.yaml:7 10 years map.yaml:8");
    assert_eq!(
        kept.row("G geolocation data")[1],
        "10 years map.yaml:9 (a row that lists 1C, too) 120 months map.yaml:10 7 days map.yaml:11"
    );
    let sold = &table(&all, "What each category is used for").row("A identifiers")[2];
    assert!(sold.ends_with("the notice says: true map.yaml:7 the notice says: false map.yaml:8"), "{sold}");
}

#[test]
fn what_the_tables_cannot_know_stands_at_their_end() {
    let text = page("datamap: 1\nsources: []\n");
    let (_, last) = text.split_once("## What configuration cannot tell").unwrap();
    assert!(last.contains("what was collected, sold, shared or disclosed before"), "{last}");
    assert!(last.contains("outside of what was read"), "{last}");
    assert!(!last.contains("\n## "), "{last}");
}

/// 11 CCR § 7011(e)(1)(J) is about the use of sensitive personal information.
#[test]
fn a_paragraph_is_cited_for_one_thing() {
    let text = page(super::STANDINGS);
    let captions: Vec<&str> = text.lines().filter(|line| line.contains("7011(e)(1)(J)")).collect();
    assert!(captions.iter().all(|line| line.contains("7027(m)")), "{captions:?}");
}

#[test]
fn a_period_that_cannot_be_read_is_no_fact() {
    let all = each(&map("destinations:
  - {id: sp, role: internal, retention_days: 99999999}
  - {id: tp, role: internal, retention_days: -5, ttl_days: {A: 4}}
events: [{name: E, sources: [web], properties: [{name: email, pi: A}]}]
"));
    let kept = table(&all, "How long each category is kept");
    assert_eq!(
        kept.row("A identifiers")[2],
        "4 days tp map.yaml:5 declared in a way that cannot be read: 99999999 of sp map.yaml:4"
    );
    let both = &kept.rows.iter().find(|row| row[0].starts_with('F')).unwrap()[2];
    assert_eq!(
        both,
        "declared in a way that cannot be read: 99999999 of sp map.yaml:4 declared in a way that cannot be read: -5 of tp map.yaml:5"
    );
}

/// What is declared as anything but true or false, a list or a number is not known.
#[test]
fn a_sale_that_cannot_be_read_is_no_absence_of_one() {
    let with = |sp: &str| {
        each(&map(&format!(
            "destinations: [{{id: sp, role: service_provider, contract: {{ref: C}}, {sp}}}, {{id: tp, catalog: facebook-pixel, sells: '${{X}}'}}]
events: [{{name: E, sources: [web], properties: [{{name: email, pi: A}}]}}]
"
        )))
    };
    for declared in
        ["sells: '${SELLS}', purposes: [services]", "shares: '${S}', purposes: [services]", "purposes: '${P}'"]
    {
        let all = with(declared);
        assert_eq!(table(&all, "belongs in one of the two tables").rows[0][2], "sp", "{declared}");
        let row = table(&all, "Everybody who gets").row("sp map.yaml:3");
        let name = declared.split(':').next().unwrap();
        assert!(row[1].contains(&format!("cannot be read: {name} map.yaml:3")), "{row:?}");
        assert!(row[4].starts_with("cannot be told"), "{row:?}");
        // What is presumed of a pixel is not overridden by what cannot be read.
        assert_eq!(table(&all, "Categories sold or shared").rows[0][2], "Facebook Pixel");
    }
    let all = with("purposes: [services], retention_days: until the account is closed");
    let kept = &table(&all, "How long each category is kept").rows[0];
    assert!(kept[2].starts_with("declared in a way that cannot be read: not known: it is written as"), "{kept:?}");
    assert_eq!(kept[3], "Facebook Pixel (retention_days, ttl_days)");
}

#[test]
fn backticks_in_names_leave_a_refutation_readable() {
    let all = each(
        "datamap: 1
sources: [{id: web, platform: web, destinations: [tp]}]
destinations: [{id: tp, name: 'B`uyer', role: third_party, shares: true}]
events: [{name: E, sources: [web], properties: [{name: 'em`ail', pi: A}]}]
",
    );
    let row = table(&all, "Everybody who gets").row("B`uyer map.yaml:3");
    assert!(row[4].starts_with("refuted: a visitor who has opted out still sends emˋail to Bˋuyer through"), "{row:?}");
}

#[test]
fn two_of_one_name_are_told_apart() {
    let all = each(&map(
        "destinations: [{id: sp, name: Buyer, role: internal}, {id: tp, name: Buyer, role: third_party, shares: true}]
events: [{name: E, sources: [web], properties: [{name: email, pi: A}]}]
",
    ));
    let names: Vec<&str> = table(&all, "Everybody who gets").rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(names, ["Buyer (sp) map.yaml:3", "Buyer (tp) map.yaml:3"]);
    assert_eq!(table(&all, "Categories sold or shared").rows[0][2], "Buyer (tp)");
}

#[test]
fn the_count_of_differences_stands_at_the_top() {
    let text = page(super::DIFFERENCES);
    let top = text.split("\n## ").next().unwrap();
    assert!(top.contains("The declared notice beside what flows: **3 differences** and"), "{top}");
    assert!(top.contains("“What the declared notice says, and what flows”"), "{top}");
    let html = report(written(super::DIFFERENCES).path(), &["notice", "--format", "html"]).stdout;
    let links = html.matches(">What the declared notice says, and what flows</a>").count();
    assert_eq!(links, 2, "one in the contents, one at the top");
    assert!(page(super::STANDINGS).split("\n## ").next().unwrap().contains("*no notice is declared"));
}

#[test]
fn classes_with_the_same_recipients_share_a_row_and_nobody_is_left_out() {
    let many: Vec<String> = (0..30).map(|at| format!("d{at}")).collect();
    let sources: Vec<String> =
        (0..20).map(|at| format!("  - {{id: s{at}, platform: web, destinations: [{}]}}\n", many.join(", "))).collect();
    let declared: Vec<String> =
        many.iter().map(|id| format!("  - {{id: {id}, role: third_party, shares: true}}\n")).collect();
    let all = each(&format!("datamap: 1\nsources:\n{}destinations:\n{}", sources.concat(), declared.concat()));
    let sold = table(&all, "Categories sold or shared");
    assert_eq!(sold.rows.len(), 1, "{sold:?}");
    assert_eq!(sold.rows[0][0], "A identifiers F internet or other electronic network activity");
    assert_eq!(sold.rows[0][2], many.join(", "));
    assert_eq!(table(&all, "Every source").rows.len(), 20);
    assert_eq!(table(&all, "Every source").row("s19 map.yaml:22")[2], "A, F");
}

#[test]
fn a_row_that_names_nobody_and_one_that_names_a_kind() {
    let text = |recipients: &str| {
        map(&format!(
            "destinations:
  - {{id: sp, role: internal, retention_days: 1}}
  - {{id: tp, catalog: facebook-pixel, role: third_party, shares: true, retention_days: 1}}
notice: {{categories: [{{pi: [A, F], purposes: [services], sold_or_shared: true, retention: 1 year, recipients: [{recipients}]}}]}}
"
        ))
    };
    let all = each(&text(""));
    let found = table(&all, "The declared notice beside");
    let row = found.row("differs: Facebook Pixel receives personal information, and no row of the notice names it");
    assert_eq!(row[2], "A+F names nobody map.yaml:6");
    // The law asks for kinds, so that one is no unknown destination.
    let ran = report(written(&text("advertising")).path(), &["notice"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.contains("No difference was found"), "{}", ran.stdout);
    assert_eq!(report(written(&text("advertizing")).path(), &["notice"]).code, 2);
}
