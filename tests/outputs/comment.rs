//! Markdown: what a comment on GitHub or GitLab does with it.

use super::*;
use regex::Regex;
use roxmltree::{Document, Node};

/// As GitLab and GitHub make it: everything on that makes something of a sign, and HTML kept.
fn html(markdown: &str) -> String {
    let mut options = comrak::Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.superscript = true;
    options.extension.footnotes = true;
    options.extension.description_lists = true;
    options.extension.math_dollars = true;
    options.extension.math_code = true;
    options.extension.underline = true;
    options.extension.spoiler = true;
    options.extension.alerts = true;
    options.render.r#unsafe = true;
    format!("<page>{}</page>", comrak::markdown_to_html(markdown, &options))
}

const TAGS: [&str; 18] = [
    "page", "p", "strong", "code", "a", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "details", "summary",
    "em", "br", "hr",
];

/// Fails on any element, link or attribute that we did not put there, and on text of which GitHub makes something.
fn harmless(markdown: &str) {
    let html = html(markdown);
    let document = Document::parse(&html).unwrap_or_else(|error| panic!("{error}: {html}"));
    for node in document.descendants().filter(Node::is_element) {
        assert!(TAGS.contains(&node.tag_name().name()), "{:?} in {html}", node.tag_name());
        for attribute in node.attributes() {
            let allowed = attribute.name() == "href" && attribute.value().starts_with("https://example.com/rules");
            assert!(allowed, "{attribute:?} in {html}");
        }
    }
    let signs = r"@\w|#\d|GH-\d|(?i)www\.|://|:[\w+-]+:|!\d|\[\[";
    let signs = Regex::new(signs).unwrap();
    let code = |node: &Node<'_, '_>| node.ancestors().any(|node| node.has_tag_name("code"));
    for text in document.descendants().filter(|node| node.is_text() && !code(node)).filter_map(|node| node.text()) {
        assert_eq!(signs.find(text).map(|found| found.as_str()), None, "{text}");
    }
}

fn large(count: usize, said: &str) -> (Report, Sources) {
    let mut sources = Sources::default();
    let source = sources.add(Source::new("a.yaml", "x".repeat(count)));
    let at = |n: usize| Span::new(source, n, n + 1);
    let severity = |n: usize| Severity::ALL[n % 4];
    let rule = |n: usize| format!("a/rule-{}", n % 300);
    let mut findings: Vec<_> = (0..count).map(|n| finding(&rule(n), severity(n), at(n), said)).collect();
    let question = |n: usize| asking(finding(&rule(n), Severity::Low, at(n), "asks"), said);
    findings.extend((0..count).map(question));
    let known = findings[..count / 10].iter().map(|it| Finding { message: "old".into(), ..known(it.clone()) });
    let known: Vec<_> = known.collect();
    findings.extend(known);
    let problems = (0..count / 3).map(|n| Problem::at(Stage::Schema, at(n), said)).collect();
    (Report::new(findings, problems, Counts::default(), String::new(), Vec::new()), sources)
}

#[test]
fn nothing_in_a_comment_does_anything() {
    harmless(&plain("markdown"));
    harmless(&render("markdown", &Report::default(), &Sources::default(), PLAIN));
}

#[test]
fn the_measure_sees_what_is_not_escaped() {
    for said in ["@octocat", "#1", "www.a.example", "<b>x</b>", "![i](x)", "[l](https://evil.example)", "~~x~~", "$x$"]
    {
        assert!(std::panic::catch_unwind(|| harmless(said)).is_err(), "{said}");
    }
}

/// Text without the joiners that are not seen, and without the blanks that part a command.
fn seen(node: Node<'_, '_>) -> String {
    let all = node.descendants().filter(Node::is_text).filter_map(|node| node.text());
    all.collect::<String>().replace(['\u{2060}', ' '], "")
}

