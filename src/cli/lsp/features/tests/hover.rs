//! What is said of places.

use super::super::{Hover, hover};
use super::{at_cursor, fixture, project, source};
use crate::cli::lsp::snapshot::Snapshot;

const WEB: (&str, &str) = (
    "web.yaml",
    "datamap: 1\nconsent:\n  manager: segment\n  categories:\n    - {id: ads, controls: [opt-out], destinations: [facebook-pixel]}\nsources:\n  - {id: web, platform: web}\n",
);

fn said(files: &[(&str, &str)]) -> String {
    let (snapshot, source, offset) = at_cursor(files);
    hover(&snapshot, source, offset).map_or_else(String::new, |found| found.markdown)
}

fn in_map(text: &str) -> String {
    said(&[("typed.yaml", text), WEB])
}

/// What is said of the first place of a word in a fixture, and of which text.
fn of(snapshot: &Snapshot, file: &str, word: &str) -> (String, String) {
    let id = source(snapshot, file);
    let text = &snapshot.inputs.sources.get(id).unwrap().text;
    let offset = text.find(word).unwrap_or_else(|| panic!("{word}"));
    let Hover { span, markdown } = hover(snapshot, id, offset as u32).unwrap_or_else(|| panic!("nothing of {word}"));
    (text[span.start as usize..span.end as usize].to_owned(), markdown)
}

fn holds(said: &str, wanted: &[&str]) {
    for part in wanted {
        assert!(said.contains(part), "no {part:?} in\n{said}");
    }
}

#[test]
fn a_finding_is_told_with_its_law_and_what_to_do() {
    let map =
        "datamap: 1\nbusiness:\n  sells_or_shares: ‸false\ndestinations:\n  - {id: facebook-pixel, shares: true}\n";
    holds(&in_map(map), &["**It matters to**", "`ccpa/notice-sale-share-mismatch`"]);
    let said = in_map(&map.replace('‸', "").replace("- {id", "- {‸id"));
    assert!(!said.contains("**Law**"), "nothing was found at the key");
    let said = in_map(&map.replace('‸', "").replace("facebook-", "face‸book-"));
    holds(&said, &["**Law**", "**What to do:**", "**To except:** `# consentlint: allow ccpa/", "https://cppa.ca.gov/"]);
    let snapshot = fixture("shop-broken");
    for finding in &snapshot.report.findings {
        let place = finding.primary.span;
        let said = hover(&snapshot, place.source, place.start).unwrap().markdown;
        let weight = if finding.question.is_some() { "question" } else { finding.severity.name() };
        holds(&said, &[&format!("**{weight}** `{}`: {}", finding.rule, crate::output::markdown(&finding.message))]);
    }
    let (_, said) = of(&snapshot, "destinations.yaml", "facebook-pixel");
    holds(
        &said,
        &[
            "**Precedent:** ",
            "**Found elsewhere**",
            "**critical** `ccpa/share-destination-ungated`",
            "(`consent.yaml:14`)",
        ],
    );
}

#[test]
fn an_excepted_finding_says_why() {
    let text = "datamap: 1\ndestinations:\n  # consentlint: allow ccpa/role-undeclared -- asked <them>\n  - id: face‸book-pixel\n";
    holds(&in_map(text), &["*Excepted:* ", "`ccpa/role-undeclared`", "*Reason:* asked &#60;them&#62;"]);
}

#[test]
fn a_destination_is_told_by_what_is_declared_and_what_follows() {
    let snapshot = fixture("shop");
    for (file, word) in [
        ("consent.yaml", "google-ads-gtag"),
        ("destinations.yaml", "google-ads-gtag"),
        ("shop.yaml", "google-ads-gtag"),
    ] {
        let (on, said) = of(&snapshot, file, word);
        assert_eq!(on, "google-ads-gtag", "{file}");
        holds(
            &said,
            &[
                "**destination** `google-ads-gtag` (`destinations.yaml:21`)",
                "vendor: Google",
                "deletions: not forwarded by Segment",
                "*Catalogue: Segment's public documentation, CC BY 4.0*",
                "- `role`: third_party (`destinations.yaml:5`)",
                "- `active` = true, because: fed by source `web` (`shop.yaml:16`)",
                "- `discloses` = true, because: purpose `custom_audience` is cross-context behavioral advertising (`destinations.yaml:6`)",
                "`consentlint explain --subject destination:google-ads-gtag`",
            ],
        );
    }
    let (_, said) = of(&snapshot, "destinations.yaml", "actions-amplitude");
    holds(
        &said,
        &[
            "deletions: forwarded by Segment (listed in its privacy FAQ); needs a Secret Key in the settings",
            "`discloses` = false",
        ],
    );
}

