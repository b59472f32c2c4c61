//! What each remedy mends, and what it leaves to people.

use super::{Project, mended};
use consentlint::model::remedy::REMEDIES;
use consentlint::policy::Rule;

const FIX: [&str; 2] = ["--fix", "--fail-on=never"];
const ANY: [&str; 3] = ["--fix", "--unsafe", "--fail-on=never"];

const PIXEL: &str = "  - {id: facebook-pixel, role: third_party, purposes: [custom_audience]}\n";

fn category(id: &str, more: &str) -> String {
    format!("    - {{id: {id}, purpose: Show our ads on other sites{more}}}\n")
}

#[test]
fn every_remedy_is_named_by_a_rule_for_a_kind_that_it_mends() {
    let rules = Rule::shipped();
    for remedy in &REMEDIES {
        let naming: Vec<&Rule> =
            rules.iter().filter(|rule| rule.fix.iter().any(|named| named.name == remedy.name)).collect();
        assert!(!naming.is_empty(), "no rule names {}", remedy.name);
        assert!(naming.iter().all(|rule| remedy.kinds.contains(&rule.kind.name)), "{}", remedy.name);
        assert!(remedy.doc.ends_with('.'), "{}", remedy.name);
    }
}

#[test]
fn of_several_categories_for_the_opt_out_a_person_chooses() {
    let optout = ", controls: [opt-out], destinations: []";
    let categories = category("ads", optout) + &category("partners", optout);
    let before = format!("datamap: 1\nconsent:\n  categories:\n{categories}destinations:\n{PIXEL}");
    for arguments in [&FIX[..], &ANY] {
        let (got, ran) = mended("data.yaml", &before, arguments);
        assert_eq!(got, before, "{}", ran.stderr);
    }
    let (_, ran) = mended("data.yaml", &before, &ANY);
    let said = "there are 2 ways, and one has to be chosen: list `facebook-pixel` in the category `ads`; list `facebook-pixel` in the category `partners`";
    assert!(ran.stderr.contains(said), "{}", ran.stderr);
    let (_, ran) = mended("data.yaml", &before, &["--all"]);
    assert!(ran.stdout.contains("(one has to be chosen)"), "{}", ran.stdout);
}

#[test]
fn no_category_is_offered_where_a_path_would_go_past_it() {
    let before = format!(
        "datamap: 1\nconsent:\n  manager: segment\n  categories:\n{}destinations:\n  - {{id: capi, catalog: actions-facebook-conversions-api, role: third_party, shares: true}}\nsources:\n  - {{id: backend, platform: server, identity: [user_id], destinations: [capi]}}\n",
        category("dns", ", controls: [opt-out], destinations: []")
    );
    let project = Project::new(&[("data.yaml", &before)]);
    let report = project.check(&["--format=json", "--only=ccpa/share-destination-ungated"]).json();
    assert_eq!(report["findings"][0]["fixes"], serde_json::json!([]), "{report:#}");
}

#[test]
fn no_category_is_offered_that_the_signal_leaves_on() {
    // The signal switches off `social` alone, so the pixel would go on receiving under the signal.
    let categories = category("ads", ", controls: [opt-out], destinations: []");
    let before = format!(
        "datamap: 1\nconsent:\n  categories:\n{categories}{}destinations:\n{PIXEL}signals:\n  gpc: {{honored: true, categories: [social]}}\n",
        category("social", ", essential: false, destinations: []")
    );
    let (got, ran) = mended("data.yaml", &before, &FIX);
    assert_eq!((got, ran.stdout.contains("list `facebook-pixel`")), (before, false));
}

#[test]
fn an_analytics_tool_is_listed_only_when_asked_to() {
    let categories = category("analytics", ", destinations: []") + &category("needed", ", essential: true");
    let before = format!(
        "datamap: 1\nconsent:\n  categories:\n{categories}destinations:\n  - {{id: mixpanel, role: service_provider}}\n"
    );
    let (got, ran) = mended("data.yaml", &before, &[&FIX[..], &["--only=ccpa/destination-unmapped"]].concat());
    assert_eq!(got, before);
    assert!(ran.stderr.contains("1 fix more with --unsafe"), "{}", ran.stderr);
    let (got, _) = mended("data.yaml", &before, &[&ANY[..], &["--only=ccpa/destination-unmapped"]].concat());
    assert_eq!(got, before.replace("destinations: []", "destinations: [mixpanel]"));
}

