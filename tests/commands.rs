//! The commands that print data: shapes, files, and what they say when they cannot.

mod support;

#[path = "support/nobody.rs"]
mod nobody;

use std::fs;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use support::{CONVERGED, STUCK, fit, repository};

/// Runs the program in the repository's folder.
fn fanchart(args: &[&str]) -> Output {
    let mut fanchart = Command::new(assert_cmd::cargo::cargo_bin!("fanchart"));
    fanchart
        .current_dir(repository(""))
        .envs(nobody::ENVIRONMENT)
        .args(args)
        .output()
        .expect("the program starts")
}

/// Standard output of a command that succeeds and has nothing to remark but about the fit.
fn data(args: &[&str]) -> String {
    let output = fanchart(args);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    let mut remarks = err.lines();
    let about_the_fit = remarks.all(|line| line.contains("do not trust this forecast"));
    assert!(output.status.success() && about_the_fit, "{args:?}: {err}");
    out
}

/// Standard error of a command that fails as an error should.
fn failure(args: &[&str]) -> String {
    let output = fanchart(args);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(2), "{args:?}: {err}");
    assert_eq!(out, "", "{args:?}");
    err
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn utf8(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

#[test]
fn a_forecast_is_a_table_of_readable_figures() {
    let table = data(&["forecast", CONVERGED, "--horizon", "3", "--exact"]);
    let expected = "\
day   mean     3%    97%
365  30.81  29.02  32.61
366  31.32  29.53  33.11
367  29.59  27.79  31.39
";
    assert_eq!(table, expected);
}

#[test]
fn the_heading_names_the_interval_s_edges() {
    for (interval, edges) in [
        ("0.5", ["25%", "75%"]),
        ("99.5%", ["0.3%", "99.8%"]),
        ("80%", ["10%", "90%"]),
    ] {
        let table = data(&["forecast", CONVERGED, "--interval", interval]);
        let heading: Vec<&str> = table
            .lines()
            .next()
            .expect("a heading")
            .split_whitespace()
            .collect();
        assert_eq!(heading[..2], ["day", "mean"]);
        assert_eq!(heading[2..], edges, "{interval}");
    }
}

#[test]
fn csv_has_a_header_and_full_precision() {
    let csv = data(&["forecast", CONVERGED, "--horizon", "365", "--format", "csv"]);
    assert_eq!(csv.lines().next(), Some("day,mean,lower,upper"));
    assert_eq!(csv.lines().count(), 366);
    let json = data(&["forecast", CONVERGED, "--horizon", "365", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    for (line, row) in csv
        .lines()
        .skip(1)
        .zip(json["forecasts"].as_array().expect("rows"))
    {
        let figures: Vec<f64> = line
            .split(',')
            .map(|figure| figure.parse().expect("a number"))
            .collect();
        let keys = ["day", "mean", "lower", "upper"];
        assert_eq!(
            figures,
            keys.map(|key| row[key].as_f64().expect("a number"))
        );
    }
}

#[test]
fn dates_are_printed_where_the_trace_has_them() {
    const DATED: &str = "tests/fixtures/traces/v0_full_datetime_warmup.nc";
    let csv = data(&["forecast", DATED, "--horizon", "2", "--format", "csv"]);
    let start: Vec<&str> = csv
        .lines()
        .map(|line| line.rsplitn(4, ',').last().expect("a start"))
        .collect();
    assert_eq!(start, ["day,date", "60,2024-03-01", "61,2024-03-02"]);
    let table = data(&["forecast", DATED, "--horizon", "1"]);
    assert!(
        table.contains("date") && table.contains("2024-03-01"),
        "{table}"
    );
}

#[test]
fn the_defaults_are_thirty_days_and_94_percent() {
    let spelled = [
        "forecast",
        CONVERGED,
        "--horizon",
        "30",
        "--interval",
        "0.94",
        "--seed",
        "0",
        "--format",
        "json",
    ];
    assert_eq!(data(&["forecast", CONVERGED, "--json"]), data(&spelled));
    let percent = [&spelled[..4], &["--interval", "94 %", "--json"]].concat();
    assert_eq!(data(&percent), data(&spelled));
    let other = data(&["forecast", CONVERGED, "--json", "--seed", "1"]);
    assert_ne!(other, data(&spelled));
}

#[test]
fn output_replaces_a_file_in_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("forecast.csv");
    fs::write(&path, "what was there").expect("written");
    let write = |args: &[&str]| fanchart(&[args, &["-o", utf8(&path), "--format", "csv"]].concat());

    assert_eq!(
        write(&["forecast", "no-such-trace.nc"]).status.code(),
        Some(2)
    );
    assert_eq!(
        fs::read_to_string(&path).expect("readable"),
        "what was there"
    );

    let output = write(&["forecast", CONVERGED]);
    assert!(output.status.success() && output.stdout.is_empty() && output.stderr.is_empty());
    let printed = data(&["forecast", CONVERGED, "--format", "csv"]);
    assert_eq!(fs::read_to_string(&path).expect("readable"), printed);
    let left: Vec<_> = fs::read_dir(folder.path()).expect("readable").collect();
    assert_eq!(left.len(), 1, "nothing beside the file");
}

#[test]
fn a_bad_horizon_or_interval_is_refused_with_what_is_meant() {
    for horizon in ["0", "366", "-1", "7.5", "abc", ""] {
        let message = failure(&["forecast", CONVERGED, "--horizon", horizon]);
        assert!(
            message.contains("a horizon is a whole number from 1 to 365"),
            "{message}"
        );
        assert!(message.contains(&format!("'{horizon}'")), "{message}");
    }
    for interval in [
        "0", "1", "94", "150%", "nan", "-0.5", "0%", "100%", "inf", "most",
    ] {
        let message = failure(&["forecast", CONVERGED, "--interval", interval]);
        assert!(
            message.contains("an interval lies strictly between 0 and 1, like 0.94"),
            "{message}"
        );
        assert_eq!(
            message.contains("did you mean 94%?"),
            interval == "94",
            "{message}"
        );
    }
}

#[test]
fn exact_figures_need_no_seed() {
    let message = failure(&["forecast", CONVERGED, "--exact", "--seed", "1"]);
    assert!(
        message.contains("--exact") && message.contains("--seed"),
        "{message}"
    );
}

#[test]
fn a_trace_without_observations_asks_for_them() {
    for name in [
        "v1_inherited_coords_h5netcdf.nc",
        "v1_transposed_draw_chain.nc",
    ] {
        let message = failure(&["forecast", &format!("tests/fixtures/traces/{name}")]);
        assert!(
            message.contains("no observed data") && message.contains("--data FILE.csv"),
            "{message}"
        );
        assert_eq!(message.lines().count(), 1);
    }
}

#[test]
fn a_trace_without_observations_starts_where_the_series_given_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = folder.path().join("flat.toml");
    fs::write(
        &model,
        "mean = \"intercept\"\nlikelihood = \"Normal(mean, 1)\"\n",
    )
    .expect("written");
    let trace = "tests/fixtures/traces/v1_transposed_draw_chain.nc";
    let csv = data(&[
        "--quiet",
        "forecast",
        trace,
        "--model",
        utf8(&model),
        "--data",
        "artifacts/data.csv",
        "--format",
        "csv",
    ]);
    assert!(
        csv.lines()
            .nth(1)
            .is_some_and(|row| row.starts_with("365,")),
        "{csv}"
    );
}

#[test]
fn what_is_not_there_is_named() {
    let message = failure(&["forecast", "no-such-trace.nc"]);
    assert!(message.contains("no-such-trace.nc"), "{message}");
    let message = failure(&["forecast", CONVERGED, "--model", "no-such-model"]);
    assert!(message.contains("no-such-model"), "{message}");
    let message = failure(&["models", "no-such-model"]);
    assert!(
        message.contains("no-such-model") && message.contains("`fanchart models` lists them"),
        "{message}"
    );
    let message = failure(&["forecast", CONVERGED, "--observed", "nothing"]);
    assert!(message.contains("nothing"), "{message}");
    let message = failure(&["forecast", CONVERGED, "--group", "/nowhere"]);
    assert!(message.contains("/nowhere"), "{message}");
    let message = failure(&[CONVERGED, "forecast", CONVERGED]);
    assert!(message.contains("stands before a command"), "{message}");
    let message = failure(&["--horizon", "7", "forecast", CONVERGED]);
    assert!(message.contains("put them behind the command"), "{message}");
    // Those that every command has may stand anywhere.
    assert!(data(&["--quiet", "--color", "never", "forecast", CONVERGED]).starts_with("day"));
}

#[test]
fn a_model_of_one_s_own_takes_the_place_of_the_built_in_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("flat.toml");
    fs::write(
        &path,
        "mean = \"intercept\"\nlikelihood = \"Normal(mean, sigma)\"\n",
    )
    .expect("written");
    let args = [
        "forecast",
        CONVERGED,
        "--model",
        utf8(&path),
        "--exact",
        "--format",
        "csv",
        "--horizon",
        "1",
    ];
    let figures: f64 = data(&args)
        .lines()
        .nth(1)
        .and_then(|row| row.split(',').nth(1)?.parse().ok())
        .expect("a mean");
    let intercept = &fit(CONVERGED)
        .trace
        .parameter("intercept")
        .expect("a parameter")
        .draws
        .clone();
    let mean = intercept.mean().expect("draws");
    assert!((figures - mean).abs() < 1e-9, "{figures} {mean}");
}

