//! Names from files cannot break out of a report.

use super::{FORMATS, REPORTS, report, written};
use comrak::Options;
use roxmltree::{Document, Node};

/// Names that are markup, tables, mentions, commands, formulas, escapes, and marks that turn the direction of writing.
const EVIL: &str = "a|b `c` ``d`` <script>alert(1)</script>\\n# head\\r\\n::error::x \\u001b[2J\\u202e @octocat #1 GH-2 [l](https://evil.example) \
                    ![i](https://evil.example/i.png) https://evil.example www.evil.example =HYPERLINK(1) &lt;b&gt; <!-- --> ]]> $x$ :+1: | --- |";

fn project() -> String {
    let long = "x".repeat(5000);
    format!(
        r#"datamap: 1
business: {{name: "{EVIL}", links: {{privacy_policy: {{url: "https://a.example/|`<script>x"}}}}}}
sources:
  - {{id: "s {EVIL}", name: "{EVIL}", platform: web, destinations: ["d {EVIL}", "{long}"]}}
destinations:
  - {{id: "d {EVIL}", name: "{EVIL}", role: third_party, shares: true, purposes: ["{EVIL}"], started_on: 2025-01-01, assessment: {{ref: "{EVIL}"}}}}
  - {{id: "{long}", purposes: ["{EVIL}"], contract: {{ref: "{EVIL}"}}}}
consent:
  manager: segment
  categories:
    - {{id: "c {EVIL}", purpose: "{EVIL}", destinations: ["d {EVIL}"]}}
events:
  - {{name: "{EVIL}", sources: ["s {EVIL}"], properties: [{{name: "{EVIL}", spi: [2B], purposes: ["{EVIL}"]}}, {{name: "p {EVIL}", pi: [A]}}]}}
notice:
  categories:
    - {{pi: A, purposes: ["{EVIL}"], retention: "{EVIL}", recipients: ["d {EVIL}"]}}
    - {{pi: J, purposes: ["{EVIL}"]}}
"#
    )
}

/// The project with an exception and a file whose names are hostile, too.
fn folder() -> tempfile::TempDir {
    let folder = written(&project());
    let name = "-evil `a|b`\n::error::x\u{1b}[31m <script> @octocat.yaml";
    std::fs::write(folder.path().join(name), "datamap: 1\nsources: []\n").unwrap();
    let settings =
        format!("exceptions:\n  - {{rule: ccpa/role-undeclared, reason: \"{EVIL}\", subject: \"{EVIL}\"}}\n");
    std::fs::write(folder.path().join("consentlint.yaml"), settings).unwrap();
    folder
}

const TAGS: [&str; 17] = [
    "page", "h1", "h2", "h3", "p", "strong", "em", "code", "ul", "li", "table", "thead", "tbody", "tr", "th", "td",
    "br",
];

#[test]
fn markdown_holds() {
    let folder = folder();
    for name in REPORTS {
        let ran = report(folder.path(), &[name]);
        assert!(!ran.stdout.is_empty(), "{}", ran.stderr);
        safe(&ran.stdout);
        let mut options = Options::default();
        options.extension.table = true;
        options.extension.autolink = true;
        options.extension.strikethrough = true;
        options.extension.footnotes = true;
        options.extension.math_dollars = true;
        options.render.r#unsafe = true;
        let html = comrak::markdown_to_html(&ran.stdout, &options).replace("<br>", "<br/>");
        let page = format!("<page>{html}</page>");
        let document = Document::parse(&page).unwrap_or_else(|error| panic!("{error}"));
        for node in document.descendants().filter(Node::is_element) {
            assert!(TAGS.contains(&node.tag_name().name()), "{name}: {:?}", node.tag_name());
            assert_eq!(node.attributes().count(), 0, "{name}: {:?}", node.tag_name());
        }
        // Every row has the cells of its head: nothing split one.
        for table in document.descendants().filter(|node| node.has_tag_name("table")) {
            let cells = |row: Node<'_, '_>| row.children().filter(Node::is_element).count();
            let rows: Vec<Node<'_, '_>> = table.descendants().filter(|node| node.has_tag_name("tr")).collect();
            assert!(rows.iter().all(|row| cells(*row) == cells(rows[0])), "{name}");
        }
        let text: String = document.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect();
        assert!(text.contains("<script>alert(1)</script>"), "{name} hides what is there");
    }
}

#[test]
fn pages_hold() {
    let folder = folder();
    for name in REPORTS {
        let ran = report(folder.path(), &[name, "--format", "html"]);
        safe(&ran.stdout);
        super::page::well_made(&ran.stdout);
        assert!(ran.stdout.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{name}");
    }
}

/// Nothing steers a terminal or a log.
fn safe(text: &str) {
    let steers = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
    assert!(!text.contains(steers));
    assert!(text.lines().all(|line| !line.trim_start().starts_with("::")));
}

#[test]
fn a_name_of_an_unknown_format_is_refused() {
    let folder = written("datamap: 1\nsources: []\n");
    let ran = report(folder.path(), &["notice", "--format", "pdf"]);
    assert_eq!(ran.code, 2);
    assert!(FORMATS.iter().all(|format| ran.stderr.contains(format)), "{}", ran.stderr);
}
