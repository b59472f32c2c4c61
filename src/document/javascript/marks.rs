//! Words of which a text has one if consent is set up in it.

use std::ops::Range;

/// Texts with none of these are not parsed.
const WORDS: [&str; 18] = [
    "onsentManagerConfig",
    "ConsentManager",
    "@segment/consent-manager",
    "customCategories",
    "createWrapper",
    "OneTrust",
    "Onetrust",
    "oneTrust",
    "onetrust",
    "Optanon",
    "TrustArc",
    "integrationCategoryMappings",
    "analytics-consent",
    "C0001",
    "C0002",
    "C0003",
    "C0004",
    "C0005",
];

/// Whether a text says something about consent; a cheap scan.
pub(in crate::document) fn any(text: &str) -> bool {
    let both = |one: &str, other: &str| text.contains(one) && text.contains(other);
    let pairs = [
        (".load(", "integrations"),
        ("necessary", "targeting"),
        ("onsent", "Email Marketing"),
        ("onsent", "Attribution"),
    ];
    WORDS.iter().any(|word| text.contains(word)) || pairs.iter().any(|(one, other)| both(one, other))
}

/// Where the words stand, in order.
#[derive(Debug, Default)]
pub(super) struct Marks(Vec<(usize, &'static str)>);

impl Marks {
    pub(super) fn of(text: &str) -> Self {
        let places = |word: &&'static str| text.match_indices(*word).collect::<Vec<_>>();
        let mut all: Vec<_> =
            WORDS.iter().flat_map(|word| places(word).into_iter().map(|(at, _)| (at, *word))).collect();
        all.sort_unstable();
        Self(all)
    }

    /// The first of them within a range.
    pub(super) fn within(&self, range: &Range<usize>) -> Option<&'static str> {
        let first = self.0.get(self.0.partition_point(|(at, _)| *at < range.start))?;
        (first.0 < range.end).then_some(first.1)
    }
}
