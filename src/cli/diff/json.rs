//! The stable interface for programs; `docs/json.md` and `policies/schemas/diff.json` describe it.

use super::view::{Named, Told, term};
use crate::compare::{
    AttributeChange, Both, Carried, Change, EntityChange, EventChange, FieldChange, FlowChange, SettingChange, Taken,
    Way, Written,
};
use crate::output::{Point, Where, findings, problems, write_json};
use crate::source::{Sources, Span};
use serde::Serialize;
use std::io::{self, Write};

const VERSION: u32 = 1;

#[derive(Serialize)]
struct Root<'a, F, P> {
    version: u32,
    tool: Tool,
    as_of: &'a str,
    base: Option<Commit<'a>>,
    head: Option<Commit<'a>>,
    summary: Summary,
    flows: Vec<Flow<'a>>,
    entities: Vec<Entity<'a>>,
    events: Vec<Event<'a>>,
    settings: Vec<Setting<'a>>,
    findings: Findings<F>,
    problems: Vec<P>,
    base_problems: Vec<P>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Commit<'a> {
    revision: &'a str,
    commit: &'a str,
}

#[derive(Serialize)]
struct Summary {
    text: String,
    flows: Counts,
    entities: Counts,
    events: Counts,
    fields: Counts,
    settings_weakened: usize,
    findings: Found,
    problems: usize,
    base_problems: usize,
}

#[derive(Serialize)]
struct Counts {
    new: usize,
    changed: usize,
    gone: usize,
}

#[derive(Serialize)]
struct Found {
    introduced: usize,
    fixed: usize,
    unchanged: usize,
    excepted: usize,
}

#[derive(Serialize)]
struct Findings<F> {
    introduced: Vec<F>,
    fixed: Vec<F>,
    unchanged: Vec<F>,
    excepted: Vec<F>,
}

#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Sides<T> {
    before: Option<T>,
    after: Option<T>,
}

#[derive(Serialize)]
struct Flow<'a> {
    change: &'static str,
    source: Option<&'a str>,
    destination: &'a str,
    name: &'a str,
    classes: Vec<Class<'a>>,
    #[serde(flatten)]
    ways: Sides<Path<'a>>,
}

#[derive(Serialize)]
struct Class<'a> {
    code: &'static str,
    term: String,
    change: &'static str,
    witness: Option<Witness<'a>>,
}

#[derive(Serialize)]
struct Witness<'a> {
    event: &'a str,
    property: &'a str,
    #[serde(flatten)]
    at: Place<'a>,
}

#[derive(Serialize)]
struct Path<'a> {
    via: &'static str,
    point: &'static str,
    categories: &'a [String],
    opt_out: Option<bool>,
    #[serde(flatten)]
    at: Place<'a>,
}

#[derive(Serialize)]
struct Entity<'a> {
    change: &'static str,
    kind: &'static str,
    id: &'a str,
    attributes: Vec<Attribute<'a>>,
    #[serde(flatten)]
    places: Sides<Place<'a>>,
}

#[derive(Serialize)]
struct Attribute<'a> {
    name: &'a str,
    #[serde(flatten)]
    values: Sides<Value<'a>>,
}

#[derive(Serialize)]
struct Value<'a> {
    value: &'a str,
    #[serde(flatten)]
    at: Place<'a>,
}

#[derive(Serialize)]
struct Event<'a> {
    change: &'static str,
    call: &'static str,
    name: &'a str,
    attributes: Vec<Attribute<'a>>,
    fields: Vec<Field<'a>>,
    #[serde(flatten)]
    places: Sides<Place<'a>>,
}

#[derive(Serialize)]
struct Field<'a> {
    change: &'static str,
    path: &'a str,
    attributes: Vec<Attribute<'a>>,
    #[serde(flatten)]
    taken: Sides<Meaning<'a>>,
}

#[derive(Serialize)]
struct Meaning<'a> {
    classes: Vec<&'static str>,
    classified: bool,
    restricted: bool,
    #[serde(flatten)]
    at: Place<'a>,
}

#[derive(Serialize)]
struct Setting<'a> {
    weaker: bool,
    key: &'static str,
    message: &'a str,
    #[serde(flatten)]
    places: Sides<Place<'a>>,
}

pub(super) fn write(told: &Told<'_>, out: &mut dyn Write) -> io::Result<()> {
    let page = Page { before: told.before, after: told.after };
    let (comparison, verdicts) = (&told.comparison, &told.verdicts);
    let root = Root {
        version: VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        as_of: &told.report.as_of,
        base: told.base.as_ref().map(commit),
        head: told.to.as_ref().map(commit),
        summary: summary(told),
        flows: comparison.flows.iter().map(|flow| page.flow(flow)).collect(),
        entities: comparison.entities.iter().map(|entity| page.entity(entity)).collect(),
        events: comparison.events.iter().map(|event| page.event(event)).collect(),
        settings: told.settings.iter().map(|setting| page.setting(setting)).collect(),
        findings: Findings {
            introduced: findings(&told.report.findings, told.after),
            fixed: findings(&verdicts.fixed, told.before),
            unchanged: findings(&verdicts.unchanged, told.after),
            excepted: findings(&verdicts.excepted, told.after),
        },
        problems: problems(&told.report.problems, told.after),
        base_problems: problems(&told.base_problems, told.before),
    };
    write_json(&root, out)
}

