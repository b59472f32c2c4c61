//! What a rule file may say besides `when` and `deny`: profiles, severities that rise, questions, days, evidence.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests make files")]

mod common;

use common::Ran;
use consentlint::finding::{Place, Problem};
use consentlint::model::Profile;
use consentlint::policy::{Evidence, Rule};
use consentlint::source::SourceId;

const RULE: &str = r#"title: No Braze
severity: medium
law: []
url: https://example.org/rules
condition: Speaks of Braze.
for: destination
deny: "destination.id == 'braze'"
message: "{destination.name} is in use"
help: Remove it.
why: We decided so.
examples:
  - title: braze
    given: |
      datamap: 1
      destinations: [{id: braze}]
    flags:
      - {line: 2, message: in use}
  - title: another
    given: |
      datamap: 1
      destinations: [{id: mixpanel}]
    flags: []
"#;
const BRAZE: &str = "datamap: 1\ndestinations: [{id: braze}]\n";
const DENY: &str = "deny: \"destination.id == 'braze'\"\n";

/// The rule with lines of its own before `for`.
fn rule(lines: &str) -> String {
    RULE.replace("for: destination", &format!("{lines}for: destination"))
}

fn read(text: &str) -> Result<Rule, Vec<Problem>> {
    Rule::read("house/no-braze.yaml", SourceId(0), text)
}

/// What is wrong with a rule: message, help, and the text underlined.
fn wrong(text: &str) -> (String, String, String) {
    let problem = read(text).unwrap_err().into_iter().next().unwrap();
    let Place::Span(span) = problem.place else { panic!("{problem:?}") };
    (problem.message, problem.help, text[span.start as usize..span.end as usize].to_owned())
}

/// Checks a data map by the rule, with more settings.
fn check(rule: &str, settings: &str, map: &str, more: &[&str]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("consentlint.yaml", &format!("policies: [rules]\npacks: [house]\n{settings}"));
    write("rules/house/no-braze.yaml", rule);
    write("a.yaml", map);
    common::run(folder.path(), &[&["check", "--format", "json"], more].concat())
}

