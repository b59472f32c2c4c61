//! `consentlint explain`: the law behind a rule, the attributes of a kind, or why a subject is what it is.

use super::args::ExplainOptions;
use super::project::{Project, shipped_rule};
use super::test::project_options;
use super::{CLEAN, TROUBLE, World, explain_rule, provenance};
use crate::check::load;
use crate::engine::explain;
use crate::finding::closest;
use crate::flow::{Flow, Map};
use crate::model::kind::{KINDS, Kind, kind};
use crate::output::printable;
use crate::policy::left_out;
use crate::source::Sources;
use std::cell::RefCell;
use std::io;

pub(super) fn run(options: &ExplainOptions, world: &mut World<'_>) -> io::Result<u8> {
    if let Some(subject) = &options.subject {
        return explain_subject(subject, options, world);
    }
    let name = options.name.as_deref().unwrap_or("");
    let named = |id: &str| id == name || id.split_once('/').is_some_and(|(_, own)| own == name);
    if let Some(rule) = shipped_rule(named) {
        return explain_rule::run(&rule, world);
    }
    if let Some(kind) = kind(name) {
        return explain_kind(kind, world);
    }
    // Perhaps a rule of the project's own.
    let rules = Project::read(&project_options(&options.project), world).rules;
    if let Some(rule) = rules.iter().find(|rule| named(&rule.id)) {
        return explain_rule::run(rule, world);
    }
    if let Some(out) = left_out().iter().find(|out| named(out.name)) {
        writeln!(world.stdout, "{} is not here\n{}\n\n{}", out.name, out.title, out.reason)?;
        return Ok(CLEAN);
    }
    let names = rules.iter().map(|rule| rule.id.as_str()).chain(KINDS.iter().map(|kind| kind.name));
    let near = closest(name, names).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    writeln!(world.stderr, "consentlint: there is no rule and no kind `{name}`{near}")?;
    Ok(TROUBLE)
}

fn explain_kind(kind: &Kind, world: &mut World<'_>) -> io::Result<u8> {
    writeln!(world.stdout, "{}: {}\n", kind.name, kind.doc)?;
    for field in kind.fields {
        let mark = if field.derived { " (derived)" } else { "" };
        writeln!(world.stdout, "  {}{mark}\n      {}", field.name, field.doc)?;
    }
    Ok(CLEAN)
}

fn explain_subject(subject: &str, options: &ExplainOptions, world: &mut World<'_>) -> io::Result<u8> {
    let project = Project::read(&project_options(&options.project), world);
    let loaded = load(&project.inputs, &project.classifier);
    let as_of = world.today.to_string();
    let map = loaded.map(&as_of, project.settings.profile);
    let flow = Flow::derive(map);
    let (kind, id) = subject.split_once(':').unwrap_or(("destination", subject));
    let Some(found) = provenance::entities(kind, &loaded.model, &flow) else {
        return explain_seen(map, &flow, (kind, id), &project.inputs.sources, world);
    };
    let wanted = crate::model::normal(id);
    let Some((entity, facts)) = found.iter().find(|(entity, _)| crate::model::normal(&entity.id.value) == wanted)
    else {
        let near = closest(id, found.iter().map(|(entity, _)| entity.id.value.as_str()));
        let near = near.map_or_else(String::new, |near| format!("; did you mean `{kind}:{near}`?"));
        writeln!(world.stderr, "consentlint: there is no {kind} `{id}` here{near}")?;
        return Ok(TROUBLE);
    };
    let sources = &project.inputs.sources;
    let out = &mut *world.stdout;
    writeln!(out, "{kind} {} ({})", printable(&entity.id.value), provenance::place(entity.id.span, sources))?;
    provenance::write(&provenance::origins(entity), sources, out)?;
    provenance::write(&provenance::values(&entity.object, 0), sources, out)?;
    provenance::write(&provenance::derived(entity, facts), sources, out)?;
    Ok(CLEAN)
}

/// Explains what no file declares as an entity of its own, as rules see it.
fn explain_seen(
    map: Map<'_>,
    flow: &Flow,
    (name, id): (&str, &str),
    sources: &Sources,
    world: &mut World<'_>,
) -> io::Result<u8> {
    let Some(kind) = kind(name).filter(|kind| !["exception", "baseline"].contains(&kind.name)) else {
        let near = closest(name, KINDS.iter().map(|kind| kind.name));
        let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}:{id}`?"));
        writeln!(world.stderr, "consentlint: subjects of kind `{name}` cannot be explained{near}")?;
        return Ok(TROUBLE);
    };
    // The plan stands before the event, and few people write it.
    let is_wanted = |known: &str| known == id || known.split_once('/').is_some_and(|(_, bare)| bare == id);
    let found = explain(map, flow, kind, &is_wanted);
    if found.is_empty() {
        let ids = RefCell::new(Vec::new());
        explain(map, flow, kind, &|known| {
            ids.borrow_mut().push(known.to_owned());
            false
        });
        let ids = ids.into_inner();
        let near = closest(id, ids.iter().map(String::as_str));
        let near = near.map_or_else(String::new, |near| format!("; did you mean `{name}:{near}`?"));
        writeln!(world.stderr, "consentlint: there is no {name} `{id}` here{near}")?;
        return Ok(TROUBLE);
    }
    for one in found {
        let out = &mut *world.stdout;
        writeln!(out, "{name} {} ({})", printable(&one.id.id), provenance::place(one.place, sources))?;
        provenance::write(&provenance::seen(&one), sources, out)?;
    }
    Ok(CLEAN)
}
