//! `fanchart check`: verdicts, exit statuses, and what a build reads of them.

#[path = "support/nobody.rs"]
mod nobody;

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

const CONVERGED: &str = "artifacts/trace.nc";
const STUCK: &str = "artifacts/stuck-chain.nc";
const DATED: &str = "tests/fixtures/traces/v0_full_datetime_warmup.nc";
const ONE_CHAIN: &str = "tests/fixtures/traces/v0_chain1_thinned_offset.nc";
const AWKWARD: &str = "tests/fixtures/traces/v0_nan_inf_const.nc";
const POSTERIOR_ONLY: &str = "tests/fixtures/traces/v0_convert_dict_posterior_only.nc";
const VECTOR: &str = "tests/fixtures/traces/v0_root_attrs.nc";

/// Runs `fanchart check` in the repository's folder.
fn check(args: &[&str]) -> Output {
    let mut fanchart = Command::new(assert_cmd::cargo::cargo_bin!("fanchart"));
    fanchart
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .envs(nobody::ENVIRONMENT)
        .arg("check")
        .args(args)
        .output()
        .expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// The report and the exit status.
fn json(args: &[&str]) -> (Value, i32) {
    let output = check(&[args, &["--json"]].concat());
    let report = serde_json::from_slice(&output.stdout);
    let report = report.unwrap_or_else(|_| panic!("{args:?}: {}", text(&output.stderr)));
    (report, output.status.code().expect("no signal"))
}

fn find<'a>(report: &'a Value, name: &str) -> &'a Value {
    let checks = report["checks"].as_array().expect("checks");
    let found = checks.iter().find(|check| check["name"] == name);
    found.unwrap_or_else(|| panic!("no check {name}"))
}

#[test]
fn a_converged_fit_of_the_right_model_passes_every_check() {
    let (report, status) = json(&[CONVERGED]);
    assert_eq!((report["verdict"].as_str(), status), (Some("pass"), 0));
    let checks = report["checks"].as_array().expect("checks");
    let names: Vec<&str> = checks.iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "r_hat",
            "ess",
            "divergences",
            "energy",
            "tree_depth",
            "chains_agree",
            "residuals",
            "spread",
            "extremes",
            "influence"
        ]
    );
    for check in checks {
        assert_eq!(check["status"], "pass", "{check}");
        let keys: Vec<&String> = check.as_object().unwrap().keys().collect();
        let expected = [
            "name",
            "status",
            "value",
            "threshold",
            "parameter",
            "message",
            "advice",
        ];
        assert_eq!(keys, expected);
    }
}

#[test]
fn figures_are_those_of_arviz() {
    let text = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/converged/diagnostics.json"),
    );
    let arviz: Value = serde_json::from_str(&text.expect("a fixture")).expect("JSON");
    let (report, _) = json(&[CONVERGED]);
    let close = |name: &str, expected: &Value, tolerance: f64| {
        let (value, expected) = (find(&report, name)["value"].as_f64(), expected.as_f64());
        let (value, expected) = (value.expect("a value"), expected.expect("a figure"));
        assert!(
            (value - expected).abs() <= tolerance * expected,
            "{name}: {value}, {expected}"
        );
    };
    close("r_hat", &arviz["summary"]["period"]["r_hat"], 1e-9);
    close("ess", &arviz["summary"]["intercept"]["ess_bulk"], 1e-9);
    close("energy", &arviz["bfmi"][0], 1e-9);
    let k = arviz["loo"]["pareto_k"].as_array().unwrap().iter();
    let largest = k
        .map(|k| k.as_f64().unwrap())
        .fold(f64::NEG_INFINITY, f64::max);
    close("influence", &Value::from(largest), 1e-6);
    let message = find(&report, "influence")["message"].as_str().unwrap();
    let elpd = arviz["loo"]["elpd_loo"].as_f64().unwrap();
    assert!(message.contains(&format!("{elpd:.1} ± ")), "{message}");
}

