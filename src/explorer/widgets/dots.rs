//! The quantile dotplot of the chosen day, beside the fan: dots at the chart's own values, and
//! how often each band holds at its edge.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::lines::dashes;
use super::{futures, text};
use crate::chart::words::{self, Shares};
use crate::chart::{Statement, Threshold};
use crate::explorer::canvas::{Canvas, Ink};
use crate::explorer::layout::Layout;
use crate::explorer::plot::Plot;
use crate::explorer::state::State;
use crate::explorer::theme::Colors;
use crate::forecast::{DOTS, frequency, twentieths};

/// Columns of the line that dots are stacked on.
const BASE: u16 = 2;

/// Draws the names of the bands and the dots of the day that a statement is about, right of a
/// chart with this geometry.
pub fn draw(
    state: &State,
    statement: &Statement,
    plot: &Plot,
    layout: &Layout,
    buffer: &mut Buffer,
) {
    let (names, dots) = (layout.names, layout.dots);
    let Some(values) = values(state) else {
        return;
    };
    let above = statement
        .threshold
        .map_or(0, |threshold| twentieths(threshold.above));
    let inner = Rect {
        x: names.x,
        width: dots.right() - names.x,
        ..plot.inner
    };
    let mut canvas = Canvas::new(inner.width, inner.height);
    if let Some(threshold) = state.controls.threshold {
        let mut beside = plot.clone();
        beside.inner = inner;
        dashes(&mut canvas, &beside, threshold, state.theme.threshold);
    }
    let room = dots.width.saturating_sub(BASE);
    let drawn = futures::chosen(state).map(|(_, value)| nearest(values, value));
    for (i, place) in places(values, plot, room).into_iter().enumerate() {
        let is_above = i + above >= DOTS;
        let glyph = match (state.theme.colors, Some(i) == drawn) {
            (_, true) => '◆',
            (Colors::None, false) if above > 0 && !is_above => '○',
            (_, false) => '●',
        };
        let color = match is_above {
            true => state.theme.threshold,
            false => state.theme.histogram,
        };
        let column = dots.x - names.x + BASE + place;
        canvas.mark(f64::from(column), plot.row(values[i]), glyph, color);
    }
    canvas.paint(buffer, inner, &[]);
    for y in inner.top()..inner.bottom() {
        text(buffer, inner, dots.x, y, "│", state.theme.border);
    }
    name_bands(state, plot, names, buffer);
    let caption_area = Rect {
        y: plot.time_axis.y,
        height: plot.time_axis.height,
        ..dots
    };
    caption(state, statement, caption_area, buffer);
}

/// The dots of the chosen day.
fn values(state: &State) -> Option<&[f64; DOTS]> {
    state.presented()?.dots.get(state.chosen_step()?)
}

/// How many columns from the left each dot lies: those of a row side by side, a column between
/// them where the fullest row has room for it.
fn places(dots: &[f64; DOTS], plot: &Plot, room: u16) -> [u16; DOTS] {
    let row = |i: usize| plot.row(dots[i]).floor();
    let mut places = [0; DOTS];
    for i in 1..DOTS {
        places[i] = if row(i) == row(i - 1) {
            places[i - 1] + 1
        } else {
            0
        };
    }
    let fullest = places.iter().max().copied().unwrap_or(0);
    let apart = if 2 * fullest < room { 2 } else { 1 };
    places.map(|place| place * apart)
}

fn nearest(dots: &[f64; DOTS], value: f64) -> usize {
    let distance = |i: &usize| (dots[*i] - value).abs();
    let closer = |a: &usize, b: &usize| distance(a).total_cmp(&distance(b));
    (0..DOTS).min_by(closer).unwrap_or(0)
}

/// How often each band holds, at its upper edge where the chart ends: the widest first, then the
/// narrowest, and what there is room for between them.
fn name_bands(state: &State, plot: &Plot, area: Rect, buffer: &mut Buffer) {
    let Some(fan) = state.figures.as_ref().map(|figures| &figures.forecast) else {
        return;
    };
    let (from, to) = plot.window();
    let last = to.floor().min(fan.end());
    let Some(step) = fan.nearest(last).filter(|_| last >= from) else {
        return;
    };
    let inks = state.theme.forecast_inks(fan.bands.len());
    let widest = fan.bands.first().map_or(0.0, |band| band.level);
    let mut bands: Vec<_> = fan.bands.iter().zip(inks).collect();
    if bands.len() > 2 {
        bands[1..].reverse();
    }
    let mut taken = Vec::new();
    for (band, ink) in bands {
        let row = plot.row(band.upper[step]);
        if row < 0.0 || row >= f64::from(plot.inner.height) || taken.contains(&(row as u16)) {
            continue;
        }
        taken.push(row as u16);
        let y = plot.inner.y + row as u16;
        let (swatch, color) = match ink {
            Ink::Solid(color) => ('▌', color),
            Ink::Texture { glyph, color, .. } => (glyph, color),
        };
        let name = Shares::within(widest, band.level).name();
        let mut put = |x: u16, words: &str, style| text(buffer, area, area.x + x, y, words, style);
        put(1, &swatch.to_string(), Style::new().fg(color));
        put(3, &format!("{name} "), state.theme.dim);
    }
}

/// What the dots are, or how many of them lie above the threshold, and of which day they are.
fn caption(state: &State, statement: &Statement, area: Rect, buffer: &mut Buffer) {
    let room = usize::from(area.width.saturating_sub(BASE));
    let (words, style) = match statement.threshold {
        Some(Threshold { value, above }) => {
            let often = frequency(above).replacen(" in ", " of ", 1);
            let often = often.trim_start_matches("about ").to_owned();
            let whole = format!("{often} above {}", words::typed(value));
            let words = if whole.width() <= room { whole } else { often };
            (words, Style::new().fg(state.theme.threshold))
        }
        None => (format!("each dot: 1 of {DOTS}"), state.theme.dim),
    };
    let mut put = |x: u16, y: u16, words: &str, style| {
        text(buffer, area, area.x + x, area.y + y, words, style);
    };
    put(0, 0, "╰", state.theme.border);
    put(BASE, 0, &words, style);
    put(BASE, 1, &statement.when, state.theme.dim);
}
