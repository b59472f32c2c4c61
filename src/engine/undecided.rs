//! What rules could not judge, said once a place and reason.

use crate::finding::{Problem, Stage, SubjectId};
use crate::model::remedy::STILL_OPEN;
use crate::source::Span;
use std::collections::HashMap;

/// A rule that could not be judged for a subject.
#[derive(Debug)]
pub(super) struct Undecided {
    pub(super) rule: String,
    /// The part of the rule that stayed open.
    pub(super) part: &'static str,
    pub(super) subject: SubjectId,
    pub(super) why: String,
    pub(super) place: Span,
}

/// What could not be judged at one place for one reason.
struct Group {
    first: Undecided,
    rules: Vec<String>,
    subjects: Vec<SubjectId>,
}

/// The problems to report: what several rules could not judge, or one rule of several subjects, for the same reason is
/// one problem.
pub(super) fn problems(undecided: Vec<Undecided>) -> Vec<Problem> {
    let mut at: HashMap<(Span, String), usize> = HashMap::new();
    let mut groups: Vec<Group> = Vec::new();
    // A placeholder is a problem of its own where it stands.
    for one in undecided.into_iter().filter(|one| !one.why.contains(STILL_OPEN)) {
        let index = *at.entry((one.place, one.why.clone())).or_insert(groups.len());
        match groups.get_mut(index) {
            Some(group) => {
                if !group.rules.contains(&one.rule) {
                    group.rules.push(one.rule);
                }
                if group.subjects.last() != Some(&one.subject) && !group.subjects.contains(&one.subject) {
                    group.subjects.push(one.subject);
                }
            }
            None => {
                groups.push(Group { rules: vec![one.rule.clone()], subjects: vec![one.subject.clone()], first: one });
            }
        }
    }
    groups.into_iter().map(problem).collect()
}

fn problem(group: Group) -> Problem {
    let Group { first, mut rules, subjects } = group;
    let SubjectId { kind, id } = first.subject;
    let others = match subjects.len() {
        0 | 1 => String::new(),
        2 => " and another".to_owned(),
        more => format!(" and {} others", more - 1),
    };
    let last = rules.pop().unwrap_or_default();
    let named = if rules.is_empty() { last } else { format!("{} and {last}", rules.join(", ")) };
    let part = if rules.is_empty() && others.is_empty() { format!("`{}`: ", first.part) } else { String::new() };
    let message = format!("{named} cannot be judged for {kind} `{id}`{others}: {part}{}", first.why);
    Problem::at(Stage::Rule, first.place, message).help("declare it, or guard the rule with `has(…)`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn undecided(rule: &str, id: &str, why: &str) -> Undecided {
        let subject = SubjectId { kind: "banner", id: id.to_owned() };
        let place = Span::file(SourceId(0));
        Undecided { rule: rule.to_owned(), part: "deny", subject, why: why.to_owned(), place }
    }

    #[test]
    fn one_reason_at_one_place_is_one_problem() {
        let given = vec![
            undecided("a/x", "banner", "`close` is computed"),
            undecided("a/y", "other", "`close` is computed"),
            undecided("a/y", "banner", "`close` is computed"),
            undecided("b/z", "banner", "`close` is computed"),
            undecided("a/x", "banner", "`modal` is computed"),
        ];
        let told: Vec<String> = problems(given).into_iter().map(|problem| problem.message).collect();
        assert_eq!(
            told,
            [
                "a/x, a/y and b/z cannot be judged for banner `banner` and another: `close` is computed",
                "a/x cannot be judged for banner `banner`: `deny`: `modal` is computed",
            ]
        );
    }
}
