//! The program in a real terminal: what it shows, what it listens to, and how it leaves.
#![cfg(unix)]

#[path = "terminal/presentation.rs"]
mod presentation;
#[path = "support/pty.rs"]
mod pty;
#[path = "terminal/remembered.rs"]
mod remembered;

use std::fs;
use std::path::{Path, PathBuf};

use pty::{Terminal, command, fanchart};
use vt100::Color;

/// The demo once its forecast and its verdict are on screen.
fn demo() -> Terminal {
    ready(Terminal::fanchart(&[]))
}

fn ready(mut terminal: Terminal) -> Terminal {
    terminal.wait_for_text("✔ converged");
    terminal.wait_for_text("120,000 draws");
    terminal
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn the_first_frame_shows_the_demo() {
    let terminal = demo();
    for text in [
        "1 forecast   2 diagnostics   3 checks   4 model   demo · sine",
        "horizon ◂  30 ▸ days   interval ◂ 94% ▸",
        "? help   q quit",
        "day 394 · 30 ahead",
        "history",
    ] {
        assert!(
            terminal.text().contains(text),
            "{text}:\n{}",
            terminal.text()
        );
    }
    terminal.assert_taken();
}

#[test]
fn keys_change_horizon_and_interval() {
    let mut terminal = demo();
    for (keys, shown) in [
        ("\x1b[C", "horizon ◂  31 ▸"),
        ("\x1b[1;2C", "horizon ◂  38 ▸"),
        ("\x1b[D", "horizon ◂  37 ▸"),
        ("\x1b[A", "interval ◂ 95% ▸"),
        ("\x1b[B\x1b[B", "interval ◂ 93% ▸"),
        ("h90", "horizon in steps (1 to 3650): 90"),
        ("\r", "horizon ◂  90 ▸"),
        ("i50%\r", "interval ◂ 50% ▸"),
        ("u", "interval ◂ 93% ▸"),
        ("b", "bands of the mean alone"),
    ] {
        terminal.send(keys);
        terminal.wait_for_text(shown);
    }
    terminal.wait_for_text("day 454 · 90 ahead");
}

#[test]
fn the_wheel_over_the_chart_changes_the_horizon() {
    let mut terminal = demo();
    terminal.send("\x1b[<64;20;10M");
    terminal.wait_for_text("horizon ◂  31 ▸");
    terminal.send("\x1b[<65;20;10M\x1b[<65;20;10M");
    terminal.wait_for_text("horizon ◂  29 ▸");
}

#[test]
fn text_that_is_pasted_goes_into_the_prompt_alone() {
    let mut terminal = demo();
    terminal.send("\x1b[200~qqq\x1b[201~h\x1b[200~ 45 \x1b[201~\r");
    terminal.wait_for_text("horizon ◂  45 ▸");
}

#[test]
fn ctrl_l_draws_the_screen_afresh() {
    let mut terminal = demo();
    let before = terminal.text();
    let clears = |t: &Terminal| {
        t.bytes
            .windows(4)
            .filter(|bytes| bytes == b"\x1b[2J")
            .count()
    };
    let already = clears(&terminal);
    terminal.send("\x0c");
    terminal.wait_for("cleared", |t| clears(t) > already);
    terminal.wait_for("drawn again", |t| t.text() == before);
}

#[test]
fn help_opens_and_closes() {
    let mut terminal = demo();
    terminal.send("?");
    terminal.wait_for_text("sampled paths on or off");
    terminal.send("\x1b");
    terminal.wait_for("help closed", |t| {
        !t.text().contains("sampled paths on or off")
    });
    terminal.wait_for_text("can this fit be trusted?");
}

#[test]
fn a_resize_draws_anew() {
    let mut terminal = demo();
    terminal.resize((80, 24));
    terminal.wait_for_text("day 394 · 30 ahead · mean ");
    terminal.resize((40, 10));
    terminal.wait_for("the chart alone", |t| {
        let text = t.text();
        text.contains("history") && text.contains("360") && !text.contains("interval")
    });
    terminal.resize((20, 1));
    terminal.wait_for("one line", |t| t.text().starts_with("✔ 32.7 ["));
    terminal.resize(pty::SIZE);
    terminal.wait_for_text("can this fit be trusted?");
    terminal.assert_taken();
}

#[test]
fn keys_that_leave_give_the_terminal_back() {
    for key in ["q", "\x1b", "\x03"] {
        let mut terminal = demo();
        terminal.send(key);
        let status = terminal.end();
        assert!(status.success(), "{key:?}: {status:?}");
        terminal.assert_given_back();
        assert_eq!(
            terminal.text().trim(),
            "",
            "nothing left on the screen below"
        );
    }
}

#[test]
fn signals_that_end_give_the_terminal_back() {
    for (signal, name) in [
        ("TERM", "Terminated"),
        ("HUP", "Hangup"),
        ("INT", "Interrupt"),
    ] {
        let mut terminal = demo();
        terminal.signal(signal);
        let status = terminal.end();
        // As if the signal had not been caught: a shell tells it from a failure.
        assert!(
            status.signal().is_some_and(|ended| ended.starts_with(name)),
            "{status:?}"
        );
        terminal.assert_given_back();
    }
}

#[test]
fn ctrl_z_gives_the_terminal_back_until_it_is_continued() {
    let mut terminal = demo();
    // A notice that goes away with the key: something to draw, but not while stopped.
    terminal.send("s");
    terminal.wait_for_text("seed 1");
    terminal.send("\x1a");
    terminal.wait_for_stop();
    terminal.assert_given_back();
    comes_back(terminal);
}

#[test]
fn a_stop_from_outside_gives_the_terminal_back_too() {
    let mut terminal = demo();
    terminal.signal("TSTP");
    terminal.wait_for_stop();
    terminal.assert_given_back();
    comes_back(terminal);
}

fn comes_back(mut terminal: Terminal) {
    terminal.signal("CONT");
    terminal.wait_for("the screen taken again", |t| t.screen().alternate_screen());
    terminal.wait_for_text("can this fit be trusted?");
    terminal.wait_for_text("q quit");
    terminal.assert_taken();
    terminal.send("\x1b[C");
    terminal.wait_for_text("horizon ◂  31 ▸");
    terminal.send("q");
    assert!(terminal.end().success());
    terminal.assert_given_back();
    assert_eq!(
        terminal.text().trim(),
        "",
        "nothing left on the screen below"
    );
}

/// A trace in a folder of its own, and the program exploring it.
fn exploring_a_copy() -> (tempfile::TempDir, PathBuf, Terminal) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("fit.nc");
    fs::copy(repository("artifacts/trace.nc"), &path).expect("copied");
    let terminal = Terminal::fanchart(&[path.to_str().expect("a path in UTF-8")]);
    (folder, path, ready(terminal))
}

