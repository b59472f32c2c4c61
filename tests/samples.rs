//! The sample project: the clean one is silent, the broken one fires what it was broken for.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests run the program on the sample")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn check(sample: &str) -> (u8, serde_json::Value) {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut world = consentlint::cli::World {
        stdin: &mut std::io::empty(),
        stdout: &mut stdout,
        stderr: &mut stderr,
        today: "2026-11-24".parse().unwrap(),
        directory: Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf(),
        color: false,
        links: false,
        width: 0,
        progress: None,
    };
    let arguments = ["consentlint", "check", sample, "--format", "json"].map(Into::into);
    let code = consentlint::cli::run(arguments, &mut world);
    (code, serde_json::from_slice(&stdout).unwrap())
}

#[test]
fn the_clean_sample_has_no_finding_and_no_problem() {
    let (code, report) = check("fixtures/shop");
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(report["findings"].as_array().unwrap().len(), 0);
    assert_eq!(report["problems"].as_array().unwrap().len(), 0);
    assert_eq!(report["summary"]["events"], 5);
    assert_eq!(report["summary"]["destinations"], 6);
}

type Counts = BTreeMap<String, usize>;

/// What the broken sample is broken for: rule and number of findings that accuse.
const BROKEN: [(&str, usize); 25] = [
    ("ccpa/category-purpose-missing", 1),
    ("ccpa/deletion-forwarding-unsupported", 1),
    ("ccpa/deletion-key-unresolvable", 1),
    ("ccpa/destination-unmapped", 2),
    ("ccpa/gpc-not-honored", 1),
    ("ccpa/incompatible-purpose", 2),
    ("ccpa/limit-control-missing", 1),
    ("ccpa/minor-share-without-optin", 1),
    ("ccpa/notice-category-undisclosed", 10),
    ("ccpa/notice-context-undisclosed", 1),
    ("ccpa/notice-url-missing", 1),
    ("ccpa/optout-event-missing", 1),
    ("ccpa/optout-event-unrecorded", 1),
    ("ccpa/optout-link-missing", 1),
    ("ccpa/optout-methods-insufficient", 1),
    ("ccpa/request-methods-incomplete", 1),
    ("ccpa/restricted-field-collected", 1),
    ("ccpa/retargeting-as-service-provider", 1),
    ("ccpa/share-destination-essential", 1),
    ("ccpa/share-destination-ungated", 2),
    ("ccpa/spi-to-share-destination", 4),
    ("segment/category-id-invalid", 1),
    ("segment/consent-not-enforced", 1),
    ("segment/device-mode-unsuppressible", 1),
    ("segment/multiple-categories-need-all", 1),
];

/// What it leaves open: rule and number of subjects that it asks about.
const OPEN: [(&str, usize); 25] = [
    ("ccpa/access-method-missing", 3),
    ("ccpa/contract-review-stale", 2),
    ("ccpa/contract-terms-incomplete", 2),
    ("ccpa/correction-not-propagated", 2),
    ("ccpa/deletion-forwarding-unsupported", 1),
    ("ccpa/deletion-key-unresolvable", 1),
    ("ccpa/destination-purpose-generic", 2),
    ("ccpa/field-unclassified", 2),
    ("ccpa/identity-keys-missing", 1),
    ("ccpa/notice-sale-share-mismatch", 2),
    ("ccpa/optout-confirmation-missing", 1),
    ("ccpa/optout-not-propagated", 2),
    ("ccpa/optout-untested", 1),
    ("ccpa/policy-stale", 1),
    ("ccpa/raw-store-missing", 1),
    ("ccpa/retention-missing", 1),
    ("ccpa/risk-assessment-missing", 4),
    ("ccpa/role-undeclared", 1),
    ("ccpa/sp-contract-missing", 1),
    ("ccpa/spi-purpose-unjustified", 1),
    ("ccpa/spi-to-share-destination", 2),
    ("ccpa/third-party-contract-missing", 2),
    ("ccpa/third-party-deletion-notice-missing", 2),
    ("ccpa/tracking-plan-open", 1),
    ("segment/consent-not-enforced", 1),
];

fn expected(list: &[(&str, usize)]) -> Counts {
    list.iter().map(|(rule, count)| ((*rule).to_owned(), *count)).collect()
}

#[test]
fn the_broken_sample_fires_what_it_was_broken_for() {
    let (code, report) = check("fixtures/shop-broken");
    assert_eq!(code, 1);
    assert_eq!(report["problems"].as_array().unwrap().len(), 0, "{:#}", report["problems"]);
    let findings = report["findings"].as_array().unwrap();
    let (mut accusations, mut questions) = (Counts::new(), Counts::new());
    for finding in findings {
        let counts = if finding["question"].is_null() { &mut accusations } else { &mut questions };
        *counts.entry(finding["rule"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    assert_eq!(accusations, expected(&BROKEN));
    assert_eq!(questions, expected(&OPEN));
    let prints: BTreeSet<&str> = findings.iter().filter_map(|finding| finding["fingerprint"].as_str()).collect();
    assert_eq!(prints.len(), findings.len(), "every finding has a fingerprint of its own");
}
