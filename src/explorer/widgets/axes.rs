//! The axes of a chart: values at its left, time or whatever lies across below it.

use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthStr;

use super::text;
use crate::explorer::plot::Plot;
use crate::explorer::theme::Theme;

/// Draws the axes around `plot.inner`; labels that would run into each other are left out.
pub fn draw(theme: &Theme, plot: &Plot, buffer: &mut Buffer) {
    let (gutter, inner) = (plot.value_axis, plot.inner);
    let line = inner.x.saturating_sub(1);
    for y in inner.top()..inner.bottom() {
        text(buffer, gutter, line, y, "│", theme.border);
    }
    for tick in &plot.value_ticks {
        let row = plot.row(tick.at);
        if row < 0.0 || row >= f64::from(inner.height) {
            continue;
        }
        let y = inner.y + row as u16;
        let x = line
            .saturating_sub(tick.label.width() as u16 + 1)
            .max(gutter.x);
        text(buffer, gutter, x, y, &tick.label, theme.dim);
        text(buffer, gutter, line, y, "┤", theme.border);
    }
    let below = plot.time_axis;
    text(buffer, below, line, below.y, "╰", theme.border);
    for x in inner.left()..inner.right() {
        text(buffer, below, x, below.y, "─", theme.border);
    }
    let mut free = below.x;
    for tick in &plot.time_ticks {
        let column = plot.column(tick.at);
        if column < 0.0 || column >= f64::from(inner.width) {
            continue;
        }
        let x = inner.x + column as u16;
        text(buffer, below, x, below.y, "┬", theme.border);
        let width = tick.label.width() as u16;
        let start = x.saturating_sub(width / 2).max(below.x);
        let start = start.min(below.right().saturating_sub(width));
        if start >= free {
            text(buffer, below, start, below.y + 1, &tick.label, theme.dim);
            free = start + width + 1;
        }
    }
}
