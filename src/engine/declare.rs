//! Declarations first, the lexicon second: what each property is taken for.

use crate::classify::{Cache, Classifier, FieldName};
use crate::finding::{Problem, Stage};
use crate::model::{ClassSet, Classification, ClassifiedBy, Event, Model, Object, Property, Section, ValueHint};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use rayon::prelude::*;
use std::sync::Arc;

/// Gives every property that a field rule matches what the rule declares, where the property itself says nothing.
pub fn apply_field_rules(model: &mut Model, problems: &mut Vec<Problem>) {
    if model.fields.is_empty() {
        return;
    }
    let rules = std::mem::take(&mut model.fields);
    let mut builder = GlobSetBuilder::new();
    let mut compiled = Vec::new();
    for rule in &rules {
        match GlobBuilder::new(&rule.pattern.value).build() {
            Ok(glob) => {
                builder.add(glob);
                compiled.push(rule);
            }
            Err(error) => {
                let message = format!("the pattern does not compile: {}", error.kind());
                problems.push(Problem::at(Stage::Schema, rule.pattern.span, message).help("`*` stands for anything"));
            }
        }
    }
    if let Ok(set) = builder.build() {
        model.events.par_iter_mut().for_each(|event| {
            let matched = event.properties.iter().map(|property| matching(&set, &event.name.value, property));
            let matched: Vec<Vec<usize>> = matched.collect();
            if matched.iter().all(Vec::is_empty) {
                return;
            }
            for (property, rules) in Arc::make_mut(event).properties.iter_mut().zip(matched) {
                for rule in rules {
                    let declared = property
                        .declared
                        .get_or_insert_with(|| Box::new(Object::new(crate::model::kind::PROPERTY.fields)));
                    fill(declared, &compiled[rule].declared);
                }
            }
        });
    }
    model.fields = rules;
}

/// A pattern may name the section (`Event.properties.x`) or leave it out (`Event.x`).
fn matching(set: &GlobSet, event: &str, property: &Property) -> Vec<usize> {
    let path = &property.path.value;
    let mut matched = set.matches(format!("{event}.{}.{path}", property.section.name()));
    matched.extend(set.matches(format!("{event}.{path}")));
    matched.sort_unstable();
    matched.dedup();
    matched
}

fn fill(declared: &mut Object, rule: &Object) {
    for (slot, _) in rule.fields().iter().enumerate() {
        if let (Some(value), None) = (rule.slot(slot), declared.slot(slot)) {
            declared.put(slot, value.clone());
        }
    }
}

/// What each property of each event is taken for.
pub fn classify(model: &Model, classifier: &Classifier) -> Vec<Vec<Classification>> {
    classify_events(&model.events, classifier)
}

/// The same of some events.
pub(super) fn classify_events(events: &[Arc<Event>], classifier: &Classifier) -> Vec<Vec<Classification>> {
    let of_event = |cache: &mut Cache<'_>, event: &Arc<Event>| {
        event.properties.iter().map(|property| one(event, property, classifier, cache)).collect()
    };
    // Plans repeat the same names in every event, so each thread keeps what it has seen.
    events.par_iter().with_min_len(64).map_init(|| Cache::new(classifier), of_event).collect()
}

/// Classes whose names leave no doubt, besides the sensitive ones. The rest depends on what a thing is about: a price is
/// personal only beside the person who paid it.
const SURE: [&str; 5] = ["A", "B", "C", "E", "J"];
/// Sensitive classes that a name alone does not tell: contents of mail depend on who was meant to read it, and whose data
/// is that of a child is a question of its own.
const UNSURE: [&str; 2] = ["1E", "R4"];
/// Decimals of a coordinate from which on it tells a place within 1,850 feet (Cal. Civ. Code § 1798.140(w)).
const PRECISE_DECIMALS: i64 = 3;

