//! The small pictures: densities, autocorrelation, figures of a growing part of the draws.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};

use super::portrait;
use crate::chart::ticks::{self, Tick};
use crate::diagnostics::{LEAST_ESS_A_CHAIN, MOST_R_HAT, Portrait};
use crate::explorer::canvas::{Canvas, InkIndex, SAMPLES_X};
use crate::explorer::plot::Plot;
use crate::explorer::report::ParameterRow;
use crate::explorer::state::State;
use crate::explorer::widgets::lines::{dashes, polyline};
use crate::explorer::widgets::{axes, frame, right, text};

/// A picture of the draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Panel {
    Density,
    Autocorrelation,
    RunningRHat,
    RunningEss,
}

/// The pictures worth showing where there is room for so many.
pub fn of(state: &State, count: usize) -> Vec<Panel> {
    let mut all = vec![
        Panel::Density,
        Panel::Autocorrelation,
        Panel::RunningRHat,
        Panel::RunningEss,
    ];
    if count < 4 && state.document.chains == 1 {
        // One chain has no r_hat.
        all.retain(|panel| *panel != Panel::RunningRHat);
    }
    all.truncate(count);
    all
}

pub fn draw(state: &State, row: &ParameterRow, panel: Panel, area: Rect, buffer: &mut Buffer) {
    if area.height < 5 || area.width < 14 {
        return;
    }
    let heading = match panel {
        Panel::Density => "density of each chain",
        Panel::Autocorrelation => "autocorrelation by lag",
        Panel::RunningRHat => "running r̂",
        Panel::RunningEss => "running ESS",
    };
    let inner = frame(&state.theme, heading, area, buffer);
    let Some(portrait) = portrait(state) else {
        return;
    };
    match panel {
        Panel::Density => density(state, row, portrait, inner, buffer),
        Panel::Autocorrelation => autocorrelation(state, portrait, inner, buffer),
        Panel::RunningRHat => running_r_hat(state, portrait, inner, buffer),
        Panel::RunningEss => running_ess(state, portrait, inner, buffer),
    }
}

fn chain_color(state: &State, chain: usize) -> Color {
    state.theme.chains[chain % state.theme.chains.len()]
}

/// Ticks across, about one to `columns` columns.
fn across(from: f64, to: f64, columns: usize) -> impl FnOnce(usize) -> Vec<Tick> {
    move |width| ticks::values(from, to, (width / columns).max(1))
}

fn up(from: f64, to: f64) -> impl FnOnce(usize) -> Vec<Tick> {
    move |height| ticks::values(from, to, (height / 2).clamp(2, 6))
}

/// All draws as an area, darker inside the interval, and a line a chain.
fn density(
    state: &State,
    row: &ParameterRow,
    portrait: &Portrait,
    area: Rect,
    buffer: &mut Buffer,
) {
    let curves = &portrait.density;
    let (Some(from), Some(to)) = (curves.at.first(), curves.at.last()) else {
        return text(
            buffer,
            area,
            area.x + 1,
            area.y,
            "no finite draws",
            state.theme.warn,
        );
    };
    let peak = |curve: &Vec<f64>| curve.iter().fold(0.0f64, |top, value| top.max(*value));
    let peaks = curves.chains.iter().map(peak).filter(|peak| *peak > 0.0);
    // A chain that hardly moves is a peak that would press all others flat: it is cut off.
    let lowest = peaks.clone().fold(f64::INFINITY, f64::min);
    let top = 1.05 * peaks.fold(0.0, f64::max).min(4.0 * lowest);
    let Some(plot) = Plot::new(
        area,
        (*from, *to),
        (0.0, top),
        across(*from, *to, 11),
        |_| Vec::new(),
    ) else {
        return;
    };
    axes::draw(&state.theme, &plot, buffer);
    let mut canvas = Canvas::new(plot.inner.width, plot.inner.height);
    let bottom = f64::from(plot.inner.height);
    let interval = &row.summary.interval;
    let step = (to - from) / (curves.at.len() - 1) as f64;
    for column in 0..canvas.sample_columns() {
        let at = plot.at((column as f64 + 0.5) / SAMPLES_X as f64);
        let point = ((at - from) / step).round() as usize;
        let Some(value) = curves.pooled.get(point) else {
            continue;
        };
        let inside = (interval.lower..=interval.upper).contains(&at);
        let ink: InkIndex = if inside { 2 } else { 1 };
        if *value > 0.005 * top {
            canvas.fill(column, plot.row(*value), bottom, ink);
        }
    }
    for (chain, curve) in curves.chains.iter().enumerate() {
        let visible = |value: f64| value > 0.002 * top;
        // A chain that sits elsewhere has no line along the bottom.
        let points: Vec<_> = curves
            .at
            .iter()
            .copied()
            .zip(curve.iter().copied())
            .collect();
        for part in points.split(|(_, value)| !visible(*value)) {
            polyline(
                &mut canvas,
                &plot,
                part.iter().copied(),
                chain_color(state, chain),
            );
        }
    }
    canvas.paint(buffer, plot.inner, &state.theme.forecast_inks(2));
}

