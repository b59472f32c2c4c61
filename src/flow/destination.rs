//! What a destination is to the consumer: does it get a sale, a share, a third party's copy?

use super::drift::is_consent_type;
use super::gate::is_wrapped;
use super::reach::{Reach, is_dataset, presumed_fed};
use super::{Facts, Map, display};
use crate::model::catalogue::Known;
use crate::model::{Entity, Origin, Value};
use crate::source::Span;

/// Purposes that are cross-context behavioral advertising (Cal. Civ. Code § 1798.140(k)).
const ADVERTISING: [&str; 6] = ["retargeting", "custom_audience", "lookalike", "cross_context_ads", "rtb", "ccba"];
/// Purposes for which data is given away for money or other valuable consideration (§ 1798.140(ad)).
const SALE: [&str; 3] = ["data_sale", "marketing_coop", "enrichment_in_exchange"];
/// Purposes that only tell a recipient of an opt-out (§ 1798.140(ad)(2)(B), (ah)(2)(B)).
const SIGNALLING: [&str; 2] = ["optout_signal", "suppression"];
/// Catalogue categories whose vendors use data for their own or other businesses' advertising.
const PRESUMED: [&str; 2] = ["Advertising", "Referrals"];
/// Segment's open-source Consent Manager.
const OPEN_SOURCE: &str = "segment-consent-manager";
/// Managers whose consent is enforced by Segment.
pub(super) const ON_SEGMENT: [&str; 3] = ["segment", "onetrust", "trustarc"];

pub(super) fn facts(map: Map<'_>, reach: &Reach, index: usize) -> Facts {
    let entity = &map.model.destinations[index];
    let known = map.links.known[index];
    let mut facts = Facts::new(entity);
    if let Some(known) = known {
        facts.text("known", known.slug);
        facts.texts("catalogue_categories", known.categories.iter().copied());
    } else {
        facts.texts("catalogue_categories", Vec::<String>::new());
    }
    categories(map, &reach.paths[index], index, &mut facts);
    activity(map, reach, index, &mut facts);
    let carried = &reach.destinations[index];
    let codes = carried.classes.letters().union(carried.classes);
    facts.texts("reach", codes.codes());
    for (code, witness) in &carried.witnesses {
        let property = &map.model.events[witness.event].properties[witness.property];
        facts.because("reach", property.path.span, format!("{code}: `{}`", property.path.value));
    }
    let receives = !carried.classes.is_empty() && facts.holds("active");
    facts.bool("receives_personal", receives);
    disclosure(entity, known, receives, &mut facts);
    super::notice::sale(map, reach, index, &mut facts);
    third_party(entity, &mut facts);
    deletion(map, entity, known, &reach.paths[index], &mut facts);
    enforcement(map, &reach.paths[index], entity, known, &mut facts);
    facts
}

fn categories(map: Map<'_>, paths: &[usize], index: usize, facts: &mut Facts) {
    let mut ids = Vec::new();
    for (category, links) in map.model.categories.iter().zip(&map.links.categories) {
        if let Some(link) = links.iter().find(|link| link.index == index) {
            ids.push(category.id.value.clone());
            facts.because("categories", link.span, format!("in consent category `{}`", category.id.value));
        }
    }
    let counted = ids.iter().filter(|id| !is_consent_type(id)).count();
    // Segment and the wrappers require all categories; the open-source manager likewise lets one refusal win.
    let several = counted > 1 && map.model.manager().is_some_and(|manager| ON_SEGMENT.contains(&manager.value));
    let visitors = |source: &usize| !is_dataset(&map.model.sources[*source]);
    // What a store passes on is no event that a category could stop.
    let derived = !map.links.derived[index].is_empty();
    let fed = !derived && (paths.is_empty() || paths.iter().any(visitors));
    facts.bool("mapping_known", fed && (map.model.declared || !map.model.categories.is_empty()));
    facts.bool("categories_known", !map.model.categories.is_empty());
    facts.bool("needs_all", several);
    facts.bool("kept_off", ids.is_empty() && is_kept_off(map, paths));
    facts.texts("categories", ids);
}

