//! Consent wrappers around analytics.js: `createWrapper`, and the wrappers for OneTrust and TrustArc that rest on it.
//!
//! Source: package `@segment/analytics-consent-tools` 2.0 (create-wrapper, blocking-helpers, blocking-middleware,
//! analytics-service) around `@segment/analytics-next`.

use super::analytics_js::{Integrations, merged, reaches_segment, selects};
use super::{Delivery, Events, Mapping, Needs, Preference, Preferences, Visitor, suffices, union};
use std::collections::BTreeMap;

/// The consent model, which says what happens before and without consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConsentModel {
    /// Destinations without consent are taken out of the settings before analytics.js loads, so their scripts never load.
    OptIn,
    /// Everything loads; middleware then keeps single events from destinations without consent.
    OptOut,
}

/// The consent model that the OneTrust wrapper takes from OneTrust's own: *opt-in* and *implied consent* are opt-in;
/// *opt-out*, *notice only*, *custom* and any other are opt-out (package `@segment/analytics-consent-wrapper-onetrust`).
pub fn onetrust_model(model: &str) -> ConsentModel {
    match model.trim().to_ascii_lowercase().as_str() {
        "opt-in" | "implied consent" => ConsentModel::OptIn,
        _ => ConsentModel::OptOut,
    }
}

/// The consent model that the TrustArc wrapper takes from the region that TrustArc found; `None` where its releases differ
/// (package `@trustarc/trustarc-segment-wrapper`: first only `eu` was opt-in, later five regions more).
pub fn trustarc_model(region: &str) -> Option<ConsentModel> {
    match region.trim().to_ascii_lowercase().as_str() {
        "eu" => Some(ConsentModel::OptIn),
        "an" | "af" | "as" | "sa" | "oc" => None,
        _ => Some(ConsentModel::OptOut),
    }
}

/// The preferences that the OneTrust wrapper reads out of `OnetrustActiveGroups` (`,C0001,C0002,`): every group of the
/// set-up is granted when it is active, and refused otherwise (package `@segment/analytics-consent-wrapper-onetrust`,
/// `getNormalizedCategories`).
pub fn onetrust_preferences(active: &str, groups: &[&str]) -> Preferences {
    let active: Vec<&str> = active.trim().split(',').filter(|id| !id.is_empty()).collect();
    let of = |id: &&str| ((*id).to_owned(), if active.contains(id) { Preference::Granted } else { Preference::Denied });
    groups.iter().map(of).collect()
}

/// TrustArc's group of what is required; groups are counted from it, `ta-1`, `ta-2`, … (package
/// `@trustarc/trustarc-segment-wrapper`).
pub const TRUSTARC_REQUIRED: &str = "ta-1";

/// The preferences that the TrustArc wrapper reads. Before a choice only the required group is granted in the opt-in model,
/// and every group in the opt-out model (package `@trustarc/trustarc-segment-wrapper`, `getNormalizedActiveGroupIds`).
pub fn trustarc_preferences(model: ConsentModel, visitor: &Visitor, groups: &[&str]) -> Preferences {
    let granted = |id: &str| match model {
        _ if visitor.chosen => visitor.grants(id),
        ConsentModel::OptIn => id == TRUSTARC_REQUIRED,
        ConsentModel::OptOut => true,
    };
    let of = |id: &&str| ((*id).to_owned(), if granted(id) { Preference::Granted } else { Preference::Denied });
    groups.iter().map(of).collect()
}

/// What a page in the opt-in model waits for before it loads analytics.js. In the opt-out model none waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Wait {
    /// Nothing: `createWrapper` by itself loads at once, with what is consented to by then and what needs no consent.
    #[default]
    Nothing,
    /// The OneTrust wrapper: for a group to be active, and for the banner to be closed unless none is shown.
    OneTrust {
        /// Whether the banner is shown (`ShowAlertNotice`).
        banner: bool,
    },
    /// The TrustArc wrapper: for a group besides the required one, unless `alwaysLoadSegment` is set.
    TrustArc {
        /// `alwaysLoadSegment`.
        always: bool,
    },
}

