//! The fan chart.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};

use super::lines::{dashes, polyline, vertical};
use super::{axes, futures, text};
use crate::chart::envelope::{self, Columns};
use crate::chart::{Band, Fan};
use crate::explorer::canvas::{Canvas, InkIndex, SAMPLES_X};
use crate::explorer::figures::Figures;
use crate::explorer::plot::Plot;
use crate::explorer::state::{State, View};
use crate::explorer::theme::Colors;
use crate::forecast::Distribution;

/// Observations at least this many columns apart get a glyph each, closer ones a dot.
pub(super) const ROOM_FOR_A_MARK: f64 = 0.8;

/// What is said where cycles are too narrow to be drawn.
pub const SMOOTHED: &str = "each column covers a cycle: + zooms in";

pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let Some(plot) = Plot::of(state, area) else {
        return;
    };
    axes::draw(&state.theme, &plot, buffer);
    let Some(figures) = &state.figures else {
        text(
            buffer,
            plot.inner,
            plot.inner.x + 2,
            plot.inner.y + plot.inner.height / 2,
            "forecasting …",
            state.theme.dim,
        );
        return;
    };
    let mut canvas = Canvas::new(plot.inner.width, plot.inner.height);
    let (history, forecast) = joined(figures);
    let split = state.last_observed() + 0.5;
    let (from, to) = plot.window();
    let across = canvas.sample_columns();
    let columns = |fan: &Fan| envelope::columns(fan, from, to, across, SAMPLES_X);
    let (history, forecast) = (columns(&history), columns(&forecast));
    let split_column = plot.column(split) * SAMPLES_X as f64;

    let bands = figures.forecast.bands.len();
    let backdrop = state.theme.history_inks(figures.history.bands.len());
    if !backdrop.is_empty() {
        fill(&mut canvas, &plot, &history, bands, |column| {
            column < split_column
        });
    }
    fill(&mut canvas, &plot, &forecast, 0, |column| {
        column >= split_column
    });

    vertical(
        &mut canvas,
        &plot,
        split,
        2,
        state.theme.dim.fg.unwrap_or_default(),
    );
    let presenting = state.view == View::Present;
    let cursor = match presenting {
        true => Some(state.cursor_position()),
        false => state.cursor,
    };
    if let Some(cursor) = cursor {
        vertical(&mut canvas, &plot, cursor, 1, state.theme.cursor);
    }
    let paths = if presenting { 0 } else { state.controls.paths };
    for path in figures.paths.iter().take(paths) {
        let points = path
            .iter()
            .enumerate()
            .map(|(i, value)| (figures.forecast.position(i), *value));
        polyline(&mut canvas, &plot, points, state.theme.path);
    }
    if let Some(threshold) = state.controls.threshold {
        dashes(&mut canvas, &plot, threshold, state.theme.threshold);
    }
    if state.controls.chains && !presenting {
        for (chain, means) in figures.chains.iter().enumerate() {
            let fan = Fan {
                mean: means.clone(),
                bands: vec![],
                ..figures.forecast
            };
            let color = state.theme.chains[chain % state.theme.chains.len()];
            let line = columns(&fan);
            curve(&mut canvas, &plot, &line, f64::NEG_INFINITY, color);
        }
    } else if shows_mean(state) && mean_has_room(state, figures, &plot) {
        curve(
            &mut canvas,
            &plot,
            &forecast,
            split_column,
            state.theme.mean,
        );
    }
    futures::draw(&mut canvas, &plot, state);
    observations(&mut canvas, &plot, figures, state.theme.observation);
    // Where a column is the envelope of many days, a single day's mean is not on the line.
    let exact = shows_mean(state) && !forecast.smoothed && !presenting;
    if let Some(value) = mean_at(figures, state.cursor_position()).filter(|_| exact) {
        canvas.mark(
            plot.column(state.cursor_position()),
            plot.row(value),
            '◆',
            state.theme.cursor,
        );
    }

    let mut inks = if state.unread_failure() {
        state.theme.untrusted_inks(bands)
    } else {
        state.theme.forecast_inks(bands)
    };
    inks.extend(backdrop);
    canvas.paint(buffer, plot.inner, &inks);
    labels(state, &plot, split, forecast.smoothed, buffer);
}

/// Whether the mean is wanted: not of a fit that failed until the person has seen that, and in a
/// presentation on request.
fn shows_mean(state: &State) -> bool {
    !state.unread_failure() && (state.view != View::Present || state.present.mean)
}

/// Whether there is room to draw the mean as a line. Over textures it would hide a band that is
/// not much higher; the band of the mean alone is drawn as a line just when it is too thin for an
/// area.
fn mean_has_room(state: &State, figures: &Figures, plot: &Plot) -> bool {
    let rows = |band: Option<&Band>| {
        band.map_or(f64::INFINITY, |band| {
            let heights = band
                .upper
                .iter()
                .zip(&band.lower)
                .map(|(upper, lower)| upper - lower);
            heights.sum::<f64>() / band.lower.len() as f64 / plot.value_per_row()
        })
    };
    let bands = &figures.forecast.bands;
    match (state.controls.distribution, state.theme.colors) {
        (Distribution::Mean, _) => rows(bands.first()) < 0.75,
        (Distribution::Predictive, Colors::None) => rows(bands.last()) >= 4.0,
        (Distribution::Predictive, _) => true,
    }
}

