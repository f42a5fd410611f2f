//! The influence of each observation, along time.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{UNUSUAL, USUAL, bad, caption, dashes};
use crate::chart::ticks;
use crate::diagnostics::Influence;
use crate::explorer::canvas::Canvas;
use crate::explorer::numbers::fixed;
use crate::explorer::plot::Plot;
use crate::explorer::theme::Theme;
use crate::explorer::widgets::{axes, text};
use crate::series::TimeAxis;

/// Influential observations whose date is written beside them.
const NAMED: usize = 5;
/// An observation whose k could not be fitted.
const UNFITTED: char = '?';

pub(super) fn draw(
    theme: &Theme,
    influence: &Influence,
    axis: &TimeAxis,
    area: Rect,
    buffer: &mut Buffer,
) {
    let limit = format!("limit {}", fixed(influence.limit, 2));
    let signs = [
        (
            USUAL.to_string(),
            Style::new().fg(theme.observation),
            "an observation",
        ),
        (UNUSUAL.to_string(), theme.bad, "one that sways the fit"),
        (
            "╌╌".to_owned(),
            Style::new().fg(theme.threshold),
            limit.as_str(),
        ),
    ];
    let unfitted = (UNFITTED.to_string(), theme.warn, "could not be judged");
    let has_unfitted = influence.points.iter().any(|(_, k)| !k.is_finite());
    let signs: Vec<_> = signs
        .into_iter()
        .chain(has_unfitted.then_some(unfitted))
        .collect();
    let rest = caption(theme, "Pareto k of each observation", &signs, area, buffer);
    let finite = || influence.points.iter().filter(|(_, k)| k.is_finite());
    let least = finite().map(|(_, k)| *k).fold(0.0, f64::min);
    let most = finite().map(|(_, k)| *k).fold(influence.limit, f64::max);
    let margin = 0.08 * (most - least);
    let ends = (influence.points.first(), influence.points.last());
    let (Some((first, _)), Some((last, _))) = ends else {
        return;
    };
    let (from, to) = (first - 0.5, last + 0.5);
    let plot = Plot::new(
        rest,
        (from, to),
        (least - margin, most + margin),
        |width| ticks::time(axis, from, to, width),
        |height| ticks::values(least - margin, most + margin, (height / 3).clamp(2, 8)),
    );
    let Some(plot) = plot else {
        return;
    };
    axes::draw(theme, &plot, buffer);
    let mut canvas = Canvas::new(plot.inner.width, plot.inner.height);
    dashes(&mut canvas, &plot, influence.limit, theme.threshold);
    let roomy = plot.steps_per_column() <= 1.25;
    // One that could not be fitted lies at the upper edge.
    for &(at, k) in &influence.points {
        let (x, y) = (plot.column(at), plot.row(k));
        if !k.is_finite() {
            canvas.mark(x, 0.0, UNFITTED, theme.warn.fg.unwrap_or_default());
        } else if k > influence.limit {
            canvas.mark(x, y, UNUSUAL, bad(theme));
        } else if roomy {
            canvas.mark(x, y, USUAL, theme.observation);
        } else {
            canvas.dot(x, y, theme.observation);
        }
    }
    canvas.paint(buffer, plot.inner, &[]);
    let mut over: Vec<_> = finite().filter(|(_, k)| *k > influence.limit).collect();
    over.sort_by(|a, b| b.1.total_cmp(&a.1));
    for &&(at, k) in over.iter().take(NAMED) {
        let words = axis.label(at);
        let width = words.chars().count() as u16;
        let x = plot.inner.x + plot.column(at) as u16;
        let y = plot.inner.y + (plot.row(k).max(0.0) as u16).min(plot.inner.height - 1);
        let x = if x + 2 + width <= plot.inner.right() {
            x + 2
        } else {
            x.saturating_sub(width + 1).max(plot.inner.x)
        };
        text(buffer, plot.inner, x, y, &words, theme.bad);
    }
}
