//! Fixes and exceptions, each read again after it was made.

use super::super::{Action, ActionKind, actions};
use super::{apply, fixture, project, source};
use crate::cli::lsp::snapshot::Snapshot;
use crate::finding::{Edit, Finding, Fix, Problem, Stage};
use crate::source::{SourceId, Span};
use std::collections::BTreeSet;

const MAP: &str = "datamap: 1
# who receives data
destinations:
  - id: facebook-pixel # the pixel
    role: third_party
sources:
  - {id: web, platform: web, destinations: [facebook-pixel]}
";

fn all(snapshot: &Snapshot) -> Vec<Action> {
    let mut found = Vec::new();
    for finding in &snapshot.report.findings {
        found.extend(actions(snapshot, finding.primary.span));
    }
    found
}

/// A finding as it is told apart: what it says, not where.
fn identity(finding: &Finding) -> (String, String) {
    (finding.fingerprint.clone(), finding.message.clone())
}

fn counted(snapshot: &Snapshot) -> BTreeSet<(String, String)> {
    snapshot.report.findings.iter().map(identity).collect()
}

/// All texts of a project, one changed.
fn changed(snapshot: &Snapshot, id: SourceId, text: String) -> Snapshot {
    let files: Vec<(String, String)> = snapshot
        .inputs
        .sources
        .iter()
        .map(|(other, source)| (source.path.clone(), if other == id { text.clone() } else { source.text.clone() }))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    project(&files)
}

fn after(snapshot: &Snapshot, action: &Action, fill: impl Fn(&str) -> String) -> Snapshot {
    let id = action.edits[0].span.source;
    let edits: Vec<Edit> = action.edits.iter().map(|edit| Edit { span: edit.span, text: fill(&edit.text) }).collect();
    let text = apply(&snapshot.inputs.sources.get(id).unwrap().text, &edits.iter().collect::<Vec<_>>());
    changed(snapshot, id, text)
}

/// With a reason the finding is excepted from and nothing else changes; without one it stays.
fn holds(snapshot: &Snapshot, action: &Action) {
    let before = counted(snapshot);
    let fingerprint = action.fingerprint.clone().unwrap();
    let reasoned = |text: &str| {
        let beside = text.replace(" -- ", " -- agreed with counsel");
        beside.replace("reason: \"\"", "reason: \"agreed with counsel\"")
    };
    let then = after(snapshot, action, reasoned);
    let excepted: BTreeSet<String> = then.report.suppressed.iter().map(|finding| finding.fingerprint.clone()).collect();
    assert!(excepted.contains(&fingerprint), "{}", action.title);
    let gone: Vec<_> = before.difference(&counted(&then)).cloned().collect();
    let rule = snapshot.report.findings.iter().find(|finding| finding.fingerprint == fingerprint).unwrap().rule.clone();
    for (lost, message) in &gone {
        let lost = snapshot.report.findings.iter().find(|finding| finding.fingerprint == *lost).unwrap();
        assert!(lost.rule == rule, "{}: also silenced {}: {message}", action.title, lost.rule);
    }
    let new: Vec<_> = counted(&then).difference(&before).cloned().collect();
    assert!(new.is_empty(), "{}: {new:?}", action.title);
    assert_eq!(then.report.problems.len(), snapshot.report.problems.len(), "{}", action.title);
    let unreasoned = after(snapshot, action, str::to_owned);
    assert!(unreasoned.report.findings.iter().any(|finding| finding.fingerprint == fingerprint), "{}", action.title);
    assert!(
        unreasoned.report.findings.iter().any(|finding| finding.rule == "core/exception-unreasoned"),
        "{}",
        action.title
    );
}

#[test]
fn exceptions_wait_for_a_reason() {
    let snapshot = project(&[("map.yaml", MAP), ("consentlint.yaml", "# ours\nfail_on: high # for now\n")]);
    let offered = all(&snapshot);
    let (comments, settings): (Vec<_>, Vec<_>) =
        offered.iter().partition(|action| action.edits[0].span.source == source(&snapshot, "map.yaml"));
    assert!(comments.len() > 3 && settings.len() >= comments.len(), "{offered:?}");
    assert!(offered.iter().all(|action| action.kind == ActionKind::Exception && !action.preferred));
    offered.iter().step_by(3).for_each(|action| holds(&snapshot, action));
}

