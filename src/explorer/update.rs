//! How the state changes: a pure function of the state and an event.

mod fits;
mod lists;
mod present;
mod viewport;

use std::sync::Arc;

use crossterm::event::{Event as Input, KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Size;

use super::action::Action;
use super::event::{Effect, Event};
use super::recipe::Recipe;
use super::state::{Controls, Notice, Overlay, Prompt, PromptKind, Sheet, State, View, Viewport};
use super::widgets::sheet;
use super::{copy, mouse, prompt};
use crate::chart::words;
use crate::forecast::{Distribution, Horizon, PATHS, Probability};
pub(super) use fits::refit;
use fits::{begin, on_loaded, show_document};
use lists::{choose, open_parameter};
use viewport::show_cursor;
pub(super) use viewport::{pan, zoom};

/// How many changes can be taken back.
const UNDO: usize = 100;
/// Changes the state and says what is to be done.
pub fn update(state: &mut State, event: Event) -> Vec<Effect> {
    let mut effects = match event {
        Event::Terminal(input) => on_input(state, input),
        Event::Figures(figures) => {
            state.figures = Some(figures);
            vec![]
        }
        Event::Checked(document, report) => {
            // A slow check may come in after its file was replaced.
            if Arc::ptr_eq(&document, &state.document) {
                let parameters = report.parameters.len();
                state.parameter = state.parameter.min(parameters.saturating_sub(1));
                state.report = Some(report);
            }
            vec![]
        }
        Event::Portrayed(document, parameter, portrait) => {
            if Arc::ptr_eq(&document, &state.document) {
                state.portrait = Some((parameter, portrait));
            }
            vec![]
        }
        Event::ForecastFailed(why) | Event::LoadFailed(why) => {
            complain(state, why);
            vec![]
        }
        Event::Loaded(document, recipe) => {
            on_loaded(state, document, recipe);
            vec![]
        }
        Event::Reread(table) => {
            say(
                state,
                format!("{} changed: fitting again", state.document.name),
            );
            let recipe = Recipe::new((*state.recipe.model).clone(), table);
            state.recipes.clear();
            begin(state, recipe)
        }
        Event::Fitting(chains) => {
            if state.fitting.is_some() {
                state.fitting = Some(chains);
            }
            vec![]
        }
        Event::Grown(document) => {
            if state.fitting.is_some() {
                show_document(state, document);
            }
            vec![]
        }
        Event::Fitted(document, recipe, note) => {
            // A fit that was asked for before the last change is of no interest.
            if recipe == state.recipe {
                state.recipe = recipe;
                state.fitting = None;
                state.failure_seen = false;
                show_document(state, document);
                let note = match state.greeting.take() {
                    Some(greeting) => format!("{note} · {greeting}"),
                    None => note,
                };
                say(state, note);
            }
            vec![]
        }
        Event::FitFailed(why) => {
            state.fitting = None;
            complain(state, why);
            vec![]
        }
        Event::Prior(recipe, imagined) => {
            match imagined {
                Ok(imagined) => state.prior = Some((recipe, imagined)),
                Err(why) => {
                    state.prior = None;
                    complain(state, why);
                }
            }
            vec![]
        }
        Event::Exported(Ok(path)) => {
            say(state, format!("written: {}", path.display()));
            vec![]
        }
        Event::Exported(Err(why)) => {
            complain(state, why);
            vec![]
        }
        Event::Background(background) => {
            state.theme = super::theme::Theme::new(state.theme.colors, background);
            vec![]
        }
        Event::Said(text) => {
            say(state, text);
            vec![]
        }
        // About the terminal alone, and nothing that the state holds.
        Event::Answered(_) | Event::Painted(_) => vec![],
        Event::Tick => {
            present::tick(state);
            vec![]
        }
        Event::Continued => vec![Effect::Redraw],
        Event::Terminate => vec![Effect::Quit],
    };
    limit_horizon(state);
    // Whatever changed, the figures follow from the state: ask when the question is another one.
    let query = state.query();
    if state.asked.as_ref() != Some(&query) {
        state.asked = Some(query.clone());
        effects.push(Effect::Compute(query));
    }
    if state.view == View::Diagnostics
        && state.report.is_some()
        && state.portrayed != Some(state.parameter)
    {
        state.portrayed = Some(state.parameter);
        effects.push(Effect::Portray(state.parameter));
    }
    if state.view == View::Model && state.prior_asked.as_ref() != Some(&state.recipe) {
        state.prior_asked = Some(state.recipe.clone());
        effects.push(Effect::Imagine(state.recipe.clone()));
    }
    effects
}

/// Keeps the horizon to what can be forecast, where columns of the data have to be known.
fn limit_horizon(state: &mut State) {
    let steps = state.controls.horizon.steps();
    let most = state.document.ahead.filter(|most| *most < steps);
    let most = most.and_then(|most| Horizon::new(u32::try_from(most).ok()?));
    if let Some(most) = most {
        state.controls.horizon = most;
        let steps = words::length(&state.document.series.axis, most.steps());
        say(
            state,
            format!("the columns that the model names are known {steps} ahead"),
        );
    }
}

fn on_input(state: &mut State, input: Input) -> Vec<Effect> {
    match input {
        Input::Resize(width, height) => {
            state.size = Size::new(width, height);
            vec![]
        }
        Input::Mouse(event) => mouse::on_mouse(state, event),
        Input::Paste(text) => {
            prompt::paste(state, &text);
            vec![]
        }
        Input::Key(key) if key.is_press() || key.is_repeat() => on_key(state, key),
        _ => vec![],
    }
}

fn on_key(state: &mut State, key: KeyEvent) -> Vec<Effect> {
    if let Some(overlay) = state.overlay
        && let Some(effects) = in_overlay(state, overlay, key)
    {
        return effects;
    }
    if state.prompt.is_some()
        && let Some(effects) = prompt::on_key(state, key)
    {
        return effects;
    }
    state.notice = None;
    match state.keymap.action(key, state.view) {
        Some(action) => act(state, action),
        None => vec![],
    }
}

/// Keys while a sheet of text is open; `None` leaves a key to the table of actions.
fn in_overlay(state: &mut State, overlay: Overlay, key: KeyEvent) -> Option<Vec<Effect>> {
    let Overlay { sheet, scroll } = overlay;
    let scroll = match key.code {
        KeyCode::Down => Some(scroll.saturating_add(1)),
        KeyCode::Up => Some(scroll.saturating_sub(1)),
        KeyCode::PageDown | KeyCode::Char(' ') => Some(scroll.saturating_add(10)),
        KeyCode::PageUp => Some(scroll.saturating_sub(10)),
        KeyCode::Home => Some(0),
        KeyCode::Enter | KeyCode::Esc => None,
        KeyCode::End => Some(u16::MAX),
        _ => match state.keymap.action(key, state.view) {
            // What leaves the program leaves the sheet first; only Ctrl goes further.
            Some(Action::Quit) if !key.modifiers.contains(KeyModifiers::CONTROL) => None,
            Some(Action::Quit | Action::Suspend | Action::Redraw | Action::Mouse) => return None,
            // From one sheet to the other; its own key closes it.
            Some(Action::Help) if sheet != Sheet::Help => return None,
            Some(Action::Glossary) if sheet != Sheet::Glossary => return None,
            Some(Action::Help | Action::Glossary | Action::Back | Action::EndPresent) => None,
            _ => Some(scroll),
        },
    };
    let last = sheet::hidden(sheet, &state.keymap, state.area());
    state.overlay = scroll.map(|scroll| Overlay {
        sheet,
        scroll: scroll.min(last),
    });
    Some(vec![])
}

/// Does what a key or the pointer asked for.
pub(super) fn act(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::Horizon(by) => {
            let now = state.controls.horizon.steps() as i64;
            // The arrows stop at the usual limit; a longer horizon that was typed may shrink.
            let most = i64::from(Horizon::USUAL_MAX).max(now);
            let horizon = Horizon::new((now + i64::from(by)).clamp(1, most) as u32);
            change(state, |controls| {
                controls.horizon = horizon.unwrap_or(controls.horizon)
            });
        }
        Action::Interval(by) => {
            change(state, |controls| {
                controls.interval = stepped(controls.interval, by)
            });
        }
        Action::TypeHorizon => open(state, PromptKind::Horizon),
        Action::TypeInterval => open(state, PromptKind::Interval),
        Action::Zoom(by) => zoom(state, by, state.cursor.unwrap_or(state.last_observed())),
        Action::ZoomReset => state.viewport = Viewport::Follow,
        Action::Pan(tenths) => {
            let (from, to) = state.window();
            pan(state, from, to, f64::from(tenths) * (to - from) / 10.0);
        }
        Action::Cursor(by) => {
            let at = state.cursor_position() + f64::from(by);
            state.cursor = Some(at.clamp(0.0, state.last_forecast()));
            show_cursor(state);
        }
        Action::CursorHome => {
            state.cursor = None;
            show_cursor(state);
        }
        Action::Threshold => threshold(state),
        Action::Band => change(state, |controls| {
            controls.distribution = match controls.distribution {
                Distribution::Predictive => Distribution::Mean,
                Distribution::Mean => Distribution::Predictive,
            }
        }),
        Action::Paths => {
            let shown = if state.controls.paths == 0 {
                5.min(PATHS)
            } else {
                0
            };
            // The digit that may follow belongs to the same change.
            open(state, PromptKind::Paths);
            state.controls.paths = shown;
        }
        Action::Chains => change(state, |controls| controls.chains = !controls.chains),
        Action::Seed => {
            change(state, |controls| {
                controls.seed = controls.seed.wrapping_add(1)
            });
            say(state, format!("seed {}", state.controls.seed));
        }
        Action::Undo if state.view == View::Model => {
            return match state.recipes.pop() {
                Some(recipe) => begin(state, recipe),
                None => {
                    say(state, "nothing to undo".into());
                    vec![]
                }
            };
        }
        Action::Undo => match state.undo.pop() {
            Some(controls) => state.controls = controls,
            None => say(state, "nothing to undo".into()),
        },
        Action::Export => open(state, PromptKind::Export),
        Action::Copy => {
            return match copy::figures(state) {
                Some(text) => {
                    say(
                        state,
                        format!("copied: {}", text.lines().next().unwrap_or_default()),
                    );
                    vec![Effect::Copy(text)]
                }
                None => vec![],
            };
        }
        Action::Reload => {
            return match state.document.path {
                Some(_) => {
                    say(state, "reading the file again …".into());
                    vec![Effect::Reload]
                }
                None => {
                    say(state, "the demo is built in: nothing to read again".into());
                    vec![]
                }
            };
        }
        Action::Acknowledge => state.failure_seen = state.failed(),
        Action::Mouse => {
            state.mouse = !state.mouse;
            let now = if state.mouse {
                "mouse on"
            } else {
                "mouse off: the terminal selects text"
            };
            say(state, now.into());
            return vec![Effect::Mouse(state.mouse)];
        }
        Action::View(view) => state.view = view,
        Action::NextView(by) => state.view = state.view.after(by),
        Action::Choose(by) => choose(state, by),
        Action::OpenParameter => open_parameter(state),
        Action::Edit => prompt::edit_line(state),
        Action::Training(by) => {
            let rows = state.recipe.training as i64 + i64::from(by);
            let recipe = state.recipe.with_training(rows.max(0) as usize);
            return refit(state, recipe);
        }
        Action::Write => open(state, PromptKind::Write),
        Action::Present => present::open(state),
        Action::EndPresent => state.view = state.present.back,
        Action::Pause => state.present.paused = !state.present.paused,
        Action::Future(by) => {
            state.present.paused = true;
            present::step(state, by);
        }
        Action::MeanLine => state.present.mean = !state.present.mean,
        Action::Help => show(state, Sheet::Help),
        Action::Glossary => show(state, Sheet::Glossary),
        Action::Redraw => return vec![Effect::Redraw],
        Action::Suspend => return vec![Effect::Suspend],
        Action::Back if state.fitting.is_some() => return vec![Effect::StopFit],
        Action::Back if state.view != View::Forecast => state.view = View::Forecast,
        Action::Back | Action::Quit => return vec![Effect::Quit],
    }
    vec![]
}

