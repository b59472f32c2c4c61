//! `consentlint route`: who receives what for a visitor's choices, and whether an opt-out stops every sale.

mod grid;
mod human;
pub(super) mod json;
mod state;
pub(super) mod view;

use super::args::RouteOptions;
use super::check::nothing_read;
use super::progress::while_running;
use super::project::Project;
use super::{CLEAN, FINDINGS, TROUBLE, World};
use crate::check::{Loaded, load};
use crate::finding::{Place, Problem, Stage, closest};
use crate::flow::route::Proof;
use crate::flow::routing::Visitor;
use crate::flow::routing::analytics_js::Integrations;
use crate::flow::{Flow, Map};
use crate::output::{Style, counted, write_problems};
use crate::source::{Source, SourceId, Span};
use std::io;
use view::{Receives, Row, Verdict, claims, is_wanted, places, rows, verdicts};

/// What is said at the end of a proof, so that nobody takes it for more.
const MEANING: &str = "this is said of configuration, not of what a site does (docs/routing.md)";

/// A project that is routed through.
struct Run<'a> {
    options: &'a RouteOptions,
    project: &'a Project,
    map: Map<'a>,
    flow: Flow,
    files: usize,
    problems: Vec<Problem>,
}

pub(super) fn run(options: &RouteOptions, world: &mut World<'_>) -> io::Result<u8> {
    let mut project = Project::read(&options.project, world);
    let argument = |project: &mut Project, name: &str, text: &Option<String>| {
        text.as_ref().map(|text| project.inputs.add(Source::new(name, text.as_str()), None))
    };
    let said = argument(&mut project, state::STATE, &options.state);
    let switches = argument(&mut project, state::INTEGRATIONS, &options.integrations);
    let what = format!("reading {} files …", project.inputs.sources.len());
    let mut loaded = while_running(world.progress, &what, || load(&project.inputs, &project.classifier));
    if loaded.counts.files == 0 && !options.project.hook && loaded.problems.is_empty() {
        loaded.problems.push(nothing_read(loaded.counts.not_ours));
    }
    let as_of = options.project.as_of.unwrap_or(world.today).to_string();
    let Loaded { model, links, classes, problems, counts, .. } = &mut loaded;
    let mut problems = std::mem::take(problems);
    problems
        .retain(|problem| !matches!(problem.place, Place::Span(span) if !is_wanted(project.wanted.as_deref(), [span])));
    let map = Map { model, links, classes, as_of: &as_of, profile: project.settings.profile };
    let flow = while_running(world.progress, "following …", || Flow::derive(map));
    let mut run = Run { options, project: &project, map, flow, files: counts.files, problems };
    match said {
        Some(said) => run.simulate(said, switches, world),
        None => run.prove(world),
    }
}

