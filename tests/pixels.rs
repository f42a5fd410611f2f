//! Pictures in a real terminal: only where it says that it can show them, in their place, and
//! gone when the program is.
#![cfg(unix)]

#[path = "support/pty.rs"]
mod pty;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use portable_pty::CommandBuilder;
use pty::{CELL, SIZE, Terminal, fanchart};

const KITTY_ASKED: &str = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\";
const NAME_ASKED: &str = "\x1b[>q";
const LEVEL_ASKED: &str = "\x1bP$q\"p\x1b\\";
const KITTY_CAN: &str = "\x1b_Gi=31;OK\x1b\\";

fn text(terminal: &Terminal) -> String {
    String::from_utf8_lossy(&terminal.bytes).into_owned()
}

fn wait_for_bytes(terminal: &mut Terminal, bytes: &str) {
    terminal.wait_for(&format!("{bytes:?}"), |t| text(t).contains(bytes));
}

/// The program in a terminal of this name.
fn in_terminal(term: &str, args: &[&str]) -> CommandBuilder {
    let mut command = fanchart(args);
    command.env("TERM", term);
    command
}

fn ready(mut terminal: Terminal) -> Terminal {
    terminal.wait_for_text("✔ converged");
    terminal.wait_for_text("120,000 draws");
    terminal
}

/// The program in kitty, with its first picture on screen.
fn in_kitty() -> Terminal {
    let mut terminal = ready(Terminal::run(in_terminal("xterm-kitty", &[])));
    wait_for_bytes(&mut terminal, KITTY_ASKED);
    assert_eq!(
        pictures(&terminal).len(),
        0,
        "cells until kitty has answered"
    );
    terminal.send(KITTY_CAN);
    wait_for_pictures(&mut terminal, 1);
    terminal
}

/// A picture that was sent to kitty.
#[derive(Debug, PartialEq)]
struct Sent {
    number: u32,
    /// Cells, as it was said where and how large: left, top, columns, rows.
    cells: (u16, u16, u16, u16),
    pixels: (u32, u32),
}

/// All pictures that were sent whole.
fn pictures(terminal: &Terminal) -> Vec<Sent> {
    let bytes = text(terminal);
    let starts = bytes.match_indices("\x1b_Ga=T,").map(|(at, _)| at);
    starts
        .filter_map(|at| sent(&bytes[..at], &bytes[at..]))
        .collect()
}

fn sent(before: &str, bytes: &str) -> Option<Sent> {
    let mut payload = String::new();
    let mut control = None;
    for piece in bytes.split("\x1b_G").skip(1) {
        let (head, data) = piece.split_once("\x1b\\")?.0.split_once(';')?;
        control.get_or_insert(head);
        payload += data;
        if head.ends_with("m=0") {
            let value = |key: &str| {
                let mut pairs = control?.split(',').filter_map(|pair| pair.split_once('='));
                pairs.find(|(name, _)| *name == key)?.1.parse::<u32>().ok()
            };
            let png = STANDARD.decode(&payload).expect("base64");
            let reader = png::Decoder::new(std::io::Cursor::new(png))
                .read_info()
                .expect("a PNG");
            let info = reader.info();
            // The cursor is where the picture begins: "ESC [ row ; column H", counted from 1.
            let place = before.rsplit_once("\x1b[")?.1.strip_suffix('H')?;
            let (row, column) = place.split_once(';')?;
            return Some(Sent {
                number: value("i")?,
                cells: (
                    column.parse::<u16>().ok()? - 1,
                    row.parse::<u16>().ok()? - 1,
                    value("c")? as u16,
                    value("r")? as u16,
                ),
                pixels: (info.width, info.height),
            });
        }
    }
    None
}

fn wait_for_pictures(terminal: &mut Terminal, count: usize) {
    terminal.wait_for(&format!("{count} pictures"), |t| pictures(t).len() >= count);
}

/// Whether kitty was told to forget a picture after it was sent for the last time.
fn forgotten(terminal: &Terminal, number: u32) -> bool {
    let bytes = text(terminal);
    let sent = bytes.rfind(&format!("\x1b_Ga=T,f=100,i={number},"));
    let gone = bytes.rfind(&format!("\x1b_Ga=d,d=I,i={number},q=2\x1b\\"));
    gone > sent
}

