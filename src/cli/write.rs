//! The one place that writes files.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Names that are tried for the file beside the one that is replaced.
const ATTEMPTS: u32 = 100;

/// Writes a new file; one that exists, be it a dangling link, is an error.
pub(super) fn create(path: &Path, text: &str) -> io::Result<()> {
    fill(OpenOptions::new().write(true).create_new(true).open(path)?, text)
}

/// Puts `text` in the place of the file at `path`, which may be missing: whole or not at all. The text is written to a
/// file beside it, which gets the permissions of the old one and then its name.
///
/// # Errors
/// The path is a symbolic link (what it points to may lie anywhere), no regular file, or read-only; or writing fails, and
/// then the old file is as it was.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let old = match fs::symlink_metadata(path) {
        Ok(old) => Some(old),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let refused = |why: &str| Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
    match &old {
        Some(old) if old.is_symlink() => return refused("it is a symbolic link, and links are not written through"),
        Some(old) if !old.is_file() => return refused("it is no regular file"),
        Some(old) if old.permissions().readonly() => return refused("it is read-only"),
        Some(_) | None => {}
    }
    let (file, beside) = open_beside(path)?;
    let written = fill(file, text)
        .and_then(|()| old.map_or(Ok(()), |old| fs::set_permissions(&beside, old.permissions())))
        .and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // What cannot be removed either says less than the first error.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn fill(mut file: File, text: &str) -> io::Result<()> {
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// A new, empty file in the folder of `path`: a rename does not cross file systems.
fn open_beside(path: &Path) -> io::Result<(File, PathBuf)> {
    let Some(name) = path.file_name() else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it names no file"));
    };
    let mut taken = None;
    for attempt in 0..ATTEMPTS {
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}-{attempt}.tmp", std::process::id()));
        let beside = path.with_file_name(hidden);
        match OpenOptions::new().write(true).create_new(true).open(&beside) {
            Ok(file) => return Ok((file, beside)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => taken = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(taken.unwrap_or_else(|| io::ErrorKind::AlreadyExists.into()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "tests look at what was written")]

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("map.yaml");
        replace(&path, "new").unwrap();
        replace(&path, "newer").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "newer");
        assert_eq!(names(folder.path()), ["map.yaml"]);
        assert_eq!(create(&path, "x").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "newer");
    }

    #[test]
    fn a_folder_and_a_missing_folder_are_errors() {
        let folder = tempfile::tempdir().unwrap();
        assert!(replace(folder.path(), "x").is_err());
        assert!(replace(&folder.path().join("none/map.yaml"), "x").is_err());
        assert!(names(folder.path()).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn permissions_stay_links_and_what_is_read_only_are_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("map.yaml"), folder.path().join("link.yaml"));
        create(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        replace(&path, "new").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(replace(&link, "through").unwrap_err().to_string().contains("symbolic link"));
        std::os::unix::fs::symlink(folder.path().join("nowhere"), folder.path().join("dangling")).unwrap();
        assert!(replace(&folder.path().join("dangling"), "through").is_err());
        assert!(create(&folder.path().join("dangling"), "through").is_err());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o440)).unwrap();
        assert!(replace(&path, "over").unwrap_err().to_string().contains("read-only"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(names(folder.path()), ["dangling", "link.yaml", "map.yaml"]);
    }
}
