//! `consentlint.yaml`.

use super::{Entry, Holds, Named, Value, entry, list, name};
use std::sync::LazyLock;

const LEVELS: &[&str] = &["critical", "high", "medium", "low", "off"];
const THRESHOLDS: &[&str] = &["critical", "high", "medium", "low", "never"];

pub(super) static ROOT: LazyLock<Holds> = LazyLock::new(|| {
    let text = || Holds::Value(Value::Text);
    let level = || Holds::Value(Value::Choice(LEVELS));
    Holds::Keys(
        None,
        vec![
            entry("include", "Patterns of files to read besides the usual ones.", list(text())),
            entry("exclude", "Patterns of files to leave alone.", list(text())),
            entry("profile", "Whose law to judge by.", name(Named::Profile)),
            entry("packs", "Packs of rules to run; all when there are none.", list(name(Named::Pack))),
            entry("policies", "Folders of your own rules, relative to this file.", list(text())),
            entry("rules", "Severity of a rule, or `off`.", Holds::ByRule(Box::new(level()))),
            entry("classification", "Your own matchers for field names.", list(matcher())),
            entry("exceptions", "Findings that are accepted, with a reason.", list(exception())),
            entry(
                "inline_exceptions",
                "Whether comments beside the input may except from rules; yes unless said otherwise.",
                Holds::Value(Value::Bool),
            ),
            entry("fail_on", "The mildest severity that fails a run.", Holds::Value(Value::Choice(THRESHOLDS))),
        ],
    )
});

fn needed(entry: Entry) -> Entry {
    Entry { required: true, ..entry }
}

fn matcher() -> Holds {
    let text = || Holds::Value(Value::Text);
    Holds::Keys(
        None,
        vec![
            needed(entry("name", "Its name, shown as what decided.", text())),
            entry(
                "on",
                "Whether it looks at names or at example values.",
                Holds::Value(Value::Choice(&["key", "value"])),
            ),
            entry("exact", "Names that match exactly, spelling of words aside.", list(text())),
            entry("similar", "Names that match when they are similar.", list(text())),
            entry("regex", "A regular expression.", text()),
            needed(entry(
                "pi",
                "Classes of personal information; `none` for not personal.",
                list(Holds::Value(Value::Classes)),
            )),
            entry("restricted", "Whether such a field must never be collected.", Holds::Value(Value::Bool)),
        ],
    )
}

fn exception() -> Holds {
    Holds::Keys(
        None,
        vec![
            needed(entry("rule", "The rule, as `pack/name`.", name(Named::Rule))),
            entry("subject", "What it is for, as `kind:id`; every subject when left out.", name(Named::Subject)),
            needed(entry(
                "reason",
                "Why the finding is accepted. An exception without a reason excepts nothing.",
                Holds::Value(Value::Text),
            )),
            entry("expires", "The last day it holds.", Holds::Value(Value::Day)),
        ],
    )
}