/// Puts a file in place of another as a careful writer does.
fn replace(path: &Path, content: &[u8]) {
    let part = path.with_extension("part");
    fs::write(&part, content).expect("written");
    fs::rename(&part, path).expect("renamed");
}

#[test]
fn a_trace_that_was_replaced_is_read_again() {
    let (_folder, path, mut terminal) = exploring_a_copy();
    terminal.send("h20\r");
    terminal.wait_for_text("horizon ◂  20 ▸");
    replace(
        &path,
        &fs::read(repository("artifacts/stuck-chain.nc")).expect("readable"),
    );
    terminal.wait_for_text("fit.nc was read again");
    terminal.wait_for_text("✖ Do not trust this forecast");
    terminal.wait_for_text("80,000 draws");
    // What the person had set stays.
    terminal.wait_for_text("horizon ◂  20 ▸");
    terminal.send("\r");
    terminal.wait_for_text("the bands are shown all the same");
}

#[test]
fn a_trace_replaced_by_garbage_stays_as_it_was() {
    let (_folder, path, mut terminal) = exploring_a_copy();
    replace(&path, b"no trace at all");
    terminal.wait_for_text("kept what was there: ");
    assert!(terminal.text().contains("fit.nc"), "{}", terminal.text());
    assert!(terminal.text().contains("✔ converged"));
    terminal.send("\x1b[C");
    terminal.wait_for_text("horizon ◂  31 ▸");
    terminal.wait_for_text("day 395 · 31 ahead");
    // And whole again, it is read.
    replace(
        &path,
        &fs::read(repository("artifacts/trace.nc")).expect("readable"),
    );
    terminal.wait_for_text("was read again");
}

