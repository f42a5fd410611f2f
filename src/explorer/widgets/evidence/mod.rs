//! The figures of the checks: what each of them looked at.

mod extremes;
mod influence;
mod residuals;
mod rows;
mod sampling;
mod spread;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use unicode_width::UnicodeWidthStr;

use super::text;
use crate::chart::ticks::{self, Tick};
use crate::diagnostics::{Autocorrelations, Check, Coverage, Extreme, Influence};
use crate::explorer::canvas::{Canvas, DOTS_X, Ink};
use crate::explorer::plot::Plot;
use crate::explorer::report::Report;
use crate::explorer::state::State;
use crate::explorer::theme::Theme;
use rows::Rows;

/// What lies where it should, and what does not: told apart without colour too.
const USUAL: char = '•';
const UNUSUAL: char = '◆';

/// The fewest rows in which a figure says anything: a caption, a key, two of a picture, its axis.
pub const LEAST_HEIGHT: u16 = 6;

/// The figure of a check.
pub enum Figure<'a> {
    Rows(Rows),
    Residuals(&'a Autocorrelations),
    Spread(&'a [Coverage]),
    Extremes(&'a [Extreme]),
    Influence(&'a Influence),
}

impl<'a> Figure<'a> {
    /// `None` where the check has nothing to show.
    pub fn of(report: &'a Report, check: &Check) -> Option<Self> {
        let predictive = report.predictive.as_ref();
        match check.name {
            "residuals" => predictive?.residuals.as_ref().map(Self::Residuals),
            "spread" => Some(&predictive?.spread[..])
                .filter(|coverages| !coverages.is_empty())
                .map(Self::Spread),
            "extremes" => Some(&predictive?.extremes[..])
                .filter(|extremes| !extremes.is_empty())
                .map(Self::Extremes),
            "influence" => predictive?.influence.as_ref().map(Self::Influence),
            _ => sampling::rows(report, check).map(Self::Rows),
        }
    }

    /// Rows beyond which the figure would not gain.
    pub fn most_height(&self) -> u16 {
        match self {
            Self::Rows(rows) => rows.most_height(),
            _ => u16::MAX,
        }
    }

    pub fn draw(&self, state: &State, area: Rect, buffer: &mut Buffer) {
        let theme = &state.theme;
        match self {
            Self::Rows(rows) => rows.draw(theme, area, buffer),
            Self::Residuals(residuals) => residuals::draw(theme, residuals, area, buffer),
            Self::Spread(coverages) => spread::draw(theme, coverages, area, buffer),
            Self::Extremes(extremes) => extremes::draw(theme, extremes, area, buffer),
            Self::Influence(influence) => {
                let axis = &state.document.series.axis;
                influence::draw(theme, influence, axis, area, buffer);
            }
        }
    }
}

/// A sign of a figure and what it means.
type Sign<'a> = (String, Style, &'a str);

/// What the figure shows, then what its signs mean, as many as fit; returns the room below.
fn caption(theme: &Theme, words: &str, signs: &[Sign], area: Rect, buffer: &mut Buffer) -> Rect {
    text(buffer, area, area.x, area.y, words, theme.heading);
    let mut x = area.x;
    for (sign, style, words) in signs {
        let end = x as usize + sign.width() + 1 + words.width();
        if end > usize::from(area.right()) {
            break;
        }
        text(buffer, area, x, area.y + 1, sign, *style);
        let at = x + sign.width() as u16 + 1;
        text(buffer, area, at, area.y + 1, words, theme.dim);
        x = (end + 3).min(usize::from(u16::MAX)) as u16;
    }
    let taken = if signs.is_empty() { 1 } else { 2 };
    let taken = taken.min(area.height);
    Rect {
        y: area.y + taken,
        height: area.height - taken,
        ..area
    }
}

/// The colour of what is not as it should be.
fn bad(theme: &Theme) -> Color {
    theme.bad.fg.unwrap_or_default()
}

/// A sample of an ink, for a key.
fn swatch(ink: Ink) -> (String, Style) {
    match ink {
        Ink::Solid(color) => ("██".into(), Style::new().fg(color)),
        Ink::Texture { glyph, color, .. } => {
            (String::from_iter([glyph; 2]), Style::new().fg(color))
        }
    }
}

/// Ticks of shares, in percent.
fn percents(from: f64, to: f64, most: usize) -> Vec<Tick> {
    let ticks = ticks::values(100.0 * from, 100.0 * to, most);
    let percent = |tick: Tick| Tick {
        at: tick.at / 100.0,
        label: format!("{} %", tick.label),
    };
    ticks.into_iter().map(percent).collect()
}

/// A dashed line across the picture at a height.
fn dashes(canvas: &mut Canvas, plot: &Plot, value: f64, color: Color) {
    for dot in (0..usize::from(plot.inner.width) * DOTS_X).filter(|dot| dot % 4 != 3) {
        canvas.dot((dot as f64 + 0.5) / DOTS_X as f64, plot.row(value), color);
    }
}

/// Bars of eighths over the whole width and height of an area; heights are shares of its height.
fn bars(buffer: &mut Buffer, area: Rect, heights: impl Fn(u16) -> f64, style: Style) {
    const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
    let most = u32::from(area.height) * 8;
    for column in 0..area.width {
        // What is there is seen, however little it is.
        let filled = (heights(column).clamp(0.0, 1.0) * f64::from(most)).ceil() as u32;
        for row in 0..area.height {
            let below = u32::from(area.height - 1 - row) * 8;
            let eighths = filled.saturating_sub(below).min(8) as usize;
            if eighths > 0 {
                let (x, y) = (area.x + column, area.y + row);
                text(buffer, area, x, y, EIGHTHS[eighths], style);
            }
        }
    }
}
