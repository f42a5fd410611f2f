//! A sheet of text over the view: help, from the table of actions, or the glossary.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Rect};
use ratatui::widgets::{Clear, Widget};

use super::{frame, glossary, help, text};
use crate::explorer::keymap::Keymap;
use crate::explorer::state::{Overlay, Sheet, State};

/// A line of a sheet.
pub enum Line {
    Heading(String),
    /// A key or a term, and what is said about it from some column on.
    Entry {
        term: String,
        words: String,
        indent: u16,
    },
}

/// A sheet as it is laid out in a window.
pub struct Laid {
    pub columns: Vec<Vec<Line>>,
    /// Of one column.
    pub width: u16,
}

impl Laid {
    fn of(sheet: Sheet, keymap: &Keymap, area: Rect) -> Self {
        match sheet {
            Sheet::Help => help::laid(keymap, area),
            Sheet::Glossary => glossary::laid(area),
        }
    }

    fn longest(&self) -> u16 {
        self.columns.iter().map(Vec::len).max().unwrap_or(0) as u16
    }

    /// Height with its frame.
    fn height(&self, area: Rect) -> u16 {
        (self.longest() + 2).min(area.height)
    }
}

pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let Some(Overlay { sheet, scroll }) = state.overlay else {
        return;
    };
    let laid = Laid::of(sheet, &state.keymap, area);
    let width = (laid.columns.len() as u16 * laid.width + 4).min(area.width);
    let outer = area.centered(
        Constraint::Length(width),
        Constraint::Length(laid.height(area)),
    );
    Clear.render(outer, buffer);
    let hidden = hidden(sheet, &state.keymap, area);
    let name = match sheet {
        Sheet::Help => "help",
        Sheet::Glossary => "glossary",
    };
    let heading = if hidden > 0 {
        format!("{name} · ↑ ↓ scroll · Esc closes")
    } else {
        format!("{name} · Esc closes")
    };
    let inner = frame(&state.theme, &heading, outer, buffer);
    let scroll = usize::from(scroll.min(hidden));
    for (i, column) in laid.columns.iter().enumerate() {
        let x = inner.x + 1 + i as u16 * laid.width;
        let room = Rect {
            width: inner.width.min(x + laid.width - inner.x),
            ..inner
        };
        for (y, line) in (inner.top()..inner.bottom()).zip(column.iter().skip(scroll)) {
            match line {
                Line::Heading(words) => text(buffer, room, x, y, words, state.theme.heading),
                Line::Entry {
                    term,
                    words,
                    indent,
                } => {
                    text(buffer, room, x, y, term, state.theme.accent);
                    text(buffer, room, x + indent, y, words, state.theme.text);
                }
            }
        }
    }
}

/// Lines of a sheet that do not fit into a window of this size: how far one can scroll.
pub fn hidden(sheet: Sheet, keymap: &Keymap, area: Rect) -> u16 {
    let laid = Laid::of(sheet, keymap, area);
    laid.longest()
        .saturating_sub(laid.height(area).saturating_sub(2))
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
