//! Completion while somebody types.

use super::super::outline::{Outline, Role, Step, content};
use super::super::{Completion, complete};
use super::{CURSOR, apply, at_cursor};
use crate::cli::lsp::snapshot::Snapshot;
use crate::document::{self, Node, Shape};
use crate::source::SourceId;

const SHOP: &str = "datamap: 1
consent:
  manager: segment
  categories:
    - {id: advertising, name: Ads, controls: [opt-out], destinations: [facebook-pixel]}
    - {id: analytics, destinations: [our-store]}
destinations:
  - id: facebook-pixel
  - {id: our-store, name: Our Store, role: internal}
sources:
  - {id: web, platform: web, destinations: [facebook-pixel, our-store]}
events:
  - {name: Order Completed, properties: [{name: email}]}
";

fn offered(files: &[(&str, &str)]) -> (Snapshot, SourceId, Vec<Completion>) {
    let (snapshot, source, offset) = at_cursor(files);
    let found = complete(&snapshot, source, offset);
    (snapshot, source, found)
}

fn labels(files: &[(&str, &str)]) -> Vec<String> {
    offered(files).2.into_iter().map(|completion| completion.label).collect()
}

/// The labels in a data map beside the shop.
fn in_map(text: &str) -> Vec<String> {
    labels(&[("typed.yaml", text), ("shop.yaml", SHOP)])
}

fn in_settings(text: &str) -> Vec<String> {
    labels(&[("consentlint.yaml", text), ("shop.yaml", SHOP)])
}

/// The text after a completion is taken.
fn taken(files: &[(&str, &str)], label: &str) -> String {
    let (snapshot, source, found) = offered(files);
    let completion = found.iter().find(|found| found.label == label).unwrap_or_else(|| panic!("{label}: {found:?}"));
    apply(&snapshot.inputs.sources.get(source).unwrap().text, &[&completion.edit])
}

fn holds(found: &[String], wanted: &[&str]) {
    for label in wanted {
        assert!(found.iter().any(|found| found == label), "no {label} in {:?}", &found[..found.len().min(20)]);
    }
}

/// Whether a completion is read back as its label, by the parser where the text is whole.
pub(super) fn read_back(path: &str, text: &str, completion: &Completion) -> Result<(), String> {
    let after = apply(text, &[&completion.edit]);
    let (start, end) =
        (completion.edit.span.start as usize, completion.edit.span.start as usize + completion.edit.text.len());
    // The quote before it belongs to it.
    let start = start - usize::from(after[..start].ends_with(['"', '\'']));
    let line = after[..end].lines().last().unwrap_or("");
    if line.contains("consentlint:") {
        return if line.split_whitespace().last() == Some(&completion.label) { Ok(()) } else { Err(line.to_owned()) };
    }
    let parsed = document::parse(SourceId(0), path, &after);
    let near = || {
        let begin = after[..start].char_indices().rev().nth(60).map_or(0, |(at, _)| at);
        format!("{path}: {:?}|{:?} for {} at {start}", &after[begin..start], &after[start..end], completion.label)
    };
    if parsed.problems.is_empty() && !parsed.documents.is_empty() {
        let found = parsed.documents.iter().any(|document| reads(document.root(), start, end, &completion.label));
        return if found { Ok(()) } else { Err(near()) };
    }
    let outline = Outline::read(&after, end);
    let written = outline.parts.iter().any(|part| {
        let key = matches!(&part.step, Step::Key(name) if name == &completion.label);
        let value = part
            .value
            .as_ref()
            .is_some_and(|value| value.start >= start && content(&after[value.clone()]) == completion.label);
        (key && part.key.start >= start && part.key.end <= end) || value
    });
    if written { Ok(()) } else { Err(near()) }
}

fn reads(node: Node<'_>, start: usize, end: usize, label: &str) -> bool {
    let within = |span: crate::source::Span| span.start as usize >= start && span.end as usize <= end;
    let typed = !matches!(node.shape(), Shape::Null);
    let own = node.scalar().is_some_and(|text| text == label && typed && within(node.span()));
    own || node.items().any(|item| reads(item, start, end, label))
        || node
            .entries()
            .any(|entry| (entry.key() == label && within(entry.key_span())) || reads(entry.value(), start, end, label))
}

