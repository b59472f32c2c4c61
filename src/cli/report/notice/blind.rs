//! What no configuration tells, and a notice says all the same.

use crate::cli::report::document::{Document, Line, open, text};
use crate::cli::report::facts::Facts;
use crate::output::counted;

pub(super) fn section(facts: &Facts<'_>, document: &mut Document) {
    document.section("What configuration cannot tell");
    document.say("A notice and a privacy policy say more than these tables can. Only people can tell:");
    let mut lines: Vec<Line> = [
        "what was collected, sold, shared or disclosed before, in the preceding 12 months or ever: the tables tell what flows by \
         the files as they are today, and what was switched off or taken out of them is not in it.",
        "what is collected outside of what was read: on paper, by telephone, in a shop, by systems that no file describes.",
        "how old consumers are.",
        "whether purposes are worded so that consumers understand them.",
    ]
    .into_iter()
    .map(|sentence| vec![text(sentence)])
    .collect();
    let fields = facts.unclassified().len();
    if fields > 0 {
        let what = counted(fields, "field is", "fields are");
        lines.push(vec![open(format!(
            "what class of personal information {what}, if any (`ccpa/field-unclassified`)."
        ))]);
    }
    let problems = facts.seen.report.problems.len();
    if problems > 0 {
        let what = counted(problems, "file or value", "files or values");
        lines.push(vec![open(format!("what {what} would say that could not be read or judged."))]);
    }
    document.list(lines);
}
