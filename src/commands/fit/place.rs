//! Where a trace goes, settled before anything is sampled: what cannot be written is better told
//! at once.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use super::super::CommandError;
use crate::output::{Destination, OutputError};
use crate::trace::{ReadOptions, Trace};

/// The file asked for, which may be there already; else the data's name with `.nc` in the
/// current folder, where only a trace of our own making is replaced.
///
/// # Errors
/// [`CommandError`] when it would take the place of something else, or cannot be written.
pub fn choose(data: &Path, asked: Option<&Path>) -> Result<PathBuf, CommandError> {
    let path = match asked {
        Some(path) => match Destination::from(path.to_owned()) {
            Destination::Stdout => return Err(CommandError::TraceToStdout),
            Destination::File(path) => path,
        },
        None => {
            let stem = data.file_stem().unwrap_or(data.as_os_str());
            let mut name = stem.to_owned();
            name.push(".nc");
            PathBuf::from(name)
        }
    };
    if is_same_file(data, &path) {
        return Err(CommandError::OverItsData(path));
    }
    if asked.is_none() && path.exists() && !is_ours(&path) {
        return Err(CommandError::WouldReplace(path));
    }
    check_writable(&path)?;
    Ok(path)
}

fn is_same_file(data: &Path, path: &Path) -> bool {
    match (data.canonicalize(), path.canonicalize()) {
        (Ok(data), Ok(path)) => data == path,
        _ => false,
    }
}

fn is_ours(path: &Path) -> bool {
    Trace::open(path, &ReadOptions::default())
        .is_ok_and(|trace| trace.origin.inference_library.as_deref() == Some("fanchart"))
}

/// Whether a file could be written there now.
fn check_writable(path: &Path) -> Result<(), OutputError> {
    if path.is_dir() {
        return Err(OutputError::Folder(path.to_owned()));
    }
    let is_read_only = |data: Metadata| data.is_file() && data.permissions().readonly();
    if path.metadata().is_ok_and(is_read_only) {
        return Err(OutputError::ReadOnly(path.to_owned()));
    }
    if path.exists() && !path.is_file() {
        // A device is written to as it stands.
        return Ok(());
    }
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        return Err(OutputError::NoFolder {
            path: path.to_owned(),
            folder: folder.to_owned(),
        });
    }
    match tempfile::tempfile_in(folder) {
        Ok(_) => Ok(()),
        Err(source) => Err(OutputError::Io {
            path: path.to_owned(),
            source,
        }),
    }
}