#[test]
fn every_character_is_itself_in_running_text_in_a_table_and_as_code() {
    // All signs of ASCII, alone, doubled and around a word, where a line begins and where it does not.
    let signs: Vec<char> = (' '..='~').filter(|c| !c.is_alphanumeric()).collect();
    for first in &signs {
        let forms = |second: &char| {
            [format!("{first}{second}a{second}{first}"), format!("1{first}{second} a"), format!("a{first}{second}")]
        };
        let forms: Vec<String> = signs.iter().flat_map(forms).collect();
        let (mut page, mut table) = (String::new(), "| h | i |\n|---|---|\n".to_owned());
        for form in &forms {
            let (running, code) = (consentlint::output::markdown(form), consentlint::output::code_span(form));
            page += &format!("{running}\n\nx {running}\n\n{code}\n\n");
            table += &format!("| {running} | {code} |\n");
        }
        page += &table;
        harmless(&page);
        let html = html(&page);
        let document = Document::parse(&html).unwrap();
        let blocks: Vec<_> = document.root_element().children().filter(Node::is_element).collect();
        assert_eq!(blocks.len(), 3 * forms.len() + 1, "{first}: {html}");
        let rows: Vec<_> = blocks[3 * forms.len()].descendants().filter(|node| node.has_tag_name("tr")).collect();
        assert_eq!(rows.len(), forms.len() + 1, "{first}: {html}");
        for (at, form) in forms.iter().enumerate() {
            let cells: Vec<_> = rows[at + 1].children().filter(Node::is_element).collect();
            assert_eq!(cells.len(), 2, "{form:?}");
            let wanted = form.replace(' ', "");
            for code in [blocks[3 * at + 2], cells[1]] {
                let code = code.first_element_child().filter(|node| node.has_tag_name("code"));
                assert_eq!(code.map(seen), Some(wanted.clone()), "{form:?}");
            }
            // What stands between two backticks is code, and loses them.
            let ticks = if form.matches('`').count() > 1 { '`' } else { ' ' };
            let wanted = wanted.replace(ticks, "");
            for (running, before) in [(blocks[3 * at], ""), (blocks[3 * at + 1], "x"), (cells[0], "")] {
                assert!(["p", "td"].contains(&running.tag_name().name()), "{form:?}");
                assert_eq!(seen(running).replace(ticks, ""), format!("{before}{wanted}"), "{form:?}");
            }
        }
    }
}

#[test]
fn findings_are_a_table_the_worst_first() {
    let (report, _) = sample();
    let html = html(&plain("markdown"));
    let document = Document::parse(&html).unwrap();
    let rows: Vec<_> = document.descendants().filter(|node| node.has_tag_name("tr")).collect();
    assert_eq!(rows.len(), 1 + report.accusations().count());
    for row in &rows {
        assert_eq!(row.children().filter(Node::is_element).count(), 3, "{html}");
    }
    let text = |node: &Node<'_, '_>| node.descendants().filter_map(|it| it.text().filter(|_| it.is_text())).collect();
    let texts: Vec<String> = rows.iter().map(text).collect();
    assert!(texts[1].contains("critical") && texts[1].contains("datamap.yaml:3"), "{texts:?}");
    assert!(texts[1].contains("Pixel is not gated (ccpa/ungated)"), "{texts:?}");
    let link = rows[1].descendants().find(|node| node.has_tag_name("a")).unwrap();
    assert_eq!(link.attribute("href"), Some("https://example.com/rules#ungated"));
    let mean = texts.iter().find(|text| text.contains("onerror")).unwrap();
    assert!(
        mean.replace('\u{2060}', "").contains("<script>alert(1)</script> @octocat #1"),
        "the name is there, as code: {mean}"
    );
    assert!(texts.last().unwrap().contains("low"), "{texts:?}");
}

#[test]
fn a_comment_has_everything_in_its_place() {
    let text = plain("markdown");
    assert!(text.starts_with("<!-- consentlint -->\n**consentlint**: 5 findings (1 critical,"), "{text}");
    let at = |needle: &str| text.find(needle).unwrap_or_else(|| panic!("{needle}: {text}"));
    let order = [
        "| severity |",
        "**1 question that no file answers**",
        "**5 problems: this could not be judged**",
        "<summary>What to do, and the law: 5 rules</summary>",
        "<summary>2 suppressed, 1 in the baseline</summary>",
    ];
    assert!(order.windows(2).all(|pair| at(pair[0]) < at(pair[1])), "{text}");
    assert_eq!(text.matches("Who is each of these recipients to you").count(), 1, "{text}");
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    assert!(
        text.contains("in the baseline\n") && text.contains("suppressed in `datamap.yaml:7`: counsel agreed"),
        "{text}"
    );
    assert!(!text.contains("compliant") && !text.contains("javascript:"));
    let nothing = render("markdown", &Report::default(), &Sources::default(), PLAIN);
    assert!(nothing.starts_with("<!-- consentlint -->\n**consentlint**: no findings; checked 0 files"), "{nothing}");
    assert_eq!(nothing.lines().count(), 2, "{nothing}");
}

#[test]
fn a_comment_is_never_too_long_and_says_what_it_left_out() {
    for said in ["said", &"<`|@é".repeat(400)] {
        let (report, sources) = large(3_000, said);
        let text = render("markdown", &report, &sources, PLAIN);
        assert!(text.len() < 65_536, "{}", text.len());
        let rows = text.lines().filter(|line| line.starts_with("| **") || line.starts_with("| medium")).count();
        assert!(rows > 10, "{rows}");
        let rest = text.lines().find(|line| line.contains("more findings")).unwrap();
        assert!(rest.starts_with(&format!("and {} more findings (", 3_000 - rows)), "{rows}: {rest}");
        for left in ["more questions; ", "more problems; ", "more rules; ", "more; "] {
            assert!(text.contains(left), "{left}: {text}");
        }
        harmless(&text);
    }
}
