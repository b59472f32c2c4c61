//! Places that lead to an address: what is cited, rules that are named, and the law behind a finding.

use super::complete::directive;
use super::outline::{Outline, Step, content};
use super::place::{File, file};
use super::shape::{self, Named, Value};
use super::{Link, facts};
use crate::cli::lsp::snapshot::Snapshot;
use crate::policy::cited;
use crate::source::{SourceId, Span};

/// The links of a file, in order of place, none within another.
pub(in crate::cli::lsp) fn links(snapshot: &Snapshot, source: SourceId) -> Vec<Link> {
    let Some(text) = snapshot.inputs.sources.get(source) else { return Vec::new() };
    let mut links = written(snapshot, source, &text.text);
    links.extend(comments(snapshot, source));
    let taken: Vec<Span> = links.iter().map(|link| link.span).collect();
    let free = |span: Span| taken.iter().all(|other| span.end <= other.start || other.end <= span.start);
    links.extend(findings(snapshot, source).into_iter().filter(|link| free(link.span)));
    links.sort_by_key(|link| (link.span.start, link.span.end));
    links.dedup_by(|later, kept| later.span.start < kept.span.end);
    links
}

/// Citations, names of rules and addresses in our own formats.
fn written(snapshot: &Snapshot, source: SourceId, text: &str) -> Vec<Link> {
    let kind = file(snapshot, source);
    let Some(root) = shape::root(kind) else { return Vec::new() };
    let by_rule = [Step::Key("rules".to_owned())];
    let outline = Outline::read(text, usize::MAX);
    let mut links = Vec::new();
    for (at, part) in outline.parts.iter().enumerate() {
        let path = outline.path(at);
        if kind == File::Settings && path.len() == 2 && path.starts_with(&by_rule) {
            let span = Span::new(source, part.key.start, part.key.end);
            links.extend(of_rule(snapshot, span, content(&text[part.key.clone()])));
        }
        let Some(value) = part.value.clone() else { continue };
        let span = Span::new(source, value.start, value.end);
        let word = content(&text[value]);
        match shape::at(root, &path).and_then(shape::Holds::scalar) {
            Some(Value::Name(Named::Citation)) => links.extend(of_citation(span, word)),
            Some(Value::Name(Named::Rule)) => links.extend(of_rule(snapshot, span, word)),
            Some(Value::Address) => links.extend(of_address(span, word)),
            _ => {}
        }
    }
    links
}

fn of_citation(span: Span, name: &str) -> Option<Link> {
    let known = cited(name)?;
    let url = known.read_at.filter(|url| url.starts_with("https://"))?;
    Some(Link { span, url: url.to_owned(), tooltip: format!("{name}: {}", known.duty) })
}

fn of_address(span: Span, url: &str) -> Option<Link> {
    let address = url.starts_with("https://") || url.starts_with("http://");
    let whole = !url.contains(|c: char| c.is_whitespace() || c.is_control());
    (address && whole).then(|| Link { span, url: url.to_owned(), tooltip: String::new() })
}

fn of_rule(snapshot: &Snapshot, span: Span, name: &str) -> Option<Link> {
    let rule = snapshot.project.rules.iter().find(|rule| rule.id == name)?;
    let url = facts::documentation(rule)?;
    Some(Link { span, url, tooltip: format!("{}: {}", rule.id, rule.title) })
}

/// Names of rules in comments that except from them.
fn comments(snapshot: &Snapshot, source: SourceId) -> Vec<Link> {
    let Some(text) = snapshot.inputs.sources.get(source).filter(|text| text.text.contains("consentlint:")) else {
        return Vec::new();
    };
    let lines = 0..text.lines().count();
    let in_line = |line: usize| {
        let end = text.lines().range(&text.text, line).end;
        let directive = directive(snapshot, source, end as u32)?;
        let name = directive.text.split_whitespace().nth(1)?;
        let start = directive.start + directive.text.find(name)?;
        of_rule(snapshot, Span::new(source, start, start + name.len()), name)
    };
    lines.filter_map(in_line).collect()
}

/// The law behind accusations: the first citation that can be read, at the place to change. Questions lead nowhere, so that
/// not every destination of a new project is underlined.
fn findings(snapshot: &Snapshot, source: SourceId) -> Vec<Link> {
    let Some(text) = snapshot.inputs.sources.get(source) else { return Vec::new() };
    let here = snapshot.report.accusations().filter(|finding| finding.primary.span.source == source);
    let link = |finding: &crate::finding::Finding| {
        let span = finding.primary.span;
        let one_line = text.lines().line_of(span.start) == text.lines().line_of(span.end);
        let law = finding.law.iter().find_map(|name| of_citation(span, name));
        law.filter(|_| one_line && span.start < span.end)
    };
    here.filter_map(link).collect()
}
