//! `consentlint block`: from findings to the filters that stop the data, each shown to hold before it is printed.

mod datamap;
mod field;
mod filter;
mod hindrance;
mod instance;
mod options;
mod plan;
mod quote;
mod rules;
mod segment_json;
mod terraform;
mod verify;

pub(super) use options::{BlockFormat, BlockOptions};

use super::check::{nothing_read, unknown_names, unknown_rule};
use super::progress::while_running;
use super::project::Project;
use super::site::Site;
use super::write::create;
use super::{CLEAN, FINDINGS, TROUBLE, World};
use crate::check::{Judge, judged, load};
use crate::finding::{Finding, Problem, Stage, closest};
use crate::flow::{Flow, Map};
use crate::output::{Style, counted, printable, write_problems};
use crate::source::{SourceId, Span};
use plan::{Look, Plan, plan};
use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use verify::verify;

pub(super) fn run(options: &BlockOptions, world: &mut World<'_>) -> io::Result<u8> {
    let mut project = Project::read(&options.project, world);
    let inputs = std::mem::take(&mut project.inputs);
    let what = format!("reading {} files …", inputs.sources.len());
    let mut loaded = while_running(world.progress, &what, || load(&inputs, &project.classifier));
    if loaded.counts.files == 0 && !options.project.hook && loaded.problems.is_empty() {
        loaded.problems.push(nothing_read(loaded.counts.not_ours));
    }
    loaded.problems.extend(unknown_names(&project));
    // All of it, whatever is wanted of it: a filter must bring nothing new anywhere.
    let judge = project.judge(options.project.as_of.unwrap_or(world.today));
    let as_of = judge.day.to_string();
    let map = loaded.map(&as_of, judge.profile);
    let (flow, report) = while_running(world.progress, "judging …", || {
        let flow = Flow::derive(map);
        let report = judged(&inputs, &judge, &loaded, &flow);
        (flow, report)
    });
    let only = destinations(map, &options.destination);
    let asked = options.rule.iter().filter_map(|rule| unknown_rule(rule, &project.rules)).map(Box::new).map(Err);
    let unknown: Vec<Problem> = asked
        .chain(only.iter().cloned().map(|one| one.map(drop)))
        .filter_map(Result::err)
        .map(|problem| *problem)
        .collect();
    let style = Style { color: world.color, links: world.links, width: world.width, all: true, quiet: false };
    if !unknown.is_empty() {
        write_problems(&unknown, &inputs.sources, style, world.stderr)?;
        return Ok(TROUBLE);
    }
    let only: Option<Vec<usize>> = (!only.is_empty()).then(|| only.into_iter().filter_map(Result::ok).collect());
    let wanted = project.wanted.clone();
    let wanted: BTreeSet<usize> =
        (0..report.findings.len()).filter(|at| is_asked(&report.findings[*at], options, wanted.as_deref())).collect();
    let look =
        Look { inputs: &inputs, loaded: &loaded, map, flow: &flow, findings: &report.findings, format: options.format };
    write_problems(&report.problems, &inputs.sources, style, world.stderr)?;
    let run = Run { options, look, judge: &judge, only: only.as_deref() };
    let outcome = while_running(world.progress, "judging anew …", || run.held(wanted));
    let code = run.show(&outcome, world)?;
    Ok(if report.problems.is_empty() { code } else { TROUBLE })
}

/// The destinations that are asked for.
fn destinations(map: Map<'_>, asked: &[String]) -> Vec<Result<usize, Box<Problem>>> {
    let all = || map.model.destinations.iter();
    let names = || all().flat_map(|entity| [Some(entity.id.value.as_str()), entity.object.text("name")]).flatten();
    let one = |name: &String| {
        let is = |text: Option<&str>| text.is_some_and(|text| text.eq_ignore_ascii_case(name));
        let found = all().position(|entity| is(Some(&entity.id.value)) || is(entity.object.text("name")));
        found.ok_or_else(|| {
            let near = closest(name, names());
            let help = near.map_or_else(|| "no file speaks of it".to_owned(), |near| format!("did you mean `{near}`?"));
            Box::new(Problem::run(Stage::Reference, format!("there is no destination `{name}`")).help(help))
        })
    };
    asked.iter().map(one).collect()
}

/// Whether a finding is asked about: not excepted, of the rules and in the files that are named.
fn is_asked(finding: &Finding, options: &BlockOptions, wanted: Option<&[SourceId]>) -> bool {
    let touches = |span: Span| wanted.is_none_or(|wanted| wanted.contains(&span.source));
    finding.suppressed.is_none()
        && (options.rule.is_empty() || options.rule.contains(&finding.rule))
        && (touches(finding.primary.span) || finding.related.iter().any(|label| touches(label.span)))
}

