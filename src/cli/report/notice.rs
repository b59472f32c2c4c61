//! `report notice`: what is collected, why, for how long and who receives it, as a notice at collection and a privacy policy
//! tell it; and where the declared notice differs.

mod agreement;
mod blind;
mod left_out;
mod recipients;
mod retention;
mod statements;
mod tables;
mod unclassified;

use super::document::Document;
use super::facts::Facts;
use super::seen::Seen;
use crate::model::{ClassSet, Entity};

pub(super) fn make(seen: &Seen<'_>) -> Document {
    let name = seen.map.model.business.as_ref().and_then(|business| business.object.text("name"));
    let title = name.map_or_else(|| "Notice tables".to_owned(), |name| format!("Notice tables of {name}"));
    let mut document = Document::new(title);
    seen.opening(
        "These are tables for the people who write the notice at collection and the privacy policy",
        &mut document,
    );
    let facts = Facts::of(seen);
    let differences = agreement::Differences::of(&facts);
    differences.summary(&facts, &mut document);
    tables::collected(&facts, &mut document);
    tables::purposes(&facts, &mut document);
    recipients::by_category(&facts, &mut document);
    recipients::each(&facts, &mut document);
    retention::retention(&facts, &mut document);
    tables::sensitive(&facts, &mut document);
    statements::statements(&facts, &mut document);
    differences.table(&facts, &mut document);
    blind::section(&facts, &mut document);
    document
}

/// The classes that a row of the notice lists, as it lists them.
fn listed(notice: &Entity) -> ClassSet {
    let codes = ["pi", "spi"].into_iter().flat_map(|name| notice.object.texts(name));
    codes.filter_map(|(code, _)| ClassSet::parse(code)).collect()
}

/// Whether a row of the notice lists a class, by itself.
fn lists(notice: &Entity, class: ClassSet) -> bool {
    listed(notice).contains(class)
}
