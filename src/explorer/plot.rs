//! The geometry of a chart on screen, shared by drawing and by the pointer.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::state::State;
use crate::chart::scale::Scale;
use crate::chart::ticks::{self, Tick};

/// Where a chart's parts are and how data map to its cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Plot {
    /// Cells of the picture itself.
    pub inner: Rect,
    /// Cells of the value labels, left of it, and of the time labels, below it.
    pub value_axis: Rect,
    pub time_axis: Rect,
    pub value_ticks: Vec<Tick>,
    pub time_ticks: Vec<Tick>,
    x: Scale,
    y: Scale,
}

impl Plot {
    /// The chart of a state inside `area`; `None` where there is no room for one.
    pub fn of(state: &State, area: Rect) -> Option<Self> {
        let (from, to) = state.window();
        let axis = &state.document.series.axis;
        let (low, high) = values(state);
        let y = Scale::new(low, high, 1.0);
        Self::new(
            area,
            (from, to),
            (y.from, y.to),
            |width| ticks::time(axis, from, to, width),
            |height| ticks::values(y.from, y.to, (height / 4).clamp(2, 10)),
        )
    }

    /// A picture of a range across and a range of values, with its axes inside `area`; `across`
    /// and `up` give the ticks for so many columns and rows. `None` where there is no room.
    pub fn new(
        area: Rect,
        (from, to): (f64, f64),
        (low, high): (f64, f64),
        across: impl FnOnce(usize) -> Vec<Tick>,
        up: impl FnOnce(usize) -> Vec<Tick>,
    ) -> Option<Self> {
        let height = area.height.checked_sub(2).filter(|height| *height >= 2)?;
        let y = Scale::new(low, high, f64::from(height));
        let value_ticks = up(height as usize);
        let labels = value_ticks
            .iter()
            .map(|tick| tick.label.width())
            .max()
            .unwrap_or(0) as u16;
        let gutter = labels + 2;
        let width = area.width.checked_sub(gutter).filter(|width| *width >= 8)?;
        let inner = Rect::new(area.x + gutter, area.y, width, height);
        Some(Self {
            inner,
            value_axis: Rect {
                width: gutter,
                height,
                ..area
            },
            time_axis: Rect {
                y: area.y + height,
                height: 2,
                ..area
            },
            value_ticks,
            time_ticks: across(width as usize),
            x: Scale::new(from, to, f64::from(width)),
            y,
        })
    }

    /// Position to cells from the left edge of `inner`.
    pub fn column(&self, position: f64) -> f64 {
        self.x.at(position)
    }

    /// Value to cells from the top edge of `inner`.
    pub fn row(&self, value: f64) -> f64 {
        self.y.length - self.y.at(value)
    }

    /// Position at so many cells from the left edge of `inner`.
    pub fn at(&self, cells: f64) -> f64 {
        self.x.invert(cells)
    }

    /// Position under the middle of a screen column.
    pub fn position_at(&self, column: u16) -> f64 {
        self.x
            .invert(f64::from(column) - f64::from(self.inner.x) + 0.5)
    }

    /// Value under the middle of a screen row.
    pub fn value_at(&self, row: u16) -> f64 {
        self.y
            .invert(self.y.length - (f64::from(row) - f64::from(self.inner.y) + 0.5))
    }

    /// Positions at the left and right edge.
    pub fn window(&self) -> (f64, f64) {
        (self.x.from, self.x.to)
    }

    /// Values at the bottom and at the top.
    pub fn values(&self) -> (f64, f64) {
        (self.y.from, self.y.to)
    }

    /// Positions a column.
    pub fn steps_per_column(&self) -> f64 {
        self.x.unit()
    }

    /// Values a row.
    pub fn value_per_row(&self) -> f64 {
        self.y.unit()
    }
}

/// Lowest and highest value on screen, with a margin.
fn values(state: &State) -> (f64, f64) {
    let Some(figures) = &state.figures else {
        return (0.0, 1.0);
    };
    let (from, to) = state.window();
    let observed = figures
        .observed
        .iter()
        .filter(|(at, _)| (from..=to).contains(at));
    let observed = observed.map(|(_, value)| (*value, *value));
    let fans = [&figures.history, &figures.forecast]
        .into_iter()
        .filter_map(|fan| fan.extent(from, to));
    let threshold = state.controls.threshold.map(|value| (value, value));
    let presented = figures.presented.as_ref().map(|shown| shown.extent);
    let range = observed
        .chain(fans)
        .chain(threshold)
        .chain(presented)
        .filter(|(low, high)| low.is_finite() && high.is_finite())
        .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    let Some((low, high)) = range else {
        return (0.0, 1.0);
    };
    let margin = 0.04 * (high - low);
    (low - margin, high + margin)
}
