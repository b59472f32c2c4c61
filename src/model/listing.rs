//! Which file lists which destination under which consent category.
//!
//! Joining puts the lists of all files into one. What a consent point reads is its own file's alone.

use super::entity::{Entity, Origin};
use super::{Located, Model};
use crate::source::SourceId;

/// Who lists destinations under consent categories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lister {
    /// An inventory that people keep.
    Inventory,
    /// A consent wrapper in the page, or a mapping made by hand there.
    Wrapper,
    /// Segment, by the settings that its CDN serves.
    Segment,
    /// Segment's open-source Consent Manager.
    ConsentManager,
    /// RudderStack.
    Rudder,
    /// A container of Google Tag Manager.
    TagManager,
}

impl Lister {
    /// By the kind of a file and the consent manager that it sets up.
    fn of(origin: Origin, manager: Option<&str>) -> Option<Self> {
        match (origin, manager) {
            (Origin::Inventory, _) => Some(Self::Inventory),
            (Origin::Platform, Some("segment")) => Some(Self::Segment),
            (Origin::Platform, Some("rudderstack")) => Some(Self::Rudder),
            (Origin::Platform, Some("gtm")) => Some(Self::TagManager),
            (Origin::Manager, Some("segment-consent-manager")) => Some(Self::ConsentManager),
            (Origin::Manager, _) => Some(Self::Wrapper),
            _ => None,
        }
    }
}

/// What a file says of the destinations of a category; one without a name says that the file knows the category.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The id of the category; none where code computes it.
    pub category: Option<String>,
    /// The name of the destination.
    pub destination: Option<Located<String>>,
    /// The file.
    pub file: SourceId,
    /// Who says so.
    pub lister: Lister,
}

/// Notes what the categories of a file list, those from `first` on; the consent managers that it sets up say who it is.
pub(super) fn note(origin: Origin, first: usize, consents: usize, model: &mut Model) {
    let manager = model.consents.iter().skip(consents).find_map(|consent| consent.object.text("manager"));
    let Some(lister) = Lister::of(origin, manager) else { return };
    let of = |category: &Entity| -> Vec<Listing> {
        let (id, file) = (category.id.value.clone(), category.id.span.source);
        let named = category.object.texts("destinations");
        let named = named.map(|(name, span)| Some(Located::new(name.to_owned(), span)));
        let all = std::iter::once(None).chain(named);
        all.map(|destination| Listing { category: Some(id.clone()), destination, file, lister }).collect()
    };
    let found: Vec<Listing> = model.categories.iter().skip(first).flat_map(of).collect();
    model.listings.extend(found);
}
