//! What the declared notice says, and what flows: where they differ, with the line on both sides. Where a rule of `check`
//! looks at the same, it decides: what it is silent on is no difference here, and what it asks is a question here, too.

mod contradictions;
mod purposes;
mod rows;

use crate::cli::report::document::{Cell, Document, Line, Weight, Word, bad, cell, open, soft, text};
use crate::cli::report::facts::Facts;
use crate::cli::report::seen::standing;
use crate::finding::Finding;
use crate::model::Entity;
use crate::output::counted;
use std::collections::BTreeMap;

/// A difference.
struct Difference {
    weight: Weight,
    what: Line,
    flows: Cell,
    said: Cell,
    check: Cell,
}

/// What rules of `check` say of the same.
struct Rules<'f, 'a> {
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

/// All differences, those that weigh most first.
pub(super) struct Differences(Vec<Difference>);

/// The section of the differences.
const TITLE: &str = "What the declared notice says, and what flows";

impl Differences {
    pub(super) fn of(facts: &Facts<'_>) -> Self {
        let rules = Rules::of(facts);
        let parts = [rows::all(&rules), contradictions::all(&rules), purposes::all(&rules)];
        let mut all: Vec<Difference> = parts.into_iter().flatten().collect();
        all.sort_by_key(|one| one.weight);
        Self(all)
    }

    /// How many there are, for the top of the report.
    pub(super) fn summary(&self, facts: &Facts<'_>, document: &mut Document) {
        let count = |weight| self.0.iter().filter(|one| one.weight == weight).count();
        let (differ, ask) = (count(Weight::Bad), count(Weight::Open));
        let mut line = vec![text("The declared notice beside what flows:")];
        if facts.seen.map.model.notices.is_empty() {
            line.push(open("no notice is declared (`notice.categories`)."));
            return document.list(vec![line]);
        }
        let words = counted(differ, "difference", "differences");
        line.push(if differ > 0 { bad(words) } else { text(words) });
        line.push(text("and"));
        let words = counted(ask, "question", "questions");
        line.push(if ask > 0 { open(words) } else { text(words) });
        line.extend([text(", in the section"), Word::Section(TITLE.to_owned())]);
        document.list(vec![line]);
    }

    pub(super) fn table(self, facts: &Facts<'_>, document: &mut Document) {
        document.section(TITLE);
        if facts.seen.map.model.notices.is_empty() {
            document.say(
                "No notice is declared (`notice.categories` of a data map), so that there is nothing to compare what flows with.",
            );
        } else {
            document.say(
                "A difference is one that a rule of `check` finds, a denied sale, or a recipient of a sale that no row of the \
                 notice names. What a rule asks is a question, and so is what cannot be compared or what rows of the notice say \
                 against each other. The rest is for whoever keeps the notice.",
            );
        }
        if self.0.is_empty() && facts.seen.map.model.notices.is_empty() {
            return;
        }
        document.table(
            "The declared notice beside what flows, for 11 CCR §§ 7011(e)(1)(A), 7011(e)(1)(E), 7012(e)(1), 7012(e)(2)",
            &["What", "What flows", "What the notice says", "What check says"],
            self.0.into_iter().map(Difference::row).collect(),
            "No difference was found between the declared notice and what flows.",
        );
    }
}

impl Difference {
    fn row(self) -> Vec<Cell> {
        let weight = match self.weight {
            Weight::Bad => "differs",
            Weight::Open => "question",
            Weight::Soft => "information",
        };
        let what = std::iter::once(Word::Weighed(self.weight, format!("{weight}:"))).chain(self.what).collect();
        vec![vec![what], self.flows, self.said, self.check]
    }
}

/// Rules that no difference rests on.
fn no_rule() -> Cell {
    vec![vec![text("no rule looks at this")]]
}
