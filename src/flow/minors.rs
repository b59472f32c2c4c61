//! Sources that children use: who receives their data, and whether it is declared as theirs.

use super::destination::is_own_store;
use super::{Facts, Map, display};
use crate::model::{ClassSet, ClassifiedBy, Entity};

/// Sets `child_unsafe` and `child_unstated`; `fed` are the active destinations of the source.
pub(super) fn recipients(map: Map<'_>, fed: &[usize], facts: &mut Facts) {
    let outside = || fed.iter().map(|at| &map.model.destinations[*at]).filter(|entity| !is_own_store(entity));
    let safe = |entity: &Entity| entity.object.boolean("child_safe");
    let with = |wanted: Option<bool>| outside().filter(move |entity| safe(entity) == wanted);
    facts.texts("child_unsafe", with(Some(false)).map(display));
    for entity in with(Some(false)) {
        let place = entity.object.get("child_safe").map_or(entity.id.span, |found| found.span);
        facts.because("child_unsafe", place, format!("{} does not run in a mode for children", display(entity)));
    }
    let unstated = outside().filter(|entity| entity.object.get("child_safe").is_none());
    facts.texts("child_unstated", unstated.map(display));
}

/// Sets `minors_known`: the business knows consumers under 16 among the users of a source, and nothing that it sends is
/// declared as their data (11 CCR § 7001(bbb)(4)).
pub(super) fn knowledge(map: Map<'_>, index: usize, facts: &mut Facts) {
    let entity = &map.model.sources[index];
    let young = ClassSet::parse("R4").unwrap_or_default();
    let audience = entity.object.text("audience");
    let mut evidence = Vec::new();
    let mut personal = false;
    let sent = (0..map.model.events.len()).filter(|event| map.links.events[*event].contains(&index));
    for event in sent {
        for (property, found) in map.model.events[event].properties.iter().zip(&map.classes[event]) {
            personal |= !found.classes.is_empty();
            if !found.classes.contains(young) {
                continue;
            }
            match &found.by {
                ClassifiedBy::Declared | ClassifiedBy::Custom(_) => return facts.texts("minors_known", Vec::<String>::new()),
                ClassifiedBy::Lexicon { score, .. } if *score >= 1.0 && audience != Some("general") => {
                    evidence.push((format!("`{}` tells that a consumer is a minor", property.path.value), property.path.span));
                }
                _ => {}
            }
        }
    }
    if let (Some("child_directed"), Some(place)) = (audience, entity.object.get("audience")) {
        evidence.insert(0, ("it is directed to children".to_owned(), place.span));
    }
    evidence.retain(|_| personal);
    evidence.truncate(1);
    facts.texts("minors_known", evidence.iter().map(|(text, _)| text.clone()));
    evidence.into_iter().for_each(|(text, span)| facts.because("minors_known", span, text));
}