/// History and forecast, each reaching to the first step of the other, so that the bands meet
/// where they change colour.
fn joined(figures: &Figures) -> (Fan, Fan) {
    let (mut history, mut forecast) = (figures.history.clone(), figures.forecast.clone());
    let adjacent = history.spacing == 1.0
        && (forecast.start - history.end() - 1.0).abs() < 1e-9
        && history.bands.len() == forecast.bands.len();
    if let (true, Some(first), Some(last)) = (
        adjacent,
        forecast.mean.first().copied(),
        history.mean.last().copied(),
    ) {
        history.mean.push(first);
        forecast.mean.insert(0, last);
        forecast.start -= 1.0;
        for (before, after) in history.bands.iter_mut().zip(&mut forecast.bands) {
            join(&mut before.lower, &mut after.lower);
            join(&mut before.upper, &mut after.upper);
        }
    }
    (history, forecast)
}

fn join(before: &mut Vec<f64>, after: &mut Vec<f64>) {
    if let (Some(last), Some(first)) = (before.last().copied(), after.first().copied()) {
        before.push(first);
        after.insert(0, last);
    }
}

/// Bands as nested areas, the widest first; inks from `first_ink` on.
fn fill(
    canvas: &mut Canvas,
    plot: &Plot,
    columns: &Columns,
    first_ink: usize,
    side: impl Fn(f64) -> bool,
) {
    for (i, (lower, upper)) in columns.bands.iter().enumerate() {
        let ink = (first_ink + i + 1) as InkIndex;
        for column in (0..lower.len()).filter(|column| side(*column as f64 + 0.5)) {
            canvas.fill(
                column,
                plot.row(upper[column]),
                plot.row(lower[column]),
                ink,
            );
        }
    }
}

/// The mean from a column of samples on.
fn curve(canvas: &mut Canvas, plot: &Plot, columns: &Columns, from: f64, color: Color) {
    let per_cell = SAMPLES_X as f64;
    let points = columns
        .mean
        .iter()
        .enumerate()
        .filter(|(column, _)| *column as f64 + 0.5 >= from);
    let points = points.map(|(column, value)| ((column as f64 + 0.5) / per_cell, plot.row(*value)));
    let points: Vec<_> = points.filter(|(_, row)| row.is_finite()).collect();
    for pair in points.windows(2) {
        canvas.line(pair[0], pair[1], color);
    }
    if let [only] = points[..] {
        canvas.dot(only.0, only.1, color);
    }
}

fn observations(canvas: &mut Canvas, plot: &Plot, figures: &Figures, color: Color) {
    let roomy = 1.0 / plot.steps_per_column() >= ROOM_FOR_A_MARK;
    for (position, value) in &figures.observed {
        let (x, y) = (plot.column(*position), plot.row(*value));
        if roomy {
            canvas.mark(x, y, '•', color);
        } else {
            canvas.dot(x, y, color);
        }
    }
}

/// The mean at the step nearest to a position.
pub fn mean_at(figures: &Figures, position: f64) -> Option<f64> {
    let fans = [&figures.forecast, &figures.history];
    fans.into_iter()
        .find_map(|fan| fan.nearest(position).map(|step| fan.mean[step]))
}

/// Words on the picture, where nothing else is.
fn labels(state: &State, plot: &Plot, split: f64, smoothed: bool, buffer: &mut Buffer) {
    let (theme, inner) = (&state.theme, plot.inner);
    let split = plot.column(split);
    if split > 0.0 && split < f64::from(inner.width) {
        let x = inner.x + split as u16;
        let y = inner.y;
        if let Some(x) = x.checked_sub(8) {
            where_free(buffer, inner, x, y, "history", theme.dim);
        }
        where_free(buffer, inner, x + 2, y, "forecast", theme.dim);
    }
    if let Some(threshold) = state.controls.threshold {
        let row = plot.row(threshold);
        if row >= 0.0 && row < f64::from(inner.height) {
            let label = crate::explorer::numbers::fixed(
                threshold,
                crate::explorer::numbers::decimals(plot.value_per_row()),
            );
            text(
                buffer,
                inner,
                inner.x,
                inner.y + row as u16,
                &label,
                Style::new().fg(theme.threshold),
            );
        }
    }
    if smoothed {
        let x = inner.right().saturating_sub(SMOOTHED.len() as u16);
        where_free(
            buffer,
            inner,
            x,
            inner.bottom().saturating_sub(1),
            SMOOTHED,
            theme.dim,
        );
    }
}

fn where_free(buffer: &mut Buffer, inner: Rect, x: u16, y: u16, words: &str, style: Style) {
    let width = words.chars().count() as u16;
    let room = Rect::new(x, y, width, 1);
    let free = inner.intersection(room) == room
        && room
            .positions()
            .all(|at| buffer[at].symbol() == " " && buffer[at].bg == Color::Reset);
    if free {
        text(buffer, inner, x, y, words, style);
    }
}
