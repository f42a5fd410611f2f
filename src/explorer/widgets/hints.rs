//! The last line: a prompt, what happened, or the keys worth knowing.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::text;
use crate::explorer::action::Action;
use crate::explorer::numbers;
use crate::explorer::state::{Prompt, PromptKind, State, View};
use crate::sampler::ChainProgress;

/// Actions worth knowing where one is, the most useful first, and what their keys do.
fn hints(state: &State) -> &'static [(&'static [Action], &'static str)] {
    match state.view {
        View::Forecast => &[
            (&[Action::Help], "help"),
            (&[Action::Quit], "quit"),
            (&[Action::NextView(1)], "views"),
            (&[Action::Horizon(-1), Action::Horizon(1)], "horizon"),
            (&[Action::Interval(1), Action::Interval(-1)], "interval"),
            (&[Action::Threshold], "threshold"),
            (&[Action::Paths], "paths"),
            (&[Action::Zoom(1), Action::Zoom(-1)], "zoom"),
            (&[Action::Cursor(-1), Action::Cursor(1)], "day"),
            (&[Action::Band], "band"),
            (&[Action::Chains], "chains"),
            (&[Action::Seed], "seed"),
            (&[Action::Export], "export"),
            (&[Action::Copy], "copy"),
            (&[Action::Undo], "undo"),
        ],
        View::Diagnostics => &[
            (&[Action::Help], "help"),
            (&[Action::Quit], "quit"),
            (&[Action::NextView(1)], "views"),
            (&[Action::Choose(-1), Action::Choose(1)], "parameter"),
            (&[Action::Glossary], "glossary"),
            (&[Action::Copy], "copy"),
            (&[Action::Export], "export"),
            (&[Action::Reload], "reload"),
        ],
        View::Checks => &[
            (&[Action::Help], "help"),
            (&[Action::Quit], "quit"),
            (&[Action::NextView(1)], "views"),
            (&[Action::Choose(-1), Action::Choose(1)], "check"),
            (&[Action::OpenParameter], "its parameter"),
            (&[Action::Glossary], "glossary"),
            (&[Action::Copy], "copy"),
            (&[Action::Export], "export"),
            (&[Action::Reload], "reload"),
        ],
        View::Model => &[
            (&[Action::Help], "help"),
            (&[Action::Quit], "quit"),
            (&[Action::NextView(1)], "views"),
            (&[Action::Choose(-1), Action::Choose(1)], "line"),
            (&[Action::Edit], "edit"),
            (
                &[Action::Training(-1), Action::Training(1)],
                "training rows",
            ),
            (&[Action::Undo], "undo"),
            (&[Action::Write], "write"),
            (&[Action::Glossary], "glossary"),
        ],
        View::Present if state.unread_failure() => &[
            (&[Action::EndPresent], "back"),
            (&[Action::Help], "help"),
            (&[Action::Acknowledge], "show its bands all the same"),
        ],
        View::Present if state.present.paused => &[
            (&[Action::EndPresent], "back"),
            (&[Action::Help], "help"),
            (&[Action::Pause], "go on"),
            (
                &[Action::Future(-1), Action::Future(1)],
                "the one before, after",
            ),
        ],
        View::Present => &[
            (&[Action::EndPresent], "back"),
            (&[Action::Help], "help"),
            (&[Action::Pause], "pause"),
            (&[Action::Future(-1), Action::Future(1)], "futures"),
            (&[Action::Cursor(-1), Action::Cursor(1)], "day"),
            (&[Action::Threshold], "threshold"),
            (&[Action::Interval(1), Action::Interval(-1)], "interval"),
            (&[Action::MeanLine], "mean"),
        ],
    }
}

/// Futures that are shown before a presentation has nothing but itself on screen.
pub const HINTED: usize = 8;

pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let theme = &state.theme;
    if let Some(prompt) = &state.prompt {
        return prompt_line(state, prompt, area, buffer);
    }
    if let Some(chains) = &state.fitting {
        return progress(state, chains, area, buffer);
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
    let mut key_style = theme.accent;
    if state.view == View::Present {
        x = area.x;
        key_style = theme.dim;
        if state.plays() && state.present.shown >= HINTED {
            return;
        }
        if let (true, Some(shown)) = (state.present.paused, state.presented()) {
            let count = shown.futures.len();
            let number = state.present.future % count.max(1) + 1;
            let words = format!("paused at future {number} of {count}   ");
            text(buffer, area, x, area.y, &words, theme.text);
            x += words.chars().count() as u16;
        }
    }
    for (actions, does) in hints(state) {
        let Some(key) = state.keymap.label(actions) else {
            continue;
        };
        let width = (key.chars().count() + does.chars().count() + 4) as u16;
        if x + width > area.right() {
            break;
        }
        text(buffer, area, x, area.y, &key, key_style);
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
    if prompt.kind == PromptKind::Model {
        let before: String = prompt.text.chars().take(prompt.at).collect();
        let after: String = prompt.text.chars().skip(prompt.at).collect();
        let line = state.recipe.lines().into_iter().nth(state.line);
        put(
            line.as_ref().map_or("", |line| state.recipe.name(line)),
            theme.heading,
        );
        put(" = ", theme.dim);
        put(&before, theme.accent);
        put("▏", theme.accent);
        put(&after, theme.accent);
        put("  ", theme.text);
        return match &prompt.error {
            Some(error) => put(error, theme.bad),
            None => put(prompt.kind.hint(), theme.dim),
        };
    }
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
        PromptKind::Export | PromptKind::Write | PromptKind::Model => String::new(),
    };
    put(&value, theme.accent);
    put("▏  ", theme.accent);
    match &prompt.error {
        Some(error) => put(error, theme.bad),
        None => put(prompt.kind.hint(), theme.dim),
    }
}

/// How far the fit is, a bar a chain.
fn progress(state: &State, chains: &[ChainProgress], area: Rect, buffer: &mut Buffer) {
    const BAR: usize = 12;
    let theme = &state.theme;
    let mut x = area.x + 1;
    let mut put = |words: &str, style| {
        text(buffer, area, x, area.y, words, style);
        x = x.saturating_add(words.chars().count() as u16);
    };
    put("fitting  ", theme.heading);
    if chains.is_empty() {
        put("looking for the start …  ", theme.dim);
    }
    let divergences: usize = chains.iter().map(|chain| chain.divergences).sum();
    for (i, chain) in chains.iter().enumerate() {
        let (done, all) = (chain.tuned + chain.kept, chain.tune + chain.draws);
        let full = BAR * done / all.max(1);
        let color = theme.chains[i % theme.chains.len()];
        put(&"█".repeat(full), ratatui::style::Style::new().fg(color));
        put(&"░".repeat(BAR - full), theme.border);
        put(" ", theme.text);
    }
    if divergences > 0 {
        put(
            &format!("{} divergent  ", numbers::count(divergences)),
            theme.bad,
        );
    }
    if let Some(key) = state.keymap.label(&[Action::Back]) {
        put(&format!(" {key} stops"), theme.dim);
    }
}
