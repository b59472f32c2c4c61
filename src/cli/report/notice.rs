//! `report notice`: what is collected, why, for how long and who receives it, as a notice at collection and a privacy policy
//! tell it; and where the declared notice differs.

mod agreement;
mod recipients;
mod statements;
mod tables;

use super::document::Document;
use super::facts::Facts;
use super::seen::Seen;

pub(super) fn make(seen: &Seen<'_>) -> Document {
    let name = seen.map.model.business.as_ref().and_then(|business| business.object.text("name"));
    let title = name.map_or_else(|| "Notice tables".to_owned(), |name| format!("Notice tables of {name}"));
    let mut document = Document::new(title);
    seen.opening(
        "These are tables for the people who write the notice at collection and the privacy policy",
        &mut document,
    );
    let facts = Facts::of(seen);
    tables::collected(&facts, &mut document);
    tables::purposes(&facts, &mut document);
    recipients::by_category(&facts, &mut document);
    recipients::each(&facts, &mut document);
    tables::retention(&facts, &mut document);
    tables::sensitive(&facts, &mut document);
    statements::statements(&facts, &mut document);
    agreement::compare(&facts, &mut document);
    document
}
