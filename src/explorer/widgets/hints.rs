//! The last line: a prompt, what happened, or the keys worth knowing.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::text;
use crate::explorer::numbers;
use crate::explorer::state::{Prompt, PromptKind, State, View};

/// Keys worth knowing in a view, the most useful first.
fn hints(view: View) -> &'static [(&'static str, &'static str)] {
    match view {
        View::Forecast => &[
            ("?", "help"),
            ("q", "quit"),
            ("Tab", "views"),
            ("← →", "horizon"),
            ("↑ ↓", "interval"),
            ("t", "threshold"),
            ("p", "paths"),
            ("+ -", "zoom"),
            (", .", "day"),
            ("b", "band"),
            ("c", "chains"),
            ("s", "seed"),
            ("e", "export"),
            ("y", "copy"),
            ("u", "undo"),
        ],
        View::Diagnostics => &[
            ("?", "help"),
            ("q", "quit"),
            ("Tab", "views"),
            ("↑ ↓", "parameter"),
            ("g", "glossary"),
            ("y", "copy"),
            ("e", "export"),
            ("r", "reload"),
        ],
        View::Checks => &[
            ("?", "help"),
            ("q", "quit"),
            ("Tab", "views"),
            ("↑ ↓", "check"),
            ("Enter", "its parameter"),
            ("g", "glossary"),
            ("y", "copy"),
            ("e", "export"),
            ("r", "reload"),
        ],
    }
}

pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let theme = &state.theme;
    if let Some(prompt) = &state.prompt {
        return prompt_line(state, prompt, area, buffer);
    }
    if let Some(notice) = &state.notice {
        let style = if notice.problem {
            theme.bad
        } else {
            theme.text
        };
        return text(buffer, area, area.x + 1, area.y, &notice.text, style);
    }
    let mut x = area.x + 1;
    for (key, does) in hints(state.view) {
        let width = (key.chars().count() + does.chars().count() + 4) as u16;
        if x + width > area.right() {
            break;
        }
        text(buffer, area, x, area.y, key, theme.accent);
        text(
            buffer,
            area,
            x + key.chars().count() as u16 + 1,
            area.y,
            does,
            theme.dim,
        );
        x += width;
    }
}

fn prompt_line(state: &State, prompt: &Prompt, area: Rect, buffer: &mut Buffer) {
    let theme = &state.theme;
    let mut x = area.x + 1;
    let mut put = |words: &str, style| {
        text(buffer, area, x, area.y, words, style);
        x = x.saturating_add(words.chars().count() as u16);
    };
    put(prompt.kind.question(), theme.heading);
    put(" ", theme.text);
    let value = match prompt.kind {
        _ if !prompt.text.is_empty() => prompt.text.clone(),
        PromptKind::Horizon => state.controls.horizon.to_string(),
        PromptKind::Interval => state.controls.interval.percent(),
        PromptKind::Threshold => state.controls.threshold.map_or(String::new(), |value| {
            numbers::fixed(value, numbers::decimals(value.abs() / 500.0))
        }),
        PromptKind::Paths => state.controls.paths.to_string(),
        PromptKind::Export => String::new(),
    };
    put(&value, theme.accent);
    put("▏  ", theme.accent);
    match &prompt.error {
        Some(error) => put(error, theme.bad),
        None => put(prompt.kind.hint(), theme.dim),
    }
}
