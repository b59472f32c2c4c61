//! The catalogue of duties: each of them is a rule, or is named among the rules that are not here.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read the rules and their documentation")]

mod common;

use consentlint::policy::{Rule, embedded, left_out};
use consentlint::source::SourceId;
use std::collections::BTreeSet;

/// What becomes of a duty.
enum Is {
    /// These rules judge it.
    Judged(&'static [&'static str]),
    /// It is among the rules that are not here, under this name.
    Out(&'static str),
}
use Is::{Judged, Out};

/// Duties by their short names, in groups: notice, opt-out, consent, sensitive data, deletion, access and correction,
/// inventory, minors, contracts, retention, governance, security, platforms.
const DUTIES: [(&str, Is); 80] = [
    ("notice-url-missing", Judged(&["ccpa/notice-url-missing"])),
    ("notice-category-undisclosed", Judged(&["ccpa/notice-category-undisclosed", "ccpa/notice-context-undisclosed"])),
    ("notice-purpose-missing", Judged(&["ccpa/category-purpose-missing", "ccpa/destination-purpose-generic"])),
    ("notice-sale-share-mismatch", Judged(&["ccpa/notice-sale-share-mismatch"])),
    ("policy-stale", Judged(&["ccpa/policy-stale"])),
    ("financial-incentive-notice-missing", Judged(&["ccpa/financial-incentive-notice-missing"])),
    (
        "optout-link-missing",
        Judged(&["ccpa/optout-link-missing", "ccpa/optout-link-missing-in-app", "ccpa/optout-link-title"]),
    ),
    ("optout-methods-insufficient", Judged(&["ccpa/optout-methods-insufficient", "ccpa/optout-untested"])),
    ("optout-requires-verification", Judged(&["ccpa/optout-requires-verification", "ccpa/optout-form-excessive"])),
    ("gpc-not-honored", Judged(&["ccpa/gpc-not-honored", "ccpa/gpc-not-mapped"])),
    ("gpc-scope-incomplete", Judged(&["ccpa/gpc-scope-incomplete"])),
    ("gpc-absence-opts-in", Judged(&["ccpa/gpc-absence-opts-in"])),
    ("optout-confirmation-missing", Judged(&["ccpa/optout-confirmation-missing"])),
    ("share-destination-ungated", Judged(&["ccpa/share-destination-ungated", "ccpa/optout-control-undeclared"])),
    ("share-destination-essential", Judged(&["ccpa/share-destination-essential"])),
    ("destination-unmapped", Judged(&["ccpa/destination-unmapped"])),
    ("category-id-drift", Judged(&["ccpa/category-id-drift"])),
    ("path-bypasses-consent", Judged(&["ccpa/path-bypasses-consent"])),
    ("vendor-multi-path-gap", Judged(&["ccpa/vendor-multi-path-gap"])),
    ("optout-event-missing", Judged(&["ccpa/optout-event-missing"])),
    ("optout-event-unrecorded", Judged(&["ccpa/optout-event-unrecorded"])),
    ("optout-not-propagated", Judged(&["ccpa/optout-not-propagated"])),
    ("optout-latency-exceeded", Judged(&["ccpa/optout-latency-exceeded"])),
    ("retargeting-as-service-provider", Judged(&["ccpa/retargeting-as-service-provider"])),
    ("optout-expires", Judged(&["ccpa/optout-expires", "ccpa/optin-after-optout-single-step"])),
    ("new-destination-default-on", Judged(&["ccpa/new-destination-default-on"])),
    ("consent-by-closing", Judged(&["ccpa/consent-by-closing"])),
    ("consent-by-interaction", Judged(&["ccpa/consent-by-interaction", "ccpa/banner-text-implies-consent"])),
    ("banner-choice-asymmetric", Judged(&["ccpa/banner-choice-asymmetric"])),
    ("consent-wall", Judged(&["ccpa/consent-wall"])),
    ("preset-consent", Judged(&["ccpa/preset-consent"])),
    ("spi-to-share-destination", Judged(&["ccpa/spi-to-share-destination"])),
    ("limit-control-missing", Judged(&["ccpa/limit-control-missing", "ccpa/limit-link-title"])),
    ("spi-purpose-unjustified", Judged(&["ccpa/spi-purpose-unjustified"])),
    ("sensitive-page-context", Judged(&["ccpa/sensitive-page-context"])),
    ("sensitive-event-name", Judged(&["ccpa/sensitive-event-name"])),
    ("precise-geolocation", Judged(&["ccpa/precise-geolocation"])),
    ("hashed-not-deidentified", Judged(&["ccpa/hashed-not-deidentified"])),
    ("deletion-method-missing", Judged(&["ccpa/deletion-method-missing"])),
    ("deletion-forwarding-unsupported", Judged(&["ccpa/deletion-forwarding-unsupported"])),
    ("deletion-key-unresolvable", Judged(&["ccpa/deletion-key-unresolvable"])),
    ("third-party-deletion-notice-missing", Judged(&["ccpa/third-party-deletion-notice-missing"])),
    ("deletion-resurrection", Judged(&["ccpa/deletion-resurrection"])),
    ("derived-store-uncovered", Judged(&["ccpa/derived-store-uncovered"])),
    ("third-party-sourced-excluded", Judged(&["ccpa/third-party-sourced-excluded", "ccpa/deletion-web-form-missing"])),
    ("raw-store-missing", Judged(&["ccpa/raw-store-missing", "ccpa/raw-store-outlived", "ccpa/lookback-too-short"])),
    ("identity-keys-missing", Judged(&["ccpa/identity-keys-missing"])),
    ("access-method-missing", Judged(&["ccpa/access-method-missing"])),
    ("export-forbidden-fields", Judged(&["ccpa/export-forbidden-fields"])),
    ("correction-not-propagated", Judged(&["ccpa/correction-not-propagated", "ccpa/correction-overwritten"])),
    (
        "request-methods-incomplete",
        Judged(&["ccpa/request-methods-incomplete", "ccpa/request-answered-late", "ccpa/request-log-short"]),
    ),
    ("field-unclassified", Judged(&["ccpa/field-unclassified"])),
    ("classification-conflict", Judged(&["ccpa/classification-conflict"])),
    ("undeclared-destination", Judged(&["ccpa/undeclared-destination"])),
    ("tracking-plan-open", Judged(&["ccpa/tracking-plan-open", "ccpa/field-unplanned"])),
    ("destination-overcollects", Judged(&["ccpa/destination-overcollects"])),
    ("incompatible-purpose", Judged(&["ccpa/incompatible-purpose"])),
    ("minor-share-without-optin", Judged(&["ccpa/minor-share-without-optin"])),
    ("child-directed-source-shares", Judged(&["ccpa/child-directed-source-shares"])),
    ("minor-data-not-spi", Judged(&["ccpa/minor-data-not-spi"])),
    ("role-undeclared", Judged(&["ccpa/role-undeclared"])),
    (
        "sp-contract-missing",
        Judged(&["ccpa/sp-contract-missing", "ccpa/contractor-not-certified", "ccpa/contract-review-stale"]),
    ),
    ("contract-terms-incomplete", Judged(&["ccpa/contract-terms-incomplete"])),
    ("third-party-contract-missing", Judged(&["ccpa/third-party-contract-missing"])),
    ("retention-missing", Judged(&["ccpa/retention-missing"])),
    ("store-exceeds-retention", Judged(&["ccpa/store-exceeds-retention"])),
    ("sensitive-no-ttl", Judged(&["ccpa/sensitive-no-ttl"])),
    ("risk-assessment-missing", Judged(&["ccpa/risk-assessment-missing"])),
    ("admt-controls-missing", Judged(&["ccpa/admt-controls-missing"])),
    ("drop-cadence", Judged(&["ccpa/drop-cadence"])),
    ("restricted-field-collected", Judged(&["ccpa/restricted-field-collected"])),
    ("pii-in-url", Judged(&["ccpa/pii-in-url", "ccpa/endpoint-not-encrypted"])),
    ("segment-device-mode-unsuppressible", Judged(&["segment/device-mode-unsuppressible"])),
    ("segment-optout-model-loads-sdk", Judged(&["segment/optout-model-loads-sdk"])),
    (
        "segment-consent-not-enforced",
        Judged(&["segment/consent-not-enforced", "segment/destination-not-enforced", "segment/refused-but-received"]),
    ),
    ("segment-retl-no-consent-columns", Judged(&["segment/retl-no-consent-columns"])),
    ("cm-region-gate-skips-california", Judged(&["segment/cm-region-gate-skips-california"])),
    ("cm-unset-means-true", Judged(&["segment/cm-unset-means-true"])),
    ("consent-manager-unmaintained", Judged(&["segment/consent-manager-unmaintained"])),
    ("meta-ldu-off", Judged(&["segment/meta-ldu-off"])),
];

