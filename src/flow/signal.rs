//! Facts of opt-out preference signals.

use super::business::set_disclosing;
use super::gate::controls_optout;
use super::{Facts, Map, disclosing};
use crate::model::{Entity, normal};
use crate::source::Span;

/// Identifiers by which a consumer who logged in is known.
const KNOWN_BY: [&str; 7] = ["userid", "email", "accountid", "customerid", "memberid", "loginid", "username"];

pub(super) fn facts(map: Map<'_>, destinations: &[Facts], entity: &Entity) -> Facts {
    let mut facts = Facts::new(entity);
    set_disclosing(map, destinations, &mut facts);
    super::states::signal(map, entity, &mut facts);
    unmapped(map, destinations, entity, &mut facts);
    let gaps = scope_gaps(map, entity);
    facts.texts("scope_gaps", gaps.iter().map(|(text, _)| text.as_str()));
    gaps.into_iter().for_each(|(text, place)| facts.because("scope_gaps", place, text));
    facts
}

/// Sets `unmapped`: the categories that carry out the opt-out and stay on, where they alone hold a disclosure back.
fn unmapped(map: Map<'_>, destinations: &[Facts], entity: &Entity, facts: &mut Facts) {
    let categories = &map.model.categories;
    let carrying: Vec<usize> = (0..categories.len()).filter(|at| controls_optout(&categories[*at])).collect();
    let every = entity.object.get("categories").is_none();
    let off = |at: usize| every || entity.object.has_text("categories", &categories[at].id.value);
    let lists = |at: usize, destination: usize| map.links.categories[at].iter().any(|link| link.index == destination);
    let held = |destination: usize| {
        let mut listing = carrying.iter().filter(|at| lists(**at, destination));
        let any = map.model.destinations[destination].object.text("consent_needs") == Some("any");
        if any { listing.all(|at| off(*at)) } else { listing.any(|at| off(*at)) }
    };
    let open: Vec<(usize, &str)> = disclosing(map, destinations).filter(|(at, _)| !held(*at)).collect();
    let mut left = Vec::new();
    for at in carrying.iter().copied().filter(|at| !off(*at)) {
        let behind: Vec<&str> = open.iter().filter(|(one, _)| lists(at, *one)).map(|(_, name)| *name).collect();
        if !behind.is_empty() {
            let category = &categories[at].id;
            left.push(format!("`{}` ({})", category.value, behind.join(", ")));
            facts.because("unmapped", category.span, "carries out the opt-out, and stays on");
        }
    }
    facts.texts("unmapped", left);
}

/// What of a consumer the opt-out leaves out.
fn scope_gaps(map: Map<'_>, entity: &Entity) -> Vec<(String, Span)> {
    let mut gaps = Vec::new();
    let known: Vec<(&Entity, &str)> =
        map.model.sources.iter().filter_map(|source| Some((source, login(source)?))).collect();
    if let Some(applies) = entity.object.get("applies_to") {
        let lacks = |word: &str| !entity.object.has_text("applies_to", word);
        for (word, what) in [("browser", "the browser"), ("pseudonymous_profile", "pseudonymous profiles")] {
            if lacks(word) {
                gaps.push((format!("`applies_to` leaves out {what}"), applies.span));
            }
        }
        if let Some((source, key)) = known.first().filter(|_| lacks("account")) {
            let text = format!(
                "`applies_to` leaves out accounts, while source `{}` knows consumers by {key}",
                source.id.value
            );
            gaps.push((text, applies.span));
        }
    } else {
        let text = "nothing says what it opts out besides this visit (`applies_to`)";
        gaps.push((text.to_owned(), entity.id.span));
    }
    let request = map.model.requests.iter().find(|request| request.id.value == "opt_out");
    let scope = request.and_then(|request| request.object.get("scope"));
    let narrow = scope.filter(|scope| matches!(scope.value.display().as_str(), "device" | "source"));
    let pair = known.iter().enumerate().find_map(|(at, one)| {
        let other = known[at + 1..].iter().find(|other| same_consumers(one.0, other.0))?;
        Some((one, other))
    });
    if let (Some(scope), Some(((one, key), (other, _)))) = (narrow, pair) {
        let text = format!(
            "an opt-out holds for one {}, while sources `{}` and `{}` know the same consumers by {key}",
            scope.value.display(),
            one.id.value,
            other.id.value
        );
        gaps.push((text, scope.span));
    }
    gaps
}

/// The identifier by which a source knows who logged in.
fn login(source: &Entity) -> Option<&str> {
    let on = source.object.boolean("enabled") != Some(false) && source.object.get("exempt").is_none();
    source.object.texts("identity").map(|(key, _)| key).find(|key| on && KNOWN_BY.contains(&normal(key).as_str()))
}

/// Whether two sources know consumers by the same identifier, and under the same brand as far as one is declared.
fn same_consumers(one: &Entity, other: &Entity) -> bool {
    let brand = |source: &Entity| source.object.text("brand").map(normal);
    let apart = matches!((brand(one), brand(other)), (Some(one), Some(other)) if one != other);
    let keys = |source: &Entity| -> Vec<String> {
        source
            .object
            .texts("identity")
            .map(|(key, _)| normal(key))
            .filter(|key| KNOWN_BY.contains(&key.as_str()))
            .collect()
    };
    let others = keys(other);
    !apart && keys(one).iter().any(|key| others.contains(key))
}

/// Sets `frictionless` and `frictionless_gaps` of the business: what lets the opt-out link be left out (11 CCR
/// § 7025(g)).
pub(super) fn frictionless(map: Map<'_>, business: &Entity, facts: &mut Facts) {
    let claims = map.model.signals.iter().filter_map(|signal| Some((signal, claim(signal)?)));
    let Some((signal, place)) = claims.into_iter().next() else {
        facts.bool("frictionless", false);
        facts.texts("frictionless_gaps", Vec::<String>::new());
        return;
    };
    let mut gaps = Vec::new();
    if signal.object.boolean("honored") != Some(true) {
        gaps.push("the signal is not honored");
    }
    if business.object.boolean("links.privacy_policy.explains_signal") != Some(true) {
        gaps.push("the privacy policy is not said to explain it (`explains_signal`)");
    }
    let online = business.object.boolean("online_only") == Some(true);
    if !online && !signal.object.has_text("applies_to", "offline") {
        gaps.push("what is sold or shared offline is not said to stop (`applies_to`, `online_only`)");
    }
    if map.model.banners.iter().any(|banner| banner.object.boolean("shown_on_signal") == Some(true)) {
        gaps.push("a banner pops up in answer to it");
    }
    facts.bool("frictionless", gaps.is_empty());
    gaps.iter().for_each(|gap| facts.because("frictionless_gaps", place, format!("frictionless, but {gap}")));
    facts.texts("frictionless_gaps", gaps);
}

/// Where a signal is said to be processed in a frictionless manner.
pub(super) fn claim(signal: &Entity) -> Option<Span> {
    let claim = signal.object.get("frictionless")?;
    (signal.object.boolean("frictionless") == Some(true)).then_some(claim.span)
}
