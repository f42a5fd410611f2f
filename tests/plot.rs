//! `fanchart plot`: pictures that open, with the figures of the forecast in them.

#[path = "support/nobody.rs"]
mod nobody;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use resvg::tiny_skia::Pixmap;
use resvg::usvg::{Options, Tree};
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

/// The bytes of a picture that the program draws.
fn picture(name: &str, args: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    let path = path.to_str().expect("UTF-8");
    let output = fanchart(&[&["plot"], args, &["-o", path]].concat());
    assert!(
        output.status.success(),
        "{args:?}: {}",
        text(&output.stderr)
    );
    assert_eq!(text(&output.stdout), "", "{args:?}");
    fs::read(path).expect("a file")
}

fn svg(args: &[&str]) -> String {
    text(&picture("chart.svg", args))
}

fn failure(args: &[&str]) -> String {
    let output = fanchart(args);
    let err = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {err}");
    assert_eq!(text(&output.stdout), "", "{args:?}");
    err
}

/// The value of an attribute of the first element of a class.
fn attribute<'a>(svg: &'a str, class: &str, name: &str) -> &'a str {
    let element = svg.split(&format!("class=\"{class}\"")).nth(1);
    let element = element.unwrap_or_else(|| panic!("nothing is {class}"));
    let value = element.split(&format!(" {name}=\"")).nth(1);
    value
        .and_then(|rest| rest.split('"').next())
        .expect("a value")
}

/// The points of path data made of straight lines.
fn points(path: &str) -> Vec<(f64, f64)> {
    let points = path.trim_end_matches('z').split(['M', 'L']).skip(1);
    let number = |text: &str| text.parse::<f64>().expect("a number");
    points
        .map(|point| {
            let (x, y) = point.split_once(' ').expect("two coordinates");
            (number(x), number(y))
        })
        .collect()
}

/// Value ticks as `(value, y)`: what turns heights of the picture back into values.
fn value_ticks(svg: &str) -> Vec<(f64, f64)> {
    let grid = points(attribute(svg, "grid", "d"));
    let labels = svg
        .lines()
        .filter(|line| line.contains("text-anchor=\"end\""));
    let label = |line: &str| {
        let inner = line.split('>').nth(1)?.split('<').next()?;
        inner.parse::<f64>().ok()
    };
    let labels = labels.filter_map(label);
    labels
        .zip(grid.iter().step_by(2).map(|(_, y)| *y))
        .collect()
}

#[test]
fn an_svg_is_one_that_others_open() {
    let svg = svg(&[
        CONVERGED,
        "--threshold",
        "33",
        "--paths",
        "3",
        "--size",
        "800x450",
    ]);
    let tree = Tree::from_str(&svg, &Options::default()).expect("an SVG");
    assert_eq!((tree.size().width(), tree.size().height()), (800.0, 450.0));
    for said in [
        "obs: the next 30 days",
        "We expect about 32.7 on day 394.",
        "about 8 in 20 above 33 on day 394",
        "94 of 100 futures inside, 6 outside",
        "3 single draws",
        "converged: 5 parameters, 2 chains agree",
    ] {
        assert!(svg.contains(said), "{said}");
    }
}

#[test]
fn a_png_has_the_size_asked_for() {
    for size in ["200x120", "640x1000", "10000x120"] {
        let png = picture("chart.png", &[CONVERGED, "--size", size]);
        let pixels = Pixmap::decode_png(&png).expect("a PNG");
        assert_eq!(format!("{}x{}", pixels.width(), pixels.height()), size);
    }
}

#[test]
fn themes_have_grounds_of_their_own() {
    for (theme, dark) in [("light", false), ("dark", true)] {
        let png = picture("chart.png", &[CONVERGED, "--theme", theme]);
        let corner = Pixmap::decode_png(&png).expect("a PNG").pixels()[0];
        assert_eq!(corner.red() < 100, dark, "{theme}");
    }
}

#[test]
fn the_figures_are_those_of_the_forecast() {
    let options = ["--horizon", "21", "--interval", "80%", "--seed", "7"];
    let output = fanchart(&[&["forecast", CONVERGED, "--json"][..], &options].concat());
    let expected: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let svg = svg(&[&[CONVERGED][..], &options].concat());
    let metadata = svg.split("<metadata>").nth(1).expect("metadata");
    let metadata = metadata.split("</metadata>").next().expect("an end");
    let figures: Value = serde_json::from_str(&metadata.replace("&quot;", "\"")).expect("JSON");
    assert_eq!(figures, expected);

    // And the curves are those figures, to a hundredth of a unit.
    let ticks = value_ticks(&svg);
    let ((low, low_y), (high, high_y)) = (ticks[0], *ticks.last().expect("ticks"));
    let per_unit = (high - low) / (high_y - low_y);
    let value = |y: f64| low + (y - low_y) * per_unit;
    let rows = expected["forecasts"].as_array().expect("rows");
    let mean = points(attribute(&svg, "mean", "d"));
    let band = points(attribute(&svg, "band", "d"));
    // One point more where history and forecast meet.
    assert_eq!((mean.len(), band.len()), (22, 44));
    for (i, row) in rows.iter().enumerate() {
        let drawn = [mean[i + 1].1, band[i + 1].1, band[42 - i].1];
        for (y, name) in drawn.into_iter().zip(["mean", "upper", "lower"]) {
            let expected = row[name].as_f64().expect("a number");
            let off = (value(y) - expected).abs();
            assert!(
                off < 0.02 * per_unit.abs(),
                "{name} of step {i} is {off} off"
            );
        }
    }
}