const CDN: &str = r#"{"integrations": {
  "Segment.io": {"apiKey": "example"},
  "Facebook Pixel": {"pixelId": "1", "type": "browser", "bundlingStatus": "bundled", "consentSettings": {"categories": ["ads"]}}},
 "consentSettings": {"allCategories": ["ads"], "hasUnmappedDestinations": false}}
"#;
const WRAPPER: &str = "import { withOneTrust } from '@segment/analytics-consent-wrapper-onetrust'\nwithOneTrust(analytics, {\n  consentModel: () => 'opt-in',\n  integrationCategoryMappings: {'Facebook Pixel': ['ads']},\n})\n";
const SPELT: &str = "datamap: 1\nconsent:\n  banner:\n    close_grants: [needed, Ads]\n  categories:\n    - {id: Ads, purpose: Show our ads, essential: false}\nsignals:\n  gpc:\n    categories: # all\n      - \"Ads\"\n";
const DRIFT: &str = "--only=ccpa/category-id-drift";

#[test]
fn the_data_map_spells_a_category_as_two_set_ups_do_and_they_stay() {
    let project = Project::new(&[("map.yaml", SPELT), ("cdn-settings.json", CDN), ("wrapper.js", WRAPPER)]);
    let ran = project.check(&[&FIX[..], &[DRIFT]].concat());
    assert_eq!(project.text("map.yaml"), SPELT.replace("Ads", "ads"), "{}", ran.stderr);
    assert_eq!([project.text("cdn-settings.json"), project.text("wrapper.js")], [CDN, WRAPPER]);
    assert!(
        ran.stderr.contains("  write `ads` instead of `Ads` in the data map (ccpa/category-id-drift)\n"),
        "{}",
        ran.stderr
    );
}

#[test]
fn of_a_data_map_and_one_set_up_either_may_be_wrong() {
    let project = Project::new(&[("map.yaml", SPELT), ("cdn-settings.json", CDN)]);
    project.check(&[&FIX[..], &[DRIFT]].concat());
    assert_eq!(project.text("map.yaml"), SPELT);
    let ran = project.check(&[&ANY[..], &[DRIFT]].concat());
    assert_eq!(project.text("map.yaml"), SPELT.replace("Ads", "ads"), "{}", ran.stderr);
    // An id that OneTrust gives out is right as it is.
    let texts = [SPELT.replace("Ads", "C0004"), CDN.replace("ads", "c0004")];
    let project = Project::new(&[("map.yaml", &texts[0]), ("cdn-settings.json", &texts[1])]);
    project.check(&[&ANY[..], &[DRIFT]].concat());
    assert_eq!([project.text("map.yaml"), project.text("cdn-settings.json")], texts);
}

#[test]
fn set_ups_that_differ_among_each_other_are_left_to_people() {
    let wrapper = WRAPPER.replace("['ads']", "['ADS']");
    let project = Project::new(&[("wrapper.js", &wrapper), ("cdn-settings.json", CDN), ("map.yaml", SPELT)]);
    project.check(&[&ANY[..], &[DRIFT]].concat());
    let texts = ["wrapper.js", "cdn-settings.json", "map.yaml"].map(|name| project.text(name));
    assert_eq!(texts, [&wrapper, CDN, SPELT]);
}

#[test]
fn the_signal_names_categories_as_they_are_written() {
    let write = |ids: &str| {
        format!(
            "datamap: 1\nconsent:\n  categories:\n{}{}destinations:\n{PIXEL}  - {{id: tiktok-conversions, role: third_party, purposes: [lookalike]}}\nsignals:\n  gpc: {{honored: true, categories: {ids}}}\n",
            category("C0004", ", controls: [opt-out], destinations: [facebook-pixel]"),
            category("social", ", controls: [opt-out], destinations: [tiktok-conversions]"),
        )
    };
    let only = "--only=ccpa/gpc-not-mapped";
    let (got, ran) = mended("data.yaml", &write("['c0004', social]"), &[&FIX[..], &[only]].concat());
    assert_eq!(got, write("['C0004', social]"), "{}", ran.stderr);
    // What it switches off is set up elsewhere, so adding to it has to be asked for.
    let (got, _) = mended("data.yaml", &write("[C0004]"), &[&FIX[..], &[only]].concat());
    assert_eq!(got, write("[C0004]"));
    let (got, _) = mended("data.yaml", &write("[C0004]"), &[&ANY[..], &[only]].concat());
    assert_eq!(got, write("[C0004, social]"));
    let (got, _) = mended("data.yaml", &write("[other]"), &[&ANY[..], &[only]].concat());
    assert_eq!(got, write("[other, C0004, social]"));
}

