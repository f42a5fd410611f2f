//! Everything that can keep a trace from being read, in the words a person sees.

use thiserror::Error;

use super::text;

/// A trace could not be read: which file, and why.
#[derive(Debug, Error)]
#[error("{file}: {problem}")]
pub struct TraceError {
    /// Path as given, escaped; `trace` for bytes in memory.
    pub file: String,
    #[source]
    pub problem: Problem,
}

/// Why a trace could not be read. Each message says what is wrong, where, and
/// what to do next; text of the file in it is escaped.
#[derive(Debug, Error)]
pub enum Problem {
    // What kind of file it is.
    #[error("no such file; check the path")]
    Missing,
    #[error("permission denied; check who may read it (ls -l)")]
    Denied,
    #[error("cannot be read: {0}")]
    Unreadable(std::io::Error),
    #[error("this is a folder; name the trace file (.nc) inside it")]
    Folder,
    #[error(
        "this is a zarr folder, not a NetCDF file; rewrite it in Python: \
         arviz.from_zarr(\"FOLDER\").to_netcdf(\"trace.nc\")"
    )]
    ZarrFolder,
    #[error("this is {0}, not a regular file; write the trace to a file first")]
    NotRegular(&'static str),
    #[error("the file is empty; was it still being written? write the trace again")]
    Empty,
    #[error(
        "the file has {size}, more than the {limit} fanchart reads; \
         write a smaller trace (leave out log_likelihood and predictive groups)"
    )]
    TooLarge { size: String, limit: String },
    #[error(
        "this is a NetCDF-3 file, and traces are NetCDF-4; rewrite it in Python: \
         xarray.load_dataset(\"OLD.nc\").to_netcdf(\"trace.nc\", engine=\"h5netcdf\")"
    )]
    NetCdf3,
    #[error("this is a gzip file; unpack it first: gunzip FILE")]
    Gzip,
    #[error("this is a zip archive; unpack it and name the trace file (.nc) inside")]
    Zip,
    #[error(
        "this is a Python pickle, which only Python can open; \
         load it there and write idata.to_netcdf(\"trace.nc\")"
    )]
    Pickle,
    #[error(
        "this is JSON, not a trace; for ArviZ JSON, rewrite it in Python: \
         arviz.from_json(\"FILE.json\").to_netcdf(\"trace.nc\")"
    )]
    Json,
    #[error(
        "this is a series (CSV), not a trace; give it a name that ends in .csv and fit it: \
         fanchart fit FILE.csv"
    )]
    Csv,
    #[error("this is text, not a trace; name a NetCDF file (.nc) of posterior draws")]
    Text,
    #[error("this is not a NetCDF-4 file; name a trace that ArviZ wrote (.nc)")]
    Unknown,

    // Whether the file is whole.
    #[error(
        "the file should have {expected} bytes and has {found}: still being written, or cut \
         short; wait for the writer to finish or copy the file again"
    )]
    Incomplete { expected: u64, found: u64 },
    #[error(
        "the file is marked as open for writing; wait for its writer to finish, \
         or, if that died, clear the mark: h5clear -s FILE"
    )]
    OpenForWriting,
    #[error("the file changed while it was being read; wait for its writer to finish")]
    Changed,
    #[error(
        "{place} cannot be read ({detail}): the file is damaged, or still being written; \
         copy it again or refit"
    )]
    Damaged { place: String, detail: String },

    #[error(
        "part of {variable} was never written: its writer stopped early, or the file is \
         damaged; write the trace again"
    )]
    Unwritten { variable: String },
    #[error(
        "{place} is stored in a way fanchart does not know ({detail}); write it with \
         ArviZ: idata.to_netcdf(\"trace.nc\")"
    )]
    Unsupported { place: String, detail: String },

    // What the file asks for.
    #[error("{what}, more than fanchart reads from a file of this size: damaged, or not a trace")]
    TooMuch { what: String },
    #[error(
        "{variable} is compressed with {filter}, which fanchart cannot undo; rewrite it in \
         Python: import hdf5plugin, xarray; xarray.open_datatree(\"OLD.nc\", engine=\"h5netcdf\")\
         .map_over_datasets(lambda d: d.drop_encoding()).to_netcdf(\"trace.nc\", engine=\"h5netcdf\")"
    )]
    Filter { variable: String, filter: String },
    #[error(
        "{variable} keeps its values in another file, which fanchart does not follow; \
         write a trace that holds its own data"
    )]
    External { variable: String },
    #[error(
        "{variable} is, or holds, a virtual dataset, a view of other files, which fanchart does \
         not follow; write a trace that holds its own data"
    )]
    Virtual { variable: String },
    #[error("{variable} holds {kind}, not numbers; fanchart cannot use it")]
    NotNumbers {
        variable: String,
        kind: &'static str,
    },

    // What a trace must have.
    #[error("no posterior group; groups in the file: {found}. Was the trace sampled and saved?")]
    NoPosterior { found: String },
    #[error("several posteriors; choose one with --group: {found}")]
    SeveralPosteriors { found: String },
    #[error("no posterior in group {group}; groups that hold one: {found}")]
    NoSuchGroup { group: String, found: String },
    #[error(
        "{posterior} holds no scalar parameter with dimensions chain and draw; its variables: {found}"
    )]
    NoParameters {
        posterior: String,
        found: String,
        /// Whether there are vectors that could have been read.
        has_vectors: bool,
    },
    #[error(
        "{variable} has {elements} elements, more than the {limit} fanchart reads of a vector; \
         name other parameters (--params), or write fewer elements into the trace"
    )]
    ManyElements {
        variable: String,
        elements: usize,
        limit: usize,
    },
    #[error("{posterior} holds {chains} chains of {draws} draws: nothing was sampled")]
    NoDraws {
        posterior: String,
        chains: usize,
        draws: usize,
    },
    #[error("no observed variable {name:?}; the file has: {found}")]
    NoSuchObserved { name: String, found: String },
    #[error("observed variable {name} cannot be used: {reason}; give the series with --data")]
    UnusableObserved { name: String, reason: String },

    // What a parameter that is needed must be.
    #[error("the trace has no parameter {name}; it has: {found}")]
    NoSuchParameter { name: String, found: String },
    #[error(
        "parameter {parameter} is {value} at chain {chain}, draw {draw} (counted from 0); \
         the sampler failed there: refit, or leave such draws out before saving"
    )]
    NonFinite {
        parameter: String,
        value: f64,
        chain: usize,
        draw: usize,
    },
}

impl Problem {
    /// Whether the file itself is not what was written, as against odd. Then
    /// nothing of it is to be trusted, needed or not.
    pub(super) fn is_damage(&self) -> bool {
        matches!(
            self,
            Self::Damaged { .. } | Self::Unreadable(_) | Self::Changed
        )
    }

    pub(super) fn damaged(place: &str, detail: &str) -> Self {
        Self::Damaged {
            place: text::escape(place),
            detail: text::escape(detail),
        }
    }
}

/// A count of bytes as a person reads it, `1.5 GiB`.
pub(super) fn bytes(n: u64) -> String {
    let (mut value, mut unit) = (n as f64, "bytes");
    for larger in ["KiB", "MiB", "GiB", "TiB", "PiB"] {
        if value < 1024.0 {
            break;
        }
        value /= 1024.0;
        unit = larger;
    }
    if unit == "bytes" {
        format!("{n} bytes")
    } else {
        format!("{value:.1} {unit}")
    }
}
