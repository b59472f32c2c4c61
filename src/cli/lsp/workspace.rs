//! All folders that are looked at, all files that are open, and what was last told of them.

use super::answers::Asked;
use super::client::Client;
use super::diagnostics::{Told, told};
use super::documents::{Document, Documents};
use super::folder::Folder;
use super::uri::{path_of, uri_of};
use jiff::civil::Date;
use lsp_types::{
    Diagnostic, PublishDiagnosticsParams, TextDocumentContentChangeEvent, TextDocumentItem, Uri,
    VersionedTextDocumentIdentifier,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What is to be sent after the projects were judged.
#[derive(Debug, Default)]
pub(super) struct News {
    /// Diagnostics of files about which there is something new to tell.
    pub(super) published: Vec<PublishDiagnosticsParams>,
    /// What concerns no file, and was not said before.
    pub(super) aloud: Vec<String>,
    /// What goes to the log.
    pub(super) logged: Vec<String>,
}

/// Folders and open files.
pub(super) struct Workspace {
    client: Client,
    day: Date,
    documents: Documents,
    folders: Vec<Folder>,
    /// What the client was last told of each file.
    shown: BTreeMap<PathBuf, (Uri, Vec<Diagnostic>)>,
    said: BTreeSet<String>,
    logged: BTreeSet<String>,
}

impl Workspace {
    /// A workspace of these folders.
    pub(super) fn new(client: Client, day: Date, folders: &[Uri]) -> Self {
        let mut workspace = Self {
            client,
            day,
            documents: Documents::new(),
            folders: Vec::new(),
            shown: BTreeMap::new(),
            said: BTreeSet::new(),
            logged: BTreeSet::new(),
        };
        folders.iter().for_each(|uri| workspace.add_folder(uri));
        workspace
    }

    /// Looks at a folder from now on. One that lies in a project that is looked at is looked at already.
    pub(super) fn add_folder(&mut self, uri: &Uri) {
        let Some(path) = path_of(uri) else { return };
        let folder = Folder::of_workspace(&path, &self.documents, self.day);
        self.folders.retain(|known| known.lasting || !known.root.starts_with(&folder.root));
        match self.folders.iter_mut().find(|known| known.root == folder.root) {
            Some(known) => known.lasting = true,
            None => self.folders.push(folder),
        }
    }

    /// Looks at a folder no longer.
    pub(super) fn remove_folder(&mut self, uri: &Uri) {
        let Some(path) = path_of(uri) else { return };
        let root = Folder::of_workspace(&path, &self.documents, self.day).root;
        self.folders.retain(|known| known.root != root);
        let open: Vec<PathBuf> = self.documents.keys().cloned().collect();
        open.iter().for_each(|path| self.lend(path));
    }

    /// The path of a file: the one by which a folder knows it, where there are links.
    fn path(&self, uri: &Uri) -> Option<PathBuf> {
        let path = path_of(uri)?;
        if self.folders.iter().any(|folder| folder.holds(&path)) {
            return Some(path);
        }
        Some(self.folders.iter().find_map(|folder| folder.known_as(&path)).unwrap_or(path))
    }

    /// The folder that speaks of a file: of several the innermost.
    fn owner(&self, path: &Path) -> Option<&Folder> {
        let innermost = |folders: &mut dyn Iterator<Item = &'_ Folder>| -> Option<usize> {
            let found = folders.max_by_key(|folder| folder.root.components().count())?;
            self.folders.iter().position(|folder| std::ptr::eq(folder, found))
        };
        let held = innermost(&mut self.folders.iter().filter(|folder| folder.holds(path)));
        // A project may read rules from beside it.
        let read = || innermost(&mut self.folders.iter().filter(|folder| folder.source(path).is_some()));
        self.folders.get(held.or_else(read)?)
    }

    /// A file outside of all folders brings its own.
    fn lend(&mut self, path: &Path) {
        if self.owner(path).is_none() {
            let folder = Folder::of_file(path, &self.documents, self.day);
            self.folders.push(folder);
        }
    }

    fn touch(&mut self, path: &Path) {
        for folder in &mut self.folders {
            folder.touch(path, &self.documents);
        }
    }

    /// A file was opened: its text is what counts from now on.
    pub(super) fn open(&mut self, item: TextDocumentItem) {
        let Some(path) = self.path(&item.uri) else { return };
        let document = Document { uri: item.uri, version: item.version, text: item.text.into() };
        self.documents.insert(path.clone(), document);
        self.lend(&path);
        self.touch(&path);
    }

    /// An open file was changed; gives what was wrong with the message.
    pub(super) fn edit(
        &mut self,
        file: &VersionedTextDocumentIdentifier,
        changes: &[TextDocumentContentChangeEvent],
    ) -> Option<String> {
        let path = self.path(&file.uri)?;
        let Some(document) = self.documents.get_mut(&path) else {
            return Some(format!("a change of {}, which is not open, was passed over", file.uri.as_str()));
        };
        document.edit(changes, self.client.encoding);
        document.version = file.version;
        self.touch(&path);
        None
    }

    /// A file was closed: what is on disk counts again.
    pub(super) fn close(&mut self, uri: &Uri) {
        let Some(path) = self.path(uri) else { return };
        self.documents.remove(&path);
        self.touch(&path);
        let documents = &self.documents;
        self.folders.retain(|folder| folder.lasting || documents.keys().any(|path| folder.holds(path)));
    }

    /// A file was saved. A client that tells of no other changes on disk gives the occasion to look.
    pub(super) fn saved(&mut self, uri: &Uri) {
        let Some(path) = self.path(uri) else { return };
        self.touch(&path);
        if !self.client.watches {
            self.folders.iter_mut().filter(|folder| folder.holds(&path)).for_each(Folder::read_again);
        }
    }

    /// Something happened to a file on disk.
    pub(super) fn on_disk(&mut self, uri: &Uri) {
        let Some(path) = self.path(uri) else { return };
        // What is open is told by its own messages.
        if !self.documents.contains_key(&path) {
            self.touch(&path);
        }
    }

    /// Brings all projects up to date.
    pub(super) fn settle(&mut self) {
        for folder in &mut self.folders {
            folder.settle(&self.documents);
        }
    }

    /// What the client does not know yet.
    pub(super) fn news(&mut self) -> News {
        let mut news = News::default();
        let mut now: BTreeMap<PathBuf, Vec<Diagnostic>> = BTreeMap::new();
        let mut aloud = BTreeSet::new();
        for folder in &self.folders {
            let Told { files, aloud: said, left_out } = told(folder, &self.documents, self.client);
            let ours = |path: &Path| self.owner(path).is_none_or(|owner| std::ptr::eq(owner, folder));
            now.extend(files.into_iter().filter(|(path, _)| ours(path)));
            aloud.extend(said);
            if left_out > 0 {
                let message = format!(
                    "{}: {left_out} more in files that are not open; `consentlint check` shows them",
                    folder.root.display()
                );
                news.logged.extend(self.logged.insert(message.clone()).then_some(message));
            }
        }
        news.aloud = aloud.difference(&self.said).cloned().collect();
        self.said = aloud;
        let gone = self.shown.keys().filter(|path| !now.contains_key(*path)).cloned().collect::<Vec<_>>();
        for path in gone {
            if let Some((uri, _)) = self.shown.remove(&path) {
                news.published.push(PublishDiagnosticsParams { uri, diagnostics: Vec::new(), version: None });
            }
        }
        for (path, diagnostics) in now {
            let open = self.documents.get(&path);
            let Some(uri) = open.map(|document| document.uri.clone()).or_else(|| uri_of(&path)) else { continue };
            if self.shown.get(&path).is_some_and(|(known, told)| *known == uri && *told == diagnostics) {
                continue;
            }
            let version = open.map(|document| document.version);
            let last = self.shown.insert(path, (uri.clone(), diagnostics.clone()));
            // A file that was opened under another spelling of its address is not told of twice.
            let other = last.map(|(known, _)| known).filter(|known| *known != uri);
            news.published.extend(other.map(|uri| PublishDiagnosticsParams {
                uri,
                diagnostics: Vec::new(),
                version: None,
            }));
            news.published.push(PublishDiagnosticsParams { uri, diagnostics, version });
        }
        news
    }

    /// A file, to be asked about.
    pub(super) fn asked(&self, uri: &Uri) -> Option<Asked<'_>> {
        let path = self.path(uri)?;
        let folder = self.owner(&path)?;
        let (snapshot, source) = (folder.snapshot.as_ref()?, folder.source(&path)?);
        Some(Asked { folder, snapshot, documents: &self.documents, client: self.client, source })
    }
}