#[test]
fn a_route_that_is_to_be_filled_in_counts_as_unknown_until_it_is() {
    let before = "datamap: 1\ndestinations:\n  - id: mixpanel # analytics\n    role: service_provider\n    contract: {ref: DPA-1}\n  - {id: braze, deletion: {sla_days: 30}, role: service_provider}\n";
    let only = ["--only", "ccpa/deletion-method-missing"];
    let (got, ran) = mended("data.yaml", before, &[&FIX[..], &only].concat());
    assert_eq!((got.as_str(), ran.code), (before, 0), "a finding and a question, and nothing fails because of one");
    let (got, ran) = mended("data.yaml", before, &[&ANY[..], &only].concat());
    let words = "how a deletion reaches it: segment, vendor_api, webhook, ticket, email or sql";
    let after = before
        .replace("{ref: DPA-1}\n", &format!("{{ref: DPA-1}}\n    deletion: {{via: TODO}}  # {words}\n"))
        .replace("{sla_days: 30}", "{sla_days: 30, via: TODO}");
    assert_eq!(got, after, "{}", ran.stderr);
    // The question is gone, and what is open is a problem: a run with one is never a clean run.
    assert_eq!(ran.code, 2);
    assert_eq!(ran.stdout.matches("`via` is still to be filled in").count(), 2, "{}", ran.stdout);
    // No rule has to look at it for it to be said.
    let project = Project::new(&[("data.yaml", &after)]);
    let ran = project.check(&["--only=ccpa/retention-missing", "--format=json", "--fail-on=never"]);
    let said: Vec<_> = ran.json()["problems"].as_array().unwrap().iter().map(|one| one["message"].clone()).collect();
    assert_eq!((ran.code, said), (2, vec!["`via` is still to be filled in".into(); 2]));
    // Filled in, it counts.
    project.write("data.yaml", &after.replace("TODO", "vendor_api"));
    assert_eq!(project.check(&only).code, 0);
}

#[test]
fn a_placeholder_is_a_value_of_a_key_and_no_name() {
    let before = "datamap: 1\ndestinations:\n  - {id: TODO, name: TODO, role: internal, retention_days: TODO, mode: TODO}\nevents:\n  - {name: TODO, properties: [{name: TODO, type: string}]}\nx-own: {a: TODO}\n";
    let project = Project::new(&[("data.yaml", before)]);
    let report = project.check(&["--format=json", "--only=ccpa/role-undeclared"]).json();
    let said: Vec<&str> =
        report["problems"].as_array().unwrap().iter().map(|one| one["message"].as_str().unwrap()).collect();
    assert_eq!(said, ["`retention_days` is still to be filled in", "`mode` is still to be filled in"]);
}

#[test]
fn an_exception_goes_with_the_comments_above_it() {
    let settings = "# ours\nexceptions:\n  # one\n  # more of it\n  - rule: ccpa/role-undeclared\n    subject: destination:a\n    reason: gone # really\n    # its own\n\n  # two\n  - {rule: ccpa/role-undeclared, subject: 'destination:mixpanel', reason: under way}\n\n  - rule: ccpa/sp-contract-missing\n    reason: gone\nfail_on: never\n";
    let data = "datamap: 1\ndestinations:\n  # consentlint: allow ccpa/sp-contract-missing -- gone\n  - id: mixpanel # consentlint: allow ccpa/pii-in-url -- gone, too\n";
    let project = Project::new(&[("consentlint.yaml", settings), ("data.yaml", data)]);
    project.check(&["--fix"]);
    let kept = "# ours\nexceptions:\n  # two\n  - {rule: ccpa/role-undeclared, subject: 'destination:mixpanel', reason: under way}\nfail_on: never\n";
    assert_eq!(project.text("consentlint.yaml"), kept);
    assert_eq!(project.text("data.yaml"), "datamap: 1\ndestinations:\n  - id: mixpanel\n");
    // The last one leaves an empty list; comments beside the key stay.
    for (list, left) in [
        ("exceptions: # ours\n  # gone\n  - rule: ccpa/pii-in-url\n    reason: x\n", "exceptions: [] # ours\n"),
        (
            "exceptions:\n- rule: ccpa/pii-in-url\n  reason: x\n- {rule: ccpa/pii-in-url, subject: a, reason: x}",
            "exceptions: []\n",
        ),
        ("exceptions: [{rule: ccpa/pii-in-url, reason: x}]\n", "exceptions: []\n"),
        (
            "exceptions: [{rule: ccpa/pii-in-url, reason: x}, {rule: ccpa/pii-in-url, reason: y} ]\n",
            "exceptions: [ ]\n",
        ),
    ] {
        let project = Project::new(&[("consentlint.yaml", list), ("data.yaml", "datamap: 1\ndestinations: []\n")]);
        let ran = project.check(&FIX);
        assert_eq!(project.text("consentlint.yaml"), left, "{}", ran.stderr);
    }
}