impl Wait {
    /// Whether the page has what it waits for.
    pub fn is_over(self, visitor: &Visitor) -> bool {
        let mut granted = visitor.preferences.keys().filter(|id| visitor.grants(id));
        match self {
            Self::Nothing => true,
            Self::OneTrust { banner } => granted.next().is_some() && (!banner || visitor.chosen),
            Self::TrustArc { always } => always || granted.any(|id| id != TRUSTARC_REQUIRED),
        }
    }
}

/// How a wrapper is set up.
#[derive(Clone, Copy, Debug)]
pub struct Wrapper<'a> {
    /// Its consent model.
    pub model: ConsentModel,
    /// `integrationCategoryMappings`: categories by the creation name of the destination.
    pub mapping: Option<&'a Mapping>,
    /// What the page waits for in the opt-in model.
    pub wait: Wait,
}

/// What Segment's CDN hands to analytics.js about consent.
#[derive(Clone, Copy, Debug)]
pub struct Cdn<'a> {
    /// `integrations[name].consentSettings.categories`; without an entry the destination has none.
    pub mapping: &'a Mapping,
    /// `consentSettings`, absent when consent management is not set up in Segment.
    pub settings: Option<ConsentSettings<'a>>,
}

/// `consentSettings` of a source.
#[derive(Clone, Copy, Debug)]
pub struct ConsentSettings<'a> {
    /// `allCategories`.
    pub all: &'a [String],
    /// `hasUnmappedDestinations`.
    pub unmapped: bool,
}

/// A page that loads analytics.js under a wrapper.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The wrapper.
    pub wrapper: Wrapper<'a>,
    /// Segment's settings of the source.
    pub cdn: Cdn<'a>,
    /// The integrations object that the page loads analytics.js with; empty when it gives none.
    pub load: &'a Integrations,
}

impl<'a> Page<'a> {
    /// The categories of a destination: `integrationCategoryMappings` replaces the whole mapping of the CDN settings, also
    /// for destinations that it does not name (`shouldEnableIntegrationHelper`).
    pub fn categories(&self, name: &str) -> &'a [String] {
        self.wrapper.mapping.unwrap_or(self.cdn.mapping).get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether consent lets a destination be: one without categories is on, one with several needs all of them, and a
    /// category that the preferences do not have is refused (`isIntegrationCategoryEnabled`).
    pub fn consents(&self, name: &str, visitor: &Visitor) -> bool {
        let categories: Vec<&str> = self.categories(name).iter().map(String::as_str).collect();
        suffices(Needs::All, &categories, |id| visitor.grants(id))
    }

    /// Whether nothing of Segment is wanted: no destination is without a category, and none of the categories is consented
    /// to (`segmentShouldBeDisabled`).
    ///
    /// In the opt-in model the CDN settings decide, whatever mapping the page gives (`createDisableOption`); in the opt-out
    /// model `integrationCategoryMappings` stands for them, as if it left no destination unmapped
    /// (`blockSegmentAndEverythingElse`).
    pub fn disables_segment(&self, visitor: &Visitor) -> bool {
        match (self.wrapper.model, self.wrapper.mapping, self.cdn.settings) {
            (ConsentModel::OptOut, Some(mapping), _) => !union(mapping).into_iter().any(|id| visitor.grants(id)),
            (_, _, Some(settings)) => !settings.unmapped && !settings.all.iter().any(|id| visitor.grants(id)),
            (_, _, None) => false,
        }
    }

    /// Whether every event fails: in the opt-out model the wrapper cannot read an `integrationCategoryMappings` without
    /// entries, so scripts load and no event is sent (`parseAllCategories` reduces an empty list).
    pub fn breaks_events(&self) -> bool {
        self.wrapper.model == ConsentModel::OptOut && self.wrapper.mapping.is_some_and(Mapping::is_empty)
    }

