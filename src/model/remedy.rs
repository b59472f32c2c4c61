//! Remedies: kinds of edits that a rule may name as the way to mend its findings.

/// A kind of edit.
#[derive(Debug)]
pub struct Remedy {
    /// Its name in rules.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub doc: &'static str,
    /// Whether it keeps what the author meant: it chooses nothing and leaves nothing to be filled in.
    pub safe: bool,
    /// The kinds of subject whose findings it mends.
    pub kinds: &'static [&'static str],
}

/// All remedies.
pub static REMEDIES: [Remedy; 9] = [
    Remedy {
        name: "list-in-opt-out-category",
        doc: "Lists the destination in the category with `controls: [opt-out]`, if it is in none and there is one such category in a data map; of several, one has to be chosen.",
        safe: true,
        kinds: &["destination"],
    },
    Remedy {
        name: "list-in-category",
        doc: "Lists the destination in a category of a data map that is not essential; which one is chosen by a person.",
        safe: false,
        kinds: &["destination"],
    },
    Remedy {
        name: "spell-category-id",
        doc: "Writes the id of a category, and what refers to it, in the data map as the consent set-up does, where case and blanks alone differ; only with `--unsafe` unless the platform and the consent manager write it alike.",
        safe: true,
        kinds: &["category"],
    },
    Remedy {
        name: "spell-signal-category",
        doc: "Writes the category ids of the signal in the data map as the categories are written, where case and blanks alone differ.",
        safe: true,
        kinds: &["signal"],
    },
    Remedy {
        name: "map-signal",
        doc: "Lists the categories that the signal leaves on under its `categories` in the data map; the consent manager has to be set up so, too.",
        safe: false,
        kinds: &["signal"],
    },
    Remedy {
        name: "add-deletion-route",
        doc: "Adds `deletion: {via: TODO}` to the destination in the data map. What is still to be filled in is a problem until it is.",
        safe: false,
        kinds: &["destination"],
    },
    Remedy {
        name: "remove-exception",
        doc: "Removes the exception, an entry of the settings or a comment, with the comments above it.",
        safe: true,
        kinds: &["exception"],
    },
    Remedy {
        name: "remove-expired-exception",
        doc: "Removes the exception, an entry of the settings or a comment, with the comments above it; the other way is to decide anew.",
        safe: false,
        kinds: &["exception"],
    },
    Remedy {
        name: "correct-rule-name",
        doc: "Writes the name of the rule that is nearest to the one of the exception; the exception then applies.",
        safe: false,
        kinds: &["exception"],
    },
];

/// The remedy with this name.
pub fn remedy(name: &str) -> Option<&'static Remedy> {
    REMEDIES.iter().find(|remedy| remedy.name == name)
}

/// What stands for a value that a person has still to give; it counts as unknown, and is a problem.
pub const PLACEHOLDER: &str = "TODO";

/// What is said of a value that is a [`PLACEHOLDER`].
pub const STILL_OPEN: &str = "is still to be filled in";
