//! The tree of a commit in a git repository. Only objects and references are read: no program is started, nothing is fetched,
//! nothing is written, and of the configuration only the repository's own is looked at.

use super::discover::{Sieve, gitignore};
use super::read::{text_of, too_large};
use super::{Discovered, Discovery, Files, MAX_FILE_BYTES, Source, Unread};
use gix::objs::tree::EntryKind;
use gix::{ObjectId, Repository, ThreadSafeRepository};
use ignore::gitignore::Gitignore;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Links that are followed on the way to one file, as on Linux.
const MOST_LINKS: usize = 40;
/// Folders within one another that are walked through.
const MOST_FOLDERS: usize = 500;
/// Members of folders that are walked through: a few trees can stand for more files than there is room for.
const MOST_MEMBERS: usize = 1_000_000;
/// How every pointer of Git LFS begins (Git LFS specification, "The Pointer").
const LFS: &[u8] = b"version https://git-lfs.github.com/spec/v1\n";
/// A pointer is smaller than this (ibid.).
const MOST_LFS_BYTES: usize = 1024;
/// What to do where the contents of a file are not there.
const PARTIAL: &str =
    "this clone is partial, and nothing is fetched; check the revision out once, or clone without `--filter`";

/// The files of a commit.
pub struct Revision {
    /// How it is named in output: as it was asked for, or by the start of its id.
    pub label: String,
    /// Its id, in hexadecimal.
    pub commit: String,
    repository: ThreadSafeRepository,
    /// The root of the work tree.
    root: PathBuf,
    tree: ObjectId,
    /// Files that were found by walking, so that they need not be looked up again.
    walked: Mutex<BTreeMap<PathBuf, ObjectId>>,
}

/// What is at a path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Folder(ObjectId),
    File(ObjectId),
    Module,
    Nothing,
}

/// A member of a folder.
struct Member {
    name: String,
    kind: EntryKind,
    id: ObjectId,
}

/// The root of the work tree that a directory lies in.
pub fn work_tree(directory: &Path) -> Option<&Path> {
    // In a worktree or a submodule `.git` is a file.
    directory.ancestors().find(|folder| folder.join(".git").exists())
}

impl Revision {
    /// The commit that `named` names in the repository around `directory`, in any way that `git rev-parse` knows; `A...` is
    /// the commit at which `tip`, such as HEAD, left `A`.
    ///
    /// # Errors
    /// There is no repository that can be read, or no such commit in it; and what to do.
    pub fn open(directory: &Path, named: &str, tip: &str) -> Result<Self, Unread> {
        let Some(root) = work_tree(directory) else { return Err(no_repository(directory)) };
        // Whoever owns the files (a CI job may run as someone else): nothing that they say is executed.
        let options = gix::open::Options::isolated().with(gix::sec::Trust::Full);
        let repository = options.open(root).map_err(|error| unopened(&chain(&error)))?;
        let local = repository.to_thread_local();
        if local.config_snapshot().string("extensions.refStorage").is_some_and(|format| **format != *b"files") {
            return Err(unopened("its references are stored as a reftable"));
        }
        let (label, id) = resolve(&local, named, tip)?;
        let missing = |_| missing(&local, named);
        let commit = local.find_object(id).and_then(gix::Object::peel_to_commit).map_err(missing)?;
        let tree = commit.tree_id().map_err(missing)?.detach();
        let label = label.unwrap_or_else(|| commit.id.to_hex_with_len(12).to_string());
        let commit = commit.id.to_string();
        Ok(Self { label, commit, root: root.to_path_buf(), tree, repository, walked: Mutex::default() })
    }

    /// Whether the work tree leaves files of the repository out.
    pub fn is_sparse(&self) -> bool {
        self.repository.to_thread_local().config_snapshot().boolean("core.sparseCheckout") == Some(true)
    }

