//! Words that a value may be.

use super::{Offer, expression, facts};
use crate::cli::lsp::features::CompletionKind as Is;
use crate::cli::lsp::features::place::Place;
use crate::cli::lsp::features::shape::{Named, Value};
use crate::cli::lsp::snapshot::Snapshot;
use crate::finding::Finding;
use crate::model::kind::KINDS;
use crate::model::remedy::{REMEDIES, Remedy};
use crate::model::taxonomy::CLASSES;
use crate::model::{Entity, Origin, Profile, catalogue, normal, purposes};
use crate::output::markdown;
use crate::policy::{Rule, citations};
use std::collections::BTreeSet;

/// The most names of properties or events that are offered; more cannot be looked through.
const MANY: usize = 1000;

/// What a value may be at a place.
pub(super) fn offers(snapshot: &Snapshot, place: &Place<'_>, value: Value) -> Vec<Offer> {
    let entry = place.entry();
    let doc = entry.map_or_else(String::new, |entry| markdown(entry.doc));
    let words = |words: &[&str]| {
        let offer = |word: &&str| Offer::new(Is::Choice, *word, "").explained(doc.clone());
        words.iter().map(offer).collect::<Vec<Offer>>()
    };
    match value {
        Value::Bool => words(&["true", "false"]),
        Value::Choice(choices) => words(choices),
        Value::Text => words(&entry.map_or_else(Vec::new, |entry| named_in(entry.doc))),
        Value::Day => vec![Offer::new(Is::Choice, snapshot.day.to_string(), "the day of the run").explained(doc)],
        Value::Number | Value::Address => Vec::new(),
        Value::Classes => classes(place),
        Value::Name(named) => names(snapshot, place, named),
    }
}

/// The words in backticks of a description.
fn named_in(doc: &'static str) -> Vec<&'static str> {
    let quoted = doc.split('`').skip(1).step_by(2);
    quoted.filter(|word| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || "_-".contains(c))).collect()
}

fn classes(place: &Place<'_>) -> Vec<Offer> {
    let listed = matches!(place.path.last(), Some(super::Step::Item(_))) || place.spot.role == super::Role::Item;
    let key = place.keys().last().copied().unwrap_or_default();
    // The notice, the classification and `pi` know letters first; `spi` only the sensitive ones.
    let fits = |code: &str| key != "spi" || code.len() > 1;
    let codes = CLASSES.iter().filter(|(code, _)| fits(code)).map(|(code, term)| Offer::new(Is::Class, *code, *term));
    let none = (!listed && key == "pi").then(|| Offer::new(Is::Class, "none", "not personal"));
    codes.chain(none).collect()
}

fn names(snapshot: &Snapshot, place: &Place<'_>, named: Named) -> Vec<Offer> {
    let model = &snapshot.loaded.model;
    match named {
        Named::Destination => destinations(snapshot),
        Named::NewDestination => new_destinations(snapshot),
        Named::Catalogue => catalogue(&BTreeSet::new()),
        Named::Source => entities(&model.sources),
        Named::Category => entities(&model.categories),
        Named::Plan => distinct(model.plans.iter().map(|plan| (plan.name.value.as_str(), "tracking plan"))),
        Named::Event => distinct(model.events.iter().map(|event| (event.name.value.as_str(), event.call.name()))),
        Named::Property => {
            let properties = model.events.iter().flat_map(|event| &event.properties);
            distinct(properties.map(|property| (property.path.value.as_ref(), property.section.name())))
        }
        Named::Purpose => purposes::names().map(|name| Offer::new(Is::Choice, name, "purpose")).collect(),
        Named::Rule => rules(snapshot, None),
        Named::Pack => packs(snapshot),
        Named::Profile => {
            Profile::ALL.iter().map(|profile| Offer::new(Is::Choice, profile.name(), "profile")).collect()
        }
        Named::Subject => subjects(snapshot, place),
        Named::Citation => {
            let offer = |known: &'static crate::policy::Citation| {
                Offer::new(Is::Citation, known.name, known.duty).explained(facts::citation(known.name))
            };
            citations().iter().map(offer).collect()
        }
        Named::Remedy => remedies(place),
        Named::Kind => KINDS.iter().map(|kind| Offer::new(Is::Choice, kind.name, kind.doc)).collect(),
        Named::Attribute => super::expression::attributes(place),
        Named::Expression | Named::Message => Vec::new(),
    }
}

/// Kinds of fixes, for the subject of the rule.
fn remedies(place: &Place<'_>) -> Vec<Offer> {
    let kind = expression::kind_of(place);
    let fits = |remedy: &&Remedy| kind.is_none_or(|kind| remedy.kinds.contains(&kind.name));
    let offer = |remedy: &Remedy| {
        let detail = if remedy.safe { "a safe fix" } else { "a fix to be looked at" };
        Offer::new(Is::Choice, remedy.name, detail).explained(markdown(remedy.doc))
    };
    REMEDIES.iter().filter(fits).map(offer).collect()
}

fn distinct<'n>(names: impl Iterator<Item = (&'n str, &'n str)>) -> Vec<Offer> {
    let distinct: BTreeSet<(&str, &str)> = names.filter(|(name, _)| !name.is_empty()).collect();
    distinct.into_iter().take(MANY).map(|(name, detail)| Offer::new(Is::Id, name, detail)).collect()
}

