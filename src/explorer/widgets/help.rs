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
    let wide = area.width >= 2 * WIDTH + 6;
    let columns = if wide {
        vec![
            lines(&[FORECAST, LAYERS], false),
            lines(&[CHART, PROGRAM], true),
        ]
    } else {
        vec![lines(&[FORECAST, LAYERS, CHART, PROGRAM], true)]
    };
    let longest = columns.iter().map(Vec::len).max().unwrap_or(0) as u16;
    let width = (columns.len() as u16 * WIDTH + 4).min(area.width);
    let height = (longest + 2).min(area.height);
    let outer = area.centered(
        ratatui::layout::Constraint::Length(width),
        ratatui::layout::Constraint::Length(height),
    );
    Clear.render(outer, buffer);
    let hidden = longest.saturating_sub(height.saturating_sub(2));
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

enum Line {
    Heading(&'static str),
    Key(&'static str, String),
}

fn lines(groups: &[&'static str], pointer: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    for group in groups {
        lines.push(Line::Heading(group));
        let bindings = BINDINGS.iter().filter(|binding| binding.group == *group);
        lines.extend(bindings.map(|binding| Line::Key(binding.label, binding.help.into())));
        lines.push(Line::Heading(""));
    }
    if pointer {
        lines.push(Line::Heading("Pointer"));
        for (how, does) in POINTER {
            for (i, part) in wrap(does, usize::from(WIDTH - KEYS - 2))
                .into_iter()
                .enumerate()
            {
                lines.push(Line::Key(if i == 0 { how } else { "" }, part));
            }
        }
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
