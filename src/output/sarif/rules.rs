//! The rules of a run, as SARIF describes them: all that ran, because rules do not depend on what was found.
//!
//! GitHub knows how bad a result is by its rule alone, and finds the rule by equality of the id. So a finding that weighs
//! something else than its rule, such as a question of a rule that accuses, has an entry of its own below the id of the
//! rule (`ccpa/role-undeclared/question`), as § 3.27.5 of the standard allows.

use super::limits::{Chosen, MAX_DESCRIPTION, MAX_NAME, MAX_RULES, Thing};
use super::{Message, level, message};
use crate::finding::{Finding, Severity, Stage};
use crate::output::escape::markdown;
use crate::output::text::{clip, line, weight};
use crate::output::trouble;
use crate::report::{Report, RuleInfo};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The program and its rules.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Driver<'a> {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'a> {
    id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    short_description: Message,
    full_description: Message,
    help: Help,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<&'a str>,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties {
    tags: BTreeSet<String>,
    precision: &'static str,
    #[serde(rename = "problem.severity", skip_serializing_if = "Option::is_none")]
    problem_severity: Option<&'static str>,
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    security_severity: Option<&'static str>,
}

impl<'a> Driver<'a> {
    /// Describes this program with `rules`.
    pub(super) fn new(rules: Rules<'a>) -> Self {
        Self {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            semantic_version: env!("CARGO_PKG_VERSION"),
            information_uri: "https://github.com/consentlint/consentlint",
            rules: rules.all,
        }
    }
}

/// Every rule that ran and every entry that a result needs.
pub(super) struct Rules<'a> {
    all: Vec<Rule<'a>>,
    index: BTreeMap<String, usize>,
    severities: BTreeMap<&'a str, Severity>,
}

impl<'a> Rules<'a> {
    /// Those of a report, and what `chosen` needs beside them.
    pub(super) fn new(report: &'a Report, chosen: &Chosen<'a>) -> Self {
        let needed: BTreeSet<&str> = chosen.all.iter().filter_map(Thing::rule).collect();
        let few = report.rules.len() + needed.len() <= MAX_RULES;
        let ran = report.rules.iter().filter(|rule| few || needed.contains(rule.id.as_str()));
        let severities = report.rules.iter().map(|rule| (rule.id.as_str(), rule.severity)).collect();
        let mut rules = Self { all: Vec::new(), index: BTreeMap::new(), severities };
        let mut known = BTreeMap::new();
        for rule in ran {
            known.insert(rule.id.as_str(), rule);
            rules.add(rule.id.clone(), || described(rule, rule.severity.name()));
        }
        for thing in &chosen.all {
            match thing {
                Thing::Problem(problem) => {
                    rules.add(trouble::rule(problem.stage), || problem_of(problem.stage));
                }
                Thing::Finding(finding) => {
                    let id = rules.id_for(finding);
                    let rule = known.get(finding.rule.as_str());
                    rules.add(id, || rule.map_or_else(|| bare(finding), |rule| described(rule, weight(finding))));
                }
            }
        }
        rules
    }

    /// The id of the entry that a finding is under.
    pub(super) fn id_for(&self, finding: &Finding) -> String {
        let own = weight(finding);
        let usual = self.severities.get(finding.rule.as_str()).map(|severity| severity.name());
        let rule = &finding.rule;
        if usual.is_none_or(|usual| usual == own) { rule.clone() } else { format!("{rule}/{own}") }
    }

    /// Where the entry stands.
    pub(super) fn index(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }

    fn add(&mut self, id: String, rule: impl FnOnce() -> Rule<'a>) {
        let next = self.all.len();
        if let std::collections::btree_map::Entry::Vacant(entry) = self.index.entry(id) {
            let id = entry.key().clone();
            entry.insert(next);
            self.all.push(Rule { id, ..rule() });
        }
    }
}

impl<'a> Thing<'a> {
    fn rule(&self) -> Option<&'a str> {
        match self {
            Self::Problem(_) => None,
            Self::Finding(finding) => Some(&finding.rule),
        }
    }
}

fn described<'a>(rule: &'a RuleInfo, weight: &str) -> Rule<'a> {
    let why = if rule.why.trim().is_empty() { &rule.title } else { &rule.why };
    Rule {
        help_uri: rule.url.as_deref().filter(|url| url.starts_with("https://")),
        ..entry(&rule.id, weight, &rule.title, why, help(rule))
    }
}

/// An entry for a finding of a rule that the report does not describe.
fn bare<'a>(finding: &Finding) -> Rule<'a> {
    let rule = RuleInfo {
        id: finding.rule.clone(),
        title: finding.primary.text.clone(),
        why: String::new(),
        help: finding.help.to_string(),
        severity: finding.severity,
        law: finding.law.to_vec(),
        url: None,
    };
    entry(&rule.id, weight(finding), &rule.title, &rule.title, help(&rule))
}

/// What stands for a stage at which something could not be judged.
fn problem_of<'a>(stage: Stage) -> Rule<'a> {
    let why = "A run with a problem is not a clean run: what it is about was not judged, or not as a whole.";
    let help = Help { text: why.to_owned(), markdown: why.to_owned() };
    let mut rule = entry(&trouble::rule(stage), "problem", "Something could not be judged", why, help);
    rule.properties.problem_severity = Some("error");
    rule
}

/// An entry with the id left out.
fn entry<'a>(id: &str, weight: &str, title: &str, why: &str, help: Help) -> Rule<'a> {
    let (pack, name) = id.split_once('/').unwrap_or(("custom", id));
    let severity = Severity::ALL.into_iter().find(|severity| severity.name() == weight);
    // GitHub shows a severity only under the tag `security`, and only that of the rule.
    let kind = if severity.is_some() { "security" } else { weight };
    let tags = BTreeSet::from(["privacy".to_owned(), line(pack), kind.to_owned()]);
    let clipped = |text: &str| Message { text: clip(&message(text).text, MAX_DESCRIPTION) };
    Rule {
        id: String::new(),
        name: clip(&pascal(name), MAX_NAME),
        short_description: clipped(title),
        full_description: clipped(why),
        help,
        help_uri: None,
        default_configuration: Configuration {
            level: severity.map_or(if weight == "question" { "note" } else { "error" }, level),
        },
        properties: Properties {
            tags,
            precision: "high",
            problem_severity: (weight == "question").then_some("recommendation"),
            security_severity: severity.map(security_severity),
        },
    }
}

fn help(rule: &RuleInfo) -> Help {
    let law = rule.law.join("; ");
    let parts = [&rule.help, &rule.why].map(|part| part.trim()).into_iter().filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts.collect();
    let mut text: Vec<String> = parts.iter().map(|part| line(part)).collect();
    let mut marked: Vec<String> = parts.iter().map(|part| markdown(part)).collect();
    if !law.is_empty() {
        text.push(format!("Law: {}", line(&law)));
        marked.push(format!("**Law:** {}", markdown(&law)));
    }
    if text.is_empty() {
        text.push(message(&rule.title).text);
        marked.push(markdown(&message(&rule.title).text));
    }
    Help { text: text.join("\n\n"), markdown: marked.join("\n\n") }
}

/// What code scanning makes "critical" (over 9.0), "high" (from 7.0), "medium" (from 4.0) and "low" of.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
    }
}

fn pascal(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let mut chars = word.chars();
            chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
        })
        .collect()
}