/// Duties without a number of their own.
const MORE: [(&str, Is); 20] = [
    ("signal-in-other-states", Judged(&["us-states/signal-not-honored"])),
    ("sensitive-opt-in-in-other-states", Judged(&["us-states/sensitive-without-opt-in"])),
    ("sale-bans-of-other-states", Judged(&["us-states/precise-geolocation-sale", "us-states/sensitive-sale-banned"])),
    ("purposes-bundled", Out("ccpa/purposes-bundled")),
    ("toggle-label-ambiguous", Out("ccpa/toggle-label-ambiguous")),
    ("message-content-collected", Out("ccpa/message-content-collected")),
    ("sensitive-location-inference", Out("ccpa/sensitive-location-inference")),
    ("frictionless-claim-inconsistent", Out("ccpa/frictionless-claim-inconsistent")),
    ("policy-gpc-text-missing", Judged(&["ccpa/policy-gpc-text-missing"])),
    ("notice-anchor-missing", Judged(&["ccpa/notice-anchor-missing"])),
    ("age-signal-unhandled", Out("ccpa/age-signal-unhandled")),
    ("google-rdp-off", Out("gtm/google-rdp-off")),
    ("ga4-data-sharing-on", Out("gtm/ga4-data-sharing-on")),
    ("consent-category-as-email-preference", Out("segment/consent-category-as-email-preference")),
    ("classic-destination-cannot-receive-consent", Out("segment/classic-destination-cannot-receive-consent")),
    ("audience-predates-consent-enforcement", Out("segment/audience-predates-consent-enforcement")),
    ("session-replay-unmasked", Out("exposure/session-replay-unmasked")),
    ("http-api-server-write-key-shared", Out("segment/http-api-server-write-key-shared")),
    ("ai-training-purpose", Out("ccpa/ai-training-purpose")),
    ("geofence-health", Out("us-states/geofence-health")),
];

