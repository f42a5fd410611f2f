//! What kind of file this is, before anything parses it: an error that names
//! the kind says more than one about a structure that is not there.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use hdf5_reader::storage::{BytesStorage, DynStorage, FileStorage};

use super::error::{Problem, bytes};

/// What a trace may ask of this program. The defaults open 4 chains of
/// 250,000 draws of some hundred parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file. Only what is needed of a large file is read.
    pub file_bytes: u64,
    /// Elements of everything that is read, 8 bytes each in memory.
    pub elements: u64,
    /// Groups and variables listed in all.
    pub objects: u64,
    /// Groups within groups, where a posterior is looked for.
    pub depth: usize,
    /// Characters of a parameter's name.
    pub name_chars: usize,
    /// Elements of one vector variable, where they are read.
    pub vector_elements: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 64 << 30,
            elements: 1 << 28,
            objects: 20_000,
            depth: 8,
            name_chars: 256,
            vector_elements: 10_000,
        }
    }
}

/// Files up to this size are read whole, larger ones piece by piece: a trace
/// with log likelihoods is mostly what nobody asked for.
const READ_WHOLE: u64 = 64 << 20;

/// Bytes looked at to name a file that is no NetCDF-4 file.
const HEAD: usize = 4096;

const HDF5_MAGIC: &[u8] = b"\x89HDF\r\n\x1a\n";

/// A file of NetCDF-4 that is being read.
pub(super) struct Opened {
    pub storage: DynStorage,
    file: File,
    modified: Option<SystemTime>,
}

impl Opened {
    /// Whether somebody wrote to the file since it was opened. That explains
    /// any error, and spoils any trace.
    pub fn has_changed(&self) -> bool {
        modified(&self.file) != self.modified
    }
}

fn modified(file: &File) -> Option<SystemTime> {
    file.metadata().and_then(|m| m.modified()).ok()
}

/// Opens a regular file of NetCDF-4 for reading.
pub(super) fn file(path: &Path, limits: &Limits) -> Result<Opened, Problem> {
    // The kind first: opening a pipe would wait for a writer for ever.
    let kind = fs::metadata(path).map_err(io_problem)?;
    if kind.is_dir() {
        let is_zarr = ["zarr.json", ".zgroup", ".zmetadata"]
            .iter()
            .any(|name| path.join(name).exists());
        return Err(if is_zarr {
            Problem::ZarrFolder
        } else {
            Problem::Folder
        });
    }
    if !kind.is_file() {
        return Err(Problem::NotRegular("a pipe, a socket or a device"));
    }
    let file = File::open(path).map_err(io_problem)?;
    // Of the open file: the path may have been given to another meanwhile.
    let opened = file.metadata().map_err(io_problem)?;
    if !opened.is_file() {
        return Err(Problem::NotRegular("a pipe, a socket or a device"));
    }
    let modified = modified(&file);
    let length = opened.len();
    check_length(length, limits)?;

    let storage: DynStorage = if length <= READ_WHOLE {
        let mut whole = Vec::with_capacity(length as usize);
        (&file)
            .take(READ_WHOLE + 1)
            .read_to_end(&mut whole)
            .map_err(io_problem)?;
        if whole.len() as u64 != length {
            return Err(Problem::Changed);
        }
        Arc::new(BytesStorage::new(whole))
    } else {
        let copy = file.try_clone().map_err(io_problem)?;
        Arc::new(FileStorage::from_file(copy).map_err(|_| Problem::Changed)?)
    };
    check_kind(&storage, path)?;
    Ok(Opened {
        storage,
        file,
        modified,
    })
}

/// Bytes in memory, after the same checks.
pub(super) fn memory<B>(content: B, limits: &Limits) -> Result<DynStorage, Problem>
where
    B: AsRef<[u8]> + Send + Sync + 'static,
{
    check_length(content.as_ref().len() as u64, limits)?;
    let storage: DynStorage = Arc::new(BytesStorage::from_owner(content));
    check_kind(&storage, Path::new(""))?;
    Ok(storage)
}

fn check_length(length: u64, limits: &Limits) -> Result<(), Problem> {
    if length == 0 {
        return Err(Problem::Empty);
    }
    if length > limits.file_bytes {
        return Err(Problem::TooLarge {
            size: bytes(length),
            limit: bytes(limits.file_bytes),
        });
    }
    Ok(())
}

