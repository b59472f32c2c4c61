//! What goes out with every call of a source though no plan lists it.

use super::View;
use crate::flow;
use crate::model::ClassSet;
use crate::source::Span;

/// It, as a field of the inventory.
pub(in crate::cli::map) struct Context {
    pub(in crate::cli::map) classes: ClassSet,
    /// What it is, in words.
    pub(in crate::cli::map) field: String,
    /// What says so.
    pub(in crate::cli::map) by: &'static str,
    /// Where that is written.
    pub(in crate::cli::map) by_place: Option<Span>,
}

impl Context {
    /// That of a source; none where nothing of what is shown goes out so.
    pub(in crate::cli::map) fn of(view: &View<'_>, source: usize) -> Option<Self> {
        let entity = view.source(source);
        let classes = flow::in_every_call(entity);
        if classes.is_empty() || !view.shows_classes(classes) {
            return None;
        }
        let keys: Vec<&str> = entity.object.texts("identity").map(|(key, _)| key).collect();
        let keys =
            if keys.is_empty() { "identifiers".to_owned() } else { format!("identifiers ({})", keys.join(", ")) };
        let browsing = ClassSet::parse("F").is_some_and(|class| classes.contains(class));
        let (field, by, attribute) = match browsing {
            true => (format!("address, page and {keys}"), "the platform of the source", "platform"),
            false => (keys, "the identity of the source", "identity"),
        };
        let by_place = entity.object.get(attribute).map(|found| found.span);
        Some(Self { classes, field, by, by_place })
    }
}
