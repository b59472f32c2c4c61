//! The disk with what is open in the editor laid over it.

use super::documents::Documents;
use crate::source::{Discovered, Discovery, Disk, Files, Source, Unread, admit};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The files of a folder as the editor has them.
pub(super) struct Overlay<'a> {
    /// What is open.
    pub(super) documents: &'a Documents,
    /// The only file there is, where a file is looked at by itself.
    pub(super) alone: Option<&'a Path>,
}

impl Files for Overlay<'_> {
    fn is_file(&self, path: &Path) -> bool {
        self.documents.contains_key(path) || Disk.is_file(path)
    }

    fn is_folder(&self, path: &Path) -> bool {
        Disk.is_folder(path)
    }

    fn is_root(&self, folder: &Path) -> bool {
        Disk.is_root(folder)
    }

    fn names(&self, folder: &Path) -> Vec<String> {
        let unsaved = self.documents.keys().filter(|path| path.parent() == Some(folder));
        let unsaved = unsaved.filter_map(|path| path.file_name()?.to_str().map(str::to_owned));
        let names: BTreeSet<String> = Disk.names(folder).into_iter().chain(unsaved).collect();
        names.into_iter().collect()
    }

    fn discover(&self, root: &Path, discovery: &Discovery) -> (Vec<Discovered>, Vec<(PathBuf, String)>) {
        if let Some(path) = self.alone {
            return (vec![Discovered { path: path.to_path_buf(), expected: false }], Vec::new());
        }
        let (mut found, errors) = Disk.discover(root, discovery);
        let known: Vec<PathBuf> = found.iter().map(|file| file.path.clone()).collect();
        let unsaved = self.documents.keys().filter(|path| path.starts_with(root) && known.binary_search(path).is_err());
        found.extend(unsaved.filter_map(|path| admit(root, discovery, path)));
        found.sort();
        found.dedup_by(|later, kept| later.path == kept.path);
        (found, errors)
    }

    fn read(&self, path: &Path, shown: &str) -> Result<Source, Unread> {
        match self.documents.get(path) {
            Some(document) => Ok(Source::new(shown, &*document.text)),
            None => Disk.read(path, shown),
        }
    }
}
