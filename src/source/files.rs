//! Where the texts of a run come from.

use super::read::names;
use super::{Discovered, Discovery, Source, Unread, discover, read_file};
use std::path::{Path, PathBuf};

/// A tree of files: the disk, a revision of a repository, or what an editor holds over the disk. Paths are absolute.
pub trait Files: Sync {
    /// Whether there is a file (or a link to one).
    fn is_file(&self, path: &Path) -> bool;

    /// Whether there is a folder.
    fn is_folder(&self, path: &Path) -> bool;

    /// Whether a folder is the root of a repository.
    fn is_root(&self, folder: &Path) -> bool;

    /// The names of what lies in a folder, in order.
    fn names(&self, folder: &Path) -> Vec<String>;

    /// Files below `root` that may be ours, sorted; and paths that could not be looked at, with the reason.
    fn discover(&self, root: &Path, discovery: &Discovery) -> (Vec<Discovered>, Vec<(PathBuf, String)>);

    /// The text at `path`, to be reported as `shown`.
    ///
    /// # Errors
    /// Why it was not read, and what to do.
    fn read(&self, path: &Path, shown: &str) -> Result<Source, Unread>;
}

/// The disk as it is.
#[derive(Clone, Copy, Debug)]
pub struct Disk;

impl Files for Disk {
    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }

    fn is_folder(&self, path: &Path) -> bool {
        path.is_dir()
    }

    fn is_root(&self, folder: &Path) -> bool {
        // In a worktree or a submodule it is a file.
        folder.join(".git").exists()
    }

    fn names(&self, folder: &Path) -> Vec<String> {
        names(folder)
    }

    fn discover(&self, root: &Path, discovery: &Discovery) -> (Vec<Discovered>, Vec<(PathBuf, String)>) {
        discover(root, discovery)
    }

    fn read(&self, path: &Path, shown: &str) -> Result<Source, Unread> {
        read_file(path, shown)
    }
}
