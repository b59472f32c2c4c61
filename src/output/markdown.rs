//! Markdown, for a comment on a pull request and for the summary of a job.
//!
//! GitHub takes 65,536 characters in a comment; the page stays below, and says how much it left out. It begins with a
//! comment that does not show, by which whoever posts it finds the one from the last run again.

mod details;
mod page;

use super::asked::{Asked, asked};
use super::escape::{code_span, markdown};
use super::place::Where;
use super::text::{clip, counted, summary, things, weight};
use super::{Output, Style, trouble};
use crate::finding::{Finding, Problem, Severity};
use crate::report::{Report, RuleInfo};
use crate::source::Sources;
use page::Page;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// This format.
pub static OUTPUT: Output =
    Output { name: "markdown", about: "a comment on a pull request, or the summary of a job", write };

/// By which a comment is found again.
const MARK: &str = "<!-- consentlint -->";

/// How far each section may fill the page, in bytes, which are never fewer than characters. What one leaves is the next
/// one's. Some is kept for what the poster adds.
const FINDINGS: usize = 28_000;
const QUESTIONS: usize = 38_000;
const PROBLEMS: usize = 46_000;
const DETAILS: usize = 62_000;

/// Characters of a sentence, and of a name.
const SENTENCE: usize = 400;
const NAME: usize = 200;

/// Subjects named with a question.
const NAMED: usize = 5;

/// What all sections look at.
struct Context<'a> {
    report: &'a Report,
    sources: &'a Sources,
    rules: BTreeMap<&'a str, &'a RuleInfo>,
}

fn write(report: &Report, sources: &Sources, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let rules = report.rules.iter().map(|rule| (rule.id.as_str(), rule)).collect();
    let context = Context { report, sources, rules };
    let mut page = Page::default();
    page.add(&format!("{MARK}\n**consentlint**: {}\n", markdown(&summary(report))));
    context.findings(&mut page);
    context.questions(&mut page);
    context.problems(&mut page);
    context.details(&mut page);
    out.write_all(page.text().as_bytes())
}

impl Context<'_> {
    fn findings(&self, page: &mut Page) {
        let mut worst: Vec<&Finding> = self.report.accusations().collect();
        worst.sort_by_key(|finding| finding.severity);
        if worst.is_empty() {
            return;
        }
        page.add("\n| severity | place | finding |\n|---|---|---|\n");
        let shown = page.fill(FINDINGS, worst.iter().map(|finding| self.row(finding)));
        let rest = &worst[shown..];
        if !rest.is_empty() {
            let of = |severity| rest.iter().filter(|finding| finding.severity == severity).count();
            let each = Severity::ALL.into_iter().map(|severity| (of(severity), severity.name()));
            let each: Vec<_> =
                each.filter(|(count, _)| *count > 0).map(|(count, severity)| format!("{count} {severity}")).collect();
            let more = counted(rest.len(), "more finding", "more findings");
            page.add(&format!("\nand {more} ({}); `consentlint check` shows everything\n", each.join(", ")));
        }
    }

    fn row(&self, finding: &Finding) -> String {
        let tone = match finding.severity {
            Severity::Critical | Severity::High => format!("**{}**", weight(finding)),
            Severity::Medium | Severity::Low => weight(finding).to_owned(),
        };
        let place = place(&Where::span(self.sources, finding.primary.span));
        format!("| {tone} | {place} | {} ({}) |\n", sentence(&finding.message), self.rule(&finding.rule))
    }

    /// Each question once.
    fn questions(&self, page: &mut Page) {
        let asked = asked(self.report, NAMED);
        if asked.is_empty() {
            return;
        }
        page.add(&format!("\n**{} that no file answers**\n\n", counted(asked.len(), "question", "questions")));
        let shown = page.fill(QUESTIONS, asked.iter().map(|asked| self.question(asked)));
        left_out(page, asked.len() - shown, "more question", "more questions");
    }

    fn question(&self, asked: &Asked<'_>) -> String {
        let Some(first) = asked.findings.first() else { return String::new() };
        let (one, many) = things(first.subject.kind);
        let named: Vec<String> = asked.findings.iter().map(|finding| self.subject(finding, one == many)).collect();
        let more = match asked.subjects - named.len() {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        let about = if one == many { one.to_owned() } else { counted(asked.subjects, one, many) };
        let question = sentence(asked.question);
        let answer = sentence(&first.help);
        let rule = self.rule(&first.rule);
        format!("- {question} ({rule})\n  - about {about}: {}{more}\n  - answer: {answer}\n", named.join(", "))
    }

    /// The name of a subject and its place; of what there is one of, only the place.
    fn subject(&self, finding: &Finding, only: bool) -> String {
        let subject = &finding.subject;
        let name = self.report.names.get(&(subject.kind, subject.id.clone())).unwrap_or(&subject.id);
        let at = place(&Where::span(self.sources, finding.primary.span));
        if only { at } else { format!("{} [{at}]", code_span(&clip(name, NAME))) }
    }

    fn problems(&self, page: &mut Page) {
        let problems = &self.report.problems;
        if problems.is_empty() {
            return;
        }
        page.add(&format!("\n**{}: this could not be judged**\n\n", counted(problems.len(), "problem", "problems")));
        let shown = page.fill(PROBLEMS, problems.iter().map(|problem| self.problem(problem)));
        left_out(page, problems.len() - shown, "more problem", "more problems");
    }

    fn problem(&self, problem: &Problem) -> String {
        let at = match place(&Where::place(self.sources, &problem.place)) {
            at if at.is_empty() => at,
            at => format!("{at}: "),
        };
        format!("- {at}{} ({})\n", sentence(&trouble::said(problem)), code_span(&trouble::rule(problem.stage)))
    }

    /// The rule as code, and as a link where there is one to follow.
    fn rule(&self, id: &str) -> String {
        let code = code_span(&clip(id, NAME));
        let url = self.rules.get(id).and_then(|rule| rule.url.as_deref()).and_then(target);
        url.map_or(code.clone(), |url| format!("[{code}]({url})"))
    }
}

fn left_out(page: &mut Page, count: usize, one: &str, many: &str) {
    if count > 0 {
        page.add(&format!("\nand {}; `consentlint check` shows everything\n", counted(count, one, many)));
    }
}

fn sentence(text: &str) -> String {
    markdown(&clip(text.trim(), SENTENCE))
}

/// `path:line` as code; nothing for the run as a whole.
fn place(at: &Where<'_>) -> String {
    let file = at.file.map(|file| clip(file, NAME));
    match (file, at.start) {
        (None, _) => String::new(),
        (Some(file), None) => code_span(&file),
        (Some(file), Some(start)) => code_span(&format!("{file}:{}", start.line)),
    }
}

/// The address, if it is one of the web, so that it ends where it ends and is nothing but an address.
fn target(url: &str) -> Option<String> {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'+,;=%".contains(&byte);
    let encoded = url.bytes().map(|byte| match safe(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    url.starts_with("https://").then(|| encoded.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_of_the_web_and_ends_where_it_ends() {
        assert_eq!(target("https://a.example/x#y?z=1").as_deref(), Some("https://a.example/x#y?z=1"));
        assert_eq!(target("https://a.example/) <b>|`").as_deref(), Some("https://a.example/%29%20%3Cb%3E%7C%60"));
        assert_eq!(target("javascript:alert(1)"), None);
        assert_eq!(target("http://a.example"), None);
    }
}
