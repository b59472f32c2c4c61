//! What changed in how a project is judged. A reviewer must see what is no longer looked at.

use super::Both;
use super::pair::pair;
use crate::baseline::{Baseline, Key};
use crate::engine::Allowance;
use crate::finding::Severity;
use crate::settings::{FailOn, Level, Settings};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// How one side is judged.
pub struct Configured<'a> {
    /// The settings.
    pub settings: &'a Settings,
    /// Exceptions of the settings.
    pub exceptions: &'a [Allowance],
    /// Exceptions in comments.
    pub comments: &'a [Allowance],
    /// What is accepted.
    pub baseline: Option<&'a Baseline>,
    /// Where each key of the settings is written, `rules.` before the name of a rule.
    pub keys: &'a BTreeMap<String, Span>,
    /// Rules of the project's own: text by id.
    pub rules: BTreeMap<&'a str, &'a str>,
}

/// Something that is set otherwise than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingChange {
    /// Whether less is looked at, or less counts.
    pub weaker: bool,
    /// The key of the settings, such as `exclude` or `rules`; `comment` for an exception beside the input, `baseline` for
    /// its entries.
    pub key: &'static str,
    /// In a sentence.
    pub what: String,
    /// Where it is written, where that is known.
    pub places: Both<Span>,
    /// The key under which it is written, where it has no place of its own.
    under: String,
}

impl SettingChange {
    fn new(weaker: bool, key: &'static str, what: String) -> Self {
        Self { weaker, key, what, places: Both { before: None, after: None }, under: key.to_owned() }
    }
}

/// What is set otherwise on `after` than on `before`; `own` tells what a rule weighs by itself. What weakens comes first.
pub fn compare(
    before: &Configured<'_>,
    after: &Configured<'_>,
    own: &dyn Fn(&str) -> Option<Severity>,
) -> Vec<SettingChange> {
    let mut changes = Vec::new();
    let (old, new) = (before.settings, after.settings);
    lists(old, new, &mut changes);
    values(old, new, &mut changes);
    levels(&old.rules, &new.rules, own, &mut changes);
    matchers(old, new, &mut changes);
    exceptions("exceptions", before.exceptions, after.exceptions, &mut changes);
    exceptions("comment", before.comments, after.comments, &mut changes);
    accepted(before.baseline, after.baseline, &mut changes);
    own_rules(&before.rules, &after.rules, &mut changes);
    for change in &mut changes {
        let Both { before: old, after: new } = &mut change.places;
        if old.is_none() && new.is_none() {
            *old = before.keys.get(&change.under).copied();
            *new = after.keys.get(&change.under).copied();
        }
    }
    changes.sort_by_key(|change| !change.weaker);
    changes
}

fn lists(old: &Settings, new: &Settings, changes: &mut Vec<SettingChange>) {
    let lists = [
        ("include", &old.include, &new.include, false),
        ("exclude", &old.exclude, &new.exclude, true),
        ("policies", &old.policies, &new.policies, false),
    ];
    for (key, old, new, adding_weakens) in lists {
        let (before, after): (BTreeSet<&String>, BTreeSet<&String>) = (old.iter().collect(), new.iter().collect());
        for added in after.difference(&before) {
            changes.push(SettingChange::new(adding_weakens, key, format!("`{key}` has `{added}` now")));
        }
        for gone in before.difference(&after) {
            changes.push(SettingChange::new(!adding_weakens, key, format!("`{key}` no longer has `{gone}`")));
        }
    }
    let (before, after): (BTreeSet<&String>, BTreeSet<&String>) =
        (old.packs.iter().collect(), new.packs.iter().collect());
    if before != after {
        // An empty list means all packs.
        let weaker = !after.is_empty() && (before.is_empty() || !before.is_subset(&after));
        let named = |packs: &BTreeSet<&String>| match packs.is_empty() {
            true => "all".to_owned(),
            false => packs.iter().map(|pack| pack.as_str()).collect::<Vec<_>>().join(", "),
        };
        changes.push(SettingChange::new(weaker, "packs", format!("`packs`: {} → {}", named(&before), named(&after))));
    }
}

