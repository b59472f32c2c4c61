//! Which instance of a destination a filter belongs to: a filter is for one pair of source and destination.

use super::BlockFormat;
use super::plan::{Block, Look};
use super::quote::identifier;
use crate::adapter::{Candidate, recognise};
use crate::document::{self, Entry, Node};
use crate::model::{Entity, Model};
use crate::source::{SourceId, Span};

/// How something is referred to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reference {
    /// An expression of Terraform.
    Expression(String),
    /// The platform's own id.
    Id(String),
    /// No file says the platform's id of what the data map calls so.
    Unknown(String),
}

/// A pair of source and destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Instance {
    pub(super) destination: Reference,
    pub(super) source: Reference,
    /// A name for resources and variables.
    pub(super) label: String,
}

/// The instances that a block is for: those that Segment's files tell, or else one for each source that sends the data.
pub(super) fn instances(look: Look<'_>, block: &Block) -> Vec<Instance> {
    let entity = &look.map.model.destinations[block.to];
    let places: Vec<Span> = entity.origins.iter().map(|(_, id)| id.span).collect();
    let told = look.inputs.sources.iter().flat_map(|(id, source)| {
        let formats = look.loaded.formats.get(id.0 as usize).map_or(&[][..], Vec::as_slice);
        if !formats.iter().any(|name| ["segment-terraform", "segment-export"].contains(name)) {
            return Vec::new();
        }
        let (model, repeated) = lowered(id, &source.path, &source.text);
        let ours = model.destinations.iter().filter(|found| !found.implied && places.contains(&found.id.span));
        ours.map(|found| instance(look, found, &model, &repeated)).collect()
    });
    let mut all: Vec<Instance> = told.collect();
    if all.is_empty() {
        let name = identifier(&entity.id.value);
        let sources = block.sources.iter().map(|source| look.map.model.sources[*source].id.value.as_str());
        let ids: Vec<&str> = if block.sources.is_empty() { vec!["source"] } else { sources.collect() };
        all.extend(ids.into_iter().map(|source| Instance {
            destination: Reference::Unknown(entity.id.value.clone()),
            source: Reference::Unknown(source.to_owned()),
            label: format!("{}_from_{}", name, identifier(source)),
        }));
    }
    all
}

/// What a file declares, and the addresses of resources that are made several times.
fn lowered(id: SourceId, path: &str, text: &str) -> (Model, Vec<String>) {
    let (mut model, mut problems, mut repeated) = (Model::default(), Vec::new(), Vec::new());
    for document in &document::parse(id, path, text).documents {
        let candidate = Candidate { path, document };
        if let Some(adapter) = recognise(&candidate) {
            adapter.read(&candidate, &mut model, &mut problems);
        }
        for kind in document.root().get("resource").into_iter().flat_map(Node::entries) {
            let many =
                |resource: &Entry<'_>| ["count", "for_each"].iter().any(|key| resource.value().get(key).is_some());
            let names = kind.value().entries().filter(many);
            repeated.extend(names.map(|resource| format!("{}.{}", kind.key(), resource.key())));
        }
    }
    (model, repeated)
}

/// An instance as a file of Segment declares it.
fn instance(look: Look<'_>, found: &Entity, model: &Model, repeated: &[String]) -> Instance {
    let address =
        |id: &'_ str| address(id).filter(|address| !repeated.iter().any(|one| one == address)).map(str::to_owned);
    let id = found.id.value.as_str();
    let feeds = |source: &&Entity| source.object.has_text("destinations", id);
    let source = model.sources.iter().find(feeds).map(|source| source.id.value.as_str());
    let terraform = look.format == BlockFormat::Terraform;
    let destination = match (address(id), terraform) {
        (Some(address), true) => Reference::Expression(format!("{address}.id")),
        (Some(_), false) => {
            let imported = found.object.texts("aliases").map(|(alias, _)| alias.to_owned()).next();
            imported.map_or_else(|| Reference::Unknown(id.to_owned()), Reference::Id)
        }
        (None, _) if id.starts_with("segment_") => Reference::Unknown(id.to_owned()),
        (None, _) => Reference::Id(id.to_owned()),
    };
    let source = match (source, source.and_then(address), terraform) {
        (_, Some(address), true) => Reference::Expression(format!("{address}.id")),
        (None, _, true) if address(id).is_some() => Reference::Expression(format!("{id}.source_id")),
        (Some(source), None, _) if !source.starts_with("segment_") => Reference::Id(source.to_owned()),
        (source, ..) => Reference::Unknown(source.unwrap_or("source").to_owned()),
    };
    Instance { destination, source, label: identifier(id.strip_prefix("segment_destination.").unwrap_or(id)) }
}

/// An address of Terraform, if a text is one.
fn address(id: &str) -> Option<&str> {
    let (kind, name) = id.split_once('.')?;
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    (kind.starts_with("segment_") && plain(kind) && plain(name) && begins).then_some(id)
}
