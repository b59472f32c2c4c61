//! What Segment's CDN serves to a website: its destinations by creation name, and the consent categories of each.

use super::plan_parts::{has_list, has_map};
use super::segment_parts::text;
use super::{Adapter, Candidate};
use crate::document::{Node, Shape};
use crate::finding::Problem;
use crate::model::kind;
use crate::model::{Entity, Located, Model, Origin, Value};
use crate::source::Span;
use std::collections::{HashMap, HashSet};

/// Settings of analytics.js.
pub static ADAPTER: Adapter = Adapter {
    name: "segment-cdn-settings",
    about: "settings that Segment's CDN serves to analytics.js: destinations and their consent categories",
    origin: Origin::Platform,
    schema: Some(include_str!("../../policies/schemas/segment-cdn-settings.json")),
    recognises: |candidate| is_settings(candidate.document.root()),
    meant: |text| text.contains("\"integrations\"") && text.contains("\"consentSettings\""),
    lower,
};

/// Segment's own endpoint is listed among the destinations. It is the pipe to all of them, not a recipient.
const PIPE: &str = "Segment.io";

fn is_settings(root: Node<'_>) -> bool {
    let Some(integrations) = root.get("integrations").filter(|found| found.shape() == Shape::Map) else {
        return false;
    };
    let stated = root.get("consentSettings").is_some_and(|consent| has_list(consent, "allCategories"));
    stated
        || has_map(integrations, PIPE)
        || integrations.entries().any(|entry| {
            entry.value().get("consentSettings").is_some_and(|consent| has_list(consent, "categories"))
        })
}

fn lower(candidate: &Candidate<'_>, model: &mut Model, _problems: &mut Vec<Problem>) {
    let root = candidate.document.root();
    let mut categories = Categories::default();
    let mut consent: Option<Span> = None;
    if let Some(entry) = root.entry("consentSettings") {
        consent = Some(entry.key_span());
        for item in entry.value().get("allCategories").into_iter().flat_map(Node::items) {
            categories.add(item, None);
        }
    }
    let remote = remote(root);
    for entry in root.get("integrations").into_iter().flat_map(Node::entries) {
        let (name, settings) = (entry.key(), entry.value());
        if let Some(own) = settings.entry("consentSettings") {
            consent = consent.or(Some(own.key_span()));
            let listed = own.value().get("categories").into_iter().flat_map(Node::items);
            listed.for_each(|item| categories.add(item, (name != PIPE).then_some(name)));
        }
        if name == PIPE || name.is_empty() {
            continue;
        }
        let mut entity = Entity::new(&kind::DESTINATION, Located::new(name.to_owned(), entry.key_span()));
        if in_page(settings) || remote.contains(name) {
            entity.object.set("mode", text("device", entry.key_span()));
        }
        model.destinations.push(entity);
    }
    if let Some(span) = consent {
        let mut entity = Entity::new(&kind::CONSENT, Located::new("consent".to_owned(), span));
        entity.object.set("manager", text("segment", span));
        model.consents.push(entity);
    }
    model.categories.extend(categories.finish());
}

/// Whether the vendor's script runs in the page: bundled or loaded, and made for browsers.
fn in_page(settings: Node<'_>) -> bool {
    let is = |key: &str, value: &str| settings.get(key).and_then(Node::text) == Some(value);
    let parts = settings.at(&["versionSettings", "componentTypes"]).into_iter().flat_map(Node::items);
    let browser = is("type", "browser") || parts.into_iter().any(|part| part.text() == Some("browser"));
    browser && !is("bundlingStatus", "unbundled")
}

/// Creation names of the destinations whose code is loaded from elsewhere.
fn remote<'d>(root: Node<'d>) -> HashSet<&'d str> {
    let plugins = root.get("remotePlugins").into_iter().flat_map(Node::items);
    plugins.filter_map(|plugin| plugin.get("creationName").or_else(|| plugin.get("name"))?.text()).collect()
}

/// Consent categories in the order in which they are met.
#[derive(Default)]
struct Categories {
    all: Vec<(Located<String>, Vec<Located<Value>>)>,
    known: HashMap<String, usize>,
}

impl Categories {
    fn add(&mut self, item: Node<'_>, destination: Option<&str>) {
        let Some(id) = item.text() else { return };
        let at = *self.known.entry(id.to_owned()).or_insert(self.all.len());
        if at == self.all.len() {
            self.all.push((Located::new(id.to_owned(), item.span()), Vec::new()));
        }
        if let (Some((_, destinations)), Some(name)) = (self.all.get_mut(at), destination) {
            destinations.push(text(name, item.span()));
        }
    }

    fn finish(self) -> impl Iterator<Item = Entity> {
        self.all.into_iter().map(|(id, destinations)| {
            let mut entity = Entity::new(&kind::CATEGORY, id);
            if let Some(first) = destinations.first().map(|first| first.span) {
                entity.object.set("destinations", Located::new(Value::List(destinations), first));
            }
            entity
        })
    }
}