fn values(old: &Settings, new: &Settings, changes: &mut Vec<SettingChange>) {
    if old.profile != new.profile {
        let what = format!("`profile`: {} → {}", old.profile.name(), new.profile.name());
        let wider = |profile: crate::model::Profile| crate::model::Profile::ALL.iter().position(|one| *one == profile);
        changes.push(SettingChange::new(wider(new.profile) < wider(old.profile), "profile", what));
    }
    let inline = |settings: &Settings| settings.inline_exceptions != Some(false);
    if inline(old) != inline(new) {
        let what = format!("`inline_exceptions`: {} → {}", inline(old), inline(new));
        changes.push(SettingChange::new(inline(new), "inline_exceptions", what));
    }
    let threshold = |settings: &Settings| settings.fail_on.unwrap_or(FailOn::Low);
    if threshold(old) != threshold(new) {
        let name = |fail_on: FailOn| fail_on.severity().map_or("never", Severity::name);
        let what = format!("`fail_on`: {} → {}", name(threshold(old)), name(threshold(new)));
        // The worst severity sorts first, and `never` before it.
        changes.push(SettingChange::new(threshold(new).severity() < threshold(old).severity(), "fail_on", what));
    }
}

fn levels(
    old: &BTreeMap<String, Level>,
    new: &BTreeMap<String, Level>,
    own: &dyn Fn(&str) -> Option<Severity>,
    changes: &mut Vec<SettingChange>,
) {
    let rules: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for rule in rules {
        let (before, after) = (old.get(rule), new.get(rule));
        if before == after {
            continue;
        }
        let effective = |level: Option<&Level>| level.map_or_else(|| own(rule), |level| level.severity());
        let name = |level: Option<&Level>| match effective(level) {
            Some(severity) => severity.name(),
            None => "off",
        };
        let rank = |level: Option<&Level>| effective(level).map_or(4, |severity| severity as usize);
        let what = format!("rule `{rule}`: {} → {}", name(before), name(after));
        let change = SettingChange::new(rank(after) > rank(before), "rules", what);
        changes.push(SettingChange { under: format!("rules.{rule}"), ..change });
    }
}

fn matchers(old: &Settings, new: &Settings, changes: &mut Vec<SettingChange>) {
    let all = |settings: &Settings| -> BTreeMap<String, String> {
        settings.classification.iter().map(|matcher| (matcher.name.clone(), format!("{matcher:?}"))).collect()
    };
    let (before, after) = (all(old), all(new));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for name in names {
        let said = match (before.get(name), after.get(name)) {
            (None, _) => "is new",
            (_, None) => "is gone",
            (one, other) if one != other => "is not what it was",
            _ => continue,
        };
        changes.push(SettingChange::new(false, "classification", format!("matcher `{name}` {said}")));
    }
}

fn exceptions(key: &'static str, old: &[Allowance], new: &[Allowance], changes: &mut Vec<SettingChange>) {
    let keyed = |list: &[Allowance]| -> Vec<((String, Option<String>), Allowance)> {
        list.iter().map(|one| ((one.rule.clone(), one.subject.clone()), one.clone())).collect()
    };
    let same = |one: &Allowance, other: &Allowance| one.reason == other.reason && one.expires == other.expires;
    for pair in pair(keyed(old), keyed(new), same) {
        let Some(one) = pair.latest() else { continue };
        let subject = one.subject.as_ref().map_or_else(String::new, |subject| format!(" for `{subject}`"));
        let beside = if key == "comment" { " in a comment" } else { "" };
        let until = |one: &Allowance| one.expires.as_ref().map_or_else(String::new, |day| format!(" until {day}"));
        let about = format!("exception from `{}`{subject}{beside}", one.rule);
        let (weaker, what) = match (&pair.before, &pair.after) {
            (None, Some(new)) => (true, format!("{about}{}: {}", until(new), new.reason)),
            (Some(_), None) => (false, format!("{about} is gone")),
            (Some(old), Some(new)) => {
                let longer = match (&old.expires, &new.expires) {
                    (Some(old), Some(new)) => new > old,
                    (old, new) => old.is_some() && new.is_none(),
                };
                let told = |one: &Allowance| format!("{}{}", one.reason, until(one));
                (longer, format!("{about}: {} → {}", told(old), told(new)))
            }
            (None, None) => continue,
        };
        let span = |one: &Option<Allowance>| one.as_ref().map(|one| one.span);
        let places = Both { before: span(&pair.before), after: span(&pair.after) };
        changes.push(SettingChange { places, ..SettingChange::new(weaker, key, what) });
    }
}

