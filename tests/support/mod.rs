//! What several test files share.

use std::path::{Path, PathBuf};

use fanchart::forecast::Fit;
use fanchart::trace::{ReadOptions, Trace};

/// The fit that converged: the demo.
pub const CONVERGED: &str = "artifacts/trace.nc";
/// A fit of the same series with a chain in a mode of its own.
pub const STUCK: &str = "artifacts/stuck-chain.nc";

/// A file of this repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A fit from a trace of this repository, with the model and series that belong to it.
pub fn fit(path: &str) -> Fit {
    let trace = Trace::open(&repository(path), &ReadOptions::default()).expect("a trace");
    Fit::assemble(trace, None, None).expect("a fit")
}
