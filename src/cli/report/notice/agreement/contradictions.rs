//! Rows of the notice that speak against each other.

use super::{Difference, Rules, no_rule};
use crate::cli::report::document::{Cell, Weight, code, text};
use crate::cli::report::facts::class;
use crate::cli::report::notice::lists;
use crate::flow::days;
use crate::model::{ClassSet, Entity, Value};
use std::collections::BTreeSet;

pub(super) fn all(rules: &Rules<'_, '_>) -> Vec<Difference> {
    let notices = &rules.facts.seen.map.model.notices;
    let mut found = Vec::new();
    for code in ClassSet::every().codes() {
        let wanted = ClassSet::parse(code).unwrap_or_default();
        let rows: Vec<&Entity> = notices.iter().filter(|notice| lists(notice, wanted)).collect();
        let sold = |notice: &&Entity| match notice.object.get("sold_or_shared").map(|found| &found.value) {
            Some(Value::Bool(said)) => Some(i64::from(*said)),
            _ => None,
        };
        // Periods in other words are compared as they are read, criteria not at all.
        let kept = |notice: &&Entity| notice.object.text("retention").and_then(days);
        found.extend(against(rules, code, &rows, "sold_or_shared", "on whether it is sold or shared", &sold));
        found.extend(against(rules, code, &rows, "retention", "on how long it is kept", &kept));
    }
    found
}

/// That rows which list a class give different answers.
fn against(
    rules: &Rules<'_, '_>,
    wanted: &str,
    rows: &[&Entity],
    attribute: &str,
    words: &str,
    answer: &dyn Fn(&&Entity) -> Option<i64>,
) -> Option<Difference> {
    let answers: BTreeSet<i64> = rows.iter().filter_map(answer).collect();
    if answers.len() < 2 {
        return None;
    }
    let seen = rules.facts.seen;
    let start = [text("rows of the notice that list")].into_iter().chain(class(wanted));
    let what = start.chain([text(format!("disagree {words}"))]).collect();
    let told = rows.iter().filter(|notice| answer(notice).is_some());
    let said: Cell = told
        .map(|notice| {
            let mut line = vec![code(notice.id.value.clone()), text("says")];
            line.extend(seen.declared(notice, attribute));
            line
        })
        .collect();
    Some(Difference { weight: Weight::Open, what, flows: Cell::new(), said, check: no_rule() })
}