fn severities(ran: &Ran) -> Vec<String> {
    let report = ran.json();
    assert_eq!(report["problems"].as_array().map(Vec::len), Some(0), "{}", ran.stdout);
    let of = |finding: &serde_json::Value| finding["severity"].as_str().unwrap().to_owned();
    report["findings"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn a_rule_holds_in_its_profiles_with_the_severity_there() {
    let everywhere = check(RULE, "", BRAZE, &[]);
    assert_eq!(severities(&everywhere), ["medium"]);
    assert_eq!(severities(&check(RULE, "profile: us\n", BRAZE, &[])), ["medium"]);
    let states = rule("profiles: {us: high}\n");
    assert_eq!(severities(&check(&states, "", BRAZE, &[])), Vec::<String>::new(), "California is the default");
    assert_eq!(severities(&check(&states, "profile: us\n", BRAZE, &[])), ["high"]);
    let both = rule("profiles: {us-ca: low, us: critical}\n");
    assert_eq!(severities(&check(&both, "profile: us-ca\n", BRAZE, &[])), ["low"]);
    assert_eq!(severities(&check(&both, "profile: us\n", BRAZE, &[])), ["critical"]);
    let set = "profile: us\nrules: {house/no-braze: medium}\n";
    assert_eq!(severities(&check(&both, set, BRAZE, &[])), ["medium"], "the settings have the last word");
    let silent = "rules: {house/no-braze: high}\n";
    assert_eq!(severities(&check(&states, silent, BRAZE, &[])), Vec::<String>::new(), "and bring no law of elsewhere");
}

#[test]
fn a_profile_that_is_not_known_is_a_problem_with_the_cure() {
    let (message, help, place) = wrong(&rule("profiles: {eu: high}\n"));
    assert_eq!((message.as_str(), help.as_str()), ("there is no profile `eu`", "known: us-ca, us"));
    assert_eq!(place.trim(), "{eu: high}");
    let ran = check(RULE, "profile: eu\n", BRAZE, &[]);
    let report = ran.json();
    let problem = &report["problems"][0];
    assert_eq!((ran.code, problem["help"].as_str()), (2, Some("the profiles are us-ca, us")), "{}", ran.stdout);
    assert!(problem["message"].as_str().unwrap().contains("`eu`"), "{problem}");
    assert_eq!((problem["file"].as_str(), problem["start"]["line"].as_u64()), (Some("consentlint.yaml"), Some(3)));
    assert_eq!(Profile::ALL.map(Profile::name), ["us-ca", "us"]);
}

#[test]
fn a_finding_is_raised_while_its_severity_is_the_rules_own() {
    let raised = rule("raise: {to: critical, when: \"has(destination.sells) && destination.sells\"}\n");
    let sells = "datamap: 1\ndestinations: [{id: braze, sells: true}]\n";
    assert_eq!(severities(&check(&raised, "", BRAZE, &[])), ["medium"]);
    assert_eq!(severities(&check(&raised, "", sells, &[])), ["critical"]);
    let set = "rules: {house/no-braze: low}\n";
    assert_eq!(severities(&check(&raised, set, sells, &[])), ["low"], "the settings have the last word");
    let warns = raised.replace("law: []", "law: []\nsince: 2027-01-01\nwarn_from: 2026-01-01");
    assert_eq!(severities(&check(&warns, "", sells, &[])), ["low"], "before its day a rule only warns");
    assert_eq!(severities(&check(&warns, "", sells, &["--as-of", "2027-01-01"])), ["critical"]);
    let profiles = raised.replace("law: []", "law: []\nprofiles: {us-ca: medium, us: high}");
    assert_eq!(severities(&check(&profiles, "profile: us\n", BRAZE, &[])), ["high"]);
    assert_eq!(severities(&check(&profiles, "profile: us\n", sells, &[])), ["critical"], "in every profile");
}

#[test]
fn a_rule_asks_where_a_declaration_would_decide() {
    let ask = DENY.to_owned() + "ask: {when: \"!has(destination.role)\", question: \"Who is it to you?\"}\n";
    let asks = RULE.replace(DENY, &ask);
    let known = "datamap: 1\ndestinations: [{id: braze, role: internal}]\n";
    assert_eq!(severities(&check(&asks, "", BRAZE, &[])), ["low"], "a question weighs little");
    assert_eq!(severities(&check(&asks, "", known, &[])), ["medium"]);
    let raised = asks.replace("law: []", "law: []\nraise: {to: critical, when: \"true\"}");
    assert_eq!(severities(&check(&raised, "", BRAZE, &[])), ["low"], "nor is it raised");
    assert_eq!(severities(&check(&raised, "", known, &[])), ["critical"]);
    let rule = read(&asks.replace("{line: 2, message: in use}", "{line: 2, message: in use, asks: true}")).unwrap();
    assert_eq!(rule.ask.as_ref().map(|ask| &*ask.question), Some("Who is it to you?"));
    let open = asks.replace("!has(destination.role)", "destination.role == 'internal'");
    let report = check(&open, "", BRAZE, &[]).json();
    let message = report["problems"][0]["message"].as_str().unwrap();
    assert!(message.contains("`ask.when`: `destination.role` is not declared"), "{message}");
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(0), "what is open neither asks nor accuses");
}

#[test]
fn an_example_says_whether_the_rule_asks() {
    let ask = DENY.to_owned() + "ask: {when: \"!has(destination.role)\", question: \"Who is it to you?\"}\n";
    let tested = |flag: &str| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("house")).unwrap();
        let text = RULE.replace(DENY, &ask).replace("{line: 2, message: in use}", flag);
        std::fs::write(folder.path().join("house/no-braze.yaml"), text).unwrap();
        common::run(folder.path(), &["test", "house"])
    };
    let right = tested("{line: 2, message: in use, asks: true, severity: low}");
    assert_eq!((right.code, right.stdout.as_str()), (0, "1 rules, 2 examples passed, 0 failed\n"));
    let wrong = tested("{line: 2, message: in use}");
    assert!(wrong.code == 1 && wrong.stdout.contains("unexpected low question"), "{}", wrong.stdout);
    let heavy = tested("{line: 2, message: in use, asks: true, severity: medium}");
    assert_eq!(heavy.code, 1, "{}", heavy.stdout);
}

#[test]
fn mistakes_in_nested_expressions_are_shown_where_they_are() {
    let ask = DENY.to_owned() + "ask: {when: \"destination.rolle == 'x'\", question: \"Who?\"}\n";
    let (message, help, place) = wrong(&RULE.replace(DENY, &ask));
    assert!(message.starts_with("`ask.when`: "), "{message}");
    assert!(help.contains("did you mean `role`?"), "{help}");
    assert_eq!(place, "rolle");
    let has = ask.replace("destination.rolle == 'x'", "!has(destination.contract.reff)");
    assert_eq!(wrong(&RULE.replace(DENY, &has)).2, "reff");
    let (message, help, place) = wrong(&rule("raise: {to: high, when: \"destination.sels\"}\n"));
    assert!(message.starts_with("`raise.when`: ") && help.contains("did you mean"), "{message} {help}");
    assert_eq!(place, "sels");
    let (message, _, _) = wrong(&rule("raise: {to: enormous, when: \"true\"}\n"));
    assert!(message.contains("raise.to") && message.contains("enormous"), "{message}");
    let (message, _, _) = wrong(&rule("raise: {to: high}\n"));
    assert!(message.contains("missing field `when`"), "{message}");
    let (message, _, _) = wrong(&RULE.replace(DENY, &(DENY.to_owned() + "ask: {when: \"true\"}\n")));
    assert!(message.contains("missing field `question`"), "{message}");
}