struct Run<'r> {
    options: &'r BlockOptions,
    look: Look<'r>,
    judge: &'r Judge<'r>,
    only: Option<&'r [usize]>,
}

/// A plan that holds, and what did not.
struct Outcome {
    plan: Plan,
    held: Option<verify::Held>,
    failed: Vec<String>,
}

impl Run<'_> {
    /// The plan for all that is wanted; if that does not hold, without the findings that do not hold by themselves.
    fn held(&self, mut wanted: BTreeSet<usize>) -> Outcome {
        let mut failed = Vec::new();
        loop {
            let mut plan = plan(self.look, &wanted, self.only);
            let promised = plan.promised();
            if promised.is_empty() {
                return Outcome { plan, held: None, failed };
            }
            let why = match self.verify(&plan) {
                Ok(held) => {
                    plan.left.retain(|left| !held.gone.contains(&left.finding));
                    return Outcome { plan, held: Some(held), failed };
                }
                Err(why) => why,
            };
            let before = wanted.len();
            for at in &promised {
                let alone = self::plan(self.look, &BTreeSet::from([*at]), self.only);
                if let Err(why) = self.verify(&alone) {
                    failed.push(why);
                    wanted.remove(at);
                }
            }
            if wanted.len() == before {
                // Each holds by itself and not together: nothing is promised.
                failed.push(why);
                wanted.retain(|at| !promised.contains(at));
            }
        }
    }

    fn verify(&self, plan: &Plan) -> Result<verify::Held, String> {
        let ending = match self.options.format {
            BlockFormat::Terraform => "tf",
            BlockFormat::SegmentJson => "json",
            BlockFormat::Datamap => "yaml",
        };
        let path = format!("consentlint-block.{ending}");
        verify(self.look, self.judge, plan, &path, &self.text(plan, true))
    }

    fn text(&self, plan: &Plan, bound: bool) -> String {
        match self.options.format {
            BlockFormat::Terraform => terraform::text(self.look, plan, bound),
            BlockFormat::SegmentJson => segment_json::text(self.look, plan),
            BlockFormat::Datamap => datamap::text(self.look, plan),
        }
    }

    fn show(&self, outcome: &Outcome, world: &mut World<'_>) -> io::Result<u8> {
        let Outcome { plan, held, failed } = outcome;
        if let Some(held) = held {
            let text = self.text(plan, false);
            match &self.options.out {
                Some(path) => {
                    let shown = Site::disk(&world.directory).shown(path);
                    if let Err(error) = create(&world.directory.join(path as &Path), &text) {
                        writeln!(world.stderr, "consentlint: {} is not written: {error}", printable(&shown))?;
                        return Ok(TROUBLE);
                    }
                    writeln!(world.stderr, "wrote {}", printable(&shown))?;
                }
                None => write!(world.stdout, "{text}")?,
            }
            let gone = counted(plan.promised().len(), "finding", "findings");
            let besides = held.gone.difference(&plan.promised()).count();
            let besides = if besides > 0 { format!(" ({besides} more besides)") } else { String::new() };
            let come = match held.tidy.len() {
                0 => "none would come".to_owned(),
                count => format!("{} would come", counted(count, "finding", "findings")),
            };
            writeln!(world.stderr, "with this added, {gone} would be gone{besides}, and {come}")?;
            for line in &held.tidy {
                writeln!(world.stderr, "  {line}")?;
            }
            let conditions = plan.blocks.iter().flat_map(|block| {
                block.conditions.iter().map(|condition| format!("{}: {condition}", self.look.name(block.to)))
            });
            for line in conditions.map(|line| printable(&line)).chain(held.also.iter().cloned()) {
                writeln!(world.stderr, "  {line}")?;
            }
        } else {
            writeln!(world.stderr, "consentlint: there is nothing to block")?;
        }
        for line in filter::left(self.look, plan) {
            writeln!(world.stderr, "{line}")?;
        }
        for why in failed {
            writeln!(world.stderr, "consentlint: a filter does not hold, and is not printed: {}", printable(why))?;
        }
        let left = plan.left.iter().any(|left| left.answerable);
        Ok(if !failed.is_empty() {
            TROUBLE
        } else if left {
            FINDINGS
        } else {
            CLEAN
        })
    }
}
