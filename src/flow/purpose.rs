//! What a destination receives beyond its purposes, or against those that the data was collected for.

use super::arrival::{Arrival, Arrivals};
use super::destination::{is_own_store, normal_purpose};
use super::reach::Reach;
use super::{Facts, Map};
use crate::model::purposes::{Purpose, purpose};
use crate::model::{ClassSet, Entity};
use crate::source::Span;
use std::collections::HashMap;

/// Classes that many purposes never need; the others come with any use of a website or app.
const WATCHED: [&str; 6] = ["B", "C", "E", "H", "I", "J"];
const FILTERS: [&str; 3] = ["filters.drop_events", "filters.drop_properties", "filters.allow_properties"];

/// What the notice says that each class is collected for; `None` where it states none, or one in words of its own.
pub(super) struct Noticed(Vec<(ClassSet, Option<Vec<&'static str>>)>);

impl Noticed {
    pub(super) fn of(map: Map<'_>) -> Self {
        let rows = map.model.notices.iter().map(|notice| {
            let codes = ["pi", "spi"].into_iter().flat_map(|name| notice.object.texts(name));
            let classes: ClassSet = codes.filter_map(|(code, _)| ClassSet::parse(code)).collect();
            (classes, purposes(notice).map(|stated| stated.into_iter().map(|row| row.name).collect()))
        });
        Self(rows.collect())
    }

    /// The purposes declared for any of these classes; `None` where there is none, or one that cannot be compared.
    fn purposes(&self, classes: ClassSet) -> Option<Vec<&'static str>> {
        let all = classes.union(classes.letters());
        let rows = self.0.iter().filter(|(listed, _)| !listed.intersection(all).is_empty());
        let stated: Option<Vec<&Vec<_>>> = rows.map(|(_, purposes)| purposes.as_ref()).collect();
        let mut found: Vec<&str> = stated?.into_iter().flatten().copied().collect();
        found.dedup();
        (!found.is_empty()).then_some(found)
    }
}

/// The declared purposes, if there are any and the table knows them all.
fn purposes(entity: &Entity) -> Option<Vec<&'static Purpose>> {
    let found: Option<Vec<_>> =
        entity.object.texts("purposes").map(|(text, _)| purpose(&normal_purpose(text))).collect();
    found.filter(|found| !found.is_empty())
}

/// Sets `overcollected` and `incompatible`.
pub(super) fn apply(
    map: Map<'_>,
    reach: &Reach,
    arrivals: &Arrivals<'_>,
    noticed: &Noticed,
    index: usize,
    facts: &mut Facts,
) {
    let entity = &map.model.destinations[index];
    let judged = facts.holds("receives_personal") && !is_own_store(entity);
    let purposes = purposes(entity).filter(|_| judged);
    let unneeded = purposes.as_deref().map_or(ClassSet::EMPTY, |purposes| unneeded(entity, purposes, facts));
    let found = overcollected(arrivals, index, unneeded, facts);
    facts.texts("overcollected", found);
    let consented = consents(map, index);
    let found = match purposes.filter(|_| !consented) {
        Some(purposes) => {
            let mut found = incompatible(arrivals, noticed, index, &purposes, facts);
            found.extend(context(reach, noticed, index, &purposes));
            found
        }
        None => Vec::new(),
    };
    facts.texts("incompatible", found);
}

/// The watched classes that none of its purposes may need.
fn unneeded(entity: &Entity, purposes: &[&Purpose], facts: &Facts) -> ClassSet {
    if FILTERS.iter().any(|list| entity.object.get(list).is_some()) {
        return ClassSet::EMPTY;
    }
    let letters: ClassSet = WATCHED.iter().filter_map(|code| ClassSet::parse(code)).collect();
    // Sensitive data that is sold or shared is a matter of its own.
    let sensitive = if facts.holds("discloses") { ClassSet::EMPTY } else { ClassSet::every().sensitive() };
    let needs: Option<ClassSet> = purposes.iter().map(|purpose| purpose.may_need).collect();
    needs.map_or(ClassSet::EMPTY, |needs| letters.union(sensitive).without(needs))
}

fn overcollected(arrivals: &Arrivals<'_>, index: usize, unneeded: ClassSet, facts: &mut Facts) -> Vec<String> {
    let mut left = unneeded;
    let mut found = Vec::new();
    if left.is_empty() {
        return found;
    }
    for arrival in excess(arrivals, index, unneeded) {
        let new = arrival.classified.classes.intersection(left);
        if new.is_empty() {
            continue;
        }
        left = left.without(new);
        found.push(format!("{} ({})", new.terms(), arrival.named()));
        facts.because("overcollected", arrival.property.path.span, new.terms());
        if left.is_empty() {
            break;
        }
    }
    found
}

