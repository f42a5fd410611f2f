//! Which protocol for pictures a terminal speaks, from its environment and its answers.
//!
//! A terminal that does not know a question may print it, so that each is put only where it is
//! known to do no harm: the name (XTVERSION) is asked of those that are like an xterm or may show
//! pictures, and kitty's protocol of kitty and ghostty, by their environment or by that name.

use super::super::answers::{Answer, Question};

/// A way to show a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// <https://sw.kovidgoyal.net/kitty/graphics-protocol/>
    Kitty,
    /// <https://iterm2.com/documentation-images.html>
    Iterm,
    /// DEC's, of the VT240 and the VT340.
    Sixel,
}

/// What to do next to find out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    Ask(Question),
    Speaks(Protocol),
    /// It shows no pictures.
    Nothing,
}

/// Terminals that multiplex others know nothing of pictures, or not where they are.
const MULTIPLEXERS: [&str; 3] = ["TMUX", "STY", "ZELLIJ"];
/// What `TERM` begins with in terminals that may be asked for their name.
const NAMED: [&str; 6] = ["xterm", "foot", "wezterm", "mlterm", "contour", "vt340"];

/// What the environment tells: what to ask first.
pub fn first(variable: impl Fn(&str) -> Option<String>) -> Next {
    let term = variable("TERM").unwrap_or_default();
    let multiplexed = MULTIPLEXERS.iter().any(|name| variable(name).is_some());
    let named = NAMED.iter().any(|name| term.starts_with(name));
    // It calls itself an xterm, and prints what it does not know.
    let apple = variable("TERM_PROGRAM").is_some_and(|program| program == "Apple_Terminal");
    if multiplexed || apple || !named {
        return Next::Nothing;
    }
    let kitty = variable("KITTY_WINDOW_ID").is_some()
        || ["xterm-kitty", "xterm-ghostty"].contains(&term.as_str());
    Next::Ask(if kitty {
        Question::Kitty
    } else {
        Question::Name
    })
}

/// What an answer tells; `None` of one about something else.
pub fn after(answer: &Answer) -> Option<Next> {
    let next = match answer {
        Answer::Background(_) => return None,
        Answer::Name(name) => by_name(name),
        Answer::Kitty(true) => Next::Speaks(Protocol::Kitty),
        Answer::Kitty(false) => Next::Nothing,
        // Asked of xterm alone, which takes sixels as a VT340 (63) and not as the VT420 (64) that
        // it is unless told otherwise.
        Answer::Level(63) => Next::Speaks(Protocol::Sixel),
        Answer::Level(_) => Next::Nothing,
    };
    Some(next)
}

fn by_name(name: &str) -> Next {
    let known = [
        ("kitty", Next::Ask(Question::Kitty)),
        ("ghostty", Next::Ask(Question::Kitty)),
        ("XTerm", Next::Ask(Question::Level)),
        ("iTerm2", Next::Speaks(Protocol::Iterm)),
        ("WezTerm", Next::Speaks(Protocol::Iterm)),
        ("foot", Next::Speaks(Protocol::Sixel)),
        ("mlterm", Next::Speaks(Protocol::Sixel)),
        ("contour", Next::Speaks(Protocol::Sixel)),
    ];
    let found = known.iter().find(|(prefix, _)| name.starts_with(prefix));
    found.map_or(Next::Nothing, |(_, next)| *next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begins(environment: &[(&str, &str)]) -> Next {
        first(|name| {
            let set = environment.iter().find(|(set, _)| *set == name);
            set.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_terminal_of_kittys_is_asked_for_its_protocol() {
        for environment in [
            &[("TERM", "xterm-kitty")][..],
            &[("TERM", "xterm-ghostty")],
            &[("TERM", "xterm-256color"), ("KITTY_WINDOW_ID", "1")],
        ] {
            assert_eq!(begins(environment), Next::Ask(Question::Kitty));
        }
    }

    #[test]
    fn any_other_is_asked_for_its_name() {
        for term in ["xterm", "xterm-256color", "foot", "foot-extra", "vt340"] {
            assert_eq!(begins(&[("TERM", term)]), Next::Ask(Question::Name));
        }
    }

    #[test]
    fn nothing_is_asked_where_the_question_could_show_or_the_answer_mislead() {
        for environment in [
            &[][..],
            &[("TERM", "linux")],
            &[("TERM", "dumb")],
            &[("TERM", "rxvt-unicode-256color")],
            &[("TERM", "eterm-color")],
            &[("TERM", "tmux-256color")],
            &[("TERM", "screen.xterm-256color")],
            &[("TERM", "xterm-kitty"), ("TMUX", "/tmp/tmux-0/default,1,0")],
            &[("TERM", "xterm-256color"), ("STY", "1.pts-0.host")],
            &[("TERM", "xterm-kitty"), ("ZELLIJ", "0")],
            &[
                ("TERM", "xterm-256color"),
                ("TERM_PROGRAM", "Apple_Terminal"),
            ],
        ] {
            assert_eq!(begins(environment), Next::Nothing, "{environment:?}");
        }
    }

    #[test]
    fn the_name_decides_or_says_what_to_ask() {
        let after = |name: &str| after(&Answer::Name(name.into())).expect("about pictures");
        for (name, next) in [
            ("kitty(0.26.5)", Next::Ask(Question::Kitty)),
            ("ghostty 1.2.0", Next::Ask(Question::Kitty)),
            ("XTerm(379)", Next::Ask(Question::Level)),
            (
                "WezTerm 20240203-110809-5046fc22",
                Next::Speaks(Protocol::Iterm),
            ),
            ("iTerm2 3.5.0", Next::Speaks(Protocol::Iterm)),
            ("foot(1.16.2)", Next::Speaks(Protocol::Sixel)),
            ("tmux 3.3a", Next::Nothing),
            ("VTE(7600)", Next::Nothing),
            ("", Next::Nothing),
        ] {
            assert_eq!(after(name), next, "{name}");
        }
    }

    #[test]
    fn other_answers_settle_it() {
        for (answer, next) in [
            (Answer::Kitty(true), Some(Next::Speaks(Protocol::Kitty))),
            (Answer::Kitty(false), Some(Next::Nothing)),
            (Answer::Level(63), Some(Next::Speaks(Protocol::Sixel))),
            (Answer::Level(64), Some(Next::Nothing)),
        ] {
            assert_eq!(after(&answer), next, "{answer:?}");
        }
    }
}
