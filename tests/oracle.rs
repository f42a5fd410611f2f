//! The NetCDF C library is the authority on the format: it and the reader that
//! fanchart uses must see the same trace in every file that both can read.
#![cfg(feature = "netcdf-c")]

use std::path::{Path, PathBuf};

use fanchart::trace::{ReadOptions, Trace};
use ndarray::Array2;

/// Files that are not compared: one of the two readers refuses them, or both do.
const APART: [(&str, &str); 5] = [
    ("bad_blosc_lz4_incomplete.nc", "Blosc: neither decodes it"),
    ("v0_empty.nc", "no posterior"),
    (
        "v1_bzip2.nc",
        "bzip2: the C library needs a plugin, fanchart refuses",
    ),
    (
        "v1_zstd.nc",
        "Zstandard: the C library needs a plugin, fanchart refuses",
    ),
    (
        "v1_flat_dataset_netcdf3.nc",
        "NetCDF-3: fanchart refuses, the C library has no groups there",
    ),
];

fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<PathBuf> = ["tests/fixtures/traces", "artifacts"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "nc"))
        .collect();
    files.sort();
    files
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

fn bits(values: &Option<Array2<f64>>) -> Option<Array2<u64>> {
    values.as_ref().map(|values| values.mapv(f64::to_bits))
}

/// Everything of a trace in a form that compares NaN by its bits.
fn content(trace: &Trace) -> String {
    let parameters: Vec<_> = trace
        .parameters
        .iter()
        .map(|p| (&p.name, p.draws.mapv(f64::to_bits)))
        .collect();
    let s = &trace.sampler;
    format!(
        "{parameters:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        trace.vectors,
        s.diverging,
        s.reached_max_tree_depth,
        bits(&s.tree_depth),
        bits(&s.acceptance_rate),
        bits(&s.log_density),
        bits(&s.energy),
        trace.observed,
        trace.origin,
    )
}

#[test]
fn both_readers_see_the_same_trace() {
    let options = ReadOptions::default();
    let mut compared = 0;
    for path in files() {
        if let Some((_, reason)) = APART.iter().find(|(file, _)| *file == name(&path)) {
            assert!(
                Trace::open(&path, &options).is_err(),
                "{} opens: {reason}?",
                name(&path)
            );
            continue;
        }
        let ours = Trace::open(&path, &options).unwrap();
        let theirs = Trace::open_with_netcdf_c(&path, &options).unwrap();
        assert_eq!(content(&ours), content(&theirs), "{}", name(&path));
        compared += 1;
    }
    assert!(compared >= 20, "only {compared} files compared");
}