/// The properties that carry what none of its purposes may need.
fn excess<'a>(arrivals: &Arrivals<'a>, index: usize, unneeded: ClassSet) -> impl Iterator<Item = Arrival<'a>> {
    let sensitive = ClassSet::every().sensitive();
    let spared = unneeded.intersection(sensitive).is_empty();
    arrivals.at(index, unneeded).filter(move |arrival| {
        // What is sensitive besides is judged as that, or not at all.
        let other = spared && !arrival.classified.classes.intersection(sensitive).is_empty();
        let declared = arrival.property.declared.as_ref().is_some_and(|object| object.get("purposes").is_some());
        arrival.is_sure() && !other && !declared
    })
}

/// The places of all properties on which `overcollected` rests.
pub(super) fn overcollecting(map: Map<'_>, arrivals: &Arrivals<'_>, index: usize, facts: &Facts) -> Vec<Span> {
    let entity = &map.model.destinations[index];
    let unneeded = purposes(entity).map_or(ClassSet::EMPTY, |purposes| unneeded(entity, &purposes, facts));
    if unneeded.is_empty() {
        return Vec::new();
    }
    excess(arrivals, index, unneeded).map(|arrival| arrival.property.path.span).collect()
}

/// Whether a category that relies on consent turns it on: consent was asked for what the notice does not say.
fn consents(map: Map<'_>, index: usize) -> bool {
    let listing = map.model.categories.iter().zip(&map.links.categories);
    listing.filter(|(_, links)| links.iter().any(|link| link.index == index)).any(|(category, _)| {
        category.object.text("basis") == Some("consent") && category.object.boolean("essential") != Some(true)
    })
}

/// What was collected for other purposes only. Where most properties declare nothing, the classes decide, so that the
/// answer is kept by class.
fn incompatible(
    arrivals: &Arrivals<'_>,
    noticed: &Noticed,
    index: usize,
    purposes: &[&Purpose],
    facts: &mut Facts,
) -> Vec<String> {
    let fits = |stated: &[&str]| purposes.iter().any(|purpose| stated.iter().any(|other| purpose.lies_within(other)));
    let mut by_class: HashMap<ClassSet, Option<String>> = HashMap::new();
    let mut seen = ClassSet::EMPTY;
    let mut found = Vec::new();
    for arrival in arrivals.at(index, ClassSet::every()).filter(Arrival::is_sure) {
        let classes = arrival.classified.classes;
        if seen.contains(classes) || arrival.declared("consent").is_some() {
            continue;
        }
        let notice = by_class.entry(classes).or_insert_with(|| match noticed.purposes(classes) {
            Some(stated) if !fits(&stated) => Some(stated.join(", ")),
            Some(_) => Some(String::new()),
            None => None,
        });
        let Some(stated) = stated_against(&arrival, notice.as_deref(), &fits) else { continue };
        seen = seen.union(classes);
        found.push(format!("{} (for {stated})", arrival.named()));
        facts.because("incompatible", arrival.property.path.span, format!("collected for {stated}"));
    }
    found
}

/// What comes with every call and no property carries, where it was collected for other purposes only.
fn context(reach: &Reach, noticed: &Noticed, index: usize, purposes: &[&Purpose]) -> Option<String> {
    let carried = &reach.destinations[index];
    let shown: ClassSet = carried.witnesses.keys().filter_map(|code| ClassSet::parse(code)).collect();
    let stated = noticed.purposes(carried.classes.without(shown))?;
    let fits = purposes.iter().any(|purpose| stated.iter().any(|other| purpose.lies_within(other)));
    (!fits).then(|| format!("the context of every call (for {})", stated.join(", ")))
}

/// The purposes that the property was collected for, where none of them fits. `notice` is what the notice says: nothing, an
/// empty text when a purpose there fits, else its purposes.
fn stated_against(arrival: &Arrival<'_>, notice: Option<&str>, fits: &dyn Fn(&[&str]) -> bool) -> Option<String> {
    if notice == Some("") {
        return None;
    }
    let declared = arrival.property.declared.as_ref().map(|object| object.texts("purposes"));
    let own: Vec<String> = declared.into_iter().flatten().map(|(text, _)| normal_purpose(text)).collect();
    // A purpose in words of its own cannot be compared.
    if own.iter().any(|word| purpose(word).is_none()) || fits(&own.iter().map(String::as_str).collect::<Vec<_>>()) {
        return None;
    }
    match (own.is_empty(), notice) {
        (true, None) => None,
        (true, Some(notice)) => Some(notice.to_owned()),
        (false, _) => Some(own.join(", ")),
    }
}