    fn look_up(&self, repository: &Repository, path: &Path) -> Result<Found, Unread> {
        let Ok(relative) = path.strip_prefix(&self.root) else {
            return Err(Unread::new("lies outside the repository", "name what is in it"));
        };
        let mut todo: Vec<String> = Vec::new();
        for part in relative.components().rev() {
            let Component::Normal(name) = part else { continue };
            todo.push(name.to_string_lossy().into_owned());
        }
        let mut folders = vec![self.tree];
        let mut links = 0;
        while let Some(part) = todo.pop() {
            match part.as_str() {
                "" | "." => continue,
                ".." => {
                    folders.pop();
                    if folders.is_empty() {
                        return Err(leads_out());
                    }
                    continue;
                }
                _ => {}
            }
            let folder = folders.last().copied().unwrap_or(self.tree);
            let Some(member) = members(repository, folder)?.into_iter().find(|member| member.name == part) else {
                return Ok(Found::Nothing);
            };
            match member.kind {
                EntryKind::Tree => folders.push(member.id),
                EntryKind::Commit => return Ok(Found::Module),
                EntryKind::Blob | EntryKind::BlobExecutable if todo.is_empty() => return Ok(Found::File(member.id)),
                EntryKind::Blob | EntryKind::BlobExecutable => return Ok(Found::Nothing),
                EntryKind::Link => {
                    links += 1;
                    let target = String::from_utf8_lossy(&bytes(repository, member.id)?).into_owned();
                    if target.starts_with('/') || links > MOST_LINKS {
                        return Err(leads_out());
                    }
                    todo.extend(target.split('/').rev().map(str::to_owned));
                }
            }
        }
        Ok(Found::Folder(folders.last().copied().unwrap_or(self.tree)))
    }

    fn found(&self, path: &Path) -> Found {
        self.look_up(&self.repository.to_thread_local(), path).unwrap_or(Found::Nothing)
    }

    /// The `.gitignore` file of a folder.
    fn ignore(&self, repository: &Repository, folder: &Path) -> Gitignore {
        let text = match self.look_up(repository, &folder.join(".gitignore")) {
            Ok(Found::File(id)) => bytes(repository, id).unwrap_or_default(),
            _ => Vec::new(),
        };
        gitignore(folder, &String::from_utf8_lossy(&text))
    }
}

impl Files for Revision {
    fn is_file(&self, path: &Path) -> bool {
        matches!(self.found(path), Found::File(_))
    }

    fn is_folder(&self, path: &Path) -> bool {
        matches!(self.found(path), Found::Folder(_))
    }

    fn is_root(&self, folder: &Path) -> bool {
        folder == self.root
    }

    fn names(&self, folder: &Path) -> Vec<String> {
        let repository = self.repository.to_thread_local();
        let Ok(Found::Folder(id)) = self.look_up(&repository, folder) else { return Vec::new() };
        let mut names: Vec<String> =
            members(&repository, id).unwrap_or_default().into_iter().map(|member| member.name).collect();
        names.sort_unstable();
        names
    }

    fn discover(&self, root: &Path, discovery: &Discovery) -> (Vec<Discovered>, Vec<(PathBuf, String)>) {
        let repository = self.repository.to_thread_local();
        let folder = match self.look_up(&repository, root) {
            Ok(Found::Folder(folder)) => folder,
            Ok(_) => return (Vec::new(), Vec::new()),
            Err(unread) => return (Vec::new(), vec![(root.to_path_buf(), unread.message)]),
        };
        let mut above: Vec<&Path> =
            root.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.root)).collect();
        above.reverse();
        let above = above.into_iter().map(|folder| self.ignore(&repository, folder));
        let above = above.filter(|ignore| !ignore.is_empty()).collect();
        let mut walk = Walk {
            revision: self,
            repository: &repository,
            sieve: Sieve::new(root, discovery, above),
            found: Vec::new(),
            ids: BTreeMap::new(),
            errors: Vec::new(),
            open: Vec::new(),
            seen: 0,
        };
        walk.folder(root, folder);
        self.walked.lock().unwrap_or_else(PoisonError::into_inner).append(&mut walk.ids);
        (walk.found, walk.errors)
    }

    fn read(&self, path: &Path, shown: &str) -> Result<Source, Unread> {
        let repository = self.repository.to_thread_local();
        let walked = self.walked.lock().unwrap_or_else(PoisonError::into_inner).get(path).copied();
        let found = walked.map_or_else(|| self.look_up(&repository, path), |id| Ok(Found::File(id)));
        match found? {
            Found::File(id) => {
                let bytes = bytes(&repository, id)?;
                if bytes.len() < MOST_LFS_BYTES && bytes.starts_with(LFS) {
                    let message = format!("is a pointer of Git LFS at {}; what it points to is not in git", self.label);
                    return Err(Unread::new(message, "keep what is to be compared in git itself, or exclude it"));
                }
                text_of(bytes, path, shown)
            }
            Found::Folder(_) => Err(Unread::new("is a directory", "name a file, or a directory to search")),
            Found::Module => Err(submodule()),
            Found::Nothing => Err(Unread::new(
                format!("does not exist at {}", self.label),
                "check its name, or name another revision",
            )),
        }
    }
}

