//! What a person reads when a file is not a trace: the kind, and a next step.

use std::fs;
use std::path::{Path, PathBuf};

use fanchart::trace::{Limits, ReadOptions, Trace};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

fn message_with(path: &Path, options: &ReadOptions) -> String {
    let error = Trace::open(path, options).unwrap_err();
    let message = error.to_string();
    assert!(message.lines().count() <= 2, "{message}");
    let file = path.display().to_string();
    let problem = message
        .strip_prefix(&format!("{file}: "))
        .expect("the file comes first");
    problem.to_owned()
}

fn message(path: &Path) -> String {
    message_with(path, &ReadOptions::default())
}

fn message_of(content: impl AsRef<[u8]>, name: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    message(&path)
}

#[test]
fn paths_that_hold_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    assert_eq!(message(&at("none.nc")), "no such file; check the path");
    assert_eq!(
        message(folder.path()),
        "this is a folder; name the trace file (.nc) inside it"
    );
    fs::create_dir(at("trace.zarr")).unwrap();
    fs::write(at("trace.zarr/zarr.json"), "{}").unwrap();
    assert_eq!(
        message(&at("trace.zarr")),
        "this is a zarr folder, not a NetCDF file; rewrite it in Python: \
         arviz.from_zarr(\"FOLDER\").to_netcdf(\"trace.nc\")"
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_is_refused_without_waiting_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.nc");
    let made = std::process::Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .unwrap();
    assert!(made.success());
    assert_eq!(
        message(&pipe),
        "this is a pipe, a socket or a device, not a regular file; \
         write the trace to a file first"
    );
}

#[cfg(unix)]
#[test]
fn a_file_nobody_may_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret.nc");
    fs::write(&path, "x").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&path).is_ok() {
        return; // the superuser reads anything
    }
    assert_eq!(
        message(&path),
        "permission denied; check who may read it (ls -l)"
    );
}

#[test]
fn files_of_other_kinds() {
    assert_eq!(
        message_of("", "t.nc"),
        "the file is empty; was it still being written? write the trace again"
    );
    assert_eq!(
        message_of("t,y\n0,1.0\n1,2.0\n", "data.csv"),
        "this is a series (CSV), not a trace; give it a name that ends in .csv and fit it: \
         fanchart fit FILE.csv"
    );
    assert_eq!(
        message_of("Dear diary,\n", "t.nc"),
        "this is text, not a trace; name a NetCDF file (.nc) of posterior draws"
    );
    assert_eq!(
        message_of("{\"posterior\": {}}", "t.json"),
        "this is JSON, not a trace; for ArviZ JSON, rewrite it in Python: \
         arviz.from_json(\"FILE.json\").to_netcdf(\"trace.nc\")"
    );
    assert_eq!(
        message_of(b"\x80\x04\x95\x10\0\0", "metadata.pkl"),
        "this is a Python pickle, which only Python can open; \
         load it there and write idata.to_netcdf(\"trace.nc\")"
    );
    assert_eq!(
        message_of(b"\x1f\x8b\x08\0\0", "t.nc.gz"),
        "this is a gzip file; unpack it first: gunzip FILE"
    );
    assert_eq!(
        message_of(b"PK\x03\x04\0\0", "t.zip"),
        "this is a zip archive; unpack it and name the trace file (.nc) inside"
    );
    assert_eq!(
        message_of(b"\0\x01\x02\xff\xfe", "t.nc"),
        "this is not a NetCDF-4 file; name a trace that ArviZ wrote (.nc)"
    );
    assert_eq!(
        message(&fixture("traces/v1_flat_dataset_netcdf3.nc")),
        "this is a NetCDF-3 file, and traces are NetCDF-4; rewrite it in Python: \
         xarray.load_dataset(\"OLD.nc\").to_netcdf(\"trace.nc\", engine=\"h5netcdf\")"
    );
}

