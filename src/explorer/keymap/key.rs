//! Keys by name: as a config file has them (`ctrl-x`), and as the screen shows them (`Ctrl-X`).

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::explorer::action::Key;

/// Keys that are not a character: as they are written, as they are shown.
const NAMED: &[(&str, &str, KeyCode)] = &[
    ("left", "←", KeyCode::Left),
    ("right", "→", KeyCode::Right),
    ("up", "↑", KeyCode::Up),
    ("down", "↓", KeyCode::Down),
    ("enter", "Enter", KeyCode::Enter),
    ("esc", "Esc", KeyCode::Esc),
    ("tab", "Tab", KeyCode::Tab),
    ("shift-tab", "Shift-Tab", KeyCode::BackTab),
    ("space", "Space", KeyCode::Char(' ')),
    ("backspace", "Backspace", KeyCode::Backspace),
    ("home", "Home", KeyCode::Home),
    ("end", "End", KeyCode::End),
    ("pageup", "PgUp", KeyCode::PageUp),
    ("pagedown", "PgDn", KeyCode::PageDown),
    ("insert", "Ins", KeyCode::Insert),
    ("delete", "Del", KeyCode::Delete),
];

/// What can be held with a key: as it is written, as it is shown.
const HELD: &[(&str, &str, KeyModifiers)] = &[
    ("ctrl-", "Ctrl-", KeyModifiers::CONTROL),
    ("alt-", "Alt-", KeyModifiers::ALT),
    ("shift-", "Shift-", KeyModifiers::SHIFT),
];

/// The highest function key that every terminal reports.
const FUNCTION_KEYS: u8 = 12;

impl Key {
    /// The key that an event reports.
    pub fn of(event: KeyEvent) -> Self {
        // Shift is part of a character already, and of the tab that goes backwards, which
        // terminals send with or without it; for other keys it counts.
        let relevant = match event.code {
            KeyCode::Char(_) | KeyCode::BackTab => KeyModifiers::CONTROL | KeyModifiers::ALT,
            _ => KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT,
        };
        Self {
            code: event.code,
            modifiers: event.modifiers & relevant,
        }
    }

    /// The key of that name: a character, or a name such as `left` or `f5`, with `ctrl-`, `alt-`
    /// or `shift-` before it.
    ///
    /// # Errors
    /// What is wrong with it and what to write instead, in a line for the person.
    pub fn parse(name: &str) -> Result<Self, String> {
        let mut modifiers = KeyModifiers::NONE;
        let mut rest = name;
        while code(rest).is_none()
            && let Some((held, after)) = held(rest)
        {
            modifiers |= held;
            rest = after;
        }
        let code = code(rest).ok_or_else(|| {
            let named: Vec<_> = NAMED.iter().map(|(name, _, _)| *name).collect();
            format!(
                "a key is a character, {} or f1 to f{FUNCTION_KEYS}, with ctrl-, alt- or shift- before it",
                named.join(", ")
            )
        })?;
        match code {
            KeyCode::Char(c) if modifiers.contains(KeyModifiers::SHIFT) => Err(format!(
                "a terminal sends the character that Shift makes, not Shift: write it, like {:?}",
                c.to_uppercase().to_string()
            )),
            _ => Ok(Self { code, modifiers }.as_sent()),
        }
    }

    /// Control characters have no case, and three of them are keys of their own (ASCII).
    fn as_sent(self) -> Self {
        let Self { code, modifiers } = self;
        let KeyCode::Char(c) = code else {
            return self;
        };
        if !modifiers.contains(KeyModifiers::CONTROL) {
            return self;
        }
        let code = match c.to_ascii_lowercase() {
            'i' => KeyCode::Tab,
            'm' => KeyCode::Enter,
            '[' => KeyCode::Esc,
            c => {
                let code = KeyCode::Char(c);
                return Self { code, modifiers };
            }
        };
        let modifiers = modifiers - KeyModifiers::CONTROL;
        Self { code, modifiers }
    }

    /// As a config file has it; [`Self::parse`] reads it.
    pub fn name(self) -> String {
        let held: String = self.held().map(|(name, _)| name).collect();
        match (self.named(), self.code) {
            (Some((name, _)), _) => held + name,
            (None, KeyCode::F(number)) => format!("{held}f{number}"),
            (None, code) => format!("{held}{code}"),
        }
    }

    /// As the screen shows it.
    pub fn label(self) -> String {
        let held: String = self.held().map(|(_, label)| label).collect();
        match (self.named(), self.code) {
            (Some((_, label)), _) => held + label,
            (None, KeyCode::Char(c)) if self.modifiers.contains(KeyModifiers::CONTROL) => {
                format!("{held}{}", c.to_uppercase())
            }
            (None, code) => format!("{held}{code}"),
        }
    }

