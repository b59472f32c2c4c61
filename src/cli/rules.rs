//! `consentlint rules`: packs and rules.

use super::args::RulesOptions;
use super::project::shipped;
use super::{CLEAN, World};
use crate::policy::Ask;
use serde_json::json;
use std::io;

pub(super) fn run(options: &RulesOptions, world: &mut World<'_>) -> io::Result<u8> {
    let rules = shipped();
    if options.format == "json" {
        let list: Vec<_> = rules
            .iter()
            .map(|rule| json!({"rule": rule.id, "severity": rule.severity.name(), "asks": rule.ask.as_ref().is_some_and(Ask::is_always), "title": rule.title, "law": *rule.law, "for": rule.kind.name}))
            .collect();
        writeln!(world.stdout, "{}", serde_json::to_string_pretty(&list).unwrap_or_default())?;
        return Ok(CLEAN);
    }
    for rule in &rules {
        writeln!(world.stdout, "{:<9} {:<44} {}", rule.level(), rule.id, rule.title)?;
    }
    writeln!(world.stdout, "\n{} rules; `consentlint explain RULE` gives law, reason and examples", rules.len())?;
    Ok(CLEAN)
}
