//! What the declared notice says, and what flows: where they differ, with the line on both sides. Where a rule of `check`
//! looks at the same, it decides: what it is silent on is no difference here, and what it asks is a question here, too.

mod rows;

use crate::cli::report::document::{Cell, Document, Line, Weight, Word, cell, soft, text};
use crate::cli::report::facts::Facts;
use crate::cli::report::seen::standing;
use crate::finding::Finding;
use crate::model::Entity;
use std::collections::BTreeMap;

/// A difference.
pub(super) struct Difference {
    weight: Weight,
    what: Line,
    flows: Cell,
    said: Cell,
    check: Cell,
}

/// What rules of `check` say of the same.
pub(super) struct Rules<'f, 'a> {
    facts: &'f Facts<'a>,
    found: BTreeMap<&'static str, Vec<&'a Finding>>,
}

/// The rules that look at a notice beside what flows.
const RULES: [&str; 7] = [
    "ccpa/notice-category-undisclosed",
    "ccpa/notice-context-undisclosed",
    "ccpa/notice-sale-share-mismatch",
    "ccpa/incompatible-purpose",
    "ccpa/store-exceeds-retention",
    "ccpa/retention-missing",
    "ccpa/undeclared-destination",
];

impl<'f, 'a> Rules<'f, 'a> {
    fn of(facts: &'f Facts<'a>) -> Self {
        Self { facts, found: RULES.into_iter().map(|rule| (rule, facts.seen.findings(rule))).collect() }
    }

    fn findings(&self, rule: &str) -> &[&'a Finding] {
        self.found.get(rule).map_or(&[], Vec::as_slice)
    }

    /// What a rule says of an entity.
    fn on(&self, rule: &str, entity: &Entity) -> Vec<&'a Finding> {
        let about =
            |finding: &&&Finding| finding.subject.kind == entity.kind.name && finding.subject.id == entity.id.value;
        self.findings(rule).iter().filter(about).copied().collect()
    }

    /// The weight of a difference and what `check` says; none where the rule ran and is silent.
    fn settle(&self, rule: &str, found: &[&Finding]) -> Option<(Weight, Cell)> {
        let Some(first) = found.first() else {
            let off = format!("`{rule}` did not run");
            return (!self.facts.seen.ran(rule)).then(|| (Weight::Open, cell([soft(off)])));
        };
        let mut line = standing(first);
        line.push(self.facts.seen.at(first.primary.span));
        if found.len() > 1 {
            line.push(soft(format!("and {} more", found.len() - 1)));
        }
        let asks = found.iter().all(|finding| finding.question.is_some());
        Some((if asks { Weight::Open } else { Weight::Bad }, vec![line]))
    }
}

pub(super) fn compare(facts: &Facts<'_>, document: &mut Document) {
    document.section("What the declared notice says, and what flows");
    let notices = &facts.seen.map.model.notices;
    match notices.first() {
        None => document.say(
            "No notice is declared (`notice.categories` of a data map), so that there is nothing to compare what flows with.",
        ),
        Some(_) => document.say(
            "A difference is one that a rule of `check` finds, or a recipient that no row of the notice names. What a rule asks \
             is a question. The rest is for whoever keeps the notice.",
        ),
    }
    let mut all = rows::all(&Rules::of(facts));
    all.sort_by_key(|one| one.weight);
    let row = |one: Difference| {
        let weight = match one.weight {
            Weight::Bad => "differs",
            Weight::Open => "question",
            Weight::Soft => "information",
        };
        let what = std::iter::once(Word::Weighed(one.weight, format!("{weight}:"))).chain(one.what).collect();
        vec![vec![what], one.flows, one.said, one.check]
    };
    let none =
        if notices.is_empty() { "" } else { "No difference was found between the declared notice and what flows." };
    if all.is_empty() && notices.is_empty() {
        return;
    }
    document.table(
        "The declared notice beside what flows, for 11 CCR §§ 7011(e)(1)(A), 7011(e)(1)(E), 7012(e)(1)",
        &["What", "What flows", "What the notice says", "What check says"],
        all.into_iter().map(row).collect(),
        none,
    );
}

/// Rules that no difference rests on.
fn no_rule() -> Cell {
    vec![vec![text("no rule looks at this")]]
}
