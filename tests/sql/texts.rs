//! What is printed.

use crate::common::{Ran, root, run};
use crate::parsed::parse;
use sqlparser::ast::Statement;
use std::path::{Path, PathBuf};

pub(crate) const DIALECTS: [&str; 4] = ["postgresql", "bigquery", "snowflake", "redshift"];
pub(crate) const QUESTIONS: [&str; 4] = ["opt-outs", "access", "delete", "inventory"];

pub(crate) fn project() -> PathBuf {
    root().join("tests/sql/project")
}

fn ask(folder: &Path, question: &str, dialect: &str, more: &[&str]) -> Ran {
    run(folder, &[&["sql", question, "--dialect", dialect], more].concat())
}

/// The statements for the library.
pub(crate) fn library(question: &str, dialect: &str, more: &[&str]) -> String {
    let ran = ask(&project(), question, dialect, more);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{question} {dialect}");
    ran.stdout
}

/// A project of one file.
fn of(map: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("map.yaml"), format!("datamap: 1\n{map}")).unwrap();
    folder
}

const SHOP: &str = "
destinations: [{id: lake, role: internal, mode: warehouse}]
sources: [{id: web, platform: web, destinations: [lake], identity: [user_id, anonymous_id], consent: {object: true}}]
events: [{name: Seen, sources: [web], properties: [{name: page}]}]
consent: {categories: [{id: ads, purpose: Advertising, controls: [opt-out]}]}
requests: {opt_out: {event: Seen, store: lake}}
";

#[test]
fn forbidden_fields_are_left_out_of_access_with_the_line_of_the_plan() {
    let sql = library("access", "postgresql", &[]);
    for (column, what, place) in [
        ("social_security_number", "social security number", "plans/library.json:24"),
        ("driver_license_number", "government identification number", "map.yaml:53"),
        ("login_password", "account password", "map.yaml:55"),
        ("member", "government identification number", "map.yaml:57"),
    ] {
        assert!(sql.contains(&format!("-- left out: {column}, {what} ({place})\n")), "{column}\n{sql}");
        assert!(!sql.contains(&format!("\"{column}\"")), "{column}");
    }
    for column in ["login_name", "ssn_last4", "branch", "email", "address_postal_code", "copies", "due_date"] {
        assert!(sql.contains(&format!("  \"{column}\"")), "{column}");
    }
    assert!(!sql.contains("\"notes\"") && sql.contains("-- not shown: plans/library.json:13;"), "{sql}");
    assert!(!sql.contains("SELECT *"));
    for dialect in DIALECTS {
        let queries = parse(dialect, &library("access", dialect, &[]));
        let shown: Vec<String> =
            queries.iter().filter(|one| matches!(one, Statement::Query(_))).map(ToString::to_string).collect();
        for column in ["social_security_number", "driver_license_number", "login_password", "member"] {
            let quoted =
                |text: &String| ['"', '`'].iter().any(|q| text.to_lowercase().contains(&format!("{q}{column}{q}")));
            assert!(!shown.iter().any(quoted), "{dialect} {column}");
        }
    }
}

#[test]
fn a_deletion_says_what_it_does_not_reach() {
    let sql = library("delete", "postgresql", &[]);
    for line in [
        "- letters: deletion via vendor_api, by email (map.yaml:26)",
        "- facebook-pixel: no deletion route is declared (map.yaml:20)",
        "- reading-features: no deletion route is declared (map.yaml:27); filled from this store (map.yaml:30)",
        "Deletion requests use SUPPRESS_WITH_DELETE (map.yaml:46).",
        "web.segment_consent_preference_updated (map.yaml:44): copy them before, or keep them with",
        "Tables and columns may be missing: it lets through what its plan does not list (map.yaml:17).",
    ] {
        assert!(sql.contains(line), "{line}\n{sql}");
    }
    assert!(!sql.contains("lake:"));
}

#[test]
fn what_is_not_covered_is_said() {
    let has = |folder: &Path, question: &str, more: &[&str], line: &str| {
        let ran = ask(folder, question, "postgresql", more);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{line}");
        assert!(ran.stdout.contains(line), "{line}\n{}", ran.stdout);
    };
    has(&project(), "access", &[], "-- - letters: no way of access is declared (map.yaml:23)\n");
    has(
        &project(),
        "access",
        &["--source", "web"],
        "-- Not covered: source desk-service (map.yaml:13): --source leaves it out.\n",
    );
    let more = SHOP.replace(
        "sources: [{id: web",
        "sources: [{id: old, platform: web, enabled: false, destinations: [lake]}, {id: crm, platform: cloud_object, destinations: [lake]}, {id: app, platform: ios, destinations: []}, {id: web",
    );
    let folder = of(&more.replace("sources: [web], properties", "sources: [web, app], properties"));
    has(folder.path(), "delete", &[], "-- Not covered: source crm (map.yaml:4): its data has another layout there.\n");
    has(
        folder.path(),
        "delete",
        &[],
        "-- Not covered: source old (map.yaml:4): it is switched off, and what it sent before may be there.\n",
    );
    has(
        folder.path(),
        "opt-outs",
        &[],
        "-- Not covered: what is chosen in source app (map.yaml:4), which does not feed the store.\n",
    );
}

