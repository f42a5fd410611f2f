//! What the terminal is asked, and its answers, picked out of what looks like keys.
//!
//! Questions are asked without waiting: many terminals answer within a millisecond, one at the
//! end of a long line within a second, some never, and waiting would hold up the first frame or
//! swallow what is typed meanwhile. crossterm does not know the answers and reports them as typed
//! keys: an introducer as a character with Alt, the text as characters, the end as `\` with Alt.
//! Answers of any other shape than these control strings (`ESC [ … c` say) it drops or confuses
//! with what comes after, so that only questions are asked that are answered with one.

use std::io::{self, Write};

use crossterm::event::{Event as Input, KeyCode, KeyEvent, KeyModifiers};

use super::picture::Rgb;

/// Longest answer that is waited for to end.
const LONGEST: usize = 100;

/// Something that a terminal can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Its background colour (OSC 11).
    Background,
    /// Its name and version (XTVERSION).
    Name,
    /// Whether it takes pictures by kitty's protocol: may it store one pixel?
    Kitty,
    /// Which terminal of DEC's it behaves like (DECRQSS of DECSCL).
    Level,
}

impl Question {
    fn sequence(self) -> &'static str {
        match self {
            Self::Background => "\x1b]11;?\x1b\\",
            Self::Name => "\x1b[>q",
            Self::Kitty => "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\",
            Self::Level => "\x1bP$q\"p\x1b\\",
        }
    }

    /// Asks the terminal.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn ask(self) -> io::Result<()> {
        let mut out = io::stdout();
        out.write_all(self.sequence().as_bytes())?;
        out.flush()
    }
}

/// What the terminal says.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    Background(Rgb),
    /// Such as "kitty(0.26.5)" or "XTerm(379)".
    Name(String),
    /// Whether it takes pictures by kitty's protocol.
    Kitty(bool),
    /// 61 for a VT100, 64 for a VT420.
    Level(u32),
}

impl Answer {
    /// The answer in a control string without its introducer and its end.
    fn of(introducer: char, text: &str) -> Option<Self> {
        match introducer {
            OSC => {
                let colors = text.strip_prefix("11;")?.split_once(':')?.1;
                let mut channels = colors.split('/').map(channel);
                let mut next = || channels.next().flatten();
                Some(Self::Background(Rgb(next()?, next()?, next()?)))
            }
            APC => {
                let said = text.strip_prefix("Gi=31;")?;
                Some(Self::Kitty(said == "OK"))
            }
            _ => {
                if let Some(name) = text.strip_prefix(">|") {
                    return Some(Self::Name(name.to_owned()));
                }
                // "1$r64;1"p": valid, VT420, seven-bit controls.
                let level = text.strip_prefix("1$r")?.strip_suffix("\"p")?;
                level.split(';').next()?.parse().ok().map(Self::Level)
            }
        }
    }
}

/// A channel of one to four hexadecimal digits, of which the largest number is full intensity.
fn channel(hex: &str) -> Option<u8> {
    let most = 16u32
        .checked_pow(hex.len() as u32)
        .filter(|_| hex.len() <= 4)?
        - 1;
    let value = u32::from_str_radix(hex, 16).ok()?;
    u8::try_from((value * 255 + most / 2).checked_div(most)?).ok()
}

/// What introduces a control string after ESC.
const OSC: char = ']';
const DCS: char = 'P';
const APC: char = '_';

#[derive(Debug, PartialEq)]
pub(super) enum Filtered {
    Pass(Input),
    Answer(Answer),
    Swallowed,
}

/// Picks control strings, `ESC introducer text ESC \` (or BEL at the end), out of what looks
/// like keys, as many of each kind as questions may bring.
pub(super) struct Answers {
    /// Introducers of the answers that may yet come.
    expected: Vec<char>,
    /// The introducer and the text so far of the one that comes.
    coming: Option<(char, String)>,
}

impl Answers {
    /// `background`: that was asked for. `pictures`: whether the terminal can show them.
    pub fn expecting(background: bool, pictures: bool) -> Self {
        // Its name, at most one question more, and what is around a picture.
        let expected: &[char] = match (background, pictures) {
            (_, true) => &[OSC, DCS, DCS, APC],
            (true, false) => &[OSC],
            (false, false) => &[],
        };
        Self {
            expected: expected.to_vec(),
            coming: None,
        }
    }

    pub fn filter(&mut self, input: Input) -> Filtered {
        let Input::Key(KeyEvent {
            code, modifiers, ..
        }) = input
        else {
            return Filtered::Pass(input);
        };
        let alt = modifiers.contains(KeyModifiers::ALT);
        match (self.coming.as_mut(), code) {
            (None, KeyCode::Char(c)) if alt => match self.expected.iter().position(|e| *e == c) {
                Some(at) => {
                    self.expected.swap_remove(at);
                    self.coming = Some((c, String::new()));
                    Filtered::Swallowed
                }
                None => Filtered::Pass(input),
            },
            (None, _) => Filtered::Pass(input),
            (Some(_), KeyCode::Char(_)) if alt || modifiers.contains(KeyModifiers::CONTROL) => {
                self.ended()
            }
            // What came in two parts between ESC and \ looks like a key Esc.
            (Some((_, text)), KeyCode::Char('\\')) if text.ends_with(ESC) => {
                text.pop();
                self.ended()
            }
            (Some((_, text)), code) => {
                match code {
                    KeyCode::Char(c) => text.push(c),
                    KeyCode::Esc => text.push(ESC),
                    _ => return Filtered::Pass(input),
                }
                if text.len() > LONGEST {
                    self.coming = None;
                }
                Filtered::Swallowed
            }
        }
    }