fn show(state: &mut State, sheet: Sheet) {
    state.overlay = Some(Overlay { sheet, scroll: 0 });
}

/// Changes the controls in a way that can be taken back.
pub(super) fn change(state: &mut State, with: impl FnOnce(&mut Controls)) {
    let before = state.controls;
    with(&mut state.controls);
    if state.controls != before {
        remember(state, before);
    }
}

/// Puts controls on the list of what can be taken back. While a prompt is open nothing is put
/// there: all that happens meanwhile is the one step that it leaves when it closes.
pub(super) fn remember(state: &mut State, before: Controls) {
    if state.prompt.is_some() {
        return;
    }
    if state.undo.len() == UNDO {
        state.undo.remove(0);
    }
    state.undo.push(before);
}

/// An interval some percentage points on. Beyond 99 % the points get finer, so that no arrow
/// ever reaches 100 %.
pub(super) fn stepped(interval: Probability, by: i32) -> Probability {
    const FINE: [f64; 4] = [99.5, 99.9, 99.95, 99.99];
    let before = interval.get() * 100.0;
    let mut percent = before;
    for _ in 0..by.abs() {
        percent = if by > 0 {
            match FINE.iter().find(|fine| **fine > percent + 1e-9) {
                Some(fine) if percent >= 99.0 - 1e-9 => *fine,
                Some(_) => (percent + 1e-9).floor() + 1.0,
                None => percent,
            }
        } else {
            match FINE.iter().rfind(|fine| **fine < percent - 1e-9) {
                Some(fine) => *fine,
                None => ((percent - 1e-9).ceil() - 1.0).max(1.0).min(percent),
            }
        };
    }
    let moved = Probability::new(percent / 100.0).filter(|_| percent != before);
    moved.unwrap_or(interval)
}

