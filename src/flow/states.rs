//! What the laws of states other than California ask for.

use super::arrival::{Arrival, Arrivals};
use super::destination::{is_own_store, normal_purpose};
use super::{Facts, Map};
use crate::finding::Label;
use crate::model::states::{HOME, Sensitive, State, states};
use crate::model::{ClassSet, Entity, Profile, Value};
use crate::source::Span;

/// Classes that California and the other states alike take for sensitive. California's government numbers, log-ins, mail and
/// neural data are not sensitive everywhere, and the age of a child differs.
const SENSITIVE: [&str; 6] = ["1C", "1D", "1F", "2A", "2B", "2C"];
const GEOLOCATION: &str = "1C";
/// Uses within 11 CCR § 7027(m)(1)–(4) that the other laws leave free as well: what the consumer asked for, security, fraud,
/// safety.
const FREE_USES: [&str; 4] = ["m1", "m2", "m3", "m4"];
/// Purposes for which data is given away for something other than money.
const IN_EXCHANGE: [&str; 2] = ["marketing_coop", "enrichment_in_exchange"];

/// Where the business has consumers, in lower case.
fn regions(map: Map<'_>) -> Vec<String> {
    let declared = map.model.business.iter().flat_map(|business| business.object.texts("regions"));
    declared.map(|(region, _)| region.to_lowercase()).collect()
}

/// States other than California where the business has consumers and whose law is in force on the day. Where it declares no
/// regions, the profile tells whether it is all of them.
fn applicable(map: Map<'_>) -> Vec<&'static State> {
    let regions = regions(map);
    let everywhere = regions.iter().any(|region| region == "us") || regions.is_empty() && map.profile == Profile::Us;
    let in_force = |state: &&State| state.code != HOME && state.in_force <= map.as_of;
    let found = states().iter().filter(in_force);
    found.filter(|state| everywhere || regions.iter().any(|region| region == state.code)).collect()
}

/// Whether a list of regions covers one of them.
fn covers(entity: &Entity, code: &str) -> bool {
    let covered = |region: &str| matches!(region, "us" | "everywhere") || region == code;
    entity.object.texts("regions").any(|(region, _)| covered(&region.to_lowercase()))
}

/// Sets `missing_regions` and `missing_states` of a signal.
pub(super) fn signal(map: Map<'_>, entity: &Entity, facts: &mut Facts) {
    let limited = entity.object.get("regions").is_some();
    let regions = regions(map);
    let at_home = regions.is_empty() || regions.iter().any(|region| region == HOME || region == "us");
    let asks = |state: &&State| state.code == HOME && state.signal.is_some_and(|since| since <= map.as_of);
    let missing = at_home && limited && !covers(entity, HOME) && states().iter().any(|state| asks(&state));
    facts.texts("missing_regions", missing.then_some("California"));
    let honored = entity.object.get("honored");
    if let Some(unknown) = honored.filter(|found| matches!(found.value, Value::Unknown(_))) {
        facts.set("missing_states", unknown.value.clone());
        return;
    }
    let only_dnt = entity.object.boolean("do_not_track_only") == Some(true);
    let works = honored.is_some_and(|found| found.value == Value::Bool(true)) && !only_dnt;
    let asking = applicable(map).into_iter().filter(|state| state.signal.is_some_and(|since| since <= map.as_of));
    let open = asking.filter(|state| !works || limited && !covers(entity, state.code));
    facts.texts("missing_states", open.map(|state| state.name));
}

/// Sets what the other states say of a destination.
pub(super) fn apply(map: Map<'_>, arrivals: &Arrivals<'_>, index: usize, facts: &mut Facts) {
    let states = applicable(map);
    sales(map, &states, arrivals, index, facts);
    let asking = states.iter().filter(|state| state.sensitive == Sensitive::OptIn);
    facts.texts("opt_in_states", asking.map(|state| state.name));
    let entity = &map.model.destinations[index];
    let judged = facts.holds("receives_personal") && !is_own_store(entity) && !states.is_empty();
    let found = if judged { witnesses(arrivals, index, sensitive(), &is_free) } else { Vec::new() };
    set(facts, "sensitive_received", found);
    let (gaps, unstated) = consent_gaps(map, index);
    facts.texts("opt_in_gap", gaps.iter().map(|label| label.text.clone()));
    gaps.into_iter().for_each(|label| facts.because("opt_in_gap", label.span, label.text));
    facts.bool("opt_in_unstated", unstated);
}

/// Whether a property is used with consent, or for what needs none.
fn is_free(arrival: &Arrival<'_>) -> bool {
    arrival.declared("consent").is_some()
        || arrival.declared("limit_exempt").is_some_and(|code| FREE_USES.contains(&code))
}

/// The places of all properties on which an attribute of a destination rests.
pub(super) fn carrying(arrivals: &Arrivals<'_>, index: usize, attribute: &str) -> Vec<Span> {
    let precise = ClassSet::parse(GEOLOCATION).unwrap_or_default();
    let (wanted, consented) = match attribute {
        "sensitive_received" => (sensitive(), true),
        "sensitive_sold" => (sensitive().without(precise), false),
        "geolocation_sold" => (precise, false),
        _ => return Vec::new(),
    };
    let counts = |arrival: &Arrival<'_>| arrival.is_sure() && !(consented && is_free(arrival));
    arrivals.at(index, wanted).filter(counts).map(|arrival| arrival.property.path.span).collect()
}

fn sensitive() -> ClassSet {
    SENSITIVE.iter().filter_map(|code| ClassSet::parse(code)).collect()
}

fn set(facts: &mut Facts, name: &'static str, found: Vec<Label>) {
    facts.texts(name, found.iter().map(|label| label.text.clone()));
    found.into_iter().for_each(|label| facts.because(name, label.span, label.text));
}

/// A property for each of these classes that gets to a destination.
fn witnesses(arrivals: &Arrivals<'_>, to: usize, wanted: ClassSet, free: &dyn Fn(&Arrival<'_>) -> bool) -> Vec<Label> {
    let mut left = wanted;
    let mut found = Vec::new();
    for arrival in arrivals.at(to, wanted).filter(|arrival| arrival.is_sure() && !free(arrival)) {
        let new = arrival.classified.classes.intersection(left);
        if !new.is_empty() {
            left = left.without(new);
            found.push(Label::new(arrival.property.path.span, format!("{} ({})", new.terms(), arrival.named())));
        }
    }
    found
}

