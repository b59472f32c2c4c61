//! Every output format on one rich report, against files in `fixtures/outputs`, and what all formats promise.
#![allow(clippy::disallowed_methods, reason = "tests read fixtures")]
#![allow(clippy::unwrap_used, reason = "helpers of tests, too, fail by panicking")]

use consentlint::finding::{Edit, Finding, Fix, Label, Problem, Severity, Stage, SubjectId, Suppression};
use consentlint::output::{OUTPUTS, Style, output};
use consentlint::report::{Counts, Report, RuleInfo};
use consentlint::source::{Source, SourceId, Sources, Span};
use serde_json::Value;
use std::collections::BTreeSet;

#[path = "outputs/code_quality.rs"]
mod code_quality;
#[path = "outputs/code_scanning.rs"]
mod code_scanning;
#[path = "outputs/comment.rs"]
mod comment;
#[path = "outputs/test_report.rs"]
mod test_report;

const PLAIN: Style = Style { color: false, links: false, width: 100, all: false, quiet: false };

/// A file name that is markup, a command, a link and more to whoever does not quote it.
const EVIL: &str = "-evil `a|b` \"c\" 'd'\n::error::x\u{1b}[31m,a:b%0A\u{202e}<script>alert(1)</script> @octocat #1 \
                    [l](https:evil.example) ##[stop-commands]x.yaml";

/// The same as a message.
const HOSTILE: &str = "100%, a:b\r\n::error::x <img src=x onerror=alert(1)> | `c|d` `e ** _f_ [l](https://evil.example/l) \
                       ![i](https://evil.example/i.png) @octocat octo/repo#1 GH-2 www.evil.example a@evil.example ]]> \
                       &amp; &#x3c;script&#x3e; <!-- --> [[ATTACHMENT|/etc/passwd]] ##[add-mask]x $x$ :+1: \u{0}\u{fffe}";

const MAP: &str = "datamap: 1
destinations:
  - id: facebook-pixel
    role: third_party
    purposes: [custom_audience]
    shares: true
  # Ein Café in Zürich, カフェ
  - id: café-kasse
    role: \u{201c}partner\u{201d}
";

fn find(sources: &Sources, source: SourceId, needle: &str) -> Span {
    let start = sources.get(source).unwrap().text.find(needle).unwrap();
    Span::new(source, start, start + needle.len())
}

fn finding(rule: &str, severity: Severity, span: Span, message: &str) -> Finding {
    Finding {
        rule: rule.to_string(),
        severity,
        message: message.to_string(),
        subject: SubjectId { kind: "destination", id: "facebook-pixel".to_string() },
        primary: Label::new(span, "this one"),
        related: Vec::new(),
        help: "Put it in a category that the opt-out controls.".into(),
        law: ["Cal. Civ. Code § 1798.120(a)".to_string(), "11 CCR § 7026(f)(1)".to_string()].into(),
        precedent: ["Sephora (2022), $1.2M".to_string()].into(),
        decided_by: format!("policies/{rule}.yaml:9").into(),
        fingerprint: format!("{rule}:{}", span.start),
        question: None,
        suppressed: None,
        baselined: false,
        fixes: Vec::new(),
    }
}

/// The same finding as a question, put to a subject of its own.
fn asking(mut finding: Finding, id: &str) -> Finding {
    finding.subject.id = id.to_string();
    finding.question = Some("Who is each of these recipients to you?\u{1b}[2J".into());
    finding.help = "Declare `role`.".into();
    finding
}

fn excused(mut finding: Finding, span: Span, inline: bool) -> Finding {
    let reason = "counsel agreed,\nsee 2026-114 <b>|".to_string();
    finding.suppressed = Some(Suppression { reason, span, inline });
    finding
}

fn known(mut finding: Finding) -> Finding {
    finding.baselined = true;
    finding
}

fn rule(id: &str, severity: Severity, url: Option<&str>) -> RuleInfo {
    RuleInfo {
        id: id.to_string(),
        title: "A destination is not switched off by the opt-out".to_string(),
        why: "Who sells or shares must stop when told so.\n".to_string(),
        help: "Put it in a category that the opt-out controls.".into(),
        severity,
        law: vec!["Cal. Civ. Code § 1798.120(a)".to_string()],
        url: url.map(str::to_string),
    }
}

fn minified() -> String {
    let item = |n: usize| format!("{{\"name\":\"Ereignis ä{n}\",\"type\":\"track\"}}");
    let items: Vec<_> = (0..1800).map(item).collect();
    format!("[{}]", items.join(","))
}

