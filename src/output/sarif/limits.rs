//! What code scanning takes, by [GitHub documentation: SARIF results exceed one or more
//! limits](https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit). A
//! file that exceeds one is refused as a whole, so what is mildest is left out.

use crate::finding::{Finding, Problem};
use crate::output::place::Where;
use crate::report::Report;
use crate::source::Sources;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, Write};

/// Results in a run. GitHub shows the 5,000 worst of them.
pub(super) const MAX_RESULTS: usize = 25_000;

/// Rules in a run.
pub(super) const MAX_RULES: usize = 25_000;

/// Related places of a result that are shown; with more than 1,000 the file is refused.
pub(super) const MAX_RELATED: usize = 100;

/// Characters of the name of a rule, and of each description.
pub(super) const MAX_NAME: usize = 255;
/// See [`MAX_NAME`].
pub(super) const MAX_DESCRIPTION: usize = 1_024;

/// Bytes of the file when compressed are 10 million; the action that uploads it adds a fingerprint to every result.
const MAX_COMPRESSED: usize = 8_000_000;

/// What becomes a result.
#[derive(Clone, Copy)]
pub(super) enum Thing<'a> {
    /// Something that could not be judged.
    Problem(&'a Problem),
    /// A finding, be it suppressed or in the baseline.
    Finding(&'a Finding),
}

/// The results that are written.
pub(super) struct Chosen<'a> {
    /// In order of place, problems first; accepted ones last.
    pub(super) all: Vec<Thing<'a>>,
    /// How many there was no room for.
    pub(super) left_out: usize,
    /// How many are in no text of the run, which GitHub would refuse.
    pub(super) without_place: usize,
    /// How many have more related places than are shown.
    pub(super) cut: usize,
}

impl<'a> Chosen<'a> {
    /// Up to `most` results; the worst ones when there are more.
    pub(super) fn new(report: &'a Report, sources: &Sources, most: usize) -> Self {
        let accepted = report.suppressed.iter().chain(&report.baselined);
        let findings = report.findings.iter().chain(accepted);
        let whole = findings.clone().count();
        let placed = findings.filter(|finding| Where::span(sources, finding.primary.span).file.is_some());
        let placed: Vec<Thing<'_>> = placed.map(Thing::Finding).collect();
        let without_place = whole - placed.len();
        let mut ranked: Vec<(usize, Thing<'_>)> =
            report.problems.iter().map(Thing::Problem).chain(placed).enumerate().collect();
        let left_out = ranked.len().saturating_sub(most);
        if left_out > 0 {
            ranked.sort_by_key(|(at, thing)| (rank(thing), *at));
            ranked.truncate(most);
            ranked.sort_by_key(|(at, _)| *at);
        }
        let all: Vec<Thing<'_>> = ranked.into_iter().map(|(_, thing)| thing).collect();
        let cut = all.iter().filter(|thing| related(thing) > MAX_RELATED).count();
        Self { all, left_out, without_place, cut }
    }
}

fn related(thing: &Thing<'_>) -> usize {
    match thing {
        Thing::Problem(problem) => problem.related.len(),
        Thing::Finding(finding) => finding.related.len(),
    }
}

/// Problems, then findings by severity, then questions, then what is accepted.
fn rank(thing: &Thing<'_>) -> usize {
    match thing {
        Thing::Problem(_) => 0,
        Thing::Finding(finding) if finding.suppressed.is_some() || finding.baselined => 6,
        Thing::Finding(finding) if finding.question.is_some() => 5,
        Thing::Finding(finding) => 1 + finding.severity as usize,
    }
}

/// Whether the file is small enough when it is compressed, be it in haste.
pub(super) fn fits(json: &str) -> io::Result<bool> {
    if json.len() <= MAX_COMPRESSED {
        return Ok(true);
    }
    let mut encoder = GzEncoder::new(Length(0), Compression::fast());
    encoder.write_all(json.as_bytes())?;
    Ok(encoder.finish()?.0 <= MAX_COMPRESSED)
}

/// Counts what is written.
struct Length(usize);

impl Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
