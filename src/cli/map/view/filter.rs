//! What was asked for: destinations, sources, classes, files. Filters choose what is listed; what is said of it is whole.

use super::{Field, View, classes, whole};
use crate::cli::args::MapOptions;
use crate::cli::route::view::{display, is_wanted, places};
use crate::compare::Flowing;
use crate::finding::{Finding, Problem, Stage, closest};
use crate::flow::{Flow, Map};
use crate::model::taxonomy::CLASSES;
use crate::model::{ClassSet, Entity, normal};
use crate::source::{SourceId, Span};
use std::collections::BTreeSet;

/// What is shown; nothing named means all.
pub(in crate::cli::map) struct Filter<'a> {
    destinations: Option<Vec<usize>>,
    sources: Option<Vec<usize>>,
    classes: Option<ClassSet>,
    wanted: Option<&'a [SourceId]>,
    /// The same in words.
    asked: Vec<String>,
}

impl<'a> Filter<'a> {
    /// What the options name; a name that stands for nothing is a problem.
    pub(in crate::cli::map) fn of(
        map: Map<'_>,
        options: &MapOptions,
        wanted: Option<&'a [SourceId]>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let destinations = named("destination", &options.destination, &map.model.destinations, problems);
        let sources = named("source", &options.source, &map.model.sources, problems);
        let mut known = ClassSet::EMPTY;
        for code in &options.class {
            match ClassSet::parse(code) {
                Some(class) => known = known.union(class),
                None => {
                    let codes: Vec<&str> = CLASSES.iter().map(|(code, _)| *code).collect();
                    let message = format!("there is no class `{code}` of personal information");
                    let help = format!("the classes are {}", codes.join(", "));
                    problems.push(Problem::run(Stage::Reference, message).help(help));
                }
            }
        }
        let classes = (!options.class.is_empty()).then_some(known);
        let named = |what: &str, names: &[String]| {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            (!names.is_empty()).then(|| format!("{what} {}", names.join(", ")))
        };
        let files = wanted.map(|_| "what the named files speak of".to_owned());
        let asked = [
            named("destination", &options.destination),
            named("source", &options.source),
            named("class", &options.class),
            files,
        ];
        let asked = asked.into_iter().flatten().collect();
        Self { destinations, sources, classes, wanted, asked }
    }

    pub(super) fn asked(&self) -> &[String] {
        &self.asked
    }

    /// Whether everything is shown.
    pub(in crate::cli::map) fn is_open(&self) -> bool {
        self.destinations.is_none() && self.sources.is_none() && self.classes.is_none() && self.wanted.is_none()
    }

    fn names_destination(&self, at: usize) -> bool {
        self.destinations.as_ref().is_none_or(|named| named.contains(&at))
    }

    pub(super) fn names_source(&self, at: usize) -> bool {
        self.sources.as_ref().is_none_or(|named| named.contains(&at))
    }

    pub(super) fn has_class(&self, classes: ClassSet) -> bool {
        self.classes.is_none_or(|wanted| !whole(classes).intersection(wanted).is_empty())
    }

    fn touches(&self, entity: &Entity) -> bool {
        is_wanted(self.wanted, places(entity))
    }

    pub(super) fn shows_flow(&self, map: Map<'_>, flow: &Flowing) -> bool {
        let source = flow.path.source;
        let sent = self.sources.is_none() || source.is_some_and(|source| self.names_source(source));
        let spoken = places(&map.model.destinations[flow.to])
            .chain(source.into_iter().flat_map(|source| places(&map.model.sources[source])))
            .chain([flow.path.place]);
        sent && self.names_destination(flow.to) && self.has_class(classes(flow)) && is_wanted(self.wanted, spoken)
    }

    pub(super) fn shows_destination(&self, map: Map<'_>, flow: &Flow, at: usize, fed: bool) -> bool {
        let known = self.sources.is_none() && self.touches(&map.model.destinations[at]);
        self.names_destination(at) && self.has_class(flow.reach.destinations[at].classes) && (fed || known)
    }

    pub(super) fn shows_source(&self, map: Map<'_>, flow: &Flow, at: usize, feeds: bool) -> bool {
        let known = self.destinations.is_none() && self.touches(&map.model.sources[at]);
        self.names_source(at) && self.has_class(flow.reach.sources[at].classes) && (feeds || known)
    }

