//! Destinations that messages reached although the visitor had refused one of their consent categories, as a profile of real
//! events tells.

use super::{Facts, Map};
use crate::finding::Label;
use crate::model::{Entity, normal};

pub(super) fn apply(map: Map<'_>, destinations: &mut [Facts]) {
    for passed in &map.model.passed {
        let wanted = normal(&passed.destination.value);
        for (at, facts) in destinations.iter_mut().enumerate() {
            let known = map.links.known[at].map(|known| normal(known.name));
            if !is_called(&map.model.destinations[at], &wanted) && known.as_deref() != Some(wanted.as_str()) {
                continue;
            }
            let named = |category: &Entity| category.id.value == passed.category;
            let lists = |(category, links): (&Entity, &Vec<crate::model::Link>)| {
                named(category) && links.iter().any(|link| link.index == at)
            };
            if !map.model.categories.iter().zip(&map.links.categories).any(lists) {
                continue;
            }
            let words = format!("{} messages that refuse `{}`", passed.messages, passed.category);
            let (name, words) = if passed.received { ("refused_received", words) } else { ("refused_loaded", words) };
            if facts.object.get(name).is_none() {
                facts.text(name, words.as_str());
            }
            facts.because.push((name, Label::new(passed.destination.span, words)));
        }
    }
}

fn is_called(entity: &Entity, wanted: &str) -> bool {
    let own = [Some(entity.id.value.as_str()), entity.object.text("name")];
    let aliases = entity.object.texts("aliases").map(|(alias, _)| alias);
    own.into_iter().flatten().chain(aliases).any(|name| normal(name) == wanted)
}
