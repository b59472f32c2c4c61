//! How long what is collected is kept, against what the notice says and what requests need.

use super::destination::{is_own_store, is_raw_store};
use super::reach::Reach;
use super::{Facts, Map, display};
use crate::model::{ClassSet, Entity, Value};
use crate::source::Span;

/// Days of 12 months, the longest they can be.
const YEAR: i64 = 366;
/// Days of a month, the longest it can be.
const MONTH: i64 = 31;

/// Days that a text such as `24 months` stands for, at most. Criteria (`until the account is closed`, `90 days after the last
/// visit`) are no number.
pub fn days(text: &str) -> Option<i64> {
    let text = text.trim().trim_end_matches('.').to_lowercase();
    if text.starts_with('-') {
        return None;
    }
    let text = text.replace('-', " ");
    let mut words: Vec<&str> = text.split_whitespace().collect();
    for opening in [&["up", "to"][..], &["at", "most"], &["no", "longer", "than"], &["for"]] {
        if words.starts_with(opening) {
            words.drain(..opening.len());
            break;
        }
    }
    for closing in [&["from", "collection"][..], &["after", "collection"], &["since", "collection"]] {
        if words.ends_with(closing) {
            words.truncate(words.len() - closing.len());
        }
    }
    let (number, unit) = match words.as_slice() {
        [number, unit] => (number.parse::<i64>().ok()?, *unit),
        [both] => {
            let cut = both.find(|letter: char| !letter.is_ascii_digit())?;
            (both[..cut].parse::<i64>().ok()?, &both[cut..])
        }
        _ => return None,
    };
    if !(1..=1_000_000).contains(&number) {
        return None;
    }
    Some(match unit {
        "day" | "days" | "d" => number,
        "week" | "weeks" => number * 7,
        "month" | "months" | "mo" => number / 12 * YEAR + number % 12 * MONTH,
        "year" | "years" | "yr" | "yrs" => number * YEAR,
        _ => return None,
    })
}

/// More days than any period has; the data map allows no more either.
const MOST: i64 = 1_000_000;

/// How long a destination keeps a class: its own period, or else that of the whole.
pub fn kept(destination: &Entity, code: &str) -> Option<(i64, Span)> {
    let found = destination.object.get(&format!("ttl_days.{code}"));
    let found = found.or_else(|| destination.object.get("retention_days"))?;
    match found.value {
        Value::Int(days) if (0..=MOST).contains(&days) => Some((days, found.span)),
        _ => None,
    }
}

/// How long a class is kept, where that is declared in a way that cannot be read.
pub fn unread_period<'e>(destination: &'e Entity, code: &str) -> Option<(&'e Value, Span)> {
    let found = destination.object.get(&format!("ttl_days.{code}"));
    let found = found.or_else(|| destination.object.get("retention_days"))?;
    kept(destination, code).is_none().then_some((&found.value, found.span))
}

/// Whether it is said how long a class is kept, be it in a way that cannot be read.
pub fn is_retention_stated(destination: &Entity, code: &str) -> bool {
    destination.object.get(&format!("ttl_days.{code}")).is_some() || destination.object.get("retention_days").is_some()
}

/// The longest that a destination keeps anything that reaches it.
fn longest(destination: &Entity, classes: ClassSet) -> Option<i64> {
    classes.codes().filter(|code| *code != "L").filter_map(|code| kept(destination, code)).map(|(days, _)| days).max()
}

/// What the notice says of a class.
pub struct Period {
    /// Its days, at most.
    pub days: i64,
    /// As it is written.
    pub text: String,
    /// Where.
    pub place: Span,
}

/// The longest period that the notice gives for a class; none where it gives criteria, or nothing. A row with a sensitive class
/// speaks of that one alone.
pub fn period(map: Map<'_>, code: &str) -> Option<Period> {
    let speaks = |notice: &&Entity| {
        let list = if notice.object.list("spi").is_empty() { "pi" } else { "spi" };
        let wanted = ClassSet::parse(code);
        notice.object.texts(list).any(|(written, _)| ClassSet::parse(written) == wanted)
    };
    let mut longest: Option<Period> = None;
    for notice in map.model.notices.iter().filter(speaks) {
        let (text, place) = (notice.object.text("retention")?, notice.object.get("retention")?.span);
        let period = Period { days: days(text)?, text: text.to_owned(), place };
        if longest.as_ref().is_none_or(|known| period.days > known.days) {
            longest = Some(period);
        }
    }
    longest
}

/// Sets on every destination what it keeps longer than the notice says, and what it keeps without a limit.
pub(super) fn apply(map: Map<'_>, reach: &Reach, destinations: &mut [Facts]) {
    for (index, facts) in destinations.iter_mut().enumerate() {
        let entity = &map.model.destinations[index];
        let (mut over, mut unbounded, mut unstated) = (Vec::new(), Vec::new(), None);
        let classes = reach.destinations[index].classes;
        let own = is_own_store(entity) || facts.holds("derived_store");
        let store = own || is_raw_store(entity, map.links.known[index]);
        let held = classes.letters().union(classes).each().filter(|_| facts.holds("receives_personal"));
        for class in held.collect::<Vec<_>>() {
            let Some(code) = class.codes().next().filter(|code| *code != "L") else { continue };
            let period = period(map, code);
            match (kept(entity, code), period) {
                (Some((days, place)), Some(period)) if days > period.days => {
                    facts.because("retention_gap", place, format!("{code} is kept {days} days"));
                    facts.because("retention_gap", period.place, format!("the notice says {}", period.text));
                    over.push(format!("{} {days} days where the notice says {}", class.describe(), period.text));
                }
                (None, Some(period)) if !is_retention_stated(entity, code) => {
                    unstated.get_or_insert(period);
                }
                _ => {}
            }
            if store && !class.sensitive().is_empty() && !is_retention_stated(entity, code) {
                if let Some(witness) = reach.destinations[index].witnesses.get(code) {
                    let property = &map.model.events[witness.event].properties[witness.property];
                    facts.because("sensitive_unbounded", property.path.span, format!("`{}`", property.path.value));
                }
                unbounded.push(class.terms());
            }
        }
        retention_gap(over, unstated.filter(|_| unbounded.is_empty()), facts);
        facts.texts("sensitive_unbounded", unbounded);
    }
}

