//! The presentation: it moves, and it stands still.

use std::time::{Duration, Instant};

use super::pty::Terminal;
use super::{demo, ready};

/// Longer than a future stays.
const LONG: Duration = Duration::from_millis(1500);

/// Takes what is written meanwhile: to see that nothing changes.
fn watch(terminal: &mut Terminal) {
    let end = Instant::now() + LONG;
    terminal.wait_for("time passes", |_| Instant::now() >= end);
}

#[test]
fn a_presentation_moves_by_itself_until_it_is_paused() {
    let mut terminal = demo();
    terminal.send("P");
    terminal.wait_for_text("We expect about 32.7 on day 394.");
    for _ in 0..3 {
        let shown = terminal.text();
        terminal.wait_for("another future", |t| t.text() != shown);
    }
    terminal.send(" ");
    terminal.wait_for_text("paused at future");
    let paused = terminal.text();
    watch(&mut terminal);
    assert_eq!(terminal.text(), paused);
    // It leads back to the explorer, where nothing moves.
    terminal.send(" q");
    ready(terminal).assert_taken();
}

#[test]
fn a_presentation_can_be_opened_at_once_and_stand_still() {
    let mut terminal = Terminal::fanchart(&["--present", "--still"]);
    terminal.wait_for_text("paused at future 1 of 40");
    let first = terminal.text();
    watch(&mut terminal);
    assert_eq!(terminal.text(), first);
    terminal.send("\x1b[C");
    terminal.wait_for_text("paused at future 2 of 40");
    terminal.send("\x03");
    assert!(terminal.end().success());
    terminal.assert_given_back();
}
