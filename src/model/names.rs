//! How names of destinations, sources and plans are compared.

use super::entity::Entity;
use crate::finding::{Edit, Fix, Problem, Stage, closest};
use crate::source::Span;

/// A name as it is compared: lower case, letters and digits only.
pub fn normal(name: &str) -> String {
    if name.is_ascii() {
        let mut plain = String::with_capacity(name.len());
        let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
        plain.extend(letters.map(|byte| char::from(byte.to_ascii_lowercase())));
        return plain;
    }
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Names under which a destination or source is declared: id, stated aliases, and what the files that it was joined
/// from call it.
pub(super) fn own_names(entity: &Entity) -> impl Iterator<Item = String> {
    let aliases = entity.object.texts("aliases").map(|(alias, _)| normal(alias));
    let joined = entity.origins.iter().map(|(_, name)| normal(&name.value));
    std::iter::once(normal(&entity.id.value)).chain(aliases).chain(joined)
}

/// The problem of a name at `span` that stands for nothing, with the nearest one that does; else what helps.
pub(super) fn unresolved<'a>(
    span: Span,
    given: &str,
    message: String,
    known: impl IntoIterator<Item = &'a str>,
    otherwise: &str,
) -> Problem {
    let problem = Problem::at(Stage::Reference, span, message);
    let Some(near) = closest(given, known) else { return problem.help(otherwise) };
    // A near name may be another one; how it must be written is settled where the file is known.
    let title = format!("write `{near}` instead of `{given}`");
    let fix = Fix { title, safe: false, edits: vec![Edit { span, text: near.to_owned() }] };
    problem.help(format!("did you mean `{near}`?")).mended_by(fix)
}
