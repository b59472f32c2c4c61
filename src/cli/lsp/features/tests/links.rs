//! Links to the law and to rules.

use super::super::{Link, links};
use super::{fixture, project, source};
use crate::cli::lsp::snapshot::Snapshot;

fn of(snapshot: &Snapshot, name: &str) -> Vec<(String, Link)> {
    let id = source(snapshot, name);
    let found = links(snapshot, id);
    found.into_iter().map(|link| (snapshot.inputs.sources.slice(link.span).to_owned(), link)).collect()
}

fn target<'l>(found: &'l [(String, Link)], on: &str) -> &'l str {
    found.iter().find(|(text, _)| text == on).map_or_else(|| panic!("no {on} in {found:?}"), |(_, link)| &link.url)
}

#[test]
fn citations_of_rule_files_lead_to_the_law() {
    let rule = "title: x\nlaw:\n  - Cal. Civ. Code § 1798.140(ad)\n  - 11 CCR § 7050(e)\n  - House rule 1\nurl: https://house.example/rule\ndeny: \"true\"\n";
    let snapshot = project(&[("rules/house/x.yaml", rule), ("consentlint.yaml", "policies: [rules]\n")]);
    let found = of(&snapshot, "rules/house/x.yaml");
    assert_eq!(target(&found, "Cal. Civ. Code § 1798.140(ad)"), crate::policy::STATUTE);
    assert_eq!(target(&found, "11 CCR § 7050(e)"), crate::policy::REGULATIONS);
    assert_eq!(target(&found, "https://house.example/rule"), "https://house.example/rule");
    assert_eq!(found.len(), 3, "what is not in the table leads nowhere");
}

#[test]
fn rules_lead_to_where_they_are_documented() {
    let settings = "rules:\n  ccpa/role-undeclared: low\n  ccpa/no-such: low\nexceptions:\n  - rule: ccpa/gpc-not-honored\n    reason: x\n";
    let map = "datamap: 1\n# consentlint: allow ccpa/role-undeclared until 2027-01-01 -- asked\nbusiness:\n  links:\n    privacy_policy: {url: https://shop.example/privacy}\n";
    let snapshot = project(&[("consentlint.yaml", settings), ("map.yaml", map)]);
    let documented = crate::source::read_file(&super::fixtures("../docs/rules.md"), "rules.md").unwrap().text;
    for (file, rule) in [
        ("consentlint.yaml", "ccpa/role-undeclared"),
        ("consentlint.yaml", "ccpa/gpc-not-honored"),
        ("map.yaml", "ccpa/role-undeclared"),
    ] {
        let found = of(&snapshot, file);
        let url = target(&found, rule);
        let (_, anchor) = url.split_once("/docs/rules.md#").unwrap();
        assert!(documented.contains(&format!("[{rule}](#{anchor})")), "{anchor}");
    }
    assert!(of(&snapshot, "consentlint.yaml").iter().all(|(on, _)| on != "ccpa/no-such"));
    assert_eq!(target(&of(&snapshot, "map.yaml"), "https://shop.example/privacy"), "https://shop.example/privacy");
}

#[test]
fn findings_lead_to_the_law_and_questions_nowhere() {
    let snapshot = fixture("shop-broken");
    let mut led = 0;
    for (id, source) in snapshot.inputs.sources.iter() {
        let found = links(&snapshot, id);
        for (before, after) in found.iter().zip(found.iter().skip(1)) {
            assert!(before.span.end <= after.span.start, "{}: {before:?} {after:?}", source.path);
        }
        for link in &found {
            assert!(
                link.url.starts_with("https://")
                    && source.text.get(link.span.start as usize..link.span.end as usize).is_some()
            );
            led += usize::from(snapshot.report.accusations().any(|finding| finding.primary.span == link.span));
        }
    }
    assert!(led > 5, "{led}");
    let quiet = fixture("shop");
    let id = source(&quiet, "destinations.yaml");
    assert_eq!(links(&quiet, id), [], "nothing was found there");
}
