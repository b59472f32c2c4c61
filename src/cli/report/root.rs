//! From where the paths of a report are given, so that it is the same from whatever folder it is made.

use crate::cli::args::ProjectOptions;
use crate::cli::site::Site;
use std::path::{Path, PathBuf};

/// The folder of a project, and the options of the command line as they read from there.
pub(super) struct Root {
    /// That of the settings; where there are none, the one folder that was named, or else the working directory.
    pub(super) folder: PathBuf,
    pub(super) options: ProjectOptions,
}

impl Root {
    pub(super) fn of(options: &ProjectOptions, directory: &Path) -> Self {
        let here = Site::disk(directory);
        let everything = options.paths.is_empty() && !options.hook;
        let named: Vec<PathBuf> = if everything { vec![PathBuf::from(".")] } else { options.paths.clone() };
        let config = options.config.as_deref().map(|path| here.absolute(path));
        // What it has to tell is told when the project is read.
        let found = config.clone().or_else(|| here.nearest(&named, &mut Vec::new()));
        let folder = match (found.as_deref().and_then(Path::parent), named.as_slice()) {
            (Some(folder), _) => folder.to_path_buf(),
            (None, [one]) if here.files.is_folder(&here.absolute(one)) => here.absolute(one),
            _ => directory.to_path_buf(),
        };
        let piped = Path::new("-");
        let paths = match everything {
            // In a part of a project the whole of it is meant.
            true if directory.starts_with(&folder) => vec![folder.clone()],
            _ => named.iter().map(|path| if path == piped { path.clone() } else { here.absolute(path) }).collect(),
        };
        let stdin_filename = Site::disk(&folder).shown(&directory.join(&options.stdin_filename));
        let options = ProjectOptions { paths, hook: options.hook, stdin_filename, config, as_of: options.as_of };
        Self { folder, options }
    }
}
