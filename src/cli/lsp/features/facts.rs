//! What is known of rules, citations, keys and catalogue entries, in Markdown.

use super::complete::described;
use super::shape::Entry;
use crate::model::catalogue::{Evidence as Forwarding, Known};
use crate::model::kind::Type;
use crate::output::{code_span, markdown};
use crate::policy::{Evidence, Rule, cited, embedded, rule_id};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Where the rules that ship are documented, each under a heading with its name.
const DOCUMENTATION: &str = "https://github.com/consentlint/consentlint/blob/main/docs/rules.md";

static SHIPPED: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| embedded().iter().map(|(path, _)| rule_id(path)).collect());

/// A key: what it means and what it may hold.
pub(super) fn entry(entry: &Entry) -> String {
    let needed = if entry.required { ", must be written" } else { "" };
    format!("{}\n\n*{}{needed}*", markdown(entry.doc), markdown(&described(&entry.holds)))
}

/// The type of an attribute, in a word or two.
pub(super) fn typed(ty: &Type) -> String {
    match ty {
        Type::Bool => "true or false".to_owned(),
        Type::Int => "number".to_owned(),
        Type::Text => "text".to_owned(),
        Type::Url => "address".to_owned(),
        Type::Date => "day".to_owned(),
        Type::Choice(words) => words.join(" | "),
        Type::Classes => "classes".to_owned(),
        Type::Reference(kind) => (*kind).to_owned(),
        Type::List(item) => format!("list of {}", typed(item)),
        Type::Object(_) => "mapping".to_owned(),
    }
}

/// A citation with its duty, and a link to where it is read.
pub(super) fn citation(name: &str) -> String {
    let Some(known) = cited(name) else { return markdown(name) };
    let reported = if known.evidence == Evidence::Secondary { " (as reported; the text was not read)" } else { "" };
    let title = match known.read_at.filter(|address| address.starts_with("https://")) {
        Some(address) => format!("[{}](<{}>)", markdown(name), address.replace(['<', '>'], "")),
        None => markdown(name),
    };
    format!("{title}{reported}: {}", markdown(known.duty))
}

/// The law of a rule, a citation a line.
pub(super) fn law(law: &[String]) -> String {
    let lines: Vec<String> = law.iter().map(|name| format!("- {}", citation(name))).collect();
    lines.join("\n")
}

/// A rule: what it says, when, why and on what law.
pub(super) fn rule(rule: &Rule) -> String {
    let mut parts =
        vec![format!("**{}** {}", rule.level(), code_span(&rule.id)), markdown(&rule.title), paragraph(&rule.why)];
    if !rule.law.is_empty() {
        parts.push(format!("**Law**\n\n{}", law(&rule.law)));
    }
    parts.push(format!("**What to do:** {}", markdown(&rule.help)));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

/// Prose of several lines as one paragraph.
pub(super) fn paragraph(text: &str) -> String {
    markdown(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What the catalogue knows of a destination.
pub(super) fn known(known: &Known) -> String {
    let modes: Vec<&str> = [(known.device_mode, "device"), (known.cloud_mode, "cloud")]
        .into_iter()
        .filter_map(|(can, mode)| can.then_some(mode))
        .collect();
    let mut lines = vec![format!("**{}** ({})", markdown(known.name), code_span(known.slug))];
    let mut fact = |name: &str, value: String| {
        if !value.is_empty() {
            lines.push(format!("- {name}: {value}"));
        }
    };
    fact("categories", markdown(&known.categories.join(", ")));
    fact("vendor", markdown(known.vendor));
    fact("mode", modes.join(", "));
    fact("deletions", forwarding(known));
    fact("earlier names", markdown(&known.earlier_names.join(", ")));
    // Additions of this program have no id of the published catalogue.
    let source =
        if known.id.is_empty() { "consentlint's additions" } else { "Segment's public documentation, CC BY 4.0" };
    lines.push(format!("\n*Catalogue: {source}*"));
    lines.join("\n")
}

fn forwarding(known: &Known) -> String {
    if !known.forwards_deletion {
        return "not forwarded by Segment as far as is documented".to_owned();
    }
    let evidence = match known.forwarding_evidence {
        Some(Forwarding::Listed) => "listed in its privacy FAQ",
        Some(Forwarding::RawData) => "a raw data destination of its privacy FAQ",
        Some(Forwarding::OwnPage) | None => "by the destination's own page only",
    };
    let needs = known.forwarding_needs.map_or_else(String::new, |needs| format!("; needs {}", markdown(needs)));
    format!("forwarded by Segment ({evidence}){needs}")
}

/// Where a rule is documented: at the address that it gives, or among the rules that ship.
pub(super) fn documentation(rule: &Rule) -> Option<String> {
    let own = rule.url.clone().filter(|url| url.starts_with("https://"));
    let shipped = || SHIPPED.contains(&rule.id).then(|| format!("{DOCUMENTATION}#{}", rule.id.replace('/', "")));
    own.or_else(shipped)
}
