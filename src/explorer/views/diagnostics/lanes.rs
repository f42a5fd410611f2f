//! A lane a chain: its draws in their order, divergences below them, and its ranks among all.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};

use super::portrait;
use crate::chart::scale::Scale;
use crate::diagnostics::{Portrait, RANK_BARS, Stretch};
use crate::explorer::canvas::{Canvas, Ink, InkIndex, SAMPLES_X};
use crate::explorer::numbers::{count, decimals, fixed};
use crate::explorer::report::ParameterRow;
use crate::explorer::state::State;
use crate::explorer::theme::Colors;
use crate::explorer::widgets::{frame, right, text};

/// Columns of a lane's name.
const NAME: u16 = 10;
/// More divergences than this would hide the draws they lie on.
const DOTS: usize = 150;
/// Ranks this far from level fill their lane.
const RANK_TOP: f64 = 2.0;

/// Inks of a lane.
const ALL: InkIndex = 1;
const MIDDLE: InkIndex = 2;
const RANKS: InkIndex = 3;
const DIVERGENT: InkIndex = 4;

pub fn draw(state: &State, row: &ParameterRow, area: Rect, buffer: &mut Buffer) {
    if area.height < 3 || area.width < 24 {
        return;
    }
    let theme = &state.theme;
    let inner = frame(
        theme,
        &format!("{} · trace of each chain", row.name),
        area,
        buffer,
    );
    let Some(portrait) = portrait(state) else {
        return text(buffer, inner, inner.x + 1, inner.y, "looking …", theme.dim);
    };
    let ranks_width = match inner.width {
        110.. => 2 * RANK_BARS as u16,
        60.. => RANK_BARS as u16,
        _ => 0,
    };
    let lanes = Rect {
        height: inner.height.saturating_sub(1).max(1),
        ..inner
    };
    let trace = Rect {
        x: lanes.x + NAME,
        width: lanes
            .width
            .saturating_sub(NAME + 1 + if ranks_width > 0 { ranks_width + 2 } else { 0 }),
        ..lanes
    };
    let ranks = Rect {
        x: trace.right() + 2,
        width: ranks_width,
        ..lanes
    };
    let shown = portrait.least_level(usize::from(lanes.height));
    let height = (lanes.height / shown.len().max(1) as u16).max(1);
    for (i, &chain) in shown.iter().enumerate() {
        let at = |part: Rect| Rect {
            y: lanes.y + i as u16 * height,
            height,
            ..part
        };
        name(state, portrait, chain, at(lanes), buffer);
        trace_of(state, portrait, chain, at(trace), buffer);
        ranks_of(state, portrait, chain, at(ranks), buffer);
    }
    let below = inner.bottom() - 1;
    if below > lanes.y + height * shown.len() as u16 - 1 {
        axis(state, portrait, shown.len(), trace, ranks, below, buffer);
    }
}

/// The lane's name in its chain's colour and, where there is room, how far the lane reaches.
fn name(state: &State, portrait: &Portrait, chain: usize, lane: Rect, buffer: &mut Buffer) {
    let theme = &state.theme;
    let style = Style::new().fg(theme.chains[chain % theme.chains.len()]);
    text(
        buffer,
        lane,
        lane.x + 1,
        lane.y,
        &format!("chain {chain}"),
        style,
    );
    if lane.height >= 3 {
        let [low, high] = portrait.range;
        let places = decimals((high - low) / 20.0);
        let end = lane.x + NAME - 1;
        right(
            buffer,
            lane,
            end,
            lane.y + 1,
            &fixed(high, places),
            theme.dim,
        );
        right(
            buffer,
            lane,
            end,
            lane.bottom() - 1,
            &fixed(low, places),
            theme.dim,
        );
    }
}

/// The inks of all draws of a stretch, its middle half, ranks and divergences.
fn inks(state: &State) -> [Ink; 4] {
    let bands = state.theme.forecast_inks(3);
    let divergent = match state.theme.colors {
        Colors::None => Ink::Texture {
            glyph: '▲',
            color: Color::Reset,
            sparse: false,
        },
        _ => Ink::Solid(state.theme.bad.fg.unwrap_or_default()),
    };
    [bands[1], bands[2], bands[1], divergent]
}

