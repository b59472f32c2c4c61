//! Tracking plans in a spreadsheet, saved as comma-separated values.
//!
//! Three layouts, told apart by their columns; further columns may stand beside them:
//! * a row per property, as Segment Protocols exports it: `Event Name, Property, Description, Status, Data Type,
//!   Allowed Property Values`;
//! * the same with declarations of classes: `event, property, type, pi, spi, description`. In `pi` and `spi` stand
//!   codes such as `A;D` or `none`;
//! * a row per event: `platform, event, required, rules, count, consent, note`, where `required` lists properties and
//!   `consent` the categories that the event needs.

use std::collections::{HashMap, HashSet};

use super::hint::Seen;
use super::plan_parts;
use super::{Adapter, Candidate};
use crate::document::{Node, Syntax};
use crate::finding::{Problem, Stage};
use crate::model::{
    ClassSet, Entity, Event, EventType, Located, Model, Object, Origin, Property, Value, kind, normal,
};
use crate::source::Span;
use std::sync::Arc;

/// Plans in a spreadsheet.
pub static ADAPTER: Adapter = Adapter {
    name: "tracking-plan-csv",
    about: "Tracking plan as CSV or TSV: a row per property (event, property, type, …) or per event (event, required, consent, …)",
    origin: Origin::Plan,
    schema: None,
    recognises: |candidate| candidate.document.syntax() == Syntax::Csv && Columns::of(candidate.document.root()).is_some(),
    meant: |_| false,
    lower,
};

/// Most values of one property that are kept.
const VALUES: usize = 64;

/// The headers of the columns that are read, as the file writes them.
#[derive(Clone, Copy, Default)]
struct Columns<'d> {
    event: &'d str,
    call: Option<&'d str>,
    property: Option<&'d str>,
    kind: Option<&'d str>,
    values: Option<&'d str>,
    pi: Option<&'d str>,
    spi: Option<&'d str>,
    required: Option<&'d str>,
    consent: Option<&'d str>,
}

impl<'d> Columns<'d> {
    /// The columns of a table that is clearly a tracking plan.
    fn of(root: Node<'d>) -> Option<Self> {
        // A row that is cut short has fewer cells than the header.
        let row = root.items().take(plan_parts::SAMPLE).max_by_key(|row| row.count())?;
        let headers: Vec<(&str, String)> = row.entries().map(|cell| (cell.key(), normal(cell.key()))).collect();
        let find = |names: &[&str]| {
            let found = names.iter().find_map(|name| headers.iter().find(|(_, plain)| plain == name));
            found.map(|(header, _)| *header)
        };
        let columns = Self {
            event: find(&["event", "eventname", "name"])?,
            call: find(&["eventtype", "call", "calltype"]),
            property: find(&["property", "propertyname", "propertykey", "trait"]),
            kind: find(&["datatype", "propertytype", "propertydatatype", "type"]),
            values: find(&["allowedpropertyvalues", "enumvalues", "permittedvalues", "allowedvalues"]),
            pi: find(&["pi"]),
            spi: find(&["spi"]),
            required: find(&["required"]),
            consent: find(&["consent"]),
        };
        let told = [columns.kind, columns.values, columns.pi, columns.spi, find(&["status", "pii"])];
        let per_property = columns.property.is_some() && told.iter().any(Option::is_some);
        let per_event = columns.required.is_some() && columns.consent.is_some() && find(&["platform", "rules"]).is_some();
        (per_property || per_event).then_some(columns)
    }
}

fn lower(candidate: &Candidate<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let root = candidate.document.root();
    let Some(columns) = Columns::of(root) else { return };
    let plan = plan_parts::add_plan(candidate, root, &[], model);
    let mut reader =
        Reader { columns, plan, model, problems, events: HashMap::new(), known: HashSet::new(), categories: HashSet::new() };
    let mut current = None;
    for row in root.items() {
        current = reader.row(row, current);
    }
}

struct Reader<'d, 'm> {
    columns: Columns<'d>,
    plan: usize,
    model: &'m mut Model,
    problems: &'m mut Vec<Problem>,
    /// Index in the model of each event, by call and name.
    events: HashMap<(EventType, &'d str), usize>,
    /// What properties each event has.
    known: HashSet<(usize, String)>,
    categories: HashSet<&'d str>,
}

/// The cell of a column, unless it is empty.
fn cell<'d>(row: Node<'d>, column: Option<&str>) -> Option<(Node<'d>, &'d str)> {
    let node = row.get(column?)?;
    let text = node.text()?.trim();
    (!text.is_empty()).then_some((node, text))
}

