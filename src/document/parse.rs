//! Chooses the syntax of a text and parses it.

use super::parsed::{Parsed, Syntax};
use super::{csv, hcl, html, javascript, json, jsonc, lines, yaml};
use crate::finding::{Problem, Stage};
use crate::source::{SourceId, Span};

/// Marks comments that speak to this program.
const ADDRESS: &str = "consentlint:";

/// The parser of a text whose syntax its content does not tell.
type Parser = for<'t> fn(SourceId, &'t str) -> Parsed<'t>;

/// Syntaxes that go by the ending of the file.
const BY_ENDING: [(&[&str], Parser); 5] = [
    (&["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"], javascript::parse),
    (&["html", "htm", "vue", "svelte", "ejs", "erb", "liquid", "njk", "hbs"], html::parse),
    (&["tf", "hcl"], hcl::parse),
    (&["csv", "tsv"], csv::parse),
    (&["ndjson", "jsonl"], lines::parse),
];

/// Parses `text`: by the ending of `path` where that tells the syntax; YAML and JSON by their content, where the
/// ending only decides which error is shown when neither fits.
pub fn parse<'t>(source: SourceId, path: &str, text: &'t str) -> Parsed<'t> {
    if u32::try_from(text.len()).is_err() {
        return refused(Syntax::Yaml, Problem::at(Stage::Parse, Span::file(source), "the text is larger than 4 GB"));
    }
    let base = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let body = text.get(base..).unwrap_or("");
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    if let Some((_, parser)) = BY_ENDING.iter().find(|(endings, _)| endings.contains(&extension.as_str())) {
        return parser(source, text);
    }
    let named_json = matches!(extension.as_str(), "json" | "jsonc");
    let first = body.trim_start();
    if !["{", "[", "//", "/*"].iter().any(|start| first.starts_with(start)) {
        let parsed = as_yaml(source, text);
        let fallback = named_json && failed(&parsed);
        return if fallback { as_json(source, text, base) } else { parsed };
    }
    let json = as_json(source, text, base);
    if named_json || !failed(&json) {
        return json;
    }
    let yaml = as_yaml(source, text);
    let named_yaml = matches!(extension.as_str(), "yaml" | "yml");
    if failed(&yaml) && !named_yaml { json } else { yaml }
}

/// Whether nothing could be read and something was said about it.
fn failed(parsed: &Parsed<'_>) -> bool {
    parsed.documents.is_empty() && !parsed.problems.is_empty()
}

fn refused<'t>(syntax: Syntax, problem: Problem) -> Parsed<'t> {
    Parsed { syntax, documents: Vec::new(), comments: Vec::new(), problems: vec![problem] }
}

fn as_yaml(source: SourceId, text: &str) -> Parsed<'_> {
    // Comments cost time and are rarely addressed to this program.
    yaml::parse(source, text, text.contains(ADDRESS))
}

fn as_json(source: SourceId, text: &str, base: usize) -> Parsed<'_> {
    let mut problems = Vec::new();
    let refusal = match json::parse(source, text, base, &mut problems) {
        Ok(document) => {
            return Parsed { syntax: Syntax::Json, documents: vec![document], comments: Vec::new(), problems };
        }
        Err(refusal) => refusal,
    };
    if !refusal.relaxed {
        return refused(Syntax::Json, refusal.problem);
    }
    problems.clear();
    match jsonc::parse(source, text, base, &mut problems) {
        Ok((document, comments)) => Parsed { syntax: Syntax::Json, documents: vec![document], comments, problems },
        Err(problem) => refused(Syntax::Json, problem),
    }
}