#[test]
fn a_stuck_chain_fails_and_is_named() {
    let (report, status) = json(&[STUCK]);
    assert_eq!((report["verdict"].as_str(), status), (Some("fail"), 1));
    for name in ["r_hat", "ess", "divergences", "chains_agree"] {
        let check = find(&report, name);
        assert_eq!(check["status"], "fail", "{check}");
        assert_ne!(check["advice"], "", "{check}");
    }
    assert_eq!(
        find(&report, "chains_agree")["message"],
        "Chain 0 sits at period 7.0001, sigma 2.20; chain 1 at 6.9989, 0.94."
    );
    let table = text(&check(&[STUCK]).stdout);
    assert!(
        table.starts_with("Do not trust this fit (chain 0 sits at sigma 2.20, not 0.94).\n"),
        "{table}"
    );
}

#[test]
fn the_report_is_made_to_read() {
    let output = check(&[CONVERGED]);
    let table = text(&output.stdout);
    assert!(output.stderr.is_empty());
    assert!(
        table.starts_with("This fit can be trusted (converged: 5 parameters, 2 chains agree).\n\n"),
        "{table}"
    );
    assert!(
        table.lines().all(|line| line.chars().count() <= 96),
        "{table}"
    );
    assert!(!table.contains('\x1b'));
    let failed = text(&check(&[STUCK, "--color", "always"]).stdout);
    assert!(failed.contains("\x1b[31mfail   \x1b[0m  r_hat"), "{failed}");
}

#[test]
fn csv_has_a_line_a_check() {
    let csv = text(&check(&[STUCK, "--format", "csv"]).stdout);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let expected = [
        "name",
        "status",
        "value",
        "threshold",
        "parameter",
        "message",
        "advice",
    ];
    assert_eq!(header, expected[..]);
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 10);
    let (report, _) = json(&[STUCK]);
    for row in rows {
        let check = find(&report, &row[0]);
        assert_eq!(row[1], *check["status"].as_str().unwrap());
        assert_eq!(row[2].parse().ok(), check["value"].as_f64());
    }
}

#[test]
fn a_bar_of_one_s_own_decides() {
    let status = |threshold: &str| json(&[CONVERGED, "--threshold", threshold]).1;
    for (threshold, expected) in [
        ("r_hat=1.001", 1),
        ("r_hat=1.05", 0),
        ("ess=2000", 1),
        ("energy=1.2", 1),
        // This one warns at most.
        ("influence=0.1", 0),
    ] {
        assert_eq!(status(threshold), expected, "{threshold}");
    }
    let args = [
        CONVERGED,
        "--threshold",
        "influence=0.1",
        "--threshold",
        "ess=500",
    ];
    let (report, _) = json(&args);
    assert_eq!(find(&report, "influence")["status"], "warn");
    assert_eq!(find(&report, "influence")["threshold"], 0.1);
    assert_eq!(find(&report, "ess")["threshold"], 1000.0);
    let table = text(&check(&args).stdout);
    assert!(
        table.starts_with("The sampling can be trusted, but look at the warnings ("),
        "{table}"
    );
}

#[test]
fn bad_thresholds_are_refused() {
    for (threshold, expected) in [
        (
            "rhat=1.05",
            "no check is called \"rhat\"; there are r_hat, ess",
        ),
        ("r_hat", "like r_hat=1.05"),
        ("r_hat=0.5", "give a number from 1 on"),
    ] {
        let output = check(&[CONVERGED, "--threshold", threshold]);
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{threshold}");
        assert!(
            output.stdout.is_empty() && message.contains(expected),
            "{message}"
        );
    }
}

#[test]
fn what_one_chain_cannot_show_is_unknown() {
    let args = [ONE_CHAIN, "--threshold", "ess=10"];
    let (report, status) = json(&args);
    assert_eq!((report["verdict"].as_str(), status), (Some("unknown"), 2));
    assert_eq!(find(&report, "r_hat")["status"], "unknown");
    assert_eq!(find(&report, "r_hat")["value"], Value::Null);
    // Twenty draws are too few to tell what sways the fit, and no reason to say that all do.
    assert_eq!(find(&report, "influence")["status"], "unknown");
    // With nothing else known, a check that fails still fails.
    assert_eq!(json(&[ONE_CHAIN]).1, 1);
}

