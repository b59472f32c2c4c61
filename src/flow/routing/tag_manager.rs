//! Google Tag Manager: whether a tag fires, and what it may do then.
//!
//! Source: Tag Manager documentation: Tag Manager consent mode support; Tag Manager API: `TagConsentSetting`.

use super::{Delivery, Events, Preference, Visitor};

/// `consentSettings.consentStatus` of a tag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ConsentStatus {
    /// `NOT_SET`: nobody decided; only checks that are built into the type of tag count.
    #[default]
    NotSet,
    /// `NOT_NEEDED`: no further consent; built-in checks count as before.
    NotNeeded,
    /// `NEEDED`: the listed consent types must be granted for the tag to fire.
    Needed,
}

/// The word of an export, or of the API, which writes it small.
pub fn consent_status(word: &str) -> Option<ConsentStatus> {
    match word.replace('_', "").to_ascii_lowercase().as_str() {
        "notset" => Some(ConsentStatus::NotSet),
        "notneeded" => Some(ConsentStatus::NotNeeded),
        "needed" => Some(ConsentStatus::Needed),
        _ => None,
    }
}

/// A tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    /// Its consent status.
    pub status: ConsentStatus,
    /// The consent types that it lists; they only count with [`ConsentStatus::Needed`].
    pub needs: &'a [&'a str],
    /// The consent types that are checked by code of its own type.
    pub built_in: &'a [&'a str],
}

/// What a tag does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Firing {
    /// It does not fire.
    Blocked,
    /// It fires, and its own checks make it collect less.
    Restricted,
    /// It fires as if nothing had been asked.
    Full,
    /// It cannot be told, for this reason.
    Undecidable(&'static str),
}

/// Why a consent type that nothing has set is not decided.
pub const UNSET_TYPE: &str =
    "a consent type that the tag needs has no default, and Google does not document whether it counts as granted";

/// Why a tag under its own checks is not decided.
pub const RESTRICTED: &str = "the tag fires without consent and is left to its own checks: tags of Google then send requests \
                              without cookies or stored identifiers";

/// Whether a tag fires. All the consent types that it lists must be granted. A tag whose type has no checks of its own and
/// which lists nothing fires whatever the visitor chose; checks of its own do not keep a tag from firing, and a type that
/// nothing has set restricts nothing.
pub fn fires(tag: &Tag<'_>, visitor: &Visitor) -> Firing {
    let said = |types: &[&str], what: Preference| types.iter().any(|id| visitor.preference(id) == what);
    let listed = if tag.status == ConsentStatus::Needed { tag.needs } else { &[] };
    if said(listed, Preference::Denied) {
        return Firing::Blocked;
    }
    if said(listed, Preference::Unset) {
        return Firing::Undecidable(UNSET_TYPE);
    }
    if said(tag.built_in, Preference::Denied) { Firing::Restricted } else { Firing::Full }
}

/// What the vendor behind a tag gets. A tag that fires loads the vendor's script.
pub fn delivery(tag: &Tag<'_>, visitor: &Visitor) -> Delivery {
    match fires(tag, visitor) {
        Firing::Blocked => Delivery::NOTHING,
        Firing::Restricted => Delivery { events: Events::Undecidable(RESTRICTED), script: true },
        Firing::Full => Delivery { events: Events::Yes, script: true },
        Firing::Undecidable(why) => Delivery { events: Events::Undecidable(why), script: true },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ConsentStatus::{Needed, NotNeeded, NotSet};

    fn fired(status: ConsentStatus, needs: &[&str], built_in: &[&str], list: &[(&str, Preference)]) -> Firing {
        let preferences = list.iter().map(|(id, preference)| ((*id).to_owned(), *preference)).collect();
        fires(&Tag { status, needs, built_in }, &Visitor { preferences, ..Visitor::default() })
    }

    #[test]
    fn a_tag_that_nobody_decided_on_fires_regardless() {
        let refused = [("ad_storage", Preference::Denied)];
        assert_eq!(fired(NotSet, &[], &[], &refused), Firing::Full);
        assert_eq!(fired(NotNeeded, &[], &[], &refused), Firing::Full);
        assert_eq!(fired(NotSet, &["ad_storage"], &[], &refused), Firing::Full, "the list counts only when needed");
        assert_eq!(fired(Needed, &[], &[], &refused), Firing::Full, "nothing is listed");
    }

    #[test]
    fn every_listed_type_must_be_granted() {
        use Preference::{Denied, Granted, Unset};
        let of = |first, second| fired(Needed, &["a", "b"], &[], &[("a", first), ("b", second)]);
        assert_eq!(of(Granted, Granted), Firing::Full);
        assert_eq!(of(Granted, Denied), Firing::Blocked);
        assert_eq!(of(Unset, Denied), Firing::Blocked);
        assert_eq!(of(Granted, Unset), Firing::Undecidable(UNSET_TYPE));
    }

    #[test]
    fn checks_of_its_own_restrict_a_tag_and_do_not_block_it() {
        let of = |preference| fired(NotSet, &[], &["ad_storage"], &[("ad_storage", preference)]);
        assert_eq!(of(Preference::Denied), Firing::Restricted);
        assert_eq!(of(Preference::Granted), Firing::Full);
        assert_eq!(of(Preference::Unset), Firing::Full);
        let tag = Tag { status: NotSet, needs: &[], built_in: &["ad_storage"] };
        let refused = [("ad_storage".to_owned(), Preference::Denied)].into();
        let delivery = delivery(&tag, &Visitor { preferences: refused, ..Visitor::default() });
        assert_eq!(delivery, Delivery { events: Events::Undecidable(RESTRICTED), script: true });
    }

    #[test]
    fn words_of_exports_and_of_the_api() {
        for (word, status) in [("NOT_SET", NotSet), ("notNeeded", NotNeeded), ("NEEDED", Needed), ("needed", Needed)] {
            assert_eq!(consent_status(word), Some(status), "{word}");
        }
        assert_eq!(consent_status("consentStatusUnspecified"), None);
    }
}
