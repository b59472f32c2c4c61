//! What rules could not judge, said once a place and reason.

use crate::finding::{Place, Problem, Stage, SubjectId};
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

/// The problems to report: what several rules could not judge for the same reason is one problem.
pub(super) fn problems(undecided: Vec<Undecided>) -> Vec<Problem> {
    let mut at: HashMap<(u32, u32, u32, SubjectId, String), usize> = HashMap::new();
    let mut groups: Vec<(Undecided, Vec<String>)> = Vec::new();
    for one in undecided {
        let place = one.place;
        let key = (place.source.0, place.start, place.end, one.subject.clone(), one.why.clone());
        match at.get(&key).and_then(|index| groups.get_mut(*index)) {
            Some((_, others)) => others.push(one.rule),
            None => {
                at.insert(key, groups.len());
                groups.push((one, Vec::new()));
            }
        }
    }
    groups.into_iter().map(|(first, others)| problem(first, others)).collect()
}

fn problem(first: Undecided, mut others: Vec<String>) -> Problem {
    let SubjectId { kind, id } = first.subject;
    others.retain(|rule| *rule != first.rule);
    let message = match others.pop() {
        None => format!("{} cannot be judged for {kind} `{id}`: `{}`: {}", first.rule, first.part, first.why),
        Some(last) => {
            let rules: Vec<String> = std::iter::once(first.rule).chain(others).collect();
            format!("{} and {last} cannot be judged for {kind} `{id}`: {}", rules.join(", "), first.why)
        }
    };
    Problem {
        stage: Stage::Rule,
        message,
        help: "declare it, or guard the rule with `has(…)`".to_owned(),
        place: Place::Span(first.place),
        related: Vec::new(),
    }
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
                "a/x, a/y and b/z cannot be judged for banner `banner`: `close` is computed",
                "a/y cannot be judged for banner `other`: `deny`: `close` is computed",
                "a/x cannot be judged for banner `banner`: `deny`: `modal` is computed",
            ]
        );
    }
}
