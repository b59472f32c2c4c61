//! JSON Schemas that stand inside tracking plans: are they schemas at all?

use std::sync::OnceLock;

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

use super::super::Node;
use super::issue::Translator;
use super::view::{Arena, View};
use crate::finding::{Problem, Stage};

/// One validator per draft, built when first needed.
static VALIDATORS: [OnceLock<Option<Validator<Arena>>>; 5] = [const { OnceLock::new() }; 5];

/// Checks that `node`, a JSON Schema inside a tracking plan, is itself a valid schema.
///
/// The draft comes from `$schema`. Without one, and for one that is not known (vendors put names of their own there),
/// draft 7 is assumed.
pub fn check_schema_node(node: Node<'_>) -> Vec<Problem> {
    let named = node.get("$schema").and_then(Node::text);
    let Some(validator) = validator(named.map_or(Draft::Draft7, Draft::from_schema_uri)) else { return Vec::new() };
    let mut errors = validator.iter_errors(View::Node(node)).peekable();
    if errors.peek().is_none() {
        return Vec::new();
    }
    let nothing = Value::Null;
    let mut translator = Translator::new(node, &nothing);
    let mut problems: Vec<Problem> = errors
        .flat_map(|error| {
            let keyword = translator.key_at(error.instance_path());
            let word = move |message: &str| match &keyword {
                Some(key) => format!("`{key}` in a JSON Schema: {message}"),
                None => format!("no valid JSON Schema: {message}"),
            };
            let issues = translator.issues(&error).into_iter();
            issues.map(move |issue| Problem::at(Stage::Schema, issue.span, word(&issue.message)).help(issue.help))
        })
        .collect();
    problems.sort_by_key(|problem| match problem.place {
        crate::finding::Place::Span(span) => Some(span),
        _ => None,
    });
    problems.dedup();
    problems
}

/// The validator of a draft's metaschema. All of them are inside the library; nothing is fetched.
fn validator(draft: Draft) -> Option<&'static Validator<Arena>> {
    let (slot, draft, uri) = match draft {
        Draft::Draft4 => (0, draft, "http://json-schema.org/draft-04/schema#"),
        Draft::Draft6 => (1, draft, "http://json-schema.org/draft-06/schema#"),
        Draft::Draft201909 => (3, draft, "https://json-schema.org/draft/2019-09/schema"),
        Draft::Draft202012 => (4, draft, "https://json-schema.org/draft/2020-12/schema"),
        _ => (2, Draft::Draft7, "http://json-schema.org/draft-07/schema#"),
    };
    let build = || {
        let schema = json!({ "$ref": uri });
        jsonschema::options_for::<Arena>().with_draft(draft).offline().build(&schema).ok()
    };
    VALIDATORS.get(slot)?.get_or_init(build).as_ref()
}