#[test]
fn keys_of_the_place_that_are_not_written_yet() {
    let found = in_map("datamap: 1\ndestinations:\n  - id: facebook-pixel\n    ‸\n    role: third_party\n");
    holds(&found, &["contract", "shares", "deletion"]);
    assert!(!found.contains(&"id".to_owned()) && !found.contains(&"role".to_owned()), "{found:?}");
    holds(&in_map("datamap: 1\n‸"), &["business", "consent", "destinations"]);
    holds(&in_map("datamap: 1\nconsent:\n  ‸"), &["manager", "categories", "banner"]);
    holds(&in_map("datamap: 1\nconsent: {man‸"), &["manager", "categories"]);
    holds(&in_map("datamap: 1\ndestinations:\n  - id: x\n    contract: {kind: none, ‸}\n"), &["ref", "terms"]);
    holds(&in_map("datamap: 1\ndestinations:\n  - id: x\n    contract:\n      re‸\n  - id: y\n"), &["ref", "terms"]);
    holds(&in_map("datamap: 1\nrequests:\n  ‸\n"), &["opt_out", "delete"]);
    assert_eq!(in_map("datamap: 1\ndestinations:\n  - ‸\n")[0], "id", "what must be written comes first");
    assert_eq!(in_map("datamap: 1\ndestinations:\n  ‸\n")[0], "id");
}

#[test]
fn ids_of_destinations_and_slugs_of_the_catalogue() {
    for text in [
        "datamap: 1\nconsent:\n  categories:\n    - id: a\n      destinations: [face‸",
        "datamap: 1\nconsent:\n  categories:\n    - id: a\n      destinations: [face‸]\n",
        "datamap: 1\nconsent:\n  categories:\n    - id: a\n      destinations: ‸\n",
        "datamap: 1\nconsent:\n  categories:\n    - id: a\n      destinations:\n        - ‸\n",
        "datamap: 1\nconsent:\n  categories:\n    - id: a\n      destinations:\n        - x\n        - fa‸\n",
        "datamap: 1\nconsent:\n  categories:\n    - id: a\n      destinations:\n        ‸\n",
        "datamap: 1\nconsent:\n  categories:\n    - {id: a, destinations: [‸\nsources:\n  - id: web\n",
        "datamap: 1\nsources:\n  - {id: web, destinations: [x, ‸]}\n",
        "datamap: 1\nnotice:\n  categories:\n    - {pi: A, recipients: [‸]}\n",
        "datamap: 1\nrequests:\n  opt_out:\n    store: ‸\n",
        "datamap: 1\nrequests:\n  opt_out: {store: fa‸}\n",
    ] {
        let found = in_map(text);
        holds(&found, &["facebook-pixel", "our-store", "actions-amplitude"]);
        assert!(found.len() > 500, "{text}: {}", found.len());
        assert_eq!(found.iter().filter(|label| *label == "facebook-pixel").count(), 1);
    }
    let found = in_map("datamap: 1\nsources:\n  - {id: web, destinations: [our-store, ‸]}\n");
    assert!(!found.contains(&"our-store".to_owned()), "it is listed already");
}

