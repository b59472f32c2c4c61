//! Rule files.

use super::{Entry, Holds, Named, Value, entry, list, name};
use std::sync::LazyLock;

const SEVERITIES: &[&str] = &["critical", "high", "medium", "low"];
const EVIDENCE: &[&str] = &["primary", "secondary"];

pub(super) static ROOT: LazyLock<Holds> = LazyLock::new(|| {
    let text = || Holds::Value(Value::Text);
    let severity = || Holds::Value(Value::Choice(SEVERITIES));
    let expression = || name(Named::Expression);
    let raise =
        vec![needed("to", "The severity it then has.", severity()), needed("when", "The condition.", expression())];
    let profiles = vec![
        entry("us-ca", "Its severity in California.", severity()),
        entry("us", "Its severity in California and the other states.", severity()),
    ];
    let ask = vec![
        needed("when", "When it asks instead of accusing.", expression()),
        needed("question", "The question, put once to all subjects.", text()),
    ];
    Holds::Keys(
        None,
        vec![
            needed("title", "One line: what is wrong.", text()),
            needed("severity", "How bad a finding is.", severity()),
            entry("raise", "When a finding weighs more.", Holds::Keys(None, raise)),
            entry(
                "profiles",
                "The profiles in which it holds, with its severity there; all when left out.",
                Holds::Keys(None, profiles),
            ),
            needed("law", "Citations.", list(name(Named::Citation))),
            entry(
                "evidence",
                "`secondary` when a citation was not read itself.",
                Holds::Value(Value::Choice(EVIDENCE)),
            ),
            entry("precedent", "Enforcement that it would have caught.", list(text())),
            entry("since", "The day from which it holds.", Holds::Value(Value::Day)),
            entry("warn_from", "The day from which it speaks as `low` before that.", Holds::Value(Value::Day)),
            needed("condition", "When it speaks, and what it does not count, in one to three plain sentences.", text()),
            needed("for", "The kind of subject, and the one variable of its expressions.", name(Named::Kind)),
            entry("when", "Which subjects it is about.", expression()),
            needed("deny", "What must not be.", expression()),
            entry("ask", "When the finding is a question.", Holds::Keys(None, ask)),
            entry("point_at", "The attribute to underline.", name(Named::Attribute)),
            entry("related", "Attributes whose places and reasons are shown beside.", list(name(Named::Attribute))),
            needed("message", "What it says, with holes such as `{destination.name}`.", name(Named::Message)),
            needed("help", "The cure, in a sentence.", text()),
            needed("why", "A paragraph that a lawyer and an engineer both accept.", text()),
            entry("fix", "What may mend a finding, the best first.", list(name(Named::Remedy))),
            entry("url", "Where to read more.", Holds::Value(Value::Address)),
            entry(
                "suppressed_by",
                "Attributes that silence it when they are declared and not `false`.",
                list(name(Named::Attribute)),
            ),
            needed("examples", "Its tests: one that it flags, one on which it is silent.", list(example())),
        ],
    )
});

fn needed(name: &'static str, doc: &'static str, holds: Holds) -> Entry {
    Entry { required: true, ..entry(name, doc, holds) }
}

fn example() -> Holds {
    let text = || Holds::Value(Value::Text);
    let flag = vec![
        needed("line", "The line of its primary place.", Holds::Value(Value::Number)),
        entry("file", "The file, when the example has several.", text()),
        entry("message", "A part of its message.", text()),
        entry("severity", "Its severity, when it matters.", Holds::Value(Value::Choice(SEVERITIES))),
        entry("asks", "Whether it is a question.", Holds::Value(Value::Bool)),
    ];
    Holds::Keys(
        None,
        vec![
            needed("title", "What it shows.", text()),
            needed("given", "The input: a text, or files by name.", text()),
            needed("flags", "What the rule must say; empty for a clean example.", list(Holds::Keys(None, flag))),
            entry("as_of", "The day to judge by, when it matters.", Holds::Value(Value::Day)),
            entry("profile", "Whose law to judge by, when it matters.", name(Named::Profile)),
        ],
    )
}