    fn ended(&mut self) -> Filtered {
        let answer = self.coming.take();
        match answer.and_then(|(introducer, text)| Answer::of(introducer, &text)) {
            Some(answer) => Filtered::Answer(answer),
            None => Filtered::Swallowed,
        }
    }
}

const ESC: char = '\x1b';

#[cfg(test)]
mod tests {
    use super::*;

    fn key(c: char, modifiers: KeyModifiers) -> Input {
        Input::Key(KeyEvent::new(KeyCode::Char(c), modifiers))
    }

    /// A control string as crossterm reports it.
    fn keys(introducer: char, text: &str, end: Input) -> Vec<Input> {
        let text = text.chars().map(|c| key(c, KeyModifiers::NONE));
        std::iter::once(key(introducer, KeyModifiers::ALT))
            .chain(text)
            .chain([end])
            .collect()
    }

    fn terminator() -> Input {
        key('\\', KeyModifiers::ALT)
    }

    #[test]
    fn an_answer_is_no_typing() {
        let bell = key('g', KeyModifiers::CONTROL);
        let background = |r, g, b| Answer::Background(Rgb(r, g, b));
        for (introducer, text, end, answer) in [
            (
                OSC,
                "11;rgb:0d0d/1111/1717",
                terminator(),
                background(0x0d, 0x11, 0x17),
            ),
            (OSC, "11;rgb:fa/fa/fa", bell, background(0xfa, 0xfa, 0xfa)),
            (
                OSC,
                "11;rgba:ffff/8000/0/ffff",
                terminator(),
                background(255, 128, 0),
            ),
            (
                DCS,
                ">|kitty(0.26.5)",
                terminator(),
                Answer::Name("kitty(0.26.5)".into()),
            ),
            (DCS, "1$r63;1\"p", terminator(), Answer::Level(63)),
            (APC, "Gi=31;OK", terminator(), Answer::Kitty(true)),
            (
                APC,
                "Gi=31;ENOSPC:no room",
                terminator(),
                Answer::Kitty(false),
            ),
        ] {
            let mut answers = Answers::expecting(true, true);
            let mut keys = keys(introducer, text, end);
            let last = keys.pop().expect("an end");
            for key in keys {
                assert_eq!(answers.filter(key), Filtered::Swallowed, "{text}");
            }
            assert_eq!(answers.filter(last), Filtered::Answer(answer));
            // Answered: what follows is typing again.
            let q = key('q', KeyModifiers::NONE);
            assert_eq!(answers.filter(q.clone()), Filtered::Pass(q));
        }
    }

    #[test]
    fn an_end_in_two_parts_is_an_end() {
        let mut answers = Answers::expecting(false, true);
        let esc = Input::Key(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE));
        for key in keys(APC, "Gi=31;OK", esc) {
            assert_eq!(answers.filter(key), Filtered::Swallowed);
        }
        assert_eq!(
            answers.filter(key('\\', KeyModifiers::NONE)),
            Filtered::Answer(Answer::Kitty(true))
        );
    }

    #[test]
    fn an_answer_without_sense_is_swallowed() {
        for (introducer, text) in [
            (OSC, "11;rgb:xx/00/00"),
            (OSC, "11;rgb:00000/00/00"),
            (OSC, "11;rgb://"),
            (OSC, "4;rgb:00/00/00"),
            (DCS, "0$r\"p"),
            (DCS, "1$rx\"p"),
            (APC, "Gi=7;OK"),
        ] {
            let mut answers = Answers::expecting(true, true);
            for key in keys(introducer, text, terminator()) {
                assert_eq!(answers.filter(key), Filtered::Swallowed, "{text}");
            }
        }
    }

    #[test]
    fn an_answer_that_never_ends_gives_the_keys_back() {
        let mut answers = Answers::expecting(true, false);
        answers.filter(key(OSC, KeyModifiers::ALT));
        for _ in 0..=LONGEST {
            answers.filter(key('x', KeyModifiers::NONE));
        }
        let q = key('q', KeyModifiers::NONE);
        assert_eq!(answers.filter(q.clone()), Filtered::Pass(q));
    }

    #[test]
    fn unasked_the_key_is_a_key() {
        let mut answers = Answers::expecting(false, false);
        for introducer in [OSC, DCS, APC] {
            let bracket = key(introducer, KeyModifiers::ALT);
            assert_eq!(answers.filter(bracket.clone()), Filtered::Pass(bracket));
        }
    }
}
