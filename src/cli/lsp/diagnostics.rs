//! What the rules say, as the protocol tells it: diagnostics by file.

use super::client::Client;
use super::documents::Documents;
use super::folder::Folder;
use super::place::{Lines, first_line, lines_of};
use super::snapshot::Snapshot;
use super::uri::uri_of;
use crate::finding::{Finding, Label, Place, Problem, Severity, Stage};
use crate::output::printable;
use crate::settings::FILE_NAME;
use crate::source::{SourceId, Span};
use lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    NumberOrString, Range, Uri,
};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

/// How many diagnostics of files that are not open are sent at most. An editor lists them all, and they are sent again
/// when they change.
const ELSEWHERE: usize = 500;
/// The rule about exceptions that cover nothing.
const UNUSED: &str = "core/exception-unused";
/// What diagnostics are said to come from.
pub(super) const NAME: &str = "consentlint";

/// What there is to tell of a folder.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Diagnostics of each file that has any.
    pub(super) files: BTreeMap<PathBuf, Vec<Diagnostic>>,
    /// What concerns no file.
    pub(super) aloud: Vec<String>,
    /// How many were left out.
    pub(super) left_out: usize,
}

/// What there is to tell of a folder: of open files everything, of the others what is critical or high and what could not
/// be judged.
pub(super) fn told(folder: &Folder, documents: &Documents, client: Client) -> Told {
    let Some(snapshot) = &folder.snapshot else { return Told::default() };
    let teller = Teller::new(folder, snapshot, documents, client);
    let mut told = Told::default();
    let mut elsewhere = 0;
    for problem in &snapshot.report.problems {
        match teller.place(problem) {
            Some((path, range)) => {
                let open = documents.contains_key(&path);
                elsewhere += usize::from(!open);
                if open || elsewhere <= ELSEWHERE {
                    told.files.entry(path).or_default().push(teller.problem(problem, range));
                }
            }
            None => told.aloud.push(sentence(&problem.message, &problem.help)),
        }
    }
    let mut lines: Option<(SourceId, bool, Lines<'_>)> = None;
    for finding in &snapshot.report.findings {
        let id = finding.primary.span.source;
        let open = teller.is_open(id);
        let matters = finding.question.is_none() && finding.severity <= Severity::High;
        if !open && !matters {
            continue;
        }
        elsewhere += usize::from(!open);
        if !open && elsewhere > ELSEWHERE {
            continue;
        }
        let Some(source) = snapshot.inputs.sources.get(id) else { continue };
        if lines.as_ref().is_none_or(|(known, ..)| *known != id) {
            lines = Some((id, open, lines_of(source, open, client.encoding)));
        }
        let Some((.., lines)) = &lines else { continue };
        let range = first_line(lines, finding.primary.span.start, finding.primary.span.end);
        told.files.entry(folder.path(&source.path)).or_default().push(teller.finding(finding, range));
    }
    told.left_out = elsewhere.saturating_sub(ELSEWHERE);
    told
}

/// Message and way out as one text.
fn sentence(message: &str, help: &str) -> String {
    let message = printable(message);
    if help.is_empty() { message } else { format!("{message}\nhelp: {}", printable(help)) }
}

fn weight(finding: &Finding) -> DiagnosticSeverity {
    match (&finding.question, finding.severity) {
        (Some(_), _) => DiagnosticSeverity::HINT,
        (None, Severity::Critical | Severity::High) => DiagnosticSeverity::ERROR,
        (None, Severity::Medium) => DiagnosticSeverity::WARNING,
        (None, Severity::Low) => DiagnosticSeverity::INFORMATION,
    }
}

struct Teller<'a> {
    folder: &'a Folder,
    snapshot: &'a Snapshot,
    client: Client,
    /// Whether each source is open.
    open: Vec<bool>,
    /// The addresses of open files as the client writes them.
    uris: HashMap<SourceId, Uri>,
    /// Where rules are read about.
    pages: HashMap<&'a str, Uri>,
}

