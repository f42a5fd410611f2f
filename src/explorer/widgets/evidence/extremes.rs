//! Statistics of the residuals among those of replicated data: a small histogram each.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{bars, caption};
use crate::chart::ticks;
use crate::diagnostics::Extreme;
use crate::explorer::numbers::{decimals, fixed};
use crate::explorer::plot::Plot;
use crate::explorer::theme::Theme;
use crate::explorer::widgets::{axes, text};

/// Columns of a histogram side by side with others, at the least.
const LEAST_WIDTH: u16 = 24;
/// Rows of one below others, at the least: its heading, four of bars, the axis.
const LEAST_HEIGHT: u16 = 7;

pub(super) fn draw(theme: &Theme, extremes: &[Extreme], area: Rect, buffer: &mut Buffer) {
    let signs = [
        (
            "▆▇".to_owned(),
            Style::new().fg(theme.histogram),
            "replicated data",
        ),
        (
            "┃".to_owned(),
            Style::new().fg(theme.observation),
            "the data",
        ),
        (
            "┃".to_owned(),
            theme.bad,
            "the data, outside of what is expected",
        ),
    ];
    let words = "the residuals' extremes among those of replicated data";
    let rest = caption(theme, words, &signs, area, buffer);
    let across = if rest.height >= 2 * LEAST_HEIGHT || rest.width < 4 * LEAST_WIDTH {
        2
    } else {
        4
    };
    let down = extremes.len().div_ceil(across).max(1) as u16;
    let (width, height) = (rest.width / across as u16, rest.height / down);
    // Where only some have room, those that are out of their range come first.
    let mut order: Vec<&Extreme> = extremes.iter().collect();
    if height < LEAST_HEIGHT {
        order.sort_by_key(|extreme| is_usual(extreme));
        order.truncate(across);
    }
    let height = if order.len() <= across {
        rest.height
    } else {
        height
    };
    for (i, extreme) in order.into_iter().enumerate() {
        let (row, column) = ((i / across) as u16, (i % across) as u16);
        let part = Rect {
            x: rest.x + column * width,
            y: rest.y + row * height,
            width: width.saturating_sub(2),
            height,
        };
        histogram(theme, extreme, part, buffer);
    }
}

fn is_usual(extreme: &Extreme) -> bool {
    let [low, high] = extreme.range;
    low <= extreme.observed && extreme.observed <= high
}

fn histogram(theme: &Theme, extreme: &Extreme, area: Rect, buffer: &mut Buffer) {
    let replicated = &extreme.replicated;
    let style = if is_usual(extreme) {
        Style::new().fg(theme.observation)
    } else {
        theme.bad
    };
    let digits = decimals(replicated.width);
    let words = format!("{} {}", extreme.name, fixed(extreme.observed, digits));
    text(buffer, area, area.x, area.y, &words, style);
    let observed = Some(extreme.observed).filter(|x| x.is_finite());
    let (low, high) = observed.map_or((replicated.from, replicated.to()), |x| {
        (x.min(replicated.from), x.max(replicated.to()))
    });
    let margin = 0.04 * (high - low);
    let (low, high) = (low - margin, high + margin);
    let below = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        ..area
    };
    let across = |width: usize| ticks::values(low, high, (width / 8).clamp(2, 6));
    let Some(plot) = Plot::new(below, (low, high), (0.0, 1.0), across, |_| Vec::new()) else {
        return;
    };
    axes::draw(theme, &plot, buffer);
    let fullest = replicated.bars.iter().copied().max().unwrap_or(1).max(1) as f64;
    let bar = |value: f64| {
        let bar = (value - replicated.from) / replicated.width;
        let count = (bar >= 0.0)
            .then(|| replicated.bars.get(bar as usize))
            .flatten();
        count.map_or(0.0, |count| *count as f64 / fullest)
    };
    let height = |column: u16| bar(plot.position_at(plot.inner.x + column));
    bars(buffer, plot.inner, height, Style::new().fg(theme.histogram));
    let column = observed.map_or(-1.0, |x| plot.column(x));
    if column >= 0.0 && column < f64::from(plot.inner.width) {
        let x = plot.inner.x + column as u16;
        for y in plot.inner.top()..plot.inner.bottom() {
            // On a bar the line stands on the bar's colour.
            if let Some(cell) = buffer.cell_mut((x, y)).filter(|cell| cell.symbol() == "█") {
                cell.bg = cell.fg;
            }
            text(buffer, plot.inner, x, y, "┃", style);
        }
    }
}
