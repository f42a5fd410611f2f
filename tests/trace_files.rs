//! Every reference trace holds, for fanchart, what xarray reads from it
//! (`fixtures/trace_values.json`, made by `fixtures/trace_values.py`).

use std::path::{Path, PathBuf};

use fanchart::series::{CalendarStep, CalendarUnit};
use fanchart::trace::{Problem, ReadOptions, Trace};
use ndarray::Array2;
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn path_of(name: &str) -> PathBuf {
    let demo = root().join("artifacts").join(name);
    if demo.exists() {
        demo
    } else {
        root().join("tests/fixtures/traces").join(name)
    }
}

fn open(name: &str) -> Trace {
    Trace::open(&path_of(name), &ReadOptions::default()).unwrap()
}

fn json(path: &str) -> Value {
    let text = std::fs::read_to_string(root().join("tests/fixtures").join(path)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// A number of the reference; what JSON cannot hold is there as text.
fn number(value: &Value) -> f64 {
    match value {
        Value::String(text) => text.parse().unwrap(),
        other => other.as_f64().unwrap(),
    }
}

/// Equal to 1e-9, relative; NaN is equal to NaN.
fn assert_close(ours: f64, theirs: f64, what: &str) {
    let close = ours == theirs
        || (ours.is_nan() && theirs.is_nan())
        || (ours - theirs).abs() <= 1e-9 * theirs.abs().max(1e-3);
    assert!(close, "{what}: {ours} is not {theirs}");
}

fn mean_and_sd(draws: &Array2<f64>) -> (f64, f64) {
    let n = draws.len() as f64;
    let mean = draws.sum() / n;
    let sd = (draws.mapv(|x| (x - mean).powi(2)).sum() / (n - 1.0)).sqrt();
    (mean, sd)
}

/// Files of the reference that fanchart refuses; see trace_messages.rs.
const REFUSED: [&str; 2] = ["bad_blosc_lz4_incomplete.nc", "v0_empty.nc"];

#[test]
fn parameters_are_those_xarray_reads() {
    let reference = json("trace_values.json");
    let mut files = 0;
    for (file, expected) in reference.as_object().unwrap() {
        if REFUSED.contains(&file.as_str()) {
            continue;
        }
        let trace = open(file);
        let expected_parameters = expected["parameters"].as_object().unwrap();
        let mut names: Vec<&str> = trace.parameters.iter().map(|p| p.name.as_str()).collect();
        // Copies on the unconstrained scale stay hidden.
        let mut expected_names: Vec<&str> = expected_parameters
            .keys()
            .map(String::as_str)
            .filter(|name| !name.ends_with("__"))
            .collect();
        names.sort_unstable();
        expected_names.sort_unstable();
        assert_eq!(names, expected_names, "{file}");

        for parameter in &trace.parameters {
            let what = format!("{file}, {}", parameter.name);
            let expected = &expected_parameters[&parameter.name];
            let shape = [trace.chains(), trace.draws()];
            assert_eq!(serde_json::json!(shape), expected["shape"], "{what}");
            let draws = &parameter.draws;
            let (chains, length) = draws.dim();
            assert_close(draws[[0, 0]], number(&expected["first"]), &what);
            assert_close(
                draws[[chains - 1, 0]],
                number(&expected["second_chain"]),
                &what,
            );
            assert_close(
                draws[[chains - 1, length - 1]],
                number(&expected["last"]),
                &what,
            );
            let (mean, sd) = mean_and_sd(draws);
            assert_close(mean, number(&expected["mean"]), &what);
            assert_close(sd, number(&expected["sd"]), &what);
        }
        files += 1;
    }
    assert!(files >= 24, "only {files} files");
}

#[test]
fn vectors_are_named_with_their_dimensions() {
    for (file, expected) in json("trace_values.json").as_object().unwrap() {
        if !REFUSED.contains(&file.as_str()) {
            let ours: serde_json::Map<String, Value> = open(file)
                .vectors
                .into_iter()
                .map(|v| (v.name, serde_json::json!(v.dimensions)))
                .collect();
            assert_eq!(Value::Object(ours), expected["vectors"], "{file}");
        }
    }
}

#[test]
fn statistics_are_found_under_every_samplers_names() {
    let mut found = 0;
    for (file, expected) in json("trace_values.json").as_object().unwrap() {
        if REFUSED.contains(&file.as_str()) {
            continue;
        }
        let trace = open(file);
        let s = &trace.sampler;
        let flags = |flags: &Option<Array2<bool>>| {
            flags
                .as_ref()
                .map(|f| f.iter().filter(|&&flag| flag).count() as f64)
        };
        let sum = |values: &Option<Array2<f64>>| values.as_ref().map(|v| v.sum());
        let ours = [
            (flags(&s.diverging), ["diverging", ""]),
            (
                flags(&s.reached_max_tree_depth),
                ["reached_max_treedepth", "maxdepth_reached"],
            ),
            (sum(&s.tree_depth), ["tree_depth", "depth"]),
            (
                sum(&s.acceptance_rate),
                ["acceptance_rate", "mean_tree_accept"],
            ),
            (sum(&s.log_density), ["lp", "logp"]),
            (sum(&s.energy), ["energy", ""]),
        ];
        for (ours, names) in ours {
            let theirs = names
                .iter()
                .find_map(|name| expected["statistics"].get(name));
            let what = format!("{file}, {}", names[0]);
            assert_eq!(ours.is_some(), theirs.is_some(), "{what}");
            if let (Some(ours), Some(theirs)) = (ours, theirs) {
                assert_close(ours, number(theirs), &what);
                found += 1;
            }
        }
    }
    assert!(found >= 60, "only {found} statistics");
}

#[test]
fn observations_are_those_xarray_reads() {
    for (file, expected) in json("trace_values.json").as_object().unwrap() {
        if REFUSED.contains(&file.as_str()) {
            continue;
        }
        let trace = open(file);
        let expected = expected["observed"].as_object().unwrap();
        assert_eq!(trace.observed.is_some(), expected.len() == 1, "{file}");
        if let Some(series) = &trace.observed {
            let expected = &expected[&series.name];
            let n = series.values.len();
            assert_eq!(Value::from(n), expected["rows"], "{file}");
            assert_close(series.values[0], number(&expected["first"]), file);
            assert_close(series.values[n - 1], number(&expected["last"]), file);
            let mean = series.values.iter().sum::<f64>() / n as f64;
            assert_close(mean, number(&expected["mean"]), file);
            assert_eq!((series.axis.origin, series.axis.step), (0.0, 1.0), "{file}");
            let rows: Vec<f64> = (0..n).map(|row| row as f64).collect();
            assert_eq!(series.axis.positions, rows, "{file}");
        }
    }
}

#[test]
fn means_are_those_arviz_prints() {
    let reference = json("traces/expected.json");
    for file in ["v0_pymc_h5netcdf", "v0_full_datetime_warmup"] {
        let trace = open(&format!("{file}.nc"));
        let raw = reference["arviz-0.23"][file]["raw"].as_object().unwrap();
        assert_eq!(raw.len(), trace.parameters.len());
        for (name, expected) in raw {
            let (mean, sd) = mean_and_sd(&trace.parameter(name).unwrap().draws);
            assert_close(mean, number(&expected["mean"]), name);
            assert_close(sd, number(&expected["sd"]), name);
        }
    }
}

#[test]
fn dates_become_a_calendar() {
    let series = open("v0_full_datetime_warmup.nc").observed.unwrap();
    let calendar = series.axis.calendar.unwrap();
    assert_eq!(calendar.start.to_string(), "2024-01-01T00:00:00");
    let daily = CalendarStep {
        unit: CalendarUnit::Day,
        count: 1,
    };
    assert_eq!(calendar.step, daily);
}

#[test]
fn the_file_says_who_sampled() {
    let origin = open("v1_numpyro.nc").origin;
    assert_eq!(origin.inference_library.as_deref(), Some("numpyro"));
    assert_eq!(origin.inference_library_version.as_deref(), Some("0.22.0"));
    assert_eq!(
        origin.created_at.as_deref(),
        Some("2026-11-22T12:05:22.431981+00:00")
    );
    assert_eq!((origin.model, origin.base_group), (None, None));
}

#[test]
fn divergences_are_counted_over_all_chains() {
    assert_eq!(
        open("v1_pymc6_divergent_netcdf4.nc").n_divergences(),
        Some(62)
    );
    assert_eq!(open("stuck-chain.nc").n_divergences(), Some(1998));
    assert_eq!(open("v0_root_attrs.nc").n_divergences(), None);
}

#[test]
fn a_bad_draw_matters_only_where_it_is_needed() {
    let trace = open("v0_nan_inf_const.nc");
    assert!(trace.require_finite(&["a", "const"]).is_ok());
    for (name, is_kind) in [
        ("withnan", f64::is_nan as fn(f64) -> bool),
        ("withinf", f64::is_infinite),
    ] {
        let error = trace.require_finite(&["a", name]).unwrap_err();
        let Problem::NonFinite {
            parameter,
            value,
            chain,
            draw,
        } = &error.problem
        else {
            panic!("{error}");
        };
        assert_eq!(parameter, name);
        assert!(is_kind(*value));
        let bad = trace.parameter(name).unwrap().draws[[*chain, *draw]];
        assert!(is_kind(bad));
    }
    let error = trace.require_finite(&["b"]).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("no parameter b; it has: a, const, withnan, withinf")
    );
}

#[test]
fn bytes_in_memory_read_like_the_file() {
    let content: &'static [u8] = include_bytes!("../artifacts/trace.nc");
    let embedded = Trace::from_bytes(content, &ReadOptions::default()).unwrap();
    let file = open("trace.nc");
    assert_eq!(embedded.origin.path, None);
    assert_eq!(file.origin.path, Some(path_of("trace.nc")));
    for (a, b) in embedded.parameters.iter().zip(&file.parameters) {
        assert_eq!((&a.name, &a.draws), (&b.name, &b.draws));
    }
    assert_eq!(embedded.observed, file.observed);
}