#[test]
fn filters_that_cannot_be_undone_are_named() {
    for (file, filter) in [
        ("v1_zstd.nc", "Zstandard (filter 32015)"),
        ("v1_bzip2.nc", "bzip2 (filter 307)"),
        ("bad_blosc_lz4_incomplete.nc", "Blosc (filter 32001)"),
    ] {
        assert_eq!(
            message(&fixture("traces").join(file)),
            format!(
                "/posterior/intercept is compressed with {filter}, which fanchart cannot undo; \
                 rewrite it in Python: import hdf5plugin, xarray; \
                 xarray.open_datatree(\"OLD.nc\", engine=\"h5netcdf\")\
                 .map_over_datasets(lambda d: d.drop_encoding())\
                 .to_netcdf(\"trace.nc\", engine=\"h5netcdf\")"
            )
        );
    }
}

#[test]
fn files_that_are_not_whole() {
    let whole = fs::read(fixture("traces/v1_pymc6_default.nc")).unwrap();
    let half = &whole[..whole.len() / 2];
    assert_eq!(
        message_of(half, "t.nc"),
        format!(
            "the file should have {} bytes and has {}: still being written, or cut short; \
             wait for the writer to finish or copy the file again",
            whole.len(),
            half.len()
        )
    );
    let start = message_of(&whole[..20], "t.nc");
    assert!(
        start.starts_with("the start of the file cannot be read"),
        "{start}"
    );
    assert!(
        start.ends_with("the file is damaged, or still being written; copy it again or refit"),
        "{start}"
    );
}

#[test]
fn a_file_whose_writer_has_not_closed_it() {
    // Superblock of version 3: the flags are byte 11, its checksum is bytes 44 to 47.
    let mut bytes = fs::read(fixture("hostile/hard_link_circle.nc")).unwrap();
    assert_eq!(bytes[8], 3);
    bytes[11] |= 1;
    let sum = hdf5_reader::checksum::jenkins_lookup3(&bytes[..44]);
    bytes[44..48].copy_from_slice(&sum.to_le_bytes());
    assert_eq!(
        message_of(bytes, "t.nc"),
        "the file is marked as open for writing; wait for its writer to finish, \
         or, if that died, clear the mark: h5clear -s FILE"
    );
}

#[test]
fn a_damaged_variable_is_named() {
    // A file with a checksum on each chunk: the variable hit is the one named.
    let mut bytes = fs::read(fixture("traces/v1_shuffle_zlib9_fletcher.nc")).unwrap();
    let n = bytes.len();
    let mut named = 0;
    for at in (n / 2..n).step_by(97) {
        bytes[at] ^= 0x10;
        if let Err(error) = Trace::from_bytes(bytes.clone(), &ReadOptions::default()) {
            let message = error.to_string();
            if message.starts_with("trace: /posterior/") {
                assert!(message.ends_with(
                    "the file is damaged, or still being written; copy it again or refit"
                ));
                named += 1;
            }
        }
        bytes[at] ^= 0x10;
    }
    assert!(named > 10, "{named}");
}

#[test]
fn files_without_a_posterior() {
    assert_eq!(
        message(&fixture("traces/v0_empty.nc")),
        "no posterior group; groups in the file: none. Was the trace sampled and saved?"
    );
    assert_eq!(
        message(&fixture("hostile/no_dimension_names.nc")),
        "/posterior holds no scalar parameter with dimensions chain and draw; \
         its variables: a[?, ?]"
    );
}

#[test]
fn a_file_past_the_limit() {
    let options = ReadOptions {
        limits: Limits {
            file_bytes: 10_000,
            ..Limits::default()
        },
        ..ReadOptions::default()
    };
    assert_eq!(
        message_with(&fixture("traces/v1_numpyro.nc"), &options),
        "the file has 43.0 KiB, more than the 9.8 KiB fanchart reads; \
         write a smaller trace (leave out log_likelihood and predictive groups)"
    );
}

#[test]
fn a_name_in_a_message_cannot_move_the_cursor() {
    let error = Trace::open(Path::new("no\x1b[2Jfile.nc"), &ReadOptions::default()).unwrap_err();
    assert_eq!(error.file, "no\\u{1b}[2Jfile.nc");
}