fn problems(crlf: Span, empty: SourceId, plan: Span) -> Vec<Problem> {
    vec![
        Problem::run(Stage::Settings, "nothing was recognised\u{1b}[2J").help("name a file"),
        Problem::path(Stage::Read, "data/se\u{202e}cret.json", "is UTF-16").help("save it as UTF-8"),
        Problem::at(Stage::Parse, crlf, "found a duplicate key `links`").also(plan, "the same, in the plan").mended_by(
            Fix {
                title: "rename it".to_string(),
                safe: false,
                edits: vec![Edit { span: crlf, text: "x".to_string() }],
            },
        ),
        Problem::at(Stage::Schema, Span::file(empty), "the file is empty").help("remove it,\nor fill it"),
        Problem::path(Stage::Read, EVIL, HOSTILE).help(HOSTILE),
    ]
}

/// The report of all formats, and its texts.
fn sample() -> (Report, Sources) {
    let mut sources = Sources::default();
    let map = sources.add(Source::new("datamap.yaml", MAP));
    let plan = sources.add(Source::new("plans/web.json", minified()));
    let hostile = "name: \"a\u{1b}[31m\u{202e}b\u{85}\"\n::error::pwned\rx\n##[group]x\n";
    let evil = sources.add(Source::new(EVIL, hostile));
    let crlf = sources.add(Source::new("site.yaml", "\u{feff}business:\r\n\tlinks: é\r\nlinks: 2\r\n"));
    let empty = sources.add(Source::new("empty.yaml", ""));
    let at = |source, needle| find(&sources, source, needle);

    let mut pixel = finding("ccpa/ungated", Severity::Critical, at(map, "facebook-pixel"), "Pixel is not gated");
    pixel.related = vec![
        Label::new(at(map, "third_party"), "is a third party"),
        Label::new(at(map, "shares: true"), "shares"),
        Label::new(at(plan, "Ereignis ä1500"), "receives this event"),
        Label::new(at(crlf, "links: 2"), ""),
        Label::new(at(map, "\u{201c}partner\u{201d}"), "another"),
        Label::new(at(map, "datamap: 1"), "not shown to people"),
    ];
    let edit = Edit { span: at(map, "shares: true"), text: "shares: false\n    x: \u{1b}[2J\u{202e}".to_string() };
    pixel.fixes = vec![Fix { title: "list `pixel` in\n`ads\u{1b}[2J`".to_string(), safe: true, edits: vec![edit] }];
    let long = finding("ccpa/unknown-event", Severity::High, at(plan, "Ereignis ä900"), "An event nobody declared");
    let whole = Span::new(map, 13, MAP.len());
    let many =
        finding("segment/odd", Severity::Medium, whole, "Destinations are odd\u{7} in \u{2066}many\u{2069} ways");
    let end =
        finding("ccpa/links", Severity::Low, Span::new(map, MAP.len(), 9_999), "No [link](https://evil) at the end");
    let mut mean = finding("own/\u{1b}]0;x|`<b>", Severity::High, at(evil, "::error::pwned"), HOSTILE);
    mean.related = vec![Label::new(at(evil, "name"), HOSTILE), Label::new(at(map, "datamap: 1"), "")];
    mean.help = "Say `what` it is | <b>now</b>, @octocat.".into();
    let findings = vec![
        pixel,
        long,
        many,
        end,
        mean,
        asking(finding("ccpa/asks", Severity::Low, at(map, "café-kasse"), "The role is not declared"), "café-kasse"),
        asking(finding("ccpa/asks", Severity::Low, at(map, "custom_audience"), "No role"), "evil\u{1b}[31m\u{202e}"),
        asking(finding("ccpa/asks", Severity::Low, at(crlf, "links: 2"), "No role"), "links"),
        excused(finding("ccpa/role", Severity::High, at(map, "café-kasse"), "No role"), at(map, "# Ein"), true),
        known(finding("ccpa/ungated", Severity::Critical, at(crlf, "business"), "Known of old, <i>this</i>")),
        excused(finding("ccpa/role", Severity::High, at(crlf, "links: é"), "No role"), at(map, "datamap"), false),
    ];
    let rules = vec![
        rule("ccpa/ungated", Severity::Critical, Some("https://example.com/rules#ungated")),
        rule("ccpa/unknown-event", Severity::High, None),
        rule("ccpa/asks", Severity::High, Some("javascript:alert(1)")),
        rule("ccpa/silent", Severity::Medium, None),
    ];
    let problems = problems(at(crlf, "links: 2"), empty, at(plan, "track"));
    let counts = Counts { files: 5, not_ours: 2, events: 1800, properties: 1, destinations: 2 };
    let report = Report::new(findings, problems, counts, "2026-11-24".to_string(), rules);
    (Report { baseline: true, ..report }, sources)
}