/// Whether the open-source Consent Manager keeps a destination off that none of its categories lists: custom categories
/// replace the built-in ones, and it is the page alone that feeds it.
fn is_kept_off(map: Map<'_>, paths: &[usize]) -> bool {
    let manager = || map.model.consents.iter().filter(|consent| consent.object.text("manager") == Some(OPEN_SOURCE));
    let keeps = |consent: &Entity| match consent.object.get("new_destinations") {
        None => true,
        Some(_) => matches!(consent.object.text("new_destinations"), Some("disable" | "ask" | "imply")),
    };
    let web = |source: &usize| matches!(map.model.sources[*source].object.text("platform"), None | Some("web"));
    let custom = map.model.categories.iter().any(|category| category.object.get("destinations").is_some());
    manager().next().is_some() && manager().all(keeps) && custom && paths.iter().all(web)
}

fn activity(map: Map<'_>, reach: &Reach, index: usize, facts: &mut Facts) {
    let entity = &map.model.destinations[index];
    let enabled = entity.object.boolean("enabled") != Some(false);
    let paths = &reach.paths[index];
    let presumed = presumed_fed(map, paths, index);
    let fed = presumed || !paths.is_empty();
    let pipe = is_pipe(entity, map.links.known[index]);
    facts.bool("active", enabled && fed && !pipe);
    if pipe {
        facts.because("active", entity.id.span, "the way into Segment, not a recipient behind it");
    }
    facts.texts("paths", paths.iter().map(|source| display(&map.model.sources[*source])));
    if !enabled && let Some(value) = entity.object.get("enabled") {
        facts.because("active", value.span, "switched off");
    }
    if presumed {
        facts.because("active", entity.id.span, "no source is declared, so it is presumed to be fed");
    }
    for link in map.links.derived[index].iter().filter(|_| fed) {
        let store = display(&map.model.destinations[link.index]);
        facts.because("active", link.span, format!("filled from {store}"));
        facts.because("derived_store", link.span, format!("filled from {store}"));
    }
    let own = match entity.object.text("role") {
        Some(role) => role == "internal",
        None => map.links.known[index].is_none(),
    };
    facts.bool("derived_store", own && !map.links.derived[index].is_empty());
    for source in paths {
        let source = &map.model.sources[*source];
        facts.because("active", source.id.span, format!("fed by source `{}`", source.id.value));
        facts.because("paths", source.id.span, format!("source `{}`", source.id.value));
    }
}

/// Whether a vendor's file names Segment's own endpoint, which the settings of analytics.js list beside destinations.
fn is_pipe(entity: &Entity, known: Option<&Known>) -> bool {
    let inventoried = entity.origins.is_empty() || entity.is_from(Origin::Inventory);
    !inventoried && known.is_some_and(|known| known.slug == "segment-io")
}

/// A purpose in one spelling: `Custom-Audiences` is `custom_audience`.
pub fn normal_purpose(purpose: &str) -> String {
    let word = purpose.trim().to_lowercase().replace(['-', ' '], "_");
    word.strip_suffix('s').filter(|stem| ADVERTISING.contains(stem)).map_or(word.clone(), str::to_owned)
}

/// Whether a purpose is a sale or cross-context behavioral advertising.
pub fn is_disclosing(purpose: &str) -> bool {
    let word = normal_purpose(purpose);
    ADVERTISING.contains(&word.as_str()) || SALE.contains(&word.as_str())
}

fn purposes(entity: &Entity) -> Vec<(String, Span)> {
    entity.object.texts("purposes").map(|(purpose, span)| (normal_purpose(purpose), span)).collect()
}

/// Whether it gets data only to learn of an opt-out, which is neither a sale nor sharing.
pub(super) fn only_signals(entity: &Entity) -> bool {
    let purposes = purposes(entity);
    !purposes.is_empty() && purposes.iter().all(|(purpose, _)| SIGNALLING.contains(&purpose.as_str()))
}

