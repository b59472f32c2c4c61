//! The tables and columns in which Segment's warehouses keep the events of a source (Segment documentation, Warehouse
//! Schemas), as the data map knows them.

use super::naming::{column, snake};
use crate::flow::{Flow, Map, undisclosable};
use crate::model::{ClassSet, Classification, Entity, Event, EventType, Property, Section, normal};
use crate::source::Span;
use std::collections::BTreeMap;

/// The event that Segment adds to every tracking plan (Segment documentation, consent object).
pub(super) const RESERVED: &str = "Segment Consent Preference Updated";

/// A column.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    /// Classes of personal information in it.
    pub(super) classes: ClassSet,
    /// What it holds that must not be given out (11 CCR § 7024(d)).
    pub(super) forbidden: Option<&'static str>,
    /// Where the plan lists it; `None` for what Segment adds.
    pub(super) place: Option<Span>,
}

/// A table.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    /// Where the plan lists the event; none for what Segment's libraries send anyway.
    pub(super) places: Vec<Span>,
    /// The column with the user id, if it has one.
    pub(super) user: Option<&'static str>,
    /// Whether it has anonymous ids.
    pub(super) anonymous: bool,
    /// Parts of the plan for which no column can be told: objects or lists whose parts are not listed.
    pub(super) unread: Vec<Span>,
}

/// The tables of a source.
#[derive(Debug)]
pub(super) struct Schema<'a> {
    /// The index of the source.
    pub(super) source: usize,
    pub(super) entity: &'a Entity,
    /// Its schema, and the database before it where that was given.
    pub(super) path: Vec<String>,
    pub(super) tables: BTreeMap<String, Table>,
    /// Whether any event of it is known.
    pub(super) planned: bool,
    /// Names of events from which no name of a table can be made.
    pub(super) unnamed: Vec<(&'a str, Span)>,
    /// Where it says that events or properties get through that its plan does not list.
    pub(super) open: Vec<Span>,
}

/// Columns that every table has, but for that of users.
const EVERY: [&str; 5] = ["id", "received_at", "sent_at", "timestamp", "original_timestamp"];
/// Columns of `tracks` and of the tables of events.
const TRACK: [&str; 2] = ["event", "event_text"];
/// Further names of Segment's own: a property of such a name is not stored.
const OWN: [&str; 5] = ["user_id", "anonymous_id", "uuid", "uuid_ts", "loaded_at"];

/// What analytics.js sends with every call (Segment documentation, Spec: Common Fields), and the classes of it.
const WEB: [(&str, &str); 8] = [
    ("context_ip", "A"),
    ("context_locale", ""),
    ("context_page_path", "F"),
    ("context_page_referrer", "F"),
    ("context_page_search", "F"),
    ("context_page_title", "F"),
    ("context_page_url", "F"),
    ("context_user_agent", "F"),
];
/// The same, of the libraries for apps.
const APP: [(&str, &str); 9] = [
    ("context_device_id", "A"),
    ("context_device_manufacturer", "F"),
    ("context_device_model", "F"),
    ("context_device_type", "F"),
    ("context_ip", "A"),
    ("context_locale", ""),
    ("context_os_name", "F"),
    ("context_os_version", "F"),
    ("context_timezone", ""),
];
/// Columns of `pages` that analytics.js fills.
const PAGE: [(&str, &str); 6] =
    [("name", "F"), ("path", "F"), ("referrer", "F"), ("search", "F"), ("title", "F"), ("url", "F")];

/// How a source names people in its events.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keys {
    pub(super) user: bool,
    pub(super) anonymous: bool,
}

impl Keys {
    pub(super) fn of(source: &Entity) -> Self {
        let has = |wanted: &str| source.object.texts("identity").any(|(key, _)| normal(key) == wanted);
        Self { user: has("userid"), anonymous: has("anonymousid") }
    }

    pub(super) fn any(self) -> bool {
        self.user || self.anonymous
    }
}

/// Whether the events of a source carry the consent object.
pub(super) fn stamps(source: &Entity) -> bool {
    let wrapped = source.object.text("consent.wrapper").is_some_and(|wrapper| wrapper != "none");
    wrapped || source.object.boolean("consent.object") == Some(true)
}

