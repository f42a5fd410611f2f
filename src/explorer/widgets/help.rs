//! The help overlay, from the table of actions.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};

use super::{frame, text};
use crate::explorer::action::{BINDINGS, CHART, FORECAST, LAYERS, PROGRAM};
use crate::explorer::state::State;

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
        "the horizon; over the values the interval; with Ctrl zoom",
    ),
];

pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let Some(scroll) = state.help else {
        return;
    };
    let Sheet {
        columns,
        width,
        height,
    } = Sheet::of(area);
    let outer = area.centered(
        ratatui::layout::Constraint::Length(width),
        ratatui::layout::Constraint::Length(height),
    );
    Clear.render(outer, buffer);
    let hidden = hidden(area);
    let heading = if hidden > 0 {
        "help · ↑ ↓ scroll · Esc closes"
    } else {
        "help · Esc closes"
    };
    let inner = frame(&state.theme, heading, outer, buffer);
    let scroll = scroll.min(hidden);
    for (i, column) in columns.iter().enumerate() {
        let x = inner.x + 1 + i as u16 * WIDTH;
        let room = Rect {
            width: inner.width.min(x + WIDTH - inner.x),
            ..inner
        };
        for (y, line) in (inner.top()..inner.bottom()).zip(column.iter().skip(usize::from(scroll)))
        {
            match line {
                Line::Heading(words) => text(buffer, room, x, y, words, state.theme.heading),
                Line::Key(keys, does) => {
                    text(buffer, room, x, y, keys, state.theme.accent);
                    text(buffer, room, x + KEYS, y, does, state.theme.text);
                }
            }
        }
    }
}

/// Lines of help that do not fit into a window of this size: how far one can scroll.
pub fn hidden(area: Rect) -> u16 {
    let Sheet {
        columns, height, ..
    } = Sheet::of(area);
    let longest = columns.iter().map(Vec::len).max().unwrap_or(0) as u16;
    longest.saturating_sub(height.saturating_sub(2))
}

/// The help as it is laid out in a window.
struct Sheet {
    columns: Vec<Vec<Line>>,
    width: u16,
    height: u16,
}

impl Sheet {
    fn of(area: Rect) -> Self {
        let groups: &[&[&'static str]] = if area.width >= 2 * WIDTH + 6 {
            &[&[FORECAST, LAYERS], &[CHART, PROGRAM]]
        } else {
            &[&[FORECAST, LAYERS, CHART, PROGRAM]]
        };
        let room = WIDTH
            .min(area.width.saturating_sub(4))
            .saturating_sub(KEYS + 1)
            .max(1);
        let last = groups.len() - 1;
        let columns: Vec<_> = groups
            .iter()
            .enumerate()
            .map(|(i, groups)| lines(groups, i == last, usize::from(room)))
            .collect();
        let longest = columns.iter().map(Vec::len).max().unwrap_or(0) as u16;
        Self {
            width: (columns.len() as u16 * WIDTH + 4).min(area.width),
            height: (longest + 2).min(area.height),
            columns,
        }
    }
}

enum Line {
    Heading(&'static str),
    Key(&'static str, String),
}

fn lines(groups: &[&'static str], pointer: bool, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let put = |lines: &mut Vec<Line>, keys: &'static str, does: &str| {
        for (i, part) in wrap(does, width).into_iter().enumerate() {
            lines.push(Line::Key(if i == 0 { keys } else { "" }, part));
        }
    };
    for group in groups {
        lines.push(Line::Heading(group));
        for binding in BINDINGS.iter().filter(|binding| binding.group == *group) {
            put(&mut lines, binding.label, binding.help);
        }
        lines.push(Line::Heading(""));
    }
    if pointer {
        lines.push(Line::Heading("Pointer"));
        for (how, does) in POINTER {
            put(&mut lines, how, does);
        }
    } else {
        lines.pop();
    }
    lines
}

/// Words in lines of at most `width` characters.
pub fn wrap(words: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words.split_whitespace() {
        let last = lines.len() - 1;
        if lines[last].is_empty() {
            lines[last] = word.into();
        } else if lines[last].chars().count() + 1 + word.chars().count() <= width {
            lines[last] += " ";
            lines[last] += word;
        } else {
            lines.push(word.into());
        }
    }
    lines
}