#[test]
fn a_model_file_with_an_error_says_where() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("broken.toml");
    fs::write(
        &path,
        "mean = \"intercept +\"\nlikelihood = \"Normal(mean, sigma)\"\n",
    )
    .expect("written");
    let message = failure(&["forecast", CONVERGED, "--model", utf8(&path)]);
    assert!(message.contains("broken.toml"), "{message}");
    assert!(!message.contains("panicked"), "{message}");
}

#[test]
fn a_built_in_model_survives_the_way_through_a_file() {
    let list = data(&["models"]);
    assert!(list.lines().any(|line| line.starts_with("sine ")), "{list}");
    assert!(
        list.lines().any(|line| line.starts_with("seasonal ")),
        "{list}"
    );

    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.toml");
    fs::write(&path, data(&["models", "sine"])).expect("written");
    for shape in ["table", "json", "csv"] {
        let forecast = ["forecast", STUCK, "--format", shape];
        let from_file = data(&[&forecast[..], &["--model", utf8(&path)]].concat());
        assert_eq!(from_file, data(&forecast), "{shape}");
        assert_eq!(
            from_file,
            data(&[&forecast[..], &["--model", "sine"]].concat()),
            "{shape}"
        );
    }
}

/// Whatever the file: a forecast, or an error that says what is wrong and what to do.
#[test]
fn every_trace_gives_a_forecast_or_a_reason() {
    let folder = repository("tests/fixtures/traces");
    let mut forecasts = 0;
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "nc") {
            continue;
        }
        let output = fanchart(&["forecast", utf8(&path)]);
        let message = text(&output.stderr);
        assert!(!message.contains("panicked"), "{path:?}: {message}");
        match output.status.code() {
            Some(0) => {
                forecasts += 1;
                assert_eq!(text(&output.stdout).lines().count(), 31, "{path:?}");
                assert!(
                    message.lines().all(|note| note.starts_with("fanchart: ")),
                    "{path:?}: {message}"
                );
            }
            Some(2) => {
                assert!(output.stdout.is_empty(), "{path:?}");
                // The one thing that may follow two lines is a model to start from.
                let said = message.split("\n\nmean = ").next().expect("a message");
                assert!(
                    (1..=2).contains(&said.lines().count()),
                    "{path:?}: {message}"
                );
                assert!(said.starts_with("fanchart: "), "{path:?}: {message}");
            }
            other => panic!("{path:?}: {other:?} {message}"),
        }
    }
    assert_eq!(forecasts, 12);
}