fn trace_of(state: &State, portrait: &Portrait, chain: usize, lane: Rect, buffer: &mut Buffer) {
    if lane.is_empty() {
        return;
    }
    let mut canvas = Canvas::new(lane.width, lane.height);
    let divergent = portrait.divergent.get(chain).map_or(&[][..], Vec::as_slice);
    let height = f64::from(lane.height);
    // A strip at the bottom of every lane is for divergences, a gap keeps lanes apart.
    let strip = if lane.height == 1 { 0.25 } else { 0.375 };
    let [low, high] = portrait.range;
    let y = Scale::new(low, high, height - strip - 0.125);
    let row = |value: f64| 0.0625 + y.length - y.at(value);

    let stretches = &portrait.stretches[chain];
    if portrait.draws <= usize::from(lane.width) * 2 {
        line(state, &mut canvas, stretches, row);
    } else {
        // One envelope a column of text: finer ones would be noise.
        for column in 0..usize::from(lane.width) {
            let stretch = portrait.envelope(chain, column, usize::from(lane.width));
            let (upper, lower) = (stretch.upper_quartile, stretch.lower_quartile);
            for column in column * SAMPLES_X..(column + 1) * SAMPLES_X {
                for (high, low, ink) in [(stretch.high, stretch.low, ALL), (upper, lower, MIDDLE)] {
                    let (top, bottom) = visible(row(high), row(low));
                    canvas.fill(column, top, bottom, ink);
                }
            }
        }
    }
    let columns = canvas.sample_columns();
    let color = state.theme.bad.fg.unwrap_or_default();
    let few = portrait.divergent.iter().map(Vec::len).sum::<usize>() <= DOTS;
    for draw in divergent {
        let share = (*draw as f64 + 0.5) / portrait.draws as f64;
        let column = (share * columns as f64) as usize;
        canvas.fill(column, height - strip, height - 0.125, DIVERGENT);
        let stretch = stretches.get((share * stretches.len() as f64) as usize);
        if let Some(stretch) = stretch.filter(|_| few) {
            let middle = 0.5 * (stretch.low + stretch.high);
            canvas.dot(share * f64::from(lane.width), row(middle), color);
        }
    }
    canvas.paint(buffer, lane, &inks(state));
}

/// Few draws, each where it is.
fn line(state: &State, canvas: &mut Canvas, draws: &[Stretch], row: impl Fn(f64) -> f64) {
    let per_draw = canvas.sample_columns() as f64 / SAMPLES_X as f64 / draws.len().max(1) as f64;
    let point = |(i, draw): (usize, &Stretch)| ((i as f64 + 0.5) * per_draw, row(draw.low));
    let points: Vec<_> = draws.iter().enumerate().map(point).collect();
    let color = state.theme.histogram;
    for pair in points.windows(2) {
        canvas.line(pair[0], pair[1], color);
    }
}

/// An area as high as can be seen: a quarter of a cell.
fn visible(top: f64, bottom: f64) -> (f64, f64) {
    let missing = (0.25 - (bottom - top)).max(0.0) / 2.0;
    (top - missing, bottom + missing)
}

fn ranks_of(state: &State, portrait: &Portrait, chain: usize, lane: Rect, buffer: &mut Buffer) {
    let Some(bars) = portrait.ranks.get(chain).filter(|_| !lane.is_empty()) else {
        return;
    };
    let mut canvas = Canvas::new(lane.width, lane.height);
    let height = f64::from(lane.height) - 0.125;
    let per_bar = lane.width as usize * SAMPLES_X / RANK_BARS;
    for (i, bar) in bars.iter().enumerate() {
        let top = height * (1.0 - (bar / RANK_TOP).min(1.0));
        for column in i * per_bar..(i + 1) * per_bar {
            if *bar > 0.0 {
                canvas.fill(column, top, height, RANKS);
            }
        }
    }
    // Level: as many draws as there should be.
    if lane.height > 1 {
        let level = height * (1.0 - 1.0 / RANK_TOP);
        let color = state.theme.cursor;
        for dot in 0..usize::from(lane.width) {
            canvas.dot(dot as f64 + 0.25, level, color);
        }
    }
    canvas.paint(buffer, lane, &inks(state));
}

/// What lies across.
fn axis(
    state: &State,
    portrait: &Portrait,
    shown: usize,
    trace: Rect,
    ranks: Rect,
    y: u16,
    buffer: &mut Buffer,
) {
    let style = state.theme.dim;
    let line = Rect {
        y,
        height: 1,
        ..trace
    };
    let hidden = portrait.stretches.len() - shown;
    let left = match hidden {
        0 => "draw 0".to_string(),
        n => format!("draw 0 · {n} chains that agree better are not shown"),
    };
    text(buffer, line, line.x, y, &left, style);
    right(buffer, line, line.right(), y, &count(portrait.draws), style);
    if portrait.divergent.iter().any(|draws| !draws.is_empty()) && hidden == 0 {
        let x = line.x + line.width / 2;
        text(
            buffer,
            line,
            x.saturating_sub(6),
            y,
            "▬ divergent",
            state.theme.bad,
        );
    }
    let line = Rect {
        y,
        height: 1,
        ..ranks
    };
    let level = Style::new().fg(state.theme.cursor);
    text(buffer, line, line.x, y, "ranks", style);
    text(buffer, line, line.x + 8, y, "⠒⠒", level);
    text(buffer, line, line.x + 11, y, "level", style);
}