/// A walk through a tree, deciding as the walk through the disk does.
struct Walk<'r> {
    revision: &'r Revision,
    repository: &'r Repository,
    sieve: Sieve<'r>,
    found: Vec<Discovered>,
    ids: BTreeMap<PathBuf, ObjectId>,
    errors: Vec<(PathBuf, String)>,
    /// Folders around the one that is looked at: a link to one of them leads to what was already seen.
    open: Vec<ObjectId>,
    /// How many members were seen.
    seen: usize,
}

impl Walk<'_> {
    fn folder(&mut self, path: &Path, id: ObjectId) {
        if self.seen > MOST_MEMBERS || self.open.contains(&id) || !self.sieve.opens(path) {
            return;
        }
        if self.open.len() >= MOST_FOLDERS {
            let why = format!("lies in more than {MOST_FOLDERS} folders");
            return self.errors.push((path.to_path_buf(), why));
        }
        let members = match members(self.repository, id) {
            Ok(members) => members,
            Err(unread) => return self.errors.push((path.to_path_buf(), unread.message)),
        };
        self.seen += members.len();
        if self.seen > MOST_MEMBERS {
            let why = format!("the revision holds more than {MOST_MEMBERS} files and folders; the rest is not read");
            return self.errors.push((path.to_path_buf(), why));
        }
        if members.iter().any(|member| member.name == ".gitignore") {
            self.sieve.obey(self.revision.ignore(self.repository, path));
        }
        self.open.push(id);
        for member in members {
            self.member(&path.join(&member.name), &member);
        }
        self.open.pop();
    }

    fn member(&mut self, path: &Path, member: &Member) {
        let found = match member.kind {
            EntryKind::Tree => Ok(Found::Folder(member.id)),
            EntryKind::Blob | EntryKind::BlobExecutable => Ok(Found::File(member.id)),
            EntryKind::Commit => Ok(Found::Module),
            EntryKind::Link => self.revision.look_up(self.repository, path),
        };
        match found {
            Ok(Found::Folder(id)) => self.folder(path, id),
            Ok(Found::File(id)) => {
                if let Some(taken) = self.sieve.takes(path, true) {
                    self.ids.insert(path.to_path_buf(), id);
                    self.found.push(taken);
                }
            }
            // Where the submodule is checked out, the disk has files that this tree lacks.
            Ok(Found::Module) if path.join(".git").exists() && self.sieve.opens(path) => {
                self.errors.push((path.to_path_buf(), submodule().message));
            }
            Ok(Found::Module) => {}
            Ok(Found::Nothing) => self.errors.push((path.to_path_buf(), "is a link to nothing".to_owned())),
            Err(unread) => self.errors.push((path.to_path_buf(), unread.message)),
        }
    }
}

/// What a folder holds, by name.
fn members(repository: &Repository, folder: ObjectId) -> Result<Vec<Member>, Unread> {
    let absent = |error: gix::Error| Unread::new(format!("is not in this clone: {}", chain(&error)), PARTIAL);
    let tree = repository.find_tree(folder).map_err(absent)?;
    let mut members = Vec::new();
    for entry in tree.iter() {
        let entry = entry.map_err(absent)?;
        let name = entry.filename().to_string();
        members.push(Member { name, kind: entry.mode().kind(), id: entry.object_id() });
    }
    members.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(members)
}