fn ids() -> BTreeSet<String> {
    let read = |(path, text): (String, &str)| Rule::read(&path, SourceId(0), text).unwrap().id;
    embedded().into_iter().map(read).collect()
}

#[test]
fn every_duty_is_a_rule_or_is_named_with_a_reason() {
    let (ids, left_out) = (ids(), left_out());
    let mut slugs = BTreeSet::new();
    for (slug, is) in DUTIES.iter().chain(&MORE) {
        assert!(slugs.insert(*slug), "{slug} stands twice");
        match is {
            Judged(rules) => {
                for rule in *rules {
                    assert!(ids.contains(*rule), "{slug}: {rule} is no rule");
                }
            }
            Out(name) => assert!(left_out.iter().any(|out| out.name == *name), "{slug}: left-out.tsv lacks {name}"),
        }
    }
}

#[test]
fn every_rule_of_the_law_stands_in_the_catalogue() {
    let named: BTreeSet<&str> = DUTIES
        .iter()
        .chain(&MORE)
        .filter_map(|(_, is)| if let Judged(rules) = is { Some(rules.iter().copied()) } else { None })
        .flatten()
        .collect();
    for id in ids().iter().filter(|id| id.starts_with("ccpa/") || id.starts_with("us-states/")) {
        assert!(named.contains(id.as_str()), "{id} carries out no duty of the table");
    }
}

#[test]
fn what_is_left_out_is_no_rule_and_gives_a_reason() {
    let (ids, mut names) = (ids(), BTreeSet::new());
    let documented = std::fs::read_to_string(common::root().join("docs/rules.md")).unwrap();
    for out in left_out() {
        assert!(!ids.contains(out.name) && names.insert(out.name), "{}", out.name);
        assert!(out.title.len() > 20 && out.reason.len() > 40 && out.reason.ends_with('.'), "{}", out.name);
        assert!(documented.contains(&format!("| {} |", out.name)), "docs/rules.md lacks {}", out.name);
    }
    let out = MORE.iter().filter(|(_, is)| matches!(is, Out(_))).count();
    assert!(names.len() >= out, "{}", names.len());
}

#[test]
fn the_documentation_names_rules_that_are_there() {
    let name = regex::Regex::new(r"`((?:ccpa|core|gtm|segment|us-states)/[a-z]+(?:-[a-z]+)*)`").unwrap();
    let ids = ids();
    for file in ["README.md", "CONTRIBUTING.md", "docs/datamap.md", "docs/ci.md", "docs/formats.md", "docs/json.md"] {
        let text = std::fs::read_to_string(common::root().join(file)).unwrap();
        for found in name.captures_iter(&text) {
            let id = &found[1];
            assert!(ids.contains(id), "{file} names `{id}`, which is no rule");
        }
    }
}