#[test]
fn a_choice_is_told_by_a_property_before_the_consent_object() {
    let condition = |properties: &str| {
        let ran = ask(of(&SHOP.replace("{name: page}", properties)).path(), "opt-outs", "postgresql", &[]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        let line = ran.stdout.lines().find(|line| line.contains("CASE WHEN")).unwrap().trim().to_owned();
        line.trim_start_matches("CASE WHEN ").trim_end_matches(" THEN 1 ELSE 0 END AS \"opted_out\"").to_owned()
    };
    let object = "\"context_consent_category_preferences_ads\" = FALSE";
    assert_eq!(condition("{name: page}"), object);
    assert_eq!(condition("{name: choices.ads}"), "\"choices_ads\" = FALSE");
    assert_eq!(condition("{name: optedOut, type: boolean}"), "\"opted_out\" = TRUE");
    assert_eq!(
        condition("{name: choices.ads}, {name: do_not_sell}"),
        "\"choices_ads\" = FALSE OR \"do_not_sell\" = TRUE"
    );
    // A text says it in words that nobody told, and a property that is only named alike is another.
    assert_eq!(condition("{name: opted_out, type: string}"), object);
    assert_eq!(condition("{name: ads}, {name: lists.ads.$}"), object);
}

#[test]
fn values_are_parameters_and_stand_in_one_statement() {
    for (dialect, wanted) in DIALECTS.iter().zip(["($1, $2)", "(@user_id, @anonymous_id)", "(?, ?)", "($1, $2)"]) {
        for question in ["access", "delete"] {
            let parsed = parse(dialect, &library(question, dialect, &[]));
            let with: Vec<String> =
                parsed.iter().map(ToString::to_string).filter(|sql| sql.contains(['$', '@', '?'])).collect();
            assert_eq!(with.len(), 1, "{with:?}");
            assert!(with[0].ends_with(&format!("VALUES {wanted}")), "{with:?}");
        }
    }
}

#[test]
fn names_are_in_capitals_on_snowflake_and_in_backticks_on_bigquery() {
    assert!(library("access", "snowflake", &[]).contains("FROM \"WEB\".\"BOOK_BORROWED\""));
    assert!(
        library("access", "bigquery", &["--schema", "web=my-project.shop_web"])
            .contains("FROM `my-project`.`shop_web`.`book_borrowed`")
    );
    let inventory = library("inventory", "bigquery", &["--schema", "web=my-project.shop_web"]);
    assert!(inventory.contains("FROM `my-project`.`shop_web`.INFORMATION_SCHEMA.COLUMNS"), "{inventory}");
    assert!(
        library("inventory", "snowflake", &["--schema", "web=DB.shop"])
            .contains("FROM \"DB\".\"INFORMATION_SCHEMA\".\"COLUMNS\"")
    );
    assert!(library("inventory", "redshift", &[]).contains("FROM \"svv_columns\""));
}

#[test]
fn sources_schemas_tables_and_columns_can_be_chosen() {
    let sql = library("access", "postgresql", &["--source", "web", "--schema", "shop"]);
    assert!(sql.contains("\"shop\".\"tracks\"") && !sql.contains("desk_service"), "{sql}");
    let without = ["--without", "web.pages,*.identifies.context_ip", "--without", "web.*.context_locale"];
    let sql = library("access", "postgresql", &without);
    assert!(!sql.contains("\"pages\"") && !sql.contains("context_locale\""), "{sql}");
    assert_eq!(sql.matches("\"context_ip\"").count(), 3, "{sql}");
    // As a script gives it where everything is there.
    assert_eq!(
        library("delete", "redshift", &["--without="]).lines().count(),
        library("delete", "redshift", &[]).lines().count() + 1
    );
    let sql = library("delete", "postgresql", &["--without", "web.*.anonymous_id"]);
    assert!(!sql.contains("CAST(\"anonymous_id\""), "{sql}");
}

#[test]
fn what_the_data_map_lacks_is_a_problem_that_names_the_cure() {
    let lacks = |map: &str, question: &str, more: &[&str], wanted: &[&str]| {
        let ran = ask(of(map).path(), question, "postgresql", more);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{question}: {}", ran.stderr);
        let said = ran.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        for text in wanted {
            assert!(said.contains(text), "{text}\n{said}");
        }
    };
    let ran = ask(of(SHOP).path(), "opt-outs", "postgresql", &[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let without = |gone: &str| SHOP.lines().filter(|line| !line.starts_with(gone)).collect::<Vec<_>>().join("\n");
    lacks(&without("requests"), "opt-outs", &[], &["which event records an opt-out", "requests.opt_out"]);
    lacks(&SHOP.replace("event: Seen", "event: Gone"), "opt-outs", &[], &["no tracking plan has the event `Gone`"]);
    lacks(
        &SHOP.replace("controls: [opt-out], ", "").replace(", controls: [opt-out]", ""),
        "opt-outs",
        &[],
        &["no consent category", "controls: [opt-out]"],
    );
    lacks(&SHOP.replace(", consent: {object: true}", ""), "opt-outs", &[], &["by which column", "opted_out"]);
    lacks(
        &SHOP.replace("mode: warehouse", "mode: cloud").replace(", store: lake", ""),
        "delete",
        &[],
        &["no warehouse is declared", "mode: warehouse"],
    );
    lacks(
        &SHOP.replace(", identity: [user_id, anonymous_id]", ""),
        "access",
        &[],
        &["nothing says by which identifiers", "identity:"],
    );
    lacks(
        &SHOP.replace("[user_id, anonymous_id]", "[email]"),
        "access",
        &[],
        &["neither a user id nor an anonymous id"],
    );
    lacks(
        &SHOP.replace("name: Seen", "name: •").replace("event: Seen", "event: •"),
        "delete",
        &[],
        &["no letter or digit"],
    );
    let none = SHOP
        .replace("sources: [web], properties", "sources: [other], properties")
        .replace("sources: [{", "sources: [{id: other}, {");
    lacks(&none, "inventory", &[], &["no event of `web` is known", "tracking plan"]);
    let two =
        SHOP.replace("destinations: [{", "destinations: [{id: pond, mode: warehouse}, {").replace(", store: lake", "");
    lacks(&two, "access", &[], &["there are 2 warehouses", "--store", "pond"]);
    lacks(SHOP, "access", &["--store", "lage"], &["there is no warehouse `lage`", "did you mean `lake`?"]);
    lacks(SHOP, "access", &["--source", "wep"], &["no source `wep` feeds `lake`", "did you mean `web`?"]);
    lacks(SHOP, "access", &["--schema", "other=x"], &["--schema other=x is for no source"]);
    lacks(SHOP, "access", &["--schema", "a\"b"], &["is no name of a schema"]);
    lacks(SHOP, "opt-outs", &["--without", "web.seen"], &["no source that feeds `lake` sends the event `Seen`"]);
    lacks(SHOP, "access", &["--without", "web.gone"], &["nothing is known of `web.gone`"]);
}

#[test]
fn what_could_not_be_read_is_said_and_the_rest_printed() {
    let folder = of(SHOP);
    std::fs::write(folder.path().join("more.yaml"), "datamap: 1\ndestinations: [{id: x, colour: red}]\n").unwrap();
    let ran = ask(folder.path(), "opt-outs", "postgresql", &[]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stdout.starts_with("-- Not everything could be read") && ran.stderr.contains("colour"),
        "{}",
        ran.stderr
    );
}

/// Names with quotes, line breaks and ends of comments: whatever is in them, there are as many statements, of the same
/// kinds, and nothing of the text gets out of a comment or a name.
#[test]
fn nothing_in_a_file_breaks_out() {
    let evil = "x\\\"`'; DROP TABLE users; --\\n*/ DROP TABLE tracks; /* \\u2028 \\r $1 \\0";
    let map = format!(
        r#"
destinations: [{{id: "lake{evil}", mode: warehouse}}, {{id: "pixel{evil}", deletion: {{via: "{evil}", key: "{evil}"}}}}]
sources:
  - {{id: "web{evil}", platform: web, destinations: ["lake{evil}", "pixel{evil}"], identity: [user_id, anonymous_id], consent: {{object: true}}}}
events:
  - {{name: "Seen{evil}", sources: ["web{evil}"], properties: [{{name: "page{evil}"}}, {{name: "ssn{evil}", spi: [1A]}}]}}
consent: {{categories: [{{id: "ads{evil}", purpose: Advertising, controls: [opt-out]}}]}}
requests: {{opt_out: {{event: "Seen{evil}", store: "lake{evil}"}}, delete: {{regulation: SUPPRESS_WITH_DELETE}}}}
"#
    );
    let (plain, hostile) = (of(&map.replace(evil, "")), of(&map));
    for dialect in DIALECTS {
        for question in QUESTIONS {
            let kinds = |folder: &Path| -> Vec<String> {
                let ran = ask(folder, question, dialect, &[]);
                assert!(!ran.stdout.is_empty(), "{question}: {}", ran.stderr);
                assert!(ran.stdout.lines().all(|line| !line.contains(['\r', '\0', '\u{2028}'])));
                let first = |one: &Statement| one.to_string().split(' ').take(2).collect::<Vec<_>>().join(" ");
                parse(dialect, &ran.stdout).iter().map(first).collect()
            };
            let kinds = [kinds(plain.path()), kinds(hostile.path())];
            assert_eq!(kinds[0], kinds[1], "{question} {dialect}");
        }
    }
}
