//! Questions for people: one list, each question once.

use super::super::asked::{Asked, asked};
use super::super::place::Where;
use super::super::text::{counted, fixes, line, name, paragraph, things};
use super::Page;
use crate::finding::SubjectId;
use crate::report::Report;

/// Subjects named with a question unless all are wanted.
const NAMED: usize = 5;

/// Questions put in full unless all are wanted; of the others only the rule is named.
const LEADING: usize = 10;

impl Page<'_> {
    /// The list; empty when nothing is asked.
    pub(super) fn questions(&self, report: &Report) -> String {
        let asked = asked(report, if self.style.all { usize::MAX } else { NAMED });
        if asked.is_empty() {
            return String::new();
        }
        let count = self.bold(&counted(asked.len(), "question", "questions"), "1");
        let mut out = format!("━━ {count} that no file answers\n\n");
        let cut = asked.iter().any(|asked| asked.findings.len() < asked.subjects);
        let all = if cut { " `consentlint check --all` names everything that a question is about." } else { "" };
        let way = "The answers go into a data map; `consentlint init` writes a first one. `consentlint explain RULE` gives \
                   the law and the reason.";
        out += &paragraph(" ", &format!("{way}{all}"), self.width);
        let (lead, rest) = asked.split_at(if self.style.all { asked.len() } else { asked.len().min(LEADING) });
        for asked in lead {
            out.push('\n');
            out += &self.question(asked);
        }
        out += &self.others(rest);
        out.push('\n');
        out
    }

    /// Questions that are not put in full: by which rule, and to how many.
    fn others(&self, rest: &[Asked<'_>]) -> String {
        if rest.is_empty() {
            return String::new();
        }
        let mut out = format!("\n  {}:\n", counted(rest.len(), "more question", "more questions"));
        for asked in rest {
            let Some(first) = asked.findings.first() else { continue };
            let (one, many) = things(first.subject.kind);
            let about = if one == many { one.to_owned() } else { counted(asked.subjects, one, many) };
            out += &format!("    {} ({about})\n", line(&first.rule));
        }
        out += "  `consentlint check --all` puts them in full.\n";
        out
    }

    fn question(&self, asked: &Asked<'_>) -> String {
        let mut out = paragraph("  ?", &line(asked.question), self.width);
        out += &paragraph("    about:", &self.subjects(asked), self.width);
        if let Some(first) = asked.findings.first() {
            out += &paragraph("    answer:", &line(&first.help), self.width);
            let fix = fixes(&first.fixes);
            let others = if asked.subjects > 1 { ", and so on" } else { "" };
            if !fix.is_empty() {
                out += &paragraph("    fix:", &format!("{fix}{others}"), self.width);
            }
            out += &paragraph("    rule:", &line(&first.rule), self.width);
        }
        out
    }

    /// How many subjects there are, and which, by the files that speak of them, with the lines.
    fn subjects(&self, asked: &Asked<'_>) -> String {
        let shown = &asked.findings;
        let (one, many) = shown.first().map_or(("", ""), |finding| things(finding.subject.kind));
        let places: Vec<Where<'_>> =
            shown.iter().map(|finding| Where::span(self.sources, finding.primary.span)).collect();
        let mut named = Vec::new();
        let mut at = 0;
        while let Some(Where { file, .. }) = places.get(at) {
            let same = places[at..].iter().take_while(|place| place.file == *file).count();
            let ids: Vec<String> = shown[at..at + same].iter().map(|finding| self.called(&finding.subject)).collect();
            let lines: Vec<String> = places[at..at + same]
                .iter()
                .filter_map(|place| place.start)
                .map(|start| format!(":{}", start.line))
                .collect();
            let file = file.map_or_else(String::new, |file| format!(" [{}{}]", name(file), lines.join(", ")));
            // There is one business, set-up and banner, and its id says nothing.
            let ids = if one == many { one.to_owned() } else { ids.join(", ") };
            named.push(format!("{ids}{file}"));
            at += same;
        }
        if shown.len() < asked.subjects {
            named.push(format!("and {} more", asked.subjects - shown.len()));
        }
        let named = named.join("; ");
        if one == many { named } else { format!("{}: {named}", counted(asked.subjects, one, many)) }
    }

    fn called(&self, subject: &SubjectId) -> String {
        self.named(subject.kind, &subject.id).unwrap_or_else(|| line(&subject.id))
    }
}