/// The column in which the consent object has the choice for a category: `context.consent.categoryPreferences.ID`
/// (Segment documentation, Consent in Segment Connections).
pub(super) fn preference(category: &Entity) -> Column {
    let name = format!("context_consent_category_preferences_{}", snake(&category.id.value));
    Column { name, classes: ClassSet::EMPTY, forbidden: None, place: Some(category.id.span) }
}

fn set(code: &str) -> ClassSet {
    ClassSet::parse(code).unwrap_or_default()
}

impl Table {
    /// Adds a column, or joins what is said of it to what is known.
    fn add(&mut self, new: Column) {
        match self.columns.iter_mut().find(|known| known.name == new.name) {
            Some(known) => {
                known.classes = known.classes.union(new.classes);
                known.forbidden = known.forbidden.or(new.forbidden);
                known.place = known.place.or(new.place);
            }
            None => self.columns.push(new),
        }
    }

    fn own(&mut self, name: &str, code: &str) {
        self.add(Column { name: name.to_owned(), classes: set(code), forbidden: None, place: None });
    }

    /// Takes in a property of an event.
    fn property(&mut self, property: &Property, found: &Classification, bare: bool) {
        let (name, array) = column(&property.path.value);
        // An object is stored as its parts; of a list without listed items nothing tells it from an object.
        if property.hint.container && !array {
            return self.unread.push(property.path.span);
        }
        let name = match property.section {
            Section::Context => format!("context_{name}"),
            Section::Traits if !bare => format!("context_traits_{name}"),
            _ => name,
        };
        let taken = EVERY.iter().chain(&TRACK).chain(&OWN).any(|own| *own == name);
        if !name.is_empty() && !taken {
            let (classes, forbidden) = (found.classes, undisclosable(property, found));
            self.add(Column { name, classes, forbidden, place: Some(property.path.span) });
        }
    }

    /// Leaves out of what is unread the objects and lists of which parts are known.
    fn settle(&mut self, events: &[(&Event, &[Classification])]) {
        let known = |span: &Span| {
            let own = events.iter().find_map(|(event, _)| {
                let at = event.properties.iter().position(|property| property.path.span == *span)?;
                Some((*event, &event.properties[at].path.value))
            });
            own.is_some_and(|(event, path)| {
                let inside = format!("{path}.");
                event.properties.iter().any(|other| other.path.value.starts_with(&inside))
            })
        };
        self.unread.retain(|span| !known(span));
    }
}

/// Fills the tables of a source.
struct Filling<'a> {
    map: Map<'a>,
    keys: Keys,
    platform: Option<&'a str>,
    /// Columns of the consent object, where its events carry it.
    consent: Vec<Column>,
    tables: BTreeMap<String, Table>,
}

impl<'a> Filling<'a> {
    /// A table, with the columns that Segment gives it.
    fn table(&mut self, name: &str) -> &mut Table {
        let Keys { user, anonymous } = self.keys;
        let (platform, consent) = (self.platform, &self.consent);
        self.tables.entry(name.to_owned()).or_insert_with(|| {
            let mut table = Table::default();
            if name == "users" {
                // The row of a person has the user id as its id, and no anonymous id.
                table.user = Some("id");
                table.own("id", "A");
                table.own("received_at", "");
                return table;
            }
            EVERY.iter().for_each(|own| table.own(own, ""));
            // A row of `aliases` has the id that was given up instead.
            (table.user, table.anonymous) = (user.then_some("user_id"), anonymous && name != "aliases");
            user.then(|| table.own("user_id", "A"));
            table.anonymous.then(|| table.own("anonymous_id", "A"));
            if !matches!(name, "identifies" | "pages" | "screens" | "groups" | "aliases") {
                TRACK.iter().for_each(|own| table.own(own, ""));
            }
            match name {
                "groups" => table.own("group_id", "A"),
                "aliases" => table.own("previous_id", "A"),
                "pages" if platform == Some("web") => PAGE.iter().for_each(|(own, code)| table.own(own, code)),
                _ => {}
            }
            let context: &[(&str, &str)] = match platform {
                Some("web") => &WEB,
                Some("ios" | "android" | "mobile" | "tv") => &APP,
                _ => &[],
            };
            context.iter().for_each(|(own, code)| table.own(own, code));
            table.columns.extend(consent.iter().cloned());
            table
        })
    }