#[test]
fn the_same_command_gives_the_same_bytes() {
    assert_eq!(svg(&[CONVERGED]), svg(&[CONVERGED]));
    assert_ne!(svg(&[CONVERGED]), svg(&[CONVERGED, "--seed", "1"]));
}

#[test]
fn a_fit_that_failed_is_hatched_and_says_so() {
    let svg = svg(&[STUCK]);
    assert!(svg.contains("do not trust this forecast: chain 0 sits at sigma 2.20"));
    assert!(attribute(&svg, "band", "fill").starts_with("url(#light-hatch-"));
    assert!(!svg.contains("class=\"mean\""));
    let small = text(&picture("small.svg", &[STUCK, "--size", "200x120"]));
    assert!(small.contains("do not trust: chain 0"), "{small}");
    // In pixels too: the banner is there.
    let png = picture("chart.png", &[STUCK]);
    let pixels = Pixmap::decode_png(&png).expect("a PNG");
    let alarmed = pixels
        .pixels()
        .iter()
        .filter(|p| p.red() > 150 && p.green() < 60);
    assert!(alarmed.count() > 20_000);
    assert!(!self::svg(&[CONVERGED]).contains("trust"));
}

#[test]
fn many_steps_make_no_large_file() {
    for size in ["700x400", "1200x675", "4000x2250"] {
        let svg = svg(&[
            CONVERGED,
            "--horizon",
            "365",
            "--size",
            size,
            "--paths",
            "9",
        ]);
        assert!(svg.len() < 1_000_000, "{size}: {}", svg.len());
        let narrow = svg.contains("cycles are too narrow to draw");
        assert_eq!(narrow, size == "700x400", "{size}");
    }
}

#[test]
fn thousands_of_rows_are_thinned() {
    let folder = tempfile::tempdir().expect("a folder");
    let series = folder.path().join("long.csv");
    let mut rows = String::from("t,y\n");
    for t in 0..6000 {
        rows += &format!("{t},{}\n", 10.0 + f64::from(t % 7));
    }
    fs::write(&series, rows).expect("written");
    let svg = svg(&[
        CONVERGED,
        "--data",
        series.to_str().expect("UTF-8"),
        "--horizon",
        "365",
    ]);
    assert!(svg.len() < 1_000_000, "{}", svg.len());
    Tree::from_str(&svg, &Options::default()).expect("an SVG");
}

#[test]
fn names_cannot_become_markup() {
    let folder = tempfile::tempdir().expect("a folder");
    let series = folder.path().join("hostile.csv");
    let name = "<script>alert(1)</script>&\u{202e}x";
    let mut rows = format!("t,\"{name}\"\n");
    for t in 0..40 {
        rows += &format!("{t},{t}\n");
    }
    fs::write(&series, rows).expect("written");
    let svg = svg(&[CONVERGED, "--data", series.to_str().expect("UTF-8")]);
    assert!(
        !svg.contains("<script") && !svg.contains('\u{202e}'),
        "{svg}"
    );
    assert!(
        svg.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;"),
        "{svg}"
    );
    Tree::from_str(&svg, &Options::default()).expect("an SVG");
}

#[test]
fn without_a_file_the_chart_is_text() {
    let plain = text(&fanchart(&["plot", CONVERGED, "--threshold", "33"]).stdout);
    assert!(plain.starts_with("✔ converged"), "{plain}");
    assert!(plain.contains("above 33.0 about 8 in 20"), "{plain}");
    assert!(!plain.contains('\u{1b}'), "{plain}");
    let colored = text(&fanchart(&["plot", CONVERGED, "--color", "always"]).stdout);
    assert!(colored.contains("\u{1b}["), "{colored}");
    let failed = text(&fanchart(&["plot", STUCK]).stdout);
    assert!(failed.starts_with("✖ do not trust"), "{failed}");
}

#[test]
fn what_cannot_be_written_is_said() {
    for (args, said) in [
        (&["-o", "chart.jpg"][..], "ends in .svg or .png"),
        (&["-o", "-"], "ends in .svg or .png"),
        (&["-o", "/no/such/folder/a.svg"], "there is no folder"),
        (
            &["--size", "10x10", "-o", "a.svg"],
            "200x120 to 10000x10000",
        ),
        (
            &["--size", "99999x99999", "-o", "a.svg"],
            "200x120 to 10000x10000",
        ),
        (&["--size", "800x600"], "--output <FILE>"),
        (&["--threshold", "nan"], "a threshold is a number"),
        (&["--paths", "10"], "0..=9"),
    ] {
        let err = failure(&[&["plot", CONVERGED], args].concat());
        assert!(err.contains(said), "{args:?}: {err}");
    }
    assert!(!Path::new(ROOT).join("chart.jpg").exists());
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_quietly() {
    for command in ["plot", "report"] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = Command::new(env!("CARGO_BIN_EXE_fanchart"))
            .envs(nobody::ENVIRONMENT)
            .args([command])
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .expect("the program starts");
        assert!(output.status.success(), "{command}");
        assert_eq!(text(&output.stderr), "", "{command}");
    }
}