#[test]
fn a_comment_stands_before_the_line_as_its_syntax_wants() {
    let snapshot = project(&[("map.yaml", MAP)]);
    let finding = snapshot.report.findings.iter().find(|finding| finding.subject.id == "facebook-pixel").unwrap();
    let action = &actions(&snapshot, finding.primary.span)[0];
    let text = apply(MAP, &action.edits.iter().collect::<Vec<_>>());
    let rule = &snapshot
        .report
        .findings
        .iter()
        .find(|other| Some(&other.fingerprint) == action.fingerprint.as_ref())
        .unwrap()
        .rule;
    let comment = format!("  # consentlint: allow {rule} -- \n  - id: facebook-pixel # the pixel\n");
    assert_eq!(text, MAP.replace("  - id: facebook-pixel # the pixel\n", &comment));
    let windows = MAP.replace('\n', "\r\n");
    let snapshot = project(&[("map.yaml", &format!("\u{feff}{windows}"))]);
    for action in all(&snapshot).iter().step_by(3) {
        assert!(action.edits[0].text.ends_with("\r\n") && action.edits[0].span.start >= 3, "{action:?}");
        holds(&snapshot, action);
    }
}

#[test]
fn no_comment_in_json_and_none_where_they_are_forbidden() {
    let json = "{\"datamap\": 1, \"destinations\": [{\"id\": \"facebook-pixel\"}], \"sources\": [{\"id\": \"web\", \"platform\": \"web\"}]}\n";
    let snapshot = project(&[("map.json", json)]);
    assert!(snapshot.report.findings.len() > 3);
    assert!(all(&snapshot).is_empty(), "no settings to write into");
    let snapshot = project(&[("map.json", json), ("consentlint.yaml", "packs: [ccpa]\n")]);
    let settings = source(&snapshot, "consentlint.yaml");
    let offered = all(&snapshot);
    assert!(!offered.is_empty() && offered.iter().all(|action| action.edits[0].span.source == settings));
    offered.iter().step_by(4).for_each(|action| holds(&snapshot, action));
    let snapshot = project(&[("map.yaml", MAP), ("consentlint.yaml", "inline_exceptions: false\n")]);
    let settings = source(&snapshot, "consentlint.yaml");
    assert!(all(&snapshot).iter().all(|action| action.edits[0].span.source == settings));
}

#[test]
fn the_settings_keep_their_comments_and_order() {
    let head = "# ours\npacks: [ccpa] # one\n";
    let tail = "\nfail_on: high # for now\n";
    let entry = "rule: ccpa/x, subject: \"a:b\", reason: why";
    for list in [
        String::new(),
        "exceptions:\n".to_owned(),
        "exceptions: []\n".to_owned(),
        "exceptions: [] # none\n".to_owned(),
        format!("exceptions: [{{{entry}}}]\n"),
        format!("exceptions:\n  - {{{entry}}}\n"),
        format!("exceptions:\n- {{{entry}}} # first\n"),
        "exceptions:\n  # an old one\n  - rule: ccpa/x # why not\n    subject: a:b\n    reason: >-\n      a long\n      story\n".to_owned(),
        "exceptions:\n    - rule: ccpa/x\n      reason: why\n      expires: 2027-01-01 # then".to_owned(),
    ] {
        let after_list = if list.ends_with("then") { "" } else { tail };
        let whole = format!("{head}{list}{after_list}");
        for text in [whole.clone(), whole.replace('\n', "\r\n"), list.clone()] {
            let snapshot = project(&[("map.yaml", MAP), ("consentlint.yaml", &text)]);
            let settings = source(&snapshot, "consentlint.yaml");
            let offered = all(&snapshot);
            let action = offered.iter().find(|action| action.edits[0].span.source == settings);
            let action = action.unwrap_or_else(|| panic!("nothing for {text:?}"));
            let after = apply(&text, &action.edits.iter().collect::<Vec<_>>());
            let comments = |text: &str| text.matches('#').count();
            assert_eq!(comments(&text), comments(&after), "{after}");
            let lines = |text: &str| (text.matches("\r\n").count(), text.matches('\n').count());
            let (windows, breaks) = lines(&after);
            assert!(windows == 0 || windows == breaks, "{after:?}");
            assert_eq!(windows > 0, text.contains("\r\n"));
            if text == whole {
                holds(&snapshot, action);
            }
        }
    }
}

