//! Sources that children use: who receives their data, and whether it is declared as theirs.

use super::destination::is_own_store;
use super::{Facts, Map, display};
use crate::model::{ClassSet, ClassifiedBy, Value};

/// Sets `child_recipients`, and of them `child_unsafe` and `child_unstated`; `fed` are the active destinations of the source.
pub(super) fn recipients(map: Map<'_>, fed: &[usize], destinations: &[Facts], index: usize, facts: &mut Facts) {
    let gated = map.model.sources[index].object.get("minor_gate").is_some();
    let (mut all, mut bad, mut open) = (Vec::new(), Vec::new(), Vec::new());
    for at in fed {
        let entity = &map.model.destinations[*at];
        let name = display(entity);
        let safe = entity.object.get("child_safe");
        if !gated && destinations[*at].holds("discloses") {
            all.push(format!("{name}, to which personal information is sold or shared"));
            bad.push(name);
        } else if is_own_store(entity) || !destinations[*at].holds("receives_personal") {
            continue;
        } else if let Some(found) = safe.filter(|found| found.value == Value::Bool(false)) {
            all.push(format!("{name}, which does not run in a mode for children"));
            bad.push(name);
            facts.because("child_recipients", found.span, "not in a mode for children");
        } else if safe.is_none() {
            all.push(format!("{name}, of which nothing says whether it runs in a mode for children"));
            open.push(name);
        }
    }
    facts.texts("child_recipients", all);
    facts.texts("child_unsafe", bad);
    facts.texts("child_unstated", open);
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
                ClassifiedBy::Declared | ClassifiedBy::Custom(_) => {
                    return facts.texts("minors_known", Vec::<String>::new());
                }
                ClassifiedBy::Lexicon { score, .. } if *score >= 1.0 && audience != Some("general") => {
                    evidence.push((
                        format!("`{}` tells that a consumer is a minor", property.path.value),
                        property.path.span,
                    ));
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
