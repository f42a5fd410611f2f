//! `fanchart fit` as a person runs it: from a CSV file to a trace that the other commands use.

#[cfg(unix)]
mod interrupted;
#[path = "../support/nobody.rs"]
mod nobody;

use std::fs;
use std::process::{Command, Output, Stdio};

use fanchart::trace::{ReadOptions, Trace};
use tempfile::TempDir;

/// A model of three parameters that converges at once.
const LINE: &str = "\
name = \"line\"
mean = \"intercept + slope * t\"
likelihood = \"Normal(mean, sigma)\"

[priors]
intercept = \"Normal(10, 10)\"
slope     = \"Normal(0, 1)\"
sigma     = \"HalfNormal(5)\"
";

/// A folder with a series of 80 days and a model of a line.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let args = [
        "simulate",
        "--days",
        "80",
        "--start",
        "2024-01-01",
        "-o",
        "data.csv",
    ];
    assert!(run(&folder, &args).status.success());
    fs::write(folder.path().join("line.toml"), LINE).expect("written");
    folder
}

fn fanchart(folder: &TempDir, args: &[&str]) -> Command {
    let mut fanchart = Command::new(assert_cmd::cargo::cargo_bin!("fanchart"));
    fanchart
        .current_dir(folder)
        .envs(nobody::ENVIRONMENT)
        .args(args);
    fanchart
}

fn run(folder: &TempDir, args: &[&str]) -> Output {
    fanchart(folder, args).output().expect("the program starts")
}