/// Sets which bans a sale to the destination meets. Sharing alone is no sale in these laws.
fn sales(map: Map<'_>, states: &[&State], arrivals: &Arrivals<'_>, index: usize, facts: &mut Facts) {
    let entity = &map.model.destinations[index];
    let purposes: Vec<String> = entity.object.texts("purposes").map(|(text, _)| normal_purpose(text)).collect();
    let exchanged = purposes.iter().any(|purpose| IN_EXCHANGE.contains(&purpose.as_str()));
    let for_money = purposes.iter().any(|purpose| purpose == "data_sale");
    let holds = |since: Option<&str>| since.is_some_and(|since| since <= map.as_of);
    let sold = |wanted: ClassSet| -> Vec<Label> {
        if facts.holds("sold") { witnesses(arrivals, index, wanted, &|_| false) } else { Vec::new() }
    };
    let precise = ClassSet::parse(GEOLOCATION).unwrap_or_default();
    let (geolocation, others) = (sold(precise), sold(sensitive().without(precise)));
    let bans: Vec<&str> = states.iter().filter(|state| holds(state.sensitive_sale)).map(|state| state.name).collect();
    facts.texts("sensitive_sale_bans", bans);
    let banning = || states.iter().filter(|state| holds(state.geolocation_sale));
    let bans: Vec<&&State> = banning().filter(|state| !state.money_only || for_money || !exchanged).collect();
    facts.bool("sale_unpriced", !for_money && bans.iter().all(|state| state.money_only));
    facts.texts("geolocation_sale_bans", bans.iter().map(|state| state.name));
    set(facts, "geolocation_sold", geolocation);
    set(facts, "sensitive_sold", others);
}

/// Why no consent comes before what a destination receives, and whether nothing says so for sure.
fn consent_gaps(map: Map<'_>, index: usize) -> (Vec<Label>, bool) {
    let entity = &map.model.destinations[index];
    let listing = map.model.categories.iter().zip(&map.links.categories);
    let gates: Vec<(&Entity, Label, Option<bool>)> = listing
        .filter_map(|(category, links)| {
            let link = links.iter().find(|link| link.index == index)?;
            let (asks, why) = asks_first(map, category);
            Some((category, Label::new(link.span, format!("category `{}` {why}", category.id.value)), asks))
        })
        .collect();
    let asks = |gate: &(&Entity, Label, Option<bool>)| gate.2 == Some(true);
    let any = entity.object.text("consent_needs") == Some("any");
    if !gates.is_empty() && if any { gates.iter().all(asks) } else { gates.iter().any(asks) } {
        return (Vec::new(), false);
    }
    if gates.is_empty() {
        let text = "no consent category lists it";
        return (vec![Label::new(entity.id.span, text)], map.model.categories.is_empty());
    }
    let open = gates.iter().any(|(_, _, asks)| asks.is_none());
    let labels = gates.into_iter().filter(|(_, _, asks)| *asks != Some(true)).map(|(_, label, _)| label);
    (labels.collect(), open)
}

/// Whether a category waits for consent, and in what words.
fn asks_first(map: Map<'_>, category: &Entity) -> (Option<bool>, &'static str) {
    let is = |name: &str| category.object.boolean(name);
    match (is("default"), category.object.text("basis"), map.model.consent_model().map(|model| model.value)) {
        _ if is("essential") == Some(true) => (Some(false), "is always on"),
        _ if is("enabled") == Some(false) => (Some(false), "is switched off, so nothing enforces it"),
        (Some(true), _, _) => (Some(false), "is on before the visitor chooses"),
        (Some(false), _, _) | (None, Some("consent"), _) => (Some(true), "waits for consent"),
        (None, Some("opt_out"), _) => (Some(false), "relies on an opt-out"),
        (None, _, Some("opt-in")) => (Some(true), "waits for consent"),
        (None, _, Some("opt-out")) => (Some(false), "is on until the visitor opts out"),
        _ => (None, "does not say whether it is on before the visitor chooses"),
    }
}
