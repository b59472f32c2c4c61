//! Chooses the syntax of a text and parses it.

use super::Document;
use super::holes::{self, Masked};
use super::jsonc::Dialect;
use super::parsed::{Comment, Parsed, Syntax};
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
    let ending = ending(path).to_ascii_lowercase();
    if let Some((_, parser)) = BY_ENDING.iter().find(|(endings, _)| endings.contains(&ending.as_str())) {
        return parser(source, text);
    }
    let parsed = by_content(source, text, base, &ending);
    if parsed.problems.is_empty() { parsed } else { unmasked(source, text, base, parsed) }
}

/// The ending of a file's name, that of its content if it is compressed.
fn ending(path: &str) -> &str {
    let uncompressed = path.len().checked_sub(3).and_then(|at| Some((path.get(..at)?, path.get(at..)?)));
    let path = uncompressed.filter(|(_, last)| last.eq_ignore_ascii_case(".gz")).map_or(path, |(path, _)| path);
    path.rsplit_once('.').map_or("", |(_, ending)| ending)
}

fn by_content<'t>(source: SourceId, text: &'t str, base: usize, ending: &str) -> Parsed<'t> {
    let named_json = matches!(ending, "json" | "jsonc" | "json5");
    let first = text.get(base..).unwrap_or("").trim_start();
    if ending == "json5" {
        return as_json5(source, text, base);
    }
    if !["{", "[", "//", "/*"].iter().any(|start| first.starts_with(start)) {
        let parsed = as_yaml(source, text);
        let fallback = named_json && failed(&parsed);
        return if fallback { as_json(source, text, base, true) } else { parsed };
    }
    let json = as_json(source, text, base, named_json);
    if named_json || !failed(&json) {
        return json;
    }
    let yaml = as_yaml(source, text);
    let named_yaml = matches!(ending, "yaml" | "yml");
    if failed(&yaml) && !named_yaml { json } else { yaml }
}

/// What a text says when the holes of a template are passed over, if that says more than the text as it is.
fn unmasked<'t>(source: SourceId, text: &'t str, base: usize, parsed: Parsed<'t>) -> Parsed<'t> {
    let json = parsed.syntax == Syntax::Json;
    let masked = match parsed.syntax {
        Syntax::Json | Syntax::Yaml => holes::mask(text, json),
        _ => None,
    };
    let Some(Masked { read, first }) = masked else { return parsed };
    let mut again = if json {
        masked_json(source, text, &read, base)
    } else {
        yaml::parse_masked(source, text, &read, text.contains(ADDRESS))
    };
    let better = match (failed(&again), failed(&parsed)) {
        (true, _) => false,
        (false, true) => true,
        (false, false) => again.problems.len() < parsed.problems.len(),
    };
    if !better {
        return parsed;
    }
    let place = Span::new(source, first.start, first.end);
    again.problems.insert(
        0,
        Problem::at(Stage::Parse, place, "a hole of a template: its value is not known here")
            .help("render the template before checking, or put the hole in quotes"),
    );
    again
}

fn masked_json<'t>(source: SourceId, text: &'t str, read: &str, base: usize) -> Parsed<'t> {
    let mut problems = Vec::new();
    let refusal = match json::parse_masked(source, text, read, base, &mut problems) {
        Ok(document) => return json_of(document, Vec::new(), problems),
        Err(refusal) => refusal,
    };
    problems.clear();
    match jsonc::parse(source, text, (read, base), Dialect::Commented, &mut problems) {
        Ok((document, comments)) => json_of(document, comments, problems),
        Err(_) => refused(Syntax::Json, refusal.problem),
    }
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

fn json_of<'t>(document: Document<'t>, comments: Vec<Comment>, problems: Vec<Problem>) -> Parsed<'t> {
    Parsed { syntax: Syntax::Json, documents: vec![document], comments, problems }
}

/// Reads JSON; then with comments, if there are some; then, if `named` so, as one value a line, or as loosely as
/// documentation prints it, which is reported.
fn as_json(source: SourceId, text: &str, base: usize, named: bool) -> Parsed<'_> {
    let mut problems = Vec::new();
    let refusal = match json::parse(source, text, base, &mut problems) {
        Ok(document) => return json_of(document, Vec::new(), problems),
        Err(refusal) => refusal,
    };
    let mut problem = refusal.problem;
    if refusal.relaxed {
        problems.clear();
        match jsonc::parse(source, text, (text, base), Dialect::Commented, &mut problems) {
            Ok((document, comments)) => return json_of(document, comments, problems),
            Err(further) => problem = further,
        }
    }
    if !named {
        return refused(Syntax::Json, problem);
    }
    if refusal.trailing && lines::are_lines(source, text, base) {
        return lines::parse(source, text);
    }
    problems.clear();
    match jsonc::parse(source, text, (text, base), Dialect::Loose, &mut problems) {
        Ok((document, comments)) => {
            problems.insert(0, lines::read_loosely(problem));
            json_of(document, comments, problems)
        }
        Err(_) => refused(Syntax::Json, problem),
    }
}

fn as_json5(source: SourceId, text: &str, base: usize) -> Parsed<'_> {
    let mut problems = Vec::new();
    match jsonc::parse(source, text, (text, base), Dialect::Loose, &mut problems) {
        Ok((document, comments)) => json_of(document, comments, problems),
        Err(problem) => refused(Syntax::Json, problem),
    }
}