    /// The tables in which a call is kept.
    fn names(event: &Event) -> Vec<String> {
        let own: &[&str] = match event.call {
            EventType::Track => return vec!["tracks".to_owned(), snake(&event.name.value)],
            EventType::Identify => &["identifies", "users"],
            EventType::Group => &["groups"],
            EventType::Page => &["pages"],
            EventType::Screen => &["screens"],
            EventType::Alias => &["aliases"],
            EventType::Common => &[],
        };
        own.iter().map(|name| (*name).to_owned()).collect()
    }

    fn event(&mut self, index: usize) {
        let map = self.map;
        let event: &Event = &map.model.events[index];
        // Without user ids there are no rows of users.
        for name in Self::names(event).into_iter().filter(|name| name != "users" || self.keys.user).collect::<Vec<_>>()
        {
            let bare = matches!(event.call, EventType::Identify | EventType::Group);
            let table = self.table(&name);
            table.places.push(event.name.span);
            for (property, found) in event.properties.iter().zip(&map.classes[index]) {
                let kept = match name.as_str() {
                    // It has what all events have in common.
                    "tracks" => property.section != Section::Properties,
                    "users" => property.section == Section::Traits,
                    _ => true,
                };
                if kept {
                    table.property(property, found, bare);
                }
            }
        }
    }

    /// What a plan says of all its events.
    fn common(&mut self, index: usize) {
        let map = self.map;
        let event: &Event = &map.model.events[index];
        for (name, table) in &mut self.tables {
            for (property, found) in event.properties.iter().zip(&map.classes[index]) {
                let people = matches!(name.as_str(), "identifies" | "users");
                let kept = match property.section {
                    Section::Properties => !people && !matches!(name.as_str(), "tracks" | "groups" | "aliases"),
                    Section::Traits => people,
                    Section::Context => name != "users",
                };
                if kept {
                    table.property(property, found, people);
                }
            }
        }
    }
}

/// The tables of a source, as far as its events reach the store.
pub(super) fn schema<'a>(map: Map<'a>, flow: &Flow, store: usize, source: usize, path: Vec<String>) -> Schema<'a> {
    let entity = &map.model.sources[source];
    let platform = entity.object.text("platform");
    let consent = if stamps(entity) { map.model.categories.iter().map(preference).collect() } else { Vec::new() };
    let mut filling = Filling { map, keys: Keys::of(entity), platform, consent, tables: BTreeMap::new() };
    // Segment's libraries send these whether a plan lists them or not.
    let sent: &[&str] = match platform {
        Some("web") => &["tracks", "pages"],
        Some("ios" | "android" | "mobile" | "tv") => &["tracks", "screens"],
        _ => &["tracks"],
    };
    for name in sent {
        filling.table(name);
    }
    // Segment adds its event to every plan, listed or not.
    let records = map.model.requests.iter().filter_map(|request| request.object.get("event"));
    for event in records.filter(|event| stamps(entity) && normal(&event.value.display()) == normal(RESERVED)) {
        filling.table(&snake(RESERVED)).places.push(event.span);
    }
    let sends = |index: &usize| map.links.events[*index].contains(&source);
    let kept = |index: &usize| flow.receivers[*index].contains(&store);
    let events: Vec<usize> = (0..map.model.events.len()).filter(sends).filter(kept).collect();
    let call = |index: usize| map.model.events[index].call;
    let mut unnamed = Vec::new();
    for index in events.iter().copied().filter(|index| call(*index) != EventType::Common) {
        let event = &map.model.events[index];
        if event.call == EventType::Track && snake(&event.name.value).is_empty() {
            unnamed.push((event.name.value.as_str(), event.name.span));
            continue;
        }
        filling.event(index);
    }
    for index in events.iter().copied().filter(|index| call(*index) == EventType::Common) {
        filling.common(index);
    }
    let read: Vec<(&Event, &[Classification])> =
        events.iter().map(|index| (map.model.events[*index].as_ref(), map.classes[*index].as_slice())).collect();
    let mut tables = filling.tables;
    tables.values_mut().for_each(|table| table.settle(&read));
    let open = ["events", "properties", "traits"].iter().filter_map(|what| {
        let said = entity.object.get(&format!("unplanned.{what}"))?;
        (said.value == crate::model::Value::Bool(true)).then_some(said.span)
    });
    Schema { source, entity, path, tables, planned: !events.is_empty(), unnamed, open: open.collect() }
}
