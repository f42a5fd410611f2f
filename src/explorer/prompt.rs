//! Typed numbers and choices: the line that opens for `h`, `i`, `t`, `p` and `e`.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::action::Action;
use super::event::{Effect, ExportFormat, Written};
use super::state::{Prompt, PromptKind, State};
use super::update::{remember, stepped};
use crate::forecast::{Horizon, PATHS, Probability};

/// Longest text a prompt takes.
const LONGEST: usize = 24;
/// Longest line of a model.
const LONGEST_LINE: usize = 400;

impl PromptKind {
    pub fn question(self) -> &'static str {
        match self {
            Self::Horizon => "horizon in steps (1 to 3650):",
            Self::Interval => "interval (0.94 or 94%):",
            Self::Threshold => "threshold:",
            Self::Paths => "sampled paths, 0 to 9:",
            Self::Export => "export as",
            Self::Model => "",
            Self::Write => "write",
        }
    }

    pub fn hint(self) -> &'static str {
        match self {
            Self::Horizon | Self::Interval => "Enter sets · ↑ ↓ one more, less · Esc leaves it",
            Self::Threshold => {
                "↑ ↓ or the pointer move it · type a value · Enter keeps · Esc takes it back"
            }
            Self::Paths => "a digit · Esc",
            Self::Export => "c CSV · j JSON · s SVG · p PNG · Esc",
            Self::Model => "Enter fits · Esc leaves it",
            Self::Write => "m the model (TOML) · t the trace (NetCDF) · Esc",
        }
    }
}

/// A key while a prompt is open; `None` closes the prompt and leaves the key to the table.
pub(super) fn on_key(state: &mut State, key: KeyEvent) -> Option<Vec<Effect>> {
    let typed = matches!(key.code, KeyCode::Char(_))
        && !(key.modifiers).intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    if !typed
        && let Some(action @ (Action::Suspend | Action::Redraw)) =
            state.keymap.action(key, state.view)
    {
        return Some(super::update::act(state, action));
    }
    if key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char('c') {
        cancel(state);
        return Some(vec![]);
    }
    let prompt = state.prompt.as_mut()?;
    prompt.error = None;
    match (prompt.kind, key.code) {
        // The digit is only offered: without one, what `p` did stays.
        (PromptKind::Paths, KeyCode::Esc) => close(state),
        (_, KeyCode::Esc) => cancel(state),
        (PromptKind::Export, KeyCode::Char(c)) => return Some(export(state, c)),
        (PromptKind::Write, KeyCode::Char(c)) => return Some(write(state, c)),
        (PromptKind::Model, KeyCode::Enter) => return Some(accept_line(state)),
        (PromptKind::Model, code) => type_line(prompt, code),
        (PromptKind::Paths, KeyCode::Char(c)) => {
            let Some(count) = c.to_digit(10) else {
                close(state);
                return None;
            };
            state.controls.paths = (count as usize).min(PATHS);
            close(state);
        }
        (PromptKind::Paths | PromptKind::Export | PromptKind::Write, _) => {
            close(state);
            return None;
        }
        (_, KeyCode::Enter) => accept(state),
        (_, KeyCode::Up) => step(state, 1),
        (_, KeyCode::Down) => step(state, -1),
        (_, KeyCode::Backspace) => {
            prompt.text.pop();
        }
        (_, KeyCode::Char(c)) if allowed(c) && prompt.text.len() < LONGEST => prompt.text.push(c),
        _ => {}
    }
    Some(vec![])
}

/// Pasted text, as if typed.
pub(super) fn paste(state: &mut State, text: &str) {
    if let Some(prompt) = state.prompt.as_mut() {
        match prompt.kind {
            PromptKind::Paths | PromptKind::Export | PromptKind::Write => return,
            PromptKind::Model => {
                let plain = text.chars().filter(|c| !c.is_control());
                plain.for_each(|c| type_line(prompt, KeyCode::Char(c)));
                return;
            }
            PromptKind::Horizon | PromptKind::Interval | PromptKind::Threshold => {}
        }
        let room = LONGEST.saturating_sub(prompt.text.len());
        prompt
            .text
            .extend(text.trim().chars().filter(|c| allowed(*c)).take(room));
    }
}

fn allowed(c: char) -> bool {
    c.is_ascii_digit() || ".-+eE%".contains(c)
}

/// Closes the prompt; what changed while it was open is one step to undo.
pub(super) fn close(state: &mut State) {
    if let Some(Prompt { before, .. }) = state.prompt.take()
        && state.controls != before
    {
        remember(state, before);
    }
}

fn cancel(state: &mut State) {
    if let Some(Prompt { before, .. }) = state.prompt.take() {
        state.controls = before;
    }
}

