//! `fanchart simulate` as a person runs it.

#[path = "support/nobody.rs"]
mod nobody;

use std::process::{Command, Output, Stdio};

use fanchart::series::{Table, TimeAxis};

fn simulate(args: &[&str]) -> Output {
    let mut fanchart = Command::new(assert_cmd::cargo::cargo_bin!("fanchart"));
    let output = fanchart
        .envs(nobody::ENVIRONMENT)
        .arg("simulate")
        .args(args)
        .output();
    output.expect("the program starts")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn a_year_of_days_is_the_default() {
    let output = simulate(&[]);
    assert!(output.status.success() && output.stderr.is_empty());
    let table = Table::from_csv_reader(&*output.stdout, "simulated").expect("a series");
    assert_eq!(table.series.name, "y");
    assert_eq!(table.series.axis, TimeAxis::regular(365));
    // The same noise in every version.
    let first: Vec<&str> = text(&output.stdout).lines().take(2).collect();
    assert_eq!(first, ["t,y", "0,10.834397546843796"]);
}

#[test]
fn a_file_holds_what_would_be_printed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("data.csv");
    let name = path.to_str().expect("UTF-8");
    let args = ["--days", "20", "--seed", "7", "--start", "2024-02-20"];
    let printed = simulate(&args).stdout;
    let silent = simulate(&[&args[..], &["-o", name]].concat());
    assert!(silent.status.success() && silent.stdout.is_empty());
    assert_eq!(std::fs::read(&path).expect("written"), printed);
    let lines: Vec<&str> = text(&printed).lines().collect();
    assert!(lines[0] == "date,y" && lines[10].starts_with("2024-02-29,"));
}

#[test]
fn the_formula_is_in_the_help() {
    let output = simulate(&["--help"]);
    let formula = "y = 10 + 0.05 t + 3 sin(2 pi t / 7) + Normal(0, 1)";
    assert!(text(&output.stdout).contains(formula));
}

#[test]
fn what_cannot_be_is_refused() {
    for (args, reason) in [
        (&["--days", "0"][..], "0 is not in 1..=5000000"),
        (&["--days", "-1"], "-1 is not in 1..=5000000"),
        (&["--start", "2024-02-30"], "--start <DATE>"),
        (&["--start", "9999-12-01"], "past the year 9999"),
        (&["-o", "/no/such/folder/data.csv"], "no folder"),
    ] {
        let output = simulate(args);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(output.stdout.is_empty() && said.contains(reason), "{said}");
    }
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let mut fanchart = Command::new(assert_cmd::cargo::cargo_bin!("fanchart"));
    fanchart
        .envs(nobody::ENVIRONMENT)
        .args(["simulate", "--days", "100000"]);
    let mut child = fanchart
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    assert_eq!(text(&output.stderr), "");
}
