//! The config file, as a person meets it: what it changes, what wins over it, what is said of a
//! broken one.

#[path = "support/nobody.rs"]
mod nobody;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const TRACE: &str = "artifacts/trace.nc";

/// A home with a config file that says this.
struct Home {
    folder: TempDir,
}

impl Home {
    fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("fanchart")).expect("created");
        Self { folder }
    }

    fn with(config: &str) -> Self {
        let home = Self::empty();
        fs::write(home.file(), config).expect("written");
        home
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("fanchart").join("config.toml")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fanchart"));
        command
            .envs(nobody::ENVIRONMENT)
            .env("XDG_CONFIG_HOME", self.folder.path())
            .env("APPDATA", self.folder.path())
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(args)
            .stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("the program starts")
    }

    /// Standard output of a command that succeeds.
    fn data(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(
            output.status.success(),
            "{args:?}: {}",
            text(&output.stderr)
        );
        text(&output.stdout)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

#[test]
fn horizon_and_interval_are_those_of_every_forecast_and_flags_win() {
    let home = Home::with("horizon = 7\ninterval = '80%'\n");
    let said = |args: &[&str]| home.data(&[args, &["--quiet", TRACE]].concat());
    let forecast = said(&["forecast", "--json"]);
    assert!(
        forecast.starts_with("{\"horizon\":7,\"credible_interval\":0.8,"),
        "{forecast}"
    );
    for args in [&["plot"][..], &[]] {
        let chart = said(args);
        assert!(chart.contains("day 371 · 7 ahead"), "{chart}");
        assert!(chart.contains("· 80% "), "{chart}");
    }
    let report = said(&["report"]);
    assert!(report.starts_with("obs: the next 7 days\n"), "{report}");
    assert!(report.contains("In 16 of 20 futures"), "{report}");

    let flags = ["forecast", "--json", "--horizon", "2", "--interval", "0.5"];
    let forecast = said(&flags);
    assert!(
        forecast.starts_with("{\"horizon\":2,\"credible_interval\":0.5,"),
        "{forecast}"
    );
}

#[test]
fn what_is_printed_is_the_config_in_force() {
    let home = Home::empty();
    let path = home.file();
    let named = format!("{}\n", path.display());
    assert_eq!(home.data(&["config", "--path"]), named);

    let output = home.run(&["config"]);
    assert!(output.status.success());
    let note = text(&output.stderr);
    assert!(note.contains("config.toml is not there"), "{note}");
    let defaults = text(&output.stdout);
    assert!(defaults.contains("\nhorizon = 30\n"), "{defaults}");

    // Written into its place it says the same; changed, it says the change.
    let place = path.to_str().expect("UTF-8");
    assert_eq!(home.data(&["config", "-o", place]), "");
    assert_eq!(home.data(&["config"]), defaults);
    let changed = defaults
        .replace("horizon = 30", "horizon = 14")
        .replace("undo = [\"u\"]", "undo = [\"x\", \"ctrl-x\"]");
    assert_ne!(changed, defaults);
    fs::write(&path, &changed).expect("written");
    let output = home.run(&["config"]);
    assert!(text(&output.stderr).contains("config.toml says:"));
    let words = |text: &str| {
        text.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(words(&text(&output.stdout)), words(&changed));
    assert_eq!(home.data(&["config", "--path"]), named);
    assert_eq!(home.data(&["config", "--default"]), defaults);
    assert_eq!(text(&home.run(&["config", "--quiet"]).stderr), "");
}

#[test]
fn the_environment_names_another_file() {
    let home = Home::with("horizon = 7\n");
    let other = home.folder.path().join("other.toml");
    fs::write(&other, "horizon = 3\n").expect("written");
    let printed = |name: &std::path::Path| {
        let mut command = home.command(&["config", "--quiet"]);
        command.env("FANCHART_CONFIG", name);
        command.output().expect("the program starts")
    };
    assert!(text(&printed(&other).stdout).contains("\nhorizon = 3\n"));
    let missing = printed(&home.folder.path().join("missing.toml"));
    assert_eq!(missing.status.code(), Some(2));
    let message = text(&missing.stderr);
    assert!(
        message.ends_with("missing.toml: no such file; check FANCHART_CONFIG\n"),
        "{message}"
    );
}

#[test]
fn a_broken_file_ends_the_commands_that_read_it() {
    let home = Home::with("# mine\nhorizn = 7\n");
    let readers = [
        &[TRACE][..],
        &["forecast", TRACE],
        &["plot", TRACE],
        &["report", TRACE],
        &["config"],
    ];
    for args in readers {
        let output = home.run(args);
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {message}");
        assert_eq!(text(&output.stdout), "", "{args:?}");
        let expected = "config.toml:2:1: there is no setting 'horizn', only theme, colors, horizon, \
                        interval, keys; did you mean 'horizon'?\n";
        assert!(message.ends_with(expected), "{args:?}: {message}");
        assert_eq!(message.lines().count(), 1, "{message}");
    }
    let others = [
        &["config", "--path"][..],
        &["config", "--default"],
        &["completions", "bash"],
        &["man"],
        &["models"],
        &["summary", TRACE],
        &["check", TRACE],
        &["simulate", "--days", "3"],
        &["--help"],
    ];
    for args in others {
        assert_ne!(home.data(args), "", "{args:?}");
    }
}

#[test]
fn a_key_of_two_actions_is_an_error_that_names_both() {
    let home = Home::with("[keys]\nundo = ['e']\n");
    let message = text(&home.run(&["forecast", TRACE]).stderr);
    let expected = "config.toml:2:1: \"e\" means both undo and export in the view forecast; give one of \
                    them another key\n";
    assert!(message.ends_with(expected), "{message}");
}

#[test]
fn colours_and_ground_of_a_text_chart_are_those_of_the_config() {
    let drawn = |config: &str, more: &[&str]| {
        let home = Home::with(config);
        let args = ["plot", "--color", "always", "--quiet", TRACE];
        home.data(&[&args[..], more].concat())
    };
    let light = drawn("theme = 'light'\ncolors = 'true'", &[]);
    assert!(light.contains("\x1b[38;2;"), "truecolor");
    assert_ne!(light, drawn("theme = 'dark'\ncolors = 'true'", &[]));
    assert_eq!(light, drawn("colors = 'true'", &["--theme", "light"]));
    let indexed = drawn("colors = '256'", &[]);
    assert!(
        indexed.contains(";5;") && !indexed.contains(";2;"),
        "256 colours"
    );
}