#[test]
fn a_series_is_fitted_and_fitted_again_when_it_or_the_model_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("series.csv");
    let series = fs::read_to_string(repository("artifacts/data.csv")).expect("readable");
    fs::write(&path, &series).expect("written");
    let mut terminal = Terminal::fanchart(&[path.to_str().expect("UTF-8"), "--model", "sine"]);
    terminal.wait_for_text("✔ converged");
    terminal.wait_for_text("day 394 · 30 ahead");
    // Another prior, and back.
    terminal.send("4jj\r");
    terminal.wait_for_text("Normal(0, 10)▏");
    terminal.send("\x7f\x7f\x7f2)\r");
    terminal.wait_for_text("Normal(0, 2)");
    terminal.wait_for_text("✔ converged");
    terminal.send("u");
    terminal.wait_for_text("Normal(0, 10)");
    // Fewer rows in the file.
    let fewer: Vec<&str> = series.lines().take(301).collect();
    replace(&path, (fewer.join("\n") + "\n").as_bytes());
    terminal.wait_for_text("300 of 300 rows, to t = 299");
    terminal.wait_for_text("✔ converged");
    terminal.send("1");
    terminal.wait_for_text("day 329 · 30 ahead");
    terminal.send("q");
    assert!(terminal.end().success());
    terminal.assert_given_back();
}

/// Whether any cell on screen has this foreground.
fn shows(terminal: &Terminal, color: Color) -> bool {
    let (width, height) = pty::SIZE;
    let mut cells = (0..height).flat_map(|y| (0..width).map(move |x| (y, x)));
    cells.any(|(y, x)| {
        terminal
            .screen()
            .cell(y, x)
            .is_some_and(|cell| cell.fgcolor() == color)
    })
}

/// The colour of hints on a dark and on a light ground.
const ON_DARK: Color = Color::Rgb(0x8b, 0x94, 0x9e);
const ON_LIGHT: Color = Color::Rgb(0x63, 0x6c, 0x76);

#[test]
fn an_answer_about_the_background_switches_colours_and_types_nothing() {
    let ends = ["\x1b\\", "\x07"];
    for end in ends {
        let mut terminal = demo();
        let question = b"\x1b]11;?";
        assert!(
            terminal
                .bytes
                .windows(question.len())
                .any(|bytes| bytes == question)
        );
        assert!(shows(&terminal, ON_DARK));
        terminal.send(&format!("\x1b]11;rgb:fafa/fbfb/fcfc{end}"));
        terminal.wait_for("light colours", |t| {
            shows(t, ON_LIGHT) && !shows(t, ON_DARK)
        });
        // No key of the answer did anything: the hints are there, and the fields as they were.
        terminal.send("\x1b[C");
        terminal.wait_for_text("horizon ◂  31 ▸");
        let text = terminal.text();
        assert!(
            text.contains("interval ◂ 94% ▸") && text.contains("q quit"),
            "{text}"
        );
        assert!(
            text.contains("predictive bands") && text.contains("history"),
            "{text}"
        );
    }
}

#[test]
fn a_theme_that_was_named_is_not_asked_for() {
    let terminal = ready(Terminal::fanchart(&["--theme", "light"]));
    assert!(shows(&terminal, ON_LIGHT) && !shows(&terminal, ON_DARK));
    assert!(!terminal.bytes.windows(4).any(|bytes| bytes == b"]11;"));
}

#[test]
fn no_color_means_no_colour() {
    let mut command = fanchart(&[]);
    command.env("NO_COLOR", "1");
    let mut terminal = ready(Terminal::run(command));
    terminal.send("t33\rp5c");
    terminal.wait_for_text("about");
    terminal.send("q");
    assert!(terminal.end().success());
    let written = String::from_utf8_lossy(&terminal.bytes).into_owned();
    for styles in written.split("\x1b[").skip(1).filter_map(|rest| sgr(rest)) {
        let colours = styles.filter(|n| matches!(n, 30..=38 | 40..=48 | 90..=107));
        assert_eq!(colours.count(), 0);
    }
}