fn disclosure(entity: &Entity, known: Option<&Known>, receives: bool, facts: &mut Facts) {
    let purposes = purposes(entity);
    let among = |list: &[&str]| purposes.iter().find(|(purpose, _)| list.contains(&purpose.as_str())).cloned();
    let advertising = among(&ADVERTISING);
    if let Some((purpose, span)) = &advertising {
        facts.because("ccba", *span, format!("purpose `{purpose}` is cross-context behavioral advertising"));
        facts.because("discloses", *span, format!("purpose `{purpose}` is cross-context behavioral advertising"));
    }
    facts.bool("ccba", advertising.is_some());
    let sale = among(&SALE);
    if let Some((purpose, span)) = &sale {
        facts.because("discloses", *span, format!("purpose `{purpose}` is a sale"));
    }
    let mut declared = false;
    for (name, word) in [("sells", "declared as a sale"), ("shares", "declared as sharing")] {
        let Some(value) = entity.object.get(name).filter(|value| value.value == Value::Bool(true)) else { continue };
        declared = true;
        facts.because("discloses", value.span, word);
    }
    let presumed = presumed_shares(entity, known, advertising.is_some() || sale.is_some() || declared);
    facts.bool("presumed_shares", presumed.is_some());
    let basis = presumed.map_or_else(
        || "is sold or shared".to_owned(),
        |category| format!("is presumed to be shared (the catalogue lists it under {category})"),
    );
    facts.text("basis", basis);
    if let Some(category) = presumed {
        let text = format!(
            "presumed to share: the catalogue lists it under {category}; declare `role` or `shares` to override"
        );
        facts.because("presumed_shares", entity.id.span, text.clone());
        facts.because("discloses", entity.id.span, text);
    }
    let directed = entity.object.boolean("consumer_directed") == Some(true);
    let any = advertising.is_some() || sale.is_some() || declared || presumed.is_some();
    let counts = receives && !directed && !only_signals(entity);
    facts.bool("discloses", any && counts);
    facts.bool("sold", counts && (sale.is_some() || entity.object.boolean("sells") == Some(true)));
}

/// The catalogue category on which sharing is presumed; any declaration that speaks of it overrides.
fn presumed_shares(entity: &Entity, known: Option<&Known>, decided: bool) -> Option<&'static str> {
    // What cannot be read does not override.
    let spoken = ["shares", "sells"].iter().any(|name| entity.object.boolean(name).is_some());
    let own_role = matches!(entity.object.text("role"), Some("service_provider" | "contractor" | "internal"));
    if decided || spoken || own_role {
        return None;
    }
    // A tool that is also listed under other categories is usually a service with an advertising use; its first
    // category says what it is.
    known?.categories.first().copied().filter(|first| PRESUMED.contains(first))
}

fn third_party(entity: &Entity, facts: &mut Facts) {
    let role = entity.object.text("role");
    let contract = entity.object.text("contract.ref").is_some();
    let (presumed, why) = match role {
        Some("third_party") => (true, "declared as a third party"),
        Some("service_provider" | "contractor") if !contract => (true, "no contract is referred to (11 CCR § 7050(e))"),
        Some(_) => (false, "the role is declared"),
        None if is_own_store(entity) || facts.holds("derived_store") => (false, "a store of your own"),
        None => (true, "no role is declared"),
    };
    let place = entity.object.get("role").map_or(entity.id.span, |role| role.span);
    let unstated =
        presumed && (role.is_none() || (role != Some("third_party") && entity.object.get("contract").is_none()));
    facts.bool("recipient_unstated", unstated);
    facts.bool("presumed_third_party", presumed);
    facts.because("presumed_third_party", place, why);
}

/// Warehouses and files are storage that the business controls, unless declared otherwise.
pub(super) fn is_own_store(entity: &Entity) -> bool {
    let role = entity.object.text("role");
    role == Some("internal") || (role.is_none() && matches!(entity.object.text("mode"), Some("warehouse")))
}

/// Whether a destination keeps raw events that can be looked up.
pub(super) fn is_raw_store(entity: &Entity, known: Option<&Known>) -> bool {
    let raw = known
        .is_some_and(|known| known.categories.iter().any(|category| matches!(*category, "Raw Data" | "Warehouses")));
    let closed = matches!(entity.object.text("access.via"), Some("none"));
    let warehouse = entity.object.text("mode") == Some("warehouse");
    let own = entity.object.text("role") == Some("internal") && entity.object.get("access.via").is_some();
    !closed && (warehouse || raw || own) && entity.object.boolean("transient") != Some(true)
}

fn deletion(map: Map<'_>, entity: &Entity, known: Option<&Known>, paths: &[usize], facts: &mut Facts) {
    let delete = map.model.requests.iter().find(|request| request.id.value == "delete");
    facts.bool("forwardable", known.is_some_and(|known| known.forwards_deletion));
    let lacks =
        matches!(entity.object.get("deletion.set_up").map(|found| &found.value), None | Some(Value::Bool(false)));
    if let Some(needs) = known.and_then(|known| known.forwarding_needs).filter(|_| lacks) {
        facts.text("forwarding_needs", needs);
    }
    if let Some(regulation) = delete.and_then(|request| request.object.get("regulation")) {
        facts.text("delete_regulation", regulation.value.display());
        facts.because("delete_regulation", regulation.span, "the regulation that deletion requests use");
    }
    facts.bool("deletion_key_open", delete.is_some_and(|request| keys_open(map, request, paths)));
    if let Some(gap) = delete.and_then(|request| key_gap(map, entity, request, paths)) {
        facts.text("deletion_key_gap", gap.0);
        facts.because("deletion_key_gap", gap.1, "deletion requests use this key");
    }
}

