//! From the text of a config file to a [`Config`].

use std::str::FromStr;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::error::{Fault, place};
use super::{COLORS, Config, THEMES};
use crate::explorer::action::{Action, Key};
use crate::explorer::keymap::{Conflict, Keymap, NAMES, Named};
use crate::model::suggest;

const SETTINGS: [&str; 5] = ["theme", "colors", "horizon", "interval", "keys"];

/// Reads a config; what is not said is as by default.
pub(super) fn parse(text: &str) -> Result<Config, Fault> {
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        Fault::new(at, format!("not TOML: {}", one_line(error.message())))
    })?;
    let mut config = Config::default();
    for (key, value) in in_order(table.get_ref()) {
        match key.get_ref().as_ref() {
            "theme" => config.theme = choice("theme", &THEMES, value)?,
            "colors" => config.colors = choice("colors", &COLORS, value)?,
            "horizon" => config.horizon = number(value)?,
            "interval" => config.interval = number(value)?,
            "keys" => config.keymap = keymap(value, text)?,
            other => {
                let hint = suggest::hint(other, SETTINGS);
                let message = format!(
                    "there is no setting '{other}', only {}{hint}",
                    SETTINGS.join(", ")
                );
                return Err(Fault::new(key.span().start, message));
            }
        }
    }
    Ok(config)
}

