//! `fanchart report`: sentences with the figures of the forecast, and the verdict.

#[path = "support/nobody.rs"]
mod nobody;

use std::fs;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The fit that converged: the demo.
const CONVERGED: &str = "artifacts/trace.nc";
/// A fit of the same series with a chain in a mode of its own.
const STUCK: &str = "artifacts/stuck-chain.nc";
/// The repository's folder.
const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Runs the program in the repository's folder.
fn fanchart(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fanchart"))
        .current_dir(ROOT)
        .envs(nobody::ENVIRONMENT)
        .args(args)
        .stdin(Stdio::null())
        .output()
        .expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn report(args: &[&str]) -> String {
    let output = fanchart(&[&["report"], args].concat());
    assert!(
        output.status.success(),
        "{args:?}: {}",
        text(&output.stderr)
    );
    text(&output.stdout)
}

/// Words with single blanks between them, however lines are broken.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_sentences_stand_on_their_own() {
    let said = flat(&report(&[CONVERGED, "--threshold", "33"]));
    for sentence in [
        "We expect about 32.7 on day 394.",
        "In 94 of 100 futures like this it lies between 30.9 and 34.5. In the other 6 it lies outside.",
        "In about 8 of 20 it is above 33.",
        "The fit is sound: 2 chains agree (r_hat at most 1.00)",
        "no draw diverged.",
        "Data drawn from the model look like those it was fitted to",
    ] {
        assert!(said.contains(sentence), "{sentence}: {said}");
    }
}

#[test]
fn the_figures_are_those_of_the_forecast() {
    let options = ["--horizon", "7", "--interval", "0.8", "--seed", "3"];
    let output = fanchart(&[&["forecast", CONVERGED, "--json"][..], &options].concat());
    let forecast: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let said = flat(&report(&[&[CONVERGED][..], &options].concat()));
    for row in forecast["forecasts"].as_array().expect("rows") {
        let [mean, lower, upper] = ["mean", "lower", "upper"].map(|name| {
            let value = row[name].as_f64().expect("a number");
            format!("{value:.1}")
        });
        let day = &row["day"];
        let sentence = format!("on day {day}: about {mean}, between {lower} and {upper}");
        assert!(said.contains(&sentence), "{sentence}: {said}");
    }
    assert!(said.contains("In 16 of 20 futures"), "{said}");
}

#[test]
fn a_fit_that_failed_says_so_first() {
    for (format, first) in [
        ("text", "Do not trust this forecast\n"),
        ("markdown", "# Do not trust this forecast\n"),
    ] {
        let said = report(&[STUCK, "--format", format]);
        assert!(said.starts_with(first), "{said}");
        assert!(said.contains("1998 of 4000 draws diverged"), "{said}");
        assert!(!said.contains("sound"), "{said}");
    }
    let page = report(&[STUCK, "--format", "html"]);
    let body = page.split("<body>\n").nth(1).expect("a body");
    let first = "<h1 class=\"alarm\">Do not trust this forecast</h1>";
    assert!(body.starts_with(first), "{body}");
}

#[test]
fn warnings_of_the_model_are_told() {
    let said = flat(&report(&[STUCK]));
    let warning = "The model does not describe its data in every way: - ";
    assert!(said.contains(warning), "{said}");
    assert!(said.contains("The bands are too wide"), "{said}");
}

#[test]
fn a_page_needs_no_other_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report.html");
    let path = path.to_str().expect("UTF-8");
    assert_eq!(report(&[CONVERGED, "-o", path]), "");
    let page = fs::read_to_string(path).expect("a file");
    assert!(page.starts_with("<!doctype html>"), "{page}");
    // The chart for either ground, and nothing from elsewhere.
    assert_eq!(page.matches("<svg ").count(), 2);
    assert!(page.contains("prefers-color-scheme: dark"));
    for outside in ["src=", "href=", "@import", "<script"] {
        assert!(!page.contains(outside), "{outside}");
    }
    let ids = page.split(" id=\"").skip(1);
    let mut ids: Vec<&str> = ids.filter_map(|rest| rest.split('"').next()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "{ids:?}");
}

#[test]
fn the_name_of_the_file_says_the_shape() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, first) in [
        ("a.md", "# obs: the next 30 days\n"),
        ("a.txt", "obs: the next 30 days\n"),
        ("a.HTML", "<!doctype html>\n"),
    ] {
        let path = folder.path().join(name);
        report(&[CONVERGED, "-o", path.to_str().expect("UTF-8")]);
        let written = fs::read_to_string(&path).expect("a file");
        assert!(written.starts_with(first), "{name}: {written}");
    }
}

#[test]
fn names_cannot_become_markup() {
    let folder = tempfile::tempdir().expect("a folder");
    let series = folder.path().join("hostile.csv");
    let mut rows = String::from("t,\"<img onerror=x>*[a](b)\"\n");
    for t in 0..40 {
        rows += &format!("{t},{t}\n");
    }
    fs::write(&series, rows).expect("written");
    let data = series.to_str().expect("UTF-8");
    for format in ["markdown", "html"] {
        let said = report(&[CONVERGED, "--data", data, "--format", format]);
        assert!(!said.contains("<img"), "{said}");
        assert!(said.contains("&lt;img onerror=x&gt;"), "{said}");
        assert_eq!(
            said.contains("\\*\\[a\\](b)"),
            format == "markdown",
            "{said}"
        );
    }
}

#[test]
fn a_missing_folder_is_named() {
    let output = fanchart(&["report", CONVERGED, "-o", "/no/such/folder/a.md"]);
    assert_eq!(output.status.code(), Some(2));
    let err = text(&output.stderr);
    assert!(err.contains("there is no folder"), "{err}");
}
