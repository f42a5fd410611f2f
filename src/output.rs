//! Files written whole or not at all.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Where a command's data goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    Stdout,
    File(PathBuf),
}

/// `-` and the device mean standard output: a device cannot be renamed over.
impl From<PathBuf> for Destination {
    fn from(path: PathBuf) -> Destination {
        if path == Path::new("-") || path == Path::new("/dev/stdout") {
            Destination::Stdout
        } else {
            Destination::File(path)
        }
    }
}

/// Why a file was not written; what stood there before still does.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    #[error("cannot write {0:?}: it is a folder; name a file in it")]
    Folder(PathBuf),
    #[error("cannot write {0:?}: it is a link to nothing; create what it names or remove the link")]
    DeadLink(PathBuf),
    #[error("cannot replace {0:?}: it is read-only; choose another name or `chmod u+w` it")]
    ReadOnly(PathBuf),
    #[error("cannot write {path:?}: there is no folder {folder:?}; create it or choose another")]
    NoFolder { path: PathBuf, folder: PathBuf },
    #[error("cannot write {path:?}: {source}; nothing was changed, choose another place")]
    Io { path: PathBuf, source: io::Error },
}

/// Puts `data` into the file at `path`, as one step: whoever looks sees the old file or the new
/// one, also after a crash. A link is followed. A file that exists keeps its permissions; a new
/// one gets those the umask leaves. A device or a pipe is written to as it stands.
///
/// # Errors
///
/// [`OutputError`] when the target is no file one may write, or when writing fails; the part
/// written so far is removed.
pub fn replace_file(path: &Path, data: &[u8]) -> Result<(), OutputError> {
    let failed = |source| OutputError::Io {
        path: path.to_owned(),
        source,
    };
    if fs::metadata(path).is_ok_and(|data| !data.is_file() && !data.is_dir()) {
        // Nothing to keep whole, and nothing that a file could take the place of.
        let device = fs::OpenOptions::new().write(true).open(path);
        return device
            .and_then(|mut device| device.write_all(data))
            .map_err(failed);
    }
    let existing = permissions(path)?;
    // The file a link leads to is replaced, not the link.
    let target = match existing {
        Some(_) => fs::canonicalize(path).map_err(failed)?,
        None => path.to_owned(),
    };
    let folder = match target.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        return Err(OutputError::NoFolder {
            path: path.to_owned(),
            folder: folder.to_owned(),
        });
    }

    // Beside the target: a rename does not cross file systems. Removed again when dropped.
    let mut part = part_file(folder).map_err(failed)?;
    if let Some(permissions) = existing {
        part.as_file()
            .set_permissions(permissions)
            .map_err(failed)?;
    }
    part.write_all(data).map_err(failed)?;
    part.as_file().sync_all().map_err(failed)?;
    part.persist(&target).map_err(|error| failed(error.error))?;
    sync_folder(folder);
    Ok(())
}

/// Permissions of the file to replace; `None` when there is none yet.
fn permissions(path: &Path) -> Result<Option<Permissions>, OutputError> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // Nothing there, or a link that leads to nothing.
            return match fs::symlink_metadata(path) {
                Ok(_) => Err(OutputError::DeadLink(path.to_owned())),
                Err(_) => Ok(None),
            };
        }
        Err(source) => {
            return Err(OutputError::Io {
                path: path.to_owned(),
                source,
            });
        }
    };
    if metadata.is_dir() {
        Err(OutputError::Folder(path.to_owned()))
    } else if metadata.permissions().readonly() {
        Err(OutputError::ReadOnly(path.to_owned()))
    } else {
        Ok(Some(metadata.permissions()))
    }
}

fn part_file(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".fanchart-").suffix(".part");
    // Temporary files are private by default; this one becomes a file like any other.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Makes the rename last through a crash, where the file system can. The new file is in place