fn entities(entities: &[Entity]) -> Vec<Offer> {
    let offer = |entity: &Entity| {
        let name = entity.object.text("name").filter(|name| *name != entity.id.value);
        let detail = name.unwrap_or(entity.kind.name);
        let offer = Offer::new(Is::Id, entity.id.value.clone(), detail);
        let purpose = entity.kind.slot("purpose").and_then(|_| entity.object.text("purpose"));
        offer.explained(purpose.map_or_else(String::new, markdown))
    };
    entities.iter().map(offer).collect()
}

/// Destinations of the project, then those of the catalogue that it does not have.
fn destinations(snapshot: &Snapshot) -> Vec<Offer> {
    let model = &snapshot.loaded.model;
    let mut offers = Vec::new();
    let mut taken = BTreeSet::new();
    for (entity, known) in model.destinations.iter().zip(&snapshot.loaded.links.known) {
        taken.insert(normal(&entity.id.value));
        taken.extend(known.map(|known| normal(known.slug)));
        let name = entity.object.text("name").or(known.map(|known| known.name)).unwrap_or("destination");
        let offer = Offer::new(Is::Id, entity.id.value.clone(), name);
        offers.push(offer.explained(known.map_or_else(String::new, facts::known)));
    }
    offers.extend(catalogue(&taken));
    offers
}

/// What a vendor's file has and the data map lacks, then the catalogue without what is declared.
fn new_destinations(snapshot: &Snapshot) -> Vec<Offer> {
    let model = &snapshot.loaded.model;
    let declared = |entity: &Entity| entity.is_from(Origin::Inventory) && !entity.implied;
    let mut taken = BTreeSet::new();
    for (entity, known) in model.destinations.iter().zip(&snapshot.loaded.links.known) {
        taken.extend(declared(entity).then(|| normal(&entity.id.value)));
        taken.extend(known.filter(|_| declared(entity)).map(|known| normal(known.slug)));
    }
    let new = model.destinations.iter().filter(|entity| !declared(entity));
    let mut offers: Vec<Offer> = new
        .map(|entity| Offer::new(Is::Id, entity.id.value.clone(), "named in another file and not declared"))
        .collect();
    taken.extend(offers.iter().map(|offer| normal(&offer.label)));
    offers.extend(catalogue(&taken));
    offers
}

fn catalogue(taken: &BTreeSet<String>) -> Vec<Offer> {
    let free = catalogue::all().iter().filter(|known| !taken.contains(&normal(known.slug)));
    let offer = |known: &catalogue::Known| {
        let detail = format!("{} ({})", known.name, known.categories.join(", "));
        Offer::new(Is::Catalogue, known.slug, detail).explained(facts::known(known))
    };
    free.map(offer).collect()
}

/// Rules; those that speak at a line come first, and then those that speak at all.
pub(super) fn rules(snapshot: &Snapshot, here: Option<&dyn Fn(&Finding) -> bool>) -> Vec<Offer> {
    let findings = || snapshot.report.findings.iter();
    let rank = |rule: &Rule| {
        let speaks = |finding: &&Finding| finding.rule == rule.id;
        let near = here.is_some_and(|here| findings().any(|finding| finding.rule == rule.id && here(finding)));
        (!near, !findings().any(|finding| speaks(&finding)))
    };
    let mut ranked: Vec<_> = snapshot.project.rules.iter().map(|rule| (rank(rule), rule)).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    let offer = |rule: &Rule| {
        let detail = format!("{}: {}", rule.level(), rule.title);
        Offer::new(Is::Rule, rule.id.clone(), detail).explained(facts::rule(rule))
    };
    ranked.into_iter().map(|(_, rule)| offer(rule)).collect()
}

fn packs(snapshot: &Snapshot) -> Vec<Offer> {
    let packs: BTreeSet<&str> =
        snapshot.project.rules.iter().filter_map(|rule| Some(rule.id.split_once('/')?.0)).collect();
    let size = |pack: &str| {
        let own =
            snapshot.project.rules.iter().filter(|rule| rule.id.split_once('/').is_some_and(|(own, _)| own == pack));
        crate::output::counted(own.count(), "rule", "rules")
    };
    packs.into_iter().map(|pack| Offer::new(Is::Rule, pack, size(pack))).collect()
}

/// Subjects of the findings of the rule that is written beside; of all findings, when none is.
fn subjects(snapshot: &Snapshot, place: &Place<'_>) -> Vec<Offer> {
    let parent = place.outline.parts[place.spot.part].parent;
    let rule = place.outline.value_at(parent, "rule");
    let report = &snapshot.report;
    let all = report.findings.iter().chain(&report.suppressed).chain(&report.baselined);
    let own = all.filter(|finding| rule.is_none_or(|rule| finding.rule == rule) && finding.subject.kind != "exception");
    let mut offers: Vec<Offer> = Vec::new();
    let mut seen = BTreeSet::new();
    for finding in own.filter(|finding| seen.insert(&finding.subject)) {
        let label = format!("{}:{}", finding.subject.kind, finding.subject.id);
        offers.push(Offer::new(Is::Id, label, finding.message.clone()).explained(markdown(&finding.message)));
    }
    offers
}
