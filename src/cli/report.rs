//! `consentlint report`: what counsel and auditors ask for, computed from the data map, each fact with its line.

mod document;
mod evidence;
mod facts;
mod html;
mod markdown;
mod notice;
mod options;
mod risk_assessment;
mod root;
mod seen;

pub(super) use options::ReportOptions;

use super::check::{nothing_read, unknown_names};
use super::progress::while_running;
use super::project::Project;
use super::site::Site;
use super::{CLEAN, TROUBLE, World, accepted};
use crate::check::{Judge, judged, load};
use crate::flow::Flow;
use crate::output::{Style, write_problems};
use clap::builder::{PossibleValue, PossibleValuesParser};
use document::Document;
use root::Root;
use seen::{Names, Seen};
use std::io::{self, Write};

/// A report.
struct Report {
    name: &'static str,
    about: &'static str,
    make: fn(&Seen<'_>) -> Document,
}

/// All reports.
const REPORTS: [Report; 3] = [
    Report {
        name: "notice",
        about: "the tables that a notice and a privacy policy need, and where the declared notice differs from what flows",
        make: notice::make,
    },
    Report {
        name: "risk-assessment",
        about: "what configuration knows for the risk assessments of 11 CCR § 7152, and what people must still write",
        make: risk_assessment::make,
    },
    Report {
        name: "evidence",
        about: "what was checked, by which version of which rules, with hashes and with what was found, for an auditor",
        make: evidence::make,
    },
];

/// A way to write a report.
struct Format {
    name: &'static str,
    about: &'static str,
    write: fn(&Document, &mut dyn Write) -> io::Result<()>,
}

/// All formats.
const FORMATS: [Format; 2] = [
    Format { name: "markdown", about: "for a repository, a wiki or a ticket", write: markdown::write },
    Format {
        name: "html",
        about: "a page in one file that loads nothing, for a reader and for paper",
        write: html::write,
    },
];

/// The names of the reports, with a word about each.
fn reports() -> PossibleValuesParser {
    PossibleValuesParser::new(REPORTS.iter().map(|report| PossibleValue::new(report.name).help(report.about)))
}

/// The names of the formats, with a word about each.
fn formats() -> PossibleValuesParser {
    PossibleValuesParser::new(FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.about)))
}

pub(super) fn run(options: &ReportOptions, world: &mut World<'_>) -> io::Result<u8> {
    let root = Root::of(&options.project, &world.directory);
    let site = Site::disk(&root.folder);
    let mut project = Project::read_at(site, &root.options, &mut *world.stdin);
    let baseline = accepted::read(None, &mut project, site);
    let unknown = unknown_names(&project);
    project.inputs.problems.extend(unknown);
    let what = format!("reading {} files …", project.inputs.sources.len());
    let mut loaded = while_running(world.progress, &what, || load(&project.inputs, &project.classifier));
    let nothing = loaded.counts.files == 0;
    if nothing && loaded.problems.is_empty() {
        loaded.problems.push(nothing_read(loaded.counts.not_ours));
    }
    let day = options.project.as_of.unwrap_or(world.today);
    let as_of = day.to_string();
    // Half a project would make half a notice, so all of it is judged, whatever files are named.
    let judge = Judge { baseline: baseline.as_ref(), ..project.judge(day) };
    let map = loaded.map(&as_of, judge.profile);
    let (flow, report) = while_running(world.progress, "judging …", || {
        let flow = Flow::derive(map);
        let report = judged(&project.inputs, &judge, &loaded, &flow);
        (flow, report)
    });
    let names = Names::of(map.model);
    let seen = Seen {
        root: &root.folder,
        project: &project,
        loaded: &loaded,
        judge: &judge,
        map,
        flow: &flow,
        report: &report,
        names: &names,
    };
    let made = REPORTS.iter().find(|one| one.name == options.report && !nothing).map(|one| (one.make)(&seen));
    if let (Some(made), Some(format)) = (made, FORMATS.iter().find(|format| format.name == options.format)) {
        (format.write)(&made, world.stdout)?;
    }
    if report.problems.is_empty() {
        return Ok(CLEAN);
    }
    // Standard output is often a file, so nobody would see them there.
    let style = Style { color: false, links: false, width: world.width, all: true, quiet: false };
    write_problems(&report.problems, &project.inputs.sources, style, world.stderr)?;
    Ok(TROUBLE)
}