    pub(super) fn shows_category(&self, map: Map<'_>, at: usize, destinations: &[usize]) -> bool {
        let open = self.destinations.is_none() && self.sources.is_none() && self.classes.is_none();
        let lists = || map.links.categories[at].iter().any(|link| destinations.contains(&link.index));
        (open && self.touches(&map.model.categories[at])) || (!self.is_open() && lists())
    }

    pub(super) fn shows_event(&self, map: Map<'_>, event: usize) -> bool {
        self.sources.is_none() || map.links.events[event].iter().any(|source| self.names_source(*source))
    }

    /// Those of the named destinations that get an event; none where none is named.
    pub(super) fn arriving(&self, view: &View<'_>, event: usize) -> Option<Vec<usize>> {
        let named = self.destinations.as_ref()?;
        let mut found = view.recipients.all(view.map, event);
        found.retain(|to| named.contains(to));
        Some(found)
    }

    pub(super) fn shows_field(&self, view: &View<'_>, arriving: Option<&[usize]>, field: Field<'_>) -> bool {
        self.has_class(field.taken.classes)
            && is_wanted(self.wanted, [field.property.path.span])
            && arriving.is_none_or(|to| to.iter().any(|to| !view.recipients.is_withheld(view.map, *to, field)))
    }

    /// Those findings that are about what is shown.
    pub(super) fn findings<'m>(&self, view: &View<'m>, all: &'m [Finding]) -> Vec<&'m Finding> {
        if self.is_open() {
            return all.iter().collect();
        }
        let ids = |kind: &'static str, all: &'m [Entity], shown: &[usize]| -> Vec<(&'static str, &'m str)> {
            shown.iter().map(|at| (kind, all[*at].id.value.as_str())).collect()
        };
        let model = view.map.model;
        let mut subjects: BTreeSet<(&str, &str)> = BTreeSet::new();
        subjects.extend(ids("destination", &model.destinations, &view.destinations));
        subjects.extend(ids("source", &model.sources, &view.senders));
        subjects.extend(ids("category", &model.categories, &view.categories));
        let mut fields: BTreeSet<Span> = BTreeSet::new();
        for event in view.events() {
            fields.insert(model.events[event].name.span);
            fields.extend(view.fields(event).map(|field| field.property.path.span));
        }
        let shown = |finding: &&Finding| {
            let subject = &finding.subject;
            match subject.kind {
                "event" | "property" => fields.contains(&finding.primary.span),
                // A class that reaches a destination: the id of the destination stands before its code.
                "disclosure" => subject.id.rsplit_once('/').is_some_and(|(to, code)| {
                    subjects.contains(&("destination", to))
                        && self.has_class(ClassSet::parse(code).unwrap_or(ClassSet::EMPTY))
                }),
                kind => subjects.contains(&(kind, subject.id.as_str())),
            }
        };
        all.iter().filter(shown).collect()
    }
}

/// The entities that are named, by id, alias or name shown.
fn named(kind: &str, names: &[String], all: &[Entity], problems: &mut Vec<Problem>) -> Option<Vec<usize>> {
    if names.is_empty() {
        return None;
    }
    let mut found = Vec::new();
    for name in names {
        let wanted = normal(name);
        let is_called = |entity: &Entity| {
            let aliases = || entity.object.texts("aliases").map(|(alias, _)| alias);
            let mut known = [entity.id.value.as_str(), display(entity)].into_iter().chain(aliases());
            known.any(|known| known == name || (!wanted.is_empty() && normal(known) == wanted))
        };
        let exact = all.iter().position(|entity| entity.id.value == *name);
        let before = found.len();
        match exact {
            Some(at) => found.push(at),
            None => found.extend(all.iter().enumerate().filter(|(_, entity)| is_called(entity)).map(|(at, _)| at)),
        }
        if found.len() == before {
            let near = closest(name, all.iter().map(|entity| entity.id.value.as_str()));
            let help = near.map_or_else(
                || format!("no file that was read speaks of it; `--format json` lists every {kind}"),
                |near| format!("did you mean `{near}`?"),
            );
            problems.push(Problem::run(Stage::Reference, format!("there is no {kind} `{name}`")).help(help));
        }
    }
    Some(found)
}
