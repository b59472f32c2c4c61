//! The disk with texts laid over it: what is unsaved in an editor, or what a fix would write.

use super::{Discovered, Discovery, Disk, Files, Source, Unread, admit};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The disk with some texts in the place of its own, and besides them.
pub struct Overlay<'a> {
    /// Texts by path.
    pub texts: BTreeMap<PathBuf, &'a str>,
    /// The only file there is, where a file is looked at by itself.
    pub alone: Option<&'a Path>,
}

impl Files for Overlay<'_> {
    fn is_file(&self, path: &Path) -> bool {
        self.texts.contains_key(path) || Disk.is_file(path)
    }

    fn is_folder(&self, path: &Path) -> bool {
        Disk.is_folder(path)
    }

    fn is_root(&self, folder: &Path) -> bool {
        Disk.is_root(folder)
    }

    fn names(&self, folder: &Path) -> Vec<String> {
        let unsaved = self.texts.keys().filter(|path| path.parent() == Some(folder));
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
        let unsaved = self.texts.keys().filter(|path| path.starts_with(root) && known.binary_search(path).is_err());
        found.extend(unsaved.filter_map(|path| admit(root, discovery, path)));
        found.sort();
        found.dedup_by(|later, kept| later.path == kept.path);
        (found, errors)
    }

    fn read(&self, path: &Path, shown: &str) -> Result<Source, Unread> {
        self.texts.get(path).map_or_else(|| Disk.read(path, shown), |text| Ok(Source::new(shown, *text)))
    }
}
