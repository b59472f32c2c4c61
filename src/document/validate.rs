//! JSON Schema on spanned trees: no copy of the instance, no network, no file.

mod issue;
mod metaschema;
mod places;
mod view;

pub use metaschema::check_schema_node;

use jsonschema::{Draft, Validator};
use serde_json::Value;

use super::Node;
use crate::finding::Fix;
use crate::source::Span;
use issue::Translator;
use view::{Arena, View};

/// A compiled schema of ours or of a vendor's format.
pub struct Schema {
    validator: Validator<Arena>,
    /// Where the keys that a mapping may have are looked up.
    text: Value,
}

impl std::fmt::Debug for Schema {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Schema of {}", self.text.get("$id").unwrap_or(&Value::Null))
    }
}

/// One way in which a document breaks its schema.
#[derive(Clone, Debug)]
pub struct SchemaIssue {
    /// The key or value to underline.
    pub span: Span,
    /// One sentence.
    pub message: String,
    /// The way out; may be empty.
    pub help: String,
    /// A way to mend it, where one is known.
    pub fix: Option<Fix>,
}

impl Schema {
    /// Compiles a schema that ships with the program (draft 2020-12).
    ///
    /// # Errors
    /// The reason, when the text is no valid schema.
    pub fn compile(text: &str) -> Result<Self, String> {
        let text: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let validator = jsonschema::options_for::<Arena>()
            .with_draft(Draft::Draft202012)
            .offline()
            .build(&text)
            .map_err(|error| format!("{error} at {}", error.instance_path()))?;
        Ok(Self { validator, text })
    }

    /// Every way in which `node` breaks the schema, in order of place.
    pub fn issues(&self, node: Node<'_>) -> Vec<SchemaIssue> {
        let mut errors = self.validator.iter_errors(View::Node(node)).peekable();
        if errors.peek().is_none() {
            return Vec::new();
        }
        let mut translator = Translator::new(node, &self.text);
        let mut issues: Vec<SchemaIssue> = errors.flat_map(|error| translator.issues(&error)).collect();
        issues.sort_by(|one, other| (one.span, &one.message).cmp(&(other.span, &other.message)));
        // A value behind several aliases is judged once per alias.
        issues.dedup_by(|one, other| one.span == other.span && one.message == other.message);
        issues
    }
}
