//! Consent categories whose ids differ between the data map, the consent set-up and the events.

use super::Map;
use crate::finding::Label;
use crate::model::kind::GOOGLE_CONSENT_TYPES;
use crate::model::{Entity, Origin};
use std::collections::HashMap;

/// How an id of a category is built; ids of different families are never compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Family {
    Google,
    OneTrust,
    Other,
}

/// Who lists a category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Side {
    Inventory,
    SetUp,
    Observed,
}

impl Side {
    fn of(origin: Origin) -> Self {
        match origin {
            Origin::Inventory => Self::Inventory,
            Origin::Platform | Origin::Manager => Self::SetUp,
            Origin::Plan => Self::Observed,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Inventory => "the data map",
            Self::SetUp => "the consent set-up",
            Self::Observed => "the events",
        }
    }
}

/// Whether an id is one of Google's consent types.
pub(super) fn is_consent_type(id: &str) -> bool {
    GOOGLE_CONSENT_TYPES.contains(&id)
}

fn family(id: &str) -> Family {
    let folded = fold(id);
    let digits = folded.strip_prefix('c').filter(|digits| digits.len() == 4);
    match () {
        () if is_consent_type(&folded) => Family::Google,
        () if digits.is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_digit())) => Family::OneTrust,
        () => Family::Other,
    }
}

/// An id without what is easily mistaken: case and blanks.
pub fn fold(id: &str) -> String {
    id.split_whitespace().collect::<String>().to_lowercase()
}

fn lists(category: &Entity, side: Side) -> bool {
    category.origins.iter().any(|(origin, _)| Side::of(*origin) == side)
}

/// How the id of each category differs from those of another side, and the place of the other one or its own.
pub(super) fn all(map: Map<'_>) -> Vec<Option<(String, Label)>> {
    let categories = &map.model.categories;
    let mut alike: HashMap<String, Vec<&Entity>> = HashMap::new();
    for category in categories {
        alike.entry(fold(&category.id.value)).or_default().push(category);
    }
    let both = |family: Family| {
        let of_family = || categories.iter().filter(move |category| self::family(&category.id.value) == family);
        let shared = of_family().any(|category| lists(category, Side::Inventory) && lists(category, Side::SetUp));
        let known = of_family().any(|category| lists(category, Side::Inventory))
            && of_family().any(|category| lists(category, Side::SetUp));
        // Without an id in common two vocabularies may just be different ones, unless they are built the same way.
        shared || (known && family == Family::OneTrust)
    };
    let comparable: HashMap<Family, bool> =
        [Family::Google, Family::OneTrust, Family::Other].into_iter().map(|family| (family, both(family))).collect();
    let one = |category: &Entity| {
        let others = alike.get(&fold(&category.id.value)).map_or(&[][..], Vec::as_slice);
        let comparable = comparable.get(&family(&category.id.value)) == Some(&true);
        misspelt(category, others).or_else(|| missing(category, others).filter(|_| comparable))
    };
    categories.iter().map(one).collect()
}

/// The same id in another spelling, in a file that is asked first.
fn misspelt(category: &Entity, others: &[&Entity]) -> Option<(String, Label)> {
    let mine = category.origin()?;
    let earlier = others.iter().filter_map(|other| Some((other.origin()?, *other)));
    let (origin, other) = earlier
        .filter(|(origin, other)| *origin < mine && other.id.value != category.id.value)
        .min_by_key(|(origin, _)| *origin)?;
    let place = if origin == Origin::Platform { "the platform's settings" } else { Side::of(origin).name() };
    let text = format!("is written `{}` in {place}, and case and blanks count", other.id.value);
    Some((text, Label::new(other.id.span, format!("written `{}` here", other.id.value))))
}

/// The side that lacks a category on which something hangs, and what it has in its place.
fn missing(category: &Entity, others: &[&Entity]) -> Option<(String, Label)> {
    let object = &category.object;
    let essential = object.boolean("essential");
    let matters = essential == Some(false) || (essential.is_none() && !object.list("destinations").is_empty());
    let (inventory, set_up) = (lists(category, Side::Inventory), lists(category, Side::SetUp));
    if !matters || inventory == set_up {
        return None;
    }
    let (has, lacks) = if inventory { (Side::Inventory, Side::SetUp) } else { (Side::SetUp, Side::Inventory) };
    let text = format!("is in {}, but not in {}", has.name(), lacks.name());
    let near = others.iter().find(|other| other.id.value != category.id.value && lists(other, lacks));
    Some(match near {
        Some(near) => {
            let text = format!("{text}, which has `{}`", near.id.value);
            (text, Label::new(near.id.span, format!("`{}` here", near.id.value)))
        }
        None => (text, Label::new(category.id.span, format!("only in {}", has.name()))),
    })
}