impl<'d> Reader<'d, '_> {
    /// Reads a row; an empty event cell means the event of the row above.
    fn row(&mut self, row: Node<'d>, above: Option<usize>) -> Option<usize> {
        let named = cell(row, Some(self.columns.event));
        let property = cell(row, self.columns.property);
        let Some(event) = named.map(|(node, name)| self.event(row, node, name)).or(above) else {
            if let Some((node, name)) = property {
                let message = format!("the property `{name}` belongs to no event");
                self.problem(node.span(), message, "write the event's name in the same row");
            }
            return None;
        };
        if let Some((node, name)) = property {
            self.property(row, event, node, name);
        }
        if self.columns.property.is_none() {
            self.required(row, event);
        }
        self.consent(row);
        Some(event)
    }

    fn problem(&mut self, span: Span, message: String, help: &str) {
        self.problems.push(Problem::at(Stage::Schema, span, message).help(help));
    }

    fn event(&mut self, row: Node<'d>, node: Node<'d>, name: &'d str) -> usize {
        let stated = cell(row, self.columns.call).and_then(|(_, word)| EventType::parse(word));
        // Calls without a name of their own go by their type.
        let call = stated.or_else(|| {
            EventType::parse(name).filter(|call| matches!(call, EventType::Identify | EventType::Group))
        });
        let call = call.unwrap_or(EventType::Track);
        let (plan, model) = (self.plan, &mut *self.model);
        *self.events.entry((call, name)).or_insert_with(|| {
            let name = Located::new(name.to_owned(), node.span());
            model.events.push(plan_parts::of_plan(name, call, plan, Vec::new()).into());
            model.events.len() - 1
        })
    }

    /// The event at an index, unless it has a property of this name.
    fn free(&mut self, event: usize, name: &str) -> Option<&mut Event> {
        if !self.known.insert((event, name.to_owned())) {
            return None;
        }
        self.model.events.get_mut(event).map(Arc::make_mut)
    }

    fn property(&mut self, row: Node<'d>, event: usize, node: Node<'d>, name: &str) {
        let path = name.replace("[]", ".$");
        let mut seen = Seen::default();
        let types = cell(row, self.columns.kind).map_or("", |(_, types)| types);
        types.split([',', ';', '|', '/']).for_each(|one| seen.named(&normal(one)));
        let values = cell(row, self.columns.values).map_or("", |(_, values)| values);
        let values = values.split([',', ';', '|', '\n']).map(|value| value.trim_matches(['[', ']', '"', ' ', '\t', '\r']));
        let values = values.filter(|value| !value.is_empty()).map(Box::from).take(VALUES).collect();
        let declared = self.declared(row);
        let path = Located::new(path.into_boxed_str(), node.span());
        let Some(event) = self.free(event, &path.value) else { return };
        let section = plan_parts::own_section(event.call);
        event.properties.push(Property { path, section, hint: seen.hint(), values, declared, seen: None });
    }

    fn declared(&mut self, row: Node<'d>) -> Option<Box<Object>> {
        let mut object = Object::new(kind::PROPERTY.fields);
        for (attribute, column) in [("pi", self.columns.pi), ("spi", self.columns.spi)] {
            let Some((node, text)) = cell(row, column) else { continue };
            let mut codes = Vec::new();
            for code in text.split([',', ';', '|', ' ']).filter(|code| !code.is_empty()) {
                if code == "none" || ClassSet::parse(code).is_some() {
                    codes.push(code);
                    continue;
                }
                let message = format!("`{code}` is no class of personal information");
                self.problem(node.span(), message, "use codes such as `A` or `1C`, or `none`");
            }
            if !codes.is_empty() {
                object.set(attribute, Located::new(Value::texts(codes, node.span()), node.span()));
            }
        }
        let declares = object.entries().next().is_some();
        declares.then(|| Box::new(object))
    }

    fn required(&mut self, row: Node<'d>, event: usize) {
        let Some(node) = self.columns.required.and_then(|column| row.get(column)) else { return };
        for (name, span) in listed(node) {
            let Some(event) = self.free(event, name) else { continue };
            let section = plan_parts::own_section(event.call);
            let path = Located::new(Box::from(name), span);
            let (hint, values) = (Seen::default().hint(), Box::default());
            event.properties.push(Property { path, section, hint, values, declared: None, seen: None });
        }
    }

    fn consent(&mut self, row: Node<'d>) {
        let Some(node) = self.columns.consent.and_then(|column| row.get(column)) else { return };
        for (id, span) in listed(node) {
            if self.categories.insert(id) {
                self.model.categories.push(Entity::new(&kind::CATEGORY, Located::new(id.to_owned(), span)));
            }
        }
    }
}

/// The items of a cell that holds a list, each with its place.
fn listed<'d>(node: Node<'d>) -> impl Iterator<Item = (&'d str, Span)> {
    let (text, span) = (node.text().unwrap_or(""), node.span());
    let start = span.start as usize + usize::from(node.is_quoted());
    // Where quotes were doubled, places inside the cell have moved.
    let exact = node.code().contains(text);
    let mut at = 0;
    text.split_inclusive([';', ',', '|']).filter_map(move |part| {
        let written = part.trim_end_matches([';', ',', '|']);
        let from = start + at + (written.len() - written.trim_start().len());
        at += part.len();
        let name = written.trim();
        let place = if exact { Span::new(span.source, from, from + name.len()) } else { span };
        (!matches!(name, "" | "-")).then_some((name, place))
    })
}
