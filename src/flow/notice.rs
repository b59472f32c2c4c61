//! What the notice says, beside what happens.

use super::reach::Reach;
use super::{Facts, Map};
use crate::finding::Label;
use crate::model::{ClassSet, Entity, Value, normal};
use crate::source::Span;

/// Parts of names that tell of points and rewards; `loyalty` tells of a programme anywhere.
const INCENTIVES: [&str; 8] = [
    "rewardtier",
    "rewardstier",
    "rewardpoint",
    "rewardspoint",
    "rewardsbalance",
    "pointsbalance",
    "referralcredit",
    "referralreward",
];

/// Whether a notice at collection is declared for a source. Without a data map nothing could declare one.
pub(super) fn covers(map: Map<'_>, source: &Entity) -> bool {
    let own = source.object.get("notice_url").is_some();
    let shared = map.model.business.iter().any(|business| business.object.get("links.notice_at_collection").is_some());
    own || shared || !map.model.declared
}

/// The classes that the rows of the declared notice list, with the letters that they imply.
pub fn noticed(map: Map<'_>) -> ClassSet {
    let rows = map.model.notices.iter().flat_map(|notice| ["pi", "spi"].map(|name| listed(notice, name)));
    let classes: ClassSet = rows.collect();
    classes.union(classes.letters())
}

/// What of the classes of a field a notice lacks that lists `noticed`.
pub fn unlisted(classes: ClassSet, noticed: ClassSet) -> ClassSet {
    let sensitive = classes.sensitive();
    // Letter L stands for the sensitive classes, which are named one by one.
    let letters = ClassSet::parse("L").map_or(classes.letters(), |letter| {
        if sensitive.is_empty() { classes.letters() } else { classes.letters().without(letter) }
    });
    letters.union(sensitive).without(noticed)
}

/// Sets `context_undisclosed`: what a website or app sends with every call, and no row of the notice lists. Where a
/// property carries the class, that is told of the property.
pub(super) fn context(map: Map<'_>, reach: &Reach, index: usize, facts: &mut Facts) {
    let carried = &reach.sources[index];
    let implied = carried.classes.each().filter(|class| {
        let witnessed = class.codes().any(|code| carried.witnesses.contains_key(code));
        !witnessed && !map.model.notices.is_empty() && matches!(said(map, *class), Said::Unlisted)
    });
    let undisclosed: ClassSet = implied.collect();
    facts.texts("context_undisclosed", undisclosed.codes());
    for notice in map.model.notices.iter().take(1).filter(|_| !undisclosed.is_empty()) {
        facts.because("context_undisclosed", notice.id.span, "no row of the notice lists it");
    }
}

/// What the notice says of a class.
enum Said {
    Sold,
    Denied(Span),
    Nothing(Span),
    Unlisted,
}

/// Sets `sale_denied`, `sale_unstated` and `notice_gap`: whether the notice owns up to a sale or sharing.
pub(super) fn sale(map: Map<'_>, reach: &Reach, index: usize, facts: &mut Facts) {
    let (mut denied, mut unnamed) = (ClassSet::default(), ClassSet::default());
    let mut labels: Vec<Label> = Vec::new();
    let told = facts.holds("active") && facts.holds("discloses");
    let carried = &reach.destinations[index];
    let business = map.model.business.as_ref().and_then(|business| business.object.get("sells_or_shares"));
    let nothing = business.filter(|found| told && found.value == Value::Bool(false));
    for class in carried.classes.each().filter(|_| told && !map.model.notices.is_empty()) {
        let code = class.codes().next().unwrap_or_default();
        let witness = carried.witnesses.get(code);
        let redundant = code == "L" && !carried.classes.sensitive().is_empty();
        if redundant || witness.is_some_and(|witness| witness.similar) {
            continue;
        }
        match said(map, class) {
            Said::Sold => {}
            Said::Denied(place) => {
                denied = denied.union(class);
                labels.push(Label::new(place, format!("{code}: neither sold nor shared")));
            }
            // That no row lists a class is another defect, told of what carries it.
            Said::Unlisted => {}
            Said::Nothing(place) => {
                unnamed = unnamed.union(class);
                labels.push(Label::new(place, format!("{code}: not said to be sold or shared")));
            }
        }
    }
    let spoken = map.model.notices.iter().any(|notice| notice.object.get("sold_or_shared").is_some());
    let mut gaps = Vec::new();
    if let Some(found) = nothing {
        gaps.push("`sells_or_shares: false` says that nothing is".to_owned());
        labels.push(Label::new(found.span, "says that nothing is sold or shared"));
    }
    if !denied.is_empty() {
        gaps.push(format!("the notice says that this is not: {}", denied.describe()));
    }
    if !unnamed.is_empty() {
        gaps.push(format!("the notice does not say so of {}", unnamed.describe()));
    }
    let unstated = if spoken { ClassSet::default() } else { std::mem::take(&mut unnamed) };
    let owned = if nothing.is_some() { carried.classes } else { ClassSet::default() };
    facts.texts("sale_denied", denied.union(unnamed).union(owned).codes());
    facts.texts("sale_unstated", unstated.codes());
    if !gaps.is_empty() {
        facts.text("notice_gap", gaps.join(", and "));
    }
    labels.into_iter().for_each(|label| facts.because("notice_gap", label.span, label.text));
}

