//! Problems, for formats that know only rules and files: a problem must be seen where only findings are shown.

use super::place::Where;
use super::text::line;
use crate::finding::{Problem, Stage, fingerprint};
use crate::source::Sources;

/// The file that a problem with the run as a whole is shown at, where a file must be named.
const SETTINGS: &str = "consentlint.yaml";

/// What stands in the place of a rule: `problem/parse`.
pub(super) fn rule(stage: Stage) -> String {
    format!("problem/{}", stage.name())
}

/// The problem and the way out, on one line.
pub(super) fn said(problem: &Problem) -> String {
    let (message, help) = (line(&problem.message), line(&problem.help));
    if help.is_empty() { message } else { format!("{message} ({help})") }
}

/// The place, which has a file even for the run as a whole: the settings, if they were read or not.
pub(super) fn place<'a>(problem: &'a Problem, sources: &'a Sources) -> Where<'a> {
    let at = Where::place(sources, &problem.place);
    let is_settings = |path: &&str| path.rsplit('/').next() == Some(SETTINGS);
    let settings = || sources.iter().map(|(_, source)| source.path.as_str()).find(is_settings).unwrap_or(SETTINGS);
    Where { file: at.file.or_else(|| Some(settings())), ..at }
}

/// What recognises a problem in the next run, when lines have moved.
pub(super) fn recognised_by(problem: &Problem, sources: &Sources) -> String {
    let file = place(problem, sources).file.unwrap_or_default();
    fingerprint(&["problem", problem.stage.name(), file, &problem.message])
}
