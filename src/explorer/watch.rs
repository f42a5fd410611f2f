//! Notices that the trace's file has changed, and has it read again once it has settled.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime};

use super::session::Source;

/// Looking at a file twice a second costs nothing, works on every file system and follows
/// renames; a file that looks the same twice in a row is settled.
const EVERY: Duration = Duration::from_millis(500);

/// What tells one version of a file from another.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Version {
    length: u64,
    modified: Option<SystemTime>,
    file: u64,
}

impl Version {
    fn of(path: &Path) -> Option<Self> {
        let data = fs::metadata(path).ok()?;
        #[cfg(unix)]
        let file = std::os::unix::fs::MetadataExt::ino(&data);
        #[cfg(not(unix))]
        let file = 0;
        Some(Self {
            length: data.len(),
            modified: data.modified().ok(),
            file,
        })
    }
}

/// Watches a file for as long as the program runs; the demo has none.
pub(super) fn start(source: &Source) {
    let Some(path) = source.path.clone() else {
        return;
    };
    let source = source.clone();
    let mut taken = Version::of(&path);
    let mut last = taken.clone();
    thread::spawn(move || {
        loop {
            thread::sleep(EVERY);
            let now = Version::of(&path);
            // While a writer replaces it there may be no file for a moment.
            if now.is_some() && now != taken && now == last {
                taken = now.clone();
                source.reload();
            }
            last = now;
        }
    });
}