#[test]
fn an_exception_whose_object_is_mended_along_goes_with_it() {
    let write = |list: &str, exception: &str| {
        format!(
            "datamap: 1\nconsent:\n  categories:\n{}destinations:\n{exception}{PIXEL}",
            category("ads", &format!(", controls: [opt-out], destinations: {list}"))
        )
    };
    let before = write("[]", "  # consentlint: allow ccpa/destination-unmapped -- under way\n");
    let (got, ran) = mended("data.yaml", &before, &FIX);
    assert_eq!(got, write("[facebook-pixel]", ""), "{}", ran.stderr);
}

#[test]
fn a_comment_in_code_goes_without_the_code() {
    let before = "// consentlint: allow ccpa/pii-in-url -- gone\nimport { withOneTrust } from '@segment/analytics-consent-wrapper-onetrust'\nwithOneTrust(analytics, {\n  consentModel: () => 'opt-in', // consentlint: allow ccpa/pii-in-url -- gone, too\n})\n";
    let (got, ran) = mended("consent.js", before, &FIX);
    let after = "import { withOneTrust } from '@segment/analytics-consent-wrapper-onetrust'\nwithOneTrust(analytics, {\n  consentModel: () => 'opt-in',\n})\n";
    assert_eq!(got, after, "{}", ran.stderr);
}

#[test]
fn an_exception_that_ended_or_names_no_rule_goes_only_when_asked_to() {
    let before = "datamap: 1\ndestinations:\n  # consentlint: allow ccpa/role-undeclared until 2026-01-01 -- under way\n  - id: mixpanel\n  # consentlint: allow ccpa/role-undeclred -- they are looking for it\n  - id: braze\n";
    let (got, _) = mended("data.yaml", before, &FIX);
    assert_eq!(got, before);
    let only = ["--only=ccpa/role-undeclared,core/exception-expired,core/exception-malformed"];
    let (got, ran) = mended("data.yaml", before, &[&ANY[..], &only].concat());
    let after = before.replace("  # consentlint: allow ccpa/role-undeclared until 2026-01-01 -- under way\n", "");
    assert_eq!(got, after.replace("undeclred", "undeclared"), "{}", ran.stderr);
}

#[test]
fn a_rule_of_ones_own_may_name_fixes_that_there_are_and_that_mend_its_kind() {
    let rule = "title: A destination without a route\nseverity: high\nlaw: []\nurl: https://example.com\ncondition: Always.\nfor: destination\ndeny: \"!has(destination.deletion.via)\"\nmessage: \"{destination.name} has no route\"\nhelp: Add one.\nfix: [FIX]\nwhy: We want one.\nexamples:\n  - title: none\n    given: |\n      datamap: 1\n      destinations:\n        - id: mixpanel\n    flags: [{line: 3}]\n  - title: one\n    given: |\n      datamap: 1\n      destinations:\n        - {id: mixpanel, deletion: {via: sql}}\n    flags: []\n";
    let problems = |fix: &str| {
        let project = Project::new(&[
            ("consentlint.yaml", "policies: [rules]\n"),
            ("rules/acme/route.yaml", &rule.replace("FIX", fix)),
            ("data.yaml", "datamap: 1\ndestinations:\n  - id: mixpanel\n"),
        ]);
        let ran = project.check(&["--only=acme/route", "--fix", "--unsafe"]);
        (ran.stdout, project.text("data.yaml"))
    };
    let (said, text) = problems("add-deletion-rout");
    assert!(
        said.contains("there is no fix `add-deletion-rout`") && said.contains("did you mean `add-deletion-route`?"),
        "{said}"
    );
    assert!(!text.contains("TODO"));
    let (said, _) = problems("remove-exception");
    assert!(said.contains("the fix `remove-exception` is for `exception`, not for `destination`"), "{said}");
    let (_, text) = problems("add-deletion-route");
    assert!(text.contains("    deletion: {via: TODO}"), "{text}");
}
