//! `consentlint sql`: statements that find opt-outs, answer a request to know, erase a person and list personal
//! information in a warehouse, made from the data map.

mod dialect;
mod inventory;
mod layout;
mod naming;
mod opt_outs;
mod options;
mod person;
mod script;
mod warehouse;

pub(super) use options::SqlOptions;

use super::check::nothing_read;
use super::progress::while_running;
use super::project::Project;
use super::{CLEAN, TROUBLE, World};
use crate::check::load;
use crate::finding::{Problem, Stage};
use crate::flow::{Flow, Map};
use crate::output::{Style, write_problems};
use options::Question;
use script::Script;
use std::io;
use warehouse::Warehouse;

/// A data map that statements are made from.
struct Run<'a> {
    options: &'a SqlOptions,
    map: Map<'a>,
    flow: Flow,
}

pub(super) fn run(options: &SqlOptions, world: &mut World<'_>) -> io::Result<u8> {
    let project = Project::read(&options.project, world);
    let what = format!("reading {} files …", project.inputs.sources.len());
    let loaded = while_running(world.progress, &what, || load(&project.inputs, &project.classifier));
    let mut problems = loaded.problems.clone();
    if loaded.counts.files == 0 && problems.is_empty() {
        problems.push(nothing_read(loaded.counts.not_ours));
    }
    let as_of = options.project.as_of.unwrap_or(world.today).to_string();
    let map = loaded.map(&as_of, project.settings.profile);
    let flow = while_running(world.progress, "following …", || Flow::derive(map));
    let run = Run { options, map, flow };
    let mut script = Script::new(options.dialect, &project.inputs.sources);
    if loaded.counts.files > 0 {
        if !problems.is_empty() {
            script.say(vec!["Not everything could be read, and so the statements may lack something.".to_owned()]);
        }
        match run.fill(&mut script) {
            Ok(()) => script.write(world.stdout)?,
            // What is missing makes statements that look complete and are not, so nothing is printed.
            Err(missing) => problems.extend(missing),
        }
    }
    let style = Style { color: world.color, links: world.links, width: world.width, all: true, quiet: false };
    write_problems(&problems, &project.inputs.sources, style, world.stderr)?;
    Ok(if problems.is_empty() { CLEAN } else { TROUBLE })
}

impl Run<'_> {
    /// Fills the script, or says what is missing for it.
    fn fill(&self, script: &mut Script<'_>) -> Result<(), Vec<Problem>> {
        let mut warehouse = Warehouse::find(self.map, &self.flow, self.options)?;
        let unknown = warehouse.leave_out(&self.options.without);
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let problems = match self.options.question {
            Question::OptOuts => opt_outs::opt_outs(self, &warehouse, script),
            question => {
                let unplanned = unplanned(&warehouse);
                if !unplanned.is_empty() {
                    return Err(unplanned);
                }
                match question {
                    Question::Access => person::access(self, &warehouse, script),
                    Question::Delete => person::delete(self, &warehouse, script),
                    _ => inventory::inventory(self, &warehouse, script),
                }
                Vec::new()
            }
        };
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// What stands before everything: what it does, for which store, and what is not covered.
    fn head(&self, warehouse: &Warehouse<'_>, mut said: Vec<String>, script: &mut Script<'_>) {
        said.push(format!(
            "For {}, store {} ({}), made by consentlint {}.",
            script.dialect.title(),
            warehouse.store.id.value,
            script.at(warehouse.store.id.span),
            env!("CARGO_PKG_VERSION")
        ));
        for schema in &warehouse.schemas {
            let (source, at) = (&schema.entity.id.value, script.at(schema.entity.id.span));
            said.push(format!("Schema {}: source {source} ({at})", schema.path.join(".")));
            if !schema.open.is_empty() {
                let places = script.places(&schema.open);
                said.push(format!(
                    "  Tables and columns may be missing: it lets through what its plan does not list ({places})."
                ));
            }
        }
        for (other, why) in &warehouse.others {
            said.push(format!("Not covered: source {} ({}): {why}.", other.id.value, script.at(other.id.span)));
        }
        if !self.options.without.is_empty() {
            said.push(format!("Left out by --without: {}", self.options.without.join(", ")));
        }
        script.say(said);
    }
}

/// Sources of which no event is known, and events of which no table can be told.
fn unplanned(warehouse: &Warehouse<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for schema in &warehouse.schemas {
        let id = &schema.entity.id;
        if !schema.planned {
            let message = format!("no event of `{}` is known, and so none of its tables", id.value);
            let help = "name its tracking plan (`plan:` at the source), or list its events under `events`";
            problems.push(Problem::at(Stage::Reference, id.span, message).help(help));
        }
        for (name, span) in &schema.unnamed {
            let message =
                format!("the event `{name}` has no letter or digit of which the name of a table could be made");
            let help = "the warehouse keeps it under a name that cannot be told from here; give the event another name";
            problems.push(Problem::at(Stage::Reference, *span, message).help(help));
        }
    }
    problems
}
