//! What is kept from a destination, as a data map declares it.

use super::filter::{left, notes};
use super::plan::{Block, Look, Plan};
use super::quote::{quote, quoted};
use std::fmt::Write;

/// The text.
pub(super) fn text(look: Look<'_>, plan: &Plan) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "# Written by `consentlint block`: what must not reach these destinations. It declares what is kept back, so put it to \
         work\n# first, be it a filter, a transformation or code."
    );
    let _ = writeln!(out, "datamap: 1\ndestinations:");
    plan.blocks.iter().for_each(|block| one(look, block, &mut out));
    left(look, plan).iter().for_each(|line| {
        let _ = writeln!(out, "# {line}");
    });
    out
}

fn one(look: Look<'_>, block: &Block, out: &mut String) {
    for line in notes(look, block) {
        let _ = writeln!(out, "  # {line}");
    }
    let _ = writeln!(out, "  - id: {}\n    filters:", quote(&look.map.model.destinations[block.to].id.value));
    if !block.names.is_empty() {
        let _ = writeln!(out, "      drop_properties: {}", quoted(block.names.iter().map(String::as_str)));
    }
    if !block.events.is_empty() {
        let _ = writeln!(out, "      drop_events: {}", quoted(block.events.iter().map(String::as_str)));
    }
}
