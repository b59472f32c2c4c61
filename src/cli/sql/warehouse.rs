//! The warehouse that is asked: which store, which sources, which schemas.

use super::layout::{Keys, Schema, schema};
use super::naming::snake;
use super::options::SqlOptions;
use crate::finding::{Problem, Stage, closest};
use crate::flow::{Flow, Map};
use crate::model::{Entity, normal};
use std::collections::BTreeSet;

/// A store, and the sources that it keeps.
#[derive(Debug)]
pub(super) struct Warehouse<'a> {
    /// The index of the store.
    pub(super) index: usize,
    pub(super) store: &'a Entity,
    pub(super) schemas: Vec<Schema<'a>>,
    /// Sources that are not covered, each with the reason.
    pub(super) others: Vec<(&'a Entity, &'static str)>,
}

/// Whether a store can be asked by SQL.
fn is_warehouse(map: Map<'_>, index: usize) -> bool {
    let known = map.links.known[index];
    map.model.destinations[index].object.text("mode") == Some("warehouse")
        || known.is_some_and(|known| known.categories.contains(&"Warehouses"))
}

fn answers_to(entity: &Entity, name: &str) -> bool {
    let names = entity.object.texts("aliases").map(|(alias, _)| alias).chain(entity.object.text("name"));
    names.chain([entity.id.value.as_str()]).any(|known| normal(known) == normal(name))
}

/// The store that was asked for, or else the one that keeps the opt-outs, or else the only one.
fn store(map: Map<'_>, wanted: Option<&str>) -> Result<usize, Problem> {
    let stores: Vec<usize> = (0..map.model.destinations.len()).filter(|index| is_warehouse(map, *index)).collect();
    let entity = |index: &usize| &map.model.destinations[*index];
    let names = || stores.iter().map(|index| entity(index).id.value.as_str());
    if let Some(wanted) = wanted {
        return stores.iter().copied().find(|index| answers_to(entity(index), wanted)).ok_or_else(|| {
            let near = closest(wanted, names());
            let help = near.map_or_else(
                || format!("warehouses are: {}", names().collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            Problem::run(Stage::Reference, format!("there is no warehouse `{wanted}`")).help(help)
        });
    }
    let request = map.model.requests.iter().position(|request| request.id.value == "opt_out");
    let linked = request.and_then(|at| map.links.stores[at]).map(|link| link.index);
    match (linked.filter(|index| stores.contains(index)), stores.as_slice()) {
        (Some(index), _) => Ok(index),
        (None, [only]) => Ok(*only),
        (None, []) => Err(Problem::run(Stage::Reference, "no warehouse is declared")
            .help("declare it among `destinations`, with `mode: warehouse`")),
        (None, several) => Err(Problem::at(
            Stage::Reference,
            entity(&several[0]).id.span,
            format!("there are {} warehouses, and nothing says which one is meant", several.len()),
        )
        .help(format!("name one with --store: {}", names().collect::<Vec<_>>().join(", ")))),
    }
}

/// A schema as it was given: `analytics.web` is the schema `web` of the database `analytics`.
fn given(name: &str) -> Result<Vec<String>, Problem> {
    let parts: Vec<String> = name.split('.').map(str::to_owned).collect();
    let plain = |part: &String| {
        !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '$' | ' '))
    };
    if parts.len() <= 2 && parts.iter().all(plain) {
        return Ok(parts);
    }
    Err(Problem::run(Stage::Reference, format!("`{name}` is no name of a schema")).help(
        "write letters, digits, `_`, `-` and `$`, after the database and a dot where the schema lies in another one",
    ))
}

impl<'a> Warehouse<'a> {
    /// The warehouse that the options ask for, or what is missing for it.
    pub(super) fn find(map: Map<'a>, flow: &Flow, options: &SqlOptions) -> Result<Self, Vec<Problem>> {
        let index = store(map, options.store.as_deref()).map_err(|problem| vec![problem])?;
        let store = &map.model.destinations[index];
        let fed = &flow.reach.paths[index];
        let known = |source: &usize| &map.model.sources[*source];
        let mut problems: Vec<Problem> = Vec::new();
        for wanted in &options.source {
            if !fed.iter().any(|source| answers_to(known(source), wanted)) {
                let names = fed.iter().map(|source| known(source).id.value.as_str());
                let listed = names.clone().collect::<Vec<_>>().join(", ");
                let help = closest(wanted, names)
                    .map_or_else(|| format!("those are: {listed}"), |near| format!("did you mean `{near}`?"));
                let message = format!("no source `{wanted}` feeds `{}`", store.id.value);
                problems.push(Problem::run(Stage::Reference, message).help(help));
            }
        }
        let asked = |source: &usize| {
            options.source.is_empty() || options.source.iter().any(|wanted| answers_to(known(source), wanted))
        };
        let (same, others): (Vec<usize>, Vec<usize>) = fed.iter().copied().filter(asked).partition(|source| {
            !matches!(known(source).object.text("platform"), Some("retl" | "cloud_object" | "replay" | "dataset"))
        });
        if same.is_empty() && problems.is_empty() {
            let message = format!("no source feeds `{}`", store.id.value);
            problems.push(
                Problem::at(Stage::Reference, store.id.span, message)
                    .help("list it among the `destinations` of the sources that it keeps"),
            );
        }
        let (schemas, more) = schemas(map, flow, index, &same, options);
        problems.extend(more);
        if !problems.is_empty() {
            return Err(problems);
        }
        let other = others.iter().map(|source| (known(source), "its data has another layout there"));
        let off = (0..map.model.sources.len()).filter(|source| {
            let listed = map.links.sources[*source].iter().flatten().chain(&map.links.raw_stores[*source]);
            known(source).object.boolean("enabled") == Some(false) && listed.into_iter().any(|link| link.index == index)
        });
        let off: Vec<usize> = off.collect();
        let off = off.iter().map(|source| (known(source), "it is switched off, and what it sent before may be there"));
        let left = fed.iter().filter(|source| !asked(source)).map(|source| (known(source), "--source leaves it out"));
        let others = other.chain(off).chain(left).collect();
        Ok(Self { index, store, schemas, others })
    }