/// either way, so a failure is not one of the write.
fn sync_folder(folder: &Path) {
    if cfg!(unix)
        && let Ok(folder) = File::open(folder)
    {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a folder")
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        let name = |entry: io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
        let mut names: Vec<_> = entries
            .map(|entry| name(entry).to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn writes_new_files_and_replaces_old_ones_leaving_no_part() {
        let folder = folder();
        let path = folder.path().join("a.csv");
        for data in [&b"first"[..], b"second, longer", b""] {
            replace_file(&path, data).expect("written");
            assert_eq!(fs::read(&path).expect("readable"), data);
        }
        assert_eq!(names(folder.path()), ["a.csv"]);
    }

    #[test]
    fn folders_are_not_replaced() {
        let folder = folder();
        let error = replace_file(folder.path(), b"x").expect_err("a folder");
        assert!(matches!(error, OutputError::Folder(_)), "{error}");
    }

    #[test]
    fn a_missing_folder_is_named() {
        let folder = folder();
        let missing = folder.path().join("no");
        let error = replace_file(&missing.join("a.csv"), b"x").expect_err("no folder");
        assert!(matches!(&error, OutputError::NoFolder { folder, .. } if *folder == missing));
        assert_eq!(names(folder.path()).len(), 0);
    }

    #[cfg(unix)]
    mod unix {
        use std::os::unix::fs::{PermissionsExt, symlink};

        use super::*;

        fn mode(path: &Path) -> u32 {
            fs::metadata(path).expect("a file").permissions().mode() & 0o7777
        }

        #[test]
        fn devices_are_written_to_and_not_replaced() {
            use std::os::unix::fs::FileTypeExt;
            replace_file(Path::new("/dev/null"), b"x").expect("it takes all");
            let data = fs::metadata("/dev/null").expect("still there");
            assert!(data.file_type().is_char_device());
            let full = replace_file(Path::new("/dev/full"), b"x").expect_err("no room");
            assert!(matches!(full, OutputError::Io { .. }), "{full}");
        }

        #[test]
        fn an_old_file_keeps_its_permissions() {
            let folder = folder();
            let path = folder.path().join("a.csv");
            fs::write(&path, "old").expect("written");
            fs::set_permissions(&path, Permissions::from_mode(0o640)).expect("set");
            replace_file(&path, b"new").expect("written");
            assert_eq!(mode(&path), 0o640);
        }

        #[test]
        fn a_new_file_has_the_permissions_of_any_new_file() {
            let folder = folder();
            let (ours, other) = (folder.path().join("ours"), folder.path().join("other"));
            replace_file(&ours, b"x").expect("written");
            fs::write(&other, "x").expect("written");
            assert_eq!(mode(&ours), mode(&other));
        }

        #[test]
        fn a_read_only_file_is_left_alone() {
            let folder = folder();
            let path = folder.path().join("a.csv");
            fs::write(&path, "old").expect("written");
            fs::set_permissions(&path, Permissions::from_mode(0o444)).expect("set");
            let error = replace_file(&path, b"new").expect_err("read-only");
            assert!(matches!(error, OutputError::ReadOnly(_)), "{error}");
            assert_eq!(fs::read(&path).expect("readable"), b"old");
        }

        #[test]
        fn a_link_stays_and_its_file_is_replaced() {
            let folder = folder();
            let (file, link) = (folder.path().join("file"), folder.path().join("link"));
            fs::write(&file, "old").expect("written");
            symlink("file", &link).expect("linked");
            replace_file(&link, b"new").expect("written");
            assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
            assert_eq!(fs::read(&file).expect("readable"), b"new");
        }

        #[test]
        fn a_link_to_nothing_is_not_replaced() {
            let folder = folder();
            let link = folder.path().join("link");
            symlink("missing", &link).expect("linked");
            let error = replace_file(&link, b"new").expect_err("a dead link");
            assert!(matches!(error, OutputError::DeadLink(_)), "{error}");
            assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
        }
    }
}
