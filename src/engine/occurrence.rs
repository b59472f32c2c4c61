//! An event as rules see it.

use super::subject::names;
use crate::flow::{Facts, Flow, Map};
use crate::model::kind::{self, Type};
use crate::model::value::follow;
use crate::model::{Event, Located, Object, Operand, Subject, Value};
use std::cell::OnceCell;

/// An event as a subject; few have facts of their own.
pub(super) struct Occurrence<'a> {
    map: Map<'a>,
    flow: &'a Flow,
    at: usize,
    event: &'a Event,
    facts: Option<&'a Facts>,
    object: OnceCell<Object>,
}

impl<'a> Occurrence<'a> {
    /// The event of this index.
    pub(super) fn new(map: Map<'a>, flow: &'a Flow, at: usize) -> Self {
        let (event, facts) = (&map.model.events[at], flow.events.get(&at));
        Self { map, flow, at, event, facts, object: OnceCell::new() }
    }

    fn named(&self) -> Object {
        let place = self.event.name.span;
        let mut object = Object::new(kind::EVENT.fields);
        let mut set = |name: &str, value: Value| object.set(name, Located::new(value, place));
        set("reaches", Value::texts(names(self.map, self.flow.receivers[self.at].iter()), place));
        set("sources", Value::texts(self.event.sources.iter().map(|source| source.value.clone()), place));
        object
    }
}

impl Subject for Occurrence<'_> {
    fn attribute(&self, path: &[usize]) -> Operand<'_> {
        let Some(field) = path.first().and_then(|slot| kind::EVENT.fields.get(*slot)) else {
            return Operand::Absent;
        };
        match field.name {
            "name" => Operand::Text(&self.event.name.value),
            "type" => Operand::Text(self.event.call.name()),
            "plan" => {
                let plan = self.event.plan.and_then(|plan| self.map.model.plans.get(plan));
                plan.map_or(Operand::Absent, |plan| Operand::Text(&plan.name.value))
            }
            "incentive" => self.event.incentive.map_or(Operand::Absent, Operand::Bool),
            "reaches" | "sources" => follow(self.object.get_or_init(|| self.named()), path),
            _ if !field.derived => Operand::Absent,
            _ => match (self.facts.map(|facts| follow(&facts.object, path)), &field.ty) {
                (Some(found), _) if !matches!(found, Operand::Absent) => found,
                (_, Type::Bool) => Operand::Bool(false),
                _ => Operand::List(&[]),
            },
        }
    }
}
