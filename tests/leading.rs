//! What people are shown first: the ten findings that matter most, and each question once.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests make files")]

mod common;

use common::run;
use consentlint::finding::{Finding, Label, Severity, SubjectId};
use consentlint::output::{Style, output};
use consentlint::report::{Counts, Report, RuleInfo};
use consentlint::source::{Source, Sources, Span};

const LINES: usize = 60;

fn finding(rule: &str, severity: Severity, line: usize, subject: (&'static str, &str)) -> Finding {
    let span = Span { start: u32::try_from(line * 2).unwrap(), end: u32::try_from(line * 2 + 1).unwrap(), ..file() };
    Finding {
        rule: rule.to_owned(),
        severity,
        message: format!("said of line {}", line + 1),
        subject: SubjectId { kind: subject.0, id: subject.1.to_owned() },
        primary: Label::new(span, ""),
        related: Vec::new(),
        help: "Mend it.".into(),
        law: [].into(),
        precedent: [].into(),
        decided_by: "".into(),
        fingerprint: format!("{rule}:{line}"),
        question: None,
        suppressed: None,
        baselined: false,
        fixes: Vec::new(),
    }
}

fn asks(rule: &str, question: &str, line: usize, id: &str) -> Finding {
    Finding { question: Some(question.into()), ..finding(rule, Severity::Low, line, ("destination", id)) }
}

fn file() -> Span {
    Span::file(sources().iter().next().unwrap().0)
}

fn sources() -> Sources {
    let mut sources = Sources::default();
    sources.add(Source::new("map.yaml", "x\n".repeat(LINES)));
    sources
}

fn shown(findings: Vec<Finding>, rules: Vec<RuleInfo>, format: &str, style: Style) -> String {
    let report = Report::new(findings, Vec::new(), Counts::default(), "2026-11-24".to_owned(), rules);
    let mut out = Vec::new();
    (output(format).unwrap().write)(&report, &sources(), style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn human(findings: Vec<Finding>) -> String {
    shown(findings, Vec::new(), "human", Style { width: 100, ..Style::default() })
}

fn whole(findings: Vec<Finding>) -> String {
    shown(findings, Vec::new(), "human", Style { width: 100, all: true, ..Style::default() })
}

/// The numbers of the lines that findings are shown of in full, in order.
fn lines(text: &str) -> Vec<usize> {
    let said = text.lines().filter_map(|line| line.split_once("said of line "));
    said.map(|(_, number)| number.trim().parse().unwrap()).collect()
}

fn destination(at: usize) -> String {
    format!("tool-{at}")
}

fn many(rule: &str, severity: Severity, lines: std::ops::Range<usize>) -> Vec<Finding> {
    lines.map(|at| finding(rule, severity, at, ("destination", &destination(at)))).collect()
}

#[test]
fn ten_are_shown_in_full_and_the_others_are_counted_by_rule() {
    let mut findings = many("a/high", Severity::High, 0..12);
    findings.extend(many("a/medium", Severity::Medium, 12..15));
    let text = human(findings.clone());
    assert_eq!(lines(&text), (1..=10).collect::<Vec<_>>());
    assert!(text.contains("━━ 5 more findings; `consentlint check --all` shows them\n"), "{text}");
    assert!(text.contains("\n  high         2  a/high\n  medium       3  a/medium\n"), "{text}");
    assert!(text.ends_with(
        "15 findings (12 high, 3 medium); checked 0 files: 0 events, 0 properties, 0 destinations (as of 2026-11-24)\n"
    ));
    let all = whole(findings.clone());
    assert_eq!(lines(&all), (1..=15).collect::<Vec<_>>());
    assert!(!all.contains("more finding") && !all.contains("━━"), "{all}");
    let ten = human(findings[..10].to_vec());
    assert!(lines(&ten).len() == 10 && !ten.contains("more finding"), "{ten}");
}

#[test]
fn the_worst_come_first_and_no_rule_hides_another() {
    let mut findings = many("a/loud", Severity::Critical, 0..20);
    findings.push(finding("a/quiet", Severity::Critical, 40, ("business", "business")));
    findings.push(finding("a/mild", Severity::High, 41, ("business", "business")));
    let shown = lines(&human(findings));
    assert_eq!(shown.len(), 10);
    assert_eq!(shown[..2], [1, 41], "the other critical rule speaks before the first speaks again");
    assert!(!shown.contains(&42), "twenty critical findings leave no room for a milder one");
}

#[test]
fn a_rule_that_was_enforced_goes_first_within_a_severity() {
    let mut enforced = finding("b/enforced", Severity::High, 9, ("source", "web"));
    enforced.precedent = ["Sephora (2022), $1.2M".to_owned()].into();
    let findings = vec![finding("a/first", Severity::High, 1, ("source", "app")), enforced];
    assert_eq!(lines(&human(findings.clone())), [10, 2]);
    assert_eq!(lines(&whole(findings)), [2, 10], "with --all the order is that of places");
}

#[test]
fn findings_are_grouped_by_destination_the_worst_group_first() {
    let mut findings = vec![
        finding("a/one", Severity::Medium, 0, ("source", "web")),
        finding("a/two", Severity::High, 1, ("destination", "pixel")),
        finding("a/three", Severity::High, 2, ("category", "ads")),
        finding("a/four", Severity::Critical, 3, ("disclosure", "pixel/2B")),
        finding("a/five", Severity::Medium, 4, ("property", "Signed Up.properties.email")),
        finding("a/six", Severity::Medium, 5, ("business", "business")),
    ];
    findings.extend((10..20).map(|at| finding("a/low", Severity::Low, at, ("destination", "pixel"))));
    let text = human(findings);
    let headings: Vec<&str> = text.lines().filter(|line| line.starts_with("━━") && !line.contains("more")).collect();
    assert_eq!(
        headings,
        [
            "━━ destination pixel (6 of 12 findings)",
            "━━ consent category ads (1 finding)",
            "━━ source web (1 finding)",
            "━━ fields (1 finding)",
            "━━ business (1 finding)"
        ]
    );
    assert_eq!(lines(&text), [4, 2, 11, 12, 13, 14, 3, 1, 5, 6]);
}

#[test]
fn one_finding_needs_no_heading() {
    let text = human(many("a/high", Severity::High, 0..1));
    assert!(!text.contains("━━") && lines(&text) == [1], "{text}");
}

#[test]
fn a_question_is_put_once_after_the_findings_with_the_first_subjects() {
    let mut findings = many("a/low", Severity::Low, 20..22);
    findings.extend((0..7).map(|at| asks("a/role", "Who is it?", at, &destination(at))));
    let text = human(findings.clone());
    assert_eq!(text.matches("Who is it?").count(), 1, "{text}");
    assert_eq!(lines(&text), [21, 22], "a question is no finding");
    let asked = "\n  ? Who is it?\n    about: 7 destinations: tool-0, tool-1, tool-2, tool-3, tool-4 [map.yaml:1, :2, :3, :4, :5]; and\n           2 more\n    answer: Mend it.\n    rule: a/role\n";
    assert!(text.contains(asked), "{text}");
    assert!(text.find("said of line 22").unwrap() < text.find("━━ 1 question that").unwrap());
    assert!(text.contains("`consentlint check --all` names everything"), "{text}");
    assert!(text.contains("2 findings (2 low), 1 question on 7 subjects; checked"), "{text}");
    let all = whole(findings);
    assert!(all.contains("tool-6 [map.yaml:1,") && !all.contains("and 2") && !all.contains("--all"), "{all}");
    let alone = human(vec![asks("a/role", "Who is it?", 0, "x")]);
    assert!(alone.contains("no findings, 1 question on 1 subject; ") && !alone.contains("--all"), "{alone}");
}

#[test]
fn questions_of_worse_rules_come_first_then_those_about_more() {
    let rule = |id: &str, severity| RuleInfo {
        id: id.to_owned(),
        title: String::new(),
        why: String::new(),
        help: String::new(),
        severity,
        law: Vec::new(),
        url: None,
    };
    let rules =
        vec![rule("a/few", Severity::High), rule("a/many", Severity::High), rule("z/worst", Severity::Critical)];
    let mut findings = vec![asks("a/few", "Few?", 0, "x"), asks("z/worst", "Worst?", 1, "x")];
    findings.extend((2..5).map(|at| asks("a/many", "Many?", at, &destination(at))));
    let text = shown(findings, rules, "human", Style { width: 100, ..Style::default() });
    let asked: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("  ? ")).collect();
    assert_eq!(asked, ["Worst?", "Many?", "Few?"]);
}

#[test]
fn ten_questions_are_put_in_full_and_the_others_are_named() {
    let findings: Vec<Finding> = (0..12)
        .map(|at| asks(&format!("a/rule-{at:02}"), &format!("Question {at:02}?"), at, &destination(at)))
        .collect();
    let text = human(findings.clone());
    assert_eq!(text.matches("\n  ? ").count(), 10, "{text}");
    let more = "\n  2 more questions:\n    a/rule-10 (1 destination)\n    a/rule-11 (1 destination)\n  `consentlint check --all`";
    assert!(text.contains(more), "{text}");
    let all = whole(findings);
    assert!(all.matches("\n  ? ").count() == 12 && !all.contains("more question"), "{all}");
}

#[test]
fn programs_are_given_everything() {
    let mut findings = many("a/high", Severity::High, 0..15);
    findings.extend((20..28).map(|at| asks("a/role", "Who is it?", at, &destination(at))));
    for format in ["concise", "json", "sarif"] {
        let text = shown(findings.clone(), Vec::new(), format, Style::default());
        assert_eq!(text.matches("said of line").count(), 23, "{format}: {text}");
    }
    let concise = shown(findings.clone(), Vec::new(), "concise", Style::default());
    assert_eq!(concise.matches(": question[a/role] ").count(), 8, "{concise}");
    let github = shown(findings, Vec::new(), "github", Style::default());
    assert_eq!(github.lines().filter(|line| line.starts_with("::notice file=")).count(), 8, "{github}");
    assert!(github.contains("title=question[a/role]::question: Who is it?%0Asaid of line 21%0A"), "{github}");
}

#[test]
fn annotations_show_low_findings_before_questions() {
    let mut findings: Vec<Finding> = (0..9).map(|at| asks("a/role", "Who is it?", at, &destination(at))).collect();
    findings.push(finding("a/low", Severity::Low, 30, ("destination", "x")));
    let text = shown(findings, Vec::new(), "github", Style::default());
    assert!(text.starts_with("::notice file=map.yaml,line=31,"), "{text}");
    assert!(text.ends_with("::notice::1 more finding; run consentlint check\n"), "{text}");
}

#[test]
fn a_narrow_terminal_is_not_overrun_and_names_steer_none() {
    let evil = "a\u{1b}[31m\u{202e}\nb";
    let mut findings = many("a/high", Severity::High, 0..12);
    findings.push(finding("a/worst", Severity::Critical, 30, ("destination", evil)));
    findings.extend((40..50).map(|at| asks("a/role", "Who is each of these recipients to you, then?", at, evil)));
    for color in [false, true] {
        let text = shown(findings.clone(), Vec::new(), "human", Style { color, width: 40, ..Style::default() });
        let hostile = |c: char| (c.is_control() && c != '\n' && c != '\u{1b}') || c == '\u{202e}';
        assert!(!text.contains(hostile) && !text.contains("\u{1b}[31m\u{202e}"), "{text:?}");
        assert_eq!(text.contains('\u{1b}'), color);
        assert!(text.contains("destination a␛[31m� b") || color, "{text}");
    }
    let text = shown(findings, Vec::new(), "human", Style { width: 40, ..Style::default() });
    let asked = text.split("that no file answers\n").nth(1).unwrap().split("    rule:").next().unwrap();
    assert!(asked.lines().all(|line| line.chars().count() <= 40), "{asked}");
}

#[test]
fn a_bare_tracking_plan_gives_no_wall_but_shows_personal_data() {
    let folder = tempfile::tempdir().unwrap();
    let properties: Vec<String> = (0..30).map(|at| format!("      - {{name: email_{at}}}\n")).collect();
    let plan = format!("datamap: 1\nevents:\n  - name: Signed Up\n    properties:\n{}", properties.concat());
    std::fs::write(folder.path().join("plan.yaml"), plan).unwrap();
    let ran = run(folder.path(), &["check"]);
    assert!(ran.stdout.lines().count() < 20, "{}", ran.stdout);
    assert!(ran.stdout.contains("about: 30 fields: Signed Up.properties.email_0, "), "{}", ran.stdout);
    assert!(ran.stdout.contains("no findings, 1 question on 30 subjects; "), "{}", ran.stdout);
    assert_eq!(ran.code, 1, "a question counts as low");
    let all = run(folder.path(), &["check", "--all"]);
    assert!(all.stdout.contains("Signed Up.properties.email_29"), "{}", all.stdout);
}

#[test]
fn all_lists_what_is_else_counted() {
    let count = |more: &[&str]| {
        let ran = run(common::root(), &[&["check", "fixtures/shop-broken"], more].concat());
        ran.stdout.lines().filter(|line| line.starts_with("  rule: ")).count()
    };
    let report = run(common::root(), &["check", "fixtures/shop-broken", "--format", "json"]).json();
    let findings = report["findings"].as_array().unwrap().iter();
    let accusations = findings.filter(|finding| finding["question"].is_null()).count();
    assert!(accusations > 10);
    assert_eq!((count(&[]), count(&["--all"])), (10, accusations));
}

const TERRAFORM: &str = r#"resource "segment_source" "web" {
  enabled  = true
  slug     = "web"
  name     = "Web \u001b[31mshop"
  metadata = { id = "IqDTy1TpoU", slug = "javascript", name = "Javascript" }
}

resource "segment_destination" "pixel" {
  enabled   = true
  source_id = segment_source.web.id
  name      = "Facebook Pixel"
  metadata  = { id = "5661eb58e954a874ca44cc07", name = "Facebook Pixel" }
}
"#;

#[test]
fn what_only_a_platform_gave_an_id_is_called_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.tf"), TERRAFORM).unwrap();
    std::fs::write(folder.path().join("map.yaml"), "datamap: 1\ndestinations:\n  - {id: mixpanel, sells: true}\n")
        .unwrap();
    let text = run(folder.path(), &["check"]).stdout;
    assert!(text.starts_with("━━ destination Facebook Pixel, `segment_destination.pixel` ("), "{text}");
    assert!(text.contains("\n━━ destination mixpanel ("), "an id that a person gave is kept: {text}");
    assert!(text.contains("    about: 2 destinations: Facebook Pixel [main.tf:8]; mixpanel [map.yaml:3]\n"), "{text}");
    assert!(text.contains("[31mshop [main.tf:") && !text.contains('\u{1b}'), "{text}");
}