#[test]
fn the_edit_replaces_what_is_typed() {
    let map = |text: &'static str| [("typed.yaml", text), ("shop.yaml", SHOP)];
    let after = |text: &'static str, label: &str| taken(&map(text), label);
    let start = "datamap: 1\nsources:\n  - id: web\n    ";
    let text = |rest: &str| -> &'static str { format!("{start}{rest}").leak() };
    let whole = |rest: &str| format!("{start}{rest}");
    assert_eq!(after(text("destinations: [face‸"), "facebook-pixel"), whole("destinations: [facebook-pixel"));
    assert_eq!(after(text("destinations: [\"face‸\"]"), "facebook-pixel"), whole("destinations: [\"facebook-pixel\"]"));
    assert_eq!(after(text("destinations: ['fa‸ce']"), "facebook-pixel"), whole("destinations: ['facebook-pixel']"));
    assert_eq!(after(text("destinations: [\"face‸]"), "facebook-pixel"), whole("destinations: [\"facebook-pixel\"]"));
    assert_eq!(after(text("destinations:‸"), "facebook-pixel"), whole("destinations: [facebook-pixel]"));
    assert_eq!(
        after(text("destinations:\n      -‸"), "facebook-pixel"),
        whole("destinations:\n      - facebook-pixel")
    );
    assert_eq!(after(text("destinations:\n      ‸"), "facebook-pixel"), whole("destinations:\n      - facebook-pixel"));
    assert_eq!(after(text("plat‸"), "platform"), whole("platform: "));
    assert_eq!(after(text("plat‸: web"), "platform"), whole("platform: web"));
    assert_eq!(after(text("unpl‸"), "unplanned"), whole("unplanned:"));
    assert_eq!(after("datamap: 1\nso‸", "sources"), "datamap: 1\nsources:");
    assert_eq!(after("datamap: 1\nsources:\n  ‸", "id"), "datamap: 1\nsources:\n  - id: ");
    let json =
        [("typed.json", "{\"datamap\": 1, \"sources\": [{\"id\": \"web\", \"platform\": ‸}]}"), ("shop.yaml", SHOP)];
    assert_eq!(taken(&json, "web"), "{\"datamap\": 1, \"sources\": [{\"id\": \"web\", \"platform\": \"web\"}]}");
    let json = [("typed.json", "{\"datamap\": 1, \"sources\": [{\"id\": \"web\", \"pl‸}]}")];
    assert_eq!(taken(&json, "platform"), "{\"datamap\": 1, \"sources\": [{\"id\": \"web\", \"platform\": }]}");
}

#[test]
fn words_of_the_place() {
    let of = |rest: &str| in_map(&format!("datamap: 1\ndestinations:\n  - id: x\n    {rest}\n"));
    holds(&of("role: ‸"), &["service_provider", "third_party"]);
    holds(&of("role: th‸"), &["service_provider", "third_party"]);
    holds(&of("shares: ‸"), &["true", "false"]);
    holds(&of("purposes: [‸"), &["services", "custom_audience", "rtb"]);
    holds(&of("contract: {kind: ‸"), &["service_provider", "none"]);
    holds(&of("deletion: {via: ‸}"), &["segment", "vendor_api", "none"]);
    holds(&of("catalog: ‸"), &["facebook-pixel"]);
    holds(&of("filters: {drop_events: [‸]}"), &["Order Completed"]);
    holds(&of("started_on: ‸"), &["2026-11-20"]);
    let property = |rest: &str| {
        in_map(&format!("datamap: 1\nevents:\n  - name: E\n    properties:\n      - {{name: x, {rest}}}\n"))
    };
    holds(&property("pi: ‸"), &["A", "none", "1C"]);
    holds(&property("spi: [‸]"), &["1C", "2B"]);
    assert!(!property("spi: [‸]").contains(&"A".to_owned()));
    holds(&in_map("datamap: 1\nevents:\n  - name: E\n    sources: [‸\n"), &["web"]);
    holds(&in_map("datamap: 1\nsignals:\n  gpc:\n    categories: [‸\n"), &["advertising", "analytics"]);
    holds(&in_map("datamap: 1\nconsent:\n  manager: ‸\n"), &["onetrust", "segment"]);
    let new = in_map("datamap: 1\ndestinations:\n  - id: ‸\n");
    assert!(!new.contains(&"facebook-pixel".to_owned()), "it is declared already");
    holds(&new, &["actions-amplitude"]);
}

#[test]
fn settings() {
    holds(&in_settings("‸"), &["packs", "exceptions", "fail_on"]);
    holds(&in_settings("packs: [ccpa, ‸"), &["segment", "core"]);
    holds(&in_settings("profile: ‸"), &["us-ca", "us"]);
    holds(&in_settings("fail_on: ‸\n"), &["never", "high"]);
    holds(&in_settings("rules:\n  ccpa/‸"), &["ccpa/role-undeclared"]);
    holds(&in_settings("rules:\n  ccpa/role-undeclared: ‸"), &["off", "low"]);
    holds(&in_settings("rules: {ccpa/role‸"), &["ccpa/role-undeclared"]);
    holds(&in_settings("exceptions:\n  - rule: ccpa/‸\n"), &["ccpa/role-undeclared"]);
    holds(&in_settings("exceptions:\n  - ‸\n"), &["rule", "subject", "reason"]);
    let subjects = in_settings("exceptions:\n  - rule: ccpa/role-undeclared\n    subject: ‸\n");
    assert_eq!(subjects, ["destination:facebook-pixel"]);
    let partly =
        in_settings("exceptions:\n  - rule: ccpa/role-undeclared\n    subject: destination:f‸\n    reason: x\n");
    assert_eq!(partly, ["destination:facebook-pixel"]);
    let rules = in_settings("rules:\n  ccpa/role-undeclared: low\n  ‸\n");
    assert!(!rules.contains(&"ccpa/role-undeclared".to_owned()));
    let written = taken(&[("consentlint.yaml", "rules:\n  ccpa/rol‸\n"), ("shop.yaml", SHOP)], "ccpa/role-undeclared");
    assert_eq!(written, "rules:\n  ccpa/role-undeclared: \n");
    let written =
        taken(&[("consentlint.yaml", "exceptions:\n  - rule: cc‸pa/x\n"), ("shop.yaml", SHOP)], "ccpa/role-undeclared");
    assert_eq!(written, "exceptions:\n  - rule: ccpa/role-undeclared\n");
}