/// Rules of which it is told one by one that the baseline accepts more.
const LISTED: usize = 10;

/// What the baseline accepts more and less of, by rule.
fn accepted(old: Option<&Baseline>, new: Option<&Baseline>, changes: &mut Vec<SettingChange>) {
    fn counts(baseline: Option<&Baseline>) -> BTreeMap<Key<'_>, (usize, Span)> {
        let entries = baseline.into_iter().flat_map(|baseline| &baseline.entries);
        entries.map(|(entry, span)| (entry.key(), (entry.count, *span))).collect()
    }
    let (before, after) = (counts(old), counts(new));
    let keys: BTreeSet<&Key<'_>> = before.keys().chain(after.keys()).collect();
    let mut rules: BTreeMap<(bool, &str), (usize, Both<Span>)> = BTreeMap::new();
    for key in keys {
        let (was, is) = (before.get(key), after.get(key));
        let count = |side: Option<&(usize, Span)>| side.map_or(0, |(count, _)| *count);
        let (fewer, more) = (count(was), count(is));
        if fewer != more {
            let place = |side: Option<&(usize, Span)>| side.map(|(_, span)| *span);
            let places = Both { before: place(was), after: place(is) };
            rules.entry((more > fewer, key.0)).or_insert((0, places)).0 += more.abs_diff(fewer);
        }
    }
    for weaker in [true, false] {
        let of_these: Vec<_> = rules.iter().filter(|((one, _), _)| *one == weaker).collect();
        let said = |count: usize| match (count, weaker) {
            (1, true) => "1 finding more".to_owned(),
            (1, false) => "1 finding less".to_owned(),
            (count, true) => format!("{count} findings more"),
            (count, false) => format!("{count} findings fewer"),
        };
        // A first baseline is one decision, not one for each rule.
        if of_these.len() > LISTED {
            let all = of_these.iter().map(|(_, (count, _))| count).sum();
            let what = format!("the baseline accepts {}, of {} rules", said(all), of_these.len());
            let places = of_these.first().map_or(Both { before: None, after: None }, |(_, (_, places))| *places);
            changes.push(SettingChange { places, ..SettingChange::new(weaker, "baseline", what) });
            continue;
        }
        changes.extend(of_these.into_iter().map(|((_, rule), (count, places))| {
            let what = format!("the baseline accepts {} of `{rule}`", said(*count));
            SettingChange { places: *places, ..SettingChange::new(weaker, "baseline", what) }
        }));
    }
}

fn own_rules(old: &BTreeMap<&str, &str>, new: &BTreeMap<&str, &str>, changes: &mut Vec<SettingChange>) {
    let ids: BTreeSet<&&str> = old.keys().chain(new.keys()).collect();
    for id in ids {
        let (weaker, said) = match (old.get(*id), new.get(*id)) {
            (None, _) => (false, "is new"),
            (_, None) => (true, "is gone"),
            // Whether it asks for less cannot be told, and somebody should look.
            (one, other) if one != other => (true, "is not what it was"),
            _ => continue,
        };
        changes.push(SettingChange::new(weaker, "policies", format!("your rule `{id}` {said}")));
    }
}
