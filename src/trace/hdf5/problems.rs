//! Errors of the HDF5 reader in the words of this room.

use hdf5_reader::error::Error;

use crate::trace::error::Problem;
use crate::trace::text::escape;

/// What an error at `place` means for a person.
pub(super) fn problem(place: &str, error: Error) -> Problem {
    use Error as E;
    let cause = root_cause(&error);
    match cause {
        E::Io(e) if e.kind() != std::io::ErrorKind::UnexpectedEof => {
            Problem::Unreadable(std::io::Error::new(e.kind(), e.to_string()))
        }
        // Class 3 of a data layout is a virtual dataset.
        E::UnsupportedLayoutClass(3) => Problem::Virtual {
            variable: escape(place),
        },
        E::ResourceLimit(what) => Problem::TooMuch {
            what: format!("{}: {}", escape(place), escape(what)),
        },
        E::UnsupportedDatatypeClass(_)
        | E::UnsupportedLayoutClass(_)
        | E::UnsupportedLayoutVersion(_)
        | E::UnsupportedFilter(_)
        | E::TypeMismatch { .. } => Problem::Unsupported {
            place: escape(place),
            detail: escape(&cause.to_string()),
        },
        _ => Problem::damaged(place, &cause.to_string()),
    }
}

pub(super) fn is_absent(error: &Error) -> bool {
    matches!(
        root_cause(error),
        Error::GroupNotFound(_) | Error::DatasetNotFound(_)
    )
}

fn root_cause(error: &Error) -> &Error {
    match error {
        Error::Context { source, .. } => root_cause(source),
        other => other,
    }
}

/// deflate, shuffle, fletcher32, szip, nbit, scale-offset; LZ4.
pub(super) fn is_decodable(filter: u16) -> bool {
    matches!(filter, 1..=6 | 32004)
}

/// Names of the HDF Group's list of registered filters.
pub(super) fn filter_name(id: u16) -> String {
    let name = match id {
        305 => "LZO",
        307 => "bzip2",
        32000 => "LZF",
        32001 => "Blosc",
        32008 => "bitshuffle",
        32013 => "ZFP",
        32015 => "Zstandard",
        32017 => "SZ",
        32024 => "SZ3",
        32026 => "Blosc2",
        _ => return format!("filter {id}"),
    };
    format!("{name} (filter {id})")
}