/// Whether declarations are missing that could lead from the key of a request to a destination.
fn keys_open(map: Map<'_>, request: &Entity, paths: &[usize]) -> bool {
    let silent = |source: &usize| map.model.sources[*source].object.get("identity").is_none();
    request.object.get("maps").is_none() && (paths.is_empty() || paths.iter().any(silent))
}

/// Why the key of a deletion request does not lead to the destination's own key.
fn key_gap(map: Map<'_>, entity: &Entity, request: &Entity, paths: &[usize]) -> Option<(String, Span)> {
    let given = request.object.get("key")?;
    let from = crate::model::normal(&given.value.display());
    let fed = || paths.iter().map(|source| &map.model.sources[*source]);
    let carries =
        |source: &Entity, key: &str| source.object.texts("identity").any(|(name, _)| crate::model::normal(name) == key);
    if let Some(key) = entity.object.text("deletion.key") {
        let to = crate::model::normal(key);
        let mapped = request.object.texts("maps").any(|(name, _)| crate::model::normal(name) == to);
        let together = map
            .model
            .sources
            .iter()
            .any(|source| carries(source, &from) && (carries(source, &to) || sends(map, source, &to)));
        if to == from || mapped || together {
            return None;
        }
        return Some((
            format!(
                "it deletes by `{key}`, requests come with `{}`, and nothing maps one to the other",
                given.value.display()
            ),
            given.span,
        ));
    }
    let mut declared = fed().filter(|source| !source.object.list("identity").is_empty()).peekable();
    declared.peek()?;
    let reachable = declared.any(|source| {
        carries(source, &from)
            || request.object.texts("maps").any(|(name, _)| carries(source, &crate::model::normal(name)))
    });
    (!reachable).then(|| (format!("none of the sources that feed it carries `{}`", given.value.display()), given.span))
}

/// Whether a source sends a property or trait of this name.
fn sends(map: Map<'_>, source: &Entity, name: &str) -> bool {
    let index = map.model.sources.iter().position(|other| std::ptr::eq(other, source));
    map.model.events.iter().zip(&map.links.events).any(|(event, senders)| {
        index.is_some_and(|index| senders.contains(&index))
            && event.properties.iter().any(|property| crate::model::normal(property.name()) == name)
    })
}

fn enforcement(map: Map<'_>, paths: &[usize], entity: &Entity, known: Option<&Known>, facts: &mut Facts) {
    let sources: Vec<Option<&Entity>> = match paths {
        [] => vec![None],
        paths => paths.iter().map(|source| Some(&map.model.sources[*source])).collect(),
    };
    if let Some((why, place)) = sources.into_iter().find_map(|source| unenforced(map, source, entity, known)) {
        facts.text("unenforced_type", why);
        facts.because("unenforced_type", place, why);
    }
}

/// Destinations for which Segment does not enforce consent (Segment documentation, consent in Connections): why, and where
/// that is said. In device mode a wrapper in the page holds events back by itself (package `@segment/analytics-consent-tools`).
pub(super) fn unenforced(
    map: Map<'_>,
    source: Option<&Entity>,
    entity: &Entity,
    known: Option<&Known>,
) -> Option<(&'static str, Span)> {
    if !map.model.manager().is_some_and(|manager| ON_SEGMENT.contains(&manager.value)) {
        return None;
    }
    let s3 = known.is_some_and(|known| matches!(known.slug, "amazon-s3" | "aws-s3"));
    let why = match entity.object.text("mode") {
        _ if s3 => "AWS S3 destinations do not enforce consent",
        Some("audience") => "Engage destinations do not enforce consent",
        Some("device") if entity.object.boolean("destination_filters") == Some(false) && !is_wrapped(map, source) => {
            "device mode enforces consent only with Destination Filters enabled"
        }
        _ => return None,
    };
    Some((why, entity.object.get("mode").map_or(entity.id.span, |mode| mode.span)))
}