fn autocorrelation(state: &State, portrait: &Portrait, area: Rect, buffer: &mut Buffer) {
    let lags = portrait.autocorrelation.iter().map(Vec::len).max();
    let Some(lags) = lags.filter(|lags| *lags >= 2) else {
        return;
    };
    let to = (lags - 1) as f64;
    let least = portrait.autocorrelation.iter().flatten();
    let least = least
        .filter(|r| r.is_finite())
        .fold(-0.1f64, |a, r| a.min(*r));
    let (low, high) = ((least * 1.1).max(-1.05), 1.0);
    let Some(plot) = Plot::new(
        area,
        (0.0, to),
        (low, high),
        across(0.0, to, 8),
        up(low, high),
    ) else {
        return;
    };
    axes::draw(&state.theme, &plot, buffer);
    let mut canvas = Canvas::new(plot.inner.width, plot.inner.height);
    dashes(&mut canvas, &plot, 0.0, state.theme.cursor);
    for (chain, values) in portrait.autocorrelation.iter().enumerate() {
        let points = values.iter().enumerate().map(|(lag, r)| (lag as f64, *r));
        polyline(&mut canvas, &plot, points, chain_color(state, chain));
    }
    canvas.paint(buffer, plot.inner, &[]);
}

fn running_r_hat(state: &State, portrait: &Portrait, area: Rect, buffer: &mut Buffer) {
    let points: Vec<(f64, f64)> = portrait
        .running
        .iter()
        .map(|r| (r.draws as f64, r.r_hat))
        .filter(|(_, r_hat)| r_hat.is_finite())
        .collect();
    if points.len() < 2 {
        let why = if state.document.chains == 1 {
            "r̂ compares chains: there is one"
        } else {
            "r̂ is undefined"
        };
        return text(buffer, area, area.x + 1, area.y, why, state.theme.warn);
    }
    // The first few draws may be far off: what counts is where it goes.
    let settled = points[points.len() / 4..].iter();
    let high = settled.fold(MOST_R_HAT + 0.02, |high, (_, r_hat)| high.max(*r_hat));
    let high = high + 0.05 * (high - 1.0);
    let low = points
        .iter()
        .fold(1.0f64, |low, (_, r_hat)| low.min(*r_hat));
    let to = portrait.draws as f64;
    let Some(plot) = Plot::new(
        area,
        (0.0, to),
        (low, high),
        across(0.0, to, 10),
        up(low, high),
    ) else {
        return;
    };
    axes::draw(&state.theme, &plot, buffer);
    let mut canvas = Canvas::new(plot.inner.width, plot.inner.height);
    dashes(&mut canvas, &plot, MOST_R_HAT, state.theme.threshold);
    polyline(&mut canvas, &plot, points.into_iter(), state.theme.mean);
    canvas.paint(buffer, plot.inner, &[]);
    bar_label(
        state,
        &plot,
        &format!("at most {MOST_R_HAT}"),
        MOST_R_HAT,
        buffer,
    );
}

fn running_ess(state: &State, portrait: &Portrait, area: Rect, buffer: &mut Buffer) {
    let bar = LEAST_ESS_A_CHAIN * state.document.chains as f64;
    let figures = portrait
        .running
        .iter()
        .flat_map(|r| [r.ess_bulk, r.ess_tail]);
    let most = figures.filter(|ess| ess.is_finite()).fold(bar, f64::max);
    let (high, to) = (1.1 * most, portrait.draws as f64);
    let Some(plot) = Plot::new(
        area,
        (0.0, to),
        (0.0, high),
        across(0.0, to, 10),
        up(0.0, high),
    ) else {
        return;
    };
    axes::draw(&state.theme, &plot, buffer);
    let mut canvas = Canvas::new(plot.inner.width, plot.inner.height);
    dashes(&mut canvas, &plot, bar, state.theme.threshold);
    let (bulk, tail) = (state.theme.mean, state.theme.path);
    for (figure, color) in [
        (
            (|r| r.ess_tail) as fn(&crate::diagnostics::Running) -> f64,
            tail,
        ),
        (|r| r.ess_bulk, bulk),
    ] {
        let points = portrait.running.iter().map(|r| (r.draws as f64, figure(r)));
        polyline(&mut canvas, &plot, points, color);
    }
    canvas.paint(buffer, plot.inner, &[]);
    let words = format!("at least {bar:.0}");
    bar_label(state, &plot, &words, bar, buffer);
    let inner = plot.inner;
    text(
        buffer,
        inner,
        inner.x + 1,
        inner.y,
        "bulk",
        Style::new().fg(bulk),
    );
    text(
        buffer,
        inner,
        inner.x + 6,
        inner.y,
        "tail",
        Style::new().fg(tail),
    );
}

/// What a dashed line is, at its right end above it.
fn bar_label(state: &State, plot: &Plot, words: &str, value: f64, buffer: &mut Buffer) {
    let row = plot.row(value).floor() as u16;
    if let Some(y) = row.checked_sub(1).map(|row| plot.inner.y + row) {
        let style = Style::new().fg(state.theme.threshold);
        right(buffer, plot.inner, plot.inner.right(), y, words, style);
    }
}