/// Nothing was sent that a terminal without pictures could show, or ask itself what it is.
fn assert_no_picture(terminal: &Terminal) {
    let bytes = text(terminal);
    for sign in ["\x1b_", "\x1bP", "\x1b]1337"] {
        assert!(!bytes.contains(sign), "{sign:?}");
    }
}

/// What the cells of the chart say.
fn chart(terminal: &Terminal) -> String {
    let rows = terminal.text();
    let left = rows
        .lines()
        .map(|row| row.chars().take(70).collect::<String>());
    left.collect::<Vec<_>>().join("\n")
}

/// No key of any answer did anything.
fn assert_nothing_typed(terminal: &mut Terminal) {
    terminal.send("\x1b[C");
    terminal.wait_for_text("horizon ◂  31 ▸");
    let text = terminal.text();
    for shown in ["interval ◂ 94% ▸", "q quit", "predictive bands", "history"] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
}

#[test]
fn kitty_gets_the_chart_in_the_pixels_of_its_cells() {
    let mut terminal = in_kitty();
    let first = &pictures(&terminal)[0];
    let (left, top, columns, rows) = first.cells;
    let cells = (u32::from(columns), u32::from(rows));
    assert_eq!(
        first.pixels,
        (cells.0 * u32::from(CELL.0), cells.1 * u32::from(CELL.1))
    );
    // Inside the frame, which stays in cells.
    let symbol = |x: u16, y: u16| {
        terminal
            .screen()
            .cell(y, x)
            .map(|cell| cell.contents().to_owned())
    };
    for y in top..top + rows {
        assert_eq!(symbol(left - 2, y).as_deref(), Some("│"), "left of row {y}");
        assert_eq!(
            symbol(left + columns + 1, y).as_deref(),
            Some("│"),
            "right of row {y}"
        );
    }
    assert_nothing_typed(&mut terminal);
    // Another chart, another picture in the same place, and then the first is no more.
    wait_for_pictures(&mut terminal, 2);
    let sent = pictures(&terminal);
    let (first, last) = (&sent[0], &sent[sent.len() - 1]);
    assert_eq!(first.cells, last.cells);
    assert_ne!(first.number, last.number);
    terminal.wait_for("the first forgotten", |t| forgotten(t, first.number));
    assert!(!forgotten(&terminal, last.number));
}

#[test]
fn a_picture_goes_when_the_program_does() {
    for (leave, signal) in [("q", None), ("", Some("TERM"))] {
        let mut terminal = in_kitty();
        let number = pictures(&terminal)[0].number;
        assert!(!forgotten(&terminal, number));
        terminal.send(leave);
        if let Some(signal) = signal {
            terminal.signal(signal);
        }
        terminal.end();
        assert!(forgotten(&terminal, number));
        terminal.assert_given_back();
        assert_eq!(
            terminal.text().trim(),
            "",
            "nothing left on the screen below"
        );
    }
}

#[test]
fn a_picture_goes_where_something_covers_the_chart() {
    let mut terminal = in_kitty();
    let number = pictures(&terminal)[0].number;
    terminal.send("?");
    terminal.wait_for_text("sampled paths on or off");
    terminal.wait_for("forgotten", |t| forgotten(t, number));
    terminal.send("?");
    terminal.wait_for("shown again", |t| !forgotten(t, number));
}

#[test]
fn a_stop_takes_the_picture_away_and_brings_it_back() {
    let mut terminal = in_kitty();
    let number = pictures(&terminal)[0].number;
    terminal.send("\x1a");
    terminal.wait_for_stop();
    assert!(forgotten(&terminal, number));
    terminal.assert_given_back();
    terminal.signal("CONT");
    terminal.wait_for("shown again", |t| !forgotten(t, number));
    terminal.assert_taken();
}

#[test]
fn a_resize_brings_a_picture_of_the_new_size() {
    let mut terminal = in_kitty();
    let before = pictures(&terminal)[0].cells;
    terminal.resize((SIZE.0 - 10, SIZE.1 - 4));
    wait_for_pictures(&mut terminal, 2);
    let sent = pictures(&terminal);
    let after = sent[sent.len() - 1].cells;
    assert_eq!((after.2, after.3), (before.2 - 10, before.3 - 4));
}

