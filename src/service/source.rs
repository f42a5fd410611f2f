//! Where the trace comes from, and how one sees that it changed.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};

#[cfg(feature = "cloud")]
use super::store::Store;

/// A place that holds a trace.
#[derive(Debug)]
pub enum Source {
    File(PathBuf),
    #[cfg(feature = "cloud")]
    Store(Store),
}

/// What a source holds, as a file.
pub struct Artifact {
    pub path: PathBuf,
    /// What [`Source::look`] says of it.
    pub tag: String,
    /// The first 12 hexadecimal digits of its SHA-256.
    pub version: String,
    /// Removes a download when it is dropped.
    pub(super) _download: Option<tempfile::TempPath>,
}

/// Why a source cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error("cannot read {path:?}: {error}; check the name and its permissions")]
    File { path: PathBuf, error: io::Error },
    #[cfg(not(feature = "cloud"))]
    #[error(
        "this fanchart reads files only, not {0:?}; build it with `cargo install fanchart --features cloud`"
    )]
    NotBuilt(String),
    #[cfg(feature = "cloud")]
    #[error(transparent)]
    Store(#[from] super::store::StoreError),
}

impl Source {
    /// A file, or a URL: http, https, s3 or gs.
    ///
    /// # Errors
    /// When the URL is of no known kind, or this build reads files only.
    pub fn new(place: &Path) -> Result<Self, SourceError> {
        match place.to_str().filter(|text| text.contains("://")) {
            #[cfg(feature = "cloud")]
            Some(url) => Ok(Self::Store(Store::new(url)?)),
            #[cfg(not(feature = "cloud"))]
            Some(url) => Err(SourceError::NotBuilt(url.into())),
            None => Ok(Self::File(place.to_owned())),
        }
    }

    /// What tells this version of the trace from others, without reading it: the ETag.
    ///
    /// # Errors
    /// When the source cannot be reached or has no trace.
    pub fn look(&self) -> Result<String, SourceError> {
        match self {
            Self::File(path) => tag(path).map_err(|error| unreadable(path, error)),
            #[cfg(feature = "cloud")]
            Self::Store(store) => Ok(store.look()?),
        }
    }

    /// The trace as a file.
    ///
    /// # Errors
    /// When the source cannot be reached or read.
    pub fn fetch(&self) -> Result<Artifact, SourceError> {
        match self {
            Self::File(path) => {
                let failed = |error| unreadable(path, error);
                Ok(Artifact {
                    path: path.clone(),
                    tag: tag(path).map_err(failed)?,
                    version: version(path).map_err(failed)?,
                    _download: None,
                })
            }
            #[cfg(feature = "cloud")]
            Self::Store(store) => Ok(store.fetch()?),
        }
    }
}

fn unreadable(path: &Path, error: io::Error) -> SourceError {
    SourceError::File {
        path: path.to_owned(),
        error,
    }
}

/// Which file, of which length, and when it was written to. Links are followed: a mounted
/// Kubernetes volume changes by one.
fn tag(path: &Path) -> io::Result<String> {
    let data = fs::metadata(path)?;
    let modified = data
        .modified()?
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    #[cfg(unix)]
    let file = std::os::unix::fs::MetadataExt::ino(&data);
    #[cfg(not(unix))]
    let file = 0;
    Ok(format!("{file}-{}-{}", modified.as_nanos(), data.len()))
}

/// The first 12 hexadecimal digits of a file's SHA-256, as `sha256sum` prints them.
pub(super) fn version(path: &Path) -> io::Result<String> {
    // A pipe would be waited for.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 64 << 10];
    loop {
        match file.read(&mut piece)? {
            0 => break,
            length => hash.update(&piece[..length]),
        }
    }
    let hash = hash.finalize();
    Ok(hash[..6].iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_the_start_of_the_sha256() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("trace.nc");
        fs::write(&path, "abc").expect("written");
        // FIPS 180-2, appendix B.1.
        assert_eq!(version(&path).expect("readable"), "ba7816bf8f01");
        assert!(version(folder.path()).is_err());
    }

    #[test]
    fn a_file_put_in_the_place_of_another_has_another_tag() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, next) = (folder.path().join("trace.nc"), folder.path().join("next"));
        fs::write(&path, "abc").expect("written");
        let source = Source::new(&path).expect("a file");
        let before = source.look().expect("there");
        assert_eq!(source.fetch().expect("there").tag, before);
        fs::write(&next, "def").expect("written");
        fs::rename(&next, &path).expect("renamed");
        assert_ne!(source.look().expect("there"), before);
        fs::remove_file(&path).expect("removed");
        assert!(source.look().is_err() && source.fetch().is_err());
    }
}
