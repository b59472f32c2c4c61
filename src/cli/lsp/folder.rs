//! A folder that is looked at: the project in it stays loaded and follows what is typed and saved.

use super::documents::Documents;
use super::snapshot::Snapshot;
use crate::cli::site::Site;
use crate::cli::test::project_options;
use crate::settings::FILE_NAME;
use crate::source::{Discovery, Files, Overlay, SourceId, admit, real_path};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Files beside those that are read whose change changes what is read.
const DECIDING: [&str; 3] = [FILE_NAME, ".gitignore", ".consentlint-baseline.json"];

/// A folder with its project.
pub(super) struct Folder {
    /// Where it lies: the folder of its settings, or the folder that was opened.
    pub(super) root: PathBuf,
    /// The only file in it, where a file is looked at by itself.
    alone: Option<PathBuf>,
    /// Whether it is a folder of the workspace, and not only there for an open file.
    pub(super) lasting: bool,
    /// The project; none before it was read, or after reading it failed.
    pub(super) snapshot: Option<Snapshot>,
    /// The sources of the project by path.
    ids: BTreeMap<PathBuf, SourceId>,
    /// The root without links.
    real: PathBuf,
    day: Date,
    stale: bool,
    touched: BTreeSet<PathBuf>,
}

impl Folder {
    /// The folder of the workspace at `path`, which is the one of its nearest settings.
    pub(super) fn of_workspace(path: &Path, documents: &Documents, day: Date) -> Self {
        let root = settings_above(path, documents).unwrap_or_else(|| path.to_path_buf());
        Self::new(root, None, true, day)
    }

    /// The folder for an open file that lies in no folder of the workspace: that of its settings, or the file alone.
    pub(super) fn of_file(path: &Path, documents: &Documents, day: Date) -> Self {
        match settings_above(path, documents) {
            Some(root) => Self::new(root, None, false, day),
            None => {
                let root = path.parent().unwrap_or(path).to_path_buf();
                Self::new(root, Some(path.to_path_buf()), false, day)
            }
        }
    }

    fn new(root: PathBuf, alone: Option<PathBuf>, lasting: bool, day: Date) -> Self {
        let real = real_path(&root);
        let (snapshot, ids, touched) = (None, BTreeMap::new(), BTreeSet::new());
        Self { root, alone, lasting, snapshot, ids, real, day, stale: true, touched }
    }

    /// Whether a file lies in it.
    pub(super) fn holds(&self, path: &Path) -> bool {
        self.alone.as_deref().map_or_else(|| path.starts_with(&self.root), |alone| alone == path)
    }

    /// The path by which the folder knows a file that was reached through a link.
    pub(super) fn known_as(&self, path: &Path) -> Option<PathBuf> {
        let real = real_path(path);
        real.strip_prefix(&self.real).ok().map(|inside| self.root.join(inside)).filter(|path| self.holds(path))
    }

    /// The source of a file.
    pub(super) fn source(&self, path: &Path) -> Option<SourceId> {
        self.ids.get(path).copied()
    }

    /// The path of a source.
    pub(super) fn path(&self, shown: &str) -> PathBuf {
        Site::disk(&self.root).absolute(Path::new(shown))
    }

    /// Reads everything again before it is next asked.
    pub(super) fn read_again(&mut self) {
        self.stale = true;
    }

    /// Notes that a file may have changed, come or gone.
    pub(super) fn touch(&mut self, path: &Path, documents: &Documents) {
        if self.stale {
            return;
        }
        let overlay = laid_over(documents, self.alone.as_deref());
        let inputs = self.snapshot.as_ref().map(|snapshot| &snapshot.inputs);
        let is_input = |id: &SourceId| {
            inputs.is_some_and(|inputs| inputs.expected.get(id.0 as usize).copied().flatten().is_some())
        };
        match self.source(path) {
            Some(id) if is_input(&id) && overlay.is_file(path) => {
                self.touched.insert(path.to_path_buf());
            }
            Some(_) => self.stale = true,
            None => self.stale = self.would_read(path, &overlay),
        }
    }

    /// Whether a file that is not read would be, now that it is there; or would change what is read.
    fn would_read(&self, path: &Path, overlay: &Overlay<'_>) -> bool {
        let deciding = path.file_name().is_some_and(|name| DECIDING.iter().any(|deciding| name == *deciding));
        if deciding && (self.root.starts_with(path.parent().unwrap_or(path)) || path.starts_with(&self.root)) {
            return true;
        }
        // A folder that came or went by a rename.
        if overlay.is_folder(path) || self.ids.keys().any(|known| known.starts_with(path)) {
            return self.holds(path);
        }
        let Some(snapshot) = &self.snapshot else { return true };
        if !self.holds(path) || !overlay.is_file(path) {
            return false;
        }
        let settings = &snapshot.project.settings;
        let rules = settings.policies.iter().any(|folder| path.starts_with(self.root.join(folder)));
        let discovery = Discovery::new(&settings.include, &settings.exclude).unwrap_or_default();
        rules || admit(&self.root, &discovery, path).is_some()
    }

    /// Brings the project up to date; tells whether anything was judged anew.
    pub(super) fn settle(&mut self, documents: &Documents) -> bool {
        let touched = std::mem::take(&mut self.touched);
        let stale = std::mem::take(&mut self.stale);
        let overlay = laid_over(documents, self.alone.as_deref());
        if stale {
            let options = project_options(Path::new("."));
            let site = Site { files: &overlay, directory: &self.root };
            self.snapshot = Some(match self.snapshot.take() {
                Some(last) => last.open_again(site, &options),
                None => Snapshot::open(site, &options, self.day),
            });
            self.index();
            return true;
        }
        let Some(snapshot) = self.snapshot.take() else { return false };
        let mut changes = Vec::new();
        for path in touched {
            let Some(id) = self.ids.get(&path) else { continue };
            let Some(source) = snapshot.inputs.sources.get(*id) else { continue };
            match overlay.read(&path, &source.path) {
                Ok(read) if read.text == source.text => {}
                Ok(read) => changes.push((*id, read)),
                // It went, or is not UTF-8 any more: only reading everything tells what that means.
                Err(_) => {
                    self.snapshot = Some(snapshot);
                    self.stale = true;
                    return self.settle(documents);
                }
            }
        }
        let (snapshot, changed) = snapshot.change(changes);
        self.snapshot = Some(snapshot);
        changed
    }

    fn index(&mut self) {
        let Some(snapshot) = &self.snapshot else { return };
        self.ids = snapshot.inputs.sources.iter().map(|(id, source)| (self.path(&source.path), id)).collect();
    }
}

/// The folder of the nearest settings, as `check` looks for them.
fn settings_above(path: &Path, documents: &Documents) -> Option<PathBuf> {
    let overlay = laid_over(documents, None);
    let site = Site { files: &overlay, directory: path };
    let found = site.nearest(&[path.to_path_buf()], &mut Vec::new())?;
    found.parent().map(Path::to_path_buf)
}

/// The disk with what is open laid over it.
fn laid_over<'a>(documents: &'a Documents, alone: Option<&'a Path>) -> Overlay<'a> {
    Overlay { texts: documents.iter().map(|(path, document)| (path.clone(), &*document.text)).collect(), alone }
}
