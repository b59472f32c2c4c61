//! `consentlint map`: the data map, for people who must look at it and for programs.

mod csv;
mod dot;
mod html;
mod json;
mod mermaid;
mod picture;
mod view;

use super::args::MapOptions;
use super::check::{nothing_read, unknown_names};
use super::progress::while_running;
use super::project::Project;
use super::site::Site;
use super::{CLEAN, TROUBLE, World, accepted};
use crate::check::{Judge, judged, load};
use crate::flow::Flow;
use crate::output::{Style, write_problems};
use clap::builder::{PossibleValue, PossibleValuesParser};
use std::io::{self, Write};
use view::{Filter, View};

/// A way to write the map.
struct Format {
    name: &'static str,
    about: &'static str,
    write: fn(&View<'_>, &mut dyn Write) -> io::Result<()>,
}

/// All formats.
const FORMATS: [Format; 5] = [
    Format {
        name: "html",
        about: "a page to look at: the picture, every destination, a visitor's choices, tables",
        write: html::write,
    },
    Format { name: "json", about: "everything, in a stable shape for programs", write: json::write },
    Format {
        name: "csv",
        about: "the inventory: a row for each field and source, for a spreadsheet",
        write: csv::write,
    },
    Format { name: "mermaid", about: "a picture in Markdown, as GitHub and GitLab draw it", write: mermaid::write },
    Format { name: "dot", about: "the same picture for Graphviz", write: dot::write },
];

/// The names of the formats, with a word about each.
pub(super) fn formats() -> PossibleValuesParser {
    PossibleValuesParser::new(FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.about)))
}

pub(super) fn run(options: &MapOptions, world: &mut World<'_>) -> io::Result<u8> {
    let mut project = Project::read(&options.project, world);
    let baseline = accepted::read(None, &mut project, Site::disk(&world.directory));
    let unknown = unknown_names(&project);
    project.inputs.problems.extend(unknown);
    let what = format!("reading {} files …", project.inputs.sources.len());
    let mut loaded = while_running(world.progress, &what, || load(&project.inputs, &project.classifier));
    if loaded.counts.files == 0 && !options.project.hook && loaded.problems.is_empty() {
        loaded.problems.push(nothing_read(loaded.counts.not_ours));
    }
    let day = options.project.as_of.unwrap_or(world.today);
    let as_of = day.to_string();
    // The findings in the map are those of `check`.
    let wanted = project.wanted.clone();
    let judge = Judge { baseline: baseline.as_ref(), wanted, ..project.judge(day) };
    let map = loaded.map(&as_of, judge.profile);
    let (flow, mut report) = while_running(world.progress, "judging …", || {
        let flow = Flow::derive(map);
        let report = judged(&project.inputs, &judge, &loaded, &flow);
        (flow, report)
    });
    let filter = Filter::of(map, options, project.wanted.as_deref(), &mut report.problems);
    let sources = &project.inputs.sources;
    let view = while_running(world.progress, "proving …", || View::of(map, &flow, &report, sources, &filter));
    if let Some(format) = FORMATS.iter().find(|format| format.name == options.format) {
        (format.write)(&view, world.stdout)?;
    }
    if report.problems.is_empty() {
        return Ok(CLEAN);
    }
    // Standard output is often a file, so nobody would see them there.
    let style = Style { color: false, links: false, width: world.width, all: true, quiet: false };
    write_problems(&report.problems, sources, style, world.stderr)?;
    Ok(TROUBLE)
}