/// Parameters of a sequence that sets styles.
fn sgr(sequence: &str) -> Option<impl Iterator<Item = u16>> {
    let end = sequence.find(|c: char| c.is_ascii_alphabetic())?;
    let parameters = sequence[end..].starts_with('m').then(|| &sequence[..end])?;
    Some(parameters.split([';', ':']).filter_map(|n| n.parse().ok()))
}

#[test]
fn sixteen_colours_where_a_terminal_has_no_more() {
    let mut command = fanchart(&[]);
    command.env("TERM", "xterm");
    command.env_remove("COLORTERM");
    let terminal = ready(Terminal::run(command));
    let written = String::from_utf8_lossy(&terminal.bytes);
    assert!(
        !written.contains("38;2;") && !written.contains("48;2;"),
        "no truecolor"
    );
}

#[test]
fn without_standard_input_keys_come_from_the_terminal() {
    for input in ["</dev/null", "<&-"] {
        let mut shell = command(Path::new("/bin/sh"));
        shell.args([
            "-c",
            &format!("exec \"$0\" {input}"),
            env!("CARGO_BIN_EXE_fanchart"),
        ]);
        let mut terminal = ready(Terminal::run(shell));
        terminal.send("\x1b[C");
        terminal.wait_for_text("horizon ◂  31 ▸");
        terminal.send("q");
        assert!(terminal.end().success(), "{input}");
        terminal.assert_given_back();
    }
}

#[test]
fn standard_output_elsewhere_means_text_and_an_untouched_terminal() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("out.txt");
    let mut shell = command(Path::new("/bin/sh"));
    shell.args(["-c", "exec \"$0\" > \"$1\"", env!("CARGO_BIN_EXE_fanchart")]);
    shell.arg(&file);
    let mut terminal = Terminal::run(shell);
    assert!(terminal.end().success());
    terminal.assert_given_back();
    assert!(
        terminal.text().contains("this is the forecast as text"),
        "{}",
        terminal.text()
    );
    let text = fs::read_to_string(&file).expect("written");
    assert!(
        text.contains("✔ converged") && !text.contains('\x1b'),
        "{text}"
    );
}

#[test]
fn an_export_is_written_and_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = fanchart(&[]);
    command.cwd(folder.path());
    let mut terminal = ready(Terminal::run(command));
    terminal.send("e");
    terminal.wait_for_text("export as");
    terminal.send("c");
    terminal.wait_for_text("written: demo-30-day.csv");
    let csv = fs::read_to_string(folder.path().join("demo-30-day.csv")).expect("written");
    assert!(csv.starts_with("day,mean,lower,upper\n365,30.8"), "{csv}");
    assert_eq!(csv.lines().count(), 31);
    // A second one does not replace it; a picture is of the screen.
    terminal.send("ec");
    terminal.wait_for_text("written: demo-30-day-2.csv");
    terminal.send("es");
    terminal.wait_for_text("written: demo-30-day.svg");
    let svg = fs::read_to_string(folder.path().join("demo-30-day.svg")).expect("written");
    assert!(svg.starts_with("<svg"), "{svg:.40}");
}

#[test]
fn a_copy_goes_to_the_terminal_s_clipboard() {
    let mut terminal = demo();
    terminal.send("y");
    terminal.wait_for_text("copied: day 394: mean ");
    // OSC 52 with the base64 of "day 394: mea".
    let copied = b"\x1b]52;c;ZGF5IDM5NDogbWVh";
    assert!(
        terminal
            .bytes
            .windows(copied.len())
            .any(|bytes| bytes == copied)
    );
}

#[test]
fn m_gives_the_pointer_back_to_the_terminal() {
    let mut terminal = demo();
    terminal.send("m");
    terminal.wait_for_text("mouse off");
    terminal.wait_for("capture off", |t| {
        t.screen().mouse_protocol_mode() == vt100::MouseProtocolMode::None
    });
    terminal.send("m");
    terminal.wait_for_text("mouse on");
    terminal.assert_taken();
}

#[test]
fn an_error_never_touches_the_screen() {
    let mut terminal = Terminal::fanchart(&["no-such-trace.nc"]);
    assert_eq!(terminal.end().exit_code(), 2);
    terminal.assert_given_back();
    assert!(
        terminal.text().contains("no-such-trace.nc"),
        "{}",
        terminal.text()
    );
    assert!(!terminal.bytes.contains(&0x1b));
}
