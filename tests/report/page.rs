//! The page: well formed, nothing loaded or run, readable by a screen reader.

use super::{REPORTS, sample};
use html5gum::{Token, Tokenizer};
use std::collections::BTreeSet;

/// Elements that have no end.
const VOID: [&str; 1] = ["meta"];

/// Fails on what is not closed, on anything that could load or run something, and on what a screen reader stumbles over.
pub(crate) fn well_made(page: &str) {
    let mut open: Vec<String> = Vec::new();
    let (mut ids, mut wanted) = (BTreeSet::new(), Vec::new());
    let (mut levels, mut policy) = (Vec::new(), None);
    for token in Tokenizer::new(page) {
        match token.unwrap() {
            Token::StartTag(tag) => {
                let name = String::from_utf8(tag.name.to_vec()).unwrap();
                assert!(
                    !["script", "img", "iframe", "link", "object", "form", "base"].contains(&name.as_str()),
                    "{name}"
                );
                for (key, value) in &tag.attributes {
                    let (key, value) = (String::from_utf8_lossy(key), String::from_utf8_lossy(value));
                    assert!(!key.starts_with("on") && key != "style" && key != "src", "{name} {key}");
                    match key.as_ref() {
                        "id" => assert!(ids.insert(value.to_string()), "{value} twice"),
                        "href" => wanted.push(value.strip_prefix('#').unwrap_or_else(|| panic!("{value}")).to_owned()),
                        "aria-labelledby" => wanted.push(value.to_string()),
                        "content" if value.starts_with("default-src") => policy = Some(value.to_string()),
                        _ => {}
                    }
                }
                if let Some(level) = name.strip_prefix('h').and_then(|level| level.parse::<u8>().ok()) {
                    levels.push(level);
                }
                if name == "th" {
                    assert!(tag.attributes.iter().any(|(key, _)| key.as_slice() == b"scope"));
                }
                if !VOID.contains(&name.as_str()) && !tag.self_closing {
                    open.push(name);
                }
            }
            Token::EndTag(tag) => assert_eq!(open.pop().map(String::into_bytes), Some(tag.name.to_vec())),
            Token::Error(error) => panic!("{error:?}"),
            _ => {}
        }
    }
    assert!(open.is_empty(), "{open:?}");
    assert!(wanted.iter().all(|id| ids.contains(id)), "{wanted:?}");
    assert_eq!(levels.first(), Some(&1));
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1 && pair[1] > 1), "{levels:?}");
    let policy = policy.unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-") && policy.contains("script-src 'none'"),
        "{policy}"
    );
    assert_eq!(page.matches("<table").count(), page.matches("<caption").count());
    assert!(page.contains("<html lang=\"en\">"));
}

#[test]
fn every_page_loads_nothing_and_reads_well() {
    for name in REPORTS {
        for project in ["shop", "shop-broken"] {
            well_made(&sample(project, &[name, "--format", "html"]).stdout);
        }
    }
}

#[test]
fn both_formats_say_the_same() {
    for name in REPORTS {
        let markdown = sample("shop-broken", &[name]).stdout;
        let page = sample("shop-broken", &[name, "--format", "html"]).stdout;
        let rows = super::tables(&markdown).iter().map(|table| table.rows.len() + 1).sum::<usize>();
        assert_eq!(page.matches("<tr>").count(), rows, "{name}");
    }
}

/// On paper words stay whole: only what has no place to break is broken anywhere, and a broad table lies on its side.
#[test]
fn only_hashes_and_paths_are_broken_inside() {
    let evidence = sample("shop", &["evidence", "--format", "html"]).stdout;
    let style = evidence.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
    let last = style.rsplit("th, td {").next().unwrap().split('}').next().unwrap();
    assert_eq!(last.trim(), "overflow-wrap: break-word;");
    let body = evidence.split_once("<body>").unwrap().1;
    let long = regex::Regex::new("<(?:code|span) class=\"(?:[a-z]+ )?long\">([^<]*)<").unwrap();
    let texts: Vec<&str> = long.captures_iter(body).map(|found| found.extract::<1>().1[0]).collect();
    assert!(texts.iter().any(|text| text.len() == 64) && texts.iter().all(|text| text.len() > 28), "{texts:?}");
    assert!(body.contains("<main class=\"broad\">"));
    let words = regex::Regex::new("<code>([0-9a-f]{64})<").unwrap();
    assert!(!words.is_match(body));
    assert!(!sample("shop-broken", &["risk-assessment", "--format", "html"]).stdout.contains("class=\"broad\""));
}

#[test]
fn a_long_list_of_contents_is_folded() {
    let project = |count: usize| {
        let ids: Vec<String> = (0..count).map(|at| format!("buyer-{at}")).collect();
        let each: String = ids.iter().map(|id| format!("  - {{id: {id}, role: third_party, sells: true}}\n")).collect();
        format!(
            "datamap: 1\nsources: [{{id: web, platform: web, destinations: [{}]}}]\ndestinations:\n{each}",
            ids.join(", ")
        )
    };
    let page =
        |count| super::report(super::written(&project(count)).path(), &["risk-assessment", "--format", "html"]).stdout;
    let many = page(40);
    well_made(&many);
    assert!(many.contains("<details><summary>Contents: 43 sections</summary><ul>"), "{many}");
    assert_eq!(many.matches("<li><a href=\"#s").count(), 43);
    assert!(!page(3).contains("<details>"));
}
