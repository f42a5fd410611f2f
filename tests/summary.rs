//! `fanchart summary`: the figures of ArviZ, in shapes to read and to process.

#[path = "support/nobody.rs"]
mod nobody;

use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

const CONVERGED: &str = "artifacts/trace.nc";
const STUCK: &str = "artifacts/stuck-chain.nc";
const DATED: &str = "tests/fixtures/traces/v0_full_datetime_warmup.nc";
const VECTOR: &str = "tests/fixtures/traces/v0_root_attrs.nc";
const AWKWARD: &str = "tests/fixtures/traces/v0_nan_inf_const.nc";
const ONE_CHAIN: &str = "tests/fixtures/traces/v0_chain1_thinned_offset.nc";

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Runs `fanchart summary` in the repository's folder.
fn summary(args: &[&str]) -> Output {
    let mut fanchart = Command::new(assert_cmd::cargo::cargo_bin!("fanchart"));
    fanchart
        .current_dir(repository(""))
        .envs(nobody::ENVIRONMENT)
        .arg("summary")
        .args(args)
        .output()
        .expect("the program starts")
}

/// Standard output and error of a command that succeeds.
fn said(args: &[&str]) -> (String, String) {
    let output = summary(args);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert!(output.status.success(), "{args:?}: {err}");
    (out, err)
}

/// Standard error of a command that fails as an error should.
fn refusal(args: &[&str]) -> String {
    let output = summary(args);
    assert_eq!(output.status.code(), Some(2), "{args:?}");
    assert!(output.stdout.is_empty(), "{args:?}");
    String::from_utf8(output.stderr).expect("UTF-8")
}

fn json(args: &[&str]) -> Value {
    let (out, _) = said(&[args, &["--json"]].concat());
    serde_json::from_str(&out).expect("JSON")
}

fn fixture(path: &str) -> Value {
    let text = std::fs::read_to_string(repository("tests/fixtures").join(path));
    // Python writes NaN and Infinity, which are no JSON; no summary holds them.
    let text = text.expect("a fixture").replace("NaN", "null");
    serde_json::from_str(&text.replace("Infinity", "null")).expect("JSON")
}

/// Both hold the same figures under the same names, in the same order of columns, to 1e-9.
fn assert_figures(ours: &Value, expected: &Value) {
    let (ours, expected) = (ours.as_object().unwrap(), expected.as_object().unwrap());
    assert_eq!(ours.len(), expected.len());
    for (name, figures) in expected {
        let (ours, figures) = (&ours[name], figures.as_object().unwrap());
        for (column, figure) in figures {
            let (a, b) = (ours[column].as_f64(), figure.as_f64());
            let (a, b) = (a.expect("a figure"), b.expect("a figure"));
            // mean/sd is over 8000 here, and ArviZ 0.23 takes variances in one pass.
            let relative = match (name.as_str(), column.as_str()) {
                ("period", "mcse_mean") => 1e-6,
                _ => 1e-9,
            };
            assert!(
                (a - b).abs() <= relative * b.abs(),
                "{name} {column}: {a}, {b}"
            );
        }
        assert_eq!(ours.as_object().unwrap().len(), figures.len());
    }
}

#[test]
fn json_has_the_figures_of_arviz_0_23() {
    for (trace, folder) in [(CONVERGED, "converged"), (STUCK, "stuck-chain")] {
        let ours = json(&[trace]);
        assert_eq!(ours["convention"], "arviz-0.23");
        assert_eq!(
            ours["interval"],
            serde_json::json!({"kind": "hdi", "prob": 0.94})
        );
        let expected = fixture(&format!("{folder}/diagnostics.json"));
        assert_figures(&ours["parameters"], &expected["summary"]);
    }
}

#[test]
fn json_has_the_figures_and_columns_of_either_line() {
    let expected = fixture("traces/expected.json");
    let mut compared = 0;
    for convention in ["arviz-0.23", "arviz-1"] {
        for (name, expected) in expected[convention].as_object().unwrap() {
            let trace = format!("tests/fixtures/traces/{name}.nc");
            let ours = json(&[&trace, "--convention", convention]);
            assert_figures(&ours["parameters"], &expected["raw"]);
            let columns: Vec<_> = ours["parameters"]["slope"]
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect();
            assert_eq!(Value::from(columns), expected["columns"], "{name}");
            compared += 1;
        }
    }
    assert_eq!(compared, 4);
}

#[test]
fn another_interval_has_another_name() {
    let expected = fixture("traces/expected.json");
    let expected = &expected["arviz-0.23"]["v0_full_datetime_warmup"]["hdi_0.8"]["slope"];
    let slope = &json(&[DATED, "--interval", "80%"])["parameters"]["slope"];
    for (column, end) in ["hdi_10%", "hdi_90%"].into_iter().zip(0..) {
        let (a, b) = (
            slope[column].as_f64().unwrap(),
            expected[end].as_f64().unwrap(),
        );
        assert!((a - b).abs() <= 1e-9 * b.abs(), "{column}: {a}, {b}");
    }
    let eti = &json(&[DATED, "--kind", "eti"])["parameters"]["slope"];
    assert!(eti["eti_3%"].is_f64() && eti["eti_97%"].is_f64());
}