#[test]
fn other_entities_are_told_too() {
    let snapshot = fixture("shop");
    for (file, word, wanted) in [
        ("shop.yaml", "web\n", "**source** `web`"),
        ("consent.yaml", "do-not-sell", "**category** `do-not-sell`"),
        ("consent.yaml", "gpc", "**signal** `gpc`"),
        ("shop.yaml", "opt_out", "**request** `opt_out`"),
        ("shop.yaml", "business:\n", "**business** ("),
        ("consent.yaml", "consent:\n", "**consent** ("),
    ] {
        holds(&of(&snapshot, file, word).1, &[wanted, "*`consentlint explain --subject "]);
    }
}

#[test]
fn an_attribute_is_told_with_its_meaning_and_what_rests_on_it() {
    let snapshot = fixture("shop");
    let (on, said) = of(&snapshot, "consent.yaml", "controls: [opt-out]");
    assert_eq!(on, "controls");
    holds(
        &said,
        &[
            "**`controls`** of category `do-not-sell`",
            "Which right it carries out",
            "**Declared:** opt-out (`consent.yaml:33`)",
        ],
    );
    let text = "datamap: 1\ndestinations:\n  - id: facebook-pixel\n    ‸shares: true\n";
    holds(
        &in_map(text),
        &[
            "Whether giving it the data is sharing",
            "**What rests on it**",
            "`discloses` = true of destination `facebook-pixel`: declared as sharing",
        ],
    );
    holds(
        &in_map("datamap: 1\ndestinations:\n  - id: x\n    contract: {ki‸nd: none}\n"),
        &["**`contract.kind`** of destination `x`", "*service_provider &#124; contractor"],
    );
    holds(&in_map("datamap: 1\nnotice:\n  categories:\n    - {pi: A, ‸retention: 1 year}\n"), &["How long it is kept"]);
    holds(&in_map("datamap: 1\nnotice:\n  categories:\n    - {pi: ‸1C}\n"), &["**1C**: precise geolocation"]);
    holds(&in_map("datamap: 1\ndestin‸ations:\n"), &["Tools, vendors and stores"]);
}

#[test]
fn a_property_is_told_by_its_class_and_who_receives_it() {
    let map = "datamap: 1\nsources:\n  - {id: web, platform: web, destinations: [facebook-pixel]}\nevents:\n  - name: Signed Up\n    sources: [web]\n    properties:\n      - {name: em‸ail}\n      - {name: health_condition, pi: [B], spi: [2B]}\n      - {name: zzqx}\ndestinations:\n  - {id: facebook-pixel, filters: {drop_properties: [zzqx]}}\n";
    let told = |word: &str| {
        let plain = map.replace(super::CURSOR, "");
        let text = plain.replacen(word, &format!("‸{word}"), 1);
        said(&[("map.yaml", &text)])
    };
    holds(
        &told("email"),
        &[
            "**property** `properties.email` of event `Signed Up`",
            "Taken for: A (identifiers)",
            "Decided by: the lexicon entry `email address`",
            "Reaches: `facebook-pixel` (sold or shared)",
        ],
    );
    holds(
        &told("health_condition"),
        &["Decided by: a declaration (`map.yaml:9`)", "**Sensitive:** 2B (personal information concerning health)"],
    );
    holds(&told("zzqx"), &["Taken for: not known", "Reaches: nobody that is declared"]);
    holds(
        &told("Signed Up"),
        &["**event** `Signed Up` (track)", "Sent by: `web`", "Received by: `facebook-pixel` (sold or shared)"],
    );
    let snapshot = fixture("shop");
    holds(&of(&snapshot, "plans/shop.json", "\"email\"").1, &["Taken for: A (identifiers)"]);
}