    /// The wrapper takes a destination out of the settings before analytics.js loads: opt-in, without consent
    /// (`filterDeviceModeDestinationsForOptIn`).
    fn is_filtered(&self, name: &str, visitor: &Visitor) -> bool {
        self.wrapper.model == ConsentModel::OptIn && !self.consents(name, visitor)
    }

    /// Whether analytics.js does not start at all: opt-in, as long as the page waits, or with Segment disabled. The latter is
    /// not asked again on this page.
    pub fn stays_out(&self, visitor: &Visitor) -> bool {
        let opt_in = self.wrapper.model == ConsentModel::OptIn;
        opt_in && (self.disables_segment(visitor) || !self.wrapper.wait.is_over(visitor))
    }

    /// What a device-mode destination gets of an event that carries this integrations object.
    pub fn device(&self, name: &str, visitor: &Visitor, event: &Integrations) -> Delivery {
        let script = !self.stays_out(visitor) && selects(self.load, name) && !self.is_filtered(name, visitor);
        let dropped = self.disables_segment(visitor) || self.breaks_events() || !self.consents(name, visitor);
        let sent = script && !dropped && selects(&merged(self.load, event), name);
        Delivery { events: Events::when(sent), script }
    }

    /// Whether an event is sent to Segment's servers. Middleware of the opt-out model does not hold `Segment.io` to a
    /// category of its own; the filter of the opt-in model only takes away its settings.
    pub fn reaches_segment(&self, visitor: &Visitor, event: &Integrations) -> bool {
        let stopped = self.stays_out(visitor) || self.disables_segment(visitor) || self.breaks_events();
        !stopped && reaches_segment(self.load, event)
    }

    /// The `categoryPreferences` that events carry to Segment, which holds cloud-mode destinations to them: whatever the
    /// consent manager says. `pruneUnmappedCategories` changes nothing, for `createWrapper` does not hand it on (2.0.3).
    pub fn stamp(&self, visitor: &Visitor) -> BTreeMap<String, bool> {
        visitor.stated()
    }

    /// The integrations object that an event carries to Segment.
    pub fn integrations(&self, event: &Integrations) -> Integrations {
        merged(self.load, event)
    }
}

/// Whether events stop on the page that is open when a visitor takes consent back. In the opt-in model nothing blocks what
/// was loaded with consent, until the page is loaded anew; in the opt-out model each event is looked at.
pub fn withdrawal_stops_at_once(model: ConsentModel) -> bool {
    model == ConsentModel::OptOut
}

#[cfg(test)]
mod tests {
    use super::*;
    use ConsentModel::{OptIn, OptOut};

    fn mapping(list: &[(&str, &[&str])]) -> Mapping {
        let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        list.iter().map(|(name, ids)| ((*name).to_owned(), owned(ids))).collect()
    }

    fn granting(ids: &[&str]) -> Visitor {
        let preferences = ids.iter().map(|id| ((*id).to_owned(), Preference::Granted)).collect();
        Visitor { preferences, ..Visitor::default() }
    }

    /// What a destination gets: events, and script.
    fn device(page: &Page<'_>, name: &str, granted: &[&str]) -> (bool, bool) {
        let delivery = page.device(name, &granting(granted), &Integrations::new());
        (delivery.events == Events::Yes, delivery.script)
    }