#[test]
fn a_rule_says_when_it_speaks() {
    for said in ["", "condition: \"\"\n", "condition: |\n  \n"] {
        let (message, help, _) = wrong(&RULE.replace("condition: Speaks of Braze.\n", said));
        assert_eq!(message, "the rule does not say when it speaks");
        assert!(help.contains("`condition`"), "{help}");
    }
    assert_eq!(read(RULE).unwrap().condition, "Speaks of Braze.");
}

#[test]
fn evidence_is_primary_unless_said_otherwise() {
    assert_eq!(read(RULE).unwrap().evidence, Evidence::Primary);
    assert_eq!(read(&rule("evidence: secondary\n")).unwrap().evidence, Evidence::Secondary);
    let (message, _, _) = wrong(&rule("evidence: hearsay\n"));
    assert!(message.contains("evidence") && message.contains("hearsay"), "{message}");
}

/// Whether `older_than` holds on a day, of a contract reviewed on another.
fn is_older(reviewed: &str, age: &str, day: &str) -> bool {
    let deny = format!("deny: \"older_than(destination.contract.reviewed_on, '{age}')\"\n");
    let rule = RULE.replace(DENY, &deny);
    let map = format!("datamap: 1\ndestinations: [{{id: braze, contract: {{ref: X, reviewed_on: {reviewed}}}}}]\n");
    !severities(&check(&rule, "", &map, &["--as-of", day])).is_empty()
}

#[test]
fn ages_are_counted_by_the_calendar() {
    // Strictly more than the age: the anniversary itself is still within it.
    assert!(!is_older("2025-11-24", "12 months", "2026-11-24"));
    assert!(is_older("2025-11-24", "12 months", "2026-11-25"));
    assert!(!is_older("2023-11-24", "3 years", "2026-11-24") && is_older("2023-11-24", "3 years", "2026-11-25"));
    assert!(!is_older("2026-08-26", "90 days", "2026-11-24") && is_older("2026-08-26", "90 days", "2026-11-25"));
    // A month that ends earlier ends the age with it.
    assert!(!is_older("2026-01-31", "1 months", "2026-02-28") && is_older("2026-01-31", "1 months", "2026-03-01"));
    assert!(!is_older("2026-08-31", "1 months", "2026-09-30") && is_older("2026-08-31", "1 months", "2026-10-01"));
    // A leap day has its anniversary on the last of February.
    assert!(!is_older("2024-02-29", "12 months", "2025-02-28") && is_older("2024-02-29", "12 months", "2025-03-01"));
    assert!(!is_older("2024-02-29", "4 years", "2028-02-29") && is_older("2024-02-29", "4 years", "2028-03-01"));
    assert!(!is_older("2027-01-01", "1 days", "2026-11-24"), "a day to come is not past");
}

#[test]
fn a_day_that_is_none_is_undecidable() {
    let rule = RULE.replace(DENY, "deny: \"older_than(destination.contract.reviewed_on, '12 months')\"\n");
    let map = "datamap: 1\ndestinations: [{id: braze, contract: {ref: X, reviewed_on: 2026-02-30}}]\n";
    let ran = check(&rule, "", map, &[]);
    let report = ran.json();
    assert_eq!((ran.code, report["findings"].as_array().map(Vec::len)), (2, Some(0)), "{}", ran.stdout);
    let message = report["problems"][0]["message"].as_str().unwrap();
    assert!(message.contains("`2026-02-30` is no day (YYYY-MM-DD)"), "{message}");
    let absent = check(&rule, "", BRAZE, &[]).json();
    let message = absent["problems"][0]["message"].as_str().unwrap();
    assert!(message.contains("`destination.contract.reviewed_on` is not declared"), "{message}");
}

