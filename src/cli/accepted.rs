//! Where the baseline lies, and what it says.

use super::lookalike;
use super::project::Project;
use super::site::Site;
use crate::baseline::{Baseline, FILE_NAME};
use crate::finding::{Problem, Stage};
use std::path::{Path, PathBuf};

/// Where the baseline of a project lies: where it is named, or beside the settings, or in the working directory.
pub(super) fn place(named: Option<&Path>, project: &Project, site: Site<'_>) -> PathBuf {
    named.map_or_else(|| project.folder.join(FILE_NAME), |path| site.absolute(path))
}

/// Reads the baseline of a project, if there is one or if it is named. What is wrong with it is a problem of the project.
pub(super) fn read(named: Option<&Path>, project: &mut Project, site: Site<'_>) -> Option<Baseline> {
    let path = place(named, project, site);
    let problems = &mut project.inputs.problems;
    if named.is_none() {
        for other in lookalike::baselines(site.files, &project.folder) {
            let message = format!("is not read: the baseline is looked for under the name `{FILE_NAME}`");
            let help = "rename it, or name it with `--baseline`";
            problems.push(Problem::path(Stage::Settings, site.shown(&other), message).help(help));
        }
        if !site.files.is_file(&path) && !site.files.is_folder(&path) {
            return None;
        }
    }
    let shown = site.shown(&path);
    match site.files.read(&path, &shown) {
        Err(unread) => {
            problems.push(Problem::path(Stage::Settings, shown, unread.message).help(unread.help));
            None
        }
        Ok(source) => {
            let text = source.text.clone();
            let inputs = &mut project.inputs;
            // One of another name was found as an input, too.
            for ((_, other), expected) in inputs.sources.iter().zip(&mut inputs.expected) {
                if other.path == shown {
                    *expected = None;
                }
            }
            let id = inputs.add(source, None);
            Baseline::read(id, &text).map_err(|problem| project.inputs.problems.push(*problem)).ok()
        }
    }
}