#[test]
fn a_posterior_alone_gets_the_checks_it_can_support() {
    let (report, status) = json(&[
        POSTERIOR_ONLY,
        "--threshold",
        "ess=1",
        "--threshold",
        "r_hat=2",
    ]);
    assert_eq!((report["verdict"].as_str(), status), (Some("unknown"), 2));
    for (name, expected) in [
        ("r_hat", "pass"),
        ("ess", "pass"),
        ("divergences", "unknown"),
        ("energy", "unknown"),
        ("residuals", "unknown"),
        ("influence", "unknown"),
    ] {
        assert_eq!(find(&report, name)["status"], expected, "{name}");
    }
    let residuals = find(&report, "residuals");
    let message = residuals["message"].as_str().expect("text");
    assert!(
        message.starts_with("Not judged: no built-in model"),
        "{message}"
    );
    assert!(
        residuals["advice"]
            .as_str()
            .expect("text")
            .contains("--model")
    );
}

#[test]
fn without_a_model_or_data_convergence_still_decides() {
    let folder = tempfile::tempdir().expect("a folder");
    let other = folder.path().join("other.toml");
    std::fs::write(&other, "mean = 'theta'\nlikelihood = 'Normal(mean, 1)'\n").expect("written");
    let other = other.to_str().expect("UTF-8");
    // Named, so it has to fit.
    let output = check(&[CONVERGED, "--model", other]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(text(&output.stderr).contains("theta"));
    // The series can come from a file.
    let (report, status) = json(&[CONVERGED, "--data", "artifacts/data.csv"]);
    assert_eq!(status, 0);
    assert_eq!(find(&report, "residuals")["status"], "pass");
}

#[test]
fn draws_that_are_no_numbers_are_named() {
    let (report, status) = json(&[AWKWARD, "--threshold", "ess=1", "--threshold", "r_hat=2"]);
    assert_eq!((report["verdict"].as_str(), status), (Some("unknown"), 2));
    let message = find(&report, "r_hat")["message"].as_str().expect("text");
    assert!(
        message.starts_with("Draw 3 of chain 0 of withnan is NaN"),
        "{message}"
    );
}

#[test]
fn influence_names_dates() {
    let (report, _) = json(&[DATED, "--threshold", "influence=0.01"]);
    let message = find(&report, "influence")["message"]
        .as_str()
        .expect("text");
    assert!(message.contains("2024-"), "{message}");
}

#[test]
fn vectors_are_checked_on_request() {
    let note = text(&check(&[VECTOR]).stderr);
    assert!(
        note.contains("vectors are not checked") && note.contains("beta"),
        "{note}"
    );
    let args = [VECTOR, "--vectors", "--threshold", "r_hat=1.0105"];
    let (report, _) = json(&args);
    let message = find(&report, "r_hat")["message"].as_str().expect("text");
    assert!(message.contains("of 7 parameters"), "{message}");
}

#[test]
fn a_missing_file_is_an_error() {
    let output = check(&["nothing.nc"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        text(&output.stderr),
        "fanchart: nothing.nc: no such file; check the path\n"
    );
}

#[test]
fn the_same_command_gives_the_same_bytes() {
    let [first, second] = [(); 2].map(|()| check(&[CONVERGED, "--json"]).stdout);
    assert_eq!(first, second);
    let other = check(&[CONVERGED, "--json", "--seed", "1"]).stdout;
    assert_ne!(first, other);
}

#[test]
fn help_says_what_the_statuses_mean() {
    let help = text(&check(&["--help"]).stdout);
    for expected in [
        "Exit status: 0 the fit can be trusted, 1 it cannot, 2 cannot tell",
        "--threshold <NAME=VALUE>",
        "warn at most",
    ] {
        assert!(help.contains(expected), "{help}");
    }
}