    fn on_page<T>(model: ConsentModel, own: Option<&Mapping>, cdn: &Mapping, ask: impl Fn(&Page<'_>) -> T) -> T {
        let all: Vec<String> = union(cdn).into_iter().map(str::to_owned).collect();
        let settings = Some(ConsentSettings { all: &all, unmapped: cdn.values().any(Vec::is_empty) });
        let load = Integrations::new();
        ask(&Page {
            wrapper: Wrapper { model, mapping: own, wait: Wait::Nothing },
            cdn: Cdn { mapping: cdn, settings },
            load: &load,
        })
    }

    #[test]
    fn opt_in_keeps_the_script_out_and_opt_out_only_the_events() {
        let cdn = mapping(&[("Pixel", &["ads"]), ("Chat", &[])]);
        assert_eq!(on_page(OptIn, None, &cdn, |page| device(page, "Pixel", &[])), (false, false));
        assert_eq!(on_page(OptOut, None, &cdn, |page| device(page, "Pixel", &[])), (false, true));
        for model in [OptIn, OptOut] {
            assert_eq!(on_page(model, None, &cdn, |page| device(page, "Pixel", &["ads"])), (true, true));
            assert_eq!(on_page(model, None, &cdn, |page| device(page, "Chat", &[])), (true, true), "needs nothing");
        }
    }

    #[test]
    fn several_categories_are_all_needed_and_ids_differ_by_case() {
        let cdn = mapping(&[("Pixel", &["ads", "social"]), ("Chat", &[])]);
        for (granted, wanted) in
            [(&["ads", "social"][..], true), (&["ads"], false), (&["Ads", "social"], false), (&[], false)]
        {
            assert_eq!(on_page(OptIn, None, &cdn, |page| device(page, "Pixel", granted)), (wanted, wanted));
        }
    }

    #[test]
    fn a_mapping_of_the_page_replaces_that_of_segment() {
        let cdn = mapping(&[("Pixel", &["ads"]), ("Chat", &["social"])]);
        let own = mapping(&[("Chat", &["support"])]);
        assert_eq!(on_page(OptIn, Some(&own), &cdn, |page| page.categories("Pixel").len()), 0);
        let opened = on_page(OptIn, Some(&own), &cdn, |page| device(page, "Pixel", &["social"]));
        assert_eq!(opened, (true, true), "the pixel is mapped in Segment, and not by the page");
        let moved = on_page(OptIn, Some(&own), &cdn, |page| device(page, "Chat", &["social"]));
        assert_eq!(moved, (false, false));
    }

    #[test]
    fn segment_is_disabled_as_a_whole_when_nothing_mapped_is_granted() {
        let (cdn, open) = (mapping(&[("Pixel", &["ads"])]), mapping(&[("Pixel", &["ads"]), ("Chat", &[])]));
        let disabled = |model, own, cdn, granted: &[&str]| {
            on_page(model, own, cdn, |page| page.disables_segment(&granting(granted)))
        };
        for model in [OptIn, OptOut] {
            assert!(disabled(model, None, &cdn, &["other"]));
            assert!(!disabled(model, None, &cdn, &["ads"]));
            assert!(!disabled(model, None, &open, &[]), "a destination without a category is left");
        }
        let own = mapping(&[("Pixel", &["ads"])]);
        assert!(disabled(OptOut, Some(&own), &open, &[]), "as if the page's mapping left nothing unmapped");
        assert!(!disabled(OptIn, Some(&own), &open, &[]), "opt-in goes by Segment's settings");
        let reached =
            |model| on_page(model, None, &cdn, |page| page.reaches_segment(&granting(&[]), &Integrations::new()));
        assert!(!reached(OptIn) && !reached(OptOut));
    }

    #[test]
    fn an_empty_mapping_opens_opt_in_and_breaks_opt_out() {
        let (cdn, own) = (mapping(&[("Pixel", &["ads"])]), Mapping::new());
        assert_eq!(on_page(OptIn, Some(&own), &cdn, |page| device(page, "Pixel", &["ads"])), (true, true));
        assert_eq!(on_page(OptOut, Some(&own), &cdn, |page| device(page, "Pixel", &["ads"])), (false, true));
    }

    #[test]
    fn events_carry_what_the_visitor_said() {
        let cdn = mapping(&[("Pixel", &["ads"])]);
        let mut visitor = granting(&["ads"]);
        visitor.preferences.insert("social".to_owned(), Preference::Denied);
        visitor.preferences.insert("new".to_owned(), Preference::Unset);
        let stamp = on_page(OptOut, None, &cdn, |page| page.stamp(&visitor));
        assert_eq!(stamp, [("ads".to_owned(), true), ("social".to_owned(), false)].into());
    }

    #[test]
    fn models_of_consent_managers() {
        for (model, wanted) in [
            ("opt-in", OptIn),
            ("implied consent", OptIn),
            ("opt-out", OptOut),
            ("notice only", OptOut),
            ("custom", OptOut),
            ("", OptOut),
        ] {
            assert_eq!(onetrust_model(model), wanted, "{model}");
        }
        for (region, wanted) in [("eu", Some(OptIn)), ("us", Some(OptOut)), ("as", None), ("", Some(OptOut))] {
            assert_eq!(trustarc_model(region), wanted, "{region}");
        }
        assert!(withdrawal_stops_at_once(OptOut) && !withdrawal_stops_at_once(OptIn));
    }

    #[test]
    fn opt_in_of_consent_managers_waits_and_of_the_bare_wrapper_does_not() {
        let cdn = mapping(&[("Chat", &[])]);
        let undecided = Visitor { preferences: granting(&["C0001"]).preferences, ..Visitor::default() };
        let chosen = Visitor { chosen: true, ..undecided.clone() };
        let loads = |model, wait, visitor: &Visitor| {
            on_page(model, None, &cdn, |page| {
                let page = Page { wrapper: Wrapper { wait, ..page.wrapper }, ..*page };
                let script = page.device("Chat", visitor, &Integrations::new()).script;
                assert_eq!(script, page.reaches_segment(visitor, &Integrations::new()));
                script
            })
        };
        let (shown, hidden) = (Wait::OneTrust { banner: true }, Wait::OneTrust { banner: false });
        assert!(loads(OptIn, Wait::Nothing, &undecided), "what needs no consent loads before any choice");
        assert!(!loads(OptIn, shown, &undecided) && loads(OptIn, shown, &chosen));
        assert!(loads(OptIn, hidden, &undecided) && loads(OptOut, shown, &undecided));
        assert!(!loads(OptIn, shown, &Visitor { chosen: true, ..Visitor::default() }), "no group is active");
        let required = granting(&[TRUSTARC_REQUIRED]);
        assert!(!loads(OptIn, Wait::TrustArc { always: false }, &required));
        assert!(loads(OptIn, Wait::TrustArc { always: true }, &required));
        assert!(loads(OptIn, Wait::TrustArc { always: false }, &granting(&["ta-1", "ta-2"])));
    }

    #[test]
    fn preferences_that_consent_managers_hand_on() {
        let shown = |preferences: &Preferences| -> String {
            let letter = |preference| if preference == Preference::Granted { '+' } else { '-' };
            preferences.iter().map(|(id, preference)| format!("{id}{}", letter(*preference))).collect()
        };
        let groups = ["C0001", "C0002", "0"];
        assert_eq!(shown(&onetrust_preferences(",C0001,0,", &groups)), "0+C0001+C0002-");
        assert_eq!(shown(&onetrust_preferences("", &groups)), "0-C0001-C0002-");
        let groups = ["ta-1", "ta-2"];
        let undecided = Visitor::default();
        assert_eq!(shown(&trustarc_preferences(OptIn, &undecided, &groups)), "ta-1+ta-2-");
        assert_eq!(shown(&trustarc_preferences(OptOut, &undecided, &groups)), "ta-1+ta-2+");
        let chosen = Visitor { chosen: true, ..granting(&["ta-1"]) };
        assert_eq!(shown(&trustarc_preferences(OptOut, &chosen, &groups)), "ta-1+ta-2-");
    }
}
