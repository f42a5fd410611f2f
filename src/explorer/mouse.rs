//! The pointer: read-out under it, drags of the chart, the threshold, the forecast's end and the
//! fields, the wheel.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::action::Action;
use super::event::Effect;
use super::layout::Layout;
use super::plot::Plot;
use super::state::{Drag, Overlay, PromptKind, State, View};
use super::update::{act, pan, remember, zoom};
use super::widgets::controls::{self, Field};
use super::widgets::{sheet, title};
use super::{prompt, views};
use crate::forecast::{Horizon, Probability};

/// The chart as it is on screen, if it is.
pub(super) fn plot(state: &State) -> Option<Plot> {
    let layout = layout(state);
    let shown = matches!(state.view, View::Forecast | View::Present) && layout.line.is_empty();
    shown.then(|| Plot::of(state, views::forecast::chart_area(&layout)))?
}

fn layout(state: &State) -> Layout {
    Layout::of(state.area(), state.view, state.failed())
}

pub(super) fn on_mouse(state: &mut State, event: MouseEvent) -> Vec<Effect> {
    let at = Position::new(event.column, event.row);
    if let Some(overlay) = state.overlay {
        let scrolled = |scroll: u16| Some(Overlay { scroll, ..overlay });
        state.overlay = match event.kind {
            MouseEventKind::ScrollDown => {
                let last = sheet::hidden(overlay.sheet, &state.keymap, state.area());
                scrolled(overlay.scroll.saturating_add(1).min(last))
            }
            MouseEventKind::ScrollUp => scrolled(overlay.scroll.saturating_sub(1)),
            MouseEventKind::Down(_) => None,
            _ => Some(overlay),
        };
        return vec![];
    }
    match event.kind {
        MouseEventKind::Moved => point(state, at),
        MouseEventKind::Down(MouseButton::Left) => return press(state, at),
        MouseEventKind::Drag(MouseButton::Left) => drag(state, at),
        MouseEventKind::Up(MouseButton::Left) => release(state),
        MouseEventKind::ScrollUp => wheel(state, at, 1, event.modifiers),
        MouseEventKind::ScrollDown => wheel(state, at, -1, event.modifiers),
        _ => {}
    }
    vec![]
}

/// The read-out follows the pointer, and so does a threshold that is being placed.
fn point(state: &mut State, at: Position) {
    let Some(plot) = plot(state).filter(|plot| plot.inner.contains(at)) else {
        return;
    };
    let position = plot.position_at(at.x).round();
    state.cursor = Some(position.clamp(0.0, state.last_forecast()));
    let placing = state
        .prompt
        .as_ref()
        .is_some_and(|p| p.kind == PromptKind::Threshold && p.text.is_empty());
    if placing {
        state.controls.threshold = Some(plot.value_at(at.y));
    }
}

fn press(state: &mut State, at: Position) -> Vec<Effect> {
    state.notice = None;
    let layout = layout(state);
    if let Some(view) = title::view_at(state, layout.title, at) {
        return act(state, Action::View(view));
    }
    match state.view {
        View::Forecast | View::Present => {}
        View::Diagnostics => {
            state.parameter =
                views::parameter_at(state, layout.body, at).unwrap_or(state.parameter);
        }
        View::Checks => {
            state.check = views::check_at(state, layout.body, at).or(state.check);
        }
        View::Model => {
            if let Some(line) = views::line_at(state, layout.body, at) {
                if line == state.line {
                    return act(state, Action::Edit);
                }
                state.line = line;
            }
        }
    }
    if let Some(field) = controls::field_at(state, layout.controls, at) {
        return on_field(state, field, at);
    }
    if layout.banner.contains(at) {
        return act(state, Action::Acknowledge);
    }
    let Some(plot) = plot(state).filter(|plot| plot.inner.contains(at)) else {
        return vec![];
    };
    if state
        .prompt
        .as_ref()
        .is_some_and(|p| p.kind == PromptKind::Threshold)
    {
        state.controls.threshold = Some(plot.value_at(at.y));
        prompt::close(state);
        return vec![];
    }
    point(state, at);
    state.drag = Some(held(state, &plot, at));
    match state.drag {
        Some(Drag::Pan { .. }) | None => {}
        // One step of undo for the whole drag.
        Some(_) => remember(state, state.controls),
    }
    vec![]
}

