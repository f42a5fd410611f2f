//! The help, from the table of actions.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::sheet::{Laid, Line, wrap};
use crate::explorer::action::{
    BINDINGS, Binding, CHART, FORECAST, Group, LAYERS, LINES, LISTS, MODEL, PRESENT, PROGRAM, VIEWS,
};
use crate::explorer::keymap::Keymap;

/// Columns of one list of keys.
const WIDTH: u16 = 66;
const KEYS: u16 = 12;

const POINTER: &[(&str, &str)] = &[
    ("move", "read off the day under the pointer"),
    (
        "drag",
        "the chart to move it, its right end for the horizon, the band's edge for the interval, a threshold",
    ),
    (
        "wheel",
        "the horizon; over the values the interval; with Ctrl zoom; a list",
    ),
    (
        "click",
        "a view's name, a parameter, a check; the verdict shows the checks",
    ),
];

pub(super) fn laid(keymap: &Keymap, area: Rect) -> Laid {
    let groups: &[&[&Group]] = if area.width >= 2 * WIDTH + 6 {
        &[
            &[FORECAST, CHART, LAYERS, LINES, VIEWS],
            &[PRESENT, LISTS, MODEL, PROGRAM],
        ]
    } else {
        &[&[
            FORECAST, CHART, LAYERS, LINES, VIEWS, PRESENT, LISTS, MODEL, PROGRAM,
        ]]
    };
    let room = WIDTH
        .min(area.width.saturating_sub(4))
        .saturating_sub(KEYS + 1)
        .max(1);
    let last = groups.len() - 1;
    let columns = groups.iter().enumerate();
    Laid {
        columns: columns
            .map(|(i, groups)| lines(keymap, groups, i == last, usize::from(room)))
            .collect(),
        width: WIDTH,
    }
}

fn lines(keymap: &Keymap, groups: &[&Group], pointer: bool, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    for group in groups {
        if !lines.is_empty() {
            lines.push(Line::Heading(String::new()));
        }
        lines.push(Line::Heading(group.name.into()));
        for binding in BINDINGS.iter().filter(|binding| binding.group == *group) {
            for (keys, does) in entries(keymap, binding) {
                put(&mut lines, keys, does, width);
            }
        }
    }
    if pointer {
        lines.push(Line::Heading(String::new()));
        lines.push(Line::Heading("Pointer".into()));
        for (how, does) in POINTER {
            put(&mut lines, (*how).into(), does, width);
        }
    }
    lines
}

/// A line of the table as it stands there; with other keys, each of its actions by itself.
fn entries(keymap: &Keymap, binding: &Binding) -> Vec<(String, &'static str)> {
    if keymap.is_default(binding) {
        return vec![(binding.label.into(), binding.help)];
    }
    let actions = binding.actions().into_iter();
    let entry = |action| {
        let keys = keymap.keys(action).iter().map(|key| key.label());
        let keys = keys.collect::<Vec<_>>().join(" ");
        (
            keys,
            action.named().map_or(binding.help, |named| named.words),
        )
    };
    actions
        .map(entry)
        .filter(|(keys, _)| !keys.is_empty())
        .collect()
}

fn put(lines: &mut Vec<Line>, keys: String, does: &str, width: usize) {
    let mut term = keys;
    if term.width() >= usize::from(KEYS) {
        lines.push(Line::Entry {
            term: std::mem::take(&mut term),
            words: String::new(),
            indent: KEYS,
        });
    }
    for words in wrap(does, width) {
        lines.push(Line::Entry {
            term: std::mem::take(&mut term),
            words,
            indent: KEYS,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::action::{Action, Key};

    /// Keys and words of the help, without headings.
    fn help(keymap: &Keymap) -> Vec<(String, String)> {
        let laid = laid(keymap, Rect::new(0, 0, 200, 100));
        let entries = laid.columns.into_iter().flatten();
        let entry = |line| match line {
            Line::Entry { term, words, .. } => Some((term, words)),
            Line::Heading(_) => None,
        };
        entries.filter_map(entry).collect()
    }

    #[test]
    fn chosen_keys_are_shown_each_with_what_it_does() {
        let mut keymap = Keymap::default();
        let before = help(&keymap);
        let key = |name| Key::parse(name).expect(name);
        keymap.set(Action::Quit, vec![key("Q"), key("ctrl-shift-f10")]);
        keymap.set(Action::Seed, vec![]);
        let after = help(&keymap);
        let new: Vec<_> = after.iter().filter(|line| !before.contains(line)).collect();
        let expected = [
            ("Q Ctrl-Shift-F10", ""),
            ("", "leave"),
            ("Esc", "stop a fit; back to the forecast; leave"),
        ];
        assert_eq!(
            new,
            expected
                .map(|(keys, does)| (keys.to_owned(), does.to_owned()))
                .each_ref()
        );
        let gone = before.iter().filter(|line| !after.contains(line));
        let gone: Vec<_> = gone
            .map(|(keys, _)| keys)
            .filter(|keys| !keys.is_empty())
            .collect();
        assert_eq!(gone, ["s", "q Esc"]);
    }
}