fn render(name: &str, report: &Report, sources: &Sources, style: Style) -> String {
    let mut out = Vec::new();
    (output(name).unwrap().write)(report, sources, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn plain(name: &str) -> String {
    let (report, sources) = sample();
    render(name, &report, &sources, PLAIN)
}

fn fixture(name: &str) -> String {
    format!("{}/fixtures/outputs/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn json(path: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn is_hostile(c: char) -> bool {
    (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[test]
fn samples_are_as_recorded() {
    let own = format!("ersion\": \"{}\"", env!("CARGO_PKG_VERSION"));
    for format in OUTPUTS {
        let text = plain(format.name).replace(&own, "ersion\": \"0.0.0\"");
        let path = fixture(&format!("sample.{}.txt", format.name));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let recorded = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(text == recorded, "{} differs from {path}; UPDATE=1 rewrites it:\n{text}", format.name);
    }
}

#[test]
fn names_are_unique() {
    let names: BTreeSet<_> = OUTPUTS.iter().map(|output| output.name).collect();
    assert_eq!(names.len(), OUTPUTS.len());
}

#[test]
fn nothing_hostile_gets_through() {
    for format in OUTPUTS {
        let text = plain(format.name);
        assert_eq!(text.find(is_hostile), None, "{}", format.name);
        let obeyed = |line: &&str| line.trim_start().starts_with("::") && format.name != "github";
        assert_eq!(text.lines().find(obeyed), None, "{}: GitHub Actions obeys this", format.name);
        assert!(!text.contains("##["), "{}: GitHub Actions obeys this", format.name);
    }
}

#[test]
fn annotations_are_the_commands_that_were_meant() {
    let text = plain("github");
    let (report, _) = sample();
    // A command each, and nothing but commands: every one with a known name, properties and a message on the line.
    assert_eq!(text.lines().count(), report.problems.len() + report.findings.len());
    for line in text.lines() {
        let (properties, message) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
        let (level, properties) = properties.split_once(' ').unwrap();
        assert!(["error", "warning", "notice"].contains(&level), "{line}");
        for property in properties.split(',') {
            let (key, value) = property.split_once('=').unwrap();
            assert!(["file", "line", "col", "endLine", "endColumn", "title"].contains(&key), "{line}");
            assert!(!value.contains(':'), "{line}");
        }
        assert!(!message.is_empty(), "{line}");
    }
    // What is accepted is not annotated.
    assert!(!text.contains("Known of old") && !text.contains("counsel agreed"), "{text}");
}

#[test]
fn every_format_has_every_finding_that_counts() {
    let (report, _) = sample();
    for format in OUTPUTS {
        let text = plain(format.name);
        for said in ["Pixel is not gated", "An event nobody declared", "Destinations are odd", "100%", "at the end"] {
            assert!(text.contains(said), "{}: {said}", format.name);
        }
        let asked = report.questions().count();
        assert!(
            text.contains("Who is each") || (format.name == "concise" && text.matches("question[").count() == asked)
        );
    }
}

#[test]
fn every_format_has_every_problem() {
    for format in OUTPUTS {
        let text = plain(format.name);
        for said in ["nothing was recognised", "is UTF-16", "found a duplicate key", "the file is empty", "ATTACHMENT"]
        {
            assert!(text.contains(said), "{}: {said}", format.name);
        }
    }
}

#[test]
fn json_follows_its_schema() {
    let schema = json(concat!(env!("CARGO_MANIFEST_DIR"), "/policies/schemas/report.json"));
    let validator = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).offline().build(&schema).unwrap();
    let doc = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/json.md")).unwrap();
    let example = doc.split("```").nth(1).unwrap().strip_prefix("json").unwrap();
    assert!(validator.is_valid(&serde_json::from_str::<Value>(example).unwrap()), "the example of docs/json.md");
    assert!(!validator.is_valid(&serde_json::json!({ "version": 1 })));
    let (report, sources) = sample();
    for report in [report, Report::default()] {
        let report = Report { as_of: "2026-11-24".to_string(), ..report };
        let value: Value = serde_json::from_str(&render("json", &report, &sources, PLAIN)).unwrap();
        let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}

#[test]
fn sarif_follows_the_official_schema() {
    // Two of its patterns have a lone `]`, which ECMAScript takes for itself and the engine here does not.
    let text = std::fs::read_to_string(fixture("sarif-schema-2.1.0.json")).unwrap();
    let schema: Value = serde_json::from_str(&text.replace("{2}]?$", r"{2}\\]?$")).unwrap();
    let validator = jsonschema::options().with_draft(jsonschema::Draft::Draft7).offline().build(&schema).unwrap();
    assert!(!validator.is_valid(&serde_json::json!({ "version": "2.1.0", "runs": [{}] })));
    let (report, sources) = sample();
    for report in [report, Report::default()] {
        let value: Value = serde_json::from_str(&render("sarif", &report, &sources, PLAIN)).unwrap();
        let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}

#[test]
fn json_positions_count_characters_and_bytes() {
    let value: Value = serde_json::from_str(&plain("json")).unwrap();
    let problem = value["problems"].as_array().unwrap().iter().find(|it| it["stage"] == "parse").unwrap();
    assert_eq!(problem["start"], serde_json::json!({ "line": 3, "column": 1, "offset": 26 }));
    let names: Vec<_> = value["findings"].as_array().unwrap().iter().map(|it| it["file"].as_str().unwrap()).collect();
    assert!(names.contains(&EVIL), "names are given unchanged");
}

#[test]
fn no_findings_is_said_without_a_promise() {
    for format in ["human", "concise"] {
        let text = render(format, &Report::default(), &Sources::default(), PLAIN);
        assert!(text.starts_with("no findings; checked 0 files"), "{text}");
        assert!(!text.contains("compliant"));
    }
}

#[test]
fn colour_is_only_there_when_wanted() {
    let (report, sources) = sample();
    let text = render("human", &report, &sources, Style { color: true, links: true, width: 100, ..Style::default() });
    assert!(text.contains("\u{1b}]8;;https://example.com/rules#ungated\u{1b}\\ccpa/ungated"));
    assert!(text.contains("\u{1b}[1;31mcritical[ccpa/ungated]\u{1b}[0m"));
    assert!(!text.contains("\u{202e}") && !text.contains('\u{7}') && !text.contains("\u{1b}[2J"));
}

#[test]
fn github_shows_ten_of_a_level_and_counts_the_rest() {
    let mut sources = Sources::default();
    let source = sources.add(Source::new("a.yaml", "x".repeat(64)));
    let at = |n: usize| Span::new(source, n, n + 1);
    let mut findings: Vec<_> = (0..12).map(|n| finding("a/high", Severity::High, at(n), "high")).collect();
    findings.extend((20..32).map(|n| finding("a/low", Severity::Low, at(n), "low")));
    findings.push(finding("a/worst", Severity::Critical, at(60), "worst"));
    let report = Report::new(findings, Vec::new(), Counts::default(), String::new(), Vec::new());
    let text = render("github", &report, &sources, PLAIN);
    assert!(
        text.starts_with("::error file=a.yaml,line=1,col=61,endLine=1,endColumn=62,title=critical[a/worst]::worst")
    );
    assert_eq!(text.lines().filter(|line| line.starts_with("::error ")).count(), 10);
    assert!(text.ends_with("::notice::6 more findings; run consentlint check\n"), "{text}");
    // Problems are errors, too, and all of them are printed.
    let problems = (0..4).map(|n| Problem::at(Stage::Schema, at(n), format!("problem {n}"))).collect();
    let text = render("github", &Report { problems, ..report }, &sources, PLAIN);
    assert_eq!(text.lines().filter(|line| line.starts_with("::error ")).count(), 10);
    assert!(text.contains("::problem 3\n") && text.contains("::worst"), "{text}");
    assert!(text.ends_with("::notice::10 more findings; run consentlint check\n"), "{text}");
}

#[test]
fn no_place_makes_an_output_fail() {
    let texts = [
        "",
        "\u{feff}",
        "\u{feff}\r\n",
        "é",
        "a\r\nb",
        "a\n",
        "\r",
        "\t\u{1b}é\n\n",
        "{\n\"a\": [1,\n2]}\n",
        &minified(),
    ];
    for text in texts {
        let mut sources = Sources::default();
        let id = sources.add(Source::new("a", text));
        let near = (0..text.len() + 3).filter(|at| *at < 40 || at % 997 == 0 || *at + 40 > text.len());
        let near: Vec<_> = near.collect();
        let spans =
            near.iter().flat_map(|start| [0, 1, 5, 9_000, 90_000].map(|len| Span::new(id, *start, start + len)));
        let mut findings: Vec<_> = spans.map(|span| finding("a/b", Severity::Low, span, "said")).collect();
        findings.push(finding("a/b", Severity::Low, Span { source: id, start: 7, end: 2 }, "backwards"));
        findings.push(finding("a/b", Severity::Low, Span::file(SourceId(77)), "of another run"));
        let ends = [Span::file(id), Span::new(id, text.len(), text.len())];
        findings.iter_mut().for_each(|it| it.related = ends.map(|span| Label::new(span, "related")).to_vec());
        let report = Report::new(findings, Vec::new(), Counts::default(), String::new(), Vec::new());
        for format in OUTPUTS {
            let out = render(format.name, &report, &sources, PLAIN);
            assert!(!out.contains("Failed to read"), "{text:?}");
        }
    }
}
