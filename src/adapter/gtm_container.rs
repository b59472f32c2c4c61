//! Google Tag Manager: the export of a container.
//!
//! A tag is read as what its vendor is to the data map, a destination. Tags that send nothing to anybody are left.

mod consent;
mod tag;
mod vendors;

use consent::Defaults;
use tag::{Library, Recipient, Tag};
use super::plan_parts::has_map;
use super::{Adapter, Candidate};
use crate::document::{Entry, Node, Shape};
use crate::finding::{Problem, Stage};
use crate::model::{Entity, Located, Model, Origin, Value, kind};
use crate::source::Span;
use std::collections::{HashMap, HashSet};

/// Containers of Google Tag Manager.
pub static ADAPTER: Adapter = Adapter {
    name: "gtm-container",
    about: "Google Tag Manager: the export of a container",
    origin: Origin::Platform,
    schema: Some(include_str!("../../policies/schemas/gtm-container.json")),
    recognises: |candidate| {
        let root = candidate.document.root();
        root.get("exportFormatVersion").is_some() && has_map(root, "containerVersion")
    },
    meant: |text| text.contains("\"exportFormatVersion\"") && text.contains("\"containerVersion\""),
    lower,
};

fn lower(candidate: &Candidate<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let Some(version) = candidate.document.root().entry("containerVersion") else { return };
    let Some(list) = version.value().entry("tag") else {
        // A container without a tag is complete: it fires nothing.
        let place = version.key_span();
        Container { id: id(version), place, version: version.value(), tags: &[] }.add(&Defaults::default(), model);
        return;
    };
    if list.value().shape() != Shape::List {
        let problem = Problem::at(Stage::Schema, list.value().span(), "`tag` is not a list of tags");
        problems.push(problem.help("export the container again"));
        return;
    }
    let library = Library::new(version.value());
    let mut tags: Vec<Tag<'_>> = Vec::with_capacity(list.value().count());
    for node in list.value().items() {
        tags.extend(Tag::read(node, &library, problems));
    }
    fire_companions(&mut tags);
    let mut defaults = Defaults::default();
    for tag in tags.iter().filter(|tag| tag.fires()) {
        defaults.set |= tag.sets_default;
        if let Some((text, place)) = tag.text {
            defaults.read(text, place);
        }
    }
    for tag in tags.iter().filter(|tag| tag.fires()) {
        tag.report_missing_template(problems);
    }
    let container = Container { id: id(version), place: list.key_span(), version: version.value(), tags: &tags };
    container.add(&defaults, model);
}

/// Tags that only fire before or after another one fire when that one does.
fn fire_companions(tags: &mut [Tag<'_>]) {
    let names: HashMap<String, usize> =
        tags.iter().enumerate().map(|(at, tag)| (tag.name.value.clone(), at)).collect();
    let mut open: Vec<usize> = (0..tags.len()).filter(|at| tags[*at].fires()).collect();
    let mut seen: HashSet<usize> = open.iter().copied().collect();
    while let Some(at) = open.pop() {
        let companions = tags[at].companions().filter_map(|name| names.get(name).copied()).collect::<Vec<_>>();
        for other in companions {
            if !seen.insert(other) {
                continue;
            }
            tags[other].triggered = true;
            if tags[other].fires() {
                open.push(other);
            }
        }
    }
}

/// What the container is called: its public id, its name, or just `gtm`.
fn id(version: Entry<'_>) -> Located<String> {
    let container = version.value().get("container");
    let named = ["publicId", "name"].into_iter().find_map(|key| container?.get(key).filter(|node| {
        node.text().is_some_and(|text| !text.trim().is_empty())
    }));
    match named {
        Some(node) => Located::new(node.text().unwrap_or("").to_owned(), node.span()),
        None => Located::new("gtm".to_owned(), version.key_span()),
    }
}

struct Container<'c, 'd> {
    id: Located<String>,
    /// The key of the list of tags.
    place: Span,
    version: Node<'d>,
    tags: &'c [Tag<'d>],
}

impl Container<'_, '_> {
    fn add(&self, defaults: &Defaults, model: &mut Model) {
        let platform = self.platform();
        model.sources.push(self.source(platform));
        model.destinations.extend(self.destinations(platform, defaults));
        model.categories.extend(self.categories(defaults));
        model.consents.push(self.consent(platform, defaults));
    }

    fn platform(&self) -> Option<(&'static str, Span)> {
        let usage = self.version.at(&["container", "usageContext"])?;
        let first = usage.items().next().unwrap_or(usage);
        let name = first.text()?.to_ascii_lowercase();
        let platform = match name.as_str() {
            "web" | "amp" => "web",
            "server" => "server",
            name if name.starts_with("android") => "android",
            name if name.starts_with("ios") => "ios",
            _ => return None,
        };
        Some((platform, first.span()))
    }