#[test]
fn exceptions_in_comments() {
    let text = "datamap: 1\ndestinations:\n  # consentlint: allow ‸\n  - id: facebook-pixel\n";
    let found = labels(&[("typed.yaml", text), ("web.yaml", "datamap: 1\nsources:\n  - {id: web, platform: web}\n")]);
    let (snapshot, source, _) =
        at_cursor(&[("typed.yaml", text), ("web.yaml", "datamap: 1\nsources:\n  - {id: web, platform: web}\n")]);
    let here = snapshot.report.findings.iter().filter(|finding| {
        finding.primary.span.source == source
            && snapshot.inputs.sources.get(source).unwrap().lines().line_of(finding.primary.span.start) == 3
    });
    let here: std::collections::BTreeSet<&str> = here.map(|finding| finding.rule.as_str()).collect();
    assert!(here.len() > 1);
    assert!(found[..here.len()].iter().all(|rule| here.contains(rule.as_str())), "{found:?} {here:?}");
    holds(&in_map("datamap: 1 # consentlint: ‸"), &["allow"]);
    assert_eq!(taken(&[("typed.yaml", "datamap: 1 # consentlint:‸")], "allow"), "datamap: 1 # consentlint: allow");
    let written = taken(&[("typed.yaml", "datamap: 1 # consentlint: allow ccpa/rol‸e -- why")], "ccpa/role-undeclared");
    assert_eq!(written, "datamap: 1 # consentlint: allow ccpa/role-undeclared -- why");
    holds(&in_map("datamap: 1 # consentlint: allow ccpa/role-undeclared ‸"), &["--", "until"]);
    holds(&in_map("datamap: 1 # consentlint: allow ccpa/role-undeclared until ‸"), &["2026-11-20"]);
    assert!(in_map("datamap: 1 # consentlint: allow ccpa/role-undeclared -- be‸").is_empty());
    let script = labels(&[("a.js", "// consentlint: allow ccpa/‸\nanalytics.load()\n")]);
    holds(&script, &["ccpa/role-undeclared"]);
    assert!(in_map("datamap: 1 # a remark ‸").is_empty());
}

#[test]
fn rule_files() {
    let of = |text: &str| labels(&[("rules/house/x.yaml", text), ("consentlint.yaml", "policies: [rules]\n")]);
    holds(&of("title: x\n‸"), &["deny", "law", "examples"]);
    holds(&of("for: ‸"), &["destination", "property"]);
    holds(&of("law:\n  - Cal. Civ. Code § 1798.1‸\n"), &["Cal. Civ. Code § 1798.140(ad)"]);
    let head = "title: x\nseverity: high\nfor: destination\n";
    let with = |rest: &str| of(&format!("{head}{rest}"));
    holds(&with("deny: \"destination.‸\""), &["role", "discloses", "contract"]);
    holds(&with("deny: \"destination.active && destination.contract.‸"), &["ref", "terms"]);
    holds(&with("deny: des‸"), &["destination", "has"]);
    holds(&with("deny: >\n  destination.active &&\n  destination.‸\n"), &["role"]);
    holds(&with("raise: {to: critical, when: \"destination.‸\"}"), &["role"]);
    holds(&with("message: \"{destination.‸} is\""), &["name"]);
    assert!(with("message: \"a word ‸ here\"").is_empty());
    holds(&with("point_at: ‸"), &["role", "contract.ref"]);
    holds(&with("related: [‸]"), &["role", "contract.ref"]);
    let files = [
        ("rules/house/x.yaml", "for: destination\ndeny: \"!has(destination.ro‸le)\"\n"),
        ("consentlint.yaml", "policies: [rules]\n"),
    ];
    assert_eq!(taken(&files, "retention_days"), "for: destination\ndeny: \"!has(destination.retention_days)\"\n");
}