/// One of the values that have a name.
fn choice<T: Copy>(
    setting: &str,
    values: &[(&'static str, T)],
    value: &Spanned<DeValue>,
) -> Result<T, Fault> {
    let text = value.get_ref().as_str();
    if let Some((_, value)) = values.iter().find(|(name, _)| Some(*name) == text) {
        return Ok(*value);
    }
    let names: Vec<_> = values.iter().map(|(name, _)| *name).collect();
    let hint = suggest::hint(text.unwrap_or_default(), names.iter().copied());
    let quoted: Vec<_> = names.iter().map(|name| format!("{name:?}")).collect();
    let (last, others) = quoted
        .split_last()
        .map_or(("", &[][..]), |(last, others)| (last, others));
    let message = format!("{setting} is {} or {last}{hint}", others.join(", "));
    Err(Fault::new(value.span().start, message))
}

/// A number, or text that says it as on the command line.
fn number<T: FromStr<Err = String>>(value: &Spanned<DeValue>) -> Result<T, Fault> {
    let text = match value.get_ref() {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        other => other.type_str().to_owned(),
    };
    text.parse()
        .map_err(|message| Fault::new(value.span().start, message))
}

/// An action of the table with its line of the file.
struct Chosen {
    named: &'static Named,
    at: usize,
}

fn keymap(value: &Spanned<DeValue>, text: &str) -> Result<Keymap, Fault> {
    let table = value.get_ref().as_table().ok_or_else(|| {
        let message = "keys are a table: a line [keys], then lines such as quit = [\"q\"]";
        Fault::new(value.span().start, message)
    })?;
    let mut keymap = Keymap::default();
    let mut chosen = Vec::new();
    for (name, value) in in_order(table) {
        let at = name.span().start;
        let named = action(name.get_ref()).map_err(|message| Fault::new(at, message))?;
        let keys = keys(named, value)?;
        if keys.is_empty() && named.action == Action::Quit {
            let message = "quit needs a key, or there is no way to leave";
            return Err(Fault::new(value.span().start, message));
        }
        keymap.set(named.action, keys);
        chosen.push(Chosen { named, at });
    }
    match keymap.conflict() {
        Some(conflict) => Err(conflicting(&conflict, &chosen, text)),
        None => Ok(keymap),
    }
}

fn action(name: &str) -> Result<&'static Named, String> {
    let named = NAMES.iter().find(|named| named.name == name);
    named.ok_or_else(|| {
        let hint = match suggest::hint(name, NAMES.iter().map(|named| named.name)) {
            hint if hint.is_empty() => "; `fanchart config --default` lists them".into(),
            hint => hint,
        };
        format!("there is no action '{name}'{hint}")
    })
}

fn keys(named: &Named, value: &Spanned<DeValue>) -> Result<Vec<Key>, Fault> {
    let wrong = |value: &Spanned<DeValue>| {
        let message = format!(
            "keys stand in quotes and brackets, as in {} = [\"x\", \"ctrl-x\"]",
            named.name
        );
        Fault::new(value.span().start, message)
    };
    let mut keys = Vec::new();
    for value in value
        .get_ref()
        .as_array()
        .ok_or_else(|| wrong(value))?
        .iter()
    {
        let name = value.get_ref().as_str().ok_or_else(|| wrong(value))?;
        let key = Key::parse(name).map_err(|message| Fault::new(value.span().start, message))?;
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    Ok(keys)
}

/// A key that means two things, told at the later line of the file that gives it.
fn conflicting(conflict: &Conflict, chosen: &[Chosen], text: &str) -> Fault {
    let line_of = |action: Action| chosen.iter().find(|chosen| chosen.named.action == action);
    let lines = conflict.actions.map(line_of);
    let at = lines.iter().flatten().map(|chosen| chosen.at).max();
    let at = at.unwrap_or_default();
    let told = |action: Action| {
        let name = action.named().map_or("another action", |named| named.name);
        match line_of(action).filter(|chosen| chosen.at != at) {
            Some(chosen) => format!("{name} (line {})", place(text, chosen.at).0),
            None => name.to_owned(),
        }
    };
    let [first, second] = conflict.actions.map(told);
    let message = format!(
        "{:?} means both {first} and {second} in the view {}; give one of them another key",
        conflict.key.name(),
        conflict.view.name()
    );
    Fault::new(at, message)
}

/// Entries of a table as they are written: the parser sorts them by name.
fn in_order<'t, 'i>(
    table: &'t DeTable<'i>,
) -> Vec<(&'t Spanned<DeString<'i>>, &'t Spanned<DeValue<'i>>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn one_line(text: &str) -> String {
    text.lines().collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::theme::{Background, Colors};

    /// Line and message of what is wrong with a text.
    fn fault(text: &str) -> (usize, String) {
        let fault = parse(text).expect_err(text);
        (place(text, fault.at).0, fault.message)
    }

    #[test]
    fn settings_are_read() {
        let text = "theme = 'light'\ncolors = '256'\nhorizon = 60\ninterval = '90%'\n\
                    [keys]\nundo = ['x', 'ctrl-x', 'X', 'x']\nseed = []\n";
        let config = parse(text).expect("valid");
        assert_eq!(config.theme, Some(Background::Light));
        assert_eq!(config.colors, Some(Colors::TwoHundredFiftySix));
        assert_eq!(config.horizon.steps(), 60);
        assert_eq!(config.interval.percent(), "90%");
        let names: Vec<_> = config
            .keymap
            .keys(Action::Undo)
            .iter()
            .map(|key| key.name())
            .collect();
        assert_eq!(names, ["x", "ctrl-x", "X"]);
        assert!(config.keymap.keys(Action::Seed).is_empty());
        assert_eq!(
            parse("interval = 0.9").expect("valid").interval,
            config.interval
        );
    }

    #[test]
    fn mistakes_are_told_with_what_is_allowed() {
        for (text, line, expected) in [
            ("a = 1\n= 2", 2, "not TOML: "),
            (
                "\nhorizn = 7",
                2,
                "there is no setting 'horizn', only theme, colors, horizon, interval, keys; did you mean 'horizon'?",
            ),
            ("theme = 3", 1, "theme is \"auto\", \"dark\" or \"light\""),
            (
                "colors = 'ture'",
                1,
                "colors is \"auto\", \"none\", \"16\", \"256\" or \"true\"; did you mean 'true'?",
            ),
            (
                "horizon = 400",
                1,
                "a horizon is a whole number from 1 to 365",
            ),
            (
                "horizon = true",
                1,
                "a horizon is a whole number from 1 to 365",
            ),
            ("\n\ninterval = 94", 3, "did you mean 94%?"),
            (
                "interval = nan",
                1,
                "an interval lies strictly between 0 and 1",
            ),
            ("keys = 'q'", 1, "keys are a table"),
            (
                "[keys]\nqiut = ['x']",
                2,
                "there is no action 'qiut'; did you mean 'quit'?",
            ),
            (
                "[keys]\njump = ['x']",
                2,
                "there is no action 'jump'; `fanchart config --default` lists them",
            ),
            (
                "[keys]\nquit = 'x'",
                2,
                "keys stand in quotes and brackets, as in quit = [\"x\", \"ctrl-x\"]",
            ),
            ("[keys]\nquit = [3]", 2, "keys stand in quotes and brackets"),
            (
                "[keys]\nquit = ['x',\n 'ctrl-']",
                3,
                "a key is a character, left, ",
            ),
            ("[keys]\nquit = []", 2, "quit needs a key"),
        ] {
            let (at, message) = fault(text);
            assert_eq!(at, line, "{text}: {message}");
            assert!(message.contains(expected), "{text}: {message}");
        }
    }

    #[test]
    fn a_key_of_two_actions_is_told_with_both_and_their_lines() {
        assert_eq!(
            fault("[keys]\nundo = ['e']"),
            (2, "\"e\" means both undo and export in the view forecast; give one of them another key".into())
        );
        assert_eq!(
            fault("[keys]\nexport = ['x']\nseed = ['z']\nwrite = ['x']"),
            (4, "\"x\" means both write and export (line 2) in the view model; give one of them another key".into())
        );
        // Two that change places, and two that never meet.
        for text in [
            "[keys]\nexport = ['y']\ncopy = ['e']",
            "[keys]\nwrite = ['t']",
        ] {
            assert!(parse(text).is_ok(), "{text}");
        }
    }
}