/// Tells how a destination and the notice differ, or else that nothing says how long it keeps what it gets.
fn retention_gap(over: Vec<String>, unstated: Option<Period>, facts: &mut Facts) {
    facts.bool("retention_exceeded", !over.is_empty());
    match unstated {
        _ if !over.is_empty() => facts.text("retention_gap", format!("it keeps {}", over.join("; "))),
        Some(period) => {
            facts.text("retention_gap", "nothing says how long it keeps what it gets");
            facts.because("retention_gap", period.place, format!("the notice says {}", period.text));
        }
        None => {}
    }
}

/// Whether a copy counts when a request to know is answered.
fn counts(entity: &Entity) -> bool {
    let set = |name: &str| entity.object.boolean(name) == Some(true);
    let apart = ["transient", "backup", "legal_hold", "deidentified"].into_iter().any(set);
    !apart && entity.object.get("exempt").is_none()
}

/// Whether a copy is held by the business or for it.
fn is_own(entity: &Entity) -> bool {
    matches!(entity.object.text("role"), Some("internal" | "service_provider" | "contractor")) || is_own_store(entity)
}

/// Sets on every source which copies outlive the stores from which requests to know are answered.
pub(super) fn outliving(map: Map<'_>, reach: &Reach, destinations: &[Facts], sources: &mut [Facts]) {
    for (at, facts) in sources.iter_mut().enumerate() {
        let fed = |to: &usize| reach.paths[*to].contains(&at) && destinations[*to].holds("receives_personal");
        let fed: Vec<usize> = (0..destinations.len()).filter(fed).collect();
        let raw = |to: &&usize| is_raw_store(&map.model.destinations[**to], map.links.known[**to]);
        let lasts = |to: usize| longest(&map.model.destinations[to], reach.destinations[to].classes);
        let stores: Vec<Option<i64>> = fed.iter().filter(raw).map(|to| lasts(*to)).collect();
        // A store of which it is not said how long it keeps may keep for good.
        let limit = stores.iter().copied().collect::<Option<Vec<i64>>>().and_then(|days| days.into_iter().max());
        let (mut found, mut closed) = (Vec::new(), false);
        for to in fed.iter().filter(|to| !raw(to)).copied() {
            let entity = &map.model.destinations[to];
            let access = entity.object.text("access.via");
            let (Some(limit), Some(days)) = (limit, lasts(to)) else { continue };
            if days <= limit || !counts(entity) || !is_own(entity) || access.is_some_and(|via| via != "none") {
                continue;
            }
            closed |= access.is_some();
            facts.because("outlived_by", entity.id.span, format!("{} keeps it {days} days", display(entity)));
            found.push(format!("{} ({days} days, the store {limit})", display(entity)));
        }
        facts.texts("outlived_by", found);
        facts.bool("outlived_unreachably", closed);
    }
}

/// What is kept for more than 12 months, by stores or by the notice.
pub(super) fn longer_than_a_year(map: Map<'_>, reach: &Reach, destinations: &[Facts], facts: &mut Facts) {
    let mut found = Vec::new();
    for (to, entity) in map.model.destinations.iter().enumerate() {
        let holds = destinations[to].holds("receives_personal") && counts(entity) && is_own(entity);
        let Some(days) = longest(entity, reach.destinations[to].classes).filter(|days| holds && *days > YEAR) else {
            continue;
        };
        facts.because("kept_longer", entity.id.span, format!("keeps data {days} days"));
        found.push(format!("{} ({days} days)", display(entity)));
    }
    for notice in &map.model.notices {
        let Some(found_at) = notice.object.get("retention") else { continue };
        let text = found_at.value.display();
        if days(&text).is_some_and(|days| days > YEAR) && found.is_empty() {
            facts.because("kept_longer", found_at.span, format!("the notice says {text}"));
            found.push(format!("the notice says {text}"));
        }
    }
    facts.texts("kept_longer", found);
}

#[cfg(test)]
mod tests {
    use super::days;

    #[test]
    fn periods_are_read_at_their_longest() {
        for (text, expected) in [
            ("24 months", 732),
            ("13 months", 397),
            ("7 years", 2562),
            ("90 days", 90),
            ("7 days", 7),
            (" Up to 12 Months. ", 366),
            ("1 year", 366),
            ("18-month", 552),
            ("6 weeks", 42),
            ("30d", 30),
            ("24 months from collection", 732),
        ] {
            assert_eq!(days(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn criteria_are_no_number() {
        for text in [
            "until the account is closed",
            "90 days after the last visit",
            "24 months after the account is closed",
            "as long as needed",
            "indefinitely",
            "0 days",
            "-3 days",
            "between 1 and 2 years",
            "1 year and 6 months",
            "24",
            "months",
            "99999999999999999999 days",
            "24 m",
            "",
        ] {
            assert_eq!(days(text), None, "{text}");
        }
    }
}