/// A fit of the line, quick for a test.
fn fit(folder: &TempDir, more: &[&str]) -> Output {
    let args = [
        "fit",
        "data.csv",
        "--model",
        "line.toml",
        "--chains",
        "2",
        "--draws",
        "400",
    ];
    run(folder, &[&args[..], more].concat())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn open(folder: &TempDir, name: &str) -> Trace {
    Trace::open(&folder.path().join(name), &ReadOptions::default()).expect("a trace")
}

/// Standard error of a fit that is refused, and leaves nothing behind.
fn refused(folder: &TempDir, args: &[&str]) -> String {
    let before = names(folder);
    let output = run(folder, args);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
    assert!(output.stdout.is_empty(), "{args:?}");
    assert_eq!(names(folder), before, "{args:?}: {said}");
    said
}

fn names(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

#[test]
fn a_trace_needs_nothing_but_itself() {
    let folder = folder();
    let output = run(
        &folder,
        &["fit", "data.csv", "--model", "sine", "--chains", "2"],
    );
    let said = text(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(
        said.contains("the trace will be written to data.nc"),
        "{said}"
    );
    assert!(said.contains("2 chains of 1,000 draws"), "{said}");
    assert!(said.contains("This fit can be trusted"), "{said}");

    // Neither the data nor the model is there any more.
    fs::remove_file(folder.path().join("data.csv")).expect("removed");
    let summary = run(&folder, &["summary", "data.nc"]);
    assert_eq!(text(&summary.stdout), text(&output.stdout));
    let check = run(&folder, &["check", "data.nc"]);
    assert_eq!(check.status.code(), Some(0), "{}", text(&check.stdout));
    let forecast = text(&run(&folder, &["forecast", "data.nc", "--exact"]).stdout);
    // The day after 80 from 1 January; the truth there is 10 + 0.05 * 80 + 3 sin(160 pi / 7) = 15.3.
    let row: Vec<&str> = forecast
        .lines()
        .nth(1)
        .expect("a row")
        .split_whitespace()
        .collect();
    assert_eq!(row[0], "2024-03-21");
    let mean: f64 = row[1].parse().expect("a number");
    assert!((mean - 15.30).abs() < 1.0, "{forecast}");
    let trace = open(&folder, "data.nc");
    assert!(trace.origin.notes.is_empty(), "{:?}", trace.origin.notes);
    assert_eq!(trace.n_divergences(), Some(0));
}

#[test]
fn the_default_model_fits_a_series_of_any_scale() {
    let folder = folder();
    let output = run(&folder, &["fit", "data.csv", "--seed", "3", "-q"]);
    assert_eq!(text(&output.stderr), "");
    assert!(output.status.success());
    assert_eq!(
        (
            open(&folder, "data.nc").chains(),
            open(&folder, "data.nc").draws()
        ),
        (4, 1000)
    );
}

#[test]
fn the_table_comes_in_every_shape() {
    let folder = folder();
    let json = fit(&folder, &["--json", "--quiet"]);
    let parsed: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert!(parsed["parameters"]["slope"]["mean"].is_f64(), "{parsed}");
    assert_eq!(
        text(&run(&folder, &["summary", "data.nc", "--json"]).stdout),
        text(&json.stdout)
    );
    let csv = fit(&folder, &["--format", "csv", "--quiet"]);
    assert!(
        text(&csv.stdout).starts_with("parameter,mean,"),
        "{}",
        text(&csv.stdout)
    );
}

#[test]
fn a_seed_gives_the_same_bytes_but_for_the_time() {
    let folder = folder();
    for (seed, name) in [("1", "a.nc"), ("1", "b.nc"), ("2", "c.nc")] {
        fit(&folder, &["--seed", seed, "-o", name, "--log-likelihood"]);
    }
    let draws = |name: &str| open(&folder, name).parameters.remove(0).draws;
    assert_eq!(draws("a.nc"), draws("b.nc"));
    assert_ne!(draws("a.nc"), draws("c.nc"));
    let bytes = |name: &str| fs::read(folder.path().join(name)).expect("readable");
    let (a, b) = (bytes("a.nc"), bytes("b.nc"));
    assert_eq!(a.len(), b.len());
    let differing = a.iter().zip(&b).filter(|(a, b)| a != b).count();
    // In each of four groups a time of day, in three of them seconds, and the sums over them.
    assert!(differing <= 4 * 8 + 3 * 8 + 4 * 4, "{differing} bytes");
}

#[test]
fn what_cannot_be_fitted_is_refused_before_anything_is_written() {
    let folder = folder();
    let file =
        |name: &str, content: &[u8]| fs::write(folder.path().join(name), content).expect("written");
    file("words.csv", b"t,y\n0,1\n1,many\n");
    file("twice.csv", b"date,y\n2024-01-01,1\n2024-01-01,2\n");
    file(
        "skips.csv",
        b"date,y\n2024-01-01,1\n2024-01-02,2\n2024-01-05,3\n",
    );
    file("empty.csv", b"");
    file("trace.csv", b"\x89HDF\r\n\x1a\n\0\0\0");
    file("gaps.csv", b"t,y\n0,\n1,NA\n");
    for (data, reason) in [
        ("words.csv", "words.csv:3: 'many' is not a number"),
        ("twice.csv", "twice.csv:3: 2024-01-01"),
        ("skips.csv", "skips.csv:4: found 2024-01-05"),
        ("empty.csv", "empty.csv: no rows"),
        ("trace.csv", "trace.csv: this is a NetCDF file"),
        ("gaps.csv", "nothing but gaps"),
        ("none.csv", "none.csv: No such file"),
        (".", "not a regular file"),
    ] {
        let said = refused(&folder, &["fit", data, "-o", "out.nc"]);
        assert!(said.contains(reason), "{said}");
        assert!(said.lines().count() <= 2, "{said}");
    }

    file("chain.toml", LINE.replace("slope", "chain").as_bytes());
    file(
        "count.toml",
        LINE.replace("Normal(mean, sigma)", "Poisson(exp(mean) + sigma)")
            .as_bytes(),
    );
    for (model, reason) in [
        ("seasnal", "did you mean 'seasonal'?"),
        ("chain.toml", "rename it in the model"),
        ("count.toml", ""),
    ] {
        let said = refused(
            &folder,
            &["fit", "data.csv", "--model", model, "-o", "out.nc"],
        );
        assert!(said.contains(reason), "{said}");
    }
    for (options, reason) in [
        (&["--draws", "0"][..], "0 is not in 1..="),
        (&["--chains", "0"], "0 is not in 1..="),
        (
            &["--chains", "1000", "--draws", "10000000"],
            "10000000000 draws are more",
        ),
        (
            &["--chains", "10", "--draws", "1000000", "--log-likelihood"],
            "the log-likelihood of 80 rows",
        ),
    ] {
        let said = refused(
            &folder,
            &[&["fit", "data.csv", "-o", "out.nc"], options].concat(),
        );
        assert!(said.contains(reason), "{said}");
    }
}

#[test]
fn only_a_trace_of_its_own_is_replaced_unasked() {
    let folder = folder();
    let path = folder.path().join("data.nc");
    fs::write(&path, "somebody's").expect("written");
    let said = refused(&folder, &["fit", "data.csv"]);
    assert!(said.contains("\"data.nc\" is there already"), "{said}");
    assert_eq!(fs::read(&path).expect("readable"), b"somebody's");

    assert!(
        fit(&folder, &["-o", "data.nc", "--no-check"])
            .status
            .success(),
        "asked to"
    );
    assert!(
        fit(&folder, &["--seed", "9", "--no-check"])
            .status
            .success(),
        "its own"
    );
    let trace = open(&folder, "data.nc");
    fit(&folder, &["--seed", "9", "-o", "again.nc"]);
    assert_eq!(
        trace.parameters[0].draws,
        open(&folder, "again.nc").parameters[0].draws
    );
}

#[test]
fn places_that_hold_no_trace_are_refused_before_sampling() {
    let folder = folder();
    fs::create_dir(folder.path().join("inner")).expect("made");
    let locked = folder.path().join("locked.nc");
    fs::write(&locked, "locked").expect("written");
    let mut permissions = fs::metadata(&locked).expect("there").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&locked, permissions).expect("set");
    for (output, reason) in [
        ("locked.nc", "it is read-only"),
        ("no/trace.nc", "there is no folder \"no\""),
        ("inner", "it is a folder"),
        ("data.csv", "holds the data itself"),
        ("inner/../data.csv", "holds the data itself"),
        ("-", "name one with -o FILE.nc"),
    ] {
        let said = refused(&folder, &["fit", "data.csv", "-o", output]);
        assert!(said.contains(reason), "{said}");
    }
    assert_eq!(fit(&folder, &["-o", "/dev/null"]).status.code(), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_takes_no_file_is_refused() {
    // Not even from root.
    let said = refused(&folder(), &["fit", "data.csv", "-o", "/proc/trace.nc"]);
    assert!(said.contains("cannot write \"/proc/trace.nc\""), "{said}");
}

#[cfg(unix)]
#[test]
fn without_room_the_old_file_stays() {
    let folder = folder();
    let path = folder.path().join("old.nc");
    fs::write(&path, "old").expect("written");
    let before = names(&folder);
    let program = assert_cmd::cargo::cargo_bin!("fanchart");
    // Files of at most 4 KiB, and an error instead of a signal for a longer one.
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" fit data.csv --model line.toml -o old.nc";
    let output = Command::new("sh")
        .args(["-c", script])
        .arg(program)
        .current_dir(&folder)
        .envs(nobody::ENVIRONMENT)
        .output()
        .expect("sh starts");
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("cannot write \"old.nc\"") && said.contains("nothing was changed"),
        "{said}"
    );
    assert_eq!(fs::read(&path).expect("readable"), b"old");
    assert_eq!(names(&folder), before, "no part is left");
}

#[test]
fn a_fit_that_cannot_be_trusted_is_a_no() {
    let folder = folder();
    let hasty = ["--tune", "20", "--draws", "20"];
    let args = ["fit", "data.csv", "--model", "line.toml", "-o", "hasty.nc"];
    let output = run(&folder, &[&args[..], &hasty].concat());
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("Do not trust this fit"), "{said}");
    assert!(
        said.contains("`fanchart check hasty.nc` shows why"),
        "{said}"
    );
    assert_eq!(run(&folder, &["check", "hasty.nc"]).status.code(), Some(1));

    let unchecked = run(&folder, &[&args[..], &hasty, &["--no-check"]].concat());
    assert_eq!(unchecked.status.code(), Some(0));
    assert!(!text(&unchecked.stderr).contains("trust"));
}

#[test]
fn covariates_and_gaps_are_kept() {
    let folder = folder();
    let rows: String = (0..60)
        .map(|t| match t % 10 {
            3 => format!("{t};;{t},5\n"),
            _ => format!("{t};{},25;{t},5\n", t % 4),
        })
        .collect();
    fs::write(folder.path().join("data.csv"), format!("t;y;rain\n{rows}")).expect("written");
    assert!(fit(&folder, &["--log-likelihood"]).status.success());
    let observed = open(&folder, "data.nc").observed.expect("a series");
    assert_eq!(observed.values.iter().filter(|y| y.is_nan()).count(), 6);

    let file = fs::read(folder.path().join("data.nc")).expect("readable");
    let file = hdf5_reader::Hdf5File::from_bytes(&file).expect("HDF5");
    let shape = |group: &str, name: &str| {
        let group = file
            .root_group()
            .and_then(|root| root.group(group))
            .expect("a group");
        group.dataset(name).expect("a variable").shape().to_vec()
    };
    assert_eq!(shape("constant_data", "rain"), [60]);
    assert_eq!(shape("log_likelihood", "y"), [2, 400, 54]);
}

#[test]
fn a_reader_that_has_seen_enough_does_not_cost_the_trace() {
    let folder = folder();
    let mut child = fanchart(&folder, &["fit", "data.csv", "--model", "line.toml", "-q"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(text(&output.stderr), "");
    assert!(output.status.success());
    assert_eq!(open(&folder, "data.nc").chains(), 4);
}

/// A column of the data explains the values; the rows after the last one say what it will be.
#[test]
fn a_column_of_the_data_may_be_named_in_the_model() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut csv = String::from("t,y,heat\n");
    for t in 0..100_u32 {
        let heat = f64::from(t * 37 % 20);
        let noise = f64::from(t * 53 % 11) / 50.0;
        csv += &format!("{t},{},{heat}\n", 5.0 + 2.0 * heat + noise);
    }
    csv += "100,,3\n101,,10\n";
    std::fs::write(folder.path().join("heat.csv"), csv).expect("written");
    let model = "mean = 'base + effect * heat'\nlikelihood = 'Normal(mean, sigma)'\n[priors]\n\
                 base = 'Normal(0, 10)'\neffect = 'Normal(0, 5)'\nsigma = 'HalfNormal(1)'\n";
    std::fs::write(folder.path().join("heat.toml"), model).expect("written");
    let run = |args: &[&str]| {
        let mut command = assert_cmd::Command::cargo_bin("fanchart").expect("the program");
        let output = command
            .args(args)
            .current_dir(folder.path())
            .envs(nobody::ENVIRONMENT)
            .output();
        let output = output.expect("it ran");
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
            error,
        )
    };
    let (status, table, error) = run(&["fit", "heat.csv", "--model", "heat.toml"]);
    assert_eq!(status, Some(0), "{table}{error}");
    // Two days are known, a third is not; the trace knows them as well as the file does.
    let forecast = ["forecast", "heat.nc", "--json"];
    let with_data = ["--data", "heat.csv", "--horizon", "2"];
    let (status, named, error) = run(&[&forecast[..], &with_data].concat());
    assert_eq!(status, Some(0), "{error}");
    let (status, json, error) = run(&[&forecast[..], &["--horizon", "2"]].concat());
    assert_eq!(status, Some(0), "{error}");
    assert_eq!(json, named);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    for (day, expected) in [(0, 11.0), (1, 25.0)] {
        let mean = json["forecasts"][day]["mean"].as_f64().expect("a number");
        assert!((mean - expected).abs() < 0.3, "{mean}");
    }
    let (status, _, error) = run(&[&forecast[..], &["--horizon", "3"]].concat());
    assert_eq!(status, Some(2));
    assert!(error.contains("heat"), "{error}");
    // Straight from the series as well.
    let direct = [
        "forecast",
        "heat.csv",
        "--model",
        "heat.toml",
        "--horizon",
        "2",
    ];
    let (status, _, error) = run(&direct);
    assert_eq!(status, Some(0), "{error}");
}