/// What the rows of the notice that list a class say of its sale; one that owns up to it is enough.
fn said(map: Map<'_>, class: ClassSet) -> Said {
    let mut found = Said::Unlisted;
    for notice in &map.model.notices {
        let codes = ["pi", "spi"].map(|name| listed(notice, name)).into_iter().collect::<ClassSet>();
        if !codes.union(codes.letters()).contains(class) {
            continue;
        }
        match notice.object.get("sold_or_shared") {
            Some(value) if value.value == Value::Bool(true) => return Said::Sold,
            Some(value) => found = Said::Denied(value.span),
            None if matches!(found, Said::Unlisted) => found = Said::Nothing(notice.id.span),
            None => {}
        }
    }
    found
}

/// The classes that a row of the notice lists under `pi` or `spi`.
fn listed(notice: &Entity, name: &str) -> ClassSet {
    notice.object.texts(name).filter_map(|(code, _)| ClassSet::parse(code)).collect()
}

/// Sets `incentives` and `incentive_names` of the business.
pub(super) fn incentives(map: Map<'_>, facts: &mut Facts) {
    let (mut declared, mut named) = (Vec::new(), Vec::new());
    for event in &map.model.events {
        let name = &event.name;
        match event.incentive {
            Some(true) => declared.push((name.value.clone(), name.span)),
            None if is_incentive(&name.value) => named.push((name.value.clone(), name.span)),
            _ => {}
        }
        for property in &event.properties {
            let said = property.declared.as_ref().and_then(|declared| declared.boolean("incentive"));
            let path = || (format!("{}.{}", name.value, property.path.value), property.path.span);
            match said.or(event.incentive.filter(|part| !part)) {
                Some(true) => declared.push(path()),
                None if is_incentive(property.name()) => named.push(path()),
                _ => {}
            }
        }
    }
    for (attribute, found, why) in [
        ("incentives", declared, "declared as part of a financial incentive"),
        ("incentive_names", named, "named like a part of a loyalty programme"),
    ] {
        facts.texts(attribute, found.iter().map(|(name, _)| name.as_str()));
        found.into_iter().for_each(|(_, place)| facts.because(attribute, place, why));
    }
}

fn is_incentive(name: &str) -> bool {
    const STEMS: [&[u8]; 4] = [b"loyal", b"rewar", b"point", b"refer"];
    // Most names have none of these letters together, so nothing is copied for them.
    let begins = |part: &[u8]| matches!(part[0] | 0x20, b'l' | b'r' | b'p');
    let is_stem = |part: &[u8]| begins(part) && STEMS.iter().any(|stem| part.eq_ignore_ascii_case(stem));
    let hints = name.as_bytes().windows(5).any(is_stem);
    if !hints {
        return false;
    }
    let plain = normal(name);
    plain.contains("loyalty") || INCENTIVES.iter().any(|word| plain.contains(word))
}
