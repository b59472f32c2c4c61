//! JUnit: what GitLab, Jenkins and reporters on GitHub make of it.

use super::*;
use roxmltree::{Document, Node};

fn cases<'a>(document: &'a Document<'a>) -> Vec<Node<'a, 'a>> {
    document.descendants().filter(|node| node.has_tag_name("testcase")).collect()
}

fn with<'a>(document: &'a Document<'a>, tag: &str) -> Vec<Node<'a, 'a>> {
    cases(document).into_iter().filter(|case| case.children().any(|child| child.has_tag_name(tag))).collect()
}

/// What GitLab shows of a case: the content, without attributes.
fn content(case: Node<'_, '_>) -> String {
    case.children().filter(Node::is_element).filter_map(|child| child.text().map(str::to_owned)).collect()
}

#[test]
fn findings_fail_questions_and_exceptions_are_skipped_and_problems_are_errors() {
    let (report, _) = sample();
    let xml = plain("junit");
    let document = Document::parse(&xml).unwrap();
    assert_eq!(with(&document, "failure").len(), report.accusations().count());
    assert_eq!(with(&document, "error").len(), report.problems.len());
    // The three subjects of one question are one case.
    assert_eq!(with(&document, "skipped").len(), 1 + report.suppressed.len() + report.baselined.len());
    let asked = with(&document, "skipped").into_iter().find(|case| case.attribute("classname") == Some("ccpa/asks"));
    let asked = asked.unwrap();
    assert!(asked.attribute("name").unwrap().starts_with("Who is each of these recipients"));
    assert_eq!(content(asked).matches("destination ").count(), 3, "{}", content(asked));
    let excused =
        content(with(&document, "skipped").into_iter().find(|it| content(*it).contains("suppressed:")).unwrap());
    assert!(excused.starts_with("suppressed: counsel agreed, see 2026-114 <b>| (datamap.yaml:"), "{excused}");
    let known = with(&document, "skipped").into_iter().find(|case| content(*case).contains("Known of old")).unwrap();
    assert!(content(known).starts_with("in the baseline\n"), "{}", content(known));
    // What a test reporter needs to lead to the line.
    let pixel = cases(&document).into_iter().find(|case| case.attribute("name") == Some("Pixel is not gated")).unwrap();
    assert_eq!(pixel.attribute("classname"), Some("ccpa/ungated"));
    assert_eq!((pixel.attribute("file"), pixel.attribute("line")), (Some("datamap.yaml"), Some("3")));
    let said = content(pixel);
    assert!(said.starts_with("datamap.yaml:3:9: critical[ccpa/ungated]\nPixel is not gated\n"), "{said}");
    assert!(said.contains("\n  plans/web.json:1:60401: receives this event\n"), "{said}");
    assert!(said.contains("\nlaw: Cal. Civ. Code § 1798.120(a); 11 CCR § 7026(f)(1)\n"), "{said}");
}

#[test]
fn the_counts_are_those_of_the_cases() {
    let xml = plain("junit");
    let document = Document::parse(&xml).unwrap();
    let suites =
        document.descendants().filter(|node| node.has_tag_name("testsuite") || node.has_tag_name("testsuites"));
    for suite in suites {
        let of = |tag: &str| suite.descendants().filter(|node| node.has_tag_name(tag)).count().to_string();
        let counted = [("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")];
        for (attribute, tag) in counted {
            assert_eq!(suite.attribute(attribute), Some(of(tag).as_str()), "{attribute}");
        }
    }
}

#[test]
fn no_case_hides_another_one() {
    let (report, sources) = sample();
    let twice = |finding: &Finding| [finding.clone(), Finding { fingerprint: "x".to_owned(), ..finding.clone() }];
    let report = Report { findings: report.findings.iter().flat_map(twice).collect(), ..report };
    let xml = render("junit", &report, &sources, PLAIN);
    let document = Document::parse(&xml).unwrap();
    let key = |case: Node<'_, '_>| format!("{:?} {:?}", case.attribute("classname"), case.attribute("name"));
    let keys: BTreeSet<String> = cases(&document).into_iter().map(key).collect();
    assert_eq!(keys.len(), cases(&document).len());
    assert_eq!(with(&document, "failure").len(), 2 * with(&Document::parse(&plain("junit")).unwrap(), "failure").len());
}

#[test]
fn names_stay_when_lines_move() {
    let names = |before: &str| {
        let mut sources = Sources::default();
        let source = sources.add(Source::new("a.yaml", format!("{before}one\ntwo\n")));
        let at = |needle| find(&sources, source, needle);
        let findings = ["one", "two"].map(|needle| finding("a/b", Severity::High, at(needle), "said"));
        let report = Report::new(findings.to_vec(), Vec::new(), Counts::default(), String::new(), Vec::new());
        let xml = render("junit", &report, &sources, PLAIN);
        let document = Document::parse(&xml).unwrap();
        let name = |case: Node<'_, '_>| case.attribute("name").unwrap().to_owned();
        cases(&document).into_iter().map(name).collect::<Vec<_>>()
    };
    assert_eq!(names(""), ["said", "said (2)"]);
    assert_eq!(names("# a comment\n\n"), names(""));
}

#[test]
fn hostile_text_is_text() {
    let xml = plain("junit");
    // Characters that XML has no place for make this fail.
    let document = Document::parse(&xml).unwrap();
    let known = ["testsuites", "testsuite", "testcase", "failure", "error", "skipped"];
    for node in document.descendants().filter(Node::is_element) {
        assert!(known.contains(&node.tag_name().name()), "{:?}", node.tag_name());
    }
    let mean = with(&document, "failure").into_iter().find(|case| content(*case).contains("onerror")).unwrap();
    let file = mean.attribute("file").unwrap();
    assert!(
        file.starts_with("-evil `a|b` \"c\" 'd'␊::error::x␛[31m,a:b%0A\u{fffd}<script>alert(1)</script>"),
        "{file}"
    );
    assert!(content(mean).contains("<img src=x onerror=alert(1)> | `c|d`"), "{}", content(mean));
    assert!(content(mean).contains("&amp; &#x3c;script&#x3e; <!-- -->"), "{}", content(mean));
    // GitLab makes a link of an attachment that is named there.
    assert!(!xml.contains("<system-out"));
}

#[test]
fn a_rule_that_found_nothing_passes_and_no_report_is_empty() {
    let xml = plain("junit");
    let document = Document::parse(&xml).unwrap();
    let silent: Vec<_> =
        cases(&document).into_iter().filter(|case| case.attribute("classname") == Some("ccpa/silent")).collect();
    assert_eq!(silent.len(), 1);
    assert!(!silent[0].has_children());
    let xml = render("junit", &Report::default(), &Sources::default(), PLAIN);
    let document = Document::parse(&xml).unwrap();
    assert_eq!(cases(&document).len(), 1);
    assert_eq!(document.root_element().attribute("failures"), Some("0"));
    assert!(!xml.contains("compliant"));
}
