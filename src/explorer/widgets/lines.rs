//! Lines in braille over a picture.

use ratatui::style::Color;

use crate::explorer::canvas::{Canvas, DOTS_X, DOTS_Y};
use crate::explorer::plot::Plot;

/// A line through points of the data.
pub fn polyline(
    canvas: &mut Canvas,
    plot: &Plot,
    points: impl Iterator<Item = (f64, f64)>,
    color: Color,
) {
    let points: Vec<_> = points
        .map(|(at, value)| (plot.column(at), plot.row(value)))
        .collect();
    for pair in points.windows(2) {
        canvas.line(pair[0], pair[1], color);
    }
}

/// A dotted vertical line, a dot every `every` braille rows.
pub fn vertical(canvas: &mut Canvas, plot: &Plot, position: f64, every: usize, color: Color) {
    let column = plot.column(position);
    for dot in (0..plot.inner.height as usize * DOTS_Y).step_by(every) {
        canvas.dot(column, (dot as f64 + 0.5) / DOTS_Y as f64, color);
    }
}

/// A dashed horizontal line.
pub fn dashes(canvas: &mut Canvas, plot: &Plot, value: f64, color: Color) {
    let row = plot.row(value);
    for dot in (0..plot.inner.width as usize * DOTS_X).filter(|dot| dot % 4 != 3) {
        canvas.dot((dot as f64 + 0.5) / DOTS_X as f64, row, color);
    }
}