impl<'a> Teller<'a> {
    fn new(folder: &'a Folder, snapshot: &'a Snapshot, documents: &Documents, client: Client) -> Self {
        let mut open = vec![false; snapshot.inputs.sources.len()];
        let mut uris = HashMap::new();
        for (path, document) in documents {
            let Some(id) = folder.source(path) else { continue };
            if let Some(place) = open.get_mut(id.0 as usize) {
                *place = true;
            }
            uris.insert(id, document.uri.clone());
        }
        let https = snapshot.report.rules.iter().filter_map(|rule| {
            let url = rule.url.as_deref().filter(|url| url.starts_with("https://"))?;
            Some((rule.id.as_str(), url.parse().ok()?))
        });
        let pages = if client.described { https.collect() } else { HashMap::new() };
        Self { folder, snapshot, client, open, uris, pages }
    }

    fn is_open(&self, id: SourceId) -> bool {
        self.open.get(id.0 as usize).copied().unwrap_or(false)
    }

    fn range(&self, span: Span) -> Option<Range> {
        let source = self.snapshot.inputs.sources.get(span.source)?;
        let lines = lines_of(source, self.is_open(span.source), self.client.encoding);
        Some(first_line(&lines, span.start, span.end))
    }

    /// The file of a problem and the place in it; `None` for what concerns no file.
    fn place(&self, problem: &Problem) -> Option<(PathBuf, Range)> {
        match &problem.place {
            Place::Span(span) => {
                let source = self.snapshot.inputs.sources.get(span.source)?;
                Some((self.folder.path(&source.path), self.range(*span)?))
            }
            Place::Path(path) => Some((self.folder.path(path), Range::default())),
            Place::Run => {
                let settings = self.snapshot.inputs.sources.iter().find(|(id, source)| {
                    self.snapshot.inputs.expected.get(id.0 as usize) == Some(&None) && source.path.ends_with(FILE_NAME)
                });
                let (_, source) = settings.filter(|_| problem.stage == Stage::Settings)?;
                Some((self.folder.path(&source.path), Range::default()))
            }
        }
    }

    fn related(&self, labels: &[Label]) -> Option<Vec<DiagnosticRelatedInformation>> {
        if !self.client.related || labels.is_empty() {
            return None;
        }
        let located = labels.iter().filter_map(|label| {
            let source = self.snapshot.inputs.sources.get(label.span.source)?;
            let known = self.uris.get(&label.span.source).cloned();
            let uri = known.or_else(|| uri_of(&self.folder.path(&source.path)))?;
            let location = Location { uri, range: self.range(label.span)? };
            let message = if label.text.is_empty() { "here".to_owned() } else { printable(&label.text) };
            Some(DiagnosticRelatedInformation { location, message })
        });
        Some(located.collect())
    }

    fn finding(&self, finding: &Finding, range: Range) -> Diagnostic {
        let message = match &finding.question {
            Some(question) => {
                sentence(&format!("{}. {question}", finding.message.trim_end_matches('.')), &finding.help)
            }
            None => sentence(&finding.message, &finding.help),
        };
        let page = self.pages.get(finding.rule.as_str()).cloned();
        Diagnostic {
            range,
            severity: Some(weight(finding)),
            code: Some(NumberOrString::String(finding.rule.clone())),
            code_description: page.map(|href| CodeDescription { href }),
            source: Some(NAME.to_owned()),
            message,
            related_information: self.related(&finding.related),
            tags: (self.client.unnecessary && finding.rule == UNUSED).then(|| vec![DiagnosticTag::UNNECESSARY]),
            data: Some(json!({ "fingerprint": finding.fingerprint })),
        }
    }

    fn problem(&self, problem: &Problem, range: Range) -> Diagnostic {
        Diagnostic {
            range,
            severity: Some(DiagnosticSeverity::ERROR),
            code: Some(NumberOrString::String(problem.stage.name().to_owned())),
            source: Some(NAME.to_owned()),
            message: sentence(&problem.message, &problem.help),
            related_information: self.related(&problem.related),
            ..Diagnostic::default()
        }
    }
}
