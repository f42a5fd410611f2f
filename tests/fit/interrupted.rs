//! A fit that is stopped, and what a terminal shows of it meanwhile.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use tempfile::TempDir;

use super::{fanchart, fit, folder, names, nobody, open};

/// A fit that goes on for hours, once it has said where the trace goes: it listens to signals.
fn endless(folder: &TempDir, more: &[&str]) -> (Child, BufReader<impl Read + use<>>) {
    let args = [
        "fit",
        "data.csv",
        "--model",
        "line.toml",
        "--draws",
        "10000000",
        "--chains",
        "2",
    ];
    let mut child = fanchart(folder, &[&args[..], more].concat())
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut said = BufReader::new(child.stderr.take().expect("piped"));
    let mut line = String::new();
    said.read_line(&mut line).expect("UTF-8");
    assert!(line.contains("will be written to data.nc"), "{line}");
    (child, said)
}

fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    let status = Command::new("kill").args(["-s", name, &id]).status();
    assert!(status.expect("kill starts").success());
}

/// Exit status and what was said after a signal.
fn ended(mut child: Child, mut said: impl Read) -> (Option<i32>, String) {
    let mut rest = String::new();
    said.read_to_string(&mut rest).expect("UTF-8");
    (child.wait().expect("it ends").code(), rest)
}

#[test]
fn stopped_too_early_the_old_trace_stays() {
    let folder = folder();
    fit(&folder, &[]);
    let before = fs::read(folder.path().join("data.nc")).expect("readable");
    for name in ["INT", "TERM"] {
        let (child, said) = endless(&folder, &["--tune", "10000000"]);
        signal(&child, name);
        let (status, said) = ended(child, said);
        assert_eq!(status, Some(2), "{said}");
        assert!(said.contains("stopped after 0 draws"), "{said}");
        assert_eq!(
            fs::read(folder.path().join("data.nc")).expect("readable"),
            before
        );
    }
    assert_eq!(
        names(&folder),
        ["data.csv", "data.nc", "line.toml"],
        "no part is left"
    );
}

#[test]
fn stopped_later_the_draws_so_far_are_kept() {
    let folder = folder();
    // However slow the machine: sooner or later there are enough.
    for wait in (0..8).map(|n| Duration::from_millis(250 << n)) {
        let (child, said) = endless(&folder, &["--tune", "500"]);
        thread::sleep(wait);
        signal(&child, "INT");
        let (status, said) = ended(child, said);
        if status == Some(0) {
            assert!(said.contains("of 10,000,000 draws of 2 chains"), "{said}");
            let draws = open(&folder, "data.nc").draws();
            assert!((100..10_000_000).contains(&draws), "{draws}");
            return;
        }
        assert!(
            !Path::exists(&folder.path().join("data.nc")),
            "not usable, not written: {said}"
        );
    }
    panic!("never enough draws");
}

#[test]
fn a_second_signal_leaves_at_once() {
    let folder = folder();
    // Both wait while it sleeps, and are seen together; now and then two threads see one each at
    // the same time, and the program ends as after one.
    let ends = (0..10).any(|_| {
        let (child, said) = endless(&folder, &["--tune", "10000000"]);
        for name in ["STOP", "INT", "TERM", "CONT"] {
            signal(&child, name);
        }
        matches!(ended(child, said).0, Some(130 | 143))
    });
    assert!(ends);
}

#[test]
fn bars_on_a_terminal_make_room_for_the_table() {
    let folder = folder();
    let (rows, cols) = (24, 110);
    let size = PtySize {
        rows,
        cols,
        ..PtySize::default()
    };
    let pair = native_pty_system().openpty(size).expect("a terminal");
    let mut fit = CommandBuilder::new(assert_cmd::cargo::cargo_bin!("fanchart"));
    fit.cwd(folder.path());
    for (name, value) in nobody::ENVIRONMENT {
        fit.env(name, value);
    }
    fit.args(["fit", "data.csv", "--model", "line.toml", "--chains", "3"]);
    fit.args(["--draws", "5000000"]);
    let mut child = pair.slave.spawn_command(fit).expect("the program starts");
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().expect("readable");
    let mut keyboard = pair.master.take_writer().expect("writable");

    let nonzero = |n| NonZeroU16::new(n).expect("a size");
    let mut screen = vt100::Parser::new(nonzero(rows), nonzero(cols), 0);
    let (mut buffer, mut pictures) = ([0; 1 << 16], 0);
    // A terminal whose program is gone ends in an error.
    while let Ok(count @ 1..) = reader.read(&mut buffer) {
        screen.process(&buffer[..count]);
        let text = screen.screen().contents();
        if text.contains("sampling, ") {
            pictures += 1;
            for chain in ["chain 0  ━", "chain 1  ━", "chain 2  ━"] {
                assert!(text.matches(chain).count() <= 1, "{text}");
            }
        }
        if pictures == 5 {
            keyboard.write_all(b"\x03").expect("typed");
        }
    }
    assert!(pictures >= 5);
    child.wait().expect("it ends");
    let text = screen.screen().contents();
    assert!(
        !text.contains('━') && text.contains("stopped after"),
        "{text}"
    );
    assert!(!screen.screen().hide_cursor());
}