#[test]
fn ids_in_a_vendors_file_by_example() {
    let text = "kind: event-stream-destination\nversion: rudder/v1\nmetadata:\n  name: pixel\nspec:\n  consentManagement:\n    web:\n      - consents: [advertising, ‸]\n";
    let found = in_map(text);
    holds(&found, &["analytics"]);
    assert!(!found.contains(&"advertising".to_owned()), "it is listed already");
    assert!(in_map("name: x\nlist: [a, ‸]\n").is_empty(), "nothing tells what belongs there");
}

#[test]
fn nothing_where_nothing_belongs() {
    for text in [
        "datamap: 1\n# a remark ‸\n",
        "datamap: 1\ndestinations:\n  - id: x\n      ‸\n",
        "datamap: 1\nbusiness:\n  name: ‸\n",
        "datamap: 1\nunknown:\n  ‸\n",
        "datamap: 1\nunknown: {a: ‸\n",
        "datamap: 1\ndestinations:\n  - id: x\n    role: internal ‸\n",
        "just: a file\nanother: ‸\n",
    ] {
        assert_eq!(in_map(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_name_that_yaml_would_read_otherwise_is_quoted() {
    let other = "datamap: 1\nconsent:\n  categories:\n    - id: \"1\"\n    - id: \"true\"\n    - id: \"a: b\"\n    - id: \"x, y\"\n";
    let text = "datamap: 1\nsignals:\n  gpc:\n    categories: [‸]\n";
    let (snapshot, source, found) = offered(&[("typed.yaml", text), ("other.yaml", other)]);
    assert_eq!(found.len(), 4);
    let plain = &snapshot.inputs.sources.get(source).unwrap().text;
    for completion in &found {
        read_back("typed.yaml", plain, completion).unwrap();
    }
}

#[test]
fn the_outline_knows_the_role_of_the_cursor() {
    let spot = |text: &str| {
        let at = text.find(CURSOR).unwrap();
        let text = text.replace(CURSOR, "");
        Outline::read(&text, at).spot.map(|spot| (spot.role, text[spot.word].to_owned()))
    };
    let is = |role, word: &str| Some((role, word.to_owned()));
    assert_eq!(spot("a: ‸"), is(Role::Value, ""));
    assert_eq!(spot("a:‸"), is(Role::Value, ""));
    assert_eq!(spot("a: b‸"), is(Role::Value, "b"));
    assert_eq!(spot("a: [b, ‸"), is(Role::Item, ""));
    assert_eq!(spot("a: [b‸"), is(Role::Value, "b"));
    assert_eq!(spot("a: {b‸"), is(Role::Key, "b"));
    assert_eq!(spot("a: {b: ‸"), is(Role::Value, ""));
    assert_eq!(spot("a: {b: c, ‸}"), is(Role::Key, ""));
    assert_eq!(spot("a: {b: c ‸}"), None);
    assert_eq!(spot("a: {b: [c] ‸}"), None);
    assert_eq!(spot("a:\n  ‸\n"), is(Role::Start, ""));
    assert_eq!(spot("a:\n  - ‸\n"), is(Role::Start, ""));
    assert_eq!(spot("a:\n  b‸\n"), is(Role::Start, "b"));
    assert_eq!(spot("a:\n  b: c\n  d‸\n"), is(Role::Key, "d"));
    assert_eq!(spot("a: |\n  pro‸se\n"), is(Role::Value, "  prose"));
    assert_eq!(spot("a: b # x‸\n"), None);
    assert_eq!(spot("‸a: b"), is(Role::Key, "a"));
    assert_eq!(spot("[\n  {\"a\": \"b\"},\n  {\"a\": \"‸\"}\n]"), is(Role::Value, "\"\""));
    assert_eq!(spot("a: [b\nc: ‸\n"), is(Role::Value, ""), "an open bracket ends where the next key begins");
    assert_eq!(spot("a: \"b\nc: ‸\n"), is(Role::Value, ""), "so does an open quote");
}