fn one(event: &Event, property: &Property, classifier: &Classifier, cache: &mut Cache<'_>) -> Classification {
    let said = property.declared.as_deref().and_then(|object| Some((object, declared(object)?)));
    let name = by_name(event, property, classifier, cache);
    let values = by_values(property, cache);
    let Some((object, declared)) = said else { return both(name, values) };
    // Who declares what the name tells says that it is that number or password, not that it may be sent.
    let agrees = !name.classes.sensitive().intersection(declared.classes).is_empty();
    let restricted = name.restricted && agrees && object.text("transformation") != Some("mask");
    let doubts = values.iter().chain([&name]).map(|told| conflict(object, declared.classes, told));
    let conflict = if is_doubtful(object) { doubts.collect() } else { ClassSet::EMPTY };
    Classification { conflict, restricted, ..declared }
}

/// What the name and the listed values tell.
fn by_name(event: &Event, property: &Property, classifier: &Classifier, cache: &mut Cache<'_>) -> Classification {
    let field = FieldName {
        path: &property.path.value,
        section: property.section,
        call: Some(event.call),
        hint: property.hint,
    };
    if property.values.is_empty() {
        return cache.classify(field).clone();
    }
    let values: Vec<&str> = property.values.iter().map(AsRef::as_ref).collect();
    classifier.classify_with_values(field, &values)
}

/// What values in real events tell: what a field of such a name would be.
fn by_values(property: &Property, cache: &mut Cache<'_>) -> Option<Classification> {
    let seen = property.seen.as_deref()?;
    let field = FieldName { path: seen.like?, section: Section::Properties, call: None, hint: ValueHint::default() };
    let by = ClassifiedBy::Values(seen.words.clone());
    Some(Classification { by, ..cache.classify(field).clone() })
}

/// What the name and the values tell together; the name goes first where both tell something.
fn both(name: Classification, values: Option<Classification>) -> Classification {
    let Some(values) = values else { return name };
    if name.classes.is_empty() {
        return values;
    }
    let classes = name.classes.union(values.classes);
    Classification { classes, restricted: name.restricted || values.restricted, ..name }
}

/// Whether a declaration may be doubted: who gave a reason, or did something to the values, knows better than a name.
fn is_doubtful(declared: &Object) -> bool {
    let explained = ["reason", "deidentified", "publicly_available"].iter().any(|name| declared.get(name).is_some());
    let changed = declared.text("transformation").is_some_and(|done| !matches!(done, "none" | "round"));
    !explained && !changed
}

/// What the name tells for sure and the declaration lacks.
fn conflict(declared: &Object, classes: ClassSet, name: &Classification) -> ClassSet {
    let score = match &name.by {
        ClassifiedBy::Lexicon { score, .. } => *score,
        ClassifiedBy::Values(_) => 1.0,
        _ => return ClassSet::EMPTY,
    };
    let set = |codes: &[&str]| codes.iter().filter_map(|code| ClassSet::parse(code)).collect::<ClassSet>();
    let mut lacking = name.classes.sensitive().without(classes).without(set(&UNSURE));
    let decimals = declared.integer("precision_decimals");
    if decimals.is_some_and(|decimals| decimals < PRECISE_DECIMALS) || declared.text("transformation") == Some("round")
    {
        lacking = lacking.without(set(&["1C"]));
    }
    // Letter L says that it is sensitive, if not how.
    if classes.contains(set(&["L"])) {
        lacking = ClassSet::EMPTY;
    }
    if lacking.is_empty() && classes.is_empty() && score >= 1.0 {
        lacking = name.classes.intersection(set(&SURE));
    }
    lacking
}

/// The classes that a declaration gives; `none`, deidentified and publicly available data are not personal.
fn declared(object: &Object) -> Option<Classification> {
    let place = ["pi", "spi", "deidentified", "publicly_available"].iter().find_map(|name| object.get(name))?;
    let off = ["deidentified", "publicly_available"].iter().any(|name| object.boolean(name) == Some(true));
    if object.get("pi").is_none() && object.get("spi").is_none() && !off {
        return None;
    }
    let codes =
        ["pi", "spi"].into_iter().flat_map(|name| object.texts(name)).filter_map(|(code, _)| ClassSet::parse(code));
    let classes = if off { ClassSet::EMPTY } else { codes.collect() };
    Some(Classification { classes, by: ClassifiedBy::Declared, place: Some(place.span), ..Classification::default() })
}