#[test]
fn rules_are_told_wherever_they_are_named() {
    let wanted = ["`ccpa/role-undeclared`", "The role of a destination is not declared", "**Law**", "11 CCR § 7050(e)"];
    for (name, text) in [
        ("consentlint.yaml", "rules:\n  ccpa/role-‸undeclared: low\n"),
        ("consentlint.yaml", "exceptions:\n  - rule: ‸ccpa/role-undeclared\n    reason: x\n"),
        ("map.yaml", "datamap: 1 # consentlint: allow ccpa/ro‸le-undeclared -- x\n"),
        (".consentlint-baseline.json", "{\"version\": 1, \"findings\": [{\"rule\": \"ccpa/role-‸undeclared\"}]}"),
    ] {
        holds(&said(&[(name, text)]), &wanted);
    }
    holds(&said(&[("consentlint.yaml", "fail‸_on: high\n")]), &["The mildest severity that fails a run"]);
    holds(&said(&[("consentlint.yaml", "packs: [cc‸pa]\n")]), &["**pack** `ccpa`: "]);
    let subject =
        "exceptions:\n  - rule: ccpa/role-undeclared\n    subject: destination:face‸book-pixel\n    reason: x\n";
    holds(&said(&[("consentlint.yaml", subject), WEB]), &["**destination** `facebook-pixel`"]);
}

#[test]
fn rule_files_are_told() {
    let of = |text: &str| said(&[("rules/house/x.yaml", text), ("consentlint.yaml", "policies: [rules]\n")]);
    holds(&of("for: destination\ndeny: \"!has(destination.ro‸le)\"\n"), &["**`role`**: Who the recipient is"]);
    holds(
        &of("for: destination\ndeny: \"destination.contract.re‸f == ''\"\n"),
        &["Where the signed agreement is found"],
    );
    holds(&of("for: destination\ndeny: \"destination.disc‸loses\"\n"), &["*true or false, derived*"]);
    holds(&of("for: desti‸nation\n"), &["A tool, vendor or store"]);
    holds(&of("de‸ny: \"true\"\n"), &["What must not be."]);
    holds(&of("law:\n  - Cal. Civ. Code § 1798.1‸40(ad)\n"), &["https://cppa.ca.gov/"]);
    holds(&of("for: destination\npoint_at: contract.‸ref\n"), &["Where the signed agreement is found"]);
}

#[test]
fn what_files_say_cannot_act_in_markdown() {
    let name = "<img src=x> [a](javascript:b)";
    let text =
        format!("datamap: 1\ndestinations:\n  - id: \"x‸{name}\"\n    name: \"{name}\"\n    purposes: [\"{name}\"]\n");
    let said = in_map(&text);
    assert!(!said.is_empty());
    let outside: String = said.split('`').step_by(2).collect();
    assert!(!outside.contains("<img") && !outside.contains("](javascript"), "{said}");
}

#[test]
fn a_broken_text_is_told_as_far_as_it_goes() {
    let broken = "datamap: 1\ndestinations:\n  - id: facebook-pixel\n    ‸role: [third_party\n    shares: {\n";
    holds(&in_map(broken), &["Who the recipient is to you"]);
    let broken = "datamap: 1\ndestinations:\n  - id: face‸book-pixel\n    role: [third_party\n";
    holds(&in_map(broken), &["**destination** `facebook-pixel`", "vendor: Meta"]);
}

#[test]
fn nothing_is_said_of_nothing() {
    let snapshot = project(&[("map.yaml", "datamap: 1\n\n# a remark\n"), ("other.txt", "words\n")]);
    let id = source(&snapshot, "map.yaml");
    assert_eq!(hover(&snapshot, id, 14), None);
    assert_eq!(hover(&snapshot, crate::source::SourceId(99), 0), None);
    assert_eq!(hover(&snapshot, id, 9_999), None);
}