#[test]
fn a_terminal_is_known_by_its_name_too() {
    let mut terminal = ready(Terminal::fanchart(&[]));
    wait_for_bytes(&mut terminal, NAME_ASKED);
    assert_no_picture(&terminal);
    terminal.send("\x1bP>|kitty(0.26.5)\x1b\\");
    wait_for_bytes(&mut terminal, KITTY_ASKED);
    terminal.send(KITTY_CAN);
    wait_for_pictures(&mut terminal, 1);
    assert_nothing_typed(&mut terminal);
}

#[test]
fn xterm_gets_sixels_where_it_is_a_vt340() {
    for (level, takes) in [("63", true), ("64", false)] {
        let mut terminal = ready(Terminal::fanchart(&[]));
        wait_for_bytes(&mut terminal, NAME_ASKED);
        terminal.send("\x1bP>|XTerm(379)\x1b\\");
        wait_for_bytes(&mut terminal, LEVEL_ASKED);
        terminal.send(&format!("\x1bP1$r{level};1\"p\x1b\\"));
        // Sixels begin with the size of their pixels and of the picture.
        let sixels = |t: &Terminal| text(t).contains("q\"1;1;");
        if takes {
            terminal.wait_for("sixels", sixels);
        }
        let before = chart(&terminal);
        assert_nothing_typed(&mut terminal);
        assert_eq!(sixels(&terminal), takes);
        // The cells that were left alone below are drawn where the picture is not.
        terminal.send("\x1b[D2");
        terminal.wait_for_text("autocorrelation");
        terminal.send("1");
        terminal.wait_for("the cells as they were", |t| chart(t) == before);
    }
}

#[test]
fn iterm_gets_the_picture_inline() {
    let mut terminal = ready(Terminal::fanchart(&[]));
    wait_for_bytes(&mut terminal, NAME_ASKED);
    terminal.send("\x1bP>|iTerm2 3.5.0\x1b\\");
    wait_for_bytes(&mut terminal, "\x1b]1337;File=inline=1;");
    assert_nothing_typed(&mut terminal);
}

#[test]
fn a_terminal_that_cannot_gets_cells_alone() {
    for answer in ["", "\x1bP>|VTE(7600)\x1b\\", "\x1bP>|alacritty\x1b\\"] {
        let mut terminal = ready(Terminal::fanchart(&[]));
        wait_for_bytes(&mut terminal, NAME_ASKED);
        terminal.send(answer);
        assert_nothing_typed(&mut terminal);
        terminal.send("q");
        assert!(terminal.end().success());
        assert_no_picture(&terminal);
    }
}

#[test]
fn who_asks_for_pictures_is_told_what_came_of_it() {
    let mut command = in_terminal("xterm", &["--graphics", "pixels"]);
    // Of so few colours that they are not drawn unasked.
    command.env_remove("COLORTERM");
    let mut terminal = ready(Terminal::run(command));
    terminal.wait_for_text("in cells until the terminal says that it shows pictures");
    terminal.send("\x1bP>|WezTerm 20240203\x1b\\");
    terminal.wait_for_text("the chart is in pixels");
    wait_for_bytes(&mut terminal, "\x1b]1337;File=inline=1;");
}

#[test]
fn few_colours_mean_cells_unless_pictures_are_asked_for() {
    let mut command = in_terminal("xterm", &[]);
    command.env_remove("COLORTERM");
    let mut terminal = ready(Terminal::run(command));
    assert_nothing_typed(&mut terminal);
    assert!(!text(&terminal).contains(NAME_ASKED));
    assert_no_picture(&terminal);
}

#[test]
fn nothing_is_asked_inside_a_multiplexer_nor_where_cells_are_wanted() {
    let tmux = |args: &[&str]| {
        let mut command = in_terminal("xterm-kitty", args);
        command.env("TMUX", "/tmp/tmux-0/default,1,0");
        command
    };
    for (command, said) in [
        (tmux(&[]), false),
        (tmux(&["--graphics", "pixels"]), true),
        (in_terminal("screen-256color", &[]), false),
        (in_terminal("xterm-kitty", &["--graphics", "cells"]), false),
        (in_terminal("linux", &["--graphics", "pixels"]), true),
    ] {
        let mut terminal = ready(Terminal::run(command));
        let notice = "the chart is in cells: this terminal shows no pictures";
        assert_eq!(
            terminal.text().contains(notice),
            said,
            "{}",
            terminal.text()
        );
        assert_nothing_typed(&mut terminal);
        terminal.send("q");
        assert!(terminal.end().success());
        assert_no_picture(&terminal);
        assert!(!text(&terminal).contains(NAME_ASKED));
    }
}
