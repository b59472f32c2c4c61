//! How data gets to each destination, what a visitor's choice does to it, and whether an opt-out stops every sale.
//!
//! [`paths`] finds the ways from sources to a destination, each with the point at which consent is enforced on it.
//! [`simulate`] asks the manager of each point, as [`super::routing`] knows it, what a visitor's events do. [`prove`] looks
//! at every state of a visitor that counts for a claim. [`Tables`] holds what is simulated for every state, for a page.

mod case;
mod deliver;
mod paths;
mod prove;
mod reason;
mod scene;
mod set_up;
mod simulate;
mod states;
mod table;
mod words;

pub use paths::paths;
pub(super) use prove::{Doubt, Judged, whole};
pub use prove::{Prover, prove};
pub use simulate::simulate;
pub use table::{Table, Tabled, Tables, Told};
pub(super) use words::sent;
pub use words::{standing, told, visitor};

use super::routing::wrapper::ConsentModel;
use super::routing::{Delivery, Visitor};
use crate::source::Span;

/// How data gets from a source to a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Via {
    /// The vendor's own script in the page.
    Device,
    /// From the page by way of the platform's servers.
    Cloud,
    /// From the business's servers.
    Server,
    /// From an app.
    Mobile,
    /// From another tool whose objects are fetched.
    CloudApp,
    /// Rows of a warehouse.
    ReverseEtl,
    /// An audience that is synchronised.
    Audience,
    /// A file that is handed over.
    File,
    /// Events that are sent again.
    Replay,
    /// A tag of a container.
    TagManager,
    /// What a store holds.
    Store,
}

impl Via {
    /// As messages name it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Device => "the browser (device mode)",
            Self::Cloud => "the browser (cloud mode)",
            Self::Server => "the server",
            Self::Mobile => "the app",
            Self::CloudApp => "a cloud app",
            Self::ReverseEtl => "reverse ETL",
            Self::Audience => "an audience",
            Self::File => "a file",
            Self::Replay => "a replay",
            Self::TagManager => "a tag",
            Self::Store => "a store",
        }
    }

    /// The word of machine interfaces.
    pub fn name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Cloud => "cloud",
            Self::Server => "server",
            Self::Mobile => "mobile",
            Self::CloudApp => "cloud_app",
            Self::ReverseEtl => "reverse_etl",
            Self::Audience => "audience",
            Self::File => "file",
            Self::Replay => "replay",
            Self::TagManager => "tag_manager",
            Self::Store => "store",
        }
    }
}

/// Where consent is enforced on a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Point {
    /// Nowhere: no choice stops it.
    Nowhere,
    /// A consent wrapper around analytics.js, in the page.
    Wrapper {
        /// The consent model, where it is known.
        model: Option<ConsentModel>,
    },
    /// Segment's servers, by the consent object that events carry.
    Platform {
        /// Whether a page's wrapper stamps the events, and so lets none out while the page waits or is stopped as a whole.
        stamped: bool,
    },
    /// Segment's open-source Consent Manager; the index of its set-up among the consent managers, where one was read.
    OpenSource(Option<usize>),
    /// RudderStack.
    Rudder {
        /// Whether its SDK in the browser decides, or its servers.
        browser: bool,
    },
    /// A tag of Google Tag Manager.
    Tag {
        /// Whether nothing but checks of its own restricts it.
        own_checks: bool,
    },
    /// Another consent manager, which is presumed to act in the page or app itself.
    Page,
}

impl Point {
    /// The word of machine interfaces.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nowhere => "nowhere",
            Self::Wrapper { .. } => "wrapper",
            Self::Platform { .. } => "platform",
            Self::OpenSource(_) => "consent_manager",
            Self::Rudder { .. } => "rudderstack",
            Self::Tag { .. } => "tag",
            Self::Page => "page",
        }
    }
}

/// One way from a source to a destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Index of the source; none where a destination is presumed to be fed.
    pub source: Option<usize>,
    /// How data gets there.
    pub via: Via,
    /// Where consent is enforced.
    pub point: Point,
    /// The place that says so.
    pub place: Span,
    /// Why consent is enforced there, or nowhere.
    pub because: String,
}

/// What a path delivers to a destination in a visitor's state, and the line that decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The path.
    pub path: Path,
    /// Events and script.
    pub delivery: Delivery,
    /// Why.
    pub because: String,
    /// The line that decides.
    pub place: Span,
}

/// What is claimed of a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Claim {
    /// The opt-out of sale and sharing stops everything (Cal. Civ. Code § 1798.120).
    OptOut,
    /// The limit on sensitive personal information stops everything (Cal. Civ. Code § 1798.121).
    Limit,
    /// Nothing arrives before a choice.
    OptIn,
}

/// What became of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// It holds in every state.
    Proved,
    /// It does not hold; the smallest counterexample.
    Refuted(Counterexample),
    /// It cannot be told.
    Undecidable {
        /// What is missing.
        missing: String,
        /// Where.
        place: Span,
    },
}

/// A state and a path by which a claim fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counterexample {
    /// The visitor.
    pub visitor: Visitor,
    /// The path that is open.
    pub path: Path,
    /// Why it is.
    pub because: String,
    /// The line that lets it through.
    pub place: Span,
}