fn bytes(repository: &Repository, id: ObjectId) -> Result<Vec<u8>, Unread> {
    let absent = |error: gix::Error| Unread::new(format!("is not in this clone: {}", chain(&error)), PARTIAL);
    if repository.find_header(id).map_err(absent)?.size() > MAX_FILE_BYTES {
        return Err(too_large());
    }
    Ok(repository.find_object(id).map_err(absent)?.detach().data)
}

/// The id that a name stands for, and what to call it where that is not the name.
fn resolve(repository: &Repository, named: &str, tip: &str) -> Result<(Option<String>, ObjectId), Unread> {
    let Some(branch) = named.strip_suffix("...") else {
        if named.contains("..") || named.starts_with('^') {
            return Err(one_commit(named));
        }
        let id = repository.rev_parse_single(named).map_err(|_| missing(repository, named))?;
        return Ok((Some(named.to_owned()), id.detach()));
    };
    // A tag is an object of its own.
    let commit = |name: &str| {
        let found = repository.rev_parse_single(name).and_then(|id| id.object()?.peel_to_commit());
        found.map(|commit| commit.id).map_err(|_| missing(repository, name))
    };
    let base = repository.merge_base(commit(branch)?, commit(tip)?).map_err(|_| missing(repository, branch))?;
    base.map(|base| (None, base.detach())).ok_or_else(|| {
        let message = format!("`{branch}` and `{tip}` have no commit in common in this clone");
        if repository.is_shallow().unwrap_or(false) {
            return Unread::new(message, shallow(branch));
        }
        Unread::new(message, format!("compare with `{branch}` itself"))
    })
}

fn missing(repository: &Repository, named: &str) -> Unread {
    if repository.head_id().is_err() && named.contains("HEAD") {
        return no_commit();
    }
    let message = format!("the base `{named}` is missing: it names no commit in this clone");
    if repository.is_shallow().unwrap_or(false) {
        return Unread::new(message, shallow(named));
    }
    let remote = format!("origin/{named}");
    let help = match repository.rev_parse_single(remote.as_str()) {
        Ok(_) => format!("did you mean `{remote}`?"),
        Err(_) => "check its name, or fetch it first".to_owned(),
    };
    Unread::new(message, help)
}

/// What brings a commit into a shallow clone.
fn shallow(named: &str) -> String {
    let branch = named.strip_prefix("origin/").unwrap_or(named);
    let plain = !branch.starts_with('-') && branch.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c));
    let branch = if plain && !branch.starts_with("HEAD") { branch } else { "BRANCH" };
    format!(
        "this clone is shallow: fetch it with `git fetch --depth=1 origin {branch}` and name FETCH_HEAD, or set `fetch-depth: 0` in actions/checkout"
    )
}

fn no_repository(directory: &Path) -> Unread {
    if directory.join("HEAD").is_file() && directory.join("objects").is_dir() {
        return Unread::new(
            "this is a bare repository: it has no files to compare with",
            "run it in a clone or in a worktree (`git worktree add`)",
        );
    }
    Unread::new("there is no git repository here", "run it in a clone of your repository")
}

fn unopened(why: &str) -> Unread {
    let message = format!("the git repository cannot be read: {why}");
    Unread::new(message, "see whether `git status` works here, or run it in a fresh clone")
}

fn no_commit() -> Unread {
    Unread::new("there is no commit yet", "commit something first, then there is something to compare with")
}

fn one_commit(named: &str) -> Unread {
    Unread::new(
        format!("`{named}` is a range, and one commit is asked for"),
        "name one commit, or `A...` for where HEAD left A",
    )
}

fn leads_out() -> Unread {
    Unread::new("is a link that leads out of the repository or nowhere", "keep the file itself in the repository")
}

fn submodule() -> Unread {
    Unread::new("is a submodule, whose files are in another repository", "run it in the submodule")
}

fn chain(error: &gix::Error) -> String {
    error.to_string().lines().next().unwrap_or("").to_owned()
}