fn open(state: &mut State, kind: PromptKind) {
    let before = state.controls;
    state.prompt = Some(Prompt {
        kind,
        text: String::new(),
        error: None,
        before,
        at: 0,
    });
}

/// Switches the threshold off, or on at a round value that the fan passes.
fn threshold(state: &mut State) {
    if state.controls.threshold.is_some() {
        change(state, |controls| controls.threshold = None);
        return;
    }
    let Some(figures) = &state.figures else {
        return;
    };
    let fan = &figures.forecast;
    let step = fan
        .nearest(state.cursor_position())
        .unwrap_or(fan.len().saturating_sub(1));
    if let (Some(mean), Some(band)) = (fan.mean.get(step), fan.bands.first()) {
        let above = band.upper[step] - mean;
        let value = mean + 0.5 * above;
        let unit = 10f64.powf(above.abs().max(1e-300).log10().floor());
        let round = (value / unit).round() * unit;
        let value = if round.is_finite() { round } else { value };
        open(state, PromptKind::Threshold);
        state.controls.threshold = Some(value);
    }
}

pub(super) fn say(state: &mut State, text: String) {
    state.notice = Some(Notice {
        text,
        problem: false,
    });
}

pub(super) fn complain(state: &mut State, text: String) {
    state.notice = Some(Notice {
        text,
        problem: true,
    });
}

#[cfg(test)]
mod tests;