/// What lies under the pointer when the button goes down on the chart.
fn held(state: &State, plot: &Plot, at: Position) -> Drag {
    let row = f64::from(at.y - plot.inner.y);
    let column = f64::from(at.x - plot.inner.x);
    if let Some(threshold) = state.controls.threshold
        && plot.row(threshold).floor() == row
    {
        return Drag::Threshold;
    }
    if (plot.column(state.last_forecast()) - column - 0.5).abs() <= 1.5 {
        return Drag::Horizon {
            column: at.x,
            horizon: state.controls.horizon.steps() as u32,
            steps: plot.steps_per_column(),
        };
    }
    if let Some(figures) = &state.figures
        && let Some(step) = figures.forecast.nearest(plot.position_at(at.x))
        && let Some(band) = figures.forecast.bands.first()
        && [band.upper[step], band.lower[step]]
            .iter()
            .any(|edge| (plot.row(*edge) - row - 0.5).abs() <= 1.0)
    {
        return Drag::Interval {
            column: at.x,
            row: at.y,
            interval: state.controls.interval.get(),
        };
    }
    let (from, to) = plot.window();
    Drag::Pan {
        column: at.x,
        from,
        to,
    }
}

fn on_field(state: &mut State, field: Field, at: Position) -> Vec<Effect> {
    match field {
        Field::HorizonLess => return act(state, Action::Horizon(-1)),
        Field::HorizonMore => return act(state, Action::Horizon(1)),
        Field::IntervalLess => return act(state, Action::Interval(-1)),
        Field::IntervalMore => return act(state, Action::Interval(1)),
        Field::Band => return act(state, Action::Band),
        Field::Horizon => {
            remember(state, state.controls);
            let horizon = state.controls.horizon.steps() as u32;
            state.drag = Some(Drag::Horizon {
                column: at.x,
                horizon,
                steps: 1.0,
            });
        }
        Field::Interval => {
            remember(state, state.controls);
            let interval = state.controls.interval.get();
            state.drag = Some(Drag::Interval {
                column: at.x,
                row: at.y,
                interval,
            });
        }
    }
    vec![]
}

fn drag(state: &mut State, at: Position) {
    let Some(held) = state.drag else {
        return;
    };
    let columns = |from: u16| f64::from(at.x) - f64::from(from);
    match held {
        Drag::Pan { column, from, to } => {
            let width = plot(state).map_or(1.0, |plot| f64::from(plot.inner.width));
            pan(state, from, to, -columns(column) * (to - from) / width);
        }
        Drag::Horizon {
            column,
            horizon,
            steps,
        } => {
            let steps = f64::from(horizon) + (columns(column) * steps).round();
            let most = f64::from(Horizon::USUAL_MAX.max(horizon));
            let dragged = Horizon::new(steps.clamp(1.0, most) as u32);
            state.controls.horizon = dragged.unwrap_or(state.controls.horizon);
        }
        Drag::Interval {
            column,
            row,
            interval,
        } => {
            let rows = f64::from(row) - f64::from(at.y);
            let moved = interval + (columns(column) + rows) / 100.0;
            // A narrower or wider one that was typed may come back into these limits.
            let (least, most) = (0.01f64.min(interval), 0.99f64.max(interval));
            let dragged = Probability::new(moved.clamp(least, most));
            state.controls.interval = dragged.unwrap_or(state.controls.interval);
        }
        Drag::Threshold => {
            if let Some(plot) = plot(state) {
                let row =
                    at.y.clamp(plot.inner.top(), plot.inner.bottom().saturating_sub(1));
                state.controls.threshold = Some(plot.value_at(row));
            }
        }
    }
}

/// A drag is one step to undo, and none if it came back to where it began.
fn release(state: &mut State) {
    if !matches!(state.drag.take(), Some(Drag::Pan { .. }) | None)
        && state.prompt.is_none()
        && state.undo.last() == Some(&state.controls)
    {
        state.undo.pop();
    }
}

/// The wheel changes what it is over: the interval on its field and on the value axis, else the
/// horizon; with Ctrl it magnifies the chart.
fn wheel(state: &mut State, at: Position, by: i32, modifiers: KeyModifiers) {
    if !matches!(state.view, View::Forecast | View::Present) {
        act(state, Action::Choose(-by));
        return;
    }
    let layout = layout(state);
    let plot = plot(state);
    let over = |area: Option<Rect>| area.is_some_and(|area| area.contains(at));
    let field = controls::field_at(state, layout.controls, at);
    let on_interval = matches!(
        field,
        Some(Field::Interval | Field::IntervalLess | Field::IntervalMore)
    );
    if on_interval
        || over(plot.as_ref().map(|plot| plot.value_axis))
        || modifiers.contains(KeyModifiers::SHIFT)
    {
        act(state, Action::Interval(by));
    } else if let Some(plot) = plot.filter(|plot| plot.inner.contains(at)) {
        if modifiers.contains(KeyModifiers::CONTROL) {
            zoom(state, by, plot.position_at(at.x));
        } else {
            act(state, Action::Horizon(by));
        }
    } else if field.is_some() || layout.chart.contains(at) {
        act(state, Action::Horizon(by));
    }
}

#[cfg(test)]
mod tests;