impl Run<'_> {
    fn simulate(&mut self, said: SourceId, switches: Option<SourceId>, world: &mut World<'_>) -> io::Result<u8> {
        let (sources, model) = (&self.project.inputs.sources, self.map.model);
        let visitor = state::visitor(said, sources, model, &mut self.problems);
        let integrations = switches.map_or_else(
            || Some(Integrations::new()),
            |id| state::integrations(id, sources, model, &mut self.problems),
        );
        let events = self.options.event.as_deref().map(|name| self.events(name));
        let events = events.unwrap_or(Some(None));
        // Of what is not understood nothing is simulated.
        let (visitor, rows) = match (visitor, integrations, events) {
            (Some(visitor), Some(integrations), Some(events)) => {
                let rows = rows(self.map, &self.flow, &visitor, &integrations, events.as_deref());
                (Some(visitor), rows)
            }
            _ => (None, Vec::new()),
        };
        let wanted = self.project.wanted.as_deref();
        let touched = |row: &Row<'_>| {
            let steps = row.steps.iter().flat_map(|step| [step.place, step.path.place]);
            is_wanted(wanted, places(row.entity).chain(steps))
        };
        let rows: Vec<Row<'_>> = rows.into_iter().filter(touched).collect();
        self.show_rows(visitor.as_ref(), &rows, world)?;
        let open = rows.iter().any(|row| row.receives() == Receives::Undecidable);
        Ok(if open || !self.problems.is_empty() { TROUBLE } else { CLEAN })
    }

    /// The events of a name. `None` when there is none, which is a problem; `Some(Some(…))` otherwise.
    fn events(&mut self, name: &str) -> Option<Option<Vec<usize>>> {
        let all = || self.map.model.events.iter().map(|event| event.name.value.as_str());
        let found: Vec<usize> = all().enumerate().filter(|(_, known)| *known == name).map(|(at, _)| at).collect();
        if found.is_empty() {
            let near = closest(name, all());
            let help = near
                .map_or_else(|| "no plan that was read has it".to_owned(), |near| format!("did you mean `{near}`?"));
            self.problems.push(Problem::run(Stage::Reference, format!("there is no event `{name}`")).help(help));
            return None;
        }
        Some(Some(found))
    }

    fn show_rows(&self, visitor: Option<&Visitor>, rows: &[Row<'_>], world: &mut World<'_>) -> io::Result<()> {
        let sources = &self.project.inputs.sources;
        if self.options.format == "json" {
            let page = json::Page { map: self.map, sources, problems: &self.problems };
            return page.state(visitor, self.options.event.as_deref(), rows, world.stdout);
        }
        let style = style(world);
        let page = human::Page { map: self.map, sources, style };
        if let Some(visitor) = visitor.filter(|_| !rows.is_empty()) {
            page.table(visitor, rows, world.stdout)?;
        }
        write_problems(&self.problems, sources, style, world.stdout)?;
        let said = match visitor {
            Some(_) => human::counted_rows(rows),
            None => "nothing was simulated".to_owned(),
        };
        page.summary(&format!("{said}{}", self.counted()), world.stdout)
    }

    fn prove(&self, world: &mut World<'_>) -> io::Result<u8> {
        let asked_for = !self.options.claim.is_empty();
        let claims = claims(&self.options.claim, self.map.profile);
        let all = while_running(world.progress, "proving …", || verdicts(self.map, &self.flow, &claims, asked_for));
        let wanted = self.project.wanted.as_deref();
        let touched = |verdict: &Verdict<'_>| {
            let at: Vec<Span> = match &verdict.proof {
                Proof::Proved => Vec::new(),
                Proof::Refuted(found) => vec![found.place, found.path.place],
                Proof::Undecidable { place, .. } => vec![*place],
            };
            is_wanted(wanted, places(verdict.entity).chain(at))
        };
        let mut verdicts: Vec<Verdict<'_>> = all.into_iter().filter(touched).collect();
        let sources = &self.project.inputs.sources;
        if self.options.format == "json" {
            let page = json::Page { map: self.map, sources, problems: &self.problems };
            page.proofs(&verdicts, world.stdout)?;
        } else {
            verdicts.sort_by_key(Verdict::rank);
            let style = style(world);
            let page = human::Page { map: self.map, sources, style };
            page.proofs(&verdicts, world.stdout)?;
            write_problems(&self.problems, sources, style, world.stdout)?;
            let said = human::counted_verdicts(&claims, &verdicts);
            page.summary(&format!("{said}{}; {MEANING}", self.counted()), world.stdout)?;
        }
        let any = |rank| verdicts.iter().any(|verdict| verdict.rank() == rank);
        Ok(match (any(1) || !self.problems.is_empty(), any(0)) {
            (true, _) => TROUBLE,
            (false, true) => FINDINGS,
            (false, false) => CLEAN,
        })
    }

    fn counted(&self) -> String {
        let problems = match self.problems.len() {
            0 => String::new(),
            count => format!(", {}", counted(count, "problem", "problems")),
        };
        format!("{problems}; read {} (as of {})", counted(self.files, "file", "files"), self.map.as_of)
    }
}

fn style(world: &World<'_>) -> Style {
    Style { color: world.color, links: world.links, width: world.width, all: true, quiet: false }
}
