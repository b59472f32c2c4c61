//! RudderStack: consent settings of a destination, in the browser's SDK and on RudderStack's servers.
//!
//! Source: `rudder-sdk-js` (analytics-js-plugins, `isDestinationConsented`) and `rudder-server` (processor,
//! `getConsentFilteredDestinations`); RudderStack documentation: Consent Management.

use super::{Delivery, Events, Needs, Preference, Visitor, suffices};

/// What a destination needs by one consent provider, for one type of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provider<'a> {
    /// The provider: `oneTrust`, `ketch`, `iubenda`, `custom`.
    pub name: &'a str,
    /// The consent ids that it lists.
    pub consents: &'a [&'a str],
    /// Its resolution strategy, where it is stated.
    pub strategy: Option<Needs>,
}

/// The provider that a page or app works with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manager<'a> {
    /// Its name.
    pub name: &'a str,
    /// The resolution strategy that RudderStack has for it, where it is known.
    pub strategy: Option<Needs>,
}

/// Where the strategy is stated by the destination itself; for every other provider RudderStack has one of its own.
const CUSTOM: &str = "custom";

/// A resolution strategy by its name: `or` and `any` need one of the consents; every other, or none, needs all.
pub fn strategy(name: &str) -> Needs {
    match name.trim().to_ascii_lowercase().as_str() {
        "or" | "any" => Needs::Any,
        _ => Needs::All,
    }
}

/// How many of its consents a destination needs.
pub fn needs(provider: &Provider<'_>, manager: &Manager<'_>) -> Needs {
    let stated = if provider.name == CUSTOM { provider.strategy } else { manager.strategy.or(provider.strategy) };
    stated.unwrap_or(Needs::All)
}

/// The consents of the provider that is in use. Those of another provider stop nothing, and a destination without any needs
/// none.
pub fn configured<'a>(providers: &'a [Provider<'a>], manager: &Manager<'_>) -> Option<&'a Provider<'a>> {
    providers.iter().find(|provider| provider.name == manager.name && !provider.consents.is_empty())
}

/// A device-mode destination in the browser: consents must be granted, so what is unset stops it. Without a consent
/// provider, everything loads.
pub fn browser(providers: &[Provider<'_>], manager: Option<&Manager<'_>>, visitor: &Visitor) -> Delivery {
    let consented = manager.is_none_or(|manager| match configured(providers, manager) {
        Some(provider) => suffices(needs(provider, manager), provider.consents, |id| visitor.grants(id)),
        None => true,
    });
    if consented { Delivery { events: Events::Yes, script: true } } else { Delivery::NOTHING }
}

/// A destination that RudderStack's servers feed: they only know the consents that an event names as denied, so what is
/// unset stops nothing. An event that names none goes everywhere.
pub fn server(providers: &[Provider<'_>], manager: Option<&Manager<'_>>, visitor: &Visitor) -> Events {
    let denied = |id: &str| visitor.preference(id) == Preference::Denied;
    Events::when(manager.is_none_or(|manager| match configured(providers, manager) {
        Some(provider) => suffices(needs(provider, manager), provider.consents, |id| !denied(id)),
        None => true,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONETRUST: Manager<'_> = Manager { name: "oneTrust", strategy: Some(Needs::All) };

    fn visitor(list: &[(&str, Preference)]) -> Visitor {
        let preferences = list.iter().map(|(id, preference)| ((*id).to_owned(), *preference)).collect();
        Visitor { preferences, ..Visitor::default() }
    }

    /// What the browser and the servers let through.
    fn both(provider: Provider<'_>, manager: Manager<'_>, list: &[(&str, Preference)]) -> (bool, bool) {
        let visitor = visitor(list);
        let delivery = browser(&[provider], Some(&manager), &visitor);
        assert_eq!(delivery.script, delivery.events == Events::Yes);
        (delivery.script, server(&[provider], Some(&manager), &visitor) == Events::Yes)
    }

    #[test]
    fn all_are_needed_unless_the_strategy_says_any() {
        use Preference::{Denied, Granted};
        let (one, none) = ([("a", Granted), ("b", Denied)], [("a", Denied), ("b", Denied)]);
        let consents: &[&str] = &["a", "b"];
        for (word, needs) in [("or", Needs::Any), ("any", Needs::Any), ("and", Needs::All), ("", Needs::All)] {
            assert_eq!(strategy(word), needs, "{word}");
            let provider = Provider { name: "custom", consents, strategy: Some(needs) };
            let manager = Manager { name: "custom", strategy: None };
            let any = needs == Needs::Any;
            assert_eq!(both(provider, manager, &one), (any, any), "{word}");
            assert_eq!(both(provider, manager, &none), (false, false), "{word}");
        }
    }

    #[test]
    fn what_is_unset_stops_the_browser_and_not_the_servers() {
        let provider = Provider { name: "oneTrust", consents: &["a"], strategy: None };
        assert_eq!(both(provider, ONETRUST, &[]), (false, true));
        assert_eq!(both(provider, ONETRUST, &[("a", Preference::Denied)]), (false, false));
    }

    #[test]
    fn only_a_custom_provider_takes_the_strategy_of_the_destination() {
        let provider = |name| Provider { name, consents: &["a"], strategy: Some(Needs::Any) };
        assert_eq!(needs(&provider("oneTrust"), &ONETRUST), Needs::All);
        assert_eq!(needs(&provider("custom"), &Manager { name: "custom", ..ONETRUST }), Needs::Any);
        assert_eq!(needs(&provider("iubenda"), &Manager { name: "iubenda", strategy: None }), Needs::Any);
    }

    #[test]
    fn without_consents_of_the_provider_in_use_nothing_is_asked() {
        let refused = [("a", Preference::Denied)];
        let other = Provider { name: "ketch", consents: &["a"], strategy: None };
        let empty = Provider { name: "oneTrust", consents: &[], strategy: None };
        assert_eq!(both(other, ONETRUST, &refused), (true, true));
        assert_eq!(both(empty, ONETRUST, &refused), (true, true));
        assert_eq!(browser(&[other], None, &visitor(&refused)).events, Events::Yes);
        assert_eq!(server(&[other], None, &visitor(&refused)), Events::Yes);
    }
}