    /// Takes out tables and columns that are not there, and says of which names nothing is known. A `*` stands for
    /// every schema, or every table.
    pub(super) fn leave_out(&mut self, names: &[String]) -> Vec<Problem> {
        let mut unknown = Vec::new();
        for name in names.iter().filter(|name| !name.is_empty()) {
            let mut found = false;
            for schema in &mut self.schemas {
                let own = schema.path.join(".");
                let rest = ["*", own.as_str()].iter().find_map(|prefix| name.strip_prefix(prefix)?.strip_prefix('.'));
                found |= rest.is_some_and(|rest| without(schema, rest));
            }
            if !found {
                let message = format!("nothing is known of `{name}`, so that it cannot be left out");
                let help = "write the schema and the table, and the column for a column alone: `web.pages.title`; `*` stands for every table";
                unknown.push(Problem::run(Stage::Reference, message).help(help));
            }
        }
        unknown
    }
}

/// Takes a table or a column out of a schema; gives whether there was one.
fn without(schema: &mut Schema<'_>, name: &str) -> bool {
    let Some((wanted, column)) = name.split_once('.') else { return schema.tables.remove(name).is_some() };
    let mut found = false;
    for (_, table) in schema.tables.iter_mut().filter(|(table, _)| wanted == "*" || wanted == *table) {
        let before = table.columns.len();
        table.columns.retain(|known| known.name != column);
        found |= table.columns.len() < before;
        // People cannot be found by what is not there.
        table.user = table.user.filter(|user| *user != column);
        table.anonymous &= column != "anonymous_id";
    }
    // A table of which no column is there is not there.
    schema.tables.retain(|_, table| !table.columns.is_empty());
    found
}

/// The schemas of the sources, each with a name of its own.
fn schemas<'a>(
    map: Map<'a>,
    flow: &Flow,
    store: usize,
    sources: &[usize],
    options: &SqlOptions,
) -> (Vec<Schema<'a>>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut used = BTreeSet::new();
    let mut made = Vec::new();
    let mut seen: BTreeSet<Vec<String>> = BTreeSet::new();
    for source in sources {
        let entity = &map.model.sources[*source];
        let named = options.schema.iter().enumerate().find(|(_, schema)| match schema.split_once('=') {
            Some((id, _)) => answers_to(entity, id),
            None => sources.len() == 1,
        });
        let path = match named {
            Some((at, schema)) => {
                used.insert(at);
                given(schema.split_once('=').map_or(schema.as_str(), |(_, name)| name))
            }
            None => Ok(vec![snake(&entity.id.value)]),
        };
        let path = match path {
            Ok(path) if path.iter().all(|part| !part.is_empty()) && seen.insert(path.clone()) => path,
            Ok(_) => {
                let message = format!("no schema of its own can be told for the source `{}`", entity.id.value);
                let help = "say it with --schema SOURCE=NAME";
                problems.push(Problem::at(Stage::Reference, entity.id.span, message).help(help));
                continue;
            }
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        if !Keys::of(entity).any() {
            let what = entity.object.get("identity");
            let message = match what {
                Some(_) => format!("the events of `{}` carry neither a user id nor an anonymous id", entity.id.value),
                None => format!("nothing says by which identifiers the events of `{}` name a person", entity.id.value),
            };
            let help = "add what they carry to the source: `identity: [user_id, anonymous_id]`";
            let place = what.map_or(entity.id.span, |found| found.span);
            problems.push(Problem::at(Stage::Reference, place, message).help(help));
        }
        made.push(schema(map, flow, store, *source, path));
    }
    for (at, schema) in options.schema.iter().enumerate().filter(|(at, _)| !used.contains(at)) {
        let _ = at;
        let message = format!("--schema {schema} is for no source that feeds the warehouse");
        problems.push(Problem::run(Stage::Reference, message).help("write --schema SOURCE=NAME"));
    }
    (made, problems)
}