#[test]
fn in_force_holds_from_its_day_on() {
    let rule = RULE.replace(DENY, "deny: \"destination.id == 'braze' && in_force('2027-01-01')\"\n");
    let on = |day: &str| severities(&check(&rule, "", BRAZE, &["--as-of", day])).len();
    assert_eq!((on("2026-12-31"), on("2027-01-01"), on("2027-01-02")), (0, 1, 1));
}

#[test]
fn ages_and_days_are_written_as_constants() {
    let said = |deny: &str| {
        let (message, help, place) = wrong(&RULE.replace(DENY, &format!("deny: \"{deny}\"\n")));
        assert!(!place.is_empty() && message.starts_with("`deny`: "), "{message} at {place}");
        format!("{message} {help}")
    };
    for age in ["12 moons", "months", "-1 days", "1.5 years", "", "12"] {
        let message = said(&format!("older_than(destination.contract.reviewed_on, '{age}')"));
        assert!(message.contains("an age is written as a constant") && message.contains("'12 months'"), "{message}");
    }
    assert!(said("older_than(destination.contract.reviewed_on, destination.name)").contains("an age is written"));
    for day in ["2027-02-29", "2027-13-01", "soon"] {
        let message = said(&format!("in_force('{day}')"));
        assert!(message.contains("a day is written as a constant") && message.contains("'2027-01-01'"), "{message}");
    }
    assert!(said("older_than(destination.retention_days, '1 days')").contains("does not take a number"));
    let misspelt = said("oldr_than(destination.name, '1 days')");
    assert!(misspelt.contains("did you mean `older_than`?"), "{misspelt}");
}

#[test]
fn a_rule_that_had_nothing_to_judge_is_named() {
    let idle = |when: &str| {
        let ran =
            check(&RULE.replace(DENY, &format!("when: \"{when}\"\ndeny: \"false\"\n")), "", BRAZE, &["--verbose"]);
        assert_eq!(ran.code, 0, "{}", ran.stdout);
        let listed = ran.json()["idle_rules"].as_array().unwrap().contains(&"house/no-braze".into());
        assert_eq!(ran.stderr.contains("\n  house/no-braze\n"), listed, "{}", ran.stderr);
        assert!(ran.stderr.contains(" rules had nothing to judge:\n"), "{}", ran.stderr);
        listed
    };
    assert!(idle("destination.id == 'zendesk'"));
    assert!(!idle("destination.id == 'braze'"), "silent after judging");
}

#[test]
fn a_rule_that_ships_has_a_page_and_another_the_one_it_names() {
    let shipped = Rule::shipped();
    let rule = shipped.iter().find(|rule| rule.id == "ccpa/role-undeclared").unwrap();
    let page = rule.page().unwrap();
    assert!(page.starts_with("https://") && page.ends_with("/docs/rules.md#ccparole-undeclared"), "{page}");
    assert_eq!(read(RULE).unwrap().page().as_deref(), Some("https://example.org/rules"));
}

#[test]
fn every_subject_of_a_finding_can_be_explained() {
    let folder = common::root().join("fixtures/shop-broken");
    let report = common::run(&folder, &["check", "--format", "json", "--as-of", "2026-11-24"]).json();
    let mut kinds = std::collections::BTreeSet::new();
    for finding in report["findings"].as_array().unwrap() {
        let (kind, id) = (finding["subject"]["kind"].as_str().unwrap(), finding["subject"]["id"].as_str().unwrap());
        let ran = common::run(&folder, &["explain", "--subject", &format!("{kind}:{id}")]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{kind}:{id}");
        let first = ran.stdout.lines().next().unwrap();
        assert!(first.contains(id) && first.contains("yaml:") | first.contains("json:"), "{first}");
        kinds.insert(kind.to_owned());
    }
    assert!(["destination", "disclosure", "event", "notice", "property"].iter().all(|kind| kinds.contains(*kind)));
    let explained = |subject: &str| common::run(&folder, &["explain", "--subject", subject]);
    let property = explained("property:Account Opened.properties.religion").stdout;
    for said in ["classified_by = a declaration", "reaches = Facebook Pixel, Google Ads", "destinations.yaml:4:9"] {
        assert!(property.contains(said), "{property}");
    }
    let bare = explained("event:Order Completed").stdout;
    assert!(bare.starts_with("event Shop/Order Completed (plans/shop.json:29:16)"), "{bare}");
    let near = explained("property:Account Opened.properties.religio");
    assert!(near.code == 2 && near.stderr.contains("did you mean `property:Account Opened.properties.religion`?"));
    let kind = explained("evnt:Order Completed");
    assert!(kind.code == 2 && kind.stderr.contains("did you mean `event:Order Completed`?"), "{}", kind.stderr);
}
