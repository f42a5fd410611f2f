//! What a person has chosen and done before: keys and settings of a config, the state of the last
//! visit.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use super::pty::{Terminal, fanchart};
use super::repository;

/// A home, and a trace to visit.
struct Place {
    home: TempDir,
}

impl Place {
    fn new() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        fs::copy(
            repository("artifacts/trace.nc"),
            home.path().join("trace.nc"),
        )
        .expect("copied");
        Self { home }
    }

    fn configured(config: &str) -> Self {
        let place = Self::new();
        let folder = place.home.path().join("config/fanchart");
        fs::create_dir_all(&folder).expect("created");
        fs::write(folder.join("config.toml"), config).expect("written");
        place
    }

    fn trace(&self) -> String {
        self.home.path().join("trace.nc").display().to_string()
    }

    /// The program at home here, once its first screen is there.
    fn open(&self, args: &[&str]) -> Terminal {
        let mut command = fanchart(args);
        command.env("XDG_CONFIG_HOME", self.home.path().join("config"));
        command.env("XDG_STATE_HOME", self.home.path().join("state"));
        let mut terminal = Terminal::run(command);
        terminal.wait_for_text("✔ converged");
        terminal
    }

    fn visits(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.home.path().join("state/fanchart/visits"));
        let entries = entries.into_iter().flatten();
        entries
            .map(|entry| entry.expect("an entry").path())
            .collect()
    }
}

fn leave(mut terminal: Terminal) {
    terminal.send("q");
    assert!(terminal.end().success());
    terminal.assert_given_back();
}

#[test]
fn a_visit_begins_where_the_last_one_ended() {
    let place = Place::new();
    let trace = place.trace();
    let mut terminal = place.open(&[&trace]);
    // The hints: nothing is said.
    terminal.wait_for_text("? help   q quit");
    terminal.send("h60\r");
    terminal.wait_for_text("horizon ◂  60 ▸");
    terminal.send("i90%\r");
    terminal.wait_for_text("interval ◂ 90% ▸");
    leave(terminal);
    assert_eq!(place.visits().len(), 1);

    let mut again = place.open(&[&trace]);
    again.wait_for_text("horizon ◂  60 ▸ days   interval ◂ 90% ▸");
    again.wait_for_text("horizon 60, interval 90% as last time; --fresh starts anew");
    leave(again);

    // What the command line says wins, and what it leaves open is remembered.
    let mut flag = place.open(&["--horizon", "7", &trace]);
    flag.wait_for_text("horizon ◂   7 ▸ days   interval ◂ 90% ▸");
    flag.wait_for_text("\n interval 90% as last time");
    leave(flag);

    let mut fresh = place.open(&["--fresh", &trace]);
    fresh.wait_for_text("horizon ◂  30 ▸ days   interval ◂ 94% ▸");
    fresh.wait_for_text("? help   q quit");
    leave(fresh);
    assert_eq!(place.visits().len(), 1);
}

#[test]
fn a_visit_that_is_ended_by_a_signal_is_remembered() {
    for signal in ["TERM", "HUP"] {
        let place = Place::new();
        let trace = place.trace();
        let mut terminal = place.open(&[&trace]);
        terminal.send("b");
        terminal.wait_for_text("bands of the mean alone");
        terminal.send("3");
        terminal.wait_for_text("What it means");
        terminal.signal(signal);
        terminal.end();
        terminal.assert_given_back();
        let mut again = place.open(&[&trace]);
        again.wait_for_text("What it means");
        again.wait_for_text("bands of the mean, view checks as last time");
        leave(again);
    }
}

#[test]
fn nothing_is_written_for_the_demo_and_where_nothing_changed() {
    let place = Place::new();
    let mut demo = place.open(&[]);
    demo.send("h60\r");
    demo.wait_for_text("horizon ◂  60 ▸");
    leave(demo);
    leave(place.open(&[&place.trace()]));
    assert!(!place.home.path().join("state").exists());
}

#[test]
fn a_damaged_memory_is_no_memory() {
    let place = Place::new();
    let trace = place.trace();
    let mut terminal = place.open(&[&trace]);
    terminal.send("h60\r");
    terminal.wait_for_text("horizon ◂  60 ▸");
    leave(terminal);
    let [visit] = &place.visits()[..] else {
        panic!("one visit");
    };
    fs::write(visit, "horizon = [").expect("written");
    let mut again = place.open(&[&trace]);
    again.wait_for_text("horizon ◂  30 ▸");
    again.wait_for_text("? help   q quit");
    leave(again);
}

#[test]
fn a_series_is_remembered_and_said_once_it_is_fitted() {
    let place = Place::new();
    let series = place.home.path().join("data.csv");
    fs::copy(repository("artifacts/data.csv"), &series).expect("copied");
    let series = series.display().to_string();
    let mut terminal = place.open(&["--model", "sine", &series]);
    terminal.send("h60\r");
    terminal.wait_for_text("horizon ◂  60 ▸");
    leave(terminal);
    let mut again = place.open(&["--model", "sine", &series]);
    again.wait_for_text(" · horizon 60 as last time");
    leave(again);
}

#[test]
fn keys_and_settings_are_those_of_the_config() {
    let place = Place::configured(
        "horizon = 14\ninterval = 0.8\ntheme = 'light'\ncolors = '256'\n\
         [keys]\nquit = ['Q', 'ctrl-c']\nthreshold = ['ctrl-t']\nseed = []\n",
    );
    let mut terminal = place.open(&[]);
    terminal.wait_for_text("horizon ◂  14 ▸ days   interval ◂ 80% ▸");
    terminal.wait_for_text(" ? help   Q quit   Tab views ");
    terminal.wait_for_text("Ctrl-T threshold");
    let written = String::from_utf8_lossy(&terminal.bytes);
    assert!(!written.contains("\x1b]11;?"), "the ground is known");
    assert!(written.contains("38;5;") && !written.contains("38;2;"));

    // The old keys mean nothing, the new ones what they say.
    terminal.send("tsq\x14");
    terminal.wait_for_text("threshold: ");
    assert!(!terminal.text().contains("seed 1"));
    terminal.send("\r?");
    terminal.wait_for_text("Ctrl-T      threshold");
    // The end of the help.
    terminal.send("\x1b[F");
    terminal.wait_for_text("Q Ctrl-C    leave");
    // Out of the help, then out of the program.
    terminal.send("Q");
    terminal.wait_for("the help gone", |terminal| {
        !terminal.text().contains("Esc closes")
    });
    terminal.send("Q");
    assert!(terminal.end().success());
    terminal.assert_given_back();
}