fn check_kind(storage: &DynStorage, path: &Path) -> Result<(), Problem> {
    let read = |offset: u64, length: usize| {
        storage
            .read_range(offset, length)
            .map_err(|_| Problem::Changed)
    };
    let length = storage.len();
    let head = read(0, length.min(HEAD as u64) as usize)?;
    if head.starts_with(HDF5_MAGIC) {
        return Ok(());
    }
    if let Some(problem) = known_kind(&head) {
        return Err(problem);
    }
    // A user block may stand before the file proper: 512 bytes or any doubling.
    let mut offset = 512u64;
    while offset + 8 <= length {
        if read(offset, 8)?.as_ref() == HDF5_MAGIC {
            return Ok(());
        }
        offset *= 2;
    }
    Err(text_kind(&head, path).unwrap_or(Problem::Unknown))
}

/// Files that say what they are in their first bytes.
fn known_kind(head: &[u8]) -> Option<Problem> {
    Some(match head {
        [b'C', b'D', b'F', 1 | 2 | 5, ..] => Problem::NetCdf3,
        [0x1f, 0x8b, ..] => Problem::Gzip,
        [b'P', b'K', 3 | 5 | 7, 4 | 6 | 8, ..] => Problem::Zip,
        [0x80, 2..=5, ..] => Problem::Pickle,
        _ => return None,
    })
}

/// Text, and which: JSON starts with a bracket, a series has numbers or dates
/// in columns. A single column of numbers is a series too.
fn text_kind(head: &[u8], path: &Path) -> Option<Problem> {
    // The head may end inside a character.
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(e) if e.error_len().is_none() => std::str::from_utf8(&head[..e.valid_up_to()]).ok()?,
        Err(_) => return None,
    };
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.chars().any(|c| c.is_control() && !c.is_whitespace()) {
        return None;
    }
    if text.starts_with(['{', '[']) {
        return Some(Problem::Json);
    }
    let named_csv = path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("csv") || e.eq_ignore_ascii_case("tsv"));
    let ends_in_number = |line: &str| {
        line.rsplit([',', ';', '\t'])
            .next()
            .is_some_and(|field| field.trim().parse::<f64>().is_ok())
    };
    let has_numbers = text.lines().skip(1).take(5).any(ends_in_number);
    Some(if named_csv || has_numbers {
        Problem::Csv
    } else {
        Problem::Text
    })
}

pub(super) fn io_problem(error: io::Error) -> Problem {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Problem::Missing,
        io::ErrorKind::PermissionDenied => Problem::Denied,
        _ => Problem::Unreadable(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind_of(content: &'static [u8]) -> String {
        match memory(content, &Limits::default()) {
            Ok(_) => "NetCDF-4".into(),
            Err(problem) => format!("{problem:?}"),
        }
    }

    #[test]
    fn kinds_are_told_from_the_first_bytes() {
        assert_eq!(kind_of(b"\x89HDF\r\n\x1a\n and so on"), "NetCDF-4");
        assert_eq!(kind_of(b""), "Empty");
        assert_eq!(kind_of(b"CDF\x01\0\0\0\0"), "NetCdf3");
        assert_eq!(kind_of(b"CDF\x05\0\0\0\0"), "NetCdf3");
        assert_eq!(kind_of(b"\x1f\x8b\x08\0"), "Gzip");
        assert_eq!(kind_of(b"PK\x03\x04\0\0"), "Zip");
        assert_eq!(kind_of(b"\x80\x04\x95\0\0"), "Pickle");
        assert_eq!(kind_of(b" {\"posterior\": {}}"), "Json");
        assert_eq!(kind_of(b"t,y\n0,1.5\n1,2.5\n"), "Csv");
        assert_eq!(kind_of(b"date;value\n2024-01-01;3\n"), "Csv");
        assert_eq!(kind_of(b"y\n1\n2\n"), "Csv");
        assert_eq!(kind_of("Grüße aus dem Fächer".as_bytes()), "Text");
        assert_eq!(kind_of(b"\x00\x01\x02\xff"), "Unknown");
    }

    #[test]
    fn a_user_block_may_stand_before_the_file() {
        let mut content = vec![b' '; 1024];
        content.extend_from_slice(HDF5_MAGIC);
        assert!(memory(content, &Limits::default()).is_ok());
    }

    #[test]
    fn a_file_past_the_limit_is_named_with_both_sizes() {
        let limits = Limits {
            file_bytes: 1024,
            ..Limits::default()
        };
        let Err(problem) = memory(vec![0u8; 2048], &limits) else {
            panic!("2048 bytes passed a limit of 1024");
        };
        assert!(
            problem
                .to_string()
                .contains("2.0 KiB, more than the 1.0 KiB")
        );
    }
}
