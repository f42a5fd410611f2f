//! What the terminal sends: keys, pointer, sizes, and its answer about the background.
//!
//! The question about the background (OSC 11) is asked without waiting: many terminals answer
//! within a millisecond, one at the end of a long line within a second, some never, and waiting
//! would hold up the first frame or swallow what is typed meanwhile. crossterm does not know the
//! answer and reports it as typed keys, so it is picked out here.

use std::io::{self, Write};
use std::sync::mpsc::Sender;
use std::thread;

use crossterm::event::{self, Event as Input, KeyCode, KeyEvent, KeyModifiers};

use super::event::Event;
use super::theme::Background;

/// Longest answer that is waited for to end.
const LONGEST: usize = 40;

/// Asks the terminal for its background colour.
///
/// # Errors
/// When the terminal cannot be written to.
pub fn ask_background() -> io::Result<()> {
    let mut out = io::stdout();
    out.write_all(b"\x1b]11;?\x1b\\")?;
    out.flush()
}

/// Sends all that the terminal reports; ends with the channel or the terminal.
pub fn listen(events: Sender<Event>, background_asked: bool) {
    thread::spawn(move || {
        let mut answers = Answers {
            expected: background_asked,
            text: None,
        };
        while let Ok(input) = event::read() {
            let event = match answers.filter(input) {
                Filtered::Pass(input) => Event::Terminal(input),
                Filtered::Background(background) => Event::Background(background),
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

#[derive(Debug, PartialEq)]
enum Filtered {
    Pass(Input),
    Background(Background),
    Swallowed,
}

/// Picks the answer `ESC ] 11 ; rgb:RRRR/GGGG/BBBB ESC \` (or BEL) out of what looks like keys.
struct Answers {
    expected: bool,
    text: Option<String>,
}

impl Answers {
    fn filter(&mut self, input: Input) -> Filtered {
        let Input::Key(KeyEvent {
            code: KeyCode::Char(c),
            modifiers,
            ..
        }) = input
        else {
            return Filtered::Pass(input);
        };
        let alt = modifiers.contains(KeyModifiers::ALT);
        match self.text.as_mut() {
            None if self.expected && alt && c == ']' => {
                self.text = Some(String::new());
                Filtered::Swallowed
            }
            None => Filtered::Pass(input),
            Some(_) if alt || modifiers.contains(KeyModifiers::CONTROL) => {
                self.expected = false;
                match self.text.take().and_then(|text| parse(&text)) {
                    Some(background) => Filtered::Background(background),
                    None => Filtered::Swallowed,
                }
            }
            Some(text) => {
                text.push(c);
                if text.len() > LONGEST {
                    self.text = None;
                    self.expected = false;
                }
                Filtered::Swallowed
            }
        }
    }
}

fn parse(answer: &str) -> Option<Background> {
    let colors = answer.strip_prefix("11;")?.split_once(':')?.1;
    let mut channels = colors.split('/').map(|hex| {
        let most = 16f64.powi(hex.len() as i32) - 1.0;
        u32::from_str_radix(hex, 16)
            .ok()
            .filter(|_| hex.len() <= 4)
            .map(|value| f64::from(value) / most)
    });
    let mut next = || channels.next().flatten();
    Some(Background::of(next()?, next()?, next()?))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn key(c: char, modifiers: KeyModifiers) -> Input {
        Input::Key(KeyEvent::new(KeyCode::Char(c), modifiers))
    }

    fn feed(answers: &mut Answers, text: &str) -> Vec<Filtered> {
        text.chars()
            .map(|c| answers.filter(key(c, KeyModifiers::NONE)))
            .collect()
    }

    #[test]
    fn an_answer_is_no_typing() {
        for (end, colors, background) in [
            (
                key('\\', KeyModifiers::ALT),
                "11;rgb:0d0d/1111/1717",
                Background::Dark,
            ),
            (
                key('g', KeyModifiers::CONTROL),
                "11;rgb:fa/fa/fa",
                Background::Light,
            ),
            (
                key('\\', KeyModifiers::ALT),
                "11;rgba:ffff/ffff/ffff/ffff",
                Background::Light,
            ),
        ] {
            let mut answers = Answers {
                expected: true,
                text: None,
            };
            assert_eq!(
                answers.filter(key(']', KeyModifiers::ALT)),
                Filtered::Swallowed
            );
            assert!(
                feed(&mut answers, colors)
                    .iter()
                    .all(|f| *f == Filtered::Swallowed)
            );
            assert_eq!(answers.filter(end), Filtered::Background(background));
            // Answered: what follows is typing again.
            let q = key('q', KeyModifiers::NONE);
            assert_eq!(answers.filter(q.clone()), Filtered::Pass(q));
        }
    }

    #[test]
    fn an_answer_that_never_ends_gives_the_keys_back() {
        let mut answers = Answers {
            expected: true,
            text: None,
        };
        answers.filter(key(']', KeyModifiers::ALT));
        feed(&mut answers, &"x".repeat(LONGEST + 1));
        let q = key('q', KeyModifiers::NONE);
        assert_eq!(answers.filter(q.clone()), Filtered::Pass(q));
    }

    #[test]
    fn unasked_the_key_is_a_key() {
        let mut answers = Answers {
            expected: false,
            text: None,
        };
        let bracket = key(']', KeyModifiers::ALT);
        assert_eq!(answers.filter(bracket.clone()), Filtered::Pass(bracket));
    }
}
