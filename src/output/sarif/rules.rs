//! The rules of a run, as SARIF describes them.

use super::{Message, level, message};
use crate::finding::Severity;
use crate::report::RuleInfo;
use serde::Serialize;

/// The program and its rules.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Driver<'a> {
    name: &'static str,
    version: &'static str,
    information_uri: &'static str,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'a> {
    id: &'a str,
    name: String,
    short_description: Message,
    full_description: Message,
    help: Help,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<&'a str>,
    default_configuration: Configuration,
    properties: Properties<'a>,
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
struct Properties<'a> {
    tags: [&'a str; 2],
    precision: &'static str,
    #[serde(rename = "security-severity")]
    security_severity: &'static str,
}

impl<'a> Driver<'a> {
    /// Describes this program with `rules`.
    pub(super) fn new(rules: &'a [RuleInfo]) -> Self {
        Self {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            information_uri: "https://github.com/consentlint/consentlint",
            rules: rules.iter().map(rule).collect(),
        }
    }
}

fn rule(rule: &RuleInfo) -> Rule<'_> {
    let (pack, name) = rule.id.split_once('/').unwrap_or(("custom", &rule.id));
    let why = if rule.why.trim().is_empty() { &rule.title } else { &rule.why };
    Rule {
        id: &rule.id,
        name: pascal(name),
        short_description: message(&rule.title),
        full_description: message(why),
        help: help(rule),
        help_uri: rule.url.as_deref().filter(|url| url.starts_with("https://")),
        default_configuration: Configuration { level: level(rule.severity) },
        properties: Properties {
            tags: ["privacy", pack],
            precision: "high",
            security_severity: security_severity(rule.severity),
        },
    }
}

fn help(rule: &RuleInfo) -> Help {
    let (help, why) = (rule.help.trim(), rule.why.trim());
    let law = rule.law.join("; ");
    let parts = [help.to_string(), why.to_string(), format!("Law: {law}")];
    let markdown = [help.to_string(), why.to_string(), format!("**Law:** {law}")];
    let join = |parts: [String; 3]| {
        let said = parts.into_iter().take(if law.is_empty() { 2 } else { 3 }).filter(|part| !part.is_empty());
        said.collect::<Vec<_>>().join("\n\n")
    };
    let text = join(parts);
    Help { text: if text.is_empty() { rule.title.clone() } else { text }, markdown: join(markdown) }
}

/// What code scanning makes "critical", "high", "medium" and "low" of.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.0",
        Severity::High => "7.0",
        Severity::Medium => "5.0",
        Severity::Low => "3.0",
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
