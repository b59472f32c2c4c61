//! How each consent manager routes data: given its configuration and a visitor's preferences, who receives events.
//!
//! Plain inputs and pure functions: no data map, no files. What a vendor documents or does is told function by function,
//! with its source; `tests/routing_oracle.rs` holds the libraries' own behavior against it.

pub mod analytics_js;
pub mod consent_manager;
pub mod platform;
pub mod rudder;
pub mod tag_manager;
pub mod wrapper;

use std::collections::{BTreeMap, BTreeSet};

/// What a visitor said about one consent category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Preference {
    /// Consented to.
    Granted,
    /// Refused.
    Denied,
    /// Neither: not asked, not answered, or left out.
    Unset,
}

/// Preferences by the id of the consent category. Ids are case-sensitive everywhere (Segment documentation: Configure
/// Consent Management).
pub type Preferences = BTreeMap<String, Preference>;

/// Names, or ids, that each name lists: the categories that a destination needs, or the destinations of a category.
pub type Mapping = BTreeMap<String, Vec<String>>;

/// Where a visitor stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visitor {
    /// Preferences by category; a category that is not there is unset.
    pub preferences: Preferences,
    /// Whether the browser sends an opt-out preference signal.
    pub signal: bool,
    /// Whether the visitor has made a choice that is remembered.
    pub chosen: bool,
}

impl Visitor {
    /// What the visitor said about a category.
    pub fn preference(&self, category: &str) -> Preference {
        self.preferences.get(category).copied().unwrap_or(Preference::Unset)
    }

    /// Whether the visitor consented to a category. Who said nothing did not.
    pub fn grants(&self, category: &str) -> bool {
        self.preference(category) == Preference::Granted
    }

    /// The visitor as a page sees one that takes the signal for a refusal of these categories. None of the libraries here
    /// reads the signal by itself: whether a set-up does is for its owner to say.
    #[must_use]
    pub fn heeding(mut self, categories: &[&str]) -> Self {
        if self.signal {
            for category in categories {
                self.preferences.insert((*category).to_owned(), Preference::Denied);
            }
        }
        self
    }

    /// Preferences as events carry them: what is unset is left out.
    pub fn stated(&self) -> BTreeMap<String, bool> {
        stated(&self.preferences)
    }
}

/// The preferences that say something.
pub fn stated(preferences: &Preferences) -> BTreeMap<String, bool> {
    let said = |preference: Preference| (preference != Preference::Unset).then_some(preference == Preference::Granted);
    preferences.iter().filter_map(|(id, preference)| Some((id.clone(), said(*preference)?))).collect()
}

/// Whether events reach a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Events {
    /// They do.
    Yes,
    /// They do not.
    No,
    /// It cannot be told, for this reason.
    Undecidable(&'static str),
}

impl Events {
    /// Yes or no.
    pub fn when(received: bool) -> Self {
        if received { Self::Yes } else { Self::No }
    }

    /// Both must let events through, one after the other.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Undecidable(why), _) | (_, Self::Undecidable(why)) => Self::Undecidable(why),
            (Self::Yes, Self::Yes) => Self::Yes,
        }
    }
}

/// What a destination gets on one path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Delivery {
    /// The events of the page or app.
    pub events: Events,
    /// Whether the vendor's own script loads in the page. It may collect by itself, even if no event is handed to it.
    pub script: bool,
}

impl Delivery {
    /// Neither events nor script.
    pub const NOTHING: Self = Self { events: Events::No, script: false };
}

/// How many of the listed categories must be consented to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Needs {
    /// Every one.
    All,
    /// At least one.
    Any,
}

/// Whether the categories that are consented to suffice; whoever needs none always does.
pub fn suffices(needs: Needs, listed: &[&str], granted: impl Fn(&str) -> bool) -> bool {
    match needs {
        Needs::All => listed.iter().all(|id| granted(id)),
        Needs::Any => listed.is_empty() || listed.iter().any(|id| granted(id)),
    }
}

/// Every list of a mapping as one set.
pub fn union(mapping: &Mapping) -> BTreeSet<&str> {
    mapping.values().flatten().map(String::as_str).collect()
}