fn commit(named: &Named) -> Commit<'_> {
    Commit { revision: &named.label, commit: &named.commit }
}

fn summary(told: &Told<'_>) -> Summary {
    let comparison = &told.comparison;
    let fields = comparison.events.iter().flat_map(|event| &event.fields);
    Summary {
        text: told.headline(),
        flows: counts(comparison.flows.iter().map(FlowChange::change)),
        entities: counts(comparison.entities.iter().map(EntityChange::change)),
        events: counts(comparison.events.iter().map(EventChange::change)),
        fields: counts(fields.map(|field| field.taken.change())),
        settings_weakened: told.settings.iter().filter(|setting| setting.weaker).count(),
        findings: Found {
            introduced: told.report.findings.len(),
            fixed: told.verdicts.fixed.len(),
            unchanged: told.verdicts.unchanged.len(),
            excepted: told.verdicts.excepted.len(),
        },
        problems: told.report.problems.len(),
        base_problems: told.base_problems.len(),
    }
}

fn counts(changes: impl Iterator<Item = Change> + Clone) -> Counts {
    let of = |wanted| changes.clone().filter(|change| *change == wanted).count();
    Counts { new: of(Change::New), changed: of(Change::Changed), gone: of(Change::Gone) }
}

/// The texts of both sides.
struct Page<'a> {
    before: &'a Sources,
    after: &'a Sources,
}

fn place(sources: &Sources, span: Span) -> Place<'_> {
    let nowhere = Point { line: 1, column: 1, offset: 0 };
    let at = Where::span(sources, span);
    Place { file: at.file.unwrap_or(""), start: at.start.unwrap_or(nowhere), end: at.end.unwrap_or(nowhere) }
}

impl<'a> Page<'a> {
    fn sides<T, S>(&self, both: &'a Both<T>, shown: impl Fn(&'a T, &'a Sources) -> S) -> Sides<S> {
        Sides {
            before: both.before.as_ref().map(|one| shown(one, self.before)),
            after: both.after.as_ref().map(|one| shown(one, self.after)),
        }
    }

    fn flow(&self, flow: &'a FlowChange) -> Flow<'a> {
        let path = |way: &'a Way, sources: &'a Sources| Path {
            via: way.via.name(),
            point: way.point.name(),
            categories: &way.gate.categories,
            opt_out: way.gate.opt_out,
            at: place(sources, way.place),
        };
        Flow {
            change: flow.change().name(),
            source: flow.source.as_deref(),
            destination: &flow.destination,
            name: &flow.name,
            classes: flow.classes.iter().map(|class| self.class(class)).collect(),
            ways: self.sides(&flow.ways, path),
        }
    }

    fn class(&self, class: &'a Carried) -> Class<'a> {
        let sources = if class.change == Some(Change::Gone) { self.before } else { self.after };
        let witness = class.witness.as_ref().map(|witness| Witness {
            event: &witness.event,
            property: &witness.property,
            at: place(sources, witness.place),
        });
        Class { code: class.code, term: term(class.code), change: class.change.map_or("kept", Change::name), witness }
    }

    fn entity(&self, entity: &'a EntityChange) -> Entity<'a> {
        Entity {
            change: entity.change().name(),
            kind: entity.kind,
            id: &entity.id,
            attributes: self.attributes(&entity.attributes),
            places: self.sides(&entity.places, |span, sources| place(sources, *span)),
        }
    }

    fn attributes(&self, attributes: &'a [AttributeChange]) -> Vec<Attribute<'a>> {
        let value = |written: &'a Written, sources: &'a Sources| Value {
            value: &written.value,
            at: place(sources, written.place),
        };
        let shown = |attribute: &'a AttributeChange| Attribute {
            name: &attribute.name,
            values: self.sides(&attribute.values, value),
        };
        attributes.iter().map(shown).collect()
    }

    fn event(&self, event: &'a EventChange) -> Event<'a> {
        Event {
            change: event.change().name(),
            call: event.call,
            name: &event.name,
            attributes: self.attributes(&event.attributes),
            fields: event.fields.iter().map(|field| self.field(field)).collect(),
            places: self.sides(&event.places, |span, sources| place(sources, *span)),
        }
    }

    fn field(&self, field: &'a FieldChange) -> Field<'a> {
        let meaning = |taken: &'a Taken, sources: &'a Sources| Meaning {
            classes: taken.classes.codes().collect(),
            classified: taken.known,
            restricted: taken.restricted,
            at: place(sources, taken.place),
        };
        Field {
            change: field.taken.change().name(),
            path: &field.path,
            attributes: self.attributes(&field.attributes),
            taken: self.sides(&field.taken, meaning),
        }
    }

    fn setting(&self, setting: &'a SettingChange) -> Setting<'a> {
        Setting {
            weaker: setting.weaker,
            key: setting.key,
            message: &setting.what,
            places: self.sides(&setting.places, |span, sources| place(sources, *span)),
        }
    }
}