#[test]
fn without_a_terminal_the_explorer_prints_text() {
    let output = fanchart(&[CONVERGED]);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{err}");
    assert!(out.starts_with("✔ converged"), "{out}");
    assert!(
        out.contains("trace.nc · sine · 2 chains × 2,000 draws"),
        "{out}"
    );
    assert!(
        out.trim_end()
            .lines()
            .last()
            .is_some_and(|line| line.starts_with("day 394 · 30 ahead · mean ")),
        "{out}"
    );
    assert!(!out.contains('\x1b'), "text without escapes");
    assert_eq!(
        err,
        "fanchart: this is the forecast as text; run fanchart with a terminal as its output to explore it\n"
    );
    assert_eq!(text(&fanchart(&["--quiet", CONVERGED]).stderr), "");
}

#[test]
fn the_text_of_a_fit_that_failed_says_so_first() {
    let out = data(&["--quiet", STUCK, "--horizon", "7", "--interval", "50%"]);
    assert!(out.starts_with("✖ do not trust"), "{out}");
    assert!(
        out.contains("day 371 · 7 ahead") && out.contains("50% "),
        "{out}"
    );
}

#[test]
fn a_forecast_from_a_fit_that_failed_says_so_beside_the_figures() {
    let warned = fanchart(&["forecast", STUCK, "--json"]);
    let said = text(&warned.stderr);
    assert!(
        said.contains("do not trust this forecast: chain 0 sits at sigma 2.20"),
        "{said}"
    );
    assert_eq!(warned.status.code(), Some(0));
    let quiet = fanchart(&["forecast", STUCK, "--json", "--quiet"]);
    assert_eq!(
        (text(&quiet.stderr), quiet.stdout),
        (String::new(), warned.stdout)
    );
    assert_eq!(text(&fanchart(&["forecast", CONVERGED]).stderr), "");
}