    fn held(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let held = HELD
            .iter()
            .filter(move |(_, _, held)| self.modifiers.contains(*held));
        held.map(|(name, label, _)| (*name, *label))
    }

    fn named(self) -> Option<(&'static str, &'static str)> {
        let named = NAMED.iter().find(|(_, _, code)| *code == self.code);
        named.map(|(name, label, _)| (*name, *label))
    }
}

/// The key that is written like this, without anything held.
fn code(name: &str) -> Option<KeyCode> {
    let mut letters = name.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return (!letter.is_control()).then_some(KeyCode::Char(letter));
    }
    let lower = name.to_ascii_lowercase();
    if let Some((_, _, code)) = NAMED.iter().find(|(name, _, _)| *name == lower) {
        return Some(*code);
    }
    let number = lower.strip_prefix('f')?.parse().ok()?;
    (1..=FUNCTION_KEYS)
        .contains(&number)
        .then_some(KeyCode::F(number))
}

/// What is held according to the front of a name, and the rest of it.
fn held(name: &str) -> Option<(KeyModifiers, &str)> {
    HELD.iter().find_map(|(prefix, _, held)| {
        let (front, rest) = name.split_at_checked(prefix.len())?;
        front.eq_ignore_ascii_case(prefix).then_some((*held, rest))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(code: KeyCode, modifiers: KeyModifiers) -> Key {
        Key { code, modifiers }
    }

    #[test]
    fn keys_by_name() {
        const NONE: KeyModifiers = KeyModifiers::NONE;
        const CTRL: KeyModifiers = KeyModifiers::CONTROL;
        for (name, code, modifiers, label) in [
            ("x", KeyCode::Char('x'), NONE, "x"),
            ("X", KeyCode::Char('X'), NONE, "X"),
            ("-", KeyCode::Char('-'), NONE, "-"),
            ("é", KeyCode::Char('é'), NONE, "é"),
            ("ctrl-x", KeyCode::Char('x'), CTRL, "Ctrl-X"),
            ("Ctrl-X", KeyCode::Char('x'), CTRL, "Ctrl-X"),
            ("ctrl--", KeyCode::Char('-'), CTRL, "Ctrl--"),
            ("alt-x", KeyCode::Char('x'), KeyModifiers::ALT, "Alt-x"),
            ("shift-left", KeyCode::Left, KeyModifiers::SHIFT, "Shift-←"),
            ("shift-tab", KeyCode::BackTab, NONE, "Shift-Tab"),
            ("space", KeyCode::Char(' '), NONE, "Space"),
            ("f12", KeyCode::F(12), NONE, "F12"),
            ("PageUp", KeyCode::PageUp, NONE, "PgUp"),
            // As a terminal sends them.
            ("ctrl-i", KeyCode::Tab, NONE, "Tab"),
            ("ctrl-m", KeyCode::Enter, NONE, "Enter"),
            ("ctrl-[", KeyCode::Esc, NONE, "Esc"),
        ] {
            let parsed = Key::parse(name).expect(name);
            assert_eq!(parsed, key(code, modifiers), "{name}");
            assert_eq!(parsed.label(), label, "{name}");
        }
    }

    #[test]
    fn what_is_no_key_is_told_from_what_is() {
        for name in [
            "",
            "xx",
            "ctrl-",
            "f13",
            "f0",
            "\n",
            "super-x",
            "ctrl-lefft",
        ] {
            let error = Key::parse(name).expect_err(name);
            assert!(error.starts_with("a key is a character, left"), "{error}");
        }
        let error = Key::parse("shift-x").expect_err("no such key");
        assert!(error.ends_with("like \"X\""), "{error}");
    }

    #[test]
    fn shift_counts_where_it_makes_no_character() {
        let pressed = |code, modifiers| Key::of(KeyEvent::new(code, modifiers));
        let shift = KeyModifiers::SHIFT;
        for name in ["?", "shift-tab", "shift-left"] {
            let expected = Key::parse(name).expect(name);
            assert_eq!(pressed(expected.code, shift), expected, "{name}");
        }
    }

    proptest! {
        #[test]
        fn a_name_read_is_the_name_written(name in "((ctrl|alt|shift)-){0,2}([ -~]|left|f[1-9]|space|shift-tab)") {
            if let Ok(key) = Key::parse(&name) {
                prop_assert_eq!(Key::parse(&key.name()), Ok(key));
            }
        }
    }
}