    fn source(&self, platform: Option<(&'static str, Span)>) -> Entity {
        let mut source = Entity::new(&kind::SOURCE, self.id.clone());
        if let Some(node) = self.version.at(&["container", "name"]).filter(|node| node.text().is_some()) {
            let name = Value::Text(node.text().unwrap_or("").to_owned());
            source.object.set("name", Located::new(name.clone(), node.span()));
            let alias = Value::List(vec![Located::new(name, node.span())]);
            source.object.set("aliases", Located::new(alias, node.span()));
        }
        if let Some((platform, span)) = platform {
            source.object.set("platform", Located::new(Value::Text(platform.to_owned()), span));
        }
        let mut fed = HashSet::new();
        let sent = self.tags.iter().filter(|tag| tag.fires()).flat_map(|tag| {
            tag.recipients.iter().map(|recipient| (recipient.name.as_str(), tag.name.span))
        });
        let items = sent.filter(|(name, _)| fed.insert(*name));
        let items = items.map(|(name, span)| Located::new(Value::Text(name.to_owned()), span)).collect();
        source.object.set("destinations", Located::new(Value::List(items), self.place));
        source
    }

    /// The tags that send to each recipient, in order: those that fire, or all where none does.
    fn by_recipient(&self, default_set: bool) -> Vec<(&Recipient, Vec<&Tag<'_>>)> {
        let mut at: HashMap<&str, usize> = HashMap::new();
        let mut all: Vec<(&Recipient, Vec<&Tag<'_>>)> = Vec::new();
        for tag in self.tags {
            for recipient in &tag.recipients {
                let slot = *at.entry(&recipient.name).or_insert_with(|| {
                    all.push((recipient, Vec::new()));
                    all.len() - 1
                });
                all[slot].1.push(tag);
            }
        }
        for (_, tags) in &mut all {
            if tags.iter().any(|tag| tag.fires()) {
                tags.retain(|tag| tag.fires());
            }
            // A recipient is known by its most open tag, which is the place where consent is missing.
            tags.sort_by_key(|tag| (!tag.is_ungated(default_set), !tag.is_restricted(default_set)));
        }
        all
    }

    fn destinations(&self, platform: Option<(&'static str, Span)>, defaults: &Defaults) -> Vec<Entity> {
        let mode = platform.map(|(platform, span)| {
            let mode = if platform == "server" { "cloud" } else { "device" };
            Located::new(Value::Text(mode.to_owned()), span)
        });
        let mut found = Vec::new();
        for (recipient, tags) in self.by_recipient(defaults.set) {
            let Some(first) = tags.first() else { continue };
            let place = first.name.span;
            let mut entity = Entity::new(&kind::DESTINATION, Located::new(recipient.name.clone(), place));
            if recipient.catalogued {
                entity.object.set("catalog", Located::new(Value::Text(recipient.name.clone()), place));
            }
            if !recipient.also.is_empty() {
                entity.object.set("aliases", Located::new(Value::texts(recipient.also.iter().copied(), place), place));
            }
            entity.object.set("enabled", Located::new(Value::Bool(first.fires()), first.state));
            if let Some(mode) = &mode {
                entity.object.set("mode", mode.clone());
            }
            found.push(entity);
        }
        found
    }

    /// Consent types with the recipients that they turn off: those of whom every tag that fires asks for it.
    fn categories(&self, defaults: &Defaults) -> Vec<Entity> {
        let mut kinds: Vec<(Located<String>, Vec<Located<Value>>)> = Vec::new();
        let mut at: HashMap<String, usize> = HashMap::new();
        for (recipient, tags) in self.by_recipient(defaults.set) {
            let Some((first, rest)) = tags.split_first() else { continue };
            for kind in first.asks_for(defaults.set) {
                if !rest.iter().all(|tag| tag.asks_for(defaults.set).iter().any(|other| other.value == kind.value)) {
                    continue;
                }
                let slot = *at.entry(kind.value.clone()).or_insert_with(|| {
                    kinds.push((kind.clone(), Vec::new()));
                    kinds.len() - 1
                });
                kinds[slot].1.push(Located::new(Value::Text(recipient.name.clone()), first.name.span));
            }
        }
        let settled = defaults.settled();
        for (kind, value) in &settled {
            at.entry(kind.clone()).or_insert_with(|| {
                kinds.push((Located::new(kind.clone(), value.span), Vec::new()));
                kinds.len() - 1
            });
        }
        let mut stated: HashMap<String, Located<Value>> = settled.into_iter().collect();
        let category = |(kind, listed): (Located<String>, Vec<Located<Value>>)| {
            let place = kind.span;
            let default = stated.remove(&kind.value);
            let mut entity = Entity::new(&kind::CATEGORY, kind);
            if let Some(default) = default {
                entity.object.set("default", default);
            }
            if !listed.is_empty() {
                entity.object.set("destinations", Located::new(Value::List(listed), place));
            }
            entity
        };
        kinds.into_iter().map(category).collect()
    }

    fn consent(&self, platform: Option<(&'static str, Span)>, defaults: &Defaults) -> Entity {
        let mut consent = Entity::new(&kind::CONSENT, self.id.clone());
        consent.object.set("manager", Located::new(Value::Text("gtm".to_owned()), self.id.span));
        let firing = || self.tags.iter().filter(|tag| tag.fires());
        let count = i64::try_from(firing().count()).unwrap_or(i64::MAX);
        consent.object.set("tags", Located::new(Value::Int(count), self.place));
        // A server container acts on what the page already let through, so its silence says nothing.
        if platform.is_none_or(|(platform, _)| platform != "server") {
            let named = |tag: &Tag<'_>| Located::new(Value::Text(tag.name.value.clone()), tag.name.span);
            let open = firing().filter(|tag| tag.is_unconfigured(defaults.set)).map(named).collect();
            consent.object.set("tags_unconfigured", Located::new(Value::List(open), self.place));
            let open = firing().filter(|tag| tag.is_ungated(defaults.set)).map(named).collect();
            consent.object.set("tags_ungated", Located::new(Value::List(open), self.place));
            let own: Vec<_> = firing().filter(|tag| tag.is_restricted(defaults.set)).map(named).collect();
            if !own.is_empty() {
                consent.object.set("tags_restricted", Located::new(Value::List(own), self.place));
            }
        }
        consent
    }
}
