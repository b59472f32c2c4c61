//! What is folded away: what to do, the law, the places that matter, and what is accepted.

use super::{Context, DETAILS, NAME, Page, code_span, left_out, markdown, place, sentence};
use crate::finding::{Finding, Label};
use crate::output::place::Where;
use crate::output::text::{clip, counted};
use std::collections::BTreeMap;

/// Places named with a finding, and findings with a rule.
const RELATED: usize = 5;
const FINDINGS: usize = 10;

impl Context<'_> {
    /// Both folds, as far as there is something in them.
    pub(super) fn details(&self, page: &mut Page) {
        let mut rules: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
        for finding in self.report.accusations() {
            rules.entry(&finding.rule).or_default().push(finding);
        }
        let mut rules: Vec<_> = rules.into_iter().collect();
        rules.sort_by_key(|(_, findings)| findings.iter().map(|finding| finding.severity).min());
        let of = counted(rules.len(), "rule", "rules");
        let blocks = rules.iter().map(|(rule, findings)| self.block(rule, findings));
        fold(page, &format!("What to do, and the law: {of}"), blocks, rules.len(), ("more rule", "more rules"));

        let accepted: Vec<&Finding> = self.report.suppressed.iter().chain(&self.report.baselined).collect();
        let mut counts = Vec::new();
        if !self.report.suppressed.is_empty() {
            counts.push(format!("{} suppressed", self.report.suppressed.len()));
        }
        if !self.report.baselined.is_empty() {
            counts.push(format!("{} in the baseline", self.report.baselined.len()));
        }
        let rows = accepted.iter().map(|finding| self.accepted(finding));
        fold(page, &counts.join(", "), rows, accepted.len(), ("more", "more"));
    }

    fn block(&self, rule: &str, findings: &[&Finding]) -> String {
        let title = self.rules.get(rule).map(|rule| format!(": {}", sentence(&rule.title))).unwrap_or_default();
        let mut out = format!("\n**{}**{title}\n\n", self.rule(rule));
        if let Some(first) = findings.first() {
            out += &labelled("what to do", &sentence(&first.help));
            out += &labelled("law", &sentence(&first.law.join("; ")));
            out += &labelled("precedent", &sentence(&first.precedent.join("; ")));
        }
        for finding in findings.iter().take(FINDINGS).filter(|finding| !finding.related.is_empty()) {
            let at = place(&Where::span(self.sources, finding.primary.span));
            out += &format!("- {at}: {}\n", self.related(&finding.related));
        }
        out
    }

    fn related(&self, labels: &[Label]) -> String {
        let said = |label: &Label| {
            let at = place(&Where::span(self.sources, label.span));
            if label.text.is_empty() { at } else { format!("{at} {}", sentence(&label.text)) }
        };
        let mut named: Vec<String> = labels.iter().take(RELATED).map(said).collect();
        if labels.len() > RELATED {
            named.push(format!("and {} more", labels.len() - RELATED));
        }
        named.join("; ")
    }

    fn accepted(&self, finding: &Finding) -> String {
        let at = place(&Where::span(self.sources, finding.primary.span));
        let why = match &finding.suppressed {
            Some(exception) => {
                let written = place(&Where::span(self.sources, exception.span));
                format!("suppressed in {written}: {}", sentence(&exception.reason))
            }
            None => "in the baseline".to_owned(),
        };
        format!("- {at}: {} ({}); {why}\n", sentence(&finding.message), code_span(&clip(&finding.rule, NAME)))
    }
}

/// A line of a list, where there is something to say.
fn labelled(label: &str, said: &str) -> String {
    if said.is_empty() { String::new() } else { format!("- {label}: {said}\n") }
}

/// Pieces under a line that unfolds them; nothing when there are none, or no room for one.
fn fold(
    page: &mut Page,
    line: &str,
    pieces: impl Iterator<Item = String>,
    count: usize,
    (one, many): (&str, &str),
) {
    if count == 0 {
        return;
    }
    page.add(&format!("\n<details>\n<summary>{}</summary>\n\n", markdown(line)));
    let shown = page.fill(DETAILS, pieces);
    left_out(page, count - shown, one, many);
    page.add("\n</details>\n");
}
