//! `consentlint explain RULE`: what a rule says, on what law, when, and what to do about it.

use super::{CLEAN, World};
use crate::policy::{Evidence, Rule, cited};
use std::io::{self, Write};

pub(super) fn run(rule: &Rule, world: &mut World<'_>) -> io::Result<u8> {
    let out = &mut *world.stdout;
    writeln!(out, "{} ({})\n{}\n\n{}", rule.id, rule.weight(), rule.title, rule.why.trim())?;
    writeln!(out, "\nlaw")?;
    rule.law.iter().try_for_each(|citation| law(citation, out))?;
    block("where to read it", &rule.read_at().join("\n"), out)?;
    block("precedent", &rule.precedent.join("\n"), out)?;
    block("when it speaks", &rule.condition, out)?;
    if let Some(ask) = &rule.ask {
        block("what it asks", &format!("{}\ninstead of accusing, {}", ask.question, ask.said_when()), out)?;
    }
    block("silenced by", &rule.silenced_by().join(", "), out)?;
    block("how to fix", rule.help.trim(), out)?;
    block("what the program fixes", &rule.fixes().join("\n"), out)?;
    block("how to except", &exception(rule), out)?;
    writeln!(out, "\nsubject:    {}\nfile:       {}", rule.kind.name, rule.path)?;
    examples(rule, out)?;
    Ok(CLEAN)
}

fn exception(rule: &Rule) -> String {
    if !rule.is_exceptable() {
        let id = &rule.id;
        return format!(
            "not by an exception, for it judges what accepts findings; `{id}: \"off\"` under `rules` silences it"
        );
    }
    let beside = "in a comment at the end of the line, or on a line of its own before it:";
    let settings = "or in consentlint.yaml, for one subject, or without `subject` for all:";
    [beside, &rule.exception_beside(), settings, &rule.exception_in_settings()].join("\n")
}

/// A citation with its duty; a rule of a project's own may cite what is not in the table.
fn law(citation: &str, out: &mut dyn Write) -> io::Result<()> {
    let Some(known) = cited(citation) else { return writeln!(out, "  {citation}") };
    let reported = if known.evidence == Evidence::Secondary { " (as reported; the text was not read)" } else { "" };
    writeln!(out, "  {citation}{reported}\n      {}", known.duty)
}

fn block(title: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{title}")?;
    text.lines().try_for_each(|line| writeln!(out, "  {line}"))
}

fn examples(rule: &Rule, out: &mut dyn Write) -> io::Result<()> {
    for example in &rule.examples {
        let verdict = match example.flags.as_slice() {
            [] => "silent",
            flags if flags.iter().all(|flag| flag.asks) => "asks",
            _ => "flagged",
        };
        writeln!(out, "\nexample ({verdict}): {}", example.title)?;
        for (name, text) in example.given.files() {
            if name != "given.yaml" {
                writeln!(out, "  -- {name}")?;
            }
            text.lines().try_for_each(|line| writeln!(out, "    {line}"))?;
        }
    }
    Ok(())
}
