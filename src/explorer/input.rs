//! What the terminal sends: keys, pointer, sizes, and its answers.

use std::sync::mpsc::Sender;
use std::thread;

use crossterm::event;

use super::answers::{Answers, Filtered};
use super::event::Event;
use super::theme::Background;

/// Sends all that the terminal reports; ends with the channel or the terminal.
pub fn listen(events: Sender<Event>, mut answers: Answers) {
    thread::spawn(move || {
        while let Ok(input) = event::read() {
            let event = match answers.filter(input) {
                Filtered::Pass(input) => Event::Terminal(input),
                Filtered::Answer(answer) => Event::Answered(answer),
                Filtered::Swallowed => continue,
            };
            if events.send(event).is_err() {
                return;
            }
        }
        // No terminal, no explorer.
        let _ = events.send(Event::Terminate);
    });
}

/// The background as far as the environment tells, before the terminal has answered.
pub fn guess_background() -> Background {
    // "15;0" or "0;default;15": foreground first, background last.
    let palette = std::env::var("COLORFGBG").ok();
    let last = palette
        .as_deref()
        .and_then(|colors| colors.rsplit(';').next()?.parse::<u8>().ok());
    match last {
        Some(7 | 15) => Background::Light,
        _ => Background::Dark,
    }
}