#[test]
fn the_table_has_the_digits_that_another_run_would_repeat() {
    let expected = "\
parameter     mean        sd   hdi_3%  hdi_97%  mcse_mean    mcse_sd  ess_bulk  ess_tail  r_hat
intercept    9.931     0.099    9.749   10.119     0.0021     0.0016      2155      2236   1.00
slope      0.05033  0.000473  0.04946  0.05122   0.000010  0.0000078      2178      2309   1.00
period     6.99886   0.00082  6.99725  7.00037   0.000014   0.000014      3462      2540   1.00
amplitude    3.087     0.070    2.961    3.219     0.0011     0.0013      4025      2505   1.00
sigma       0.9433    0.0352   0.8771   1.0093    0.00055    0.00058      4066      2670   1.00
";
    assert_eq!(said(&[CONVERGED]), (expected.into(), String::new()));
}

#[test]
fn only_what_is_wrong_has_colour() {
    let (well, _) = said(&[CONVERGED, "--color", "always"]);
    assert!(!well.contains("\x1b[31m"), "{well}");
    let (stuck, _) = said(&[STUCK, "--color", "always"]);
    assert!(stuck.contains("\x1b[31m2.23\x1b[0m"), "{stuck}");
    assert!(!said(&[STUCK]).0.contains('\x1b'));
}

#[test]
fn csv_and_json_hold_the_same_numbers() {
    let (csv, _) = said(&[CONVERGED, "--format", "csv"]);
    let json = json(&[CONVERGED]);
    let mut lines = csv.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(lines.clone().count(), 5);
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        for (column, cell) in header.iter().zip(&cells).skip(1) {
            let figure = json["parameters"][cells[0]][column].as_f64();
            assert_eq!(cell.parse().ok(), figure, "{line}");
        }
    }
}

#[test]
fn parameters_are_chosen_by_name_and_keep_the_order_asked_for() {
    let chosen = json(&[CONVERGED, "--params", "sigma,slope"]);
    let names: Vec<_> = chosen["parameters"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["sigma", "slope"]);
    assert_eq!(
        refusal(&[CONVERGED, "--params", "slop"]),
        "fanchart: the trace has no parameter \"slop\"; did you mean 'slope'?\n"
    );
    let unknown = refusal(&[CONVERGED, "--params", "volatility"]);
    assert!(unknown.contains("it has: intercept, slope"), "{unknown}");
}

#[test]
fn vectors_are_mentioned_and_shown_on_request() {
    let names = |args: &[&str]| {
        let json = json(args);
        let parameters = json["parameters"].as_object().unwrap().keys();
        parameters.cloned().collect::<Vec<_>>()
    };
    let (table, note) = said(&[VECTOR]);
    assert!(!table.contains("beta"), "{table}");
    assert!(
        note.contains("--vectors") && note.contains("beta"),
        "{note}"
    );
    let all = names(&[VECTOR, "--vectors"]);
    assert_eq!(all[4..], ["beta[0]", "beta[1]", "beta[2]"]);
    assert_eq!(
        names(&[VECTOR, "--params", "beta[2],slope"]),
        ["beta[2]", "slope"]
    );
    assert_eq!(names(&[VECTOR, "--params", "beta"]).len(), 3);
    assert!(refusal(&[VECTOR, "--params", "beta[3]"]).contains("no parameter"));
}

#[test]
fn an_element_is_the_variable_at_that_place() {
    // The mean of the model at t = 0 is its intercept; `mu` holds it a day.
    let json = json(&[DATED, "--params", "mu[0],intercept"]);
    let mean = |name: &str| json["parameters"][name]["mean"].as_f64().unwrap();
    assert!((mean("mu[0]") - mean("intercept")).abs() < 1e-9);
}

#[test]
fn what_is_undefined_is_null_and_said_why() {
    let (out, notes) = said(&[AWKWARD, "--json"]);
    let json: Value = serde_json::from_str(&out).expect("JSON");
    let of = |name: &str, figure: &str| json["parameters"][name][figure].clone();
    assert_eq!(of("withnan", "mean"), Value::Null);
    assert_eq!(of("withinf", "mean"), Value::Null);
    assert_eq!(of("const", "r_hat"), Value::Null);
    assert_eq!(of("const", "sd"), 0.0);
    assert!(of("a", "r_hat").is_f64());
    assert!(
        notes.contains("draw 3 of chain 0 of withnan is NaN"),
        "{notes}"
    );
    assert!(notes.contains("const never changes"), "{notes}");
    let (csv, _) = said(&[AWKWARD, "--format", "csv", "--params", "withnan"]);
    assert_eq!(csv.lines().nth(1), Some("withnan,,,,,,,,,"));
}

#[test]
fn one_chain_has_no_r_hat() {
    let (table, note) = said(&[ONE_CHAIN]);
    assert_eq!(note, "fanchart: one chain: r_hat is undefined\n");
    let rows: Vec<&str> = table.lines().skip(1).collect();
    assert!(rows.len() == 5 && rows.iter().all(|row| row.ends_with("  —")));
    assert!(said(&[ONE_CHAIN, "--quiet"]).1.is_empty());
}

#[test]
fn copies_on_the_unconstrained_scale_stay_hidden() {
    let (table, _) = said(&["tests/fixtures/traces/v0_pymc_nutpie.nc", "--vectors"]);
    assert!(!table.contains("__"), "{table}");
}

#[test]
fn bad_options_are_refused_with_what_is_right() {
    for (args, expected) in [
        (["--interval", "94"], "did you mean 94%?"),
        (["--kind", "hpd"], "possible values: hdi, eti"),
        (
            ["--convention", "arviz"],
            "possible values: arviz-0.23, arviz-1",
        ),
    ] {
        let message = refusal(&[CONVERGED, args[0], args[1]]);
        assert!(message.contains(expected), "{message}");
    }
}