#[test]
fn fixes_come_first_and_unsafe_ones_say_so() {
    let mut snapshot = project(&[("map.yaml", MAP)]);
    let id = source(&snapshot, "map.yaml");
    let at = MAP.find("third_party").unwrap();
    let span = Span::new(id, at, at + "third_party".len());
    let fix = |title: &str, safe, text: &str| Fix {
        title: title.to_owned(),
        safe,
        edits: vec![Edit { span, text: text.to_owned() }],
    };
    let finding = &mut snapshot.report.findings[0];
    let (place, fingerprint) = (finding.primary.span, finding.fingerprint.clone());
    finding.fixes = vec![fix("guess a role", false, "internal"), fix("state the role", true, "service_provider")];
    let problem = Problem::at(Stage::Schema, place, "a slip").mended_by(fix("mend it", true, "contractor"));
    snapshot.report.problems.push(problem);
    let offered = actions(&snapshot, place);
    let titles: Vec<(&str, bool)> = offered.iter().map(|action| (action.title.as_str(), action.preferred)).collect();
    assert_eq!(titles[..3], [("state the role", true), ("mend it", true), ("guess a role (needs a look)", false)]);
    assert_eq!(offered[0].fingerprint, Some(fingerprint));
    assert_eq!(offered[1].fingerprint, None);
    assert!(offered[3..].iter().all(|action| action.kind == ActionKind::Exception));
    assert!(actions(&snapshot, Span::new(id, 0, 3)).is_empty(), "nothing was found there");
    assert!(actions(&snapshot, Span::new(SourceId(9), 0, 3)).is_empty());
}

#[test]
fn a_fix_mends_what_it_is_offered_for() {
    const GATED: &str = "consent:
  manager: segment
  model: opt-in
  categories:
    - {id: do-not-sell, controls: [opt-out], purpose: Stop selling to advertisers, destinations: [criteo]}
";
    let mut kinds = BTreeSet::new();
    let unlisted = MAP
        .replace("third_party", "third_party\n    shares: true")
        .replace("web, destin", "web, consent: {wrapper: segment}, destin");
    for snapshot in [project(&[("map.yaml", &format!("{unlisted}{GATED}"))]), fixture("shop-broken")] {
        let before = counted(&snapshot);
        for action in all(&snapshot).iter().filter(|action| action.kind == ActionKind::Fix) {
            let Some(fingerprint) = &action.fingerprint else { continue };
            let mended = after(&snapshot, action, str::to_owned);
            let gone = |found: &BTreeSet<(String, String)>| !found.iter().any(|(known, _)| known == fingerprint);
            assert!(!gone(&before) && gone(&counted(&mended)), "{}", action.title);
            kinds.insert((action.preferred, action.title.split(' ').next().unwrap_or_default().to_owned()));
        }
    }
    assert!(kinds.contains(&(true, "list".to_owned())) && kinds.iter().any(|(safe, _)| !safe), "{kinds:?}");
}

#[test]
fn every_exception_of_the_broken_shop_and_of_the_leaks_holds() {
    let mut tried = 0;
    for name in [
        "shop-broken",
        "leaks/unmapped-destination/leak",
        "leaks/conversions-api-beside-gated-pixel/leak",
        "adapters/consent-wrapper",
        "adapters/segment-terraform",
    ] {
        let snapshot = fixture(name);
        let offered = all(&snapshot);
        for action in offered.iter().step_by(offered.len() / 5 + 1) {
            tried += 1;
            holds(&snapshot, action);
        }
    }
    assert!(tried > 15, "{tried}");
}
