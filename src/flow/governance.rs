//! Duties of the business as a whole: data brokers, significant decisions.

use super::{Facts, Map};
use crate::model::{Entity, Value};

/// Days between two looks into the deletion platform, and from 2027-01-01 on (Cal. Civ. Code § 1798.99.86 and AB 883, as
/// reported).
const DROP_DAYS: [(&str, i64); 2] = [("2026-08-01", 45), ("2027-01-01", 30)];

/// What a data broker must do and does not say.
pub(super) fn broker_gaps(map: Map<'_>, entity: &Entity, facts: &mut Facts) {
    let object = &entity.object;
    let mut gaps = Vec::new();
    if object.boolean("data_broker") == Some(true) {
        if object.get("broker.registration").is_none() {
            gaps.push("no entry in the registry of data brokers is named".to_owned());
        }
        let limit =
            DROP_DAYS.iter().rev().find(|(since, _)| *since <= map.as_of).map_or(DROP_DAYS[0].1, |(_, days)| *days);
        match object.get("broker.drop_interval_days").map(|found| &found.value) {
            None => gaps.push("nothing says how often it looks into the deletion platform".to_owned()),
            Some(Value::Int(days)) if *days > limit => {
                gaps.push(format!("it looks into the deletion platform every {days} days, not every {limit}"));
            }
            Some(_) => {}
        }
        for (name, gap) in [
            ("broker.unmatched_as_opt_out", "requests that cannot be verified are not treated as opt-outs"),
            ("broker.directs_service_providers", "service providers and contractors are not told to delete"),
        ] {
            if !matches!(object.get(name).map(|found| &found.value), Some(Value::Bool(true) | Value::Unknown(_))) {
                gaps.push(gap.to_owned());
            }
        }
    }
    facts.texts("broker_gaps", gaps);
}

/// What a significant decision lacks.
pub(super) fn decision(entity: &Entity) -> Facts {
    let mut facts = Facts::new(entity);
    let object = &entity.object;
    let mut gaps = Vec::new();
    if object.get("notice_url").is_none() {
        gaps.push("a pre-use notice (§ 7220)");
    }
    let methods = object.get("optout_methods").map(|found| &found.value);
    let enough = match methods {
        Some(Value::List(methods)) => methods.len() >= 2,
        other => matches!(other, Some(Value::Unknown(_))),
    };
    if !enough && object.boolean("human_appeal") != Some(true) {
        gaps.push("two ways to opt out, or an appeal to a human (§ 7221)");
    }
    if object.get("access_via").is_none() {
        gaps.push("a way to learn how it was made (§ 7222)");
    }
    facts.texts("gaps", gaps);
    facts
}