fn accept(state: &mut State) {
    let Some(prompt) = state.prompt.as_mut() else {
        return;
    };
    let text = prompt.text.trim().to_string();
    if text.is_empty() {
        close(state);
        return;
    }
    let problem = match prompt.kind {
        PromptKind::Horizon => match text.parse().ok().and_then(Horizon::new) {
            Some(horizon) => {
                state.controls.horizon = horizon;
                None
            }
            None => Some(format!("a whole number from 1 to {}", Horizon::MAX)),
        },
        PromptKind::Interval => match interval(&text) {
            Some(mass) => {
                state.controls.interval = mass;
                None
            }
            None => Some("strictly between 0 and 1, or 0% and 100%".to_string()),
        },
        PromptKind::Threshold => match text.parse::<f64>().ok().filter(|value| value.is_finite()) {
            Some(value) => {
                state.controls.threshold = Some(value);
                None
            }
            None => Some("a number".to_string()),
        },
        _ => None,
    };
    match (problem, state.prompt.as_mut()) {
        (Some(problem), Some(prompt)) => prompt.error = Some(problem),
        _ => close(state),
    }
}

/// `0.94` and `94%` as everywhere; a bare number above 1 can only be meant in percent.
fn interval(text: &str) -> Option<Probability> {
    let plain: Option<Probability> = text.parse().ok();
    plain.or_else(|| {
        let percent = text.parse::<f64>().ok().filter(|percent| *percent > 1.0)?;
        Probability::new(percent / 100.0)
    })
}

/// Arrows while a prompt is open move the value it asks for.
fn step(state: &mut State, by: i32) {
    match state.prompt.as_ref().map(|prompt| prompt.kind) {
        Some(PromptKind::Horizon) => {
            let steps = state.controls.horizon.steps() as i64 + i64::from(by);
            let longer = u32::try_from(steps).ok().and_then(Horizon::new);
            state.controls.horizon = longer.unwrap_or(state.controls.horizon);
        }
        Some(PromptKind::Interval) => {
            state.controls.interval = stepped(state.controls.interval, by);
        }
        Some(PromptKind::Threshold) => {
            if let (Some(value), Some(plot)) = (state.controls.threshold, super::mouse::plot(state))
            {
                state.controls.threshold = Some(value + f64::from(by) * plot.value_per_row() / 2.0);
            }
        }
        _ => {}
    }
}

/// Opens the chosen line of the model for editing.
pub(super) fn edit_line(state: &mut State) {
    if let Some(line) = state.recipe.lines().get(state.line) {
        let text = state.recipe.text(line);
        state.prompt = Some(Prompt {
            kind: PromptKind::Model,
            at: text.chars().count(),
            text,
            error: None,
            before: state.controls,
        });
    }
}

/// A key in a line of text.
fn type_line(prompt: &mut Prompt, code: KeyCode) {
    let length = prompt.text.chars().count();
    let byte = |at: usize| {
        let mut places = prompt.text.char_indices().map(|(byte, _)| byte);
        places.nth(at).unwrap_or(prompt.text.len())
    };
    match code {
        KeyCode::Left => prompt.at = prompt.at.saturating_sub(1),
        KeyCode::Right => prompt.at = (prompt.at + 1).min(length),
        KeyCode::Home => prompt.at = 0,
        KeyCode::End => prompt.at = length,
        KeyCode::Backspace if prompt.at > 0 => {
            let before = byte(prompt.at - 1);
            prompt.text.remove(before);
            prompt.at -= 1;
        }
        KeyCode::Delete if prompt.at < length => {
            let here = byte(prompt.at);
            prompt.text.remove(here);
        }
        KeyCode::Char(c) if length < LONGEST_LINE => {
            let here = byte(prompt.at);
            prompt.text.insert(here, c);
            prompt.at += 1;
        }
        _ => {}
    }
}

fn accept_line(state: &mut State) -> Vec<Effect> {
    let (Some(prompt), Some(line)) = (
        state.prompt.as_mut(),
        state.recipe.lines().get(state.line).cloned(),
    ) else {
        return vec![];
    };
    match state.recipe.edited(&line, prompt.text.trim()) {
        Ok(recipe) => {
            state.prompt = None;
            super::update::refit(state, recipe)
        }
        Err(why) => {
            prompt.error = Some(why);
            vec![]
        }
    }
}

fn write(state: &mut State, choice: char) -> Vec<Effect> {
    let what = match choice {
        'm' => Written::Model,
        't' => Written::Trace,
        _ => {
            if let Some(prompt) = state.prompt.as_mut() {
                prompt.error = Some("m or t".into());
            }
            return vec![];
        }
    };
    close(state);
    vec![Effect::Write(what)]
}

fn export(state: &mut State, choice: char) -> Vec<Effect> {
    let format = match choice {
        'c' => ExportFormat::Csv,
        'j' => ExportFormat::Json,
        's' => ExportFormat::Svg,
        'p' => ExportFormat::Png,
        _ => {
            if let Some(prompt) = state.prompt.as_mut() {
                prompt.error = Some("c, j, s or p".into());
            }
            return vec![];
        }
    };
    close(state);
    vec![Effect::Export(format)]
}

#[cfg(test)]
mod tests;
